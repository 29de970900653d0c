"""Sums, products, maxima and minima: what they run over is read in bounds.py, what of here.

A sum or a maximum reaches to the next + or -, or to the next one over the same index. Of a product
it must be plain how far it reaches, for there it makes a difference.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lark import Token, Tree

from cnnmath.errors import IndexReuseError, UndeclaredShapeError
from cnnmath.formula import parsetree
from cnnmath.formula.nodes import Binder, Call, Index, Node, Number, Read, Reduce, add
from cnnmath.formula.parsetree import Part
from cnnmath.formula.references import Row

if TYPE_CHECKING:
    from cnnmath.formula.reader import Reader


class Sums:
    """Reads reductions for a Reader."""

    def __init__(self, reader: "Reader") -> None:
        self.reader = reader

    def read(self, factor: Part, rest: Row) -> tuple[Node, Row]:
        """A sum, product, maximum or minimum, with its indices and their bounds."""
        factor = _without_underset(factor)
        token = parsetree.atom_token(factor)
        operation = _operation(str(token))
        held = dict(parsetree.bodies(factor))
        if len(held) < len(parsetree.scripts(factor)):
            raise self.reader.error(factor, "expected the bounds of an index")
        if "sub" not in held:
            return self._extremum(operation, factor, rest)
        if not rest or (isinstance(rest[0], Token) and rest[0].type != "SIGN"):
            raise self.reader.error(factor, f"expected what {token} is taken of")
        lower = held["sub"]
        names = self.reader.bounds.new_names(lower, rest)
        taken = [name for name in names if name in self.reader.scope]
        if taken:
            raise self.reader.error(
                factor,
                f"the index {taken[0]} already has a meaning here: rename one of the two",
                IndexReuseError,
            )
        inside, outside = self._reach(rest, names)
        if not inside:
            raise self.reader.error(
                factor, f"the index {names[0]} is bound twice in a row", IndexReuseError
            )
        outer = len(self.reader.scope)
        self.reader.scope += names
        limits = self.reader.bounds.read(parsetree.items(lower), held.get("sup"), factor, names)
        if operation == "prod":
            self._insist_on_reach(inside, names)
        node = self.reader.bounds.bound(operation, limits, self.reader.product(inside), factor)
        del self.reader.scope[outer:]
        return node, outside

    def _reach(self, row: Row, names: Sequence[str]) -> tuple[Row, Row]:
        """What a sum is taken of, and the rest, which begins with a sum over the same index."""
        outer = len(self.reader.scope)
        self.reader.scope += names  # in `t \ne s` further inside, s is no new index
        found = len(row)
        for place, item in enumerate(row):
            if not isinstance(item, Tree) or not parsetree.is_big(item):
                continue
            lower = dict(parsetree.bodies(_without_underset(item))).get("sub")
            if lower is not None and set(names) & set(self.reader.bounds.new_names(lower, [])):
                has_sign = place and isinstance(row[place - 1], Token)
                found = place - 1 if has_sign else place
                break
        del self.reader.scope[outer:]
        return row[:found], row[found:]

    def _insist_on_reach(self, row: Row, names: Sequence[str]) -> None:
        """Refuse `\\prod_i s_i x`: it cannot be seen whether x is a factor of every term."""
        for item in reversed(parsetree.trees_of(row)):
            if parsetree.is_big(item):
                return
            if parsetree.is_function(item):
                continue
            letters = {
                self.reader.name_of(f)
                for f in parsetree.factors_below(item)
                if self.reader.is_name(f)
            }
            if letters & set(names) or item is parsetree.trees_of(row)[0]:
                return
            raise self.reader.error(item, "does \\prod reach this far? write brackets")

    def _extremum(self, operation: str, factor: Part, rest: Row) -> tuple[Node, Row]:
        """`\\max(0, x)`: the largest of some values; `\\max a`: of a whole array."""
        if operation not in ("max", "min") or not rest or isinstance(rest[0], Token):
            raise self.reader.error(factor, "expected the index to run over, as in \\sum_{i}")
        inner = rest[0]
        if parsetree.atom(inner).data in parsetree.GROUPS:
            items = parsetree.items(parsetree.atom(inner))
            if len(items) > 1:
                arguments = tuple(self.reader.item(item) for item in items)
                return self.reader.powered(Call(operation, arguments), inner), rest[1:]
            whole = parsetree.lone_factor(items[0])
            outer: Part | None = inner
        else:
            whole, outer = inner, None
        if whole is not None and self.reader.is_name(whole) and not parsetree.scripts(whole):
            name, _, _ = self.reader.scripted(whole)
            rank = self.reader.rank(name)
            node = self._over_all(operation, name, rank, whole) if rank else None
            if rank is None and self.reader.is_first:
                node = Read(name)  # its rank is known when the formula is read again
            if node is not None:
                return (node if outer is None else self.reader.powered(node, outer)), rest[1:]
            if not rank:
                raise self.reader.error(
                    whole,
                    f"how many axes has {name}? declare its shape, or write \\{operation}_i",
                    UndeclaredShapeError,
                )
        raise self.reader.error(
            factor, f"expected several values or an index: \\{operation}_i or ( , )"
        )

    def _over_all(self, operation: str, name: str, rank: int, part: Part) -> Node:
        first = Number(float(self.reader.declared.origin(name)))
        binders = []
        for axis in range(rank):
            last = add(self.reader.extent(name, axis), Number(-1.0), first)
            binders.append(Binder(f"all_{next(self.reader.fresh)}", first, last))
        self.reader.note_rank(name, rank, part)
        body = Read(name, tuple(Index(binder.name) for binder in binders))
        return Reduce(operation, tuple(binders), None, body)


def _without_underset(factor: Part) -> Part:
    """`\\underset{s,t}{\\max}` as `\\max_{s,t}`."""
    atom = parsetree.atom(factor)
    if atom.data != "underset":
        return factor
    under, operator = parsetree.trees(atom)
    symbol = parsetree.lone_factors(operator)[0]
    below: Part = Tree("sub", [under], under.meta)
    return Tree("factor", [*symbol.children, below, *factor.children[1:]], factor.meta)


def _operation(text: str) -> str:
    for mark, operation in (("∑", "sum"), ("∏", "prod"), ("sum", "sum"), ("prod", "prod")):
        if mark in text:
            return operation
    kind = "max" if "max" in text else "min"
    return f"arg{kind}" if "arg" in text else kind
