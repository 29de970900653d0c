"""The values that an index takes, where they are listed: `i \\in \\{0, \\dots, n-1\\}`."""

from collections.abc import Sequence
from itertools import pairwise

from cnnmath.formula.limits import Limits, end_of
from cnnmath.formula.nodes import ONE, Call, Compare, Index, Logic, Node, Number, add, number_in
from cnnmath.formula.scope import Scope
from cnnmath.formula.shapes import same_size
from cnnmath.formula.syntax import GROUPS, Part

_INFINITE_SETS = {"Z": (float("-inf"), float("inf")), "N": (0.0, float("inf"))}
_SETS = "expected a set of whole numbers, such as \\{0, \\dots, n-1\\}"


def set_of(name: str, operand: Part, limits: Limits, scope: Scope) -> None:
    """`i \\in \\{0, \\dots, n-1\\}`, `[0, n)`, `[n]`, `\\mathbb Z`, `\\{-1, 0, 1\\}`."""
    factor = operand.lone
    if factor is None:
        raise scope.error(operand, _SETS)
    if factor.symbol is not None:
        ends = _INFINITE_SETS.get(factor.name)
        if ends is None or factor.symbol.scripts:
            what = "this set is not known: write it out, as \\{0, \\dots, n-1\\}"
            raise scope.error(operand, what)
        limits.low[name], limits.high[name] = Number(ends[0]), Number(ends[1])
        return
    if factor.kind not in (*GROUPS, "halfopen") or factor.attached:
        raise scope.error(operand, _SETS)
    values = [scope.value(item) for item in factor.held.parts]
    first = Number(float(scope.declared.first))
    match factor.kind, len(values) < len(factor.held.items), values:
        case "escaped_braces", True, [low, *_, high]:
            insist_on_steps(values[:-1], factor, scope)
            limits.low[name], limits.high[name] = low, high
        case "escaped_braces", False, _:
            _listed(name, values, limits)
        case "brackets", False, [low, high]:
            limits.low[name], limits.high[name] = low, high
        case "halfopen", False, [low, high]:
            limits.low[name], limits.high[name] = low, end_of(high, -1, strict=True)
        case "brackets", False, [size]:
            limits.low[name], limits.high[name] = first, add(size, Number(-1.0), first)
        case _:
            raise scope.error(operand, _SETS)


def insist_on_steps(values: Sequence[Node], part: Part, scope: Scope) -> None:
    """Values that begin or make up a range stand one after the other.

    Raises FormulaSyntaxError at `0, 2, \\dots`, which is no range of an index.
    """
    for one, two in pairwise(values):
        if two != add(one, ONE) and not same_size(two, add(one, ONE)):
            raise scope.error(
                part,
                "an index runs in steps of 1: write a range as i = 0, 1, \\dots, n, single "
                "values as i \\in \\{0, 2\\}, and for steps of 2 write 2i where i stands",
            )


def _listed(name: str, values: Sequence[Node], limits: Limits) -> None:
    """`\\{-1, 0, 1\\}` or `\\{i-1, i+1\\}`: from the least to the largest, if it is listed."""
    known = [number for number in map(number_in, values) if number is not None]
    if len(known) == len(values) and all(number.is_integer() for number in known):
        limits.low[name], limits.high[name] = Number(min(known)), Number(max(known))
        if len(set(known)) == max(known) - min(known) + 1:
            return
    else:
        limits.low[name] = Call("min", tuple(values))
        limits.high[name] = Call("max", tuple(values))
    members = [Compare("=", Index(name), value) for value in values]
    limits.conditions.append(Logic("or", tuple(members)))
