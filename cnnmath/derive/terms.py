"""A gradient as a sum of terms: each some sums over indices, of a product.

A term keeps apart what the rules ask for: the indices that it sums over, the brackets `[i+s=u]`
that are 1 where an element of the array is the one that is derived by, the conditions, and the
other factors.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from cnnmath.core.arithmetic import polynomial, tidy
from cnnmath.core.nodes import (
    ONE,
    Add,
    Binder,
    Cases,
    Compare,
    Divide,
    Index,
    Logic,
    Multiply,
    Negative,
    Node,
    Number,
    Read,
    Reduce,
    add,
    indices_in,
    mentions,
    multiply,
    negative,
    substitute,
    with_indices,
)
from cnnmath.derive.letters import fresh as another


@dataclass(frozen=True)
class Delta(Compare):
    """[here = there]: the derivative of an element of an array by another one, along one axis."""


@dataclass(frozen=True)
class Within(Logic):
    """low <= value <= high: what was put in for an index must be one of its values."""

    @property
    def value(self) -> Node:
        assert isinstance(self.parts[0], Compare)
        return self.parts[0].right

    @property
    def low(self) -> Node:
        assert isinstance(self.parts[0], Compare)
        return self.parts[0].left

    @property
    def high(self) -> Node:
        last = self.parts[1]
        assert isinstance(last, Compare)
        return last.right if last.relation == "<=" else tidy(add(last.right, Number(-1.0)))


def within(value: Node, low: Node, high: Node) -> Within:
    """The condition, its end written as `< m` where that is shorter than `<= m - 1`."""
    above = tidy(add(high, ONE))
    is_shorter = len(polynomial(above)) < len(polynomial(high)) and not isinstance(high, Number)
    last = Compare("<", value, above) if is_shorter else Compare("<=", value, high)
    return Within("and", (Compare("<=", low, value), last))


def seen(node: Node) -> Node:
    """An expression as it is printed: there a range is two comparisons like others."""
    node = node.rebuilt(seen)
    return Logic(node.operation, node.parts) if isinstance(node, Within) else node


@dataclass(frozen=True)
class Term:
    """binders : what is summed over, the outermost first

    deltas, conditions : brackets;  factors : all else, which is multiplied
    front : factors before the sums
    """

    binders: tuple[Binder, ...] = ()
    factors: tuple[Node, ...] = ()
    deltas: tuple[Delta, ...] = ()
    conditions: tuple[Node, ...] = ()
    front: tuple[Node, ...] = ()

    def node(self) -> Node:
        """The term as an expression."""
        scale, factors = _collected(self.factors)
        shown = _number(abs(scale)) + factors
        body = multiply(*shown, *self.conditions, *self.deltas)
        for binder in reversed(self.binders):
            body = Reduce("sum", (binder,), None, body)
        before, outside = _collected(self.front)
        body = multiply(*_number(abs(before)), *outside, body)
        return negative(body) if scale * before < 0 else body

    def substituted(self, values: dict[str, Node]) -> "Term":
        """The term with the values of some of its indices put in, which it no longer sums over."""
        kept = [binder for binder in self.binders if binder.name not in values]
        return Term(
            tuple(_put_into(binder, values) for binder in kept),
            tuple(put_in(factor, values) for factor in self.factors),
            tuple(Delta("=", put_in(d.left, values), put_in(d.right, values)) for d in self.deltas),
            tuple(put_in(condition, values) for condition in self.conditions),
        )

    def names(self) -> set[str]:
        """Every index that occurs in the term."""
        nodes = (*self.factors, *self.deltas, *self.conditions)
        found = {index.name for node in nodes for index in indices_in(node)}
        found |= {b.name for node in nodes for b in node.walk() if isinstance(b, Binder)}
        return found | {binder.name for binder in self.binders}


def _put_into(binder: Binder, values: dict[str, Node]) -> Binder:
    return Binder(binder.name, put_in(binder.low, values), put_in(binder.high, values))


def put_in(node: Node, values: dict[str, Node]) -> Node:
    """An expression with values for some indices; index arithmetic that they change is collected.

    What does not change stays as its author wrote it.
    """
    if not mentions(node, values):
        return node
    if isinstance(node, Compare) and any(isinstance(n, Reduce) for n in node.walk()):
        sides = [
            substitute(side, values) if _is_arithmetic(side) else put_in(side, values)
            for side in (node.left, node.right)
        ]
        return Compare(node.relation, sides[0], sides[1])
    if _is_arithmetic(node):
        return tidy(substitute(node, values))
    if isinstance(node, Reduce):
        return _put_into_sum(node, values)
    return node.rebuilt(lambda child: put_in(child, values))


def _put_into_sum(node: Reduce, values: dict[str, Node]) -> Node:
    """The sum's own indices are left alone, and give way where a value holds one of that name."""
    own = {binder.name for binder in node.binders}
    inner = {name: value for name, value in values.items() if name not in own}
    coming = {index.name for value in inner.values() for index in indices_in(value)}
    if own & coming:
        used = own | coming | {i.name for i in indices_in(node)} | set(values)
        names: dict[str, Index] = {}
        for name in sorted(own & coming):
            names[name] = Index(another(name, used))
            used.add(names[name].name)
        node = with_indices(node, names)
    where = None if node.where is None else put_in(node.where, inner)
    binders = tuple(_put_into(binder, values) for binder in node.binders)
    return Reduce(node.operation, binders, where, put_in(node.body, inner))


