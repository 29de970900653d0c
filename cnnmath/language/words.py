r"""Names of several letters: those that were declared, and the one that a formula defines.

`kH` is one name if it was declared, and so is `\Delta w` if `Delta_w` was. On the left, `MSE = ..`,
`loss(x, y) = ..`, `LBP_{P,R} = ..` and `\Delta w_{ij} = ..` define a name of which the right side
knows no part; a product of letters there would define nothing.
"""

from collections.abc import Collection, Iterable, Sequence

from lark import Token

from cnnmath.language.symbols import command_of
from cnnmath.language.token_kinds import CLOSING, OPENING, cut

_LEAST = 3  # letters, for ab is a product
_SCRIPT = {"SUB", "SUP"}
_DELTA = ("\\Delta", "Δ")


def with_words(tokens: Iterable[Token], declared: Collection[str]) -> list[Token]:
    """The tokens, in which each name of several letters is one."""
    runs = _runs(tokens)
    defined = _defined(runs)
    found: list[Token] = []
    for place, run in enumerate(runs):
        name = _name(run)
        is_one = len(run) > 1 and (name in declared or (defined and place == 0))
        end = (run[-1].end_pos or 0) - (run[0].start_pos or 0)
        found += [cut(run[0], "WORD", 0, end, name)] if is_one else run
    return found


def _runs(tokens: Iterable[Token]) -> list[list[Token]]:
    """Letters and digits side by side, a \\Delta with the letter behind it, and all else alone."""
    runs: list[list[Token]] = []
    for token in tokens:
        last = runs[-1] if runs else []
        is_next = bool(last) and last[0].type == "LETTER" and last[-1].end_pos == token.start_pos
        is_changed = len(last) == 1 and last[0] in _DELTA
        if (is_next and token.type in ("LETTER", "NUMBER")) or (
            is_changed and token.type in ("LETTER", "GREEK")
        ):
            last.append(token)
        else:
            runs.append([token])
    return runs


def _name(run: Sequence[Token]) -> str:
    if run[0] in _DELTA:
        return "_".join(command_of(token).strip("\\ ").replace("Δ", "Delta") for token in run)
    return "".join(run)


def _defined(runs: Sequence[Sequence[Token]]) -> bool:
    """Whether the first run is all of the left side but its scripts and arguments, and new."""
    first, *others = runs or [[]]
    is_word = len(first) >= _LEAST and all(token.type == "LETTER" for token in first)
    if not is_word and (len(first) != 2 or first[0] not in _DELTA):
        return False
    rest = [token for run in others for token in run]
    depth = 0
    for place, token in enumerate(rest):
        depth += (token.type in OPENING) - (token.type in CLOSING)
        if depth or token.type in _SCRIPT | CLOSING | {"PRIME"}:
            continue
        if token.type == "EQ":
            new = first if is_word else first[:1]
            return not {str(one) for one in new} & {str(one) for one in rest[place:]}
        if not place or rest[place - 1].type not in _SCRIPT:
            return False
    return False
