"""What stands under a sum: bounds that several indices share, and chains of indices."""

from itertools import product

import numpy as np
import pytest

from cnnmath.errors import FormulaError, FormulaSyntaxError, IndexReuseError
from cnnmath.formula import Formula

X = np.array([[3.0, 1.0, 4.0], [1.0, 5.0, 9.0], [2.0, 6.0, 5.0]])
W = np.array([2.0, -1.0, 3.0, 7.0])


def total(ranges, counts, term):
    return sum(term(*place) for place in product(*ranges) if counts(*place))


@pytest.mark.parametrize(
    ("under", "ranges", "counts"),
    [
        (r"1 \le i < j \le 4", (range(1, 5), range(1, 5)), lambda i, j: i < j),
        (r"0 \le i < j < 4", (range(4), range(4)), lambda i, j: i < j),
        (r"1 \le i \le j \le 4", (range(1, 5), range(1, 5)), lambda i, j: i <= j),
        (r"1 \le i < j, j \le 4", (range(1, 5), range(1, 5)), lambda i, j: i < j),
        (r"i < j \le 4, 2 \le i", (range(2, 5), range(2, 5)), lambda i, j: i < j),
        (r"i \le 2, 1 \le i < j \le 4", (range(1, 3), range(1, 5)), lambda i, j: i < j),
        (r"1 \le i < j \le 4, i \le 2", (range(1, 3), range(1, 5)), lambda i, j: i < j),
        (r"4 \ge j > i \ge 1", (range(1, 5), range(1, 5)), lambda i, j: i < j),
        (r"0 \le i,j < 3", (range(3), range(3)), lambda i, j: True),
        (r"i,j < 3", (range(3), range(3)), lambda i, j: True),
        (r"1 \le i,j \le 3", (range(1, 4), range(1, 4)), lambda i, j: True),
    ],
)
def test_of_two_indices(under, ranges, counts):
    found = Formula(rf"y = \sum_{{{under}}} (i + 10 j + 100)")()
    assert found == total(ranges, counts, lambda i, j: i + 10 * j + 100)


def test_of_a_chain_of_three():
    """In `i < j < k \\le n` j ends where k does, and i where j does."""
    inside = (range(1, 6),) * 3
    for under, counts in (
        (r"1 \le i < j < k \le 5", lambda i, j, k: i < j < k),
        (r"1 \le i \le j < k \le 5", lambda i, j, k: i <= j < k),
    ):
        found = Formula(rf"y = \sum_{{{under}}} (i + 10 j + 100 k)")()
        assert found == total(inside, counts, lambda i, j, k: i + 10 * j + 100 * k)


def test_of_two_groups_each_has_its_own():
    found = Formula(r"y = \sum_{1 \le s,t < 3, 0 \le u,v < 2} (s + 10 t + 100 u + 1000 v)")()
    ranges = (range(1, 3), range(1, 3), range(2), range(2))
    every = total(ranges, lambda *_: True, lambda s, t, u, v: s + 10 * t + 100 * u + 1000 * v)
    assert found == every


def test_of_three_indices_at_once():
    found = Formula(r"y = \sum_{1 \le s,t,u < 4} (s + 10 t + 100 u)")()
    assert found == 27 * 2 * 111
    assert Formula(r"y = \sum_{s,t,u < 4} (s + 10 t + 100 u)")() == 64 * 1.5 * 111


def test_an_index_before_a_group_keeps_its_own_bounds():
    found = Formula(r"y = \sum_{2 \le u, 1 \le s,t < 4} w_u (s + 10 t)")(w=W)
    assert found == (3 + 7) * 9 * 2 * 11
    found = Formula(r"y = \sum_{k, 0 \le s,t < 3} w_k (s + 10 t + 1)")(w=W)
    assert found == 11 * 9 * 12


def test_of_two_indices_that_descend():
    for under in (r"3 > i,j \ge 1", r"2 \ge i,j \ge 1", r"3 > i, j > 0"):
        found = Formula(rf"y = \sum_{{{under}}} (i + 10 j) w_i w_j")(w=W)
        assert found == total(
            (range(1, 3),) * 2, lambda i, j: True, lambda i, j: (i + 10 * j) * W[i] * W[j]
        )


