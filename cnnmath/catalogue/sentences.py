"""What a teacher says of a line of a derivation, where that is better than what its rule says.

By the name of the formula, the array by which it is derived, and the title of the line.
"""

from collections.abc import Mapping

Sentences = Mapping[str, Mapping[str, str]]


def _slope(words: str) -> Sentences:
    """Of an activation: how its slope is found."""
    brackets = "$[i' = i] [j' = j]$ is 1 where $x_{i'j'}$ is the input $x_{ij}$."
    return {
        "x": {
            "Differentiate": f"{words} {brackets}",
            "Collapse": "Each output depends on its own input alone: only $i' = i$ and "
            "$j' = j$ are left.",
        }
    }


_WINDOW = (
    "Solve $i + s = u$ for $i$ and $j + t = v$ for $j$: only the window that starts $s$ rows above "
    "the pixel and $t$ columns to its left meets it with its weight in row $s$ and column $t$. It "
    r"is the one at $i = u - s$ and $j = v - t$. There is such a window only where "
    r"$0 \le u - s \le M - m$ and $0 \le v - t \le N - n$; elsewhere $\partial E/\partial a$ "
    "counts as 0, so that the condition need not be written. (In code it must be: an index below 0 "
    "counts from the end, one too large is an error.)"
)
_IN_FRONT = "Write the sums in front: their order does not matter."

SENTENCES: Mapping[str, Sentences] = {
    "convolution": {"x": {"Solve": f"{_IN_FRONT} {_WINDOW}"}},
    "convolution with channels": {
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
            "Solve": _WINDOW,
        },
    },
    "convolution in groups": {
        "W": {
            "Collapse": "The weight belongs to kernel $k$, and only the output of that kernel is "
            "left: $k' = k$. It looks at one channel of the kernel's group, and the sum over these "
            "goes: $c' = c$. Of the window only $s' = s$ and $t' = t$ are left.",
        },
        "x": {
            "Solve": f"{_IN_FRONT} Solve $i + s = v$ for $i$ and $j + t = w$ for $j$, as without "
            r"groups; and $Q \lfloor k/R \rfloor + c = u$ for $c$: within the group of kernel $k$ "
            r"our channel is number $u - Q \lfloor k/R \rfloor$. If it is in another group, that "
            r"is no number from 0 to $Q - 1$: $W$ has no such element, and counts as 0. So does "
            r"$\partial E/\partial a$ where $v - s$ or $w - t$ is no place of the output. (In code "
            "these must be conditions: an index below 0 counts from the end, one too large is an "
            "error.)",
        },
    },
    "max pooling": {
        "x": {
            "Differentiate": "As long as no other cell overtakes it, the maximum is the winning "
            "cell, and moves as that cell does: its derivative with respect to the winner is 1, "
            "and with respect to the others 0. The cell in row $s$ and column $t$ of the window "
            "wins where the first bracket holds, which counts the cells row by row; of equal "
            r"cells the first wins. It is our pixel where $i q + s = u$ and "
            r"$j q + t = v$.",
        },
    },
    "cross-entropy": {
        "z": {
            "Differentiate": "The slope of the logarithm is 1 divided by what stands in it, "
            "$p_{y}$. That is a quotient, and $z_{r}$ stands in its lower part always, where "
            "$c = r$, and in its upper part if the class is the right one, $y = r$. What the "
            "bracket at the end says is only that there is such a class.",
        },
    },
    "both ways together": {
        "x": {
            "Differentiate": "There are two ways from $x_{r}$ to $y_{r'}$. The one past the layer "
            "is the bracket $[r' = r]$: each number goes past to its own place. The other goes "
            "through the layer, and is open only where $z_{r'}$ is positive; the slope there is "
            "the weight that $x_{r}$ meets in that row, the one with $u = r$. What is added "
            "forwards has slopes that are added.",
        },
    },
    "sigmoid": _slope(
        "The derivative of $1/z$ is $-1/z^2$, and that of $z = 1 + e^{-x}$ is $-e^{-x}$: the two "
        "minus signs cancel."
    ),
    "tanh": _slope(
        r"$\tanh$ is $\sinh/\cosh$, the derivative of $\sinh$ is $\cosh$, and that of $\cosh$ is "
        r"$\sinh$. By the quotient rule the slope is $(\cosh^2 - \sinh^2)/\cosh^2$, which is "
        r"$1 - \tanh^2$."
    ),
    "ReLU": _slope(
        "Where the input is above 0 the output is the input, whose slope is 1; where it is below 0 "
        "the output is 0, whose slope is 0. At 0 there is a kink and no slope; by convention it "
        "is 0."
    ),
    "leaky ReLU": _slope(
        r"Case by case: the slope of $x$ is 1, that of $\alpha x$ is $\alpha$. At the kink, "
        r"$x = 0$, it is $\alpha$ by convention."
    ),
    "ELU": _slope(
        "Case by case: the slope of $x$ is 1; that of $e^x$ is $e^x$ itself, and that of $-1$ is "
        r"0. At 0 the two slopes agree if $\alpha = 1$; otherwise there is a kink, and the slope "
        r"there is $\alpha$ by convention."
    ),
    "softplus": _slope(r"The derivative of $\log z$ is $1/z$, and that of $z = 1 + e^x$ is $e^x$."),
    "SiLU": _slope(
        "The output is $x$ times a sigmoid. By the product rule $x$ is derived, while the sigmoid "
        "stays; then the sigmoid, whose derivative is $e^{-x}/(1 + e^{-x})^2$, while $x$ stays."
    ),
    "GELU": _slope(
        r"Product rule: $x/2$ is derived, and then $\operatorname{erf}$. The derivative of "
        r"$\operatorname{erf} z$ is $2 e^{-z^2}/\sqrt{\pi}$, and that of $z = x/\sqrt{2}$ is "
        r"$1/\sqrt{2}$."
    ),
}
