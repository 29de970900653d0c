"""Factorials: `k!` as a function of what stands before the mark."""

from collections.abc import Sequence

from lark import Token

from cnnmath.language.token_kinds import CLOSING, OPENING, SYMBOLS, cut

_SCRIPT = {"SUB", "SUP"}


def with_factorials(tokens: Sequence[Token]) -> list[Token]:
    """The tokens, in which `k!` is factorial(k); of `2k!` and of `x_k!` only the last symbol."""
    found: list[Token] = []
    for token in tokens:
        start = _operand(found) if token == "!" else len(found)
        if start == len(found):
            found.append(token)
            continue
        name = cut(token, "FUNCTION", 0, 0, r"\mathrm{factorial}")
        around = cut(token, "LPAR", 0, 0, "("), cut(token, "RPAR", 0, 1, ")")
        found[start:] = [name, around[0], *found[start:], around[1]]
    return found


def _operand(tokens: Sequence[Token]) -> int:
    """Where the last symbol or bracket begins, with its scripts; behind all, if there is none."""
    at, depth = len(tokens) - 1, 0
    while at >= 0:
        kind = tokens[at].type
        depth += (kind in CLOSING) - (kind in OPENING)
        before = tokens[at - 1].type if at else ""
        if depth == 0 and kind in OPENING | SYMBOLS | {"GREEK"}:
            if before not in _SCRIPT:
                return at
            at -= 1
        elif depth == 0 and kind not in CLOSING:
            break
        at -= 1
    return len(tokens)
