"""Ground truth that comes late: decisions joined with labels once enough time has passed to believe them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import average_precision_score

from .. import money
from ..data import dataset
from ..gates import fairness
from ..serving import wording
from ..settings import Settings
from ..training.train import Examples


@dataclass(frozen=True)
class Judged:
    """Decisions whose truth is known by now, and the share of all decisions that they are."""

    rows: pd.DataFrame
    share: float


def join(decisions: pd.DataFrame, labels: pd.DataFrame, events: pd.DataFrame, now: pd.Timestamp) -> Judged:
    """Join what was decided with what turned out, as far as it is known at `now`.

    A report is known from its day on. A row without a report is taken for harmless after the time in which reports
    come (`LABEL_WAIT_DAYS`), not before: judged earlier, every model would look better than it is. Labels that arrive
    for rows that nobody decided on are left out.
    """
    joined = decisions.merge(events, on=dataset.ID).merge(labels, on=dataset.ID)
    reported = joined["reported_at"] <= now
    old_enough = joined[dataset.TIME] + pd.Timedelta(days=dataset.LABEL_WAIT_DAYS) <= now
    known = joined[reported | old_enough].assign(truth=reported.astype("int8"))
    # All rows of a day wait for the slowest label of that day: reports alone would be all positives.
    mature = known[known[dataset.TIME] + pd.Timedelta(days=dataset.LABEL_WAIT_DAYS) <= now]
    return Judged(mature.reset_index(drop=True), len(mature) / max(len(joined), 1))


def by_week(judged: Judged, settings: Settings) -> list[dict[str, Any]]:
    """Quality, money and fairness of each week of decisions whose truth is known."""
    rows = judged.rows
    weeks = rows[dataset.TIME].dt.floor("D") - pd.to_timedelta(rows[dataset.TIME].dt.day_of_week, unit="D")
    return [_week(start, rows[weeks == start], settings) for start in sorted(weeks.unique())]


def _week(start: pd.Timestamp, rows: pd.DataFrame, settings: Settings) -> dict[str, Any]:
    truth = rows["truth"].to_numpy(dtype=bool)
    acted = (rows["decision"] != wording.PASS).to_numpy()
    value = rows[dataset.VALUE].to_numpy(dtype=np.float64)
    data = Examples(rows[[]], rows["truth"], rows)
    ratios = fairness.ratios(data, acted, settings.gates)
    return {
        "week": f"{start:%Y-%m-%d}",
        "rows": len(rows),
        "average_precision": float(average_precision_score(truth, rows["score"])) if truth.any() else 0.0,
        "precision": float(truth[acted].mean()) if acted.any() else 0.0,
        "recall": float(acted[truth].mean()) if truth.any() else 0.0,
        "euro_saved": money.cost(np.zeros_like(acted), truth, value, settings.costs)
        - money.cost(acted, truth, value, settings.costs),
        "gap": max((entry.gap for entry in ratios), default=0.0),
    }
