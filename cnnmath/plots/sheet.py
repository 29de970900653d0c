"""Parts of a known size, set beside and below one another on a figure as large as they are.

Everything has its place in pixels, counted from the upper left corner.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg

from cnnmath.plots.figure import DPI, INK, Figure
from cnnmath.plots.given import Array
from cnnmath.plots.texts import line_height, text_width, wrapped

_MARGIN = 11
PAGE_WIDTH = 700 - 2 * _MARGIN

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
        return self.figure.add_axes((x, y, width / self._width, height / self._height))

    def text(
        self, left: float, baseline: float, text: str, size: float, colour: str = INK, **more: Any
    ) -> None:
        """A text that starts at `left`, or wherever `ha` says, and stands on `baseline`."""
        x, y = left / self._width, 1 - baseline / self._height
        if text:
            self.figure.text(x, y, text, fontsize=size, color=colour, **more)

    def picture(self, left: float, top: float, width: float, height: float, colours: Array) -> Axes:
        """Axes that are filled with cells of these colours, one unit to a cell."""
        axes = self.axes(left, top, width, height)
        # Only a picture too wide for the page has pixels to lose.
        smooth = "nearest" if width >= colours.shape[1] else "auto"
        axes.imshow(colours, aspect="auto", interpolation=smooth)
        axes.set(xticks=[], yticks=[])
        return axes


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


def beside(parts: Sequence[Part], gap: float = 28, above: float = 20, column: float = 0) -> Part:
    """Parts in a row, their tops level, each in the middle of a column if there are columns.

    What hangs out of the first one hangs out of the row.
    """

    def draw(sheet: Sheet, left: float, top: float) -> None:
        left -= parts[0].overhang
        for part in parts:
            left += part.overhang
            part.draw(sheet, left + max(0, column - part.width) // 2, top)
            left += max(part.width, column) + gap

    width = sum(part.overhang + max(part.width, column) + gap for part in parts)
    height = max(part.height for part in parts)
    return Part(width - gap - parts[0].overhang, height, draw, above, parts[0].overhang)


def figure_of(parts: Sequence[Part], title: str | None) -> Figure:
    """Parts below each other, under a title."""
    width = max(part.width for part in parts)
    overhang = max(part.overhang for part in parts)
    heading, top = NOTHING, _MARGIN - parts[0].above
    if title:
        width = max(width, min(text_width(title, 13, "bold"), PAGE_WIDTH - overhang))
        heading = paragraph(title, 13, width, weight="bold")
        top += heading.height + 10
    height = top + sum(part.above + part.height for part in parts)
    sheet = Sheet(overhang + width + 2 * _MARGIN, height + _MARGIN)
    heading.draw(sheet, _MARGIN + overhang, _MARGIN)
    for part in parts:
        part.draw(sheet, _MARGIN + overhang, top + part.above)
        top += part.above + part.height
    return sheet.figure


def evenly(items: Sequence[_Item], most: int) -> list[Sequence[_Item]]:
    """The items in as few groups as need be, as many in each: four and three, not five and two."""
    count = math.ceil(len(items) / math.ceil(len(items) / most))
    return [items[first : first + count] for first in range(0, len(items), count)]
