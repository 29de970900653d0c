"""Sums that meet a bracket: [i + s = u] leaves one value of i, and the sum over i is gone.

Each rule rewrites one term at one place. What was fixed must lie in its range: a condition stays
until a rule shows that it says nothing new.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cnnmath.core.arithmetic import (
    difference,
    known_between,
    linear,
    never_negative,
    polynomial,
    same,
    tidy,
)
from cnnmath.core.nodes import (
    ONE,
    ZERO,
    Binder,
    Call,
    Compare,
    Divide,
    Index,
    Logic,
    Node,
    Number,
    Power,
    Read,
    Reduce,
    add,
    indices_in,
    mentions,
    multiply,
    negative,
)
from cnnmath.derive.differentiate import Rewriting
from cnnmath.derive.forward import Forward
from cnnmath.derive.letters import free_letter
from cnnmath.derive.terms import Term, Within, total, within
from cnnmath.errors import FormulaError


@dataclass(frozen=True)
class Solution:
    """An index that a bracket fixes: its value is `above / divisor`."""

    bracket: Compare
    name: str
    above: Node
    divisor: Node
    score: tuple[bool, ...]

    @property
    def value(self) -> Node:
        return self.above if self.divisor == ONE else Divide(self.above, self.divisor)


class Collapse:
    """Shortens the terms of one derivation."""

    def __init__(self, forward: Forward) -> None:
        self.forward = forward
        self.outputs = {binder.name for binder in forward.outputs}
        self.implied: set[str] = set()
        """Quotients, whose range follows from that of what was divided."""

    def steps(self, terms: Sequence[Term]) -> Iterator[tuple[list[Term], Rewriting]]:
        """The terms after each rewriting, until no rule applies."""
        current = list(terms)
        for _ in range(200):
            for place, term in enumerate(current):
                found = self._next(term)
                if found is not None:
                    parts, rewriting = found
                    current = [*current[:place], *parts, *current[place + 1 :]]
                    yield current, rewriting
                    break
            else:
                return
        raise FormulaError("the derivation does not end: derive a formula of less")

    def _next(self, term: Term) -> tuple[list[Term], Rewriting] | None:
        for rule in (self._place, self._bounds, self._solve, self._divide):
            found = rule(term)
            if found is not None:
                after, name, about = found
                return after, Rewriting(name, term.node(), total(after), about)
        return None

    # ---- an index that a bracket fixes ----------------------------------------------------------

    def _solve(self, term: Term) -> tuple[list[Term], str, dict[str, object]] | None:
        solutions = [s for bracket in self._brackets(term) for s in self._solutions(term, bracket)]
        if not solutions:
            return None
        best = min(solutions, key=lambda solution: solution.score)
        binder = next(b for b in term.binders if b.name == best.name)
        rest = replace(
            term,
            deltas=tuple(d for d in term.deltas if d is not best.bracket),
            conditions=tuple(c for c in term.conditions if c is not best.bracket),
        )
        value = best.value
        left = rest.substituted({best.name: value})
        if best.divisor != ONE and not _is_shielded(left):
            value = Call("floor", (value,))
            left = rest.substituted({best.name: value})
        new: list[Node] = []
        divides = Compare("=", Call("mod", (best.above, best.divisor)), ZERO)
        if best.divisor != ONE:
            new.append(divides)
        if binder.name not in self.implied and not _is_open(binder):
            new.append(within(value, binder.low, binder.high))
        left = replace(left, conditions=(*left.conditions, *new))
        rule = "stride" if best.divisor != ONE else "only" if best.score[0] is False else "solve"
        if best.name in self.implied:
            rule = "whole part"
        about = {
            "index": best.name, "value": value, "bracket": best.bracket, "binder": binder,
            "above": best.above, "divisor": best.divisor, "condition": divides,
            "ranges": {b.name: b for b in (*self.forward.own, *left.binders)},
        }  # fmt: skip
        return [left], rule, about

    def _brackets(self, term: Term) -> list[Compare]:
        """Those that say which element is derived by, and such equations that an author wrote."""
        stated = [
            c for c in term.conditions
            if isinstance(c, Compare) and c.relation == "="
            and not any(_is_opaque(n) for n in c.walk())
        ]  # fmt: skip
        return [*term.deltas, *stated]

    def _solutions(self, term: Term, bracket: Compare) -> Iterator[Solution]:
        names = {binder.name for binder in term.binders}
        found = polynomial(add(bracket.left, negative(bracket.right)))
        concerned = {i.name for key in found for atom in key for i in indices_in(atom)} & names
        for name in sorted(concerned):
            parts = linear(found, name)
            if parts is None:
                continue
            factor, rest = parts
            if mentions(factor, names) or not _is_scale(factor):
                continue
            sign = -1.0 if _is_negative(factor) else 1.0
            divisor = tidy(multiply(Number(sign), factor))
            above = tidy(multiply(Number(-sign), rest))
            if self._is_circular(term, name, above) or not _is_whole(above):
                continue
            others = concerned - {name}
            # The sum over a kernel stays, and that over the outputs goes.
            score = (bool(others), divisor != ONE, name not in self.outputs)
            yield Solution(bracket, name, above, divisor, score)

    def _is_circular(self, term: Term, name: str, value: Node) -> bool:
        """Whether the value holds an index whose own range needs the one that is to go."""
        used = {index.name for index in indices_in(value)}
        return any(b.name in used and mentions(b.low, {name}) for b in term.binders) or any(
            b.name in used and mentions(b.high, {name}) for b in term.binders
        )

    # ---- the place of a winner ------------------------------------------------------------------

    def _place(self, term: Term) -> tuple[list[Term], str, dict[str, object]] | None:
        """Of sums over a window, in which a bracket asks for the cell of a number: that cell.

        The number must be the place of a winner in the same window, so that there is such a cell.
        """
        for condition in term.conditions:
            match condition:
                case Compare(relation="=", left=cell, right=Read(name=name) as number):
                    window = self._window(name)
                case _:
                    continue
            binders = tuple(b for b in term.binders if mentions(cell, {b.name}))
            ranges, wanted = ([(b.low, b.high) for b in bs] for bs in (binders, window))
            if not binders or ranges != wanted or not same(cell, _number_of(binders)):
                continue
            values = _cell(binders, number)
            conditions = tuple(c for c in term.conditions if c is not condition)
            left = replace(term, conditions=conditions).substituted(values)
            return [left], "place", {"pairs": values, "number": number, "cell": cell}
        return None

    def _window(self, name: str) -> tuple[Binder, ...]:
        """The window that the formula of a name takes the place of the largest in, if it does."""
        definition = self.forward.nameable.get(name)
        match None if definition is None else definition.right:
            case Reduce(operation="argmax" | "argmin", binders=binders, where=None):
                return binders
        return ()

    # ---- bounds ---------------------------------------------------------------------------------

    def _bounds(self, term: Term) -> tuple[list[Term], str, dict[str, object]] | None:
        ranges = {b.name: b for b in (*self.forward.own, *term.binders)}
        for condition in term.conditions:
            if not isinstance(condition, Within):
                continue
            about: dict[str, object] = {
                "condition": condition, "value": condition.value, "ranges": ranges,
            }  # fmt: skip
            others = tuple(c for c in term.conditions if c is not condition)
            low, high = known_between(
                condition.value, condition.low, condition.high, ranges, self.forward.positive
            )
            if low and high:
                return [replace(term, conditions=others)], "one of its values", about
            guard = self._guard(term, condition)
            if guard is not None:
                return [replace(term, conditions=others)], "outside", {**about, "guard": guard}
            first, last = condition.parts
            kept: Node = last if low else first if high else Logic("and", condition.parts)
            at = term.conditions.index(condition)
            conditions = (*others[:at], kept, *others[at:])
            return [replace(term, conditions=conditions)], "kept", {**about, "kept": kept}
        return None

    def _guard(self, term: Term, condition: Within) -> Read | None:
        """A factor that reads 0 wherever a condition fails."""
        value = condition.value
        for factor in term.factors:
            if not isinstance(factor, Read):
                continue
            for axis, place in enumerate(factor.index):
                if not same(place, value) or self.forward.shape(factor.name) is None:
                    continue
                first, last = self.forward.range_along(factor.name, axis)
                positive = self.forward.positive
                starts = never_negative(difference(first, condition.low), positive)
                ends = never_negative(difference(condition.high, last), positive)
                others = [f for f in term.factors if f is not factor]
                if starts and ends and not any(_may_burst(f, value) for f in others):
                    return factor
        return None

    # ---- floors and remainders ------------------------------------------------------------------

    def _divide(self, term: Term) -> tuple[list[Term], str, dict[str, object]] | None:
        """An index by whose quotient or remainder something is read becomes these two."""
        names = {binder.name for binder in term.binders}
        for call in (n for delta in term.deltas for n in delta.walk() if isinstance(n, Call)):
            match call:
                case Call(function="floor", arguments=(Divide(above=above, below=below),)):
                    pass
                case Call(function="mod", arguments=(above, below)):
                    pass
                case _:
                    continue
            inner = {index.name for index in indices_in(above)} & names
            if len(inner) != 1 or mentions(below, names) or not _is_scale(below):
                continue
            (name,) = inner
            parts = linear(polynomial(above), name)
            if parts is None or parts[0] != ONE:
                continue
            return self._divided(term, name, parts[1], below)
        return None

    def _divided(
        self, term: Term, name: str, rest: Node, below: Node
    ) -> tuple[list[Term], str, dict[str, object]]:
        binder = next(b for b in term.binders if b.name == name)
        forward = self.forward
        taken = {*term.names(), *forward.definition.shapes, *forward.definition.vocabulary.sizes}
        taken |= {b.name for b in (*forward.own, *forward.outputs)} | self.implied
        times = free_letter("pqmn", taken)
        left = free_letter("rtvw", {*taken, times})
        whole = tidy(add(Index(name), rest))
        self.implied.add(times)

        def replaced(node: Node) -> Node:
            match node:
                case Call(function="floor", arguments=(Divide(above=above, below=other),)) if same(
                    above, whole
                ) and same(other, below):
                    return Index(times)
                case Call(function="mod", arguments=(above, other)) if same(above, whole) and same(
                    other, below
                ):
                    return Index(left)
            return node.rebuilt(replaced)

        value = tidy(add(multiply(below, Index(times)), Index(left), negative(rest)))
        ends = [
            tidy(Call("floor", (Divide(tidy(add(end, rest)), below),)))
            for end in (binder.low, binder.high)
        ]
        if binder.low == ZERO and rest == ZERO:
            ends[0] = ZERO
        put = Term(
            tuple(b.rebuilt(replaced) if b.name != name else b for b in term.binders),  # type: ignore[misc]
            tuple(map(replaced, term.factors)),
            tuple(replaced(d) for d in term.deltas),  # type: ignore[misc]
            tuple(map(replaced, term.conditions)),
        ).substituted({name: value})
        at = term.binders.index(binder)
        binders = (
            *put.binders[:at],
            Binder(times, ends[0], ends[1]),
            Binder(left, ZERO, tidy(add(below, Number(-1.0)))),
            *put.binders[at:],
        )
        put = replace(
            put,
            binders=binders,
            conditions=(*put.conditions, within(value, binder.low, binder.high)),
        )
        about = {"index": name, "value": value, "quotient": times, "remainder": left,
                 "divisor": below, "whole": whole}  # fmt: skip
        return [put], "divide", about


def _number_of(window: Sequence[Binder]) -> Node:
    """The number of a cell, row by row; along one axis alone the index itself."""
    found: Node = ZERO
    for binder in window:
        found = add(multiply(found, add(binder.high, ONE)), Index(binder.name))
    return found


def _cell(window: Sequence[Binder], number: Node) -> dict[str, Node]:
    """For each index of a window its value, in the cell that has a number."""
    values: list[tuple[str, Node]] = []
    after: Node = ONE
    for binder in reversed(window):
        length = tidy(add(binder.high, ONE))
        whole = number if after == ONE else Call("floor", (Divide(number, after),))
        is_first = binder is window[0]
        values.append((binder.name, whole if is_first else Call("mod", (whole, length))))
        after = tidy(multiply(length, after))
    return dict(reversed(values))


# ---- what expressions are -----------------------------------------------------------------------


def _is_scale(node: Node) -> bool:
    """Whether a factor is a whole number or a product of sizes, perhaps with a minus."""
    found = polynomial(node)
    return len(found) == 1 and all(
        number.denominator == 1
        and all(isinstance(a, Read) and all(isinstance(p, Number) for p in a.index) for a in key)
        for key, number in found.items()
    )


def _is_negative(node: Node) -> bool:
    return all(number < 0 for number in polynomial(node).values())


def _is_whole(node: Node) -> bool:
    """Whether an expression has whole values where its indices and sizes have."""
    return all(
        number.denominator == 1 and not any(isinstance(atom, Divide) for atom in key)
        for key, number in polynomial(node).items()
    )


def _is_opaque(node: Node) -> bool:
    """Whether a value is none that index arithmetic knows: an element of an array, a winner."""
    return isinstance(node, Reduce) or (
        isinstance(node, Read) and any(not isinstance(place, Number) for place in node.index)
    )


def _is_shielded(term: Term) -> bool:
    """Whether fractions stand only where a bracket makes 0 of what is no whole number."""
    parts = [f for f in term.factors if not isinstance(f, Read)]
    parts += [c for c in term.conditions if any(_is_opaque(n) for n in c.walk())]
    nodes = [node for part in parts for node in part.walk()]
    places = [place for node in nodes if isinstance(node, Read) for place in node.index]
    places += [end for node in nodes if isinstance(node, Binder) for end in (node.low, node.high)]
    places += [end for binder in term.binders for end in (binder.low, binder.high)]
    return all(map(_is_whole, places))


def _is_open(binder: Binder) -> bool:
    """Whether an index runs over all whole numbers."""
    return _is_infinite(binder.low) and _is_infinite(binder.high)


def _is_infinite(node: Node) -> bool:
    return any(isinstance(n, Number) and abs(n.value) == float("inf") for n in node.walk())


def _may_burst(node: Node, value: Node) -> bool:
    """Whether a factor that the value enters may be infinite where it reads zeros."""
    names = {index.name for index in indices_in(value)}
    return mentions(node, names) and any(
        isinstance(inner, Divide | Power)
        or (isinstance(inner, Call) and inner.function in ("log", "log10", "sqrt", "exp"))
        for inner in node.walk()
    )
