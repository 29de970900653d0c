"""A sum as a node, once its limits and what it is taken of have been read.

How far an index runs whose bounds are not written, and which index comes before which.
"""

from cnnmath.errors import IndexReuseError, UndeclaredShapeError
from cnnmath.formula import doubts
from cnnmath.formula.limits import Limits
from cnnmath.formula.nodes import (
    Binder,
    Node,
    Number,
    Reduce,
    axes_indexed_by,
    conjunction,
    indices_in,
    mentions,
)
from cnnmath.formula.scope import Scope
from cnnmath.formula.syntax import Factor


def reduction(operation: str, limits: Limits, body: Node, sign: Factor, scope: Scope) -> Node:
    """The sum, nested where the bounds of one index depend on another.

    Raises UndeclaredShapeError if an index has neither bounds nor an axis to run along.
    """
    where = conjunction(limits.conditions) if limits.conditions else None
    binders = [_binder(name, limits, body, sign, scope) for name in limits.order]
    layers = _layers(binders, sign, scope)
    if operation.startswith("arg") and len(binders) > 1:
        _insist_on_window(operation, limits, sign, scope)
    if len(layers) > 1 and operation.startswith("arg"):
        raise scope.error(sign, "the bounds of one index of an \\arg\\max depend on another")
    node = body
    for place, layer in enumerate(reversed(layers)):
        node = Reduce(operation, tuple(layer), where if place == 0 else None, node)
    return node


def _insist_on_window(operation: str, limits: Limits, sign: Factor, scope: Scope) -> None:
    """`\\arg\\max_{0 \\le s,t < l}` numbers the cells of a window, row by row from 0.

    Raises FormulaSyntaxError where the places are no such numbers: `\\arg\\max_{i,j}`.
    """
    if all(limits.low.get(name) == Number(0.0) for name in limits.order):
        return
    command = f"\\{operation[3:]}"
    i, j = limits.order[:2]
    raise scope.error(
        sign,
        f"\\arg{command} over {' and '.join(limits.order)} is a place of {len(limits.order)} "
        f"numbers: write \\arg{command}_{i} {command}_{j} for {i}; or bounds from 0, as 0 \\le "
        f"{i},{j} < l, for the number of the place, counted row by row from 0",
    )


def _binder(name: str, limits: Limits, body: Node, sign: Factor, scope: Scope) -> Binder:
    low, high = limits.low.get(name), limits.high.get(name)
    if low is not None and high is not None:
        return Binder(name, low, high)
    if low is not None and name in limits.equalled and any(indices_in(low)):
        raise scope.error(
            sign,
            f"does {name} begin there, or take this one value? write its upper bound, or the "
            f"condition in brackets",
            UndeclaredShapeError,
        )
    axes = axes_indexed_by(name, [body, *limits.conditions])
    whole = scope.along(*axes[0], name) if axes else scope.found.inferred.get(name)
    doubts.settle(scope, name, limits, whole)
    low, high = limits.low.get(name), limits.high.get(name)
    if not axes and low is None and high is None and whole is not None:
        return whole
    # In 4 \ge j > i \ge 1 it does not matter where j begins.
    others = (end for other, end in limits.high.items() if other != name)
    is_last = any(mentions(end, [name]) for end in others)
    if not (axes or is_last) and name in limits.reached and scope.declared.first == 0:
        said = "is this from 0 on or from 1 on? write its lower bound too, as in 1 \\le "
        raise scope.error(sign, f"{said}{name} \\le ..")
    if not axes and high is not None:  # \sum_{s < l}: from the first index on
        return Binder(name, Number(float(scope.declared.first)), high)
    if not axes or whole is None:
        raise scope.error(
            sign,
            f"how far does {name} run? It indexes no array by itself: "
            f"write its bounds, as in \\sum_{{{name}=0}}^{{n-1}}",
            UndeclaredShapeError,
        )
    if low is None and high is None:
        scope.found.along.append((name, tuple(axes)))
        scope.found.inferred[name] = whole
    return Binder(name, low or whole.low, high or whole.high)


def _layers(binders: list[Binder], sign: Factor, scope: Scope) -> list[list[Binder]]:
    """Indices whose bounds need others come after those, each in a sum of its own."""
    names = {binder.name for binder in binders}
    needs = {
        b.name: {n.name for bound in (b.low, b.high) for n in indices_in(bound)} & names
        for b in binders
    }
    if not any(needs.values()):
        return [binders]
    layers: list[list[Binder]] = []
    placed: set[str] = set()
    while len(placed) < len(binders):
        ready = [b for b in binders if b.name not in placed and needs[b.name] <= placed]
        if not ready:
            stuck = next(b.name for b in binders if b.name not in placed)
            raise scope.error(
                sign, f"the bounds of {stuck} depend on {stuck} itself", IndexReuseError
            )
        layers.append([ready[0]])
        placed.add(ready[0].name)
    return layers
