"""A derivation: a chain of equations, each with the step that leads to it, checked by running it.

What you can do with it: `derivation.check(**arrays)` evaluates every line on your arrays and shows
the lines with their reasons and with the largest difference from the line before.
"""

from dataclasses import dataclass
from typing import Any

from cnnmath.errors import FormulaError
from cnnmath.formula import Check, Formula
from cnnmath.formula.typeset import coloured, tagless


@dataclass(frozen=True)
class CheckedDerivation:
    """A derivation and what running it found. Its value as the last line of a cell shows both."""

    derivation: "Derivation"
    differences: Check

    @property
    def ok(self) -> bool:
        return self.differences.ok

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
            against = "central differences" if number == 1 else f"line {number - 1}"
            out += [f"**{number}.** {step}", "", "$$", f"= {equation}", "$$", ""]
            out += [f"*Run and compared with {against}: {row.verdict}.*", ""]
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
        lines = len(formula.links)
        if lines != len(self.steps) or lines != formula.latex.count("&="):
            raise FormulaError(
                f"{formula.name} has {lines} lines but {len(self.steps)} steps: "
                "expected one step for each line that begins with &="
            )

    def check(self, **arrays: Any) -> CheckedDerivation:
        """Evaluate every line on the arrays.

        arrays : all that the chain reads, and the array by which it is derived
        Raises FormulaError if the first line cannot be checked; what a call of a Formula raises.
        """
        found = self.formula.check(**arrays)
        if len(found) != len(self.steps):
            raise FormulaError(
                f"{self.formula.name}: {len(found)} of {len(self.steps)} lines could be checked; "
                "give the incoming gradient and every array of the forward formula"
            )
        return CheckedDerivation(self, found)

    def __repr__(self) -> str:
        return f"Derivation({self.formula.name}, {len(self.steps)} steps)"
