"""Assumed use of what a graph cannot tell: gigabytes, requests, hours, each with low, base and high."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import MappingProxyType

from modelkeel.tables import reader

FILE = "usage.toml"
FREE_FILE = "free.toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class Usage:
    """How much of something is used: three values in `unit`, for each `per`, and why."""

    name: str
    low: Decimal
    base: Decimal
    high: Decimal
    unit: str
    per: str
    reason: str


@cache
def usages() -> Mapping[str, Usage]:
    """Return the assumptions by name."""
    document = reader.document(FILE)
    return MappingProxyType({name: _usage(name, row) for name, row in document.items() if isinstance(row, Mapping)})


@cache
def free_types() -> Mapping[str, str]:
    """Return the resource types that AWS does not charge for, each with the reason."""
    document = reader.document(FREE_FILE)
    return MappingProxyType({kind: reason for group in document["free"] for kind, reason in _kinds(group)})


def _kinds(group: Mapping[str, object]) -> list[tuple[str, str]]:
    types = group["types"]
    assert isinstance(types, list)
    return [(kind, str(group["reason"])) for kind in types]


def _usage(name: str, row: Mapping[str, str]) -> Usage:
    return Usage(
        name=name,
        low=Decimal(row["low"]),
        base=Decimal(row["base"]),
        high=Decimal(row["high"]),
        unit=row["unit"],
        per=row["per"],
        reason=row["reason"],
    )
