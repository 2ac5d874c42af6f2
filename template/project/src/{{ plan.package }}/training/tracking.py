"""Tracking with MLflow: where `MLFLOW_TRACKING_URI` says, else in a SQLite file beside the data."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from ..settings import Settings
from .model import Model

_log = logging.getLogger(__name__)


def track(model: Model, settings: Settings, home: Path, *, author: str, figures: dict[str, float]) -> str | None:
    """Log a training run with its `figures` and return its id; None, with a warning, when no server can be reached.

    A model that is trained is worth more than its entry in a table: tracking never fails a training.
    """
    # MLflow takes seconds to import: whoever only scores never pays for it.
    import mlflow

    logging.getLogger("mlflow").setLevel(logging.ERROR)
    logging.getLogger("alembic").setLevel(logging.ERROR)
    home.mkdir(parents=True, exist_ok=True)
    try:
        mlflow.set_tracking_uri(os.environ.get("MLFLOW_TRACKING_URI", f"sqlite:///{(home / 'mlflow.db').resolve()}"))
        mlflow.set_experiment(os.environ.get("MLFLOW_EXPERIMENT_NAME", settings.project.name))
        with mlflow.start_run() as run:
            mlflow.log_params(model.facts["parameters"] | {"seed": model.facts["seed"]})
            mlflow.log_metrics(figures)
            lineage = model.facts["lineage"]
            mlflow.set_tags(
                {"author": author, "data_version": lineage.get("version", ""), "data": lineage.get("name", "")}
            )
            return str(run.info.run_id)
    except (mlflow.exceptions.MlflowException, OSError) as error:
        _log.warning("the run was not tracked: %s", error)
        return None
