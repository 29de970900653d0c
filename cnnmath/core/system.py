"""Formulas that say what others read: together they are one system of equations.

A formula may be given the formulas of quantities that it reads, and those may have been given
others. In the system that they form, a name means one thing wherever it stands: what defines
`\\mu` here defines it in the formula of v as well.
"""

from collections.abc import Collection, Iterable, Mapping

from cnnmath.core.definition import Definition
from cnnmath.errors import FormulaError


def system_of(definitions: Mapping[str, Definition]) -> dict[str, Definition]:
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


def merged(systems: Iterable[Mapping[str, Definition]]) -> dict[str, Definition]:
    """Several systems as one.

    Raises FormulaError if two formulas define one quantity.
    """
    found: dict[str, Definition] = {}
    for system in systems:
        for name, formula in system.items():
            if name in found and not _same(found[name], formula):
                raise FormulaError(
                    f"{name} is defined in two ways, as {found[name].latex} and as "
                    f"{formula.latex}: give one of the two quantities another name"
                )
            found.setdefault(name, formula)
    return found


def _same(one: Definition, two: Definition) -> bool:
    return one is two or (
        one.links == two.links
        and one.statement.conditions == two.statement.conditions
        and one.head == two.head
        and one.shapes == two.shapes
        and one.origin == two.origin
    )


def _ring(name: str, system: Mapping[str, Definition]) -> list[str]:
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


def depends(name: str, on: str, system: Mapping[str, Definition], held: Collection[str]) -> bool:
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
