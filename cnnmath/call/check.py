"""A derivation, checked: every link of a chain evaluated and compared with the one before it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnmath.call.binding import bind, bound_in, calculated
from cnnmath.call.bound import Bound
from cnnmath.call.magnitude import ROUNDING, fineness_of, rounding, rounding_of
from cnnmath.call.placing import reached
from cnnmath.core.definition import Definition
from cnnmath.core.derivative import Derivative
from cnnmath.core.functions import Values
from cnnmath.core.nodes import Node, Number, Power, Read
from cnnmath.core.system import depends
from cnnmath.differences import Change, Compared, Place, bounded, compared, unequal
from cnnmath.errors import FormulaError, MissingArrayError, ShapeError, UnboundSizeError
from cnnmath.reals import float64_array

STEP = 1e-5  # of the first difference quotients
MOST_SLOPES = 10_000  # elements of an array whose slopes are taken
TOLERANCE = 1e-8  # relative, for each element
KNOWN = 1e-6  # rounding that may be more of a value than this leaves it unknown
OVERFLOW = "a number is too large for float64; give smaller ones"
NOISE = 0.01  # of that rounding, which is a wide bound: a number so small may be given for a 0
NOT_LOST = 0.1  # ... but of a 0: beside the least that contributes to it; the bound is a wide one
LEAST_BOUND = 1e-9  # of a difference, as it is shown


@dataclass(frozen=True)
class Comparison:
    """One equals sign: what was compared, and by how much the two sides differ at the most.

    scale : the largest value;  ok : whether the sides are equal, element by element
    place, sides : where they differ most, if they do not agree among the places where they do
        not, and the two numbers there
    doubt : why it is not known whether they are equal, if it is not; else empty
    """

    what: str
    difference: float
    scale: float
    ok: bool
    place: tuple[int, ...]
    sides: tuple[float, float]
    doubt: str = ""

    @property
    def verdict(self) -> str:
        """In words: `equal, largest difference below 1e-9`."""
        apart = bounded(self.difference, self.scale, LEAST_BOUND)
        if self.ok:
            return f"equal, largest difference {apart}"
        if self.doubt:
            return f"not known, largest difference {apart}: {self.doubt}"
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


def check_chain(formula: Definition, given: Mapping[str, Any]) -> Check:
    """Compare neighbouring links; the first one with a given result or with finite differences.

    Two values are equal if they agree to `TOLERANCE`, or if what they differ by is the rounding of
    the numbers that they are added up of. NaN equals nothing. Where that rounding is not small
    beside the values, nor beside all that contributes to them, nothing is known.

    Raises FormulaError if there is nothing to compare.
    """
    result = formula.result
    rest = {k: v for k, v in given.items() if k != result or result in formula.vocabulary.names}
    bound = bind(formula, formula.chain, rest)
    sides = [Side.of(link, bound) for link in formula.links]
    first = sides[0].values
    if not first.size:
        raise FormulaError(
            f"there is nothing to compare: {formula.name} has the shape {first.shape}"
        )
    rows: list[Comparison] = []
    if result in given and result not in formula.vocabulary.names:
        target = Side.given(float64_array(result, given[result]))
        rows.append(_compared(f"{result} given = link 1", target, sides[0]))
    elif (slopes := numerical_derivative(formula, rest, first)) is not None:
        what = f"{result} by central differences = link 1"
        gaps = _gaps(what, slopes.values, first)
        rows.append(_row(what, slopes.values, first, gaps, slopes.agree, slopes.doubts))
    for number, (one, two) in enumerate(pairwise(sides), start=1):
        rows.append(_compared(f"link {number} = link {number + 1}", one, two))
    if not rows:
        raise FormulaError(
            f"there is nothing to compare: {formula.name} has one side only; "
            f"give {result or 'its result'} as well"
        )
    doubt = _lost_on_the_way(formula, rest)
    return Check(tuple(replace(row, ok=False, doubt=doubt) if doubt else row for row in rows))


@dataclass(frozen=True)
class Side:
    """The values of one side of an equals sign, what rounding may have changed each by, a function
    that gives one by the smallest contribution to each, and whether a number overflows."""

    values: Values
    rounding: Values
    fineness: Callable[[], Values]
    overflows: bool

    @staticmethod
    def of(link: Node, bound: Bound) -> "Side":
        """A link of a formula."""
        values, overflows = reached(link, bound)
        return Side(values, rounding_of(link, bound), lambda: fineness_of(link, bound), overflows)

    @staticmethod
    def given(values: Values) -> "Side":
        """Values that are given, and so as exact as they can be."""
        inverse = np.divide(1.0, np.abs(values), out=np.zeros_like(values), where=values != 0)
        return Side(values, np.zeros_like(values), lambda: inverse, False)


def _compared(what: str, left: Side, right: Side) -> Comparison:
    one, two = left.values, right.values
    gaps = _gaps(what, one, two)
    rounding = left.rounding + right.rounding
    largest = np.maximum(np.abs(one), np.abs(two))
    agree = (gaps <= TOLERANCE * largest + rounding) & (gaps < np.inf)
    lost = agree & _is_lost(largest, rounding, left, right)
    doubts = {
        tuple(int(p) for p in place): _swallowed(rounding[tuple(place)])
        for place in np.argwhere(lost)
    }
    endless = agree & np.isinf(largest)
    if endless.any() and (left.overflows or right.overflows):
        doubts |= {tuple(int(p) for p in place): OVERFLOW for place in np.argwhere(endless)}
        lost |= endless
    return _row(what, one, two, gaps, agree & ~lost, doubts)


def _is_lost(size: Values, rounding: Values, *sides: Side) -> NDArray[np.bool_]:
    """Where rounding is not small beside the values, nor beside all that contributes to them."""
    lost = np.asarray(rounding > KNOWN * size)
    if lost.any():
        fineness: Values = np.zeros_like(rounding)
        for side in sides:
            # The square of sin π, which is all rounding itself, says nothing beside 1 - cos 2π.
            is_noise = (side.rounding > np.abs(side.values)) & (side.rounding <= KNOWN * rounding)
            fineness = np.where(is_noise, fineness, np.maximum(fineness, side.fineness()))
        lost &= ~(rounding * fineness <= np.where(size <= rounding, NOT_LOST, KNOWN))
        for side in sides:
            # One that is known not to be 0 might be anything beside another that may be.
            own = np.where(side.rounding > 0, side.rounding, NOISE * rounding)
            lost |= (np.abs(side.values) > own) & (size <= rounding)
    return lost


def _lost_on_the_way(formula: Definition, given: Mapping[str, Any]) -> str:
    """Why nothing is known, if a quantity that other formulas define is lost in rounding."""
    known = dict(given)
    for name, definition in sorted(formula.system.items()):
        if name in given:
            continue
        try:
            side = Side.of(definition.right, bound_in(name, formula.system, known))
        except (MissingArrayError, UnboundSizeError):
            continue  # nor is it calculated for the check
        known[name] = side.values
        lost = _is_lost(np.abs(side.values), side.rounding, side)
        if lost.any():
            return f"in {name}, {_swallowed(side.rounding[lost].max())}"
    return ""


def _swallowed(rounding: float) -> str:
    return (
        f"rounding may come to {rounding:.1g} where much larger numbers are subtracted, or a "
        "function is steep; give numbers of another size"
    )


def _gaps(what: str, one: Values, two: Values) -> Values:
    """By how much two sides differ; equal infinities by nothing, NaN by NaN.

    Raises FormulaError if their shapes differ.
    """
    if one.shape != two.shape:
        raise FormulaError(f"{what}: the shapes differ, {one.shape} and {two.shape}")
    return np.where(one == two, 0.0, np.abs(one - two))


def _row(
    what: str,
    one: Values,
    two: Values,
    gaps: Values,
    agree: NDArray[np.bool_],
    doubts: Mapping[Place, str],
) -> Comparison:
    ok = bool(agree.all())
    wide = np.where(np.isnan(gaps), np.inf, gaps)
    concerned = next((w for w in (unequal(agree, doubts), ~agree) if w.any()), agree)
    worst = np.where(concerned, wide, -1.0)
    place = tuple(int(p) for p in np.unravel_index(worst.argmax(), worst.shape))
    finite = np.abs(two[np.isfinite(two)])
    scale = float(finite.max(initial=0.0))
    sides = float(one[place]), float(two[place])
    doubt = doubts.get(place, "")
    return Comparison(what, float(gaps.max(initial=0.0)), scale, ok, place, sides, doubt)


def numerical_derivative(
    formula: Definition, given: Mapping[str, Any], analytic: Values
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

    # What the values are added up of: that is rounded, however little is left of it.
    sizes = {way: rounding(system[way], known) / ROUNDING for way in ways}
    weights = {way: float64_array(arriving[way], given[arriving[way]]) for way in ways}
    middle = {way: value(way, at) for way in ways}
    for way in ways:
        shape = middle[way].shape
        if shape != weights[way].shape:
            raise ShapeError(
                f"{way} has shape {shape}, but the gradient given for it {weights[way].shape}"
            )

    def between(place: Place, above: float, below: float) -> Change:
        changes = []
        for way in ways:
            ends = []
            for number in (above, below):
                moved = at.copy()
                moved[place] = number
                ends.append(value(way, moved))
            changes.append(Change.of(weights[way], ends[0], middle[way], ends[1], sizes[way]))
        return Change(*map(sum, zip(*changes, strict=True)))

    return compared(analytic, at, between, STEP, TOLERANCE)


def _insist_on_squares(name: str, formulas: Iterable[Definition]) -> None:
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
