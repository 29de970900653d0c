"""The live figure from Python: explore, its arrays and results, what it refuses, what it prints."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT, run

from cnnmath import errors
from cnnmath.catalogue import (
    convolution,
    input_gradient,
    squared_error,
    squared_error_gradient,
)
from cnnmath.explorer import explore, live_figure
from cnnmath.explorer.explorer import Explorer
from cnnmath.explorer.figure_json import looks
from cnnmath.explorer.live_figure import page_script, style, widget_script
from cnnmath.formula import Formula

JS = ROOT / "cnnmath/explorer/js"

X = np.array([[1, 2, 0, 1], [0, 1, 3, 2], [2, 0, 1, 1]])
W = np.array([[[1, 0], [2, -1]]])
B = np.array([1])
DELTA = np.array([[[1, 0, -1], [2, 1, 0]]])


def figure(**more) -> Explorer:
    return explore(convolution, x=X, W=W, b=B, **more)


def state_of(page: str) -> dict:
    return json.loads(re.search(r"<script[^>]*>(.*?)</script>", page, re.S)[1])


# ---- arrays and results -----------------------------------------------------------------------


def test_results_are_the_formulas():
    e = explore(convolution, input_gradient, x=X, W=W, b=B, delta=DELTA)
    np.testing.assert_array_equal(e.results["a"], convolution(x=X, W=W, b=B))
    np.testing.assert_array_equal(e.results["dE_dx"], input_gradient(x=X, W=W, delta=DELTA))


def test_a_result_feeds_the_next_formula():
    y = np.zeros((1, 2, 3))
    e = explore(convolution, squared_error, squared_error_gradient, x=X, W=W, b=B, y=y)
    a = convolution(x=X, W=W, b=B)
    assert e.results["E"] == (a**2).sum() / 2
    np.testing.assert_array_equal(e.results["dE_da"], a)


def test_a_definition_that_nobody_gives_comes_first():
    y = Formula(r"y_{ij} = x_{ij}^2", x="M N", name="square")
    total = Formula(r"t = \sum_{i,j} y_{ij}", y=y)
    e = explore(total, x=X)
    assert list(e.results) == ["y", "t"]
    assert e.results["t"] == (X**2).sum()


def test_assigning_an_array_moves_the_figure_and_is_observed():
    e = figure()
    heard = []
    e.observe(heard.append, "arrays")
    e.arrays["W"] = [[[0, 0], [0, 0]]]
    assert len(heard) == 1
    np.testing.assert_array_equal(heard[0].new["W"], np.zeros((1, 2, 2)))
    np.testing.assert_array_equal(e.results["a"], np.ones((1, 2, 3)))
    e.arrays["W"] = np.zeros((1, 2, 2))
    assert len(heard) == 1  # no change


def test_what_the_browser_sends_is_an_edit():
    e = figure()
    heard = []
    e.observe(heard.append, "arrays")
    sent = e.get_state("arrays")["arrays"]
    sent["x"]["data"][0] = 7.5
    e.set_state({"arrays": sent})
    assert len(heard) == 1
    assert e.arrays["x"][0, 0] == 7.5
    assert e.arrays["x"].dtype == np.float64
    assert e.results["a"][0, 0, 0] == 7.5
    e.arrays["b"] = [0]  # the arrays still belong to the figure
    assert e.results["a"][0, 0, 0] == 6.5


def test_an_array_cannot_be_changed_behind_the_figures_back():
    given = X.astype(float)
    e = explore(convolution, x=given, W=W, b=B)
    given[0, 0] = 99
    assert e.arrays["x"][0, 0] == 1
    with pytest.raises(ValueError, match="read-only"):
        e.arrays["x"][0, 0] = 5
    with pytest.raises(errors.CnnMathError, match="needs x"):
        del e.arrays["x"]


def test_two_versions_have_results_of_their_own():
    other = Formula(
        r"a^{(k)}_{ij} = \sum_{s,t} W^{(k)}_{st} x_{(i+s)(j+t)} - b^{(k)}",
        name="minus the bias",
        x="M N",
        W="K m n",
        b="K",
        a="K M-m+1 N-n+1",
    )
    e = explore(convolution, other, x=X, W=W, b=B)
    assert list(e.results) == ["a", "a (2)"]
    np.testing.assert_array_equal(e.results["a"] - e.results["a (2)"], np.full((1, 2, 3), 2.0))


def test_a_step_of_training_gives_a_name_anew():
    step = Formula(r"w_i = w_i - \eta\, g_i", w="n", g="n", eta="")
    e = explore(step, w=[1, 2], g=[10, 20], eta=0.1)
    np.testing.assert_allclose(e.results["w (new)"], [0, 0])
    np.testing.assert_array_equal(e.arrays["w"], [1, 2])


def test_a_size_that_no_shape_determines():
    stride = Formula(r"y_i = x_{si}", x="M", y="P")
    e = explore(stride, x=np.arange(6), s=2, P=3)
    np.testing.assert_array_equal(e.results["y"], [0, 2, 4])
    assert set(e.arrays) == {"x"}
    assert e.sizes == {"s": 2, "P": 3}


# ---- what is refused, and says so --------------------------------------------------------------

NAN = np.full((3, 4), np.nan)
REFUSED = {
    "empty": (dict(x=np.zeros((0, 4))), errors.ArrayValueError, "x is empty"),
    "not finite": (dict(x=NAN), errors.ArrayValueError, "x holds a number that is not finite"),
    "text": (dict(x="picture"), errors.ArrayValueError, "x: expected real numbers, got 'picture'"),
    "ragged": (dict(x=[[1, 2], [3]]), errors.ArrayValueError, "rows differ in length"),
    "shape": (dict(W=np.zeros((1, 2, 2, 2))), errors.ShapeError, "W"),
    "missing": (dict(b=None), errors.CnnMathError, "b"),
    "superfluous": (dict(q=[1]), errors.SuperfluousArrayError, "no formula .* reads q"),
    "calculated": (dict(a=DELTA), errors.SuperfluousArrayError, "a was given, but convolution"),
    "picture": (dict(images=("z",)), errors.SuperfluousArrayError, "no array z"),
    "cell": (dict(at=("a", (0, 2, 0))), errors.NoSuchElementError, r"no cell a\[0, 2, 0\]"),
    "cell's array": (dict(at=("z", 0)), errors.NoSuchElementError, r"no cell z\[0\]"),
    "preset": (dict(presets={"W": {"k": [[1]]}}), errors.ShapeError, "preset 'k' does not fit: W"),
    "preset's array": (
        dict(presets={"a": {"k": [1]}}),
        errors.SuperfluousArrayError,
        "presets for a",
    ),
    "preset's names": (
        dict(presets={"layer": {"k": {"W": W, "q": 2}}}),
        errors.SuperfluousArrayError,
        "'k' speaks of q: the figure is given W, x, b",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name):
    change, error, match = REFUSED[name]
    with pytest.raises(error, match=match):
        explore(convolution, **{"x": X, "W": W, "b": B, **change})


def test_refused_formulas():
    with pytest.raises(errors.CnnMathError, match="needs formulas"):
        explore(x=X)
    outer = Formula(r"y_i = \sigma(x_i)", x="n")
    with pytest.raises(errors.FormulaError, match="sigma"):
        explore(outer, x=[1, 2])
    deep = Formula(r"y = \sum_{i,j,k,l,m} x_{ijklm}", x="a b c d e")
    with pytest.raises(errors.ShapeError, match="at most 4"):
        explore(deep, x=np.zeros((1, 1, 1, 1, 1)))
    short = Formula(r"a^{(k)}_{ij} = b^{(k)} x_{ij}", x="M N", b="K", a="K M N", name="short")
    with pytest.raises(errors.ShapeError, match="cannot be compared"):
        explore(convolution, short, x=X, W=W, b=B)


def test_a_step_is_of_a_given_array_and_keeps_its_shape():
    turned = Formula(r"\hat W_{st} = W_{(m-1-s)t}", W="m n", W_hat="m n")
    cut = Formula("z_s = W_{s0}", W="m n")
    one = {"W": W[0]}
    assert explore(turned, **one, step={"W": "W_hat"}).page_state()["step"] == {"W": "W_hat"}
    for step, error, match in [
        ({"V": "W_hat"}, errors.SuperfluousArrayError, "would move V, which is not given: W"),
        ({"W": "V"}, errors.NoSuchElementError, "of V, which no formula of the figure gives: W_ha"),
        ({"W": "z"}, errors.ShapeError, r"their shapes are \(2, 2\) and \(2,\)"),
    ]:
        with pytest.raises(error, match=match):
            explore(turned, cut, **one, step=step)


def test_a_bad_assignment_leaves_the_last_good_state():
    e = figure()
    for name, value, error in [
        ("W", np.zeros((1, 3, 3)), errors.ShapeError),
        ("x", NAN, errors.ArrayValueError),
        ("q", [1], errors.SuperfluousArrayError),
    ]:
        with pytest.raises(error):
            e.arrays[name] = value
    np.testing.assert_array_equal(e.arrays["x"], X)
    np.testing.assert_array_equal(e.results["a"], convolution(x=X, W=W, b=B))


# ---- what it prints ----------------------------------------------------------------------------


def test_repr():
    assert repr(figure()) == "Explorer(convolution: x (3, 4), W (1, 2, 2), b (1,), a (1, 2, 3))"


def test_a_notebook_holds_the_widget_a_page_and_text_but_no_script():
    data, _ = figure(caption="One.")._repr_mimebundle_()
    assert set(data) == {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"}
    assert len(json.dumps(data)) < 12_000
    assert "Point at a cell" not in json.dumps(data)


def test_outputs_are_the_same_in_every_run():
    one, two = (figure()._repr_mimebundle_()[0] for _ in range(2))
    view = "application/vnd.jupyter.widget-view+json"
    assert one[view].pop("model_id") != two[view].pop("model_id")
    assert one == two


def test_the_page_holds_state_and_still_tables():
    e = figure(caption="Kernel & <input>.")
    page = e.page()
    assert state_of(page)["arrays"]["x"] == {"shape": [3, 4], "data": X.ravel().tolist()}
    assert "<td>3</td>" in page
    assert "<p>Kernel &amp; &lt;input&gt;.</p>" in page
    e.arrays["x"] = X + 0.5
    assert state_of(e.page())["arrays"]["x"]["data"][0] == 1.5
    assert "<td>3.5</td>" in e.page()


def test_nothing_in_a_state_ends_its_script():
    page = figure(caption="</script><!-- <script>").page()
    assert page.count("<script") == page.count("</script") == 1
    assert state_of(page)["caption"] == "</script><!-- <script>"


def test_a_large_array_stands_still_as_a_picture():
    image = np.linspace(0, 1, 400).reshape(20, 20)
    page = explore(convolution, x=image, W=W, b=B, images=("x",)).page()
    assert page.count("data:image/png;base64,") == 2


def test_caption_is_what_the_formula_means_unless_said():
    assert figure().state["caption"] == convolution.meaning
    assert figure(caption="Mine.").state["caption"] == "Mine."


def test_script_and_style_are_small():
    import gzip

    size = len(gzip.compress((page_script() + style()).encode()))
    assert size < 60 * 1024


def test_widget_and_page_run_the_same_modules():
    """And nothing lies about that neither of them runs."""
    page, widget = (modules_of(JS / entry) for entry in ("page.js", "widget.js"))
    own = {JS / "page.js", JS / "view/page.js"}
    own |= {JS / room / "address.js" for room in ("model", "view")}  # which only a page has
    own |= {JS / name for name in ("widget.js", "view/widget.js", "view/notebook.js")}
    assert page ^ widget == own
    both = [modules_of(JS / entry) for entry in ("translator.js", "translator-widget.js")]
    entries = {JS / name for name in ("translator.js", "translator-widget.js", "view/widget.js")}
    assert both[0] ^ both[1] == entries
    used = page | widget | both[0] | both[1]
    assert used == {*JS.rglob("*.js")} - {JS / "model/types.js"}


def modules_of(module: Path) -> set[Path]:
    """A module, and all that it imports, and so on."""
    imported = re.findall(
        r'^(?:import|} from)\b.*?"(\.[^"]+\.js)"', module.read_text("utf-8"), re.M
    )
    return {module}.union(*(modules_of((module.parent / one).resolve()) for one in imported))


def test_a_script_asks_for_nothing():
    assert widget_script().count("export") == 1
    assert "export" not in page_script()
    for script in (page_script(), widget_script()):
        assert "Point at a cell" in script
        assert not re.search(r"https?://(?!www\.w3\.org)|\beval\(|new Function", script)


def test_the_bundle_is_made_of_these_sources(tmp_path):
    """Else the tests, and the book, would be of another figure: `make bundle` makes it anew."""
    run("node", "tools/bundle.mjs", tmp_path)
    assert len(list(tmp_path.iterdir())) == 6
    for made in tmp_path.iterdir():
        assert made.read_bytes() == (JS.parent / "bundle" / made.name).read_bytes(), made.name


def test_without_a_bundle_a_figure_names_the_command(monkeypatch, tmp_path):
    monkeypatch.setattr(live_figure, "files", lambda _: tmp_path)
    for make in (figure, page_script, style):
        with pytest.raises(FileNotFoundError, match="make bundle"):
            make()


def test_a_letter_with_an_accent_or_a_number_is_named_as_it_is_printed():
    formula = Formula(
        r"\tilde{x}_i = \bar{g}_i + \mu + \frac{\partial E}{\partial \hat{y}_i}"
        r" + h_{10} \frac{\partial E}{\partial p_2}"
    )
    symbols = looks([formula], [*formula.names, formula.result])
    shown = {name: one["plain"] for name, one in symbols.items()}
    assert shown == {
        "g_bar": "ḡ", "mu": "μ", "dE_dy_hat": "∂E/∂ŷ", "x_tilde": "x̃", "h_10": "h₁₀",
        "dE_dp_2": "∂E/∂p₂",
    }  # fmt: skip
