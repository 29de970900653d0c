"""How far a sum reaches, and what a slash divides, where all readers of a page agree."""

import numpy as np
import pytest

from cnnmath.errors import CnnMathError
from cnnmath.formula import Formula

a, b = np.array([1.0, 2.0, 3.0]), np.array([5.0, 7.0, 11.0])
w = np.arange(9.0).reshape(3, 3)


@pytest.mark.parametrize(
    ("latex", "value"),
    [
        (r"y = \sum_i a_i + b_i", 29),
        (r"y = 2 \sum_i a_i - b_i", -34),
        (r"y = \max_i a_i - b_i", -4),
        (r"y = \sum_i a_i + \sum_i b_i", 29),
        (r"y = \sum_i a_i + 1", 7),
        (r"y = \sum_i \sum_j w_{ij} + b_j", w.sum() + 3 * b.sum()),
        (r"y = \sum_i \sum_j w_{ij} + b_i", w.sum() + b.sum()),
        (r"y = \sum a_i b_i", 52),
        (r"y = \sum a_i \sum b_i", 138),
        (r"y = \sum a_i / \sum b_i", 6 / 23),
        (r"y_i = \sum_j w_{ij} + b_i", w.sum(axis=1) + b),
    ],
)
def test_a_sum_reaches_where_its_index_stands(latex, value):
    formula = Formula(latex, **({"w": "n n"} if "w" in latex else {"a": "n"}))
    arrays = {name: array for name, array in dict(a=a, b=b, w=w).items() if name in formula.names}
    np.testing.assert_allclose(formula(**arrays), value)


@pytest.mark.parametrize(
    ("latex", "words"),
    [
        (r"y = \sum_i a_i + b_i + c", "reach this far"),
        (r"y = \sum a_i b_j", "expected the index to run over"),
        (r"y_i = \sum a_i", "expected the index to run over"),
    ],
)
def test_where_it_cannot_be_seen_how_far_it_is_refused(latex, words):
    with pytest.raises(CnnMathError, match=words):
        Formula(latex, a="n")


@pytest.mark.parametrize(
    ("latex", "value"),
    [
        (r"y = e^{-u^2/2v^2}", np.exp(-4 / 18)),
        (r"y = \exp(-u^2/2v^2)", np.exp(-4 / 18)),
        (r"y = u/2\pi", 1 / np.pi),
        (r"y = \cos 2\pi u/v", np.cos(4 * np.pi / 3)),
        (r"y = e^{-u/v} / v", np.exp(-2 / 3) / 3),
    ],
)
def test_a_slash_divides_by_what_all_readers_see(latex, value):
    found = Formula(latex)(u=2.0, **({"v": 3.0} if "v" in latex else {}))
    np.testing.assert_allclose(found, value)
