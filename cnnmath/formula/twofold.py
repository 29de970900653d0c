"""What is written so that it can be read in two ways is refused, with both ways to write it.

Here are those that can be seen without knowing what a symbol stands for: braces that group and
print nothing, `1e-3`, `\\log p/q`, `i + 1 \\bmod N`, `||x||`, `\\tanh^{(2)}`, `[x]`.
"""

import itertools
import re
from collections.abc import Iterator, Sequence

from lark import Token, Tree

from cnnmath.formula import parsetree
from cnnmath.formula.parsetree import DIVISIONS, Part

REMAINDERS = {r"\bmod", r"\mod", r"\%"}
_BEGINS_ARGUMENT = {"LETTER", "GREEK", "WORD", "NUMBER", "INFINITY", "OPEN", "LPAR", "FRAC"}
_LOGARITHMS = {r"\log", r"\ln", r"\lg"}
_DELIMITED = (*parsetree.GROUPS, "bars", "norm", "floor", "ceil")

Twofold = tuple[int, str]  # where something can be read in two ways, and what to write instead


def twofold_tokens(tokens: Sequence[Token]) -> Iterator[Twofold]:
    """`1e-3`, which is also 1 times e, less 3; `10{,}000`, one number or two; `e^-x`."""
    yield from _powers_of_ten(tokens)
    yield from _commas_in_numbers(tokens)
    yield from _signs_alone(tokens)


def _powers_of_ten(tokens: Sequence[Token]) -> Iterator[Twofold]:
    """Numbers as a computer prints them."""
    for place, number in enumerate(tokens):
        written = list(tokens[place : place + 4])
        if [token.type == "SIGN" for token in written[2:3]] != [True]:
            written = written[:3]
        kinds = [token.type for token in (written[0], written[-1])]
        if (
            len(written) > 2
            and kinds == ["NUMBER", "NUMBER"]
            and written[1] in ("e", "E")
            and all(a.end_pos == b.start_pos for a, b in itertools.pairwise(written))
        ):
            shown = "".join(written)
            power = shown.replace("+", "").lower().split("e")[1]
            yield (
                number.start_pos or 0,
                f"{shown} can be a power of ten or a calculation with {written[1]}: write {number} "
                f"\\cdot 10^{{{power}}}, or {number} \\cdot {written[1]} and blanks around signs",
            )


def _commas_in_numbers(tokens: Sequence[Token]) -> Iterator[Twofold]:
    """`10{,}000` and `10,000` outside scripts and brackets, where a comma may part two items."""
    around: list[str] = []  # what stands before each bracket that is open
    for place, token in enumerate(tokens):
        if token.type in ("OPEN", "LPAR", "LSQB", "LBRACE"):
            around.append(tokens[place - 1].type if place and token.type == "OPEN" else token.type)
        elif token.type in ("CLOSE", "RPAR", "RSQB", "RBRACE") and around:
            around.pop()
        if token.type != "NUMBER":
            continue
        braced, plain = tokens[place + 1 : place + 5], tokens[place + 1 : place + 3]
        is_braced = [t.type for t in braced] == ["OPEN", "COMMA", "CLOSE", "NUMBER"]
        is_plain = (
            not around
            and [t.type for t in plain] == ["COMMA", "NUMBER"]
            and len(plain[1]) == 3
            and token.end_pos == plain[0].start_pos
            and plain[0].end_pos == plain[1].start_pos
        )
        if (is_braced and not {"SUB", "SUP"} & set(around)) or is_plain:
            last = (braced if is_braced else plain)[-1]
            parts_thousands = len(last) == 3 and not token.startswith("0")
            one = f"{token}{last}, or " if parts_thousands else ""
            yield (
                token.start_pos or 0,
                f"one number, or two with a comma between them? write {one}{token}.{last} if the "
                "comma is a decimal point",
            )


def _signs_alone(tokens: Sequence[Token]) -> Iterator[Twofold]:
    """`e^-x`, of which TeX sets the minus alone high, as in the name `\\theta^-`."""
    for before, script, sign, after in zip(
        tokens, tokens[1:], tokens[2:], tokens[3:], strict=False
    ):
        if (
            script.type in ("SUB", "SUP")
            and sign.type == "SIGN"
            and after.type in _BEGINS_ARGUMENT
            and sign.end_pos == after.start_pos
            and not (sign == "+" and before.type in ("RPAR", "RSQB", "RBRACE"))  # [x]_+y
        ):
            held = ".." if after.type in ("OPEN", "LPAR", "FRAC") else after
            yield (
                script.start_pos or 0,
                f"{script}{sign} holds the sign alone: write {script}{{{sign}{held}}}, or "
                f"{script}{{{sign}}} and a blank if the sign is part of the name",
            )


