"""Looking into the parse tree: which symbols stand where, without saying what they mean.

`Part` is a node of the tree that tokens.py makes, named after its rule in formula.lark. A script
(`_{..}` or `^{..}`) and a bracket hold a list; a list holds items; an item is a relation, a sum,
a product or a single factor, whichever is the simplest that it is.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from lark import Token, Tree
from lark.tree import Meta

Part = Tree[Token]

GROUPS = ("parens", "brackets", "escaped_braces")
DIVISIONS = {"/", r"\div", "÷"}
MARKS = ("MULOP", "PRIME", "TOP", "SIGN")  # scripts that hold no value: a star, a prime, a T

_RELATIONS = {
    "<": "<", r"\lt": "<", ">": ">", r"\gt": ">", "≤": "<=", "≥": ">=", "≠": "!=", "∈": "in",
    "⩽": "<=", "⩾": ">=",
    r"\le": "<=", r"\leq": "<=", r"\leqslant": "<=", r"\ge": ">=", r"\geq": ">=",
    r"\geqslant": ">=", r"\ne": "!=", r"\neq": "!=", r"\in": "in", r"\notin": "not in",
    r"\not\in": "not in",
}  # fmt: skip


# ---- places in the LaTeX ------------------------------------------------------------------------


def start(part: Part | Token) -> int:
    """Where a part begins in the LaTeX."""
    if isinstance(part, Token):
        return part.start_pos or 0
    return getattr(part.meta, "start_pos", 0)


def end(part: Part | Token) -> int:
    """Where a part ends in the LaTeX."""
    if isinstance(part, Token):
        return part.end_pos or 0
    return getattr(part.meta, "end_pos", 0)


def symbol_span(factor: Part) -> tuple[int, int]:
    """Where the symbol itself stands, without its scripts."""
    inner = factor.children[0]
    return start(inner), end(inner)


def as_factor(child: Part | Token) -> Part:
    """An atom by itself, as a factor without scripts."""
    if isinstance(child, Tree):
        return child if child.data == "factor" else Tree("factor", [child], child.meta)
    meta = no_place()
    meta.start_pos, meta.end_pos = start(child), end(child)
    meta.empty = False
    return Tree("factor", [child], meta)


def no_place() -> Meta:
    """The place of a part that was put together, until it is given one."""
    return Meta()  # type: ignore[no-untyped-call]


# ---- atoms and scripts --------------------------------------------------------------------------


def is_token(part: object, *kinds: str) -> bool:
    """Whether a part is a token of one of some kinds."""
    return isinstance(part, Token) and part.type in kinds


def trees(part: Part) -> list[Part]:
    """The children of a part that are not tokens."""
    return [child for child in part.children if isinstance(child, Tree)]


def atom(factor: Part) -> Part:
    """What the scripts of a factor are attached to; a lone token as a tree named "token"."""
    inner = factor.children[0]
    return inner if isinstance(inner, Tree) else Tree("token", [inner], factor.meta)


def atom_token(factor: object) -> Token | None:
    """The token that a factor is made of, or None if it is more than a token."""
    if isinstance(factor, Tree) and factor.children and isinstance(factor.children[0], Token):
        return factor.children[0]
    return None


def is_big(item: object) -> bool:
    """Whether a factor begins a sum, a product or a maximum."""
    token = atom_token(item)
    if token is not None:
        return token.type == "BIG"
    if not isinstance(item, Tree) or item.data != "factor" or atom(item).data != "underset":
        return False
    if is_token(atom(item).children[0], "SUBSTACK"):
        return False
    return is_token(atom_token(lone_factor(trees(atom(item))[1])), "BIG")


def is_function(item: object) -> bool:
    """Whether a factor is the name of a function such as `\\exp`."""
    return is_token(atom_token(item), "FUNCTION")


def scripts(factor: Part) -> list[Part]:
    """The subscripts and superscripts of a factor, marks included."""
    return [c for c in trees(factor) if c.data in ("sub", "sup")]


def body(script: Part) -> Part | None:
    """The list that a script holds; None for a mark: a star, a prime, a transposition."""
    child = script.children[0]
    if is_token(child, *MARKS):
        return None
    if isinstance(child, Tree) and child.data == "braces":
        return list_in(child)
    inner = as_factor(child)
    return Tree("list", [inner], inner.meta)


def bodies(factor: Part) -> list[tuple[str, Part]]:
    """The scripts of a factor that are no marks: "sub" or "sup", and the list that each holds."""
    found = ((str(script.data), body(script)) for script in scripts(factor))
    return [(kind, inner) for kind, inner in found if inner is not None]


def has_subscript(factor: Part) -> bool:
    return any(script.data == "sub" for script in scripts(factor))


def primes(token: Part | Token) -> int:
    """How many primes a token stands for."""
    return sum(str(token).count(mark) for mark in ("'", "′", "prime"))


def without_primes(factor: Part) -> Part:
    """A factor without its primes and other marks."""
    kept = [
        child for child in factor.children
        if not is_token(child, "PRIME")
        and not (isinstance(child, Tree) and child.data == "sup" and body(child) is None)
    ]  # fmt: skip
    return Tree("factor", kept, factor.meta)


# ---- lists and brackets -------------------------------------------------------------------------


def list_in(part: Part) -> Part:
    """The list that a bracket holds."""
    return next(c for c in trees(part) if c.data == "list")


def items(part: Part) -> list[Part | Token]:
    """The items of a list, of a bracket around one, or of \\substack's rows; dots are tokens."""
    if part.data == "underset":
        return [item for row in trees(part) for item in items(row)]
    if part.data in ("braces", *GROUPS, "halfopen"):
        part = list_in(part)
    if part.data != "list":
        return [part]
    found: list[Part | Token] = []
    for item in part.children:
        if isinstance(item, Token):
            if item.type == "DOTS":
                found.append(item)
            continue
        factors = lone_factors(item)
        stacked = atom(factors[0]) if len(factors) == 1 else None
        if stacked is not None and is_token(stacked.children[0], "SUBSTACK"):
            found += items(stacked)
        else:
            found.append(item)
    return found


