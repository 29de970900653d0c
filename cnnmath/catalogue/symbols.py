"""What the formulas of the catalogue share: the meaning of each symbol, and their sources."""

from collections.abc import Mapping
from typing import Any

from cnnmath.catalogue.sentences import SENTENCES
from cnnmath.formula import Formula

SYMBOLS = {
    "x": "the input",
    "W": "the kernels",
    "W_tilde": "the kernels, turned by 180°",
    "W_bar": "the kernels without groups",
    "b": "the biases",
    "alpha": "the factor for negative inputs",
    "a": "the output of the convolution",
    "h": "the output of the activation",
    "p": "the output of the pooling",
    "omega": "the winner of each window",
    "T": "the number of winners of each window",
    "M": "the size of the input",
    "m": "the size of the kernel",
    "P": "the padding",
    "S": "the stride",
    "D": "the dilation",
    "A": "the output padding",
    "O": "the size of the output",
    "F": "the width of what a number sees",
    "J": "how many pixels apart neighbours look",
    "B": "the first pixel that is seen",
    "V": "the weights of the dense layer",
    "d": "the biases of the dense layer",
    "z": "the scores",
    "w": "the weights",
    "kappa": "the curvatures",
    "eta": "the rate",
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
    "dE_dw": "the gradient of the weights",
    "dE_dx": "the gradient of the input",
}

ARAUJO = (
    "Araujo, Norris and Sim, Computing receptive fields of convolutional neural networks (2019)"
)
ARTICLE = "[Review] Math of CNN, Rowing0914"
BOUREAU = "Boureau, Ponce and LeCun, A theoretical analysis of feature pooling (2010)"
BRIDLE = "Bridle, Probabilistic interpretation of feedforward network outputs (1990)"
CLEVERT = (
    "Clevert, Unterthiner and Hochreiter, Fast and accurate deep network learning by ELUs (2016)"
)
DUGAS = "Dugas et al., Incorporating second-order functional knowledge (2001)"
DUMOULIN = "Dumoulin and Visin, A guide to convolution arithmetic (2016), arXiv 1603.07285"
ELFWING = "Elfwing, Uchibe and Doya, Sigmoid-weighted linear units (2018), arXiv 1702.03118"
GOODFELLOW = "Goodfellow, Bengio and Courville, Deep Learning (2016), chapter 9"
GOODFELLOW_4 = "Goodfellow, Bengio and Courville, Deep Learning (2016), chapter 4"
GOODFELLOW_6 = "Goodfellow, Bengio and Courville, Deep Learning (2016), chapter 6"
HE = "He, Zhang, Ren and Sun, Deep residual learning (2016), arXiv 1512.03385"
HENDRYCKS = "Hendrycks and Gimpel, Gaussian error linear units (2016), arXiv 1606.08415"
HOWARD = "Howard et al., MobileNets (2017), arXiv 1704.04861"
KRIZHEVSKY = (
    "Krizhevsky, Sutskever and Hinton, ImageNet classification with deep convolutional neural "
    "networks (2012)"
)
LECUN = "LeCun et al., Gradient-based learning applied to document recognition (1998)"
LECUN_BACKPROP = "LeCun, Bottou, Orr and Müller, Efficient BackProp (1998)"
LIN = "Lin, Chen and Yan, Network in network (2014), arXiv 1312.4400"
MAAS = "Maas, Hannun and Ng, Rectifier nonlinearities improve neural network acoustic models (2013)"


def stated(
    latex: str, *, name: str, symbols: Mapping[str, str] = SYMBOLS, **details: Any
) -> Formula:
    """A formula whose symbols mean what `SYMBOLS` says, or what its part of the book says."""
    said = SENTENCES.get(name)
    return Formula(latex, name=name, symbols=symbols, sentences=said, **details)
