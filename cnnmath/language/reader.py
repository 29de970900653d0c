"""A whole formula, from LaTeX to a Statement: its left side, its other sides, its conditions.

The text is parsed (grammar.py), and each part gets its meaning in a scope (expressions.py):

- letters under a sum or on the left side are indices; other letters are sizes or numbers;
- a bracket that holds a comparison is Iverson's: 1 where it holds, else 0;
- `/` divides by what stands behind it up to the next sign, if that can be only one thing.
"""

from collections.abc import Sequence
from dataclasses import replace

from cnnmath.core.derivative import Derivative
from cnnmath.core.nodes import (
    Add,
    Call,
    Compare,
    Divide,
    Index,
    Multiply,
    Node,
    Read,
    axes_indexed_by,
)
from cnnmath.core.shapes import Shape, size_text
from cnnmath.core.statement import Declared, Head, Statement
from cnnmath.errors import CnnMathError, ShapeError
from cnnmath.language import doubts
from cnnmath.language.bounds import read_bounds
from cnnmath.language.centred import from_centre
from cnnmath.language.dots import with_elements, with_sums
from cnnmath.language.expressions import first, value
from cnnmath.language.grammar import parse
from cnnmath.language.left_hand_side import left_side
from cnnmath.language.recurrence import insist_on_one_array, insist_on_other_name
from cnnmath.language.scope import Found, Scope, Whole
from cnnmath.language.sets import named_sets
from cnnmath.language.steps import is_step, with_steps
from cnnmath.language.symbols import CONVOLUTIONS, convolution_name, is_real, without_types
from cnnmath.language.syntax import (
    Comparison,
    Equation,
    Factor,
    List,
    factors_in,
    list_of,
    place_of,
)
from cnnmath.language.whole import (
    SOFTMAX,
    alike,
    insist_on_products,
    open_in,
    renamed,
    with_letters,
)


def read(latex: str, declared: Declared) -> Statement:
    """The meaning of a LaTeX formula.

    Raises FormulaSyntaxError if it does not parse, IndexReuseError if an index is bound twice,
    ShapeError if an array is read with as many indices as it has no axes for, and
    UndeclaredShapeError if an index has neither bounds nor an axis to run along.
    """
    written = parse(latex, declared.names)
    equation = with_elements(with_sums(written, latex, declared.names), declared)
    equation = with_steps(equation, latex, declared)
    try:
        found = _read(equation, latex, declared, None)
    except CnnMathError as error:
        if not any(declared.shapes.values()):
            raise
        return _with_whole_arrays(equation, latex, declared, error)
    if _is_of_whole_arrays(found, declared):
        return _with_whole_arrays(equation, latex, declared, found)
    return found


def _read(equation: Equation, latex: str, declared: Declared, whole: Whole | None) -> Statement:
    """Read twice, if what a name is may only be seen behind the place where it is needed."""
    first_reading = Found()
    sets = named_sets(equation)
    scope = Scope(
        latex, declared, None, first_reading, value, first,
        sets=sets, whole=whole, is_step=is_step(equation),
    )  # fmt: skip
    statement = _statement(equation, scope)
    if whole is None and not first_reading.is_awaited:
        return statement
    return _statement(equation, replace(scope, shown=first_reading.roles, found=Found()))


def _is_of_whole_arrays(found: Statement, declared: Declared) -> bool:
    """Whether arrays that are declared, and stand without indices, are multiplied, or are the
    argument of a softmax."""
    arrays = {name for name, shape in declared.shapes.items() if shape}
    if any(left & arrays and right & arrays for _, left, right in found.products):
        return True
    if any(_is_square(declared.shapes.get(name, ())) for _, name, _ in found.matrices):
        return True
    mixed = (link for link in found.links if len(_bare_shapes(link, declared)) > 1)
    nodes = (node for link in mixed for node in link.walk())
    joined = (node for node in nodes if isinstance(node, Add | Multiply | Divide | Call | Read))
    if any(len(_bare_shapes(node, declared)) > 1 for node in joined):
        return True
    is_known = SOFTMAX in declared.names.union(declared.defined) or found.head is None
    return not is_known and any(symbol.name == SOFTMAX for symbol in found.symbols)


def _is_square(shape: Shape) -> bool:
    return len(shape) == 2 and shape[0] == shape[1]


def _bare_shapes(node: Node, declared: Declared) -> set[Shape]:
    """The shapes of the arrays without indices in it."""
    bare = (one.name for one in node.walk() if isinstance(one, Read) and not one.index)
    return {declared.shapes.get(name, ()) for name in bare} - {()}


