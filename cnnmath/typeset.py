"""A formula as a reader sees it: typeset in colour, its symbols explained, its LaTeX to copy.

Markdown serves everywhere: JupyterLab and GitHub typeset it, and so does the built book. But HTML
in Markdown is HTML: what an author or a reader wrote goes through `tagless` before it is shown.
"""

import html
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Protocol

from cnnmath.code import Source, Style
from cnnmath.colours import FALLBACKS, ROLES, Colour, colour_of, colours_of
from cnnmath.core import wording
from cnnmath.core.definition import Definition
from cnnmath.core.derivative import Derivative
from cnnmath.core.nodes import Index
from cnnmath.core.shapes import shape_text
from cnnmath.errors import FormulaError

_MATHEMATICS = re.compile(r"\$\$.*?\$\$|\$[^$]*\$", re.DOTALL)
_TAG = re.compile(r"<(?=[A-Za-z/!?])")  # what Markdown and HTML take for the beginning of a tag
_LINK = re.compile(r"\\(href|url|includegraphics|html[A-Za-z]+)")  # what LaTeX can make of HTML


class Stated(Protocol):
    """A formula with the words about it: what `Formula` keeps of both."""

    meaning: str
    symbols: dict[str, str]
    definition: Definition

    @property
    def reading(self) -> str: ...

    def numpy(self, style: Style = "loops") -> Source: ...


def tagless(text: str) -> str:
    """Words in Markdown, with formulas between dollars, in which no `<` begins a tag of HTML and
    no command of LaTeX makes a link, a picture or an attribute."""
    parts = []
    at = 0
    for formula in _MATHEMATICS.finditer(text):
        parts += [_TAG.sub("&lt;", text[at : formula.start()]), _TAG.sub("< ", formula[0])]
        at = formula.end()
    parts.append(_TAG.sub("&lt;", text[at:]))
    return linkless("".join(parts))


def linkless(latex: str) -> str:
    """LaTeX in which no command makes a link, a picture or an attribute."""
    return _LINK.sub(r"\\text{\1}", latex)


def marked(
    formula: Stated,
    mark: Callable[[str, str], str],
    mark_index: Callable[[str, str], str] | None = None,
) -> str:
    """The LaTeX with the symbol of each array replaced by `mark(name, symbol)`.

    mark_index : replaces each letter that is an index, but where a sum says how that runs
    """
    out = []
    at = 0
    said = formula.definition
    indices = _indices(said) if mark_index else frozenset()

    def between(start: int, end: int) -> str:
        text = said.latex[start:end]
        return _with_indices_marked(text, indices, mark_index) if mark_index else text

    arrays = {*said.vocabulary.names, said.result} - set(said.vocabulary.sizes)
    for start, end, name in said.statement.symbols:
        if name in arrays:
            symbol = mark(name, between(start, end))
            out += [between(at, start), _as_script(said.latex[:start], symbol)]
            at = end
    return _TAG.sub("< ", "".join(out) + between(at, len(said.latex)))


def _indices(said: Definition) -> frozenset[str]:
    nodes = (node for root in said.value.roots for node in root.walk())
    return frozenset(n.name for n in nodes if isinstance(n, Index) and n.name.isalpha())


# Commands with the words behind them, what says how an operator runs, and single letters.
_WORDS = r"\\(?:text|mathrm|operatorname\*?|begin|end)\s*\{[^{}]*\}"
_LIMITS = r"(?:\s*[_^]\s*(?:\{[^{}]*\}|\\?\w))*"
_PIECE = re.compile(
    rf"(?:{_WORDS}|\\(?:sum|prod|max|min)(?![A-Za-z])(?:\\limits)?){_LIMITS}|\\[A-Za-z]+|(?P<letter>[A-Za-z])"
)


def _with_indices_marked(
    latex: str, indices: frozenset[str], mark: Callable[[str, str], str]
) -> str:
    def replaced(piece: re.Match[str]) -> str:
        letter = piece["letter"]
        if letter not in indices:
            return piece[0]
        return _as_script(latex[: piece.start()], mark(letter, letter))

    return _PIECE.sub(replaced, latex)


def _as_script(before: str, marked: str) -> str:
    """In braces, where an author wrote a lone letter behind _ or ^: a command would need them."""
    return f"{{{marked}}}" if before.rstrip().endswith(("_", "^")) else marked


def colours_in(*formulas: Stated) -> dict[str, Colour]:
    """The colours of all symbols of formulas that stand together."""
    said = [formula.definition for formula in formulas]
    return colours_of(name for one in said for name in (*one.vocabulary.names, one.result))


def coloured(formula: Stated, colours: Mapping[str, Colour] | None = None) -> str:
    """The LaTeX, each array's symbol in the array's colour.

    colours : of symbols that are to be told apart; a symbol has the one of its name without
    """

    def in_colour(name: str, latex: str) -> str:
        colour = (colours or {}).get(name) or colour_of(name)
        return rf"\textcolor{{{colour.light}}}{{{latex}}}"

    return marked(formula, in_colour)


