"""One line of a derivation."""

from dataclasses import dataclass

from cnnmath.formula import Formula


@dataclass(frozen=True)
class Line:
    """One line of a derivation.

    rule : its name;  sentence : what was done, in Markdown
    latex : the equation;  formula : the same, read back, to be run
    """

    rule: str
    sentence: str
    latex: str
    formula: Formula
