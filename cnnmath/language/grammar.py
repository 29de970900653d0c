"""From tokens to raw syntax: formula.lark says how symbols stand together."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import cache, lru_cache, partial
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace
from typing import TypeVar

from lark import Lark, Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput
from lark.parsers.lalr_interactive_parser import InteractiveParser

from cnnmath.errors import FormulaSyntaxError
from cnnmath.language.symbols import symbol_of
from cnnmath.language.syntax import (
    Case,
    Comparison,
    Equation,
    Factor,
    List,
    Logic,
    Part,
    Product,
    Script,
    Sum,
    list_of,
    start,
    tokens_of,
)
from cnnmath.language.syntax_errors import insist_on_backslashes, syntax_error, unexpected, unknown
from cnnmath.language.tokens import settled
from cnnmath.language.twofold import twofold_parts, twofold_tokens

LONGEST = 5_000  # characters; nobody's formula is longer
DEEPEST = 60  # brackets, roots, fractions and scripts within each other
_OLD_STYLE = re.compile(r"\{(\s*)(\\(?:rm|bf|it|sf|tt|cal))(?![A-Za-z])")
_ARGUMENTS = ("LETTER", "GREEK", "VARIANT", "WORD", "NUMBER", "INFINITY", "FUNCTION", "BIG")
_MARKS = ("MULOP", "PRIME", "TOP", "SIGN")  # scripts that hold no value: a star, a prime, a T
_AROUND = {"OPEN", "CLOSE", "LPAR", "RPAR", "LSQB", "RSQB", "SUB", "SUP"}  # and names with an _

# Making the tables takes half a second, so they are kept where Python keeps what it compiles; where
# that cannot be written to, they are made each time.
_TABLES = Path(__file__).parent / "__pycache__" / "formula.lark.tables"

_RELATIONS = {
    "<": "<", r"\lt": "<", ">": ">", r"\gt": ">", "≤": "<=", "≥": ">=", "≠": "!=", "∈": "in",
    "⩽": "<=", "⩾": ">=",
    r"\le": "<=", r"\leq": "<=", r"\leqslant": "<=", r"\ge": ">=", r"\geq": ">=",
    r"\geqslant": ">=", r"\ne": "!=", r"\neq": "!=", r"\in": "in", r"\notin": "not in",
    r"\not\in": "not in", r"\sim": "~", "∼": "~",
}  # fmt: skip


@cache
def _parser() -> Lark:
    grammar = files(__package__).joinpath("formula.lark").read_text(encoding="utf-8")
    return Lark(
        grammar, parser="lalr", lexer="basic", start="statement",
        transformer=_RULES, keep_all_tokens=True, maybe_placeholders=False, cache=str(_TABLES),
    )  # fmt: skip


def parse(latex: str, words: Collection[str] = ()) -> Equation:
    """The raw syntax of a LaTeX formula.

    words : names that were declared, so that `kH` is one name, not k times H
    Raises FormulaSyntaxError, with a caret, if the text is not a formula.
    """
    return _parsed(latex, frozenset(words))


@lru_cache(maxsize=1024)
def _parsed(latex: str, words: frozenset[str]) -> Equation:
    """What is written says the same each time, and is read again with other declarations."""
    if len(latex) > LONGEST:
        raise FormulaSyntaxError(f"the formula has {len(latex)} characters, more than {LONGEST}")
    insist_on_backslashes(latex)
    try:
        # {\rm in} becomes \rm{ in}, in the same places
        written = _tokens(_OLD_STYLE.sub(r"\2{\1", latex))
    except UnexpectedCharacters as error:
        raise unknown(latex, error.pos_in_stream or 0) from None
    for position, what in twofold_tokens(written):
        raise syntax_error(latex, position, what)
    tokens = settled(written, words, latex)
    if not tokens:
        raise FormulaSyntaxError("the formula is empty: expected something like a_i = x_i + b")
    equation = _equation(tokens, latex)
    _refuse_depth(equation, latex)
    for position, what in twofold_parts(equation):
        raise syntax_error(latex, position, what)
    return equation


def _tokens(text: str) -> list[Token]:
    """What the text is cut into, by the parser's own lexer: Lark.lex makes a new one each time."""
    lexer = _parser().parse_interactive(text).lexer_thread
    return list(lexer.lex(None))  # type: ignore[no-untyped-call]


def _equation(tokens: Sequence[Token], latex: str) -> Equation:
    machine = _parser().parse_interactive("")
    for token in tokens:
        try:
            machine.feed_token(token)
        except UnexpectedInput:
            raise unexpected(latex, token, _accepted(machine)) from None
    try:
        equation: Equation = machine.feed_eof(tokens[-1])  # type: ignore[no-untyped-call]
    except UnexpectedInput:
        raise unexpected(latex, None, _accepted(machine)) from None
    return equation


def _accepted(machine: InteractiveParser) -> set[str]:
    return set(machine.accepts())  # type: ignore[no-untyped-call]


def _refuse_depth(equation: Equation, latex: str) -> None:
    """Refuse what is nested beyond reason, which would exhaust Python's stack later on."""
    stack: list[tuple[Part, int]] = [(equation, 0)]
    while stack:
        part, depth = stack.pop()
        held: Sequence[Part] = part.children
        if isinstance(part, Factor):
            held = (*part.inside, *(body for _, body in part.bodies))  # of a symbol too
            depth += 1
            if depth > DEEPEST:
                raise syntax_error(latex, part.start, f"this is nested more than {DEEPEST} deep")
        stack += [(child, depth) for child in held]


# ---- what a rule of the grammar makes of what it consists of -------------------------------------

