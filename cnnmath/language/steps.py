r"""Steps, as in `h_t = \tanh(W h_{t-1} + U x_t)`: what was before is a name of its own, h_prev.

Where h_prev or h_next was declared, h_{t-1} or h_{t+1} is that, and t counts the steps: it is no
index, and h_t is h; brackets, h[t-1], do as well. So the formula is one step, from some arrays to
another, and no recurrence.
"""

import itertools
from collections.abc import Collection
from dataclasses import dataclass, replace

from lark import Token

from cnnmath.core.derivative import Derivative
from cnnmath.core.statement import Declared
from cnnmath.language.symbols import rebuilt, symbol_of
from cnnmath.language.syntax import (
    Equation,
    Factor,
    Part,
    Product,
    Script,
    Symbol,
    list_of,
    product_of,
)
from cnnmath.language.syntax_errors import syntax_error

_WAYS = {"-": "_prev", "−": "_prev", "–": "_prev", "+": "_next"}


def with_steps(equation: Equation, latex: str, declared: Declared) -> Equation:
    """The formula, in which h_{t-1} is h_prev and h_t is h.

    Raises FormulaSyntaxError where a step is further away than one, or could be a power
    """
    derived = (Derivative.named(name) for name in declared.names)
    names = declared.names.union(one.by for one in derived if one)  # h_next of dL_dh_next
    names |= _result(equation, declared)
    bases = {name[:-5] for name in names if name.endswith(("_prev", "_next"))}
    if not bases or any(_is_named(symbol) for symbol in equation.symbols):
        return equation  # h_{\text{prev}} is written
    equation = _with_scripts(equation, names, declared.applicable)
    moving = [
        (letter, script.kind == "sup" and _is_bare(script))
        for symbol in equation.symbols
        for script in symbol.attached
        for letter, way in map(_step, _items(script))
        if way and f"{symbol.name}{way}" in names
    ]
    counters = _counters(equation, {letter for letter, _ in moving}, bases)
    if not counters:
        return equation
    raised = frozenset(letter for letter, is_raised in moving if is_raised)
    arrays = {name for name, shape in declared.shapes.items() if shape}
    reader = _Steps(latex, names, bases.union(arrays), counters, raised & counters)
    found = rebuilt(equation, reader.changed)
    assert isinstance(found, Equation)
    return found


def _result(equation: Equation, declared: Declared) -> set[str]:
    r"""The x_next of `x_{t+1} = x_t - \eta_t g_t`, which nobody gives and so need not be declared.

    That t counts steps is told by a number that shows it, or by what was before.
    """
    shown: list[tuple[Factor | Symbol, Part]] = [
        (symbol, item)
        for symbol in equation.symbols
        for script in symbol.attached
        for item in _items(script)
    ]
    shown += [(one, group.held) for part in equation.walk() for one, group in _applied(part)]
    steps = [(one.name, *_step(item)) for one, item in shown if one.start == equation.start]
    names = {f"{name}{way}" for name, _, way in steps if way and name in declared.names}
    letters = {letter for _, letter, way in steps if way}
    is_told = any(f"{name}_prev" in declared.names for name, *_ in steps) or any(
        _step(item)[0] in letters and declared.shapes.get(one.name) == () for one, item in shown
    )
    return names if is_told else set()


def is_step(equation: Equation) -> bool:
    """Whether a formula reads what was before, or defines what comes next."""
    return any(symbol.name.endswith(("_prev", "_next")) for symbol in equation.symbols)


def _with_scripts(
    equation: Equation, names: Collection[str], functions: Collection[str]
) -> Equation:
    """The formula, in which `y[n-1]` and `h(t-1)` are y_{n-1} and h_{t-1}, and `x[n]` is x_n."""
    pairs = [pair for part in equation.walk() for pair in _applied(part)]
    moving = {
        letter
        for symbol, group in pairs
        for letter, way in [_step(group.held)]
        if way and f"{symbol.name}{way}" in names
    }
    groups = {
        id(symbol): group
        for symbol, group in pairs
        if _step(group.held)[0] in moving and symbol.name not in functions
    }

    def change(value: object) -> object:
        if not isinstance(value, Product):
            return None
        row = [*value.written]
        for symbol, group in _applied(value):
            if id(symbol) in groups:
                place = row.index(symbol)
                row[place : place + 2] = [_indexed(symbol, group)]
        return product_of(row) if len(row) < len(value.written) else None

    found = rebuilt(equation, change) if groups else equation
    assert isinstance(found, Equation)
    return found


def _applied(part: Part) -> list[tuple[Factor, Factor]]:
    """Each symbol of a product that stands before a bracket, and that."""
    pairs = itertools.pairwise(part.written) if isinstance(part, Product) else ()
    return [
        (symbol, group)
        for symbol, group in pairs
        if isinstance(symbol, Factor) and symbol.symbol and isinstance(group, Factor)
        if group.kind in ("parens", "brackets") and not group.attached
    ]


def _indexed(symbol: Factor, group: Factor) -> Factor:
    """A symbol with what is in the bracket as a subscript."""
    script = Script("sub", (), group.held, group.start, group.end)
    made = replace(symbol, attached=(*symbol.attached, script), end=group.end)
    return replace(made, symbol=symbol_of(made))


