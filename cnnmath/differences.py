"""Slopes by central differences, each with what it may be wrong by, and a comparison with others.

A difference quotient errs in two ways: a long step sees the curvature, a short one the rounding of
the numbers that are subtracted. Where a first quotient does not agree with the slope that it is
held against, many steps are tried, each a quarter of the one before; the errors that grow with the
step are cancelled (Richardson), and the quotient that changes least from one step to the next is
taken (Ridders, 1982), with that change as its error.

A slope need not be the same, or another, as what it is held against: where the results are so large
that rounding hides it, or where the function has a kink, nothing is known, and why is said.
"""

import math
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Place = tuple[int, ...]

EPSILON = float(np.finfo(np.float64).eps)
LONGEST_STEP = 0.1  # for elements up to 1 in magnitude; else this times the magnitude
STEPS = 26  # the last is 9e-17
NEAR_ZERO = 1e-4  # elements closer to 0 are moved by shares of their own magnitude as well
RESOLVED = 1e-3  # a slope whose error is more of it than this is not known
NEGLIGIBLE = 1e-6  # ... unless that is so small beside 1 or the largest slope
COARSEST = 1e-6  # beside the numbers subtracted; a smaller change may be the rounding of float32
SURE = 1e-10  # relative: no more steps are needed
ENOUGH = 20  # elements that differ for certain; more of them change no verdict
BENT = 1e-4  # relative: slopes on the two sides that differ by more may be those of a kink
CLOSER = 16  # with a step so many times shorter, the slopes on the two sides of a kink are the same
CLOSEST = 1e-11  # of the longest step: at a cusp the slopes are still steeper there
SAME = 0.1  # ... but for this share of the kink


class Change(NamedTuple):
    """What a function changes by as one element of its array goes from below to above.

    size : of the numbers that were subtracted for it;  bend : by how much more it changes above
        the middle than below;  still : the size of the numbers that did not change
    """

    change: float
    size: float
    bend: float = 0.0
    still: float = 0.0

    @staticmethod
    def of(
        weights: Array, above: Array, middle: Array, below: Array, made_of: Array | float = 0.0
    ) -> "Change":
        """Of the sum of some values, each times its weight, from the values themselves.

        made_of : the sizes of the numbers that the values are added up of, if they are larger
        """
        sizes = np.abs(weights) * np.maximum(np.abs(above) + np.abs(below), made_of)
        moved = above != below
        return Change(
            float(np.sum(weights * (above - below))),
            float(np.sum(sizes[moved])),
            float(np.sum(weights * ((above - middle) - (middle - below)))),
            float(np.sum(sizes[~moved])),
        )


Between = Callable[[Place, float, float], Change]
"""The change of a function (place, above, below); the element itself is in the middle."""


class Quotient(NamedTuple):
    """A change divided by the distance; `left` and `right`: the same for its two halves."""

    slope: float
    left: float
    right: float
    distance: float
    size: float
    still: float

    @property
    def rounding(self) -> float:
        """What the slope may be off by for rounding."""
        return EPSILON * self.size / self.distance

    @property
    def bent(self) -> float:
        """The difference of the slopes on the two sides, relative to the larger."""
        largest = max(abs(self.left), abs(self.right))
        return abs(self.right - self.left) / largest if largest else 0.0


class Slope(NamedTuple):
    """One slope; error: what it may be off by;  size: of the numbers behind it, by distance;
    hidden: the slope that the numbers that did not change may have, and rounding hides."""

    value: float
    error: float
    size: float
    hidden: float = 0.0

    def equals(self, other: float, tolerance: float, scale: float) -> bool | None:
        """Whether another slope is the same, within a relative tolerance and this one's error.

        scale : of the slopes beside this one
        None if the error hides both, or there is no slope: then nothing is known.
        """
        if not math.isfinite(self.value):
            return None
        gap = abs(self.value - other)  # a NaN is no agreement
        if not gap <= tolerance * abs(self.value) + self.error + self.hidden:
            return False
        uncertain = self.error + self.hidden
        largest = max(abs(self.value), abs(other))
        is_known = uncertain <= max(RESOLVED * largest, NEGLIGIBLE * max(1.0, scale))
        return True if is_known and gap <= tolerance * abs(self.value) + self.error else None

    @property
    def doubt(self) -> str:
        """Why the slope is not known."""
        if not math.isfinite(self.value):
            return "the function has no finite slope there"
        return (
            f"rounding hides slopes up to {self.error + self.hidden:.1g} there; give numbers of "
            "another size"
        )