Child = Part | Script | Token
Children = Sequence[Child]
Place = tuple[tuple[Token, ...], int, int]  # the tokens of a part, and where it begins and ends
Kind = TypeVar("Kind")


def _those(children: Iterable[object], kind: type[Kind]) -> tuple[Kind, ...]:
    return tuple(child for child in children if isinstance(child, kind))


def _end(item: Child) -> int:
    return item.end_pos or 0 if isinstance(item, Token) else item.end


def _place(children: Children) -> Place:
    return tokens_of(children), start(children[0]), _end(children[-1])


def _within(children: Children) -> tuple[Place, list[Child]]:
    """Where something stands, and what is in its brackets."""
    inside = [
        child
        for child in children
        if not isinstance(child, Token) or (child.type not in _AROUND and child.type[0] != "_")
    ]
    return (tokens_of(inside), start(children[0]), _end(children[-1])), inside


def _statement(children: Children) -> Equation:
    return Equation(*_place(children), _those(children, Part)[0], _those(children, List))


def _relation(children: Children) -> Logic:
    words = _those(children, Token)
    joins_all = tuple(re.search(r"land|wedge|and|∧", word) is not None for word in words)
    return Logic(*_place(children), _those(children, Comparison), joins_all)


def _comparison(children: Children) -> Comparison:
    relations = (
        "=" if sign.type == "EQ" else _RELATIONS.get(re.sub(r"\s", "", sign), "!=")
        for sign in _those(children, Token)
    )
    return Comparison(*_place(children), _those(children, Sum), tuple(relations))


def _sum(children: Children) -> Sum:
    before = [child if isinstance(child, Token) else None for child in (None, *children)]
    pairs = zip(before, children, strict=False)
    terms = tuple((sign, term) for sign, term in pairs if isinstance(term, Product))
    return Sum(*_place(children), terms)


def _product(children: Sequence[Factor | Token]) -> Product:
    return Product(*_place(children), tuple(children))


def _list(children: Children) -> List:
    items: list[Part | Token] = []
    for child in children:
        lone = child.lone if isinstance(child, Part) else None
        if lone and lone.kind == "substack":
            items += [item for row in _those(lone.inside, List) for item in row.items]
        elif isinstance(child, Part) or (isinstance(child, Token) and child.type == "DOTS"):
            items.append(child)
    return List(*_place(children), tuple(items))


def _case(children: Children) -> Case:
    place, inside = _within(children)
    conditions = _those(inside, List)
    return Case(*place, _those(inside, Sum)[0], conditions[0] if conditions else None)


# ---- factors -------------------------------------------------------------------------------------


def _factor(children: Children) -> Factor:
    found = _atom(children[0])
    attached = [
        Script("prime", (child,), None, start(children[0]), _end(child))
        if isinstance(child, Token)
        else child
        for child in children[1:]
    ]
    scripts = (*found.attached, *_those(attached, Script))
    return _named(
        Factor(*_place(children), scripts, found.kind, found.sign, found.inside, found.span)
    )


def _script(kind: str, children: Children) -> Script:
    (_, *where), inside = _within(children)
    marks = tuple(mark for mark in _those(inside, Token) if mark.type in _MARKS)
    return Script(kind, marks, None if marks else _argument(inside[0]), *where)


def _atom(child: Child) -> Factor:
    """A factor without scripts."""
    if isinstance(child, Factor):
        return child
    assert isinstance(child, Token)
    span = start(child), _end(child)
    return Factor((child,), *span, (), child.type, child, (), span)


def _named(factor: Factor) -> Factor:
    return replace(factor, symbol=symbol_of(factor))


def _argument(child: Child) -> List:
    r"""What a script, \frac or \sqrt holds: a list in braces, or one symbol."""
    if isinstance(child, List):
        return child
    if isinstance(child, Sum):
        return list_of([child])
    factor = _atom(child)
    return factor.held if factor.kind == "braces" else list_of([_named(factor)])


def _around(kind: str, children: Children) -> Factor:
    """Brackets, fractions, roots, styles: what they hold, by the name of their rule."""
    place, inside = _within(children)
    signs = [sign for sign in _those(inside, Token) if sign.type not in _ARGUMENTS]
    held = [child for child in inside if child not in signs]
    parts = tuple(c if isinstance(c, Case) else _argument(c) for c in held)
    return Factor(*place, (), kind, signs[0] if signs else "", parts, place[1:])


def _underset(children: Children) -> Factor:
    r"""`\underset{s,t}{\max}` as `\max_{s,t}`; the rows of \substack."""
    place, inside = _within(children)
    rows = _those(inside, List)
    if rows:
        return Factor(*place, (), "substack", "", rows, place[1:])
    below, above = map(_argument, inside)
    sign = above.lone
    if sign is None or sign.kind != "BIG":
        return Factor(*place, (), "underset", "", (below, above), place[1:])
    script = Script("sub", (), below, below.start, below.end)
    return replace(sign, start=place[1], end=place[2], attached=(*sign.attached, script))


_BRACKETS = (
    "braces", "parens", "angles", "brackets", "halfopen", "escaped_braces", "bars", "norm", "floor",
    "ceil", "fraction", "root", "styled", "accented", "unit", "cases",
)  # fmt: skip
_RULES = SimpleNamespace(
    statement=_statement, relation=_relation, comparison=_comparison, sum=_sum, product=_product,
    list=_list, row=_case, factor=_factor, sub=partial(_script, "sub"), sup=partial(_script, "sup"),
    underset=_underset, **{kind: partial(_around, kind) for kind in _BRACKETS},
)  # fmt: skip
"""A function for each rule of the grammar that makes something of its own."""
