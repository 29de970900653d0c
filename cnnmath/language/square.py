r"""Whole square matrices: `A^{-1}`, `\det A`, `\mathrm{tr}(A)`.

An inverse and a determinant are of a matrix whose rows and columns are open indices, which they
bind as a sum does; the element of an inverse has two of its own.
"""

from collections.abc import Sequence

from cnnmath.core.nodes import (
    Index,
    Inverse,
    Node,
    Reduce,
    add,
    negative,
    substitute,
)
from cnnmath.language.scope import Scope
from cnnmath.language.syntax import Part
from cnnmath.language.whole import match, open_in, opened, over_all, refused, size_of


def determinant(node: Node, part: Part, scope: Scope) -> Reduce:
    """The determinant of a whole matrix.

    Raises ShapeError if it is not known to be square
    """
    _insist_on_square(node, "a determinant", part, scope)
    return Reduce("det", over_all(node, scope), None, node)


def inverse(node: Node, part: Part, scope: Scope) -> Node:
    """The inverse of a whole matrix, a whole matrix itself; errors as above."""
    whole = scope.whole
    row, column = _insist_on_square(node, "an inverse", part, scope)
    assert whole is not None
    group = next(scope.found.fresh)
    found = [
        opened(axis.array, axis.number, f"all_{group}_{place}", whole, scope)
        for place, axis in enumerate((whole.axes[column], whole.axes[row]))
    ]
    for place, index in enumerate(found):
        whole.order[index.name] = place
    return Inverse(determinant(node, part, scope), *found)


def trace(node: Node, part: Part, scope: Scope) -> Node:
    """The sum of the elements whose row is their column; errors as above."""
    whole = scope.whole
    row, column = _insist_on_square(node, "a trace", part, scope)
    assert whole is not None
    one, other = whole.axes[row].binder, whole.axes[column].binder
    match(row, column, scope)
    whole.summed.add(row)
    met = add(Index(row), negative(one.low), other.low) if one.low != other.low else Index(row)
    return Reduce("sum", (one,), None, substitute(node, {column: met}))


def _insist_on_square(node: Node, what: str, part: Part, scope: Scope) -> Sequence[str]:
    own = open_in(node, scope)
    sizes = [size_of(name, scope) for name in own]
    if len(own) != 2 or len(set(sizes)) != 1 or not sizes[0]:
        said = "of what? Declare the shape of the matrix" if len(own) < 2 else (
            f"of a matrix of the sizes {', '.join(sizes)}? It must have as many rows as columns"
        )  # fmt: skip
        raise refused(part, f"{what} {said}", scope)
    assert scope.whole is not None
    scope.whole.needed = True
    return own


def is_square(node: Node, scope: Scope) -> bool:
    """Whether a value is a whole matrix with as many rows as columns."""
    own = open_in(node, scope)
    return len(own) == 2 and len({size_of(name, scope) for name in own} - {""}) == 1
