"""The layers of a convolutional network and their gradients, fast, in plain NumPy.

What you can do with it: run a layer forwards over a batch of images, and take the gradient of
any error backwards through it, to the layer's input and to its parameters. `output_size` says
how large a result will be without computing it.
"""

from importlib import import_module
from pkgutil import iter_modules

FILES = {
    found.name: offering
    for found in iter_modules(__path__)
    if (offering := getattr(import_module(f"{__name__}.{found.name}"), "__all__", None))
}
"""Each file of layers, with the names of what it offers, which its `__all__` says."""

__all__ = [name for offered in FILES.values() for name in offered]

globals().update(
    {
        name: getattr(import_module(f"{__name__}.{file}"), name)
        for file, offered in FILES.items()
        for name in offered
    }
)
