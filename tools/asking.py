"""Asks a formula everything that it can be asked, and gives the answers as JSON can hold them.

Only what the package promises to everybody is used, so that engines of different times can be asked
the same: `Formula(...)`, its names, a call, `expand` and `check`.

A statement is `{"latex": ..., "shapes": {...}, "origin": 1}`: the keywords of a Formula, where a
shape is text, a statement again for what another formula defines, or "function". What is given
in a call is described: "3 4" for an array of numbers between −2 and 2, "3 4 of whole 0 2" or
"3 4 of real 0 1" for others, "function" for tanh, and a number for itself.
"""

import json
import random
import signal
import sys
import zlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

import numpy as np

from cnnmath.formula import Expansion, Formula

FEW = 6  # numbers, or terms, that are kept one by one
LONGEST = 100  # characters of a list of cells; a longer one is kept as its checksum
PATIENCE = 20  # seconds, where a question is one of thousands
RTOL = 1e-12
ATOL = 1e-14  # beside numbers of about 1, rounding

Fact = Any
Facts = dict[str, Fact]


def stated(statement: Mapping[str, Any], origin: int | None = None) -> Formula:
    """The formula of a statement, and those that define its quantities, counted from `origin`."""
    shapes = {
        name: np.tanh if shape == "function"
        else stated(shape, origin) if isinstance(shape, Mapping)
        else shape
        for name, shape in statement["shapes"].items()
    }  # fmt: skip
    first = statement.get("origin", 0) if origin is None else origin
    return Formula(statement["latex"], origin=first, **shapes)


def numbers(described: Any, name: str, seed: int) -> Any:
    """What is given for a name; the same on every machine."""
    if described == "function":
        return np.tanh
    if not isinstance(described, str):
        return described
    lengths, _, kind = described.partition("of ")
    shape = tuple(map(int, lengths.split()))
    word, low, high = kind.split() or ("real", "-2", "2")
    draw = random.Random(f"{seed} {name}")
    scale = 1 if word == "whole" else 1000
    first, last = round(float(low) * scale), round(float(high) * scale)
    drawn = [draw.randint(first, last) / scale for _ in range(int(np.prod(shape)))]
    return np.array(drawn, dtype=float).reshape(shape)


def given(described: Mapping[str, Any], seed: int) -> dict[str, Any]:
    """All that is given in a call."""
    return {name: numbers(value, name, seed) for name, value in described.items()}


def asked(function: Any) -> Fact:
    """What a function returns, or its error: class and message."""
    try:
        with np.errstate(all="ignore"):
            return function()
    except Exception as error:  # whatever it is, it is on record
        return {"error": f"{type(error).__name__}: {error}"}


def about(formula: Formula) -> Facts:
    """What a formula says of itself."""
    parts = ("result", "free", "names", "sizes", "reading")
    return {part: asked(lambda part=part: _plain(getattr(formula, part))) for part in parts}


