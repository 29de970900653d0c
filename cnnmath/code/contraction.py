"""A formula as a sum of contractions: numbers times a sum of products of elements.

A bracket such as [u = iS + s] says which i is meant: the array whose index that is is read as if
S - 1 zeros stood between its numbers, and the bracket is gone.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from cnnmath.code.frame import Frame, past
from cnnmath.core.affine import Affine
from cnnmath.core.arithmetic import never_negative, same, tidy
from cnnmath.core.nodes import (
    ONE,
    ZERO,
    Add,
    Apply,
    Binder,
    Call,
    Compare,
    Divide,
    Element,
    Index,
    Logic,
    Multiply,
    Negative,
    Node,
    Number,
    Power,
    Reduce,
    add,
    negative,
    substitute,
    with_indices,
)
from cnnmath.errors import FormulaError


@dataclass(frozen=True)
class Factor:
    """An array as it is read: the place on each axis, and how far apart its numbers are put.

    places : by axis, counted from 0;  steps : by axis, 1 where its numbers stand side by side
    """

    name: str
    places: tuple[Node, ...]
    steps: tuple[Node, ...]


@dataclass(frozen=True)
class Contraction:
    """A number times a sum of products.

    scales, below : numbers that it is multiplied by, and divided by;  sums : its own indices
    brackets : equations of indices that are still to be solved
    """

    negative: bool = False
    scales: tuple[Node, ...] = ()
    below: tuple[Node, ...] = ()
    sums: tuple[Binder, ...] = ()
    factors: tuple[Factor, ...] = ()
    brackets: tuple[Node, ...] = field(default=())


def refusal(words: str) -> FormulaError:
    """Why a formula is no contraction."""
    return FormulaError(f"it is no contraction: {words}; style='loops' writes it")


class Reader:
    """Reads a lowered tree as contractions.

    frame : what is known of the formula
    """

    def __init__(self, frame: Frame) -> None:
        self.frame = frame

    def terms(self, node: Node) -> list[Contraction]:
        """The contractions that a formula is the sum of.

        Raises FormulaError where it is none.
        """
        parts = node.terms if isinstance(node, Add) else (node,)
        return [self._without_brackets(self._read(part, Contraction())) for part in parts]

    def _read(self, node: Node, so_far: Contraction) -> Contraction:
        match node:
            case Element(outside=0.0):
                return replace(so_far, factors=(*so_far.factors, self._factor(node)))
            case Reduce(operation="sum", where=None):
                if any(end.free for b in node.binders for end in (b.low, b.high)):
                    raise refusal("where a sum ends depends on another index")
                if any(Number(math.inf) in (negative(b.low), b.high) for b in node.binders):
                    raise refusal("a sum has no end")
                # Two sums that are multiplied may call their indices the same.
                taken = [b.name for b in so_far.sums]
                own = {b.name for b in node.binders} & set(taken)
                apart = with_indices(node, {n: Index(f"{n}~{len(taken)}") for n in own})
                return self._read(apart.body, replace(so_far, sums=(*so_far.sums, *apart.binders)))
            case Multiply(factors=factors):
                for factor in factors:
                    so_far = self._read(factor, so_far)
                return so_far
            case Negative(body=body):
                return self._read(body, replace(so_far, negative=not so_far.negative))
            case Divide(above=above, below=below) if _is_number(below):
                return self._read(above, replace(so_far, below=(*so_far.below, below)))
            case Power(base=Element() as base, exponent=Number(value=2.0)):
                return self._read(base, self._read(base, so_far))
            case Compare(relation="="):
                return replace(so_far, brackets=(*so_far.brackets, node))
            case Logic(operation="and", parts=parts):
                return self._windowed(parts, so_far)
        if _is_number(node):
            return so_far if node == ONE else replace(so_far, scales=(*so_far.scales, node))
        raise refusal(f"{_said(node)} stands in it")

    def _factor(self, node: Element) -> Factor:
        first = Number(-float(self.frame.definition.first_index(node.name)))
        places = tuple(tidy(add(place, first)) for place in node.index)
        if any(node.given_by):
            raise refusal(f"the elements of an array say which of {node.name} is read")
        return Factor(node.name, places, (ONE,) * len(places))

    def _windowed(self, parts: Sequence[Node], so_far: Contraction) -> Contraction:
        """[0 <= u - iq < l]: a sum over the places of a window, in which u = iq + s."""
        match parts:
            case (
                Compare("<=", Number(0.0), inner),
                Compare("<", other, high),
            ) if inner == other and not high.free:
                name = f"s~{len(so_far.brackets)}"
                binder = Binder(name, ZERO, tidy(add(high, Number(-1.0))))
                bracket = Compare("=", inner, Index(name))
                sums, brackets = (*so_far.sums, binder), (*so_far.brackets, bracket)
                return replace(so_far, sums=sums, brackets=brackets)
        raise refusal("a condition stands in it that is no equation of indices")

    # ---- brackets -------------------------------------------------------------------------------

    def _without_brackets(self, term: Contraction) -> Contraction:
        for bracket in term.brackets:
            assert isinstance(bracket, Compare)
            term = self._without(bracket, term)
        return replace(term, brackets=())

    def _without(self, bracket: Compare, term: Contraction) -> Contraction:
        match bracket:
            case Compare("=", Call("mod", (above, step)), Number(0.0)) if not step.free:
                return self._spread_fractions(above, step, term)
        sides = tidy(add(bracket.left, negative(bracket.right)))
        names = [binder.name for binder in reversed(term.sums) if binder.name in sides.free]
        affine = Affine.of(sides, sides.free)
        if affine is None or not names:
            raise refusal("a condition stands in it that is no equation of indices")
        # First one that the equation gives as it stands, then one with a factor.
        for is_plain in (True, False):
            for name in names:
                slope = tidy(affine.factors[name])
                if (slope in (ONE, Number(-1.0), Negative(ONE))) is is_plain:
                    found = self._solved(name, slope, sides, term)
                    if found is not None:
                        return found
        raise refusal("a bracket says of no index which one is meant, all factors being positive")

    def _solved(self, name: str, slope: Node, sides: Node, term: Contraction) -> Contraction | None:
        """Without an index that an equation gives, and without the equation."""
        minus = never_negative(negative(slope), self.frame.assumed)
        step = tidy(negative(slope)) if minus else slope
        if not never_negative(step, self.frame.assumed):
            return None
        # slope i + rest = 0: step times i is the rest, or minus the rest.
        rest = substitute(sides, {name: ZERO})
        meant = tidy(rest if minus else negative(rest))
        (binder,) = (b for b in term.sums if b.name == name)
        factors, bound = [], False
        for factor in term.factors:
            places, steps = list(factor.places), list(factor.steps)
            for axis, place in enumerate(factor.places):
                if name not in place.free:
                    continue
                if place != Index(name) and step == ONE:
                    places[axis] = tidy(substitute(place, {name: meant}))
                    continue
                if place != Index(name) or steps[axis] != ONE:
                    return None
                length = self.frame.size(factor.name, axis)
                bound |= binder.low == ZERO and same(past(binder.high), length)
                places[axis], steps[axis] = meant, step
            factors.append(Factor(factor.name, tuple(places), tuple(steps)))
        if not bound:
            return None  # nothing would say where the index ends
        sums = tuple(b for b in term.sums if b.name != name)
        return replace(term, sums=sums, factors=tuple(factors))

    def _spread_fractions(self, above: Node, step: Node, term: Contraction) -> Contraction:
        """a_{X/S} with [X mod S = 0]: the numbers of a S apart, read at X."""
        factors, found = [], False
        for factor in term.factors:
            places, steps = list(factor.places), list(factor.steps)
            for axis, place in enumerate(factor.places):
                if same(place, Divide(above, step)) and steps[axis] == ONE:
                    places[axis], steps[axis] = tidy(above), step
                    found = True
            factors.append(Factor(factor.name, tuple(places), tuple(steps)))
        if not found:
            raise refusal("a condition stands in it that is no equation of indices")
        return replace(term, factors=tuple(factors))


def _is_number(node: Node) -> bool:
    """Whether it is one number for the whole formula."""
    return not node.free and not any(
        isinstance(inner, Element | Reduce | Apply) for inner in node.walk()
    )


def _said(node: Node) -> str:
    match node:
        case Reduce(operation=operation):
            return f"a {operation} over indices"
        case Call(function=function):
            return f"the function {function}"
        case Add():
            return "a sum of several terms within a product or a sum"
        case Index(name=name):
            return f"the number {name} of an index"
        case Compare():
            return "a condition that is no equation"
    return {"Cases": "a case", "Divide": "a quotient of elements", "Power": "a power"}.get(
        type(node).__name__, type(node).__name__.lower()
    )
