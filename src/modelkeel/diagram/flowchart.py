"""The diagram as Mermaid text, which code hosts draw themselves."""

from __future__ import annotations

from collections.abc import Iterator

from modelkeel.diagram.model import Box, Diagram

LONGEST = 60
HARMLESS = frozenset(" .,-_/:·…()")


def render(diagram: Diagram) -> str:
    """Return the diagram as a Mermaid flowchart with one newline at the end; names cannot end a label."""
    lines = ["flowchart TB", f"  accTitle: {_plain(diagram.title)}", f"  accDescr: {_plain(diagram.description)}"]
    for band in diagram.bands:
        if band.parent is None:
            lines += _band(diagram, band.id, "  ")
    lines += [f"  {arrow.source} --> {arrow.target}" for arrow in diagram.arrows]
    return "\n".join(lines) + "\n"


def _band(diagram: Diagram, identity: str, indent: str) -> Iterator[str]:
    band = next(band for band in diagram.bands if band.id == identity)
    yield f'{indent}subgraph {band.id}["{_text(band.title)} ({_text(band.subtitle)})"]'
    for box in diagram.boxes:
        if box.band == identity:
            yield f"{indent}  {_box(box)}"
    for inner in diagram.bands:
        if inner.parent == identity:
            yield from _band(diagram, inner.id, f"{indent}  ")
    yield f"{indent}end"


def _box(box: Box) -> str:
    label = f"{_text(box.title)}<br/>{_text(box.subtitle)}"
    return f'{box.id}[("{label}")]' if box.family == "storage" else f'{box.id}["{label}"]'


def _line(text: str) -> str:
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def _plain(text: str) -> str:
    """Titles for screen readers know no entity codes: what may mean something is left out."""
    return _line("".join(character if character.isalnum() or character in HARMLESS else " " for character in text))


def _text(text: str) -> str:
    """Characters that mean something in Mermaid or HTML are written as entity codes."""
    clean = _line(text)
    short = clean if len(clean) <= LONGEST else clean[: LONGEST - 1] + "…"
    return "".join(
        character if character.isalnum() or character in HARMLESS else f"#{ord(character)};" for character in short
    )
