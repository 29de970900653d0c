"""`explore`: a live figure as a widget, and as an element of the built page."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike

from cnnmath.call.arguments import whole
from cnnmath.core.python_names import plain_keys
from cnnmath.errors import CnnMathError, NoSuchElementError, SuperfluousArrayError
from cnnmath.explorer.figure_json import (
    Array,
    Step,
    array_from_json,
    array_to_json,
    evaluated,
    insist_on_one_shape,
    looks,
    names_read,
    plain_array,
    step_to_json,
    steps_of,
)
from cnnmath.explorer.hidden import hidden_cells
from cnnmath.explorer.live_figure import LiveFigure
from cnnmath.explorer.moving_sizes import MovingSizes
from cnnmath.explorer.presets import presets_to_json
from cnnmath.explorer.static_figure import still
from cnnmath.explorer.stepping import insist_on_steps
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


class Sizes(dict[str, int]):
    """The sizes of a figure: read like a dictionary; assigning one moves the figure."""

    def __init__(self, sizes: Mapping[str, int], owner: "Explorer") -> None:
        super().__init__(sizes)
        self._owner = owner

    def __setitem__(self, name: str, value: int) -> None:
        self._owner.sizes = {name: value}

    def __delitem__(self, name: str) -> None:
        raise CnnMathError(f"the figure needs {name}: choose another value instead")


class _SizesTrait(traitlets.TraitType[Sizes, Mapping[str, int]]):
    """All sizes of a figure; what is assigned may be some of them, and must be possible."""

    def validate(self, obj: "Explorer", value: Mapping[str, Any]) -> Sizes:
        if isinstance(value, Sizes):
            return value
        return Sizes(obj.moving.chosen(obj.sizes, value), obj)


class _SizeTrait(traitlets.Int[int, int]):
    """One size that moves, `size_q`, for `ipywidgets.link`; `sizes` has it too."""

    def validate(self, obj: "Explorer", value: Any) -> int:
        whole = super().validate(obj, value)
        obj.moving.chosen(obj.sizes, {str(self.name).removeprefix("size_"): whole})
        return whole


class Explorer(LiveFigure):
    """A live figure. `e.arrays["W"] = ...` moves it; `e.observe(f, "arrays")` hears of edits.

    So does `e.sizes["q"] = 2`, of a size that moves. It has a trait of its own as well:
    `ipywidgets.link((slider, "value"), (e, "size_q"))`.
    """

    arrays = traitlets.Instance(Arrays).tag(sync=True, to_json=_to_json, from_json=_from_json)
    sizes = _SizesTrait().tag(sync=True, to_json=lambda sizes, _: dict(sizes))

    def __init__(
        self,
        steps: Sequence[Step],
        arrays: Mapping[str, Array],
        moving: MovingSizes,
        state: dict[str, Any],
    ) -> None:
        self._steps = tuple(steps)
        self.moving = moving
        super().__init__(state=state, arrays=Arrays(arrays, self))
        own = {f"size_{name}": name for name in moving.ranges}
        self.add_traits(**{trait: _SizeTrait(self.sizes[name]) for trait, name in own.items()})
        for trait, name in own.items():
            self.observe(lambda change, name=name: self._choose(name, change.new), trait)

    @traitlets.default("sizes")
    def _sizes_at_first(self) -> Sizes:
        return Sizes(self.moving.start, self)

    @traitlets.validate("arrays")
    def _in_shape(self, proposal: Any) -> Arrays:
        """What the browser sends may be from before the sizes moved."""
        return Arrays(self.moving.fitted(proposal.value, self.sizes), self)

    @traitlets.observe("sizes")
    def _follow(self, _: Any) -> None:
        self.arrays = Arrays(self.moving.fitted(self.arrays, self.sizes), self)
        for name in self.moving.ranges:
            setattr(self, f"size_{name}", self.sizes[name])

    def _choose(self, name: str, value: int) -> None:
        self.sizes = {name: value}

    def assign(self, name: str, value: ArrayLike) -> None:
        """Give one array new values; of another shape, if sizes move that make it so.

        Raises SuperfluousArrayError, ShapeError or ArrayValueError.
        """
        if name not in self.arrays:
            raise SuperfluousArrayError(f"the figure has no array {name}: {', '.join(self.arrays)}")
        array = plain_array(name, value)
        sizes = self.moving.for_shape(name, array.shape, self.sizes)
        with self.hold_trait_notifications():
            self.sizes = sizes
            self.arrays = Arrays({**self.arrays, name: array}, self)

    def with_state(self, **changed: Any) -> "Explorer":
        """The same figure, as it is now, with something else about what never changes."""
        return Explorer(self._steps, self.arrays, self.moving, {**self.state, **changed})

    @property
    def known(self) -> dict[str, Any]:
        """All that a formula of the figure may read: arrays, results and sizes."""
        return {**self.arrays, **self.results, **self.moving.given_by_name(self.sizes)}

    @property
    def predictions(self) -> list[dict[str, Any]]:
        """What is asked about the figure, as `predict` says it to the browser."""
        return list(self.state.get("predictions", []))

    @property
    def steps(self) -> tuple[Step, ...]:
        """The formulas of the figure with the keys of their results."""
        return self._steps

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """The formulas of the figure, in the order in which data flows."""
        return tuple(step.formula for step in self._steps)

    @property
    def results(self) -> dict[str, Array]:
        """The results for the arrays as they are now, by name; of a second version, `a (2)`."""
        return evaluated(self._steps, self.arrays, self.moving.given_by_name(self.sizes))

    def __repr__(self) -> str:
        shapes = ", ".join(f"{n} {a.shape}" for n, a in {**self.arrays, **self.results}.items())
        return f"Explorer({', '.join(f.name for f in self.formulas)}: {shapes})"

    def page_state(self) -> dict[str, Any]:
        return {**self.state, "arrays": _to_json(self.arrays, None), "sizes": dict(self.sizes)}

    def still(self) -> str:
        known = {**self.arrays, **self.results}
        questions = tuple(one["ask"] for one in self.predictions)
        hidden = hidden_cells(self.predictions, self._steps, known)
        return still(
            [one["typeset"] for one in self.state["formulas"]],
            known,
            self.state["looks"],
            tuple(self.state["images"]),
            (self.state["caption"], *questions),
            hidden,
        )


def explore(
    *formulas: Formula,
    caption: str | None = None,
    images: Sequence[str] = (),
    presets: Mapping[str, Mapping[str, Any]] | None = None,
    at: tuple[str, int | tuple[int, ...]] | None = None,
    sizes: Mapping[str, tuple[int, int]] | None = None,
    step: Mapping[str, str] | None = None,
    name: str | None = None,
    **arrays: ArrayLike,
) -> Explorer:
    """A live figure of one formula, or of several of which one reads what another gives.

    formulas : in the order in which data flows; two formulas of one name are compared
    caption : what the figure shows, in a sentence; else what the formulas mean
    images : names of arrays that are pictures, from 0 (paper) to 1 (full ink), to be drawn on
    presets : for an array a menu of values by name, `{"W": {"blur": ...}}`; of other shapes, if
        sizes move that make them so. For several arrays and sizes at once a menu with a name of its
        own, `{"layer": {"no padding": {"M": 4, "P": 0}}}`
    at : the cell that is pinned at first, such as `("a", (0, 1, 2))`
    sizes : those that the reader can move, with first and last value: `{"m": (1, 5), "q": (1, 3)}`.
        The given arrays follow: they are cropped, or continued by the numbers given here, which are
        repeated from their start along each axis where they end. 2,000 choices at most
    step : what a press of a button makes of given arrays, `{"W": "W_hat"}` of the result of
        Ŵ = W − ηG; below it stands what became of the error
    name : by which links of the text, and addresses, find the figure: small letters, digits and
        hyphens; without it, links find the figure above them
    arrays : all that the formulas read and do not calculate; sizes that no shape determines

    Raises CnnMathError, or what calling the formulas with these arrays raises.
    """
    if not formulas or not all(isinstance(formula, Formula) for formula in formulas):
        raise CnnMathError("explore needs formulas: explore(convolution, x=..., W=...)")
    if name is not None and not re.fullmatch(r"(?!f\d+$)[a-z][a-z0-9-]*", name):
        raise CnnMathError(
            f"a figure cannot be called {name!r}: a name is small letters, digits and hyphens, and "
            "not like f0, the first figure of a page"
        )
    arrays = plain_keys(arrays)
    size_names = {size for f in formulas for size in f.sizes if size not in f.shapes}
    by_name = {name: whole(name, value) for name, value in arrays.items() if name in size_names}
    given = {n: plain_array(n, v) for n, v in arrays.items() if n not in by_name}
    steps = steps_of(formulas, given)
    results = evaluated(steps, given, by_name)
    insist_on_one_shape(steps, results)
    read = {name for _, formula in steps for name in names_read(formula)}
    if unused := sorted(set(given) - read):
        raise SuperfluousArrayError(f"no formula of the figure reads {', '.join(unused)}")
    known = {**given, **results}
    if strange := sorted(set(images) - set(known)):
        raise SuperfluousArrayError(f"the figure has no array {', '.join(strange)} to be a picture")
    if step:
        insist_on_steps(step, given, results)
    shown = [formula for _, formula in steps]
    moving = MovingSizes(steps, given, results, by_name, plain_keys(sizes or {}))
    state = {
        "formulas": [step_to_json(step, {**known, **by_name}) for step in steps],
        "looks": looks(shown, [*given, *dict.fromkeys(f.result or "value" for f in shown)]),
        "sizing": moving.to_json(),
        "images": list(images),
        "presets": presets_to_json(presets or {}, moving),
        "caption": caption or " ".join(f.meaning for f in formulas).strip() or formulas[0].name,
        "at": None if at is None else cell_of(at, known),
    }
    if step:
        state["step"] = dict(step)
    if name is not None:
        state["name"] = name
    return Explorer(steps, given, moving, state)


def cell_of(at: tuple[str, int | tuple[int, ...]], known: Mapping[str, Array]) -> dict[str, Any]:
    """A cell of the figure: its array and its place there.

    Raises NoSuchElementError if there is none there.
    """
    key, index = at
    place = (index,) if isinstance(index, int) else tuple(index)
    shape = known[key].shape if key in known else None
    inside = shape is not None and len(shape) == len(place)
    if not inside or not all(0 <= p < n for p, n in zip(place, shape or (), strict=True)):
        raise NoSuchElementError(f"the figure has no cell {key}{list(place)}")
    return {"key": key, "place": [int(p) for p in place]}
