"""What a month costs: lines, totals, what is free and what has no price."""

from __future__ import annotations

import datetime
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

SCHEMA_VERSION = 1
CURRENCY = "USD"
MONTH_HOURS = 730
DRIVERS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class CostLine:
    """What one resource costs along one dimension, USD a month; `quantity` is the base quantity in `unit`."""

    urn: str
    program: str
    dimension: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    low: Decimal
    base: Decimal
    high: Decimal
    assumption: str
    basis: str
    priced_on: datetime.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpriced:
    """A resource, or one dimension of it, that costs an amount nobody here knows."""

    urn: str
    type: str
    dimension: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeType:
    """A resource type of the graph without a charge, with the reason and how often it occurs."""

    type: str
    reason: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Sums in USD a month."""

    low: Decimal
    base: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """One resource with all its dimensions: what the largest amounts are spent on."""

    urn: str
    program: str
    name: str
    type: str
    totals: Totals


@dataclass(frozen=True, kw_only=True)
class Bill:
    """All lines of a graph, sorted by base amount; what is unpriced is named and is in no total."""

    project: str
    environment: str
    priced_on: datetime.date
    lines: tuple[CostLine, ...]
    unpriced: tuple[Unpriced, ...]
    free: tuple[FreeType, ...]

    @property
    def totals(self) -> Totals:
        """The sums of all lines."""
        return add(self.lines)

    def by_program(self) -> Mapping[str, Totals]:
        """Return the sums by program, the most expensive first."""
        groups: dict[str, list[CostLine]] = defaultdict(list)
        for line in self.lines:
            groups[line.program].append(line)
        sums = {program: add(tuple(lines)) for program, lines in groups.items()}
        return dict(sorted(sums.items(), key=lambda item: (-item[1].base, item[0])))

    def drivers(self, count: int = DRIVERS) -> tuple[Driver, ...]:
        """Return the resources that cost most, each with all its dimensions."""
        groups: dict[str, list[CostLine]] = defaultdict(list)
        for line in self.lines:
            groups[line.urn].append(line)
        found = [_driver(urn, tuple(lines)) for urn, lines in groups.items()]
        return tuple(sorted(found, key=lambda driver: (-driver.totals.base, driver.urn))[:count])


def add(lines: tuple[CostLine, ...]) -> Totals:
    """Return the sums of some lines."""
    zero = Decimal("0.0000")
    return Totals(
        low=sum((line.low for line in lines), zero),
        base=sum((line.base for line in lines), zero),
        high=sum((line.high for line in lines), zero),
    )


def to_document(bill: Bill) -> dict[str, Any]:
    """Return the bill as the JSON document of schema version 1; money is decimal text, USD a month."""
    return {
        "schema_version": SCHEMA_VERSION,
        "project": bill.project,
        "environment": bill.environment,
        "currency": CURRENCY,
        "priced_on": bill.priced_on.isoformat(),
        "month_hours": MONTH_HOURS,
        "lines": [_line_document(line) for line in bill.lines],
        "totals": _totals_document(bill.totals),
        "by_program": {program: _totals_document(totals) for program, totals in bill.by_program().items()},
        "drivers": [
            {"urn": driver.urn, "program": driver.program, "type": driver.type, **_totals_document(driver.totals)}
            for driver in bill.drivers()
        ],
        "unpriced": [
            {"urn": row.urn, "type": row.type, "dimension": row.dimension, "reason": row.reason}
            for row in bill.unpriced
        ],
        "free": [{"type": row.type, "reason": row.reason, "count": row.count} for row in bill.free],
    }


def dumps(bill: Bill) -> str:
    """Return the document as text: sorted keys, two spaces, one newline at the end."""
    return json.dumps(to_document(bill), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def name_of(urn: str) -> str:
    """Return the logical name at the end of a URN."""
    return urn.rsplit("::", 1)[-1]


def type_of(urn: str) -> str:
    """Return the resource's own type, without those of its parents."""
    parts = urn.split("::")
    return parts[-2].rsplit("$", 1)[-1] if len(parts) > 1 else ""


def _driver(urn: str, lines: tuple[CostLine, ...]) -> Driver:
    return Driver(urn=urn, program=lines[0].program, name=name_of(urn), type=type_of(urn), totals=add(lines))


def _line_document(line: CostLine) -> dict[str, str]:
    return {
        "urn": line.urn,
        "program": line.program,
        "dimension": line.dimension,
        "quantity": _text(line.quantity),
        "unit": line.unit,
        "unit_price": _text(line.unit_price),
        "low": _text(line.low),
        "base": _text(line.base),
        "high": _text(line.high),
        "assumption": line.assumption,
        "basis": line.basis,
        "priced_on": line.priced_on.isoformat(),
    }


def _totals_document(totals: Totals) -> dict[str, str]:
    return {"low": _text(totals.low), "base": _text(totals.base), "high": _text(totals.high)}


def _text(value: Decimal) -> str:
    return format(value, "f")
