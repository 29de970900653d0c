r"""One element of a result, written out: terms, factors, places, text - and the same total."""

import numpy as np
import pytest
from authors import CASES

from cnnmath.errors import NoSuchElementError
from cnnmath.formula import Expansion, Formula

CONVOLUTION = Formula(
    r"a_{ij} = \sum_{s=0}^{1} \sum_{t=0}^{1} W_{st} x_{(i+s)(j+t)} + b", W="2 2", x="M N", b=""
)
ARRAYS = dict(x=[[1, 2, 3], [4, 5, 6]], W=[[1, 0.5], [-1, 2]], b=-3)


def test_the_terms_of_a_convolution():
    found = CONVOLUTION.expand((0, 1), **ARRAYS)
    assert isinstance(found, Expansion)
    assert (found.name, found.index, found.operation) == ("a", (0, 1), "sum")
    assert found.total == 1 * 2 + 0.5 * 3 - 1 * 5 + 2 * 6 - 3
    assert [term.value for term in found.terms] == [2, 1.5, -5, 12, -3]
    assert [term.indices for term in found.terms[:2]] == [dict(s=0, t=0), dict(s=0, t=1)]
    first, second = found.terms[1].factors
    assert (first.name, first.index, first.value, first.inside) == ("W", (0, 1), 0.5, True)
    assert (second.name, second.index, second.value) == ("x", (0, 2), 3)
    (bias,) = found.terms[-1].factors
    assert (bias.name, bias.index, bias.value) == ("b", (), -3)


def test_the_text_of_a_convolution():
    assert str(CONVOLUTION.expand((0, 1), **ARRAYS)) == (
        "a[0, 1] = W[0, 0] · x[0, 1] + W[0, 1] · x[0, 2]"
        " + W[1, 0] · x[1, 1] + W[1, 1] · x[1, 2] + b\n"
        "        = 1·2 + 0.5·3 + (−1)·5 + 2·6 + (−3)\n"
        "        = 7.5"
    )


def test_what_lies_outside_is_shown_as_a_ghost():
    formula = Formula(r"y_i = \sum_{s=-1}^{1} w_{s+1} x_{i+s}", w="3", x="N", y="N")
    found = formula.expand(0, w=[1, 10, 100], x=[5, 6])
    ghost = found.terms[0].factors[1]
    assert (ghost.name, ghost.index, ghost.inside, ghost.value) == ("x", (-1,), False, 0)
    assert [factor.inside for term in found.terms[1:] for factor in term.factors] == [True] * 4
    assert found.total == 50 + 600
    assert "x[-1]" in str(found)
    assert "1·0 + 10·5 + 100·6" in str(found)


@pytest.mark.parametrize(
    ("latex", "arrays", "index", "text"),
    [
        ("y_i = 2 x_i - w_i", dict(x=[1], w=[3]), 0, "2 · x[0] − w[0]|2·1 − 3|−1"),
        ("y_i = -x_i", dict(x=[1]), 0, "−x[0]|−1|−1"),
        (r"y = \max_i x_i", dict(x=[1, 7]), (), "max(x[0], x[1])|max(1, 7)|7"),
        (r"y_i = \max(0, x_i)", dict(x=[-2]), 0, "max(0, x[0])|max(0, (−2))|0"),
        (r"y = \prod_i x_i", dict(x=[2, 3]), (), "x[0] · x[1]|2 · 3|6"),
        (r"y_i = \frac{x_i}{2}", dict(x=[3]), 0, "x[0]/2|1.5|1.5"),
        (r"y = \sum_i x_i^2", dict(x=[3, 4]), (), "x[0]^2 + x[1]^2|9 + 16|25"),
        (
            r"y = \frac12 \sum_i x_i",
            dict(x=[3, 4]),
            (),
            "1/2 · x[0] + 1/2 · x[1]|0.5·3 + 0.5·4|3.5",
        ),
        (r"y = \sum_{i=0}^{-1} x_i", dict(x=[3.0]), (), "0|0|0"),
        (r"y_i = e^{x_i - 1}", dict(x=[1]), 0, "exp((x[0] − 1))|1|1"),
        (r"y_i = f(x_i)", dict(x=[4], f=np.sqrt), 0, "f(x[0])|2|2"),
        (r"y_i = \sum_j [j = i] x_j", dict(x=[4, 5]), 1, "x[1]|5|5"),
        (r"y = \log \sum_i x_i", dict(x=[0.5, 0.5]), (), "log((x[0] + x[1]))|0|0"),
    ],
)
def test_text(latex, arrays, index, text):
    shapes = {"y": "2"} if "[j = i]" in latex else {}
    lines = str(Formula(latex, **shapes).expand(index, **arrays)).split("\n")
    assert [line.partition(" = ")[2].strip() for line in lines] == text.split("|")


