"""What is said of a text that is no formula, with a caret under the character."""

import re
from collections.abc import Collection

from lark import Token

from cnnmath.core.wording import nearest, pointed
from cnnmath.errors import FormulaSyntaxError
from cnnmath.language.characters import instead_of

_CLOSING = {
    "RPAR": ")", "RSQB": "]", "CLOSE": "}", "RBAR": "|", "RNORM": "\\|", "RBRACE": "\\}",
    "_RFLOOR": "\\rfloor", "_RCEIL": "\\rceil",
    "END_CASES": "\\end{cases}", "END_ARRAY": "\\end{array}",
}  # fmt: skip
_IN_WORDS = {
    **_CLOSING,
    "LETTER": "a letter", "GREEK": "a Greek letter", "WORD": "a word", "NUMBER": "a number",
    "EQ": "=", "REL": "a comparison such as < or \\le", "SIGN": "+ or -", "MULOP": "a product sign",
    "COMMA": "a comma", "BIG": "\\sum, \\prod, \\max or \\min", "FRAC": "\\frac", "AMP": "&",
    "FUNCTION": "a function such as \\exp", "LPAR": "(", "LSQB": "[", "OPEN": "{", "SUB": "_",
    "SUP": "^", "LBAR": "|", "LNORM": "\\|", "NEWLINE": "\\\\", "IF": "\\text{if}",
    "OTHERWISE": "\\text{otherwise}", "PRIME": "a prime", "$END": "the end", "LBRACE": "\\{",
    "ARRAY": "\\begin{array}", "CASES": "\\begin{cases}", "_LFLOOR": "\\lfloor",
    "_LCEIL": "\\lceil",
}  # fmt: skip


_COMMANDS = (
    "frac", "sqrt", "sum", "prod", "max", "min", "exp", "log", "ln", "tanh", "sin", "cos", "cdot",
    "times", "odot", "left", "right", "partial", "nabla", "hat", "bar", "tilde", "mathbf", "mathrm",
    "mathcal", "text", "operatorname", "lfloor", "rfloor", "lVert", "rVert", "alpha", "beta",
    "gamma", "delta", "epsilon", "eta", "theta", "lambda", "mu", "sigma", "phi", "infty", "top",
    "leq", "geq", "neq", "ldots", "bmod", "begin", "end",
)  # fmt: skip
"""What authors write most, for those who mistype it."""
# Where Python has made one character of a backslash and a letter: \f of \frac, a tab of \tanh.
_SWALLOWED = re.compile(
    r"[\a\b\f\v]|\r(?!\n)|\t(?=anh|heta|au\b|ext|imes|frac|ilde|op\b|o\b|an\b)|\n(?=abla|eq\b|otin)"
)


def insist_on_backslashes(latex: str) -> None:
    """Raises FormulaSyntaxError if Python has taken backslashes out of a string without r."""
    swallowed = _SWALLOWED.search(latex)
    if swallowed:
        raise FormulaSyntaxError(
            f"the string has lost backslashes: Python reads {swallowed[0]!r} in it as one "
            "character. Write an r before it: Formula(r'...')"
        )


def syntax_error(latex: str, position: int, what: str) -> FormulaSyntaxError:
    """A FormulaSyntaxError that shows the LaTeX with a caret under the character."""
    return FormulaSyntaxError(f"{what}\n{pointed(latex, position)}")


def unknown(latex: str, position: int) -> FormulaSyntaxError:
    """For a character, or a command, that no token begins with."""
    if latex[position] != "\\":
        what = f"the character {latex[position]!r} is not part of the formula language"
        instead = instead_of(latex, position)
        what += f": write {instead}" if instead else ""
        return syntax_error(latex, position, what)
    end = position + 1
    while end < len(latex) and latex[end].isascii() and latex[end].isalpha():
        end += 1
    command = latex[position : max(end, position + 2)]
    braced = latex[end : end + 40].partition("}")[0] if latex[end : end + 1] == "{" else ""
    if command in (r"\begin", r"\end") or braced:
        command += f"{braced}}}" if braced else ""
    near = nearest(command[1:], _COMMANDS, 0.75) if not braced else ""
    meant = f": did you mean \\{near}?" if near else ""
    return syntax_error(latex, position, f"{command} is not part of the formula language{meant}")


def unexpected(latex: str, token: Token | None, accepted: Collection[str]) -> FormulaSyntaxError:
    """For a token that cannot stand where it stands; None for the end."""
    closing = sorted({_CLOSING[name] for name in accepted if name in _CLOSING})
    words = closing + sorted({_IN_WORDS[n] for n in accepted if n in _IN_WORDS} - {*closing})
    if len(words) > 8:
        starts = {"LETTER", "NUMBER", "FRAC"} <= set(accepted)
        rest = [_IN_WORDS[n] for n in ("CLOSE", "RPAR", "RSQB", "RBAR", "EQ") if n in accepted]
        words = (["a symbol, a number or a bracket"] if starts else []) + rest
    expected = ", ".join(words[:-1]) + " or " + words[-1] if len(words) > 1 else "".join(words)
    if token is None:
        what = f"the formula ends too early: expected {expected}"
        return syntax_error(latex, len(latex.rstrip()), what)
    shown = token if len(token) < 30 else f"{token[:27]}..."
    what = f"'{shown}' is not expected here: expected {expected}"
    return syntax_error(latex, token.start_pos or 0, what)
