"""Powers beside labels: made-up formulas of numbers whose names end in numbers and words.

What they are worth is calculated as they are made up.
"""

import random

import numpy as np
import pytest

from cnnmath.formula import Formula

NAMES = {
    "x_1": "x_1", "x_2": "x_2", "x_{2}": "x_2", r"\sigma_1": "sigma_1", r"\sigma_2": "sigma_2",
    "s_{X_2}": "s_X_2", r"\bar{x}_2": "x_bar_2", "w_{12}": "w_12", r"T_{\text{max}}": "T_max",
    r"\beta_1": "beta_1", "c_{in}": "c_in", r"d_{\mathrm{model}}": "d_model", "y_p": "y_p",
}  # fmt: skip
VALUES = {name: 0.5 + number / 9 for number, name in enumerate(dict.fromkeys(NAMES.values()))}


def atom(rng):
    """A name, perhaps with a power: LaTeX, and its value."""
    latex, name = rng.choice([*NAMES.items()])
    power, shown = rng.choice([(1, ""), (2, "^2"), (2, "^{2}"), (3, "^3"), (-1, "^{-1}")])
    return latex + shown, VALUES[name] ** power, {name}


def made_up(rng, depth):
    """An expression: LaTeX, its value, and the names in it."""
    if depth == 0:
        return atom(rng)
    (a, x, names), (b, y, others) = made_up(rng, depth - 1), made_up(rng, depth - 1)
    latex, value = rng.choice(
        [
            (rf"\frac{{{a}}}{{{b}}}", x / y),
            (f"({a}) + {b}", x + y),
            (rf"\sqrt{{{a}}} \cdot ({b})", x**0.5 * y),
            (f"({a})^2 + {b}", x**2 + y),
        ]
    )
    return latex, value, names | others


@pytest.mark.parametrize("are_declared", [True, False])
def test_a_power_is_one_whatever_stands_below(are_declared):
    for seed in range(40):
        latex, value, names = made_up(random.Random(seed), 2)
        if "s_X_2" in names and not are_declared:
            continue  # s below X_2 is an element of s
        formula = Formula(f"z = {latex}", **(dict.fromkeys(names, "") if are_declared else {}))
        found = formula(**{name: VALUES[name] for name in names})
        np.testing.assert_allclose(found, value, rtol=1e-12, err_msg=latex)
