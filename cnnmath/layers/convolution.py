"""Convolution over a batch of images, and its gradients, as products of matrices.

There are several ways to make these products, in `methods/`; `methods/choice.py` says which is
taken for which shape, and `methods/winograd.py` how exact it is in float32.
"""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from cnnmath.errors import ShapeError
from cnnmath.layers.arguments import (
    FloatArray,
    Pair,
    arriving,
    floats_of,
    in_common_type,
    integer,
    one_each,
)
from cnnmath.layers.geometry import Axes, axes_of
from cnnmath.layers.methods.choice import met, returned, seen

__all__ = ["conv1d", "conv2d", "conv2d_backward"]

Padding = int | Pair | Literal["same"]


def conv2d(
    x: ArrayLike,
    w: ArrayLike,
    b: ArrayLike | None = None,
    *,
    stride: int | Pair = 1,
    padding: Padding = 0,
    dilation: int | Pair = 1,
    groups: int = 1,
) -> FloatArray:
    r"""Slide every kernel over every image, and add the kernel's bias.

    $$y^{(k)}_{ij} = b^{(k)} + \sum_c \sum_{s,t} W^{(k,c)}_{st}\, x^{(c)}_{(iS+sD-P)(jS+tD-P)}$$

    with stride S, padding P and dilation D, where x reads as 0 outside the image. The kernel is
    not rotated: this is a cross-correlation, as in PyTorch.

    x : (N, C, H, W), a batch of N images with C channels
    w : (K, C/groups, m, n), K kernels
    b : (K,), or None for no bias
    stride, padding, dilation : an integer, or a pair (vertical, horizontal); padding is the number
        of zeros on each side, or "same": as many as it takes for y to be as large as x, and if that
        is an odd number, one more below and on the right
    groups : into as many equal parts channels and kernels are divided, and each kernel sees the
        channels of its part only; with groups = C every channel has kernels of its own (depthwise)

    Returns y : (N, K, OH, OW), where `output_size` gives OH and OW. float32 stays float32, mixed
    types promote as in NumPy, integers and booleans become float64.

    Raises ShapeError if an array has the wrong number of axes, x and w differ in C, b is not (K,),
    the kernel is empty or, dilated, larger than the padded image, a tuple is not a pair, or
    channels or kernels cannot be divided into the groups.
    Raises ArrayValueError if an array does not hold real numbers, stride, padding, dilation or
    groups is not an integer or is too small, or padding is "same" with a stride.

    Source: Dumoulin and Visin, arXiv 1603.07285; groups: Krizhevsky, Sutskever and Hinton,
    ImageNet classification with deep convolutional neural networks (2012).
    """
    x, w, axes = _convolution_arguments(x, w, stride, padding, dilation, groups)
    arrays = [x, w]
    if b is not None:
        arrays.append(one_each("b", b, "K", len(w), "kernel of w"))
    x, w, *biases = in_common_type(*arrays)
    y = seen(x, w, axes, groups)
    for bias in biases:
        y += bias[:, np.newaxis, np.newaxis]
    return y


