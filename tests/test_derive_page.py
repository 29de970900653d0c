"""What is marked in a line of a derivation: what is new, and what is about to change."""

import re

import pytest
from conftest import ROOT

from cnnmath.catalogue import convolution
from cnnmath.derive import derive
from cnnmath.derive.marks import NEW, marked, pieces


@pytest.mark.parametrize(
    "latex",
    [
        [r"\sum_{i=0}^{M - m}", r"W^{(k)}_{s, t}", "[i + s = u]", "x_{i + s}"],
        [r"\textcolor{#5e4600}{\frac{\partial E}{\partial a}}", r"\frac{1}{l q}", "x'_{i}"],
        [r"\left[ x_{i} > [j = 0] \right]", r"\delta_i", r"\sqrt{x}^2", r"\hat{y}"],
        ["-", r"\log", "(", "p_{i}", ")", "+", r"\max_{0 \\le s < l}", "x"],
        [r"\{", "a", r"\}"],
        ["d", r"\left(", r"\begin{cases} 1 & x_{i} > 0 \\ b & \text{else} \end{cases}", r"\right)"],
    ],
)
def test_a_line_is_cut_where_nothing_is_torn(latex):
    assert pieces(" ".join(latex)) == latex


def new(text):
    return rf"\colorbox{{{NEW}}}{{$\displaystyle {text}$}}"


def test_what_is_new_and_what_will_change():
    lines = [r"\sum_i d_i \frac{a}{b}", r"\sum_i d_i \sum_s W_s [i + s = u]", "d_u W_s"]
    assert marked(lines[0], None, lines[1]) == r"\sum_i d_i \underline{\frac{a}{b}}"
    assert marked(lines[1], lines[0], None) == r"\sum_i d_i " + new(r"\sum_s W_s [i + s = u]")
    assert marked(lines[2], lines[1], None) == rf"{new('d_u')} W_s"
    assert marked("x", "x", "x") == "x"


def test_what_two_commands_enclose_is_not_marked_in_halves():
    line = marked(r"\left( a + b \right)", "a", None)
    assert line.count(r"\left(") == line.count(r"\right)") == 1
    assert NEW not in line[: line.index("a")]


def test_no_class_of_a_live_figure_is_used_for_something_else():
    """Both stand on one page, and the style sheet of the figures would reach the derivation."""
    folder = ROOT / "cnnmath/explorer"
    figures = "".join(path.read_text("utf-8") for path in folder.rglob("*.[cj]s*"))
    used = set(re.findall(r'class="(cx-[\w-]+)"', derive(convolution, "x").page()))
    assert len(used) >= 8 and "cx-title" in figures
    assert sorted(name for name in used if re.search(rf"{name}\b(?!-)", figures)) == []
