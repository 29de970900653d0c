"""The question: by which element of which array is which formula derived?

The forward formula is prepared for it. Indices are written where the author left them out, the
result gets a shape if it has none, and the letters of the array that is derived by are taken from
all sums.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from cnnmath.core.arithmetic import tidy
from cnnmath.core.definition import Definition
from cnnmath.core.derivative import Derivative
from cnnmath.core.nodes import (
    Apply,
    Binder,
    Compare,
    Divide,
    Index,
    Node,
    Number,
    Read,
    add,
    substitute,
)
from cnnmath.core.reach import inferred_shape
from cnnmath.core.shapes import Shape
from cnnmath.core.system import depends
from cnnmath.derive.letters import PLACES, free_letter, fresh, is_letter, renamed_apart
from cnnmath.derive.stating import LOSSES, fixed_names, names_of, nodes_of, stated
from cnnmath.errors import FormulaError, UndeclaredShapeError, UnknownNameError
from cnnmath.formula import Formula


@dataclass(frozen=True)
class Forward:
    """A formula and what it is derived by.

    given : the formula as it was given;  stated : the same, with every index and the result's shape
    result : what it defines;  arriving, gradient : the names of what arrives and of what is found
    body : the right side;  place : where its value goes
    outputs : the indices of the result, with their ranges;  conditions : under which it has a value
    by : the element that one derives by;  own : the ranges of its indices
    is_bracketed : whether brackets were added that say where an array ends
    named : formulas by what they define, which the lines may call by its name
    is_open : whether by has no declared shape, so that the formula applies to each of its numbers
    """

    given: Formula
    stated: Formula
    result: str
    loss: str
    body: Node
    place: tuple[Node, ...]
    outputs: tuple[Binder, ...]
    conditions: tuple[Node, ...]
    by: Read
    own: tuple[Binder, ...]
    is_open: bool = False
    is_bracketed: bool = False
    named: Mapping[str, Formula] = field(default_factory=dict)

    @property
    def arriving(self) -> str:
        """What arrives from behind, such as dE_da; nothing where the result is the error itself."""
        has_one = bool(self.place) or self.is_open
        return str(Derivative(self.loss, self.result)) if has_one else ""

    @property
    def gradient(self) -> str:
        return str(Derivative(self.loss, self.by.name))

    @property
    def definition(self) -> Definition:
        return self.stated.definition

    @property
    def system(self) -> Mapping[str, Definition]:
        return self.definition.system

    @cached_property
    def named_in_full(self) -> Mapping[str, Formula]:
        """The same with every index, and the shapes of what they define."""
        return {name: stated(one, True) for name, one in self.named.items()}

    @property
    def nameable(self) -> Mapping[str, Definition]:
        """All formulas by whose names the lines may call what they calculate."""
        return {**self.system, **{name: one.definition for name, one in self.named_in_full.items()}}

    @cached_property
    def positive(self) -> set[str]:
        """Sizes that are 1 or more: lengths of an axis, and what a length is divided by."""
        definitions = (self.definition, *self.system.values())
        sizes = [size for d in definitions for shape in d.shapes.values() for size in shape]
        lengths = {size.name for size in sizes if isinstance(size, Read)}
        divisors = (n.below for size in sizes for n in size.walk() if isinstance(n, Divide))
        return lengths | {below.name for below in divisors if isinstance(below, Read)}

    def first(self, name: str) -> int:
        return self.definition.first_index(name)

    def shape(self, name: str) -> Shape | None:
        """The shape of an array, of what arrives, or of the gradient."""
        if name == self.arriving:
            name = self.result
        if name == self.gradient:
            name = self.by.name
        shape = self.definition.shapes.get(name)
        if shape is None and name in self.nameable:
            shape = self.nameable[name].shapes.get(name)
        return shape

    def moves(self, node: Node) -> bool:
        """Whether a value depends on the array that one derives by."""
        return any(
            depends(n.name, self.by.name, self.system, ())
            for n in node.walk()
            if isinstance(n, Read | Apply)
        )

    def range_along(self, name: str, axis: int) -> tuple[Node, Node]:
        """The first and the last index of an axis."""
        shape = self.shape(name)
        if shape is None:
            raise UndeclaredShapeError(
                f"the derivation needs the shape of {name}: declare it, as in {name}='M N'"
            )
        start = Number(float(self.first(name)))
        return start, tidy(add(shape[axis], Number(-1.0), start))


def prepared(formula: Formula, by: str, named: Mapping[str, Formula]) -> Forward:
    """A formula, ready to be derived.

    named : formulas by what they define
    Raises UnknownNameError if the formula reads nothing of that name, FormulaError or
    UndeclaredShapeError if it cannot be derived by it; FormulaError if a name is not what its
    formula defines, or means something else in the formula that is derived.
    """
    if not isinstance(formula, Formula):
        raise FormulaError(f"derive takes a Formula: got {type(formula).__name__}")
    definition = formula.definition
    if not any(depends(name, by, definition.system, ()) for name in definition.reads):
        known = sorted({*formula.names, *(n for d in formula.system.values() for n in d.names)})
        raise UnknownNameError(
            f"the formula of {definition.result or definition.name} does not read {by}; it reads "
            f"{', '.join(known) or 'nothing'}"
        )
    if by in definition.system:
        raise FormulaError(
            f"{by} is calculated by a formula that was given: derive by what that reads, or leave "
            f"the formula of {by} out"
        )
    if by in formula.sizes or by in definition.vocabulary.applied:
        raise FormulaError(f"{by} is a whole number or a function here: there is no derivative")
    if any(by in d.vocabulary.subscripts for d in (definition, *definition.system.values())):
        raise FormulaError(f"the numbers of {by} say which element is read: they do not move")
    if Derivative.named(by):
        raise FormulaError(f"{by} is a derivative by its name: give the array another name")
    for name, one in named.items():
        _insist_on_name(formula, name, one)
    return replace(with_letters(formula, stated(formula), by), named=named)


def _insist_on_name(formula: Formula, name: str, one: Formula) -> None:
    """Raises FormulaError if a formula cannot give its name to parts of a derivation."""
    if not isinstance(one, Formula):
        raise FormulaError(f"{name}={one!r}: expected a Formula of {name}")
    if one.definition.result != name:
        raise FormulaError(
            f"{name}={one.name!r}: that formula defines {one.definition.result or 'no quantity'}"
        )
    if name in names_of(formula.definition) and one is not formula:
        raise FormulaError(
            f"{name} stands in the formula of {formula.result or formula.name} already: give it "
            f"its formula there, in Formula(..., {name}=...)"
        )


def _open_names(formula: Formula, by: str) -> set[str]:
    """What may be a number or an array, since a formula without indices applies to both.

    Raises UndeclaredShapeError if that is open for several names: by a number, its gradient is a
    sum over the arrays.
    """
    definition = formula.definition
    if not definition.elementwise or definition.vocabulary.has_indices:
        return set()
    known = {*definition.shapes, *definition.system, *definition.vocabulary.sizes}
    names = {n.name for n in definition.right.walk() if isinstance(n, Read)}
    unknown = names - known
    declared = any(definition.shapes.get(name) for name in names)
    if len(unknown) > 1 or (unknown and (declared or by not in unknown)):
        one = min(unknown)
        raise UndeclaredShapeError(
            f"{', '.join(sorted(unknown))}: a number, or an array that the formula is applied to "
            f"number by number? By a number, the gradient is a sum over the arrays. Declare "
            f"{one}='' for a number, or its sizes, {one}='M N'"
        )
    return unknown


def with_letters(given: Formula, whole: Formula, by: str) -> Forward:
    """The question with names for all indices.

    whole : the formula said in full
    """
    definition = whole.definition
    head, body = definition.head, definition.right
    shape = definition.shapes.get(by)
    if shape is None:
        shape = next((d.shapes[by] for d in definition.system.values() if by in d.shapes), None)
    reads = [
        n for d in (definition, *definition.system.values()) for n in nodes_of(d)
        if isinstance(n, Read) and n.name == by
    ]  # fmt: skip
    if shape is None:
        if any(read.index for read in reads):
            raise UndeclaredShapeError(
                f"the derivation needs the shape of {by}: declare it, as in {by}='M N'"
            )
        shape = ()
    if any(len(read.index) != len(shape) for read in reads):
        raise FormulaError(
            f"{by} has {len(shape)} axes, but is read without its indices: write them"
        )
    names = names_of(definition)
    is_open = by in _open_names(given, by)
    has_one = bool(head.free) or is_open
    loss = next(n for n in LOSSES if n not in names) if has_one else head.name
    # Letters of its own come from reads such as W_{st}; x_{i+s} has none.
    letters: list[str] = []
    fixed = fixed_names(definition)
    for axis in range(len(shape)):
        places = (read.index[axis] for read in reads)
        plain = [
            place.name for place in places if isinstance(place, Index) and is_letter(place.name)
        ]
        letters.append(next((n for n in plain if n not in {*letters, *fixed}), ""))
    for axis, letter in enumerate(letters):
        if not letter:
            letters[axis] = free_letter(PLACES, {*names, *letters})
    start = Number(float(definition.first_index(by)))
    own = tuple(
        Binder(letter, start, tidy(add(size, Number(-1.0), start)))
        for letter, size in zip(letters, shape, strict=True)
    )
    taken = set(letters)
    renamed: dict[str, Node] = {}
    for name in head.free:
        new = fresh(name, {*names, *taken} - {name} | taken) if name in taken else name
        renamed[name] = Index(new)
        taken.add(new)
    forward = Forward(
        given=given,
        stated=whole,
        result=head.name,
        loss=loss,
        body=renamed_apart(substitute(renamed_apart(body, taken), renamed), taken),
        place=tuple(substitute(place, renamed) for place in head.index),
        outputs=(),
        conditions=(),
        by=Read(by, tuple(Index(letter) for letter in letters)),
        own=own,
        is_open=is_open,
    )
    return _with_ranges(forward, renamed)


def _with_ranges(forward: Forward, renamed: Mapping[str, Node]) -> Forward:
    """The indices of the result with their ranges, and what else must hold of them."""
    definition = forward.definition
    conditions = [substitute(c, dict(renamed)) for c in definition.statement.conditions]
    free = [renamed[name] for name in definition.head.free]
    ranges: dict[str, tuple[Node, Node]] = {}
    for axis, place in enumerate(forward.place):
        if isinstance(place, Index):
            ranges[place.name] = forward.range_along(forward.result, axis)
    low = {c.left.name: c.right for c in conditions if _bounds(c, ">=")}  # type: ignore[attr-defined]
    high = {c.left.name: c.right for c in conditions if _bounds(c, "<=")}  # type: ignore[attr-defined]
    for name in {*low, *high}:
        known = ranges.get(name)
        if known is None and name in low and name in high:
            ranges[name] = (low[name], high[name])
        elif known is None or (low.get(name, known[0]), high.get(name, known[1])) != known:
            first, last = known or (low.get(name), high.get(name))
            if first is None or last is None:
                continue
            ranges[name] = (low.get(name, first), high.get(name, last))
    outputs = []
    for index in free:
        assert isinstance(index, Index)
        if index.name not in ranges:
            outputs.append(_open_range(forward, index.name))
        else:
            outputs.append(Binder(index.name, *map(tidy, ranges[index.name])))
    others = tuple(c for c in conditions if not (_bounds(c, ">=") or _bounds(c, "<=")))
    return replace(forward, outputs=tuple(outputs), conditions=others)


def _bounds(condition: Node, relation: str) -> bool:
    return (
        isinstance(condition, Compare)
        and condition.relation == relation
        and isinstance(condition.left, Index)
    )


def _open_range(forward: Forward, name: str) -> Binder:
    """Of an index that stands on a compound left side alone: as far as the arrays go."""
    (shape,) = inferred_shape(forward.definition, (name,), forward.body, ())
    first = Number(float(forward.definition.origin.of_indices))
    return Binder(name, first, tidy(add(shape, Number(-1.0), first)))
