r"""Sets that are arrays, \sum_{i \in R_j}, and indices that begin anew, x_{((n-k))_N}."""

import numpy as np
import pytest

from cnnmath.derive import derive
from cnnmath.errors import ArrayValueError, CnnMathError
from cnnmath.formula import Formula

x = np.array([1.0, 2.0, 4.0, 7.0])
R = np.array([[1, 0, 1, 0], [0, 1, 1, 1]])
P = np.zeros((2, 3, 4), dtype=bool)
P[0, 1, 2] = P[0, 2, 0] = P[1, 0, 3] = True
grid = np.arange(12.0).reshape(3, 4)


@pytest.mark.parametrize(
    ("latex", "arrays", "value"),
    [
        (r"y_j = \sum_{i \in R_j} x_i", dict(x=x, R=R), [5, 13]),
        (r"y_j = \max_{i \in \mathcal{R}_j} x_i", dict(x=x, R=R > 0), [4, 7]),
        (r"y_j = \frac{1}{|R_j|} \sum_{i \in R_j} x_i", dict(x=x, R=R), [2.5, 13 / 3]),
        (r"y_j = \sum_{i \in R(j)} x_i", dict(x=x, R=R), [5, 13]),
        (r"y_j = \sum_{i \notin R_j} x_i", dict(x=x, R=R), [9, 1]),
        (r"y_j = \sum_i [i \in R_j] x_i", dict(x=x, R=R), [5, 13]),
        (r"E = \sum_{i \in B} x_i^2", dict(x=x, B=[True, False, True, False]), 17),
        (r"y_k = \max_{(s,t) \in P_k} x_{st}", dict(x=grid, P=P), [8, 3]),
        (r"E = \sum_{x \in \mathcal{X}} p(x)", dict(p=x), 14),
    ],
)
def test_a_set_says_what_is_a_member(latex, arrays, value):
    shapes = dict(R="m n", P="K M N", p="n")
    found = Formula(latex, **{name: shapes[name] for name in shapes if name in arrays})(**arrays)
    np.testing.assert_allclose(found, value)


def test_a_list_of_members_is_no_set():
    with pytest.raises(ArrayValueError, match="of each element whether it is a member"):
        Formula(r"E = \sum_{i \in B} x_i")(x=x, B=[0, 2, 3, 1])


def test_what_is_no_member_has_no_gradient():
    gradient = derive(Formula(r"y_j = \sum_{i \in R_j} x_i", x="n", R="m n"), "x").gradient
    found = gradient(R=R, dE_dy=np.array([10.0, 1.0]))
    np.testing.assert_array_equal(found, [10, 1, 11, 1])


h = np.array([1.0, 10.0, 100.0, 1000.0])
CIRCULAR = [sum(x[k] * h[(n - k) % 4] for k in range(4)) for n in range(4)]


@pytest.mark.parametrize(
    "index",
    [
        r"_{((n-k))_N}", r"_{(n-k)_N}", r"_{\langle n-k \rangle_N}", r"_{n-k \bmod N}",
        r"[((n-k))_N]", r"((n-k)_N)",
    ],
)  # fmt: skip
def test_an_index_begins_anew(index):
    formula = Formula(rf"y_n = \sum_{{k=0}}^{{N-1}} x_k h{index}", x="N", h="N", y="N")
    np.testing.assert_allclose(formula(x=x, h=h), CIRCULAR)


def test_double_brackets_alone_are_refused():
    with pytest.raises(CnnMathError, match="begin anew"):
        Formula(r"y_n = \sum_k x_k h_{((n-k))}", x="N", h="N")


A, B, C = np.array([[1, 1, 0, 1], [0, 1, 1, 0], [1, 0, 0, 1]])
NEXT = np.array([[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]])


@pytest.mark.parametrize(
    ("latex", "arrays", "value"),
    [
        (r"J = \frac{|A \cap B|}{|A \cup B|}", dict(A=A, B=B), 1 / 4),
        (r"J = \frac{2 |A \cap B|}{|A| + |B|}", dict(A=A, B=B), 2 / 5),
        (r"J = |A ∪ B ∪ C|", dict(A=A, B=B, C=C), 4),
        (r"J = |A \setminus B|", dict(A=A, B=B), 2),
        (r"J = |(A \cup B) \cap C|", dict(A=A, B=B, C=C), 2),
        (r"E = \sum_{i \in A \cap B} x_i", dict(A=A, B=B, x=x), 2),
        (r"E = \sum_i [i \in A \setminus B] x_i", dict(A=A, B=B, x=x), 8),
        (r"y_i = \sum_{j \in \mathcal{N}(i) \cup \{i\}} x_j", dict(N=NEXT, x=x), [3, 7, 13, 11]),
        (r"y_i = \sum_{j \in \mathcal{N}(i) \setminus \{i\}} x_j", dict(N=NEXT, x=x), [2, 5, 9, 4]),
        (r"y_i = \sum_{j \in \mathcal{V} \setminus \{i\}} x_j", dict(x=x), [13, 12, 10, 7]),
    ],
)
def test_sets_that_are_made_of_others(latex, arrays, value):
    declared = dict(A="n", B="n", C="n", N="n n", x="n", y="n")
    declared = {name: declared[name] for name in {*arrays, *("y" if latex[0] == "y" else "")}}
    formula = Formula(latex, **declared)
    np.testing.assert_allclose(formula(**arrays), value)
    np.testing.assert_allclose(Formula(formula.reading, **declared)(**arrays), value)


@pytest.mark.parametrize(
    ("latex", "said"),
    [
        (r"E = |A \cup B \cap C|", "which of these sets are joined first"),
        (r"E = |A \setminus B \setminus C|", "which of these sets are joined first"),
        (r"E = A \cap B", "joins sets"),
        (r"E = \sum_{i \in \mathbb{N} \cup \{0\}} x_i", "expected a set that has a name"),
    ],
)
def test_what_sets_cannot_be_made_of(latex, said):
    with pytest.raises(CnnMathError, match=said):
        Formula(latex)


def test_sets_of_other_lengths_are_refused():
    with pytest.raises(CnnMathError):
        Formula(r"J = |A \cup B|")(A=A, B=[0, 1, 1, 0, 1])
