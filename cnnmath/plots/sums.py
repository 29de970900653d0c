"""The sum of products behind one number of a result, written out in colour.

It is set in pieces, because a matplotlib text has only one colour.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, zip_longest

import numpy as np

from cnnmath.colours import ROLES, colour_of
from cnnmath.plots.cells import TYPE_SIZES, cells
from cnnmath.plots.given import Array
from cnnmath.plots.sheet import NARROW, Part, Sheet, evenly
from cnnmath.plots.texts import line_height, text_width
from cnnmath.plots.themed import INK
from cnnmath.plots.written import MINUS, numerals, short, symbol

_MOST_TERMS = 25
"""A sum of more terms than this is shortened."""

_Cell = list[tuple[str, str]]
"""Texts that belong together, each with its colour."""
_Pair = list[_Cell]
"""An operator and what follows it; or a name and an equals sign, with which a line begins."""
_BLANK: _Pair = [[], []]


@dataclass(frozen=True)
class Step:
    """A kernel at one place of an image, and the rows and columns that it meets there."""

    names: tuple[str, str, str]
    image: Array
    kernel: Array
    result: Array
    b: float
    at: tuple[int, int]
    rows: range
    columns: range

    @property
    def patch(self) -> Array:
        """The part of the image that the kernel meets."""
        return self.image[np.ix_(self.rows, self.columns)]


def written_sum(step: Step) -> Part:
    """The sum in lines as long as a narrow page allows, in the largest type in which they fit."""
    lines = _lines(step)
    for most in range(max(map(len, lines)) - 1, 0, -1):
        broken = [
            [*(_BLANK if number else label), *chain(*terms)]
            for label, *line in lines
            for number, terms in enumerate(evenly(line, most))
        ]
        for size in TYPE_SIZES:
            part = _table(broken, size)
            if part.width <= NARROW:
                return part
    return part


def _lines(step: Step) -> list[list[_Pair]]:
    """The sum as it is written out, a line for each row of the kernel."""
    image_colour, kernel_colour, result_colour = (colour_of(name).light for name in step.names)
    in_image = cells(step.image, TYPE_SIZES[-1]).numerals or numerals(step.patch)
    in_kernel, in_result = numerals(step.kernel), numerals(step.result)

    def term(weight: float, pixel: float) -> _Pair:
        factor = in_image.alone(pixel)
        weighed = [(in_kernel.alone(abs(weight)), kernel_colour), ("·", INK.light)]
        return [_sign(weight), [*weighed, (f"({factor})" if pixel < 0 else factor, image_colour)]]

    terms = [list(map(term, *rows)) for rows in zip(step.kernel, step.patch, strict=True)]
    if step.kernel.size > _MOST_TERMS:
        terms = [[*chain(*terms)]]
        terms[0][3:-1] = [[[("+", INK.light)], [("⋯", INK.light)]]]
    if step.kernel[0, 0] >= 0:
        terms[0][0][0] = []
    if step.b:
        terms.append([[_sign(step.b), [(short(abs(step.b)), ROLES["bias"].light)]]])
    i, j = step.at
    # 12 for 1 and 2, as the book writes it, but 1, 12 where that could be misread.
    name = symbol(step.names[2], lower=f"{i}{j}" if i < 10 and j < 10 else rf"{i},\,{j}")
    exact = in_image.exact and in_kernel.exact
    equals, at_last = ("=" if one else "≈" for one in (exact, exact and in_result.exact))
    first, *rest = terms
    return [
        [[[(f"${name}$", result_colour)], [(equals, INK.light)]], *first],
        *([_BLANK, *line] for line in rest),
        [[[], [(at_last, INK.light)]], [[], [(in_result.alone(step.result[i, j]), result_colour)]]],
    ]


def _sign(number: float) -> _Cell:
    return [(MINUS if number < 0 else "+", INK.light)]


def _table(lines: Sequence[Sequence[_Cell]], size: float) -> Part:
    """Lines whose cells stand below each other, operators nearer to what follows."""
    distance = 1.15 * line_height(size)
    columns = zip_longest(*lines, fillvalue=[])
    widths = [
        max(sum(_width(text, size) for text, _ in cell) for cell in column) for column in columns
    ]
    # After the name, the equals sign, and the operator and the body of each term.
    gaps = [0, 7, *[4, 7] * len(widths)]
    ends = accumulate(width and width + gap for width, gap in zip(widths, gaps, strict=False))
    starts = [0.0, *ends]

    def draw(sheet: Sheet, left: float, top: float) -> None:
        for number, line in enumerate(lines):
            baseline = top + (number + 0.75) * distance
            for start, cell in zip(starts, line, strict=False):
                at = left + start
                for text, colour in cell:
                    sheet.text(at, baseline, text, _type(text, size), colour)
                    at += _width(text, size)

    # An operator before the first terms takes the room of the last gap.
    return Part(starts[-1] - (7 if widths[2] else 0), len(lines) * distance, draw)


def _width(text: str, size: float) -> float:
    return text_width(text, _type(text, size)) + 3


def _type(text: str, size: float) -> float:
    """A symbol is set larger than the numbers, or its indices would be too small."""
    return 1.25 * size if text.startswith("$") else size