def answers(formula: Formula, arrays: Mapping[str, Any], where: int) -> Facts:
    """Value, shape, one element term by term, and the cells that it reads.

    where : 0 for the first element, 1 for the last, 2 for the one in the middle
    """
    value = asked(lambda: formula(**arrays))
    if isinstance(value, dict):
        return value
    facts = {"shape": list(value.shape), "value": shortened(value)}
    if not value.size:
        return facts
    place = tuple((0, length - 1, length // 2)[where] for length in value.shape)
    found = asked(lambda: formula.expand(place, **arrays))
    if isinstance(found, dict):
        return {**facts, "expansion": found}
    return {**facts, "expansion": written(found), "touched": touched(found)}


def checked(formula: Formula, arrays: Mapping[str, Any]) -> Fact:
    """What comparing the sides of a formula found: each comparison, and whether they are equal."""
    found = asked(lambda: formula.check(**arrays))
    return found if isinstance(found, dict) else [f"{row.what}: {row.ok}" for row in found.rows]


# ---- facts made short ---------------------------------------------------------------------------


def shortened(array: np.ndarray) -> Fact:
    """A few numbers one by one; of many the first ones and sums that depend on every one's place.

    The last of the sums, of magnitudes, says how exactly the others can be known.
    """
    flat = np.asarray(array, dtype=float).ravel()
    if flat.size <= FEW:
        return [_digits(v) for v in flat]
    finite = np.isfinite(flat)
    kept = np.where(finite, flat, 0.0)
    weights = 1 + np.arange(flat.size) * 37 % 101 / 101
    sums = [kept.sum(), kept @ weights, np.abs(kept).sum()]
    facts = {"first": [_digits(v) for v in flat[:3]], "sums": [_digits(v) for v in sums]}
    for special in ("nan", "inf", "-inf"):
        number = float(special)
        found = np.isnan(flat) if special == "nan" else flat == number
        if found.any():
            facts[special] = _kept(_runs(np.flatnonzero(found)))
    return facts


def written(found: Expansion) -> Facts:
    """An expansion: its operation, its total, how many terms, and a few of them as they read.

    What is read from outside an array has a ghost's ° behind it.
    """
    shown = [("−" if term.negative else "") + " · ".join(map(_with_ghost, term.factors))
             for term in found.terms]  # fmt: skip
    return {
        "at": list(found.index),
        "operation": found.operation,
        "total": [_digits(found.total)],
        "count": len(shown),
        "terms": [
            text[:LONGEST] for text in (shown if len(shown) <= 3 else [*shown[:2], shown[-1]])
        ],
        "values": shortened(np.array([term.value for term in found.terms])),
    }


def _with_ghost(factor: Any) -> str:
    return factor.text if factor.inside else f"{factor.text}°"


def touched(found: Expansion) -> dict[str, str]:
    """For each array the cells that one element reads, and the places outside that it asks for."""
    cells: dict[str, set[tuple[int, ...]]] = {}
    for term in found.terms:
        for factor in term.factors:
            for read in (factor, *factor.reads):
                if read.name:
                    key = read.name if read.inside else f"{read.name} outside"
                    cells.setdefault(key, set()).add(tuple(read.index))
    return {name: _kept(_boxes(places)) for name, places in sorted(cells.items())}


def _boxes(places: Iterable[tuple[int, ...]]) -> str:
    """Places, those that follow each other along the last axis as one: `0,1..3 1,1..3`."""
    texts = []
    for head, group in groupby(sorted(places), key=lambda place: place[:-1]):
        front = "".join(f"{p}," for p in head)
        if not (last := [place[-1] for place in group if place]):
            return "itself"
        texts += [front + run for run in _runs(last).split()]
    return " ".join(texts)


def _runs(positions: Sequence[int]) -> str:
    """Whole numbers in order, those that follow each other as one: `1..3 5`."""
    texts = []
    for _, group in groupby(enumerate(map(int, positions)), key=lambda pair: pair[1] - pair[0]):
        run = [number for _, number in group]
        texts.append(str(run[0]) if len(run) == 1 else f"{run[0]}..{run[-1]}")
    return " ".join(texts)


def _kept(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    return f"{text[: LONGEST // 3]} … {len(text.split())} in all, {zlib.crc32(text.encode()):08x}"


def _digits(value: float) -> float | str:
    """A number to 14 digits, which JSON can hold; without the sign of 0."""
    value = float(f"{value:.14g}") + 0.0
    return value if np.isfinite(value) else str(value)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


# ---- two answers --------------------------------------------------------------------------------


def differences(one: Fact, other: Fact, fact: str = "") -> list[tuple[str, Fact, Fact]]:
    """Where two answers differ: which fact, and what each of them says.

    Numbers of one list agree at the scale of the largest among them.
    """
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        found = []
        for key in dict.fromkeys((*one, *other)):
            found += differences(one.get(key), other.get(key), f"{fact} {key}".strip())
        return found
    return [] if one == other or _close(one, other) else [(fact, one, other)]


def gist(facts: Facts) -> str:
    """The value of an answer, or its error, in a line."""
    if "error" in facts:
        return str(facts["error"]).splitlines()[0]
    return f"{facts['value']}, of shape {facts['shape']}" if "value" in facts else str(facts)


def _close(one: Fact, other: Fact) -> bool:
    if not (isinstance(one, list) and isinstance(other, list) and len(one) == len(other)):
        return False
    try:
        a, b = np.array(one, dtype=float), np.array(other, dtype=float)
    except (TypeError, ValueError):
        return False
    scale = np.abs(a[np.isfinite(a)]).max(initial=1.0)
    return bool(np.isclose(a, b, rtol=RTOL, atol=ATOL * scale, equal_nan=True).all())


# ---- as a process of its own, with the engine that PYTHONPATH leads to -------------------------


def _out_of_time(*_: Any) -> None:
    raise TimeoutError(f"no answer within {PATIENCE} seconds")


def main() -> None:
    """Answers questions, `{"statement": ..., "given": {...}}`, line by line."""
    signal.signal(signal.SIGALRM, _out_of_time)
    for line in sys.stdin:
        question = json.loads(line)
        signal.alarm(PATIENCE)
        found = asked(lambda q=question: answers(stated(q["statement"]), given(q["given"], 0), 2))
        signal.alarm(0)
        print(json.dumps(found))


if __name__ == "__main__":
    main()
