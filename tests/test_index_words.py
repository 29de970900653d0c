r"""Indices of several letters: c_{out}, h_{\text{in}}, kh."""

import numpy as np
import pytest
from scipy import signal

from cnnmath.errors import IndexReuseError
from cnnmath.formula import Formula

RNG = np.random.default_rng(5)
X, W, B = RNG.normal(size=(2, 5, 6)), RNG.normal(size=(3, 2, 2, 3)), RNG.normal(size=3)
Y = np.array([sum(signal.correlate2d(X[c], w[c], "valid") for c in range(2)) for w in W])
SHAPES = dict(x="C H L", W="K C m n")

SPELT = {
    "c_{out}, and kh beside kw": r"y_{c_{out},h,w} = b_{c_{out}} + \sum_{c_{in}} \sum_{kh} "
    r"\sum_{kw} W_{c_{out},c_{in},kh,kw} x_{c_{in},h+kh,w+kw}",
    "text": r"y_{c_{\text{out}}ij} = b_{c_{\text{out}}} + \sum_{c_{\text{in}}} \sum_{s,t} "
    r"W_{c_{\text{out}} c_{\text{in}} st} x_{c_{\text{in}} (i+s)(j+t)}",
    "words alone": r"y_{oc,oh,ow} = b_{oc} + \sum_{ic,kh,kw} W_{oc,ic,kh,kw} x_{ic,oh+kh,ow+kw}",
    "bounds": r"y_{k, h_{\mathrm{out}}, w_{\mathrm{out}}} = b_k + \sum_{c_{\mathrm{in}}=0}^{C-1} "
    r"\sum_{kh=0}^{m-1} \sum_{kw=0}^{n-1} W_{k, c_{\mathrm{in}}, kh, kw} "
    r"x_{c_{\mathrm{in}}, h_{\mathrm{out}}+kh, w_{\mathrm{out}}+kw}",
}


@pytest.mark.parametrize("latex", SPELT.values(), ids=SPELT)
def test_an_index_of_several_letters_is_one(latex):
    formula = Formula(latex, **SHAPES, b="K")
    np.testing.assert_allclose(formula(x=X, W=W, b=B), Y + B[:, None, None], atol=1e-12)
    again = Formula(formula.reading, **SHAPES, b="K")
    np.testing.assert_array_equal(again(x=X, W=W, b=B), formula(x=X, W=W, b=B))


def test_letters_side_by_side_stay_indices_of_their_own():
    A = RNG.normal(size=(2, 3))
    assert Formula(r"y = \sum_{ij} A_{ij} B_{ij}")(A=A, B=A) == pytest.approx((A * A).sum())
    assert Formula(r"y_{k,ij} = A_{ki} A_{kj}", y="m n n", A="m n")(A=A).shape == (2, 3, 3)
    with pytest.raises(IndexReuseError):
        Formula(r"y = \sum_{st} \sum_{tu} A_{st} A_{tu}", A="n n")


def test_a_label_that_no_sum_introduces_is_part_of_a_name():
    x = RNG.normal(size=4)
    assert Formula(r"y = \sum_i x_i c_{\text{in}}")(x=x, c_in=2.0) == pytest.approx(2 * x.sum())
    assert Formula(r"w_{\text{new}} = w_{\text{old}} - \eta g")(w_old=1, eta=2, g=3) == -5
