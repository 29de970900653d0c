"""The catalogue: every formula of the book, written once.

What you can do with it: call a formula on arrays, `convolution(x=image, W=kernels, b=biases)`;
show it, by making it the last line of a notebook cell; write out one element, `.expand(...)`;
check it, `.check(...)`; go through all of them, `formulas()`. The chapters typeset and derive what
stands here, the layers are tested against it, and so no formula of the book stands anywhere else.

One file for each part of the book. Indices start at 0, and what lies outside an array reads as 0;
inside a maximum, as −∞.
"""

from collections.abc import Mapping

from cnnmath.catalogue.activation import (
    elu,
    elu_gradient,
    gelu,
    gelu_gradient,
    leaky_relu,
    leaky_relu_gradient,
    relu,
    relu_gradient,
    sigmoid,
    sigmoid_gradient,
    silu,
    silu_gradient,
    softplus,
    softplus_gradient,
    tanh,
    tanh_gradient,
)
from cnnmath.catalogue.arithmetic import (
    relationship_1,
    relationship_2,
    relationship_3,
    relationship_4,
    relationship_5,
    relationship_6,
    relationship_7,
    relationship_8,
    relationship_9,
    relationship_10,
    relationship_11,
    relationship_12,
    relationship_13,
    relationship_14,
    relationship_15,
    strided_convolution,
    strided_input_gradient,
    strided_kernel_gradient,
    transposed_convolution,
    transposed_input_gradient,
    transposed_kernel_gradient,
)
from cnnmath.catalogue.channels import (
    channels,
    channels_input_gradient,
    channels_kernel_gradient,
)
from cnnmath.catalogue.classes import (
    cross_entropy,
    cross_entropy_gradient,
    dense,
    dense_bias_gradient,
    dense_input_gradient,
    dense_weight_gradient,
    shifted_softmax,
    softmax,
)
from cnnmath.catalogue.convolution import (
    bias_gradient,
    convolution,
    error_signal,
    input_gradient,
    input_gradient_full,
    kernel_gradient,
    rotated_convolution,
    squared_error,
    squared_error_gradient,
    turned_kernel,
)
from cnnmath.catalogue.descent import descended, valley, valley_gradient
from cnnmath.catalogue.graph import (
    gated,
    gated_gradient,
    skip,
    skip_gradient,
    weighed,
)
from cnnmath.catalogue.groups import (
    depthwise_convolution,
    full_kernels,
    grouped_convolution,
    grouped_input_gradient,
    grouped_kernel_gradient,
    pointwise_convolution,
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
    max_pooling,
    max_pooling_gradient,
    padded_max_pooling,
    shared_max_pooling_gradient,
    unshared_max_pooling_gradient,
    winner,
    winners,
)
from cnnmath.catalogue.receptive_field import field_begin, jump, receptive_field
from cnnmath.catalogue.symbols import SYMBOLS
from cnnmath.formula import Formula

__all__ = ["CHAPTERS", "SYMBOLS", "formulas"]

CHAPTERS: Mapping[str, tuple[Formula, ...]] = {
    "convolution/forward": (convolution, rotated_convolution),
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
    "pooling/max": (max_pooling, padded_max_pooling),
    "pooling/max-gradient": (
        winner,
        max_pooling_gradient,
        winners,
        shared_max_pooling_gradient,
        unshared_max_pooling_gradient,
    ),
    "pooling/average": (
        average_pooling,
        average_pooling_gradient,
    ),
    "channels/forward": (channels,),
    "channels/backward": (channels_kernel_gradient, channels_input_gradient),
    "arithmetic/padding": (
        strided_convolution,
        relationship_1,
        relationship_2,
        relationship_3,
        relationship_4,
        relationship_5,
        relationship_6,
        relationship_7,
        relationship_8,
        relationship_9,
        relationship_10,
        relationship_11,
        relationship_12,
        relationship_13,
        relationship_14,
        relationship_15,
    ),
    "arithmetic/transposed": (
        transposed_convolution,
        transposed_kernel_gradient,
        transposed_input_gradient,
    ),
    "arithmetic/gradients": (
        strided_kernel_gradient,
        strided_input_gradient,
    ),
    "arithmetic/groups": (
        depthwise_convolution,
        pointwise_convolution,
        grouped_convolution,
        grouped_kernel_gradient,
        grouped_input_gradient,
        full_kernels,
    ),
    "arithmetic/receptive-field": (receptive_field, jump, field_begin),
    "network/three-layers": (
        rectified,
        pooled,
        pooled_winner,
        pooled_gradient,
        rectified_gradient,
    ),
    "network/dense": (
        dense,
        dense_weight_gradient,
        dense_bias_gradient,
        dense_input_gradient,
    ),
    "network/softmax": (
        softmax,
        shifted_softmax,
        cross_entropy,
        cross_entropy_gradient,
    ),
    "network/graph": (weighed, gated, skip, gated_gradient, skip_gradient),
    "network/descent": (valley, valley_gradient, descended),
}
"""The chapters of the book in their order, each with the formulas that it is about."""


def formulas() -> dict[str, Formula]:
    """Every formula by the name of its constant, in the book's order."""
    names = {id(value): name for name, value in globals().items()}
    return {names[id(stated)]: stated for chapter in CHAPTERS.values() for stated in chapter}
