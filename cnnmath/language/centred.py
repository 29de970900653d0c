r"""Kernels that are counted from their centre: `\sum_{s=-a}^{a} w(s) x(i+s)`, w of 2a + 1 elements.

An axis that was declared with 2a + 1 elements is counted from -a if nothing but indices from -a to
a reads it: any other way to count would leave the array.
"""

from collections.abc import Iterator, Mapping, Sequence

from cnnmath.core.nodes import Binder, Index, Node, Number, Read, Reduce, add
from cnnmath.core.shapes import same_size
from cnnmath.core.statement import Declared

Axis = tuple[str, int]


def from_centre(links: Sequence[Node], declared: Declared) -> list[Node]:
    """The sides of a formula, in which such axes are counted as all others are."""
    if not any(_may_be_negative(node) for link in links for node in link.walk()):
        return [*links]
    halves: dict[Axis, Node | None] = {}
    for link in links:
        for axis, half in _halves(link, declared, {}):
            other = halves.setdefault(axis, half)
            if half is None or other is None or not same_size(half, other):
                halves[axis] = None
    found = {axis: half for axis, half in halves.items() if half is not None}
    first = Number(float(declared.first))
    found = {axis: add(half, first) for axis, half in found.items()}
    return [_counted(link, found) for link in links] if found else [*links]


def _may_be_negative(node: Node) -> bool:
    """Whether this is an index that does not begin at 0 or above, as most do."""
    low = node.low if isinstance(node, Binder) else None
    return low is not None and not (isinstance(low, Number) and low.value >= 0)


def _halves(
    node: Node, declared: Declared, ranges: Mapping[str, Binder]
) -> Iterator[tuple[Axis, Node | None]]:
    """For each axis that is read the a of its 2a + 1 elements, if an index runs from -a to a."""
    if isinstance(node, Reduce):
        ranges = {**ranges, **{binder.name: binder for binder in node.binders}}
    if isinstance(node, Read) and node.index and declared.origin(node.name) == declared.first:
        shape = declared.shapes.get(node.name, ())
        for axis, (size, place) in enumerate(zip(shape, node.index, strict=False)):
            binder = ranges.get(place.name) if isinstance(place, Index) else None
            yield (node.name, axis), _half(size, binder) if binder else None
    for child in node.children():
        yield from _halves(child, declared, ranges)


def _half(size: Node, binder: Binder) -> Node | None:
    is_symmetric = same_size(add(binder.low, binder.high), Number(0.0))
    is_all = same_size(size, add(binder.high, binder.high, Number(1.0)))
    return binder.high if is_symmetric and is_all and binder.high != Number(0.0) else None


def _counted(node: Node, halves: Mapping[Axis, Node]) -> Node:
    node = node.rebuilt(lambda child: _counted(child, halves))
    if not isinstance(node, Read):
        return node
    places = (
        add(place, halves[node.name, axis]) if (node.name, axis) in halves else place
        for axis, place in enumerate(node.index)
    )
    return Read(node.name, tuple(places))
