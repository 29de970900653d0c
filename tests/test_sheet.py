"""The formula sheet: everything is on it, and what it links to is there.

That it prints on three sheets of paper is tested in test_pages.py.
"""

import json
import re

import pytest
import yaml
from conftest import ROOT

from cnnmath import catalogue
from cnnmath.sheet import sheet

_TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
_LISTED = [entry["file"] for part in _TOC["parts"] for entry in part["chapters"]]
_CONSTANTS = {id(value): name for name, value in vars(catalogue).items()}


def test_every_formula_of_the_catalogue_is_on_the_sheet_once():
    shown = [_CONSTANTS[id(entry.formula)] for entry in sheet().entries]
    assert shown == list(catalogue.formulas())


def test_it_shows_name_link_and_equation():
    text = sheet().markdown()
    for entry in sheet().entries:
        link = f"[{entry.formula.name}](../{entry.chapter}.ipynb)"
        equation = entry.formula._repr_mimebundle_()["text/markdown"].split("$$")[1]
        assert f"{link}\n\n$${equation}$$\n" in text
    for part in ("Convolution", "Activation", "Pooling", "Channels"):
        assert text.count(f"## {part}\n") == 1


def test_plain_text_has_a_line_for_each_formula():
    lines = repr(sheet()).splitlines()
    assert len(lines) == len(sheet().entries)
    assert lines[0].split(maxsplit=1) == ["convolution", catalogue.convolution.latex]


@pytest.mark.parametrize("chapter", catalogue.CHAPTERS)
def test_a_chapter_that_is_linked_is_in_the_book_and_shows_its_formulas(chapter):
    assert f"book/{chapter}" in _LISTED, "it is not in _toc.yml"
    notebook = json.loads((ROOT / f"book/{chapter}.ipynb").read_text(encoding="utf-8"))
    code = "\n".join(
        "".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"
    )
    for stated in catalogue.CHAPTERS[chapter]:
        assert re.search(rf"\b{_CONSTANTS[id(stated)]}\b", code), f"{stated.name} is not there"
