"""Convolution of one image by K kernels: forwards, and the gradient back to kernel, bias and input.

Symbols: x the input, M × N; W^{(k)} the kernels, m × n, k = 0 … K−1; b^{(k)} the biases; a^{(k)}
the output; E the error, a single number; δ^{(k)} = ∂E/∂a^{(k)}.
"""

from cnnmath.catalogue.symbols import ARTICLE, GOODFELLOW, LECUN, stated

WHICH_WINDOW = (
    "Solve $i + s = u$ for $i$ and $j + t = v$ for $j$: only the window that starts $s$ rows above "
    "the pixel and $t$ columns to its left meets it with its weight in row $s$ and column $t$. It "
    r"is the one at $i = u - s$ and $j = v - t$. There is such a window only where "
    r"$0 \le u - s \le M - m$ and $0 \le v - t \le N - n$; elsewhere $\partial E/\partial a$ "
    "counts as 0, so that the condition need not be written. (In code it must be: an index below 0 "
    "counts from the end, one too large is an error.)"
)
"""What a teacher says of the line that solves for the window of a pixel."""

IN_FRONT = "Write the sums in front: their order does not matter."

convolution = stated(
    r"a^{(k)}_{ij} = \sum_{s=0}^{m-1} \sum_{t=0}^{n-1} W^{(k)}_{st}\, x_{(i+s)(j+t)} + b^{(k)}",
    name="convolution",
    meaning="Each number of the output is the sum of a window of the input, weighted by a kernel, "
    "plus the kernel's bias.",
    source=ARTICLE,
    x="M N",
    W="K m n",
    b="K",
    a="K M-m+1 N-n+1",
    sentences={"x": {"Solve": f"{IN_FRONT} {WHICH_WINDOW}"}},
)

rotated_convolution = stated(
    r"a_{ij} = \sum_{s=0}^{m-1} \sum_{t=0}^{n-1} W_{st}\, x_{(i+m-1-s)(j+n-1-t)}",
    name="convolution of the mathematicians",
    meaning="The convolution of mathematics and signal processing turns the kernel by 180° before "
    "it slides. Networks leave the turn out.",
    source=GOODFELLOW,
    x="M N",
    W="m n",
    a="M-m+1 N-n+1",
)

error_signal = stated(
    r"\delta^{(k)}_{ij} = \frac{\partial E}{\partial a^{(k)}_{ij}}",
    name="error signal",
    meaning="δ is short for the gradient that arrives at the output: how much the error E grows "
    "when one number of the output grows.",
    source=ARTICLE,
    delta="K M-m+1 N-n+1",
    dE_da="K M-m+1 N-n+1",
)

squared_error = stated(
    r"E = \frac12 \sum_{k,i,j} \left( a^{(k)}_{ij} - y^{(k)}_{ij} \right)^2",
    name="squared error",
    meaning="How far the output a is from a target y: half the sum of the squared differences.",
    source=GOODFELLOW,
    a="K M-m+1 N-n+1",
    y="K M-m+1 N-n+1",
)

squared_error_gradient = stated(
    r"\frac{\partial E}{\partial a^{(k)}_{ij}} = a^{(k)}_{ij} - y^{(k)}_{ij}",
    name="gradient of the squared error",
    meaning="The gradient that arrives at the output is the difference from the target.",
    source=GOODFELLOW,
    E=squared_error,
)

kernel_gradient = stated(
    r"\frac{\partial E}{\partial W^{(k)}_{st}} = "
    r"\sum_{i=0}^{M-m} \sum_{j=0}^{N-n} \delta^{(k)}_{ij}\, x_{(i+s)(j+t)}",
    name="kernel gradient",
    meaning="A weight's gradient is the sum of all pixels that it met, each weighted by the "
    "gradient at the place where they met.",
    source=ARTICLE,
    x="M N",
    W="K m n",
    delta="K M-m+1 N-n+1",
)

bias_gradient = stated(
    r"\frac{\partial E}{\partial b^{(k)}} = \sum_{i=0}^{M-m} \sum_{j=0}^{N-n} \delta^{(k)}_{ij}",
    name="bias gradient",
    meaning="A bias is added to every number of its output image, so its gradient is the sum of "
    "all gradients there.",
    source=ARTICLE,
    b="K",
    delta="K M-m+1 N-n+1",
)

input_gradient = stated(
    r"\frac{\partial E}{\partial x_{ij}} = "
    r"\sum_{k=0}^{K-1} \sum_{s=0}^{m-1} \sum_{t=0}^{n-1} W^{(k)}_{st}\, \delta^{(k)}_{(i-s)(j-t)}",
    name="input gradient",
    meaning="A pixel's gradient gathers, from every output that the pixel had a part in, the "
    "gradient there times the weight through which the pixel entered.",
    source=GOODFELLOW,
    x="M N",
    W="K m n",
    delta="K M-m+1 N-n+1",
)

turned_kernel = stated(
    r"\tilde W^{(k)}_{st} = W^{(k)}_{(m-1-s)(n-1-t)}",
    name="turned kernel",
    meaning="The kernel, turned by 180°: first row last, first column last.",
    source=LECUN,
    W="K m n",
    W_tilde="K m n",
)

input_gradient_full = stated(
    r"\frac{\partial E}{\partial x_{ij}} = \sum_{k=0}^{K-1} \sum_{s=0}^{m-1} \sum_{t=0}^{n-1} "
    r"\tilde W^{(k)}_{st}\, \delta^{(k)}_{(i-m+1+s)(j-n+1+t)}",
    name="input gradient, with the kernel turned",
    meaning="The same sum in the order in which a kernel slides: the turned kernel slides over the "
    "gradient with a border of zeros around it.",
    source=LECUN,
    x="M N",
    W_tilde=turned_kernel,
    delta="K M-m+1 N-n+1",
)

BETWEEN = None, "activation/relu"

CHAPTERS = {
    "convolution/forward": (
        convolution,
        rotated_convolution,
    ),
    "convolution/kernel-gradient": (
        squared_error,
        squared_error_gradient,
        error_signal,
        kernel_gradient,
        bias_gradient,
    ),
    "convolution/input-gradient": (
        input_gradient,
        turned_kernel,
        input_gradient_full,
    ),
}
