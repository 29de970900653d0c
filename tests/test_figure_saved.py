"""A figure that is saved: one page, alive where there is no Python, no server and no network."""

import gzip
import re
from contextlib import closing
from pathlib import Path

import axe
import pytest
from cells import chapter
from figures import asked, moving_network, plain
from playwright.sync_api import expect

from cnnmath.catalogue import relu, relu_gradient
from cnnmath.errors import CnnMathError
from cnnmath.explorer import curves, translator
from cnnmath.reading import reads_digits

FIGURES = {
    "question": asked,
    "sizes": moving_network,
    "curves": lambda: curves((relu, relu_gradient)),
    "translator": lambda: translator("nn.MaxPool2d(2)"),
    "digits": reads_digits,
}


pytestmark = pytest.mark.xdist_group("saved figures")  # they are saved once


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """All kinds of figures, saved."""
    folder = tmp_path_factory.mktemp("saved")
    for name, make in FIGURES.items():
        make().save(folder / f"{name}.html")
    return folder


@pytest.fixture
def open_file(browser):
    """Opens a file without a network; nothing may go wrong there, nor anything be asked for."""
    wrong, contexts = [], []

    def open_(file, **options):
        context = browser.new_context(offline=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "request", lambda sent: sent.url[:5] in ("file:", "data:") or wrong.append(sent.url)
        )
        page.goto(file.as_uri())
        return page

    yield open_
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.mark.parametrize("name", FIGURES)
def test_it_is_one_small_file(saved, name):
    page = (saved / f"{name}.html").read_bytes()
    assert len(gzip.compress(page)) <= 150 * 1024
    text = page.decode()
    assert text.count("</script>") == 2  # the state, and what brings it to life
    assert not re.search(r'(?:src|href)="(?!data:)|@import|url\((?!"?data:)', text)


def test_it_is_alive_wide_and_narrow_light_and_dark(saved, open_file):
    page = open_file(saved / "question.html", color_scheme="dark")
    expect(page.locator(".cx")).to_have_class(re.compile("cx-dark"))
    expect(page).to_have_title("Backwards.")
    expect(page.locator(".cx-not-run")).to_be_hidden()
    page.locator(".cx-guess").fill("0")
    page.keyboard.press("Enter")
    expect(page.locator(".cx-told")).to_contain_text("✓ Yes, 0.")
    assert axe.findings(page) == []
    page.emulate_media(color_scheme="light")
    expect(page.locator(".cx")).not_to_have_class(re.compile("cx-dark"))
    for width in (1400, 768, 375):
        page.set_viewport_size({"width": width, "height": 900})
        expect(page.locator(".cx-grid canvas").first).to_be_visible()
        fits = "(width) => document.documentElement.scrollWidth === width"
        page.wait_for_function(fits, arg=width)


def test_where_no_script_runs_it_says_so(saved):
    """JupyterLab shows a file in a frame without scripts, which no test can look into either."""
    for name in FIGURES:
        text = (saved / f"{name}.html").read_text("utf-8")
        assert re.search("<noscript>[^/]*press “Trust HTML”", text)


def test_every_kind_is_alive(saved, open_file):
    expect(open_file(saved / "sizes.html").locator(".cx-scrubbed").first).to_be_visible()
    expect(open_file(saved / "curves.html").get_by_role("slider", name="x")).to_be_visible()
    expect(open_file(saved / "digits.html").get_by_role("application")).to_be_visible()
    expect(open_file(saved / "translator.html").get_by_label("A layer")).to_be_visible()


def test_scripts_are_lowered_where_there_is_no_font_for_mathematics(saved, open_file):
    """Else `math` has no such font, and Chromium sets both on one line."""
    page = open_file(saved / "curves.html")
    assert page.locator(".cx-formula msub").first.evaluate(
        """({ children: [base, script] }) => {
          const middle = (box) => (box.top + box.bottom) / 2;
          return middle(script.getBoundingClientRect()) - middle(base.getBoundingClientRect());
        }"""
    ) > 2  # fmt: skip


