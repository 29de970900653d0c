"""The figure that shows itself in a notebook and on a page, in the colours that they have."""

from typing import Any

import matplotlib.figure
from matplotlib import style

from cnnmath.plots.page import Tile, as_html
from cnnmath.plots.painting import Box, Painting
from cnnmath.plots.themed import LINE

DPI = 110

# The letters that come with matplotlib, and for symbols those that the book's formulas have.
_LETTERS = {"font.family": "DejaVu Sans", "mathtext.fontset": "cm"}
_OWN = {**_LETTERS, "svg.hashsalt": "cnnmath", "axes.edgecolor": LINE.light}
own_style = style.context(["default", _OWN])
"""The settings for as long as a figure is being made or drawn, whatever those of matplotlib are."""


class Figure(matplotlib.figure.Figure):
    """A matplotlib figure that shows itself in a notebook, whether pyplot is loaded or not.

    A plain figure only shows once pyplot has told IPython how, and then as pixels on white.

    label : what it shows, in words;  tiles : the parts that stay together where there is little
    room;  paintings : what its images show, by their ids, and where
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.label = ""
        self.tiles: list[Tile] = []
        self.paintings: dict[str, tuple[Painting, Box]] = {}

    @own_style
    def _repr_html_(self) -> str:
        return as_html(self, self.tiles, self.paintings, self.label)
