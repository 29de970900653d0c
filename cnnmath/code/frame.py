"""What is known while a formula is written as Python: names, sizes, ranges, what is whole."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from cnnmath.code.names import Names, spelt
from cnnmath.code.sizes import Solved
from cnnmath.core.arithmetic import known_between, tidy
from cnnmath.core.definition import Definition
from cnnmath.core.nodes import (
    ONE,
    ZERO,
    Binder,
    Call,
    Divide,
    Element,
    Extent,
    Index,
    Multiply,
    Node,
    Number,
    Read,
    add,
    names_in,
    negative,
)
from cnnmath.core.shapes import Shape


@dataclass
class Frame:
    """One formula in the function that is written.

    whole : arrays and numbers that hold whole numbers;  single : names without indices of which
        the formula takes an element for each of the result's
    named : sizes, numbers and arrays that were read
    along : axes along which an index runs from end to end, for an assertion says so
    positive : sizes that had to be 1 or more for a place to be known to lie inside its array
    """

    definition: Definition
    solved: Solved
    names: Names
    whole: frozenset[str]
    single: frozenset[str] = frozenset()
    named: set[str] = field(default_factory=set)
    positive: set[str] = field(default_factory=set)
    along: set[tuple[Node, str, int]] = field(default_factory=set)
    ranges: dict[str, Binder] = field(default_factory=dict)
    letters: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shapes = self.definition.shapes.values()
        self.lengths = {size.name for shape in shapes for size in shape if isinstance(size, Read)}
        self.divisors = {
            node.below.name
            for root in (*self.definition.value.roots, *(size for s in shapes for size in s))
            for node in root.walk()
            if isinstance(node, Divide) and isinstance(node.below, Read) and not node.below.index
        } & (set(self.definition.vocabulary.sizes) | self.whole)

    @property
    def assumed(self) -> set[str]:
        """Sizes that are taken to be 1 or more by who says in sizes where an index ends."""
        factors = {
            part.name
            for root in self.definition.value.roots
            for node in root.walk()
            if isinstance(node, Multiply) and node.free
            for part in node.factors
            if isinstance(part, Read) and not part.index
        }
        return self.lengths | self.divisors | factors & set(self.definition.vocabulary.sizes)

    def is_size(self, name: str) -> bool:
        return name in self.definition.vocabulary.sizes or name in self.lengths

    def size(self, array: str, axis: int) -> Node:
        """The length of an axis, in sizes if it was declared so."""
        shape: Shape | None = self.definition.shapes.get(array)
        return Extent(array, axis) if shape is None else self.solved.settled(shape[axis])

    @contextmanager
    def over(self, *binders: Binder) -> Iterator[list[str]]:
        """Indices run in here; what they are called in Python."""
        outer = self.ranges, self.letters
        for binder in binders:
            self.ranges = {**self.ranges, binder.name: binder}
            letter = self.names.fresh(binder.name, set(self.letters.values()))
            self.letters = {**self.letters, binder.name: letter}
        try:
            yield [self.letters[binder.name] for binder in binders]
        finally:
            self.ranges, self.letters = outer

    def place(self, element: Element, axis: int) -> Node:
        """An index of an element, counted from 0."""
        first = Number(float(self.definition.first_index(element.name)))
        return tidy(add(element.index[axis], negative(first)))

    def bounds_in_doubt(self, element: Element, axis: int) -> tuple[bool, bool]:
        """Whether a place may lie before the first element of an axis, and beyond its last."""
        if (element.index[axis], element.name, axis) in self.along:
            return False, False
        place = self.place(element, axis)
        last = add(self.size(element.name, axis), Number(-1.0))
        known = self._known(place, last, self.lengths)
        if not all(known):
            concerned = self.divisors & names_in((place, last, *self._ends(place)))
            better = self._known(place, last, self.lengths | concerned)
            if better != known:
                self.positive |= concerned - self.lengths
                known = better
        return not known[0], not known[1]

    def _known(self, place: Node, last: Node, positive: Collection[str]) -> tuple[bool, bool]:
        """Whether a place is known not to lie before the first element, nor beyond the last.

        What is left of a division, and the whole part of k / R, are taken for indices that run as
        far as they can.
        """
        ranges = dict(self.ranges)

        def apart(node: Node) -> Node:
            node = node.rebuilt(apart)
            found = _run(node, self.ranges, positive)
            if found is None:
                return node
            ranges[found.name] = found
            return Index(found.name)

        return known_between(apart(place), ZERO, last, ranges, positive)

    def _ends(self, place: Node) -> list[Node]:
        return [
            end
            for name in place.free & set(self.ranges)
            for end in (self.ranges[name].low, self.ranges[name].high)
        ]

    def read(self, name: str) -> str:
        """A name as it stands in Python."""
        self.named.add(name)
        return spelt(name)


def _run(node: Node, ranges: Mapping[str, Binder], positive: Collection[str]) -> Binder | None:
    """How far the rest or the whole part of a division runs, as an index: from 0 to Q - 1, or to
    G - 1 where k runs to G R - 1."""
    match node:
        case Call(function="mod", arguments=(_, Read(name=size, index=()) as below)) if (
            size in positive
        ):
            return Binder(f"{node}", ZERO, add(below, Number(-1.0)))
        case Call(function="floor", arguments=(Divide(Index(name), Read(size, ()) as below),)) if (
            size in positive and name in ranges and ranges[name].low == ZERO
        ):
            times = tidy(Divide(past(ranges[name].high), below))
            if not any(isinstance(inner, Divide) for inner in times.walk()):
                return Binder(f"{node}", ZERO, add(times, Number(-1.0)))
    return None


def exact(node: Node) -> Node:
    """Index arithmetic in which what is divided leaves no rest, as in `(u + P) / S`."""
    node = node.rebuilt(lambda part: part if isinstance(part, Element) else exact(part))
    return Call("floor", (node,)) if isinstance(node, Divide) else node


def past(node: Node) -> Node:
    """One more than a last value, tidied."""
    return tidy(add(node, ONE))
