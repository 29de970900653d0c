r"""What formulas mean: their values on small numbers, worked out by hand or by plain loops."""

import itertools
import json
import math
import sys
import tracemalloc
from collections import Counter

import numpy as np
import pytest

from cnnmath.errors import ArrayValueError, ShapeError
from cnnmath.formula import Formula

X = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
A = np.arange(12.0).reshape(3, 4)


def value(latex, shapes=None, **arrays):
    """The value of a formula, as nested lists."""
    return Formula(latex, **(shapes or {}))(**arrays).tolist()


def given(latex, **arrays):
    """Those of some arrays that a formula reads."""
    return {name: array for name, array in arrays.items() if name in Formula(latex).names}


# ---- the convolution of the book ----------------------------------------------------------------

CONVOLUTION = Formula(
    r"a^{(k)}_{ij} = \sum_{s=0}^{m-1} \sum_{t=0}^{n-1} W^{(k)}_{st}\, x_{(i+s)(j+t)} + b^{(k)}",
    x="M N",
    W="K m n",
    b="K",
    a="K M-m+1 N-n+1",
)


def convolution_by_loops(x, W, b):
    K, m, n = W.shape
    a = np.zeros((K, x.shape[0] - m + 1, x.shape[1] - n + 1))
    for k, i, j in np.ndindex(a.shape):
        a[k, i, j] = b[k]
        for s, t in np.ndindex(m, n):
            a[k, i, j] += W[k, s, t] * x[i + s, j + t]
    return a


def test_a_convolution_is_the_loops_it_stands_for():
    rng = np.random.default_rng(0)
    x, W, b = rng.normal(size=(5, 6)), rng.normal(size=(4, 2, 3)), rng.normal(size=4)
    a = CONVOLUTION(x=x, W=W, b=b)
    assert a.dtype == np.float64
    np.testing.assert_allclose(a, convolution_by_loops(x, W, b), rtol=1e-13)


def test_a_convolution_by_hand():
    # 1·1 + 2·2 + 3·4 + 4·5 = 37 in the corner; one step to the right 1·2 + 2·3 + 3·5 + 4·6 = 47
    x = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    a = CONVOLUTION(x=x, W=[[[1, 2], [3, 4]]], b=[0.5])
    assert a.tolist() == [[[37.5, 47.5], [67.5, 77.5]]]


def test_a_formula_says_what_it_is_made_of():
    assert CONVOLUTION.result == CONVOLUTION.name == "a"
    assert CONVOLUTION.names == ("W", "x", "b")
    assert set(CONVOLUTION.sizes) == {"M", "N", "K", "m", "n"}
    assert CONVOLUTION.free == ("k", "i", "j")


# ---- names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latex", "name"),
    [
        (r"\alpha", "alpha"),
        ("α", "alpha"),
        (r"\varepsilon", "epsilon"),
        (r"\hat x", "x_hat"),
        (r"\widehat{x}", "x_hat"),
        (r"\bar{\mathbf{y}}", "y_bar"),
        (r"\tilde\mu", "mu_tilde"),
        ("x'", "x_prime"),
        ("x^+", "x_plus"),
        ("x_{-}", "x_minus"),
        ("x''", "x_prime_prime"),
        (r"\hat{x}'", "x_hat_prime"),
        (r"s^*", "s_star"),
        (r"\mathbf{X}", "X"),
        (r"\mathsf X", "X"),
        (r"\boldsymbol{\theta}", "theta"),
        (r"\mathrm{out}", "out"),
        (r"\text{bias}", "bias"),
        (r"\mathcal{L}", "L"),
        (r"C_{\mathrm{in}}", "C_in"),
        (r"\mu_{\mathcal B}", "mu_B"),
        (r"\eta_{\max}", "eta_max"),
        ("d_k", "d_k"),
        ("w_1", "w_1"),
        ("w_{12}", "w_12"),
        ("W_{if}", "W_if"),
        (r"\ell", "ell"),
        (r"\frac{\partial E}{\partial w}", "dE_dw"),
        (r"\frac{dE}{dw}", "dE_dw"),
        (r"\partial E / \partial w", "dE_dw"),
    ],
)
def test_the_keyword_name_of_a_symbol(latex, name):
    formula = Formula(f"y = 2 {latex}")
    assert formula.names == (name,)
    assert formula(**{name: 3}).tolist() == 6


def test_a_word_below_what_is_defined():
    size = Formula(r"H_{out} = \frac{H_{in} + 2P - k}{S} + 1")
    assert (size.result, size.free) == ("H_out", ())
    assert size(H_in=7, P=1, k=3, S=2) == 4
    assert Formula(r"y_{abc} = 2 \cdot x_{abc}").free == ("a", "b", "c")
    assert Formula(r"x_{new} = x - 2 g").result == "x_new"
    assert Formula(r"y_{abc} = x_{abc}").free == ("a", "b", "c")


def test_names_that_python_keeps_for_itself():
    formula = Formula(r"y = \lambda x", lambda_="")
    assert formula.names == ("lambda", "x")
    assert formula(lambda_=2, x=3) == formula(**{"lambda": 2, "x": 3}) == 6


def test_two_variants_of_a_letter_in_one_formula_are_two_names():
    assert Formula(r"y = \epsilon + 2 \varepsilon").names == ("epsilon", "varepsilon")


def test_letters_that_spell_a_declared_name_are_that_name():
    assert value(r"y_i = x_{i stride}", dict(x="N", stride=""), x=X, stride=2) == [1, 3, 5]
    assert value(r"y = kH", dict(kH=""), kH=7) == 7
    assert value(r"y = kH", k=2, H=3) == 6


def test_e_and_pi_are_numbers_unless_they_are_given_a_meaning():
    assert value(r"y = e^{x} \pi", x=1.0) == pytest.approx(math.e * math.pi)
    assert value(r"y_i = e_i", e=X) == X.tolist()
    assert value(r"y = 2 e", dict(e=""), e=4) == 8


