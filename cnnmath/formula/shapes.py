"""Shapes in terms of sizes: `"K M-m+1 N-n+1"` read, bound to arrays, and checked.

A size is a name such as M or C_in. Its value follows from the shapes of the arrays that are given,
by solving one equation at a time: with x of shape (28, 28), `M` is 28; with a of shape
`M-m+1` = 24 as well, m is 5.
"""

import ast
import math
import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, cast

import numpy as np

from cnnmath.errors import FormulaError, ShapeError, UnboundSizeError
from cnnmath.formula import wording
from cnnmath.formula.nodes import (
    Add,
    Call,
    Divide,
    Index,
    Multiply,
    Negative,
    Node,
    Number,
    Power,
    Read,
)

Shape = tuple[Node, ...]
Declaration = str | int | Sequence[str | int]

LARGEST = 2**53  # whole numbers up to here are exact in float64

_TIGHT = re.compile(r"\s*(//|[-+*/%^])\s*")


def read_shape(name: str, declaration: Declaration) -> Shape:
    """The sizes of a declaration: `"M N"`, `"(M-l)//q+1"`, `("M", 3)`, `5`; "" is a single number.

    Raises FormulaError if it is not made of names, whole numbers, + - * // and brackets.
    """
    declaration = int(declaration) if isinstance(declaration, np.integer) else declaration
    if isinstance(declaration, bool) or not isinstance(declaration, str | int | tuple | list):
        raise FormulaError(
            f"the shape of {name} was given as {type(declaration).__name__}: expected sizes "
            f"separated by blanks, such as {name}='M N'"
        )
    if isinstance(declaration, int):
        parts: list[str | int] = [declaration]
    elif isinstance(declaration, str):
        text = _TIGHT.sub(r"\1", declaration.replace("'", "_prime"))
        text = re.sub(r"\(\s+", "(", re.sub(r"\s+\)", ")", text))
        parts = list(re.split(r"[\s,]+", text.strip())) if text.strip() else []
    else:
        parts = list(declaration)
    return tuple(_size(name, part) for part in parts)


