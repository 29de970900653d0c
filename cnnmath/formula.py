"""The formula language: LaTeX in; values, expansions and a syntax tree out.

    convolution = Formula(
        r"a_{ij} = \\sum_{s=0}^{m-1} \\sum_{t=0}^{n-1} W_{st} x_{(i+s)(j+t)}", x="M N", W="m n"
    )
    convolution(x=image, W=kernel)

A `Formula` is a LaTeX statement and the shapes of its arrays, made into a function. It typesets
itself, evaluates itself on arrays, writes out any element of its result term by term, checks a
chain link by link, and hands its syntax tree to the browser. The way of a formula through the files
is told in ARCHITECTURE.md, at the root of the project.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from cnnmath.call.agreement import insist_on_agreement
from cnnmath.call.binding import bind
from cnnmath.call.check import Check, check_chain
from cnnmath.call.expand import Expander, Expansion, Factor, Term
from cnnmath.call.meaning import Meaning
from cnnmath.call.placing import indices_of, valued
from cnnmath.code import Source, Style, source
from cnnmath.compare import Judgement, judged
from cnnmath.core.definition import Definition
from cnnmath.core.functions import Values
from cnnmath.core.lower import lowered
from cnnmath.core.nodes import Node
from cnnmath.core.origin import Origin
from cnnmath.core.python_names import plain_key, plain_keys
from cnnmath.core.reach import shape_that_follows, with_sizes
from cnnmath.core.shapes import Declaration, Shape
from cnnmath.core.statement import Symbol
from cnnmath.core.wording import in_short
from cnnmath.errors import CnnMathError, FormulaError, FormulaSyntaxError, NoSuchElementError
from cnnmath.language.define import define
from cnnmath.language.latex import raised_in, statement_latex
from cnnmath.language.where import bare, mentions, names_in, parted
from cnnmath.typeset import markdown

__all__ = ["Check", "Expansion", "Factor", "Formula", "Judgement", "Source", "Term"]


class Formula:
    """A formula, from LaTeX to values.

    latex : one equation, or a chain `A = B = C` of them
    name : what the formula is called; the name on its left side, if none is given
    origin : the first index of every array, 0 or 1; or by array, such as `{"V": -1}`
    meaning, source : plain words about the formula, the first shown with it
    symbols : for each name plain words that say what it is, shown with the formula
    sentences : for each array by which a derivation says more than its rules can: for the title of
        a line the sentence beside it, such as `{"W": {"Collapse": "..."}}`
    shapes : for each array its sizes, separated by blanks (`x="M N"`; `""` for a single number);
        for a quantity that another formula defines, that Formula, so that
        `\\frac{\\partial a_{ij}}{\\partial W_{st}}` has a meaning, and `\\sigma(x_i)` where it says
        what `\\sigma(z)` is; for a function, the function

    `f(**arrays_and_sizes)` returns the value of the (last) right side as float64.

    The formulas that are given, and those that they were given, are one system: a value is
    calculated, and a derivative taken, through all of them. A derivative is thus total. Held is
    what no formula defines, and `\\mu` in `(\\frac{\\partial y_i}{\\partial x_n})_{\\mu}`.
    A square, `sigma_squared` for `\\sigma^2`, is one quantity if it is defined or declared.

    Vectors and matrices whose shapes are declared may leave their indices out, as in `y = Wx + b`,
    `QK^\\top`, `q_i \\cdot k_j`, `(Wx)_i` and `softmax(z)`; element by element is `\\odot`.
    `f.reading` shows the indices that were left out.

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
        sentences: Mapping[str, Mapping[str, str]] | None = None,
        **shapes: "Declaration | Formula | Callable[..., Any]",
    ) -> None:
        if not isinstance(latex, str):
            raise FormulaSyntaxError(f"a formula is LaTeX text: got {type(latex).__name__}")
        self.meaning = meaning
        self.source = source
        self.symbols = dict(symbols or {})
        self.sentences = dict(sentences or {})
        own = plain_keys(shapes)
        self.definitions = {key: value for key, value in own.items() if isinstance(value, Formula)}
        latex, self._stated = _stated_behind(latex, origin, shapes)
        for one in self._stated:
            self.definitions[one.result] = own[one.result] = one
        given = {key: formula.definition for key, formula in self.definitions.items()}
        self.definition: Definition = define(latex, name, Origin(origin), own, given)

    # ---- what the formula is about --------------------------------------------------------------

    @property
    def latex(self) -> str:
        """The formula as it was written."""
        return self.definition.latex

    @property
    def name(self) -> str:
        """What the formula is called."""
        return self.definition.name

    @property
    def result(self) -> str:
        """The keyword name of what the formula defines, such as `dE_dx`."""
        return self.definition.result

    @property
    def free(self) -> tuple[str, ...]:
        """The free indices, in the order of the axes of the result."""
        return self.definition.head.free

    @property
    def names(self) -> tuple[str, ...]:
        """The arrays, single numbers and functions that the formula is made of, as they appear."""
        return self.definition.vocabulary.names

    @property
    def sizes(self) -> tuple[str, ...]:
        """The sizes: whole numbers that shapes, bounds and index arithmetic refer to."""
        return self.definition.vocabulary.sizes

    @property
    def shapes(self) -> Mapping[str, Shape]:
        """The shapes of arrays, in sizes, as far as they were declared."""
        return self.definition.shapes

    @property
    def links(self) -> tuple[Node, ...]:
        """The sides of the chain, as syntax trees in which derivatives are worked out."""
        return self.definition.links

    @property
    def system(self) -> "dict[str, Formula]":
        """The formulas that say how what is read here is calculated, by what they define."""
        found = dict(self.definitions)
        for formula in self.definitions.values():
            found = {**formula.system, **found}
        return found

    @property
    def reading(self) -> str:
        """The LaTeX of the formula as it was understood, with every bracket and every range."""
        raised: dict[str, int] = {}
        for formula in (*self.system.values(), self):
            raised |= raised_in(formula.latex, formula.found_symbols)
        found = statement_latex(self.definition.statement, self.definition.declared, raised)
        if not self._stated:
            return found
        stated = r", \quad \text{and } ".join(one.reading for one in self._stated)
        return rf"{found}, \quad \text{{where }} {stated}"

    @property
    def found_symbols(self) -> tuple[Symbol, ...]:
        """Where each name stands in the LaTeX: (start, end, name), from left to right."""
        return self.definition.statement.symbols

    def taken_of(self, known: Mapping[str, Any]) -> dict[str, Any]:
        """What a call takes, of all that is known by name: `f(**f.taken_of(known))`."""
        return self.definition.taken_of(known)

    # ---- calling it -----------------------------------------------------------------------------

    def __call__(self, *unnamed: Any, **given: Any) -> Values:
        """The value of the right side (the last one of a chain) on the given arrays and sizes.

        given : every array by name, and each size that no array's shape determines; what a formula
            defines is calculated, or if it is given all the same must be what the formula gives
        Returns float64, of the declared shape, or else of the largest shape for which no read
            falls outside its array; 0-dimensional for a single number
        Raises MissingArrayError, SuperfluousArrayError, ShapeError, UnboundSizeError,
            UndeclaredShapeError, ArrayValueError, ContradictionError; FormulaError for what would
            take hours
        """
        self._insist_on_names("formula(", unnamed)
        given = plain_keys(given)
        definition = self.definition
        value = valued(definition.right, bind(definition, definition.value, given))
        insist_on_agreement(definition.system, given, definition.reads)
        return value

    def _insist_on_names(self, call: str, unnamed: tuple[Any, ...]) -> None:
        if unnamed:
            names = ", ".join(f"{name}=..." for name in self.names if name in self.definition.reads)
            raise FormulaError(f"{self.name} is given what it reads by name: {call}{names})")

    def expand(self, index: int | Sequence[int] = (), *unnamed: Any, **given: Any) -> Expansion:
        """One element of the result, term by term: factors, their places and values, the total.

        index : the element's place in the result, counted from 0
        Raises NoSuchElementError, an IndexError, if the result has no such element; FormulaError
            if there are too many terms to write out; what a call raises.
        """
        self._insist_on_names(f"formula.expand({in_short(index)}, ", unnamed)
        given = plain_keys(given)
        definition = self.definition
        bound = bind(definition, definition.value, given)
        insist_on_agreement(definition.system, given, definition.reads)
        place = _place(index)
        if len(place) != len(bound.shape) or not all(
            0 <= p < length for p, length in zip(place, bound.shape, strict=True)
        ):
            raise NoSuchElementError(
                f"{self.result or 'the result'} has shape {bound.shape} and no element {place}"
            )
        indices = indices_of(place, bound)
        if indices is None:
            return Expansion(self.result, place, "sum", (), 0.0)
        if definition.elementwise:
            element = {n: v[place] if np.ndim(v) else v for n, v in bound.numbers.items()}
            bound = replace(bound, numbers=element)
        expander = Expander(Meaning(bound))
        with np.errstate(all="ignore"):
            return expander.expand(lowered(definition.right), dict(indices), self.result, place)

    def check(self, *unnamed: Any, **given: Any) -> Check:
        """Evaluate every link of a chain; the largest difference between each two neighbours.

        If the result itself is among the given arrays, the first link is compared with it; if the
        left side is a derivative dE/dx of quantities whose formulas are known, with central
        differences. Returns the differences, a tuple of numbers, with `.ok` and a readable text.
        Raises FormulaError if there is nothing to compare, and what a call raises.
        """
        self._insist_on_names("formula.check(", unnamed)
        given = plain_keys(given)
        with np.errstate(all="ignore"):
            found = check_chain(self.definition, given)
            insist_on_agreement(self.definition.system, given, given)
        return found

    def compare(self, function: Callable[..., Any], /, **given: Any) -> Judgement:
        """A function of your own beside the formula, on the given arrays and sizes.

        function : it gets copies of the arrays, by name if its parameters are called as they are
            here, else in the order of `Formula.numpy`; it returns what NumPy makes an array of
        given : what a call takes
        Returns a `Judgement`, which is true if every element agrees. Else it names the first wrong
            element, writes it out beside what the function gave, and says the likely mistake: a
            formula with one slip in it whose values the answer equals. What a function raises,
            another shape, NaN and text are told.
        Raises FormulaError if the function takes more or fewer arguments than the formula, and what
            a call raises.
        """
        given = plain_keys(given)
        want = self(**given)
        return judged(
            self.definition, function, given, want, lambda place: self.expand(place, **given)
        )

    def numpy(self, style: Style = "loops") -> Source:
        """The formula as a function in NumPy: source that runs by itself, ready to be pasted.

        The function takes the arrays and numbers that the formula reads, by their names and in the
        order of their declarations, and behind them the sizes that follow from no shape, such as a
        stride. What other formulas define is calculated on the way. It reads what lies outside an
        array as the formula does, insists on the shapes that were declared, and returns float64.
        Where what lies outside is multiplied by an infinite number, it adds nothing.

        style : "loops", what the formula says, one loop for each index; "einsum", views of the
            arrays and one contraction, where the formula is that
        Returns a string, which in a notebook shows itself in a fold with a button to copy it
        Raises FormulaError where there is no such source, with the reason: a sum without an end, or
            of "einsum" what is no contraction.
        """
        return source(self.definition, style)

    def to_json(self) -> dict[str, Any]:
        """The syntax tree and what belongs to it, as JSON can hold it, for the browser.

        The tree is lowered: what an element is outside its array stands with it.
        """
        head, statement = self.definition.head, self.definition.statement
        origin = {n: self.definition.first_index(n) for n in (*self.names, self.result)}
        return {
            "name": self.name,
            "latex": self.latex,
            "result": self.result,
            "free": list(self.free),
            "target": [lowered(node).to_json() for node in head.index],
            "names": list(self.names),
            "sizes": list(self.sizes),
            "shapes": {n: [s.to_json() for s in shape] for n, shape in self.shapes.items()},
            "origin": origin,
            "conditions": [lowered(node).to_json() for node in statement.conditions],
            "links": [lowered(node).to_json() for node in self.links],
            "symbols": [list(symbol) for symbol in statement.symbols],
        }

    # ---- showing it -----------------------------------------------------------------------------

    def __repr__(self) -> str:
        return f"Formula({self.name}: {' '.join(self.latex.split())})"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/markdown": markdown(self)}


