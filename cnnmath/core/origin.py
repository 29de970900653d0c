"""From which number the indices of arrays count."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from cnnmath.core.python_names import plain_key
from cnnmath.errors import FormulaError

FARTHEST_ORIGIN = 2**40  # far enough from where float64 misses whole numbers


class Origin:
    """The first index along the axes of an array: one for all, or one for each.

    Raises FormulaError if it is anything but 0, 1 or another whole number.
    """

    def __init__(self, given: Any) -> None:
        by_array = isinstance(given, Mapping)
        values = list(given.values()) if by_array else [given]
        whole = all(isinstance(v, int | np.integer) and not isinstance(v, bool) for v in values)
        if not whole or any(abs(value) > FARTHEST_ORIGIN for value in values):
            raise FormulaError(
                f"origin={given!r}: expected the first index, 0 or 1, or one for each array"
            )
        self.by_array = (
            {plain_key(str(name)): int(value) for name, value in given.items()} if by_array else {}
        )
        self.of_indices = 0 if by_array else int(given)
        """The first value of an index that belongs to no array in particular."""

    def of(self, array: str) -> int:
        return self.by_array.get(array, self.of_indices)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Origin) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]
