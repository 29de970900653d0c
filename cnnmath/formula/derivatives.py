"""Derivatives as they are written: `\\frac{\\partial E}{\\partial x_{ij}}` and its like.

Where a formula defines the quantity that is derived, this is a Jacobian, to be worked out; else it
is an array of the caller's, dE_dx, with the indices of E (if it has any) and of x. The derivative
of an expression, `\\frac{d}{dx} \\tanh x` or `\\frac{\\partial x_i^2}{\\partial x_j}`, is worked
out as well; `\\partial_x E` and `\\nabla_x E` are other ways of writing one.

By \\sigma^2: if `sigma_squared` is a name, it is that quantity's. Else \\sigma^2 stands for u with
\\sigma = \\sqrt u; where \\sigma also stands by itself, so that it may mean either, it is refused.
"""

from dataclasses import replace

from lark import Token, Tree

from cnnmath.derivative import Derivative
from cnnmath.errors import FormulaError
from cnnmath.formula import parsetree
from cnnmath.formula.functions import CONSTANTS
from cnnmath.formula.nodes import Apply, Index, Jacobian, Node, Number, Read, indices_in, product
from cnnmath.formula.parsetree import DIVISIONS, Part
from cnnmath.formula.references import References, Row


class Derivatives(References):
    """Reads derivatives."""

    def derivative_parts(self, factor: Part) -> tuple[Row, Part] | None:
        """What is derived in `\\frac{\\partial E}{\\partial x_{ij}}`, and the symbol by which."""
        atom = parsetree.atom(factor)
        if atom.data == "braces" and len(factor.children) == 1:
            inner = parsetree.lone_factor(atom)
            return self.derivative_parts(inner) if inner is not None else None
        if atom.data != "fraction":
            return None
        above, below = (parsetree.lone_factors(p) for p in parsetree.fraction_parts(atom))
        if len(below) == 2 and all(
            side and self._is_differential(side[0]) for side in (above, below)
        ):
            is_plain = not parsetree.is_token(parsetree.atom_token(above[0]), "PARTIAL")
            if len(above) == 2 or (
                len(above) > 2 and (not is_plain or parsetree.is_function(above[1]))
            ):
                return list(above[1:]), below[1]
        if self.operator(factor) is not None:
            return None
        marks = [side[0].children[0] for side in (above, below) if side]
        if any(parsetree.is_token(mark, "PARTIAL") for mark in marks):
            raise self.error(
                factor,
                "expected one symbol behind each \\partial, as in "
                "\\frac{\\partial E}{\\partial x_{ij}}; above, a power, a function of something or "
                "a bracket will do as well",
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
        """The quantity behind an operator, if it is none that the formula says how to calculate."""
        by = self.operator(operator)
        is_whole = parsetree.is_token(parsetree.atom_token(operator), "NABLA")
        return (None, items) if by is None else self._quantity(by, items, is_whole)

    def derived_symbol(self, of: Row, by: Part) -> Part | None:
        """The symbol of the quantity above a fraction's bar, if nothing else stands there.

        The derivative of an expression is worked out, and so is that of one element of an array by
        another, unless the caller declares that array of derivatives.
        """
        if len(of) > 1:
            symbol, rest = self._quantity(by, of, False)
            return None if rest else symbol
        if not self.is_name(of[0]):
            return None
        symbol = parsetree.trees_of(of)[0]
        name = self.name_of(symbol)
        if name == self.name_of(by):
            return symbol if str(Derivative(name, name)) in self.declared.shapes else None
        is_constant = name in CONSTANTS and name not in self.declared.names
        return None if is_constant or self.power_of(symbol) is not None else symbol

    def _quantity(self, by: Part, items: Row, is_whole: bool) -> tuple[Part | None, Row]:
        """The symbol of a quantity that the formula does not say how to calculate, and the rest.

        A name other than that of the symbol is one, and `J(V, K)` is if it is derived by an
        element that does not stand in the brackets.
        """
        if not items or not self.is_name(items[0]):
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
        listed = map(parsetree.lone_factor, parsetree.item_trees(group))
        if not all(factor is not None and self.is_name(factor) for factor in listed):
            return None, items  # c(x_i + 1) is a product
        inside = {parsetree.text(factor) for factor in parsetree.factors_below(group)}
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
            return self.derivative([of], by, span), others
        factors: list[Node] = []
        others = rest
        while others and isinstance(others[0], Tree) and not any(map(_varies, factors)):
            is_group = parsetree.atom(others[0]).data in parsetree.GROUPS
            node, others = self.unit(others)
            factors.append(node)
        if others and isinstance(others[0], Tree) and not is_group:
            raise self.error(others[0], "does the derivative reach this far? write brackets")
        return self._worked_out(product(*factors), by), others

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
                return self.derivative([of], by, span), items[5:]
        raise self.error(items[0], "expected \\partial E / \\partial x or \\frac{..}{..}")

    def derivative(self, of: Row, by: Part, span: tuple[int, int]) -> Node:
        """A derivative to be worked out, or else the array d.._d.. of the caller."""
        symbol = self.derived_symbol(of, by)
        if symbol is None:
            return self._worked_out(self.product(of), by)
        of_name, of_index = self._symbol(symbol)
        by_name, by_index, power = self._variable(by)
        if of_name in self.declared.defined:
            return Jacobian(Read(of_name, of_index), Read(by_name, by_index), power)
        name = self.derivative_name(of_name, by_name if power == 1 else f"{by_name}_squared")
        self.note_symbol(span, name)
        index = of_index + by_index
        self.note_rank(name, len(index), by)
        return Read(name, index)

    def _worked_out(self, of: Node, by: Part) -> Node:
        """The derivative of an expression."""
        name, index, power = self._variable(by)
        if isinstance(of, Read) and of.name == name:
            for here, there in zip(of.index, index, strict=False):
                shared = {i.name for i in indices_in(here)} & {i.name for i in indices_in(there)}
                if here != there and shared:  # h_t by h_{t-1}
                    raise self.error(
                        by,
                        f"elements of {name} do not depend on each other here, so that this is 0 "
                        f"or 1. If one is calculated from the other, give them different names; if "
                        f"the derivatives are known, declare their shape, d{name}_d{name}=..",
                        FormulaError,
                    )
        self.note_rank(name, len(index), by)
        return Jacobian(of, Read(name, index), power)

    def product(self, items: Row) -> Node:
        """The value of some factors and the signs between them."""
        raise NotImplementedError

    def held_derivative(self, factor: Part) -> Node | None:
        """`(\\frac{\\partial y}{\\partial x})_{\\mu}`, with \\mu held; None for anything else.

        Raises FormulaError if what is held is not calculated from anything, or what is derived is
            not.
        """
        subs = [held for kind, held in parsetree.bodies(factor) if kind == "sub"]
        group = parsetree.atom(factor)
        inner = parsetree.lone_factor(parsetree.list_in(group)) if group.data == "parens" else None
        if len(subs) != 1 or inner is None or self.derivative_parts(inner) is None:
            return None
        found = self.expression(parsetree.list_in(group))
        if not isinstance(found, Jacobian):
            raise self.error(factor, "a derivative that is given holds what it holds", FormulaError)
        names = []
        for item in parsetree.item_trees(parsetree.lone_group(subs[0]) or subs[0]):
            symbol = parsetree.lone_factor(item)
            if symbol is None or not self.is_name(symbol):
                raise self.error(
                    item, "expected the quantities that are held, as in (..)_{\\mu, v}"
                )
            name = self.full_name(symbol, lambda letter: False)
            if name not in self.declared.defined:
                raise self.error(
                    item,
                    f"{name} is held anyway: no formula says what it is calculated from, "
                    f"{name}=Formula(..)",
                    FormulaError,
                )
            names.append(name)
        return replace(found, held=tuple(names))

    def derivative_name(self, of: str, by: str) -> str:
        """`dE_dx`, which has the shape of x (behind that of E, if E has indices)."""
        name = str(Derivative(of, by))
        shapes = self.declared.shapes
        own = shapes.get(by, shapes.get(by.removesuffix("_squared")))
        if (
            name not in shapes
            and own is not None
            and (of in shapes or (len(of) == 1 and of.isupper()))
        ):
            shapes[name] = shapes.get(of, ()) + own
        return name

    def _symbol(self, factor: Part) -> tuple[str, tuple[Node, ...]]:
        """Name and indices of a symbol above a \\partial."""
        if not self.is_name(factor):
            raise self.error(factor, "expected the symbol of an array")
        name, index, power = self.scripted(factor)
        if power is not None:
            index = [power, *index]  # a^L_j
        return name, tuple(index)

    def _variable(self, factor: Part) -> tuple[str, tuple[Node, ...], int]:
        """Name, indices and power of the symbol below: \\sigma^2 is one, if it is no name.

        Raises FormulaError for other powers.
        """
        if not self.is_name(factor):
            raise self.error(
                factor,
                "by what is derived? Expected the symbol of an array; for an expression, write "
                "\\partial by its symbol and divide, or give it a name and a formula of its own",
            )
        self.insist_on_square(factor)
        name, index, power = self.scripted(factor)
        if isinstance(power, Number):
            return name, tuple(index), 2
        return name, tuple(index if power is None else [power, *index]), 1

    def insist_on_square(self, factor: Part) -> None:
        """Raises FormulaError if what is derived by carries another number above than 2."""
        power, name = self.power_of(factor), self.name_of(factor)
        if power not in (None, "2"):
            raise self.error(
                factor,
                f"is this the power {power} of {name}, or an index? By a power, derive by {name} "
                f"and divide; an index stands in brackets, {name}^{{({power})}}",
                FormulaError,
            )


def _varies(node: Node) -> bool:
    """Whether an expression is more than arithmetic on numbers."""
    return any(isinstance(inner, Read | Index | Apply) for inner in node.walk())
