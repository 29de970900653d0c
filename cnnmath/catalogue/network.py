"""Convolution, ReLU and max pooling in a row, for K kernels: what joins one layer to the next.

Symbols: a^{(k)} what the convolution gives; h^{(k)} what the ReLU makes of it; p^{(k)} what the
pooling leaves; ω^{(k)} the winner of each window. The convolution at the beginning, and the
gradients that reach its kernels and its input at the end, are those of `convolution`.
"""

from cnnmath.catalogue.symbols import ARTICLE, GOODFELLOW, stated

_PLACES = "K (O-l)//q+1 (R-l)//q+1"

rectified = stated(
    r"h^{(k)}_{ij} = \max\left(0, a^{(k)}_{ij}\right)",
    name="ReLU of every output",
    meaning="Of what each kernel found, the positive numbers go on.",
    source=ARTICLE,
    a="K O R",
    h="K O R",
)

pooled = stated(
    r"p^{(k)}_{ij} = \max_{0 \le s,t < l} h^{(k)}_{(iq+s)(jq+t)}",
    name="max pooling of every output",
    meaning="Of every window the largest number goes on.",
    source=GOODFELLOW,
    h="K O R",
    p=_PLACES,
)

pooled_winner = stated(
    r"\omega^{(k)}_{ij} = \operatorname*{arg\,max}_{0 \le s,t < l} h^{(k)}_{(iq+s)(jq+t)}",
    name="winner in every output",
    meaning="Which cell of the window was the largest: s·l + t, the first if several were.",
    source=GOODFELLOW,
    h="K O R",
    omega=_PLACES,
)

pooled_gradient = stated(
    r"\frac{\partial E}{\partial h^{(k)}_{uv}} = \sum_{i,j} "
    r"\frac{\partial E}{\partial p^{(k)}_{ij}} "
    r"\left[u = iq + \lfloor \omega^{(k)}_{ij} / l \rfloor\right] "
    r"\left[v = jq + \omega^{(k)}_{ij} \bmod l\right]",
    name="pooled gradient",
    meaning="The gradient goes back to the winner of each window; all other cells get 0.",
    source=ARTICLE,
    p=pooled,
    omega=pooled_winner,
)

rectified_gradient = stated(
    r"\frac{\partial E}{\partial a^{(k)}_{ij}} = "
    r"\frac{\partial E}{\partial h^{(k)}_{ij}}\, [a^{(k)}_{ij} > 0]",
    name="gradient through the ReLU",
    meaning="Of what arrives, only what belongs to positive numbers goes on.",
    source=ARTICLE,
    h=rectified,
)

BETWEEN = "arithmetic/receptive-field", "network/dense"

CHAPTERS = {
    "network/three-layers": (
        rectified,
        pooled,
        pooled_winner,
        pooled_gradient,
        rectified_gradient,
    ),
}
