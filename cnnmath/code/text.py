"""Python as text: expressions that know how tightly they hold together, and lines that indent."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

CHOICE, OR, AND, NOT, COMPARED, SUM, QUOTIENT, PRODUCT, POWER, ATOM = range(10)
"""How tightly an expression holds together: `a if c else b` least, a name most."""


_QUOTIENT = re.compile(r"\((?:[^()]|\([^()]*\))*\) // [A-Za-z_]\w*")
OFTEN = 3  # so often a quotient stands somewhere before it has a name

WIDTH = 84  # of a line, where it can be broken


class Text(NamedTuple):
    """An expression in Python.

    hold : how tightly it holds together;  whole : whether it is known to be a whole number
    """

    text: str
    hold: int = ATOM
    whole: bool = False

    def within(self, hold: int) -> str:
        """In brackets, if it does not hold together as tightly as is asked."""
        return self.text if self.hold >= hold else f"({self.text})"


def joined(parts: Iterable[Text], sign: str, hold: int, inner: int) -> Text:
    """Several expressions with a sign between them; one by itself stays as it is."""
    found = list(parts)
    if len(found) == 1:
        return found[0]
    text = f" {sign} ".join(part.within(inner) for part in found)
    return Text(text, hold, all(part.whole for part in found))


def listed(parts: Iterable[str]) -> str:
    """Some parts as a tuple: `(M, N)`, `(K,)`."""
    found = list(parts)
    return f"({found[0]},)" if len(found) == 1 else f"({', '.join(found)})"


def shortened(
    lines: list[str], sizes: Collection[str], called: Callable[[], str]
) -> tuple[list[str], list[str]]:
    """Lines that give names to quotients of sizes that stand there again and again, and the lines
    with these names.

    called : a name that is free
    """
    text = "\n".join(lines)
    given = []
    for quotient, count in Counter(_QUOTIENT.findall(text)).most_common():
        if count >= OFTEN and set(re.findall(r"[^\W\d]\w*", quotient)) <= set(sizes):
            name = called()
            given.append(f"{name} = {quotient}")
            text = text.replace(f"({quotient})", name).replace(quotient, name)
    return given, text.split("\n")


class Lines:
    """Lines of Python that are being written."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.depth = 0

    def add(self, line: str) -> None:
        """One line; a long condition in several, an `and` at the beginning of each."""
        space = "    " * self.depth
        if line.startswith("if ") and len(space + line) > WIDTH and " and " in line:
            parts = line.removeprefix("if ").removesuffix(":").split(" and ")
            inner = [parts[0], *(f"and {part}" for part in parts[1:])]
            self.lines += [f"{space}if (", *(f"{space}    {part}" for part in inner), f"{space}):"]
        else:
            self.lines.append(space + line)

    @contextmanager
    def below(self, *headers: str) -> Iterator[None]:
        """What is written in here stands below headers, each below the one before."""
        for header in headers:
            self.add(header)
            self.depth += 1
        try:
            yield
        finally:
            self.depth -= len(headers)

    @contextmanager
    def apart(self) -> Iterator[list[str]]:
        """What is written in here is kept apart."""
        outer, self.lines = self.lines, []
        try:
            yield self.lines
        finally:
            self.lines = outer
