"""Values that AWS takes and older builds of the AWS provider refuse."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from modelkeel.tables import reader

FILE = "newer_values.toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class NewerValues:
    """New values of one enumeration of AWS; `beside` is an old one, by which a build's list is recognised."""

    service: str
    name: str
    beside: str
    values: frozenset[str]


@cache
def newer_values() -> tuple[NewerValues, ...]:
    """Return the enumerations that have grown."""
    return tuple(NewerValues(**{**row, "values": frozenset(row["values"])}) for row in reader.document(FILE)["enum"])


def is_newer(value: str, known: Collection[str]) -> bool:
    """Whether AWS takes `value` although a build of the provider lists only `known`."""
    return value not in known and any(value in row.values and row.beside in known for row in newer_values())
