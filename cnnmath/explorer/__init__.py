"""Live figures of the book's formulas, for JupyterLab and the built pages alike.

    explore(convolution, x=image, W=kernels, b=biases)
    curves((relu, relu_gradient), (tanh, tanh_gradient))
    predict(explore(...), at=("a", (0, 1)), ask="How large is it?")
    translator('layers.Conv2D(1, 3, strides=2, padding="same")')

`explore` lays arrays out as grids, to be pointed at and edited; `curves` draws functions of one
number with their slopes, and a point that moves along them; `predict` asks about a number of a
figure before it is shown; `read_drawings` gives the figure of a network a pad to draw on;
`translator` reads a layer in the dialect of one library and writes it in those of others. In
JupyterLab a figure is a widget, in the built book a plain element of the page; both run the same
JavaScript: js/model/ knows the mathematics and what a figure holds, js/view/ draws it.
"""

from cnnmath.explorer.curves import Curves, curves
from cnnmath.explorer.drawings import read_drawings
from cnnmath.explorer.explorer import Explorer, explore
from cnnmath.explorer.predictions import predict
from cnnmath.explorer.translator import Translator, translator

__all__ = [
    "Curves",
    "Explorer",
    "Translator",
    "curves",
    "explore",
    "predict",
    "read_drawings",
    "translator",
]
