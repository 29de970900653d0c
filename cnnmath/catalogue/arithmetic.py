"""Convolution arithmetic: padding, stride and dilation, the way back, and how large results are.

Symbols: x the input, M × N; W the kernel, m × n; P rows and columns of zeros at each end; S the
stride, from one place of the kernel to the next; D the dilation, from one row of the kernel to the
next; a the output of the convolution; y that of the transposed convolution; A its output padding.

The fifteen relationships of Dumoulin and Visin are those of one axis: M is the size that goes in,
of the convolution and of the transposed convolution alike, and O the size that comes out. The names
of their published animations stand in the names of the relationships.
"""

from functools import partial
from typing import Any

from cnnmath.catalogue import symbols
from cnnmath.catalogue.symbols import DUMOULIN, SYMBOLS
from cnnmath.formula import Formula

stated = partial(
    symbols.stated,
    symbols={
        **SYMBOLS,
        "W": "the kernel",
        "y": "the output of the transposed convolution",
        "dE_dW": "the gradient of the kernel",
        "dE_dy": "the gradient that arrives at the transposed convolution's output",
        "A": "the output padding",
        "O": "the size of the output",
    },
    source=DUMOULIN,
)

strided_convolution = stated(
    r"a_{ij} = \sum_{s=0}^{m-1} \sum_{t=0}^{n-1} W_{st}\, x_{(iS+sD-P)(jS+tD-P)}",
    name="convolution with padding, stride and dilation",
    meaning="The kernel begins P rows and columns outside the input, moves by S, and reads every "
    "D-th row and column.",
    x="M N",
    W="m n",
    a="(M+2*P-D*(m-1)-1)//S+1 (N+2*P-D*(n-1)-1)//S+1",
)

strided_kernel_gradient = stated(
    r"\frac{\partial E}{\partial W_{st}} = "
    r"\sum_{i,j} \frac{\partial E}{\partial a_{ij}}\, x_{(iS+sD-P)(jS+tD-P)}",
    name="kernel gradient with padding, stride and dilation",
    meaning="A weight's gradient is the sum of all pixels that it met, each weighted by the "
    "gradient at the place where they met.",
    a=strided_convolution,
)

strided_input_gradient = stated(
    r"\frac{\partial E}{\partial x_{uv}} = \sum_{s,t} \sum_{i,j} W_{st}\, "
    r"\frac{\partial E}{\partial a_{ij}}\, [u = iS+sD-P]\, [v = jS+tD-P]",
    name="input gradient with padding, stride and dilation",
    meaning="A pixel's gradient gathers from the outputs that read it. With a stride not every "
    "pixel is read equally often.",
    a=strided_convolution,
)

transposed_convolution = stated(
    r"y_{uv} = \sum_{s,t} \sum_{i,j} W_{st}\, x_{ij}\, [u = iS+sD-P]\, [v = jS+tD-P]",
    name="transposed convolution",
    meaning="What the input gradient of a convolution does, taken as a layer of its own: every "
    "number is handed back, through the kernel, to all the places that it could have come from.",
    x="M N",
    W="m n",
    y="(M-1)*S+D*(m-1)+1-2*P+A (N-1)*S+D*(n-1)+1-2*P+A",
)

transposed_kernel_gradient = stated(
    r"\frac{\partial E}{\partial W_{st}} = "
    r"\sum_{i,j} x_{ij}\, \frac{\partial E}{\partial y_{(iS+sD-P)(jS+tD-P)}}",
    name="transposed convolution, kernel gradient",
    meaning="As in the convolution that it turns back, but input and arriving gradient have "
    "exchanged their parts.",
    y=transposed_convolution,
)

transposed_input_gradient = stated(
    r"\frac{\partial E}{\partial x_{ij}} = \sum_{s=0}^{m-1} \sum_{t=0}^{n-1} W_{st}\, "
    r"\frac{\partial E}{\partial y_{(iS+sD-P)(jS+tD-P)}}",
    name="transposed convolution, input gradient",
    meaning="The way back of the way back: the convolution itself, of the gradient that arrives.",
    y=transposed_convolution,
)


def _relationship(latex: str, number: int, animation: str, meaning: str) -> Formula:
    """One of the fifteen, whose letters are all whole numbers."""
    letters: dict[str, Any] = {letter: "" for letter in "OMmPSDA" if letter in latex}
    name = f"relationship {number}: {animation}"
    return stated(f"O = {latex}", name=name, meaning=meaning, **letters)


