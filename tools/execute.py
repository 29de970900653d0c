"""Executes the chapters whose outputs are stale.

    python -m tools.execute [CHAPTER ...]    into build/executed, from which the pages are built
    python -m tools.execute --store          all of them, and stores their outputs in book/

nbval executes them here as in the tests, but without comparing, so that there is one way in which a
chapter runs.
"""

import argparse
import json
import re
import subprocess
import sys

from tools import chapters
from tools.nbval_outputs import same_picture

PICTURE = re.compile(r'"image/png": "([^"\\]+)')


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("chapters", nargs="*", metavar="CHAPTER", type=chapters.chapter)
    parser.add_argument("--store", action="store_true")
    given = parser.parse_args()
    execute(given.chapters or chapters.notebooks())
    if given.store:
        store()


def execute(names: list[str]) -> None:
    """Execute those of the chapters that are stale, several at a time.

    Raises SystemExit if one of them stops with an error, which is printed.
    """
    stale = [name for name in names if chapters.notebook(name).exists()]
    stale = [name for name in stale if not chapters.is_fresh(name)]
    if not stale:
        return
    print(f"      executing {', '.join(name.removeprefix('book/') for name in stale)}", flush=True)
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "-p", "tools.nbval_outputs"]
    command += ["-q", "--no-header", "--maxfail=1"]
    if len(stale) > 1:
        command += ["-n", "auto", "--dist", "loadfile"]
    files = [str(chapters.notebook(name)) for name in stale]
    run = subprocess.run([*command, *files], cwd=chapters.ROOT, capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"{run.stdout}{run.stderr}\nA chapter stopped with an error; it is printed above.")


def store() -> None:
    """Write what the chapters gave into the notebooks themselves."""
    changed = 0
    for name in chapters.notebooks():
        path = chapters.notebook(name)
        stored = path.read_text("utf-8")
        fresh = tidy(chapters.with_outputs(name))
        # Where only a processor's last bit differs, a picture stays as it is stored.
        for old, new in zip(PICTURE.findall(stored), PICTURE.findall(fresh), strict=False):
            if same_picture(old, new):
                fresh = fresh.replace(new, old)
        if fresh != stored:
            path.write_text(fresh, encoding="utf-8")
            changed += 1
    print(
        f"      {changed} of {len(chapters.notebooks())} notebooks have other outputs than before"
    )


def tidy(text: str) -> str:
    """A notebook without what an editor says of itself in it."""
    read = json.loads(text)
    read["metadata"] = chapters.METADATA
    for cell in read["cells"]:
        kept = cell["metadata"].items()
        cell["metadata"] = {name: value for name, value in kept if name in chapters.OF_A_CELL}
    return chapters.written(read)


if __name__ == "__main__":
    main()
