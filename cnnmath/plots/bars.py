"""Amounts that differ by powers of ten: each as a bar, with its name and its number."""

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from cnnmath.colours import FALLBACKS
from cnnmath.errors import ArrayValueError, CnnMathError
from cnnmath.plots.figure import Figure, own_style
from cnnmath.plots.given import numbers
from cnnmath.plots.sheet import Part, Sheet, beside, figure_of
from cnnmath.plots.texts import SMALL_SIZE, line_height, text_width
from cnnmath.plots.themed import QUIET, RULE
from cnnmath.plots.written import short

_WIDTH = 430
"""Of names, bars and numbers together: the letters can be read on a telephone."""
_NARROWEST = 120
_PITCH, _GAP = 30, 8
_LINE = line_height(SMALL_SIZE)


@own_style
def bars(amounts: Mapping[str, ArrayLike], *, label: str = "") -> Figure:
    """A bar for each amount, in the order in which they are given, on a logarithmic scale.

    amounts : numbers above 0 by their names;  label : what they are, with their unit

    Every power of ten has a line with its number. Returns a figure.

    Raises ArrayValueError if an amount is not a finite number above 0, ShapeError if it is more
    than one number, CnnMathError for more than twelve amounts or none.
    """
    if not 1 <= len(amounts) <= 12:
        raise CnnMathError(f"bars shows one to twelve amounts, not {len(amounts)}")
    lengths = {name: float(numbers(name, one, 0, 0)) for name, one in amounts.items()}
    for name, length in lengths.items():
        if not (math.isfinite(length) and length > 0):
            raise ArrayValueError(f"{name!r} must be a finite number above 0, not {length:g}")
    said = ", ".join(f"{name} {short(length)}" for name, length in lengths.items())
    return figure_of([beside([_drawing(lengths, label)])], None, f"Bars, {label}: {said}")


def _drawing(lengths: Mapping[str, float], label: str) -> Part:
    gutter = _GAP + math.ceil(max(text_width(name, SMALL_SIZE) for name in lengths))
    room = _GAP + math.ceil(max(text_width(short(one), SMALL_SIZE) for one in lengths.values()))
    width, height = max(_NARROWEST, _WIDTH - gutter - room), _PITCH * len(lengths)
    above = _LINE + _GAP if label else 0
    logarithms = np.log10(list(lengths.values()))
    # The shortest bar is to be seen as well.
    first, end = math.ceil(logarithms.min() - 1), max(logarithms.max(), logarithms.min() + 0.1)

    def draw(sheet: Sheet, left: float, top: float) -> None:
        axes = sheet.axes(left + gutter, top + above, width, height)
        axes.set(xlim=(first, end), ylim=(len(lengths) - 0.5, -0.5), xticks=[], yticks=[])
        axes.barh(range(len(lengths)), logarithms - first, 0.56, first, color=FALLBACKS[0].light)
        axes.spines[:].set_visible(False)
        for power in range(first, math.floor(end) + 1):
            axes.axvline(power, color=RULE.light, linewidth=0.8, zorder=0)
            place = left + gutter + width * (power - first) / (end - first)
            bottom = top + above + height + _LINE
            sheet.text(place, bottom, short(10.0**power), SMALL_SIZE, QUIET.light, ha="center")
        for number, (name, length) in enumerate(lengths.items()):
            line = top + above + _PITCH * (number + 0.5) + 0.3 * _LINE
            sheet.text(left + gutter - _GAP, line, name, SMALL_SIZE, ha="right")
            right = left + gutter + width + room
            sheet.text(right, line, short(length), SMALL_SIZE, ha="right")
        sheet.text(left, top + 0.78 * _LINE, label, SMALL_SIZE)

    return Part(gutter + width + room, above + height + _LINE + 4, draw)
