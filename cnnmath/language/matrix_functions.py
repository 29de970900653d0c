r"""What is done to square matrices by a word: `\det A`, `|A|`, `\mathrm{tr}(AB)`; and elements of
inverses, `(A^{-1})_{ij}`, or of what is printed, `\operatorname{inv}_{p,q}(a_p b_q)_{i,j}`.
"""

from dataclasses import replace

from cnnmath.core.nodes import Add, Call, Inverse, Node
from cnnmath.errors import CnnMathError
from cnnmath.language.averages import sign_over
from cnnmath.language.indices import indices
from cnnmath.language.matrices import is_capital
from cnnmath.language.references import powered
from cnnmath.language.scope import Scope, Whole
from cnnmath.language.square import determinant, is_square, trace
from cnnmath.language.sums import read_sum
from cnnmath.language.syntax import GROUPS, Factor, Row
from cnnmath.language.whole import at, open_in

_WORDS = {"det": determinant, "tr": trace, "Tr": trace, "trace": trace, "Trace": trace}


def of_matrix(row: Row, scope: Scope) -> tuple[Node, Row] | None:
    """The value of one of these, and the rest of the row; None for anything else."""
    word, rest = row[0], row[1:]
    assert isinstance(word, Factor)
    symbol, group = word.symbol, rest[0] if rest else None
    if symbol is None:
        is_det = word.kind == "BIG" and word.sign == r"\det" and not word.attached
        return applied("det", word, rest, scope) if is_det else None
    if element := _of_inverse(word, scope):
        return element, rest
    if scope.is_known(symbol.name) or not word.sign.startswith("\\"):
        return None
    if symbol.name == "inv" and len(symbol.subs) == 1 and isinstance(group, Factor) and group.subs:
        det, _ = read_sum(
            [sign_over(word, symbol.subs[0], r"\det"), replace(group, attached=(), symbol=None)],
            scope,
        )
        return Inverse(det, *indices(group.subs[0], 2, scope)), rest[1:]
    is_applied = symbol.name in _WORDS and not symbol.attached and group is not None
    return applied(symbol.name, word, rest, scope) if is_applied else None


def applied(name: str, word: Factor, rest: Row, scope: Scope) -> tuple[Node, Row]:
    r"""`\det A`, `\mathrm{tr}(AB)^2`: of the next factor alone."""
    if not rest or not isinstance(rest[0], Factor):
        raise scope.error(word, f"expected the matrix of which this is the {name}")
    inner, group = replace(scope, whole=scope.whole or Whole()), rest[0]
    is_bracket = group.kind in GROUPS
    body, rest = (inner.value(group.held), rest[1:]) if is_bracket else inner.first(rest, inner)
    if rest and isinstance(rest[0], Factor) and not is_bracket:
        after, _ = inner.first(rest, inner)
        if open_in(after, inner):
            raise scope.error(word, f"how far does {name} reach? write brackets")
    node = _WORDS[name](body, word, inner)
    return (powered(node, group, scope) if is_bracket else node), rest


def in_bars(factor: Factor, scope: Scope) -> Node | None:
    r"""`|A|` and `|X^\top X|` of a square matrix; None for anything else, such as `|Y - Z|`."""
    inner = replace(scope, whole=scope.whole or Whole())
    held = factor.inside[0]
    arrays = {name for name, shape in scope.declared.shapes.items() if len(shape) > 1}
    known = arrays | {name.partition("_")[0] for name in arrays}  # A_1
    is_named = all(is_capital(symbol.name) for symbol in held.symbols[:1])
    if not is_named or not any(symbol.name in known for symbol in held.symbols):
        return None
    is_told = scope.in_logarithm or factor.attached or len(held.symbols) > 1
    if not (is_told or held.text.startswith("\\") or "^{-1}" in scope.latex):
        return None  # \lambda |W|, |E|
    try:
        node = inner.value(held)
    except CnnMathError:
        return None
    if not is_square(node, inner):
        return None
    has_identity = any(isinstance(one, Call) and one.function == "kronecker" for one in node.walk())
    if isinstance(node, Add) and not has_identity:
        what = (
            "the determinant of what is in the bars, or the size of each element? write \\det( .. )"
        )
        raise scope.error(factor, f"{what}, or the indices, as in |A_{{ij}} - B_{{ij}}|")
    return determinant(node, factor, inner)


def _of_inverse(factor: Factor, scope: Scope) -> Node | None:
    r"""`(A^{-1})_{ij}`, of a matrix whose shape is declared."""
    held = factor.held.lone if factor.kind in GROUPS else None
    below = [script for script in factor.attached if script.kind == "sub"]
    if held is None or len(below) != len(factor.attached) or not below or not held.attached:
        return None
    inner = replace(scope, whole=scope.whole or Whole())
    try:
        node, _ = inner.first([held], inner)
    except CnnMathError:
        return None
    if not isinstance(node, Inverse) or below[0].body is None:
        return None
    return at(node, indices(below[0].body, 2, scope), below[0], inner)