def _with_whole_arrays(
    equation: Equation, latex: str, declared: Declared, otherwise: Statement | CnnMathError
) -> Statement:
    """The formula, in which arrays that are declared leave indices out.

    otherwise : what it is, or what was said of it, if none is left out
    """
    whole = Whole()
    try:
        found = _read(equation, latex, declared, whole)
    except CnnMathError as error:
        circled = _circled(equation, latex, declared) if whole.is_twofold else None
        if circled is not None:
            return circled
        # An array that was read with too few indices says nothing of what is wrong here.
        if isinstance(otherwise, CnnMathError) and error is not whole.refused:
            raise (error if isinstance(otherwise, ShapeError) else otherwise) from None
        raise
    is_declared = _is_declared(found.head, declared)
    if whole.is_twofold and not is_declared:
        found = _circled(equation, latex, declared) or found
    # The shape of a derivative may follow from others, and an index may be missing all the same.
    lacks = bool(found.head and Derivative.named(found.head.name)) and any(
        axis.number > 1 for axis in whole.axes.values()
    )
    if whole.needed or (is_declared and not lacks):
        return found
    if isinstance(otherwise, CnnMathError):
        if whole.shown or _leave_out_other_sizes(found, whole, declared):
            return found
        raise otherwise
    return otherwise


def _leave_out_other_sizes(found: Statement, whole: Whole, declared: Declared) -> bool:
    """Whether no array can have lost an index by mistake: those that leave one out leave all out,
    along sizes that no index is shown for, as the image x_0 in `x_t = a_t x_0`.
    """
    opened = {(axis.array, axis.number) for axis in whole.axes.values()}
    left_out: set[str] = set()
    shown: set[str] = set()
    for letter in found.head.free if found.head else ():
        axes = set(axes_indexed_by(letter, found.links))
        sizes = left_out if axes & opened else shown
        sizes |= {size_text(declared.shapes[a][n]) for a, n in axes if a in declared.shapes}
    is_all = all((array, 0) in opened for array, _ in opened)
    return is_all and bool(left_out and shown) and not left_out & shown


def _circled(equation: Equation, latex: str, declared: Declared) -> Statement | None:
    r"""The formula, if of the meanings of x \otimes y and x y^\top one has the declared axes."""
    fitting = []
    for is_outer in (False, True):
        try:
            found = _read(equation, latex, declared, Whole(is_outer=is_outer))
        except CnnMathError:
            continue
        shape = declared.shapes.get(found.head.name) if found.head else None
        is_fitting = shape is not None and found.head and len(shape) == len(found.head.index)
        fitting += [found] if is_fitting else []
    return fitting[0] if len(fitting) == 1 else None


def _is_declared(head: Head | None, declared: Declared) -> bool:
    """Whether the result was declared with the axes that it has."""
    shape = declared.shapes.get(head.name) if head else None
    return bool(shape) and head is not None and len(shape or ()) == len(head.index)


def _statement(equation: Equation, scope: Scope) -> Statement:
    """A formula: a chain of equations, and what is said about its indices behind it."""
    relation, found = equation.relation, scope.found
    if not isinstance(relation, Comparison):
        raise scope.error(relation, "a formula is an equation: expected = between its sides")
    sides = _sides(_without_type(relation))
    rest = [side for side in sides[1:] if not _is_convolution(side, scope)]
    left = left_side(sides[0], rest, equation.conditions, scope) if len(sides) > 1 else None
    if left is None:
        head = None
        scope = replace(scope, is_open=True)
        links = [scope.value(side) for side in sides]
    else:
        head = left.head
        is_elementwise = not head.index and scope.whole is None
        scope = replace(
            scope,
            indices=head.free,
            elementwise=is_elementwise,
            lists_values=left.lists_values,
            raised=left.raised,
        )
        if not rest:
            what = "the sign of a convolution does not say how it is calculated: write the sum"
            raise scope.error(sides[-1], what)
        derived = [scope.value(sides[0])] if left.derived in scope.declared.defined else []
        links = derived + _links(rest, scope)
        rank = found.roles.ranks.get(head.name)
        if rank and head.index and scope.roles:
            at = max(symbol.start for symbol in found.symbols if symbol.name == head.name)
            left_out = scope.whole.axes if scope.whole else ()
            insist_on_other_name(scope.latex, head, rank, links, at, left_out)
            insist_on_one_array(scope.latex, head, scope.declared.shapes, links, at)
    conditions = [node for part in equation.conditions for node in _stated_ranges(part, scope)]
    if head is not None and found.roles.ranks.get(head.name):
        _insist_on_cases(head, conditions, equation, scope)
    if scope.whole is not None:
        head, links = _lettered(head, links, equation, scope)
    links = from_centre(links, scope.declared)
    if head is None and found.collected:
        free = tuple(dict.fromkeys(found.collected))
        head = Head("", tuple(Index(name) for name in free), free)
    return Statement(
        head, tuple(links), tuple(conditions), found.roles.ranks, found.outermost_symbols(),
        tuple(found.along), tuple(found.products), tuple(found.matrices),
        tuple(found.applied_powers), frozenset(found.sets),
    )  # fmt: skip


