"""The built book that the tests look at: where it is, and which pages it has.

It is in `_build/html`, or in the folder that the variable BOOK_HTML names.
"""

import os
from functools import cache
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup
from conftest import ROOT

HTML = ROOT / os.environ.get("BOOK_HTML", "_build/html")

_TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
CHAPTERS = [_TOC["root"], *(entry["file"] for part in _TOC["parts"] for entry in part["chapters"])]
PAGES = [*CHAPTERS, "genindex", "search"]


def file(name: str) -> Path:
    return HTML / f"{name}.html"


@cache
def soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def stop_if_stale() -> None:
    """Stop if there is no book, or if it is older than what it is made of."""
    stamp = HTML / ".buildinfo"
    if not stamp.exists():
        pytest.exit("The book is not built. Build it first: make book", returncode=1)
    sources = [ROOT / name for name in ("_config.yml", "_toc.yml", "package-lock.json")]
    for folder in ("book", "cnnmath"):
        sources += (ROOT / folder).rglob("*.*")
    for source in sources:
        name = source.relative_to(ROOT)
        hidden = any(part.startswith((".", "__pycache__")) for part in name.parts)
        if source.is_file() and not hidden and source.stat().st_mtime > stamp.stat().st_mtime:
            pytest.exit(f"The book is older than {name}. Build it again: make book", returncode=1)
