"""Pooling: every window of an image becomes one number; and the way of the gradient back.

Symbols: x the input, M × N; l the side of the window, q the stride, from one window to the next;
a the output; ω the winner of each window, counted row by row: ω = s·l + t; T how many share the
largest value.
"""

from functools import partial

from cnnmath.catalogue import symbols
from cnnmath.catalogue.symbols import ARTICLE, DUMOULIN, GOODFELLOW, LECUN, SYMBOLS

BOUREAU = "Boureau, Ponce and LeCun, A theoretical analysis of feature pooling (2010)"

stated = partial(
    symbols.stated,
    symbols={
        **SYMBOLS,
        "a": "the output of the pooling",
        "T": "the number of winners of each window",
    },
)
_PLACES = "(M-l)//q+1 (N-l)//q+1"

max_pooling = stated(
    r"a_{ij} = \max_{0 \le s,t < l} x_{(iq+s)(jq+t)}",
    name="max pooling",
    meaning="Each number of the output is the largest of its window of the input.",
    source=GOODFELLOW,
    x="M N",
    a=_PLACES,
    sentences={
        "x": {
            "Differentiate": "As long as no other cell overtakes it, the maximum is the winning "
            "cell, and moves as that cell does: its derivative with respect to the winner is 1, "
            "and with respect to the others 0. The cell in row $s$ and column $t$ of the window "
            "wins where the first bracket holds, which counts the cells row by row; of equal "
            r"cells the first wins. It is our pixel where $i q + s = u$ and "
            r"$j q + t = v$.",
        },
    },
)

padded_max_pooling = stated(
    r"a_{ij} = \max_{0 \le s,t < l} x_{(iq+s-P)(jq+t-P)}",
    name="max pooling with padding",
    meaning="The windows begin P rows and columns outside the input. What lies outside reads as −∞ "
    "here, so that it never wins.",
    source=DUMOULIN,
    x="M N",
    a="(M+2*P-l)//q+1 (N+2*P-l)//q+1",
)

winner = stated(
    r"\omega_{ij} = \operatorname*{arg\,max}_{0 \le s,t < l} x_{(iq+s)(jq+t)}",
    name="winner",
    meaning="Which cell of the window is the largest, counted row by row from 0: s·l + t. If "
    "several are, the first.",
    source=BOUREAU,
    x="M N",
    omega=_PLACES,
)

max_pooling_gradient = stated(
    r"\frac{\partial E}{\partial x_{uv}} = \sum_{i,j} \frac{\partial E}{\partial a_{ij}} "
    r"\left[u = iq + \lfloor \omega_{ij} / l \rfloor\right] "
    r"\left[v = jq + \omega_{ij} \bmod l\right]",
    name="max pooling gradient",
    meaning="Each window hands its gradient to the winner, and a pixel adds up what it gets from "
    "all windows that it won.",
    source=ARTICLE,
    a=max_pooling,
    omega=winner,
)

winners = stated(
    r"T_{ij} = \sum_{0 \le s,t < l} [x_{(iq+s)(jq+t)} = a_{ij}]",
    name="number of winners",
    meaning="How many cells of the window hold its largest number.",
    source=BOUREAU,
    a=max_pooling,
    T=_PLACES,
)

shared_max_pooling_gradient = stated(
    r"\frac{\partial E}{\partial x_{uv}} = \sum_{i,j} \frac{\partial E}{\partial a_{ij}} "
    r"\frac{[x_{uv} = a_{ij}]}{T_{ij}}\, [0 \le u - iq < l]\, [0 \le v - jq < l]",
    name="max pooling gradient, shared",
    meaning="Each window shares its gradient equally among all cells that hold its largest number.",
    source=BOUREAU,
    a=max_pooling,
    T=winners,
)

unshared_max_pooling_gradient = stated(
    r"\frac{\partial E}{\partial x_{uv}} = \sum_{i,j} \frac{\partial E}{\partial a_{ij}}\, "
    r"[x_{uv} = a_{ij}]\, [0 \le u - iq < l]\, [0 \le v - jq < l]",
    name="max pooling gradient, to all",
    meaning="Every cell that holds the largest number of a window gets the whole gradient of it: "
    "with ties too much, and no subgradient.",
    source=ARTICLE,
    a=max_pooling,
)

average_pooling = stated(
    r"a_{ij} = \frac{1}{l^2} \sum_{s=0}^{l-1} \sum_{t=0}^{l-1} x_{(iq+s)(jq+t)}",
    name="average pooling",
    meaning="Each number of the output is the mean of its window of the input.",
    source=LECUN,
    x="M N",
    a=_PLACES,
)

average_pooling_gradient = stated(
    r"\frac{\partial E}{\partial x_{uv}} = \frac{1}{l^2} \sum_{i,j} "
    r"\frac{\partial E}{\partial a_{ij}}\, [0 \le u - iq < l]\, [0 \le v - jq < l]",
    name="average pooling gradient",
    meaning="Each window hands every one of its cells an equal share of its gradient.",
    source=LECUN,
    a=average_pooling,
)

BETWEEN = "activation/families", "channels/forward"

SIZES = {"l": 3, "q": 2}

CHAPTERS = {
    "pooling/max": (
        max_pooling,
        padded_max_pooling,
    ),
    "pooling/max-gradient": (
        winner,
        max_pooling_gradient,
        winners,
        shared_max_pooling_gradient,
        unshared_max_pooling_gradient,
    ),
    "pooling/average": (
        average_pooling,
        average_pooling_gradient,
    ),
}
