"""What a network's scores are worth: the softmax of them, and the cross-entropy of that."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnmath.errors import ArrayValueError, ShapeError
from cnnmath.layers.arguments import FloatArray, floats_of

__all__ = ["cross_entropy", "cross_entropy_backward", "softmax"]


def softmax(z: ArrayLike) -> FloatArray:
    r"""Make of each example's scores probabilities, which add up to 1.

    $$p_d = \frac{e^{z_d - m}}{\sum_c e^{z_c - m}}, \qquad m = \max_c z_c$$

    The largest score is subtracted from all, which changes nothing but keeps the powers finite.

    z : (N, D), the scores of N examples

    Returns p : (N, D). float32 stays float32, integers and booleans become float64.

    Raises ShapeError if z is not (N, D), or has no scores to compare; ArrayValueError if it does
    not hold real numbers.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), equation 6.29 and section 4.1.
    """
    powers = np.exp(_below_the_largest(z))
    p: FloatArray = powers / powers.sum(axis=1, keepdims=True)
    return p


def cross_entropy(z: ArrayLike, labels: ArrayLike) -> float:
    r"""How surprised the scores are by the labels: the mean of −log p over the batch.

    $$E = \frac{1}{N} \sum_n -\log p^{(n)}_{t_n}
        = \frac{1}{N} \sum_n \Bigl( \log \sum_c e^{z^{(n)}_c} - z^{(n)}_{t_n} \Bigr)$$

    It is calculated by the second form, in which a small probability does not vanish.

    z : (N, D), the scores, before the softmax
    labels : (N,), the right class of each example, whole numbers from 0 to D − 1

    Raises ShapeError if z is not (N, D) or labels not (N,), or if the batch is empty;
    ArrayValueError if z does not hold real numbers, or a label is none of the classes.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.2.2.3.
    """
    below = _below_the_largest(z)
    chosen = _chosen(labels, below.shape)
    return float((np.log(np.exp(below).sum(axis=1)) - below[chosen]).mean())


def cross_entropy_backward(z: ArrayLike, labels: ArrayLike) -> FloatArray:
    r"""The gradient of `cross_entropy` at the scores.

    $$\frac{\partial E}{\partial z^{(n)}_d} = \frac{1}{N} \bigl(p^{(n)}_d - [d = t_n]\bigr)$$

    z : (N, D), labels : (N,) : as given to `cross_entropy`

    Returns dz : (N, D), of the type of the scores.

    Raises what `cross_entropy` raises.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.2.2.3, differentiated.
    """
    dz = softmax(z)
    dz[_chosen(labels, dz.shape)] -= 1
    dz /= len(dz)
    return dz


def _below_the_largest(z: ArrayLike) -> FloatArray:
    z = floats_of("z", z, ("N", "D"))
    if not z.shape[1]:
        raise ShapeError(f"z: expected at least one score for each example, got shape {z.shape}")
    # What is too far below is −∞, whose power is 0; beside +∞ there is nothing to tell: NaN.
    with np.errstate(over="ignore", invalid="ignore"):
        below: FloatArray = z - z.max(axis=1, keepdims=True)
    return below


def _chosen(labels: ArrayLike, shape: tuple[int, ...]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where the score of the right class of each example stands."""
    count, classes = shape
    given = np.asarray(labels)
    if given.shape != (count,) or not count:
        raise ShapeError(
            f"labels: expected shape ({count},), one for each of at least one example, "
            f"got {given.shape}"
        )
    if given.dtype.kind not in "iu":
        raise ArrayValueError(f"labels: expected whole numbers, got {given.dtype}")
    if wrong := [int(label) for label in given if not 0 <= label < classes]:
        raise ArrayValueError(f"labels: expected classes from 0 to {classes - 1}, got {wrong[0]}")
    return np.arange(count), given.astype(np.intp)
