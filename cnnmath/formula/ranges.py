"""How far the indices of a formula run, once the shapes of its arrays are numbers.

Three questions are answered here by bounding index arithmetic from both sides:
how far a free index may run so that no read falls outside its array; where the terms of a long
or infinite sum can differ from zero; which elements a left side such as `x_{(li+s)}` reaches.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress

from cnnmath.errors import ArrayValueError, FormulaError, UndeclaredShapeError
from cnnmath.formula.affine import Affine
from cnnmath.formula.nodes import (
    Add,
    Binder,
    Call,
    Cases,
    Compare,
    Divide,
    Element,
    Extent,
    Index,
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
from cnnmath.shared import LONG_SUM

Interval = tuple[float, float]
Place = tuple[Read, int, dict[str, Interval]]  # a read, one of its axes, the ranges of the indices

ROUNDING = 1e-9  # of the ends of an interval
FAR = 1 << 24  # an index that nothing stops before this is not bounded by any array

EVERYTHING: Interval = (-math.inf, math.inf)
NOTHING: Interval = (math.inf, -math.inf)

_ZERO_AT_ZERO = {"abs", "sqrt", "tanh", "sin", "tan", "sinh", "arcsin", "arctan", "relu", "sign",
                 "floor", "ceil", "round", "erf"}  # fmt: skip


class _UnknownRangeError(Exception):
    """How far an index expression reaches cannot be told."""


class Ranges:
    """Bounds of index expressions.

    sizes : value of each size;  shapes : lengths of each array's axes;
    values : smallest and largest element of the arrays that are used as indices;
    origin : first index of an array's axes
    """

    def __init__(
        self,
        sizes: Mapping[str, float],
        shapes: Mapping[str, tuple[int, ...]],
        values: Mapping[str, Interval],
        origin: Callable[[str], int],
    ) -> None:
        self.sizes = sizes
        self.shapes = shapes
        self.values = values
        self.origin = origin

    def of(self, node: Node, indices: Mapping[str, Interval]) -> Interval:
        """The smallest and the largest value that an expression can take."""
        match node:
            case Number(value=value):
                return value, value
            case Index(name=name):
                return indices.get(name, EVERYTHING)
            case Read(name=name, index=()) if name in self.sizes:
                return float(self.sizes[name]), float(self.sizes[name])
            case Read(name=name):
                return self.values.get(name, EVERYTHING)
            case Element(name=name, outside=outside):
                low, high = self.values.get(name, EVERYTHING)
                return min(low, outside), max(high, outside)
            case Extent(name=name, axis=axis):
                length = float(self.shapes[name][axis])
                return length, length
            case Compare() | Logic() | Inside():
                return 0.0, 1.0
            case Reduce() | Cases():
                return EVERYTHING
        inner = [self.of(child, indices) for child in node.children()]
        match node:
            case Add():
                return sum(low for low, _ in inner), sum(high for _, high in inner)
            case Negative():
                return -inner[0][1], -inner[0][0]
            case Multiply():
                product = inner[0]
                for factor in inner[1:]:
                    product = _corners(product, factor, lambda a, b: a * b)
                return product
            case Divide() if inner[1][0] > 0 or inner[1][1] < 0:
                return _corners(inner[0], inner[1], lambda a, b: a / b)
            case Power() if inner[0][0] > 0:  # then it is monotonic in both
                return _corners(inner[0], inner[1], math.pow)
            case Call(function="floor"):
                return _step(inner[0], math.floor)
            case Call(function="ceil"):
                return _step(inner[0], math.ceil)
            case Padded(outside=outside):
                low, high = inner[1]
                return min(low, outside), max(high, outside)
            case Call(function="max"):
                return max(low for low, _ in inner), max(high for _, high in inner)
            case Call(function="min"):
                return min(low for low, _ in inner), min(high for _, high in inner)
            case Call(function="mod") if inner[1][0] == inner[1][1] and inner[1][0] > 0:
                low, high = inner[0]
                fits = low >= 0 and high < inner[1][0]
                return inner[0] if fits else (0.0, math.ceil(inner[1][0]) - 1.0)
            case Call(function="abs"):
                low, high = inner[0]
                smallest = 0.0 if low <= 0 <= high else min(abs(low), abs(high))
                return smallest, max(abs(low), abs(high))
        return EVERYTHING

    def reads(self, node: Node, indices: Mapping[str, Interval]) -> list[Place]:
        """Every read of an array below a node, by axis, with the ranges of the indices there."""
        found: list[Place] = []
        self._reads(node, dict(indices), found)
        return found

    def _reads(self, node: Node, indices: dict[str, Interval], found: list[Place]) -> None:
        if isinstance(node, Read) and node.name in self.shapes:
            found.extend((node, axis, indices) for axis in range(len(node.index)))
        inner = self._inside(node, indices) if isinstance(node, Reduce) else indices
        for child in node.children():
            self._reads(child, indices if isinstance(child, Binder) else inner, found)

    def _inside(self, node: Reduce, indices: Mapping[str, Interval]) -> dict[str, Interval]:
        """The ranges of the indices inside a sum."""
        inner = dict(indices)
        for binder in node.binders:
            inner[binder.name] = self.binder(binder, indices)
        return inner

    def binder(self, binder: Binder, indices: Mapping[str, Interval]) -> Interval:
        """The range of the index of a sum."""
        return self.of(binder.low, indices)[0], self.of(binder.high, indices)[1]

    # ---- free indices ---------------------------------------------------------------------------

    def of_free(self, nodes: Sequence[Node], free: Sequence[str], first: int) -> dict[str, int]:
        """The last value of each free index for which no read falls outside its array.

        Raises UndeclaredShapeError where that is not defined, naming the index.
        """
        last: dict[str, int] = {}
        waiting = list(free)
        while waiting:
            progress = False
            for name in list(waiting):
                others = {n: (float(first), float(v)) for n, v in last.items()}
                unknown = [n for n in waiting if n != name]
                bound = None
                with suppress(_UnknownRangeError):
                    bound = self._largest(nodes, name, others, unknown, first)
                if bound is not None:
                    last[name] = bound
                    waiting.remove(name)
                    progress = True
            if not progress:
                raise UndeclaredShapeError(
                    f"how far the index {waiting[0]} runs does not follow from the shapes"
                )
        return last

    def _largest(
        self,
        nodes: Sequence[Node],
        name: str,
        others: Mapping[str, Interval],
        unknown: Sequence[str],
        first: int,
    ) -> int | None:
        # Reads that another undetermined index enters wait for it - unless none is without.
        clear = [
            (read, axis, indices)
            for node in nodes
            for read, axis, indices in self.reads(node, others)
            if _depends(read.index[axis], [name]) and not _depends(read.index[axis], unknown)
        ]
        if not clear:
            return None

        def fits(upper: int) -> bool:
            """Raises _UnknownRangeError if it cannot be told whether no read falls outside."""
            unknown = False
            for read, axis, indices in clear:
                box = {**indices, name: (float(first), float(upper))}
                low, high = self.of(read.index[axis], box)
                start = self.origin(read.name)
                if (low, high) == EVERYTHING:
                    unknown = True
                elif low < start or high > start + self.shapes[read.name][axis] - 1:
                    return False
            if unknown:
                raise _UnknownRangeError
            return True

        if not fits(first):
            return first - 1 if self._too_short(clear, name, first) else None
        step = 1
        while fits(first + step):
            step *= 2
            if step > FAR:
                return None
        low, high = first + step // 2, first + step
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if fits(middle) else (low, middle)
        return low

    def _too_short(self, places: Sequence[Place], name: str, first: int) -> bool:
        """Whether arrays that are too short are the only obstacle: an index then has no values."""
        at_first = (float(first), float(first))
        return all(
            self.origin(read.name)
            <= self.of(read.index[axis], {**indices, name: at_first})[0]
            < math.inf
            for read, axis, indices in places
        )

    # ---- long and infinite sums -----------------------------------------------------------------

    def summed(
        self, node: Reduce, bounds: Mapping[str, Interval], around: Mapping[str, Interval]
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
                counting = self._counting(node, name, {**around, **found})
                if counting is not None:
                    found[name] = max(low, counting[0]), min(high, counting[1])
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

    def support(
        self, body: Node, name: str, indices: Mapping[str, Interval]
    ) -> tuple[int, int] | None:
        """The values of an index outside which a term of a sum is 0; None if that is not known."""
        low, high = self._nonzero(body, name, {**indices, name: EVERYTHING})
        if not (low <= high and math.isfinite(low) and math.isfinite(high)):
            return _whole((low, high))
        return math.ceil(low - ROUNDING), math.floor(high + ROUNDING)

    def _counting(
        self, node: Reduce, name: str, indices: Mapping[str, Interval]
    ) -> tuple[int, int] | None:
        """The values of an index outside which no term of a reduction counts.

        A term of a sum does not count where it is 0, one of a maximum where it loses, one of either
        where a condition fails. None where that cannot be told.
        """
        inner = {**self._inside(node, indices), **indices, name: EVERYTHING}
        found = EVERYTHING if node.where is None else self._nonzero(node.where, name, inner)
        if node.operation == "sum":
            found = overlap(found, self._nonzero(node.body, name, inner))
        elif isinstance(node.body, Element) and node.operation != "prod":
            found = overlap(found, self._inside_array(node.body.name, node.body.index, name, inner))
        elif isinstance(node.body, Padded):
            found = overlap(found, self._nonzero(node.body.inside, name, inner))
        return _whole(found)

    def _nonzero(self, node: Node, name: str, indices: Mapping[str, Interval]) -> Interval:
        """Where an expression can differ from 0, as an interval of an index."""
        match node:
            case Number(value=value):
                return NOTHING if value == 0 else EVERYTHING
            case Read(name=array, index=index) if index:
                return self._inside_array(array, index, name, indices)
            case Inside(element=Element(name=array, index=index)):
                return self._inside_array(array, index, name, indices)
            case Element(name=array, index=index, outside=0):
                return self._inside_array(array, index, name, indices)
            case Multiply(factors=parts) | Logic(operation="and", parts=parts):
                return _intersection(self._nonzero(part, name, indices) for part in parts)
            case Add(terms=parts) | Logic(parts=parts):
                return _union(self._nonzero(part, name, indices) for part in parts)
            case Negative(body=inner) | Divide(above=inner):
                return self._nonzero(inner, name, indices)
            case Power(base=base, exponent=Number(value=exponent)) if exponent > 0:
                return self._nonzero(base, name, indices)
            case Call(function=function, arguments=(argument,)) if function in _ZERO_AT_ZERO:
                return self._nonzero(argument, name, indices)
            case Cases(rows=rows, otherwise=otherwise):
                values = [value for _, value in rows] + ([otherwise] if otherwise else [])
                return _union(self._nonzero(value, name, indices) for value in values)
            case Reduce(operation="sum", body=body):
                return self._nonzero(body, name, {**self._inside(node, indices), name: EVERYTHING})
            case Compare(relation=relation, left=left, right=right):
                return self._where(relation, left, right, name, indices)
        return EVERYTHING

    def _inside_array(
        self, array: str, index: tuple[Node, ...], name: str, indices: Mapping[str, Interval]
    ) -> Interval:
        """Where an element lies within its array."""
        if array not in self.shapes:
            return EVERYTHING
        start = self.origin(array)
        return _intersection(
            self._between(expression, (start, start + length - 1), name, indices)
            for expression, length in zip(index, self.shapes[array], strict=True)
        )

    def _where(
        self, relation: str, left: Node, right: Node, name: str, indices: Mapping[str, Interval]
    ) -> Interval:
        """Where a comparison can hold."""
        if mentions(right, [name]):
            mirrored = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
            left, right, relation = right, left, mirrored.get(relation, relation)
        if mentions(right, [name]) or relation == "!=":
            return EVERYTHING
        low, high = self.of(right, indices)
        if relation in ("<", "<="):
            low = -math.inf
        if relation in (">", ">="):
            high = math.inf
        return self._between(left, (low, high), name, indices)

    def _between(
        self, expression: Node, limits: Interval, name: str, indices: Mapping[str, Interval]
    ) -> Interval:
        """Where an expression can lie between two limits, if it is linear in the index."""
        affine = Affine.of(expression, [name])
        if affine is None or name not in affine.factors:
            return EVERYTHING
        slope, largest = self.of(affine.factors[name], indices)
        if slope != largest or slope == 0 or not math.isfinite(slope):
            return EVERYTHING
        low, high = self.of(affine.rest, indices)
        ends = (limits[0] - high) / slope, (limits[1] - low) / slope
        return min(ends), max(ends)


def between_numbers(name: str, end: str, value: float) -> FormulaError:
    """The error for an index that begins or ends at a value between whole numbers."""
    sign = "ceil" if end == "begins" else "floor"
    return FormulaError(
        f"{name.partition('~')[0]} {end} at {value:g}, which is no whole number: write "
        f"\\l{sign} .. \\r{sign} around that bound"
    )


def insist_on_order(name: str, low: float, high: float) -> None:
    """Raises FormulaError if an index runs from high to low, for a range has its low end first.

    An empty one ends just before it begins.
    """
    if high < low - 1:
        raise FormulaError(
            f"{name.partition('~')[0]} runs from {low:g} to {high:g}, which is backwards: write "
            "the lower bound first; an empty range ends just before it begins"
        )


def _depends(node: Node, names: Sequence[str]) -> bool:
    """Whether an index expression depends on an index, other than through an array's elements."""
    if isinstance(node, Read):
        return False
    is_one = isinstance(node, Index) and node.name in names
    return is_one or any(_depends(child, names) for child in node.children())


def overlap(one: Interval, two: Interval) -> Interval:
    return max(one[0], two[0]), min(one[1], two[1])


def _whole(interval: Interval) -> tuple[int, int] | None:
    """The whole numbers of an interval, if it is finite."""
    low, high = interval
    if low > high:
        return 0, -1
    if not (math.isfinite(low) and math.isfinite(high)):
        return None
    return math.floor(low), math.ceil(high)


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


def _corners(a: Interval, b: Interval, operation: Callable[[float, float], float]) -> Interval:
    try:
        values = [operation(x, y) for x in a for y in b]
    except (OverflowError, ValueError):
        return EVERYTHING
    if any(math.isnan(value) for value in values):
        return EVERYTHING
    return min(values), max(values)


def _step(interval: Interval, operation: Callable[[float], int]) -> Interval:
    low, high = interval
    return (
        float(operation(low)) if math.isfinite(low) else low,
        float(operation(high)) if math.isfinite(high) else high,
    )
