"""Which paths of the template are left out: the part of gitignore that our copier.yml uses."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase


class Exclusion:
    """Patterns without a slash match a name at any depth; patterns with one match from the root. Both take folders."""

    def __init__(self, patterns: Iterable[str]) -> None:
        """Read one pattern a line, blank lines skipped.

        Raises:
            ValueError: a pattern uses what the subset leaves out (negation, comments, `**`).
        """
        self._names: set[str] = set()
        self._wildcards: list[str] = []
        self._paths: list[tuple[str, ...]] = []
        for pattern in patterns:
            self._add(pattern)

    def _add(self, pattern: str) -> None:
        if not pattern.strip():
            return
        if pattern[0] in "!#\\" or "**" in pattern or pattern != pattern.strip() or pattern.endswith("/"):
            raise ValueError(
                f"the pattern {pattern!r} of _exclude is outside the subset: names, and paths from the root"
            )
        if "/" in pattern:
            self._paths.append(tuple(pattern.strip("/").split("/")))
        elif any(sign in pattern for sign in "*?["):
            self._wildcards.append(pattern)
        else:
            self._names.add(pattern)

    def matches(self, parts: tuple[str, ...]) -> bool:
        """Whether the path, given as its parts from the root, or a folder above it, is left out."""
        return any(self._name_matches(part) for part in parts) or any(_starts(parts, path) for path in self._paths)

    def _name_matches(self, name: str) -> bool:
        return name in self._names or any(fnmatchcase(name, pattern) for pattern in self._wildcards)


def _starts(parts: tuple[str, ...], path: tuple[str, ...]) -> bool:
    return len(parts) >= len(path) and all(fnmatchcase(part, want) for part, want in zip(parts, path, strict=False))
