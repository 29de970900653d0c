"""Derivatives of formulas, as formulas: what `\\frac{\\partial a_{ij}}{\\partial W_{st}}` means.

The derivative of an element read, W_{s't'}, by another, W_{st}, is [s'=s][t'=t]; sums, products,
quotients, powers and functions follow the rules of calculus; and where a sum meets [s'=s] the
index collapses: only the term s'=s is left, if it lies within the bounds of the sum.

A derivative is total: where y is calculated from x and from \\mu, and a formula says how \\mu
follows from x, ∂y/∂x goes both ways. With \\mu held it is written (∂y/∂x)_\\mu.
"""

import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from cnnmath.core import wording
from cnnmath.core.affine import Affine
from cnnmath.core.definition import Definition
from cnnmath.core.derivative import Derivative
from cnnmath.core.elements import Elements, Range
from cnnmath.core.nodes import (
    ONE,
    ZERO,
    Add,
    Apply,
    Binder,
    Call,
    Cases,
    Compare,
    Divide,
    Index,
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
from cnnmath.core.slopes import SLOPES
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
    ranges: Mapping[str, Range],
) -> Node:
    """A tree in which every Jacobian has become an expression.

    system : the formulas that say how one quantity depends on another (see system.py)
    shapes : by array, in sizes;  origin : the first index along the axes of an array
    ranges : first and last value of free indices, as far as they are known
    Raises FormulaError, ShapeError or UndeclaredShapeError if a derivative has no meaning.
    """
    elements = Elements(system, shapes, origin)

    def lowered(inner: Node, around: Mapping[str, Range]) -> Node:
        if isinstance(inner, Reduce):
            around = {**around, **{b.name: (b.low, b.high) for b in inner.binders}}
        if isinstance(inner, Add):
            _refuse_doubled_ways(inner, system)
        if not isinstance(inner, Jacobian):
            return inner.rebuilt(lambda child: lowered(child, around))
        by = Read(inner.by.name, tuple(lowered(place, around) for place in inner.by.index))
        of = lowered(inner.of, around)
        _insist_on_a_way(of, by, system)
        found = _Derivative(by, inner.power, elements, around, frozenset(inner.held)).whole(of)
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


