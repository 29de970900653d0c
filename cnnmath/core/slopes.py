"""The derivative of each function of one argument u, as an expression in u; and of powers."""

import math
from collections.abc import Callable

from cnnmath.core.nodes import (
    ONE,
    ZERO,
    Apply,
    Call,
    Compare,
    Divide,
    Node,
    Number,
    Power,
    add,
    multiply,
    negative,
    number_in,
)

_TWO_BY_ROOT_PI = Divide(Number(2.0), Call("sqrt", (Number(math.pi),)))

SLOPES: dict[str, Callable[[Node], Node]] = {
    "exp": lambda u: Call("exp", (u,)),
    "log": lambda u: Divide(ONE, u),
    "log10": lambda u: Divide(ONE, multiply(u, Call("log", (Number(10.0),)))),
    "sqrt": lambda u: Divide(ONE, multiply(Number(2.0), Call("sqrt", (u,)))),
    "abs": lambda u: Call("sign", (u,)),
    "sin": lambda u: Call("cos", (u,)),
    "cos": lambda u: negative(Call("sin", (u,))),
    "tan": lambda u: Divide(ONE, Power(Call("cos", (u,)), Number(2.0))),
    "sinh": lambda u: Call("cosh", (u,)),
    "cosh": lambda u: Call("sinh", (u,)),
    "tanh": lambda u: add(ONE, negative(Power(Call("tanh", (u,)), Number(2.0)))),
    "arcsin": lambda u: Divide(ONE, Call("sqrt", (_one_minus_square(u),))),
    "arccos": lambda u: Divide(Number(-1.0), Call("sqrt", (_one_minus_square(u),))),
    "arctan": lambda u: Divide(ONE, add(ONE, Power(u, Number(2.0)))),
    "erf": lambda u: multiply(_TWO_BY_ROOT_PI, Call("exp", (negative(Power(u, Number(2.0))),))),
    "relu": lambda u: Compare(">", u, ZERO),
    "sigmoid": lambda u: multiply(Call("sigmoid", (u,)), add(ONE, negative(Call("sigmoid", (u,))))),
    "sign": lambda u: ZERO,
    "floor": lambda u: ZERO,
    "ceil": lambda u: ZERO,
    "round": lambda u: ZERO,
}


def _one_minus_square(u: Node) -> Node:
    return add(ONE, negative(Power(u, Number(2.0))))


def slopes_of(node: Node) -> list[tuple[Node, Node]]:
    """The arguments of a power or a function, each behind the derivative by it; none if unknown."""
    match node:
        case Power(base=base, exponent=exponent):
            by_base = _slope_of_power(base, exponent), base
            if number_in(exponent) is not None:
                return [by_base]
            return [by_base, (multiply(node, Call("log", (base,))), exponent)]
        case Call(function=function, arguments=(argument,)) if function in SLOPES:
            return [(SLOPES[function](argument), argument)]
        case Apply(name=name, arguments=(argument,)):  # f'(u) is for the caller to say
            return [(Apply(f"{name}_prime", (argument,)), argument)]
    return []


def _slope_of_power(base: Node, exponent: Node) -> Node:
    number = number_in(exponent)
    if number == 2:
        return multiply(Number(2.0), base)
    if number is not None:
        return multiply(Number(number), Power(base, Number(number - 1)))
    # x to the power 0 is 1, at x = 0 too: 0 / 0 would be no number.
    is_other = Compare("!=", exponent, ZERO)
    return multiply(is_other, exponent, Power(base, add(exponent, Number(-1.0))))
