r"""What `\sigma(x_i)` and `\sigma'(x_i)` are, where a formula says what `\sigma(z)` is."""

from collections.abc import Mapping
from dataclasses import replace

from cnnmath.core.jacobian import worked_out
from cnnmath.core.nodes import Jacobian, Node, Read, Reduce, names_in, numbered
from cnnmath.core.statement import Function
from cnnmath.language.scope import Scope
from cnnmath.language.syntax import Factor, Part, Symbol
from cnnmath.language.whole import alike


def stated(name: str, scope: Scope) -> Function | None:
    r"""What formulas say of a function by this name; of \sigma', where they say what \sigma is."""
    known = scope.declared.defined.get(name)
    if known is not None or scope.is_known(name) or not name.endswith("_prime"):
        return known
    plain = stated(name.removesuffix("_prime"), scope)
    if plain is None or plain.value is None or len(plain.arguments) > 1:
        return None
    slope = Jacobian(plain.value, Read(plain.arguments[0]))
    return replace(plain, value=worked_out(slope, {}, {}, scope.declared.origin, {}))


def stated_value(
    name: str, function: Function, symbol: Symbol, group: Factor, scope: Scope
) -> Node:
    """The formula's value for what is in the bracket; its result, if that is what it is about.

    Raises FormulaSyntaxError if it does not say what it is for other arguments
    """
    own, items = function.arguments, group.held.items
    if len(items) != len(own):
        given = f"{len(items)} are given" if len(items) > 1 else "one is given"
        raise scope.error(group, f"{name} was defined as {name}({', '.join(own)}), and {given}")
    are_its_own = all(_is(item, argument, scope) for item, argument in zip(items, own, strict=True))
    is_defined = name in scope.declared.defined  # f', of a defined f, is not
    if are_its_own and is_defined and not (function.value and any(map(scope.rank, own))):
        scope.note_rank(name, 0, symbol)
        return Read(name, ())
    if function.value is None:
        raise scope.error(
            symbol,
            f"{name} was defined as {name}({', '.join(own)}), of these arrays alone: write that, "
            f"or the formula for what stands here; for a product write {name} \\cdot ( .. )",
        )
    _insist_on_its_names(name, function, function.value, symbol, scope)
    values = alike([scope.item(item) for item in items], group, scope)
    return _with(function.value, dict(zip(own, values, strict=True)), scope)


def _insist_on_its_names(
    name: str, function: Function, value: Node, symbol: Symbol, scope: Scope
) -> None:
    """What the formula reads must be the same where it is applied.

    Raises FormulaSyntaxError
    """
    for array, first in function.first.items():
        if scope.declared.origin(array) != first:
            raise scope.error(
                symbol,
                f"the formula of {name} counts {array} from {first}, and this one from "
                f"{scope.declared.origin(array)}: give both one origin, as in "
                f"origin={{'{array}': {first}}}",
            )
    shared = sorted((names_in((value,)) - {*function.arguments}).intersection(scope.indices))
    if shared:
        raise scope.error(
            symbol,
            f"{shared[0]} is an index here and a number in the formula of {name}: rename one",
        )


def _is(item: object, name: str, scope: Scope) -> bool:
    """Whether an argument is a name, and nothing more."""
    lone = item.lone if isinstance(item, Part) else None
    symbol = lone.symbol if lone and not lone.attached else None
    is_name = symbol is not None and symbol.name == name and not symbol.attached
    return is_name and not scope.is_bound(symbol)


def _with(node: Node, values: Mapping[str, Node], scope: Scope) -> Node:
    """A value with others in place of its arguments, its sums over indices of their own."""
    if isinstance(node, Read) and node.name in values:
        return values[node.name]
    if isinstance(node, Reduce):
        node = numbered(node, next(scope.found.fresh))
    return node.rebuilt(lambda child: _with(child, values, scope))
