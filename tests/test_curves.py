"""Live curves: from Python, in JavaScript against NumPy, and in Chromium without a network."""

import base64
import gzip
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from conftest import run_node
from figure_page import settle

from cnnmath import catalogue, errors
from cnnmath.catalogue import elu, elu_gradient, relu, relu_gradient, tanh
from cnnmath.explorer import Curves, curves
from cnnmath.explorer.live_figure import page_script, style
from cnnmath.formula import Formula

NAMES = ("sigmoid", "tanh", "relu", "leaky_relu", "elu", "softplus", "silu", "gelu")
NUMBERS = {"leaky_relu": {"alpha": 0.1}, "elu": {"alpha": 1.5}}


def pair(name):
    both = getattr(catalogue, name), getattr(catalogue, f"{name}_gradient")
    return (*both, NUMBERS[name]) if name in NUMBERS else both


def figure(*names, **more) -> Curves:
    return curves(*map(pair, names or NAMES), **{"caption": "Move x.", **more})


def by_formula(name, x):
    """Value and slope at each x, straight from the catalogue."""
    value, gradient, *numbers = pair(name)
    known = {"x": np.atleast_2d(x).astype(float), **(numbers[0] if numbers else {})}
    known["h"] = value(**known)
    known["dE_dh"] = np.ones_like(known["x"])
    slope = gradient(**{n: known[n] for n in gradient.names})
    return known["h"].ravel(), slope.ravel()


# ---- Python ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_value_and_slope_are_the_formulas(name):
    c = figure(x=-1.25)
    c.shown = getattr(catalogue, name).name
    value, slope = by_formula(name, -1.25)
    assert (c.value, c.slope) == (value[0], slope[0])


def test_x_is_set_and_observed():
    c = figure("tanh")
    heard = []
    c.observe(lambda change: heard.append(change["new"]), "x")
    c.x = 2
    c.set_state({"x": -0.5})  # as the browser does
    assert heard == [2, -0.5]
    assert c.value == np.tanh(-0.5)


def test_numbers_are_set_one_at_a_time_and_not_in_place():
    c = figure("elu", "leaky_relu", x=-1)
    c.numbers = {"ELU": {"alpha": 2}}
    assert c.value == 2 * (np.exp(-1) - 1)
    assert c.numbers["leaky ReLU"] == {"alpha": 0.1}
    with pytest.raises(TypeError):
        c.numbers["ELU"]["alpha"] = 3
    c.set_state({"numbers": {"ELU": {"alpha": 0.5}, "leaky ReLU": {"alpha": 0.1}}})
    assert c.slope == 0.5 * np.exp(-1)


def test_any_formula_and_its_gradient_will_do():
    bump = Formula(r"h_i = x_i e^{-x_i}", name="bump", x="n", h="n")
    slope = Formula(
        r"\frac{\partial E}{\partial x_i} = \frac{\partial E}{\partial h_i} (1 - x_i) e^{-x_i}",
        h=bump,
    )
    c = curves((bump, slope), x=0.5)
    assert c.slope == pytest.approx(0.5 * np.exp(-0.5), rel=1e-15)
    assert "<img" in c.page()


