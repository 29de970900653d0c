"""Names of several letters: declared, or defined on the left."""

import numpy as np
import pytest

from cnnmath.errors import FormulaSyntaxError
from cnnmath.formula import Formula

X = np.array([1.0, -2.0, 4.0])


@pytest.mark.parametrize(
    ("latex", "shapes", "result", "reading"),
    [
        (r"MSE = \sum_i x_i^2", {}, "MSE", r"\mathrm{MSE} = \sum_{i} x_{i}^{2}"),
        (r"loss(x) = \sum_i x_i^2", {}, "loss", r"\mathrm{loss}(x) = \sum_{i} x_{i}^{2}"),
        (r"Var(X)_i = x_i^2", {}, "Var", r"\mathrm{Var}_{i}(X) = x_{i}^{2}"),
        (r"\Delta w_i = x_i^2", {}, "Delta_w", r"\Delta w_{i} = x_{i}^{2}"),
        (r"\Delta\theta = x^2", {}, "Delta_theta", r"\Delta \theta = x^{2}"),
        ("Δθ = x^2", {}, "Delta_theta", r"\Delta \theta = x^{2}"),
        (
            r"y_i = x_i \Delta t",
            {"x": "n", "Delta_t": ""},
            "y",
            r"y_{i} = x_{i} \Delta t",
        ),
    ],
)
def test_a_word_is_one_name(latex, shapes, result, reading):
    formula = Formula(latex, **shapes)
    assert formula.result == result
    assert formula.reading == reading
    again = Formula(formula.reading, **shapes)
    given = {name: 0.5 if name == "Delta_t" else X for name in formula.names}
    np.testing.assert_array_equal(again(**given), formula(**given))
    total = {"MSE": 21.0, "loss": 21.0, "y": 0.5 * X}
    np.testing.assert_array_equal(formula(**given), total.get(result, X**2))


@pytest.mark.parametrize(
    ("latex", "names"),
    [
        ("ma = F", ("m", "a", "F")),  # two letters are a product
        ("abc = a + b", ("a", "b", "c")),  # its letters are known on the right
        ("abc + d = f", ("a", "b", "c", "d", "f")),  # it is not all of the left side
        ("a b c = f", ("a", "b", "c", "f")),  # apart
        (r"\Delta w = \Delta - w", ("Delta", "w")),
    ],
)
def test_what_is_no_word_stays_a_product(latex, names):
    formula = Formula(latex)
    assert formula.result == ""
    assert formula.names == names


@pytest.mark.parametrize(
    ("latex", "shapes", "names"),
    [
        (r"y_i = \sum_j W^Q_{ij} x_j", {"W_Q": "m n"}, ("W_Q", "x")),
        (r"Q = X W^Q", {"X": "n d", "W_Q": "d k"}, ("X", "W_Q")),
        (r"y = W^{out} x", {"W_out": "m n", "x": "n"}, ("W_out", "x")),
        (r"y_i = b^{out}_i", {}, ("b_out",)),
        (r"y_i = b^{\text{out}}_i", {}, ("b_out",)),
        (r"y = x^{ab}", {}, ("x", "a", "b")),
        (r"y = x^{in}", {"i": "", "n": ""}, ("x", "i", "n")),
    ],
)  # fmt: skip
def test_a_word_above_belongs_to_the_name(latex, shapes, names):
    assert Formula(latex, **shapes).names == names


def test_what_is_defined_may_have_a_word_above():
    assert Formula(r"y^{pred}_i = 2 x_i").result == "y_pred"
    step = Formula(r"w^{new} = w - \eta g")
    assert step.result == "w_new"
    assert step(w=1, eta=0.5, g=1) == 0.5


@pytest.mark.parametrize(
    "latex",
    [r"z^l_j = \sum_k w^l_{jk} a^{(l-1)}_k", r"w^{t+1} = w^t - \eta g", r"v^t = \gamma^t x_t"],
)
def test_a_power_by_what_counts_above_on_the_left_is_refused(latex):
    with pytest.raises(FormulaSyntaxError, match=r"to the power of .*, or number .* of several"):
        Formula(latex)
    powers = Formula(r"v^t = \gamma^t x_t", gamma="", x="T")
    assert powers(gamma=2, x=[1, 1, 1]).tolist() == [1, 2, 4]
