"""What a step is about, as its sentence needs it."""

from collections.abc import Iterable, Sequence

from cnnmath.core.nodes import Index, Node, Read, Reduce
from cnnmath.derive.machine import Step


def still_arrays(step: Step) -> Iterable[str]:
    """The arrays in what stands still in a step."""
    of = node_of(step.about["of"])
    for part in of.children():
        yield from (n.name for n in part.walk() if isinstance(n, Read) and n.index)


def summed(node: Node, operation: str = "") -> Iterable[str]:
    """The indices that sums in an expression, or those of one kind, run over."""
    reductions = (inner for inner in node.walk() if isinstance(inner, Reduce))
    kind = (one for one in reductions if one.operation == (operation or one.operation))
    return (binder.name for one in kind for binder in one.binders)


def distinct(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def index_names(node: Node) -> Iterable[str]:
    return (n.name for n in node.walk() if isinstance(n, Index))


def node_of(value: object) -> Node:
    assert isinstance(value, Node)
    return value


def argument_of(of: object) -> Node:
    return next(iter(node_of(of).children()))


def listed(parts: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *before, last = dict.fromkeys(parts)
    return f"{', '.join(before)} and {last}" if before else last
