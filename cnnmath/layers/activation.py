"""Activations and their gradients, for arrays of any shape.

Each `f(x)` applies to every number by itself, and `f_backward(dy, x)` takes the gradient dy that
arrives at its result back to x: dy times the slope of f at x. float32 stays float32, mixed types
promote as in NumPy, integers and booleans become float64. No finite number overflows on the way.
All raise ArrayValueError if an array does not hold real numbers, and the gradients ShapeError if dy
and x differ in shape.

A power of e takes as long as ten products, and so none is calculated twice; the steps that follow
it change its array in place. In float32 results differ from those in float64 by less than a
millionth of themselves, but for `gelu` below −5 and where a slope passes through 0; what is nearer
to 0 than 10⁻³⁶ may be 0.
"""

import numpy as np
from numpy.typing import ArrayLike

from cnnmath.errors import ArrayValueError, ShapeError
from cnnmath.layers.arguments import FloatArray, floats, in_common_type
from cnnmath.layers.normal import upper_tail
from cnnmath.layers.selection import either, kept

__all__ = [
    "elu",
    "elu_backward",
    "gelu",
    "gelu_backward",
    "leaky_relu",
    "leaky_relu_backward",
    "relu",
    "relu_backward",
    "sigmoid",
    "sigmoid_backward",
    "silu",
    "silu_backward",
    "softplus",
    "softplus_backward",
    "tanh",
    "tanh_backward",
]


def sigmoid(x: ArrayLike) -> FloatArray:
    r"""$$y = \frac{1}{1 + e^{-x}}$$

    x : any shape
    Returns y : the shape of x, from 0 to 1

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 3.10.
    """
    y: FloatArray = 1 / _above_one(floats("x", x))
    return y


def sigmoid_backward(dy: ArrayLike, x: ArrayLike) -> FloatArray:
    r"""$$\frac{\partial E}{\partial x} = \delta\, y\, (1 - y)$$

    dy : the gradient δ at the result;  x : what `sigmoid` was given, of the same shape
    Returns dx : the shape of x
    """
    dy, x = _arriving(dy, x)
    # y (1 − y) is the same for x and −x, and so written keeps its digits where y is nearly 1.
    dx = np.exp(-np.abs(x))
    total = 1 + dx
    dx /= total
    dx /= total
    dx *= dy
    return dx


def tanh(x: ArrayLike) -> FloatArray:
    r"""$$y = \tanh x$$

    x : any shape
    Returns y : the shape of x, from −1 to 1

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.3.2.
    """
    return np.tanh(floats("x", x))


def tanh_backward(dy: ArrayLike, x: ArrayLike) -> FloatArray:
    r"""$$\frac{\partial E}{\partial x} = \delta\, (1 - y^2)$$

    dy : the gradient δ at the result;  x : what `tanh` was given, of the same shape
    Returns dx : the shape of x
    """
    dy, x = _arriving(dy, x)
    # 1 − tanh²x is 1/cosh²x, which keeps its digits where tanh x is nearly 1.
    with np.errstate(over="ignore"):  # of the power of −∞, which is 0
        dx: FloatArray = np.exp(-2 * np.abs(x))
    total = 1 + dx
    total *= total
    dx /= total
    dx *= 4
    dx *= dy
    return dx


def relu(x: ArrayLike) -> FloatArray:
    r"""$$y = \max(0, x)$$

    x : any shape
    Returns y : the shape of x; NaN stays NaN

    Source: Nair and Hinton, Rectified linear units improve restricted Boltzmann machines (2010).
    """
    return _positive(floats("x", x))


def relu_backward(dy: ArrayLike, x: ArrayLike) -> FloatArray:
    r"""$$\frac{\partial E}{\partial x} = \delta\, [x > 0]$$

    dy : the gradient δ at the result;  x : what `relu` was given, of the same shape
    Returns dx : the shape of x; 0 where x is 0, by convention, and where x is NaN
    """
    dy, x = _arriving(dy, x)
    return kept(x > 0, dy)


