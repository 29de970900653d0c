"""A formula as it was understood: what everything below the facade knows of it.

Nothing changes in it once it is made, and nothing in it belongs to one call.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cnnmath.core.nodes import Extent, Index, Jacobian, Node
from cnnmath.core.origin import Origin
from cnnmath.core.part import Part
from cnnmath.core.shapes import Shape
from cnnmath.core.statement import Declared, Function, Head, Statement
from cnnmath.core.vocabulary import Vocabulary, vocabulary


@dataclass(frozen=True)
class Definition:
    """What a formula says.

    name, latex : what it is called, and as it was written
    statement : as it was read;  links : its sides, with the derivatives in them worked out
    shapes : of arrays, as declared;  functions : that were declared
    system : the formulas by which what this one reads is calculated, each by what it defines
    """

    name: str
    latex: str
    origin: Origin
    statement: Statement
    links: tuple[Node, ...]
    shapes: Mapping[str, Shape]
    functions: Mapping[str, Callable[..., Any]]
    system: Mapping[str, "Definition"]

    @property
    def head(self) -> Head:
        """The left side; of an expression by itself, an empty one."""
        return self.statement.head or Head("", (), ())

    @property
    def result(self) -> str:
        """The keyword name of what the formula defines, such as `dE_dx`."""
        return self.head.name

    @property
    def right(self) -> Node:
        """What is calculated: the last side."""
        return self.links[-1]

    @property
    def declared(self) -> Declared:
        """What was known before the formula was read, and the shapes of derivatives since."""
        return Declared.of(dict(self.shapes), self.functions, self.system, self.origin)

    @cached_property
    def function(self) -> Function | None:
        r"""What it says of every argument, if its left side lists some, as `\sigma(z)` does."""
        arguments = self.head.arguments
        if not arguments or self.head.index:
            return None
        ranks, within = self.statement.ranks, [one.reads for one in self.system.values()]
        shapes = {
            name: self.shapes.get(name, tuple(Extent(name, axis) for axis in range(ranks[name])))
            for name in arguments
            if ranks.get(name)
        }
        is_general = not self.statement.conditions and not any(
            (self.shapes.get(name) and name not in shapes) or any(name in one for one in within)
            for name in arguments
        )
        first = {name: self.first_index(name) for name, rank in ranks.items() if rank}
        return Function(arguments, self.right if is_general else None, first, shapes)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return vocabulary(self.chain, self.shapes)

    @cached_property
    def value(self) -> Part:
        """What a call evaluates."""
        return Part((self.right,), self.statement.conditions, self.head.index)

    @cached_property
    def chain(self) -> Part:
        """What a check evaluates."""
        return Part(self.links, self.statement.conditions, self.head.index)

    @property
    def reads(self) -> set[str]:
        """What the value, that of the last side, is calculated from."""
        return self.value.names

    @cached_property
    def jacobians(self) -> tuple[tuple[Jacobian, ...], ...]:
        """The derivatives that were worked out, by the side in which they stand."""
        return tuple(
            tuple(node for node in link.walk() if isinstance(node, Jacobian))
            for link in self.statement.links
        )

    @property
    def derived(self) -> tuple[Node, ...]:
        """The sides in which a derivative was worked out."""
        pairs = zip(self.links, self.jacobians, strict=True)
        return tuple(link for link, jacobians in pairs if jacobians)

    @cached_property
    def own(self) -> set[str]:
        """What it takes by itself, without those formulas that define what it reads."""
        known = self.vocabulary
        replaceable = known.built_in - {"kronecker"}
        # The derivative may not depend on what it is taken by.
        derived_by = {node.by.name for side in self.jacobians for node in side}
        found = {*known.names, *known.sizes, *replaceable, *self.shapes, *derived_by}
        return found - {""}

    @cached_property
    def accepted(self) -> set[str]:
        """Every name that a call may give."""
        return self.own.union(*(one.own for one in self.system.values()))

    def taken_of(self, known: Mapping[str, Any]) -> dict[str, Any]:
        """What it is called with, of all that is known."""
        names = (self.accepted - {self.result}) | self.reads
        return {name: value for name, value in known.items() if name in names}

    @property
    def elementwise(self) -> bool:
        """Whether the left side shows no index, so that the formula applies to each element."""
        return not self.head.index

    @property
    def is_number(self) -> bool:
        """Whether the result is a single number, as a sum over all indices is."""
        bare = self.vocabulary.bare
        arrays = any(self.shapes.get(name) or self.statement.ranks.get(name) for name in bare)
        return self.elementwise and self.vocabulary.has_indices and not arrays

    @property
    def is_direct(self) -> bool:
        """Whether every index on the left is a letter by itself."""
        return all(isinstance(node, Index) for node in self.head.index)

    def first_index(self, array: str) -> int:
        """The index of an array's first element, 0 for most authors."""
        return self.origin.of(array)
