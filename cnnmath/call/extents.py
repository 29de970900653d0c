"""How far a result goes: the values of its free indices, and its shape.

Where the shape of the result is declared, that says so. Else an index runs as far as no read falls
outside its array; of a compound left side, such as `x_{(li+s)(lj+t)}`, as far as the shape goes.
"""

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from cnnmath.call.bound import Bound, Span
from cnnmath.call.fitting import insist_on_equal_axes
from cnnmath.core import shapes as sizing
from cnnmath.core.affine import Affine
from cnnmath.core.nodes import ZERO, Index, Node, axes_indexed_by
from cnnmath.errors import ShapeError, UndeclaredShapeError


def extents_of(bound: Bound) -> tuple[dict[str, Span], tuple[int, ...]]:
    """First and last value of each free index, in the order of the left side, and the shape of the
    result.

    Raises ShapeError if arrays without indices do not have the shape that was declared.
    """
    formula, head = bound.formula, bound.formula.head
    declared = _declared(bound) if formula.result in formula.shapes else None
    if formula.elementwise:
        return {}, _of_elements(bound, declared)
    first = bound.origin(formula.result)
    if declared is None:
        spans = _inferred(bound)
        if formula.is_direct:
            return spans, tuple(last - first + 1 for first, last in spans.values())
        boxes = {name: (float(a), float(b)) for name, (a, b) in spans.items()}
        ends = [bound.ranges.of(node, boxes)[1] for node in head.index]
        return spans, tuple(max(0, int(end) - first + 1) for end in ends)
    if formula.is_direct:
        _insist_on_other_lengths(bound)
        lengths = zip(head.free, declared, strict=True)
        return {name: (first, first + length - 1) for name, length in lengths}, declared
    return _reaching(bound, declared), declared


def _declared(bound: Bound) -> tuple[int, ...]:
    """The shape that the result was declared to have."""
    result, shape = bound.formula.result, bound.formula.shapes[bound.formula.result]
    lengths = tuple(
        sizing.whole_size(size, bound.sizes, f"axis {axis} of {result}")
        for axis, size in enumerate(shape)
    )
    if any(length < 0 for length in lengths):
        raise ShapeError(f"{result} would have shape {sizing.shape_text(shape)} = {lengths}")
    return lengths


def _of_elements(bound: Bound, declared: tuple[int, ...] | None) -> tuple[int, ...]:
    """The shape of what is calculated element by element: that of the arrays."""
    formula = bound.formula
    bare = [v.shape for v in bound.numbers.values() if isinstance(v, np.ndarray) and v.ndim]
    shape = bare[0] if bare else ()
    # In L = \sum_i L_i the shape is that of L on the right.
    if declared not in (None, shape) and not formula.statement.ranks.get(formula.result):
        text = sizing.shape_text(formula.shapes[formula.result])
        raise ShapeError(
            f"{formula.result} was declared as {text} = {declared}, but "
            f"the right side has shape {shape}"
        )
    return shape


def _inferred(bound: Bound) -> dict[str, Span]:
    """The largest range for which no read falls outside its array, or that the formula states."""
    head, result = bound.formula.head, bound.formula.result
    first = bound.origin(result)
    stated = _stated(bound, "<=")
    try:
        lasts = _lasts(bound)
    except UndeclaredShapeError as error:
        if set(stated) != set(head.free):
            sizes = " ".join("." for _ in head.index)
            hint = f"declare the shape of {result or 'the result'}"
            if result:
                hint += f", {result}='{sizes}', with a size for each dot"
            raise UndeclaredShapeError(f"{error}: {hint}") from None
        lasts = stated
    for letter in sorted(set(head.free) - set(stated)):
        _insist_on_one_length(letter, bound)
    return {
        letter: (first, min(lasts[letter], stated.get(letter, lasts[letter])))
        for letter in head.free
    }


def _insist_on_other_lengths(bound: Bound) -> None:
    r"""In `\delta_j = \sum_k w_{kj} \delta_k` two arrays have one name: what was declared may be of
    the one that is read, and j run along w all the same.

    Raises ShapeError
    """
    formula, sides = bound.formula, bound.part.sides
    name = formula.result
    if name not in bound.arrays:
        return
    for axis, letter in enumerate(formula.head.free):
        axes = axes_indexed_by(letter, sides)
        if all(array != name for array, _ in axes):
            read = next(read for read in bound.part.elements if read.name == name)
            other = next((f"_{i.name}" for i in read.index if isinstance(i, Index)), "_2")
            what = f"declare the other {name} as {name}{other}='..'"
            insist_on_equal_axes(f"the index {letter}", [(name, axis), *axes], bound, what)


