"""From LaTeX to tokens, and from tokens to a parse tree.

The grammar is context-free; four habits of authors are not, and are settled here, on the tokens:
bars open and close with one character, letters may spell a name that was declared, `&` and `\\\\`
lay out except inside cases, and a displayed formula may end in punctuation.
"""

from collections.abc import Collection, Iterator
from functools import cache
from importlib.resources import files

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput

from cnnmath.errors import FormulaSyntaxError

LONGEST = 20_000  # characters; nobody's formula is longer, and a tree this deep is refused
DEEPEST = 60  # brackets within brackets

_OPENING = {"LPAR", "LSQB", "LBRACE", "_LBRACE", "LBAR", "CASES", "ARRAY"}
_CLOSING = {"RPAR", "RSQB", "RBRACE", "RBAR", "END_CASES", "END_ARRAY"}
_ENDS_OPERAND = {
    "LETTER", "GREEK", "WORD", "NUMBER", "INFINITY", "UNIT", "PRIME", "TOP",
    "RPAR", "RSQB", "RBRACE", "RBAR", "CLOSE", "END_CASES", "END_ARRAY",
}  # fmt: skip

_IN_WORDS = {
    "LETTER": "a letter", "GREEK": "a Greek letter", "WORD": "a word", "NUMBER": "a number",
    "EQ": "=", "REL": "a comparison such as < or \\le", "SIGN": "+ or -", "MULOP": "a product sign",
    "COMMA": "a comma", "BIG": "\\sum, \\prod, \\max or \\min", "FRAC": "\\frac", "AMP": "&",
    "FUNCTION": "a function such as \\exp", "LPAR": "(", "RPAR": ")", "LSQB": "[", "RSQB": "]",
    "OPEN": "{", "CLOSE": "}", "UNDERSCORE": "_", "CIRCUMFLEX": "^", "LBAR": "|", "RBAR": "|",
    "NEWLINE": "\\\\", "END_CASES": "\\end{cases}", "END_ARRAY": "\\end{array}",
    "IF": "\\text{if}", "OTHERWISE": "\\text{otherwise}", "PRIME": "a prime", "$END": "the end",
    "LBRACE": "\\{", "RBRACE": "\\}", "ARRAY": "\\begin{array}", "CASES": "\\begin{cases}",
}  # fmt: skip


@cache
def _parser() -> Lark:
    grammar = files(__package__).joinpath("formula.lark").read_text(encoding="utf-8")
    return Lark(
        grammar, parser="lalr", lexer="basic", start="statement",
        propagate_positions=True, maybe_placeholders=False,
    )  # fmt: skip


def pointed(latex: str, position: int) -> str:
    """The line of the LaTeX that holds a position, with a caret under the character."""
    position = min(position, len(latex))
    start = latex.rfind("\n", 0, position) + 1
    end = latex.find("\n", position)
    line = latex[start : len(latex) if end < 0 else end]
    column = position - start
    if len(line) > 120:  # keep the caret in sight
        cut = max(0, column - 60)
        line, column = line[cut : cut + 120], column - cut
    return f"    {line}\n    {' ' * column}^"


def syntax_error(latex: str, position: int, what: str) -> FormulaSyntaxError:
    """A FormulaSyntaxError that shows the LaTeX with a caret under the character."""
    return FormulaSyntaxError(f"{what}\n{pointed(latex, position)}")


def parse(latex: str, words: Collection[str] = ()) -> Tree[Token]:
    """The parse tree of a LaTeX formula.

    words : names of several letters that were declared, so that `kH` is one name, not k times H
    Raises FormulaSyntaxError, with a caret, if the text is not a formula.
    """
    if len(latex) > LONGEST:
        raise FormulaSyntaxError(f"the formula has {len(latex)} characters, more than {LONGEST}")
    parser = _parser()
    try:
        tokens = list(parser.lex(latex))
    except UnexpectedCharacters as error:
        position = error.pos_in_stream
        if latex[position] == "\\":
            command = latex[position : position + 1]
            command += "".join(_leading_letters(latex[position + 1 :])) or latex[position + 1 :][:1]
            what = f"the command {command} is not part of the formula language"
        else:
            what = f"the character {latex[position]!r} is not part of the formula language"
        raise syntax_error(latex, position, what) from None
    if not tokens:
        raise FormulaSyntaxError("the formula is empty: expected something like a_i = x_i + b")

    machine = parser.parse_interactive("")
    last = tokens[-1]
    for token in _settle_bars(_settle_layout(_join_words(tokens, words), latex), latex):
        try:
            machine.feed_token(token)
        except UnexpectedInput:
            expected = _expected(machine.accepts())
            what = f"{_shown(token)} is not expected here: expected {expected}"
            raise syntax_error(latex, token.start_pos or 0, what) from None
    try:
        tree: Tree[Token] = machine.feed_eof(last)
    except UnexpectedInput:
        expected = _expected(machine.accepts())
        what = f"the formula ends too early: expected {expected}"
        raise syntax_error(latex, len(latex.rstrip()), what) from None
    return tree


