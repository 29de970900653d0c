"""Numbers and names as text: 0.50 and −12 in the cells of a grid, 3×10⁵ by itself, ∂E/∂W."""

import math
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import numpy as np

from cnnmath.colours import role_of
from cnnmath.core.derivative import Derivative
from cnnmath.plots.given import Array, finite

MINUS = "\N{MINUS SIGN}"
_GREEK = re.compile(
    "alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|"
    "upsilon|phi|chi|psi|omega|Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Upsilon|Phi|Psi|Omega"
)


@dataclass(frozen=True)
class Numerals:
    """How the numbers of one array are written: alike, so that they can be compared.

    exponent : they are in units of 10 to this power;  exact : whether nothing is lost by it
    """

    exponent: int
    decimals: int
    exact: bool

    def write(self, value: float) -> str:
        """A number, whole ones without a point, and with a true minus sign unless it is 0."""
        if not math.isfinite(value):
            return "NaN" if math.isnan(value) else "∞" if value > 0 else f"{MINUS}∞"
        scaled = value / 10.0**self.exponent
        if scaled == round(scaled) and (scaled or not value):
            return str(round(scaled)).replace("-", MINUS)
        # Unlike format(), which makes 0.12 of 0.125, and 0.38 of 0.375.
        digits = str(Decimal(scaled).quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP))
        return digits.replace("-", MINUS if digits.strip("-0.") else "")

    def alone(self, value: float) -> str:
        """A number where nothing says what power of 10 it is to be multiplied by."""
        return short(value) if self.exponent else self.write(value)


def numerals(array: Array) -> Numerals:
    """As few decimals as show every number of the array, or show it well enough."""
    scaled = finite([array])
    largest = float(np.abs(scaled).max(initial=0))
    exponent = math.floor(math.log10(largest)) if largest >= 1e5 or 0 < largest < 0.01 else 0
    scaled /= 10.0**exponent
    largest /= 10.0**exponent
    before_point = len(str(int(largest))) if largest >= 1 else 0
    # A kernel has room for all digits of 0.0625; an image has not.
    for decimals in range(max(0, (4 if array.size <= 25 else 3) - before_point) + 1):
        if np.all(np.abs(scaled - scaled.round(decimals)) <= 1e-6 * largest):
            return Numerals(exponent, decimals, exact=True)
    decimals = max(0, 3 - before_point) if largest >= 1 else 2
    while decimals < 3 and np.any((scaled != 0) & (scaled.round(decimals) == 0)):
        decimals += 1
    return Numerals(exponent, decimals, exact=False)


def short(value: float, digits: int = 3) -> str:
    """A number by itself, to so many digits, without zeros at its end."""
    if value == 0:
        return "0"
    mantissa, power = f"{value:.{digits - 1}e}".split("e")
    unit = f"×{power_of_ten(int(power))}"
    if 1e-3 <= abs(value) < 1e5:
        mantissa, unit = f"{value:.{max(0, digits - 1 - int(power))}f}", ""
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return re.sub("^(-?)1×", r"\1", mantissa + unit).replace("-", MINUS)


def power_of_ten(exponent: int) -> str:
    """Such as 10⁻³."""
    return "10" + str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def symbol(name: str, upper: str = "", lower: str = "") -> str:
    """A Python name as mathtext without its dollars, with indices: `W`, (k), ij."""
    derivative = Derivative.named(name)
    if derivative and derivative.of == "E":
        return rf"\partial E/\partial {symbol(derivative.by, upper, lower)}"
    first, _, words = name.partition(" ")
    if words and role_of(first):
        return rf"{symbol(first, upper, lower)}\ {_upright(words)}"
    base, _, suffix = name.partition("_")
    if not suffix and (numbered := re.fullmatch(r"(.*?[A-Za-z])([0-9]+)", base)):
        base, suffix = numbered.groups()
    if _GREEK.fullmatch(base):
        base = rf"\{base}"
    elif len(base) > 1:
        base = _upright(base)
    if suffix in {"hat", "bar", "tilde"}:
        base, suffix = rf"\{suffix}{{{base}}}", ""
    elif len(suffix) > 1 and not suffix.isdigit():
        suffix = _upright(suffix)
    indices = r",\,".join(part for part in (suffix, lower) if part)
    return base + (f"^{{{upper}}}" if upper else "") + (f"_{{{indices}}}" if indices else "")


def _upright(word: str) -> str:
    """A word in mathtext, without the few characters that have no place there."""
    escaped = re.sub(r"([ #%&_{}])", r"\\\1", re.sub(r"[$\\^]", "", word))
    return rf"\mathrm{{{escaped}}}"