class Kink(NamedTuple):
    """The slopes on the two sides of a kink;  error: what they may be off by."""

    left: float
    right: float
    error: float

    def hides(self, slope: float) -> bool:
        """Whether what was found is of neither side, so that no step was short enough."""
        resolved = RESOLVED * abs(self.right - self.left)
        return all(not abs(slope - side) <= resolved for side in (self.left, self.right))

    def allows(self, slope: float) -> bool:
        """Whether a slope is that of one side, or lies between the two."""
        sides = self.left, self.right
        return min(sides) - self.error <= slope <= max(sides) + self.error

    @property
    def doubt(self) -> str:
        """Why the slope is not known."""
        least = NEGLIGIBLE * abs(self.right - self.left)
        shown = (f"{0.0 if abs(s) <= least else s:.3g}" for s in (self.left, self.right))
        return f"the function has a kink there, with the slopes {' and '.join(shown)} beside it"


class Compared(NamedTuple):
    """Slopes beside others: by element the value, its error, and whether the two agree.

    doubts : by place why it is not known whether they agree; what is neither, differs
    """

    values: Array
    errors: Array
    agree: NDArray[np.bool_]
    doubts: dict[Place, str]

    @property
    def differ(self) -> NDArray[np.bool_]:
        """The elements that are known to differ."""
        return unequal(self.agree, self.doubts)


def unequal(agree: NDArray[np.bool_], doubts: Iterable[Place]) -> NDArray[np.bool_]:
    """Where two arrays differ for certain: where they do not agree, and no doubt is left."""
    found = np.array(~agree)
    for place in doubts:
        found[place] = False
    return found


def bounded(difference: float, scale: float, least: float) -> str:
    """A difference that is rounding for the most part, in words: a bound, in thousands.

    scale : of what differs;  least : the smallest bound, for a scale from 1/1000 to 1000. What is
        below differs from one machine to another, and a text should not.
    """
    if not math.isfinite(difference):
        return f"{difference}"
    if difference < scale < math.inf:
        least *= 1000.0 ** math.trunc(math.log10(scale) / 3)
    while difference >= least:
        least *= 1000.0
    return f"below {least:g}".replace("e-0", "e-")


