"""How far one input moved, and how far chance alone would move it.

The population stability index (PSI) decides, against a limit that its own chance sets: if nothing changed, PSI divided
by (1/n + 1/N) follows a chi-square distribution with one degree of freedom less than bins (n rows in the window, N in
the baseline). The usual fixed limit of 0.2 would miss a shift of a third of a standard deviation on any window that is
large, and cry wolf on any that is small.

A true index of `tolerated` makes that a noncentral chi-square with noncentrality tolerated / (1/n + 1/N). Seasons and
slow change move every input a little: a limit that forgives no move at all alarms on them, the sooner the larger the
window. For a normal input a move by d standard deviations has an index of about d squared.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial.distance import jensenshannon
from scipy.stats import chi2, ks_2samp, ncx2

_BINS = 10
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


def measure(name: str, reference: pd.Series, rows: pd.Series, level: float, tolerated: float = 0.0) -> Shift:
    """Hold `rows` of a window against `reference`.

    With a true index of `tolerated`, chance exceeds the limit once in 1 / `level` windows.
    """
    expected, found = (part.to_numpy(dtype=np.float64) for part in (reference, rows))
    edges = _edges(expected)
    shares = _merged(_shares(expected, edges), _shares(found, edges), len(found))
    unit = 1 / len(found) + 1 / len(expected)
    freedom = max(len(shares[0]) - 1, 1)
    limit = unit * float(ncx2.ppf(1 - level, freedom, tolerated / unit) if tolerated else chi2.ppf(1 - level, freedom))
    known = expected[~np.isnan(expected)], found[~np.isnan(found)]
    return Shift(
        name,
        psi=psi(*shares, len(found)),
        limit=limit,
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
