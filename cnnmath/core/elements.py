"""Elements of defined quantities: the formula of a, taken for the one element a_{i+1,j}.

Its free indices become those of the element, its own bound indices get names that occur nowhere
else, and where the element may lie outside its array, conditions say so: there it is 0.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from cnnmath.core import wording
from cnnmath.core.definition import Definition
from cnnmath.core.nodes import (
    Binder,
    Compare,
    Extent,
    Index,
    Logic,
    Node,
    Number,
    Read,
    Reduce,
    add,
    numbered,
    substitute,
)
from cnnmath.core.shapes import Shape, same_size
from cnnmath.errors import FormulaError, ShapeError, UndeclaredShapeError


@dataclass
class Elements:
    """What is known of the quantities of a system.

    system : the formulas by what they define;  shapes : by array, in sizes
    origin : the first index along the axes of an array
    """

    system: Mapping[str, Definition]
    shapes: Mapping[str, Shape]
    origin: Callable[[str], int]
    fresh: "itertools.count[int]" = field(default_factory=itertools.count)

    def is_number(self, name: str) -> bool:
        """Whether a name before a bracket is multiplied with it, not applied to it."""
        return name in self.shapes or name in self.system

    def element(self, of: Read, ranges: Mapping[str, Binder]) -> tuple[Node, list[Node]]:
        """What defines one element, and the conditions under which there is such an element.

        ranges : of the indices around
        Raises FormulaError, ShapeError, UndeclaredShapeError if the formula cannot be put in the
            element's place.
        """
        definition = self.system[of.name]
        head = definition.head
        if head.index != tuple(Index(letter) for letter in head.free):
            raise FormulaError(
                f"the left side of the formula of {of.name} is too involved to derive"
            )
        if len(of.index) != len(head.free):
            raise ShapeError(
                f"{of.name} is defined with {wording.indices(len(head.free))} "
                f"but derived with {len(of.index)}"
            )
        self._insist_on_origin(definition)
        values = dict(zip(head.free, of.index, strict=True))
        body = substitute(self._renamed(definition.links[-1]), values)
        stated = [
            substitute(c, values) for c in map(self._renamed, definition.statement.conditions)
        ]
        return body, [*stated, *self.within(of, ranges)]

    def _insist_on_origin(self, definition: Definition) -> None:
        """An index must mean the same element in both formulas."""
        for name in (definition.result, *definition.vocabulary.names):
            here, there = self.origin(name), definition.first_index(name)
            if here != there:
                raise FormulaError(
                    f"{name} counts from {there} in the formula of {definition.result}, but from "
                    f"{here} here: give both the same origin"
                )

    def within(self, of: Read, ranges: Mapping[str, Binder]) -> Iterator[Node]:
        """Conditions that an element exists."""
        shape, first = self.shapes.get(of.name), self.origin(of.name)
        for axis, place in enumerate(of.index):
            around = ranges.get(place.name) if isinstance(place, Index) else None
            if isinstance(place, Index) and around is None:
                continue  # a free index, which runs as far as the arrays do
            if shape is None and around is None:
                raise UndeclaredShapeError(
                    f"the derivative of {of.name} is taken at a compound index: declare the shape "
                    f"of {of.name} in its own formula"
                )
            low = Number(float(first))
            high = add(Extent(of.name, axis) if shape is None else shape[axis], Number(-1.0), low)
            if around and same_size(low, around.low) and same_size(high, around.high):
                continue  # it is known to run along the axis from the first to the last place
            yield Logic("and", (Compare("<=", low, place), Compare("<=", place, high)))

    def again(self, node: Reduce) -> Reduce:
        """A sum, product or extremum whose indices carry names that occur nowhere else."""
        return numbered(node, next(self.fresh))

    def _renamed(self, node: Node) -> Node:
        """A copy in which all of these do."""
        renamed = self.again(node) if isinstance(node, Reduce) else node
        return renamed.rebuilt(self._renamed)