def test_one_bound_of_several_indices_where_they_have_no_other():
    found = Formula(r"y_k = \sum_{s,t < k} (s + 10 t + 1)", y="n")(n=3)
    assert found.tolist() == [0, 1, 4 * (1 + 5.5)]
    whole = Formula(r"y = \sum_{i,j < n} w_i w_j", w="n")(w=W)
    assert whole == W.sum() ** 2
    stated = Formula(r"y_{ij} = w_i w_j, \quad i, j < n")(w=W, n=2)
    assert stated.tolist() == [[4, -2], [-2, 1]]


def test_an_inequality_bounds_by_what_it_says():
    r"""i \le 3/2 and i < 3/2 end at 1, i > 1/2 and i \ge 1/2 begin there."""
    for under, expected in (
        (r"i \le n/2", W[:2]), (r"i < n/2", W[:2]), (r"i \ge n/2", W[2:]), (r"i > n/2", W[2:]),
        (r"i < (n+1)/2", W[:2]), (r"i \ge (n+1)/2", W[2:]), (r"i > (n+1)/2", W[3:]),
    ):  # fmt: skip
        formula = Formula(rf"y = \sum_{{{under}}} w_i")
        assert formula(w=W, n=3) == expected.sum(), under
        assert formula.expand(w=W, n=3).total == expected.sum(), under
    stated = Formula(r"y_{2i} = w_i, \quad n/2 \le i < 4", y="8")(w=W, n=3)
    assert stated.tolist() == [0, 0, 0, 0, 3, 0, 7, 0]


@pytest.mark.parametrize(
    ("under", "both", "alone"),
    [
        ("i,j < k", "i < k, j < k", r"\sum_{i} \sum_{j < k}"),
        ("i,j < 3", "i < 3, j < 3", r"\sum_{i} \sum_{j < 3}"),
        (r"i, j\ge1", r"i \ge1, j \ge1", r"\sum_{i} \sum_{j \ge1}"),
        (r"i, j \ne k", r"i \ne k, j \ne k", r"\sum_{i} \sum_{j \ne k}"),
        (r"i, j \notin \{0\}", r"i \notin \{0\}, j \notin \{0\}", r"\sum_{j \notin \{0\}}"),
        (r"1 \le i, j", r"1 \le i, 1 \le j", r"\sum_{j} \sum_{1 \le i}"),
        ("3 > i, j", "3 > i, 3 > j", r"\sum_{j} \sum_{3 > i}"),
    ],
)
def test_what_may_be_said_of_both_indices_or_of_one_is_refused(under, both, alone):
    given = dict(w=W, k=2) if "k" in under else dict(w=W)
    with pytest.raises(FormulaSyntaxError) as caught:
        Formula(rf"y = \sum_{{{under}}} w_i w_j")
    assert f"write {both} for both; for it alone give " in str(caught.value)
    assert alone in str(caught.value)
    assert Formula(rf"y = \sum_{{{both}}} w_i w_j")(**given) != W.sum() ** 2


def test_of_a_third_index_beside_a_comparison_of_two():
    """Also in `k, i < j` one may mean k < j."""
    for under in ("k, i < j", "i < j, k"):
        with pytest.raises(FormulaSyntaxError, match="for it alone give k a sum of its own"):
            Formula(rf"y = \sum_{{{under}}} w_k x_{{ij}}")
    found = Formula(r"y = \sum_{k} \sum_{i < j} w_k x_{ij}")(w=W, x=X)
    assert found == 11 * (1 + 4 + 9)


def test_what_is_written_instead_has_the_two_values():
    formula = r"y = %s w_i w_j"
    assert Formula(formula % r"\sum_{i < 3, j < 3}")(w=W) == 4**2
    assert Formula(formula % r"\sum_i \sum_{j < 3}")(w=W) == 4 * 11
    assert Formula(formula % r"\sum_j \sum_{1 \le i}")(w=W) == 9 * 11
    assert Formula(formula % r"\sum_{i, j \ne i}")(w=W) == 11**2 - (W**2).sum()


