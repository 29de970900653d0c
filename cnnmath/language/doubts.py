"""What is said of one index beside another may be meant of both: `i, j < k`, `0 \\le i, j`.

It is of both where the other has no bounds without it, or the same ones. Elsewhere there are two
readings, and the error prints both.
"""

from collections.abc import Sequence

from cnnmath.core.nodes import Binder, Node
from cnnmath.core.shapes import same_size
from cnnmath.errors import CnnMathError
from cnnmath.language.limits import Doubt, Limits, bound_said
from cnnmath.language.scope import Scope
from cnnmath.language.symbols import plain_letters
from cnnmath.language.syntax import Part


def two_pairs(scope: Scope, one: Part, other: Part) -> CnnMathError:
    """The error for `i < j, k < l` of four indices: two pairs, or j and k between i and l?"""
    pairs = [_written(scope, part.start, part.end) for part in (one, other)]
    ends = one.sides[-1], other.sides[0]
    inner = " and ".join(end.text for end in ends)
    return scope.error(
        other,
        f"is {', '.join(pairs)} two pairs, or a chain with {inner} in the middle? write "
        f"\\sum_{{{pairs[0]}}} \\sum_{{{pairs[1]}}} for the pairs; otherwise every index with "
        "both its bounds",
    )


def note_before(
    scope: Scope,
    waiting: Sequence[str],
    item: Part,
    values: Sequence[Node],
    relations: Sequence[str],
    limits: Limits,
) -> None:
    """Note the i of `i, j < k` and `i, j \\ne k`, of which that may be said too."""
    side = item.sides[0]
    letters = plain_letters(side) or []
    if not letters or not set(letters) <= limits.names:
        return
    if set(waiting) & set(item.letters):  # i, j \ne i
        return
    bounds = {end: bound_said(values, relations, end) for end in ("low", "high")}
    end, bound = next(((e, b) for e, b in bounds.items() if b is not None), ("", None))
    said = _written(scope, side.end, item.end)
    own = ", ".join(f"{name} {said}" for name in letters)
    for name in waiting:
        words = (
            f"is {name} {said} as well, or {own} alone? write {name} {said}, {own} for both; "
            f"for it alone give {name} a sum of its own, \\sum_{{{name}}} \\sum_{{{own}}}"
        )
        limits.doubts[name] = Doubt(end, bound, item, words)


def behind(scope: Scope, names: Sequence[str], opening: Part, limits: Limits) -> dict[str, Doubt]:
    """The j of `0 \\le i, j`, of which that may be said too, unless `< l` comes behind it."""
    if not limits.opened:
        return {}
    start = limits.opened[0]
    end = "low" if start in limits.low else "high"
    side = opening.sides[-1]
    said = _written(scope, opening.start, side.start)
    found = {}
    for name in names:
        words = (
            f"is {said} {name} as well, or {said} {start} alone? write {said} {start}, {said} "
            f"{name} for both; for it alone give {name} a sum of its own, \\sum_{{{name}}} "
            f"\\sum_{{{said} {start}}}"
        )
        found[name] = Doubt(end, getattr(limits, end)[start], opening, words)
    return found


def _written(scope: Scope, start: int, end: int) -> str:
    return scope.latex[start:end].strip()


def settle(scope: Scope, name: str, limits: Limits, whole: Binder | None) -> None:
    """Let the bound in doubt hold for an index that has none without it.

    whole : how far the index would run without it; the same, or None
    Raises FormulaSyntaxError with both readings if they differ.
    """
    doubt = limits.doubts.get(name)
    if doubt is None:
        return
    if doubt.bound is not None:
        same = whole is None or same_size(getattr(whole, doubt.end), doubt.bound)
        if same:
            getattr(limits, doubt.end).setdefault(name, doubt.bound)
            return
    raise scope.error(doubt.part, doubt.words)
