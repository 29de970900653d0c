r"""What `check` calls equal: element by element, at every scale, and nothing else."""

import math

import numpy as np
import pytest

from cnnmath.errors import FormulaError
from cnnmath.formula import Formula

X = np.array([0.7, -1.3, 2.1])
LARGE, SMALL = 10.0 ** np.arange(-200, 201, 50), 1e-10


def is_equal(chain, **given):
    (row,) = Formula(chain).check(**given).rows
    return row.ok


@pytest.mark.parametrize("scale", [*LARGE, SMALL])
def test_of_two_sides(scale):
    assert is_equal("y_i = c x_i (x_i + 1) = c x_i^2 + c x_i", c=scale, x=X)
    assert not is_equal("y_i = c x_i = 2 c x_i", c=scale, x=X)
    assert not is_equal("y_i = c x_i = 0 x_i", c=scale, x=X)
    assert not is_equal("y_i = c x_i = 1.0001 c x_i", c=scale, x=X)
    assert not is_equal("y_i = c x_i = -c x_i", c=scale, x=X)
    assert is_equal(r"y_i = c x_i = (1 + 9 \cdot 10^{-9}) c x_i", c=scale, x=X)
    assert not is_equal(r"y_i = c x_i = (1 + 2 \cdot 10^{-8}) c x_i", c=scale, x=X)


def test_of_a_small_element_beside_a_large_one():
    x = np.array([1e12, 1e-3])
    assert is_equal("y_i = x_i = x_i 3 / 3", x=x)
    assert not is_equal("y_i = x_i = x_i + [i = 1] 1", x=x)
    assert not is_equal(r"y_i = x_i = x_i [i = 0]", x=x)


def verdicts(chain, **given):
    """Of each equals sign `equal`, `NOT EQUAL` or `not known`."""
    return [row.verdict.partition(",")[0] for row in Formula(chain).check(**given).rows]


def is_unknown(chain, **given):
    found = Formula(chain).check(**given)
    return not found.ok and verdicts(chain, **given) == ["not known"]


def test_of_what_cancels():
    """Rounding alone is no difference, however little is left of the terms."""
    assert is_equal(r"m = \sum_i (x_i - \frac13 \sum_j x_j) = 0 \sum_i x_i", x=X)
    assert is_equal(r"m = \sum_i (x_i - \frac13 \sum_j x_j) = 0 \sum_i x_i", x=X * 1e15)
    assert is_equal(r"s = \log \sum_i \frac{e^{x_i}}{\sum_j e^{x_j}} = 0 \sum_i x_i", x=X)
    assert is_equal(r"y_i = e^{x_i + 40} e^{-40} = e^{x_i}", x=X)
    assert is_equal(r"y_i = \sin^2 x_i - 1 = -\cos^2 x_i", x=X * 1e-3 + math.pi / 2)


def test_of_many_terms_that_cancel():
    A = np.random.default_rng(0).normal(size=(300, 500))
    centred = r"y_i = \sum_k (A_{ik} - \frac{1}{K} \sum_m A_{im}) = %s 0 \sum_k A_{ik}"
    assert Formula(centred % "", A="N K").check(A=A).ok
    (row,) = Formula(centred % "10^{-12} +", A="N K").check(A=A).rows
    assert row.verdict.startswith("not known")


def test_of_a_window_that_ends_at_0():
    """Of two roundings the smaller counts for nothing."""
    window = r"w_n = \frac12 (1 - \cos \frac{2 \pi n}{N}) = \sin^2 \frac{\pi n}{N}"
    assert Formula(window, w="N+1").check(N=8).ok
    assert not Formula(window.replace("= \\sin^2", "= 1.0001 \\sin^2"), w="N+1").check(N=8).ok
    (row,) = Formula(window + r" + [n = N] 10^{-15}", w="N+1").check(N=8).rows
    assert row.verdict.startswith("not known")
    assert row.place == (8,)


