"""Formulas that say what others read: together they are one system of equations.

A formula may be given the formulas of quantities that it reads, and those may have been given
others. In the system that they form, a name means one thing wherever it stands: what defines
`\\mu` here defines it in the formula of v as well.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from cnnmath.errors import (
    ContradictionError,
    FormulaError,
    MissingArrayError,
    ShapeError,
    UnboundSizeError,
)
from cnnmath.formula.given import Values
from cnnmath.formula.nodes import Apply, Extent, Node, Read
from cnnmath.reals import float64_array

if TYPE_CHECKING:
    from cnnmath.formula.formula import Formula

AGREEMENT = 1e-9  # relative, for each element: what rounding in another order may change


def system_of(definitions: Mapping[str, "Formula"]) -> dict[str, "Formula"]:
    """Some formulas by what they define, with those that were given to them.

    Raises FormulaError if two of them define one quantity, or one defines itself.
    """
    found = merged({**d.system, name: d} for name, d in definitions.items())
    for name in found:
        ring = _ring(name, found)
        if ring:
            raise FormulaError(
                f"{name} is defined by itself ({' → '.join(ring)}): "
                "give the earlier value another name"
            )
    return found


def merged(systems: Iterable[Mapping[str, "Formula"]]) -> dict[str, "Formula"]:
    """Several systems as one.

    Raises FormulaError if two formulas define one quantity.
    """
    found: dict[str, Formula] = {}
    for system in systems:
        for name, formula in system.items():
            if name in found and not _same(found[name], formula):
                raise FormulaError(
                    f"{name} is defined in two ways, as {found[name].latex} and as "
                    f"{formula.latex}: give one of the two quantities another name"
                )
            found.setdefault(name, formula)
    return found


def _same(one: "Formula", two: "Formula") -> bool:
    return one is two or (
        one.links == two.links
        and one.statement.conditions == two.statement.conditions
        and one.head == two.head
        and one.shapes == two.shapes
        and one.origin == two.origin
    )


def _ring(name: str, system: Mapping[str, "Formula"]) -> list[str]:
    """The way on which a quantity is read to calculate itself; empty if there is none."""
    waiting = [[name]]
    seen: set[str] = set()
    while waiting:
        way = waiting.pop()
        for other in sorted(system[way[-1]].reads):
            if other == name:
                return [*way, name]
            if other in system and other not in seen:
                seen.add(other)
                waiting.append([*way, other])
    return []


def names_in(roots: Iterable[Node]) -> set[str]:
    """The arrays, numbers and functions that some expressions read."""
    nodes = (node for root in roots for node in root.walk())
    return {node.name for node in nodes if isinstance(node, Read | Apply | Extent)}


def depends(name: str, on: str, system: Mapping[str, "Formula"], held: Collection[str]) -> bool:
    """Whether a way leads from one quantity through the system to another.

    held : quantities that no way goes through
    """
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        here = waiting.pop()
        if here == on:
            return True
        if here in system and here not in seen and here not in held:
            seen.add(here)
            waiting += system[here].reads
    return False


def calculated(
    names: Iterable[str], system: Mapping[str, "Formula"], known: Mapping[str, Any]
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
        found[name] = system[name].evaluated({**known, **found})

    for name in names:
        if name not in found:
            add(name)
    return found


def insist_on_agreement(
    system: Mapping[str, "Formula"], given: Mapping[str, Any], read: Collection[str]
) -> None:
    """Arrays that are given although a formula defines them must be what that formula gives.

    Whatever is calculated from them would else belong to no point at all: a derivative goes
    through the formula, a value would not.

    read : what is read; other arrays may be anything

    Raises ContradictionError, ShapeError
    """
    for name in sorted(set(system) & set(given)):
        if not any(depends(reader, name, system, ()) for reader in read):
            continue
        others = {key: value for key, value in given.items() if key != name}
        try:
            found = calculated([name], system, others)
        except (MissingArrayError, UnboundSizeError):
            continue  # what it is calculated from is not given: it cannot contradict that
        value = found.pop(name)
        array = float64_array(name, given[name])
        if array.shape != value.shape:
            raise ShapeError(
                f"{name} was given with shape {array.shape}, but its formula gives {value.shape}"
            )
        allowed = AGREEMENT * np.abs(value) + system[name].rounding({**others, **found})
        agrees = np.isclose(array, value, rtol=0.0, atol=allowed, equal_nan=True)
        if not agrees.all():
            at = tuple(int(i) for i in np.argwhere(~agrees)[0])
            place = f"{name}{list(at)}" if at else name
            raise ContradictionError(
                f"{place} was given as {array[at]:.6g}, but its formula gives {value[at]:.6g}: "
                f"leave {name} out, or leave out the formula that defines it if {name} is meant "
                "to be independent"
            )
