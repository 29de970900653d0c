r"""Formulas made up at random, as authors might write them, each with what it means.

made = Author(random.Random(7)).formula()
Formula(made.latex, origin=made.origin, **made.shapes)(**made.arrays)
made.value(shape)
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np
from pieces import ATOM, KEYS, PRODUCT, SUM, At, Piece, Reader, Value, bracketed, guarded


@dataclass(frozen=True)
class Made:
    """A formula, the keywords of `Formula` and of its call, and the value for each element."""

    latex: str
    shapes: dict[str, str]
    origin: int
    arrays: dict[str, np.ndarray | float]
    free: tuple[str, ...]
    shape: tuple[int, ...]  # of the result, where it is declared
    element: Value

    def value(self, shape: tuple[int, ...]) -> np.ndarray:
        """What the formula means, element by element."""
        found = np.empty(shape)
        with np.errstate(all="ignore"):
            for place in np.ndindex(*shape):
                names = self.free or map(str, range(len(place)))  # no index is written
                at = {name: p + self.origin for name, p in zip(names, place, strict=True)}
                found[place] = self.element(at)
        return found

    @property
    def result(self) -> str:
        return self.latex[0]

    @property
    def variables(self) -> list[str]:
        """The arrays by which a derivative can be written; a whole array y has no elements."""
        written = self.latex.startswith(("y_", "y^", "E"))
        return [key for key, value in self.arrays.items() if written and np.ndim(value)]

    def gradient(self, key: str) -> tuple[str, dict[str, str]]:
        """∂E/∂ an array, given how y is made by the formula, or E itself; and a shape for it."""
        letters = {key: latex for latex, key in KEYS.items()}
        places = "uvz"[: np.ndim(self.arrays[key])]
        by = rf"{{\partial {letters.get(key, key)}_{{{places}}}}}"
        if not self.free:
            return rf"Q_{{{places}}} = \frac{{\partial E}}{by}", {"Q": self.shapes[key]}
        y = rf"{{\partial y_{{{''.join(self.free)}}}}}"
        chain = rf"\frac{{\partial E}}{y} \frac{y}{by}"
        return rf"\frac{{\partial E}}{by} = \sum_{{{','.join(self.free)}}} {chain}", {}


FUNCTIONS: dict[str, Callable[[float], float]] = {
    r"\tanh": np.tanh, r"\sin": np.sin, r"\cos": np.cos, r"\arctan": np.arctan,
    r"\operatorname{relu}": lambda u: np.maximum(u, 0.0),
    r"\operatorname{sigmoid}": lambda u: 1 / (1 + np.exp(-u)),
}  # fmt: skip


class Author(Reader):
    """Writes one formula, with the choices of a random number generator."""

    def formula(self) -> Made:
        """One formula of y_i, y_{ij}, y^{(k)}_{ij}, of a whole array y, or of a number E."""
        axes = self.draw.choice(["N", "N", "M", "MN", "MN", "KMN", ""])
        if self.chance(0.08):
            self.elementwise = axes = self.draw.choice(["N", "MN"])
        depth = self.draw.choice([1, 2, 2, 3])
        letters = "" if self.elementwise else "kij" if len(axes) == 3 else "ij"
        free = list(letters)[: len(axes)]
        self.names = iter([name for name in "stjklpr" if name not in free])
        self.size_of |= dict(zip(free, axes, strict=False))
        if free or self.elementwise:
            body, result = self.expression(free, depth), "y"
        else:
            body, result = self.reduction([], depth), "E"
        latex = f"{self.indexed(result, free)} = {body.latex}"
        shapes = dict(self.shapes)
        if free and not (body.bare >= set(free) and self.chance(0.3)):
            shapes["y"] = " ".join(axes)
        stands = {size for size in self.sizes if re.search(rf"(?<![\\a-zA-Z]){size}\b", body.latex)}
        told = {part for shape in self.shapes.values() for part in shape.split()}
        needed = sorted((stands | set(shapes.get("y", "").split())) - told)
        given = {size: self.sizes[size] for size in needed}
        arrays = {**self.arrays, **given}
        shape = tuple(self.sizes[axis] for axis in axes)
        return Made(latex, shapes, self.origin, arrays, tuple(free), shape, body.value)

    def expression(self, scope: list[str], depth: int) -> Piece:
        if depth == 0:
            few = not scope and not self.elementwise
            return self.number() if few or self.chance(0.2) else self.read(scope)
        builders = [self.total] * 2 + [self.times] * 2 + [self.reduction] * 5
        builders += [
            self.fraction, self.power, self.function, self.extreme, self.absolute, self.negative,
            self.conditional, self.cases, self.norm, self.exponential, self.softmax,
        ]  # fmt: skip
        if self.elementwise:
            builders = [self.total, self.times, self.power, self.function, self.extreme,
                        self.absolute, self.negative, self.cases, self.exponential]  # fmt: skip
        return self.draw.choice(builders)(scope, depth)

    def inner(self, scope: list[str], depth: int, hold: int = SUM) -> Piece:
        """A smaller expression, in brackets unless it holds together as tightly as is asked."""
        piece = self.expression(scope, self.draw.randint(0, depth - 1))
        return bracketed(piece) if piece.hold < hold else piece

    # ---- sums, products, powers -------------------------------------------------------------

    def total(self, scope: list[str], depth: int) -> Piece:
        """Two or three terms; a sum reaches as far as its product, not over a plus."""
        parts = [self.inner(scope, depth, PRODUCT) for _ in range(self.draw.choice([2, 2, 3]))]
        signs = [1, *(self.draw.choice([1, 1, -1]) for _ in parts[1:])]
        latex = parts[0].latex
        for part, sign in zip(parts[1:], signs[1:], strict=True):
            latex += f" {'+' if sign > 0 else '-'} {part.latex}"
        bare = frozenset().union(*(part.bare for part in parts))

        def value(at: At) -> float:
            return sum(sign * p.value(at) for p, sign in zip(parts, signs, strict=True))

        return Piece(latex, value, SUM, bare)

    def negative(self, scope: list[str], depth: int) -> Piece:
        inner = self.inner(scope, depth, PRODUCT)
        return Piece(f"-{inner.latex}", lambda at: -inner.value(at), SUM, inner.bare)

    def times(self, scope: list[str], depth: int) -> Piece:
        one = self.inner(scope, depth, ATOM)
        return self.multiplied(one, self.inner(scope, depth, self.draw.choice([ATOM, PRODUCT])))

    def multiplied(self, one: Piece, two: Piece) -> Piece:
        # Two numbers side by side are one number, and a name before a bracket is a function.
        plain = not two.latex[0].isdigit() and not two.latex.startswith(("(", "[", r"\left"))
        joiner = self.draw.choice([" ", r"\,", r" \cdot "] if plain else [r" \cdot ", r" \times "])
        if self.elementwise:
            joiner = r" \odot "
        return Piece(
            f"{one.latex}{joiner}{two.latex}",
            guarded(lambda at: one.value(at) * two.value(at), one.holds + two.holds),
            PRODUCT,
            one.bare | two.bare,
            one.holds + two.holds,
            two.reach,
        )

    def fraction(self, scope: list[str], depth: int) -> Piece:
        above = self.inner(scope, depth)
        if self.chance(0.3):
            divisor = self.draw.choice("2NM")
            size = 2 if divisor == "2" else self.sizes[divisor]
            upper = bracketed(above) if above.hold < ATOM else above
            forms = [f"{upper.latex} / {divisor}"]
            if not upper.latex.startswith("("):
                forms += [
                    rf"\frac{{1}}{{{divisor}}} {upper.latex}",
                    rf"\frac1{divisor} {upper.latex}",
                ]
            latex = self.draw.choice(forms)
            return Piece(latex, lambda at: upper.value(at) / size, PRODUCT, above.bare)
        below = self.squared(scope, depth)
        latex = rf"\frac{{{above.latex}}}{{1 + {below.latex}}}"
        return Piece(latex, lambda at: above.value(at) / (1 + below.value(at)), bare=above.bare)

    def power(self, scope: list[str], depth: int, exponents: str = "23") -> Piece:
        base = self.inner(scope, depth)
        if not base.single or base.latex[-1] == ")" or "^" in base.latex:
            base = bracketed(base)
        exponent = self.draw.choice(exponents)
        forms = [f"{base.latex}^{exponent}", f"{base.latex}^{{{exponent}}}"]
        if match := re.fullmatch(r"(\w)(_(?:\w|\{.*\}))", base.latex):
            forms.append(f"{match[1]}^{exponent}{match[2]}")
        latex = self.draw.choice(forms)
        return Piece(latex, lambda at: base.value(at) ** int(exponent), bare=base.bare)

    def squared(self, scope: list[str], depth: int) -> Piece:
        return self.power(scope, depth, "2")

    # ---- functions --------------------------------------------------------------------------

    def function(self, scope: list[str], depth: int) -> Piece:
        name = self.draw.choice(list(FUNCTIONS))
        inner = self.inner(scope, depth)
        forms = [f"{name}({inner.latex})", rf"{name}\left( {inner.latex} \right)"]
        if inner.single and len(name) < 8 and "(" not in inner.latex:
            forms = [*forms, f"{name} {inner.latex}"]
        latex = self.draw.choice(forms)
        return Piece(latex, lambda at: FUNCTIONS[name](inner.value(at)), bare=inner.bare)

    def exponential(self, scope: list[str], depth: int) -> Piece:
        inner = self.squared(scope, depth)
        latex, value = self.draw.choice(
            [
                (rf"e^{{-{inner.latex}}}", lambda u: np.exp(-u)),
                (rf"\exp(-{inner.latex})", lambda u: np.exp(-u)),
                (rf"\log(1 + {inner.latex})", np.log1p),
                (rf"\ln\left(1 + {inner.latex}\right)", np.log1p),
                (rf"\sqrt{{1 + {inner.latex}}}", lambda u: np.sqrt(1 + u)),
                (rf"(1 + {inner.latex})^{{-1}}", lambda u: 1 / (1 + u)),
            ]
        )
        return Piece(latex, lambda at: value(inner.value(at)), bare=inner.bare)

    def softmax(self, scope: list[str], depth: int) -> Piece:
        """The share of one element among those along an axis, with a primed index."""
        if not scope:
            return self.number()
        index = self.draw.choice(scope)
        name = {"N": "x", "M": "g", "m": "w", "n": r"\theta"}.get(self.size_of[index], "x")
        array = self.array(name)
        one, other = self.indexed(name, [index]), self.indexed(name, [f"{index}'"])

        def value(at: At) -> float:
            place = at[index] - self.origin
            if 0 <= place < len(array):
                return np.exp(array[place]) / np.exp(array).sum()
            self.ghost = True
            return 1 / np.exp(array).sum()  # outside is 0, and e to the power of it 1

        return Piece(rf"\frac{{e^{{{one}}}}}{{\sum_{{{index}'}} e^{{{other}}}}}", value)

    def extreme(self, scope: list[str], depth: int) -> Piece:
        name, choose = self.draw.choice([(r"\max", max), (r"\min", min)])
        zero = Piece("0", lambda at: 0.0)
        parts = [zero if self.chance(0.4) else self.inner(scope, depth), self.inner(scope, depth)]
        nothing = -math.inf if choose is max else math.inf
        texts = ", ".join(part.latex for part in parts)
        latex = name + self.draw.choice(["({})", r"\{{{}\}}", r"\left( {} \right)"]).format(texts)
        bare = parts[0].bare | parts[1].bare

        def value(at: At) -> float:
            return choose([v for p in parts for v in self.competing(p, at)], default=nothing)

        return Piece(latex, value, bare=bare)

    def absolute(self, scope: list[str], depth: int) -> Piece:
        inner = self.inner(scope, depth)
        bars = "|{}|" if "|" not in inner.latex and self.chance(0.5) else r"\left| {} \right|"
        return Piece(bars.format(inner.latex), lambda at: abs(inner.value(at)), bare=inner.bare)

    def norm(self, scope: list[str], depth: int) -> Piece:
        """Of a whole array or of a difference, whose indices are left out."""
        name = self.draw.choice(["x", "x - v", "A"])
        parts = [self.array(part) for part in name.split(" - ")]
        latex, size = self.draw.choice(
            [
                (rf"\|{name}\|^2", lambda u: (u**2).sum()),
                (rf"\|{name}\|_1", lambda u: np.abs(u).sum()),
                (rf"\lVert {name} \rVert_\infty", lambda u: np.abs(u).max()),
                (rf"\lVert {name} \rVert_F", lambda u: np.sqrt((u**2).sum())),
            ]
        )
        return Piece(latex, lambda at: float(size(parts[0] - sum(parts[1:]))))

    def conditional(self, scope: list[str], depth: int) -> Piece:
        text, holds = self.condition(scope)
        inner = self.inner(scope, depth, ATOM)
        sign = self.draw.choice(["[{}]", r"\mathbb{{1}}[{}]", r"\mathbf{{1}}_{{{}}}"])
        conditions = (holds, *inner.holds)
        value = guarded(inner.value, conditions)
        return Piece(f"{sign.format(text)} {inner.latex}", value, PRODUCT, inner.bare, conditions)

    def cases(self, scope: list[str], depth: int) -> Piece:
        """Two or three cases, of which the first that holds counts."""
        count = self.draw.choice([1, 1, 2])
        rows = [(*self.condition(scope), self.inner(scope, depth)) for _ in range(count)]
        last = self.inner(scope, depth)
        word = self.draw.choice(["", r"\text{if } ", r"\text{for } "])
        latex = "".join(rf"{piece.latex} & {word}{text} \\ " for text, _, piece in rows)
        latex = rf"\begin{{cases}} {latex}{last.latex} & \text{{otherwise}} \end{{cases}}"

        def value(at: At) -> float:
            chosen = (piece for _, holds, piece in rows if holds(at))
            return next(chosen, last).value(at)

        return Piece(latex, value)

    # ---- sums and the like ------------------------------------------------------------------

    def reduction(self, scope: list[str], depth: int) -> Piece:
        """A sum, product, maximum or minimum over one index or two."""
        count = self.draw.choice([1, 1, 2])
        names = [name for name, _ in zip(self.names, range(count), strict=False)]
        if not names:
            return self.expression(scope, 0)
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
        return Piece(
            rf"\{operation}{limits} {body.latex}",
            self.reduced(operation, body, choices),
            PRODUCT if operation == "sum" else SUM,
            body.bare - set(names),
            reach=True,
        )

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
            one, two = names
            if self.size_of[one] == self.size_of[two] and self.chance(0.3):
                return (
                    rf"_{{{one} < {two}}}",
                    lambda at: [k for k in box(at) if k[one] < k[two]],
                )
            return f"_{{{','.join(names)}}}", box
        forms = [
            (f"_{name}", box),
            (f"_{{{name}={first}}}^{{{below}}}", box),
            (f"_{{{name}={first}}}^{{{below}}}", box),
            (f"^{{{below}}}_{{{name}={first}}}", box),
            (rf"\limits_{{{name}={first}}}^{{{below}}}", box),
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
                (rf"_{{{name}={outer}-1}}^{{{outer}+1}}",
                 lambda at: [{name: k} for k in range(at[outer] - 1, at[outer] + 2)]),
                (rf"_{{{name}={outer}+1}}^{{{below}}}",
                 lambda at: [k for k in box(at) if k[name] > at[outer]]),
                (rf"_{{\substack{{{name} = {first} \\ {name} \ne {outer}}}}}^{{{below}}}",
                 lambda at: [k for k in box(at) if k[name] != at[outer]]),
            ]  # fmt: skip
        return self.draw.choice(forms)

    def reduced(
        self, operation: str, body: Piece, choices: Callable[[At], list[dict[str, int]]]
    ) -> Value:
        def value(at: At) -> float:
            each = [{**at, **chosen} for chosen in choices(at)]
            if operation in ("sum", "prod"):
                with self.apart():
                    values = [body.value(one) for one in each]
                return float(np.sum(values)) if operation == "sum" else math.prod(values)
            found = [v for one in each for v in self.competing(body, one)]
            if operation == "max":
                return max(found, default=-math.inf)
            return min(found, default=math.inf)

        return value
