"""The syntax tree of a formula: what the reader builds, and every evaluator reads.

Few kinds of node, all immutable. Conditions (`Compare`, `Logic`) are values too: 1 where they
hold and 0 elsewhere, as in Iverson's bracket [x > 0].
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Node:
    """What all nodes share."""

    def children(self) -> tuple["Node", ...]:
        """The nodes directly below this one, in reading order."""
        return self._children

    @cached_property
    def _children(self) -> tuple["Node", ...]:
        return tuple(_nodes_in(self._parts()))

    def _parts(self) -> tuple[Any, ...]:
        """What its fields hold, in their order."""
        return tuple(getattr(self, name) for name in self.__dataclass_fields__)

    def walk(self) -> Iterator["Node"]:
        """This node and all below it, in reading order."""
        waiting: list[Node] = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += reversed(node._children)

    @cached_property
    def free(self) -> frozenset[str]:
        """The indices that occur and that no sum in here runs over."""
        return frozenset().union(*(child.free for child in self.children()))

    def rebuilt(self, change: Callable[["Node"], "Node"]) -> "Node":
        """A copy in which `change` was applied to each direct child."""
        return type(self)(*(_map(part, change) for part in self._parts()))

    def to_json(self) -> dict[str, Any]:
        """The node as nested dictionaries: {"op": "read", "name": "x", "index": [...]}."""
        out: dict[str, Any] = {"op": type(self).__name__.lower()}
        for field in fields(self):
            out[field.name] = _plain(getattr(self, field.name))
        return out


@dataclass(frozen=True)
class Number(Node):
    """A number as written, or one of the constants e and pi; infinity bounds a sum."""

    value: float


@dataclass(frozen=True)
class Index(Node):
    """The value of an index (i, j, s, t, ...) at this place."""

    name: str

    @cached_property
    def free(self) -> frozenset[str]:
        return frozenset([self.name])


@dataclass(frozen=True)
class Read(Node):
    """An element of an array; without indices a size or a single number."""

    name: str
    index: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Extent(Node):
    """The length of one axis of an array."""

    name: str
    axis: int


@dataclass(frozen=True)
class Add(Node):
    terms: tuple[Node, ...]


@dataclass(frozen=True)
class Negative(Node):
    body: Node


@dataclass(frozen=True)
class Multiply(Node):
    factors: tuple[Node, ...]


@dataclass(frozen=True)
class Divide(Node):
    above: Node
    below: Node


@dataclass(frozen=True)
class Power(Node):
    base: Node
    exponent: Node


@dataclass(frozen=True)
class Call(Node):
    """One of the functions of functions.py, applied to values."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True)
