"""A convolution and its two gradients as products of matrices, for what `convolution.py` and
`transposed.py` have checked.

Channels and kernels come in groups, of which each kernel sees one; in what follows G is their
number. The three are the same sum of products w·x·δ, taken over two of the three.
"""

import math
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from cnnmath.layers.arguments import FloatArray
from cnnmath.layers.geometry import Axis

Axes = tuple[Axis, ...]


def seen(x: FloatArray, w: FloatArray, axes: Axes, groups: int) -> FloatArray:
    """What every place of the kernels sees, weighted: the convolution without its bias.

    x : (N, C, H, W), w : (K, C/G, m, n)

    Returns (N, K, OH, OW).
    """
    y = np.empty((len(x), len(w), *(axis.places for axis in axes)), x.dtype)
    weights = by_group(flat(w, keep=1), groups, axis=0)
    np.matmul(weights, unrolled(x, axes, groups), out=by_group(flat(y, keep=2), groups, axis=1))
    return y


def returned(delta: FloatArray, w: FloatArray, axes: Axes, groups: int) -> FloatArray:
    """What every place returns, through each element of the kernel, to the pixel that it saw.

    delta : (N, K, OH, OW), w : (K, C/G, m, n)

    Returns (N, C, H, W).
    """
    vertical, horizontal = axes
    padded = zeros(len(delta), groups * w.shape[1], axes, delta.dtype)
    arriving = by_group(flat(delta, keep=2), groups, axis=1)
    for s, t in np.ndindex(w.shape[2:]):
        pixels = padded[:, :, vertical.seen_by(s), horizontal.seen_by(t)]
        weights = by_group(w[:, :, s, t], groups, axis=0).swapaxes(1, 2)
        pixels += (weights @ arriving).reshape(pixels.shape)
    return padded[:, :, vertical.inside, horizontal.inside].copy()


def met(
    delta: FloatArray, x: FloatArray, shape: tuple[int, ...], axes: Axes, groups: int
) -> FloatArray:
    """For every element of the kernels all that it met, times what its place is given.

    delta : (N, K, OH, OW), x : (N, C, H, W), shape : (K, C/G, m, n)

    Returns an array of that shape, summed over places and images.
    """
    arriving = by_group(flat(delta, keep=2), groups, axis=1)
    products = arriving @ unrolled(x, axes, groups).swapaxes(2, 3)
    found: FloatArray = products.reshape(len(x), *shape).sum(axis=0)
    return found


def unrolled(x: FloatArray, axes: Axes, groups: int) -> FloatArray:
    """(N, C, H, W) to (N, G, C/G·m·n, OH·OW): for each place a column of all that the kernel sees.

    This makes a convolution a product of matrices, which NumPy does fastest.
    """
    vertical, horizontal = axes
    padded = zeros(x.shape[0], x.shape[1], axes, x.dtype)
    padded[:, :, vertical.inside, horizontal.inside] = x
    windows = sliding_window_view(padded, (vertical.span, horizontal.span), axis=(2, 3))
    # The first element of the kernel meets the first pixel of each window.
    rows, columns = vertical.seen_by(0), horizontal.seen_by(0)
    windows = windows[:, :, rows, columns, :: vertical.dilation, :: horizontal.dilation]
    n, c, oh, ow, kernel_height, kernel_width = windows.shape
    own = windows.transpose(0, 1, 4, 5, 2, 3)
    return own.reshape(n, groups, c // groups * kernel_height * kernel_width, oh * ow)


def zeros(n: int, c: int, axes: Axes, dtype: np.dtype[Any]) -> FloatArray:
    """A batch of black images, with room for the padding."""
    return np.zeros((n, c, *(axis.padded_size for axis in axes)), dtype)


def flat(array: FloatArray, *, keep: int) -> FloatArray:
    """All axes after the first `keep` as one. Its size is given: empty arrays do not allow -1."""
    return array.reshape(*array.shape[:keep], math.prod(array.shape[keep:]))


def by_group(array: FloatArray, groups: int, axis: int) -> FloatArray:
    """One axis as two, of which the first is the group."""
    shape = array.shape
    return array.reshape(*shape[:axis], groups, shape[axis] // groups, *shape[axis + 1 :])
