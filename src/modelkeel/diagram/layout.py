"""Places of bands, boxes and arrows: rows on one grid, arrows in the channels between rows and columns.

All boxes stand on the same columns, so the gutters between columns run through the whole drawing, and the
channels between rows run from side to side. Arrows use gutters and channels only: they never cross a box
or a label. Titles of bands stand in a column of their own at the left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from modelkeel.diagram.grid import Cell, Grid, grid
from modelkeel.diagram.model import Arrow, Band, Diagram
from modelkeel.diagram.tracks import Lane, Span, Tracks, assign

BOX_WIDTH, BOX_HEIGHT = 216, 56
TITLE_WIDTH = 192
MARGIN, PAD = 12, 14
GUTTER, CHANNEL, TRACK = 26, 22, 7
LABEL_STRIP = 44
"""Height of a band's title and subtitle, where a network begins directly below them."""
ENTRY_SHIFT = 14
"""Arrows enter beside the middle of a box, so that they never lie on one that leaves the box above."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A place in pixels, y downwards."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> float:
        """The middle between the left and the right edge."""
        return self.x + self.width / 2


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Where everything of a diagram stands; `routes` are corner points from box to box."""

    width: float
    height: float
    bands: Mapping[str, Rectangle]
    boxes: Mapping[str, Rectangle]
    routes: Mapping[Arrow, tuple[Point, ...]]


def layout(diagram: Diagram) -> Layout:
    """Return the places of all parts of a diagram; the same diagram always has the same layout."""
    cells = grid(diagram)
    arrows = sorted(diagram.arrows)
    tracks = assign(span for arrow in arrows for span in _spans(arrow, cells.cells))
    lefts = _lefts(cells.columns, tracks)
    width = lefts[-1] + BOX_WIDTH + GUTTER + TRACK * tracks.counts.get(("gutter", cells.columns), 0) + PAD + MARGIN
    rows = _Rows(diagram.bands, cells, tracks, width)
    boxes = {
        box: Rectangle(lefts[column], rows.tops[row], BOX_WIDTH, BOX_HEIGHT)
        for box, (row, column) in cells.cells.items()
    }
    paths = _Paths(cells.cells, tracks, lefts, rows.channels, boxes)
    return Layout(
        width=width,
        height=rows.height,
        bands=rows.bands,
        boxes=boxes,
        routes={arrow: paths.route(arrow) for arrow in arrows},
    )


def _lefts(columns: int, tracks: Tracks) -> list[float]:
    """The left edge of each column; a gutter is as wide as its tracks need."""
    at = float(MARGIN + TITLE_WIDTH)
    lefts = []
    for column in range(columns):
        at += GUTTER + TRACK * tracks.counts.get(("gutter", column), 0)
        lefts.append(at)
        at += BOX_WIDTH
    return lefts


class _Rows:
    """Heights from top to bottom: channels with their tracks, paddings where bands open and close."""

    def __init__(self, bands: Sequence[Band], cells: Grid, tracks: Tracks, width: float) -> None:
        self.tops: list[float] = []
        self.channels: list[float] = []
        self.bands: dict[str, Rectangle] = {}
        self._parents = {band.id: band.parent for band in bands}
        self._opened: dict[str, float] = {}
        self._width = width
        at = float(MARGIN)
        open_bands: list[str] = []
        for row in range(len(cells.row_bands) + 1):
            chain = self._chain(cells.row_bands[row]) if row < len(cells.row_bands) else []
            kept = [band for band, other in zip(open_bands, chain, strict=False) if band == other]
            for band in reversed(open_bands[len(kept) :]):
                at += PAD
                self._close(band, at)
            self.channels.append(at)
            at += CHANNEL * (0 < row < len(cells.row_bands)) + TRACK * tracks.counts.get(("channel", row), 0)
            for place, band in enumerate(chain[len(kept) :], start=len(kept) + 1):
                self._opened[band] = at
                at += PAD + LABEL_STRIP * (place < len(chain))
            open_bands = chain
            if row < len(cells.row_bands):
                self.tops.append(at)
                at += BOX_HEIGHT
        self.height = at + MARGIN

    def _chain(self, band: str) -> list[str]:
        parent = self._parents[band]
        return [band] if parent is None else [*self._chain(parent), band]

    def _close(self, band: str, at: float) -> None:
        inset = MARGIN if self._parents[band] is None else MARGIN + PAD / 2
        top = self._opened[band]
        self.bands[band] = Rectangle(inset, top, self._width - 2 * inset, at - top)


def _is_straight(source: Cell, target: Cell) -> bool:
    return target == (source[0] + 1, source[1])


def _gutter(source: Cell, target: Cell) -> int:
    """The gutter beside the target's column that lies towards the source."""
    return target[1] + 1 if source[1] > target[1] else target[1]


def _spans(arrow: Arrow, cells: Mapping[str, Cell]) -> list[Span]:
    """The stretches that an arrow needs: columns count 1, 3, 5..., gutters 0, 2, 4..., entries a little more."""
    source, target = cells[arrow.source], cells[arrow.target]
    if _is_straight(source, target):
        return []
    leave, enter = 2 * source[1] + 1.0, 2 * target[1] + 1.25
    out: Lane = ("channel", source[0] + 1)
    if target[0] == source[0] + 1:
        return [Span(out, f"from {arrow.source}", leave, enter)]
    gutter = _gutter(source, target)
    last: Lane = ("channel", target[0])
    return [
        Span(out, f"from {arrow.source}", leave, 2.0 * gutter),
        Span(("gutter", gutter), f"from {arrow.source}", source[0] + 1, target[0]),
        Span(last, f"to {arrow.target}", 2.0 * gutter, enter),
    ]


@dataclass(frozen=True)
class _Paths:
    """Turns tracks into pixels."""

    cells: Mapping[str, Cell]
    tracks: Tracks
    lefts: Sequence[float]
    channels: Sequence[float]
    boxes: Mapping[str, Rectangle]

    def route(self, arrow: Arrow) -> tuple[Point, ...]:
        """Return the corner points of an arrow."""
        source, target = self.cells[arrow.source], self.cells[arrow.target]
        leave, enter = self.boxes[arrow.source], self.boxes[arrow.target]
        start, x = (leave.middle, leave.bottom), enter.middle + ENTRY_SHIFT
        if _is_straight(source, target):
            return (start, (enter.middle, enter.y))
        first = self._y(("channel", source[0] + 1), f"from {arrow.source}")
        if target[0] == source[0] + 1:
            return (start, (start[0], first), (x, first), (x, enter.y))
        gutter = _gutter(source, target)
        between = self._x(("gutter", gutter), f"from {arrow.source}")
        last = self._y(("channel", target[0]), f"to {arrow.target}")
        return (start, (start[0], first), (between, first), (between, last), (x, last), (x, enter.y))

    def _y(self, lane: Lane, key: str) -> float:
        return self.channels[lane[1]] + CHANNEL / 2 + TRACK * self.tracks.track[lane, key]

    def _x(self, lane: Lane, key: str) -> float:
        gutter = lane[1]
        width = GUTTER + TRACK * self.tracks.counts.get(lane, 0)
        start = self.lefts[gutter] - width if gutter < len(self.lefts) else self.lefts[-1] + BOX_WIDTH
        return start + GUTTER / 2 + TRACK * self.tracks.track[lane, key]
