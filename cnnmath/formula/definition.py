"""A formula as it was understood: what everything below the facade knows of it.

Nothing changes in it once it is made, and nothing in it belongs to one call.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cnnmath.formula.nodes import Index, Jacobian, Node, names_in
from cnnmath.formula.origin import Origin
from cnnmath.formula.shapes import Shape
from cnnmath.formula.statement import Declared, Head, Statement
from cnnmath.formula.vocabulary import Vocabulary, vocabulary


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
    def vocabulary(self) -> Vocabulary:
        conditions = self.statement.conditions
        return vocabulary(self.links, conditions, self.head.index, self.shapes)

    @cached_property
    def reads(self) -> set[str]:
        """What the value, that of the last side, is calculated from."""
        return names_in((self.right, *self.statement.conditions, *self.head.index))

    @cached_property
    def derived(self) -> tuple[Node, ...]:
        """The sides in which a derivative was worked out."""
        pairs = zip(self.links, self.statement.links, strict=True)
        return tuple(
            link for link, stated in pairs if any(isinstance(n, Jacobian) for n in stated.walk())
        )

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
