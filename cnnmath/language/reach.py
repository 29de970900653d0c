r"""How far a sum reaches: to the next + or -, or over what follows where its index stands there.

`\sum_i a_i + b` is a sum and b; in `\sum_i a_i + b_i` the index i has a meaning only within the
sum, which therefore takes both. The same holds for products, maxima and minima.
"""

from collections.abc import Sequence

from lark import Token

from cnnmath.language.bounds import new_indices
from cnnmath.language.roles import Usage
from cnnmath.language.scope import Scope
from cnnmath.language.syntax import Factor, Product, Row, Sum, list_of, place_of, product_of

Terms = tuple[tuple[Token | None, Product], ...]


def as_reached(part: Sum, scope: Scope) -> Sum:
    """The sum of terms in which what a `\\sum` takes, but does not show, is in brackets.

    Raises FormulaSyntaxError where it cannot be seen whether the last terms belong to it.
    """
    for place, (_, term) in enumerate(part.terms[:-1]):
        behind = part.terms[place + 1 :]
        for sign, at, names in reversed(_bound_in(term.row, scope)):
            last = _last_use(names, behind, scope)
            again = [one for _, one in behind if _stands_in(names, one, scope)]
            if again:  # \sum_w w^2 + w
                what = f"does {sign.sign} over {names[0]} reach this far? write brackets"
                raise scope.error(again[0], what)
            if last is None:
                continue
            row = term.row
            if last < len(behind) - 1:
                what = f"does {sign.sign} over {names[0]} reach this far? write brackets around "
                raise scope.error(behind[last + 1][1], what + "what it is taken of")
            taken: Terms = ((None, product_of(row[at + 1 :])), *behind)
            widened = product_of([*row[: at + 1], _in_brackets(taken)])
            before = part.terms[:place]
            return Sum(
                part.tokens, part.start, part.end, (*before, (part.terms[place][0], widened))
            )
    return part


def _bound_in(row: Row, scope: Scope) -> list[tuple[Factor, int, list[str]]]:
    """Where the sums of a row stand that have something to take, and their indices."""
    found = []
    for at, item in enumerate(row[:-1]):
        if isinstance(item, Factor) and item.kind == "BIG" and item.subs:
            names = new_indices(item.subs[0], row[at + 1 :], scope)
            found += [(item, at, names)] if names else []
    return found


def _last_use(names: Sequence[str], terms: Terms, scope: Scope) -> int | None:
    """The last of the terms in which one of the names is an index without another meaning."""
    used = None
    for place, (_, term) in enumerate(terms):
        sums = (part for part in term.walk() if isinstance(part, Factor) and part.kind == "BIG")
        own = {name for one in sums for held in one.subs for name in new_indices(held, [], scope)}
        indices = Usage([term], scope.declared.functions).indices
        free = [name for name in names if name in indices - own and not scope.is_index(name)]
        if any(not scope.is_known(name) for name in free):
            used = place
    return used


def _stands_in(names: Sequence[str], term: Product, scope: Scope) -> bool:
    """Whether an array that a sum goes through stands in a term as a whole."""
    values = Usage([term], scope.declared.functions).values
    return any(scope.declared.shapes.get(name) and name in values for name in names)


def _in_brackets(terms: Terms) -> Factor:
    parts = [item for term in terms for item in term if item is not None]
    whole = Sum(*place_of(parts), terms)
    return Factor(
        whole.tokens, whole.start, whole.end, (), "parens", "", (list_of([whole]),),
        (whole.start, whole.end),
    )  # fmt: skip
