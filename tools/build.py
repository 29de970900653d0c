"""Builds the pages of the book, and executes before what is stale.

    python -m tools.build FOLDER [CHAPTER] [--from-nothing]

What is built is FOLDER/_build/html. With a chapter, only that one is sure to be up to date, and
with it the pages that show the whole catalogue.

Sphinx builds anew the pages whose sources have changed (see `executed_outputs`). A build that was
interrupted, or that had warnings, which are errors here, is not built upon.
"""

import argparse
import fcntl
import shutil
import sys
from contextlib import redirect_stdout
from importlib import import_module
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import yaml
from jupyter_book.cli import main as jupyter_book

from tools import chapters
from tools.execute import begin

PACKED = "convolutional-networks.zip"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("chapter", nargs="?", type=chapters.chapter)
    parser.add_argument("--from-nothing", action="store_true")
    given = parser.parse_args()
    update(given.folder, given.chapter, from_nothing=given.from_nothing)


def update(folder: Path, chapter: str | None = None, *, from_nothing: bool = False) -> None:
    """Execute what is stale, build, and say where the page of the chapter is, or the front page.

    Raises SystemExit if there was an error or a warning, which is printed.
    """
    names = chapters.notebooks()
    if chapter is not None:
        never = [name for name in names if not chapters.executed(name).exists()]
        names = list(dict.fromkeys([chapter, *chapters.WHOLE_CATALOGUE, *never]))
    wait = begin(names)
    load()
    wait()
    if stale := [name for name in chapters.notebooks() if not chapters.is_fresh(name)]:
        print(f"      {len(stale)} other chapters are older than cnnmath: `make book`")
    target = folder.resolve() / "_build"
    target.mkdir(parents=True, exist_ok=True)
    with (target / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two builds into one folder come one after the other
        build(target, from_nothing)
        if chapter is None or not (target / "html" / PACKED).exists():  # `make watch` is quick
            pack(target / "html")
    print(f"      {target}/html/{chapter or 'index'}.html")


def load() -> None:
    """Load what Sphinx will want: it takes as long as executing a chapter."""
    import_module("jupyter_book.sphinx")
    config = yaml.safe_load((chapters.ROOT / "_config.yml").read_text("utf-8"))
    for extension in config["sphinx"]["config"]["extensions"]:
        import_module(extension)


def build(target: Path, from_nothing: bool) -> None:
    begun = target / "begun"
    if from_nothing or begun.exists():
        for part in ("html", ".doctrees", chapters.STAMP):
            remove(target / part)
    begun.touch()
    command = ["build", str(chapters.ROOT), "--path-output", str(target.parent)]
    command += ["--warningiserror", "--keep-going"]
    log = target / "log"
    try:
        with log.open("w", encoding="utf-8") as output, redirect_stdout(output):
            jupyter_book.main(command, standalone_mode=False)
    except (RuntimeError, SystemExit):  # an exception of Sphinx's, or a warning; it is printed
        remove(target / chapters.STAMP)  # or what there is would pass for a finished book
        sys.exit(f"The book could not be built: what is wrong stands above, the rest in {log}")
    begun.unlink()


def pack(html: Path) -> None:
    """Put all pages into one file among them, to be downloaded: the same bytes for the same."""
    whole = html / PACKED
    remove(whole)
    files = sorted(file for file in html.rglob("*") if file.is_file())
    with ZipFile(whole, "w", ZIP_DEFLATED) as packed:
        for file in files:
            name = f"{whole.stem}/{file.relative_to(html).as_posix()}"
            packed.writestr(ZipInfo(name), file.read_bytes(), ZIP_DEFLATED)


def remove(place: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
