"""A derivation, checked: every link of a chain evaluated and compared with the one before it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cnnmath.derivative import Derivative
from cnnmath.differences import Compared, Place, compared
from cnnmath.errors import FormulaError, MissingArrayError, ShapeError
from cnnmath.formula.definitions import calculated, depends
from cnnmath.formula.given import Values
from cnnmath.formula.magnitude import rounding_of
from cnnmath.formula.nodes import Node, Number, Power, Read
from cnnmath.reals import float64_array

if TYPE_CHECKING:
    from cnnmath.formula.formula import Formula

STEP = 1e-5  # of the first difference quotients
MOST_SLOPES = 10_000  # elements of an array whose slopes are taken
TOLERANCE = 1e-8  # relative, for each element


@dataclass(frozen=True)
class Comparison:
    """One equals sign: what was compared, and by how much the two sides differ at the most.

    scale : the largest value;  ok : whether the sides are equal, element by element
    place, sides : where they differ most, if they do not agree among the places where they do
        not, and the two numbers there
    """

    what: str
    difference: float
    scale: float
    ok: bool
    place: tuple[int, ...]
    sides: tuple[float, float]

    @property
    def verdict(self) -> str:
        """In words: `equal, largest difference below 1e-9`."""
        if self.ok:
            return f"equal, largest difference {_rounded(self.difference)}"
        return f"NOT EQUAL, largest difference {self.difference:.3g}"


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

    Two values are equal if they agree to `TOLERANCE`, or if what they differ by is the rounding of
    the numbers that they are added up of. NaN equals nothing.

    Raises FormulaError if there is nothing to compare.
    """
    result = formula.result
    rest = {k: v for k, v in given.items() if k != result or result in formula.names}
    bound = formula.bind(formula.links, rest)
    values = [formula.value_of(link, bound) for link in formula.links]
    if not values[0].size:
        raise FormulaError(
            f"there is nothing to compare: {formula.name} has the shape {values[0].shape}"
        )
    roundings = [rounding_of(formula, link, bound) for link in formula.links]
    rows: list[Comparison] = []
    if result in given and result not in formula.names:
        target = float64_array(result, given[result])
        rows.append(_compared(f"{result} given = link 1", target, values[0], roundings[0]))
    elif (slopes := numerical_derivative(formula, rest, values[0])) is not None:
        what = f"{result} by central differences = link 1"
        gaps = _gaps(what, slopes.values, values[0])
        rows.append(_row(what, slopes.values, values[0], gaps, slopes.agree))
    for number, (one, two) in enumerate(pairwise(values), start=1):
        rounding = roundings[number - 1] + roundings[number]
        rows.append(_compared(f"link {number} = link {number + 1}", one, two, rounding))
    if not rows:
        raise FormulaError(
            f"there is nothing to compare: {formula.name} has one side only; "
            f"give {result or 'its result'} as well"
        )
    return Check(tuple(rows))


def _compared(what: str, one: Values, two: Values, rounding: Values) -> Comparison:
    gaps = _gaps(what, one, two)
    allowed = TOLERANCE * np.maximum(np.abs(one), np.abs(two)) + rounding
    return _row(what, one, two, gaps, (gaps <= allowed) & (gaps < np.inf))


def _gaps(what: str, one: Values, two: Values) -> Values:
    """By how much two sides differ; equal infinities by nothing, NaN by NaN.

    Raises FormulaError if their shapes differ.
    """
    if one.shape != two.shape:
        raise FormulaError(f"{what}: the shapes differ, {one.shape} and {two.shape}")
    return np.where(one == two, 0.0, np.abs(one - two))


