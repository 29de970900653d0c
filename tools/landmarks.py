"""A small Sphinx extension: the landmarks, and the names of controls, that the theme's HTML lacks.

A screen reader jumps from landmark to landmark and speaks a control's name; voice control finds a
control by the words on it. tests/test_pages.py checks that each has what it needs.
"""

import re
from html import escape
from typing import Any

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx

from tools.template_functions import offer

# What stands in the theme's HTML, and what is put in its place.
MENDED = {
    # Empty, but the theme's script looks for it.
    '<header id="pst-header"': '<header id="pst-header" role="none"',
    '<div id="pst-primary-sidebar"': (
        '<div id="pst-primary-sidebar" role="complementary" aria-label="The book"'
    ),
    '<nav class="bd-links bd-docs-nav" aria-label="Main">': (
        '<nav class="bd-links bd-docs-nav" aria-label="Chapters">'
    ),
    '<dialog id="pst-search-dialog"': '<dialog id="pst-search-dialog" aria-label="Search"',
    '<dialog id="pst-primary-sidebar-modal"': (
        '<dialog id="pst-primary-sidebar-modal" aria-label="The book"'
    ),
    '<dialog id="pst-secondary-sidebar-modal"': (
        '<dialog id="pst-secondary-sidebar-modal" aria-label="On this page"'
    ),
    'title="Toggle primary sidebar"': 'title="Show or hide the chapters"',
    'title="Toggle secondary sidebar"': 'title="Show or hide what is on this page"',
    # The words on these are their names. An icon's title says which mode it is.
    'search-button-field search-button__button pst-js-only" title="Search" aria-label="Search"': (
        'search-button-field search-button__button pst-js-only" title="Search"'
    ),
    'aria-label="Color mode" data-bs-title="Color mode"': 'data-bs-title="Colour mode"',
    '<i class="theme-switch fa-solid fa-sun ': (
        '<span class="visually-hidden">Colour mode: </span><i class="theme-switch fa-solid fa-sun '
    ),
    'title="System Settings"': 'title="as the system"',
}

BACK_TO_TOP = re.compile(
    r'(<button [^>]*id="pst-back-to-top">.*?</button>)(.*)</main>',
    re.DOTALL,
)


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_node(HideCodeCellNode, override=True, html=(open_fold, close_fold))
    offer(app, with_landmarks)
    app.connect("html-page-context", name_menus, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def name_menus(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Write the names of the theme's menus out."""
    for group in context.get("header_buttons", []):
        for button in group.get("buttons", []):
            button["text"] = f"{button.pop('tooltip')} ({button['text']})"


def with_landmarks(page: str) -> str:
    for theirs, ours in MENDED.items():
        page = page.replace(theirs, ours)
    return BACK_TO_TOP.sub(r"\2\1</main>", page)


def open_fold(translator: Any, node: nodes.Element) -> None:
    """The same as in myst_nb, but the fold is called what is written on it."""
    shown, hidden = escape(node["prompt_show"]), escape(node["prompt_hide"])
    translator.body.append(
        f'<details class="admonition hide {" ".join(node["classes"])}">\n<summary>\n'
        f'<p class="collapsed admonition-title">{shown}</p>\n'
        f'<p class="expanded admonition-title">{hidden}</p>\n</summary>\n'
    )


def close_fold(translator: Any, node: nodes.Element) -> None:
    translator.body.append("</details>\n")
