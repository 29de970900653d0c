"""A dense layer, in which every number of the result reads every number of the input."""

import math

from numpy.typing import ArrayLike

from cnnmath.errors import ShapeError
from cnnmath.layers.arguments import (
    FloatArray,
    arriving,
    floats,
    floats_of,
    in_common_type,
    one_each,
)

__all__ = ["dense", "dense_backward"]


def dense(x: ArrayLike, w: ArrayLike, b: ArrayLike | None = None) -> FloatArray:
    r"""Weigh all numbers of each example, once for every result, and add the result's bias.

    $$y_d = b_d + \sum_u W_{du}\, x_u$$

    x : (N, …), a batch of N examples, whose numbers are taken row by row as one axis of U
    w : (D, U), a row of weights for each result
    b : (D,), or None for no bias

    Returns y : (N, D). float32 stays float32, mixed types promote as in NumPy, integers and
    booleans become float64.

    Raises ShapeError if x has no axis, w is not (D, U), or b is not (D,); ArrayValueError if an
    array does not hold real numbers.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.3.
    """
    x, w = _dense_arguments(x, w)
    arrays = [x.reshape(len(x), w.shape[1]), w]
    if b is not None:
        arrays.append(one_each("b", b, "D", len(w), "row of w"))
    flat, w, *biases = in_common_type(*arrays)
    y: FloatArray = flat @ w.T
    return y + biases[0] if biases else y


def dense_backward(
    dy: ArrayLike, x: ArrayLike, w: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    r"""Take the gradient of an error E from the result of `dense` back to x, w and b.

    With $\delta = \partial E / \partial y$, and summed over the batch for w and b,

    $$\frac{\partial E}{\partial x_u} = \sum_d W_{du}\, \delta_d, \qquad
      \frac{\partial E}{\partial W_{du}} = \delta_d\, x_u, \qquad
      \frac{\partial E}{\partial b_d} = \delta_d$$

    dy : (N, D), the gradient δ at the result of `dense`
    x : (N, …), w : (D, U) : as given to `dense`

    Returns dx : the shape of x, dw : (D, U), db : (D,), all of the type that dy, x and w have in
    common.

    Raises ShapeError if dy does not have the shape that `dense` returns, and both errors wherever
    `dense` does.

    Source: the equation of `dense`, differentiated.
    """
    x, w = _dense_arguments(x, w)
    dy = arriving("dense", dy, ("N", "D"), (len(x), len(w)), x=x, w=w)
    dy, x, w = in_common_type(dy, x, w)
    return (dy @ w).reshape(x.shape), dy.T @ x.reshape(len(x), w.shape[1]), dy.sum(axis=0)


def _dense_arguments(x: ArrayLike, w: ArrayLike) -> tuple[FloatArray, FloatArray]:
    x, w = floats("x", x), floats_of("w", w, ("D", "U"))
    if not x.ndim:
        raise ShapeError("x: expected a batch (N, …) of examples, got a number")
    if math.prod(x.shape[1:]) != w.shape[1]:
        raise ShapeError(
            f"w: expected shape (D, {math.prod(x.shape[1:])}), because x of shape {x.shape} has "
            f"that many numbers in each example, got {w.shape}"
        )
    return x, w
