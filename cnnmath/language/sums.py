"""Sums, products, maxima and minima: what they run over is read in bounds.py, what of here.

A sum or a maximum reaches to the next + or -, or to the next one over the same index. Of a product
it must be plain how far it reaches, for there it makes a difference.
"""

from collections.abc import Sequence
from dataclasses import replace

from lark import Token

from cnnmath.core.nodes import (
    Binder,
    Call,
    Index,
    Node,
    Number,
    Read,
    Reduce,
    axes_indexed_by,
    conjunction,
    indices_in,
    mentions,
)
from cnnmath.errors import IndexReuseError, UndeclaredShapeError
from cnnmath.language import doubts
from cnnmath.language.bounds import new_indices, read_bounds
from cnnmath.language.limits import Limits
from cnnmath.language.references import powered, scripted
from cnnmath.language.roles import Usage
from cnnmath.language.scope import Scope, Whole
from cnnmath.language.syntax import GROUPS, Factor, Row, factors_in, product_of
from cnnmath.language.whole import alike, open_in, over_all


def read_sum(row: Row, scope: Scope) -> tuple[Node, Row]:
    """A sum, product, maximum or minimum with what it is taken of, and the rest of the row."""
    sign, rest = row[0], row[1:]
    assert isinstance(sign, Factor)
    operation = _operation(sign.sign)
    held = dict(sign.bodies)
    if len(held) < len(sign.attached):
        raise scope.error(sign, "expected the bounds of an index")
    if not held and operation in ("sum", "prod"):
        return _of_all(operation, sign, rest, scope)
    if "sub" not in held:
        return _extremum(operation, sign, rest, scope)
    if not rest or (isinstance(rest[0], Token) and rest[0].type != "SIGN"):
        raise scope.error(sign, f"expected what {sign.sign} is taken of")
    names = new_indices(held["sub"], rest, scope)
    if names and held["sub"].lone and "sup" not in held and _stands_bare(names[0], rest, scope):
        return _of_each(operation, names[0], rest, sign, scope)
    below = names or [letter for part in held["sub"].parts for letter in part.letters]
    taken = [name for name in below if scope.is_index(name)]
    if taken:
        raise scope.error(
            sign,
            f"the index {taken[0]} already has a meaning here: rename one of the two",
            IndexReuseError,
        )
    inner = scope.within(*names)
    limits = read_bounds(held["sub"], held.get("sup"), sign, inner, names)
    if not names:
        raise scope.error(sign, f"expected the index to run over, as in {sign.sign}_{{i}}")
    inside, outside = _reach(rest, names, inner)
    if not inside:
        raise scope.error(sign, f"the index {names[0]} is bound twice in a row", IndexReuseError)
    if operation == "prod":
        _insist_on_reach(inside, names, scope)
    return reduction(operation, limits, inner.product(inside), sign, inner), outside


def _stands_bare(name: str, row: Row, scope: Scope) -> bool:
    """Whether an array stands in some factors, and nowhere with an index or as one."""
    if not row or not scope.declared.shapes.get(name):
        return False
    used = Usage([product_of(row)], scope.declared.functions)
    return name in used.values - used.arrays - used.indices


def _of_each(operation: str, name: str, row: Row, sign: Factor, scope: Scope) -> tuple[Node, Row]:
    r"""`\sum_w w^2`, over all elements of an array, each of which is a number called w."""
    shape = scope.declared.shapes[name]
    single = replace(scope.declared, shapes={**scope.declared.shapes, name: ()})
    inside, outside = _reach(row, [name], scope)
    body = replace(scope, declared=single).product(inside)
    binders = tuple(
        scope.along(name, axis, f"all_{next(scope.found.fresh)}") for axis in range(len(shape))
    )
    scope.note_rank(name, len(shape), sign)
    element = Read(name, tuple(Index(binder.name) for binder in binders))
    return Reduce(operation, binders, None, _with_element(body, name, element)), outside


def _with_element(node: Node, name: str, element: Node) -> Node:
    if node == Read(name):
        return element
    return node.rebuilt(lambda child: _with_element(child, name, element))


def _of_all(operation: str, sign: Factor, rest: Row, scope: Scope) -> tuple[Node, Row]:
    """`\\sum x_i y_i`, over the one index that has no other meaning."""
    sums = (n for n, item in enumerate(rest) if isinstance(item, Factor) and item.kind == "BIG")
    end = next(sums, len(rest))
    if 0 < end < len(rest) and isinstance(rest[end - 1], Token):
        end -= 1
    inside, outside = rest[:end], rest[end:]
    names = _unmeant(inside, scope)
    if len(names) != 1:
        raise scope.error(sign, "expected the index to run over, as in \\sum_{i}")
    inner = scope.within(*names)
    limits = Limits(names)
    limits.introduce(names)
    if operation == "prod":
        _insist_on_reach(inside, names, scope)
    return reduction(operation, limits, inner.product(inside), sign, inner), outside


