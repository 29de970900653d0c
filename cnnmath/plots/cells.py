"""One array as a grid of cells: its symbol, its colours, its numbers and their indices."""

import math
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes

from cnnmath.colours import colour_of
from cnnmath.plots.given import Array
from cnnmath.plots.keys import key
from cnnmath.plots.painting import Painting
from cnnmath.plots.scales import Scale, ink_on
from cnnmath.plots.sheet import NOTHING, PAGE_WIDTH, Part, Sheet
from cnnmath.plots.texts import SMALL_SIZE, text_width
from cnnmath.plots.themed import INKS, LINE, QUIET
from cnnmath.plots.written import Numerals, numerals, power_of_ten, symbol

TYPE_SIZES = 12, 11, 10, 9
_INDEX_WIDTH = 20
_INDEX: dict[str, Any] = {"textcoords": "offset points", "fontsize": 9, "color": QUIET.light}
GRIDS_WIDTH = PAGE_WIDTH - _INDEX_WIDTH
_MOST_WRITTEN, _MOST_ROWS = 144, 16
"""An array of more numbers or rows is shown by colour alone: nobody would read them."""


class Cells(NamedTuple):
    """What the cells of an array look like; `numerals` is None if there are no numbers in them."""

    numerals: Numerals | None
    type_size: float
    width: float
    height: float


def cells(array: Array, size: float) -> Cells:
    """Cells with room for their numbers in type of that size, or of a whole number of pixels."""
    rows, columns = np.atleast_2d(array).shape[-2:]
    if array.size <= _MOST_WRITTEN and rows <= _MOST_ROWS:
        how = numerals(array)
        # All digits are as wide as a 0.
        texts = {re.sub("[1-9]", "0", how.write(value)) for value in array.flat}
        least, width = (
            max(round(3.2 * points), *(math.ceil(text_width(text, points)) + 10 for text in texts))
            for points in (TYPE_SIZES[-1], size)
        )
        if columns * least <= GRIDS_WIDTH:
            return Cells(how, size, width, round(3.2 * size))
    if rows == 1:
        return Cells(None, size, min(38.0, GRIDS_WIDTH / columns), 28.0)
    pixel = zoom(max(rows, columns), 168)
    # Long and thin, its cells are not square: a line of two pixels would show nothing.
    return Cells(None, size, max(pixel, 28 / columns), max(pixel, 28 / rows))


def zoom(extent: int, target: float) -> float:
    """How large to show a pixel so that so many of them take about `target` on the page.

    A whole number, because pixels of different sizes would show; less than 1 only for a picture
    that is wider than the page.
    """
    return min(max(1.0, float(round(target / extent))), GRIDS_WIDTH / extent)


def grid(
    name: str,
    values: Array,
    scale: Scale,
    look: Cells,
    indices: Sequence[Sequence[int]] = (),
    *,
    upper: str = "",
    note: str = "",
    has_key: bool = False,
) -> Part:
    """A grid under its symbol with the index `upper`, and beside that a note, or shape and unit.

    `indices` are those of the rows and those of the columns, if they do not count from 0.
    """
    rows, columns = indices or map(range, values.shape)
    colour = colour_of(name).light
    label = f"${symbol(name, upper)}$"
    note = note or _note(values, look.numerals, is_vector=not rows)
    label_width = text_width(label, 16) + (9 if note else 0)
    width, height = values.shape[1] * look.width, values.shape[0] * look.height
    header = 48 if look.numerals else 30
    bar = key(scale, least=width) if has_key else NOTHING

    def draw(sheet: Sheet, left: float, top: float) -> None:
        sheet.text(left, top + 20, label, 16, colour)
        sheet.text(left + label_width, top + 20, note, SMALL_SIZE, QUIET.light)
        axes = sheet.picture(left, top + header, width, height, Painting(values, scale))
        axes.spines[:].set(color=colour, linewidth=1.4)
        if look.numerals:
            _write(axes, values, scale, look.numerals, look.type_size)
            for j, index in enumerate(columns):
                axes.annotate(f"{index}", (j, -0.5), (0, 3.3), ha="center", va="baseline", **_INDEX)
            for i, index in enumerate(rows):
                place = {"ha": "right", "va": "center_baseline", **_INDEX}
                axes.annotate(f"{index}", (-0.5, i), (-4, 0), **place)
        bar.draw(sheet, left, top + header + height + 10)

    needed = max(width, label_width + text_width(note, SMALL_SIZE), bar.width)
    below = bar.height + 12 if has_key else 0
    overhang = _INDEX_WIDTH if look.numerals and rows else 0
    return Part(math.ceil(needed), header + height + below, draw, overhang=overhang)


def _note(values: Array, how: Numerals | None, is_vector: bool) -> str:
    """The shape, unless the indices say it, and the unit of the numbers."""
    shape = f"{values.shape[0]} × {values.shape[1]}"
    if is_vector:
        shape = "" if how else f"{values.size} numbers"
    return f"{shape}  ×{power_of_ten(how.exponent)}".strip() if how and how.exponent else shape


def _write(axes: Axes, values: Array, scale: Scale, how: Numerals, size: float) -> None:
    """The numbers in the cells, and lines between the cells."""
    rows, columns = values.shape
    axes.hlines(np.arange(1, rows) - 0.5, -0.5, columns - 0.5, LINE.light, linewidth=0.7)
    axes.vlines(np.arange(1, columns) - 0.5, -0.5, rows - 0.5, LINE.light, linewidth=0.7)
    style: dict[str, Any] = {"ha": "center", "va": "center_baseline", "fontsize": size}
    light, dark = (scale.colours(values, page) for page in ("light", "dark"))
    for (i, j), value in np.ndenumerate(values):
        axes.text(
            j, i, how.write(value), color=INKS[ink_on(light[i, j]), ink_on(dark[i, j])], **style
        )
