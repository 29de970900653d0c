r"""What stands in an index, under a sum or in brackets is read in one way or refused.

Beside each refusal stands what the error says to write, with the value that it has.
"""

import re

import numpy as np
import pytest

from cnnmath.errors import ArrayValueError, CnnMathError, FormulaSyntaxError, ShapeError
from cnnmath.formula import Formula

A = np.array([[2.0, 1.0], [-1.0, 3.0]])
X = np.array([1.0, 2.0, 4.0])
Y = np.array([3.0, -1.0, 0.5])
P = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


def refused(latex, words, shapes=None, **given):
    with pytest.raises(CnnMathError, match=re.escape(words)):
        Formula(latex, **(shapes or {}))(**given)


# ---- bounds that are no whole numbers ------------------------------------------------------------


@pytest.mark.parametrize(
    ("latex", "given", "words"),
    [
        (r"y = \sum_{i=1}^{n/2} i", dict(n=3), r"i ends at 1.5, which is no whole number: write "
         r"\lfloor .. \rfloor around that bound"),
        (r"y = \prod_{i=1}^{n/2} i", dict(n=3), "i ends at 1.5"),
        (r"y = \max_{i=0}^{n/2} x_i", dict(n=3, x=X), "i ends at 1.5"),
        (r"y = \sum_{i=0.5}^{2} x_i", dict(x=X), r"i begins at 0.5, which is no whole number: "
         r"write \lceil .. \rceil"),
        (r"y = \sum_{i<a} x_i", dict(x=X, a=1.5), "i ends at 0.5"),
        (r"y = \sum_{i=0}^{n} \sum_{j=0}^{i/2} x_j", dict(x=X, n=2), "j ends at 0.5"),
    ],
)  # fmt: skip
def test_a_range_ends_at_whole_numbers(latex, given, words):
    shapes = dict(a="") if "a" in given else {}
    refused(latex, words, shapes, **given)
    with pytest.raises(CnnMathError, match=re.escape(words)):
        Formula(latex, **shapes).expand(**given)


def test_whole_ends_are_read_and_what_does_not_count_need_not_be_whole():
    assert Formula(r"y = \sum_{i=1}^{n/2} i")(n=4) == 3
    assert Formula(r"y = \sum_{i=1}^{\lfloor n/2 \rfloor} i")(n=5) == 3
    even = Formula(r"y_i = [i \bmod 2 = 0] \sum_{j=0}^{i/2} x_j", x="n", y="n")
    assert even(x=X).tolist() == [1, 0, 3]
    assert even.expand(1, x=X).total == 0
    last = Formula(r"y = [n \bmod 2 = 0] \sum_{j=0}^{n/2} x_j")
    assert [float(last(x=X, n=n)) for n in (2, 3)] == [3, 0]


# ---- an index that an array gives ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("latex", "shapes", "given", "words"),
    [
        ("y_i = x_{z_i}", dict(origin=1), dict(x=X, z=[0, 1, 2]), "x is read at 0 along axis 0, as "
         "z says, but its elements there are 1 to 3: give a z that names one of them, or write a "
         "condition in brackets"),
        (r"L_i = -\log p_{i,y_i}", {}, dict(p=P, y=[0, 3]), "p is read at 3 along axis 1, as y "
         "says, but its elements there are 0 to 2"),
        (r"L = \sum_i p_{i,y_i-1}", {}, dict(p=P, y=[0, 3]), "p is read at -1 along axis 1"),
        ("y_i = x_{z_1} + 0 z_i", dict(z=2), dict(x=X, z=[0, 3]), "x is read at 3 along axis 0"),
        (r"y_i = \max(0, x_{z_i})", {}, dict(x=X, z=[0, 7]), "x is read at 7 along axis 0"),
    ],
)  # fmt: skip
def test_a_label_names_an_element(latex, shapes, given, words):
    formula = Formula(latex, **shapes)
    for call in (
        formula,
        lambda **g: [formula.expand(i, **g) for i in np.ndindex((formula.free and (2,)) or ())],
    ):
        with pytest.raises(ArrayValueError, match=re.escape(words)):
            call(**given)


