"""Which properties force a replacement when they change, found by asking a build of the AWS provider.

`replacements.json` is written by `python -m provider.replacement_table` (tests folder): each property of each type
that the examples use is changed, and the provider plans the change.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from modelkeel.tables import reader

FILE = "replacements.json"


@cache
def replacements() -> Mapping[str, tuple[str, ...]]:
    """Return the property paths, without indices, by resource type."""
    return MappingProxyType({kind: tuple(paths) for kind, paths in reader.document(FILE)["replacements"].items()})


def forcing(kind: str, changed: str) -> str | None:
    """Return which listed property of `kind` a changed path replaces, None where it is updated in place.

    A path inside a listed block replaces, and so does a block with a listed property in it that comes or goes.
    """
    path = _plain(changed).split(".")
    for listed in replacements().get(kind, ()):
        if all(_alike(one, other) for one, other in zip(path, listed.split("."), strict=False)):
            return listed
    return None


def _alike(one: str, other: str) -> bool:
    """Pulumi gives a list the plural of the provider's name, which the table has."""
    return one == other or other in _plurals(one) or one in _plurals(other)


def _plurals(name: str) -> tuple[str, ...]:
    return f"{name}s", f"{name}es", f"{name.removesuffix('y')}ies"


def _plain(path: str) -> str:
    """Return a path without indices: `subnets[0].id` becomes `subnets.id`."""
    found, depth = [], 0
    for letter in path:
        depth += letter == "["
        if not depth:
            found.append(letter)
        depth -= letter == "]"
    return "".join(found)
