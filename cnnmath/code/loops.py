"""What a formula says, as loops: one for each index, and nothing clever.

A sum adds to its target term by term; what lies outside an array, or where a bracket fails, adds
nothing, which an `if` says.
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from cnnmath.code.expressions import Expressions
from cnnmath.code.frame import Frame, past
from cnnmath.code.text import CHOICE, SUM, Lines, Text
from cnnmath.core.lower import LOSES
from cnnmath.core.nodes import (
    ZERO,
    Add,
    Binder,
    Cases,
    Compare,
    Element,
    Logic,
    Multiply,
    Negative,
    Node,
    Number,
    Padded,
    Reduce,
    product,
)
from cnnmath.errors import FormulaError

_CALLED = {"sum": "total", "prod": "product", "max": "largest", "min": "smallest"}
_EMPTY = {"sum": "0.0", "prod": "1.0", "max": "-np.inf", "min": "np.inf"}
_TURNED = {"=": "-=", "+=": "-=", "-=": "+="}


class Loops:
    """Writes statements.

    frame : what is known;  lines : where they go
    """

    def __init__(self, frame: Frame, lines: Lines) -> None:
        self.frame = frame
        self.lines = lines
        self.expressions = Expressions(frame, self._needed, self._insisted)

    # ---- a target, and what it becomes ----------------------------------------------------------

    def store(self, node: Node, target: str, sign: str = "=") -> None:
        """Lines after which a target that was 0 has the value of a node.

        sign : `+=` or `-=`, where the target has a value already to which this is added
        """
        adds = "-=" if sign == "-=" else "+="
        match node:
            case Reduce(operation="sum"):
                with self._over(node.binders, node.where):
                    self.store(node.body, target, adds)
            case Multiply() | Element() if (parted := self._parted(node))[0]:
                conditions, elements, rest = parted
                with self._where(conditions), self.expressions.certain_of(elements):
                    self.store(rest, target, sign)
            case Add(terms=(first, *others)) if any(map(self._takes_lines, node.terms)):
                self.store(first, target, sign)
                for term in others:
                    self.store(term, target, adds)
            case Negative(body=body) if sign != "=" or self._takes_lines(body):
                self.store(body, target, _TURNED[sign])
            case Cases(rows=rows, otherwise=otherwise):
                self._cases(rows, otherwise, target, sign)
            case _:
                self.lines.add(f"{target} {sign} {self.expressions.value(node).text}")

    def _takes_lines(self, term: Node) -> bool:
        """Whether a term of a sum is better said in lines of its own."""
        inner = term.body if isinstance(term, Negative) else term
        is_sum = isinstance(inner, Reduce) and inner.operation == "sum"
        return is_sum or (isinstance(inner, Multiply | Element) and bool(self._parted(inner)[0]))

    def _parted(self, node: Node) -> tuple[str, list[Element], Node]:
        """Conditions without which a product is 0, elements that then lie inside their arrays, and
        the product without those conditions that its author wrote."""
        factors = node.factors if isinstance(node, Multiply) else (node,)
        written = [f for f in factors if isinstance(f, Compare | Logic)]
        others = [f for f in factors if f not in written]
        if not others:
            return "", [], node
        elements = [f for f in others if isinstance(f, Element) and f.outside == 0]
        parts = [self.expressions.all_of(written)] if written else []
        with self.lines.apart():
            parts.append(self.expressions.inside(*elements))
        return " and ".join(filter(None, parts)), elements, product(*others)

    # ---- conditions -----------------------------------------------------------------------------

    @contextmanager
    def _where(self, condition: str) -> Iterator[None]:
        with self.lines.below(*([f"if {condition}:"] if condition else [])):
            yield

    def _cases(
        self, rows: Sequence[tuple[Node, Node]], otherwise: Node | None, target: str, sign: str
    ) -> None:
        word = "if"
        for condition, value in rows:
            with self.lines.below(f"{word} {self.expressions.condition(condition).text}:"):
                self.store(value, target, sign)
            word = "elif"
        if otherwise == ZERO:
            return
        with self.lines.below("else:"):
            if otherwise is None:
                self.lines.add('raise ValueError("no case of the formula holds")')
            else:
                self.store(otherwise, target, sign)

    def _chosen(self, rows: Sequence[tuple[Node, Node]], otherwise: Node | None) -> Text:
        """Cases within an expression."""
        if otherwise is not None and len(rows) == 1:
            ((condition, value),) = rows
            with self.lines.apart() as lines:
                texts = [
                    self.expressions.value(value).within(CHOICE + 1),
                    self.expressions.condition(condition).text,
                    self.expressions.value(otherwise).text,
                ]
            if not lines:
                return Text("{} if {} else {}".format(*texts), CHOICE)
        name = self.frame.names.kept("value")
        self.lines.add(f"{name} = 0.0")
        self._cases(rows, otherwise, name, "=")
        return Text(name)

    # ---- what needs lines before the one in which it stands -------------------------------------

    def _insisted(self, condition: str) -> None:
        self.lines.add(f"assert {condition}")

    def _needed(self, node: Node) -> Text:
        if isinstance(node, Cases):
            return self._chosen(node.rows, node.otherwise)
        assert isinstance(node, Reduce)
        if node.operation in ("argmax", "argmin"):
            return self._attained(node)
        if node.operation == "det":
            values = self._listed(node.binders, node.body)
            return Text(f"np.linalg.det(np.reshape({values}, (round(len({values}) ** 0.5), -1)))")
        name = self.frame.names.kept(_CALLED[node.operation])
        self.lines.add(f"{name} = {_EMPTY[node.operation]}")
        if node.operation == "sum":
            self.store(node, name, "+=")
            return Text(name)
        with self._over(node.binders, node.where):
            condition, elements, body = self._competing(node)
            with self._where(condition), self.expressions.certain_of(elements):
                text = self.expressions.value(body).text
                if node.operation == "prod":
                    self.lines.add(f"{name} *= {text}")
                else:
                    self.lines.add(f"{name} = np.{node.operation}imum({name}, {text})")
        return Text(name)

    def _competing(self, node: Reduce) -> tuple[str, list[Element], Node]:
        """The condition without which a value does not take part in a maximum, and the value."""
        body, loses = node.body, LOSES.get(node.operation)
        if isinstance(body, Padded) and body.outside == loses:
            return self.expressions.condition(body.inside).text, [], body.body
        if isinstance(body, Element) and body.outside == loses:
            return self.expressions.inside(body), [body], body
        return "", [], body

    def _attained(self, node: Reduce) -> Text:
        """Where the largest or smallest value is: the index, or its row-major number."""
        body = node.body
        if node.where is not None:
            body = Cases(((node.where, body),), Number(LOSES[node.operation]))
        name = self._listed(node.binders, body)
        found = f"np.{node.operation}({name})"
        if len(node.binders) == 1 and node.binders[0].low != ZERO:
            return Text(f"{self.expressions.place(node.binders[0].low)} + {found}", SUM, True)
        return Text(found, whole=True)

    def _listed(self, binders: Sequence[Binder], body: Node) -> str:
        """The name of the list of all values that a reduction is taken of."""
        name = self.frame.names.kept("values")
        self.lines.add(f"{name} = []")
        with self._over(binders, None):
            self.lines.add(f"{name}.append({self.expressions.value(body).text})")
        return name

    # ---- indices --------------------------------------------------------------------------------

    @contextmanager
    def _over(self, binders: Sequence[Binder], where: Node | None) -> Iterator[None]:
        """What is written in here stands in the loops of a reduction."""
        ends = [self.span(binder) for binder in binders]  # said around the indices
        with self.frame.over(*binders) as letters:
            headers = [f"for {k} in {span}:" for k, span in zip(letters, ends, strict=True)]
            with self.lines.below(*headers):
                condition = "" if where is None else self.expressions.condition(where).text
                with self._where(condition):
                    yield

    def span(self, binder: Binder) -> str:
        """`range(m)`, for s from 0 to m - 1."""
        ends = (binder.low, binder.high)
        if any(isinstance(end, Number) and math.isinf(end.value) for end in ends):
            name = binder.name.partition("~")[0]
            raise FormulaError(
                f"the sum over {name} has no end: a loop needs one, write its bounds"
            )
        low, high = self.expressions.place(binder.low), self.expressions.place(past(binder.high))
        return f"range({high})" if low == "0" else f"range({low}, {high})"
