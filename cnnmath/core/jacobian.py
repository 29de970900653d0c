"""Derivatives of formulas, as formulas: what `\\frac{\\partial a_{ij}}{\\partial W_{st}}` means.

They follow the rules of calculus (calculus.py), all at once; and where a sum meets [s'=s], the
derivative of one element by another, the index collapses: only the term s'=s is left, if it lies
within the bounds of the sum.

A derivative is total: where y is calculated from x and from \\mu, and a formula says how \\mu
follows from x, ∂y/∂x goes both ways. With \\mu held it is written (∂y/∂x)_\\mu.
"""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cnnmath.core.affine import Affine
from cnnmath.core.calculus import Calculus
from cnnmath.core.definition import Definition
from cnnmath.core.derivative import Derivative
from cnnmath.core.elements import Elements
from cnnmath.core.nodes import (
    ONE,
    ZERO,
    Add,
    Binder,
    Compare,
    Jacobian,
    Logic,
    Multiply,
    Negative,
    Node,
    Number,
    Power,
    Read,
    Reduce,
    add,
    mentions,
    multiply,
    names_in,
    negative,
    number_in,
    substitute,
)
from cnnmath.core.system import depends
from cnnmath.errors import CnnMathError, FormulaError

LONGEST = 1000  # nodes of what is derived; a layer of a network has about fifty
MOST_STEPS = 20_000  # nodes that are gone through for that, those of definitions included

_WAY = "on the way"


def worked_out(
    node: Node,
    system: Mapping[str, Definition],
    shapes: Mapping[str, tuple[Node, ...]],
    origin: Callable[[str], int],
    ranges: Mapping[str, Binder],
) -> Node:
    """A tree in which every Jacobian has become an expression.

    system : the formulas that say how one quantity depends on another (see system.py)
    shapes : by array, in sizes;  origin : the first index along the axes of an array
    ranges : of free indices, as far as they are known
    Raises FormulaError, ShapeError or UndeclaredShapeError if a derivative has no meaning.
    """
    elements = Elements(system, shapes, origin)

    def lowered(inner: Node, around: Mapping[str, Binder]) -> Node:
        if isinstance(inner, Reduce):
            around = {**around, **{b.name: b for b in inner.binders}}
        if isinstance(inner, Add):
            _refuse_doubled_ways(inner, system)
        if not isinstance(inner, Jacobian):
            return inner.rebuilt(lambda child: lowered(child, around))
        by = Read(inner.by.name, tuple(lowered(place, around) for place in inner.by.index))
        of = lowered(inner.of, around)
        _insist_on_a_way(of, by, system)
        found = _Derivative(by, elements, around, inner.power, inner.held).whole(of)
        return found if found == ZERO else multiply(found, *elements.within(by, around))

    return lowered(node, ranges)


def _insist_on_a_way(of: Node, by: Read, system: Mapping[str, Definition]) -> None:
    """Raises FormulaError if nothing in an expression depends on what it is derived by."""
    read = names_in((of,))
    if isinstance(of, Read) or not read or any(depends(n, by.name, system, ()) for n in read):
        return
    one = min(read)
    raise FormulaError(
        f"no formula says how {', '.join(sorted(read))} depends on {by.name}, so that the "
        f"derivative would be 0: give it, as in {one}=Formula(..)"
    )


def _refuse_doubled_ways(node: Add, system: Mapping[str, Definition]) -> None:
    """Raises FormulaError for ∂E/∂y ∂y/∂x + ∂E/∂μ ∂μ/∂x where ∂y/∂x, total, goes through μ.

    As the chain rule over all ways it would be right with \\mu held in ∂y/∂x.
    """
    for one, two in itertools.permutations(node.terms, 2):
        for (y, x, held), (mu, other, _) in itertools.product(_chained(one), _chained(two)):
            doubled = depends(y, mu, system, held) and depends(mu, x, system, ())
            if y != mu and x == other and mu not in held and doubled:
                raise FormulaError(
                    f"the sum goes from {x} through {mu} twice: by the derivative of {mu}, and by "
                    f"that of {y}, which is total. Is {mu} held in the latter? Then write it "
                    f"\\left(\\frac{{\\partial {y}}}{{\\partial {x}}}\\right)_{{{mu}}}; "
                    f"or leave out the way through {mu}"
                )


def _chained(term: Node) -> list[tuple[str, str, tuple[str, ...]]]:
    """The derivatives ∂y/∂x that stand in a term beside some ∂E/∂y: y, x, and what is held."""
    nodes = list(term.walk())
    jacobians = [n for n in nodes if isinstance(n, Jacobian)]
    arriving = {n.by.name for n in jacobians}
    read = (Derivative.named(n.name) for n in nodes if isinstance(n, Read))
    arriving |= {derivative.by for derivative in read if derivative}
    return [
        (n.of.name, n.by.name, n.held)
        for n in jacobians
        if isinstance(n.of, Read) and n.of.name in arriving
    ]


