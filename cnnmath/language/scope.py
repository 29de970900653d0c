"""What holds where a part of a formula is read, and what reading finds out on the way."""

import itertools
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from lark import Token

from cnnmath.core import wording
from cnnmath.core.nodes import Binder, Extent, Node, Number, add
from cnnmath.core.statement import Declared, Symbol
from cnnmath.errors import CnnMathError, FormulaSyntaxError, ShapeError
from cnnmath.language import syntax
from cnnmath.language.roles import Roles
from cnnmath.language.syntax import Part, Row, Script, product_of, start
from cnnmath.language.syntax_errors import syntax_error


@dataclass
class Found:
    """What is found out while a formula is read; for what else it means see Statement.

    collected : the free indices of an expression without a left side
    is_awaited : whether a second reading may find something else, since this one could not say yet
        what it was asked: how a name is used further on
    inferred : how far an index runs in one sum holds for another: \\sum_s T_s \\sum_s I_{i+s}
    styles : how a name with so many indices is set
    sets : the arrays that are sets
    """

    roles: Roles = field(default_factory=Roles)
    is_awaited: bool = False
    symbols: list[Symbol] = field(default_factory=list)
    along: list[tuple[str, tuple[tuple[str, int], ...]]] = field(default_factory=list)
    products: list[tuple[int, frozenset[str], frozenset[str]]] = field(default_factory=list)
    matrices: list[tuple[int, str, str]] = field(default_factory=list)
    applied_powers: list[tuple[int, str]] = field(default_factory=list)
    collected: list[str] = field(default_factory=list)
    inferred: dict[str, Binder] = field(default_factory=dict)
    styles: dict[tuple[str, int], str] = field(default_factory=dict)
    sets: set[str] = field(default_factory=set)
    fresh: "itertools.count[int]" = field(default_factory=itertools.count)

    def outermost_symbols(self) -> tuple[Symbol, ...]:
        """The outermost of the spans that were found, in order."""
        kept: list[Symbol] = []
        for symbol in sorted(self.symbols, key=lambda s: (s.start, -s.end)):
            if not kept or symbol.start >= kept[-1].end:
                kept.append(symbol)
        return tuple(kept)


class Axis(NamedTuple):
    """Which axis of which array an open index runs along, and how far."""

    array: str
    number: int
    binder: Binder


