r"""Formulas made up at random, as authors might write them, each with what it means.

    made = Author(random.Random(7)).formula()
    Formula(made.latex, origin=made.origin, **made.shapes)(**made.arrays)

A piece of a formula is its LaTeX together with a function that goes through loops for its value.
That function never reads the LaTeX, and uses nothing of the engine: it says a second time what the
language means. Indices have a size, as x of N elements is read at an index that runs over N.
"""

import math
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

SUM, PRODUCT, ATOM = range(3)  # how tightly a piece holds together
At = Mapping[str, int]  # the values of the indices


@dataclass(frozen=True)
class Piece:
    """LaTeX, its value for given values of the indices, and how tightly it holds together.

    bare : the indices that stand by themselves in an array that ends where they end, so that
        how far they run need not be said
    holds : the conditions among the factors of a product; where one fails nothing else is read
    """

    latex: str
    value: Callable[[At], float]
    hold: int = ATOM
    bare: frozenset[str] = frozenset()
    holds: tuple[Callable[[At], bool], ...] = ()


@dataclass(frozen=True)
class Made:
    """A formula, the keywords of `Formula` and of its call, and the value for each element."""

    latex: str
    shapes: dict[str, str]
    origin: int
    arrays: dict[str, np.ndarray | float]
    free: tuple[str, ...]
    element: Callable[[At], float]

    def value(self, shape: tuple[int, ...]) -> np.ndarray:
        """What the formula means, element by element."""
        found = np.empty(shape)
        with np.errstate(all="ignore"):
            for place in np.ndindex(*shape):
                at = {n: p + self.origin for n, p in zip(self.free, place, strict=True)}
                found[place] = self.element(at)
        return found


AXES = {"x": "N", "v": "N", "g": "M", "w": "m", "A": "MN", "B": "NN", "W": "mn", "X": "KMN"}
NUMBERS = {"c": "c", r"\beta": "beta", r"\lambda": "lambda_", "2": None, "0.5": None, "3": None}
FUNCTIONS = {
    r"\tanh": np.tanh, r"\sin": np.sin, r"\cos": np.cos, r"\arctan": np.arctan,
    r"\operatorname{relu}": lambda u: np.maximum(u, 0.0),
    r"\operatorname{sigmoid}": lambda u: 1 / (1 + np.exp(-u)),
}  # fmt: skip
RELATIONS = {
    "<": lambda a, b: a < b, r"\le": lambda a, b: a <= b, "=": lambda a, b: a == b,
    r"\ne": lambda a, b: a != b, ">": lambda a, b: a > b, r"\ge": lambda a, b: a >= b,
}  # fmt: skip


