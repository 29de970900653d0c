"""Pooling: every window of an image becomes one number; and the way of the gradient back.

Symbols: x the input, M × N; l the side of the window, q the stride, from one window to the next;
a the output; ω the winner of each window, counted row by row: ω = s·l + t; T how many share the
largest value.
"""

from functools import partial

from cnnmath.catalogue import symbols
from cnnmath.catalogue.symbols import ARTICLE, BOUREAU, DUMOULIN, GOODFELLOW, LECUN, SYMBOLS
from cnnmath.derivation import Derivation

stated = partial(symbols.stated, symbols={**SYMBOLS, "a": "the output of the pooling"})
_PLACES = "(M-l)//q+1 (N-l)//q+1"

max_pooling = stated(
    r"a_{ij} = \max_{0 \le s,t < l} x_{(iq+s)(jq+t)}",
    name="max pooling",
    meaning="Each number of the output is the largest of its window of the input.",
    source=GOODFELLOW,
    x="M N",
    a=_PLACES,
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

max_pooling_gradient_derivation = Derivation(
    stated(
        r"""
        \frac{\partial E}{\partial x_{uv}}
        &= \sum_{i,j} \frac{\partial E}{\partial a_{ij}}
           \frac{\partial a_{ij}}{\partial x_{uv}} \\
        &= \sum_{i,j} \frac{\partial E}{\partial a_{ij}}
           \sum_{0 \le s,t < l} [sl + t = \omega_{ij}]\, [u = iq + s]\, [v = jq + t] \\
        &= \sum_{i,j} \frac{\partial E}{\partial a_{ij}}
           \sum_{0 \le s,t < l} \left[s = \lfloor \omega_{ij} / l \rfloor\right]
           \left[t = \omega_{ij} \bmod l\right] [u = iq + s]\, [v = jq + t] \\
        &= \sum_{i,j} \frac{\partial E}{\partial a_{ij}}
           \left[u = iq + \lfloor \omega_{ij} / l \rfloor\right]
           \left[v = jq + \omega_{ij} \bmod l\right]
        """,
        name="max pooling gradient, derived",
        a=max_pooling,
        omega=winner,
    ),
    steps=r"""
        Chain rule: the pixel $x_{uv}$ can move $E$ only through the outputs.

        Differentiate the maximum. As long as no other cell overtakes it, the maximum is the winning
        cell, and moves as that cell does: its derivative with respect to the winner is 1, and with
        respect to the others 0. The cell $s, t$ wins where $sl + t = \omega_{ij}$, and it is our
        pixel where $u = iq + s$ and $v = jq + t$.

        Solve the first bracket for $s$ and $t$. Since $0 \le t < l$, there is one solution: the row
        of the winner is the whole part of $\omega_{ij} / l$, its column the remainder.

        The indices $s$ and $t$ collapse: only the winner is left of the window.
        """,
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

average_pooling_gradient_derivation = Derivation(
    stated(
        r"""
        \frac{\partial E}{\partial x_{uv}}
        &= \sum_{i,j} \frac{\partial E}{\partial a_{ij}}
           \frac{\partial a_{ij}}{\partial x_{uv}} \\
        &= \sum_{i,j} \frac{\partial E}{\partial a_{ij}} \frac{1}{l^2}
           \sum_{s=0}^{l-1} \sum_{t=0}^{l-1} [u = iq + s]\, [v = jq + t] \\
        &= \frac{1}{l^2} \sum_{i,j} \frac{\partial E}{\partial a_{ij}}
           \sum_{s=0}^{l-1} \sum_{t=0}^{l-1} [s = u - iq]\, [t = v - jq] \\
        &= \frac{1}{l^2} \sum_{i,j} \frac{\partial E}{\partial a_{ij}}
           \sum_{s=0}^{l-1} [s = u - iq] \sum_{t=0}^{l-1} [t = v - jq] \\
        &= \frac{1}{l^2} \sum_{i,j} \frac{\partial E}{\partial a_{ij}}\,
           [0 \le u - iq < l]\, [0 \le v - jq < l]
        """,
        name="average pooling gradient, derived",
        a=average_pooling,
    ),
    steps=r"""
        Chain rule: the pixel $x_{uv}$ can move $E$ only through the outputs.

        Differentiate the mean term by term. The term $x_{(iq+s)(jq+t)}$ is our pixel where
        $u = iq + s$ and $v = jq + t$.

        Solve the brackets for $s$ and $t$, and write the factor $1/l^2$, which is the same for all,
        in front.

        The first bracket does not hold $t$: take it out of the sum over $t$.

        The indices $s$ and $t$ collapse. A sum over $s$ of $[s = u - iq]$ is 1 if $u - iq$ is one
        of the values $0, \dots, l-1$ of $s$, and 0 if not.
        """,
)
