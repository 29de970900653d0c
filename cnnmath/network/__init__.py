"""A whole network: layers in a row and side by side, its error, the way back, and training.

What you can do with it: put parts together in a `Network`, see its shapes and how much it has to
reckon (`summary`), let it read images, take the gradient of its error back to every parameter and
every stage (`backward`), `train` it by `SGD`, `save` and `load` it. `lenet` is the network of the
book, `learn` how it is trained, `trained` what came of it, and `as_digit` makes of strokes a
picture that it can read.
"""

from cnnmath.network.digits import learn, lenet, trained
from cnnmath.network.drawing import as_digit
from cnnmath.network.files import NetworkFileError, load, save
from cnnmath.network.network import Backward, Network
from cnnmath.network.parts import Conv, Dense, MaxPool, ReLU, Row, Sum
from cnnmath.network.training import SGD, shifted, train

__all__ = [
    "SGD",
    "Backward",
    "Conv",
    "Dense",
    "MaxPool",
    "Network",
    "NetworkFileError",
    "ReLU",
    "Row",
    "Sum",
    "as_digit",
    "learn",
    "lenet",
    "load",
    "save",
    "shifted",
    "train",
    "trained",
]