REFUSED = {
    "nothing": (lambda: curves(), errors.CnnMathError, "needs pairs"),
    "no pair": (lambda: curves(relu), errors.CnnMathError, "needs pairs"),
    "two values": (lambda: curves((relu, tanh)), errors.CnnMathError, "the gradient that"),
    "no indices": (
        lambda: curves((Formula(r"h = \max(0, x)", name="bare"), relu_gradient)),
        errors.CnnMathError,
        "a formula of an array x",
    ),
    "of another": (
        lambda: curves((relu, elu_gradient)),
        errors.CnnMathError,
        "reads alpha, but ReLU does not",
    ),
    "no alpha": (lambda: curves((elu, elu_gradient)), errors.MissingArrayError, "needs a number"),
    "alpha for ReLU": (
        lambda: curves((relu, relu_gradient, {"alpha": 1})),
        errors.SuperfluousArrayError,
        "ReLU reads no alpha",
    ),
    "many alphas": (
        lambda: curves((elu, elu_gradient, {"alpha": [1, 2]})),
        errors.ShapeError,
        "expected a number",
    ),
    "a word": (
        lambda: curves((elu, elu_gradient, {"alpha": "two"})),
        errors.ArrayValueError,
        "alpha: expected real numbers, got 'two'",
    ),
    "twice": (
        lambda: curves((relu, relu_gradient), (relu, relu_gradient)),
        errors.CnnMathError,
        "one name",
    ),
    "no span": (lambda: figure("relu", span=(2, 2)), errors.CnnMathError, "lower end first"),
    "outside": (lambda: figure("relu", x=7), errors.ArrayValueError, "expected -6.0 to 6.0"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name):
    make, error, match = REFUSED[name]
    with pytest.raises(error, match=match):
        make()


def test_a_bad_assignment_leaves_the_last_good_state():
    c = figure("relu", "elu")
    for name, value in [
        ("x", 6.5),
        ("x", float("nan")),
        ("shown", "sine"),
        ("numbers", {"ReLU": {"alpha": 1}}),
        ("numbers", {"ELU": {"alpha": float("inf")}}),
    ]:
        before = getattr(c, name)
        with pytest.raises(errors.CnnMathError):
            setattr(c, name, value)
        assert getattr(c, name) == before
    c.numbers = {"ELU": {"alpha": 2}}  # nothing of what was refused is left over
    assert c.numbers == {"ReLU": {}, "ELU": {"alpha": 2}}


def test_what_it_prints():
    c = figure("relu", "elu", x=-1)
    assert repr(c) == "Curves(ReLU, ELU: ReLU at x = -1 is 0, its slope 0)"
    c.shown = "ELU"
    assert repr(c).endswith("ELU at x = -1, alpha = 1.5 is -0.948181, its slope 0.551819)")
    one, two = (figure()._repr_mimebundle_()[0] for _ in range(2))
    assert set(one) == {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"}
    assert one["text/html"] == two["text/html"]


def test_the_still_picture_is_of_the_true_numbers():
    c = figure("tanh", x=0.5)
    page = c.page()
    assert "tanh at x = 0.5 is 0.462117, its slope 0.786448." in re.search('alt="(.*?)"', page)[1]
    svg = ET.fromstring(base64.b64decode(re.search(r"svg\+xml;base64,([^\"]+)", page)[1]))
    space = "{http://www.w3.org/2000/svg}"
    paths = [p.get("d") for p in svg.iter(f"{space}path") if p.get("stroke-width")]
    circles = [(float(p.get("cx")), float(p.get("cy"))) for p in svg.iter(f"{space}circle")]
    for number, (path, circle) in enumerate(zip(paths, circles, strict=True)):
        points = np.array([point.split() for point in re.split("[ML]", path)[1:]], dtype=float)
        heights = by_formula("tanh", np.linspace(-6, 6, len(points)))[number]
        scale, offset = np.polyfit(heights, points[:, 1], 1)  # pixels are linear in the numbers
        np.testing.assert_allclose(points[:, 1], scale * heights + offset, atol=0.06)
        expected = by_formula("tanh", 0.5)[number][0]
        assert circle[1] == pytest.approx(scale * expected + offset, abs=0.1)
        np.testing.assert_allclose(circle[0], np.interp(0.5, [-6, 6], points[[0, -1], 0]), atol=0.1)


def test_a_jump_is_drawn_as_a_gap():
    svg = base64.b64decode(re.search(r"svg\+xml;base64,([^\"]+)", figure("relu").page())[1])
    assert re.findall(rb'd="(M[^"HV]+)"', svg)[1].count(b"M") == 2


def test_script_and_style_are_small():
    assert len(gzip.compress((page_script() + style()).encode())) < 60 * 1024


# ---- JavaScript against NumPy -------------------------------------------------------------------


@pytest.fixture(scope="module")
def calculated():
    """What the browser calculates, by the name in the catalogue."""
    sent = {"state": figure().page_state(), "places": PLACES.tolist()}
    found = run_node(Path(__file__).with_name("curve_vectors.mjs"), sent)
    return dict(zip(NAMES, found, strict=True))


PLACES = np.concatenate([np.random.default_rng(0).uniform(-6, 6, 60), [-6, 0, 6]])


@pytest.mark.parametrize("name", NAMES)
def test_values_and_slopes_are_numpys(calculated, name):
    value, slope = by_formula(name, PLACES)
    points = calculated[name]["points"]
    np.testing.assert_allclose([p["value"] for p in points], value, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose([p["slope"] for p in points], slope, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_measured_slopes_are_the_slopes_but_at_kinks(calculated, name):
    points = calculated[name]["points"]
    kinks = [x for x, p in zip(PLACES, points, strict=True) if p["measured"]["kink"]]
    assert kinks == ([0] if name in ("relu", "leaky_relu", "elu") else [])
    for point in points:
        if not point["measured"]["kink"]:
            assert point["measured"]["slope"] == pytest.approx(point["slope"], abs=1e-7)


@pytest.mark.parametrize("name", NAMES)
def test_curves_go_through_the_numbers_and_stop_at_jumps(calculated, name):
    for number, which in enumerate(("value", "slope")):
        strokes = calculated[name][which]
        jumps = which == "slope" and name in ("relu", "leaky_relu", "elu")
        assert len(strokes) == (2 if jumps else 1)
        for stroke in strokes:
            x, y = np.transpose(stroke)
            np.testing.assert_allclose(y, by_formula(name, x)[number], rtol=1e-9, atol=1e-12)
        if jumps:
            assert abs(strokes[0][-1][0]) < 1e-9 and abs(strokes[1][0][0]) < 1e-9


# ---- Chromium ------------------------------------------------------------------------------------

AXE = Path(__file__).parents[1] / "node_modules/axe-core/axe.min.js"


def slider(page):
    return page.get_by_role("slider")


def said(page):
    settle(page)
    return slider(page).get_attribute("aria-valuetext")


def lines(page):
    settle(page)
    return page.locator(".cx-sum").inner_text().split("\n")


def message(page):
    settle(page)
    return page.get_by_role("alert").inner_text()


def spot(page, x):
    """Where x stands on the page."""
    return page.evaluate(
        """(x) => {
          const { left, top } = alive[0].plot.getBoundingClientRect();
          const { box } = alive[0].across;
          return [left + box.left + alive[0].across.across(x), top + box.top + box.height / 2];
        }""",
        x,
    )


def test_value_slope_and_measured_slope_stand_below(open_page):
    page = open_page(figure(x=1.5))
    assert lines(page) == [
        "sigmoid at x = 1.5: h = 0.8176, slope ∂E/∂x = 0.1491 (with ∂E/∂h = 1)",
        "Measured: (h(1.5001) − h(1.4999)) / 0.0002 = 0.1491",
    ]
    assert said(page) == "x = 1.5: sigmoid is 0.8176, its slope 0.1491"


def test_dragging_moves_the_point(open_page):
    page = open_page(figure("tanh"))
    page.mouse.move(*spot(page, 1))
    page.mouse.down()
    page.mouse.move(*spot(page, -2), steps=5)
    assert said(page) == "x = −2: tanh is −0.964, its slope 0.07065"
    page.mouse.move(0, 300)  # beyond the end it stops there
    assert said(page).startswith("x = −6:")
    page.mouse.up()
    page.mouse.move(*spot(page, 3))
    assert said(page).startswith("x = −6:")
    circle = page.locator(".cx-grip").bounding_box()
    assert circle["x"] + circle["width"] / 2 == pytest.approx(spot(page, -6)[0], abs=1)


def test_a_finger_taps_and_drags(open_page):
    page = open_page(figure("tanh"), has_touch=True, viewport={"width": 390, "height": 800})
    page.touchscreen.tap(*spot(page, 2))
    assert said(page).startswith("x = 2:")
    assert page.evaluate("getComputedStyle(alive[0].plot).touchAction") == "pan-y"


def test_keys_move_the_point(open_page):
    page = open_page(figure("relu", x=0))
    slider(page).focus()
    for key, x in [
        ("ArrowRight", "0.1"),
        ("ArrowUp", "0.2"),
        ("ArrowLeft", "0.1"),
        ("Shift+ArrowDown", "0.09"),
        ("PageUp", "1.09"),
        ("PageDown", "0.09"),
        ("End", "6"),
        ("ArrowRight", "6"),
        ("Home", "−6"),
    ]:
        page.keyboard.press(key)
        assert said(page).startswith(f"x = {x}:"), key
    assert slider(page).get_attribute("aria-valuenow") == "-6"
    page.keyboard.type("2.5")  # goes into the field
    page.keyboard.press("Enter")
    assert said(page).startswith("x = 2.5:")
    assert page.evaluate("document.activeElement === alive[0].plot")


def test_the_menu_shows_another_function_and_its_formula(open_page):
    page = open_page(figure(x=-1))
    menu = page.get_by_label("Function")
    assert menu.locator("option").all_inner_texts() == [getattr(catalogue, n).name for n in NAMES]
    menu.select_option("GELU")
    assert lines(page)[0].startswith("GELU at x = −1: h = −0.1587, slope ∂E/∂x = −0.08332")
    visible = page.locator(".cx-pair:visible")
    assert visible.count() == 1
    assert "erf" in visible.inner_text()
    assert page.locator('.cx-pair:visible [data-name="dE_dx"]').count() == 1


def test_a_kink_is_called_one(open_page):
    page = open_page(figure("relu", x=0))
    assert lines(page)[1] == (
        "Measured: 0 to the left, 1 to the right. "
        "This is a kink, and the formula takes 0 by convention."
    )


def test_alpha_belongs_to_its_function(open_page):
    page = open_page(figure("leaky_relu", "relu", "elu", x=-2))
    alpha = page.get_by_label("α =")
    assert alpha.locator("visible=true").input_value() == "0.1"
    alpha.locator("visible=true").fill("0.25")
    page.keyboard.press("Enter")
    assert lines(page)[0].startswith("leaky ReLU at x = −2: h = −0.5, slope ∂E/∂x = 0.25")
    page.get_by_label("Function").select_option("ReLU")
    settle(page)
    assert alpha.locator("visible=true").count() == 0
    page.get_by_label("Function").select_option("ELU")
    settle(page)
    assert alpha.locator("visible=true").input_value() == "1.5"
    page.get_by_role("button", name="More: α").locator("visible=true").click()
    assert lines(page)[0].startswith("ELU at x = −2: h = −1.383, slope ∂E/∂x = 0.2165")


def test_another_function_is_dashed_beside_it(open_page):
    page = open_page(figure(x=1))
    page.get_by_label("compare with").select_option("tanh")
    assert lines(page)[2] == "tanh (dashed): h = 0.7616, slope ∂E/∂x = 0.42"
    assert page.locator(".cx-beside").count() == 2
    page.get_by_label("compare with").select_option("nothing")
    settle(page)
    assert page.locator(".cx-beside").count() == 0
    assert len(lines(page)) == 2


def test_bad_input_gives_a_sentence_and_changes_nothing(open_page):
    page = open_page(figure("elu", x=-1))
    before = lines(page)
    field = page.get_by_label("x =")
    for typed, sentence in [
        ("q", "“q” is no number: x stays −1."),
        ("7", "x = 7 is outside: it goes from −6 to 6 here."),
    ]:
        field.fill(typed)
        field.press("Enter")
        assert message(page) == sentence
        assert lines(page) == before
        field.press("Escape")
    slider(page).focus()
    page.keyboard.press("q")
    assert message(page) == "“q” is no number: use the arrow keys, or type digits."
    page.keyboard.press("ArrowRight")
    assert message(page) == ""


def test_the_figure_is_as_dark_as_the_page(open_page):
    page = open_page(figure(), color_scheme="dark")
    dark = "document.querySelector('.cx').classList.contains('cx-dark')"
    assert page.evaluate(dark)
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    page.wait_for_function(f"!{dark}")


@pytest.mark.sweep
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_sticks_out(open_page, width):
    page = open_page(figure(x=6), viewport={"width": width, "height": 900})
    page.get_by_label("compare with").select_option("leaky ReLU")
    for name in NAMES:
        page.get_by_label("Function").select_option(getattr(catalogue, name).name)
        settle(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        outside = page.evaluate(
            """() => {
              const edge = alive[0].plot.getBoundingClientRect();
              return [...alive[0].plot.querySelectorAll("text")].filter((text) => {
                const { left, right, top, bottom } = text.getBoundingClientRect();
                return left < edge.left - 1 || right > edge.right + 1
                  || top < edge.top - 1 || bottom > edge.bottom + 1;
              }).map((text) => text.textContent);
            }"""
        )
        assert outside == []


@pytest.mark.sweep
@pytest.mark.parametrize(("scheme", "width"), [("light", 800), ("dark", 320)])
def test_axe_finds_nothing(open_page, scheme, width):
    page = open_page(figure(), color_scheme=scheme, viewport={"width": width, "height": 1200})
    if scheme == "dark":
        page.add_style_tag(content="body { background: #14181e; color: #e6edf3 }")
    page.get_by_label("Function").select_option("leaky ReLU")
    page.get_by_label("compare with").select_option("GELU")
    page.evaluate("alive[0].say('A sentence.')")
    settle(page)
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("async () => (await axe.run()).violations")
    assert not found, json.dumps(
        [(v["id"], [(n["html"][:200], n["failureSummary"]) for n in v["nodes"]]) for v in found],
        indent=1,
    )


def test_without_scripts_a_picture_stands_there(open_page):
    page = open_page(figure(), script="", java_script_enabled=False)
    image = page.locator("img")
    assert image.evaluate("(image) => image.complete && image.naturalWidth > 0")
    assert "its slope 0.196612" in image.get_attribute("alt")
    assert page.get_by_text("Move x.").is_visible()


def test_the_widget_and_python_follow_each_other(open_page, alive_widget):
    """The module that JupyterLab loads, with a model as JupyterLab gives it one."""
    c = figure("relu", "elu")
    page = open_page(script="")
    state = c.get_state(["state", "x", "shown", "numbers"])
    page.evaluate(
        """async ([module, state]) => {
          const url = URL.createObjectURL(new Blob([module], { type: "text/javascript" }));
          const widget = (await import(url)).default;
          const listeners = new Map();
          window.saved = [];
          window.model = {
            get: (name) => state[name],
            set: (name, value) => {
              state[name] = value;
              listeners.get(`change:${name}`)?.();
            },
            save_changes: () => {
              const { x, shown, numbers } = state;
              saved.push(JSON.parse(JSON.stringify({ x, shown, numbers })));
            },
            on: (name, listener) => listeners.set(name, listener),
            off: (name) => listeners.delete(name),
          };
          window.listeners = listeners;
          const el = document.createElement("div");
          window.leave = widget.render({ model, el }); // may come before there is a page around
          document.querySelector("main").append(el);
        }""",
        [alive_widget, state],
    )
    page.wait_for_function("window.alive?.[0].across")
    page.get_by_label("Function").select_option("ELU")
    slider(page).focus()
    page.keyboard.press("Home")
    page.get_by_role("button", name="Less: α").click()
    for sent in page.evaluate("saved"):
        c.set_state(sent)
    assert (c.shown, c.x, c.numbers["ELU"]["alpha"]) == ("ELU", -6, 1.4)
    count = len(page.evaluate("saved"))
    c.x = -0.5
    page.evaluate("(x) => model.set('x', x)", c.x)
    assert lines(page)[0].startswith("ELU at x = −0.5: h = −0.5509, slope ∂E/∂x = 0.8491")
    assert (round(c.value, 4), round(c.slope, 4)) == (-0.5509, 0.8491)
    assert len(page.evaluate("saved")) == count  # what comes from Python is not sent back
    page.evaluate("leave()")
    assert page.evaluate("listeners.size") == 0


def test_the_curves_are_not_calculated_anew_for_every_x(open_page):
    page = open_page(figure())
    same = page.evaluate(
        """() => {
          const { strokes } = alive[0].now;
          alive[0].move(2);
          return alive[0].now.strokes === strokes;
        }"""
    )
    assert same
    assert page.evaluate("alive[0].now.x") == 2
