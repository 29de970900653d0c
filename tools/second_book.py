"""Builds the book once more, from a copy of the project in a folder of another name.

    python -m tools.second_book FOLDER

tests/test_build.py holds it against the first. It is built from the outputs that the notebooks
gave: nothing is executed twice.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.chapters import EXECUTED, ROOT

NAME = "das Büch"


def main() -> None:
    make(Path(sys.argv[1]))


def make(place: Path) -> Path:
    """The copy, with the book built there from nothing.

    Raises SystemExit if it could not be built.
    """
    folder = place / NAME
    if folder.exists():
        shutil.rmtree(folder)
    by_products = shutil.ignore_patterns(".*", "__pycache__", "build", "_build", "node_modules")
    shutil.copytree(ROOT, folder, ignore=by_products)
    shutil.copytree(EXECUTED, folder / EXECUTED.relative_to(ROOT))
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    code, printed = run(folder, "tools.build", ".")
    if code:
        raise SystemExit(printed)
    return folder


def run(folder: Path, *module: str) -> tuple[int, str]:
    """What a module there returns and prints, with the package there and another order of sets.

    It prints into a file: a pipe stays open as long as any process that the module has started.
    """
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONHASHSEED": "20"}
    command = [sys.executable, "-m", *module]
    printed = folder / "build/printed"
    with printed.open("w") as file:
        done = subprocess.run(
            command, cwd=folder, env=environment, stdout=file, stderr=file, timeout=240
        )
    return done.returncode, printed.read_text("utf-8")


if __name__ == "__main__":
    main()