def leaky_relu(x: ArrayLike, *, alpha: float = 0.01) -> FloatArray:
    r"""$$y = x \text{ where } x > 0, \quad \alpha x \text{ elsewhere}$$

    x : any shape;  alpha : the factor α for negative numbers
    Returns y : the shape of x

    Raises ArrayValueError also if alpha is not a finite number.

    Source: Maas, Hannun and Ng, Rectifier nonlinearities improve neural network acoustic models
    (2013).
    """
    x, alpha = floats("x", x), _factor(alpha)
    return np.maximum(x, alpha * x) if 0 < alpha <= 1 else either(x > 0, x, alpha * x)


def leaky_relu_backward(dy: ArrayLike, x: ArrayLike, *, alpha: float = 0.01) -> FloatArray:
    r"""$$\frac{\partial E}{\partial x} = \delta \text{ where } x > 0, \quad \alpha \delta
    \text{ elsewhere}$$

    dy : the gradient δ at the result;  x, alpha : what `leaky_relu` was given
    Returns dx : the shape of x
    """
    dy, x = _arriving(dy, x)
    alpha = _factor(alpha)
    dx = _slope(x, np.full_like(x, alpha), alpha)
    dx *= dy
    return dx


def elu(x: ArrayLike, *, alpha: float = 1.0) -> FloatArray:
    r"""$$y = x \text{ where } x > 0, \quad \alpha (e^x - 1) \text{ elsewhere}$$

    x : any shape;  alpha : −α is what large negative numbers come near to
    Returns y : the shape of x

    Raises ArrayValueError also if alpha is not a finite number.

    Source: Clevert, Unterthiner and Hochreiter, arXiv 1511.07289.
    """
    x, alpha = floats("x", x), _factor(alpha)
    # e^x − 1 is 2t / (1 − t) with t = tanh x/2, which keeps its digits where x is nearly 0 as expm1
    # does, in a third of its time. Where x is above 0, t is 0.
    y = np.tanh(_negative(x) / 2)
    below = 1 - y
    y *= 2 * alpha
    y /= below
    y += _positive(x)
    return y


def elu_backward(dy: ArrayLike, x: ArrayLike, *, alpha: float = 1.0) -> FloatArray:
    r"""$$\frac{\partial E}{\partial x} = \delta \text{ where } x > 0, \quad \alpha \delta e^x
    \text{ elsewhere}$$

    dy : the gradient δ at the result;  x, alpha : what `elu` was given
    Returns dx : the shape of x
    """
    dy, x = _arriving(dy, x)
    alpha = _factor(alpha)
    dx = _slope(x, alpha * np.exp(_negative(x)), alpha)
    dx *= dy
    return dx


def softplus(x: ArrayLike) -> FloatArray:
    r"""$$y = \log(1 + e^x)$$

    x : any shape
    Returns y : the shape of x

    Source: Dugas et al., Incorporating second-order functional knowledge (2001).
    """
    x = floats("x", x)
    small = np.exp(-np.abs(x))
    # log(1 + small) as log1p has it, in a third of its time: rounded, the sum has lost
    # small − (sum − 1), and the logarithm that over the sum.
    total = 1 + small
    small -= total - 1
    small /= total
    small += np.log(total)
    small += _positive(x)
    return small


def softplus_backward(dy: ArrayLike, x: ArrayLike) -> FloatArray:
    r"""$$\frac{\partial E}{\partial x} = \frac{\delta}{1 + e^{-x}}$$

    dy : the gradient δ at the result;  x : what `softplus` was given, of the same shape
    Returns dx : the shape of x
    """
    dy, x = _arriving(dy, x)
    dx: FloatArray = dy / _above_one(x)
    return dx


def silu(x: ArrayLike) -> FloatArray:
    r"""$$y = \frac{x}{1 + e^{-x}}$$

    x : any shape
    Returns y : the shape of x

    Source: Elfwing, Uchibe and Doya, arXiv 1702.03118.
    """
    x = floats("x", x)
    y: FloatArray = x / _above_one(x)
    return y


