"""A reader's function, called with the arrays that a formula takes, and what comes of it."""

import inspect
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnmath.core.python_names import plain_key
from cnnmath.errors import FormulaError


@dataclass(frozen=True)
class Answer:
    """What a function gave.

    called : how it was called, `conv(x, W, b)`;  values : the numbers, if there are any
    problem : why there are none;  remarks : what is to be said besides
    """

    called: str
    values: NDArray[Any] | None
    problem: str = ""
    remarks: tuple[str, ...] = ()


def answered(
    function: Callable[..., Any], order: Sequence[str], given: Mapping[str, Any]
) -> Answer:
    """What a function gives: called by name where its parameters are named as the formula's, else
    in the formula's order.

    Raises FormulaError if it does not take as much as the formula.
    """
    if not callable(function):
        raise FormulaError(f"a function is compared: got {type(function).__name__}")
    named, names = _passed(function, order, given)
    title = getattr(function, "__name__", "the function")
    called = f"{title}({', '.join(names)})"
    copies = {
        name: np.array(given[name]) if np.ndim(given[name]) else given[name] for name in names
    }
    before = {name: np.array(value) for name, value in copies.items() if np.ndim(value)}
    try:
        if named is None:
            found = function(*copies.values())
        else:
            found = function(**{key: copies[name] for key, name in named.items()})
    except Exception as error:  # whatever a reader's function raises is told
        return Answer(called, None, _raised(error, function))
    remarks = tuple(
        f"the function changes {name}, which it was given: work on a copy"
        for name, value in before.items()
        if not np.array_equal(value, copies[name], equal_nan=value.dtype.kind == "f")
    )
    values, problem = _numbers(found)
    return Answer(called, values, problem, remarks)


def _passed(
    function: Callable[..., Any], order: Sequence[str], given: Mapping[str, Any]
) -> tuple[dict[str, str] | None, list[str]]:
    """By parameter the name of what it is given, None if all is given by place; and the names."""
    there = [name for name in order if name in given]
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):  # one that is written in C
        return None, there
    single = [p for p in parameters if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    needed = [p for p in single if p.default is p.empty]
    by_name = {p.name: plain_key(p.name) for p in single if plain_key(p.name) in given}
    by_place = any(p.kind is p.POSITIONAL_ONLY for p in single)
    if by_name and not by_place and {p.name for p in needed} <= set(by_name):
        return by_name, list(by_name.values())
    if any(p.kind is p.VAR_KEYWORD for p in parameters) and not needed:
        return {name: name for name in there}, there
    takes_all = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    if len(needed) > len(there) or (len(single) < len(there) and not takes_all):
        takes = ", ".join(p.name for p in single) or "nothing"
        raise FormulaError(
            f"the function takes {takes}; the formula takes {', '.join(there)}: give it parameters "
            "of these names, or as many in this order"
        )
    return None, there


def _raised(error: Exception, function: Callable[..., Any]) -> str:
    """What a function raised, and in which of its lines."""
    code = getattr(function, "__code__", None)
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if code is not None and f.filename == code.co_filename]
    at = f", in line {own[-1].lineno}: {own[-1].line}" if own and own[-1].line else ""
    words = str(error) or "without words"
    return f"the function raises {type(error).__name__}: {words}{at}"


def _numbers(found: Any) -> tuple[NDArray[Any] | None, str]:
    if found is None:
        return None, "the function returns None: is its `return` missing?"
    if hasattr(found, "detach"):  # a tensor of PyTorch that keeps track of gradients
        found = found.detach()
    try:
        values = np.asarray(found)
    except Exception as error:
        return None, f"what the function returns is no array: {error}"
    if values.dtype.kind == "c" and not np.imag(values).any():
        values = np.real(values)
    if values.dtype.kind not in "biuf":
        kind = type(found).__name__ if values.dtype.kind == "O" else f"an array of {values.dtype}"
        return None, f"the function returns {kind}: expected real numbers"
    return values, ""
