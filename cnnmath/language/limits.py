"""The bounds of the indices of one sum, as they are put together: Limits.

An inequality between an index and a value is a bound of the index; one between two indices makes a
chain; `0 \\le i, j < l` says the same of both. What is said of one index may be meant of another
beside it, `i, j < k`: that is a Doubt until it is known whether the other has bounds without it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cnnmath.core.nodes import (
    Add,
    Call,
    Compare,
    Index,
    Multiply,
    Negative,
    Node,
    Number,
    Read,
    add,
    mentions,
)
from cnnmath.language.syntax import Part

_MIRRORED = {">": "<", ">=": "<="}


@dataclass(frozen=True)
class Doubt:
    """A bound beside a lone index, which may be meant of that as well: the i of `i, j < k`.

    end : "low" or "high", or "" if it is a condition;  bound : its value
    words : the two readings, and how to write each
    """

    end: str
    bound: Node | None
    part: Part
    words: str


class Limits:
    """The bounds of some indices, as far as they have been read."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = set(names)
        self.order: list[str] = []  # as they were introduced
        self.low: dict[str, Node] = {}
        self.high: dict[str, Node] = {}
        self.reached: set[str] = set()  # the k of `k \\le n`
        self.conditions: list[Node] = []
        self.chained: list[tuple[str, str]] = []  # i < j, where both are new
        self.equalled: list[str] = []  # i = 0
        self.opened: list[str] = []  # the i, and what stands behind it, of `0 <= i, .. < l`
        self.doubts: dict[str, Doubt] = {}

    def introduce(self, names: Iterable[str]) -> None:
        self.order += [name for name in names if name not in self.order]

    def is_new(self, node: Node) -> bool:
        return isinstance(node, Index) and node.name in self.names

    def pair(self, left: Node, relation: str, right: Node) -> None:
        """One inequality: a bound of a new index, or a condition."""
        if relation in _MIRRORED:
            left, right, relation = right, left, _MIRRORED[relation]
        for side in (left, right):
            if isinstance(side, Index) and self.is_new(side):
                self.introduce([side.name])
        if relation not in ("<", "<="):
            self.conditions.append(Compare(relation, left, right))
            return
        strict = relation == "<"
        first, last = end_of(left, 1, strict), end_of(right, -1, strict)
        if isinstance(right, Index) and self.is_new(right) and right.name not in self.low:
            if not (isinstance(left, Index) and self.is_new(left)):
                self.low[right.name] = first
                return
            if self.order.index(left.name) < self.order.index(right.name):
                self.low[right.name] = first
                self.chained.append((left.name, right.name))
                return
        is_open = isinstance(left, Index) and self.is_new(left) and left.name not in self.high
        if isinstance(left, Index) and is_open and not mentions(right, [left.name]):
            self.high[left.name] = last
            self.reached |= set() if strict else {left.name}
            return
        self.conditions.append(Compare(relation, left, right))

    def share(self, values: Sequence[Node], relations: Sequence[str]) -> None:
        """`0 \\le s` and `t < l` out of `0 \\le s,t < l`: each has both bounds."""
        closing, start = values[0], self.opened[0]
        begins, ends = ("low", "high") if start in self.low else ("high", "low")
        begin = getattr(self, begins)[start]
        end = bound_said(values, relations, ends)
        if isinstance(closing, Index) and end is not None:
            for name in self.opened:
                getattr(self, begins)[name], getattr(self, ends)[name] = begin, end
            getattr(self, begins)[closing.name] = begin

    def open(self, values: Sequence[Node], relations: Sequence[str]) -> None:
        """Wait for the other bound of what stands last in `0 \\le s`."""
        self.opened = []
        last = values[-1]
        if isinstance(last, Index) and self.is_new(last) and relations[-1] != "!=":
            has_one_end = (last.name in self.low) != (last.name in self.high)
            self.opened = [last.name] if has_one_end else []

    def finish(self) -> None:
        """In `1 \\le i < j \\le n`, i ends where j does."""
        for left, right in reversed(self.chained):
            if left not in self.high and right in self.high:
                self.high[left] = self.high[right]


def bound_said(values: Sequence[Node], relations: Sequence[str], end: str) -> Node | None:
    """The last value ("high") or the first ("low") that `j < l` or `j > 0` says of its left side;
    None if it says nothing of that end."""
    signs, step = (("<", "<="), -1) if end == "high" else ((">", ">="), 1)
    return end_of(values[1], step, relations[0] == signs[0]) if relations[0] in signs else None


def end_of(node: Node, step: int, strict: bool) -> Node:
    """The first whole number above an expression (step 1) or below it (step -1), or the
    expression itself if that may be reached and is whole."""
    if not _is_whole(node):
        node = Call("floor" if (step > 0) == strict else "ceil", (node,))
    return add(node, Number(float(step))) if strict else node


def _is_whole(node: Node) -> bool:
    """Whether an expression in a bound is a whole number for certain."""
    match node:
        case Number(value=value):
            return value.is_integer()
        case Index() | Read(index=()) | Call(function="floor" | "ceil"):
            return True
        case Add() | Negative() | Multiply():
            return all(_is_whole(child) for child in node.children())
    return False
