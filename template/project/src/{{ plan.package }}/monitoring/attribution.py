"""Attributions: does the model still decide for the reasons for which it was approved?

Reason codes are contributions of inputs, added up by what they tell a person. At training the share of each code among
decisions on unseen rows is written down beside the model; later the codes of live answers are held against it. The
figure is the normalised discounted cumulative gain of the order in which live answers use the codes: 1 is the same
order, and a code that carried much and is seldom named lowers it most.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from .. import storage

FILE = "reasons.json"
FEWEST = 30
"""Explained answers below which their order is chance."""


def shares(codes: Iterable[Sequence[str]]) -> dict[str, float]:
    """The share of each code among all that were named; empty where none was."""
    counted = Counter(code for row in codes for code in row)
    total = sum(counted.values())
    return {code: count / total for code, count in sorted(counted.items())}


def write(folder: Path, codes: Iterable[Sequence[str]]) -> None:
    """Write down beside the model in `folder` what its reasons are."""
    storage.write_json(folder / FILE, shares(codes))


def read(folder: Path) -> dict[str, float]:
    """What `write` wrote; empty for a model of an older release, which wrote nothing."""
    path = folder / FILE
    return {str(code): float(share) for code, share in storage.read_json(path).items()} if path.is_file() else {}


def agreement(reference: dict[str, float], codes: Sequence[Sequence[str]]) -> float | None:
    """How well the order of live reasons agrees with `reference`, 0 to 1; None where there is too little to say."""
    if not reference or sum(map(bool, codes)) < FEWEST:
        return None
    found = shares(codes)
    known = sorted({*reference, *found})
    live = sorted(known, key=lambda code: (-found.get(code, 0.0), code))
    best = sorted(known, key=lambda code: (-reference.get(code, 0.0), code))
    return _gain(live, reference) / _gain(best, reference)


def _gain(order: Sequence[str], reference: dict[str, float]) -> float:
    places = np.arange(2, len(order) + 2)
    return float((np.array([reference.get(code, 0.0) for code in order]) / np.log2(places)).sum())
