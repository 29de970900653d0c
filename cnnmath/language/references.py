"""Elements of arrays: a symbol with its scripts, and the brackets behind it.

`W^{(k)}` is an index and `x^2` a power; a bare `x^c` is an index where x has an axis to spare.
`x(i, j)` and `x[i]` are elements of an array, calls of a function, or products.
"""

from collections.abc import Sequence
from dataclasses import replace

from lark import Token

from cnnmath.core.functions import CONSTANTS
from cnnmath.core.nodes import (
    ONE,
    Apply,
    Call,
    Index,
    Node,
    Number,
    Power,
    Read,
    negative,
    number_in,
)
from cnnmath.core.shapes import size_text
from cnnmath.errors import ShapeError, UnknownNameError
from cnnmath.language.indices import (
    event_indices,
    index_value,
    indices,
    looks_like_indices,
    number_of,
)
from cnnmath.language.matrices import (
    exponent_of,
    holds_power,
    matrix_power,
    note_matrices,
    refuse_layer,
    refuse_power,
)
from cnnmath.language.names import full_name, index_scripts, refuse_label
from cnnmath.language.scope import Scope
from cnnmath.language.square import inverse
from cnnmath.language.stated_functions import stated, stated_value
from cnnmath.language.syntax import Factor, List, Part, Row, Script, Scripted, Symbol
from cnnmath.language.whole import alike, at, left_out, open_in, turn


def powered(node: Node, factor: Scripted, scope: Scope) -> Node:
    """The powers attached to a bracket, a number or a function's value."""
    for script in factor.scripts:
        if script.marks and script.marks[0] == "+":  # [x]_+, the positive part
            of_bars = isinstance(node, Call) and node.function == "abs"  # |x|_+ too
            node = Call("relu", tuple(node.children()) if of_bars else (node,))
            continue
        if open_in(node, scope):
            node = _of_whole(node, script, factor, scope)
            continue
        if any(mark.type == "TOP" for mark in script.marks):
            what = "a transpose of what? declare the shapes of the arrays in the bracket"
            raise scope.error(script, what, ShapeError)
        if script.kind == "sub" or script.body is None:
            raise scope.error(script, "only the name of an array can carry an index")
        note_matrices(node, factor, scope)
        node = Power(node, scope.value(script.body))
    if len(factor.scripts) < len(factor.attached):
        raise scope.error(factor, "only a name can carry a prime")
    return node


def _of_whole(node: Node, script: Script, factor: Scripted, scope: Scope) -> Node:
    """A script on a bracket that holds a vector or a matrix: `(Wx + b)_i`, `(AB)^\\top`."""
    body, axes = script.body, len(open_in(node, scope))
    if body is not None and script.kind == "sub":
        return at(node, indices(body, None, scope), script, scope)
    if any(mark.type == "TOP" for mark in script.marks) or (body and body.word == "T"):
        return turn(node, factor, scope)
    power = None if body is None else scope.value(body)
    if power is not None and axes == 2 and number_in(power) == -1.0:
        return inverse(node, factor, scope)
    if power is None or axes > 1:
        raise scope.error(script, matrix_power("in this bracket"))
    return Power(node, power)


# ---- a symbol and its scripts -------------------------------------------------------------------