def _counters(
    equation: Equation, letters: Collection[str], bases: Collection[str]
) -> frozenset[str]:
    r"""Those of some letters that count steps: not the j of `u^{n+1}_j = u^n_{j+1} + u^n_{j-1}`.

    That is one that moves on the left, or else wherever one moves.
    """
    sides = getattr(equation.relation, "sums", (equation.relation,))
    left, right = ([s for part in some for s in part.symbols] for some in (sides[:1], sides[1:]))
    moved = [_moved(symbol) for symbol in left]
    shown = [_moved(symbol) for symbol in right if symbol.name in bases and _moved(symbol)]
    found = set(letters).intersection(*moved[:1]) or set(letters).intersection(*shown)
    indices = {
        letter
        for part in equation.walk()
        if isinstance(part, Factor) and part.kind == "BIG"
        for _, held in part.bodies
        for letter in held.letters
    }
    return frozenset(found - indices)


def _moved(symbol: Symbol) -> set[str]:
    """The letters that stand with 1 more or less in the scripts of a symbol."""
    steps = (_step(item) for script in symbol.attached for item in _items(script))
    return {letter for letter, way in steps if way}


def _is_named(symbol: Symbol) -> bool:
    items = (item for script in symbol.attached for item in _items(script))
    return any(item.word in ("prev", "next") for item in items)


@dataclass(frozen=True)
class _Steps:
    """counters : the letters that count steps;  raised : those that do so above, as in w^{k+1}

    arrays : what is no number, so that such a letter above it is no power
    """

    latex: str
    names: frozenset[str]
    arrays: Collection[str]
    counters: frozenset[str]
    raised: frozenset[str]

    def changed(self, value: object) -> Factor | None:
        """A symbol under its name at its step; None if it shows none, or this is no symbol."""
        symbol = value.symbol if isinstance(value, Factor) else None
        if symbol is None:
            return None
        ways: set[str] = set()
        kept = [self._without_step(script, symbol, ways) for script in symbol.attached]
        if not ways:
            return None
        name = f"{symbol.name}{'/'.join(ways)}"
        if name != symbol.name and name not in self.names:
            what = f"a step of its own: declare {name}, or leave the step out"
            raise syntax_error(self.latex, symbol.start, what)
        token = Token("WORD", name, start_pos=symbol.span[0], end_pos=symbol.span[1])
        scripts = tuple(
            rebuilt(script, self.changed) for script in kept if script and script.kind != "prime"
        )
        place = ((token,), symbol.start, symbol.end)
        dropped = [one.end for one, rest in zip(symbol.attached, kept, strict=True) if one != rest]
        span = symbol.span[0], max(dropped)
        made = Factor(*place, scripts, "WORD", token, (), span)
        named = symbol_of(made)
        assert named is not None
        return replace(made, symbol=replace(named, style=symbol.style))

    def _without_step(self, script: Script, symbol: Symbol, ways: set[str]) -> Script | None:
        """A script without the item that is a step; None if nothing else is in it."""
        kept: list[Part] = []
        items = _items(script)
        for item in items:
            letter, way = _step(item)
            if not self.counters.intersection(item.letters) or self._is_power(
                letter, script, symbol
            ):
                kept.append(item)
            elif letter not in self.counters:
                what = "this is another step than the one before or behind: give it a name"
                raise syntax_error(self.latex, item.start, what)
            elif way or f"{symbol.name}_{letter}" not in self.names:
                ways.add(way)
            else:
                kept.append(item)
        if len(kept) == len(items):
            return script
        return replace(script, body=list_of(kept)) if kept else None

    def _is_power(self, letter: str, script: Script, symbol: Symbol) -> bool:
        r"""Whether the t of `\beta^t` is a power, where steps are counted below, as in m_{t-1}.

        Raises FormulaSyntaxError where they are counted above
        """
        if script.kind != "sup" or not _is_bare(script):
            return False
        if letter in self.raised and symbol.name not in self.arrays:
            what = (
                f"is this {symbol.name} to the power of {letter}, or {symbol.name} at step "
                f"{letter}? write ({symbol.name})^{letter}, or {symbol.name}_{letter}"
            )
            raise syntax_error(self.latex, symbol.start, what)
        return letter not in self.raised


def _items(script: Script) -> list[Part]:
    body = script.body
    return list((body.group or body).parts) if body else []


def _is_bare(script: Script) -> bool:
    return script.body is not None and script.body.group is None


def _step(item: Part) -> tuple[str, str]:
    """The t of `t`, `t-1` or `t+1`, and what that step adds to a name; "" twice for all else."""
    product = item.product
    terms = item.sum.terms if item.sum else ((None, product),) if product else ()
    lone = terms[0][1].lone if terms else None
    if lone is None or lone.symbol is None or lone.symbol.attached or len(terms) > 2:
        return "", ""
    sign, last = terms[-1]
    if len(terms) == 1:
        return lone.name, ""
    return (lone.name, _WAYS[sign]) if sign is not None and last.text == "1" else ("", "")
