r"""Names of several letters: those that were declared, and the one that a formula defines.

`kH` is one name if it was declared, and so is `\Delta w` if `Delta_w` was. On the left, `MSE = ..`,
`loss(x, y) = ..`, `LBP_{P,R} = ..` and `\Delta w_{ij} = ..` define a name of which the right side
knows no part; a product of letters there would define nothing.
"""

from collections.abc import Collection, Iterable, Sequence

from lark import Token

from cnnmath.core.derivative import Derivative
from cnnmath.language.symbols import name_of
from cnnmath.language.token_kinds import CLOSING, OPENING, one_word

_LEAST = 3  # letters, for ab is a product
_SCRIPT = {"SUB", "SUP"}
_DELTA = ("\\Delta", "Δ")


def with_words(tokens: Sequence[Token], declared: Collection[str]) -> list[Token]:
    """The tokens, in which each name of several letters is one."""
    runs = _runs(_unbraced(tokens), declared)
    defined = _defined(runs)
    begun = {name.partition("_")[0] for name in declared if Derivative.named(name) is None}
    found: list[Token] = []
    for place, run in enumerate(runs):
        name = _name(run) if len(run) > 1 else ""
        after = runs[place + 1][0].type if place + 1 < len(runs) else ""
        follows = after in _SCRIPT or (place == 0 and after == "EQ")  # lr = lr_0; MAX_I
        is_begun = name in begun and run[0].type == "LETTER" and follows
        if name in declared or is_begun or (defined and place == 0):
            found.append(one_word(run, name))
        else:
            found += run
    return found


def with_plain_vectors(tokens: Sequence[Token], declared: Collection[str]) -> list[Token]:
    r"""The tokens, in which the arrow of `\vec{x}` is a way to set x, where x was declared."""
    found: list[Token] = []
    for place, token in enumerate(tokens):
        if token == r"\vec":
            letters = (one for one in tokens[place:] if one.type in ("LETTER", "GREEK", "WORD"))
            name = next((name_of(one.type, one) for one in letters), "")
            if name in declared and f"{name}_vec" not in declared:
                token = Token.new_borrow_pos("STYLE", token, token)
        found.append(token)
    return found


def _unbraced(tokens: Sequence[Token]) -> Sequence[Token]:
    """`{GLU}(a, b) = ..` without the braces, which print nothing."""
    end = next((n for n, token in enumerate(tokens) if token.type == "CLOSE"), 0)
    inside, behind = tokens[1:end], tokens[end + 1 : end + 2]
    is_name = len(inside) >= _LEAST and all(token.type == "LETTER" for token in inside)
    if is_name and tokens[0].type == "OPEN" and behind and behind[0].type in ("LPAR", "EQ"):
        return [*inside, *tokens[end + 1 :]]
    return tokens


def _runs(tokens: Iterable[Token], declared: Collection[str]) -> list[list[Token]]:
    """Letters and digits side by side, a \\Delta with what may be one name with it, all else alone.

    That is the letter behind it, if both were declared or begin the formula.
    """
    runs: list[list[Token]] = []
    for token in tokens:
        last = runs[-1] if runs else []
        is_next = bool(last) and last[0].type == "LETTER" and last[-1].end_pos == token.start_pos
        is_next &= token.type in ("LETTER", "NUMBER")
        if len(last) == 1 and last[0] in _DELTA and token.type in ("LETTER", "GREEK"):
            is_next = len(runs) == 1 or _name([*last, token]) in declared
        if is_next:
            last.append(token)
        else:
            runs.append([token])
    return runs


def _name(run: Sequence[Token]) -> str:
    if run[0] in _DELTA:
        return "_".join(name_of(token.type, token) for token in run)
    return "".join(run)


def _defined(runs: Sequence[Sequence[Token]]) -> bool:
    """Whether the first run is all of the left side but its scripts and arguments, and new."""
    first, *others = runs or [[]]
    kinds = [token.type for token in first]
    opens = bool(others) and others[0][0].type == "LPAR"
    labelled = [token.type for run in others[:4] for token in run]
    opens |= labelled[:1] == ["SUB"] and bool({"WORD", "STYLE"} & {*labelled[1:3]})
    is_function = len(first) > 1 and "".join(first).isupper() and opens  # FL(p); SS_{\rm res}
    is_word = (len(first) >= _LEAST or is_function) and set(kinds) == {"LETTER"}
    is_word |= kinds == ["LETTER", "NUMBER"]
    if not is_word and (len(first) != 2 or first[0] not in _DELTA):
        return False
    rest = [token for run in others for token in run]
    depth = 0
    for place, token in enumerate(rest):
        depth += (token.type in OPENING) - (token.type in CLOSING)
        if depth or token.type in _SCRIPT | CLOSING | {"PRIME"}:
            continue
        if token.type == "EQ":
            new = {str(one) for one in (first if is_word else first[:1]) if one.type != "NUMBER"}
            if rest[0].type == "SUB":  # nothing is indexed by itself, as P were in LBP_{P,R}
                new -= {str(one) for one in rest[:place]}
            return not new & {str(one) for one in rest[place:]}
        if not place or rest[place - 1].type not in _SCRIPT:
            return False
    return False
