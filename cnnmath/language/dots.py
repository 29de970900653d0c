r"""Dots in a sum, `x_1 + x_2 + \dots + x_n`, as the `\sum_{k=1}^{n} x_k` that they stand for.

`L = \{l_1, \dots, l_N\}^\top` lists what is the element n of L: `L_n = l_n`.

The terms that are not written must show in the first and the last alone: nothing may differ but an
index, which is a number in the first, and moves by one where more terms are written.
"""

from collections.abc import Collection, Iterator
from dataclasses import fields, replace
from typing import Any

from lark import Token

from cnnmath.core.statement import Declared
from cnnmath.errors import FormulaSyntaxError
from cnnmath.language.symbols import rebuilt, symbol_of
from cnnmath.language.syntax import (
    GROUPS,
    Comparison,
    Equation,
    Factor,
    Part,
    Product,
    Script,
    Sum,
    list_of,
    product_of,
)
from cnnmath.language.syntax_errors import syntax_error

DOTTED = "DOTTED"  # the kind of token that dots between two signs are
_LETTERS = "kijlmnpqrstuv"

Pair = tuple[Part, Part]  # an index in the first term, and in the last


def with_sums(equation: Equation, latex: str, names: Collection[str]) -> Equation:
    """The formula, in which dots in sums are written out.

    names : those that were declared, which no new index may have
    Raises FormulaSyntaxError where first and last term do not say what the dots stand for
    """
    if not any(token.type == DOTTED for token in equation.tokens):
        return equation
    used = {symbol.name for symbol in equation.symbols}.union(names)
    letters = (letter for letter in _LETTERS if letter not in used)

    def change(value: object) -> object:
        return _summed(value, letters, latex) if isinstance(value, Sum) else None

    found = rebuilt(equation, change)
    assert isinstance(found, Equation)
    return found


def with_elements(equation: Equation, declared: Declared) -> Equation:
    r"""The formula, in which a list of all elements, `\{l_1, \dots, l_N\}^\top`, is one of them.

    N must be a size, so that nothing is missing. What stands between that and the left side, as L
    in `\ell = L = \{..\}`, is another name for the same.
    """
    chain = equation.relation
    if not isinstance(chain, Comparison) or set(chain.relations) != {"="}:
        return equation
    left, *names, last = chain.sums
    group = last.product.lone if last.product else None
    items = group.held.items if group and group.kind in GROUPS else ()
    if len(items) < 3 or not left.factors or not left.factors[0].symbol:
        return equation
    first, dots, end = items[0], items[-2], items[-1]
    if isinstance(dots, Part) or not (isinstance(first, Part) and isinstance(end, Part)):
        return equation
    pairs = _moving(first, end) or []
    used = {symbol.name for symbol in equation.symbols} | declared.names
    letters = [
        size.lower()
        for low, high in pairs[:1]
        for size in declared.sizes
        if (low.text, high.text) in (("1", size), ("0", f"{size}-1")) and size.lower() not in used
    ]
    if not letters or any(side.lone is None for side in names):
        return equation
    letter = letters[0]
    index, element = _with_letter(first, pairs, letter)
    named, *arguments = left.factors
    below = [item for held in named.subs for item in held.parts]
    others = tuple(script for script in named.attached if script.kind != "sub")
    script = Script("sub", (), list_of([product_of([index]), *below]), named.start, named.end)
    made = replace(named, attached=(*others, script))
    made = replace(made, symbol=symbol_of(made))
    assert element.product is not None
    sides = (_sum_of(product_of([made, *arguments])), _sum_of(element.product))
    return replace(equation, relation=replace(chain, sums=sides, signs=("=",)))


def _summed(part: Sum, letters: Iterator[str], latex: str) -> Sum | None:
    """A sum with a \\sum for the terms around its dots; None if there are none."""
    terms = list(part.terms)
    at = next((n for n, (_, one) in enumerate(terms) if _is_dots(one)), None)
    if at is None:
        return None
    error = syntax_error(
        latex,
        terms[at][1].start,
        "which terms do these dots stand for? Of the first and the last only an index may "
        "differ, and those written must follow each other, as in x_1 + x_2 + \\dots + x_n: "
        "write a \\sum",
    )
    last = terms[at + 1] if at and at + 1 < len(terms) else None
    if last is None or any(sign is not None and sign != "+" for sign, _ in terms[at - 1 : at + 2]):
        raise error
    begin = at
    pairs: list[Pair] = []
    for place in range(at - 1, -1, -1):
        found = _moving(terms[place][1], last[1])
        if found is None:
            break
        number = int(found[0][0].text)
        follows = begin == at or (
            number == int(pairs[0][0].text) - 1 and terms[place + 1][0] == "+"
        )
        if not follows:
            raise error
        begin, pairs = place, found
    if not pairs:
        raise error
    letter = next(letters, None)
    if letter is None:
        raise error
    sign, first = terms[begin]
    written = _written_out(first, pairs, letter)
    return Sum(
        part.tokens, part.start, part.end, (*terms[:begin], (sign, written), *terms[at + 2 :])
    )