def _insist_on_cases(
    head: Head, conditions: Sequence[Node], equation: Equation, scope: Scope
) -> None:
    """Where `y_i \\leftarrow y_i + 1 \\text{ if } m_i > 0` says nothing, is y_i 0, or as it was?

    Raises FormulaSyntaxError
    """
    if any(isinstance(node, Read) and node.index for one in conditions for node in one.walk()):
        raise scope.error(
            equation.conditions[0],
            f"where this does not hold, is {head.name} 0, or what it was before? write both, "
            "\\begin{cases} .. & \\text{if } .. \\\\ .. & \\text{otherwise} \\end{cases}",
        )


def _lettered(
    head: Head | None, links: Sequence[Node], equation: Equation, scope: Scope
) -> tuple[Head | None, list[Node]]:
    """Left side and sides with a letter for each index that was left out."""
    insist_on_products(links, equation.relation, scope)
    links = alike(links, equation.relation, scope)
    known = {symbol.name for symbol in equation.symbols} | scope.declared.names
    names = with_letters(links, known, scope)
    own = [names[name] for name in open_in(links[0], scope)]
    scope.found.along[:] = [(names.get(name, name), axes) for name, axes in scope.found.along]
    outer = scope.whole.outer if scope.whole and len(own) > 1 else None
    if outer and head and head.index and head.name not in scope.declared.shapes:
        what = "a row times a column, or a column times a row? write x^\\top y for a number, or "
        raise scope.error(outer, f"{what}declare the shape of {head.name}", ShapeError)
    if own and head is None:
        raise scope.error(equation.relation, "expected a left side, as in y = Wx", ShapeError)
    if head is not None:
        head = replace(head, index=(*head.index, *map(Index, own)), free=(*head.free, *own))
    return head, [renamed(link, names) for link in links]


def _without_type(chain: Comparison) -> Comparison:
    r"""`y = Wx \in \mathbb{R}^m` without what is said of the kind of numbers."""
    if is_real(chain):
        return replace(chain, sums=chain.sums[:-1], signs=chain.signs[:-1])
    return chain


def _sides(chain: Comparison) -> list[Comparison]:
    """What stands between the equals signs of a chain."""
    cuts = [place + 1 for place, sign in enumerate(chain.relations) if sign == "="]
    found = []
    for begin, end in zip([0, *cuts], [*cuts, len(chain.sums)], strict=True):
        sums, relations = chain.sums[begin:end], chain.relations[begin : end - 1]
        found.append(Comparison(*place_of(sums), sums, relations))
    return found


def _is_convolution(side: Comparison, scope: Scope) -> bool:
    """`(I * K)(i, j)` or `\\omega * f(x, y)`: said in words, to be said in numbers by a sum."""
    if side.factors and convolution_name(side.factors[0]) is not None:
        return True
    row = side.product.row if side.product else []
    signs = [item for item in row if not isinstance(item, Factor)]
    if len(signs) != 1 or signs[0] not in CONVOLUTIONS or row[1] is not signs[0]:
        return False
    symbols = [factor.symbol for factor in factors_in([row[0], row[2]])]
    if any(symbol and symbol.name in scope.declared.applicable for symbol in symbols):
        return False  # x * \tanh(x), of each element
    return all(symbol and not symbol.scripts for symbol in symbols) and any(
        symbol and scope.rank(symbol.name) for symbol in symbols
    )


def _links(sides: Sequence[Comparison], scope: Scope) -> list[Node]:
    """The sides of a chain; `F(u_c)` or `c(K, s)_{ij}` in the middle only gives a name."""
    found: list[Node] = []
    for place, side in enumerate(sides):
        try:
            found.append(scope.value(side))
        except CnnMathError:
            match side.factors:
                case [symbol, group] if symbol.symbol and group.kind == "parens":
                    if place < len(sides) - 1 and not scope.rank(symbol.name):
                        continue
            raise
    return found


def _stated_ranges(part: List, scope: Scope) -> list[Node]:
    """Conditions written behind a formula: `, \\quad 0 \\le i < M` or `i = 0, \\dots, M-1`."""
    part = part.group or part
    held = without_types(part.parts)
    if not held:
        return []
    if len(held) < len(part.parts):
        part = list_of(held)
    names = dict.fromkeys((*scope.found.collected, *scope.indices))
    limits = read_bounds(part, None, part, scope, tuple(names))
    for name in limits.order:  # one by itself says nothing: in i, j < n both are
        doubts.settle(scope, name, limits, None)
    low = [Compare(">=", Index(name), bound) for name, bound in limits.low.items()]
    high = [Compare("<=", Index(name), bound) for name, bound in limits.high.items()]
    return [*limits.conditions, *low, *high]
