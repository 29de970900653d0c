"""Mistakes that show in the values alone, whatever the formula says."""

from collections.abc import Callable, Iterator, Sequence
from itertools import permutations

import numpy as np

from cnnmath.core.functions import Values

Same = Callable[[Values, Values], bool]


def traces(found: Values, want: Values, same: Same) -> Iterator[str]:
    """What is told by values of the right shape: words that go on after "as if"."""
    if found.ndim > 1:
        for order in permutations(range(found.ndim)):
            if order != tuple(range(found.ndim)) and same(found.transpose(order), want):
                yield f"the axes of the result are exchanged: they stand in the order {order}"
    for axis in range(found.ndim):
        if same(np.flip(found, axis), want):
            yield f"the result is backwards along axis {axis}"
    if found.ndim > 1 and same(np.flip(found), want):
        yield "the result is backwards along all axes"
    yield from _unset(found, want, same)
    if want.size > 1:
        for axis in range(want.ndim):
            if same(found, np.cumsum(want, axis)):
                yield "a total goes on from one element to the next: set it back to 0 before each"
        if same(found.ravel(), np.cumsum(want)):
            yield "a total goes on from one element to the next: set it back to 0 before each"
        yield from _constant(found, want, same)


def _unset(found: Values, want: Values, same: Same) -> Iterator[str]:
    """Elements that were left as they were."""
    if found.size < 2:
        return
    right = np.isclose(found, want, rtol=1e-6, atol=0.0)
    left = ~right & (found == found.flat[-1])
    if not right.any() or not (right | left).all():
        return
    flat = right.ravel()
    count = int(flat.argmin())
    if not flat[count:].any():
        if count == 1:
            yield "a `return` stands inside the loop: the first element alone is calculated"
        else:
            yield f"a loop ends early: the first {count} elements alone are calculated"
    for axis in range(found.ndim):
        inner = np.moveaxis(right, axis, 0)
        if inner[:-1].all() and not inner[-1].any():
            yield f"a loop ends one early: the last elements along axis {axis} are not calculated"
        if inner[1:].all() and not inner[0].any():
            yield f"a loop begins at 1: the first elements along axis {axis} are not calculated"


def _constant(found: Values, want: Values, same: Same) -> Iterator[str]:
    """A factor that all elements have, or a number that all have too much."""
    at = int(np.argmax(np.abs(want)))
    if want.flat[at]:
        factor = float(found.flat[at] / want.flat[at])
        if np.isfinite(factor) and factor != 0 and same(found, factor * want):
            yield f"all is multiplied by {factor:.4g}"
    more = float(found.flat[at] - want.flat[at])
    if np.isfinite(more) and same(found, want + more):
        yield f"{more:.4g} is added to every element"


def of_shape(found: Values, want: Values, same: Same) -> Iterator[str]:
    """What is told by a result of another shape: words that say what it holds."""
    if found.size == want.size and same(found.reshape(want.shape), want):
        squeezed = found.squeeze().shape == want.squeeze().shape
        yield (
            "the values are right, but an axis of length 1 is too many, or one is missing"
            if squeezed
            else "the values are right, in their order, but not in this shape: use reshape"
        )
        return
    if found.ndim == want.ndim > 1:
        for order in permutations(range(found.ndim)):
            turned = found.transpose(order)
            if turned.shape == want.shape and same(turned, want):
                yield f"the axes of the result are exchanged: they stand in the order {order}"
    if found.ndim == want.ndim + 1:
        for axis in range(found.ndim):
            if same(found.sum(axis=axis), want):
                yield f"the sum over axis {axis} of the result is missing"
            if same(found.mean(axis=axis), want):
                yield f"the mean over axis {axis} of the result is missing"
    if want.ndim == found.ndim + 1 and want.size:
        for axis in range(want.ndim):
            if same(found, want.sum(axis=axis)):
                yield f"a sum is taken over axis {axis} of the result, which is not meant"
    if found.ndim == want.ndim:
        yield from _cut(found, want, same)


def _cut(found: Values, want: Values, same: Same) -> Iterator[str]:
    """A result that holds the right one, or a part of it."""
    for large, small in ((found, want), (want, found)):
        room = [a - b for a, b in zip(large.shape, small.shape, strict=True)]
        if not small.size or any(r < 0 for r in room) or np.prod([r + 1 for r in room]) > 1000:
            continue
        for start in np.ndindex(*(r + 1 for r in room)):
            part = large[tuple(slice(a, a + n) for a, n in zip(start, small.shape, strict=True))]
            if same(part, small):
                place = tuple(int(a) for a in start)
                if large is found:
                    yield f"the right values stand in it from {place} on: with so much padding"
                else:
                    missing = " and ".join(_missing(place, small.shape, large.shape))
                    yield f"the values are right, but these are missing: {missing}"
                return


def _missing(place: Sequence[int], small: Sequence[int], large: Sequence[int]) -> Iterator[str]:
    """What lies before and behind a part of an array, axis by axis."""
    for axis, (before, size, whole) in enumerate(zip(place, small, large, strict=True)):
        for end, number in (("first", before), ("last", whole - before - size)):
            if number:
                yield f"the {end}{f' {number}' if number > 1 else ''} along axis {axis}"
