"""Which method is taken for which shape. This is the one place that decides it.

From the top, the first line that a convolution fits is taken. In brackets: how many times faster
than what it would else be, where the difference is largest.

    y (the function `seen`)
        Winograd   3 × 3 with C and K of 64 and more, or 5 × 5 with C and K from 32 to 64: float32,
                   no stride, no dilation, one group, padding less than the kernel, and 49 tiles of
                   4 × 4 or more in the batch. With many channels products take most of the time,
                   and it makes a quarter or a sixth of the multiplications (1.7). Beyond 64
                   channels 5 × 5 are not exact enough.
        slab       one group, no dilation, each pixel seen more than 9 times (5 × 5, 7 × 7 with
                   stride 2; 3 × 3 is 9 and not more), and 128 places or more in N·OW, the rows of
                   all images side by side. Each pixel is copied n times instead of mn times, which
                   takes most of the time if kernels are large and channels few; but products of
                   fewer than 128 columns are slow (2.1).
        long rows  two groups and more, of at most 8 channels and 8 kernels, no stride, padding less
                   than the kernel spans. There is next to nothing to multiply, and it copies in
                   longer pieces (2.0).
        im2col     all else: it asks least of Python
    the gradient at w (`met`)
        as for y, but for Winograd with 5 × 5, which is not exact enough there
    the gradient at x (`returned`)
        Winograd   as for y
        slab       one group, no dilation, and either no stride, pixels seen 9 times or more (so
                   3 × 3 too) and 128 places in N·OW, or a stride and pixels seen 4 times or more
        long rows  as for y
        taps       a stride or a dilation, unless each channel is a group of its own, since im2col
                   would multiply by the zeros between (1.5); and more than 1000 weights for each
                   channel, K·m·n/G, as many as it would copy for each pixel
        im2col     all else

Of a transposed convolution `returned` gives y, and `seen` the gradient at x.

The bounds were measured with NumPy 2.4 and OpenBLAS 0.3.31 on one thread of an AMD EPYC 7003,
with some fifty shapes, methods in turn. Near a bound two methods differ by a tenth or so.
"""

import math

import numpy as np

from cnnmath.layers.arguments import FloatArray
from cnnmath.layers.geometry import Axes
from cnnmath.layers.methods import im2col, long_rows, slab, taps, winograd

Bounds = dict[int, tuple[float, float]]
"""For kernels of a size how many channels, and how many kernels, there are at least and at most."""

THREE: Bounds = {3: (64, math.inf)}
FIVE: Bounds = {5: (32, 64)}


def seen(x: FloatArray, w: FloatArray, axes: Axes, groups: int) -> FloatArray:
    """What every place of the kernels sees, weighted: the convolution without its bias."""
    if is_for_winograd(x, w.shape, axes, groups, kernels=THREE | FIVE):
        return winograd.seen(x, w, axes)
    if is_for_slabs(len(x), axes, groups):
        return slab.seen(x, w, axes)
    if is_for_long_rows(w.shape, axes, groups):
        return long_rows.seen(x, w, axes, groups)
    return im2col.seen(x, w, axes, groups)


def met(
    delta: FloatArray, x: FloatArray, shape: tuple[int, ...], axes: Axes, groups: int
) -> FloatArray:
    """For every element of the kernels all that it met, times what its place is given."""
    if is_for_winograd(x, shape, axes, groups, kernels=THREE):
        return winograd.met(delta, x, shape, axes)
    if is_for_slabs(len(x), axes, groups):
        return slab.met(delta, x, shape, axes)
    if is_for_long_rows(shape, axes, groups):
        return long_rows.met(delta, x, shape, axes, groups)
    return im2col.met(delta, x, shape, axes, groups)


def returned(delta: FloatArray, w: FloatArray, axes: Axes, groups: int) -> FloatArray:
    """What every place gives back, through each element of the kernel, to the pixel it saw."""
    is_spread = any(axis.stride > 1 or axis.dilation > 1 for axis in axes)
    if is_for_winograd(delta, w.shape, axes, groups, kernels=THREE | FIVE):
        return winograd.returned(delta, w, axes)
    if is_for_slabs_backwards(len(delta), axes, groups):
        return slab.returned(delta, w, axes)
    if is_for_long_rows(w.shape, axes, groups):
        return long_rows.returned(delta, w, axes, groups)
    if (is_spread and w.shape[1] > 1) or w.size > 1000 * w.shape[1] * groups:
        return taps.returned(delta, w, axes, groups)
    return im2col.returned(delta, w, axes, groups)


def is_for_winograd(
    x: FloatArray, shape: tuple[int, ...], axes: Axes, groups: int, *, kernels: Bounds
) -> bool:
    channels = shape[:2]
    least, most = kernels.get(axes[0].kernel, (math.inf, 0))
    return (
        least <= min(channels)
        and max(channels) <= most
        and groups == 1
        and x.dtype == np.float32
        and axes[0].kernel == axes[1].kernel
        and all(axis.stride == axis.dilation == 1 for axis in axes)
        # or the way back would have a negative padding:
        and all(max(axis.padding, axis.after) < axis.kernel for axis in axes)
        and len(x) * math.prod(map(winograd.tiles_along, axes)) >= 49
    )


def is_for_long_rows(shape: tuple[int, ...], axes: Axes, groups: int) -> bool:
    return (
        groups > 1
        and max(shape[1], shape[0] // groups) <= 8
        and all(axis.stride == 1 and max(axis.padding, axis.after) < axis.span for axis in axes)
    )


def is_for_slabs(images: int, axes: Axes, groups: int) -> bool:
    return groups == 1 and times_seen(axes) > 9 and images * axes[1].places >= 128


def is_for_slabs_backwards(images: int, axes: Axes, groups: int) -> bool:
    if groups > 1 or not (times := times_seen(axes)):
        return False
    is_strided = axes[0].stride * axes[1].stride > 1
    return times >= 4 if is_strided else times >= 9 and images * axes[1].places >= 128


def times_seen(axes: Axes) -> float:
    """By how many places a pixel is seen; 0 for dilated kernels, which slabs are not made for."""
    if axes[0].dilation * axes[1].dilation > 1:
        return 0
    return math.prod(axis.kernel / axis.stride for axis in axes)
