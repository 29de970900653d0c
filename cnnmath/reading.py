"""The network of the book written in formulas, and the live figure of it that reads digits.

What you can do with it: `network_formulas()` are the formulas of `cnnmath.network.lenet`, forwards
and backwards, in the order in which data flows; `arrays_of(network)` its weights by the letters of
these formulas; `reads_digits()` the figure on which a reader draws.

The formulas of the first layer are the catalogue's; those of the later ones are like them, with a
number in their names. Gradients that the catalogue does not have are derived.
"""

from functools import cache
from typing import Any

import numpy as np

from cnnmath import data
from cnnmath.catalogue.convolution import (
    bias_gradient,
    convolution,
    error_signal,
    input_gradient,
    kernel_gradient,
)
from cnnmath.catalogue.network import (
    pooled,
    pooled_gradient,
    pooled_winner,
    rectified,
    rectified_gradient,
)
from cnnmath.derive import derive
from cnnmath.explorer import Explorer, explore, read_drawings
from cnnmath.formula import Formula
from cnnmath.network import Network, trained

__all__ = ["arrays_of", "network_formulas", "reads_digits"]

DECIMALS = 4
"""Of the weights in the figure. Of the digits held out, the network reads as many as without."""

SECOND = Formula(
    r"a^{(k)}_{2,ij} = b_2^{(k)} + \sum_{c,s,t} W^{(k,c)}_{2,st}\, p^{(c)}_{(i+s)(j+t)}",
    name="second convolution",
    p="C M N",
    W_2="K C m n",
    b_2="K",
    a_2="K M-m+1 N-n+1",
)
SECOND_RECTIFIED = Formula(
    r"h^{(k)}_{2,ij} = \max\left(0, a^{(k)}_{2,ij}\right)",
    name="second ReLU",
    a_2="K O R",
    h_2="K O R",
)
SECOND_POOLED = Formula(
    r"p^{(k)}_{2,ij} = \max_{0 \le s,t < l} h^{(k)}_{2,(iq+s)(jq+t)}",
    name="second pooling",
    h_2="K O R",
    p_2="K (O-l)//q+1 (R-l)//q+1",
)
SCORES = Formula(
    r"z_r = d_r + \sum_{k,i,j} V^{(r,k)}_{ij}\, p^{(k)}_{2,ij}",
    name="dense layer",
    p_2="K P Q",
    V="R K P Q",
    d="R",
    z="R",
)
SOFTMAX = Formula(r"\hat{y}_r = \frac{e^{z_r}}{\sum_c e^{z_c}}", name="softmax", z="R", y_hat="R")
ERROR = Formula(r"E = -\log \hat{y}_y", name="cross-entropy", y_hat=SOFTMAX, y="")

UNTURNED = Formula(
    r"\frac{\partial E}{\partial p^{(c)}_{uv}} = \sum_k \sum_{s=0}^{m-1} \sum_{t=0}^{n-1} "
    r"W^{(k,c)}_{2,(m-1-s)(n-1-t)}\, \frac{\partial E}{\partial a^{(k)}_{2,(u-s)(v-t)}}",
    name="kernel not turned",
    p="C M N",
    W_2="K C m n",
    a_2="K M-m+1 N-n+1",
)
ALWAYS_OPEN = Formula(
    r"\frac{\partial E}{\partial a^{(k)}_{2,ij}} = \frac{\partial E}{\partial h^{(k)}_{2,ij}}\, "
    r"[h^{(k)}_{2,ij} \ge 0]",
    name="ReLU′ of its result",
    a_2="K O R",
    h_2="K O R",
)
TIES_TO_ALL = Formula(
    r"\frac{\partial E}{\partial h^{(k)}_{2,uv}} = \sum_{i,j} "
    r"\frac{\partial E}{\partial p^{(k)}_{2,ij}}\, [h^{(k)}_{2,uv} = p^{(k)}_{2,ij}]\, "
    r"[0 \le u - iq < l]\, [0 \le v - jq < l]",
    name="ties to all",
    h_2="K O R",
    p_2="K (O-l)//q+1 (R-l)//q+1",
)


def _gradients(forward: Formula, *arrays: str) -> list[Formula]:
    return [derive(forward, by, "result").gradient for by in arrays]


@cache
def network_formulas() -> tuple[Formula, ...]:
    """The formulas of `lenet`, forwards and then backwards, with the error of one picture."""
    return (
        *(convolution, rectified, pooled, pooled_winner),
        *(SECOND, SECOND_RECTIFIED, SECOND_POOLED, SCORES, SOFTMAX, ERROR),
        *_gradients(ERROR, "z"),
        *_gradients(SCORES, "V", "d", "p_2"),
        *_gradients(SECOND_POOLED, "h_2"),
        *_gradients(SECOND_RECTIFIED, "a_2"),
        *_gradients(SECOND, "W_2", "b_2", "p"),
        *(pooled_gradient, rectified_gradient),
        *(error_signal, kernel_gradient, bias_gradient, input_gradient),
    )


def arrays_of(network: Network) -> dict[str, Any]:
    """The weights of a network of the parts of `lenet`, by the letters of the formulas."""
    own = {
        name: array.astype(np.float64).round(DECIMALS) for name, array in network.parameters.items()
    }
    return {
        "W": own["conv1.w"][:, 0],
        "b": own["conv1.b"],
        "W_2": own["conv2.w"],
        "b_2": own["conv2.b"],
        "V": own["dense1.w"].reshape(10, 16, 4, 4),
        "d": own["dense1.b"],
    }


def reads_digits(*, start: int = 0, name: str | None = None) -> Explorer:
    """The live figure of the trained network, in which a reader draws and asks every number why.

    start : which of the digits that were held out stands there until the reader draws
    name : by which links of the text find the figure
    """
    held_out = data.mnist()[1]
    pictures = held_out.images[:, 0].astype(np.float64).round(2)
    samples = [int(np.flatnonzero(held_out.labels == digit)[0]) for digit in range(10)]
    figure = explore(
        *network_formulas(),
        x=pictures[start],
        **arrays_of(trained()),
        y=int(held_out.labels[start]),
        l=2,
        q=2,
        images=("x",),
        at=("z", int(held_out.labels[start])),
        name=name,
        caption="A network that reads digits, with the way back of its error.",
    )
    return read_drawings(
        figure,
        picture="x",
        probabilities="y_hat",
        label="y",
        error="E",
        others=[(pictures[n], int(held_out.labels[n])) for n in samples],
        mistakes=(UNTURNED, ALWAYS_OPEN, TIES_TO_ALL),
    )
