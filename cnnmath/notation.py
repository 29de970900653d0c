"""The table of symbols on the Notation page, made from the catalogue.

What you can do with it: show `table()` in a notebook. It lists every symbol that a formula of the
book uses, with its name in the code, its shapes, what it is, and its colour; a symbol that the
catalogue gains appears by itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cnnmath.derivation import Derivation
from cnnmath.errors import CnnMathError
from cnnmath.formula import Formula
from cnnmath.formula.shapes import shape_text
from cnnmath.formula.typeset import symbol, tagless
from cnnmath.formulas import CHAPTERS, SYMBOLS


@dataclass(frozen=True)
class Row:
    """One symbol: its LaTeX in colour, its name in the code, its shapes, what it is.

    shapes : each shape in sizes, with the parts of the book in which the symbol has it
    """

    latex: str
    name: str
    shapes: Mapping[str, Sequence[str]]
    meaning: str

    def written(self) -> list[str]:
        """Its shapes, each with its parts if there are several to tell apart."""
        if len(self.shapes) == 1:
            return list(self.shapes)
        return [f"{shape} in {', '.join(parts)}" for shape, parts in self.shapes.items()]


@dataclass(frozen=True)
class Table:
    """The symbols of the book. As the last line of a cell it shows itself."""

    rows: tuple[Row, ...]

    def __repr__(self) -> str:
        lines = []
        for row in self.rows:
            lines.append(f"{row.name:<8} {row.meaning}")
            lines += [f"{'':<10} {shape}" for shape in row.written()]
        return "\n".join(lines)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        lines = ["| symbol | in the code | what it is | shape |", "|:--|:--|:--|:--|"]
        for row in self.rows:
            shapes = "<br>".join(row.written())
            lines.append(f"| ${row.latex}$ | `{row.name}` | {tagless(row.meaning)} | {shapes} |")
        return {"text/plain": repr(self), "text/markdown": "\n".join(lines)}


def table() -> Table:
    """Every symbol of the catalogue, in the order of `SYMBOLS`, with all shapes that it has.

    Raises CnnMathError if a formula uses a symbol that `SYMBOLS` does not explain.
    """
    latex: dict[str, str] = {}
    shapes: dict[str, dict[str, list[str]]] = {}
    for part, formula, name in _occurrences():
        if name not in SYMBOLS:
            raise CnnMathError(f"{formula.name} uses {name}, which SYMBOLS does not explain")
        latex.setdefault(name, symbol(formula, name))
        declared = formula.shapes.get(name)
        size = shape_text(declared) if declared else "a number"
        parts = shapes.setdefault(name, {}).setdefault(size, [])
        if part not in parts:
            parts.append(part)
    return Table(tuple(Row(latex[n], n, shapes[n], SYMBOLS[n]) for n in SYMBOLS if n in latex))


def _occurrences() -> Iterator[tuple[str, Formula, str]]:
    """Each symbol of each formula, derivations included, with the part of the book it stands in."""
    for chapter, all_stated in CHAPTERS.items():
        part = chapter.partition("/")[0]
        for stated in all_stated:
            formula = stated.formula if isinstance(stated, Derivation) else stated
            for _, _, name in formula.found_symbols:
                if name not in formula.sizes:
                    yield part, formula, name
