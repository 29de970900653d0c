"""Numbers on which a derivation is run: uneven sizes, and no number twice.

With one kernel a sum over kernels may be missing, with a square image rows and columns may be
exchanged, and nobody would see it. So every size that the formula leaves free is another one, none
is 1, and what stands in an index is a whole number.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from cnnmath.call.bound import Bound
from cnnmath.call.meaning import Meaning
from cnnmath.call.ranges import Ranges
from cnnmath.core.definition import Definition
from cnnmath.core.lower import lowered
from cnnmath.core.nodes import (
    Apply,
    Binder,
    Call,
    Compare,
    Divide,
    Index,
    Node,
    Power,
    Read,
    Reduce,
    indices_in,
    number_in,
)
from cnnmath.core.shapes import size_value
from cnnmath.derive.cost import MOST_TERMS
from cnnmath.derive.forward import Forward
from cnnmath.differences import central
from cnnmath.errors import CnnMathError, FormulaError

ATTEMPTS = 400
CALLS = 150
BATCH = 8
"""Sizes of which the smallest are taken first."""

LARGEST = 40_000
"""Products of lengths; a sample is to be run in milliseconds."""


@dataclass(frozen=True)
class Sample:
    """arrays : for a call of the forward formula, and of the gradient

    sizes : the whole numbers among them, and those that follow from the shapes
    steps : those of the sizes that are no lengths: strides, sides of windows and the like
    """

    arrays: Mapping[str, Any]
    sizes: Mapping[str, int]
    steps: frozenset[str] = frozenset()

    def of(self, definition: Definition) -> dict[str, Any]:
        """What a formula takes of it."""
        return definition.taken_of(self.arrays)


def samples(
    forward: Forward, seed: int = 0, is_light: Callable[[Mapping[str, int]], bool] | None = None
) -> Iterator[Sample]:
    """Numbers on which the forward formula has a finite value, at ever other sizes.

    is_light : whether the lines can be run at some sizes in little time; at all if None
    Raises FormulaError if none are found.
    """
    rng = np.random.default_rng(seed)
    kinds = _Kinds(forward)
    calls = found = 0
    reason = "no sizes fit its shapes"
    for sizes in _fitting_sizes(kinds, rng):
        if is_light is not None and not is_light(sizes):
            reason = (
                f"a line has more than {MOST_TERMS:.0e} terms. Where a shape has a number for a "
                "size, write a name, as in x='M N', and give the number in a call"
            )
            continue
        for draw in (_guessed, _positive, _above_one):
            calls += 1
            try:
                arrays = kinds.arrays(sizes, rng, draw)
                sample = Sample(arrays, sizes, frozenset(sizes) - kinds.lengths_of_axes)
                value = forward.stated(**sample.of(forward.definition))
                other = forward.given(**sample.of(forward.given.definition))
            except CnnMathError as error:
                reason = str(error).splitlines()[0]
                continue
            if value.shape != other.shape or not np.allclose(
                value, other, rtol=1e-9, equal_nan=True
            ):
                raise FormulaError(
                    "the shape of the result does not follow from the formula: declare it"
                )
            if not value.size or not np.all(np.isfinite(value)):
                reason = "its values are not finite"
                if np.any(np.isinf(value)):  # the largest of nothing: other numbers do not help
                    break
                continue
            found += 1
            if forward.arriving:
                sample.arrays[forward.arriving] = rng.normal(size=value.shape)  # type: ignore[index]
            yield sample
            break
        if calls >= CALLS and not found:
            break
    if not found:
        raise FormulaError(f"no numbers were found on which the formula can be run: {reason}")


def in_indices(forward: Forward) -> tuple[set[str], set[str]]:
    """Names of the formula that must be whole numbers: its sizes, and what holds indices."""
    kinds = _Kinds(forward)
    return kinds.sizes, kinds.whole - kinds.sizes


# ---- what kind each name is ---------------------------------------------------------------------

Draw = Callable[[np.random.Generator, tuple[int, ...], bool], Any]


def _guessed(rng: np.random.Generator, shape: tuple[int, ...], is_positive: bool) -> Any:
    return rng.uniform(0.2, 0.9, size=shape) if is_positive else rng.normal(size=shape)


def _positive(rng: np.random.Generator, shape: tuple[int, ...], is_positive: bool) -> Any:
    return rng.uniform(0.2, 0.9, size=shape)


def _above_one(rng: np.random.Generator, shape: tuple[int, ...], is_positive: bool) -> Any:
    return rng.uniform(1.1, 2.0, size=shape)


class _Kinds:
    """What each name of a formula must be given as.

    whole : names that stand in an index;  positive : in a root, a logarithm, below a fraction
    sets : that say what is a member
    along : for arrays that hold indices, the axes that these run along
    """

    def __init__(self, forward: Forward) -> None:
        self.forward = forward
        definitions = [forward.definition, *forward.system.values()]
        self.nodes = [n for d in definitions for n in _nodes(d)]
        defined = {*forward.system, *({forward.result} - forward.definition.reads)}
        self.shapes = {n: s for d in reversed(definitions) for n, s in d.shapes.items()}
        functions = {name for d in definitions for name in d.functions}
        names = {n for d in definitions for n in d.vocabulary.names}
        self.given = functions
        applied = {n.name for n in self.nodes if isinstance(n, Apply)}
        self.applied = applied - {*self.shapes} - functions
        self.names = names - defined - functions - self.applied
        self.sizes = {n for d in definitions for n in d.vocabulary.sizes}
        for shape in self.shapes.values():
            for size in shape:
                self.sizes |= {n.name for n in size.walk() if isinstance(n, Read)}
        written = (forward.given.definition, *forward.system.values())
        self.sets = {name for d in written for name in d.statement.sets}
        self.whole = set(_in_indices(self.nodes))
        self.positive = set(_with_narrow_domain(self.nodes))
        self.along = list(_label_axes(self.nodes))

    @property
    def lengths_of_axes(self) -> set[str]:
        return {size.name for s in self.shapes.values() for size in s if isinstance(size, Read)}

    @property
    def free(self) -> list[str]:
        """What is chosen as a whole number."""
        bare = {n for n in self.names & self.whole if not self.shapes.get(n) and not self._rank(n)}
        return sorted({*self.sizes, *bare})

    def _rank(self, name: str) -> int:
        return self.forward.definition.statement.ranks.get(name, 0)

    def lengths(self, name: str, sizes: Mapping[str, int]) -> tuple[int, ...] | None:
        found = []
        for size in self.shapes.get(name, ()):
            value = size_value(size, sizes)
            if value is None or value.denominator != 1 or value < 1:
                return None
            found.append(int(value))
        return tuple(found)

    def arrays(
        self, sizes: Mapping[str, int], rng: np.random.Generator, draw: Draw
    ) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name in sorted(self.names):
            if name in sizes:
                continue
            if self.forward.is_open and name == self.forward.by.name:
                found[name] = draw(rng, (5,), name in self.positive)
                continue
            shape = self.lengths(name, sizes)
            if shape is None or (self._rank(name) and name not in self.shapes):
                raise FormulaError(f"the derivation needs the shape of {name}: declare it")
            if name in self.sets:
                found[name] = rng.uniform(size=shape) < 0.7
            elif name in self.whole:
                low, high = self._range(name, sizes)
                found[name] = rng.integers(low, high + 1, size=shape)
            else:
                found[name] = draw(rng, shape, name in self.positive)
        for name in sorted(self.applied):
            plain = name.replace("_prime", "")
            for primes in range(name.count("_prime"), 3):
                found[plain + "_prime" * primes] = _function(plain, primes)
        for name in self.given:
            function = self.forward.definition.functions.get(name)
            if function is not None:
                found[f"{name}_prime"] = slope_of(function)
        return {**found, **sizes}

    def _range(self, name: str, sizes: Mapping[str, int]) -> tuple[int, int]:
        """The whole numbers that an array of indices may hold."""
        for array, axis, label in self.along:
            if label == name and array in self.shapes:
                lengths = self.lengths(array, sizes)
                if lengths:
                    first = self.forward.first(array)
                    return first, first + lengths[axis] - 1
        return 1, 3


def _function(name: str, primes: int) -> Callable[[Any], Any]:
    """A smooth function for a name that the formula applies, or its first or second slope."""
    shift = 0.1 * (sum(map(ord, name)) % 7)
    return (
        lambda u: np.tanh(u) + shift * u,
        lambda u: 1 - np.tanh(u) ** 2 + shift,
        lambda u: -2 * np.tanh(u) * (1 - np.tanh(u) ** 2),
    )[primes]


def slope_of(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The slope of a function of which only the values are known."""

    def slope(u: Any) -> Any:
        at = np.asarray(u, dtype=np.float64)
        return central(lambda way: np.asarray(function(at + way)), 2e-3)

    return slope


