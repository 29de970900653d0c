"""How a line of a derivation is written, and what in it is marked: new, or about to change."""

import re

import pytest
from conftest import ROOT

from cnnmath.catalogue import convolution
from cnnmath.derive import derive
from cnnmath.derive.familiar import familiar
from cnnmath.derive.marks import NEW, marked, pieces
from cnnmath.formula import Formula


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


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        ("", []),
        (" a  b ", ["a", "b"]),
        ("{ab}_c d", ["{ab}_c", "d"]),
        ("x_{i}^{2}' y", ["x_{i}^{2}'", "y"]),
        (r"x_\mu y", [r"x_\mu", "y"]),
        (r"\frac{\{}{b} c", [r"\frac{\{}{b}", "c"]),
        (r"\operatorname{sign} (x)", [r"\operatorname{sign}", "(", "x", ")"]),
        ("[i = [j]] k", ["[i = [j]]", "k"]),
        ("[i]_2 k", ["[i]_2", "k"]),
        (r"\begin{a} \begin{b}x\end{b} \end{a} y", [r"\begin{a} \begin{b}x\end{b} \end{a}", "y"]),
        # Of what is not closed nothing is lost.
        (r"\frac{a}{b", [r"\frac{a}{b"]),
        ("[i + s", ["[i + s"]),
        ("[i + s ", ["[i + s"]),
        (r"\begin{cases} 1", [r"\begin{cases} 1"]),
        ("y x_", ["y", "x_"]),
        (r"\sqrt", [r"\sqrt"]),
    ],
)  # fmt: skip
def test_where_a_piece_ends(latex, expected):
    assert pieces(latex) == expected


def new(text):
    return rf"\colorbox{{{NEW}}}{{$\displaystyle {text}$}}"


def test_what_is_new_and_what_will_change():
    lines = [r"\sum_i d_i \frac{a}{b}", r"\sum_i d_i \sum_s W_s [i + s = u]", "d_u W_s"]
    assert marked(lines[0], None, lines[1]) == [r"\sum_i d_i", r"\underline{\frac{a}{b}}"]
    assert marked(lines[1], lines[0], None) == [
        r"\sum_i d_i", new(r"\, \sum_s W_s"), new("[i + s = u]"),
    ]  # fmt: skip
    assert marked(lines[2], lines[1], None) == [rf"{new('d_u')} W_s"]
    assert marked("x", "x", "x") == ["x"]


@pytest.mark.parametrize(
    "parts",
    [
        [r"\sum_i d_i", "[i = u]", "[j = v]"],
        ["a = b", "{} + x", r"\, \sum_i \sum_j \sum_k", r"\, \sum_s c"],
        ["- a", "{} - b", r"\frac{1}{2}", r"\frac{c}{d}"],
        [r"( a - b ) \cdot [i = u]", r"\frac{1}{2}"],
        [r"\log \left( a + \frac{1}{2} \right)", "[i = u]"],
    ],
)
def test_a_line_goes_on_below_before_a_sum_a_bracket_a_fraction_or_a_sign(parts):
    whole = " ".join(parts).replace("{} ", "").replace(r"\, ", "")
    assert marked(whole, None, None) == parts


def test_what_two_commands_enclose_is_not_marked_in_halves():
    (line,) = marked(r"\left( a + b \right)", "a", None)
    assert line.count(r"\left(") == line.count(r"\right)") == 1
    assert NEW not in line[: line.index("a")]


def test_a_derivation_begins_with_what_is_derived():
    given = derive(convolution, "x").page().partition("<ol")[0]
    assert given.count('aria-label="What is derived"') == 1
    assert r"i + s, j + t" in given


def test_no_line_begins_with_a_full_stop():
    page = derive(convolution, "x").page()
    assert page.count('class="cx-held"') > 4
    assert not re.search(r'(?<!"cx-held">)<span class="cx-math">[^<]*</span>[.,;:)]', page)


def test_no_class_of_a_live_figure_is_used_for_something_else():
    """Both stand on one page, and the style sheet of the figures would reach the derivation."""
    folder = ROOT / "cnnmath/explorer"
    figures = "".join(path.read_text("utf-8") for path in folder.rglob("*.[cj]s*"))
    used = set(re.findall(r'class="(cx-[\w-]+)"', derive(convolution, "x").page()))
    assert len(used) >= 8 and "cx-title" in figures
    assert sorted(name for name in used if re.search(rf"{name}\b(?!-)", figures)) == []


# ---- as authors write it ------------------------------------------------------------------------


def written(latex, **shapes):
    return familiar(latex, Formula(latex, **shapes).definition.declared)


@pytest.mark.parametrize(
    ("said", "shorter"),
    [
        (r"y_{i, j} = x_{j, i}", r"y_{ij} = x_{ji}"),
        (r"y_{i} = x_{i \cdot q + 1}", r"y_{i} = x_{i q + 1}"),
        (r"y_{i} = \exp\left( -x_{i} \right)", r"y_{i} = e^{-x_{i}}"),
        (r"y_{i} = \exp(x_{i} (x_{i} + 1))", r"y_{i} = e^{x_{i} (x_{i} + 1)}"),
        (r"y_{i} = \exp(\frac{x_{i}}{2})", r"y_{i} = \exp(\frac{x_{i}}{2})"),  # too small to read
        (r"y_{i + s, j} = x_{i, j}", r"y_{i + s, j} = x_{ij}"),
    ],
)
def test_what_reads_the_same_is_written_shorter(said, shorter):
    assert written(said) == shorter


def test_what_would_mean_something_else_stays():
    said = r"y_{i, j} = e \exp(x_{i, j})"
    assert written(said, e="", x="M N") == r"y_{ij} = e \exp(x_{ij})"  # where e is a number
