"""Lines over one common axis, each with its name at its end."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator, MaxNLocator
from numpy.typing import ArrayLike

from cnnmath.colours import FALLBACKS, ROLES, colour_of, role_of
from cnnmath.errors import ArrayValueError, CnnMathError, ShapeError
from cnnmath.plots.figure import Figure, own_style
from cnnmath.plots.given import Array, numbers
from cnnmath.plots.sheet import Part, Sheet, beside, figure_of
from cnnmath.plots.texts import CAPTION_SIZE, line_height, text_width, wrapped
from cnnmath.plots.themed import LINE, QUIET, RULE, ZERO
from cnnmath.plots.words import names_in_words
from cnnmath.plots.written import short, symbol
from cnnmath.shared import ROUND_STEPS

_WIDTH = 490
"""The letters are large enough for this to be shrunk to the width of a telephone."""
_PLOT_WIDTH, _PLOT_HEIGHT = 350, 240
_LEADER = 22
_LINE = line_height(CAPTION_SIZE)

_IN_TURN = (
    *((colour.light, "-") for colour in FALLBACKS),
    *((ROLES[role].light, (0, (4, 1.5))) for role in ("kernel", "input", "bias", "output")),
)
"""The colours and dashes of curves without a role."""


@own_style
def curves(
    x: ArrayLike,
    lines: Mapping[str, ArrayLike],
    *,
    title: str | None = None,
    x_label: str = "",
    y_label: str = "",
    log: bool = False,
) -> Figure:
    """Lines over one common `x`, each with its name at its end instead of in a legend.

    `lines` maps a name to as many numbers as `x` has. NaN leaves a gap, which is how to draw
    a jump as a jump. A symbol such as "x" or "dE_dx" has the colour of its role; other names get
    colours and dashes in turn. With `log`, the vertical scale is logarithmic, as a loss needs.

    Raises ShapeError if `x` or a line is not a vector or their lengths differ, ArrayValueError if
    one does not hold real numbers or `log` meets none above 0, CnnMathError for more than eight
    lines or none.
    """
    places = numbers("x", x, 1, 1)
    if not np.isfinite(places).all():
        raise ArrayValueError("'x' must hold finite numbers")
    if not 1 <= len(lines) <= len(_IN_TURN):
        raise CnnMathError(f"curves shows one to eight lines, not {len(lines)}")
    heights = {name: numbers(name, line, 1, 1) for name, line in lines.items()}
    for name, line in heights.items():
        if line.shape != places.shape:
            raise ShapeError(f"{name!r} has {line.size} numbers, but x has {places.size}")
        if log and not (line > 0).any():
            raise ArrayValueError(f"{name!r} has no number above 0 for a logarithmic scale")
    plot = beside([_plot(places, heights, log, x_label, y_label)])
    return figure_of([plot], title, names_in_words("Curves", list(heights)))


def _plot(
    places: Array, heights: Mapping[str, Array], log: bool, x_label: str, y_label: str
) -> Part:
    names = [
        f"${symbol(name)}$" if role_of(name) else "\n".join(wrapped(name, CAPTION_SIZE, 150))
        for name in heights
    ]
    height = max(_PLOT_HEIGHT, _LINE * len("\n".join(names).split("\n")))
    above, below = _LINE + 8 if y_label else 8, 30 + (_LINE if x_label else 0)
    right = _LEADER + 4 + max(text_width(name, CAPTION_SIZE) for name in names)
    # How much room the numbers of an axis take is only known when it is there.
    trial = Sheet(_PLOT_WIDTH, height).axes(0, 0, _PLOT_WIDTH, height)
    _draw_curves(trial, places, heights, log)
    numbers_box = trial.yaxis.get_tightbbox()
    gutter = 8 + math.ceil(round(numbers_box.width, 3) if numbers_box else 0)
    width = min(_PLOT_WIDTH, _WIDTH - gutter - right)

    def draw(sheet: Sheet, left: float, top: float) -> None:
        axes = sheet.axes(left + gutter, top + above, width, height)
        _name_curves(axes, _draw_curves(axes, places, heights, log), names)
        end = above + height + below - 6
        sheet.text(left + gutter + width, top + end, x_label, CAPTION_SIZE, ha="right")
        sheet.text(left, top + 0.78 * _LINE, y_label, CAPTION_SIZE)

    return Part(gutter + width + right, above + height + below, draw)


def _draw_curves(
    axes: Axes, places: Array, heights: Mapping[str, Array], log: bool
) -> list[Line2D]:
    turns = iter(_IN_TURN)
    drawn = []
    for name, line in heights.items():
        colour, dashes = (colour_of(name).light, "-") if role_of(name) else next(turns)
        marker = "o" if places.size == 1 else None
        drawn += axes.plot(places, line, label=name, c=colour, ls=dashes, lw=2.2, marker=marker)
    axes.set_yscale("log" if log else "linear")
    axes.xaxis.set_major_locator(MaxNLocator(7, steps=ROUND_STEPS))
    low, high = axes.get_ylim()
    if log:
        # Powers of ten alone would be too few for less than two decades.
        marks = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8) if high < 4 * low else (1, 2, 5)
        axes.yaxis.set_major_locator(LogLocator(subs=marks if high < 100 * low else (1,)))
    else:
        axes.yaxis.set_major_locator(MaxNLocator(6, steps=ROUND_STEPS))
        if low < 0 < high:
            axes.axhline(0, color=ZERO.light, linewidth=0.9, zorder=1)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda value, _: short(value, digits=6))
    if places.min() < places.max():
        axes.set_xlim(places.min(), places.max())
    axes.grid(color=RULE.light, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(
        which="both", color=LINE.light, labelcolor=QUIET.light, labelsize=10.5, length=4
    )
    axes.tick_params(which="minor", length=0, labelleft=False)
    return drawn


def _name_curves(axes: Axes, drawn: Sequence[Line2D], names: Sequence[str]) -> None:
    """Each name at the height where its curve ends, moved apart where they would meet."""
    ends = []
    low, high = axes.get_ylim()
    for line in drawn:
        heights = np.asarray(line.get_ydata())
        shown = heights[np.isfinite(heights)].clip(low, high)
        # From numbers to pixels, and from those to shares of the height.
        place = axes.transData.transform((0, shown[-1] if shown.size else low))
        ends.append(float(axes.transAxes.inverted().transform(place)[1]))
    order = sorted(range(len(ends)), key=ends.__getitem__)
    sizes = [(names[n].count("\n") + 1) * _LINE / axes.bbox.height for n in order]
    leader, start = (1 + pixels / axes.bbox.width for pixels in (_LEADER, _LEADER + 4))
    for n, middle in zip(order, _apart([ends[n] for n in order], sizes), strict=True):
        look: dict[str, Any] = {"color": drawn[n].get_color(), "transform": axes.transAxes}
        axes.text(start, middle, names[n], size=CAPTION_SIZE, va="center", **look)
        look["linestyle"] = drawn[n].get_linestyle()
        axes.plot([1, leader], [ends[n], middle], linewidth=1.2, clip_on=False, **look)


def _apart(middles: Sequence[float], sizes: Sequence[float]) -> list[float]:
    """The middles of intervals of these sizes between 0 and 1, moved until they do not overlap.

    They are given in ascending order. Those that did overlap are set one upon another, around
    the mean of where they wanted to be.
    """

    def foot(pile: slice) -> float:
        wish, height = np.mean(middles[pile]), sum(sizes[pile])
        return max(0.0, min(float(wish) - height / 2, 1 - height))

    piles: list[slice] = []
    for n in range(len(middles)):
        piles.append(slice(n, n + 1))
        while len(piles) > 1 and foot(piles[-1]) < foot(piles[-2]) + sum(sizes[piles[-2]]):
            piles[-2:] = [slice(piles[-2].start, n + 1)]
    return [
        foot(pile) + sum(sizes[pile.start : n]) + sizes[n] / 2
        for pile in piles
        for n in range(pile.start, pile.stop)
    ]
