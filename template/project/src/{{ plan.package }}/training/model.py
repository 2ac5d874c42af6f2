"""A model: boosted trees, the names of their inputs, the threshold, and where it all came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import xgboost as xgb

from .. import storage
from ..problem import ProblemError

_BOOSTER = "model.ubj"
_FACTS = "model.json"
_FEW_ROWS = 1000
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Model:
    """Scores rows and says why. `facts` holds data version, parameters, seed and figures: the lineage of the model."""

    booster: xgb.Booster
    names: tuple[str, ...]
    threshold: float
    facts: dict[str, Any]

    def scores(self, rows: pd.DataFrame | Floats) -> Floats:
        """Probability of the positive class, one for each row; NaN inputs are allowed."""
        return np.asarray(self.booster.inplace_predict(self._matrix(rows)), dtype=np.float64)

    def contributions(self, rows: pd.DataFrame | Floats) -> Floats:
        """Exact TreeSHAP values in log-odds, one column for each input and a last one for the base.

        Each row sums to the log-odds of its score (Lundberg et al., 2020; `pred_contribs` of XGBoost).
        """
        values = self._matrix(rows)
        # Threads that wait for each other cost a single request more than they save.
        threads = 1 if len(values) < _FEW_ROWS else 0
        matrix = xgb.DMatrix(values, feature_names=list(self.names), nthread=threads)
        return np.asarray(self.booster.predict(matrix, pred_contribs=True), dtype=np.float64)

    def _matrix(self, rows: pd.DataFrame | Floats) -> Floats:
        if isinstance(rows, pd.DataFrame):
            rows = rows[list(self.names)].to_numpy(dtype=np.float64)
        if rows.shape[1] != len(self.names):
            raise ProblemError(
                "the rows do not fit the model",
                got=f"{rows.shape[1]} columns",
                allowed=f"{len(self.names)}: {', '.join(self.names)}",
                fix="build the rows with features.build of the same release as the model",
            )
        return rows


def save(model: Model, folder: Path) -> str:
    """Write the model into `folder` and return the SHA-256 of its trees.

    XGBoost's own binary JSON is stable between releases; pickles are not, and run code when they are read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    storage.write_bytes(folder / _BOOSTER, bytes(model.booster.save_raw("ubj")))
    digest = storage.sha256(folder / _BOOSTER)
    facts = {"names": list(model.names), "threshold": model.threshold, "sha256": digest, "facts": model.facts}
    storage.write_json(folder / _FACTS, facts)
    return digest


def load(folder: Path) -> Model:
    """Read what `save` wrote.

    Raises:
        ProblemError: there is no model, or its trees are not the ones that were saved.
    """
    if not (folder / _FACTS).is_file():
        raise ProblemError(f"there is no model in {folder.name}", got=str(folder), fix="train and register one first")
    stored = storage.read_json(folder / _FACTS)
    if storage.sha256(folder / _BOOSTER) != stored["sha256"]:
        raise ProblemError(
            f"the model in {folder.name} is not the one that was saved",
            got="another SHA-256",
            fix="restore the version from the registry; treat it as an incident if nobody changed it",
        )
    booster = xgb.Booster(model_file=bytearray((folder / _BOOSTER).read_bytes()))
    booster.set_param({"nthread": 1})
    return Model(booster, tuple(stored["names"]), float(stored["threshold"]), stored["facts"])


@dataclass(frozen=True)
class Parameters:
    """Hyperparameters of the trees. `rounds` is an upper limit; early stopping picks the number."""

    rounds: int = 300
    max_depth: int = 6
    learning_rate: float = 0.08
    min_child_weight: float = 5.0
    subsample: float = 0.8
    colsample_bytree: float = 0.8
    reg_lambda: float = 1.0

    def for_booster(self, seed: int, threads: int) -> dict[str, Any]:
        """The parameters as XGBoost names them; one seed and a fixed count of threads give one result."""
        chosen = {name: value for name, value in asdict(self).items() if name != "rounds"}
        return chosen | {
            "objective": "binary:logistic",
            "eval_metric": "logloss",
            "tree_method": "hist",
            "seed": seed,
            "nthread": threads,
        }


def columns_of(rows: pd.DataFrame, names: Sequence[str]) -> Floats:
    """The inputs `names` of `rows`, in that order, as the booster takes them."""
    return rows[list(names)].to_numpy(dtype=np.float64)
