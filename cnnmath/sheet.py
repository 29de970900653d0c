"""The formula sheet, made from the catalogue: every formula of the book on one page.

What you can do with it: show `sheet()` in a notebook that lies in a folder beside those of the
chapters. Each formula stands under the part of the book that it belongs to, and its name leads to
its chapter; one that the catalogue gains appears by itself.
"""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from cnnmath.catalogue import CHAPTERS
from cnnmath.formula import Formula
from cnnmath.notation import table
from cnnmath.typeset import coloured, colours_in, displayed, for_dark_themes, tagless


@dataclass(frozen=True)
class Entry:
    """A formula and the chapter that it stands in, such as `convolution/forward`."""

    formula: Formula
    chapter: str

    @property
    def part(self) -> str:
        """The part of the book."""
        return self.chapter.partition("/")[0].capitalize()


@dataclass(frozen=True)
class Sheet:
    """The formulas of the book, in its order. As the last line of a cell it shows itself."""

    entries: tuple[Entry, ...]

    def __repr__(self) -> str:
        width = max(len(entry.formula.name) for entry in self.entries)
        return "\n".join(
            f"{entry.formula.name:<{width}}  {' '.join(entry.formula.latex.split())}"
            for entry in self.entries
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/markdown": self.markdown()}

    def markdown(self) -> str:
        """Each part with its formulas, and what the symbols mean."""
        blocks = []
        for part, entries in groupby(self.entries, key=lambda entry: entry.part):
            blocks.append(f"## {part}")
            for entry in entries:
                blocks.append(f"[{entry.formula.name}](../{entry.chapter}.ipynb)")
                formula = coloured(entry.formula, colours_in(entry.formula))  # as in its chapter
                blocks.append(f"$$\n{displayed(formula)}\n$$")
        meanings = "; ".join(f"${row.latex}$ {' or '.join(row.meanings)}" for row in table().rows)
        shown = tagless("\n\n".join([*blocks, "## Symbols", f"{meanings}."]))
        return f"{shown}\n\n{for_dark_themes(shown)}"


def sheet() -> Sheet:
    """Every formula of the catalogue, in the book's order."""
    return Sheet(
        tuple(
            Entry(stated, chapter) for chapter, formulas in CHAPTERS.items() for stated in formulas
        )
    )