def twofold_parts(tree: Part) -> Iterator[Twofold]:
    """All that can be read in two ways, wherever it stands in a parse tree."""
    whole = parsetree.trees(tree)[0]
    compared: list[Part] = []  # sides of conditions: in [v = i + u \\bmod l] v is of no remainder
    held: list[Part] = []  # brackets that hold no value: W^{[l]}, i \in \{0\}
    for part in tree.iter_subtrees_topdown():  # type: ignore[no-untyped-call]
        if part.data in ("sub", "sup"):
            held += filter(None, [parsetree.lone_factor(parsetree.body(part) or part)])
        if part.data == "comparison" and len(part.children) > 1:
            sides, relations = parsetree.operands(part)
            compared += sides if part is not whole else []
            sets = [s for s, r in zip(sides[1:], relations, strict=True) if r.endswith("in")]
            held += filter(None, map(parsetree.lone_factor, sets))
        elif part.data == "sum":
            yield from _in_sum(part, any(part is side for side in compared))
            yield from _brackets(part, held)
        elif part.data == "bars":
            inner = parsetree.lone_factor(parsetree.trees(part)[0])
            if (
                inner is not None
                and parsetree.atom(inner).data == "bars"
                and len(inner.children) < 2
            ):
                yield (
                    parsetree.start(part),
                    "|| .. || can be a norm or an absolute value taken twice: write "
                    "\\lVert .. \\rVert for the norm, | .. | for the absolute value",
                )


def _in_sum(part: Part, is_side: bool) -> Iterator[Twofold]:
    rows = []
    sign = ""
    for child in part.children:
        if isinstance(child, Token):
            sign = str(child)
            continue
        rows.append((sign, list(_row(child))))
        sign = ""
    for sign, row in rows:
        yield from _braces(sign, row)
        yield from _functions(row)
        yield from _mixed_numbers(row)
        yield from _remainders(row, sign, len(rows) > 1 and not is_side)


def _row(product: Part) -> Iterator[Part | Token]:
    """The factors of a product and the signs between them, braces and all."""
    for child in product.children:
        if isinstance(child, Tree):
            yield from parsetree.trees(child)
        else:
            yield child


def _braces(sign: str, row: Sequence[Part | Token]) -> Iterator[Twofold]:
    """Braces that group: `2{a + b}` is printed as 2a + b."""
    for place, factor in enumerate(row):
        if not isinstance(factor, Tree) or parsetree.atom(factor).data != "braces":
            continue
        held = parsetree.item_trees(parsetree.atom(factor))
        if len(held) != 1 or held[0].data != "comparison" or len(held[0].children) != 1:
            continue
        inner = parsetree.trees(held[0])[0]
        products = parsetree.trees(inner)
        is_signed = isinstance(inner.children[0], Token)
        before = row[place - 1] if place else None
        follows = place < len(row) - 1
        has_scripts = len(factor.children) > 1
        if len(products) > 1:
            groups = has_scripts or len(row) > 1 or sign not in ("", "+")
        elif is_signed:
            leads = isinstance(before, Token) or _takes_all(before)
            groups = has_scripts or (place > 0 and not leads)
        else:
            factors = list(_row(products[0]))
            opens = follows and (
                any(str(f) in DIVISIONS for f in factors) or any(map(_takes_all, factors))
            )
            divides = isinstance(before, Token) and str(before) in DIVISIONS | REMAINDERS
            groups = len(factors) > 1 and (has_scripts or divides or opens)
            groups |= len(factors) == 1 and _has_power(factor) and _has_power(factors[0])
        if groups:
            yield (
                parsetree.start(factor),
                "braces print nothing, but here they group: write ( .. ) for them",
            )


_WHOLE_PART = "can group, or take the whole part: write ( .. ), or \\lfloor .. \\rfloor"
_FRACTION = "can group, or take the fractional part: write ( .. ), or x - \\lfloor x \\rfloor"


def _brackets(part: Part, held: Sequence[Part]) -> Iterator[Twofold]:
    """`[x]`, `[n/2]` and `\\{x\\}` where the brackets group nothing: they may be meant to round."""
    rows = [list(_row(product)) for product in parsetree.trees(part)]
    is_signed = [token != "+" for token in part.children if isinstance(token, Token)]
    is_signed = [False] * (len(rows) - len(is_signed)) + is_signed
    for minus, row in zip(is_signed, rows, strict=True):
        for place, factor in enumerate(row):
            if (
                isinstance(factor, Tree)
                and parsetree.atom(factor).data in ("brackets", "escaped_braces")
                and not any(factor is other for other in held)
                and not parsetree.has_subscript(factor)
                and not (place and _names_or_applies(row[place - 1]))
                and not _groups(factor, len(row) > 1 or minus)
            ):
                kind = parsetree.atom(factor).data
                shown, what = ("[ ]", _WHOLE_PART) if kind == "brackets" else ("\\{ \\}", _FRACTION)
                yield parsetree.start(factor), f"{shown} {what}"


def _names_or_applies(before: Part | Token) -> bool:
    """Whether a bracket behind this holds an argument, an index or, behind \\min, a set."""
    if isinstance(before, Token):
        return False
    token = parsetree.atom_token(before)
    if token is None:
        return parsetree.atom(before).data not in ("fraction", "root", "floor", "ceil")
    is_sum = token.type == "BIG" and not re.search("max|min", token)
    return not is_sum and token.type not in ("NUMBER", "INFINITY")