def _fitting_sizes(kinds: _Kinds, rng: np.random.Generator) -> Iterator[dict[str, int]]:
    """Whole numbers for the free names for which every shape has lengths, small ones first."""
    free = kinds.free
    fitting: list[tuple[int, int, dict[str, int]]] = []
    result = kinds.shapes.get(kinds.forward.result, ())
    others = [s for n, s in kinds.shapes.items() if n != kinds.forward.result]
    of_result = {size.name for size in result if isinstance(size, Read)} - {
        n.name for s in others for size in s for n in size.walk() if isinstance(n, Read)
    }  # how often windows fit
    axes = kinds.lengths_of_axes
    few = sum(name not in axes for name in free)
    for attempt in range(ATTEMPTS):
        sizes: dict[str, int] = {}
        least = 2 if attempt < ATTEMPTS // 2 else 1
        lengths = list(rng.permutation(np.arange(2, 2 + max(6, len(free)))))
        # Strides and the like: beside a 1 a factor may be missing, but not all fit without.
        choice = np.arange(least, least + max(2, few) + (attempt % 2 or least == 1))
        steps = list(rng.permutation(choice)) * len(free)
        for name in free:
            is_length = name in axes and not (name in of_result and attempt % 4)
            sizes[name] = int(lengths.pop()) if is_length else int(steps.pop())
        shapes = [kinds.lengths(name, sizes) for name in kinds.shapes]
        if any(shape is None or min(shape, default=9) < least for shape in shapes):
            continue
        cost = math.prod(math.prod(shape) for shape in shapes if shape)
        fitting.append((cost, attempt, sizes))
        if len(fitting) == BATCH or not free:
            yield from _smallest_first(fitting)
            fitting = []
        if not free:
            return
    yield from _smallest_first(fitting)


