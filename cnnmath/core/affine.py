"""Index arithmetic of the form Σ c·i + d, which nearly all of it has: li + s − p, (K − 1) − k.

The factors c and the rest d are expressions in which the indices do not occur: numbers, sizes, and
whatever else stands still while these indices run.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from cnnmath.core.nodes import (
    ONE,
    ZERO,
    Add,
    Call,
    Divide,
    Index,
    Multiply,
    Negative,
    Node,
    Number,
    add,
    mentions,
    multiply,
    negative,
    product,
)
from cnnmath.core.shapes import size_value


@dataclass(frozen=True)
class Affine:
    """factors : by index, none of them 0;  rest : what is left where all these indices are 0"""

    factors: Mapping[str, Node]
    rest: Node

    @classmethod
    def of(cls, node: Node, names: Collection[str]) -> "Affine | None":
        """An expression in terms of some indices; None if it is not of this form."""
        if not mentions(node, names):
            return cls({}, node)
        match node:
            case Index(name=name):
                return cls({name: ONE}, ZERO)
            case Negative(body=body):
                inner = cls.of(body, names)
                return None if inner is None else inner.times(Number(-1.0))
            case Add(terms=terms):
                parts = [cls.of(term, names) for term in terms]
                known = [part for part in parts if part is not None]
                return _total(known) if len(known) == len(parts) else None
            case Multiply(factors=factors):
                moving = [factor for factor in factors if mentions(factor, names)]
                inner = cls.of(moving[0], names) if len(moving) == 1 else None
                others = product(*(factor for factor in factors if factor is not moving[0]))
                return None if inner is None else inner.times(others)
            case Divide(above=above, below=below) if not mentions(below, names):
                inner = cls.of(above, names)
                return None if inner is None else inner.times(Divide(ONE, below))
            case Call(function="floor" | "ceil", arguments=(argument,)):
                inner = cls.of(argument, names)
                return inner if inner is not None and inner.is_whole else None
        return None

    @property
    def is_whole(self) -> bool:
        """Whether it is known to be whole numbers alone, as indices and sizes are."""
        values = (size_value(part, {}) for part in (*self.factors.values(), self.rest))
        return all(value is not None and value.denominator == 1 for value in values)

    def times(self, factor: Node) -> "Affine":
        """The same, each part times a factor in which no index occurs."""
        factors = {name: _product(factor, one) for name, one in self.factors.items()}
        return _without_zeros(factors, _product(factor, self.rest))


def _without_zeros(factors: Mapping[str, Node], rest: Node) -> Affine:
    return Affine({name: factor for name, factor in factors.items() if factor != ZERO}, rest)


def _total(parts: Sequence[Affine]) -> Affine:
    factors: dict[str, Node] = {}
    for part in parts:
        for name, factor in part.factors.items():
            factors[name] = _sum(factors.get(name, ZERO), factor)
    return _without_zeros(factors, add(*(part.rest for part in parts)))


def _sum(one: Node, two: Node) -> Node:
    if isinstance(one, Number) and isinstance(two, Number):
        return Number(one.value + two.value)
    return add(one, two)


def _product(one: Node, two: Node) -> Node:
    if isinstance(one, Number) and isinstance(two, Number):
        return Number(one.value * two.value)
    return negative(two) if one == Number(-1.0) else multiply(one, two)
