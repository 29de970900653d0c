"""How a printed formula is judged: it is run as it stands, and against what is right.

A statement that is judged says beforehand what will come of running it, and `judge` insists on it:
so a page can show a formula that is wrong, and still cannot show a wrong verdict.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cnnmath.errors import CnnMathError, ContradictionError, VerdictError
from cnnmath.formula import Formula
from cnnmath.typeset import coloured, displayed, tagless


@dataclass(frozen=True)
class Mistake:
    """One thing that is wrong, and an example that shows it.

    read, right : the formula as it stands or must be read, and as it should be
    given : numbers for both, and sizes;  first : formulas that calculate what `read` reads besides
    heads : what the two results are called
    """

    words: str
    read: Formula
    right: Formula
    given: Mapping[str, Any]
    first: tuple[Formula, ...] = ()
    heads: tuple[str, str] = ("as printed", "right")

    @cached_property
    def known(self) -> dict[str, Any]:
        """The given numbers and what is calculated first."""
        known: dict[str, Any] = dict(self.given)
        for formula in self.first:
            known[formula.result] = formula(**formula.taken_of(known))
        return known

    def found(self) -> tuple[str, str]:
        """What the formula gives as it stands, and what is right, as text.

        Raises VerdictError if they do not differ.
        """
        try:
            printed = _shown(self.read(**self.read.taken_of(self.known)))
        except ContradictionError as error:
            printed = f"no value: {error}"
        right = _shown(self.right(**self.right.taken_of(self.known)))
        if printed == right:
            raise VerdictError(f"{self.words} But both formulas give {right}")
        return printed, right


Outcome = Literal["runs", "equal", "unequal", "not known", "refused"]
"""What can come of running a formula: it has one side and runs; its sides are equal, or are not,
or that is not known; it cannot be run."""


@dataclass(frozen=True)
class Printed:
    """One displayed formula of the article, with what is wrong with it.

    latex : as printed there;  chapter : where this book has it
    outcome : what comes of running it as printed
    remark : what it leaves open, or why it is right
    judged : the verdict, where the number of mistakes does not say it
    shapes : what its symbols are, to run it as printed, and
    sample : the shapes of the random numbers that it is run on, and indices that it leaves open
    """

    title: str
    latex: str
    chapter: str
    outcome: Outcome
    remark: str = ""
    mistakes: tuple[Mistake, ...] = ()
    judged: str = ""
    shapes: Mapping[str, Any] = field(default_factory=dict)
    sample: Mapping[str, Any] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """In words: right, or how many mistakes."""
        count = len(self.mistakes)
        return self.judged or {0: "right", 1: "one mistake"}.get(count, f"{count} mistakes")

    def judge(self) -> "Judged":
        """Run it as printed, and each mistake beside what is right.

        Raises VerdictError if the outcome is another than the one stated, if a formula without
        a mistake does not hold, or if a mistake does not show in its numbers.
        """
        outcome, words = self._run()
        if outcome != self.outcome:
            raise VerdictError(f"{self.title}: the outcome stated is {self.outcome!r}, but {words}")
        if not self.mistakes and outcome not in ("runs", "equal"):
            raise VerdictError(f"{self.title}: no mistake is stated, but {words}")
        return Judged(self, words, tuple(mistake.found() for mistake in self.mistakes))

    def _run(self) -> tuple[Outcome, str]:
        """What came of running the formula as printed, every side of it; also in words."""
        rng = np.random.default_rng(0)
        given = {
            name: rng.normal(size=value) if isinstance(value, tuple) else value
            for name, value in self.sample.items()
        }
        try:
            formula = Formula(self.latex, **self.shapes)
            if len(formula.links) == 1:
                formula(**given)
                return "runs", "it runs"
            check = formula.check(**given)
        except CnnMathError as error:
            reason = str(error).splitlines()[0].split(": give ")[0]
            return "refused", f"it cannot be run: {reason}"
        against = ["central differences", *(f"side {n}" for n in range(1, len(check)))]
        compared = zip(against, check.rows, strict=True)
        words = "; ".join(
            f"side {n} against {other}: {row.verdict}"
            for n, (other, row) in enumerate(compared, start=1)
        )
        if check.ok:
            return "equal", words
        is_known = any(not row.ok and not row.doubt for row in check.rows)
        return "unequal" if is_known else "not known", words

    def __repr__(self) -> str:
        return f"{self.title}: {self.verdict}"


@dataclass(frozen=True)
class Judged:
    """A printed formula of which the verdict was tried. As the last line of a cell it shows both.

    outcome : what came of running it, in words;  found : for each mistake both results, as text
    """

    printed: Printed
    outcome: str
    found: tuple[tuple[str, str], ...]

    def __repr__(self) -> str:
        lines = [repr(self.printed), f"run as printed: {self.outcome}"]
        for number, (mistake, found) in enumerate(self._mistakes(), start=1):
            results = zip(mistake.heads, found, strict=True)
            lines.append(f"{number}. " + "; ".join(" ".join(result) for result in results))
        return "\n".join(lines)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/markdown": self.markdown()}

    def _mistakes(self) -> Iterable[tuple[Mistake, tuple[str, str]]]:
        return zip(self.printed.mistakes, self.found, strict=True)

    def markdown(self) -> str:
        """The formula as printed, the verdict, and each mistake with its numbers."""
        printed = self.printed
        out = [
            *_display(displayed(printed.latex.rstrip("\\"))),
            f"*Run as printed: {self.outcome}.*",
            "",
            f"**Verdict: {printed.verdict}.** {printed.remark}",
        ]
        shown = None
        for number, (mistake, found) in enumerate(self._mistakes(), start=1):
            given = ", ".join(f"`{n}` = {_shown(np.asarray(v))}" for n, v in mistake.given.items())
            numbered = f"**Mistake {number}.** " if len(self.found) > 1 else ""
            out += ["", numbered + mistake.words, ""]
            if shown != (mistake.read, mistake.right):
                out += [f"What was run, {mistake.heads[0]}:", "", *_display(coloured(mistake.read))]
                out += [f"And {mistake.heads[1]}:", "", *_display(coloured(mistake.right))]
                shown = (mistake.read, mistake.right)
            out += [f"On {given}:", "", _row(mistake.heads), "|:--|:--|", _row(found)]
        return tagless("\n".join(out))


@dataclass(frozen=True)
class Summary:
    """All verdicts in one table. As the last line of a cell it shows itself."""

    judged: tuple[Judged, ...]

    def __repr__(self) -> str:
        return "\n".join(repr(one.printed) for one in self.judged)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        lines = ["| formula | verdict | as printed | right |", "|:--|:--|:--|:--|"]
        for one in self.judged:
            lines.append(f"| **{one.printed.title}** | {one.printed.verdict} | | |")
            for mistake, both in zip(one.printed.mistakes, one.found, strict=True):
                usual = zip(both, mistake.heads, Mistake.heads, strict=True)
                found = [
                    text if head == as_ever else f"{text} {head}" for text, head, as_ever in usual
                ]
                lines.append(_row(["", mistake.words.split(". ")[0], *found]))
        return {"text/plain": repr(self), "text/markdown": tagless("\n".join(lines))}


def _shown(array: NDArray[np.float64]) -> str:
    """Numbers row by row, `(1, 2; 3, 4)`, or one by one where there is one in each row."""
    array = np.asarray(array, dtype=float)
    if array.size == 1:
        return f"{array.item():g}"
    rows = array.reshape(-1, array.shape[-1]) if array.shape[-1] > 1 else array.reshape(1, -1)
    return f"({'; '.join(', '.join(f'{value:g}' for value in row) for row in rows)})"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _display(latex: str) -> list[str]:
    return ["$$", latex, "$$", ""]
