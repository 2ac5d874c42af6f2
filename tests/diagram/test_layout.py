"""Geometry: nothing lies on anything else, whatever the diagram."""

import itertools
from collections.abc import Iterator

from cost.platform_graph import platform
from diagram.diagrams import diagrams
from hypothesis import given, settings

from modelkeel.diagram import draw
from modelkeel.diagram.layout import LABEL_STRIP, TITLE_WIDTH, Layout, Point, Rectangle, layout
from modelkeel.diagram.model import Arrow, Band, Box, Diagram
from modelkeel.diagram.tracks import Span, assign

Segment = tuple[Point, Point]


def overlap(one: Rectangle, other: Rectangle) -> bool:
    return one.x < other.right and other.x < one.right and one.y < other.bottom and other.y < one.bottom


def inside(inner: Rectangle, outer: Rectangle) -> bool:
    return outer.x <= inner.x and inner.right <= outer.right and outer.y <= inner.y and inner.bottom <= outer.bottom


def segments(points: tuple[Point, ...]) -> Iterator[Segment]:
    yield from itertools.pairwise(points)


def as_rectangle(segment: Segment) -> Rectangle:
    (x1, y1), (x2, y2) = segment
    return Rectangle(min(x1, x2), min(y1, y2), abs(x1 - x2), abs(y1 - y2))


def labels(diagram: Diagram, places: Layout) -> list[Rectangle]:
    """Where titles of bands may stand."""
    return [
        Rectangle(places.bands[band.id].x, places.bands[band.id].y, TITLE_WIDTH - 4, LABEL_STRIP)
        for band in diagram.bands
    ]


def lie_on_each_other(one: Segment, other: Segment) -> bool:
    """Two pieces of one direction that share more than a point."""
    for axis in (0, 1):
        across = 1 - axis
        if one[0][axis] == one[1][axis] == other[0][axis] == other[1][axis]:
            low = max(min(one[0][across], one[1][across]), min(other[0][across], other[1][across]))
            high = min(max(one[0][across], one[1][across]), max(other[0][across], other[1][across]))
            return low < high
    return False


def faults(diagram: Diagram) -> Iterator[tuple[str, object, object]]:
    """Yield what is laid out wrong: which rule, and the two places that break it."""
    places = layout(diagram)
    boxes = [places.boxes[box.id] for box in diagram.boxes]
    titles = labels(diagram, places)
    for one, other in itertools.combinations(boxes, 2):
        if overlap(one, other):
            yield "boxes keep apart", one, other
    for box in diagram.boxes:
        if not inside(places.boxes[box.id], places.bands[box.band]):
            yield "a box lies in its band", box, places.bands[box.band]
    yield from _band_faults(diagram, places)
    for one, other in itertools.chain(itertools.combinations(titles, 2), itertools.product(boxes, titles)):
        if overlap(one, other):
            yield "titles keep apart, and from boxes", one, other
    paper = Rectangle(0, 0, places.width, places.height)
    for place in (*boxes, *places.bands.values()):
        if not inside(place, paper):
            yield "all lies on the paper", place, paper
    yield from _arrow_faults(diagram, places, [*boxes, *titles])


def _band_faults(diagram: Diagram, places: Layout) -> Iterator[tuple[str, object, object]]:
    parents = {band.id: band.parent for band in diagram.bands}
    for one, other in itertools.combinations(diagram.bands, 2):
        outer, inner = places.bands[one.id], places.bands[other.id]
        if parents[other.id] == one.id and not inside(inner, outer):
            yield "a band lies in its parent", inner, outer
        if parents[other.id] != one.id and overlap(outer, inner):
            yield "other bands keep apart", outer, inner


def _arrow_faults(diagram: Diagram, places: Layout, obstacles: list[Rectangle]) -> Iterator[tuple[str, object, object]]:
    if set(places.routes) != set(diagram.arrows):
        yield "every arrow has a route", set(places.routes), set(diagram.arrows)
    for segment in itertools.chain.from_iterable(segments(points) for points in places.routes.values()):
        if segment[0][0] != segment[1][0] and segment[0][1] != segment[1][1]:
            yield "arrows are straight", *segment
        for place in obstacles:
            if overlap(as_rectangle(segment), place):
                yield "arrows avoid boxes and titles", segment, place
    for one, other in itertools.combinations(diagram.arrows, 2):
        for first, second in itertools.product(segments(places.routes[one]), segments(places.routes[other])):
            if not related(one, other) and lie_on_each_other(first, second):
                yield "strange arrows share no line", one, other


def related(one: Arrow, other: Arrow) -> bool:
    """Arrows that leave or reach the same box share a way on purpose."""
    return one.source == other.source or one.target == other.target


def test_a_platform_is_laid_out_without_overlaps() -> None:
    assert list(faults(draw(platform()))) == []


@settings(max_examples=150, deadline=None)
@given(diagrams())
def test_any_diagram_is_laid_out_without_overlaps(diagram: Diagram) -> None:
    """Boxes, bands, titles keep apart; arrows avoid boxes and titles, and strange arrows never share a line."""
    assert list(faults(diagram)) == []


def test_an_arrow_does_not_lie_on_one_that_leaves_the_box_above() -> None:
    """A and c are used by x, which stands below b; b is used by y beside it."""
    band = Band(id="b0", title="data", subtitle="")
    boxes = tuple(
        Box(id=f"n{index}", band="b0", title=title, subtitle="", label="", family="storage", names=(title,), urns=())
        for index, title in enumerate("abcxy")
    )
    arrows = (Arrow("n0", "n3"), Arrow("n1", "n4"), Arrow("n2", "n3"))
    made = Diagram(title="", description="", bands=(band,), boxes=boxes, arrows=arrows)
    places = layout(made)

    assert places.boxes["n3"].x == places.boxes["n1"].x
    assert list(faults(made)) == []


def test_lines_that_touch_get_tracks_of_their_own() -> None:
    lane = ("channel", 1)
    tracks = assign([Span(lane, "one", 0, 4), Span(lane, "two", 4, 8), Span(lane, "three", 9, 12)])

    assert tracks.track[lane, "one"] != tracks.track[lane, "two"]
    assert tracks.track[lane, "one"] == tracks.track[lane, "three"]
    assert tracks.counts == {lane: 2}


def test_the_overlap_check_finds_an_overlap() -> None:
    assert overlap(Rectangle(0, 0, 10, 10), Rectangle(9, 9, 10, 10))
    assert not overlap(Rectangle(0, 0, 10, 10), Rectangle(10, 0, 10, 10))
    assert overlap(as_rectangle(((5, -5), (5, 20))), Rectangle(0, 0, 10, 10))
    assert lie_on_each_other(((0, 5), (10, 5)), ((9, 5), (20, 5)))
    assert not lie_on_each_other(((0, 5), (10, 5)), ((5, 0), (5, 9)))
