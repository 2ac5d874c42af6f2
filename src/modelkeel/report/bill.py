"""The text of a bill: what a month costs, by program and by line, and what has no price."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from modelkeel import console
from modelkeel.cost import Bill, CostLine, Totals, add
from modelkeel.cost.bill import name_of, type_of
from modelkeel.report.html_resources import label_of
from modelkeel.report.html_words import count_of, usd
from modelkeel.report.wording import printable

WORTH_A_LINE = Decimal(1)
"""USD a month below which lines are added up instead of printed one by one."""


def render(bill: Bill) -> str:
    """Return the sums, the largest drivers, the lines from one dollar on, and everything without a price."""
    totals = bill.totals
    title = (
        f"{printable(bill.project)}, environment {printable(bill.environment)}: {usd(totals.base)} USD a month, "
        f"{usd(totals.low)} to {usd(totals.high)}; list prices of {bill.priced_on}"
    )
    parts = [title, _programs(bill), _drivers(bill), _lines(bill.lines)]
    if bill.unpriced:
        parts.append(_unpriced(bill))
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def _programs(bill: Bill) -> str:
    rows = [(program, *_amounts(totals)) for program, totals in bill.by_program().items()]
    return console.table(
        ("program", "low", "base", "high"), [*rows, ("all", *_amounts(bill.totals))], numeric=(1, 2, 3)
    )


def _drivers(bill: Bill) -> str:
    largest = (f"{printable(driver.name)} ({usd(driver.totals.base)})" for driver in bill.drivers())
    return f"largest: {', '.join(largest) or 'nothing costs anything'}"


def _lines(lines: Sequence[CostLine]) -> str:
    large = [line for line in lines if line.base >= WORTH_A_LINE]
    small = tuple(line for line in lines if line.base < WORTH_A_LINE)
    rows = [_row(line) for line in large]
    if small:
        rows.append((count_of(len(small), "smaller line"), "", "", "", "", *_amounts(add(small)), ""))
    headers = ("resource", "kind", "dimension", "quantity", "unit", "low", "base", "high", "priced on")
    return console.table(headers, rows, numeric=(3, 5, 6, 7))


def _row(line: CostLine) -> tuple[str, ...]:
    return (
        printable(name_of(line.urn)),
        printable(label_of(type_of(line.urn))),
        printable(line.dimension),
        f"{line.quantity:,.0f}" if line.quantity >= WORTH_A_LINE else f"{line.quantity:.2g}",
        line.unit,
        *_amounts(line),
        line.priced_on.isoformat(),
    )


def _amounts(row: CostLine | Totals) -> tuple[str, str, str]:
    return usd(row.low), usd(row.base), usd(row.high)


def _unpriced(bill: Bill) -> str:
    rows = [(printable(name_of(row.urn)), row.type, f"{row.dimension}: {row.reason}") for row in bill.unpriced]
    table = console.table(("without a price, in no sum", "type", "why"), [tuple(map(printable, row)) for row in rows])
    return f"{count_of(len(rows), 'item')} without a price\n\n{table}"
