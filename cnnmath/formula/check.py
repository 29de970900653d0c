"""A derivation, checked: every link of a chain evaluated and compared with the one before it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cnnmath.errors import FormulaError, MissingArrayError, ShapeError
from cnnmath.formula.binding import accepted
from cnnmath.formula.given import numeric

if TYPE_CHECKING:
    from cnnmath.formula.formula import Formula

STEP = 1e-5  # of the central differences; for sums that are linear in the array any step is exact
MOST_SLOPES = 10_000  # elements of an array whose slopes are taken
TOLERANCE = 1e-8  # relative to the largest value


@dataclass(frozen=True)
class Comparison:
    """One equals sign: what was compared, and by how much the two sides differ at the most.

    place, sides : where they differ most, and the two numbers there
    """

    what: str
    difference: float
    scale: float
    place: tuple[int, ...]
    sides: tuple[float, float]

    @property
    def ok(self) -> bool:
        return self.difference <= TOLERANCE * max(1.0, self.scale)  # a NaN is not ok

    @property
    def verdict(self) -> str:
        """In words: `equal, largest difference below 1e-9`."""
        return (
            f"{'equal' if self.ok else 'NOT EQUAL'}, largest difference {_rounded(self.difference)}"
        )


class Check(tuple[float, ...]):
    """The largest difference of each link of a chain, in order.

    rows : the same with words;  ok : whether every difference is as small as rounding makes it
    """

    rows: tuple[Comparison, ...]

    def __new__(cls, rows: tuple[Comparison, ...]) -> "Check":
        self = super().__new__(cls, (row.difference for row in rows))
        self.rows = rows
        return self

    @property
    def ok(self) -> bool:
        return all(row.ok for row in self.rows)

    def __str__(self) -> str:
        width = max((len(row.what) for row in self.rows), default=0)
        lines = [f"{row.what:<{width}}  {row.verdict}" for row in self.rows]
        return "\n".join(lines)

    __repr__ = __str__


def _rounded(difference: float) -> str:
    """An upper bound in powers of ten, so that the text does not depend on the machine."""
    if not np.isfinite(difference):
        return f"{difference}"
    if difference < 1e-6:
        return "below 1e-9" if difference < 1e-9 else "below 1e-6"
    return f"{difference:.3g}"


def check_chain(formula: "Formula", given: Mapping[str, Any]) -> Check:
    """Compare neighbouring links; the first one with a given result or with finite differences.

    Raises FormulaError if there is nothing to compare.
    """
    result = formula.result
    rest = {k: v for k, v in given.items() if k != result or result in formula.names}
    bound = formula.bind(formula.links, rest)
    values = [formula.value_of(link, bound) for link in formula.links]
    rows: list[Comparison] = []
    if result in given and result not in formula.names:
        target = numeric(result, given[result])
        rows.append(_compared(f"{result} given = link 1", target, values[0]))
    elif (slopes := numerical_derivative(formula, rest)) is not None:
        rows.append(_compared(f"{result} by central differences = link 1", slopes, values[0]))
    for number, (one, two) in enumerate(pairwise(values), start=1):
        rows.append(_compared(f"link {number} = link {number + 1}", one, two))
    if not rows:
        raise FormulaError(
            f"there is nothing to compare: {formula.name} has one side only; "
            f"give {result or 'its result'} as well"
        )
    return Check(tuple(rows))


def _compared(what: str, one: NDArray[np.float64], two: NDArray[np.float64]) -> Comparison:
    if one.shape != two.shape:
        raise FormulaError(f"{what}: the shapes differ, {one.shape} and {two.shape}")
    same = (one == two) | (np.isnan(one) & np.isnan(two))  # equal infinities differ by nothing
    with np.errstate(invalid="ignore"):
        difference = np.where(same, 0.0, np.abs(one - two))
    finite = np.abs(two[np.isfinite(two)])
    scale = float(finite.max()) if finite.size else 0.0
    if not difference.size:
        return Comparison(what, 0.0, scale, (), (0.0, 0.0))
    place = tuple(int(p) for p in np.unravel_index(difference.argmax(), difference.shape))
    sides = float(one[place]), float(two[place])
    return Comparison(what, float(difference[place]), scale, place, sides)


def numerical_derivative(
    formula: "Formula", given: Mapping[str, Any]
) -> NDArray[np.float64] | None:
    """dE/dx by central differences, where dE/da is given and a formula says how a depends on x.

    E is then the sum of dE/da times a, whose derivative at this point is the E in question.
    None where the left side is no such derivative.
    """
    match = re.fullmatch(r"d(.+?)_d(.+)", formula.result)
    if match is None:
        return None
    quantity, variable = match.groups()
    for name, definition in formula.definitions.items():
        incoming = f"d{quantity}_d{name}"
        if incoming not in given or variable not in definition.names:
            continue
        if variable not in given:
            raise MissingArrayError(
                f"to check the first link by central differences, give {variable} as well"
            )
        part = {k: v for k, v in given.items() if k in accepted(definition)}
        weights, at = numeric(incoming, given[incoming]), numeric(variable, given[variable])
        return _slopes(definition, part, variable, at, weights)
    return None


def _slopes(
    definition: "Formula",
    given: Mapping[str, Any],
    variable: str,
    at: NDArray[np.float64],
    weights: NDArray[np.float64],
) -> NDArray[np.float64]:
    """The slopes of a weighted sum of a formula's values in each element of one of its arrays.

    Raises ShapeError if the weights are not one for each value, FormulaError if the array is large.
    """
    if at.size > MOST_SLOPES:
        raise FormulaError(
            f"{variable} has {at.size} elements, and central differences take two evaluations for "
            f"each: check it with at most {MOST_SLOPES}"
        )
    shape = definition(**given).shape
    if shape != weights.shape:
        raise ShapeError(
            f"{definition.result} has shape {shape}, but the gradient given for it {weights.shape}"
        )
    out = np.zeros_like(at)
    for place in np.ndindex(at.shape):
        ends = []
        for step in (STEP, -STEP):
            moved = at.copy()
            moved[place] += step
            ends.append(float(np.sum(weights * definition(**{**given, variable: moved}))))
        out[place] = (ends[0] - ends[1]) / (2 * STEP)
    return out
