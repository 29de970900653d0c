"""What each part of a formula means, given what holds where it stands: the one place that knows
which file reads what."""

from lark import Token

from cnnmath.core.nodes import Add, Compare, Logic, Node, Number, conjunction, negative
from cnnmath.language import derivatives, factors, syntax
from cnnmath.language.averages import average
from cnnmath.language.matrix_functions import of_matrix
from cnnmath.language.norms import norm
from cnnmath.language.products import read_product, refuse_dots
from cnnmath.language.reach import as_reached
from cnnmath.language.references import powered, reference
from cnnmath.language.scope import Scope
from cnnmath.language.sets import holds_member
from cnnmath.language.sums import read_sum
from cnnmath.language.syntax import Comparison, Factor, List, Part, Row, Sum
from cnnmath.language.whole import alike


def value(part: Part, scope: Scope) -> Node:
    """The value of any part: a sum, a comparison, a list of one item."""
    if part.product is not None:
        return read_product(part.product.row, scope)
    if part.sum is not None:
        return _sum(part.sum, scope)
    match part:
        case List(items=[only]):
            return scope.item(only)
        case syntax.Logic():
            return _logic(part, scope)
        case Comparison():
            return _compared(part, scope)
    raise scope.error(part, "a list stands where one value is expected")


def first(row: Row, scope: Scope) -> tuple[Node, Row]:
    """The first factor with the brackets that belong to it, and what is left."""
    factor = row[0]
    assert isinstance(factor, Factor)
    matrix = of_matrix(row, scope)
    if matrix is not None:
        return matrix
    match factor.kind:
        case "BIG":
            return read_sum(row, scope)
        case "FUNCTION":
            return factors.function(row, scope)
    derived = derivatives.applied(row, scope) or derivatives.slashed(row, scope)
    if derived is not None:
        return derived
    match factor.kind:
        case "NABLA":
            return derivatives.gradient_by_name(row, scope)
        case "norm":
            return norm(factor, scope), row[1:]
    if factors.is_indicator_letter(row, scope):
        return first(row[1:], scope)
    if factor.symbol is not None:
        return average(row, scope) or reference(row, scope)
    found = factors.indicator(factor, scope) or derivatives.held(factor, scope)
    return found or powered(factors.atom(factor, scope), factor, scope), row[1:]


def _logic(part: syntax.Logic, scope: Scope) -> Node:
    if len(set(part.joins_all)) != 1:
        raise scope.error(part, "'and' and 'or' are mixed: group them with brackets")
    operation = "and" if part.joins_all[0] else "or"
    return Logic(operation, tuple(map(scope.value, part.comparisons)))


def _compared(part: Comparison, scope: Scope) -> Node:
    """`a < b <= c` as a condition."""
    sides = part.sums
    conditions: list[Node] = []
    for left, relation, right in zip(sides, part.relations, sides[1:], strict=False):
        compared = scope.value(left)
        if relation == "~":
            what = "x \\sim p says what x is drawn from, and is no condition"
            raise scope.error(right, what)
        if relation.endswith("in"):
            condition = holds_member(compared, right, scope) or _is_listed(compared, right, scope)
            if relation == "not in":
                condition = Compare("=", condition, Number(0.0))
        else:
            condition = Compare(relation, *alike([compared, scope.value(right)], part, scope))
        conditions.append(condition)
    return conjunction(conditions)


def _is_listed(value: Node, part: Part, scope: Scope) -> Node:
    """`i \\in \\{0, 2\\}`."""
    lone = part.lone
    if lone is None or lone.kind != "escaped_braces":
        raise scope.error(part, "expected a set such as \\{0, 1, 2\\} behind \\in")
    members = (Compare("=", value, scope.item(item)) for item in lone.held.items)
    return Logic("or", tuple(members))


def _sum(part: Sum, scope: Scope) -> Node:
    rows: list[tuple[bool, list[Factor | Token]]] = []
    for sign, product in as_reached(part, scope).terms:
        last = rows[-1][1][-1] if rows else None
        if sign is not None and isinstance(last, Factor) and last.kind == "BIG":
            rows[-1][1].extend([sign, *product.row])  # \sum_i -x_i
        else:
            rows.append((sign is not None and sign != "+", [*product.row]))
    products = [read_product(row, scope) for _, row in rows]
    refuse_dots(products, part, scope)
    values = alike(products, part, scope)
    terms = [
        negative(term) if is_minus else term
        for (is_minus, _), term in zip(rows, values, strict=True)
    ]
    return terms[0] if len(terms) == 1 else Add(tuple(terms))
