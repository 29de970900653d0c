"""How far indices run: where no bound is written, and where terms cannot count."""

import math

import numpy as np
import pytest

from cnnmath.errors import FormulaError, UndeclaredShapeError
from cnnmath.formula import Formula

X = np.array([0.25, 0.5, -0.125])


def over_all(term, **given):
    return Formula(rf"y = \sum_{{i=-\infty}}^\infty {term}")(**given)


@pytest.mark.parametrize(
    ("function", "same"),
    [
        (r"|x_i|", abs), (r"\sqrt{x_i^2}", abs), (r"\tanh(x_i)", math.tanh),
        (r"\sin(x_i)", math.sin), (r"\tan(x_i)", math.tan), (r"\sinh(x_i)", math.sinh),
        (r"\arcsin(x_i)", math.asin), (r"\operatorname{relu}(x_i)", lambda x: max(0, x)),
        (r"\operatorname{sign}(x_i)", lambda x: math.copysign(1, x)),
        (r"\lfloor x_i \rfloor", math.floor), (r"\lceil x_i \rceil", math.ceil),
        (r"\operatorname{round}(x_i)", round), (r"\operatorname{erf}(x_i)", math.erf),
        (r"x_i^2", lambda x: x * x), (r"x_i^{3}", lambda x: x**3),
    ],
)  # fmt: skip
def test_what_is_0_of_0_ends_where_the_array_ends(function, same):
    assert over_all(function, x=X) == pytest.approx(sum(map(same, X)), abs=1e-15)


@pytest.mark.parametrize("term", ["e^{x_i}", r"\cos(x_i)", "x_i^{-1}", "(x_i)^{0}", "(x_i)^c"])
def test_what_is_not_0_of_0_has_no_end(term):
    with pytest.raises(FormulaError, match="the sum over i does not end"):
        over_all(term, x=X, **({"c": 2} if "c" in term[-2:] else {}))


@pytest.mark.parametrize(
    ("index", "expected"),
    [
        ("2^i", [1, 2, 4, 8]),
        ("(i + 1)^2", [1, 4, 9]),
        ("2^i + i", [1, 3, 6]),
    ],
)
def test_a_power_in_an_index_ends_where_the_array_ends(index, expected):
    """Its base is positive, so it is monotonic."""
    assert Formula(f"y_i = x_{{{index}}}")(x=np.arange(10.0)).tolist() == expected


def test_a_power_of_what_may_be_negative_bounds_nothing():
    for index in ("(i - 3)^2", "(-1)^i + 1"):
        formula = Formula(f"y_i = x_{{{index}}}", x="N", y="M")
        expected = [float((i - 3) ** 2 if "3" in index else (-1) ** i + 1) for i in range(6)]
        assert formula(x=np.arange(10.0), M=6).tolist() == expected
        assert formula(x=-np.arange(10.0), M=6).tolist() == [-value for value in expected]
    # At i = 3 the first would be x_{-1}; the second would be left at once.
    for index in ("(i-3)^2-1", "(1-i)^3+1"):
        with pytest.raises(UndeclaredShapeError, match="how far the index i runs does not follow"):
            Formula(f"y_i = x_{{{index}}}")(x=np.arange(10.0))


def test_a_remainder_is_the_index_itself_as_long_as_that_is_smaller():
    assert Formula(r"y_i = x_{i \bmod 5}")(x=[1.0, 2.0, 4.0]).tolist() == [1, 2, 4]
