"""What multiplies in a term, written as one fraction: cancelled, and in front of sums if it may be.

`2 y \\frac{1}{2 \\sqrt{v}} \\frac{1}{\\sqrt{v}}` is `\\frac{y}{v}`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from cnnmath.core.nodes import (
    ONE,
    Add,
    Call,
    Cases,
    Divide,
    Multiply,
    Negative,
    Node,
    Number,
    Power,
    Read,
    add,
    mentions,
    multiply,
    negative,
    number_in,
    product,
)
from cnnmath.derive.terms import Term

HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Factor:
    """base to some power"""

    base: Node
    exponent: Fraction


def cancelled(term: Term, arriving: str) -> Term:
    """The same term with its factors as one fraction, in which nothing cancels.

    arriving : what stands beside the fraction, not in it
    """
    scale, factors = collected(term.factors)
    sign: list[Node] = [Number(-1.0)] if scale < 0 else []
    return replace(term, factors=(*sign, *as_fraction(abs(scale), factors, arriving)))


def in_front(term: Term, arriving: str) -> Term:
    """The same term, with what its sums do not change in front of them."""
    names = {binder.name for binder in term.binders}
    scale, factors = collected(term.factors)
    still = [factor for factor in factors if not mentions(factor.base, names)]
    if not names or not (still or scale != 1):
        return term
    moving = [factor for factor in factors if factor not in still]
    sign: list[Node] = [Number(-1.0)] if scale < 0 else []
    front = as_fraction(abs(scale), still, arriving)
    # What is read only where a bracket holds needs it beside itself.
    brackets = (*term.conditions, *term.deltas) if still else ()
    outside = tuple(bracket for bracket in brackets if not mentions(bracket, names))
    return replace(
        term,
        front=(*sign, *front, *outside),
        factors=as_fraction(Fraction(1), moving, arriving),
        conditions=tuple(c for c in term.conditions if c not in outside),
        deltas=tuple(d for d in term.deltas if d not in outside),
    )


def as_fraction(scale: Fraction, factors: list[Factor], arriving: str = "") -> tuple[Node, ...]:
    """Factors, the last of them a fraction if there is anything below the line."""
    below = [_power(f.base, -f.exponent) for f in sorted(factors, key=_rank) if f.exponent < 0]
    above = [_power(f.base, f.exponent) for f in factors if f.exponent > 0]
    beside = [n for n in above if not below or (isinstance(n, Read) and n.name == arriving)]
    above = [n for n in above if n not in beside]
    numerator, denominator = Number(float(scale.numerator)), Number(float(scale.denominator))
    if not below and scale.denominator == 1:
        return (*([numerator] if scale != 1 else []), *beside, *above)
    if scale.denominator != 1:
        below.insert(0, denominator)
    if above and scale.numerator != 1:
        above.insert(0, numerator)
    elif scale.numerator != 1:
        above = [numerator]
    fraction = Divide(product(*above), product(*below))
    is_number = all(isinstance(node, Number) for node in (*above, *below))
    return (fraction, *beside) if is_number else (*beside, fraction)


def _rank(factor: Factor) -> bool:
    """Below a line, sizes and numbers first."""
    return not (isinstance(factor.base, Read) and not factor.base.index)


def _power(base: Node, exponent: Fraction) -> Node:
    if exponent == 1:
        return base
    if exponent == HALF:
        return Call("sqrt", (base,))
    above = Number(float(exponent.numerator))
    if exponent.denominator == 1:
        return Power(base, above)
    return Power(base, Divide(above, Number(float(exponent.denominator))))


def collected(nodes: Iterable[Node]) -> tuple[Fraction, list[Factor]]:
    """The numbers among factors as one, and the others, each base once."""
    scale = Fraction(1)
    found: dict[Node, Factor] = {}
    for factor in _parts(nodes, Fraction(1)):
        number = number_in(factor.base)
        with_it = None if number is None else _times(scale, number, factor.exponent)
        if with_it is not None:
            scale = with_it
            continue
        known = found.get(factor.base)
        if known is None:
            found[factor.base] = factor
        else:
            found[factor.base] = Factor(factor.base, known.exponent + factor.exponent)
    return scale, [factor for factor in found.values() if factor.exponent]


def _times(scale: Fraction, number: float, exponent: Fraction) -> Fraction | None:
    """A fraction times the power of a number, if that is a fraction that one would write."""
    is_whole = number == round(number) and exponent.denominator == 1
    if not is_whole or not 0 < abs(number) < 1e6 or abs(exponent) > 20:
        return None
    found = scale * Fraction(int(number)) ** int(exponent)
    return found if max(abs(found.numerator), found.denominator) < 10**15 else None


def _parts(nodes: Iterable[Node], exponent: Fraction) -> Iterator[Factor]:
    for node in nodes:
        match node:
            case Negative(body=body):
                yield Factor(Number(-1.0), exponent)
                yield from _parts((body,), exponent)
            case Multiply(factors=factors):
                yield from _parts(factors, exponent)
            case Divide(above=above, below=below):
                yield from _parts((above,), exponent)
                yield from _parts((below,), -exponent)
            case Power(base=base, exponent=Number(value=value)) if value == round(value):
                yield from _parts((base,), exponent * int(value))
            case Call(function="sqrt", arguments=(inner,)):
                yield Factor(inner, exponent * HALF)
            case _:
                yield Factor(_inside(node), exponent)


def _inside(node: Node) -> Node:
    """What is added up in a factor, each by itself."""
    match node:
        case Add(terms=terms):
            return add(*map(_one, terms))
        case Cases(rows=rows, otherwise=otherwise):
            rest = None if otherwise is None else _one(otherwise)
            return Cases(tuple((condition, _one(value)) for condition, value in rows), rest)
    return node


def _one(node: Node) -> Node:
    if isinstance(node, Number):
        return node
    scale, factors = collected((node,))
    found = multiply(*as_fraction(abs(scale), factors)) if factors or abs(scale) != 1 else ONE
    return negative(found) if scale < 0 else found