# ---- indices ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latex", "shapes", "expected"),
    [
        ("y = A_{12}", "3 4", 6),
        ("y = A_{1,2}", "3 4", 6),
        ("y = A_{1 2}", "3 4", 6),
        ("y = A(1, 2)", "3 4", 6),
        ("y = A[1, 2]", "3 4", 6),
        ("y = A[1][2]", "3 4", 6),
        ("y = [A]_{12}", "3 4", 6),
        (r"y = (\mathbf A)_{12}", "3 4", 6),
        ("y = A^{(1)}_2", "3 4", 6),
        ("y = A^{(1,2)}", "3 4", 6),
        ("y = A^1_2", "3 4", 6),
        ("y = A_2^1", "3 4", 6),
        ("y = A_{(1)(2)}", "3 4", 6),
        ("y = A_{12}^2", "3 4", 36),
        ("y = (A_{12})^2", "3 4", 36),
        ("y = A(1, 2)^2", "3 4", 36),
        ("y = A^{T}_{21}", "3 4", 6),
        (r"y = A^\top_{21}", "3 4", 6),
        (r"y_i = A_{i2}", "3 4", [2, 6, 10]),
        ("y_i = A_{ii}", "3 4", [0, 5, 10]),
        ("y_{ij} = A_{ij+1}", "3 4", A[:, 1:].tolist()),
        ("y_{ij} = A_{i+1j}", "3 4", A[1:].tolist()),
        ("y_i = A_{2i,3i}", "3 4", [0, 11]),
        ("y_i = A_{i, 2i+1}", "3 4", [1, 7]),
        ("y_i = A_{i}^{(1)}", "3 4", [4, 5, 6, 7]),
    ],
)
def test_how_many_indices_a_symbol_has_follows_from_its_axes(latex, shapes, expected):
    assert value(latex, dict(A=shapes), A=A) == expected


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        ("y = x_{12}", 12),
        (r"y_i = x_{2i}", [0, 2, 4, 6, 8, 10, 12]),
        (r"y_i = x_i^2", [i * i for i in range(13)]),
        (r"y_i = x^2_i", [i * i for i in range(13)]),
        (r"y_i = {x_i}^2", [i * i for i in range(13)]),
        (r"y_i = x_{5-i}", [5, 4, 3, 2, 1, 0]),
    ],
)
def test_of_an_array_with_one_axis(latex, expected):
    assert value(latex, dict(x="N"), x=np.arange(13.0)) == expected


def test_a_bare_superscript_is_an_index_where_there_is_an_axis_to_spare():
    w, a = np.arange(24.0).reshape(2, 3, 4), np.ones((2, 4))
    z = Formula(r"z^l_j = \sum_k w^l_{jk} a^l_k", w="L J K", a="L K")(w=w, a=a)
    np.testing.assert_array_equal(z, w.sum(2))
    layer = Formula(r"z_j = \sum_k w^l_{jk}", w="L J K")  # nothing binds l: the caller gives it
    np.testing.assert_array_equal(layer(w=w, l=1), w[1].sum(1))
    mixed = Formula(r"y_i = x^{(c)}_i + x^c_i")  # as sloppy authors mix them
    np.testing.assert_array_equal(mixed(x=A, c=2), 2 * A[2])


def test_an_integer_array_as_an_index():
    assert value("y_i = x_{p_i}", x=X, p=[4, 0, 0]) == [5, 1, 1]
    assert value("y_i = [p_i < 5] x_{p_i}", x=X, p=[4, 9]) == [5, 0]
    assert value("y_i = A_{i, p_i}", A=A, p=[3, 0, 1]) == [3, 4, 9]
    assert value(r"y_i = x_{p(i)}", dict(p="N"), x=X, p=[4, 0, 0]) == [5, 1, 1]
    assert value(r"y_i = A_{ip(i)}", dict(p="N", A="m n"), A=A, p=[3, 0, 1]) == [3, 4, 9]


def test_an_index_is_a_number_too():
    assert value("y_i = i x_i", x=X) == [0, 2, 6, 12, 20]
    assert value("y_i = i x_i", dict(origin=1), x=X) == [1, 4, 9, 16, 25]


def test_primes_tell_indices_apart():
    assert value(r"y_r = \sum_{r'} A_{rr'}", A=A) == [6, 22, 38]


def test_kronecker_delta():
    assert value(r"y_{ij} = \delta_{ij}", dict(y="2 2")) == [[1, 0], [0, 1]]
    assert value(r"y_{ij} = \delta_{i,j+1} x_i", dict(y="2 2", x="N"), x=X) == [[0, 0], [2, 0]]
    assert value(r"y_i = \delta_{ij}", dict(delta="3 4"), delta=A, j=2) == [2, 6, 10]


# ---- how far indices run ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        ("y_i = x_i", [1, 2, 3, 4, 5]),
        ("y_i = x_{i+2}", [3, 4, 5]),
        ("y_i = x_i + x_{i+1}", [3, 5, 7, 9]),
        ("y_i = x_{2i+1}", [2, 4]),
        (r"y_i = \sum_{s=0}^{2} x_{i+s}", [6, 9, 12]),
        (r"y_i = x_{\lfloor i/2 \rfloor}", [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]),
        (r"y_i = x_i, \quad i = 0, \dots, 2", [1, 2, 3]),
        (r"y_i = x_i \quad (0 \le i < 2)", [1, 2]),
        (r"y_i = x_{i-1}, \quad 1 \le i \le 5", [0, 1, 2, 3, 4, 5]),
        (r"y_i = x_i \text{ for } i \in \{1, \dots, 3\}", [0, 2, 3, 4]),
    ],
)
def test_a_free_index_runs_as_far_as_its_reads_or_as_the_formula_says(latex, expected):
    assert value(latex, x=X) == expected


def test_where_a_shape_is_declared_what_lies_outside_reads_as_0():
    assert value("y_i = x_{i-1} + x_{i+1}", dict(x="N", y="N"), x=X) == [2, 4, 6, 8, 4]
    assert value("y_i = x_{i+3}", dict(x="N", y="3"), x=X) == [4, 5, 0]


def test_an_array_too_short_for_its_window_gives_an_empty_result():
    assert Formula(r"y_i = \sum_{s=0}^{2} x_{i+s}")(x=[1.0]).shape == (0,)
    assert CONVOLUTION(x=np.ones((2, 3)), W=np.ones((1, 3, 2)), b=[0]).shape == (1, 0, 2)


def test_sizes_follow_from_shapes_by_arithmetic():
    # a is 24 wide and M is 28, so m is 5
    formula = Formula(r"y = \sum_{i=0}^{m-1} i + \sum_j x_j + \sum_k a_k", x="M", a="M-m+1")
    assert formula(x=np.zeros(28), a=np.zeros(24)) == 0 + 1 + 2 + 3 + 4
    pooled = Formula(r"a_i = \max_{0 \le s < l} x_{iq+s}", x="M", a="(M-l)//q+1")
    assert pooled(x=X, l=2, q=2).tolist() == [2, 4]


def test_a_size_may_be_declared_as_a_number():
    formula = Formula(r"y_i = \frac1k \sum_{s<k} x_{i+s}", x="N", y="N-k+1", k="")
    assert formula(x=X, k=2).tolist() == [1.5, 2.5, 3.5, 4.5]


def test_an_origin_of_1_and_of_one_array():
    assert value(r"y_i = \sum_{j=1}^{n} A_{ij}", dict(A="m n", origin=1), A=A) == [6, 22, 38]
    smooth = Formula(r"y_i = \sum_{s=-1}^{1} w_s x_{i+s}", x="N", y="N", origin={"w": -1})
    assert smooth(x=X, w=[1, 10, 100]).tolist() == [210, 321, 432, 543, 54]


