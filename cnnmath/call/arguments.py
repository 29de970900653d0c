"""What a caller gives, checked one by one: numeric arrays, whole sizes, functions."""

from collections.abc import Callable
from typing import Any

import numpy as np

from cnnmath.core.functions import Values
from cnnmath.core.shapes import LARGEST
from cnnmath.errors import ArrayValueError, FormulaError, ShapeError
from cnnmath.reals import float64_array

Function = Callable[..., Any]


def whole(name: str, value: Any) -> int:
    """A given size as a whole number.

    Raises ArrayValueError if it is not one.
    """
    array = float64_array(name, value)
    if array.ndim or not float(array).is_integer():
        shown = "an array" if array.ndim else f"{float(array):g}"
        raise ArrayValueError(f"the size {name} was given as {shown}: expected a whole number")
    if abs(float(array)) > LARGEST:
        raise ArrayValueError(f"the size {name} was given as {float(array):g}, which is too large")
    return int(array)


def elementwise(name: str, function: Function) -> Function:
    """A function of the caller, made safe: applied to arrays if it can be, else number by number.

    The result raises FormulaError if the function fails, and ShapeError if it does not treat each
    element by itself.
    """

    def one(*numbers: Any) -> float:
        try:
            found = float64_array(f"the value of {name}", function(*numbers))
        except ArrayValueError:
            raise
        except Exception as error:
            raise FormulaError(
                f"the function {name} failed: {type(error).__name__}: {error}"
            ) from error
        if found.size != 1:
            raise ShapeError(f"the function {name} makes {found.size} numbers of one")
        return float(found.reshape(()))

    def apply(*arguments: Any) -> Values:
        arrays = np.broadcast_arrays(*arguments)
        if not arrays[0].ndim:
            return np.float64(one(*(array[()] for array in arrays)))  # type: ignore[return-value]
        try:
            found = float64_array(f"the value of {name}", function(*arrays))
        except Exception:  # such as math.tanh, which takes one number
            found = None
        if found is None or arrays[0].size == 0:
            values = [one(*numbers) for numbers in zip(*(a.flat for a in arrays), strict=True)]
            return np.array(values, dtype=np.float64).reshape(arrays[0].shape)
        last = one(*(array.flat[-1] for array in arrays))
        same = found.shape == arrays[0].shape and np.isclose(found.flat[-1], last, equal_nan=True)
        if not same:
            raise ShapeError(
                f"the function {name} does not treat each element by itself: a function in a "
                "formula takes and returns single numbers"
            )
        return found

    return apply
