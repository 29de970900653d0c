"""How large the numbers are that a value is added up of: the scale of its rounding.

Of 1 + x - 1, near x = 0, next to nothing is left, but what is left has been rounded as 2 is. Every
number that goes into an expression contributes to it: carried through products, quotients, powers
and functions by their slopes, it changes the value by so much. The magnitude of a value is the sum
of all contributions, taken positive; the value has an error of a few 1e-16 of that. Its grain is
the smallest contribution that is not 0: if rounding swallows that, the value is not known.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cnnmath.call.binding import bound_to
from cnnmath.call.bound import Bound
from cnnmath.call.placing import valued
from cnnmath.core.calculus import wins
from cnnmath.core.definition import Definition
from cnnmath.core.functions import Values
from cnnmath.core.nodes import (
    ONE,
    ZERO,
    Add,
    Call,
    Cases,
    Compare,
    Divide,
    Index,
    Logic,
    Multiply,
    Negative,
    Node,
    Number,
    Power,
    Reduce,
    add,
    product,
)
from cnnmath.core.slopes import slopes_of

ROUNDING = 1e-13  # some hundred roundings, relative to the numbers that were added up
READ = 0.01  # the share of its magnitude that counts of what no sum stands in


def rounding_of(link: Node, bound: Bound) -> Values:
    """What the rounding of its terms may have changed a value by, in the shape of the result."""
    size = valued(_Magnitude().of(link), bound)
    return np.where(np.isfinite(size), ROUNDING * size, 0.0)


def rounding(formula: Definition, known: Mapping[str, Any]) -> Values:
    """The same of what is calculated from all that is known."""
    return rounding_of(formula.right, bound_to(formula, known))


def fineness_of(link: Node, bound: Bound) -> Values:
    """One by the grain of a value, in the shape of the result: times its rounding, the share of
    the smallest contribution that may be lost. 0 where nothing but 0 contributes."""
    return valued(_Fineness().of(link), bound)


class _Magnitude:
    """The sum of all that contributes to an expression, as an expression."""

    def one(self, node: Node) -> Node:
        """Of a single contribution."""
        return _positive(node)

    def several(self, *measured: Node) -> Node:
        """Of what several summands contribute."""
        return add(*measured)

    def all(self, node: Reduce, measured: Node) -> Node:
        """Of what all terms of a sum contribute."""
        return Reduce("sum", node.binders, node.where, measured)

    def times(self, factors: Sequence[tuple[Node, Node]]) -> Node:
        """Of what some sums contribute to their product; each sum with its measure."""
        if not factors:
            return ONE
        terms = []
        for n, (_, measured) in enumerate(factors):
            others = (other for other, _ in (*factors[:n], *factors[n + 1 :]))
            terms.append(product(measured, *map(self.one, others)))
        return add(*terms)

    def through(self, node: Node, carried: list[Node], plain: list[Node]) -> Node:
        """Of what contributes to a function.

        carried : what sums in it contribute, times its slope;  plain : by how much it changes with
            the numbers in it that are not added up
        """
        return add(self.one(node), *carried, *plain)

    def of(self, node: Node) -> Node:
        """The measure of what contributes to an expression."""
        match node:
            case Add(terms=terms):
                return self.several(*map(self.of, terms))
            case Negative(body=body):
                return self.of(body)
            case Multiply(factors=factors):
                return self._product([(factor, factor, self.of(factor)) for factor in factors])
            case Divide(above=above, below=below):
                share = Divide(ONE, below)
                by_below = product(self.of(below), self.one(share), self.one(share))
                return self._product([(above, above, self.of(above)), (below, share, by_below)])
            case Power() | Call() if slopes := slopes_of(node):
                return self._through(node, slopes)
            case Call(function="max" | "min"):  # that of the one that wins
                rows = ((Compare("=", one, node), self.of(one)) for one in node.arguments)
                return Cases(tuple(rows), ZERO)
            case Reduce(operation="sum", body=body):
                return self.all(node, self.of(body))
            case Reduce(operation="prod", body=body):
                return Reduce("prod", node.binders, node.where, self.of(body))
            case Reduce(operation="det", binders=(row, column), body=body):  # if no sign were -1
                of_row = Reduce("sum", (column,), None, self.of(body))
                return Reduce("prod", (row,), None, of_row)
            case Reduce(operation="max" | "min", body=body):
                return self.all(node, product(wins(node, node), self.of(body)))
            case Cases(rows=rows, otherwise=otherwise):
                changed = tuple((condition, self.of(value)) for condition, value in rows)
                return Cases(changed, None if otherwise is None else self.of(otherwise))
        return node if isinstance(node, Compare | Logic) else self.one(node)

    def _product(self, factors: Sequence[tuple[Node, Node, Node]]) -> Node:
        """Each factor: what stands in it, itself, and its measure."""
        sums = [(itself, measured) for inner, itself, measured in factors if _is_added_up(inner)]
        plain = [measured for inner, _, measured in factors if not _is_added_up(inner)]
        return product(*plain, self.times(sums))

    def _through(self, node: Node, slopes: Sequence[tuple[Node, Node]]) -> Node:
        """What contributes to a function, by its slopes and arguments.

        An argument that is not added up is off by a few roundings at the most, not by those of a
        long sum: else the sine of 1e7 might be anything.
        """
        carried, plain = [], []
        for slope, argument in slopes:
            if _is_added_up(argument):
                carried.append(product(self.one(slope), self.of(argument)))
            elif not isinstance(argument, Number | Index):
                plain.append(self.one(product(Number(READ), slope, argument)))
        return self.through(node, carried, plain)


class _Fineness(_Magnitude):
    """One by the smallest contribution that is not 0; if there is none, 0."""

    def one(self, node: Node) -> Node:
        return product(Compare("!=", node, ZERO), Divide(ONE, _positive(node)))

    def several(self, *measured: Node) -> Node:
        return Call("max", (ZERO, *measured))

    def all(self, node: Reduce, measured: Node) -> Node:
        return self.several(Reduce("max", node.binders, node.where, measured))

    def times(self, factors: Sequence[tuple[Node, Node]]) -> Node:
        return product(*(measured for _, measured in factors))

    def through(self, node: Node, carried: list[Node], plain: list[Node]) -> Node:
        return self.several(*carried) if carried else self.one(node)


def _is_added_up(node: Node) -> bool:
    """Whether a sum may stand in an expression; a condition is no number that is rounded."""
    return not isinstance(node, Compare | Logic) and any(
        isinstance(inner, Add | Reduce | Call | Power) for inner in node.walk()
    )


def _positive(node: Node) -> Node:
    return Number(abs(node.value)) if isinstance(node, Number) else Call("abs", (node,))
