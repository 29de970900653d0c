"""Multiplying out: `d (p [i = u] - q [j = u])` is `d p [i = u] - d q [j = u]`."""

from collections.abc import Callable
from dataclasses import replace

from cnnmath.core.nodes import (
    Add,
    Cases,
    Divide,
    Logic,
    Multiply,
    Negative,
    Node,
    Reduce,
    add,
    multiply,
    negative,
)
from cnnmath.derive.terms import Delta, carries


def multiplied_out(node: Node) -> Node:
    """An expression in which sums of terms stand in no product, fraction or sum over an index.

    Only where their deltas differ: what has the same ones stays together.
    """
    if not carries(node) or isinstance(node, Cases | Delta):
        return node
    node = node.rebuilt(multiplied_out)
    found: list[Node] = []
    match node:
        case Negative(body=body):
            found = _spread(body, negative)
        case Divide(above=above, below=below):
            found = _spread(above, lambda part: Divide(part, below))
        case Reduce(operation="sum", body=body):
            found = _spread(body, lambda part: replace(node, body=part))
        case Multiply(factors=factors):
            at = next((n for n, factor in enumerate(factors) if _parts(factor)), 0)
            before, after = factors[:at], factors[at + 1 :]
            spread = _spread(factors[at], lambda part: multiply(*before, part, *after))
            found = [multiplied_out(term) for term in spread]
    return add(*found) if found else node


def _spread(node: Node, put: Callable[[Node], Node]) -> list[Node]:
    """What becomes of each term of a sum, its minus in front; none where it is one term."""
    return [
        negative(put(part.body)) if isinstance(part, Negative) else put(part)
        for part in _parts(node)
    ]


def _parts(node: Node) -> list[Node]:
    """The terms of a sum, those with the same deltas as one; none if they are one, or no sum."""
    groups: dict[object, list[Node]] = {}
    for number, term in enumerate(node.terms if isinstance(node, Add) else ()):
        inner = list(term.walk())
        is_plain = not any(isinstance(n, Reduce | Cases | Logic) for n in inner)
        deltas = tuple(n for n in inner if isinstance(n, Delta))
        groups.setdefault(deltas if is_plain else number, []).append(term)
    return [add(*group) for group in groups.values()] if len(groups) > 1 else []