def _leading_letters(text: str) -> Iterator[str]:
    for character in text:
        if not (character.isascii() and character.isalpha()):
            return
        yield character


def _shown(token: Token) -> str:
    return f"'{token}'" if len(token) < 30 else f"'{token[:27]}...'"


def _expected(accepted: Collection[str]) -> str:
    words = sorted({_IN_WORDS[name] for name in accepted if name in _IN_WORDS})
    if len(words) > 8:
        starts = {"LETTER", "NUMBER", "FRAC"} <= set(accepted)
        rest = [_IN_WORDS[n] for n in ("CLOSE", "RPAR", "RSQB", "RBAR", "EQ") if n in accepted]
        words = (["a symbol, a number or a bracket"] if starts else []) + rest
    return ", ".join(words[:-1]) + " or " + words[-1] if len(words) > 1 else "".join(words)


def _join_words(tokens: list[Token], words: Collection[str]) -> Iterator[Token]:
    """A run of letters with nothing between them that spells a declared name is that name."""
    at = 0
    while at < len(tokens):
        end = at
        while (
            end < len(tokens)
            and tokens[end].type == "LETTER"
            and tokens[end].end_pos == (tokens[at].start_pos or 0) + end - at + 1
        ):
            end += 1
        run = "".join(tokens[at:end])
        if len(run) > 1 and run in words:
            first = tokens[at]
            yield Token("WORD", run, first.start_pos, first.line, first.column,
                        tokens[end - 1].end_line, tokens[end - 1].end_column,
                        tokens[end - 1].end_pos)  # fmt: skip
            at = end
        elif end > at:
            yield from tokens[at:end]
            at = end
        else:
            yield tokens[at]
            at += 1


def _settle_layout(tokens: Iterator[Token], latex: str) -> list[Token]:
    """Drop `&` and `\\\\` where they only lay out, and punctuation that ends a formula or a row.

    Outside cases a new line may only go on with the line before: `a \\\\ = b`, `a \\\\ + b`.
    """
    joins = {"EQ", "REL", "SIGN", "MULOP", "COMMA", "LOGIC"}
    kept: list[Token] = []
    broken_at: int | None = None  # where a line ended that must go on
    for token, in_rows in _with_rows(tokens):
        if token.type == "AMP" and not in_rows:
            continue
        if token.type == "NEWLINE" and not in_rows:
            if kept and kept[-1].type not in joins:
                broken_at = token.start_pos
            continue
        if broken_at is not None and token.type not in joins:
            what = (
                "a new line must go on with the formula (with =, + or -): "
                "two equations are two Formulas"
            )
            raise syntax_error(latex, broken_at, what)
        broken_at = None
        if token.type in ("NEWLINE", "END_CASES", "END_ARRAY"):
            while kept and kept[-1].type == "COMMA":
                kept.pop()
        kept.append(token)
    while kept and kept[-1].type == "COMMA":
        kept.pop()
    return kept


def _with_rows(tokens: Iterator[Token]) -> Iterator[tuple[Token, bool]]:
    """Each token, and whether it stands in cases or \\substack{...}, where `\\\\` ends a row."""
    cases = 0
    braces = 0
    substacks: list[int] = []
    before = ""
    for token in tokens:
        match token.type:
            case "CASES" | "ARRAY":
                cases += 1
            case "OPEN":
                braces += 1
                if before == "SUBSTACK":
                    substacks.append(braces)
            case "CLOSE":
                if substacks and substacks[-1] == braces:
                    substacks.pop()
                braces -= 1
        yield token, cases > 0 or bool(substacks)
        if token.type in ("END_CASES", "END_ARRAY"):
            cases -= 1
        before = token.type


def _settle_bars(tokens: list[Token], latex: str) -> Iterator[Token]:
    """Tell |opening from closing| bars, and refuse brackets nested beyond reason."""
    stack: list[str] = []
    before = ""
    for token in tokens:
        kind = token.type
        if kind == "LBAR" and not token.startswith("\\l"):
            closes = before in _ENDS_OPERAND and bool(stack) and stack[-1] == "LBAR"
            if closes or token.startswith("\\r"):
                kind = "RBAR"
                token = Token.new_borrow_pos(kind, token, token)
        if kind in _OPENING or kind == "OPEN":
            stack.append(kind)
            if len(stack) > DEEPEST:
                what = f"brackets are nested more than {DEEPEST} deep"
                raise syntax_error(latex, token.start_pos or 0, what)
        elif (kind in _CLOSING or kind == "CLOSE") and stack:
            stack.pop()
        before = kind
        yield token
