"""The built book, read as HTML: what it loads, where its links lead, and what is in it.

`make test` builds the book before it runs these; to run them alone, `make book` comes first.
"""

import importlib
import inspect
import json
import re
from collections.abc import Iterator
from itertools import groupby, pairwise
from types import ModuleType
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from built_book import CHAPTERS, HTML, PAGES, WITHOUT_FORMULAS, file, places, tree
from selectolax.lexbor import LexborHTMLParser
from sphinx.errors import ExtensionError

from cnnmath.catalogue import formulas
from cnnmath.sheet import sheet
from tools import chapters
from tools.icons import with_icons, without_script
from tools.pointing_links import asks_a_figure, mistakes

FIGURE_STATE = ".cnnmath-figure script[type='application/json']"
# Reading a page takes time, so one process reads them all, once.
pytestmark = pytest.mark.xdist_group("html")


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_loaded_from_another_host(name):
    """What is loaded only when something is clicked counts too, so it is read, not watched."""
    loaded = [
        tag.attributes.get("src") or tag.attributes["href"]
        for tag in tree(file(name)).css("script[src], img[src], iframe[src], link[href]")
    ]
    assert [address for address in loaded if urlsplit(address).netloc] == []


@pytest.mark.parametrize("name", PAGES)
def test_icons_stand_in_the_page_and_need_no_script(name):
    page = tree(file(name))
    assert page.css("[class*='fa-']:not(svg), script[src*='fontawesome']") == []
    icons = page.css("svg.drawn-icon")
    assert len(icons) >= 5
    for icon in icons:  # each has a name or is not spoken
        assert ("aria-label" in icon.attributes) != ("aria-hidden" in icon.attributes)


def test_an_icon_that_the_theme_does_not_have_stops_the_build():
    assert with_icons('<i class="fas fa-bars"></i>').startswith('<svg class="drawn-icon fas ')
    with pytest.raises(ExtensionError, match="the theme has no icon no-such-thing"):
        with_icons('<i class="fas fa-no-such-thing"></i>')
    with pytest.raises(ExtensionError, match="is not where it was"):
        without_script("<script></script>")


@pytest.mark.parametrize("name", PAGES)
def test_every_figure_has_a_text_for_those_who_cannot_see_it(name):
    for image in tree(file(name)).css("article img"):
        source, alt = image.attributes["src"], image.attributes.get("alt") or ""
        assert len(alt) >= 20, f"{source} has the alt text {alt!r}"
        assert " " in alt, f"{source} has a name, not a text: {alt!r}"
        assert not alt.endswith((".png", ".svg", ".jpg")), f"{source} has a file's name: {alt!r}"


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_figure_is_called_what_its_author_says_is_to_be_seen(name):
    labels = [figure.attributes["aria-label"] for figure in tree(file(name)).css(".cnnmath-plot")]
    source = chapters.notebook(name)
    cells = json.loads(source.read_text("utf-8"))["cells"] if source.exists() else []
    said = [cell["metadata"].get("mystnb", {}).get("image", {}).get("alt") for cell in cells]
    each = [label for label, _ in groupby(labels)]  # all pictures of a cell have its text
    assert each == list(filter(None, said))


@pytest.mark.parametrize("name", CHAPTERS)
def test_no_two_elements_of_a_figure_have_one_id(name):
    ids = [element.id for element in tree(file(name)).css(".cnnmath-plot [id]")]
    assert len(ids) == len(set(ids))


_STRAY_TEX = re.compile(
    r"\$\$|\$[^$\n]{1,80}\$|\\(?:begin|end|frac|sum|text\w*|math\w+|left|right|htmlClass)\b"
)


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_formula_is_typeset_in_the_page_and_needs_no_script(name):
    page = tree(file(name))
    assert page.css_matches("article .katex .katex-html") == (name not in WITHOUT_FORMULAS)
    text = _text_without(page, ".katex, pre, code, script, style")
    assert len(text) > 500
    assert _STRAY_TEX.findall(text) == []


def _text_without(page: LexborHTMLParser, css: str) -> str:
    """The text of an article without some of its elements, such as its formulas and its code."""
    (article,) = page.css("article")
    own = LexborHTMLParser(article.html or "")
    for element in own.css(css):
        element.decompose()
    return own.text()


def test_formulas_of_figures_are_typeset_by_katex_and_their_symbols_are_marked():
    found = 0
    for state in (one for name in CHAPTERS for one in tree(file(name)).css(FIGURE_STATE)):
        for formula in json.loads(state.text())["formulas"]:
            typeset = LexborHTMLParser(formula["typeset"])
            assert typeset.css_matches(".katex")
            marked = {symbol.attributes["data-name"] for symbol in typeset.css("[data-name]")}
            assert {formula["result"], *formula["names"]} <= marked
            found += 1
    assert found > 50


