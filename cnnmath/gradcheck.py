"""Gradients by central differences, and a check of any gradient against them.

What you can do with it: give `check_gradients` a function and the code that claims to be its
gradient, and read for each array whether they agree and where they differ most.
`numerical_gradient` differentiates any function that turns one array into one number.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnmath.differences import Between, Change, Compared, Place, bounded, compared
from cnnmath.errors import ArrayValueError, ShapeError
from cnnmath.reals import float64_array

Float64Array: TypeAlias = NDArray[np.float64]
Gradients: TypeAlias = Mapping[str, ArrayLike] | Sequence[ArrayLike] | NDArray[Any]

LEAST_BOUND = 1e-6  # of a difference, as it is shown; central differences are sure of less


@dataclass(frozen=True)
class Comparison:
    """A gradient beside the numerical one, at the element where they are farthest from agreeing.

    `absolute` is the difference, `relative` that divided by the numerical gradient (infinite where
    that is 0 and the other is not), and `uncertain` what the numerical one may be off by.

    Each element is held against its own numerical gradient, however large its neighbours are. It
    agrees if it differs by no more than the tolerance times that gradient, and what finite
    differences cannot tell: a gradient that is 0 but for rounding agrees with 0. Where they can
    tell nothing (at a kink; where results are so large that rounding hides the slope), `doubt` says
    why, and the gradient is not `ok` though no difference was found.

    `size` is the magnitude of the largest element. An array without elements has nothing that
    could differ: the differences are 0, `index` is None, and `analytic` and `numerical` are NaN.
    """

    name: str
    shape: tuple[int, ...]
    ok: bool
    absolute: float
    relative: float
    uncertain: float
    index: tuple[int, ...] | None
    analytic: float
    numerical: float
    size: float = 0.0
    doubt: str = ""

    def __str__(self) -> str:
        apart = bounded(self.absolute, self.size, LEAST_BOUND)
        if self.ok:
            return f"{self.name} {self.shape}: agrees, largest difference {apart}"
        if self.doubt:
            return (
                f"{self.name} {self.shape}: not known at {self.index}, difference {apart}: "
                f"{self.doubt}"
            )
        return (
            f"{self.name} {self.shape}: differs most at {self.index}, by {self.absolute:.3g}: "
            f"it is {_shown(self.analytic)} and should be {_shown(self.numerical, self.uncertain)}"
        )


@dataclass(frozen=True, repr=False)
class GradientReport:
    """What `check_gradients` found: true if every gradient agrees, and readable when printed.

    `report["w"]` is the `Comparison` for the array w. The difference of a gradient that agrees is
    rounding, which varies from machine to machine, so the text gives a bound;
    `report["w"].absolute` has the difference itself.
    """

    comparisons: Mapping[str, Comparison]
    tolerance: float

    @property
    def ok(self) -> bool:
        return all(comparison.ok for comparison in self.comparisons.values())

    def __bool__(self) -> bool:
        return self.ok

    def __getitem__(self, name: str) -> Comparison:
        return self.comparisons[name]

    def __repr__(self) -> str:
        if self.ok:
            verdict = "Gradients agree"
        elif all(one.ok or one.doubt for one in self.comparisons.values()):
            verdict = "Gradients not known"
        else:
            verdict = "Gradients DIFFER"
        lines = [f"  {comparison}" for comparison in self.comparisons.values()]
        return "\n".join([f"{verdict} (relative tolerance {self.tolerance:g})", *lines])


def check_gradients(
    forward: Callable[..., ArrayLike],
    backward: Callable[..., Gradients],
    arrays: Mapping[str, ArrayLike],
    dy: ArrayLike | None = None,
    *,
    step: float = 1e-6,
    tolerance: float = 1e-6,
    seed: int = 0,
) -> GradientReport:
    r"""Compare the gradients that `backward` calculates with central differences of `forward`.

    What is differentiated is the error $E = \sum_i dy_i\, y_i$ of the result y, which makes
    $\partial E / \partial y$ the dy that `backward` starts from.

    forward : called as `forward(**arrays)`, returns y
    backward : called as `backward(dy, **arrays)`, returns a gradient for each array: a mapping by
        name, a tuple in the order of `arrays`, or for a single array the gradient itself
    arrays : the arrays to differentiate by. Whatever else is needed, such as labels or a stride,
        belongs inside `forward` and `backward`
    dy : of the shape of y. If None, it is drawn at random with `seed`, of either sign and with
        magnitudes from ½ to 1½: a dy of ones would not notice swapped indices
    step : as in `numerical_gradient`; an element that does not agree is differentiated again with
        many steps, from a tenth down, before it counts as different
    tolerance : the largest relative difference that counts as agreement; see `Comparison`

    Everything is calculated in float64, on copies. `forward` runs twice for every number in
    `arrays`, so let them be small; let all their sizes differ, or swapped axes pass unseen; and
    stay away from kinks like that of ReLU at 0: there is no derivative to compare with, and the
    report says so.

    Returns a `GradientReport`: print it, or ask whether it is true.

    Raises ShapeError if a gradient is missing, superfluous or not of its array's shape, or dy is
    not of the shape of y. Raises ArrayValueError if there is no array, one does not hold real
    numbers, or step or tolerance is not a positive number.

    Here the gradient by z lacks a transpose:

    >>> import numpy as np
    >>> def dense(V, z):
    ...     return V @ z
    >>> def dense_backward(dy, V, z):
    ...     return {"V": np.outer(dy, z), "z": V @ dy}
    >>> check_gradients(dense, dense_backward, {"V": [[1, 2], [3, 4]], "z": [5, 6]}, dy=[1, 2])
    Gradients DIFFER (relative tolerance 1e-06)
      V (2, 2): agrees, largest difference below 1e-6
      z (2,): differs most at (0,), by 2: it is 5 and should be 7
    """
    _check_positive("step", step)
    _check_positive("tolerance", tolerance)
    if not arrays:
        raise ArrayValueError("arrays: expected at least one array to differentiate by, got none")
    points = {name: _float64(name, array) for name, array in arrays.items()}
    y = _result(forward, points)
    dy = _random_dy(y.shape, seed) if dy is None else _float64("dy", dy)
    if dy.shape != y.shape:
        raise ShapeError(f"dy: expected shape {y.shape}, that of forward's result, got {dy.shape}")
    analytic = _gradients_by_name(backward(dy.copy(), **_copies(points)), points)
    comparisons = {}
    for name, point in points.items():
        between = _between(name, forward, points, y, dy)
        slopes = compared(analytic[name], point, between, step, tolerance)
        comparisons[name] = _compare(name, analytic[name], slopes, tolerance)
    return GradientReport(comparisons, tolerance)


def numerical_gradient(
    f: Callable[[Float64Array], ArrayLike], x: ArrayLike, step: float = 1e-6
) -> Float64Array:
    r"""Differentiate a function of one array by central differences, element by element.

    $$\frac{\partial f}{\partial x_i} \approx \frac{f(x + h e_i) - f(x - h e_i)}{2h}$$

    f : called with a float64 array of the shape of x, a new one for each call; returns one number
    x : an array of any shape, which is not changed
    step : h for elements up to 1 in magnitude; for a larger one, h is `step` times its magnitude

    Returns the gradient, in the shape of x and in float64.

    Raises ShapeError if f returns more than one number, and ArrayValueError if x or what f returns
    does not hold real numbers, or step is not a positive number.

    >>> numerical_gradient(lambda x: (x**2).sum(), [1.0, -2.0, 0.0]).round(6)
    array([ 2., -4.,  0.])
    """
    _check_positive("step", step)
    point = _float64("x", x)
    gradient = np.empty(point.shape)
    for index in np.ndindex(point.shape):
        h = step * max(1.0, abs(float(point[index])))
        above, below = _moved(point, index, h), _moved(point, index, -h)
        # x ± h is rounded: what is divided by is the distance that was really gone.
        distance = above[index] - below[index]
        gradient[index] = (_number(f(above)) - _number(f(below))) / distance
    return gradient


def _between(
    name: str,
    forward: Callable[..., ArrayLike],
    points: Mapping[str, Float64Array],
    y: Float64Array,
    dy: Float64Array,
) -> Between:
    """What E changes by as one element of one array moves; y is the result before.

    The results are subtracted one by one: those that do not change bring no rounding with them.
    """

    def result(place: Place, number: float) -> Float64Array:
        moved = points[name].copy()
        moved[place] = number
        return _result(forward, {**points, name: moved})

    def between(place: Place, above: float, below: float) -> Change:
        return Change.of(dy, result(place, above), y, result(place, below))

    return between


def _compare(name: str, analytic: Float64Array, slopes: Compared, tolerance: float) -> Comparison:
    numerical = slopes.values
    if numerical.size == 0:
        return Comparison(name, numerical.shape, True, 0.0, 0.0, 0.0, None, math.nan, math.nan)
    with np.errstate(invalid="ignore", divide="ignore"):  # ∞ - ∞ is NaN, and so a difference
        absolute = np.abs(analytic - numerical)
        relative = np.where(absolute == 0, 0.0, absolute / np.abs(numerical))
    # Among those that differ if there are any, else those not known; argmax takes a NaN for the
    # largest of all.
    concerned = next((one for one in (slopes.differ, ~slopes.agree) if one.any()), slopes.agree)
    ranked = np.where(concerned, absolute, -1.0)
    index = tuple(int(i) for i in np.unravel_index(np.argmax(ranked), numerical.shape))
    return Comparison(
        name,
        numerical.shape,
        bool(slopes.agree.all()),
        float(absolute[index]),
        float(relative[index]),
        float(slopes.errors[index]),
        index,
        float(analytic[index]),
        float(numerical[index]),
        float(np.abs(analytic[np.isfinite(analytic)]).max(initial=0.0)),
        slopes.doubts.get(index, ""),
    )


def _gradients_by_name(
    given: Gradients, points: Mapping[str, Float64Array]
) -> dict[str, Float64Array]:
    """Find out which gradient belongs to which array, and check that it can."""
    expected = f"expected gradients by {', '.join(points)}"
    if not isinstance(given, Mapping):
        gradients = given if isinstance(given, tuple | list) else (given,)
        if len(gradients) != len(points):
            raise ShapeError(f"backward: {expected} ({len(points)}), got {len(gradients)}")
        given = dict(zip(points, gradients, strict=True))
    if given.keys() != points.keys():
        raise ShapeError(f"backward: {expected}, got gradients by {', '.join(given) or 'nothing'}")
    named = {name: _float64(f"the gradient by {name}", given[name]) for name in points}
    for name, gradient in named.items():
        if gradient.shape != points[name].shape:
            raise ShapeError(
                f"the gradient by {name}: expected shape {points[name].shape}, that of {name}, "
                f"got {gradient.shape}"
            )
    return named


def _random_dy(shape: tuple[int, ...], seed: int) -> Float64Array:
    """Draw magnitudes away from 0, so that no element of the result escapes the check."""
    rng = np.random.default_rng(seed)
    return np.asarray(rng.uniform(0.5, 1.5, shape) * rng.choice([-1.0, 1.0], shape))


def _result(forward: Callable[..., ArrayLike], points: Mapping[str, Float64Array]) -> Float64Array:
    return _float64("the result of forward", forward(**_copies(points)))


def _copies(points: Mapping[str, Float64Array]) -> dict[str, Float64Array]:
    """For functions that may write to what they are given."""
    return {name: point.copy() for name, point in points.items()}


def _moved(point: Float64Array, index: tuple[int, ...], distance: float) -> Float64Array:
    moved = point.copy()
    moved[index] += distance
    return moved


def _number(value: ArrayLike) -> float:
    number = _float64("the result of f", value)
    if number.shape != ():
        raise ShapeError(f"the result of f: expected a single number, got shape {number.shape}")
    return float(number)


def _float64(name: str, value: ArrayLike) -> Float64Array:
    """A copy of an array in float64."""
    return np.array(float64_array(name, value))


def _check_positive(name: str, value: Any) -> None:
    if not (isinstance(value, Real) and 0 < float(value) < math.inf):
        raise ArrayValueError(f"{name}: expected a positive number, got {value!r}")


def _shown(value: float, uncertain: float = 0.0) -> str:
    """Six digits, without the rounding noise of a difference quotient or a minus before 0."""
    noise = abs(value) <= uncertain
    return f"{0.0 if noise else value + 0.0:.6g}"
