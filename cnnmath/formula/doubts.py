"""What is said of one index beside another may be meant of both: `i, j < k`, `0 \\le i, j`.

It is of both where the other has no bounds without it, or the same ones. Elsewhere there are two
readings, and the error prints both.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cnnmath.errors import CnnMathError
from cnnmath.formula import parsetree
from cnnmath.formula.limits import Doubt, Limits, bound_said
from cnnmath.formula.nodes import Binder, Node
from cnnmath.formula.parsetree import Part
from cnnmath.formula.shapes import same_size

if TYPE_CHECKING:
    from cnnmath.formula.reader import Reader


def two_pairs(reader: "Reader", one: Part, other: Part) -> CnnMathError:
    """The error for `i < j, k < l` of four indices: two pairs, or j and k between i and l?"""
    pairs = [_written(reader, parsetree.start(part), parsetree.end(part)) for part in (one, other)]
    ends = parsetree.trees(one)[-1], parsetree.trees(other)[0]
    inner = " and ".join(map(parsetree.text, ends))
    return reader.error(
        other,
        f"is {', '.join(pairs)} two pairs, or a chain with {inner} in the middle? write "
        f"\\sum_{{{pairs[0]}}} \\sum_{{{pairs[1]}}} for the pairs; otherwise every index with "
        "both its bounds",
    )


def note_before(
    reader: "Reader",
    waiting: Sequence[str],
    item: Part,
    values: Sequence[Node],
    relations: Sequence[str],
    limits: Limits,
) -> None:
    """Note the i of `i, j < k` and `i, j \\ne k`, of which that may be said too."""
    side = parsetree.trees(item)[0]
    letters = reader.plain_letters(side) or []
    if not letters or not set(letters) <= limits.names:
        return
    if set(waiting) & set(reader.letters_in(item)):  # i, j \ne i
        return
    bounds = {end: bound_said(values, relations, end) for end in ("low", "high")}
    end, bound = next(((e, b) for e, b in bounds.items() if b is not None), ("", None))
    said = _written(reader, parsetree.end(side), parsetree.end(item))
    own = ", ".join(f"{name} {said}" for name in letters)
    for name in waiting:
        words = (
            f"is {name} {said} as well, or {own} alone? write {name} {said}, {own} for both; "
            f"for it alone give {name} a sum of its own, \\sum_{{{name}}} \\sum_{{{own}}}"
        )
        limits.doubts[name] = Doubt(end, bound, item, words)


def behind(
    reader: "Reader", names: Sequence[str], opening: Part, limits: Limits
) -> dict[str, Doubt]:
    """The j of `0 \\le i, j`, of which that may be said too, unless `< l` comes behind it."""
    if not limits.opened:
        return {}
    start = limits.opened[0]
    end = "low" if start in limits.low else "high"
    side = parsetree.trees(opening)[-1]
    said = _written(reader, parsetree.start(opening), parsetree.start(side))
    found = {}
    for name in names:
        words = (
            f"is {said} {name} as well, or {said} {start} alone? write {said} {start}, {said} "
            f"{name} for both; for it alone give {name} a sum of its own, \\sum_{{{name}}} "
            f"\\sum_{{{said} {start}}}"
        )
        found[name] = Doubt(end, getattr(limits, end)[start], opening, words)
    return found


def _written(reader: "Reader", start: int, end: int) -> str:
    return reader.latex[start:end].strip()


def settle(reader: "Reader", name: str, limits: Limits, whole: Binder | None) -> None:
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
    raise reader.error(doubt.part, doubt.words)
