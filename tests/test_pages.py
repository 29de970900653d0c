"""The built book in a real browser, opened from disk with the network cut, as a reader may.

`make test` builds the book before it runs these; to run them alone, `make book` comes first.

Opening a page takes seconds, so each is opened once and serves all the tests that want it: `look`
sets its width and its colours in place. That takes a second too, so the tests stand here in the
order in which a page goes through its looks: dark, as it is opened, then light, then with ever less
room. For pytest-xdist the tests of a page are a group.
"""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import pairwise
from typing import Any

import axe
import numpy as np
import pytest
from built_book import CHAPTERS, HTML, PAGES, WITHOUT_FORMULAS, file
from contrast import ENOUGH, RATIO
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, TimeoutError, expect

from cnnmath.sheet import sheet

SHEET = "book/appendix/formula-sheet"
WIDE = 1400


def on(*names: str) -> pytest.MarkDecorator:
    """Run a test on some pages; those of a page stay together."""
    pages = [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in names]
    return pytest.mark.parametrize("page", pages, indirect=True)


# All pages have their colours and what is around the text from the same parts, which these have
# between them.
ALL_PARTS = (
    "book/index",
    "book/convolution/forward",
    "book/activation/families",
    "book/arithmetic/dialects",
    "book/network/three-layers",
    "book/network/training",
    "book/appendix/formula-sheet",
    "book/appendix/reference",
    "genindex",
)
# On a tablet the theme arranges all pages alike in another way, so that some stand for all.
SOME = (
    "book/convolution/forward",
    "book/network/three-layers",
    "book/appendix/reference",
    "genindex",
)

# The lines of a derivation make up most of a page, and all are drawn by one function: where they
# are unfolded, they stand for those of the other pages.
DERIVED = ("book/convolution/input-gradient", "book/network/softmax", "book/channels/backward")

WITH_MARKS = ("book/notation", "book/pooling/max-gradient", "book/network/three-layers")


def each_page(test: Any) -> Any:
    """Try on every page, or in turn on a tenth of them, what has no reason to be on one alone."""
    return pytest.mark.sweep(on(*PAGES)(test))


def each_chapter(test: Any) -> Any:
    return pytest.mark.sweep(on(*CHAPTERS)(test))


@contextmanager
def _window(browser: Browser, **options: Any) -> Iterator[Page]:
    """Where a page can be opened, without a network."""
    size = {"width": WIDE, "height": 900}
    context = browser.new_context(viewport=size, offline=True, color_scheme="light", **options)
    page = context.new_page()
    page.complaints = []
    _listen(page)
    yield page
    context.close()


@contextmanager
def _opened(browser: Browser, name: str, **options: Any) -> Iterator[Page]:
    """A page of the book, opened from disk."""
    with _window(browser, **options) as page:
        page.goto(file(name).as_uri())
        yield page


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Page]:
    """The one in which all pages are opened in turn: a new one takes a second."""
    with _window(browser) as window:
        yield window


@pytest.fixture(scope="module")
def page(request: pytest.FixtureRequest, window: Page) -> Page:
    """A page as a reader leaves it who has seen it all: folds are open, and figures alive.

    Only of derivations are the lines seen on some pages alone, DERIVED.
    """
    page = window
    page.goto("about:blank")  # which ends the page before, that its complaints are not this one's
    page.complaints.clear()
    page.shown = {}
    show(page, width=WIDE, height=900, scheme="dark", forced_colors="none", media="screen")
    page.goto(file(request.param).as_uri())
    page.name = request.param
    _wake(page, ".cnnmath-figure:not(details:not([open]) *)")  # while the page is short
    closed = ".cnnmath-figure *" + ("" if page.name in DERIVED else ", .cx-derivation *")
    page.evaluate(
        """async (closed) => {
            await document.fonts.ready;
            const folds = document.querySelectorAll(`article details:not(${closed})`);
            for (const fold of folds) fold.open = true;
        }""",
        closed,
    )
    _wake(page, ".cnnmath-figure:not(.cx)")
    page.evaluate("scrollTo(0, 0)")
    return page


