r"""An expression as LaTeX that reads as the same expression."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from cnnmath.core.nodes import (
    Add,
    Apply,
    Binder,
    Call,
    Cases,
    Compare,
    Divide,
    Extent,
    Index,
    Inverse,
    Jacobian,
    Logic,
    Multiply,
    Negative,
    Node,
    Number,
    Power,
    Read,
    Reduce,
    bare_names,
)
from cnnmath.core.statement import Declared, Statement
from cnnmath.errors import FormulaError
from cnnmath.language.latex_limits import NEXT, LimitsPrinter, is_membership
from cnnmath.language.spelling import Spelling

_RELATIONS = {"=": "=", "!=": r"\ne", "<": "<", "<=": r"\le", ">": ">", ">=": r"\ge"}
_COMMANDS = {"log10": "lg", "exp": "exp", "log": "log", "sin": "sin", "cos": "cos", "tan": "tan",
             "sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "arcsin": "arcsin",
             "arccos": "arccos", "arctan": "arctan", "max": "max", "min": "min"}  # fmt: skip
_OPERATORS = {"relu": "ReLU"}
_TALL = (r"\frac", r"\sum", r"\prod", r"\begin", r"\max_", r"\min_", r"\left")


class Printer:
    """Writes the expressions of one statement.

    raised : by array, how many of its first indices stand above
    """

    def __init__(
        self, declared: Declared, statement: Statement, raised: Mapping[str, int] | None = None
    ) -> None:
        self.raised = dict(raised or {})
        self.declared = declared
        self.statement = statement
        head = statement.head
        index = head.index if head else ()
        nodes = [n for root in (*statement.links, *statement.conditions, *index)
                 for n in root.walk()]  # fmt: skip
        names = {n.name for n in nodes if isinstance(n, Read | Apply | Extent)}
        indices = {n.name for n in nodes if isinstance(n, Index | Binder)}
        self.spelling = Spelling(declared, names | ({head.name} if head else set()), indices)
        self.limits = LimitsPrinter(self, head.free if head else ())
        self.is_elementwise = head is not None and not head.index
        self.noted = {(before, names) for _, before, names in statement.products}

    # ---- sums and products ----------------------------------------------------------------------

    def value(self, node: Node) -> str:
        """An expression that stands alone: a side, an argument, what is in a bracket."""
        match node:
            case Add(terms=terms):
                return self._sum(_leftmost(terms))
            case Negative(body=body):
                return f"-{self.term(body)}"
            case Number(value=value) if value < 0:
                return f"-{self._number(-value)}"
            case Multiply(factors=factors):
                return self._product(_flat(factors))
            case Reduce():
                return self.limits.written(node)
            case Call(function="mod", arguments=(dividend, divisor)):
                # Of two things behind it, as in \max(..), one may be meant.
                is_one = isinstance(divisor, Number | Index | Read)
                shown = self.factor(divisor) if is_one else bracketed(self.value(divisor))
                return rf"{self.factor(dividend)} \bmod {shown}"
            case Cases(rows=rows, otherwise=otherwise):
                lines = [rf"{self.value(v)} & \text{{if }} {self.condition(c)}" for c, v in rows]
                if otherwise is not None:
                    lines.append(rf"{self.value(otherwise)} & \text{{otherwise}}")
                return rf"\begin{{cases}} {NEXT.join(lines)} \end{{cases}}"
        return self._atom(node)

    def term(self, node: Node) -> str:
        """A term of a sum, or what a sum is taken of."""
        return bracketed(self.value(node)) if _is_loose(node) else self.value(node)

    def factor(self, node: Node) -> str:
        """A factor of a product that others follow."""
        is_open = _is_loose(node) or isinstance(node, Multiply | Reduce)
        return bracketed(self.value(node)) if is_open else self._atom(node)

    def enclosed(self, node: Node) -> str:
        """Something in brackets; of a condition Iverson's, 1 where it holds."""
        if isinstance(node, Compare | Logic):
            return bracketed(self.condition(node), "[", "]")
        return bracketed(self.value(node))

    def _sum(self, terms: Sequence[Node]) -> str:
        text = ""
        for place, term in enumerate(terms):
            is_last = place == len(terms) - 1
            match term:
                case Negative(body=body):
                    sign, inner = "-", body
                case Number(value=value) if value < 0:
                    sign, inner = "-", Number(-value)
                case _:
                    sign, inner = "+", term
            shown = self.term(inner)
            if not is_last and _ends_in_reduction(inner) and not _is_loose(inner):
                shown = bracketed(shown)
            text += f" {sign} {shown}" if text else f"{sign}{shown}".removeprefix("+")
        return text

    def _product(self, factors: Sequence[Node]) -> str:
        if len(factors) == 1:
            return self.value(factors[0])
        *before, last = factors
        parts = [*map(self.factor, before), self.factor(last)]
        if isinstance(last, Reduce):  # which nothing follows
            parts[-1] = self.limits.written(last)
        text = parts[0]
        bare: frozenset[str] = frozenset()
        for left, right, shown in zip(factors, factors[1:], parts[1:], strict=False):
            bare |= frozenset(bare_names(left))
            text += self._sign(left, right, shown, text, bare) + shown
        return text

    def _sign(self, left: Node, right: Node, shown: str, text: str, bare: frozenset[str]) -> str:
        """What stands between two factors: a sign where they would run into each other."""
        names = frozenset(bare_names(right))
        if self.is_elementwise and bare and names and (bare, names) not in self.noted:
            return r" \odot "  # which asks for no indices
        is_plain_number = isinstance(left, Number) and text[-1:].isdigit()
        is_closed = text.endswith(")") and not isinstance(left, Apply)
        runs_on = shown.startswith(("(", r"\left(")) and not (
            is_plain_number or isinstance(left, Divide) or is_closed
        )
        is_one_name = isinstance(left, Index) or (isinstance(left, Read) and not left.index)
        if (
            runs_on
            or shown[0].isdigit()
            or (is_plain_number and isinstance(right, Divide))
            or (_is_bare(left) and _is_bare(right))
            or (is_one_name and (shown.startswith(("[", r"\left[")) or text.endswith("d")))
        ):
            return r" \cdot "
        return " "

    # ---- atoms ----------------------------------------------------------------------------------

    def _atom(self, node: Node) -> str:
        match node:
            case Number(value=value):
                return self._number(value)
            case Index(name=name):
                return self.spelling.index(name)
            case Read(name=name, index=index):
                return self.element(name, index)
            case Divide(above=above, below=below):
                return rf"\frac{{{self.value(above)}}}{{{self.value(below)}}}"
            case Power(base=base, exponent=exponent):
                return self._power(base, exponent)
            case Inverse():
                return self._inverse(node)
            case Call():
                return self._call(node)
            case Apply(name=name, arguments=arguments):
                return self.spelling.symbol(name) + self._listed(arguments)
            case Compare() | Logic():
                return self.enclosed(node)
            case Jacobian():
                return self._jacobian(node)
            case Extent(name=name, axis=axis):
                raise FormulaError(
                    f"there is no LaTeX for the length of axis {axis} of {name}: declare its shape"
                )
        return bracketed(self.value(node))

    def _number(self, value: float) -> str:
        for constant, latex in ((math.e, "e"), (math.pi, r"\pi")):
            if value == constant and latex.removeprefix("\\") not in self.spelling.names:
                return latex
        if math.isinf(value):
            return r"\infty" if value > 0 else r"-\infty"
        digits = format(Decimal(repr(value)), "f")
        return digits.removesuffix(".0")

    def element(self, name: str, index: Sequence[Node], is_defined_here: bool = False) -> str:
        """A name with its indices; a derivative as a fraction.

        is_defined_here : on the left side, where a square is a name although nobody declared it
        """
        parts = self._parts_of_derivative(name)
        if parts is None:
            shown = self._indices(index)
            if is_defined_here and "_{" in shown:  # N_i below a symbol would be an element of N
                return f"{self.spelling.symbol(name)}({shown})"
            function = self.declared.defined.get(name)
            arguments = self.arguments(function.arguments if function else ())
            return self._symbol(name, index, is_defined_here) + arguments
        of, by = parts
        shapes = self.declared.shapes
        rank = len(shapes[by]) if by in shapes else len(index) - len(shapes.get(of, ()))
        cut = max(0, len(index) - rank)
        return _derivative(self._symbol(of, index[:cut]), self._symbol(by, index[cut:], True))

    def arguments(self, names: Sequence[str]) -> str:
        """The `(x, y)` behind the name of a function that a formula states."""
        return f"({', '.join(map(self.spelling.symbol, names))})" if names else ""

    def _symbol(self, name: str, index: Sequence[Node], is_defined_here: bool = False) -> str:
        cut = self.raised.get(name, 0)
        above, below = self._indices(index[:cut]), self._indices(index[cut:])
        return self.spelling.symbol(name, below, above, is_defined_here)

    def _parts_of_derivative(self, name: str) -> tuple[str, str] | None:
        """E and x of dE_dx, if that is what the name says."""
        for match in re.finditer(r"_d(?=.)", name if name.startswith("d") else ""):
            of, by = name[1 : match.start()], name[match.end() :]
            if (
                of
                and of not in self.declared.defined
                and all(map(self.spelling.is_symbol, (of, by)))
            ):
                return of, by
        return None

    def _indices(self, index: Sequence[Node]) -> str:
        shown = [self.value(node) for node in index]
        # By itself a word would be a label of the array.
        return ", ".join(f"{{{text}}}" if _is_word(text) else text for text in shown)

    def _power(self, base: Node, exponent: Node) -> str:
        shown = self._atom(base) if not isinstance(base, Reduce) else self.factor(base)
        above = self.value(exponent)
        is_plain = isinstance(exponent, Number) and exponent.value not in (0.0, 1.0)
        may_carry = (
            isinstance(base, Compare | Logic)
            or (isinstance(base, Number) and shown != "e")  # e^x is \exp(x), another node
            or (isinstance(base, Index | Read) and is_plain and "^" not in shown)
            or (isinstance(base, Call) and base.function in ("abs", "floor", "ceil"))
        )
        if isinstance(base, Read):  # \sigma^2 may be a name
            known = self.declared.names.union(self.declared.defined)
            may_carry &= not {f"{base.name}_{above}", f"{base.name}_squared"} & known
            may_carry &= not shown.startswith(r"\frac")
        if may_carry and not _is_loose(base):
            return f"{shown}^{{{above}}}"
        return f"{bracketed(self.value(base))}^{{{above}}}"

    def _call(self, node: Call) -> str:
        arguments = node.arguments
        match node.function:
            case "abs" if not isinstance(arguments[0], Call | Read):
                return rf"\lvert {self.value(arguments[0])} \rvert"
            case "abs" if isinstance(arguments[0], Read) and arguments[0].index:
                return rf"\lvert {self.value(arguments[0])} \rvert"
            case "floor" | "ceil" as step:
                return rf"\l{step} {self.value(arguments[0])} \r{step}"
            case "sqrt":
                return rf"\sqrt{{{self.value(arguments[0])}}}"
            case "kronecker":
                return rf"\delta_{{{self._indices(arguments)}}}"
            case "mod":
                return bracketed(self.value(node))
            case "max" | "min" if len(arguments) == 1:
                return self.factor(arguments[0])
            case name if name in _COMMANDS:
                return rf"\{_COMMANDS[name]}{self._listed(arguments)}"
            case name:
                command = _OPERATORS.get(name, name)
                return rf"\operatorname{{{command}}}{self._listed(arguments)}"

    def _inverse(self, node: Inverse) -> str:
        """An element of an inverse: of an array as authors write it, of all else by a word."""
        of, below = node.of, self._indices((node.row, node.column))
        assert isinstance(of, Reduce)
        body, rows_and_columns = of.body, tuple(Index(binder.name) for binder in of.binders)
        if isinstance(body, Read) and body.index[-2:] == rows_and_columns:
            name = self.spelling.symbol(body.name, self._indices(body.index[:-2]))
            return rf"({name}^{{-1}})_{{{below}}}"
        return f"{self.limits.written(replace(of, operation='inv'))}_{{{below}}}"

    def _listed(self, arguments: Sequence[Node]) -> str:
        return bracketed(", ".join(map(self.value, arguments)))

    def _jacobian(self, node: Jacobian) -> str:
        of, by = node.of, node.by
        name = f"{by.name}_squared" if node.power == 2 else by.name
        is_quantity = isinstance(of, Read) and of.name in self.declared.defined
        if isinstance(of, Read) and is_quantity and of.name != by.name:
            above = self._symbol(of.name, of.index)
        else:
            above = bracketed(self.value(of))
        found = _derivative(above, self._symbol(name, by.index, node.power == 2))
        if not node.held:
            return found
        return f"{bracketed(found)}_{{{', '.join(map(self.spelling.symbol, node.held))}}}"

    # ---- conditions -----------------------------------------------------------------------------

    def condition(self, node: Node) -> str:
        """A condition without a bracket around it."""
        match node:
            case Compare(relation=relation, left=left, right=right):
                return f"{self.value(left)} {_RELATIONS[relation]} {self.value(right)}"
            case Logic(operation="or", parts=parts) if is_membership(node):
                members = ", ".join(self.value(p.right) for p in parts if isinstance(p, Compare))
                first = parts[0]
                assert isinstance(first, Compare)
                return rf"{self.value(first.left)} \in \{{{members}\}}"
            case Logic(operation="and", parts=(Compare() as first, *_)) if _is_chain(node):
                rest = [p for p in node.parts[1:] if isinstance(p, Compare)]
                steps = [f"{_RELATIONS[p.relation]} {self.value(p.right)}" for p in rest]
                return " ".join([self.condition(first), *steps])
            case Logic(operation=operation, parts=parts):
                sign = r" \land " if operation == "and" else r" \lor "
                return sign.join(
                    bracketed(self.condition(p)) if isinstance(p, Logic) else self.condition(p)
                    for p in parts
                )
        return self.value(node)