FAR = {  # what is equal, and from where on rounding hides that
    "y_i = (1 + x_i)^2 - 1 = x_i (x_i + 2)": (1e-5, 1e-8),
    r"y_i = \frac{(1 + x_i) - 1}{c} = \frac{x_i}{c}": (1e-5, 1e-10),
    r"y_i = \frac{c}{(1 + x_i) - 1} = \frac{c}{x_i}": (1e-5, 1e-10),
    r"y_i = \sqrt{x_i^2 + c} - \sqrt c = \frac{x_i^2}{\sqrt{x_i^2 + c} + \sqrt c}": (1e-2, 1e-6),
    r"y_i = x_i + c^{10} - c^{10} = x_i": (1.0, 1e-8),
    r"y_i = \max(x_i + 1, x_i - 1) - 1 = x_i": (1e-6, 1e-9),
    r"y_i = \log(1 + x_i) = x_i - x_i^2/2 + x_i^3/3 - x_i^4/4 + x_i^5/5": (1e-3, 1e-9),
}


@pytest.mark.parametrize("chain", FAR)
def test_of_what_rounding_hides(chain):
    """Never equal if it is not; and never unequal if it is."""
    near, far = FAR[chain]
    given = {"c": 2} if " c" in chain or "{c}" in chain or "c^" in chain else {}
    x = np.abs(X)
    assert verdicts(chain, x=x * near, **given) == ["equal"]
    assert verdicts(chain, x=x * far, **given) == ["not known"]
    head, _, right = chain.rpartition(" = ")
    wrong = f"{head} = 1.0001 ({right})"
    assert verdicts(wrong, x=x * near, **given) == ["NOT EQUAL"]
    assert "equal" not in verdicts(wrong, x=x * far, **given)


@pytest.mark.parametrize("right", ["x", "2x", "0x", "(-x)", "x + 10^{15} - 10^{15}"])
@pytest.mark.parametrize("x", [0.01, 1.0, 3e-7])
def test_of_a_small_number_beside_a_huge_one(x, right):
    assert is_unknown(f"y = x + 10^{{15}} - 10^{{15}} = {right}", x=x)
    assert is_unknown(f"y = {right} = x + 10^{{15}} - 10^{{15}}", x=x)
    assert verdicts(f"y = x + 10^{{15}} - 10^{{15}} = 1000 + {right}", x=x) == ["NOT EQUAL"]


def test_of_a_steep_function():
    tangent = r"y = \tan x = %s"
    for right in (r"2 \tan x", r"-\tan x", r"\frac{\sin x}{\cos x}"):
        assert is_unknown(tangent % right, x=math.pi / 2)
    assert is_equal(tangent % r"\frac{\sin x}{\cos x}", x=1.5)
    assert not is_equal(tangent % r"2 \tan x", x=1.5)


def test_why_nothing_is_known_is_said():
    found = Formula("y_i = x_i + 10^{15} - 10^{15} = 2 x_i").check(x=[0.01, 3e20])
    assert "NOT EQUAL" in str(found)  # 3e20 is not 6e20
    found = Formula("y_i = x_i + 10^{15} - 10^{15} = x_i").check(x=[3e9, 0.01])
    assert not found.ok
    assert found.rows[0].place == (1,)
    assert str(found) == (
        "link 1 = link 2  not known, largest difference below 1: rounding may come to 2e+02 where "
        "much larger numbers are subtracted, or a function is steep; give numbers of another size"
    )


def test_of_a_quantity_that_is_lost_on_the_way():
    u = Formula("u = x + 10^{15} - 10^{15}", x="", u="")
    v = Formula("v = 2 u", u=u, v="")
    for right in ("x", "3x", "u"):
        (row,) = Formula(f"y = u = {right}", u=u).check(x=0.01).rows
        assert row.verdict.startswith("not known, largest difference below")
        assert "in u, rounding may come to 2e+02" in row.verdict
    assert "in u, rounding" in Formula("y = v = 4 x", v=v).check(x=0.01).rows[0].verdict
    assert Formula("y = u = x", u=u).check(x=0.01, u=0.01).ok  # given, not calculated


def test_of_what_does_not_cancel():
    assert not is_equal(r"m = \sum_i (x_i - \frac13 \sum_j x_j) = 10^{-11} + 0 \sum_i x_i", x=X)
    assert not is_equal("y_i = (1 + x_i)^2 - 1 = 2 x_i", x=X * 1e-5)
    assert not is_equal("y_i = x_i - x_i + c = 2c + 0 x_i", x=X, c=1e-12)


