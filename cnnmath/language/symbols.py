"""Symbols: which factors are a letter or a word, and what they are called in Python.

`\\hat x'` is x_hat_prime. Every script is the symbol's own, whatever surrounds the symbol:
`[\\mathsf{X}]_{ij}` and `\\hat{x_i}` are `X_{ij}` and `\\hat{x}_i`.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import Any

from lark import Token

from cnnmath.language.syntax import Factor, Part, Script, Sum, Symbol, list_of

_DECORATIONS = {"widehat": "hat", "overline": "bar", "widetilde": "tilde"}
_BOLD = (r"\mathbf", r"\boldsymbol", r"\bm", r"\pmb", r"\bold", r"\bf")
# Letters in two forms, which Unicode and LaTeX name differently.
_COMMANDS = {"φ": r"\varphi ", "ϕ": r"\phi ", "ε": r"\varepsilon ", "ϵ": r"\epsilon "}


def command_of(letter: str) -> str:
    """The command for a letter that has two forms; any other letter as it is written."""
    return _COMMANDS.get(letter, letter).strip()


def variants(latex: str) -> set[str]:
    r"""The second forms of letters that stand here in both, as \varepsilon beside \epsilon."""
    spelt = "".join(_COMMANDS.get(letter, letter) for letter in latex)
    varied = set(re.findall(r"\\var([a-z]+)", spelt))
    plain = set(re.findall(r"\\((?!var)[a-z]+)", spelt))
    return {rf"\var{letter}" for letter in varied & plain}


def symbol_of(factor: Factor) -> Symbol | None:
    """The symbol that a factor is; None if it is anything else."""
    inner = factor.inside[0].lone if factor.inside else None
    within = inner.symbol if inner else None
    core, style, span = "", "", factor.span
    match factor.kind:
        case "LETTER" | "GREEK" | "VARIANT" | "WORD":
            core = name_of(factor.kind, factor.sign)
        case "styled" if within:
            core, style = within.core, "bold" if factor.sign in _BOLD else factor.sign
        case "accented" if within:
            accent = factor.sign[1:]
            core = f"{within.core}_{_DECORATIONS.get(accent, accent)}"
        case "braces" | "brackets" | "parens" if inner and within and _only_wraps(factor, inner):
            core, style, span = within.core, within.style, within.span
    if not core:
        return None
    scripts = factor.attached
    if within:
        scripts = _one_subscript([*within.attached, *factor.attached])
    name = core + "".join(_mark(mark.type, mark) for script in scripts for mark in script.marks)
    place = factor.tokens, factor.start, factor.end
    return Symbol(*place, scripts, name, core, style, span)


CONVOLUTIONS = {"*", "∗", r"\ast", r"\star", r"\circledast"}


def convolution_name(factor: Factor) -> str | None:
    """`(f * g)[n]`: a name for what the left side defines, f_star_g."""
    if factor.kind not in ("parens", "brackets"):
        return None
    product = factor.held.product
    row = product.row if product else ()
    match row:
        case [Factor() as left, Token() as sign, Factor() as right] if sign in CONVOLUTIONS:
            return f"{left.name}_star_{right.name}" if left.symbol and right.symbol else None
    return None


def is_expectation(factor: Factor) -> bool:
    r"""Whether this is the \mathbb{E} of `\mathbb{E}[x]`, or \mathrm{Var}, if not declared."""
    symbol = factor.symbol
    if symbol is None or symbol.name not in ("E", "Var"):
        return False
    return symbol.style == r"\mathbb" or factor.sign.startswith("\\")


def without_types(items: Sequence[Part]) -> list[Part]:
    r"""The items of which none says that something is real, `W, V \in \mathbb{R}^{m \times n}`."""
    kept: list[Part] = []
    is_typed = False
    for item in reversed(items):
        is_typed = is_real(item) or (is_typed and not item.relations)
        if not is_typed:
            kept.insert(0, item)
    return kept


def is_real(item: Part) -> bool:
    r"""Whether a comparison ends in `\in \mathbb{R}`, with any power."""
    lone = item.sides[-1].lone
    symbol = lone.symbol if lone else None
    is_set = symbol is not None and (symbol.core, symbol.style) == ("R", r"\mathbb")
    return is_set and item.relations[-1:] == ("in",)


def plain_letters(part: Part) -> list[str] | None:
    """The names in `i`, `ij` or `(i, j)`; None for anything else."""
    names: list[str] = []
    for factor in part.factors:
        if factor.kind in ("parens", "braces") and not factor.attached:
            for item in factor.held.items:
                found = plain_letters(item) if isinstance(item, Part) else None
                if found is None:
                    return None
                names += found
        elif factor.symbol and not factor.symbol.has_subscript:
            names.append(factor.name)
        else:
            return None
    return names or None


def letters_of(held: Part) -> list[str]:
    """The letters of those items of a list that consist of letters alone."""
    return [letter for item in held.parts for letter in plain_letters(item) or []]


def _only_wraps(group: Factor, inner: Factor) -> bool:
    """Whether brackets around a symbol do not make it a value: {x_i}^2 is a square, {W^{(k)}}_{st}
    an element, (x) a bracket, [X]_{ij} an element."""
    outer = [kind for kind, _ in group.bodies]
    if group.kind == "braces":
        return not (inner.bodies and "sup" in outer)
    indexed = any(kind == "sub" or held.group for kind, held in group.bodies)
    return indexed and (not inner.bodies or outer == ["sub"])


def _one_subscript(scripts: Sequence[Script]) -> tuple[Script, ...]:
    """Scripts in which `_j` and `_{uv}`, of `(x_j)_{uv}`, have become one subscript."""
    subs = [script for script in scripts if script.kind == "sub"]
    if len(subs) != 2:
        return tuple(scripts)
    items = [item for script in subs if script.body for item in script.body.parts]
    joined = Script("sub", (), list_of(items), subs[0].start, subs[1].end)
    return (*(script for script in scripts if script not in subs), joined)


def _mark(kind: str, text: str) -> str:
    """What a prime, a star or a sign adds to a name."""
    match kind:
        case "PRIME":
            return "_prime" * sum(text.count(prime) for prime in ("'", "′", "prime"))
        case "MULOP":
            return "_star"
        case "SIGN":
            return "_plus" if text == "+" else "_minus"
    return ""


def name_of(kind: str, text: str) -> str:
    """The name of a letter or a word."""
    if kind == "WORD":
        word = re.sub(
            r"^\\[a-z*]+\s*\{|\}$|^\\(?=(Pr|perp)$)", "", text.replace(r"\_", "_")
        ).strip()
        return re.sub(r"[\s\\,;:!-]+", "_", word)
    if kind == "LETTER":
        return text
    text = command_of(text)
    if text.startswith("\\"):
        name = text[1:].removesuffix("math")
        is_other = kind == "VARIANT" or name == "varpi"  # pi is a number
        return name if is_other else name.removeprefix("var")
    letter = unicodedata.name(text).replace("LUNATE ", "").replace("SCRIPT ", "")
    *_, size, _, last = ("", *letter.removesuffix(" SYMBOL").split())
    return last.capitalize() if size == "CAPITAL" else last.lower()


def rebuilt(value: Any, change: Callable[[object], object]) -> Any:
    """A copy with other parts in place of those that `change` gives another for."""
    found = change(value)
    if found is not None:
        return found if not isinstance(found, Sum) else _inside(found, change)
    return _inside(value, change)


def _inside(value: Any, change: Callable[[object], object]) -> Any:
    if isinstance(value, tuple):
        return tuple(rebuilt(one, change) for one in value)
    if not isinstance(value, Part | Script):
        return value
    own = {field.name: getattr(value, field.name) for field in fields(value)}
    own.pop("symbol", None)
    made = type(value)(**{name: rebuilt(one, change) for name, one in own.items()})
    return replace(made, symbol=symbol_of(made)) if isinstance(made, Factor) else made