def scripted(
    symbol: Symbol, scope: Scope, groups: Sequence[Factor] = ()
) -> tuple[str, list[Node], Node | None]:
    """Name, indices and power of a symbol; the indices of superscripts come first.

    groups : the brackets behind it, which may hold further indices
    """
    name = full_name(symbol, scope, lambda letter: scope.is_open)
    if scope.is_known(f"{name}_squared") and not scope.is_known(name):
        raise scope.error(
            symbol,
            f"{name}_squared is declared, the square as one quantity, and {name} by itself is "
            f"not: write \\sqrt{{..^2}}, or declare {name} and not its square",
            UnknownNameError,
        )
    scope.note_symbol(*symbol.span, name)
    scripts = index_scripts(symbol, name, scope)
    subs = [inner for kind, inner in scripts if kind == "sub"]
    supers = [inner for kind, inner in scripts if kind == "sup"]
    if len(subs) > 1:
        raise scope.error(symbol, "two subscripts on one symbol")
    rank = scope.rank(name) if symbol.attached or groups else None
    if groups:  # x(i, j) has two of its indices there
        above = 0 if subs else (rank or 0) - len(groups[0].held.items)
        rank = above if above > 0 else None
    leading: list[Node] = []
    for inner in supers:
        if inner.group is not None:
            leading += indices(inner.group, None, scope)
    power: Node | None = None
    transposed = any(mark.type == "TOP" for script in symbol.scripts for mark in script.marks)
    for inner in (inner for inner in supers if inner.group is None):
        missing = None if rank is None else _missing(rank - len(leading), subs, scope)
        is_turned = inner.word == "T" and not scope.is_index("T") and rank != 0
        if is_turned and not _is_size(symbol, name, bool(groups), scope):
            transposed = True
        elif _is_index(inner, bool(subs or groups), missing, scope) or (
            missing and _counts_layers(inner, name, len(leading), scope)
        ):
            spare = missing if scope.whole is None else None
            leading += indices(inner, spare or None, scope)
        elif power is None:
            power = scope.value(inner)
        else:
            raise scope.error(symbol, "two powers on one symbol")
    trailing: list[Node] = []
    for inner in subs:
        listed = inner.group if inner.group and len(inner.group.items) > 1 else inner
        trailing += indices(listed, None if rank is None else rank - len(leading), scope)
    if transposed and len(trailing) < 2 and scope.whole is not None and rank:
        trailing += left_out(name, len(leading) + len(trailing), scope)
        turn(Read(name, tuple(trailing)), symbol, scope)
    elif transposed:
        if len(trailing) < 2:
            what = (
                f"a transpose needs its two indices, as in {name}^T_{{ij}}, or the shape of {name}"
            )
            raise scope.error(symbol, what, ShapeError)
        trailing[-2:] = trailing[:-3:-1]
    index = leading + trailing
    if not (index or groups):
        refuse_label(symbol, name, scope)
    if power is not None and not groups:
        refuse_power(symbol, name, index, power, scope)
    return name, index, power


def _is_size(symbol: Symbol, name: str, is_applied: bool, scope: Scope) -> bool:
    """Whether the T of `x^T` is a size, and the whole a power."""
    if "T" not in scope.declared.names:
        return False
    rank = None if is_applied else scope.rank(name)
    if rank or (rank is None and not is_applied and name[:1].isupper()):
        raise scope.error(
            symbol,
            f"is this the transpose of {name} or its power T, which is a size here? "
            f"write {name}^\\top, or rename the size",
        )
    return True


def _missing(axes: int, subs: Sequence[List], scope: Scope) -> int:
    """How many of some axes the subscripts do not account for."""
    return max(0, axes - sum(number_of(inner, axes, scope) for inner in subs))


def _is_index(inner: List, is_below: bool, missing: int | None, scope: Scope) -> bool:
    """Whether a bare superscript is an index: `x^c_{ij}` where x has three axes.

    is_below : whether the other indices stand in a subscript or in brackets
    """
    if len(inner.items) > 1:
        return True
    if inner.text.startswith(("-", "−")):
        return False  # S^{-1} is an inverse, or a power
    number = number_of(inner, None, scope)
    if not missing or number > missing or (number < missing and scope.whole is None):
        return False
    return (is_below and number == missing) or any(
        scope.is_index(symbol.name) for symbol in inner.symbols
    )


def _counts_layers(inner: List, name: str, axis: int, scope: Scope) -> bool:
    """Whether the L of `a^L` says how many there are along an axis of a: the last of them."""
    shape = scope.declared.shapes.get(name, ())
    return axis < len(shape) - 1 and inner.word == size_text(shape[axis])


# ---- a symbol and the brackets behind it --------------------------------------------------------


