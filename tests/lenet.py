"""A network in the shape of LeNet, forwards and backwards, as one figure.

An image of 28 × 28; 8 kernels of 5 × 5, ReLU, max pooling by 2; 16 kernels of 5 × 5 on those 8
channels, ReLU, max pooling by 2; ten scores, one for each digit, of which the softmax makes
probabilities; and the loss −log y_t for the digit t.

Of the first layer the formulas are the catalogue's, those of the later ones are like them, with a
number in their names. A gradient that the catalogue does not have is derived.
"""

from functools import cache
from typing import Any

import numpy as np

from cnnmath import data
from cnnmath.catalogue import (
    bias_gradient,
    convolution,
    error_signal,
    input_gradient,
    kernel_gradient,
    pooled,
    pooled_gradient,
    pooled_winner,
    rectified,
    rectified_gradient,
)
from cnnmath.derive import derive
from cnnmath.explorer import Explorer, explore
from cnnmath.formula import Formula

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
    r"z_d = b_3^{(d)} + \sum_{k,i,j} W^{(d,k)}_{3,ij}\, p^{(k)}_{2,ij}",
    name="dense layer",
    p_2="K P Q",
    W_3="D K P Q",
    b_3="D",
    z="D",
)
SOFTMAX = Formula(r"y_d = \frac{e^{z_d}}{\sum_c e^{z_c}}", name="softmax", z="D", y="D")
LOSS = Formula(r"E = -\log y_t", name="loss", y="D", t="")


@cache
def _gradients(forward: Formula, *arrays: str) -> list[Formula]:
    return [derive(forward, by, "result").gradient for by in arrays]


def given() -> dict[str, Any]:
    """The image and random weights, and what else the network needs."""
    rng = np.random.default_rng(0)

    def weights(*shape: int) -> Any:
        """Of a size that keeps the numbers of the next layer as large as those of this one."""
        return rng.normal(0, np.sqrt(2 / np.prod(shape[1:])), shape).round(3)

    return {
        "x": data.digit(7).round(2),
        "W": weights(8, 5, 5),
        "b": rng.normal(0, 0.1, 8).round(3),
        "W_2": weights(16, 8, 5, 5),
        "b_2": rng.normal(0, 0.1, 16).round(3),
        "W_3": weights(10, 16, 4, 4),
        "b_3": rng.normal(0, 0.1, 10).round(3),
        "t": 7,
    }


def lenet() -> Explorer:
    return explore(
        convolution, rectified, pooled, pooled_winner,
        SECOND, SECOND_RECTIFIED, SECOND_POOLED, SCORES, SOFTMAX, LOSS,
        *_gradients(LOSS, "y"),
        *_gradients(SOFTMAX, "z"),
        *_gradients(SCORES, "W_3", "b_3", "p_2"),
        *_gradients(SECOND_POOLED, "h_2"),
        *_gradients(SECOND_RECTIFIED, "a_2"),
        *_gradients(SECOND, "W_2", "b_2", "p"),
        pooled_gradient, rectified_gradient,
        error_signal, kernel_gradient, bias_gradient, input_gradient,
        **given(), l=2, q=2, images=("x",), caption="A network, and back.",
    )  # fmt: skip
