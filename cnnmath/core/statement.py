"""What reading a formula needs to know beforehand, and what it finds out."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from cnnmath.core.nodes import Node
from cnnmath.core.origin import Origin
from cnnmath.core.shapes import Shape, sizes_named


@dataclass(frozen=True)
class Declared:
    """What is known before reading: shapes, formulas and functions by name, first indices."""

    shapes: dict[str, Shape]  # the reader adds the shapes of derivatives
    sizes: frozenset[str]  # names that appear in shapes
    defined: Mapping[str, "Function | None"]  # names with a formula of their own
    functions: frozenset[str]
    origin: Callable[[str], int]  # the first index of an array
    first: int  # the first index where no array says otherwise

    @classmethod
    def of(
        cls,
        shapes: dict[str, Shape],
        functions: Collection[str],
        definitions: "Mapping[str, Stated]",
        origin: Origin,
    ) -> "Declared":
        return cls(
            shapes,
            sizes_named(shapes),
            {name: one.function for name, one in definitions.items()},
            frozenset(functions),
            origin.of,
            origin.of_indices,
        )

    @property
    def names(self) -> frozenset[str]:
        """Every name that a declaration mentions."""
        return frozenset(self.shapes) | self.sizes | self.functions

    @property
    def applicable(self) -> frozenset[str]:
        """Every name that may stand before its arguments: of a function, or with a formula."""
        return self.functions.union(self.defined)


@dataclass(frozen=True)
class Head:
    r"""The left side: what the formula defines, and where its value goes.

    arguments : the z of `\sigma(z)`, which is a value and no index
    """

    name: str
    index: tuple[Node, ...]
    free: tuple[str, ...]
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Function:
    r"""What `\sigma(z) = ..` says of its arguments.

    value : in which any others can stand in their place; None if it holds for these alone
    first : the first index of each array that it reads
    shapes : of those arguments that are arrays
    """

    arguments: tuple[str, ...]
    value: Node | None
    first: Mapping[str, int]
    shapes: Mapping[str, Shape]


class Stated(Protocol):
    """A definition, as far as whoever reads its name needs to know it."""

    @property
    def function(self) -> Function | None: ...


class Symbol(NamedTuple):
    """Where a name stands in the LaTeX."""

    start: int
    end: int
    name: str


@dataclass(frozen=True)
class Statement:
    """A formula as it was understood."""

    head: Head | None
    links: tuple[Node, ...]  # the sides of a chain of equations
    conditions: tuple[Node, ...]  # on the free indices, written behind the formula
    ranks: Mapping[str, int]  # how many indices each array is read with
    symbols: tuple[Symbol, ...]
    along: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]  # axes that one index runs along
    products: tuple[tuple[int, frozenset[str], frozenset[str]], ...]
    """Where two factors without indices are multiplied, and the names that each holds."""
    matrices: tuple[tuple[int, str, str], ...]
    """Where something may be meant of a whole matrix, such as A^2: of which, and what to say."""
    applied_powers: tuple[tuple[int, str], ...]
    """Where an undeclared name stands before a bracket and the value of both has a power."""
    sets: frozenset[str] = frozenset()  # arrays of 0 and 1 that say what is a member
