"""A page of its own for a live figure: one file that needs no server, no network and no Python."""

import html
import os
from pathlib import Path
from typing import Any

from cnnmath.errors import CnnMathError

THEMES = ("light", "dark")

# Where the page has the whole window to itself, or stands in a frame of another page.
_LOOK = """
:root { color-scheme: light dark; }
:root[data-theme="light"] { color-scheme: light; }
:root[data-theme="dark"] { color-scheme: dark; }
body { margin: 0 auto; max-width: 1280px; font: 15px/1.45 system-ui, sans-serif; }
.cnnmath-figure, .cnnmath-translator { margin: 0; }
math { font-family: "STIX Two Math", "Cambria Math", "Latin Modern Math", math; }
.cx-not-run { display: none; }
"""

# JupyterLab, for one, runs no script of a file that it shows.
_UNTRUSTED = (
    "<noscript><p><em>This figure can be touched where scripts run: in a browser, or in "
    "JupyterLab once you press “Trust HTML”.</em></p></noscript>"
)


def page_of(title: str, figure: str, style: str, script: str, theme: str | None) -> str:
    """The page as HTML.

    title : of the page, in words
    figure : the figure, as HTML
    theme : "light" or "dark"; None is that of the reader's system

    Raises CnnMathError for another theme.
    """
    if theme is not None and theme not in THEMES:
        raise CnnMathError(f'theme={theme!r}: expected "light", "dark", or None for the reader\'s')
    words = html.escape(title)
    chosen = f' data-theme="{theme}"' if theme else ""
    return (
        f'<!doctype html>\n<html lang="en"{chosen}>\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="generator" content="cnnmath">\n'
        f"<title>{words}</title>\n<style>{style}{_LOOK}</style>\n</head>\n"
        f'<body>\n<main><h1 class="cx-hidden">{words}</h1>{_UNTRUSTED}{figure}</main>'
        f"\n<script>{script}</script>\n</body>\n</html>\n"
    )


def file_of(path: Any) -> Path:
    """The file that a page is written to.

    Raises CnnMathError if `path` names no HTML file in a folder that is there.
    """
    if not isinstance(path, str | os.PathLike):
        raise CnnMathError(f'save: expected the name of a file, "figure.html", got {path!r}')
    file = Path(os.fsdecode(path))
    if file.suffix.lower() not in (".html", ".htm"):
        other = file.with_suffix(".html").name if file.name else "figure.html"
        raise CnnMathError(f"save: {str(path)!r} is no page: expected a name such as {other!r}")
    if file.is_dir():
        raise CnnMathError(f"save: {str(file)!r} is a folder: expected the name of a file")
    if not file.parent.is_dir():
        raise CnnMathError(f"save: there is no folder {str(file.parent)!r}: make it first")
    return file
