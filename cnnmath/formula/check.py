"""A derivation, checked: every link of a chain evaluated and compared with the one before it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from cnnmath.differences import Compared, Place, compared
from cnnmath.errors import FormulaError, MissingArrayError, ShapeError
from cnnmath.formula.definitions import calculated, depends
from cnnmath.formula.given import Values
from cnnmath.formula.magnitude import magnitude
from cnnmath.formula.nodes import Node, Number, Power, Read
from cnnmath.reals import float64_array

if TYPE_CHECKING:
    from cnnmath.formula.binding import Bound
    from cnnmath.formula.formula import Formula

STEP = 1e-5  # of the first difference quotients
MOST_SLOPES = 10_000  # elements of an array whose slopes are taken
TOLERANCE = 1e-8  # relative, for each element
ROUNDING = 1e-13  # some hundred roundings, relative to the numbers that were added up


@dataclass(frozen=True)
class Comparison:
    """One equals sign: what was compared, and by how much the two sides differ at the most.

    scale : the largest value;  ok : whether the sides are equal, element by element
    """

    what: str
    difference: float
    scale: float
    ok: bool

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
    roundings = [_rounding(formula, link, bound) for link in formula.links]
    rows: list[Comparison] = []
    if result in given and result not in formula.names:
        target = float64_array(result, given[result])
        rows.append(_compared(f"{result} given = link 1", target, values[0], roundings[0]))
    elif (slopes := numerical_derivative(formula, rest, values[0])) is not None:
        what = f"{result} by central differences = link 1"
        gaps = _gaps(what, slopes.values, values[0])
        rows.append(_row(what, gaps, values[0], bool(slopes.agree.all())))
    for number, (one, two) in enumerate(pairwise(values), start=1):
        rounding = roundings[number - 1] + roundings[number]
        rows.append(_compared(f"link {number} = link {number + 1}", one, two, rounding))
    if not rows:
        raise FormulaError(
            f"there is nothing to compare: {formula.name} has one side only; "
            f"give {result or 'its result'} as well"
        )
    return Check(tuple(rows))


def _rounding(formula: "Formula", link: Node, bound: "Bound") -> Values:
    """What the rounding of its terms may have changed a value by."""
    size = formula.value_of(magnitude(link), bound)
    return np.where(np.isfinite(size), ROUNDING * size, 0.0)


def _compared(what: str, one: Values, two: Values, rounding: Values) -> Comparison:
    gaps = _gaps(what, one, two)
    allowed = TOLERANCE * np.maximum(np.abs(one), np.abs(two)) + rounding
    return _row(what, gaps, two, bool(((gaps <= allowed) & (gaps < np.inf)).all()))


def _gaps(what: str, one: Values, two: Values) -> Values:
    """By how much two sides differ; equal infinities by nothing, NaN by NaN.

    Raises FormulaError if their shapes differ.
    """
    if one.shape != two.shape:
        raise FormulaError(f"{what}: the shapes differ, {one.shape} and {two.shape}")
    return np.where(one == two, 0.0, np.abs(one - two))


def _row(what: str, gaps: Values, values: Values, ok: bool) -> Comparison:
    finite = np.abs(values[np.isfinite(values)])
    return Comparison(what, float(gaps.max(initial=0.0)), float(finite.max(initial=0.0)), ok)


def numerical_derivative(
    formula: "Formula", given: Mapping[str, Any], analytic: Values
) -> Compared | None:
    """dE/dx by central differences, where dE/da is given and formulas say how a depends on x.

    E changes by dE/da times what a changes by, for each a whose dE/da is given and that x reaches
    through no other of them; in between, all that formulas define follows.
    None where the left side is no such derivative.
    """
    match = re.fullmatch(r"d(.+?)_d(.+)", formula.result)
    if match is None:
        return None
    quantity, variable = match.groups()
    system = formula.system
    power = 1
    base = variable.removesuffix("_squared")
    if base != variable and variable not in given and variable not in system:
        variable, power = base, 2
    arriving = {name: f"d{quantity}_d{name}" for name in system if f"d{quantity}_d{name}" in given}
    ways = [
        name
        for name in arriving
        if name != variable and depends(name, variable, system, set(arriving) - {name})
    ]
    if not ways:
        return None
    known = dict(given)
    if variable not in given and variable not in system:
        raise MissingArrayError(
            f"to check the first link by central differences, give {variable} as well"
        )
    held = [name for name in arriving if any(depends(way, name, system, ()) for way in ways)]
    known |= calculated([n for n in {*held, variable} if n not in given], system, given)
    at = np.asarray(float64_array(variable, known[variable]) ** power)
    if power != 1:
        _insist_on_squares(
            variable, [system[n] for n in system if depends(n, variable, system, ())]
        )
    if at.size > MOST_SLOPES:
        raise FormulaError(
            f"{variable} has {at.size} elements, and central differences take two evaluations for "
            f"each: check it with at most {MOST_SLOPES}"
        )
    weights = {
        name: float64_array(incoming, given[incoming]) for name, incoming in arriving.items()
    }
    fixed = {
        way: {
            name: value
            for name, value in known.items()
            if name in set(arriving) - {way} or not depends(name, variable, system, ())
        }
        for way in ways
    }

    def values(place: Place, number: float) -> list[Values]:
        moved = at.copy()
        moved[place] = number
        moved = moved ** (1 / power)
        return [calculated([way], system, {**fixed[way], variable: moved})[way] for way in ways]

    def between(place: Place, above: float, below: float) -> tuple[float, float]:
        change = size = 0.0
        for way, one, two in zip(ways, values(place, above), values(place, below), strict=True):
            change += float(np.sum(weights[way] * (one - two)))
            size += float(np.sum(np.abs(weights[way] * (np.abs(one) + np.abs(two)))[one != two]))
        return change, size

    for way in ways:
        shape = calculated([way], system, {**fixed[way], variable: at ** (1 / power)})[way].shape
        if shape != weights[way].shape:
            raise ShapeError(
                f"{way} has shape {shape}, but the gradient given for it {weights[way].shape}"
            )
    if analytic.shape != at.shape:
        raise FormulaError(
            f"{formula.result} has the shape {analytic.shape}, but {variable} has {at.shape}"
        )
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
