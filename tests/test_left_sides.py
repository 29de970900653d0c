r"""What a left side defines, as authors print them: P(y = k | x), \ln p(x), F_\beta, LBP_{P,R}."""

import numpy as np
import pytest

from cnnmath.errors import FormulaSyntaxError
from cnnmath.formula import Formula

X = np.array([1.0, -2.0, 0.5])


@pytest.mark.parametrize(
    ("latex", "declared", "result", "free", "arguments"),
    [
        (r"P(y = k \mid x) = \frac{e^{z_k}}{\sum_j e^{z_j}}", {"z": "K"}, "P", "k", ("x",)),
        (r"P(Y = k | X = x) = \frac{e^{z_k}}{\sum_j e^{z_j}}", {"z": "K"}, "P", "k", ("x",)),
        (r"P(y = 1 \mid x) = \frac{1}{1 + e^{-x}}", {}, "P", "", ("x",)),
        (r"p(y_i = k) = z_{ik}", {"z": "N K"}, "p", "ik", ()),
        (r"p(y = k) = k/10", {}, "p", "", ("k",)),
        (r"\ell(y_i, \hat{y}_i) = (y_i - \hat{y}_i)^2", {"y": "n"}, "ell", "i", ()),
        (r"p_\theta(y_i \mid x_i) = e^{-\theta x_i y_i}", {"x": "n"}, "p_theta", "i", ()),
        (r"p(y_i = 1 | x_i) = \sigma(x_i)", {"x": "n"}, "p", "i", ()),
        (r"J(\theta_0, \theta_1) = \theta_0 - \theta_1", {}, "J", "", ("theta_0", "theta_1")),
        (r"F_\beta = (1 + \beta^2) P", {}, "F_beta", "", ()),
        (r"F_\mu = x_\mu + \mu", {"x": "n"}, "F", ("mu",), ()),
        (r"f_{w,b}(x) = w x + b", {}, "f_w_b", "", ("x",)),
        (r"f_{i,j} = i w_j", {"f": "m n"}, "f", "ij", ()),
        (r"f_k(i) = k x_i", {"f": "m n"}, "f", "ki", ()),
        (r"\ln p(x | \mu) = -(x - \mu)^2", {}, "log_p", "", ("x", "mu")),
        (r"\log p_\theta(x) = -\sum_i x_i^2", {"x": "n"}, "log_p_theta", "", ("x",)),
        (r"LBP_{P,R} = \sum_{p=0}^{P-1} g_p 2^p", {"g": "P"}, "LBP_P_R", "", ()),
        (r"\Delta{\bm w}_i = -\eta g_i", {"g": "n"}, "Delta_w", "i", ()),
        (r"{GLU}(a, b) = a \tanh b", {}, "GLU", "", ("a", "b")),
        (r"L(W, Y) = (1 - Y) D_W^2", {"D_W": ""}, "L", "", ("W", "Y")),
        # What nothing else reads is no index, nor is a word of which one letter is.
        (r"p_e = \sum_k n_{k1} n_{k2}", {"n": "K 2"}, "p_e", "", ()),
        (r"\mathcal{L}_{style} = \sum_l w_l E_l", {"w": "L", "E": "L"}, "L_style", "", ()),
        (r"\ell_{ce}(x) = x^2", {}, "ell_ce", "", ("x",)),
        (r"\sigma_b^2(t) = w_t^2", {"w": "T"}, "sigma_b_squared", "t", ()),
        (r"s_{L_1}(x) = |x|", {"x": "n"}, "s_L_1", "", ("x",)),
        (r"n_{H_{out}} = n_{H_{in}} - 1", {"n_H_in": ""}, "n_H_out", "", ()),
        (r"L(p, l) = \sum_i F^l_i", {"F": "L n"}, "L", "l", ("p",)),
        (r"L(p, l) = \sum_i p_i^l", {"p": "n"}, "L", "", ("p", "l")),
        (r"E(w_1, \dots, w_K) = \sum_n t_n", {"t": "N"}, "E", "", ("w",)),
        (r"lr = lr_0 / 2", {"lr_0": ""}, "lr", "", ()),
        (r"b_x = \sigma(t_x)", {"t_x": ""}, "b_x", "", ()),
        (r"F1 = 2 P R / (P + R)", {}, "F1", "", ()),
        (r"L(\{p_i\}, t) = \sum_i p_i", {"p": "n"}, "L", "", ("p", "t")),
        (r"D_p = \sum_{i=1}^p r_i", {"r": "p"}, "D_p", "", ()),
        (r"p(w_O | w_I) = v_{w_O} u_{w_I}", {"w_O": "", "w_I": ""}, "p", "", ("w_O", "w_I")),
        (r"p_t = y p + (1 - y) (1 - p)", {"p": "", "y": ""}, "p_t", "", ()),
        (r"p_t = \max(p, 1 - p)", {"p": "n"}, "p_t", "", ()),
        (r"Z = f(X, A) = X W", {"X": "n d", "W": "d k"}, "Z", "ij", ()),
    ],
)
def test_what_it_defines(latex, declared, result, free, arguments):
    formula = Formula(latex, **declared)
    assert (formula.result, formula.free) == (result, tuple(free))
    assert formula.definition.head.arguments == arguments
    assert formula.found_symbols[0].name == result  # which the page and the figure mark
    again = Formula(formula.reading, **declared)
    assert (again.result, again.free, again.reading) == (result, tuple(free), formula.reading)


def test_each_has_its_value():
    z = np.exp(X) / np.exp(X).sum()
    softmax = Formula(r"P(y = k \mid x) = \frac{e^{x_k}}{\sum_j e^{x_j}}", x="K")
    np.testing.assert_allclose(softmax(x=X), z)
    f_beta = Formula(r"F_\beta = \frac{(1 + \beta^2) P R}{\beta^2 P + R}")
    np.testing.assert_allclose(f_beta(beta=2, P=0.5, R=0.25), 5 * 0.125 / 2.25)
    likelihood = Formula(r"\ln p(x) = -\frac{1}{2} \sum_i x_i^2", x="n")
    assert likelihood(x=X) == -2.625
    line = Formula(r"y_i = p_\theta(2 x_i)", p_theta=Formula(r"p_\theta(z) = \theta + z"), x="n")
    assert line(x=X, theta=1).tolist() == [3, -3, 2]


def test_a_logarithm_of_what_is_known_is_an_equation():
    equation = Formula(r"\ln p(x) = x", p=np.exp)
    assert equation.result == ""
    assert equation.check(x=X).ok
    assert Formula(r"\ln p(x) = \frac{1}{2} \ln p(2x)").result == ""


def test_a_condition_that_is_no_value_of_an_argument_is_refused():
    with pytest.raises(FormulaSyntaxError, match="expected an index or the name of an argument"):
        Formula(r"P(y < k) = 1 - e^{-k}")