def conv2d_backward(
    dy: ArrayLike,
    x: ArrayLike,
    w: ArrayLike,
    *,
    stride: int | Pair = 1,
    padding: Padding = 0,
    dilation: int | Pair = 1,
    groups: int = 1,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    r"""Take the gradient of an error E from the result of `conv2d` back to x, w and b.

    With $\delta = \partial E / \partial y$, and summed over the batch for w and b,

    $$\frac{\partial E}{\partial x^{(c)}_{uv}} = \sum_k \sum_{s,t} \sum_{i,j}
      W^{(k,c)}_{st}\, \delta^{(k)}_{ij}\, [u = iS+sD-P]\, [v = jS+tD-P]$$
    $$\frac{\partial E}{\partial W^{(k,c)}_{st}} = \sum_{i,j}
      \delta^{(k)}_{ij}\, x^{(c)}_{(iS+sD-P)(jS+tD-P)}, \qquad
      \frac{\partial E}{\partial b^{(k)}} = \sum_{i,j} \delta^{(k)}_{ij}$$

    dy : (N, K, OH, OW), the gradient δ at the result of `conv2d`
    x : (N, C, H, W), w : (K, C/groups, m, n), and all options : as given to `conv2d`

    Returns dx : (N, C, H, W), dw : (K, C/groups, m, n), db : (K,), all of the type that dy, x and w
    have in common, as in `conv2d`. An empty batch gives an empty dx, and zeros for dw and db.

    Raises ShapeError if dy does not have the shape that `conv2d` returns, and both errors wherever
    `conv2d` does.

    Source: the equation of `conv2d`, differentiated.
    """
    x, w, axes = _convolution_arguments(x, w, stride, padding, dilation, groups)
    result_shape = (len(x), len(w), *(axis.places for axis in axes))
    dy = arriving("conv2d", dy, ("N", "K", "OH", "OW"), result_shape, x=x, w=w)
    dy, x, w = in_common_type(dy, x, w)
    return (
        returned(dy, w, axes, groups),
        met(dy, x, w.shape, axes, groups),
        np.add.reduce(dy, axis=(0, 2, 3)),
    )


def conv1d(
    x: ArrayLike,
    w: ArrayLike,
    b: ArrayLike | None = None,
    *,
    stride: int = 1,
    padding: int | Literal["same"] = 0,
    dilation: int = 1,
    groups: int = 1,
) -> FloatArray:
    r"""Slide every kernel along every sequence: `conv2d` with one axis.

    $$y^{(k)}_i = b^{(k)} + \sum_c \sum_s W^{(k,c)}_s\, x^{(c)}_{iS+sD-P}$$

    x : (N, C, L), w : (K, C/groups, m), b : (K,) or None; the options as for `conv2d`, each an
    integer

    Returns y : (N, K, OL). Raises what `conv2d` raises.

    Source: the equation of `conv2d`, with one axis.
    """
    x, w = floats_of("x", x, ("N", "C", "L")), floats_of("w", w, ("K", "C", "m"))
    along = {"stride": (1, integer("stride", stride, least=1))}
    along["dilation"] = (1, integer("dilation", dilation, least=1))
    zeros: Padding = "same" if padding == "same" else (0, integer("padding", padding, least=0))
    y = conv2d(x[:, :, np.newaxis], w[:, :, np.newaxis], b, padding=zeros, groups=groups, **along)
    return y[:, :, 0]


def _convolution_arguments(
    x: ArrayLike,
    w: ArrayLike,
    stride: int | Pair,
    padding: Padding,
    dilation: int | Pair,
    groups: int,
) -> tuple[FloatArray, FloatArray, Axes]:
    """Check what both directions of a convolution are given."""
    x = floats_of("x", x, ("N", "C", "H", "W"))
    w = floats_of("w", w, ("K", "C", "m", "n"))
    parts = integer("groups", groups, least=1)
    insist_on_groups(parts, "x", "channels", x, axis=1)
    insist_on_groups(parts, "w", "kernels", w, axis=0)
    if x.shape[1] != w.shape[1] * parts:
        share = "" if parts == 1 else f", which {parts} groups share"
        raise ShapeError(
            f"w: expected shape (K, {x.shape[1] // parts}, m, n), because x of shape {x.shape} "
            f"has C = {x.shape[1]}{share}, got {w.shape}"
        )
    insist_on_kernel(w)
    return x, w, axes_of("w", x.shape[2:], w.shape[2:], stride, padding, dilation)


def insist_on_groups(groups: int, name: str, what: str, array: FloatArray, *, axis: int) -> None:
    """Raises ShapeError if an axis cannot be divided into so many equal parts."""
    if array.shape[axis] % groups:
        raise ShapeError(
            f"groups: {array.shape[axis]} {what} cannot be divided into {groups} groups: "
            f"{name} has the shape {array.shape}"
        )


def insist_on_kernel(w: FloatArray) -> None:
    """Raises ShapeError if the kernels have no rows or no columns."""
    if 0 in w.shape[2:]:
        raise ShapeError(
            f"w: expected kernels of at least one row and one column, got shape {w.shape}"
        )
