"""The gradients of the parameters alone, with the images of a batch side by side in memory.

To learn, a network needs neither the results of its parts nor the gradient at its input. And what
passes from part to part need not be (N, C, H, W): here it is (H, C, W, N). So every slice of rows
or columns is made of runs of N numbers or more, a convolution's slabs (`layers/methods/slab.py`)
are what its neighbours give and take, as they lie, and pooling compares whole runs. On batches of
32 digits that takes half the time of the same sums by the layers.

Max pooling comes before a ReLU that stands in front of it: the largest number is the same, and so
is its gradient, which reaches no number that is not above 0; but the ReLU has a quarter to do.

Each part is a function that gives its result and the way back, which takes the gradient at the
result to that at what the part was given, and to those of its parameters.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np

from cnnmath.layers.arguments import FloatArray
from cnnmath.layers.methods.slab import in_succession
from cnnmath.layers.selection import kept, put
from cnnmath.network.parts import Conv, Dense, Gradients, MaxPool, Parameters, Part, ReLU, own

Back: TypeAlias = Callable[[FloatArray], tuple[FloatArray, Gradients]]


def can_learn(parts: Mapping[str, Part]) -> bool:
    """Whether all parts are of the kinds that stand below."""
    return all(
        isinstance(part, ReLU | Dense)
        or (isinstance(part, Conv) and part.stride == 1)
        or (isinstance(part, MaxPool) and part.size == 2)
        for part in parts.values()
    )


def scores_and_way_back(
    parts: Mapping[str, Part], x: FloatArray, parameters: Parameters
) -> tuple[FloatArray, Callable[[FloatArray], Gradients]]:
    """The scores (N, D) of a batch (N, …), and what makes all gradients of that at the scores."""
    ways: list[tuple[str, Back]] = []
    if x.ndim == 4:
        x = np.ascontiguousarray(x.transpose(2, 1, 3, 0))
    for name, part in in_order(parts):
        x, back = laid(part, x, own(name, parameters), is_first=not ways)
        ways.append((name, back))

    def way_back(dy: FloatArray) -> Gradients:
        gradients: Gradients = {}
        for name, back in reversed(ways):
            dy, found = back(dy)
            gradients |= {f"{name}.{key}": one for key, one in found.items()}
        return gradients

    return x, way_back


def in_order(parts: Mapping[str, Part]) -> list[tuple[str, Part]]:
    """The parts, each ReLU behind the poolings that follow it."""
    row: list[tuple[str, Part]] = []
    for named in parts.items():
        place = len(row)
        while isinstance(named[1], MaxPool) and place and isinstance(row[place - 1][1], ReLU):
            place -= 1
        row.insert(place, named)
    return row


def laid(
    part: Part, x: FloatArray, parameters: Parameters, *, is_first: bool
) -> tuple[FloatArray, Back]:
    """What a part makes of x, (H, C, W, N) or (N, U), and its way back."""
    if isinstance(part, Conv):
        return conv(x, parameters["w"], parameters["b"], part.padding, is_first=is_first)
    if isinstance(part, Dense):
        return dense(x, parameters["w"], parameters["b"])
    return pool(x) if isinstance(part, MaxPool) else relu(x)


def conv(
    x: FloatArray, w: FloatArray, b: FloatArray, padding: int, *, is_first: bool
) -> tuple[FloatArray, Back]:
    """w : (K, C, m, n), to (OH, K, OW, N). The first part gives nothing back to x."""
    k, c, m, n = w.shape
    inside = slice(padding, padding + x.shape[0]), slice(None), slice(padding, padding + x.shape[2])
    if padding:
        given, shape = x, (x.shape[0] + 2 * padding, c, x.shape[2] + 2 * padding, x.shape[3])
        x = np.zeros(shape, given.dtype)
        x[inside] = given
    height, _, width, images = x.shape
    oh, ow = height - m + 1, width - n + 1
    slabs = np.empty((height, c, n, ow, images), x.dtype)
    for t in range(n):
        slabs[:, :, t] = x[:, :, t : t + ow]
    columns = in_succession(slabs.reshape(height, c * n, ow * images), m)
    y = w.swapaxes(1, 2).reshape(k, m * c * n) @ columns
    y += b[:, np.newaxis]

    def back(dy: FloatArray) -> tuple[FloatArray, Gradients]:
        rows = dy.reshape(oh, k, ow * images)
        dw = np.add.reduce(rows @ columns.swapaxes(1, 2), axis=0)
        found = {
            "w": dw.reshape(k, m, c, n).swapaxes(1, 2),
            "b": np.add.reduce(rows, axis=(0, 2)),
        }
        if is_first:
            return dy, found
        around = np.zeros((oh + 2 * (m - 1), k, ow * images), dy.dtype)
        around[m - 1 : m - 1 + oh] = rows
        kernels = w[:, :, ::-1].transpose(1, 3, 2, 0).reshape(c * n, m * k)
        shares = (kernels @ in_succession(around, m)).reshape(height, c, n, ow, images)
        dx = np.zeros(x.shape, dy.dtype)
        for t in range(n):
            dx[:, :, t : t + ow] += shares[:, :, t]
        return dx[inside], found

    return y.reshape(oh, k, ow, images), back


def relu(x: FloatArray) -> tuple[FloatArray, Back]:
    y = np.maximum(x, np.zeros_like(x))
    return y, lambda dy: (kept(y > 0, dy), {})


def pool(x: FloatArray) -> tuple[FloatArray, Back]:
    """The largest of 2 × 2, the first of equals row by row, to (H/2, C, W/2, N)."""
    height, c, width, images = x.shape
    oh, ow = height // 2, width // 2
    left, right = (x[: 2 * oh, :, side : 2 * ow : 2] for side in (0, 1))
    is_right, largest = right > left, np.maximum(left, right)
    is_below = largest[1::2] > largest[0::2]

    def back(dy: FloatArray) -> tuple[FloatArray, Gradients]:
        rows = np.empty((oh, 2, c, ow, images), dy.dtype)
        put(is_below, dy, rows[:, 1])
        put(~is_below, dy, rows[:, 0])
        rows = rows.reshape(2 * oh, c, ow, images)
        dx = np.zeros((height, c, width, images), dy.dtype)
        put(is_right, rows, dx[: 2 * oh, :, 1 : 2 * ow : 2])
        put(~is_right, rows, dx[: 2 * oh, :, 0 : 2 * ow : 2])
        return dx, {}

    return np.maximum(largest[0::2], largest[1::2]), back


def dense(x: FloatArray, w: FloatArray, b: FloatArray) -> tuple[FloatArray, Back]:
    """w : (D, U), to (N, D); images are taken as (C, H, W), as the layer takes them."""
    is_image = x.ndim == 4
    turned: Any = x.transpose(3, 1, 0, 2) if is_image else x
    flat = turned.reshape(len(turned), -1)

    def back(dy: FloatArray) -> tuple[FloatArray, Gradients]:
        dx = (dy @ w).reshape(turned.shape)
        if is_image:
            dx = np.ascontiguousarray(dx.transpose(2, 1, 3, 0))
        return dx, {"w": dy.T @ flat, "b": np.add.reduce(dy, axis=0)}

    return flat @ w.T + b, back