def test_two_comparisons_of_new_indices_are_two_pairs_or_a_chain():
    for under in ("i < j, k < l", "j > i, k > l", "i < j, k < 3"):
        with pytest.raises(FormulaSyntaxError, match=r"two pairs, or a chain with . and k in the"):
            Formula(rf"y = \sum_{{{under}}} x_{{ij}} x_{{kl}}")
    apart = Formula(r"y = \sum_{i < j} \sum_{k < l} x_{ij} x_{kl}")(x=X)
    assert apart == (1 + 4 + 9) ** 2
    assert Formula(r"y = \sum_{i < j, k > 1} x_{ij} w_k")(x=X, w=W) == (1 + 4 + 9) * 10


def test_rows_below_a_sum_are_said_each_by_itself():
    for under, expected in (
        (r"\substack{0 \le i \\ j < 2}", X[:, :2].sum()),
        (r"\substack{i \\ j < 2}", X[:, :2].sum()),
        (r"\substack{i,j \\ i < j}", 1 + 4 + 9),
        (r"\substack{0 \le i,j < 2 \\ i \ne j}", 1 + 1),
    ):
        assert Formula(rf"y = \sum_{{{under}}} x_{{ij}}")(x=X) == expected, under


def test_an_index_that_differs_from_a_value_opens_no_range():
    found = Formula(r"y = \sum_{1 \le i, 2 \ne i, j < 2} w_i w_j")(w=W)
    assert found == (-1 + 7) * (2 - 1)


def test_what_is_above_a_sum_does_not_settle_what_is_below():
    with pytest.raises(FormulaSyntaxError, match="is i \\\\ge 1 as well, or j \\\\ge 1 alone"):
        Formula(r"y = \sum_{i,j \ge 1}^{2} x_{ij}")


def test_an_index_cannot_end_before_itself():
    with pytest.raises(IndexReuseError, match="the bounds of i depend on i itself"):
        Formula(r"y = \sum_{0 \le i, j < i} x_{ij}")


@pytest.mark.parametrize("origin", [0, 1])
def test_a_kernel_of_an_odd_size_is_counted_from_its_centre(origin):
    latex = r"y_i = \sum_{s=-a}^{a} w(s) x(i-s)"
    x, w = np.arange(5.0) ** 2, np.array([1.0, 2.0, 4.0])
    blurred = Formula(latex, w="2*a+1", x="n", y="n", origin=origin)
    np.testing.assert_array_equal(blurred(x=x, w=w), np.convolve(x, w, mode="same"))
    assert Formula(blurred.reading, w="2*a+1", x="n", y="n", origin=origin)(x=x, w=w).any()
    with pytest.raises(FormulaError, match=f"counts the 3 elements of w from -1, .* from {origin}"):
        Formula(f"{latex} + w_1", w="2*a+1", x="n", y="n", origin=origin)(x=x, w=w)


@pytest.mark.parametrize("first", [-1, -2])
def test_an_index_does_not_begin_before_what_it_counts(first):
    """It would read zeros there, and every other element in the place of its neighbour."""
    formula = Formula(rf"y_i = \sum_{{m={first}}}^{{1}} k_m x_{{i+m}}", k="5", x="n", y="n")
    with pytest.raises(
        FormulaError, match=rf"m begins at {first}, but k has no .* 0 to 4; .*'k': "
    ):
        formula(k=np.ones(5), x=np.ones(4))
    counted = Formula(formula.latex, k="5", x="n", y="n", origin={"k": first})
    np.testing.assert_array_equal(counted(k=np.ones(5), x=np.ones(9))[3:-3], 2.0 - first)


def test_an_index_of_a_stride_is_not_counted_from_a_centre():
    """Where the stride is larger than the array, its range is 0 to 0, and only there."""
    latex = r"z = \sum_{i=0}^{\lfloor (N-1)/q \rfloor} d_i x_{iq}"
    strided = Formula(latex, x="N", d="(N-1)//q+1")
    assert strided(x=np.array([1, 2, 4]), d=np.array([1, 10]), q=2) == 41