def _reach(row: Row, names: Sequence[str], scope: Scope) -> tuple[Row, Row]:
    """What a sum is taken of, and the rest, which begins with a sum over the same index."""
    for place, item in enumerate(row):
        lower = item.subs[-1:] if isinstance(item, Factor) and item.kind == "BIG" else []
        # In `t \ne s` further inside, s is no new index.
        if any(set(names) & set(new_indices(held, [], scope)) for held in lower):
            end = place - 1 if place and isinstance(row[place - 1], Token) else place
            return row[:end], row[end:]
    return row, []


def _insist_on_reach(row: Row, names: Sequence[str], scope: Scope) -> None:
    """Refuse `\\prod_i s_i x`: it cannot be seen whether x is a factor of every term."""
    for item in reversed(factors_in(row)[1:]):
        letters = {symbol.name for symbol in item.symbols}
        if item.kind == "BIG" or letters & set(names):
            return
        if item.kind != "FUNCTION":
            raise scope.error(item, "does \\prod reach this far? write brackets")


def _extremum(operation: str, sign: Factor, rest: Row, scope: Scope) -> tuple[Node, Row]:
    """`\\max(0, x)`: the largest of some values; `\\max a`: of a whole array."""
    inner = rest[0] if rest else None
    if operation not in ("max", "min") or not isinstance(inner, Factor):
        raise scope.error(sign, "expected the index to run over, as in \\sum_{i}")
    whole, is_bracket = inner, inner.kind in GROUPS
    if is_bracket:
        items = inner.held.items
        if len(items) > 1:
            values = Call(operation, tuple(alike([*map(scope.item, items)], inner, scope)))
            return powered(values, inner, scope), rest[1:]
        whole = inner.held.lone or inner
    symbol = whole.symbol
    if symbol is None or symbol.scripts:
        return powered(_of_elements(operation, sign, inner, scope), inner, scope), rest[1:]
    name, _, _ = scripted(symbol, scope)
    rank = scope.rank(name)
    if rank:
        node = _over_all(operation, name, rank, whole, scope)
    elif rank is None and scope.roles is None:
        node = Read(name)  # its rank is known when the formula is read again
    else:
        raise scope.error(
            whole,
            f"how many axes has {name}? declare its shape, or write \\{operation}_i",
            UndeclaredShapeError,
        )
    return (powered(node, inner, scope) if is_bracket else node), rest[1:]


def _of_elements(operation: str, sign: Factor, inner: Factor, scope: Scope) -> Node:
    r"""`\max(|y_i - p_i|)`, over the only index without another meaning; `\max |y - p|`."""
    names = _unmeant([inner], scope)
    if len(names) == 1:
        within = scope.within(*names)
        limits = Limits(names)
        limits.introduce(names)
        return reduction(
            operation, limits, within.product([replace(inner, attached=())]), sign, within
        )
    open_scope = replace(scope, whole=scope.whole or Whole())
    body = open_scope.product([replace(inner, attached=())])
    binders = over_all(body, open_scope)
    if scope.whole is not None:
        scope.whole.needed |= bool(binders)
    if names or not (binders or scope.roles is None):
        what = f"expected several values or an index: \\{operation}_i or ( , )"
        raise scope.error(sign, what)
    return Reduce(operation, binders, None, body) if binders else body


def _unmeant(row: Row, scope: Scope) -> list[str]:
    """The indices in some factors that have no meaning yet."""
    used = Usage([product_of(row)], scope.declared.functions).alone if row else set()
    return sorted(name for name in used if not scope.is_index(name) and not scope.is_known(name))


def _over_all(operation: str, name: str, rank: int, part: Factor, scope: Scope) -> Node:
    fresh = scope.found.fresh
    binders = tuple(scope.along(name, axis, f"all_{next(fresh)}") for axis in range(rank))
    scope.note_rank(name, rank, part)
    body = Read(name, tuple(Index(binder.name) for binder in binders))
    return Reduce(operation, binders, None, body)


def _operation(text: str) -> str:
    for mark, operation in (
        ("∑", "sum"),
        ("∏", "prod"),
        ("sum", "sum"),
        ("prod", "prod"),
        ("det", "det"),
    ):
        if mark in text:
            return operation
    kind = "max" if "max" in text else "min"
    return f"arg{kind}" if "arg" in text else kind


# ---- the node -----------------------------------------------------------------------------------


