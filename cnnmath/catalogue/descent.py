"""Downhill in a valley: an error that is curved, and what steps against its gradient make of it.

Symbols: w the U weights, one along each axis of the valley; κ how strongly E is curved along each;
w̃ the place where the steps begin; η the rate; S how many places there are, the first included.
"""

from functools import partial

from cnnmath.catalogue import symbols
from cnnmath.catalogue.symbols import GOODFELLOW_4, SYMBOLS

LECUN_BACKPROP = "LeCun, Bottou, Orr and Müller, Efficient BackProp (1998)"

stated = partial(
    symbols.stated,
    symbols={
        **SYMBOLS,
        "w_tilde": "the place to begin at",
        "w": "the weights",
        "kappa": "the curvatures",
        "eta": "the rate",
        "dE_dw": "the gradient of the weights",
    },
)

valley = stated(
    r"E = \frac12 \sum_u \kappa_u\, w_u^2",
    name="valley",
    meaning="The error grows with the square of the distance, along each axis with a curvature of "
    "its own.",
    source=GOODFELLOW_4,
    kappa="U",
    w="U",
)

valley_gradient = stated(
    r"\frac{\partial E}{\partial w_u} = \kappa_u\, w_u",
    name="gradient of the valley",
    meaning="The further out, and the more strongly curved, the steeper.",
    source=GOODFELLOW_4,
    kappa="U",
    w="U",
)

descended = stated(
    r"w_{ut} = \tilde w_u\, (1 - \eta\, \kappa_u)^t",
    name="downhill",
    meaning="Each step against the gradient multiplies what is left along an axis by the same "
    "number.",
    source=LECUN_BACKPROP,
    w_tilde="U",
    kappa="U",
    eta="",
    w="U S",
)

BETWEEN = "network/graph", None

CHAPTERS = {
    "network/descent": (
        valley,
        valley_gradient,
        descended,
    ),
}
