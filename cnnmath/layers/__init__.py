"""The layers of a convolutional network and their gradients, fast, in plain NumPy.

What you can do with it: run a layer forwards over a batch of images, and take the gradient of
any error backwards through it, to the layer's input and to its parameters. `output_size` says
how large a result will be without computing it.
"""

from cnnmath.layers.activation import (
    elu,
    elu_backward,
    gelu,
    gelu_backward,
    leaky_relu,
    leaky_relu_backward,
    relu,
    relu_backward,
    sigmoid,
    sigmoid_backward,
    silu,
    silu_backward,
    softplus,
    softplus_backward,
    tanh,
    tanh_backward,
)
from cnnmath.layers.convolution import conv1d, conv2d, conv2d_backward
from cnnmath.layers.dense import dense, dense_backward
from cnnmath.layers.geometry import output_size
from cnnmath.layers.loss import cross_entropy, cross_entropy_backward, softmax
from cnnmath.layers.pooling import avg_pool2d, avg_pool2d_backward, max_pool2d, max_pool2d_backward
from cnnmath.layers.transposed import conv_transpose2d, conv_transpose2d_backward

__all__ = [
    "avg_pool2d",
    "avg_pool2d_backward",
    "conv1d",
    "conv2d",
    "conv2d_backward",
    "conv_transpose2d",
    "conv_transpose2d_backward",
    "cross_entropy",
    "cross_entropy_backward",
    "dense",
    "dense_backward",
    "elu",
    "elu_backward",
    "gelu",
    "gelu_backward",
    "leaky_relu",
    "leaky_relu_backward",
    "max_pool2d",
    "max_pool2d_backward",
    "output_size",
    "relu",
    "relu_backward",
    "sigmoid",
    "sigmoid_backward",
    "silu",
    "silu_backward",
    "softmax",
    "softplus",
    "softplus_backward",
    "tanh",
    "tanh_backward",
]
