"""Pictures of a graph: one diagram, drawn as SVG or written as Mermaid."""

from modelkeel.diagram import flowchart, vector
from modelkeel.diagram.draw import draw
from modelkeel.graph import Graph

__all__ = ["draw", "mermaid", "svg"]


def svg(graph: Graph) -> str:
    """Return the graph's diagram as an SVG document."""
    return vector.render(draw(graph))


def mermaid(graph: Graph) -> str:
    """Return the graph's diagram as Mermaid text."""
    return flowchart.render(draw(graph))