def test_zeros_around_an_array_are_read_where_an_index_says_so_too():
    for place in ("i + o_i", "o_i + i"):
        moved = Formula(f"y_i = x_{{{place}}}", x="n", y="n")
        assert moved(x=X, o=[0, 5, -1]).tolist() == [1, 0, 2]
    strided = Formula(r"y_i = \sum_t w_t x_{s_1 i + t}", x="n", y="n", s=2)
    assert strided(x=X, w=[1, 1], s=[1, 2]).tolist() == [3, 4, 0]
    assert Formula("y_i = [z_i < 3] x_{z_i}")(x=X, z=[2, 9]).tolist() == [4, 0]
    assert Formula("y_i = [z_i < 3] x_{z_i}").expand(1, x=X, z=[2, 9]).total == 0


def test_labels_and_one_hot_rows_are_told_apart():
    one_hot = np.eye(3)[[0, 2]]
    refused(r"L = -\sum_i \log p_{i,y_i}", "if its rows are one-hot, give labels, y.argmax",
            p=P, y=one_hot)  # fmt: skip
    refused(r"L = -\sum_{i,k} y_{ik} \log p_{ik}", "give one-hot rows, np.eye(K)[y]", p=P, y=[0, 2])
    with pytest.raises(ShapeError) as caught:
        Formula(r"L = -\sum_i \log p_{i,y_i}")(p=P, y=P)
    assert "one-hot" not in str(caught.value)
    for no_labels in ([0.5, 2], [-1, 2]):
        with pytest.raises(ShapeError) as caught:
            Formula(r"L = -\sum_{i,k} y_{ik} \log p_{ik}")(p=P, y=no_labels)
        assert "one-hot" not in str(caught.value)
    expected = -np.log([1, 6]).sum()
    assert Formula(r"L = -\sum_{i,k} y_{ik} \log p_{ik}")(p=P, y=one_hot) == pytest.approx(expected)
    assert Formula(r"L = -\sum_i \log p_{i,y_i}")(p=P, y=[0, 2]) == pytest.approx(expected)


# ---- what is defined stands on the right too -----------------------------------------------------


@pytest.mark.parametrize(
    "latex",
    [
        r"m_t = \beta m_{t-1} + g_t",
        r"m_t = \beta m_{t+1} + g_t",
        r"m[t] = \beta m[t-1] + g[t]",
        r"m_t = g_t - \sum_{k=1}^{2} \beta m_{t-k}",
        r"m_t = g_t - \sum_{k<t} \beta m_k",
        r"m_t = g_t - \beta \sum_{k=0}^{t-1} \sum_{j=0}^{k} m_j",
        r"m_t = \begin{cases} 0 & t = 0 \\ \beta m_{t-1} + g_t & \text{otherwise} \end{cases}",
        r"m_t = g_t = \beta m_{t-1}",
    ],
)
def test_a_recurrence_is_no_single_step(latex):
    words = "in one step from the m that is given: this is no recurrence. For that one step give"
    refused(latex, words, dict(m="n", g="n"), m=X, g=Y, beta=0.5)


def test_a_recurrence_of_vectors_is_no_single_step():
    latex, shapes = r"h_t = \tanh(W h_{t-1} + x_t)", dict(h="T n", x="T n", W="n n")
    with pytest.raises(FormulaSyntaxError, match="this is no recurrence"):
        Formula(latex, **shapes)
    step = Formula(latex.replace("h_t =", "h'_t ="), **shapes, h_prime="T n")
    found = step(h=P, x=P, W=np.eye(P.shape[1]))
    np.testing.assert_allclose(found[1:], np.tanh(P[:-1] + P[1:]))


def test_a_recurrence_is_shown_where_it_is_read():
    with pytest.raises(FormulaSyntaxError) as caught:
        Formula(r"A_{ij} = A_{ij} + A_{ji}")
    _, line, caret = str(caught.value).split("\n")
    assert line[caret.index("^") :] == "A_{ji}"


def test_one_step_has_a_name_of_its_own():
    step = Formula(r"m'_t = \beta m_{t-1} + g_t", m="n", m_prime="n")
    assert step(m=X, g=Y, beta=0.5).tolist() == [3, -0.5, 1.5]
    same = Formula(r"w_i = w_i - \eta g_i")
    assert same(w=X, g=Y, eta=0.5).tolist() == [-0.5, 2.5, 3.75]
    share = Formula(r"w_i = w_i / \sum_j w_j")
    assert share(w=X).tolist() == (X / 7).tolist()
    rows = Formula(r"W_{ij} = W_{ij} / \sum_k W_{ik}")
    np.testing.assert_allclose(rows(W=P), P / P.sum(1, keepdims=True))