def test_two_stand_in_frames_of_one_page(saved, open_file):
    frames = "".join(
        f'<iframe src="{name}.html" title="{name}" style="width: 100%; height: 600px"></iframe>'
        for name in ("question", "sizes")
    )
    (saved / "own.html").write_text(f"<!doctype html><h1>My page</h1>{frames}", encoding="utf-8")
    page = open_file(saved / "own.html", viewport={"width": 900, "height": 800})
    question, sizes = (page.frame_locator(f"[title={name}]") for name in ("question", "sizes"))
    size = sizes.get_by_role("spinbutton").first
    size.press("ArrowUp")
    expect(size).to_have_text("3")
    question.locator(".cx-guess").fill("9")
    question.locator(".cx-guess").press("Enter")
    expect(question.locator(".cx-told")).to_contain_text("✗ Not 9.")
    assert [frame.evaluate("document.body.scrollWidth <= innerWidth") for frame in page.frames] == [
        True
    ] * 3


def test_a_frame_takes_the_height_of_its_figure(saved, browser):
    """On a web space; on a disk no page may ask another how high it is."""
    cells = chapter("appendix/your-own-figure").cells
    text = "".join("".join(cell["source"]) for cell in cells)
    [code] = re.findall("<iframe.*?</iframe>", text, re.DOTALL)
    own = f"<!doctype html>{code.replace('scores', 'question')}"
    with closing(browser.new_page(viewport={"width": 900, "height": 800})) as page:
        page.route("**/question.html", lambda route: route.fulfill(path=saved / "question.html"))
        page.route("**/own.html", lambda route: route.fulfill(body=own, content_type="text/html"))
        page.goto("http://web.space/own.html")
        frame = page.locator("iframe").element_handle()
        for width in (900, 400):
            page.set_viewport_size({"width": width, "height": 800})
            page.wait_for_function(
                """({ clientHeight: height, contentDocument: { body } }) =>
                    height !== 700 && height === body.scrollHeight""",
                arg=frame,
            )


def test_its_theme_can_be_that_of_the_page_around(tmp_path, open_file):
    plain().save(tmp_path / "light.html", theme="light")
    page = open_file(tmp_path / "light.html", color_scheme="dark")
    expect(page.locator(".cx")).to_be_visible()
    expect(page.locator(".cx")).not_to_have_class(re.compile("cx-dark"))


def test_it_holds_what_is_there_now_and_is_the_same_each_time(tmp_path):
    e = plain()
    e.arrays["b"] = [7, -7]
    for name in ("one.html", "two.HTM"):
        assert e.save(str(tmp_path / name)) is None
    one, two = (tmp_path / name for name in ("one.html", "two.HTM"))
    assert one.read_bytes() == two.read_bytes()
    assert '"b":{"shape":[2],"data":[7,-7]}' in one.read_text("utf-8")
    e.arrays["b"] = [8, -8]
    e.save(one)  # written anew
    assert '"b":{"shape":[2],"data":[8,-8]}' in one.read_text("utf-8")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (3, 'expected the name of a file, "figure.html", got 3'),
        ("figure", "'figure' is no page: expected a name such as 'figure.html'"),
        (Path("figure.png"), "'figure.png' is no page: expected a name such as 'figure.html'"),
        ("", "'' is no page: expected a name such as 'figure.html'"),
        ("nowhere/figure.html", "there is no folder 'nowhere': make it first"),
    ],
)
def test_what_is_no_file_is_told(path, said):
    with pytest.raises(CnnMathError, match=re.escape(said)):
        plain().save(path)


def test_a_folder_and_an_unknown_theme_are_told(tmp_path):
    (tmp_path / "figure.html").mkdir()
    with pytest.raises(CnnMathError, match="is a folder: expected the name of a file"):
        plain().save(tmp_path / "figure.html")
    with pytest.raises(CnnMathError, match='theme=\'night\': expected "light", "dark", or None'):
        plain().save(tmp_path / "one.html", theme="night")
    assert not (tmp_path / "one.html").exists()
