"""From parse tree to syntax tree: what the symbols mean, given the declared shapes.

The grammar says how symbols stand together; this file decides what they stand for, with the help
of leftside.py (what is defined), references.py (elements of arrays), derivatives.py and sums.py.
The rules:

- letters under a sum or on the left side are indices; other letters are sizes or numbers;
- a bracket that holds a comparison is Iverson's: 1 where it holds, else 0;
- `/` divides by what stands behind it up to the next sign, if that can be only one thing.
"""

import itertools
from collections.abc import Sequence

from lark import Token, Tree

from cnnmath.errors import CnnMathError, ShapeError
from cnnmath.formula import doubts, parsetree
from cnnmath.formula.bounds import Bounds
from cnnmath.formula.derivatives import Derivatives
from cnnmath.formula.functions import function_named
from cnnmath.formula.leftside import LeftSide
from cnnmath.formula.matrices import is_capital
from cnnmath.formula.names import CONVOLUTIONS
from cnnmath.formula.nodes import (
    Add,
    Apply,
    Binder,
    Call,
    Cases,
    Compare,
    Divide,
    Index,
    Logic,
    Node,
    Number,
    Power,
    Read,
    Reduce,
    add,
    bare_names,
    conjunction,
    negative,
    product,
)
from cnnmath.formula.norms import norm
from cnnmath.formula.parsetree import DIVISIONS, Part
from cnnmath.formula.recurrence import insist_on_other_name
from cnnmath.formula.references import Row
from cnnmath.formula.statement import Declared, FirstReading, Head, Statement
from cnnmath.formula.sums import Sums
from cnnmath.formula.tokens import parse
from cnnmath.formula.twofold import REMAINDERS

_CORRELATIONS = {r"\star", r"\circledast"}
_ELEMENTWISE = {r"\odot", r"\circ", "⊙", "∘"}


def read(latex: str, declared: Declared) -> Statement:
    """The meaning of a LaTeX formula.

    Raises FormulaSyntaxError if it does not parse, IndexReuseError if an index is bound twice,
    ShapeError if an array is read with as many indices as it has no axes for, and
    UndeclaredShapeError if an index has neither bounds nor an axis to run along.
    """
    tree = parse(latex, {name for name in declared.names if len(name) > 1})
    # How many indices an undeclared array has may only be seen after the place where it is
    # needed (`\max a` before `a_r`), so the formula is read twice.
    first = Reader(latex, declared, None)
    first.statement(tree)
    known = FirstReading(first.ranks, frozenset(first.parameters))
    return Reader(latex, declared, known).statement(tree)


