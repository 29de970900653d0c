"""Derivatives as they are written: `\\frac{\\partial E}{\\partial x_{ij}}` and its like.

Where a formula defines the quantity that is derived, this is a Jacobian, to be worked out; else it
is an array of the caller's, dE_dx, with the indices of E (if it has any) and of x.
"""

from lark import Token, Tree

from cnnmath.formula import parsetree
from cnnmath.formula.nodes import Jacobian, Node, Number, Read
from cnnmath.formula.parsetree import DIVISIONS, Part
from cnnmath.formula.references import References, Row


class Derivatives(References):
    """Reads derivatives."""

    def derivative_parts(self, factor: Part) -> tuple[Part, Part] | None:
        """The two symbols of `\\frac{\\partial E}{\\partial x_{ij}}` or `\\frac{dE}{dx}`."""
        atom = parsetree.atom(factor)
        if atom.data == "braces" and len(factor.children) == 1:
            inner = parsetree.lone_factor(atom)
            return self.derivative_parts(inner) if inner is not None else None
        if atom.data != "fraction":
            return None
        sides = [parsetree.lone_factors(child) for child in atom.children[1:]]
        if all(len(side) == 2 and self._is_differential(side[0]) for side in sides):
            return sides[0][1], sides[1][1]
        marks = [side[0].children[0] for side in sides if side]
        if any(parsetree.is_token(mark, "PARTIAL") for mark in marks):
            raise self.error(
                factor,
                "expected one symbol behind each \\partial, as in "
                "\\frac{\\partial E}{\\partial x_{ij}}",
            )
        return None

    def _is_differential(self, factor: Part | Token) -> bool:
        token = parsetree.atom_token(factor)
        if token is None or not isinstance(factor, Tree) or len(factor.children) != 1:
            return False
        plain_d = token.type in ("LETTER", "WORD") and self.name_of(factor) == "d"
        return token.type == "PARTIAL" or (plain_d and "d" not in self.declared.names)

    def slashed_derivative(self, items: Row) -> tuple[Node, Row]:
        """`\\partial E / \\partial x_{ij}` written on one line."""
        match items[:5]:
            case [first, Tree() as of, Token() as slash, Tree() as mark, Tree() as by] if str(
                slash
            ) in DIVISIONS and self._is_differential(mark):
                span = parsetree.start(first), parsetree.end(by)
                return self.derivative(of, by, span), items[5:]
        raise self.error(items[0], "expected \\partial E / \\partial x or \\frac{..}{..}")

    def derivative(self, of: Part, by: Part, span: tuple[int, int]) -> Node:
        """The Jacobian of a defined quantity, or else the array d.._d.. of the caller."""
        of_name, of_index = self._symbol(of)
        by_name, by_index = self._symbol(by)
        if of_name in self.declared.defined:
            return Jacobian(Read(of_name, of_index), Read(by_name, by_index))
        name = self.derivative_name(of_name, by_name)
        self.note_symbol(span, name)
        index = of_index + by_index
        self.note_rank(name, len(index), by)
        return Read(name, index)

    def derivative_name(self, of: str, by: str) -> str:
        """`dE_dx`, which has the shape of x (behind that of E, if E has indices)."""
        name = f"d{of}_d{by}"
        shapes = self.declared.shapes
        if (
            name not in shapes
            and by in shapes
            and (of in shapes or (len(of) == 1 and of.isupper()))
        ):
            shapes[name] = shapes.get(of, ()) + shapes[by]
        return name

    def _symbol(self, factor: Part) -> tuple[str, tuple[Node, ...]]:
        """Name and indices of a symbol under a \\partial."""
        if not self.is_name(factor):
            raise self.error(factor, "expected the symbol of an array")
        name, index, power = self.scripted(factor)
        if power is not None and not isinstance(power, Number):  # by \sigma^2: the name is sigma
            raise self.error(factor, "a derivative is taken by a symbol, not by a power")
        return name, tuple(index)
