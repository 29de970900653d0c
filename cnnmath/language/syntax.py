"""What is written, before any of it has a meaning: the raw syntax of a formula.

A list holds items; an item is `Logic`, a `Comparison`, or a factor by itself; a comparison has
sums for its sides, a sum products, a product factors and the signs between them. A factor is
whatever carries scripts: a letter, a number, a bracket, a fraction. Its `kind` says which: the name
of its token, or of its rule in formula.lark. grammar.py makes all of this.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from lark import Token

GROUPS = ("parens", "brackets", "escaped_braces", "angles")
DIVISIONS = {"/", r"\div", "÷"}
REMAINDERS = {r"\bmod", r"\mod", r"\%"}
JOINING = {r"\cap": "and", "∩": "and", r"\cup": "or", "∪": "or", r"\setminus": "without",
           "∖": "without"}  # fmt: skip
_SPELT = {"LETTER", "GREEK", "VARIANT", "WORD", "NUMBER", "BIG", "FUNCTION"}


@dataclass(frozen=True, eq=False)
class Part:
    """Something that is written.

    tokens : what it is made of, without the brackets around it
    start, end : where it stands in the LaTeX
    """

    tokens: tuple[Token, ...]
    start: int
    end: int

    @cached_property
    def children(self) -> "tuple[Part, ...]":
        """The parts directly within, from left to right: none are in the three fields of `Part`."""
        return tuple(_parts_in(getattr(self, name) for name in [*self.__dataclass_fields__][3:]))

    def walk(self) -> "Iterator[Part]":
        """This part and all within it, from left to right."""
        waiting = [self]
        while waiting:
            part = waiting.pop()
            yield part
            waiting += reversed(part.children)

    @property
    def sum(self) -> "Sum | None":
        """The sum that this is, if it is nothing else."""
        return None

    @property
    def product(self) -> "Product | None":
        """The product that this is, if it is nothing else."""
        terms = self.sum.terms if self.sum else ()
        return terms[0][1] if len(terms) == 1 and terms[0][0] is None else None

    @cached_property
    def factors(self) -> "tuple[Factor, ...]":
        """The factors of what is one juxtaposition and nothing else; else none."""
        row = product.written if (product := self.product) else ()
        factors = tuple(factors_in(row))
        return factors if len(factors) == len(row) else ()

    @property
    def lone(self) -> "Factor | None":
        """The factor that this consists of, or None if it is more or less than one."""
        factors = self.factors
        return factors[0] if len(factors) == 1 else None

    @property
    def group(self) -> "List | None":
        """What is in `(k)` or `[k]`, if that is all there is."""
        lone = self.lone
        return lone.held if lone and lone.kind in GROUPS and not lone.attached else None

    @property
    def is_number(self) -> bool:
        """Whether this is one number as it is written."""
        return self.lone is not None and self.lone.kind == "NUMBER"

    @property
    def sides(self) -> "Sequence[Part]":
        """The sides of a comparison; anything else is its own."""
        return (self,)

    @property
    def relations(self) -> tuple[str, ...]:
        """The relations between the sides."""
        return ()

    @property
    def parts(self) -> "Sequence[Part]":
        """The items of a list, without dots; anything else is one item."""
        return (self,)

    @property
    def text(self) -> str:
        """The tokens, one after the other."""
        return "".join(self.tokens)

    @property
    def word(self) -> str:
        r"""The letters and digits of a script, in one word, `in` of `{\mathrm{in}}`; else empty."""
        found = ""
        for token in self.tokens:
            if token.type in ("STYLE", "OPEN", "CLOSE", "SUB"):
                found += "_" if token.type == "SUB" else ""
                continue
            if token.type not in _SPELT:
                return ""
            plain = re.sub(r"^\\(?:math|text|operatorname|rm)[a-z*]*\s*\{|\}$", "", token)
            found += re.sub(r"[\\\s]", "", plain)
        return found

    @cached_property
    def symbols(self) -> "tuple[Symbol, ...]":
        """Every symbol in this, at any depth, from left to right."""
        return tuple(part for part in self.walk() if isinstance(part, Symbol))

    @property
    def letters(self) -> list[str]:
        """The names without scripts that stand anywhere in this."""
        return [symbol.name for symbol in self.symbols if not symbol.scripts]


@dataclass(frozen=True, eq=False)
class List(Part):
    r"""Items with commas between them; rows of \substack too. Dots are tokens."""

    items: "tuple[Part | Token, ...]"

    @property
    def parts(self) -> list[Part]:
        return [item for item in self.items if isinstance(item, Part)]

    @property
    def only(self) -> Part | None:
        """The item, if there is but one."""
        first = self.items[0]
        return first if len(self.items) == 1 and isinstance(first, Part) else None

    @property
    def sum(self) -> "Sum | None":
        return self.only.sum if self.only else None

    @property
    def product(self) -> "Product | None":
        return self.only.product if self.only else None

    @property
    def holds_relation(self) -> bool:
        """Whether a comparison is among the items."""
        return any(item.relations or isinstance(item, Logic) for item in self.parts)


@dataclass(frozen=True, eq=False)
class Logic(Part):
    """Comparisons with `and` or `or` between them."""

    comparisons: "tuple[Comparison, ...]"
    joins_all: tuple[bool, ...]  # of each word or sign, whether it is `and`, not `or`


@dataclass(frozen=True, eq=False)
class Comparison(Part):
    """A sum, or several with relations between them."""

    sums: "tuple[Sum, ...]"
    signs: tuple[str, ...]  # = != < <= > >= in, not in

    @property
    def sum(self) -> "Sum | None":
        return self.sums[0] if not self.signs else None

    @property
    def sides(self) -> "Sequence[Sum]":
        return self.sums

    @property
    def relations(self) -> tuple[str, ...]:
        return self.signs


@dataclass(frozen=True, eq=False)
class Sum(Part):
    """Products, each with the sign before it; before the first there may be none."""

    terms: "tuple[tuple[Token | None, Product], ...]"

    @property
    def sum(self) -> "Sum":
        return self


@dataclass(frozen=True, eq=False)
class Product(Part):
    """Factors, and what signs stand between them."""

    written: "tuple[Factor | Token, ...]"

    @property
    def product(self) -> "Product":
        return self

    @property
    def row(self) -> "Row":
        """The factors and signs, without braces that hold one factor."""
        return [item if isinstance(item, Token) else item.unbraced for item in self.written]

    @property
    def runs(self) -> "list[list[Factor]]":
        """The factors that stand side by side with no sign between them."""
        found: list[list[Factor]] = [[]]
        for item in self.written:
            if isinstance(item, Token):
                found.append([])
            else:
                found[-1].append(item)
        return [run for run in found if run]


@dataclass(frozen=True, eq=False)
class Script:
    """`_{..}`, `^{..}` or a prime; a star, a prime or a T above are marks, and no value."""

    kind: str  # sub, sup, prime
    marks: tuple[Token, ...]
    body: List | None
    start: int
    end: int

    @property
    def tokens(self) -> tuple[Token, ...]:
        return self.body.tokens if self.body else self.marks


@dataclass(frozen=True, eq=False)
class Scripted(Part):
    """What carries scripts; attached : subscripts, superscripts and primes."""

    attached: tuple[Script, ...]

    @property
    def scripts(self) -> list[Script]:
        """Subscripts and superscripts, marks included, primes left out."""
        return [script for script in self.attached if script.kind != "prime"]

    @cached_property
    def bodies(self) -> list[tuple[str, List]]:
        """The scripts that are no marks: "sub" or "sup", and the list that each holds."""
        return [(script.kind, script.body) for script in self.attached if script.body]

    @property
    def subs(self) -> list[List]:
        return [held for kind, held in self.bodies if kind == "sub"]

    @property
    def sups(self) -> list[List]:
        return [held for kind, held in self.bodies if kind == "sup"]

    @property
    def powers(self) -> list[List]:
        """The superscripts without brackets."""
        return [held for held in self.sups if held.group is None]

    @property
    def has_subscript(self) -> bool:
        return any(script.kind == "sub" for script in self.attached)


@dataclass(frozen=True, eq=False)
class Symbol(Scripted):
    """A letter or a word; see symbols.py.

    name : what it is called in Python, without its indices;  core : that without primes and stars
    style : the command that sets it, such as \\mathcal; all that set bold type are one
    span : where it stands, without its scripts
    """

    name: str
    core: str
    style: str
    span: tuple[int, int]

    @property
    def power(self) -> str | None:
        """The number that it carries as a superscript, as it is written."""
        return next((held.word for held in self.powers if held.is_number), None)

    @cached_property
    def children(self) -> tuple[Part, ...]:
        return tuple(body for _, body in self.bodies)


@dataclass(frozen=True, eq=False)
class Factor(Scripted):
    r"""Something and its scripts.

    kind : what it is: LETTER, NUMBER, parens, fraction, ..
    sign : the token that it is, or that it begins with, as \frac and \hat do
    inside : what a bracket, a fraction or a root holds
    span : where it stands, without its scripts
    symbol : the symbol that it is; None for anything else
    """

    kind: str
    sign: str
    inside: tuple[Part, ...]
    span: tuple[int, int]
    symbol: Symbol | None = None

    @cached_property
    def children(self) -> tuple[Part, ...]:
        held = (*self.inside, *(body for _, body in self.bodies))
        return (self.symbol,) if self.symbol else held

    @cached_property
    def product(self) -> Product:
        return product_of([self])

    @property
    def held(self) -> List:
        """What a bracket holds."""
        first = self.inside[0]
        assert isinstance(first, List)
        return first

    @property
    def name(self) -> str:
        """The name of the symbol that this is; "" for anything else."""
        return self.symbol.name if self.symbol else ""

    @property
    def unbraced(self) -> "Factor":
        r"""`{\sum_i}` and `{x}` as what is in the braces, if that is one factor."""
        lone = self.held.lone if self.kind == "braces" and not self.attached else None
        return lone.unbraced if lone else self


@dataclass(frozen=True, eq=False)
class Case(Part):
    """A row of a definition by cases: a value and its conditions, None beside "otherwise"."""

    value: Sum
    conditions: List | None


@dataclass(frozen=True, eq=False)
class Equation(Part):
    """A whole formula, and the conditions behind it."""

    relation: Part
    conditions: tuple[List, ...]


Row = Sequence[Factor | Token]


def _parts_in(values: Iterable[object]) -> Iterator[Part]:
    for value in values:
        if isinstance(value, Part):
            yield value
        elif isinstance(value, tuple):
            yield from _parts_in(value)


def factors_in(row: Row) -> list[Factor]:
    """The factors in a row, without the signs between them."""
    return [item for item in row if isinstance(item, Factor)]


def start(item: Part | Script | Token) -> int:
    """Where something begins in the LaTeX."""
    return item.start_pos or 0 if isinstance(item, Token) else item.start


def tokens_of(items: Iterable[Part | Script | Token]) -> tuple[Token, ...]:
    """What some things are made of."""
    rows = ((item,) if isinstance(item, Token) else item.tokens for item in items)
    return tuple(token for row in rows for token in row)


def place_of(items: Sequence[Part | Token]) -> tuple[tuple[Token, ...], int, int]:
    """The tokens of several things, of which the last is a part, and where they stand."""
    last = items[-1]
    assert isinstance(last, Part)
    return tokens_of(items), start(items[0]), last.end


def product_of(row: Row) -> Product:
    """Factors and signs in one row, as a part."""
    return Product(*place_of(row), tuple(row))


def list_of(items: Sequence[Part]) -> List:
    """Items, as a list."""
    return List(*place_of(items), tuple(items))