def for_dark_themes(shown: str) -> str:
    """A style sheet that gives the colours in `shown` their counterparts where JupyterLab is dark.

    The built book has one for all of its pages.
    """
    rules = []
    for light, dark in (*ROLES.values(), *FALLBACKS):
        if light in shown:
            # MathJax writes a colour in another way than it was given.
            red, green, blue = bytes.fromhex(light[1:])
            typeset = f'mjx-container [style*="color: rgb({red}, {green}, {blue})"]'
            written = f'{typeset},[style*="color:{light}"]'
            rules.append(f'[data-jp-theme-light="false"] :is({written}){{color:{dark}!important}}')
    return f"<style>{''.join(rules)}</style>" if rules else ""


def markdown(formula: Stated) -> str:
    """The formula, a line that says what each symbol is, and folds: its LaTeX, and it in NumPy.

    In the first fold the formula stands once more, as it was understood.
    """
    colours = colours_in(formula)
    typeset = displayed(coloured(formula, colours))
    lines = ["$$", typeset, "$$", ""]
    if formula.meaning:
        lines += [tagless(formula.meaning), ""]
    lines += [_explained(formula, colours), ""]
    lines += [
        "<details><summary>LaTeX</summary>",
        "",
        f"<pre><code>{html.escape(formula.definition.latex.strip())}</code></pre>",
        "",
    ]
    with suppress(FormulaError):  # what the language has no words for
        lines += ["Read as", "", "$$", _TAG.sub("< ", formula.reading), "$$", ""]
    lines += [for_dark_themes(typeset), "", "</details>"]
    return "\n".join([*lines, *_as_numpy(formula)])


def _as_numpy(formula: Stated) -> Iterator[str]:
    """A fold with the formula in NumPy, in loops and by einsum, as far as it can be written so."""
    with suppress(FormulaError):
        yield from ("", *formula.numpy("loops").folded("NumPy, in loops"))
    with suppress(FormulaError):
        yield from ("", *formula.numpy("einsum").folded("NumPy, by einsum"))


def displayed(latex: str) -> str:
    """A formula without dollars around it, its lines aligned if it has several."""
    bare = latex.strip().strip("$").strip()
    aligned = r"\\" in bare and r"\begin{" not in bare
    return rf"\begin{{aligned}}{bare}\end{{aligned}}" if aligned else bare


def _explained(formula: Stated, colours: Mapping[str, Colour]) -> str:
    """What is given, what comes out: symbol, words, code name and shape of each."""
    text, said = "", formula.definition
    names, sizes = said.vocabulary.names, said.vocabulary.sizes
    if names:
        described = (_described(formula, name, colours[name]) for name in names)
        text = f"Given {'; '.join(described)}. "
    if said.result:
        text += f"Gives {_described(formula, said.result, colours[said.result])}. "
    if sizes:
        text += "Sizes " + ", ".join(f"`{size}`" for size in sizes) + "."
    return text.strip()


def symbol(formula: Stated, name: str, colour: Colour) -> str:
    """The LaTeX of a symbol without its indices, in its colour: W, \\partial E/\\partial x."""
    latex = bare_symbol(formula, name)
    return rf"\textcolor{{{colour.light}}}{{{latex}}}" if latex else ""


def bare_symbol(formula: Stated, name: str) -> str:
    """The same without a colour; nothing for what the formula does not name."""
    derivative, said = Derivative.named(name), formula.definition
    parts = [_letter(part, said.latex) for part in derivative or ()]
    if derivative and all(parts):
        return rf"\partial {parts[0]}/\partial {parts[1]}"
    places = (place for place in said.statement.symbols if place.name == name)
    return next((said.latex[start:end] for start, end, _ in places), "")


def _letter(name: str, latex: str) -> str:
    """A letter as one writes it behind ∂: `W`, or `\\mu` for mu. Nothing for a longer name."""
    is_greek = re.search(rf"\\partial\s*\\{name}(?![A-Za-z])", latex)
    return name if len(name) == 1 else rf"\{name}" if is_greek else ""


def _described(formula: Stated, name: str, colour: Colour) -> str:
    """`$x$ the input, `x` (M, N)`."""
    shown = symbol(formula, name, colour)
    shown = f"${shown}$ " if shown else ""
    words = f"{tagless(formula.symbols[name])}, " if name in formula.symbols else ""
    shape = formula.definition.shapes.get(name)
    rank = formula.definition.statement.ranks.get(name)
    if shape is not None:
        # To Markdown two bare stars are emphasis, and what they enclose is in italics.
        size = shape_text(shape).replace("*", r"\*") if shape else "a number"
    elif rank:
        size = wording.axes(rank)
    else:
        size = "a number"
    return f"{shown}{words}`{name}` {size}"
