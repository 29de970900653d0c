"""Differentiation, one rule at a time: each rewrites one derivative that is not worked out yet.

A derivative that waits is a `Jacobian` node. The rules move it inwards, until it stands at an
element of the array itself, where it becomes a bracket: [i + s = u].
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from cnnmath.core.elements import Elements
from cnnmath.core.jacobian import wins
from cnnmath.core.nodes import (
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
    indices_in,
    multiply,
    negative,
    number_in,
    substitute,
)
from cnnmath.core.slopes import SLOPES
from cnnmath.derive.arithmetic import difference, known_between, tidy
from cnnmath.derive.forward import Forward
from cnnmath.derive.letters import fresh, renamed_apart, with_indices
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


class Differentiation:
    """Works out the derivatives of one derivation.

    taken : every name that is in use;  ranges : of the indices that are free throughout
    """

    def __init__(self, forward: Forward) -> None:
        self.forward = forward
        definition = forward.definition
        self.elements = Elements(forward.system, definition.shapes, definition.first_index)

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
        taken = self._taken(node)
        ranges = {b.name: b for b in (*self.forward.own, *self.forward.outputs)}
        found: list[Rewriting] = []

        def change(inner: Node, around: Mapping[str, Binder]) -> Node:
            if found:
                return inner
            if isinstance(inner, Jacobian):
                found.append(self._rewritten(inner, around, taken))
                return found[0].after
            if isinstance(inner, Reduce):
                around = {**around, **{b.name: b for b in inner.binders}}
            return inner.rebuilt(lambda child: change(child, around))

        node = change(node, ranges)
        return (_simplified(node), found[0]) if found else None

    def _taken(self, node: Node) -> set[str]:
        names = {n.name for n in node.walk() if isinstance(n, Index | Binder | Read | Apply)}
        definition = self.forward.definition
        names |= {*definition.shapes, *definition.vocabulary.sizes}
        return names | {b.name for b in (*self.forward.own, *self.forward.outputs)}

    def of(self, node: Node) -> Node:
        """The derivative of a value, waiting; 0 where the value stands still."""
        return Jacobian(node, self.forward.by) if self.forward.moves(node) else ZERO

    # ---- the rules ------------------------------------------------------------------------------

    def _rewritten(
        self, node: Jacobian, around: Mapping[str, Binder], taken: set[str]
    ) -> Rewriting:
        of = node.of
        rule, after = self._rule(of, around, taken)
        return Rewriting(rule, node, after, {"of": of})

    def _rule(self, of: Node, around: Mapping[str, Binder], taken: set[str]) -> tuple[str, Node]:
        match of:
            case Read(name=name, index=index) if name == self.forward.by.name:
                return "element", self._element(index)
            case Read():
                return "definition", self._defined(of, around, taken)
            case Apply(name=name, arguments=(argument,)) if self.elements.is_number(name):
                return "bracket", self.of(Multiply((Read(name), argument)))
            case Add(terms=terms):
                return "sum", add(*map(self.of, terms))
            case Negative(body=body):
                return "minus", negative(self.of(body))
            case Multiply(factors=factors):
                moving = [k for k, factor in enumerate(factors) if self.forward.moves(factor)]
                parts = [
                    multiply(*factors[:k], self.of(factors[k]), *factors[k + 1 :]) for k in moving
                ]
                return ("factor" if len(moving) == 1 else "product"), add(*parts)
            case Divide(above=above, below=below):
                return self._quotient(above, below)
            case Power(base=base, exponent=exponent):
                return "power", self._power(base, exponent)
            case Call(function="max" | "min"):
                return "larger", self._extremum(of, around)
            case Call(function=function, arguments=(argument,)) if function in SLOPES:
                slope = SLOPES[function](argument)
                return "function", multiply(slope, self.of(argument)) if slope != ZERO else ZERO
            case Apply(name=name, arguments=(argument,)):
                return "function", multiply(Apply(f"{name}_prime", of.arguments), self.of(argument))
            case Cases(rows=rows, otherwise=otherwise):
                rest = None if otherwise is None else self.of(otherwise)
                return "cases", Cases(tuple((c, self.of(value)) for c, value in rows), rest)
            case Reduce(operation="sum", binders=binders, where=where, body=body):
                self._insist_on_bounds(of)
                return "inside", Reduce("sum", binders, where, self.of(body))
            case Reduce(operation="max" | "min"):
                self._insist_on_bounds(of)
                return "winner", self._winner(of, taken)
            case Reduce(operation="prod"):
                self._insist_on_bounds(of)
                return "others", self._others(of, taken)
            case Reduce() | Compare() | Logic():
                return "step", ZERO  # flat wherever it has a derivative
        name = of.function if isinstance(of, Call) else getattr(of, "name", type(of).__name__)
        raise FormulaError(f"the derivative of {name} is not known")

    def _element(self, index: tuple[Node, ...]) -> Node:
        for place in index:
            if self.forward.moves(place):
                name = self.forward.by.name
                raise FormulaError(f"{name} stands in an index of itself: there is no derivative")
        pairs = zip(index, self.forward.by.index, strict=True)
        return multiply(
            *(
                Delta("=", there, here) if isinstance(here, Number) else Delta("=", here, there)
                for here, there in pairs
            )
        )

    def _defined(self, of: Read, around: Mapping[str, Binder], taken: set[str]) -> Node:
        """Through the formula of what is read."""
        ranges = {name: (b.low, b.high) for name, b in around.items()}
        body, conditions = self.elements.element(of, ranges)
        body = renamed_apart(body, taken)
        return multiply(self.of(body), *dict.fromkeys(map(_bounded, conditions)))

    def _quotient(self, above: Node, below: Node) -> tuple[str, Node]:
        up, down = self.of(above), self.of(below)
        first = ZERO if up == ZERO else Divide(up, below)
        if down == ZERO:
            return "factor", first
        second = multiply(Divide(above, Power(below, Number(2.0))), down)
        return "quotient", add(first, negative(second))

    def _power(self, base: Node, exponent: Node) -> Node:
        inner, outer = self.of(base), self.of(exponent)
        found: Node = ZERO
        if inner != ZERO:
            number = number_in(exponent)
            if number is None:
                # x to the power 0 is 1, at x = 0 too: 0 / 0 would be no number.
                slope: Node = multiply(exponent, Power(base, tidy(add(exponent, Number(-1.0)))))
                if any(indices_in(exponent)):
                    slope = Cases(((Compare("=", exponent, ZERO), ZERO),), slope)
            elif number == 2:
                slope = multiply(Number(2.0), base)
            else:
                slope = multiply(Number(number), Power(base, Number(number - 1)))
            found = multiply(slope, inner)
        if outer != ZERO:
            found = add(found, multiply(Power(base, exponent), Call("log", (base,)), outer))
        return found

    def _extremum(self, node: Call, around: Mapping[str, Binder]) -> Node:
        """Of the larger of two values: the derivative of the first that is it."""
        if len(node.arguments) == 1:
            return self.of(node.arguments[0])
        first, *rest = node.arguments
        second = rest[0] if len(rest) == 1 else Call(node.function, tuple(rest))
        relation, opposite = (">=", ">") if node.function == "max" else ("<=", "<")
        # Beyond its array an element is 0, and so is a product with it: no larger than 0 is.
        is_plain = first == ZERO and isinstance(second, Read | Multiply)
        if not is_plain and any(self._may_be_outside(one, around) for one in (first, second)):
            wins: Node = Compare("=", first, node)
            loses: Node = Compare("!=", first, node)
        elif first == ZERO or not self.forward.moves(first):
            wins, loses = Compare(relation, first, second), Compare(opposite, second, first)
        else:
            wins = Compare(relation, first, second)
            loses = Compare({">": "<", "<": ">"}[opposite], first, second)
        return add(multiply(wins, self.of(first)), multiply(loses, self.of(second)))

    def _may_be_outside(self, node: Node, around: Mapping[str, Binder]) -> bool:
        """Whether a value may read beyond the ends of an array, so that it loses."""
        if isinstance(node, Read):
            return any(self._leaves(node, axis, around) for axis in range(len(node.index)))
        if isinstance(node, Reduce):
            around = {**around, **{binder.name: binder for binder in node.binders}}
        return any(self._may_be_outside(child, around) for child in node.children())

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

    def _winner(self, node: Reduce, taken: set[str]) -> Node:
        """Of a maximum over indices: the derivative of the first of the largest values."""
        node = _counted_from_zero(node)
        names: dict[str, Node] = {}
        for binder in node.binders:
            names[binder.name] = Index(fresh(binder.name, {*taken, *(_names(names))}))
        won = wins(node)
        assert isinstance(won.right, Reduce)
        is_place = Compare("=", tidy(won.left), with_indices(won.right, names))
        return Reduce("sum", node.binders, node.where, multiply(is_place, self.of(node.body)))

    def _others(self, node: Reduce, taken: set[str]) -> Node:
        """Of a product: each factor's derivative times the product of the others."""
        names: dict[str, Node] = {}
        for binder in node.binders:
            names[binder.name] = Index(fresh(binder.name, {*taken, *(_names(names))}))
        others = with_indices(node, names)
        differs = [Compare("!=", names[b.name], Index(b.name)) for b in node.binders]
        where: Node = differs[0] if len(differs) == 1 else Logic("or", tuple(differs))
        if others.where is not None:
            where = Logic("and", (where, others.where))
        rest = Reduce("prod", others.binders, where, others.body)
        return Reduce("sum", node.binders, node.where, multiply(self.of(node.body), rest))

    def _insist_on_bounds(self, node: Reduce) -> None:
        for binder in node.binders:
            if self.forward.moves(binder.low) or self.forward.moves(binder.high):
                name = self.forward.by.name
                raise FormulaError(f"a sum has bounds that depend on {name}: no derivative")


def _names(indices: Mapping[str, Node]) -> set[str]:
    return {index.name for index in indices.values() if isinstance(index, Index)}


def _counted_from_zero(node: Reduce) -> Reduce:
    """The place of a winner is a number in row-major order, for which all indices count from 0."""
    if len(node.binders) == 1 or all(binder.low == ZERO for binder in node.binders):
        return node
    values: dict[str, Node] = {b.name: tidy(add(Index(b.name), b.low)) for b in node.binders}
    binders = tuple(Binder(b.name, ZERO, difference(b.high, b.low)) for b in node.binders)
    where = None if node.where is None else substitute(node.where, values)
    return Reduce(node.operation, binders, where, substitute(node.body, values))


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
