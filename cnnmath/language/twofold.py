"""What is written so that it can be read in two ways is refused, with both ways to write it.

Here are those that can be seen without knowing what a symbol stands for: braces that group and
print nothing, `1e-3`, `\\log p/q`, `i + 1 \\bmod N`, `||x||`, `\\tanh^{(2)}`, `[x]`.
"""

import itertools
import re
from collections.abc import Iterator, Sequence

from lark import Token

from cnnmath.language.angles import angle_length
from cnnmath.language.syntax import (
    DIVISIONS,
    GROUPS,
    JOINING,
    REMAINDERS,
    Comparison,
    Factor,
    Part,
    Product,
    Row,
    Scripted,
    Sum,
    factors_in,
)

_BEGINS_ARGUMENT = {"LETTER", "GREEK", "WORD", "NUMBER", "INFINITY", "OPEN", "LPAR", "FRAC"}
_LOGARITHMS = {r"\log", r"\ln", r"\lg"}
_DELIMITED = (*GROUPS, "bars", "norm", "floor", "ceil")

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


def twofold_parts(whole: Part) -> Iterator[Twofold]:
    """All that can be read in two ways, wherever it stands in a formula."""
    indices: set[Part] = set()  # of a remainder in an index there is one reading
    compared: set[Part] = set()  # sides of conditions: in [v = i + u \\bmod l] v is of no remainder
    valueless: set[Factor | None] = set()  # brackets that hold no value: W^{[l]}, i \in \{0\}
    chain = next(iter(whole.children))
    for factor in chain.sides[0].factors[1:]:  # L(\{p_i\}, \{t_i\}) = ..
        valueless |= {item.lone for item in factor.held.parts} if factor.kind == "parens" else set()
    for part in whole.walk():
        if isinstance(part, Scripted):
            valueless |= {held.lone for _, held in part.bodies}
            indices |= {one for held in part.subs for item in held.parts for one in item.walk()}
        if isinstance(part, Factor) and part.kind == "bars":
            yield from _bars(part)
        elif isinstance(part, Product):
            for before, behind in itertools.pairwise(part.written):
                if isinstance(before, Factor) and before.symbol and isinstance(behind, Factor):
                    indices |= {*behind.walk()} if behind.kind == "brackets" else set()
        elif isinstance(part, Comparison) and part.relations:
            compared |= set(part.sides) if part is not chain else set()
            sides = zip(part.sides[1:], part.relations, strict=True)
            valueless |= {side.lone for side, relation in sides if relation.endswith("in")}
        elif isinstance(part, Sum):
            yield from _in_sum(part, part in compared, part in indices)
            yield from _brackets(part, valueless)


def _bars(part: Factor) -> Iterator[Twofold]:
    inner = part.inside[0].lone
    if inner is not None and inner.kind == "bars" and not inner.attached:
        yield (
            part.start,
            "|| .. || can be a norm or an absolute value taken twice: write "
            "\\lVert .. \\rVert for the norm, | .. | for the absolute value",
        )


def _in_sum(part: Sum, is_side: bool, is_index: bool) -> Iterator[Twofold]:
    for place, (token, product) in enumerate(part.terms, start=1):
        sign = token or ""
        yield from _braces(sign, product.written)
        yield from _functions(product.written)
        yield from _mixed_numbers(product.written)
        is_of_all = is_index and place == len(part.terms)  # i + 1 \bmod N
        has_others = len(part.terms) > 1 and not is_side and not is_of_all
        yield from _remainders(product.written, "" if is_of_all else sign, has_others)


def _braces(sign: str, row: Row) -> Iterator[Twofold]:
    """Braces that group: `2{a + b}` is printed as 2a + b."""
    for place, factor in enumerate(row):
        if isinstance(factor, Token) or factor.kind != "braces" or not factor.held.sum:
            continue
        inner = factor.held.sum
        before = row[place - 1] if place else None
        follows = place < len(row) - 1
        factors = inner.terms[0][1].written
        if len(inner.terms) > 1:
            groups = bool(factor.attached) or len(row) > 1 or sign not in ("", "+")
        elif inner.product is None:
            leads = isinstance(before, Token) or _takes_all(before)
            groups = bool(factor.attached) or (place > 0 and not leads)
        else:
            opens = follows and any(str(f) in DIVISIONS or _takes_all(f) for f in factors)
            divides = isinstance(before, Token) and before in DIVISIONS | REMAINDERS
            groups = len(factors) > 1 and (bool(factor.attached) or divides or opens)
            groups |= len(factors) == 1 and _has_power(factor) and _has_power(factors[0])
        if groups:
            yield (
                factor.start,
                "braces print nothing, but here they group: write ( .. ) for them",
            )


_WHOLE_PART = "can group, or take the whole part: write ( .. ), or \\lfloor .. \\rfloor"
_FRACTION = "can group, or take the fractional part: write ( .. ), or x - \\lfloor x \\rfloor"


