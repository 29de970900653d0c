"""The values of what is neither a name nor a sum: numbers, brackets, fractions, functions, cases.

A bracket that holds a comparison is Iverson's: 1 where it holds, else 0.
"""

from collections.abc import Callable
from dataclasses import replace

from lark import Token

from cnnmath.core.functions import function_named
from cnnmath.core.nodes import (
    Binder,
    Call,
    Cases,
    Divide,
    Index,
    Node,
    Number,
    Power,
    Read,
    Reduce,
    add,
    conjunction,
    negative,
)
from cnnmath.language import derivatives
from cnnmath.language.angles import angle_length
from cnnmath.language.indices import event_indices
from cnnmath.language.matrices import determinant, note_matrices
from cnnmath.language.matrix_functions import in_bars
from cnnmath.language.names import full_name
from cnnmath.language.references import powered
from cnnmath.language.scope import Scope
from cnnmath.language.sets import count_of
from cnnmath.language.square import is_square
from cnnmath.language.symbols import plain_letters
from cnnmath.language.syntax import GROUPS, Case, Factor, Row
from cnnmath.language.whole import alike, times


def atom(factor: Factor, scope: Scope) -> Node:
    """The value of a factor without its scripts."""
    inside = factor.inside
    match factor.kind:
        case "NUMBER":
            number = float(factor.sign)
            if number == float("inf"):
                raise scope.error(factor, "this number is too large to calculate with")
            return Number(number)
        case "INFINITY":
            return Number(float("inf"))
        case "parens" | "brackets" | "escaped_braces" | "braces":
            return _grouped(factor, scope)
        case "bars":
            count = count_of(inside[0], scope)
            if count is not None:
                return count
            matrix = in_bars(factor, scope)
            if matrix is not None:
                return matrix
            value = scope.value(inside[0])
            if is_square(value, scope):
                shown = inside[0].symbols[0].name if inside[0].symbols else "this"
                raise scope.error(factor, determinant(shown))
            if isinstance(value, Read):
                note_matrices(value, factor, scope, determinant)
            return Call("abs", (value,))
        case "angles":
            return _inner_product(factor, scope)
        case "floor" | "ceil":
            return Call(factor.kind, (scope.value(inside[0]),))
        case "fraction":
            return derivatives.fraction(factor, scope) or _fraction(factor, scope)
        case "root":
            *degree, radicand = map(scope.value, inside)
            if not degree:
                return Call("sqrt", (radicand,))
            return Power(radicand, Divide(Number(1.0), degree[0]))
        case "cases":
            return _cases(factor, scope)
        case "unit":
            return Number(1.0)
        case "styled":
            return scope.value(inside[0])
    shown = f"'{factor.sign}' has" if not inside else "this has"
    raise scope.error(factor, f"{shown} no meaning here")


def _grouped(factor: Factor, scope: Scope) -> Node:
    """A bracket: Iverson's if it holds a comparison, else a grouping."""
    items = factor.held.items
    if factor.held.holds_relation:
        return conjunction([scope.item(item) for item in items])
    if len(items) != 1:
        what = "a list in brackets must follow the name of an array or function"
        raise scope.error(factor, what)
    return scope.value(factor.held)


def _inner_product(factor: Factor, scope: Scope) -> Node:
    r"""`\langle x, y \rangle` of two vectors."""
    values = [scope.item(item) for item in factor.held.items]
    if len(values) == 2:
        found = times(values[0], r"\cdot", values[1], factor, scope)
        if found is not None:
            return found
    what = r"\langle .. \rangle of what? Declare the shapes of two vectors, \langle x, y \rangle"
    raise scope.error(factor, f"{what}, for their inner product; else write what it does")


def _fraction(factor: Factor, scope: Scope) -> Node:
    above, below = alike([scope.value(part) for part in factor.inside], factor, scope)
    if "binom" not in factor.sign:
        return Divide(above, below)
    # n over k as the product of (n - k + t) / t for t from 1 to k.
    return _up_to(below, lambda t: Divide(add(above, negative(below), t), t), scope)


def _up_to(end: Node, factor: Callable[[Index], Node], scope: Scope) -> Node:
    """The product of a factor for each number from 1 to `end`."""
    t = Index(f"factor_{next(scope.found.fresh)}")
    return Reduce("prod", (Binder(t.name, Number(1.0), end),), None, factor(t))


