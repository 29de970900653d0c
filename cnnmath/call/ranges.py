"""How far the indices of a formula run, once the shapes of its arrays are numbers.

Index arithmetic is bounded from both sides: so far a free index may run that no read falls outside
its array, and such elements a left side like `x_{(li+s)}` reaches.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from cnnmath.core.nodes import (
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
    Inverse,
    Logic,
    Multiply,
    Negative,
    Node,
    Number,
    Padded,
    Power,
    Read,
    Reduce,
)
from cnnmath.errors import UndeclaredShapeError

Interval = tuple[float, float]
Place = tuple[Read, int, Mapping[str, Interval]]  # a read, one of its axes, ranges of indices

FAR = 1 << 24  # an index that nothing stops before this is not bounded by any array

EVERYTHING: Interval = (-math.inf, math.inf)
NOTHING: Interval = (math.inf, -math.inf)


class _UnknownRangeError(Exception):
    """How far an index expression reaches cannot be told."""


@dataclass(frozen=True)
class Ranges:
    """Bounds of index expressions.

    sizes : value of each size;  shapes : lengths of each array's axes;
    values : smallest and largest element of the arrays that are used as indices;
    origin : first index of an array's axes
    """

    sizes: Mapping[str, float]
    shapes: Mapping[str, tuple[int, ...]]
    values: Mapping[str, Interval]
    origin: Callable[[str], int]

    def of(self, node: Node, indices: Mapping[str, Interval]) -> Interval:
        """The smallest and the largest value that an expression can take."""
        match node:
            case Number(value=value):
                return value, value
            case Index(name=name):
                return indices.get(name, EVERYTHING)
            case Read(name=name, index=()) if name in self.sizes:
                return self.sizes[name], self.sizes[name]
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

    def reads(self, node: Node, indices: Mapping[str, Interval]) -> Iterator[Place]:
        """Every read of an array below a node, by axis, with the ranges of the indices there."""
        if isinstance(node, Read) and node.name in self.shapes:
            for axis in range(len(node.index)):
                yield node, axis, indices
        if isinstance(node, Inverse):
            yield from self.reads(node.mirrored, indices)
        inner = self.inside(node, indices) if isinstance(node, Reduce) else indices
        for child in node.children():
            yield from self.reads(child, indices if isinstance(child, Binder) else inner)

    def inside(self, node: Reduce, indices: Mapping[str, Interval]) -> dict[str, Interval]:
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


def _depends(node: Node, names: Sequence[str]) -> bool:
    """Whether an index expression depends on an index, other than through an array's elements."""
    if isinstance(node, Read):
        return False
    is_one = isinstance(node, Index) and node.name in names
    return is_one or any(_depends(child, names) for child in node.children())


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