def reduction(operation: str, limits: Limits, body: Node, sign: Factor, scope: Scope) -> Node:
    """The sum, nested where the bounds of one index depend on another.

    Raises UndeclaredShapeError if an index has neither bounds nor an axis to run along.
    """
    if scope.whole is not None:  # a sum of vectors; an x_{ij} of three axes may lack an index
        opened = [scope.whole.axes[name] for name in open_in(body, scope)]
        scope.whole.needed |= any(axis.number < 2 for axis in opened)
    where = conjunction(limits.conditions) if limits.conditions else None
    binders = [_binder(name, limits, body, sign, scope) for name in limits.order]
    layers = _layers(binders, sign, scope)
    if operation == "det" and (len(binders), len(layers), where) != (2, 1, None):
        raise scope.error(sign, "expected rows and columns, as in \\det_{i,j} A_{ij}")
    if operation.startswith("arg") and len(binders) > 1:
        _insist_on_window(operation, limits, sign, scope)
    if len(layers) > 1 and operation.startswith("arg"):
        raise scope.error(sign, "the bounds of one index of an \\arg\\max depend on another")
    node = body
    for place, layer in enumerate(reversed(layers)):
        node = Reduce(operation, tuple(layer), where if place == 0 else None, node)
    return node


def _insist_on_window(operation: str, limits: Limits, sign: Factor, scope: Scope) -> None:
    """`\\arg\\max_{0 \\le s,t < l}` numbers the cells of a window, row by row from 0.

    Raises FormulaSyntaxError where the places are no such numbers, `\\arg\\max_{i,j}`, or where a
    condition says which of them count.
    """
    if all(limits.low.get(name) == Number(0.0) for name in limits.order):
        if limits.conditions:
            what = f"\\{operation[3:]} numbers the places: all of the window, or those where the "
            raise scope.error(sign, what + "condition holds? write \\begin{cases} in what it is of")
        return
    command = f"\\{operation[3:]}"
    i, j = limits.order[:2]
    raise scope.error(
        sign,
        f"\\arg{command} over {' and '.join(limits.order)} is a place of {len(limits.order)} "
        f"numbers: write \\arg{command}_{i} {command}_{j} for {i}; or bounds from 0, as 0 \\le "
        f"{i},{j} < l, for the number of the place, counted row by row from 0",
    )


def _binder(name: str, limits: Limits, body: Node, sign: Factor, scope: Scope) -> Binder:
    low, high = limits.low.get(name), limits.high.get(name)
    if low is not None and high is not None:
        return Binder(name, low, high)
    if low is not None and name in limits.equalled and any(indices_in(low)):
        raise scope.error(
            sign,
            f"does {name} begin there, or take this one value? write its upper bound, or the "
            f"condition in brackets",
            UndeclaredShapeError,
        )
    axes = axes_indexed_by(name, [body, *limits.conditions])
    whole = scope.along(*axes[0], name) if axes else scope.found.inferred.get(name)
    doubts.settle(scope, name, limits, whole)
    low, high = limits.low.get(name), limits.high.get(name)
    if not axes and low is None and high is None and whole is not None:
        return whole
    # In 4 \ge j > i \ge 1 it does not matter where j begins.
    others = (end for other, end in limits.high.items() if other != name)
    is_last = any(mentions(end, [name]) for end in others)
    if not (axes or is_last) and name in limits.reached and scope.declared.first == 0:
        said = "is this from 0 on or from 1 on? write its lower bound too, as in 1 \\le "
        raise scope.error(sign, f"{said}{name} \\le ..")
    if not axes and high is not None:  # \sum_{s < l}: from the first index on
        return Binder(name, Number(float(scope.declared.first)), high)
    if not axes or whole is None:
        raise scope.error(
            sign,
            f"how far does {name} run? It indexes no array by itself: "
            f"write its bounds, as in \\sum_{{{name}=0}}^{{n-1}}",
            UndeclaredShapeError,
        )
    if low is None and high is None:
        scope.found.along.append((name, tuple(axes)))
        scope.found.inferred[name] = whole
    return Binder(name, low or whole.low, high or whole.high)


def _layers(binders: list[Binder], sign: Factor, scope: Scope) -> list[list[Binder]]:
    """Indices whose bounds need others come after those, each in a sum of its own."""
    names = {binder.name for binder in binders}
    needs = {
        b.name: {n.name for bound in (b.low, b.high) for n in indices_in(bound)} & names
        for b in binders
    }
    if not any(needs.values()):
        return [binders]
    layers: list[list[Binder]] = []
    placed: set[str] = set()
    while len(placed) < len(binders):
        ready = [b for b in binders if b.name not in placed and needs[b.name] <= placed]
        if not ready:
            stuck = next(b.name for b in binders if b.name not in placed)
            raise scope.error(
                sign, f"the bounds of {stuck} depend on {stuck} itself", IndexReuseError
            )
        layers.append([ready[0]])
        placed.add(ready[0].name)
    return layers
