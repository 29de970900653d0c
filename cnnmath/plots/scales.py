"""How numbers become colours: blue below zero, red above, the page's own at zero; or greys."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib import colors

from cnnmath.plots.given import Array, finite, is_image
from cnnmath.plots.themed import HIGH, LOW, MIDDLE, NO_NUMBER
from cnnmath.plots.written import short
from cnnmath.shared import BLACK_INK_ABOVE

_SIGNED = {
    page: np.array([colors.to_rgb(getattr(colour, page)) for colour in (LOW, MIDDLE, HIGH)])
    for page in ("light", "dark")
}
_GREY = np.array([[0.0] * 3, [1.0] * 3])


@dataclass(frozen=True)
class Scale:
    """Which number has which colour.

    is_open : whether numbers beyond the two ends have the colours of the ends
    """

    low: float
    high: float
    grey: bool
    is_open: bool = False

    def shares(self, values: Array) -> Array:
        """Where between the ends the values lie: from −1 to 1, or from 0 to 1 in grey."""
        ends = (0.0, 1.0) if self.grey else (-1.0, 1.0)
        return np.asarray(np.interp(values, (self.low, self.high), ends))

    def colours(self, values: Array, page: str = "light") -> Array:
        """Red, green and blue from 0 to 1 for each of the values, along a new last axis.

        `page` is "light" or "dark"; greys are the same on both.
        """
        ends = _GREY if self.grey else _SIGNED[page]
        places = np.linspace(self.low, self.high, len(ends))
        colours = np.stack([np.interp(values, places, part) for part in ends.T], axis=-1)
        colours[np.isnan(values)] = colors.to_rgb(getattr(NO_NUMBER, page))
        return colours

    @property
    def marks(self) -> dict[float, str]:
        """What stands under the key, and at which numbers."""
        low, high = short(self.low), short(self.high)
        if self.grey:
            return {self.low: low, self.high: high}
        if self.is_open:
            low, high = f"≤ {low}", f"≥ {high}"
        return {self.low: low, 0.0: "0", self.high: high}


def scales(
    arrays: Mapping[str, Array], in_grey: Collection[str], shared: bool, trimmed: bool = False
) -> dict[str, Scale]:
    """The scale of each array: its own, or one for all that are in grey and one for the others.

    If `trimmed`, a few extreme numbers cannot make all the others pale.
    """

    def scale(name: str) -> Scale:
        is_grey = name in in_grey
        alike = [one for other, one in arrays.items() if (other in in_grey) == is_grey]
        group = alike if shared else [arrays[name]]
        return _grey(group) if is_grey else _signed(group, trimmed)

    return {name: scale(name) for name in arrays}


def _grey(arrays: Sequence[Array]) -> Scale:
    shades = finite(arrays)
    if all(map(is_image, arrays)) or not shades.size:
        return Scale(0.0, 1.0, grey=True)
    low, high = float(shades.min()), float(shades.max())
    return Scale(low, high if high > low else low + 1, grey=True)


def _signed(arrays: Sequence[Array], trimmed: bool) -> Scale:
    magnitudes = np.abs(finite(arrays))
    limit = float(magnitudes.max(initial=0)) or 1.0
    usual = float(np.quantile(magnitudes, 0.995)) if trimmed and magnitudes.size else limit
    if 0 < 1.5 * usual < limit:
        return Scale(-usual, usual, grey=False, is_open=True)
    return Scale(-limit, limit, grey=False)


def ink_on(colour: Array) -> str:
    """Black or white, whichever has the higher contrast with a background."""
    linear = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    return "#000000" if linear @ [0.2126, 0.7152, 0.0722] > BLACK_INK_ABOVE else "#ffffff"