def reference(row: Row, scope: Scope) -> tuple[Node, Row]:
    """A symbol with its scripts and the brackets behind it that belong to it, and the rest."""
    whole, rest = row[0], row[1:]
    assert isinstance(whole, Factor)
    symbol = whole.symbol
    assert symbol is not None
    groups = _following_groups(rest)
    if scope.whole is not None and groups and _is_inverted(groups[0]):
        groups = groups if scope.is_known(symbol.name) else []  # \eta (A + B)^{-1}
    plain = symbol.name
    if scope.is_bound(symbol):
        scripts = tuple(script for script in symbol.attached if script.body)
        return powered(Index(plain), replace(symbol, attached=scripts), scope), rest
    full = full_name(symbol, scope, lambda letter: scope.is_open)
    if full != plain and scope.is_index(full):
        return Index(full), rest
    constant = _constant(symbol, bool(groups), scope)
    if constant is not None:
        return constant, rest
    if scope.whole is not None and groups and scope.declared.shapes.get(full):
        is_factor = any(_leaves_out(inner, scope) for inner in groups[0].symbols)
        groups = [] if is_factor else groups  # a^T [h, x]
    name, index, power = scripted(symbol, scope, groups)
    if power is not None:
        refuse_layer(symbol, name, power, scope)
    if power is not None and len(index) > 1 and holds_power(whole):
        raise scope.error(whole, matrix_power(name))
    is_stated = bool(groups) and stated(name, scope) is not None
    if name in scope.declared.functions or is_stated:
        if index:
            raise scope.error(
                symbol,
                f"{name} was given as one function, which carries no index: declare a function "
                f"of its own for each, or write the derivative out if it is one",
            )
        return _application(symbol, name, power, groups, rest, scope)
    taken = 0
    rank = scope.rank(name) if groups else None
    is_impulse = name == "delta" and rank is None and name not in scope.declared.names
    event = event_indices(groups[0], name, len(index), scope) if groups else []
    if event:
        index, taken = index + event, 1
    for group in groups if not (is_impulse or event) else ():
        if not _holds_indices(group, symbol, rank, len(index), scope):
            break
        index += [
            index_value(i, scope) if isinstance(i, Part) else scope.item(i)
            for i in group.held.items
        ]
        taken += 1
        if rank is None:
            break
    scope.insist_on_style(symbol, name, len(index))
    if not taken and groups and rank is None and not index:
        if name == "delta" and groups[0].kind == "brackets":
            return _impulse(groups[0], scope), rest[1:]
        return _application(symbol, name, power, groups, rest, scope)
    scope.found.roles.parameters |= {
        node.name for node in index if isinstance(node, Read) and not node.index
    }
    if name == "delta" and name not in scope.declared.shapes and len(index) == 2 and not taken:
        node: Node = Call("kronecker", tuple(index))
    else:
        left = left_out(name, len(index), scope)
        if power is not None and len(left) > 1 and number_in(power) != -1.0:
            raise scope.error(symbol, matrix_power(name))
        index += left
        scope.note_rank(name, len(index), symbol)
        node = Read(name, tuple(index))
        if power is not None and len(left) > 1:
            node, power = inverse(node, symbol, scope), None
    if power is not None:
        node = Power(node, power)
    if taken:
        node = powered(node, groups[taken - 1], scope)
    return node, rest[taken:]


def _is_inverted(group: Factor) -> bool:
    return any(held.text in ("-1", "{-1}") for held in group.sups)


def _following_groups(rest: Row) -> list[Factor]:
    """The brackets that stand directly behind a symbol and hold no comparison."""
    groups: list[Factor] = []
    for item in rest:
        if (
            isinstance(item, Token)
            or item.has_subscript
            or item.kind not in ("parens", "brackets")
            or item.held.holds_relation
        ):
            break
        groups.append(item)
        if item.attached:
            break
    return groups