def _groups(factor: Part, has_neighbours: bool) -> bool:
    """Whether a bracket around one value is needed, so that it is no sign of rounding."""
    items = parsetree.items(parsetree.atom(factor))
    if len(items) != 1 or isinstance(items[0], Token) or items[0].data != "comparison":
        return True  # a list, or a condition
    if len(items[0].children) > 1:
        return True
    inner = parsetree.trees(items[0])[0]
    products = parsetree.trees(inner)
    has_power = _has_power(factor)
    if len(products) > 1 or isinstance(inner.children[0], Token):
        return has_neighbours or has_power
    factors = list(_row(products[0]))
    if len(factors) > 1:
        divides = any(str(item) in DIVISIONS for item in factors)
        return has_power or (has_neighbours and not divides)
    lone = parsetree.trees_of(factors)[0]
    is_symbol = parsetree.atom_token(lone) is not None and not _has_power(lone)
    return has_power and not is_symbol


def _has_power(factor: object) -> bool:
    return isinstance(factor, Tree) and any(kind == "sup" for kind, _ in parsetree.bodies(factor))


def _takes_all(item: object) -> bool:
    """Whether something, such as a sum or a function, takes what follows it."""
    return parsetree.is_big(item) or parsetree.is_function(item)


def _functions(row: Sequence[Part | Token]) -> Iterator[Twofold]:
    """`\\log p/q`, where the argument may end before the stroke or behind it; `\\tanh^{(2)}`."""
    for place, factor in enumerate(row):
        if not isinstance(factor, Tree) or not parsetree.is_function(factor):
            continue
        name = str(factor.children[0])
        for kind, held in parsetree.bodies(factor):
            if kind == "sup" and parsetree.lone_group(held) is not None:
                yield (
                    parsetree.start(factor),
                    f"{name} with a number in brackets above can be a derivative, one of several "
                    f"functions or a power: write the derivative out, or {name}( .. )^2",
                )
        outer = row[place + 1] if place + 1 < len(row) else None
        is_group = isinstance(outer, Tree) and parsetree.atom(outer).data in parsetree.GROUPS
        if name in _LOGARITHMS and is_group and _has_power(outer):
            yield (
                parsetree.start(factor),
                f"is {name}( .. )^2 the power of the logarithm, or the logarithm of the power? "
                f"write {name}^2 ( .. ), or {name}(( .. )^2)",
            )
        argument = parsetree.trees_of(
            list(itertools.takewhile(lambda item: isinstance(item, Tree), row[place + 1 :]))
        )
        rest = row[place + 1 + len(argument) :]
        if not argument or not rest or str(rest[0]) not in DIVISIONS:
            continue
        is_delimited = parsetree.atom(argument[0]).data in _DELIMITED
        if is_delimited or any(parsetree.is_function(item) for item in argument):
            continue  # the last function is asked by itself
        if len(rest) > 1 and parsetree.is_function(rest[1]):
            continue  # \log a / \log b
        yield (
            parsetree.start(factor),
            f"does {name} reach beyond the / ? write {name}( .. / .. ) or ({name} ..)/ ..",
        )


def _mixed_numbers(row: Sequence[Part | Token]) -> Iterator[Twofold]:
    """`1\\frac{1}{2}`, one and a half or one times a half."""
    for number, factor in itertools.pairwise(row):
        if isinstance(number, Token) or isinstance(factor, Token) or len(number.children) > 1:
            continue
        if not parsetree.is_token(parsetree.atom_token(number), "NUMBER"):
            continue
        fraction = parsetree.atom(factor)
        if fraction.data == "fraction" and all(
            token.type in ("NUMBER", "FRAC", "OVER", "OPEN", "CLOSE")
            for token in fraction.scan_values(lambda value: isinstance(value, Token))
        ):
            yield (
                parsetree.start(number),
                "a number and a fraction can be their sum or their product: write + or \\cdot "
                "between them",
            )


def _remainders(row: Sequence[Part | Token], before: str, has_others: bool) -> Iterator[Twofold]:
    """`i + 1 \\bmod N` and `i \\bmod 2k`: of what is the remainder taken, and by what."""
    for place, sign in enumerate(row):
        if isinstance(sign, Tree) or str(sign) not in REMAINDERS:
            continue
        if sign == r"\%" and parsetree.is_token(parsetree.atom_token(row[place - 1]), "NUMBER"):
            yield parsetree.start(sign), "per cent, or the remainder? write \\bmod, or / 100"
        is_of_several = has_others and sign != r"\%"  # which binds as in programs
        if is_of_several or before not in ("", "+"):
            yield (
                parsetree.start(sign),
                f"{sign} of the sum, or of one term of it? write ( .. ) around what it is of",
            )
        elif place + 2 < len(row):
            yield (
                parsetree.start(sign),
                f"does {sign} divide by all that follows? write ( .. ) around it",
            )
