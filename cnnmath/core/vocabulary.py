"""The names that a formula is made of: arrays and numbers, sizes, functions.

A size is a name that must be a whole number: it stands in a declared shape, in an index, or in
the bounds of a sum, and was not declared as an array or as any number.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cnnmath.core.functions import FUNCTIONS
from cnnmath.core.nodes import Apply, Call, Compare, Extent, Index, Node, Read, Reduce
from cnnmath.core.part import Part
from cnnmath.core.shapes import Shape, sizes_named


@dataclass(frozen=True)
class Vocabulary:
    """What the names of a formula are used for.

    names, sizes : in the order in which they appear;  bare : names that stand without indices
    applied : names before a bracket, functions of the caller or numbers
    subscripts : arrays whose elements are used as indices
    built_in : functions that the language knows
    has_indices : whether any index occurs, so that a bare name is one number
    """

    names: tuple[str, ...]
    sizes: tuple[str, ...]
    bare: frozenset[str]
    applied: frozenset[str]
    subscripts: frozenset[str]
    built_in: frozenset[str]
    has_indices: bool


def vocabulary(part: Part, shapes: Mapping[str, Shape]) -> Vocabulary:
    """The names in a formula; those on its left side, and those that its free indices are compared
    with, are sizes."""
    found = [node.name for node in part.nodes if isinstance(node, Read | Apply | Extent)]
    places = [read for side in part.sides for read in in_places(side, False)]
    for node in part.conditions:
        places += in_places(node, isinstance(node, Compare) and isinstance(node.left, Index))
    for node in part.target:
        places += in_places(node, True)
    sizes = {read.name for read in places if not read.index} - set(shapes)
    sizes |= {name for name in sizes_named(shapes) if not shapes.get(name)}
    calls = (node.function for node in part.nodes if isinstance(node, Call))
    return Vocabulary(
        names=tuple(dict.fromkeys(name for name in found if name not in sizes)),
        sizes=tuple(dict.fromkeys(n for n in (*found, *sorted(sizes)) if n in sizes)),
        bare=frozenset(part.bare - sizes),
        applied=frozenset(node.name for node in part.applied),
        subscripts=frozenset(read.name for read in places if read.index),
        built_in=frozenset(FUNCTIONS).intersection(calls),
        has_indices=bool(part.elements or part.sums),
    )


def in_places(node: Node, is_place: bool, *, rounded: bool = True) -> Iterator[Read]:
    """The names that stand in an index or in the bounds of one.

    is_place : whether the node does
    rounded : also those below a floor, which may lie between whole numbers
    """
    match node:
        case Call(function="floor" | "ceil" | "round") if not rounded:
            return
        case Read(index=index):
            if is_place:
                yield node
            for place in index:
                yield from in_places(place, True, rounded=rounded)
        case Reduce(binders=binders, where=where, body=body):
            for end in (end for binder in binders for end in (binder.low, binder.high)):
                yield from in_places(end, True, rounded=rounded)
            for inner in (body,) if where is None else (where, body):
                yield from in_places(inner, False, rounded=rounded)
        case _:
            for child in node.children():
                yield from in_places(child, is_place, rounded=rounded)
