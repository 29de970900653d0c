"""`Formula`: a LaTeX statement and the shapes of its arrays, made into a function.

One object typesets itself, evaluates itself on arrays, writes out any element of its result term
by term, checks its own derivation link by link, and hands its syntax tree to the browser.
"""

import itertools
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnmath.errors import (
    ArrayValueError,
    ContradictionError,
    FormulaError,
    FormulaSyntaxError,
    MissingArrayError,
    ShapeError,
    SuperfluousArrayError,
    UnboundSizeError,
    UndeclaredShapeError,
    UnknownNameError,
)
from cnnmath.formula import shapes as sizing
from cnnmath.formula.check import Check, check_chain
from cnnmath.formula.evaluate import Evaluator
from cnnmath.formula.expand import Expander, Expansion
from cnnmath.formula.jacobian import derivative, element
from cnnmath.formula.nodes import (
    Add,
    Apply,
    Call,
    Compare,
    Divide,
    Extent,
    Index,
    Jacobian,
    Logic,
    Multiply,
    Negative,
    Node,
    Number,
    Power,
    Read,
    Reduce,
    add,
    multiply,
    negative,
)
from cnnmath.formula.ranges import Ranges
from cnnmath.formula.reader import read
from cnnmath.formula.statement import Declared, Head, Statement
from cnnmath.formula.shapes import Declaration, Shape
from cnnmath.formula.typeset import markdown

Values = NDArray[np.float64]
Span = tuple[int, int]


@dataclass(frozen=True)
class Bound:
    """A formula together with everything that one call gives it."""

    arrays: Mapping[str, Values]
    numbers: Mapping[str, Any]
    functions: Mapping[str, Callable[..., Any]]
    sizes: Mapping[str, int]
    ranges: Ranges
    shape: tuple[int, ...]  # of the result
    spans: Mapping[str, Span]  # first and last value of each free index


