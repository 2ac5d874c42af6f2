"""Robustness: small errors in the inputs, lost fields and absurd values must not turn answers around."""

from __future__ import annotations

import numpy as np
from sklearn.metrics import average_precision_score

from ..settings import Settings
from ..training.model import Model
from ..training.train import Examples
from .result import Result

_NOISE = 0.02


def check(model: Model, held: Examples, settings: Settings) -> Result:
    """Judge `model` with its inputs off by 2 per cent, with each of them lost in turn, and with absurd values."""
    inputs = held.inputs[list(model.names)].to_numpy(dtype=np.float64)
    reached = float(average_precision_score(held.positive, model.scores(inputs)))
    rng = np.random.default_rng(settings.project.seed)
    # Counts and flags are not measured, and so cannot be a little off; they can only be missing.
    measured = (np.nan_to_num(inputs) % 1 != 0).any(axis=0)
    noisy = inputs * (1.0 + measured * rng.normal(0.0, _NOISE, inputs.shape))
    lost_to_noise = reached - float(average_precision_score(held.positive, model.scores(noisy)))
    lost_without = {name: reached - _without(model, inputs, number, held) for number, name in enumerate(model.names)}
    absurd = np.full((3, inputs.shape[1]), [[1e30], [-1e30], [np.nan]])
    finite = bool(np.isfinite(model.scores(absurd)).all())
    limit = settings.gates.most_lost_to_noise
    heaviest = max(lost_without, key=lost_without.__getitem__)
    return Result(
        "robustness",
        lost_to_noise <= limit and finite,
        f"PR-AUC {-lost_to_noise:+.3f} with inputs off by {_NOISE:.0%} (at worst -{limit:.2f}); "
        f"{-lost_without[heaviest]:+.3f} without {heaviest}; absurd values give {'a score' if finite else 'no score'}",
        {"lost_to_noise": lost_to_noise, "lost_without": lost_without, "finite": finite},
    )


def _without(model: Model, inputs: np.ndarray, number: int, held: Examples) -> float:
    poorer = inputs.copy()
    poorer[:, number] = np.nan
    return float(average_precision_score(held.positive, model.scores(poorer)))
