"""The table of symbols on the Notation page, made from the catalogue.

What you can do with it: show `table()` in a notebook. It lists every symbol that a formula of the
book uses, with its name in the code, its shape, what it is, and its colour; a symbol that the
catalogue gains appears by itself.
"""

from dataclasses import dataclass
from typing import Any

from cnnmath.errors import CnnMathError
from cnnmath.formula.shapes import shape_text
from cnnmath.formula.typeset import symbol
from cnnmath.formulas import SYMBOLS, catalogue


@dataclass(frozen=True)
class Row:
    """One symbol: its LaTeX in colour, its name in the code, its shape in sizes, what it is."""

    latex: str
    name: str
    shape: str
    meaning: str


@dataclass(frozen=True)
class Table:
    """The symbols of the book. As the last line of a cell it shows itself."""

    rows: tuple[Row, ...]

    def __repr__(self) -> str:
        return "\n".join(f"{r.name:<8} {r.shape:<20} {r.meaning}" for r in self.rows)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        lines = ["| symbol | in the code | shape | what it is |", "|:--|:--|:--|:--|"]
        for row in self.rows:
            lines.append(f"| ${row.latex}$ | `{row.name}` | {row.shape} | {row.meaning} |")
        return {"text/plain": repr(self), "text/markdown": "\n".join(lines)}


def table() -> Table:
    """Every symbol of the catalogue, in the order of `SYMBOLS`.

    Raises CnnMathError if a formula uses a symbol that `SYMBOLS` does not explain.
    """
    found: dict[str, Row] = {}
    for formula in catalogue().values():
        for _, _, name in formula.found_symbols:
            if name in formula.sizes or name in found:
                continue
            if name not in SYMBOLS:
                raise CnnMathError(f"{formula.name} uses {name}, which SYMBOLS does not explain")
            shape = formula.shapes.get(name)
            size = shape_text(shape) if shape else "a number"
            found[name] = Row(symbol(formula, name), name, size, SYMBOLS[name])
    return Table(tuple(found[name] for name in SYMBOLS if name in found))
