r"""Softmax over an index, means over an index or a set, expected values as means of what is given:
`\mathrm{softmax}_j(e_{ij})`, `\mathrm{mean}_{j \in N(i)} x_j`, `\mathbb{E}[x]`, `\mathrm{Var}[x]`.
"""

from dataclasses import replace

from lark import Token

from cnnmath.core.nodes import (
    ONE,
    Call,
    Divide,
    Index,
    Node,
    Number,
    Power,
    Reduce,
    add,
    negative,
    substitute,
)
from cnnmath.errors import FormulaSyntaxError, ShapeError
from cnnmath.language.limits import Limits
from cnnmath.language.references import powered
from cnnmath.language.scope import Scope, Whole
from cnnmath.language.sums import read_sum, reduction
from cnnmath.language.symbols import is_expectation, plain_letters
from cnnmath.language.syntax import GROUPS, Factor, List, Row, Script, list_of, product_of
from cnnmath.language.whole import SOFTMAX, open_in, opened, over_all

_TWO = Number(2.0)


def average(row: Row, scope: Scope) -> tuple[Node, Row] | None:
    """The value of one of these, and the rest of the row; None for anything else."""
    word, rest = row[0], row[1:]
    assert isinstance(word, Factor)
    symbol, group = word.symbol, rest[0] if rest else None
    if symbol is None or scope.is_known(symbol.name) or not isinstance(group, Factor):
        return None
    below = symbol.subs[0] if len(symbol.attached) == len(symbol.subs) == 1 else None
    if symbol.name in ("mean", "Mean") and below is not None:
        node, rest = read_sum([sign_over(word, below), *rest], scope)
        return _shared(node, word, scope), rest
    if symbol.style == r"\mathbb" and below is not None and group.kind not in GROUPS:
        group, rest = _bracketed(rest), rest[:1]  # \mathbb{E}_z \log D(z)
    if group.kind not in GROUPS or group.held.only is None:
        return None
    if symbol.name == SOFTMAX and (below or (scope.whole and not symbol.attached)):
        return powered(_softmax(below, group, scope), group, scope), rest[1:]
    if not is_expectation(word) or len(symbol.attached) > bool(below):
        return None
    if symbol.name == "E" and symbol.style != r"\mathbb" and group.kind != "brackets":
        return None  # \mathrm{E}(x) may be an energy
    if below is not None and _is_index(below, scope):
        if symbol.name == "Var":
            raise scope.error(word, "the variance over an index: write it as a sum")
        node, outside = read_sum([sign_over(word, below), group], scope)
        return _shared(node, word, scope), [*outside, *rest[1:]]
    mean = _mean(group, below, scope)
    found = mean if symbol.name == "E" else _mean(group, below, scope, mean)
    return powered(found, group, scope), rest[1:]


def _bracketed(row: Row) -> Factor:
    """Some factors, in brackets."""
    held = list_of([product_of(row)])
    return Factor(
        held.tokens, held.start, held.end, (), "parens", "", (held,), (held.start, held.end)
    )


def sign_over(word: Factor, below: List, command: str = r"\sum") -> Factor:
    r"""A \sum, or another sign, in the place of a word, with what stands below it."""
    sign = Token("BIG", command, start_pos=word.start, end_pos=word.start)
    scripts = (Script("sub", (), below, word.start, word.end),)
    return Factor((sign,), word.start, word.end, scripts, "BIG", sign, (), word.span)


def _shared(node: Node, word: Factor, scope: Scope) -> Node:
    """A sum as a share of how many terms it has."""
    if not isinstance(node, Reduce) or isinstance(node.body, Reduce):
        raise scope.error(word, "a mean over one index: write it as a sum")
    return Divide(node, Reduce("sum", node.binders, None, node.where or ONE))


def _softmax(below: List | None, group: Factor, scope: Scope) -> Node:
    r"""`\mathrm{softmax}_j(e_{ij})`: e to it, as a share of the sum of these over j.

    Without an index below, it is of a whole array, or over the only index that it can be.
    Raises FormulaSyntaxError if j is no index here, or that cannot be told
    """
    value = scope.value(group.held)
    if scope.whole is not None:
        scope.whole.needed = True
    if below is None and open_in(value, scope):
        return _of_whole(value, scope)
    shown = sorted(name for name in value.free if scope.is_index(name))
    names = plain_letters(below) or [] if below else shown
    if below is None and len(shown) > 1:
        names = [name for name in shown if name in scope.summed]
    if len(names) != 1 or not scope.is_index(names[0]):
        what = "softmax over what? expected an index of the left side below it"
        if len(shown) > 1:
            ways = ", or ".join(rf"\mathrm{{softmax}}_{name}( .. )" for name in shown)
            what = f"softmax over which index? write {ways}"
        elif not shown:
            what = "softmax of what? declare the shape of the vector"
        raise scope.error(below or group, what, FormulaSyntaxError if shown else ShapeError)
    (name,) = names
    other = f"{name}~{next(scope.found.fresh)}"
    limits = Limits([other])
    limits.introduce([other])
    each = Call("exp", (substitute(value, {name: Index(other)}),))
    whole = reduction("sum", limits, each, group, scope.within(other))
    return Divide(Call("exp", (value,)), whole)


def _of_whole(node: Node, scope: Scope) -> Node:
    """`softmax(z)`, of a matrix row by row: e to each element, as a share of the sum of its row."""
    whole = scope.whole
    assert whole is not None
    *_, along = open_in(node, scope)
    axis = whole.axes[along]
    index = f"all_{next(scope.found.fresh)}_0"
    other = opened(axis.array, axis.number, index, whole, scope)
    binder = whole.axes[other.name].binder
    whole.summed.add(other.name)
    below = Reduce("sum", (binder,), None, Call("exp", (substitute(node, {along: other}),)))
    return Divide(Call("exp", (node,)), below)


def _is_index(below: List, scope: Scope) -> bool:
    r"""Whether the i of `\mathbb{E}_i[x_i]` is an index, as x in `\mathbb{E}_{x \sim p}` is not."""
    letters = plain_letters(below) or []
    return bool(letters) and not any(map(scope.is_known, letters))


def _mean(group: Factor, below: List | None, scope: Scope, around: Node | None = None) -> Node:
    r"""The mean over the axis of what is in the brackets; of its squared distance from a number.

    Raises ShapeError if that is not one axis, FormulaSyntaxError if p in `x \sim p` is declared
    """
    drawn = [item for item in below.parts if item.relations == ("~",)] if below else []
    laws = [symbol for item in drawn for symbol in item.sides[1].symbols[:1]]
    known = [symbol for symbol in laws if scope.is_known(symbol.name)]
    if known:
        what = f"of which {known[0].name} are the probabilities? write the mean as a sum"
        raise scope.error(known[0], what)
    inner = replace(scope, whole=scope.whole or Whole())
    body = inner.value(group.held)
    own = open_in(body, inner)
    if len(own) != 1:
        if scope.roles is None:
            return body
        what = "the mean over which axis? declare the shape of one, or write a sum"
        raise scope.error(group, what, ShapeError)
    if scope.whole is not None:
        scope.whole.needed = True
    if around is not None:
        body = Power(add(body, negative(around)), _TWO)
    total = Reduce("sum", over_all(body, inner), None, body)
    assert inner.whole is not None
    axis = inner.whole.axes[own[0]]
    return Divide(total, scope.length(axis.array, axis.number))
