"""The chapters, executed in this process cell by cell, as far as a test needs them."""

import ast
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT


class Chapter:
    """A notebook. Asked for the value of a cell, it executes all cells up to that one."""

    def __init__(self, name: str, root: Path = ROOT) -> None:
        self.root = root
        path = root / "book" / f"{name}.ipynb"
        self.cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        self.names: dict[str, Any] = {"display": lambda *_: None}
        self._values: dict[str, Any] = {}

    def code(self) -> dict[str, str]:
        """The source of each cell of code by its id."""
        return {
            cell["id"]: "".join(cell["source"])
            for cell in self.cells
            if cell["cell_type"] == "code"
        }

    def value(self, cell_id: str) -> Any:
        """What the last line of a cell is, or None if it is a statement."""
        for one, source in self.code().items():
            if cell_id in self._values:
                break
            if one not in self._values:
                self._values[one] = self._executed(source)
        return self._values[cell_id]

    def _executed(self, source: str) -> Any:
        *body, last = ast.parse(source).body
        if not isinstance(last, ast.Expr):
            body.append(last)
        exec(compile(ast.Module(body, []), "<cell>", "exec"), self.names)
        if not isinstance(last, ast.Expr):
            return None
        return eval(compile(ast.Expression(last.value), "<cell>", "eval"), self.names)


@cache
def chapter(name: str) -> Chapter:
    """A chapter, which all tests of a process share: none of its cells is executed twice."""
    return Chapter(name)


def each(names: Iterable[str]) -> pytest.MarkDecorator:
    """A test for each of these chapters; all tests of a chapter run in one process."""
    chapters = [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in names]
    return pytest.mark.parametrize("name", chapters)