def _row(what: str, one: Values, two: Values, gaps: Values, agree: NDArray[np.bool_]) -> Comparison:
    ok = bool(agree.all())
    wide = np.where(np.isnan(gaps), np.inf, gaps)
    worst = wide if ok else np.where(agree, -1.0, wide)
    place = tuple(int(p) for p in np.unravel_index(worst.argmax(), worst.shape))
    finite = np.abs(two[np.isfinite(two)])
    scale = float(finite.max(initial=0.0))
    sides = float(one[place]), float(two[place])
    return Comparison(what, float(gaps.max(initial=0.0)), scale, ok, place, sides)


def numerical_derivative(
    formula: "Formula", given: Mapping[str, Any], analytic: Values
) -> Compared | None:
    """dE/dx by central differences, where dE/da is given and formulas say how a depends on x.

    E changes by dE/da times what a changes by, for each a whose dE/da is given and that x reaches
    through no other of them; in between, all that formulas define follows.
    None where the left side is no such derivative.
    """
    derivative = Derivative.named(formula.result)
    if derivative is None:
        return None
    quantity, variable = derivative
    system, power = formula.system, 1
    base = variable.removesuffix("_squared")
    if base != variable and variable not in given and variable not in system:
        variable, power = base, 2
    names = {name: str(Derivative(quantity, name)) for name in system}
    arriving = {name: arrives for name, arrives in names.items() if arrives in given}
    ways = [n for n in arriving if n != variable and depends(n, variable, system, ())]
    if not ways:
        return None
    if variable not in given and variable not in system:
        raise MissingArrayError(
            f"to check the first link by central differences, give {variable} as well"
        )
    moving = [n for n in system if depends(n, variable, system, ())]
    needed = {variable} | {n for n in arriving if n in moving}
    known = {**given, **calculated(sorted(needed - set(given)), system, given)}
    at = np.asarray(float64_array(variable, known[variable]) ** power)
    if at.size > MOST_SLOPES:
        raise FormulaError(
            f"{variable} has {at.size} elements, and central differences take two evaluations for "
            f"each: check it with at most {MOST_SLOPES}"
        )
    if analytic.shape != at.shape:
        raise FormulaError(
            f"{formula.result} has shape {analytic.shape}, but {variable} has shape {at.shape}"
        )
    if power != 1:
        _insist_on_squares(variable, [system[name] for name in moving])
    still = {name: value for name, value in known.items() if name not in moving}

    def value(way: str, moved: Values) -> Values:
        others = {name: known[name] for name in arriving if name in known and name != way}
        moved = moved ** (1 / power)
        return calculated([way], system, {**still, **others, variable: moved})[way]

    weights = {way: float64_array(arriving[way], given[arriving[way]]) for way in ways}
    for way in ways:
        shape = value(way, at).shape
        if shape != weights[way].shape:
            raise ShapeError(
                f"{way} has shape {shape}, but the gradient given for it {weights[way].shape}"
            )

    def between(place: Place, above: float, below: float) -> tuple[float, float]:
        change = size = 0.0
        for way in ways:
            ends = []
            for number in (above, below):
                moved = at.copy()
                moved[place] = number
                ends.append(value(way, moved))
            one, two = ends
            change += float(np.sum(weights[way] * (one - two)))
            size += float(np.sum(np.abs(weights[way] * (np.abs(one) + np.abs(two)))[one != two]))
        return change, size

    return compared(analytic, at, between, STEP, TOLERANCE)


def _insist_on_squares(name: str, formulas: Iterable["Formula"]) -> None:
    """Raises FormulaError if a quantity, by whose square is derived, also stands by itself."""

    def stands_alone(node: Node) -> bool:
        match node:
            case Power(base=Read(name=base), exponent=Number(value=2.0)) if base == name:
                return False
            case Read(name=base) if base == name:
                return True
        return any(map(stands_alone, node.children()))

    for formula in formulas:
        if stands_alone(formula.links[-1]):
            raise FormulaError(
                f"{name}^2 cannot be moved by itself: {formula.name} reads {name} by itself as "
                f"well. Derive by {name}, or declare {name}_squared in every formula"
            )
