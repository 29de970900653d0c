"""What the figures are given: arrays of real numbers, or an error that names what is wrong."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnmath.errors import ArrayValueError, ShapeError

Array = NDArray[np.float64]


def numbers(name: str, given: ArrayLike, least: int, most: int) -> Array:
    """`given` as an array of float64, if it is one of real numbers with `least` to `most` axes."""
    try:
        array = np.asarray(given)
    except ValueError as error:
        raise ShapeError(f"{name!r} has rows of different lengths") from error
    if array.dtype.kind not in "biuf":
        raise ArrayValueError(f"{name!r} must hold real numbers, not {array.dtype}")
    if not least <= array.ndim <= most:
        wanted = f"{least}" if least == most else f"{least} to {most}"
        raise ShapeError(f"{name!r} must have {wanted} axes; its shape is {array.shape}")
    if array.size == 0:
        raise ShapeError(f"{name!r} has nothing in it; its shape is {array.shape}")
    return array.astype(np.float64)


def finite(arrays: Iterable[Array]) -> Array:
    """All numbers of some arrays but NaN and the infinities."""
    return np.concatenate([array[np.isfinite(array)] for array in arrays])


def is_image(array: Array) -> bool:
    """Whether its numbers are shades between 0, black, and 1, white."""
    return bool(np.all((array >= 0) & (array <= 1)))