def item_trees(part: Part) -> list[Part]:
    """The items of a list, without dots."""
    return [item for item in items(part) if isinstance(item, Tree)]


def conjuncts(row: Sequence[Part | Token]) -> Iterator[Part | Token]:
    """Items, where `i = 0 \\text{ and } j = 0` counts as two."""
    for item in row:
        if isinstance(item, Tree) and item.data == "relation":
            signs = [str(token) for token in item.children if isinstance(token, Token)]
            if all(joins_all(sign) for sign in signs):
                yield from trees(item)
                continue
        yield item


def joins_all(logic: str) -> bool:
    """Whether a word or sign between conditions is `and`, not `or`."""
    return re.search(r"land|wedge|and|∧", logic) is not None


def lone_factors(part: Part | Token) -> list[Part]:
    """The factors of something that is one juxtaposition and nothing else; else an empty list."""
    if isinstance(part, Token):
        return []
    while part.data in ("list", "comparison", "sum", "product", "braces", "relation"):
        children = [list_in(part)] if part.data == "braces" else part.children
        if len(children) != 1 or not isinstance(children[0], Tree):
            return []
        part = children[0]
    if part.data == "factor":
        return [part]
    return trees(part) if part.data == "juxtaposed" else []


def lone_factor(part: Part | Token) -> Part | None:
    """The factor that something consists of, or None if it is more or less than one."""
    factors = lone_factors(part)
    return factors[0] if len(factors) == 1 else None


def is_number(part: Part) -> bool:
    """Whether a part is one number as it is written."""
    factor = lone_factor(part)
    return factor is not None and is_token(factor.children[0], "NUMBER")


def lone_group(part: Part) -> Part | None:
    """The list in `(k)` or `[k]` when that is all there is."""
    factor = lone_factor(part)
    if factor is not None and len(factor.children) == 1 and atom(factor).data in GROUPS:
        return list_in(atom(factor))
    return None


def holds_relation(part: Part) -> bool:
    """Whether a bracket or list directly holds a comparison."""
    return any(
        item.data == "relation" or (item.data == "comparison" and len(item.children) > 1)
        for item in item_trees(part)
    )


def flattened(inner: Part) -> str:
    """The letters and digits of a script, in one word: `{\\mathrm{in}}` and `{in}` are `in`.

    Empty if the script holds anything else.
    """
    text = []
    for token in inner.scan_values(lambda value: isinstance(value, Token)):
        if token.type in ("OPEN", "CLOSE", "STYLE"):
            continue
        if token.type not in ("LETTER", "GREEK", "WORD", "NUMBER", "BIG", "FUNCTION"):
            return ""
        plain = re.sub(r"^\\(?:math|text|operatorname|rm)[a-z*]*\s*\{|\}$", "", str(token))
        text.append(re.sub(r"[\\\s]", "", plain))
    return "".join(text)


def fraction_parts(fraction: Part) -> list[Part | Token]:
    """What stands above and below the bar."""
    return [child for child in fraction.children if not is_token(child, "FRAC", "OVER")]


# ---- products and comparisons -------------------------------------------------------------------


def flat_product(product: Part) -> list[Part | Token]:
    """The factors of a product and the signs between them, in one row."""
    found: list[Part | Token] = []
    for row in product.children if product.data == "product" else [product]:
        if isinstance(row, Tree) and row.data == "juxtaposed":
            found += [unbraced(factor) for factor in trees(row)]
        else:
            found.append(unbraced(row) if isinstance(row, Tree) else row)
    return found


def unbraced(factor: Part) -> Part:
    """`{\\sum_i}` and `{x}` as what is in the braces, if that is one factor."""
    while factor.data == "factor" and len(factor.children) == 1 and atom(factor).data == "braces":
        inner = lone_factor(atom(factor))
        if inner is None:
            break
        factor = inner
    return factor


