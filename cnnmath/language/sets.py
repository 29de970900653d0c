r"""Sets that are arrays: the `R_j` of `\sum_{i \in R_j} x_i`, the `\mathcal{N}(i)` of a graph.

A set is given as an array of 0 and 1, or of False and True: `R[j, i]` says whether i is in R_j. Its
last index is the member, or its last ones where the members are pairs, `(s,t) \in R_{ij}`.
A calligraphic letter that nothing declares, as in `\sum_{x \in \mathcal{X}} p(x)`, is all that
its index can be. `|R_j|` counts the members.
"""

from collections.abc import Sequence

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
    named = _named(operand)
    if named is None:
        return False
    symbol, arguments = named
    set_name = _name(symbol, scope)
    if set_name in INFINITE and not (symbol.scripts or arguments or scope.rank(set_name)):
        return False
    is_plain = not (symbol.scripts or arguments or set_name in scope.declared.names)
    if is_plain and symbol.style == r"\mathbb":
        return False
    if is_plain and symbol.style in _ALPHABETS:
        return True  # all that the index can be
    index = _index(symbol, arguments, len(names), scope)
    rank = len(index) + len(names)
    insist_on_rank(symbol, rank, scope)
    for axis, name in enumerate(names, start=len(index)):
        binder = scope.along(set_name, axis, name)
        limits.low[name], limits.high[name] = binder.low, binder.high
    limits.conditions.append(_holds(set_name, [*index, *map(Index, names)]))
    return True


def holds_member(member: Node, operand: Part, scope: Scope) -> Node | None:
    r"""`[i \in R_j]`, whether i is a member; None if this is no set that has a name."""
    named = _named(operand)
    if named is None or (named[0].style == r"\mathbb" and not scope.rank(named[0].name)):
        return None
    symbol, arguments = named
    index = [*_index(symbol, arguments, 1, scope), member]
    insist_on_rank(symbol, len(index), scope)
    return _holds(_name(symbol, scope), index)


def count_of(inner: Part, scope: Scope) -> Node | None:
    """`|R_j|`, how many members a set has; None for what is no set."""
    named = _named(inner)
    if named is None or named[0].name not in scope.sets:
        return None
    symbol, arguments = named
    index = _index(symbol, arguments, 1, scope)
    set_name = _name(symbol, scope)
    rank = len(scope.declared.shapes.get(set_name, ())) or len(index) + 1
    insist_on_rank(symbol, rank, scope)
    group = next(scope.found.fresh)
    binders: list[Binder] = []
    for axis in range(len(index), rank):
        binders.append(scope.along(set_name, axis, f"all_{group}_{axis}"))
    members = [Index(binder.name) for binder in binders]
    return Reduce("sum", tuple(binders), None, _holds(set_name, [*index, *members]))


def insist_on_rank(symbol: Symbol, rank: int, scope: Scope) -> None:
    """Raises ShapeError if a set has too few or too many axes."""
    name = _name(symbol, scope)
    scope.note_symbol(*symbol.span, name)
    scope.note_rank(name, rank, symbol)
    scope.found.sets.add(name)


def _holds(name: str, index: Sequence[Node]) -> Node:
    return Compare("!=", Read(name, tuple(index)), Number(0.0))


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


def _index(symbol: Symbol, arguments: List | None, members: int, scope: Scope) -> list[Node]:
    """The indices that say which set it is; members : how many say which of its members."""
    name = _name(symbol, scope)
    shape = scope.declared.shapes.get(name)
    want = len(shape) - members if shape else None
    held = [inner.group or inner for _, inner in index_scripts(symbol, name, scope)]
    lists = [*held, *filter(None, [arguments])]
    return [node for inner in lists for node in indices(inner, want, scope)]
