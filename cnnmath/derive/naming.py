r"""What a formula that is known calculates is called by its name.

The derivative of \log p_i holds e^{x_i} / \sum_j e^{x_j} again: where that is known to be p_i, it
is written so.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations

from cnnmath.core.arithmetic import known_between, same
from cnnmath.core.nodes import (
    ZERO,
    Apply,
    Binder,
    Call,
    Index,
    Node,
    Number,
    Read,
    Reduce,
    multiply,
    substitute,
)
from cnnmath.derive.differentiate import Rewriting
from cnnmath.derive.forward import Forward
from cnnmath.derive.fractions import Factor, as_fraction, collected
from cnnmath.derive.terms import Term, Within

Values = Mapping[str, Node]
Ranges = Mapping[str, Binder]


@dataclass(frozen=True)
class Known:
    """A formula by whose name a part of a line may be called.

    read : what it defines;  body : its right side, which is `scale` times the product of `factors`
    """

    read: Read
    body: Node
    scale: Fraction
    factors: tuple[Factor, ...]

    @property
    def free(self) -> set[str]:
        return {index.name for index in self.read.index if isinstance(index, Index)}


@dataclass(frozen=True)
class Found:
    """nodes : what was multiplied, with the name in it;  read : the name;  of : what it is"""

    nodes: tuple[Node, ...]
    read: Node
    of: Node


class Naming:
    """Puts in the names that a derivation may use, one at a time."""

    def __init__(self, forward: Forward) -> None:
        self.forward = forward
        self.known: list[Known] = []
        self.held: list[Within] = []  # what holds in the term at hand
        for name, definition in forward.nameable.items():
            body, head = definition.right, definition.head
            is_plain = definition.is_direct and not definition.statement.conditions
            # For a product of two numbers their own names say more.
            if is_plain and any(isinstance(node, Reduce | Call | Apply) for node in body.walk()):
                scale, factors = collected((body,))
                self.known.append(Known(Read(name, head.index), body, scale, tuple(factors)))

    def steps(self, terms: Sequence[Term]) -> Iterator[tuple[list[Term], Rewriting]]:
        """The terms after each name that was put in."""
        current = list(terms)
        for place in range(len(current)):
            while (found := self._in_term(current[place])) is not None:
                before, (current[place], about) = current[place], found
                after = current[place]
                yield list(current), Rewriting("named", before.node(), after.node(), about)

    def _in_term(self, term: Term) -> tuple[Term, Mapping[str, object]] | None:
        ranges = {binder.name: binder for binder in (*self.forward.own, *term.binders)}
        self.held = [condition for condition in term.conditions if isinstance(condition, Within)]
        about: dict[str, object]
        found = self._in_product(term.factors, ranges)
        if found is not None:
            about = {"named": found.read, "of": found.of}
            return replace(term, factors=found.nodes), about
        found = self._in_product(term.conditions, ranges)
        if found is not None:
            about = {"named": found.read, "of": found.of}
            return replace(term, conditions=found.nodes), about
        return None

    def _in_product(self, nodes: tuple[Node, ...], ranges: Ranges) -> Found | None:
        """The first name for a part of a product, or of one of its factors."""
        for known in self.known:
            for many in range(1, len(known.factors) + 1):
                for places in combinations(range(len(nodes)), many):
                    found = self._matched(known, [nodes[place] for place in places], ranges)
                    if found is not None:
                        rest = [n for place, n in enumerate(nodes) if place not in places]
                        rest[places[0] : places[0]] = found.nodes
                        return replace(found, nodes=tuple(rest))
        for place, node in enumerate(nodes):
            inner = self._inside(node, ranges)
            if inner is not None:
                return replace(inner, nodes=(*nodes[:place], *inner.nodes, *nodes[place + 1 :]))
        return None

    def _inside(self, node: Node, ranges: Ranges) -> Found | None:
        """The first name for a part of what an expression is made of."""
        if isinstance(node, Read):
            return None
        if isinstance(node, Reduce):
            ranges = {**ranges, **{binder.name: binder for binder in node.binders}}
        found: list[Found] = []

        def change(child: Node) -> Node:
            inner = None if found else self._in_product((child,), ranges)
            if inner is None:
                return child
            found.append(inner)
            return multiply(*inner.nodes)

        changed = node.rebuilt(change)
        return replace(found[0], nodes=(changed,)) if found else None

    def _matched(self, known: Known, nodes: Sequence[Node], ranges: Ranges) -> Found | None:
        """A product with the name for some of its factors."""
        scale, given = collected(nodes)
        for values, left in _ways(known.factors, given, {}, known.free):
            if known.free - set(values) or not self._is_element(known, values, ranges):
                continue
            read = substitute(known.read, dict(values))
            scale /= known.scale
            sign = (Number(-1.0),) if scale < 0 else ()
            rest = as_fraction(abs(scale), [Factor(read, Fraction(1)), *left])
            return Found((*sign, *rest), read, substitute(known.body, dict(values)))
        return None

    def _is_element(self, known: Known, values: Values, ranges: Ranges) -> bool:
        """Whether the array that is named always has the element: elsewhere it would read as 0."""
        positive = self.forward.positive
        for axis, letter in enumerate(known.read.index):
            assert isinstance(letter, Index)
            place = values[letter.name]
            if isinstance(place, Read) and place.index:
                continue  # a label names an element
            low, high = self.forward.range_along(known.read.name, axis)
            is_held = any(
                same(held.value, place) and same(held.low, low) and same(held.high, high)
                for held in self.held
            )
            if not is_held and not all(known_between(place, low, high, ranges, positive)):
                return False
        return True


def _ways(
    wanted: Sequence[Factor], given: Sequence[Factor], values: Values, free: set[str]
) -> Iterator[tuple[Values, list[Factor]]]:
    """Values of indices with which some factors are among others, and what of these is left."""
    if not wanted:
        yield values, list(given)
        return
    first, *others = wanted
    for place, one in enumerate(given):
        left = one.exponent - first.exponent
        if one.exponent * first.exponent < 0 or left * first.exponent < 0:
            continue
        found = _matching(first.base, one.base, values, free, {})
        if found is not None:
            kept = [Factor(one.base, left)] if left else []
            rest = [*given[:place], *kept, *given[place + 1 :]]
            yield from _ways(others, rest, found, free)


def _matching(
    wanted: Node, node: Node, values: Values, free: set[str], bound: dict[str, str]
) -> Values | None:
    """Values of free indices with which one expression is another; None if there are none.

    bound : for indices of the sums around what they are called in the other expression
    """
    if isinstance(wanted, Index) and wanted.name in free and wanted.name not in bound:
        if wanted.name in values:
            return values if same(values[wanted.name], node) else None
        is_captured = any(name in bound.values() for name in node.free)
        return None if is_captured else {**values, wanted.name: node}
    if isinstance(wanted, Index):
        return values if node == Index(bound.get(wanted.name, wanted.name)) else None
    if type(wanted) is not type(node) or wanted.rebuilt(_nothing) != node.rebuilt(_nothing):
        return None
    if isinstance(wanted, Reduce) and isinstance(node, Reduce):
        pairs = list(zip(wanted.binders, node.binders, strict=True))
        ends = [(one, two) for b, c in pairs for one, two in ((b.low, c.low), (b.high, c.high))]
        own = bound | {b.name: c.name for b, c in pairs}
        parts = [(wanted.body, node.body)]
        if wanted.where is not None and node.where is not None:
            parts.append((wanted.where, node.where))
        sides = [*((one, two, bound) for one, two in ends), *((*part, own) for part in parts)]
    else:
        children = zip(wanted.children(), node.children(), strict=True)
        sides = [(one, two, bound) for one, two in children]
    found: Values | None = values
    for one, two, names in sides:
        found = None if found is None else _matching(one, two, found, free, names)
    return found


def _nothing(node: Node) -> Node:
    return ZERO
