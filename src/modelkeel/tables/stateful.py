"""Which resource types hold what a replacement loses."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from modelkeel.tables import reader

FILE = "stateful.toml"


@cache
def stateful() -> Mapping[str, str]:
    """Return what is lost, by resource type."""
    rows = reader.document(FILE)["stateful"]
    return MappingProxyType({kind: row["why"] for row in rows for kind in row["types"]})
