"""What a derivative means: `\\frac{\\partial E}{\\partial x_{ij}}` and its like.

Where a formula defines the quantity that is derived, this is a Jacobian, to be worked out; else it
is an array of the caller's, dE_dx, with the indices of E (if it has any) and of x. The derivative
of an expression, `\\frac{d}{dx} \\tanh x` or `\\frac{\\partial x_i^2}{\\partial x_j}`, is worked
out as well.

By \\sigma^2: if `sigma_squared` is a name, it is that quantity's. Else \\sigma^2 stands for u with
\\sigma = \\sqrt u; where \\sigma also stands by itself, so that it may mean either, it is refused.
"""

from dataclasses import replace

from lark import Token

from cnnmath.derivative import Derivative
from cnnmath.errors import FormulaError
from cnnmath.formula.names import full_name
from cnnmath.formula.nodes import Apply, Index, Jacobian, Node, Number, Read, indices_in, product
from cnnmath.formula.references import scripted
from cnnmath.formula.scope import Scope
from cnnmath.formula.syntax import GROUPS, Factor, Row, Symbol
from cnnmath.formula.written_derivatives import (
    Written,
    derivative_in,
    derived_by,
    derived_symbol,
    on_one_line,
    quantity_behind,
)


def fraction(factor: Factor, scope: Scope) -> Node | None:
    """A fraction that is a derivative; None for another."""
    written = derivative_in(factor, scope)
    return _derivative(written, (factor.start, factor.end), scope) if written else None


def slashed(row: Row, scope: Scope) -> tuple[Node, Row]:
    """`\\partial E / \\partial x_{ij}` written on one line, and what stands behind it."""
    written = on_one_line(row, scope)
    start = row[0].start if isinstance(row[0], Factor) else 0
    return _derivative(written, (start, written.by.end), scope), row[5:]


def applied(row: Row, scope: Scope) -> tuple[Node, Row] | None:
    """`\\frac{\\partial}{\\partial x_i}` of what stands behind it; None if this is no operator."""
    operator, rest = row[0], row[1:]
    assert isinstance(operator, Factor)
    by = derived_by(operator, scope)
    if by is None:
        return None
    if not rest or isinstance(rest[0], Token):
        raise scope.error(operator, "expected what is derived")
    of, others = quantity_behind(operator, rest, scope)
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


def held(factor: Factor, scope: Scope) -> Node | None:
    """`(\\frac{\\partial y}{\\partial x})_{\\mu}`, with \\mu held; None for anything else.

    Raises FormulaError if what is held is not calculated from anything, or what is derived is not.
    """
    subs = factor.subs
    inner = factor.held.lone if factor.kind == "parens" else None
    if len(subs) != 1 or inner is None or derivative_in(inner, scope) is None:
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


def _derivative(written: Written, span: tuple[int, int], scope: Scope) -> Node:
    symbol = derived_symbol(written, scope)
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
    index = (*of_index, *by_index)
    scope.note_rank(name, len(index), by)
    return Read(name, index)


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
