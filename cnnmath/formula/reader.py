"""From parse tree to syntax tree: what the symbols mean, given the declared shapes.

The grammar says how symbols stand together; this file decides what they stand for. The rules,
each in the method that applies it:

- letters under a sum or on the left side are indices; other letters are sizes or numbers;
- `x_{ij}` has as many indices as x has axes: `st` is two indices of a matrix, s times t of a
  vector; `\\mu_{\\mathcal B}`, `C_{in}` and `d_k` are names when nothing binds their subscript;
- `W^{(k)}` is an index, `x^2` a power; a bare `x^c` is an index where x has an axis to spare;
- `x(i, j)` and `x[i]` are elements of an array, calls of a function, or products;
- a bracket that holds a comparison is Iverson's: 1 where it holds, else 0;
- a sum reaches to the next + or -, and an index without bounds runs along the axis it indexes.
"""

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from lark import Token, Tree

from cnnmath.errors import (
    FormulaError,
    IndexReuseError,
    ShapeError,
    UndeclaredShapeError,
)
from cnnmath.formula.functions import CONSTANTS, function_named
from cnnmath.formula.nodes import (
    Add,
    Apply,
    Binder,
    Call,
    Cases,
    Compare,
    Divide,
    Extent,
    Index,
    Jacobian,
    Logic,
    Node,
    Number,
    Power,
    Read,
    Reduce,
    add,
    conjunction,
    multiply,
    negative,
)
from cnnmath.formula.tokens import parse, syntax_error

Part = Tree[Token]
Shape = tuple[Node, ...]

_GROUPS = ("parens", "brackets", "escaped_braces")
_RELATIONS = {
    "<": "<", r"\lt": "<", ">": ">", r"\gt": ">", "≤": "<=", "≥": ">=", "≠": "!=", "∈": "in",
    r"\le": "<=", r"\leq": "<=", r"\leqslant": "<=", r"\ge": ">=", r"\geq": ">=",
    r"\geqslant": ">=", r"\ne": "!=", r"\neq": "!=", r"\in": "in", r"\notin": "not in",
}  # fmt: skip
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_DIVISIONS = {"/", r"\div"}
_REMAINDERS = {r"\bmod", r"\mod", r"\%"}
_CONVOLUTIONS = {"*", r"\ast", r"\star", r"\circledast"}
_DECORATIONS = {"widehat": "hat", "overline": "bar", "widetilde": "tilde"}
_LABEL_STYLES = (r"\mathcal", r"\mathrm", r"\mathscr", r"\mathbb", r"\mathtt")
_INFINITE_SETS = {"Z": (float("-inf"), float("inf")), "N": (0.0, float("inf"))}


@dataclass(frozen=True)
class Head:
    """The left side: what the formula defines, and where its value goes."""

    name: str
    index: tuple[Node, ...]
    free: tuple[str, ...]


@dataclass(frozen=True)
class Link:
    """One side of a chain of equations: its meaning and its place in the LaTeX."""

    node: Node
    start: int
    end: int


@dataclass(frozen=True)
class Statement:
    """A formula as it was understood."""

    head: Head | None
    links: tuple[Link, ...]
    conditions: tuple[Node, ...]  # on the free indices, written behind the formula
    ranks: Mapping[str, int]  # how many indices each array is read with
    symbols: tuple[tuple[int, int, str], ...]  # where each name stands in the LaTeX
    along: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]  # axes that one index runs along


@dataclass(frozen=True)
class Declared:
    """What is known before reading: shapes, formulas and functions by name, first indices."""

    shapes: dict[str, Shape]  # the reader adds the shapes of derivatives
    sizes: frozenset[str]  # names that appear in shapes
    defined: frozenset[str]  # names with a formula of their own
    functions: frozenset[str]
    origin: Callable[[str], Node]  # the first index of an array
    first: int  # the first index where no array says otherwise

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.shapes) | self.sizes | self.functions


def read(latex: str, declared: Declared) -> Statement:
    """The meaning of a LaTeX formula.

    Raises FormulaSyntaxError if it does not parse, IndexReuseError if an index is bound twice,
    ShapeError if an array is read with as many indices as it has no axes for, and
    UndeclaredShapeError if an index has neither bounds nor an axis to run along.
    """
    words = {name for name in declared.names if len(name) > 1}
    tree = parse(latex, words)
    # How many indices an undeclared array has may only be seen after the place where it is
    # needed (`\max a` before `a_r`), so the formula is read twice.
    first = _Reader(latex, declared, {})
    ranks = first.statement(tree).ranks
    return _Reader(latex, declared, dict(ranks)).statement(tree)


@dataclass
class _Scripts:
    """What is attached to a symbol: indices, label, and power."""

    indices: list[Node] = field(default_factory=list)
    power: Node | None = None
    transposed: bool = False


