"""How the book is built: from nothing to the same bytes, and nothing stale gets into it.

The second book is the one that the variable SECOND_BOOK names, which `make test` builds beside the
first; else it is built here, which takes as long as the first.
"""

import filecmp
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from built_book import HTML
from conftest import ROOT

from tools.second_book import NAME, make, run

pytestmark = pytest.mark.xdist_group("build")

CHAPTER = "book/channels/backward"  # a short one, with a plot
CATALOGUE = "cnnmath/catalogue/channels.py"
RENAMED = 'name="kernel gradient with channels"', 'name="gradient of kernels with channels"'
WORDS = "The bias does not look at the input"
TITLE = "Backwards, with channels"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources in another folder, and the book built there from nothing."""
    made = os.environ.get("SECOND_BOOK")
    return ROOT / made / NAME if made else make(tmp_path_factory.mktemp("second"))


def nbval(folder: Path) -> tuple[int, str]:
    return run(folder, "pytest", "-q", "--nbval", "-p", "tools.nbval_outputs", f"{CHAPTER}.ipynb")


def stale(folder: Path) -> str:
    """Why the page of the chapter there is stale, or None."""
    code = (
        f"from tools import chapters as c; print(c.why_stale('{CHAPTER}', c.ROOT / '_build/html'))"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True)
    return found.stdout.strip()


@contextmanager
def changed(file: Path, old: str, new: str) -> Iterator[None]:
    """A file with other words in it, for a while."""
    before = file.read_text("utf-8")
    assert old in before
    file.write_text(before.replace(old, new), encoding="utf-8")
    try:
        yield
    finally:
        file.write_text(before, encoding="utf-8")


def files(folder: Path) -> list[str]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in paths)


def test_two_builds_give_the_same_bytes(copy):
    one, other = HTML, copy / "_build/html"
    assert len(files(one)) > 100
    assert files(one) == files(other)
    _, differ, unread = filecmp.cmpfiles(one, other, files(one), shallow=False)
    assert (differ, unread) == ([], [])


def test_a_page_is_stale_when_its_text_or_the_package_has_changed(copy):
    assert stale(copy) == "None"
    with changed(copy / f"{CHAPTER}.ipynb", TITLE, "Another title"):
        assert "before its text" in stale(copy)
    with changed(copy / CATALOGUE, *RENAMED):
        assert "before its code or the package" in stale(copy)
    assert stale(copy) == "None"


def test_nbval_fails_on_another_output_and_on_another_picture(copy):
    paler = changed(copy / "cnnmath/plots/painting.py", "{abs(share):.1%}", "{share**2:.1%}")
    with paler, changed(copy / CATALOGUE, *RENAMED):
        code, printed = nbval(copy)
    assert code == 1
    assert "Cell outputs differ" in printed
    assert "The picture of cell" in printed


def test_a_change_is_built_into_its_page(copy):
    with changed(copy / f"{CHAPTER}.ipynb", WORDS, "quite other words"):
        code, printed = run(copy, "tools.build", ".", CHAPTER)
        assert code == 0, printed
        assert "quite other words" in (copy / f"_build/html/{CHAPTER}.html").read_text("utf-8")
