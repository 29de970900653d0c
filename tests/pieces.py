r"""What formulas made up at random consist of: elements of arrays, numbers, conditions.

A piece of a formula is its LaTeX together with a function that goes through loops for its value.
That function never reads the LaTeX, and uses nothing of the engine: it says a second time what the
language means. Indices have a size, as x of N elements is read at an index that runs over N.
"""

import math
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np

SUM, PRODUCT, ATOM = range(3)  # how tightly a piece holds together
At = Mapping[str, int]  # the values of the indices
Value = Callable[[At], float]
Holds = Callable[[At], bool]


@dataclass(frozen=True)
class Piece:
    """LaTeX, its value for given values of the indices, and how tightly it holds together.

    bare : the indices that stand by themselves in an array that ends where they end, so that
        how far they run need not be said
    holds : the conditions among the factors of a product; where one fails nothing else is read
    reach : whether it ends with a sum, which would take in whatever stands behind it
    single : whether it is one symbol with its indices
    """

    latex: str
    value: Value
    hold: int = ATOM
    bare: frozenset[str] = frozenset()
    holds: tuple[Holds, ...] = ()
    reach: bool = False
    single: bool = False


def bracketed(piece: Piece) -> Piece:
    return replace(piece, latex=f"({piece.latex})", hold=ATOM, reach=False, single=False)


def guarded(value: Value, holds: tuple[Holds, ...]) -> Value:
    """A value that is 0 where a condition fails, and then reads nothing."""
    return lambda at: value(at) if all(condition(at) for condition in holds) else 0.0


AXES = {"x": "N", "v": "N", r"\hat{x}": "N", "g": "M", "w": "m", r"\theta": "n",
        "A": "MN", "B": "NN", "W": "mn", "X": "KMN"}  # fmt: skip
KEYS = {r"\hat{x}": "x_hat", r"\theta": "theta", r"\beta": "beta", r"\lambda": "lambda_"}
NUMBERS = ("c", r"\beta", r"\lambda", "2", "0.5", "3")
RELATIONS: dict[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b, r"\le": lambda a, b: a <= b, "=": lambda a, b: a == b,
    r"\ne": lambda a, b: a != b, ">": lambda a, b: a > b, r"\ge": lambda a, b: a >= b,
}  # fmt: skip