class _Reader:
    def __init__(self, latex: str, declared: Declared, ranks: dict[str, int]) -> None:
        self.latex = latex
        self.declared = declared
        self.known_ranks = ranks
        self.ranks: dict[str, int] = {}
        self.scope: list[str] = []
        self.symbols: list[tuple[int, int, str]] = []
        self.along: list[tuple[str, tuple[tuple[str, int], ...]]] = []
        self.fresh = itertools.count()
        self.open_ended = False  # an expression without a left side collects its free indices
        self.collected: list[str] = []
        self.varied = set(re.findall(r"\\var([a-z]+)", latex)) & set(
            re.findall(r"\\((?!var)[a-z]+)", latex)
        )

    # ---- errors -------------------------------------------------------------------------------

    def fail(self, part: Part | Token, what: str) -> NoReturn:
        raise syntax_error(self.latex, _start(part), what)

    def fail_as(self, kind: type[FormulaError | ShapeError], part: Part, what: str) -> NoReturn:
        raise kind(str(syntax_error(self.latex, _start(part), what)))

    # ---- the statement ----------------------------------------------------------------------

    def statement(self, tree: Part) -> Statement:
        relation = tree.children[0]
        assert isinstance(relation, Tree)
        if relation.data != "comparison":
            self.fail(relation, "a formula is an equation: expected = between its sides")
        sides = _split(relation, "EQ")
        head = None
        if len(sides) > 1:
            head = self.head(sides[0], sides[1:])
        if head is None:
            self.open_ended = True
        else:
            self.scope = list(head.free)
        if head is None:
            links = [self.link(side) for side in sides]
        else:
            links = [self.link(side) for side in sides[1:] if not self.is_alias(side)]
            if not links:
                self.fail(sides[-1][0], "the right side is missing")
            if len(sides[0]) == 1:
                derivative = self.link(sides[0]) if self.is_jacobian(sides[0][0]) else None
                links = ([derivative] if derivative else []) + links
        conditions: list[Node] = []
        for part in tree.children[1:]:
            if isinstance(part, Tree):
                conditions += self.free_ranges(part, head)
        if head is None and self.collected:
            free = tuple(dict.fromkeys(self.collected))
            head = Head("", tuple(Index(name) for name in free), free)
        return Statement(
            head, tuple(links), tuple(conditions), self.ranks, self.found_symbols(),
            tuple(self.along),
        )  # fmt: skip

    def found_symbols(self) -> tuple[tuple[int, int, str], ...]:
        """The outermost of the spans that were recorded, in order."""
        spans = sorted(set(self.symbols), key=lambda span: (span[0], -span[1]))
        kept: list[tuple[int, int, str]] = []
        for span in spans:
            if not kept or span[0] >= kept[-1][1]:
                kept.append(span)
        return tuple(kept)

    def link(self, side: Sequence[Part | Token]) -> Link:
        first, last = side[0], side[-1]
        node = self.compared(side)
        return Link(node, _start(first), _end(last))

    def is_alias(self, side: Sequence[Part | Token]) -> bool:
        """`(I * K)(i, j)`, between the left side and the sum that says what it means."""
        if len(side) != 1 or not isinstance(side[0], Tree):
            return False
        factors = _lone_factors(side[0])
        return bool(factors) and self.convolution_name(factors[0]) is not None

    def free_ranges(self, part: Part, head: Head | None) -> list[Node]:
        """Conditions written behind a formula: `, \\quad 0 \\le i < M` or `i = 0, \\dots, M-1`."""
        binders, conditions = self.bounds(_items(part), None, part, None)
        found: list[Node] = list(conditions)
        for name, low, high in binders:
            if head is not None and name not in head.free:
                self.fail(part, f"{name} is not an index of the left side")
            if low is not None:
                found.append(Compare(">=", Index(name), low))
            if high is not None:
                found.append(Compare("<=", Index(name), high))
        return found

    # ---- the left side ------------------------------------------------------------------------

    def head(self, side: Sequence[Part | Token], rest: Sequence[Sequence[Part | Token]]) -> Head | None:
        """What the left side defines, or None if it is an expression like any other."""
        if len(side) != 1 or not isinstance(side[0], Tree):
            return None
        factors = _lone_factors(side[0])
        if not factors:
            return None
        meaningful = [other for other in rest if not self.is_alias(other)]
        usage = _Usage(self, [p for other in meaningful for p in other if isinstance(p, Tree)])
        derivative = self.derivative_parts(factors[0]) if len(factors) == 1 else None
        if derivative is not None:
            (of_name, of_index), (by_name, by_index) = (
                self.head_symbol(part, usage) for part in derivative
            )
            name, index = self.derivative_name(of_name, by_name), of_index + by_index
            self.symbols.append((_start(factors[0]), _end(factors[0]), name))
        else:
            star = self.convolution_name(factors[0])
            if star is not None:
                name, index = star, self.head_scripts(factors[0], usage)
            else:
                if not self.is_name(factors[0]):
                    return None
                name, index = self.head_symbol(factors[0], usage)
            for group in factors[1:]:
                if _atom(group).data not in ("parens", "brackets"):
                    return None
                index += self.head_arguments(group, usage)
                index += self.head_scripts(group, usage)
        free = self.head_indices(index, usage)
        repeated = [letter for letter, times in Counter(free).items() if times > 1]
        if repeated:
            self.fail_as(
                IndexReuseError, side[0],
                f"the index {repeated[0]} is used twice on the left side",
            )  # fmt: skip
        return Head(name, tuple(index), tuple(free))

    def head_symbol(self, factor: Part, usage: "_Usage") -> tuple[str, list[Node]]:
        """The name and the indices of `a^{(k)}_{ij}` on the left side."""
        name = self.name_of(factor)
        name = self.with_label(name, factor, lambda letter: not usage.only_as_array(letter))
        self.symbols.append((*_symbol_span(factor), name))
        return name, self.head_scripts(factor, usage, name)

    def head_scripts(self, factor: Part, usage: "_Usage", name: str = "") -> list[Node]:
        index: list[Node] = []
        rank = len(self.declared.shapes[name]) if name in self.declared.shapes else None
        for script in sorted(_scripts(factor), key=lambda s: s.data != "sup"):
            inner = _script_body(script)
            if inner is None or self.is_label(name, inner):
                continue
            if script.data == "sup":
                group = _lone_group(inner)
                if group is None and _lone_number(inner):
                    continue  # \sigma^2 on the left: the square is what is defined
                inner = group or inner
            want = None if rank is None or script.data == "sup" else rank - len(index)
            index += self.indices(inner, want, head=usage)
        return index

    def head_arguments(self, group: Part, usage: "_Usage") -> list[Node]:
        """Arguments of `S(i, j)` that are indices; `f(x)` has a value there instead."""
        index: list[Node] = []
        for item in _items(_atom(group)):
            factors = _lone_factors(item) if isinstance(item, Tree) else []
            if len(factors) == 1 and self.is_name(factors[0]):
                if _scripts(factors[0]) and not usage.is_index(_text_of(self.latex, item)):
                    index += self.head_scripts(factors[0], usage, self.name_of(factors[0]))
                elif usage.is_index(self.name_of(factors[0])):
                    index.append(Index(self.name_of(factors[0])))
            else:
                index += self.indices(item, 1, head=usage)
        return index

    def head_indices(self, index: Iterable[Node], usage: "_Usage") -> list[str]:
        """The free indices, in order; in a product such as `li` one letter is the index."""
        free: list[str] = []
        for node in index:
            if isinstance(node, Index):
                free.append(node.name)
                continue
            for inner in node.walk():
                if isinstance(inner, Index) and inner.name not in free:
                    free.append(inner.name)
        return free

    def convolution_name(self, factor: Part) -> str | None:
        """`(f * g)[n]`: a name for what the left side defines, f_star_g."""
        atom = _atom(factor)
        if atom.data != "parens":
            return None
        items = _items(atom)
        if len(items) != 1 or not isinstance(items[0], Tree):
            return None
        row = _lone_product(items[0])
        if len(row) != 3 or not all(self.is_name(part) for part in (row[0], row[2])):
            return None
        if not _is_token(row[1], "MULOP") or str(row[1]) not in _CONVOLUTIONS:
            return None
        left, right = row[0], row[2]
        assert isinstance(left, Tree)
        assert isinstance(right, Tree)
        return f"{self.name_of(left)}_star_{self.name_of(right)}"

    # ---- relations and sums -------------------------------------------------------------------

    def expression(self, part: Part) -> Node:
        """The value of any part: a sum, a comparison, a list of one item."""
        match part.data:
            case "list":
                items = _items(part)
                if len(items) != 1:
                    self.fail(part, "a list stands where one value is expected")
                return self.item(items[0])
            case "braces":
                return self.expression(_list(part))
            case "relation":
                return self.logic(part)
            case "comparison":
                return self.compared(part.children)
            case "sum":
                return self.sum(part)
            case "product":
                return self.product(_flat_product(part))
            case "juxtaposed":
                return self.product(list(part.children))
            case _:
                return self.product([part])

    def item(self, item: Part | Token) -> Node:
        if isinstance(item, Token):
            self.fail(item, "dots stand for numbers that are not written: write a sum")
        return self.expression(item)

    def logic(self, part: Part) -> Node:
        operands = [child for child in part.children if isinstance(child, Tree)]
        words = {
            "and" if re.search(r"land|wedge|and|∧", str(t)) else "or"
            for t in part.children
            if isinstance(t, Token)
        }
        if len(words) != 1:
            self.fail(part, "'and' and 'or' are mixed: group them with brackets")
        return Logic(words.pop(), tuple(self.expression(operand) for operand in operands))

    def compared(self, side: Sequence[Part | Token]) -> Node:
        """`a < b <= c` as a condition; a lone sum as its value."""
        operands = [self.expression(part) for part in side if isinstance(part, Tree)]
        relations = [token for token in side if isinstance(token, Token)]
        if not relations:
            return operands[0]
        conditions: list[Node] = []
        for place, relation in enumerate(relations):
            name = _relation(relation)
            if name in ("in", "not in"):
                members = self.members(side[2 * place + 2])
                matches = tuple(Compare("=", operands[place], m) for m in members)
                condition: Node = Logic("or", matches)
                if name == "not in":
                    condition = Compare("=", condition, Number(0.0))
            else:
                condition = Compare(name, operands[place], operands[place + 1])
            conditions.append(condition)
        found = conjunction(conditions)
        assert found is not None
        return found

    def members(self, part: Part | Token) -> list[Node]:
        factors = _lone_factors(part) if isinstance(part, Tree) else []
        if len(factors) != 1 or _atom(factors[0]).data != "escaped_braces":
            self.fail(part, "expected a set such as \\{0, 1, 2\\} behind \\in")
        return [self.item(item) for item in _items(_atom(factors[0]))]

    def sum(self, part: Part) -> Node:
        terms: list[Node] = []
        minus = False
        for child in part.children:
            if isinstance(child, Token):
                minus = child != "+"
                continue
            term = self.product(_flat_product(child))
            terms.append(negative(term) if minus else term)
            minus = False
        return terms[0] if len(terms) == 1 else Add(tuple(terms))

    # ---- products -------------------------------------------------------------------------------

    def product(self, items: list[Part | Token]) -> Node:
        """Factors from left to right; a sum takes all that follows it."""
        found: list[Node] = []
        operation = ""
        sign = False
        while items:
            item = items[0]
            if isinstance(item, Token) and item.type == "MULOP":
                operation, items = str(item), items[1:]
                continue
            if isinstance(item, Token):
                sign, items = item != "+", items[1:]
                continue
            node, rest = self.unit(items)
            if operation in _DIVISIONS:
                node, rest = self.denominator(found, node, items, rest)
            node = negative(node) if sign else node
            if operation in _DIVISIONS:
                found = [Divide(multiply(*found), node)]
            elif operation in _REMAINDERS:
                found = [Call("mod", (multiply(*found), node))]
            else:
                found.append(node)
            operation, sign, items = "", False, rest
        return multiply(*found)

    def denominator(
        self, above: list[Node], node: Node, items: list[Part | Token], rest: list[Part | Token]
    ) -> tuple[Node, list[Part | Token]]:
        """What a / divides by: `x/2\\sigma^2` has 2 sigma^2 below, `1/2 x` and `1/n \\sum` not."""
        if not rest or isinstance(rest[0], Token):
            return node, rest
        following = _atom_token(rest[0])
        if following is not None and following.type in ("BIG", "FUNCTION"):
            return node, rest
        if isinstance(node, Number):
            if len(above) == 1 and isinstance(above[0], Number):
                return node, rest
            if self.is_name(rest[0]):
                more, rest = self.unit(rest)
                return multiply(node, more), rest
        self.fail(items[0], "what does this / divide by? write \\frac{..}{..} or brackets")

    def unit(self, items: list[Part | Token]) -> tuple[Node, list[Part | Token]]:
        """The first factor with the brackets that belong to it, and what is left."""
        factor = items[0]
        assert isinstance(factor, Tree)
        token = _atom_token(factor)
        if token is not None and token.type == "BIG":
            return self.reduction(factor, items[1:])
        if _is_underset(factor):
            return self.reduction(factor, items[1:])
        if token is not None and token.type == "FUNCTION":
            return self.function(factor, items[1:])
        if token is not None and token.type == "PARTIAL":
            return self.slashed_derivative(items)
        if self.is_name(factor):
            return self.reference(items)
        return self.powered(self.value(factor), factor), items[1:]

    def powered(self, node: Node, factor: Part) -> Node:
        """The powers attached to a bracket, a number or a function's value."""
        for script in _scripts(factor):
            inner = _script_body(script)
            if script.data == "sub" or inner is None:
                self.fail(script, "only the name of an array can carry an index")
            node = Power(node, self.expression(inner))
        if any(_is_token(child, "PRIME") for child in factor.children):
            self.fail(factor, "only a name can carry a prime")
        return node

    def value(self, factor: Part) -> Node:
        """The value of an atom that is not a name."""
        atom = _atom(factor)
        token = _atom_token(factor)
        if token is not None:
            match token.type:
                case "NUMBER":
                    condition = self.indicator(factor)
                    return condition or Number(float(token))
                case "INFINITY":
                    return Number(float("inf"))
                case _:
                    self.fail(factor, f"'{token}' has no meaning here")
        match atom.data:
            case "parens" | "brackets" | "escaped_braces" | "braces":
                return self.grouped(factor)
            case "bars":
                return Call("abs", (self.expression(_first(atom)),))
            case "floor" | "ceil":
                return Call(str(atom.data), (self.expression(_first(atom)),))
            case "fraction":
                return self.fraction(factor)
            case "root":
                *degree, radicand = [c for c in atom.children if isinstance(c, Tree | Token)]
                inner = self.argument(radicand)
                if not degree:
                    return Call("sqrt", (inner,))
                return Power(inner, Divide(Number(1.0), self.argument(degree[0])))
            case "cases":
                return self.cases(atom)
            case "unit":
                return self.indicator(factor) or Number(1.0)
            case "styled":
                return self.argument(atom.children[1])
            case _:
                self.fail(factor, "this has no meaning here")

    def argument(self, part: Part | Token) -> Node:
        """The argument of \\frac, \\sqrt and of a style: a braced list or one symbol."""
        if isinstance(part, Token):
            return self.product([Tree("factor", [part], _meta_of(part))])
        if part.data in ("braces", "sum", "list"):
            return self.expression(part)
        return self.product([Tree("factor", [part], part.meta)])

    def indicator(self, factor: Part) -> Node | None:
        """`\\mathbb{1}_{x > 0}`: the condition in the subscript of a one."""
        subs = [s for s in _scripts(factor) if s.data == "sub"]
        if not subs:
            return None
        inner = _script_body(subs[0])
        assert inner is not None
        inner = _lone_group(inner) or inner
        if not _holds_relation(inner):
            return None
        factor.children[:] = [c for c in factor.children if c is not subs[0]]
        found = conjunction([self.item(item) for item in _items(inner)])
        return found

    def grouped(self, factor: Part) -> Node:
        """A bracket: Iverson's if it holds a comparison, else a grouping."""
        atom = _atom(factor)
        items = _items(atom)
        if _holds_relation(atom):
            found = conjunction([self.item(item) for item in items])
            assert found is not None
            return found
        if len(items) != 1:
            self.fail(factor, "a list in brackets must follow the name of an array or function")
        return self.item(items[0])

    def fraction(self, factor: Part) -> Node:
        derivative = self.derivative_parts(factor)
        if derivative is None:
            above, below = _atom(factor).children[1:]
            return Divide(self.argument(above), self.argument(below))
        node = self.derivative(*derivative, span=(_start(factor), _end(factor)))
        return node

    def cases(self, atom: Part) -> Node:
        rows: list[tuple[Node, Node]] = []
        otherwise: Node | None = None
        for row in atom.children:
            if not isinstance(row, Tree):
                continue
            value = self.expression(_first(row))
            conditions = [c for c in row.children[1:] if isinstance(c, Tree)]
            if not conditions:
                if otherwise is not None:
                    self.fail(row, "two rows say 'otherwise'")
                otherwise = value
                continue
            found = conjunction([self.item(item) for item in _items(conditions[0])])
            assert found is not None
            rows.append((found, value))
        return Cases(tuple(rows), otherwise)

    # ---- derivatives ------------------------------------------------------------------------------

    def derivative_parts(self, factor: Part) -> tuple[Part, Part] | None:
        """The two symbols of `\\frac{\\partial E}{\\partial x_{ij}}` or `\\frac{dE}{dx}`."""
        atom = factor.children[0]
        if not isinstance(atom, Tree):
            return None
        if atom.data == "braces" and len(factor.children) == 1:
            inner = _lone_factors(_list(atom))
            return self.derivative_parts(inner[0]) if len(inner) == 1 else None
        if atom.data != "fraction":
            return None
        sides = [_lone_factors(c) if isinstance(c, Tree) else [] for c in atom.children[1:]]
        marks = [side[0] for side in sides if len(side) == 2]
        if len(marks) == 2 and all(self.is_differential(mark) for mark in marks):
            return sides[0][1], sides[1][1]
        if any(_is_token(side[0].children[0], "PARTIAL") for side in sides if side):
            self.fail(
                factor,
                "expected one symbol behind each \\partial, as in "
                "\\frac{\\partial E}{\\partial x_{ij}}",
            )
        return None

    def is_differential(self, factor: Part) -> bool:
        token = _atom_token(factor)
        if token is None or len(factor.children) != 1:
            return False
        plain_d = token.type in ("LETTER", "WORD") and self.name_of(factor) == "d"
        return token.type == "PARTIAL" or (plain_d and "d" not in self.declared.names)

    def slashed_derivative(self, items: list[Part | Token]) -> tuple[Node, list[Part | Token]]:
        """`\\partial E / \\partial x_{ij}` written on one line."""
        pattern = items[:5]
        ok = (
            len(pattern) == 5
            and isinstance(pattern[1], Tree)
            and _is_token(pattern[2], "MULOP")
            and str(pattern[2]) in _DIVISIONS
            and isinstance(pattern[3], Tree)
            and self.is_differential(pattern[3])
            and isinstance(pattern[4], Tree)
        )
        if not ok:
            self.fail(items[0], "expected \\partial E / \\partial x or \\frac{..}{..}")
        of, by = pattern[1], pattern[4]
        assert isinstance(of, Tree)
        assert isinstance(by, Tree)
        node = self.derivative(of, by, span=(_start(items[0]), _end(by)))
        return node, items[5:]

    def derivative(self, of: Part, by: Part, span: tuple[int, int]) -> Node:
        """The Jacobian of a defined quantity, or else the array d.._d.. of the caller."""
        of_name, of_index = self.symbol(of)
        by_name, by_index = self.symbol(by)
        if of_name in self.declared.defined:
            return Jacobian(Read(of_name, of_index), Read(by_name, by_index))
        name = self.derivative_name(of_name, by_name)
        self.symbols.append((*span, name))
        index = of_index + by_index
        self.note_rank(name, len(index), by)
        return Read(name, index)

    def derivative_name(self, of: str, by: str) -> str:
        """`dE_dx`, which has the shape of x (behind that of E, if E has indices)."""
        name = f"d{of}_d{by}"
        shapes = self.declared.shapes
        if name not in shapes and by in shapes and (of in shapes or len(of) == 1 and of.isupper()):
            shapes[name] = shapes.get(of, ()) + shapes[by]
        return name

    def is_jacobian(self, side: Part) -> bool:
        factors = _lone_factors(side)
        parts = self.derivative_parts(factors[0]) if len(factors) == 1 else None
        return parts is not None and self.name_of(parts[0]) in self.declared.defined

    def symbol(self, factor: Part) -> tuple[str, tuple[Node, ...]]:
        """Name and indices of a symbol under a \\partial."""
        if not self.is_name(factor):
            self.fail(factor, "expected the symbol of an array")
        name, scripts = self.scripted(factor, [])
        if scripts.power is not None:
            self.fail(factor, "a derivative is taken by a symbol, not by a power")
        return name, tuple(scripts.indices)

    # ---- names ------------------------------------------------------------------------------------

    def is_name(self, item: Part | Token) -> bool:
        """Whether a factor is a symbol: a letter, a word, an accented or styled one, [X]_ij."""
        if not isinstance(item, Tree) or item.data != "factor":
            return False
        atom = item.children[0]
        if isinstance(atom, Token):
            return atom.type in ("LETTER", "GREEK", "WORD")
        if atom.data in ("styled", "accented"):
            return self.is_name(Tree("factor", [atom.children[1]], atom.meta))
        scripted = any(
            s.data == "sub" or _script_body(s) is None or _lone_group(_script_body(s)) is not None
            for s in _scripts(item)
        )
        if atom.data == "braces" or (atom.data in ("brackets", "parens") and scripted):
            inner = _lone_factors(_list(atom))
            plain = len(inner) == 1 and self.is_name(inner[0])
            return plain and not (atom.data != "braces" and self.read_with_indices(inner[0]))
        return False

    def read_with_indices(self, factor: Part) -> bool:
        return bool(_scripts(factor)) and not all(
            _script_body(script) is None for script in _scripts(factor)
        )

    def name_of(self, factor: Part) -> str:
        """The keyword name of a symbol, without its subscript: `\\hat x'` is x_hat_prime."""
        atom = factor.children[0]
        if isinstance(atom, Token):
            name = self.plain_name(atom)
        elif atom.data == "accented":
            accent = str(atom.children[0])[1:]
            inner = self.name_of(Tree("factor", [atom.children[1]], atom.meta))
            name = f"{inner}_{_DECORATIONS.get(accent, accent)}"
        elif atom.data == "styled":
            name = self.name_of(Tree("factor", [atom.children[1]], atom.meta))
        else:
            name = self.name_of(_lone_factors(_list(atom))[0])
        for child in factor.children[1:]:
            if isinstance(child, Token) and child.type == "PRIME":
                name += "_prime" * _primes(child)
            elif isinstance(child, Tree) and child.data == "sup":
                for mark in child.children:
                    if _is_token(mark, "PRIME"):
                        name += "_prime" * _primes(mark)
                    elif _is_token(mark, "MULOP"):
                        name += "_star"
        return name

    def plain_name(self, token: Token) -> str:
        if token.type == "WORD":
            word = re.sub(r"^\\[a-z*]+\s*\{|\}$", "", str(token)).strip()
            return re.sub(r"[\s\\,;:!-]+", "_", word)
        if token.type == "GREEK":
            text = str(token)
            if not text.startswith("\\"):
                plain = unicodedata.name(text).replace("LUNATE ", "").replace("SCRIPT ", "")
                *_, size, _, last = ("", *plain.removesuffix(" SYMBOL").split())
                return last.capitalize() if size == "CAPITAL" else last.lower()
            name = text[1:].removesuffix("math")
            plain = name.removeprefix("var")
            return name if plain in self.varied else plain
        return str(token)

    def with_label(self, name: str, factor: Part, is_index: Callable[[str], bool]) -> str:
        """The name with what its scripts add to it: `C_{in}`, `G_{\\mathrm x}`, `W^{(1)}`."""
        declared = self.declared.names
        for script in _scripts(factor):
            inner = _script_body(script)
            if inner is None:
                continue
            flat = _flattened(self.latex, _lone_group(inner) or inner)
            if flat and f"{name}_{flat}" in declared:
                name = f"{name}_{flat}"
                continue
            for item in _items(inner):
                if isinstance(item, Tree):
                    for part in _lone_factors(item):
                        label = self.label(part)
                        if label and label not in self.scope:
                            name = f"{name}_{label}"
            if script.data == "sub" and flat and self.unbound_label(name, inner, is_index):
                name = f"{name}_{flat}"
        return name

    def label(self, factor: Part) -> str:
        """A word in a subscript that tells names apart, such as \\mathrm{x} or \\max; or ''."""
        atom = factor.children[0]
        if len(factor.children) != 1:
            return ""
        if isinstance(atom, Token):
            if atom.type in ("BIG", "FUNCTION"):
                return re.sub(r"[^A-Za-z]", "", str(atom))
            return self.plain_name(atom) if atom.type == "WORD" and atom.startswith("\\") else ""
        if atom.data == "styled" and str(atom.children[0]) in _LABEL_STYLES:
            return self.name_of(factor) if self.is_name(factor) else ""
        return ""

    def is_label(self, name: str, inner: Part) -> bool:
        """Whether a script has gone into the name and holds no index."""
        flat = _flattened(self.latex, _lone_group(inner) or inner)
        return bool(flat) and (name == flat or name.endswith(f"_{flat}"))

    def unbound_label(self, name: str, inner: Part, is_index: Callable[[str], bool]) -> bool:
        """Whether `k` in `d_k` is no index: d was not declared and nothing binds k."""
        if name in self.declared.shapes or name in self.declared.functions:
            return False
        if self.known_ranks.get(name, 0) > 0:
            return False
        factors = [f for item in _items(inner) if isinstance(item, Tree) for f in _lone_factors(item)]
        if not factors or any(len(f.children) != 1 for f in factors):
            return False
        if all(_is_token(f.children[0], "NUMBER") for f in factors):
            return True
        if not all(self.is_name(f) for f in factors):
            return False
        letters = [self.name_of(f) for f in factors]
        return not any(
            letter in self.scope or letter in self.declared.sizes or is_index(letter)
            for letter in letters
        )

    def scripted(self, factor: Part, groups: Sequence[Part]) -> tuple[str, _Scripts]:
        """Name, indices and power of a symbol; superscripts before subscripts."""
        atom = factor.children[0]
        if isinstance(atom, Tree) and atom.data in ("brackets", "parens", "braces"):
            inner = _lone_factors(_list(atom))[0]
            merged = Tree("factor", [*inner.children, *factor.children[1:]], factor.meta)
            return self.scripted(merged, groups)
        found = _Scripts()
        bound_later = self.open_ended
        name = self.with_label(self.name_of(factor), factor, lambda letter: bound_later)
        self.symbols.append((*_symbol_span(factor), name))
        subs: list[Part] = []
        indexed: list[Part] = []
        bare: list[Part] = []
        for script in _scripts(factor):
            body = _script_body(script)
            if body is None:
                found.transposed |= any(_is_token(c, "TOP") for c in script.children)
            elif self.is_label(name, body):
                continue
            elif script.data == "sub":
                subs.append(body)
            elif _lone_group(body) is not None:
                indexed.append(_lone_group(body) or body)
            else:
                bare.append(body)
        if len(subs) > 1:
            self.fail(factor, "two subscripts on one symbol")
        rank = self.rank(name)
        leading: list[Node] = []
        for inner in indexed:
            leading += self.indices(inner, None)
        for inner in bare:
            missing = 0
            if rank is not None and not groups:
                shown = sum(self.count_indices(sub) for sub in subs)
                missing = rank - len(leading) - shown
            many = len(_items(inner)) > 1
            is_transpose = _flattened(self.latex, inner) == "T" and "T" not in self.declared.names
            if missing > 0 or many:
                leading += self.indices(inner, missing if missing > 0 else None)
            elif is_transpose:
                found.transposed = True
            elif found.power is None:
                found.power = self.expression(inner)
            else:
                self.fail(factor, "two powers on one symbol")
        want = None if rank is None or groups else rank - len(leading)
        trailing: list[Node] = []
        for inner in subs:
            trailing += self.indices(inner, want)
        found.indices = leading + trailing
        if found.transposed and len(trailing) >= 2:
            found.indices[-2:] = found.indices[:-3:-1]
        return name, found

    def rank(self, name: str) -> int | None:
        if name in self.declared.shapes:
            return len(self.declared.shapes[name])
        return self.known_ranks.get(name)

    def note_rank(self, name: str, rank: int, part: Part) -> None:
        known = self.ranks.setdefault(name, rank)
        declared = self.declared.shapes.get(name)
        if declared is not None and len(declared) != rank:
            self.fail_as(
                ShapeError, part,
                f"{name} was declared with {_counted(len(declared), 'axis', 'axes')} but is read "
                f"with {_counted(rank, 'index', 'indices')}",
            )  # fmt: skip
        if known != rank:
            self.fail_as(
                ShapeError, part,
                f"{name} is read with {_counted(known, 'index', 'indices')} elsewhere "
                f"and with {_counted(rank, 'index', 'indices')} here",
            )  # fmt: skip

    def reference(self, items: list[Part | Token]) -> tuple[Node, list[Part | Token]]:
        """A symbol with its scripts and the brackets behind it that belong to it."""
        factor, rest = items[0], items[1:]
        assert isinstance(factor, Tree)
        groups = self.following_groups(factor, rest)
        plain = self.name_of(factor)
        has_sub = any(s.data == "sub" for s in _scripts(factor))
        if plain in self.scope and not has_sub:
            return self.powered(Index(plain), _without_primes(factor)), rest
        if rest and isinstance(rest[0], Tree) and plain in ("I", "mathbb_I") and not groups:
            group = rest[0].children[0]
            if (
                isinstance(group, Tree)
                and group.data in _GROUPS
                and _holds_relation(group)
                and plain not in self.declared.names
            ):
                return self.product([rest[0]]), rest[1:]
        constant = self.constant(factor, plain)
        if constant is not None:
            return constant, rest
        name, scripts = self.scripted(factor, groups)
        if name in self.declared.functions:
            return self.application(name, scripts, groups, rest, factor)
        index = list(scripts.indices)
        rank = self.rank(name)
        taken = 0
        last: Part | None = None
        for group in groups:
            items_in = _items(_atom(group))
            if rank is None:
                reads = len(items_in) > 1 or self.looks_like_index(group)
                if index and len(items_in) == 1 and not scripts_are_leading(factor):
                    reads = False
            else:
                reads = rank > len(index)
            if not reads:
                break
            for item in items_in:
                if isinstance(item, Tree):
                    index.append(self.expression(item))
                else:
                    self.fail(item, "expected an index")
            taken, last = taken + 1, group
            if rank is None:
                break
        if not taken and groups and rank is None and not index:
            return self.application(name, scripts, groups, rest, factor)
        plain_pair = len(index) == 2 and all(isinstance(i, Index | Number) for i in index)
        if name == "delta" and name not in self.declared.shapes and plain_pair and not taken:
            node: Node = Call("kronecker", tuple(index))
        else:
            self.note_rank(name, len(index), factor)
            node = Read(name, tuple(index))
        if scripts.power is not None:
            node = Power(node, scripts.power)
        if last is not None:
            node = self.powered(node, last)
        return node, rest[taken:]

    def application(
        self,
        name: str,
        scripts: _Scripts,
        groups: Sequence[Part],
        rest: list[Part | Token],
        factor: Part,
    ) -> tuple[Node, list[Part | Token]]:
        """A function of the caller, applied to what is in the bracket."""
        if not groups:
            self.fail(factor, f"{name} was given as a function: expected its argument in brackets")
        arguments = tuple(self.item(item) for item in _items(_atom(groups[0])))
        node: Node = Apply(name, arguments)
        if scripts.power is not None:
            node = Power(node, scripts.power)
        return self.powered(node, groups[0]), rest[1:]

    def following_groups(self, factor: Part, rest: Sequence[Part | Token]) -> list[Part]:
        """The brackets that stand directly behind a symbol and hold no comparison."""
        groups: list[Part] = []
        for item in rest:
            if not isinstance(item, Tree) or not isinstance(item.children[0], Tree):
                break
            atom = item.children[0]
            if atom.data not in ("parens", "brackets") or _holds_relation(atom):
                break
            if any(s.data == "sub" for s in _scripts(item)):
                break
            groups.append(item)
            if len(item.children) > 1:
                break
        return groups

    def looks_like_index(self, group: Part) -> bool:
        """Whether `(i+m)` behind an unknown name holds an index and nothing but index arithmetic."""
        bound = False
        for part in _atom(group).iter_subtrees():
            if part.data == "factor":
                if not self.is_name(part):
                    if isinstance(part.children[0], Token) and part.children[0].type != "NUMBER":
                        return False
                    continue
                if self.name_of(part) in self.scope:
                    bound = True
                elif _scripts(part):
                    return False
        return bound

    def constant(self, factor: Part, name: str) -> Node | None:
        """e and pi, where they are not names of the caller's."""
        if name not in CONSTANTS or name in self.declared.names or name in self.known_ranks:
            return None
        scripts = _scripts(factor)
        if any(s.data == "sub" for s in scripts):
            return None
        if not scripts:
            return Number(CONSTANTS[name])
        inner = _script_body(scripts[0])
        if inner is None or len(scripts) > 1:
            return None
        exponent = self.expression(inner)
        return Call("exp", (exponent,)) if name == "e" else Power(Number(CONSTANTS[name]), exponent)

    # ---- indices ------------------------------------------------------------------------------------

    def count_indices(self, inner: Part) -> int:
        items = _items(inner)
        return sum(len(_pieces(item, split=True)) for item in items if isinstance(item, Tree))

    def indices(self, inner: Part, want: int | None, head: "_Usage | None" = None) -> list[Node]:
        """The indices in a script; `want` says how many axes there are, where that is known."""
        items = [item for item in _items(inner) if isinstance(item, Tree)]
        items = [item for item in items if not self.is_pure_label(item)]
        whole = [_pieces(item, split=False) for item in items]
        loose = [_pieces(item, split=True) for item in items]
        tight = [_pieces(item, split=True, keep_coefficients=False) for item in items]
        if want is None:
            alone = len(items) == 1 and bool(_lone_factors(items[0]))
            pieces = loose if alone else whole
        else:
            digits = _digits(items, want)
            if digits is not None:
                return [Number(float(digit)) for digit in digits]
            ways = [way for way in (whole, loose, tight) if sum(map(len, way)) == want]
            pieces = ways[0] if ways else loose
        return [self.index_value(piece, head) for group in pieces for piece in group]

    def is_pure_label(self, item: Part) -> bool:
        factors = _lone_factors(item)
        return (
            len(factors) == 1
            and bool(self.label(factors[0]))
            and self.label(factors[0]) not in self.scope
        )

    def index_value(self, piece: Part, head: "_Usage | None") -> Node:
        if head is not None:
            return _HeadReader(self, head).expression(piece)
        factors = _lone_factors(piece)
        if self.open_ended and len(factors) == 1 and self.is_name(factors[0]):
            name = self.name_of(factors[0])
            known = name in self.declared.names or name in self.scope
            if not known and len(factors[0].children) == 1:
                self.collected.append(name)
                self.scope.insert(0, name)
        return self.expression(piece)

    # ---- functions and sums -----------------------------------------------------------------------

    def function(
        self, factor: Part, rest: list[Part | Token]
    ) -> tuple[Node, list[Part | Token]]:
        """`\\exp(u)`, `\\log p_r`, `\\sin^2 x`, `\\log_2 u`."""
        token = _atom_token(factor)
        assert token is not None
        name = function_named(str(token))
        power: Node | None = None
        base: Node | None = None
        for script in _scripts(factor):
            inner = _script_body(script)
            if inner is None or (script.data == "sub" and name != "log"):
                self.fail(script, f"{name} cannot carry this")
            if script.data == "sub":
                base = self.expression(inner)
            else:
                power = self.expression(inner)
        if power == Number(-1.0) or power == negative(Number(1.0)):
            self.fail(factor, f"is this 1/{name} or the inverse of {name}? write it out")
        if not rest or isinstance(rest[0], Token):
            self.fail(factor, f"expected the argument of {name}")
        atom = rest[0].children[0]
        outer: Part | None = None
        if isinstance(atom, Tree) and atom.data in _GROUPS and not _holds_relation(atom):
            arguments = tuple(self.item(item) for item in _items(atom))
            outer, rest = rest[0], rest[1:]
        else:
            taken: list[Part | Token] = []
            while rest and isinstance(rest[0], Tree):
                following = _atom_token(rest[0])
                if following is not None and following.type == "BIG":
                    taken, rest = taken + rest, []
                    break
                if taken and following is not None and following.type == "FUNCTION":
                    break
                if taken and self.ends_argument(taken, rest[0]):
                    break
                taken, rest = [*taken, rest[0]], rest[1:]
            arguments = (self.product(taken),)
        if len(arguments) != 1:
            self.fail(factor, f"{name} takes one argument, not {len(arguments)}")
        node: Node = Call(name, arguments)
        if base is not None:
            node = Divide(node, Call("log", (base,)))
        if power is not None:
            node = Power(node, power)
        return (self.powered(node, outer) if outer is not None else node), rest

    def ends_argument(self, taken: list[Part | Token], item: Part) -> bool:
        """`\\log p (1-q)`: a bracket that is not an index ends an argument without brackets."""
        atom = item.children[0]
        if not (isinstance(atom, Tree) and atom.data in _GROUPS):
            return False
        last = taken[-1]
        return not (isinstance(last, Tree) and self.is_name(last) and not _scripts(last))

    def reduction(
        self, factor: Part, rest: list[Part | Token]
    ) -> tuple[Node, list[Part | Token]]:
        """A sum, product, maximum or minimum, with its indices and their bounds."""
        atom = factor.children[0]
        if isinstance(atom, Tree):  # \underset{s,t}{\max}
            under, operator = [c for c in atom.children if isinstance(c, Tree)]
            inner = _lone_factors(_list(operator))
            factor = Tree("factor", [inner[0].children[0], Tree("sub", [under], under.meta)], factor.meta)
        token = _atom_token(factor)
        assert token is not None
        operation = _operation(str(token))
        lower = upper = None
        for script in _scripts(factor):
            inner_script = _script_body(script)
            if inner_script is None:
                self.fail(script, "expected the bounds of an index")
            if script.data == "sub":
                lower = inner_script
            else:
                upper = inner_script
        if lower is None:
            return self.extremum(operation, factor, rest)
        if not rest:
            self.fail(factor, f"expected what {token} is taken of")
        outer = len(self.scope)
        names = self.binder_names(lower)
        taken = [name for name in names if name in self.scope]
        if taken:
            self.fail_as(
                IndexReuseError, factor,
                f"the index {taken[0]} already has a meaning here: rename one of the two",
            )  # fmt: skip
        self.scope += names
        binders, conditions = self.bounds(_items(lower), upper, factor, names)
        if isinstance(rest[0], Token) and rest[0].type == "MULOP":
            self.fail(rest[0], f"expected what {token} is taken of")
        body = self.product(rest)
        node = self.bound(operation, binders, conditions, body, factor)
        del self.scope[outer:]
        return node, []

    def extremum(
        self, operation: str, factor: Part, rest: list[Part | Token]
    ) -> tuple[Node, list[Part | Token]]:
        """`\\max(0, x)`: the largest of some values; `\\max a`: of a whole array."""
        if operation not in ("max", "min") or not rest or isinstance(rest[0], Token):
            self.fail(factor, "expected the index to run over, as in \\sum_{i}")
        atom = rest[0].children[0]
        if isinstance(atom, Tree) and atom.data in _GROUPS:
            items = _items(atom)
            if len(items) > 1:
                arguments = tuple(self.item(item) for item in items)
                return self.powered(Call(operation, arguments), rest[0]), rest[1:]
            whole = _lone_factors(items[0]) if isinstance(items[0], Tree) else []
        else:
            whole = [rest[0]]
        if len(whole) == 1 and self.is_name(whole[0]) and not _scripts(whole[0]):
            name, _ = self.scripted(whole[0], [])
            rank = self.rank(name)
            if rank:
                return self.over_all(operation, name, rank), rest[1:]
            if rank is None:
                return Read(name), rest[1:]  # its rank is known when the formula is read again
        self.fail(factor, f"expected several values or an index: \\{operation}_i or ( , )")

    def over_all(self, operation: str, name: str, rank: int) -> Node:
        names = [f"all_{next(self.fresh)}" for _ in range(rank)]
        binders = []
        for axis, index in enumerate(names):
            low = self.declared.origin(name)
            high = add(self.extent(name, axis), Number(-1.0), low)
            binders.append(Binder(index, low, high))
        body = Read(name, tuple(Index(index) for index in names))
        self.note_rank(name, rank, Tree("factor", []))
        return Reduce(operation, tuple(binders), None, body)

    def binder_names(self, lower: Part) -> list[str]:
        """The indices that a subscript of a sum introduces, in order."""
        names: list[str] = []
        for item in _items(lower):
            if isinstance(item, Token):
                continue
            operands, relations = _operands(item)
            if not relations:
                names += self.plain_letters(operands[0]) or []
            elif relations[0] in ("=", "in"):
                names += self.plain_letters(operands[0]) or []
            else:
                interior = operands[1:-1] if len(operands) > 2 else []
                for operand in interior:
                    names += self.plain_letters(operand) or []
                if not interior:
                    for operand in operands:
                        letters = self.plain_letters(operand) or []
                        new = [
                            letter for letter in letters
                            if letter not in self.declared.names
                            and letter not in self.scope and letter not in names
                        ]  # fmt: skip
                        if new:
                            names += new
                            break
        return list(dict.fromkeys(names))

    def plain_letters(self, operand: Part) -> list[str] | None:
        """The names in `i`, `ij` or `(i, j)`; None for anything else."""
        names: list[str] = []
        for factor in _lone_factors(operand):
            atom = factor.children[0]
            if isinstance(atom, Tree) and atom.data in ("parens", "braces") and len(factor.children) == 1:
                for item in _items(atom):
                    inner = self.plain_letters(item) if isinstance(item, Tree) else None
                    if inner is None:
                        return None
                    names += inner
            elif self.is_name(factor) and not any(s.data == "sub" for s in _scripts(factor)):
                names.append(self.name_of(factor))
            else:
                return None
        return names or None

    def bounds(
        self,
        items: Sequence[Part | Token],
        upper: Part | None,
        where: Part,
        names: list[str] | None,
    ) -> tuple[list[tuple[str, Node | None, Node | None]], list[Node]]:
        """Each index of a sum with its bounds (None: from the axis), and further conditions."""
        new = names if names is not None else list(self.scope)
        low: dict[str, Node] = {}
        high: dict[str, Node] = {}
        order: list[str] = []
        conditions: list[Node] = []
        waiting: list[str] = []  # `s` in `s,t=0` and in `0 \le s,t < l`
        equalled: list[str] = []
        dots = False
        for item in items:
            if isinstance(item, Token):
                dots = True
                continue
            operands, relations = _operands(item)
            letters = self.plain_letters(operands[0])
            if dots:
                if not equalled or relations:
                    self.fail(item, "expected the last value of an index behind the dots")
                high[equalled[-1]] = self.expression(operands[0])
                dots = False
            elif not relations:
                if letters is None or not set(letters) <= set(new):
                    if equalled and names is None:
                        continue
                    if equalled:  # i = 0, 1, \dots, n-1
                        continue
                    self.fail(item, "expected an index such as i, or i = 0")
                order += letters
                waiting += letters
            elif relations[0] == "=" and letters and set(letters) <= set(new) and len(relations) == 1:
                shared = [n for n in waiting if n not in high] if not equalled else []
                value = self.expression(operands[1])
                for name in [*shared, *letters]:
                    low[name] = value
                order += letters
                equalled += [*shared, *letters]
                waiting = []
            elif relations[0] == "in" and letters and set(letters) <= set(new):
                for name in letters:
                    self.in_set(name, operands[1], low, high, conditions)
                order += letters
            else:
                self.inequality(operands, relations, new, low, high, order, waiting, conditions)
        for name in order:  # `0 \le s,t < l`: the first has the low bound, the last the high one
            if name in low and name not in high and name not in equalled:
                later = order[order.index(name) + 1 :]
                if later and any(n in high and n not in low for n in later):
                    last = next(n for n in later if n in high and n not in low)
                    between = order[order.index(name) : order.index(last) + 1]
                    for n in between:
                        low.setdefault(n, low[name])
                        high.setdefault(n, high[last])
        order = list(dict.fromkeys(order))
        if upper is not None:
            tops = [t for t in _items(upper) if isinstance(t, Tree)]
            closed = equalled or order
            values = [self.expression(t) for t in tops]
            if len(values) == 1:
                values *= len(closed)
            if len(values) != len(closed):
                self.fail(where, f"{len(closed)} indices but {len(values)} upper bounds")
            for name, value in zip(closed, values, strict=True):
                high[name] = value
                low.setdefault(name, Number(float(self.declared.first)))
        return [(name, low.get(name), high.get(name)) for name in order], conditions

    def inequality(
        self,
        operands: list[Part],
        relations: list[str],
        new: list[str],
        low: dict[str, Node],
        high: dict[str, Node],
        order: list[str],
        waiting: list[str],
        conditions: list[Node],
    ) -> None:
        """`0 \\le s < m`, `s < m`, `1 \\le i < j \\le n`, `j \\ne i`: bounds and conditions."""
        values = [self.expression(operand) for operand in operands]
        for place, relation in enumerate(relations):
            left, right = values[place], values[place + 1]
            for a, b, r in ((left, right, relation), (right, left, _MIRRORED.get(relation, ""))):
                if isinstance(a, Index) and a.name in new and a.name not in order:
                    order.append(a.name)
            left_new = isinstance(left, Index) and left.name in new
            right_new = isinstance(right, Index) and right.name in new
            bounded = False
            if right_new and relation in ("<", "<="):
                assert isinstance(right, Index)
                if not (left_new and _position(order, right) < _position(order, left)):
                    value = left if relation == "<=" else add(left, Number(1.0))
                    bounded = right.name not in low
                    low.setdefault(right.name, value)
            if not bounded and left_new and relation in ("<", "<="):
                assert isinstance(left, Index)
                bounded = left.name not in high and not right_new
                if bounded:
                    value = right if relation == "<=" else add(right, Number(-1.0))
                    high[left.name] = value
            if left_new and relation in (">", ">=") and not right_new:
                assert isinstance(left, Index)
                bounded = left.name not in low
                low.setdefault(left.name, right if relation == ">=" else add(right, Number(1.0)))
            if not bounded:
                conditions.append(Compare(relation, left, right))

    def in_set(
        self,
        name: str,
        operand: Part,
        low: dict[str, Node],
        high: dict[str, Node],
        conditions: list[Node],
    ) -> None:
        """`i \\in \\{0, \\dots, n-1\\}`, `[0, n)`, `[n]`, `\\mathbb Z`, `\\{-1, 0, 1\\}`."""
        factors = _lone_factors(operand)
        if len(factors) != 1:
            self.fail(operand, "expected a set of whole numbers, such as \\{0, \\dots, n-1\\}")
        factor = factors[0]
        if self.is_name(factor):
            limits = _INFINITE_SETS.get(self.name_of(factor))
            if limits is None:
                self.fail(operand, "this set is not known: write it out, as \\{0, \\dots, n-1\\}")
            low[name], high[name] = Number(limits[0]), Number(limits[1])
            return
        atom = _atom(factor)
        items = _items(atom)
        trees = [item for item in items if isinstance(item, Tree)]
        values = [self.expression(item) for item in trees]
        if atom.data == "escaped_braces" and len(trees) < len(items):
            low[name], high[name] = values[0], values[-1]
        elif atom.data == "escaped_braces":
            if all(_is_whole(v) for v in values):
                numbers = [_whole(v) for v in values]
                low[name], high[name] = Number(min(numbers)), Number(max(numbers))
                matches = tuple(Compare("=", Index(name), Number(n)) for n in numbers)
                if len(set(numbers)) != max(numbers) - min(numbers) + 1:
                    conditions.append(Logic("or", matches))
            else:
                self.fail(operand, "expected whole numbers, or first, \\dots, last")
        elif atom.data in ("brackets", "halfopen") and len(values) == 2:
            low[name] = values[0]
            high[name] = values[1] if atom.data == "brackets" else add(values[1], Number(-1.0))
        elif atom.data == "brackets" and len(values) == 1:
            first = Number(float(self.declared.first))
            low[name], high[name] = first, add(values[0], Number(-1.0), first)
        else:
            self.fail(operand, "expected a set of whole numbers, such as \\{0, \\dots, n-1\\}")

    def extent(self, name: str, axis: int) -> Node:
        shape = self.declared.shapes.get(name)
        return shape[axis] if shape is not None else Extent(name, axis)

    def bound(
        self,
        operation: str,
        binders: list[tuple[str, Node | None, Node | None]],
        conditions: list[Node],
        body: Node,
        factor: Part,
    ) -> Node:
        """The reduction, nested where the bounds of one index depend on another."""
        complete: list[Binder] = []
        scanned = [body, *conditions]
        for name, low, high in binders:
            if low is None or high is None:
                axes = _axes_indexed_by(name, scanned)
                if not axes:
                    self.fail_as(
                        UndeclaredShapeError, factor,
                        f"how far does {name} run? It indexes no array by itself: "
                        f"write its bounds, as in \\sum_{{{name}=0}}^{{n-1}}",
                    )  # fmt: skip
                array, axis = axes[0]
                if low is None and high is None:
                    self.along.append((name, tuple(axes)))
                start = self.declared.origin(array)
                low = start if low is None else low
                if high is None:
                    high = add(self.extent(array, axis), Number(-1.0), start)
            complete.append(Binder(name, low, high))
        names = {b.name for b in complete}
        depends = any(
            isinstance(n, Index) and n.name in names
            for b in complete
            for bound in (b.low, b.high)
            for n in bound.walk()
        )
        if not depends:
            return Reduce(operation, tuple(complete), conjunction(conditions), body)
        node = body
        for place, binder in reversed(list(enumerate(complete))):
            where = conjunction(conditions) if place == len(complete) - 1 else None
            node = Reduce(operation, (binder,), where, node)
        return node


