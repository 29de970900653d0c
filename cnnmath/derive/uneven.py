"""Whether a wrong line of a derivation could agree, by chance, on the numbers that are given.

With one kernel a sum over kernels may be missing, on a square input rows and columns may be
exchanged, and behind a weight of 0 anything may stand.
"""

from collections.abc import Collection, Mapping
from itertools import combinations
from typing import Any

import numpy as np

from cnnmath.errors import WeakTestError


def insist_on_uneven(
    given: Mapping[str, Any], sizes: Collection[str], labels: Collection[str] = ()
) -> None:
    """Insists that no wrong line could pass.

    sizes : names of whole numbers that shapes and indices refer to
    labels : names of arrays that hold indices; these may repeat, and be 0
    Raises WeakTestError if two sizes are equal; if a size or a single number is 0 or 1; if an axis
    has the length 1, or two axes of an array the same length; if an array holds a 0, or a number
    twice.
    """
    lengths = {name: value for name, value in given.items() if name in sizes}
    for one, other in combinations(lengths, 2):
        if lengths[one] == lengths[other]:
            raise _weak(f"{one} and {other} are both {lengths[one]}", "one might stand for another")
    for name, value in given.items():
        if callable(value):
            continue
        array = np.asarray(value, dtype=np.float64)
        if name in lengths or not array.ndim:
            if array in (0, 1) and name not in labels:
                raise _weak(f"{name} is {array:g}", "it might be missing")
            continue
        if 1 in array.shape:
            raise _weak(f"{name} has the shape {array.shape}", "a sum along an axis of 1 is no sum")
        if len(set(array.shape)) < array.ndim:
            raise _weak(f"{name} has the shape {array.shape}", "two indices might be exchanged")
        if name in labels:
            continue
        numbers, counts = np.unique(array, return_counts=True)
        if 0 in numbers:
            raise _weak(f"{name} holds a 0", "what it multiplies might be wrong")
        if counts.max() > 1:
            often = f"{name} holds {numbers[counts.argmax()]:g} {counts.max()} times"
            raise _weak(often, "one place might be read for another")


def _weak(found: str, danger: str) -> WeakTestError:
    return WeakTestError(
        f"{found}: {danger}, and this test would not see it. Give sizes that differ and are larger "
        "than 1, and numbers that all differ and are not 0"
    )
