"""How many of the foreign formulas can be derived, and whether the gradients are right.

    python -m tools.derivations [--words]

Every formula of tests/authors.py is derived by every real array or number that its value moves
with. The gradient is run on the author's own arrays and held, element by element, against central
differences of the author's formula: this knows nothing of how the derivation was proved.
Prints how many are right, refused (by reason) and wrong; exits with 1 if any is wrong.
"""

import argparse
import re
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from cnnmath.core.python_names import plain_keys
from cnnmath.derive import Derivation, derive
from cnnmath.derive.sample import slope_of
from cnnmath.errors import CnnMathError, ShapeError
from cnnmath.formula import Formula
from cnnmath.gradcheck import Comparison, check_gradients

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from authors import CASES, Case


@dataclass(frozen=True)
class Pair:
    """A formula of an author, and an array that its value moves with."""

    number: int
    case: Case
    formula: Formula
    name: str

    @property
    def is_array(self) -> bool:
        return np.ndim(self.case.arrays[self.name]) > 0


@dataclass(frozen=True)
class Outcome:
    """verdict : right, refused or wrong;  words : of a refusal, or of what is wrong"""

    pair: Pair
    verdict: str
    words: str
    seconds: float


def pairs(numbers: Iterable[int] | None = None) -> Iterator[Pair]:
    """Formulas, each with every real array or number that moves its value.

    numbers : of the formulas; all if None
    """
    for number in range(len(CASES)) if numbers is None else numbers:
        case = CASES[number]
        formula = Formula(case.latex, **case.shapes)
        for name, given in case.arrays.items():
            if callable(given) and not hasattr(given, "__array__"):
                continue
            is_real = np.asarray(given).dtype.kind == "f" and name not in formula.sizes
            if is_real and name in formula.definition.reads and _moves(formula, case, name):
                yield Pair(number, case, formula, name)


def _moves(formula: Formula, case: Case, name: str) -> bool:
    """Whether a small change of an array makes a small change of the value, other than 0."""
    at = np.asarray(case.arrays[name], dtype=np.float64)
    direction = np.random.default_rng(0).uniform(0.5, 1.0, size=at.shape)
    try:
        changes = [
            np.abs(_value(formula, case, name, at + h * direction)
                   - _value(formula, case, name, at - h * direction)).max()
            for h in (1e-5, 1e-6)
        ]  # fmt: skip
    except CnnMathError:
        return False
    return bool(changes[0] > 0 and changes[1] < 0.5 * changes[0])


def _value(formula: Formula, case: Case, name: str, at: Any) -> Any:
    return formula(**{**case.arrays, name: at})


def tried(pair: Pair, most: int | None = None) -> Outcome:
    """One pair, derived and held against differences at some elements, or at all."""
    start = time.perf_counter()
    try:
        derivation = derive(pair.formula, pair.name)
    except CnnMathError as error:
        return Outcome(pair, "refused", str(error), time.perf_counter() - start)
    seconds = time.perf_counter() - start
    return Outcome(pair, *_judged(pair, derivation, most), seconds)


def compared(
    derivation: Derivation, known: Mapping[str, Any], seed: int, most: int | None = None
) -> Comparison:
    """A derived gradient beside differences of the forward formula, element by element.

    known : arrays, sizes and functions;  most : elements that are looked at; all if None
    """
    formula, gradient, by = derivation.formula, derivation.gradient, derivation.by
    at = np.asarray(known[by], dtype=np.float64)
    chosen = np.random.default_rng(seed).permutation(at.size)[:most]

    def with_chosen(values: Any) -> Any:
        array = at.copy()
        array.reshape(-1)[chosen] = values
        return array

    def forward(x: Any) -> Any:
        given = {**known, by: with_chosen(x)}
        return formula(**formula.taken_of(given))

    def backward(dy: Any, x: Any) -> Any:
        given = {**known, by: with_chosen(x), derivation.arriving: dy}
        found = gradient(**gradient.taken_of(given))
        if found.shape != at.shape:
            raise ShapeError(f"the gradient has shape {found.shape}: expected {at.shape}")
        return found.reshape(-1)[chosen]

    dy = None if derivation.arriving else np.ones(())  # of a number, the slope itself
    point = {"x": at.reshape(-1)[chosen]}
    return check_gradients(forward, backward, point, dy, seed=seed)["x"]


def _judged(pair: Pair, derivation: Derivation, most: int | None) -> tuple[str, str]:
    """Whether a gradient is right."""
    case, gradient = pair.case, derivation.gradient
    known: dict[str, Any] = plain_keys(case.arrays)
    for name, function in [*case.arrays.items(), *case.shapes.items()]:
        if callable(function):
            known.setdefault(f"{name}_prime", slope_of(function))

    try:
        found = compared(derivation, known, pair.number, most)
    except CnnMathError as error:
        return "wrong", f"cannot be run: {error}"
    if found.ok or found.doubt:  # at a kink there is nothing to compare with
        return "right", found.doubt
    return "wrong", f"{found}: {gradient.latex}"


def _reason(words: str) -> str:
    """A refusal without the names in it."""
    first = words.splitlines()[0]
    return re.sub(r"\b\w+_\w+\b|\b\w\b|'[^']*'|[0-9.]+", "·", first)[:110]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--words", action="store_true", help="each refusal in its own words")
    given = parser.parse_args()
    outcomes = [tried(pair) for pair in pairs()]
    for title, group in (("arrays", True), ("numbers", False)):
        of = [o for o in outcomes if o.pair.is_array is group]
        counts = Counter(o.verdict for o in of)
        share = f"{counts['right'] / len(of):.1%} right" if of else ""
        print(f"{title:8} {len(of):4}: {dict(counts)} {share}")
    seconds = [o.seconds for o in outcomes]
    print(f"proof included: median {np.median(seconds):.2f} s, at most {max(seconds):.2f} s")
    refused = Counter(_reason(o.words) for o in outcomes if o.verdict == "refused")
    for reason, count in refused.most_common():
        print(f"  refused {count:3}: {reason}")
    for o in outcomes:
        if o.verdict == "wrong" or (given.words and o.verdict == "refused"):
            print(f"  {o.verdict} {o.pair.number} by {o.pair.name}: {o.words[:300]}")
    return int(any(o.verdict == "wrong" for o in outcomes))


if __name__ == "__main__":
    sys.exit(main())