class _HeadReader:
    """Reads an index on the left side, where no letter has a meaning yet.

    A letter alone is an index. In a product at most one letter is; the other is a size.
    """

    def __init__(self, reader: _Reader, usage: "_Usage") -> None:
        self.reader = reader
        self.usage = usage

    def expression(self, piece: Part) -> Node:
        letters = self.letters(piece)
        multiplied = self.multiplied(piece)
        sizes = set(self.reader.declared.sizes) - set(self.usage.indices)
        for group in multiplied:
            indices = [n for n in group if n in self.usage.indices and n not in sizes]
            if not indices:
                indices = [n for n in group if n not in sizes][:1]
            sizes |= set(group) - set(indices[:1])
        if len(letters) == 1 and not multiplied:
            sizes -= set(letters)
        outer = list(self.reader.scope)
        self.reader.scope = [n for n in letters if n not in sizes]
        try:
            return self.reader.expression(piece)
        finally:
            self.reader.scope = outer

    def letters(self, piece: Part) -> list[str]:
        found = []
        for part in piece.iter_subtrees_topdown():
            if part.data == "factor" and self.reader.is_name(part):
                atom = part.children[0]
                if not (isinstance(atom, Tree) and atom.data in ("braces", "brackets", "parens")):
                    found.append(self.reader.name_of(part))
        return list(dict.fromkeys(found))

    def multiplied(self, piece: Part) -> list[list[str]]:
        found = []
        for part in piece.iter_subtrees():
            if part.data == "product":
                factors = [f for f in _flat_product(part) if isinstance(f, Tree)]
                names = [self.reader.name_of(f) for f in factors if self.reader.is_name(f)]
                if len(names) > 1:
                    found.append(names)
        return found


