"""A small Sphinx extension: the theme's icons stand in the page, as drawings.

The theme draws them on the reader's device, by a script of 1.5 MB with all that there are, which
then watches whatever changes on the page. A page has a dozen: they are taken from there.
"""

import re
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import pydata_sphinx_theme
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from tools.template_functions import offer

THEME = Path(pydata_sphinx_theme.__file__).parent / "theme/pydata_sphinx_theme"
DRAWINGS = THEME / "static/scripts/fontawesome.js"
DRAWING = re.compile(r'[{,]"?([\w-]+)"?:\[(\d+),(\d+),\[[^\]]*\],"\w+","([^"]+)"\]')
SCRIPT = re.compile(r"\s*<!-- [^>]*custom icons -->\s*<script [^>]*fontawesome\.js[^>]*></script>")
ICON = re.compile(
    r'<(?P<kind>i|span) class="(?P<classes>[^"]*\bfa-[^"]*)"(?P<others>[^>]*)></(?P=kind)>'
)
TITLE = re.compile(r'\s*\btitle="([^"]*)"')
SIZES = {"fa-lg", "fa-solid"}  # are no names of icons


def setup(app: Sphinx) -> dict[str, Any]:
    offer(app, with_icons, without_script)
    app.connect("build-finished", leave_script_behind)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def without_script(head: str) -> str:
    """The head of a page, where the script is not asked for.

    Raises ExtensionError if it is not found there
    """
    head, found = SCRIPT.subn("", head)
    if not found:
        raise ExtensionError("the theme's script of icons is not where it was: see tools/icons.py")
    return head


def with_icons(page: str) -> str:
    return ICON.sub(_drawn, page)


def _drawn(icon: re.Match[str]) -> str:
    """An icon as a drawing; its title is its name, and without one it is not spoken.

    Raises ExtensionError if the theme has none of the name
    """
    classes = icon["classes"].split()
    name = next(one for one in classes if one.startswith("fa-") and one not in SIZES)
    name = name.removeprefix("fa-")
    if name not in drawings():
        raise ExtensionError(f"the theme has no icon {name}: see tools/icons.py")
    width, height, path = drawings()[name]
    title = TITLE.search(icon["others"])
    said = f'role="img" aria-label="{title[1]}"' if title else 'aria-hidden="true"'
    others = TITLE.sub("", icon["others"])
    return (
        f'<svg class="drawn-icon {escape(" ".join(classes))}"{others} {said} '
        f'viewBox="0 0 {width} {height}"><path fill="currentColor" d="{path}"></path></svg>'
    )


@cache
def drawings() -> dict[str, tuple[str, str, str]]:
    """Width, height and path of each icon: solid ones, which come after outlined ones."""
    found = DRAWING.findall(DRAWINGS.read_text("utf-8"))
    return {name: (width, height, path) for name, width, height, path in found}


def leave_script_behind(app: Sphinx, exception: Exception | None) -> None:
    for file in (Path(app.outdir) / "_static/scripts").glob("fontawesome.js*"):
        if "LICENSE" not in file.name:
            file.unlink()
