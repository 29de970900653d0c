"""The golden record of derivations: how each reads, step by step, and what it was run on.

`python -m tools.golden --write` writes `tests/golden/derivations.txt` anew, after a change that is
meant; `tests/test_derive.py` compares today's engine with it.
"""

import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np

from cnnmath import catalogue
from cnnmath.derive import Derivation, derive
from cnnmath.derive.rules import RULES
from cnnmath.derive.sample import Sample
from cnnmath.derive.sentences import Speaker
from cnnmath.formula import Formula

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
import derivable

RECORD = Path(__file__).parents[1] / "tests" / "golden" / "derivations.txt"
FEW = 12
"""Steps of a derivation that are shown one by one; of longer ones the record says what was done."""
_DIGITS = 6  # of the numbers of a proof, which no two machines round alike to the last


def formula(name: str) -> Formula:
    """One of `tests/derivable.py`, in capitals, or of the catalogue."""
    found: Formula = getattr(derivable if name.isupper() else catalogue, name)
    return found


@cache
def derived(title: str) -> Derivation:
    """`SOFTMAX by x`, or `max_pooling by x with omega=winner`; nothing is derived twice."""
    name, _, rest = title.partition(" by ")
    by, _, named = rest.partition(" with ")
    names = dict(pair.split("=") for pair in named.split())
    return derive(formula(name), by, **{key: formula(one) for key, one in names.items()})


def said(derivation: Derivation) -> Iterator[str]:
    """All that a reader is told, by line and by step, and the numbers of the proof."""
    for line in derivation.lines:
        yield f"{line.rule}: {line.latex}"
        yield f"    {line.sentence}"
    speaker = Speaker(derivation._writer)
    is_short = len(derivation._steps) <= FEW
    known = {line.sentence for line in derivation.lines}
    for step in derivation._steps:
        shown = f": {derivation._writer.piece(step.node)}" if is_short else ""
        yield f"- {step.rule}, {RULES[step.rule].title}{shown}"
        if (sentence := speaker.sentence([step])) not in known:
            known.add(sentence)
            yield f"    {sentence}"
    yield f"as a formula: {derivation.gradient.latex}"
    for sample in derivation._samples:
        yield f"run on {', '.join(_numbers(sample))}"


def _numbers(sample: Sample) -> Iterator[str]:
    for name, value in sample.arrays.items():
        if callable(value):
            yield f"{name}(0.5) = {value(0.5):.{_DIGITS}g}"
            continue
        array = np.asarray(value, dtype=np.float64)
        weights = np.cos(np.arange(array.size))  # so that each number counts, and its place
        of = f" of {' × '.join(map(str, array.shape))}: " if array.ndim else " = "
        yield f"{name}{of}{weights @ array.ravel():.{_DIGITS}g}"


def read() -> dict[str, list[str]]:
    """What is on record, by the formula and the array that one derives by."""
    parts = (part.splitlines() for part in RECORD.read_text("utf-8").split("\n\n"))
    return {title: lines for title, *lines in parts}


def write() -> None:
    """The record of the derivations that are on it, as they are today."""
    parts = ["\n".join([title, *said(derived(title))]) for title in read()]
    RECORD.write_text("\n\n".join(parts) + "\n", "utf-8")
