"""Words of the messages: where in a formula, how many axes, how many indices."""

from collections.abc import Iterable
from difflib import get_close_matches
from reprlib import repr as shortened
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST_INDICES = 3  # that one subscript without commas has


def pointed(latex: str, position: int) -> str:
    """The line of the LaTeX that holds a position, with a caret under the character."""
    position = min(position, len(latex))
    start = latex.rfind("\n", 0, position) + 1
    end = latex.find("\n", position)
    line = latex[start : len(latex) if end < 0 else end].expandtabs(1)
    column = position - start
    if len(line) > 120:  # keep the caret in sight
        cut = max(0, column - 60)
        line, column = line[cut : cut + 120], column - cut
    return f"    {line}\n    {' ' * column}^"


def in_short(value: Any) -> str:
    """What was given, in one line: a large array would take seconds to be written out."""
    if isinstance(value, np.ndarray) and value.ndim:
        return f"an array of shape {value.shape}"
    return shortened(value)


def axes(number: int) -> str:
    """`1 axis`, `2 axes`."""
    return f"{number} {'axis' if number == 1 else 'axes'}"


def one_name(name: str, names: Iterable[str]) -> str:
    """A hint for an x that was given where x_i is one name, for want of anything that binds i."""
    for other in names:
        label = other.removeprefix(f"{name}_")
        if label.isdigit():
            return f". {other} is one name here: declare the shape of {name} if it is an element"
        if other != label and len(label) <= MOST_INDICES and label.isalpha():
            return (
                f". {other} is one name here, for nothing says what {label} runs over: write the "
                f"left side with {label} too, or sum over it"
            )
    return ""


def nearest(name: str, known: Iterable[str], least: float = 0.6) -> str:
    """The name that may have been meant: the same one in other letters, or nearly; else "".

    least : how alike two names are that are nearly one, from 0 to 1
    """
    names = list(known)
    same = [one for one in names if one.casefold() == name.casefold()]
    return next(iter(same or get_close_matches(name, names, 1, least)), "")


def meant(name: str, known: Iterable[str]) -> str:
    """A hint for a name that is nearly another one: `; did you mean caption?`; else ""."""
    near = nearest(name, known)
    return f"; did you mean {near}?" if near else ""


def lone_index(name: str, result: str) -> str:
    """A hint for an index that stands on the right side alone, so that it would be a number."""
    left = result or "the result"
    return (
        f"; if {name} is an index, write it as a subscript on the left side too, {left}_{name}, or "
        "sum over it"
    )


def labels(name: str, array: NDArray[np.float64], number: int) -> str:
    """A hint if labels were given where one-hot rows are read, or the reverse; else "".

    number : of indices that the array is read with
    """
    one_hot = bool(array.ndim) and np.isin(array, (0, 1)).all() and (array.sum(-1) == 1).all()
    if array.ndim == number + 1 and one_hot:
        return f"; if its rows are one-hot, give labels, {name}.argmax(axis=-1)"
    if array.ndim == number - 1 and ((array >= 0) & (array == np.rint(array))).all():
        return f"; if these are labels, counted from 0, give one-hot rows, np.eye(K)[{name}]"
    return ""


def indices(number: int) -> str:
    """`1 index`, `2 indices`."""
    return f"{number} {'index' if number == 1 else 'indices'}"
