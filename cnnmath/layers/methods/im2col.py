"""A view of every window and one product: the general method, and the one with the fewest steps.

For each place of the kernel, a column of a matrix holds all that the kernel sees there, so that a
convolution is one product, (K × Cmn) times (Cmn × OH·OW) for each image, which NumPy does
fastest; with G groups, G products of their parts. The windows are a view of the image, which
takes no time to make; reshaping copies it into the matrix, mn times as large as the image. So few
calls of NumPy are made that arrays of some thousand numbers lose least of their time with Python.

The gradient at x is made in the same way: δ, spread by the stride, stands among so many zeros
that a window reaches from each pixel of x back to all places that saw it.
"""

import numpy as np

from cnnmath.layers.arguments import FloatArray
from cnnmath.layers.geometry import Axes


def seen(x: FloatArray, w: FloatArray, axes: Axes, groups: int = 1) -> FloatArray:
    """x : (N, C, H, W), w : (K, C/G, m, n), to (N, K, OH, OW)."""
    vertical, horizontal = axes
    (n, c, *_), k = x.shape, len(w)
    y = np.empty((n, k, vertical.places, horizontal.places), x.dtype)
    kernels = w.reshape(groups, k // groups, c // groups * vertical.kernel * horizontal.kernel)
    rows = y.reshape(n, groups, k // groups, vertical.places * horizontal.places)
    np.matmul(kernels, unrolled(x, axes, groups), out=rows)
    return y


def returned(delta: FloatArray, w: FloatArray, axes: Axes, groups: int = 1) -> FloatArray:
    """δ : (N, K, OH, OW), w : (K, C/G, m, n), to (N, C, H, W)."""
    vertical, horizontal = axes
    (n, k, *_), (_, share, *kernel) = delta.shape, w.shape
    top, left = vertical.span - 1, horizontal.span - 1
    around = np.zeros(
        (n, k, top + vertical.padded_size, left + horizontal.padded_size), delta.dtype
    )
    rows = slice(top, top + vertical.places * vertical.stride, vertical.stride)
    columns = slice(left, left + horizontal.places * horizontal.stride, horizontal.stride)
    around[:, :, rows, columns] = delta
    # An element of the kernel leads from each pixel back to the place that saw it through that.
    image, channel, row, pixel = around.strides
    steps = -vertical.dilation * row, -horizontal.dilation * pixel
    first = (top + vertical.padding) * row + (left + horizontal.padding) * pixel
    shape = n, k, *kernel, vertical.size, horizontal.size
    strides = image, channel, *steps, row, pixel
    windows = np.ndarray(shape, delta.dtype, around, first, strides)
    pixels, length = vertical.size * horizontal.size, k // groups * kernel[0] * kernel[1]
    turned = w.reshape(groups, k // groups, share, *kernel).swapaxes(1, 2)
    dx = np.empty((n, groups * share, vertical.size, horizontal.size), delta.dtype)
    np.matmul(
        turned.reshape(groups, share, length),
        windows.reshape(n, groups, length, pixels),
        out=dx.reshape(n, groups, share, pixels),
    )
    return dx


def met(
    delta: FloatArray, x: FloatArray, shape: tuple[int, ...], axes: Axes, groups: int = 1
) -> FloatArray:
    """δ : (N, K, OH, OW), x : (N, C, H, W), to the shape (K, C/G, m, n), summed over images."""
    n, k, oh, ow = delta.shape
    rows = delta.reshape(n, groups, k // groups, oh * ow)
    products = rows @ unrolled(x, axes, groups).swapaxes(2, 3)
    found: FloatArray = np.add.reduce(products.reshape(n, *shape), axis=0)
    return found


def unrolled(x: FloatArray, axes: Axes, groups: int) -> FloatArray:
    """(N, C, H, W) to (N, G, C/G·m·n, OH·OW): for each place a column of all that a kernel sees."""
    (_, m, down, _, dilated, oh, _), (_, n, across, _, spread, ow, _) = axes
    x = padded(x, axes)
    images, channels, *_ = x.shape
    image, channel, row, pixel = x.strides
    strides = image, channel, dilated * row, spread * pixel, down * row, across * pixel
    # as_strided makes the same view, in ten times as long.
    windows = np.ndarray((images, channels, m, n, oh, ow), x.dtype, x, 0, strides)
    return windows.reshape(images, groups, channels // groups * m * n, oh * ow)


def padded(x: FloatArray, axes: Axes) -> FloatArray:
    """The images with their padding, contiguous in memory; a copy only if one is needed."""
    vertical, horizontal = axes
    if not (vertical.padding or vertical.after or horizontal.padding or horizontal.after):
        return np.ascontiguousarray(x)
    around = np.zeros((*x.shape[:2], vertical.padded_size, horizontal.padded_size), x.dtype)
    around[:, :, vertical.inside, horizontal.inside] = x
    return around