def test_an_element_of_a_maximum_lists_those_that_compete():
    formula = Formula(r"y_i = \max_{-1 \le s \le 1} x_{i+s}", x="N", y="N")
    found = formula.expand(0, x=[-4.0, -2.0])
    assert found.operation == "max"
    assert [term.value for term in found.terms] == [-4, -2]
    assert found.total == -2


def test_of_several_numbers_one_of_which_is_none():
    x = [1.0, np.nan, 3.0]
    for latex, expected in [
        (r"y = \max_i x_i", np.nan),
        (r"y = \max(x_0, x_1)", np.nan),
        (r"y = \arg\max_i x_i", 1),
        (r"y = \sum_i x_i", np.nan),
    ]:
        formula = Formula(latex, x="N")
        np.testing.assert_equal(formula.expand(x=x).total, expected)
        np.testing.assert_equal(float(formula(x=x)), expected)


@pytest.mark.parametrize("x", [0.0, 1e-308, 1e308, -1e308, np.inf, -np.inf, np.nan])
@pytest.mark.parametrize(
    "right", ["x + x", "x - x", "1/x - 1/x", "x x", r"e^x - e^x", "x^3", r"\sum_{i=0}^{2} i x"]
)
def test_numbers_beyond_all_bounds(x, right):
    formula = Formula(f"y = {right}")
    np.testing.assert_equal(formula.expand(x=x).total, float(formula(x=x)))


def test_sums_of_products_that_meet_infinity():
    formula = Formula(r"y_i = \sum_{j,k} u_i v_j w_k")
    arrays = dict(u=[1.0, 0.0], v=[0.0, 1.0], w=[np.inf, 1.0])
    expected = [formula.expand(i, **arrays).total for i in range(2)]
    np.testing.assert_equal(formula(**arrays), expected)
    np.testing.assert_equal(formula(u=[1.0, 0.0], v=[2.0, 1.0], w=[np.inf, 1.0]), [np.inf, np.nan])


def test_ties_go_to_the_first():
    assert Formula(r"y = \arg\max_i x_i").expand(x=[1, 3, 3]).total == 1
    assert Formula(r"y = \arg\min_{0 \le i,j < 2} x_{ij}").expand(x=[[4, 3], [3, 3]]).total == 1


def test_what_an_expression_reads_is_listed_with_it():
    formula = Formula(r"p_i = \frac{e^{a_i}}{\sum_j e^{a_j}}")
    (factor,) = formula.expand(1, a=[0.0, 1.0]).terms[0].factors
    assert {(read.name, read.index) for read in factor.reads} == {("a", (0,)), ("a", (1,))}


