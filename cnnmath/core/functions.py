"""The functions and constants that a formula knows by name."""

import math
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

CONSTANTS = {"e": math.e, "pi": math.pi}

RELATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt,
    "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip

_SPELLINGS = {"ln": "log", "sgn": "sign", "ReLU": "relu", "Sigmoid": "sigmoid", "lg": "log10"}


def function_named(latex: str) -> str:
    """The function behind `\\ln`, `\\operatorname{sgn}` or `ReLU`: log, sign, relu."""
    bare = re.sub(r"\\(operatorname\*?|mathrm|text|textrm|mbox)\s*\{|[\\{}\s]", "", latex)
    return _SPELLINGS.get(bare, bare)


def function_of(name: str, given: Mapping[str, Callable[..., Any]]) -> Callable[..., Any]:
    """The caller's function of a name, or else the one that is known by it."""
    return given[name] if name in given else FUNCTIONS[name]


def _sigmoid(u: Values) -> Values:
    # Never raises e to a large power: exp(-|u|) is at most 1.
    small = np.exp(-np.abs(u))
    return np.where(u >= 0, 1.0, small) / (1.0 + small)


def _mod(u: Values, v: Values) -> Values:
    return u - v * np.floor(u / v)


FUNCTIONS: dict[str, Callable[..., Values]] = {
    "exp": np.exp,
    "log": np.log,
    "log10": np.log10,
    "sqrt": np.sqrt,
    "abs": np.abs,
    "sign": np.sign,
    "floor": np.floor,
    "ceil": np.ceil,
    "round": np.round,
    "mod": _mod,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "arcsin": np.arcsin,
    "arccos": np.arccos,
    "arctan": np.arctan,
    "erf": np.vectorize(math.erf, otypes=[np.float64]),
    "relu": lambda u: np.maximum(u, 0.0),
    "sigmoid": _sigmoid,
    "kronecker": lambda u, v: np.equal(u, v).astype(np.float64),
}