@dataclass
class Whole:
    """The open indices of a formula with whole vectors and matrices; see whole.py.

    order : 0 for the index of rows, 1 for that of columns
    rows : whether a vector is a row, as x^\\top is, or a column, as Wx is; None is either
    summed : those that a product or a norm sums over
    needed : whether anything was done that has a meaning for vectors and matrices only
    shown : whether a \\odot stands between arrays, so that they may leave indices out
    refused : the error about whole arrays, if there was one
    is_outer : whether x \\otimes y, or x y^\\top, of one size is a matrix, where that is tried
    is_twofold : whether there is one between such arrays
    normed : whether there is a norm, so that what stands for vectors is seen
    outer : a product x y^\\top of vectors of one size, where they might be rows
    dotted : the indices of sums that a \\cdot stands for, and of what
    """

    axes: dict[str, Axis] = field(default_factory=dict)
    order: dict[str, int] = field(default_factory=dict)
    rows: dict[str, bool | None] = field(default_factory=dict)
    summed: set[str] = field(default_factory=set)
    needed: bool = False
    shown: bool = False
    refused: CnnMathError | None = None
    is_outer: bool | None = None
    is_twofold: bool = False
    normed: bool = False
    outer: Part | None = None
    dotted: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Scope:
    """What holds where a part is read; a sum reads what it is taken of in a scope of its own.

    shown : what a first reading showed; None during that
    found : what is found out on the way, the same for all parts
    read : what gives a part its value in a scope
    first : what reads the first factor of a row in a scope, with the brackets that belong to it
    indices : the letters that are an index here;  summed : those that a sum runs over
    sets : the names that stand behind an \\in
    whole : the indices that arrays leave out, within the bars of a norm and where vectors and
        matrices are multiplied
    is_open : an expression without a left side, which collects its free indices
    elementwise : the left side shows no index, so that arrays may stand without any
    in_exponent : in e^{..} and \\exp(..), where -x^2/2\\sigma^2 has one reading
    in_logarithm : in \\log( .. ), where |A| is a determinant
    lists_values : f(x, y) on the left, where x and y stand for single numbers
    raised : the indices that the left side shows above, without a bracket
    is_step : one step of a recurrence, such as c_t = f_t * c_{t-1}, where * is of the elements
    """

    latex: str
    declared: Declared
    shown: Roles | None
    found: Found
    read: "Callable[[Part, Scope], Node]"
    first: "Callable[[Row, Scope], tuple[Node, Row]]"
    indices: tuple[str, ...] = ()
    summed: frozenset[str] = frozenset()
    sets: frozenset[str] = frozenset()
    whole: Whole | None = None
    is_open: bool = False
    elementwise: bool = False
    in_exponent: bool = False
    in_logarithm: bool = False
    lists_values: bool = False
    raised: Collection[str] = frozenset()
    is_step: bool = False

    # ---- reading --------------------------------------------------------------------------------

    def value(self, part: Part) -> Node:
        """The value of any part: a sum, a comparison, a list of one item."""
        return self.read(part, self)

    def item(self, item: Part | Token) -> Node:
        """The value of an item of a list."""
        if isinstance(item, Token):
            raise self.error(item, "dots stand for numbers that are not written: write a sum")
        return self.value(item)

    def product(self, row: Row) -> Node:
        """The value of some factors and the signs between them."""
        return self.value(product_of(row))

    def within(self, *names: str) -> "Scope":
        """The scope in which a sum runs over some more letters."""
        summed = self.summed.union(names)
        return replace(self, indices=(*self.indices, *names), summed=summed)

    def error(
        self, part: Part | Script | Token, what: str, kind: type[CnnMathError] = FormulaSyntaxError
    ) -> CnnMathError:
        """An exception that points at a part."""
        return kind(str(syntax_error(self.latex, start(part), what)))

    # ---- what a first reading showed ------------------------------------------------------------

    @property
    def roles(self) -> Roles | None:
        """What a first reading showed; None during that, which a second one follows if it asks."""
        self.found.is_awaited |= self.shown is None
        return self.shown

    # ---- names ----------------------------------------------------------------------------------

    def is_index(self, name: str) -> bool:
        """Whether a letter is an index here."""
        return name in self.indices or name in self.found.collected

    def is_bound(self, symbol: syntax.Symbol | None) -> bool:
        """Whether a symbol is an index that the left side or a sum runs over."""
        return symbol is not None and not symbol.has_subscript and self.is_index(symbol.name)

    def is_known(self, name: str) -> bool:
        """Whether a declaration or a formula gives a name a meaning."""
        return name in self.declared.names or name in self.declared.defined

    def note_symbol(self, start: int, end: int, name: str) -> None:
        self.found.symbols.append(Symbol(start, end, name))

    def insist_on_style(self, symbol: syntax.Symbol, name: str, count: int) -> None:
        """Raises FormulaSyntaxError at x beside \\mathbf{x}, which would be one name.

        An x_i beside \\mathbf{x} is an element of it.
        """
        if self.found.styles.setdefault((name, count), symbol.style) != symbol.style:
            raise self.error(
                symbol,
                f"{name} is set in two ways here but would be one name, {name}: rename one of the "
                "two",
            )

    # ---- arrays ---------------------------------------------------------------------------------

    def read_rank(self, name: str) -> int | None:
        """How many indices a first reading found on a name."""
        return roles.ranks.get(name) if (roles := self.roles) else None

    def rank(self, name: str) -> int | None:
        """How many axes an array has, where that is known by now."""
        shape = self.declared.shapes.get(name)
        return self.read_rank(name) if shape is None else len(shape)

    def along(self, name: str, axis: int, index: str) -> Binder:
        """An index that runs from the first to the last element along an axis of an array."""
        first = Number(float(self.declared.origin(name)))
        return Binder(index, first, add(self.length(name, axis), Number(-1.0), first))

    def length(self, name: str, axis: int) -> Node:
        """How many elements an array has along an axis."""
        shape = self.declared.shapes.get(name)
        return Extent(name, axis) if shape is None else shape[axis]

    def note_rank(self, name: str, rank: int, part: Part) -> None:
        """Remember with how many indices a name is read.

        Raises ShapeError if it was declared, or is read elsewhere, with another number.
        """
        stands_for_each_element = rank == 0 and self.elementwise
        declared = self.declared.shapes.get(name)
        if stands_for_each_element and declared:
            return
        if declared is not None and len(declared) != rank:
            raise self.error(
                part,
                f"{name} was declared with {wording.axes(len(declared))} but is read "
                f"with {wording.indices(rank)}",
                ShapeError,
            )
        # A first reading keeps the largest: beside x^{(c)}_{ij}, x^c_{ij} has an index too.
        ranks = self.found.roles.ranks
        before = ranks.setdefault(name, rank)
        ranks[name] = max(before, rank)
        if self.shown is None:
            self.found.is_awaited |= before != rank
            return
        known = self.shown.ranks.get(name)
        if known not in (None, rank) and not stands_for_each_element:
            raise self.error(
                part,
                f"{name} is read with {wording.indices(known or 0)} elsewhere "
                f"and with {wording.indices(rank)} here",
                ShapeError,
            )
