"""Pooling over a batch of images, and its gradients.

A window has a size and moves by a stride, as a kernel does; without a stride given, windows lie
side by side. They are taken apart cell by cell: what lies in the same cell of all windows is one
slice of the image, and so all windows are compared at once. The largest of a window is the largest
of the largest of its columns: l + l comparisons instead of l².

Backwards the largest are found again, and cell by cell it is asked which of them won; windows of
2 × 2 side by side take two comparisons for it.
"""

from collections.abc import Iterator
from types import EllipsisType
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnmath.errors import ShapeError
from cnnmath.layers.arguments import FloatArray, Pair, arriving, floats_of, in_common_type, pair
from cnnmath.layers.geometry import Axes, Axis, axes_of
from cnnmath.layers.selection import put

__all__ = ["avg_pool2d", "avg_pool2d_backward", "max_pool2d", "max_pool2d_backward"]

Slices: TypeAlias = tuple[EllipsisType, slice, slice]


def max_pool2d(
    x: ArrayLike,
    kernel_size: int | Pair,
    *,
    stride: int | Pair | None = None,
    padding: int | Pair = 0,
) -> FloatArray:
    r"""The largest number of every window.

    $$y_{ij} = \max_{0 \le s,t < l} x_{(iq+s-P)(jq+t-P)}$$

    with windows of size l, stride q and padding P, where x reads as −∞ outside the image.

    x : (N, C, H, W), a batch of N images with C channels
    kernel_size, stride, padding : an integer, or a pair (vertical, horizontal); stride None is
        kernel_size; padding is how far windows reach beyond the image on each side

    Returns y : (N, C, OH, OW), where `output_size` gives OH and OW. float32 stays float32, integers
    and booleans become float64. Of equal numbers, 0 and −0 among them, the first in the window
    wins, row by row. A window with a NaN gives the first NaN.

    Raises ShapeError if x does not have four axes, a window is larger than the padded image or
    would lie outside the image altogether (padding must be less than kernel_size, and the image not
    empty), or a tuple is not a pair.
    Raises ArrayValueError if x does not hold real numbers, or kernel_size, stride or padding is not
    an integer or is too small.

    Source: Dumoulin and Visin, arXiv 1603.07285.
    """
    x, axes = _pooling_arguments(x, kernel_size, stride, padding)
    y = _largest(x, axes)
    # Which of several NaN, and of 0 and −0, a maximum returns is not said.
    if np.isnan(y).any() or ((y == 0).any() and (np.signbit(x) & (x == 0)).any()):
        for _, pixels, wins in _winners(x, y, axes):
            np.copyto(y, pixels, where=wins)
    return y


def max_pool2d_backward(
    dy: ArrayLike,
    x: ArrayLike,
    kernel_size: int | Pair,
    *,
    stride: int | Pair | None = None,
    padding: int | Pair = 0,
) -> FloatArray:
    r"""Take the gradient of an error E from the result of `max_pool2d` back to x.

    $$\frac{\partial E}{\partial x_{uv}} = \sum_{i,j} \delta_{ij}\, [u = iq+s_{ij}-P]\,
      [v = jq+t_{ij}-P]$$

    where δ = ∂E/∂y, and the largest number of window i, j stands in its row s and column t: the
    first, if there are several. A pixel that wins several windows adds up their gradients.

    dy : (N, C, OH, OW), the gradient δ at the result of `max_pool2d`
    x : (N, C, H, W), kernel_size, stride, padding : as given to `max_pool2d`

    Returns dx : (N, C, H, W), of the type that dy and x have in common. Where a window holds a NaN,
    the first NaN is its winner.

    Raises ShapeError if dy does not have the shape that `max_pool2d` returns, and both errors
    wherever `max_pool2d` does.

    Source: the equation of `max_pool2d`, differentiated.
    """
    x, axes = _pooling_arguments(x, kernel_size, stride, padding)
    dy = _arriving("max_pool2d", dy, x, axes)
    dy, x = in_common_type(dy, x)
    (vertical, horizontal), (oh, ow) = axes, dy.shape[2:]
    dx = np.zeros((*x.shape[:2], vertical.padded_size, horizontal.padded_size), x.dtype)
    is_of_four = all(axis.kernel == axis.stride == 2 and not axis.padding for axis in axes)
    if is_of_four and not np.isnan(np.max(x, initial=-np.inf)):
        inside = (..., slice(2 * oh), slice(2 * ow))
        _share_among_four(dy, x[inside], dx[inside])
        return dx
    share = np.empty(dy.shape, x.dtype)
    for seen, _, wins in _winners(x, _largest(x, axes), axes):
        put(wins, dy, share)
        dx[seen] += share
    return dx[:, :, vertical.inside, horizontal.inside].copy()


