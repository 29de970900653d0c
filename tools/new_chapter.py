"""Writes the skeleton of a chapter, which builds and passes every check as it stands.

    python -m tools.new_chapter network/batch-norm "Batch normalisation"

Three files are new, and `_toc.yml` has one line more, at the end of the chapter's part:

    cnnmath/catalogue/batch_norm.py       a formula and its gradient, and what their symbols mean
    book/network/batch-norm.ipynb         every section that a chapter has, with a small example
    tests/chapters/network/batch-norm.py  the answers, sentences and derivations to be tested

They are made from `tools/templates/chapter`. CONTRIBUTING.md says what to do with them.
"""

import argparse
import keyword
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from cnnmath import catalogue
from tools import chapters

TEMPLATES = Path(__file__).parent / "templates/chapter"
NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*/[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("title", metavar="TITLE")
    given = parser.parse_args()
    try:
        written = write(chapters.ROOT, given.name, given.title)
    except ValueError as error:
        sys.exit(str(error))
    print("\n".join(f"      {path}" for path in written))


def write(root: Path, name: str, title: str) -> list[str]:
    """Write the skeleton into the project at `root`; the files, from there, that have changed.

    name : part/name, as it will stand in the address of the page
    title : the heading of the page

    Raises ValueError, and writes nothing, if the name is none for a chapter or is taken, if there
    is no such part, or if there is no title.
    """
    toc = (root / "_toc.yml").read_text("utf-8")
    order = _listed(toc)
    _insist_on(name, title, order)
    part, _, slug = name.partition("/")
    constant = slug.replace("-", "_")
    files = {
        f"cnnmath/catalogue/{constant}.py": "catalogue.txt",
        f"tests/chapters/{name}.py": "tests.txt",
        f"book/{name}.ipynb": "notebook.txt",
    }
    if taken := [path for path in files if (root / path).exists()]:
        raise ValueError(f"NAME: {taken[0]} is there already; choose another name")
    if constant in vars(catalogue):
        raise ValueError(f"NAME: the catalogue has a {constant} already; choose another name")
    last = max(place for place, one in enumerate(order) if one.startswith(f"{part}/"))
    stating = [
        [one for one in side if one in catalogue.CHAPTERS]
        for side in (order[: last + 1], order[last + 1 :])
    ]
    words = {
        "NAME": name,
        "TITLE": title.strip(),
        "SLUG": slug,
        "CONSTANT": constant,
        "WORDS": slug.replace("-", " "),
        "BEFORE": _quoted(stating[0][-1:]),
        "AFTER": _quoted(stating[1][:1]),
    }
    for path, template in files.items():
        text = (TEMPLATES / template).read_text("utf-8")
        for word, value in words.items():
            text = text.replace(f"@{word}@", value)
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(
            text if template != "notebook.txt" else _notebook(text, slug), "utf-8"
        )
    before = f"      - file: book/{order[last]}\n"
    (root / "_toc.yml").write_text(
        toc.replace(before, f"{before}      - file: book/{name}\n"), "utf-8"
    )
    return [*files, "_toc.yml"]


def _listed(toc: str) -> list[str]:
    """The chapters of the table of contents, in order."""
    entries = (entry for part in yaml.safe_load(toc)["parts"] for entry in part["chapters"])
    return [entry["file"].removeprefix("book/") for entry in entries]


def _insist_on(name: str, title: str, order: list[str]) -> None:
    if not NAME.fullmatch(name) or keyword.iskeyword(name.partition("/")[2]):
        raise ValueError(
            "NAME: expected part/name in small letters, digits and hyphens, such as "
            f"network/batch-norm, got {name!r}"
        )
    parts = dict.fromkeys(one.partition("/")[0] for one in order if "/" in one)
    if name.partition("/")[0] not in parts:
        raise ValueError(
            f"NAME: there is no part {name.partition('/')[0]!r}; there are {', '.join(parts)}. "
            "A new part begins with a caption and a chapter in _toc.yml"
        )
    if name in order:
        raise ValueError(f"NAME: {name!r} is in _toc.yml already; choose another name")
    if not title.strip():
        raise ValueError('TITLE: expected the heading of the page, TITLE="Batch normalisation"')


def _quoted(names: list[str]) -> str:
    return f'"{names[0]}"' if names else "None"


def _notebook(text: str, slug: str) -> str:
    cells = [
        _cell(kind, source, f"{slug}-{number:02}")
        for number, (kind, source) in enumerate(_pieces(text))
    ]
    return chapters.written(
        {"cells": cells, "metadata": chapters.METADATA, "nbformat": 4, "nbformat_minor": 5}
    )


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """The cells of the template: what kind of cell, and what stands in it."""
    for piece in re.split(r"^%% ", text, flags=re.MULTILINE)[1:]:
        kind, _, source = piece.partition("\n")
        yield kind, source.rstrip("\n")


def _cell(kind: str, source: str, name: str) -> dict[str, Any]:
    lines = source.splitlines(keepends=True)
    if kind == "text":
        return {"cell_type": "markdown", "id": name, "metadata": {}, "source": lines}
    metadata: dict[str, Any] = {}
    if kind == "figure":
        metadata = {"jupyter": {"source_hidden": True}, "tags": ["hide-input"]}
    elif kind != "code":
        metadata = {
            "jupyter": {"outputs_hidden": True, "source_hidden": True},
            "mystnb": {
                "code_prompt_hide": f"Hide the code of {kind}",
                "code_prompt_show": f"Show the code of {kind}",
            },
            "tags": ["hide-cell"],
        }
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": name,
        "metadata": metadata,
        "outputs": [],
        "source": lines,
    }


if __name__ == "__main__":
    main()
