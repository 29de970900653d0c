"""The built book in a real browser, opened from disk with the network cut, as a reader may.

`make test` builds the book before it runs these; to run them alone, `make book` comes first.
"""

import importlib
import inspect
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT
from playwright.sync_api import Browser, Page

from cnnmath.formula.typeset import coloured
from cnnmath.formulas import catalogue
from cnnmath.sheet import sheet
from tools import chapters

HTML = ROOT / os.environ.get("BOOK_HTML", "_build/html")

CHAPTERS = chapters.pages()
PAGES = [*CHAPTERS, "genindex", "search"]

# Opening a page takes a second, so one that is open serves all the tests that want it.
each_page = pytest.mark.parametrize("page", PAGES, indirect=True)
each_chapter = pytest.mark.parametrize("page", CHAPTERS, indirect=True)


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    """Stop if there is no book, or if a page is older than what it is made of."""
    for name in CHAPTERS:
        reason = chapters.why_stale(name, HTML)
        if reason:
            pytest.exit(f"{reason}. Build it first: make book", returncode=1)


@contextmanager
def _opened(browser: Browser, name: str, **options: Any) -> Iterator[Page]:
    """A page of the book, 1280 pixels wide, opened from disk, without a network."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True, **options)
    page = context.new_page()
    page.complaints = []
    _listen(page)
    page.goto(_file(name).as_uri())
    yield page
    context.close()


@pytest.fixture(scope="module")
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page as most readers see it, except that all that is folded away is open."""
    with _opened(browser, request.param) as page:
        page.name = request.param
        page.evaluate("document.fonts.ready.then(() => true)")
        page.evaluate(
            """() => {
                for (const fold of document.querySelectorAll("article details")) fold.open = true;
                for (const fold of document.querySelectorAll("article .toggle-hidden")) {
                    fold.querySelector(".toggle-button").click();
                }
            }"""
        )
        # Some of them open in an animation.
        page.wait_for_timeout(300)
        yield page