def _holds_indices(
    group: Factor, symbol: Symbol, rank: int | None, shown: int, scope: Scope
) -> bool:
    """Whether the bracket behind a symbol holds (more of) its indices, of which some are shown."""
    if scope.elementwise and any(inner.name == symbol.name for inner in group.symbols):
        return False  # u(1 - u), of each element
    if scope.elementwise and rank and _is_sum_of_arrays(group, scope):
        what = "a product, or elements of the array before this? write \\cdot, or a subscript"
        raise scope.error(group, what)
    if rank is not None:
        is_product = scope.whole is not None and (
            shown + len(group.held.items) < rank  # A(x + y), where A has two axes
            or any(mark.type == "TOP" for script in group.scripts for mark in script.marks)
            or any(_leaves_out(inner, scope) for inner in group.symbols)
        )
        return rank > shown and not is_product
    if shown and len(group.held.items) == 1 and symbol.has_subscript:
        return False
    if scope.whole is not None and any(_leaves_out(inner, scope) for inner in group.symbols):
        return False  # f(X, A) of matrices
    return looks_like_indices(group.held, scope)


def _is_sum_of_arrays(group: Factor, scope: Scope) -> bool:
    """Whether a bracket holds a sum in which whole arrays stand, as in `w(y - z)`."""
    inner = group.held.sum
    terms = [product.lone for _, product in inner.terms] if inner else []
    arrays = [one for one in terms if one and one.symbol and not one.attached]
    return len(terms) > 1 and any(scope.declared.shapes.get(one.name) for one in arrays)


def _leaves_out(symbol: Symbol, scope: Scope) -> bool:
    """Whether a symbol stands for a whole vector or matrix."""
    axes = len(scope.declared.shapes.get(symbol.name, ()))
    return axes > sum(number_of(held.group or held, axes, scope) for _, held in symbol.bodies)


def _impulse(group: Factor, scope: Scope) -> Node:
    """`\\delta[n-k]`, 1 where n = k, which a signal is made of."""
    if len(group.held.items) != 1:
        raise scope.error(group, "expected one index, as in \\delta[n-k]")
    index = scope.item(group.held.items[0])
    return powered(Call("kronecker", (index, Number(0.0))), group, scope)


def _application(
    symbol: Symbol, name: str, power: Node | None, groups: Sequence[Factor], rest: Row, scope: Scope
) -> tuple[Node, Row]:
    """A function of the caller, applied to what is in the bracket; or a product."""
    if not groups:
        raise scope.error(
            symbol, f"{name} was given as a function: expected its argument in brackets"
        )
    function = stated(name, scope)
    if function is None:
        arguments = [scope.item(item) for item in groups[0].held.items]
        node: Node = Apply(name, tuple(alike(arguments, groups[0], scope)))
    else:
        node = stated_value(name, function, symbol, groups[0], scope)
    if power == negative(ONE):
        raise scope.error(
            symbol,
            f"is this 1/{name} or the inverse of {name}? write \\frac{{1}}{{{name}( .. )}}, or "
            f"declare {name}, {name}='', if it is a number",
        )
    if power is not None:
        node = Power(node, power)
    node = powered(node, groups[0], scope)
    is_known = function is not None or name in scope.declared.functions
    if not isinstance(node, Apply) and not is_known:
        scope.found.applied_powers.append((symbol.start, name))
    return node, rest[1:]


def _constant(symbol: Symbol, is_applied: bool, scope: Scope) -> Node | None:
    """e and pi, where they are not names of the caller's."""
    name, scripts = symbol.name, symbol.scripts
    if name not in CONSTANTS or symbol.has_subscript or len(scripts) > 1:
        return None
    is_declared = name in scope.declared.names
    is_read = any(held.group for held in symbol.sups) or (is_applied and is_declared)  # \\pi(k)
    rank = scope.read_rank(name)
    if rank and (scope.whole is None or scripts) and not is_read:
        raise scope.error(
            symbol,
            f"is this the number {CONSTANTS[name]:.4g}, or the array {name} that stands with "
            "an index elsewhere? rename the array",
        )
    if is_declared or rank is not None:
        return None
    if not scripts:
        return Number(CONSTANTS[name])
    if scripts[0].body is None:
        return None
    exponent = replace(scope, in_exponent=name == "e").value(scripts[0].body)
    note_matrices(exponent, symbol, scope, exponent_of)
    return Call("exp", (exponent,)) if name == "e" else Power(Number(CONSTANTS[name]), exponent)
