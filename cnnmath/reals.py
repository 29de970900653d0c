"""What is taken as real numbers, wherever arrays come in: formulas, layers, figures and plots.

Nothing is dropped on the way in: not the mask of a masked array, not the imaginary part of a
complex number, not the gradient that a tensor is to have.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnmath.errors import ArrayValueError

_DEEPEST = 32  # axes, as many as an array of NumPy 1 can have


def real_array(name: str, value: Any) -> NDArray[Any]:
    """A given value as an array of booleans, whole numbers or floating-point numbers.

    name : what an error calls it
    Raises ArrayValueError if it is not made of real numbers: text, objects, complex numbers, rows
        of different lengths, an array in which numbers are masked, an object that refuses to
        become an array.
    """
    if value is None or isinstance(value, str | bytes):
        shown = repr(value) if len(repr(value)) < 40 else type(value).__name__
        raise ArrayValueError(f"{name}: expected real numbers, got {shown}")
    if _is_masked(value):
        raise ArrayValueError(
            f"{name}: expected real numbers, got an array in which some are masked: give "
            f"{name}.filled(...), or take the mask as an array of its own"
        )
    try:
        array = np.asarray(value)
    except Exception as error:  # whatever the object's own __array__ may raise
        raise ArrayValueError(f"{name}: expected real numbers, {_refusal(value, error)}") from None
    if array.dtype.kind not in "biuf":
        raise ArrayValueError(f"{name}: expected real numbers, got dtype {array.dtype}")
    return array


def float64_array(name: str, value: Any) -> NDArray[np.float64]:
    """A given value as float64, as `real_array` takes it.

    Raises ArrayValueError also if it holds a number that float64 cannot hold: a whole one beyond
        2^53 that would be rounded, or one beyond the largest.
    """
    array = real_array(name, value)
    with np.errstate(over="ignore"):
        found = array.astype(np.float64, copy=False)
    if array.dtype.kind in "iu":
        is_lost = array.dtype.itemsize == 8 and any(
            int(one) != int(two) for one, two in _large(array, found)
        )
    else:
        is_lost = array.dtype.itemsize > 8 and bool((np.isinf(found) & ~np.isinf(array)).any())
    if is_lost:
        raise ArrayValueError(f"{name}: it holds a number that float64 cannot hold exactly")
    return found


def _large(whole: NDArray[Any], rounded: NDArray[np.float64]) -> Any:
    """The whole numbers from 2^53 on, each with what float64 makes of it."""
    at = np.abs(rounded) >= 2.0**53
    return zip(np.atleast_1d(whole)[np.atleast_1d(at)], rounded[at].ravel(), strict=True)


def _is_masked(value: Any, depth: int = 0) -> bool:
    """Whether a masked array, by itself or in a list, hides a number."""
    if isinstance(value, np.ma.MaskedArray):
        return bool(np.ma.getmaskarray(value).any())
    if isinstance(value, list | tuple) and depth < _DEEPEST:
        return any(_is_masked(item, depth + 1) for item in value)
    return False


def _refusal(value: Any, error: Exception) -> str:
    """Why something could not be made an array, in words."""
    if isinstance(value, list | tuple) and isinstance(error, ValueError):
        return "but its rows differ in length or depth"
    if hasattr(value, "detach"):
        return "got a tensor that is part of a gradient's calculation: give it .detach()ed"
    return f"but {type(value).__name__} refuses to become an array: {error}"