def test_one_name_has_one_number_of_indices():
    refused("y_{ij} = x_i + y_j", "y has 2 indices on the left side, but is read with 1 index: "
            "rename one of the two", x=X, y=Y)  # fmt: skip
    refused(r"y_i = \sum_j y_{ij}", "y has 1 index on the left side, but is read with 2", y=A)
    assert Formula(r"L = \sum_i L_i")(L=X) == 7
    assert Formula("y_i = y + x_i", x="n")(x=X, y=1).tolist() == [2, 3, 5]


# ---- the place of a maximum ----------------------------------------------------------------------


@pytest.mark.parametrize("under", ["i,j", r"1 \le i,j < 2", r"i < 2, j < 2", r"0 \le i < 2, j"])
def test_a_place_of_two_indices_is_no_number(under):
    words = r"write \arg\max_i \max_j for i; or bounds from 0, as 0 \le i,j < l"
    refused(rf"y = \arg\max_{{{under}}} a_{{ij}}", words, a=A)


def test_the_place_in_a_window_and_each_index_of_a_place():
    assert Formula(r"y = \arg\min_{0 \le i,j < 2} a_{ij}")(a=A) == 2
    assert Formula(r"y = \arg\min_i \min_j a_{ij}")(a=A) == 1
    assert Formula(r"y = \arg\min_j \min_i a_{ij}", origin=1)(a=A) == 1


# ---- sums that leave a declared array ------------------------------------------------------------


def test_zeros_beyond_an_array_are_not_summed_unasked():
    words = "which reads element 2 of y along axis 0, but its elements there are 0 to 1: write "
    latex = r"V = \sum_{i,j} \sqrt{|y_{i+1,j} - y_{ij}|^2 + |y_{i,j+1} - y_{ij}|^2}"
    refused(latex, words, dict(y="M N"), y=A)
    refused(latex, words, y=A)
    inside = latex.replace(r"\sum_{i,j}", r"\sum_{i=0}^{M-2} \sum_{j=0}^{N-2}")
    assert Formula(inside, y="M N")(y=A) == pytest.approx(np.sqrt(9 + 1))
    assert Formula(r"y = \sum_i x_i x_{i+1}", x="n")(x=X) == 10  # a zero adds nothing here
    assert Formula(r"y = \sum_i x_i z_{2i}", x="n", z="m")(x=X, z=[1, 0, 5, 7]) == 11


# ---- brackets that may round ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "right",
    ["[x]", "2[x]", "[x]^2", "[x/2]", "[x + 1]", "c + [x + 1]", r"[\frac{x}{2}]", r"2[x/2]", "[xc]",
     r"\frac{1}{2}[x]", "[-x]", "[[x + 1]]"],
)  # fmt: skip
def test_brackets_that_group_nothing_may_round(right):
    words = r"[ ] can group, or take the whole part: write ( .. ), or \lfloor .. \rfloor"
    refused(f"y = {right}", words, x=2.5, c=1)
    braces = right.replace("[", r"\{").replace("]", r"\}")
    words = r"\{ \} can group, or take the fractional part: write ( .. ), or x - \lfloor x \rfloor"
    refused(f"y = {braces}", words, x=2.5, c=1)


BRACKETS = {
    r"2[x + 1]": 7.0,
    r"[x + 1]^2": 12.25,
    r"[x^2]^3": 2.5**6,
    r"[\frac{x}{2}]^2": 1.5625,
    r"c - [x + 1]": -2.5,
    r"c / [2 x]": 0.2,
    r"\{(x + 1) c + 2\} x": 13.75,
    r"\exp[x]": np.exp(2.5),
    r"[c - x]_+": 0.0,
    r"x [x > 1]": 2.5,
    r"(x)": 2.5,
    r"\lfloor x \rfloor": 2.0,
    r"x - \lfloor x \rfloor": 0.5,
    r"\min\{x, 3\}": 2.5,
    r"\min_{i \in \{3\}} \{i x\}": 7.5,
    r"\sum_{i \in [3]} [i c x]": 7.5,
    r"\sum_{i=0}^{2} \left\{ i x + 1 \right\}": 10.5,
}


@pytest.mark.parametrize("right", BRACKETS)
def test_brackets_that_group_keep_their_reading(right):
    formula = Formula(f"y = {right}")
    given = {name: value for name, value in dict(x=2.5, c=1).items() if name in formula.names}
    assert formula(**given) == pytest.approx(BRACKETS[right])


def test_brackets_around_an_index_are_none_of_these():
    assert Formula("y_i = W^{[1]}_i", W="L n")(W=A).tolist() == [-1, 3]
    assert Formula("y_i = [x]_i + x[0] + x_{[i]}")(x=X).tolist() == [3, 5, 9]


