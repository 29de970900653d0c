"""The rules of differential calculus: the derivative of an expression, by those of its parts.

The derivative of an element read, W_{s't'}, by another, W_{st}, is [s'=s][t'=t]; sums, products,
quotients, powers and functions follow the rules of every textbook. Who derives says what becomes of
the parts: jacobian.py works them out at once, derive/differentiate.py leaves them waiting, so that
a reader sees one rule at a time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from cnnmath.core import wording
from cnnmath.core.elements import Elements
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
    Inverse,
    Logic,
    Multiply,
    Negative,
    Node,
    Number,
    Power,
    Read,
    Reduce,
    add,
    multiply,
    negative,
)
from cnnmath.core.slopes import slopes_of
from cnnmath.errors import CnnMathError, FormulaError


@dataclass(eq=False)
class Calculus:
    """The rules, by one element of an array.

    by : that element;  elements : what is known of quantities that formulas define
    ranges : of the indices around what is derived
    """

    by: Read
    elements: Elements
    ranges: Mapping[str, Binder]
    bracket: ClassVar[type[Compare]] = Compare

    # ---- what is left to who derives ------------------------------------------------------------

    def of(self, part: Node) -> Node:
        """The derivative of a part; 0 where it stands still."""
        raise NotImplementedError

    def defined(self, read: Read) -> Node:
        """The derivative of what is calculated from others: on through its formula."""
        body, conditions = self.elements.element(read, self.ranges)
        return multiply(self.of(body), *conditions)

    def again(self, node: Reduce) -> Reduce:
        """A sum, product or extremum once more, under other names for its indices."""
        return self.elements.again(node)

    def may_be_outside(self, node: Node) -> bool:
        """Whether a value may read beyond the ends of an array, so that it loses."""
        return any(isinstance(inner, Read) and inner.index for inner in node.walk())

    def error(self, what: str, kind: type[CnnMathError] = FormulaError) -> CnnMathError:
        return kind(what)

    # ---- the rules ------------------------------------------------------------------------------

    def rule(self, node: Node) -> tuple[str, Node]:
        """The name of the rule for an expression, and the derivative that it gives.

        Raises FormulaError if there is none.
        """
        match node:
            case Read(name=name, index=index):
                for place in index:
                    self._insist_on_constant(place, f"{name} is read at an index that depends on")
                if name == self.by.name:
                    return "element", self._element(node)
                return "definition", self.defined(node)
            case Apply(name=name, arguments=(argument,)) if self.elements.is_number(name):
                return "bracket", self.of(Multiply((Read(name), argument)))
            case Apply(name=name) if name == self.by.name:
                raise self.error(
                    f"is {name} a number or a function? If a number, declare it, {name}=''"
                )
            case Add(terms=terms):
                return "sum", add(*map(self.of, terms))
            case Negative(body=body):
                return "minus", negative(self.of(body))
            case Multiply(factors=factors):
                moved = [(k, self.of(factor)) for k, factor in enumerate(factors)]
                parts = [
                    multiply(*factors[:k], slope, *factors[k + 1 :])
                    for k, slope in moved
                    if slope != ZERO
                ]
                return "factor" if len(parts) == 1 else "product", add(*parts)
            case Divide(above=above, below=below):
                return self._quotient(above, below)
            case Call(function="max" | "min"):
                return "larger", self._extremum(node)
            case Cases(rows=rows, otherwise=otherwise):
                rows = tuple((condition, self.of(value)) for condition, value in rows)
                rest = None if otherwise is None else self.of(otherwise)
                still = all(value in (ZERO, None) for value in (*(v for _, v in rows), rest))
                return "cases", ZERO if still else Cases(rows, rest)
            case Reduce():
                return self._reduction(node)
            case Inverse(of=Reduce(body=body)) if self._moves(body):
                raise self.error("the derivative of the inverse of a matrix is not known")
            case Power() | Call() | Apply() if slopes := slopes_of(node):
                name = "power" if isinstance(node, Power) else "function"
                return name, add(*(multiply(slope, self.of(part)) for slope, part in slopes))
            case Call(function=name) | Apply(name=name) if any(map(self._moves, node.children())):
                raise self.error(f"the derivative of {name} is not known")
        return "step", ZERO  # a condition, say: flat wherever it has a derivative

    def _moves(self, node: Node) -> bool:
        return self.of(node) != ZERO

    def _insist_on_constant(self, node: Node, what: str) -> None:
        if self._moves(node):
            raise self.error(f"{what} {self.by.name}: there is no derivative")

    def _element(self, node: Read) -> Node:
        """[i = j] for an element of the array itself."""
        if len(node.index) != len(self.by.index):
            raise self.error(
                f"{node.name} has {wording.indices(len(node.index))} where its derivative is taken "
                f"by {len(self.by.index)}"
            )
        pairs = zip(node.index, self.by.index, strict=True)
        turned = ((b, a) if isinstance(a, Number) else (a, b) for a, b in pairs)
        return multiply(*(self.bracket("=", here, there) for here, there in turned))

    def _quotient(self, above: Node, below: Node) -> tuple[str, Node]:
        up, down = self.of(above), self.of(below)
        first = ZERO if up == ZERO else Divide(up, below)
        if down == ZERO:
            return "factor", first
        second = multiply(Divide(above, Power(below, Number(2.0))), down)
        return "quotient", add(first, negative(second))

    def _extremum(self, node: Call) -> Node:
        """Of the larger of some values: the derivative of the first that is it."""
        first, *others = node.arguments
        if not others:
            return self.of(first)
        second = others[0] if len(others) == 1 else Call(node.function, tuple(others))
        relation, opposite = (">=", ">") if node.function == "max" else ("<=", "<")
        wins, loses = Compare(relation, first, second), Compare(opposite, second, first)
        # Beyond its array an element is 0, and so is a product with it: no larger than 0 is.
        is_plain = first == ZERO and isinstance(second, Read | Multiply)
        if not is_plain and (self.may_be_outside(first) or self.may_be_outside(second)):
            wins, loses = Compare("=", first, node), Compare("!=", first, node)
        return add(multiply(wins, self.of(first)), multiply(loses, self.of(second)))

    def _reduction(self, node: Reduce) -> tuple[str, Node]:
        for binder in node.binders:
            for end in (binder.low, binder.high):
                self._insist_on_constant(end, f"a {node.operation} has bounds that depend on")
        inner = ZERO if node.operation in ("argmax", "argmin") else self.of(node.body)
        if inner == ZERO:
            return "step", ZERO
        if node.operation == "det":
            raise self.error("the derivative of a determinant is not known")
        name = "inside"
        if node.operation in ("max", "min"):
            name, inner = "winner", multiply(wins(node, self.again(node)), inner)
        elif node.operation == "prod":
            name, inner = "others", multiply(inner, self._others(node))
        return name, Reduce("sum", node.binders, node.where, inner)

    def _others(self, node: Reduce) -> Node:
        """The factors of a product but for the one at its indices."""
        others = self.again(node)
        pairs = zip(node.binders, others.binders, strict=True)
        differs = tuple(Compare("!=", Index(o.name), Index(b.name)) for b, o in pairs)
        where: Node = differs[0] if len(differs) == 1 else Logic("or", differs)
        if others.where is not None:
            where = Logic("and", (where, others.where))
        return replace(others, where=where)


def wins(node: Reduce, extremum: Reduce) -> Compare:
    """The condition that a term of a maximum or minimum is where that is first attained.

    extremum : the same, perhaps under other names for its indices
    """
    return Compare("=", _row_major(node), replace(extremum, operation=f"arg{node.operation}"))


def _row_major(node: Reduce) -> Node:
    """Where a term stands: the index itself, or its number in row-major order."""
    if len(node.binders) == 1:
        return Index(node.binders[0].name)
    place: Node = ZERO
    for binder in node.binders:
        length = add(binder.high, negative(binder.low), ONE)
        place = add(multiply(place, length), Index(binder.name), negative(binder.low))
    return place
