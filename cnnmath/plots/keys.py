"""Bars that say which colour is which number."""

from collections.abc import Iterable

import numpy as np

from cnnmath.plots.painting import Painting
from cnnmath.plots.scales import Scale
from cnnmath.plots.sheet import Part, Sheet, beside
from cnnmath.plots.texts import SMALL_SIZE, text_width
from cnnmath.plots.themed import QUIET


def key(scale: Scale, least: float) -> Part:
    """The key of a scale, as wide as its numbers need, or `least`."""
    widths = [text_width(text, SMALL_SIZE) for text in scale.marks.values()]
    # The middle one is centred, so that the wider of the two at the ends counts twice.
    needed = 2 * max(widths) + (widths[1] + 8 if len(widths) == 3 else 0) + 8
    width = max(80, least, needed)

    def draw(sheet: Sheet, left: float, top: float) -> None:
        ramp = np.linspace(scale.low, scale.high, 256)[np.newaxis]
        sheet.picture(left, top, width, 9, Painting(ramp, scale))
        for mark, text in scale.marks.items():
            share = (mark - scale.low) / (scale.high - scale.low)
            ha = {0.0: "left", 1.0: "right"}.get(share, "center")
            sheet.text(left + share * width, top + 27, text, SMALL_SIZE, QUIET.light, ha=ha)

    return Part(width, 31, draw)


def keys(scales: Iterable[Scale]) -> list[Part]:
    """The keys of some scales in a row, each scale once; nothing for none."""
    row = [key(scale, least=160) for scale in dict.fromkeys(scales)]
    return [beside(row, above=14)] if row else []
