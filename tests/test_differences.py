r"""Slopes by differences: what they may be wrong by, and when another slope is the same."""

import math

import numpy as np
import pytest

from cnnmath.differences import Change, Slope, central, compared, quotient, refined

TOLERANCE = 1e-6


def between(function, at=None):
    """The changes of a function of one number; at: in the middle."""

    def change(place, above, below):
        middle = (above + below) / 2 if at is None else at
        ends = (function(number) for number in (above, middle, below))
        return Change.of(np.float64(1), *map(np.float64, ends))

    return change


def is_same(function, at, slope):
    """Whether a slope passes for that of a function at a point."""
    found = compared(np.array(slope), np.array(at), between(function, at), 1e-6, TOLERANCE)
    return bool(found.agree)


SMOOTH = [
    (math.sin, math.cos),
    (math.exp, math.exp),
    (lambda x: 1 / (1 + x * x), lambda x: -2 * x / (1 + x * x) ** 2),
    (lambda x: x**5, lambda x: 5 * x**4),
    (lambda x: math.sin(50 * x), lambda x: 50 * math.cos(50 * x)),
]


@pytest.mark.parametrize("at", [-1.3, 1e-4, 0.7, 3.0])
@pytest.mark.parametrize(("function", "slope"), SMOOTH)
def test_the_error_is_an_error(function, slope, at):
    found = refined(between(function), (), at)
    assert abs(found.value - slope(at)) <= found.error + 1e-16
    assert found.error <= 1e-9 * max(1.0, abs(slope(at)))


@pytest.mark.parametrize("factor", [1e-150, 1e-30, 1e-10, 1.0, 1e10, 1e150])
def test_at_every_scale(factor):
    assert is_same(lambda x: factor * math.sin(x), 0.7, factor * math.cos(0.7))
    for wrong in (2.0, 0.0, -1.0, 1 + 1e-5, 1.001):
        assert not is_same(lambda x: factor * math.sin(x), 0.7, wrong * factor * math.cos(0.7))


@pytest.mark.parametrize("at", [1e-9, 1e-6, 1.0, 1e6])
def test_of_a_function_that_bends_near_the_point(at):
    with np.errstate(invalid="ignore", divide="ignore"):
        assert is_same(np.log, at, 1 / at)
        assert not is_same(np.log, at, 1.001 / at)
        assert not is_same(np.log, at, 0.0)


def test_a_long_step_may_leave_the_domain():
    assert is_same(math.log, 0.05, 20.0)
    assert not is_same(math.log, 0.05, 20.1)  # math.log raises where a tenth is subtracted


def test_of_a_function_that_is_nothing_nearby():
    with np.errstate(invalid="ignore"):
        assert is_same(np.sqrt, 1e-9, 0.5 / math.sqrt(1e-9))
        assert not is_same(np.sqrt, 1e-9, 0.0)


def test_beside_a_large_constant():
    """Of 1 + 1e-12 x a short step sees nothing at all."""
    for size in (1.0, 1e3):
        assert not is_same(lambda x, s=size: s + 1e-9 * s * x, 0.3, 0.0)
        assert not is_same(lambda x, s=size: s + 1e-9 * s * x, 0.3, 2e-9 * size)
        assert is_same(lambda x, s=size: s + 1e-9 * s * x, 0.3, 1e-9 * size)
    assert not is_same(lambda x: 1 + 1e-12 * x, 0.3, 0.0)


def test_zero():
    assert is_same(lambda x: 5.0, 0.3, 0.0)
    assert is_same(lambda x: max(0.0, x), -0.05, 0.0)
    assert not is_same(lambda x: max(0.0, x), 0.05, 0.0)
    assert not is_same(lambda x: max(0.0, x), -0.05, 1.0)
    assert is_same(lambda x: math.floor(100 * x) / 100, 0.305, 0.0)
    assert not is_same(lambda x: math.floor(100 * x) / 100, 0.305, 1.0)
    assert is_same(lambda x: (math.exp(x) + 1) / (math.exp(x) + 1.0), 0.3, 0.0)


