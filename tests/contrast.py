"""How much one colour stands out from another, by WCAG 2: here, and for scripts in a page."""

from typing import Any

import numpy as np
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

ENOUGH = 4.5
"""The least contrast of small letters with what is behind them."""

RATIO = """
    const { Color, getContrast } = axe.commons.color;
    const contrast = (...colours) => getContrast(...colours.map((rgb) => new Color(...rgb)));
"""
"""`contrast`, of two colours as red, green and blue up to 255, in a page that has axe."""


def linear(colour: Any) -> NDArray[np.float64]:
    """Linear red, green and blue of a colour as matplotlib takes it."""
    stored = np.array(to_rgb(colour))
    return np.where(stored <= 0.04045, stored / 12.92, ((stored + 0.055) / 1.055) ** 2.4)


def contrast(one: Any, other: Any) -> float:
    low, high = sorted(linear(colour) @ [0.2126, 0.7152, 0.0722] for colour in (one, other))
    return float((high + 0.05) / (low + 0.05))
