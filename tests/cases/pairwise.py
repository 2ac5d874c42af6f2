"""Rows in which every two options of two dimensions meet, as far as they can."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations

Row = dict[str, str]
Item = tuple[str, str]
Pair = tuple[Item, Item]

CANDIDATES = 20
"""Completions that are tried for each row; more give fewer rows and take longer."""


def pairs(dimensions: Mapping[str, Sequence[str]]) -> Iterator[Pair]:
    """Yield every two options of two dimensions, in the order of the dimensions."""
    for first, second in combinations(dimensions, 2):
        for one in dimensions[first]:
            for other in dimensions[second]:
                yield (first, one), (second, other)


def met(row: Row) -> set[Pair]:
    """Return the pairs that a row covers."""
    return set(combinations(row.items(), 2))


def cover(dimensions: Mapping[str, Sequence[str]], possible: Callable[[Row], bool], kept: Sequence[Row]) -> list[Row]:
    """Return rows in which all pairs meet for which a possible row was found; the same for the same input.

    `possible` says whether a whole row is a valid combination. The rows `kept` come first, as they are.
    """
    chance = random.Random(1)
    waiting = dict.fromkeys(pairs(dimensions))
    rows = list(kept)
    for row in rows:
        for pair in met(row):
            waiting.pop(pair, None)
    while waiting:
        seed = next(iter(waiting))
        row = _best(dimensions, seed, waiting, possible, chance)
        if row is None:
            del waiting[seed]
            continue
        rows.append(row)
        for pair in met(row):
            waiting.pop(pair, None)
    return rows


def _best(
    dimensions: Mapping[str, Sequence[str]],
    seed: Pair,
    waiting: Mapping[Pair, None],
    possible: Callable[[Row], bool],
    chance: random.Random,
) -> Row | None:
    candidates = [_completed(dimensions, dict(seed), waiting, chance) for _ in range(CANDIDATES)]
    worth = sorted(candidates, key=lambda row: -sum(pair in waiting for pair in met(row)))
    found = next((row for row in worth if possible(row)), None)
    return found or _plain(dimensions, dict(seed), possible, chance)


def _plain(
    dimensions: Mapping[str, Sequence[str]], fixed: Row, possible: Callable[[Row], bool], chance: random.Random
) -> Row | None:
    """Return a possible row of first options, as many of them replaced as there is room for."""
    row = {name: fixed.get(name, options[0]) for name, options in dimensions.items()}
    if not possible(row):
        return None
    for name in chance.sample([name for name in dimensions if name not in fixed], k=len(dimensions) - len(fixed)):
        other = row | {name: chance.choice(dimensions[name])}
        row = other if possible(other) else row
    return row


def _completed(
    dimensions: Mapping[str, Sequence[str]],
    fixed: Row,
    waiting: Mapping[Pair, None],
    chance: random.Random,
) -> Row:
    """Return a row with the fixed options; most of the others are those that meet the most uncovered pairs."""
    chosen = dict(fixed)
    order = [name for name in dimensions if name not in fixed]
    chance.shuffle(order)
    rank = {name: index for index, name in enumerate(dimensions)}
    for name in order:
        free = chance.choice(dimensions[name])
        if chance.random() < 0.25:
            chosen[name] = free
            continue
        gains = {}
        for option in dimensions[name]:
            item = (name, option)
            gains[option] = sum(
                ((item, other) if rank[name] < rank[other[0]] else (other, item)) in waiting for other in chosen.items()
            )
        most = max(gains.values())
        best = [option for option, gain in gains.items() if gain == most]
        chosen[name] = free if free in best or not most else chance.choice(best)
    return {name: chosen[name] for name in dimensions}
