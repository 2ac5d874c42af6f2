"""How resource types are called and drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from modelkeel.tables import reader

FILE = "kinds.toml"
FAMILIES = (
    "compute",
    "document",
    "network",
    "observe",
    "people",
    "registry",
    "security",
    "storage",
    "stream",
    "workflow",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A resource type in plain words; `family` decides its shape, `importance` which of several names a box."""

    type: str
    label: str
    family: str
    importance: int


@cache
def kinds() -> Mapping[str, Kind]:
    """Return the kinds by resource type."""
    return MappingProxyType({row["type"]: Kind(**row) for row in reader.document(FILE)["kind"]})