def test_what_is_lost_in_rounding_beside_a_larger_slope():
    def change(place, above, below):
        return Change(above - below, 1.0) if place == (0,) else Change(0.0, 0.0)

    for other, expected in ((1e-17, True), (1e-15, False), (0.0, True), (math.nan, False)):
        found = compared(np.array([1.0, other]), np.ones(2), change, 1e-6, TOLERANCE)
        assert found.agree.tolist() == [True, expected]


def test_what_is_no_number():
    assert not is_same(lambda x: math.nan, 0.3, math.nan)
    assert not is_same(lambda x: math.nan, 0.3, 0.0)
    with np.errstate(invalid="ignore"):
        assert not is_same(lambda x: math.inf, 0.3, math.inf)
    assert not is_same(lambda x: x, 0.3, math.nan)
    assert not is_same(lambda x: x, 0.3, math.inf)
    with np.errstate(over="ignore", invalid="ignore"):
        assert not is_same(lambda x: np.float64(1e308) * 1e6 * x, 0.3, 1.0)
        assert not is_same(lambda x: np.sign(x - 0.3) * np.float64(1e308), 0.3, 1.0)


def test_a_kink():
    for slope in (-1.0, 1.0, 0.5):
        assert not is_same(abs, 0.0, slope)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_cusp(sign):
    """Both sides are infinitely steep; the quotients around it are 0."""
    for power in (0.5, 0.8):
        for slope in (0.0, 1.0, math.inf, math.nan):
            assert not is_same(lambda x, p=power: sign * abs(x) ** p, 0.0, slope)
    assert is_same(lambda x: sign * abs(x) ** 1.5, 0.0, 0.0)


def test_where_long_steps_overflow():
    def exp(x):
        with np.errstate(over="ignore"):
            return float(np.exp(x))

    assert is_same(exp, 700.0, math.exp(700))
    assert refined(between(exp), (), 700.0).equals(1.001 * math.exp(700), TOLERANCE, 0.0) is False


def test_of_the_smallest_number():
    assert is_same(lambda x: 3 * x, 5e-324, 3.0)
    assert not is_same(lambda x: x * x, 5e-324, 1.0)


def test_noise_that_hides_everything():
    """Nothing is called equal that cannot be seen: a slope of 1 under noise of size 1e4."""
    rng = np.random.default_rng(0)
    noisy = between(lambda x: x + rng.normal() * 1e4)
    found = refined(noisy, (), 0.3)
    assert not any(found.equals(slope, TOLERANCE, 0.0) for slope in (0.0, 1.0, found.value))


def test_that_quotients_are_the_same_may_be_chance():
    quotients = iter([5.0, 5.0, 5.0, 9.0, 2.0, 7.0, 3.0] + [1.0, 8.0] * 10)

    def between(place, above, below):
        return Change(next(quotients) * (above - below), 1.0)

    assert refined(between, (), 0.3).error > 0.5


def test_of_a_function_in_single_precision():
    def single(x):
        return float(np.sin(np.float32(x)))

    found = refined(between(single), (), 0.7)
    assert abs(found.value - math.cos(0.7)) < 1e-4
    assert not found.equals(1.01 * math.cos(0.7), TOLERANCE, 0.0)
    assert not is_same(single, 0.7, 0.0)


def test_a_kink_nearby():
    for at in (-1e-3, -1e-5, 1e-3, 1e-5):
        assert is_same(lambda x: max(0.0, x), at, float(at > 0))
        assert not is_same(lambda x: max(0.0, x), at, float(at < 0))


@pytest.mark.parametrize("at", [-1e-9, 3e-9, 7e-13, 1e-100])
def test_of_a_function_that_changes_at_the_scale_of_a_small_element(at):
    """The long steps see a slope of 0, or the mean of two; they know it well, but it is wrong."""
    for function, slope in (
        (lambda x: max(3 * x, x), 3.0 if at > 0 else 1.0),
        (lambda x: math.log(abs(x)), 1 / at),
        (lambda x: math.sin(x / at), math.cos(1) / at),
        (lambda x: (x / at) * (x / at), 2 / at),
    ):
        assert refined(between(function), (), at).equals(slope, TOLERANCE, 0.0)
        assert is_same(function, at, slope) or abs(at) < 1e-12  # the first quotient
        assert not is_same(function, at, -slope)
        assert not is_same(function, at, 0.0)
    assert is_same(lambda x: 1 + math.sin(x), at, math.cos(at))
    assert is_same(lambda x: 1e6 + 3 * x, at, 3.0)


