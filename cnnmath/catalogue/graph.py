"""Where the ways through a network part and meet: one array that two steps read.

Symbols: x the U numbers that are read twice; V the weights of one of the two ways, U × U; z what
they make of x; h the ReLU of that; y both ways together.
"""

from functools import partial

from cnnmath.catalogue import symbols
from cnnmath.catalogue.symbols import GOODFELLOW_6, SYMBOLS

HE = "He, Zhang, Ren and Sun, Deep residual learning (2016), arXiv 1512.03385"

stated = partial(
    symbols.stated,
    symbols={
        **SYMBOLS,
        "V": "the weights of the way through",
        "z": "what V makes of the input",
        "y": "both ways together",
        "dE_dz": "the gradient on the way through",
    },
)

weighed = stated(
    r"z_r = \sum_{u=0}^{U-1} V_{ru}\, x_u",
    name="the way through V",
    meaning="Each number is a sum of all that go in, weighted by a row of V.",
    source=GOODFELLOW_6,
    x="U",
    V="U U",
    z="U",
)

gated = stated(
    r"h_r = \max(0, z_r)",
    name="ReLU on that way",
    meaning="What is positive goes on.",
    source=HE,
    z=weighed,
    h="U",
)

skip = stated(
    r"y_r = x_r + h_r",
    name="both ways together",
    meaning="The input itself goes past the layer, and is added to what the layer makes of it.",
    source=HE,
    h=gated,
    x="U",
    y="U",
    sentences={
        "x": {
            "Differentiate": "There are two ways from $x_{r}$ to $y_{r'}$. The one past the layer "
            "is the bracket $[r' = r]$: each number goes past to its own place. The other goes "
            "through the layer, and is open only where $z_{r'}$ is positive; the slope there is "
            "the weight that $x_{r}$ meets in that row, the one with $u = r$. What is added "
            "forwards has slopes that are added.",
        },
    },
)

gated_gradient = stated(
    r"\frac{\partial E}{\partial z_r} = \frac{\partial E}{\partial y_r}\, [z_r > 0]",
    name="gradient on the way through V",
    meaning="The sum hands its gradient on to either way, and the ReLU lets it pass where z is "
    "positive.",
    source=HE,
    z=weighed,
    y=skip,
)

skip_gradient = stated(
    r"\frac{\partial E}{\partial x_u} = \frac{\partial E}{\partial y_u} "
    r"+ \sum_{r=0}^{U-1} V_{ru}\, \frac{\partial E}{\partial z_r}",
    name="gradient of what is read twice",
    meaning="What comes back by the one way and what comes back by the other are added.",
    source=HE,
    y=skip,
    dE_dz=gated_gradient,
)

BETWEEN = "network/softmax", "network/descent"

CHAPTERS = {
    "network/graph": (
        weighed,
        gated,
        skip,
        gated_gradient,
        skip_gradient,
    ),
}
