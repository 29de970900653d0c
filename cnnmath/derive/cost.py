"""How much there is to be calculated when a line is run, so that nobody waits for it."""

import math
from collections.abc import Callable, Iterable, Mapping

from cnnmath.core.nodes import Binder, Node, Reduce
from cnnmath.core.shapes import size_value

MOST_TERMS = 4e8
"""Of one line, counted as if each were calculated; those that a bracket makes 0 are not."""


def is_light(nodes: Iterable[Node], own: Iterable[Binder]) -> Callable[[Mapping[str, int]], bool]:
    """Whether lines can be run at some sizes.

    nodes : their right sides;  own : the indices of the left side
    """
    lines, head = list(nodes), list(own)

    def light(sizes: Mapping[str, int]) -> bool:
        elements = math.prod(_length(binder, sizes) for binder in head)
        return all(elements * _terms(node, sizes) <= MOST_TERMS for node in lines)

    return light


def _terms(node: Node, sizes: Mapping[str, int]) -> int:
    """The terms of the largest sum in an expression, with those of the sums around it."""
    inner = max((_terms(child, sizes) for child in node.children()), default=1)
    if isinstance(node, Reduce):
        return inner * math.prod(_length(binder, sizes) for binder in node.binders)
    return inner


def _length(binder: Binder, sizes: Mapping[str, int]) -> int:
    """How many values an index takes; the largest size, where others say so."""
    low, high = size_value(binder.low, sizes), size_value(binder.high, sizes)
    if low is None or high is None:
        return max(sizes.values(), default=1)
    return max(1, math.floor(high - low) + 1)
