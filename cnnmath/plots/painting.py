"""An array as SVG: few cells are drawn, each a square; many are the pixels of a picture.

The colours of signed numbers are those of the page around them. So such a picture holds no colours,
but how much of one there is: the negative and the positive numbers are each a mask, through which
the colour of low and that of high is seen.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import numpy as np
from numpy.typing import NDArray

from cnnmath.pixels import png
from cnnmath.plots.given import Array
from cnnmath.plots.scales import Scale
from cnnmath.plots.themed import HIGH, LOW, MIDDLE, NO_NUMBER, variable

_MOST_DRAWN = 200


@dataclass(frozen=True)
class Box:
    """A rectangle, from its upper left corner."""

    left: float
    top: float
    width: float
    height: float

    def times(self, factor: float) -> "Box":
        """The same in another unit."""
        sides = (self.left, self.top, self.width, self.height)
        return Box(*(factor * side for side in sides))

    @property
    def attributes(self) -> dict[str, str]:
        """As those of an element."""
        names = ("x", "y", "width", "height")
        sides = (self.left, self.top, self.width, self.height)
        return {name: f"{side:.2f}" for name, side in zip(names, sides, strict=True)}


@dataclass(frozen=True)
class Painting:
    """Numbers of shape (H, W) with their scale, or colours of shape (H, W, 3) without one."""

    values: Array
    scale: Scale | None = None

    @property
    def colours(self) -> Array:
        """Red, green and blue of each cell on a light page, along the last axis."""
        return self.values if self.scale is None else self.scale.colours(self.values)

    def elements(self, box: Box, name: str) -> Iterator[Element]:
        """What shows it in that box; names of elements begin with `name`."""
        if self.values.shape[0] * self.values.shape[1] <= _MOST_DRAWN:
            yield from self._cells(box)
        elif self.scale is None or self.scale.grey:
            colours = np.rint(255 * self.colours).astype(np.uint8)
            is_grey = (colours == colours[..., :1]).all()
            yield _pixels(colours[..., 0] if is_grey else colours, box)
        else:
            yield from self._masked(box, name)

    def _cells(self, box: Box) -> Iterator[Element]:
        rows, columns = self.values.shape[:2]
        width, height = box.width / columns, box.height / rows
        outlines: dict[str, list[str]] = {}
        for i, j in np.ndindex(rows, columns):
            corner = f"M{box.left + j * width:.2f} {box.top + i * height:.2f}"
            outlines.setdefault(self._fill(i, j), []).append(
                f"{corner}h{width:.2f}v{height:.2f}h-{width:.2f}z"
            )
        for fill, outline in outlines.items():
            look = {"style": f"fill:{fill}", "shape-rendering": "crispEdges"}
            yield Element("path", {"d": "".join(outline), **look})

    def _fill(self, i: int, j: int) -> str:
        if self.scale is None or self.scale.grey:
            # Not as a hexadecimal number, which could be that of a colour that follows the page.
            return f"rgb({' '.join(f'{255 * part:.0f}' for part in self.colours[i, j])})"
        share = float(self.scale.shares(self.values[i, j]))
        if np.isnan(share):
            return variable(NO_NUMBER)
        end = variable(LOW if share < 0 else HIGH)
        return f"color-mix(in srgb,{end} {abs(share):.1%},{variable(MIDDLE)})"

    def _masked(self, box: Box, name: str) -> Iterator[Element]:
        assert self.scale is not None
        shares = self.scale.shares(self.values)
        yield Element("rect", {**box.attributes, "style": f"fill:{variable(MIDDLE)}"})
        missing = np.isnan(shares)
        parts = {LOW: -shares, HIGH: shares, NO_NUMBER: missing}
        for number, (colour, part) in enumerate(parts.items()):
            shade = np.rint(255 * np.where(missing & (colour != NO_NUMBER), 0, part).clip(0, 1))
            if shade.any():
                mask = Element("mask", {"id": f"{name}-{number}"})
                mask.append(_pixels(shade.astype(np.uint8), box))
                yield mask
                look = {"style": f"fill:{variable(colour)}", "mask": f"url(#{name}-{number})"}
                yield Element("rect", {**box.attributes, **look})


def _pixels(shades: NDArray[np.uint8], box: Box) -> Element:
    """Pixels as a picture with sharp edges; only one with more pixels than there is room is not."""
    image = Element("image", {"href": png(shades), **box.attributes})
    image.set("preserveAspectRatio", "none")
    if box.width >= shades.shape[1] / 2:
        image.set("style", "image-rendering:pixelated")
    return image