def test_of_a_function_far_out():
    """A number that is read is not a long sum: its sine is known, and so is its power."""
    twice = r"y = \sin x = 2 \sin \frac x2 \cos \frac x2"
    for x in (1e8, -1e8):
        assert is_equal(twice, x=x)
    for x in (1e8, -1e11, 1e13):
        assert "NOT EQUAL" not in verdicts(twice, x=x)
        assert not is_equal(r"y = \sin x = \cos x", x=x)
        assert not is_equal(r"y = \sin(-x) = \sin x", x=x)
    assert not is_equal(r"y = x^k = 1.0000001 x^k", x=1.0001, k=1e6)
    p = 1 / (1 + math.exp(-12))
    assert is_equal(r"y = \log p", p=p, y=-math.log1p(math.exp(-12)))
    p = 1 / (1 + math.exp(-25))  # known to a rounding, which is much of its logarithm
    assert is_unknown(r"y = \log p", p=p, y=-math.log1p(math.exp(-25)))


def test_of_an_extremum_only_the_winner_counts():
    x = np.array([1e-9, 3e-9])
    for head, body in (
        ("y_i", r"\min(%s x_i, 10^9)"),
        ("y_i", r"\max(%s x_i, -10^9)"),
        ("y", r"\min_j (10^9 [j = 0] + [j > 0] %s x_j)"),
        ("y", r"\max_j (-10^9 [j = 0] + [j > 0] %s x_j)"),
    ):
        assert is_equal(f"{head} = {body % 2} = {body % ''} + {body % ''}", x=x)
        assert not is_equal(f"{head} = {body % 2} = {body % ''}", x=x)
    assert is_equal(r"y = \max_i (x_i + 1) - 1 = \max_i x_i", x=x * 1e3)
    assert is_unknown(r"y = \max_i (x_i + 1) - 1 = \max_i x_i", x=x)


def test_of_nothing():
    with pytest.raises(FormulaError, match=r"nothing to compare: y has the shape \(0,\)"):
        Formula("y_i = x_i = 2 x_i").check(x=[])
    assert not is_equal(r"y = \sum_i x_i = 1 + \sum_i x_i", x=[])


@pytest.mark.parametrize("scale", [*LARGE, SMALL])
def test_of_a_result_that_is_given(scale):
    formula = Formula("y_i = c x_i")
    assert formula.check(c=scale, x=X, y=scale * X).ok
    for wrong in (
        2 * X,
        0 * X,
        X * [1, 1, 1.0001],
        X + np.array([0, 0, 1e-6]),
        X * [1, 1, math.nan],
    ):
        assert not formula.check(c=scale, x=X, y=scale * wrong).ok


def test_of_what_is_no_number():
    assert not is_equal("y_i = x_i = x_i", x=[1.0, math.nan])
    assert not is_equal("y_i = x_i - x_i = 0 x_i", x=[1.0, math.inf])
    assert not is_equal("y_i = x_i - x_i = x_i - x_i", x=[1.0, math.inf])
    assert not is_equal("y_i = x_i = -x_i", x=[math.inf])
    assert not is_equal("y_i = 1 / x_i = 0 x_i", x=[0.0])
    assert is_equal("y_i = x_i^2 = x_i x_i", x=[math.inf, 1.0])
    assert not Formula("y_i = 2 x_i").check(x=[math.nan], y=[math.nan]).ok


def test_the_difference_is_printed():
    found = Formula(r"y_i = x_i = 2 x_i").check(x=[1e-10])
    assert str(found) == "link 1 = link 2  NOT EQUAL, largest difference 1e-10"
    found = Formula(r"y_i = x_i = x_i (1 + 10^{-9})").check(x=[1.0])
    assert str(found) == "link 1 = link 2  equal, largest difference below 1e-6"
    assert "NOT EQUAL, largest difference nan" in str(
        Formula("y_i = x_i = x_i").check(x=[math.nan, 1.0])
    )


# ---- central differences ------------------------------------------------------------------------

SUM = Formula(r"a_i = c x_i^2 + \sum_j x_j", x="N", a="N", c="")
CHAIN = r"\frac{\partial E}{\partial x_n} = 2 c x_n \frac{\partial E}{\partial a_n} + \sum_i "


@pytest.mark.parametrize("scale", [1e-150, 1e-30, SMALL, 1.0, 1e10, 1e150])
def test_of_a_derivative(scale):
    right = Formula(CHAIN + r"\frac{\partial E}{\partial a_i}", a=SUM)
    wrong = Formula(CHAIN + r"1.0001 \frac{\partial E}{\partial a_i}", a=SUM)
    given = dict(x=X, c=0.5, dE_da=scale * np.array([1.0, -2.0, 0.3]))
    assert right.check(**given).ok
    assert not wrong.check(**given).ok
    assert not Formula(right.latex.replace("2 c", "c"), a=SUM).check(**given).ok


