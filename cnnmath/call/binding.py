"""One call of a formula: what was given, checked against the declarations and against itself.

The arrays must have the axes that the formula reads, the sizes must follow from their shapes, and
a name without indices must be a single number, unless the formula shows no index on its left
side: then it applies to each element of arrays of one shape.
"""

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np

from cnnmath.call.arguments import Function, elementwise, whole
from cnnmath.call.bound import Bound
from cnnmath.call.extents import extents_of
from cnnmath.call.fitting import (
    insist_on_axes,
    insist_on_bare,
    insist_on_members,
    insist_on_origin,
    insist_on_sizes,
)
from cnnmath.call.leaving import insist_on_elements
from cnnmath.call.placing import valued
from cnnmath.call.ranges import Ranges
from cnnmath.call.solving import bind_sizes
from cnnmath.core import wording
from cnnmath.core.definition import Definition
from cnnmath.core.functions import CONSTANTS, Values
from cnnmath.core.nodes import Read
from cnnmath.core.part import Part
from cnnmath.core.shapes import shape_text
from cnnmath.core.wording import pointed
from cnnmath.errors import (
    ArrayValueError,
    FormulaError,
    MissingArrayError,
    SuperfluousArrayError,
    UnboundSizeError,
)
from cnnmath.reals import float64_array


def bind(formula: Definition, part: Part, given: Mapping[str, Any]) -> Bound:
    """What a call gives, for a part of the formula.

    Raises MissingArrayError, SuperfluousArrayError, ShapeError, UnboundSizeError,
    UndeclaredShapeError, ArrayValueError
    """
    arrays, sizes, functions = _by_kind(formula, given)
    _insist_on_arrays(formula, part, {*arrays, *functions})
    _insist_on_functions(formula, part, functions)
    found = bind_sizes(formula.shapes, _shapes(formula, arrays), sizes)
    defined = part.names & set(formula.system) - set(arrays)
    if defined:
        values = calculated(defined, formula.system, given)
        arrays |= {name: values[name] for name in sorted(defined)}
        found = bind_sizes(formula.shapes, _shapes(formula, arrays), sizes)
    insist_on_sizes(formula, part, found)
    bare = formula.vocabulary.bare & part.bare
    numbers: dict[str, Any] = {**found.values, **{n: a for n, a in arrays.items() if n in bare}}
    single = {name: float(number) for name, number in numbers.items() if not np.ndim(number)}
    extremes = {
        n: (float(a.min()), float(a.max()))
        for n, a in arrays.items()
        if a.size and n in formula.vocabulary.subscripts
    }
    shapes = _shapes(formula, arrays)
    shapes = {**_derived_shapes(formula, {**given, **arrays}, {*formula.shapes, *shapes}), **shapes}
    ranges = Ranges(single, shapes, extremes, formula.first_index)
    bound = Bound(formula, part, arrays, numbers, functions, found.values, ranges)
    for insist in (
        insist_on_bare, insist_on_members, insist_on_axes, insist_on_origin, insist_on_elements,
    ):  # fmt: skip
        insist(bound)
    spans, shape = extents_of(bound)
    return replace(bound, spans=spans, shape=shape)


def bound_to(formula: Definition, known: Mapping[str, Any]) -> Bound:
    """The same for the value of a formula, of all that is known."""
    return bind(formula, formula.value, formula.taken_of(known))


def bound_in(name: str, system: Mapping[str, Definition], known: Mapping[str, Any]) -> Bound:
    """The same for a quantity of a system: what its formula reads is calculated, if not known."""
    missing = (system[name].reads & set(system)).difference(known)
    return bound_to(system[name], {**known, **calculated(missing, system, known)})


def evaluated(formula: Definition, known: Mapping[str, Any]) -> Values:
    """The value on what a formula takes of all that is known; what `bind` raises."""
    return valued(formula.right, bound_to(formula, known))


def calculated(
    names: Iterable[str], system: Mapping[str, Definition], known: Mapping[str, Any]
) -> dict[str, Values]:
    """The values of some quantities of a system, and of those on the way to them.

    known : arrays, sizes and functions; a quantity among them is not calculated
    Raises what calling the formulas raises.
    """
    found: dict[str, Values] = {}

    def add(name: str) -> None:
        for other in sorted(system[name].reads & set(system)):
            if other not in known and other not in found:
                add(other)
        found[name] = evaluated(system[name], {**known, **found})

    for name in sorted(names):
        if name not in found:
            add(name)
    return found