def avg_pool2d(
    x: ArrayLike,
    kernel_size: int | Pair,
    *,
    stride: int | Pair | None = None,
    padding: int | Pair = 0,
) -> FloatArray:
    r"""The mean of every window.

    $$y_{ij} = \frac{1}{l^2} \sum_{0 \le s,t < l} x_{(iq+s-P)(jq+t-P)}$$

    with windows of size l (l² cells; of size (l, l'), l·l'), stride q and padding P. Outside the
    image x reads as 0, and these zeros count in the mean.

    x : (N, C, H, W), a batch of N images with C channels
    kernel_size, stride, padding : as for `max_pool2d`

    Returns y : (N, C, OH, OW), where `output_size` gives OH and OW. float32 stays float32, integers
    and booleans become float64.

    Raises ShapeError and ArrayValueError wherever `max_pool2d` does.

    Source: LeCun et al., Gradient-based learning applied to document recognition (1998), without
    the trainable coefficient and bias.
    """
    x, axes = _pooling_arguments(x, kernel_size, stride, padding)
    y = np.zeros((*x.shape[:2], *(axis.places for axis in axes)), x.dtype)
    for places, seen in _cells(axes):
        y[places] += x[seen]
    return y / _area(axes)


def avg_pool2d_backward(
    dy: ArrayLike,
    x: ArrayLike,
    kernel_size: int | Pair,
    *,
    stride: int | Pair | None = None,
    padding: int | Pair = 0,
) -> FloatArray:
    r"""Take the gradient of an error E from the result of `avg_pool2d` back to x.

    $$\frac{\partial E}{\partial x_{uv}} = \frac{1}{l^2} \sum_{i,j} \delta_{ij}\,
      [0 \le u - iq + P < l]\, [0 \le v - jq + P < l]$$

    dy : (N, C, OH, OW), the gradient δ at the result of `avg_pool2d`
    x : (N, C, H, W), kernel_size, stride, padding : as given to `avg_pool2d`; of x only shape and
        type matter

    Returns dx : (N, C, H, W), of the type that dy and x have in common.

    Raises ShapeError if dy does not have the shape that `avg_pool2d` returns, and both errors
    wherever `avg_pool2d` does.

    Source: the equation of `avg_pool2d`, differentiated.
    """
    x, axes = _pooling_arguments(x, kernel_size, stride, padding)
    dy = _arriving("avg_pool2d", dy, x, axes)
    dy, x = in_common_type(dy, x)
    share = dy / _area(axes)
    dx = np.zeros(x.shape, x.dtype)
    for places, seen in _cells(axes):
        dx[seen] += share[places]
    return dx


def _largest(x: FloatArray, axes: Axes) -> FloatArray:
    """The largest number of every window; NaN if it holds one."""
    vertical, horizontal = axes
    columns = np.empty((*x.shape[:2], vertical.places, x.shape[3]), x.dtype)
    _fill_with_largest(columns.swapaxes(2, 3), x.swapaxes(2, 3), vertical)
    y = np.empty((*x.shape[:2], vertical.places, horizontal.places), x.dtype)
    _fill_with_largest(y, columns, horizontal)
    return y


def _fill_with_largest(y: FloatArray, x: FloatArray, axis: Axis) -> None:
    """The largest numbers of windows along the last axis of x, into y."""
    cells = [axis.met_by(cell) for cell in range(axis.kernel)]
    if axis.padding:
        y[...] = -np.inf
    else:
        np.maximum(x[..., cells[0][1]], x[..., cells[-1][1]], out=y)
        cells = cells[1:-1]
    for places, seen in cells:
        np.maximum(y[..., places], x[..., seen], out=y[..., places])