def test_an_element_that_a_condition_keeps_us_from_reading_is_not_listed():
    formula = Formula(r"y_i = \exp([i \bmod 2 = 0] x_{i/2})", x="M", y="4")
    reads = [formula.expand(k, x=[1.0, 2.0]).terms[0].factors[0].reads for k in range(3)]
    assert [[(r.name, r.index) for r in found] for found in reads] == [
        [("x", (0,))], [], [("x", (1,))],
    ]  # fmt: skip
    assert str(formula.expand(1, x=[1.0, 2.0])).startswith("y[1] = exp(0 · x[…])")


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"y_i = \max([i>0] x_{i/i-1}, -9)", "max(0, −9)"),
        (r"y_i = \max_{s \in \{0, 1\}} [i>0] x_{i/i-1+s}", "max(0, 0)"),
        (r"y_i = \prod_{s=0}^{1} [i>0] x_{i/i-1+s}", "0 · 0"),
        (r"y_i = \min(-[i>0] x_{i/i-1}, 9)", "min(−0, 9)"),
    ],
)
def test_where_a_condition_fails_the_term_is_0(latex, text):
    formula, x = Formula(latex, x="M", y="N"), np.array([5.0, 6.0])
    value = formula(x=x, N=2)
    for i in (0, 1):
        found = formula.expand(i, x=x, N=2)
        assert found.total == value[i]
    assert str(formula.expand(0, x=x, N=2)).startswith(f"y[0] = {text}\n")


def test_of_a_formula_without_indices():
    found = Formula("y = c x^2").expand((1, 0), x=[[1, 2], [3, 4]], c=10)
    assert found.total == 90
    assert Formula("y = c x").expand(c=2, x=3).total == 6


def test_a_compound_left_side_finds_the_indices_that_reach_a_place():
    formula = Formula(r"y_{2i+s} = x_i + 10 s, \quad 0 \le s < 2", x="N", y="5")
    values = [formula.expand(k, x=[1.0, 2.0]).total for k in range(5)]
    assert values == formula(x=[1.0, 2.0]).tolist() == [1, 11, 2, 12, 0]
    assert formula.expand(4, x=[1.0, 2.0]).terms == ()


def test_a_condition_behind_the_formula_leaves_no_terms():
    formula = Formula(r"y_i = x_i, \quad 1 \le i", x="N", y="N")
    assert formula.expand(0, x=[5.0, 6.0]).terms == ()
    assert formula.expand(1, x=[5.0, 6.0]).total == 6


def test_places_count_from_0_whatever_the_origin():
    found = Formula(r"y_i = \sum_{j=1}^{2} A_{ij}", origin=1).expand(1, A=[[1, 2], [3, 4]])
    assert [term.factors[0].index for term in found.terms] == [(1, 0), (1, 1)]
    assert found.terms[0].indices == {"j": 1}
    assert found.total == 7


# ---- two evaluators, one value ----------------------------------------------------------------


@pytest.mark.sweep
@pytest.mark.parametrize("case", CASES, ids=[case.source for case in CASES])
def test_term_by_term_is_the_same_as_vectorised(case):
    formula = Formula(case.latex, **case.shapes)
    value = formula(**case.arrays)
    places = list(np.ndindex(value.shape))
    for place in places[:: max(1, len(places) // 3)]:
        found = formula.expand(place, **case.arrays)
        assert found.total == pytest.approx(value[place], rel=1e-10, abs=1e-12)
        combine = {"sum": np.sum, "prod": np.prod, "max": np.max, "min": np.min}[found.operation]
        terms = combine([term.value for term in found.terms]) if found.terms else 0
        assert terms == pytest.approx(found.total, rel=1e-10, abs=1e-12)
        for term in found.terms:
            product = np.prod([factor.value for factor in term.factors])
            assert term.value == pytest.approx(-product if term.negative else product)
        assert str(found)


def test_a_product_within_a_term_is_written_as_one():
    formula = Formula(r"y_k = \sum_i x_i \prod_{u=0}^{k-1} z_u", x="N", z="M", y="M")
    x, z = [2, 3], [5, 7, 11]
    assert str(formula.expand(0, x=x, z=z)).startswith("y[0] = x[0] · (1) + x[1] · (1)")
    found = str(formula.expand(2, x=x, z=z))
    assert found.startswith("y[2] = x[0] · (z[0] · z[1]) + x[1] · (z[0] · z[1])")


def test_a_large_array_as_a_place_is_refused_and_not_written_out():
    with pytest.raises(NoSuchElementError, match=r"got an array of shape \(2, 2, 2\)"):
        Formula("y_i = x_i").expand(np.ones((2, 2, 2)), x=[1.0, 2.0])
