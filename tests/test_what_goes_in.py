r"""What is given, arrays and words alike: it is taken whole, or it is refused by name.

No number is dropped on the way in, no HTML comes out, and memory stays within the limit of a block.
"""

import contextlib
import re
import tracemalloc

import numpy as np
import pytest

from cnnmath import gradcheck, layers, plots
from cnnmath.article.verdict import Mistake, Printed, Summary
from cnnmath.catalogue import relu, relu_gradient
from cnnmath.derive import derive
from cnnmath.errors import ArrayValueError, CnnMathError, FormulaSyntaxError
from cnnmath.explorer import curves, explore
from cnnmath.formula import Formula
from cnnmath.notation import Row, Table
from cnnmath.sheet import Entry, Sheet
from cnnmath.typeset import for_dark_themes


class Tensor:
    """Like a tensor of PyTorch's that is to have a gradient."""

    def detach(self):
        return np.ones(3)

    def __array__(self, *args, **kwargs):
        raise RuntimeError("Can't call numpy() on Tensor that requires grad.")


class Refusing:
    def __array__(self, *args, **kwargs):
        raise KeyError("not today")


MASKED = np.ma.array([1.0, 2.0, 3.0], mask=[0, 1, 0])

REFUSED = {
    "masked": (MASKED, "some are masked"),
    "masked in a list": ([MASKED, MASKED], "some are masked"),
    "the masked number": (np.ma.masked, "some are masked"),
    "gradient": (Tensor(), "got a tensor that is part of a gradient's calculation"),
    "gradient in a list": ([Tensor(), Tensor()], "requires grad|gradient's calculation"),
    "refusing": (Refusing(), "Refusing refuses to become an array: 'not today'"),
    "objects": (object(), "got dtype object"),
    "text": ("1 2 3", "got '1 2 3'"),
    "nothing": (None, "got None"),
    "ragged": ([[1, 2], [3]], "its rows differ in length"),
    "complex": ([1j, 2, 3], "got dtype complex128"),
    "too large": ([10**400, 1, 2], "got dtype object"),
    "inexact": ([2**53 + 1, 1, 2], "float64 cannot hold exactly"),
    "dates": (np.array(["2020-01-01"], "M8[D]"), "got dtype datetime64"),
}

