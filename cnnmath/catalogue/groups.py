"""Which channels a kernel sees: all of them at one pixel, those of its group, or one alone.

Symbols: x the input, M × N, of C channels; G the groups; Q the channels of a group, and R its
kernels, so that C = GQ and K = GR; W the kernels as layers store them, K × Q × m × n; W̄ those of
the convolution without groups that does the same. Where a kernel is 1 × 1, V are its weights, d the
biases and z the outputs, as in a dense layer.
"""

from functools import partial

from cnnmath.catalogue import symbols
from cnnmath.catalogue.convolution import IN_FRONT
from cnnmath.catalogue.symbols import SYMBOLS

HOWARD = "Howard et al., MobileNets (2017), arXiv 1704.04861"
KRIZHEVSKY = (
    "Krizhevsky, Sutskever and Hinton, ImageNet classification with deep convolutional neural "
    "networks (2012)"
)
LIN = "Lin, Chen and Yan, Network in network (2014), arXiv 1312.4400"

stated = partial(
    symbols.stated,
    symbols={
        **SYMBOLS,
        "V": "the weights of the kernels of 1 × 1",
        "d": "the biases of the kernels of 1 × 1",
        "z": "the outputs of the kernels of 1 × 1",
        "W_bar": "the kernels without groups",
    },
)

pointwise_convolution = stated(
    r"z^{(k)}_{ij} = d^{(k)} + \sum_{c=0}^{C-1} V_{kc}\, x^{(c)}_{ij}",
    name="1 × 1 convolution",
    meaning="At every pixel the same dense layer, from the channels there to the outputs there. "
    "No neighbour is seen.",
    source=LIN,
    x="C M N",
    V="K C",
    d="K",
    z="K M N",
)

depthwise_convolution = stated(
    r"a^{(c)}_{ij} = \sum_{s=0}^{m-1} \sum_{t=0}^{n-1} W^{(c)}_{st}\, x^{(c)}_{(i+s)(j+t)}",
    name="depthwise convolution",
    meaning="Each channel has a kernel of its own, which sees no other channel.",
    source=HOWARD,
    x="C M N",
    W="C m n",
    a="C M-m+1 N-n+1",
)

grouped_convolution = stated(
    r"a^{(k)}_{ij} = \sum_{c=0}^{Q-1} \sum_{s=0}^{m-1} \sum_{t=0}^{n-1} "
    r"W^{(k,c)}_{st}\, x^{(Q \lfloor k/R \rfloor + c)}_{(i+s)(j+t)}",
    name="convolution in groups",
    meaning="Kernel k belongs to group ⌊k/R⌋, and sees the Q channels of that group alone.",
    source=KRIZHEVSKY,
    x="G*Q M N",
    W="G*R Q m n",
    a="G*R M-m+1 N-n+1",
    sentences={
        "W": {
            "Collapse": "The weight belongs to kernel $k$, and only the output of that kernel is "
            "left: $k' = k$. It looks at one channel of the kernel's group, and the sum over these "
            "goes: $c' = c$. Of the window only $s' = s$ and $t' = t$ are left.",
        },
        "x": {
            "Solve": f"{IN_FRONT} Solve $i + s = v$ for $i$ and $j + t = w$ for $j$, as without "
            r"groups; and $Q \lfloor k/R \rfloor + c = u$ for $c$: within the group of kernel $k$ "
            r"our channel is number $u - Q \lfloor k/R \rfloor$. If it is in another group, that "
            r"is no number from 0 to $Q - 1$: $W$ has no such element, and counts as 0. So does "
            r"$\partial E/\partial a$ where $v - s$ or $w - t$ is no place of the output. (In code "
            "these must be conditions: an index below 0 counts from the end, one too large is an "
            "error.)",
        },
    },
)

grouped_kernel_gradient = stated(
    r"\frac{\partial E}{\partial W^{(k,c)}_{st}} = \sum_{i=0}^{M-m} \sum_{j=0}^{N-n} "
    r"\frac{\partial E}{\partial a^{(k)}_{ij}}\, x^{(Q \lfloor k/R \rfloor + c)}_{(i+s)(j+t)}",
    name="kernel gradient in groups",
    meaning="A weight meets one channel of its group, and its gradient looks at that channel.",
    source=KRIZHEVSKY,
    a=grouped_convolution,
)

grouped_input_gradient = stated(
    r"\frac{\partial E}{\partial x^{(c)}_{uv}} = \sum_{r=0}^{R-1} \sum_{s=0}^{m-1} "
    r"\sum_{t=0}^{n-1} W^{(R \lfloor c/Q \rfloor + r,\, c \bmod Q)}_{st}\, "
    r"\frac{\partial E}{\partial a^{(R \lfloor c/Q \rfloor + r)}_{(u-s)(v-t)}}",
    name="input gradient in groups",
    meaning="Channel c is number c mod Q of group ⌊c/Q⌋, and gathers from the R kernels of that "
    "group alone.",
    source=KRIZHEVSKY,
    a=grouped_convolution,
)

full_kernels = stated(
    r"\bar W^{(k,c)}_{st} = W^{(k,c-Q \lfloor k/R \rfloor)}_{st}",
    name="kernels without groups",
    meaning="The same convolution without groups: kernels that have a part for every channel, with "
    "zeros for those of the other groups.",
    source=KRIZHEVSKY,
    W="G*R Q m n",
    W_bar="G*R G*Q m n",
)

BETWEEN = "arithmetic/gradients", "arithmetic/receptive-field"

SIZES = {"G": 2, "Q": 3}

CHAPTERS = {
    "arithmetic/groups": (
        depthwise_convolution,
        pointwise_convolution,
        grouped_convolution,
        grouped_kernel_gradient,
        grouped_input_gradient,
        full_kernels,
    ),
}
