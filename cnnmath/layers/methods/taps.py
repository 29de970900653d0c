"""The gradient at x element by element of the kernel: for strides, and for very many kernels.

Through one element of the kernel all places give back at once: a product (C × K) times (K ×
OH·OW), added to the pixels that the element saw, which are a slice of x with the stride as its
step. No number is multiplied by a zero, and nothing is unrolled; but there is a product and a sum
for each element, and these are worth their calls only if they are large.
"""

import numpy as np

from cnnmath.layers.arguments import FloatArray
from cnnmath.layers.geometry import Axes


def returned(delta: FloatArray, w: FloatArray, axes: Axes, groups: int) -> FloatArray:
    """δ : (N, K, OH, OW), w : (K, C/G, m, n), to (N, C, H, W)."""
    vertical, horizontal = axes
    (n, k, oh, ow), share = delta.shape, w.shape[1]
    shape = n, groups * share, vertical.padded_size, horizontal.padded_size
    around = np.zeros(shape, delta.dtype)
    arriving = delta.reshape(n, groups, k // groups, oh * ow)
    for s, t in np.ndindex(w.shape[2:]):
        pixels = around[:, :, vertical.seen_by(s), horizontal.seen_by(t)]
        weights = w[:, :, s, t].reshape(groups, k // groups, share).swapaxes(1, 2)
        pixels += (weights @ arriving).reshape(pixels.shape)
    return around[:, :, vertical.inside, horizontal.inside].copy()
