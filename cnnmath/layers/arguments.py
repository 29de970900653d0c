"""What layers are given, checked: arrays, pairs and whole numbers, with errors that name them."""

import operator
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnmath.errors import ArrayValueError, ShapeError
from cnnmath.reals import float64_array, real_array

FloatArray: TypeAlias = NDArray[np.floating[Any]]
Pair: TypeAlias = tuple[int, int]


def floats(name: str, value: ArrayLike) -> FloatArray:
    """Take an argument as real numbers: float32 stays, integers and booleans become float64.

    Raises ArrayValueError if it is no array of real numbers.
    """
    if type(value) is np.ndarray and value.dtype.char in "fd":
        return value  # as it nearly always is; of a tiny layer, all other questions take longest
    array = real_array(name, value)
    return array if array.dtype.kind == "f" else float64_array(name, array)


def floats_of(name: str, value: ArrayLike, axes: tuple[str, ...]) -> FloatArray:
    """Take an argument as real numbers along the axes that are named.

    Raises ArrayValueError, or ShapeError if it has another number of axes.
    """
    array = floats(name, value)
    if array.ndim != len(axes):
        expected = str(axes).replace("'", "")
        raise ShapeError(
            f"{name}: expected {len(axes)} axes {expected}, got {array.ndim}: shape {array.shape}"
        )
    return array


def one_each(name: str, value: ArrayLike, axis: str, count: int, each: str) -> FloatArray:
    """Take an argument as one number for each of something.

    Raises ArrayValueError, or ShapeError if it is not (count,).
    """
    array = floats_of(name, value, (axis,))
    if array.shape != (count,):
        raise ShapeError(
            f"{name}: expected shape {(count,)}, one number for each {each}, got {array.shape}"
        )
    return array


def arriving(
    layer: str, dy: ArrayLike, axes: tuple[str, ...], shape: tuple[int, ...], **given: FloatArray
) -> FloatArray:
    """Take an argument as the gradient at the result of a layer.

    shape : of that result, for the arrays that are given

    Raises ArrayValueError, or ShapeError if it has another shape.
    """
    array = floats_of("dy", dy, axes)
    if array.shape != shape:
        whose = " and ".join(f"{name} of shape {one.shape}" for name, one in given.items())
        raise ShapeError(
            f"dy: expected shape {shape}, which {layer} returns for {whose}, got {array.shape}"
        )
    return array


def in_common_type(*arrays: FloatArray) -> tuple[FloatArray, ...]:
    """All in the type that they have in common."""
    first = arrays[0].dtype
    if first.isnative and all(array.dtype == first for array in arrays):
        return arrays
    dtype = np.result_type(*arrays)
    return tuple(array.astype(dtype, copy=False) for array in arrays)


def pair(name: str, value: int | Pair, *, least: int) -> Pair:
    """Take an argument as (vertical, horizontal); one integer means both."""
    if not isinstance(value, tuple | list):
        both = integer(name, value, least=least)
        return both, both
    if len(value) != 2:
        raise ShapeError(
            f"{name}: expected an integer or a pair (vertical, horizontal), got {value!r}"
        )
    vertical, horizontal = value
    return integer(name, vertical, least=least), integer(name, horizontal, least=least)


def integer(name: str, value: int, *, least: int) -> int:
    if type(value) is int and value >= least:
        return value
    try:
        whole = operator.index(value)
    except TypeError:
        whole = None
    if whole is None or isinstance(value, bool) or whole < least:
        raise ArrayValueError(f"{name}: expected an integer of at least {least}, got {value!r}")
    return whole
