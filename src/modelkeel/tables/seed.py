"""The code that a package starts from: the template's conditions it fulfils, and what it needs from PyPI."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from modelkeel.tables import reader
from modelkeel.tables.archetype import archetypes

FILE = "seeds.toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class Seed:
    """Code of an archetype; `requirements` come on top of those that every generated repository has."""

    archetype: str
    words: tuple[str, ...]
    requirements: tuple[str, ...]


@cache
def seeds() -> Mapping[str, Seed]:
    """Return the archetypes with code of their own, by name."""
    rows = {
        name: Seed(archetype=name, words=tuple(row["words"]), requirements=tuple(row["requirements"]))
        for name, row in reader.document(FILE).items()
        if isinstance(row, dict)
    }
    return MappingProxyType(rows)


def seed_of(archetype: str) -> Seed:
    """Return the code that a package of `archetype` starts from."""
    return seeds()[archetypes()[archetype].seed]


def seed_words() -> tuple[str, ...]:
    """Return every condition that hangs on the code a package starts from, sorted."""
    return tuple(sorted({word for seed in seeds().values() for word in seed.words}))
