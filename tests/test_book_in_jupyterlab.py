"""The book in a real JupyterLab: what is stored can be read before anything is run, in both themes.

The notebooks are trusted, as `make lab` trusts them.
"""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import axe
import lab_server
import nbformat
import pytest
from contrast import ENOUGH, RATIO
from lab_server import STARTING, JupyterLab
from playwright.sync_api import Browser, Locator, Page, expect
from test_jupyterlab import WAITING, choose, choose_theme

from cnnmath.catalogue import convolution, relu
from cnnmath.derive import derive
from cnnmath.explorer import explore
from tools import chapters
from tools.execute import tidy

pytestmark = pytest.mark.xdist_group("jupyterlab")

FORMULA = "from cnnmath.catalogue import convolution\n\nconvolution"
DERIVATION = """
from cnnmath.catalogue import convolution
from cnnmath.derive import derive

derive(convolution, "W")
"""
FIGURE = """
from cnnmath.catalogue import relu
from cnnmath.explorer import explore

explore(relu, x=[[1, -2]], name="two", caption="Two numbers.")
"""
STORED = {
    FORMULA: convolution,
    DERIVATION: derive(convolution, "W"),
    FIGURE: explore(relu, x=[[1, -2]], name="two", caption="Two numbers."),
}
# Of every letter that is to be seen: how much it stands out, and what it is.
FAINTEST = """element => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    const over = (layers) => {
        canvas.clearRect(0, 0, 1, 1);
        for (const colour of layers) {
            canvas.fillStyle = colour;
            canvas.fillRect(0, 0, 1, 1);
        }
        return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    RATIO
    const letters = [...element.querySelectorAll("mjx-c, mi, mn, mo, td, p, b, .cx-reason")];
    const isRead = (one) => one.checkVisibility() && !one.closest("mjx-assistive-mml");
    const measured = letters.filter(isRead).map((one) => {
        const behind = [];
        for (let at = one; at; at = at.parentElement) {
            behind.unshift(getComputedStyle(at).backgroundColor);
        }
        const colour = getComputedStyle(one).color;
        const ratio = contrast(over(behind), over([...behind, colour]));
        return [ratio, colour, over(behind).join(), one.outerHTML];
    });
    const least = measured.sort((a, b) => a[0] - b[0])[0];
    return { letters: measured.length, colours: new Set(measured.map((m) => m[1])).size, least };
}""".replace("RATIO", RATIO)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterLab]:
    """One of its own: in another's, notebooks and kernels of other tests would be open."""
    with lab_server.jupyterlab(tmp_path_factory.mktemp("book")) as server:
        yield server


@pytest.fixture(scope="module")
def book(server: JupyterLab) -> Path:
    """The chapters in a folder of JupyterLab, and one notebook of which nothing has been run."""
    folder = server.notebooks / "book"
    for name in chapters.notebooks():
        path = folder / f"{name.removeprefix('book/')}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(chapters.notebook(name), path)
        server.trust(path)
    cells = []
    for number, (source, shown) in enumerate(STORED.items(), start=1):
        bundle = shown._repr_mimebundle_()
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        data.pop("application/vnd.jupyter.widget-view+json", None)  # as chapters are stored
        output = nbformat.v4.new_output("execute_result", data, execution_count=number)
        cell = nbformat.v4.new_code_cell(source.strip(), outputs=[output], execution_count=number)
        cells.append(cell)
    pointing = nbformat.v4.new_markdown_cell("Look at [the second](#two:x[0,1]).")
    nbformat.write(
        nbformat.v4.new_notebook(cells=[*cells, pointing], metadata=chapters.METADATA),
        folder / "stored.ipynb",
    )
    server.trust(folder / "stored.ipynb")
    nbformat.write(
        nbformat.v4.new_notebook(cells=cells[-1:], metadata=chapters.METADATA),
        folder / "untrusted.ipynb",
    )
    return folder


