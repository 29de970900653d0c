"""Names of several letters: declared, or defined on the left."""

import numpy as np
import pytest

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
