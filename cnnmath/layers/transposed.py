"""The transposed convolution over a batch, and its gradients: a convolution, taken backwards."""

import numpy as np
from numpy.typing import ArrayLike

from cnnmath.errors import ArrayValueError, ShapeError
from cnnmath.layers.arguments import (
    FloatArray,
    Pair,
    arriving,
    floats_of,
    in_common_type,
    integer,
    one_each,
    pair,
)
from cnnmath.layers.convolution import insist_on_groups, insist_on_kernel
from cnnmath.layers.geometry import Axes, Axis
from cnnmath.layers.methods.choice import met, returned, seen

__all__ = ["conv_transpose2d", "conv_transpose2d_backward"]


def conv_transpose2d(
    x: ArrayLike,
    w: ArrayLike,
    b: ArrayLike | None = None,
    *,
    stride: int | Pair = 1,
    padding: int | Pair = 0,
    output_padding: int | Pair = 0,
    dilation: int | Pair = 1,
    groups: int = 1,
) -> FloatArray:
    r"""Give every number back, through the kernel, to all the pixels that it could have come from.

    $$y^{(k)}_{uv} = b^{(k)} + \sum_c \sum_{i,j} \sum_{s,t}
      W^{(c,k)}_{st}\, x^{(c)}_{ij}\, [u = iS+sD-P]\, [v = jS+tD-P]$$

    That is what `conv2d_backward` does to the input, with stride S, padding P and dilation D. Along
    each axis y has the size $(H-1)S + D(m-1) + 1 - 2P + A$.

    x : (N, C, H, W), a batch of N images with C channels
    w : (C, K/groups, m, n), as in PyTorch: the kernels of the convolution that leads from y to x
    b : (K,), or None for no bias
    stride, padding, dilation : of that convolution, an integer or a pair (vertical, horizontal)
    output_padding : A, how many y has of the rows below and the columns on the right that no
        stride of that convolution reaches; less than the stride or less than the dilation
    groups : into as many equal parts C and K are divided, as in `conv2d`

    Returns y : (N, K, OH, OW). Types as in `conv2d`.

    Raises ShapeError if an array has the wrong number of axes, x and w differ in C, b is not (K,),
    the kernel is empty, y would be, a tuple is not a pair, or C cannot be divided into the groups.
    Raises ArrayValueError if an array does not hold real numbers, or an option is not an integer,
    is too small, or, of output_padding, too large.

    Source: Dumoulin and Visin, arXiv 1603.07285, section 4.
    """
    x, w, axes = _arguments(x, w, stride, padding, output_padding, dilation, groups)
    arrays = [x, w]
    if b is not None:
        arrays.append(one_each("b", b, "K", groups * w.shape[1], "channel of the result"))
    x, w, *biases = in_common_type(*arrays)
    y = returned(x, w, axes, groups)
    for bias in biases:
        y += bias[:, np.newaxis, np.newaxis]
    return y


def conv_transpose2d_backward(
    dy: ArrayLike,
    x: ArrayLike,
    w: ArrayLike,
    *,
    stride: int | Pair = 1,
    padding: int | Pair = 0,
    output_padding: int | Pair = 0,
    dilation: int | Pair = 1,
    groups: int = 1,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    r"""Take the gradient of an error E from the result of `conv_transpose2d` back to x, w and b.

    With $g = \partial E / \partial y$, and summed over the batch for w and b,

    $$\frac{\partial E}{\partial x^{(c)}_{ij}} = \sum_k \sum_{s,t}
      W^{(c,k)}_{st}\, g^{(k)}_{(iS+sD-P)(jS+tD-P)}$$
    $$\frac{\partial E}{\partial W^{(c,k)}_{st}} = \sum_{i,j}
      x^{(c)}_{ij}\, g^{(k)}_{(iS+sD-P)(jS+tD-P)}, \qquad
      \frac{\partial E}{\partial b^{(k)}} = \sum_{u,v} g^{(k)}_{uv}$$

    dy : (N, K, OH, OW), the gradient g at the result of `conv_transpose2d`
    x : (N, C, H, W), w : (C, K/groups, m, n), and all options : as given to `conv_transpose2d`

    Returns dx : (N, C, H, W), dw : (C, K/groups, m, n), db : (K,). Types as in `conv2d_backward`.

    Raises ShapeError if dy does not have the shape that `conv_transpose2d` returns, and both errors
    wherever that does.

    Source: the equation of `conv_transpose2d`, differentiated.
    """
    x, w, axes = _arguments(x, w, stride, padding, output_padding, dilation, groups)
    result_shape = (len(x), groups * w.shape[1], *(axis.size for axis in axes))
    dy = arriving("conv_transpose2d", dy, ("N", "K", "OH", "OW"), result_shape, x=x, w=w)
    dy, x, w = in_common_type(dy, x, w)
    return (
        seen(dy, w, axes, groups),
        met(x, dy, w.shape, axes, groups),
        np.add.reduce(dy, axis=(0, 2, 3)),
    )


def _arguments(
    x: ArrayLike,
    w: ArrayLike,
    stride: int | Pair,
    padding: int | Pair,
    output_padding: int | Pair,
    dilation: int | Pair,
    groups: int,
) -> tuple[FloatArray, FloatArray, Axes]:
    """Check what both directions are given. The axes are those of the convolution from y to x."""
    x = floats_of("x", x, ("N", "C", "H", "W"))
    w = floats_of("w", w, ("C", "K", "m", "n"))
    insist_on_groups(integer("groups", groups, least=1), "x", "channels", x, axis=1)
    if x.shape[1] != len(w):
        raise ShapeError(
            f"w: expected shape ({x.shape[1]}, K, m, n), because x of shape {x.shape} has "
            f"C = {x.shape[1]}, got {w.shape}"
        )
    insist_on_kernel(w)
    per_axis = zip(
        ("height", "width"),
        x.shape[2:],
        w.shape[2:],
        pair("stride", stride, least=1),
        pair("padding", padding, least=0),
        pair("output_padding", output_padding, least=0),
        pair("dilation", dilation, least=1),
        strict=True,
    )
    return x, w, tuple(_axis(*setting) for setting in per_axis)


def _axis(
    label: str, places: int, kernel: int, stride: int, padding: int, beyond: int, dilation: int
) -> Axis:
    if beyond >= max(stride, dilation):
        raise ArrayValueError(
            f"output_padding: expected less than the stride {stride} or the dilation {dilation} "
            f"along the {label}, got {beyond}"
        )
    size = (places - 1) * stride + dilation * (kernel - 1) + 1 - 2 * padding + beyond
    if size < 1:
        raise ShapeError(
            f"x: along the {label}, {places} places of a kernel of size {kernel} with stride "
            f"{stride} and dilation {dilation} span {size + 2 * padding}, and padding {padding} at "
            "each end takes all of it away"
        )
    return Axis(size, kernel, stride, padding, dilation, places, padding)
