"""How a part of a formula uses each name: as an index, as an array, as a value.

The left side is read first, but whether `S(i, j)` there names two indices or two arrays can only
be seen on the right: an index stands in subscripts and in brackets behind the name of an array.
"""

from collections.abc import Sequence

from cnnmath.formula import parsetree
from cnnmath.formula.names import Names
from cnnmath.formula.parsetree import Part


class Usage:
    """The names in some parts.

    indices : that stand where an index stands;  alone : those that are an index by themselves
    above : that are a superscript;  arrays : that carry indices;  values : that do not
    """

    def __init__(self, names: Names, parts: Sequence[Part]) -> None:
        self.names = names
        self.indices: set[str] = set()
        self.alone: set[str] = set()
        self.above: set[str] = set()
        self.arrays: set[str] = set()
        self.values: set[str] = set()
        for part in parts:
            self._scan(part, inside=False)

    def is_index(self, name: str) -> bool:
        """Whether a name in the brackets on the left is an index on the right."""
        if name in self.names.declared.shapes or name in self.arrays:
            return False
        return name in self.indices and name not in self.values

    def is_unread(self, name: str) -> bool:
        """Whether a name is neither declared nor an array, so that it can be an index."""
        return name not in self.names.declared.names and name not in self.arrays

    def _scan(self, part: Part, inside: bool) -> None:
        if part.data == "juxtaposed":
            self._scan_row(part, inside)
        elif part.data == "factor":
            self._scan_factor(part, inside)
        else:
            for child in parsetree.trees(part):
                self._scan(child, inside)

    def _scan_row(self, row: Part, inside: bool) -> None:
        """Factors side by side: a bracket behind a name may hold indices of that name."""
        named: Part | None = None
        for child in map(parsetree.unbraced, parsetree.trees(row)):
            bracket = parsetree.atom(child)
            belongs = (
                named is not None
                and bracket.data in ("parens", "brackets")
                and not parsetree.holds_relation(bracket)
                and self.names.name_of(named) not in self.names.declared.functions
            )
            if belongs and named is not None:
                name = self.names.name_of(named)
                self.arrays.add(name)
                self._note_alone(bracket)
            self._scan(child, inside or belongs)
            named = child if self.names.is_name(child) else None

    def _scan_factor(self, factor: Part, inside: bool) -> None:
        if self.names.is_name(factor):
            factor = self.names.bare(factor)
            self._note(factor, inside)
        bounding = parsetree.is_big(factor)
        for child in parsetree.trees(factor):
            if child.data not in ("sub", "sup"):
                self._scan(child, inside)
        for kind, held in parsetree.bodies(factor):
            indexing = kind == "sub" or parsetree.lone_group(held) is not None
            self._scan(held, inside or bounding or indexing)
            if indexing and not bounding:
                self._note_alone(held)
            if kind == "sup" and not bounding:
                self.above.update(self.names.plain_letters(held) or [])

    def _note_alone(self, held: Part) -> None:
        for item in parsetree.item_trees(parsetree.lone_group(held) or held):
            self.alone.update(self.names.plain_letters(item) or [])

    def _note(self, factor: Part, inside: bool) -> None:
        name = self.names.name_of(factor)
        subs = [held for kind, held in parsetree.bodies(factor) if kind == "sub"]
        if not subs:
            (self.indices if inside else self.values).add(name)
            return
        self.arrays.add(name)
        whole = f"{name}_{parsetree.flattened(subs[0])}"  # N_i may be the name of an index
        (self.indices if inside else self.values).add(whole)
