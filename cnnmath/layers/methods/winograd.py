"""Winograd's method for kernels of 3 × 3 and 5 × 5: a quarter of the multiplications, or a sixth.

Along one axis, four neighbouring results of a kernel of three read six pixels d. They are

    y = Aᵀ [(G g) ⊙ (Bᵀ d)]

with six multiplications instead of twelve: it is the product of two polynomials, which six of its
values determine. A and G evaluate polynomials of four and of three coefficients at the points 0,
½, −½, 2, −2 and ∞, and B⁻ᵀ does so for six. In two axes each matrix is multiplied from both
sides, which on flat tiles is one product with the Kronecker product of the matrix with itself. A
kernel of five reads eight pixels, and takes two points more, 1 and −1.

So an image is cut into tiles of T × T, four pixels apart, T = 6 or 8, and turned by (B⊗B)ᵀ
(T² × T²), the kernels by G⊗G (T² × m²); for each of the T² numbers of a tile, channels are summed
by a product (K × C) times (C × tiles); and (A⊗A)ᵀ (16 × T²) makes of it 4 × 4 results. The gradient
at w is the same taken backwards; the gradient at x is the convolution of δ with the kernels turned
around.

In float32 the results differ from exact ones by less than 10⁻⁵ of the largest. Measured were 2 to 7
millionths for 3 × 3 with 64 to 256 channels, and 4 to 8 for 5 × 5 with 32 to 64, where the gradient
at w came too near to 10 and is not made in this way; by products alone it is half of one. float64
is left to the other methods. A number that is not finite would spoil its whole tile; where one is
found, im2col calculates again.

Source: Lavin and Gray, Fast algorithms for convolutional neural networks, arXiv 1509.09308; the
points: Barabasz, Anderson, Soodhalter and Gregg, arXiv 1803.10986.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from cnnmath.layers.arguments import FloatArray
from cnnmath.layers.geometry import Axes, Axis
from cnnmath.layers.methods import im2col

POINTS = {3: (0, 1 / 2, -1 / 2, 2, -2), 5: (0, 1 / 2, -1 / 2, 1, -1, 2, -2)}
"""For kernels of either size; beside them there is ∞."""

TOGETHER = 64
"""So many tiles, or a few more, are taken at a time: products are fast, and fit into the cache."""


class Matrices(NamedTuple):
    """What turns tiles, kernels and results of one size of kernels."""

    tile: FloatArray
    """(B⊗B)ᵀ"""

    kernel: FloatArray
    """G⊗G"""

    results: FloatArray
    """A⊗A"""


def matrices(kernel: int) -> Matrices:
    points = POINTS[kernel]
    of_tile = np.linalg.inv(values_at(points, len(points) + 1)).T
    return Matrices(
        both_axes(of_tile), both_axes(values_at(points, kernel)), both_axes(values_at(points, 4))
    )


def values_at(points: tuple[float, ...], count: int) -> FloatArray:
    """What takes so many coefficients to the values at the points and, the last of them, at ∞."""
    finite = np.vander(points, count, increasing=True)
    return np.vstack([finite, np.eye(count)[-1]])


def both_axes(matrix: FloatArray) -> FloatArray:
    """What multiplies a tile from both sides, as one matrix for the flat tile."""
    return np.kron(matrix, matrix).astype(np.float32)


MATRICES = {kernel: matrices(kernel) for kernel in POINTS}


def seen(x: FloatArray, w: FloatArray, axes: Axes) -> FloatArray:
    """x : (N, C, H, W), w : (K, C, m, m), to (N, K, OH, OW), all float32."""
    (k, c, m, _), across = w.shape, tiles_along(axes[1])
    by = MATRICES[m]
    cells = len(by.tile)
    kernels = (by.kernel @ w.reshape(-1, m * m).T).reshape(cells, k, c)
    y = np.empty((len(x), k, *(axis.places for axis in axes)), x.dtype)
    with np.errstate(invalid="ignore", over="ignore"):
        for place, tiles in turned_tiles(x, axes):
            results = (by.results.T @ (kernels @ tiles).reshape(cells, -1)).reshape(4, 4, k, -1)
            # Tiles side by side: (4, 4, K, N, down, across) to (N, K, down, 4, across, 4).
            here = y[place]
            apart = results.reshape(4, 4, k, len(here), -1, across)
            whole = np.empty((len(here), k, apart.shape[4], 4, across, 4), x.dtype)
            whole[...] = apart.transpose(3, 2, 4, 0, 5, 1)
            rows = whole.reshape(len(here), k, -1, 4 * across)
            here[...] = rows[:, :, : here.shape[2], : here.shape[3]]
    return y if np.isfinite(y).all() else im2col.seen(x, w, axes)


def returned(delta: FloatArray, w: FloatArray, axes: Axes) -> FloatArray:
    """δ : (N, K, OH, OW), w : (K, C, m, m), to (N, C, H, W), all float32."""
    kernels = np.ascontiguousarray(w[:, :, ::-1, ::-1].swapaxes(0, 1))
    return seen(delta, kernels, tuple(axis.turned_around for axis in axes))


def met(delta: FloatArray, x: FloatArray, shape: tuple[int, ...], axes: Axes) -> FloatArray:
    """δ : (N, K, OH, OW), x : (N, C, H, W), to the shape (K, C, m, m), all float32."""
    (k, c, m, _), across = shape, tiles_along(axes[1])
    by = MATRICES[m]
    cells = len(by.tile)
    total = np.zeros((cells, k, c), delta.dtype)
    found = np.empty(shape, delta.dtype)
    with np.errstate(invalid="ignore", over="ignore"):
        for place, tiles in turned_tiles(x, axes):
            given = delta[place]
            down = tiles.shape[2] // (len(given) * across)
            around = np.zeros((len(given), k, 4 * down, 4 * across), delta.dtype)
            around[:, :, : given.shape[2], : given.shape[3]] = given
            apart = around.reshape(-1, k, down, 4, across, 4).transpose(3, 5, 1, 0, 2, 4)
            turned = (by.results @ apart.reshape(16, -1)).reshape(cells, k, -1)
            total += turned @ tiles.swapaxes(1, 2)
        found.reshape(-1, m * m)[...] = (by.kernel.T @ total.reshape(cells, -1)).T
    return found if np.isfinite(found).all() else im2col.met(delta, x, shape, axes)


def turned_tiles(x: FloatArray, axes: Axes) -> Iterator[tuple[tuple[slice, ...], FloatArray]]:
    """Part by part where its results are, and its tiles, turned: (T², C, tiles).

    A part is of several images, or of some rows of tiles of one image.
    """
    (vertical, horizontal), (down, across) = axes, map(tiles_along, axes)
    images, c = min(len(x), -(-TOGETHER // (down * across))), x.shape[1]
    rows = down if images > 1 else min(down, -(-TOGETHER // across))
    turning, beyond = MATRICES[vertical.kernel].tile, vertical.kernel - 1
    around = np.zeros((images, c, 4 * down + beyond, 4 * across + beyond), x.dtype)
    for first in range(0, len(x), images):
        part = x[first : first + images]
        pixels = around[: len(part)]
        pixels[:, :, vertical.inside, horizontal.inside] = part
        image, channel, row, pixel = pixels.strides
        strides = row, pixel, channel, image, 4 * row, 4 * pixel
        for top in range(0, down, rows):
            shape = 4 + beyond, 4 + beyond, c, len(part), min(rows, down - top), across
            tiles = np.ndarray(shape, x.dtype, pixels, 4 * top * row, strides)
            turned = (turning @ tiles.reshape(len(turning), -1)).reshape(len(turning), c, -1)
            here = slice(first, first + images), slice(None), slice(4 * top, 4 * (top + rows))
            yield here, turned


def tiles_along(axis: Axis) -> int:
    """As many as it takes for four results each."""
    return -(-axis.places // 4)
