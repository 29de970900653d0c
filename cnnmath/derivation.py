"""A derivation: a chain of equations, each with the step that leads to it, checked by running it.

What you can do with it: `derivation.check(**arrays)` evaluates every line on your arrays and shows
the lines with their reasons and with the largest difference from the line before. A line that
differs is an error, and so are arrays on which a wrong line could pass: with one kernel a sum over
kernels may be missing, and behind a weight of 0 anything may stand.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from cnnmath.errors import DerivationError, FormulaError, WeakTestError
from cnnmath.formula import Check, Formula
from cnnmath.typeset import coloured, tagless


@dataclass(frozen=True)
class CheckedDerivation:
    """A derivation all of whose lines were run and agree. As the last line of a cell it shows them.

    derivation : what was run;  differences : how far each line is from the one before
    """

    derivation: "Derivation"
    differences: Check

    def __repr__(self) -> str:
        lines = [f"{self.derivation.formula.name}: every line checked"]
        for number, row in enumerate(self.differences.rows, start=1):
            lines.append(f"{number}. {row.verdict}  ({row.what})")
        return "\n".join(lines)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/markdown": self.markdown()}

    def markdown(self) -> str:
        """The lines as a list: the reason, the equation, the largest difference."""
        first, *_ = sides = coloured(self.derivation.formula).split("&=")
        out = ["$$", first.strip(), "$$", ""]
        rows = zip(sides[1:], self.derivation.steps, self.differences.rows, strict=True)
        for number, (side, step, row) in enumerate(rows, start=1):
            equation = side.strip().removesuffix(r"\\").strip()
            out += [f"**{number}.** {step}", "", "$$", f"= {equation}", "$$", ""]
            before = self.derivation.before(number)
            out += [f"*Run and compared with {before}: {row.verdict}.*", ""]
        return tagless("\n".join(out))


class Derivation:
    """A chain `A &= B \\\\ &= C ...` and, for each `=`, the named step that justifies it.

    formula : the chain; its left side is a derivative, which central differences check
    steps : one paragraph of Markdown for each line, with a blank line between them

    Raises FormulaError if the numbers of lines and steps differ.
    """

    def __init__(self, formula: Formula, steps: str) -> None:
        self.formula = formula
        self.steps = tuple(" ".join(step.split()) for step in steps.strip().split("\n\n"))
        lines = formula.latex.count("&=")
        # A left side that is worked out is a link as well, and what the first line is held against.
        self.is_worked_out = len(formula.links) == lines + 1
        if lines != len(self.steps) or len(formula.links) - self.is_worked_out != lines:
            raise FormulaError(
                f"{formula.name} has {lines} lines but {len(self.steps)} steps: "
                "expected one step for each line that begins with &="
            )

    def check(self, **arrays: Any) -> CheckedDerivation:
        """Evaluate every line on the arrays, and insist that it equals the one before.

        arrays : all that the chain reads, and the array by which it is derived. In each of them no
            number is 0 and no two are equal; no axis has the length 1, and no two axes of an array
            the same length; sizes that are given are larger than 1 and all different
        Raises DerivationError if a line differs or cannot be judged, WeakTestError if the arrays
        are not so uneven, FormulaError if the first line cannot be checked; what a call of a
        Formula raises.
        """
        found = self.formula.check(**arrays)
        if len(found) != len(self.steps):
            raise FormulaError(
                f"{self.formula.name}: {len(found)} of {len(self.steps)} lines could be checked; "
                "give the incoming gradient and every array of the forward formula"
            )
        _insist_on_uneven(self.formula, arrays)
        for number, row in enumerate(found.rows, start=1):
            if not row.ok:
                place = f"{self.formula.result}{list(row.place) if row.place else ''}"
                if row.doubt:
                    raise DerivationError(
                        f"{self.formula.name}: whether line {number} is equal to "
                        f"{self.before(number)} is not known for {place}: {row.doubt}"
                    )
                raise DerivationError(
                    f"{self.formula.name}: line {number} is not equal to {self.before(number)}. "
                    f"For {place} it gives {row.sides[1]:g}, and {self.before(number)} "
                    f"{row.sides[0]:g}"
                )
        return CheckedDerivation(self, found)

    def before(self, number: int) -> str:
        """What a line is compared with."""
        if number > 1:
            return f"line {number - 1}"
        return "the derivative, worked out" if self.is_worked_out else "central differences"

    def __repr__(self) -> str:
        return f"Derivation({self.formula.name}, {len(self.steps)} steps)"


def _insist_on_uneven(formula: Formula, arrays: Mapping[str, Any]) -> None:
    """Raises WeakTestError if a wrong line could agree on these arrays by chance."""
    sizes = {name: value for name, value in arrays.items() if name in formula.sizes}
    for one, other in combinations(sizes, 2):
        if sizes[one] == sizes[other]:
            raise _weak(f"{one} and {other} are both {sizes[one]}", "one might stand for the other")
    for name, value in arrays.items():
        array = np.asarray(value, dtype=np.float64)
        if name in sizes or not array.ndim:
            if array in (0, 1):
                raise _weak(f"{name} is {array:g}", "it might be missing")
            continue
        if 1 in array.shape:
            raise _weak(f"{name} has the shape {array.shape}", "a sum along an axis of 1 is no sum")
        if len(set(array.shape)) < array.ndim:
            raise _weak(f"{name} has the shape {array.shape}", "two indices might be exchanged")
        numbers, counts = np.unique(array, return_counts=True)
        if 0 in numbers:
            raise _weak(f"{name} holds a 0", "what it multiplies might be wrong")
        if counts.max() > 1:
            often = f"{name} holds {numbers[counts.argmax()]:g} {counts.max()} times"
            raise _weak(often, "one place might be read for another")


def _weak(found: str, danger: str) -> WeakTestError:
    return WeakTestError(
        f"{found}: {danger}, and this test would not see it. Give sizes that differ and are larger "
        "than 1, and numbers that all differ and are not 0"
    )
