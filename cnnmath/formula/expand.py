"""One element of a result, written out: every term with its factors, their indices and values.

This is the second evaluator of the same syntax tree. It goes through the sums one term at a time,
in plain Python, and keeps what it read; a figure shows it, and the tests hold the fast evaluator
against it.
"""

import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cnnmath.errors import ArrayValueError, FormulaError, UnboundSizeError
from cnnmath.formula.functions import function_of
from cnnmath.formula.leaving import insist_on_gathered
from cnnmath.formula.nodes import (
    ZERO,
    Add,
    Apply,
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
from cnnmath.formula.ranges import between_numbers
from cnnmath.shared import SPELLED_TERMS

if TYPE_CHECKING:
    from cnnmath.formula.binding import Bound

MOST_STEPS = 300_000  # terms that are gone through for one element, a few seconds

_JOINERS = {"sum": " + ", "max": ", ", "min": ", ", "prod": " · "}


@dataclass(frozen=True)
class Factor:
    """One factor of a term: an element of an array, or any other expression.

    name, index : the array and the place in it, counted from 0; name is `""` for an expression
    inside : False where the index falls outside the array, so that it reads as 0
    reads : the elements that an expression is made of
    """

    text: str
    value: float
    name: str = ""
    index: tuple[int, ...] = ()
    inside: bool = True
    reads: tuple["Factor", ...] = ()


@dataclass(frozen=True)
class Term:
    """One term of the sum (or one candidate of a maximum), with the values of its indices."""

    factors: tuple[Factor, ...]
    value: float
    negative: bool
    indices: Mapping[str, int]

    @property
    def text(self) -> str:
        return " · ".join(factor.text for factor in self.factors) or "1"

    @property
    def numbers(self) -> str:
        return "·".join(_shown(factor.value) for factor in self.factors) or "1"


@dataclass(frozen=True)
class Expansion:
    """`a[0, 1] = W[0, 0] · x[0, 1] + ... = 0.5·1 + ... = 3.25`, as data; `str()` as text."""

    name: str
    index: tuple[int, ...]
    operation: str  # sum, max, min or prod
    terms: tuple[Term, ...]
    total: float

    def __str__(self) -> str:
        name = self.name or "value"
        place = f"{name}{list(self.index)}" if self.index else name
        symbols = self._joined([term.text for term in self.terms])
        numbers = self._joined([term.numbers for term in self.terms])
        indent = " " * len(place)
        total = _shown(self.total).strip("()")
        return f"{place} = {symbols}\n{indent} = {numbers}\n{indent} = {total}"

    def _joined(self, texts: list[str]) -> str:
        if not texts:
            return "0" if self.operation == "sum" else f"{self.operation}()"
        joiner = _JOINERS[self.operation]
        out = ("−" if self.terms[0].negative else "") + texts[0]
        for term, text in zip(self.terms[1:], texts[1:], strict=True):
            if self.operation == "sum":
                out += (" − " if term.negative else " + ") + text
            else:
                out += joiner + ("−" if term.negative else "") + text
        return f"{self.operation}({out})" if self.operation in ("max", "min") else out


def _shown(value: float) -> str:
    text = f"{value:.6g}".replace("-", "−")
    return f"({text})" if text.startswith("−") else text


class Expander:
    """Values of nodes for one choice of the free indices, and the terms they are made of."""

    def __init__(self, bound: "Bound", origin: Callable[[str], int]) -> None:
        self.arrays = bound.arrays
        self.numbers = bound.numbers
        self.functions = bound.functions
        self.ranges = bound.ranges
        self.origin = origin
        self.outside = False  # whether anything was read from outside its array
        self.steps = 0

    def expand(
        self, node: Node, indices: dict[str, int], name: str, index: tuple[int, ...]
    ) -> Expansion:
        """The element of the result at `index`, term by term."""
        operation = "sum"
        if isinstance(node, Reduce) and node.operation in ("max", "min", "prod"):
            operation = node.operation
            terms = list(self._candidates(node, indices))
        elif isinstance(node, Call) and node.function in ("max", "min"):
            operation = node.function
            inside = [argument for argument in node.arguments if self._competes(argument, indices)]
            terms = [self._term([argument], indices, {}, False) for argument in inside]
        else:
            terms = list(self._terms(node, indices, [], False, {}))
        return Expansion(name, index, operation, tuple(terms), self.value(node, indices))

    # ---- terms ----------------------------------------------------------------------------------

    def _terms(
        self,
        node: Node,
        indices: dict[str, int],
        prefix: list[Node],
        minus: bool,
        bound: dict[str, int],
    ) -> Iterator[Term]:
        """The terms of a sum, with the factors in front of it multiplied into each."""
        match node:
            case Add(terms=terms):
                for term in terms:
                    yield from self._terms(term, indices, prefix, minus, bound)
                return
            case Negative(body=body):
                yield from self._terms(body, indices, prefix, not minus, bound)
                return
            case Reduce(operation="sum"):
                for chosen in self._choices(node, indices):
                    inner, seen = {**indices, **chosen}, {**bound, **chosen}
                    yield from self._terms(node.body, inner, prefix, minus, seen)
                return
            case Multiply(factors=factors):
                if not self._hold(factors, indices):
                    return
                others = [f for f in factors if not isinstance(f, Compare | Logic)]
                sums = [f for f in others if isinstance(f, Reduce) and f.operation == "sum"]
                if len(sums) == 1 and not any(_is_sum(p) for p in prefix):
                    rest = [f for f in others if f is not sums[0]]
                    yield from self._terms(sums[0], indices, prefix + rest, minus, bound)
                    return
                yield self._term(prefix + others, indices, bound, minus)
                return
            case Divide(above=Reduce(operation="sum") as above, below=below):
                over = Divide(Number(1.0), below)
                yield from self._terms(above, indices, [*prefix, over], minus, bound)
                return
            case Compare() | Logic():
                if self.value(node, indices):
                    yield self._term([*prefix, Number(1.0)], indices, bound, minus)
                return
        yield self._term([*prefix, node], indices, bound, minus)

    def _candidates(self, node: Reduce, indices: dict[str, int]) -> Iterator[Term]:
        for chosen in self._choices(node, indices):
            inner = {**indices, **chosen}
            if node.operation == "prod" or self._competes(node.body, inner):
                yield self._term([node.body], inner, chosen, False)

    def _competes(self, node: Node, indices: dict[str, int]) -> bool:
        """Whether a value takes part in a maximum: one that reads from outside does not."""
        return bool(self._competing((node,), indices))

    def _term(
        self, nodes: list[Node], indices: dict[str, int], bound: dict[str, int], minus: bool
    ) -> Term:
        flat: list[Node] = []
        for node in nodes:
            if isinstance(node, Negative) and len(nodes) == 1:
                minus, node = not minus, node.body
            if not isinstance(node, Multiply):
                flat.append(node)
            else:  # where a condition fails there may be nothing to read
                flat.extend(node.factors if self._hold(node.factors, indices) else [ZERO])
        factors = tuple(self._factor(node, indices) for node in flat)
        value = math.prod(factor.value for factor in factors)
        return Term(factors, -value if minus else value, minus, dict(bound))

    def _factor(self, node: Node, indices: dict[str, int]) -> Factor:
        value = self.value(node, indices)
        if isinstance(node, Read) and node.index:
            return self._read_factor(node, indices, value)
        reads = tuple(
            self._read_factor(n, i, self.value(n, i))
            for n, i in self._reads(node, indices)
            if self._has_place(n, i)
        )
        name = node.name if isinstance(node, Read) else ""
        return Factor(self.spelled(node, indices), value, name, (), True, reads)

    def _read_factor(self, node: Read, indices: dict[str, int], value: float) -> Factor:
        place = self._place(node, indices)
        inside = all(0 <= p < n for p, n in zip(place, self.arrays[node.name].shape, strict=True))
        return Factor(self.spelled(node, indices), value, node.name, place, inside)

    def _reads(self, node: Node, indices: dict[str, int]) -> Iterator[tuple[Read, dict[str, int]]]:
        """The elements that an expression is made of."""
        if isinstance(node, Read) and node.index and node.name in self.arrays:
            yield node, indices
        if isinstance(node, Reduce):
            for chosen in self._choices(node, indices):
                yield from self._reads(node.body, {**indices, **chosen})
            return
        for child in node.children():
            yield from self._reads(child, indices)

    def _has_place(self, node: Read, indices: dict[str, int]) -> bool:
        """Whether an element exists: x_{i/2}, kept from odd i by a condition, does not."""
        try:
            self._place(node, indices)
        except ArrayValueError:
            return False
        return True

    def _hold(self, factors: tuple[Node, ...], indices: dict[str, int]) -> bool:
        """Whether all the conditions among some factors hold."""
        conditions = (factor for factor in factors if isinstance(factor, Compare | Logic))
        return all(self.value(condition, indices) for condition in conditions)

    def _choices(self, node: Reduce, indices: dict[str, int]) -> Iterator[dict[str, int]]:
        """All values of the indices of a sum, in row-major order, for which its terms count."""
        outer = self.outside
        bounds = {
            b.name: (self.value(b.low, indices), self.value(b.high, indices)) for b in node.binders
        }
        self.outside = outer
        for name, ends in bounds.items():
            for end, value in zip(("begins", "ends"), ends, strict=True):
                if math.isfinite(value) and value != round(value):
                    raise between_numbers(name, end, value)
        around = {name: (float(value), float(value)) for name, value in indices.items()}
        found = self.ranges.summed(node, bounds, around)
        names = list(found)
        spans = [range(first, last + 1) for first, last in found.values()]
        self.steps += math.prod(map(len, spans))
        if self.steps > MOST_STEPS:
            raise FormulaError(
                f"this element is made of more than {MOST_STEPS:,} terms: too many to write out"
            )
        for values in itertools.product(*spans):
            chosen = dict(zip(names, values, strict=True))
            if node.where is None or self.value(node.where, {**indices, **chosen}):
                yield chosen

    # ---- values ---------------------------------------------------------------------------------

    def value(self, node: Node, indices: dict[str, int]) -> float:
        """The value of a node for given indices, calculated term by term."""
        match node:
            case Number(value=number):
                return number
            case Index(name=name):
                if name not in indices:
                    raise UnboundSizeError(f"nothing gives the index {name} a value")
                return float(indices[name])
            case Read(name=name, index=()):
                return float(self.numbers[name])
            case Read():
                return self._element(node, indices)
            case Extent(name=name, axis=axis):
                return float(self.arrays[name].shape[axis])
            case Add(terms=terms):
                return _total(self._several(terms, indices))
            case Negative(body=body):
                return -self.value(body, indices)
            case Multiply(factors=factors):
                if not self._hold(factors, indices):
                    return 0.0
                return math.prod(
                    self.value(f, indices) for f in factors if not isinstance(f, Compare | Logic)
                )
            case Divide(above=above, below=below):
                return _divided(self.value(above, indices), self.value(below, indices))
            case Power(base=base, exponent=exponent):
                with np.errstate(all="ignore"):
                    a, b = self.value(base, indices), self.value(exponent, indices)
                    return float(np.power(np.float64(a), np.float64(b)))
            case Call(function="max" | "min" as function, arguments=arguments):
                return _extreme(function, self._competing(arguments, indices))
            case Call(function=function, arguments=arguments):
                with np.errstate(all="ignore"):
                    inner = [np.float64(v) for v in self._several(arguments, indices)]
                    apply = function_of(function, self.functions)
                    return float(apply(*inner))
            case Apply(name=name, arguments=arguments):
                inner_values = self._several(arguments, indices)
                if name in self.functions:
                    return float(self.functions[name](*map(np.float64, inner_values)))
                return self.value(Read(name), indices) * inner_values[0]
            case Compare(relation=relation, left=left, right=right):
                outer = self.outside
                a, b = self._several((left, right), indices)
                self.outside = outer
                holds = {"=": a == b, "!=": a != b, "<": a < b,
                         "<=": a <= b, ">": a > b, ">=": a >= b}  # fmt: skip
                return float(holds[relation])
            case Logic(operation=operation, parts=parts):
                found = (bool(self.value(part, indices)) for part in parts)
                return float(all(found) if operation == "and" else any(found))
            case Cases(rows=rows, otherwise=otherwise):
                for condition, value in rows:
                    if self.value(condition, indices):
                        return self.value(value, indices)
                if otherwise is None:
                    raise FormulaError("no case of the formula holds")
                return self.value(otherwise, indices)
            case Reduce():
                return self._reduced(node, indices)
        raise FormulaError(f"{type(node).__name__} has no value")

    def _several(self, nodes: tuple[Node, ...], indices: dict[str, int]) -> list[float]:
        return [self.value(node, indices) for node in nodes]

    def _competing(self, nodes: tuple[Node, ...], indices: dict[str, int]) -> list[float]:
        """The values that take part in a maximum: one that reads from outside does not."""
        values = []
        outer = self.outside
        for node in nodes:
            self.outside = False
            value = self.value(node, indices)
            if not self.outside:
                values.append(value)
        self.outside = outer
        return values

    def _reduced(self, node: Reduce, indices: dict[str, int]) -> float:
        choices = [{**indices, **chosen} for chosen in self._choices(node, indices)]
        outer = self.outside
        if node.operation in ("sum", "prod"):
            values = [self.value(node.body, chosen) for chosen in choices]
            self.outside = outer
            return _total(values) if node.operation == "sum" else math.prod(values)
        values = []
        places = []
        for number, chosen in enumerate(choices):
            found = self._competing((node.body,), chosen)
            values += found
            places += [number] * len(found)
        self.outside = outer
        if node.operation in ("max", "min"):
            return _extreme(node.operation, values)
        if not choices:
            raise FormulaError("an \\arg\\max was taken over no values at all")
        largest = _extreme(node.operation.removeprefix("arg"), values)
        equals = (p for p, v in zip(places, values, strict=True) if v == largest or math.isnan(v))
        place = next(equals, 0)
        if len(node.binders) == 1:
            return float(choices[place][node.binders[0].name])
        return float(place)

    def _place(self, node: Read, indices: dict[str, int]) -> tuple[int, ...]:
        origin = self.origin(node.name)
        outer = self.outside
        place = []
        for axis, expression in enumerate(node.index):
            value = self.value(expression, indices)
            if not math.isfinite(value) or value != round(value):
                raise ArrayValueError(
                    f"{node.name} is read at the index {value}, which is no whole number"
                )
            insist_on_gathered(node, axis, value, origin, self.arrays[node.name].shape)
            place.append(round(value) - origin)
        self.outside = outer
        return tuple(place)

    def _element(self, node: Read, indices: dict[str, int]) -> float:
        array = self.arrays[node.name]
        place = self._place(node, indices)
        if all(0 <= p < n for p, n in zip(place, array.shape, strict=True)):
            return float(array[place])
        self.outside = True
        return 0.0

    # ---- text -----------------------------------------------------------------------------------

    def spelled(self, node: Node, indices: dict[str, int]) -> str:
        """A node with its indices as numbers: `exp(a[0]) / 2`."""
        match node:
            case Number(value=value):
                return f"{value:.6g}"
            case Index():
                return f"{self.value(node, indices):g}"
            case Read(name=name, index=()):
                return name
            case Read(name=name):
                place = (
                    list(self._place(node, indices)) if self._has_place(node, indices) else "[…]"
                )
                return f"{name}{place}"
            case Extent():
                return f"{self.value(node, indices):g}"
            case Add(terms=terms):
                text = self._within(terms[0], indices, ())
                for term in terms[1:]:
                    if isinstance(term, Negative):
                        text += f" − {self._within(term.body, indices, (Add,))}"
                    else:
                        text += f" + {self._within(term, indices, ())}"
                return f"({text})"
            case Negative(body=body):
                return f"−{self._within(body, indices, ())}"
            case Multiply(factors=factors):
                return " · ".join(self.spelled(factor, indices) for factor in factors)
            case Divide(above=above, below=below):
                compound = (Multiply, Divide, Reduce)
                upper = self._within(above, indices, compound)
                return f"{upper}/{self._within(below, indices, compound)}"
            case Power(base=base, exponent=exponent):
                lower = self._within(base, indices, (Multiply, Divide, Power, Reduce, Negative))
                return f"{lower}^{self._within(exponent, indices, (Multiply, Divide))}"
            case Call(function=function, arguments=arguments):
                return f"{function}({', '.join(self.spelled(a, indices) for a in arguments)})"
            case Apply(name=name, arguments=arguments):
                return f"{name}({', '.join(self.spelled(a, indices) for a in arguments)})"
            case Reduce(operation=operation, body=body):
                chosen = list(self._choices(node, indices))
                texts = [self.spelled(body, {**indices, **c}) for c in chosen[:SPELLED_TERMS]]
                texts += ["…"] if len(chosen) > SPELLED_TERMS else []
                if operation == "sum":
                    return f"({' + '.join(texts) or '0'})"
                return f"{operation}({', '.join(texts)})"
        return f"{self.value(node, indices):.6g}"

    def _within(self, node: Node, indices: dict[str, int], wrap: tuple[type[Node], ...]) -> str:
        text = self.spelled(node, indices)
        return f"({text})" if isinstance(node, wrap) and not text.startswith("(") else text


def _extreme(operation: str, values: list[float]) -> float:
    """The largest or smallest of some values; NaN if one of them is."""
    if any(math.isnan(value) for value in values):
        return math.nan
    if operation == "max":
        return max(values, default=-math.inf)
    return min(values, default=math.inf)


def _is_sum(node: Node) -> bool:
    return isinstance(node, Reduce) and node.operation == "sum"


def _total(values: list[float]) -> float:
    try:
        return math.fsum(values)
    except (OverflowError, ValueError):  # infinities, of both signs or out of finite numbers
        return float(np.sum(values))


def _divided(above: float, below: float) -> float:
    with np.errstate(all="ignore"):
        return float(np.float64(above) / np.float64(below))
