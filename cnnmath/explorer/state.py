"""What a live figure starts from, as JSON: formulas, arrays, and how each symbol looks."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from latex2mathml.converter import convert
from numpy.typing import ArrayLike, NDArray

from cnnmath.colours import colour_of
from cnnmath.errors import ArrayValueError, FormulaError, ShapeError
from cnnmath.formula import Formula
from cnnmath.formula.nodes import Apply, Reduce
from cnnmath.formula.typeset import marked, symbol

Array = NDArray[np.float64]


def plain_array(name: str, value: ArrayLike) -> Array:
    """A given array as float64.

    Raises ArrayValueError if it is empty or does not hold finite real numbers.
    """
    try:
        array = np.asarray(value)
    except ValueError:
        raise ArrayValueError(f"{name} is not an array: its rows differ in length") from None
    if array.dtype.kind not in "biuf":
        raise ArrayValueError(f"{name} holds {array.dtype.name} values: expected real numbers")
    if not array.size:
        raise ArrayValueError(f"{name} is empty: its shape is {array.shape}")
    if array.ndim > 4:
        raise ShapeError(f"{name} has {array.ndim} axes: a figure shows at most 4")
    if not np.isfinite(array).all():
        raise ArrayValueError(f"{name} holds a number that is not finite")
    return array.astype(np.float64)


def array_to_json(array: Array) -> dict[str, Any]:
    """Shape and numbers, row by row; whole numbers without a decimal point."""
    data = [int(v) if float(v).is_integer() else float(v) for v in array.ravel()]
    return {"shape": list(array.shape), "data": data}


def array_from_json(name: str, plain: Mapping[str, Any]) -> Array:
    return plain_array(name, np.reshape(plain["data"], plain["shape"]))


def bound_formula(
    formula: Formula, arrays: Mapping[str, Array], sizes: Mapping[str, int]
) -> dict[str, Any]:
    """A formula with the sizes and ranges that belong to these arrays."""
    applied = {n.name for link in formula.links for n in link.walk() if isinstance(n, Apply)}
    if applied:
        raise FormulaError(
            f"{formula.name} applies {', '.join(sorted(applied))}, a function of Python's: "
            "a figure can only run what the formula says itself"
        )
    accepted = {*formula.names, *formula.sizes, *formula.shapes}
    given = {n: v for n, v in {**arrays, **sizes}.items() if n in accepted}
    bound = formula.bind(formula.links[-1:], given)
    plain = formula.to_json()
    plain["links"] = plain["links"][-1:]
    spans = {name: (float(a), float(b)) for name, (a, b) in bound.spans.items()}
    support = {}
    for node in formula.links[-1].walk():
        if isinstance(node, Reduce):
            for binder in node.binders:
                low, high = bound.ranges.binder(binder, spans)
                if not np.isfinite(low + high):
                    found = bound.ranges.support(node.body, binder.name, spans)
                    if found is None:
                        raise FormulaError(f"the sum over {binder.name} does not end")
                    support[binder.name] = list(found)
    return {
        **plain,
        "label": formula.name,
        "values": dict(bound.sizes),
        "shape": list(bound.shape),
        "spans": [list(span) for span in bound.spans.values()],
        "support": support,
        "marked": marked(formula, lambda name, latex: rf"\htmlData{{name={name}}}{{{latex}}}"),
        "mathml": mathml(formula),
    }


def mathml(formula: Formula) -> str:
    """The formula as MathML, each symbol in an element with `data-name`."""
    names: list[str] = []

    def tagged(name: str, latex: str) -> str:
        names.append(name)
        return rf"\textcolor{{#{len(names):06x}}}{{{latex}}}"

    text = convert(marked(formula, tagged), display="block")

    def named(match: re.Match[str]) -> str:
        return f'<mstyle data-name="{names[int(match[1], 16) - 1]}"'

    return re.sub(r'<mstyle mathcolor="#([0-9a-f]{6})"', named, text)


def looks(formulas: tuple[Formula, ...], names: list[str]) -> dict[str, dict[str, Any]]:
    """For each name its colour, its symbol as MathML, and plain words for a screen reader."""
    found = {}
    for name in names:
        owner = next((f for f in formulas if name in (*f.names, f.result)), formulas[0])
        latex = re.sub(r"^\\textcolor\{#\w+\}\{(.*)\}$", r"\1", symbol(owner, name)) or name
        colour = colour_of(name)
        words = owner.symbols.get(name, "")
        derivative = re.fullmatch(r"d(\w+?)_d(\w+)", name)
        plain = "∂{}/∂{}".format(*derivative.groups()) if derivative else name
        found[name] = {
            "colour": {"light": colour.light, "dark": colour.dark},
            "symbol": convert(latex),
            "words": f"{name}, {words}" if words else name,
            "plain": "δ" if name == "delta" else plain,
        }
    return found