class _Usage:
    """How the right side uses each name: as an index, as an array, as a value."""

    def __init__(self, reader: _Reader, parts: Sequence[Part]) -> None:
        self.reader = reader
        self.indices: set[str] = set()
        self.arrays: set[str] = set()
        self.values: set[str] = set()
        for part in parts:
            self.scan(part, inside=False)

    def scan(self, part: Part, inside: bool) -> None:
        children = [child for child in part.children if isinstance(child, Tree)]
        if part.data == "juxtaposed":
            previous: Part | None = None
            for child in children:
                atom = child.children[0]
                behind_name = (
                    previous is not None
                    and isinstance(atom, Tree)
                    and atom.data in ("parens", "brackets")
                    and not _holds_relation(atom)
                )
                if behind_name:
                    assert previous is not None
                    self.arrays.add(self.reader.name_of(previous))
                    self.values.discard(self.reader.name_of(previous))
                self.scan(child, inside or behind_name)
                previous = child if self.reader.is_name(child) else None
            return
        if part.data == "factor":
            if self.reader.is_name(part):
                name = self.reader.name_of(part)
                subs = [s for s in _scripts(part) if s.data == "sub"]
                if subs:
                    self.arrays.add(name)
                elif inside:
                    self.indices.add(name)
                else:
                    self.values.add(name)
            token = _atom_token(part)
            bounding = token is not None and token.type == "BIG"
            for child in children:
                script = child.data in ("sub", "sup")
                body = _script_body(child) if script else None
                grouped = child.data == "sub" or (body is not None and _lone_group(body) is not None)
                self.scan(child, inside or (script and (grouped or bounding)))
            return
        for child in children:
            self.scan(child, inside)

    def is_index(self, name: str) -> bool:
        """Whether a letter in the brackets on the left is an index on the right."""
        if name in self.reader.declared.shapes or name in self.arrays:
            return False
        return name in self.indices and name not in self.values

    def only_as_array(self, name: str) -> bool:
        return name in self.arrays and name not in self.indices