def _wake(page: Page, figures: str) -> None:
    """Bring figures into view, one after the other, until each is alive."""
    for figure in page.query_selector_all(figures):
        figure.evaluate("(figure) => figure.scrollIntoView()")
        page.wait_for_function("(figure) => figure.classList.contains('cx')", arg=figure)


def look(
    page: Page,
    *,
    width: int = WIDE,
    height: int = 900,
    scheme: str = "light",
    forced_colors: str = "none",
    media: str = "screen",
) -> None:
    """Show the page in this width and these colours, and wait until it is at rest."""
    show(page, width=width, height=height, scheme=scheme, forced_colors=forced_colors, media=media)
    page.wait_for_function(
        "(scheme) => document.documentElement.dataset.theme === scheme", arg=scheme
    )
    # Transitions begin in the next frame, and so does what follows a new width. Of a promise that
    # is never kept nothing is heard, so there is a limit.
    rested = page.evaluate(
        """async () => {
            const limit = new Promise((done) => setTimeout(() => done(false), 20_000));
            const rest = async () => {
                for (let frame = 0; frame < 2; frame += 1) {
                    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
                }
                const ending = document.getAnimations()
                    .filter((one) => one.effect.getComputedTiming().endTime < Infinity);
                await Promise.allSettled(ending.map((one) => one.finished));
                return true;
            };
            return Promise.race([rest(), limit]);
        }"""
    )
    assert rested, f"the page does not come to rest: {page.evaluate(_MOVING)}"


def show(page: Page, **looks: Any) -> None:
    """Set what is not so yet: even to be told what it knows, a page finds all its styles again."""
    if looks == page.shown:
        return
    page.shown = looks
    page.set_viewport_size({"width": looks["width"], "height": looks["height"]})
    page.emulate_media(
        color_scheme=looks["scheme"], forced_colors=looks["forced_colors"], media=looks["media"]
    )


_MOVING = """() => document.getAnimations()
    .map((one) => [one.effect.target?.outerHTML.slice(0, 100), one.playState, one.currentTime])"""


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


# --- Pages of their own --------------------------------------------------------------------------


def test_front_page_is_where_it_is_said_to_be(browser):
    with _opened(browser, "index") as page:
        page.wait_for_url(file(CHAPTERS[0]).as_uri())


@pytest.mark.parametrize("name", [CHAPTERS[2], SHEET, "book/appendix/derive-your-own"])
def test_formulas_are_readable_without_scripts(browser, name):
    """They stand in every page (test_book_html.py), and one style sheet serves all pages."""
    with _opened(browser, name, java_script_enabled=False) as page:
        assert page.locator("article .katex-html").first.is_visible()


def test_light_and_dark_can_be_switched_and_are_remembered(browser):
    with _opened(browser, CHAPTERS[0]) as page:
        root = page.locator("html")
        seen = set()
        for _ in range(3):
            page.locator(".theme-switch-button:visible").first.click()
            seen.add(root.get_attribute("data-theme"))
        assert seen == {"light", "dark"}
        mode = root.get_attribute("data-mode")
        page.reload()
        assert root.get_attribute("data-mode") == mode


# --- In the dark ---------------------------------------------------------------------------------


@each_page
def test_page_loads_without_a_network_and_without_complaint(page):
    # First of all: axe asks for the style sheets again, which a page from disk may not.
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    look(page, scheme="dark")
    page.wait_for_function("[...document.images].every((image) => image.complete)")
    assert page.complaints == []


@each_page
def test_in_the_dark_text_stands_out_from_its_background(page):
    look(page, scheme="dark")
    _assert_that_text_stands_out(page)


