"""What Python and the JavaScript of the live figures both must know: it stands in `shared.json`.

The JavaScript takes the same file into its bundle, so a number changed there is changed in both.
"""

import json
from importlib.resources import files
from typing import Any, Final

_SHARED: Final[dict[str, Any]] = json.loads(
    files("cnnmath").joinpath("shared.json").read_text("utf-8")
)

DIVERGING: Final[dict[str, dict[str, str]]] = _SHARED["diverging"]
"""`low`, `middle` and `high` of the scale from −1 to 1, for a `light` and a `dark` page."""

FILL: Final[dict[str, float]] = _SHARED["fill"]
"""How much of its hue a cell of a live figure has: of the smallest number, and of the largest."""

BLACK_INK_ABOVE: Final[float] = _SHARED["black_ink_above"]
"""The luminance from 0 to 1 above which black has a higher contrast than white."""

ROUND_STEPS: Final[list[int]] = _SHARED["round_steps"]
"""Between the ticks of an axis, times a power of ten."""

CURVE_SAMPLES: Final[int] = _SHARED["curve_samples"]
"""Steps from one end of a curve to the other."""

CURVE_AIR: Final[float] = _SHARED["curve_air"]
"""Room above and below a curve, as a share of its height."""

LONG_SUM: Final[int] = _SHARED["long_sum"]
"""A sum of more terms than this is cut to those that can differ from zero; Python tells the
browser where they are."""

SPELLED_TERMS: Final[int] = _SHARED["spelled_terms"]
"""Of a sum inside a factor, so many terms are written out."""

SAME_VALUE: Final[float] = _SHARED["same_value"]
"""Relative difference up to which two values that a formula gives one element are the same."""

TRANSLATOR: Final[dict[str, list[int]]] = _SHARED["translator"]
"""Of the translator's `input` and `kernel` how small and how large they may be."""
