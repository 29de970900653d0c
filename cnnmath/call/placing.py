"""Where the values of a result go: the elements that a left side names.

Most left sides are letters, one for each axis. A compound one, such as `x_{(li+s)(lj+t)}`, names
elements by arithmetic: its values are calculated on the grid of its letters and carried to the
elements that they name, and two different values for one element contradict each other.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from cnnmath.call.bound import Bound
from cnnmath.call.evaluate import Evaluator
from cnnmath.core.affine import Affine
from cnnmath.core.functions import Values
from cnnmath.core.nodes import ONE, Node, product
from cnnmath.errors import ArrayValueError, ContradictionError, FormulaError
from cnnmath.shared import SAME_VALUE


def valued(node: Node, bound: Bound) -> Values:
    """The values of one side of the formula, in the shape of the result; see `reached`."""
    return reached(node, bound)[0]


def reached(node: Node, bound: Bound) -> tuple[Values, bool]:
    """The same, and whether a number on the way there is too large for float64.

    Raises ContradictionError if one element is given two values, ArrayValueError if a derivative
        is lost: a slope of 0 times an infinite one.
    """
    evaluator = Evaluator(bound)
    values = _valued(node, bound, evaluator)
    if evaluator.met_infinity and any(node is link for link in bound.formula.derived):
        _insist_on_slopes(bound.formula.result, values)
    return values, evaluator.overflowed


def _insist_on_slopes(result: str, values: Values) -> None:
    wrong = np.argwhere(np.isnan(values))
    if len(wrong):
        place = f"{result}{wrong[0].tolist() if wrong[0].size else ''}"
        raise ArrayValueError(
            f"{place}: the derivative is not known there, for on the way to it a number is "
            "infinite: one was divided by 0, or too large for float64. Give other numbers"
        )


def _valued(node: Node, bound: Bound, evaluator: Evaluator) -> Values:
    """The same, as it comes.

    Raises ContradictionError
    """
    formula = bound.formula
    if formula.elementwise:
        return evaluator.grid(node, {f"axis {k}": (0, n - 1) for k, n in enumerate(bound.shape)})
    if formula.is_direct:
        return evaluator.grid(product(node, *bound.part.conditions), bound.spans)
    values = evaluator.grid(node, bound.spans)
    inside, flat = _elements(bound, evaluator)
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
    bound: Bound, evaluator: Evaluator
) -> tuple[NDArray[np.bool_], tuple[NDArray[np.intp], ...]]:
    """Which values of the free indices name an element of the result, and which element."""
    first = bound.origin(bound.formula.result)
    places = [evaluator.grid(node, bound.spans) - first for node in bound.part.target]
    inside = np.ones(tuple(max(0, b - a + 1) for a, b in bound.spans.values()), dtype=bool)
    for condition in bound.part.conditions:
        inside &= evaluator.grid(condition, bound.spans) != 0
    for place, length in zip(places, bound.shape, strict=True):
        inside &= (place >= 0) & (place < length) & (place == np.rint(place))
    found = tuple(place[inside].astype(np.intp) for place in places)
    if all(map(_is_shifted, bound.part.target)):
        _insist_on_all(bound, found)
    return inside, found


def _is_shifted(target: Node) -> bool:
    """Whether an index on the left is a letter, or one more or less: t+1."""
    affine = Affine.of(target, target.free)
    return affine is not None and list(affine.factors.values()) == [ONE]


def _insist_on_all(bound: Bound, found: tuple[NDArray[np.intp], ...]) -> None:
    """Raises FormulaError if `\\theta_{t+1} = ..` leaves an element open, such as theta_0."""
    is_open = np.ones(bound.shape, dtype=bool)
    is_open[found] = False
    if is_open.any():
        result = bound.formula.result
        where = [int(place) + bound.origin(result) for place in np.argwhere(is_open)[0]]
        raise FormulaError(
            f"the formula does not say what {result}{where} is: write the left side with a "
            f"letter for each index, as {result}'_t for one step, or cases for the first"
        )


def indices_of(place: tuple[int, ...], bound: Bound) -> Mapping[str, int] | None:
    """The free indices that reach an element of the result; None if nothing does."""
    formula, evaluator = bound.formula, Evaluator(bound)
    if formula.elementwise:
        return {}
    if formula.is_direct:
        first = bound.origin(formula.result)
        found = {name: p + first for name, p in zip(formula.head.free, place, strict=True)}
        spans = {name: (value, value) for name, value in found.items()}
        holds = all(evaluator.grid(c, spans).all() for c in bound.part.conditions)
        return found if holds else None
    inside, flat = _elements(bound, evaluator)
    matches = np.ones(int(inside.sum()), dtype=bool)
    for axis, p in zip(flat, place, strict=True):
        matches &= axis == p
    if not matches.any():
        return None
    at = np.argwhere(inside)[int(np.argmax(matches))]
    starts = [first for first, _ in bound.spans.values()]
    return {n: int(k) + s for n, k, s in zip(bound.spans, at, starts, strict=True)}
