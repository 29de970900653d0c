"""What a formula defines, read on its own right side: `m_t = \\beta m_{t-1} + g_t`.

A formula gives all elements of its result at once. An element that depends on others of the same
array would be calculated from the array that is given, in one step, where its author may mean a
recurrence, in which each element is calculated from those before it.
"""

from collections.abc import Collection, Mapping

from cnnmath.core import wording
from cnnmath.core.nodes import (
    Index,
    Negative,
    Node,
    Number,
    Read,
    Reduce,
    axes_indexed_by,
    mentions,
)
from cnnmath.core.shapes import Shape, size_text
from cnnmath.core.statement import Head
from cnnmath.errors import CnnMathError, FormulaSyntaxError, ShapeError
from cnnmath.language.syntax_errors import syntax_error


def insist_on_other_name(
    latex: str, head: Head, rank: int, links: list[Node], at: int, left_out: Collection[str]
) -> None:
    """Refuse a result that is read at another place, or as another array.

    rank : with how many indices the name of the result is read;  at : where it was read last
    left_out : the indices that whole arrays leave out, as a row h_t does
    Raises FormulaSyntaxError, ShapeError
    """
    name = head.name
    kind: type[CnnMathError] = FormulaSyntaxError
    tied = frozenset(head.free)
    is_elsewhere = any(_elsewhere(link, head, tied, left_out) for link in links)
    if rank != len(head.index) and not is_elsewhere:
        kind = ShapeError
        what = (
            f"{name} has {wording.indices(len(head.index))} on the left side, but is read with "
            f"{wording.indices(rank)}: rename one of the two"
        )
    elif is_elsewhere:
        what = (
            f"{name} is read here at another place than on the left side. All of it is calculated "
            f"at once, in one step from the {name} that is given: this is no recurrence. For that "
            f"one step give the result a name of its own, as {name}' on the left, or declare "
            + _named_step(head)
        )
    else:
        return
    raise kind(str(syntax_error(latex, at, what)))


def _named_step(head: Head) -> str:
    """What is to be declared so that one step is read."""
    moved = next((place for place in head.index if not isinstance(place, Index)), None)
    if moved is None:
        return f"what was before as {head.name}_prev"
    is_back = any(isinstance(n, Negative) or n == Number(-1.0) for n in moved.walk())
    return f"the result as {head.name}_{'prev' if is_back else 'next'}"


def insist_on_one_array(
    latex: str, head: Head, shapes: Mapping[str, Shape], links: list[Node], at: int
) -> None:
    """Refuse `\\delta_j = \\sum_k w_{kj} \\delta_k` of one delta, if j runs further than k.

    Raises ShapeError
    """
    name = head.name
    for number, (size, index) in enumerate(zip(shapes.get(name, ()), head.index, strict=False)):
        along = axes_indexed_by(index.name, links) if isinstance(index, Index) else []
        others = {size_text(shapes[array][axis]) for array, axis in along if array in shapes}
        if others - {size_text(size)} and (name, number) not in along:
            what = (
                f"{name} was declared with the size {size_text(size)}, but is defined along "
                f"{max(others)}: declare what is read under a name of its own, as {name}_k for "
                f"what is read with k"
            )
            raise ShapeError(str(syntax_error(latex, at, what)))


def _elsewhere(node: Node, head: Head, tied: frozenset[str], left_out: Collection[str]) -> bool:
    """Whether the result is read at a place that depends on an index of the left side, other than
    by being the same place: m_{t-1}, as a row too, A_{ji}, or x_j in a sum over j < i.

    tied : the indices that depend on those of the left side
    """
    if isinstance(node, Read) and node.name == head.name:
        shown = [i for i in node.index if not (isinstance(i, Index) and i.name in left_out)]
        places = zip(shown, head.index, strict=False)
        if len(shown) == len(head.index) and any(
            place != own and mentions(place, tied) for place, own in places
        ):
            return True
    if isinstance(node, Reduce):
        ends = {b.name: mentions(b.low, tied) or mentions(b.high, tied) for b in node.binders}
        tied |= {name for name, is_tied in ends.items() if is_tied}
    return any(_elsewhere(child, head, tied, left_out) for child in node.children())
