"""From LaTeX and declarations to a definition: read, derivatives worked out, and checked."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from cnnmath.core import shapes as sizing
from cnnmath.core import wording
from cnnmath.core.definition import Definition
from cnnmath.core.derivative import Derivative
from cnnmath.core.jacobian import worked_out
from cnnmath.core.nodes import Apply, Binder, Number, Read, add, axes_indexed_by
from cnnmath.core.origin import Origin
from cnnmath.core.shapes import Shape
from cnnmath.core.statement import Declared
from cnnmath.core.system import system_of
from cnnmath.errors import FormulaSyntaxError, ShapeError, UnknownNameError
from cnnmath.language.reader import read


def define(
    latex: str,
    name: str | None,
    origin: Origin,
    declared: Mapping[str, Any],
    definitions: Mapping[str, Definition],
) -> Definition:
    """What a formula says.

    declared : by name what was said of it: a shape, a function, or a formula that defines it
    definitions : of those that are formulas
    Raises FormulaSyntaxError, IndexReuseError, UndeclaredShapeError, UnknownNameError, ShapeError
    """
    shapes: dict[str, Shape] = {}
    functions: dict[str, Callable[..., Any]] = {}
    for key, value in declared.items():
        if key in definitions:
            _declare_defined(key, definitions[key], shapes)
        elif callable(value):
            functions[key] = value
        else:
            shapes[key] = sizing.read_shape(key, value)
    system = system_of(definitions)
    # What these formulas declare holds here too, unless said otherwise.
    for definition in definitions.values():
        shapes |= {key: one for key, one in definition.shapes.items() if key not in shapes}
        functions |= {key: f for key, f in definition.functions.items() if key not in functions}
    known = Declared.of(shapes, functions, system, origin)
    try:
        statement = read(latex, known)
        title = name or (statement.head.name if statement.head else "") or "formula"
        stated = Definition(
            title, latex, origin, statement, statement.links, shapes, functions, system
        )
        ranges = _known_ranges(stated)
        links = tuple(
            worked_out(link, system, shapes, origin.of, ranges) for link in statement.links
        )
    except RecursionError:
        raise FormulaSyntaxError("the formula is nested too deeply to be read") from None
    found = replace(stated, links=links)
    _check_declarations(found, declared)
    return found


def _declare_defined(key: str, definition: Definition, shapes: dict[str, Shape]) -> None:
    if definition.result != key:
        raise UnknownNameError(
            f"{key} was given the formula of {definition.result or definition.name}: "
            f"expected one with {key} on its left side"
        )
    if key in definition.shapes:
        shapes[key] = definition.shapes[key]
    elif definition.is_number:
        shapes[key] = ()


def _known_ranges(stated: Definition) -> dict[str, Binder]:
    """First and last value of the free indices, where the shape of the result says so."""
    shape = stated.shapes.get(stated.head.name)
    if shape is None or not stated.is_direct:
        return {}
    first = Number(float(stated.first_index(stated.head.name)))
    ends = (add(size, Number(-1.0), first) for size in shape)
    return {n: Binder(n, first, end) for n, end in zip(stated.head.free, ends, strict=False)}


def _check_declarations(found: Definition, declared: Iterable[str]) -> None:
    """Each declared name must occur, and a declared result must have the axes it shows."""
    vocabulary = found.vocabulary
    known = {*vocabulary.names, *vocabulary.sizes, *found.system, *found.statement.ranks}
    known |= {found.result, *vocabulary.built_in}
    known |= {
        n.name for link in found.statement.links for n in link.walk() if isinstance(n, Read | Apply)
    }  # also those that a derivative does not depend on, or has only the slope of
    known |= {part for name in known for part in Derivative.named(name) or ()}
    known |= {n for d in found.system.values() for n in (*d.vocabulary.names, *d.shapes)}
    for key in declared:
        along = axes_indexed_by(key, found.statement.links) if key in found.head.free else []
        if along and key not in known:
            raise UnknownNameError(
                f"{key} was declared, but is an index here, for it stands below what is defined: "
                f"leave {key}= out, or if it is a number declare {along[0][0]}_{key}= and the like"
            )
        if key not in known:
            shown = sorted(known - {"", *vocabulary.built_in})
            raise UnknownNameError(
                f"a shape is declared for {key}, which the formula does not mention; "
                f"it has {', '.join(shown) or 'no names'}"
            )
    for name, rank in found.statement.ranks.items():
        if rank and name in found.declared.sizes:
            raise ShapeError(
                f"{name} is a size of the declared shapes, but is read as an array with "
                f"{wording.indices(rank)}"
            )
    shape = found.shapes.get(found.result)
    if shape is not None and not found.elementwise and len(shape) != len(found.head.index):
        raise ShapeError(
            f"{found.result} was declared with {wording.axes(len(shape))} but the "
            f"left side has {wording.indices(len(found.head.index))}"
        )