def _insist_on_one_length(letter: str, bound: Bound) -> None:
    """An index that runs along several arrays by itself must run along all of each: nothing is
    cut off. The diagonal of one array, A_{ii}, may end with its shorter axis.

    What a derivative is of and by counts, though it may be gone where that is worked out.
    """
    derived = (node for side in bound.formula.jacobians for node in side)
    shortest: dict[str, tuple[int, int]] = {}  # by array: length and axis
    for array, axis in axes_indexed_by(letter, [*bound.part.sides, *derived]):
        length = bound.length(array, axis)
        if length is not None:
            shortest[array] = min((length, axis), shortest.get(array, (length, axis)))
    axes = [(array, axis) for array, (_, axis) in shortest.items()]
    otherwise = f"declare the shape of {bound.formula.result or 'the result'}"
    insist_on_equal_axes(f"the index {letter}", axes, bound, otherwise)


def _lasts(bound: Bound) -> dict[str, int]:
    """The last value of each free index, as far as the reads go."""
    formula = bound.formula
    free, first = formula.head.free, bound.origin(formula.result)
    nodes = [*bound.part.sides, *bound.part.conditions]
    try:
        return bound.ranges.of_free(nodes, free, first)
    except UndeclaredShapeError:  # the i of \partial x_i, which may be gone where it is worked out
        return bound.ranges.of_free([*nodes, *formula.statement.links], free, first)


def _stated(bound: Bound, relation: str) -> dict[str, int]:
    """Ends (<=) or starts (>=) of free indices that the formula states."""
    rounded = math.floor if relation == "<=" else math.ceil
    numbers = (item for item in bound.numbers.items() if not np.ndim(item[1]))
    known = {name: Fraction(float(n)) for name, n in numbers if math.isfinite(n)}
    known |= {name: Fraction(size) for name, size in bound.sizes.items()}
    return {
        name: rounded(value)
        for name, end in bound.part.stated(relation)
        if name in bound.formula.head.free and (value := sizing.size_value(end, known)) is not None
    }


def _reaching(bound: Bound, lengths: Sequence[int]) -> dict[str, Span]:
    """Ranges of the indices of a compound left side, such as x_{(li+s)(lj+t)}.

    A range that the formula states holds. An index that reads an array on the right runs along
    it; the others then run as far as the declared shape reaches, the one with the largest factor
    first, as the digits of a number do.
    """
    head, first = bound.formula.head, bound.formula.origin.of_indices
    starts, sides = _stated(bound, ">="), bound.part.sides
    spans: dict[str, Span] = {
        name: (starts.get(name, first), end) for name, end in _stated(bound, "<=").items()
    }
    for name in head.free:
        if name in spans or not axes_indexed_by(name, sides):
            continue
        try:
            spans[name] = first, bound.ranges.of_free(sides, [name], first)[name]
        except UndeclaredShapeError:
            continue
    for target, length in zip(head.index, lengths, strict=True):
        _spread(target, length, spans, bound)
    return {name: spans[name] for name in head.free}


def _spread(target: Node, length: int, spans: dict[str, Span], bound: Bound) -> None:
    """Let the indices of one axis that are not bounded yet run as far as the axis does."""
    names = [name for name in bound.formula.head.free if name in target.free]
    affine = Affine.of(target, names) or Affine({}, ZERO)  # of others nothing can be told
    first = bound.formula.origin.of_indices
    steps = {name: bound.ranges.of(factor, {})[0] for name, factor in affine.factors.items()}
    room = bound.origin(bound.formula.result) + length - 1 - bound.ranges.of(affine.rest, {})[0]
    room -= sum(step * spans[name][1] for name, step in steps.items() if name in spans)
    larger = sorted(step for name, step in steps.items() if name in spans)
    for name in sorted((n for n in names if n not in spans), key=lambda n: -steps.get(n, 0.0)):
        step = steps.get(name, 0.0)
        if not (0 < step < math.inf and math.isfinite(room)):
            raise UndeclaredShapeError(
                f"how far {name} runs cannot be told from the left side: write it behind the "
                f"formula, as in , \\quad 0 \\le {name} < n"
            )
        digits = [math.floor((big - 1) / step) for big in larger if big > step]
        last = max([math.floor(room / step), *digits[:1]])
        spans[name] = first, max(last, first - 1)
        room -= step * max(last, 0)
        larger.insert(0, step)
