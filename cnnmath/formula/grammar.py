"""From tokens to raw syntax: formula.lark says how symbols stand together."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput
from lark.parsers.lalr_interactive_parser import InteractiveParser
from lark.tree import Meta
from lark.visitors import Transformer_NonRecursive, v_args

from cnnmath.errors import FormulaSyntaxError
from cnnmath.formula.symbols import symbol_of, varied_letters
from cnnmath.formula.syntax import (
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
)
from cnnmath.formula.syntax_errors import syntax_error, unexpected, unknown
from cnnmath.formula.tokens import DEEPEST, settled
from cnnmath.formula.twofold import twofold_parts, twofold_tokens

LONGEST = 5_000  # characters; nobody's formula is longer
_OLD_STYLE = re.compile(r"\{(\s*)(\\(?:rm|bf|it|sf|tt|cal))(?![A-Za-z])")
_ARGUMENTS = ("LETTER", "GREEK", "WORD", "NUMBER", "INFINITY", "FUNCTION", "BIG")


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
        written = list(_parser().lex(_OLD_STYLE.sub(r"\2{\1", latex)))
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

Children = list[Part | Script | Token]


@v_args(meta=True)
class _Written(Transformer_NonRecursive[Token, Equation]):
    """A method for each rule of the grammar, named after it."""

    def __init__(self, latex: str) -> None:
        super().__init__()
        self.varied = varied_letters(latex)

    # ---- what stands together -------------------------------------------------------------------

    def statement(self, meta: Meta, children: Children) -> Equation:
        relation, *conditions = (child for child in children if isinstance(child, Part))
        lists = tuple(part for part in conditions if isinstance(part, List))
        return Equation(*_place(meta, children), relation, lists)

    def relation(self, meta: Meta, children: Children) -> Logic:
        parts = tuple(child for child in children if isinstance(child, Comparison))
        words = (child for child in children if isinstance(child, Token))
        joins_all = tuple(re.search(r"land|wedge|and|∧", word) is not None for word in words)
        return Logic(*_place(meta, children), parts, joins_all)

    def comparison(self, meta: Meta, children: Children) -> Comparison:
        sums = tuple(child for child in children if isinstance(child, Sum))
        signs = tuple(child for child in children if isinstance(child, Token))
        return Comparison(*_place(meta, children), sums, signs)

    def sum(self, meta: Meta, children: Children) -> Sum:
        terms: list[tuple[Token | None, Product]] = []
        sign: Token | None = None
        for child in children:
            if isinstance(child, Product):
                terms.append((sign, child))
            sign = child if isinstance(child, Token) else None
        return Sum(*_place(meta, children), tuple(terms))

    def product(self, meta: Meta, children: Children) -> Product:
        row: list[Factor | Token] = []
        for child in children:
            if isinstance(child, Product):
                row += child.written
            elif isinstance(child, Token):
                row.append(child)
        return Product(*_place(meta, children), tuple(row))

    def juxtaposed(self, meta: Meta, children: Children) -> Product:
        factors = tuple(child for child in children if isinstance(child, Factor))
        return Product(*_place(meta, children), factors)

    def list(self, meta: Meta, children: Children) -> List:
        items: list[Part | Token] = []
        for child in children:
            lone = child.lone if isinstance(child, Part) else None
            if lone and lone.kind == "substack":
                items += [
                    item for row in lone.inside if isinstance(row, List) for item in row.items
                ]
            elif isinstance(child, Part) or (isinstance(child, Token) and child.type == "DOTS"):
                items.append(child)
        return List(*_place(meta, children), tuple(items))

    # ---- factors --------------------------------------------------------------------------------

    def factor(self, meta: Meta, children: Children) -> Factor:
        atom, *rest = children
        scripts = [
            Script("prime", (child,), None, child.start_pos or 0)
            if isinstance(child, Token) else child
            for child in rest if not isinstance(child, Part)
        ]  # fmt: skip
        tokens, start, end = _place(meta, children)
        found = self._atom(atom)
        attached = (*found.attached, *scripts)
        found = replace(found, tokens=tokens, start=start, end=end, attached=attached)
        return replace(found, symbol=symbol_of(found, self.varied))

    def sub(self, meta: Meta, children: Children) -> Script:
        return self._script("sub", meta, children)

    def sup(self, meta: Meta, children: Children) -> Script:
        return self._script("sup", meta, children)

    def _script(self, kind: str, meta: Meta, children: Children) -> Script:
        marks = tuple(child for child in children if isinstance(child, Token)
                      and child.type in ("MULOP", "PRIME", "TOP", "SIGN"))  # fmt: skip
        body = None if marks else self._argument(children[0])
        return Script(kind, marks, body, getattr(meta, "start_pos", 0))

    def _atom(self, child: Part | Script | Token) -> Factor:
        """A factor without scripts."""
        if isinstance(child, Factor):
            return child
        assert isinstance(child, Token)
        place = child.start_pos or 0, child.end_pos or 0
        return Factor((child,), *place, (), child.type, child, (), place)

    def _argument(self, child: Part | Script | Token) -> List:
        r"""What a script, \frac or \sqrt holds: a list in braces, or one symbol."""
        if isinstance(child, List):
            return child
        if isinstance(child, Sum):
            return list_of([child])
        factor = self._atom(child)
        if factor.kind == "braces":
            return factor.held
        return list_of([replace(factor, symbol=symbol_of(factor, self.varied))])

    def __default__(self, data: str, children: Children, meta: Meta) -> Factor:
        """Brackets, fractions, roots, styles: what they hold, by the name of their rule."""
        held = [c for c in children if not isinstance(c, Token) or c.type in _ARGUMENTS]
        sign = next((c for c in children if isinstance(c, Token) and c.type not in _ARGUMENTS), "")
        inside = tuple(c if isinstance(c, Case) else self._argument(c) for c in held)
        return self._enclosing(str(data), sign, inside, meta, children)

    def _enclosing(
        self, kind: str, sign: str, inside: tuple[Part, ...], meta: Meta, children: Children
    ) -> Factor:
        tokens, start, end = _place(meta, children)
        return Factor(tokens, start, end, (), kind, sign, inside, (start, end))

    def underset(self, meta: Meta, children: Children) -> Factor:
        r"""`\underset{s,t}{\max}` as `\max_{s,t}`; the rows of \substack."""
        first = children[0]
        if isinstance(first, Token):
            rows = tuple(child for child in children if isinstance(child, List))
            return self._enclosing("substack", first, rows, meta, children)
        below, above = map(self._argument, children)
        sign = above.lone
        if sign is None or sign.kind != "BIG":
            return self._enclosing("underset", "", (below, above), meta, children)
        script = Script("sub", (), below, below.start)
        return replace(sign, attached=(*sign.attached, script))

    def row(self, meta: Meta, children: Children) -> Case:
        value = next(child for child in children if isinstance(child, Sum))
        conditions = next((child for child in children if isinstance(child, List)), None)
        return Case(*_place(meta, children), value, conditions)


def _place(meta: Meta, children: Children) -> tuple[tuple[Token, ...], int, int]:
    """The tokens of some children, and where they stand."""
    tokens: list[Token] = []
    for child in children:
        if isinstance(child, Token):
            tokens.append(child)
        elif isinstance(child, Part):
            tokens += child.tokens
        else:
            tokens += [*child.marks, *(child.body.tokens if child.body else ())]
    return tuple(tokens), getattr(meta, "start_pos", 0), getattr(meta, "end_pos", 0)
