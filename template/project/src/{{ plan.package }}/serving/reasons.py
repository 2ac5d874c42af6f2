"""Reason codes: contributions of inputs, added up by what they tell a person, strongest first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from . import wording

Floats = npt.NDArray[np.float64]


def codes(contributions: Floats, names: Sequence[str], most: int) -> list[list[str]]:
    """For each row the up to `most` reason codes that raised its score, strongest first.

    Contributions to one reason are added: two inputs that tell the same thing are one reason, and inputs that cancel
    out are none.
    """
    known, adding = _adding(tuple(names))
    totals = contributions[:, : len(names)] @ adding
    order = np.argsort(-totals, axis=1, kind="stable")[:, :most]
    raised = np.take_along_axis(totals, order, axis=1) > 0
    return [
        [known[number] for number, up in zip(row, ups, strict=True) if up]
        for row, ups in zip(order.tolist(), raised.tolist(), strict=True)
    ]


def text(code: str) -> str:
    """What a reason code means, in words for the person concerned."""
    return _texts()[code]


def code_of(name: str) -> str:
    """The reason code that an input belongs to."""
    if name in wording.REASONS:
        return wording.REASONS[name][0]
    return next(code for prefix, (code, _) in wording.GROUPS.items() if name.startswith(prefix))


@lru_cache
def _adding(names: tuple[str, ...]) -> tuple[list[str], Floats]:
    """All codes, and the matrix that adds the contributions of inputs up by code."""
    of_name = [code_of(name) for name in names]
    known = sorted(set(of_name))
    adding = np.zeros((len(names), len(known)))
    for row, code in enumerate(of_name):
        adding[row, known.index(code)] = 1.0
    return known, adding


@lru_cache
def _texts() -> dict[str, str]:
    return dict([*wording.REASONS.values(), *wording.GROUPS.values()])
