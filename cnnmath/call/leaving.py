"""Sums that leave their array, such as \\sum_{i=0}^N e^{x_i} and \\sum_i (x_{i+1} - x_i)^2.

Zeros around an array are meant where an index of the result says which of them is read, as in
x_{i+s}, and where they add nothing and no bounds lead to them. Elsewhere the sum has terms that
nobody asked for. Nor is a zero meant where an array says what is read, as labels do in p_{i, y_i}.
"""

import math
from collections.abc import Iterable, Iterator

from cnnmath.call.bound import Bound
from cnnmath.call.ranges import EVERYTHING
from cnnmath.call.support import counting, overlap
from cnnmath.core.nodes import (
    Binder,
    Cases,
    Compare,
    Index,
    Logic,
    Read,
    Reduce,
)
from cnnmath.errors import FormulaError


def insist_on_elements(bound: Bound) -> None:
    """Raises FormulaError if an index alone takes a sum or product out of an array."""
    ranges = bound.ranges
    inferred = {name for name, _ in bound.formula.statement.along}
    for node, binder in _fixed(bound.part.sums):
        whole = ranges.binder(binder, {})
        cut = whole
        if node.operation == "sum":
            others = {other.name: EVERYTHING for other in node.binders}
            ends = counting(ranges, node, binder.name, others)
            cut = whole if ends is None else overlap(whole, ends)
        for read in node.body.walk():
            if not isinstance(read, Read) or read.name not in ranges.shapes:
                continue
            for axis, place in enumerate(read.index):
                if place.free != {binder.name}:
                    continue
                if any(isinstance(inner, Read) and inner.index for inner in place.walk()):
                    continue  # x_{t_n}: the evaluator knows each t_n, here are only their ends
                # The element too many of p_i in \sum_i^N adds nothing, nor do those that \sum_i
                # without bounds leaves open. But where bounds take x_{i+1} out of x, nobody says
                # whether that is 0, or x_0 again.
                # An index with a ~ comes out of another formula, which was asked by itself.
                is_open = binder.name in inferred or "~" in binder.name
                is_cut = isinstance(place, Index) or is_open
                low, high = cut if is_cut else whole
                if not (low <= high and math.isfinite(low) and math.isfinite(high)):
                    continue
                first = bound.origin(read.name)
                last = first + ranges.shapes[read.name][axis] - 1
                start, end = ranges.of(place, {binder.name: (low, high)})
                if start < first or end > last:
                    outside = start if start < first else end
                    raise FormulaError(
                        f"{binder.name} runs from {low:g} to {high:g}, which reads element "
                        f"{outside:g} of {read.name} along axis {axis}, but its elements there "
                        f"are {first} to {last}: write bounds that stay inside, or a condition "
                        "in brackets"
                    )


def _fixed(sums: Iterable[Reduce]) -> Iterator[tuple[Reduce, Binder]]:
    """The indices of sums and products whose bounds need no other index and no condition."""
    for node in sums:
        if node.operation not in ("sum", "prod") or node.where:
            continue
        if any(isinstance(inner, Compare | Logic | Cases) for inner in node.body.walk()):
            continue
        for binder in node.binders:
            if not (binder.low.free or binder.high.free):
                yield node, binder