@pytest.mark.parametrize(
    "inner",
    [
        r"\prod_{t \ne s} x_t",
        r"\prod_{s \ne t} x_t",
        r"\prod_{0 \le t < 3, s \ne t} x_t",
        r"\prod_{\substack{t=0 \\ s \ne t}}^{2} x_t",
    ],
)
def test_an_index_of_the_sum_around_is_no_new_one(inner):
    x, w = np.array([1.0, 2.0, 4.0]), np.array([2.0, 3.0, 5.0])
    expected = 2 * (2 * 4) + 3 * (1 * 4) + 5 * (1 * 2)
    assert Formula(rf"y = \sum_s w_s {inner}")(w=w, x=x) == expected


def test_of_two_sums_over_one_index_each_has_its_own():
    x, w = np.array([1.0, 2.0, 4.0]), np.array([2.0, 3.0, 5.0])
    assert Formula(r"y = \sum_i x_i \sum_i w_i")(x=x, w=w) == 7 * 10
    assert Formula(r"y = \sum_i x_i - \sum_{i=0}^{1} w_i")(x=x, w=w) == 7 - 5


# ---- one name for two things ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latex", "shapes", "given", "words"),
    [
        (r"y = \sum_k \pi_k e^{-k} / (\sqrt{2\pi} x_k)", {}, dict(pi=X, x=Y),
         "is this the number 3.142, or the array pi that stands with an index elsewhere?"),
        (r"y = \sum_i e_i e^{-2}", dict(e="n"), dict(e=X), "is this the number 2.718, or"),
        (r"y_i = e_i e^{-i}", {}, dict(e=X), "is this the number 2.718, or the array e"),
        (r"y = \sum_i (x_i - x)^2", {}, dict(x=X),
         "below a sum x stands with an index and without one: the whole array, or a number"),
        (r"f(x) = \frac{1}{n} \sum_{i=1}^n e^{-(x - x_i)^2}", dict(x="n", origin=1), dict(x=X),
         "below a sum x stands with an index and without one"),
        (r"y = \sum_i (\mathbf{x}_i - x)^2", dict(x="n"), dict(x=X), "give another name to one"),
    ],
)  # fmt: skip
def test_a_number_does_not_hide_behind_the_name_of_an_array(latex, shapes, given, words):
    refused(latex, words, shapes, **given)


def test_the_whole_array_beside_a_sum_over_its_elements_is_read():
    assert Formula(r"y = x / \sum_i x_i")(x=X).tolist() == (X / 7).tolist()
    share = Formula(r"y = e^x / \sum_i e^{x_i}", x="n")(x=X)
    np.testing.assert_allclose(share, np.exp(X) / np.exp(X).sum())
    assert Formula(r"y = \sum_k p_k / \pi")(p=X) == pytest.approx(7 / np.pi)
    assert Formula(r"y = \sum_i e_i / \|e\|", e="n")(e=X) == pytest.approx(7 / np.sqrt(21))
    assert Formula(r"y = \sum_i (e^{(i)})^2", e="n")(e=X) == 21


def test_an_index_up_to_n_begins_at_0_or_at_1():
    words = r"is this from 0 on or from 1 on? write its lower bound too, as in 1 \le k \le .."
    refused(r"y = \sum_{k \le n} x^k", words, dict(x=""), x=0.5, n=2)
    assert Formula(r"y = \sum_{1 \le k \le n} x^k", x="")(x=0.5, n=2) == 0.75
    assert Formula(r"y = \sum_{k \le n} x^k", x="", origin=1)(x=0.5, n=2) == 0.75
    assert Formula(r"y = \sum_{k < n} x^k", x="")(x=0.5, n=2) == 1.5
    assert Formula(r"y_k = \sum_{j \le k} x_j", x="n", y="n")(x=X).tolist() == [1, 3, 7]


def test_varpi_is_no_constant():
    assert Formula(r"y_k = \varpi_k / \pi")(varpi=X).tolist() == (X / np.pi).tolist()
    assert Formula(r"y = \varpi x")(varpi=2.0, x=3.0) == 6
    refused(r"y = \varpi x", "give varpi=...", x=3.0)


# ---- what a stroke before a sum divides by, and powers of a matrix -------------------------------


