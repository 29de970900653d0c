"""The left side of a formula: what it defines, and which of its letters are indices.

`a^{(k)}_{ij}`, `S(i, j)`, `(f * g)[n]`, `[\\mathsf{H}]_{ij}`, `\\frac{\\partial E}{\\partial x_i}`,
`\\sigma(\\mathbf z)_i` name an array and its free indices. `x_{(li+s)(lj+t)}` has compound indices:
a letter alone is an index, and of the letters in a product one is; the others are sizes.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from lark import Token

from cnnmath.core.derivative import Derivative
from cnnmath.core.functions import function_named
from cnnmath.core.nodes import Index, Node, Number
from cnnmath.core.shapes import size_text
from cnnmath.core.statement import Head
from cnnmath.errors import IndexReuseError
from cnnmath.language.derivatives import (
    derivative_name,
    derived_by,
    derived_quantity,
    is_elementwise,
    variable,
)
from cnnmath.language.index_words import LETTERS, WORDS
from cnnmath.language.indices import free_letters, indices, multiplied
from cnnmath.language.names import full_name, index_scripts, used_and_labels, word_of
from cnnmath.language.roles import Usage
from cnnmath.language.scope import Scope
from cnnmath.language.symbols import convolution_name, letters_of, plain_letters
from cnnmath.language.syntax import (
    Factor,
    List,
    Logic,
    Part,
    Product,
    Row,
    Scripted,
    Sum,
    Symbol,
    factors_in,
    product_of,
    start,
)

_SCRIPTS = (r"\mathcal", r"\mathscr")
_OF_RANDOM = ("E", "Var", "V", "Cov")


@dataclass(frozen=True)
class LeftSide:
    """What the left side says.

    derived : the quantity whose derivative it is, or ""
    lists_values : whether an argument, as in f(x), is no index
    raised : the indices that stand above without a bracket, as in a^l_j
    """

    head: Head
    derived: str
    lists_values: bool
    raised: Collection[str]


def left_side(
    side: Part, rest: Sequence[Part], behind: Sequence[Part], scope: Scope
) -> LeftSide | None:
    """What the left side says, or None if it is an expression like any other.

    rest : the parts on the right, which tell how each letter is used
    behind : the conditions behind them
    """
    usage = Usage(rest, scope.declared.functions, scope.declared.names)
    symbols = [symbol for part in (*rest, *behind) for symbol in part.symbols]
    for symbol in symbols:  # F^l_{ij}, where F has three axes
        if _has_axis_above(symbol, scope):
            above = {letter for held in symbol.powers for letter in plain_letters(held) or []}
            usage.indices |= above
            usage.values -= above
    used, labels = used_and_labels(symbols, scope.declared.names)
    reader = _Reader(scope, usage, used, labels)
    minus, row = _signed(side, reader)
    if not row or not (found := reader.defined(row)):
        return None
    name, free = minus + found[0], free_letters(index := found[1])
    repeated = [letter for letter, times in Counter(free).items() if times > 1]
    if repeated:
        what = f"the index {repeated[0]} is used twice on the left side"
        raise scope.error(side, what, IndexReuseError)
    is_array = name in scope.declared.shapes  # in f(x, y) = f(0, 1) of an array x is like an index
    values = () if is_array and not scope.declared.names & {*reader.arguments} else reader.arguments
    head = Head(name, tuple(index), tuple(free), tuple(values))
    return LeftSide(head, reader.derived, bool(reader.arguments), reader.raised.intersection(free))


def _signed(side: Part, reader: "_Reader") -> tuple[str, Row]:
    """What a minus before a new function, `-D(q || p)`, adds to its name; and the factors."""
    if side.product is not None:
        return "", side.product.row
    match side.sum:
        case Sum(terms=[(Token() as sign, Product(factors=[*before, first, group]) as one)]):
            name = full_name(first.symbol, reader.scope, str.islower) if first.symbol else ""
            is_new = first.name not in reader.used and not reader.scope.is_known(name)
            is_new &= all(factor.kind == "FUNCTION" for factor in before)  # -\log p(x)
            if name and is_new and sign != "+" and group.kind == "parens":
                return "minus_", one.row
    return "", ()


def _has_axis_above(symbol: Symbol, scope: Scope) -> bool:
    """Whether an array has more axes than the subscripts of a symbol show."""
    below = sum(len(plain_letters(held) or held.parts) for held in symbol.subs)
    return len(scope.declared.shapes.get(symbol.name, ())) > below > 0


class _Reader:
    """Reads the left side.

    usage : of names on the right
    used : all names that stand anywhere but here, and how they are set
    labels : the letters of declared names there
    arguments : those that are values, and no indices
    """

    def __init__(
        self, scope: Scope, usage: Usage, used: dict[str, set[str]], labels: set[str]
    ) -> None:
        self.scope = scope
        self.usage = usage
        self.used = used
        self.labels = labels
        self.shapes = scope.declared.shapes
        self.derived = ""
        self.arguments: list[str] = []
        self.lists_arguments = False
        self.raised: set[str] = set()

    def defined(self, row: Row) -> tuple[str, list[Node]] | None:
        """The name and the indices of what is defined; None if nothing is."""
        derivative = derived_quantity(row, self.scope)
        if derivative is not None:
            is_slashed = len(factors_in(row)) < len(row)
            end = product_of(row if is_slashed else row[:1]).end
            return self._derived_name((start(row[0]), end), *derivative)
        symbol, *others = factors_in(row)
        if len(others) < len(row) - 1:
            return None
        prefix = self._prefix(symbol, others)
        if prefix:
            named, quantity = self.defined(others), others[0].symbol
            if named is None or quantity is None:
                return None
            name = f"{prefix}_{named[0]}"
            self.scope.note_symbol(start(symbol), quantity.span[1], name)
            return name, named[1]
        self.lists_arguments = any(group.kind == "parens" for group in others)
        if derived_by(symbol, self.scope) is None and symbol.kind == "NABLA":
            found = self.defined(others) if others else None
            return (f"nabla_{found[0]}", found[1]) if found else None  # \nabla^2 f(x, y)
        star = convolution_name(symbol)
        if star is not None:
            name, index = star, self._scripts(symbol, "")
        elif symbol.symbol is not None:
            name, index = self._symbol(symbol.symbol)
        else:
            return None
        for group in others:
            if group.kind not in ("parens", "brackets"):
                return None
            index += self._arguments(name, group, len(index))
            index += self._scripts(group, "")
        return name, index

    def _prefix(self, first: Factor, others: Sequence[Factor]) -> str:
        r"""What a \ln before `p(x)` or a \Delta before `w_i` adds to the name of what is defined.

        If p or \Delta is declared or stands on the right as well, this is an equation of them.
        """
        quantity = others[0].name if others else ""
        if not quantity or first.attached:
            return ""
        known = (
            self.usage.arrays | self.usage.values | {*self.shapes} | self.scope.declared.functions
        )
        is_change = first.name == "Delta" and "Delta" not in known
        is_applied = len(others) > 1 and others[1].kind == "parens" and quantity not in known
        is_logarithm = first.kind == "FUNCTION" and function_named(first.sign) == "log"
        return "Delta" if is_change else "log" if is_logarithm and is_applied else ""

    def _derived_name(
        self, span: tuple[int, int], of: Symbol, by: Factor
    ) -> tuple[str, list[Node]]:
        below = variable(by, self.scope)
        self.derived = of.name
        (self.derived, of_index), (by_name, by_index) = self._symbol(of), self._symbol(below)
        is_declared = str(Derivative(self.derived, by_name)) in self.shapes
        name = derivative_name(self.derived, by_name, self.scope)
        self.scope.note_symbol(*span, name)
        if not is_elementwise(of_index, by_index):
            return name, of_index + by_index
        if not is_declared and by_name in self.shapes:
            self.shapes[name] = self.shapes[by_name]
        return name, by_index

    def _symbol(self, symbol: Symbol) -> tuple[str, list[Node]]:
        """The name and the indices of `a^{(k)}_{ij}`."""
        is_bare = symbol.name in self.usage.values - self.usage.arrays  # p_t = y p + ..
        is_known = symbol.name in self.shapes and not is_bare
        may_be_new = not (is_known or self.derived)
        words = [
            held
            for kind, held in symbol.bodies
            if self._is_word(held, may_be_new and (kind == "sub" or _names_a_layer(held)))
            or (not is_known and self._is_label(held))
        ]
        letters = {letter for held in words for letter in letters_of(held)}

        def may_be_index(letter: str) -> bool:
            is_parameter = not is_known and self._is_parameter(letter)
            return letter not in letters and not is_parameter and self._may_be_index(letter)

        name = full_name(symbol, self.scope, may_be_index)
        layers = [held.word for held in words if _names_a_layer(held) and held in symbol.sups]
        name = "_".join([name, *(word for word in layers if not name.endswith(word))])
        for held in symbol.subs:  # LBP_{P,R}, smooth_{L_1}
            lone = [one.lone for one in held.parts]
            listed = [one.name if one else "" for one in lone]
            is_label = is_bare or len(lone) > 1 or any(one and one.attached for one in lone)
            is_plain = all(listed) and is_label and name == symbol.name
            if is_plain and not is_known and not any(map(may_be_index, listed)):
                name = f"{name}_{word_of(held)}"
        if symbol.power == "2" and not name.endswith("_squared"):
            name = f"{name}_squared"  # \sigma^2 on the left: the square is what is defined
        if symbol.style in _SCRIPTS and self.used.get(symbol.name) == {""}:
            name = f"{name}_cal"  # \mathcal{L} beside a size L
        self.scope.note_symbol(*symbol.span, name)
        index = self._scripts(symbol, name)
        self.scope.insist_on_style(symbol, name, len(index))
        return name, index

    def _is_word(self, held: List, is_new: bool) -> bool:
        """Whether a subscript such as `out` is a word: nothing on the right uses its letters.

        is_new : whether no shape says how many indices there are; a word has a vowel, as `style`
        """
        letters = {*letters_of(held)}
        if held.word in WORDS:
            return not self.usage.indices & letters
        used = self.usage.indices | self.usage.values | self.usage.arrays
        if is_new and letters:
            is_spelt = len(held.parts) == 1 and len(held.word) > 2
            is_spelt &= bool(letters & {*"aeo", *self.usage.summed})
            return not letters <= used if is_spelt else not letters & (self.used.keys() | LETTERS)
        return len(letters) > 2 and not used & letters

    def _is_label(self, held: List) -> bool:
        r"""Whether it stands in declared names alone: \mu_{a|b}, with mu_a and Sigma_ab."""
        letters = {*letters_of(held)}
        return bool(letters) and letters <= self.labels - self.used.keys()

    def _is_parameter(self, letter: str) -> bool:
        r"""Whether a letter below what is defined is no index of it: the \beta of F_\beta, the w of
        f_w(x), a size that was declared."""
        is_size = letter in self.scope.declared.sizes
        if is_size and (letter.isupper() or letter not in self.usage.alone):
            return True
        if letter in self.usage.indices | self.usage.arrays:
            return False
        return len(letter) > 1 or (self.lists_arguments and letter in self.usage.values)

    def _may_be_index(self, letter: str) -> bool:
        if letter in self.shapes:
            return False
        if letter in self.usage.indices:
            return True
        return letter not in self.usage.arrays and not letter.isupper()

    def _is_index(self, name: str) -> bool:
        """Whether a name in the brackets on the left is an index on the right."""
        others = self.usage.values.union(self.shapes, self.usage.arrays, self.scope.sets)
        return name in self.usage.indices - others

    def _is_unread(self, name: str) -> bool:
        """Whether a name is neither declared nor an array, so that it can be an index."""
        return name not in self.scope.declared.names and name not in self.usage.arrays

    def _scripts(self, factor: Scripted, name: str) -> list[Node]:
        index: list[Node] = []
        shape = self.shapes.get(name)
        scripts = (
            index_scripts(factor, name, self.scope) if isinstance(factor, Symbol) else factor.bodies
        )
        for kind, inner in sorted(scripts, key=lambda script: script[0] != "sup"):
            group = inner.group
            if kind == "sup" and group is None:
                letters = set(plain_letters(inner) or "-")
                running = set(map(size_text, shape)) if shape else self.usage.above
                names_a_size = letters <= self.scope.declared.sizes - running
                if inner.is_number or names_a_size:
                    continue  # it is part of the name, or E^N, the error of N examples
                self.raised.update(inner.letters)
            want = None if shape is None or kind == "sup" else len(shape) - len(index)
            listed = kind == "sup" or (group is not None and len(group.items) > 1)
            held = group if group and listed else inner
            index += indices(held, want, self.scope, self._index)
        return index

    def _arguments(self, name: str, brackets: Factor, before: int) -> list[Node]:
        """Arguments of `S(i, j)` or `w[n]` that are indices; `f(x)` has a value there instead."""
        group, shape = brackets.held, self.shapes.get(name)
        if len(group.parts) < len(group.items):  # E(w_1, \dots, w_K)
            self.arguments += dict.fromkeys(
                s.name for item in group.parts for s in item.symbols[:1]
            )
            return []
        letters = letters_of(group)
        is_full = shape is not None and len(shape) == before + len(group.parts)
        is_drawn = name in _OF_RANDOM and not is_full  # \mathrm{Var}[x]
        all_indices = (is_full or brackets.kind == "brackets") and not is_drawn
        all_indices &= all(map(self._is_unread, letters))
        index: list[Node] = []
        for item in group.parts:
            if item.lone and item.lone.kind == "escaped_braces":  # L(\{p_i\}, \{t_i\})
                self.arguments += [symbol.name for symbol in item.symbols[:1]]
                continue
            if isinstance(item, Logic) or item.relations not in ((), ("=",)):
                raise self.scope.error(item, "expected an index or the name of an argument")
            for side in item.sides[:-1]:  # P(y_i = k)
                index += self._shown(side, index)
            if not (item.relations and item.sides[-1].is_number):
                index += self._argument(item.sides[-1], index, all_indices)
        return index

    def _argument(self, item: Part, before: Sequence[Node], all_indices: bool) -> list[Node]:
        """The indices that an argument shows for the first time; one that is a value is noted."""
        applied = _applied(item)
        if applied is not None:  # L(y, f(x)) is of two values
            self.arguments.append(applied.name)
            return []
        symbol = item.lone.symbol if item.lone else None
        if symbol is None:
            return indices(item, 1, self.scope, self._index)
        letter = symbol.name
        if not (symbol.has_subscript and symbol.bodies):  # x_* is a name
            if self._is_index(letter) or (all_indices and self._is_unread(letter)):
                return [Index(letter)]
            self.arguments.append(letter)
            return []
        whole = f"{letter}_{symbol.bodies[0][1].word}"
        if letter not in self.shapes and self._is_index(whole):
            return [Index(whole)]
        if whole in self.scope.declared.names:
            self.arguments.append(whole)
            return []
        shown = self._scripts(symbol, letter)
        if shown and all(isinstance(node, Number) for node in shown):  # J(\theta_0, \theta_1)
            name = full_name(symbol, self.scope, self._may_be_index)
            self.arguments += [name] if name not in self.arguments else []
            return []
        return [node for node in shown if node not in before]  # Softmax(x_i) has those of x_i

    def _shown(self, item: Part, before: Sequence[Node]) -> list[Node]:
        """The indices of the y_i of `P(y_i = k)`."""
        symbol = item.lone.symbol if item.lone else None
        if symbol is None:
            raise self.scope.error(item, "expected an index or the name of an argument")
        shown = self._scripts(symbol, symbol.name)
        return [node for node in shown if node not in before]

    # ---- one index ------------------------------------------------------------------------------

    def _index(self, piece: Part, scope: Scope) -> Node:
        """An index, in which no letter has a meaning yet."""
        letters = list(dict.fromkeys(symbol.name for symbol in piece.symbols))
        products = multiplied(piece)
        sizes = set(self.scope.declared.sizes) - self.usage.indices
        for group in products:
            running = [n for n in group if n in self.usage.indices and n not in sizes]
            running = running or [n for n in group if n not in sizes]
            sizes |= set(group) - set(running[:1])
        if len(letters) == 1 and not products:
            sizes -= set(letters)
        return replace(scope, indices=tuple(n for n in letters if n not in sizes)).value(piece)


def _names_a_layer(held: List) -> bool:
    """Whether this is the L of `\\delta^L`."""
    return held.group is None and held.word.isupper() and held.word != "T" and len(held.parts) == 1


def _applied(item: Part) -> Symbol | None:
    """The f of `f(x)`."""
    match item.factors:
        case [factor, group] if group.kind == "parens":
            return factor.symbol
    return None
