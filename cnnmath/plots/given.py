"""What the figures are given: arrays of real numbers, or an error that names what is wrong."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnmath.errors import ShapeError
from cnnmath.reals import float64_array

Array = NDArray[np.float64]


def numbers(name: str, given: ArrayLike, least: int, most: int) -> Array:
    """`given` as an array of float64, if it is one of real numbers with `least` to `most` axes."""
    array = float64_array(repr(name), given)
    if not least <= array.ndim <= most:
        wanted = f"{least}" if least == most else f"{least} to {most}"
        raise ShapeError(f"{name!r} must have {wanted} axes; its shape is {array.shape}")
    if array.size == 0:
        raise ShapeError(f"{name!r} has nothing in it; its shape is {array.shape}")
    return array.copy()


def finite(arrays: Iterable[Array]) -> Array:
    """All numbers of some arrays but NaN and the infinities."""
    return np.concatenate([array[np.isfinite(array)] for array in arrays])


def is_image(array: Array) -> bool:
    """Whether its numbers are shades between 0, black, and 1, white."""
    return bool(np.all((array >= 0) & (array <= 1)))
