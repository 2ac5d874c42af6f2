"""Drift: do the inputs of a window come from where the inputs of training came from?

The population stability index (PSI) decides, against a limit that its own chance sets: if nothing changed, PSI divided
by (1/n + 1/N) follows a chi-square distribution with one degree of freedom less than bins (n rows in the window, N in
the baseline). The usual fixed limit of 0.2 would miss a shift of a third of a standard deviation on any window that is
large, and cry wolf on any that is small. The level is divided by the number of inputs (Bonferroni).

That holds for rows that are independent and for like compared with like, so a window takes one row of each entity and
is held against baseline rows of the same hours and kind of day.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial.distance import jensenshannon
from scipy.stats import chi2, ks_2samp

from .. import features, storage
from ..data import dataset
from ..problem import DataRefusedError
from ..settings import Monitoring, Settings
from ..training import train as training
from ..training.model import Model
from ..training.train import Examples

SCORE = "score"
WATCHED = (*features.WATCHED, SCORE)
_BINS = 10
_LEAST_ROWS = 100
_FEW = 10
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Shift:
    """One input in one window. `psi` above `limit` is more than chance; `ks` and `js` are told beside it."""

    name: str
    psi: float
    limit: float
    ks: float
    js: float

    @property
    def drifted(self) -> bool:
        """Whether chance does not explain it."""
        return self.psi > self.limit


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


def baseline_of(model: Model, data: Examples, settings: Settings) -> pd.DataFrame:
    """What the model saw after it had learned: inputs and scores of the validation and holdout periods.

    Rows that it learned from would not do: a model is surer of what it has seen, and every window would look drifted.
    """
    parts = training.split(data, settings)
    unseen = data.of(parts.validation.append(parts.holdout))
    return frame_of(unseen.events.reset_index(), unseen.inputs, model.scores(unseen.inputs))


def save_baseline(frame: pd.DataFrame, path: Path) -> str:
    """Keep what training looked like, beside the model; return its SHA-256."""
    return storage.write_table(path, frame)


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
    shifts = tuple(_shift(column, reference[column], rows[column], level) for column in WATCHED)
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


def _shift(name: str, reference: pd.Series, rows: pd.Series, level: float) -> Shift:
    expected, found = (part.to_numpy(dtype=np.float64) for part in (reference, rows))
    edges = _edges(expected)
    shares = _merged(_shares(expected, edges), _shares(found, edges), len(found))
    bins = len(shares[0])
    chance = float(chi2.ppf(1 - level, max(bins - 1, 1))) * (1 / len(found) + 1 / len(expected))
    known = expected[~np.isnan(expected)], found[~np.isnan(found)]
    return Shift(
        name,
        psi=psi(*shares, len(found)),
        limit=chance,
        ks=float(ks_2samp(*known).statistic) if all(map(len, known)) else 1.0,
        js=float(jensenshannon(*shares, base=2)),
    )


def _merged(expected: Floats, found: Floats, rows: int) -> tuple[Floats, Floats]:
    """Bins joined with their neighbour until each is expected to hold a few rows; chance is no chi-square before.

    The last bin is that of missing values. It joins only while few are expected and few are found, so that a field
    that goes missing is never hidden in its neighbour.
    """
    keeps_missing = max(expected[-1], found[-1]) * rows >= _FEW
    bins = [(expected[-1], found[-1])] if keeps_missing else []
    last = len(expected) - (1 if keeps_missing else 0)
    p = q = 0.0
    for number in range(last - 1, -1, -1):
        p, q = p + float(expected[number]), q + float(found[number])
        if p * rows >= _FEW:
            bins.append((p, q))
            p = q = 0.0
    if p or q:
        rest = bins.pop() if len(bins) > keeps_missing else (0.0, 0.0)
        bins.append((rest[0] + p, rest[1] + q))
    joined = np.array(bins)
    return joined[:, 0], joined[:, 1]


def psi(expected: Floats, found: Floats, rows: int = 5000) -> float:
    """Population stability index of two distributions over the same bins, `found` being of so many rows.

    An empty bin counts as half a row: with the usual fixed tiny number, one bin that happens to stay empty in a small
    window would outweigh all others.
    """
    p, q = np.maximum(expected, 0.5 / rows), np.maximum(found, 0.5 / rows)
    return float(((q - p) * np.log(q / p)).sum())


def _edges(values: Floats) -> Floats:
    """Inner edges of up to ten bins with equal shares of the baseline; few distinct values get a bin each."""
    known = values[~np.isnan(values)]
    distinct = np.unique(known)
    if len(distinct) <= _BINS:
        return np.asarray(distinct[1:] if len(distinct) else distinct)
    return np.unique(np.quantile(known, np.arange(1, _BINS) / _BINS))


def _shares(values: Floats, edges: Floats) -> Floats:
    """Share of values in each bin, with a last bin for what is missing: missing data is a drift of its own."""
    missing = np.isnan(values)
    counts = np.bincount(np.searchsorted(edges, values[~missing], side="right"), minlength=len(edges) + 1)
    return np.append(counts, missing.sum()) / max(len(values), 1)
