"""Sizes that move: what the formulas of a figure are bound to, for every choice of them.

The shapes of the given arrays follow from the declarations of the formulas; a size that is not
chosen keeps its value, unless it follows from others, as the sizes of an output do. Python itself
binds the formulas, once for each choice; the browser looks up what came of it, and has no rule of
its own for what is possible.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from cnnmath.call import binding
from cnnmath.call.arguments import whole
from cnnmath.call.placing import valued
from cnnmath.call.solving import Sizes as Solved
from cnnmath.call.solving import bind_sizes
from cnnmath.core.nodes import Read
from cnnmath.core.shapes import shape_text, size_value, whole_size
from cnnmath.errors import (
    ArrayValueError,
    CnnMathError,
    ShapeError,
    SuperfluousArrayError,
    UnboundSizeError,
)
from cnnmath.explorer.figure_json import (
    Array,
    Step,
    binding_to_json,
    insist_on_one_shape,
    names_read,
)

LARGEST_TABLE = 2000  # choices

Choice = tuple[int, ...]  # a value for each size that moves
Shape = tuple[int, ...]


def resized(now: Array, authors: Array, shape: Shape) -> Array:
    """An array in another shape: what was there stays, as far as there is room, and the author's
    array goes on from there, repeated from its start along each axis where it ends.

    now, authors : with as many axes as `shape`
    """
    places = (np.arange(length) % own for length, own in zip(shape, authors.shape, strict=True))
    found: Array = authors[np.ix_(*places)] if shape else authors.copy()
    kept = tuple(map(slice, map(min, shape, now.shape)))
    found[kept] = now[kept]
    return found


class Fit(NamedTuple):
    """What a choice comes to: the shapes of the given arrays, and of each formula its binding."""

    shapes: dict[str, Shape]
    bindings: list[dict[str, Any]]


class MovingSizes:
    """The sizes of a figure, of which some move.

    start : all sizes at first: those that were given by name, and those that move
    ranges : of each size that moves its first and last value
    """

    def __init__(
        self,
        steps: Sequence[Step],
        given: Mapping[str, Array],
        results: Mapping[str, Array],
        sizes: Mapping[str, int],
        ranges: Mapping[str, tuple[int, int]],
    ) -> None:
        """sizes : those that were given by name

        Raises ShapeError, ArrayValueError or UnboundSizeError if a size cannot move as it should.
        """
        self._steps, self._given, self._sizes = tuple(steps), dict(given), dict(sizes)
        shapes = {name: array.shape for name, array in {**given, **results}.items()}
        self._at_first = [_determined(_solved(step, shapes, sizes)) for step in steps]
        # What one formula cannot tell from its own arrays, it may have from another.
        self._anywhere = {name: value for known in self._at_first for name, value in known.items()}
        self.ranges = {name: _ends(name, ends) for name, ends in ranges.items()}
        self.start = {**sizes, **{name: self._first(name) for name in self.ranges}}
        count = math.prod(last - first + 1 for first, last in self.ranges.values())
        if count > LARGEST_TABLE:
            raise ShapeError(
                f"{', '.join(self.ranges)} can be chosen in {count:,} ways, and a figure holds at "
                f"most {LARGEST_TABLE:,}: let fewer sizes move, or let them move less far"
            )
        spans = (range(first, last + 1) for first, last in self.ranges.values())
        self._table = {choice: self._tried(choice) for choice in product(*spans)}
        for name in self.ranges:
            self._insist_on_movement(name)

    # ---- what the author asked for ----

    def _first(self, name: str) -> int:
        """The value at first of a size that is to move."""
        values: dict[int, str] = {}
        for step, sizes in zip(self._steps, self._at_first, strict=True):
            if name in sizes:
                values.setdefault(sizes[name], step.formula.name)
        if not values:
            known = sorted({known for sizes in self._at_first for known in sizes})
            raise UnboundSizeError(
                f"{name} is to move, but no shape says what it is at first: expected one of "
                f"{', '.join(known) or 'no size'}, or {name}=... as well"
            )
        if len(values) > 1:
            each = ", ".join(f"{value} in {formula}" for value, formula in values.items())
            raise ShapeError(f"{name} cannot move, for it is several sizes: {each}")
        (value,) = values
        first, last = self.ranges[name]
        if not first <= value <= last:
            raise ShapeError(
                f"{name} is to move from {first} to {last}, but it is {value} at first"
            )
        return value

    def _insist_on_movement(self, name: str) -> None:
        """Raises ShapeError if all that is possible leaves a size as it is."""
        which, start = list(self.ranges).index(name), self.start[name]
        others = {choice: fit for choice, fit in self._table.items() if choice[which] != start}
        if not any(isinstance(fit, Fit) for fit in others.values()):
            reason = next((f"; at {name} = {c[which]}: {fit}" for c, fit in others.items()), "")
            raise ShapeError(f"{name} cannot move, it must be {start}{reason}")

    # ---- one choice ----

    def _tried(self, choice: Choice) -> Fit | str:
        """What it comes to, or why it is impossible."""
        try:
            return self._fit(dict(zip(self.ranges, choice, strict=True)))
        except CnnMathError as error:
            return str(error)

    def _fit(self, chosen: Mapping[str, int]) -> Fit:
        """Raises what calling the formulas raises, and ShapeError if an array would be empty."""
        sizes = self.given_by_name({**self.start, **chosen})
        known: dict[str, Any] = dict(sizes)
        shapes: dict[str, Shape] = {}
        results: dict[str, Array] = {}
        bindings = []
        for step, at_first in zip(self._steps, self._at_first, strict=True):
            key, formula = step
            so_far = {name: np.shape(value) for name, value in known.items()}
            found = _solved(step, so_far, {**sizes, **chosen})
            # Also those whose shape alone counts, as of x in c = 1/N.
            for name in dict.fromkeys((*names_read(formula), *formula.shapes)):
                if name in self._given and name not in shapes:
                    array = self._given[name]
                    own = {**self._anywhere, **at_first}
                    shapes[name] = _shape(step, name, array.shape, found, own)
                    known[name] = resized(array, array, shapes[name])
            bound = binding.bound_to(formula.definition, known)
            _insist_on_cells(step, formula.result, bound.shape)
            results[key] = known[key] = valued(formula.definition.right, bound)
            bindings.append(binding_to_json(step, known, bound))
        insist_on_one_shape(self._steps, results)
        return Fit(shapes, bindings)

    def given_by_name(self, sizes: Mapping[str, int]) -> dict[str, int]:
        """Of all sizes, those that the formulas are called with."""
        return {name: sizes[name] for name in self._sizes}

    # ---- choosing ----

    def chosen(self, now: Mapping[str, int], wanted: Mapping[str, Any]) -> dict[str, int]:
        """All sizes, some of them chosen anew.

        Raises SuperfluousArrayError or ArrayValueError if that makes no sense, and ShapeError where
        the formulas cannot run, with the message that they give.
        """
        found = dict(now)
        for name, value in wanted.items():
            if name not in self.start:
                raise SuperfluousArrayError(
                    f"the figure has no size {name}: its sizes are {', '.join(self.start)}"
                )
            found[name] = whole(name, value)
            first, last = self.ranges.get(name, (self.start[name],) * 2)
            if not first <= found[name] <= last:
                to = f"moves from {first} to {last}" if name in self.ranges else f"stays {first}"
                raise ShapeError(f"{name} {to} in this figure: it cannot be {found[name]}")
        self.shapes(found)
        return found

    def shapes(self, sizes: Mapping[str, int]) -> dict[str, Shape]:
        """The shapes of the given arrays at these sizes.

        Raises ShapeError where the formulas cannot run.
        """
        fit = self._table[tuple(sizes[name] for name in self.ranges)]
        if isinstance(fit, str):
            raise ShapeError(fit)
        return fit.shapes

    def fitted(self, arrays: Mapping[str, Array], sizes: Mapping[str, int]) -> dict[str, Array]:
        """The given arrays in the shapes that they have at these sizes."""
        shapes = self.shapes(sizes)
        return {
            name: array
            if array.shape == shapes[name]
            else resized(array, self._given[name], shapes[name])
            for name, array in arrays.items()
        }

    def for_shape(self, name: str, shape: Shape, now: Mapping[str, int]) -> dict[str, int]:
        """The sizes at which an array has this shape: as few as can be differ from those of now.

        Raises ShapeError if there are none, or several ways to choose as few.
        """
        own = self.shapes(now)[name]
        if shape == own:
            return dict(now)
        ways: dict[int, list[dict[str, int]]] = {}
        for choice, fit in self._table.items():
            if isinstance(fit, Fit) and fit.shapes[name] == shape:
                wanted = dict(zip(self.ranges, choice, strict=True))
                changed = {n: value for n, value in wanted.items() if value != now[n]}
                ways.setdefault(len(changed), []).append(changed)
        if not ways:
            raise ShapeError(f"{name} has shape {own} in the figure, not {shape}")
        fewest = ways[min(ways)]
        if len(fewest) > 1:
            each = " or ".join(map(_described, fewest))
            raise ShapeError(
                f"{name} has shape {own} in the figure; {shape} may mean {each}: choose sizes first"
            )
        return {**now, **fewest[0]}

    # ---- for the browser ----

    def to_json(self) -> dict[str, Any] | None:
        """The table: what is equal is there once, and a choice is a list of the places."""
        if not self.ranges:
            return None
        shapes, refusals = _Listed(), _Listed()
        bindings = [_Listed() for _ in self._steps]
        choices: list[list[int] | int] = []
        for fit in self._table.values():
            if isinstance(fit, str):
                choices.append(refusals.number(fit))
                continue
            parts = [
                listed.number(part) for listed, part in zip(bindings, fit.bindings, strict=True)
            ]
            choices.append([shapes.number(fit.shapes), *parts])
        return {
            "ranges": {name: list(ends) for name, ends in self.ranges.items()},
            "words": {name: self._words(name) for name in self.ranges},
            "axes": dict(self._axes()),
            "shapes": shapes.all,
            "bindings": [listed.all for listed in bindings],
            "refusals": refusals.all,
            "choices": choices,  # the last size moves first
        }

    def _words(self, name: str) -> str:
        """What a screen reader calls a size: "q, the stride", where a formula says so."""
        said = (formula.symbols[name] for _, formula in self._steps if name in formula.symbols)
        return next((f"{name}, {words}" for words in said), f"size {name}")

    def _axes(self) -> Iterator[tuple[str, list[str]]]:
        """Of each given array that has one, the size that moves along each axis, or nothing."""
        for name, array in self._given.items():
            for _, formula in self._steps:
                shape = formula.shapes.get(name, ())
                own = [
                    s.name if isinstance(s, Read) and s.name in self.ranges else "" for s in shape
                ]
                if len(own) == array.ndim and any(own):
                    yield name, own
                    break


class _Listed:
    """Different things, each of which has a number."""

    def __init__(self) -> None:
        self.all: list[Any] = []
        self._numbers: dict[str, int] = {}

    def number(self, thing: Any) -> int:
        text = json.dumps(thing)
        if text not in self._numbers:
            self._numbers[text] = len(self.all)
            self.all.append(thing)
        return self._numbers[text]


def _described(sizes: Mapping[str, int]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in sizes.items())


def _ends(name: str, ends: Any) -> tuple[int, int]:
    """First and last value of a size, as they were given.

    Raises ArrayValueError if they are no such thing.
    """
    if not isinstance(ends, Sequence) or len(ends) != 2 or isinstance(ends, str):
        raise ArrayValueError(f"the range of {name} was given as {ends!r}: expected (first, last)")
    first, last = whole(name, ends[0]), whole(name, ends[1])
    if not 0 <= first <= last:
        raise ArrayValueError(
            f"{name} cannot move from {first} to {last}: expected 0 ≤ first ≤ last"
        )
    return first, last


def _solved(step: Step, shapes: Mapping[str, Shape], sizes: Mapping[str, int]) -> Solved:
    """What the shapes known so far, and sizes by name, say of the sizes of a formula.

    Raises ShapeError where they disagree.
    """
    formula = step.formula
    named = {name: value for name, value in sizes.items() if name in formula.sizes}
    return bind_sizes(formula.shapes, {n: shapes[n] for n in formula.shapes if n in shapes}, named)


def _determined(found: Solved) -> dict[str, int]:
    """The sizes that can have no other value."""
    loose = {name for change in found.loose for name in change}
    return {name: value for name, value in found.values.items() if name not in loose}


def _shape(step: Step, name: str, now: Shape, found: Solved, at_first: Mapping[str, int]) -> Shape:
    """The shape of a given array, by what is found of the sizes, and where that says nothing, by
    what they were at first. An axis of which neither says anything keeps its length.

    Raises ShapeError if the array would have no elements.
    """
    declared = step.formula.shapes.get(name)
    if declared is None:
        return now
    lengths = list(now)
    for axis, size in enumerate(declared):
        # M - m + 1 may be known where neither M nor m is.
        own = found.undetermined(size) is None and size_value(size, found.values) is not None
        sizes = found.values if own else {**at_first, **_determined(found)}
        if size_value(size, sizes) is not None:
            lengths[axis] = whole_size(size, sizes, f"axis {axis} of {name}")
    _insist_on_cells(step, name, tuple(lengths))
    return tuple(lengths)


def _insist_on_cells(step: Step, name: str, shape: Shape) -> None:
    """Raises ShapeError if an array of this shape has no elements."""
    if any(length < 1 for length in shape):
        declared = step.formula.shapes.get(name)
        text = f"{shape_text(declared)} = {shape}" if declared else f"{shape}"
        raise ShapeError(f"{name} would have no elements: its shape would be {text}")
