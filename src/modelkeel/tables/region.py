"""AWS Regions: partition, zones, and where personal data may lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from modelkeel.tables import reader

FILE = "regions.toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class Region:
    """One Region; `privacy` is `eea`, `adequate` or `third` in the words of the GDPR."""

    name: str
    title: str
    country: str
    partition: str
    zones: tuple[str, ...]
    privacy: str
    lacks: frozenset[str]

    def zone_names(self, count: int) -> tuple[str, ...]:
        """Return the first `count` zone names, fewer where the Region has fewer."""
        return tuple(f"{self.name}{letter}" for letter in self.zones[:count])


@cache
def regions() -> Mapping[str, Region]:
    """Return the Regions by name, sorted."""
    rows = {
        name: Region(name=name, **{**row, "zones": tuple(row["zones"]), "lacks": frozenset(row.get("lacks", ()))})
        for name, row in sorted(reader.document(FILE).items())
        if isinstance(row, dict)
    }
    return MappingProxyType(rows)
