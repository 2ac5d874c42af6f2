"""Cost of the report: what is paid, for what, and a plot of the ranges."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from modelkeel.cost import Bill, CostLine, FreeType, Totals
from modelkeel.cost.bill import name_of, type_of
from modelkeel.diagram.text import fit
from modelkeel.report.html_resources import Place, label_of
from modelkeel.report.html_words import usd

TOP = 8
LABEL_WIDTH, PLOT_WIDTH, NUMBER_WIDTH = 200, 440, 170
ROW_HEIGHT, BAR_HEIGHT, AXIS_HEIGHT, LABEL_SIZE = 34, 14, 26, 12
TICKS = 4
AXIS_ENDS = ("1", "1.2", "1.6", "2", "2.4", "3.2", "4", "5", "6", "8", "10")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One row of a plot in pixels, with its base amount and its span as text."""

    label: str
    title: str
    amount: str
    span: str
    y: int
    low: float
    base: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A plot of ranges: a bar up to the base value, a line from low to high."""

    width: int
    height: int
    left: int
    bottom: int
    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, str], ...]
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """A line of the bill with its resource in words."""

    line: CostLine
    name: str
    label: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CostView:
    """Everything that the chapter shows."""

    totals: Totals
    priced_on: str
    programs: Plot
    drivers: Plot
    lines: tuple[LineRow, ...]
    unpriced: tuple[tuple[str, str, str], ...]
    free: tuple[FreeType, ...]
    bases: tuple[tuple[str, int, str], ...]
    oldest: str


def view(bill: Bill, places: Mapping[str, Place]) -> CostView:
    """Return the chapter's content; lines of less than half a cent stay in, so that the sums can be checked."""
    drivers = [(f"{name_of(row.urn)} ({label_of(row.type)})", row.totals) for row in bill.drivers(TOP)]
    return CostView(
        totals=bill.totals,
        priced_on=bill.priced_on.isoformat(),
        programs=_plot(list(bill.by_program().items()), "Monthly cost by program"),
        drivers=_plot(drivers, "Monthly cost of the most expensive resources"),
        lines=tuple(_line(line, places) for line in bill.lines),
        unpriced=tuple((name_of(row.urn), row.type, f"{row.dimension}: {row.reason}") for row in bill.unpriced),
        free=bill.free,
        bases=_bases(bill.lines),
        oldest=min((line.priced_on for line in bill.lines), default=bill.priced_on).isoformat(),
    )


def _line(line: CostLine, places: Mapping[str, Place]) -> LineRow:
    place = places.get(line.urn)
    return LineRow(
        line=line,
        name=place.name if place else name_of(line.urn),
        label=place.label if place else label_of(type_of(line.urn)),
        anchor=place.anchor if place else "",
    )


def _bases(lines: Sequence[CostLine]) -> tuple[tuple[str, int, str], ...]:
    meaning = {
        "price_list": "read in a published AWS price list",
        "list": "published list price, not read again since",
        "estimate": "estimated from another region or type, with wider bounds",
    }
    return tuple((basis, sum(line.basis == basis for line in lines), text) for basis, text in meaning.items())


def _plot(rows: Sequence[tuple[str, Totals]], title: str) -> Plot:
    top = _round_up(max((totals.high for _, totals in rows), default=Decimal(0)))
    scale = PLOT_WIDTH / float(top)
    bars = tuple(_bar(label, totals, index, scale) for index, (label, totals) in enumerate(rows))
    ticks = tuple(
        (LABEL_WIDTH + PLOT_WIDTH * step / TICKS, usd(top * step / TICKS) if step else "0") for step in range(TICKS + 1)
    )
    told = "; ".join(f"{label}: {usd(totals.base)} ({usd(totals.low)} to {usd(totals.high)})" for label, totals in rows)
    bottom = len(rows) * ROW_HEIGHT
    return Plot(
        width=LABEL_WIDTH + PLOT_WIDTH + NUMBER_WIDTH,
        height=bottom + AXIS_HEIGHT,
        left=LABEL_WIDTH,
        bottom=bottom,
        bars=bars,
        ticks=ticks,
        description=f"{title}, USD: {told}",
    )


def _bar(label: str, totals: Totals, index: int, scale: float) -> Bar:
    def place(amount: Decimal) -> float:
        return round(float(amount) * scale, 1)

    return Bar(
        label=fit(label, LABEL_WIDTH - 14, LABEL_SIZE),
        title=label,
        amount=usd(totals.base),
        span=f"{usd(totals.low)} to {usd(totals.high)}",
        y=index * ROW_HEIGHT,
        low=LABEL_WIDTH + place(totals.low),
        base=place(totals.base),
        high=LABEL_WIDTH + place(totals.high),
    )


def _round_up(amount: Decimal) -> Decimal:
    """The next round number at which an axis of four steps may end."""
    if amount <= 0:
        return Decimal(1)
    power = Decimal(10) ** math.floor(amount.log10())
    return next(Decimal(step) * power for step in AXIS_ENDS if Decimal(step) * power >= amount)
