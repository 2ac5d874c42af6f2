"""Row and column of each box: users stand below what they use, programs in the order of deployment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from modelkeel.diagram.model import Box, Diagram

COLUMNS = 4
Cell = tuple[int, int]


@dataclass(frozen=True)
class Grid:
    """Row and column of each box, and the band of each row from top to bottom."""

    cells: Mapping[str, Cell]
    row_bands: tuple[str, ...]

    @property
    def columns(self) -> int:
        """How many columns are in use; one at least."""
        return max((column for _, column in self.cells.values()), default=0) + 1


def grid(diagram: Diagram) -> Grid:
    """Return the grid of a diagram; a band without boxes has one empty row."""
    before: dict[str, list[str]] = defaultdict(list)
    for arrow in sorted(diagram.arrows):
        before[arrow.target].append(arrow.source)
    cells: dict[str, Cell] = {}
    row_bands: list[str] = []
    for band in diagram.bands:
        inside = [box for box in diagram.boxes if box.band == band.id]
        for row in _rows(inside, before):
            for box, column in _columns(row, before, cells).items():
                cells[box] = (len(row_bands), column)
            row_bands.append(band.id)
        if not inside and not any(other.parent == band.id for other in diagram.bands):
            row_bands.append(band.id)
    return Grid(cells=cells, row_bands=tuple(row_bands))


def _rows(boxes: Sequence[Box], before: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Boxes of a band in layers: a box stands below all that it uses in the band; wide layers are broken.

    Boxes that neither use nor serve another one of the band fill the gaps.
    """
    order = [box.id for box in boxes]
    inside = {box: [other for other in before.get(box, ()) if other in set(order)] for box in order}
    connected = {box for box, others in inside.items() if others} | {
        box for others in inside.values() for box in others
    }
    layers = _layers([box for box in order if box in connected], inside)
    rows = [layer[start : start + COLUMNS] for layer in layers for start in range(0, len(layer), COLUMNS)]
    alone = [box for box in order if box not in connected]
    for row in rows:
        room = COLUMNS - len(row)
        row.extend(alone[:room])
        alone = alone[room:]
    return rows + [alone[start : start + COLUMNS] for start in range(0, len(alone), COLUMNS)]


def _layers(boxes: Sequence[str], inside: Mapping[str, Sequence[str]]) -> list[list[str]]:
    depths: dict[str, int] = {}

    def depth(box: str) -> int:
        if box not in depths:
            depths[box] = 0  # a circle would otherwise never end; arrows have none, a hand-made diagram may
            depths[box] = max((depth(other) + 1 for other in inside[box]), default=0)
        return depths[box]

    layers: dict[int, list[str]] = defaultdict(list)
    for box in boxes:
        layers[depth(box)].append(box)
    return [layers[number] for number in sorted(layers)]


def _columns(row: Sequence[str], before: Mapping[str, Sequence[str]], cells: Mapping[str, Cell]) -> dict[str, int]:
    """Each box as near below what it uses as its neighbours allow."""
    wishes = {}
    for place, box in enumerate(row):
        used = [cells[other][1] for other in before.get(box, ()) if other in cells]
        wishes[box] = sum(used) / len(used) if used else float(place)
    chosen: dict[str, int] = {}
    next_free = 0
    ordered = sorted(row, key=lambda box: (wishes[box], row.index(box)))
    for place, box in enumerate(ordered):
        last = COLUMNS - (len(row) - place)
        chosen[box] = max(next_free, min(round(wishes[box]), last))
        next_free = chosen[box] + 1
    return chosen