@pytest.fixture(scope="module")
def lab(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    context.set_default_timeout(WAITING)
    yield context.new_page()
    context.close()


@pytest.fixture
def opened(lab: Page, book: Path, server: JupyterLab):
    """Opens a notebook of the book."""

    def opened(name: str) -> Page:
        lab.goto(f"{server.page(f'book/{name}.ipynb')}&reset")
        expect(lab.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible(
            timeout=STARTING * 1000
        )
        return lab

    return opened


def cell(page: Page, number: int) -> Locator:
    return page.locator(f'.jp-Notebook:visible .jp-Cell[data-windowed-list-index="{number}"]')


def run(page: Page, number: int) -> None:
    """Run the cell of a figure, as the first that is run."""
    cell(page, number).click()
    choose(page, "Run", "Run Selected Cell")
    expect(page.locator(".cx")).to_be_visible(timeout=STARTING * 1000)


@pytest.mark.parametrize("theme", ["Light", pytest.param("Dark", marks=pytest.mark.sweep)])
def test_formulas_derivations_and_figures_can_be_read_as_stored_and_run(opened, theme):
    page = opened("stored")
    axe.bring(page)
    choose_theme(page, theme)
    for is_run in (False, True):
        if is_run:
            choose(page, "Run", "Run All Cells")
            expect(page.locator(".cx")).to_be_visible(timeout=STARTING * 1000)
        for number in range(len(STORED)):
            shown = cell(page, number).locator(".jp-OutputArea-output").last
            expect(shown.locator("mjx-c, mi").first).to_be_visible()
            found = shown.evaluate(FAINTEST)
            assert found["colours"] > 2, "symbols are in no colours of their own"
            assert found["least"][0] >= ENOUGH, found


def test_a_figure_and_links_to_it_say_that_it_is_to_be_run_and_then_are_alive(opened):
    page = opened("stored")
    shown = cell(page, 2).locator(".jp-OutputArea-output")
    expect(shown.locator(".cx-mathml math[display=block]")).to_be_visible()
    expect(shown.get_by_role("cell")).to_have_text(["1", "-2", "1", "0"])
    expect(shown.get_by_text("Run the cell")).to_be_visible()
    expect(shown.locator(".cx-latex")).to_be_hidden()
    link = page.get_by_role("link", name="the second")
    said = "element => getComputedStyle(element, '::after').content"
    assert link.evaluate(said) == "none"
    link.hover()
    assert "run the cell" in link.evaluate(said)
    run(page, 2)
    line = page.locator(".cx-answer")
    expect(line).not_to_contain_text("x[0, 1]")
    link.hover()
    expect(line).to_contain_text("x[0, 1] = −2")
    assert link.evaluate(said) == "none"
    link.click()
    shown.hover(position={"x": 2, "y": 2})
    expect(line).to_contain_text("x[0, 1] = −2")


def test_a_figure_in_a_notebook_that_is_not_trusted_shows_its_formula_too(opened):
    shown = cell(opened("untrusted"), 0).locator(".jp-OutputArea-output")
    expect(shown.locator(".cx-latex mjx-container")).to_be_visible()
    expect(shown.locator(".cx-mathml")).to_be_hidden()
    expect(shown.get_by_role("cell")).to_have_text(["1", "-2", "1", "0"])


def test_the_source_below_a_formula_is_copied_by_its_button(opened):
    page = opened("stored")
    fold = cell(page, 0).locator("details.cnnmath-source", has_text="NumPy").first
    fold.locator("summary").click()
    fold.get_by_role("button", name="Copy").click()
    expect(fold.get_by_role("button")).to_have_text("Copied")
    source = fold.locator("code").inner_text()
    assert page.evaluate("getSelection().toString()").strip() == source.strip()
    assert "for i in range" in source


def test_links_lead_from_the_front_page_to_a_chapter_and_from_there_to_another(opened):
    page = opened("index")
    for link, tab in [("Max pooling", "max.ipynb"), ("Average pooling", "average.ipynb")]:
        scroll_to(page, page.locator(".jp-Notebook:visible").get_by_role("link", name=link).first)
        page.locator(".jp-Notebook:visible").get_by_role("link", name=link).first.click()
        expect(page.get_by_role("tab", name=tab)).to_be_visible()
        expect(page.locator(".jp-Notebook:visible h1")).to_be_visible()


def scroll_to(page: Page, wanted: Locator) -> None:
    """JupyterLab makes the cells of a notebook as they come into view."""
    notebook = page.locator(".jp-Notebook:visible .jp-WindowedPanel-outer")
    for _ in range(100):
        if wanted.count() and wanted.is_visible():
            return
        notebook.evaluate("element => element.scrollBy(0, 600)")
        page.wait_for_timeout(50)
    pytest.fail(f"it does not come into view: {wanted}")


def test_a_solution_shows_nothing_before_it_is_opened_though_it_has_run(opened):
    page = opened("pooling/max")
    run(page, 1)
    fold = page.locator(".jp-Notebook:visible details.solution", has_text="Solution 2")
    scroll_to(page, fold)
    fold.scroll_into_view_if_needed()
    code = page.locator(".jp-Notebook:visible .jp-MarkdownCell:has(.solution) + .jp-CodeCell").nth(
        1
    )
    expect(fold.locator("p").first).to_be_hidden()
    expect(code.locator(".jp-InputPlaceholder")).to_have_text(re.compile(r"^\W*# Solution 2\W*$"))
    for part in (".cm-content", ".jp-OutputArea-output"):
        expect(code.locator(part)).to_have_count(0)
    page.locator(".jp-Notebook:visible .jp-MarkdownCell p", has_text="Pool twice").click()
    choose(page, "Run", "Run Selected Cell")  # which chooses the next
    choose(page, "Run", "Run Selected Cell")
    given = code.locator(".jp-OutputArea-output")
    expect(given).not_to_have_count(0)
    expect(given.first).to_be_hidden()
    fold.locator("summary").click()
    expect(fold.locator("p").first).to_be_visible()
    expect(given.first).to_be_visible()
    fold.locator("summary").click()
    expect(given.first).to_be_hidden()
    code.locator(".jp-InputPlaceholder").click()
    expect(code.locator(".cm-content")).to_be_visible()
    expect(given.first).to_be_visible()


def test_what_jupyterlab_changes_when_it_saves_make_notebooks_mends(opened, book, monkeypatch):
    name = "book/pooling/max"
    path = book / "pooling/max.ipynb"
    page = opened("pooling/max")
    run(page, 1)
    choose(page, "File", "Save Notebook")
    stored = chapters.notebook(name).read_text("utf-8")
    saved = stored
    for _ in range(100):
        found = path.read_text("utf-8")
        if found != stored and found.endswith("}\n"):  # and not on the way to the disk
            saved = found
            break
        page.wait_for_timeout(100)
    assert json.loads(saved)["metadata"] != chapters.METADATA, "nothing to mend"
    executed = chapters.notebook(name)
    monkeypatch.setattr(chapters, "notebook", lambda _: path)
    monkeypatch.setattr(chapters, "executed", lambda _: executed)
    assert json.loads(tidy(chapters.with_outputs(name))) == json.loads(stored)
