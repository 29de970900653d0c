"""Convolution of an image with C channels: forwards, and the gradient back to kernels and input.

Symbols: x^{(c)} the channels of the input, M × N each, c = 0 … C−1; W^{(k,c)} the part of kernel k
for channel c, m × n; b^{(k)} the biases; a^{(k)} the outputs; δ^{(k)} = ∂E/∂a^{(k)}. The
gradient of the biases does not look at the input, and is that of one channel, `bias_gradient`.
"""

from typing import Any

from cnnmath.catalogue.convolution import error_signal
from cnnmath.catalogue.symbols import ARTICLE, GOODFELLOW, stated
from cnnmath.derivation import Derivation

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

channels_kernel_gradient_derivation = Derivation(
    stated(
        r"""
        \frac{\partial E}{\partial W^{(k,c)}_{st}}
        &= \sum_{k'} \sum_{i,j} \frac{\partial E}{\partial a^{(k')}_{ij}}
           \frac{\partial a^{(k')}_{ij}}{\partial W^{(k,c)}_{st}} \\
        &= \sum_{k'} \sum_{i,j} \frac{\partial E}{\partial a^{(k')}_{ij}}
           \sum_{c'=0}^{C-1} \sum_{s'=0}^{m-1} \sum_{t'=0}^{n-1}
           [k'=k][c'=c][s'=s][t'=t]\, x^{(c')}_{(i+s')(j+t')} \\
        &= \sum_{i,j} \frac{\partial E}{\partial a^{(k)}_{ij}}
           \sum_{c'=0}^{C-1} \sum_{s'=0}^{m-1} \sum_{t'=0}^{n-1}
           [c'=c][s'=s][t'=t]\, x^{(c')}_{(i+s')(j+t')} \\
        &= \sum_{i,j} \frac{\partial E}{\partial a^{(k)}_{ij}}
           \sum_{s'=0}^{m-1} \sum_{t'=0}^{n-1} [s'=s][t'=t]\, x^{(c)}_{(i+s')(j+t')} \\
        &= \sum_{i,j} \frac{\partial E}{\partial a^{(k)}_{ij}}\, x^{(c)}_{(i+s)(j+t)} \\
        &= \sum_{i=0}^{M-m} \sum_{j=0}^{N-n} \delta^{(k)}_{ij}\, x^{(c)}_{(i+s)(j+t)}
        """,
        name="kernel gradient with channels, derived",
        a=channels,
        delta=error_signal,
    ),
    steps=r"""
        Chain rule: the weight $W^{(k,c)}_{st}$ can move $E$ only through the outputs.

        Differentiate the sum that defines $a^{(k')}_{ij}$ term by term. The derivative of
        $W^{(k',c')}_{s't'}$ with respect to $W^{(k,c)}_{st}$ is $[k'=k][c'=c][s'=s][t'=t]$; $x$ and
        the bias do not depend on $W$.

        The index $k'$ collapses: the weight belongs to kernel $k$, and only its output is left.

        The index $c'$ collapses: the weight looks at channel $c$. This is where the sum over
        channels goes.

        The indices $s'$ and $t'$ collapse: of the window only $s'=s$, $t'=t$ is left.

        Write $\delta$ for $\partial E/\partial a$, and the bounds in full.
        """,
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

channels_input_gradient_derivation = Derivation(
    stated(
        r"""
        \frac{\partial E}{\partial x^{(c)}_{ij}}
        &= \sum_{k} \sum_{u,v} \frac{\partial E}{\partial a^{(k)}_{uv}}
           \frac{\partial a^{(k)}_{uv}}{\partial x^{(c)}_{ij}} \\
        &= \sum_{k} \sum_{u,v} \frac{\partial E}{\partial a^{(k)}_{uv}}
           \sum_{c'=0}^{C-1} \sum_{s=0}^{m-1} \sum_{t=0}^{n-1}
           W^{(k,c')}_{st}\, [c'=c][u+s=i][v+t=j] \\
        &= \sum_{k} \sum_{u,v} \frac{\partial E}{\partial a^{(k)}_{uv}}
           \sum_{s=0}^{m-1} \sum_{t=0}^{n-1} W^{(k,c)}_{st}\, [u+s=i][v+t=j] \\
        &= \sum_{k} \sum_{s=0}^{m-1} \sum_{t=0}^{n-1} W^{(k,c)}_{st}
           \sum_{u,v} \frac{\partial E}{\partial a^{(k)}_{uv}}\, [u+s=i][v+t=j] \\
        &= \sum_{k} \sum_{s=0}^{m-1} \sum_{t=0}^{n-1} W^{(k,c)}_{st}
           \sum_{u,v} \frac{\partial E}{\partial a^{(k)}_{uv}}\, [u=i-s][v=j-t] \\
        &= \sum_{k} \sum_{s=0}^{m-1} \sum_{t=0}^{n-1} W^{(k,c)}_{st}\,
           \frac{\partial E}{\partial a^{(k)}_{(i-s)(j-t)}} \\
        &= \sum_{k=0}^{K-1} \sum_{s=0}^{m-1} \sum_{t=0}^{n-1}
           W^{(k,c)}_{st}\, \delta^{(k)}_{(i-s)(j-t)}
        """,
        name="input gradient with channels, derived",
        a=channels,
        delta=error_signal,
    ),
    steps=r"""
        Chain rule: the number $x^{(c)}_{ij}$ can move $E$ only through the outputs. All of them are
        needed, for every kernel looks at every channel.

        Differentiate the sum that defines $a^{(k)}_{uv}$. Its term $W^{(k,c')}_{st}\,
        x^{(c')}_{(u+s)(v+t)}$ holds our number where $c'=c$, $u+s=i$ and $v+t=j$.

        The index $c'$ collapses: of each kernel only the part for channel $c$ is left.

        Exchange the sums, which may be added in any order.

        Solve the brackets for the place of the output: $u=i-s$, $v=j-t$.

        The indices $u$ and $v$ collapse: only $u=i-s$, $v=j-t$ is left, and where there is no such
        output there is no term.

        Write $\delta$ for $\partial E/\partial a$, and the bounds in full.
        """,
)
