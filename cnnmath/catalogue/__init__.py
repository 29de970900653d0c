"""The catalogue: every formula of the book, written once.

What you can do with it: call a formula on arrays, `convolution(x=image, W=kernels, b=biases)`;
show it, by making it the last line of a notebook cell; write out one element, `.expand(...)`;
check a derivation line by line, `.check(...)`; go through all of them, `formulas()`. The chapters
typeset what stands here, the layers are tested against it, and so no formula of the book stands
anywhere else.

One file for each part of the book. Indices start at 0, and what lies outside an array reads as 0;
inside a maximum, as −∞.
"""

from collections.abc import Mapping

from cnnmath.catalogue.activation import (
    elu,
    elu_gradient,
    elu_gradient_derivation,
    gelu,
    gelu_gradient,
    gelu_gradient_derivation,
    leaky_relu,
    leaky_relu_gradient,
    leaky_relu_gradient_derivation,
    relu,
    relu_gradient,
    relu_gradient_derivation,
    sigmoid,
    sigmoid_gradient,
    sigmoid_gradient_derivation,
    silu,
    silu_gradient,
    silu_gradient_derivation,
    softplus,
    softplus_gradient,
    softplus_gradient_derivation,
    tanh,
    tanh_gradient,
    tanh_gradient_derivation,
)
from cnnmath.catalogue.channels import (
    channels,
    channels_input_gradient,
    channels_input_gradient_derivation,
    channels_kernel_gradient,
    channels_kernel_gradient_derivation,
)
from cnnmath.catalogue.convolution import (
    bias_gradient,
    bias_gradient_derivation,
    convolution,
    error_signal,
    input_gradient,
    input_gradient_derivation,
    input_gradient_full,
    kernel_gradient,
    kernel_gradient_derivation,
    rotated_convolution,
    squared_error,
    squared_error_gradient,
    turned_kernel,
)
from cnnmath.catalogue.network import (
    pooled,
    pooled_gradient,
    pooled_winner,
    rectified,
    rectified_gradient,
)
from cnnmath.catalogue.pooling import (
    average_pooling,
    average_pooling_gradient,
    average_pooling_gradient_derivation,
    max_pooling,
    max_pooling_gradient,
    max_pooling_gradient_derivation,
    padded_max_pooling,
    shared_max_pooling_gradient,
    unshared_max_pooling_gradient,
    winner,
    winners,
)
from cnnmath.catalogue.symbols import SYMBOLS
from cnnmath.derivation import Derivation
from cnnmath.formula import Formula

__all__ = ["CHAPTERS", "SYMBOLS", "formulas"]

CHAPTERS: Mapping[str, tuple[Formula | Derivation, ...]] = {
    "convolution/forward": (convolution, rotated_convolution),
    "convolution/kernel-gradient": (
        squared_error,
        squared_error_gradient,
        error_signal,
        kernel_gradient,
        kernel_gradient_derivation,
    ),
    "convolution/bias-gradient": (bias_gradient, bias_gradient_derivation),
    "convolution/input-gradient": (
        input_gradient,
        turned_kernel,
        input_gradient_full,
        input_gradient_derivation,
    ),
    "activation/families": (
        sigmoid,
        sigmoid_gradient,
        sigmoid_gradient_derivation,
        tanh,
        tanh_gradient,
        tanh_gradient_derivation,
        leaky_relu,
        leaky_relu_gradient,
        leaky_relu_gradient_derivation,
        elu,
        elu_gradient,
        elu_gradient_derivation,
        softplus,
        softplus_gradient,
        softplus_gradient_derivation,
        silu,
        silu_gradient,
        silu_gradient_derivation,
        gelu,
        gelu_gradient,
        gelu_gradient_derivation,
    ),
    "activation/relu": (relu,),
    "activation/relu-gradient": (relu_gradient, relu_gradient_derivation),
    "pooling/max": (max_pooling, padded_max_pooling),
    "pooling/max-gradient": (
        winner,
        max_pooling_gradient,
        max_pooling_gradient_derivation,
        winners,
        shared_max_pooling_gradient,
        unshared_max_pooling_gradient,
    ),
    "pooling/average": (
        average_pooling,
        average_pooling_gradient,
        average_pooling_gradient_derivation,
    ),
    "channels/forward": (channels,),
    "channels/kernel-gradient": (channels_kernel_gradient, channels_kernel_gradient_derivation),
    "channels/input-gradient": (channels_input_gradient, channels_input_gradient_derivation),
    "network/three-layers": (
        rectified,
        pooled,
        pooled_winner,
        pooled_gradient,
        rectified_gradient,
    ),
}
"""The chapters of the book in their order, each with the formulas that it is about."""


def formulas() -> dict[str, Formula]:
    """Every formula by the name of its constant, derivations included, in the book's order."""
    names = {id(value): name for name, value in globals().items()}
    return {
        names[id(stated)]: stated.formula if isinstance(stated, Derivation) else stated
        for chapter in CHAPTERS.values()
        for stated in chapter
    }
