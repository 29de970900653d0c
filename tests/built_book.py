"""The built book that the tests look at: where it is, and which pages it has.

It is in `_build/html`, or in the folder that the variable BOOK_HTML names.
"""

import os
from functools import cache
from pathlib import Path

import pytest
from conftest import ROOT
from selectolax.lexbor import LexborHTMLParser

from tools import chapters

HTML = ROOT / os.environ.get("BOOK_HTML", "_build/html")

CHAPTERS = chapters.pages()
WITHOUT_FORMULAS = {"book/appendix/glossary", "book/appendix/licences"}
"""Pages that are text alone."""
PAGES = [*CHAPTERS, "genindex", "search"]


@cache
def file(name: str) -> Path:
    """Where a page is. A page that is not what its sources would give now is not tested."""
    path = HTML / f"{name}.html"
    reason = chapters.why_stale(name, HTML) if name in CHAPTERS else None
    if not path.exists():
        reason = f"there is no {path}"
    if reason:
        pytest.fail(f"{reason}. Build it first: make book", pytrace=False)
    return path


@cache
def tree(path: Path) -> LexborHTMLParser:
    return LexborHTMLParser(path.read_text(encoding="utf-8"))


@cache
def places(path: Path) -> frozenset[str]:
    """The names on a page that an address may end with, after #."""
    tags = tree(path).css("[id], [name]")
    names = (tag.attributes.get(name) for tag in tags for name in ("id", "name"))
    return frozenset(filter(None, names))
