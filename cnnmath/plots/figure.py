"""The figure that shows itself in a notebook, as an image light enough to be stored there."""

import io

import matplotlib.figure
import numpy as np
from matplotlib import style
from PIL import Image

from cnnmath.plots.scales import Scale

DPI = 110
INK, QUIET, LINE = "#1f2328", "#636c76", "#c4cad2"
_MOST_BYTES = 100_000

# The letters that come with matplotlib, and for symbols those that the book's formulas have.
_LETTERS = {"font.family": "DejaVu Sans", "mathtext.fontset": "cm"}
own_style = style.context(["default", {**_LETTERS, "axes.edgecolor": LINE}])
"""The settings for as long as a figure is being made or drawn, whatever those of matplotlib are."""


class Figure(matplotlib.figure.Figure):
    """A matplotlib figure that shows itself in a notebook, whether pyplot is loaded or not.

    A plain figure only shows as an image once pyplot has told IPython how.
    """

    @own_style
    def _repr_png_(self) -> bytes:
        buffer = io.BytesIO()
        self.savefig(buffer, format="png")
        if buffer.tell() > _MOST_BYTES:
            # Several photographs weigh too much for a page.
            light = _in_few_colours(Image.open(buffer).convert("RGB"))
            buffer = io.BytesIO()
            light.save(buffer, format="png", optimize=True)
        return buffer.getvalue()


def _in_few_colours(image: Image.Image) -> Image.Image:
    """The image in 256 colours, which takes less than half of the room."""
    # Let each shade of the two scales count for some pixels more, so that the keys stay smooth.
    ramp = np.linspace(-1, 1, 256)[np.newaxis]
    shades = np.hstack([Scale(-1, 1, grey=grey).colours(ramp) for grey in (False, True)])
    strip = Image.fromarray((shades * 255).astype(np.uint8))
    height = image.height // 4
    weighed = Image.new("RGB", (image.width, image.height + height))
    weighed.paste(image)
    weighed.paste(strip.resize((image.width, height)), (0, image.height))
    few = image.quantize(palette=weighed.quantize(256), dither=Image.Dither.NONE)
    # The paper has to stay as white as the page around it, which the nearest colour may not be.
    palette = np.array(few.getpalette()).reshape(-1, 3)
    lightest = int(palette.sum(axis=1).argmax())
    palette[lightest] = 255
    few.putpalette(palette.ravel().tolist())
    few.paste(lightest, mask=Image.fromarray((np.asarray(image) == 255).all(axis=2)))
    return few
