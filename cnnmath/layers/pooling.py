"""Pooling over a batch of images, and its gradients.

A window has a size and moves by a stride, as a kernel does; without a stride given, windows lie
side by side. They are taken apart cell by cell: what lies in the same cell of all windows is one
slice of the image.
"""

from collections.abc import Iterator
from types import EllipsisType
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnmath.errors import ShapeError
from cnnmath.layers.arguments import FloatArray, Pair, arriving, floats_of, in_common_type, pair
from cnnmath.layers.geometry import Axis, axes_of

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
    return _largest(x, axes)[0]


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
    winner = _largest(x, axes)[1]
    dx = np.zeros_like(x)
    for cell, places, seen in _cells(axes):
        dx[seen] += np.where(winner[places] == cell, dy[places], 0)
    return dx


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
    for _, places, seen in _cells(axes):
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
    dx = np.zeros_like(x)
    for _, places, seen in _cells(axes):
        dx[seen] += share[places]
    return dx


def _largest(x: FloatArray, axes: tuple[Axis, ...]) -> tuple[FloatArray, NDArray[np.intp]]:
    """The first of the largest numbers of every window, and the number of its cell there."""
    shape = (*x.shape[:2], *(axis.places for axis in axes))
    best = np.empty(shape, x.dtype)
    winner = np.full(shape, -1)
    for cell, places, seen in _cells(axes):
        here, so_far = x[seen], best[places]
        # Not `here > so_far`: that is false for a NaN, which is to win, but not against a NaN.
        wins = ~(here <= so_far) & (so_far == so_far)
        wins |= winner[places] < 0  # outside the image there is no cell that could win
        np.copyto(so_far, here, where=wins)
        winner[places][wins] = cell
    return best, winner


def _cells(axes: tuple[Axis, ...]) -> Iterator[tuple[int, Slices, Slices]]:
    """The cells of a window, row by row: the number of each, and the slices of result and image
    whose numbers belong together: at these places the cell sees those pixels.
    """
    vertical, horizontal = axes
    for s, t in np.ndindex(vertical.kernel, horizontal.kernel):
        rows, seen_rows = vertical.met_by(s)
        columns, seen_columns = horizontal.met_by(t)
        cell = s * horizontal.kernel + t
        yield cell, (..., rows, columns), (..., seen_rows, seen_columns)


def _area(axes: tuple[Axis, ...]) -> int:
    return axes[0].kernel * axes[1].kernel


def _pooling_arguments(
    x: ArrayLike,
    kernel_size: int | Pair,
    stride: int | Pair | None,
    padding: int | Pair,
) -> tuple[FloatArray, tuple[Axis, ...]]:
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


def _arriving(layer: str, dy: ArrayLike, x: FloatArray, axes: tuple[Axis, ...]) -> FloatArray:
    """Check the gradient that arrives at the result of a layer."""
    shape = (*x.shape[:2], *(axis.places for axis in axes))
    return arriving(layer, dy, ("N", "C", "OH", "OW"), shape, x=x)
