"""Would the tests notice? Changes one thing in the package at a time, and runs the tests on it.

    python -m tools.mutants [--count 150] [--seed 0] [--module call/check.py ...]

A mutant is the package with one comparison, sign, number, condition or statement changed. As many
as are asked for are drawn at random, of each module in turn; each meets only the tests that run its
line, the shortest first, until one fails. Printed are those that no test has noticed. Those
that change nothing that could be noticed stand in `equivalent_mutants.toml`, each with its reason.

Which tests run which lines takes minutes to measure: it is kept in `build/covering`, by test file,
until that file, the package or what the tests share changes.

After 25 minutes, or as many as `--minutes` says, no further mutant begins. What is changed is a
copy, never the project itself.

Written here because the kept tools leave out what matters: mutmut 3 changes no constants (such as
tolerances) and no properties, and draws no samples; cosmic-ray runs every test for every mutant.
"""

import argparse
import hashlib
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest
from coverage import CoverageData

from tools import mutations

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "cnnmath"
EQUIVALENT = Path(__file__).with_name("equivalent_mutants.toml")
COVERING = ROOT / "build" / "covering"  # which lines the tests of each file run
# These want the built book, JupyterLab or a wheel: they take long, and are not about its Python.
# Nor are the tests that open a page: tools/without_pages.py leaves them out.
LEFT_OUT = (
    "test_book_html", "test_book_in_jupyterlab", "test_build", "test_glossary", "test_jupyterlab",
    "test_notebooks", "test_package", "test_pages",
)  # fmt: skip
ENOUGH = 0.95  # of the mutants, killed
PATIENCE = 4  # times what a test file takes usually: a mutant may run for ever
Line = tuple[str, int]  # the module within the package, and the number
MEMORY = 6 * 2**30  # bytes, or need all memory there is


