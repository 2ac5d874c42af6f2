"""Drift: do the inputs of a window come from where the inputs of training came from?

Each watched input is held against what chance would do (shift.py); the level is divided by their number (Bonferroni).
That holds for rows that are independent and for like compared with like, so a window takes one row of each entity and
is held against baseline rows of the same hours and kind of day.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from .. import features
from ..configuration import Monitoring
from ..data import dataset
from ..problem import DataRefusedError
from .shift import Shift, measure

SCORE = "score"
WATCHED = (*features.WATCHED, SCORE)
_LEAST_ROWS = 100
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Window:
    """What a window showed. `records` counts rows before one of each entity was taken, `rows` after."""

    name: str
    records: int
    rows: int
    shifts: tuple[Shift, ...]

    @property
    def drifted(self) -> bool:
        """Whether any input drifted."""
        return any(shift.drifted for shift in self.shifts)

    def summary(self) -> dict[str, Any]:
        """The window as summary.json, whose three figures become CloudWatch metrics."""
        return {
            "window": self.name,
            "records": self.records,
            "rows": self.rows,
            "drifted": [shift.name for shift in self.shifts if shift.drifted],
            "drifted_share": sum(shift.drifted for shift in self.shifts) / len(self.shifts),
            "prediction_shift": next(shift.js for shift in self.shifts if shift.name == SCORE),
            "shifts": [asdict(shift) | {"drifted": shift.drifted} for shift in self.shifts],
        }


def frame_of(events: pd.DataFrame, inputs: pd.DataFrame, scores: Floats) -> pd.DataFrame:
    """The rows that drift looks at: entity, time, the watched inputs and the score."""
    by_id = events.set_index(dataset.ID).loc[inputs.index]
    watched = inputs[list(features.WATCHED)].assign(**{SCORE: scores})
    return watched.assign(entity=by_id[dataset.ENTITY], time=by_id[dataset.TIME]).reset_index(drop=True)


def compare(baseline: pd.DataFrame, window: pd.DataFrame, name: str, settings: Monitoring, *, seed: int) -> Window:
    """Hold a window against the baseline, both as made by `frame_of`.

    Raises:
        DataRefusedError: the window has too few rows to say anything: a gap in capture is no quiet hour.
    """
    rng = np.random.default_rng(seed)
    rows = one_each(window, settings.window_rows, rng)
    if len(rows) < _LEAST_ROWS:
        raise DataRefusedError(
            f"window {name} has too few rows",
            got=f"{len(rows)} entities in {len(window)} records",
            allowed=f"at least {_LEAST_ROWS}",
            fix="see whether capture still delivers; the alarm on missing records tells since when it does not",
        )
    reference = alike(baseline, rows, rng)
    level = settings.false_alarm_level / len(WATCHED)
    tolerated = settings.tolerated_psi
    shifts = tuple(measure(column, reference[column], rows[column], level, tolerated) for column in WATCHED)
    return Window(name, len(window), len(rows), shifts)


def one_each(frame: pd.DataFrame, most: int, rng: np.random.Generator) -> pd.DataFrame:
    """At most `most` rows, one of each entity, both at random."""
    mixed = frame.iloc[rng.permutation(len(frame))]
    return mixed.drop_duplicates("entity").head(most)


def alike(baseline: pd.DataFrame, rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Baseline rows, one of each entity in each part of the week, in the proportions of the parts in `rows`."""
    mixed = baseline.iloc[rng.permutation(len(baseline))]
    parts = _part_of_week(mixed["time"])
    single = ~pd.DataFrame({"entity": mixed["entity"], "part": parts}).duplicated()
    mixed, parts = mixed[single], parts[single]
    wanted = _part_of_week(rows["time"]).value_counts()
    available = parts.value_counts().reindex(wanted.index, fill_value=0)
    times = (available / wanted).min()
    if times < 1:
        # A part of the week that training hardly saw: comparing with other hours is better than not comparing.
        return mixed.drop_duplicates("entity")
    return pd.concat([mixed[parts == part].head(int(times * count)) for part, count in wanted.items()])


def _part_of_week(times: pd.Series) -> pd.Series:
    return (times.dt.day_of_week >= 5) * 10 + times.dt.hour // 4
