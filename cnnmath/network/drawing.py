"""What a reader draws, as the digits of MNIST are: 20 pixels long, and centred by their mass."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cnnmath.errors import ArrayValueError, ShapeError
from cnnmath.reals import float64_array

SIZE = 28  # pixels of the picture
BOX = 20  # pixels of its longer side that the digit fills
RADIUS = 1.25  # pixels of the pen, however large the digit was drawn

Point = Sequence[float]


def as_digit(strokes: Sequence[Sequence[Point]]) -> NDArray[np.float32]:
    """Strokes of a pen as a picture for a network that has learnt from MNIST.

    strokes : of each stroke its points (x, y), x to the right and y down, in any unit

    They are scaled so that the longer side of what was drawn, pen included, is 20 pixels, drawn
    with a round pen, and moved by whole pixels so that the centre of mass is as near to that of the
    picture as these allow.

    Returns the picture: shape (1, 28, 28), 0 for the background to 1 for the stroke. Without a
    stroke it is empty.

    Raises ShapeError if a stroke is no list of points, and ArrayValueError if a coordinate is no
    finite number.

    Source: LeCun, Bottou, Bengio and Haffner, Gradient-based learning applied to document
    recognition (1998), section III.A.
    """
    lines = [_points(stroke) for stroke in strokes if len(stroke)]
    picture = np.zeros((SIZE, SIZE))
    if lines:
        placed = _placed(lines)
        picture = _inked(placed)
        rows, columns = np.mgrid[:SIZE, :SIZE]
        mass = picture.sum()
        centre = np.array([(picture * axis).sum() / mass for axis in (columns, rows)])
        picture = _inked([line + np.rint((SIZE - 1) / 2 - centre) for line in placed])
    return picture[np.newaxis].astype(np.float32)


def _points(stroke: Sequence[Point]) -> NDArray[np.float64]:
    points = float64_array("strokes", stroke)
    if points.ndim != 2 or points.shape[1] != 2:
        raise ShapeError(f"strokes: expected points (x, y), got an array of shape {points.shape}")
    if not np.isfinite(points).all():
        raise ArrayValueError("strokes: expected finite coordinates")
    return points


def _placed(lines: list[NDArray[np.float64]]) -> list[NDArray[np.float64]]:
    """The strokes in pixels of the picture, the middle of what was drawn in its middle."""
    everything = np.concatenate(lines)
    low, high = everything.min(axis=0), everything.max(axis=0)
    longest = float((high - low).max())
    scale = (BOX - 2 * RADIUS) / longest if longest else 1.0
    return [(line - (low + high) / 2) * scale + (SIZE - 1) / 2 for line in lines]


def _inked(lines: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    """How much of each pixel the pen covers, about: from its distance to the nearest stroke."""
    rows, columns = np.mgrid[:SIZE, :SIZE]
    pixels = np.stack([columns, rows], axis=-1).reshape(-1, 1, 2)  # (x, y) of each
    nearest = np.full(len(pixels), np.inf)
    for line in lines:
        start, along = line[:-1], np.diff(line, axis=0)
        if not len(along):
            start, along = line, np.zeros_like(line)  # a dot
        lengths = (along**2).sum(axis=1)
        share = ((pixels - start) * along).sum(axis=2) / np.where(lengths, lengths, 1)
        foot = start + np.clip(share, 0, 1)[..., np.newaxis] * along
        apart = np.linalg.norm(pixels - foot, axis=2).min(axis=1)
        nearest = np.minimum(nearest, apart)
    return np.clip(RADIUS + 0.5 - nearest, 0, 1).reshape(SIZE, SIZE)