@pytest.mark.parametrize(
    "latex",
    [
        r"v_i = x_i - \sum_j x_j y_j / \sum_j y_j^2 y_i",
        r"v = a / \sum_j y_j b",
        r"v = a / \sum_j y_j / b",
    ],
)
def test_a_stroke_before_a_sum(latex):
    given = dict(x=X, y=Y, a=1.0, b=2.0)
    given = {name: value for name, value in given.items() if name in latex}
    refused(latex, "what does this / divide by?", dict(a="", b=""), **given)


def test_a_stroke_before_a_sum_of_what_its_index_is_in():
    assert Formula(r"v = a / \sum_j 2 x_j", a="")(a=7.0, x=X) == 0.5
    assert Formula(r"v = a / \sum_i \sum_j x_i x_j", a="")(a=49.0, x=X) == 1
    assert Formula(r"v = a / \sum_j (x_j / b)", a="", b="")(a=7.0, b=2.0, x=X) == 2
    assert Formula(r"v = a / \sum_j x_j \sum_j y_j", a="")(a=7.0, x=X, y=Y) == 2.5


@pytest.mark.parametrize(
    "latex", ["Y = A^{1/2}", "Y = A^n", "Y = A^{-1/2} + 1", "Y = (2A)^n", "Y = (A + 1)^{1/2}"]
)
def test_any_power_of_a_matrix(latex):
    given = dict(A=A, n=2) if "n" in latex else dict(A=A)
    refused(latex, "a power of the matrix A, or of each of its elements?", **given)


def test_e_to_the_power_of_a_matrix():
    refused("Y = e^{-2A}", "a power by the matrix A, or by each of its elements?", A=A)
    np.testing.assert_allclose(Formula("Y_{ij} = e^{A_{ij}}")(A=A), np.exp(A))
    np.testing.assert_allclose(Formula(r"Y = \exp(A)")(A=A), np.exp(A))
    assert Formula("Y = 2^P N^n")(P=3, N=2.0, n=2) == 32
    assert Formula(r"y_k = x_{\pi(k)}", pi="N")(x=X, pi=[1, 0]).tolist() == [2, 1]


def test_bounds_that_take_a_shifted_index_out_of_its_array_are_refused():
    """Of x_n, is it 0, or x_0 again, as in the area of a polygon?"""
    area = Formula(r"A = \frac12 \sum_{i=0}^{n-1} (x_i y_{i+1} - x_{i+1} y_i)", x="n", y="n")
    with pytest.raises(CnnMathError, match="i runs from 0 to 2, which reads element 3 of y"):
        area(x=X, y=Y)
    again = Formula(
        r"A = \frac12 \sum_{i=0}^{n-1} (x_i y_{(i+1) \bmod n} - x_{(i+1) \bmod n} y_i)",
        x="n",
        y="n",
    )
    assert again(x=X, y=Y) == (X * np.roll(Y, -1) - np.roll(X, -1) * Y).sum() / 2
    turned = Formula(r"a_i = \sum_{s=0}^{m-1} W_{m-1-s} x_{i+s}", W="m", a="n-m+1", origin=1)
    with pytest.raises(CnnMathError, match="which reads element 0 of W"):
        turned(W=Y[:2], x=X, n=3)


def test_without_bounds_a_sum_ends_where_nothing_is_added_any_more():
    assert Formula(r"r = \sum_i x_i x_{i+1}")(x=X) == 1 * 2 + 2 * 4
    assert Formula(r"r = \sum_i^N x_i y_i")(x=X, y=Y, N=3) == X @ Y


def test_a_bracket_behind_a_whole_array_that_holds_arrays_is_no_index():
    """x(1 - x) of an array of 0 and 1 would be elements of x."""
    x = np.array([0.0, 1.0, 1.0])
    product = Formula("f(x) = x(1 - x)", x="n")
    assert product(x=x).tolist() == [0, 0, 0]
    loss = Formula(r"\rho_\tau(u) = u(\tau - \mathbb{I}(u < 0))", u="n")
    np.testing.assert_allclose(loss(u=np.array([1, -2]), tau=0.25), [0.25, 1.5])
    with pytest.raises(CnnMathError, match="the product element by element"):
        Formula("L = w(y - z)", w="n", y="n", z="n")


@pytest.mark.parametrize(
    "real", [r" \in \mathbb{R}^m", r", \quad W \in \mathbb{R}^{m \times n}, x, z \in \mathbb{R}^n"]
)
def test_that_something_is_real_says_nothing_more(real):
    shapes = {"W": "m n", "x": "n"}
    assert Formula(f"y = W x{real}", **shapes).reading == Formula("y = W x", **shapes).reading