@pytest.fixture(scope="module")
def page_without_scripts(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    with _opened(browser, request.param, java_script_enabled=False) as page:
        yield page


@pytest.fixture
def width(request: pytest.FixtureRequest, page: Page) -> Iterator[int]:
    page.set_viewport_size({"width": request.param, "height": 900})
    yield request.param
    page.set_viewport_size({"width": 1280, "height": 900})


def _listen(page: Page) -> None:
    """Write down whatever goes wrong on the page, and whatever it asks another host for."""
    complaints = page.complaints

    def request(made):
        if not made.url.startswith(("file:", "data:", "blob:")):
            complaints.append(f"asks another host: {made.url}")

    def console(message):
        if message.type in ("error", "warning"):
            complaints.append(f"{message.type} in the console: {message.text}")

    page.on("request", request)
    page.on("requestfailed", lambda made: complaints.append(f"failed: {made.url}"))
    page.on("console", console)
    page.on("pageerror", lambda error: complaints.append(f"exception: {error}"))


def _file(name: str) -> Path:
    return HTML / f"{name}.html"


@cache
def _soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


# --- What a page asks for and says ---------------------------------------------------------------


@each_page
def test_page_loads_without_a_network_and_without_complaint(page):
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    page.wait_for_timeout(100)
    assert page.complaints == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_loaded_from_another_host(name):
    """The same, by reading: what is loaded only when something is clicked counts too."""
    loaded = [
        tag.get("src") or tag.get("href")
        for tag in _soup(_file(name)).select("script[src], img[src], iframe[src], link[href]")
    ]
    assert [address for address in loaded if urlsplit(address).netloc] == []


def test_front_page_is_where_it_is_said_to_be(browser):
    with _opened(browser, "index") as page:
        page.wait_for_url(_file(CHAPTERS[0]).as_uri())


# --- Formulas ------------------------------------------------------------------------------------

_STRAY_TEX = re.compile(
    r"\$\$|\$[^$\n]{1,80}\$|\\(?:begin|end|frac|sum|text\w*|math\w+|left|right|htmlClass)\b"
)


@pytest.mark.parametrize("page_without_scripts", CHAPTERS, indirect=True)
def test_formulas_are_readable_without_scripts(page_without_scripts):
    shown = page_without_scripts.locator("article .katex-html:visible")
    assert shown.count() > 0, "no formula is to be seen on the page"
    text = page_without_scripts.locator("article").evaluate(
        """article => {
            const copy = article.cloneNode(true);
            const rest = copy.querySelectorAll(".katex, pre, code, script, style");
            for (const element of rest) element.remove();
            return copy.textContent;
        }"""
    )
    assert _STRAY_TEX.findall(text) == []


@each_chapter
def test_formulas_are_set_in_their_own_fonts(page):
    fonts = page.evaluate(
        "[...document.fonts].filter(font => font.status === 'loaded').map(font => font.family)"
    )
    assert "KaTeX_Math" in fonts
    assert "KaTeX_Main" in fonts


# --- Figures and links ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_every_figure_has_a_text_for_those_who_cannot_see_it(name):
    for image in _soup(_file(name)).select("article img"):
        alt = image.get("alt", "")
        assert len(alt) >= 20, f"{image['src']} has the alt text {alt!r}"
        assert " " in alt, f"{image['src']} has a name, not a text: {alt!r}"
        assert not alt.endswith((".png", ".svg", ".jpg")), (
            f"{image['src']} has a file's name: {alt!r}"
        )


@pytest.mark.parametrize("name", [*PAGES, "index"])
def test_every_link_within_the_book_leads_somewhere(name):
    broken = []
    for tag in _soup(_file(name)).select("[href], [src]"):
        address = tag.get("href") or tag.get("src") or ""
        parts = urlsplit(address)
        if parts.scheme or parts.netloc or not address:
            continue
        target = _file(name)
        if parts.path:
            target = (target.parent / unquote(parts.path)).resolve()
        if not target.is_file():
            broken.append(f"{address}: no such file")
        elif parts.fragment and target.suffix == ".html":
            anchor = unquote(parts.fragment)
            if not _soup(target).find(id=anchor) and not _soup(target).find(attrs={"name": anchor}):
                broken.append(f"{address}: no such place on that page")
    assert broken == []


# --- Looks ---------------------------------------------------------------------------------------


@each_page
def test_there_is_exactly_one_search_bar(page):
    bars = page.locator(".search-button-field:visible, form.bd-search:visible")
    # The search page asks for the words in a form of its own.
    assert bars.count() == (2 if page.name == "search" else 1)


@pytest.mark.parametrize("width", [320, 390, 1280], indirect=True)
@each_page
def test_page_does_not_scroll_sideways(page, width):
    # On wide screens it is the column of text that would scroll, not the window.
    spilling = page.evaluate(
        """() => [...document.querySelectorAll("html, main, .bd-article-container, article")]
            .filter(box => box.scrollWidth > box.clientWidth + 1).map(box => box.tagName)"""
    )
    assert not spilling, f"because of {page.evaluate(_STICKING_OUT)}"


_STICKING_OUT = """() => [...document.querySelectorAll("article *")]
    .filter(box => box.getBoundingClientRect().right >
        document.querySelector("article").getBoundingClientRect().right + 1)
    .map(box => box.outerHTML.slice(0, 120)).slice(0, 5)"""


@pytest.mark.parametrize("width", [320], indirect=True)
@each_page
def test_what_scrolls_can_be_reached_by_keyboard(page, width):
    for _ in range(20):  # the theme looks again some time after the width has changed
        if not page.evaluate(_OUT_OF_REACH):
            break
        page.wait_for_timeout(250)
    assert page.evaluate(_OUT_OF_REACH) == []


_OUT_OF_REACH = """() => [...document.querySelectorAll("article *")]
    .filter(box => box.scrollWidth > box.clientWidth + 1 && box.clientWidth > 0
        && ["auto", "scroll"].includes(getComputedStyle(box).overflowX)
        && !box.closest("[tabindex='0']") && !box.querySelector("[tabindex='0'], a, button"))
    .map(box => box.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@each_page
def test_text_stands_out_from_its_background(page, scheme):
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(f"document.documentElement.dataset.theme === '{scheme}'")
    # Colours change in transitions; they begin in the next frame.
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    page.wait_for_function(
        """() => document.getAnimations()
            .every(one => !(one instanceof CSSTransition) || one.playState === "finished")"""
    )
    measured, faint = page.evaluate(_CONTRAST)
    assert measured > 0
    assert faint == []


# The contrast, by WCAG 2, of every piece of text on the page with what lies behind it.
_CONTRAST = """() => {
    // A colour can be written in many ways; a canvas knows them all.
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const numbers = colour => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
        return [r, g, b, a / 255];
    };
    const over = ([r, g, b, a], below) =>
        [r, g, b].map((value, n) => value * a + below[n] * (1 - a));
    const background = element => {
        if (!element) return [255, 255, 255];
        const own = numbers(getComputedStyle(element).backgroundColor);
        return own[3] === 1 ? own.slice(0, 3) : over(own, background(element.parentElement));
    };
    const opacity = element =>
        element ? getComputedStyle(element).opacity * opacity(element.parentElement) : 1;
    const luminance = rgb => {
        const [r, g, b] = rgb.map(value => value / 255)
            .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const faint = new Set();
    let measured = 0;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        const text = walker.currentNode.data.trim();
        if (!text || element.closest(".katex-mathml, .headerlink, svg, script, style")) continue;
        if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
        const behind = background(element);
        const [r, g, b, a] = numbers(getComputedStyle(element).color);
        const front = over([r, g, b, a * opacity(element)], behind);
        const [low, high] = [luminance(front), luminance(behind)].sort((p, q) => p - q);
        const ratio = (high + 0.05) / (low + 0.05);
        measured += 1;
        if (ratio < 4.5) {
            const [ink, paper] = [front, behind].map(rgb => `rgb(${rgb.map(Math.round)})`);
            faint.add(`${ratio.toFixed(2)}: "${text.slice(0, 30)}", ${ink} on ${paper}, ` +
                `in ${element.tagName} ${element.className}`);
        }
    }
    return [measured, [...faint].slice(0, 10)];
}"""


def test_light_and_dark_can_be_switched_and_are_remembered(browser):
    with _opened(browser, CHAPTERS[0], color_scheme="light") as page:
        root = page.locator("html")
        seen = set()
        for _ in range(3):
            page.locator(".theme-switch-button:visible").first.click()
            seen.add(root.get_attribute("data-theme"))
        assert seen == {"light", "dark"}
        mode = root.get_attribute("data-mode")
        page.reload()
        assert root.get_attribute("data-mode") == mode


# --- The formula sheet ---------------------------------------------------------------------------

SHEET = "book/appendix/formula-sheet"


def test_the_sheet_has_every_formula_under_a_link_to_its_chapter():
    shown = [
        (box.find_previous_sibling("p").a["href"], " ".join(box.find("annotation").text.split()))
        for box in _soup(_file(SHEET)).select(".cell_output > div.math")
    ]
    assert shown == [
        (f"../{entry.chapter}.html", " ".join(coloured(entry.formula).split()))
        for entry in sheet().entries
    ]


def test_the_sheet_prints_on_two_sheets_of_a4(browser):
    with _opened(browser, SHEET) as page:
        pdf = page.pdf(prefer_css_page_size=True)
    sizes = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert 1 <= len(sizes) <= 2
    for width, height in sizes:
        assert (round(float(width)), round(float(height))) == (595, 842)


def test_on_paper_the_sheet_is_legible_and_whole(browser):
    with _opened(browser, SHEET) as page:
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 718, "height": 1000})  # A4 without its margins
        page.evaluate("document.fonts.ready.then(() => true)")
        assert page.locator(":is(nav, aside, footer, pre, button, input):visible").count() == 0
        boxes = page.evaluate(
            """() => [...document.querySelectorAll("#formula-sheet .cell_output > *")].map(box => {
                const { left, right, top, bottom } = box.getBoundingClientRect();
                const parts = [...box.querySelectorAll(".katex-display .base")];
                const reach = Math.max(...parts.map(part => part.getBoundingClientRect().right));
                const size = parseFloat(getComputedStyle(parts[0] ?? box).fontSize);
                return { left, right, top, bottom, formula: parts.length > 0, reach, size };
            })"""
        )
    formulas = [box for box in boxes if box["formula"]]
    assert len(formulas) == len(sheet().entries)
    assert all(box["reach"] <= box["right"] + 0.5 for box in formulas), "wider than its column"
    assert all(box["size"] >= 8 * 4 / 3 for box in formulas), "smaller than 8 points"
    for one, next_ in pairwise(boxes):
        assert one["bottom"] <= next_["top"] + 0.5 or one["right"] < next_["left"], "overlapping"


# --- The reference -------------------------------------------------------------------------------

REFERENCE = "book/appendix/reference"
MODULES = [
    "data",
    "derivation",
    "errors",
    "explorer",
    "formula",
    "formulas",
    "gradcheck",
    "layers",
    "plots",
]


def _offered(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """The functions and classes of a module, and the methods of these, by their names."""
    for name, value in vars(module).items():
        own = getattr(value, "__module__", "") == module.__name__ and not name.startswith("_")
        if name in getattr(module, "__all__", [name] if own else []) and callable(value):
            yield f"{module.__name__}.{name}", value
            for method, function in vars(value).items():
                mine = inspect.isfunction(function) and function.__module__ == value.__module__
                if mine and function.__doc__ and not method.startswith("_"):
                    yield f"{module.__name__}.{name}.{method}", function


@pytest.mark.parametrize("name", MODULES)
def test_the_reference_has_whatever_is_public_with_its_parameters(name):
    page = _soup(_file(REFERENCE))
    offered = dict(_offered(importlib.import_module(f"cnnmath.{name}")))
    assert offered
    for full_name, value in offered.items():
        described = page.find("dt", id=full_name)
        assert described, f"{full_name} is not there"
        assert described.find_next_sibling("dd").text.strip(), f"{full_name} has no words"
        if inspect.isfunction(value):
            shown = [part.text for part in described.select(".sig-param > .n")]
            parameters = [name for name in inspect.signature(value).parameters if name != "self"]
            assert shown == parameters, full_name


def test_the_reference_has_every_constant_of_the_catalogue():
    cells = [row.td.text for row in _soup(_file(REFERENCE)).select("table tbody tr")]
    assert cells == list(catalogue())


def test_no_mark_of_a_docstring_is_left_in_the_reference():
    article = BeautifulSoup(str(_soup(_file(REFERENCE)).article), "html.parser")
    for element in article.select(".katex, pre, code, dt"):
        element.decompose()
    left = r"\$|`|:[a-z]+:|\*\w|^ *(?:Raises|Source)\b|>>>"
    assert re.findall(left, article.text, re.MULTILINE) == []


def test_the_index_names_each_thing_once():
    links = [link["href"] for link in _soup(_file("genindex")).select(".indextable a")]
    assert f"{REFERENCE}.html#cnnmath.layers.conv2d" in links
    assert len(links) == len(set(links))
