"""Sums, products, maxima and minima: what they run over is read in bounds.py, what of here.

A sum or a maximum reaches to the next + or -, or to the next one over the same index. Of a product
it must be plain how far it reaches, for there it makes a difference.
"""

from collections.abc import Sequence

from lark import Token

from cnnmath.errors import IndexReuseError, UndeclaredShapeError
from cnnmath.formula.bounds import new_indices, read_bounds
from cnnmath.formula.nodes import Call, Index, Node, Read, Reduce
from cnnmath.formula.reductions import reduction
from cnnmath.formula.references import powered, scripted
from cnnmath.formula.scope import Scope
from cnnmath.formula.syntax import GROUPS, Factor, Row, factors_in


def read_sum(row: Row, scope: Scope) -> tuple[Node, Row]:
    """A sum, product, maximum or minimum with what it is taken of, and the rest of the row."""
    sign, rest = row[0], row[1:]
    assert isinstance(sign, Factor)
    operation = _operation(sign.sign)
    held = dict(sign.bodies)
    if len(held) < len(sign.scripts):
        raise scope.error(sign, "expected the bounds of an index")
    if "sub" not in held:
        return _extremum(operation, sign, rest, scope)
    if not rest or (isinstance(rest[0], Token) and rest[0].type != "SIGN"):
        raise scope.error(sign, f"expected what {sign.sign} is taken of")
    names = new_indices(held["sub"], rest, scope)
    taken = [name for name in names if scope.is_index(name)]
    if taken:
        raise scope.error(
            sign,
            f"the index {taken[0]} already has a meaning here: rename one of the two",
            IndexReuseError,
        )
    inner = scope.within(*names)
    inside, outside = _reach(rest, names, inner)
    if not inside:
        raise scope.error(sign, f"the index {names[0]} is bound twice in a row", IndexReuseError)
    limits = read_bounds(held["sub"], held.get("sup"), sign, inner, names)
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
            values = Call(operation, tuple(map(scope.item, items)))
            return powered(values, inner, scope), rest[1:]
        whole = inner.held.lone or inner
    symbol = whole.symbol
    if symbol is None or symbol.scripts:
        what = f"expected several values or an index: \\{operation}_i or ( , )"
        raise scope.error(sign, what)
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


def _over_all(operation: str, name: str, rank: int, part: Factor, scope: Scope) -> Node:
    fresh = scope.found.fresh
    binders = tuple(scope.along(name, axis, f"all_{next(fresh)}") for axis in range(rank))
    scope.note_rank(name, rank, part)
    body = Read(name, tuple(Index(binder.name) for binder in binders))
    return Reduce(operation, binders, None, body)


def _operation(text: str) -> str:
    for mark, operation in (("∑", "sum"), ("∏", "prod"), ("sum", "sum"), ("prod", "prod")):
        if mark in text:
            return operation
    kind = "max" if "max" in text else "min"
    return f"arg{kind}" if "arg" in text else kind
