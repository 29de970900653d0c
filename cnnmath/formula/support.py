"""Where the terms of a sum, a product or a maximum count, and so from where to where it runs.

A sum may be long, or have no end at all: then it is cut to the terms that can differ from 0, which
lie where its arrays have elements.
"""

import math
from collections.abc import Iterable, Mapping

from cnnmath.errors import ArrayValueError, FormulaError
from cnnmath.formula.affine import Affine
from cnnmath.formula.nodes import (
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
from cnnmath.formula.ranges import EVERYTHING, NOTHING, Interval, Ranges
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
    found = EVERYTHING if node.where is None else _nonzero(ranges, node.where, name, inner)
    if node.operation == "sum":
        found = overlap(found, _nonzero(ranges, node.body, name, inner))
    elif isinstance(node.body, Element) and node.operation != "prod":
        found = overlap(found, _inside_array(ranges, node.body.name, node.body.index, name, inner))
    elif isinstance(node.body, Padded):
        found = overlap(found, _nonzero(ranges, node.body.inside, name, inner))
    return _whole(found)


def _nonzero(ranges: Ranges, node: Node, name: str, indices: Mapping[str, Interval]) -> Interval:
    """Where an expression can differ from 0, as an interval of an index."""
    match node:
        case Number(value=value):
            return NOTHING if value == 0 else EVERYTHING
        case Read(name=array, index=index) if index:
            return _inside_array(ranges, array, index, name, indices)
        case Inside(element=Element(name=array, index=index)):
            return _inside_array(ranges, array, index, name, indices)
        case Element(name=array, index=index, outside=0):
            return _inside_array(ranges, array, index, name, indices)
        case Multiply(factors=parts) | Logic(operation="and", parts=parts):
            return _intersection(_nonzero(ranges, part, name, indices) for part in parts)
        case Add(terms=parts) | Logic(parts=parts):
            return _union(_nonzero(ranges, part, name, indices) for part in parts)
        case Negative(body=inner) | Divide(above=inner):
            return _nonzero(ranges, inner, name, indices)
        case Power(base=base, exponent=Number(value=exponent)) if exponent > 0:
            return _nonzero(ranges, base, name, indices)
        case Call(function=function, arguments=(argument,)) if function in _ZERO_AT_ZERO:
            return _nonzero(ranges, argument, name, indices)
        case Cases(rows=rows, otherwise=otherwise):
            found = NOTHING if otherwise is None else _nonzero(ranges, otherwise, name, indices)
            each = (_intersection(_nonzero(ranges, n, name, indices) for n in row) for row in rows)
            return _union((found, *each))
        case Reduce(operation="sum", body=body):
            return _nonzero(ranges, body, name, {**ranges.inside(node, indices), name: EVERYTHING})
        case Compare(relation=relation, left=left, right=right):
            return _where(ranges, relation, left, right, name, indices)
    return EVERYTHING


def _inside_array(
    ranges: Ranges, array: str, index: tuple[Node, ...], name: str, indices: Mapping[str, Interval]
) -> Interval:
    """Where an element lies within its array."""
    if array not in ranges.shapes:
        return EVERYTHING
    start = ranges.origin(array)
    return _intersection(
        _between(ranges, expression, (start, start + length - 1), name, indices)
        for expression, length in zip(index, ranges.shapes[array], strict=True)
    )


def _where(
    ranges: Ranges,
    relation: str,
    left: Node,
    right: Node,
    name: str,
    indices: Mapping[str, Interval],
) -> Interval:
    """Where a comparison can hold."""
    if mentions(right, [name]):
        mirrored = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
        left, right, relation = right, left, mirrored.get(relation, relation)
    if mentions(right, [name]) or relation == "!=":
        return EVERYTHING
    low, high = ranges.of(right, indices)
    if relation in ("<", "<="):
        low = -math.inf
    if relation in (">", ">="):
        high = math.inf
    return _between(ranges, left, (low, high), name, indices)


def _between(
    ranges: Ranges, expression: Node, limits: Interval, name: str, indices: Mapping[str, Interval]
) -> Interval:
    """Where an expression can lie between two limits, if it is linear in the index."""
    affine = Affine.of(expression, [name])
    if affine is None or name not in affine.factors:
        return EVERYTHING
    slope, largest = ranges.of(affine.factors[name], indices)
    if slope != largest or slope == 0 or not math.isfinite(slope):
        return EVERYTHING
    low, high = ranges.of(affine.rest, indices)
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


def _intersection(intervals: Iterable[Interval]) -> Interval:
    found = EVERYTHING
    for interval in intervals:
        found = overlap(found, interval)
    return found


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
