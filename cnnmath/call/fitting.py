"""Whether what a call gives fits what the formula reads: sizes, shapes, where indices begin."""

from collections.abc import Iterable

import numpy as np

from cnnmath.call.bound import Bound
from cnnmath.call.solving import Sizes
from cnnmath.call.support import insist_on_order
from cnnmath.core import shapes as sizing
from cnnmath.core import wording
from cnnmath.core.definition import Definition
from cnnmath.core.nodes import Number, Read, axes_indexed_by, names_in
from cnnmath.core.part import Part
from cnnmath.core.wording import pointed
from cnnmath.errors import ArrayValueError, FormulaError, ShapeError, UnboundSizeError


def insist_on_sizes(formula: Definition, part: Part, found: Sizes) -> None:
    """What the formula needs of the sizes must follow from the shapes."""
    for size in (*part.sizes, *formula.shapes.get(formula.result, ())):
        open_name = found.undetermined(size)
        if open_name is not None:
            raise UnboundSizeError(
                f"the formula needs {sizing.size_text(size)}, which the shapes of the given "
                f"arrays leave open: give {open_name}=..."
            )
    for name in formula.vocabulary.sizes:
        if name in part.names and name not in found.values:
            raise UnboundSizeError(
                f"the formula needs {name}, which no array's shape determines: give {name}=..."
                + (wording.lone_index(name, formula.result) if part.has_as_index(name) else "")
            )


def insist_on_members(bound: Bound) -> None:
    """A set is given as an array that says of each element whether it is a member."""
    for name in bound.formula.statement.sets & set(bound.arrays):
        array = bound.arrays[name]
        if not np.isin(array, (0.0, 1.0)).all():
            raise ArrayValueError(
                f"{name} stands behind \\in, so it says of each element whether it is a member: "
                f"expected an array of False and True, or of 0 and 1, got {array.max():g} in it"
            )


def insist_on_bare(bound: Bound) -> None:
    """A name without indices is one number, or one for each element of the result."""
    formula = bound.formula
    shaped = {n: v.shape for n, v in bound.numbers.items() if isinstance(v, np.ndarray) and v.ndim}
    for name, shape in shaped.items():
        declared = bool(formula.shapes.get(name)) or bool(formula.statement.ranks.get(name))
        if not formula.elementwise or (formula.vocabulary.has_indices and not declared):
            raise ShapeError(
                f"{name} is written without indices, so it must be a single number: "
                f"got an array of shape {shape}"
            )
    insist_on_plain_products(formula, set(shaped))
    for node in bound.part.applied:
        if node.name in shaped and not names_in(node.arguments) & set(shaped):
            raise ShapeError(
                f"{node.name} is an array before a bracket with a number: its element there, or a "
                f"product? write {node.name}_{{..}}, or {node.name} \\odot ( .. )"
            )
    for name in bound.part.mixed:
        if name in shaped:
            raise ShapeError(
                f"below a sum {name} stands with an index and without one: the whole array, "
                f"or a number beside its elements? give another name to one of them"
            )
    for position, name, what in formula.statement.matrices:
        if len(set(shaped.get(name, (1, 2))[-2:])) == 1 and len(shaped[name]) > 1:
            raise ShapeError(f"{what}\n{pointed(formula.latex, position)}")
    if len(set(shaped.values())) > 1:
        (a, one), (b, two) = list(shaped.items())[:2]
        raise ShapeError(
            f"{a} has shape {one} but {b} has shape {two}: written without indices, "
            "they are taken element by element and must have the same shape"
        )


def insist_on_plain_products(formula: Definition, arrays: set[str]) -> None:
    """A product of whole arrays could be one of matrices.

    arrays : those of the names that are no numbers
    """
    for position, left, right in formula.statement.products:
        multiplied = (left | right) & arrays
        if left & arrays and right & arrays and len(multiplied) > 1:
            raise ShapeError(
                f"the product of the arrays {' and '.join(sorted(multiplied))} may be meant "
                "element by element or as matrices: write \\odot, or write their indices\n"
                + pointed(formula.latex, position)
            )


def insist_on_axes(bound: Bound) -> None:
    """Arrays must have as many axes as they are read with, and share the axes of one index."""
    ranks = bound.formula.statement.ranks
    for name in [name for name in ranks if name in bound.arrays and name in bound.ranges.shapes]:
        array, rank = bound.arrays[name], ranks[name]
        if rank and array.ndim != rank:
            raise ShapeError(
                f"{name} is read with {wording.indices(rank)} but has shape "
                f"{array.shape}: if the formula means it otherwise, declare the shape of {name}"
                + wording.labels(name, array, rank)
            )
    for index, axes in bound.formula.statement.along:
        shown = "a norm" if index.startswith("all_") else f"the index {index}"
        insist_on_equal_axes(shown, axes, bound, "write the bounds")


def insist_on_equal_axes(
    what: str, axes: Iterable[tuple[str, int]], bound: Bound, otherwise: str
) -> None:
    """Raises ShapeError if one index runs along axes of different lengths."""
    known = [(n, a, i) for a, i in axes if (n := bound.length(a, i)) is not None]
    for length, b, j in known:
        first, a, i = known[0]
        if length != first:
            raise ShapeError(
                f"{what} runs along axis {i} of {a}, of length {first}, and along axis {j} of "
                f"{b}, of length {length}: make them the same, or {otherwise}"
            )


def insist_on_origin(bound: Bound) -> None:
    """Refuse 1, ..., n, or n by itself, along an axis of n elements whose first index is 0, any
    other constant that is no index of its array, and ranges that run backwards or begin below 0
    and the first index.

    Raises FormulaError
    """
    shapes, sizes = bound.ranges.shapes, bound.sizes
    for node in bound.part.elements:
        if node.name not in shapes:
            continue
        first = bound.origin(node.name)
        for axis, (place, length) in enumerate(zip(node.index, shapes[node.name], strict=True)):
            value = sizing.size_value(place, sizes)
            if value is None or first <= value < first + length:
                continue
            text = sizing.size_text(place)
            if isinstance(place, Read) and first == 0 and value == length:
                raise FormulaError(
                    f"{node.name} has no element {text} = {length} along axis "
                    f"{axis}, for arrays count from 0 here: give origin=1"
                )
            shown = text if isinstance(place, Number) else f"{text} = {value}"
            raise FormulaError(
                f"{node.name} has no element {shown} along axis {axis}: its elements there "
                f"are {first} to {first + length - 1}"
                + (", for arrays count from 0 here: if not, give origin=1" if first == 0 else "")
            )
    for name, low, high, inside in bound.part.ranges:
        start, last = sizing.size_value(low, sizes), sizing.size_value(high, sizes)
        if start is None or last is None:
            continue
        insist_on_order(name, float(start), float(last))
        for array, axis in axes_indexed_by(name, inside):
            first = bound.origin(array)
            if array in shapes and start != first and last - start + 1 == shapes[array][axis]:
                raise FormulaError(
                    f"{name} counts the {last - start + 1} elements of {array} from {start}, but "
                    f"arrays count from {first} here: give origin="
                    + (f"{start}" if start in (0, 1) else f"{{'{array}': {start}}}")
                )
            if array in shapes and sizing.size_value(low, {}) is not None and start < min(first, 0):
                raise FormulaError(
                    f"{name} begins at {start}, but {array} has no element {start} along axis "
                    f"{axis}: its elements there are {first} to {first + shapes[array][axis] - 1}; "
                    f"if they are counted from {start}, give origin={{'{array}': {start}}}"
                )
