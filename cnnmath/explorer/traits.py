"""What of a figure of arrays moves, in Python as in the browser: its arrays and its sizes.

Each size and each number that is no array has a trait of its own as well, `size_q` and
`number_eta`: what ipywidgets links to a slider is one number.
"""

from collections.abc import Iterator, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import numpy as np
import traitlets
from numpy.typing import ArrayLike

from cnnmath.core import wording
from cnnmath.errors import ArrayValueError, CnnMathError, NoSuchElementError
from cnnmath.explorer.figure_json import Array, array_from_json, array_to_json

if TYPE_CHECKING:
    from cnnmath.explorer.explorer import Explorer

Value = TypeVar("Value")


class Held(MutableMapping[str, Value]):
    """What a figure holds by name: read like a dictionary; assigning one moves the figure."""

    def __init__(self, held: Mapping[str, Value], owner: "Explorer") -> None:
        self._held, self._owner = dict(held), owner

    def __getitem__(self, name: str) -> Value:
        return self._held[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)

    def __repr__(self) -> str:
        return repr(self._held)

    def __delitem__(self, name: str) -> NoReturn:
        raise CnnMathError(f"the figure needs {name}: give it another value instead")


class Arrays(Held[Array]):
    """The given arrays. What is assigned is copied, and no array changes in place."""

    def __init__(self, arrays: Mapping[str, Array], owner: "Explorer") -> None:
        super().__init__(arrays, owner)
        for array in self.values():  # changed in place, they would leave the figure behind
            array.flags.writeable = False

    def __setitem__(self, name: str, value: ArrayLike) -> None:
        self._owner.assign(name, value)

    # traitlets asks whether a change is one.
    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Mapping)
            and self.keys() == other.keys()
            and all(np.array_equal(self[name], other[name]) for name in self)
        )


class Results(Held[Array]):
    """The results of a figure's formulas, to be read."""

    def __setitem__(self, name: str, value: object) -> NoReturn:
        raise CnnMathError(self._owner.instead_of(name))


class Sizes(Held[int]):
    """The sizes."""

    def __setitem__(self, name: str, value: int) -> None:
        self._owner.sizes = {name: value}


def arrays_to_json(arrays: Mapping[str, Array], _: Any = None) -> dict[str, Any]:
    return {name: array_to_json(array) for name, array in arrays.items()}


def arrays_from_json(plain: Mapping[str, Any], owner: "Explorer") -> Arrays:
    return Arrays({n: array_from_json(n, a) for n, a in plain.items()}, owner)


class ArraysTrait(traitlets.TraitType[Arrays, Arrays]):
    """All arrays of a figure, which is given them one by one."""

    def validate(self, obj: "Explorer", value: Any) -> Arrays:
        if not isinstance(value, Arrays):
            raise CnnMathError('to change an array write figure.arrays["W"] = ..., with its name')
        return value


class SizesTrait(traitlets.TraitType[Sizes, Mapping[str, int]]):
    """All sizes of a figure; what is assigned may be some of them, and must be possible."""

    def validate(self, obj: "Explorer", value: Mapping[str, Any]) -> Sizes:
        if isinstance(value, Sizes):
            return value
        return Sizes(obj.moving.chosen(obj.sizes, value), obj)


# The browser hears of a size or number alone only after it has heard of them all: else it would
# take the news for what a slider wants, and answer.


class SizeTrait(traitlets.Int[int, int]):
    """One size that moves, `size_q`; `sizes` has it too."""

    def set(self, obj: Any, value: Any) -> None:
        which, whole = str(self.name).removeprefix("size_"), int(self.validate(obj, value))
        if obj.sizes[which] != whole:
            obj.sizes = {which: whole}  # and the figure then sets this one
        else:
            super().set(obj, whole)


class NumberTrait(traitlets.Float[float, float]):
    """One given number, `number_eta`; `arrays` has it too."""

    def set(self, obj: Any, value: Any) -> None:
        which, number = str(self.name).removeprefix("number_"), float(self.validate(obj, value))
        if obj.arrays[which] != number:
            obj.arrays[which] = number
        else:
            super().set(obj, number)


def single_traits(
    arrays: Mapping[str, Array], sizes: Mapping[str, int]
) -> dict[str, traitlets.TraitType[Any, Any]]:
    """The traits of single sizes, those that move, and of single numbers."""
    numbers = {name: float(array) for name, array in arrays.items() if not array.ndim}
    return {
        **{f"size_{name}": SizeTrait(size).tag(sync=True) for name, size in sizes.items()},
        **{f"number_{name}": NumberTrait(n).tag(sync=True) for name, n in numbers.items()},
    }


class Cell(traitlets.HasTraits):
    """One number of an array: `cell.value = 2` moves the figure, and an edit moves it.

    So a slider is linked to it: `ipywidgets.link((slider, "value"), (cell, "value"))`. While sizes
    have cropped it away, it keeps its last value.
    """

    value = traitlets.Float()

    def __init__(self, figure: "Explorer", name: str, place: tuple[int, ...]) -> None:
        """Raises NoSuchElementError if that is no cell of a given array."""
        self._figure, self._name, self._place = figure, name, place
        if name not in figure.arrays:
            hint = wording.meant(name, figure.arrays)
            known = ", ".join(figure.arrays)
            raise NoSuchElementError(f"{name} is not given: expected one of {known}{hint}")
        if not self._is_there():
            shape = figure.arrays[name].shape
            raise NoSuchElementError(f"{name} has shape {shape} and no element {place}")
        super().__init__(value=float(figure.arrays[name][place]))
        figure.observe(self._follow, "arrays")

    def _is_there(self) -> bool:
        shape = self._figure.arrays[self._name].shape
        return len(shape) == len(self._place) and all(
            0 <= p < length for p, length in zip(self._place, shape, strict=True)
        )

    def _follow(self, _: Any) -> None:
        if self._is_there():
            self.value = float(self._figure.arrays[self._name][self._place])

    @traitlets.validate("value")
    def _finite(self, proposal: Any) -> float:
        if not np.isfinite(proposal.value):
            raise ArrayValueError(f"{self._name}{list(self._place)}: expected a finite number")
        return float(proposal.value)

    @traitlets.observe("value")
    def _move(self, change: Any) -> None:
        if not self._is_there():
            raise NoSuchElementError(f"{self._name} has no element {self._place} at these sizes")
        array = self._figure.arrays[self._name].copy()
        array[self._place] = change.new
        self._figure.arrays[self._name] = array
