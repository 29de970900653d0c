"""What is refused where nothing else asks, in full: class and message."""

import numpy as np
import pytest

from cnnmath.errors import (
    FormulaError,
    FormulaSyntaxError,
    MissingArrayError,
    SuperfluousArrayError,
)
from cnnmath.explorer import explore
from cnnmath.formula import Formula

THREE_TIMES = Formula("a_i = 3 x_i", x="N", a="N")
GRADIENT = Formula(
    r"\frac{\partial E}{\partial x_i} = \frac{\partial E}{\partial a_i} \cdot 3", a=THREE_TIMES
)
SHORT = Formula(
    r"\frac{\partial E}{\partial x_i} = \frac{\partial E}{\partial a_{i+1}} \cdot 3",
    a=THREE_TIMES, dE_dx="M",
)  # fmt: skip
ONES = np.ones(3)


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (
            lambda: GRADIENT.check(dE_da=ONES),
            MissingArrayError,
            "to check the first link by central differences, give x as well",
        ),
        (
            lambda: GRADIENT.check(dE_da=np.ones(10_001), x=np.ones(10_001)),
            FormulaError,
            "x has 10001 elements, and central differences take two evaluations for each: check "
            "it with at most 10000",
        ),
        (
            lambda: SHORT.check(dE_da=ONES, x=ONES, M=2),
            FormulaError,
            "dE_dx has shape (2,), but x has shape (3,)",
        ),
        (
            lambda: Formula("y_i = x_i + 1", x="N")(x=ONES, i=1),
            SuperfluousArrayError,
            "i was given, but the formula of y reads no such name; it reads N, x. i is an index "
            "here: declare it, i='', if it is a number",
        ),
        (
            lambda: explore(Formula("y_i = f(x_i)", x="N", f=np.sin), x=ONES),
            FormulaError,
            "y applies f, a function of Python's: a figure can only run what the formula says "
            "itself",
        ),
    ],
)
def test_is_refused(call, kind, message):
    with pytest.raises(kind) as error:
        call()
    assert type(error.value) is kind
    assert str(error.value) == message


@pytest.mark.parametrize("latex", ["(x * w)(i) = x * w", "y_i = (x * w)_i", "y_i = x * w"])
def test_the_sign_of_a_convolution_is_no_formula(latex):
    with pytest.raises(FormulaSyntaxError, match=r"^the sign of a convolution does not say how"):
        Formula(latex, x="N", w="N")


def test_a_letter_before_a_bracket_is_a_factor_in_a_figure_too():
    figure = explore(Formula("y = x (x + 1)"), x=[1.0, 2.0])
    np.testing.assert_array_equal(figure.results["y"], [2, 6])
    (formula,) = figure.state["formulas"]
    element = {"op": "element", "name": "x"}
    factors = formula["links"][0]["factors"]
    assert element.items() <= factors[0].items()
    assert [factor["op"] for factor in factors] == ["element", "add"]


def test_a_number_is_a_condition_that_holds_unless_it_is_0():
    case = Formula(r"y = \begin{cases} 1 & x \\ 0 & \text{otherwise} \end{cases}")
    np.testing.assert_array_equal(case(x=[0.0, 2.0, -0.5]), [0, 1, 1])
