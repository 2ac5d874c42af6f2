"""Checkpoints of a training run, so that a killed job (a reclaimed spot instance) goes on where it was.

On SageMaker the folder is /opt/ml/checkpoints, which the service copies to S3 and back.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xgboost as xgb

from .. import storage

_STATE = "state.json"


@dataclass
class Progress:
    """The trees so far and the loss on the validation period after each round."""

    booster: xgb.Booster | None = None
    losses: list[float] = field(default_factory=list)

    @property
    def best_round(self) -> int:
        """The round with the lowest loss, counted from 0; the first of equals."""
        return min(range(len(self.losses)), key=self.losses.__getitem__)

    def is_over(self, patience: int) -> bool:
        """Whether the last `patience` rounds brought nothing better."""
        return bool(self.losses) and len(self.losses) - 1 - self.best_round >= patience


def resume(folder: Path | None, key: dict[str, Any]) -> Progress:
    """What a run with the same `key` left in `folder`; a fresh start if there is none.

    Other data or parameters have another key: going on from those trees would give a model that nobody asked for.
    """
    if folder is None or not (folder / _STATE).is_file():
        return Progress()
    state = storage.read_json(folder / _STATE)
    if state["key"] != key:
        return Progress()
    trees = xgb.Booster(model_file=bytearray((folder / state["trees"]).read_bytes()))
    return Progress(trees, state["losses"])


def save(progress: Progress, folder: Path | None, key: dict[str, Any]) -> None:
    """Write trees, then the state that names them: killed in between, the state still names the older trees."""
    if folder is None or progress.booster is None:
        return
    trees = f"trees-{len(progress.losses)}.ubj"
    storage.write_bytes(folder / trees, bytes(progress.booster.save_raw("ubj")))
    storage.write_json(folder / _STATE, {"key": key, "trees": trees, "losses": progress.losses})
    for old in folder.glob("trees-*.ubj"):
        if old.name != trees:
            old.unlink()


def clear(folder: Path | None) -> None:
    """Forget a run that ended."""
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)
