"""The colours of a figure on a light page and on a dark one.

A figure is drawn in the colours of a light page. Where it is shown, each of those that are known
here is a variable, and the style that goes with the figure gives it the value for the page around
it: that of the book, of JupyterLab or of an editor.
"""

import re
from functools import cache
from typing import Final

from cnnmath.colours import FALLBACKS, ROLES, Colour
from cnnmath.shared import DIVERGING

INK, QUIET = Colour("#1f2328", "#e6edf3"), Colour("#636c76", "#9aa4af")
LINE, RULE, ZERO = (
    Colour("#c4cad2", "#4b545e"),
    Colour("#e3e6ea", "#2d333b"),
    Colour("#8b949e", "#768390"),
)
PAPER = Colour("#fefefe", "#14181e")
NO_NUMBER = Colour("#dfe3e8", "#3a424c")
LOW, MIDDLE, HIGH = (
    Colour(DIVERGING["light"][name], DIVERGING["dark"][name]) for name in ("low", "middle", "high")
)

# What is written on a cell is black or white, on either page; a figure has one colour for both,
# so that black which becomes white is a little less black.
INKS: Final[dict[tuple[str, str], str]] = {
    ("#000000", "#000000"): "#000000",
    ("#000000", "#ffffff"): "#010101",
    ("#ffffff", "#000000"): "#fdfdfd",
    ("#ffffff", "#ffffff"): "#ffffff",
}
"""For the ink on a light page and on a dark one, the colour in which it is drawn."""

_NAMED: Final[dict[str, Colour]] = {
    **{role.replace(" ", "-"): colour for role, colour in ROLES.items()},
    **{f"other-{number}": colour for number, colour in enumerate(FALLBACKS)},
    "ink": INK,
    "quiet": QUIET,
    "line": LINE,
    "rule": RULE,
    "zero": ZERO,
    "paper": PAPER,
    "no-number": NO_NUMBER,
    "low": LOW,
    "middle": MIDDLE,
    "high": HIGH,
    "black-then-white": Colour("#010101", "#ffffff"),
    "white-then-black": Colour("#fdfdfd", "#000000"),
}
_VARIABLES: Final = {colour.light: f"var(--plot-{name})" for name, colour in _NAMED.items()}

# The book, JupyterLab and Visual Studio Code, each says in its way that it is dark.
_DARK = ("html[data-theme=dark]", "[data-jp-theme-light=false]", ".vscode-dark")

_LAYOUT = """
.cnnmath-plot{width:fit-content;max-width:100%;margin:0 auto}
.cnnmath-plot>div{display:flex;flex-wrap:wrap;align-items:flex-start}
.cnnmath-plot svg{flex:none;max-width:100%;height:auto;overflow:visible}
.cnnmath-plot svg *{stroke-linejoin:round}
@media (forced-colors:active){.cnnmath-plot{forced-color-adjust:none;background:#fff}}
"""


def variable(colour: Colour) -> str:
    """A known colour as CSS that follows the page."""
    return _VARIABLES[colour.light]


def following(css: str) -> str:
    """CSS with a variable for each colour that is known here."""
    return re.sub("#[0-9a-f]{6}", lambda match: _VARIABLES.get(match[0], match[0]), css)


@cache
def style() -> str:
    """The style of all figures: it stands in each, for a notebook may be shown anywhere.

    Paper is white, and so is what lies behind a figure where the reader has colours of their own.
    """
    light, dark = (
        "".join(f"--plot-{name}:{getattr(colour, page)};" for name, colour in _NAMED.items())
        for page in ("light", "dark")
    )
    where = ",".join(f"{page} .cnnmath-plot" for page in _DARK)
    on_dark = f"@media screen and (forced-colors:none){{{where}{{{dark}}}}}"
    return f"<style>\n.cnnmath-plot{{{light}}}\n{on_dark}{_LAYOUT}</style>"
