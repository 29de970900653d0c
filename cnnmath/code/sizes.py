"""The sizes of a formula from the shapes of its arrays, as lines of Python: `M, N = x.shape`.

What call/solving.py does with numbers, in letters: an axis whose length is a letter gives that
letter, one of length M-m+1 gives m once M is known. A size that follows from no shape is given.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from cnnmath.core.affine import Affine
from cnnmath.core.arithmetic import tidy
from cnnmath.core.nodes import Divide, Extent, Index, Node, Number, Read, add, names_in, negative
from cnnmath.core.shapes import Shape


class _Axis(NamedTuple):
    size: Node
    array: str
    number: int

    @property
    def place(self) -> str:
        return f"{self.array} {self.number}"


class Solved:
    """How each size is calculated.

    shapes : as declared, of the arrays that are there
    by_axis : sizes that are the length of an axis;  by_sum : that follow from one, and from others
    known : both, in the order in which they are calculated
    loose : sizes that follow from an axis once others are known, of which often only a difference
        counts: M, by an axis M-m+1
    """

    def __init__(self, shapes: Mapping[str, Shape]) -> None:
        self.shapes = shapes
        axes = [
            _Axis(size, name, number)
            for name, shape in shapes.items()
            for number, size in enumerate(shape)
        ]
        self.by_axis: dict[str, _Axis] = {}
        for axis in axes:
            if isinstance(axis.size, Read):
                self.by_axis.setdefault(axis.size.name, axis)
        self.by_sum: dict[str, Node] = {}
        self.known = list(self.by_axis)
        used = set(self.by_axis.values())
        progress = True
        while progress:
            progress = False
            for axis in axes:
                unknown = names_in((axis.size,)) - set(self.known)
                if len(unknown) != 1 or axis in used:
                    continue
                (name,) = unknown
                found = _solved(axis, name)
                if found is not None:
                    self.by_sum[name] = found
                    self.known.append(name)
                    used.add(axis)
                    progress = True
        self.loose: dict[str, Node] = {}
        for axis in axes:
            size = self.settled(axis.size)
            open_ = sorted(names_in((size,)) - set(self.known) - set(shapes))
            found = _solved(axis._replace(size=size), open_[0]) if len(open_) > 1 else None
            if found is not None:
                self.loose[open_[0]] = found
        self.used = used

    def checked(self, given: Iterable[str]) -> list[str]:
        """The arrays with an axis whose length follows from others, or from sizes that are given:
        it must be that."""
        known = {*self.known, *given}
        return [
            name
            for name, shape in self.shapes.items()
            if names_in(shape) <= known
            and any(_Axis(size, name, k) not in self.used for k, size in enumerate(shape))
        ]

    def settled(self, node: Node) -> Node:
        """An expression without the sizes that are loose."""
        if isinstance(node, Read) and node.name in self.loose:
            return self.loose[node.name]
        return node.rebuilt(self.settled)

    def needed(self, names: Iterable[str]) -> list[str]:
        """Some sizes, and those from which they are calculated, in order."""
        found = set(names)
        for name in reversed(self.known):
            if name in found and name in self.by_sum:
                found |= names_in((self.by_sum[name],)) & set(self.known)
        return [name for name in self.known if name in found]

    def unpacked(self, names: Sequence[str]) -> Iterator[tuple[str, list[str | None]]]:
        """By array the sizes that its axes give, None for an axis that gives none of these."""
        for array, shape in self.shapes.items():
            given = [
                size.name
                if isinstance(size, Read)
                and size.name in names
                and self.by_axis[size.name] == (size, array, axis)
                else None
                for axis, size in enumerate(shape)
            ]
            if any(given):
                yield array, given


def _solved(axis: _Axis, name: str) -> Node | None:
    """A size of which the length of an axis is a multiple, but for a rest."""
    affine = Affine.of(_with_index(axis.size, name), {name})
    factor = None if affine is None else affine.factors.get(name)
    if affine is None or factor is None or not isinstance(factor, Number):
        return None
    room = add(Extent(axis.array, axis.number), negative(affine.rest))
    if factor == Number(1.0):
        return tidy(room)
    return tidy(negative(room)) if factor == Number(-1.0) else tidy(Divide(room, factor))


def _with_index(size: Node, name: str) -> Node:
    if size == Read(name):
        return Index(name)
    return size.rebuilt(lambda part: _with_index(part, name))
