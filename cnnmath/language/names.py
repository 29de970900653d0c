"""Names: which subscripts belong to the name of a symbol, and which are indices.

`C_{in}`, `G_{\\mathrm x}` and `\\mu_{\\mathcal B}` are names: a subscript is a label, not an index,
if the name with it was declared, if it is set upright, or if nothing gives its letters a value.
"""

import re
from collections.abc import Callable, Collection, Sequence

from cnnmath.errors import ShapeError
from cnnmath.language.index_words import WORDS
from cnnmath.language.scope import Scope
from cnnmath.language.symbols import plain_letters
from cnnmath.language.syntax import Factor, List, Part, Symbol, list_of, product_of

_UPRIGHT = r"\\(?:mathrm|text|textrm|mbox|mathop|operatorname\*?)\s*\{"
_LABEL_STYLES = (r"\mathcal", r"\mathrm", r"\mathscr", r"\mathbb", r"\mathtt", r"\rm", r"\cal")


def full_name(symbol: Symbol, scope: Scope, is_index: Callable[[str], bool]) -> str:
    """The name with what its scripts add to it: `C_{in}`, `G_{\\mathrm x}`, `d_k`.

    is_index : whether a letter outside the scope may be an index all the same
    """
    name = symbol.name
    for kind, script in symbol.bodies:
        inner = script.group or script
        word = word_of(script)
        is_power = _is_power(symbol, kind, script, scope)
        if word and f"{name}_{word}" in scope.declared.names and not is_power:
            name = f"{name}_{word}"
            continue
        shape = scope.declared.shapes.get(name)
        if shape and len(inner.parts) == len(shape):
            continue  # each item is for an axis, so that none is a label
        first = _leading_label(name, script, scope)
        if first:
            name = f"{name}_{first}"
            continue
        found = [label(factor) for item in script.parts for factor in item.factors]
        labels = [one for one in found if one and not scope.is_index(one)]
        if labels:
            name = "_".join([name, *labels])
        elif inner.word and (
            _is_unbound(name, script, scope, is_index)
            if kind == "sub"
            else _is_word(inner, scope, is_index)
        ):
            name = f"{name}_{inner.word}"
    squared = f"{name}_squared"
    return squared if symbol.power == "2" and scope.is_known(squared) else name


def _is_power(symbol: Symbol, kind: str, script: List, scope: Scope) -> bool:
    """Whether this is the upper 2 of `x_2^2`; of `x_i^2`, where x was declared as well as x_2."""
    if kind != "sup" or not script.is_number:
        return False
    is_below = word_of(script) in map(word_of, symbol.subs)
    return is_below or (script.group is None and symbol.name in scope.declared.shapes)


def _is_word(inner: Part, scope: Scope, is_index: Callable[[str], bool]) -> bool:
    """Whether `out` in `b^{out}` is a word, and no power o u t."""
    letters = inner.letters
    is_free = not any(
        scope.is_index(one) or scope.is_known(one) or is_index(one) for one in letters
    )
    return inner.word in WORDS and len(letters) > 1 and is_free


def label(factor: Factor) -> str:
    """A word in a subscript that tells names apart, such as \\mathrm{x} or \\max; or ''."""
    if factor.attached:
        return ""
    if factor.kind in ("BIG", "FUNCTION"):
        return re.sub(rf"{_UPRIGHT}|[^A-Za-z]", "", factor.sign)
    is_upright = factor.kind == "WORD" and factor.sign.startswith("\\")
    is_label = is_upright or (factor.kind == "styled" and factor.sign in _LABEL_STYLES)
    return factor.name if is_label else ""


def used_and_labels(
    symbols: Sequence[Symbol], declared: Collection[str]
) -> tuple[dict[str, set[str]], set[str]]:
    """The names of some symbols and how they are set, and apart from them the letters that are
    labels of declared names, as the x of a t_x that was declared."""
    labels = {
        id(inner): inner.name
        for symbol in symbols
        for _, held in symbol.bodies
        if f"{symbol.name}_{held.word}" in declared
        for inner in held.symbols
    }
    used: dict[str, set[str]] = {}
    for one in symbols:
        if id(one) not in labels:
            used.setdefault(one.name, set()).add(one.style)
    return used, {*labels.values()}


