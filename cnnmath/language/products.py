"""Products: factors from left to right, and what a `/` divides by if that can be but one thing."""

from collections.abc import Iterator, Sequence

from lark import Token

from cnnmath.core.nodes import (
    Apply,
    Binder,
    Call,
    Divide,
    Node,
    Read,
    bare_names,
    negative,
    product,
)
from cnnmath.language.bounds import new_indices
from cnnmath.language.concatenation import is_joined, of_joined
from cnnmath.language.scope import Scope
from cnnmath.language.syntax import DIVISIONS, JOINING, REMAINDERS, Factor, Part, Row, factors_in
from cnnmath.language.whole import (
    DOTS,
    ELEMENTWISE,
    OUTER,
    alike,
    open_in,
    refused,
    size_of,
    times,
)

STARS = {"*", "∗", r"\ast"}
_CORRELATIONS = {r"\star", r"\circledast"}


def read_product(row: Row, scope: Scope) -> Node:
    """Factors from left to right; a sum takes all that follows it."""
    found: list[Node] = []
    bare: frozenset[str] = frozenset()  # names without indices among the factors so far
    operation = before = ""
    minus = False
    while row:
        item = row[0]
        if isinstance(item, Token):
            if item.type == "MULOP":
                operation = item
            else:
                minus = item != "+"
            row = row[1:]
            continue
        _refuse_two_numbers(row, scope)
        if operation in DIVISIONS and item.kind == "BIG":
            _refuse_more_summed(item, row[1:], scope)
        if operation in ("", *DOTS) and is_joined(item, found, scope):
            found, row = [of_joined(product(*found), item, scope)], row[1:]
            operation = ""
            continue
        if operation in STARS and "fraction" in (item.kind, before):
            operation = r"\odot"  # nobody convolves a fraction
        before = item.kind
        node, rest = scope.first(row, scope)
        if operation in _CORRELATIONS:
            what = f"what does {operation} do here? write a convolution as a sum"
            raise scope.error(item, what)
        if operation in JOINING:
            what = (
                f"{operation} joins sets: their members are counted by | .. {operation} .. |, or "
            )
            raise scope.error(item, f"{what}a sum runs over them, i \\in .. {operation} ..")
        if operation in STARS and scope.is_step and _are_of_one_shape([*found, node], scope):
            operation = r"\odot"  # a gate and a state
        names = frozenset(_bare_names(node, scope))
        if operation in DIVISIONS:
            _refuse_bracket_below(item, node, scope)
            node, rest = _below(item, node, rest, scope)
        elif operation not in ELEMENTWISE and bare and names and _may_be_whole(bare | names, scope):
            scope.found.products.append((item.start, bare, names))  # two arrays may not be
        if operation in DOTS and scope.whole is None:
            _note_dot(product(*found), node, item, scope)
        bare |= names
        node = negative(node) if minus else node
        of_whole = times(product(*found), operation, node, item, scope)
        if operation in OUTER and of_whole is None:
            what = f"{operation} of what? Declare the shapes of two vectors for their outer product"
            raise scope.error(item, f"{what}, or write \\odot for a product element by element")
        if operation == "@" and of_whole is None:
            what = "@ multiplies matrices: declare the shapes of both, or write \\cdot"
            raise scope.error(item, what)
        if of_whole is not None:
            found = [of_whole]
        elif operation in DIVISIONS:
            found = [Divide(*alike([product(*found), node], item, scope))]
        elif operation in REMAINDERS:
            found = [Call("mod", (product(*found), node))]
        else:
            found.append(node)
        operation, minus, row = "", False, rest
    return product(*found)


def _bare_names(node: Node, scope: Scope) -> Iterator[str]:
    r"""The names without indices in a factor; of `\sigma(z)`, which goes element by element, z."""
    for name in bare_names(node):
        function = scope.declared.defined.get(name)
        yield from function.arguments if function else (name,)


def _are_of_one_shape(nodes: Sequence[Node], scope: Scope) -> bool:
    """Whether all arrays in some factors were declared with the same axes."""
    reads = [read for node in nodes for read in node.walk() if isinstance(read, Read)]
    return len({scope.declared.shapes.get(read.name, ()) for read in reads} - {()}) == 1


