"""What the parts of the catalogue share: meanings of symbols, sizes to try them at, sources."""

from collections.abc import Mapping
from typing import Any

from cnnmath.catalogue.kept import Kept
from cnnmath.formula import Formula

KEPT = Kept()

SYMBOLS = {
    "x": "the input",
    "W": "the kernels",
    "W_tilde": "the kernels, turned by 180°",
    "b": "the biases",
    "alpha": "the factor for negative inputs",
    "a": "the output of the convolution",
    "h": "the output of the activation",
    "p": "the output of the pooling",
    "omega": "the winner of each window",
    "M": "the size of the input",
    "m": "the size of the kernel",
    "P": "the padding",
    "S": "the stride",
    "D": "the dilation",
    "V": "the weights of the dense layer",
    "d": "the biases of the dense layer",
    "z": "the scores",
    "y": "the target",
    "E": "the error",
    "delta": "the gradient that arrives at the output",
    "dE_da": "the gradient that arrives at the output",
    "dE_dh": "the gradient that arrives at the activation's output",
    "dE_dp": "the gradient that arrives at the pooling's output",
    "dE_dz": "the gradient of the scores",
    "dE_dy": "the gradient that arrives where ways meet",
    "dE_dW": "the gradient of the kernels",
    "dE_db": "the gradient of the biases",
    "dE_dV": "the gradient of the weights of the dense layer",
    "dE_dd": "the gradient of the biases of the dense layer",
    "dE_dx": "the gradient of the input",
}

SIZES = {
    "M": 7,
    "N": 9,
    "m": 3,
    "n": 2,
    "K": 4,
    "C": 5,
    "O": 7,
    "R": 9,
    "U": 6,
    "P": 1,
    "S": 2,
    "D": 1,
}
"""At which sizes the tests try a formula: uneven, so that indices that were swapped are seen."""

ARTICLE = "[Review] Math of CNN, Rowing0914"
DUMOULIN = "Dumoulin and Visin, A guide to convolution arithmetic (2016), arXiv 1603.07285"
GOODFELLOW = "Goodfellow, Bengio and Courville, Deep Learning (2016), chapter 9"
GOODFELLOW_4 = "Goodfellow, Bengio and Courville, Deep Learning (2016), chapter 4"
GOODFELLOW_6 = "Goodfellow, Bengio and Courville, Deep Learning (2016), chapter 6"
LECUN = "LeCun et al., Gradient-based learning applied to document recognition (1998)"


def stated(latex: str, *, symbols: Mapping[str, str] = SYMBOLS, **details: Any) -> Formula:
    """A formula whose symbols mean what `SYMBOLS` says, or what its part of the book says."""
    return KEPT.formula(latex, {"symbols": symbols, **details})
