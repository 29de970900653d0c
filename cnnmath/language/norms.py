"""Norms: `\\lVert y - \\hat y \\rVert_2^2` in place of a sum over all the axes that are not shown.

Within the bars an array may leave out its last indices, as x_i does where x has two axes: it then
stands for the vector of those elements, and the norm runs over them.
"""

from dataclasses import replace

from cnnmath.core.nodes import Binder, Call, Compare, Divide, Node, Number, Power, Read, Reduce
from cnnmath.errors import UndeclaredShapeError
from cnnmath.language.scope import Scope, Whole
from cnnmath.language.syntax import Factor
from cnnmath.language.whole import over_all

_TWO = Number(2.0)


def norm(factor: Factor, scope: Scope) -> Node:
    """The value of `\\lVert u \\rVert_p^q`.

    Raises UndeclaredShapeError if no array within the bars is known to leave an index out.
    """
    kind, power = _scripts(factor, scope)
    inner = replace(scope, whole=scope.whole or Whole())
    body = inner.value(factor.inside[0])
    if scope.whole is not None:
        scope.whole.normed = True
    binders = over_all(body, inner)
    if not binders:
        if scope.roles is None:
            return body
        reads = [node for node in body.walk() if isinstance(node, Read)]
        if all(node.name in scope.declared.shapes for node in reads):
            return _to_the(power, Call("abs", (body,)))  # the norm of a number
        raise scope.error(
            factor,
            "the norm of what? declare the shapes of the arrays between the bars; "
            "the absolute value of a number is written |x|",
            UndeclaredShapeError,
        )
    says_which = any(held.word != "F" for held in factor.subs)
    if len(binders) == 2 and kind != Number(0.0) and says_which:
        raise scope.error(
            factor,
            "of a matrix this can be a norm of the matrix or of its elements: write "
            "\\lVert .. \\rVert_F or a sum for that of its elements",
        )
    reduced, root = _reduced(kind, binders, body)
    if root is not None and root == power:
        return reduced
    if root == _TWO:
        reduced = Call("sqrt", (reduced,))
    elif root is not None:
        reduced = Power(reduced, Divide(Number(1.0), root))
    return _to_the(power, reduced)


def _to_the(power: Node | None, base: Node) -> Node:
    return base if power is None else Power(base, power)


def _scripts(factor: Factor, scope: Scope) -> tuple[Node, Node | None]:
    """Which norm, 2 unless a subscript says otherwise, and its power."""
    kind: Node = _TWO
    power: Node | None = None
    for script, inner in factor.bodies:
        if script == "sup":
            power = scope.value(inner)
        elif inner.word != "F":  # Frobenius, for matrices the same
            kind = scope.value(inner)
    return kind, power


def _reduced(kind: Node, binders: tuple[Binder, ...], body: Node) -> tuple[Node, Node | None]:
    """The sum or maximum that a norm is, and the root that is taken of it."""
    size = Call("abs", (body,))
    if kind == Number(float("inf")):
        return Reduce("max", binders, None, size), None
    if kind == Number(0.0):
        return Reduce("sum", binders, None, Compare("!=", body, Number(0.0))), None
    if kind == Number(1.0):
        return Reduce("sum", binders, None, size), None
    base = body if kind == _TWO else size
    return Reduce("sum", binders, None, Power(base, kind)), kind