def _derived_shapes(
    formula: Definition, known: Mapping[str, Any], shaped: Collection[str]
) -> dict[str, tuple[int, ...]]:
    """The shapes of what is derived, where no declaration gives them and the result's shape, which
    is not declared either, must not go beyond."""
    if formula.result in formula.shapes or not formula.head.free:
        return {}
    derived = (node.of for side in formula.jacobians for node in side)
    names = {of.name for of in derived if isinstance(of, Read) and of.index}
    found: dict[str, Values] = {}
    for name in sorted((names & set(formula.system)).difference(shaped)):
        # Its derivative may be known all the same.
        with suppress(MissingArrayError, UnboundSizeError):
            found |= calculated([name], formula.system, {**known, **found})
    return {name: value.shape for name, value in found.items()}


def _shapes(formula: Definition, arrays: Mapping[str, Values]) -> dict[str, tuple[int, ...]]:
    """The shapes of the arrays that have indices, or were declared to have axes."""
    indexed = {name for name, rank in formula.statement.ranks.items() if rank}
    return {
        name: array.shape
        for name, array in arrays.items()
        if name not in formula.vocabulary.bare or name in formula.shapes or name in indexed
    }


def _by_kind(
    formula: Definition, given: Mapping[str, Any]
) -> tuple[dict[str, Values], dict[str, int], dict[str, Function]]:
    """What was given: arrays, whole sizes, functions."""
    arrays: dict[str, Values] = {}
    sizes: dict[str, int] = {}
    functions = {n: elementwise(n, f) for n, f in formula.functions.items()}
    known, allowed = formula.vocabulary, formula.accepted
    inherited = (name for one in formula.system.values() for name in one.own)
    callables = {*known.applied, *known.built_in, *functions, *inherited}
    for name, value in given.items():
        if name not in allowed:
            hint = ""
            if name == "delta" and "kronecker" in formula.vocabulary.built_in:
                hint = ". Kronecker's delta is meant unless its shape is declared, delta='M N'"
            if name in CONSTANTS:
                hint = f". {name} is the number {CONSTANTS[name]:.4g} unless its shape is declared"
            hint += wording.one_name(name, sorted(allowed))
            if name in formula.head.free:
                hint = f". {name} is an index here: declare it, {name}='', if it is a number"
            hint = hint or wording.meant(name, sorted(allowed))
            raise SuperfluousArrayError(
                f"{name} was given, but {_described(formula)} reads no such name; "
                f"it reads {', '.join(sorted(allowed)) or 'nothing'}{hint}"
            )
        is_function = callable(value) and not hasattr(value, "__array__")
        if is_function and name not in callables:
            raise ArrayValueError(
                f"{name} was given as a function: expected real numbers. If the formula is to "
                f"apply it, declare it: Formula(..., {name}=function)"
            )
        if is_function:
            functions[name] = elementwise(name, value)
        elif name in known.built_in:
            raise ArrayValueError(f"{name} is a function here: expected a function to replace it")
        elif name in known.sizes:
            sizes[name] = whole(name, value)
        else:
            arrays[name] = float64_array(name, value)
    return arrays, sizes, functions


def _described(formula: Definition) -> str:
    return f"the formula of {formula.result}" if formula.result else formula.name


def _insist_on_arrays(formula: Definition, part: Part, given: set[str]) -> None:
    for name in formula.vocabulary.names:
        if name not in part.names or name in given or name in formula.system:
            continue
        used = name in formula.statement.ranks or name in formula.vocabulary.bare
        if not used and name in formula.shapes:
            continue  # only its declared shape is
        shape = formula.shapes.get(name)
        what = f" of shape {shape_text(shape)}" if shape else ""
        hint = ""
        if name in formula.vocabulary.applied:
            hint = f" It stands before a bracket: give a function, {name}=..., or a number."
            of = name.removesuffix("_prime")
            if of != name and f"{of}'" not in formula.latex:
                hint = f" It is the derivative of {of}; if {of} is a number, declare it, {of}=''."
        if formula.chain.has_as_index(name):
            hint += wording.lone_index(name, formula.result)
        raise MissingArrayError(f"{_described(formula)} reads {name}{what}: give {name}=...{hint}")


def _insist_on_functions(
    formula: Definition, part: Part, functions: Mapping[str, Function]
) -> None:
    """A number may stand before a bracket, but not before a list, nor where the power would be
    that of a function's value: `k(x - c)^2`.
    """
    numbers = [node for node in part.applied if node.name not in functions]
    for position, name in formula.statement.applied_powers:
        if any(node.name == name for node in numbers):
            raise FormulaError(
                f"a power stands at {name}( .. ), as if {name} were a function, but {name} is a "
                f"number: declare it, {name}='', or write {name} \\cdot ( .. )\n"
                + pointed(formula.latex, position)
            )
    for node in numbers:
        if len(node.arguments) > 1:
            raise FormulaError(
                f"{node.name} stands before {len(node.arguments)} values: give a function of them"
            )