class Formula:
    """A formula, from LaTeX to values.

    latex : one equation, or a chain `A = B = C` of them
    name : what the formula is called; the name on its left side, if none is given
    origin : the first index of every array, 0 or 1; or by array, such as `{"V": -1}`
    meaning, source : plain words about the formula, the first shown with it
    symbols : for each name plain words that say what it is, shown with the formula
    shapes : for each array its sizes, separated by blanks (`x="M N"`; "" for a single number);
        for a quantity that another formula defines, that Formula, so that
        `\\frac{\\partial a_{ij}}{\\partial W_{st}}` has a meaning; for a function, the function

    f(**arrays_and_sizes) returns the value of the (last) right side as float64.

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
        self.origin = origin
        self._default_functions: dict[str, Callable[..., Any]] = {}
        self.definitions: dict[str, Formula] = {}
        self.shapes: dict[str, Shape] = {}
        for key, value in shapes.items():
            self._declare(_plain(key), value)
        self._inherit()
        sizes = {n for shape in self.shapes.values() for n in sizing.names_in(shape)}
        declared = Declared(
            self.shapes,
            frozenset(sizes),
            frozenset(self.definitions),
            frozenset(self._default_functions),
            self.first_index,
            self._first,
        )
        try:
            self._statement: Statement = read(latex, declared)
            self._fresh = itertools.count()
            self.links: tuple[Node, ...] = tuple(
                self._lowered(link) for link in self._statement.links
            )
        except RecursionError:
            raise FormulaSyntaxError("the formula is nested too deeply to be read") from None
        self.head: Head = self._statement.head or Head("", (), ())
        self.name = name or self.head.name or "formula"
        self._find_names()
        self._check_declarations(shapes)

    # ---- what the formula is about ------------------------------------------------------------

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
        return self._names

    @property
    def sizes(self) -> tuple[str, ...]:
        """The sizes: whole numbers that shapes, bounds and index arithmetic refer to."""
        return self._sizes

    @property
    def found_symbols(self) -> tuple[tuple[int, int, str], ...]:
        """Where each name stands in the LaTeX: (start, end, name), from left to right."""
        return self._statement.symbols

    def first_index(self, array: str) -> int:
        """The index of an array's first element, 0 for most authors."""
        if isinstance(self.origin, Mapping):
            return self.origin.get(array, 0)
        return self.origin

    @property
    def _first(self) -> int:
        return self.origin if isinstance(self.origin, int) else 0

    def _declare(self, key: str, value: Any) -> None:
        if isinstance(value, Formula):
            if value.result != key:
                raise UnknownNameError(
                    f"{key} was given the formula of {value.result}: "
                    f"expected one with {key} on its left side"
                )
            self.definitions[key] = value
            if value.result in value.shapes:
                self.shapes[key] = value.shapes[value.result]
        elif callable(value):
            self._default_functions[key] = value
        else:
            self.shapes[key] = sizing.read_shape(key, value)

    def _inherit(self) -> None:
        """What the formulas of the defining kind declare holds here too, unless said otherwise."""
        for definition in self.definitions.values():
            for key, shape in definition.shapes.items():
                self.shapes.setdefault(key, shape)
            for key, function in definition._default_functions.items():
                self._default_functions.setdefault(key, function)

    def _lowered(self, node: Node) -> Node:
        """The tree with every Jacobian worked out."""
        if not isinstance(node, Jacobian):
            return node.rebuilt(self._lowered)
        definition = self.definitions[node.of.name]
        free = definition.head.free
        if definition.head.index != tuple(Index(name) for name in free):
            raise FormulaError(f"the left side of {node.of.name} is too involved to derive")
        if len(node.of.index) != len(free):
            raise ShapeError(
                f"{node.of.name} is defined with {len(free)} indices "
                f"but derived with {len(node.of.index)}"
            )
        index = tuple(self._lowered(i) for i in node.of.index)
        by = Read(node.by.name, tuple(self._lowered(i) for i in node.by.index))
        body = element(free, definition.links[-1], index, self._fresh)
        return multiply(derivative(body, by), *self._within(node.of.name, index))

    def _within(self, array: str, index: tuple[Node, ...]) -> list[Node]:
        """Conditions that an element exists: outside its array a derivative is 0."""
        conditions: list[Node] = []
        shape = self.shapes.get(array)
        first = Number(float(self.first_index(array)))
        for axis, place in enumerate(index):
            if isinstance(place, Index):
                continue  # it runs along the axis itself
            if shape is None:
                raise UndeclaredShapeError(
                    f"the derivative of {array} is taken at {array}[{axis}-th index not alone]: "
                    f"declare the shape of {array} in its own formula"
                )
            last = add(shape[axis], Number(-1.0), first)
            conditions.append(
                Logic("and", (Compare("<=", first, place), Compare("<=", place, last)))
            )
        return conditions

    def _find_names(self) -> None:
        whole: set[str] = set()
        found: list[str] = []
        bare: set[str] = set()
        for root in (*self.links, *self.head.index, *self._statement.conditions):
            self._scan(root, found, bare, whole, as_index=root in self.head.index)
        for shape in self.shapes.values():
            whole |= sizing.names_in(shape)
        self._sizes = tuple(
            dict.fromkeys(n for n in (*found, *sorted(whole)) if n in whole and n not in self.shapes)
        )
        self._names = tuple(
            dict.fromkeys(n for n in found if n not in self._sizes)
        )
        self._bare = frozenset(bare - set(self._sizes))

    def _scan(
        self, node: Node, found: list[str], bare: set[str], whole: set[str], as_index: bool
    ) -> None:
        match node:
            case Read(name=name, index=index):
                found.append(name)
                if not index:
                    bare.add(name)
                    if as_index:
                        whole.add(name)
                for inner in index:
                    self._scan(inner, found, bare, whole, as_index=True)
                return
            case Apply(name=name):
                found.append(name)
            case Reduce(binders=binders):
                for binder in binders:
                    self._scan(binder.low, found, bare, whole, as_index=True)
                    self._scan(binder.high, found, bare, whole, as_index=True)
                for inner in (*(() if node.where is None else (node.where,)), node.body):
                    self._scan(inner, found, bare, whole, as_index=False)
                return
            case Extent(name=name):
                found.append(name)
        for child in node.children():
            self._scan(child, found, bare, whole, as_index)

    def _check_declarations(self, shapes: Iterable[str]) -> None:
        """Each declared name must occur, and a declared result must have the axes it shows."""
        known = {*self.names, *self.sizes, self.result, *self.definitions, *self._statement.ranks}
        derived = {part for n in known for part in _derivative_of(n)}
        inherited = {n for d in self.definitions.values() for n in (*d.names, *d.shapes)}
        for key in map(_plain, shapes):
            if key not in known | derived | inherited:
                raise UnknownNameError(
                    f"a shape is declared for {key}, which the formula does not mention; "
                    f"it has {', '.join(sorted(known - {''})) or 'no names'}"
                )
        declared = self.shapes.get(self.result)
        if declared is not None and len(declared) != len(self.head.index) and not self._elementwise:
            raise ShapeError(
                f"{self.result} was declared with {len(declared)} axes "
                f"but the left side has {len(self.head.index)} indices"
            )

    @property
    def _elementwise(self) -> bool:
        """Whether the formula shows no index at all, so that it applies to each element."""
        return not self.head.index

    # ---- calling it -----------------------------------------------------------------------------

    def __call__(self, **given: Any) -> Values:
        """The value of the right side (the last one of a chain) on the given arrays and sizes.

        given : every array by name, and each size that no array's shape determines
        Returns float64, of the declared shape, or else of the largest shape for which no read
            falls outside its array; 0-dimensional for a single number
        Raises MissingArrayError, SuperfluousArrayError, ShapeError, UnboundSizeError,
            UndeclaredShapeError, ArrayValueError, ContradictionError
        """
        bound = self.bind(self.links[-1:], given)
        return self._valued(self.links[-1], bound)

    def expand(self, index: int | tuple[int, ...] = (), **given: Any) -> Expansion:
        """One element of the result, term by term: factors, their places and values, the total.

        index : the element's place in the result, counted from 0
        Raises IndexError if the result has no such element, and what a call raises.
        """
        bound = self.bind(self.links[-1:], given)
        place = (index,) if isinstance(index, int | np.integer) else tuple(index)
        fits = len(place) == len(bound.shape) and all(
            0 <= p < n for p, n in zip(place, bound.shape, strict=True)
        )
        if not fits:
            raise IndexError(
                f"{self.result or 'the result'} has shape {bound.shape} and no element {place}"
            )
        arrays, numbers = bound.arrays, bound.numbers
        if self._elementwise:
            numbers = {
                n: v[place] if isinstance(v, np.ndarray) and v.ndim else v
                for n, v in numbers.items()
            }
        expander = Expander(arrays, numbers, bound.functions, bound.ranges, self.first_index)
        indices = self._indices_of(place, bound, expander)
        if indices is None:
            return Expansion(self.result, place, "sum", (), 0.0)
        return expander.expand(self.links[-1], indices, self.result, place)

    def check(self, **given: Any) -> Check:
        """Evaluate every link of a chain; the largest difference between each two neighbours.

        If the result itself is among the given arrays, the first link is compared with it; if the
        left side is a derivative dE/dx of quantities whose formulas are known, with central
        differences. Returns the differences, a tuple of numbers, with `.ok` and a readable text.
        """
        return check_chain(self, {_plain(key): value for key, value in given.items()})

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
            "origin": {n: self.first_index(n) for n in self.names},
            "conditions": [node.to_json() for node in self._statement.conditions],
            "links": [node.to_json() for node in self.links],
            "symbols": [[s.start, s.end, s.name] for s in self._statement.symbols],
        }

    # ---- binding --------------------------------------------------------------------------------

    def bind(self, nodes: tuple[Node, ...], given: Mapping[str, Any]) -> Bound:
        """The given arrays, numbers and functions, checked against the formula and each other."""
        values = self._by_kind(given)
        arrays: dict[str, Values] = values[0]
        whole, functions = values[1], values[2]
        shaped = {n: a.shape for n, a in arrays.items() if n not in self._bare or n in self.shapes}
        found = sizing.bind_sizes(self.shapes, shaped, whole)
        read_here = {
            n.name for node in nodes for n in node.walk() if isinstance(n, Read | Apply | Extent)
        }
        for name in sorted(read_here & set(self.definitions) - set(arrays)):
            definition = self.definitions[name]
            part = {k: v for k, v in given.items() if _plain(k) in definition._accepted()}
            arrays[name] = definition(**part)
            shaped[name] = arrays[name].shape
            found = sizing.bind_sizes(self.shapes, shaped, whole)
        sizes = found.values
        self._insist_on_sizes(nodes, found)
        numbers: dict[str, Any] = dict(sizes)
        for name in self._bare & set(arrays):
            numbers[name] = arrays[name]
        self._check_bare(numbers)
        for name in sorted(read_here & set(self.names)):
            if name not in arrays and name not in functions and name not in numbers:
                extent_only = name not in self._statement.ranks and name in self.shapes
                if not extent_only:
                    raise MissingArrayError(self._missing(name))
        extremes = {
            n: (float(a.min()), float(a.max()))
            for n, a in arrays.items()
            if a.size and n not in self._bare and self._used_as_index(n)
        }
        self._check_axes(shaped, sizes)
        ranges = Ranges(sizes, shaped, extremes, self.first_index)
        bound = Bound(arrays, numbers, functions, sizes, ranges, (), {})
        spans = self._spans(nodes, bound)
        return Bound(arrays, numbers, functions, sizes, ranges, self._shape(bound, spans), spans)

    def _insist_on_sizes(self, nodes: tuple[Node, ...], found: sizing.Sizes) -> None:
        """What the formula needs of the sizes must follow from the shapes."""
        needed = [n for root in (*nodes, *self.shapes.get(self.result, ())) for n in _arithmetic(root)]
        for size in needed:
            open_name = found.undetermined(size)
            if open_name is not None:
                raise UnboundSizeError(
                    f"the formula needs {sizing.size_text(size)}, which the shapes of the given "
                    f"arrays leave open: give {open_name}=..."
                )

    def _by_kind(
        self, given: Mapping[str, Any]
    ) -> tuple[dict[str, Values], dict[str, int], dict[str, Callable[..., Any]]]:
        """What was given: arrays, whole sizes, functions."""
        arrays: dict[str, Values] = {}
        whole: dict[str, int] = {}
        functions = dict(self._default_functions)
        accepted = self._accepted()
        for key, value in given.items():
            name = _plain(key)
            if name not in accepted:
                raise SuperfluousArrayError(
                    f"{key} was given, but the formula of {self.result or self.name} reads no such "
                    f"name; it reads {', '.join(sorted(accepted))}"
                )
            if callable(value) and not isinstance(value, np.ndarray):
                functions[name] = value
            elif name in self._sizes and name not in self.shapes:
                whole[name] = _whole(name, value)
            else:
                arrays[name] = _numeric(name, value)
        return arrays, whole, functions

    def _accepted(self) -> set[str]:
        inherited = {n for d in self.definitions.values() for n in d._accepted()}
        return {*self.names, *self.sizes, *self.shapes, *inherited} - {""}

    def _missing(self, name: str) -> str:
        shape = self.shapes.get(name)
        what = f" of shape {sizing.shape_text(shape)}" if shape else ""
        hint = ""
        if any(isinstance(n, Apply) and n.name == name for link in self.links for n in link.walk()):
            hint = f" It stands before a bracket: give a function, {name}=..., or a number."
        return f"the formula of {self.result or self.name} reads {name}{what}: give {name}=...{hint}"

    def _check_bare(self, numbers: Mapping[str, Any]) -> None:
        """A name without indices is one number - or, where no index appears, one per element."""
        shaped = {n: v.shape for n, v in numbers.items() if isinstance(v, np.ndarray) and v.ndim}
        if not shaped:
            return
        if not self._elementwise:
            name, shape = next(iter(shaped.items()))
            raise ShapeError(
                f"{name} is written without indices, so it must be a single number: "
                f"got an array of shape {shape}"
            )
        if len(set(shaped.values())) > 1:
            (a, one), (b, two) = list(shaped.items())[:2]
            raise ShapeError(
                f"{a} has shape {one} but {b} has shape {two}: written without indices, "
                "they are taken element by element and must have the same shape"
            )

    def _used_as_index(self, name: str) -> bool:
        return any(
            isinstance(inner, Read) and inner.name == name
            for link in self.links
            for node in link.walk()
            if isinstance(node, Read)
            for index in node.index
            for inner in index.walk()
        )

    def _check_axes(self, shaped: Mapping[str, tuple[int, ...]], sizes: Mapping[str, int]) -> None:
        """Arrays must have as many axes as they are read with, and share the axes of one index."""
        for name, rank in self._statement.ranks.items():
            if name in shaped and rank and len(shaped[name]) != rank:
                raise ShapeError(
                    f"{name} is read with {rank} {'index' if rank == 1 else 'indices'} "
                    f"but has shape {shaped[name]}"
                )
        for index, axes in self._statement.along:
            lengths = {}
            for array, axis in axes:
                if array in shaped:
                    lengths[array, axis] = shaped[array][axis]
                elif array in self.shapes:
                    value = sizing.size_value(self.shapes[array][axis], sizes)
                    if value is not None:
                        lengths[array, axis] = int(value)
            if len(set(lengths.values())) > 1:
                (a, i), (b, j) = list(lengths)[0], next(
                    k for k in lengths if lengths[k] != next(iter(lengths.values()))
                )
                raise ShapeError(
                    f"the index {index} runs along axis {i} of {a}, of length {lengths[a, i]}, and "
                    f"along axis {j} of {b}, of length {lengths[b, j]}: write the bounds of {index}"
                )

    # ---- where the result goes ------------------------------------------------------------------

    def _spans(self, nodes: tuple[Node, ...], bound: Bound) -> dict[str, Span]:
        """First and last value of each free index."""
        free = self.head.free
        if not free:
            return {}
        declared = self.shapes.get(self.result)
        first = self.first_index(self.result)
        if declared is None:
            try:
                lasts = bound.ranges.of_free(
                    [*nodes, *self._statement.conditions], free, first
                )
            except UndeclaredShapeError as error:
                sizes = " ".join(f"<size of {name}>" for name in free)
                lasts = self._stated_ends(bound)
                if set(lasts) != set(free):
                    raise UndeclaredShapeError(
                        f"{error}: declare the shape of {self.result or 'the result'}, "
                        f"{self.result or 'name'}='{sizes}'"
                    ) from None
            return {name: (first, lasts[name]) for name in free}
        lengths = [
            sizing.whole_size(size, bound.sizes, f"axis {axis} of {self.result}")
            for axis, size in enumerate(declared)
        ]
        if any(length < 0 for length in lengths):
            shown = sizing.shape_text(declared)
            raise ShapeError(f"{self.result} would have shape {shown} = {tuple(lengths)}")
        if self._direct:
            return {
                node.name: (first, first + length - 1)
                for node, length in zip(self.head.index, lengths, strict=True)
                if isinstance(node, Index)
            }
        return self._reaching(nodes, bound, lengths, first)

    @property
    def _direct(self) -> bool:
        """Whether every index on the left is a letter by itself."""
        return all(isinstance(node, Index) for node in self.head.index)

    def _stated_ends(self, bound: Bound) -> dict[str, int]:
        """Ends of free indices that the formula states itself: `, \\quad 0 \\le i < M`."""
        ends = {}
        for condition in self._statement.conditions:
            match condition:
                case Compare(relation="<=", left=Index(name=name), right=right):
                    value = sizing.size_value(right, bound.sizes)
                    if value is not None and name in self.head.free:
                        ends[name] = int(value)
        return ends

    def _reaching(
        self, nodes: tuple[Node, ...], bound: Bound, lengths: list[int], first: int
    ) -> dict[str, Span]:
        """Ranges of the indices of a compound left side, such as x_{(li+s)(lj+t)}.

        An index that reads an array on the right runs along it; the others then run as far as
        the declared shape reaches, the one with the largest factor first, as the digits of a
        number do.
        """
        spans: dict[str, Span] = {}
        for name in self.head.free:
            try:
                last = bound.ranges.of_free(nodes, [name], self._first)[name]
            except UndeclaredShapeError:
                continue
            if any(_reads_alone(node, name) for node in nodes):
                spans[name] = (self._first, last)
        for target, length in zip(self.head.index, lengths, strict=True):
            self._spread(target, length, first, spans, bound)
        for name in self.head.free:
            if name not in spans:
                raise UndeclaredShapeError(f"how far the index {name} runs cannot be told")
        return {name: spans[name] for name in self.head.free}

    def _spread(
        self, target: Node, length: int, first: int, spans: dict[str, Span], bound: Bound
    ) -> None:
        names = list(dict.fromkeys(n.name for n in target.walk() if isinstance(n, Index)))
        zero = {name: (0.0, 0.0) for name in names}
        start = bound.ranges.of(target, zero)[0]
        factors = {}
        for name in names:
            factors[name] = bound.ranges.of(target, {**zero, name: (1.0, 1.0)})[0] - start
        room = first + length - 1 - start
        for name in names:
            if name in spans:
                room -= factors[name] * spans[name][1]
        larger = [factors[n] for n in names if n in spans]
        for name in sorted((n for n in names if n not in spans), key=lambda n: -factors[n]):
            step = factors[name]
            if step <= 0:
                raise UndeclaredShapeError(
                    f"how far {name} runs cannot be told from the left side: "
                    "expected indices with positive factors"
                )
            digits = [math.floor((big - 1) / step) for big in larger if big > step]
            last = max([math.floor(room / step), *digits[:1]])
            spans[name] = (self._first, max(last, self._first - 1))
            room -= step * max(last, 0)
            larger.insert(0, step)

    def _shape(self, bound: Bound, spans: Mapping[str, Span]) -> tuple[int, ...]:
        if self._elementwise:
            shaped = [v.shape for v in bound.numbers.values() if isinstance(v, np.ndarray) and v.ndim]
            return shaped[0] if shaped else ()
        declared = self.shapes.get(self.result)
        first = self.first_index(self.result)
        if declared is not None:
            return tuple(
                sizing.whole_size(size, bound.sizes, f"axis {axis} of {self.result}")
                for axis, size in enumerate(declared)
            )
        if self._direct:
            return tuple(last - start + 1 for start, last in spans.values())
        boxes = {name: (float(a), float(b)) for name, (a, b) in spans.items()}
        ends = [bound.ranges.of(node, boxes)[1] for node in self.head.index]
        return tuple(int(end) - first + 1 for end in ends)

    def _valued(self, node: Node, bound: Bound) -> Values:
        """The values of one link, in the shape of the result."""
        evaluator = Evaluator(
            bound.arrays, bound.numbers, bound.functions, bound.ranges, self.first_index
        )
        if self._elementwise:
            spans = {f"axis {k}": (0, n - 1) for k, n in enumerate(bound.shape)}
            return evaluator.grid(node, spans) if math.prod(bound.shape) else np.zeros(bound.shape)
        for condition in self._statement.conditions:
            node = multiply(node, condition)
        values = evaluator.grid(node, bound.spans)
        return values if self._direct else self._placed(values, bound, evaluator)

    def _placed(self, values: Values, bound: Bound, evaluator: Evaluator) -> Values:
        """Values carried to the elements that a compound left side names; 0 elsewhere.

        Raises ContradictionError if one element is given two values.
        """
        out = np.zeros(bound.shape)
        first = self.first_index(self.result)
        places = [evaluator.grid(node, bound.spans) - first for node in self.head.index]
        inside = np.ones(values.shape, dtype=bool)
        for place, length in zip(places, bound.shape, strict=True):
            inside &= (place >= 0) & (place < length)
        flat = tuple(place[inside].astype(np.intp) for place in places)
        out[flat] = values[inside]
        differs = ~np.isclose(out[flat], values[inside], rtol=1e-12, atol=0.0, equal_nan=True)
        if differs.any():
            at = int(np.argmax(differs))
            where = tuple(int(axis[at]) for axis in flat)
            raise ContradictionError(
                f"the formula gives {self.result}{list(where)} two values, "
                f"{values[inside][at]:g} and {out[where]:g}"
            )
        return out

    def _indices_of(
        self, place: tuple[int, ...], bound: Bound, expander: Expander
    ) -> dict[str, int] | None:
        """The free indices that reach an element of the result; None if nothing does."""
        if self._elementwise:
            return {}
        first = self.first_index(self.result)
        if self._direct:
            found = {n.name: p + first for n, p in zip(self.head.index, place, strict=True)
                     if isinstance(n, Index)}  # fmt: skip
            conditions = self._statement.conditions
            return found if all(expander.value(c, found) for c in conditions) else None
        spans = [range(a, b + 1) for a, b in bound.spans.values()]
        for values in itertools.product(*spans):
            indices = dict(zip(bound.spans, values, strict=True))
            reached = tuple(round(expander.value(n, indices)) - first for n in self.head.index)
            if reached == place:
                return indices
        return None

    # ---- showing it -------------------------------------------------------------------------------

    def __repr__(self) -> str:
        return f"Formula({self.name}: {' '.join(self.latex.split())})"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/markdown": markdown(self)}


