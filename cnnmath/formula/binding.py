"""One call of a formula: what was given, checked against the declarations and against itself.

The arrays must have the axes that the formula reads, the sizes must follow from their shapes, and
a name without indices must be a single number, unless the formula shows no index on its left
side: then it applies to each element of arrays of one shape.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from cnnmath.errors import (
    ArrayValueError,
    FormulaError,
    MissingArrayError,
    SuperfluousArrayError,
    UnboundSizeError,
)
from cnnmath.formula import shapes as sizing
from cnnmath.formula import wording
from cnnmath.formula.bound import Bound
from cnnmath.formula.definition import Definition
from cnnmath.formula.fitting import (
    insist_on_axes,
    insist_on_bare,
    insist_on_origin,
    insist_on_sizes,
)
from cnnmath.formula.functions import CONSTANTS
from cnnmath.formula.given import Function, Values, elementwise, whole
from cnnmath.formula.keys import plain_keys
from cnnmath.formula.leaving import insist_on_elements
from cnnmath.formula.nodes import (
    Apply,
    Jacobian,
    Node,
    Read,
    names_in,
)
from cnnmath.formula.placing import shape_of, spans_of, valued
from cnnmath.formula.ranges import Ranges
from cnnmath.formula.wording import pointed
from cnnmath.reals import float64_array


def accepted(formula: Definition) -> set[str]:
    """Every name that a call of a formula may give."""
    return set().union(*map(_own_names, (formula, *formula.system.values())))


def _own_names(formula: Definition) -> set[str]:
    """What a formula takes by itself, without those that define what it reads."""
    known = formula.vocabulary
    replaceable = known.built_in - {"kronecker"}
    derived_by = {  # though the derivative may not depend on it
        node.by.name
        for link in formula.statement.links
        for node in link.walk()
        if isinstance(node, Jacobian)
    }
    found = {*known.names, *known.sizes, *replaceable, *formula.shapes, *derived_by}
    return found - {""}


def taken_by(formula: Definition, known: Mapping[str, Any]) -> dict[str, Any]:
    """What a formula is called with, of all that is known."""
    names = (accepted(formula) - {formula.result}) | formula.reads
    return {name: value for name, value in known.items() if name in names}


def bind(formula: Definition, nodes: tuple[Node, ...], given: Mapping[str, Any]) -> Bound:
    """What a call gives, for some sides of a chain.

    Raises MissingArrayError, SuperfluousArrayError, ShapeError, UnboundSizeError,
    UndeclaredShapeError, ArrayValueError
    """
    given = plain_keys(given)
    arrays, sizes, functions = _by_kind(formula, given)
    roots = (*nodes, *formula.statement.conditions, *formula.head.index)
    read_here = names_in(roots)
    _insist_on_arrays(formula, read_here, {*arrays, *functions})
    _insist_on_functions(formula, roots, functions)
    found = sizing.bind_sizes(formula.shapes, _shapes(formula, arrays), sizes)
    defined = sorted(read_here & set(formula.system) - set(arrays))
    values = calculated(defined, formula.system, given)
    arrays |= {name: values[name] for name in defined}
    found = sizing.bind_sizes(formula.shapes, _shapes(formula, arrays), sizes)
    insist_on_sizes(formula, roots, found)
    for name in formula.vocabulary.sizes:
        if name in read_here and name not in found.values:
            raise UnboundSizeError(
                f"the formula needs {name}, which no array's shape determines: give {name}=..."
                + (wording.lone_index(name, formula.result) if _is_index(name, roots) else "")
            )
    bare = formula.vocabulary.bare & _bare_in(roots)
    numbers: dict[str, Any] = {**found.values, **{n: a for n, a in arrays.items() if n in bare}}
    insist_on_bare(formula, roots, numbers)
    shaped = _shapes(formula, arrays)
    insist_on_axes(formula, arrays, shaped, found.values)
    insist_on_origin(formula, roots, shaped, found.values)
    extremes = {
        n: (float(a.min()), float(a.max()))
        for n, a in arrays.items()
        if a.size and n in formula.vocabulary.subscripts
    }
    single = {name: float(number) for name, number in numbers.items() if not np.ndim(number)}
    derived = _derived_shapes(formula, given, {*formula.shapes, *shaped})
    ranges = Ranges(single, {**derived, **shaped}, extremes, formula.first_index)
    insist_on_elements(formula, roots, ranges)
    bound = Bound(arrays, numbers, functions, found.values, ranges)
    bound = replace(bound, spans=spans_of(formula, nodes, bound))
    return replace(bound, shape=shape_of(formula, bound))


def evaluated(formula: Definition, known: Mapping[str, Any]) -> Values:
    """The value on what a formula takes of all that is known; what `bind` raises."""
    return valued(formula, formula.right, bind(formula, (formula.right,), taken_by(formula, known)))


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

    for name in names:
        if name not in found:
            add(name)
    return found


def _derived_shapes(
    formula: Definition, given: Mapping[str, Any], known: set[str]
) -> dict[str, tuple[int, ...]]:
    """The shapes of what is derived, where no declaration gives them and the result's shape, which
    is not declared either, must not go beyond."""
    if formula.result in formula.shapes or not formula.head.free:
        return {}
    names = {
        node.of.name
        for link in formula.statement.links
        for node in link.walk()
        if isinstance(node, Jacobian) and isinstance(node.of, Read) and node.of.index
    }
    found = {}
    for name in sorted((names & set(formula.system)) - known):
        try:
            found[name] = calculated([name], formula.system, given)[name].shape
        except (MissingArrayError, UnboundSizeError):
            continue  # its derivative may be known all the same
    return found


def _is_index(name: str, roots: Iterable[Node]) -> bool:
    """Whether a name stands where an index stands: in the place of an element, before a bracket."""
    lone = Read(name)
    return len(name) == 1 and any(
        (isinstance(node, Read) and lone in node.index)
        or (isinstance(node, Apply) and lone in node.arguments)
        for root in roots
        for node in root.walk()
    )


def _bare_in(roots: tuple[Node, ...]) -> set[str]:
    """The names that stand without indices; in another link of a chain they may carry some."""
    nodes = (node for root in roots for node in root.walk())
    return {n.name for n in nodes if isinstance(n, Apply) or (isinstance(n, Read) and not n.index)}


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
    known = formula.vocabulary
    allowed = accepted(formula)
    inherited = {n for d in formula.system.values() for n in _own_names(d)}
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


def _insist_on_arrays(formula: Definition, read_here: set[str], given: set[str]) -> None:
    for name in formula.vocabulary.names:
        if name not in read_here or name in given or name in formula.system:
            continue
        used = name in formula.statement.ranks or name in formula.vocabulary.bare
        if not used and name in formula.shapes:
            continue  # only its declared shape is
        shape = formula.shapes.get(name)
        what = f" of shape {sizing.shape_text(shape)}" if shape else ""
        hint = ""
        if name in formula.vocabulary.applied:
            hint = f" It stands before a bracket: give a function, {name}=..., or a number."
            of = name.removesuffix("_prime")
            if of != name and f"{of}'" not in formula.latex:
                hint = f" It is the derivative of {of}; if {of} is a number, declare it, {of}=''."
        if _is_index(name, formula.links):
            hint += wording.lone_index(name, formula.result)
        raise MissingArrayError(f"{_described(formula)} reads {name}{what}: give {name}=...{hint}")


def _insist_on_functions(
    formula: Definition, roots: tuple[Node, ...], functions: Mapping[str, Function]
) -> None:
    """A number may stand before a bracket, but not before a list, nor where the power would be
    that of a function's value: `k(x - c)^2`.
    """
    applied = {n.name for root in roots for n in root.walk() if isinstance(n, Apply)}
    for position, name in formula.statement.applied_powers:
        if name in applied and name not in functions:
            raise FormulaError(
                f"a power stands at {name}( .. ), as if {name} were a function, but {name} is a "
                f"number: declare it, {name}='', or write {name} \\cdot ( .. )\n"
                + pointed(formula.latex, position)
            )
    for node in (inner for root in roots for inner in root.walk()):
        if isinstance(node, Apply) and len(node.arguments) > 1 and node.name not in functions:
            raise FormulaError(
                f"{node.name} stands before {len(node.arguments)} values: give a function of them"
            )