def _place(index: Any) -> tuple[int, ...]:
    """The place of an element, as it was given to `expand`."""
    place = (index,) if isinstance(index, int | np.integer) else index
    try:
        place = tuple(place)
    except TypeError:
        place = (None,)
    if not all(isinstance(p, int | np.integer) for p in place):
        raise NoSuchElementError(
            f"an element is named by whole numbers, as (0, 1): got {in_short(index)}"
        )
    return tuple(int(p) for p in place)


def _stated_behind(
    latex: str, origin: int | Mapping[str, int], shapes: Mapping[str, Any]
) -> tuple[str, list[Formula]]:
    """A formula without the equations behind it that say what its names are, and these."""
    main, *behind = parted(latex)
    if not any("=" in piece for piece in behind):
        return latex, []
    waiting: dict[str, str] = {}
    found: dict[str, Formula] = {}
    free: tuple[str, ...] = ()
    last = ""
    try:
        stated = [_behind(piece, origin, shapes) for piece in behind]
        words = {one.result for one in stated if one}
        read, indices = names_in(bare(main), words)
        for piece, one in zip(behind, stated, strict=True):
            name = one.result if one else ""
            if name.removesuffix("_squared") in read - indices and name not in plain_keys(shapes):
                assert one is not None
                waiting[name], last, free = bare(piece), name, one.free
                read = read | names_in(bare(piece), words)[0]
            elif any(mentions(piece, index) for index in free):
                waiting[last] += piece  # a condition of that one
            else:
                main += piece
        while waiting:
            ready = next(n for n, text in waiting.items() if not _read_in(text, waiting, n))
            text = waiting.pop(ready)
            given = {**shapes, **{name: found[name] for name in _read_in(text, found, ready)}}
            one = _behind(text, origin, given)
            if one is None:
                return latex, []
            if follows := shape_that_follows(one.definition):
                one = _behind(text, origin, {**given, **follows}) or one
            one.definition = with_sizes(one.definition, plain_keys(shapes))
            found[ready] = one
    except (CnnMathError, StopIteration):
        return latex, []  # they may be conditions
    return bare(main), list(found.values())


def _read_in(text: str, names: Iterable[str], own: str) -> list[str]:
    """Those of some names that a formula reads, besides the one that it defines."""
    read, _ = names_in(text)
    return [name for name in names if name != own and name.removesuffix("_squared") in read]


def _behind(
    piece: str, origin: int | Mapping[str, int], given: Mapping[str, Any]
) -> Formula | None:
    """A formula behind another, with what was declared of its names; None for a condition."""
    if "=" not in piece:
        return None
    try:
        names, _ = names_in(bare(piece), plain_keys(given))
        names |= {f"{name}_squared" for name in names}
        own = {key: one for key, one in given.items() if plain_key(key) in names}
        return Formula(bare(piece), origin=origin, **own)
    except CnnMathError:
        return None
