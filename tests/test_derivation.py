"""A derivation: its lines, its reasons, and what running it finds."""

import numpy as np
import pytest

from cnnmath.derivation import Derivation
from cnnmath.errors import FormulaError
from cnnmath.formula import Formula
from cnnmath.formulas import bias_gradient_derivation, convolution

rng = np.random.default_rng(0)
ARRAYS = {
    "x": rng.normal(size=(4, 6)),
    "W": rng.normal(size=(3, 2, 3)),
    "b": rng.normal(size=3),
    "dE_da": rng.normal(size=(3, 3, 4)),
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


def test_a_line_that_is_not_equal_says_so():
    checked = derivation(sign="-").check(**ARRAYS)
    assert not checked.ok
    assert "NOT EQUAL" in checked.markdown()
    assert repr(checked).count("NOT EQUAL") == 1


def test_a_line_that_cannot_be_checked_is_an_error():
    unknown = Derivation(
        Formula(LATEX % "", dE_da="K P Q", dE_db="K"), "No formula says what a is.\n\nSecond."
    )
    with pytest.raises(FormulaError, match="1 of 2 lines could be checked"):
        unknown.check(dE_da=ARRAYS["dE_da"])


def test_the_catalogues_text_is_stable():
    checked = bias_gradient_derivation.check(**ARRAYS)
    assert repr(checked).splitlines()[0] == "bias gradient, derived: every line checked"
    assert set(checked._repr_mimebundle_()) == {"text/plain", "text/markdown"}
