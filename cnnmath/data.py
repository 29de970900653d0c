"""Small real images and well-known kernels, so that no chapter has to work on noise.

What you can do with it: `digit(3)` is a handwritten three, 28 × 28; `small_digit(3)` one of 8 × 8,
small enough to write every number of it down; `photograph()` is a portrait, 128 × 128, in grey or
in colour; `mnist()` are 5,000 digits for a network to learn from, the last thousand held out;
`kernels()` are the kernels that every book on image processing knows.

The images lie in `images.npz` and `mnist.npz` beside this file, each of which is read when
something in it is first asked for; `tools/make_images.py` made them, and says where each image
comes from and under which licence: the digits of 28 × 28 are from MNIST (Y. LeCun and C. Cortes,
CC BY-SA 3.0), those of 8 × 8 from the UCI Machine Learning Repository (E. Alpaydin and C. Kaynak,
CC BY 4.0), and the photograph is of Grace Hopper (U.S. Navy, public domain).
"""

import operator
from functools import cache
from importlib import resources
from typing import Final, NamedTuple, SupportsIndex

import numpy as np
from numpy.typing import NDArray

from cnnmath.errors import CnnMathError

__all__ = ["Digits", "digit", "kernels", "mnist", "photograph", "small_digit"]

HELD_OUT: Final = 1000  # digits, 100 of each class


class Digits(NamedTuple):
    """Handwritten digits, and which they are."""

    images: NDArray[np.float32]
    """Shape (N, 1, 28, 28), 0 for the background to 1 for the stroke."""

    labels: NDArray[np.int64]
    """Shape (N,), 0 to 9."""


# The weights of red, green and blue in luminance, after ITU-R BT.709, whose primaries are those
# of sRGB. They are applied to the values as stored, as most image software does.
_REC_709: Final = np.array([0.2126, 0.7152, 0.0722])


def digit(label: SupportsIndex, which: SupportsIndex = 0) -> NDArray[np.float64]:
    """A handwritten digit: shape (28, 28), 0 for the background to 1 for the stroke.

    `label` is the digit itself, 0 to 9; `which` picks one of the two of each.

    Raises: CnnMathError if there is no such digit.
    """
    digits = _arrays("images.npz")["digits"]
    row = _checked("label", label, digits.shape[0])
    column = _checked("which", which, digits.shape[1])
    return np.asarray(digits[row, column], dtype=np.float64) / 255


def small_digit(label: SupportsIndex) -> NDArray[np.float64]:
    """A handwritten digit small enough for its numbers to be read: shape (8, 8), 0 to 1.

    Its values are sixteenths, so that sums of them come out exact.

    Raises: CnnMathError if `label` is not one of 0 to 9.
    """
    digits = _arrays("images.npz")["small_digits"]
    row = _checked("label", label, digits.shape[0])
    return np.asarray(digits[row], dtype=np.float64) / 16


def mnist() -> tuple[Digits, Digits]:
    """5,000 digits of MNIST: 4,000 to learn from, and 1,000 that are held out for the test.

    Of each class 400 and 100, in an order that was drawn once.
    """
    arrays = _arrays("mnist.npz")
    images = arrays["images"][:, np.newaxis].astype(np.float32) / np.float32(255)
    labels = arrays["labels"].astype(np.int64)
    learning, held_out = slice(None, -HELD_OUT), slice(-HELD_OUT, None)
    return Digits(images[learning], labels[learning]), Digits(images[held_out], labels[held_out])


def photograph(*, colour: bool = False) -> NDArray[np.float64]:
    """A portrait of Grace Hopper, 0 for black to 1 for full brightness.

    In grey, its shape is (128, 128): the luma of Rec. 709, 0.2126 red + 0.7152 green + 0.0722
    blue. With `colour=True` it is (3, 128, 128): red, green and blue, channels first, as the
    formulas of the book have them.
    """
    channels = _arrays("images.npz")["photograph"] / 255.0
    return channels if colour else np.tensordot(_REC_709, channels, axes=1)


def kernels() -> dict[str, NDArray[np.float64]]:
    """The well-known kernels of image processing by name: 3 × 3, or 5 × 5 if the name says so.

    They are written to be slid over the image as they are, as the book does, which is
    a cross-correlation; a convolution in the strict sense would turn them by 180° first. That
    matters for three: the edge kernels are positive where the image gets brighter to the right
    (vertical edges) or downwards (horizontal edges), and the emboss kernel lights the image from
    the upper left.

    - identity: leaves the image as it is.
    - box blur: the mean of the nine.
    - Gaussian blur, Gaussian blur 5×5: the binomial weights 1 2 1 and 1 4 6 4 1, as in P. Burt and
      E. Adelson, "The Laplacian Pyramid as a Compact Image Code", 1983.
    - sharpen: the identity minus the Laplacian (R. Gonzalez and R. Woods, "Digital Image
      Processing", the section on sharpening).
    - Sobel vertical edges, Sobel horizontal edges: I. Sobel and G. Feldman, 1968, printed in
      R. Duda and P. Hart, "Pattern Classification and Scene Analysis", 1973, page 271.
    - Laplacian: the second differences down and across, added.
    - emboss: as in the manual of GIMP, under "Convolution Matrix".

    Blurs, sharpen, emboss and identity sum to 1, so that a plain area keeps its brightness; the
    edge kernels and the Laplacian sum to 0, so that it vanishes.
    """
    identity = np.zeros((3, 3))
    identity[1, 1] = 1.0
    binomial_3 = np.array([1.0, 2.0, 1.0]) / 4
    binomial_5 = np.array([1.0, 4.0, 6.0, 4.0, 1.0]) / 16
    laplacian = np.array([[0.0, 1.0, 0.0], [1.0, -4.0, 1.0], [0.0, 1.0, 0.0]])
    sobel = np.array([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
    return {
        "identity": identity,
        "box blur": np.full((3, 3), 1 / 9),
        "Gaussian blur": np.outer(binomial_3, binomial_3),
        "Gaussian blur 5×5": np.outer(binomial_5, binomial_5),
        "sharpen": identity - laplacian,
        "Sobel vertical edges": sobel,
        "Sobel horizontal edges": sobel.T.copy(),
        "Laplacian": laplacian,
        "emboss": np.array([[-2.0, -1.0, 0.0], [-1.0, 1.0, 1.0], [0.0, 1.0, 2.0]]),
    }


@cache
def _arrays(name: str) -> dict[str, NDArray[np.uint8]]:
    """What is in one of the files, read once. Whoever hands it out must hand out copies."""
    with resources.files("cnnmath").joinpath(name).open("rb") as file, np.load(file) as npz:
        return {part: npz[part] for part in npz.files}


def _checked(name: str, given: SupportsIndex, count: int) -> int:
    """The whole number `given`, if it is one of 0 to count − 1."""
    try:
        number = operator.index(given)
    except TypeError:
        number = -1
    if not 0 <= number < count:
        raise CnnMathError(f"{name} must be a whole number from 0 to {count - 1}, not {given!r}")
    return number
