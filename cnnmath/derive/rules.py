"""The rules by their names, and which of them a reader takes in one step."""

from collections.abc import Sequence
from typing import Literal, NamedTuple, get_args

from cnnmath.derive.machine import Step
from cnnmath.derive.terms import seen
from cnnmath.errors import FormulaError

Depth = Literal["all", "usual", "result"]


class Rule(NamedTuple):
    """title : as it stands beside a line;  group : rules that are one line at the usual depth

    asks : whether it drops a condition or leaves one, so that it is to be run where that fails
    """

    title: str
    group: str
    asks: bool = False


RULES = {
    "chain": Rule("Chain rule", "chain"),
    "each by itself": Rule("Chain rule", "chain"),
    "asked": Rule("The question", "chain"),
    "put in": Rule("Put in", "differentiate"),
    "definition": Rule("Through a step", "differentiate"),
    "bracket": Rule("A number before a bracket", "differentiate"),
    "sum": Rule("Sum rule", "differentiate"),
    "minus": Rule("Minus", "differentiate"),
    "inside": Rule("Into the sum", "differentiate"),
    "factor": Rule("Constant factor", "differentiate"),
    "product": Rule("Product rule", "differentiate"),
    "quotient": Rule("Quotient rule", "differentiate"),
    "power": Rule("Power rule", "differentiate"),
    "function": Rule("Chain rule", "differentiate"),
    "larger": Rule("The larger", "differentiate"),
    "winner": Rule("The winner", "differentiate"),
    "others": Rule("Product rule", "differentiate"),
    "cases": Rule("Case by case", "differentiate"),
    "step": Rule("A step is flat", "differentiate"),
    "element": Rule("One element by another", "differentiate"),
    "multiply out": Rule("Multiply out", "rearrange"),
    "rearrange": Rule("Exchange the sums", "rearrange"),
    "named": Rule("By its name", "name"),
    "place": Rule("The winner's place", "collapse"),
    "only": Rule("Collapse", "collapse"),
    "solve": Rule("Solve", "solve"),
    "stride": Rule("Solve", "solve", asks=True),
    "whole part": Rule("Collapse", "solve"),
    "divide": Rule("Divide with remainder", "solve"),
    "cancel": Rule("One fraction", "tidy"),
    "front": Rule("In front of the sum", "tidy"),
    "one of its values": Rule("One of its values", "bounds"),
    "outside": Rule("Outside is 0", "bounds", asks=True),
    "kept": Rule("A condition stays", "bounds", asks=True),
}
TITLES = {
    "chain": "Chain rule",
    "differentiate": "Differentiate",
    "rearrange": "Exchange the sums",
    "name": "By its name",
    "collapse": "Collapse",
    "solve": "Solve",
    "tidy": "Tidy up",
}
"""What several rules in a row are called."""


class Group(NamedTuple):
    """Steps that are one line: it shows what is left after the last of them."""

    title: str
    steps: tuple[Step, ...]


def grouped(steps: Sequence[Step], depth: Depth) -> list[Group]:
    """The lines of a derivation.

    Raises FormulaError for a depth that is none.
    """
    if depth not in get_args(Depth):
        raise FormulaError(f"depth={depth!r}: expected one of {', '.join(get_args(Depth))}")
    if depth == "all":
        return [Group(RULES[step.rule].title, one) for one in _changing(steps) for step in one[:1]]
    groups: list[tuple[str, list[Step]]] = []
    for step in steps:
        group = RULES[step.rule].group
        if groups and (group == "bounds" or group == groups[-1][0]):
            groups[-1][1].append(step)
        elif groups and groups[-1][0] == "rearrange":  # what is exchanged is used at once
            groups[-1] = (group, [*groups[-1][1], step])
        else:
            groups.append((group, [step]))
    if depth == "result" and len(groups) > 2:
        groups = [groups[0], ("differentiate", [s for _, part in groups[1:] for s in part])]
    return [Group(_title(group, part), tuple(part)) for group, part in groups]


def _changing(steps: Sequence[Step]) -> list[tuple[Step, ...]]:
    """Each step, with those behind it that change nothing that is seen."""
    found: list[list[Step]] = []
    for step in steps:
        if found and seen(found[-1][-1].node) == seen(step.node):
            found[-1].append(step)
        else:
            found.append([step])
    return [tuple(part) for part in found]


def _title(group: str, steps: Sequence[Step]) -> str:
    return RULES[steps[0].rule].title if len(steps) == 1 else TITLES[group]