class Apply(Node):
    """`f(u)` where f was not declared: a function that the caller passes, or a product."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True)
class Binder(Node):
    """An index of a sum, from `low` to `high`, both included."""

    name: str
    low: Node
    high: Node


@dataclass(frozen=True)
class Reduce(Node):
    """A sum, product, maximum or minimum (or where it is attained) over one or more indices."""

    operation: str  # sum, prod, max, min, argmax, argmin; det, over rows and columns
    binders: tuple[Binder, ...]
    where: Node | None
    body: Node

    @cached_property
    def free(self) -> frozenset[str]:
        inside = self.body.free if self.where is None else self.body.free | self.where.free
        ends = (end.free for binder in self.binders for end in (binder.low, binder.high))
        return (inside - {binder.name for binder in self.binders}).union(*ends)


@dataclass(frozen=True)
class Inverse(Node):
    """An element of the inverse of a matrix, whose determinant is `of`."""

    of: Node
    row: Node
    column: Node

    @property
    def mirrored(self) -> Node:
        """The element of the matrix itself whose row is this column: how far indices run."""
        assert isinstance(self.of, Reduce)
        p, q = (binder.name for binder in self.of.binders)
        return substitute(self.of.body, {p: self.column, q: self.row})


@dataclass(frozen=True)
class Compare(Node):
    """`left < right` and its like; 1 where it holds, else 0."""

    relation: str  # = != < <= > >=
    left: Node
    right: Node


@dataclass(frozen=True)
class Logic(Node):
    operation: str  # and, or
    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Cases(Node):
    """The value beside the first condition that holds; `otherwise` beside none."""

    rows: tuple[tuple[Node, Node], ...]  # (condition, value)
    otherwise: Node | None


@dataclass(frozen=True)
class Element(Node):
    """An element of an array, and a number where the array has none; see lower.py.

    given_by : for each axis the array that alone says which index it is, and must name one; or ""
    """

    name: str
    index: tuple[Node, ...]
    outside: float
    given_by: tuple[str, ...]


@dataclass(frozen=True)
class Inside(Node):
    """Whether an array has an element; 1 or 0. No author writes it: see lower.py."""

    element: Element


@dataclass(frozen=True)
class Padded(Node):
    """A value where something lies inside its array, elsewhere a number; see lower.py."""

    inside: Node
    body: Node
    outside: float


@dataclass(frozen=True)
class Jacobian(Node):
    """The derivative of an expression by one element of an array, before it is worked out.

    power : 2 where it is taken by the square of the element
    held : quantities that are taken for constants, although formulas define them
    """

    of: Node
    by: Read
    power: int = 1
    held: tuple[str, ...] = ()


ZERO = Number(0.0)
ONE = Number(1.0)


TRUE = ONE


def _nodes_in(value: Any) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _nodes_in(part)


def _map(value: Any, change: Callable[[Node], Node]) -> Any:
    if isinstance(value, Node):
        return change(value)
    if isinstance(value, tuple):
        return tuple(_map(part, change) for part in value)
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, Node):
        return value.to_json()
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, float) and abs(value) == float("inf"):
        return "inf" if value > 0 else "-inf"  # JSON has no infinity
    return value


def add(*terms: Node) -> Node:
    """The sum of some nodes, without nesting and without zeros."""
    flat: list[Node] = []
    for term in terms:
        flat.extend(term.terms if isinstance(term, Add) else [term])
    flat = [term for term in flat if term != ZERO]
    if not flat:
        return ZERO
    return flat[0] if len(flat) == 1 else Add(tuple(flat))


def product(*factors: Node) -> Node:
    """The product of some nodes, without nesting and without ones."""
    flat: list[Node] = []
    for factor in factors:
        flat.extend(factor.factors if isinstance(factor, Multiply) else [factor])
    flat = [factor for factor in flat if factor != ONE]
    if not flat:
        return ONE
    return flat[0] if len(flat) == 1 else Multiply(tuple(flat))


def multiply(*factors: Node) -> Node:
    """The product of some nodes, which is zero if one of them is."""
    return ZERO if ZERO in factors else product(*factors)


def negative(node: Node) -> Node:
    """Minus a node; minus zero is zero, minus minus is nothing."""
    if node == ZERO:
        return ZERO
    return node.body if isinstance(node, Negative) else Negative(node)


def number_in(node: Node) -> float | None:
    """The number, perhaps with a minus, that an expression is."""
    inner = node.body if isinstance(node, Negative) else node
    if not isinstance(inner, Number):
        return None
    return inner.value if inner is node else -inner.value


def indices_in(node: Node) -> Iterator[Index]:
    """Every index in an expression, bound and free."""
    return (inner for inner in node.walk() if isinstance(inner, Index))


def mentions(node: Node, names: Collection[str]) -> bool:
    """Whether any of some indices occurs in an expression, of its own sums or not."""
    return any(index.name in names for index in indices_in(node))


def names_in(roots: Iterable[Node]) -> set[str]:
    """The arrays, numbers and functions that some expressions read."""
    nodes = (node for root in roots for node in root.walk())
    return {node.name for node in nodes if isinstance(node, Read | Apply | Extent)}


def axes_indexed_by(name: str, nodes: Iterable[Node]) -> list[tuple[str, int]]:
    """The axes (array, number) that an index runs along by itself."""
    axes: list[tuple[str, int]] = []
    for root in nodes:
        for node in root.walk():
            if isinstance(node, Read):
                found = [(node.name, n) for n, at in enumerate(node.index) if at == Index(name)]
            else:
                found = axes_indexed_by(name, [node.mirrored]) if isinstance(node, Inverse) else []
            axes += [axis for axis in found if axis not in axes]
    return axes


def bare_names(node: Node) -> Iterator[str]:
    """Names without indices that an expression is a sum, product or power of."""
    match node:
        case Read(name=name, index=()):
            yield name
        case Add() | Negative() | Multiply() | Divide():
            for child in node.children():
                yield from bare_names(child)
        case Power(base=base):
            yield from bare_names(base)


def conjunction(conditions: Sequence[Node]) -> Node:
    """All of some conditions, of which there is at least one."""
    return conditions[0] if len(conditions) == 1 else Logic("and", tuple(conditions))


def with_indices(node: Reduce, names: Mapping[str, Index]) -> Reduce:
    """A sum whose own indices are called otherwise, as far as there are names for them."""
    named = [names.get(binder.name, Index(binder.name)).name for binder in node.binders]
    pairs = zip(named, node.binders, strict=True)
    binders = tuple(Binder(name, binder.low, binder.high) for name, binder in pairs)
    where = None if node.where is None else substitute(node.where, names)
    return Reduce(node.operation, binders, where, substitute(node.body, names))


def numbered(node: Reduce, number: int) -> Reduce:
    """A sum whose own indices carry a number, and so names that occur nowhere else."""
    return with_indices(node, {b.name: Index(f"{b.name}~{number}") for b in node.binders})


def substitute(node: Node, values: Mapping[str, Node]) -> Node:
    """A copy in which free indices are replaced; the indices of inner sums are left alone."""
    if isinstance(node, Index):
        return values.get(node.name, node)
    if isinstance(node, Reduce):
        inner = {k: v for k, v in values.items() if k not in {b.name for b in node.binders}}
        binders = tuple(
            Binder(b.name, substitute(b.low, values), substitute(b.high, values))
            for b in node.binders
        )
        where = None if node.where is None else substitute(node.where, inner)
        return Reduce(node.operation, binders, where, substitute(node.body, inner))
    return node.rebuilt(lambda child: substitute(child, values))
