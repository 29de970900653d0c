"""The catalogue: every formula of the book, written once.

What you can do with it: call a formula on arrays, `convolution(x=image, W=kernels, b=biases)`;
show it, by making it the last line of a notebook cell; write out one element, `.expand(...)`;
check it, `.check(...)`; go through all of them, `formulas()`. The chapters typeset and derive what
stands here, the layers are tested against it, and so no formula of the book stands anywhere else.

One file for each part of the book, found by its `CHAPTERS`, which has all that is to be said of the
part. Indices start at 0, and what lies outside an array reads as 0; inside a maximum, as −∞.
"""

from collections.abc import Iterable, Mapping
from graphlib import TopologicalSorter
from importlib import import_module
from itertools import pairwise
from pkgutil import iter_modules
from types import ModuleType

from cnnmath.catalogue import symbols
from cnnmath.formula import Formula

__all__ = ["CHAPTERS", "SYMBOLS", "formulas"]


def _in_order(files: Iterable[ModuleType]) -> Iterable[str]:
    """The chapters as they stand in the book, for each file says between which two its own do."""
    before: dict[str, set[str]] = {}
    for file in files:
        first, last = file.BETWEEN
        for one, following in pairwise(filter(None, (first, *file.CHAPTERS, last))):
            before.setdefault(following, set()).add(one)
    return TopologicalSorter(before).static_order()


_FILES = [
    file
    for found in iter_modules(__path__)
    if hasattr(file := import_module(f"{__name__}.{found.name}"), "CHAPTERS")
]
_OF_CHAPTER: dict[str, tuple[Formula, ...]] = {
    chapter: stated for file in _FILES for chapter, stated in file.CHAPTERS.items()
}
_CONSTANTS: dict[str, Formula] = {
    name: value
    for file in _FILES
    for name, value in vars(file).items()
    if isinstance(value, Formula) and not name.startswith("_")
}

CHAPTERS: Mapping[str, tuple[Formula, ...]] = {
    chapter: _OF_CHAPTER[chapter] for chapter in _in_order(_FILES) if chapter in _OF_CHAPTER
}
"""The chapters of the book in their order, each with the formulas that it is about."""


def formulas() -> dict[str, Formula]:
    """Every formula by the name of its constant, in the book's order."""
    names = {id(value): name for name, value in _CONSTANTS.items()}
    return {names[id(stated)]: stated for chapter in CHAPTERS.values() for stated in chapter}


symbols.KEPT.save()

SYMBOLS: Mapping[str, str] = {
    **symbols.SYMBOLS,
    **{
        name: stated.symbols[name]
        for stated in formulas().values()
        for name in (*stated.names, stated.result)
        if name in stated.symbols and name not in symbols.SYMBOLS
    },
}
"""What each symbol of the book is: what all parts share, and then what one part alone has."""

SIZES: Mapping[str, int] = {
    **symbols.SIZES,
    **{size: length for file in _FILES for size, length in getattr(file, "SIZES", {}).items()},
}
"""At which sizes the tests try the formulas."""

globals().update(_CONSTANTS)


def __getattr__(name: str) -> Formula:
    """Says to whoever checks types what the constants are; called for a name that is none."""
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