def _note_dot(left: Node, right: Node, item: Factor, scope: Scope) -> None:
    r"""Note `x \cdot \log y`, of arrays that differ, which may be the inner product of vectors."""
    ours, theirs = (
        frozenset(read.name for read in node.walk() if isinstance(read, Read) and not read.index)
        for node in (left, right)
    )
    arrays = {name for name, shape in scope.declared.shapes.items() if shape}
    if ours & arrays != theirs & arrays:
        scope.found.products.append((item.start, ours, theirs))


def refuse_dots(terms: Sequence[Node], part: Part, scope: Scope) -> None:
    r"""Refuse `\max(x, 0) - x \cdot z` of vectors: a sum, or by element as what is beside it?

    Raises ShapeError
    """
    whole, model = scope.whole, max((open_in(term, scope) for term in terms), key=len)
    if whole is None or len(model) != 1:
        return
    numbers = (node for term in terms if not open_in(term, scope) for node in term.walk())
    for binder in (node for node in numbers if isinstance(node, Binder)):
        shown = whole.dotted.get(binder.name)
        if shown and size_of(binder.name, scope) == size_of(model[0], scope):
            left, right = shown
            what = (
                f"is {left} \\cdot {right} taken element by element, as what is beside it, "
                f"{left} \\odot {right}, or the sum of these, {left}^\\top {right}? write which"
            )
            raise refused(part, what, scope)


def _may_be_whole(names: frozenset[str], scope: Scope) -> bool:
    """Whether arrays without indices may be multiplied as a whole: in f(x) = xW + b of two shapes,
    but not in f(x) = x g(x), where x stands for a number."""
    shapes = {scope.declared.shapes.get(name, ()) for name in names}
    return not scope.lists_values or len(shapes - {()}) > 1


def _refuse_two_numbers(row: Row, scope: Scope) -> None:
    """`1\\,000` is not 1 times 0, nor `x1` x times 1."""
    match row[:2]:
        case [Factor() as first, Factor(kind="NUMBER") as second] if not first.scripts:
            if first.kind == "NUMBER":
                what = "two numbers side by side: join them or write \\cdot"
                raise scope.error(second, what)
            if first.symbol and not first.symbol.scripts and first.end == second.start:
                shown = first.text + second.text
                what = f"is {shown} one name? declare it, or write an index or \\cdot"
                raise scope.error(first, what)


def _refuse_bracket_below(item: Factor, node: Node, scope: Scope) -> None:
    """`1/n(a + b)` can be read in two ways, unless n is declared as a function."""
    if isinstance(node, Apply) and node.name not in scope.declared.functions:
        raise scope.error(
            item,
            f"does this / divide by {node.name} or by {node.name}( .. )? write "
            f"\\frac{{..}}{{..}}; if {node.name} is a function, declare it, "
            f"{node.name}=function",
        )


def _below(item: Factor, node: Node, rest: Row, scope: Scope) -> tuple[Node, Row]:
    """What a / divides by, and the rest: `1/2 x` can be read in two ways.

    Before a sum or a function, as in `1/n \\sum`, it ends. `1/2\\pi` has one reading, and so has
    `e^{-x^2/2\\sigma^2}`, in an exponent.
    """
    while rest and isinstance(rest[0], Factor) and rest[0].kind not in ("BIG", "FUNCTION"):
        is_plain = item.kind == "NUMBER" and rest[0].symbol is not None
        if is_plain and (scope.in_exponent or rest[0].name == "pi"):
            more, rest = scope.first(rest, scope)
            node = product(node, more)
            continue
        raise scope.error(item, "what does this / divide by? write \\frac{..}{..} or brackets")
    return node, rest


def _refuse_more_summed(item: Factor, row: Row, scope: Scope) -> None:
    """`a / \\sum_j w_j b`: is b a factor below the line, or of the whole?"""
    factors = factors_in(row)
    sums = [item, *(factor for factor in factors if factor.kind == "BIG")]
    taken = [factor for factor in factors if factor.kind != "BIG"]
    names = {n for one in sums for lower in one.subs for n in new_indices(lower, row, scope)}
    letters = {symbol.name for last in taken[-1:] for symbol in last.symbols}
    if names and len(taken) > 1 and not letters & names:
        raise scope.error(item, "what does this / divide by? write \\frac{..}{..} or brackets")
