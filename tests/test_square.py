"""Inverses and determinants: in calls, expansions and source, and where they are refused."""

import numpy as np
import pytest

from cnnmath.errors import CnnMathError, FormulaError, ShapeError
from cnnmath.formula import Formula

RNG = np.random.default_rng(0)
A = RNG.normal(size=(3, 3))
INVERSE = Formula("P = A^{-1}", A="n n")


def test_an_inverse_is_that_of_linear_algebra():
    np.testing.assert_allclose(INVERSE(A=A), np.linalg.inv(A))
    assert INVERSE.reading == "P_{i, j} = (A^{-1})_{i, j}"


def test_each_element_is_written_out():
    for place in np.ndindex(3, 3):
        assert INVERSE.expand(place, A=A).total == pytest.approx(np.linalg.inv(A)[place])


def test_the_source_gives_the_same():
    names = {}
    exec(INVERSE.numpy(), names)
    np.testing.assert_allclose(names["find_P"](A), np.linalg.inv(A))


def test_an_inverse_of_what_is_printed_for_any_matrix():
    latex = r"P_{ij} = \operatorname{inv}_{p,q}(A_{qp} + \delta_{pq})_{i,j}"
    np.testing.assert_allclose(
        Formula(latex, A="n n", P="n n")(A=A), np.linalg.inv(A.T + np.eye(3))
    )


def test_a_matrix_that_is_not_square_has_none():
    with pytest.raises(ShapeError, match="not one of 2 rows and 3 columns"):
        Formula(r"d = \det_{i,j} A_{ij}")(A=A[:2])


def test_what_would_not_fit_into_memory_is_refused():
    with pytest.raises(FormulaError, match=r"give it as an array, by np\.linalg\.inv"):
        INVERSE(A=np.eye(70))


@pytest.mark.parametrize(
    ("latex", "named"),
    [(r"E = \det A", "of a determinant"), (r"E = x^\top A^{-1} x", "of the inverse of a matrix")],
)
def test_their_derivatives_are_refused(latex, named):
    loss = Formula(latex, A="n n", **({"x": "n"} if "x" in latex else {}))
    with pytest.raises(CnnMathError, match=f"the derivative {named}"):
        Formula(r"\frac{\partial E}{\partial A_{ij}}", E=loss)(A=A, x=np.ones(3))


def test_of_a_matrix_that_is_nearly_singular_a_check_says_that_it_cannot_know():
    chain = Formula(r"d = \det(A B) = \det(A) \det(B)", A="n n", B="n n")
    row = np.array([0.1, -0.1, 0.6])
    assert chain.check(A=A, B=A + 1).ok
    check = chain.check(A=np.outer(row, row) + 1e-6 * A, B=A + 1)
    assert not check.ok
    assert "not known" in str(check)
