"""Container entry point: `python -m <package>.serve` answers on port 8080.

On SageMaker the approved model package is unpacked in /opt/ml/model; on a laptop the live version of the local
registry is served.
"""

from __future__ import annotations

import argparse
import gc
import logging
import os
from pathlib import Path

import uvicorn

from . import settings as settings_module
from . import steps
from .monitoring.recorder import Recorder
from .serving.scorer import Scorer
from .serving.server import application
from .serving.service import Service
from .serving.switch import Switch
from .settings import Settings
from .training import model as models

_MODEL = Path("/opt/ml/model")


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=Path(os.environ.get("ML_HOME", ".ml")))
    parser.add_argument("--host", default=os.environ.get("ML_HOST", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=8080)
    chosen, _ = parser.parse_known_args()
    logging.basicConfig(level=logging.INFO)
    settings = settings_module.current()
    service = service_of(_scorer(chosen.home, settings), chosen.home)
    # What is loaded by now stays: the collector need not look at it again in the middle of a request.
    gc.freeze()
    uvicorn.run(application(service), host=chosen.host, port=chosen.port, log_level="warning")


def service_of(scorer: Scorer, home: Path, shadow: Scorer | None = None) -> Service:
    """A service whose records and switch lie below `home`."""
    return Service(
        scorer,
        Switch(home / "switch"),
        Recorder(home / "decisions"),
        Recorder(home / "capture"),
        token_key=os.environ.get("TOKEN_KEY", "only for synthetic data").encode(),
        shadow=shadow,
    )


def _scorer(home: Path, settings: Settings) -> Scorer:
    if (_MODEL / "model.json").is_file():
        loaded = models.load(_MODEL)
        return steps.scorer_of(loaded, os.environ.get("MODEL_VERSION", "package"), settings)
    return steps.live_scorer(home, settings)


if __name__ == "__main__":
    main()
