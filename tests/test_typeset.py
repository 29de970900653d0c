"""How the symbols and indices of a formula are marked in its LaTeX, and what stands below it."""

import html
import re

import pytest

from cnnmath import catalogue
from cnnmath.formula import Formula
from cnnmath.typeset import markdown, marked


@pytest.mark.parametrize(
    ("latex", "shapes", "expected"),
    [
        (r"a_{ij} = x_{ij}", dict(x="M N"), r"S(a)_{I(i)I(j)} = S(x)_{I(i)I(j)}"),
        # What an author wrote without braces needs them, or TeX takes the command alone.
        (r"a_i = x_i^2", dict(x="N"), r"S(a)_{I(i)} = S(x)_{I(i)}^2"),
        (r"y_i = c ^i", dict(c="", y="N"), r"S(y)_{I(i)} = S(c) ^{I(i)}"),
        (r"y = x_k", dict(x="N", k=""), r"S(y) = S(x)_{S(k)}"),
        # Below a sum an index says how it runs, and has no value of its own.
        (r"y = \sum_i x_i", dict(x="N"), r"S(y) = \sum_i S(x)_{I(i)}"),
    ],
)
def test_symbols_and_indices_are_marked(latex, shapes, expected):
    found = marked(
        Formula(latex, **shapes),
        lambda _, symbol: f"S({symbol})",
        lambda _, index: f"I({index})",
    )
    assert found == expected


@pytest.mark.parametrize(
    ("formula", "styles"),
    [
        (catalogue.convolution, ("loops", "einsum")),
        (catalogue.max_pooling, ("loops",)),
        (Formula(r"y = \sum_{k=0}^{\infty} x^k", x=""), ()),
    ],
    ids=("a contraction", "no contraction", "a sum without an end"),
)
def test_a_formula_is_shown_with_folds_that_hold_it_in_numpy(formula, styles):
    shown = markdown(formula)
    names = {"loops": "NumPy, in loops", "einsum": "NumPy, by einsum"}
    folds = re.findall(
        r'<details class="cnnmath-source"><summary>(.*?)</summary>\n\n<button .*?>Copy</button>\n\n'
        r'<pre tabindex="0"><code>(.*?)</code></pre>\n\n</details>',
        shown,
        re.DOTALL,
    )
    assert [(name, html.unescape(text)) for name, text in folds] == [
        (names[style], formula.numpy(style)) for style in styles
    ]
    assert shown.count("<details") == 1 + len(styles)
