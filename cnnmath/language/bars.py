"""Bars, which open and close with one character: |x|, ||v||, and those that part, as in p(x|y)."""

from collections.abc import Iterator, Sequence

from lark import Token

from cnnmath.language.token_kinds import CLOSING, ENDS_OPERAND, OPENING, cut


def with_double_bars(tokens: Sequence[Token]) -> list[Token]:
    """`||v||` with the double bars of a norm, `\\mid x \\mid` with single ones, and a colon where a
    bar stands alone, as in `p(x|\\mu)` and `p_{j|i}`.

    In |x||y| and in ||x| - |y|| two bars side by side are single ones.
    """
    found: list[Token] = []
    single: list[list[int]] = [[]]  # where single bars stand, for each bracket that is open
    is_norm = [False]  # whether double bars are open there
    skipped = -1
    for place, token in enumerate(tokens):
        if place == skipped:
            continue
        closes = bool(found) and found[-1].type in ENDS_OPERAND
        if token.type in OPENING - {"LBAR", "LNORM"}:
            single.append([])
            is_norm.append(False)
        elif token.type in CLOSING and len(single) > 1:
            _part(single.pop(), found)
            is_norm.pop()
        elif token == r"\mid" and (not closes or len(single[-1]) % 2):
            token = Token.new_borrow_pos("LBAR", "|", token)
        elif _is_double(tokens[place : place + 2]):
            lone = closes and not is_norm[-1] and not single[-1]  # q || p
            if lone or is_norm[-1] if closes else _opens_norm(tokens[place + 2 :]):
                token, skipped = cut(token, "LNORM", 0, 2, "||"), place + 1
                is_norm[-1] = not closes
        if token == "|":
            single[-1].append(len(found))
        found.append(token)
    for level in single:
        _part(level, found)
    return found


def _is_double(two: Sequence[Token]) -> bool:
    return [*two] == ["|", "|"] and two[0].end_pos == two[1].start_pos


def _opens_norm(rest: Sequence[Token]) -> bool:
    """Whether double bars before this are of a norm: the next bar closes both, or opens another."""
    depth = 0
    for place, token in enumerate(rest):
        depth += (token.type in OPENING - {"LBAR"}) - (token.type in CLOSING)
        if depth == 0 and token == "|":
            return _is_double(rest[place : place + 2]) or rest[place - 1].type not in ENDS_OPERAND
    return False


def _part(bars: Sequence[int], found: list[Token]) -> None:
    """A bar that is alone in its bracket parts what stands on its sides."""
    if len(bars) == 1 and not found[bars[0]].startswith("\\"):
        found[bars[0]] = Token.new_borrow_pos("COLON", ":", found[bars[0]])


def with_bars(tokens: Sequence[Token]) -> Iterator[Token]:
    """Tell |opening from closing| bars."""
    stack: list[str] = []
    before = ""
    for token in _with_norms(tokens):
        if token.type == "LBAR" and not token.startswith("\\l"):
            closes = before in ENDS_OPERAND and bool(stack) and stack[-1] == "LBAR"
            if closes or token.startswith("\\r"):
                token = Token.new_borrow_pos("RBAR", token, token)
        if token.type in OPENING:
            stack.append(token.type)
        elif token.type in CLOSING and stack:
            stack.pop()
        before = token.type
        yield token


def _with_norms(tokens: Sequence[Token]) -> Iterator[Token]:
    """Tell \\|opening from closing\\| double bars; a lone one separates, as in D(P \\| Q)."""
    level: list[list[int]] = [[]]  # where the double bars stand, for each bracket that is open
    kinds: dict[int, str] = {}

    def pair(places: list[int]) -> None:
        for number, place in enumerate(places):
            closes = number % 2 or tokens[place].startswith("\\r")
            kinds[place] = "RNORM" if closes else "LNORM"
        if len(places) == 1 and not tokens[places[0]].startswith("\\l"):
            kinds[places[0]] = "COLON"

    for place, token in enumerate(tokens):
        if token.type == "LNORM":
            level[-1].append(place)
        elif token.type in OPENING:
            level.append([])
        elif token.type in CLOSING and len(level) > 1:
            pair(level.pop())
    for places in level:
        pair(places)
    for place, token in enumerate(tokens):
        kind = kinds.get(place, token.type)
        yield token if kind == token.type else Token.new_borrow_pos(kind, token, token)
