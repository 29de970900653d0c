r"""What `\sigma(x_i)` and `\sigma'(x_i)` are, where a formula says what `\sigma(z)` is."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from cnnmath.core import wording
from cnnmath.core.jacobian import worked_out
from cnnmath.core.nodes import (
    Extent,
    Jacobian,
    Node,
    Number,
    Read,
    Reduce,
    names_in,
    numbered,
    substitute,
)
from cnnmath.core.shapes import size_text
from cnnmath.core.statement import Function
from cnnmath.errors import ShapeError
from cnnmath.language.scope import Scope, Whole
from cnnmath.language.syntax import Factor, Part, Symbol
from cnnmath.language.whole import alike, open_in, over_all


def stated(name: str, scope: Scope) -> Function | None:
    r"""What formulas say of a function by this name; of \sigma', where they say what \sigma is."""
    known = scope.declared.defined.get(name)
    if known is not None or scope.is_known(name) or not name.endswith("_prime"):
        return known
    plain = stated(name.removesuffix("_prime"), scope)
    if plain is None or plain.value is None or len(plain.arguments) > 1 or plain.shapes:
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
    is_general = function.value is not None and not function.shapes
    if are_its_own and is_defined and not (is_general and any(map(scope.rank, own))):
        scope.note_rank(name, 0, symbol)
        return Read(name, ())
    if function.value is None:
        raise scope.error(
            symbol,
            f"{name} was defined as {name}({', '.join(own)}), of these arrays alone: write that, "
            f"or the formula for what stands here; for a product write {name} \\cdot ( .. )",
        )
    _insist_on_its_names(name, function, function.value, symbol, scope)
    if function.shapes:
        return _of_arrays(name, function, function.value, group, scope)
    values = alike([scope.item(item) for item in items], group, scope)
    return _with(function.value, {Read(one): v for one, v in zip(own, values, strict=True)}, scope)


def _of_arrays(name: str, function: Function, value: Node, group: Factor, scope: Scope) -> Node:
    r"""The value for whole arrays, `D(p, q)` of a `D(a, b) = \sum_i a_i \log(a_i / b_i)`.

    Raises ShapeError if they have other axes, FormulaSyntaxError if they count from another number
    """
    within = replace(scope, whole=scope.whole or Whole())
    assert within.whole is not None
    found: dict[Node, Node] = {}
    elements: dict[str, tuple[Node, list[str]]] = {}
    along: dict[Node, list[tuple[str, int]]] = {}
    for argument, item in zip(function.arguments, group.held.items, strict=True):
        given, shape = within.item(item), function.shapes.get(argument, ())
        opened = open_in(given, within)
        if len(opened) != len(shape):
            if scope.roles is None:
                return given
            axes = wording.axes(len(shape))
            what = f"{name} was defined with {argument} of {axes}: declare the shape of what stands"
            raise scope.error(group, f"{what} here", ShapeError)
        found |= {} if shape else {Read(argument): given}
        elements |= {argument: (given, opened)} if shape else {}
        for size, index in zip(shape, opened, strict=True):
            array, number, binder = within.whole.axes[index]
            if binder.low != Number(float(function.first[argument])):
                what = f"{array} and the {argument} of {name} count from different numbers"
                raise scope.error(group, what)
            length = scope.length(array, number)
            if isinstance(size, Read | Extent):
                along.setdefault(size, []).append((array, number))
                found[size] = length
            elif length != size:
                raise scope.error(group, f"{argument} has the size {size_text(size)}", ShapeError)
        over_all(given, within)
    scope.found.along += [(name, tuple(axes)) for axes in along.values() if len(axes) > 1]
    return _with(value, found, scope, elements)


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


def _with(
    node: Node,
    values: Mapping[Node, Node],
    scope: Scope,
    elements: Mapping[str, tuple[Node, list[str]]] = MappingProxyType({}),
) -> Node:
    """A value with others in place of its arguments, its sums over indices of their own.

    elements : what stands for an array, and the indices that it leaves out
    """
    if node in values:
        return values[node]
    if isinstance(node, Reduce):
        node = numbered(node, next(scope.found.fresh))
    node = node.rebuilt(lambda child: _with(child, values, scope, elements))
    if isinstance(node, Read) and node.name in elements:
        array, opened = elements[node.name]
        return substitute(array, dict(zip(opened, node.index, strict=True)))
    return node
