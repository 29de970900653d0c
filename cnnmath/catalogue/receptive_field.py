"""How far a number behind several layers sees, along one axis.

Symbols: m, D, S and P the widths of the kernels or windows, the dilations, the strides and the
paddings of N layers in a row, counted from 0; F the width of what a number behind each layer sees;
J how many pixels apart two neighbours behind it look; B the first pixel that its first number sees,
below 0 where that lies in the padding. Number i behind layer k sees nothing before pixel
B_k + iJ_k, nor after B_k + iJ_k + F_k − 1.
"""

from functools import partial

from cnnmath.catalogue import symbols
from cnnmath.catalogue.symbols import SYMBOLS

ARAUJO = (
    "Araujo, Norris and Sim, Computing receptive fields of convolutional neural networks (2019)"
)

stated = partial(
    symbols.stated,
    symbols={
        **SYMBOLS,
        "m": "the widths of the kernels, layer by layer",
        "D": "the dilations, layer by layer",
        "S": "the strides, layer by layer",
        "P": "the paddings, layer by layer",
        "F": "the width of what a number sees",
        "J": "how many pixels apart neighbours look",
        "B": "the first pixel that is seen",
    },
    source=ARAUJO,
)

receptive_field = stated(
    r"F_k = 1 + \sum_{r=0}^{k} (m_r - 1)\, D_r \prod_{u=0}^{r-1} S_u",
    name="receptive field",
    meaning="Each layer adds the width of its kernel less one, in pixels of the input: times its "
    "own dilation, and times all strides in front of it.",
    m="N",
    D="N",
    S="N",
    F="N",
)

jump = stated(
    r"J_k = \prod_{r=0}^{k} S_r",
    name="jump",
    meaning="Neighbours behind a layer look so many pixels apart as all strides up to there "
    "multiply to.",
    S="N",
    J="N",
)

field_begin = stated(
    r"B_k = -\sum_{r=0}^{k} P_r \prod_{u=0}^{r-1} S_u",
    name="begin of the receptive field",
    meaning="Each layer moves the first field to the left by its padding, times all strides in "
    "front of it.",
    P="N",
    S="N",
    B="N",
)

BETWEEN = "arithmetic/groups", "network/three-layers"

CHAPTERS = {
    "arithmetic/receptive-field": (
        receptive_field,
        jump,
        field_begin,
    ),
}
