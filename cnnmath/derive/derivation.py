"""`Derivation`: the gradient of a formula, derived line by line, every line run.

What you can do with it: `derive(convolution, "W")` shows the lines; `.gradient` is the formula of
the last one; `.check(**arrays)` runs all of them on your arrays; `.faded(level, seed)` gives them
with gaps to fill.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from cnnmath.colours import Colour
from cnnmath.core.nodes import Node, Read
from cnnmath.core.python_names import plain_keys
from cnnmath.derive.fading import Faded, faded
from cnnmath.derive.forward import Forward, prepared
from cnnmath.derive.line import Line
from cnnmath.derive.machine import Step, steps_of
from cnnmath.derive.outside import leaves, with_brackets
from cnnmath.derive.page import Row, page
from cnnmath.derive.proof import SAME, TOLERANCE, Condition, compared, samples_of
from cnnmath.derive.rules import RULES, Depth, Group, grouped
from cnnmath.derive.sample import Sample, in_indices, slope_of
from cnnmath.derive.sentences import Speaker
from cnnmath.derive.uneven import insist_on_uneven
from cnnmath.derive.write import Writer
from cnnmath.errors import DerivationError, FormulaError, MissingArrayError
from cnnmath.formula import Formula
from cnnmath.typeset import coloured, colours_in


class Derivation:
    """The gradient of a formula by one of its arrays.

    formula : the forward formula;  by : the array;  depth : "all" rewritings, the "usual" lines, or
        the "result" alone
    named : formulas of quantities that the lines may call by their names, as omega=winner; what
        the formula was declared with is called so anyhow
    lines : the chain rule first, the gradient last
    gradient : the last line as a formula of dE_dx, which reads what arrives, dE_da; nothing arrives
        where the result is one number

    Raises FormulaError where there is no derivation, or where the formula brings a sentence for a
    line that there is not; DerivationError if a line is wrong.
    """

    def __init__(self, formula: Formula, by: str, depth: Depth = "usual", **named: Formula) -> None:
        self.formula = formula
        self.by = by
        self.depth = depth
        self._forward: Forward = prepared(formula, by, named)
        self._steps: list[Step] = steps_of(self._forward)
        if any(leaves(self._forward, step.node) for step in (self._steps[0], self._steps[-1])):
            self._forward = with_brackets(self._forward)
            self._steps = steps_of(self._forward)
        self._insist_on_use(named)
        self._writer = Writer(self._forward)
        groups = grouped(self._steps, depth)
        self._nodes: tuple[Node, ...] = tuple(group.steps[-1].node for group in groups)
        self.lines: tuple[Line, ...] = self._written(groups, self._better(groups))
        formulas = [line.formula for line in self.lines]
        self._samples = samples_of(self._forward, formulas[-1], self._nodes, self._conditions())
        compared(self._forward, formulas, self._samples)
        self.gradient: Formula = self._writer.formula(self._nodes[-1], as_given=True)

    @property
    def arriving(self) -> str:
        """What the gradient reads besides the arrays of the formula: dE_da, or nothing."""
        return self._forward.arriving

    def _insist_on_use(self, named: Iterable[str]) -> None:
        """Raises FormulaError if a formula gives its name to nothing."""
        read = {step.about["named"] for step in self._steps if step.rule == "named"}
        used = {node.name for node in read if isinstance(node, Read)}
        for name in named:
            if name not in used:
                raise FormulaError(
                    f"{name}=...: nothing in the derivation by {self.by} is what the formula of "
                    f"{name} says; leave it out"
                )

    def _written(
        self, groups: Sequence[Group], better: Mapping[str, str] = MappingProxyType({})
    ) -> tuple[Line, ...]:
        """Lines, with better sentences than the rules' for some titles."""
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
            sentence = better.get(group.title) or speaker.sentence(group.steps)
            lines.append(Line(group.title, sentence, latex, formula))
        return tuple(lines)

    def _better(self, groups: Sequence[Group]) -> Mapping[str, str]:
        """The sentences that the formula brings along for the usual lines, by their titles."""
        titles = [group.title for group in groups]
        found = self.formula.sentences.get(self.by, {}) if self.depth == "usual" else {}
        for title in found:
            if titles.count(title) != 1:
                raise FormulaError(
                    f"{self.formula.name} has a sentence for the line {title!r} of its derivation "
                    f"by {self.by}: expected one of its lines, which are {', '.join(titles)}"
                )
        return found

    def _conditions(self) -> list[Condition]:
        """What was dropped or kept, which the numbers of the proof must put to the test."""
        found = []
        for step in self._steps:
            condition, ranges = step.about.get("condition"), step.about.get("ranges")
            if RULES[step.rule].asks:
                assert isinstance(condition, Node) and isinstance(ranges, dict)
                found.append(Condition(condition, ranges))
        return found

    def check(self, **arrays: Any) -> "CheckedDerivation":
        """Runs every line on some arrays: each beside the one before, the first beside differences.

        arrays : those of the forward formula, and what arrives, such as dE_da. In each of them no
            number is 0 and no two are equal; no axis has the length 1, and no two axes of an array
            the same length; sizes that are given are larger than 1 and all different
        Raises DerivationError if a line differs, MissingArrayError if an array is missing,
        WeakTestError if they are not so uneven; what a call of the forward formula raises.
        """
        given = plain_keys(arrays)
        asked = dict(given)
        forward = self._forward
        wanted = [self.by, *([forward.arriving] if forward.arriving else [])]
        for name in wanted:
            if name not in given:
                raise MissingArrayError(f"the derivation is run on {name} as well: give {name}=...")
        for name, function in forward.definition.functions.items():
            given.setdefault(f"{name}_prime", slope_of(function))
        sample = Sample(given, {})
        value = forward.stated(**sample.of(forward.definition))
        if forward.arriving and np.shape(given[forward.arriving]) != value.shape:
            raise DerivationError(
                f"{forward.arriving} has shape {np.shape(given[forward.arriving])}: expected that "
                f"of {forward.result}, {value.shape}"
            )
        insist_on_uneven(asked, *in_indices(forward))
        gaps = compared(forward, [line.formula for line in self.lines], [sample])
        return CheckedDerivation(self, asked, gaps)

    def faded(self, level: int, seed: int = 0) -> tuple[Faded, ...]:
        """The lines with gaps, and what stands in them: an exercise.

        level : 1 one index a line, 2 one factor a line, 3 every right side but the first
        seed : a whole number, which chooses among the gaps
        Raises FormulaError for another level or seed.
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
        every = self._written(grouped(self._steps, "all"))
        compared(self._forward, [line.formula for line in every], self._samples)
        sizes = [
            ", ".join(f"${self._spelt(name)} = {n}$" for name, n in sample.sizes.items())
            for sample in self._samples
        ]
        numbers = "random numbers" + (f" with {', and with '.join(sizes)}" if sizes[0] else "")
        return self._shown(numbers, self._rows(every))

    def _shown(self, numbers: str, every: Sequence[Row] = ()) -> str:
        """The lines as HTML, and on which numbers they were run.

        every : all rewritings, which a fold holds if they are more
        """
        left, _, _ = coloured(self.gradient, self._colours).partition(" = ")
        return page(
            f"{self.formula.name}: ${left}$, derived",
            [coloured(one, self._colours) for one in self._writer.stated()],
            left,
            self._rows(self.lines),
            every,
            f"Every line was run on {numbers}: the first beside central differences, to within "
            f"{_bound(TOLERANCE)} of their size, each other beside the one before, to within "
            f"{_bound(SAME)}.",
        )

    @property
    def _colours(self) -> dict[str, Colour]:
        """The colours of the symbols, the same in all lines."""
        return colours_in(self.formula, self.gradient)

    def _rows(self, lines: Sequence[Line]) -> list[Row]:
        """Lines as they are shown."""
        rows = []
        for number, line in enumerate(lines):
            _, _, right = coloured(line.formula, self._colours).partition(" = ")
            run = "run: equal" if number else "differences: equal"
            rows.append(Row(line.rule, line.sentence, right, run))
        return rows

    def _spelt(self, name: str) -> str:
        """A name as it stands in the lines."""
        spelt = self._writer.spelt
        if name == self.arriving:
            return rf"\partial {spelt(self._forward.loss)}/\partial {spelt(self._forward.result)}"
        return spelt(name)


@dataclass(frozen=True)
class CheckedDerivation:
    """A derivation whose lines were all run on a reader's arrays. It shows them, without a fold.

    given : the arrays and sizes
    gaps : how far each line is from the one before, beside its largest value; the first from
        central differences
    """

    derivation: Derivation
    given: Mapping[str, Any]
    gaps: tuple[float, ...]

    def __repr__(self) -> str:
        found = ["equal to central differences", *["equal to the line before"] * len(self.gaps)]
        lines = [
            f"{number}. {line.rule}: {said}"
            for number, (line, said) in enumerate(
                zip(self.derivation.lines, found, strict=False), start=1
            )
        ]
        name = self.derivation.formula.name
        return "\n".join([f"{name} by {self.derivation.by}: every line checked", *lines])

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self.page()}

    def page(self) -> str:
        """The lines as HTML, and what they were run on."""
        spelt = self.derivation._spelt
        shown = []
        for name, value in self.given.items():
            shape = np.shape(value)
            if shape:
                shown.append(f"${spelt(name)}$ of {' × '.join(map(str, shape))}")
            elif not callable(value):
                shown.append(f"${spelt(name)} = {np.asarray(value):g}$")
        return self.derivation._shown(", ".join(shown))


def _bound(number: float) -> str:
    return f"{number:g}".replace("e-0", "e-").replace("-", "\N{MINUS SIGN}")


def derive(formula: Formula, by: str, depth: Depth = "usual", **named: Formula) -> Derivation:
    """The gradient of a formula by an array, derived: arguments and errors as of `Derivation`."""
    return Derivation(formula, by, depth, **named)
