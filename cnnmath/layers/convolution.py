"""Convolution over a batch of images, and its gradients, as products of matrices."""

import math
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from cnnmath.errors import ShapeError
from cnnmath.layers.arguments import FloatArray, Pair, floats_of, in_common_type
from cnnmath.layers.geometry import Axis, axes_of


def conv2d(
    x: ArrayLike,
    w: ArrayLike,
    b: ArrayLike | None = None,
    *,
    stride: int | Pair = 1,
    padding: int | Pair = 0,
    dilation: int | Pair = 1,
) -> FloatArray:
    r"""Slide every kernel over every image, and add the kernel's bias.

    $$y^{(k)}_{ij} = b^{(k)} + \sum_c \sum_{s,t} W^{(k,c)}_{st}\, x^{(c)}_{(iS+sD-P)(jS+tD-P)}$$

    with stride S, padding P and dilation D, where x reads as 0 outside the image. The kernel is
    not rotated: this is a cross-correlation, as in PyTorch.

    x : (N, C, H, W), a batch of N images with C channels
    w : (K, C, m, n), K kernels
    b : (K,), or None for no bias
    stride, padding, dilation : an integer, or a pair (vertical, horizontal); padding is the number
        of zeros on each side

    Returns y : (N, K, OH, OW), where `output_size` gives OH and OW. float32 stays float32, mixed
    types promote as in NumPy, integers and booleans become float64.

    Raises ShapeError if an array has the wrong number of axes, x and w differ in C, b is not (K,),
    the kernel is empty or, dilated, larger than the padded image, or a tuple is not a pair.
    Raises ArrayValueError if an array does not hold real numbers, or stride, padding or dilation
    is not an integer or is too small.

    Source: Dumoulin and Visin, arXiv 1603.07285.
    """
    x, w, axes = _convolution_arguments(x, w, stride, padding, dilation)
    b = np.zeros(len(w), w.dtype) if b is None else floats_of("b", b, ("K",))
    if b.shape != w.shape[:1]:
        raise ShapeError(
            f"b: expected shape {w.shape[:1]}, one number for each kernel of w, got {b.shape}"
        )
    x, w, b = in_common_type(x, w, b)
    y = np.empty((len(x), len(w), *(axis.places for axis in axes)), x.dtype)
    np.matmul(_flat(w, keep=1), _columns(x, axes), out=_flat(y, keep=2))
    y += b[:, np.newaxis, np.newaxis]
    return y


