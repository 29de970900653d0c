r"""Vectors that are put together behind a matrix: `W [h, x]` has columns for h, then for x."""

from collections.abc import Sequence

from cnnmath.core.arithmetic import difference, tidy
from cnnmath.core.nodes import ZERO, Add, Index, Node, Reduce, add, negative, product, substitute
from cnnmath.language.scope import Scope
from cnnmath.language.syntax import Factor
from cnnmath.language.whole import open_in, refused


def is_joined(item: Factor, before: Sequence[Node], scope: Scope) -> bool:
    """Whether a list in brackets stands behind a whole array."""
    return (
        item.kind == "brackets"
        and not item.attached
        and len(item.held.parts) == len(item.held.items) > 1
        and not item.held.holds_relation
        and bool(before)
        and bool(open_in(product(*before), scope))
    )


def of_joined(left: Node, group: Factor, scope: Scope) -> Node:
    """The product of an array with the vectors in the brackets, one below the other.

    Raises ShapeError if they are no vectors, or the sizes do not say that they fit together
    """
    whole = scope.whole
    assert whole is not None
    *rows, column = open_in(left, scope)
    axis = whole.axes[column]
    first = axis.binder.low
    terms: list[Node] = []
    taken: Node = ZERO
    for item in group.held.parts:
        vector = scope.value(item)
        own = open_in(vector, scope)
        if len(own) != 1:
            raise refused(item, "expected a vector: declare its shape", scope)
        binder = whole.axes[own[0]].binder
        place = add(Index(own[0]), negative(binder.low), first, taken)
        terms.append(
            Reduce("sum", (binder,), None, product(substitute(left, {column: place}), vector))
        )
        array, number, _ = whole.axes[own[0]]
        taken = tidy(add(taken, scope.length(array, number)))
    if tidy(difference(scope.length(axis.array, axis.number), taken)) != ZERO:
        what = f"axis {axis.number} of {axis.array} must be declared as the sum of these sizes"
        raise refused(group, what, scope)
    whole.needed = True
    for row in rows:
        whole.rows[row] = False
    return Add(tuple(terms))
