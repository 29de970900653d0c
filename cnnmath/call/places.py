"""Where elements of an array lie, many at once, and what is said of an index that names none."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnmath.core.nodes import Element
from cnnmath.errors import ArrayValueError

FARTHEST = 2.0**62  # an integer can be no larger


def places_of(
    element: Element,
    index: Sequence[NDArray[np.float64]],
    shape: Sequence[int],
    first: int,
    active: NDArray[np.bool_] | None,
) -> tuple[Any, tuple[Any, ...]]:
    """Where elements lie within an array, just True if all do, and their places there; of those
    that lie outside any place.

    index : the values of the indices;  first : the first index along the axes of the array
    active : where a value counts, if not everywhere
    Raises ArrayValueError if an index is none, or given by an array and outside, where that counts.
    """
    places = []
    inside: Any = np.True_
    for axis, (values, length) in enumerate(zip(index, shape, strict=True)):
        rounded = np.rint(values)
        odd = _counting(~((values == rounded) & np.isfinite(values)), active)
        if odd.any():
            raise odd_index(element, _one(values, odd))
        # An index too large for an integer is outside every array all the same; one that is NaN
        # becomes whatever it may, for it does not count.
        place = np.clip(rounded, -FARTHEST, FARTHEST).astype(np.intp) - first
        fits = (place >= 0) & (place < length)
        if not fits.all():
            wrong = _counting(~fits, active)
            if element.given_by[axis] and wrong.any():
                raise no_such_element(element, axis, _one(place + first, wrong), first, length)
            inside = inside & fits
            place = np.where(fits, place, 0)
        places.append(place)
    return inside, tuple(places)


def odd_index(element: Element, value: float) -> ArrayValueError:
    """The error for an index that is NaN, infinite or between whole numbers."""
    return ArrayValueError(
        f"{element.name} is read at the index {value:g}, which is no whole number"
    )


def no_such_element(
    element: Element, axis: int, value: float, first: int, length: int
) -> ArrayValueError:
    """The error for an index that an array gives, such as a label, if it names no element."""
    by = element.given_by[axis]
    return ArrayValueError(
        f"{element.name} is read at {value:g} along axis {axis}, as {by} says, but its elements "
        f"there are {first} to {first + length - 1}: give a {by} that names one of them, or write "
        "a condition in brackets"
    )


def _counting(wrong: Any, active: NDArray[np.bool_] | None) -> Any:
    return wrong if active is None or not wrong.any() else wrong & active


def _one(values: Any, where: Any) -> float:
    return float(np.broadcast_to(values, where.shape)[where].flat[0])
