"""`Formula`: a LaTeX statement and the shapes of its arrays, made into a function.

One object typesets itself, evaluates itself on arrays, writes out any element of its result term
by term, checks its own derivation link by link, and hands its syntax tree to the browser.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnmath.errors import (
    FormulaError,
    FormulaSyntaxError,
    NoSuchElementError,
    ShapeError,
    UnknownNameError,
)
from cnnmath.formula import shapes as sizing
from cnnmath.formula import wording
from cnnmath.formula.binding import Bound, bind, taken_by
from cnnmath.formula.check import Check, check_chain
from cnnmath.formula.definitions import insist_on_agreement, names_in, system_of
from cnnmath.formula.elements import Range
from cnnmath.formula.expand import Expander, Expansion
from cnnmath.formula.given import plain_key, plain_keys
from cnnmath.formula.jacobian import worked_out
from cnnmath.formula.latex import raised_in, statement_latex
from cnnmath.formula.magnitude import rounding_of
from cnnmath.formula.nodes import Index, Node, Number, Read, add
from cnnmath.formula.placing import indices_of, valued
from cnnmath.formula.reader import read
from cnnmath.formula.shapes import Declaration, Shape
from cnnmath.formula.statement import Declared, Head, Symbol
from cnnmath.formula.typeset import markdown
from cnnmath.formula.vocabulary import vocabulary

Values = NDArray[np.float64]

FARTHEST_ORIGIN = 2**40  # far enough from where float64 misses whole numbers


class Formula:
    """A formula, from LaTeX to values.

    latex : one equation, or a chain `A = B = C` of them
    name : what the formula is called; the name on its left side, if none is given
    origin : the first index of every array, 0 or 1; or by array, such as `{"V": -1}`
    meaning, source : plain words about the formula, the first shown with it
    symbols : for each name plain words that say what it is, shown with the formula
    shapes : for each array its sizes, separated by blanks (`x="M N"`; `""` for a single number);
        for a quantity that another formula defines, that Formula, so that
        `\\frac{\\partial a_{ij}}{\\partial W_{st}}` has a meaning; for a function, the function

    `f(**arrays_and_sizes)` returns the value of the (last) right side as float64.

    The formulas that are given, and those that they were given, are one system: a value is
    calculated, and a derivative taken, through all of them. A derivative is thus total. Held is
    what no formula defines, and \\mu in `(\\frac{\\partial y_i}{\\partial x_n})_{\\mu}`. A square,
    `sigma_squared` for \\sigma^2, is one quantity if it is defined or declared.

    Raises FormulaSyntaxError, IndexReuseError, UndeclaredShapeError, UnknownNameError or
    ShapeError (see cnnmath.errors) if the statement makes no sense.
    """

    def __init__(
        self,
        latex: str,
        *,
        name: str | None = None,
        origin: int | Mapping[str, int] = 0,
        meaning: str = "",
        source: str = "",
        symbols: Mapping[str, str] | None = None,
        **shapes: "Declaration | Formula | Callable[..., Any]",
    ) -> None:
        if not isinstance(latex, str):
            raise FormulaSyntaxError(f"a formula is LaTeX text: got {type(latex).__name__}")
        self.latex = latex
        self.meaning = meaning
        self.source = source
        self.symbols = dict(symbols or {})
        self.origin = _checked_origin(origin)
        self.default_functions: dict[str, Callable[..., Any]] = {}
        self.definitions: dict[str, Formula] = {}
        self.shapes: dict[str, Shape] = {}
        for key, value in plain_keys(shapes).items():
            self._declare(key, value)
        self.system = system_of(self.definitions)
        self._inherit()
        self.declared = Declared(
            self.shapes,
            frozenset(name for shape in self.shapes.values() for name in sizing.names_in(shape)),
            frozenset(self.system),
            frozenset(self.default_functions),
            self.first_index,
            self.origin_of_indices,
        )
        try:
            self.statement = read(latex, self.declared)
            self.head: Head = self.statement.head or Head("", (), ())
            ranges = self._known_ranges()
            self.links: tuple[Node, ...] = tuple(
                worked_out(link, self.system, self.shapes, self.first_index, ranges)
                for link in self.statement.links
            )
        except RecursionError:
            raise FormulaSyntaxError("the formula is nested too deeply to be read") from None
        # What the value, that of the last side, is calculated from.
        self.reads = names_in((self.links[-1], *self.statement.conditions, *self.head.index))
        self.name = name or self.head.name or "formula"
        self.vocabulary = vocabulary(
            self.links, self.statement.conditions, self.head.index, self.shapes
        )
        self._check_declarations(plain_keys(shapes))

    # ---- what the formula is about --------------------------------------------------------------

    @property
    def result(self) -> str:
        """The keyword name of what the formula defines, such as `dE_dx`."""
        return self.head.name

    @property
    def free(self) -> tuple[str, ...]:
        """The free indices, in the order of the axes of the result."""
        return self.head.free

    @property
    def names(self) -> tuple[str, ...]:
        """The arrays, single numbers and functions that the formula is made of, as they appear."""
        return self.vocabulary.names

    @property
    def sizes(self) -> tuple[str, ...]:
        """The sizes: whole numbers that shapes, bounds and index arithmetic refer to."""
        return self.vocabulary.sizes

    @property
    def found_symbols(self) -> tuple[Symbol, ...]:
        """Where each name stands in the LaTeX: (start, end, name), from left to right."""
        return self.statement.symbols

    @property
    def elementwise(self) -> bool:
        """Whether the left side shows no index, so that the formula applies to each element."""
        return not self.head.index

    @property
    def is_number(self) -> bool:
        """Whether the result is a single number, as a sum over all indices is."""
        bare = self.vocabulary.bare
        arrays = any(self.shapes.get(name) or self.statement.ranks.get(name) for name in bare)
        return self.elementwise and self.vocabulary.has_indices and not arrays

    @property
    def is_direct(self) -> bool:
        """Whether every index on the left is a letter by itself."""
        return all(isinstance(node, Index) for node in self.head.index)

    @property
    def origin_of_indices(self) -> int:
        """The first value of an index that belongs to no array in particular."""
        return self.origin if isinstance(self.origin, int) else 0

    def first_index(self, array: str) -> int:
        """The index of an array's first element, 0 for most authors."""
        return self.origin if isinstance(self.origin, int) else self.origin.get(array, 0)

    @property
    def reading(self) -> str:
        """The LaTeX of the formula as it was understood, with every bracket and every range."""
        raised: dict[str, int] = {}
        for formula in (*self.system.values(), self):
            raised |= raised_in(formula.latex, formula.found_symbols)
        return statement_latex(self.statement, self.declared, raised)

    # ---- declarations ---------------------------------------------------------------------------

    def _declare(self, key: str, value: Any) -> None:
        if isinstance(value, Formula):
            if value.result != key:
                raise UnknownNameError(
                    f"{key} was given the formula of {value.result or value.name}: "
                    f"expected one with {key} on its left side"
                )
            self.definitions[key] = value
            if key in value.shapes:
                self.shapes[key] = value.shapes[key]
            elif value.is_number:
                self.shapes[key] = ()
        elif callable(value):
            self.default_functions[key] = value
        else:
            self.shapes[key] = sizing.read_shape(key, value)

    def _inherit(self) -> None:
        """What the formulas of the defining kind declare holds here too, unless said otherwise."""
        for definition in self.definitions.values():
            for key, shape in definition.shapes.items():
                self.shapes.setdefault(key, shape)
            for key, function in definition.default_functions.items():
                self.default_functions.setdefault(key, function)

    def _known_ranges(self) -> dict[str, Range]:
        """First and last value of the free indices, where the shape of the result says so."""
        shape = self.shapes.get(self.head.name)
        if shape is None or not self.is_direct:
            return {}
        first = Number(float(self.first_index(self.head.name)))
        ends = (add(size, Number(-1.0), first) for size in shape)
        return {name: (first, end) for name, end in zip(self.head.free, ends, strict=False)}

    def _check_declarations(self, declared: Iterable[str]) -> None:
        """Each declared name must occur, and a declared result must have the axes it shows."""
        known = {*self.names, *self.sizes, *self.system, *self.statement.ranks}
        known |= {self.result, *self.vocabulary.built_in}
        known |= {
            n.name for link in self.statement.links for n in link.walk() if isinstance(n, Read)
        }  # also those that a derivative does not depend on
        known |= {part for name in known for part in _parts_of_derivative(name)}
        known |= {n for d in self.system.values() for n in (*d.names, *d.shapes)}
        for key in declared:
            if key not in known:
                shown = sorted(known - {"", *self.vocabulary.built_in})
                raise UnknownNameError(
                    f"a shape is declared for {key}, which the formula does not mention; "
                    f"it has {', '.join(shown) or 'no names'}"
                )
        sizes = {name for each in self.shapes.values() for name in sizing.names_in(each)}
        for name, rank in self.statement.ranks.items():
            if rank and name in sizes:
                raise ShapeError(
                    f"{name} is a size of the declared shapes, but is read as an array with "
                    f"{wording.indices(rank)}"
                )
        shape = self.shapes.get(self.result)
        if shape is not None and not self.elementwise and len(shape) != len(self.head.index):
            raise ShapeError(
                f"{self.result} was declared with {wording.axes(len(shape))} but the "
                f"left side has {wording.indices(len(self.head.index))}"
            )

    # ---- calling it -----------------------------------------------------------------------------

    def __call__(self, **given: Any) -> Values:
        """The value of the right side (the last one of a chain) on the given arrays and sizes.

        given : every array by name, and each size that no array's shape determines; what a formula
            defines is calculated, or if it is given all the same must be what the formula gives
        Returns float64, of the declared shape, or else of the largest shape for which no read
            falls outside its array; 0-dimensional for a single number
        Raises MissingArrayError, SuperfluousArrayError, ShapeError, UnboundSizeError,
            UndeclaredShapeError, ArrayValueError, ContradictionError; FormulaError for what would
            take hours
        """
        given = plain_keys(given)
        value = self.value_of(self.links[-1], self.bind(self.links[-1:], given))
        insist_on_agreement(self.system, given, self.reads)
        return value

    def evaluated(self, known: Mapping[str, Any]) -> Values:
        """The value on what the formula takes of all that is known, which need not be asked
        whether it agrees with the formulas that define it; what a call raises."""
        return self.value_of(self.links[-1], self.bind(self.links[-1:], taken_by(self, known)))

    def rounding(self, known: Mapping[str, Any]) -> Values:
        """By how much rounding may have changed the value on all that is known, by element."""
        bound = self.bind(self.links[-1:], taken_by(self, known))
        return rounding_of(self, self.links[-1], bound)

    def expand(self, index: int | Sequence[int] = (), **given: Any) -> Expansion:
        """One element of the result, term by term: factors, their places and values, the total.

        index : the element's place in the result, counted from 0
        Raises NoSuchElementError, an IndexError, if the result has no such element; FormulaError
            if there are too many terms to write out; what a call raises.
        """
        bound = self.bind(self.links[-1:], given)
        insist_on_agreement(self.system, plain_keys(given), self.reads)
        place = _place(index)
        if len(place) != len(bound.shape) or not all(
            0 <= p < length for p, length in zip(place, bound.shape, strict=True)
        ):
            raise NoSuchElementError(
                f"{self.result or 'the result'} has shape {bound.shape} and no element {place}"
            )
        indices = indices_of(self, place, bound)
        if indices is None:
            return Expansion(self.result, place, "sum", (), 0.0)
        if self.elementwise:
            element = {n: v[place] if np.ndim(v) else v for n, v in bound.numbers.items()}
            bound = replace(bound, numbers=element)
        expander = Expander(bound, self.first_index)
        with np.errstate(all="ignore"):
            return expander.expand(self.links[-1], dict(indices), self.result, place)

    def check(self, **given: Any) -> Check:
        """Evaluate every link of a chain; the largest difference between each two neighbours.

        If the result itself is among the given arrays, the first link is compared with it; if the
        left side is a derivative dE/dx of quantities whose formulas are known, with central
        differences. Returns the differences, a tuple of numbers, with `.ok` and a readable text.
        Raises FormulaError if there is nothing to compare, and what a call raises.
        """
        given = plain_keys(given)
        with np.errstate(all="ignore"):
            found = check_chain(self, given)
            insist_on_agreement(self.system, given, given)
        return found

    def bind(self, nodes: tuple[Node, ...], given: Mapping[str, Any]) -> Bound:
        """What a call gives for some of the links, checked; what a call raises."""
        return bind(self, nodes, given)

    def value_of(self, link: Node, bound: Bound) -> Values:
        """The value of one link, in the shape of the result."""
        return valued(self, link, bound)

    def to_json(self) -> dict[str, Any]:
        """The syntax tree and what belongs to it, as JSON can hold it, for the browser."""
        return {
            "name": self.name,
            "latex": self.latex,
            "result": self.result,
            "free": list(self.free),
            "target": [node.to_json() for node in self.head.index],
            "names": list(self.names),
            "sizes": list(self.sizes),
            "shapes": {n: [s.to_json() for s in shape] for n, shape in self.shapes.items()},
            "origin": {n: self.first_index(n) for n in (*self.names, self.result)},
            "conditions": [node.to_json() for node in self.statement.conditions],
            "links": [node.to_json() for node in self.links],
            "symbols": [list(symbol) for symbol in self.statement.symbols],
        }

    # ---- showing it -----------------------------------------------------------------------------

    def __repr__(self) -> str:
        return f"Formula({self.name}: {' '.join(self.latex.split())})"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/markdown": markdown(self)}


def _checked_origin(origin: Any) -> int | dict[str, int]:
    by_array = isinstance(origin, Mapping)
    values = list(origin.values()) if by_array else [origin]
    whole = all(isinstance(v, int | np.integer) and not isinstance(v, bool) for v in values)
    if not whole or any(abs(value) > FARTHEST_ORIGIN for value in values):
        raise FormulaError(
            f"origin={origin!r}: expected the first index, 0 or 1, or one for each array"
        )
    if by_array:
        return {plain_key(str(name)): int(value) for name, value in origin.items()}
    return int(origin)


def _place(index: Any) -> tuple[int, ...]:
    """The place of an element, as it was given to `expand`."""
    place = (index,) if isinstance(index, int | np.integer) else index
    try:
        place = tuple(place)
    except TypeError:
        place = (None,)
    if not all(isinstance(p, int | np.integer) for p in place):
        raise NoSuchElementError(f"an element is named by whole numbers, as (0, 1): got {index!r}")
    return tuple(int(p) for p in place)


def _parts_of_derivative(name: str) -> tuple[str, ...]:
    """E and x of dE_dx."""
    match = re.fullmatch(r"d(.+)_d(.+)", name)
    return match.groups() if match else ()
