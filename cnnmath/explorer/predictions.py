"""`predict`: a question about a figure, whose answer is hidden there until the reader has answered.

    predict(
        explore(convolution, input_gradient, x=x, W=W, b=b, delta=delta),
        at=("dE_dx", (1, 1)),
        ask="How large is the gradient of the pixel in row 1, column 1?",
        mistakes=[(unturned, "that is the sum with the kernel unturned")],
        why="As seen from the pixel, the kernel lies the other way round.",
    )

What is right is found by the formulas in the reader's browser, from the numbers as they are then.
"""

import contextlib
from bisect import bisect
from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args

import numpy as np

from cnnmath.call import binding
from cnnmath.catalogue.mistakes import common_mistakes
from cnnmath.errors import CnnMathError, NoSuchElementError, ShapeError
from cnnmath.explorer.explorer import Explorer, cell_of
from cnnmath.explorer.figure_json import Array, Step, step_to_json
from cnnmath.formula import Formula

Answer = Literal["number", "direction", "place", "yes or no", "formula"]

SAME = 1e-9
"""Relative difference up to which two numbers are one answer."""


def predict(
    figure: Explorer,
    *,
    at: str | tuple[str, int | tuple[int, ...]],
    ask: str,
    answer: Answer = "number",
    decides: Formula | None = None,
    mistakes: Sequence[tuple[Formula, str]] = (),
    why: str = "",
    hide: Sequence[str] = (),
) -> Explorer:
    """The figure with a question below it; several questions are asked one after the other.

    at : the cell of a result that the question is about, such as `("a", (0, 1))`; its number is
        hidden in the figure, and with it whatever depends on it. `"a"` is all of that array.
    ask : the question, in a sentence
    answer : what the reader gives:
        "number", the cell's, to as many digits as the reader likes;
        "direction", whether it grows, falls or stays: whether the cell's number is above 0, below
        0, or 0;
        "yes or no": yes if the cell's number is not 0;
        "place", a cell of the figure: of a maximum or minimum the one that it takes, of a whole
        array one with its largest number;
        "formula", one that is right where the figure's is not: the reader chooses between that of
        `decides` and those of `mistakes`, all of which give the array `at`, and is told where two
        of them differ.
    decides : a formula whose number there is asked for, in place of the cell's own
    mistakes : formulas that give a wrong answer there, each with words that say of the wrong answer
        what it is: "that is ..."; where a place of a whole array is asked for, formulas of which
        a wrong place has the largest number. Those of `cnnmath.catalogue.mistakes` are told
        without being listed, and so is what can be told from the sum itself: a term that is
        missing, a neighbour's number, another sign.
    why : one sentence or two, for who has answered
    hide : further results that would tell the answer, hidden whole

    Raises CnnMathError if there is nothing to ask, or a mistake would be no mistake;
        NoSuchElementError or ShapeError if there is no such cell or a formula does not give one;
        or what calling the formulas raises.
    """
    if not isinstance(figure, Explorer):
        raise CnnMathError("predict needs a figure of arrays: predict(explore(...), at=..., ...)")
    if answer not in get_args(Answer):
        kinds = ", ".join(map(repr, get_args(Answer)))
        raise CnnMathError(f"answer={answer!r}: a prediction is one of {kinds}")
    if not ask.strip():
        raise CnnMathError("the prediction asks nothing: ask='How large is ...?'")
    results = figure.results
    cell = _asked(figure, at, answer, results)
    if strange := sorted(set(hide) - set(results)):
        there = ", ".join(results)
        raise NoSuchElementError(f"no formula of the figure gives {', '.join(strange)}: {there}")
    if answer == "place":
        if decides is not None:
            raise CnnMathError("a place is found by the formula of its array alone: no decides=")
        if mistakes and cell["place"] is not None:
            raise CnnMathError(
                "of a maximum it is said what loses: no mistakes= but for a whole array"
            )
        named = [_misplaced(figure, one, cell["key"]) for one in mistakes]
    elif answer == "formula":
        named = _candidates(figure, cell["key"], decides, mistakes)
    else:
        right = _value(figure, decides, cell) if decides else float(results[at[0]][_place(cell)])
        named = [_mistake(figure, one, cell, answer, right) for one in mistakes]
        formula = decides or _formula(figure, cell)
        for one in common_mistakes(formula):
            # Some cannot be told from what is right at this cell, or lack an array here.
            with contextlib.suppress(CnnMathError):
                named.append(_mistake(figure, one, cell, answer, right))
    question: dict[str, Any] = {
        "ask": ask,
        "answer": answer,
        "at": cell,
        "why": why,
        "hide": list(hide),
        "decides": None if decides is None else _to_json(figure, decides, answer == "formula"),
        "mistakes": named,
    }
    if answer == "formula":  # in an order that does not tell which is right
        named.sort(key=lambda one: one["formula"]["latex"])
        latexes = [one["formula"]["latex"] for one in named]
        question["slot"] = bisect(latexes, question["decides"]["latex"])
    return figure.with_state(predictions=[*figure.predictions, question])


