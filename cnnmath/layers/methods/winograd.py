"""Winograd's method for kernels of 3 × 3: 36 multiplications where the definition makes 144.

Along one axis, four neighbouring results of a kernel of three read six pixels d. They are

    y = Aᵀ [(G g) ⊙ (Bᵀ d)]

with six multiplications instead of twelve: it is the product of two polynomials, which six of its
values determine. A and G evaluate polynomials of four and of three coefficients at the points 0,
½, −½, 2, −2 and ∞, and B⁻ᵀ does so for six. In two axes each matrix is multiplied from both
sides, which on flat tiles is one product with the Kronecker product of the matrix with itself.

So an image is cut into tiles of 6 × 6, four pixels apart, and turned by (B⊗B)ᵀ (36 × 36), the
kernels by G⊗G (36 × 9); for each of the 36 numbers of a tile, channels are summed by a product (K
× C) times (C × tiles); and (A⊗A)ᵀ (16 × 36) makes of it 4 × 4 results. The gradient at w is the
same taken backwards; the gradient at x is the convolution of δ with the kernels turned around.

In float32 the results differ from exact ones by less than 10⁻⁵ of the largest (measured with 64
to 256 channels: 2 to 7 millionths; by products alone it is half of one). float64 is left to the
other methods. A number that is not finite would spoil its whole tile; where one is found, im2col
calculates again.

Source: Lavin and Gray, Fast algorithms for convolutional neural networks, arXiv 1509.09308; the
points: Barabasz, Anderson, Soodhalter and Gregg, arXiv 1803.10986.
"""

from collections.abc import Iterator

import numpy as np

from cnnmath.layers.arguments import FloatArray
from cnnmath.layers.geometry import Axes, Axis
from cnnmath.layers.methods import im2col

POINTS = 0, 1 / 2, -1 / 2, 2, -2
TOGETHER = 64
"""So many tiles, or a few more, are taken at a time: products are fast, and fit into the cache."""


def values_at_points(count: int) -> FloatArray:
    """(6, count), which takes coefficients to the values at POINTS and, the last of them, at ∞."""
    finite = np.vander(POINTS, count, increasing=True)
    return np.vstack([finite, np.eye(count)[-1]])


def both_axes(matrix: FloatArray) -> FloatArray:
    """What multiplies a tile from both sides, as one matrix for the flat tile."""
    return np.kron(matrix, matrix).astype(np.float32)


_RESULTS = both_axes(values_at_points(4))  # A⊗A
_KERNEL = both_axes(values_at_points(3))  # G⊗G
_TILE = both_axes(np.linalg.inv(values_at_points(6)).T)  # (B⊗B)ᵀ


def seen(x: FloatArray, w: FloatArray, axes: Axes) -> FloatArray:
    """x : (N, C, H, W), w : (K, C, 3, 3), to (N, K, OH, OW), all float32."""
    (k, c, *_), (down, across) = w.shape, map(tiles_along, axes)
    kernels = (_KERNEL @ w.reshape(-1, 9).T).reshape(36, k, c)
    y = np.empty((len(x), k, *(axis.places for axis in axes)), x.dtype)
    with np.errstate(invalid="ignore", over="ignore"):
        for part, tiles in turned_tiles(x, axes):
            results = (_RESULTS.T @ (kernels @ tiles).reshape(36, -1)).reshape(4, 4, k, -1)
            # Tiles side by side: in y, (4, 4, K, N, down, across) is (N, K, down, 4, across, 4).
            whole = np.empty((tiles.shape[2] // (down * across), k, down, 4, across, 4), x.dtype)
            apart = results.reshape(4, 4, k, -1, down, across)
            whole[...] = apart.transpose(3, 2, 4, 0, 5, 1)
            whole = whole.reshape(-1, k, 4 * down, 4 * across)
            y[part] = whole[:, :, : y.shape[2], : y.shape[3]]
    return y if np.isfinite(y).all() else im2col.seen(x, w, axes)


def returned(delta: FloatArray, w: FloatArray, axes: Axes) -> FloatArray:
    """δ : (N, K, OH, OW), w : (K, C, 3, 3), to (N, C, H, W), all float32."""
    kernels = np.ascontiguousarray(w[:, :, ::-1, ::-1].swapaxes(0, 1))
    return seen(delta, kernels, tuple(axis.turned_around for axis in axes))


def met(delta: FloatArray, x: FloatArray, shape: tuple[int, ...], axes: Axes) -> FloatArray:
    """δ : (N, K, OH, OW), x : (N, C, H, W), to the shape (K, C, 3, 3), all float32."""
    (k, c, *_), (down, across) = shape, map(tiles_along, axes)
    total = np.zeros((36, k, c), delta.dtype)
    found = np.empty(shape, delta.dtype)
    with np.errstate(invalid="ignore", over="ignore"):
        for part, tiles in turned_tiles(x, axes):
            given = delta[part]
            around = np.zeros((len(given), k, 4 * down, 4 * across), delta.dtype)
            around[:, :, : given.shape[2], : given.shape[3]] = given
            apart = around.reshape(-1, k, down, 4, across, 4).transpose(3, 5, 1, 0, 2, 4)
            turned = (_RESULTS @ apart.reshape(16, -1)).reshape(36, k, -1)
            total += turned @ tiles.swapaxes(1, 2)
        found.reshape(-1, 9)[...] = (_KERNEL.T @ total.reshape(36, -1)).T
    return found if np.isfinite(found).all() else im2col.met(delta, x, shape, axes)


def turned_tiles(x: FloatArray, axes: Axes) -> Iterator[tuple[slice, FloatArray]]:
    """Part by part of the batch: which images it has, and their tiles, turned: (36, C, tiles)."""
    (vertical, horizontal), (down, across) = axes, map(tiles_along, axes)
    images, c = min(len(x), -(-TOGETHER // (down * across))), x.shape[1]
    around = np.zeros((images, c, 4 * down + 2, 4 * across + 2), x.dtype)
    for first in range(0, len(x), images):
        part = x[first : first + images]
        pixels = around[: len(part)]
        pixels[:, :, vertical.inside, horizontal.inside] = part
        image, channel, row, pixel = pixels.strides
        strides = row, pixel, channel, image, 4 * row, 4 * pixel
        shape = 6, 6, c, len(part), down, across
        tiles = np.ndarray(shape, x.dtype, pixels, 0, strides)
        turned = (_TILE @ tiles.reshape(36, -1)).reshape(36, c, -1)
        yield slice(first, first + images), turned


def tiles_along(axis: Axis) -> int:
    """As many as it takes for four results each."""
    return -(-axis.places // 4)
