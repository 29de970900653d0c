"""How far the indices of a result run, in sizes: so far that no read falls outside its array."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from cnnmath.core.affine import Affine
from cnnmath.core.arithmetic import difference, extreme, never_negative, tidy
from cnnmath.core.definition import Definition
from cnnmath.core.nodes import (
    ONE,
    Binder,
    Call,
    Compare,
    Divide,
    Index,
    Inverse,
    Node,
    Number,
    Read,
    Reduce,
    add,
    indices_in,
    negative,
)
from cnnmath.core.shapes import Shape, read_shape, size_text, sizes_named
from cnnmath.errors import UndeclaredShapeError


def inferred_shape(
    definition: Definition, free: Sequence[str], body: Node, conditions: Sequence[Node]
) -> Shape:
    """The sizes of a result whose shape nobody declared.

    Raises UndeclaredShapeError where they do not follow from the shapes of what is read.
    """
    first = Number(float(definition.origin.of_indices))
    shape = []
    for name in free:
        last = _stated_end(name, conditions) or _end(definition, name, first, body, set(free))
        if last is None:
            raise UndeclaredShapeError(
                f"how far {name} runs does not follow in sizes from the shapes that are declared: "
                f"declare the shape of {definition.result or 'the result'}"
            )
        shape.append(tidy(add(last, negative(first), ONE)))
    return tuple(shape)


def shape_that_follows(definition: Definition) -> dict[str, str]:
    """By its name, the shape of what a formula defines, if nobody declared it and it follows."""
    result, free = definition.result, definition.head.free
    if not free or not definition.is_direct or result in definition.shapes:
        return {}
    try:
        conditions = definition.statement.conditions
        shape = inferred_shape(definition, free, definition.right, conditions)
    except UndeclaredShapeError:
        return {}
    return {result: " ".join(map(size_text, shape))}


def with_sizes(definition: Definition, declared: Mapping[str, Any]) -> Definition:
    """A formula that reads sizes, as c = 1/N, with the declared shapes that say what they are."""
    shapes = {
        key: read_shape(key, one)
        for key, one in declared.items()
        if not (callable(one) or key in definition.shapes)
    }
    read = set(definition.vocabulary.names)
    known = {key: one for key, one in shapes.items() if read & sizes_named({key: one})}
    return replace(definition, shapes={**known, **definition.shapes}) if known else definition


def _stated_end(name: str, conditions: Sequence[Node]) -> Node | None:
    for condition in conditions:
        match condition:
            case Compare(relation="<=", left=Index(name=left), right=right) if left == name:
                return right
    return None


def _end(definition: Definition, name: str, first: Node, body: Node, free: set[str]) -> Node | None:
    """The last value of an index: the smallest of those that the arrays allow."""
    positive = _sizes(definition)
    ends: list[Node] = []
    for read, around in _reads(body, {}):
        shape = definition.shapes.get(read.name)
        if shape is None or len(shape) != len(read.index):
            continue
        start = Number(float(definition.first_index(read.name)))
        for place, size in zip(read.index, shape, strict=True):
            if not any(index.name == name for index in indices_in(place)):
                continue
            end = _allowed(place, name, start, size, around, positive)
            if end is not None and end not in ends:
                ends.append(end)
    for end in ends:
        if all(never_negative(difference(other, end), positive) for other in ends):
            return end
    return None


def _allowed(
    place: Node,
    name: str,
    start: Node,
    size: Node,
    around: Mapping[str, Binder],
    positive: set[str],
) -> Node | None:
    """The last value of an index for which a place lies inside its axis."""
    affine = Affine.of(place, {name})
    if affine is None or name not in affine.factors:
        return None
    factor = affine.factors[name]
    if never_negative(factor, positive):
        most = extreme(affine.rest, around, positive, largest=True)
        room = None if most is None else add(size, Number(-1.0), start, negative(most))
    else:
        factor = negative(factor) if not isinstance(factor, Number) else Number(-factor.value)
        least = extreme(affine.rest, around, positive, largest=False)
        room = None if least is None else add(least, negative(start))
    if room is None:
        return None
    return tidy(room) if factor == ONE else tidy(Call("floor", (Divide(room, factor),)))


def _reads(node: Node, around: Mapping[str, Binder]) -> Iterator[tuple[Read, Mapping[str, Binder]]]:
    """Every read below a node, with the indices of the sums around it."""
    if isinstance(node, Read) and node.index:
        yield node, around
    if isinstance(node, Inverse):
        yield from _reads(node.mirrored, around)
    if isinstance(node, Reduce):
        around = {**around, **{binder.name: binder for binder in node.binders}}
    for child in node.children():
        yield from _reads(child, around)


def _sizes(definition: Definition) -> set[str]:
    return {
        node.name
        for shape in definition.shapes.values()
        for size in shape
        for node in size.walk()
        if isinstance(node, Read)
    } | set(definition.vocabulary.sizes)
