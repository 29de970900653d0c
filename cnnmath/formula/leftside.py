"""The left side of a formula: what it defines, and which of its letters are indices.

`a^{(k)}_{ij}`, `S(i, j)`, `(f * g)[n]`, `[\\mathsf{H}]_{ij}`, `\\frac{\\partial E}{\\partial x_i}`,
`\\sigma(\\mathbf z)_i` name an array and its free indices. `x_{(li+s)(lj+t)}` has compound indices:
a letter alone is an index, and of the letters in a product one is; the others are sizes.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from lark import Token

from cnnmath.errors import IndexReuseError
from cnnmath.formula import parsetree
from cnnmath.formula.nodes import Index, Node, indices_in
from cnnmath.formula.parsetree import Part
from cnnmath.formula.statement import Head
from cnnmath.formula.usage import Usage

if TYPE_CHECKING:
    from cnnmath.formula.reader import Reader

_WORDS = {"in", "out"}


class LeftSide:
    """Reads the left side for a Reader.

    rest : the parts on the right, which tell how each letter is used
    """

    def __init__(self, reader: "Reader", rest: Sequence[Part]) -> None:
        self.reader = reader
        self.usage = Usage(reader, rest)
        self.derived = ""  # the quantity whose derivative it is
        self.lists_values = False  # whether an argument, as in f(x), is no index

    def read(self, side: Sequence[Part | Token]) -> Head | None:
        """What the left side defines, or None if it is an expression like any other."""
        factors = [parsetree.unbraced(f) for f in parsetree.lone_factors(side[0])]
        found = self._defined(factors) if factors and len(side) == 1 else None
        if found is None:
            return None
        name, index = found
        free = _free(index)
        repeated = [letter for letter, times in Counter(free).items() if times > 1]
        if repeated:
            raise self.reader.error(
                side[0],
                f"the index {repeated[0]} is used twice on the left side",
                IndexReuseError,
            )
        return Head(name, tuple(index), tuple(free))

    def _defined(self, factors: Sequence[Part]) -> tuple[str, list[Node]] | None:
        symbol = factors[0]
        written = self.reader.derivative_parts(symbol) if len(factors) == 1 else None
        derived_by = self.reader.operator(symbol)
        parts: tuple[Part, Part] | None = None
        if written is not None:
            derived = self.reader.derived_symbol(*written)
            if derived is None:
                return None  # the derivative of an expression
            parts = derived, written[1]
        if derived_by is not None:
            quantity, others = self.reader.operand(symbol, list(factors[1:]))
            parts = (quantity, derived_by) if quantity is not None and not others else None
        if derived_by is None and parsetree.is_token(symbol.children[0], "NABLA"):
            found = self._defined(factors[1:]) if factors[1:] else None
            return (f"nabla_{found[0]}", found[1]) if found else None  # \nabla^2 f(x, y)
        if parts is not None:
            self.reader.insist_on_square(parts[1])
            (of, of_index), (by, by_index) = (self._symbol(part) for part in parts)
            self.derived, name = of, self.reader.derivative_name(of, by)
            self.reader.note_symbol((parsetree.start(symbol), parsetree.end(symbol)), name)
            return name, of_index + by_index
        star = self.reader.convolution_name(symbol)
        if star is not None:
            name, index = star, self._scripts(symbol, "")
        elif self.reader.is_name(symbol):
            name, index = self._symbol(symbol)
        else:
            return None
        for group in factors[1:]:
            if parsetree.atom(group).data not in ("parens", "brackets"):
                return None
            index += self._arguments(name, group, len(index))
            index += self._scripts(group, "")
        return name, index

    def _symbol(self, factor: Part) -> tuple[str, list[Node]]:
        """The name and the indices of `a^{(k)}_{ij}`."""
        factor = self.reader.bare(factor)
        letters: set[str] = set()  # of a word, so that they are no indices
        for _, held in parsetree.bodies(factor):
            if self._is_word(held):
                letters |= set(self.reader.plain_letters(held) or [])
        name = self.reader.full_name(
            factor, lambda letter: letter not in letters and self._may_be_index(letter)
        )
        if self.reader.power_of(factor) == "2" and not name.endswith("_squared"):
            name = f"{name}_squared"  # \sigma^2 on the left: the square is what is defined
        self.reader.note_symbol(parsetree.symbol_span(factor), name)
        index = self._scripts(factor, name)
        self.reader.note_style(factor, name, len(index))
        return name, index

    def _is_word(self, held: Part) -> bool:
        """Whether a subscript such as `out` is a word: nothing on the right uses its letters."""
        letters = self.reader.plain_letters(held) or []
        used = self.usage.indices | self.usage.values | self.usage.arrays
        is_word = len(letters) > 2 or "".join(letters) in _WORDS
        return is_word and not used & set(letters)

    def _may_be_index(self, letter: str) -> bool:
        if letter in self.reader.declared.shapes:
            return False
        if letter in self.usage.indices:
            return True
        return letter not in self.usage.arrays and not letter.isupper()

    def _scripts(self, factor: Part, name: str) -> list[Node]:
        index: list[Node] = []
        rank = self.reader.rank(name) if name in self.reader.declared.shapes else None
        scripts = self.reader.index_scripts(factor, name) if name else parsetree.bodies(factor)
        for kind, inner in sorted(scripts, key=lambda script: script[0] != "sup"):
            group = parsetree.lone_group(inner)
            if kind == "sup" and group is None and parsetree.is_number(inner):
                continue  # it is part of the name
            letters = set(self.reader.plain_letters(inner) or "-")
            names_a_size = letters <= self.reader.declared.sizes - self.usage.above
            if kind == "sup" and group is None and names_a_size and not rank:
                continue  # E^N, the error of N examples
            want = None if rank is None or kind == "sup" else rank - len(index)
            listed = kind == "sup" or (group is not None and len(parsetree.items(group)) > 1)
            index += self.reader.indices(group if group and listed else inner, want, self._index)
        return index

    def _arguments(self, name: str, group: Part, before: int) -> list[Node]:
        """Arguments of `S(i, j)` that are indices; `f(x)` has a value there instead."""
        items = parsetree.item_trees(parsetree.atom(group))
        declared = self.reader.declared.shapes.get(name)
        letters = [name for item in items for name in self.reader.plain_letters(item) or []]
        all_indices = (
            declared is not None
            and len(declared) == before + len(items)
            and all(map(self.usage.is_unread, letters))
        )
        index: list[Node] = []
        for item in items:
            if parsetree.holds_relation(item):
                raise self.reader.error(item, "expected an index or the name of an argument")
            factor = parsetree.lone_factor(item)
            if self._is_application(item):  # L(y, f(x)) is of two values
                self.lists_values = True
                continue
            if factor is None or not self.reader.is_name(factor):
                index += self.reader.indices(item, 1, self._index)
                continue
            letter = self.reader.name_of(factor)
            if parsetree.has_subscript(factor):
                whole = f"{letter}_{parsetree.flattened(parsetree.bodies(factor)[0][1])}"
                if self.usage.is_index(whole):
                    index.append(Index(whole))
                else:  # Softmax(x_i) has the indices of x_i
                    index += self._scripts(factor, letter)
            elif self.usage.is_index(letter) or (all_indices and self.usage.is_unread(letter)):
                index.append(Index(letter))
            else:
                self.lists_values = True
        return index

    def _is_application(self, item: Part) -> bool:
        factors = parsetree.lone_factors(item)
        applied = len(factors) == 2 and parsetree.atom(factors[1]).data == "parens"
        return applied and self.reader.is_name(factors[0])

    # ---- one index ------------------------------------------------------------------------------

    def _index(self, piece: Part) -> Node:
        """An index, in which no letter has a meaning yet."""
        letters = list(dict.fromkeys(
            self.reader.name_of(factor) for factor in parsetree.factors_below(piece)
            if self.reader.is_name(factor) and parsetree.atom(factor).data != "braces"
        ))  # fmt: skip
        multiplied = self._multiplied(piece)
        sizes = set(self.reader.declared.sizes) - self.usage.indices
        for group in multiplied:
            running = [n for n in group if n in self.usage.indices and n not in sizes]
            running = running or [n for n in group if n not in sizes]
            sizes |= set(group) - set(running[:1])
        if len(letters) == 1 and not multiplied:
            sizes -= set(letters)
        outer = self.reader.scope
        self.reader.scope = [n for n in letters if n not in sizes]
        try:
            return self.reader.expression(piece)
        finally:
            self.reader.scope = outer

    def _multiplied(self, piece: Part) -> list[list[str]]:
        """The names in each product of several."""
        found = []
        for part in piece.iter_subtrees():
            if part.data == "product":
                factors = parsetree.trees_of(parsetree.flat_product(part))
                names = [self.reader.name_of(f) for f in factors if self.reader.is_name(f)]
                if len(names) > 1:
                    found.append(names)
        return found


def _free(index: Iterable[Node]) -> list[str]:
    """The free indices, in order; a repeated letter by itself is kept, to be refused."""
    free: list[str] = []
    for node in index:
        if isinstance(node, Index):
            free.append(node.name)
        else:
            free += dict.fromkeys(n.name for n in indices_in(node) if n.name not in free)
    return free
