r"""Sets that are arrays: the `R_j` of `\sum_{i \in R_j} x_i`, the `\mathcal{N}(i)` of a graph.

A set is given as an array of 0 and 1, or of False and True: `R[j, i]` says whether i is in R_j. Its
last index is the member, or its last ones where the members are pairs, `(s,t) \in R_{ij}`.
A calligraphic letter that nothing declares, as in `\sum_{x \in \mathcal{X}} p(x)`, is all that
its index can be. `|R_j|` counts the members.
"""

from collections.abc import Sequence
from typing import NamedTuple

from cnnmath.core.nodes import Binder, Compare, Index, Node, Number, Read, Reduce
from cnnmath.language.indices import indices
from cnnmath.language.limits import Limits
from cnnmath.language.names import full_name, index_scripts
from cnnmath.language.scope import Scope
from cnnmath.language.syntax import Comparison, Equation, Factor, List, Part, Symbol

_ALPHABETS = (r"\mathcal", r"\cal", r"\mathscr")
INFINITE = {"Z": (float("-inf"), float("inf")), "N": (0.0, float("inf"))}


def named_sets(equation: Equation) -> frozenset[str]:
    r"""The names that stand behind an \in."""
    found: set[str] = set()
    for part in equation.walk():
        if isinstance(part, Comparison):
            for side, relation in zip(part.sides[1:], part.relations, strict=True):
                named = _named(side) if relation.endswith("in") else None
                found |= {named[0].name} if named else set()
    return frozenset(found)


def take_members(names: Sequence[str], operand: Part, limits: Limits, scope: Scope) -> bool:
    """Bounds of indices that are members of a set which has a name; False if it has none."""
    written = _named(operand)
    if written is None:
        return False
    symbol, arguments = written
    name = _name(symbol, scope)
    is_plain = not (symbol.scripts or arguments)
    if is_plain and name in INFINITE and not scope.rank(name):
        return False
    if is_plain and name not in scope.declared.names:
        if symbol.style in _ALPHABETS:
            return True  # all that the index can be
        if symbol.style == r"\mathbb":
            return False
    one = _read(symbol, arguments, len(names), scope)
    for binder in one.along(names, scope):
        limits.low[binder.name], limits.high[binder.name] = binder.low, binder.high
    limits.conditions.append(one.holds([*map(Index, names)]))
    return True


def holds_member(member: Node, operand: Part, scope: Scope) -> Node | None:
    r"""`[i \in R_j]`, whether i is a member; None if this is no set that has a name."""
    written = _named(operand)
    if written is None or (written[0].style == r"\mathbb" and not scope.rank(written[0].name)):
        return None
    return _read(*written, 1, scope).holds([member])


def count_of(inner: Part, scope: Scope) -> Node | None:
    """`|R_j|`, how many members a set has; None for what is no set."""
    written = _named(inner)
    if written is None or written[0].name not in scope.sets:
        return None
    one = _read(*written, None, scope)
    group = next(scope.found.fresh)
    names = [f"all_{group}_{axis}" for axis in range(len(one.which), one.rank)]
    return Reduce("sum", one.along(names, scope), None, one.holds([*map(Index, names)]))


class _Set(NamedTuple):
    """One of the sets of an array: which it is, and how many axes the array has."""

    array: str
    which: list[Node]
    rank: int

    def along(self, names: Sequence[str], scope: Scope) -> tuple[Binder, ...]:
        """Indices that run over all that may be members."""
        axes = range(len(self.which), self.rank)
        pairs = zip(axes, names, strict=True)
        return tuple(scope.along(self.array, axis, name) for axis, name in pairs)

    def holds(self, members: Sequence[Node]) -> Node:
        """Whether indices are of a member."""
        return Compare("!=", Read(self.array, (*self.which, *members)), Number(0.0))


def _read(symbol: Symbol, arguments: List | None, members: int | None, scope: Scope) -> _Set:
    """A set, which is noted as one.

    members : how many indices a member has; None for as many as there are axes for
    Raises ShapeError if the array was declared, or is read elsewhere, with another number of axes.
    """
    name = _name(symbol, scope)
    axes = len(scope.declared.shapes.get(name, ()))
    want = axes - (members or 1) if axes else None
    lists = [inner.group or inner for _, inner in index_scripts(symbol, name, scope)]
    lists += [arguments] if arguments else []
    index = [node for inner in lists for node in indices(inner, want, scope)]
    rank = len(index) + members if members else axes or len(index) + 1
    scope.note_symbol(*symbol.span, name)
    scope.note_rank(name, rank, symbol)
    scope.found.sets.add(name)
    return _Set(name, index, rank)


def _name(symbol: Symbol, scope: Scope) -> str:
    """The name with its label: of `\\mathcal{Y}_L` it is Y_L, if that is declared."""
    return full_name(symbol, scope, lambda letter: True)


def _named(part: Part) -> tuple[Symbol, List | None] | None:
    """`R_j`, `\\mathcal{N}(i)`: the symbol, and what is in brackets behind it."""
    match part.factors:
        case [Factor(symbol=Symbol() as symbol)]:
            return symbol, None
        case [Factor(symbol=Symbol() as symbol), Factor(kind="parens") as group]:
            return (symbol, group.held) if not group.attached else None
    return None
