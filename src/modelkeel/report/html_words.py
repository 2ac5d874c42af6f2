"""Money, counts and places as a reader expects them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

WHOLE_FROM = 100


def usd(amount: Decimal) -> str:
    """Return an amount without its currency: whole dollars from a hundred on, cents below."""
    if amount >= WHOLE_FROM:
        return f"{amount.quantize(Decimal(1), ROUND_HALF_UP):,}"
    if 0 < amount < Decimal("0.005"):
        return "under 0.01"
    return f"{amount.quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


def count_of(number: int, noun: str, plural: str = "") -> str:
    """Return `1 finding`, `2 findings`, `no findings`."""
    word = noun if number == 1 else plural or f"{noun}s"
    return f"{number or 'no'} {word}"


def result_count(number: int, result: str) -> str:
    """Return `2 violations`, `1 error`, `3 passed`: how often a result occurs."""
    countable = {"violation": "violations", "error": "errors", "pass": "passed"}
    word = countable.get(result, result)
    return f"{number} {result if number == 1 and word.endswith('s') else word}"


def plain(value: Any) -> str:
    """Return a JSON value as a person writes it: lists with commas, yes and no, nothing as a dash."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or value in ("", [], {}):
        return "-"
    if isinstance(value, list | tuple):
        return ", ".join(plain(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {plain(item)}" for key, item in value.items())
    return str(value)


def link(source: str) -> str:
    """Return `source` where it is a web address that a link may lead to, else nothing."""
    return source if source.startswith(("https://", "http://")) and not set(source) & set(" \"'<>") else ""
