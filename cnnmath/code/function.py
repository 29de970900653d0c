"""The whole function: what it is called and given, its sizes, what it calculates on the way."""

import textwrap
from collections.abc import Iterator, Sequence
from typing import Literal

from cnnmath.code.block import Block
from cnnmath.code.names import Names, function_name, spelt
from cnnmath.code.shown import Source
from cnnmath.code.text import WIDTH, listed
from cnnmath.core.definition import Definition
from cnnmath.core.nodes import Read, Reduce
from cnnmath.core.shapes import shape_text
from cnnmath.core.vocabulary import in_places
from cnnmath.errors import FormulaError

Style = Literal["loops", "einsum"]
STYLES = ("loops", "einsum")


def source(definition: Definition, style: Style) -> Source:
    """The function in NumPy that calculates what a formula says.

    Raises FormulaError where there is none, with the reason.
    """
    if style not in STYLES:
        raise FormulaError(f"style={style!r}: expected 'loops' or 'einsum'")
    steps = [*_steps(definition), definition]
    arrays = arguments(definition)
    names = Names({name for step in steps for name in _names(step)})
    whole = _whole(steps)
    blocks: list[Block] = []
    for step in steps:
        made = [block.definition.result for block in blocks]
        blocks.append(_block(step, style, names, whole, arrays, made, step is definition))
    sizes = list(dict.fromkeys(size for block in blocks for size in block.given))
    title = function_name(definition.name, definition.result, names.taken)
    given = [spelt(name) for name in (*arrays, *(s for s in sizes if s not in arrays))]
    body = [*_opening(definition, arrays, steps, whole)]
    said: dict[str, str] = {}
    for block in blocks:
        body += block.text(said)
        if block is not blocks[-1]:
            body.append("")
    body.append(f"return {blocks[-1].target}")
    imports = ["import numpy as np"]
    if any("math." in line for line in body):
        imports.insert(0, "import math\n")
    if any("sliding_window_view(" in line for line in body):
        imports.append("from numpy.lib.stride_tricks import sliding_window_view")
    lines = [f"def {title}({', '.join(given)}):", *_documented(definition, blocks[-1]), *body]
    inner = "\n".join([lines[0], *(f"    {line}" if line else "" for line in lines[1:])])
    return Source("\n".join(imports) + f"\n\n\n{inner}\n")


def _block(
    step: Definition,
    style: Style,
    names: Names,
    whole: frozenset[str],
    arrays: Sequence[str],
    made: Sequence[str],
    is_last: bool,
) -> Block:
    """One formula; what is on the way to the last may be loops where it is no contraction."""
    try:
        return Block(step, style, names, whole, arrays, made)
    except FormulaError:
        if is_last:
            raise
    return Block(step, "loops", names, whole, arrays, made)


def arguments(definition: Definition) -> list[str]:
    """The arrays, numbers and functions that the function is given: those that are read, in the
    order in which they are needed and were declared."""
    steps = [*_steps(definition), definition]
    reads = [n for step in steps for n in step.vocabulary.names if n in _reads(step)]
    declared = [name for step in steps for name in step.shapes if name in reads]
    order = dict.fromkeys([*declared, *reads])
    return [name for name in order if name not in definition.system]


def _reads(step: Definition) -> set[str]:
    """What is read, but for a function of NumPy that the formula was given."""
    return {name for name in step.reads if not hasattr(step.functions.get(name), "nin")}


def _names(step: Definition) -> set[str]:
    sizes = {
        n.name for s in step.shapes.values() for z in s for n in z.walk() if isinstance(n, Read)
    }
    return {*step.vocabulary.names, *step.vocabulary.sizes, *step.shapes, step.result, *sizes} - {
        ""
    }


def _steps(definition: Definition) -> list[Definition]:
    """The formulas of what is read, each behind those of what it reads itself."""
    system, found = definition.system, dict[str, Definition]()

    def add(step: Definition) -> None:
        for name in step.vocabulary.names:
            if name in step.reads and name in system and name not in found:
                add(system[name])
                found[name] = system[name]

    add(definition)
    return list(found.values())


def _whole(steps: Sequence[Definition]) -> frozenset[str]:
    """Arrays and numbers that hold whole numbers, since they say which element is read."""
    found: set[str] = set()
    for step in steps:
        found |= step.vocabulary.subscripts
        places = (r for root in step.value.roots for r in in_places(root, False, rounded=False))
        found |= {read.name for read in places if not read.index}
        if isinstance(step.right, Reduce) and step.right.operation in ("argmax", "argmin"):
            found.add(step.result)
    return frozenset(found)


def _opening(
    definition: Definition,
    arrays: Sequence[str],
    steps: Sequence[Definition],
    whole: frozenset[str],
) -> Iterator[str]:
    """What is given as arrays of float64, with their shapes."""
    for name in arrays:
        shapes = [step.shapes[name] for step in steps if name in step.shapes]
        ranks = [step.statement.ranks[name] for step in steps if name in step.statement.ranks]
        if any(name in step.functions or _is_function(step, name) for step in steps):
            continue
        if not any(shapes) and not any(ranks) and (shapes or not definition.elementwise):
            if name in whole:
                yield f"{spelt(name)} = int({spelt(name)})"
            continue  # a number
        kind = "int" if name in whole else "float"
        said = f"  # {shape_text(shapes[0])}" if any(shapes) else ""
        yield f"{spelt(name)} = np.asarray({spelt(name)}, dtype={kind}){said}"


def _is_function(step: Definition, name: str) -> bool:
    return name in step.vocabulary.applied and name not in step.shapes


def _documented(definition: Definition, block: Block) -> Iterator[str]:
    lines = textwrap.wrap(
        " ".join(definition.latex.split()), WIDTH, break_long_words=False, break_on_hyphens=False
    )
    lines[0] = f'r"""{lines[0]}'
    if lines[-1].endswith(("\\", '"')):
        lines[-1] += " "
    shape = block.result_shape
    if shape:
        lines += ["", f"Returns {definition.result or 'the value'} {listed(shape)}."]
        lines.append('"""')
    else:
        lines[-1] += '"""'
    yield from lines