class Author:
    """Writes one formula, with the choices of a random number generator."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.origin = draw.choice([0, 0, 1])
        self.sizes = {name: draw.randint(2, 4) for name in ("N", "M", "m", "n", "K")}
        self.used: dict[str, str] = {}  # array or number: its declared shape
        self.arrays: dict[str, np.ndarray | float] = {}
        self.size_of: dict[str, str] = {}  # index: how far it runs
        self.ghost = False  # whether anything was read from outside its array
        self.brackets = draw.random() < 0.1  # x(i, j), as physicists write

    def formula(self) -> Made:
        """One formula of y_i, y_{ij} or a single number E."""
        axes = self.draw.choice(["N", "N", "M", "MN", "MN", "KMN", ""])
        free = dict(zip("kij" if len(axes) == 3 else "ij", axes, strict=False))
        self.names = iter([name for name in "stjklpr" if name not in free])
        self.size_of |= free
        depth = self.draw.choice([1, 2, 2, 3])
        body = self.expression(list(free), depth) if free else self.reduction([], depth)
        target = self.target(list(free))
        shapes = dict(self.used.items())
        if free:
            shapes["y"] = " ".join(axes)
        needed = {size for size in self.sizes if re.search(rf"(?<![\\a-z]){size}\b", body.latex)}
        needed |= set(axes)
        told = {part for shape in self.used.values() for part in shape.split()}
        given = {size: self.sizes[size] for size in sorted(needed - told)}
        return Made(
            f"{target} = {body.latex}", shapes, self.origin, {**self.arrays, **given},
            tuple(free), body.value,
        )  # fmt: skip

    def target(self, free: list[str]) -> str:
        if not free:
            return "E"
        return self.indexed("y", free)

    # ---- what stands at the ends of the tree ------------------------------------------------

    def read(self, scope: list[str], pinning: str = "") -> Piece:
        """An element of an array; with `pinning`, at that index by itself."""
        size = self.size_of.get(pinning, "")
        fits = [name for name, axes in AXES.items() if size in axes]
        here = {self.size_of[index] for index in scope}
        near = [name for name in fits if set(AXES[name]) <= here]
        name = self.draw.choice(near or [n for n in fits if len(AXES[n]) <= 2])
        texts, places, bare = [], [], set()
        pinned = AXES[name].index(size) if pinning else -1
        for axis, length in enumerate(AXES[name]):
            if axis == pinned:
                text, place = pinning, lambda at: at[pinning]
            else:
                text, place = self.place(scope, length)
            if text in self.size_of and self.size_of[text] == length:
                bare.add(text)
            texts.append(text)
            places.append(place)
        array = self.array(name)

        def value(at: At) -> float:
            place = [p(at) - self.origin for p in places]
            if all(0 <= p < length for p, length in zip(place, array.shape, strict=True)):
                return float(array[tuple(place)])
            self.ghost = True
            return 0.0

        return Piece(self.indexed(name, texts), value, ATOM, frozenset(bare))

    def array(self, name: str) -> np.ndarray:
        """The numbers of an array, made up when it is first read."""
        if name not in self.arrays:
            shape = [self.sizes[length] for length in AXES[name]]
            numbers = [self.draw.randint(-30, 30) / 16 for _ in range(math.prod(shape))]
            self.arrays[name] = np.array(numbers).reshape(shape)
            self.used[name] = " ".join(AXES[name])
        return self.arrays[name]

    def indexed(self, name: str, places: list[str]) -> str:
        """`x_i`, `A_{ij}`, `A_{i+1,j}`, `x_{(i+s)(j+t)}`, `X^{(k)}_{ij}` or `A(i, j)`."""
        if self.brackets:
            return f"{name}({', '.join(places)})"
        head = name
        if len(places) == 3:
            head, places = f"{name}^{{({places[0]})}}", places[1:]
        if len(places) == 1 and len(places[0]) == 1:
            return f"{head}_{places[0]}"
        if all(len(place) == 1 for place in places):
            return f"{head}_{{{''.join(places)}}}"
        if self.draw.random() < 0.5 and len(places) > 1:
            return f"{head}_{{{''.join(p if len(p) == 1 else f'({p})' for p in places)}}}"
        return f"{head}_{{{','.join(places)}}}"

    def place(self, scope: list[str], length: str) -> tuple[str, Callable[[At], int]]:
        """An index of an axis: mostly one that runs as far as the axis does."""
        fitting = [index for index in scope if self.size_of[index] == length]
        index = self.draw.choice(fitting or scope or ["1"])
        if index == "1":
            return "1", lambda at: 1
        if fitting and self.draw.random() < 0.6:
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
                (f"2{index}+{other}", lambda at: 2 * at[index] + at[other]),
            ]
        return self.draw.choice(forms)

    def number(self) -> Piece:
        latex = self.draw.choice(list(NUMBERS))
        name = NUMBERS[latex]
        if name is None:
            return Piece(latex, lambda at: float(latex))
        if name not in self.arrays:
            self.arrays[name] = self.draw.choice([-1.5, 0.75, 2.0])
            self.used[name] = ""
        return Piece(latex, lambda at: self.arrays[name])

    def condition(self, scope: list[str]) -> tuple[str, Callable[[At], bool]]:
        """A relation between indices, or of an element and a number."""
        relation = self.draw.choice(list(RELATIONS))
        holds = RELATIONS[relation]
        if scope and self.draw.random() < 0.6:
            index, other = self.draw.choice(scope), self.draw.choice([*scope, "1", "2"])
            right = (lambda at: at[other]) if other in scope else (lambda at: int(other))
            return f"{index} {relation} {other}", lambda at: holds(at[index], right(at))
        one, two = self.read(scope), self.number()

        def value(at: At) -> bool:
            with self.within():
                return holds(one.value(at), two.value(at))

        return f"{one.latex} {relation} {two.latex}", value

    # ---- what is built of them --------------------------------------------------------------

    def expression(self, scope: list[str], depth: int) -> Piece:
        if depth == 0:
            return self.number() if self.draw.random() < 0.2 or not scope else self.read(scope)
        build = self.draw.choice(
            [self.total, self.total, self.times, self.times, self.fraction, self.power,
             self.function, self.extreme, self.absolute, self.conditional, self.cases, self.norm,
             self.exponential, self.reduction, self.reduction, self.reduction, self.reduction]
        )  # fmt: skip
        return build(scope, depth)

    def inner(self, scope: list[str], depth: int, hold: int = SUM) -> Piece:
        """A smaller expression, in brackets unless it holds together as tightly as is asked."""
        piece = self.expression(scope, self.draw.randint(0, depth - 1))
        return bracketed(piece) if piece.hold < hold else piece

    def total(self, scope: list[str], depth: int) -> Piece:
        one, two = self.inner(scope, depth, PRODUCT), self.inner(scope, depth, PRODUCT)
        if self.draw.random() < 0.6:
            latex, sign = f"{one.latex} + {two.latex}", 1
        else:
            latex, sign = f"{one.latex} - {two.latex}", -1
        return Piece(
            latex, lambda at: one.value(at) + sign * two.value(at), SUM, one.bare | two.bare
        )

    def times(self, scope: list[str], depth: int) -> Piece:
        return self.multiplied(self.inner(scope, depth, ATOM), self.inner(scope, depth, ATOM))

    def multiplied(self, one: Piece, two: Piece) -> Piece:
        # Two numbers side by side are one number, and a name before a bracket is a function.
        plain = not two.latex[0].isdigit() and not two.latex.startswith("(")
        joiner = self.draw.choice([" ", r"\,", r" \cdot "] if plain else [r" \cdot ", r" \times "])
        return Piece(
            f"{one.latex}{joiner}{two.latex}",
            guarded(lambda at: one.value(at) * two.value(at), one.holds + two.holds),
            PRODUCT,
            one.bare | two.bare,
            one.holds + two.holds,
        )

    def fraction(self, scope: list[str], depth: int) -> Piece:
        above = self.inner(scope, depth)
        if self.draw.random() < 0.3:
            divisor = self.draw.choice("2NM")
            size = 2 if divisor == "2" else self.sizes[divisor]
            upper = bracketed(above) if above.hold < ATOM else above
            forms = [f"{upper.latex} / {divisor}"]
            if not upper.latex.startswith("("):
                forms.append(rf"\frac{{1}}{{{divisor}}} {upper.latex}")
            latex = self.draw.choice(forms)
            return Piece(latex, lambda at: upper.value(at) / size, PRODUCT, above.bare)
        below = self.squared(scope, depth)
        latex = rf"\frac{{{above.latex}}}{{1 + {below.latex}}}"
        return Piece(latex, lambda at: above.value(at) / (1 + below.value(at)), ATOM, above.bare)

    def power(self, scope: list[str], depth: int, exponents: str = "23") -> Piece:
        base = self.inner(scope, depth)
        if not re.fullmatch(r"\w_\w|\w_\{[^{}]*\}", base.latex):
            base = bracketed(base)
        exponent = self.draw.choice(exponents)
        return Piece(
            f"{base.latex}^{exponent}", lambda at: base.value(at) ** int(exponent), ATOM, base.bare
        )

    def squared(self, scope: list[str], depth: int) -> Piece:
        return self.power(scope, depth, "2")

    def function(self, scope: list[str], depth: int) -> Piece:
        name = self.draw.choice(list(FUNCTIONS))
        inner = self.inner(scope, depth)
        brackets = self.draw.choice(["({})", r"\left( {} \right)"])
        latex = name + brackets.format(inner.latex)
        return Piece(latex, lambda at: FUNCTIONS[name](inner.value(at)), ATOM, inner.bare)

    def exponential(self, scope: list[str], depth: int) -> Piece:
        inner = self.squared(scope, depth)
        latex, value = self.draw.choice(
            [
                (rf"e^{{-{inner.latex}}}", lambda u: np.exp(-u)),
                (rf"\exp(-{inner.latex})", lambda u: np.exp(-u)),
                (rf"\log(1 + {inner.latex})", np.log1p),
                (rf"\sqrt{{1 + {inner.latex}}}", lambda u: np.sqrt(1 + u)),
            ]
        )
        return Piece(latex, lambda at: value(inner.value(at)), ATOM, inner.bare)

    def extreme(self, scope: list[str], depth: int) -> Piece:
        name, choose = self.draw.choice([(r"\max", max), (r"\min", min)])
        zero = Piece("0", lambda at: 0.0)
        one = zero if self.draw.random() < 0.4 else self.inner(scope, depth)
        two = self.inner(scope, depth)
        outer = -math.inf if choose is max else math.inf

        def value(at: At) -> float:
            return choose([v for p in (one, two) for v in self.competing(p, at)], default=outer)

        return Piece(rf"{name}({one.latex}, {two.latex})", value, ATOM, one.bare | two.bare)

    def absolute(self, scope: list[str], depth: int) -> Piece:
        inner = self.inner(scope, depth)
        return Piece(
            rf"\left| {inner.latex} \right|", lambda at: abs(inner.value(at)), ATOM, inner.bare
        )

    def norm(self, scope: list[str], depth: int) -> Piece:
        """Of a whole array, whose indices are left out."""
        name = self.draw.choice(["x", "v", "A"])
        array = np.abs(self.array(name))
        latex, size = self.draw.choice(
            [
                (rf"\|{name}\|^2", (array**2).sum()),
                (rf"\|{name}\|_1", array.sum()),
                (rf"\lVert {name} \rVert_\infty", array.max()),
                (rf"\lVert {name} \rVert_2", math.sqrt((array**2).sum())),
            ]
        )
        return Piece(latex, lambda at: float(size))

    def conditional(self, scope: list[str], depth: int) -> Piece:
        text, holds = self.condition(scope)
        inner = self.inner(scope, depth, ATOM)
        sign = self.draw.choice(["[{}]", r"\mathbb{{1}}[{}]", r"\mathbf{{1}}_{{{}}}"])
        return Piece(
            f"{sign.format(text)} {inner.latex}",
            guarded(inner.value, (holds, *inner.holds)),
            PRODUCT,
            inner.bare,
            (holds, *inner.holds),
        )

    def cases(self, scope: list[str], depth: int) -> Piece:
        text, holds = self.condition(scope)
        one, two = self.inner(scope, depth), self.inner(scope, depth)
        latex = (
            rf"\begin{{cases}} {one.latex} & \text{{if }} {text} \\ {two.latex} & "
            r"\text{otherwise} \end{cases}"
        )
        return Piece(latex, lambda at: one.value(at) if holds(at) else two.value(at), ATOM)

    # ---- sums and the like ------------------------------------------------------------------

    def reduction(self, scope: list[str], depth: int) -> Piece:
        """A sum, product, maximum or minimum over one index or two."""
        names = [
            n for n in (next(self.names, None) for _ in range(self.draw.choice([1, 1, 2]))) if n
        ]
        if not names:
            return self.read(scope) if scope else self.number()
        for name in names:
            self.size_of[name] = self.draw.choice("NMmn")
        inside = [*scope, *names]
        operation = self.draw.choice(["sum"] * 5 + ["prod", "max", "min"])
        body = self.inner(inside, depth, PRODUCT)
        for name in names:
            if name not in body.bare:  # something must tell how far it runs
                whole = bracketed(body) if body.hold < ATOM else body
                body = self.multiplied(self.read(inside, name), whole)
        if operation == "prod" and body.hold < ATOM:
            body = bracketed(body)
        limits, choices = self.limits(names, scope)
        value = self.reduced(operation, body, choices)
        return Piece(
            rf"\{operation}{limits} {body.latex}", value, SUM if operation != "sum" else PRODUCT,
            body.bare - set(names),
        )  # fmt: skip

    def limits(
        self, names: list[str], scope: list[str]
    ) -> tuple[str, Callable[[At], list[dict[str, int]]]]:
        """The bounds of a sum, and the values of its indices for given ones around."""
        first = self.origin
        last = {n: self.sizes[self.size_of[n]] - 1 + first for n in names}

        def box(at: At) -> list[dict[str, int]]:
            spans = [range(first, last[name] + 1) for name in names]
            return [dict(zip(names, values, strict=True)) for values in product(*spans)]

        name, size = names[0], self.size_of[names[0]]
        below, up_to = (size, r"\le") if first else (f"{size}-1", "<")
        if len(names) == 2:
            return f"_{{{','.join(names)}}}", box
        forms = [
            (f"_{name}", box),
            (f"_{{{name}={first}}}^{{{below}}}", box),
            (f"_{{{name}={first}}}^{{{below}}}", box),
            (rf"_{{{first} \le {name} {up_to} {size}}}", box),
            (rf"_{{{name}={first}}}^{{2}}",
             lambda at: [{name: k} for k in range(first, 3)]),
            (rf"_{{{name} \in \{{{first}, {first + 1}\}}}}",
             lambda at: [{name: k} for k in (first, first + 1)]),
        ]  # fmt: skip
        if scope:
            outer = self.draw.choice(scope)
            forms += [
                (rf"_{{{name} \ne {outer}}}",
                 lambda at: [k for k in box(at) if k[name] != at[outer]]),
                (rf"_{{{name}={first}}}^{{{outer}}}",
                 lambda at: [{name: k} for k in range(first, at[outer] + 1)]),
                (rf"_{{\substack{{{name} = {first} \\ {name} \ne {outer}}}}}^{{{below}}}",
                 lambda at: [k for k in box(at) if k[name] != at[outer]]),
            ]  # fmt: skip
        return self.draw.choice(forms)

    def reduced(
        self, operation: str, body: Piece, choices: Callable[[At], list[dict[str, int]]]
    ) -> Callable[[At], float]:
        def value(at: At) -> float:
            each = [{**at, **chosen} for chosen in choices(at)]
            if operation in ("sum", "prod"):
                with self.within():
                    values = [body.value(one) for one in each]
                return np.sum(values) if operation == "sum" else math.prod(values)
            found = [v for one in each for v in self.competing(body, one)]
            if operation == "max":
                return max(found, default=-math.inf)
            return min(found, default=math.inf)

        return value

    # ---- reading from outside ---------------------------------------------------------------

    def competing(self, piece: Piece, at: At) -> list[float]:
        """The value, unless it reads from outside an array: then it takes no part in a maximum."""
        with self.within():
            self.ghost = False
            value = piece.value(at)
            return [] if self.ghost else [value]

    def within(self) -> "_Within":
        return _Within(self)


class _Within:
    """What is read from outside an array in here is of no concern to what stands around."""

    def __init__(self, author: Author) -> None:
        self.author = author

    def __enter__(self) -> None:
        self.before = self.author.ghost

    def __exit__(self, *_: object) -> None:
        self.author.ghost = self.before


def guarded(
    value: Callable[[At], float], holds: tuple[Callable[[At], bool], ...]
) -> Callable[[At], float]:
    """A value that is 0 where a condition fails, and then reads nothing."""
    return lambda at: value(at) if all(condition(at) for condition in holds) else 0.0


def bracketed(piece: Piece) -> Piece:
    return replace(piece, latex=f"({piece.latex})", hold=ATOM)
