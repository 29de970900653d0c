r"""An error about what is no LaTeX, or no index, says what to write instead."""

import re

import numpy as np
import pytest

from cnnmath.errors import CnnMathError, FormulaSyntaxError
from cnnmath.formula import Formula

X = np.array([1.0, 2.0, 4.0])

CHARACTERS = {
    "x²": "^{2}",
    "x⁻¹": "^{-1}",
    "xᵢⱼ": "_{ij}",
    "x₁": "_{1}",
    "x̂": r"\hat{x}",
    "x⃗": r"\vec{x}",
    "ŷ": r"\hat{y}",
    "ẋ": r"\dot{x}",
    "𝐱": r"\mathbf{x}",
    "𝑥": "x",
    "𝛉": r"\boldsymbol{\theta}",
    "𝓛": r"\mathcal{L}",
    "ℝ": r"\mathbb{R}",
    "𝟏": r"\mathbf{1}",
    "½": r"\frac{1}{2}",
    "µ": r"\mu",  # the sign of a micrometre
    "ϑ": r"\vartheta",
    "ﬁ": "fi",
    "（x）": "(",
}


@pytest.mark.parametrize("written", CHARACTERS)
def test_a_character_that_is_no_latex(written):
    with pytest.raises(FormulaSyntaxError) as caught:
        Formula(f"y = {written}")
    what, line, caret = str(caught.value).split("\n")
    assert what.endswith(f" is not part of the formula language: write {CHARACTERS[written]}")
    assert repr(line[caret.index("^")]) in what


@pytest.mark.parametrize("character", "😀∫´")
def test_a_character_that_stands_for_nothing(character):
    with pytest.raises(FormulaSyntaxError) as caught:
        Formula(f"y = x{character}")
    what = str(caught.value).split("\n")[0]
    assert what == f"the character {character!r} is not part of the formula language"


@pytest.mark.parametrize(
    ("latex", "words"),
    [
        ("y = 10{,}000 x", "write 10000, or 10.000 if the comma is a decimal point"),
        (r"y = \frac{10{,}000}{x}", "one number, or two with a comma between them? write 10000"),
        ("y = 0{,}5 x", "them? write 0.5 if the comma is a decimal point"),
        ("y = 10,000 x", "write 10000, or 10.000"),
        ("y = e^-x", "^- holds the sign alone: write ^{-x}, or ^{-} and a blank if the sign is"),
        ("y = 10^-3 x", "write ^{-3}"),
        ("y = x_-1", "_- holds the sign alone: write _{-1}"),
        (r"y = e^-\frac{x}{2}", "write ^{-..}"),
        ("y = x^+2", "write ^{+2}"),
    ],
)
def test_commas_and_signs_that_belong_to_a_number(latex, words):
    with pytest.raises(FormulaSyntaxError, match=re.escape(words)):
        Formula(latex)


def test_commas_and_signs_that_do_not():
    A = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    assert Formula("y = x_{1{,}2} + x_{0,100}", origin={"x": 0})(x=np.ones((2, 101))) == 2
    assert Formula("y = x_{1{,}2}")(x=A) == 6
    assert Formula(r"y = \max(1,200)")() == 200
    assert Formula(r"y_i = x_i + 1, 0 \le i < 2")(x=X).tolist() == [2, 3]
    assert Formula(r"y = \theta^{-} x + \theta^-")(theta_minus=3, x=2) == 9
    assert Formula("y = [x]_+x + e^{-x}")(x=0) == 1


@pytest.mark.parametrize(
    ("latex", "shapes", "given", "words"),
    [
        ("y = x_i", {}, dict(x=X), "x_i is one name here, for nothing says what i runs over: write "
         "the left side with i too, or sum over it"),
        ("y = x_{ij} + b", {}, dict(x=X, b=1), "x_ij is one name here"),
        ("y = x_3", {}, dict(x=X), "x_3 is one name here: declare the shape of x"),
        ("y = x_i", dict(x="n"), dict(x=X), "give i=...; if i is an index, write it as a subscript "
         "on the left side too, y_i, or sum over it"),
        (r"y = \mathbb{1}[i > 1] x(i)", {}, dict(x=X), "if i is an index, write it as a subscript"),
        (r"y(i) = \mathbb{1}[i > 1] x(i)", {}, dict(x=X), "on the left side too, y_i, or sum"),
    ],
)  # fmt: skip
def test_an_index_that_stands_on_the_right_alone(latex, shapes, given, words):
    with pytest.raises(CnnMathError, match=re.escape(words)):
        Formula(latex, **shapes)(**given)


def test_what_to_write_for_it_is_read():
    assert Formula("y_i = x_i")(x=X).tolist() == X.tolist()
    assert Formula("y = x_3", x="n")(x=np.arange(5.0)) == 3
    assert Formula("y = x_i", x="n")(x=X, i=1) == 2
    assert Formula(r"y_i = \mathbb{1}[i > 1] x(i)")(x=X).tolist() == [0, 0, 4]