def _arithmetic(node: Node) -> Iterator[Node]:
    """The largest parts of a tree that are arithmetic on sizes and numbers alone."""
    inner = list(node.walk())
    if all(_is_arithmetic(n) for n in inner):
        if any(isinstance(n, Read) for n in inner):
            yield node
        return
    if isinstance(node, Add):  # in i + M - m the sizes belong together
        sizes = [t for t in node.terms if all(_is_arithmetic(n) for n in t.walk())]
        if len(sizes) > 1:
            yield from _arithmetic(Add(tuple(sizes)))
            for term in node.terms:
                if term not in sizes:
                    yield from _arithmetic(term)
            return
    for child in node.children():
        yield from _arithmetic(child)


def _is_arithmetic(node: Node) -> bool:
    if isinstance(node, Read):
        return not node.index
    if isinstance(node, Call):
        return node.function in ("floor", "mod")
    return isinstance(node, Number | Add | Negative | Multiply | Divide | Power)


def _plain(key: str) -> str:
    """`lambda_` for lambda, which Python keeps for itself; `varepsilon` for epsilon."""
    key = key.rstrip("_") or key
    return re.sub(r"^var(epsilon|theta|pi|rho|sigma|phi)$", r"\1", key)


def _derivative_of(name: str) -> tuple[str, ...]:
    match = re.fullmatch(r"d(.+)_d(.+)", name)
    return match.groups() if match else ()


def _reads_alone(node: Node, name: str) -> bool:
    return any(isinstance(n, Read) and Index(name) in n.index for n in node.walk())


def _numeric(name: str, value: ArrayLike) -> Values:
    """A given array as float64.

    Raises ArrayValueError if it is not made of real numbers.
    """
    try:
        array = np.asarray(value)
    except ValueError:
        raise ArrayValueError(f"{name} is not an array: its rows differ in length") from None
    if array.dtype.kind not in "biuf":
        raise ArrayValueError(
            f"{name} holds {array.dtype.name} values: expected real numbers"
        )
    return array.astype(np.float64)


def _whole(name: str, value: Any) -> int:
    array = _numeric(name, value)
    if array.ndim or not float(array).is_integer():
        raise ArrayValueError(f"the size {name} was given as {value!r}: expected a whole number")
    return int(array)
