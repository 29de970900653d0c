"""Outside an array there are zeros, and in a maximum what reads them loses: said in the tree.

An author writes x_{i+s} and need not say what that is beyond the ends of x. Lowering says it, in a
tree of the same meaning, so that whoever evaluates the tree needs to know nothing of what stands
around an element. What it adds are nodes of their own, which no author writes: an expansion and the
live figure show what is read outside, and show no term where a bracket of the author's fails. An
inverse becomes a quotient of determinants, of which alone an evaluator needs to know.
"""

import math
from dataclasses import replace
from functools import lru_cache

from cnnmath.core.nodes import (
    TRUE,
    ZERO,
    Call,
    Cases,
    Compare,
    Divide,
    Element,
    Index,
    Inside,
    Inverse,
    Logic,
    Multiply,
    Node,
    Padded,
    Read,
    Reduce,
)

LOSES = {"max": -math.inf, "min": math.inf, "argmax": -math.inf, "argmin": math.inf}
"""What never wins in an extremum."""


@lru_cache(maxsize=1024)  # the same trees are evaluated again and again
def lowered(node: Node) -> Node:
    """A tree with the same values, which says what each is outside the arrays."""
    return _lowered(node)


def _lowered(node: Node) -> Node:
    match node:
        case Read(index=index) if index:
            return _element(node)
        case Call(function="max" | "min" as function, arguments=arguments):
            return Call(function, tuple(_competing(a, LOSES[function]) for a in arguments))
        case Inverse():
            return _lowered(_by_cramer(node))
        case Reduce(operation=operation, body=body) if operation in LOSES:
            competing = _competing(body, LOSES[operation])
            return node.rebuilt(lambda part: competing if part is body else _lowered(part))
    return node.rebuilt(_lowered)


def _by_cramer(node: Inverse) -> Node:
    """An element of an inverse as a quotient of determinants: above the line, the row of its column
    is 1 at its row and else 0."""
    assert isinstance(node.of, Reduce)
    p, q = (Index(binder.name) for binder in node.of.binders)
    row = (Compare("=", p, node.column), Compare("=", q, node.row))
    return Divide(replace(node.of, body=Cases((row,), node.of.body)), node.of)


def _element(node: Read) -> Element:
    """An element that is 0 outside its array."""
    places = tuple(map(_lowered, node.index))
    return Element(node.name, places, 0.0, tuple(_gathered_by(place) for place in node.index))


def _gathered_by(place: Node) -> str:
    """The array whose elements alone say which index this is, or "": y in `p_{i, y_i}`, but no o in
    `x_{i + o_i}`, where i says it too, and no s in `x_{s_1 i}`.
    """
    if isinstance(place, Read):
        return place.name if place.index else ""
    if isinstance(place, Index | Reduce):
        return ""
    found = [_gathered_by(child) for child in place.children() if child.free]
    return found[0] if all(found) and found else ""


def _competing(node: Node, loses: float) -> Node:
    """One of the values of which the largest is taken; what reads outside an array loses."""
    condition, value = _competes(node), _lowered(node)
    if condition == TRUE:
        return value
    if isinstance(value, Element):
        return replace(value, outside=loses)
    return Padded(condition, value, loses)


def _competes(node: Node) -> Node:
    """The condition that nothing that a value is made of lies outside an array.

    What is compared, counted or added up is made of zeros there, as it is without a maximum around.
    """
    match node:
        case Read(index=index) if index:
            return Inside(_element(node))
        case Compare() | Logic() | Reduce() | Call(function="max" | "min"):
            return TRUE
        case Multiply(factors=factors):
            conditions = [f for f in factors if isinstance(f, Compare | Logic)]
            rest = _all(*(_competes(f) for f in factors if f not in conditions))
            return _either(_not(_all(*map(_lowered, conditions))), rest) if conditions else rest
        case Cases(rows=rows, otherwise=otherwise):
            found = TRUE if otherwise is None else _competes(otherwise)
            for condition, value in reversed(rows):
                here, holds = _competes(value), _lowered(condition)
                if (here, found) != (TRUE, TRUE):
                    found = _either(_all(holds, here), _all(_not(holds), found))
            return found
    return _all(*map(_competes, node.children()))


def _all(*conditions: Node) -> Node:
    """All of some conditions; those behind one that fails are not asked."""
    parts = dict.fromkeys(condition for condition in conditions if condition != TRUE)
    if not parts:
        return TRUE
    return next(iter(parts)) if len(parts) == 1 else Logic("and", tuple(parts))


def _either(*conditions: Node) -> Node:
    """One of some conditions; those behind one that holds are not asked."""
    return TRUE if TRUE in conditions else Logic("or", conditions)


def _not(condition: Node) -> Node:
    return Compare("=", condition, ZERO)