def _is_arithmetic(node: Node) -> bool:
    """Whether an expression is made of indices and sizes by addition and multiplication."""
    kinds = (Index, Number, Add, Negative, Multiply, Read)
    return all(isinstance(n, kinds) and not getattr(n, "index", ()) for n in node.walk())


def _number(scale: Fraction) -> list[Node]:
    """A positive factor, as a whole number or a fraction; none where it is 1."""
    above, below = Number(float(scale.numerator)), Number(float(scale.denominator))
    if scale.denominator == 1:
        return [] if scale == 1 else [above]
    return [Divide(above, below)]


def _collected(factors: Iterable[Node]) -> tuple[Fraction, list[Node]]:
    """The numbers among some factors as one, and the others."""
    scale, others = Fraction(1), []
    for factor in factors:
        while isinstance(factor, Negative):
            scale, factor = -scale, factor.body
        number = _fraction(factor)
        if number is not None:
            scale *= number
        elif isinstance(factor, Multiply):
            inner, more = _collected(factor.factors)
            scale *= inner
            others += more
        else:
            others.append(factor)
    return scale, others


def _fraction(node: Node) -> Fraction | None:
    """The number that a factor is, if that is a short fraction."""
    match node:
        case Number(value=value) if math.isfinite(value):
            found = Fraction(value)
        case Divide(above=Number(value=above), below=Number(value=below)) if below:
            if not math.isfinite(above / below):
                return None
            found = Fraction(above) / Fraction(below)
        case _:
            return None
    return found if max(abs(found.numerator), found.denominator) < 10**6 else None


def total(terms: Iterable[Term]) -> Node:
    return add(*(term.node() for term in terms))


# ---- from an expression to terms ----------------------------------------------------------------

Fresh = Callable[[str, set[str]], str]
"""Another name for an index, which is none of some names."""


def terms_of(node: Node, fresh: Fresh) -> list[Term]:
    """An expression as terms: multiplied out where its deltas are, and nowhere else."""
    match node:
        case Delta():
            return [Term(deltas=(node,))]
        case Negative(body=body):
            return [_scaled(term, Number(-1.0)) for term in terms_of(body, fresh)]
        case Add(terms=parts) if carries(node):
            return _gathered([term for part in parts for term in terms_of(part, fresh)])
        case Multiply(factors=factors):
            return _product(factors, fresh)
        case Divide(above=above, below=below) if carries(above):
            others = {i.name for i in below.walk() if isinstance(i, Index | Binder)}
            found = [_apart(term, others, fresh) for term in terms_of(above, fresh)]
            return [_divided(term, below) for term in found]
        case Reduce(operation="sum", binders=binders, where=where, body=body):
            kept = () if where is None else (where,)
            return [
                replace(
                    term, binders=(*binders, *term.binders), conditions=(*kept, *term.conditions)
                )
                for term in terms_of(body, fresh)
            ]
        case Cases() if carries(node):
            return _by_cases(node, fresh)
        case Compare() | Logic():
            return [Term(conditions=(node,))]
    return [Term(factors=() if node == ONE else (node,))]


def carries(node: Node) -> bool:
    """Whether there is a delta in an expression."""
    return any(isinstance(inner, Delta) for inner in node.walk())


