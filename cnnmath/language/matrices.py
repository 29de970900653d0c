"""Powers that are no powers of a number: of matrices, `A^{-1}`, and of layers, `a^1`.

A capital letter may stand for a matrix, and its power for a product of matrices; the same power of
each element is another value.
"""

from collections.abc import Callable, Sequence

from cnnmath.core.nodes import (
    ONE,
    ZERO,
    Apply,
    Call,
    Index,
    Node,
    Number,
    Read,
    bare_names,
    indices_in,
    negative,
    number_in,
)
from cnnmath.language.scope import Scope
from cnnmath.language.syntax import Factor, Scripted, Symbol


def matrix_power(name: str) -> str:
    """What is said of `A^2` and `(A^2)_{ij}`."""
    return (
        f"a power of the matrix {name}, or of each of its elements? write a sum over the products, "
        f"or {name}_{{ij}}^2, \\frac{{1}}{{{name}_{{ij}}}} for the elements; of a matrix of a "
        f"declared shape ({name}^{{-1}})_{{ij}} is an element of the inverse"
    )


def is_capital(name: str) -> bool:
    """Whether a name looks like a matrix: a capital letter, A or Sigma."""
    return name[:1].isupper()


def note_matrices(
    node: Node, factor: Scripted, scope: Scope, said: Callable[[str], str] = matrix_power
) -> None:
    """Note for the call to ask of which matrices a power is taken.

    said : what to say of a matrix that is called so
    """
    parts = node.arguments if isinstance(node, Apply) else (node,)  # \eta (A + B)^{-1}
    scope.found.matrices += [
        (factor.start, name, said(name))
        for part in parts
        for name in bare_names(part)
        if is_capital(name)
    ]


def exponent_of(name: str) -> str:
    """What is said of `e^A`."""
    return (
        f"a power by the matrix {name}, or by each of its elements? "
        f"write \\exp({name}_{{ij}}) for the elements"
    )


def determinant(name: str) -> str:
    """What is said of `|A|`."""
    return (
        f"the determinant of {name}, or the size of each element? write \\det {name}, or "
        f"|{name}_{{ij}}| for the elements"
    )


def holds_power(factor: Factor) -> bool:
    """Whether the power stands within the brackets and the indices behind: `(A^2)_{ij}`."""
    if factor.kind not in ("braces", "brackets", "parens"):
        return False
    symbol = factor.held.lone
    return symbol is not None and (bool(symbol.powers) or holds_power(symbol))


def refuse_power(
    factor: Scripted, name: str, index: Sequence[Node], power: Node, scope: Scope
) -> None:
    """Refuse a power of a symbol that may mean something else; what may, note for the call.

    Raises FormulaSyntaxError
    """
    if not index and scope.whole is not None and number_in(power) == -1.0:
        return
    if not index:  # P^n and D^{-1/2} too
        note_matrices(Read(name), factor, scope)
    exponent = power if isinstance(power, Number) else negative(power)
    if not isinstance(exponent, Number) or not exponent.value.is_integer():
        return
    if power in (ZERO, ONE):
        raise scope.error(
            factor,
            f"{name} to the power of {exponent.value:g}, or number {exponent.value:g} of several? "
            f"declare the axis that counts them, and write {name}^{{({exponent.value:g})}}",
        )
    if not is_capital(name):
        return
    if power is not exponent and len(index) == 2:
        raise scope.error(factor, matrix_power(name))


def refuse_layer(symbol: Symbol, name: str, power: Node, scope: Scope) -> None:
    """Refuse `a^l_j = w^l_j x_j`: where the left side counts layers above, w^l may do so too."""
    counts = any(index.name in scope.raised for index in indices_in(power))
    if counts and not scope.is_known(name):
        above = symbol.powers[-1].text
        raise scope.error(
            symbol,
            f"is this {name} to the power of {above}, or number {above} of several, as on the left "
            f"side? declare the shape of {name} (of a number, {name}=''), or write "
            f"{name}^{{({above})}}",
        )


def with_identity(node: Node, model: Sequence[str], scope: Scope) -> Node:
    """A number that is added to a square matrix: an I that nobody declared is the identity."""
    match node:
        case Read(name=name) if name.partition("_")[0] == "I" and not scope.is_known(name):
            return Call("kronecker", tuple(map(Index, model)))
    return node.rebuilt(lambda child: with_identity(child, model, scope))
