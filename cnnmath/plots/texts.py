"""How much room texts take, in pixels; sizes of type are in points."""

from functools import cache

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from cnnmath.plots.figure import DPI, Figure

CAPTION_SIZE, SMALL_SIZE = 11.5, 10
_SCRATCH = FigureCanvasAgg(Figure(dpi=DPI)).figure


@cache
def text_width(text: str, size: float, weight: str = "normal") -> float:
    """How wide a text is."""
    artist = Text(0, 0, text, fontsize=size, fontweight=weight, figure=_SCRATCH)
    return float(artist.get_window_extent().width)


def line_height(size: float) -> int:
    """The distance between the lines of a text."""
    return round(size * DPI / 72 * 1.35)


def wrapped(text: str, size: float, width: float, weight: str = "normal") -> list[str]:
    """The text in lines that are no wider than `width`, unless a single word is."""
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}", size, weight) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
