"""Schedule expressions as runs a month."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelkeel.cost.calendar import hours_between, runs_per_month

DAY = Decimal(730) / 24


@pytest.mark.parametrize(
    ("expression", "runs"),
    [
        ("rate(1 hour)", Decimal(730)),
        ("rate(12 hours)", Decimal(730) / 12),
        ("rate(1 day)", DAY),
        ("rate(30 minutes)", Decimal(1460)),
        ("cron(0 3 * * ? *)", DAY),
        ("cron(0 3 ? * MON-FRI *)", 5 * Decimal(730) / 168),
        ("cron(0 3 ? * SAT,SUN *)", 2 * Decimal(730) / 168),
        ("cron(0/15 * * * ? *)", 96 * DAY),
        ("cron(*/15 8-17 * * ? *)", 40 * DAY),
        ("cron(0 3 1 * ? *)", Decimal(1)),
        ("cron(0 3 L * ? *)", Decimal(1)),
        ("cron(0 3 ? * 2#1 *)", Decimal(1)),
        ("cron(0 3 1 1,7 ? *)", Decimal(1) / 6),
        ("cron(0 0 ? * FRI-MON *)", 4 * Decimal(730) / 168),
        ("at(2027-01-01T00:00:00)", Decimal(1)),
    ],
)
def test_runs_of_an_expression(expression: str, runs: Decimal) -> None:
    found = runs_per_month(expression)

    assert found is not None
    assert found == pytest.approx(runs, rel=Decimal("1e-20"))


@pytest.mark.parametrize("text", ["", "daily", "rate(0 hours)", "cron(0 3)", "cron(a b c d e f)", "rate(1 week)"])
def test_what_is_no_expression_has_no_number(text: str) -> None:
    assert runs_per_month(text) is None


@given(st.text(alphabet="cronrate()*/-,?#LW0123456789 MONJAN", max_size=30))
def test_any_text_gives_a_number_or_nothing(text: str) -> None:
    found = runs_per_month(text)

    assert found is None or found >= 0


@pytest.mark.parametrize(
    ("start", "stop", "hours"),
    [
        ("cron(0 8 ? * MON-FRI *)", "cron(0 18 ? * MON-FRI *)", 50 * Decimal(730) / 168),
        ("cron(30 7 * * ? *)", "cron(0 19 * * ? *)", Decimal("11.5") * DAY),
        ("cron(0 22 * * ? *)", "cron(0 6 * * ? *)", 8 * DAY),
        ("cron(0 8 ? * MON-FRI *)", "cron(0 18 ? * MON *)", None),
        ("rate(1 day)", "cron(0 18 ? * MON *)", None),
        ("cron(0/5 8 * * ? *)", "cron(0 18 * * ? *)", None),
    ],
)
def test_hours_between_a_start_and_a_stop(start: str, stop: str, hours: Decimal | None) -> None:
    found = hours_between(start, stop)

    assert found == (None if hours is None else pytest.approx(hours, rel=Decimal("1e-20")))
