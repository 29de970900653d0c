r"""What a name is, said behind a formula: `y_i = x_i / r, \text{ where } r = \sum_i x_i`."""

import re

from cnnmath.language.grammar import parse
from cnnmath.language.names import word_of

_WHERE = re.compile(r"\\(?:text|textrm|mathrm|mbox)\{[\s~]{0,9}(?:where|with)[\s~:]{0,9}\}")
_SPACE = r"(?:[,.;~\s]|\\q?quad|\\[,;:! ])+"


def parted(latex: str) -> tuple[str, str] | None:
    """A formula and the one behind its "where"; None if there are not two."""
    main, *stated = _WHERE.split(latex)
    if len(stated) != 1 or "=" not in stated[0]:
        return None
    return re.sub(rf"{_SPACE}$", "", main), re.sub(rf"^{_SPACE}", "", stated[0])


def names_in(latex: str) -> tuple[set[str], set[str]]:
    """The names that stand in a formula, with the words below them and without; and the letters in
    their scripts, which may be indices.

    Raises FormulaSyntaxError if it is none
    """
    symbols = parse(latex).symbols
    labelled = {f"{symbol.name}_{word_of(held)}" for symbol in symbols for held in symbol.subs}
    below = {letter for symbol in symbols for _, held in symbol.bodies for letter in held.letters}
    return labelled | {symbol.name for symbol in symbols}, below
