"""Activations: functions that every number of an image goes through by itself, and their slopes.

Symbols: x the input, M × N; h the output, of the same size; α the factor for negative inputs.
"""

from typing import Any

from cnnmath.catalogue.symbols import (
    ARTICLE,
    GOODFELLOW_6,
    stated,
)
from cnnmath.formula import Formula

CLEVERT = (
    "Clevert, Unterthiner and Hochreiter, Fast and accurate deep network learning by ELUs (2016)"
)
DUGAS = "Dugas et al., Incorporating second-order functional knowledge (2001)"
ELFWING = "Elfwing, Uchibe and Doya, Sigmoid-weighted linear units (2018), arXiv 1702.03118"
HENDRYCKS = "Hendrycks and Gimpel, Gaussian error linear units (2016), arXiv 1606.08415"
MAAS = "Maas, Hannun and Ng, Rectifier nonlinearities improve neural network acoustic models (2013)"


def _activation(
    right: str, *, name: str, meaning: str, source: str, slope: str, alpha: bool = False
) -> Formula:
    """An activation; `slope` is what a teacher says of how its slope is found."""
    factor: dict[str, Any] = {"alpha": ""} if alpha else {}
    brackets = "$[i' = i] [j' = j]$ is 1 where $x_{i'j'}$ is the input $x_{ij}$."
    sentences = {
        "x": {
            "Differentiate": f"{slope} {brackets}",
            "Collapse": "Each output depends on its own input alone: only $i' = i$ and "
            "$j' = j$ are left.",
        }
    }
    return stated(
        rf"h_{{ij}} = {right}", name=name, meaning=meaning, source=source, sentences=sentences,
        x="M N", h="M N", **factor,
    )  # fmt: skip


def _gradient(h: Formula, slope: str, *, meaning: str) -> Formula:
    return stated(
        r"\frac{\partial E}{\partial x_{ij}} = \frac{\partial E}{\partial h_{ij}}\, " + slope,
        name=f"gradient of {h.name}",
        meaning=meaning,
        source=h.source,
        h=h,
    )


sigmoid = _activation(
    r"\frac{1}{1 + e^{-x_{ij}}}",
    name="sigmoid",
    meaning="Squeezes every number into the range from 0 to 1; 0 becomes one half.",
    source=GOODFELLOW_6,
    slope="The derivative of $1/z$ is $-1/z^2$, and that of $z = 1 + e^{-x}$ is $-e^{-x}$: the two "
    "minus signs cancel.",
)

sigmoid_gradient = _gradient(
    sigmoid,
    r"h_{ij} \left(1 - h_{ij}\right)",
    meaning="The slope of the sigmoid follows from its value: it is at most 1/4, in the middle, "
    "and next to nothing at both ends.",
)

tanh = _activation(
    r"\tanh x_{ij}",
    name="tanh",
    meaning="The hyperbolic tangent squeezes every number into the range from −1 to 1; 0 stays 0.",
    source=GOODFELLOW_6,
    slope=r"$\tanh$ is $\sinh/\cosh$, the derivative of $\sinh$ is $\cosh$, and that of $\cosh$ is "
    r"$\sinh$. By the quotient rule the slope is $(\cosh^2 - \sinh^2)/\cosh^2$, which is "
    r"$1 - \tanh^2$.",
)

tanh_gradient = _gradient(
    tanh,
    r"\left(1 - h_{ij}^2\right)",
    meaning="The slope of the hyperbolic tangent follows from its value: 1 in the middle, next to "
    "nothing at both ends.",
)

relu = _activation(
    r"\max(0, x_{ij})",
    name="ReLU",
    meaning="The rectified linear unit lets positive numbers through, and makes 0 of all others.",
    source=ARTICLE,
    slope="Where the input is above 0 the output is the input, whose slope is 1; where it is "
    "below 0 the output is 0, whose slope is 0. At 0 there is a kink and no slope; by convention "
    "it is 0.",
)

relu_gradient = _gradient(
    relu,
    r"[x_{ij} > 0]",
    meaning="The gradient passes where the input was positive, and stops everywhere else.",
)

leaky_relu = _activation(
    r"\begin{cases} x_{ij} & x_{ij} > 0 \\ \alpha\, x_{ij} & \text{otherwise} \end{cases}",
    name="leaky ReLU",
    meaning="Negative numbers are not stopped, but made smaller by the factor α, 0.01 for example.",
    source=MAAS,
    alpha=True,
    slope=r"Case by case: the slope of $x$ is 1, that of $\alpha x$ is $\alpha$. At the kink, "
    r"$x = 0$, it is $\alpha$ by convention.",
)