def _is_dots(product: Product) -> bool:
    return len(product.written) == 1 and getattr(product.written[0], "kind", "") == DOTTED


def _moving(first: Part, last: Part) -> list[Pair] | None:
    """The indices in which two terms differ, the same one everywhere; None if more does."""
    try:
        pairs = [*_differences(first, last, is_index=False)]
    except FormulaSyntaxError:
        return None
    said = {(one.text, other.text) for one, other in pairs}
    return pairs if len(said) == 1 else None


def _differences(one: Any, other: Any, is_index: bool) -> Iterator[Pair]:
    """Where two parts differ, if that is in an index that is a number in the first of them.

    Raises FormulaSyntaxError where they differ in anything else
    """
    if is_index and isinstance(one, Part) and isinstance(other, Part):
        if one.text == other.text:
            return
        if one.is_number and one.text.isdigit() and len(one.text) == 1:  # x_{11} may be x_{1,1}
            yield one, other
            return
    if isinstance(one, Token) or type(one) is not type(other):
        if one != other:
            raise FormulaSyntaxError("these differ")
    elif isinstance(one, tuple):
        if len(one) != len(other):
            raise FormulaSyntaxError("these differ")
        for left, right in zip(one, other, strict=True):
            yield from _differences(left, right, is_index)
    elif isinstance(one, Part | Script):
        holds = is_index
        if isinstance(one, Script):
            body = one.body
            holds = body is not None and (one.kind == "sub" or body.group is not None)
        for field in fields(one):
            if field.name not in ("tokens", "start", "end", "span", "symbol"):
                pair = getattr(one, field.name), getattr(other, field.name)
                yield from _differences(*pair, holds)
    elif one != other:
        raise FormulaSyntaxError("these differ")


def _written_out(first: Product, pairs: list[Pair], letter: str) -> Product:
    """`(\\sum_{k=1}^{n} x_k)`, of the first term, x_1."""
    low, high = pairs[0]
    assert low.lone is not None
    index, term = _with_letter(first, pairs, letter)
    assert isinstance(term, Product)
    k, start = product_of([index]), (first.start, first.end)
    bounds = Comparison(
        (*k.tokens, *low.tokens), *start, (_sum_of(k), _sum_of(product_of([low.lone]))), ("=",)
    )
    command = Token("BIG", r"\sum", start_pos=first.start, end_pos=first.start)
    scripts = (
        Script("sub", (), list_of([bounds]), *start),
        Script("sup", (), list_of([high]), *start),
    )
    sign = Factor((command,), first.start, first.start, scripts, "BIG", command, (), start)
    whole = list_of([_sum_of(product_of([sign, *term.written]))])
    return product_of([Factor(whole.tokens, *start, (), "parens", "", (whole,), start)])


def _with_letter(first: Part, pairs: list[Pair], letter: str) -> tuple[Factor, Part]:
    """A letter as an index, and something in which it stands for what moves."""
    numbers = {id(one.tokens[0]) for one, _ in pairs}
    number = pairs[0][0].lone
    assert number is not None
    index = _letter(number, letter)

    def change(value: object) -> object:
        if isinstance(value, Token) and id(value) in numbers:
            return index.sign
        is_number = isinstance(value, Factor) and id(value.sign) in numbers
        return index if is_number else None

    found = rebuilt(first, change)
    assert isinstance(found, Part)
    return index, found


def _letter(number: Factor, letter: str) -> Factor:
    """A letter in the place of a number."""
    token = Token.new_borrow_pos("LETTER", letter, number.tokens[0])
    found = replace(number, tokens=(token,), kind="LETTER", sign=token)
    return replace(found, symbol=symbol_of(found))


def _sum_of(product: Product) -> Sum:
    return Sum(product.tokens, product.start, product.end, ((None, product),))