def silu_backward(dy: ArrayLike, x: ArrayLike) -> FloatArray:
    r"""$$\frac{\partial E}{\partial x} = \delta\, \sigma(x)\, (1 + x\, \sigma(-x)),
    \quad \sigma(x) = \frac{1}{1 + e^{-x}}$$

    dy : the gradient δ at the result;  x : what `silu` was given, of the same shape
    Returns dx : the shape of x
    """
    dy, x = _arriving(dy, x)
    # σ(x) + x σ(x) σ(−x), of one power: σ(x) is 1 over the total where x is above 0.
    small = np.exp(-np.abs(x))
    total = 1 + small
    dx: FloatArray = np.maximum(small, (x > 0).astype(small.dtype))
    small *= x
    small /= total
    dx += small
    dx /= total
    dx *= dy
    return dx


def gelu(x: ArrayLike) -> FloatArray:
    r"""$$y = x\, \Phi(x), \quad \Phi(x) = \frac{1}{2} \left(1 + \operatorname{erf}
    \frac{x}{\sqrt{2}}\right)$$

    x : any shape
    Returns y : the shape of x

    Source: Hendrycks and Gimpel, arXiv 1606.08415; this is the exact form, not the one with tanh.
    """
    x = floats("x", x)
    # x Φ(x) is −|x| Φ(−|x|) where x is below 0, and elsewhere that much less than x.
    away = _within_reach(x)
    tail, _ = upper_tail(away)
    tail *= away
    y: FloatArray = _positive(x) - tail
    return y


def gelu_backward(dy: ArrayLike, x: ArrayLike) -> FloatArray:
    r"""$$\frac{\partial E}{\partial x} = \delta \left(\Phi(x) + \frac{x}{\sqrt{2 \pi}}\,
    e^{-x^2 / 2}\right)$$

    dy : the gradient δ at the result;  x : what `gelu` was given, of the same shape
    Returns dx : the shape of x
    """
    dy, x = _arriving(dy, x)
    away = _within_reach(x)
    tail, bell = upper_tail(away)
    bell *= np.copysign(away, x)
    bell += np.abs((x > 0).astype(tail.dtype) - tail)  # 1 − tail above 0, and elsewhere the tail
    bell *= dy
    return bell


def _above_one(x: FloatArray) -> FloatArray:
    """1 + e^−x, or infinite."""
    with np.errstate(over="ignore"):
        total: FloatArray = 1 + np.exp(-x)
    return total


def _positive(x: FloatArray) -> FloatArray:
    """max(0, x)"""
    return np.maximum(x, np.zeros_like(x))  # faster with an array than with a number


def _negative(x: FloatArray) -> FloatArray:
    """min(0, x)"""
    return np.minimum(x, np.zeros_like(x))


def _within_reach(x: FloatArray) -> FloatArray:
    """|x|, or 40: there the bell curve is 0, and further out the square of x might overflow."""
    return np.minimum(np.abs(x), np.full_like(x, 40))


def _slope(x: FloatArray, below: FloatArray, most: float) -> FloatArray:
    """1 where x is above 0, and elsewhere what is given, which nowhere is more than `most`."""
    above = x > 0
    if 0 <= most <= 1:
        return np.maximum(above.astype(below.dtype), below)
    return either(above, np.ones_like(below), below)


def _arriving(dy: ArrayLike, x: ArrayLike) -> tuple[FloatArray, ...]:
    """The gradient at the result, and what the activation was given, in one type."""
    dy, x = floats("dy", dy), floats("x", x)
    if dy.shape != x.shape:
        raise ShapeError(f"dy: expected the shape of x, {x.shape}, got {dy.shape}")
    return in_common_type(dy, x)


def _factor(alpha: float) -> float:
    number = floats("alpha", alpha)
    if number.ndim or not np.isfinite(number):
        raise ArrayValueError(f"alpha: expected a finite number, got {alpha!r}")
    return float(number)
