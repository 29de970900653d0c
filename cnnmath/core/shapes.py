"""Shapes in terms of sizes: `"K M-m+1 N-n+1"` read, written, and evaluated.

A size is a name such as M or C_in, or arithmetic on names.
"""

import ast
import math
import random
import re
import warnings
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, cast

import numpy as np

from cnnmath.core.nodes import (
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
    names_in,
)
from cnnmath.errors import FormulaError, ShapeError, UnboundSizeError

Shape = tuple[Node, ...]
Declaration = str | int | Sequence[str | int]

TRIALS = 12  # in which two sizes must be equal
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


def sizes_named(shapes: Mapping[str, Shape]) -> frozenset[str]:
    """The sizes that some shapes mention."""
    return frozenset().union(*map(names_in, shapes.values()))


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
    draw = random.Random(0)
    for _ in range(TRIALS):  # small beside large in either order, or (N-1)//q would always be 0
        values = {name: draw.randrange(2, 10 ** draw.randrange(1, 5)) for name in names}
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
        cut = re.sub(r"(?<!/)/(?!/)", "//", size_text(size))
        raise ShapeError(
            f"{what} is {size_text(size)} = {value}, which is not a whole number: "
            f"declare {cut} if the rest is left out"
        )
    return int(value)
