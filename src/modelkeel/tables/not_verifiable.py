"""What a build of the AWS provider could not judge in the examples, and why.

`not_verifiable.json` is written by `python -m provider.unjudged_table` (tests folder); the sentences stand beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from modelkeel.tables import reader

FILE = "not_verifiable.json"
WHY = "not_verifiable_why.toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class Unjudged:
    """A type, or one of its properties (`path`, without indices), that was left out in these examples."""

    type: str
    path: str
    reason: str
    message: str
    examples: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Examined:
    """One example: how many resources its last environment has, and how many were verified."""

    environment: str
    resources: int
    verified: int
    errors: int


@cache
def unjudged() -> tuple[Unjudged, ...]:
    """Return every row, sorted by type, path and reason."""
    return tuple(Unjudged(**{**row, "examples": tuple(row["examples"])}) for row in reader.document(FILE)["rows"])


@cache
def examined() -> Mapping[str, Examined]:
    """Return what was asked, by example."""
    return MappingProxyType({name: Examined(**row) for name, row in reader.document(FILE)["examples"].items()})


def version() -> str:
    """Return the version of the build that was asked."""
    return str(reader.document(FILE)["provider"])


def why(kind: str) -> str:
    """Return why a type cannot be judged, "" where nobody has written it yet."""
    written: Mapping[str, str] = reader.document(WHY)["why"]
    return written.get(kind, "") or written.get(kind.partition(":")[0], "")
