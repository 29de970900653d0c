"""What a formula defines, read on its own right side: `m_t = \\beta m_{t-1} + g_t`.

A formula gives all elements of its result at once. An element that depends on others of the same
array would be calculated from the array that is given, in one step, where its author may mean a
recurrence, in which each element is calculated from those before it.
"""

from cnnmath.core import wording
from cnnmath.core.nodes import Node, Read, Reduce, mentions
from cnnmath.core.statement import Head
from cnnmath.errors import CnnMathError, FormulaSyntaxError, ShapeError
from cnnmath.language.syntax_errors import syntax_error


def insist_on_other_name(latex: str, head: Head, rank: int, links: list[Node], at: int) -> None:
    """Refuse a result that is read at another place, or as another array.

    rank : with how many indices the name of the result is read;  at : where it was read last
    Raises FormulaSyntaxError, ShapeError
    """
    name = head.name
    kind: type[CnnMathError] = FormulaSyntaxError
    if rank != len(head.index):
        kind = ShapeError
        what = (
            f"{name} has {wording.indices(len(head.index))} on the left side, but is read with "
            f"{wording.indices(rank)}: rename one of the two"
        )
    elif any(_elsewhere(link, head, frozenset(head.free)) for link in links):
        what = (
            f"{name} is read here at another place than on the left side. All of it is calculated "
            f"at once, in one step from the {name} that is given: this is no recurrence. For that "
            f"one step give the result a name of its own, as {name}' on the left"
        )
    else:
        return
    raise kind(str(syntax_error(latex, at, what)))


def _elsewhere(node: Node, head: Head, tied: frozenset[str]) -> bool:
    """Whether the result is read at a place that depends on an index of the left side, other than
    by being the same place: m_{t-1}, A_{ji}, or x_j in a sum over j < i.

    tied : the indices that depend on those of the left side
    """
    if isinstance(node, Read) and node.name == head.name and len(node.index) == len(head.index):
        places = zip(node.index, head.index, strict=True)
        if any(place != own and mentions(place, tied) for place, own in places):
            return True
    if isinstance(node, Reduce):
        ends = {b.name: mentions(b.low, tied) or mentions(b.high, tied) for b in node.binders}
        tied |= {name for name, is_tied in ends.items() if is_tied}
    return any(_elsewhere(child, head, tied) for child in node.children())
