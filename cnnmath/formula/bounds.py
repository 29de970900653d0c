"""What a sum runs over: `s=0` and `m-1`, `s,t`, `0 \\le s,t < l`, `i \\in \\{0, \\dots, n-1\\}`.

Everything under and over a sum is read into Limits: the first and the last value of each index,
where they are written, and the conditions that are no bound of one index, such as `j \\ne y_i`.
The same words stand behind a formula: `, \\quad 0 \\le i < M`.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from lark import Token, Tree

from cnnmath.errors import IndexReuseError, UndeclaredShapeError
from cnnmath.formula import doubts, parsetree
from cnnmath.formula.limits import Doubt, Limits, end_of
from cnnmath.formula.nodes import (
    ONE,
    Binder,
    Call,
    Compare,
    Index,
    Logic,
    Node,
    Number,
    Reduce,
    add,
    axes_indexed_by,
    conjunction,
    indices_in,
    mentions,
    number_in,
)
from cnnmath.formula.parsetree import Part
from cnnmath.formula.shapes import same_size
from cnnmath.formula.usage import Usage

if TYPE_CHECKING:
    from cnnmath.formula.reader import Reader

_INFINITE_SETS = {"Z": (float("-inf"), float("inf")), "N": (0.0, float("inf"))}
_MINUS_ONE = Number(-1.0)
_SETS = "expected a set of whole numbers, such as \\{0, \\dots, n-1\\}"


class Bounds:
    """Reads bounds for a Reader, which gives the letters and expressions their meaning."""

    def __init__(self, reader: "Reader") -> None:
        self.reader = reader
        # How far an index runs in one sum holds for another: \\sum_s T_s \\sum_s I_{i+s}.
        self.inferred: dict[str, Binder] = {}

    # ---- which letters are new indices ----------------------------------------------------------

    def new_names(self, lower: Part, summand: Sequence[Part | Token]) -> list[str]:
        """The indices that a subscript of a sum introduces, in order.

        summand : what the sum is taken of; in `i+j=k` those letters are new that index it
        """
        names: list[str] = []
        plain: set[str] = set()  # by themselves, or before = or \in
        usage: Usage | None = None
        for item in parsetree.item_trees(lower):
            sides, relations = parsetree.operands(item)
            letters = [self.reader.plain_letters(side) for side in sides]
            has_value = letters[0] and set(letters[0]) <= set(self.reader.scope)
            if names and relations and has_value:
                continue  # u = s + t, where u is no new index
            if not relations or (relations[0] in ("=", "in") and letters[0]):
                for name in letters[0] or []:
                    if name in plain:
                        raise self.reader.error(
                            item, f"the index {name} stands here twice", IndexReuseError
                        )
                    plain.add(name)
                names += letters[0] or []
                continue
            if len(sides) > 2:  # 0 <= s < m: what stands between
                names += [name for group in letters[1:-1] for name in group or []]
                continue
            usage = usage or Usage(self.reader, [parsetree.as_product(summand)])
            fresh = self._introduced(item, letters, usage, names)
            names += fresh
        return list(dict.fromkeys(names))

    def _introduced(
        self,
        item: Part,
        letters: Sequence[list[str] | None],
        usage: Usage,
        names: Sequence[str],
    ) -> list[str]:
        """The new indices in `s < m`, `i \\ne j`, `i+j=k` or `|i-j| \\le 1`.

        usage : how the summand uses its letters: in i < j, j is new if it is an index by itself
        """
        letters_in = self.reader.letters_in(item)
        inside = [n for n in letters_in if self._is_fresh(n, names)]
        settled = any(n in names for n in letters_in)
        left, right = ([n for n in side or [] if n in inside] for side in letters)
        both = [n for n in (*left, *right) if n in usage.alone]
        if left and right and len(both) == len(left) + len(right):
            return both
        if left or settled:
            return left
        first = parsetree.trees(item)[0]
        measured = any(parsetree.scripts(f) for f in parsetree.factors_below(first))
        if right and not measured:  # 0 <= j, but not x_i < c
            return right
        return [n for n in inside if n in usage.alone]

    def _is_fresh(self, name: str, names: Sequence[str]) -> bool:
        known = name in self.reader.declared.names or name in self.reader.scope
        return not known and name not in names

    # ---- bounds ---------------------------------------------------------------------------------

    def read(
        self,
        items: Sequence[Part | Token],
        upper: Part | None,
        where: Part,
        names: Sequence[str],
    ) -> Limits:
        """The bounds in the items below a sum and in what stands above it.

        names : the indices that they are bounds of
        """
        limits = Limits(names)
        waiting: list[str] = []  # `s` in `s,t=0` and in `0 \le s,t < l`
        after_dots = False
        together: list[str] = []  # the indices that the last `=` was said of
        listed: list[Part] = []  # the 1 in `i = 0, 1, \\dots, n-1`
        opening = where  # the `0 \\le i` of `0 \\le i, j < l`
        chain: list[str] = []  # the < of `i < j` before what is read, where both are new
        behind: dict[str, Doubt] = {}  # the j in `0 \\le i, j`
        ended = parsetree.end(where)  # where the item before ends
        for item in parsetree.conjuncts(items):
            if isinstance(item, Token):
                after_dots = True
                if listed and limits.equalled:
                    first = limits.low[limits.equalled[-1]]
                    self._insist_on_steps([first, *map(self.reader.expression, listed)], listed[0])
                listed = []
                continue
            if "\\\\" in self.reader.latex[ended : parsetree.start(item)]:  # a row of \\substack
                chain, waiting, limits.opened = [], [], []
            ended = parsetree.end(item)
            sides, relations = parsetree.operands(item)
            letters = self.reader.plain_letters(sides[0])
            is_new = letters is not None and set(letters) <= limits.names
            if after_dots:
                if not limits.equalled or relations:
                    raise self.reader.error(
                        item, "expected the last value of an index behind the dots"
                    )
                limits.high.update(dict.fromkeys(together, self.reader.expression(sides[0])))
                after_dots = False
            elif not relations and letters and is_new:
                limits.introduce(letters)
                behind |= doubts.behind(self.reader, letters, opening, limits)
                limits.opened += letters if limits.opened else []
                waiting += letters
            elif not relations:
                if not limits.equalled:
                    raise self.reader.error(item, "expected an index such as i, or i = 0")
                listed.append(item)
            elif relations == ["="] and letters and is_new and not set(letters) & set(limits.low):
                limits.introduce(letters)
                value = self.reader.expression(sides[1])
                shared = [*waiting, *letters] if not limits.equalled else letters
                self._end_list(listed, together, limits)
                listed, together = [], shared
                limits.low.update(dict.fromkeys(shared, value))
                limits.equalled += shared
                waiting = []
            elif relations[0] == "in" and letters and is_new:
                limits.introduce(letters)
                for name in [*waiting, *letters]:
                    self._in_set(name, sides[1], limits)
                waiting = []
            elif "in" in relations or "not in" in relations:
                limits.conditions.append(self.reader.expression(item))
                doubts.note_before(self.reader, waiting, item, [], ["not in"], limits)
                waiting = []
            else:
                values = [self.reader.expression(side) for side in sides]
                closes = limits.is_new(values[0]) and not mentions(values[0], limits.order)
                for left, relation, right in zip(values, relations, values[1:], strict=False):
                    limits.pair(left, relation, right)
                if closes and chain and _ascends(chain) == _ascends(relations):
                    raise doubts.two_pairs(self.reader, opening, item)
                if not limits.opened:
                    doubts.note_before(self.reader, waiting, item, values, relations, limits)
                elif closes:
                    limits.share(values, relations)
                limits.open(values, relations)
                is_chain = limits.is_new(values[0]) and limits.is_new(values[-1])
                opening, chain, waiting = item, relations if is_chain else [], []
        self._end_list(listed, together, limits)
        bounded = {*limits.low, *limits.high}
        limits.doubts |= {name: doubt for name, doubt in behind.items() if name not in bounded}
        if upper is not None:
            self._above(upper, limits.equalled or limits.order, limits, where)
        limits.introduce(names)  # of i+j=k, where none stands by itself
        limits.finish()
        return limits

    def _above(self, upper: Part, closed: Sequence[str], limits: Limits, where: Part) -> None:
        """The upper bounds of `\\sum_{i=0}^{n}`, `\\sum_{i,j=0}^{n}`, `\\sum_{i=0,j=0}^{m,n}`."""
        values = [self.reader.expression(item) for item in parsetree.item_trees(upper)]
        if len(values) == 1:
            values *= len(closed)
        if len(values) != len(closed):
            raise self.reader.error(where, f"{len(closed)} indices but {len(values)} upper bounds")
        for name, value in zip(closed, values, strict=True):
            limits.high[name] = value
            if name not in limits.doubts:
                limits.low.setdefault(name, Number(float(self.reader.declared.first)))

    def _in_set(self, name: str, operand: Part, limits: Limits) -> None:
        """`i \\in \\{0, \\dots, n-1\\}`, `[0, n)`, `[n]`, `\\mathbb Z`, `\\{-1, 0, 1\\}`."""
        error, first = self.reader.error, Number(float(self.reader.declared.first))
        factor = parsetree.lone_factor(operand)
        if factor is None:
            raise error(operand, _SETS)
        if self.reader.is_name(factor):
            ends = _INFINITE_SETS.get(self.reader.name_of(factor))
            if ends is None or parsetree.scripts(factor):
                raise error(operand, "this set is not known: write it out, as \\{0, \\dots, n-1\\}")
            limits.low[name], limits.high[name] = Number(ends[0]), Number(ends[1])
            return
        bracket = parsetree.atom(factor)
        if bracket.data not in (*parsetree.GROUPS, "halfopen") or len(factor.children) > 1:
            raise error(operand, _SETS)
        items = parsetree.items(bracket)
        values = [self.reader.expression(item) for item in items if isinstance(item, Tree)]
        has_dots = len(values) < len(items)
        match bracket.data, has_dots, len(values):
            case "escaped_braces", True, n if n >= 2:
                self._insist_on_steps(values[:-1], bracket)
                limits.low[name], limits.high[name] = values[0], values[-1]
            case "escaped_braces", False, _:
                self._listed(name, values, limits)
            case "brackets", False, 2:
                limits.low[name], limits.high[name] = values
            case "halfopen", False, 2:
                limits.low[name], limits.high[name] = values[0], end_of(values[1], -1, strict=True)
            case "brackets", False, 1:
                limits.low[name] = first
                limits.high[name] = add(values[0], _MINUS_ONE, first)
            case _:
                raise error(operand, _SETS)

    def _end_list(self, listed: Sequence[Part], names: Sequence[str], limits: Limits) -> None:
        """In `i = 1, 2` without dots the values are all that there are."""
        if listed and names:
            values = [limits.low[names[0]], *map(self.reader.expression, listed)]
            self._insist_on_steps(values, listed[0])
            limits.high.update(dict.fromkeys(names, values[-1]))

    def _insist_on_steps(self, values: Sequence[Node], part: Part) -> None:
        """Values that begin or make up a range stand one after the other.

        Raises FormulaSyntaxError at `0, 2, \\dots`, which is no range of an index.
        """
        for one, two in pairwise(values):
            if two != add(one, ONE) and not same_size(two, add(one, ONE)):
                raise self.reader.error(
                    part,
                    "an index runs in steps of 1: write a range as i = 0, 1, \\dots, n, single "
                    "values as i \\in \\{0, 2\\}, and for steps of 2 write 2i where i stands",
                )

    def _listed(self, name: str, values: Sequence[Node], limits: Limits) -> None:
        """`\\{-1, 0, 1\\}` or `\\{i-1, i+1\\}`: from the least to the largest, if it is listed."""
        numbers = [_whole(value) for value in values]
        known = [number for number in numbers if number is not None]
        if len(known) == len(numbers):
            limits.low[name], limits.high[name] = Number(min(known)), Number(max(known))
            if len(set(known)) == max(known) - min(known) + 1:
                return
        else:
            limits.low[name] = Call("min", tuple(values))
            limits.high[name] = Call("max", tuple(values))
        members = [Compare("=", Index(name), value) for value in values]
        limits.conditions.append(Logic("or", tuple(members)))

    # ---- the reduction --------------------------------------------------------------------------

    def bound(self, operation: str, limits: Limits, body: Node, factor: Part) -> Node:
        """The sum, nested where the bounds of one index depend on another.

        Raises UndeclaredShapeError if an index has neither bounds nor an axis to run along.
        """
        where = conjunction(limits.conditions) if limits.conditions else None
        binders = [self._binder(name, limits, body, factor) for name in limits.order]
        layers = self._layers(binders, factor)
        if operation.startswith("arg") and len(binders) > 1:
            self._insist_on_window(operation, limits, factor)
        if len(layers) > 1 and operation.startswith("arg"):
            raise self.reader.error(
                factor, "the bounds of one index of an \\arg\\max depend on another"
            )
        node = body
        for place, layer in enumerate(reversed(layers)):
            node = Reduce(operation, tuple(layer), where if place == 0 else None, node)
        return node

    def _insist_on_window(self, operation: str, limits: Limits, factor: Part) -> None:
        """`\\arg\\max_{0 \\le s,t < l}` numbers the cells of a window, row by row from 0.

        Raises FormulaSyntaxError where the places are no such numbers: `\\arg\\max_{i,j}`.
        """
        if all(limits.low.get(name) == Number(0.0) for name in limits.order):
            return
        sign = f"\\{operation[3:]}"
        i, j = limits.order[:2]
        raise self.reader.error(
            factor,
            f"\\arg{sign} over {' and '.join(limits.order)} is a place of {len(limits.order)} "
            f"numbers: write \\arg{sign}_{i} {sign}_{j} for {i}; or bounds from 0, as 0 \\le "
            f"{i},{j} < l, for the number of the place, counted row by row from 0",
        )

    def _binder(self, name: str, limits: Limits, body: Node, factor: Part) -> Binder:
        low, high = limits.low.get(name), limits.high.get(name)
        if low is not None and high is not None:
            return Binder(name, low, high)
        if low is not None and name in limits.equalled and any(indices_in(low)):
            raise self.reader.error(
                factor,
                f"does {name} begin there, or take this one value? write its upper bound, or the "
                f"condition in brackets",
                UndeclaredShapeError,
            )
        axes = axes_indexed_by(name, [body, *limits.conditions])
        whole = self._along(name, axes[0]) if axes else self.inferred.get(name)
        doubts.settle(self.reader, name, limits, whole)
        low, high = limits.low.get(name), limits.high.get(name)
        if not axes and low is None and high is None and whole is not None:
            return whole
        # In 4 \ge j > i \ge 1 it does not matter where j begins.
        others = (end for other, end in limits.high.items() if other != name)
        is_last = any(mentions(end, [name]) for end in others)
        if not (axes or is_last) and name in limits.reached and self.reader.declared.first == 0:
            said = "is this from 0 on or from 1 on? write its lower bound too, as in 1 \\le "
            raise self.reader.error(factor, f"{said}{name} \\le ..")
        if not axes and high is not None:  # \sum_{s < l}: from the first index on
            return Binder(name, Number(float(self.reader.declared.first)), high)
        if not axes or whole is None:
            raise self.reader.error(
                factor,
                f"how far does {name} run? It indexes no array by itself: "
                f"write its bounds, as in \\sum_{{{name}=0}}^{{n-1}}",
                UndeclaredShapeError,
            )
        if low is None and high is None:
            self.reader.along.append((name, tuple(axes)))
            self.inferred[name] = whole
        return Binder(name, low or whole.low, high or whole.high)

    def _along(self, name: str, place: tuple[str, int]) -> Binder:
        """From the first to the last element along an axis of an array."""
        array, axis = place
        first = Number(float(self.reader.declared.origin(array)))
        return Binder(name, first, add(self.reader.extent(array, axis), _MINUS_ONE, first))

    def _layers(self, binders: list[Binder], factor: Part) -> list[list[Binder]]:
        """Indices whose bounds need others come after those, each in a sum of its own."""
        names = {binder.name for binder in binders}
        needs = {
            b.name: {n.name for bound in (b.low, b.high) for n in indices_in(bound)} & names
            for b in binders
        }
        if not any(needs.values()):
            return [binders]
        layers: list[list[Binder]] = []
        placed: set[str] = set()
        while len(placed) < len(binders):
            ready = [b for b in binders if b.name not in placed and needs[b.name] <= placed]
            if not ready:
                stuck = next(b.name for b in binders if b.name not in placed)
                raise self.reader.error(
                    factor, f"the bounds of {stuck} depend on {stuck} itself", IndexReuseError
                )
            layers.append([ready[0]])
            placed.add(ready[0].name)
        return layers


def _ascends(relations: Sequence[str]) -> bool | None:
    """Whether `<` or `\\le` stands between two sides, or `>` or `\\ge`; None for others."""
    return {"<": True, "<=": True, ">": False, ">=": False}.get(relations[0])


def _whole(node: Node) -> float | None:
    """The whole number, perhaps with a minus, that is written here; None for anything else."""
    number = number_in(node)
    return number if number is not None and number.is_integer() else None
