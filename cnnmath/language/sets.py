r"""Sets that are arrays: the `R_j` of `\sum_{i \in R_j} x_i`, the `\mathcal{N}(i)` of a graph.

A set is given as an array of 0 and 1, or of False and True: `R[j, i]` says whether i is in R_j. Its
last index is the member, or its last ones where the members are pairs, `(s,t) \in R_{ij}`.
A calligraphic letter that nothing declares, as in `\sum_{x \in \mathcal{X}} p(x)`, is all that
its index can be. `|R_j|` counts the members. `\cap`, `\cup` and `\setminus` make of sets another.
"""

from collections.abc import Sequence
from typing import NamedTuple

from lark import Token

from cnnmath.core.nodes import Binder, Compare, Index, Logic, Node, Number, Read, Reduce
from cnnmath.language.indices import indices
from cnnmath.language.limits import Limits
from cnnmath.language.names import full_name, index_scripts
from cnnmath.language.scope import Scope
from cnnmath.language.syntax import (
    JOINING,
    Comparison,
    Equation,
    Factor,
    List,
    Part,
    Product,
    Symbol,
    product_of,
)

_ALPHABETS = (r"\mathcal", r"\cal", r"\mathscr")
INFINITE = {"Z": (float("-inf"), float("inf")), "N": (0.0, float("inf"))}


def named_sets(equation: Equation) -> frozenset[str]:
    r"""The names that stand behind an \in or beside a \cap."""
    found: set[str] = set()
    for part in equation.walk():
        if isinstance(part, Product) and _joined(part):
            found |= {symbol.name for symbol, _ in _sets_in(part)}
        elif isinstance(part, Comparison):
            for side, relation in zip(part.sides[1:], part.relations, strict=True):
                named = _named(side) if relation.endswith("in") else None
                found |= {named[0].name} if named else set()
    return frozenset(found)


def take_members(names: Sequence[str], operand: Part, limits: Limits, scope: Scope) -> bool:
    """Bounds of indices that are members of a set which has a name; False if it has none."""
    members = [*map(Index, names)]
    joined = _joined(operand)
    if joined is not None:
        first = next(iter(_sets_in(operand)), None)
        if first is None:
            return False
        if joined[1] == "without" and _is_all(*first, scope):  # j \in \mathcal{V} \setminus \{i\}
            limits.conditions.append(
                Compare("=", _holds(members, joined[0][1], scope), Number(0.0))
            )
            return True
        _bound(names, _read(*first, len(names), scope), limits, scope)
        _note_lengths(names, operand, scope)
        limits.conditions.append(_holds(members, operand, scope))
        return True
    written = _named(operand)
    if written is None:
        return False
    symbol, arguments = written
    name = _name(symbol, scope)
    is_plain = not (symbol.scripts or arguments)
    if is_plain and name in INFINITE and not scope.rank(name):
        return False
    if _is_all(symbol, arguments, scope):
        return True
    if is_plain and name not in scope.declared.names and symbol.style == r"\mathbb":
        return False
    one = _read(symbol, arguments, len(names), scope)
    _bound(names, one, limits, scope)
    limits.conditions.append(one.holds(members))
    return True


def _is_all(symbol: Symbol, arguments: List | None, scope: Scope) -> bool:
    """Whether a set is all that its index can be: a calligraphic letter that nothing declares."""
    is_plain = not (symbol.scripts or arguments) and symbol.style in _ALPHABETS
    return is_plain and _name(symbol, scope) not in scope.declared.names


def _bound(names: Sequence[str], one: "_Set", limits: Limits, scope: Scope) -> None:
    for binder in one.along(names, scope):
        limits.low[binder.name], limits.high[binder.name] = binder.low, binder.high


def holds_member(member: Node, operand: Part, scope: Scope) -> Node | None:
    r"""`[i \in R_j]`, whether i is a member; None if this is no set that has a name."""
    if _joined(operand):
        return _holds([member], operand, scope)
    written = _named(operand)
    if written is None or (written[0].style == r"\mathbb" and not scope.rank(written[0].name)):
        return None
    return _read(*written, 1, scope).holds([member])


def count_of(inner: Part, scope: Scope) -> Node | None:
    """`|R_j|`, how many members a set has; None for what is no set."""
    is_joined = _joined(inner) is not None
    written = next(iter(_sets_in(inner)), None) if is_joined else _named(inner)
    if written is None or written[0].name not in scope.sets:
        return None
    one = _read(*written, None, scope)
    group = next(scope.found.fresh)
    names = [f"all_{group}_{axis}" for axis in range(len(one.which), one.rank)]
    members = [*map(Index, names)]
    holds = _holds(members, inner, scope) if is_joined else one.holds(members)
    if is_joined:
        _note_lengths(names, inner, scope)
    return Reduce("sum", one.along(names, scope), None, holds)


# ---- sets that are made of others ---------------------------------------------------------------


def _joined(part: Part) -> tuple[list[Part], str] | None:
    r"""The sets of `A \cap B \cap C` and what stands between them; None for anything else.

    What stands between them is "mixed" where these differ, or are several \setminus
    """
    rows: list[list[Factor | Token]] = [[]]
    signs: list[str] = []
    for item in part.product.row if part.product else ():
        if isinstance(item, Token) and item in JOINING:
            signs.append(JOINING[item])
            rows.append([])
        else:
            rows[-1].append(item)
    if not signs or not all(rows):
        return None
    is_one = len(signs) == 1 or set(signs) in ({"and"}, {"or"})
    return [*map(product_of, rows)], signs[0] if is_one else "mixed"


def _sets_in(part: Part) -> list[tuple[Symbol, List | None]]:
    """The sets with a name that a set is made of."""
    joined, lone = _joined(part), part.lone
    if joined:
        return [named for one in joined[0] for named in _sets_in(one)]
    if lone is not None and lone.kind == "parens":
        return _sets_in(lone.held)
    named = _named(part)
    return [named] if named else []


def _note_lengths(names: Sequence[str], part: Part, scope: Scope) -> None:
    """Note that sets which are joined have the same members to choose from."""
    sets = [_read(*named, len(names), scope) for named in _sets_in(part)]
    for place, name in enumerate(names):
        axes = tuple((one.array, len(one.which) + place) for one in sets)
        scope.found.along.append((name, axes))


def _holds(members: Sequence[Node], part: Part, scope: Scope) -> Node:
    """Whether indices are of a member of `A \\cap B`, or of `\\{i\\}`."""
    joined, lone = _joined(part), part.lone
    if joined is None:
        if lone is not None and lone.kind == "parens":
            return _holds(members, lone.held, scope)
        if lone is not None and lone.kind == "escaped_braces" and len(members) == 1:
            found = [Compare("=", members[0], scope.item(item)) for item in lone.held.items]
            return found[0] if len(found) == 1 else Logic("or", tuple(found))
        written = _named(part)
        if written is None or written[0].style == r"\mathbb" or _is_all(*written, scope):
            what = "expected a set that has a name, or one such as \\{0, 1, 2\\}"
            raise scope.error(part, what)
        return _read(*written, len(members), scope).holds(members)
    sets, joining = joined
    if joining == "mixed":
        what = "which of these sets are joined first? write brackets, (A \\cap B) \\cup C"
        raise scope.error(part, what)
    first, *others = [_holds(members, one, scope) for one in sets]
    if joining == "without":
        others = [Compare("=", other, Number(0.0)) for other in others]
    return Logic("or" if joining == "or" else "and", (first, *others))


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
