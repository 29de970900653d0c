"""From tokens to raw syntax: formula.lark says how symbols stand together."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import TypeVar

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput
from lark.parsers.lalr_interactive_parser import InteractiveParser
from lark.tree import Meta
from lark.visitors import Transformer_NonRecursive, v_args

from cnnmath.errors import FormulaSyntaxError
from cnnmath.language.symbols import symbol_of, varied_letters
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
from cnnmath.language.syntax_errors import syntax_error, unexpected, unknown
from cnnmath.language.tokens import settled
from cnnmath.language.twofold import twofold_parts, twofold_tokens

LONGEST = 5_000  # characters; nobody's formula is longer
DEEPEST = 60  # brackets, roots, fractions and scripts within each other
_OLD_STYLE = re.compile(r"\{(\s*)(\\(?:rm|bf|it|sf|tt|cal))(?![A-Za-z])")
_ARGUMENTS = ("LETTER", "GREEK", "WORD", "NUMBER", "INFINITY", "FUNCTION", "BIG")
_MARKS = ("MULOP", "PRIME", "TOP", "SIGN")  # scripts that hold no value: a star, a prime, a T

_RELATIONS = {
    "<": "<", r"\lt": "<", ">": ">", r"\gt": ">", "≤": "<=", "≥": ">=", "≠": "!=", "∈": "in",
    "⩽": "<=", "⩾": ">=",
    r"\le": "<=", r"\leq": "<=", r"\leqslant": "<=", r"\ge": ">=", r"\geq": ">=",
    r"\geqslant": ">=", r"\ne": "!=", r"\neq": "!=", r"\in": "in", r"\notin": "not in",
    r"\not\in": "not in",
}  # fmt: skip


@cache
def _parser() -> Lark:
    grammar = files(__package__).joinpath("formula.lark").read_text(encoding="utf-8")
    return Lark(
        grammar, parser="lalr", lexer="basic", start="statement",
        propagate_positions=True, maybe_placeholders=False,
    )  # fmt: skip


def parse(latex: str, words: Collection[str] = ()) -> Equation:
    """The raw syntax of a LaTeX formula.

    words : names of several letters that were declared, so that `kH` is one name, not k times H
    Raises FormulaSyntaxError, with a caret, if the text is not a formula.
    """
    if len(latex) > LONGEST:
        raise FormulaSyntaxError(f"the formula has {len(latex)} characters, more than {LONGEST}")
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
    tree = _tree(tokens, latex)
    _refuse_depth(tree, latex)
    equation: Equation = _Written(latex).transform(tree)
    for position, what in twofold_parts(equation):
        raise syntax_error(latex, position, what)
    return equation


def _tokens(text: str) -> list[Token]:
    """What the text is cut into, by the parser's own lexer: Lark.lex makes a new one each time."""
    lexer = _parser().parse_interactive(text).lexer_thread
    return list(lexer.lex(None))  # type: ignore[no-untyped-call]


def _tree(tokens: Sequence[Token], latex: str) -> Tree[Token]:
    machine = _parser().parse_interactive("")
    for token in tokens:
        try:
            machine.feed_token(token)
        except UnexpectedInput:
            raise unexpected(latex, token, _accepted(machine)) from None
    try:
        tree: Tree[Token] = machine.feed_eof(tokens[-1])  # type: ignore[no-untyped-call]
    except UnexpectedInput:
        raise unexpected(latex, None, _accepted(machine)) from None
    return tree


def _accepted(machine: InteractiveParser) -> set[str]:
    return set(machine.accepts())  # type: ignore[no-untyped-call]


def _refuse_depth(tree: Tree[Token], latex: str) -> None:
    """Refuse what is nested beyond reason, which would exhaust Python's stack later on."""
    stack = [(tree, 0)]
    while stack:
        node, depth = stack.pop()
        if node.data == "factor":
            depth += 1
            if depth > DEEPEST:
                what = f"this is nested more than {DEEPEST} deep"
                raise syntax_error(latex, getattr(node.meta, "start_pos", 0), what)
        stack += [(child, depth) for child in node.children if isinstance(child, Tree)]


# ---- parse tree to raw syntax -------------------------------------------------------------------

Child = Part | Script | Token
Children = Sequence[Child]
Place = tuple[tuple[Token, ...], int, int]  # the tokens of a part, and where it begins and ends
Kind = TypeVar("Kind")


def _those(children: Iterable[object], kind: type[Kind]) -> tuple[Kind, ...]:
    return tuple(child for child in children if isinstance(child, kind))


def _place(children: Children, meta: Meta) -> Place:
    place = getattr(meta, "start_pos", 0), getattr(meta, "end_pos", 0)
    return (tokens_of(children), *place)


def _placed(
    method: Callable[[Place, Children], Child], rule: str, children: Children, meta: Meta
) -> Child:
    return method(_place(children, meta), children)


