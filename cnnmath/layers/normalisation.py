"""Normalisation: numbers that belong together get the mean 0 and the spread 1, and then a scale and
a shift that are learnt. Over a batch, channel by channel; or within each example.

Sums are taken as products, with ones or with the other array, since those are what NumPy adds up
fastest: of images as (N, C, HW), of examples as (N, U). What is centred once is then scaled and
shifted in place.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from cnnmath.errors import ArrayValueError, ShapeError
from cnnmath.layers.arguments import (
    FloatArray,
    arriving,
    floats,
    floats_of,
    in_common_type,
    one_each,
)

__all__ = [
    "batch_norm2d",
    "batch_norm2d_backward",
    "layer_norm",
    "layer_norm_backward",
    "running_statistics",
]

_OF_A_CHANNEL = (0, 2, 3)


def batch_norm2d(
    x: ArrayLike,
    gamma: ArrayLike,
    beta: ArrayLike,
    *,
    mean: ArrayLike | None = None,
    variance: ArrayLike | None = None,
    eps: float = 1e-5,
) -> FloatArray:
    r"""Normalise each channel over all its pixels in all images, then scale and shift it.

    $$y = \gamma\, \frac{x - \mu}{\sigma} + \beta, \qquad
      \mu = \frac{1}{L} \sum x, \qquad
      \sigma = \sqrt{\frac{1}{L} \sum (x - \mu)^2 + \varepsilon}$$

    with sums over the L = NHW numbers of the channel. So it is in training. To use what has been
    learnt, give mean and variance, as `running_statistics` has gathered them: then these take the
    place of the batch's own, and no image depends on another.

    x : (N, C, H, W), a batch of N images with C channels
    gamma, beta : (C,), a scale and a shift for each channel
    mean, variance : (C,), both or neither
    eps : ε, above 0, which is added to the variance

    Returns y : (N, C, H, W). float32 stays float32, mixed types promote as in NumPy, integers and
    booleans become float64. A channel whose numbers are all the same becomes its shift.

    Raises ShapeError if x does not have four axes, another array is not (C,), or there is nothing
    in a channel to take a mean of.
    Raises ArrayValueError if an array does not hold real numbers, a variance is below 0, eps is
    not a number above 0, or only one of mean and variance is given.

    Source: Ioffe and Szegedy, Batch normalization (2015), arXiv 1502.03167, algorithms 1 and 2.
    """
    x, gamma, statistics = _batch_norm_arguments(x, gamma, mean, variance)
    beta = one_each("beta", beta, "C", x.shape[1], "channel of x")
    x, gamma, beta, *given = in_common_type(x, gamma, beta, *statistics)
    y, scale = _centred(_planes(x), eps, given)
    scale *= gamma
    y *= scale[:, np.newaxis]
    y += beta[:, np.newaxis]
    return y.reshape(x.shape)


def batch_norm2d_backward(
    dy: ArrayLike,
    x: ArrayLike,
    gamma: ArrayLike,
    *,
    mean: ArrayLike | None = None,
    variance: ArrayLike | None = None,
    eps: float = 1e-5,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    r"""Take the gradient of an error E from the result of `batch_norm2d` back to x, γ and β.

    With $\delta = \partial E / \partial y$, $\hat x = (x - \mu)/\sigma$, and a bar for the mean
    over the numbers of a channel,

    $$\frac{\partial E}{\partial x} = \frac{\gamma}{\sigma}
        \left(\delta - \bar\delta - \hat x\, \overline{\delta \hat x}\right), \qquad
      \frac{\partial E}{\partial \gamma} = \sum \delta\, \hat x, \qquad
      \frac{\partial E}{\partial \beta} = \sum \delta$$

    Where mean and variance are given they do not depend on x, and only $\gamma\, \delta / \sigma$
    is left of the first.

    dy : (N, C, H, W), the gradient δ at the result of `batch_norm2d`
    x : (N, C, H, W), gamma, mean, variance, eps : as given to `batch_norm2d`

    Returns dx : (N, C, H, W), dgamma : (C,), dbeta : (C,), all of the type that the arrays have in
    common.

    Raises ShapeError if dy does not have the shape of x, and both errors wherever `batch_norm2d`
    does.

    Source: Ioffe and Szegedy, arXiv 1502.03167, section 3, put together.
    """
    x, gamma, statistics = _batch_norm_arguments(x, gamma, mean, variance)
    dy = arriving("batch_norm2d", dy, ("N", "C", "H", "W"), x.shape, x=x)
    dy, x, gamma, *given = in_common_type(dy, x, gamma, *statistics)
    delta = _planes(dy)
    centred, scale = _centred(_planes(x), eps, given)
    dgamma, dbeta = scale * _sums(delta, centred), _sums(delta)
    dx = centred
    if given:
        np.multiply(delta, (scale * gamma)[:, np.newaxis], out=dx)
    else:
        count = max(1, x.size // max(1, len(gamma)))
        dx *= (scale * dgamma / -count)[:, np.newaxis]
        dx += delta
        dx -= (dbeta / count)[:, np.newaxis]
        dx *= (scale * gamma)[:, np.newaxis]
    return dx.reshape(x.shape), dgamma, dbeta


def running_statistics(
    x: ArrayLike, mean: ArrayLike, variance: ArrayLike, *, momentum: float = 0.1
) -> tuple[FloatArray, FloatArray]:
    r"""Move the mean and the variance of each channel a little towards those of a batch.

    $$\mu' = (1 - \alpha)\, \mu + \alpha\, \mu_B, \qquad
      v' = (1 - \alpha)\, v + \alpha\, \frac{L}{L - 1}\, v_B$$

    with the momentum α and the L = NHW numbers of the channel. The variance of a sample is too
    small by (L − 1)/L on average, which is put right here, as in PyTorch; `batch_norm2d` divides
    by L.

    x : (N, C, H, W), a batch of N images with C channels
    mean, variance : (C,), as they were before; zeros and ones to begin with
    momentum : α, from 0 to 1, the weight of this batch

    Returns mean : (C,), variance : (C,), new arrays.

    Raises ShapeError if x does not have four axes or a channel fewer than two numbers, or mean or
    variance is not (C,); ArrayValueError if an array does not hold real numbers, a variance is
    below 0, or momentum is not a number from 0 to 1.

    Source: Ioffe and Szegedy, arXiv 1502.03167, algorithm 2.
    """
    x = floats_of("x", x, ("N", "C", "H", "W"))
    statistics = _statistics(mean, variance, x.shape[1])
    if x.shape[1] and x.size // x.shape[1] < 2:
        raise ShapeError(
            "x: expected at least two numbers in each channel, or there is no variance to learn "
            f"of, got shape {x.shape}"
        )
    weight = floats_of("momentum", momentum, ())
    if not 0 <= weight <= 1:
        raise ArrayValueError(f"momentum: expected a number from 0 to 1, got {momentum!r}")
    x, old_mean, old_variance = in_common_type(x, *statistics)
    alpha = weight.astype(x.dtype)
    return (
        old_mean + alpha * (x.mean(axis=_OF_A_CHANNEL) - old_mean),
        old_variance + alpha * (x.var(axis=_OF_A_CHANNEL, ddof=1) - old_variance),
    )


def layer_norm(x: ArrayLike, gamma: ArrayLike, beta: ArrayLike, *, eps: float = 1e-5) -> FloatArray:
    r"""Normalise the numbers of each example among themselves, then scale and shift each.

    $$y = \gamma\, \frac{x - \mu}{\sigma} + \beta$$

    with the mean μ and the spread $\sigma = \sqrt{v + \varepsilon}$ of the example's own numbers,
    those along the last axes of x, as many as gamma has. No example depends on another, and so
    training and use are one.

    x : (N, U), (N, C, H, W) or any other shape that ends in that of gamma
    gamma, beta : (U,), (C, H, W), …, a scale and a shift for each number of an example
    eps : ε, above 0, which is added to the variance

    Returns y : the shape of x. float32 stays float32, mixed types promote as in NumPy, integers
    and booleans become float64. An example whose numbers are all the same becomes beta.

    Raises ShapeError if gamma has no axis or no number, x does not end in the axes of gamma, or
    beta does not have the shape of gamma.
    Raises ArrayValueError if an array does not hold real numbers, or eps is not a number above 0.

    Source: Ba, Kiros and Hinton, Layer normalization (2016), arXiv 1607.06450, equation 4.
    """
    x, gamma = _layer_norm_arguments(x, gamma)
    beta = floats("beta", beta)
    if beta.shape != gamma.shape:
        raise ShapeError(f"beta: expected the shape of gamma, {gamma.shape}, got {beta.shape}")
    x, gamma, beta = in_common_type(x, gamma, beta)
    y, _ = _hat(x.reshape(-1, gamma.size), eps)
    y *= gamma.reshape(-1)
    y += beta.reshape(-1)
    return y.reshape(x.shape)


def layer_norm_backward(
    dy: ArrayLike, x: ArrayLike, gamma: ArrayLike, *, eps: float = 1e-5
) -> tuple[FloatArray, FloatArray, FloatArray]:
    r"""Take the gradient of an error E from the result of `layer_norm` back to x, γ and β.

    With $g = \gamma\, \partial E / \partial y$, $\hat x = (x - \mu)/\sigma$, and a bar for the
    mean over the numbers of an example,

    $$\frac{\partial E}{\partial x} = \frac{1}{\sigma}
        \left(g - \bar g - \hat x\, \overline{g \hat x}\right)$$

    γ and β get the sums over all examples of $\hat x\, \partial E / \partial y$ and of
    $\partial E / \partial y$.

    dy : the shape of x, the gradient at the result of `layer_norm`
    x, gamma, eps : as given to `layer_norm`

    Returns dx : the shape of x, dgamma and dbeta : the shape of gamma, all of the type that dy, x
    and gamma have in common.

    Raises ShapeError if dy does not have the shape of x, and both errors wherever `layer_norm`
    does.

    Source: the equation of `layer_norm`, differentiated.
    """
    x, gamma = _layer_norm_arguments(x, gamma)
    dy = arriving("layer_norm", dy, ("…",) * x.ndim, x.shape, x=x)
    dy, x, gamma = in_common_type(dy, x, gamma)
    shape, numbers = gamma.shape, gamma.size
    delta, gamma = dy.reshape(-1, numbers), gamma.reshape(-1)
    hat, scale = _hat(x.reshape(-1, numbers), eps)
    products = delta * hat
    dgamma, dbeta = np.add.reduce(products, axis=0), np.add.reduce(delta, axis=0)
    along, mean = products @ gamma / numbers, delta @ gamma / numbers  # of g x̂, and of g
    dx = hat
    dx *= -along[:, np.newaxis]
    dx -= mean[:, np.newaxis]
    dx += np.multiply(delta, gamma, out=products)
    dx *= scale[:, np.newaxis]
    return dx.reshape(x.shape), dgamma.reshape(shape), dbeta.reshape(shape)


def _centred(
    planes: FloatArray, eps: float, given: Sequence[FloatArray]
) -> tuple[FloatArray, FloatArray]:
    """(N, C, HW) less the mean of each channel, and 1/σ of each channel (C,); by statistics that
    are given, mean and variance, or by their own.
    """
    added = _added(eps, planes.dtype)
    count = planes.shape[0] * planes.shape[2]
    mean = given[0] if given else _sums(planes) / count
    centred = planes - mean[:, np.newaxis]
    variance = given[1] if given else _sums(centred, centred) / count
    return centred, 1 / np.sqrt(variance + added)


def _hat(rows: FloatArray, eps: float) -> tuple[FloatArray, FloatArray]:
    """(N, U) with mean 0 and spread 1 in each row, and 1/σ of each row."""
    added = _added(eps, rows.dtype)
    numbers = rows.shape[1]
    hat = rows - (rows @ np.full(numbers, 1 / numbers, rows.dtype))[:, np.newaxis]
    scale = 1 / np.sqrt(np.vecdot(hat, hat) / numbers + added)
    hat *= scale[:, np.newaxis]
    return hat, scale


def _added(eps: float, dtype: np.dtype[Any]) -> FloatArray:
    """What is added to the variance."""
    added = floats_of("eps", eps, ())
    if not 0 < added < np.inf:
        raise ArrayValueError(f"eps: expected a number above 0, got {eps!r}")
    return added.astype(dtype)


def _sums(planes: FloatArray, others: FloatArray | None = None) -> FloatArray:
    """(N, C, HW) added up for each channel, alone or each number times the other; (C,)."""
    if others is None:
        found = planes @ np.ones(planes.shape[2], planes.dtype)
    else:
        found = np.vecdot(planes, others)
    sums: FloatArray = np.add.reduce(found, axis=0)
    return sums


def _planes(images: FloatArray) -> FloatArray:
    """(N, C, H, W) to (N, C, HW)."""
    n, c, h, w = images.shape
    return images.reshape(n, c, h * w)


def _batch_norm_arguments(
    x: ArrayLike, gamma: ArrayLike, mean: ArrayLike | None, variance: ArrayLike | None
) -> tuple[FloatArray, FloatArray, tuple[FloatArray, ...]]:
    x = floats_of("x", x, ("N", "C", "H", "W"))
    gamma = one_each("gamma", gamma, "C", x.shape[1], "channel of x")
    if mean is not None and variance is not None:
        return x, gamma, _statistics(mean, variance, x.shape[1])
    if mean is not None or variance is not None:
        missing = "mean" if mean is None else "variance"
        raise ArrayValueError(f"{missing}: expected mean and variance, or neither of them")
    if x.shape[1] and not x.size:
        raise ShapeError(
            f"x: expected at least one number in each channel, got shape {x.shape}; give mean and "
            "variance to normalise an empty batch"
        )
    return x, gamma, ()


def _statistics(
    mean: ArrayLike, variance: ArrayLike, channels: int
) -> tuple[FloatArray, FloatArray]:
    mean = one_each("mean", mean, "C", channels, "channel of x")
    variance = one_each("variance", variance, "C", channels, "channel of x")
    if (variance < 0).any():
        raise ArrayValueError(f"variance: expected no number below 0, got {variance.min()}")
    return mean, variance


def _layer_norm_arguments(x: ArrayLike, gamma: ArrayLike) -> tuple[FloatArray, FloatArray]:
    x, gamma = floats("x", x), floats("gamma", gamma)
    if not gamma.size or not gamma.ndim:
        raise ShapeError(
            "gamma: expected a scale for each number of an example, at least one, got shape "
            f"{gamma.shape}"
        )
    if x.shape[-gamma.ndim :] != gamma.shape:
        raise ShapeError(
            f"x: expected a shape that ends in that of gamma, {gamma.shape}, got {x.shape}"
        )
    return x, gamma
