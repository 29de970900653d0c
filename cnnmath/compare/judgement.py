"""Whether a function gives what a formula says, and if not, where it first differs and why."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from cnnmath.call.binding import bind, evaluated
from cnnmath.call.expand import Expansion
from cnnmath.call.magnitude import rounding_of
from cnnmath.code.function import arguments
from cnnmath.compare.calling import Answer, answered
from cnnmath.compare.slips import slips
from cnnmath.compare.traces import of_shape, traces
from cnnmath.core.definition import Definition
from cnnmath.core.functions import Values
from cnnmath.core.nodes import Number
from cnnmath.core.shapes import shape_text
from cnnmath.core.system import depends
from cnnmath.differences import bounded
from cnnmath.errors import CnnMathError

TOLERANCE = 1e-9  # relative, for each element, in float64
FINEST = float(np.finfo(np.float64).eps)
LEAST_BOUND = 1e-9  # of a difference, as it is shown


@dataclass(frozen=True, repr=False)
class Judgement:
    """What `formula.compare(function, ...)` found; true if the function gives what it should.

    difference : the largest, NaN if there is none to be had
    index : the first wrong element;  gave, right : what the function gave for it, and the formula
    expansion : that element, written out
    problem : why the answer could not be compared: it raised, or has another shape
    mistake : what the function seems to calculate instead, or how it goes wrong; empty if unknown
    remarks : what is to be said besides
    """

    name: str
    called: str
    ok: bool
    difference: float = float("nan")
    scale: float = 0.0
    wrong: int = 0
    size: int = 0
    index: tuple[int, ...] | None = None
    gave: float = float("nan")
    right: float = float("nan")
    expansion: Expansion | None = None
    problem: str = ""
    mistake: str = ""
    remarks: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.ok

    def __repr__(self) -> str:
        if self.ok:
            apart = bounded(self.difference, self.scale, LEAST_BOUND)
            lines = [
                f"{self.called} gives what {self.name} says: equal, largest difference {apart}"
            ]
        elif self.problem:
            lines = [f"{self.called} is not {self.name}: {self.problem}"]
        else:
            lines = [
                f"{self.called} is not {self.name}: {self.wrong} of {self.size} elements differ",
                f"The first is {list(self.index or ())}. The formula says",
                *(f"  {line}" for line in str(self.expansion or self.right).splitlines()),
                f"and the function gave {self.gave:.6g}.",
            ]
        if self.mistake:
            lines.append(f"Likely mistake: {self.mistake}.")
        lines += [f"Besides, {remark}." for remark in self.remarks]
        return "\n".join(lines)


def judged(
    definition: Definition,
    function: Callable[..., Any],
    given: Mapping[str, Any],
    want: Values,
    expanded: Callable[[tuple[int, ...]], Expansion],
) -> Judgement:
    """A function beside the formula.

    want : what the formula gives;  expanded : one of its elements, written out
    Raises FormulaError if the function does not take what the formula takes.
    """
    taken = arguments(definition)
    order = [*taken, *sorted(set(given) - set(taken))]
    functions = {name: it for name, it in definition.functions.items() if name in taken}
    answer = answered(function, order, {**functions, **given})
    found = Judgement(definition.name, answer.called, False, remarks=answer.remarks)
    if answer.values is None:
        return replace(found, problem=answer.problem)
    return _Judge(definition, given, want, answer).judged(found, expanded)


class _Judge:
    """Holds an answer against a formula."""

    def __init__(
        self, definition: Definition, given: Mapping[str, Any], want: Values, answer: Answer
    ) -> None:
        assert answer.values is not None
        self.definition = definition
        self.given = given
        self.want = want
        self.raw: NDArray[Any] = answer.values
        self.found: Values = np.asarray(answer.values, dtype=np.float64)
        is_real = self.raw.dtype.kind == "f"
        self.coarser = float(np.finfo(self.raw.dtype).eps) / FINEST if is_real else 1.0
        self.tolerance = max(TOLERANCE, 100 * self.coarser * FINEST)

    def same(self, one: Values, two: Values) -> bool:
        """Whether two arrays are equal, as far as rounding goes."""
        if one.shape != two.shape:
            return False
        finite = np.abs(two[np.isfinite(two)])
        least = self.tolerance * float(finite.max(initial=0.0))
        return bool(np.allclose(one, two, rtol=self.tolerance, atol=least, equal_nan=True))

    def judged(
        self, found: Judgement, expanded: Callable[[tuple[int, ...]], Expansion]
    ) -> Judgement:
        if self.found.shape != self.want.shape:
            return replace(found, problem=self._of_shape(), mistake=self._first(self._reshaped()))
        wrong = self._wrong()
        with np.errstate(all="ignore"):
            gaps = np.abs(self.found - self.want)
        finite = gaps[np.isfinite(gaps)]
        found = replace(
            found,
            difference=float(finite.max(initial=0.0)),
            scale=float(np.abs(self.want[np.isfinite(self.want)]).max(initial=0.0)),
            wrong=int(wrong.sum()),
            size=wrong.size,
        )
        if not wrong.any():
            coarse = f"in {self.raw.dtype}, so far as that can tell"
            remarks = (coarse,) if self.coarser > 1 else ()
            return replace(found, ok=True, remarks=(*found.remarks, *remarks))
        index = tuple(int(i) for i in np.argwhere(wrong)[0])
        none = int((np.isnan(self.want) & ~np.isnan(self.found)).sum())
        if none:
            remark = (
                f"the formula itself gives no number for {none} elements, as where e^x grows too "
                "large, and the function does, which may well be right: compare on smaller numbers"
            )
            found = replace(found, remarks=(*found.remarks, remark))
        return replace(
            found,
            index=index,
            gave=float(self.found[index]),
            right=float(self.want[index]),
            expansion=_or_none(lambda: expanded(index)),
            mistake="" if none else self._first(self._mistakes()),
        )

    def _wrong(self) -> NDArray[np.bool_]:
        """Where the answer is not what the formula gives, rounding aside."""
        bound = bind(self.definition, self.definition.value, self.given)
        with np.errstate(all="ignore"):
            rounding = rounding_of(self.definition.right, bound) * self.coarser
            allowed = self.tolerance * np.abs(self.want) + rounding
            near = np.abs(self.found - self.want) <= allowed
        return np.asarray(
            ~(near | (self.found == self.want) | (np.isnan(self.found) & np.isnan(self.want)))
        )

    def _of_shape(self) -> str:
        shape = self.definition.shapes.get(self.definition.result)
        said = f", {shape_text(shape)}" if shape else ""
        return f"the result has shape {self.found.shape}, expected {self.want.shape}{said}"

    def _first(self, mistakes: Iterator[str]) -> str:
        return next(mistakes, "")

    # ---- the likely mistake ---------------------------------------------------------------------

    def _mistakes(self) -> Iterator[str]:
        lost = np.isnan(self.found) & ~np.isnan(self.want)
        if lost.any():
            yield f"{int(lost.sum())} elements are NaN, where the formula has numbers"
        if self.raw.dtype.kind in "iu" and self.same(self.found, np.trunc(self.want)):
            yield (
                f"the result is kept in {self.raw.dtype}, which cuts off what stands behind the "
                "point: make it an array of float"
            )
        pinned = replace(
            self.definition,
            shapes={
                **self.definition.shapes,
                **({self.definition.result: tuple(Number(float(n)) for n in self.want.shape)}
                   if self.want.ndim and not self.definition.elementwise else {}),
            },
        )  # fmt: skip
        yield from self._of_sizes(self.definition)
        yield from self._slipped(pinned)
        yield from map(_comes_out, traces(self.found, self.want, self.same))

    def _reshaped(self) -> Iterator[str]:
        yield from self._of_sizes(self.definition)
        yield from of_shape(self.found, self.want, self.same)

    def _of_sizes(self, definition: Definition) -> Iterator[str]:
        """Another value of a stride, a padding and the like."""
        for name in sorted(self.given):
            value = self.given[name]
            if np.ndim(value) or callable(value) or float(value) != int(value):
                continue
            if name not in definition.vocabulary.sizes and definition.shapes.get(name) != ():
                continue
            for other in dict.fromkeys((0, 1, int(value) - 1, int(value) + 1, 2 * int(value))):
                if other != value and self._gives(definition, {**self.given, name: other}):
                    yield _comes_out(f"{name} is {other}, and not {int(value)}")

    def _slipped(self, definition: Definition) -> Iterator[str]:
        for words, node in slips(definition):
            if self._gives(replace(definition, links=(*definition.links[:-1], node)), self.given):
                yield _comes_out(words)
        for name, step in definition.system.items():
            for words, node in slips(step):
                other = replace(step, links=(*step.links[:-1], node))
                system = {**definition.system, name: other}
                if any(depends(read, name, system, ()) for read in other.reads):
                    continue  # it would be defined by itself
                if self._gives(replace(definition, system=system), self.given):
                    yield _comes_out(f"in {name}, {words}")

    def _gives(self, definition: Definition, given: Mapping[str, Any]) -> bool:
        """Whether a formula with a slip gives the answer."""
        found = _or_none(lambda: evaluated(definition, given))
        return found is not None and self.same(self.found, found)


def _comes_out(words: str) -> str:
    return f"this is what comes out if {words}"


_T = TypeVar("_T")


def _or_none(calculate: Callable[[], _T]) -> _T | None:
    """What a formula that may make no sense gives, if it gives anything."""
    try:
        with np.errstate(all="ignore"):
            return calculate()
    except (CnnMathError, IndexError, KeyError, ZeroDivisionError, OverflowError):
        return None