@on(CHAPTERS[2])
def test_a_figure_is_printed_on_white(page):
    """No frame is drawn between the event and the printing, so all has to happen in it."""
    look(page, scheme="dark")
    page.locator(".cx").first.scroll_into_view_if_needed()
    page.wait_for_selector(".cx.cx-dark")
    page.wait_for_timeout(100)  # it is drawn in the next frame
    before, printed = page.evaluate(
        """() => {
            const canvas = document.querySelector(".cx-grid canvas");
            const copy = new OffscreenCanvas(canvas.width, canvas.height)
                .getContext("2d", { willReadFrequently: true });
            const brightness = () => {
                copy.drawImage(canvas, 0, 0);
                const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
                return data.reduce((sum, value) => sum + value, 0) / data.length;
            };
            const before = brightness();
            dispatchEvent(new Event("beforeprint"));
            const printed = brightness();
            dispatchEvent(new Event("afterprint"));
            return [before, printed];
        }"""
    )
    assert before < 160 < 200 < printed


# --- As wide as a desk ---------------------------------------------------------------------------


@each_page
def test_text_stands_out_from_its_background(page):
    look(page)
    _assert_that_text_stands_out(page)


def _assert_that_text_stands_out(page: Page) -> None:
    axe.bring(page)
    measured, faint = page.evaluate(_CONTRAST)
    assert measured > 0
    assert faint == []


# The contrast, by WCAG 2, of every piece of text on the page with what lies behind it.
_CONTRAST = """() => {
    // A colour can be written in many ways; a canvas knows them all.
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    // Each colour and each element is asked about once: the texts of a page are thousands.
    const once = find => {
        const found = new Map();
        return key => found.get(key) ?? found.set(key, find(key)).get(key);
    };
    const numbers = once(colour => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
        return [r, g, b, a / 255];
    });
    const over = ([r, g, b, a], below) =>
        [r, g, b].map((value, n) => value * a + below[n] * (1 - a));
    const background = once(element => {
        if (!element) return [255, 255, 255];
        const own = numbers(getComputedStyle(element).backgroundColor);
        return own[3] === 1 ? own.slice(0, 3) : over(own, background(element.parentElement));
    });
    const opacity = once(element =>
        element ? getComputedStyle(element).opacity * opacity(element.parentElement) : 1);
    RATIO
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
        const ratio = contrast(front, behind);
        measured += 1;
        if (ratio < ENOUGH) {
            const [ink, paper] = [front, behind].map(rgb => `rgb(${rgb.map(Math.round)})`);
            faint.add(`${ratio.toFixed(2)}: "${text.slice(0, 30)}", ${ink} on ${paper}, ` +
                `in ${element.tagName} ${element.className}`);
        }
    }
    return [measured, [...faint].slice(0, 10)];
}""".replace("RATIO", RATIO).replace("ENOUGH", str(ENOUGH))


@pytest.mark.sweep
@on(*ALL_PARTS)
def test_axe_finds_nothing(page):
    look(page)
    page.evaluate("scrollTo(0, 0)")  # or a link may be half under the header, which stays
    assert axe.findings(page) == []


@pytest.mark.sweep
@on(*(name for name in CHAPTERS if name not in WITHOUT_FORMULAS))
def test_formulas_are_set_in_their_own_fonts(page):
    fonts = page.evaluate(
        "[...document.fonts].filter(font => font.status === 'loaded').map(font => font.family)"
    )
    assert "KaTeX_Math" in fonts
    assert "KaTeX_Main" in fonts


@on(CHAPTERS[2])
def test_the_text_is_set_in_the_fonts_that_come_with_the_book(page):
    page.evaluate("document.fonts.ready")
    loaded = page.evaluate(
        "[...document.fonts].filter((one) => one.status === 'loaded').map((one) => one.family)"
    )
    assert {"Source Serif 4", "Source Sans 3"} <= {name.strip('"') for name in loaded}
    fonts = (HTML / "_static/fonts").glob("*.woff2")
    assert 80_000 < sum(font.stat().st_size for font in fonts) <= 130_000


@each_page
def test_there_is_exactly_one_search_bar(page):
    look(page)
    bars = page.locator(
        ".search-button-field:visible, form.bd-search:visible, .search-button__button:visible"
    )
    # The search page asks for the words in a form of its own.
    assert bars.count() == (2 if page.name == "search" else 1)


