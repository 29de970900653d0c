"""The chapters of the book, and what their outputs and pages are made from.

A chapter is called by its place, as in `_toc.yml`: `book/convolution/forward`. What a chapter gives
when it is executed is kept in `build/executed`, with a key of all that it depends on: its code, the
package `cnnmath`, and the versions of the packages that are installed.
"""

import hashlib
import json
import platform
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
EXECUTED = ROOT / "build/executed"

LOCK = "requirements.lock"
STAMP = "made-from.json"
"""In the folder of a build, a file with a key for each page of what it was made from."""
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
"""All that a notebook says of itself: the same on every machine."""

OF_A_CELL = {"jupyter", "mystnb", "tags"}
"""What may be said of a cell."""

MEASURED = "book/bench.json"
"""What `make bench` has measured, which a chapter may show."""

FIGURES = ("cnnmath/explorer/js", "cnnmath/explorer/css")
"""What of the package runs in the reader's browser, and not when a chapter is executed."""

WHOLE_CATALOGUE = ("book/notation", "book/appendix/formula-sheet")
"""The chapters that show every formula there is, so that any change in one of them shows there."""


@cache
def pages() -> list[str]:
    """All that is in the table of contents, in order."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    return [toc["root"], *(entry["file"] for part in toc["parts"] for entry in part["chapters"])]


def notebooks() -> list[str]:
    """The pages that are notebooks."""
    return [name for name in pages() if notebook(name).exists()]


def notebook(name: str) -> Path:
    return ROOT / f"{name}.ipynb"


def executed(name: str) -> Path:
    """Where the chapter is kept as it was when it was last executed."""
    return EXECUTED / f"{name}.ipynb"


def with_outputs(name: str) -> str:
    """The notebook as it is now, with the outputs that its code gave when it was executed.

    Raises FileNotFoundError if it was never executed.
    """
    now, then = (json.loads(path.read_text("utf-8")) for path in (notebook(name), executed(name)))
    if code(now) != code(then):  # the outputs belong to other code: they stay with it
        now = then
    codes = (cell for cell in then["cells"] if cell["cell_type"] == "code")
    for cell in now["cells"]:
        if cell["cell_type"] == "code":
            cell |= {part: value for part, value in next(codes).items() if part in OUTPUT}
    return written(now)


OUTPUT = ("execution_count", "outputs")


def written(read: dict[str, Any]) -> str:
    """A notebook as it stands in its file."""
    return f"{json.dumps(read, indent=1, ensure_ascii=False)}\n"


def code(read: dict[str, Any]) -> list[list[str]]:
    """The code of a notebook that was read from its file, cell by cell."""
    return [cell["source"] for cell in read["cells"] if cell["cell_type"] == "code"]


def chapter(given: str) -> str:
    """The name of a chapter from what an author may call it.

    Raises ValueError if there is none of that name; the message lists all that there are.
    """
    name = given.removesuffix(".ipynb").removesuffix(".md").removeprefix("book/")
    if f"book/{name}" in pages():
        return f"book/{name}"
    known = "\n    ".join(page.removeprefix("book/") for page in pages())
    raise ValueError(f"there is no chapter {given!r}. CHAPTER is one of\n    {known}")


# ---- keys --------------------------------------------------------------------------------------


def key(name: str) -> str:
    """Of all that the outputs of a notebook depend on: if it is another one, they are stale."""
    read = json.loads(notebook(name).read_text("utf-8"))
    cells = json.dumps(code(read))
    measured = contents([MEASURED]) if Path(MEASURED).name in cells else []
    return digest([cells, package_key(), *measured])


@cache
def package_key() -> str:
    """Of the package, of what is installed beside it, and of how chapters are executed."""
    figures = set(contents(FIGURES))
    made_from = contents(["cnnmath", LOCK, "tools/nbval_outputs.py"])
    return digest([platform.python_version(), *(one for one in made_from if one not in figures)])


def is_fresh(name: str) -> bool:
    """Whether the outputs that are kept are those that the chapter would give now."""
    kept = executed(name).with_suffix(".key")
    return kept.exists() and executed(name).exists() and kept.read_text("utf-8") == key(name)


def made_from(name: str) -> str:
    """Of all that the page depends on besides what makes all pages (`made_by`)."""
    return digest([with_outputs(name)]) if notebook(name).exists() else package_key()


@cache
def made_by() -> str:
    """Of what every page depends on: its navigation, which names the chapters, the meanings of
    words, and the tools."""
    shared = ["_config.yml", "_toc.yml", "package-lock.json", LOCK, "tools", "book/_static"]
    shared += ["book/appendix/glossary.md"]
    return digest([*map(title, pages()), *contents([*shared, *FIGURES])])


def title(name: str) -> str:
    """The first heading of a page, as far as its file tells it."""
    path = notebook(name) if notebook(name).exists() else (ROOT / f"{name}.md")
    lines = path.read_text("utf-8").splitlines()
    return next((line for line in lines if line.lstrip(' "').startswith("# ")), "")


def why_stale(name: str, html: Path) -> str | None:
    """Why a built page is not what its sources would give now; None if it is."""
    stamp = html.parent / STAMP
    if not stamp.exists():
        return f"there is no finished book in {html}"
    kept = json.loads(stamp.read_text("utf-8"))
    if notebook(name).exists() and not is_fresh(name):
        return f"{name} was executed before its code or the package changed"
    if (kept["made_by"], kept["made_from"].get(name)) != (made_by(), made_from(name)):
        return f"{name} was built before its text or the tools changed"
    return None


def contents(places: Iterable[str]) -> list[str]:
    """The files there with what they hold, as text that tells any two states apart."""
    files = sorted(file for place in places for file in files_in(ROOT / place))
    return [
        f"{file.relative_to(ROOT).as_posix()} {hashlib.sha256(file.read_bytes()).hexdigest()}"
        for file in files
    ]


def files_in(place: Path) -> Iterable[Path]:
    """A file itself, or the files of a folder that are sources, not by-products."""
    if place.is_file():
        return [place]
    return [
        file
        for file in place.rglob("*")
        if file.is_file() and not any(is_by_product(part) for part in file.relative_to(ROOT).parts)
    ]


def is_by_product(part: str) -> bool:
    """By the name of a file or of a folder that it is in."""
    return part.startswith((".", "__pycache__")) or part == "bundle"


def digest(parts: Iterable[Any]) -> str:
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()