def _brackets(part: Sum, valueless: set[Factor | None]) -> Iterator[Twofold]:
    """`[x]`, `[n/2]` and `\\{x\\}` where the brackets group nothing: they may be meant to round."""
    for sign, product in part.terms:
        row = product.written
        has_neighbours = len(row) > 1 or (sign is not None and sign != "+")
        for place, factor in enumerate(row):
            if (
                isinstance(factor, Factor)
                and factor.kind in ("brackets", "escaped_braces")
                and factor not in valueless
                and not factor.has_subscript
                and not (place and _names_or_applies(row[place - 1]))
                and not {str(one) for one in row[max(0, place - 1) : place + 2]} & {*JOINING}
                and not _groups(factor, has_neighbours)
            ):
                is_square = factor.kind == "brackets"
                shown, what = ("[ ]", _WHOLE_PART) if is_square else ("\\{ \\}", _FRACTION)
                yield factor.start, f"{shown} {what}"


def _names_or_applies(before: Factor | Token) -> bool:
    """Whether a bracket behind this holds an argument, an index or, behind \\min, a set."""
    if isinstance(before, Token) or before.kind in ("NUMBER", "INFINITY"):
        return False
    if before.kind == "BIG":
        return re.search("max|min", before.sign) is not None
    return before.kind not in ("fraction", "root", "floor", "ceil")


def _groups(factor: Factor, has_neighbours: bool) -> bool:
    """Whether a bracket around one value is needed, so that it is no sign of rounding."""
    inner = factor.held.sum
    if inner is None:
        return True  # a list, or a condition
    has_power = _has_power(factor)
    if inner.product is None:
        return has_neighbours or has_power
    row = inner.product.written
    if len(row) > 1:
        divides = any(str(item) in DIVISIONS for item in row)
        return has_power or (has_neighbours and not divides)
    lone = factors_in(row)[0]
    is_symbol = not lone.inside and not _has_power(lone)
    return has_power and not is_symbol


def _has_power(item: object) -> bool:
    return isinstance(item, Factor) and bool(item.sups)


def _takes_all(item: object) -> bool:
    """Whether something, such as a sum or a function, takes what follows it."""
    return isinstance(item, Factor) and item.kind in ("BIG", "FUNCTION")


def _is_function(item: object) -> bool:
    return isinstance(item, Factor) and item.kind == "FUNCTION"


def _functions(row: Row) -> Iterator[Twofold]:
    """`\\log p/q`, where the argument may end before the stroke or behind it; `\\tanh^{(2)}`."""
    for place, factor in enumerate(row):
        if isinstance(factor, Token) or factor.kind != "FUNCTION":
            continue
        name = factor.sign
        if any(held.group for held in factor.sups):
            yield (
                factor.start,
                f"{name} with a number in brackets above can be a derivative, one of several "
                f"functions or a power: write the derivative out, or {name}( .. )^2",
            )
        argument = factors_in(
            list(itertools.takewhile(lambda item: isinstance(item, Factor), row[place + 1 :]))
        )
        if name in _LOGARITHMS and argument and argument[0].kind in GROUPS and argument[0].sups:
            yield (
                factor.start,
                f"is {name}( .. )^2 the power of the logarithm, or the logarithm of the power? "
                f"write {name}^2 ( .. ), or {name}(( .. )^2)",
            )
        rest = row[place + 1 + len(argument) :]
        if not argument or not rest or str(rest[0]) not in DIVISIONS:
            continue
        if argument[0].kind in _DELIMITED or any(map(_is_function, argument)):
            continue  # the last function is asked by itself
        if len(rest) > 1 and _is_function(rest[1]):
            continue  # \log a / \log b
        if angle_length(name.removeprefix("\\"), row[place + 1 :]):
            continue
        yield (
            factor.start,
            f"does {name} reach beyond the / ? write {name}( .. / .. ) or ({name} ..)/ ..",
        )


def _mixed_numbers(row: Row) -> Iterator[Twofold]:
    """`1\\frac{1}{2}`, one and a half or one times a half."""
    for number, factor in itertools.pairwise(row):
        if isinstance(number, Token) or isinstance(factor, Token) or number.attached:
            continue
        held = [token for part in factor.inside for token in part.tokens]
        is_plain = factor.kind == "fraction" and all(token.type == "NUMBER" for token in held)
        if number.kind == "NUMBER" and is_plain:
            yield (
                number.start,
                "a number and a fraction can be their sum or their product: write + or \\cdot "
                "between them",
            )


def _remainders(row: Row, before: str, has_others: bool) -> Iterator[Twofold]:
    """`i + 1 \\bmod N` and `i \\bmod 2k`: of what is the remainder taken, and by what."""
    for place, sign in enumerate(row):
        if isinstance(sign, Factor) or sign not in REMAINDERS:
            continue
        start = sign.start_pos or 0
        dividend = row[place - 1]
        if sign == r"\%" and isinstance(dividend, Factor) and dividend.kind == "NUMBER":
            yield start, "per cent, or the remainder? write \\bmod, or / 100"
        is_of_several = has_others and sign != r"\%"  # which binds as in programs
        if is_of_several or before not in ("", "+"):
            yield (
                start,
                f"{sign} of the sum, or of one term of it? write ( .. ) around what it is of",
            )
        elif place + 2 < len(row):
            yield start, f"does {sign} divide by all that follows? write ( .. ) around it"
