"""Executes the chapters whose outputs are stale.

    python -m tools.execute [CHAPTER ...]    into build/executed, from which the pages are built
    python -m tools.execute --store [CHAPTER ...]    and stores their outputs in book/

nbval executes them here as in the tests, but without comparing, so that there is one way in which a
chapter runs.
"""

import argparse
import io
import json
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import redirect_stderr, redirect_stdout
from multiprocessing import get_context
from typing import Any

import pytest

from tools import chapters, layer_types
from tools.nbval_outputs import looks_the_same, visible
from tools.repository import put_first_cells

PROCESSES = get_context("forkserver")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("chapters", nargs="*", metavar="CHAPTER", type=chapters.chapter)
    parser.add_argument("--store", action="store_true")
    given = parser.parse_args()
    names = given.chapters or chapters.notebooks()
    if given.store:
        put_first_cells()
        layer_types.main()
    execute(names)
    if given.store:
        store(names)


def execute(names: list[str]) -> None:
    """Execute those of the chapters that are stale.

    Raises SystemExit if one of them stops with an error, which is printed.
    """
    begin(names)()


def begin(names: list[str]) -> Callable[[], None]:
    """Begin to execute those of the chapters that are stale; what is returned waits for the end.

    They are executed several at a time. pytest-xdist would do the same, but it takes seconds to
    load pytest anew for each of its processes, as long as a chapter takes.
    """
    stale = [name for name in names if chapters.notebook(name).exists()]
    stale = [name for name in stale if not chapters.is_fresh(name)]
    if not stale:
        return lambda: None
    print(f"      executing {', '.join(name.removeprefix('book/') for name in stale)}", flush=True)
    PROCESSES.set_forkserver_preload(["tools.nbval_outputs"])
    pool = ProcessPoolExecutor(mp_context=PROCESSES, max_tasks_per_child=1)
    begun = [pool.submit(said_of_failing, name) for name in stale]

    def wait() -> None:
        with pool:
            for one in as_completed(begun):
                if said := one.result():
                    pool.shutdown(cancel_futures=True)
                    sys.exit(f"{said}\nA chapter stopped with an error; it is printed above.")

    return wait


def said_of_failing(name: str) -> str:
    """Execute a chapter. What pytest says if it stops with an error; nothing if all is well."""
    command = ["-q", "--no-header", "--maxfail=1", "--assert=plain", "-p", "no:xdist"]
    command += ["--nbval-lax", "-p", "tools.nbval_outputs", str(chapters.notebook(name))]
    with redirect_stdout(io.StringIO()) as said, redirect_stderr(said):
        failed = pytest.main(command)
    return said.getvalue() if failed else ""


def store(names: list[str]) -> None:
    """Write what the chapters gave into the notebooks themselves."""
    changed = 0
    for name in names:
        path = chapters.notebook(name)
        stored = path.read_text("utf-8")
        fresh = tidy(chapters.with_outputs(name))
        fresh = with_what_looks_the_same(json.loads(stored), json.loads(fresh))
        if fresh != stored:
            path.write_text(fresh, encoding="utf-8")
            changed += 1
    print(f"      {changed} of {len(names)} notebooks have other outputs than before")


def with_what_looks_the_same(stored: dict[str, Any], fresh: dict[str, Any]) -> str:
    """The fresh notebook, in which outputs stay as stored where only a last bit differs."""
    for old, new in zip(stored["cells"], fresh["cells"], strict=False):
        if old["cell_type"] == new["cell_type"] == "code":
            for was, now in zip(old["outputs"], new["outputs"], strict=False):
                then, today = list(visible([was])), list(visible([now]))
                if len(then) == len(today) and all(map(looks_the_same, then, today)):
                    for kind, _ in today:
                        now["data"][kind] = was["data"][kind]
    return chapters.written(fresh)


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