def test_rounding_belongs_to_the_error():
    """(x + 1e8) - 1e8 has eight digits left."""
    found = refined(between(lambda x: (x + 1e8) - 1e8), (), 0.3)
    assert abs(found.value - 1) <= max(found.error, 1e-9)
    assert Slope(1.0, 0.0, 1.0).equals(1 + 1e-7, TOLERANCE, 0.0) is True
    assert Slope(1.0, 0.0, 1.0).equals(1 + 2e-6, TOLERANCE, 0.0) is False
    assert Slope(1.0, 1e-5, 1.0).equals(1 + 2e-6, TOLERANCE, 0.0) is True
    assert Slope(1.0, 1e-2, 1.0).equals(1 + 2e-6, TOLERANCE, 0.0) is None


def test_an_error_may_be_a_thousandth_and_no_more():
    assert Slope(1.0, 1e-3, 0.0).equals(1.0, TOLERANCE, 0.0) is True
    assert Slope(1.0, 1.001e-3, 0.0).equals(1.0, TOLERANCE, 0.0) is None
    assert Slope(1.0, 1.001e-3, 0.0).equals(1.01, TOLERANCE, 0.0) is False
    assert Slope(1e-7, 1e-6, 0.0).equals(0.0, TOLERANCE, 0.0) is True  # beside 1
    assert Slope(1e-7, 1.001e-6, 0.0).equals(0.0, TOLERANCE, 0.0) is None
    assert Slope(1.0, 1.0, 0.0).equals(2.0, TOLERANCE, 1e6) is True  # beside a slope of 1e6
    assert Slope(1.0, 1.0, 0.0).equals(2.0, TOLERANCE, 0.9e6) is None


def test_what_does_not_change_may_hide_a_slope():
    assert Slope(1.0, 0.0, 0.0, 1e-3).equals(1.0, TOLERANCE, 0.0) is True
    assert Slope(1.0, 0.0, 0.0, 1.001e-3).equals(1.0, TOLERANCE, 0.0) is None
    assert Slope(1.0, 0.0, 0.0, 1e-3).equals(1.0009, TOLERANCE, 0.0) is None
    assert Slope(1.0, 0.0, 0.0, 1e-3).equals(1.002, TOLERANCE, 0.0) is False


def test_the_distance_is_the_one_really_gone():
    found = quotient(between(lambda x: x - 0.7), (), 0.7, 1e-6)
    assert abs(found.slope - 1) < 1e-12
    assert found.distance == (0.7 + 1e-6) - (0.7 - 1e-6)


def test_of_many_that_differ_the_worst_are_looked_at_first():
    at = np.linspace(0.1, 1, 50)
    squares = [lambda x: x * x] * 50
    wrong = 2 * at
    wrong[7] = 100
    evaluations = []

    def change(place, above, below):
        evaluations.append(place)
        return between(squares[place[0]])(place, above, below)

    found = compared(wrong, at, change, 1e-6, TOLERANCE)
    assert np.flatnonzero(~found.agree).tolist() == [7]
    found = compared(at * 0 + 7, at, change, 1e-6, TOLERANCE)
    assert not found.agree.any()
    np.testing.assert_allclose(found.values, 2 * at, rtol=1e-6)
    assert len(evaluations) < 50 * 12


def test_a_slope_in_which_the_errors_in_the_square_of_the_step_cancel():
    at = np.array([0.0, 0.5])
    slope = central(lambda way: np.sin(at + way), 1e-2)
    np.testing.assert_allclose(slope, np.cos(at), rtol=1e-9)