def _asked(
    figure: Explorer,
    at: str | tuple[str, int | tuple[int, ...]],
    answer: Answer,
    results: Mapping[str, Array],
) -> dict[str, Any]:
    """What is asked about, as JSON; the place is None for a whole array."""
    key = at if isinstance(at, str) else at[0]
    if key in figure.arrays:
        raise CnnMathError(f"{key} is given in the figure: only what is calculated can be asked")
    if isinstance(at, str):
        if key not in results:
            raise NoSuchElementError(f"the figure has no result {key}: {', '.join(results)}")
        if answer not in ("place", "formula"):
            raise CnnMathError(
                f"at={at!r} is a whole array: to ask for a {answer}, say which cell, "
                f"at=({at!r}, {(0,) * results[key].ndim})"
            )
        return {"key": key, "place": None}
    cell = cell_of(at, results)
    if answer == "formula":
        raise CnnMathError(f"a formula gives a whole array: at={key!r}, and no cell of it")
    if answer == "place":
        formula = _formula(figure, cell)
        written = formula.expand(cell["place"], **formula.taken_of(figure.known))
        if written.operation not in ("max", "min"):
            raise CnnMathError(
                f"{formula.name} takes no maximum and no minimum, so no cell wins; at={key!r} asks "
                "for the place of the largest number"
            )
    return cell


def _formula(figure: Explorer, cell: Mapping[str, Any]) -> Formula:
    return next(step.formula for step in figure.steps if step.key == cell["key"])


def _place(cell: Mapping[str, Any]) -> tuple[int, ...]:
    return tuple(cell["place"])


def _array(figure: Explorer, formula: Formula, key: str) -> Array:
    """What a formula gives. Raises ShapeError if that is no array like the figure's."""
    result = binding.evaluated(formula.definition, figure.known)
    shape = figure.results[key].shape
    if np.shape(result) != shape:
        raise ShapeError(
            f"{formula.name} gives an array of the shape {np.shape(result)}: it is compared with "
            f"{key}, whose shape is {shape}"
        )
    return np.asarray(result)


def _value(figure: Explorer, formula: Formula, cell: Mapping[str, Any]) -> float:
    """What a formula gives at a cell. Raises ShapeError if it gives no such array."""
    return float(_array(figure, formula, cell["key"])[_place(cell)])


def _candidates(
    figure: Explorer,
    key: str,
    decides: Formula | None,
    mistakes: Sequence[tuple[Formula, str]],
) -> list[dict[str, Any]]:
    """The formulas that are not the right one, each of which gives other numbers than it."""
    if decides is None or not mistakes:
        raise CnnMathError(
            "a reader chooses between formulas: the right one is decides=, others are mistakes="
        )
    right = _array(figure, decides, key)
    for formula, words in mistakes:
        if np.allclose(_array(figure, formula, key), right, rtol=SAME, atol=0):
            raise CnnMathError(
                f"the mistake “{words}” gives what is right does on these numbers: take others"
            )
    return [{"formula": _to_json(figure, one, True), "words": words} for one, words in mistakes]


def _mistake(
    figure: Explorer,
    mistake: tuple[Formula, str],
    cell: Mapping[str, Any],
    answer: Answer,
    right: float,
) -> dict[str, Any]:
    formula, words = mistake
    found = _value(figure, formula, cell)
    if _as_answered(found, answer) == _as_answered(right, answer) or (
        answer == "number" and np.isclose(found, right, rtol=SAME, atol=0)
    ):
        place = f"{cell['key']}{cell['place']}"
        raise CnnMathError(
            f"at {place} the mistake “{words}” gives {found:g}, as what is right does: ask about "
            "another cell, or take other numbers"
        )
    return {"formula": _to_json(figure, formula), "words": words}


def _misplaced(figure: Explorer, mistake: tuple[Formula, str], key: str) -> dict[str, Any]:
    formula, words = mistake
    right, found = figure.results[key], _array(figure, formula, key)
    if not np.any((found == found.max()) & (right != right.max())):
        raise CnnMathError(
            f"the mistake “{words}” has no largest number but where {key} has it: take others"
        )
    return {"formula": _to_json(figure, formula), "words": words}


def _as_answered(number: float, answer: Answer) -> float:
    match answer:
        case "direction":
            return float(np.sign(number))
        case "yes or no":
            return float(number != 0)
    return number


def _to_json(figure: Explorer, formula: Formula, shown: bool = False) -> dict[str, Any]:
    """A formula that is run; only where it is shown as well, it is typeset."""
    plain = step_to_json(Step(formula.result or "value", formula), figure.known)
    return plain if shown else {**plain, "typeset": "", "latex": ""}