def compared(others: Array, at: Array, between: Between, step: float, tolerance: float) -> Compared:
    """Slopes at a point, and whether some others are the same.

    others : slopes of the shape of `at`;  step : of the first quotient, for elements up to 1 in
        magnitude;  tolerance : relative, for each element

    Where nothing changes at all, as of a sigmoid far out, that may be for rounding: there another
    slope passes for 0 if it is 16 digits smaller than the largest.
    """
    firsts = {
        place: quotient(between, place, float(at[place]), step) for place in np.ndindex(at.shape)
    }
    values = np.array([first.slope for first in firsts.values()]).reshape(at.shape)
    errors = np.zeros(at.shape)
    agree = np.zeros(at.shape, dtype=bool)
    resolved = [abs(q.slope) for q in firsts.values() if q.rounding <= RESOLVED * abs(q.slope)]
    scale = max(filter(math.isfinite, resolved), default=0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        gaps = np.abs(values - others)
        shares = np.asarray(gaps / np.maximum(np.abs(values), np.abs(others)))
    kinks: dict[Place, Kink] = {}
    for place, first in firsts.items():
        x, other = float(at[place]), float(others[place])
        plain = Slope(first.slope, 0.0, 0.0, _hidden(first.still, LONGEST_STEP, x))
        if first.slope == 0 == other:  # or is the change too small for a short step?
            far = [_far_quotient(between, place, x, longest) for longest in _longest_steps(x)]
            is_sure = all(q.slope == 0 for q in far)
        else:
            is_sure = first.rounding <= RESOLVED * abs(first.slope)
        agree[place] = is_sure and plain.equals(other, tolerance, scale) is True
        if first.bent > BENT or not agree[place]:
            kink = _kink(between, place, x, step, first)
            if kink:
                kinks[place] = kink
                agree[place] = False
    doubtful = [place for place in firsts if not agree[place]]
    doubtful.sort(key=lambda place: -shares[place] if shares[place] >= 0 else -math.inf)
    rounding = EPSILON * float(np.abs(values[np.isfinite(values)]).max(initial=0.0))
    doubts: dict[Place, str] = {}
    wrong = 0
    for place in doubtful:
        found = refined(between, place, float(at[place]))
        values[place], errors[place] = found.value, found.error
        other = float(others[place])
        verdict = found.equals(other, tolerance, scale)
        if found.value == 0 == found.size and abs(other) <= rounding:  # lost
            verdict = found.equals(0.0, tolerance, scale)
        doubt = found.doubt
        if place in kinks and kinks[place].hides(found.value):
            verdict = None if kinks[place].allows(other) else False
            doubt = kinks[place].doubt
        agree[place] = verdict is True
        if verdict is None:
            doubts[place] = doubt
        wrong += verdict is False
        if wrong == ENOUGH:
            break
    return Compared(values, errors, agree, doubts)


def central(function: Callable[[float], Any], step: float) -> Any:
    """The slope at 0 of a function of a number, whatever shape its values have.

    Of two quotients, one of half the step, the errors in the square of the step cancel.
    """
    far = (function(step) - function(-step)) / (2 * step)
    near = (function(step / 2) - function(-step / 2)) / step
    return (4 * near - far) / 3


def quotient(between: Between, place: Place, at: float, step: float) -> Quotient:
    """One difference quotient."""
    h = step * max(1.0, abs(at))
    above, below = at + h, at - h
    # x ± h is rounded: what is divided by is the distance that was really gone.
    distance = above - below
    change, size, bend, still = between(place, above, below)
    left = (change - bend) / 2 / (at - below)
    right = (change + bend) / 2 / (above - at)
    return Quotient(change / distance, left, right, distance, size, still)


def _far_quotient(between: Between, place: Place, at: float, step: float) -> Quotient:
    """A quotient of a step that may leave the domain of the function, where it is no number."""
    try:
        return quotient(between, place, at, step)
    except (ValueError, ArithmeticError):
        return Quotient(math.nan, math.nan, math.nan, 1.0, 0.0, math.inf)


def _longest_steps(at: float) -> list[float]:
    near = LONGEST_STEP * abs(at)  # 0 beside the smallest numbers of all
    return [LONGEST_STEP, near] if near > 0 and abs(at) < NEAR_ZERO else [LONGEST_STEP]


def _hidden(still: float, longest: float, at: float) -> float:
    """The slope that numbers may have of which nothing changes at the longest step."""
    return EPSILON * still / (2 * longest * max(1.0, abs(at)))


def _kink(between: Between, place: Place, at: float, step: float, first: Quotient) -> Kink | None:
    """The kink that the function has within the step, if it has one.

    Of a smooth function the two sides become alike as the step shrinks; at a kink they stay, and at
    a cusp they go apart.
    """
    jump = abs(first.right - first.left)
    if not 0 < jump < math.inf:
        return None
    near = _far_quotient(between, place, at, step / CLOSER)
    moves = max(abs(near.left - first.left), abs(near.right - first.right), near.rounding)
    if moves <= SAME * jump:
        return Kink(first.left, first.right, moves)
    nearest = _far_quotient(between, place, at, CLOSEST * _longest_steps(at)[-1])
    is_cusp = _steepens(first, near) and _steepens(near, nearest)
    return Kink(nearest.left, nearest.right, math.inf) if is_cusp else None


def _steepens(far: Quotient, near: Quotient) -> bool:
    """Whether a function falls to a point and rises from it, or the other way round, the more
    steeply the nearer, as the root of |x| does: its slopes there have no bound."""
    return (
        far.left < 0 < far.right
        and (near.left < (1 + SAME) * far.left and near.right > (1 + SAME) * far.right)
    ) or (
        far.right < 0 < far.left
        and (near.right < (1 + SAME) * far.right and near.left > (1 + SAME) * far.left)
    )


def refined(between: Between, place: Place, at: float) -> Slope:
    """The best of many quotients; NaN where none is a number.

    Beside 0 a long step may see another function: of log |x| nothing, of a kink the mean.
    If the short steps know better, they are right: a slope is what remains at the shortest.
    """
    far, *others = (_best(between, place, at, longest) for longest in _longest_steps(at))
    for near in others:
        resolved = RESOLVED * abs(near.value)  # 0 where nothing changes: that may be for rounding
        is_known = near.error <= resolved and resolved > 0
        is_same = abs(near.value - far.value) <= resolved + far.error
        if is_known and (near.error < far.error or not is_same):
            return near
    return far


def _best(between: Between, place: Place, at: float, longest: float) -> Slope:
    """The best of quotients of ever shorter steps."""
    best, largest, least = Slope(math.nan, math.inf, 0.0), 0.0, math.inf
    plain = once = twice = math.nan  # of the step before, errors in h^2 and in h^4 cancelled
    scatter, rounding, still = math.nan, math.nan, math.inf
    for number in range(STEPS):
        step = longest * 0.25**number
        if at + step * max(1.0, abs(at)) == at:
            break
        found = _far_quotient(between, place, at, step)
        value = found.slope
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
        still = min(still, found.still)
        largest = max(largest, found.size if math.isfinite(found.size) else 0.0)
        change = abs(value * found.distance)
        least = min(least, change or math.inf)
        is_lost = change == 0 and least <= COARSEST * largest
        rounding = (least if is_lost else EPSILON * largest) / found.distance
    size = largest / max(1.0, abs(at))
    return best._replace(size=size, hidden=_hidden(still, longest, at))
