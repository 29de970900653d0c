"""What is evaluated together of a formula, and what stands in it: looked for once for all calls."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from cnnmath.core.nodes import (
    Add,
    Apply,
    Call,
    Compare,
    Divide,
    Index,
    Multiply,
    Negative,
    Node,
    Number,
    Power,
    Read,
    Reduce,
    names_in,
)


class Range(NamedTuple):
    """An index with a first and a last value, and the expressions in which it stands."""

    name: str
    low: Node
    high: Node
    inside: tuple[Node, ...]


@dataclass(frozen=True, eq=False)
class Part:
    """Some sides of a formula, with the conditions behind it and the indices on its left side."""

    sides: tuple[Node, ...]
    conditions: tuple[Node, ...]
    target: tuple[Node, ...]

    @cached_property
    def roots(self) -> tuple[Node, ...]:
        return (*self.sides, *self.conditions, *self.target)

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """Every node, in reading order."""
        return tuple(node for root in self.roots for node in root.walk())

    @cached_property
    def names(self) -> set[str]:
        """The arrays, numbers and functions that are read."""
        return names_in(self.roots)

    @cached_property
    def bare(self) -> set[str]:
        """The names that stand without indices; in another side they may carry some."""
        alone = {node.name for node in self.nodes if isinstance(node, Read) and not node.index}
        return alone.union(node.name for node in self.applied)

    @cached_property
    def elements(self) -> tuple[Read, ...]:
        return tuple(node for node in self.nodes if isinstance(node, Read) and node.index)

    @cached_property
    def applied(self) -> tuple[Apply, ...]:
        return tuple(node for node in self.nodes if isinstance(node, Apply))

    @cached_property
    def sums(self) -> tuple[Reduce, ...]:
        return tuple(node for node in self.nodes if isinstance(node, Reduce))

    @cached_property
    def mixed(self) -> tuple[str, ...]:
        """The names that stand below one sum both with an index and without one."""
        found = []
        for each in self.sums:
            reads = [inner for inner in each.body.walk() if isinstance(inner, Read)]
            found += sorted(
                {r.name for r in reads if r.index} & {r.name for r in reads if not r.index}
            )
        return tuple(found)

    @cached_property
    def sizes(self) -> tuple[Node, ...]:
        """The largest expressions that are arithmetic on sizes and numbers alone."""
        return tuple(size for root in self.roots for size in _arithmetic(root))

    @cached_property
    def ranges(self) -> tuple[Range, ...]:
        """The indices of sums, and the free ones of which the formula states both ends."""
        summed = [Range(b.name, b.low, b.high, (s.body,)) for s in self.sums for b in s.binders]
        low, high = dict(self.stated(">=")), dict(self.stated("<="))
        return (*summed, *(Range(n, low[n], high[n], self.roots) for n in low if n in high))

    def stated(self, relation: str) -> list[tuple[str, Node]]:
        """What free indices are compared with behind the formula: `, \\quad 0 \\le i < M`."""
        return [
            (condition.left.name, condition.right)
            for condition in self.conditions
            if isinstance(condition, Compare)
            and isinstance(condition.left, Index)
            and condition.relation == relation
        ]

    def has_as_index(self, name: str) -> bool:
        """Whether a name stands where an index does: in the place of an element, in a bracket."""
        lone = Read(name)
        return len(name) == 1 and (
            any(lone in node.index for node in self.elements)
            or any(lone in node.arguments for node in self.applied)
        )


def _arithmetic(node: Node) -> Iterator[Node]:
    if _is_arithmetic(node):
        yield node
        return
    children = list(node.children())
    if isinstance(node, Add):  # in i + M - m the sizes belong together
        sizes = tuple(term for term in node.terms if _is_arithmetic(term))
        if len(sizes) > 1:
            yield Add(sizes)
            children = [term for term in node.terms if term not in sizes]
    for child in children:
        yield from _arithmetic(child)


def _is_arithmetic(node: Node) -> bool:
    return all(
        not inner.index if isinstance(inner, Read)
        else inner.function in ("floor", "mod") if isinstance(inner, Call)
        else isinstance(inner, Number | Add | Negative | Multiply | Divide | Power)
        for inner in node.walk()
    )  # fmt: skip
