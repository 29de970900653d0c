"""How large the numbers are that a value is added up of: the scale of its rounding.

Of 1 + x - 1, near x = 0, next to nothing is left, but what is left has been rounded as 2 is. The
magnitude of an expression is the same expression with every term taken positive, carried through
quotients, powers and functions by their slopes; its value has an error of a few 1e-16 of that.
"""

from typing import TYPE_CHECKING

import numpy as np

from cnnmath.formula.given import Values
from cnnmath.formula.jacobian import row_major
from cnnmath.formula.nodes import (
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
    Read,
    Reduce,
    add,
    multiply,
    product,
)
from cnnmath.formula.slopes import SLOPES

if TYPE_CHECKING:
    from cnnmath.formula.binding import Bound
    from cnnmath.formula.formula import Formula

ROUNDING = 1e-13  # some hundred roundings, relative to the numbers that were added up
READ = 0.01  # the share of its magnitude that counts of a number that is read


def rounding_of(formula: "Formula", link: Node, bound: "Bound") -> Values:
    """What the rounding of its terms may have changed a value by, in the shape of the result."""
    size = formula.value_of(magnitude(link), bound)
    return np.where(np.isfinite(size), ROUNDING * size, 0.0)


def magnitude(node: Node) -> Node:
    """An expression for the magnitude of another."""
    match node:
        case Number(value=value):
            return Number(abs(value))
        case Index() | Read():
            return _positive(node)
        case Add(terms=terms):
            return add(*map(magnitude, terms))
        case Negative(body=body):
            return magnitude(body)
        case Multiply(factors=factors):
            return product(*map(magnitude, factors))
        case Divide(above=above, below=below):
            return Divide(product(magnitude(above), magnitude(below)), Power(below, Number(2.0)))
        case Power(base=base, exponent=Number(value=exponent)) if exponent != 0:
            slope = product(Number(abs(exponent)), _positive(Power(base, Number(exponent - 1))))
            return add(_positive(node), multiply(slope, _inner(base)))
        case Power(base=base, exponent=exponent):
            relative = Divide(multiply(magnitude(exponent), _inner(base)), _positive(base))
            logarithm = multiply(_positive(Call("log", (base,))), _inner(exponent))
            return product(_positive(node), add(ONE, relative, logarithm))
        case Call(function=function, arguments=(argument,)) if function in SLOPES:
            slope = _positive(SLOPES[function](argument))
            return add(_positive(node), multiply(slope, _inner(argument)))
        case Call(function="max" | "min", arguments=arguments):  # that of the one that wins
            rows = tuple((Compare("=", one, node), magnitude(one)) for one in arguments)
            return Cases(rows, ZERO)
        case Reduce(operation="sum" | "prod", body=body):
            return Reduce(node.operation, node.binders, node.where, magnitude(body))
        case Reduce(operation="max" | "min", body=body):
            winner = Reduce(f"arg{node.operation}", node.binders, node.where, body)
            wins = Compare("=", row_major(node), winner)
            return Reduce("sum", node.binders, node.where, product(wins, magnitude(body)))
        case Cases(rows=rows, otherwise=otherwise):
            changed = tuple((condition, magnitude(value)) for condition, value in rows)
            return Cases(changed, None if otherwise is None else magnitude(otherwise))
    return node if isinstance(node, Compare | Logic) else _positive(node)


def _inner(argument: Node) -> Node:
    """What is carried through a function. A number that is read is off by a few roundings at the
    most, not by those of a long sum: else the sine of 1e13 might be anything."""
    match argument:
        case Negative(body=body):
            return _inner(body)
        case Number() | Index():
            return ZERO
        case Read():
            return product(Number(READ), _positive(argument))
    return magnitude(argument)


def _positive(node: Node) -> Node:
    return Call("abs", (node,))
