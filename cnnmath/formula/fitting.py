"""Whether what a call gives fits what the formula reads: sizes, shapes, where indices begin."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from cnnmath.errors import (
    FormulaError,
    ShapeError,
    UnboundSizeError,
)
from cnnmath.formula import shapes as sizing
from cnnmath.formula import wording
from cnnmath.formula.definition import Definition
from cnnmath.formula.given import Values
from cnnmath.formula.nodes import (
    Add,
    Apply,
    Call,
    Compare,
    Divide,
    Index,
    Multiply,
    Negative,
    Node,
    Number,
    Power,
    Read,
    Reduce,
    axes_indexed_by,
    names_in,
)
from cnnmath.formula.support import insist_on_order
from cnnmath.formula.wording import pointed

# ---- sizes --------------------------------------------------------------------------------------


def insist_on_sizes(formula: Definition, roots: tuple[Node, ...], found: sizing.Sizes) -> None:
    """What the formula needs of the sizes must follow from the shapes."""
    needed = (*roots, *formula.shapes.get(formula.result, ()))
    for size in (inner for root in needed for inner in _arithmetic(root)):
        open_name = found.undetermined(size)
        if open_name is not None:
            raise UnboundSizeError(
                f"the formula needs {sizing.size_text(size)}, which the shapes of the given "
                f"arrays leave open: give {open_name}=..."
            )


def _arithmetic(node: Node) -> Iterator[Node]:
    """The largest parts of a tree that are arithmetic on sizes and numbers alone."""
    if _is_arithmetic(node):
        yield node
        return
    children = list(node.children())
    if isinstance(node, Add):  # in i + M - m the sizes belong together
        sizes = tuple(term for term in node.terms if _is_arithmetic(term))
        if len(sizes) > 1:
            yield Add(sizes)
            children = [term for term in node.terms if term not in sizes]
    for child in children:
        yield from _arithmetic(child)


def _is_arithmetic(node: Node) -> bool:
    return all(
        not inner.index if isinstance(inner, Read)
        else inner.function in ("floor", "mod") if isinstance(inner, Call)
        else isinstance(inner, Number | Add | Negative | Multiply | Divide | Power)
        for inner in node.walk()
    )  # fmt: skip


# ---- shapes -------------------------------------------------------------------------------------


def insist_on_bare(
    formula: Definition, roots: tuple[Node, ...], numbers: Mapping[str, Any]
) -> None:
    """A name without indices is one number, or one for each element of the result."""
    shaped = {n: v.shape for n, v in numbers.items() if isinstance(v, np.ndarray) and v.ndim}
    for name, shape in shaped.items():
        declared = bool(formula.shapes.get(name)) or bool(formula.statement.ranks.get(name))
        if not formula.elementwise or (formula.vocabulary.has_indices and not declared):
            raise ShapeError(
                f"{name} is written without indices, so it must be a single number: "
                f"got an array of shape {shape}"
            )
    for position, left, right in formula.statement.products:
        multiplied = (left | right) & set(shaped)
        if left & set(shaped) and right & set(shaped) and len(multiplied) > 1:
            raise ShapeError(
                f"the product of the arrays {' and '.join(sorted(multiplied))} may be meant "
                "element by element or as matrices: write \\odot, or write their indices\n"
                + pointed(formula.latex, position)
            )
    for node in (inner for root in roots for inner in root.walk() if isinstance(inner, Apply)):
        arguments = {name for a in node.arguments for name in names_in((a,))}
        if node.name in shaped and not arguments & set(shaped):
            raise ShapeError(
                f"{node.name} is an array before a bracket with a number: its element there, or a "
                f"product? write {node.name}_{{..}}, or {node.name} \\odot ( .. )"
            )
    for sum_ in (inner for root in roots for inner in root.walk() if isinstance(inner, Reduce)):
        reads = [inner for inner in sum_.body.walk() if isinstance(inner, Read)]
        for name in {r.name for r in reads if r.index} & {r.name for r in reads if not r.index}:
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


def insist_on_axes(
    formula: Definition,
    arrays: Mapping[str, Values],
    shaped: Mapping[str, tuple[int, ...]],
    sizes: Mapping[str, int],
) -> None:
    """Arrays must have as many axes as they are read with, and share the axes of one index."""
    for name, rank in formula.statement.ranks.items():
        if name in shaped and rank and len(shaped[name]) != rank:
            raise ShapeError(
                f"{name} is read with {wording.indices(rank)} but has shape "
                f"{shaped[name]}: if the formula means it otherwise, declare the shape of {name}"
                + wording.labels(name, arrays[name], rank)
            )
    for index, axes in formula.statement.along:
        lengths: dict[tuple[str, int], int] = {}
        for array, axis in axes:
            if array in shaped:
                lengths[array, axis] = shaped[array][axis]
            elif array in formula.shapes:
                value = sizing.size_value(formula.shapes[array][axis], sizes)
                if value is not None:
                    lengths[array, axis] = int(value)
        if len(set(lengths.values())) > 1:
            (a, i), length = next(iter(lengths.items()))
            b, j = next(place for place in lengths if lengths[place] != length)
            shown = "a norm" if index.startswith("all_") else f"the index {index}"
            raise ShapeError(
                f"{shown} runs along axis {i} of {a}, of length {length}, and along axis {j} of "
                f"{b}, of length {lengths[b, j]}: make them the same, or write the bounds"
            )


def insist_on_origin(
    formula: Definition,
    roots: tuple[Node, ...],
    shaped: Mapping[str, tuple[int, ...]],
    sizes: Mapping[str, int],
) -> None:
    """Refuse 1, ..., n, or n by itself, along an axis of n elements whose first index is 0, any
    other constant that is no index of its array, and ranges that run backwards.

    Raises FormulaError
    """
    for node in (inner for root in roots for inner in root.walk()):
        if not isinstance(node, Read) or node.name not in shaped:
            continue
        for axis, place in enumerate(node.index):
            is_size = isinstance(place, Read) and not place.index
            length = shaped[node.name][axis]
            from_0 = formula.first_index(node.name) == 0
            value = sizing.size_value(place, sizes)
            if is_size and from_0 and value == length:
                raise FormulaError(
                    f"{node.name} has no element {sizing.size_text(place)} = {length} along axis "
                    f"{axis}, for arrays count from 0 here: give origin=1"
                )
            first = formula.first_index(node.name)
            if value is not None and not first <= value < first + length:
                shown = sizing.size_text(place)
                shown = shown if isinstance(place, Number) else f"{shown} = {value}"
                raise FormulaError(
                    f"{node.name} has no element {shown} along axis {axis}: its elements there "
                    f"are {first} to {first + length - 1}"
                    + (", for arrays count from 0 here: if not, give origin=1" if from_0 else "")
                )
    for name, low, high, summed in _stated_ranges(formula, roots):
        start, last = sizing.size_value(low, sizes), sizing.size_value(high, sizes)
        if start is not None and last is not None:
            insist_on_order(name, float(start), float(last))
        for array, axis in axes_indexed_by(name, summed):
            if array not in shaped or start is None or last is None:
                continue
            first = formula.first_index(array)
            if start != first and last - start + 1 == shaped[array][axis]:
                raise FormulaError(
                    f"{name} counts the {last - start + 1} elements of {array} from {start}, but "
                    f"arrays count from {first} here: give origin="
                    + (f"{start}" if start in (0, 1) else f"{{'{array}': {start}}}")
                )


def _stated_ranges(
    formula: Definition, roots: tuple[Node, ...]
) -> Iterator[tuple[str, Node, Node, tuple[Node, ...]]]:
    """The indices with a first and a last value, and what they index: of sums, and free ones."""
    for node in (inner for root in roots for inner in root.walk()):
        if isinstance(node, Reduce):
            for binder in node.binders:
                yield binder.name, binder.low, binder.high, (node.body,)
    ends: dict[str, dict[str, Node]] = {}
    for condition in formula.statement.conditions:
        match condition:
            case Compare(relation=relation, left=Index(name=name), right=right):
                ends.setdefault(name, {})[relation] = right
    for name, bounds in ends.items():
        if ">=" in bounds and "<=" in bounds:
            yield name, bounds[">="], bounds["<="], roots
