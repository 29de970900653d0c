"""The live figure in a real JupyterLab: it runs, and it is kept in step with Python both ways.

No built book is needed; JupyterLab and Chromium are, and without them these tests fail.
"""

import json
import re
from collections.abc import Iterator

import nbformat
import numpy as np
import pytest
from lab_server import STARTING, JupyterLab
from playwright.sync_api import Browser, Locator, Page, expect

from cnnmath.catalogue import convolution

# One process of pytest-xdist runs all these, and so starts the one server.
pytestmark = pytest.mark.xdist_group("jupyterlab")

X = np.array([[1, 2, 0, 1], [0, 1, 3, 2], [2, 0, 1, 1]])
W = np.array([[[1, 0], [2, -1]]])
B = np.array([1])

MAKE = f"""
import json
import numpy as np
from cnnmath.explorer import explore
from cnnmath.catalogue import convolution

e = explore(convolution, x={X.tolist()}, W={W.tolist()}, b={B.tolist()}, caption="A small case.")
heard = []
e.observe(lambda change: heard.append(change["new"]["W"].tolist()), "arrays")
e
"""
REPORT = """
known = {"W": e.arrays["W"].tolist(), "a": e.results["a"].tolist(), "heard": heard}
print(json.dumps(known))
"""
CURVES = """
from cnnmath.explorer import curves
from cnnmath.catalogue import tanh, tanh_gradient

c = curves((tanh, tanh_gradient), x=-1)
c
"""
PREDICTION = """
from cnnmath.explorer import predict

predict(e, at=("a", (0, 0, 1)), ask="How large is it?", why="The window covers four pixels.")
"""
READER = """
from cnnmath.reading import reads_digits

r = reads_digits()
r
"""
TRANSLATOR = """
from cnnmath.explorer import translator

t = translator("nn.Conv2d(1, 1, 3)")
t
"""
LINKED = """
import ipywidgets
from cnnmath.catalogue import max_pooling

g = explore(max_pooling, x=np.arange(36).reshape(6, 6), l=2, q=1, sizes={"q": (1, 3)})
linked, by_script = (ipywidgets.IntSlider(min=1, max=3) for _ in range(2))
ipywidgets.link((linked, "value"), (g, "size_q"))
ipywidgets.jslink((by_script, "value"), (g, "size_q"))
beside = ipywidgets.HBox([ipywidgets.VBox([linked, by_script]), g])
ipywidgets.Tab([beside, e, g], titles=["one", "two", "three"])
"""
ASSIGN = "e.arrays['W'] = [[[0, 3], [-2, 5]]]"

WAITING = 20_000  # milliseconds for whatever happens in the page


@pytest.fixture(scope="module")
def address(jupyterlab: JupyterLab) -> str:
    """A page of JupyterLab with one small notebook open."""
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source.strip()) for source in (MAKE, REPORT)],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}},
    )
    nbformat.write(notebook, jupyterlab.notebooks / "small.ipynb")
    return jupyterlab.page("small.ipynb")


