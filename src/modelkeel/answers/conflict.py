"""The result of a cross-rule."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """Answers that cannot hold together; `keys` narrows the rule's keys to those in conflict."""

    what: str
    why: str
    ways_out: tuple[str, ...]
    keys: tuple[str, ...] = ()
