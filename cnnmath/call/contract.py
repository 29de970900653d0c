"""Sums of products, calculated by products of matrices instead of term by term."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from cnnmath.core.functions import Values


def contract(factors: Sequence[Values], lengths: Sequence[int], depth: int, most: int) -> Values:
    """The product of some arrays, summed over their outermost axes.

    factors : arrays that broadcast against each other, their axes aligned from the right
    lengths : of the axes that are summed, the outermost first
    depth : how many axes the product has, those that are summed included
    most : how many numbers an array on the way may have
    Returns an array of depth - len(lengths) axes; one that no factor has is 1 long.
    """
    scale: Any = 1.0
    operands: list[Any] = []
    used: set[int] = set()
    for factor in factors:
        first = depth - factor.ndim
        axes = [first + axis for axis, length in enumerate(factor.shape) if length > 1]
        if axes:
            operands += [factor.reshape([n for n in factor.shape if n > 1]), axes]
            used.update(axes)
        else:
            scale = scale * factor.reshape(())
    for axis, length in enumerate(lengths):
        if axis not in used:  # the same term, as often as the sum is long
            scale = scale * length
    if not operands:
        return np.asarray(scale)
    kept = sorted(axis for axis in used if axis >= len(lengths))
    total = np.einsum(*operands, kept, optimize=("greedy", most))
    remaining = iter(total.shape)
    shape = [next(remaining) if axis in kept else 1 for axis in range(len(lengths), depth)]
    return np.asarray(scale * total.reshape(shape))
