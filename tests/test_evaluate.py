"""The fast evaluator takes large expressions in blocks."""

import numpy as np

from cnnmath.formula import Formula


def value(latex, **arrays):
    """The value of a formula on those of some arrays that it takes."""
    formula = Formula(latex)
    return formula(**formula.taken_of(arrays))


def test_blocks_give_what_one_piece_gives(monkeypatch):
    rng = np.random.default_rng(1)
    u, v = rng.normal(size=40), rng.permutation(60).astype(float)
    formulas = [
        r"y_{ij} = u_i v_j + i",
        r"y_i = \sum_j |u_i - v_j|",
        r"y_i = \sum_{j,k} u_i v_j u_k",
        r"y_i = \max_{j \ne i} u_i v_j",
        r"y_i = \arg\max_j u_i v_j",
        r"y = \arg\max_{0 \le i < 40, 0 \le j < 60} u_i v_j",
        r"y_i = \sum_{j=0}^{i} u_i v_j",
        r"y_i = \prod_j (1 + u_i v_j / 100)",
        r"y = \sum_{i < j} \sum_k u_i u_j v_k",
        r"y_i = \sum_{k=i}^{i+3} \sum_j u_k v_j, \quad 0 \le i < 30",
    ]
    whole = [value(latex, u=u, v=v) for latex in formulas]
    monkeypatch.setattr("cnnmath.call.evaluate.BLOCK", 50)
    x = np.arange(240.0).reshape(60, 4)
    assert (value("y = x^2 + c", x=x, c=1.0) == x**2 + 1).all()
    ties = np.array([1.0] * 60 + [3.0] * 100)
    assert Formula(r"y = \arg\max_i x_i")(x=ties) == 60
    assert Formula(r"y = \arg\max_{0 \le i,j < 160} x_i x_j")(x=ties) == 60 * 160 + 60
    ties[[90, 130]] = np.nan
    assert Formula(r"y = \arg\max_i x_i")(x=ties) == 90
    for latex, expected in zip(formulas, whole, strict=True):
        np.testing.assert_allclose(value(latex, u=u, v=v), expected, rtol=1e-12)