class Reader(Derivatives):
    """Reads a parse tree once."""

    def __init__(self, latex: str, declared: Declared, known: FirstReading | None) -> None:
        super().__init__(latex, declared, known)
        self.along: list[tuple[str, tuple[tuple[str, int], ...]]] = []
        self.products: list[tuple[int, frozenset[str], frozenset[str]]] = []
        self.is_function = False  # f(x, y) on the left: x and y stand for single numbers
        self.bounds = Bounds(self)
        self._sums = Sums(self)
        self.fresh = itertools.count()

    # ---- the statement --------------------------------------------------------------------------

    def statement(self, tree: Part) -> Statement:
        """A formula: a chain of equations, and what is said about its indices behind it."""
        relation = parsetree.trees(tree)[0]
        if relation.data != "comparison":
            raise self.error(relation, "a formula is an equation: expected = between its sides")
        sides = parsetree.split(relation)
        rest = [side for side in sides[1:] if not self._is_convolution(side)]
        head: Head | None = None
        if len(sides) > 1:
            parts = [part for side in rest for part in parsetree.trees_of(side)]
            left = LeftSide(self, parts)
            head = left.read(sides[0])
        if head is None:
            self.open_ended = True
            links = [self._compared(side) for side in sides]
        else:
            self.scope = list(head.free)
            self.elementwise = not head.index
            self.is_function = left.lists_values
            if not rest:
                what = "the sign of a convolution does not say how it is calculated: write the sum"
                raise self.error(sides[-1][0], what)
            is_jacobian = left.derived in self.declared.defined
            derived = [self._compared(sides[0])] if is_jacobian else []
            links = derived + self._links(rest)
            rank = self.ranks.get(head.name, 0)
            if rank and head.index and not self.is_first:
                at = max(symbol.start for symbol in self.symbols if symbol.name == head.name)
                insist_on_other_name(self.latex, head, rank, links, at)
        conditions: list[Node] = []
        for part in parsetree.trees(tree)[1:]:
            conditions += self._stated_ranges(part)
        if head is None and self.collected:
            free = tuple(dict.fromkeys(self.collected))
            head = Head("", tuple(Index(name) for name in free), free)
        return Statement(
            head, tuple(links), tuple(conditions), self.ranks, self.found_symbols(),
            tuple(self.along), tuple(self.products), tuple(self.matrices),
            tuple(self.applied_powers),
        )  # fmt: skip

    def _is_convolution(self, side: Sequence[Part | Token]) -> bool:
        """`(I * K)(i, j)` or `\\omega * f(x, y)`: said in words, to be said in numbers by a sum."""
        factors = parsetree.lone_factors(side[0]) if len(side) == 1 else []
        if factors and self.convolution_name(factors[0]) is not None:
            return True
        row = parsetree.lone_product(side[0]) if len(side) == 1 else []
        signs = [str(item) for item in row if isinstance(item, Token)]
        return (
            len(signs) == 1
            and signs[0] in CONVOLUTIONS
            and row[1] == signs[0]
            and all(self.is_name(item) for item in (row[0], row[2]))
            and not any(parsetree.scripts(f) for f in parsetree.trees_of([row[0], row[2]]))
            and any(self.rank(self.name_of(f)) for f in parsetree.trees_of([row[0], row[2]]))
        )

    def _links(self, sides: Sequence[Sequence[Part | Token]]) -> list[Node]:
        """The sides of a chain; `F(u_c)` or `c(K, s)_{ij}` in the middle only gives a name."""
        found: list[Node] = []
        for place, side in enumerate(sides):
            scope = list(self.scope)
            try:
                found.append(self._compared(side))
            except CnnMathError:
                self.scope, self.norm = scope, None
                factors = parsetree.lone_factors(side[0]) if len(side) == 1 else []
                applied = (
                    len(factors) == 2
                    and self.is_name(factors[0])
                    and parsetree.atom(factors[1]).data == "parens"
                )
                if place == len(sides) - 1 or not applied or self.rank(self.name_of(factors[0])):
                    raise
        return found

    def _stated_ranges(self, part: Part) -> list[Node]:
        """Conditions written behind a formula: `, \\quad 0 \\le i < M` or `i = 0, \\dots, M-1`."""
        items = parsetree.items(part)
        group = parsetree.lone_group(items[0]) if isinstance(items[0], Tree) else None
        if group is not None and len(items) == 1:
            items = parsetree.items(group)
        limits = self.bounds.read(items, None, part, self.scope)
        for name in limits.order:  # one by itself says nothing: in i, j < n both are
            doubts.settle(self, name, limits, None)
        low = [Compare(">=", Index(name), bound) for name, bound in limits.low.items()]
        high = [Compare("<=", Index(name), bound) for name, bound in limits.high.items()]
        return [*limits.conditions, *low, *high]

    # ---- relations and sums ---------------------------------------------------------------------

    def expression(self, part: Part) -> Node:
        """The value of any part: a sum, a comparison, a list of one item."""
        match part.data:
            case "list":
                items = parsetree.items(part)
                if len(items) != 1:
                    raise self.error(part, "a list stands where one value is expected")
                return self.item(items[0])
            case "braces":
                return self.expression(parsetree.list_in(part))
            case "relation":
                return self._logic(part)
            case "comparison":
                return self._compared(part.children)
            case "sum":
                return self._sum(part)
            case "product" | "juxtaposed":
                return self.product(parsetree.flat_product(part))
            case _:
                return self.product([part])

    def _logic(self, part: Part) -> Node:
        signs = {parsetree.joins_all(str(t)) for t in part.children if isinstance(t, Token)}
        if len(signs) != 1:
            raise self.error(part, "'and' and 'or' are mixed: group them with brackets")
        operands = tuple(self.expression(operand) for operand in parsetree.trees(part))
        return Logic("and" if signs.pop() else "or", operands)

    def _compared(self, side: Sequence[Part | Token]) -> Node:
        """`a < b <= c` as a condition; a lone sum as its value."""
        parts = parsetree.trees_of(side)
        relations = [parsetree.relation(token) for token in side if isinstance(token, Token)]
        if not relations:
            return self.expression(parts[0])
        conditions: list[Node] = []
        for left, relation, right in zip(parts, relations, parts[1:], strict=False):
            value = self.expression(left)
            if relation in ("in", "not in"):
                members = [Compare("=", value, member) for member in self._members(right)]
                condition: Node = Logic("or", tuple(members))
                if relation == "not in":
                    condition = Compare("=", condition, Number(0.0))
            else:
                condition = Compare(relation, value, self.expression(right))
            conditions.append(condition)
        return conjunction(conditions)

    def _members(self, part: Part) -> list[Node]:
        factor = parsetree.lone_factor(part)
        if factor is None or parsetree.atom(factor).data != "escaped_braces":
            raise self.error(part, "expected a set such as \\{0, 1, 2\\} behind \\in")
        return [self.item(item) for item in parsetree.items(parsetree.atom(factor))]

    def _sum(self, part: Part) -> Node:
        rows: list[Row] = []
        minus: list[bool] = []
        sign: Token | None = None
        for child in part.children:
            if isinstance(child, Token):
                sign = child
                continue
            row = parsetree.flat_product(child)
            if sign is not None and rows and parsetree.is_big(rows[-1][-1]):
                rows[-1] += [sign, *row]  # \sum_i -x_i
            else:
                rows.append(row)
                minus.append(sign is not None and sign != "+")
            sign = None
        values = map(self.product, rows)
        terms = [negative(v) if is_minus else v for v, is_minus in zip(values, minus, strict=True)]
        return terms[0] if len(terms) == 1 else Add(tuple(terms))

    # ---- products -------------------------------------------------------------------------------

    def product(self, items: Row) -> Node:
        """Factors from left to right; a sum takes all that follows it."""
        found: list[Node] = []
        bare: frozenset[str] = frozenset()  # names without indices among the factors so far
        operation = ""
        minus = False
        while items:
            item = items[0]
            if isinstance(item, Token):
                if item.type == "MULOP":
                    operation = str(item)
                else:
                    minus = item != "+"
                items = items[1:]
                continue
            self._refuse_two_numbers(items)
            if operation in DIVISIONS and parsetree.is_big(item):
                self._refuse_more_summed(item, items[1:])
            node, rest = self.unit(items)
            if operation in _CORRELATIONS:
                raise self.error(
                    item, f"what does {operation} do here? write a convolution as a sum"
                )
            if operation in DIVISIONS:
                self._refuse_bracket_below(item, node)
                self._refuse_more_below(item, rest)
            elif operation not in _ELEMENTWISE:
                self._refuse_vectors(item, found, node)
                self._note_product(item, bare, node)
            bare |= frozenset(bare_names(node))
            node = negative(node) if minus else node
            if operation in DIVISIONS:
                found = [Divide(product(*found), node)]
            elif operation in REMAINDERS:
                found = [Call("mod", (product(*found), node))]
            else:
                found.append(node)
            operation, minus, items = "", False, rest
        return product(*found)

    def _refuse_two_numbers(self, items: Row) -> None:
        """`1\\,000` is not 1 times 0, nor `x1` x times 1."""
        if all(parsetree.is_token(parsetree.atom_token(item), "NUMBER") for item in items[:2]):
            first, *second = parsetree.trees_of(items[:2])
            if second and not parsetree.scripts(first):
                raise self.error(second[0], "two numbers side by side: join them or write \\cdot")
        elif (
            len(items) > 1
            and self.is_name(items[0])
            and parsetree.is_token(parsetree.atom_token(items[1]), "NUMBER")
        ):
            name, number = parsetree.trees_of(items[:2])
            if parsetree.end(name) == parsetree.start(number) and not parsetree.scripts(name):
                shown = parsetree.text(name) + parsetree.text(number)
                raise self.error(
                    name, f"is {shown} one name? declare it, or write an index or \\cdot"
                )

    def _refuse_vectors(self, item: Part, before: Sequence[Node], node: Node) -> None:
        """`\\|Wx\\|`: between the bars of a norm W and x stand for a matrix and a vector."""
        if self.norm is None:
            return
        vectors = [self.norm.vectors_in(product(*before)), self.norm.vectors_in(node)]
        if all(vectors):
            shown = " and ".join(sorted(set().union(*vectors)))
            raise self.error(
                item,
                f"the product of {shown} may be meant element by element or as matrices: write "
                "\\odot, or write their indices and a sum",
                ShapeError,
            )

    def _note_product(self, item: Part, before: frozenset[str], node: Node) -> None:
        """Remember which names without indices are multiplied: two arrays may not be."""
        names = frozenset(bare_names(node))
        if before and names and not self.is_function:
            self.products.append((parsetree.start(item), before, names))

    def _refuse_bracket_below(self, item: Part, node: Node) -> None:
        """`1/n(a + b)` can be read in two ways, unless n is declared as a function."""
        if isinstance(node, Apply) and node.name not in self.declared.functions:
            raise self.error(
                item,
                f"does this / divide by {node.name} or by {node.name}( .. )? write "
                f"\\frac{{..}}{{..}}; if {node.name} is a function, declare it, "
                f"{node.name}=function",
            )

    def _refuse_more_below(self, item: Part, rest: Row) -> None:
        """`1/2 x` and `x/2\\sigma^2`: does the / divide by one factor or by both?

        Before a sum or a function, as in `1/n \\sum`, it ends.
        """
        if not rest or isinstance(rest[0], Token):
            return
        if not parsetree.is_big(rest[0]) and not parsetree.is_function(rest[0]):
            raise self.error(item, "what does this / divide by? write \\frac{..}{..} or brackets")

    def _refuse_more_summed(self, item: Part, row: Row) -> None:
        """`a / \\sum_j w_j b`: is b a factor below the line, or of the whole?"""
        factors = [factor for factor in parsetree.trees_of(row) if not parsetree.is_big(factor)]
        lowers = (
            dict(parsetree.bodies(f)).get("sub")
            for f in [item, *parsetree.trees_of(row)]
            if parsetree.is_big(f)
        )
        names = {name for lower in lowers if lower for name in self.bounds.new_names(lower, row)}
        letters = {
            self.name_of(f)
            for last in factors[-1:]
            for f in parsetree.factors_below(last)
            if self.is_name(f)
        }
        if names and len(factors) > 1 and not letters & names:
            raise self.error(item, "what does this / divide by? write \\frac{..}{..} or brackets")

    def unit(self, items: Row) -> tuple[Node, Row]:
        """The first factor with the brackets that belong to it, and what is left."""
        factor = parsetree.trees_of(items[:1])[0]
        token = parsetree.atom_token(factor)
        if parsetree.is_big(factor):
            return self._sums.read(factor, items[1:])
        if parsetree.is_function(factor):
            return self._function(factor, items[1:])
        by = self.operator(factor)
        if by is not None:
            return self.applied_operator(by, items)
        if parsetree.is_token(token, "NABLA"):
            raise self.error(factor, "by what is derived here? write \\nabla_x, or the derivatives")
        if parsetree.is_token(token, "PARTIAL"):
            return self.slashed_derivative(items)
        if parsetree.atom(factor).data == "norm":
            return norm(self, factor), items[1:]
        if self._is_indicator_letter(items):
            return self.unit(items[1:])
        if self.is_name(factor):
            return self.reference(items)
        found = self._indicator(factor) or self.held_derivative(factor)
        if found is not None:
            return found, items[1:]
        return self.powered(self._value(factor), factor), items[1:]

    def _is_indicator_letter(self, items: Row) -> bool:
        """Whether this is the I of `I(x > 0)`."""
        return (
            parsetree.is_token(parsetree.atom_token(items[0]), "LETTER")
            and self.name_of(parsetree.trees_of(items[:1])[0]) == "I"
            and "I" not in self.declared.names
            and len(items) > 1
            and isinstance(items[1], Tree)
            and parsetree.atom(items[1]).data in parsetree.GROUPS
            and parsetree.holds_relation(parsetree.atom(items[1]))
        )

    # ---- atoms ----------------------------------------------------------------------------------

    def _value(self, factor: Part) -> Node:
        """The value of an atom that is not a name."""
        token = parsetree.atom_token(factor)
        if token is not None:
            match token.type:
                case "NUMBER":
                    return self._number(token)
                case "INFINITY":
                    return Number(float("inf"))
                case _:
                    raise self.error(factor, f"'{token}' has no meaning here")
        atom = parsetree.atom(factor)
        match atom.data:
            case "parens" | "brackets" | "escaped_braces" | "braces":
                return self._grouped(factor)
            case "bars":
                inside = self.expression(parsetree.trees(atom)[0])
                if isinstance(inside, Read) and not inside.index and is_capital(inside.name):
                    what = (
                        f"the determinant of {inside.name}, or the size of each element? write "
                        f"|{inside.name}_{{ij}}| for the elements"
                    )
                    self.matrices.append((parsetree.start(factor), inside.name, what))
                return Call("abs", (inside,))
            case "floor" | "ceil":
                return Call(str(atom.data), (self.expression(parsetree.trees(atom)[0]),))
            case "fraction":
                return self._fraction(factor)
            case "root":
                *degree, radicand = atom.children
                inner = self._argument(radicand)
                if not degree:
                    return Call("sqrt", (inner,))
                return Power(inner, Divide(Number(1.0), self._argument(degree[0])))
            case "cases":
                return self._cases(atom)
            case "unit":
                return Number(1.0)
            case "styled":
                return self._argument(atom.children[1])
            case _:
                raise self.error(factor, "this has no meaning here")

    def _number(self, token: Token) -> Node:
        value = float(token)
        if value == float("inf"):
            raise self.error(token, "this number is too large to calculate with")
        return Number(value)

    def _argument(self, part: Part | Token) -> Node:
        """The argument of \\frac, \\sqrt and of a style: a braced list or one symbol."""
        if isinstance(part, Tree) and part.data in ("braces", "sum", "list"):
            return self.expression(part)
        return self.product([parsetree.as_factor(part)])

    def _indicator(self, factor: Part) -> Node | None:
        """`\\mathbb{1}_{x > 0}`: the condition in the subscript of a one."""
        is_one = parsetree.is_token(factor.children[0], "NUMBER") and factor.children[0] == "1"
        if not is_one and parsetree.atom(factor).data != "unit":
            return None
        for kind, held in parsetree.bodies(factor):
            inner = parsetree.lone_group(held) or held
            if kind == "sub" and parsetree.holds_relation(inner):
                if len(parsetree.scripts(factor)) > 1:
                    raise self.error(factor, "an indicator carries nothing but its condition")
                return conjunction([self.item(item) for item in parsetree.items(inner)])
        return None

    def _grouped(self, factor: Part) -> Node:
        """A bracket: Iverson's if it holds a comparison, else a grouping."""
        atom = parsetree.atom(factor)
        items = parsetree.items(atom)
        if parsetree.holds_relation(atom):
            return conjunction([self.item(item) for item in items])
        if len(items) != 1:
            raise self.error(
                factor, "a list in brackets must follow the name of an array or function"
            )
        return self.item(items[0])

    def _fraction(self, factor: Part) -> Node:
        parts = self.derivative_parts(factor)
        if parts is None:
            atom = parsetree.atom(factor)
            above, below = map(self._argument, parsetree.fraction_parts(atom))
            is_binomial = "binom" in str(atom.children[0])
            return self._binomial(above, below) if is_binomial else Divide(above, below)
        return self.derivative(*parts, (parsetree.start(factor), parsetree.end(factor)))

    def _binomial(self, above: Node, below: Node) -> Node:
        """n over k as the product of (n - k + t) / t for t from 1 to k."""
        t = Index(f"factor_{next(self.fresh)}")
        ratio = Divide(add(above, negative(below), t), t)
        return Reduce("prod", (Binder(t.name, Number(1.0), below),), None, ratio)

    def _cases(self, atom: Part) -> Node:
        rows: list[tuple[Node, Node]] = []
        otherwise: Node | None = None
        for row in parsetree.trees(atom):
            written, *conditions = parsetree.trees(row)
            value = self.expression(written)
            if conditions:
                found = [self.item(item) for item in parsetree.items(conditions[0])]
                rows.append((conjunction(found), value))
            elif otherwise is None:
                otherwise = value
            else:
                raise self.error(row, "two rows say 'otherwise'")
        return Cases(tuple(rows), otherwise)

    # ---- functions ------------------------------------------------------------------------------

    def _function(self, factor: Part, rest: Row) -> tuple[Node, Row]:
        """`\\exp(u)`, `\\log p_r`, `\\sin^2 x`, `\\log_2 u`."""
        name = function_named(str(parsetree.atom_token(factor)))
        power: Node | None = None
        base: Node | None = None
        for script in parsetree.scripts(factor):
            inner = parsetree.body(script)
            if inner is None or (script.data == "sub" and name != "log"):
                raise self.error(script, f"{name} cannot carry this")
            if script.data == "sub":
                base = self.expression(inner)
            else:
                power = self.expression(inner)
        if power == negative(Number(1.0)):
            raise self.error(factor, f"is this 1/{name} or the inverse of {name}? write it out")
        if not rest or isinstance(rest[0], Token):
            raise self.error(factor, f"expected the argument of {name}")
        bracket = parsetree.atom(rest[0])
        if bracket.data in parsetree.GROUPS and not parsetree.holds_relation(bracket):
            arguments = [self.item(item) for item in parsetree.items(bracket)]
            if len(arguments) != 1:
                raise self.error(factor, f"{name} takes one argument, not {len(arguments)}")
            outer, rest = rest[0], rest[1:]
        else:
            length = self._argument_length(rest)
            arguments, outer, rest = [self.product(rest[:length])], None, rest[length:]
        node: Node = Call(name, tuple(arguments))
        if base is not None:
            node = Divide(node, Call("log", (base,)))
        if power is not None:
            node = Power(node, power)
        return (self.powered(node, outer) if outer is not None else node), rest

    def _argument_length(self, row: Row) -> int:
        """How many factors an argument without brackets has: `\\log p (1-q)` is log p times 1-q."""
        for place, item in enumerate(row):
            if isinstance(item, Token):
                return place
            if parsetree.is_big(item):
                return len(row)
            if place == 0:
                continue
            if parsetree.is_function(item):
                return place
            before = row[place - 1]
            is_bare = self.is_name(before) and not parsetree.scripts(
                parsetree.trees_of([before])[0]
            )
            if parsetree.atom(item).data in parsetree.GROUPS and not is_bare:
                return place
        return len(row)
