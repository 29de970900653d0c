"""What a sum runs over: `s=0` and `m-1`, `s,t`, `0 \\le s,t < l`, `i \\in \\{0, \\dots, n-1\\}`.

Everything under and over a sum is read into Limits: the first and the last value of each index,
where they are written, and the conditions that are no bound of one index, such as `j \\ne y_i`.
The same words stand behind a formula: `, \\quad 0 \\le i < M`.
"""

from collections.abc import Sequence
from itertools import pairwise

from lark import Token

from cnnmath.core.nodes import (
    ONE,
    Call,
    Compare,
    Index,
    Logic,
    Node,
    Number,
    add,
    mentions,
    number_in,
)
from cnnmath.core.shapes import same_size
from cnnmath.errors import IndexReuseError
from cnnmath.language import doubts, syntax
from cnnmath.language.limits import Doubt, Limits, end_of
from cnnmath.language.roles import Usage
from cnnmath.language.scope import Scope
from cnnmath.language.sets import INFINITE, take_members
from cnnmath.language.symbols import plain_letters
from cnnmath.language.syntax import GROUPS, List, Part, Row, product_of

# ---- which letters are new indices --------------------------------------------------------------


def new_indices(lower: List, summand: Row, scope: Scope) -> list[str]:
    """The indices that a subscript of a sum introduces, in order.

    summand : what the sum is taken of; in `i+j=k` those letters are new that index it
    """
    names: list[str] = []
    plain: set[str] = set()  # by themselves, or before = or \in
    usage: Usage | None = None
    for item in lower.parts:
        letters = [plain_letters(side) for side in item.sides]
        relations = item.relations
        has_value = letters[0] and all(map(scope.is_index, letters[0]))
        if names and relations and has_value:
            continue  # u = s + t, where u is no new index
        if not relations or (relations[0] in ("=", "in") and letters[0]):
            for name in letters[0] or []:
                if name in plain:
                    what = f"the index {name} stands here twice"
                    raise scope.error(item, what, IndexReuseError)
                plain.add(name)
            names += letters[0] or []
        elif len(letters) > 2:  # 0 <= s < m: what stands between
            names += [name for group in letters[1:-1] for name in group or []]
        else:
            usage = usage or Usage(
                [product_of(summand)] if summand else [], scope.declared.functions
            )
            names += _introduced(item, letters, usage, names, scope)
    return list(dict.fromkeys(names))


def _introduced(
    item: Part,
    letters: Sequence[list[str] | None],
    usage: Usage,
    names: Sequence[str],
    scope: Scope,
) -> list[str]:
    """The new indices in `s < m`, `i \\ne j`, `i+j=k` or `|i-j| \\le 1`.

    usage : how the summand uses its letters: in i < j, j is new if it is an index by itself
    """
    known = (*names, *scope.declared.names)
    inside = [n for n in item.letters if n not in known and not scope.is_index(n)]
    left, right = ([n for n in side or [] if n in inside] for side in letters)
    both = [n for n in (*left, *right) if n in usage.alone]
    if left and right and len(both) == len(left) + len(right):
        return both
    if left or any(n in names for n in item.letters):
        return left
    measured = any(symbol.scripts for symbol in item.sides[0].symbols)
    if right and not measured:  # 0 <= j, but not x_i < c
        return right
    return [n for n in inside if n in usage.alone]


# ---- bounds -------------------------------------------------------------------------------------


def read_bounds(
    lower: List, upper: List | None, where: Part, scope: Scope, names: Sequence[str]
) -> Limits:
    """The bounds in the items below a sum and in what stands above it.

    names : the indices that they are bounds of
    """
    reader = _Reader(where, scope, names)
    for item in lower.items:  # i = 0 \text{ and } j = 0 counts as two
        is_and = isinstance(item, syntax.Logic) and all(item.joins_all)
        for one in item.children if isinstance(item, Part) and is_and else [item]:
            reader.take(one)
    return reader.finished(upper)


