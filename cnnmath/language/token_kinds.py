"""What kinds of tokens there are for whoever settles their order: brackets, ends of operands."""

from collections.abc import Sequence

from lark import Token

OPENING = {
    "LPAR", "LSQB", "LBRACE", "OPEN", "LBAR", "LNORM", "_LANGLE", "_LFLOOR", "_LCEIL", "_LIVERSON",
    "CASES", "ARRAY",
}  # fmt: skip
CLOSING = {
    "RPAR", "RSQB", "RBRACE", "CLOSE", "RBAR", "RNORM", "_RANGLE", "_RFLOOR", "_RCEIL", "_RIVERSON",
    "END_CASES", "END_ARRAY",
}  # fmt: skip
SYMBOLS = {"LETTER", "GREEK", "WORD", "NUMBER", "INFINITY", "UNIT"}
ENDS_OPERAND = SYMBOLS | CLOSING | {"PRIME", "TOP"}


def cut(token: Token, kind: str, begin: int, end: int, text: str | None = None) -> Token:
    """A part of a token as a token of its own."""
    at = token.start_pos or 0
    return Token(
        kind, str(token)[begin:end] if text is None else text, at + begin, token.line, token.column,
        token.end_line, token.end_column, at + end,
    )  # fmt: skip


def one_word(tokens: Sequence[Token], word: str) -> Token:
    """Some tokens as one, which is a word."""
    first, last = tokens[0], tokens[-1]
    return Token(
        "WORD", word, first.start_pos, first.line, first.column, last.end_line, last.end_column,
        last.end_pos,
    )  # fmt: skip
