"""Derivatives: `\\frac{\\partial E}{\\partial x_i}`, `\\partial E / \\partial x`, `\\partial_x E`.

Where a formula defines the quantity that is derived, this is a Jacobian, to be worked out; else it
is an array of the caller's, dE_dx, with the indices of E (if it has any) and of x. The derivative
of an expression, `\\frac{d}{dx} \\tanh x` or `\\frac{\\partial x_i^2}{\\partial x_j}`, is worked
out as well.

By \\sigma^2: if `sigma_squared` is a name, it is that quantity's. Else \\sigma^2 stands for u with
\\sigma = \\sqrt u; where \\sigma also stands by itself, so that it may mean either, it is refused.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from lark import Token

from cnnmath.core.derivative import Derivative
from cnnmath.core.functions import CONSTANTS
from cnnmath.core.nodes import Apply, Index, Jacobian, Node, Number, Read, indices_in, product
from cnnmath.errors import FormulaError
from cnnmath.language.names import full_name
from cnnmath.language.references import scripted
from cnnmath.language.scope import Scope
from cnnmath.language.syntax import DIVISIONS, GROUPS, Factor, Row, Symbol, start
from cnnmath.language.whole import left_out

# ---- how they are written -----------------------------------------------------------------------


class _Written(NamedTuple):
    """A derivative as it is written.

    of : what is derived, a symbol or an expression;  by : the symbol that it is derived by
    """

    of: Row
    by: Factor


def _derivative_in(factor: Factor, scope: Scope) -> _Written | None:
    """What is derived in `\\frac{\\partial E}{\\partial x_{ij}}`, and the symbol by which.

    Raises FormulaSyntaxError if there is a \\partial, but more than one symbol behind it
    """
    if factor.kind == "braces" and not factor.attached:
        inner = factor.held.lone
        return _derivative_in(inner, scope) if inner is not None else None
    if factor.kind != "fraction":
        return None
    above, below = (part.factors for part in factor.inside)
    if len(below) == 2 and len(above) > 1 and _are_differentials((above[0], below[0]), scope):
        if above[0].kind != "PARTIAL" and len(above) > 2 and not _is_applied(above[1:]):
            mark = above[0].text
            raise scope.error(
                factor,
                f"is this a derivative, or a fraction with the factor {mark} above and below? "
                f"write \\frac{{\\partial}}{{\\partial ..}}( .. ), or cancel {mark}",
            )
        return _Written(above[1:], below[1])
    if derived_by(factor, scope) is not None:
        return None
    if above and below and _is_repeated(above[0], below[0], scope):
        mark = above[0].name
        raise scope.error(
            factor,
            f"is this a derivative taken several times, or a fraction with {mark} above and "
            "below? write \\frac{\\partial}{\\partial x} \\frac{\\partial y}{\\partial x}, or "
            f"cancel {mark}",
        )
    if any(side and side[0].kind == "PARTIAL" for side in (above, below)):
        raise scope.error(
            factor,
            "expected one symbol behind each \\partial, as in "
            "\\frac{\\partial E}{\\partial x_{ij}}; above, a power, a function of something or "
            "a bracket will do as well",
        )
    return None


def _on_one_line(row: Row, scope: Scope) -> _Written | None:
    """The `\\partial E / \\partial x_{ij}` with which a row begins, or `dE/dx_{ij}`.

    Raises FormulaSyntaxError if a row begins with a \\partial and with no such derivative
    """
    match row[:5]:
        case [
            Factor() as above,
            Factor() as of,
            Token() as slash,
            Factor() as below,
            Factor() as by,
        ]:
            if slash in DIVISIONS and _are_differentials((above, below), scope):
                return _Written([of], by)
    if isinstance(row[0], Factor) and row[0].kind == "PARTIAL":
        raise scope.error(row[0], "expected \\partial E / \\partial x or \\frac{..}{..}")
    return None


def derived_by(operator: Factor, scope: Scope) -> Factor | None:
    """The x of `\\frac{\\partial}{\\partial x}`, `\\partial_x` and `\\nabla_x`; else None."""
    if operator.kind in ("PARTIAL", "NABLA"):
        below = operator.subs
        return below[0].lone if below and len(operator.attached) == len(below) else None
    if operator.kind != "fraction" or operator.attached:
        return None
    above, below_bar = (part.factors for part in operator.inside)
    marks = [*above, *below_bar[:1]] if len(above) == 1 and len(below_bar) == 2 else []
    return below_bar[1] if marks and _are_differentials(marks, scope) else None


def derived_quantity(row: Row, scope: Scope) -> tuple[Symbol, Factor] | None:
    """What is derived, and by what, where a row is the derivative of a quantity and no more."""
    factor, others = row[0], row[1:]
    assert isinstance(factor, Factor)
    by = derived_by(factor, scope)
    if by is not None:
        of, rest = _quantity_behind(factor, others, scope)
        return (of, by) if of is not None and not rest else None
    written = None
    if not others:
        written = _derivative_in(factor, scope)
    elif len(others) == 4:
        written = _on_one_line(row, scope)
    symbol = _derived_symbol(written, scope) if written else None
    return (symbol, written.by) if symbol is not None and written else None


def _quantity_behind(operator: Factor, row: Row, scope: Scope) -> tuple[Symbol | None, Row]:
    """The quantity behind an operator, if it is none that the formula says how to calculate."""
    by = derived_by(operator, scope)
    return (None, row) if by is None else _quantity(by, row, operator.kind == "NABLA", scope)


def _derived_symbol(written: _Written, scope: Scope) -> Symbol | None:
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


def _are_differentials(marks: Sequence[Factor], scope: Scope) -> bool:
    """Whether these are the \\partial, the d or the \\delta before what is derived and by what."""
    kinds = {r"\partial" if mark.kind == "PARTIAL" else mark.name for mark in marks}
    if any(mark.attached for mark in marks) or kinds & scope.declared.names:
        return False
    return kinds <= {r"\partial", "d"} or kinds == {"delta"}


def _is_repeated(above: Factor, below: Factor, scope: Scope) -> bool:
    """Whether this is the d^2 of `\\frac{d^2 y}{dx^2}`, above a d."""
    is_power = bool(above.powers) and len(above.attached) == 1 and above.name in ("d", "delta")
    return is_power and above.name == below.name and _are_differentials([below], scope)


def _is_applied(row: Row) -> bool:
    """Whether a row is the value of a function, \\tanh z or f(z)."""
    match row:
        case [Factor(kind="FUNCTION"), *_]:
            return True
        case [Factor(symbol=Symbol()), Factor(kind="parens")]:
            return True
    return False


# ---- what they mean -----------------------------------------------------------------------------


def fraction(factor: Factor, scope: Scope) -> Node | None:
    """A fraction that is a derivative; None for another."""
    written = _derivative_in(factor, scope)
    return _derivative(written, (factor.start, factor.end), scope) if written else None


def slashed(row: Row, scope: Scope) -> tuple[Node, Row] | None:
    """`\\partial E / \\partial x_{ij}` on one line, and what stands behind it; else None."""
    written = _on_one_line(row, scope)
    if written is None:
        return None
    return _derivative(written, (start(row[0]), written.by.end), scope), row[5:]


def applied(row: Row, scope: Scope) -> tuple[Node, Row] | None:
    """`\\frac{\\partial}{\\partial x_i}` of what stands behind it; None if this is no operator."""
    operator, rest = row[0], row[1:]
    assert isinstance(operator, Factor)
    by = derived_by(operator, scope)
    if by is None:
        return None
    if not rest or isinstance(rest[0], Token):
        raise scope.error(operator, "expected what is derived")
    of, others = _quantity_behind(operator, rest, scope)
    if of is not None:
        return _of_quantity(of, by, (operator.start, of.end), scope), others
    factors: list[Node] = []
    others = rest
    is_group = False
    while others and isinstance(others[0], Factor) and not any(map(_varies, factors)):
        is_group = others[0].kind in GROUPS
        node, others = scope.first(others, scope)
        factors.append(node)
    if others and isinstance(others[0], Factor) and not is_group:
        raise scope.error(others[0], "does the derivative reach this far? write brackets")
    return _worked_out(product(*factors), by, scope), others


def gradient_by_name(row: Row, scope: Scope) -> tuple[Node, Row]:
    """`\\nabla C`: the array or function nabla_C, if declared; `\\nabla C(w)` may be dC_dw."""
    operator, behind = row[0], row[1] if len(row) > 1 else None
    assert isinstance(operator, Factor)
    symbol = behind.symbol if isinstance(behind, Factor) else None
    name = f"nabla_{symbol.name}" if symbol and not symbol.scripts else ""
    rest = row[2:]
    at = rest[0] if rest else None
    if isinstance(at, Factor) and at.kind == "parens" and not at.attached and symbol:
        rest = rest[1:]
        if name in scope.declared.functions:
            return Apply(name, tuple(scope.item(item) for item in at.held.items)), rest
        by = at.held.lone.name if at.held.lone else ""
        derived = str(Derivative(symbol.name, by))
        name = derived if derived in scope.declared.shapes else name
    if name not in scope.declared.shapes:
        raise scope.error(
            operator,
            "by what is derived here? write \\nabla_x, or the derivatives"
            + (f", or declare it as an array of its own, {name}='..'" if name else ""),
        )
    index = left_out(name, 0, scope)
    scope.note_rank(name, len(index), operator)
    return Read(name, tuple(index)), rest


def held(factor: Factor, scope: Scope) -> Node | None:
    """`(\\frac{\\partial y}{\\partial x})_{\\mu}`, with \\mu held; None for anything else.

    Raises FormulaError if what is held is not calculated from anything, or what is derived is not.
    """
    subs = factor.subs
    inner = factor.held.lone if factor.kind == "parens" else None
    if len(subs) != 1 or inner is None or _derivative_in(inner, scope) is None:
        return None
    found = scope.value(factor.held)
    if not isinstance(found, Jacobian):
        raise scope.error(factor, "a derivative that is given holds what it holds", FormulaError)
    names = []
    for item in (subs[0].group or subs[0]).parts:
        symbol = item.lone.symbol if item.lone else None
        if symbol is None:
            raise scope.error(item, "expected the quantities that are held, as in (..)_{\\mu, v}")
        name = full_name(symbol, scope, lambda letter: False)
        if name not in scope.declared.defined:
            raise scope.error(
                item,
                f"{name} is held anyway: no formula says what it is calculated from, "
                f"{name}=Formula(..)",
                FormulaError,
            )
        names.append(name)
    return replace(found, held=tuple(names))


def derivative_name(of: str, by: str, scope: Scope) -> str:
    """`dE_dx`, which has the shape of x (behind that of E, if E has indices)."""
    name = str(Derivative(of, by))
    shapes = scope.declared.shapes
    own = shapes.get(by, shapes.get(by.removesuffix("_squared")))
    is_quantity = of in shapes or (len(of) == 1 and of.isupper())
    if name not in shapes and own is not None and is_quantity:
        shapes[name] = shapes.get(of, ()) + own
    return name


def is_elementwise(of: Sequence[Node], by: Sequence[Node]) -> bool:
    """Whether each element is derived by one of its own, which has the indices of both.

    `\\frac{dz_j}{da_j}` is a vector; in `\\frac{\\partial z_{ij}}{\\partial w_{ji}}` the order is
    in doubt.
    """
    if not of or not all(isinstance(node, Index) and node in by for node in of):
        return False
    return len(of) < len(by) or [*of] == [*by]


def variable(factor: Factor, scope: Scope) -> Symbol:
    """The symbol by which is derived.

    Raises FormulaSyntaxError if it is none, FormulaError if it carries another number above than 2
    """
    symbol = factor.symbol
    if symbol is None:
        raise scope.error(
            factor,
            "by what is derived? Expected the symbol of an array; for an expression, write "
            "\\partial by its symbol and divide, or give it a name and a formula of its own",
        )
    power, name = symbol.power, symbol.name
    if power not in (None, "2"):
        raise scope.error(
            factor,
            f"is this the power {power} of {name}, or an index? By a power, derive by {name} "
            f"and divide; an index stands in brackets, {name}^{{({power})}}",
            FormulaError,
        )
    return symbol


def _derivative(written: _Written, span: tuple[int, int], scope: Scope) -> Node:
    symbol = _derived_symbol(written, scope)
    if symbol is None:
        return _worked_out(scope.product(written.of), written.by, scope)
    return _of_quantity(symbol, written.by, span, scope)


def _of_quantity(of: Symbol, by: Factor, span: tuple[int, int], scope: Scope) -> Node:
    """A derivative to be worked out, or else the array d.._d.. of the caller."""
    of_name, of_index, of_power = scripted(of, scope)
    of_index = of_index if of_power is None else [of_power, *of_index]  # a^L_j
    by_name, by_index, power = _variable(by, scope)
    if of_name in scope.declared.defined:
        return Jacobian(Read(of_name, tuple(of_index)), Read(by_name, by_index), power)
    squared = by_name if power == 1 else f"{by_name}_squared"
    name = derivative_name(of_name, squared, scope)
    scope.note_symbol(*span, name)
    index = [*of_index, *by_index]
    if len(scope.declared.shapes.get(name, ())) == len(by_index) and is_elementwise(
        of_index, by_index
    ):
        index = [*by_index]
    index += left_out(name, len(index), scope)
    scope.note_rank(name, len(index), by)
    return Read(name, tuple(index))


def _worked_out(of: Node, by: Factor, scope: Scope) -> Node:
    """The derivative of an expression."""
    name, index, power = _variable(by, scope)
    if isinstance(of, Read) and of.name == name:
        for here, there in zip(of.index, index, strict=False):
            shared = {i.name for i in indices_in(here)} & {i.name for i in indices_in(there)}
            if here != there and shared:  # h_t by h_{t-1}
                raise scope.error(
                    by,
                    f"elements of {name} do not depend on each other here, so that this is 0 "
                    f"or 1. If one is calculated from the other, give them different names; if "
                    f"the derivatives are known, declare their shape, d{name}_d{name}=..",
                    FormulaError,
                )
    scope.note_rank(name, len(index), by)
    return Jacobian(of, Read(name, index), power)


def _variable(factor: Factor, scope: Scope) -> tuple[str, tuple[Node, ...], int]:
    """Name, indices and power of the symbol below: \\sigma^2 is one, if it is no name."""
    name, index, power = scripted(variable(factor, scope), scope)
    if isinstance(power, Number):
        return name, tuple(index), 2
    return name, tuple(index if power is None else [power, *index]), 1


def _varies(node: Node) -> bool:
    """Whether an expression is more than arithmetic on numbers."""
    return any(isinstance(inner, Read | Index | Apply) for inner in node.walk())