def conv2d_backward(
    dy: ArrayLike,
    x: ArrayLike,
    w: ArrayLike,
    *,
    stride: int | Pair = 1,
    padding: int | Pair = 0,
    dilation: int | Pair = 1,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    r"""Take the gradient of an error E from the result of `conv2d` back to x, w and b.

    With $\delta = \partial E / \partial y$, and summed over the batch for w and b,

    $$\frac{\partial E}{\partial x^{(c)}_{uv}} = \sum_k \sum_{s,t} \sum_{i,j}
      W^{(k,c)}_{st}\, \delta^{(k)}_{ij}\, [u = iS+sD-P]\, [v = jS+tD-P]$$
    $$\frac{\partial E}{\partial W^{(k,c)}_{st}} = \sum_{i,j}
      \delta^{(k)}_{ij}\, x^{(c)}_{(iS+sD-P)(jS+tD-P)}, \qquad
      \frac{\partial E}{\partial b^{(k)}} = \sum_{i,j} \delta^{(k)}_{ij}$$

    dy : (N, K, OH, OW), the gradient δ at the result of `conv2d`
    x : (N, C, H, W), w : (K, C, m, n), stride, padding, dilation : as given to `conv2d`

    Returns dx : (N, C, H, W), dw : (K, C, m, n), db : (K,), all of the type that dy, x and w have
    in common, as in `conv2d`. An empty batch gives an empty dx, and zeros for dw and db.

    Raises ShapeError if dy does not have the shape that `conv2d` returns, and both errors wherever
    `conv2d` does.

    Source: the equation of `conv2d`, differentiated.
    """
    x, w, axes = _convolution_arguments(x, w, stride, padding, dilation)
    dy = floats_of("dy", dy, ("N", "K", "OH", "OW"))
    result_shape = (len(x), len(w), *(axis.places for axis in axes))
    if dy.shape != result_shape:
        raise ShapeError(
            f"dy: expected shape {result_shape}, which conv2d returns for x of shape {x.shape} "
            f"and w of shape {w.shape}, got {dy.shape}"
        )
    dy, x, w = in_common_type(dy, x, w)
    return (
        _input_gradient(dy, w, axes),
        _kernel_gradient(dy, x, w.shape, axes),
        dy.sum(axis=(0, 2, 3)),
    )


def _input_gradient(dy: FloatArray, w: FloatArray, axes: tuple[Axis, ...]) -> FloatArray:
    """Every place returns, through each element of the kernel, its share to the pixel it saw."""
    vertical, horizontal = axes
    padded = _zeros(len(dy), w.shape[1], axes, dy.dtype)
    flat_dy = _flat(dy, keep=2)
    for s, t in np.ndindex(w.shape[2:]):
        seen = padded[:, :, vertical.seen_by(s), horizontal.seen_by(t)]
        seen += (w[:, :, s, t].T @ flat_dy).reshape(seen.shape)
    return padded[:, :, vertical.inside, horizontal.inside].copy()


def _kernel_gradient(
    dy: FloatArray, x: FloatArray, w_shape: tuple[int, ...], axes: tuple[Axis, ...]
) -> FloatArray:
    """The product of dy with all that the kernel saw, summed over places and images."""
    products = _flat(dy, keep=2) @ _columns(x, axes).swapaxes(1, 2)
    dw: FloatArray = products.reshape(len(x), *w_shape).sum(axis=0)
    return dw


def _columns(x: FloatArray, axes: tuple[Axis, ...]) -> FloatArray:
    """(N, C, H, W) to (N, C·m·n, OH·OW): for each place a column of all that the kernel sees there.

    This makes a convolution a product of matrices, which NumPy does fastest.
    """
    vertical, horizontal = axes
    padded = _zeros(x.shape[0], x.shape[1], axes, x.dtype)
    padded[:, :, vertical.inside, horizontal.inside] = x
    windows = sliding_window_view(padded, (vertical.span, horizontal.span), axis=(2, 3))
    windows = windows[
        :, :, :: vertical.stride, :: horizontal.stride, :: vertical.dilation, :: horizontal.dilation
    ]
    n, c, oh, ow, kernel_height, kernel_width = windows.shape
    columns = windows.transpose(0, 1, 4, 5, 2, 3)
    return columns.reshape(n, c * kernel_height * kernel_width, oh * ow)


def _zeros(n: int, c: int, axes: tuple[Axis, ...], dtype: np.dtype[Any]) -> FloatArray:
    """A batch of black images, with room for the padding."""
    return np.zeros((n, c, *(axis.padded_size for axis in axes)), dtype)


def _flat(array: FloatArray, *, keep: int) -> FloatArray:
    """All axes after the first `keep` as one. Its size is given: empty arrays do not allow -1."""
    return array.reshape(*array.shape[:keep], math.prod(array.shape[keep:]))


def _convolution_arguments(
    x: ArrayLike,
    w: ArrayLike,
    stride: int | Pair,
    padding: int | Pair,
    dilation: int | Pair,
) -> tuple[FloatArray, FloatArray, tuple[Axis, ...]]:
    """Check what both directions of a convolution are given."""
    x = floats_of("x", x, ("N", "C", "H", "W"))
    w = floats_of("w", w, ("K", "C", "m", "n"))
    if x.shape[1] != w.shape[1]:
        raise ShapeError(
            f"w: expected shape (K, {x.shape[1]}, m, n), because x of shape {x.shape} "
            f"has C = {x.shape[1]}, got {w.shape}"
        )
    if 0 in w.shape[2:]:
        raise ShapeError(
            f"w: expected kernels of at least one row and one column, got shape {w.shape}"
        )
    return x, w, axes_of("w", x.shape[2:], w.shape[2:], stride, padding, dilation)
