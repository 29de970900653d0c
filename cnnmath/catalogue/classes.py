"""From what a network has found to a class: the dense layer, the softmax and the cross-entropy.

Symbols: x the U numbers that go in; V the weights, R × U, a row for each class; d the biases; z the
scores; p the probabilities; y the right class; E = −log p_y the cross-entropy.
"""

from functools import partial

from cnnmath.catalogue import symbols
from cnnmath.catalogue.symbols import GOODFELLOW_4, GOODFELLOW_6, SYMBOLS

BRIDLE = "Bridle, Probabilistic interpretation of feedforward network outputs (1990)"

stated = partial(
    symbols.stated, symbols={**SYMBOLS, "p": "the probabilities", "y": "the right class"}
)

dense = stated(
    r"z_r = \sum_{u=0}^{U-1} V_{ru}\, x_u + d_r",
    name="dense layer",
    meaning="Each score is the sum of all numbers that go in, weighted by a row of V, plus the "
    "row's bias.",
    source=GOODFELLOW_6,
    x="U",
    V="R U",
    d="R",
    z="R",
)

dense_weight_gradient = stated(
    r"\frac{\partial E}{\partial V_{ru}} = \frac{\partial E}{\partial z_r}\, x_u",
    name="dense layer, weight gradient",
    meaning="A weight's gradient is the one number that it met, times the gradient of the score "
    "that it went into.",
    source=GOODFELLOW_6,
    z=dense,
)

dense_bias_gradient = stated(
    r"\frac{\partial E}{\partial d_r} = \frac{\partial E}{\partial z_r}",
    name="dense layer, bias gradient",
    meaning="A bias is added to its score, so its gradient is that of the score.",
    source=GOODFELLOW_6,
    z=dense,
)

dense_input_gradient = stated(
    r"\frac{\partial E}{\partial x_u} = \sum_{r=0}^{R-1} V_{ru}\, \frac{\partial E}{\partial z_r}",
    name="dense layer, input gradient",
    meaning="A number that goes in has a part in every score: its gradient gathers theirs, each "
    "times a weight of column u.",
    source=GOODFELLOW_6,
    z=dense,
)

softmax = stated(
    r"p_r = \frac{e^{z_r}}{\sum_c e^{z_c}}",
    name="softmax",
    meaning="Each score becomes a power of e, and each power its share of their sum.",
    source=BRIDLE,
    z="R",
    p="R",
)

shifted_softmax = stated(
    r"p_r = \frac{e^{z_r - \max_c z_c}}{\sum_c e^{z_c - \max_i z_i}}",
    name="softmax, the largest score subtracted",
    meaning="The same shares, of powers that are 1 at most.",
    source=GOODFELLOW_4,
    z="R",
    p="R",
)

cross_entropy = stated(
    r"E = -\log p_y",
    name="cross-entropy",
    meaning="The error is small where the right class has nearly all of the probability.",
    source=GOODFELLOW_6,
    p=softmax,
    y="",
    sentences={
        "z": {
            "Differentiate": "The slope of the logarithm is 1 divided by what stands in it, "
            "$p_{y}$. That is a quotient, and $z_{r}$ stands in its lower part always, where "
            "$c = r$, and in its upper part if the class is the right one, $y = r$. What the "
            "bracket at the end says is only that there is such a class.",
        },
    },
)

cross_entropy_gradient = stated(
    r"\frac{\partial E}{\partial z_r} = p_r - [r = y]",
    name="gradient of the cross-entropy",
    meaning="The gradient of a score is its probability; at the right class, 1 less.",
    source=GOODFELLOW_6,
    E=cross_entropy,
)

BETWEEN = "network/three-layers", "network/graph"

CHAPTERS = {
    "network/dense": (
        dense,
        dense_weight_gradient,
        dense_bias_gradient,
        dense_input_gradient,
    ),
    "network/softmax": (
        softmax,
        shifted_softmax,
        cross_entropy,
        cross_entropy_gradient,
    ),
}
