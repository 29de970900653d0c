r"""Whole vectors and matrices, as in `y = Wx + b`, `QK^\top` and `q_i \cdot k_j`.

An array whose shape is declared may leave its last indices out. Each of them is given a letter of
its own here, an open index; what is done to the arrays then says which are one. A sum takes
both sides at the same place, a product of a matrix and a vector sums over the two indices that
meet, and what is open in the end are indices of the result. So from here on the formula is
one like any other, with every index in its place.

Vectors are columns where a matrix says so, and rows where they are transposed or stand before a
matrix. Where authors would mean different things, it is an error that writes out both.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import count

from lark import Token

from cnnmath.core import wording
from cnnmath.core.nodes import (
    Binder,
    Divide,
    Index,
    Multiply,
    Node,
    Read,
    Reduce,
    add,
    negative,
    product,
    substitute,
)
from cnnmath.core.shapes import size_text
from cnnmath.errors import CnnMathError, ShapeError
from cnnmath.language.matrices import with_identity
from cnnmath.language.scope import Axis, Scope, Whole
from cnnmath.language.syntax import Part, Script

DOTS = {r"\cdot", "·", "⋅", "@"}
OUTER = {r"\otimes", "⊗"}
ELEMENTWISE = {r"\odot", r"\circ", "⊙", "∘"}
SOFTMAX = "softmax"
_LETTERS = "ijkpqrstuvabcdefghlmno"


# ---- what is open -------------------------------------------------------------------------------


def open_in(node: Node, scope: Scope) -> list[str]:
    """The open indices of a value, rows before columns."""
    whole = scope.whole
    if whole is None:
        return []
    return sorted(node.free & whole.axes.keys(), key=lambda name: whole.order[name])


def left_out(name: str, shown: int, scope: Scope) -> list[Node]:
    """Indices for the axes of an array beyond the `shown` ones; none where it may leave none out.

    An array may show one index or two, as the vectors x_1, x_2, .. do.
    """
    whole = scope.whole
    if whole is None or shown > 2:
        return []
    group = next(scope.found.fresh)
    axes = range(shown, scope.rank(name) or 0)
    return [opened(name, axis, f"all_{group}_{axis - shown}", whole, scope) for axis in axes]


def opened(name: str, axis: int, index: str, whole: Whole, scope: Scope) -> Index:
    """An index along an axis of an array, open from here on."""
    whole.axes[index] = Axis(name, axis, scope.along(name, axis, index))
    whole.order[index], whole.rows[index] = axis, None
    whole.summed.discard(index)  # of a first reading
    return Index(index)


# ---- what is done to whole arrays ---------------------------------------------------------------


def alike(nodes: Sequence[Node], part: Part | Token, scope: Scope) -> list[Node]:
    """Values that are taken element by element, with the same open indices.

    A number goes with each element. Raises ShapeError if they do not fit.
    """
    whole, model = scope.whole, max((open_in(n, scope) for n in nodes), key=len)
    if whole is None or not model:
        return [*nodes]
    found: list[Node] = []
    for node in nodes:
        own = open_in(node, scope)
        if not own and len(model) == 2:
            node = with_identity(node, model, scope)
        repeated = _repeated(own, model, scope)
        if repeated is not None:
            whole.needed = True
            found.append(substitute(node, repeated))
            continue
        if own and len(own) != len(model):
            what = (
                f"{_shown(model, scope)} and {_shown(own, scope)} have different numbers of axes "
                "here and are taken element by element: write their indices"
            )
            raise refused(part, what, scope)
        for one, other in zip(model, own, strict=False):
            match(one, other, scope)
            rows = {whole.rows.get(one), whole.rows.get(other)} - {None}
            if len(rows) > 1:
                what = (
                    f"of {_shown(model, scope)} and {_shown(own, scope)} one is a row and one a "
                    "column here: transpose one of them"
                )
                raise refused(part, what, scope)
            whole.rows[one] = rows.pop() if rows else None
        found.append(substitute(node, {b: Index(a) for a, b in zip(model, own, strict=False)}))
    return found


def _repeated(own: Sequence[str], model: Sequence[str], scope: Scope) -> dict[str, Node] | None:
    """What a vector reads that goes with each row, or each column, of a matrix: the b of xA + b.

    The names of the sizes must say along which axis it lies; axes of the size 1 are repeated.
    """
    assert scope.whole is not None
    sizes = [size_of(name, scope) for name in own]
    others = [size_of(name, scope) for name in model]
    lying = [name for name, size in zip(own, sizes, strict=True) if size != "1"]
    if not own or "" in (*sizes, *others) or len(lying) == len(model):
        return None
    found: dict[str, Node] = {name: scope.whole.axes[name].binder.low for name in own}
    for name in lying:
        places = [place for place, size in enumerate(others) if size == size_of(name, scope)]
        if len(places) != 1:
            return None
        match(model[places[0]], name, scope)
        found[name] = Index(model[places[0]])
    return found


def size_of(name: str, scope: Scope) -> str:
    """The size of the axis along which an open index runs, where it was declared."""
    assert scope.whole is not None
    axis = scope.whole.axes[name]
    shape = scope.declared.shapes.get(axis.array)
    return size_text(shape[axis.number]) if shape else ""


def turn(node: Node, part: Part, scope: Scope) -> Node:
    """The transpose of a matrix, or a vector as a row."""
    whole, own = scope.whole, open_in(node, scope)
    if whole is None or not 1 <= len(own) <= 2:
        raise refused(part, f"a transpose of {len(own)} axes: write the indices", scope)
    whole.needed = True
    if len(own) == 2:
        _order(own[1], own[0], scope)
    else:
        whole.rows[own[0]] = not whole.rows.get(own[0])
    return node


def times(left: Node, sign: str, right: Node, part: Part, scope: Scope) -> Node | None:
    """The product of two whole arrays; None if one of them is a number."""
    whole, ours, theirs = scope.whole, open_in(left, scope), open_in(right, scope)
    if whole is None or not ours or not theirs:
        if len(ours) > 1 and sign not in ELEMENTWISE:
            _refuse_element(ours[-1], right, part, scope)
        return None
    if sign in ELEMENTWISE:
        whole.shown = True
        return product(*alike([left, right], part, scope))
    a, b = _shown(ours, scope), _shown(theirs, scope)
    if sign in OUTER:
        return _circled(left, right, part, scope)
    if sign and sign not in DOTS:
        what = f"what does {sign} do to {a} and {b}? write \\odot for a product element by element"
        raise refused(part, f"{what}, no sign for one of matrices", scope)
    if max(len(ours), len(theirs)) > 2:
        raise refused(part, f"a product of {a} and {b}, of three axes: write indices", scope)
    whole.needed = True
    if len(ours) == len(theirs) == 1:
        return _of_vectors(left, sign, right, part, scope)
    if len(ours) == 1 and whole.rows.get(ours[0]) is False:
        what = f"{a} is a column and cannot stand before the matrix {b}: write {a}^\\top"
        raise refused(part, f"{what}, or exchange the two", scope)
    if len(theirs) == 1 and whole.rows.get(theirs[0]):
        what = f"{b} is a row and cannot stand behind the matrix {a}: leave its transpose out"
        raise refused(part, f"{what}, or exchange the two", scope)
    found = _contracted(left, ours[-1], right, theirs[0], part, scope)
    if len(ours) < 2 or len(theirs) < 2:
        (only,) = open_in(found, scope)
        whole.rows[only] = len(ours) < 2
    else:
        _order(ours[0], theirs[1], scope)
    return found


def _refuse_element(column: str, right: Node, part: Part, scope: Scope) -> None:
    """Refuse `W h_t` of a number h_t, where h has as many elements as W has columns.

    Raises ShapeError
    """
    shape = scope.declared.shapes.get(right.name, ()) if isinstance(right, Read) else ()
    if (
        len(shape) == 1
        and isinstance(right, Read)
        and size_of(column, scope) == size_text(shape[0])
    ):
        name = right.name
        what = f"{name} was declared as one vector, of which this is one number: for a vector at "
        what += f"each place declare two axes, {name}='. {size_text(shape[0])}', for a single one "
        raise refused(part, f"{what}declare it under its name here, as {name}_t", scope)


def _circled(left: Node, right: Node, part: Part, scope: Scope) -> Node:
    r"""`a \otimes b`: the outer product, or element by element where all sizes are the same.

    Raises ShapeError if it could be either and nobody says which
    """
    whole, ours, theirs = scope.whole, open_in(left, scope), open_in(right, scope)
    assert whole is not None
    sizes, others = ([size_of(name, scope) for name in own] for own in (ours, theirs))
    are_vectors = len(ours) == len(theirs) == 1
    whole.is_twofold |= sizes == others
    is_outer = whole.is_outer if sizes == others else True
    if are_vectors and is_outer:
        whole.needed = True
        _order(ours[0], theirs[0], scope)
        return product(left, right)
    if is_outer is False:
        whole.shown = True
        return product(*alike([left, right], part, scope))
    a, b = _shown(ours, scope), _shown(theirs, scope)
    outer = f", {a} {b}^\\top for each with each" if are_vectors else ""
    what = f"what does \\otimes do to {a} and {b}? write \\odot for a product element by element"
    raise refused(part, what + (outer or ", no sign for one of matrices"), scope)


def _of_vectors(left: Node, sign: str, right: Node, part: Part, scope: Scope) -> Node:
    whole = scope.whole
    assert whole is not None
    (ours,), (theirs,) = open_in(left, scope), open_in(right, scope)
    if whole.rows.get(theirs) and not whole.rows.get(ours):  # x y^T
        is_one_size = left != right and size_of(ours, scope) == size_of(theirs, scope)
        if is_one_size:
            whole.outer, whole.is_twofold = part, True
            if whole.is_outer is False:  # of rows
                return _contracted(left, ours, right, theirs, part, scope)
        _order(ours, theirs, scope)
        return product(left, right)
    are_bare = whole.axes[ours].number == whole.axes[theirs].number == 0  # no x_i \cdot x_j
    is_twofold = sign in DOTS and scope.lists_values and scope.roles is not None and are_bare
    is_twofold &= not (whole.normed or whole.rows.get(ours))
    if is_twofold:  # f(x, y) = x \cdot y
        whole.is_twofold = True
        if whole.is_outer:
            return product(*alike([left, right], part, scope))
    if (is_twofold and whole.is_outer is None) or (
        whole.rows.get(theirs) or not (whole.rows.get(ours) or sign in DOTS)
    ):
        a, b = _shown([ours], scope), _shown([theirs], scope)
        what = (
            f"is {a} {b} the product element by element, {a} \\odot {b}, or the sum of these, "
            f"{a}^\\top {b}? write which"
        )
        raise refused(part, what, scope)
    if sign and not whole.rows.get(ours):
        whole.dotted[ours] = _shown([ours], scope), _shown([theirs], scope)
    return _contracted(left, ours, right, theirs, part, scope)


def _contracted(left: Node, one: str, right: Node, other: str, part: Part, scope: Scope) -> Node:
    """The sum over two indices that are the same; as one sum, not as sums of sums."""
    whole = scope.whole
    assert whole is not None
    a, b = whole.axes[one], whole.axes[other]
    sizes = [size_of(name, scope) for name in (one, other)]
    if "" not in sizes and sizes[0] != sizes[1]:
        what = (
            f"in this product axis {a.number} of {a.array}, of the size {sizes[0]}, meets axis "
            f"{b.number} of {b.array}, of the size {sizes[1]}: transpose one, declare one size for "
            "both, or write the indices"
        )
        raise refused(part, what, scope)
    met: Node = Index(one)
    if a.binder.low == b.binder.low:
        match(one, other, scope)
    else:  # one array counts from 0 and one from 1
        met = add(met, negative(a.binder.low), b.binder.low)
    binders, factors = [a.binder], []
    for factor in (left, substitute(right, {other: met})):
        if isinstance(factor, Reduce) and {b.name for b in factor.binders} <= whole.summed:
            binders = [*factor.binders, *binders]
            factor = factor.body
        factors.append(factor)
    whole.summed.add(one)
    return Reduce("sum", tuple(binders), None, product(*factors))


def at(node: Node, index: Sequence[Node], part: Script, scope: Scope) -> Node:
    """The element of a value in brackets: `(Wx + b)_i`."""
    whole, own = scope.whole, open_in(node, scope)
    if whole is None or len(own) != len(index):
        what = f"{_shown(own, scope)} has {wording.axes(len(own))} here, and this is "
        raise refused(part, what + wording.indices(len(index)), scope)
    whole.needed = True
    return substitute(node, dict(zip(own, index, strict=True)))


def over_all(node: Node, scope: Scope) -> tuple[Binder, ...]:
    """What a norm runs over: every open index, which from there on is none."""
    whole, own = scope.whole, open_in(node, scope)
    if whole is None:
        return ()
    whole.summed.update(own)
    return tuple(whole.axes[name].binder for name in own)


def _order(row: str, column: str, scope: Scope) -> None:
    assert scope.whole is not None
    scope.whole.order[row], scope.whole.order[column] = 0, 1


def match(one: str, other: str, scope: Scope) -> None:
    """Two indices are one; whether their axes are of one length, a call will show."""
    assert scope.whole is not None
    axes = [scope.whole.axes[name] for name in (one, other)]
    if one != other:
        scope.found.along.append((one, tuple((axis.array, axis.number) for axis in axes)))


# ---- the whole formula --------------------------------------------------------------------------


def insist_on_products(nodes: Sequence[Node], part: Part, scope: Scope) -> None:
    """Only a product, a softmax, or what goes with each row may have different open indices.

    Raises ShapeError
    """
    for node in (one for root in nodes for one in root.walk()):
        if not isinstance(node, Multiply | Divide | Read | Reduce):
            parts = (child for child in node.children() if not isinstance(child, Index))
            found = {tuple(open_in(part, scope)) for part in parts} - {()}
            largest: tuple[str, ...] = max(found, key=len, default=())
            if any(not set(own) <= set(largest) for own in found):
                shown = " and ".join(sorted(_shown(own, scope) for own in found))
                what = f"{shown} are whole arrays of different axes here: write their indices"
                raise refused(part, what, scope)


def _count(own: Sequence[str]) -> int:
    return len(own)


def with_letters(nodes: Sequence[Node], taken: Collection[str], scope: Scope) -> dict[str, str]:
    """For each index that was left out a letter that an author would take, open ones first."""
    whole = scope.whole
    assert whole is not None
    own = [name for node in nodes for name in open_in(node, scope)]
    summed = [
        binder.name
        for node in nodes
        for one in node.walk()
        if isinstance(one, Reduce)
        for binder in one.binders
        if binder.name in whole.axes
    ]
    letters = (letter for letter in _spelt() if letter not in taken)
    return {name: next(letters) for name in dict.fromkeys([*own, *summed])}


def _spelt() -> Iterator[str]:
    yield from _LETTERS
    yield from (f"{letter}_{n}" for n in count(1) for letter in _LETTERS)


def renamed(node: Node, names: Mapping[str, str]) -> Node:
    """A copy with other letters for indices, those of sums included."""
    match node:
        case Index(name=name):
            return Index(names.get(name, name))
        case Binder(name=name, low=low, high=high):
            return Binder(names.get(name, name), renamed(low, names), renamed(high, names))
    return node.rebuilt(lambda child: renamed(child, names))


# ---- what is said of it -------------------------------------------------------------------------


def _shown(own: Sequence[str], scope: Scope) -> str:
    assert scope.whole is not None
    return " + ".join(dict.fromkeys(scope.whole.axes[name].array for name in own))


def refused(part: Part | Script | Token, what: str, scope: Scope) -> CnnMathError:
    assert scope.whole is not None
    scope.whole.refused = scope.error(part, what, ShapeError)
    return scope.whole.refused
