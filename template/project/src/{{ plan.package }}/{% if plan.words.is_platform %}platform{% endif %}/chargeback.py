"""What each team is charged for a month: what carries its tag in the bill, and its use of the machines that are shared.

Tagged costs come from the cost and usage report, grouped by the tag `team`; use comes from the cluster's records of
GPU and processor hours by namespace, borrowed hours apart. Money is exact: the charges add up to what was spent.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

from ..problem import DataRefusedError

PLATFORM = "(platform)"
"""Who pays for what no team used, owned or tagged."""
CENT = Decimal("0.01")
USAGE = ("month", "team", "gpu_hours", "borrowed_gpu_hours", "lent_gpu_hours", "cpu_hours")
TAGGED = ("month", "team", "usd")


@dataclass(frozen=True)
class Usage:
    """Hours of a team in a month. `gpu_hours` are all it used, `borrowed` of them on quota of others; `lent` are hours
    of its own quota that others used."""

    month: str
    team: str
    gpu_hours: Decimal
    borrowed_gpu_hours: Decimal
    lent_gpu_hours: Decimal
    cpu_hours: Decimal


@dataclass(frozen=True)
class Charge:
    """What a team pays for a month, in USD to the cent."""

    month: str
    team: str
    tagged: Decimal
    own_gpus: Decimal
    borrowed_gpus: Decimal
    lent_gpus: Decimal
    processors: Decimal

    @property
    def total(self) -> Decimal:
        """All of it; what was lent is taken off."""
        return self.tagged + self.own_gpus + self.borrowed_gpus - self.lent_gpus + self.processors


def charges(
    usage: Iterable[Usage],
    tagged: Mapping[tuple[str, str], Decimal],
    prices: Mapping[str, Any],
    owned: Mapping[str, Decimal],
) -> list[Charge]:
    """What each team pays, by month and team; `tagged` is USD by month and team.

    `owned` are the GPU hours of each team's quota in a month. Where `prices["basis"]` is `owned` a team pays them
    whether it used them or not, less what it lent; where it is `used`, it pays what it used, and lending is free.
    """
    rows = {(row.month, row.team): row for row in usage}
    keys = sorted({*rows, *tagged})
    zero = Decimal(0)
    per_gpu, per_cpu = (Decimal(str(prices[name])) for name in ("usd_per_gpu_hour", "usd_per_cpu_hour"))
    found = []
    for month, team in keys:
        row = rows.get((month, team), Usage(month, team, zero, zero, zero, zero))
        by_quota = prices["basis"] == "owned"
        own_hours = owned.get(team, zero) if by_quota else row.gpu_hours - row.borrowed_gpu_hours
        found.append(
            Charge(
                month=month,
                team=team,
                tagged=_cents(tagged.get((month, team), zero)),
                own_gpus=_cents(own_hours * per_gpu),
                borrowed_gpus=_cents(row.borrowed_gpu_hours * per_gpu),
                lent_gpus=_cents(row.lent_gpu_hours * per_gpu) if by_quota else zero,
                processors=_cents(row.cpu_hours * per_cpu),
            )
        )
    return found


def read_usage(path: Path, teams: Sequence[str]) -> list[Usage]:
    """Read use by month and team.

    Raises:
        DataRefusedError: a column or a number is wrong, a team is unknown or twice, or more was borrowed than used or
            lent; each row is named.
    """
    rows = _rows(path, USAGE)
    found = [Usage(row["month"], row["team"], *(_number(path, row[name]) for name in USAGE[2:])) for row in rows]
    problems = [f"{row.month}: {row.team} is no team" for row in found if row.team not in teams]
    problems += [f"{r.month} {r.team}: borrowed more than used" for r in found if r.borrowed_gpu_hours > r.gpu_hours]
    if len({(row.month, row.team) for row in found}) != len(found):
        problems.append("a team stands twice in a month")
    for month in sorted({row.month for row in found}):
        mine = [row for row in found if row.month == month]
        if sum(row.lent_gpu_hours for row in mine) > sum(row.borrowed_gpu_hours for row in mine):
            problems.append(f"{month}: more was lent than borrowed")
    if problems:
        raise DataRefusedError(f"{path.name} cannot be charged", got="; ".join(problems), fix="correct the report")
    return found


def read_tagged(path: Path, teams: Sequence[str]) -> dict[tuple[str, str], Decimal]:
    """Read USD by month and tag; what carries no tag, or one that is no team, is the platform's."""
    found: dict[tuple[str, str], Decimal] = {}
    for row in _rows(path, TAGGED):
        key = (row["month"], row["team"] if row["team"] in teams else PLATFORM)
        found[key] = found.get(key, Decimal(0)) + _number(path, row["usd"])
    return found


def as_csv(found: Sequence[Charge]) -> str:
    """The charges as CSV, a line for each month and team."""
    names = ("month", "team", "tagged", "own_gpus", "borrowed_gpus", "lent_gpus", "processors", "total")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([f"{name}_usd" if name not in ("month", "team") else name for name in names])
    writer.writerows([getattr(charge, name) for name in names] for charge in found)
    return text.getvalue()


def _rows(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    try:
        with path.open(newline="") as stream:
            reader = csv.DictReader(stream)
            rows = list(reader)
    except (OSError, UnicodeDecodeError) as error:
        raise DataRefusedError(f"{path.name} cannot be read", got=str(error)) from error
    if tuple(reader.fieldnames or ()) != tuple(columns) or any(None in row or None in row.values() for row in rows):
        raise DataRefusedError(
            f"{path.name} has other columns", got=", ".join(reader.fieldnames or ()), allowed=", ".join(columns)
        )
    return rows


def _number(path: Path, text: str) -> Decimal:
    try:
        value = Decimal(text)
    except ArithmeticError as error:
        raise DataRefusedError(f"{path.name} has a value that is no number", got=text) from error
    if not value.is_finite() or value < 0:
        raise DataRefusedError(f"{path.name} has a value below zero or without an end", got=text)
    return value


def _cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_EVEN)
