r"""Dots in a sum stand for terms that the first and the last alone must show."""

import numpy as np
import pytest

from cnnmath.errors import CnnMathError, FormulaSyntaxError
from cnnmath.formula import Formula

X = np.array([1.0, -2.0, 0.5, 3.0])
W = np.array([2.0, 1.0, -1.0, 0.5])
A = np.arange(12.0).reshape(4, 3)


@pytest.mark.parametrize(
    ("latex", "arrays", "value"),
    [
        (r"y = x_1 + x_2 + \dots + x_n", {"x": X}, X.sum()),
        (r"y = x_1 + \cdots + x_{n-1}", {"x": X}, X[:3].sum()),
        (r"y = w_1 x_1 + \dots + w_n x_n + b", {"x": X, "w": W, "b": 3}, W @ X + 3),
        (r"y = b + w_1 x_1 + w_2 x_2 + ... + w_n x_n", {"x": X, "w": W, "b": 3}, W @ X + 3),
        (r"y_i = x_1 + x_2 + \dots + x_i", {"x": X, "y": None}, X.cumsum()),
        (r"y = \frac{x_1^2 + \dots + x_n^2}{n}", {"x": X}, (X**2).mean()),
        (r"y = \frac{x_1 + \dots + x_n}{w_1 + \dots + w_n}", {"x": X, "w": W}, 2.5 / 2.5),
        (r"y_j = a_{1j} + \dots + a_{nj}", {"a": A}, A.sum(0)),
        (r"y_j = w_1 a_{1,j} + \dots + w_n a_{n,j}", {"a": A, "w": W}, W @ A),
        (r"y = w^{(1)} x_1 + \dots + w^{(n)} x_n", {"x": X, "w": W}, W @ X),
    ],
)
def test_the_terms_between(latex, arrays, value):
    shapes = {"x": "n", "w": "n", "b": "", "y": "n", "a": "n m"}
    declared = {name: shapes[name] for name in arrays}
    formula = Formula(latex, **declared, origin=1)
    given = {name: array for name, array in arrays.items() if array is not None}
    np.testing.assert_allclose(formula(**given), value)
    assert Formula(formula.reading, **declared, origin=1).reading == formula.reading


def test_the_index_has_a_letter_of_its_own():
    formula = Formula(r"k_i = x_{1i} + \dots + x_{ni}", x="n j", origin=1)
    assert formula.reading == r"k_{i} = \sum_{l=1}^{n} x_{l, i}"


@pytest.mark.parametrize(
    "latex",
    [
        r"y = x_2 + x_4 + \dots + x_n",
        r"y = x_1 - x_2 + \dots + x_n",
        r"y = x_1 + \dots - x_n",
        r"y = x_1 + 2 x_2 + \dots + n x_n",
        r"y = 1 + 2 + \dots + n",
        r"y = x_1 + x_1 t + \dots + x_n t^n",
        r"y = w_1 x_n + \dots + w_n x_1",
        r"y = w_1 x_1 + \dots + w_n z_n",
        r"y = w_1 x_2 + \dots + w_n x_n",
        r"y = x_i + \dots + x_n",
        r"y = x_{11} + \dots + x_{1n}",
        r"y = x_1 + x_2 + \dots",
    ],
)
def test_other_dots_are_refused(latex):
    with pytest.raises(FormulaSyntaxError):
        Formula(latex)


def test_a_list_of_all_elements_is_each_of_them():
    latex = r"\ell(x, y) = L = \{l_1, \dots, l_N\}^\top, \quad l_n = -w_{y_n} x_{n,y_n}"
    loss = Formula(latex, x="N C", y="N", w="C")
    assert loss.reading.startswith(r"\ell_{n}(x, y) = l_{n}, ")
    x, w = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), np.array([1.0, 10.0, 100.0])
    assert loss(x=x, y=[2, 0], w=w).tolist() == [-300, -4]
    table = Formula(r"z_c = \{x_{1,c}, \dots, x_{N,c}\}", x="N C")
    assert table(x=x).tolist() == x.tolist()


@pytest.mark.parametrize("last", ["l_k", "k_N", "l_{N-1}"])
def test_a_list_that_may_leave_something_out_is_refused(last):
    with pytest.raises(CnnMathError, match="a list"):
        Formula(rf"L = \{{l_1, \dots, {last}\}}^\top", l="N")
