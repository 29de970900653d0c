"""`explore`: a live figure as a widget, and as an element of the built page."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike

from cnnmath.call.arguments import whole
from cnnmath.core.python_names import plain_keys
from cnnmath.errors import CnnMathError, NoSuchElementError, ShapeError, SuperfluousArrayError
from cnnmath.explorer.figure_json import (
    Array,
    Step,
    array_from_json,
    array_to_json,
    evaluated,
    looks,
    names_read,
    plain_array,
    step_to_json,
    steps_of,
)
from cnnmath.explorer.live_figure import LiveFigure
from cnnmath.explorer.static_figure import still
from cnnmath.formula import Formula


class Arrays(dict[str, Array]):
    """The given arrays of a figure: read like a dictionary; assigning one moves the figure."""

    def __init__(self, arrays: Mapping[str, Array], owner: "Explorer | None" = None) -> None:
        super().__init__(arrays)
        for array in self.values():  # changed in place, they would leave the figure behind
            array.flags.writeable = False
        self._owner = owner

    def __setitem__(self, name: str, value: ArrayLike) -> None:
        if self._owner is None:
            super().__setitem__(name, plain_array(name, value))
        else:
            self._owner.assign(name, value)

    def __delitem__(self, name: str) -> None:
        raise CnnMathError(f"the figure needs {name}: give it other values instead")

    # traitlets asks whether a change is one.
    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Mapping)
            and self.keys() == other.keys()
            and all(np.array_equal(self[name], other[name]) for name in self)
        )

    __hash__ = None


def _to_json(arrays: Mapping[str, Array], _: Any) -> dict[str, Any]:
    return {name: array_to_json(array) for name, array in arrays.items()}


def _from_json(plain: Mapping[str, Any], owner: "Explorer") -> Arrays:
    return Arrays({n: array_from_json(n, a) for n, a in plain.items()}, owner)


class Explorer(LiveFigure):
    """A live figure. `e.arrays["W"] = ...` moves it; `e.observe(f, "arrays")` hears of edits."""

    arrays = traitlets.Instance(Arrays).tag(sync=True, to_json=_to_json, from_json=_from_json)

    def __init__(
        self,
        steps: Sequence[Step],
        arrays: Mapping[str, Array],
        sizes: Mapping[str, int],
        state: dict[str, Any],
    ) -> None:
        self._steps = tuple(steps)
        self._sizes = dict(sizes)
        super().__init__(state=state, arrays=Arrays(arrays, self))

    def assign(self, name: str, value: ArrayLike) -> None:
        """Give one array new values of the same shape.

        Raises SuperfluousArrayError, ShapeError or ArrayValueError.
        """
        if name not in self.arrays:
            raise SuperfluousArrayError(f"the figure has no array {name}: {', '.join(self.arrays)}")
        array = plain_array(name, value)
        if array.shape != self.arrays[name].shape:
            raise ShapeError(
                f"{name} has shape {self.arrays[name].shape} in the figure, not {array.shape}"
            )
        self.arrays = Arrays({**self.arrays, name: array}, self)

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """The formulas of the figure, in the order in which data flows."""
        return tuple(step.formula for step in self._steps)

    @property
    def results(self) -> dict[str, Array]:
        """The results for the arrays as they are now, by name; of a second version, `a (2)`."""
        return evaluated(self._steps, self.arrays, self._sizes)

    def __repr__(self) -> str:
        shapes = ", ".join(f"{n} {a.shape}" for n, a in {**self.arrays, **self.results}.items())
        return f"Explorer({', '.join(f.name for f in self.formulas)}: {shapes})"

    def page_state(self) -> dict[str, Any]:
        return {**self.state, "arrays": _to_json(self.arrays, None)}

    def still(self) -> str:
        known = {**self.arrays, **self.results}
        return still(known, tuple(self.state["images"]), self.state["caption"])


def explore(
    *formulas: Formula,
    caption: str | None = None,
    images: Sequence[str] = (),
    presets: Mapping[str, Mapping[str, ArrayLike]] | None = None,
    at: tuple[str, int | tuple[int, ...]] | None = None,
    **arrays: ArrayLike,
) -> Explorer:
    """A live figure of one formula, or of several of which one reads what another gives.

    formulas : in the order in which data flows; two formulas of one name are compared
    caption : what the figure shows, in a sentence; else what the formulas mean
    images : names of arrays that are pictures, from 0 (black) to 1 (white), to be painted on
    presets : for an array a menu of values by name, `{"W": {"blur": ...}}`
    at : the cell that is pinned at first, such as `("a", (0, 1, 2))`
    arrays : all that the formulas read and do not calculate; sizes that no shape determines

    Raises CnnMathError, or what calling the formulas with these arrays raises.
    """
    if not formulas or not all(isinstance(formula, Formula) for formula in formulas):
        raise CnnMathError("explore needs formulas: explore(convolution, x=..., W=...)")
    arrays = plain_keys(arrays)
    size_names = {size for f in formulas for size in f.sizes if size not in f.shapes}
    sizes = {name: whole(name, value) for name, value in arrays.items() if name in size_names}
    given = {n: plain_array(n, v) for n, v in arrays.items() if n not in sizes}
    steps = steps_of(formulas, given)
    results = evaluated(steps, given, sizes)
    _insist_on_one_shape(steps, results)
    read = {name for _, formula in steps for name in names_read(formula)}
    if unused := sorted(set(given) - read):
        raise SuperfluousArrayError(f"no formula of the figure reads {', '.join(unused)}")
    known = {**given, **results}
    if strange := sorted(set(images) - set(known)):
        raise SuperfluousArrayError(f"the figure has no array {', '.join(strange)} to be a picture")
    shown = [formula for _, formula in steps]
    state = {
        "formulas": [step_to_json(step, {**known, **sizes}) for step in steps],
        "looks": looks(shown, [*given, *dict.fromkeys(f.result or "value" for f in shown)]),
        "sizes": sizes,
        "images": list(images),
        "presets": {
            name: {k: array_to_json(_preset(name, v, given)) for k, v in choices.items()}
            for name, choices in (presets or {}).items()
        },
        "caption": caption or " ".join(f.meaning for f in formulas).strip() or formulas[0].name,
        "at": None if at is None else _cell(at, known),
    }
    return Explorer(steps, given, sizes, state)


def _insist_on_one_shape(steps: Sequence[Step], results: Mapping[str, Array]) -> None:
    """Two versions of a formula can only be compared cell by cell if their shapes agree."""
    shapes: dict[str, tuple[int, ...]] = {}
    for key, formula in steps:
        shape = results[key].shape
        first = shapes.setdefault(formula.result, shape)
        if shape != first:
            raise ShapeError(
                f"the versions of {formula.result} give the shapes {first} and {shape}: "
                "they cannot be compared"
            )


def _preset(name: str, value: ArrayLike, given: Mapping[str, Array]) -> Array:
    if name not in given:
        raise SuperfluousArrayError(f"there are presets for {name}, which is not given")
    array = plain_array(name, value)
    if array.shape != given[name].shape:
        raise ShapeError(
            f"a preset for {name} has shape {array.shape}: expected {given[name].shape}"
        )
    return array


def _cell(at: tuple[str, int | tuple[int, ...]], known: Mapping[str, Array]) -> dict[str, Any]:
    """The cell that is pinned at first.

    Raises NoSuchElementError if there is none there.
    """
    key, index = at
    place = (index,) if isinstance(index, int) else tuple(index)
    shape = known[key].shape if key in known else None
    inside = shape is not None and len(shape) == len(place)
    if not inside or not all(0 <= p < n for p, n in zip(place, shape or (), strict=True)):
        raise NoSuchElementError(f"the figure has no cell {key}{list(place)}")
    return {"key": key, "place": [int(p) for p in place]}
