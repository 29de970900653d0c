"""The NumPy evaluator: each index is an axis, values broadcast, sums reduce.

The value of a node is an array whose axes are the indices in scope: the free indices last, in the
order of the result, and the indices of sums before them, the innermost first. NumPy aligns axes
from the right, so a value that does not depend on an inner index broadcasts over it unasked.
An expression never holds more than `BLOCK` numbers at a time: longer ranges are cut in halves.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnmath.errors import ArrayValueError, FormulaError, MissingArrayError, UnboundSizeError
from cnnmath.formula.functions import FUNCTIONS
from cnnmath.formula.nodes import (
    Add,
    Apply,
    Binder,
    Call,
    Cases,
    Compare,
    Divide,
    Extent,
    Index,
    Logic,
    Multiply,
    Negative,
    Node,
    Number,
    Power,
    Read,
    Reduce,
)
from cnnmath.formula.ranges import Interval, Ranges

Values = NDArray[np.float64]

BLOCK = 256 * 2**20 // (8 * 8)  # numbers in one intermediate: about eight live at once in 256 MB

_IDENTITY = {"sum": 0.0, "prod": 1.0, "max": -math.inf, "min": math.inf}
_IDENTITY |= {"argmax": -math.inf, "argmin": math.inf}
_REDUCERS: dict[str, Callable[..., Any]] = {
    "sum": np.sum, "prod": np.prod, "max": np.max, "min": np.min,
}  # fmt: skip
_COMPARISONS: dict[str, Callable[..., Any]] = {
    "=": np.equal, "!=": np.not_equal, "<": np.less, "<=": np.less_equal,
    ">": np.greater, ">=": np.greater_equal,
}  # fmt: skip


class Evaluator:
    """Values of nodes, given the arrays, sizes and functions that they read.

    arrays : float64 by name;  numbers : sizes and single numbers;  functions : of the caller
    origin : the first index along the axes of an array
    """

    def __init__(
        self,
        arrays: Mapping[str, Values],
        numbers: Mapping[str, float],
        functions: Mapping[str, Callable[..., Any]],
        ranges: Ranges,
        origin: Callable[[str], int],
    ) -> None:
        self.arrays = arrays
        self.numbers = numbers
        self.functions = functions
        self.ranges = ranges
        self.origin = origin
        self.indices: dict[str, Values] = {}
        self.depth = 0
        self.volume = 1  # how many values the indices in scope take together
        self.excluded: list[NDArray[np.bool_]] | None = None  # reads that fell outside, in a max

    # ---- the result, element by element -----------------------------------------------------------

    def grid(self, node: Node, spans: Mapping[str, tuple[int, int]]) -> Values:
        """The values of a node for all values of its free indices.

        spans : first and last value of each free index, in the order of the axes of the result
        """
        shape = tuple(max(0, last - first + 1) for first, last in spans.values())
        out = np.zeros(shape)
        with np.errstate(all="ignore"):
            self._fill(node, spans, out)
        return out

    def _fill(self, node: Node, spans: Mapping[str, tuple[int, int]], out: Values) -> None:
        if out.size == 0:
            return
        if out.size > max(BLOCK // 8, 1):
            axis = int(np.argmax(out.shape))
            name = list(spans)[axis]
            first, last = spans[name]
            middle = (first + last) // 2
            low, high = {**spans, name: (first, middle)}, {**spans, name: (middle + 1, last)}
            cut = [slice(None)] * out.ndim
            cut[axis] = slice(0, middle - first + 1)
            self._fill(node, low, out[tuple(cut)])
            cut[axis] = slice(middle - first + 1, None)
            self._fill(node, high, out[tuple(cut)])
            return
        with self.along(spans):
            out[...] = self.value(node)

    @contextmanager
    def along(self, spans: Mapping[str, tuple[int, int]]) -> Iterator[None]:
        """Give each index an axis of its own, in front of those in scope."""
        outer = dict(self.indices), self.depth, self.volume
        for name in reversed(spans):
            first, last = spans[name]
            column = (last - first + 1,) + (1,) * self.depth
            self.indices[name] = np.arange(first, last + 1, dtype=np.float64).reshape(column)
            self.depth += 1
            self.volume *= max(1, last - first + 1)
        try:
            yield
        finally:
            self.indices, self.depth, self.volume = outer

    # ---- nodes ----------------------------------------------------------------------------------

    def value(self, node: Node) -> Values:
        """The value of a node, with one axis for each index in scope (or fewer)."""
        match node:
            case Number(value=number):
                return np.float64(number)  # type: ignore[return-value]
            case Index(name=name):
                return self.index(name)
            case Read():
                return self.read(node)
            case Extent(name=name, axis=axis):
                return np.float64(self.array(name).shape[axis])  # type: ignore[return-value]
            case Add(terms=terms):
                return reduce(np.add, [self.value(term) for term in terms])
            case Negative(body=body):
                return -self.value(body)
            case Multiply(factors=factors):
                return self.product(factors)
            case Divide(above=above, below=below):
                return np.divide(self.value(above), self.value(below))
            case Power(base=base, exponent=exponent):
                return np.power(self.value(base), self.value(exponent))
            case Call(function="max" | "min"):
                return self.extremum(node)
            case Call(function=function, arguments=arguments):
                return np.asarray(FUNCTIONS[function](*map(self.value, arguments)))
            case Apply():
                return self.applied(node)
            case Compare() | Logic():
                return self.holds(node).astype(np.float64)
            case Cases():
                return self.cases(node)
            case Reduce():
                return self.reduced(node)
        raise FormulaError(f"{type(node).__name__} has no value")

    def index(self, name: str) -> Values:
        if name not in self.indices:
            raise UnboundSizeError(
                f"{name} is an index that neither the left side nor a sum runs over: "
                f"give its value, {name}=..."
            )
        return self.indices[name]

    def array(self, name: str) -> Values:
        if name not in self.arrays:
            raise MissingArrayError(f"the formula reads {name}, which was not given")
        return self.arrays[name]

    def read(self, node: Read) -> Values:
        """Elements of an array; where an index falls outside, 0."""
        if not node.index:
            if node.name in self.numbers:
                return np.float64(self.numbers[node.name])  # type: ignore[return-value]
            return self.array(node.name)
        array = self.array(node.name)
        origin = self.origin(node.name)
        places = []
        inside: Any = True
        for expression, length in zip(node.index, array.shape, strict=True):
            place = np.asarray(self.whole(expression, node.name)) - origin
            fits = (place >= 0) & (place < length)
            if not fits.all():
                inside = inside & fits
                place = np.where(fits, place, 0)
            places.append(place)
        if inside is True:
            return np.asarray(array[tuple(places)])
        if self.excluded is not None:
            self.excluded.append(np.asarray(inside))
        if array.size == 0:
            return np.zeros(np.broadcast_shapes(*(np.shape(p) for p in places)))
        return np.where(inside, array[tuple(places)], 0.0)

    def whole(self, expression: Node, name: str) -> NDArray[np.intp]:
        """An index as whole numbers.

        Raises ArrayValueError if it is NaN or lies between whole numbers.
        """
        with self.sheltered():
            values = np.asarray(self.value(expression))
        rounded = np.rint(values)
        wrong = ~(values == rounded)
        if wrong.any():
            shown = values[wrong].flat[0]
            raise ArrayValueError(f"{name} is read at the index {shown}, which is no whole number")
        # An index too large for an integer is outside every array all the same.
        return np.clip(rounded, -(2.0**62), 2.0**62).astype(np.intp)

    @contextmanager
    def sheltered(self) -> Iterator[None]:
        """Reads in here that fall outside are 0, whatever maximum stands around."""
        outer, self.excluded = self.excluded, None
        try:
            yield
        finally:
            self.excluded = outer

    def product(self, factors: tuple[Node, ...]) -> Values:
        """A product; a condition that does not hold makes it 0, whatever the rest may be."""
        conditions = [f for f in factors if isinstance(f, Compare | Logic)]
        others = [f for f in factors if not isinstance(f, Compare | Logic)]
        if not conditions:
            return reduce(np.multiply, [self.value(factor) for factor in factors])
        holds = reduce(np.logical_and, [self.holds(c) for c in conditions])
        if not others:
            return holds.astype(np.float64)
        rest = reduce(np.multiply, [self.value(factor) for factor in others])
        return np.where(holds, rest, 0.0)

    def holds(self, node: Node) -> NDArray[np.bool_]:
        """Where a condition holds."""
        match node:
            case Compare(relation=relation, left=left, right=right):
                with self.sheltered():
                    return np.asarray(
                        _COMPARISONS[relation](self.value(left), self.value(right)), dtype=bool
                    )
            case Logic(operation=operation, parts=parts):
                join = np.logical_and if operation == "and" else np.logical_or
                return reduce(join, [self.holds(part) for part in parts])
        return np.asarray(self.value(node) != 0)

    def applied(self, node: Apply) -> Values:
        """A function of the caller, or a number times a bracket."""
        arguments = [self.value(argument) for argument in node.arguments]
        if node.name in self.functions:
            return np.asarray(self.functions[node.name](*arguments), dtype=np.float64)
        if node.name in self.indices:
            factor: Any = self.indices[node.name]
        elif node.name in self.numbers:
            factor = self.numbers[node.name]
        else:
            factor = self.array(node.name)
        return np.asarray(factor * arguments[0])

    def cases(self, node: Cases) -> Values:
        conditions = [self.holds(condition) for condition, _ in node.rows]
        values = [self.value(value) for _, value in node.rows]
        if node.otherwise is not None:
            default: Any = self.value(node.otherwise)
        else:
            default = 0.0
            if not reduce(np.logical_or, conditions).all():
                raise FormulaError(
                    "there are elements for which no case of the formula holds: "
                    "add a row with \\text{otherwise}"
                )
        out: Any = default
        for condition, value in zip(reversed(conditions), reversed(values), strict=True):
            out = np.where(condition, value, out)
        return np.asarray(out)

    def extremum(self, node: Call) -> Values:
        """The largest or smallest of some values; one read from outside does not compete."""
        out: Any = None
        operation = np.maximum if node.function == "max" else np.minimum
        for argument in node.arguments:
            value = self.competing(argument, _IDENTITY[node.function])
            out = value if out is None else operation(out, value)
        return np.asarray(out)

    def competing(self, node: Node, identity: float) -> Values:
        outer, self.excluded = self.excluded, []
        try:
            value = self.value(node)
            for inside in self.excluded:
                value = np.where(inside, value, identity)
        finally:
            self.excluded = outer
        return value

    # ---- sums, products, maxima -------------------------------------------------------------------

    def reduced(self, node: Reduce) -> Values:
        spans: dict[str, tuple[int, int]] = {}
        conditions: list[tuple[str, Values, Values]] = []
        for binder in node.binders:
            with self.sheltered():
                low, high = self.value(binder.low), self.value(binder.high)
            first, last = self.span(binder, node, low, high)
            spans[binder.name] = first, last
            if low.size > 1 or high.size > 1:
                conditions.append((binder.name, low, high))
        if node.operation in ("argmax", "argmin"):
            return self.attained(node, spans, conditions)
        return self.over(node, spans, conditions)

    def span(self, binder: Binder, node: Reduce, low: Values, high: Values) -> tuple[int, int]:
        """The first and the last value of an index, over all the values of the outer ones."""
        if low.size == 0 or high.size == 0:
            return 0, -1
        first, last = float(np.min(low)), float(np.max(high))
        if math.isnan(first) or math.isnan(last):
            raise ArrayValueError(f"a bound of the index {binder.name} is not a number")
        if math.isfinite(first) and math.isfinite(last):
            return math.ceil(first), math.floor(last)
        box: dict[str, Interval] = {
            name: (float(values.min()), float(values.max()))
            for name, values in self.indices.items()
            if values.size
        }
        found = self.ranges.support(node.body, binder.name, box)
        if found is None:
            raise FormulaError(
                f"the sum over {binder.name} does not end: no array says beyond which "
                f"{binder.name} its terms are 0"
            )
        return max(first, found[0]), min(last, found[1])  # type: ignore[return-value]

    def over(
        self,
        node: Reduce,
        spans: dict[str, tuple[int, int]],
        conditions: list[tuple[str, Values, Values]],
    ) -> Values:
        lengths = {name: last - first + 1 for name, (first, last) in spans.items()}
        identity = _IDENTITY[node.operation]
        if min(lengths.values()) <= 0:
            return np.float64(identity)  # type: ignore[return-value]
        longest = max(lengths, key=lambda name: lengths[name])
        if self.volume * math.prod(lengths.values()) > BLOCK and lengths[longest] > 1:
            first, last = spans[longest]
            middle = int(first + last) // 2
            join = {"sum": np.add, "prod": np.multiply, "max": np.maximum, "min": np.minimum}
            return np.asarray(
                join[node.operation](
                    self.over(node, {**spans, longest: (first, middle)}, conditions),
                    self.over(node, {**spans, longest: (middle + 1, last)}, conditions),
                )
            )
        with self.along({name: (int(a), int(b)) for name, (a, b) in spans.items()}):
            body = self.body(node, conditions, identity)
            body = self.stretched(body, list(lengths.values()))
            return np.asarray(_REDUCERS[node.operation](body, axis=tuple(range(len(spans)))))

    def body(
        self, node: Reduce, conditions: list[tuple[str, Values, Values]], identity: float
    ) -> Values:
        """The terms, with the identity of the reduction where a condition does not hold."""
        if node.operation in ("sum", "prod"):
            with self.sheltered():
                body = self.value(node.body)
        else:
            body = self.competing(node.body, identity)
        if node.where is not None:
            body = np.where(self.holds(node.where), body, identity)
        for name, low, high in conditions:
            index = self.indices[name]
            body = np.where((index >= low) & (index <= high), body, identity)
        return np.asarray(body)

    def stretched(self, body: Values, lengths: list[int]) -> Values:
        """The terms with the new axes, the outermost ones, at full length."""
        shape = (1,) * (self.depth - body.ndim) + body.shape
        return np.broadcast_to(body, (*lengths, *shape[len(lengths) :]))

    def attained(
        self,
        node: Reduce,
        spans: dict[str, tuple[int, int]],
        conditions: list[tuple[str, Values, Values]],
    ) -> Values:
        """Where the extremum is first attained, in row-major order; for one index its value."""
        lengths = [last - first + 1 for first, last in spans.values()]
        if min(lengths) <= 0:
            raise FormulaError("an \\arg\\max was taken over no values at all")
        with self.along(spans):
            body = self.body(node, conditions, _IDENTITY[node.operation])
            body = self.stretched(body, lengths)
            flat = body.reshape((math.prod(lengths), *body.shape[len(spans) :]))
            place = (np.argmax if node.operation == "argmax" else np.argmin)(flat, axis=0)
        if len(spans) == 1:
            place = place + next(iter(spans.values()))[0]
        return np.asarray(place, dtype=np.float64)
