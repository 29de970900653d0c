"""Arrays as matplotlib figures, drawn for the pages of a textbook.

What you can do with it:

- `grids(x=x, W=W, a=a)`: arrays side by side as grids of numbers, each in its symbol's colour;
- `images({"before": x, "after": a})`: pictures in rows, each with its caption;
- `window(x, W, a, at=(1, 2))`: one step of a kernel that slides over an image, with its sum;
- `curves(x, {"ReLU": y, "tanh": z})`: functions of one variable, or a loss over time;
- `bars({"loops": 700, "one product": 0.1})`: amounts that differ by powers of ten.

Each returns a matplotlib `Figure`, which a notebook shows because it is the value of the cell. None
of them goes through pyplot, so nothing is shown twice, no backend matters, and no global setting
is read or changed. In axes that show an array, one unit is one cell, so that more can be drawn
on it: `figure.axes[0].plot([0, 2], [0, 2])`.

A figure shows itself as drawings that have the colours of the page around them, light or dark.
None is wider than 700 pixels, a page of the book; where there is less room, fewer parts stand
beside each other. Below zero is blue, zero the paper and above zero red, a pair that the
colour-blind can tell apart; a key says which colour is which number.

`figure.savefig("name.pdf")` or `.png` stores it as it is on a light page.
"""

from cnnmath.plots.bars import bars
from cnnmath.plots.curves import curves
from cnnmath.plots.figure import Figure
from cnnmath.plots.grids import grids
from cnnmath.plots.images import images
from cnnmath.plots.window import window

__all__ = ["Figure", "bars", "curves", "grids", "images", "window"]