def scripts_are_leading(factor: Part) -> bool:
    """Whether a symbol carries only superscripts, so that `W^{(k)}(s)` may go on with indices."""
    return all(script.data == "sup" for script in _scripts(factor))


# ---- looking into the parse tree ------------------------------------------------------------------


def _start(part: Part | Token) -> int:
    if isinstance(part, Token):
        return part.start_pos or 0
    return getattr(part.meta, "start_pos", 0)


def _end(part: Part | Token) -> int:
    if isinstance(part, Token):
        return part.end_pos or 0
    return getattr(part.meta, "end_pos", 0)


def _meta_of(token: Token) -> "object":
    from lark.tree import Meta

    meta = Meta()
    meta.start_pos, meta.end_pos = token.start_pos or 0, token.end_pos or 0
    meta.empty = False
    return meta


def _is_token(part: object, kind: str) -> bool:
    return isinstance(part, Token) and part.type == kind


def _first(part: Part) -> Part:
    return next(child for child in part.children if isinstance(child, Tree))


def _list(part: Part) -> Part:
    return next(c for c in part.children if isinstance(c, Tree) and c.data == "list")


def _items(part: Part) -> list[Part | Token]:
    """The items of a list, of a bracket around one, or of \\substack's rows."""
    if part.data == "underset":
        return [item for row in part.children if isinstance(row, Tree) for item in _items(row)]
    if part.data in ("braces", *_GROUPS, "halfopen"):
        part = _list(part)
    if part.data != "list":
        return [part]
    found: list[Part | Token] = []
    for item in part.children:
        if isinstance(item, Token):
            if item.type == "DOTS":
                found.append(item)
            continue
        factors = _lone_factors(item)
        if len(factors) == 1 and isinstance(factors[0].children[0], Tree):
            atom = factors[0].children[0]
            if atom.data == "underset" and _is_token(atom.children[0], "SUBSTACK"):
                found += _items(atom)
                continue
        found.append(item)
    return found


