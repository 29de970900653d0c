"""A derivation is run on a reader's numbers only if a wrong line would be seen on them."""

import numpy as np
import pytest

from cnnmath.catalogue import average_pooling, convolution, elu
from cnnmath.derive import derive
from cnnmath.errors import WeakTestError
from cnnmath.formula import Formula

rng = np.random.default_rng(0)
ARRAYS = {
    "x": rng.normal(size=(6, 8)),
    "W": rng.normal(size=(2, 3, 4)),
    "b": np.array([1.5, -2.0]),
    "dE_da": rng.normal(size=(2, 4, 5)),
}


def holding(array, value, *places):
    changed = array.copy()
    for place in places:
        changed[place] = value
    return changed


WEAK = {
    "one kernel": (
        {"W": ARRAYS["W"][:1], "b": ARRAYS["b"][:1], "dE_da": ARRAYS["dE_da"][:1]},
        r"W has the shape \(1, 3, 4\): a sum along an axis of 1 is no sum",
    ),
    "an input as high as wide": (
        {"x": ARRAYS["x"][:, :6], "dE_da": ARRAYS["dE_da"][:, :, :3]},
        r"x has the shape \(6, 6\): two indices might be exchanged",
    ),
    "a weight of 0": ({"W": holding(ARRAYS["W"], 0, (1, 0, 2))}, "W holds a 0"),
    "equal gradients": (
        {"dE_da": holding(ARRAYS["dE_da"], 0.5, (0, 1, 1), (1, 0, 3))},
        "dE_da holds 0.5 2 times",
    ),
}


@pytest.mark.parametrize("name", WEAK)
def test_arrays_on_which_a_wrong_line_could_pass_are_refused(name):
    changed, message = WEAK[name]
    with pytest.raises(WeakTestError, match=message):
        derive(convolution, "b").check(**{**ARRAYS, **changed})


def test_sizes_and_numbers_that_could_be_missing_are_refused():
    pooling, x = derive(average_pooling, "x"), ARRAYS["x"]
    gradient = ARRAYS["dE_da"][0]
    pooling.check(x=x, dE_da=gradient[:2, :3], l=3, q=2)
    with pytest.raises(WeakTestError, match="l and q are both 2"):
        pooling.check(x=x, dE_da=gradient[:3, :4], l=2, q=2)
    with pytest.raises(WeakTestError, match="q is 1: it might be missing"):
        pooling.check(x=x[:5, :6], dE_da=gradient[:3, :4], l=3, q=1)
    with pytest.raises(WeakTestError, match="alpha is 1: it might be missing"):
        derive(elu, "x").check(x=x, dE_dh=2 * x, alpha=1)


def test_labels_may_repeat_and_be_0():
    loss = Formula(r"E = -\sum_n \log p_{n y_n}", p="N C", y="N")
    p = rng.uniform(0.1, 0.9, size=(5, 3))
    derive(loss, "p").check(p=p, y=np.array([0, 2, 1, 0, 2]))
    with pytest.raises(WeakTestError, match=r"p holds 0\.5 2 times"):
        derive(loss, "p").check(p=holding(p, 0.5, (0, 1), (1, 0)), y=np.array([0, 2, 1, 0, 2]))


def test_what_is_compared_with_a_place_is_a_label():
    chosen = derive(Formula(r"y_i = x_i [i + 1 = c_i]", x="N", c="N"), "x")
    given = {"x": np.array([0.3, 0.7, 2.0]), "dE_dy": np.array([1.5, 2.5, 3.5])}
    chosen.check(c=np.array([1, 0, 0]), **given)
    weighed = derive(Formula(r"y_i = x_i [c_i = 2.5]", x="N", c="N"), "x")
    with pytest.raises(WeakTestError, match=r"c holds 2\.5 2 times"):
        weighed.check(c=np.array([2.5, 2.5, 1]), **given)


def test_a_function_is_no_array():
    formula = Formula(r"y_i = f(x_i)", x="N", y="N", f=np.sin)
    derive(formula, "x").check(x=np.array([0.3, 0.7, 2.0]), dE_dy=np.array([1.5, 2.5, 3.5]))