# ---- sums ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"S = \sum_i x_i", 15),
        (r"S = \sum_{i=0}^{2} x_i", 6),
        (r"S = \sum_{i=1} x_i", 14),
        (r"S = \sum_i^2 x_i", 6),
        (r"S = \sum_{0 \le i < 3} x_i", 6),
        (r"S = \sum_{i < 3} x_i", 6),
        (r"S = \sum_{i \ge 3} x_i", 9),
        (r"S = \sum_{3 > i \geq 1} x_i", 5),
        (r"S = \sum_{i = 0, 1, \dots, 3} x_i", 10),
        (r"S = \sum_{i \in \{0, \ldots, 3\}} x_i", 10),
        (r"S = \sum_{i \in \{0, 3, 4\}} x_i", 10),
        (r"S = \sum_{i \in [0, 3)} x_i", 6),
        (r"S = \sum_{i \in [3]} x_i", 6),
        (r"S = \sum_{i \in \mathbb{Z}} x_i", 15),
        (r"S = \sum_{i=-\infty}^{\infty} x_i", 15),
        (r"S = \sum_{i = 2}^{1} x_i", 0),
        (r"S = x_0 \sum_{i=0}^{2} 2", 6),
        (r"S = \sum_{0 \le i \le 2.5} x_i", 6),
        (r"S = \sum_{i < 5/2} x_i", 6),
        (r"S = \sum_{5/2 < i} x_i", 9),
        (r"S = \sum_{i \in [0, 5/2)} x_i", 6),
        (r"S = \sum_{0 \le i \le 5/2} x_i", 6),
        (r"S = \sum_{i \ne 2} x_i", 12),
        (r"S = \sum_{i : i \ne 2} x_i", 12),
        (r"S = \sum_{\substack{0 \le i < 4 \\ i \ne 2}} x_i", 7),
        (r"S = \sum_{i: x_i > 2} x_i", 12),
        (r"S = \sum_{|i - 2| \le 1} x_i", 9),
        (r"S = \sum_{i+j=3} x_i x_j", 2 * (1 * 4 + 2 * 3)),
        (r"S = \sum_{i<j} x_i x_j", (15**2 - 55) / 2),
        (r"S = \sum_{3 \ge i} x_i", 10),
        (r"S = \sum_{0 \le i < 4, i = 2} x_i", 3),
        (r"S = \sum_{0 \le i < 3, i+1 < N-i} \sum_{j=0}^{N-1} x_i x_j", 45),
        (r"S = \sum_{i:\, x_i < N - 1} x_i", 6),
        (r"S = \sum_{0 \le i < j \le 2} x_i x_j", 2 + 3 + 6),
        (r"S = \sum_i \sum_{j=0}^{i} x_i x_j", (15**2 + 55) / 2),
        (r"S = \sum_{i} \sum_{j \le i} x_i x_j", (15**2 + 55) / 2),
        (r"S = \sum_{i=0,j=0}^{1,2} x_i x_j", 3 * 6),
        (r"S = \sum_{i,j=0}^{1} x_i x_j", 9),
        (r"S = \sum_{0 \le i,j < 2} x_i x_j", 9),
        (r"S = \sum_{i < 2, j < 2} x_i x_j", 9),
        (r"S = \sum_i x_i \sum_i x_i", 225),
        (r"S = \sum_i x_i / \sum_i x_i", 1),
        (r"S = \sum_i x_i + 1", 16),
        (r"S = \sum_i x_i \cdot 2 - 1", 29),
        (r"S = 2 \sum_i (x_i + 1)", 40),
        (r"S = \prod_i x_i", 120),
        (r"S = \prod_{i=0}^{2} (1 + x_i)", 24),
        (r"S = \prod_{i = 2}^{1} x_i", 1),
        (r"S = -\sum_i^1 x_i", -3),
        (r"S = \frac12 \sum_i x_i", 7.5),
        (r"S = 1/2 \sum_i x_i", 7.5),
        (r"S = \sum_i \frac{x_i}{2}", 7.5),
        (r"S = ∑_{i ≤ 2} x_i", 6),
    ],
)
def test_sums(latex, expected):
    assert value(latex, dict(x="N"), x=X) == expected


def test_a_letter_that_has_a_value_is_not_bound_anew():
    y = Formula(r"y_u = \sum_{s,t:\, u = s+t} x_s w_t", x="N", w="m", y="N+m-1")
    assert y(x=[1.0, 2.0], w=[1.0, 10.0]).tolist() == [1, 12, 20]


def test_a_letter_that_is_compared_with_an_element_is_a_number():
    assert value(r"S = \sum_{0 \le i < n, x_i < c} x_i", x=X, n=5, c=3.5) == 6
    assert value(r"S = \sum_{x_i < c} x_i", dict(x="N"), x=X, c=3.5) == 6


def test_a_sum_in_two_infinite_directions():
    x, h = np.arange(6.0).reshape(2, 3), np.array([[1.0, 10.0], [100.0, 1000.0]])
    y = Formula(
        r"y_{ij} = \sum_{s=-\infty}^\infty \sum_{t=-\infty}^\infty x_{st} h_{i-s,j-t}",
        x="M N", h="m n", y="M+m-1 N+n-1",
    )(x=x, h=h)  # fmt: skip
    expected = np.zeros((3, 4))
    for s, t, u, v in np.ndindex(2, 3, 2, 2):
        expected[s + u, t + v] += x[s, t] * h[u, v]
    np.testing.assert_array_equal(y, expected)


def test_an_index_without_bounds_runs_along_the_axis_that_it_indexes():
    assert value(r"y_i = \sum_j A_{ij}", A=A) == [6, 22, 38]
    assert value(r"y_j = \sum_i A_{ij}", A=A) == [12, 15, 18, 21]
    assert value(r"E = \sum_{i,j} A_{ij}", A=A) == 66
    assert value(r"E = \sum_{ij} A_{ij}", A=A) == 66


# ---- maxima -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"y = \max_i x_i", 9),
        (r"y = \min_i x_i", -2),
        (r"y = \max x", 9),
        (r"y = \max(x)", 9),
        (r"y = \arg\max_i x_i", 3),
        (r"y = \operatorname{argmin}_i x_i", 1),
        (r"y = \operatorname*{arg\,max}_{i} x_i", 3),
        (r"y = \max_{i \ne 3} x_i", 4),
        (r"y = \underset{i < 2}{\max} x_i", 4),
        (r"y = \max(x_0, x_1, 5)", 5),
        (r"y = \min\{x_0, x_1\}", -2),
        (r"y = \max_i (x_i - 1)", 8),
        (r"y = \max_i x_i (-1)", 2),
        (r"y = \max_i x_i / \min_i x_i", -4.5),
        (r"y = \max_i x_i - 1", 8),
        (r"y_i = \max(0, x_i)", [4, 0, 3, 9]),
        (r"y_i = \max_{-1 \le s \le 1} x_{i+s}", [4, 4, 9, 9]),
        (r"y_i = \min_{s=0}^{1} x_{i+s}", [-2, -2, 3, 9]),
        (r"y_i = \max(x_{i-1}, x_{i+1})", [-2, 4, 9, 3]),
        (r"y_i = \arg\max_{-1 \le s \le 1} x_{i+s}", [0, -1, 1, 0]),
    ],
)
def test_maxima_leave_out_what_lies_outside(latex, expected):
    shapes = dict(x="N", y="N") if "y_i" in latex else dict(x="N")
    assert value(latex, shapes, x=[4.0, -2.0, 3.0, 9.0]) == expected


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"y_i = x_i \max_{0 \le s < 3} c", [8, -4, 6]),
        (r"y_i = x_i + \prod_{s=0}^{2} c", [12, 6, 11]),
        (r"y_i = x_i + \arg\max_{0 \le s < 3} c", [4, -2, 3]),
    ],
)
def test_terms_that_are_all_one_number_are_taken_for_each_element(latex, expected):
    assert value(latex, dict(x="N", c=""), x=[4.0, -2.0, 3.0], c=2) == expected