def _size(name: str, part: Any) -> Node:
    text = str(part) if isinstance(part, str | int | np.integer) else f"<{type(part).__name__}>"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of Python, about text that is refused anyhow
            tree = ast.parse(text.replace("^", "**"), mode="eval").body
        return _from_python(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        shown = text if len(text) < 60 else f"{text[:57]}..."
        raise FormulaError(
            f"the shape of {name} has the size {shown!r}: expected a name, a whole number or "
            "arithmetic on them, such as M-m+1"
        ) from None


def _from_python(tree: ast.expr) -> Node:
    match tree:
        case ast.Name(id=name):
            return Read(name)
        case ast.Constant(value=int(value)) if not isinstance(value, bool) and value <= LARGEST:
            return Number(float(value))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return Negative(_from_python(operand))
        case ast.BinOp(left=left, op=operation, right=right):
            a, b = _from_python(left), _from_python(right)
            match operation:
                case ast.Add():
                    return Add((a, b))
                case ast.Sub():
                    return Add((a, Negative(b)))
                case ast.Mult():
                    return Multiply((a, b))
                case ast.FloorDiv():
                    return Call("floor", (Divide(a, b),))
                case ast.Div():
                    return Divide(a, b)
                case ast.Mod():
                    return Call("mod", (a, b))
                case ast.Pow():
                    return Power(a, b)
    raise ValueError("not a size")


def names_in(shape: Shape) -> set[str]:
    """The sizes that a shape mentions."""
    return {node.name for size in shape for node in size.walk() if isinstance(node, Read)}


def size_text(size: Node) -> str:
    """A size as it is declared: `M-m+1`."""
    match size:
        case Read(name=name):
            return name
        case Number(value=value):
            return f"{value:g}"
        case Negative(body=body):
            return f"-{size_text(body)}"
        case Add(terms=terms):
            text = "".join(
                size_text(term) if isinstance(term, Negative) else f"+{size_text(term)}"
                for term in terms
            )
            return text.removeprefix("+")
        case Multiply(factors=factors):
            return "*".join(_bracketed(factor) for factor in factors)
        case Divide(above=above, below=below):
            return f"{_bracketed(above)}/{_bracketed(below)}"
        case Call(function="floor", arguments=(Divide(above=above, below=below),)):
            return f"{_bracketed(above)}//{_bracketed(below)}"
        case Call(function="mod", arguments=(a, b)):
            return f"{_bracketed(a)}%{_bracketed(b)}"
        case Power(base=base, exponent=exponent):
            return f"{_bracketed(base)}^{_bracketed(exponent)}"
    return "?"


def _bracketed(size: Node) -> str:
    text = size_text(size)
    return f"({text})" if isinstance(size, Add | Negative) else text


def shape_text(shape: Shape) -> str:
    """A shape in sizes: `(K, M-m+1, N-n+1)`, written as NumPy writes one."""
    inner = ", ".join(size_text(size) for size in shape)
    return f"({inner},)" if len(shape) == 1 else f"({inner})"


def size_value(size: Node, sizes: Mapping[str, int | Fraction]) -> Fraction | None:
    """The exact value of a size, or None while some name in it has no value."""
    match size:
        case Read(name=name):
            return Fraction(sizes[name]) if name in sizes else None
        case Number(value=number):
            return Fraction(number) if math.isfinite(number) else None
        case Index():
            return None
    inner = [size_value(child, sizes) for child in size.children()]
    if any(value is None for value in inner):
        return None
    values = [cast(Fraction, value) for value in inner]
    match size:
        case Add():
            return sum(values, Fraction(0))
        case Negative():
            return -values[0]
        case Multiply():
            product = Fraction(1)
            for value in values:
                product *= value
            return product
        case Divide():
            return values[0] / values[1] if values[1] else None
        case Power():
            base, exponent = values
            if exponent.denominator != 1 or (not base and exponent < 0):
                return None
            if base.numerator.bit_length() * abs(exponent) > 64:
                return None
            return base ** int(exponent)
        case Call(function="floor"):
            return Fraction(values[0].__floor__())
        case Call(function="ceil"):
            return Fraction(values[0].__ceil__())
        case Call(function="mod"):
            return values[0] % values[1] if values[1] else None
    return None


def same_size(one: Node, two: Node) -> bool:
    """Whether two sizes are the same number whatever the names in them stand for."""
    if one == two:
        return True
    names = sorted(names_in((one, two)))
    for trial in range(3):  # sizes that have nothing to do with each other
        values = {name: 1009 + 97 * place + 1013 * trial for place, name in enumerate(names)}
        first, second = size_value(one, values), size_value(two, values)
        if first is None or first != second:
            return False
    return True


def whole_size(size: Node, sizes: Mapping[str, int], what: str) -> int:
    """The value of a size that has to be known by now.

    Raises UnboundSizeError naming the size that nothing binds, ShapeError if it is not whole.
    """
    value = size_value(size, sizes)
    if value is None:
        missing = sorted(names_in((size,)) - set(sizes))
        if not missing:
            raise ShapeError(f"{what} is {size_text(size)}, which is no number")
        raise UnboundSizeError(
            f"{what} is {size_text(size)}, but no array's shape says what {missing[0]} is: "
            f"give it by name, {missing[0]}=..."
        )
    if value.denominator != 1:
        raise ShapeError(f"{what} is {size_text(size)} = {value}, which is not a whole number")
    return int(value)


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
            unknown = sorted(names_in((size,)) - set(known))
            line = _linear(size, unknown, known)
            if len(unknown) != 1 or line is None:
                later.append((size, length, place))
                continue
            name = unknown[0]
            number = (length - line[1]) / line[0][name]
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


def _linear(
    size: Node, unknown: Sequence[str], known: Mapping[str, int]
) -> tuple[dict[str, Fraction], Fraction] | None:
    """The factors of the unknown names in a size, and the rest; None if it is not linear."""
    zero = dict.fromkeys(unknown, 0)
    rest = size_value(size, {**known, **zero})
    if rest is None or any(
        isinstance(n, Call | Power | Divide | Multiply) and len(names_in((n,)) & set(unknown)) > 1
        for n in size.walk()
    ):
        return None
    factors = {}
    for name in unknown:
        one, two = (size_value(size, {**known, **zero, name: trial}) for trial in (1, 2))
        if one is None or two is None or two - one != one - rest or one == rest:
            return None
        factors[name] = one - rest
    return factors, rest


def _loosened(equations: Sequence[tuple[Node, int, str]], known: Mapping[str, int]) -> Sizes:
    """Equations in several unknowns, solved by elimination as far as they go."""
    rows: dict[str, tuple[dict[str, Fraction], Fraction]] = {}  # pivot = constant - others
    for size, length, place in equations:
        line = _linear(size, sorted(names_in((size,)) - set(known)), known)
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
