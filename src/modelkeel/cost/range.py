"""Three values that belong together: what is at least, most likely and at most used or paid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from modelkeel.tables.usage import usages


@dataclass(frozen=True, slots=True)
class Range:
    """`low` <= `base` <= `high`, none below zero."""

    low: Decimal
    base: Decimal
    high: Decimal

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.base <= self.high:
            raise ValueError(f"not a range: {self.low}, {self.base}, {self.high}")

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.base + other.base, self.high + other.high)

    def __mul__(self, other: Range | Decimal | int) -> Range:
        """Multiply value by value; both sides are zero or more, so the order of the three is kept."""
        factor = other if isinstance(other, Range) else exactly(other)
        return Range(self.low * factor.low, self.base * factor.base, self.high * factor.high)

    def at_most(self, limit: Decimal | int) -> Range:
        """Return the range cut off above `limit`."""
        bound = Decimal(limit)
        return Range(min(self.low, bound), min(self.base, bound), min(self.high, bound))


ZERO = Range(Decimal(0), Decimal(0), Decimal(0))


def exactly(value: Decimal | int) -> Range:
    """Return a value that is known."""
    number = Decimal(value)
    return Range(number, number, number)


def assumed(name: str) -> Range:
    """Return the range of the usage table's row `name`."""
    row = usages()[name]
    return Range(row.low, row.base, row.high)


def because(*names: str) -> str:
    """Return the sentence that names the assumptions taken from the usage table."""
    rows = [usages()[name] for name in names]
    return "; ".join(f"assumed {row.low} to {row.high} {row.unit} per {row.per}: {row.reason}" for row in rows)


def total(ranges: Iterable[Range]) -> Range:
    """Return the sum; nothing adds up to zero."""
    return sum(ranges, ZERO)