def _winners(
    x: FloatArray, y: FloatArray, axes: Axes
) -> Iterator[tuple[Slices, FloatArray, NDArray[np.bool]]]:
    """Cell by cell of the windows where in the padded image its pixels are, these pixels, and
    whether they are the first of the largest of their windows.
    """
    vertical, horizontal = axes
    around = _with_padding(x, axes, np.nan)  # which equals nothing
    is_nan = _with_padding(np.isnan(x), axes, False) if np.isnan(y).any() else None
    free = np.ones(y.shape, bool)
    for s, t in np.ndindex(vertical.kernel, horizontal.kernel):
        seen = ..., vertical.seen_by(s), horizontal.seen_by(t)
        pixels = np.ascontiguousarray(around[seen])
        wins = pixels == y
        if is_nan is not None:
            wins |= is_nan[seen]
        wins &= free
        free ^= wins
        yield seen, pixels, wins


def _with_padding(x: Any, axes: Axes, filling: Any) -> Any:
    vertical, horizontal = axes
    if not (vertical.padding or horizontal.padding):
        return x
    shape = (*x.shape[:2], vertical.padded_size, horizontal.padded_size)
    around = np.full(shape, filling, x.dtype)
    around[:, :, vertical.inside, horizontal.inside] = x
    return around


def _share_among_four(dy: FloatArray, x: FloatArray, dx: FloatArray) -> None:
    """Gives each window of 2 × 2, side by side and without NaN, its gradient.

    In both rows of a window right may beat left, and the larger one below may beat that above.
    """
    # Neighbours apart, each in an array of its own: all that follows is then in succession.
    left, right = (np.ascontiguousarray(x[..., side::2]) for side in (0, 1))
    is_right, largest = right > left, np.maximum(left, right)
    is_below = largest[:, :, 1::2] > largest[:, :, 0::2]
    rows, won = np.empty(largest.shape, dy.dtype), np.empty(largest.shape, dy.dtype)
    put(is_below, dy, rows[:, :, 1::2])
    put(~is_below, dy, rows[:, :, 0::2])
    put(is_right, rows, won)
    dx[..., 1::2] = won
    put(~is_right, rows, won)
    dx[..., 0::2] = won


def _cells(axes: Axes) -> Iterator[tuple[Slices, Slices]]:
    """The cells of a window, row by row: of each the slices of result and image whose numbers
    belong together, since at these places the cell sees those pixels.
    """
    vertical, horizontal = axes
    for s, t in np.ndindex(vertical.kernel, horizontal.kernel):
        rows, seen_rows = vertical.met_by(s)
        columns, seen_columns = horizontal.met_by(t)
        yield (..., rows, columns), (..., seen_rows, seen_columns)


def _area(axes: Axes) -> int:
    return axes[0].kernel * axes[1].kernel


def _pooling_arguments(
    x: ArrayLike,
    kernel_size: int | Pair,
    stride: int | Pair | None,
    padding: int | Pair,
) -> tuple[FloatArray, Axes]:
    """Check what both directions of a pooling are given."""
    x = floats_of("x", x, ("N", "C", "H", "W"))
    if 0 in x.shape[2:]:
        raise ShapeError(f"x: expected images of at least one pixel, got shape {x.shape}")
    window = pair("kernel_size", kernel_size, least=1)
    step = window if stride is None else stride
    zeros = pair("padding", padding, least=0)
    axes = axes_of("kernel_size", x.shape[2:], window, step, zeros, 1)
    for axis in axes:
        if axis.padding >= axis.kernel:
            raise ShapeError(
                f"padding: expected less than kernel_size {kernel_size}, or a window would lie "
                f"outside the image, got {padding}"
            )
    return x, axes


def _arriving(layer: str, dy: ArrayLike, x: FloatArray, axes: Axes) -> FloatArray:
    """Check the gradient that arrives at the result of a layer."""
    shape = (*x.shape[:2], *(axis.places for axis in axes))
    return arriving(layer, dy, ("N", "C", "OH", "OW"), shape, x=x)
