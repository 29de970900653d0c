"""What to write for a character that is not LaTeX: `²`, `x̂`, `𝐱`, `½`, `ℝ`, `µ`.

Unicode says of such a character what it stands for: a 2 set high, an x in bold type, 1 over 2.
"""

import unicodedata

_ACCENTS = {
    "\u0302": r"\hat", "\u0303": r"\tilde", "\u0304": r"\bar", "\u0305": r"\overline",
    "\u0306": r"\breve", "\u0307": r"\dot", "\u0308": r"\ddot", "\u030c": r"\check",
    "\u20d7": r"\vec",
}  # fmt: skip
_STYLES = (  # as they are called in the names of characters; the first that fits
    ("DOUBLE-STRUCK", r"\mathbb"), ("BLACK-LETTER", r"\mathfrak"), ("FRAKTUR", r"\mathfrak"),
    ("SANS-SERIF", r"\mathsf"), ("MONOSPACE", r"\mathtt"), ("SCRIPT", r"\mathcal"),
    ("BOLD", r"\mathbf"),
)  # fmt: skip
_SCRIPTS = {"<super>": "^", "<sub>": "_"}


def instead_of(text: str, position: int) -> str:
    """What to write for the character at a position; "" if that is not known."""
    character = text[position]
    kind = unicodedata.decomposition(character).partition(" ")[0]  # <super>, <font>, ..
    plain = unicodedata.normalize("NFKC", character)
    if character in _ACCENTS:
        under = text[:position][-1:]
        return f"{_ACCENTS[character]}{{{under if under.isalpha() else '..'}}}"
    if kind in _SCRIPTS:
        return f"{_SCRIPTS[kind]}{{{_run(text, position, kind)}}}"
    if kind == "<fraction>":
        above, _, below = plain.partition("\u2044")
        return rf"\frac{{{above}}}{{{below}}}"
    if kind == "<font>":
        name = unicodedata.name(character)
        style = next((command for word, command in _STYLES if word in name), "")
        letter = _as_latex(plain)
        if style and letter.startswith("\\"):
            style = r"\boldsymbol"
        return f"{style}{{{letter}}}" if style else letter
    apart = unicodedata.normalize("NFD", character)
    if apart[1:] in _ACCENTS:
        return f"{_ACCENTS[apart[1:]]}{{{apart[0]}}}"
    variant = unicodedata.name(character, "").endswith("SYMBOL")  # \u03d1, which is \\vartheta
    latex = _as_latex(plain)
    if plain == character or any(map(unicodedata.combining, plain)):
        return ""
    return latex.replace("\\", r"\var") if variant else latex


def _run(text: str, position: int, kind: str) -> str:
    """The characters from a position on that are set high, or low, in their plain form."""
    end = position
    while end < len(text) and unicodedata.decomposition(text[end]).startswith(kind):
        end += 1
    return unicodedata.normalize("NFKC", text[position:end]).replace("\u2212", "-")


def _as_latex(text: str) -> str:
    """Greek letters by their commands, everything else as it is."""
    name = unicodedata.name(text, "") if len(text) == 1 else ""
    if not name.startswith("GREEK") or "LETTER" not in name:
        return text
    last = name.rpartition(" ")[2]
    return "\\" + (last.capitalize() if "CAPITAL" in name else last.lower())
