"""The ways in which authors write a derivative: what is derived, and by what.

`\\frac{\\partial E}{\\partial x_{ij}}`, `\\partial E / \\partial x`, `\\frac{d}{dx} \\tanh x`,
`\\partial_x E` and `\\nabla_x E`. What such a derivative means is decided in derivatives.py.
"""

from typing import NamedTuple

from lark import Token

from cnnmath.formula.functions import CONSTANTS
from cnnmath.formula.scope import Scope
from cnnmath.formula.syntax import DIVISIONS, Factor, Row, Symbol


class Written(NamedTuple):
    """A derivative as it is written.

    of : what is derived, a symbol or an expression;  by : the symbol that it is derived by
    """

    of: Row
    by: Factor


def derivative_in(factor: Factor, scope: Scope) -> Written | None:
    """What is derived in `\\frac{\\partial E}{\\partial x_{ij}}`, and the symbol by which.

    Raises FormulaSyntaxError if there is a \\partial, but more than one symbol behind it
    """
    if factor.kind == "braces" and not factor.attached:
        inner = factor.held.lone
        return derivative_in(inner, scope) if inner is not None else None
    if factor.kind != "fraction":
        return None
    above, below = (part.factors for part in factor.inside)
    if len(below) == 2 and all(side and is_differential(side[0], scope) for side in (above, below)):
        is_plain = above[0].kind != "PARTIAL"
        if len(above) == 2 or (len(above) > 2 and (not is_plain or above[1].kind == "FUNCTION")):
            return Written(above[1:], below[1])
    if derived_by(factor, scope) is not None:
        return None
    if any(side and side[0].kind == "PARTIAL" for side in (above, below)):
        raise scope.error(
            factor,
            "expected one symbol behind each \\partial, as in "
            "\\frac{\\partial E}{\\partial x_{ij}}; above, a power, a function of something or "
            "a bracket will do as well",
        )
    return None


def on_one_line(row: Row, scope: Scope) -> Written:
    """The `\\partial E / \\partial x_{ij}` with which a row begins."""
    match row[:5]:
        case [_, Factor() as of, Token() as slash, Factor() as mark, Factor() as by] if (
            slash in DIVISIONS and is_differential(mark, scope)
        ):
            return Written([of], by)
    raise scope.error(row[0], "expected \\partial E / \\partial x or \\frac{..}{..}")


def derived_by(operator: Factor, scope: Scope) -> Factor | None:
    """The x of `\\frac{\\partial}{\\partial x}`, `\\partial_x` and `\\nabla_x`; else None."""
    if operator.kind in ("PARTIAL", "NABLA"):
        below = operator.subs
        return below[0].lone if below and len(operator.attached) == len(below) else None
    if operator.kind != "fraction" or operator.attached:
        return None
    above, below_bar = (part.factors for part in operator.inside)
    marks = [*above, *below_bar[:1]] if len(above) == 1 and len(below_bar) == 2 else []
    is_operator = marks and all(is_differential(mark, scope) for mark in marks)
    return below_bar[1] if is_operator else None


def quantity_behind(operator: Factor, row: Row, scope: Scope) -> tuple[Symbol | None, Row]:
    """The quantity behind an operator, if it is none that the formula says how to calculate."""
    by = derived_by(operator, scope)
    return (None, row) if by is None else _quantity(by, row, operator.kind == "NABLA", scope)


def derived_symbol(written: Written, scope: Scope) -> Symbol | None:
    """The symbol of the quantity that is derived, if nothing else is.

    The derivative of an expression is worked out, and so is that of one element of an array by
    another, unless the caller declares that array of derivatives.
    """
    of, by = written
    if len(of) > 1:
        symbol, rest = _quantity(by, of, False, scope)
        return None if rest else symbol
    symbol = of[0].symbol if isinstance(of[0], Factor) else None
    if symbol is None:
        return None
    name = symbol.name
    if name == by.name:
        return symbol if f"d{name}_d{name}" in scope.declared.shapes else None
    is_constant = name in CONSTANTS and name not in scope.declared.names
    return None if is_constant or symbol.power is not None else symbol


def _quantity(by: Factor, row: Row, is_whole: bool, scope: Scope) -> tuple[Symbol | None, Row]:
    """The symbol of a quantity that the formula does not say how to calculate, and the rest.

    A name other than that of the symbol is one, and `J(V, K)` is if it is derived by an
    element that does not stand in the brackets.
    """
    symbol = row[0].symbol if row and isinstance(row[0], Factor) else None
    if symbol is None or symbol.powers or symbol.name in (by.name, *CONSTANTS):
        return None, row
    group = row[1] if len(row) > 1 else None
    if not isinstance(group, Factor):
        return symbol, row[1:]
    if group.kind != "parens" or symbol.name in scope.declared.functions:
        return None, row
    if not all(item.lone and item.lone.symbol for item in group.held.parts):
        return None, row  # c(x_i + 1) is a product
    inside = {inner.text for inner in group.symbols}
    if is_whole or (by.scripts and by.text not in inside):
        return symbol, row[2:]
    return None, row


def is_differential(factor: Factor, scope: Scope) -> bool:
    """Whether this is the \\partial or the d before a symbol."""
    is_d = factor.name == "d" and "d" not in scope.declared.names
    return not factor.attached and (factor.kind == "PARTIAL" or is_d)
