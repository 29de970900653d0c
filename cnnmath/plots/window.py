"""One step of a kernel that slides over an image: what it meets, and the sum that comes of it."""

from collections.abc import Iterator, Mapping
from operator import index
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke
from numpy.typing import ArrayLike

from cnnmath.colours import colour_of
from cnnmath.errors import CnnMathError, ShapeError
from cnnmath.plots.cells import GRIDS_WIDTH, TYPE_SIZES, Cells, cells, grid, zoom
from cnnmath.plots.figure import Figure, own_style
from cnnmath.plots.given import is_image, numbers
from cnnmath.plots.grids import easiest, in_rows
from cnnmath.plots.keys import keys
from cnnmath.plots.scales import Scale, scales
from cnnmath.plots.sheet import Part, beside, figure_of
from cnnmath.plots.sums import Step, written_sum
from cnnmath.plots.themed import PAPER
from cnnmath.plots.words import arrays_in_words


@own_style
def window(
    x: ArrayLike,
    W: ArrayLike,
    a: ArrayLike,
    at: tuple[int, int],
    *,
    b: float = 0.0,
    stride: int = 1,
    dilation: int = 1,
    names: tuple[str, str, str] = ("x", "W", "a"),
    title: str | None = None,
) -> Figure:
    """A kernel at one place of an image: the window, the kernel, the result, and the sum.

    `x`, `W` and `a` are the image, the kernel and the result, of two axes each. The window that
    gives `a[at]` is outlined in the image and the cell in the result, and the sum of products
    (plus the bias `b`) is written out underneath. If the image is too large for its numbers to be
    written, the window stands beside it once more, enlarged. `names` are the symbols of the
    three, for other sums of the same form.

    The figure does not lie: the sum is calculated here and compared with `a[at]`.

    Raises ShapeError if an array does not have two axes or the window leaves the image,
    ArrayValueError if one does not hold real numbers, CnnMathError if `at` is not in the result
    or `a[at]` is not the sum.
    """
    if len(set(names)) != 3:
        raise CnnMathError(f"names must be three different symbols, not {names!r}")
    if min(stride, dilation) < 1:
        raise CnnMathError(f"stride and dilation begin at 1, so not {stride} and {dilation}")
    arrays = {n: numbers(n, one, 2, 2) for n, one in zip(names, (x, W, a), strict=True)}
    image, kernel, result = arrays.values()
    try:
        i, j = map(index, at)
    except (TypeError, ValueError) as error:
        raise CnnMathError(f"at must be two whole numbers (row, column), not {at!r}") from error
    if not (0 <= i < result.shape[0] and 0 <= j < result.shape[1]):
        raise CnnMathError(f"at is {(i, j)}, but {names[2]!r} has the shape {result.shape}")
    rows, columns = (
        range(start * stride, start * stride + extent * dilation, dilation)
        for start, extent in zip((i, j), kernel.shape, strict=True)
    )
    for reach, size in zip((rows, columns), image.shape, strict=True):
        if reach[-1] >= size:
            raise ShapeError(
                f"the window would reach {reach[-1]} in {names[0]!r}, where the last is "
                f"{size - 1}; was {names[0]!r} padded, or {names[2]!r} computed with a stride?"
            )
    step = Step(names, image, kernel, result, float(b), (i, j), rows, columns)
    _insist_on_sum(step)

    pictures = {name for name in arrays if not cells(arrays[name], TYPE_SIZES[-1]).numerals}
    in_grey = {name for name in pictures - {names[1]} if is_image(arrays[name])}
    scale = scales(arrays, in_grey, shared=True)
    grids = easiest(lambda size: _rows(step, scale, size))
    rows_below = [beside([written_sum(step)]), *keys(scale.values())]
    place = f"The window at {i}, {j}, with the sum of its products, {result[i, j]:g}."
    figure = figure_of([*grids, *rows_below], title, f"{arrays_in_words(arrays)} {place}")
    _outline(figure.axes[0], rows, columns, colour_of(names[1]).light)
    drawn = figure.axes[1 if names[0] in pictures else 2]
    _outline(drawn, range(i, i + 1), range(j, j + 1), colour_of(names[2]).light)
    return figure


def _insist_on_sum(step: Step) -> None:
    products = step.kernel * step.patch
    total = float(products.sum()) + step.b
    value = float(step.result[step.at])
    # Loose enough for numbers that were calculated in float32.
    leeway = 1e-5 * (float(np.abs(products).sum()) + abs(step.b)) + 1e-12
    if not abs(total - value) <= leeway:
        raise CnnMathError(
            f"{step.names[2]}[{step.at[0]}, {step.at[1]}] is {value:g}, but its window sums to "
            f"{total:g}; was there a bias, a stride or a dilation?"
        )


def _rows(step: Step, scale: Mapping[str, Scale], size: float) -> list[Part]:
    """The grids in one row, or the pictures first and the numbers of the window below them."""
    x, W, a = step.names
    in_image, in_kernel, in_result, in_patch = _looks(step, size)
    image = grid(x, step.image, scale[x], in_image)
    kernel = grid(W, step.kernel, scale[W], in_kernel)
    result = grid(a, step.result, scale[a], in_result)
    if in_image.numerals:
        return in_rows([[[image]], [[kernel]], [[result]]])
    indices = step.rows, step.columns
    enlarged = grid(x, step.patch, scale[x], in_patch, indices, note="in the window")
    return in_rows([[[image, result], [enlarged, kernel]]])


def _looks(step: Step, size: float) -> Iterator[Cells]:
    """The cells of image, kernel, result and patch.

    Pictures have one size of pixel, so that a result is as much smaller as it is. And numbers have,
    as far as there is room, one size of cell, so that the kernel is as large as what it lies on.
    """
    arrays = (step.image, step.kernel, step.result, step.patch)
    looks = [cells(array, size) for array in arrays]
    pixel = zoom(max(step.image.shape), 200)
    written = [(array, look) for array, look in zip(arrays, looks, strict=True) if look.numerals]
    common = max((look.width for _, look in written), default=0)
    if any(array.shape[1] * common > GRIDS_WIDTH for array, _ in written):
        common = 0
    for look in looks:
        if look.numerals:
            yield look._replace(width=max(common, look.width))
        else:
            yield look._replace(width=pixel, height=pixel)


def _outline(axes: Axes, rows: range, columns: range, colour: str) -> None:
    """A frame around a window, or around each of its cells if there are others between them."""
    frames = [(j, i, 1, 1) for i in rows for j in columns]
    if rows.step == columns.step == 1:
        frames = [(columns[0], rows[0], len(columns), len(rows))]
    line = 2.4 if axes.transData.get_matrix()[0, 0] >= 20 else 1.4
    # A halo sets it off from cells of any colour.
    halo = withStroke(linewidth=2 * line, foreground=PAPER.light)
    style: dict[str, Any] = {"fill": False, "clip_on": False, "zorder": 5, "path_effects": [halo]}
    for j, i, width, height in frames:
        corner = (j - 0.5, i - 0.5)
        frame = Rectangle(corner, width, height, edgecolor=colour, linewidth=line, **style)
        axes.add_patch(frame)
