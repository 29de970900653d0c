"""A formula in colour is LaTeX that can be typeset, whatever its author put into braces."""

import pytest

from cnnmath.formula import Formula
from cnnmath.typeset import marked


@pytest.mark.parametrize(
    ("latex", "typeset"),
    [
        (r"p_k = z_k", r"(p)_{[k]} = (z)_{[k]}"),
        (r"p_{k} = z_ k", r"(p)_{[k]} = (z)_ {[k]}"),
        (r"p_{ik} = z_{ik}", r"(p)_{[i][k]} = (z)_{[i][k]}"),
        (r"p_k = e^z + w_k", r"(p)_{[k]} = e^{(z)} + (w)_{[k]}"),
        (r"E = -\log p_y", r"(E) = -\log (p)_{(y)}"),
    ],
)
def test_what_stands_alone_as_an_index_or_exponent_is_held_in_braces(latex, typeset):
    """TeX takes the one token behind _ or ^, which of a colour is the command alone."""
    formula = Formula(latex, **({"p": "R", "y": ""} if "y" in latex else {}))
    found = marked(formula, lambda _, symbol: f"({symbol})", lambda _, letter: f"[{letter}]")
    assert found == typeset
