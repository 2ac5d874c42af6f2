"""The diagram as SVG: readable in light and dark, for eyes and for screen readers, without anything from outside."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from importlib.resources import files

from modelkeel.diagram.glyphs import GLYPHS
from modelkeel.diagram.layout import LABEL_STRIP, TITLE_WIDTH, Layout, Point, Rectangle, layout
from modelkeel.diagram.model import Band, Box, Diagram
from modelkeel.diagram.text import fit

TITLE_SIZE, SMALL_SIZE, BAND_SIZE = 12.5, 11, 13
TEXT_LEFT, TEXT_RIGHT = 44, 10
RADIUS = 5


def render(diagram: Diagram) -> str:
    """Return the diagram as an SVG document with one newline at the end; all names are escaped."""
    places = layout(diagram)
    size = f"{_number(places.width)} {_number(places.height)}"
    style = files("modelkeel.diagram").joinpath("diagram.css").read_text(encoding="utf-8").strip()
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="mkd" viewBox="0 0 {size}" '
        f'width="{_number(places.width)}" height="{_number(places.height)}" role="img" '
        'aria-labelledby="mkd-title mkd-desc">',
        f'<title id="mkd-title">{_safe(diagram.title)}</title>',
        f'<desc id="mkd-desc">{_safe(diagram.description)}</desc>',
        f"<style>\n{style}\n</style>",
        '<defs><marker id="mkd-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto"><path class="mkd-head" d="M0 0 8 4 0 8z"/></marker></defs>',
        *(line for band in diagram.bands for line in _band(band, places.bands[band.id])),
        *_arrows(diagram, places),
        *(line for box in diagram.boxes for line in _box(box, places.boxes[box.id])),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _band(band: Band, place: Rectangle) -> Iterator[str]:
    kind = "mkd-band" if band.parent is None else "mkd-band mkd-inner"
    left, limit = place.x + 12, TITLE_WIDTH - 16
    yield f'<rect class="{kind}" {_area(place)} rx="8"/>'
    yield _text("mkd-program", left, place.y + 24, fit(band.title, limit, BAND_SIZE, bold=True))
    yield _text("mkd-small", left, place.y + LABEL_STRIP - 3, fit(band.subtitle, limit, SMALL_SIZE))


def _box(box: Box, place: Rectangle) -> Iterator[str]:
    limit = place.width - TEXT_LEFT - TEXT_RIGHT
    names = ", ".join(box.names)
    told = f"{box.title}: {box.subtitle}" if len(box.names) == 1 else f"{box.title}: {names}"
    used = f"; used by {box.used_by} more boxes" if box.used_by else ""
    subtitle = f"{box.subtitle} · used by {box.used_by}" if box.used_by and len(box.names) == 1 else box.subtitle
    kind = f"mkd-box mkd-{box.family}{' mkd-planned' if box.planned else ''}"
    yield f'<g class="{kind}"><title>{_safe(told + used)}</title>'
    yield f'<rect {_area(place)} rx="6"/>'
    yield (
        f'<path class="mkd-glyph" transform="translate({_number(place.x + 11)} {_number(place.y + 16)})" '
        f'd="{GLYPHS[box.family]}"/>'
    )
    title = fit(box.title, limit, TITLE_SIZE, bold=True)
    yield _text("mkd-name", place.x + TEXT_LEFT, place.y + 25, title)
    yield _text("mkd-small", place.x + TEXT_LEFT, place.y + 42, fit(subtitle, limit, SMALL_SIZE))
    yield "</g>"


def _arrows(diagram: Diagram, places: Layout) -> Iterator[str]:
    yield '<g class="mkd-arrows" aria-hidden="true">'
    for arrow in diagram.arrows:
        points = places.routes[arrow]
        yield f'<path d="{_path(points)}" marker-end="url(#mkd-head)"/>'
    yield "</g>"


def _path(points: tuple[Point, ...]) -> str:
    """A line with rounded corners; all its pieces are level or upright."""
    parts = [f"M{_number(points[0][0])} {_number(points[0][1])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        near, far = _towards(corner, before), _towards(corner, after)
        parts.append(f"L{_pair(near)}Q{_pair(corner)} {_pair(far)}")
    parts.append(f"L{_pair(points[-1])}")
    return "".join(parts)


def _towards(corner: Point, other: Point) -> Point:
    """The point up to RADIUS away from a corner, and not beyond the middle of the piece."""
    across, down = other[0] - corner[0], other[1] - corner[1]
    length = abs(across) + abs(down)
    share = min(RADIUS, length / 2) / length if length else 0
    return corner[0] + across * share, corner[1] + down * share


def _text(kind: str, x: float, y: float, text: str) -> str:
    return f'<text class="{kind}" x="{_number(x)}" y="{_number(y)}">{_safe(text)}</text>'


def _area(place: Rectangle) -> str:
    return (
        f'x="{_number(place.x)}" y="{_number(place.y)}" width="{_number(place.width)}" height="{_number(place.height)}"'
    )


def _pair(point: Point) -> str:
    return f"{_number(point[0])} {_number(point[1])}"


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _safe(text: str) -> str:
    """Escape text, and drop characters that XML 1.0 does not allow."""
    return escape("".join(character for character in text if character.isprintable() or character == " "))