y = Formula("y_i = 2 x_i", x="n", symbols={"x": "the input"})
square = Formula(r"y_{ij} = x_{ij}^2", x="m n")
CALLS = {
    "formula": lambda value: y(x=value),
    "expand": lambda value: y.expand(0, x=value),
    "check": lambda value: y.check(x=value, y=np.ones(3)),
    "check of the result": lambda value: y.check(x=np.ones(3), y=value),
    "layer": layers.tanh,
    "layer's convolution": lambda value: layers.conv2d(value, np.ones((1, 1, 1, 1))),
    "layer's gradient": lambda value: layers.tanh_backward(value, np.ones(3)),
    "explore": lambda value: explore(y, x=value),
    "edit": lambda value: explore(y, x=np.ones(3)).assign("x", value),
    "preset": lambda value: explore(y, x=np.ones(3), presets={"x": {"one": value}}),
    "curves": lambda value: curves((relu, relu_gradient), x=value),
    "plots": lambda value: plots.grids(x=value),
    "gradcheck": lambda value: gradcheck.check_gradients(
        layers.tanh, lambda dy, x: (dy,), {"x": value}
    ),
    "gradcheck's forward": lambda value: gradcheck.check_gradients(
        lambda x: value, lambda dy, x: (dy,), {"x": np.ones(3)}
    ),
    "gradcheck's gradient": lambda value: gradcheck.check_gradients(
        layers.tanh, lambda dy, x: {"x": value}, {"x": np.ones(3)}
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
@pytest.mark.parametrize("door", CALLS)
def test_what_cannot_be_taken_whole_is_refused_by_name_at_every_door(door, kind):
    value, words = REFUSED[kind]
    with pytest.raises(ArrayValueError, match=words):
        CALLS[door](value)


@pytest.mark.parametrize("one", [np.array([True, False]), [1, 2], np.ones(2, np.float32),
                                 np.ma.array([1.0, 2.0]), np.array([2**53, 2**54]),
                                 range(2), (1, 2.5)])  # fmt: skip
def test_what_is_real_numbers_is_taken(one):
    np.testing.assert_array_equal(y(x=one), 2 * np.asarray(one, float))


def test_a_number_beyond_the_largest_of_float64_is_refused():
    if np.finfo(np.longdouble).max > np.finfo(np.float64).max:
        with pytest.raises(ArrayValueError, match="float64 cannot hold"):
            y(x=np.array([np.longdouble("1e400")]))
    with pytest.raises(ArrayValueError, match="N: expected real numbers, got dtype object"):
        Formula("a_i = x_{i+N}", x="n", a="n")(x=np.ones(3), N=10**400)


@pytest.mark.parametrize("value", [np.ma.masked, np.complex128(1j), Refusing(), "1", 10**400])
def test_what_a_function_of_the_caller_returns_is_taken_whole_too(value):
    f = Formula("y_i = f(x_i)", x="n")
    with pytest.raises(ArrayValueError, match=r"the value of f: expected real numbers, "):
        f(x=np.ones(3), f=lambda x: value)


@pytest.mark.parametrize(
    "latex",
    [r"a_i = y_{i+\infty}", r"a_i = y_{i+10^{400}}", r"a_i = y_{10^{400}}", r"a_i = y_{-\infty}",
     r"a_i = y_{i-\infty}", r"a_i = y_{10^{400} (i + 1)}"],
)  # fmt: skip
@pytest.mark.parametrize("shapes", [{}, dict(y="n"), dict(y="n", a="n")])
def test_an_index_that_is_infinite_is_refused(latex, shapes):
    with pytest.raises(CnnMathError):
        Formula(latex, **shapes)(y=np.ones(3))


def test_an_endless_sum_is_no_infinite_index():
    f = Formula(r"a_i = \sum_{j=0}^{\infty} y_{i+j}", a="n", y="n")
    np.testing.assert_array_equal(f(y=np.ones(3)), [3, 2, 1])


# ---- no HTML ------------------------------------------------------------------------------------

EVIL = "<img src=x onerror=alert(1)></script><svg/onload=alert(1)><!-- "


def tags(text: str) -> list[str]:
    return re.findall(r"<(?:img src=x|/?script|svg|!--)", text)


@pytest.mark.parametrize(
    "latex",
    [
        rf"\tag{{{EVIL}}} y_i = x_i",
        rf"y_i = x_i \label{{{EVIL}}}",
        rf"y_i = \hspace{{{EVIL}}} x_i",
        rf"y_i = \textcolor{{{EVIL}}} x_i",
        rf"y_i = \phantom{{{EVIL}}} x_i",
        rf"y_i = \text{{{EVIL}}} x_i",
        rf"y_i = \mathrm{{{EVIL}}} x_i",
        rf"y_i = \operatorname{{{EVIL}}}(x_i)",
        r'y_i = \textcolor{red" onmouseover="alert(1)}{x_i}',
        r'y_i = \hspace{1em" onmouseover="alert(1)} x_i',
        r"y_i = \tag{&lt;img src=x onerror=alert(1)&gt;} x_i",
        r"y_i = \tag{$$ <img src=x onerror=alert(1)> $$} x_i",
        rf"y_i = \left\{{\begin{{array}}{{{EVIL}}} x_i & x_i > 0 \\ 0 & x_i \le 0 \end{{array}}",
        rf"y_i \stackrel{{{EVIL}}}{{=}} x_i",
    ],
)
def test_a_formula_that_holds_html_is_refused(latex):
    with pytest.raises(FormulaSyntaxError):
        Formula(latex)


INNOCENT = [
    "$$y_i = x_i $$ % " + EVIL,
    "y_i = x_i % " + EVIL,
    f"y_i = x_i % $$\n\n% {EVIL}\n\n + 1",
    r"y_i = [x_i <b] + [x_i</ * 1 > 2]",
    r"y_i = [x_i <img src = alert(1)>0]",
    r"$$ y_i = x_i $$ <img src = alert(1)> b",
    r"y_i = x_i \tag{4.1'} \label{eq:one-two} \hspace{-.5em} \phantom{=}",
]


def ways_out(formula: Formula, words: str):
    """Every way in which a formula and words about it reach HTML or Markdown."""
    yield formula._repr_mimebundle_()["text/markdown"]
    yield Sheet((Entry(formula, f"{words}/x"),)).markdown()


@pytest.mark.parametrize("latex", INNOCENT)
def test_a_comparison_begins_no_tag(latex):
    try:
        formula = Formula(latex)
    except FormulaSyntaxError:
        return
    text = formula._repr_mimebundle_()["text/markdown"]
    text = text.replace(for_dark_themes(text), "")
    for style, said in (("loops", "in loops"), ("einsum", "by einsum")):
        with contextlib.suppress(CnnMathError):  # not all are a contraction
            begin, _, button, *_ = formula.numpy(style).folded(f"NumPy, {said}")
            text = text.replace(begin, "").replace(button, "")
    text = text.replace('<pre tabindex="0">', "")
    assert not re.search(r"<(?!/?(?:details|summary|pre|code)>)[A-Za-z/!?]", text)


def test_words_about_a_formula_are_no_html():
    formula = Formula("y_i = 2 x_i", x="n", name=EVIL, meaning=EVIL + " where $x <b$", source=EVIL,
                      symbols={"x": EVIL, "y": EVIL})  # fmt: skip
    total = Formula(r"E = \sum_i y_i^2", y=formula)
    said = {"x": {"Differentiate": EVIL}}
    twice = Formula("y_i = 2 x_i", x="n", y="n", name=EVIL, sentences=said)
    derived = derive(twice, "x")
    checked = derived.check(x=np.array([1.5, -0.5, 2.0]), dE_dy=np.array([0.5, 2.5, -1.0]))
    x = np.array([1.5, -0.5, 2.0])
    mistake = Mistake(EVIL, formula, Formula("y_i = 3 x_i", x="n", name=EVIL), {"x": x})
    latex = r"y_i = x_i \tag{<img src=x>}"
    judged = Printed(EVIL, latex, EVIL, "refused", EVIL, (mistake,), EVIL).judge()
    figure = explore(formula, total, x=x, caption=EVIL, presets={"x": {EVIL: x}})
    curve = curves((relu, relu_gradient), caption=EVIL)
    bundles = {
        "formula": formula._repr_mimebundle_(),
        "sheet": Sheet((Entry(formula, EVIL),))._repr_mimebundle_(),
        "table": Table((Row("x", "x", {EVIL: [EVIL]}, {"(n,)": [EVIL]}),))._repr_mimebundle_(),
        "judged": judged._repr_mimebundle_(),
        "summary": Summary((judged,))._repr_mimebundle_(),
    }
    for place, bundle in bundles.items():
        assert not tags(bundle["text/markdown"]), place
    for derivation in (derived, checked):
        assert "onerror" in derivation.page(), "the teacher's sentence is not there"
        assert not tags(derivation.page())
    for place, page in (("figure", figure.page()), ("curves", curve.page())):
        assert tags(page) == ["<script", "</script"], place  # its own
        assert "<img src=x" not in page, place
    for formula_of_figure in figure.state["formulas"]:
        assert not tags(formula_of_figure["typeset"])
    for look in figure.state["looks"].values():
        assert not tags(look["symbol"])


def test_mathematics_in_words_stays_mathematics():
    for meaning, expected in (
        ("where $x <b$ and x < c, $$a<b$$", "where $x < b$ and x < c, $$a< b$$"),
        ("1 <b", "1 &lt;b"),
    ):
        shown = Formula("y_i = x_i", meaning=meaning)._repr_mimebundle_()["text/markdown"]
        assert f"\n{expected}\n" in shown


@pytest.mark.parametrize("command", ["href", "url", "includegraphics", "htmlData", "htmlClass"])
def test_mathematics_in_words_makes_no_link_and_no_attribute(command):
    meaning = rf"see $\{command}{{javascript:alert(1)}}{{x}}$"
    shown = Formula("y_i = x_i", meaning=meaning)._repr_mimebundle_()["text/markdown"]
    assert f"\\{command}" not in shown
    with pytest.raises(FormulaSyntaxError):
        Formula(rf"y_i = \{command}{{javascript:alert(1)}}{{x_i}}")


# ---- memory -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latex", "n", "value"),
    [
        (r"a = \sum_{i=0}^{n-1} c", 10**9, 5e8),
        (r"a = \sum_{i=0}^{n-1} \sum_j c x_j", 10**9, 2e9),
        (r"a = \sum_j \sum_{i=0}^{n-1} c x_j", 10**9, 2e9),
        (r"a = \sum_{i=0}^{n-1} (c + \sum_j x_j)", 10**8, 4.5e8),
        (r"a = \sum_{i=0}^{n-1} c [c > 0]", 10**7, 5e6),
        (r"a = \max_{0 \le i < n} c", 10**7, 0.5),
        (r"a = \prod_{i=0}^{n-1} (2c)", 10**7, 1.0),
    ],
)
def test_memory_does_not_grow_with_an_index_that_no_term_reads(latex, n, value):
    formula = Formula(latex, c="")
    arrays = {"x": np.ones(4)} if "x_j" in latex else {}
    tracemalloc.start()
    try:
        found = formula(n=n, c=0.5, **arrays)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found == value
    assert most < 100e6  # a dozen arrays of 8 MB
