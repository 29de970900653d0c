r"""What stands below and above a \sum, printed: bounds.py and sums.py the other way round.

A sum over two indices is one over each, `\sum_{s=0}^{m-1} \sum_{t=0}^{n-1}`; a maximum is one over
both, so that it stays plain which of two equal elements is the first.
"""

from collections.abc import Iterable
from typing import Protocol

from cnnmath.core.nodes import (
    ZERO,
    Add,
    Binder,
    Call,
    Compare,
    Divide,
    Extent,
    Index,
    Logic,
    Multiply,
    Node,
    Number,
    Power,
    Read,
    Reduce,
    add,
    axes_indexed_by,
    indices_in,
    mentions,
    number_in,
)
from cnnmath.core.statement import Declared, Statement
from cnnmath.errors import FormulaError
from cnnmath.language.spelling import Spelling

_BIG = {"sum": r"\sum", "prod": r"\prod", "max": r"\max", "min": r"\min",
        "argmax": r"\arg\max", "argmin": r"\arg\min", "det": r"\det",
        "inv": r"\operatorname{inv}"}  # fmt: skip

NEXT = r" \\ "
_SINGLE = (Read, Divide, Power, Compare, Logic)  # \prod plainly reaches over these


class Writes(Protocol):
    """What writes values, which bounds and conditions are made of: the Printer."""

    declared: Declared
    statement: Statement
    spelling: Spelling

    def value(self, node: Node) -> str:
        """An expression that stands alone."""

    def term(self, node: Node) -> str:
        """What a sum is taken of."""

    def enclosed(self, node: Node) -> str:
        """Something in brackets."""

    def condition(self, node: Node) -> str:
        """A condition without a bracket around it."""


class LimitsPrinter:
    """Writes reductions for a Printer.

    scope : the letters that are an index where the printer is
    """

    def __init__(self, printer: Writes, free: Iterable[str]) -> None:
        self.printer = printer
        self.scope = set(free)
        self.along = dict(printer.statement.along)

    def written(self, node: Reduce) -> str:
        """A sum, product, maximum or minimum with what it is taken of."""
        if _counts_otherwise(node):
            raise FormulaError(
                f"there is no LaTeX for the {node.operation} over several indices that do not all "
                "count from 0, or with a condition"
            )
        spelling = self.printer.spelling
        letters: dict[str, str] = {}
        for binder in node.binders:
            taken = self.scope | set(letters.values())
            letters[binder.name] = spelling.letter(binder.name, taken)
        is_nested = node.operation == "sum" and node.where is None
        is_nested |= node.operation == "prod" and len(letters) == 1 and node.where is None
        ranges = {
            b.name: self._range(b, spelling.symbol(letters[b.name]), node, is_nested)
            for b in node.binders
        }
        outer = self.scope, dict(spelling.renamed)
        spelling.renamed.update(letters)
        self.scope = self.scope | set(letters.values())
        sign = _BIG[node.operation]
        if is_nested:
            signs = " ".join(f"{sign}_{text}" for text in ranges.values())
        else:
            items = self._conditions(node, ranges)
            below = rf"\substack{{{NEXT.join(items)}}}" if len(items) > 1 else items[0]
            signs = f"{sign}_{{{below}}}"
        body = self._body(node)
        self.scope, spelling.renamed = outer
        return f"{signs} {body}"

    def _body(self, node: Reduce) -> str:
        body, names = node.body, {b.name for b in node.binders}
        last = body.factors[-1] if isinstance(body, Multiply) else body
        is_read_early = isinstance(last, Reduce) and last.where and mentions(last.where, names)
        is_asked = node.operation == "prod" and not isinstance(body, _SINGLE)
        if node.operation == "inv":
            return self.printer.enclosed(body)
        return self.printer.enclosed(body) if is_read_early or is_asked else self.printer.term(body)

    # ---- bounds ---------------------------------------------------------------------------------

    def between(self, low: Node, letter: str, high: Node) -> str:
        r"""`0 \le s \le m - 1`."""
        first, last = map(self.printer.value, (_tidy(low), _tidy(high)))
        return rf"{first} \le {letter} \le {last}"

    def _range(self, binder: Binder, letter: str, node: Reduce, is_nested: bool) -> str:
        """The first and the last value of an index, as far as the language has words for them."""
        if self._is_silent(binder, node):
            axes = axes_indexed_by(binder.name, [node.body, *_conjuncts(node.where)])
            start = Number(float(self.printer.declared.origin(axes[0][0]))) if axes else binder.low
            low = self.printer.value(binder.low)
            text = letter if binder.low == start else rf"{letter} \ge {low}"
            return f"{{{text}}}" if is_nested else text
        if is_nested:
            low, high = map(self.printer.value, (_tidy(binder.low), _tidy(binder.high)))
            return f"{{{letter}={low}}}^{{{high}}}"
        return self.between(binder.low, letter, binder.high)

    def _is_silent(self, binder: Binder, node: Reduce) -> bool:
        """Whether the last value goes without saying, and cannot be said."""
        if any(isinstance(inner, Extent) for inner in binder.high.walk()):
            axes = axes_indexed_by(binder.name, [node.body, *_conjuncts(node.where)])
            return not axes or binder.high == self._end_of(*axes[0])
        return binder.name in self.along and any(
            place != Index(binder.name) and {i.name for i in indices_in(place)} == {binder.name}
            for read in node.body.walk()
            if isinstance(read, Read)
            for place in read.index
        )

    def _end_of(self, array: str, axis: int) -> Node:
        first = Number(float(self.printer.declared.origin(array)))
        return add(Extent(array, axis), Number(-1.0), first)

    # ---- conditions -----------------------------------------------------------------------------

    def _conditions(self, node: Reduce, ranges: dict[str, str]) -> list[str]:
        """What stands below one sign: the range of each index, then what else must hold."""
        parts = _conjuncts(node.where)
        items = []
        for binder in node.binders:
            members = next((p for p in parts if _lists_values(p, binder)), None)
            if members is None:
                items.append(ranges[binder.name])
            else:
                items.append(self.printer.condition(members))
                parts.remove(members)
        silent = {b.name for b in node.binders if self._is_silent(b, node)}
        return [*items, *(self._constraint(part, silent) for part in parts)]

    def _constraint(self, part: Node, silent: set[str]) -> str:
        """A condition, written so that it is no bound of an index and introduces none."""
        match part:
            case Compare(relation=relation, left=left, right=right):
                is_bound = any(isinstance(n, Index) and n.name in silent for n in (left, right))
                is_new = self._is_new(left, relation) or self._is_new(right, "<")
                if not is_bound and not is_new:
                    return self.printer.condition(part)
            case Logic(parts=(Compare(left=left), *_)) if is_membership(part):
                if not isinstance(left, Index) and not self._is_new(left, "="):
                    return self.printer.condition(part)
        return f"{self.printer.enclosed(part)} = 1"

    def _is_new(self, side: Node, relation: str) -> bool:
        """Whether a side of a condition is a letter that would be taken for an index of the sum."""
        if isinstance(side, Read) and not side.index:
            return relation == "=" or side.name not in self.printer.declared.names
        return isinstance(side, Number) and not self.printer.value(side).isdigit()