class _Reader:
    """Takes the items below a sum one by one.

    waiting : `s` in `s,t=0` and in `0 \\le s,t < l`
    together : the indices that the last `=` was said of
    listed : the 1 in `i = 0, 1, \\dots, n-1`
    opening : the `0 \\le i` of `0 \\le i, j < l`;  behind : the j in `0 \\le i, j`
    chain : the < of `i < j` before what is read, where both are new
    """

    def __init__(self, where: Part, scope: Scope, names: Sequence[str]) -> None:
        self.where = where
        self.scope = scope
        self.names = names
        self.limits = Limits(names)
        self.waiting: list[str] = []
        self.together: list[str] = []
        self.listed: list[Part] = []
        self.after_dots = False
        self.opening = where
        self.chain: Sequence[str] = ()
        self.behind: dict[str, Doubt] = {}
        self.ended = where.end  # where the item before ends

    def take(self, item: Part | Token) -> None:
        """Read the next item."""
        if isinstance(item, Token):
            self._dots()
            return
        if "\\\\" in self.scope.latex[self.ended : item.start]:  # a row of \substack
            self.chain, self.waiting, self.limits.opened = (), [], []
        self.ended = item.end
        relations = item.relations
        letters = plain_letters(item.sides[0]) or []
        if not set(letters) <= self.limits.names:
            letters = []
        if self.after_dots:
            self._last_value(item)
        elif not relations and letters:
            self._letters(letters)
        elif not relations:
            if not self.limits.equalled:
                raise self.scope.error(item, "expected an index such as i, or i = 0")
            self.listed.append(item)
        elif relations == ("=",) and letters and not set(letters) & set(self.limits.low):
            self._first_value(letters, item.sides[1])
        elif relations[0] == "in" and letters:
            self.limits.introduce(letters)
            each = [[name] for name in [*self.waiting, *letters]]
            for names in [letters] if item.sides[0].group else each:
                if not take_members(names, item.sides[1], self.limits, self.scope):
                    for name in names:
                        set_of(name, item.sides[1], self.limits, self.scope)
            self.waiting = []
        elif "in" in relations or "not in" in relations:
            self.limits.conditions.append(self.scope.value(item))
            doubts.note_before(self.scope, self.waiting, item, [], ["not in"], self.limits)
            self.waiting = []
        else:
            self._inequality(item)

    def _dots(self) -> None:
        self.after_dots = True
        if self.listed:
            self._last_listed()
        self.listed = []

    def _last_listed(self) -> Node:
        """The last of the values that are listed, which stand one after the other."""
        values = [self.limits.low[self.together[0]], *map(self.scope.value, self.listed)]
        insist_on_steps(values, self.listed[0], self.scope)
        return values[-1]

    def _last_value(self, item: Part) -> None:
        if not self.limits.equalled or item.relations:
            what = "expected the last value of an index behind the dots"
            raise self.scope.error(item, what)
        self.limits.high.update(dict.fromkeys(self.together, self.scope.value(item)))
        self.after_dots = False

    def _letters(self, letters: Sequence[str]) -> None:
        """`i` by itself."""
        self.limits.introduce(letters)
        self.behind |= doubts.behind(self.scope, letters, self.opening, self.limits)
        self.limits.opened += letters if self.limits.opened else []
        self.waiting += letters

    def _first_value(self, letters: list[str], right: Part) -> None:
        """`i = 0`, and `i, j = 0` of both."""
        self.limits.introduce(letters)
        value = self.scope.value(right)
        shared = [*self.waiting, *letters] if not self.limits.equalled else letters
        self._end_list()
        self.listed, self.together = [], shared
        self.limits.low.update(dict.fromkeys(shared, value))
        self.limits.equalled += shared
        self.waiting = []

    def _end_list(self) -> None:
        """In `i = 1, 2` without dots the values are all that there are."""
        if self.listed:
            self.limits.high.update(dict.fromkeys(self.together, self._last_listed()))

    def _inequality(self, item: Part) -> None:
        limits, relations = self.limits, item.relations
        values = [self.scope.value(side) for side in item.sides]
        closes = limits.is_new(values[0]) and not mentions(values[0], limits.order)
        for left, relation, right in zip(values, relations, values[1:], strict=False):
            limits.pair(left, relation, right)
        if closes and self.chain and _ascends(self.chain) == _ascends(relations):
            raise doubts.two_pairs(self.scope, self.opening, item)
        if not limits.opened:
            doubts.note_before(self.scope, self.waiting, item, values, relations, limits)
        elif closes:
            limits.share(values, relations)
        limits.open(values, relations)
        is_chain = limits.is_new(values[0]) and limits.is_new(values[-1])
        self.opening, self.chain, self.waiting = item, relations if is_chain else (), []

    def finished(self, upper: List | None) -> Limits:
        """The limits, with what stands above the sum."""
        limits = self.limits
        self._end_list()
        bounded = {*limits.low, *limits.high}
        limits.doubts |= {n: doubt for n, doubt in self.behind.items() if n not in bounded}
        if upper is not None:
            self._above(upper, limits.equalled or limits.order)
        limits.introduce(self.names)  # of i+j=k, where none stands by itself
        limits.finish()
        return limits

    def _above(self, upper: List, closed: Sequence[str]) -> None:
        """The upper bounds of `\\sum_{i=0}^{n}`, `\\sum_{i,j=0}^{n}`, `\\sum_{i=0,j=0}^{m,n}`."""
        values = [self.scope.value(item) for item in upper.parts]
        if len(values) == 1:
            values *= len(closed)
        if len(values) != len(closed):
            what = f"{len(closed)} indices but {len(values)} upper bounds"
            raise self.scope.error(self.where, what)
        for name, value in zip(closed, values, strict=True):
            self.limits.high[name] = value
            if name not in self.limits.doubts:
                self.limits.low.setdefault(name, Number(float(self.scope.declared.first)))


def _ascends(relations: Sequence[str]) -> bool | None:
    """Whether `<` or `\\le` stands between two sides, or `>` or `\\ge`; None for others."""
    return {"<": True, "<=": True, ">": False, ">=": False}.get(relations[0])


# ---- values that are listed ----------------------------------------------------------------------


_SETS = "expected a set of whole numbers, such as \\{0, \\dots, n-1\\}"


def set_of(name: str, operand: Part, limits: Limits, scope: Scope) -> None:
    """`i \\in \\{0, \\dots, n-1\\}`, `[0, n)`, `[n]`, `\\mathbb Z`, `\\{-1, 0, 1\\}`."""
    factor = operand.lone
    if factor is None:
        raise scope.error(operand, _SETS)
    if factor.symbol is not None:
        ends = INFINITE.get(factor.name)
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
        case "escaped_braces" | "brackets", True, [low, *_, high]:
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
