"""Arithmetic on indices and sizes: one way to write each sum, and what is known of its sign.

`M - m + 1 - 1` is M - m, `(K - 1) - (K - 1 - k)` is k: a polynomial in indices, sizes and whatever
else stands still, with its terms collected.
"""

import math
from collections.abc import Collection, Mapping
from fractions import Fraction
from functools import cached_property

from cnnmath.core.nodes import (
    ONE,
    Add,
    Binder,
    Call,
    Divide,
    Index,
    Multiply,
    Negative,
    Node,
    Number,
    Power,
    Read,
    add,
    indices_in,
    negative,
    product,
)


class Monomial(tuple[Node, ...]):
    """Factors in the order of whoever wrote them, in which iq and qi are one."""

    @cached_property
    def _key(self) -> tuple[str, ...]:
        return tuple(sorted(map(repr, self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Monomial) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


Polynomial = dict[Monomial, Fraction]
ONES = Monomial()


def polynomial(node: Node) -> Polynomial:
    """An expression as a sum of products, each with its factor; none of these is 0."""
    match node:
        case Number(value=value) if math.isfinite(value):
            return {ONES: Fraction(value)} if value else {}
        case Negative(body=body):
            return {key: -factor for key, factor in polynomial(body).items()}
        case Add(terms=terms):
            return _total([polynomial(term) for term in terms])
        case Multiply(factors=factors):
            found: Polynomial = {ONES: Fraction(1)}
            for factor in factors:
                found = _times(found, polynomial(factor))
            return found
        case Divide(above=above, below=Number(value=value)) if math.isfinite(value) and value:
            return {key: factor / Fraction(value) for key, factor in polynomial(above).items()}
        case Divide(above=above, below=below):
            return _quotient(polynomial(above), polynomial(below))
        case Power(base=base, exponent=Number(value=value)) if value in (1.0, 2.0):
            inner = polynomial(base)
            return inner if value == 1 else _times(inner, inner)
        case Call(function="floor", arguments=(Divide(above=above, below=below),)):
            return _floor(above, below)
    return {Monomial((node.rebuilt(tidy),)): Fraction(1)}


def _floor(inner: Node, below: Node) -> Polynomial:
    """What is a whole number anyhow goes out of the floor; else it stays as its author has it."""
    above = polynomial(inner)
    if not isinstance(below, Number) or not below.value or not _is_plain(above):
        collected = written(above)
        is_shorter = _length(collected) < _length(inner)
        whole = Divide(collected if is_shorter else inner, tidy(below))
        return {Monomial((Call("floor", (whole,)),)): Fraction(1)} if above else {}
    scale = Fraction(below.value)
    outside = {key: n / scale for key, n in above.items() if (n / scale).denominator == 1}
    rest = {key: n for key, n in above.items() if key not in outside}
    if not rest:
        return outside
    inside = Call("floor", (Divide(written(rest), below),))
    return _total([outside, {Monomial((inside,)): Fraction(1)}])


def _length(node: Node) -> int:
    """How many letters and numbers there are."""
    return sum(isinstance(inner, Index | Read | Number) for inner in node.walk())


def _is_plain(found: Polynomial) -> bool:
    """Whether a polynomial has whole values where its indices and sizes have."""
    return all(
        factor.denominator == 1 and all(isinstance(atom, Index | Read) for atom in key)
        for key, factor in found.items()
    )


def tidy(node: Node) -> Node:
    """The same number, with its terms collected; positive ones first, and numbers last."""
    return written(polynomial(node))


def written(found: Polynomial) -> Node:
    """A polynomial as an expression."""
    broken = {key: factor for key, factor in found.items() if factor.denominator != 1}
    if len(broken) > 1:  # (u - 1) / 2, and not u / 2 - 1 / 2
        whole = {key: factor for key, factor in found.items() if key not in broken}
        below = math.lcm(*(factor.denominator for factor in broken.values()))
        above = written({key: factor * below for key, factor in broken.items()})
        return add(written(whole), Divide(above, Number(float(below))))
    order = sorted(found.items(), key=lambda item: _rank(*item))
    return add(*(_term(key, factor) for key, factor in order))


def _rank(key: Monomial, factor: Fraction) -> tuple[bool, bool, bool]:
    """Where a term stands: numbers last, what is added first, and indices before sizes."""
    return key == ONES, factor < 0, not any(any(indices_in(atom)) for atom in key)


def _term(key: Monomial, factor: Fraction) -> Node:
    size = abs(factor)
    above = product(*([Number(float(size.numerator))] if size.numerator != 1 else []), *key)
    term = above if size.denominator == 1 else Divide(above, Number(float(size.denominator)))
    return negative(term) if factor < 0 else term


def difference(one: Node, two: Node) -> Node:
    return tidy(add(one, negative(two)))


def same(one: Node, two: Node) -> bool:
    """Whether two expressions are one polynomial."""
    return one == two or not polynomial(add(one, negative(two)))


def linear(found: Polynomial, name: str) -> tuple[Node, Node] | None:
    """The factor of an index in a polynomial, and the rest; None if its degree is not one."""
    factor: Polynomial = {}
    rest: Polynomial = {}
    for key, number in found.items():
        times = sum(1 for atom in key if atom == Index(name))
        inside = any(
            any(index.name == name for index in indices_in(atom))
            for atom in key
            if atom != Index(name)
        )
        if inside or times > 1:
            return None
        if times:
            factor[Monomial(atom for atom in key if atom != Index(name))] = number
        else:
            rest[key] = number
    return (written(factor), written(rest)) if factor else None


def _total(parts: list[Polynomial]) -> Polynomial:
    found: Polynomial = {}
    for part in parts:
        for key, factor in part.items():
            found[key] = found.get(key, Fraction(0)) + factor
    return {key: factor for key, factor in found.items() if factor}


def _times(one: Polynomial, two: Polynomial) -> Polynomial:
    return _total([{Monomial((*a, *b)): x * y} for a, x in one.items() for b, y in two.items()])


def _quotient(above: Polynomial, below: Polynomial) -> Polynomial:
    """Term by term where a product divides them all, as iq + q does by q; else one fraction."""
    if len(below) == 1:
        ((divisor, scale),) = below.items()
        found: Polynomial = {}
        for key, factor in above.items():
            rest = list(key)
            for atom in divisor:
                if atom not in rest:
                    break
                rest.remove(atom)
            else:
                found[Monomial(rest)] = factor / scale
                continue
            break
        else:
            return found
    return {Monomial((Divide(written(above), written(below)),)): Fraction(1)}


# ---- signs --------------------------------------------------------------------------------------


def never_negative(node: Node, positive: Collection[str]) -> bool:
    """Whether a number is known to be 0 or more.

    positive : sizes that are 1 or more, whatever they are
    """

    def raised(inner: Node) -> Node:
        if isinstance(inner, Read) and not inner.index and inner.name in positive:
            return add(ONE, inner)
        return inner.rebuilt(raised)

    found = polynomial(raised(without_floors(node, positive)))
    return all(
        factor >= 0 and all(isinstance(atom, Read) and atom.name in positive for atom in key)
        for key, factor in found.items()
    )


def without_floors(node: Node, positive: Collection[str]) -> Node:
    """No more than a number: minus l times the whole part of X / l is no less than minus X."""
    parts: list[Node] = []
    for key, factor in polynomial(node).items():
        floors = [a for a in key if isinstance(a, Call) and a.function == "floor"]
        others = [a for a in key if a not in floors]
        kept = _term(key, factor)
        if len(floors) == 1 and factor < 0:
            inside = floors[0].arguments[0]
            is_scale = isinstance(inside, Divide) and inside.below in others
            if is_scale and never_negative(product(*others), positive):
                assert isinstance(inside, Divide)
                others.remove(inside.below)
                kept = product(_term(ONES, factor), inside.above, *others)
        parts.append(kept)
    return add(*parts)


def extreme(
    node: Node, ranges: Mapping[str, Binder], positive: Collection[str], largest: bool
) -> Node | None:
    """The largest or smallest value that an expression takes; None where that is not known.

    ranges : of the indices in it, the innermost last
    """
    current = node
    for name in reversed(list(ranges)):
        if not any(index.name == name for index in indices_in(current)):
            continue
        parts = linear(polynomial(current), name)
        if parts is None:
            return None
        slope, rest = parts
        if never_negative(slope, positive):
            end = ranges[name].high if largest else ranges[name].low
        elif never_negative(negative(slope), positive):
            end = ranges[name].low if largest else ranges[name].high
        else:
            return None
        current = tidy(add(rest, product(slope, end)))
    return None if any(indices_in(current)) else current


def known_between(
    value: Node, low: Node, high: Node, ranges: Mapping[str, Binder], positive: Collection[str]
) -> tuple[bool, bool]:
    """Whether `low <= value` is known, and whether `value <= high` is."""
    least = extreme(difference(value, low), ranges, positive, largest=False)
    most = extreme(difference(high, value), ranges, positive, largest=False)
    return (
        least is not None and never_negative(least, positive),
        most is not None and never_negative(most, positive),
    )
