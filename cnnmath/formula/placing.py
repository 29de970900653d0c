"""Where a result goes: its shape, how far its free indices run, and what a left side reaches.

Most left sides are letters, one for each axis. A compound one, such as `x_{(li+s)(lj+t)}`, names
elements by arithmetic: its values are calculated on the grid of its letters and carried to the
elements that they name, and two different values for one element contradict each other.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from cnnmath.errors import (
    ArrayValueError,
    ContradictionError,
    FormulaError,
    ShapeError,
    UndeclaredShapeError,
)
from cnnmath.formula import shapes as sizing
from cnnmath.formula.affine import Affine
from cnnmath.formula.bound import Bound, Span
from cnnmath.formula.definition import Definition
from cnnmath.formula.evaluate import Evaluator
from cnnmath.formula.nodes import (
    ONE,
    Compare,
    Index,
    Jacobian,
    Node,
    Read,
    axes_indexed_by,
    indices_in,
    product,
)
from cnnmath.shared import SAME_VALUE

Values = NDArray[np.float64]


# ---- how far the free indices run ---------------------------------------------------------------


def spans_of(formula: Definition, nodes: Sequence[Node], bound: Bound) -> dict[str, Span]:
    """First and last value of each free index, in the order of the left side."""
    free = formula.head.free
    if formula.shapes.get(formula.result) is None:
        return _inferred(formula, nodes, bound) if free else {}
    lengths = _declared_lengths(formula, bound)
    first = formula.first_index(formula.result)
    if formula.is_direct:
        pairs = zip(formula.head.index, lengths, strict=False)
        return {n.name: (first, first + k - 1) for n, k in pairs if isinstance(n, Index)}
    return _reaching(formula, nodes, bound, lengths)


def _declared_lengths(formula: Definition, bound: Bound) -> list[int]:
    declared = formula.shapes[formula.result]
    lengths = [
        sizing.whole_size(size, bound.sizes, f"axis {axis} of {formula.result}")
        for axis, size in enumerate(declared)
    ]
    if any(length < 0 for length in lengths):
        shown = sizing.shape_text(declared)
        raise ShapeError(f"{formula.result} would have shape {shown} = {tuple(lengths)}")
    return lengths


def _inferred(formula: Definition, nodes: Sequence[Node], bound: Bound) -> dict[str, Span]:
    """The largest range for which no read falls outside its array, or that the formula states."""
    free, first = formula.head.free, formula.first_index(formula.result)
    stated = _stated(formula, bound, "<=")
    name = formula.result or "the result"
    try:
        lasts = _lasts(formula, nodes, bound)
    except UndeclaredShapeError as error:
        if set(stated) != set(free):
            sizes = " ".join("." for _ in formula.head.index)
            hint = f"declare the shape of {name}"
            if formula.result:
                hint += f", {formula.result}='{sizes}', with a size for each dot"
            raise UndeclaredShapeError(f"{error}: {hint}") from None
        lasts = stated
    _insist_on_equal_axes(formula, nodes, bound, set(free) - set(stated))
    return {
        letter: (first, min(lasts[letter], stated.get(letter, lasts[letter]))) for letter in free
    }


def _insist_on_equal_axes(
    formula: Definition, nodes: Sequence[Node], bound: Bound, free: set[str]
) -> None:
    """An index that runs along several arrays by itself must run along all of each: nothing is
    cut off. The diagonal of one array, A_{ii}, may end with its shorter axis.

    What a derivative is of and by counts, though it may be gone where that is worked out.

    Raises ShapeError
    """
    derived = [
        node
        for link in formula.statement.links
        for node in link.walk()
        if isinstance(node, Jacobian)
    ]
    lengths = {**_known_lengths(formula, bound), **bound.ranges.shapes}
    for letter in sorted(free):
        axes = axes_indexed_by(letter, [*nodes, *derived])
        ends: dict[str, tuple[int, int]] = {}  # by array: its shortest axis along the index
        for array, axis in axes:
            if array in lengths:
                here = lengths[array][axis], axis
                ends[array] = min(here, ends.get(array, here))
        if len({length for length, _ in ends.values()}) > 1:
            a, (length, i) = next(iter(ends.items()))
            b, (other, j) = next(item for item in ends.items() if item[1][0] != length)
            raise ShapeError(
                f"the index {letter} runs along axis {i} of {a}, of length {length}, and along "
                f"axis {j} of {b}, of length {other}: make them the same, or declare the shape "
                f"of {formula.result or 'the result'}"
            )


def _known_lengths(formula: Definition, bound: Bound) -> dict[str, tuple[int, ...]]:
    """The shapes that the declarations give, as numbers."""
    found = {}
    for name, shape in formula.shapes.items():
        values = [sizing.size_value(size, bound.sizes) for size in shape]
        known = [int(value) for value in values if value is not None]
        if len(known) == len(values):
            found[name] = tuple(known)
    return found


def _lasts(formula: Definition, nodes: Sequence[Node], bound: Bound) -> dict[str, int]:
    """The last value of each free index, as far as the reads go."""
    free, first = formula.head.free, formula.first_index(formula.result)
    conditions = formula.statement.conditions
    try:
        return bound.ranges.of_free([*nodes, *conditions], free, first)
    except UndeclaredShapeError:  # the i of \partial x_i, which may be gone where it is worked out
        return bound.ranges.of_free([*nodes, *formula.statement.links, *conditions], free, first)


def _stated(formula: Definition, bound: Bound, relation: str) -> dict[str, int]:
    """Ends (<=) or starts (>=) of free indices that the formula states: `, \\quad 0 \\le i < M`."""
    found = {}
    for condition in formula.statement.conditions:
        match condition:
            case Compare(relation=stated, left=Index(name=name), right=right) if stated == relation:
                value = sizing.size_value(right, bound.sizes)
                if value is not None and name in formula.head.free:
                    found[name] = math.floor(value) if relation == "<=" else math.ceil(value)
    return found


def _reaching(
    formula: Definition, nodes: Sequence[Node], bound: Bound, lengths: Sequence[int]
) -> dict[str, Span]:
    """Ranges of the indices of a compound left side, such as x_{(li+s)(lj+t)}.

    A range that the formula states holds. An index that reads an array on the right runs along
    it; the others then run as far as the declared shape reaches, the one with the largest factor
    first, as the digits of a number do.
    """
    first = formula.origin.of_indices
    starts = _stated(formula, bound, ">=")
    spans: dict[str, Span] = {
        name: (starts.get(name, first), end) for name, end in _stated(formula, bound, "<=").items()
    }
    for name in formula.head.free:
        if name in spans or not any(_reads_alone(node, name) for node in nodes):
            continue
        try:
            spans[name] = first, bound.ranges.of_free(nodes, [name], first)[name]
        except UndeclaredShapeError:
            continue
    for target, length in zip(formula.head.index, lengths, strict=True):
        _spread(formula, target, length, spans, bound)
    return {name: spans[name] for name in formula.head.free}


def _spread(
    formula: Definition, target: Node, length: int, spans: dict[str, Span], bound: Bound
) -> None:
    """Let the indices of one axis that are not bounded yet run as far as the axis does."""
    names = list(dict.fromkeys(index.name for index in indices_in(target)))
    zero = dict.fromkeys(names, (0.0, 0.0))
    start = bound.ranges.of(target, zero)[0]
    factors = {n: bound.ranges.of(target, {**zero, n: (1.0, 1.0)})[0] - start for n in names}
    room = formula.first_index(formula.result) + length - 1 - start
    room -= sum(factors[name] * spans[name][1] for name in names if name in spans)
    larger = sorted(factors[name] for name in names if name in spans)
    for name in sorted((n for n in names if n not in spans), key=lambda n: -factors[n]):
        step = factors[name]
        if not (0 < step < math.inf and math.isfinite(room)):
            raise UndeclaredShapeError(
                f"how far {name} runs cannot be told from the left side: write it behind the "
                f"formula, as in , \\quad 0 \\le {name} < n"
            )
        digits = [math.floor((big - 1) / step) for big in larger if big > step]
        last = max([math.floor(room / step), *digits[:1]])
        spans[name] = formula.origin.of_indices, max(last, formula.origin.of_indices - 1)
        room -= step * max(last, 0)
        larger.insert(0, step)


def _reads_alone(node: Node, name: str) -> bool:
    return any(isinstance(inner, Read) and Index(name) in inner.index for inner in node.walk())


# ---- the result ---------------------------------------------------------------------------------


def shape_of(formula: Definition, bound: Bound) -> tuple[int, ...]:
    """The shape of the result.

    Raises ShapeError if arrays without indices do not have the shape that was declared.
    """
    declared = formula.shapes.get(formula.result)
    if formula.elementwise:
        bare = [v.shape for v in bound.numbers.values() if isinstance(v, np.ndarray) and v.ndim]
        shape = bare[0] if bare else ()
        if formula.statement.ranks.get(formula.result):
            return shape  # L = \sum_i L_i: the shape is that of L on the right
        if declared is not None and shape != (lengths := tuple(_declared_lengths(formula, bound))):
            raise ShapeError(
                f"{formula.result} was declared as {sizing.shape_text(declared)} = {lengths}, but "
                f"the right side has shape {shape}"
            )
        return shape
    if declared is not None:
        return tuple(_declared_lengths(formula, bound))
    if formula.is_direct:
        return tuple(last - first + 1 for first, last in bound.spans.values())
    first = formula.first_index(formula.result)
    boxes = {name: (float(a), float(b)) for name, (a, b) in bound.spans.items()}
    ends = [bound.ranges.of(node, boxes)[1] for node in formula.head.index]
    return tuple(max(0, int(end) - first + 1) for end in ends)


def valued(formula: Definition, node: Node, bound: Bound) -> Values:
    """The values of one side of the formula, in the shape of the result.

    Raises ContradictionError if one element is given two values, ArrayValueError if a derivative
        is lost: a slope of 0 times an infinite one.
    """
    evaluator = Evaluator(bound, formula.first_index)
    values = _valued(formula, node, bound, evaluator)
    if evaluator.met_infinity and any(node is link for link in formula.derived):
        _insist_on_slopes(formula, values)
    return values


def overflows(formula: Definition, node: Node, bound: Bound) -> bool:
    """Whether a number on one side of the formula is too large for float64."""
    evaluator = Evaluator(bound, formula.first_index)
    _valued(formula, node, bound, evaluator)
    return evaluator.overflowed


def _insist_on_slopes(formula: Definition, values: Values) -> None:
    wrong = np.argwhere(np.isnan(values))
    if len(wrong):
        place = f"{formula.result}{wrong[0].tolist() if wrong[0].size else ''}"
        raise ArrayValueError(
            f"{place}: the derivative is not known there, for on the way to it a number is "
            "infinite: one was divided by 0, or too large for float64. Give other numbers"
        )


def _valued(formula: Definition, node: Node, bound: Bound, evaluator: Evaluator) -> Values:
    """The same, as it comes.

    Raises ContradictionError
    """
    if formula.elementwise:
        return evaluator.grid(node, {f"axis {k}": (0, n - 1) for k, n in enumerate(bound.shape)})
    conditions = formula.statement.conditions
    if formula.is_direct:
        return evaluator.grid(product(node, *conditions), bound.spans)
    values = evaluator.grid(node, bound.spans)
    inside, flat = _elements(formula, bound, evaluator)
    out = np.zeros(bound.shape)
    out[flat] = values[inside]
    differs = ~np.isclose(out[flat], values[inside], rtol=SAME_VALUE, atol=0.0, equal_nan=True)
    if differs.any():
        at = int(np.argmax(differs))
        where = [int(axis[at]) for axis in flat]
        raise ContradictionError(
            f"the formula gives {formula.result}{where} two values, "
            f"{values[inside][at]:g} and {out[flat][at]:g}"
        )
    return out


def _elements(
    formula: Definition, bound: Bound, evaluator: Evaluator
) -> tuple[NDArray[np.bool_], tuple[NDArray[np.intp], ...]]:
    """Which values of the free indices name an element of the result, and which element."""
    first = formula.first_index(formula.result)
    places = [evaluator.grid(node, bound.spans) - first for node in formula.head.index]
    inside = np.ones(tuple(max(0, b - a + 1) for a, b in bound.spans.values()), dtype=bool)
    for condition in formula.statement.conditions:
        inside &= evaluator.grid(condition, bound.spans) != 0
    for place, length in zip(places, bound.shape, strict=True):
        inside &= (place >= 0) & (place < length) & (place == np.rint(place))
    found = tuple(place[inside].astype(np.intp) for place in places)
    if all(map(_is_shifted, formula.head.index)):
        _insist_on_all(formula, bound, found)
    return inside, found


def _is_shifted(target: Node) -> bool:
    """Whether an index on the left is a letter, or one more or less: t+1."""
    affine = Affine.of(target, {index.name for index in indices_in(target)})
    return affine is not None and list(affine.factors.values()) == [ONE]


def _insist_on_all(formula: Definition, bound: Bound, found: tuple[NDArray[np.intp], ...]) -> None:
    """Raises FormulaError if `\\theta_{t+1} = ..` leaves an element open, such as theta_0."""
    is_open = np.ones(bound.shape, dtype=bool)
    is_open[found] = False
    if is_open.any():
        first = formula.first_index(formula.result)
        where = [int(place) + first for place in np.argwhere(is_open)[0]]
        raise FormulaError(
            f"the formula does not say what {formula.result}{where} is: write the left side with a "
            f"letter for each index, as {formula.result}'_t for one step, or cases for the first"
        )


def indices_of(
    formula: Definition, place: tuple[int, ...], bound: Bound
) -> Mapping[str, int] | None:
    """The free indices that reach an element of the result; None if nothing does."""
    evaluator = Evaluator(bound, formula.first_index)
    if formula.elementwise:
        return {}
    if formula.is_direct:
        first = formula.first_index(formula.result)
        found = {name: p + first for name, p in zip(formula.head.free, place, strict=True)}
        spans = {name: (value, value) for name, value in found.items()}
        holds = all(evaluator.grid(c, spans).all() for c in formula.statement.conditions)
        return found if holds else None
    inside, flat = _elements(formula, bound, evaluator)
    matches = np.ones(int(inside.sum()), dtype=bool)
    for axis, p in zip(flat, place, strict=True):
        matches &= axis == p
    if not matches.any():
        return None
    at = np.argwhere(inside)[int(np.argmax(matches))]
    starts = [first for first, _ in bound.spans.values()]
    return {n: int(k) + s for n, k, s in zip(bound.spans, at, starts, strict=True)}