@dataclass(frozen=True)
class Mutant:
    """One change: the module within the package, its line, and both texts of the line."""

    module: str
    number: int
    line: str
    changed: str
    source: str  # the whole module, changed

    @property
    def key(self) -> tuple[str, str, str]:
        return self.module, self.line.strip(), self.changed.strip()

    def __str__(self) -> str:
        return (
            f"{self.module}:{self.number}\n    - {self.line.strip()}\n    + {self.changed.strip()}"
        )


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Every mutant of a module."""
    source = path.read_text("utf-8")
    for start, end, text in mutations.changes(source):
        changed = source[:start] + text + source[end:]
        first = source.rfind("\n", 0, start) + 1
        line = source[first : _line_end(source, end)]
        new = changed[first : _line_end(changed, start + len(text))]
        number = source.count("\n", 0, start) + 1
        yield Mutant(str(path.relative_to(PACKAGE)), number, line, new, changed)


def _line_end(source: str, position: int) -> int:
    end = source.find("\n", position)
    return len(source) if end < 0 else end


def drawn(modules: Sequence[Path], count: int, seed: int) -> list[Mutant]:
    """Some mutants at random, of each module in turn, but for those that nobody could notice."""
    known = {tuple(each[key] for key in ("module", "line", "mutant")) for each in equivalent()}
    draw = random.Random(seed)
    piles = []
    for path in sorted(modules):
        pile = [mutant for mutant in mutants_of(path) if mutant.key not in known]
        draw.shuffle(pile)
        piles.append(pile)
    draw.shuffle(piles)
    mixed = chain.from_iterable(zip_longest(*piles))
    return [mutant for mutant in mixed if mutant is not None][:count]


def equivalent() -> list[dict[str, str]]:
    """The mutants that change nothing that a test could notice, and why."""
    return tomllib.loads(EQUIVALENT.read_text("utf-8"))["mutants"] if EQUIVALENT.exists() else []


class Copy:
    """A copy of the project, in which a module can be changed and tests be run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT, capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        for name in listed.splitlines():
            if (ROOT / name).is_file():
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, target)  # with its times: no bundle looks out of date
        for name in ("node_modules", ".venv", "cnnmath/explorer/bundle"):
            if (ROOT / name).exists():
                (folder / name).symlink_to(ROOT / name)

    def fails(self, tests: Sequence[str], *before: str, limit: float | None = None) -> str:
        """What pytest says of tests that fail, or take longer than `limit` seconds."""
        command = [sys.executable, "-m", *before, "pytest", "-q", "-x", "-p", "no:cacheprovider"]
        try:
            done = subprocess.run(
                [*command, "-p", "tools.without_pages", *tests],
                cwd=self.folder,
                # Without compiled modules: those of two mutants may be as old as each other.
                env={**os.environ, "PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                timeout=limit,
            )
        except subprocess.TimeoutExpired:
            return "it does not end"
        return "" if done.returncode in (0, pytest.ExitCode.NO_TESTS_COLLECTED) else done.stdout

    def measured(self, file: str) -> tuple[dict[str, float], dict[Line, set[str]]]:
        """The seconds that the tests of a file take, and which of them run which lines.

        The file itself stands for what it runs outside its tests, and for their seconds together.
        Raises SystemExit if the tests fail on what is not changed.
        """
        stem = Path(file).stem
        kept = COVERING / f"{stem}-{self._key(file)}.json"
        if not kept.exists():
            print(f"measuring which lines {file} runs", flush=True)
            found = json.dumps(self._measured_anew(file))
            COVERING.mkdir(parents=True, exist_ok=True)
            for old in COVERING.glob(f"{stem}-*.json"):
                old.unlink()
            kept.write_text(found, "utf-8")
        seconds, run = json.loads(kept.read_text("utf-8"))
        lines: dict[Line, set[str]] = defaultdict(set)
        for test, modules in run.items():
            for module, numbers in modules.items():
                for number in numbers:
                    lines[module, number].add(test)
        return {**seconds, file: sum(seconds.values())}, lines

    def _key(self, file: str) -> str:
        """Another one when a test file would have to be measured anew."""
        digest = hashlib.sha256()
        shared = chain.from_iterable((self.folder / n).rglob("*") for n in ("cnnmath", "tests"))
        for path in sorted(shared):
            name = str(path.relative_to(self.folder))
            if path.is_file() and (name == file or not path.name.startswith("test_")):
                digest.update(f"{name}\0".encode() + path.read_bytes())
        return digest.hexdigest()[:16]

    def _measured_anew(self, file: str) -> tuple[dict[str, float], dict[str, dict[str, list[int]]]]:
        """The seconds of each test, and the lines of each module that it runs."""
        name = str(self.folder / f"{Path(file).stem}.coverage")
        measure = ("coverage", "run", f"--data-file={name}", "--source=cnnmath", "-m")
        if said := self.fails([file, "-p", "tools.each_test"], *measure):
            raise SystemExit(f"{said}\n{file} fails as it is: mutants can wait")
        seconds = json.loads((self.folder / "seconds.json").read_text("utf-8"))
        data = CoverageData(name)
        data.read()
        run: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for path in data.measured_files():
            module = str(Path(path).relative_to(self.folder / "cnnmath"))
            for number, tests in data.contexts_by_lineno(path).items():
                for test in tests:
                    run[test or file][module].append(number)
        return seconds, run

    def survives(self, mutant: Mutant, rounds: Sequence[tuple[float, Sequence[str]]]) -> bool:
        """Whether all the tests pass, round after round, although something was changed."""
        path = self.folder / "cnnmath" / mutant.module
        kept = path.read_text("utf-8")
        path.write_text(mutant.source, "utf-8")
        try:
            return not any(
                self.fails(tests, limit=60 + PATIENCE * seconds) for seconds, tests in rounds
            )
        finally:
            path.write_text(kept, "utf-8")


class Covering:
    """Which tests run which lines, and how long they take."""

    def __init__(
        self, measured: Iterable[tuple[Mapping[str, float], Mapping[Line, set[str]]]]
    ) -> None:
        self.seconds: dict[str, float] = {}
        self.lines: dict[Line, set[str]] = defaultdict(set)
        for seconds, lines in measured:
            self.seconds |= seconds
            for line, tests in lines.items():
                self.lines[line] |= tests

    def rounds(self, module: str, number: int) -> list[tuple[float, list[str]]]:
        """What to run for a line, with the seconds: its tests, the shortest first; then the files.

        A line that is only run as the module is loaded is one for all the tests of the module.
        """
        running = self.lines.get((module, number), set())
        files = [each for each in running if "::" not in each]
        tests = [each for each in running if "::" in each]
        if files and not tests:
            whole = (each for (name, _), each in self.lines.items() if name == module)
            tests = [test for test in set().union(*whole) if "::" in test]
        rounds = [[file] for file in sorted(files, key=self._key)]
        if tests:
            rounds.insert(0, sorted(tests, key=self._key))
        return [(sum(self.seconds[each] for each in one), one) for one in rounds]

    def _key(self, test: str) -> tuple[float, str]:
        return self.seconds[test], test


class Workers:
    """As many copies as there are processors to use, and what is done with them."""

    def __init__(self, folder: Path) -> None:
        self.number = _processors()
        self.copies: SimpleQueue[Copy] = SimpleQueue()
        for number in range(self.number):
            self.copies.put(Copy(folder / str(number)))

    @contextmanager
    def one(self) -> Iterator[Copy]:
        copy = self.copies.get()
        try:
            yield copy
        finally:
            self.copies.put(copy)

    def each(self, function: Callable[[Any], Any], many: Sequence[Any]) -> list[Any]:
        with ThreadPoolExecutor(self.number) as pool:
            return list(pool.map(function, many))

    def covering(self) -> Covering:
        def measured(file: str) -> tuple[dict[str, float], dict[Line, set[str]]]:
            with self.one() as copy:
                return copy.measured(file)

        files = (p for p in sorted((ROOT / "tests").glob("test_*.py")) if p.stem not in LEFT_OUT)
        return Covering(self.each(measured, [str(p.relative_to(ROOT)) for p in files]))

    def survivors(self, mutants: Sequence[Mutant], end: float) -> list[bool | None]:
        """For each mutant whether it survives; None for those that there was no time for."""
        covering = self.covering()

        def tried(mutant: Mutant) -> bool | None:
            if time.monotonic() > end:
                return None
            line = mutations.statement_line(mutant.source, mutant.number)
            with self.one() as copy:
                alive = copy.survives(mutant, covering.rounds(mutant.module, line))
            if alive:
                print(f"{mutant}\n", flush=True)
            return alive

        return self.each(tried, mutants)


def _processors() -> int:
    """How many may be used: under `taskset` fewer than there are, where the system can tell."""
    can_tell = hasattr(os, "sched_getaffinity")
    return len(os.sched_getaffinity(0)) if can_tell else os.cpu_count() or 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=150)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=25)
    parser.add_argument("--module", nargs="*", default=[], help="such as call/check.py")
    chosen = parser.parse_args()
    end = time.monotonic() + 60 * chosen.minutes
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))  # for the tests that are run
    modules = [PACKAGE / name for name in chosen.module] or list(PACKAGE.rglob("*.py"))
    mutants = drawn(modules, chosen.count, chosen.seed)
    with tempfile.TemporaryDirectory() as folder:
        found = Workers(Path(folder)).survivors(mutants, end)
    total = Counter(m.module for m, alive in zip(mutants, found, strict=True) if alive is not None)
    living = Counter(m.module for m, alive in zip(mutants, found, strict=True) if alive)
    for module, number in living.most_common():
        print(f"{module}: {number} of {total[module]} alive")
    killed = total.total() - living.total()
    left = found.count(None)
    share = f"{killed / max(1, total.total()):.0%}"
    late = f"; no time for {left}" if left else ""
    print(f"{killed} of {total.total()} killed, {share}{late}")
    return int(killed < ENOUGH * total.total())


if __name__ == "__main__":
    raise SystemExit(main())