relationship_1 = _relationship(
    "(M - m) + 1",
    1,
    "no_padding_no_strides",
    "A kernel fits at every place but the last m − 1.",
)

relationship_2 = _relationship(
    "(M - m) + 2P + 1",
    2,
    "arbitrary_padding_no_strides",
    "Zeros at both ends make the input larger by 2P.",
)

relationship_3 = _relationship(
    r"M + 2 \left\lfloor \frac{m}{2} \right\rfloor - (m - 1)",
    3,
    "same_padding_no_strides",
    "With an odd kernel and P = ⌊m/2⌋ the output is as large as the input, M.",
)

relationship_4 = _relationship(
    "M + (m - 1)",
    4,
    "full_padding_no_strides",
    "With P = m − 1 every place at which the kernel touches the input at all is used.",
)

relationship_5 = _relationship(
    r"\left\lfloor \frac{M - m}{S} \right\rfloor + 1",
    5,
    "no_padding_strides",
    "After the first place, as many as strides fit into what is left.",
)

relationship_6 = _relationship(
    r"\left\lfloor \frac{M + 2P - m}{S} \right\rfloor + 1",
    6,
    "padding_strides, padding_strides_odd",
    "Padding first, then strides; what is left of the division is read by nobody.",
)

relationship_7 = _relationship(
    r"\left\lfloor \frac{M - m}{S} \right\rfloor + 1",
    7,
    "numerical_average_pooling, numerical_max_pooling",
    "A window of pooling, m wide, takes the same places as a kernel without padding.",
)

relationship_8 = _relationship(
    "M + (m - 1)",
    8,
    "no_padding_no_strides_transposed",
    "Relationship 1 turned back: a full padding, P' = m − 1.",
)

relationship_9 = _relationship(
    "M + (m - 1) - 2P",
    9,
    "arbitrary_padding_no_strides_transposed",
    "Relationship 2 turned back. P is the padding of that convolution; the one that the turned "
    "kernel slides over is P' = m − P − 1.",
)

relationship_10 = _relationship(
    r"M + (m - 1) - 2 \left\lfloor \frac{m}{2} \right\rfloor",
    10,
    "same_padding_no_strides_transposed",
    "Relationship 3 turned back: for an odd kernel again M, and P' = P.",
)

relationship_11 = _relationship(
    "M - (m - 1)",
    11,
    "full_padding_no_strides_transposed",
    "Relationship 4 turned back: no padding, P' = 0.",
)

relationship_12 = _relationship(
    "S(M - 1) + m",
    12,
    "no_padding_strides_transposed",
    "Relationship 5 turned back, where S divides the size of its input less m: S − 1 zeros "
    "are put between the numbers of the input.",
)

relationship_13 = _relationship(
    "S(M - 1) + m - 2P",
    13,
    "padding_strides_transposed",
    "Relationship 6 turned back, where nothing is left of its division.",
)

relationship_14 = _relationship(
    "S(M - 1) + A + m - 2P",
    14,
    "padding_strides_odd_transposed",
    "Relationship 6 turned back. A is what is left of its division, and less than S: M "
    "alone does not tell how large the convolution's input was.",
)

relationship_15 = _relationship(
    r"\left\lfloor \frac{M + 2P - m - (m - 1)(D - 1)}{S} \right\rfloor + 1",
    15,
    "dilation",
    "Between two weights lie D − 1 holes, so that a kernel of m is as wide as one of "
    "m + (m − 1)(D − 1).",
)

BETWEEN = "channels/backward", "arithmetic/groups"

SIZES = {"A": 1}

CHAPTERS = {
    "arithmetic/padding": (
        strided_convolution,
        relationship_1,
        relationship_2,
        relationship_3,
        relationship_4,
        relationship_5,
        relationship_6,
        relationship_7,
        relationship_8,
        relationship_9,
        relationship_10,
        relationship_11,
        relationship_12,
        relationship_13,
        relationship_14,
        relationship_15,
    ),
    "arithmetic/transposed": (
        transposed_convolution,
        transposed_kernel_gradient,
        transposed_input_gradient,
    ),
    "arithmetic/gradients": (
        strided_kernel_gradient,
        strided_input_gradient,
    ),
}