def _atom(factor: Part) -> Part:
    atom = factor.children[0]
    return atom if isinstance(atom, Tree) else Tree("token", [atom], factor.meta)


def _atom_token(factor: object) -> Token | None:
    if isinstance(factor, Tree) and factor.children and isinstance(factor.children[0], Token):
        return factor.children[0]
    return None


def _is_underset(factor: Part) -> bool:
    atom = factor.children[0]
    return isinstance(atom, Tree) and atom.data == "underset" and len(atom.children) == 2


def _scripts(factor: Part) -> list[Part]:
    return [c for c in factor.children[1:] if isinstance(c, Tree) and c.data in ("sub", "sup")]


def _script_body(script: Part) -> Part | None:
    """What a script holds; None for a mark: a star, a prime, a transposition."""
    child = script.children[0]
    if isinstance(child, Token) and child.type in ("MULOP", "PRIME", "TOP", "SIGN"):
        return None
    if isinstance(child, Tree) and child.data == "braces":
        return _list(child)
    inner = child if isinstance(child, Tree) else Tree("factor", [child], _meta_of(child))
    if inner.data != "factor":
        inner = Tree("factor", [inner], inner.meta)
    return Tree("list", [Tree("juxtaposed", [inner], inner.meta)], inner.meta)


def _lone_factors(part: Part) -> list[Part]:
    """The factors of something that is one juxtaposition and nothing else; else an empty list."""
    while part.data in ("list", "comparison", "sum", "product", "braces", "relation"):
        children = part.children
        if part.data == "braces":
            children = [_list(part)]
        if len(children) != 1 or not isinstance(children[0], Tree):
            return []
        part = children[0]
    if part.data == "factor":
        return [part]
    if part.data != "juxtaposed":
        return []
    return [child for child in part.children if isinstance(child, Tree)]