@pytest.mark.parametrize("name", [*PAGES, "index"])
def test_every_link_within_the_book_leads_somewhere(name):
    broken = []
    # What a link to a figure names is no place of a page: tools/pointing_links.py looks for it.
    for tag in tree(file(name)).css("[href]:not(.cx-points, .cx-sets), [src]"):
        address = tag.attributes.get("href") or tag.attributes.get("src") or ""
        parts = urlsplit(address)
        if parts.scheme or parts.netloc or not address:
            continue
        target = file(name)
        if parts.path:
            target = (target.parent / unquote(parts.path)).resolve()
        if not target.is_file():
            broken.append(f"{address}: no such file")
        elif asks_a_figure(f"#{parts.fragment}"):
            page = target.read_text(encoding="utf-8")
            broken += mistakes(page + f'<a class="cx-sets" href="#{parts.fragment}">')
        elif target.suffix == ".html" and unquote(parts.fragment) not in {"", *places(target)}:
            broken.append(f"{address}: no such place on that page")
    assert broken == []


def test_of_the_list_of_chapters_the_present_part_is_open():
    for name, *_, part in [("book/pooling/max", "Pooling"), ("book/notation", None)]:
        folds = tree(file(name)).css("nav details.part")
        captions = [fold.css_first(".caption-text").text() for fold in folds]
        # what follows the number is for screen readers
        counts = [int(fold.css_first(".count").text(deep=False)) for fold in folds]
        assert sum(counts) == len(CHAPTERS) - 2  # without the front page and the notation
        states = zip(captions, folds, strict=True)
        opened = [caption for caption, fold in states if "open" in fold.attributes]
        assert opened == ([part] if part else [])


def test_the_address_of_a_chapter_that_has_gone_leads_to_one_that_stands():
    config = yaml.safe_load((chapters.ROOT / "_config.yml").read_text("utf-8"))
    for gone, target in config["sphinx"]["config"]["redirects"].items():
        old = HTML / f"{gone}.html"
        assert target in old.read_text("utf-8")
        name = (old.parent / target).relative_to(HTML).with_suffix("")
        assert str(name) in CHAPTERS and gone not in CHAPTERS


# --- The formula sheet ---------------------------------------------------------------------------

SHEET = "book/appendix/formula-sheet"


def equation(formula):
    """The LaTeX that a formula shows itself with."""
    return formula._repr_mimebundle_()["text/markdown"].split("$$")[1]


def test_the_sheet_has_every_formula_under_a_link_to_its_chapter():
    # Each formula follows the link to its chapter, perhaps with a paragraph between them.
    boxes = tree(file(SHEET)).css(".cell_output > p:has(a), .cell_output > div.math")
    shown = [
        (
            above.css_first("a").attributes["href"],
            " ".join(box.css_first("annotation").text().split()),
        )
        for above, box in pairwise(boxes)
        if box.tag == "div"
    ]
    assert shown == [
        (f"../{entry.chapter}.html", " ".join(equation(entry.formula).split()))
        for entry in sheet().entries
    ]


# --- The reference -------------------------------------------------------------------------------

REFERENCE = "book/appendix/reference"
MODULES = [
    "catalogue",
    "data",
    "derive",
    "errors",
    "explorer",
    "formula",
    "gradcheck",
    "layers",
    "network",
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
    page = tree(file(REFERENCE))
    offered = dict(_offered(importlib.import_module(f"cnnmath.{name}")))
    assert offered
    for full_name, value in offered.items():
        described = page.css_first(f'dt[id="{full_name}"]')
        assert described, f"{full_name} is not there"
        words = page.css_first(f'dt[id="{full_name}"] + dd')
        assert words.text(strip=True), f"{full_name} has no words"
        if inspect.isfunction(value):
            shown = [part.text() for part in described.css(".sig-param > .n")]
            parameters = [name for name in inspect.signature(value).parameters if name != "self"]
            assert shown == parameters, full_name


def test_the_reference_has_every_constant_of_the_formulas():
    rows = tree(file(REFERENCE)).css("table tbody tr")
    cells = [row.css_first("td").text() for row in rows]
    assert cells == list(formulas())


def test_no_mark_of_a_docstring_is_left_in_the_reference():
    text = _text_without(tree(file(REFERENCE)), ".katex, pre, code, dt")
    left = r"\$|`|:[a-z]+:|\*\w|^ *(?:Raises|Source)\b|>>>"
    assert re.findall(left, text, re.MULTILINE) == []


def test_the_index_names_each_thing_once():
    links = [link.attributes["href"] for link in tree(file("genindex")).css(".indextable a")]
    assert f"{REFERENCE}.html#cnnmath.layers.conv2d" in links
    assert len(links) == len(set(links))
