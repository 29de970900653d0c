"""The table of symbols on the Notation page, made from the catalogue.

What you can do with it: show `table()` in a notebook. It lists every symbol that a formula of the
book uses, with its name in the code, what it is, its shapes, and its colour; a symbol that the
catalogue gains appears by itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cnnmath.catalogue import CHAPTERS, SYMBOLS
from cnnmath.colours import colour_of
from cnnmath.core.shapes import shape_text
from cnnmath.errors import CnnMathError
from cnnmath.formula import Formula
from cnnmath.typeset import for_dark_themes, symbol, tagless


@dataclass(frozen=True)
class Row:
    """One symbol: its LaTeX in colour, its name in the code, what it is, its shapes.

    meanings : what it is, with the parts of the book in which it is that
    shapes : each shape in sizes, with the parts of the book in which the symbol has it

    Where a symbol has two meanings in one part, its chapters stand there in place of the part.
    """

    latex: str
    name: str
    meanings: dict[str, list[str]]
    shapes: dict[str, list[str]]


def written(texts: Mapping[str, Sequence[str]]) -> list[str]:
    """Meanings or shapes, each with its parts if there are several to tell apart."""
    if len(texts) == 1:
        return list(texts)
    return [f"{text} in {', '.join(parts)}" for text, parts in texts.items()]


@dataclass(frozen=True)
class Table:
    """The symbols of the book. As the last line of a cell it shows itself."""

    rows: tuple[Row, ...]

    def __repr__(self) -> str:
        lines = []
        for row in self.rows:
            lines.append(f"{row.name:<8} {'; '.join(written(row.meanings))}")
            lines += [f"{'':<10} {shape}" for shape in written(row.shapes)]
        return "\n".join(lines)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        lines = ["| symbol | in the code | what it is | shape |", "|:--|:--|:--|:--|"]
        for row in self.rows:
            meanings = "<br>".join(map(tagless, written(row.meanings)))
            shapes = "<br>".join(written(row.shapes)).replace("*", r"\*")  # a product, no emphasis
            lines.append(f"| ${row.latex}$ | `{row.name}` | {meanings} | {shapes} |")
        shown = "\n".join(lines)
        return {
            "text/plain": repr(self),
            "text/markdown": f"{shown}\n\n{for_dark_themes(shown)}",
        }


def table() -> Table:
    """Every symbol of the catalogue, in the order of `SYMBOLS`, with all that it is.

    Raises CnnMathError if a formula uses a symbol that nobody explains, or if a symbol
    has two meanings in one chapter.
    """
    rows: dict[str, Row] = {}
    meanings_in: dict[tuple[str, str], set[str]] = {}
    for chapter, formula, name in _occurrences():
        for place in (chapter, _part(chapter)):
            meanings_in.setdefault((place, name), set()).add(formula.symbols.get(name, ""))
    for chapter, formula, name in _occurrences():
        if name not in SYMBOLS:
            raise CnnMathError(
                f"{formula.name} uses {name}, which is in no `symbols`: say what it is where the "
                "formula is stated"
            )
        row = rows.setdefault(name, Row(symbol(formula, name, colour_of(name)), name, {}, {}))
        declared = formula.shapes.get(name)
        shape = shape_text(declared) if declared else "a number"
        if len(several := meanings_in[chapter, name]) > 1:
            raise CnnMathError(
                f"{name} is {' and '.join(sorted(several))} in the chapter {chapter}: give one of "
                "the two another letter"
            )
        part = _part(chapter)
        where = part if len(meanings_in[part, name]) == 1 else chapter
        for texts, text in ((row.meanings, formula.symbols[name]), (row.shapes, shape)):
            places = texts.setdefault(text, [])
            if where not in places:
                places.append(where)
    return Table(tuple(rows[name] for name in SYMBOLS if name in rows))


def _occurrences() -> Iterator[tuple[str, Formula, str]]:
    """Each symbol of each formula, with the chapter that it stands in."""
    for chapter, all_stated in CHAPTERS.items():
        for formula in all_stated:
            for _, _, name in formula.found_symbols:
                if name not in formula.sizes:
                    yield chapter, formula, name


def _part(chapter: str) -> str:
    return chapter.partition("/")[0]
