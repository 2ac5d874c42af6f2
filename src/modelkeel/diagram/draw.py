"""A graph becomes a diagram; a diagram says what is drawn, not where."""

from __future__ import annotations

from dataclasses import replace

from modelkeel.diagram.arrows import arrows
from modelkeel.diagram.model import Diagram
from modelkeel.diagram.select import select
from modelkeel.graph import Graph


def draw(graph: Graph) -> Diagram:
    """Return what is drawn of a graph: pure, and the same for the same graph."""
    chosen = select(graph)
    found, used_by = arrows(graph, {box.id: box for box in chosen.boxes}, chosen.box_of)
    boxes = tuple(replace(box, used_by=used_by.get(box.id, 0)) for box in chosen.boxes)
    count = sum(1 for _, resource in graph.resources() if resource.is_aws)
    programs = ", ".join(dict.fromkeys(stack.program for stack in graph.stacks))
    return Diagram(
        title=f"{graph.project}, {graph.environment}",
        description=(
            f"{count} AWS resources of the programs {programs}. Each box is a component. "
            "An arrow leads from a component to one that uses it."
        ),
        bands=chosen.bands,
        boxes=boxes,
        arrows=tuple(sorted(found, key=lambda arrow: (int(arrow.source[1:]), int(arrow.target[1:])))),
    )