def test_of_a_derivative_that_is_small_beside_another():
    a = Formula("a_i = w_i x_i", w="N", x="N", a="N")
    head = r"\frac{\partial E}{\partial x_n} = w_n \frac{\partial E}{\partial a_n}"
    given = dict(w=[1e8, 1e-6, 0.0], x=[1.0, 1.0, 1.0], dE_da=[1.0, 1.0, 1.0])
    assert Formula(head, a=a).check(**given).ok
    assert not Formula(head + " + [n = 1] 10^{-6} + 0 x_n", a=a).check(**given).ok
    assert not Formula(head + " + [n = 2] 10^{-6} + 0 x_n", a=a).check(**given).ok
    assert not Formula(head + " [n = 0] + 0 x_n", a=a).check(**given).ok
    one = Formula(r"s = \sum_i w_i x_i", w="N", x="N", s="")
    head = r"\frac{\partial E}{\partial x_n} = w_n \frac{\partial E}{\partial s}"
    given["dE_ds"] = 1.0
    given.pop("dE_da")
    given["w"] = [1e6, 1e-3, 0.0]
    assert Formula(head, s=one).check(**given).ok
    assert not Formula(head + " + [n = 1] 10^{-4} + 0 x_n", s=one).check(**given).ok


def test_of_a_derivative_that_is_0():
    p = Formula(r"p_k = \frac{e^{x_k}}{\sum_j e^{x_j}}", x="K", p="K")
    total = Formula(r"s = \sum_k p_k", s="", p=p)
    zero = Formula(
        r"\frac{\partial E}{\partial x_n} = 0 x_n \frac{\partial E}{\partial s}", s=total
    )
    assert zero.check(x=X, dE_ds=3.0).ok
    one = Formula(zero.latex.replace("0 x_n", "10^{-9} x_n"), s=total)
    assert not one.check(x=X, dE_ds=3.0).ok


def test_of_a_derivative_that_is_no_number():
    root = Formula(r"a_i = \sqrt{x_i}", x="N", a="N")
    slope = Formula(
        r"\frac{\partial E}{\partial x_n} = \frac{1}{2 \sqrt{x_n}} \frac{\partial E}{\partial a_n}",
        a=root,
    )
    assert slope.check(x=[1e-9, 4.0, 1e9], dE_da=[1.0, 1.0, 1.0]).ok
    assert not slope.check(x=[-1.0, 4.0], dE_da=[1.0, 1.0]).ok
    assert not slope.check(x=[1.0, 4.0], dE_da=[math.nan, 1.0]).ok


BACK = r"\frac{\partial E}{\partial x_n} = \frac{\partial E}{\partial a_n} %s"
KINKS = {
    r"a_i = \max(0, x_i)": ("[x_n > 0]", [0.0, -1e-9, -1e-15]),
    r"a_i = |x_i|": (r"\mathrm{sign}(x_n)", [0.0]),
    r"a_i = \min(x_i, 1)": ("[x_n < 1]", [1.0, 1 + 1e-12]),
}


@pytest.mark.parametrize("latex", KINKS)
def test_of_a_derivative_at_a_kink(latex):
    a = Formula(latex, x="N", a="N")
    slope, places = KINKS[latex]
    for place in places:
        given = dict(x=[0.3, place], dE_da=[2.0, 3.0])
        (row,) = Formula(BACK % slope, a=a).check(**given).rows
        assert not row.ok
        assert row.verdict.startswith("not known, largest difference below")
        assert "the function has a kink there, with the slopes" in row.verdict
        assert row.place == (1,)
        (row,) = Formula(BACK % "7", a=a).check(**given).rows
        assert row.verdict.startswith("NOT EQUAL")
    for near in (1e-4, -1e-7, 1 - 1e-7):  # short steps see one side only
        given = dict(x=[0.3, near], dE_da=[2.0, 3.0])
        assert Formula(BACK % slope, a=a).check(**given).ok
        assert not Formula(BACK % f"(1 - {slope})", a=a).check(**given).ok


