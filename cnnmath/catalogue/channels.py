"""Convolution of an image with C channels: forwards, and the gradient back to kernels and input.

Symbols: x^{(c)} the channels of the input, M × N each, c = 0 … C−1; W^{(k,c)} the part of kernel k
for channel c, m × n; b^{(k)} the biases; a^{(k)} the outputs; δ^{(k)} = ∂E/∂a^{(k)}. The
gradient of the biases does not look at the input, and is that of one channel, `bias_gradient`.
"""

from typing import Any

from cnnmath.catalogue.convolution import WHICH_WINDOW
from cnnmath.catalogue.symbols import ARTICLE, GOODFELLOW, stated

_SHAPES: dict[str, Any] = {"x": "C M N", "W": "K C m n", "delta": "K M-m+1 N-n+1"}

channels = stated(
    r"a^{(k)}_{ij} = b^{(k)} + \sum_{c=0}^{C-1} \sum_{s=0}^{m-1} \sum_{t=0}^{n-1} "
    r"W^{(k,c)}_{st}\, x^{(c)}_{(i+s)(j+t)}",
    name="convolution with channels",
    meaning="A kernel has a part for each channel. What the parts find is added up, and the bias "
    "is added once.",
    source=GOODFELLOW,
    x="C M N",
    W="K C m n",
    b="K",
    a="K M-m+1 N-n+1",
    sentences={
        "W": {
            "Collapse": "The weight belongs to kernel $k$, and only the output of that kernel is "
            "left: $k' = k$. It looks at channel $c$, and so the sum over channels goes: "
            "$c' = c$. Of the window only $s' = s$ and $t' = t$ are left.",
        },
        "x": {
            "Chain rule": "$x^{(c)}_{uv}$ can move $E$ only through the outputs "
            "$a^{(k)}_{ij}$, and all of these are needed, for every kernel looks at every "
            "channel.",
            "Collapse": "Sums may be taken in any order: write them in front. Of each kernel only "
            "the part for channel $c$ is left: $c' = c$.",
            "Solve": WHICH_WINDOW,
        },
    },
)

channels_kernel_gradient = stated(
    r"\frac{\partial E}{\partial W^{(k,c)}_{st}} = "
    r"\sum_{i=0}^{M-m} \sum_{j=0}^{N-n} \delta^{(k)}_{ij}\, x^{(c)}_{(i+s)(j+t)}",
    name="kernel gradient with channels",
    meaning="A weight's gradient looks at one output and at one channel: those that the weight "
    "connects. There is no sum over channels.",
    source=ARTICLE,
    **_SHAPES,
)

channels_input_gradient = stated(
    r"\frac{\partial E}{\partial x^{(c)}_{ij}} = \sum_{k=0}^{K-1} \sum_{s=0}^{m-1} "
    r"\sum_{t=0}^{n-1} W^{(k,c)}_{st}\, \delta^{(k)}_{(i-s)(j-t)}",
    name="input gradient with channels",
    meaning="A number of channel c gathers from all outputs, through the part of each kernel that "
    "looks at channel c. The sum is over kernels, not over channels.",
    source=ARTICLE,
    **_SHAPES,
)

BETWEEN = "pooling/average", "arithmetic/padding"

CHAPTERS = {
    "channels/forward": (channels,),
    "channels/backward": (
        channels_kernel_gradient,
        channels_input_gradient,
    ),
}
