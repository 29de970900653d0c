"""Every line is run: compared with the line before, and with differences of the forward formula."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnmath.core.nodes import Binder, Node
from cnnmath.derive.forward import Forward
from cnnmath.derive.sample import Sample, fails_somewhere, samples
from cnnmath.errors import CnnMathError, DerivationError
from cnnmath.formula import Formula

Values = NDArray[np.float64]

TOLERANCE = 1e-6  # beside differences
SAME = 1e-9  # between two lines
DIRECTIONS = 3
STEPS = (1e-4, 1e-6, 1e-5)  # of differences: short ones meet fewer kinks, long ones round less
TRIED = 6  # samples, until on one of them every condition fails somewhere


@dataclass(frozen=True)
class Condition:
    """A condition that a line dropped or kept, and the ranges of the indices in it."""

    condition: Node
    ranges: Mapping[str, Binder]


@dataclass(frozen=True)
class Proof:
    """gaps : how far each line is from the one before, the first from the differences; relatively

    sizes : at which they were run
    """

    gaps: tuple[float, ...]
    sizes: Mapping[str, int]


def proven(
    forward: Forward, lines: Sequence[Formula], conditions: Sequence[Condition], seed: int = 0
) -> Proof:
    """Runs every line on numbers of its own choice.

    Raises DerivationError, with the number of the line, if one is wrong.
    """
    sample = sample_of(forward, lines[-1], conditions, seed)
    return compared(forward, lines, sample, seed)


def compared(forward: Forward, lines: Sequence[Formula], sample: Sample, seed: int = 0) -> Proof:
    """Every line on some numbers, each beside the one before; the first beside differences."""
    gaps = []
    before: Values | None = None
    for number, line in enumerate(lines, start=1):
        try:
            value = line(**sample.of(line.definition))
        except CnnMathError as error:
            raise DerivationError(f"line {number} cannot be run: {error}") from error
        if not np.all(np.isfinite(value)):
            raise DerivationError(f"line {number} is not finite: {line.latex}")
        if before is None:
            gaps.append(_beside_differences(forward, value, sample, seed))
        else:
            if value.shape != before.shape:
                raise DerivationError(f"line {number} has another shape than line {number - 1}")
            gap = float(np.max(np.abs(value - before), initial=0.0))
            largest = float(np.max(np.abs(before), initial=1e-300))
            if not gap <= SAME * largest:
                raise DerivationError(
                    f"line {number} is not equal to line {number - 1}: they differ by {gap:.3g} in "
                    f"{line.latex}"
                )
            gaps.append(gap / largest)
        before = value
    return Proof(tuple(gaps), dict(sample.sizes))


def sample_of(
    forward: Forward, gradient: Formula, conditions: Sequence[Condition], seed: int = 0
) -> Sample:
    """Numbers on which every condition fails somewhere and no border is mute, if there are any."""
    best: tuple[int, Sample] | None = None
    for sample in islice(samples(forward, seed), TRIED):
        silent = sum(not fails_somewhere(c.condition, c.ranges, sample.sizes) for c in conditions)
        silent += _mute_borders(gradient, sample)
        if best is None or silent < best[0]:
            best = silent, sample
        if not silent:
            break
    assert best is not None
    return best[1]


def _mute_borders(gradient: Formula, sample: Sample) -> int:
    """How many first and last rows, columns and so on are all 0: a sum might end before them."""
    try:
        found = np.asarray(gradient(**sample.of(gradient.definition)))
    except CnnMathError:
        return 0  # which `compared` says
    borders = [found.take(end, axis) for axis in range(found.ndim) for end in (0, -1)]
    return sum(not border.any() for border in borders)


def _beside_differences(forward: Forward, gradient: Values, sample: Sample, seed: int) -> float:
    """How far a gradient is from central differences along random directions, relatively.

    Raises DerivationError if that is too far.
    """
    rng = np.random.default_rng(seed + 1)
    error = forward_error(forward, sample)
    at = np.asarray(sample.arrays[forward.by.name], dtype=np.float64)
    if gradient.shape != at.shape:
        raise DerivationError(
            f"line 1 has the shape {gradient.shape}, {forward.by.name} {at.shape}"
        )
    worst = 0.0
    for _ in range(DIRECTIONS):
        direction = rng.normal(size=at.shape)
        slope = float(np.sum(gradient * direction))
        scale = float(np.sqrt(np.sum((gradient * direction) ** 2)))
        tried = []
        for found in slopes(error, at, direction):
            tried.append(abs(found - slope) / max(scale, 1e-9))
            if tried[-1] <= TOLERANCE:
                break
        else:
            raise DerivationError(
                f"line 1 is not the slope: along a random direction it gives {slope:.9g}, which "
                f"differs from differences by {min(tried, default=np.nan):.2g} of it"
            )
        worst = max(worst, tried[-1])
    return worst


def forward_error(forward: Forward, sample: Sample) -> Callable[[Values], float]:
    """The error as a function of the array: what arrives, times the value, summed."""
    given = sample.of(forward.definition)
    weights = sample.arrays.get(forward.arriving, 1.0)

    def error(at: Values) -> float:
        value: Any = forward.stated(**{**given, forward.by.name: at})
        return float(np.sum(weights * value))

    return error


def slopes(error: Callable[[Values], float], at: Values, direction: Values) -> Iterator[float]:
    """Slopes by differences, the best first: of two steps the errors in h^2 cancel."""
    for h in STEPS:
        try:
            near = (error(at + h / 2 * direction) - error(at - h / 2 * direction)) / h
            far = (error(at + h * direction) - error(at - h * direction)) / (2 * h)
        except CnnMathError:
            continue
        slope = (4 * near - far) / 3
        if np.isfinite(slope):
            yield slope
