"""Every line is run: compared with the line before, and with differences of the forward formula."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnmath.core.nodes import Binder, Node
from cnnmath.derive.cost import is_light
from cnnmath.derive.forward import Forward
from cnnmath.derive.sample import Sample, fails_somewhere, samples
from cnnmath.differences import central
from cnnmath.errors import CnnMathError, DerivationError
from cnnmath.formula import Formula

Values = NDArray[np.float64]

TOLERANCE = 1e-6  # beside differences
SAME = 1e-9  # between two lines
DIRECTIONS = 3
STEPS = (1e-4, 1e-6, 1e-5)  # of differences: short ones meet fewer kinks, long ones round less
TRIED = 6  # samples, and as many again where a condition failed in none; the best are taken
MOST = 2


@dataclass(frozen=True)
class Condition:
    """A condition that a line dropped or kept, and the ranges of the indices in it."""

    condition: Node
    ranges: Mapping[str, Binder]


def compared(
    forward: Forward, lines: Sequence[Formula], samples: Sequence[Sample]
) -> tuple[float, ...]:
    """Runs every line on some numbers, beside the one before; the first beside differences.

    Returns how far each is from what it stands beside, relatively, at most.
    Raises DerivationError, with the number of the line, if one is wrong.
    """
    gaps = [_gaps(forward, lines, sample) for sample in samples]
    return tuple(map(max, zip(*gaps, strict=True)))


def _gaps(forward: Forward, lines: Sequence[Formula], sample: Sample) -> list[float]:
    gaps: list[float] = []
    before: Values | None = None
    for number, line in enumerate(lines, start=1):
        try:
            value = line(**sample.of(line.definition))
        except CnnMathError as error:
            raise DerivationError(f"line {number} cannot be run: {error}") from error
        if not np.all(np.isfinite(value)):
            raise DerivationError(f"line {number} is not finite: {line.latex}")
        if before is None:
            gaps.append(_beside_differences(forward, value, sample))
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
    return gaps


def samples_of(
    forward: Forward, gradient: Formula, nodes: Sequence[Node], conditions: Sequence[Condition]
) -> list[Sample]:
    """Numbers at sizes that put the lines to the test, all of them together.

    Every condition fails somewhere, no border of the gradient is mute, and of two sizes now one is
    the larger and now the other: windows overlap, and have gaps between them.

    gradient : the last line;  nodes : the right sides of all
    """
    source = samples(forward, is_light=is_light(nodes, forward.own))
    tried = list(islice(source, TRIED))
    seen = [_seen(forward, gradient, conditions, sample) for sample in tried]
    wanted = {("fails", number) for number in range(len(conditions))}
    for sample in islice(source, TRIED):
        if wanted <= set().union(*seen):
            break
        tried.append(sample)
        seen.append(_seen(forward, gradient, conditions, sample))
    chosen: list[Sample] = []
    known: set[object] = set()
    while len(chosen) < MOST:
        new = [one - known for one in seen]
        best = max(range(len(new)), key=lambda at: (len(new[at] & wanted), len(new[at])))
        if chosen and not new[best]:
            break
        chosen.append(tried[best])
        known |= seen[best]
    return chosen


def _seen(
    forward: Forward, gradient: Formula, conditions: Sequence[Condition], sample: Sample
) -> set[object]:
    """What a run on some numbers would bring to light."""
    found: set[object] = {("border", *border) for border in _borders(gradient, sample)}
    for number, one in enumerate(conditions):
        if fails_somewhere(one.condition, one.ranges, forward.definition, sample.sizes):
            found.add(("fails", number))
    for names in permutations(sample.sizes, 2):
        first, second = (sample.sizes[name] for name in names)
        if sample.steps.intersection(names) and first < second:
            found.add(("smaller", *names))
    return found


def _borders(gradient: Formula, sample: Sample) -> list[tuple[int, int]]:
    """The first and last rows, columns and so on that are not all 0: a sum may not miss them."""
    try:
        found = np.asarray(gradient(**sample.of(gradient.definition)))
    except CnnMathError:
        return []  # which `compared` says
    ends = [(axis, end) for axis in range(found.ndim) for end in (0, -1)]
    return [(axis, end) for axis, end in ends if found.take(end, axis).any()]


def _beside_differences(forward: Forward, gradient: Values, sample: Sample) -> float:
    """How far a gradient is from central differences along random directions, relatively.

    Raises DerivationError if that is too far.
    """
    rng = np.random.default_rng(1)
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
    """Slopes by differences, the best first."""
    for h in STEPS:
        try:
            slope = float(central(lambda way: error(at + way * direction), h))
        except CnnMathError:
            continue
        if np.isfinite(slope):
            yield slope