@on("book/channels/forward")
def test_a_picture_does_not_touch_the_text_that_was_printed_before_it(page):
    look(page)
    gaps = page.locator(".output.stream:has(+ *)").evaluate_all(
        """(texts) => texts.map((text) =>
            text.nextElementSibling.getBoundingClientRect().top
            - text.querySelector("pre").getBoundingClientRect().bottom)"""
    )
    assert gaps
    assert min(gaps) > 8


@each_chapter
def test_code_in_a_fold_looks_like_all_code(page):
    look(page)
    frames = page.evaluate(
        """() => [...document.querySelectorAll(".cell_input")].map((code) => {
            const { borderWidth, borderStyle, borderColor } = getComputedStyle(code);
            return [borderWidth, borderStyle, borderColor].join(" ");
        })"""
    )
    assert len(set(frames)) <= 1
    shadows = "(folds) => folds.map((fold) => getComputedStyle(fold).boxShadow)"
    assert set(page.locator("details.hide").evaluate_all(shadows)) <= {"none"}


@each_page
def test_page_does_not_scroll_sideways(page):
    look(page)
    _assert_it_does_not_scroll_sideways(page)


def _assert_it_does_not_scroll_sideways(page: Page) -> None:
    # On wide screens it is the column of text that would scroll, not the window. A figure of full
    # width reaches into the margin, but no further.
    spilling = page.evaluate(
        """() => {
            const wide = [...document.querySelectorAll(".tag_full-width")];
            const reach = Math.max(0, ...wide.map(one => one.getBoundingClientRect().right));
            const window = document.documentElement.clientWidth;
            const boxes = document.querySelectorAll("html, main, .bd-article-container, article");
            const spills = box => {
                const { left, right } = box.getBoundingClientRect();
                return left + box.scrollWidth > Math.max(right, Math.min(reach, window)) + 1;
            };
            return [...boxes].filter(spills).map(box => box.tagName);
        }"""
    )
    assert not spilling, f"because of {page.evaluate(_STICKING_OUT)}"


_STICKING_OUT = """() => [...document.querySelectorAll("article *")]
    .filter(box => box.getBoundingClientRect().right >
        document.querySelector("article").getBoundingClientRect().right + 1)
    .map(box => box.outerHTML.slice(0, 120)).slice(0, 5)"""


@on(*WITH_MARKS)
def test_a_short_formula_keeps_the_mark_that_follows_it(page):
    look(page)
    _assert_that_marks_are_kept(page)


def _assert_that_marks_are_kept(page: Page) -> None:
    kept, torn = page.evaluate(
        """() => {
            const kept = [...document.querySelectorAll("article .together")];
            const lines = (box) => Math.round(box.getBoundingClientRect().height / 30);
            return [kept.length, kept.filter((box) => lines(box) > 1).map((box) => box.innerText)];
        }"""
    )
    assert kept > 5
    assert torn == []


@on(CHAPTERS[2])
def test_the_controls_of_a_page_say_what_they_do(page):
    look(page)
    _assert_that_controls_say(page, "Search Ctrl + K", "Show or hide the chapters")


def _assert_that_controls_say(page: Page, *own: str) -> None:
    names = ["Download this page", "Fullscreen mode", "Colour mode: as the system"]
    for name in [*names, *own]:
        expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()
    page.get_by_role("button", name="Download this page").press("Enter")
    file_name = "Download source file (.ipynb)"
    expect(page.get_by_role("link", name=file_name, exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name=file_name, exact=True)).to_be_hidden()


@on(CHAPTERS[2])
def test_there_are_landmarks_to_go_by(page):
    look(page)
    found = page.locator("body").aria_snapshot()
    role = r"^ *- (banner|complementary|contentinfo|form|main|navigation|region|search)(.*):"
    assert re.findall(role, found, re.MULTILINE) == [
        ("complementary", ' "The book"'),
        ("navigation", ' "Chapters"'),
        ("main", ""),
        ("navigation", ' "Contents"'),
    ]


