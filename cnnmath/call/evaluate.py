"""The NumPy evaluator: each index is an axis, values broadcast, sums reduce.

The value of a node is an array whose axes are the indices in scope: the free indices last, in the
order of the result, and the indices of sums before them, the innermost first. NumPy aligns axes
from the right, so a value that does not depend on an inner index broadcasts over it unasked.
An expression never holds more than about `BLOCK` numbers at a time: longer ranges are halved.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnmath.call.arrange import arranged
from cnnmath.call.attained import Spans, attained, first_largest
from cnnmath.call.bound import Bound
from cnnmath.call.contract import contract
from cnnmath.call.determinants import determinant, insist_on_size
from cnnmath.call.places import places_of
from cnnmath.call.ranges import Interval
from cnnmath.call.support import between_numbers, insist_on_order, summed
from cnnmath.core.functions import RELATIONS, Values, function_of
from cnnmath.core.lower import LOSES
from cnnmath.core.nodes import (
    ZERO,
    Add,
    Apply,
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
)
from cnnmath.errors import FormulaError, ShapeError, UnboundSizeError

Holds = NDArray[np.bool_]

BLOCK = 2**20  # numbers in one intermediate, 8 MB; about a dozen live at once
LARGEST_RESULT = 2**27  # numbers, 1 GB
MOST_TERMS = 10**11  # about an hour

_IDENTITY = {"sum": 0.0, "prod": 1.0, "det": 1.0, **LOSES}
_REDUCERS: dict[str, Callable[..., Any]] = {
    "sum": np.sum, "prod": np.prod, "max": np.max, "min": np.min,
}  # fmt: skip
_JOINERS: dict[str, Callable[..., Any]] = {
    "sum": np.add, "prod": np.multiply, "max": np.maximum, "min": np.minimum,
    "argmax": first_largest, "argmin": first_largest,
}  # fmt: skip


class Evaluator:
    """Values of nodes, given the arrays, sizes and functions that they read.

    bound : what a call gave
    """

    def __init__(self, bound: Bound) -> None:
        self.bound = bound
        self.indices: dict[str, Values] = {}
        self.depth = 0
        self.whole: dict[str, int] = {}  # how many values each index takes, in all blocks together
        self.met_infinity = False  # whether a number overflowed, or was divided by 0
        self.overflowed = False
        self.active: Holds | None = None  # where a value counts; elsewhere a condition fails

    # ---- the result, block by block -------------------------------------------------------------

    def grid(self, node: Node, spans: Spans) -> Values:
        """The values of a node for all values of its free indices.

        spans : first and last value of each free index, in the order of the axes of the result
        Raises ShapeError if the result would not fit into the memory of a small machine.
        """
        shape = tuple(max(0, last - first + 1) for first, last in spans.values())
        if math.prod(shape) > LARGEST_RESULT:
            raise ShapeError(
                f"the result would have shape {shape}, {8 * math.prod(shape) / 2**30:.3g} GB: "
                f"at most {8 * LARGEST_RESULT // 2**30} GB is calculated at a time"
            )
        out = np.zeros(shape)
        self.whole = dict(zip(spans, shape, strict=True))
        with np.errstate(all="ignore", over="call", divide="call", call=self._meets_infinity):
            self._fill(arranged(node), spans, out)
        return out

    def _meets_infinity(self, error: str, _: int) -> None:
        self.met_infinity = True
        self.overflowed |= error == "overflow"

    def _fill(self, node: Node, spans: Spans, out: Values) -> None:
        if out.size == 0:
            return
        if out.size > max(BLOCK // 8, 1):
            axis = int(np.argmax(out.shape))
            name = list(spans)[axis]
            low, high = _halves(spans, name)
            cut = _lengths(low)[name]
            for half, part in ((low, slice(None, cut)), (high, slice(cut, None))):
                place = [slice(None)] * out.ndim
                place[axis] = part
                self._fill(node, half, out[tuple(place)])
            return
        with self._along(spans):
            out[...] = self._value(node)

    @contextmanager
    def _along(self, spans: Spans) -> Iterator[None]:
        """Give each index an axis of its own, in front of those in scope."""
        outer = dict(self.indices), self.depth
        for name in reversed(list(spans)):
            first, last = spans[name]
            column = (last - first + 1,) + (1,) * self.depth
            self.indices[name] = np.arange(first, last + 1, dtype=np.float64).reshape(column)
            self.depth += 1
        try:
            yield
        finally:
            self.indices, self.depth = outer

    # ---- nodes ----------------------------------------------------------------------------------

    def _value(self, node: Node) -> Values:
        """The value of a node, with one axis for each index in scope (or fewer)."""
        match node:
            case Number(value=value):
                return np.float64(value)  # type: ignore[return-value]
            case Index(name=name):
                return self._index(name)
            case Read(name=name):
                number = np.asarray(self.bound.numbers[name], dtype=np.float64)
                return np.asarray(number[self._elements(name)])
            case Element():
                return self._element(node)
            case Extent(name=name, axis=axis):
                return np.float64(self.bound.arrays[name].shape[axis])  # type: ignore[return-value]
            case Add(terms=terms):
                return reduce(np.add, map(self._value, terms))
            case Negative(body=body):
                return -self._value(body)
            case Multiply(factors=factors):
                return reduce(np.multiply, map(self._value, factors))
            case Divide(above=above, below=below):
                return np.divide(self._value(above), self._value(below))
            case Power(base=base, exponent=exponent):
                return np.power(self._value(base), self._value(exponent))
            case Call(function="max" | "min" as name, arguments=arguments):
                return np.asarray(reduce(_JOINERS[name], map(self._value, arguments)))
            case Call(function=name, arguments=arguments):
                apply = function_of(name, self.bound.functions)
                return np.asarray(apply(*map(self._value, arguments)), dtype=np.float64)
            case Apply():
                return self._applied(node)
            case Compare() | Logic() | Inside():
                return self._holds(node).astype(np.float64)
            case Padded(inside=inside, body=body, outside=outside):
                return self._chosen(((inside, body),), Number(outside))
            case Cases(rows=rows, otherwise=otherwise):
                return self._chosen(rows, otherwise)
            case Reduce():
                return self._reduced(node)
        raise FormulaError(f"{type(node).__name__} has no value")

    def _index(self, name: str) -> Values:
        if name not in self.indices:
            raise UnboundSizeError(
                f"{name} is an index that neither the left side nor a sum runs over: "
                f"give its value, {name}=..."
            )
        return self.indices[name]

    def _elements(self, name: str) -> tuple[Any, ...]:
        """The part of an array without indices that belongs to the block."""
        if not np.ndim(self.bound.numbers[name]):
            return ()
        axes = [self.indices[f"axis {k}"].ravel() for k in range(np.ndim(self.bound.numbers[name]))]
        return tuple(slice(int(axis[0]), int(axis[-1]) + 1) for axis in axes)

    def _element(self, node: Element) -> Values:
        """Elements of an array; a number where an index falls outside."""
        array = self.bound.arrays[node.name]
        inside, places = self._places(node)
        if inside is np.True_:
            return np.asarray(array[places])
        if array.size == 0:
            return np.full(np.shape(inside), node.outside)
        return np.where(inside, array[places], node.outside)

    def _places(self, node: Element) -> tuple[Any, tuple[Any, ...]]:
        """Where elements lie within an array, just True if all do, and their places there."""
        index = list(map(self._value, node.index))
        shape, first = self.bound.arrays[node.name].shape, self.bound.origin(node.name)
        return places_of(node, index, shape, first, self.active)

    @contextmanager
    def _where(self, condition: Holds) -> Iterator[None]:
        """Values in here count only where a condition holds."""
        outer = self.active
        self.active = np.asarray(condition if outer is None else outer & condition)
        try:
            yield
        finally:
            self.active = outer

    def _joined(self, parts: Sequence[Node], enough: bool) -> Holds:
        """Where one of some conditions is as it is enough that one is, or else where none is.

        Each counts only where it is still open.
        """
        found = self._holds(parts[0])
        for part in parts[1:]:
            with self._where(~found if enough else found):
                here = self._holds(part)
            found = found | here if enough else found & here
        return found

    def _holds(self, node: Node) -> Holds:
        """Where a condition holds."""
        match node:
            case Compare(relation=relation, left=left, right=right):
                values = self._value(left), self._value(right)
                return np.asarray(RELATIONS[relation](*values), dtype=bool)
            case Inside(element=element):
                return np.asarray(self._places(element)[0])
            case Logic(operation=operation, parts=parts):
                return self._joined(parts, operation == "or")
        return np.asarray(self._value(node) != 0)

    def _applied(self, node: Apply) -> Values:
        """A function of the caller, or a number times a bracket."""
        arguments = [self._value(argument) for argument in node.arguments]
        if node.name in self.bound.functions:
            return np.asarray(self.bound.functions[node.name](*arguments))
        return np.multiply(self._value(Read(node.name)), arguments[0])

    def _chosen(self, rows: Sequence[tuple[Node, Node]], otherwise: Node | None) -> Values:
        """The value beside the first condition that holds; each counts only where it is taken."""
        if not rows:
            if otherwise is None and (self.active is None or self.active.any()):
                raise FormulaError(
                    "there are elements for which no case of the formula holds: "
                    "add a row with \\text{otherwise}"
                )
            return self._value(ZERO if otherwise is None else otherwise)
        (condition, value), *others = rows
        holds = self._holds(condition)
        with self._where(holds):
            found = self._value(value)
        if not others and isinstance(otherwise, Number):
            return np.where(holds, found, otherwise.value)
        with self._where(~holds):
            return np.where(holds, found, self._chosen(others, otherwise))

    # ---- sums, products, maxima -----------------------------------------------------------------

    def _reduced(self, node: Reduce) -> Values:
        bounds = {binder.name: self._bounds(binder, node.operation) for binder in node.binders}
        around = {
            name: (float(values.min()), float(values.max()))
            for name, values in self.indices.items()
        }
        spans = summed(self.bound.ranges, node, bounds, around)
        lengths = _lengths(spans)
        if min(lengths.values()) <= 0:
            if node.operation in ("argmax", "argmin"):
                raise FormulaError("an \\arg\\max was taken over no values at all")
            return np.float64(_IDENTITY[node.operation])  # type: ignore[return-value]
        outer_whole = self.whole
        self.whole = {**outer_whole, **lengths}
        self._refuse_drudgery(node)
        try:
            if node.operation in ("argmax", "argmin"):
                return np.asarray(self._over(node, spans, spans)[1])
            return self._over(node, spans, spans, _contracted(node))
        finally:
            self.whole = outer_whole

    def _bounds(self, binder: Binder, operation: str) -> Interval:
        """The first and the last value that an index takes for any element.

        Raises FormulaError if it begins or ends between whole numbers, or a product runs backwards.
        """
        low, high = np.broadcast_arrays(self._value(binder.low), self._value(binder.high))
        if low.size > 1 and self.active is not None:
            low = np.where(self.active, low, math.inf)
            high = np.where(self.active, high, -math.inf)
        counts = True if self.active is None else self.active
        for end, at in (("begins", low), ("ends", high)):
            odd = np.isfinite(at) & (at != np.rint(at)) & counts
            if odd.any():
                raise between_numbers(binder.name, end, np.broadcast_to(at, odd.shape)[odd].flat[0])
        if operation == "prod" and low.size > 1:
            place = int(np.argmin(high - low))
            first, last = float(low.flat[place]), float(high.flat[place])
            if math.isfinite(first):  # else it does not count
                insist_on_order(binder.name, first, last)
        return float(low.min()), float(high.max())

    def _refuse_drudgery(self, node: Reduce) -> None:
        names = self._free(node.body) | {binder.name for binder in node.binders}
        terms = math.prod(self.whole[name] for name in names if name in self.whole)
        if terms > MOST_TERMS:
            over = ", ".join(binder.name.partition("~")[0] for binder in node.binders)
            raise FormulaError(
                f"the sum over {over} has {terms:.3g} terms in all, which would take hours: "
                f"at most {MOST_TERMS:.0e} are calculated"
            )

    def _free(self, node: Node) -> frozenset[str]:
        """The indices that a node depends on; what has none may be a number for each element."""
        axes = [name for name in self.indices if name.startswith("axis ")]
        alone = axes and any(isinstance(inner, Read) for inner in node.walk())
        return node.free.union(axes) if alone else node.free

    def _over(
        self, node: Reduce, spans: Spans, whole: Spans, factors: tuple[Node, ...] = ()
    ) -> Values:
        """The reduction over a part of the values of its indices.

        Neither its terms, nor one of the factors by whose contraction it is found, have more than
        about BLOCK numbers: the first index that these depend on is halved until that is so.

        factors : of which a sum may be the contraction
        Returns of an arg max the largest value and its place, which counts in the whole.
        """
        operation, lengths = node.operation, _lengths(spans)
        sizes = {name: values.size for name, values in self.indices.items()} | lengths
        held = list(map(self._free, factors)) or [self._free(node).union(spans)]
        if operation == "det":  # of the matrix as a whole
            insist_on_size(math.prod(sizes[name] for name in held[0] if name in sizes), lengths)
            held = []
        for names in held:
            long = [name for name, length in lengths.items() if name in names and length > 1]
            if long and math.prod(sizes[name] for name in names if name in sizes) > BLOCK:
                halves = (
                    self._over(node, half, whole, factors) for half in _halves(spans, long[0])
                )
                return np.asarray(_JOINERS[operation](*halves))
        if factors:
            # Along an index that no factor reads, one term stands for all.
            read = frozenset().union(*held)
            terms = {n: span if n in read else (span[0], span[0]) for n, span in spans.items()}
            with self._along(terms):
                values = [np.asarray(self._value(factor)) for factor in factors]
                if all(np.isfinite(value).all() for value in values):
                    return contract(values, tuple(lengths.values()), self.depth, BLOCK)
            return self._over(node, spans, whole)  # 0 times infinity is met term by term
        with self._along(spans):
            rows = () if node.where is None else ((node.where, node.body),)
            found = self._chosen(rows, Number(_IDENTITY[operation]) if rows else node.body)
            shape = (1,) * (self.depth - np.ndim(found)) + np.shape(found)
            body = np.broadcast_to(found, (*lengths.values(), *shape[len(spans) :]))
            if operation in ("argmax", "argmin"):
                return attained(body if operation == "argmax" else -body, spans, whole)
            if operation == "det":
                return determinant(np.moveaxis(body, (0, 1), (-2, -1)))
            return np.asarray(_REDUCERS[operation](body, axis=tuple(range(len(spans)))))


def _contracted(node: Reduce) -> tuple[Node, ...]:
    """The factors whose contraction a reduction is; none, if its terms do not all count."""
    if node.operation != "sum" or node.where is not None or isinstance(node.body, Cases):
        return ()
    return node.body.factors if isinstance(node.body, Multiply) else (node.body,)


def _lengths(spans: Spans) -> dict[str, int]:
    return {name: last - first + 1 for name, (first, last) in spans.items()}


def _halves(spans: Spans, name: str) -> list[dict[str, tuple[int, int]]]:
    """Ranges of which one is cut in the middle."""
    first, last = spans[name]
    middle = (first + last) // 2
    return [{**spans, name: (first, middle)}, {**spans, name: (middle + 1, last)}]