class Reader:
    """Reads arrays, which it makes up as it needs them, with the choices of a generator."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.origin = draw.choice([0, 0, 1])
        self.sizes = {name: draw.randint(2, 4) for name in ("N", "M", "m", "n", "K")}
        self.shapes: dict[str, str] = {}
        self.arrays: dict[str, np.ndarray | float] = {}
        self.size_of: dict[str, str] = {}  # index: how far it runs
        self.elementwise = ""  # the axes, if no index is written
        self.ghost = False  # whether anything was read from outside its array
        self.brackets = draw.random() < 0.1  # x(i, j), as physicists write

    def chance(self, probability: float) -> bool:
        return self.draw.random() < probability

    def read(self, scope: list[str], pinning: str = "") -> Piece:
        """An element of an array; with `pinning`, at that index by itself."""
        if self.elementwise:
            name = self.draw.choice([n for n, axes in AXES.items() if axes == self.elementwise])
            array = self.array(name)
            first = self.origin
            value = lambda at: float(array[tuple(p - first for p in at.values())])  # noqa: E731
            return Piece(name, value, single=True)
        size = self.size_of.get(pinning, "")
        fits = [name for name, axes in AXES.items() if size in axes]
        here = {self.size_of[index] for index in scope}
        near = [name for name in fits if set(AXES[name]) <= here]
        name = self.draw.choice(near or [n for n in fits if len(AXES[n]) <= 2])
        pinned = AXES[name].index(size) if pinning else -1
        array, bare = self.array(name), set()
        texts, places = [], []
        for axis, length in enumerate(AXES[name]):
            text, place = self.place([pinning] if axis == pinned else scope, length, axis == pinned)
            if self.size_of.get(text) == length:
                bare.add(text)
            texts.append(text)
            places.append(place)

        def value(at: At) -> float:
            place = [p(at) - self.origin for p in places]
            if all(0 <= p < length for p, length in zip(place, array.shape, strict=True)):
                return float(array[tuple(place)])
            self.ghost = True
            return 0.0

        return Piece(self.indexed(name, texts), value, bare=frozenset(bare), single=True)

    def array(self, name: str) -> np.ndarray:
        """The numbers of an array, made up when it is first read."""
        key = KEYS.get(name, name)
        if key not in self.arrays:
            shape = [self.sizes[length] for length in AXES[name]]
            numbers = [self.draw.randint(-30, 30) / 16 for _ in range(math.prod(shape))]
            self.arrays[key] = np.array(numbers).reshape(shape)
            self.shapes[key] = " ".join(AXES[name])
        return self.arrays[key]

    def indexed(self, name: str, places: list[str]) -> str:
        """`x_i`, `A_{ij}`, `A_{i+1,j}`, `x_{(i+s)(j+t)}`, `X^{(k)}_{ij}` or `A(i, j)`."""
        if not places or self.elementwise:
            return name
        if self.brackets:
            return f"{name}({', '.join(places)})"
        head, tail = name, ""
        if len(places) == 3:
            raised, places = f"^{{({places[0]})}}", places[1:]
            head, tail = (name + raised, "") if self.chance(0.7) else (name, raised)
        if len(places) == 1 and len(places[0]) == 1:
            return f"{head}_{places[0]}{tail}"
        if all(len(place) == 1 for place in places):
            return f"{head}_{{{self.draw.choice(['', '', ',', ' ']).join(places)}}}{tail}"
        if self.chance(0.5) and len(places) > 1:
            return f"{head}_{{{''.join(p if len(p) == 1 else f'({p})' for p in places)}}}{tail}"
        return f"{head}_{{{','.join(places)}}}{tail}"

    def place(self, scope: list[str], length: str, plain: bool) -> tuple[str, Callable[[At], int]]:
        """An index of an axis: mostly one that runs as far as the axis does."""
        fitting = [index for index in scope if self.size_of[index] == length]
        if not scope:
            return str(self.origin), lambda at: self.origin
        index = self.draw.choice(fitting or scope)
        if plain or (fitting and self.chance(0.6)):
            return index, lambda at: at[index]
        other = self.draw.choice(scope)
        forms = [
            (f"{index}+1", lambda at: at[index] + 1),
            (f"{index}-1", lambda at: at[index] - 1),
            (f"2{index}", lambda at: 2 * at[index]),
            (f"{length}-{index}", lambda at: self.sizes[length] - at[index]),
            (rf"\lfloor {index}/2 \rfloor", lambda at: at[index] // 2),
        ]
        if other != index:
            forms += [
                (f"{index}+{other}", lambda at: at[index] + at[other]),
                (f"{index}-{other}", lambda at: at[index] - at[other]),
                (f"2{index}+{other}-1", lambda at: 2 * at[index] + at[other] - 1),
            ]
        return self.draw.choice(forms)

    def number(self) -> Piece:
        latex = self.draw.choice(NUMBERS)
        if latex[0].isdigit():
            return Piece(latex, lambda at: float(latex))
        key = KEYS.get(latex, latex)
        if key not in self.arrays:
            self.arrays[key] = self.draw.choice([-1.5, 0.75, 2.0])
            self.shapes[key] = ""
        return Piece(latex, lambda at: self.arrays[key], single=True)

    def condition(self, scope: list[str]) -> tuple[str, Holds]:
        """A relation between indices, or of an element and a number; now and then two."""
        relation = self.draw.choice(list(RELATIONS))
        holds = RELATIONS[relation]
        if scope and not self.elementwise and self.chance(0.6):
            index, other = self.draw.choice(scope), self.draw.choice([*scope, "1", "2"])
            right = (lambda at: at[other]) if other in scope else (lambda at: int(other))
            if self.chance(0.2):
                return (
                    rf"1 \le {index} {relation} {other}",
                    lambda at: at[index] >= 1 and holds(at[index], right(at)),
                )
            return f"{index} {relation} {other}", lambda at: holds(at[index], right(at))
        one, two = self.read(scope), self.number()

        def value(at: At) -> bool:
            with self.apart():
                return holds(one.value(at), two.value(at))

        return f"{one.latex} {relation} {two.latex}", value

    def competing(self, piece: Piece, at: At) -> list[float]:
        """The value, unless it reads from outside an array: then it takes no part in a maximum."""
        with self.apart():
            self.ghost = False
            value = piece.value(at)
            return [] if self.ghost else [value]

    @contextmanager
    def apart(self) -> Iterator[None]:
        """What is read from outside an array in here does not matter to what stands around."""
        before = self.ghost
        yield
        self.ghost = before
