"""What a formula means: the value of a lowered tree for given indices, one term at a time.

This is the meaning of the language, in plain Python, and without a rule of its own for what lies
outside an array (see lower.py). The fast evaluator and the browser's are held against it, and an
expansion shows the numbers that it finds.
"""

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from cnnmath.call.bound import Bound
from cnnmath.call.determinants import determinant
from cnnmath.call.places import no_such_element, odd_index
from cnnmath.call.support import between_numbers, summed
from cnnmath.core.functions import RELATIONS, function_of
from cnnmath.core.nodes import (
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
from cnnmath.errors import FormulaError, UnboundSizeError

Indices = Mapping[str, int]

MOST_STEPS = 300_000  # terms that are gone through for one element, a few seconds


class Meaning:
    """Values of nodes, given the arrays, sizes and functions that they read.

    bound : what a call gave
    """

    def __init__(self, bound: Bound) -> None:
        self.bound = bound
        self.steps = 0

    def value(self, node: Node, indices: Indices) -> float:
        """The value of a node for given indices.

        Raises ArrayValueError, FormulaError and UnboundSizeError where it has none.
        """
        match node:
            case Number(value=number):
                return number
            case Index(name=name):
                if name not in indices:
                    raise UnboundSizeError(f"nothing gives the index {name} a value")
                return float(indices[name])
            case Read(name=name, index=()):
                return float(self.bound.numbers[name])
            case Element(name=name, outside=outside):
                place = self.place(node, indices)
                return float(self.bound.arrays[name][place]) if self.has(name, place) else outside
            case Extent(name=name, axis=axis):
                return float(self.bound.arrays[name].shape[axis])
            case Add(terms=terms):
                return total(self.values(terms, indices))
            case Negative(body=body):
                return -self.value(body, indices)
            case Multiply(factors=factors):
                if not self.holds(factors, indices):
                    return 0.0
                return math.prod(self.values(without_conditions(factors), indices))
            case Divide(above=above, below=below):
                return applied(np.divide, self.values((above, below), indices))
            case Power(base=base, exponent=exponent):
                return applied(np.power, self.values((base, exponent), indices))
            case Call(function="max" | "min" as function, arguments=arguments):
                return extreme(function, self.values(arguments, indices))
            case Call(function=function, arguments=arguments):
                found = self.values(arguments, indices)
                return applied(function_of(function, self.bound.functions), found)
            case Apply(name=name, arguments=arguments):
                found = self.values(arguments, indices)
                if name in self.bound.functions:
                    return applied(self.bound.functions[name], found)
                return self.value(Read(name), indices) * found[0]
            case Compare(relation=relation, left=left, right=right):
                return float(RELATIONS[relation](*self.values((left, right), indices)))
            case Logic(operation=operation, parts=parts):
                holds = (bool(self.value(part, indices)) for part in parts)
                return float(all(holds) if operation == "and" else any(holds))
            case Inside(element=element):
                return float(self.has(element.name, self.place(element, indices)))
            case Padded(inside=inside, body=body, outside=outside):
                return self.value(body, indices) if self.value(inside, indices) else outside
            case Cases(rows=rows, otherwise=otherwise):
                for condition, value in rows:
                    if self.value(condition, indices):
                        return self.value(value, indices)
                if otherwise is None:
                    raise FormulaError("no case of the formula holds")
                return self.value(otherwise, indices)
            case Reduce():
                return self.reduced(node, indices)
        raise FormulaError(f"{type(node).__name__} has no value")

    def values(self, nodes: Iterable[Node], indices: Indices) -> list[float]:
        return [self.value(node, indices) for node in nodes]

    def holds(self, factors: Iterable[Node], indices: Indices) -> bool:
        """Whether all the conditions among some factors hold: else their product is 0."""
        conditions = (factor for factor in factors if isinstance(factor, Compare | Logic))
        return all(self.value(condition, indices) for condition in conditions)

    def place(self, element: Element, indices: Indices) -> tuple[int, ...]:
        """Where an element stands in its array, counted from 0; perhaps outside.

        Raises ArrayValueError if an index is no whole number, or given by an array and outside.
        """
        name, first = element.name, self.bound.origin(element.name)
        found = self.values(element.index, indices)
        for axis, (value, length) in enumerate(
            zip(found, self.bound.arrays[name].shape, strict=True)
        ):
            if not value.is_integer():
                raise odd_index(element, value)
            if element.given_by[axis] and not first <= value < first + length:
                raise no_such_element(element, axis, value, first, length)
        return tuple(int(value) - first for value in found)

    def has(self, name: str, place: tuple[int, ...]) -> bool:
        """Whether a place lies within an array."""
        return all(0 <= p < n for p, n in zip(place, self.bound.arrays[name].shape, strict=True))

    # ---- sums, products, maxima -----------------------------------------------------------------

    def reduced(self, node: Reduce, indices: Indices) -> float:
        if node.operation in ("argmax", "argmin"):
            return self.attained(node, indices)
        chosen = list(self.choices(node, indices))
        values = [self.value(node.body, {**indices, **one}) for one in chosen]
        match node.operation:
            case "det":
                rows = len({one[node.binders[0].name] for one in chosen})
                return float(determinant(np.reshape(values, (rows, len(values) // max(rows, 1)))))
            case "sum":
                return total(values)
            case "prod":
                return math.prod(values)
        return extreme(node.operation, values)

    def attained(self, node: Reduce, indices: Indices) -> float:
        """Where an extremum is first attained: the index, or its row-major number."""
        choices = list(self.choices(node, indices))
        if not choices:
            raise FormulaError("an \\arg\\max was taken over no values at all")
        values = [self.value(node.body, {**indices, **chosen}) for chosen in choices]
        best = extreme(node.operation.removeprefix("arg"), values)
        number = next(n for n, v in enumerate(values) if v == best or math.isnan(v))
        return float(number if len(node.binders) > 1 else choices[number][node.binders[0].name])

    def choices(self, node: Reduce, indices: Indices) -> Iterator[dict[str, int]]:
        """All values of the indices of a sum, in row-major order, for which its terms count.

        Raises FormulaError if they are so many that it would take minutes.
        """
        bounds = {
            b.name: (self.value(b.low, indices), self.value(b.high, indices)) for b in node.binders
        }
        for name, ends in bounds.items():
            for end, value in zip(("begins", "ends"), ends, strict=True):
                if math.isfinite(value) and not value.is_integer():
                    raise between_numbers(name, end, value)
        around = {name: (float(value), float(value)) for name, value in indices.items()}
        found = summed(self.bound.ranges, node, bounds, around)
        spans = [range(first, last + 1) for first, last in found.values()]
        self.steps += math.prod(map(len, spans))
        if self.steps > MOST_STEPS:
            raise FormulaError(
                f"this element is made of more than {MOST_STEPS:,} terms: too many to write out"
            )
        for values in itertools.product(*spans):
            chosen = dict(zip(found, values, strict=True))
            if node.where is None or self.value(node.where, {**indices, **chosen}):
                yield chosen


def applied(function: Callable[..., Any], values: Iterable[float]) -> float:
    """A function of numbers, as NumPy has it: of 1 / 0, infinity."""
    with np.errstate(all="ignore"):
        return float(function(*map(np.float64, values)))


def without_conditions(factors: Iterable[Node]) -> list[Node]:
    return [factor for factor in factors if not isinstance(factor, Compare | Logic)]


def extreme(operation: str, values: list[float]) -> float:
    """The largest or smallest of some values; NaN if one of them is."""
    if any(math.isnan(value) for value in values):
        return math.nan
    if operation == "max":
        return max(values, default=-math.inf)
    return min(values, default=math.inf)


def total(values: list[float]) -> float:
    try:
        return math.fsum(values)
    except (OverflowError, ValueError):  # infinities, of both signs or out of finite numbers
        return float(np.sum(values))
