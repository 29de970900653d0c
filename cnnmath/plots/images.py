"""Pictures in rows, each with its caption and its key under it."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from cnnmath.errors import ArrayValueError, CnnMathError, ShapeError
from cnnmath.plots.cells import zoom
from cnnmath.plots.figure import Figure, own_style
from cnnmath.plots.given import Array, is_image, numbers
from cnnmath.plots.keys import key, keys
from cnnmath.plots.painting import Painting
from cnnmath.plots.scales import Scale, scales
from cnnmath.plots.sheet import (
    GAP,
    NOTHING,
    PAGE_WIDTH,
    Part,
    beside,
    evenly,
    figure_of,
    paragraph,
    stacked,
)
from cnnmath.plots.texts import CAPTION_SIZE
from cnnmath.plots.words import names_in_words

_MOST_IN_ROW = 5


@own_style
def images(
    pictures: ArrayLike | Mapping[str, ArrayLike] | Sequence[ArrayLike],
    *,
    captions: Sequence[str] | None = None,
    title: str | None = None,
    shared: bool = False,
) -> Figure:
    """Pictures in rows of at most five, each with its caption under it.

    `pictures` is a mapping from captions to pictures, a sequence of pictures, a stack of shape
    (N, H, W), or a single one of shape (H, W). A picture has the shape (H, W), or (3, H, W) with
    red, green and blue between 0 and 1. One whose numbers lie in [0, 1] is shown in grey, 0 black
    and 1 white; any other in blue and red around 0, with its key. With `shared`, all of those have
    one scale between them.

    Raises ShapeError for what is not a picture, ArrayValueError for one that does not hold real
    numbers or has colours outside [0, 1], CnnMathError for too many captions or too few.
    """
    given: Any = pictures
    if isinstance(pictures, Mapping):
        if captions is not None:
            raise CnnMathError("the pictures have captions already, as keys of the mapping")
        captions, given = list(pictures), pictures.values()
    axes = getattr(given, "ndim", 3)
    if not isinstance(given, Iterable) or axes not in (2, 3):
        raise ShapeError(f"images needs pictures, not {np.shape(given) or given!r}")
    arrays = {}
    for number, one in enumerate([given] if axes == 2 else given):
        arrays[f"picture {number}"] = _picture(f"picture {number}", one)
    if not arrays:
        raise CnnMathError("images needs a picture to show")
    if captions is not None and len(captions) != len(arrays):
        raise CnnMathError(f"{len(captions)} captions for {len(arrays)} pictures")

    in_grey = {name for name, array in arrays.items() if is_image(array)}
    scale = scales(arrays, in_grey, shared, trimmed=True)
    signed = {name: scale[name] for name in arrays if name not in in_grey}
    least = max((key(one, 100).width for one in signed.values() if not shared), default=100)
    count, column, pixels = _columns([array.shape[-2:] for array in arrays.values()], least)

    pieces = []
    for name, pixel, caption in zip(arrays, pixels, captions or [""] * len(pixels), strict=True):
        shown = _shown(arrays[name], scale[name], pixel)
        below = paragraph(caption, CAPTION_SIZE, column + GAP - 8, column)
        bar = NOTHING if shared or name in in_grey else key(scale[name], shown.width)
        pieces.append((shown, replace(below, above=5), replace(bar, above=8)))
    label = names_in_words("Pictures", list(captions or [f"{len(arrays)} without captions"]))
    rows = []
    for row in evenly(pieces, count):
        levels = list(zip(*row, strict=True))
        rooms = [max(part.height and part.above + part.height for part in one) for one in levels]
        rows.append(beside([stacked(parts, rooms, column) for parts in row]))
    return figure_of([*rows, *keys(signed.values() if shared else ())], title, label)


def _picture(name: str, given: ArrayLike) -> Array:
    """A grey picture of shape (H, W) or one in colour of shape (3, H, W)."""
    array = numbers(name, given, 2, 3)
    if array.ndim == 3:
        if array.shape[0] != 3:
            raise ShapeError(f"{name!r} must have the shape (H, W) or (3, H, W), not {array.shape}")
        if not is_image(array):
            raise ArrayValueError(
                f"{name!r} is in colour, so its numbers must lie between 0 and 1; "
                f"they go from {array.min():g} to {array.max():g}"
            )
    return array


def _columns(shapes: Sequence[tuple[int, ...]], least: float) -> tuple[int, int, list[float]]:
    """How many pictures stand in a row, the width of a column, and the pixels of each picture.

    A column is as wide as the widest picture, but not narrower than `least`.
    """
    for count in range(min(_MOST_IN_ROW, len(shapes)), 0, -1):
        target = min(256.0, (PAGE_WIDTH + GAP) / count - GAP)
        pixels = [zoom(max(shape), max(shape) * (target // max(shape))) for shape in shapes]
        widths = [pixel * shape[1] for pixel, shape in zip(pixels, shapes, strict=True)]
        column = math.ceil(max(least, *widths))
        if count * (column + GAP) - GAP <= PAGE_WIDTH:
            break
    return count, column, pixels


def _shown(picture: Array, scale: Scale, pixel: float) -> Part:
    in_colour = picture.ndim == 3
    painting = Painting(picture.transpose(1, 2, 0)) if in_colour else Painting(picture, scale)
    size = picture.shape[-1] * pixel, picture.shape[-2] * pixel
    return Part(*size, lambda sheet, left, top: sheet.picture(left, top, *size, painting), above=0)