def test_ties_go_to_the_first_in_row_major_order():
    x = [[1.0, 7.0, 7.0], [7.0, 0.0, 1.0]]
    assert value(r"y = \arg\max_{i \in [2], j \in [3]} x_{ij}", x=x) == 1
    assert value(r"y_i = \arg\max_j x_{ij}", x=x) == [1, 0]


def test_max_pooling_of_negative_numbers():
    pool = Formula(r"a_{ij} = \max_{0 \le s,t < l} x_{(iq+s)(jq+t)}", x="M N")
    assert pool(x=[[-1, -2], [-3, -4]], l=2, q=1).tolist() == [[-1]]
    assert pool(x=np.arange(16).reshape(4, 4), l=2, q=2).tolist() == [[5, 7], [13, 15]]


# ---- conditions ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        ("y_i = [x_i > 2]", [0, 0, 1, 1, 1]),
        ("y_i = [1 < x_i < 4] x_i", [0, 2, 3, 0, 0]),
        (r"y_i = [x_i \ge 2 \land x_i \ne 4]", [0, 1, 1, 0, 1]),
        (r"y_i = [x_i < 2 \text{ or } x_i = 5]", [1, 0, 0, 0, 1]),
        (r"y_i = [x_i \in \{1, 4\}]", [1, 0, 0, 1, 0]),
        (r"y_i = [x_i \notin \{1, 4\}]", [0, 1, 1, 0, 1]),
        (r"y_i = \mathbb{1}[x_i > 3]", [0, 0, 0, 1, 1]),
        (r"y_i = \mathbb{1}_{x_i > 3}", [0, 0, 0, 1, 1]),
        (r"y_i = \mathbf{1}_{\{x_i > 3\}} + 1_{x_i = 1}", [1, 0, 0, 1, 1]),
        (r"y_i = \mathbb{I}(x_i > 3)", [0, 0, 0, 1, 1]),
        (r"y_i = I(x_i > 3)", [0, 0, 0, 1, 1]),
        (r"y_i = 1\{x_i = i + 1\}", [1, 1, 1, 1, 1]),
        (r"y_i = \llbracket x_i > 3 \rrbracket", [0, 0, 0, 1, 1]),
        (r"y_i = [i \bmod 2 = 0]", [1, 0, 1, 0, 1]),
        (r"y_i = \begin{cases} x_i & i < 2 \\ 0 & \text{otherwise} \end{cases}", [1, 2, 0, 0, 0]),
        (r"y_i = \begin{cases} 1, & \text{if } i = 0, \\ x_{i-1} & \text{else.}\end{cases}",
         [1, 1, 2, 3, 4]),
        (r"y_i = \left\{ \begin{array}{ll} 7 & \mbox{if $i = 1$} \\ 8 & \mbox{otherwise}"
         r"\end{array} \right.", [8, 7, 8, 8, 8]),
        (r"y_i = \begin{cases} 1 & i > 0 \\ 2 & i > 1 \\ 3 & \text{otherwise} \end{cases}",
         [3, 1, 1, 1, 1]),
    ],
)  # fmt: skip
def test_conditions(latex, expected):
    assert Formula(latex, y="N")(N=5, **given(latex, x=X)).tolist() == expected


def test_what_a_condition_excludes_is_not_looked_at():
    # Between the whole numbers there is no element of x; the condition keeps us from reading it.
    shapes = dict(x="M", y="4")
    for latex in (
        r"y_i = [i \bmod 2 = 0]\, x_{i/2}",
        r"y_i = \begin{cases} x_{i/2} & i \bmod 2 = 0 \\ 0 & \text{otherwise} \end{cases}",
        r"y_i = \sum_{j=i}^{i} [i \bmod 2 = 0] x_{j/2}",
        r"y_i = \sum_{j: 2j = i} x_j",
    ):
        assert value(latex, shapes, x=[1.0, 2.0]) == [1, 0, 2, 0]
        formula = Formula(latex, **shapes)
        assert [formula.expand(k, x=[1.0, 2.0]).total for k in range(4)] == [1, 0, 2, 0]
    assert value(r"y_i = [x_i > 0] \log x_i", dict(x="N"), x=[1.0, 0.0, -1.0]) == [0, 0, 0]


# ---- functions and arithmetic -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"y = \log_2 x", 3),
        (r"y = \ln e^x", 8),
        (r"y = \lg (100 x / 8)", 2),
        (r"y = \sin^2 x + \cos^2 x", 1),
        (r"y = \sin^2(x) + \cos(x)^2", 1),
        (r"y = \sqrt{2x}", 4),
        (r"y = \sqrt[3]{x}", 2),
        (r"y = \sqrt2x", 8 * math.sqrt(2)),
        (r"y = |x - 9|", 1),
        (r"y = |1 - |x - 9| - 3|", 3),
        (r"y = |-x| |-2|", 16),
        (r"y = \left| \lvert -x \rvert - 9 \right|", 1),
        (r"y = \lfloor x / 3 \rfloor", 2),
        (r"y = \left\lceil \frac{x}{3} \right\rceil", 3),
        (r"y = x \bmod 3", 2),
        (r"y = (-x) \bmod 3", 1),
        (r"y = x \% 3", 2),
        (r"y = x / 2 / 2", 2),
        (r"y = x / 2 \cdot 3", 12),
        (r"y = \frac12x", 4),
        (r"y = \frac123", 1.5),
        (r"y = \frac{1}23", 1.5),
        (r"y = \frac1{16}x", 0.5),
        (r"y = \tfrac x2", 4),
        (r"y = -x^2", -64),
        (r"y = (-x)^2", 64),
        (r"y = 2^{-1} x", 4),
        (r"y = x^22", 128),
        (r"y = x^{22}", 8.0**22),
        (r"y = 2 \times 3 \cdot x", 48),
        (r"y = 2(x+1)", 18),
        (r"y = [x+1] \{z - 1\}", 9),
        (r"y = .5x", 4),
        (r"y = \max(1, 2) \min(3, x)", 6),
        (r"y = \tanh(0) + \exp(0)", 1),
        (r"y = \operatorname{ReLU}(x - 9) + \text{ReLU}(x)", 8),
        (r"y = \mathrm{sigmoid}(0)", 0.5),
        (r"y = \mathrm{sgn}(-x)", -1),
        (r"y = \log z (x - 7)", math.log(2)),
        (r"y = \log z x", math.log(16)),
        (r"y = x − 1 ⋅ z", 6),
        (r"y = 0 x + 1 z", 2),
    ],
)
def test_arithmetic(latex, expected):
    assert value(latex, **given(latex, x=8.0, z=2.0)) == pytest.approx(expected)


