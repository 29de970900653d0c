r"""LaTeX as authors write it: x_{ij} for x_{i, j}, iq for i \cdot q, e^x for \exp(x).

The printer says everything, so that nothing can be read in two ways. What authors leave out is left
out here, wherever the shorter form is read as the same.
"""

import re
from functools import reduce

from cnnmath.core.statement import Declared, Statement
from cnnmath.errors import CnnMathError
from cnnmath.language.reader import read

_LETTERS = re.compile(r"_\{((?:[a-z]'*, )+[a-z]'*)\}")
_TIMES = re.compile(r"(?<![A-Za-z\\])([A-Za-z]'*) \\cdot (?=[A-Za-z]'*(?![A-Za-z]))")
_EXPONENTIAL = re.compile(r"\\exp(\\left)?\(")
_TALL = re.compile(r"\\(sum|frac|begin|max|min|prod)\b")


def familiar(latex: str, declared: Declared) -> str:
    """The LaTeX in a shorter form that reads as the same, or as it is."""
    forms = (_without_commas, _without_dots, _with_powers)
    whole = reduce(lambda text, form: form(text), forms, latex)
    if whole == latex:
        return latex
    meaning = _means(latex, declared)
    if meaning is None or _means(whole, declared) == meaning:
        return latex if meaning is None else whole
    for form in forms:
        if _means(form(latex), declared) == meaning:
            latex = form(latex)
    return latex


def _without_commas(latex: str) -> str:
    return _LETTERS.sub(lambda match: f"_{{{match[1].replace(', ', '')}}}", latex)


def _without_dots(latex: str) -> str:
    return _TIMES.sub(r"\1 ", latex)


def _with_powers(latex: str) -> str:
    r"""e^{-x} for \exp(-x), but not with what would be too small to read."""
    at = 0
    while match := _EXPONENTIAL.search(latex, at):
        end = _closing(latex, match.end())
        inside = latex[match.end() : end].strip().removesuffix(r"\right").strip()
        at = match.end()
        if not _TALL.search(inside):
            latex = f"{latex[: match.start()]}e^{{{inside}}}{latex[end + 1 :]}"
            at = match.start()
    return latex


def _closing(latex: str, at: int) -> int:
    """Where the bracket closes that was opened before."""
    depth = 1
    for bracket in re.compile(r"[()]").finditer(latex, at):
        depth += 1 if bracket[0] == "(" else -1
        if not depth:
            return bracket.start()
    return len(latex)


def _means(latex: str, declared: Declared) -> tuple[object, ...] | None:
    """What is read in it; None where nothing can be read."""
    try:
        statement: Statement = read(latex, declared)
    except CnnMathError:
        return None
    return statement.head, statement.links, statement.conditions