@dataclass(eq=False)
class _Derivative(Calculus):
    """The total derivative of an expression by one element of an array, or by its square.

    It goes through every quantity that a formula defines, on all ways that lead to `by`.

    power, held : as those of a Jacobian
    way : the quantities whose formulas are being derived
    """

    power: int
    held: tuple[str, ...]
    way: list[str] = field(default_factory=list)
    steps: int = 0

    def error(self, what: str, kind: type[CnnMathError] = FormulaError) -> CnnMathError:
        """An exception that names the way on which the derivative got stuck."""
        if len(self.way) > 1:
            what += f" ({_WAY} {' → '.join([self.by.name, *reversed(self.way)])})"
        return kind(what)

    def whole(self, body: Node) -> Node:
        """The derivative of all that is derived.

        Raises FormulaError if that is so long that its derivative would not end.
        """
        length = sum(1 for _ in itertools.islice(body.walk(), LONGEST + 1))
        if length > LONGEST:
            raise self.error("the derivative of so long an expression is not worked out")
        return self.of(body)

    def of(self, part: Node) -> Node:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise self.error("the derivative of so long an expression is not worked out")
        if self.power != 1:
            match part:
                case Power(base=Read(name=name) as base, exponent=exponent) if (
                    name == self.by.name
                    and (number := number_in(exponent)) is not None
                    and number % self.power == 0
                ):  # u to the n, where u is the power
                    n = number / self.power
                    slope = ONE if n == 1 else Power(base, Number(number - self.power))
                    return multiply(Number(n), slope, self.rule(base)[1])
                case Read(name=name) if name == self.by.name:
                    raise self.error(
                        f"by {name}^{self.power}: is that a quantity of its own, with {name} held, "
                        f"or is {name} its root? For the first, declare {name}_squared; for the "
                        f"second, derive by {name} and divide by 2 {name}"
                    )
        around = self.ranges
        if isinstance(part, Reduce):
            self.ranges = {**around, **{b.name: b for b in part.binders}}
        _, found = self.rule(part)
        self.ranges = around
        if isinstance(part, Reduce) and isinstance(found, Reduce):
            return collapsed(found.binders, found.where, found.body)
        return found

    def defined(self, read: Read) -> Node:
        if not depends(read.name, self.by.name, self.elements.system, self.held):
            return ZERO
        self.way.append(read.name)
        try:
            return super().defined(read)
        except CnnMathError as error:
            raise error if _WAY in str(error) else self.error(str(error), type(error)) from None
        finally:
            self.way.pop()


def collapsed(binders: tuple[Binder, ...], where: Node | None, body: Node) -> Node:
    """A sum in which every index that some [s'=s] fixes is replaced by what it must be."""
    if isinstance(body, Add):
        return add(*(collapsed(binders, where, term) for term in body.terms))
    if isinstance(body, Negative):
        return negative(collapsed(binders, where, body.body))
    factors = list(body.factors) if isinstance(body, Multiply) else [body]
    names = {binder.name for binder in binders}
    for place, factor in enumerate(factors):
        fixed = _fixes(factor, names)
        if fixed is None:
            continue
        name, value = fixed
        binder = next(b for b in binders if b.name == name)
        others = tuple(b for b in binders if b.name != name)
        within = Logic("and", (Compare("<=", binder.low, value), Compare("<=", value, binder.high)))
        rest = multiply(*factors[:place], *factors[place + 1 :], within)
        kept = None if where is None else substitute(where, {name: value})
        return collapsed(others, kept, substitute(rest, {name: value}))
    if not binders:
        return body if where is None else multiply(where, body)
    return Reduce("sum", binders, where, body)


def _fixes(factor: Node, names: set[str]) -> tuple[str, Node] | None:
    """The bound index that a factor such as [s' = s] or [i+s' = u] fixes, and its value."""
    if not (isinstance(factor, Compare) and factor.relation == "="):
        return None
    for here, there in ((factor.left, factor.right), (factor.right, factor.left)):
        if mentions(there, names):
            continue
        affine = Affine.of(here, names)
        if affine is None or len(affine.factors) != 1:
            continue
        ((name, factor),) = affine.factors.items()
        if factor == ONE:
            rest = affine.rest.terms if isinstance(affine.rest, Add) else (affine.rest,)
            return name, add(there, *map(negative, rest))
        if factor == Number(-1.0):
            return name, add(affine.rest, negative(there))
    return None
