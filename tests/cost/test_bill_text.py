"""The bill in a terminal."""

import re
from decimal import Decimal

import pytest
from cost import platform_graph as make

from modelkeel import cost
from modelkeel.report import bill as text
from modelkeel.report.html_words import usd


def test_the_text_tells_sums_programs_drivers_and_the_date_of_each_price() -> None:
    bill = cost.price(make.platform())
    told = text.render(bill)

    assert f"{usd(bill.totals.base)} USD a month" in told.splitlines()[0]
    assert all(program in told for program in bill.by_program())
    assert f"largest: {bill.drivers()[0].name}" in told
    assert len(re.findall(r"\d{4}-\d\d-\d\d$", told, re.M)) == len([row for row in bill.lines if row.base >= 1]) + 1


def test_small_lines_are_added_up_and_not_lost() -> None:
    bill = cost.price(make.platform())
    small = [line for line in bill.lines if line.base < 1]

    assert f"{len(small)} smaller lines" in text.render(bill)
    assert usd(sum((line.base for line in small), Decimal(0))) in text.render(bill)


def test_what_has_no_price_is_named() -> None:
    graph = make.graph(make.stack("data", make.resource("data", "aws:neptune/cluster:Cluster", "graphs")))
    told = text.render(cost.price(graph))

    assert "1 item without a price" in told
    assert "aws:neptune/cluster:Cluster" in told


@pytest.mark.parametrize("kind", ["aws:neptune/cluster:Cluster", "aws:kms/key:Key"])
def test_a_name_cannot_command_the_terminal(kind: str) -> None:
    graph = make.graph(make.stack("data", make.resource("data", kind, "x\x1b[2Jy")))

    assert "\x1b" not in text.render(cost.price(graph))


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("0", "0.00"), ("0.001", "under 0.01"), ("0.005", "0.01"), ("99.994", "99.99"), ("1234.5", "1,235")],
)
def test_amounts_are_as_exact_as_they_are_useful(amount: str, shown: str) -> None:
    assert usd(Decimal(amount)) == shown
