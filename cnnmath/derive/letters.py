"""Names for indices, as an author would choose them."""

from collections.abc import Collection, Iterable, Iterator
from itertools import chain, count

from cnnmath.core.nodes import Binder, Index, Node, Reduce, with_indices

PLACES = "uvwpqryz"
"""For the place of an element by which one derives, where its array has no letters of its own."""

OTHERS = "ijklmnstuvwyzpqrabcdefgh"


def fresh(name: str, taken: Collection[str]) -> str:
    """A name near another one that is not taken: its own, with primes, or else a free letter."""
    return next(found for found in _candidates(name) if found not in taken)


def free_letter(letters: str, taken: Collection[str]) -> str:
    """The first of some letters that is not taken, or another one."""
    return next(found for found in chain(letters, _candidates("")) if found not in taken)


def _candidates(name: str) -> Iterator[str]:
    if name and (len(name.removesuffix("_prime").removesuffix("_prime")) == 1 or name.isalpha()):
        yield from (f"{name}{'_prime' * primes}" for primes in range(3))
    for primes in count():
        yield from (f"{letter}{'_prime' * primes}" for letter in OTHERS)


def renamed_apart(node: Node, taken: Collection[str]) -> Node:
    """A copy in which no sum uses one of some names for its index."""
    if not isinstance(node, Reduce):
        return node.rebuilt(lambda child: renamed_apart(child, taken))
    inner = {index.name for part in node.walk() for index in _indices(part)}
    names: dict[str, Index] = {}
    used = {*taken, *inner}
    for binder in node.binders:
        if binder.name in taken or not is_letter(binder.name):
            plain = binder.name.partition("~")[0]
            new = fresh(plain if is_letter(plain) else "", used)
            names[binder.name] = Index(new)
            used.add(new)
    return with_indices(node, names).rebuilt(lambda child: renamed_apart(child, taken))


def is_letter(name: str) -> bool:
    """Whether an author wrote the name, rather than the reader who gave one to a norm's index."""
    return "~" not in name and not name.startswith(("all_", "factor_"))


def _indices(node: Node) -> Iterable[Index | Binder]:
    return (node,) if isinstance(node, Index | Binder) else ()