def test_what_a_minus_stands_before_on_the_left_has_it_in_its_name():
    formula = Formula(r"-D(p \| q) = \sum_i x_i", x="n")
    assert formula.result == "minus_D"
    assert formula(x=[1, 2]) == 3
    assert Formula(r"-f(x) = x", f=np.sin).result == ""  # f is known
    assert Formula(r"-\log p(x) = x^2").result == "minus_log_p"


@pytest.mark.parametrize(
    ("latex", "declared", "name"),
    [
        (r"FL(p) = -\log p", {}, "FL"),
        (r"PV(x) = V x", {"x": ""}, ""),  # a product, whose V is known
        (r"L_{uni} = \sum_i x_i", {"x": "n"}, "L_uni"),  # a sum runs over i
        (r"\delta^L = 2 z^L", {"z_L": "n"}, "delta_L"),
        (r"\delta^l = x^l", {"x": "L"}, "delta"),
    ],
)
def test_names_of_what_is_defined(latex, declared, name):
    assert Formula(latex, **declared).result == name


def test_a_function_reaches_over_the_brackets_of_a_name_with_a_label():
    said = r"y_i = \log h_\theta(x_i) + \log p_i (1 - x_i)"
    formula = Formula(said, h_theta=np.exp, x="n", p="n")
    np.testing.assert_allclose(formula(x=[2, 3], p=[1, np.e]), [2, 3 - 2])
    assert Formula(r"y = \log p_\theta(x)").reading == r"y = \log(p_{\mathrm{theta}}(x))"


def test_square_brackets_on_the_left_hold_indices():
    window = Formula(r"w[n] = \sin^2 \frac{\pi n}{N - 1}, \quad 0 \le n \le N-1")
    np.testing.assert_allclose(window(N=3), [0, 1, 0], atol=1e-15)
    encoding = Formula(r"PE_{(pos, 2i+1)} = \cos(pos/10^{2i/d})", PE="L d")
    assert encoding(L=2, d=4)[1].tolist() == [0, np.cos(1), 0, np.cos(1 / 10**0.5)]


def test_a_formula_behind_where_defines_a_name():
    x = np.array([1.0, 2.0, 2.0])
    latex = r"y_i = x_i / r + \mu, \quad \text{where} \quad r = \sqrt{\sum_i x_i^2}"
    formula = Formula(latex, x="n", mu="")
    np.testing.assert_allclose(formula(x=x, mu=1), x / 3 + 1)
    again = Formula(formula.reading, x="n", mu="")
    assert again.reading == formula.reading
    assert [*again.definitions] == ["r"]
    with pytest.raises(CnnMathError):  # r is declared, and would be said twice
        Formula(latex, x="n", mu="", r="")
    largest = Formula(r"y_i = x_i - c \text{ with } c = \max_j x_j", x="n")
    assert largest(x=x).tolist() == [-1, 0, 0]
    for condition in ("k = 2", r"i = 0, \dots, 1", "x_i = 1"):
        assert not Formula(rf"y_i = x_{{i+k}} \text{{ where }} {condition}", x="n").definitions
        assert not Formula(rf"y_i = x_{{i+k}}, \quad {condition}", x="n").definitions


def test_equations_behind_a_formula_define_names_without_a_where():
    x = np.array([[1.0, 3.0], [2.0, 6.0]])
    latex = (
        r"z_{bi} = \frac{x_{bi} - \mu_b}{\sqrt{\sigma_b^2}}, \quad "
        r"\mu_b = \frac{1}{D} \sum_i x_{bi}, \quad \sigma_b^2 = \frac{1}{D} \sum_i "
        r"(x_{bi} - \mu_b)^2, \quad 0 \le i < D"
    )
    formula = Formula(latex, x="B D")
    assert {*formula.definitions} == {"mu", "sigma_squared"}
    assert formula(x=x).tolist() == [[-1, 1], [-1, 1]]
    assert Formula(formula.reading, x="B D").reading == formula.reading
    attention = Formula(
        r"o_i = \sum_j a_{ij} v_j, \quad a_{ij} = \frac{e_{ij}}{\sum_k e_{ik}}, "
        r"\quad e_{ij} = k_i v_j",
        k="n", v="m",
    )  # fmt: skip
    assert attention(k=[1, 2], v=[1, 3]).tolist() == [2.5, 2.5]  # k is an array and an index
    circular = Formula(r"y = a x, \quad a = b, \quad b = a")
    assert not circular.definitions
