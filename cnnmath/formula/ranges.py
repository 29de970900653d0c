"""How far the indices of a formula run, once the shapes of its arrays are numbers.

Three questions are answered here by bounding index arithmetic from both sides:
how far a free index may run so that no read falls outside its array; where the terms of a
sum to infinity can differ from zero; which elements a left side such as `x_{(li+s)}` reaches.
"""

import math
from collections.abc import Callable, Mapping, Sequence

from cnnmath.errors import UndeclaredShapeError
from cnnmath.formula.nodes import (
    Add,
    Binder,
    Call,
    Compare,
    Divide,
    Extent,
    Index,
    Multiply,
    Negative,
    Node,
    Number,
    Power,
    Read,
    Reduce,
)

Interval = tuple[float, float]
FAR = 1 << 24  # an index that nothing stops before this is not bounded by any array

EVERYTHING: Interval = (-math.inf, math.inf)


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
                return self.sizes[name], self.sizes[name]
            case Read(name=name):
                return self.values.get(name, EVERYTHING)
            case Extent(name=name, axis=axis):
                length = float(self.shapes[name][axis])
                return length, length
            case Compare():
                return 0.0, 1.0
            case Power() | Reduce():
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
            case Call(function="floor"):
                return _step(inner[0], math.floor)
            case Call(function="ceil"):
                return _step(inner[0], math.ceil)
            case Call(function="max"):
                return max(low for low, _ in inner), max(high for _, high in inner)
            case Call(function="min"):
                return min(low for low, _ in inner), min(high for _, high in inner)
            case Call(function="mod") if inner[1][0] == inner[1][1] and inner[1][0] > 0:
                low, high = inner[0]
                fits = 0 <= low and high < inner[1][0]
                return inner[0] if fits else (0.0, inner[1][0] - 1)
            case Call(function="abs"):
                low, high = inner[0]
                smallest = 0.0 if low <= 0 <= high else min(abs(low), abs(high))
                return smallest, max(abs(low), abs(high))
        return EVERYTHING

    def reads(
        self, node: Node, indices: Mapping[str, Interval]
    ) -> list[tuple[Read, int, dict[str, Interval]]]:
        """Every read of an array below a node, by axis, with the ranges of the indices there."""
        found: list[tuple[Read, int, dict[str, Interval]]] = []
        self._reads(node, dict(indices), found)
        return found

    def _reads(
        self,
        node: Node,
        indices: dict[str, Interval],
        found: list[tuple[Read, int, dict[str, Interval]]],
    ) -> None:
        if isinstance(node, Read) and node.name in self.shapes:
            found.extend((node, axis, indices) for axis in range(len(node.index)))
        if isinstance(node, Reduce):
            inner = dict(indices)
            for binder in node.binders:
                inner[binder.name] = self.binder(binder, indices)
            for child in (*(() if node.where is None else (node.where,)), node.body):
                self._reads(child, inner, found)
            return
        for child in node.children():
            self._reads(child, indices, found)

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
        reads = [
            (read.index[axis], read, axis, indices)
            for node in nodes
            for read, axis, indices in self.reads(node, others)
            if _mentions(read.index[axis], {name})
        ]
        clear = [r for r in reads if not _mentions(r[0], set(unknown))]
        if not clear:
            return None

        def fits(upper: int) -> bool:
            for expression, read, axis, indices in clear:
                box = {**indices, name: (float(first), float(upper))}
                low, high = self.of(expression, box)
                start = self.origin(read.name)
                if low < start or high > start + self.shapes[read.name][axis] - 1:
                    return False
            return True

        if not fits(first):
            if all(fits_empty(self, r, name, first) for r in clear):
                return first - 1
            return None
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

    # ---- sums to infinity --------------------------------------------------------------------------

    def support(
        self, body: Node, name: str, indices: Mapping[str, Interval]
    ) -> tuple[int, int] | None:
        """The values of an index outside which every read that it enters is outside its array.

        None where that cannot be told.
        """
        hulls: list[tuple[int, int]] = []
        inner = {**indices, name: EVERYTHING}
        for read, axis, box in self.reads(body, inner):
            expression = read.index[axis]
            if not _mentions(expression, {name}):
                continue
            at = [self.of(expression, {**box, name: (v, v)}) for v in (0.0, 1.0)]
            slope = at[1][0] - at[0][0]
            if slope == 0 or at[1][1] - at[0][1] != slope or not math.isfinite(sum(at[0])):
                continue
            start = self.origin(read.name)
            end = start + self.shapes[read.name][axis] - 1
            edges = [(start - at[0][1]) / slope, (end - at[0][0]) / slope,
                     (start - at[0][0]) / slope, (end - at[0][1]) / slope]  # fmt: skip
            hulls.append((math.floor(min(edges)), math.ceil(max(edges))))
        if not hulls:
            return None
        return min(low for low, _ in hulls), max(high for _, high in hulls)


def fits_empty(
    ranges: Ranges,
    read: tuple[Node, Read, int, Mapping[str, Interval]],
    name: str,
    first: int,
) -> bool:
    """Whether the only obstacle is an array that is too short: then the index has no values."""
    expression, array, axis, indices = read
    low, _ = ranges.of(expression, {**indices, name: (float(first), float(first))})
    return low >= ranges.origin(array.name)


def _mentions(node: Node, names: set[str]) -> bool:
    return any(isinstance(n, Index) and n.name in names for n in node.walk())


def _corners(a: Interval, b: Interval, operation: Callable[[float, float], float]) -> Interval:
    values = [operation(x, y) for x in a for y in b]
    if any(math.isnan(value) for value in values):
        return EVERYTHING
    return min(values), max(values)


def _step(interval: Interval, operation: Callable[[float], int]) -> Interval:
    low, high = interval
    return (
        float(operation(low)) if math.isfinite(low) else low,
        float(operation(high)) if math.isfinite(high) else high,
    )
