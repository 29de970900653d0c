r"""What names are, said behind a formula: `y_i = x_i / r, \quad \text{where } r = \sum_i x_i`.

The word is often left out, `y_i = x_i / r, \quad r = \sum_i x_i`, and there may be several.
"""

import re
from collections.abc import Collection

from cnnmath.language.grammar import parse
from cnnmath.language.names import word_of
from cnnmath.language.syntax import Scripted

_WORD = r"\\(?:text|textrm|mathrm|mbox)\{[\s~]{0,9}(?:where|with|and)[\s~:]{0,9}\}"
_CUT = re.compile(rf"({_WORD}|\\q?quad(?![A-Za-z]))")
_SPACE = r"(?:[,.;~\s]|\\q?quad|\\[,;:! ])"


def parted(latex: str) -> list[str]:
    r"""A formula, and what stands behind it, cut before each `\quad` and "where"."""
    found = [""]
    for piece in _CUT.split(latex):
        if _CUT.fullmatch(piece) and _is_closed(found[-1]):
            found.append("")
        found[-1] += piece
    return found


def _is_closed(text: str) -> bool:
    """Whether a text ends outside of braces and of what is between \\begin and \\end."""
    plain = re.sub(r"\\[{}]", "", text)
    return plain.count("{") == plain.count("}") and text.count(r"\begin") == text.count(r"\end")


def bare(piece: str) -> str:
    """A piece without the word, the blanks and the punctuation around it."""
    around = rf"(?:{_SPACE}|{_WORD})+"
    return re.sub(rf"^{around}|{around}$", "", piece)


def mentions(piece: str, letter: str) -> bool:
    """Whether a letter stands by itself in a piece."""
    return re.search(rf"(?<![A-Za-z\\]){re.escape(letter)}(?![A-Za-z])", piece) is not None


def names_in(latex: str, words: Collection[str] = ()) -> tuple[set[str], set[str]]:
    """The names that stand in a formula, with the words below them and without; and the letters
    below names and sums, which may be indices.

    Raises FormulaSyntaxError if it is none
    """
    equation = parse(latex, words)
    symbols = equation.symbols
    subs = [held for part in equation.walk() if isinstance(part, Scripted) for held in part.subs]
    below = {id(symbol): symbol.name for held in subs for symbol in held.symbols}
    labelled = {f"{symbol.name}_{word_of(held)}" for symbol in symbols for held in symbol.subs}
    return labelled | {one.name for one in symbols if id(one) not in below}, {*below.values()}