def _gathered(terms: list[Term]) -> list[Term]:
    """Terms with the same brackets as one, so that these stand once."""
    found: list[Term] = []
    for term in terms:
        is_plain = not term.binders and not term.conditions
        same = [t for t in found if is_plain and t.deltas == term.deltas]
        same = [t for t in same if not t.binders and not t.conditions]
        if not same:
            found.append(term)
            continue
        (one,) = same
        values = (replace(t, deltas=()).node() for t in (one, term))
        found[found.index(one)] = Term(factors=(add(*values),), deltas=term.deltas)
    return found


def _scaled(term: Term, factor: Node) -> Term:
    return replace(term, factors=(factor, *term.factors))


def _divided(term: Term, below: Node) -> Term:
    """A fraction stays one where nothing is summed above."""
    if term.binders or not term.factors:
        return replace(term, factors=(*term.factors, Divide(ONE, below)))
    scale, factors = _collected(term.factors)
    above = multiply(*_number(abs(scale)), *factors)
    sign = (Number(-1.0),) if scale < 0 else ()
    return replace(term, factors=(*sign, Divide(above, below)))


def _product(factors: Iterable[Node], fresh: Fresh) -> list[Term]:
    """Multiplied out: each term of one factor with each of the others, indices kept apart."""
    found = [Term()]
    for factor in factors:
        is_opened = carries(factor) or not isinstance(factor, Add | Reduce)
        parts = terms_of(factor, fresh) if is_opened else [Term(factors=(factor,))]
        found = [_joined(one, two, fresh) for one in found for two in parts]
    return found


def _joined(one: Term, two: Term, fresh: Fresh) -> Term:
    two = _apart(two, one.names(), fresh)
    one = _apart(one, two.names(), fresh)
    return Term(
        one.binders + two.binders,
        one.factors + two.factors,
        one.deltas + two.deltas,
        tuple(dict.fromkeys(one.conditions + two.conditions)),
    )


def _apart(term: Term, others: set[str], fresh: Fresh) -> Term:
    """A term whose sums use none of some names for their indices."""
    for binder in term.binders:
        if binder.name not in others:
            continue
        name = fresh(binder.name, others | term.names())
        renamed = term.substituted({binder.name: Index(name)})
        at = term.binders.index(binder)
        put = Binder(name, binder.low, binder.high)
        term = replace(renamed, binders=(*renamed.binders[:at], put, *renamed.binders[at:]))
    return term


def _by_cases(node: Cases, fresh: Fresh) -> list[Term]:
    """One term with cases in a factor, if the brackets are the same in all; else one for each."""
    rows = [(condition, terms_of(value, fresh)) for condition, value in _all_rows(node)]
    alive = [(c, terms) for c, terms in rows if any(Number(0.0) not in t.factors for t in terms)]
    deltas = {term.deltas for _, terms in alive for term in terms}
    is_plain = all(not t.binders and not t.conditions for _, terms in alive for t in terms)
    if len(deltas) == 1 and is_plain:
        (brackets,) = deltas
        *most, (_, last) = [
            (condition, add(*(replace(t, deltas=()).node() for t in terms)))
            for condition, terms in rows
        ]
        is_open = node.otherwise is not None
        values = tuple(most) if is_open else (*most, (rows[-1][0], last))
        return [Term(factors=(Cases(values, last if is_open else None),), deltas=brackets)]
    found = []
    before: list[Node] = []
    for condition, terms in rows:
        here = (*map(opposite, before), *([condition] if condition != ONE else []))
        before.append(condition)
        for term in terms:
            if Number(0.0) not in term.factors:
                found.append(replace(term, conditions=(*here, *term.conditions)))
    return found


def _all_rows(node: Cases) -> Iterator[tuple[Node, Node]]:
    yield from node.rows
    if node.otherwise is not None:
        yield ONE, node.otherwise


_OPPOSITES = {"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def opposite(condition: Node) -> Node:
    """What holds where a condition does not."""
    match condition:
        case Compare(relation=relation, left=left, right=right):
            return Compare(_OPPOSITES[relation], left, right)
        case Logic(operation=operation, parts=parts):
            return Logic("or" if operation == "and" else "and", tuple(map(opposite, parts)))
    return Compare("=", condition, Number(0.0))
