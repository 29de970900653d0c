"""What is often taken for a formula of the book, and is not: formulas that a wrong answer may come
from, so that a reader who gives that answer can be told what it is the answer to.

`common_mistakes(input_gradient)` are those for one formula, each with a sentence that says of its
number what it is. `cnnmath.explorer.predict` asks for them. A mistake that shows in the sum itself,
such as a term that is missing, has no formula here.
"""

from collections.abc import Mapping
from typing import Any

from cnnmath.catalogue.activation import relu_gradient
from cnnmath.catalogue.channels import channels
from cnnmath.catalogue.convolution import convolution, input_gradient, kernel_gradient
from cnnmath.catalogue.network import rectified_gradient
from cnnmath.catalogue.pooling import (
    average_pooling,
    average_pooling_gradient,
    max_pooling,
    max_pooling_gradient,
)
from cnnmath.formula import Formula

_X = r"\frac{\partial E}{\partial x_{ij}}"
_WINDOW = r"\sum_{s=0}^{m-1} \sum_{t=0}^{n-1}"
_KERNELS = rf"\sum_{{k=0}}^{{K-1}} {_WINDOW}"
_UV = r"\frac{\partial E}{\partial x_{uv}}"


def _instead(right: Formula, latex: str, **shapes: Any) -> Formula:
    """A formula for the same result, of arrays of the same shapes."""
    return Formula(latex, name=f"{right.name}, mistaken", symbols=right.symbols, **shapes)


_WINDOWED: dict[str, Any] = {"x": "M N", "W": "K m n", "b": "K", "a": "K M-m+1 N-n+1"}
_BACK: dict[str, Any] = {"x": "M N", "W": "K m n", "delta": "K M-m+1 N-n+1"}
_POOLED: dict[str, Any] = {"x": "M N", "a": "(M-l)//q+1 (N-l)//q+1"}

_MISTAKES: Mapping[Formula, tuple[tuple[str, str, Mapping[str, Any]], ...]] = {
    convolution: (
        (
            rf"a^{{(k)}}_{{ij}} = b^{{(k)}} + {_WINDOW} "
            r"W^{(k)}_{(m-1-s)(n-1-t)}\, x_{(i+s)(j+t)}",
            "that is the sum with the kernel turned by 180°",
            _WINDOWED,
        ),
    ),
    input_gradient: (
        (
            rf"{_X} = {_KERNELS} "
            r"W^{(k)}_{(m-1-s)(n-1-t)}\, \delta^{(k)}_{(i-s)(j-t)}",
            "that is the sum with the kernel unturned",
            _BACK,
        ),
        (
            rf"{_X} = {_KERNELS} W^{{(k)}}_{{st}}\, \delta^{{(k)}}_{{(i+s)(j+t)}}",
            "that is the sum over the outputs after the pixel, not over those that saw it",
            _BACK,
        ),
        (
            rf"{_X} = {_WINDOW} W^{{(0)}}_{{st}}\, \delta^{{(0)}}_{{(i-s)(j-t)}}",
            "that is what comes back through the first kernel alone",
            _BACK,
        ),
    ),
    kernel_gradient: (
        (
            r"\frac{\partial E}{\partial W^{(k)}_{st}} = \sum_{i=0}^{M-m} \sum_{j=0}^{N-n} "
            r"\delta^{(k)}_{(M-m-i)(N-n-j)}\, x_{(i+s)(j+t)}",
            "that is the sum with the gradients turned by 180°",
            _BACK,
        ),
    ),
    relu_gradient: (
        (
            rf"{_X} = \frac{{\partial E}}{{\partial h_{{ij}}}}\, [x_{{ij}} \ge 0]",
            "that lets the gradient through at 0 too",
            {"x": "M N", "h": "M N"},
        ),
        (
            rf"{_X} = \frac{{\partial E}}{{\partial h_{{ij}}}}",
            "that is the gradient as it arrives, whatever the input was",
            {"x": "M N", "h": "M N"},
        ),
    ),
    rectified_gradient: (
        (
            r"\frac{\partial E}{\partial a^{(k)}_{ij}} = \frac{\partial E}{\partial h^{(k)}_{ij}}",
            "that is the gradient as it arrives, whatever the input was",
            {"a": "K O R", "h": "K O R"},
        ),
    ),
    max_pooling: (
        (
            r"a_{ij} = \frac{1}{l^2} \sum_{s=0}^{l-1} \sum_{t=0}^{l-1} x_{(iq+s)(jq+t)}",
            "that is the mean of the window",
            _POOLED,
        ),
    ),
    max_pooling_gradient: (
        (
            rf"{_UV} = \sum_{{i,j}} \frac{{\partial E}}{{\partial a_{{ij}}}}\, "
            r"[x_{uv} = a_{ij}]\, [0 \le u - iq < l]\, [0 \le v - jq < l]",
            "that gives every cell that is as large as the winner the whole gradient",
            _POOLED,
        ),
        (
            rf"{_UV} = \sum_{{i,j}} \frac{{\partial E}}{{\partial a_{{ij}}}}\, "
            r"[0 \le u - iq < l]\, [0 \le v - jq < l]",
            "that gives every cell of a window its whole gradient",
            _POOLED,
        ),
    ),
    average_pooling: (
        (
            r"a_{ij} = \sum_{s=0}^{l-1} \sum_{t=0}^{l-1} x_{(iq+s)(jq+t)}",
            "that is the sum of the window, not its mean",
            _POOLED,
        ),
    ),
    average_pooling_gradient: (
        (
            rf"{_UV} = \sum_{{i,j}} \frac{{\partial E}}{{\partial a_{{ij}}}}\, "
            r"[0 \le u - iq < l]\, [0 \le v - jq < l]",
            "that gives every cell of a window its whole gradient",
            _POOLED,
        ),
    ),
    channels: (
        (
            rf"a^{{(k)}}_{{ij}} = b^{{(k)}} + {_WINDOW} "
            r"W^{(k,0)}_{st}\, x^{(0)}_{(i+s)(j+t)}",
            "that is the sum over the first channel alone",
            {"x": "C M N", "W": "K C m n", "b": "K", "a": "K M-m+1 N-n+1"},
        ),
    ),
}


def common_mistakes(right: Formula) -> tuple[tuple[Formula, str], ...]:
    """Formulas for the same result that are wrong, each with words such as "that is the mean of
    the window"; none for a formula that is not of the book.
    """
    stated = _MISTAKES.get(right, ())
    return tuple((_instead(right, latex, **shapes), words) for latex, words, shapes in stated)
