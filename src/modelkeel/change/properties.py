"""Which properties differ between two sets of inputs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any


def changed(old: Any, new: Any, path: str = "") -> Iterator[str]:
    """Yield the paths that differ, the deepest that both sides have; `a.b[0]` as in Pulumi.

    Documents that say the same in other words are equal. A list of another length, or in another order, differs as
    a whole: an index says nothing then.
    """
    if _same(old, new):
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted(old.keys() | new.keys()):
            yield from changed(old.get(key), new.get(key), f"{path}.{key}" if path else key)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new) and _by_index(old, new):
        for index, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from changed(one, other, f"{path}[{index}]")
    else:
        yield path


def ignored(paths: list[str], patterns: tuple[str, ...]) -> list[str]:
    """Return `paths` without those that `ignore_changes` names or contains."""
    return [path for path in paths if not any(path == p or path.startswith((f"{p}.", f"{p}[")) for p in patterns)]


def _same(old: Any, new: Any) -> bool:
    if old == new:
        return True
    if isinstance(old, str) and isinstance(new, str) and old[:1] in {"{", "["} and new[:1] in {"{", "["}:
        try:
            return bool(json.loads(old) == json.loads(new))
        except ValueError:
            return False
    return False


def _by_index(old: list[Any], new: list[Any]) -> bool:
    return any(isinstance(row, Mapping) for row in (*old, *new))
