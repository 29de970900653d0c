"""What stands in the place of a live figure where no script runs: formulas, arrays, the caption."""

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnmath.pixels import png
from cnnmath.shared import DIVERGING
from cnnmath.typeset import for_dark_themes

Array = NDArray[np.float64]
Masked = np.ma.MaskedArray[tuple[int, ...], np.dtype[np.float64]]

LARGEST_TABLE = 200  # numbers; a larger array is a picture
PLANES = 4  # of an array that has more, the first are shown
WIDTH = 240  # pixels of a picture on the page; of one of several, a third of it
MANY = 4  # formulas; they are in a fold
ARRAYS = 10  # of a figure that has more, the further ones are in a fold

# JupyterLab takes MathML and style sheets out of what a notebook has stored that it does not trust;
# the LaTeX it typesets itself.
_MATHML_IF_STYLED = (
    "<style>.cx-stated:has(>style) .cx-mathml{display:block}"
    ".cx-stated:has(>style) .cx-latex{display:none}</style>"
)
_NAMED = re.compile(r'<mstyle data-name="([^"]*)"')
_INDEX = re.compile(r'<mstyle data-index="[^"]*"><mrow>(<mi>[^<]*</mi>)</mrow></mstyle>')

_LOW, _MIDDLE, _HIGH = (
    np.array(list(bytes.fromhex(DIVERGING["light"][name].removeprefix("#"))))
    for name in ("low", "middle", "high")
)


def still(
    formulas: Sequence[tuple[str, str]],
    arrays: Mapping[str, Array],
    looks: Mapping[str, Mapping[str, Any]],
    images: tuple[str, ...],
    texts: tuple[str, ...],
    hidden: Mapping[str, NDArray[np.bool_]],
) -> str:
    """Formulas and arrays as HTML that needs no script, and below them caption and questions.

    formulas : each as MathML, with symbols that `figure_json.mathml` has named, and as LaTeX
    looks : of each array what `figure_json.looks` says of it
    hidden : of an array, the numbers that are not to be seen
    """
    stated = "".join(_coloured(*formula, looks) for formula in formulas)
    stated = f'<div class="cx-stated">{stated}{_MATHML_IF_STYLED}</div>'
    if len(formulas) >= MANY:
        stated = _folded(f"The {len(formulas)} formulas", stated)
    shown = [
        _shown(key, np.ma.masked_array(array, hidden.get(key, False)), key in images, looks)
        for key, array in arrays.items()
    ]
    first, further = (_side_by_side("".join(some)) for some in (shown[:ARRAYS], shown[ARRAYS:]))
    parts = [stated, first]
    if len(shown) > ARRAYS:
        parts.append(_folded(f"{len(shown) - ARRAYS} further arrays", further))
    parts += [f"<p>{html.escape(text)}</p>" for text in texts]
    return "".join(parts) + for_dark_themes("".join(parts))


def _folded(summary: str, parts: str) -> str:
    return f"<details><summary>{summary}</summary>{parts}</details>"


def _side_by_side(parts: str) -> str:
    return f'<div style="display:flex;flex-wrap:wrap;gap:0 2em">{parts}</div>'


def _coloured(formula: str, latex: str, looks: Mapping[str, Mapping[str, Any]]) -> str:
    """A formula in which each symbol with a look has its colour, and an index is a mere letter."""

    def in_colour(named: re.Match[str]) -> str:
        look = looks.get(named[1])
        return f'<mstyle style="color:{look["colour"]["light"]}"' if look else "<mstyle"

    formula = _INDEX.sub(r"\1", formula)
    coloured = _NAMED.sub(in_colour, formula)
    return (
        '<div style="font-size:1.2em;padding:0.5em 0;overflow-x:auto">'
        f'<div class="cx-mathml" hidden="hidden">{coloured}</div>'
        f'<div class="cx-latex">\\[{html.escape(latex)}\\]</div></div>'
    )


def _shown(key: str, array: Masked, image: bool, looks: Mapping[str, Mapping[str, Any]]) -> str:
    name, _, version = key.partition(" ")
    look = looks[name]
    size = " × ".join(map(str, array.shape)) or "a number"
    words = " ".join(filter(None, [version, look["words"].partition(", ")[2]]))
    title = (
        f'<p><span style="color:{look["colour"]["light"]}">{look["symbol"]}</span> '
        f"{html.escape(words)}{', ' if words else ''}{size}</p>"
    )
    return f"<div>{title}{_numbers(key, array, image)}</div>"


def _numbers(name: str, array: Masked, image: bool) -> str:
    planes = array.reshape((-1, *(1, 1, *array.shape)[-2:]))
    first = planes[:PLANES]
    further = f"<p>… {len(planes) - PLANES} more</p>" if len(planes) > PLANES else ""
    if array.size <= LARGEST_TABLE:
        return _side_by_side("".join([*map(_table, first), further]))
    visible = array.compressed()
    largest = float(np.abs(visible[np.isfinite(visible)]).max(initial=0)) or 1.0
    width = WIDTH if len(planes) == 1 else WIDTH // 3
    pictures = [_picture(name, p, 1.0 if image else largest, image, width) for p in first]
    return _side_by_side("".join([*pictures, further]))


def _table(plane: Masked) -> str:
    rows = ("".join(f"<td>{_number(value)}</td>" for value in row) for row in plane)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def _number(value: object) -> str:
    return "?" if value is np.ma.masked else f"{value:.4g}"


def _picture(name: str, masked: Masked, largest: float, image: bool, width: int) -> str:
    """Grey from 0 to 1, or blue to red from −1 to 1; what is hidden is 0."""
    plane = masked.filled(0) / largest  # masked, an infinity divided would be hidden as well
    if image:
        pixels = np.repeat(255 * np.clip(plane, 0, 1)[..., None], 3, axis=2)
    else:
        share = np.clip(np.nan_to_num(plane), -1, 1)[..., None]
        pixels = _MIDDLE + (np.where(share < 0, _LOW, _HIGH) - _MIDDLE) * np.abs(share)
    rows, columns = plane.shape
    return (
        f'<img src="{png(np.rint(pixels).astype(np.uint8))}" '
        f'alt="{html.escape(name)}, {rows} × {columns} numbers as a picture" '
        f'width="{width}" style="image-rendering: pixelated">'
    )
