"""The NumPy evaluator: each index is an axis, values broadcast, sums reduce.

The value of a node is an array whose axes are the indices in scope: the free indices last, in the
order of the result, and the indices of sums before them, the innermost first. NumPy aligns axes
from the right, so a value that does not depend on an inner index broadcasts over it unasked.
An expression never holds more than about `BLOCK` numbers at a time: longer ranges are halved.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnmath.errors import ArrayValueError, FormulaError, ShapeError, UnboundSizeError
from cnnmath.formula.bound import Bound
from cnnmath.formula.contract import contract
from cnnmath.formula.functions import function_of
from cnnmath.formula.leaving import no_such_element
from cnnmath.formula.lower import LOSES, lowered
from cnnmath.formula.nodes import (
    Add,
    Apply,
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
from cnnmath.formula.ranges import Interval
from cnnmath.formula.support import between_numbers, insist_on_order, summed

Values = NDArray[np.float64]
Holds = NDArray[np.bool_]

BLOCK = 2**20  # numbers in one intermediate, 8 MB; about a dozen live at once
LARGEST_RESULT = 2**27  # numbers, 1 GB
MOST_TERMS = 10**11  # about an hour

_IDENTITY = {"sum": 0.0, "prod": 1.0, **LOSES}
_REDUCERS: dict[str, Callable[..., Any]] = {
    "sum": np.sum, "prod": np.prod, "max": np.max, "min": np.min,
}  # fmt: skip
_JOINERS: dict[str, Callable[..., Any]] = {
    "sum": np.add, "prod": np.multiply, "max": np.maximum, "min": np.minimum,
}  # fmt: skip
_COMPARISONS: dict[str, Callable[..., Any]] = {
    "=": np.equal, "!=": np.not_equal, "<": np.less, "<=": np.less_equal,
    ">": np.greater, ">=": np.greater_equal,
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
        self._free: dict[int, frozenset[str]] = {}  # by id: to hash a node takes a walk through it
        self._merges: dict[int, Reduce] = {}

    # ---- the result, block by block -------------------------------------------------------------

    def grid(self, node: Node, spans: Mapping[str, tuple[int, int]]) -> Values:
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
            self._fill(lowered(node), spans, out)
        return out

    def _meets_infinity(self, error: str, _: int) -> None:
        self.met_infinity = True
        self.overflowed |= error == "overflow"

    def _fill(self, node: Node, spans: Mapping[str, tuple[int, int]], out: Values) -> None:
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
    def _along(self, spans: Mapping[str, tuple[int, int]]) -> Iterator[None]:
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
                return reduce(np.add, (self._value(term) for term in terms))
            case Negative(body=body):
                return -self._value(body)
            case Multiply(factors=factors):
                return self._product(factors)
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
                return self._padded(inside, body, outside)
            case Cases():
                return self._cases(node)
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

    def _places(self, element: Element) -> tuple[Any, tuple[Any, ...]]:
        """Where elements lie within an array, just True if all do, and their places there; of those
        that lie outside any place."""
        places = []
        inside: Any = np.True_
        shape, first = self.bound.arrays[element.name].shape, self.bound.origin(element.name)
        for axis, (expression, length) in enumerate(zip(element.index, shape, strict=True)):
            place = self._place(expression, element.name) - first
            fits = (place >= 0) & (place < length)
            if not fits.all():
                if element.given_by[axis]:
                    self._insist_on_fits(element, axis, place + first, fits)
                inside = inside & fits
                place = np.where(fits, place, 0)
            places.append(place)
        return inside, tuple(places)

    def _insist_on_fits(self, element: Element, axis: int, index: Any, fits: Any) -> None:
        """Raises ArrayValueError if an index that an array gives names no element."""
        wrong = ~fits if self.active is None else ~fits & self.active
        if wrong.any():
            first, length = (
                self.bound.origin(element.name),
                self.bound.arrays[element.name].shape[axis],
            )
            value = float(np.broadcast_to(index, wrong.shape)[wrong].flat[0])
            raise ArrayValueError(no_such_element(element, axis, value, first, length))

    def _place(self, expression: Node, name: str) -> NDArray[np.intp]:
        """An index as whole numbers.

        Raises ArrayValueError if it is NaN, infinite or between whole numbers, where that counts.
        """
        values = np.asarray(self._value(expression))
        rounded = np.rint(values)
        wrong = ~((values == rounded) & np.isfinite(values))
        if wrong.any():
            if self.active is not None:
                wrong = wrong & self.active
            if wrong.any():
                shown = np.broadcast_to(values, wrong.shape)[wrong].flat[0]
                raise ArrayValueError(
                    f"{name} is read at the index {shown:g}, which is no whole number"
                )
        # An index too large for an integer is outside every array all the same; one that is NaN
        # becomes whatever it may, for it does not count.
        return np.asarray(np.clip(rounded, -(2.0**62), 2.0**62).astype(np.intp))

    def _padded(self, inside: Node, body: Node, outside: float) -> Values:
        holds = self._holds(inside)
        with self._where(holds):
            return np.where(holds, self._value(body), outside)

    @contextmanager
    def _where(self, condition: Any) -> Iterator[None]:
        """Values in here count only where a condition holds."""
        outer = self.active
        if condition is not np.True_:
            self.active = np.asarray(condition if outer is None else outer & condition)
        try:
            yield
        finally:
            self.active = outer

    def _product(self, factors: tuple[Node, ...]) -> Values:
        """A product; a condition that does not hold makes it 0, whatever the rest may be."""
        conditions = [f for f in factors if isinstance(f, Compare | Logic)]
        others = [f for f in factors if not isinstance(f, Compare | Logic)]
        if not conditions:
            return reduce(np.multiply, (self._value(factor) for factor in others))
        holds = self._all(conditions)
        if not others:
            return holds.astype(np.float64)
        with self._where(holds):
            rest = reduce(np.multiply, (self._value(factor) for factor in others))
        return np.where(holds, rest, 0.0)

    def _all(self, conditions: Sequence[Node]) -> Holds:
        """Where several conditions hold; each counts only where those before it do."""
        holds = self._holds(conditions[0])
        for condition in conditions[1:]:
            with self._where(holds):
                holds = holds & self._holds(condition)
        return holds

    def _any(self, conditions: Sequence[Node]) -> Holds:
        """Where one of several conditions holds; each counts only where none before it does."""
        holds = self._holds(conditions[0])
        for condition in conditions[1:]:
            with self._where(~holds):
                holds = holds | self._holds(condition)
        return holds

    def _holds(self, node: Node) -> Holds:
        """Where a condition holds."""
        match node:
            case Compare(relation=relation, left=left, right=right):
                values = self._value(left), self._value(right)
                return np.asarray(_COMPARISONS[relation](*values), dtype=bool)
            case Inside(element=element):
                return np.asarray(self._places(element)[0])
            case Logic(operation="and", parts=parts):
                return self._all(parts)
            case Logic(parts=parts):
                return self._any(parts)
        return np.asarray(self._value(node) != 0)

    def _applied(self, node: Apply) -> Values:
        """A function of the caller, or a number times a bracket."""
        arguments = [self._value(argument) for argument in node.arguments]
        if node.name in self.bound.functions:
            return np.asarray(self.bound.functions[node.name](*arguments))
        return np.multiply(self._value(Read(node.name)), arguments[0])

    def _cases(self, node: Cases) -> Values:
        """The first row whose condition holds; a row is only evaluated where it counts."""
        remaining: Any = np.True_
        chosen: list[tuple[Holds, Values]] = []
        for condition, value in node.rows:
            with self._where(remaining):
                holds = self._holds(condition) & remaining
            with self._where(holds):
                chosen.append((holds, self._value(value)))
            remaining = remaining & ~holds
        if node.otherwise is not None:
            with self._where(remaining):
                out: Any = self._value(node.otherwise)
        else:
            out = 0.0
            if np.any(remaining if self.active is None else remaining & self.active):
                raise FormulaError(
                    "there are elements for which no case of the formula holds: "
                    "add a row with \\text{otherwise}"
                )
        for holds, found in chosen:
            out = np.where(holds, found, out)
        return np.asarray(out)

    # ---- sums, products, maxima -----------------------------------------------------------------

    def _reduced(self, node: Reduce) -> Values:
        node = self._merged(node)
        conditions: list[tuple[str, Values, Values]] = []
        bounds: dict[str, Interval] = {}
        for binder in node.binders:
            low, high = (np.asarray(self._value(end)) for end in (binder.low, binder.high))
            varies = low.size > 1 or high.size > 1
            if varies and self.active is not None:
                low = np.where(self.active, low, math.inf)
                high = np.where(self.active, high, -math.inf)
            self._insist_on_whole(binder.name, low, high)
            bounds[binder.name] = float(low.min()), float(high.max())
            if varies and node.operation == "prod":
                ends = np.broadcast_arrays(low, high)
                at = np.argmin(ends[1] - ends[0])
                if np.isfinite(ends[0].flat[at]):  # else it does not count
                    insist_on_order(binder.name, ends[0].flat[at], ends[1].flat[at])
            if varies:
                conditions.append((binder.name, low, high))
        around = {
            name: (float(values.min()), float(values.max()))
            for name, values in self.indices.items()
        }
        spans = summed(self.bound.ranges, node, bounds, around)
        lengths = _lengths(spans)
        if min(lengths.values()) <= 0:
            return np.float64(self._of_nothing(node))  # type: ignore[return-value]
        outer_whole = self.whole
        self.whole = {**outer_whole, **lengths}
        self._refuse_drudgery(node)
        try:
            if node.operation in ("argmax", "argmin"):
                _, place = self._attained(node, spans, conditions, spans)
                return place
            return self._over(node, spans, conditions)
        finally:
            self.whole = outer_whole

    def _insist_on_whole(self, name: str, low: Values, high: Values) -> None:
        """Raises FormulaError if an index begins or ends between whole numbers, where it counts."""
        counts = True if self.active is None else self.active
        for end, at in (("begins", low), ("ends", high)):
            odd = np.isfinite(at) & (at != np.rint(at)) & counts
            if odd.any():
                raise between_numbers(name, end, np.broadcast_to(at, odd.shape)[odd].flat[0])

    def _of_nothing(self, node: Reduce) -> float:
        if node.operation in ("argmax", "argmin"):
            raise FormulaError("an \\arg\\max was taken over no values at all")
        return _IDENTITY[node.operation]

    def _refuse_drudgery(self, node: Reduce) -> None:
        names = self._free_in(node.body) | {binder.name for binder in node.binders}
        terms = math.prod(self.whole[name] for name in names if name in self.whole)
        if terms > MOST_TERMS:
            over = ", ".join(binder.name.partition("~")[0] for binder in node.binders)
            raise FormulaError(
                f"the sum over {over} has {terms:.3g} terms in all, which would take hours: "
                f"at most {MOST_TERMS:.0e} are calculated"
            )

    def _free_in(self, node: Node) -> frozenset[str]:
        """The indices that a node depends on."""
        found = self._free.get(id(node))
        if found is None:
            if isinstance(node, Index):
                found = frozenset([node.name])
            else:
                found = frozenset().union(*map(self._free_in, node.children()))
            if isinstance(node, Read) and not node.index:  # one number for each element
                found = frozenset(name for name in self.indices if name.startswith("axis "))
            if isinstance(node, Reduce):
                found -= {binder.name for binder in node.binders}
            self._free[id(node)] = found
        return found

    def _over(
        self,
        node: Reduce,
        spans: dict[str, tuple[int, int]],
        conditions: list[tuple[str, Values, Values]],
    ) -> Values:
        if node.operation == "sum" and node.where is None and not conditions:
            factors = node.body.factors if isinstance(node.body, Multiply) else (node.body,)
            if not any(isinstance(factor, Compare | Logic) for factor in factors):
                found = self._contracted(factors, spans)
                if found is not None:
                    return found
        lengths = _lengths(spans)
        volume = self._volume(node, conditions)
        longest = max(lengths, key=lambda name: lengths[name])
        if volume * math.prod(lengths.values()) > BLOCK and lengths[longest] > 1:
            join = _JOINERS[node.operation]
            return np.asarray(
                join(*(self._over(node, half, conditions) for half in _halves(spans, longest)))
            )
        with self._along(spans):
            body = self._stretched(self._terms(node, conditions), list(lengths.values()))
            return np.asarray(_REDUCERS[node.operation](body, axis=tuple(range(len(spans)))))

    def _merged(self, node: Reduce) -> Reduce:
        """`\\sum_s \\sum_t` as one sum over s and t, if the bounds of t do not depend on s."""
        found = self._merges.get(id(node))
        if found is None:
            found = node
            while node.operation == "sum" and isinstance(inner := found.body, Reduce):
                names = {binder.name for binder in found.binders}
                bounds = [end for b in inner.binders for end in (b.low, b.high)]
                dependent = any(names & self._free_in(end) for end in bounds)
                if dependent or inner.operation != "sum" or found.where or inner.where:
                    break
                found = Reduce("sum", found.binders + inner.binders, None, inner.body)
            self._merges[id(node)] = found
        return found

    def _contracted(
        self, factors: tuple[Node, ...], spans: dict[str, tuple[int, int]]
    ) -> Values | None:
        """The sum of a product, by products of matrices where its factors allow it.

        No factor, and nothing on the way, has more than about BLOCK numbers. None where a factor
        is not finite: 0 times infinity must then be met term by term.
        """
        lengths = _lengths(spans)
        sizes = {name: values.size for name, values in self.indices.items()} | lengths
        for factor in factors:
            names = self._free_in(factor) & set(sizes)
            splittable = [name for name in lengths if name in names and lengths[name] > 1]
            if math.prod(sizes[name] for name in names) > BLOCK and splittable:
                longest = max(splittable, key=lambda name: lengths[name])
                parts = [self._contracted(factors, half) for half in _halves(spans, longest)]
                found = [part for part in parts if part is not None]
                return np.add(*found) if len(found) == len(parts) else None
        read = frozenset().union(*map(self._free_in, factors))
        # Along an index that no factor reads, one term stands for all.
        terms = {n: span if n in read else (span[0], span[0]) for n, span in spans.items()}
        with self._along(terms):
            values = [np.asarray(self._value(factor)) for factor in factors]
            if not all(np.isfinite(value).all() for value in values):
                return None
            return contract(values, tuple(lengths.values()), self.depth, BLOCK)

    def _terms(self, node: Reduce, conditions: list[tuple[str, Values, Values]]) -> Values:
        """The terms, with the identity of the reduction where a condition does not hold."""
        identity = _IDENTITY[node.operation]
        counts: Any = np.True_
        for name, low, high in conditions:
            index = self.indices[name]
            counts = counts & (index >= low) & (index <= high)
        if node.where is not None:
            with self._where(counts):
                counts = counts & self._holds(node.where)
        always = counts is np.True_
        with self._where(counts):
            body = self._value(node.body)
        return np.asarray(body if always else np.where(counts, body, identity))

    def _stretched(self, body: Values, lengths: list[int]) -> Values:
        """The terms with the new axes, the outermost ones, at full length."""
        shape = (1,) * (self.depth - body.ndim) + body.shape
        return np.broadcast_to(body, (*lengths, *shape[len(lengths) :]))

    def _attained(
        self,
        node: Reduce,
        spans: dict[str, tuple[int, int]],
        conditions: list[tuple[str, Values, Values]],
        whole: dict[str, tuple[int, int]],
    ) -> tuple[Values, Values]:
        """The extremum, and where it is first attained: the index, or its row-major number.

        spans : the part of the ranges that is searched;  whole : all of them
        """
        lengths = _lengths(spans)
        volume = self._volume(node, conditions)
        if volume * math.prod(lengths.values()) > BLOCK and max(lengths.values()) > 1:
            # Halves of the first index come one after the other in row-major order.
            first = next(name for name in lengths if lengths[name] > 1)
            (best, here), (other, there) = (
                self._attained(node, half, conditions, whole) for half in _halves(spans, first)
            )
            better = other > best if node.operation == "argmax" else other < best
            better = (better | np.isnan(other)) & ~np.isnan(best)
            return np.where(better, other, best), np.where(better, there, here)
        with self._along(spans):
            body = self._stretched(self._terms(node, conditions), list(lengths.values()))
            flat = body.reshape((math.prod(lengths.values()), *body.shape[len(spans) :]))
            local = (np.argmax if node.operation == "argmax" else np.argmin)(flat, axis=0)
        best = np.take_along_axis(flat, local[None], axis=0)[0]
        if len(spans) == 1:
            return best, np.asarray(local + next(iter(spans.values()))[0], dtype=np.float64)
        place: Any = 0
        for name, digit in zip(spans, np.unravel_index(local, list(lengths.values())), strict=True):
            start, stop = whole[name]
            place = place * (stop - start + 1) + digit + spans[name][0] - start
        return best, np.asarray(place, dtype=np.float64)

    def _volume(self, node: Reduce, conditions: list[tuple[str, Values, Values]]) -> int:
        """How many numbers the indices in scope that a reduction depends on take together."""
        names = frozenset(self.indices) if conditions else self._free_in(node)
        return math.prod(self.indices[name].size for name in names if name in self.indices)


def _lengths(spans: Mapping[str, tuple[int, int]]) -> dict[str, int]:
    return {name: last - first + 1 for name, (first, last) in spans.items()}


def _halves(spans: Mapping[str, tuple[int, int]], name: str) -> list[dict[str, tuple[int, int]]]:
    """Ranges of which one is cut in the middle."""
    first, last = spans[name]
    middle = (first + last) // 2
    return [{**spans, name: (first, middle)}, {**spans, name: (middle + 1, last)}]
