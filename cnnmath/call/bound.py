"""What one call gives a formula, checked and measured: see binding.py."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cnnmath.call.arguments import Function
from cnnmath.call.ranges import Ranges
from cnnmath.core import shapes as sizing
from cnnmath.core.definition import Definition
from cnnmath.core.functions import Values
from cnnmath.core.part import Part

Span = tuple[int, int]


@dataclass(frozen=True)
class Bound:
    """Everything that one call gives a part of a formula."""

    formula: Definition
    part: Part
    arrays: Mapping[str, Values]  # those that are read with indices
    numbers: Mapping[str, Any]  # sizes and names without indices
    functions: Mapping[str, Function]
    sizes: Mapping[str, int]
    ranges: Ranges
    shape: tuple[int, ...] = ()  # of the result
    spans: Mapping[str, Span] = field(default_factory=dict)  # ends of each free index

    def origin(self, array: str) -> int:
        """The first index along the axes of an array."""
        return self.formula.first_index(array)

    def length(self, array: str, axis: int) -> int | None:
        """The length of an axis, given or declared, if that is known."""
        if array in self.ranges.shapes:
            return self.ranges.shapes[array][axis]
        shape = self.formula.shapes.get(array)
        value = None if shape is None else sizing.size_value(shape[axis], self.sizes)
        return None if value is None else int(value)
