"""Random diagrams for facts that hold for all of them."""

from __future__ import annotations

from hypothesis import strategies as st

from modelkeel.diagram.model import Arrow, Band, Box, Diagram
from modelkeel.tables.kind import FAMILIES

NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@st.composite
def diagrams(draw: st.DrawFn) -> Diagram:
    """Some programs, each with a network or without, with boxes in any of them and arrows downwards or not."""
    bands: list[Band] = []
    boxes: list[Box] = []
    for index in range(draw(st.integers(1, 5))):
        own = [Band(id=f"b{index}", title=draw(NAMES), subtitle=draw(NAMES))]
        if draw(st.booleans()):
            own.append(Band(id=f"b{index}n", title=draw(NAMES), subtitle=draw(NAMES), parent=f"b{index}"))
        for band in own:
            bands.append(band)
            for _ in range(draw(st.integers(1 if band.parent else 0, 9))):
                boxes.append(_box(draw, len(boxes), band.id))
    pairs = st.tuples(st.integers(0, max(len(boxes) - 1, 0)), st.integers(0, max(len(boxes) - 1, 0)))
    chosen = draw(st.sets(pairs, max_size=25)) if len(boxes) > 1 else set()
    arrows = sorted(Arrow(f"n{low}", f"n{high}") for low, high in chosen if low < high)
    return Diagram(title=draw(NAMES), description="", bands=tuple(bands), boxes=tuple(boxes), arrows=tuple(arrows))


def _box(draw: st.DrawFn, index: int, band: str) -> Box:
    title = draw(NAMES)
    return Box(
        id=f"n{index}",
        band=band,
        title=title,
        subtitle=draw(NAMES),
        label="Thing",
        family=draw(st.sampled_from(FAMILIES)),
        names=(title,),
        urns=(),
        used_by=draw(st.integers(0, 30)),
    )
