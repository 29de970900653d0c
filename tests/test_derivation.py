"""A derivation: its lines, its reasons, and what running it finds."""

import numpy as np
import pytest

from cnnmath.catalogue import (
    average_pooling_gradient_derivation,
    bias_gradient_derivation,
    convolution,
    elu_gradient_derivation,
)
from cnnmath.derivation import Derivation
from cnnmath.errors import DerivationError, FormulaError, WeakTestError
from cnnmath.formula import Formula

rng = np.random.default_rng(0)
ARRAYS = {
    "x": rng.normal(size=(6, 8)),
    "W": rng.normal(size=(2, 3, 4)),
    "b": np.array([1.5, -2.0]),
    "dE_da": rng.normal(size=(2, 4, 5)),
}
LATEX = r"""\frac{\partial E}{\partial b^{(k)}}
    &= \sum_{i,j} \frac{\partial E}{\partial a^{(k)}_{ij}} \\
    &= %s\sum_{i,j} \frac{\partial E}{\partial a^{(k)}_{ij}}"""


def derivation(sign="", steps="First.\n\nSecond."):
    return Derivation(Formula(LATEX % sign, a=convolution), steps)


def test_every_line_has_a_step():
    with pytest.raises(FormulaError, match="2 lines but 1 steps"):
        derivation(steps="Only one\nparagraph.")


def test_steps_are_paragraphs():
    assert derivation(steps="One\n   line.\n\nTwo.").steps == ("One line.", "Two.")


def test_what_is_shown_has_each_line_with_its_reason_and_verdict():
    shown = derivation().check(**ARRAYS).markdown()
    first, second = shown.index("First."), shown.index("Second.")
    assert first < second
    assert shown.count("equal, largest difference below 1e-9") == 2
    assert "central differences" in shown[first:second]
    assert "line 1" in shown[second:]
    assert "&=" not in shown
    assert r"\\" not in shown


def test_a_line_that_is_not_equal_is_an_error_with_the_line_the_place_and_both_numbers():
    sums = ARRAYS["dE_da"].sum(axis=(1, 2))
    k = int(np.abs(sums).argmax())
    with pytest.raises(DerivationError) as caught:
        derivation(sign="-").check(**ARRAYS)
    assert str(caught.value) == (
        f"{derivation().formula.name}: line 2 is not equal to line 1. "
        f"For dE_db[{k}] it gives {-sums[k]:g}, and line 1 {sums[k]:g}"
    )


def test_a_first_line_that_is_not_the_derivative_is_an_error():
    twice = Derivation(
        Formula(LATEX.replace("&= ", "&= 2", 1) % "2", a=convolution), "First.\n\nSecond."
    )
    with pytest.raises(DerivationError, match="line 1 is not equal to central differences"):
        twice.check(**ARRAYS)


def test_a_line_of_which_nothing_is_known_is_an_error():
    lost = LATEX % "" + r" + 10^{15} - 10^{15}"
    with pytest.raises(DerivationError, match="whether line 2 is equal to line 1 is not known for"):
        Derivation(Formula(lost, a=convolution), "First.\n\nSecond.").check(**ARRAYS)


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
        bias_gradient_derivation.check(**{**ARRAYS, **changed})


def test_sizes_and_numbers_that_could_be_missing_are_refused():
    pooling, x = average_pooling_gradient_derivation, ARRAYS["x"]
    gradient = ARRAYS["dE_da"][0]
    pooling.check(x=x, dE_da=gradient[:2, :3], l=3, q=2)
    with pytest.raises(WeakTestError, match="l and q are both 2"):
        pooling.check(x=x, dE_da=gradient[:3, :4], l=2, q=2)
    with pytest.raises(WeakTestError, match="q is 1: it might be missing"):
        pooling.check(x=x[:5, :6], dE_da=gradient[:3, :4], l=3, q=1)
    with pytest.raises(WeakTestError, match="alpha is 1: it might be missing"):
        elu_gradient_derivation.check(x=x, dE_dh=2 * x, alpha=1)


def test_a_line_that_cannot_be_checked_is_an_error():
    unknown = Derivation(
        Formula(LATEX % "", dE_da="K P Q", dE_db="K"), "No formula says what a is.\n\nSecond."
    )
    with pytest.raises(FormulaError, match="1 of 2 lines could be checked"):
        unknown.check(dE_da=ARRAYS["dE_da"])


@pytest.mark.parametrize("wrong", [None, r"(\delta_{kj} - p_k)", r"2 p_j"])
def test_the_derivative_of_what_a_formula_defines(wrong):
    """The left side is worked out, and the first line held against that."""
    p = Formula(r"p_k = \frac{e^{z_k}}{\sum_l e^{z_l}}", z="K", p="K")
    loss = Formula(r"E = -\sum_k t_k \log p_k", t="K", p=p)
    lines = [r"-\sum_k t_k (\delta_{kj} - p_j)", r"p_j \sum_k t_k - t_j"]
    if wrong is not None:
        place = 0 if "delta" in wrong else 1
        right = r"(\delta_{kj} - p_j)" if "delta" in wrong else "p_j"
        lines[place] = lines[place].replace(right, wrong)
    latex = r"\frac{\partial E}{\partial z_j} &= " + r" \\ &= ".join(lines)
    derivation = Derivation(Formula(latex, E=loss, p=p, t="K"), "Slopes.\n\nSort.")
    arrays = {"z": rng.normal(size=4), "t": np.array([0.1, 0.4, 0.2, 0.7])}
    if wrong is None:
        shown = derivation.check(**arrays).markdown()
        assert "compared with the derivative, worked out" in shown and "differences" not in shown
    else:
        number = 1 if "delta" in wrong else 2
        before = "the derivative, worked out" if number == 1 else "line 1"
        with pytest.raises(DerivationError, match=f"line {number} is not equal to {before}"):
            derivation.check(**arrays)


def test_the_catalogues_text_is_stable():
    checked = bias_gradient_derivation.check(**ARRAYS)
    assert repr(checked).splitlines()[0] == "bias gradient, derived: every line checked"
    assert set(checked._repr_mimebundle_()) == {"text/plain", "text/markdown"}
