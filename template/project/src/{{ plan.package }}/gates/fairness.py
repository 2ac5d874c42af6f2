"""Fairness by declared groups: who is wrongly acted on more often than others, beyond what chance explains.

The gate looks at the ratio of false-positive rates, a group against everybody else, with its confidence interval. A
difference of selection rates would not do: where 2 rows in 100 are acted on, no difference can reach the usual limit
of 0.1, however unfair the model is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from fairlearn.metrics import MetricFrame, count, false_positive_rate, selection_rate, true_positive_rate
from scipy.stats import norm

from ..data import dataset
from ..settings import Gates
from ..training.train import Examples
from .result import Result

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class GroupRatio:
    """False-positive rate of a group over that of all others, with its interval."""

    attribute: str
    group: str
    rows: int
    ratio: float
    low: float
    high: float

    @property
    def gap(self) -> float:
        """0 if the interval holds 1; else the distance from 1 of its nearer end, as a ratio of at least 1, less 1."""
        return max(self.low, 1.0 / self.high, 1.0) - 1.0


def ratios(data: Examples, flagged: Flags, gates: Gates) -> list[GroupRatio]:
    """The ratio of each group of each protected attribute that has at least `smallest_group` negatives.

    Intervals hold together: their level is divided by their number (Bonferroni).
    """
    harmless = ~data.positive
    groups = [
        (attribute, str(group), (data.events[attribute] == group).to_numpy()[harmless])
        for attribute in gates.protected
        for group in sorted(data.events[attribute].unique())
    ]
    judged = [entry for entry in groups if min(entry[2].sum(), (~entry[2]).sum()) >= gates.smallest_group]
    quantile = float(norm.ppf(1 - (1 - gates.confidence) / 2 / max(len(judged), 1)))
    entities = data.events[dataset.ENTITY].to_numpy()[harmless]
    wrong = flagged[harmless]
    return [_ratio(attribute, group, inside, wrong, entities, quantile) for attribute, group, inside in judged]


def check(data: Examples, flagged: Flags, gates: Gates) -> Result:
    """Whether no group is surely worse or better off than `largest_gap` allows."""
    measured = ratios(data, flagged, gates)
    unfair = [entry for entry in measured if entry.gap > gates.largest_gap]
    reasons = [
        f"{entry.attribute} {entry.group}: wrongly acted on {entry.ratio:.2f} times as often as others "
        f"(interval {entry.low:.2f} to {entry.high:.2f})"
        for entry in unfair
    ]
    figures = {
        "gap": max((entry.gap for entry in measured), default=0.0),
        "ratios": [asdict(entry) | {"gap": entry.gap} for entry in measured],
        "by_group": _by_group(data, flagged, gates.protected),
    }
    return Result("fairness", not unfair, "; ".join(reasons) or "no group is surely treated worse", figures)


def _ratio(
    attribute: str, group: str, inside: Flags, wrong: Flags, entities: npt.NDArray[Any], quantile: float
) -> GroupRatio:
    rates = [_rate(wrong[part], entities[part]) for part in (inside, ~inside)]
    ratio = rates[0][0] / rates[1][0]
    spread = quantile * math.hypot(rates[0][1], rates[1][1])
    return GroupRatio(attribute, group, int(inside.sum()), ratio, ratio * math.exp(-spread), ratio * math.exp(spread))


def _rate(wrong: Flags, entities: npt.NDArray[Any]) -> tuple[float, float]:
    """A rate and the standard error of its logarithm, by entity and not by row.

    Rows of one card or customer are alike: taken one by one they would make the interval too narrow. The error is the
    delta method's on sums by entity (a ratio estimator); half a case is added so that none found is not a rate of 0.
    """
    numbers = pd.factorize(entities)[0]
    sums = np.bincount(numbers, weights=wrong)
    sizes = np.bincount(numbers)
    rate = (sums.sum() + 0.5) / (sizes.sum() + 1.0)
    error = math.sqrt(float(((sums - rate * sizes) ** 2).sum()) + 0.25) / sizes.sum()
    return rate, error / rate


def _by_group(data: Examples, flagged: Flags, protected: Sequence[str]) -> dict[str, dict[str, dict[str, float]]]:
    metrics = {
        "rows": count,
        "selection_rate": selection_rate,
        "false_positive_rate": false_positive_rate,
        "true_positive_rate": true_positive_rate,
    }
    tables = {}
    for attribute in protected:
        frame = MetricFrame(
            metrics=metrics, y_true=data.positive, y_pred=flagged, sensitive_features=data.events[attribute].to_numpy()
        )
        tables[attribute] = {str(name): dict(row) for name, row in frame.by_group.to_dict("index").items()}
    return tables
