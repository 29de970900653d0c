"""Slopes by central differences, each with what it may be wrong by, and a comparison with others.

A difference quotient errs in two ways: a long step sees the curvature, a short one the rounding of
the numbers that are subtracted. Where a first quotient does not agree with the slope that it is
held against, many steps are tried, each a quarter of the one before; the errors that grow with the
step are cancelled (Richardson), and the quotient that changes least from one step to the next is
taken (Ridders, 1982), with that change as its error.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Place = tuple[int, ...]
Between = Callable[[Place, float, float], tuple[float, float]]
"""What a function changes by as one element of its array goes from one value to another: the
change (place, above, below), and the size of the numbers that were subtracted for it."""

EPSILON = float(np.finfo(np.float64).eps)
LONGEST_STEP = 0.1  # for elements up to 1 in magnitude; else this times the magnitude
STEPS = 26  # the last is 9e-17
NEAR_ZERO = 1e-4  # elements closer to 0 are moved by shares of their own magnitude as well
RESOLVED = 1e-3  # a slope whose error is more of it than this is not known
NEGLIGIBLE = 1e-6  # ... unless both are so small beside 1 or the numbers that were subtracted
COARSEST = 1e-6  # beside those numbers; a smaller change may be the rounding of float32
SURE = 1e-10  # relative: no more steps are needed
ENOUGH = 20  # elements that differ for certain; more of them change no verdict


class Slope(NamedTuple):
    """One slope; error: what it may be off by;  size: of the numbers behind it, by distance."""

    value: float
    error: float
    size: float

    def agrees(self, other: float, tolerance: float) -> bool:
        """Whether another slope is the same, within a relative tolerance and this one's error.

        Not if the error hides both: then nothing is known.
        """
        largest = max(abs(self.value), abs(other))
        known = self.error <= max(RESOLVED * largest, NEGLIGIBLE * max(1.0, self.size))
        gap = abs(self.value - other)  # a NaN, as of ∞ - ∞, is no agreement
        return known and gap <= tolerance * abs(self.value) + self.error


class Compared(NamedTuple):
    """Slopes beside others: by element the value, its error, and whether the two agree."""

    values: Array
    errors: Array
    agree: NDArray[np.bool_]


def compared(others: Array, at: Array, between: Between, step: float, tolerance: float) -> Compared:
    """Slopes at a point, and whether some others are the same.

    others : slopes of the shape of `at`;  step : of the first quotient, for elements up to 1 in
        magnitude;  tolerance : relative, for each element

    Where nothing changes at all, as of a sigmoid far out, that may be for rounding: there another
    slope passes for 0 if it is 16 digits smaller than the largest.
    """
    values, errors = np.empty(at.shape), np.zeros(at.shape)
    for place in np.ndindex(at.shape):
        values[place], *_ = quotient(between, place, float(at[place]), step)
    with np.errstate(invalid="ignore", divide="ignore"):
        gaps = np.abs(values - others)
        agree = np.asarray((gaps <= tolerance * np.abs(values)) & (gaps < np.inf))
        shares = np.asarray(gaps / np.maximum(np.abs(values), np.abs(others)))
    for place in np.ndindex(at.shape):
        if values[place] == 0 == others[place]:  # or is the change too small for a short step?
            x = float(at[place])
            agree[place] = all(
                _far_quotient(between, place, x, step)[0] == 0 for step in _longest_steps(x)
            )
    doubtful = [place for place in np.ndindex(at.shape) if not agree[place]]
    doubtful.sort(key=lambda place: -shares[place] if shares[place] >= 0 else -math.inf)
    rounding = EPSILON * float(np.abs(values[np.isfinite(values)]).max(initial=0.0))
    wrong = 0
    for place in doubtful:
        found = refined(between, place, float(at[place]))
        values[place], errors[place] = found.value, found.error
        other = float(others[place])
        is_lost = found.value == 0 == found.size and abs(other) <= rounding
        agree[place] = is_lost or found.agrees(other, tolerance)
        wrong += not agree[place]
        if wrong == ENOUGH:
            break
    return Compared(values, errors, agree)


def quotient(between: Between, place: Place, at: float, step: float) -> tuple[float, float, float]:
    """One difference quotient, the size of the numbers behind it, and the distance."""
    h = step * max(1.0, abs(at))
    above, below = at + h, at - h
    # x ± h is rounded: what is divided by is the distance that was really gone.
    distance = above - below
    change, size = between(place, above, below)
    return change / distance, size, distance


def _far_quotient(
    between: Between, place: Place, at: float, step: float
) -> tuple[float, float, float]:
    """A quotient of a step that may leave the domain of the function, where it is no number."""
    try:
        return quotient(between, place, at, step)
    except (ValueError, ArithmeticError):
        return math.nan, 0.0, 1.0


def _longest_steps(at: float) -> list[float]:
    return [LONGEST_STEP, LONGEST_STEP * abs(at)] if 0 < abs(at) < NEAR_ZERO else [LONGEST_STEP]


def refined(between: Between, place: Place, at: float) -> Slope:
    """The best of many quotients; NaN where none is a number.

    Beside 0 a long step may see another function: of log |x| nothing, of a kink the mean.
    If the short steps know better, they are right: a slope is what remains at the shortest.
    """
    far, *others = (_best(between, place, at, longest) for longest in _longest_steps(at))
    for near in others:
        resolved = RESOLVED * abs(near.value)  # 0 where nothing changes: that may be for rounding
        is_known = near.error <= resolved and resolved > 0
        if is_known and not abs(near.value - far.value) <= resolved + far.error:
            return near
    return far


def _best(between: Between, place: Place, at: float, longest: float) -> Slope:
    """The best of quotients of ever shorter steps."""
    best, largest, least = Slope(math.nan, math.inf, 0.0), 0.0, math.inf
    plain = once = twice = math.nan  # of the step before, errors in h^2 and in h^4 cancelled
    scatter, rounding = math.nan, math.nan
    for number in range(STEPS):
        step = longest * 0.25**number
        if at + step * max(1.0, abs(at)) == at:
            break
        value, size, distance = _far_quotient(between, place, at, step)
        new_once = value + (value - plain) / 15
        new_twice = new_once + (new_once - once) / 255
        new_scatter = abs(new_twice - new_once) + abs(new_twice - twice)
        # That two quotients are the same may be chance; noise would show in the next one.
        error = max(scatter, new_scatter / 4) + rounding
        if error < best.error:
            best = Slope(twice, error, 0.0)
        if error <= SURE * abs(twice):
            break
        plain, once, twice, scatter = value, new_once, new_twice, new_scatter
        # Numbers that do not change any more at a short step are rounded all the same.
        largest = max(largest, size)
        change = abs(value * distance)
        least = min(least, change or math.inf)
        is_lost = change == 0 and least <= COARSEST * largest
        rounding = (least if is_lost else EPSILON * largest) / distance
    return best._replace(size=largest / max(1.0, abs(at)))
