"""The names that a formula is made of: arrays and numbers, sizes, functions.

A size is a name that must be a whole number: it stands in a declared shape, in an index, or in
the bounds of a sum, and was not declared as an array or as any number.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cnnmath.formula.functions import FUNCTIONS
from cnnmath.formula.nodes import Apply, Call, Compare, Extent, Index, Node, Read, Reduce
from cnnmath.formula.part import Part
from cnnmath.formula.shapes import Shape, sizes_named


@dataclass
class Vocabulary:
    """What the names of a formula are used for.

    names, sizes : in the order in which they appear;  bare : names that stand without indices
    applied : names before a bracket, functions of the caller or numbers
    subscripts : arrays whose elements are used as indices
    built_in : functions that the language knows
    has_indices : whether any index occurs, so that a bare name is one number
    """

    names: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    bare: frozenset[str] = frozenset()
    applied: set[str] = field(default_factory=set)
    subscripts: set[str] = field(default_factory=set)
    built_in: set[str] = field(default_factory=set)
    has_indices: bool = False


def vocabulary(part: Part, shapes: Mapping[str, Shape]) -> Vocabulary:
    """The names in a formula; those on its left side, and those that its free indices are compared
    with, are sizes."""
    found = Vocabulary()
    scan = _Scan(found)
    for node in part.sides:
        scan.node(node, as_index=False)
    for node in part.conditions:
        is_bound = isinstance(node, Compare) and isinstance(node.left, Index)
        scan.node(node, as_index=is_bound)
    for node in part.target:
        scan.node(node, as_index=True)
    sizes = {n for n in scan.whole if n not in shapes}
    sizes |= {n for n in sizes_named(shapes) if not shapes.get(n, ())}
    found.sizes = tuple(dict.fromkeys(n for n in (*scan.found, *sorted(sizes)) if n in sizes))
    found.names = tuple(dict.fromkeys(n for n in scan.found if n not in sizes))
    found.bare = frozenset(scan.bare - sizes)
    return found


class _Scan:
    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.found: list[str] = []
        self.bare: set[str] = set()
        self.whole: set[str] = set()

    def node(self, node: Node, as_index: bool) -> None:
        """Note the names below a node; as_index : whether it is an index or a bound."""
        match node:
            case Read(name=name, index=index):
                self.found.append(name)
                if index:
                    self.vocabulary.has_indices = True
                    if as_index:
                        self.vocabulary.subscripts.add(name)
                else:
                    self.bare.add(name)
                    if as_index:
                        self.whole.add(name)
                for inner in index:
                    self.node(inner, as_index=True)
                return
            case Reduce(binders=binders, where=where, body=body):
                self.vocabulary.has_indices = True
                for binder in binders:
                    self.node(binder.low, as_index=True)
                    self.node(binder.high, as_index=True)
                if where is not None:
                    self.node(where, as_index=False)
                self.node(body, as_index=False)
                return
            case Apply(name=name):
                self.found.append(name)
                self.bare.add(name)
                self.vocabulary.applied.add(name)
            case Call(function=function) if function in FUNCTIONS:
                self.vocabulary.built_in.add(function)
            case Extent(name=name):
                self.found.append(name)
        for child in node.children():
            self.node(child, as_index)