# ---- what conditions and bounds are -------------------------------------------------------------


def _counts_otherwise(node: Reduce) -> bool:
    """Whether a place of several indices is not simply the number of a cell of a window."""
    several = node.operation.startswith("arg") and len(node.binders) > 1
    is_part = node.where is not None
    return several and (is_part or any(binder.low != ZERO for binder in node.binders))


def _conjuncts(where: Node | None) -> list[Node]:
    if where is None:
        return []
    is_and = isinstance(where, Logic) and where.operation == "and"
    return list(where.parts) if isinstance(where, Logic) and is_and else [where]


def _tidy(bound: Node) -> Node:
    """A bound with its numbers in one: M - m in place of M - m + 1 - 1."""
    terms = [bound]
    while any(isinstance(term, Add) for term in terms):
        terms = [t for term in terms for t in (term.terms if isinstance(term, Add) else (term,))]
    numbers = [number_in(term) for term in terms]
    known = [number for number in numbers if number is not None]
    others = [term for term, number in zip(terms, numbers, strict=True) if number is None]
    return bound if len(known) < 2 else add(*others, Number(sum(known)))


def _lists_values(part: Node, binder: Binder) -> bool:
    """Whether a condition lists the values of an index, and its bounds are the ends of the list."""
    if not isinstance(part, Logic) or not is_membership(part):
        return False
    pairs = [p for p in part.parts if isinstance(p, Compare)]
    values = tuple(p.right for p in pairs)
    if pairs[0].left != Index(binder.name):
        return False
    if (binder.low, binder.high) == (Call("min", values), Call("max", values)):
        return True
    numbers = [number_in(value) for value in values]
    known = [n for n in numbers if n is not None]
    ends = (Number(min(known)), Number(max(known))) if len(known) == len(values) else ()
    return (binder.low, binder.high) == ends


def is_membership(node: Node) -> bool:
    """Whether a condition says that a value is one of several."""
    if not isinstance(node, Logic) or node.operation != "or":
        return False
    lefts = {p.left for p in node.parts if isinstance(p, Compare) and p.relation == "="}
    return len(lefts) == 1 and all(isinstance(p, Compare) and p.relation == "=" for p in node.parts)
