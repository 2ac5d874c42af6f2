"""How often a schedule expression fires in a month of 730 hours."""

from __future__ import annotations

import re
from decimal import Decimal

MONTH_HOURS = 730
MONTHS_A_YEAR = 12
MINUTES_A_DAY = 24 * 60
WEEKS_A_MONTH = Decimal(MONTH_HOURS) / (24 * 7)
DAYS_A_MONTH = Decimal(MONTH_HOURS) / 24

_HOURS = {"minute": Decimal(1) / 60, "hour": Decimal(1), "day": Decimal(24)}
_RATE = re.compile(r"rate\(\s*(\d+)\s+(minute|hour|day)s?\s*\)")
_CRON = re.compile(r"cron\((.+)\)")


def runs_per_month(expression: str) -> Decimal | None:
    """Return the runs a month of `rate(...)`, `cron(...)` or `at(...)`; None when the text is none of them.

    A single run at a point of time counts as one a month. Days of a month and of a week are averaged.
    Source: "Schedule types" in the EventBridge Scheduler user guide, read 2026-11-23.
    """
    text = expression.strip()
    if text.startswith("at("):
        return Decimal(1)
    if rate := _RATE.fullmatch(text):
        period = int(rate[1]) * _HOURS[rate[2]]
        return MONTH_HOURS / period if period else None
    cron = _CRON.fullmatch(text)
    fields = cron[1].split() if cron else []
    if len(fields) not in {5, 6}:
        return None
    minutes, hours, days, months, weekdays = fields[:5]
    try:
        return _count(minutes, 0, 59) * _count(hours, 0, 23) * _days(days, weekdays) * _months(months)
    except ValueError:
        return None


def hours_between(start: str, stop: str) -> Decimal | None:
    """Return the hours a month in which something runs that `start` begins and `stop` ends on the same days.

    Both are `cron(...)` with one minute and one hour; None for anything else. A stop before the start ends a night.
    """
    times = []
    for text in (start, stop):
        cron = _CRON.fullmatch(text.strip())
        fields = cron[1].split() if cron else []
        if len(fields) < 2 or not all(re.fullmatch(r"[0-9]{1,2}", field) for field in fields[:2]):
            return None
        times.append(60 * int(fields[1]) + int(fields[0]))
    runs = runs_per_month(start)
    if runs is None or runs != runs_per_month(stop):
        return None
    return runs * Decimal((times[1] - times[0]) % MINUTES_A_DAY) / 60


def _days(days: str, weekdays: str) -> Decimal:
    if weekdays not in {"*", "?"}:
        once = "#" in weekdays or "L" in weekdays
        return _count(weekdays, 1, 7) * (Decimal(1) if once else WEEKS_A_MONTH)
    return DAYS_A_MONTH if days in {"*", "?"} else Decimal(_count(days, 1, 31))


def _months(months: str) -> Decimal:
    return Decimal(_count(months, 1, 12)) / MONTHS_A_YEAR


def _count(field: str, first: int, last: int) -> int:
    return sum(_count_part(part, first, last) for part in field.split(","))


def _count_part(part: str, first: int, last: int) -> int:
    span, _, step = part.partition("/")
    if span in {"*", "?"}:
        size = last - first + 1
    elif "-" in span:
        begin, end = (_number(name) for name in span.split("-", 1))
        size = (end - begin) % (last - first + 1) + 1
    else:
        begin = _number(span)
        size = last - begin + 1 if step else 1
    return size if not step else -(-size // max(int(step), 1))


_NAMES = {
    name: number
    for names in ("SUN MON TUE WED THU FRI SAT", "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC")
    for number, name in enumerate(names.split(), start=1)
}


def _number(name: str) -> int:
    if name.upper() in _NAMES:
        return _NAMES[name.upper()]
    digits = re.match(r"\d+", name)
    if digits:
        return int(digits[0])
    if name.startswith(("L", "W")):
        return 1
    raise ValueError(name)