def as_product(row: Sequence[Part | Token]) -> Part:
    """The opposite of flat_product: factors and signs in one row, as a part."""
    found: list[Part | Token] = []
    for item in row:
        if isinstance(item, Tree) and found and isinstance(found[-1], Tree):
            found[-1].children.append(item)
        else:
            found.append(joined([item]) if isinstance(item, Tree) else item)
    return Tree("product", found, no_place())


def lone_product(part: Part | Token) -> list[Part | Token]:
    """The factors and product signs of something that is one product and nothing else."""
    if isinstance(part, Token):
        return []
    while part.data in ("list", "comparison", "sum") and len(part.children) == 1:
        part = trees(part)[0]
    return flat_product(part) if part.data == "product" else []


def operands(item: Part) -> tuple[list[Part], list[str]]:
    """The sides of a comparison and the relations between them."""
    if item.data != "comparison":
        return [item], []
    return trees(item), [relation(c) for c in item.children if isinstance(c, Token)]


def relation(token: Token) -> str:
    """The relation that a token stands for: = != < <= > >= in, not in."""
    text = re.sub(r"\s", "", str(token))
    return "=" if token.type == "EQ" else _RELATIONS.get(text, "!=")


def split(comparison: Part) -> list[list[Part | Token]]:
    """What stands between the equals signs of a chain."""
    sides: list[list[Part | Token]] = [[]]
    for child in comparison.children:
        if is_token(child, "EQ"):
            sides.append([])
        else:
            sides[-1].append(child)
    return sides


# ---- indices written side by side ---------------------------------------------------------------


def pieces(item: Part, coefficients: bool, belongs: Callable[[Part, Part], bool]) -> list[Part]:
    """An index item cut where symbols stand side by side: `ij` into i and j, `i+sj+t` likewise.

    coefficients : a number stays with the letter behind it, `2i` is one index
    belongs : whether a factor belongs to the one before it, as (k) to p in `p(k)`
    """
    while item.data in ("comparison", "list") and len(item.children) == 1:
        item = trees(item)[0]
    if item.data != "sum":
        factors = lone_factors(item)
        return [joined(group) for group in _grouped(factors, coefficients, belongs)] or [item]
    found: list[list[Part | Token]] = [[]]
    for child in item.children:
        flat = [child] if isinstance(child, Token) else flat_product(child)
        if any(isinstance(c, Token) for c in flat):
            found[-1].append(child)
            continue
        for place, group in enumerate(_grouped(trees_of(flat), coefficients, belongs)):
            if place:
                found.append([])
            found[-1].append(Tree("product", [joined(group)], group[0].meta))
    return [Tree("sum", piece, item.meta) for piece in found]


def rows(item: Part) -> list[list[Part]]:
    """The rows of factors, side by side with no sign between, that a sum is made of."""
    while item.data in ("comparison", "list") and len(item.children) == 1:
        item = trees(item)[0]
    products = trees(item) if item.data == "sum" else [item]
    found = []
    for product in products:
        for row in trees(product) if product.data == "product" else [product]:
            group = lone_group(row)
            found += rows(group) if group is not None else [lone_factors(row)]
    return found


def text(part: Part) -> str:
    """The tokens of a part, one after the other."""
    return "".join(map(str, part.scan_values(lambda value: isinstance(value, Token))))


def trees_of(row: Sequence[Part | Token]) -> list[Part]:
    """The parts of a row that are not tokens."""
    return [part for part in row if isinstance(part, Tree)]


def joined(factors: Sequence[Part]) -> Part:
    """Some factors, side by side."""
    return Tree("juxtaposed", list(factors), factors[0].meta)


def _grouped(
    factors: Sequence[Part], coefficients: bool, belongs: Callable[[Part, Part], bool]
) -> list[list[Part]]:
    """Factors side by side; a number of two or more stays with the letter that it multiplies."""
    groups: list[list[Part]] = []
    for factor in factors:
        before = atom_token(groups[-1][0]) if groups and len(groups[-1]) == 1 else None
        multiplies = is_token(before, "NUMBER") and before not in ("0", "1")
        attached = bool(groups) and belongs(groups[-1][-1], factor)
        if attached or (coefficients and multiplies):
            groups[-1].append(factor)
        else:
            groups.append([factor])
    return groups


def digits(inner: Part, want: int) -> str | None:
    """The digits of `x_{12}` where x has two axes."""
    factor = lone_factor(inner)
    if want < 2 or factor is None or len(factor.children) != 1:
        return None
    token = atom_token(factor)
    if token is None or token.type != "NUMBER" or len(token) != want or not token.isdigit():
        return None
    return str(token)


def factors_below(part: Part) -> Iterator[Part]:
    """All factors in a part, at any depth, from left to right; an argument of one token is one."""
    for inner in part.iter_subtrees_topdown():  # type: ignore[no-untyped-call]
        if inner.data == "factor":
            yield inner
        elif inner.data in ("sub", "sup", "fraction", "root"):
            for child in inner.children:
                if is_token(child, "LETTER", "GREEK", "WORD"):
                    yield as_factor(child)