def _lone_product(part: Part) -> list[Part | Token]:
    """The factors and product signs of something that is one product and nothing else."""
    while part.data in ("list", "comparison", "sum") and len(part.children) == 1:
        inner = part.children[0]
        if not isinstance(inner, Tree):
            break
        part = inner
    return _flat_product(part) if part.data == "product" else []


def _lone_group(part: Part | None) -> Part | None:
    """The list in `(k)` or `[k]` when that is all there is."""
    factors = _lone_factors(part) if part is not None else []
    if len(factors) == 1 and len(factors[0].children) == 1:
        atom = _atom(factors[0])
        if atom.data in (*_GROUPS,):
            return _list(atom)
    return None


def _lone_number(part: Part) -> bool:
    factors = _lone_factors(part)
    return len(factors) == 1 and _is_token(factors[0].children[0], "NUMBER")


def _holds_relation(part: Part) -> bool:
    """Whether a bracket or list directly holds a comparison."""
    for item in _items(part):
        if isinstance(item, Tree):
            inner = item
            if inner.data == "relation":
                return True
            if inner.data == "comparison" and len(inner.children) > 1:
                return True
    return False


def _operands(item: Part) -> tuple[list[Part], list[str]]:
    """The sides of a comparison and the relations between them."""
    if item.data != "comparison":
        return [item], []
    operands = [c for c in item.children if isinstance(c, Tree)]
    relations = [_relation(c) for c in item.children if isinstance(c, Token)]
    return operands, relations


