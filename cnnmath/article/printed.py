"""Every formula that the article displays, as it stands there, with what is wrong with it.

Where a formula says too little to be run, `read` is what it must mean, and the words of the mistake
say so. The right form is in the article's symbols, or is the catalogue's own; tests compare it with
the catalogue.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from cnnmath.article.verdict import Mistake, Printed
from cnnmath.catalogue.channels import channels
from cnnmath.catalogue.convolution import convolution
from cnnmath.catalogue.pooling import max_pooling, max_pooling_gradient
from cnnmath.formula import Formula


def _formula(latex: str, **details: Any) -> Formula:
    return Formula(latex, **details)


_ONE_PIXEL: dict[str, Any] = {"x": [[1.0]], "W": [[[2.0]], [[3.0]]], "dE_da": [[[1.0]], [[1.0]]]}
_BACKWARD: dict[str, Any] = {"dE_da": (2, 2, 3), "x": (3, 5), "W": (2, 2, 3), "b": (2,)}
_CHANNELS_BACKWARD = {"dE_da": (2, 2, 3), "x": (3, 3, 5), "W": (2, 3, 2, 3), "b": (2,)}
_PLACES = "M-m+1 N-n+1"
_FORWARD = {"x": "M N", "W": "K m n", "b": "K", "a": "K M-m+1 N-n+1"}
_CHANNELS = {"x": "C M N", "W": "K C m n"}
_TWO_CHANNELS: dict[str, Any] = {"x": [[[2.0]], [[3.0]]], "W": [[[[1.0]], [[10.0]]]], "b": [1.0]}
_WINDOW: dict[str, Any] = {"l": 2, "q": 1}
_POOLED_BACK = _formula(
    r"\frac{\partial E}{\partial x_{(i+s)(j+t)}} = \left\{ \begin{array}{ll} "
    r"\frac{\partial E}{\partial a_{ij}} & (a_{ij} = x_{(i+s)(j+t)}) \\ "
    r"0 & (otherwise) \end{array} \right. , \quad 0 \le s,t < l",
    x="M N", a="O R", dE_da="O R", dE_dx="M N", name="as printed, over the window",
)  # fmt: skip

_ALL = (
    Printed(
        "Convolution, forward",
        r"a^{(k)}_{ij} = \sum^{m-1}_{s=0} \sum^{n-1}_{t=0} W^{(k)}_{st} x_{(i+s)(j+t)} + b^{(k)}",
        "convolution/forward",
        "runs",
        "The sizes $M, N, m, n$ are said to be in a picture, which is lost; the ranges follow, $0 "
        "\\le i \\le M-m$ and $0 \\le j \\le N-n$. What it is called is another matter:",
        (
            Mistake(
                "The sum is a cross-correlation, and not what mathematics calls a convolution, "
                "which turns the kernel. Every library for networks says convolution, as this "
                "book does; it should be said once.",
                _formula(
                    r"a_{ij} = \sum^{m-1}_{s=0} \sum^{n-1}_{t=0} W_{st} x_{(i+s)(j+t)}",
                    x="M N",
                    W="m n",
                    a=_PLACES,
                    name="as printed, one kernel, no bias",
                ),
                _formula(
                    r"a_{ij} = \sum^{m-1}_{s=0} \sum^{n-1}_{t=0} W_{st} x_{(i+m-1-s)(j+n-1-t)}",
                    x="M N",
                    W="m n",
                    a=_PLACES,
                    name="convolution in the strict sense",
                ),
                {"x": np.arange(9.0).reshape(3, 3), "W": [[1.0, 0.0], [0.0, 0.0]]},
                heads=("as printed", "in the strict sense"),
            ),
        ),
        judged="right, under another name",
        shapes=_FORWARD,
        sample={"x": (3, 4), "W": (2, 2, 2), "b": (2,)},
    ),
    Printed(
        "Kernel gradient",
        r"\frac{\partial E}{\partial W^{(k)}_{st}} = \sum^{M-m}_{i=0} \sum^{N-n}_{j=0} "
        r"\frac{\partial E}{\partial a^{(k)}_{ij}} "
        r"\frac{\partial a^{(k)}_{ij}}{\partial W^{(k)}_{st}} = \sum^{M-m}_{i=0} \sum^{N-n}_{j=0} "
        r"\frac{\partial E}{\partial a^{(k)}_{ij}} x_{(i+s)(j+t)}\\",
        "convolution/kernel-gradient",
        "equal",
        "Both sides were run and agree, and they agree with central differences.",
        shapes={"a": convolution},
        sample=_BACKWARD,
    ),
    Printed(
        "Bias gradient",
        r"\frac{\partial E}{\partial b^{(k)}} = \sum^{M-m}_{i=0} \sum^{N-n}_{j=0} "
        r"\frac{\partial E}{\partial a^{(k)}_{ij}} \frac{\partial a^{(k)}_{ij}}{\partial b^{(k)}} "
        r"= \sum^{M-m}_{i=0} \sum^{N-n}_{j=0} \frac{\partial E}{\partial a^{(k)}_{ij}}",
        "convolution/kernel-gradient",
        "equal",
        "Both sides were run and agree, and they agree with central differences. The article "
        "prints it a second time, for several channels, and it is right there too.",
        shapes={"a": convolution},
        sample=_BACKWARD,
    ),
    Printed(
        "Error signal",
        r"\delta^{k}_{ij} = \frac{\partial E}{\partial a^{(k)}_{ij}}",
        "convolution/kernel-gradient",
        "runs",
        "A definition. Its $k$ stands without brackets, as a power would; on the right it has "
        "them.",
        shapes={"delta": "K O R", "dE_da": "K O R"},
        sample={"dE_da": (2, 2, 3)},
    ),
    Printed(
        "Input gradient",
        r"\frac{\partial E}{\partial x_{ij}} = \sum^{m-1}_{s=0} \sum^{n-1}_{t=0} "
        r"\frac{\partial E}{\partial a^{(k)}_{(i-s)(j-t)}} "
        r"\frac{\partial a^{(k)}_{(i-s)(j-t)}}{\partial x_{ij}} = "
        r"\sum^{m-1}_{s=0} \sum^{n-1}_{t=0} "
        r"\frac{\partial E}{\partial a^{(k)}_{(i-s)(j-t)}} W^{(k)}_{st}",
        "convolution/input-gradient",
        "unequal",
        "",
        (
            Mistake(
                "The sum over kernels is missing. Every kernel sees the pixel, so all of them "
                "send a gradient back; as printed $k$ is on the right side only, and somebody has "
                "to say which. Here it is the first.",
                _formula(
                    r"\frac{\partial E}{\partial x_{ij}} = \sum^{m-1}_{s=0} \sum^{n-1}_{t=0} "
                    r"\frac{\partial E}{\partial a^{(k)}_{(i-s)(j-t)}} W^{(k)}_{st}",
                    a=convolution,
                    name="as printed",
                ),
                _formula(
                    r"\frac{\partial E}{\partial x_{ij}} = \sum_k \sum^{m-1}_{s=0} "
                    r"\sum^{n-1}_{t=0} "
                    r"\frac{\partial E}{\partial a^{(k)}_{(i-s)(j-t)}} W^{(k)}_{st}",
                    a=convolution,
                    name="right",
                ),
                {**_ONE_PIXEL, "k": 0},
            ),
            Mistake(
                "Nothing is said of gradients outside the output, where $i-s$ or $j-t$ is "
                "negative. They count as 0. NumPy takes a negative index from the other end, as "
                "the formula with mod does here.",
                _formula(
                    r"\frac{\partial E}{\partial x_{ij}} = \sum^{m-1}_{s=0} \sum^{n-1}_{t=0} "
                    r"\frac{\partial E}{\partial a_{((i-s) \bmod O)((j-t) \bmod R)}} W_{st}",
                    x="O R",
                    W="m n",
                    dE_da="O R",
                    dE_dx="O R",
                    name="as NumPy reads it",
                ),
                _formula(
                    r"\frac{\partial E}{\partial x_{ij}} = \sum^{m-1}_{s=0} \sum^{n-1}_{t=0} "
                    r"\frac{\partial E}{\partial a_{(i-s)(j-t)}} W_{st}",
                    x="O R",
                    W="m n",
                    dE_da="O R",
                    dE_dx="O R",
                    name="right",
                ),
                {"W": [[1.0, 2.0], [3.0, 4.0]], "dE_da": [[1.0, 2.0], [3.0, 4.0]]},
                heads=("as NumPy reads it", "right"),
            ),
        ),
        shapes={"a": convolution},
        sample={**_BACKWARD, "k": 1},
    ),
    Printed(
        "ReLU",
        r"ReLU(x) = max(0, x)",
        "activation/relu",
        "runs",
        "The only activation that the article writes down.",
        sample={"x": (3,)},
    ),
    Printed(
        "ReLU, forward",
        r"a_{ij} = max(0, x_{ij})",
        "activation/relu",
        "runs",
        "The letter $a$ meant the result of the convolution before, and now means what comes "
        "after the activation. This book calls it $h$.",
        sample={"x": (2, 3)},
    ),
    Printed(
        "ReLU, backward",
        r"\frac{\partial E}{\partial x_{ij}} = \frac{\partial E}{\partial a^{(k)}_{ij}} "
        r"\frac{\partial a^{(k)}}{\partial x_{ij}} = \left\{ \begin{array}{ll} "
        r"\frac{\partial E}{\partial a^{(k)}_{ij}} & (a^{(k)}_{ij} \geq 0) \\ "
        r"0 & (otherwise) \end{array} \right.",
        "activation/relu-gradient",
        "refused",
        "The middle says $a^{(k)}$ without its indices, and cannot be run; and the $k$ on the "
        "right has no counterpart on the left. Without them:",
        (
            Mistake(
                "The condition is always true. An output of the ReLU is never negative, so that $a "
                "\\ge 0$ stops nothing; what counts is whether the input was positive.",
                _formula(
                    r"\frac{\partial E}{\partial x_{ij}} = \left\{ \begin{array}{ll} "
                    r"\frac{\partial E}{\partial a_{ij}} & (a_{ij} \geq 0) \\ "
                    r"0 & (otherwise) \end{array} \right.",
                    dE_da="M N",
                    a="M N",
                    x="M N",
                    name="as printed",
                ),
                _formula(
                    r"\frac{\partial E}{\partial x_{ij}} = \left\{ \begin{array}{ll} "
                    r"\frac{\partial E}{\partial a_{ij}} & (x_{ij} > 0) \\ "
                    r"0 & (otherwise) \end{array} \right.",
                    dE_da="M N",
                    x="M N",
                    name="right",
                ),
                {"x": [[-2.0, 0.0, 3.0]], "dE_da": [[1.0, 1.0, 1.0]]},
                (_formula(r"a_{ij} = max(0, x_{ij})", x="M N", a="M N", name="ReLU"),),
            ),
        ),
        shapes={"x": "M N", "a": _formula(r"a^{(k)}_{ij} = max(0, x_{ij})", x="M N", a="K M N")},
    ),
    Printed(
        "Max pooling, forward",
        r"a_{ij} = max(0, x_{(i+s)(j+t)})",
        "pooling/max",
        "refused",
        r"Below it stands: where $s\in |0, l|$ and $t\in |0, l|$ and $l$ is filter size. So the "
        "maximum is meant to go over $s$ and $t$ as well, which the formula does not say.",
        (
            Mistake(
                "The 0 does not belong there. It is that of the ReLU; a window of negative numbers "
                "has a negative maximum.",
                _formula(
                    r"a_{ij} = \max\left(0, \max_{0 \le s,t < l} x_{(i+s)(j+t)}\right)",
                    x="M N",
                    a="M-l+1 N-l+1",
                    name="as printed, over the window",
                ),
                _formula(
                    r"a_{ij} = \max_{0 \le s,t < l} x_{(i+s)(j+t)}",
                    x="M N",
                    a="M-l+1 N-l+1",
                    name="right",
                ),
                {"x": [[-1.0, -2.0], [-3.0, -4.0]], "l": 2},
            ),
            Mistake(
                "The range of $s$ and $t$ ends at $l - 1$. With $l$ included a window of size 2 "
                "is 3 wide.",
                _formula(
                    r"a_{ij} = \max_{0 \le s,t \le l} x_{(iq+s)(jq+t)}",
                    x="M N",
                    a="(M-l)//q+1 (N-l)//q+1",
                    name="from 0 to l",
                ),
                _formula(
                    r"a_{ij} = \max_{0 \le s,t < l} x_{(iq+s)(jq+t)}",
                    x="M N",
                    a="(M-l)//q+1 (N-l)//q+1",
                    name="right",
                ),
                {"x": np.arange(16.0).reshape(4, 4), "l": 2, "q": 2},
            ),
            Mistake(
                "There is no stride. As printed the window moves by one pixel, and next to "
                "nothing is saved; meant are windows side by side, which begin $q = l$ pixels "
                "apart. The result is called $p$ here, to tell the two apart.",
                _formula(
                    r"a_{ij} = \max_{0 \le s,t < l} x_{(i+s)(j+t)}",
                    x="M N",
                    a="M-l+1 N-l+1",
                    name="without a stride",
                ),
                _formula(
                    r"p_{ij} = \max_{0 \le s,t < l} x_{(iq+s)(jq+t)}",
                    x="M N",
                    p="(M-l)//q+1 (N-l)//q+1",
                    name="right",
                ),
                {"x": np.arange(16.0).reshape(4, 4), "l": 2, "q": 2},
            ),
        ),
        shapes={"x": "M N"},
        sample={"x": (3, 3)},
    ),
    Printed(
        "Max pooling, backward",
        r"\frac{\partial E}{\partial x_{(i+s)(j+t)}} = \frac{\partial E}{\partial a^{(k)}_{ij}} "
        r"\frac{\partial a^{(k)}}{\partial x_{(i+s)(j+t)}} = \left\{ \begin{array}{ll} "
        r"\frac{\partial E}{\partial a^{(k)}_{ij}} & (a^{(k)}_{ij} = x_{(i+s)(j+t)}) \\ "
        r"0 & (otherwise) \end{array} \right.",
        "pooling/max-gradient",
        "refused",
        "Again $a^{(k)}$ lacks its indices in the middle, and the left side lacks the $k$. "
        "Without them, and with the window as it must be meant:",
        (
            Mistake(
                "A window of negative numbers loses its gradient. With the 0 of its forward "
                "formula the output is 0, which none of the pixels equals.",
                _POOLED_BACK,
                max_pooling_gradient,
                {**_WINDOW, "x": [[-1.0, -2.0], [-3.0, -4.0]], "dE_da": [[1.0]]},
                (
                    _formula(
                        r"a_{ij} = \max\left(0, \max_{0 \le s,t < l} x_{(i+s)(j+t)}\right)",
                        x="M N",
                        a="M-l+1 N-l+1",
                        name="forward, as printed",
                    ),
                ),
            ),
            Mistake(
                "A pixel that wins several windows has to add up what comes from all of them. As "
                "printed it gets the gradient of one.",
                _POOLED_BACK,
                max_pooling_gradient,
                {
                    **_WINDOW,
                    "x": [[0.0, 0.0, 0.0], [0.0, 9.0, 0.0], [0.0, 0.0, 0.0]],
                    "dE_da": [[1.0, 1.0], [1.0, 1.0]],
                },
                (max_pooling,),
            ),
            Mistake(
                "If these gradients differ, the formula gives one pixel two values. Here two "
                "windows have the same winner, and the gradients 1 and 2 arrive at them.",
                _POOLED_BACK,
                max_pooling_gradient,
                {**_WINDOW, "x": [[0.0, 9.0, 0.0], [0.0, 0.0, 0.0]], "dE_da": [[1.0, 2.0]]},
                (max_pooling,),
            ),
            Mistake(
                "With ties every winner gets the whole gradient. It must be divided among "
                "them, all of it to one for example, or more goes back than has "
                "arrived: here 4 for 1.",
                _POOLED_BACK,
                max_pooling_gradient,
                {**_WINDOW, "x": [[5.0, 5.0], [5.0, 5.0]], "dE_da": [[1.0]]},
                (max_pooling,),
            ),
        ),
        shapes={
            "x": "M N",
            "a": _formula(
                r"a^{(k)}_{ij} = \max_{0 \le s,t < l} x_{(i+s)(j+t)}",
                x="M N",
                a="K M-l+1 N-l+1",
            ),
        },
    ),
    Printed(
        "Channels, forward",
        r"a^{(k)}_{ij} = \sum_c a^{(k, c)}_{ij} = \sum_c \sum^{m-1}_{s=0} \sum^{n-1}_{t=0} "
        r"W^{(k)}_{st} x_{(i+s)(j+t)} + b^{(k)}\\",
        "channels/forward",
        "refused",
        "The first right side adds up an $a^{(k,c)}$ that is defined nowhere.",
        (
            Mistake(
                "Kernel and input lack the index of the channel. As printed the sum over $c$ adds "
                "the same number once for each channel, and somebody has to say which channel $d$ "
                "is read; here the first.",
                _formula(
                    r"a^{(k)}_{ij} = \sum_{c=0}^{C-1} \sum^{m-1}_{s=0} \sum^{n-1}_{t=0} "
                    r"W^{(k,d)}_{st} x^{(d)}_{(i+s)(j+t)} + b^{(k)}",
                    **_CHANNELS,
                    b="K",
                    a=f"K {_PLACES}",
                    name="as printed, for a channel d",
                ),
                channels,
                {**_TWO_CHANNELS, "d": 0},
            ),
            Mistake(
                "The bias belongs outside the sum over channels. If every $a^{(k,c)}$ is what the "
                "forward formula gives for one channel, each brings the bias along.",
                _formula(
                    r"a^{(k)}_{ij} = \sum_c \left( \sum^{m-1}_{s=0} \sum^{n-1}_{t=0} "
                    r"W^{(k,c)}_{st} x^{(c)}_{(i+s)(j+t)} + b^{(k)} \right)",
                    **_CHANNELS,
                    b="K",
                    a=f"K {_PLACES}",
                    name="a bias for each channel",
                ),
                channels,
                _TWO_CHANNELS,
            ),
        ),
        shapes={name: _FORWARD[name] for name in "xWb"},
    ),
    Printed(
        "Channels, kernel gradient",
        r"\frac{\partial E}{\partial W^{(k, c)}_{st}} = \sum^{M-m}_{i=0} \sum^{N-n}_{j=0} "
        r"\frac{\partial E}{\partial a^{(k)}_{ij}} "
        r"\frac{\partial a^{(k)}_{ij}}{\partial W^{(k)}_{st}} = \sum^{M-m}_{i=0} \sum^{N-n}_{j=0} "
        r"\frac{\partial E}{\partial a^{(k)}_{ij}} x_{(i+s)(j+t)}\\",
        "channels/backward",
        "refused",
        "The middle differentiates with respect to $W^{(k)}_{st}$, the left "
        "side with respect to $W^{(k,c)}_{st}$.",
        (
            Mistake(
                "The input lacks the index of the channel. As printed the parts of a kernel for "
                "all channels have the same gradient; read for a channel $d$, here the first.",
                _formula(
                    r"\frac{\partial E}{\partial W^{(k,c)}_{st}} = \sum^{M-m}_{i=0} "
                    r"\sum^{N-n}_{j=0} "
                    r"\frac{\partial E}{\partial a^{(k)}_{ij}} x^{(d)}_{(i+s)(j+t)}",
                    **_CHANNELS,
                    dE_da=f"K {_PLACES}",
                    name="as printed, for a channel d",
                ),
                _formula(
                    r"\frac{\partial E}{\partial W^{(k,c)}_{st}} = \sum^{M-m}_{i=0} "
                    r"\sum^{N-n}_{j=0} "
                    r"\frac{\partial E}{\partial a^{(k)}_{ij}} x^{(c)}_{(i+s)(j+t)}",
                    **_CHANNELS,
                    dE_da=f"K {_PLACES}",
                    name="right",
                ),
                {"x": [[[2.0]], [[3.0]]], "dE_da": [[[1.0]]], "d": 0},
            ),
        ),
        shapes={"a": channels},
    ),
    Printed(
        "Channels, bias gradient",
        r"\frac{\partial E}{\partial b^{(k)}} = \sum^{M-m}_{i=0} \sum^{N-n}_{j=0} "
        r"\frac{\partial E}{\partial a^{(k)}_{ij}} \frac{\partial a^{(k)}_{ij}}{\partial b^{(k)}} "
        r"= \sum^{M-m}_{i=0} \sum^{N-n}_{j=0} \frac{\partial E}{\partial a^{(k)}_{ij}}",
        "channels/backward",
        "equal",
        "The formula of one channel once more. A bias does not look at the input, so that "
        "channels change nothing.",
        shapes={"a": channels},
        sample=_CHANNELS_BACKWARD,
    ),
    Printed(
        "Channels, input gradient",
        r"\frac{\partial E}{\partial x^c_{ij}} = \sum_k \sum^{m-1}_{s=0} \sum^{n-1}_{t=0} "
        r"\frac{\partial E}{\partial a^{(k)}_{(i-s)(j-t)}} "
        r"\frac{\partial a^{(k)}_{(i-s)(j-t)}}{\partial x^c_{ij}} = "
        r"\sum_k \sum^{m-1}_{s=0} \sum^{n-1}_{t=0} "
        r"\frac{\partial E}{\partial a^{(k)}_{(i-s)(j-t)}} W^{(k, c)}_{st}",
        "channels/backward",
        "equal",
        "With gradients outside the output read as 0, it is right, and has the sum over kernels "
        "that the formula for one channel lacks. Its $c$ stands without brackets. But it is not "
        "what the text before it says, that going backwards just requires $\\sum_c$:",
        (
            Mistake(
                "Backwards the sum runs over kernels, not over channels. With a sum over channels "
                "in its place, and the first kernel, all channels would get the same:",
                _formula(
                    r"\frac{\partial E}{\partial x^{(c)}_{ij}} = \sum_{c'} \sum^{m-1}_{s=0} "
                    r"\sum^{n-1}_{t=0} "
                    r"\frac{\partial E}{\partial a^{(k)}_{(i-s)(j-t)}} W^{(k,c')}_{st}",
                    **_CHANNELS,
                    dE_da=f"K {_PLACES}",
                    name="as the text says",
                ),
                _formula(
                    r"\frac{\partial E}{\partial x^{(c)}_{ij}} = \sum_k \sum^{m-1}_{s=0} "
                    r"\sum^{n-1}_{t=0} "
                    r"\frac{\partial E}{\partial a^{(k)}_{(i-s)(j-t)}} W^{(k,c)}_{st}",
                    **_CHANNELS,
                    dE_da=f"K {_PLACES}",
                    name="as printed, and right",
                ),
                {
                    "W": [[[[1.0]], [[10.0]]], [[[100.0]], [[1000.0]]]],
                    "dE_da": [[[1.0]], [[1.0]]],
                    "k": 0,
                },
                heads=("as the text says", "right"),
            ),
        ),
        judged="right, but not what the text says",
        shapes={"a": channels},
        sample=_CHANNELS_BACKWARD,
    ),
)

PRINTED: Mapping[str, Printed] = {printed.title: printed for printed in _ALL}
"""Every displayed formula of the article by its title, in the article's order."""
