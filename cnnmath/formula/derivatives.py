"""Derivatives as they are written: `\\frac{\\partial E}{\\partial x_{ij}}` and its like.

Where a formula defines the quantity that is derived, this is a Jacobian, to be worked out; else it
is an array of the caller's, dE_dx, with the indices of E (if it has any) and of x. The derivative
of an expression, `\\frac{d}{dx} \\tanh x`, is worked out as well; `\\partial_x E` and `\\nabla_x E`
are other ways of writing one.
"""

from lark import Token, Tree

from cnnmath.formula import parsetree
from cnnmath.formula.functions import CONSTANTS
from cnnmath.formula.nodes import Apply, Index, Jacobian, Node, Number, Read, product
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
        sides = [parsetree.lone_factors(child) for child in parsetree.fraction_parts(atom)]
        if all(len(side) == 2 and self._is_differential(side[0]) for side in sides):
            return sides[0][1], sides[1][1]
        if self.operator(factor) is not None:
            return None
        marks = [side[0].children[0] for side in sides if side]
        if any(parsetree.is_token(mark, "PARTIAL") for mark in marks):
            raise self.error(
                factor,
                "expected one symbol behind each \\partial, as in "
                "\\frac{\\partial E}{\\partial x_{ij}}",
            )
        return None

    def operator(self, factor: Part) -> Part | None:
        """The x of `\\frac{\\partial}{\\partial x}`, `\\partial_x` and `\\nabla_x`; else None."""
        atom = parsetree.atom(factor)
        if parsetree.is_token(parsetree.atom_token(factor), "PARTIAL", "NABLA"):
            below = [held for kind, held in parsetree.bodies(factor) if kind == "sub"]
            alone = len(below) == len(factor.children) - 1
            return parsetree.lone_factor(below[0]) if below and alone else None
        if atom.data != "fraction" or len(factor.children) > 1:
            return None
        above, below = map(parsetree.lone_factors, parsetree.fraction_parts(atom))
        marks = [*above, *below[:1]] if len(above) == 1 and len(below) == 2 else []
        return below[1] if marks and all(map(self._is_differential, marks)) else None

    def operand(self, operator: Part, items: Row) -> tuple[Part | None, Row]:
        """The quantity behind an operator, if it is none that the formula says how to calculate.

        A name other than that of the symbol is one, and `J(V, K)` is if it is derived by an
        element that does not stand in the brackets.
        """
        by = self.operator(operator)
        if by is None or not items or not self.is_name(items[0]):
            return None, items
        name = parsetree.trees_of(items[:1])[0]
        has_power = any(
            kind == "sup" and parsetree.lone_group(held) is None
            for kind, held in parsetree.bodies(name)
        )
        if has_power or self.name_of(name) in (self.name_of(by), *CONSTANTS):
            return None, items
        if len(items) == 1 or isinstance(items[1], Token):
            return name, items[1:]
        group = parsetree.atom(items[1])
        if group.data != "parens" or self.name_of(name) in self.declared.functions:
            return None, items
        inside = {parsetree.text(factor) for factor in parsetree.factors_below(group)}
        is_whole = parsetree.is_token(parsetree.atom_token(operator), "NABLA")
        if is_whole or (parsetree.scripts(by) and parsetree.text(by) not in inside):
            return name, items[2:]
        return None, items

    def applied_operator(self, by: Part, items: Row) -> tuple[Node, Row]:
        """`\\frac{\\partial}{\\partial x_i}` of what stands behind it."""
        operator, rest = parsetree.trees_of(items[:1])[0], items[1:]
        if not rest or isinstance(rest[0], Token):
            raise self.error(operator, "expected what is derived")
        of, others = self.operand(operator, rest)
        if of is not None:
            span = parsetree.start(operator), parsetree.end(of)
            return self.derivative(of, by, span), others
        factors: list[Node] = []
        others = rest
        while others and isinstance(others[0], Tree) and not any(map(_varies, factors)):
            is_group = parsetree.atom(others[0]).data in parsetree.GROUPS
            node, others = self.unit(others)
            factors.append(node)
        if others and isinstance(others[0], Tree) and not is_group:
            raise self.error(others[0], "does the derivative reach this far? write brackets")
        name, index = self._symbol(by)
        self.note_rank(name, len(index), by)
        return Jacobian(product(*factors), Read(name, index)), others

    def unit(self, items: Row) -> tuple[Node, Row]:
        """The first factor with the brackets that belong to it, and what is left."""
        raise NotImplementedError

    def _is_differential(self, factor: Part | Token) -> bool:
        if not isinstance(factor, Tree) or len(factor.children) != 1:
            return False
        return parsetree.is_token(parsetree.atom_token(factor), "PARTIAL") or self._is_plain_d(
            factor
        )

    def _is_plain_d(self, factor: Part) -> bool:
        is_d = self.is_name(factor) and self.name_of(factor) == "d"
        return is_d and "d" not in self.declared.names

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
            index = [power, *index]  # a^L_j
        return name, tuple(index)


def _varies(node: Node) -> bool:
    """Whether an expression is more than arithmetic on numbers."""
    return any(isinstance(inner, Read | Index | Apply) for inner in node.walk())
