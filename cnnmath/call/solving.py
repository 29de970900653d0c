"""The sizes that follow from the shapes of arrays.

Each axis is an equation: with x of shape (28, 28), declared as `M N`, M is 28; with a of shape
`M-m+1` = 24 as well, m is 5. What is linear in one unknown gives its value; what is linear in
several is solved by elimination as far as that goes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from cnnmath.core import wording
from cnnmath.core.affine import Affine
from cnnmath.core.nodes import Index, Node, Number, Read, names_in
from cnnmath.core.shapes import Shape, shape_text, size_text, size_value
from cnnmath.errors import ShapeError


@dataclass(frozen=True)
class Sizes:
    """The sizes that some shapes determine.

    values : by name; some only make the equations come out right
    loose : changes of those that leave every equation right: from a of shape `M-m+1` alone one
        knows M-m, but neither M nor m
    """

    values: dict[str, int]
    loose: tuple[dict[str, Fraction], ...] = ()

    def undetermined(self, size: Node) -> str | None:
        """A name in a size whose value the equations leave open, if the size depends on it."""
        names = names_in((size,))
        for change in self.loose:
            moved = {
                n: self.values[n] + change.get(n, Fraction(0)) for n in names & set(self.values)
            }
            if size_value(size, moved) != size_value(size, self.values):
                return min(names & set(change))
        return None


def bind_sizes(
    declared: Mapping[str, Shape],
    given: Mapping[str, tuple[int, ...]],
    sizes: Mapping[str, int],
) -> Sizes:
    """The value of every size that the shapes of the given arrays determine.

    declared : shapes in sizes, by array;  given : shapes in numbers;  sizes : given by name
    Raises ShapeError, naming both sides, where two shapes disagree.
    """
    known = dict(sizes)
    source = {name: f"{name}={value} was given" for name, value in sizes.items()}
    equations = []
    for array, shape in given.items():
        if array not in declared:
            continue
        if len(shape) != len(declared[array]):
            raise ShapeError(
                f"{array} has shape {shape}: expected {wording.axes(len(declared[array]))}, "
                f"{shape_text(declared[array])}"
            )
        for axis, length in enumerate(shape):
            place = f"axis {axis} of {array} (shape {shape})"
            equations.append((declared[array][axis], length, place))
    pending = equations
    while pending:
        later = []
        for size, length, place in pending:
            value = size_value(size, known)
            if value is not None:
                if value != length:
                    raise ShapeError(_disagreement(size, length, value, place, source))
                continue
            line = _line(size, known)
            if line is None or len(line[0]) != 1:
                later.append((size, length, place))
                continue
            ((name, factor),) = line[0].items()
            number = (length - line[1]) / factor
            if number.denominator != 1 or number < 0:
                raise ShapeError(
                    f"{place} is {length} = {size_text(size)}, which no whole {name} satisfies"
                )
            known[name] = int(number)
            source[name] = f"{name} = {int(number)} by {place}"
        if len(later) == len(pending):
            break
        pending = later
    return _loosened(pending, known)


def _line(size: Node, known: Mapping[str, int]) -> tuple[dict[str, Fraction], Fraction] | None:
    """The factors of the unknown names in a size, and the rest; None if it is not linear."""
    affine = Affine.of(_equation(size, known), names_in((size,)) - set(known))
    if affine is None:
        return None
    factors = {name: size_value(factor, {}) for name, factor in affine.factors.items()}
    rest = size_value(affine.rest, {})
    found = {name: factor for name, factor in factors.items() if factor is not None}
    return None if rest is None or len(found) < len(factors) else (found, rest)


def _equation(size: Node, known: Mapping[str, int]) -> Node:
    """A size in which what is known is a number, and what is not known an index."""
    if isinstance(size, Read):
        return Number(float(known[size.name])) if size.name in known else Index(size.name)
    return size.rebuilt(lambda part: _equation(part, known))


def _loosened(equations: Sequence[tuple[Node, int, str]], known: Mapping[str, int]) -> Sizes:
    """Equations in several unknowns, solved by elimination as far as they go."""
    rows: dict[str, tuple[dict[str, Fraction], Fraction]] = {}  # pivot = constant - others
    for size, length, place in equations:
        line = _line(size, known)
        if line is None:
            continue
        factors, constant = dict(line[0]), length - line[1]
        for pivot, (others, value) in rows.items():
            times = factors.pop(pivot, Fraction(0))
            constant -= times * value
            for name, factor in others.items():
                factors[name] = factors.get(name, Fraction(0)) - times * factor
        factors = {name: factor for name, factor in factors.items() if factor}
        if not factors:
            if constant:
                raise ShapeError(
                    f"{place} is {length} = {size_text(size)}: this contradicts the others"
                )
            continue
        pivot, scale = next(iter(factors.items()))
        row = {n: f / scale for n, f in factors.items() if n != pivot}, constant / scale
        for other, (others, value) in list(rows.items()):
            times = others.pop(pivot, Fraction(0))
            for name, factor in row[0].items():
                others[name] = others.get(name, Fraction(0)) - times * factor
            rows[other] = others, value - times * row[1]
        rows[pivot] = row
    free = sorted({n for others, _ in rows.values() for n, f in others.items() if f})
    values = {**known, **dict.fromkeys(free, 0)}
    for pivot, (_, value) in rows.items():
        if value.denominator == 1:
            values[pivot] = int(value)
    loose = tuple(
        {name: Fraction(1), **{p: -row[name] for p, (row, _) in rows.items() if row.get(name)}}
        for name in free
    )
    return Sizes(values, loose)


def _disagreement(
    size: Node, length: int, value: Fraction, place: str, source: Mapping[str, str]
) -> str:
    reasons = ", ".join(source[name] for name in sorted(names_in((size,))) if name in source)
    because = f" ({reasons})" if reasons else ""
    return f"{place} is {length}: expected {size_text(size)} = {value}{because}"