@v_args(wrapper=_placed)
class _Written(Transformer_NonRecursive[Token, Equation]):
    """A method for each rule of the grammar, named after it."""

    def __init__(self, latex: str) -> None:
        super().__init__()
        self.varied = varied_letters(latex)

    # ---- what stands together -------------------------------------------------------------------

    def statement(self, place: Place, children: Children) -> Equation:
        return Equation(*place, _those(children, Part)[0], _those(children, List))

    def relation(self, place: Place, children: Children) -> Logic:
        words = _those(children, Token)
        joins_all = tuple(re.search(r"land|wedge|and|∧", word) is not None for word in words)
        return Logic(*place, _those(children, Comparison), joins_all)

    def comparison(self, place: Place, children: Children) -> Comparison:
        relations = (
            "=" if sign.type == "EQ" else _RELATIONS.get(re.sub(r"\s", "", sign), "!=")
            for sign in _those(children, Token)
        )
        return Comparison(*place, _those(children, Sum), tuple(relations))

    def sum(self, place: Place, children: Children) -> Sum:
        before = [child if isinstance(child, Token) else None for child in (None, *children)]
        pairs = zip(before, children, strict=False)
        return Sum(*place, tuple((sign, term) for sign, term in pairs if isinstance(term, Product)))

    def product(self, place: Place, children: Children) -> Product:
        row: list[Factor | Token] = []
        for child in children:
            row += child.written if isinstance(child, Product) else _those([child], Token)
        return Product(*place, tuple(row))

    def juxtaposed(self, place: Place, children: Children) -> Product:
        return Product(*place, _those(children, Factor))

    def list(self, place: Place, children: Children) -> List:
        items: list[Part | Token] = []
        for child in children:
            lone = child.lone if isinstance(child, Part) else None
            if lone and lone.kind == "substack":
                items += [item for row in _those(lone.inside, List) for item in row.items]
            elif isinstance(child, Part) or (isinstance(child, Token) and child.type == "DOTS"):
                items.append(child)
        return List(*place, tuple(items))

    # ---- factors --------------------------------------------------------------------------------

    def factor(self, place: Place, children: Children) -> Factor:
        found = self._atom(children[0])
        attached = [
            Script("prime", (child,), None, place[1]) if isinstance(child, Token) else child
            for child in children[1:]
        ]
        scripts = (*found.attached, *_those(attached, Script))
        return self._named(
            Factor(*place, scripts, found.kind, found.sign, found.inside, found.span)
        )

    def sub(self, place: Place, children: Children) -> Script:
        return self._script("sub", place, children)

    def sup(self, place: Place, children: Children) -> Script:
        return self._script("sup", place, children)

    def _script(self, kind: str, place: Place, children: Children) -> Script:
        marks = tuple(mark for mark in _those(children, Token) if mark.type in _MARKS)
        return Script(kind, marks, None if marks else self._argument(children[0]), place[1])

    def _atom(self, child: Child) -> Factor:
        """A factor without scripts."""
        if isinstance(child, Factor):
            return child
        assert isinstance(child, Token)
        span = start(child), child.end_pos or 0
        return Factor((child,), *span, (), child.type, child, (), span)

    def _named(self, factor: Factor) -> Factor:
        return replace(factor, symbol=symbol_of(factor, self.varied))

    def _argument(self, child: Child) -> List:
        r"""What a script, \frac or \sqrt holds: a list in braces, or one symbol."""
        if isinstance(child, List):
            return child
        if isinstance(child, Sum):
            return list_of([child])
        factor = self._atom(child)
        return factor.held if factor.kind == "braces" else list_of([self._named(factor)])

    def __default__(self, rule: str, children: Children, meta: Meta) -> Factor:
        """Brackets, fractions, roots, styles: what they hold, by the name of their rule."""
        signs = [sign for sign in _those(children, Token) if sign.type not in _ARGUMENTS]
        held = [child for child in children if child not in signs]
        inside = tuple(c if isinstance(c, Case) else self._argument(c) for c in held)
        place = _place(children, meta)
        return Factor(*place, (), str(rule), signs[0] if signs else "", inside, place[1:])

    def underset(self, place: Place, children: Children) -> Factor:
        r"""`\underset{s,t}{\max}` as `\max_{s,t}`; the rows of \substack."""
        rows = _those(children, List)
        if rows:
            return Factor(*place, (), "substack", "", rows, place[1:])
        below, above = map(self._argument, children)
        sign = above.lone
        if sign is None or sign.kind != "BIG":
            return Factor(*place, (), "underset", "", (below, above), place[1:])
        script = Script("sub", (), below, below.start)
        return replace(sign, attached=(*sign.attached, script))

    def row(self, place: Place, children: Children) -> Case:
        conditions = _those(children, List)
        return Case(*place, _those(children, Sum)[0], conditions[0] if conditions else None)