@pytest.mark.sweep
@on(
    *(
        name
        for name in CHAPTERS
        if name.startswith("book/")
        and "appendix" not in name
        and name not in ("book/index", "book/arithmetic/dialects")
    )
)  # which open in another way
def test_the_first_screen_holds_the_figure_and_the_field_of_its_question(page):
    look(page)
    page.evaluate("scrollTo(0, 0)")
    figure = page.locator(".cnnmath-figure").first
    ends = figure.locator(".cx-stage, .cx-reply:not(:has(.cx-candidate)):visible").evaluate_all(
        "(parts) => parts.map((part) => part.getBoundingClientRect().bottom)"
    )
    assert ends
    # The arrays with the chosen cell and its sum, and the field of the first question.
    assert max(ends[:2]) <= 900


# --- Forced colours ------------------------------------------------------------------------------


@on(CHAPTERS[2])
def test_in_forced_colours_formulas_are_whole(page):
    """Dark on light, as it is otherwise: no stroke of a formula may be covered."""
    formula = page.locator("article div.math").first
    look(page)
    inked = _brightness(formula) < 128
    look(page, forced_colors="active")
    assert inked.sum() > 500
    assert (inked & (_brightness(formula) > 160)).sum() == 0


@on(CHAPTERS[2])
def test_in_forced_colours_the_key_of_a_figure_shows_its_colours(page):
    look(page, forced_colors="active")
    assert len(np.unique(_brightness(page.locator(".cx-bar").first))) > 20


@on(CHAPTERS[2])
def test_in_forced_colours_the_numbers_of_a_figure_are_seen(page):
    """The light that falls from window to result lies over the arrays, and must not cover them."""
    look(page, forced_colors="active")
    canvas = page.locator(".cx-grid canvas").first
    canvas.scroll_into_view_if_needed()
    assert len(np.unique(_brightness(canvas))) > 20


def _brightness(shown: Locator) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(shown.screenshot())).convert("L"))


# --- Paper ---------------------------------------------------------------------------------------


@on(SHEET)
def test_the_sheet_prints_on_few_sheets_of_a4(page):
    look(page, media="print")
    pdf = page.pdf(prefer_css_page_size=True)
    sizes = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert len(sheet().entries) > 25 * (len(sizes) - 1)
    for width, height in sizes:
        assert (round(float(width)), round(float(height))) == (595, 842)


@on(SHEET)
def test_on_paper_the_sheet_is_legible_and_whole(page):
    look(page, width=718, media="print")  # A4 without its margins
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


# --- On a tablet ---------------------------------------------------------------------------------


@on(*SOME)
def test_page_does_not_scroll_sideways_on_a_tablet(page):
    look(page, width=768)
    _assert_it_does_not_scroll_sideways(page)


@on(*SOME)
def test_axe_finds_nothing_on_a_tablet(page):
    look(page, width=768)
    _wait_for_tab_stops(page)
    assert axe.findings(page, "target-size", "scrollable-region-focusable") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@on(CHAPTERS[2])
def test_axe_finds_nothing_once_there_is_a_way_back_to_the_top(page, scheme):
    look(page, width=768, scheme=scheme)
    back = page.get_by_role("button", name="Back to top")
    for y in (3000, 2500, 2000):  # it comes when one scrolls up
        page.evaluate("(y) => scrollTo(0, y)", y)
        look(page, width=768, scheme=scheme)
    expect(back).to_be_visible()
    look(page, width=768, scheme=scheme)
    assert axe.findings(page, "region", "color-contrast") == []
    page.evaluate("scrollTo(0, 0)")
    expect(back).to_be_hidden()


# --- On a phone ----------------------------------------------------------------------------------


