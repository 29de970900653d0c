"""The chapters, executed in this process cell by cell, as far as a test needs them."""

import ast
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT


def _bound(tree: ast.AST) -> set[str]:
    """The names that code gives a value, or an element or an attribute of whose value it sets."""
    found = set()
    for node in ast.walk(tree):
        match node:
            case (
                ast.Name(id=name, ctx=ast.Store())
                | ast.FunctionDef(name=name)
                | ast.ClassDef(name=name)
            ):
                found.add(name)
            case ast.alias(name=name, asname=other):
                found.add(other or name.partition(".")[0])
            case ast.Subscript(ctx=ast.Store()) | ast.Attribute(ctx=ast.Store()):
                inner: ast.AST = node
                while isinstance(inner, ast.Subscript | ast.Attribute):
                    inner = inner.value
                found |= {inner.id} if isinstance(inner, ast.Name) else set()
    return found


def _read(tree: ast.AST) -> set[str]:
    """The names that stand in code."""
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


class Chapter:
    """A notebook. Asked for the value of a cell, it executes that one and those that it needs.

    A cell is needed for the names that it binds: one that draws, prints or derives for the reader
    is not. So no cell of the book may change by a call alone what a later one reads; where one
    does, a sentence below the later one is wrong.
    """

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

    def outputs(self, cell_id: str) -> list[dict[str, Any]]:
        """What the notebook holds of a cell's outputs, which nbval compares with fresh ones."""
        [outputs] = [cell["outputs"] for cell in self.cells if cell["id"] == cell_id]
        return outputs

    def value(self, cell_id: str) -> Any:
        """What the last line of a cell is, or None if it is a statement."""
        for one in self._needed(cell_id):
            if one not in self._values:
                self._values[one] = self._executed(self.code()[one])
        return self._values[cell_id]

    def _needed(self, cell_id: str) -> list[str]:
        """The cell and those before it that bind what it reads, and so on, in order."""
        names: set[str] = set()
        needed: list[str] = []
        codes = list(self.code().items())
        place = [one for one, _ in codes].index(cell_id)
        for one, source in reversed(codes[: place + 1]):
            tree = ast.parse(source)
            if one == cell_id or _bound(tree) & names:
                names |= _read(tree)
                needed.append(one)
        return needed[::-1]

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
