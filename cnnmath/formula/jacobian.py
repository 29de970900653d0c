"""Derivatives of formulas, as formulas: what `\\frac{\\partial a_{ij}}{\\partial W_{st}}` means.

The derivative of an element read, W_{s't'}, by another, W_{st}, is [s'=s][t'=t]; sums, products,
quotients, powers and functions follow the rules of calculus; and where a sum meets [s'=s] the
index collapses: only the term s'=s is left, if it lies within the bounds of the sum.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

from cnnmath.errors import FormulaError, ShapeError, UndeclaredShapeError
from cnnmath.formula import wording
from cnnmath.formula.nodes import (
    ONE,
    ZERO,
    Add,
    Apply,
    Binder,
    Call,
    Cases,
    Compare,
    Divide,
    Index,
    Jacobian,
    Logic,
    Multiply,
    Negative,
    Node,
    Number,
    Power,
    Read,
    Reduce,
    add,
    mentions,
    multiply,
    negative,
    substitute,
)
from cnnmath.formula.statement import Head

LONGEST = 1000  # nodes of what is derived; a layer of a network has about fifty

_HALF_SQRT_PI = 2.0 / 3.141592653589793**0.5

# The derivative of each function, in terms of its argument u.
_RULES: dict[str, Callable[[Node], Node]] = {
    "exp": lambda u: Call("exp", (u,)),
    "log": lambda u: Divide(ONE, u),
    "log10": lambda u: Divide(ONE, multiply(u, Call("log", (Number(10.0),)))),
    "sqrt": lambda u: Divide(ONE, multiply(Number(2.0), Call("sqrt", (u,)))),
    "abs": lambda u: Call("sign", (u,)),
    "sin": lambda u: Call("cos", (u,)),
    "cos": lambda u: negative(Call("sin", (u,))),
    "tan": lambda u: Divide(ONE, Power(Call("cos", (u,)), Number(2.0))),
    "sinh": lambda u: Call("cosh", (u,)),
    "cosh": lambda u: Call("sinh", (u,)),
    "tanh": lambda u: add(ONE, negative(Power(Call("tanh", (u,)), Number(2.0)))),
    "arcsin": lambda u: Divide(ONE, Call("sqrt", (_one_minus_square(u),))),
    "arccos": lambda u: Divide(Number(-1.0), Call("sqrt", (_one_minus_square(u),))),
    "arctan": lambda u: Divide(ONE, add(ONE, Power(u, Number(2.0)))),
    "erf": lambda u: multiply(
        Number(_HALF_SQRT_PI), Call("exp", (negative(Power(u, Number(2.0))),))
    ),
    "relu": lambda u: Compare(">", u, ZERO),
    "sigmoid": lambda u: multiply(Call("sigmoid", (u,)), add(ONE, negative(Call("sigmoid", (u,))))),
    "sign": lambda u: ZERO,
    "floor": lambda u: ZERO,
    "ceil": lambda u: ZERO,
    "round": lambda u: ZERO,
}


def _one_minus_square(u: Node) -> Node:
    return add(ONE, negative(Power(u, Number(2.0))))


class Definition(Protocol):
    """What a derivative needs to know of the formula that defines a quantity."""

    head: Head
    links: tuple[Node, ...]


def worked_out(
    node: Node,
    definitions: Mapping[str, Definition],
    shapes: Mapping[str, tuple[Node, ...]],
    origin: Callable[[str], int],
) -> Node:
    """A tree in which every Jacobian has become an expression.

    definitions : the formulas of the quantities that are derived;  shapes : by array, in sizes
    Raises FormulaError, ShapeError or UndeclaredShapeError if a derivative has no meaning.
    """
    fresh = itertools.count()

    def lowered(inner: Node) -> Node:
        if not isinstance(inner, Jacobian):
            return inner.rebuilt(lowered)
        if not (isinstance(inner.of, Read) and inner.of.name in definitions):
            by = Read(inner.by.name, tuple(map(lowered, inner.by.index)))
            return derivative(lowered(inner.of), by)
        name = inner.of.name
        head = definitions[name].head
        if head.index != tuple(Index(letter) for letter in head.free):
            raise FormulaError(f"the left side of the formula of {name} is too involved to derive")
        if len(inner.of.index) != len(head.free):
            raise ShapeError(
                f"{name} is defined with {wording.indices(len(head.free))} "
                f"but derived with {len(inner.of.index)}"
            )
        index = tuple(lowered(place) for place in inner.of.index)
        by = Read(inner.by.name, tuple(lowered(place) for place in inner.by.index))
        body = _element(head.free, definitions[name].links[-1], index, fresh)
        within = _within(name, index, shapes.get(name), origin(name))
        return multiply(derivative(body, by), *within)

    return lowered(node)


def _within(
    name: str, index: Sequence[Node], shape: tuple[Node, ...] | None, first: int
) -> Iterator[Node]:
    """Conditions that an element exists: outside its array a derivative is 0."""
    for axis, place in enumerate(index):
        if isinstance(place, Index):
            continue  # it runs along the axis itself
        if shape is None:
            raise UndeclaredShapeError(
                f"the derivative of {name} is taken at a compound index: declare the shape of "
                f"{name} in its own formula"
            )
        low = Number(float(first))
        high = add(shape[axis], Number(-1.0), low)
        yield Logic("and", (Compare("<=", low, place), Compare("<=", place, high)))


def _element(
    free: tuple[str, ...], body: Node, index: tuple[Node, ...], fresh: "itertools.count[int]"
) -> Node:
    """The formula of one element: its free indices replaced, its own bound indices renamed."""
    return substitute(_renamed(body, fresh), dict(zip(free, index, strict=True)))


def derivative(body: Node, by: Read) -> Node:
    """The derivative of an expression with respect to one element of an array.

    Raises FormulaError if the expression is so long that its derivative would not end.
    """
    length = sum(1 for _ in itertools.islice(body.walk(), LONGEST + 1))
    if length > LONGEST:
        raise FormulaError("the derivative of so long an expression is not worked out")
    return _Derivative(by).of(body)


class _Derivative:
    def __init__(self, by: Read) -> None:
        self.by = by

    def of(self, node: Node) -> Node:
        match node:
            case Read(name=name, index=index):
                if name != self.by.name:
                    return ZERO
                if len(index) != len(self.by.index):
                    raise FormulaError(
                        f"{name} has {wording.indices(len(index))} where its derivative is taken "
                        f"by {len(self.by.index)}"
                    )
                pairs = zip(index, self.by.index, strict=True)
                return multiply(*(Compare("=", here, there) for here, there in pairs))
            case Add(terms=terms):
                return add(*(self.of(term) for term in terms))
            case Negative(body=body):
                return negative(self.of(body))
            case Multiply(factors=factors):
                return add(
                    *(
                        multiply(*factors[:k], self.of(factor), *factors[k + 1 :])
                        for k, factor in enumerate(factors)
                    )
                )
            case Divide(above=above, below=below):
                up, down = self.of(above), self.of(below)
                first = ZERO if up == ZERO else Divide(up, below)
                if down == ZERO:
                    return first
                second = Divide(multiply(above, down), Power(below, Number(2.0)))
                return add(first, negative(second))
            case Power(base=base, exponent=exponent):
                return self.of_power(base, exponent)
            case Call(function="max" | "min"):
                return self.of_extremum(node)
            case Call(function=function, arguments=(argument,)) if function in _RULES:
                inner = self.of(argument)
                return ZERO if inner == ZERO else multiply(_RULES[function](argument), inner)
            case Apply(name=name, arguments=(argument,)):  # f'(u) is for the caller to say
                inner = self.of(argument)
                slope = Apply(f"{name}_prime", (argument,))
                return ZERO if inner == ZERO else multiply(slope, inner)
            case Cases(rows=rows, otherwise=otherwise):
                changed = tuple((condition, self.of(value)) for condition, value in rows)
                rest = None if otherwise is None else self.of(otherwise)
                return Cases(changed, rest)
            case Reduce():
                return self.of_reduction(node)
            case Compare() | Logic():
                return ZERO  # a step: flat wherever it has a derivative
        if isinstance(node, Call | Apply) and any(
            self.of(child) != ZERO for child in node.children()
        ):
            name = node.function if isinstance(node, Call) else node.name
            raise FormulaError(f"the derivative of {name} is not known")
        return ZERO

    def of_power(self, base: Node, exponent: Node) -> Node:
        inner, outer = self.of(base), self.of(exponent)
        found: Node = ZERO
        if inner != ZERO:
            lower = exponent.value - 1 if isinstance(exponent, Number) else None
            reduced: Node
            if lower == 1.0:
                reduced = base
            elif lower is not None:
                reduced = Power(base, Number(lower))
            else:
                reduced = Power(base, add(exponent, Number(-1.0)))
            found = multiply(exponent, reduced, inner)
        if outer != ZERO:
            found = add(found, multiply(Power(base, exponent), Call("log", (base,)), outer))
        return found

    def of_extremum(self, node: Call) -> Node:
        """Of the largest of some values: the derivative of the first that is the largest."""
        rows: list[tuple[Node, Node]] = []
        for argument in node.arguments:
            wins = Compare("=", argument, node)
            rows.append((wins, self.of(argument)))
        if all(value == ZERO for _, value in rows):
            return ZERO
        return Cases(tuple(rows), ZERO)

    def of_reduction(self, node: Reduce) -> Node:
        inner = self.of(node.body)
        if inner == ZERO or node.operation in ("argmax", "argmin"):
            return ZERO
        match node.operation:
            case "sum":
                return collapsed(node.binders, node.where, inner)
            case "max" | "min":
                place = Reduce(f"arg{node.operation}", node.binders, node.where, node.body)
                return collapsed(
                    node.binders, node.where, multiply(Compare("=", _row_major(node), place), inner)
                )
        # A product: each term's derivative times the product of the others.
        others = tuple(Binder(f"{b.name}_other", b.low, b.high) for b in node.binders)
        names: dict[str, Node] = {b.name: Index(f"{b.name}_other") for b in node.binders}
        differs = tuple(
            Compare("!=", Index(b.name), Index(f"{b.name}_other")) for b in node.binders
        )
        where = differs[0] if len(differs) == 1 else Logic("or", differs)
        if node.where is not None:
            where = Logic("and", (where, substitute(node.where, names)))
        rest = Reduce("prod", others, where, substitute(node.body, names))
        return Reduce("sum", node.binders, node.where, multiply(inner, rest))


def _row_major(node: Reduce) -> Node:
    """Where a term of a maximum stands: the index itself, or its number in row-major order."""
    if len(node.binders) == 1:
        return Index(node.binders[0].name)
    place: Node = ZERO
    for binder in node.binders:
        length = add(binder.high, negative(binder.low), ONE)
        place = add(multiply(place, length), Index(binder.name), negative(binder.low))
    return place


def collapsed(binders: tuple[Binder, ...], where: Node | None, body: Node) -> Node:
    """A sum in which every index that some [s'=s] fixes is replaced by what it must be."""
    if isinstance(body, Add):
        return add(*(collapsed(binders, where, term) for term in body.terms))
    if isinstance(body, Negative):
        return negative(collapsed(binders, where, body.body))
    factors = list(body.factors) if isinstance(body, Multiply) else [body]
    names = {binder.name for binder in binders}
    for place, factor in enumerate(factors):
        fixed = _fixes(factor, names)
        if fixed is None:
            continue
        name, value = fixed
        binder = next(b for b in binders if b.name == name)
        others = tuple(b for b in binders if b.name != name)
        within = Logic("and", (Compare("<=", binder.low, value), Compare("<=", value, binder.high)))
        rest = multiply(*factors[:place], *factors[place + 1 :], within)
        kept = None if where is None else substitute(where, {name: value})
        return collapsed(others, kept, substitute(rest, {name: value}))
    if not binders:
        return body if where is None else multiply(where, body)
    return Reduce("sum", binders, where, body)


def _fixes(factor: Node, names: set[str]) -> tuple[str, Node] | None:
    """The bound index that a factor such as [s' = s] or [i+s' = u] fixes, and its value."""
    if not (isinstance(factor, Compare) and factor.relation == "="):
        return None
    for here, there in ((factor.left, factor.right), (factor.right, factor.left)):
        if mentions(there, names):
            continue
        terms = here.terms if isinstance(here, Add) else (here,)
        bound = [term for term in terms if mentions(term, names)]
        if len(bound) == 1:
            rest = [negative(term) for term in terms if term is not bound[0]]
            if isinstance(bound[0], Index):
                return bound[0].name, add(there, *rest)
            if isinstance(bound[0], Negative) and isinstance(bound[0].body, Index):
                others = [term for term in terms if term is not bound[0]]
                return bound[0].body.name, add(*others, negative(there))
    return None


def _renamed(node: Node, fresh: "itertools.count[int]") -> Node:
    """A copy whose bound indices carry names that occur nowhere else."""
    if not isinstance(node, Reduce):
        return node.rebuilt(lambda child: _renamed(child, fresh))
    number = next(fresh)
    names: dict[str, Node] = {b.name: Index(f"{b.name}~{number}") for b in node.binders}
    binders = tuple(
        Binder(f"{b.name}~{number}", _renamed(b.low, fresh), _renamed(b.high, fresh))
        for b in node.binders
    )
    where = None if node.where is None else substitute(_renamed(node.where, fresh), names)
    return Reduce(node.operation, binders, where, substitute(_renamed(node.body, fresh), names))