def _relation(token: Token) -> str:
    text = re.sub(r"\s", "", str(token))
    if token.type == "EQ":
        return "="
    return _RELATIONS.get(text, "!=")


def _split(comparison: Part, kind: str) -> list[list[Part | Token]]:
    sides: list[list[Part | Token]] = [[]]
    for child in comparison.children:
        if _is_token(child, kind):
            sides.append([])
        else:
            sides[-1].append(child)
    return sides


def _flat_product(product: Part) -> list[Part | Token]:
    """The factors of a product and the signs between them, in one row."""
    if product.data != "product":
        return [product]
    row: list[Part | Token] = []
    for child in product.children:
        if isinstance(child, Tree) and child.data == "juxtaposed":
            row += child.children
        else:
            row.append(child)
    return row


def _symbol_span(factor: Part) -> tuple[int, int]:
    """Where the symbol itself stands, without its scripts."""
    atom = factor.children[0]
    return _start(atom), _end(atom)


def _text_of(latex: str, part: Part) -> str:
    return latex[_start(part) : _end(part)]


def _flattened(latex: str, inner: Part) -> str:
    """The letters and digits of a script, in one word: `{\\mathrm{in}}` and `{in}` are `in`."""
    text = []
    for token in inner.scan_values(lambda value: isinstance(value, Token)):
        if token.type in ("OPEN", "CLOSE", "STYLE"):
            continue
        if token.type not in ("LETTER", "GREEK", "WORD", "NUMBER", "BIG", "FUNCTION"):
            return ""
        plain = re.sub(r"^\\(?:math|text|operatorname)[a-z*]*\s*\{|\}$", "", str(token))
        text.append(re.sub(r"[\\\s]|^\\", "", plain))
    return "".join(text)


def _primes(token: Token) -> int:
    return str(token).count("'") + str(token).count("′") + str(token).count("prime")


def _without_primes(factor: Part) -> Part:
    kept = [c for c in factor.children if not _is_token(c, "PRIME")]
    kept = [
        c for c in kept
        if not (isinstance(c, Tree) and c.data == "sup" and _script_body(c) is None)
    ]  # fmt: skip
    return Tree("factor", kept, factor.meta)


def _pieces(item: Part, split: bool, keep_coefficients: bool = True) -> list[Part]:
    """An index item cut where symbols stand side by side: `ij` into i and j, `2i` not."""
    while item.data in ("comparison", "list") and len(item.children) == 1:
        inner = item.children[0]
        if not isinstance(inner, Tree):
            break
        item = inner
    if not split:
        return [item]
    if item.data != "sum":
        factors = _lone_factors(item)
        if not factors:
            return [item]
        return [_joined(group) for group in _grouped(factors, keep_coefficients)]
    # A sum such as `i+sj+t`: cut inside its products, keeping + and - with their neighbours.
    pieces: list[list[Part | Token]] = [[]]
    for child in item.children:
        if isinstance(child, Token):
            pieces[-1].append(child)
            continue
        flat = _flat_product(child)
        if any(isinstance(c, Token) for c in flat):
            pieces[-1].append(child)
            continue
        groups = _grouped([f for f in flat if isinstance(f, Tree)], keep_coefficients)
        for place, group in enumerate(groups):
            if place:
                pieces.append([])
            pieces[-1].append(Tree("product", [_joined(group)], group[0].meta))
    return [Tree("sum", piece, item.meta) for piece in pieces]


def _grouped(factors: list[Part], keep_coefficients: bool) -> list[list[Part]]:
    """Factors side by side; a number of two or more stays with the letter that it multiplies."""
    groups: list[list[Part]] = []
    for factor in factors:
        before = _atom_token(groups[-1][-1]) if groups else None
        coefficient = (
            before is not None
            and before.type == "NUMBER"
            and before not in ("0", "1")
            and len(groups[-1]) == 1
        )
        if keep_coefficients and coefficient:
            groups[-1].append(factor)
        else:
            groups.append([factor])
    return groups


def _joined(factors: list[Part]) -> Part:
    return Tree("juxtaposed", list(factors), factors[0].meta)


def _digits(items: Sequence[Part], want: int | None) -> str | None:
    """The digits of `x_{12}` where x has two axes."""
    if want is None or want < 2 or len(items) != 1:
        return None
    factors = _lone_factors(items[0])
    if len(factors) != 1 or len(factors[0].children) != 1:
        return None
    token = _atom_token(factors[0])
    if token is None or token.type != "NUMBER" or len(token) != want:
        return None
    return str(token)


def _operation(text: str) -> str:
    for mark, operation in (("∑", "sum"), ("∏", "prod"), ("sum", "sum"), ("prod", "prod")):
        if mark in text:
            return operation
    kind = "max" if "max" in text else "min"
    return f"arg{kind}" if "arg" in text else kind


def _axes_indexed_by(name: str, nodes: Iterable[Node]) -> list[tuple[str, int]]:
    """The axes (array, number) that an index runs along by itself."""
    axes: list[tuple[str, int]] = []
    for root in nodes:
        for node in root.walk():
            if isinstance(node, Read):
                for axis, index in enumerate(node.index):
                    if index == Index(name) and (node.name, axis) not in axes:
                        axes.append((node.name, axis))
    return axes


def _position(order: list[str], index: Node) -> int:
    assert isinstance(index, Index)
    return order.index(index.name)


def _is_whole(node: Node) -> bool:
    inner = node.children() if not isinstance(node, Number) else iter([node])
    return all(isinstance(n, Number) and n.value.is_integer() for n in inner)


def _whole(node: Node) -> float:
    if isinstance(node, Number):
        return node.value
    inner = next(node.children())
    assert isinstance(inner, Number)
    return -inner.value


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
