"""Parts of a known size, set beside and below one another on a figure as large as they are.

Everything has its place in pixels, counted from the upper left corner.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg

from cnnmath.plots.figure import DPI, Figure
from cnnmath.plots.page import Tile
from cnnmath.plots.painting import Box, Painting
from cnnmath.plots.texts import line_height, text_width, wrapped
from cnnmath.plots.themed import INK

GAP = 24
_MARGIN = GAP // 2
PAGE_WIDTH = 700 - 2 * _MARGIN
NARROW = 430 - 2 * _MARGIN
"""A part as wide as this can be read on a telephone, where it is shrunk to 345 pixels."""

_Item = TypeVar("_Item")


class Sheet:
    """A figure to put things on."""

    def __init__(self, width: float, height: float) -> None:
        # Without the trifle, a rounding error could cut 700 pixels down to 699.
        self._width, self._height = math.ceil(width) + 1e-4, math.ceil(height) + 1e-4
        self.figure = Figure(figsize=(self._width / DPI, self._height / DPI), dpi=DPI)
        FigureCanvasAgg(self.figure)

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """Axes at that place."""
        x, y = left / self._width, 1 - (top + height) / self._height
        place = (x, y, width / self._width, height / self._height)
        return self.figure.add_axes(place, facecolor="none")

    def text(
        self,
        left: float,
        baseline: float,
        text: str,
        size: float,
        colour: str = INK.light,
        **more: Any,
    ) -> None:
        """A text that starts at `left`, or wherever `ha` says, and stands on `baseline`."""
        x, y = left / self._width, 1 - baseline / self._height
        if text:
            self.figure.text(x, y, text, fontsize=size, color=colour, **more)

    def picture(
        self, left: float, top: float, width: float, height: float, painting: Painting
    ) -> Axes:
        """Axes that are filled with the cells of a painting, one unit to a cell."""
        axes = self.axes(left, top, width, height)
        # Only a picture too wide for the page has pixels to lose.
        smooth = "nearest" if width >= painting.values.shape[1] else "auto"
        image = axes.imshow(painting.colours, aspect="auto", interpolation=smooth)
        axes.set(xticks=[], yticks=[])
        name = f"painting-{len(self.figure.paintings)}"
        image.set_gid(name)
        self.figure.paintings[name] = painting, Box(left, top, width, height)
        return axes

    def row(self, tiles: Iterable[tuple[Box, Callable[[], object]]]) -> None:
        """What is drawn by each of these functions stays together, in a box that is its own."""
        figure = self.figure
        number = figure.tiles[-1].row + 1 if figure.tiles else 0
        for box, draw in tiles:
            before = len(figure.axes), len(figure.texts)
            draw()
            for artist in (*figure.axes[before[0] :], *figure.texts[before[1] :]):
                artist.set_gid(f"tile-{len(figure.tiles)}")
            figure.tiles.append(Tile(box, number))


@dataclass(frozen=True)
class Part:
    """A piece of a figure before it has a place, where `draw(sheet, left, top)` will put it.

    above : the room above it;  overhang : how far it reaches out to the left of its left edge
    """

    width: float
    height: float
    draw: Callable[[Sheet, float, float], object]
    above: float = 20
    overhang: float = 0


NOTHING = Part(0, 0, lambda *_: None)


def paragraph(
    text: str, size: float, most: float, column: float = 0, weight: str = "normal"
) -> Part:
    """A text in lines no wider than `most`, centred in a column if there is one."""
    lines = wrapped(text, size, most, weight)
    style = {"ha": "center" if column else "left", "fontweight": weight}

    def draw(sheet: Sheet, left: float, top: float) -> None:
        for number, line in enumerate(lines):
            baseline = top + (number + 0.78) * line_height(size)
            sheet.text(left + column / 2, baseline, line, size, **style)

    return Part(column, len(lines) * line_height(size), draw)


def beside(parts: Sequence[Part], above: float = 20) -> Part:
    """Parts in a row, their tops level.

    What hangs out of the first one hangs out of the row. Each is a tile of the figure, which
    reaches half of the way to its neighbours, and up to what stands above the row.
    """

    def draw(sheet: Sheet, left: float, top: float) -> None:
        left -= parts[0].overhang
        tiles = []
        for number, part in enumerate(parts):
            start = left - GAP / 2 if number else 0
            left += part.overhang
            end = left + part.width + GAP / 2
            room = min(top, above)
            box = Box(start, top - room, end - start, room + part.height)
            tiles.append((box, partial(part.draw, sheet, left, top)))
            left = end + GAP / 2
        sheet.row(tiles)

    width = sum(part.overhang + part.width + GAP for part in parts)
    height = max(part.height for part in parts)
    return Part(width - GAP - parts[0].overhang, height, draw, above, parts[0].overhang)


def stacked(parts: Sequence[Part], rooms: Sequence[float], column: float) -> Part:
    """Parts below each other, each in the middle of a column, and in a room of that height."""

    def draw(sheet: Sheet, left: float, top: float) -> None:
        for part, room in zip(parts, rooms, strict=True):
            part.draw(sheet, left + max(0, column - part.width) // 2, top + part.above)
            top += room

    return Part(column, sum(rooms), draw)


def figure_of(rows: Sequence[Part], title: str | None, label: str) -> Figure:
    """Rows of parts below each other, under a title; the label is for those who hear the figure."""
    width = max(row.width for row in rows)
    overhang = max(row.overhang for row in rows)
    if title:
        heading = paragraph(title, 13, NARROW - overhang, weight="bold")
        needed = min(text_width(title, 13, "bold"), NARROW - overhang)
        width = max(width, needed)
        rows = [beside([replace(heading, width=needed)]), *rows]
    rows = [replace(rows[0], above=_MARGIN), *rows[1:]]
    height = sum(row.above + row.height for row in rows) + _MARGIN
    sheet = Sheet(overhang + width + 2 * _MARGIN, height)
    top = 0.0
    for row in rows:
        row.draw(sheet, _MARGIN + overhang, top + row.above)
        top += row.above + row.height
    sheet.figure.label = f"{title}. {label}" if title else label
    return sheet.figure


def evenly(items: Sequence[_Item], most: int) -> list[Sequence[_Item]]:
    """The items in as few groups as need be, as many in each: four and three, not five and two."""
    count = math.ceil(len(items) / math.ceil(len(items) / most))
    return [items[first : first + count] for first in range(0, len(items), count)]
