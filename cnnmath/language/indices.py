"""The indices in a script: how many there are, and where one ends and the next begins.

`x_{ij}` has as many indices as x has axes: `12` is two indices of a matrix and one of a vector, and
`li+s` is one of a vector, if l is no index.
"""

from collections.abc import Callable, Iterable, Sequence

from lark import Token

from cnnmath.core import wording
from cnnmath.core.nodes import Call, Index, Node, Number, indices_in
from cnnmath.errors import ShapeError
from cnnmath.language.names import label
from cnnmath.language.scope import Scope
from cnnmath.language.syntax import (
    REMAINDERS,
    Factor,
    List,
    Part,
    Product,
    Sum,
    factors_in,
    place_of,
    product_of,
)

IndexReader = Callable[[Part, Scope], Node]


def indices(
    inner: Part, want: int | None, scope: Scope, read: IndexReader | None = None
) -> list[Node]:
    """The indices in a script.

    want : how many there are to be, where that is known
    read : what reads one of them
    """
    items = inner.parts
    if len(items) != want:
        items = [item for item in items if not _is_pure_label(item, scope)]
    if want is not None and len(items) == 1:
        digits = _digits(items[0], want)
        if digits is not None:
            return [Number(float(digit)) for digit in digits]
    found = []
    for piece in _cut(items, want, scope):
        letters = _side_by_side(piece, scope)
        if read is None and len(letters) > 1:
            raise scope.error(
                piece,
                f"{' '.join(letters)} would be {wording.indices(len(letters))}, but the array "
                f"has no axis for each; a product of indices is written {letters[0]} \\cdot ..",
                ShapeError,
            )
        found.append((read or index_value)(piece, scope))
    return found


def event_indices(group: Factor, name: str, shown: int, scope: Scope) -> list[Node]:
    r"""The i of `p(x_i \mid x_{<i})`, where p was declared with a number for each i, and x is none.

    shown : how many of its indices stand before the bracket
    """
    letters = dict.fromkeys(one.name for one in group.symbols if scope.is_index(one.name))
    others = [one.name for one in group.symbols if one.name not in letters]
    axes = len(scope.declared.shapes.get(name, ())) - shown
    is_event = 0 < axes == len(letters) < len(group.held.items)
    is_event &= not any(map(scope.is_known, others))
    return [Index(letter) for letter in letters] if is_event else []


def number_of(inner: Part, want: int | None, scope: Scope) -> int:
    """How many indices a script holds, if digits side by side are `want` of them."""
    found = 0
    for item in inner.parts:
        is_numerals = want is not None and _digits(item, want) is not None
        found += want if want is not None and is_numerals else len(_pieces(item, scope))
    return found


def looks_like_indices(group: List, scope: Scope) -> bool:
    """Whether `(i+m, j)` behind an unknown name holds indices, as `(x_i + 1)` does not."""
    factors = [factor for item in group.parts for row in _rows(item) for factor in row]
    bound = False
    for factor in factors:
        if scope.is_bound(factor.symbol):
            bound = True
        elif factor.symbol is None:
            if factor.kind != "NUMBER":
                return False
        elif factor.symbol.scripts:
            return False
    return bound or (len(group.parts) > 1 and bool(factors))


def _cut(items: Sequence[Part], want: int | None, scope: Scope) -> list[Part]:
    """The items, each cut into as many indices as there are to be in all."""
    loose = [_pieces(item, scope) for item in items]
    if want is not None:
        tight = [_pieces(item, scope, coefficients=False) for item in items]
        ways = [[[item] for item in items], loose, tight]
        groups = next((way for way in ways if sum(map(len, way)) == want), loose)
    elif len(items) == 1 and items[0].factors:
        groups = loose
    else:
        groups = [
            pieces if len(pieces) > 1 and _side_by_side(item, scope) else [item]
            for item, pieces in zip(items, loose, strict=True)
        ]
    return [piece for group in groups for piece in group]


def _digits(item: Part, want: int) -> str | None:
    """The digits of `x_{12}` where x has two axes."""
    lone = item.lone
    if want < 2 or lone is None or lone.kind != "NUMBER" or lone.attached:
        return None
    return lone.sign if len(lone.sign) == want and lone.sign.isdigit() else None


def _side_by_side(item: Part, scope: Scope) -> list[str]:
    """Indices in scope that stand side by side in an index, with no sign between them."""
    for row in _rows(item):
        found = [
            factor.text
            for place, factor in enumerate(row)
            if scope.is_bound(factor.symbol) or (place and factor.kind == "NUMBER")
        ]
        if len(found) > 1 or (found and found[0].isdigit()):
            return found
    return []


def _is_pure_label(item: Part, scope: Scope) -> bool:
    name = label(item.lone) if item.lone else ""
    return bool(name) and not scope.is_index(name)


