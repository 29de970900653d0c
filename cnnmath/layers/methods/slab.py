"""Rows of the image as slabs: for kernels that see each pixel many times.

What the columns of a kernel see of one row of the image is laid out once: (C·n × OW·N) for n
columns, whole batch side by side. These slabs lie one below the other in memory, and so m of them
in succession already are the matrix (m·C·n × OW·N) that a row of results is made from: matrices
of neighbouring rows overlap, and nothing is copied for it. One product for all rows then makes
(OH, K, OW·N) of the kernels (K × m·C·n). Each pixel is copied n times, where im2col copies it mn
times.

The way back to x is the same with δ: m slabs (K × OW·N) in succession are all that gives back to
one row of x; a product with the kernels gives (C·n × OW·N), and the n columns are added up, each
where it was taken from. With a stride S the rows of x fall into S kinds, and each is reached by
its own elements of the kernel.

The batch is taken in parts of which the slabs stay in the cache. Within a row the images are the
last axis where rows are short, so that copies are long.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from cnnmath.layers.arguments import FloatArray
from cnnmath.layers.geometry import Axes
from cnnmath.layers.methods.im2col import padded

CACHED = 2**19
"""Bytes of slabs that are made at a time."""

NARROW = 128
"""Columns that a product has at least, if the batch has as many: narrower ones are slow."""

SHORT = 16
"""A row of fewer places is short."""

MANY = 16
"""So many channels are many."""


def seen(x: FloatArray, w: FloatArray, axes: Axes) -> FloatArray:
    """x : (N, C, H, W), w : (K, C, m, n), to (N, K, OH, OW)."""
    vertical, horizontal = axes
    kernels = w.swapaxes(1, 2).reshape(len(w), -1)
    y = np.empty((len(x), len(w), vertical.places, horizontal.places), x.dtype)
    for part in parts(len(x), x[:1].nbytes, axes):
        rows = kernels @ in_succession(slabs(x[part], axes), vertical.kernel, vertical.stride)
        y[part] = of_places(rows, axes, len(x[part])).transpose(3, 1, 0, 2)
    return y


def returned(delta: FloatArray, w: FloatArray, axes: Axes) -> FloatArray:
    """δ : (N, K, OH, OW), w : (K, C, m, n), to (N, C, H, W)."""
    vertical, horizontal = axes
    (k, c, m, n), stride = w.shape, vertical.stride
    most = -(-m // stride)  # elements of a column that one row of x can be seen by
    dx = np.empty((len(delta), c, vertical.size, horizontal.size), delta.dtype)
    for part in parts(len(delta), dx[:1].nbytes, axes):
        images = len(delta[part])
        arriving = rows_of_places(delta[part], axes, beyond=most - 1)
        shape = vertical.padded_size, c, horizontal.padded_size, images
        around = by_columns(shape, axes, delta.dtype, np.zeros)
        for kind in range(min(stride, m)):
            # The last element comes first: it meets the place that lies furthest back.
            kernels = w[:, :, kind::stride][:, :, ::-1].transpose(1, 3, 2, 0).reshape(c * n, -1)
            reach = kernels.shape[1] // k
            rows = kernels @ in_succession(arriving[most - reach :], reach)
            rows = rows[: vertical.places + reach - 1].reshape(-1, c, n, rows.shape[-1])
            given = of_places(rows, axes, images)
            of_this_kind = around[kind::stride][: len(given)]
            for t in range(n):
                of_this_kind[:, :, horizontal.seen_by(t)] += given[:, :, t]
        dx[part] = around[vertical.inside, :, horizontal.inside].transpose(3, 1, 0, 2)
    return dx


def met(delta: FloatArray, x: FloatArray, shape: tuple[int, ...], axes: Axes) -> FloatArray:
    """δ : (N, K, OH, OW), x : (N, C, H, W), to the shape (K, C, m, n), summed over images."""
    k, c, m, n = shape
    if c >= MANY and axes[0].stride == 1:
        return met_by_lines(delta, x, shape, axes)
    total = np.zeros((k, m * c * n), delta.dtype)
    for part in parts(len(x), x[:1].nbytes, axes):
        columns = in_succession(slabs(x[part], axes), m, axes[0].stride)
        products = rows_of_places(delta[part], axes) @ columns.swapaxes(1, 2)
        total += np.add.reduce(products, axis=0)
    return total.reshape(k, m, c, n).swapaxes(1, 2).copy()


def met_by_lines(
    delta: FloatArray, x: FloatArray, shape: tuple[int, ...], axes: Axes
) -> FloatArray:
    """The same where there are many channels: what an element of a kernel sees of all rows is one
    line, and so for each of the m rows of kernels one product adds up all rows of results.
    """
    k, c, m, n = shape
    total = np.zeros((m, k, c * n), delta.dtype)
    for part in parts(len(x), x[:1].nbytes, axes):
        around = padded(x[part], axes)
        images, _, height, _ = around.shape
        image, channel, row, pixel = around.strides
        windows = np.ndarray(
            (c, n, height, images, axes[1].places),
            x.dtype,
            around,
            0,
            (channel, pixel, row, image, axes[1].stride * pixel),
        )
        lines = windows.reshape(c * n, height, -1)
        rows = delta[part].transpose(1, 2, 0, 3).reshape(k, -1)
        for s in range(m):
            total[s] += rows @ lines[:, s : s + axes[0].places].reshape(c * n, -1).T
    return total.reshape(m, k, c, n).transpose(1, 2, 0, 3).copy()


def parts(images: int, bytes_of_one: int, axes: Axes) -> Iterator[slice]:
    """Parts of a batch, of nearly the same size."""
    copies, places = axes[1].kernel / axes[1].stride, axes[1].places
    most = min(images, images * places // NARROW)
    count = max(1, min(most, round(images * bytes_of_one * copies / CACHED)))
    edges = [images * part // count for part in range(count + 1)]
    return map(slice, edges[:-1], edges[1:])


def slabs(x: FloatArray, axes: Axes) -> FloatArray:
    """(N, C, H, W) to (rows, C·n, OW·N): for each padded row what the columns of a kernel see."""
    vertical, horizontal = axes
    images, c, *_ = x.shape
    shape = vertical.padded_size, c, horizontal.padded_size, images
    is_filled = shape == (x.shape[2], c, x.shape[3], images)
    around = by_columns(shape, axes, x.dtype, np.empty if is_filled else np.zeros)
    lay(x, around[vertical.inside, :, horizontal.inside])
    unrolled = len(around), c, horizontal.kernel, horizontal.places, images
    copies = by_columns(unrolled, axes, x.dtype, np.empty)
    for t in range(horizontal.kernel):
        copies[:, :, t] = around[:, :, horizontal.seen_by(t)]
    return flat(copies, axes).reshape(len(around), c * horizontal.kernel, -1)


def rows_of_places(delta: FloatArray, axes: Axes, *, beyond: int = 0) -> FloatArray:
    """(N, K, OH, OW) to (OH, K, OW·N), with so many rows of zeros beyond either end."""
    images, k, rows, places = delta.shape
    laid = by_columns((rows + 2 * beyond, k, places, images), axes, delta.dtype, np.empty)
    laid[:beyond] = laid[beyond + rows :] = 0
    lay(delta, laid[beyond : beyond + rows])
    return flat(laid, axes)


def lay(images: FloatArray, by_rows: FloatArray) -> None:
    """(N, C, H, W) into (H, C, W, N), a few images at a time: where they lie 4096 bytes apart, as
    of 16 × 8 × 8 numbers, all would share one place in the cache, and push each other out.
    """
    for first in range(0, len(images), 8):
        part = slice(first, first + 8)
        by_rows[..., part] = images[part].transpose(2, 1, 3, 0)


def in_succession(slabs: FloatArray, count: int, stride: int = 1) -> FloatArray:
    """(rows, A, B) to a view (places, count·A, B): the slabs that each place begins with."""
    rows, height, width = slabs.shape
    slab, line, number = slabs.strides
    shape = (rows - count) // stride + 1, count * height, width
    return np.ndarray(shape, slabs.dtype, slabs, 0, (stride * slab, line, number))


def images_last(axes: Axes) -> bool:
    return axes[1].places < SHORT


def by_columns(shape: tuple[int, ...], axes: Axes, dtype: np.dtype[Any], make: Any) -> FloatArray:
    """An array (…, columns, images), of which the axis that is to be last in memory is."""
    if images_last(axes):
        return make(shape, dtype)  # type: ignore[no-any-return]
    return make((*shape[:-2], shape[-1], shape[-2]), dtype).swapaxes(-1, -2)  # type: ignore[no-any-return]


def flat(array: FloatArray, axes: Axes) -> FloatArray:
    """(…, columns, images), made by `by_columns`, with both as one axis, as they lie in memory."""
    laid = array if images_last(axes) else array.swapaxes(-1, -2)
    return laid.reshape(*laid.shape[:-2], -1)


def of_places(rows: FloatArray, axes: Axes, images: int) -> FloatArray:
    """The other way: (…, OW·N) to (…, OW, N)."""
    if images_last(axes):
        return rows.reshape(*rows.shape[:-1], -1, images)
    return rows.reshape(*rows.shape[:-1], images, -1).swapaxes(-1, -2)
