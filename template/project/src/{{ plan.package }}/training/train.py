"""Training: temporal split, early stopping, checkpoints, and a threshold chosen by money."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import xgboost as xgb
from sklearn.metrics import average_precision_score

from .. import features, money
from ..data import dataset
from ..settings import Settings
from . import checkpoint
from .model import Model, Parameters, columns_of
from .split import Split, by_time

_PATIENCE = 40
_STRETCH = 20


@dataclass(frozen=True)
class Examples:
    """Rows that can be learned from: inputs, truth, and the columns of the event they came from; one index for all."""

    inputs: pd.DataFrame
    truth: pd.Series
    events: pd.DataFrame

    def of(self, rows: pd.Index) -> Examples:
        """The examples of `rows`, in that order."""
        return Examples(self.inputs.loc[rows], self.truth.loc[rows], self.events.loc[rows])

    @property
    def positive(self) -> npt.NDArray[np.bool_]:
        """The truth as flags."""
        return self.truth.to_numpy(dtype=bool)

    @property
    def value(self) -> npt.NDArray[np.float64]:
        """What is at stake in each row, in euro."""
        return self.events[dataset.VALUE].to_numpy(dtype=np.float64)


def examples(events: pd.DataFrame, labels: pd.DataFrame) -> Examples:
    """Join features with labels; rows without a label record are left out."""
    inputs = features.build(events)
    truth = labels.set_index(dataset.ID)[dataset.LABEL]
    known = inputs.index[inputs.index.isin(truth.index)]
    by_id = events.set_index(dataset.ID)
    return Examples(inputs.loc[known], truth.loc[known], by_id.loc[known])


def split(data: Examples, settings: Settings) -> Split:
    """Split examples by the time of their events, with the periods of the settings."""
    limits = settings.training
    return by_time(
        data.events[dataset.TIME],
        validation_days=limits.validation_days,
        holdout_days=limits.holdout_days,
        warm_up_days=limits.warm_up_days,
    )


def train(
    data: Examples,
    settings: Settings,
    *,
    parameters: Parameters | None = None,
    lineage: dict[str, Any] | None = None,
    checkpoints: Path | None = None,
) -> Model:
    """Learn from the train period, stop early and choose the threshold on the validation period.

    The same data, settings and seed give the same trees, to the digit. With `checkpoints` a run that was killed goes
    on from its last checkpoint and ends with the same trees as one that was not.
    """
    chosen = parameters or Parameters()
    parts = split(data, settings)
    learned, judged = data.of(parts.train), data.of(parts.validation)
    booster = fit(learned, judged, chosen, settings, checkpoints)
    validation = columns_of(judged.inputs, features.NAMES)
    scores = np.asarray(booster.inplace_predict(validation), dtype=np.float64)
    threshold = money.best_threshold(scores, judged.positive, judged.value, settings.costs)
    facts = {
        "parameters": asdict(chosen),
        "seed": settings.project.seed,
        "rounds": booster.num_boosted_rounds(),
        "rows": {name: len(rows) for name, rows in vars(parts).items()},
        "validation_pr_auc": float(average_precision_score(judged.truth, scores)),
        "lineage": lineage or {},
    }
    return Model(booster, features.NAMES, threshold, facts)


def fit(
    learned: Examples, judged: Examples, parameters: Parameters, settings: Settings, checkpoints: Path | None = None
) -> xgb.Booster:
    """Boost trees on `learned` until `judged` gets no better, and cut back to the best round.

    Trees grow in stretches of a few rounds, each with a seed of its own: a run that goes on from a checkpoint draws
    the same samples as one that was never stopped.
    """
    names = list(features.NAMES)
    chosen = parameters.for_booster(settings.project.seed, settings.training.threads)
    known, unseen = (
        xgb.DMatrix(columns_of(part.inputs, names), part.positive, feature_names=names, nthread=chosen["nthread"])
        for part in (learned, judged)
    )
    key = chosen | {"data": _digest(learned)}
    progress = checkpoint.resume(checkpoints, key)
    while len(progress.losses) < parameters.rounds and not progress.is_over(_PATIENCE):
        measured: dict[str, dict[str, list[float]]] = {}
        progress.booster = xgb.train(
            chosen | {"seed": chosen["seed"] + len(progress.losses)},
            known,
            num_boost_round=min(_STRETCH, parameters.rounds - len(progress.losses)),
            evals=[(unseen, "unseen")],
            evals_result=measured,
            xgb_model=progress.booster,
            verbose_eval=False,
        )
        progress.losses += measured["unseen"]["logloss"]
        checkpoint.save(progress, checkpoints, key)
    checkpoint.clear(checkpoints)
    assert progress.booster is not None
    return progress.booster[: progress.best_round + 1]


def _digest(data: Examples) -> str:
    content = columns_of(data.inputs, features.NAMES).tobytes() + data.positive.tobytes()
    return hashlib.sha256(content).hexdigest()