def _smallest_first(fitting: list[tuple[int, int, dict[str, int]]]) -> Iterator[dict[str, int]]:
    for _, _, sizes in sorted(fitting, key=lambda item: (max(item[0], LARGEST), item[1])):
        yield sizes


# ---- what a tree tells --------------------------------------------------------------------------


def _nodes(definition: Definition) -> list[Node]:
    roots = (*definition.links, *definition.head.index, *definition.statement.conditions)
    return [node for root in roots for node in root.walk()]


def _in_indices(nodes: Iterable[Node]) -> Iterator[str]:
    """Names that must be whole numbers."""
    for node in nodes:
        match node:
            case Read(index=index):
                for place in index:
                    yield from (n.name for n in place.walk() if isinstance(n, Read))
            case Binder(low=low, high=high):
                for end in (low, high):
                    yield from (n.name for n in end.walk() if isinstance(n, Read))
            case Compare(relation="=" | "!=", left=left, right=right):
                inner = [n for side in (left, right) for n in side.walk()]
                sides = (left, right)
                is_place = any(isinstance(n, Index) for side in sides for n in _outer(side))
                is_label = all(isinstance(side, Read) for side in sides)
                if (is_place or is_label) and not any(isinstance(n, Reduce) for n in inner):
                    yield from (n.name for n in inner if isinstance(n, Read))


def _outer(node: Node) -> Iterator[Node]:
    """The nodes of an expression, but for those in the index of an array."""
    yield node
    if not isinstance(node, Read):
        for child in node.children():
            yield from _outer(child)


def _with_narrow_domain(nodes: Iterable[Node]) -> Iterator[str]:
    for node in nodes:
        match node:
            case Call(function="log" | "log10" | "sqrt" | "arcsin" | "arccos", arguments=parts):
                concerned: Iterable[Node] = parts
            case Divide(below=below):
                concerned = (below,)
            case Power(base=base, exponent=exponent):
                number = number_in(exponent)
                is_plain = number is not None and number == round(number) and number > 0
                concerned = () if is_plain else (base,)
            case _:
                continue
        for part in concerned:
            yield from (n.name for n in part.walk() if isinstance(n, Read))


def _label_axes(nodes: Iterable[Node]) -> Iterator[tuple[str, int, str]]:
    """Where the elements of one array alone say which element of another is read."""
    for node in nodes:
        if isinstance(node, Read):
            for axis, place in enumerate(node.index):
                if isinstance(place, Read):
                    yield node.name, axis, place.name


# ---- conditions ---------------------------------------------------------------------------------


def fails_somewhere(
    condition: Node, ranges: Mapping[str, Binder], definition: Definition, sizes: Mapping[str, int]
) -> bool:
    """Whether a condition on indices is false for some of their values.

    definition : of the formula that is derived, whose sizes have some values
    """
    asked = {index.name for index in indices_in(condition)}
    least = condition
    for name in reversed(list(ranges)):
        if name in asked:
            binder = ranges[name]
            asked |= {index.name for end in (binder.low, binder.high) for index in indices_in(end)}
            least = Reduce("min", (binder,), None, least)
    known = Ranges(sizes, {}, {}, definition.first_index)
    bound = Bound(definition, definition.value, {}, sizes, {}, sizes, known)
    try:
        return Meaning(bound).value(lowered(least), {}) == 0
    except (CnnMathError, KeyError):
        return True  # no arithmetic on indices alone: the numbers of the sample must do