def _cases(factor: Factor, scope: Scope) -> Node:
    rows: list[tuple[Node, Node]] = []
    otherwise: Node | None = None
    for row in (part for part in factor.inside if isinstance(part, Case)):
        value = scope.value(row.value)
        if row.conditions:
            rows.append((conjunction([scope.item(item) for item in row.conditions.items]), value))
        elif otherwise is None:
            otherwise = value
        else:
            raise scope.error(row, "two rows say 'otherwise'")
    return Cases(tuple(rows), otherwise)


def indicator(factor: Factor, scope: Scope) -> Node | None:
    """`\\mathbb{1}_{x > 0}`: the condition in the subscript of a one; None for anything else."""
    if factor.kind != "unit" and (factor.kind, factor.sign) != ("NUMBER", "1"):
        return None
    for held in factor.subs:
        inner = held.group or held
        if inner.holds_relation:
            if len(factor.scripts) > 1:
                raise scope.error(factor, "an indicator carries nothing but its condition")
            return conjunction([scope.item(item) for item in inner.items])
    return None


def is_indicator_letter(row: Row, scope: Scope) -> bool:
    """Whether this is the I of `I(x > 0)`, or the \\delta of `\\delta(y_i = j)`."""
    match row[:2]:
        case [Factor(kind="LETTER" | "GREEK") as letter, Factor() as group]:
            is_bare = letter.name in ("I", "delta") and not letter.scripts
            is_free = is_bare and letter.name not in scope.declared.names
            return is_free and group.kind in GROUPS and group.held.holds_relation
    return False


# ---- functions ----------------------------------------------------------------------------------


def function(row: Row, scope: Scope) -> tuple[Node, Row]:
    """`\\exp(u)`, `\\log p_r`, `\\sin^2 x`, `\\log_2 u`, and the rest of the row."""
    command, rest = row[0], row[1:]
    assert isinstance(command, Factor)
    name = function_named(command.sign)
    power: Node | None = None
    base: Node | None = None
    for script in command.attached:
        if script.body is None or (script.kind == "sub" and name != "log"):
            raise scope.error(script, f"{name} cannot carry this")
        if script.kind == "sub":
            base = scope.value(script.body)
        else:
            power = scope.value(script.body)
    if power == negative(Number(1.0)):
        raise scope.error(command, f"is this 1/{name} or the inverse of {name}? write it out")
    bracket = rest[0] if rest else None
    if not isinstance(bracket, Factor):
        raise scope.error(command, f"expected the argument of {name}")
    is_bracket = bracket.kind in GROUPS and not bracket.held.holds_relation
    if is_bracket:
        inner = replace(scope, in_exponent=name == "exp", in_logarithm=name == "log")
        arguments = [inner.item(item) for item in bracket.held.items]
        if len(arguments) != 1:
            raise scope.error(command, f"{name} takes one argument, not {len(arguments)}")
        length = 1
    else:
        length = angle_length(name, rest) or _argument_length(rest, scope)
        arguments = [replace(scope, in_logarithm=name == "log").product(rest[:length])]
    node: Node = Call(name, tuple(arguments))
    if name == "factorial":
        node = _up_to(arguments[0], lambda t: t, scope)
    if base is not None:
        node = Divide(node, Call("log", (base,)))
    if power is not None:
        node = Power(node, power)
    return (powered(node, bracket, scope) if is_bracket else node), rest[length:]


def _argument_length(row: Row, scope: Scope) -> int:
    """How many factors an argument without brackets has: `\\log p_i (1-q)` is log p_i times 1-q."""
    before = row[0]
    for place, item in enumerate(row):
        if isinstance(item, Token):
            return place
        if item.kind == "BIG":
            return len(row)
        ends = item.kind in GROUPS and not _may_be_applied(before, item, scope)
        if place and (item.kind == "FUNCTION" or ends):
            return place
        if place == 1 and isinstance(before, Factor) and before.kind in ("bars", "norm"):
            raise scope.error(item, "does the function reach this far? write brackets")
        before = item
    return len(row)


def _may_be_applied(item: Factor | Token, bracket: Factor, scope: Scope) -> bool:
    r"""Whether a bracket behind a symbol may hold its arguments, as in `\log h_\theta(x)`."""
    symbol = item.symbol if isinstance(item, Factor) else None
    if symbol is None or not symbol.scripts:
        return symbol is not None
    name = full_name(symbol, scope, lambda letter: scope.is_open)
    if name in scope.declared.applicable:
        return True
    if event_indices(bracket, name, 0, scope):
        return True
    letters = [letter for held in symbol.subs for letter in plain_letters(held) or []]
    is_index = any(scope.is_index(letter) for letter in letters)
    return bool(letters) and name != symbol.name and not (is_index or scope.is_known(name))
