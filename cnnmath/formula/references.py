"""Elements of arrays: how many indices a symbol carries, and which they are.

`x_{ij}` has as many indices as x has axes: `12` is two indices of a matrix and one of a vector, and
`li+s` is one of a vector, if l is no index. `W^{(k)}` is an index and `x^2` a power; a bare `x^c`
is an index where x has an axis to spare. `x(i, j)` and `x[i]` are elements of an array, calls of a
function, or products.
"""

from collections.abc import Callable, Sequence

from lark import Token, Tree

from cnnmath.errors import ShapeError, UnknownNameError
from cnnmath.formula import parsetree, wording
from cnnmath.formula.functions import CONSTANTS
from cnnmath.formula.matrices import holds_power, is_capital, matrix_power, refuse_power
from cnnmath.formula.names import Names
from cnnmath.formula.nodes import (
    ONE,
    Apply,
    Call,
    Extent,
    Index,
    Node,
    Number,
    Power,
    Read,
    bare_names,
    negative,
)
from cnnmath.formula.norms import Norm
from cnnmath.formula.parsetree import Part
from cnnmath.formula.statement import Declared, FirstReading

Row = list[Part | Token]
IndexReader = Callable[[Part], Node]


class References(Names):
    """Reads symbols with their scripts, and the brackets behind them."""

    def __init__(self, latex: str, declared: Declared, known: FirstReading | None) -> None:
        super().__init__(latex, declared, known)
        self.ranks: dict[str, int] = {}
        self.parameters: set[str] = set()
        self.norm: Norm | None = None  # the bars around: arrays may leave out their last indices
        self.matrices: list[tuple[int, str, str]] = []  # what may be meant of a matrix
        self.applied_powers: list[tuple[int, str]] = []  # f(x)^2, which is a number's f x^2
        self.elementwise = False  # the left side shows no index: arrays may stand without any

    def expression(self, part: Part) -> Node:
        """The value of any part: a sum, a comparison, a list of one item."""
        raise NotImplementedError

    def item(self, item: Part | Token) -> Node:
        """The value of an item of a list."""
        if isinstance(item, Token):
            raise self.error(item, "dots stand for numbers that are not written: write a sum")
        return self.expression(item)

    def powered(self, node: Node, factor: Part) -> Node:
        """The powers attached to a bracket, a number or a function's value."""
        for script in parsetree.scripts(factor):
            inner = parsetree.body(script)
            if inner is None and script.children[0] == "+":  # [x]_+, the positive part
                node = Call("relu", (node,))
                continue
            if script.data == "sub" or inner is None:
                raise self.error(script, "only the name of an array can carry an index")
            self.matrices += [
                (parsetree.start(factor), name, matrix_power(name))
                for name in bare_names(node)
                if is_capital(name)
            ]
            node = Power(node, self.expression(inner))
        if any(parsetree.is_token(child, "PRIME") for child in factor.children):
            raise self.error(factor, "only a name can carry a prime")
        return node

    # ---- how many indices -----------------------------------------------------------------------

    def rank(self, name: str) -> int | None:
        """How many axes an array has, where that is known by now."""
        if name in self.declared.shapes:
            return len(self.declared.shapes[name])
        return self.known.ranks.get(name)

    def extent(self, name: str, axis: int) -> Node:
        """The length of an axis: its declared size, or else a node that looks it up."""
        shape = self.declared.shapes.get(name)
        return shape[axis] if shape is not None else Extent(name, axis)

    def note_rank(self, name: str, rank: int, part: Part) -> None:
        """Remember with how many indices a name is read.

        Raises ShapeError if it was declared, or is read elsewhere, with another number.
        """
        stands_for_each_element = rank == 0 and self.elementwise
        if stands_for_each_element and self.rank(name):
            return
        declared = self.declared.shapes.get(name)
        known = self.known.ranks.get(name, rank)
        if declared is not None and len(declared) != rank:
            raise self.error(
                part,
                f"{name} was declared with {wording.axes(len(declared))} but is read "
                f"with {wording.indices(rank)}",
                ShapeError,
            )
        if known != rank and not stands_for_each_element:
            raise self.error(
                part,
                f"{name} is read with {wording.indices(known)} elsewhere "
                f"and with {wording.indices(rank)} here",
                ShapeError,
            )
        # A first reading keeps the largest: beside x^{(c)}_{ij}, x^c_{ij} has an index too.
        self.ranks[name] = max(rank, self.ranks.get(name, 0))

    # ---- indices --------------------------------------------------------------------------------

    def indices(self, inner: Part, want: int | None, read: IndexReader | None = None) -> list[Node]:
        """The indices in a script.

        want : how many there are to be, where that is known
        read : what reads one of them
        """
        items = parsetree.item_trees(inner)
        if len(items) != want:
            items = [item for item in items if not self._is_pure_label(item)]
        if want is not None and len(items) == 1:
            digits = parsetree.digits(items[0], want)
            if digits is not None:
                return [Number(float(digit)) for digit in digits]
        whole = [[item] for item in items]
        loose = [self._pieces(item) for item in items]
        tight = [self._pieces(item, False) for item in items]
        if want is None:
            alone = len(items) == 1 and bool(parsetree.lone_factors(items[0]))
            groups = loose if alone else [self._cut(item) for item in items]
        else:
            ways = [way for way in (whole, loose, tight) if sum(map(len, way)) == want]
            groups = ways[0] if ways else loose
        found = []
        for piece in (piece for group in groups for piece in group):
            letters = self._side_by_side(piece)
            if read is None and len(letters) > 1:
                shown = " ".join(letters)
                raise self.error(
                    piece,
                    f"{shown} would be {wording.indices(len(letters))}, but the array "
                    f"has no axis for each; a product of indices is written {letters[0]} \\cdot ..",
                    ShapeError,
                )
            found.append((read or self.index_value)(piece))
        return found

    def _pieces(self, item: Part, coefficients: bool = True) -> list[Part]:
        """An index item cut where symbols stand side by side, but not before the (k) of `p(k)`."""
        return parsetree.pieces(item, coefficients, self._is_argument)

    def _is_argument(self, name: Part, group: Part) -> bool:
        """Whether a bracket holds an index of the array before it, or a function's argument."""
        if parsetree.atom(group).data not in ("parens", "brackets") or not self.is_name(name):
            return False
        known = self.name_of(name)
        return known not in self.scope and bool(
            self.rank(known) or known in self.declared.functions
        )

    def _cut(self, item: Part) -> list[Part]:
        """An index such as `ij+1`, cut between letters that are both indices in scope."""
        loose = self._pieces(item)
        if len(loose) > 1 and self._side_by_side(item):
            return loose
        return [item]

    def _side_by_side(self, item: Part) -> list[str]:
        """Indices in scope that stand side by side in an index, with no sign between them."""
        for row in parsetree.rows(item):
            found = [
                parsetree.text(factor)
                for place, factor in enumerate(row)
                if self._is_index_in_scope(factor)
                or (place and parsetree.is_token(parsetree.atom_token(factor), "NUMBER"))
            ]
            if len(found) > 1 or (found and found[0].isdigit()):
                return found
        return []

    def _is_index_in_scope(self, factor: Part) -> bool:
        """Whether a factor is an index that the left side or a sum runs over."""
        is_plain = self.is_name(factor) and not parsetree.has_subscript(factor)
        return is_plain and self.name_of(factor) in self.scope

    def _is_pure_label(self, item: Part) -> bool:
        factor = parsetree.lone_factor(item)
        label = self.label(factor) if factor is not None else ""
        return bool(label) and label not in self.scope

    def index_value(self, piece: Part) -> Node:
        """One index; in an expression without a left side, a new letter becomes a free index."""
        factor = parsetree.lone_factor(piece)
        if self.open_ended and factor is not None and self.is_name(factor):
            name = self.name_of(factor)
            known = name in self.declared.names or name in self.scope
            if not known and len(factor.children) == 1:
                self.collected.append(name)
                self.scope.insert(0, name)
        return self.expression(piece)

    # ---- symbols --------------------------------------------------------------------------------

    def scripted(
        self, factor: Part, groups: Sequence[Part] = ()
    ) -> tuple[str, list[Node], Node | None]:
        """Name, indices and power of a symbol; the indices of superscripts come first.

        groups : the brackets behind it, which may hold further indices
        """
        factor = self.bare(factor)
        bound_later = self.open_ended
        name = self.full_name(factor, lambda letter: bound_later)
        if self.is_known(f"{name}_squared") and not self.is_known(name):
            raise self.error(
                factor,
                f"{name}_squared is declared, the square as one quantity, and {name} by itself is "
                f"not: write \\sqrt{{..^2}}, or declare {name} and not its square",
                UnknownNameError,
            )
        self.note_symbol(parsetree.symbol_span(factor), name)
        scripts = self.index_scripts(factor, name)
        subs = [inner for kind, inner in scripts if kind == "sub"]
        supers = [inner for kind, inner in scripts if kind == "sup"]
        if len(subs) > 1:
            raise self.error(factor, "two subscripts on one symbol")
        rank = None if groups else self.rank(name)
        leading: list[Node] = []
        for inner in supers:
            group = parsetree.lone_group(inner)
            if group is not None:
                leading += self.indices(group, None)
        power: Node | None = None
        transposed = any(
            parsetree.is_token(mark, "TOP")
            for script in parsetree.scripts(factor)
            for mark in script.children
        )
        for inner in supers:
            if parsetree.lone_group(inner) is not None:
                continue
            if self._is_index(name, inner, subs, None if rank is None else rank - len(leading)):
                leading += self.indices(inner, self._missing(rank, leading, subs))
            elif parsetree.flattened(inner) == "T":
                if "T" in self.declared.names and (
                    rank or (rank is None and not groups and is_capital(name))
                ):
                    raise self.error(
                        factor,
                        f"is this the transpose of {name} or its power T, which is a size here? "
                        f"write {name}^\\top, or rename the size",
                    )
                if "T" in self.declared.names:
                    power = self.expression(inner)
                else:
                    transposed = True
            elif power is None:
                power = self.expression(inner)
            else:
                raise self.error(factor, "two powers on one symbol")
        trailing: list[Node] = []
        for inner in subs:
            group = parsetree.lone_group(inner)
            if group is not None and len(parsetree.items(group)) > 1:
                inner = group
            trailing += self.indices(inner, None if rank is None else rank - len(leading))
        if transposed:
            if len(trailing) < 2:
                raise self.error(
                    factor, f"a transpose needs its two indices, as in {name}^T_{{ij}}"
                )
            trailing[-2:] = trailing[:-3:-1]
        index = leading + trailing
        if power is not None and not groups:
            refuse_power(self, factor, name, index, power)
        return name, index, power

    def _missing(self, rank: int | None, leading: list[Node], subs: Sequence[Part]) -> int | None:
        """How many of an array's axes neither its subscripts nor its first indices account for."""
        if rank is None:
            return None
        axes = rank - len(leading)
        shown = 0
        for item in (item for sub in subs for item in parsetree.item_trees(sub)):
            numerals = parsetree.digits(item, axes)
            shown += axes if numerals else len(self._pieces(item))
        return axes - shown if axes > shown else None

    def _is_index(self, name: str, inner: Part, subs: Sequence[Part], axes: int | None) -> bool:
        """Whether a bare superscript is an index: `x^c_{ij}` where x has three axes."""
        if len(parsetree.items(inner)) > 1:
            return True
        bound = any(
            self.is_name(factor) and self.name_of(factor) in self.scope
            for factor in parsetree.factors_below(inner)
        )
        if axes is not None:
            shown = sum(len(self._pieces(item)) for item in parsetree.item_trees(inner))
            return self._missing(axes, [], subs) == shown and (bool(subs) or bound)
        return False

    def reference(self, items: Row) -> tuple[Node, Row]:
        """A symbol with its scripts and the brackets behind it that belong to it."""
        whole, rest = parsetree.trees_of(items[:1])[0], items[1:]
        factor = self.bare(whole)
        groups = self._following_groups(rest)
        plain = self.name_of(factor)
        if plain in self.scope and not parsetree.has_subscript(factor):
            return self.powered(Index(plain), parsetree.without_primes(factor)), rest
        full = self.full_name(factor, lambda letter: self.open_ended)
        if full != plain and full in self.scope:
            return Index(full), rest
        constant = self._constant(factor, plain, bool(groups))
        if constant is not None:
            return constant, rest
        name, index, power = self.scripted(factor, groups)
        if power is not None and len(index) > 1 and holds_power(whole):
            raise self.error(whole, matrix_power(name))
        if name in self.declared.functions:
            if index:
                raise self.error(
                    factor,
                    f"{name} was given as one function, which carries no index: declare a function "
                    f"of its own for each, or write the derivative out if it is one",
                )
            return self._application(name, power, groups, rest, factor)
        taken = 0
        is_impulse = name == "delta" and self.rank(name) is None and name not in self.declared.names
        for group in groups if not is_impulse else ():
            if not self._holds_indices(group, name, index, factor):
                break
            index += [self.item(item) for item in parsetree.items(parsetree.atom(group))]
            taken += 1
            if self.rank(name) is None:
                break
        self.note_style(factor, name, len(index))
        if not taken and groups and self.rank(name) is None and not index:
            if name == "delta" and parsetree.atom(groups[0]).data == "brackets":
                return self._impulse(groups[0]), rest[1:]
            return self._application(name, power, groups, rest, factor)
        self.parameters |= {i.name for i in index if isinstance(i, Read) and not i.index}
        if name == "delta" and name not in self.declared.shapes and len(index) == 2 and not taken:
            node: Node = Call("kronecker", tuple(index))
        else:
            rank = self.rank(name) or 0
            if self.norm is not None and rank > len(index):
                index += self.norm.left_out(self, name, len(index), rank)
            self.note_rank(name, len(index), factor)
            node = Read(name, tuple(index))
        if power is not None:
            node = Power(node, power)
        if taken:
            node = self.powered(node, groups[taken - 1])
        return node, rest[taken:]

    def _holds_indices(self, group: Part, name: str, index: Sequence[Node], factor: Part) -> bool:
        """Whether the bracket behind a symbol holds (more of) its indices."""
        rank = self.rank(name)
        if rank is not None:
            return rank > len(index)
        several = len(parsetree.items(parsetree.atom(group))) > 1
        only_superscripts = not parsetree.has_subscript(factor)
        if index and not several and not only_superscripts:
            return False
        return self._looks_like_index(group)

    def _impulse(self, group: Part) -> Node:
        """`\\delta[n-k]`, 1 where n = k, which a signal is made of."""
        items = parsetree.items(parsetree.atom(group))
        if len(items) != 1:
            raise self.error(group, "expected one index, as in \\delta[n-k]")
        return self.powered(Call("kronecker", (self.item(items[0]), Number(0.0))), group)

    def _application(
        self, name: str, power: Node | None, groups: Sequence[Part], rest: Row, factor: Part
    ) -> tuple[Node, Row]:
        """A function of the caller, applied to what is in the bracket; or a product."""
        if not groups:
            raise self.error(
                factor, f"{name} was given as a function: expected its argument in brackets"
            )
        arguments = [self.item(item) for item in parsetree.items(parsetree.atom(groups[0]))]
        node: Node = Apply(name, tuple(arguments))
        if power == negative(ONE):
            raise self.error(
                factor,
                f"is this 1/{name} or the inverse of {name}? write \\frac{{1}}{{{name}( .. )}}, or "
                f"declare {name}, {name}='', if it is a number",
            )
        if power is not None:
            node = Power(node, power)
        node = self.powered(node, groups[0])
        if not isinstance(node, Apply) and name not in self.declared.functions:
            self.applied_powers.append((parsetree.start(factor), name))
        return node, rest[1:]

    def _following_groups(self, rest: Sequence[Part | Token]) -> list[Part]:
        """The brackets that stand directly behind a symbol and hold no comparison."""
        groups: list[Part] = []
        for item in rest:
            if not isinstance(item, Tree) or parsetree.has_subscript(item):
                break
            inner = parsetree.atom(item)
            if inner.data not in ("parens", "brackets") or parsetree.holds_relation(inner):
                break
            groups.append(item)
            if len(item.children) > 1:
                break
        return groups

    def _looks_like_index(self, group: Part) -> bool:
        """Whether `(i+m, j)` behind an unknown name holds indices, as `(x_i + 1)` does not."""
        items = parsetree.item_trees(parsetree.atom(group))
        factors = [factor for item in items for row in parsetree.rows(item) for factor in row]
        bound = False
        for factor in factors:
            if not self.is_name(factor):
                if not parsetree.is_token(parsetree.atom_token(factor), "NUMBER"):
                    return False
            elif self.name_of(factor) in self.scope and not parsetree.has_subscript(factor):
                bound = True
            elif parsetree.scripts(factor):
                return False
        return bound or (len(items) > 1 and bool(factors))

    def _constant(self, factor: Part, name: str, is_applied: bool) -> Node | None:
        """e and pi, where they are not names of the caller's."""
        scripts = parsetree.scripts(factor)
        if name not in CONSTANTS or parsetree.has_subscript(factor) or len(scripts) > 1:
            return None
        is_numbered = any(parsetree.lone_group(held) for _, held in parsetree.bodies(factor))
        is_read = is_numbered or (is_applied and name in self.declared.names)  # \\pi(k)
        if self.known.ranks.get(name) and self.norm is None and not is_read:
            raise self.error(
                factor,
                f"is this the number {CONSTANTS[name]:.4g}, or the array {name} that stands with "
                "an index elsewhere? rename the array",
            )
        if name in self.declared.names or name in self.known.ranks:
            return None
        if not scripts:
            return Number(CONSTANTS[name])
        inner = parsetree.body(scripts[0])
        if inner is None:
            return None
        exponent = self.expression(inner)
        self.matrices += [
            (
                parsetree.start(factor),
                n,
                f"a power by the matrix {n}, or by each of its elements? "
                f"write \\exp({n}_{{ij}}) for the elements",
            )
            for n in bare_names(exponent)
            if is_capital(n)
        ]
        return Call("exp", (exponent,)) if name == "e" else Power(Number(CONSTANTS[name]), exponent)
