"""Sentences of the chapters with their numbers calculated: what to try, and what comes of it.

Each entry has the words as they stand below the figure, and a function that returns their numbers
in order, from the figure itself. A number that is an address or something to type is used to
calculate the others.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from cnnmath.formula import Factor


class Live:
    """A figure as it is at first, and what it shows after an edit."""

    def __init__(self, figure: Any, names: dict[str, Any]) -> None:
        self.figure = figure
        self.names = names  # of the chapter's code

    @property
    def now(self) -> dict[str, Any]:
        """All arrays of the figure, given and calculated."""
        return {**self.figure.arrays, **self.figure.results}

    @contextmanager
    def _for_a_while(self) -> Iterator[None]:
        """The sizes and arrays of the figure may be moved, and are then as before."""
        sizes, arrays = dict(self.figure.sizes), dict(self.figure.arrays)
        yield
        self.figure.sizes = sizes
        for name, array in arrays.items():
            self.figure.assign(name, array)

    def after(self, *edits: tuple[str, Any, Any]) -> dict[str, Any]:
        """The arrays after giving cells new values: the array, the place (or ...), the value."""
        with self._for_a_while():
            for name, place, value in edits:
                array = self.figure.arrays[name].copy()
                array[place] = value
                self.figure.assign(name, array)
            return self.now

    def moved(self, result: str, *edits: tuple[str, Any, Any]) -> Any:
        """The places at which a result has another number after edits."""
        return np.argwhere(self.after(*edits)[result] != self.now[result])

    def sized(self, **sizes: int) -> dict[str, Any]:
        """The arrays after moving sizes. Raises what the figure raises if they cannot be."""
        with self._for_a_while():
            self.figure.sizes = sizes
            return self.now

    def choice(self, label: str) -> dict[str, Any]:
        """A preset, by its label in a menu: its `arrays` and its `sizes`."""
        menus = self.figure.state["presets"].values()
        (found,) = (choices[label] for choices in menus if label in choices)
        return {
            "arrays": {
                name: np.reshape(array["data"], array["shape"])
                for name, array in found["arrays"].items()
            },
            "sizes": found["sizes"],
        }

    def preset(self, label: str, name: str) -> Any:
        """The array that a preset gives, by its label in a menu."""
        return self.choice(label)["arrays"][name]

    def taken(self, label: str) -> dict[str, Any]:
        """The arrays after taking a preset, by its label in a menu."""
        choice = self.choice(label)
        with self._for_a_while():
            self.figure.sizes = choice["sizes"]
            for name, array in choice["arrays"].items():
                self.figure.assign(name, array)
            return self.now

    def factors(self, result: str, place: tuple[int, ...], which: int = 0) -> list[list[Factor]]:
        """The terms of one element of a result, each with its factors; of two versions, which."""
        formula = [one for one in self.figure.formulas if one.result == result][which]
        sizes = self.figure.sizes
        known = {**self.now, **sizes}
        return [
            list(term.factors) for term in formula.expand(place, **formula.taken_of(known)).terms
        ]

    def readers(self, result: str, name: str, place: tuple[int, ...]) -> int:
        """How many elements of a result read one element of an array."""
        places = np.ndindex(self.now[result].shape)
        read = [[f for term in self.factors(result, at) for f in term] for at in places]
        return sum(any((f.name, f.index) == (name, place) for f in factors) for factors in read)


@dataclass(frozen=True)
class Sentence:
    """Words that stand below a figure of a chapter, and what their numbers must be."""

    chapter: str
    figure: str
    words: str
    calculate: Callable[[Live], Iterable[float]]


SENTENCES: list[Sentence] = []


def says(figure: str, words: str) -> Callable[[Any], Any]:
    """Below this figure the chapter says these words; the function returns their numbers."""

    def keep(calculate: Callable[[Live], Iterable[float]]) -> None:
        SENTENCES.append(Sentence(calculate.__module__, figure, words, calculate))

    return keep
