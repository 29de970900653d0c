"""Norms: `\\lVert y - \\hat y \\rVert_2^2` in place of a sum over all the axes that are not shown.

Within the bars an array may leave out its last indices, as x_i does where x has two axes: it then
stands for the vector of those elements, and the norm runs over them.
"""

from typing import TYPE_CHECKING

from cnnmath.errors import ShapeError, UndeclaredShapeError
from cnnmath.formula import parsetree
from cnnmath.formula.nodes import (
    Binder,
    Call,
    Compare,
    Divide,
    Index,
    Node,
    Number,
    Power,
    Read,
    Reduce,
    add,
    indices_in,
)
from cnnmath.formula.parsetree import Part

if TYPE_CHECKING:
    from cnnmath.formula.reader import Reader
    from cnnmath.formula.references import References

_TWO = Number(2.0)


class Norm:
    """The indices that the arrays within one pair of bars leave out."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.binders: list[Binder] = []
        self.along: list[list[tuple[str, int]]] = []  # the axes that each index runs along
        self.left: dict[str, int] = {}  # how many indices each array leaves out

    def left_out(self, reader: "References", name: str, shown: int, rank: int) -> list[Node]:
        """The indices of an array of `rank` axes beyond the `shown` ones."""
        self.left[name] = rank - shown
        for place, axis in enumerate(range(shown, rank)):
            if place == len(self.binders):
                first = Number(float(reader.declared.origin(name)))
                last = add(reader.extent(name, axis), Number(-1.0), first)
                self.binders.append(Binder(f"{self.prefix}{place}", first, last))
                self.along.append([])
            self.along[place].append((name, axis))
        return [Index(binder.name) for binder in self.binders[: rank - shown]]

    def vectors_in(self, node: Node) -> set[str]:
        """The arrays in an expression that leave an index out."""
        own = {binder.name for binder in self.binders}
        return {
            read.name
            for read in node.walk()
            if isinstance(read, Read) and any(n.name in own for n in indices_in(read))
        }


def norm(reader: "Reader", factor: Part) -> Node:
    """The value of `\\lVert u \\rVert_p^q`.

    Raises UndeclaredShapeError if no array within the bars is known to leave an index out.
    """
    kind, power = _scripts(reader, factor)
    outer = reader.norm
    reader.norm = inner = Norm(f"all_{next(reader.fresh)}_")
    body = reader.expression(parsetree.trees(parsetree.atom(factor))[0])
    reader.norm = outer
    if not inner.binders:
        if reader.is_first:
            return body
        reads = [node for node in body.walk() if isinstance(node, Read)]
        if all(node.name in reader.declared.shapes for node in reads):
            value: Node = Call("abs", (body,))  # the norm of a number
            return value if power is None else Power(value, power)
        raise reader.error(
            factor,
            "the norm of what? declare the shapes of the arrays between the bars; "
            "the absolute value of a number is written |x|",
            UndeclaredShapeError,
        )
    reader.along += [
        (binder.name, tuple(dict.fromkeys(axes)))
        for binder, axes in zip(inner.binders, inner.along, strict=True)
    ]
    if len(set(inner.left.values())) > 1:
        raise reader.error(
            factor,
            f"{' and '.join(sorted(inner.left))} have different numbers of axes here: write the "
            "norm as a sum, with all indices",
            ShapeError,
        )
    if len(inner.binders) == 2 and kind != Number(0.0) and _says_which(factor):
        raise reader.error(
            factor,
            "of a matrix this can be a norm of the matrix or of its elements: write "
            "\\lVert .. \\rVert_F or a sum for that of its elements",
        )
    reduced, root = _reduced(kind, tuple(inner.binders), body)
    if root is not None and root == power:
        return reduced
    if root == _TWO:
        reduced = Call("sqrt", (reduced,))
    elif root is not None:
        reduced = Power(reduced, Divide(Number(1.0), root))
    return reduced if power is None else Power(reduced, power)


def _says_which(factor: Part) -> bool:
    """Whether a subscript says which norm it is, other than Frobenius'."""
    below = [inner for script, inner in parsetree.bodies(factor) if script == "sub"]
    return any(parsetree.flattened(inner) != "F" for inner in below)


def _scripts(reader: "Reader", factor: Part) -> tuple[Node, Node | None]:
    """Which norm, 2 unless a subscript says otherwise, and its power."""
    kind: Node = _TWO
    power: Node | None = None
    for script, inner in parsetree.bodies(factor):
        if script == "sup":
            power = reader.expression(inner)
        elif parsetree.flattened(inner) != "F":  # Frobenius, for matrices the same
            kind = reader.expression(inner)
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
