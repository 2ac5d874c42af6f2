"""Quality: better than the simplest model, no worse than the champion, and worth its money, on days never looked at."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score, roc_auc_score

from .. import money
from ..settings import Settings
from ..training.model import Model
from ..training.train import Examples
from .result import Result

Floats = npt.NDArray[np.float64]
_RESAMPLES = 200


def check(
    model: Model, held: Examples, baseline_scores: Floats, settings: Settings, *, champion: Model | None
) -> list[Result]:
    """Judge `model` on the holdout `held`, against the scores of the baseline and against the champion, if any."""
    scores = model.scores(held.inputs)
    results = [_against_baseline(scores, held, baseline_scores, settings), _money(model, scores, held, settings)]
    if champion is not None:
        results.append(_against_champion(scores, champion.scores(held.inputs), held, settings))
    return results


def _against_baseline(scores: Floats, held: Examples, baseline: Floats, settings: Settings) -> Result:
    reached, simple = (float(average_precision_score(held.positive, found)) for found in (scores, baseline))
    least = settings.gates.least_gain_over_baseline
    return Result(
        "quality",
        reached - simple >= least,
        f"PR-AUC {reached:.3f}, logistic regression {simple:.3f}, at least {least:.2f} more is asked for",
        {
            "average_precision": reached,
            "baseline_average_precision": simple,
            "roc_auc": float(roc_auc_score(held.positive, scores)),
            "positives": int(held.positive.sum()),
        },
    )


def _money(model: Model, scores: Floats, held: Examples, settings: Settings) -> Result:
    """The chosen threshold against one half, against doing nothing, and against the rule that looks at each amount."""
    rules = {
        "chosen": scores >= model.threshold,
        "one_half": scores >= 0.5,
        "each_amount": money.worth_acting(scores, held.value, settings.costs),
        "nothing": np.zeros(len(scores), dtype=bool),
    }
    euro = {name: money.cost(flagged, held.positive, held.value, settings.costs) for name, flagged in rules.items()}
    return Result(
        "money",
        euro["chosen"] < min(euro["one_half"], euro["nothing"]),
        f"{euro['chosen']:,.0f} euro at the chosen threshold {model.threshold:.3f}; {euro['one_half']:,.0f} at 0.5, "
        f"{euro['each_amount']:,.0f} by looking at each amount, {euro['nothing']:,.0f} without a model",
        {"euro": euro, "threshold": model.threshold, "acted_on": float(rules["chosen"].mean())},
    )


def _against_champion(scores: Floats, champion: Floats, held: Examples, settings: Settings) -> Result:
    """Paired bootstrap: both models are judged on the same resampled rows, so that luck of the rows cancels out."""
    rng = np.random.default_rng(settings.project.seed)
    difference = _difference(scores, champion, held.positive)
    resampled = [
        _difference(scores[rows], champion[rows], held.positive[rows])
        for rows in (rng.integers(0, len(scores), len(scores)) for _ in range(_RESAMPLES))
    ]
    low, high = np.quantile(resampled, [0.025, 0.975])
    worst = settings.gates.most_worse_than_champion
    return Result(
        "champion",
        difference >= -worst,
        f"PR-AUC {difference:+.3f} against the champion (interval {low:+.3f} to {high:+.3f}), at worst -{worst:.2f}",
        {"difference": difference, "low": float(low), "high": float(high)},
    )


def _difference(scores: Floats, champion: Floats, positive: npt.NDArray[np.bool_]) -> float:
    return float(average_precision_score(positive, scores) - average_precision_score(positive, champion))
