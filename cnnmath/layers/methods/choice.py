"""Which method is taken for which shape. This is the one place that decides it.

    y, and the gradient at w
        Winograd   float32, 3 × 3, no stride, no dilation, one group, C and K of 64 and more,
                   and 49 tiles of 4 × 4 or more in the batch
        slab       one group, no dilation, each pixel seen more than 9 times (5 × 5, 7 × 7 with
                   stride 2), and 128 places or more in a row of all images
        long rows  groups of at most 8 channels and 8 kernels, no stride
        im2col     all else; and whatever is tiny, since it asks least of Python
    the gradient at x
        Winograd   as above
        slab       one group, no dilation, and either no stride, pixels seen 9 times or more and
                   128 places in such a row, or a stride and pixels seen 4 times or more
        long rows  as above
        taps       a stride or a dilation, unless each channel is a group of its own; or more than
                   1000 weights for each channel
        im2col     all else

The bounds were measured with NumPy 2.4 and OpenBLAS 0.3.31 on one thread of an AMD EPYC 7003,
with some fifty shapes, methods in turn. Near a bound two methods differ by a tenth or so. Where
no bound is near: Winograd makes a quarter of the multiplications, which pays if products of
matrices take most of the time, that is with many channels; slabs copy pixels n times instead of
mn times, and pay if copies do, that is with large kernels; a product of fewer than 128 columns is
slow.
"""

import math

import numpy as np

from cnnmath.layers.arguments import FloatArray
from cnnmath.layers.geometry import Axes
from cnnmath.layers.methods import im2col, long_rows, slab, taps, winograd


def seen(x: FloatArray, w: FloatArray, axes: Axes, groups: int) -> FloatArray:
    """What every place of the kernels sees, weighted: the convolution without its bias."""
    if is_for_winograd(x, w.shape, axes, groups):
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
    if is_for_winograd(x, shape, axes, groups):
        return winograd.met(delta, x, shape, axes)
    if is_for_slabs(len(x), axes, groups):
        return slab.met(delta, x, shape, axes)
    if is_for_long_rows(shape, axes, groups):
        return long_rows.met(delta, x, shape, axes, groups)
    return im2col.met(delta, x, shape, axes, groups)


def returned(delta: FloatArray, w: FloatArray, axes: Axes, groups: int) -> FloatArray:
    """What every place gives back, through each element of the kernel, to the pixel it saw."""
    is_spread = any(axis.stride > 1 or axis.dilation > 1 for axis in axes)
    if is_for_winograd(delta, w.shape, axes, groups):
        return winograd.returned(delta, w, axes)
    if is_for_slabs_backwards(len(delta), axes, groups):
        return slab.returned(delta, w, axes)
    if is_for_long_rows(w.shape, axes, groups):
        return long_rows.returned(delta, w, axes, groups)
    if (is_spread and w.shape[1] > 1) or w.size > 1000 * w.shape[1] * groups:
        return taps.returned(delta, w, axes, groups)
    return im2col.returned(delta, w, axes, groups)


def is_for_winograd(x: FloatArray, shape: tuple[int, ...], axes: Axes, groups: int) -> bool:
    return (
        min(shape[:2]) >= 64
        and groups == 1
        and x.dtype == np.float32
        and all(axis.kernel == 3 and axis.stride == axis.dilation == 1 for axis in axes)
        and all(
            axis.padding <= 2 for axis in axes
        )  # or more zeros would be seen than the kernel has
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