def test_a_function_of_the_caller():
    assert value(r"y_i = f(x_i)", x=X, f=np.square) == [1, 4, 9, 16, 25]
    assert value(r"y_i = f(x_i)", x=X, f=math.sqrt) == np.sqrt(X).tolist()  # takes one number
    assert value(r"y_i = f(x_i, 2)", x=X, f=lambda u, v: u**v) == [1, 4, 9, 16, 25]
    assert value(r"y_i = f'(x_i)", x=X, f_prime=np.cos) == np.cos(X).tolist()
    assert value(r"y_i = f(x_i)", dict(f=np.square), x=X) == [1, 4, 9, 16, 25]
    assert value(r"y_i = f(x_i)", x=X, f=10) == [10, 20, 30, 40, 50]
    assert value(r"y = \tanh(x)", x=2.0, tanh=lambda u: -u) == -2
    # Declared as a function, f is no array, and what it is applied to no index.
    assert value(r"f'(x) = f(x) (1 - f(x))", dict(f=np.square), x=3.0) == -72


def test_norms():
    y, z = np.array([3.0, 0.0]), np.array([0.0, 4.0])
    for latex, expected in [
        (r"E = \|y - z\|", 5),
        (r"E = \frac12 \lVert y - z \rVert_2^2", 12.5),
        (r"E = \left\| y \right\|_1 + 2 \|z\|_\infty", 11),
        (r"E = \|y\|_0", 1),
        (r"E = \| y + z \|_3", (27 + 64) ** (1 / 3)),
    ]:
        shapes = {"y": "N", "z": "N"} if "z" in latex else {"y": "N"}
        arrays = {name: array for name, array in dict(y=y, z=z).items() if name in shapes}
        assert value(latex, shapes, **arrays) == pytest.approx(expected)
    distances = Formula(r"d_{ij} = \|x_i - x_j\|", x="N D")
    assert distances(x=[[0, 0], [3, 4]]).tolist() == [[0, 5], [5, 0]]


# ---- formulas without indices -------------------------------------------------------------------


def test_a_formula_without_indices_applies_to_each_element():
    assert value(r"y = x^2 + c", x=A, c=1.0) == (A**2 + 1).tolist()
    assert value(r"\text{ReLU}(x) = \max(0, x)", x=A - 5) == np.maximum(A - 5, 0).tolist()
    assert value(r"h = o \odot \tanh(c)", o=A, c=A) == (A * np.tanh(A)).tolist()
    assert value(r"f(x, z) = xz", x=A, z=A) == (A * A).tolist()
    assert value(r"y = x - \max x", dict(x="N"), x=X) == (X - 5).tolist()
    powers = value(r"y = \sum_{s=0}^{2} x^s", dict(x="M N"), x=A)
    assert powers == (1 + A + A**2).tolist()
    softmax = value(r"p = \frac{e^x}{\sum_j e^{x_j}}", x=X)
    assert softmax == pytest.approx((np.exp(X) / np.exp(X).sum()).tolist())


def test_what_a_formula_takes_of_all_that_is_known():
    formula = Formula("y_i = c x_i", x="N")
    assert formula.taken_of(dict(x=X, c=2, w=X, y=X, N=5)) == dict(x=X, c=2, N=5)


def test_an_expression_without_a_left_side():
    identity = Formula(r"\sum_{i=0}^{n} i = \frac{n(n+1)}{2}")
    assert identity(n=4) == 10
    assert identity.check(n=4).ok
    assert Formula("A_{ij} + 1")(A=A).tolist() == (A + 1).tolist()


# ---- left sides ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"y_{2i} = x_i", [1, 0, 2, 0, 3, 0]),
        (r"y_{2i+s} = x_i, \quad 0 \le s < 2", [1, 1, 2, 2, 3, 3]),
        (r"y_{2i+s} = x_i + s", [1, 2, 2, 3, 3, 4]),
        (r"y_{5-i} = x_i", [0, 0, 0, 3, 2, 1]),
        (r"y_{2i} = x_i, \quad 1 \le i < 3", [0, 0, 2, 0, 3, 0]),
    ],
)
def test_a_compound_left_side_puts_values_in_their_places(latex, expected):
    assert value(latex, dict(x="N", y="6"), x=[1.0, 2.0, 3.0]) == expected


def test_upsampling_in_two_directions():
    y = Formula(r"y_{(iq+s)(jq+t)} = x_{ij}", x="M N", y="q*M q*N")(x=A, q=2)
    np.testing.assert_array_equal(y, A.repeat(2, 0).repeat(2, 1))


def test_overlapping_places_may_agree():
    assert value("y_{i+j} = x_i x_j", dict(x="N", y="3"), x=[1.0, 2.0]) == [1, 2, 4]


def test_the_result_may_be_named_by_a_convolution_sign():
    formula = Formula(r"(f * g)[n] = \sum_{m=0}^n f[m] g[n-m]", f="N", g="G", f_star_g="N+G-1")
    assert formula.result == "f_star_g"
    assert formula(f=[1, 2], g=[1, 10]).tolist() == [1, 12, 20]


def test_links_that_only_name_the_operation_are_passed_over():
    blur = Formula(
        r"g(x,y) = \omega * f(x,y) = \sum_{i=0}^{1} \omega(i, 0) f(x+i, y)", f="M N", omega="2 1"
    )
    assert len(blur.links) == 1
    assert blur(f=[[1.0], [2.0], [4.0]], omega=[[1.0], [1.0]]).tolist() == [[3], [6]]
    squeeze = Formula(r"z_c = \mathbf{F}(\mathbf{u}_c) = \sum_{i,j} u_c(i,j)", u="C H W")
    assert squeeze(u=np.ones((2, 3, 4))).tolist() == [12, 12]


# ---- as others write ----------------------------------------------------------------------------

RNG = np.random.default_rng(5)
IMAGE, KERNEL = RNG.normal(size=(5, 6)), RNG.normal(size=(3, 3))
POINTS, CENTRES = RNG.normal(size=(4, 3)), RNG.normal(size=(2, 3))
ROW, OTHER = RNG.normal(size=(2, 6))
STACK = RNG.uniform(size=(2, 3, 4))
WEIGHTS, ERRORS = RNG.normal(size=(2, 3, 3)), RNG.normal(size=(3, 3))
WINDOWS = np.lib.stride_tricks.sliding_window_view(IMAGE, (3, 3))


def full_convolution(x, w):
    """Every product of an element of x with one of w, where their places add up to."""
    y = np.zeros(np.add(x.shape, w.shape) - 1)
    for (i, j), (s, t) in itertools.product(np.ndindex(x.shape), np.ndindex(w.shape)):
        y[i + s, j + t] += x[i, j] * w[s, t]
    return y


