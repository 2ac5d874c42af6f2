"""Lines that run side by side: each lane (a channel or a gutter) gets as many tracks as lines overlap in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Lane = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a lane that belongs to `key`; stretches of one key in a lane may lie on each other."""

    lane: Lane
    key: str
    start: float
    end: float


@dataclass(frozen=True)
class Tracks:
    """The track of each key in each lane, and the number of tracks of each lane."""

    track: Mapping[tuple[Lane, str], int]
    counts: Mapping[Lane, int]


def assign(spans: Iterable[Span]) -> Tracks:
    """Return tracks on which stretches of different keys never touch; first come, first served, in a fixed order."""
    reach: dict[tuple[Lane, str], tuple[float, float]] = {}
    for span in spans:
        low, high = sorted((span.start, span.end))
        known = reach.get((span.lane, span.key), (low, high))
        reach[span.lane, span.key] = (min(known[0], low), max(known[1], high))
    track: dict[tuple[Lane, str], int] = {}
    ends: dict[Lane, list[float]] = defaultdict(list)
    for (lane, key), (low, high) in sorted(reach.items(), key=lambda item: (item[0][0], item[1], item[0][1])):
        free = next((index for index, end in enumerate(ends[lane]) if end < low), None)
        if free is None:
            free = len(ends[lane])
            ends[lane].append(high)
        else:
            ends[lane][free] = high
        track[lane, key] = free
    return Tracks(track=track, counts={lane: len(used) for lane, used in ends.items()})