@on("book/convolution/input-gradient")
def test_a_word_says_what_it_means_under_a_mouse_by_keyboard_and_under_a_finger(page):
    look(page)
    word = page.locator("button.word", has_text="gradient").first
    meaning = page.locator(".meaning:popover-open")
    says = "how fast the error grows"

    word.hover()
    expect(meaning).to_contain_text(says)
    meaning.hover()  # to reach the link in it
    page.wait_for_timeout(400)
    expect(meaning).to_have_count(1)
    page.keyboard.press("Escape")
    expect(meaning).to_have_count(0)

    page.mouse.move(5, 5)
    word.evaluate("(word) => word.focus({ focusVisible: true })")
    expect(meaning).to_contain_text(says)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "The gradients of kernel and bias"
    expect(meaning).to_have_count(1)
    page.keyboard.press("Tab")
    expect(meaning).to_have_count(0)

    look(page, width=375)
    words = page.locator("article button.word")
    for number in range(words.count()):
        words.nth(number).click()  # as a tap does
        box = meaning.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 375
        page.keyboard.press("Escape")
    page.mouse.move(5, 5)


@on("genindex")
def test_on_a_phone_an_entry_of_the_index_has_the_whole_width(page):
    look(page, width=390)
    widths = page.locator(".indextable td").evaluate_all("(all) => all.map((e) => e.clientWidth)")
    assert min(widths) > 300


@on(CHAPTERS[2])
def test_on_a_phone_the_controls_of_a_page_say_what_they_do(page):
    look(page, width=390)
    more = "Show or hide what is on this page"
    _assert_that_controls_say(page, "Search", "Show or hide the chapters", more)


@on(CHAPTERS[2], "book/network/three-layers")
def test_on_a_phone_the_answer_stays_at_the_end_of_the_window(page):
    look(page, width=375, height=500)
    page.locator(".cx-grid:visible").first.evaluate(
        "(grid) => grid.scrollIntoView({ block: 'center', behavior: 'instant' })"
    )
    answer = page.locator(".cx-answer").first
    expect(answer).to_be_in_viewport()
    box = answer.bounding_box()
    assert box["y"] + box["height"] == pytest.approx(500, abs=1)


# --- Where there is least room -------------------------------------------------------------------


@each_page
def test_page_does_not_scroll_sideways_where_there_is_least_room(page):
    look(page, width=320)
    _assert_it_does_not_scroll_sideways(page)


@on(*WITH_MARKS)
def test_a_short_formula_keeps_its_mark_where_there_is_least_room(page):
    look(page, width=320)
    _assert_that_marks_are_kept(page)


@each_page
def test_what_scrolls_can_be_reached_by_keyboard(page):
    look(page, width=320)
    _wait_for_tab_stops(page)
    assert page.evaluate(_OUT_OF_REACH) == []


def _wait_for_tab_stops(page: Page) -> None:
    """The theme looks some time after the width has changed whether its boxes scroll."""
    with suppress(TimeoutError):
        page.wait_for_function(f"!({_OUT_OF_REACH})().length", timeout=5_000)


_OUT_OF_REACH = """() => [...document.querySelectorAll("article :not(.katex *)")]
    .filter(box => box.scrollWidth > box.clientWidth + 1 && box.clientWidth > 0
        && ["auto", "scroll"].includes(getComputedStyle(box).overflowX)
        && !box.closest("[tabindex='0']") && !box.querySelector("[tabindex='0'], a, button"))
    .map(box => box.outerHTML.slice(0, 120))"""


@each_chapter
def test_what_scrolls_says_what_it_is(page):
    look(page, width=320)
    nameless = page.evaluate(
        """() => [...document.querySelectorAll("article [tabindex='0']:not(.cx *)")]
            .filter((box) => box.scrollWidth > box.clientWidth + 1 && !(box.role && box.ariaLabel))
            .map((box) => box.outerHTML.slice(0, 120))"""
    )
    assert nameless == []


@each_page
def test_axe_finds_nothing_where_there_is_least_room(page):
    # Last of all: it takes every formula out, which the page need not set again.
    look(page, width=320)
    _wait_for_tab_stops(page)
    assert axe.findings(page, without="color-contrast") == []
