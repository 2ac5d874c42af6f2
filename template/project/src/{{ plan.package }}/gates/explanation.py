"""Explanations: that they add up, that every action has a reason, and what the model as a whole looks at."""

from __future__ import annotations

import numpy as np

from ..serving import reasons
from ..settings import Settings
from ..training.model import Model
from ..training.train import Examples
from .result import Result

_SAMPLE = 3000
_TOLERANCE = 1e-3


def check(model: Model, held: Examples, settings: Settings) -> Result:
    """Explain a sample of the holdout and all rows that are acted on, by exact TreeSHAP values."""
    scores = model.scores(held.inputs)
    rng = np.random.default_rng(settings.project.seed)
    sample = np.sort(rng.choice(len(scores), min(_SAMPLE, len(scores)), replace=False))
    acted = np.flatnonzero(scores >= model.threshold)[:_SAMPLE]
    contributions = model.contributions(held.inputs.iloc[sample])
    odds = np.log(scores[sample] / (1.0 - scores[sample]))
    off = float(np.abs(contributions.sum(axis=1) - odds).max())
    codes = reasons.codes(model.contributions(held.inputs.iloc[acted]), model.names, settings.serving.reasons)
    without = sum(not row for row in codes)
    forbidden = sorted(set(model.names) & set(settings.gates.protected))
    importance = dict(zip(model.names, np.abs(contributions[:, :-1]).mean(axis=0).tolist(), strict=True))
    return Result(
        "explanation",
        off < _TOLERANCE and not without and not forbidden,
        f"contributions add up to the score within {off:.0e}; {without} of {len(codes)} actions have no reason; "
        f"protected attributes among the inputs: {', '.join(forbidden) or 'none'}",
        {
            "off": off,
            "actions_without_reason": without,
            "importance": dict(sorted(importance.items(), key=lambda entry: -entry[1])),
        },
    )
