"""Differentiation, one rule at a time: each rewrites one derivative that is not worked out yet.

A derivative that waits is a `Jacobian` node. The rules (core/calculus.py) move it inwards, until it
stands at an element of the array itself, where it becomes a bracket: [i + s = u].
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from cnnmath.core.arithmetic import difference, known_between, tidy
from cnnmath.core.calculus import Calculus
from cnnmath.core.elements import Elements
from cnnmath.core.lower import LOSES
from cnnmath.core.nodes import (
    ONE,
    ZERO,
    Add,
    Apply,
    Binder,
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
    indices_in,
    multiply,
    negative,
    substitute,
    with_indices,
)
from cnnmath.derive.forward import Forward
from cnnmath.derive.letters import fresh, renamed_apart
from cnnmath.derive.terms import Delta, within
from cnnmath.errors import FormulaError

MOST = 400  # rewritings; more make no derivation that anybody reads


@dataclass(frozen=True)
class Rewriting:
    """What one rule did at one place.

    rule : its name;  before, after : the place;  about : what its sentence needs
    """

    rule: str
    before: Node
    after: Node
    about: Mapping[str, object] = field(default_factory=dict)


class Differentiation(Calculus):
    """Works out the derivatives of one derivation."""

    bracket = Delta

    def __init__(self, forward: Forward) -> None:
        definition = forward.definition
        elements = Elements(forward.system, definition.shapes, definition.first_index)
        super().__init__(forward.by, elements, {})
        self.forward = forward
        self.taken: set[str] = set()  # every name that is in use

    def steps(self, node: Node) -> Iterator[tuple[Node, Rewriting]]:
        """The expression after each rewriting, until no derivative waits."""
        for _ in range(MOST):
            found = self._next(node)
            if found is None:
                return
            node, rewriting = found
            yield node, rewriting
        raise FormulaError("the derivation is too long to be of use: derive a formula of less")

    def _next(self, node: Node) -> tuple[Node, Rewriting] | None:
        """The first derivative in reading order, rewritten."""
        ranges = {b.name: b for b in (*self.forward.own, *self.forward.outputs)}
        self.taken = self._taken(node) | set(ranges)
        found: list[Rewriting] = []

        def change(inner: Node, around: Mapping[str, Binder]) -> Node:
            if found:
                return inner
            if isinstance(inner, Jacobian):
                self.ranges = around
                rule, after = self.rule(inner.of)
                found.append(Rewriting(rule, inner, after, {"of": inner.of}))
                return found[0].after
            if isinstance(inner, Reduce):
                around = {**around, **{b.name: b for b in inner.binders}}
            return inner.rebuilt(lambda child: change(child, around))

        node = change(node, ranges)
        return (_simplified(node), found[0]) if found else None

    def _taken(self, node: Node) -> set[str]:
        names = {n.name for n in node.walk() if isinstance(n, Index | Binder | Read | Apply)}
        definition = self.forward.definition
        return names | {*definition.shapes, *definition.vocabulary.sizes}

    def rule(self, node: Node) -> tuple[str, Node]:
        if isinstance(node, Reduce) and node.operation in LOSES:
            node = _counted_from_zero(node)
        name, found = super().rule(node)
        match name, found:
            case "power", _:
                return name, _power_as_one_writes(found)
            case "winner", Reduce(body=Multiply(factors=(Compare() as won, *rest))):
                place = replace(won, left=tidy(won.left))
                return name, replace(found, body=multiply(place, *rest))
        return name, found

    # ---- what the rules ask ---------------------------------------------------------------------

    def of(self, part: Node) -> Node:
        """The derivative of a part, waiting; 0 where it stands still."""
        return Jacobian(part, self.by) if self.forward.moves(part) else ZERO

    def defined(self, read: Read) -> Node:
        """Through the formula of what is read."""
        body, conditions = self.elements.element(read, self.ranges)
        body = renamed_apart(body, self.taken)
        return multiply(self.of(body), *dict.fromkeys(map(_bounded, conditions)))

    def again(self, node: Reduce) -> Reduce:
        names: dict[str, Index] = {}
        for binder in node.binders:
            name = fresh(binder.name, self.taken)
            names[binder.name] = Index(name)
            self.taken.add(name)
        return with_indices(node, names)

    def may_be_outside(self, node: Node) -> bool:
        return self._may_leave(node, self.ranges)

    def _may_leave(self, node: Node, around: Mapping[str, Binder]) -> bool:
        if isinstance(node, Read):
            return any(self._leaves(node, axis, around) for axis in range(len(node.index)))
        if isinstance(node, Reduce):
            around = {**around, **{binder.name: binder for binder in node.binders}}
        return any(self._may_leave(child, around) for child in node.children())

    def _leaves(self, read: Read, axis: int, around: Mapping[str, Binder]) -> bool:
        """Whether an index may name no element; an array that holds indices names one."""
        place = read.index[axis]
        if isinstance(place, Read) and place.index:
            return False
        try:
            low, high = self.forward.range_along(read.name, axis)
        except FormulaError:
            return True
        return not all(known_between(place, low, high, around, self.forward.positive))


def _counted_from_zero(node: Reduce) -> Reduce:
    """The place of a winner is a number in row-major order, for which all indices count from 0."""
    if len(node.binders) == 1 or all(binder.low == ZERO for binder in node.binders):
        return node
    values: dict[str, Node] = {b.name: tidy(add(Index(b.name), b.low)) for b in node.binders}
    binders = tuple(Binder(b.name, ZERO, difference(b.high, b.low)) for b in node.binders)
    where = None if node.where is None else substitute(node.where, values)
    return Reduce(node.operation, binders, where, substitute(node.body, values))


def _power_as_one_writes(node: Node) -> Node:
    """The slope of a power, the less by 1 of its exponent reckoned.

    That the exponent is not 0 goes unsaid, unless an index stands in it, which may well be.
    """
    match node:
        case Add(terms=terms):
            return add(*map(_power_as_one_writes, terms))
        case Multiply(factors=factors):
            return multiply(*map(_power_as_one_writes, factors))
        case Power(base=base, exponent=Add(terms=(*_, Number(value=-1.0))) as exponent):
            return Power(base, tidy(exponent))
        case Compare(relation="!=", left=exponent, right=Number(value=0.0)):
            return node if any(indices_in(exponent)) else ONE
    return node


def _bounded(condition: Node) -> Node:
    """The condition that an element exists, as one that a rule may show to say nothing new."""
    match condition:
        case Logic(
            operation="and",
            parts=(Compare(left=low, right=place), Compare(left=same, right=high)),
        ) if place == same:
            names_one = isinstance(place, Read) and place.index  # a label names an element
            return ONE if names_one else within(place, tidy(low), tidy(high))
    return condition


def _simplified(node: Node) -> Node:
    """Zeros and ones that a rule left, taken away."""
    match node:
        case Reduce(operation="sum", body=body):
            inner = _simplified(body)
            return ZERO if inner == ZERO else Reduce("sum", node.binders, node.where, inner)
        case Add(terms=terms):
            return add(*map(_simplified, terms))
        case Multiply(factors=factors):
            return _negatives_out(multiply(*map(_simplified, factors)))
        case Negative(body=body):
            return negative(_simplified(body))
        case Divide(above=above, below=below):
            up = _simplified(above)
            return ZERO if up == ZERO else _upright(up, below)
        case Cases(rows=rows, otherwise=otherwise):
            rows = tuple((c, _simplified(value)) for c, value in rows)
            rest = None if otherwise is None else _simplified(otherwise)
            values = [value for _, value in rows] + ([] if rest is None else [rest])
            return ZERO if all(value == ZERO for value in values) else Cases(rows, rest)
    return node


def _upright(above: Node, below: Node) -> Node:
    return (
        negative(Divide(above.body, below)) if isinstance(above, Negative) else Divide(above, below)
    )


def _negatives_out(node: Node) -> Node:
    if not isinstance(node, Multiply):
        return node
    sign = 1
    factors = []
    for factor in node.factors:
        if isinstance(factor, Negative):
            sign, factor = -sign, factor.body
        if factor not in factors or not isinstance(factor, Compare | Logic):
            factors.append(factor)
    found = multiply(*factors) if factors else ONE
    return negative(found) if sign < 0 else found
