"""A lowered tree as arrays want it: of the same values, with less to be told apart.

A product with conditions is a case. A sum in a sum is one over all their indices. Where an index
begins or ends at different values for different elements, a condition says which of them count.
"""

from functools import lru_cache

from cnnmath.core.lower import lowered
from cnnmath.core.nodes import (
    ZERO,
    Binder,
    Cases,
    Compare,
    Index,
    Logic,
    Multiply,
    Node,
    Reduce,
    conjunction,
    product,
)


@lru_cache(maxsize=1024)  # the same trees are evaluated again and again
def arranged(node: Node) -> Node:
    """A tree, lowered and arranged."""
    return _arranged(lowered(node))


def _arranged(node: Node) -> Node:
    node = node.rebuilt(_arranged)
    match node:
        case Multiply(factors=factors):
            conditions = [f for f in factors if isinstance(f, Compare | Logic)]
            others = [f for f in factors if f not in conditions]
            if conditions and others:
                return Cases(((conjunction(conditions), product(*others)),), ZERO)
            return conjunction(conditions) if conditions else node
        case Reduce(operation=operation, binders=binders, where=where, body=body):
            counting = [condition for binder in binders for condition in _within(binder)]
            counting += [] if where is None else [where]
            if counting:
                return Reduce(operation, binders, conjunction(counting), body)
            if isinstance(body, Reduce) and body.operation == operation == "sum" and not body.where:
                return Reduce("sum", binders + body.binders, None, body.body)
    return node


def _within(binder: Binder) -> list[Node]:
    index = Index(binder.name)
    ends = (
        (Compare("<=", binder.low, index), binder.low),
        (Compare("<=", index, binder.high), binder.high),
    )
    return [condition for condition, end in ends if end.free]