# ---- what stands where --------------------------------------------------------------------------


def bracketed(text: str, opening: str = "(", closing: str = ")") -> str:
    """Something in brackets, which grow with it if it is tall."""
    if any(command in text for command in _TALL):
        return rf"\left{opening} {text} \right{closing}"
    return f"{opening}{text}{closing}"


def _derivative(of: str, by: str) -> str:
    return rf"\frac{{\partial {of}}}{{\partial {by}}}"


def _is_loose(node: Node) -> bool:
    """Whether something needs brackets as a term of a sum."""
    is_minus = isinstance(node, Number) and node.value < 0
    is_remainder = isinstance(node, Call) and node.function == "mod"
    return is_minus or is_remainder or isinstance(node, Add | Negative | Cases)


def _is_bare(node: Node) -> bool:
    """Whether two of these side by side could be taken for two indices, or for one name."""
    return isinstance(node, Index | Add | Negative) or (isinstance(node, Read) and not node.index)


def _is_word(text: str) -> bool:
    return text.startswith((r"\mathrm{", r"\mathit{")) and text.endswith("}")


def _ends_in_reduction(node: Node) -> bool:
    """Whether a term ends with a product or a maximum, of which some ask how far it reaches."""
    while isinstance(node, Multiply):
        node = node.factors[-1]
    return isinstance(node, Reduce) and node.operation != "sum"


def _leftmost(terms: Iterable[Node]) -> list[Node]:
    """The terms of a sum; (a + b) + c has three, and is added up from the left anyhow."""
    first, *rest = terms
    return [*(_leftmost(first.terms) if isinstance(first, Add) else [first]), *rest]


def _flat(factors: Iterable[Node]) -> list[Node]:
    """The factors of a product, and of products in it."""
    found: list[Node] = []
    for factor in factors:
        found += _flat(factor.factors) if isinstance(factor, Multiply) else [factor]
    return found


def _is_chain(node: Logic) -> bool:
    """Whether each of some inequalities goes on where the one before ended, as in 0 <= s < l."""
    pairs = [p for p in node.parts if isinstance(p, Compare) and p.relation in ("<", "<=")]
    is_all = len(pairs) == len(node.parts) > 1
    return is_all and all(one.right == two.left for one, two in pairwise(pairs))
