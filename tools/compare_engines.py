"""Compares today's engine with that of another commit, on formulas made up at random.

    python -m tools.compare_engines COMMIT [--count 10000] [--seed 0]

The formulas are those of `tests/generated.py` and derivatives of them, every second one slightly
misspelt. Each engine runs
in a process of its own and gets the same formulas and arrays. What comes out is the same, newly
read, newly refused or different; of each kind there are the number and the shortest examples.
Not a check that passes or fails: what differs may be meant.
"""

import argparse
import builtins
import json
import os
import random
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from tools import asking

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))
from generated import Author  # noqa: E402
from misspelt import misspelt  # noqa: E402

EXAMPLES = 3
KINDS = {
    "same": "the same value, expansion and cells",
    "refused": "refused by both in the same words",
    "other words": "refused by both, in other words",
    "newly read": "refused before, has a value now",
    "newly refused": "had a value before, is refused now",
    "different": "has a value in both, and they differ",
    "crashed": "an error now that is none of the package's own",
}
SHOWN = ("newly read", "newly refused", "different", "crashed")


def questions(count: int, seed: int) -> Iterator[dict[str, Any]]:
    """Formulas and derivatives of formulas with what they are given, as JSON can hold them."""
    for number in range(count):
        draw = random.Random(f"{seed} {number}")
        made = Author(draw).formula()
        statement = {"latex": made.latex, "shapes": made.shapes, "origin": made.origin}
        given = {name: np.asarray(value).tolist() for name, value in made.arrays.items()}
        if number % 4 > 1 and made.variables and (not made.free or "y" in made.shapes):
            latex, shapes = made.gradient(draw.choice(made.variables))
            statement = {**statement, "latex": latex, "shapes": {made.result: statement, **shapes}}
            if made.free:
                given["dE_dy"] = " ".join(map(str, made.shape))
        if number % 2:
            statement = {**statement, "latex": misspelt(statement["latex"], draw)}
        yield {"statement": statement, "given": given}


def answered(engine: Path, asked: str) -> list[asking.Facts]:
    """What the engine in a folder answers to questions, a line each."""
    done = subprocess.run(
        [sys.executable, asking.__file__],
        env={**os.environ, "PYTHONPATH": str(engine)},
        input=asked,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def extracted(commit: str, folder: Path) -> Path:
    """The package as it was at a commit."""
    done = subprocess.run(
        ["git", "archive", commit, "cnnmath"], cwd=ROOT, capture_output=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"there is no engine at {commit}: {done.stderr.decode().strip()}")
    with tarfile.open(fileobj=BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def kind(before: asking.Facts, now: asking.Facts) -> str:
    """Which of the KINDS two answers are."""
    if "error" in now:
        if hasattr(builtins, now["error"].partition(":")[0]):
            return "crashed"
        if "error" not in before:
            return "newly refused"
        return "refused" if before == now else "other words"
    if "error" in before:
        return "newly read"
    return "different" if asking.differences(before, now) else "same"


def example(question: dict[str, Any], before: asking.Facts, now: asking.Facts) -> str:
    statement = question["statement"]
    shapes = ", ".join(f"{name}={shape!r}" for name, shape in statement["shapes"].items())
    lines = [f"{statement['latex']}    ({shapes}, origin={statement['origin']})"]
    if "error" in before or "error" in now:
        gists = (f"    before: {asking.gist(before)}", f"    now: {asking.gist(now)}")
        return "\n".join([*lines, *gists])
    for fact, one, other in asking.differences(before, now)[:4]:
        lines.append(f"    {fact}: before {one}, now {other}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("commit", help="the other engine, as git knows it")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    asked = list(questions(chosen.count, chosen.seed))
    lines = "".join(json.dumps(question) + "\n" for question in asked)
    with tempfile.TemporaryDirectory() as folder:
        before = answered(extracted(chosen.commit, Path(folder)), lines)
    now = answered(ROOT, lines)
    found: dict[str, list[str]] = {name: [] for name in KINDS}
    for question, one, other in zip(asked, before, now, strict=True):
        found[kind(one, other)].append(example(question, one, other))
    for name, words in KINDS.items():
        print(f"{len(found[name]):6}  {name}: {words}")
    for name in SHOWN:
        for text in sorted(found[name], key=len)[:EXAMPLES]:
            print(f"\n{name}: {text}")


if __name__ == "__main__":
    main()
