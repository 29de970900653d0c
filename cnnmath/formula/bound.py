"""What one call gives a formula, checked and measured: see binding.py."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cnnmath.formula.given import Function, Values
from cnnmath.formula.ranges import Ranges

Span = tuple[int, int]


@dataclass(frozen=True)
class Bound:
    """Everything that one call gives a formula."""

    arrays: Mapping[str, Values]  # those that are read with indices
    numbers: Mapping[str, Any]  # sizes and names without indices
    functions: Mapping[str, Function]
    sizes: Mapping[str, int]
    ranges: Ranges
    shape: tuple[int, ...] = ()  # of the result
    spans: Mapping[str, Span] = field(default_factory=dict)  # ends of each free index
