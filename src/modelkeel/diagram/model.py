"""What is drawn: bands for programs and networks, boxes for what they hold, arrows for who uses what."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A program of one account and environment, or a network inside it (`parent` is then the program's band)."""

    id: str
    title: str
    subtitle: str
    parent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One component, or several of a kind.

    `label` is the kind in plain words, `names` are the logical names, `urns` all resources behind the box.
    `used_by` counts users whose arrows are left out because there are too many of them; `planned` marks what
    the program announces for later.
    """

    id: str
    band: str
    title: str
    subtitle: str
    label: str
    family: str
    names: tuple[str, ...]
    urns: tuple[str, ...]
    used_by: int = 0
    planned: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Arrow:
    """`source` is used by `target`; both are ids of boxes."""

    source: str
    target: str


@dataclass(frozen=True, kw_only=True)
class Diagram:
    """Everything that is drawn, in drawing order; no geometry."""

    title: str
    description: str
    bands: tuple[Band, ...]
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
