r"""From the syntax tree back to LaTeX that reads as the same tree.

Everything is said: `x_{i, j + s}` has a comma between its indices, a sum has the first and the last
value of each index, a product of sums has brackets. What an author leaves to the reader's sense is
gone, so that nothing is left that can be read in two ways.

Two bounds stay away, because the language has no words for them: those along an axis whose length
nobody declared, and those that only the shape gives, where the sum reads the zeros around an array
(written down, such bounds would be taken for a slip).
"""

import re
from collections.abc import Iterable, Mapping

from cnnmath.core.derivative import Derivative
from cnnmath.core.nodes import Apply, Compare, Index, Jacobian, Node, Read
from cnnmath.core.statement import Declared, Statement, Symbol
from cnnmath.language.latex_values import Printer, bracketed

_RAISED = re.compile(r"[^_^]*(?:_(?:\w|\{[^{}]*\}))?\s*\^\s*\{\s*\(([^()]*)\)\s*\}")


def statement_latex(
    statement: Statement, declared: Declared, raised: Mapping[str, int] | None = None
) -> str:
    """A formula as it was understood.

    raised : by array, how many of its first indices stand above, as in W^{(k, c)}_{s, t}
    Raises FormulaError if there is no LaTeX for a part of it.
    """
    printer = Printer(declared, statement, raised)
    head, links = statement.head, statement.links
    sides = [printer.value(link) for link in links]
    if head is None or not head.name:
        if len(sides) > 1 and isinstance(links[0], Read | Apply | Jacobian):
            sides[0] = bracketed(sides[0])  # by itself it would be what is defined
    elif not _is_derived(statement, declared):
        shown = printer.element(head.name, head.index, is_defined_here=True)
        sides.insert(0, shown + printer.arguments(head.arguments))
    ranges = _ranges(statement.conditions, printer)
    return " = ".join(sides) + (rf", \quad {', '.join(ranges)}" if ranges else "")


def node_latex(node: Node, declared: Declared, raised: Mapping[str, int] | None = None) -> str:
    """An expression by itself; arguments and errors are those of `statement_latex`."""
    alone = Statement(None, (node,), (), {}, (), (), (), (), ())
    return statement_latex(alone, declared, raised)


def raised_in(latex: str, symbols: Iterable[Symbol]) -> dict[str, int]:
    """How many indices the author of a formula set above each array, in brackets."""
    found: dict[str, int] = {}
    for start, end, name in symbols:
        *_, by = latex[start:end].rpartition(r"\partial")
        at = end - len(by.lstrip()) if by != latex[start:end] else end
        match = _RAISED.match(latex, at)
        if match:
            derivative = Derivative.named(name) if at < end else None
            array = derivative.by if derivative else name
            found[array] = match[1].count(",") + 1
    return found


def _is_derived(statement: Statement, declared: Declared) -> bool:
    """Whether what is defined is a derivative that is worked out, so that it is a side as well."""
    head, link = statement.head, statement.links[0]
    return (
        head is not None
        and isinstance(link, Jacobian)
        and isinstance(link.of, Read)
        and link.of.name in declared.defined
        and head.name.startswith(str(Derivative(link.of.name, link.by.name)))
        and head.index in (link.of.index + link.by.index, link.by.index)
    )


def _ranges(conditions: Iterable[Node], printer: Printer) -> list[str]:
    """What stands behind a formula: the bounds of each index, and then other conditions."""
    low: dict[str, Node] = {}
    high: dict[str, Node] = {}
    others: list[str] = []
    for condition in conditions:
        match condition:
            case Compare(relation=">=", left=Index(name=name), right=bound) if name not in low:
                low[name] = bound
            case Compare(relation="<=", left=Index(name=name), right=bound) if name not in high:
                high[name] = bound
            case _:
                others.append(printer.condition(condition))
    found = []
    for name in dict.fromkeys((*low, *high)):
        letter = printer.spelling.index(name)
        if name in low and name in high:
            found.append(printer.limits.between(low[name], letter, high[name]))
        elif name in low:
            found.append(rf"{letter} \ge {printer.value(low[name])}")
        else:
            found.append(rf"{letter} \le {printer.value(high[name])}")
    return found + others