def index_value(piece: Part, scope: Scope) -> Node:
    """One index; in an expression without a left side, a new letter becomes a free index."""
    circular = _circular(piece, scope)
    if circular is not None:
        return Call("mod", circular)
    lone = piece.lone
    if scope.is_open and lone is not None and lone.symbol is not None and not lone.attached:
        is_known = lone.name in scope.declared.names or scope.is_index(lone.name)
        scope.found.collected += [] if is_known else [lone.name]
    return scope.value(piece)


def _circular(piece: Part, scope: Scope) -> tuple[Node, Node] | None:
    """`((n-k))_N` and `\\langle n-k \\rangle_N`: an index, and after how many it begins anew.

    `i+1 \\bmod N` too: in an index it is of the whole sum that the remainder is taken.
    """
    lone = piece.lone
    if lone is not None and lone.kind in ("parens", "angles"):
        ((kind, length),) = (
            lone.bodies if len(lone.bodies) == len(lone.attached) == 1 else [("", None)]
        )
        if kind == "sub" and length is not None:
            return scope.value(lone.held), scope.value(length)
        inner = lone.held.lone
        if (
            not lone.attached
            and inner is not None
            and inner.kind == "parens"
            and not inner.attached
        ):
            what = (
                "does the index begin anew after N of them? write ((..))_N, or one pair of brackets"
            )
            raise scope.error(lone, what)
    terms = piece.sum.terms if piece.sum else ()
    row = terms[-1][1].row if len(terms) > 1 else ()
    if len(row) > 2 and isinstance(row[-2], Token) and row[-2] in REMAINDERS:
        last = (*terms[:-1], (terms[-1][0], product_of(row[:-2])))
        parts = [item for term in last for item in term if item is not None]
        if {*_names(row[-1])} & {name for item in parts[:-1] for name in _names(item)}:
            what = f"{row[-2]} of the whole index, or of its last term? write ( .. ) around that"
            raise scope.error(row[-2], what)
        return scope.value(Sum(*place_of(parts), last)), scope.product(row[-1:])
    return None


def _names(item: Part | Token) -> list[str]:
    return item.letters if isinstance(item, Part) else []


# ---- indices written side by side ---------------------------------------------------------------


def _pieces(item: Part, scope: Scope, coefficients: bool = True) -> list[Part]:
    """An index item cut where symbols stand side by side: `ij` into i and j, `i+sj+t` likewise.

    coefficients : a number stays with the letter behind it, `2i` is one index
    """
    if item.sum is None:
        return [*map(product_of, _grouped(item.factors, scope, coefficients))] or [item]
    found: list[list[tuple[Token | None, Product]]] = [[]]
    for sign, product in item.sum.terms:
        factors = factors_in(product.row)
        if len(factors) < len(product.row):
            found[-1].append((sign, product))
            continue
        first, *others = map(product_of, _grouped(factors, scope, coefficients))
        found[-1].append((sign, first))
        found += [[(None, other)] for other in others]
    items = ([item for term in terms for item in term if item] for terms in found)
    return [Sum(*place_of(row), tuple(terms)) for row, terms in zip(items, found, strict=True)]


def _grouped(factors: Sequence[Factor], scope: Scope, coefficients: bool) -> list[list[Factor]]:
    """Factors side by side; a number of two or more stays with the letter that it multiplies, and
    the (k) of `p(k)` with p."""
    groups: list[list[Factor]] = []
    for factor in factors:
        before = groups[-1] if groups else []
        multiplies = [(one.kind, one.sign in ("0", "1")) for one in before] == [("NUMBER", False)]
        attached = bool(before) and _is_argument(before[-1], factor, scope)
        if attached or (coefficients and multiplies):
            before.append(factor)
        else:
            groups.append([factor])
    return groups


def _is_argument(symbol: Factor, group: Factor, scope: Scope) -> bool:
    """Whether a bracket holds an index of the array before it, or a function's argument."""
    if group.kind not in ("parens", "brackets") or symbol.symbol is None:
        return False
    name = symbol.name
    is_array = bool(scope.rank(name)) or name in scope.declared.functions
    return is_array and not scope.is_index(name)


def _rows(item: Part) -> list[list[Factor]]:
    """The rows of factors, side by side with no sign between, that a sum is made of."""
    products = [product for _, product in item.sum.terms] if item.sum else [item.product]
    found: list[list[Factor]] = []
    for product in filter(None, products):
        for run in product.runs:
            group = product_of(run).group
            found += _rows(group) if group is not None else [run]
    return found


def multiplied(piece: Part) -> list[list[str]]:
    """The names in each product of several."""
    products = (part for part in piece.walk() if isinstance(part, Product))
    found = ([f.name for f in factors_in(product.row) if f.symbol] for product in products)
    return [names for names in found if len(names) > 1]


def free_letters(index: Iterable[Node]) -> list[str]:
    """The free indices, in order; a repeated letter by itself is kept, to be refused."""
    free: list[str] = []
    for node in index:
        if isinstance(node, Index):
            free.append(node.name)
        else:
            free += dict.fromkeys(n.name for n in indices_in(node) if n.name not in free)
    return free
