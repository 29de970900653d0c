"""Beyond the ends of an array there are zeros: where a sum would run there, a bracket says so.

In y_i = c x_{i+1} each reader sees that x_N is 0. In the gradient by c, \\sum_i of it, nobody says
whether that term is 0 or x_0 again, and the language refuses the sum. So the formula is written
y_i = c x_{i+1} [i + 1 < N] first.
"""

from collections.abc import Mapping
from dataclasses import replace

from cnnmath.core.arithmetic import known_between
from cnnmath.core.lower import LOSES
from cnnmath.core.nodes import (
    Binder,
    Call,
    Cases,
    Compare,
    Logic,
    Node,
    Read,
    Reduce,
    indices_in,
    multiply,
)
from cnnmath.core.statement import Statement
from cnnmath.derive.forward import Forward, with_letters
from cnnmath.derive.stating import written
from cnnmath.derive.terms import within
from cnnmath.language.latex import raised_in, statement_latex


def leaves(forward: Forward, node: Node) -> bool:
    """Whether an index of a sum takes it out of an array, and no condition in it says what then."""
    for inner in node.walk():
        if not isinstance(inner, Reduce) or inner.operation != "sum":
            continue
        if any(isinstance(part, Compare | Logic | Cases) for part in inner.body.walk()):
            continue
        ranges = {
            binder.name: binder
            for binder in inner.binders
            if not any(indices_in(binder.low)) and not any(indices_in(binder.high))
        }
        reads = (part for part in inner.body.walk() if isinstance(part, Read))
        if any(_conditions(forward, read, ranges) for read in reads):
            return True
    return False


def with_brackets(forward: Forward) -> Forward:
    """The same question of the formula with such brackets."""
    definition, given = forward.definition, forward.given
    head = definition.head
    ranges = {
        name: Binder(name, output.low, output.high)
        for name, output in zip(head.free, forward.outputs, strict=True)
    }

    def bracketed(node: Node) -> Node:
        if isinstance(node, Read):
            return multiply(node, *_conditions(forward, node, ranges))
        is_extreme = isinstance(node, Call) and node.function in LOSES
        if is_extreme or (isinstance(node, Reduce) and node.operation in LOSES):
            return node  # there what lies outside is no 0, but loses
        return node.rebuilt(bracketed)

    body, conditions = bracketed(definition.right), definition.statement.conditions
    statement = Statement(head, (body,), conditions, {}, (), (), (), (), ())
    raised = raised_in(given.latex, given.found_symbols)
    latex = statement_latex(statement, definition.declared, raised)
    origins = {forward.result: forward.first(forward.result)}
    stated = written(
        latex, forward.stated, definition.shapes, forward.stated.system, (body,),
        [forward.result], origins, given.name,
    )  # fmt: skip
    whole = with_letters(given, stated, forward.by.name)
    return replace(whole, is_bracketed=True, named=forward.named)


def _conditions(forward: Forward, read: Read, ranges: Mapping[str, Binder]) -> list[Node]:
    """That an element exists, where one index alone says which it is."""
    found: list[Node] = []
    for axis, place in enumerate(read.index):
        names = {index.name for index in indices_in(place)}
        is_read = any(isinstance(inner, Read) and inner.index for inner in place.walk())
        if len(names) != 1 or is_read or not names <= set(ranges) or not forward.shape(read.name):
            continue
        low, high = forward.range_along(read.name, axis)
        starts, ends = known_between(place, low, high, ranges, forward.positive)
        condition = within(place, low, high)
        if not (starts and ends):
            first, last = condition.parts
            found.append(last if starts else first if ends else condition)
    return found
