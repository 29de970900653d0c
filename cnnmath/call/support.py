"""Where the terms of a sum, a product or a maximum count, and so from where to where it runs.

A sum may be long, or have no end at all: then it is cut to the terms that can differ from 0, which
lie where its arrays have elements.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import reduce

from cnnmath.call.ranges import EVERYTHING, NOTHING, Interval, Ranges
from cnnmath.core.affine import Affine
from cnnmath.core.nodes import (
    Add,
    Call,
    Cases,
    Compare,
    Divide,
    Element,
    Inside,
    Logic,
    Multiply,
    Negative,
    Node,
    Number,
    Padded,
    Power,
    Read,
    Reduce,
    mentions,
)
from cnnmath.errors import ArrayValueError, FormulaError
from cnnmath.shared import LONG_SUM

ROUNDING = 1e-9  # of the ends of an interval
_ZERO_AT_ZERO = {"abs", "sqrt", "tanh", "sin", "tan", "sinh", "arcsin", "arctan", "relu", "sign",
                 "floor", "ceil", "round", "erf"}  # fmt: skip


def summed(
    ranges: Ranges, node: Reduce, bounds: Mapping[str, Interval], around: Mapping[str, Interval]
) -> dict[str, tuple[int, int]]:
    """The first and the last value of each index of a sum, a product or a maximum.

    bounds : what the bounds of each index are worth;  around : ranges of the indices around
    Raises ArrayValueError if a bound is NaN, FormulaError if a sum does not end or a product
        runs backwards.
    """
    for name, (low, high) in bounds.items():
        if math.isnan(low) or math.isnan(high):
            raise ArrayValueError(f"a bound of the index {name} is not a number")
        if node.operation == "prod":
            insist_on_order(name, low, high)
    found = dict(bounds)
    for _ in found:  # what one index is cut to may cut the others
        long = [name for name, (low, high) in found.items() if high - low > LONG_SUM]
        for name in long:
            low, high = found[name]
            ends = counting(ranges, node, name, {**around, **found})
            if ends is not None:
                found[name] = overlap((low, high), ends)
        if not long:
            break
    for name, (low, high) in found.items():
        if low <= high and not (math.isfinite(low) and math.isfinite(high)):
            raise FormulaError(
                f"the {node.operation} over {name.partition('~')[0]} does not end: no array "
                "says beyond which its terms do not count"
            )
    return {
        name: (math.ceil(low), math.floor(high)) if low <= high else (0, -1)
        for name, (low, high) in found.items()
    }


def counting(
    ranges: Ranges, node: Reduce, name: str, indices: Mapping[str, Interval]
) -> tuple[int, int] | None:
    """The values of an index outside which no term of a reduction counts.

    A term of a sum does not count where it is 0, one of a maximum where it loses, one of either
    where a condition fails. None where that cannot be told.
    """
    inner = {**ranges.inside(node, indices), **indices, name: EVERYTHING}
    where = _Where(ranges, name, inner)
    found = EVERYTHING if node.where is None else where.nonzero(node.where)
    if node.operation == "sum":
        found = overlap(found, where.nonzero(node.body))
    elif isinstance(node.body, Element) and node.operation != "prod":
        found = overlap(found, where.inside(node.body))
    elif isinstance(node.body, Padded):
        found = overlap(found, where.nonzero(node.body.inside))
    return _whole(found)


@dataclass(frozen=True)
class _Where:
    """Where things can be, as intervals of one index.

    indices : the ranges of all
    """

    ranges: Ranges
    name: str
    indices: Mapping[str, Interval]

    def nonzero(self, node: Node) -> Interval:
        """Where an expression can differ from 0."""
        match node:
            case Number(value=value):
                return NOTHING if value == 0 else EVERYTHING
            case Inside(element=element):
                return self.inside(element)
            case Read(index=index) if index:
                return self.inside(node)
            case Element(outside=0):
                return self.inside(node)
            case Multiply(factors=parts) | Logic(operation="and", parts=parts):
                return self.all(parts)
            case Add(terms=parts) | Logic(parts=parts):
                return _union(map(self.nonzero, parts))
            case Negative(body=inner) | Divide(above=inner):
                return self.nonzero(inner)
            case Power(base=base, exponent=Number(value=exponent)) if exponent > 0:
                return self.nonzero(base)
            case Call(function=function, arguments=(argument,)) if function in _ZERO_AT_ZERO:
                return self.nonzero(argument)
            case Cases(rows=rows, otherwise=otherwise):
                rest = NOTHING if otherwise is None else self.nonzero(otherwise)
                return _union((rest, *map(self.all, rows)))
            case Reduce(operation="sum", body=body):
                inside = {**self.ranges.inside(node, self.indices), self.name: EVERYTHING}
                return replace(self, indices=inside).nonzero(body)
            case Compare(relation=relation, left=left, right=right):
                return self.compared(relation, left, right)
        return EVERYTHING

    def all(self, nodes: Iterable[Node]) -> Interval:
        """Where several expressions can all differ from 0."""
        return reduce(overlap, map(self.nonzero, nodes), EVERYTHING)

    def inside(self, node: Read | Element) -> Interval:
        """Where an element lies within its array."""
        if node.name not in self.ranges.shapes:
            return EVERYTHING
        start = self.ranges.origin(node.name)
        pairs = zip(node.index, self.ranges.shapes[node.name], strict=True)
        places = (self.between(place, (start, start + length - 1)) for place, length in pairs)
        return reduce(overlap, places, EVERYTHING)

    def compared(self, relation: str, left: Node, right: Node) -> Interval:
        """Where a comparison can hold."""
        if mentions(right, [self.name]):
            mirrored = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
            left, right, relation = right, left, mirrored.get(relation, relation)
        if mentions(right, [self.name]) or relation == "!=":
            return EVERYTHING
        low, high = self.ranges.of(right, self.indices)
        if relation in ("<", "<="):
            low = -math.inf
        if relation in (">", ">="):
            high = math.inf
        return self.between(left, (low, high))

    def between(self, expression: Node, limits: Interval) -> Interval:
        """Where an expression can lie between two limits, if it is affine in the index."""
        affine = Affine.of(expression, [self.name])
        if affine is None or self.name not in affine.factors:
            return EVERYTHING
        slope, largest = self.ranges.of(affine.factors[self.name], self.indices)
        if slope != largest or slope == 0 or not math.isfinite(slope):
            return EVERYTHING
        low, high = self.ranges.of(affine.rest, self.indices)
        ends = (limits[0] - high) / slope, (limits[1] - low) / slope
        return min(ends), max(ends)


def overlap(one: Interval, two: Interval) -> Interval:
    return max(one[0], two[0]), min(one[1], two[1])


def _whole(interval: Interval) -> tuple[int, int] | None:
    """The whole numbers of an interval, if it is finite."""
    low, high = interval
    if low > high:
        return 0, -1
    if not (math.isfinite(low) and math.isfinite(high)):
        return None
    return math.ceil(low - ROUNDING), math.floor(high + ROUNDING)


def _union(intervals: Iterable[Interval]) -> Interval:
    found = NOTHING
    for low, high in intervals:
        if low <= high:
            found = min(found[0], low), max(found[1], high)
    return found


def insist_on_order(name: str, low: float, high: float) -> None:
    """Raises FormulaError if an index runs from high to low, for a range has its low end first.

    An empty one ends just before it begins.
    """
    if high < low - 1:
        raise FormulaError(
            f"{name.partition('~')[0]} runs from {low:g} to {high:g}, which is backwards: write "
            "the lower bound first; an empty range ends just before it begins"
        )


def between_numbers(name: str, end: str, value: float) -> FormulaError:
    """The error for an index that begins or ends at a value between whole numbers."""
    sign = "ceil" if end == "begins" else "floor"
    return FormulaError(
        f"{name.partition('~')[0]} {end} at {value:g}, which is no whole number: write "
        f"\\l{sign} .. \\r{sign} around that bound"
    )