def index_scripts(symbol: Symbol, name: str, scope: Scope) -> list[tuple[str, List]]:
    """The scripts of a symbol, without what has gone into its full name."""
    is_squared = name.endswith("_squared")
    full = name.removesuffix("_squared")
    others: list[tuple[str, List]] = []
    added = full.removeprefix(symbol.name)  # each script adds to a name once: x_2^2 is a square
    for kind, script in symbol.bodies:
        first = _leading_label(symbol.name, script, scope)
        word = "" if _is_power(symbol, kind, script, scope) else first or word_of(script)
        is_label = bool(word) and f"_{word}_" in f"{added}_" and not _counts(full, script, scope)
        if is_label:
            added = f"{added}_".partition(f"_{word}_")[2]
        if is_label and not first:
            continue
        if not (is_squared and kind == "sup" and script.is_number and script.word == "2"):
            others.append((kind, script))
    is_whole = len(others) == len(symbol.bodies) - is_squared
    found = []
    for kind, script in others:
        first = _leading_label(symbol.name, script, scope)
        is_named = first and full == f"{symbol.name}_{first}" and is_whole
        found.append((kind, list_of(_items(script)[1:]) if is_named else script))
    return found


def refuse_label(symbol: Symbol, name: str, scope: Scope) -> None:
    """Refuse `y_i = a_i x_i` of a vector a_i, which may be one for each i.

    Raises ShapeError
    """
    letters = [plain_letters(held) or [] for held in symbol.subs]
    running = {one for some in letters for one in some} & {*scope.indices}
    if running and name != symbol.name and scope.rank(name) and scope.roles is not None:
        what = f"an element of {name}, or all of it for each {min(running)}? declare the shape of "
        raise scope.error(symbol, f"{what}{symbol.name}, or rename one of the two", ShapeError)


def _counts(name: str, script: List, scope: Scope) -> bool:
    r"""Whether the k of \delta_k is an index below a sum over k, though delta_k was declared."""
    letters = plain_letters(script)
    return letters is not None and scope.summed.issuperset(letters) and bool(scope.rank(name))


def word_of(script: List) -> str:
    """What a script adds to a name, `P_R` of `{P,R}`, `H_in` of `{H_{in}}`; or ''."""
    words = [_nested(part) or part.word for part in (script.group or script).parts]
    return "_".join(words) if all(words) else ""


def _nested(part: Part) -> str:
    """A letter with a word below it, in a script."""
    symbol = part.lone.symbol if part.lone else None
    below = symbol.bodies[0] if symbol and len(symbol.attached) == len(symbol.bodies) == 1 else None
    is_named = symbol is not None and below is not None and below[0] == "sub" and below[1].word
    return f"{symbol.name}_{below[1].word}" if is_named and symbol and below else ""


def _leading_label(name: str, script: List, scope: Scope) -> str:
    """The 1 of `W_{1,ij}`, `p_{1i}` and `(W_1)_{ij}`, where W_1 was declared and W was not."""
    items = _items(script)
    is_given = any(token.type == "COLON" for token in script.tokens)  # \mu_{a|b}, a given b
    first = items[0].word if len(items) > 1 and not is_given else ""
    shapes = scope.declared.shapes
    return first if first and f"{name}_{first}" in shapes and name not in shapes else ""


def _items(script: List) -> Sequence[Part]:
    """The items of a script; those of `1i` are the number and the rest."""
    factors = script.factors
    if len(factors) > 1 and factors[0].kind == "NUMBER":
        return [factors[0], product_of(factors[1:])]
    return script.parts


def _is_unbound(name: str, script: List, scope: Scope, is_index: Callable[[str], bool]) -> bool:
    """Whether `k` in `d_k` is no index: d was not declared and nothing binds k."""
    if scope.is_known(name) and name not in scope.declared.sizes:
        return False
    factors = [factor for item in script.parts for factor in item.factors]
    if not factors or any(factor.attached for factor in factors):
        return False
    if all(factor.kind == "NUMBER" for factor in factors):
        return not scope.read_rank(name)
    letters = [factor.name for factor in factors if factor.symbol]
    if len(letters) < len(factors) or any(scope.is_index(x) or is_index(x) for x in letters):
        return False
    parameters = roles.parameters if (roles := scope.roles) else set()
    return not (scope.read_rank(name) or parameters.intersection(letters))
