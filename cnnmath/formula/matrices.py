"""Powers that are no powers of a number: of matrices, `A^{-1}`, and of layers, `a^1`.

A capital letter may stand for a matrix, and its power for a product of matrices; the same power of
each element is another value.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cnnmath.formula import parsetree
from cnnmath.formula.nodes import ONE, ZERO, Node, Number, negative
from cnnmath.formula.parsetree import Part

if TYPE_CHECKING:
    from cnnmath.formula.references import References


def matrix_power(name: str) -> str:
    """What is said of `A^2` and `(A^2)_{ij}`."""
    return (
        f"a power of the matrix {name}, or of each of its elements? write a sum over the products, "
        f"or {name}_{{ij}}^2, \\frac{{1}}{{{name}_{{ij}}}} for the elements"
    )


def is_capital(name: str) -> bool:
    """Whether a name looks like a matrix: a capital letter, A or Sigma."""
    return name[:1].isupper()


def holds_power(factor: Part) -> bool:
    """Whether the power stands within the brackets and the indices behind: `(A^2)_{ij}`."""
    inner = parsetree.atom(factor)
    if inner.data not in ("braces", "brackets", "parens"):
        return False
    symbol = parsetree.lone_factors(parsetree.list_in(inner))[0]
    powers = [
        held
        for kind, held in parsetree.bodies(symbol)
        if kind == "sup" and parsetree.lone_group(held) is None
    ]
    return bool(powers) or holds_power(symbol)


def refuse_power(
    reader: "References", factor: Part, name: str, index: Sequence[Node], power: Node
) -> None:
    """Refuse a power of a symbol that may mean something else; what may, note for the call.

    Raises FormulaSyntaxError
    """
    if not index and is_capital(name):  # P^n and D^{-1/2} too
        reader.matrices.append((parsetree.start(factor), name, matrix_power(name)))
    exponent = power if isinstance(power, Number) else negative(power)
    if not isinstance(exponent, Number) or not exponent.value.is_integer():
        return
    if power in (ZERO, ONE):
        raise reader.error(
            factor,
            f"{name} to the power of {exponent.value:g}, or number {exponent.value:g} of several? "
            f"declare the axis that counts them, and write {name}^{{({exponent.value:g})}}",
        )
    if not is_capital(name):
        return
    is_inverse = power is not exponent and len(index) == 2
    if is_inverse or (not index and reader.norm is not None and (reader.rank(name) or 0) > 1):
        raise reader.error(factor, matrix_power(name))
