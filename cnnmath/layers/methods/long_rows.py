"""Long rows: for groups of so few kernels that unrolling takes longer than their products.

Where each channel has a kernel of its own, im2col copies every pixel mn times for a product with
one row of weights, and copies it by rows of the image, some thirty numbers at a time. Here each
element of a kernel is laid over the whole padded image as one row: what it sees from its first
place to its last is one piece of memory, L = (OH − 1)·W + OW numbers, of which the last few of
each line belong to places that reach over the edge. So copies are long, the product gives rows of
W instead of OW places, and the surplus ones are left out at the end.

The way back to x is the same with δ in zeros, and the kernels turned around. With strides it does
not work, since what an element sees in succession are then no neighbours. As many images, or as
many groups of one image, are taken at a time as the cache holds columns of.
"""

from collections.abc import Iterator

import numpy as np

from cnnmath.layers.arguments import FloatArray
from cnnmath.layers.geometry import Axes
from cnnmath.layers.methods.im2col import padded

CACHED = 2**21
"""Bytes of columns that are made at a time."""

Parts = tuple[slice, slice]
"""Which images, and which groups."""


def seen(x: FloatArray, w: FloatArray, axes: Axes, groups: int) -> FloatArray:
    """x : (N, C, H, W), w : (K, C/G, m, n), to (N, K, OH, OW)."""
    vertical, horizontal = axes
    n, share, oh, width = len(x), len(w) // groups, vertical.places, horizontal.padded_size
    kernels = w.reshape(groups, share, -1)
    y = np.empty((n, len(w), oh, horizontal.places), x.dtype)
    by_groups = y.reshape(n, groups, share, oh, horizontal.places)
    for part, columns in unrolled(x, axes, groups):
        rows = np.empty((*columns.shape[:2], share, oh * width), x.dtype)
        np.matmul(kernels[part[1]], columns, out=rows[..., : columns.shape[-1]])
        by_groups[part] = rows.reshape(*rows.shape[:3], oh, width)[..., : horizontal.places]
    return y


def returned(delta: FloatArray, w: FloatArray, axes: Axes, groups: int) -> FloatArray:
    """δ : (N, K, OH, OW), w : (K, C/G, m, n), to (N, C, H, W)."""
    k, share, m, n = w.shape
    turned = w[:, :, ::-1, ::-1].reshape(groups, k // groups, share, m, n).swapaxes(1, 2)
    kernels = np.ascontiguousarray(turned).reshape(groups * share, k // groups, m, n)
    return seen(delta, kernels, tuple(axis.turned_around for axis in axes), groups)


def met(
    delta: FloatArray, x: FloatArray, shape: tuple[int, ...], axes: Axes, groups: int
) -> FloatArray:
    """δ : (N, K, OH, OW), x : (N, C, H, W), to the shape (K, C/G, m, n), summed over images."""
    n, k, oh, ow = delta.shape
    width, share = axes[1].padded_size, k // groups
    arriving = delta.reshape(n, groups, share, oh, ow)
    found = np.zeros(shape, x.dtype)
    by_groups = found.reshape(groups, share, -1)
    for part, columns in unrolled(x, axes, groups):
        rows = np.zeros((*columns.shape[:2], share, oh, width), x.dtype)
        rows[..., :ow] = arriving[part]
        rows = rows.reshape(*rows.shape[:3], oh * width)[..., : columns.shape[-1]]
        by_groups[part[1]] += np.add.reduce(rows @ columns.swapaxes(2, 3), axis=0)
    return found


def unrolled(x: FloatArray, axes: Axes, groups: int) -> Iterator[tuple[Parts, FloatArray]]:
    """Part by part which images and groups it has, and their columns (N, G, C/G·m·n, L)."""
    (_, m, _, _, dilated, oh, _), (_, n, _, _, spread, ow, _) = axes
    around = padded(x, axes)
    images, channels, height, width = around.shape
    share, length = channels // groups, (oh - 1) * width + ow
    around = around.reshape(images, groups, share, height, width)
    *_, row, pixel = around.strides
    together = max(1, CACHED // (share * m * n * length * x.itemsize))  # groups, of all images
    for first in range(0, images, max(1, together // groups)):
        for group in range(0, groups, min(together, groups)):
            part = (
                slice(first, first + max(1, together // groups)),
                slice(group, group + min(together, groups)),
            )
            seen = around[part]
            shape = *seen.shape[:3], m, n, length
            strides = *seen.strides[:3], dilated * row, spread * pixel, pixel
            windows = np.lib.stride_tricks.as_strided(seen, shape, strides)
            yield part, windows.reshape(*seen.shape[:2], share * m * n, length)
