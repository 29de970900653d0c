"""Where the largest of many values are first attained."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from cnnmath.core.functions import Values

Spans = Mapping[str, tuple[int, int]]  # first and last value of indices


def attained(values: Values, spans: Spans, whole: Spans) -> Values:
    """The largest of some values along their outermost axes, and the index where it is; of several
    indices, which of their values in row-major order.

    spans : what the indices run over on these axes, a part of the whole
    Returns both on one axis in front.
    """
    lengths = values.shape[: len(spans)]
    flat = values.reshape((-1, *values.shape[len(spans) :]))
    local = np.argmax(flat, axis=0)
    best = np.take_along_axis(flat, local[None], axis=0)[0]
    if len(spans) == 1:
        return np.stack([best, local + next(iter(spans.values()))[0]])
    place: Any = 0
    for name, digit in zip(spans, np.unravel_index(local, lengths), strict=True):
        first, last = whole[name]
        place = place * (last - first + 1) + digit + spans[name][0] - first
    return np.stack([best, place])


def first_largest(one: Values, two: Values) -> Values:
    """Of two such pairs the one with the larger value, of equals the first; NaN is the largest."""
    (best, _), (other, _) = one, two
    return np.where(((other > best) | np.isnan(other)) & ~np.isnan(best), two, one)