def test_of_a_derivative_of_a_maximum_of_equals():
    a = Formula(r"a = \max_i x_i", x="N", a="")
    back = r"\frac{\partial E}{\partial x_n} = \frac{\partial E}{\partial a}%s"
    for winner in (r"[n = \arg\max_j x_j]", r"[x_n = a] \frac12"):
        chain = Formula(back % winner, a=a)
        assert "a kink there" in str(chain.check(x=[1.0, 1.0, 0.0], dE_da=2.0))
    assert Formula(back % r"[n = \arg\max_j x_j]", a=a).check(x=[1.0, 1.1, 0.0], dE_da=2.0).ok


def test_of_how_many_elements_slopes_are_taken(monkeypatch):
    monkeypatch.setattr("cnnmath.call.check.MOST_SLOPES", 4)
    a = Formula("a_i = 3 x_i", x="N", a="N")
    back = Formula(BACK % "3", a=a)
    assert back.check(x=np.arange(4.0), dE_da=np.ones(4)).ok
    with pytest.raises(FormulaError, match=r"x has 5 elements, .* check it with at most 4"):
        back.check(x=np.arange(5.0), dE_da=np.ones(5))


@pytest.mark.parametrize("factor", ["", "2", "0"])
def test_of_a_derivative_that_rounding_hides(factor):
    for large in (10, 15, 17):
        a = Formula(f"a_i = x_i + 10^{{{large}}} - 10^{{{large}}}", x="N", a="N")
        (row,) = Formula(BACK % factor, a=a).check(x=[0.3, 0.7], dE_da=[1.0, 2.0]).rows
        assert row.verdict.startswith("not known")
    a = Formula("a_i = x_i + 10^{15}", x="N", a="N")
    (row,) = Formula(BACK % factor, a=a).check(x=[1e-3, 2e-3], dE_da=[1e-3, 1e-3]).rows
    assert row.verdict.startswith("not known")
    assert "rounding hides slopes up to" in row.verdict
    a = Formula("a_i = x_i + 10^{5} - 10^{5}", x="N", a="N")
    found = Formula(BACK % factor, a=a).check(x=[0.3, 0.7], dE_da=[1.0, 2.0])
    assert found.ok is (factor == "")


# ---- one side is known, the other is lost --------------------------------------------------------

MEAN = Formula(r"m = \frac1N \sum_i x_i", x="N", m="")


@pytest.mark.parametrize("offset", [1e7, 1e8, 1e9])
@pytest.mark.parametrize("factor", ["", "3"])
def test_a_variance_of_numbers_that_are_far_from_0(offset, factor):
    """Of the mean of squares less the square of the mean nothing is left."""
    formula = Formula(
        rf"v = \frac1N \sum_i (x_i - m)^2 = {factor}(\frac1N \sum_i x_i^2 - m^2)", x="N", m=MEAN
    )
    x = np.array([0.3, -1.2, 2.1, 0.4])
    assert formula.check(x=x).ok == (factor == "")
    (row,) = formula.check(x=x + offset).rows
    assert not row.ok and "rounding" in row.doubt


def test_a_square_beside_its_terms():
    formula = Formula("y_i = (x_i - 1)^2 = 2 x_i^2 - 4 x_i + 2", x="N")
    for distance in (1e-3, 1e-7, 1e-8):
        assert not formula.check(x=[1 + distance]).ok
    assert formula.check(x=[1.0]).ok


def test_what_is_given_for_a_0_may_be_rounded():
    formula = Formula(r"S = \sum_i (x_i - m)", x="N", m=MEAN)
    x = np.array([0.3, -1.2, 2.1, 0.45, 1 / 3])
    rounded = np.sum(x - x.mean())
    assert formula.check(x=x, S=rounded).ok and formula.check(x=x, S=0.0).ok
    assert not formula.check(x=x, S=1e-14).ok
    assert not formula.check(x=x, S=1e-9).ok


def test_what_is_too_large_for_float64():
    """e^800 is not infinite: that twice as much is called the same says nothing."""
    for latex in ("y_i = e^{x_i} = 2 e^{x_i}", "y_i = e^{x_i} = 1 / e^{-x_i}"):
        formula = Formula(latex, x="N")
        (row,) = formula.check(x=[800.0, 1.0] if "1 /" in latex else [800.0]).rows
        assert not row.ok and "too large for float64" in row.doubt
    assert Formula("y_i = e^{x_i} = 1 / e^{-x_i}", x="N").check(x=[700.0, math.inf]).ok
    assert (
        Formula(r"y_i = \frac{1}{1 + e^{-x_i}} = 1 - \frac{1}{1 + e^{x_i}}", x="N")
        .check(x=[800.0, -800.0])
        .ok
    )
