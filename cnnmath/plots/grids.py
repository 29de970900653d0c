"""Arrays as grids of numbers, in rows that fit on the page."""

from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import islice

import numpy as np
from numpy.typing import ArrayLike

from cnnmath.errors import CnnMathError
from cnnmath.plots.cells import GRIDS_WIDTH, TYPE_SIZES, cells, grid
from cnnmath.plots.figure import Figure, own_style
from cnnmath.plots.given import Array, numbers
from cnnmath.plots.keys import keys
from cnnmath.plots.scales import Scale, scales
from cnnmath.plots.sheet import Part, beside, evenly, figure_of
from cnnmath.plots.words import arrays_in_words


@own_style
def grids(
    *,
    title: str | None = None,
    grey: str | Collection[str] = (),
    shared: bool = True,
    **arrays: ArrayLike,
) -> Figure:
    """Arrays as grids of numbers, in the order given, each under its name in its own colour.

    A name is set as the formulas set it: `dE_dW` becomes ∂E/∂W. A single number is one cell,
    a vector one row, and a stack of shape (K, H, W) or (K, C, H, W) one grid for each index, which
    stands above it. Numbers are written in the cells unless there are too many of them, in which
    case colour alone shows them; they are rounded where they are long.

    With `shared`, the same number has the same colour in all of them; otherwise each array has a
    scale of its own. The arrays named in `grey` are images, dark for low and bright for high.

    Raises ShapeError for an array with nothing in it or with more than four axes, ArrayValueError
    for one that does not hold real numbers, CnnMathError if `grey` names one that is not given.
    """
    if not arrays:
        raise CnnMathError("grids needs an array to show, with its name: grids(x=..., W=...)")
    in_grey = {grey} if isinstance(grey, str) else set(grey)
    if unknown := sorted(in_grey - arrays.keys()):
        raise CnnMathError(
            f"grey names {', '.join(map(repr, unknown))}, but the arrays given are "
            f"{', '.join(map(repr, arrays))}"
        )
    values = {name: numbers(name, array, 0, 4) for name, array in arrays.items()}
    scale = scales(values, in_grey, shared)

    def layout(size: float) -> list[Part]:
        return in_rows(
            _stack(name, array, scale[name], size, has_key=not shared)
            for name, array in values.items()
        )

    rows = [*easiest(layout), *keys(scale.values() if shared else ())]
    return figure_of(rows, title, arrays_in_words(values))


def _stack(
    name: str, array: Array, scale: Scale, size: float, has_key: bool
) -> list[Sequence[Part]]:
    """The grids that show one array: one, unless it is a stack, and the rows it asks for."""
    look = cells(array, size)
    indices = ((), (), *map(range, array.shape))[-2:]
    blocks = []
    for index in np.ndindex(array.shape[:-2]):
        upper = f"({','.join(map(str, index))})" if index else ""
        plane = np.atleast_2d(array[index])
        blocks.append(grid(name, plane, scale, look, indices, upper=upper, has_key=has_key))
    # A kernel of several channels has a row for each of its outputs.
    return evenly(blocks, array.shape[1] if array.ndim == 4 and array.shape[1] > 1 else len(blocks))


def in_rows(arrays: Iterable[Sequence[Sequence[Part]]]) -> list[Part]:
    """The grids of all arrays in rows that fit on the page, those of one array together."""
    rows: list[Sequence[Part]] = []
    for lines in arrays:
        if rows and len(lines) == 1 and _fits(beside([*rows[-1], *lines[0]])):
            rows[-1] = [*rows[-1], *lines[0]]
            continue
        for line in lines:
            fitting = (n for n in range(len(line), 1, -1) if _fits(beside(line[:n])))
            rows += evenly(line, next(fitting, 1))
    return [beside(row) for row in rows]


def easiest(layout: Callable[[float], list[Part]]) -> list[Part]:
    """The rows, in the size of type in which they are the easiest to take in.

    That is the largest in which they fit on the page, or the next if it makes fewer rows.
    """
    fitting = (rows for rows in map(layout, TYPE_SIZES) if all(map(_fits, rows)))
    return min(list(islice(fitting, 2)) or [layout(TYPE_SIZES[-1])], key=len)


def _fits(row: Part) -> bool:
    return row.width <= GRIDS_WIDTH
