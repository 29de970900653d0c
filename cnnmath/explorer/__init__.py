"""The live figure: any formula with its arrays, to be pointed at and edited.

    explore(convolution, x=image, W=kernels, b=biases)

In JupyterLab it is a widget, in the built book a plain element of the page; both run the same
JavaScript: evaluate.js (the mathematics), model.js (the state), figure.js (what is drawn).
"""

from cnnmath.explorer.explorer import Explorer, explore

__all__ = ["Explorer", "explore"]
