"""Activations: functions that every number of an image goes through by itself, and their slopes.

Symbols: x the input, M × N; h the output, of the same size; α the factor for negative inputs.
"""

from typing import Any

from cnnmath.catalogue.symbols import (
    ARTICLE,
    CLEVERT,
    DUGAS,
    ELFWING,
    GOODFELLOW_6,
    HENDRYCKS,
    MAAS,
    stated,
)
from cnnmath.derivation import Derivation
from cnnmath.formula import Formula


def _activation(
    right: str, *, name: str, meaning: str, source: str, alpha: bool = False
) -> Formula:
    factor: dict[str, Any] = {"alpha": ""} if alpha else {}
    return stated(
        rf"h_{{ij}} = {right}", name=name, meaning=meaning, source=source,
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


def _derivation(h: Formula, *lines: tuple[str, str]) -> Derivation:
    """The derivation of a gradient, given its last lines: each a slope and the step to it.

    The first two are the same for every activation, since a unit reads only its own input.
    """
    incoming = r"\frac{\partial E}{\partial h_{ij}}"
    sides = [
        r"\sum_{u,v} \frac{\partial E}{\partial h_{uv}} \frac{\partial h_{uv}}{\partial x_{ij}}",
        rf"{incoming}\, \frac{{\partial h_{{ij}}}}{{\partial x_{{ij}}}}",
        *(rf"{incoming}\, {slope}" for slope, _ in lines),
    ]
    steps = [
        r"Chain rule: the input $x_{ij}$ can move $E$ only through the outputs $h_{uv}$.",
        r"The sum collapses: $h_{uv}$ depends on $x_{uv}$ alone, and only $u=i$, $v=j$ is left.",
        *(step for _, step in lines),
    ]
    chain = r" \\ ".join(f"&= {side}" for side in sides)
    formula = stated(
        rf"\frac{{\partial E}}{{\partial x_{{ij}}}} {chain}",
        name=f"gradient of {h.name}, derived",
        h=h,
    )
    return Derivation(formula, steps="\n\n".join(steps))


sigmoid = _activation(
    r"\frac{1}{1 + e^{-x_{ij}}}",
    name="sigmoid",
    meaning="Squeezes every number into the range from 0 to 1; 0 becomes one half.",
    source=GOODFELLOW_6,
)

sigmoid_gradient = _gradient(
    sigmoid,
    r"h_{ij} \left(1 - h_{ij}\right)",
    meaning="The slope of the sigmoid follows from its value: it is at most 1/4, in the middle, "
    "and next to nothing at both ends.",
)

sigmoid_gradient_derivation = _derivation(
    sigmoid,
    (
        r"\frac{e^{-x_{ij}}}{\left(1 + e^{-x_{ij}}\right)^2}",
        r"Chain rule for one over something: the derivative of $1/z$ is $-1/z^2$, and that of "
        r"$z = 1 + e^{-x_{ij}}$ is $-e^{-x_{ij}}$. The two minus signs cancel.",
    ),
    (
        r"\frac{1}{1 + e^{-x_{ij}}} \cdot \frac{e^{-x_{ij}}}{1 + e^{-x_{ij}}}",
        "Split the fraction into two.",
    ),
    (
        r"\frac{1}{1 + e^{-x_{ij}}} \left(1 - \frac{1}{1 + e^{-x_{ij}}}\right)",
        r"Write $e^{-x_{ij}}$ above the second line as $(1 + e^{-x_{ij}}) - 1$, and divide.",
    ),
    (
        r"h_{ij} \left(1 - h_{ij}\right)",
        "Both fractions are the output $h_{ij}$, which the forward pass has calculated already.",
    ),
)

tanh = _activation(
    r"\tanh x_{ij}",
    name="tanh",
    meaning="The hyperbolic tangent squeezes every number into the range from −1 to 1; 0 stays 0.",
    source=GOODFELLOW_6,
)

tanh_gradient = _gradient(
    tanh,
    r"\left(1 - h_{ij}^2\right)",
    meaning="The slope of the hyperbolic tangent follows from its value: 1 in the middle, next to "
    "nothing at both ends.",
)

tanh_gradient_derivation = _derivation(
    tanh,
    (
        r"\frac{\left(\cosh x_{ij}\right)^2 - \left(\sinh x_{ij}\right)^2}"
        r"{\left(\cosh x_{ij}\right)^2}",
        r"Quotient rule: $\tanh$ is $\sinh / \cosh$, the derivative of $\sinh$ is $\cosh$, and "
        r"that of $\cosh$ is $\sinh$.",
    ),
    (
        r"\left(1 - \left(\frac{\sinh x_{ij}}{\cosh x_{ij}}\right)^2\right)",
        "Divide both terms by what stands below.",
    ),
    (
        r"\left(1 - h_{ij}^2\right)",
        "The quotient is the output $h_{ij}$.",
    ),
)

relu = _activation(
    r"\max(0, x_{ij})",
    name="ReLU",
    meaning="The rectified linear unit lets positive numbers through, and makes 0 of all others.",
    source=ARTICLE,
)

relu_gradient = _gradient(
    relu,
    r"[x_{ij} > 0]",
    meaning="The gradient passes where the input was positive, and stops everywhere else.",
)

relu_gradient_derivation = _derivation(
    relu,
    (
        r"\begin{cases} 1 & x_{ij} > 0 \\ 0 & \text{otherwise} \end{cases}",
        r"Differentiate case by case: where $x_{ij} > 0$ the output is $x_{ij}$, whose slope is 1; "
        r"where $x_{ij} < 0$ it is 0, whose slope is 0. At $x_{ij} = 0$ there is a kink and no "
        "slope; by convention it is 0.",
    ),
    (
        r"[x_{ij} > 0]",
        "Write the two cases as a bracket, which is 1 where what it says is true, and 0 elsewhere.",
    ),
)

leaky_relu = _activation(
    r"\begin{cases} x_{ij} & x_{ij} > 0 \\ \alpha\, x_{ij} & \text{otherwise} \end{cases}",
    name="leaky ReLU",
    meaning="Negative numbers are not stopped, but made smaller by the factor α, 0.01 for example.",
    source=MAAS,
    alpha=True,
)

leaky_relu_gradient = _gradient(
    leaky_relu,
    r"\begin{cases} 1 & x_{ij} > 0 \\ \alpha & \text{otherwise} \end{cases}",
    meaning="Where the input was not positive the gradient is made smaller, but some of it passes.",
)

leaky_relu_gradient_derivation = _derivation(
    leaky_relu,
    (
        r"\begin{cases} 1 & x_{ij} > 0 \\ \alpha & \text{otherwise} \end{cases}",
        r"Differentiate case by case: the slope of $x_{ij}$ is 1, that of $\alpha\, x_{ij}$ is "
        r"$\alpha$. At the kink, $x_{ij} = 0$, it is $\alpha$ by convention.",
    ),
)

elu = _activation(
    r"\begin{cases} x_{ij} & x_{ij} > 0 \\ "
    r"\alpha \left(e^{x_{ij}} - 1\right) & \text{otherwise} \end{cases}",
    name="ELU",
    meaning="The exponential linear unit bends negative numbers towards −α instead of cutting them "
    "off.",
    source=CLEVERT,
    alpha=True,
)

elu_gradient = _gradient(
    elu,
    r"\begin{cases} 1 & x_{ij} > 0 \\ \alpha\, e^{x_{ij}} & \text{otherwise} \end{cases}",
    meaning="Where the input was negative the slope fades: α times an exponential.",
)

elu_gradient_derivation = _derivation(
    elu,
    (
        r"\begin{cases} 1 & x_{ij} > 0 \\ \alpha\, e^{x_{ij}} & \text{otherwise} \end{cases}",
        r"Differentiate case by case: the slope of $x_{ij}$ is 1; that of $e^{x_{ij}}$ is "
        r"$e^{x_{ij}}$ itself, and that of $-1$ is 0. At 0 the two slopes agree if $\alpha = 1$; "
        r"otherwise there is a kink, and the slope there is $\alpha$ by convention.",
    ),
)

softplus = _activation(
    r"\log\left(1 + e^{x_{ij}}\right)",
    name="softplus",
    meaning="A ReLU with its corner rounded off; log is the natural logarithm.",
    source=DUGAS,
)

softplus_gradient = _gradient(
    softplus,
    r"\frac{1}{1 + e^{-x_{ij}}}",
    meaning="The slope of softplus is the sigmoid.",
)

softplus_gradient_derivation = _derivation(
    softplus,
    (
        r"\frac{e^{x_{ij}}}{1 + e^{x_{ij}}}",
        r"Chain rule: the derivative of $\log z$ is $1/z$, and that of $z = 1 + e^{x_{ij}}$ is "
        r"$e^{x_{ij}}$.",
    ),
    (
        r"\frac{1}{1 + e^{-x_{ij}}}",
        r"Multiply above and below by $e^{-x_{ij}}$.",
    ),
)

silu = _activation(
    r"\frac{x_{ij}}{1 + e^{-x_{ij}}}",
    name="SiLU",
    meaning="The input times its own sigmoid: nearly 0 far to the left, nearly x far to the right, "
    "and a little below 0 in between. Also called swish.",
    source=ELFWING,
)

silu_gradient = _gradient(
    silu,
    r"\frac{1 + \left(1 + x_{ij}\right) e^{-x_{ij}}}{\left(1 + e^{-x_{ij}}\right)^2}",
    meaning="The slope of SiLU goes from 0 to 1, and on the way a little below 0 and above 1.",
)

silu_gradient_derivation = _derivation(
    silu,
    (
        r"\left(\frac{1}{1 + e^{-x_{ij}}} + "
        r"x_{ij} \frac{e^{-x_{ij}}}{\left(1 + e^{-x_{ij}}\right)^2}\right)",
        r"Product rule: the output is $x_{ij}$ times a sigmoid, and the derivative of the sigmoid "
        r"is $e^{-x_{ij}} / (1 + e^{-x_{ij}})^2$, the third line of its own derivation.",
    ),
    (
        r"\frac{1 + \left(1 + x_{ij}\right) e^{-x_{ij}}}{\left(1 + e^{-x_{ij}}\right)^2}",
        "Bring both terms over one denominator.",
    ),
)

gelu = _activation(
    r"\frac{x_{ij}}{2} \left(1 + \operatorname{erf} \frac{x_{ij}}{\sqrt{2}}\right)",
    name="GELU",
    meaning="The input times the probability that a normally distributed number is smaller; erf is "
    "the error function.",
    source=HENDRYCKS,
)

gelu_gradient = _gradient(
    gelu,
    r"\left(\frac{1}{2} \left(1 + \operatorname{erf} \frac{x_{ij}}{\sqrt{2}}\right) + "
    r"\frac{x_{ij}}{\sqrt{2 \pi}}\, e^{-x_{ij}^2 / 2}\right)",
    meaning="The probability itself, plus the input times the bell curve.",
)

gelu_gradient_derivation = _derivation(
    gelu,
    (
        r"\left(\frac{1}{2} \left(1 + \operatorname{erf} \frac{x_{ij}}{\sqrt{2}}\right) + "
        r"\frac{x_{ij}}{2} \cdot \frac{2}{\sqrt{\pi}}\, e^{-x_{ij}^2 / 2} "
        r"\cdot \frac{1}{\sqrt{2}}\right)",
        r"Product rule. The derivative of $\operatorname{erf} z$ is $2 e^{-z^2} / \sqrt{\pi}$, and "
        r"that of $z = x_{ij} / \sqrt{2}$ is $1 / \sqrt{2}$; and $z^2$ is $x_{ij}^2 / 2$.",
    ),
    (
        r"\left(\frac{1}{2} \left(1 + \operatorname{erf} \frac{x_{ij}}{\sqrt{2}}\right) + "
        r"\frac{x_{ij}}{\sqrt{2 \pi}}\, e^{-x_{ij}^2 / 2}\right)",
        "Multiply the three factors: the twos cancel, and the roots become one.",
    ),
)