NOTATIONS = {
    "MATLAB, conv2, from 1": (
        r"C(j,k) = \sum_p \sum_q A(p,q)\, B(j-p+1, k-q+1)",
        dict(A="M N", B="m n", C="M+m-1 N+n-1", origin=1),
        dict(A=IMAGE, B=KERNEL),
        full_convolution(IMAGE, KERNEL),
    ),
    "Wikipedia, an image kernel around its centre": (
        r"g(x,y) = \omega * f(x,y) = \sum_{i=-a}^{a} {\sum_{j=-b}^{b} {\omega(i,j) f(x-i, y-j)}},",
        dict(f="M N", g="M N", omega="P Q", origin={"omega": -1}),
        dict(f=IMAGE, omega=KERNEL, a=1, b=1),
        full_convolution(IMAGE, KERNEL)[1:-1, 1:-1],
    ),
    "NumPy, convolve, three products side by side": (
        r"(a * v)_n = \sum_{m = -\infty}^{\infty} a_m v_{n - m}",
        dict(a="M", v="N", a_star_v="M+N-1"),
        dict(a=ROW, v=[1.0, 2.0]),
        np.convolve(ROW, [1, 2]),
    ),
    "NumPy, correlate, a bar over the second": (
        r"c_k = \sum_n a_{n+k} \cdot \overline{v}_n",
        dict(a="N", v_bar="n"),
        dict(a=ROW, v_bar=[1.0, 2.0]),
        np.correlate(ROW, [1, 2]),
    ),
    "Zhang, a derivation of backpropagation: a layer's number as a superscript": (
        r"C^1_p(i,j) = \sigma\left(\sum_{u=0}^{2}\sum_{v=0}^2 I(i+u, j+v) \cdot k^1_{1,p}(u,v) "
        r"+ b^1_p\right)",
        dict(I="M N", k_1="Q P 3 3", b_1="P", C_1="P M-2 N-2"),
        dict(I=IMAGE, k_1=np.stack([0 * KERNEL, KERNEL])[:, None], b_1=[0.5], sigma=np.tanh),
        np.tanh([(WINDOWS * KERNEL).sum((2, 3)) + 0.5]),
    ),
    "Zhang, average pooling with a shift": (
        r"S_p(i,j) = \frac{1}{4} \sum_{u=0}^1 \sum_{v=0}^1 C_p(2i-u, 2j-v), \quad i, j = 1, 2",
        dict(C="P 5 5", S="P 3 3"),
        dict(C=np.arange(25.0).reshape(1, 5, 5)),
        [[[0, 0, 0], [0, 9, 11], [0, 19, 21]]],
    ),
    "UFLDL, the error of a hidden layer, one step, from 1": (
        r"\delta'^{(l)}_i = \left( \sum_{j=1}^{s} W^{(l)}_{ji} \delta^{(l+1)}_j \right) "
        r"f'(z^{(l)}_i)",
        dict(W="L s s", delta="L+1 s", delta_prime="L+1 s", z="L s", origin=1),
        dict(W=WEIGHTS, delta=ERRORS, z=ERRORS[:2], f_prime=np.cos),
        [WEIGHTS[0].T @ ERRORS[1] * np.cos(ERRORS[0]),
         WEIGHTS[1].T @ ERRORS[2] * np.cos(ERRORS[1]), np.zeros(3)],
    ),
    "LeCun 1998, radial basis functions": (
        r"y_i = \sum_j (x_j - w_{ij})^2.",
        dict(x="D", w="N D"),
        dict(x=CENTRES[0], w=POINTS),
        ((POINTS - CENTRES[0]) ** 2).sum(1),
    ),
    "k-means, whole rows in a norm": (
        r"J = \sum_{i} \min_{k} \left\lVert x_i - \mu_k \right\rVert^2",
        dict(x="N D", mu="K D"),
        dict(x=POINTS, mu=CENTRES),
        ((POINTS[:, None] - CENTRES) ** 2).sum(-1).min(1).sum(),
    ),
    "ridge regression in norms": (
        r"E = \tfrac{1}{2} \| \mathbf{y} - \hat{\mathbf{y}} \|_2^2 + \lambda \|\mathbf w\|_1",
        dict(y="N", y_hat="N", w="D"),
        dict(y=ROW, y_hat=OTHER, w=CENTRES[0], lambda_=0.1),
        ((ROW - OTHER) ** 2).sum() / 2 + 0.1 * np.abs(CENTRES[0]).sum(),
    ),
    "squeeze and excitation, a link that only names, from 1": (
        r"z_c = \mathbf{F}_{sq}(\mathbf{u}_c) = \frac{1}{H \times W} \sum_{i=1}^{H} \sum_{j=1}^{W} "
        r"u_c(i,j)",
        dict(u="C H W", origin=1),
        dict(u=STACK),
        STACK.mean((1, 2)),
    ),
    "PReLU": (
        r"f(y_i) = \begin{cases} y_i, & \mbox{if } y_i > 0 \\ a_i y_i, & \mbox{if } y_i \leq 0 "
        r"\end{cases}",
        {},
        dict(y=ROW, a=OTHER),
        np.where(ROW > 0, ROW, ROW * OTHER),
    ),
    "GELU, nearly": (
        r"\text{GELU}(x) \approx 0.5x\Bigl(1 + "
        r"\tanh\Bigl[\sqrt{2/\pi}\,(x + 0.044715x^3)\Bigr]\Bigr)",
        {},
        dict(x=ROW),
        0.5 * ROW * (1 + np.tanh(np.sqrt(2 / np.pi) * (ROW + 0.044715 * ROW**3))),
    ),
    "pooling by a p-norm": (
        r"y_i = \Bigl( \sum_{s=0}^{l-1} |x_{il+s}|^p \Bigr)^{1/p}",
        dict(x="N", y="N//l"),
        dict(x=ROW, l=3, p=4),
        (np.abs(ROW).reshape(2, 3) ** 4).sum(1) ** 0.25,
    ),
    "Ioffe and Szegedy, the gradient of the variance, from 1": (
        r"\frac{\partial \ell}{\partial \sigma_B^2} = \sum_{i=1}^m \frac{\partial \ell}"
        r"{\partial \widehat{x}_i} \cdot (x_i - \mu_B) \cdot \frac{-1}{2} "
        r"(\sigma_B^2 + \epsilon)^{-3/2}",
        dict(x="m", mu_B="", sigma_B="", origin=1),
        dict(dell_dx_hat=OTHER, x=ROW, mu_B=0.3, sigma_B=2.0, epsilon=0.1),
        (OTHER * (ROW - 0.3)).sum() * -0.5 * 4.1**-1.5,
    ),
    "hats and bars over indices too": (
        r"\hat{y_i} = \mathbf{W_{ij}} \, \bar{x_{j}}",
        dict(W="N D", x_bar="D"),
        dict(W=POINTS, x_bar=CENTRES[0], j=2),
        POINTS[:, 2] * CENTRES[0, 2],
    ),
    "the square brackets of computer science": (
        r"y_i = \sum_{j \in [n]} A_{ij} x_j \quad \forall\, i \in \{0, 1\}",
        dict(x="n", A="m n"),
        dict(A=POINTS, x=CENTRES[0]),
        (POINTS @ CENTRES[0])[:2],
    ),
    "an array of three columns, as in the nineties": (
        r"\begin{eqnarray*} h_i & = & \sum_{\alpha = 0}^{2} w_\alpha \, x_{i + \alpha} \\ "
        r"& \equiv & w_0 x_i + w_1 x_{i+1} + w_2 x_{i+2} \nonumber \end{eqnarray*}",
        dict(x="N", w="3"),
        dict(x=ROW, w=KERNEL[0]),
        np.correlate(ROW, KERNEL[0]),
    ),
    "plain Unicode": (
        r"y_i = ∑_{j ≠ i} A_{i,j} · x_j − θ, ∀ i ∈ \{0, 1\}",
        dict(A="m n", x="n"),
        dict(A=POINTS, x=CENTRES[0], theta=1.0),
        [POINTS[0, 1:] @ CENTRES[0, 1:] - 1, POINTS[1, [0, 2]] @ CENTRES[0, [0, 2]] - 1],
    ),
    "the colours of the book, pasted back": (
        r"\textcolor{#882a64}{a}_{i} = \sum_{s} "
        r"\textcolor{#bb5708}{W}_{s} \textcolor{#146fdc}{x}_{i+s}",
        dict(W="m", x="N"),
        dict(W=KERNEL[0], x=ROW),
        np.correlate(ROW, KERNEL[0]),
    ),
    "relative entropy, the bars between": (
        r"D(P \,\|\, Q) = \sum_i P_i \log \frac{P_i}{Q_i}",
        {},
        dict(P=[0.25, 0.75], Q=[0.5, 0.5]),
        0.25 * np.log(0.5) + 0.75 * np.log(1.5),
    ),
    "multi-head attention, an index for the head": (
        r"o^{(h)}_{ic} = \sum_{j \le i} \frac{e^{s^{(h)}_{ij}}}{\sum_{j' \le i} e^{s^{(h)}_{ij'}}} "
        r"v^{(h)}_{jc}",
        dict(s="H T T", v="H T C"),
        dict(s=STACK[:, :, :3], v=STACK),
        [[(np.exp(s[i, : i + 1]) / np.exp(s[i, : i + 1]).sum()) @ v[: i + 1] for i in range(3)]
         for s, v in zip(STACK[:, :, :3], STACK, strict=True)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("notation", NOTATIONS)
def test_as_others_write(notation):
    latex, shapes, arrays, expected = NOTATIONS[notation]
    found = Formula(latex, **shapes)(**arrays)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


# ---- chains -------------------------------------------------------------------------------------


def test_check_compares_each_link_with_the_one_before():
    chain = Formula(r"y_i = x_i^2 + x_i = x_i (x_i + 1) = x_i x_i + 1")
    found = chain.check(x=[1.0, 2.0, 4.0])
    assert tuple(found) == (0.0, 3.0)
    assert [row.ok for row in found.rows] == [True, False]
    assert not found.ok
    assert "link 1 = link 2" in str(found)
    assert "NOT EQUAL, largest difference 3" in str(found)


def test_check_compares_the_first_link_with_a_result_that_is_given():
    found = Formula("y_i = 2 x_i").check(x=X, y=2 * X + [0, 0, 0, 0, 0.5])
    assert tuple(found) == (0.5,)
    assert not found.ok
    assert Formula("y_i = 2 x_i").check(x=X, y=2 * X).ok


def test_check_of_numbers_that_are_not_finite():
    assert Formula(r"y_i = 1/x_i = x_i^{-1}").check(x=[0.0, 1.0]).ok  # both infinite
    nan = Formula(r"y_i = x_i = \frac{x_i 0}{0}").check(x=[1.0])
    assert math.isnan(nan[0])
    assert not nan.ok


def test_a_call_gives_the_last_link():
    assert value("y_i = x_i = 2 x_i", x=[1.0]) == [2]


# ---- JSON ---------------------------------------------------------------------------------------


def nodes_in(plain):
    if isinstance(plain, dict):
        yield plain
        plain = list(plain.values())
    if isinstance(plain, list):
        for part in plain:
            yield from nodes_in(part)


def test_json_is_the_whole_tree_and_nothing_but_json():
    formula = Formula(
        r"y_{2i} = \sum_{s=-\infty}^{\infty} w_s x_{i-s} + \begin{cases} \max(0, x_i) & "
        r"x_i \ne 3 \\ \lfloor x_i \rfloor & \text{otherwise} \end{cases}, \quad i < 4",
        x="N", w="m", y="9", origin={"w": 1, "y": 2},
    )  # fmt: skip
    plain = json.loads(json.dumps(formula.to_json(), allow_nan=False))
    assert plain["result"] == "y"
    assert plain["free"] == ["i"]
    assert plain["origin"] == {"w": 1, "x": 0, "y": 2}
    assert plain["target"][0]["op"] == "multiply"
    assert len(plain["links"]) == len(plain["conditions"]) == 1
    operations = {node["op"] for node in nodes_in(plain) if "op" in node}
    assert {"add", "reduce", "binder", "read", "index", "number", "cases", "compare"} <= operations
    binder = next(node for node in nodes_in(plain) if node.get("op") == "binder")
    assert binder["low"]["body"]["value"] == binder["high"]["value"] == "inf"
    first = plain["symbols"][0]
    assert formula.latex[first[0] : first[1]] == first[2] == "y"


def test_in_json_derivatives_are_worked_out():
    dense = Formula(r"a_r = \sum_q V_{rq} z_q", V="R Q", z="Q", a="R")
    formula = Formula(
        r"\frac{\partial E}{\partial z_q} = \sum_r \frac{\partial E}{\partial a_r} "
        r"\frac{\partial a_r}{\partial z_q}", a=dense,
    )  # fmt: skip
    operations = {node.get("op") for node in nodes_in(formula.to_json())}
    assert "jacobian" not in operations
    assert "dE_da" in formula.names


# ---- speed and memory ---------------------------------------------------------------------------


def test_the_convolution_of_an_image_is_no_loop_over_its_outputs():
    """For one of four times the size no more functions are called, Python's and NumPy's."""

    def calls(size):
        counted = Counter()
        x, W, b = np.ones((size, size)), np.ones((8, 5, 5)), np.ones(8)
        sys.setprofile(lambda frame, event, argument: counted.update([event]))
        try:
            CONVOLUTION(x=x, W=W, b=b)
        finally:
            sys.setprofile(None)
        return counted["call"] + counted["c_call"]

    calls(28)  # what is remembered from then on
    assert 100 < calls(56) < 1.1 * calls(28)


def peak_of(call):
    """The memory in MB that a call took at its peak."""
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1] / 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("latex", "arrays"),
    [
        (r"S = \sum_{i,j,k,l} a_{ij} b_{jk} c_{kl} d_{li}",
         {name: np.ones((200, 200)) for name in "abcd"}),
        (r"S = \sum_{i,j} |u_i - v_j|", dict(u=np.ones(10_000), v=np.ones(2_000))),
        (r"S = \arg\max_{i \in [10000], j \in [2000]} u_i v_j",
         dict(u=np.ones(10_000), v=np.ones(2_000))),
        (r"S = \max_{i,j} u_i v_j", dict(u=np.ones(10_000), v=np.ones(2_000))),
        (r"S = \prod_{i,j} u_i v_j", dict(u=np.ones(10_000), v=np.ones(2_000))),
        (r"p_i = \frac{e^{u_i}}{\sum_j e^{u_j}}", dict(u=np.ones(300_000))),
    ],
)  # fmt: skip
def test_intermediates_are_bounded(latex, arrays):
    formula = Formula(latex)
    assert peak_of(lambda: formula(**arrays)) < 100


def test_channels_on_a_large_image_stay_small():
    formula = Formula(
        r"a^{(k)}_{ij} = \sum_{c,s,t} W^{(k,c)}_{st} x^{(c)}_{(i+s)(j+t)}",
        x="C M N", W="K C m n", a="K M-m+1 N-n+1",
    )  # fmt: skip
    x, W = np.ones((16, 128, 128)), np.ones((16, 16, 3, 3))
    assert peak_of(lambda: formula(x=x, W=W)) < 100


def test_a_long_sum_is_cut_to_the_terms_that_can_differ_from_0():
    assert value(r"S = \sum_{s=0}^{10^{12}} w_s s^2", dict(w="N"), w=X) == sum(
        X * np.arange(5) ** 2
    )
    formula = Formula(
        r"y_i = \sum_{t=0}^{10^{12}} \sum_{s=0}^{10^{12}} w_s x_{i+s-t}", w="m", x="N", y="2"
    )
    assert formula(w=[1.0, 10.0], x=X).tolist() == [1 + 30, 3 + 60]
    assert value(r"y = \max_{s=-\infty}^{\infty} x_s", dict(x="N"), x=-X) == -1


# ---- what looks alike ---------------------------------------------------------------------------


def test_a_number_behind_a_name_or_a_bracket():
    assert value(r"a = x \, 2", x=3) == 6
    assert value("y_i = (x_i)^{(2)}", x=[3.0, 4.0]) == [9, 16]


def test_a_subscript_that_begins_with_a_name():
    W, W_1 = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([10.0, 20.0])
    both = Formula("y_j = W_{1,j} + W_1[j]", W="m n", W_1="n")
    assert both(W=W, W_1=W_1).tolist() == [13, 24]
    assert Formula("y_j = W_{1,j} + (W_1)_j", W_1="n")(W_1=W_1).tolist() == [20, 40]


def test_delta_is_an_impulse_a_function_or_an_array():
    assert Formula(r"y[n] = \delta[n-1]", y="N")(N=3).tolist() == [0, 1, 0]
    assert Formula(r"y[n] = \delta[n]", delta="N")(delta=[5.0, 7.0]).tolist() == [5, 7]
    assert value(r"y = \delta(x)", x=0.5, delta=np.sin) == np.sin(0.5)


def test_a_size_above_the_left_side_may_be_an_index():
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert Formula(r"E^c = \sum_k \sum_{i=0}^{c-1} x_{ki}", x="m c")(x=x) == 10
    assert Formula(r"y^c = \sum_i x^c_i", x="c n")(x=x).tolist() == [3, 7]
    assert Formula("y^c = 2 c", y="c")(c=3).tolist() == [0, 2, 4]


def test_an_index_that_is_no_number_may_stand_where_it_does_not_count():
    x = [-1.0, -2.0, -3.0, -4.0]
    for right, expected in (
        (r"[i > 9] x_{0/0 + i}", [0, 0, 0, 0]),
        (r"[i > 0] x_{i/i}", [0, -2, -2, -2]),
        (r"\begin{cases} \max(x_{i/i}, -9) & i > 0 \\ 7 & \text{otherwise} \end{cases}",
         [7, -2, -2, -2]),
    ):  # fmt: skip
        assert value(f"y_i = {right}", dict(y="4"), x=x) == expected
    for right in ("x_{i/i}", r"x_{1/i}", r"[i < 2] x_{i/i}"):
        with pytest.raises(ArrayValueError, match="which is no whole number"):
            value(f"y_i = {right}", dict(y="4"), x=x)


@pytest.mark.parametrize("name", [r"F(\sum_s u_{ss})", r"F(\sum_s (u_s \star u))"])
def test_a_link_that_only_gives_a_name_leaves_its_indices_free(name):
    assert value(rf"y = {name} = \sum_s 2 u_s", dict(u="N"), u=[1, 2]) == 6


def test_a_norm_that_is_not_read_to_its_end_ends_with_its_link():
    """Behind it u is an array again, no longer the vector of the norm."""
    latex = r"y = F(\lVert u + \sum_s 3 \rVert) = u + 1"
    assert value(latex, dict(u="N"), u=[1, 2]) == [2, 3]


def test_of_no_terms_at_all():
    for right, expected in (
        (r"\max_{i=0}^{n-1} (i + 1)", -math.inf),
        (r"\min_{i=0}^{n-1} (i + 1)", math.inf),
        (r"\prod_{i=0}^{n-1} (i + 1)", 1),
        (r"2 + \sum_{i=0}^{n-1} (i + 1)", 2),
    ):
        formula = Formula(f"y = {right}")
        assert formula(n=0) == formula.expand(n=0).total == expected
    lines = str(Formula(r"y = e^{\sum_{i=0}^{n-1} (i + 1)}").expand(n=0)).splitlines()
    assert lines == ["y = exp((0))", "  = 1", "  = 1"]
    lines = str(Formula(r"y = \sum_{i=0}^{n-1} (i + 1)").expand(n=0)).splitlines()
    assert lines == ["y = 0", "  = 0", "  = 0"]
    assert str(Formula(r"y = \max_{i=0}^{n-1} i").expand(n=0)).startswith("y = max()\n")


def test_a_gradient_has_the_shape_of_its_array():
    doubled = Formula(r"g_i = 2 \frac{\partial E}{\partial a_i}", a="P")
    assert doubled.shapes["dE_da"] == doubled.shapes["a"]
    with pytest.raises(ShapeError, match=r"expected 1 axis, \(P,\)"):
        doubled(dE_da=np.ones((2, 3)))


@pytest.mark.parametrize(
    ("by", "name", "latex"),
    [
        ("W", "dE_dW", r"\partial E/\partial W"),
        (r"\mu", "dE_dmu", r"\partial E/\partial \mu"),
        (r"W_{\text{down}}", "dE_dW_down", r"\frac{\partial E}{\partial W_{\text{down}}}"),
        ("w_1", "dE_dw_1", r"\frac{\partial E}{\partial w_1}"),
    ],
)
def test_the_symbol_of_a_gradient_is_written_as_its_formula_has_it(by, name, latex):
    formula = Formula(rf"g = 2 \frac{{\partial E}}{{\partial {by}}}")
    assert f"}}{{{latex}}}$ `{name}`" in formula._repr_mimebundle_()["text/markdown"]