@pytest.fixture(scope="module")
def lab(browser: Browser, address: str) -> Iterator[Page]:
    """The notebook in JupyterLab. At the end, nothing may have gone wrong on the page."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    context.set_default_timeout(WAITING)
    page = context.new_page()
    exceptions: list[str] = []
    page.on("pageerror", lambda error: exceptions.append(f"{error}\n{error.stack}"))
    page.goto(address)
    # Told to run something before that, JupyterLab asks for a kernel.
    ready = page.get_by_text("Python 3 (ipykernel) | Idle")
    expect(ready).to_be_visible(timeout=STARTING * 1000)
    yield page
    context.close()
    assert exceptions == []


@pytest.fixture
def page(lab: Page) -> Page:
    """The notebook, run from top to bottom, so that each test has a figure of its own."""
    before = _cell(lab, 1).locator(".jp-InputPrompt").inner_text()
    choose(lab, "Run", "Run All Cells")
    _wait_for_run(lab, 1, before)
    return lab


def choose(page: Page, *items: str) -> None:
    """Click through the menus. Those that open others have no role in JupyterLab, but a text."""
    for item in items:
        page.locator(".lm-MenuBar, .lm-Menu").get_by_text(item, exact=True).click()


def _cell(page: Page, number: int) -> Locator:
    return page.locator(".jp-Notebook .jp-Cell").nth(number)


def _wait_for_run(page: Page, number: int, before: str) -> None:
    """Wait until the number in front of a cell is a new one: [*] says that it still runs."""
    page.wait_for_function(
        """([number, before]) => {
            const cell = document.querySelectorAll(".jp-Notebook .jp-Cell")[number];
            const now = cell.querySelector(".jp-InputPrompt").innerText;
            return now !== before && /^\\[\\d+\\]/.test(now);
        }""",
        arg=[number, before],
    )


def run(page: Page, code: str) -> str:
    """What the second cell prints with this code in it: typed and run as a reader would."""
    cell = _cell(page, 1)
    before = cell.locator(".jp-InputPrompt").inner_text()
    cell.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(code.strip())
    page.keyboard.press("Control+Enter")
    _wait_for_run(page, 1, before)
    return cell.locator(".jp-OutputArea-output").inner_text() if "print" in code else ""


def shows(page: Page, name: str, expected: np.ndarray) -> None:
    """Walk over all cells of an array: what the figure says there must be what is expected."""
    grid = page.get_by_role("grid", name=name)
    grid.focus()
    for key in ("ArrowUp", "PageUp"):
        for _ in range(max(expected.shape)):
            page.keyboard.press(key)
    page.keyboard.press("Home")
    for place, value in np.ndenumerate(expected):
        if place[-1] == 0 and place[-2] > 0:
            page.keyboard.press("Home")
            page.keyboard.press("ArrowDown")
        elif place[-1] > 0:
            page.keyboard.press("ArrowRight")
        number = f"{value:g}".replace("-", "−")
        expect(grid.get_by_role("gridcell")).to_have_text(
            re.compile(rf"\[{', '.join(map(str, place))}\] = {number}$")
        )


def test_the_notebook_runs_and_its_figure_is_alive(page):
    expect(page.locator(".cx")).to_be_visible()
    assert page.locator(".cx-grid canvas").count() == 4  # x, W, b and a
    assert page.locator('[data-mime-type="application/vnd.jupyter.error"]').count() == 0
    assert page.locator('[data-mime-type="application/vnd.jupyter.stderr"]').count() == 0


def test_the_figure_calculates_what_numpy_calculates(page):
    shows(page, "the output", convolution(x=X, W=W, b=B))


def test_an_edit_in_the_figure_reaches_python(page):
    grid = page.get_by_role("grid", name="the kernels")
    grid.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.type("3.5")
    page.keyboard.press("Enter")
    edited = np.array([[[1, 3.5], [2, -1]]])
    expect(grid.get_by_role("gridcell")).to_have_text(re.compile(r"= 3\.5$"))
    known = json.loads(run(page, REPORT))
    assert known["W"] == edited.tolist()
    assert known["heard"] == [edited.tolist()]
    np.testing.assert_allclose(known["a"], convolution(x=X, W=edited, b=B))
    shows(page, "the output", convolution(x=X, W=edited, b=B))


def test_an_assignment_in_python_moves_the_figure(page):
    run(page, ASSIGN)
    assigned = np.array([[[0, 3], [-2, 5]]])
    shows(page, "the kernels", assigned)
    shows(page, "the output", convolution(x=X, W=assigned, b=B))


def test_a_point_moved_along_a_curve_reaches_python(page):
    run(page, CURVES)
    slider = page.get_by_role("slider", name="x", exact=True)
    expect(slider).to_have_attribute("aria-valuetext", "x = −1: tanh is −0.7616, its slope 0.42")
    slider.focus()
    for key in ("End", "ArrowLeft"):
        page.keyboard.press(key)
    expect(slider).to_have_attribute("aria-valuenow", "5.9")
    assert run(page, "print(c.x, c.value == np.tanh(5.9))").strip() == "5.9 True"
    run(page, "c.x = 2\nc")
    expect(slider).to_have_attribute("aria-valuetext", "x = 2: tanh is 0.964, its slope 0.07065")
    run(page, REPORT)  # or this figure would stand in the way of the next test


def test_a_prediction_is_answered(page):
    run(page, f"e.arrays['x'], e.arrays['W'] = {X.tolist()}, {W.tolist()}\n{PREDICTION}")
    field = page.locator(".cx-guess")  # below the window it has no role: it is not rendered yet
    told = page.locator(".cx-told")
    for text, said in [("9", "✗ Not 9."), ("2", "✓ Yes, 2.")]:
        field.fill(text)
        page.keyboard.press("Enter")
        expect(told).to_contain_text(said)
    expect(told).to_contain_text("1·2 + 0·0 + 2·1 + (−1)·3 + 1 = 2")
    run(page, REPORT)


def test_a_digit_is_drawn_and_python_has_it(page):
    run(page, READER)
    pad = page.get_by_role("application", name=re.compile("Drawing pad"))
    pad.focus()
    for key in ["ArrowUp"] * 9 + [" "] + ["ArrowDown"] * 18 + [" "]:
        page.keyboard.press(key)
    expect(page.locator(".cx-reads")).to_contain_text("I read a 1")
    said = run(
        page, "print(r.results['y_hat'].argmax(), r.arrays['x'].sum().round(), r.arrays['y'])"
    )
    assert said.split()[0] == "1"
    assert 40 < float(said.split()[1]) < 60  # a line of 20 pixels, 2.5 wide
    assert said.split()[2] == "1.0"
    run(page, REPORT)


def test_a_layer_is_typed_and_python_has_it(page):
    run(page, TRANSLATOR)
    onnx = page.get_by_role("region", name="ONNX", exact=True)
    expect(onnx).to_contain_text("op.Conv(x, w, kernel_shape=[3, 3])")
    page.get_by_label("A layer", exact=True).fill("nn.MaxPool2d(2, ceil_mode=True)")
    expect(onnx).to_contain_text("ceil_mode=1")
    assert run(page, "print(t.layer)").strip() == "nn.MaxPool2d(2, ceil_mode=True)"
    run(page, "t.size = 5\nt")
    expect(page.get_by_role("group", name="y, 3 × 3")).to_be_visible()
    run(page, REPORT)


def test_sliders_move_a_figure_in_a_box_and_follow_it(page):
    """One is linked in Python, so what it shows of the other, Python knows."""
    run(page, LINKED)
    sliders = page.locator(".widget-hbox .noUi-handle")
    linked, by_script = sliders.first, sliders.last
    boxed = page.locator(".widget-hbox .cx")
    size = boxed.get_by_role("spinbutton", name=re.compile("^size q"))
    for moved, key, value in [
        (by_script, "ArrowRight", 2),
        (linked, "ArrowRight", 3),
        (size, "ArrowDown", 2),
    ]:
        moved.press(key)
        for slider in (linked, by_script):
            expect(slider).to_have_attribute("aria-valuenow", f"{value}.0")
        expect(size).to_have_text(str(value))
        side = {2: 3, 3: 2}[value]
        expect(
            boxed.get_by_role("grid", name=f"the output of the pooling, {side} ×")
        ).to_be_visible()
    box, figure = (
        place.bounding_box() for place in (page.locator(".widget-hbox"), boxed.locator(".."))
    )
    assert 350 < figure["width"] < box["width"] - 250  # what the sliders leave
    assert boxed.evaluate("e => e.scrollWidth <= e.clientWidth")
    page.get_by_role("tab", name="three").click()  # where it was out of sight until now
    shown = page.locator(".widget-tab-contents > .cx-widget:visible .cx")
    expect(shown.locator(".cx-grid canvas").first).to_be_visible()
    expect(shown.get_by_role("spinbutton", name=re.compile("^size q"))).to_have_text("2")
    width = shown.bounding_box()["width"]
    page.set_viewport_size({"width": 1000, "height": 1000})
    page.wait_for_function(
        "([node, width]) => node.clientWidth < width - 200", arg=[shown.element_handle(), width]
    )
    assert shown.evaluate("e => e.scrollWidth <= e.clientWidth")
    page.set_viewport_size({"width": 1280, "height": 1000})
    assert run(page, "print(g.size_q, g.results['a'].shape)").strip() == "2 (3, 3)"
    run(page, REPORT)


def test_what_is_typed_into_the_figure_is_no_shortcut(page):
    for target in ("the kernels", "the output"):
        page.get_by_role("grid", name=target).focus()
        for key in ("x", "a", "3", "Escape", "d", "d", "m", "ArrowDown"):
            page.keyboard.press(key)
    page.locator(".cx button").first.focus()
    page.keyboard.press("x")
    expect(page.locator(".jp-Notebook .jp-CodeCell")).to_have_count(2)
    expect(page.locator(".cx")).to_be_visible()


def test_the_figure_is_as_dark_as_the_theme(page):
    expect(page.locator(".cx")).not_to_have_class(re.compile("cx-dark"))
    choose_theme(page, "Dark")
    expect(page.locator(".cx")).to_have_class(re.compile("cx-dark"))
    # And when the theme changes while another tab is in front.
    choose(page, "File", "New Launcher")
    expect(page.locator(".cx")).to_be_hidden()
    choose_theme(page, "Light")
    page.get_by_role("tab", name="small.ipynb").click()
    expect(page.locator(".cx")).to_be_visible()
    expect(page.locator(".cx")).not_to_have_class(re.compile("cx-dark"))


def choose_theme(page: Page, name: str) -> None:
    choose(page, "Settings", "Theme", f"JupyterLab {name}")
    is_light = "true" if name == "Light" else "false"
    expect(page.locator("body")).to_have_attribute("data-jp-theme-light", is_light)
