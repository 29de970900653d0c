"""Activations and their gradients, for arrays of any shape.

Each `f(x)` applies to every number by itself, and `f_backward(dy, x)` takes the gradient dy that
arrives at its result back to x: dy times the slope of f at x. float32 stays float32, mixed types
promote as in NumPy, integers and booleans become float64. No finite number overflows on the way.
All raise ArrayValueError if an array does not hold real numbers, and the gradients ShapeError if dy
and x differ in shape.
"""

import math

import numpy as np
from numpy.typing import ArrayLike

from cnnmath.errors import ArrayValueError, ShapeError
from cnnmath.layers.arguments import FloatArray, floats, in_common_type
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
    x = floats("x", x)
    # e to a large power would overflow: e^x and 1 are both multiplied by e^−x where x is above 0.
    y: FloatArray = np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))
    return y


def sigmoid_backward(dy: ArrayLike, x: ArrayLike) -> FloatArray:
    r"""$$\frac{\partial E}{\partial x} = \delta\, y\, (1 - y)$$

    dy : the gradient δ at the result;  x : what `sigmoid` was given, of the same shape
    Returns dx : the shape of x
    """
    dy, x = _arriving(dy, x)
    # y (1 − y) is the same for x and −x, and so written keeps its digits where y is nearly 1.
    small = np.exp(-np.abs(x))
    dx: FloatArray = dy * (small / (1 + small) ** 2)
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
    small = np.exp(-np.abs(x))
    dx: FloatArray = dy * (2 * small / (1 + small**2)) ** 2
    return dx


def relu(x: ArrayLike) -> FloatArray:
    r"""$$y = \max(0, x)$$

    x : any shape
    Returns y : the shape of x; NaN stays NaN

    Source: Nair and Hinton, Rectified linear units improve restricted Boltzmann machines (2010).
    """
    x = floats("x", x)
    return np.maximum(x, np.zeros_like(x))  # faster with an array than with a number


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
    x = floats("x", x)
    return either(x > 0, x, _factor(alpha) * x)


def leaky_relu_backward(dy: ArrayLike, x: ArrayLike, *, alpha: float = 0.01) -> FloatArray:
    r"""$$\frac{\partial E}{\partial x} = \delta \text{ where } x > 0, \quad \alpha \delta
    \text{ elsewhere}$$

    dy : the gradient δ at the result;  x, alpha : what `leaky_relu` was given
    Returns dx : the shape of x
    """
    dy, x = _arriving(dy, x)
    return either(x > 0, dy, _factor(alpha) * dy)


def elu(x: ArrayLike, *, alpha: float = 1.0) -> FloatArray:
    r"""$$y = x \text{ where } x > 0, \quad \alpha (e^x - 1) \text{ elsewhere}$$

    x : any shape;  alpha : −α is what large negative numbers come near to
    Returns y : the shape of x

    Raises ArrayValueError also if alpha is not a finite number.

    Source: Clevert, Unterthiner and Hochreiter, arXiv 1511.07289.
    """
    x = floats("x", x)
    return either(x > 0, x, _factor(alpha) * np.expm1(np.minimum(x, 0)))


def elu_backward(dy: ArrayLike, x: ArrayLike, *, alpha: float = 1.0) -> FloatArray:
    r"""$$\frac{\partial E}{\partial x} = \delta \text{ where } x > 0, \quad \alpha \delta e^x
    \text{ elsewhere}$$

    dy : the gradient δ at the result;  x, alpha : what `elu` was given
    Returns dx : the shape of x
    """
    dy, x = _arriving(dy, x)
    return either(x > 0, dy, _factor(alpha) * dy * np.exp(np.minimum(x, 0)))


def softplus(x: ArrayLike) -> FloatArray:
    r"""$$y = \log(1 + e^x)$$

    x : any shape
    Returns y : the shape of x

    Source: Dugas et al., Incorporating second-order functional knowledge (2001).
    """
    x = floats("x", x)
    y: FloatArray = np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))
    return y


def softplus_backward(dy: ArrayLike, x: ArrayLike) -> FloatArray:
    r"""$$\frac{\partial E}{\partial x} = \frac{\delta}{1 + e^{-x}}$$

    dy : the gradient δ at the result;  x : what `softplus` was given, of the same shape
    Returns dx : the shape of x
    """
    dy, x = _arriving(dy, x)
    return dy * sigmoid(x)


def silu(x: ArrayLike) -> FloatArray:
    r"""$$y = \frac{x}{1 + e^{-x}}$$

    x : any shape
    Returns y : the shape of x

    Source: Elfwing, Uchibe and Doya, arXiv 1702.03118.
    """
    x = floats("x", x)
    return x * sigmoid(x)


def silu_backward(dy: ArrayLike, x: ArrayLike) -> FloatArray:
    r"""$$\frac{\partial E}{\partial x} = \delta\, \sigma(x)\, (1 + x\, \sigma(-x)),
    \quad \sigma(x) = \frac{1}{1 + e^{-x}}$$

    dy : the gradient δ at the result;  x : what `silu` was given, of the same shape
    Returns dx : the shape of x
    """
    dy, x = _arriving(dy, x)
    return dy * sigmoid(x) * (1 + x * sigmoid(-x))


def gelu(x: ArrayLike) -> FloatArray:
    r"""$$y = x\, \Phi(x), \quad \Phi(x) = \frac{1}{2} \left(1 + \operatorname{erf}
    \frac{x}{\sqrt{2}}\right)$$

    x : any shape
    Returns y : the shape of x

    Source: Hendrycks and Gimpel, arXiv 1606.08415; this is the exact form, not the one with tanh.
    """
    x = floats("x", x)
    return x * _normal_probability(x)


def gelu_backward(dy: ArrayLike, x: ArrayLike) -> FloatArray:
    r"""$$\frac{\partial E}{\partial x} = \delta \left(\Phi(x) + \frac{x}{\sqrt{2 \pi}}\,
    e^{-x^2 / 2}\right)$$

    dy : the gradient δ at the result;  x : what `gelu` was given, of the same shape
    Returns dx : the shape of x
    """
    dy, x = _arriving(dy, x)
    reach = np.clip(x, -40, 40)  # further out the bell curve is 0, but x² may overflow
    bell = np.exp(-(reach**2) / 2) / math.sqrt(2 * math.pi)
    return dy * (_normal_probability(x) + reach * bell)


# NumPy has no error function. erfc keeps its digits where the probability is nearly 0.
_erfc = np.vectorize(math.erfc, otypes=[np.float64])


def _normal_probability(x: FloatArray) -> FloatArray:
    """How probable it is that a normally distributed number is smaller than x."""
    probability: FloatArray = _erfc(x * -math.sqrt(0.5)) / 2
    return probability.astype(x.dtype)


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
