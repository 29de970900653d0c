"""`Derivation`: the gradient of a formula, derived line by line, every line run.

What you can do with it: `derive(convolution, "W")` shows the lines; `.gradient` is the formula of
the last one; `.check(**arrays)` runs all of them on your arrays; `.faded(level, seed)` gives them
with gaps to fill.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from cnnmath.core.nodes import Node
from cnnmath.core.python_names import plain_keys
from cnnmath.derive.fading import Faded, faded
from cnnmath.derive.forward import Forward, prepared
from cnnmath.derive.line import Line
from cnnmath.derive.machine import Step, steps_of
from cnnmath.derive.outside import leaves, with_brackets
from cnnmath.derive.page import Row, page
from cnnmath.derive.proof import Condition, Proof, compared, proven
from cnnmath.derive.rules import Depth, Group, grouped
from cnnmath.derive.sample import Sample, numeric_slope
from cnnmath.derive.sentences import Speaker
from cnnmath.derive.write import Writer
from cnnmath.errors import DerivationError, MissingArrayError
from cnnmath.formula import Formula
from cnnmath.typeset import coloured


class Derivation:
    """The gradient of a formula by one of its arrays.

    formula : the forward formula;  by : the array;  depth : "all" rewritings, the "usual" lines, or
        the "result" alone
    lines : the chain rule first, the gradient last
    gradient : the last line as a formula of dE_dx, which reads what arrives, dE_da; nothing arrives
        where the result is one number

    Raises FormulaError where there is no derivation; DerivationError if a line is wrong.
    """

    def __init__(self, formula: Formula, by: str, depth: Depth = "usual") -> None:
        self.formula = formula
        self.by = by
        self.depth = depth
        self._forward: Forward = prepared(formula, by)
        self._steps: list[Step] = steps_of(self._forward)
        if any(leaves(self._forward, step.node) for step in (self._steps[0], self._steps[-1])):
            self._forward = with_brackets(self._forward)
            self._steps = steps_of(self._forward)
        self._writer = Writer(self._forward)
        groups = grouped(self._steps, depth)
        self._nodes: tuple[Node, ...] = tuple(group.steps[-1].node for group in groups)
        self.lines: tuple[Line, ...] = self._written(groups)
        self._proof: Proof = proven(
            self._forward, [line.formula for line in self.lines], self._conditions()
        )
        self.gradient: Formula = self._writer.formula(self._nodes[-1], as_given=True)

    @property
    def arriving(self) -> str:
        """What the gradient reads besides the arrays of the formula: dE_da, or nothing."""
        return self._forward.arriving

    def _written(self, groups: Sequence[Group]) -> tuple[Line, ...]:
        speaker = Speaker(self._writer)
        lines = []
        for number, group in enumerate(groups, start=1):
            node = group.steps[-1].node
            is_chain = group.steps[-1].rule == "chain" and self._forward.definition.is_direct
            latex = self._writer.latex(node)
            try:
                formula = self._writer.formula(node, is_chain)
            except ValueError as error:
                raise DerivationError(f"line {number} cannot be read back: {error}") from error
            lines.append(Line(group.title, speaker.sentence(group.steps), latex, formula))
        return tuple(lines)

    def _conditions(self) -> list[Condition]:
        """What was dropped or kept, which the numbers of the proof must put to the test."""
        found = []
        for step in self._steps:
            condition, ranges = step.about.get("condition"), step.about.get("ranges")
            if step.rule in ("outside", "kept", "stride") and isinstance(condition, Node):
                assert isinstance(ranges, dict)
                found.append(Condition(condition, ranges))
        return found

    def check(self, **arrays: Any) -> Proof:
        """Runs every line on some arrays: each beside the one before, the first beside differences.

        arrays : those of the forward formula, and what arrives, such as dE_da
        Raises DerivationError if a line differs, MissingArrayError if one is missing; what a call
        of the forward formula raises.
        """
        given = plain_keys(arrays)
        forward = self._forward
        wanted = [self.by, *([forward.arriving] if forward.arriving else [])]
        for name in wanted:
            if name not in given:
                raise MissingArrayError(f"the derivation is run on {name} as well: give {name}=...")
        for name, function in forward.definition.functions.items():
            given.setdefault(f"{name}_prime", numeric_slope(function))
        arriving = {name: value for name, value in given.items() if name == forward.arriving}
        others = {name: value for name, value in given.items() if name not in arriving}
        sample = Sample({**others, **arriving}, {})
        value = forward.stated(**sample.of(forward.definition))
        for name, array in arriving.items():
            if np.shape(array) != value.shape:
                raise DerivationError(
                    f"{name} has shape {np.shape(array)}: expected that of {forward.result}, "
                    f"{value.shape}"
                )
        return compared(forward, [line.formula for line in self.lines], sample)

    def faded(self, level: int, seed: int = 0) -> tuple[Faded, ...]:
        """The lines with gaps, and what stands in them: an exercise.

        level : 1 one index a line, 2 one factor a line, 3 every right side but the first
        Raises FormulaError for another level.
        """
        return faded(self._writer, self.lines, self._nodes, level, seed)

    # ---- showing it -----------------------------------------------------------------------------

    def __iter__(self) -> Iterator[Formula]:
        """The forward formula and the gradient: `explore(*derivation, ...)` draws both."""
        yield self.formula
        yield self.gradient

    def __repr__(self) -> str:
        return f"Derivation({self.formula.name} by {self.by}, {len(self.lines)} lines)"

    def text(self) -> str:
        """The lines as plain text: rule, equation, sentence."""
        return "\n".join(
            f"{number}. {line.rule}\n   {line.latex}\n   {line.sentence}"
            for number, line in enumerate(self.lines, start=1)
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": self.text(), "text/html": self.page()}

    def page(self) -> str:
        """The lines as HTML, with every rewriting in a fold."""
        every = self if self.depth == "all" else Derivation(self.formula, self.by, "all")
        spelt = self._writer.spelt
        numbers = ", ".join(f"${spelt(name)} = {n}$" for name, n in self._proof.sizes.items())
        left, _, _ = coloured(self.gradient).partition(" = ")
        return page(
            f"{self.formula.name}: ${left}$, derived",
            left,
            self._rows(),
            every._rows(),
            "Every line was run on random numbers"
            + (f" with {numbers}" if numbers else "")
            + ": the first beside central differences, each other beside the one before.",
        )

    def _rows(self) -> list[Row]:
        rows = []
        for number, (line, gap) in enumerate(zip(self.lines, self._proof.gaps, strict=True)):
            _, _, right = coloured(line.formula).partition(" = ")
            apart = f"{gap:.0e}".replace("-", "\N{MINUS SIGN}") if gap else "0"
            run = f"run: {apart} apart" if number else f"differences: {apart}"
            rows.append(Row(line.rule, line.sentence, right, run))
        return rows


def derive(formula: Formula, by: str, depth: Depth = "usual") -> Derivation:
    """The gradient of a formula by an array, derived: arguments and errors as of `Derivation`."""
    return Derivation(formula, by, depth)