@dataclass
class _Derivative:
    """The total derivative of an expression by one element of an array, or by its square.

    It goes through every quantity that a formula defines, on all ways that lead to `by`.

    ranges : first and last value of the indices around
    held : defined quantities that are taken for constants all the same
    way : the quantities whose formulas are being derived
    """

    by: Read
    power: int
    elements: Elements
    ranges: Mapping[str, Range]
    held: frozenset[str]
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

    def of(self, node: Node) -> Node:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise self.error("the derivative of so long an expression is not worked out")
        match node:
            case Power(base=Read(name=name) as base, exponent=exponent) if (
                name == self.by.name and self.power != 1 and _number(exponent) % self.power == 0
            ):  # u to the n, where u is the power
                n = _number(exponent) / self.power
                slope = ONE if n == 1 else Power(base, Number(_number(exponent) - self.power))
                return multiply(Number(n), slope, self.of_element(base))
            case Read(name=name) if name == self.by.name and self.power != 1:
                raise self.error(
                    f"by {name}^{self.power}: is that a quantity of its own, with {name} held, or "
                    f"is {name} its root? For the first, declare {name}_squared; for the second, "
                    f"derive by {name} and divide by 2 {name}"
                )
            case Read(name=name):
                return self.of_element(node) if name == self.by.name else self.of_other(node)
            case Apply(name=name, arguments=(argument,)) if self.elements.is_number(name):
                return self.of(Multiply((Read(name), argument)))
            case Apply(name=name) if name == self.by.name:
                raise self.error(
                    f"is {name} a number or a function? If a number, declare it, {name}=''"
                )
            case Add(terms=terms):
                return add(*(self.of(term) for term in terms))
            case Negative(body=body):
                return negative(self.of(body))
            case Multiply(factors=factors):
                return add(
                    *(
                        multiply(*factors[:k], self.of(factor), *factors[k + 1 :])
                        for k, factor in enumerate(factors)
                    )
                )
            case Divide(above=above, below=below):
                up, down = self.of(above), self.of(below)
                first = ZERO if up == ZERO else Divide(up, below)
                if down == ZERO:
                    return first
                second = Divide(multiply(above, down), Power(below, Number(2.0)))
                return add(first, negative(second))
            case Power(base=base, exponent=exponent):
                return self.of_power(base, exponent)
            case Call(function="max" | "min"):
                return of_winner(node, self.of)
            case Call(function=function, arguments=(argument,)) if function in SLOPES:
                inner = self.of(argument)
                return ZERO if inner == ZERO else multiply(SLOPES[function](argument), inner)
            case Apply(name=name, arguments=(argument,)):  # f'(u) is for the caller to say
                inner = self.of(argument)
                prime = Apply(f"{name}_prime", (argument,))
                return ZERO if inner == ZERO else multiply(prime, inner)
            case Cases(rows=rows, otherwise=otherwise):
                changed = tuple((condition, self.of(value)) for condition, value in rows)
                rest = None if otherwise is None else self.of(otherwise)
                return Cases(changed, rest)
            case Reduce():
                return self.of_reduction(node)
            case Compare() | Logic():
                return ZERO  # a step: flat wherever it has a derivative
        if isinstance(node, Call | Apply) and any(
            self.of(child) != ZERO for child in node.children()
        ):
            name = node.function if isinstance(node, Call) else node.name
            raise self.error(f"the derivative of {name} is not known")
        return ZERO

    def of_element(self, node: Read) -> Node:
        """[i = j] for an element of the array itself."""
        if len(node.index) != len(self.by.index):
            raise self.error(
                f"{node.name} has {wording.indices(len(node.index))} where its derivative is taken "
                f"by {len(self.by.index)}"
            )
        for place in node.index:
            self.insist_on_constant(place, f"{node.name} is read at an index that depends on")
        pairs = zip(node.index, self.by.index, strict=True)
        return multiply(*(Compare("=", here, there) for here, there in pairs))

    def of_other(self, node: Read) -> Node:
        """Of a quantity that is calculated from others: on through its formula."""
        for place in node.index:
            self.insist_on_constant(place, f"{node.name} is read at an index that depends on")
        system = self.elements.system
        if node.name not in system or not depends(node.name, self.by.name, system, self.held):
            return ZERO
        self.way.append(node.name)
        try:
            body, conditions = self.elements.element(node, self.ranges)
            return multiply(self.of(body), *conditions)
        except CnnMathError as error:
            raise error if _WAY in str(error) else self.error(str(error), type(error)) from None
        finally:
            self.way.pop()

    def insist_on_constant(self, node: Node, what: str) -> None:
        if self.of(node) != ZERO:
            raise self.error(f"{what} {self.by.name}: there is no derivative")

    def of_power(self, base: Node, exponent: Node) -> Node:
        inner, outer = self.of(base), self.of(exponent)
        found: Node = ZERO
        if inner != ZERO:
            lower = exponent.value - 1 if isinstance(exponent, Number) else None
            reduced: Node
            if lower == 1.0:
                reduced = base
            elif lower is not None:
                reduced = Power(base, Number(lower))
            else:
                reduced = Power(base, add(exponent, Number(-1.0)))
            slope = multiply(exponent, reduced)
            if lower is None:  # x to the power 0 is 1, at x = 0 too: 0 / 0 would be no number
                slope = Cases(((Compare("=", exponent, ZERO), ZERO),), slope)
            found = multiply(slope, inner)
        if outer != ZERO:
            found = add(found, multiply(Power(base, exponent), Call("log", (base,)), outer))
        return found

    def of_reduction(self, node: Reduce) -> Node:
        for binder in node.binders:
            for end in (binder.low, binder.high):
                self.insist_on_constant(end, f"a {node.operation} has bounds that depend on")
        around = self.ranges
        self.ranges = {**around, **{b.name: (b.low, b.high) for b in node.binders}}
        inner = self.of(node.body)
        self.ranges = around
        if inner == ZERO or node.operation in ("argmax", "argmin"):
            return ZERO
        match node.operation:
            case "sum":
                return collapsed(node.binders, node.where, inner)
            case "max" | "min":
                return collapsed(node.binders, node.where, multiply(wins(node), inner))
        # A product: each term's derivative times the product of the others.
        others = tuple(Binder(f"{b.name}_other", b.low, b.high) for b in node.binders)
        names: dict[str, Node] = {b.name: Index(f"{b.name}_other") for b in node.binders}
        differs = tuple(
            Compare("!=", Index(b.name), Index(f"{b.name}_other")) for b in node.binders
        )
        where = differs[0] if len(differs) == 1 else Logic("or", differs)
        if node.where is not None:
            where = Logic("and", (where, substitute(node.where, names)))
        rest = Reduce("prod", others, where, substitute(node.body, names))
        return Reduce("sum", node.binders, node.where, multiply(inner, rest))


def _number(node: Node) -> float:
    """The number that is written here, perhaps with a minus; NaN for anything else."""
    number = number_in(node)
    return math.nan if number is None else number


def of_winner(node: Call, value: Callable[[Node], Node]) -> Node:
    """What belongs to the first of some values that is the largest or smallest."""
    rows = tuple((Compare("=", one, node), value(one)) for one in node.arguments)
    return ZERO if all(found == ZERO for _, found in rows) else Cases(rows, ZERO)


def wins(node: Reduce) -> Compare:
    """The condition that a term of a maximum or minimum is where that is first attained."""
    return Compare("=", _row_major(node), replace(node, operation=f"arg{node.operation}"))


def _row_major(node: Reduce) -> Node:
    """Where a term stands: the index itself, or its number in row-major order."""
    if len(node.binders) == 1:
        return Index(node.binders[0].name)
    place: Node = ZERO
    for binder in node.binders:
        length = add(binder.high, negative(binder.low), ONE)
        place = add(multiply(place, length), Index(binder.name), negative(binder.low))
    return place


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
