"""One element of a result, written out: every term with its factors, their indices and values.

Their numbers are those of meaning.py. Here is kept what was read on the way, and how it is written.
"""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cnnmath.call.meaning import Meaning, without_conditions
from cnnmath.core.nodes import (
    ZERO,
    Add,
    Apply,
    Call,
    Compare,
    Divide,
    Element,
    Extent,
    Index,
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
from cnnmath.errors import ArrayValueError
from cnnmath.shared import SPELLED_TERMS

_EMPTY = {"sum": "0", "prod": "1"}  # of nothing
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
            return _EMPTY.get(self.operation, f"{self.operation}()")
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
    """Elements of a result, and the terms that they are made of, of lowered trees."""

    def __init__(self, meaning: Meaning) -> None:
        self.meaning = meaning
        self.value = meaning.value
        self.free: Collection[str] = ()  # the indices of the element

    def expand(
        self, node: Node, indices: dict[str, int], name: str, index: tuple[int, ...]
    ) -> Expansion:
        """The element of the result at `index`, term by term."""
        self.free = indices.keys()
        operation = "sum"
        terms: Iterable[Term] = self._terms(node, indices, [], False)
        if isinstance(node, Reduce) and node.operation in ("max", "min", "prod"):
            operation = node.operation
            each = ({**indices, **chosen} for chosen in self.meaning.choices(node, indices))
            terms = (
                self._term([body], inner, False)
                for inner in each
                for body in self._competing([node.body], inner)
            )
        elif isinstance(node, Call) and node.function in ("max", "min"):
            operation = node.function
            competing = self._competing(node.arguments, indices)
            terms = (self._term([argument], indices, False) for argument in competing)
        return Expansion(name, index, operation, tuple(terms), self.value(node, indices))

    def _competing(self, arguments: Sequence[Node], indices: dict[str, int]) -> Iterator[Node]:
        """The values that take part in a maximum: what loses, as it reads outside, does not."""
        for argument in arguments:
            match argument:
                case Element(name=name):
                    if self.meaning.has(name, self.meaning.place(argument, indices)):
                        yield argument
                case Padded(inside=inside, body=body):
                    if self.value(inside, indices):
                        yield body
                case _:
                    yield argument

    # ---- terms ----------------------------------------------------------------------------------

    def _terms(
        self, node: Node, indices: dict[str, int], prefix: list[Node], minus: bool
    ) -> Iterator[Term]:
        """The terms of a sum, with the factors in front of it multiplied into each."""
        match node:
            case Add(terms=terms):
                for term in terms:
                    yield from self._terms(term, indices, prefix, minus)
            case Negative(body=body):
                yield from self._terms(body, indices, prefix, not minus)
            case Reduce(operation="sum"):
                for chosen in self.meaning.choices(node, indices):
                    yield from self._terms(node.body, {**indices, **chosen}, prefix, minus)
            case Multiply(factors=factors):
                if not self.meaning.holds(factors, indices):
                    return
                others = without_conditions(factors)
                sums = [f for f in others if _is_sum(f)]
                if len(sums) == 1 and not any(map(_is_sum, prefix)):
                    rest = [f for f in others if f is not sums[0]]
                    yield from self._terms(sums[0], indices, prefix + rest, minus)
                else:
                    yield self._term(prefix + others, indices, minus)
            case Divide(above=Reduce(operation="sum") as above, below=below):
                over = Divide(Number(1.0), below)
                yield from self._terms(above, indices, [*prefix, over], minus)
            case Compare() | Logic():
                if self.value(node, indices):
                    yield self._term([*prefix, Number(1.0)], indices, minus)
            case _:
                yield self._term([*prefix, node], indices, minus)

    def _term(self, nodes: list[Node], indices: dict[str, int], minus: bool) -> Term:
        flat: list[Node] = []
        for node in nodes:
            if isinstance(node, Negative) and len(nodes) == 1:
                minus, node = not minus, node.body
            if not isinstance(node, Multiply):
                flat.append(node)
            else:  # where a condition fails there may be nothing to read
                flat.extend(node.factors if self.meaning.holds(node.factors, indices) else [ZERO])
        factors = tuple(self._factor(node, indices) for node in flat)
        value = math.prod(factor.value for factor in factors)
        bound = {name: number for name, number in indices.items() if name not in self.free}
        return Term(factors, -value if minus else value, minus, bound)

    def _factor(self, node: Node, indices: dict[str, int]) -> Factor:
        if isinstance(node, Element):
            return self._element(node, indices)
        elements = self._elements(node, indices)
        reads = tuple(self._element(n, i) for n, i in elements if self._has_place(n, i))
        name = node.name if isinstance(node, Read) else ""
        value = self.value(node, indices)
        return Factor(self.spelled(node, indices), value, name, (), True, reads)

    def _element(self, node: Element, indices: dict[str, int]) -> Factor:
        place = self.meaning.place(node, indices)
        inside = self.meaning.has(node.name, place)
        value = self.value(node, indices) if inside else 0.0
        return Factor(self.spelled(node, indices), value, node.name, place, inside)

    def _elements(
        self, node: Node, indices: dict[str, int]
    ) -> Iterator[tuple[Element, dict[str, int]]]:
        """The elements that an expression is made of, with the indices there."""
        if isinstance(node, Element):
            yield node, indices
        if isinstance(node, Reduce):
            for chosen in self.meaning.choices(node, indices):
                yield from self._elements(node.body, {**indices, **chosen})
            return
        children = [node.body] if isinstance(node, Padded) else node.children()
        for child in children:
            yield from self._elements(child, indices)

    def _has_place(self, node: Element, indices: dict[str, int]) -> bool:
        """Whether an element exists: x_{i/2}, kept from odd i by a condition, does not."""
        try:
            self.meaning.place(node, indices)
        except ArrayValueError:
            return False
        return True

    # ---- text -----------------------------------------------------------------------------------

    def spelled(self, node: Node, indices: dict[str, int]) -> str:
        """A node with its indices as numbers: `exp(a[0]) / 2`."""
        match node:
            case Number(value=value):
                return f"{value:.6g}"
            case Read(name=name):
                return name
            case Padded(body=body):
                return self.spelled(body, indices)
            case Element(name=name):
                has_place = self._has_place(node, indices)
                place = list(self.meaning.place(node, indices)) if has_place else "[…]"
                return f"{name}{place}"
            case Index() | Extent():
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
            case Call(function=name, arguments=arguments) | Apply(name=name, arguments=arguments):
                return f"{name}({', '.join(self.spelled(a, indices) for a in arguments)})"
            case Reduce(operation=operation, body=body):
                chosen = list(self.meaning.choices(node, indices))
                texts = [self.spelled(body, {**indices, **c}) for c in chosen[:SPELLED_TERMS]]
                texts += ["…"] if len(chosen) > SPELLED_TERMS else []
                if operation in _EMPTY:
                    return f"({_JOINERS[operation].join(texts) or _EMPTY[operation]})"
                return f"{operation}({', '.join(texts)})"
        return f"{self.value(node, indices):.6g}"

    def _within(self, node: Node, indices: dict[str, int], wrap: tuple[type[Node], ...]) -> str:
        text = self.spelled(node, indices)
        return f"({text})" if isinstance(node, wrap) and not text.startswith("(") else text


def _is_sum(node: Node) -> bool:
    return isinstance(node, Reduce) and node.operation == "sum"