leaky_relu_gradient = _gradient(
    leaky_relu,
    r"\begin{cases} 1 & x_{ij} > 0 \\ \alpha & \text{otherwise} \end{cases}",
    meaning="Where the input was not positive the gradient is made smaller, but some of it passes.",
)

elu = _activation(
    r"\begin{cases} x_{ij} & x_{ij} > 0 \\ "
    r"\alpha \left(e^{x_{ij}} - 1\right) & \text{otherwise} \end{cases}",
    name="ELU",
    meaning="The exponential linear unit bends negative numbers towards −α instead of cutting them "
    "off.",
    source=CLEVERT,
    alpha=True,
    slope="Case by case: the slope of $x$ is 1; that of $e^x$ is $e^x$ itself, and that of $-1$ is "
    r"0. At 0 the two slopes agree if $\alpha = 1$; otherwise there is a kink, and the slope "
    r"there is $\alpha$ by convention.",
)

elu_gradient = _gradient(
    elu,
    r"\begin{cases} 1 & x_{ij} > 0 \\ \alpha\, e^{x_{ij}} & \text{otherwise} \end{cases}",
    meaning="Where the input was negative the slope fades: α times an exponential.",
)

softplus = _activation(
    r"\log\left(1 + e^{x_{ij}}\right)",
    name="softplus",
    meaning="A ReLU with its corner rounded off; log is the natural logarithm.",
    source=DUGAS,
    slope=r"The derivative of $\log z$ is $1/z$, and that of $z = 1 + e^x$ is $e^x$.",
)

softplus_gradient = _gradient(
    softplus,
    r"\frac{1}{1 + e^{-x_{ij}}}",
    meaning="The slope of softplus is the sigmoid.",
)

silu = _activation(
    r"\frac{x_{ij}}{1 + e^{-x_{ij}}}",
    name="SiLU",
    meaning="The input times its own sigmoid: nearly 0 far to the left, nearly x far to the right, "
    "and a little below 0 in between. Also called swish.",
    source=ELFWING,
    slope="The output is $x$ times a sigmoid. By the product rule $x$ is derived, while the "
    "sigmoid stays; then the sigmoid, whose derivative is $e^{-x}/(1 + e^{-x})^2$, while $x$ "
    "stays.",
)

silu_gradient = _gradient(
    silu,
    r"\frac{1 + \left(1 + x_{ij}\right) e^{-x_{ij}}}{\left(1 + e^{-x_{ij}}\right)^2}",
    meaning="The slope of SiLU goes from 0 to 1, and on the way a little below 0 and above 1.",
)

gelu = _activation(
    r"\frac{x_{ij}}{2} \left(1 + \operatorname{erf} \frac{x_{ij}}{\sqrt{2}}\right)",
    name="GELU",
    meaning="The input times the probability that a normally distributed number is smaller; erf is "
    "the error function.",
    source=HENDRYCKS,
    slope=r"Product rule: $x/2$ is derived, and then $\operatorname{erf}$. The derivative of "
    r"$\operatorname{erf} z$ is $2 e^{-z^2}/\sqrt{\pi}$, and that of $z = x/\sqrt{2}$ is "
    r"$1/\sqrt{2}$.",
)

gelu_gradient = _gradient(
    gelu,
    r"\left(\frac{1}{2} \left(1 + \operatorname{erf} \frac{x_{ij}}{\sqrt{2}}\right) + "
    r"\frac{x_{ij}}{\sqrt{2 \pi}}\, e^{-x_{ij}^2 / 2}\right)",
    meaning="The probability itself, plus the input times the bell curve.",
)

BETWEEN = "convolution/input-gradient", "pooling/max"

CHAPTERS = {
    "activation/relu": (relu,),
    "activation/relu-gradient": (relu_gradient,),
    "activation/families": (
        sigmoid,
        sigmoid_gradient,
        tanh,
        tanh_gradient,
        leaky_relu,
        leaky_relu_gradient,
        elu,
        elu_gradient,
        softplus,
        softplus_gradient,
        silu,
        silu_gradient,
        gelu,
        gelu_gradient,
    ),
}
