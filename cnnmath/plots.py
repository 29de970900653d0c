"""Arrays as matplotlib figures, drawn for the pages of a textbook.

What you can do with it:

- `grids(x=x, W=W, a=a)`: arrays side by side as grids of numbers, each in its symbol's colour;
- `images({"before": x, "after": a})`: pictures in rows, each with its caption;
- `window(x, W, a, at=(1, 2))`: one step of a kernel that slides over an image, with its sum;
- `curves(x, {"ReLU": y, "tanh": z})`: functions of one variable, or a loss over time.

Each returns a matplotlib `Figure`, which a notebook shows because it is the value of the cell. None
of them goes through pyplot, so nothing is shown twice, no backend matters, and no global setting
is read or changed. In axes that show an array, one unit is one cell, so that more can be drawn
on it: `figure.axes[0].plot([0, 2], [0, 2])`.

No figure is wider than 700 pixels, a page of the book, and rows break before the letters would
get too small on a telephone. Below zero is blue, zero white and above zero red, a pair that the
colour-blind can tell apart; a key says which colour is which number.
"""

import io
import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any, Final

import matplotlib.figure
import numpy as np
from matplotlib import colormaps, colors, style
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.ticker import LogLocator, MaxNLocator
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from cnnmath.colours import FALLBACKS, ROLES, colour_of, role_of
from cnnmath.errors import ArrayValueError, CnnMathError, ShapeError

__all__ = ["Figure", "curves", "grids", "images", "window"]

Array = NDArray[np.float64]

# Every length is in pixels of the finished image, and every size of type in points.
_DPI: Final = 110
_PAGE: Final = 700
_MARGIN: Final = 11
_USABLE: Final = _PAGE - 2 * _MARGIN

_INK: Final = "#1f2328"
_QUIET: Final = "#636c76"
_LINE: Final = "#c4cad2"
_NO_NUMBER: Final = "#dfe3e8"

_TITLE_SIZE: Final = 13
_SYMBOL_SIZE: Final = 16
_CELL_SIZES: Final = (12.0, 11.0)
_CAPTION_SIZE: Final = 11.5
_SMALL_SIZE: Final = 10
_SMALLEST_SIZE: Final = 9

_GAP: Final = 28
_ROW_GAP: Final = 20
_KEY_GAP: Final = 14
_INDEX_WIDTH: Final = 20
_GRIDS_WIDTH: Final = _USABLE - _INDEX_WIDTH
_KEY_BAR: Final = 9
_KEY_HEIGHT: Final = _KEY_BAR + 22
_PICTURE_GAP: Final = 20
_TERM_GAP: Final = 7
_LEADER: Final = 22
_PLOT_WIDTH: Final = 470
_PLOT_HEIGHT: Final = 290

_MOST_BYTES: Final = 100_000
"""Of the image that a notebook stores."""
_MOST_WRITTEN: Final = 144
"""An array of more numbers than this is shown by colour alone: nobody would read them."""
_MOST_ROWS: Final = 16
"""Likewise one of more rows."""
_MOST_TERMS: Final = 25
"""A sum of more terms than this is shortened."""
_MOST_IN_ROW: Final = 5
"""Pictures."""


class Figure(matplotlib.figure.Figure):
    """A matplotlib figure that shows itself in a notebook, whether pyplot is loaded or not.

    A plain figure only shows as an image once pyplot has told IPython how.
    """

    def _repr_png_(self) -> bytes:
        with _own_style(), io.BytesIO() as buffer:
            self.savefig(buffer, format="png", dpi=self.dpi, facecolor="white")
            if buffer.tell() > _MOST_BYTES:
                # Several photographs weigh too much for a page.
                light = _in_few_colours(Image.open(buffer).convert("RGB"))
                buffer.seek(0)
                light.save(buffer, format="png", optimize=True)
                buffer.truncate()
            return buffer.getvalue()


def grids(
    *,
    title: str | None = None,
    grey: str | Collection[str] = (),
    shared: bool = True,
    **arrays: ArrayLike,
) -> Figure:
    """Arrays as grids of numbers, in the order given, each under its name in its own colour.

    A name is set as the formulas set it: `dE_dW` becomes ∂E/∂W. A single number is one cell,
    a vector one row, and a stack of shape (K, H, W) or (K, C, H, W) one grid for each index, which
    stands above it. Numbers are written in the cells unless there are too many of them, in which
    case colour alone shows them; they are rounded where they are long.

    With `shared`, the same number has the same colour in all of them; otherwise each array has a
    scale of its own. The arrays named in `grey` are images, dark for low and bright for high.

    Raises: ShapeError for an array with nothing in it or with more than four axes;
    ArrayValueError for one that does not hold real numbers; CnnMathError if no array is given, or
    `grey` names one that is not.
    """
    if not arrays:
        raise CnnMathError("grids needs an array to show, with its name: grids(x=..., W=...)")
    names_in_grey = {grey} if isinstance(grey, str) else set(grey)
    if unknown := sorted(names_in_grey - arrays.keys()):
        raise CnnMathError(
            f"grey names {', '.join(map(repr, unknown))}, but the arrays given are "
            f"{', '.join(map(repr, arrays))}"
        )
    values = {name: _numbers(name, array, most_axes=4) for name, array in arrays.items()}
    scales = _scales(values, names_in_grey, shared)

    layouts = [
        _rows(
            _blocks(name, array, scales[name], size, has_key=not shared)
            for name, array in values.items()
        )
        for size in _CELL_SIZES
    ]
    with _own_style():
        # One row in smaller type is easier to take in than two; of equals, the larger type.
        return _sheet_of_grids(min(layouts, key=len), title, shared).figure


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

    Raises: ShapeError for something that is not a picture; ArrayValueError for what does not
    hold real numbers, or colours outside [0, 1]; CnnMathError for no pictures, or for as many
    captions as there are not pictures.
    """
    if isinstance(pictures, Mapping):
        if captions is not None:
            raise CnnMathError("the pictures have captions already, as keys of the mapping")
        captions, pictures = list(pictures), list(pictures.values())
    if isinstance(pictures, np.ndarray) and pictures.ndim == 2:
        pictures = [pictures]
    if isinstance(pictures, np.ndarray) and pictures.ndim != 3:
        raise ShapeError(
            f"an array of pictures has the shape (H, W) or (N, H, W), not {pictures.shape}"
        )
    listed = [_picture(f"picture {n}", one) for n, one in enumerate(_sequence(pictures))]
    if not listed:
        raise CnnMathError("images needs a picture to show")
    if captions is not None and len(captions) != len(listed):
        raise CnnMathError(f"{len(captions)} captions for {len(listed)} pictures")

    with _own_style():
        return _sheet_of_pictures(listed, list(captions or []), title, shared).figure


def window(
    x: ArrayLike,
    W: ArrayLike,
    a: ArrayLike,
    at: tuple[int, int],
    *,
    b: float = 0.0,
    stride: int = 1,
    dilation: int = 1,
    names: tuple[str, str, str] = ("x", "W", "a"),
    title: str | None = None,
) -> Figure:
    """A kernel at one place of an image: the window, the kernel, the result, and the sum.

    `x`, `W` and `a` are the image, the kernel and the result, of two axes each. The window that
    gives `a[at]` is outlined in the image and the cell in the result, and the sum of products
    (plus the bias `b`) is written out underneath. If the image is too large for its numbers to be
    written, the window stands beside it once more, enlarged. `names` are the symbols of the
    three, for other sums of the same form.

    The figure does not lie: the sum is calculated here and compared with `a[at]`.

    Raises: ShapeError if an array does not have two axes or the window leaves the image;
    ArrayValueError if an array does not hold real numbers; CnnMathError if `at` is not in the
    result, or `a[at]` is not the sum.
    """
    if len(set(names)) != 3:
        raise CnnMathError(f"names must be three different symbols, not {names!r}")
    if not all(isinstance(one, int) and one >= 1 for one in (stride, dilation)):
        raise CnnMathError(
            f"stride and dilation must be whole numbers from 1 on, not {stride!r} and {dilation!r}"
        )
    image, kernel, result = (
        _numbers(name, array, most_axes=2, least_axes=2)
        for name, array in zip(names, (x, W, a), strict=True)
    )
    i, j = _place(at, result.shape, names[2])
    rows, columns = (
        _reach(names, start * stride, dilation, extent, size)
        for start, extent, size in zip((i, j), kernel.shape, image.shape, strict=True)
    )
    step = _Step(names, image, kernel, result, float(b), (i, j), rows, columns)
    _insist_on_sum(step)
    with _own_style():
        return _sheet_of_step(step, title).figure


def curves(
    x: ArrayLike,
    lines: Mapping[str, ArrayLike],
    *,
    title: str | None = None,
    x_label: str = "",
    y_label: str = "",
    log: bool = False,
) -> Figure:
    """Lines over one common `x`, each with its name at its end instead of in a legend.

    `lines` maps a name to as many numbers as `x` has. NaN leaves a gap, which is how to draw
    a jump as a jump. A symbol such as "x" or "dE_dx" has the colour of its role; other names get
    colours and dashes in turn. With `log`, the vertical scale is logarithmic, as a loss needs.

    Raises: ShapeError if `x` or a line is not a vector, or their lengths differ; ArrayValueError if
    one does not hold real numbers, or `log` meets none above 0; CnnMathError if there is no
    line, or there are more than eight.
    """
    places = _numbers("x", x, most_axes=1, least_axes=1)
    if not np.isfinite(places).all():
        raise ArrayValueError("'x' must hold finite numbers")
    if not 1 <= len(lines) <= 8:
        raise CnnMathError(f"curves shows one to eight lines, not {len(lines)}")
    heights = {}
    for name, line in lines.items():
        heights[name] = _numbers(name, line, most_axes=1, least_axes=1)
        if heights[name].shape != places.shape:
            raise ShapeError(f"{name!r} has {heights[name].size} numbers, but x has {places.size}")
        if log and not (heights[name] > 0).any():
            raise ArrayValueError(f"{name!r} has no number above 0 for a logarithmic scale")
    with _own_style():
        return _sheet_of_curves(places, heights, title, (x_label, y_label), log).figure


# ---- What is given ----------------------------------------------------------------------------


def _numbers(name: str, given: ArrayLike, *, most_axes: int, least_axes: int = 0) -> Array:
    """`given` as an array of float64, if it is one of real numbers with that many axes."""
    try:
        array = np.asarray(given)
    except ValueError as error:
        raise ShapeError(f"{name!r} has rows of different lengths") from error
    if array.dtype.kind not in "biuf":
        raise ArrayValueError(f"{name!r} must hold real numbers, not {array.dtype}")
    if not least_axes <= array.ndim <= most_axes:
        wanted = f"{least_axes}" if least_axes == most_axes else f"{least_axes} to {most_axes}"
        raise ShapeError(f"{name!r} must have {wanted} axes; its shape is {array.shape}")
    if array.size == 0:
        raise ShapeError(f"{name!r} has nothing in it; its shape is {array.shape}")
    return array.astype(np.float64)


def _sequence(pictures: Any) -> Iterable[Any]:
    if not isinstance(pictures, Iterable):
        raise ShapeError(f"images needs pictures, not {pictures!r}")
    return pictures


def _picture(name: str, given: ArrayLike) -> Array:
    """A grey picture of shape (H, W) or one in colour of shape (3, H, W)."""
    array = _numbers(name, given, most_axes=3, least_axes=2)
    if array.ndim == 3:
        if array.shape[0] != 3:
            raise ShapeError(f"{name!r} must have the shape (H, W) or (3, H, W), not {array.shape}")
        if not _is_image(array):
            raise ArrayValueError(
                f"{name!r} is in colour, so its numbers must lie between 0 and 1; "
                f"they go from {array.min():g} to {array.max():g}"
            )
    return array


def _is_image(array: Array) -> bool:
    return bool(np.all((array >= 0) & (array <= 1)))


def _place(at: Any, shape: tuple[int, ...], name: str) -> tuple[int, int]:
    place = tuple(at) if isinstance(at, Iterable) else (at,)
    whole = all(isinstance(index, int | np.integer) for index in place)
    if len(place) != 2 or not whole:
        raise CnnMathError(f"at must be two whole numbers (row, column), not {at!r}")
    if not all(0 <= index < size for index, size in zip(place, shape, strict=True)):
        raise CnnMathError(f"at is {place}, but {name!r} has the shape {shape}")
    return int(place[0]), int(place[1])


def _reach(names: Sequence[str], start: int, step: int, extent: int, size: int) -> range:
    """The rows (or the columns) of the image that the kernel meets."""
    reach = range(start, start + extent * step, step)
    if reach[-1] >= size:
        raise ShapeError(
            f"the window would reach {reach[-1]} in {names[0]!r}, where the last is {size - 1}; "
            f"was {names[0]!r} padded, or {names[2]!r} computed with a stride?"
        )
    return reach


def _insist_on_sum(step: "_Step") -> None:
    products = step.kernel * step.patch
    total = float(products.sum()) + step.b
    value = float(step.result[step.at])
    # Loose enough for numbers that were calculated in float32.
    leeway = 1e-5 * (float(np.abs(products).sum()) + abs(step.b)) + 1e-12
    if not abs(total - value) <= leeway:
        raise CnnMathError(
            f"{step.names[2]}[{step.at[0]}, {step.at[1]}] is {value:g}, but its window sums to "
            f"{total:g}; was there a bias, a stride or a dilation?"
        )


# ---- How numbers become colours ---------------------------------------------------------------


@dataclass(frozen=True)
class _Scale:
    """Which number has which colour."""

    low: float
    high: float
    grey: bool
    is_open: bool = False
    """Whether numbers beyond the two ends have the colours of the ends."""

    def colours(self, values: Array) -> Array:
        """Red, green and blue from 0 to 1 for each of the values, along a new last axis."""
        if self.grey:
            position = (values - self.low) / (self.high - self.low)
        else:
            # Without its ends, which are so dark that the two hues look alike.
            position = 0.08 + 0.84 * (values / self.high / 2 + 0.5).clip(0, 1)
        colours = np.asarray(colormaps["gray" if self.grey else "RdBu_r"](position.clip(0, 1)))
        colours[np.isnan(values)] = colors.to_rgba(_NO_NUMBER)
        return colours[..., :3]

    @property
    def marks(self) -> dict[float, str]:
        """What stands under the key, and at which numbers."""
        low, high = _short(self.low), _short(self.high)
        if self.grey:
            return {self.low: low, self.high: high}
        return {
            self.low: f"≤ {low}" if self.is_open else low,
            0.0: "0",
            self.high: f"≥ {high}" if self.is_open else high,
        }


def _signed_scale(arrays: Iterable[Array]) -> _Scale:
    limit = max((_largest(array) for array in arrays), default=0.0) or 1.0
    return _Scale(-limit, limit, grey=False)


_UNIT_GREY: Final = _Scale(0.0, 1.0, grey=True)


def _grey_scale(arrays: Sequence[Array]) -> _Scale:
    if all(_is_image(array) for array in arrays):
        return _UNIT_GREY
    finite = np.concatenate([array[np.isfinite(array)] for array in arrays])
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    return _Scale(low, high if high > low else low + 1.0, grey=True)


def _picture_scale(pictures: Sequence[Array]) -> _Scale:
    """A signed scale that a few extreme pixels cannot make the rest pale."""
    scale = _signed_scale(pictures)
    finite = np.concatenate([picture[np.isfinite(picture)] for picture in pictures])
    usual = float(np.quantile(np.abs(finite), 0.995)) if finite.size else 0.0
    if 0 < 1.5 * usual < scale.high:
        return _Scale(-usual, usual, grey=False, is_open=True)
    return scale


def _scales(
    values: Mapping[str, Array], in_grey: Collection[str], shared: bool
) -> dict[str, _Scale]:
    """The scale of each array: its own, or one for all that are in grey and one for the others."""
    if not shared:
        return {
            name: _grey_scale([array]) if name in in_grey else _signed_scale([array])
            for name, array in values.items()
        }
    grey = _grey_scale([array for name, array in values.items() if name in in_grey])
    signed = _signed_scale(array for name, array in values.items() if name not in in_grey)
    return {name: grey if name in in_grey else signed for name in values}


def _in_few_colours(image: Image.Image) -> Image.Image:
    """The image in 256 colours, which takes less than half of the room."""
    # Let each shade of the two scales count for some pixels more, so that the keys stay smooth.
    ramp = np.linspace(-1, 1, 256)[np.newaxis]
    shades = [
        scale.colours(ramp) for scale in (_Scale(-1, 1, grey=False), _Scale(-1, 1, grey=True))
    ]
    strip = Image.fromarray((np.hstack(shades) * 255).astype(np.uint8))
    height = image.height // 4
    weighed = Image.new("RGB", (image.width, image.height + height))
    weighed.paste(image)
    weighed.paste(strip.resize((image.width, height)), (0, image.height))
    few = image.quantize(palette=weighed.quantize(256), dither=Image.Dither.NONE)
    # The paper has to stay as white as the page around it, which the nearest colour may not be.
    palette = np.array(few.getpalette() or [], dtype=np.uint8).reshape(-1, 3)
    lightest = int(palette.sum(axis=1, dtype=int).argmax())
    palette[lightest] = 255
    pixels = np.array(few)
    pixels[(np.asarray(image) == 255).all(axis=2)] = lightest
    paper = Image.frombytes("P", few.size, pixels.tobytes())
    paper.putpalette(palette.ravel().tolist())
    return paper


def _largest(array: Array) -> float:
    """The largest magnitude among the finite numbers of an array."""
    finite = np.abs(array[np.isfinite(array)])
    return float(finite.max()) if finite.size else 0.0


def _ink_on(colour: Array) -> str:
    """Black or white, whichever has the higher contrast with a background."""
    linear = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    luminance = float(linear @ [0.2126, 0.7152, 0.0722])
    return "#000000" if (luminance + 0.05) ** 2 > 1.05 * 0.05 else "#ffffff"


# ---- How numbers are written ------------------------------------------------------------------


@dataclass(frozen=True)
class _Numerals:
    """How the numbers of one array are written: alike, so that they can be compared."""

    exponent: int
    """They are written in units of 10 to this power."""

    decimals: int

    exact: bool
    """Whether nothing is lost by it."""

    def write(self, value: float) -> str:
        """A number, whole ones without a point, and with a true minus sign unless it is 0."""
        if not math.isfinite(value):
            return "NaN" if math.isnan(value) else _with_minus(f"{value:.0f}".replace("inf", "∞"))
        scaled = value / 10.0**self.exponent
        if scaled == round(scaled) and (scaled or not value):
            return _with_minus(str(round(scaled)))
        # Unlike format(), which makes 0.12 of 0.125, and 0.38 of 0.375.
        digits = str(Decimal(scaled).quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP))
        return _with_minus(digits if digits.strip("-0.") else digits.lstrip("-"))

    @property
    def unit(self) -> str:
        """What each number is to be multiplied by; nothing if that is 1."""
        return f"×{_power_of_ten(self.exponent)}" if self.exponent else ""


def _numerals(array: Array) -> _Numerals:
    """As few decimals as show every number of the array, or show it well enough."""
    largest = _largest(array)
    exponent = 0
    if largest >= 1e5 or 0 < largest < 0.01:
        exponent = math.floor(math.log10(largest))
    scaled = array[np.isfinite(array)] / 10.0**exponent
    largest /= 10.0**exponent
    before_point = len(str(int(largest))) if largest >= 1 else 0

    def lost(decimals: int) -> bool:
        return bool(np.any(np.abs(scaled - scaled.round(decimals)) > 1e-6 * largest))

    # A kernel has room for all digits of 0.0625; an image has not.
    for decimals in range(max(0, (4 if array.size <= 25 else 3) - before_point) + 1):
        if not lost(decimals):
            return _Numerals(exponent, decimals, exact=True)
    decimals = max(0, 3 - before_point) if largest >= 1 else 2
    while decimals < 3 and np.any((scaled != 0) & (scaled.round(decimals) == 0)):
        decimals += 1
    return _Numerals(exponent, decimals, exact=False)


def _with_minus(digits: str) -> str:
    return digits.replace("-", "\N{MINUS SIGN}")


def _power_of_ten(exponent: int) -> str:
    return "10" + str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _short(value: float, digits: int = 3) -> str:
    """A number by itself, to so many digits, without zeros at its end."""
    if value == 0:
        return "0"
    if not 1e-3 <= abs(value) < 1e5:
        mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
        mantissa = mantissa.rstrip("0").rstrip(".")
        written = f"{mantissa}×{_power_of_ten(int(exponent))}"
        return _with_minus(re.sub(r"^(-?)1×", r"\1", written))
    rounded = f"{value:.{max(0, digits - 1 - math.floor(math.log10(abs(value))))}f}"
    return _with_minus(rounded.rstrip("0").rstrip(".") if "." in rounded else rounded)


_GREEK: Final = re.compile(
    "alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|"
    "upsilon|phi|chi|psi|omega|Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Upsilon|Phi|Psi|Omega"
)


def _symbol(name: str, upper: str = "", lower: str = "") -> str:
    """A Python name as mathtext without its dollars, with indices: `W`, (k), ij."""
    if name.startswith("dE_d") and len(name) > 4:
        return rf"\partial E/\partial {_symbol(name[4:], upper, lower)}"
    first, _, words = name.partition(" ")
    if words and role_of(first):
        return rf"{_symbol(first, upper, lower)}\ {_upright(words)}"
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


def _two_indices(i: int, j: int) -> str:
    """12 for 1 and 2, as the book writes it, but 1, 12 where that could be misread."""
    return f"{i}{j}" if i < 10 and j < 10 else rf"{i},\,{j}"


# ---- How much room things take ----------------------------------------------------------------

_FACE: Final[dict[str, Any]] = {"family": "DejaVu Sans", "math_fontfamily": "cm"}
"""The letters that come with matplotlib, and for symbols those that the book's formulas have."""


def _own_style() -> AbstractContextManager[None]:
    """Matplotlib as it is by default, for as long as a figure is being made or drawn."""
    return style.context("default")


@cache
def _scratch() -> matplotlib.figure.Figure:
    """A figure to measure texts on."""
    return FigureCanvasAgg(matplotlib.figure.Figure(dpi=_DPI)).figure


@cache
def _width(text: str, size: float, weight: str = "normal") -> float:
    """How many pixels wide a text is."""
    artist = Text(0, 0, text, fontsize=size, fontweight=weight, figure=_scratch(), **_FACE)
    return float(artist.get_window_extent().width)


def _line_height(size: float) -> int:
    return round(size * _DPI / 72 * 1.35)


def _wrapped(text: str, size: float, width: float, weight: str = "normal") -> list[str]:
    """The text in lines that are no wider than `width`, unless a single word is."""
    lines: list[str] = []
    for word in text.split():
        if lines and _width(f"{lines[-1]} {word}", size, weight) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


# ---- A figure of a known size, measured from its upper left corner ----------------------------


class _Sheet:
    """A figure that is as large as what is on it, and where everything has its place in pixels."""

    def __init__(self, width: float, height: float, title: str | None, indent: float = 0) -> None:
        """Room for contents of that size, from `left` and `top` on, under the title.

        To the left of it, `indent` is there for what hangs out.
        """
        lines = []
        if title:
            width = max(width, min(_width(title, _TITLE_SIZE, "bold"), _USABLE - indent))
            lines = _wrapped(title, _TITLE_SIZE, width, "bold")
        line = _line_height(_TITLE_SIZE)
        self.left = _MARGIN + indent
        self.top = _MARGIN + (len(lines) * line + 10 if lines else 0)
        # Without the trifle, a rounding error could cut 700 pixels down to 699.
        self._width = math.ceil(self.left + width + _MARGIN) + 1e-4
        self._height = math.ceil(self.top + height + _MARGIN) + 1e-4
        self.figure = Figure(
            figsize=(self._width / _DPI, self._height / _DPI), dpi=_DPI, facecolor="white"
        )
        FigureCanvasAgg(self.figure)
        for number, text in enumerate(lines):
            baseline = _MARGIN + (number + 0.78) * line
            self.text(self.left, baseline, text, _TITLE_SIZE, fontweight="bold")

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """Axes at that place."""
        return self.figure.add_axes(
            (
                left / self._width,
                1 - (top + height) / self._height,
                width / self._width,
                height / self._height,
            )
        )

    def text(
        self, left: float, baseline: float, text: str, size: float, colour: str = _INK, **more: Any
    ) -> Text:
        """A text that starts at `left`, or wherever `ha` says, and stands on `baseline`."""
        return self.figure.text(
            left / self._width,
            1 - baseline / self._height,
            text,
            fontsize=size,
            color=colour,
            va="baseline",
            **_FACE,
            **more,
        )

    def picture(self, left: float, top: float, width: float, height: float, colours: Array) -> Axes:
        """Axes that are filled with cells of these colours, one unit to a cell."""
        axes = self.axes(left, top, width, height)
        # Only a picture too wide for the page has pixels to lose.
        smooth = "nearest" if width >= colours.shape[1] else "auto"
        axes.imshow(colours, aspect="auto", interpolation=smooth, origin="upper")
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set(color=_LINE, linewidth=0.8)
        return axes

    def key(self, scale: _Scale, left: float, top: float, width: float) -> None:
        """A bar that says which colour is which number."""
        ramp = np.linspace(scale.low, scale.high, 256)[np.newaxis]
        self.picture(left, top, width, _KEY_BAR, scale.colours(ramp))
        marks = scale.marks
        if width < _key_width(scale):
            marks.pop(0.0, None)
        for mark, text in marks.items():
            share = (mark - scale.low) / (scale.high - scale.low)
            self.text(
                left + share * width,
                top + _KEY_HEIGHT - 4,
                text,
                _SMALL_SIZE,
                _QUIET,
                ha={0.0: "left", 1.0: "right"}.get(share, "center"),
            )


def _key_width(scale: _Scale) -> float:
    """The least width at which the numbers under a key stay apart."""
    widths = [_width(text, _SMALL_SIZE) for text in scale.marks.values()]
    # The middle one is centred, so that the wider of the two at the ends counts twice.
    return max(80.0, 2 * max(widths) + (len(widths) == 3) * (widths[1] + 8) + 8)


class _Keys:
    """The keys of some scales in a row, each scale once."""

    def __init__(self, scales: Iterable[_Scale]) -> None:
        self._scales = list(dict.fromkeys(scales))
        self._widths = [max(160.0, _key_width(scale)) for scale in self._scales]

    @property
    def width(self) -> float:
        """The width of the row; 0 if there is none."""
        return sum(self._widths) + _GAP * max(0, len(self._widths) - 1)

    @property
    def height(self) -> float:
        """The height of the row, with the room above it; 0 if there is none."""
        return _KEY_GAP + _KEY_HEIGHT if self._scales else 0.0

    def draw(self, sheet: _Sheet, left: float, top: float) -> None:
        """Put them on the sheet."""
        for scale, width in zip(self._scales, self._widths, strict=True):
            sheet.key(scale, left, top + _KEY_GAP, width)
            left += width + _GAP


# ---- Grids of numbers -------------------------------------------------------------------------


@dataclass(frozen=True)
class _Block:
    """One grid with all that belongs to it, before it has a place."""

    symbol: str
    note: str
    colour: str
    values: Array
    scale: _Scale
    numerals: _Numerals | None
    """How the numbers are written; None if they are too many."""
    type_size: float
    cell: tuple[float, float]
    first_indices: tuple[int, int] = (0, 0)
    index_step: int = 1
    axes_of_array: int = 2
    has_key: bool = False

    @property
    def gutter(self) -> int:
        """The room at the left for the indices of the rows."""
        return _INDEX_WIDTH if self.numerals and self.axes_of_array >= 2 else 0

    @property
    def header(self) -> int:
        """The room above the grid for the symbol, and the indices of the columns."""
        return 48 if self.numerals else 30

    @property
    def grid(self) -> tuple[float, float]:
        """Width and height of the grid alone."""
        rows, columns = self.values.shape
        return columns * self.cell[0], rows * self.cell[1]

    @property
    def width(self) -> int:
        """The width of all of it but for the gutter."""
        caption = _width(f"${self.symbol}$", _SYMBOL_SIZE)
        if self.note:
            caption += 9 + _width(self.note, _SMALL_SIZE)
        key = _key_width(self.scale) if self.has_key else 0.0
        return math.ceil(max(self.grid[0], caption, key))

    @property
    def height(self) -> float:
        """The height of all of it."""
        return self.header + self.grid[1] + (_KEY_HEIGHT + 8 if self.has_key else 0)

    def draw(self, sheet: _Sheet, left: float, top: float) -> Axes:
        """Put it on the sheet; the axes of the grid, for what else is to be drawn there."""
        sheet.text(left, top + 20, f"${self.symbol}$", _SYMBOL_SIZE, self.colour)
        if self.note:
            after = left + _width(f"${self.symbol}$", _SYMBOL_SIZE) + 9
            sheet.text(after, top + 20, self.note, _SMALL_SIZE, _QUIET)
        colours = self.scale.colours(self.values)
        axes = sheet.picture(left, top + self.header, *self.grid, colours)
        axes.spines[:].set(color=self.colour, linewidth=1.4)
        if self.numerals:
            self._write(axes, colours, self.numerals)
        if self.has_key:
            below = top + self.header + self.grid[1] + 10
            sheet.key(self.scale, left, below, max(self.grid[0], _key_width(self.scale)))
        return axes

    def _write(self, axes: Axes, colours: Array, numerals: _Numerals) -> None:
        rows, columns = self.values.shape
        across = [[(-0.5, i - 0.5), (columns - 0.5, i - 0.5)] for i in range(1, rows)]
        down = [[(j - 0.5, -0.5), (j - 0.5, rows - 0.5)] for j in range(1, columns)]
        axes.add_collection(
            LineCollection(across + down, colors=_LINE, linewidths=0.7), autolim=False
        )
        for (i, j), value in np.ndenumerate(self.values):
            axes.text(
                j,
                i,
                numerals.write(value),
                fontsize=self.type_size,
                color=_ink_on(colours[i, j]),
                ha="center",
                va="center_baseline",
                **_FACE,
            )
        quiet: dict[str, Any] = {"fontsize": 9, "color": _QUIET, "textcoords": "offset pixels"}
        if self.axes_of_array >= 1:
            for j in range(columns):
                axes.annotate(
                    f"{self.first_indices[1] + j * self.index_step}",
                    (j, -0.5), (0, 5), ha="center", va="baseline", **quiet, **_FACE,
                )  # fmt: skip
        if self.axes_of_array >= 2:
            for i in range(rows):
                axes.annotate(
                    f"{self.first_indices[0] + i * self.index_step}",
                    (-0.5, i), (-6, 0), ha="right", va="center_baseline", **quiet, **_FACE,
                )  # fmt: skip


def _blocks(
    name: str, array: Array, scale: _Scale, size: float, has_key: bool = False
) -> list[list[_Block]]:
    """The grids that show one array: one, unless it is a stack, and as many rows as it needs."""
    planes = array.reshape(-1, *array.shape[-2:]) if array.ndim > 2 else np.atleast_2d(array)[None]
    numerals = _numerals_if_legible(array)
    while numerals and planes.shape[-1] * _cell(planes, numerals, size)[0] > _GRIDS_WIDTH:
        size -= 1
    blocks = [
        _Block(
            symbol=_symbol(name, f"({','.join(map(str, index))})" if index else ""),
            note=_note(array, numerals),
            colour=colour_of(name).light,
            values=plane,
            scale=scale,
            numerals=numerals,
            type_size=size,
            cell=_cell(planes, numerals, size),
            axes_of_array=array.ndim,
            has_key=has_key,
        )
        for index, plane in zip(np.ndindex(array.shape[:-2]), planes, strict=True)
    ]
    # A kernel of several channels has a row for each of its outputs.
    in_row = array.shape[1] if array.ndim == 4 and array.shape[1] > 1 else len(blocks)
    return [blocks[first : first + in_row] for first in range(0, len(blocks), in_row)]


def _numerals_if_legible(array: Array) -> _Numerals | None:
    """How to write the numbers of an array, unless they are too many or too long for the page."""
    rows, columns = np.atleast_2d(array).shape[-2:]
    if array.size > _MOST_WRITTEN or rows > _MOST_ROWS:
        return None
    numerals = _numerals(array)
    fits = columns * _cell(array, numerals, _SMALLEST_SIZE)[0] <= _GRIDS_WIDTH
    return numerals if fits else None


def _note(array: Array, numerals: _Numerals | None) -> str:
    """In small type beside a symbol: the shape of its grid, and the unit of the numbers."""
    if array.ndim >= 2:
        shape = f"{array.shape[-2]} × {array.shape[-1]}"
    else:
        # The indices over a vector say already how long it is.
        shape = "" if numerals else f"{array.size} numbers"
    return f"{shape}  {numerals.unit}".strip() if numerals else shape


def _cell(planes: Array, numerals: _Numerals | None, size: float) -> tuple[float, float]:
    """Width and height of a cell: room for its number, or a whole number of pixels."""
    if numerals:
        widest = max(_width(numerals.write(value), size) for value in np.unique(planes))
        least = round(3.2 * size)
        return max(least, math.ceil(widest) + 10), least
    rows, columns = planes.shape[-2:]
    if rows == 1:
        return min(38.0, _GRIDS_WIDTH / columns), 28.0
    zoom = _zoom(max(rows, columns), 168)
    # Long and thin, its cells are not square: a line of two pixels would show nothing.
    return max(zoom, 28 / columns), max(zoom, 28 / rows)


def _zoom(extent: int, target: float) -> float:
    """How large to show a pixel so that so many of them take about `target` on the page.

    A whole number, because pixels of different sizes would show; less than 1 only for a picture
    that is wider than the page.
    """
    return min(max(1.0, float(round(target / extent))), _GRIDS_WIDTH / extent)


def _rows(arrays: Iterable[list[list[_Block]]]) -> list[list[_Block]]:
    """The grids of all arrays in rows that fit on the page, those of one array together."""
    rows: list[list[_Block]] = []
    for lines in arrays:
        if rows and len(lines) == 1 and _fits([*rows[-1], *lines[0]]):
            rows[-1].extend(lines[0])
            continue
        for line in lines:
            in_row = len(line)
            while in_row > 1 and not _fits(line[:in_row]):
                in_row -= 1
            # As many in each row: two and two, not three and one.
            in_row = math.ceil(len(line) / math.ceil(len(line) / in_row))
            rows.extend(line[first : first + in_row] for first in range(0, len(line), in_row))
    return rows


def _row_width(row: Sequence[_Block]) -> int:
    """From the left edge of the first grid; its gutter is in the margin."""
    return sum(block.gutter + _GAP + block.width for block in row) - row[0].gutter - _GAP


def _fits(row: Sequence[_Block]) -> bool:
    return _row_width(row) <= _GRIDS_WIDTH


def _rows_size(rows: Sequence[Sequence[_Block]]) -> tuple[float, float, int]:
    """The width of the rows, their height, and the room for indices at their left."""
    heights = [max(block.height for block in row) for row in rows]
    return (
        max(map(_row_width, rows)),
        sum(heights) + _ROW_GAP * (len(rows) - 1),
        max(row[0].gutter for row in rows),
    )


def _draw_rows(sheet: _Sheet, rows: Sequence[Sequence[_Block]]) -> tuple[list[Axes], float]:
    """Put the rows on the sheet: the axes of their grids, and where the rows end."""
    drawn = []
    top: float = sheet.top
    for row in rows:
        left = sheet.left - row[0].gutter
        for block in row:
            left += block.gutter
            drawn.append(block.draw(sheet, left, top))
            left += block.width + _GAP
        top += max(block.height for block in row) + _ROW_GAP
    return drawn, top - _ROW_GAP


def _sheet_of_grids(rows: Sequence[Sequence[_Block]], title: str | None, shared: bool) -> _Sheet:
    width, height, indent = _rows_size(rows)
    keys = _Keys(block.scale for row in rows for block in row if shared)
    sheet = _Sheet(max(width, keys.width), height + keys.height, title, indent)
    _, end = _draw_rows(sheet, rows)
    keys.draw(sheet, sheet.left, end)
    return sheet


# ---- One step of a kernel ---------------------------------------------------------------------


@dataclass(frozen=True)
class _Step:
    """A kernel at one place: what `window` shows, checked."""

    names: tuple[str, str, str]
    image: Array
    kernel: Array
    result: Array
    b: float
    at: tuple[int, int]
    rows: range
    """The rows of the image that the kernel meets."""
    columns: range

    @property
    def patch(self) -> Array:
        """The part of the image that the kernel meets."""
        return self.image[np.ix_(self.rows, self.columns)]


def _rows_of_step(step: _Step, size: float) -> list[list[_Block]]:
    """Its grids: in one row, or the pictures first and the numbers of the window below them."""
    arrays = dict(zip(step.names, (step.image, step.kernel, step.result), strict=True))
    numerals = {name: _numerals_if_legible(array) for name, array in arrays.items()}
    pictures = [name for name in arrays if name != step.names[1] and not numerals[name]]
    scales = _scales(arrays, {name for name in pictures if _is_image(arrays[name])}, shared=True)
    # One size of pixel for all pictures, so that a result is as much smaller as it is.
    pixel = _zoom(max((max(arrays[name].shape) for name in pictures), default=1), 200)
    # And, if there is room, one size of cell for all numbers, so that the kernel is as large as
    # the window it lies on.
    written = [array for array in (*arrays.values(), step.patch) if _numerals_if_legible(array)]
    common = max((_cell(array, _numerals(array), size) for array in written), default=(0.0, 0.0))
    if any(array.shape[1] * common[0] > _GRIDS_WIDTH for array in written):
        common = (0.0, 0.0)

    def block(name: str, array: Array) -> _Block:
        numerals = _numerals_if_legible(array)
        return _Block(
            symbol=_symbol(name),
            note=_note(array, numerals),
            colour=colour_of(name).light,
            values=array,
            scale=scales[name],
            numerals=numerals,
            type_size=size,
            cell=max(common, _cell(array, numerals, size)) if numerals else (pixel, pixel),
        )

    image, kernel, result = (block(name, array) for name, array in arrays.items())
    if image.numerals:
        return _rows([[[image]], [[kernel]], [[result]]])
    enlarged = replace(
        block(step.names[0], step.patch),
        note="in the window",
        first_indices=(step.rows[0], step.columns[0]),
        index_step=step.rows.step,
    )
    return [*_rows([[[image]], [[result]]]), *_rows([[[enlarged]], [[kernel]]])]


def _sheet_of_step(step: _Step, title: str | None) -> _Sheet:
    usual = [_rows_of_step(step, size) for size in _CELL_SIZES]
    smaller = [_rows_of_step(step, size) for size in (10, _SMALLEST_SIZE)]
    fitting = (
        [rows for rows in usual if all(map(_fits, rows))]
        or [rows for rows in smaller if all(map(_fits, rows))]
        or smaller
    )
    rows = min(fitting, key=len)
    total, size = _sum_of(step).fitted(_GRIDS_WIDTH)
    keys = _Keys(block.scale for row in rows for block in row)
    width, height, indent = _rows_size(rows)
    width = max(width, total.width(size), keys.width)
    height += _ROW_GAP + total.height(size) + keys.height
    sheet = _Sheet(width, height, title, indent)
    drawn, end = _draw_rows(sheet, rows)
    total.draw(sheet, sheet.left, end + _ROW_GAP, size)
    keys.draw(sheet, sheet.left, end + _ROW_GAP + total.height(size))

    for block, axes in zip((block for row in rows for block in row), drawn, strict=True):
        if block.values is step.image:
            colour = colour_of(step.names[1]).light
            _outline(axes, step.rows, step.columns, colour, block.cell)
        if block.values is step.result:
            i, j = step.at
            _outline(axes, range(i, i + 1), range(j, j + 1), block.colour, block.cell)
    return sheet


def _outline(
    axes: Axes, rows: range, columns: range, colour: str, cell: tuple[float, float]
) -> None:
    """A frame around a window, or around each of its cells if there are others between them."""
    if rows.step == columns.step == 1:
        frames = [(columns[0], rows[0], len(columns), len(rows))]
    else:
        frames = [(j, i, 1, 1) for i in rows for j in columns]
    line = 2.4 if cell[0] >= 20 else 1.4
    for left, top, width, height in frames:
        axes.add_patch(
            Rectangle(
                (left - 0.5, top - 0.5),
                width,
                height,
                fill=False,
                edgecolor=colour,
                linewidth=line,
                clip_on=False,
                zorder=5,
                # A halo sets it off from cells of any colour.
                path_effects=[withStroke(linewidth=2 * line, foreground="white")],
            )
        )


_Token = tuple[str, str]
"""A piece of a sum, and its colour."""


@dataclass(frozen=True)
class _Sum:
    """A sum in lines and columns. A line is a label, and terms of an operator and a body."""

    labels: list[list[_Token]]
    terms: list[list[tuple[str, list[_Token]]]]

    def columns(self, size: float) -> tuple[float, list[float], list[float]]:
        """The widths of the labels, and of the operators and the bodies in each column."""
        count = max(len(line) for line in self.terms)
        operators, bodies = [0.0] * count, [0.0] * count
        for line in self.terms:
            for column, (operator, body) in enumerate(line):
                operators[column] = max(operators[column], _width(operator, size))
                bodies[column] = max(bodies[column], _tokens_width(body, size))
        return max(_tokens_width(label, size) for label in self.labels), operators, bodies

    def width(self, size: float) -> float:
        """The width of all columns."""
        label, operators, bodies = self.columns(size)
        return label + sum(operators) + sum(bodies) + _TERM_GAP * 2 * len(bodies)

    def fitted(self, width: float) -> tuple["_Sum", float]:
        """The same sum, in more lines if need be, and the largest type in which it fits."""
        for in_line in range(max(len(line) for line in self.terms), 0, -1):
            labels, terms = [], []
            for label, line in zip(self.labels, self.terms, strict=True):
                even = math.ceil(len(line) / math.ceil(len(line) / in_line))
                parts = [line[first : first + even] for first in range(0, len(line), even)]
                labels += [label, *([] for _ in parts[1:])]
                terms += parts
            narrow = _Sum(labels, terms)
            for size in (12, 11, 10, _SMALLEST_SIZE):
                if narrow.width(size) <= width:
                    return narrow, size
        return narrow, _SMALLEST_SIZE

    def height(self, size: float) -> float:
        """The height of all lines."""
        return len(self.terms) * _sum_line(size)

    def draw(self, sheet: _Sheet, left: float, top: float, size: float) -> None:
        """Put it on the sheet in pieces, because a matplotlib text has only one colour."""
        label_width, operators, bodies = self.columns(size)
        baseline = top + 0.75 * _sum_line(size)
        for label, terms in zip(self.labels, self.terms, strict=True):
            start = left + label_width
            _draw_tokens(sheet, start - _tokens_width(label, size), baseline, label, size)
            start += _TERM_GAP
            for column, (operator, body) in enumerate(terms):
                _draw_tokens(sheet, start, baseline, [(operator, _INK)], size)
                start += operators[column] + (_TERM_GAP if operators[column] else 0)
                _draw_tokens(sheet, start, baseline, body, size)
                start += bodies[column] + _TERM_GAP
            baseline += _sum_line(size)


def _sum_line(size: float) -> float:
    return 1.15 * _line_height(size)


def _token_size(text: str, size: float) -> float:
    """A symbol is set larger than the numbers, or its indices would be too small."""
    return 1.25 * size if text.startswith("$") else size


def _tokens_width(tokens: Iterable[_Token], size: float) -> float:
    return sum(_width(text, _token_size(text, size)) + 3 for text, _ in tokens)


def _draw_tokens(
    sheet: _Sheet, left: float, baseline: float, tokens: Iterable[_Token], size: float
) -> None:
    for text, colour in tokens:
        if text:
            sheet.text(left, baseline, text, _token_size(text, size), colour)
        left += _tokens_width([(text, colour)], size)


def _sum_of(step: _Step) -> _Sum:
    """The sum as it is written out, a line for each row of the kernel."""
    image_colour, kernel_colour, result_colour = (colour_of(name).light for name in step.names)
    in_image = _numerals_if_legible(step.image) or _numerals(step.patch)
    in_kernel, in_result = _numerals(step.kernel), _numerals(step.result)

    def number(numerals: _Numerals, value: float) -> str:
        return _short(value) if numerals.exponent else numerals.write(value)

    def term(weight: float, pixel: float) -> tuple[str, list[_Token]]:
        factor = number(in_image, pixel)
        return _sign(weight), [
            (number(in_kernel, abs(weight)), kernel_colour),
            ("·", _INK),
            (f"({factor})" if pixel < 0 else factor, image_colour),
        ]

    terms = [
        [term(weight, pixel) for weight, pixel in zip(weights, pixels, strict=True)]
        for weights, pixels in zip(step.kernel, step.patch, strict=True)
    ]
    if step.kernel.size > _MOST_TERMS:
        everything = [one for line in terms for one in line]
        terms = [[*everything[:3], ("+", [("⋯", _INK)]), everything[-1]]]
    first_sign, first_body = terms[0][0]
    terms[0][0] = (first_sign.strip("+"), first_body)
    if step.b:
        terms.append([(_sign(step.b), [(_short(abs(step.b)), ROLES["bias"].light)])])
    terms.append([("", [(number(in_result, float(step.result[step.at])), result_colour)])])

    exact = in_image.exact and in_kernel.exact
    name = _symbol(step.names[2], lower=_two_indices(*step.at))
    labels: list[list[_Token]] = [[] for _ in terms]
    labels[0] = [(f"${name}$", result_colour), ("=" if exact else "≈", _INK)]
    labels[-1] = [("=" if exact and in_result.exact else "≈", _INK)]
    return _Sum(labels, terms)


def _sign(number: float) -> str:
    return "\N{MINUS SIGN}" if number < 0 else "+"


# ---- Pictures ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Print:
    """One picture with what belongs under it, before it has a place."""

    colours: Array
    pixel: float
    caption: list[str]
    key: _Scale | None

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the picture alone."""
        return self.colours.shape[1] * self.pixel, self.colours.shape[0] * self.pixel

    @property
    def caption_height(self) -> int:
        """The height of the caption, with the room above it."""
        return 5 + len(self.caption) * _line_height(_CAPTION_SIZE) if self.caption else 0


def _sheet_of_pictures(
    pictures: Sequence[Array], captions: Sequence[str], title: str | None, shared: bool
) -> _Sheet:
    signed = [picture for picture in pictures if not _is_image(picture)]
    scales = [
        _UNIT_GREY if _is_image(one) else _picture_scale(signed if shared else [one])
        for one in pictures
    ]
    keys = _Keys(scale for scale in scales if shared and not scale.grey)
    own_keys = [None if shared or scale.grey else scale for scale in scales]
    columns, column, pixels = _columns(
        [picture.shape[-2:] for picture in pictures],
        max((_key_width(key) for key in own_keys if key), default=0.0),
    )
    prints = [
        _Print(
            colours=one.transpose(1, 2, 0) if one.ndim == 3 else scale.colours(one),
            pixel=pixel,
            caption=_wrapped(caption, _CAPTION_SIZE, column + _PICTURE_GAP - 8),
            key=key,
        )
        for one, pixel, scale, key, caption in zip(
            pictures, pixels, scales, own_keys, captions or [""] * len(pictures), strict=True
        )
    ]
    rows = [prints[first : first + columns] for first in range(0, len(prints), columns)]
    height = _PICTURE_GAP * (len(rows) - 1) + sum(sum(_parts_of_row(row)) for row in rows)
    width = columns * (column + _PICTURE_GAP) - _PICTURE_GAP

    sheet = _Sheet(max(width, keys.width), height + keys.height, title)
    top: float = sheet.top
    for row in rows:
        picture_height, caption_height, key_height = _parts_of_row(row)
        for number, one in enumerate(row):
            left = sheet.left + number * (column + _PICTURE_GAP)
            _draw_print(sheet, one, left, top, column, picture_height, caption_height)
        top += picture_height + caption_height + key_height + _PICTURE_GAP
    keys.draw(sheet, sheet.left, top - _PICTURE_GAP)
    return sheet


def _columns(shapes: Sequence[tuple[int, ...]], least: float) -> tuple[int, int, list[float]]:
    """How many columns there are, how wide each is, and how large the pixels of each picture.

    A column is as wide as the widest picture, but not narrower than a caption needs, or `least`.
    """
    for columns in range(min(_MOST_IN_ROW, len(shapes)), 0, -1):
        target = min(256.0, (_USABLE + _PICTURE_GAP) / columns - _PICTURE_GAP)
        pixels = [_zoom(max(shape), max(shape) * (target // max(shape))) for shape in shapes]
        widest = max(pixel * shape[1] for pixel, shape in zip(pixels, shapes, strict=True))
        column = math.ceil(max(widest, least, 100))
        if columns * (column + _PICTURE_GAP) - _PICTURE_GAP <= _USABLE:
            break
    # As many in each row: four and three, not five and two.
    return math.ceil(len(shapes) / math.ceil(len(shapes) / columns)), column, pixels


def _parts_of_row(row: Sequence[_Print]) -> tuple[float, float, float]:
    """The heights of a row's pictures, captions and keys."""
    return (
        max(one.size[1] for one in row),
        max(one.caption_height for one in row),
        _KEY_HEIGHT + 8 if any(one.key for one in row) else 0,
    )


def _draw_print(
    sheet: _Sheet,
    one: _Print,
    left: float,
    top: float,
    column: float,
    picture_height: float,
    caption_height: float,
) -> None:
    """Put it in the middle of its column, captions and keys level with those beside it."""
    width, height = one.size
    indent = (column - width) // 2
    sheet.picture(left + indent, top, width, height, one.colours)
    line = _line_height(_CAPTION_SIZE)
    for number, text in enumerate(one.caption):
        baseline = top + picture_height + 5 + (number + 0.78) * line
        sheet.text(left + column / 2, baseline, text, _CAPTION_SIZE, ha="center")
    if one.key:
        key_width = min(column, max(_key_width(one.key), width))
        below = top + picture_height + caption_height + 8
        sheet.key(one.key, left + (column - key_width) // 2, below, key_width)


# ---- Curves -----------------------------------------------------------------------------------


def _sheet_of_curves(
    places: Array,
    heights: Mapping[str, Array],
    title: str | None,
    labels: tuple[str, str],
    log: bool,
    gutter: float | None = None,
) -> _Sheet:
    """The curves, with room at the left for the numbers of the vertical axis."""
    names = {
        name: [f"${_symbol(name)}$"] if role_of(name) else _wrapped(name, _CAPTION_SIZE, 180)
        for name in heights
    }
    line = _line_height(_CAPTION_SIZE)
    plot_height = max(_PLOT_HEIGHT, line * sum(map(len, names.values())))
    right = _LEADER + 4 + max(_width(text, _CAPTION_SIZE) for one in names.values() for text in one)
    above = line + 8 if labels[1] else 8
    below = 30 + (line if labels[0] else 0)
    left = 80 if gutter is None else gutter
    plot_width = min(_PLOT_WIDTH, _USABLE - left - right)
    sheet = _Sheet(left + plot_width + right, above + plot_height + below, title)
    axes = sheet.axes(sheet.left + left, sheet.top + above, plot_width, plot_height)
    _draw_curves(axes, places, heights, log)
    if gutter is None:
        # How much room its numbers take is only known when the axis is there: draw it again.
        numbers = axes.yaxis.get_tightbbox()
        return _sheet_of_curves(
            places, heights, title, labels, log, math.ceil(numbers.width) + 8 if numbers else 8
        )
    _name_curves(axes, heights, names, line)
    if labels[0]:
        sheet.text(
            sheet.left + left + plot_width,
            sheet.top + above + plot_height + below - 6,
            labels[0],
            _CAPTION_SIZE,
            ha="right",
        )
    if labels[1]:
        sheet.text(sheet.left, sheet.top + 0.78 * line, labels[1], _CAPTION_SIZE)
    return sheet


_IN_TURN: Final = (
    *((colour.light, "-") for colour in FALLBACKS),
    *((ROLES[role].light, (0, (4, 1.5))) for role in ("kernel", "input", "bias", "output")),
)
"""The colours and dashes of curves without a role."""


def _draw_curves(axes: Axes, places: Array, heights: Mapping[str, Array], log: bool) -> None:
    turns = iter(_IN_TURN)
    for name, line in heights.items():
        colour, dashes = (colour_of(name).light, "-") if role_of(name) else next(turns)
        axes.plot(places, line, label=name, color=colour, linestyle=dashes, linewidth=2.2)
        if places.size == 1:
            axes.plot(places, line, color=colour, marker="o")
    axes.set_yscale("log" if log else "linear")
    axes.xaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 5, 10]))
    if log:
        low, high = axes.get_ylim()
        # Powers of ten alone would be too few for less than two decades.
        marks = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8) if high < 4 * low else (1, 2, 5)
        axes.yaxis.set_major_locator(LogLocator(subs=marks if high < 100 * low else (1,)))
    else:
        axes.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda value, _: _short(value, digits=6))
    if places.min() < places.max():
        axes.set_xlim(places.min(), places.max())
    axes.grid(color="#e3e6ea", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set(color=_LINE, linewidth=0.8)
    axes.tick_params(which="both", color=_LINE, labelcolor=_QUIET, labelsize=10.5, length=4)
    axes.tick_params(which="minor", length=0, labelleft=False)
    if not log and axes.get_ylim()[0] < 0 < axes.get_ylim()[1]:
        axes.axhline(0, color="#8b949e", linewidth=0.9, zorder=1)


def _name_curves(
    axes: Axes, heights: Mapping[str, Array], names: Mapping[str, list[str]], line: float
) -> None:
    """Each name at the height where its curve ends, moved apart where they would meet."""
    ends = {}
    for name, curve in heights.items():
        shown = curve[np.isfinite(curve)].clip(*axes.get_ylim())
        # From numbers to pixels, and from those to shares of the height.
        end = axes.transData.transform((0, shown[-1] if shown.size else axes.get_ylim()[0]))
        ends[name] = float(axes.transAxes.inverted().transform(end)[1])
    order = sorted(ends, key=lambda name: ends[name])
    sizes = [len(names[name]) * line / axes.bbox.height for name in order]
    drawn = {one.get_label(): one for one in axes.lines}
    for name, middle in zip(order, _apart([ends[name] for name in order], sizes), strict=True):
        line_drawn = drawn[name]
        axes.annotate(
            "\n".join(names[name]),
            (1, ends[name]),
            (_LEADER + 4, (middle - ends[name]) * axes.bbox.height),
            xycoords="axes fraction",
            textcoords="offset pixels",
            va="center",
            fontsize=_CAPTION_SIZE,
            color=line_drawn.get_color(),
            **_FACE,
        )
        axes.plot(
            [1, 1 + _LEADER / axes.bbox.width],
            [ends[name], middle],
            transform=axes.transAxes,
            color=line_drawn.get_color(),
            linestyle=line_drawn.get_linestyle(),
            linewidth=1.2,
            clip_on=False,
        )


def _apart(middles: Sequence[float], sizes: Sequence[float]) -> list[float]:
    """The middles of intervals of these sizes between 0 and 1, moved until they do not overlap.

    They are given in ascending order. Those that did overlap are set one upon another, around
    the mean of where they wanted to be.
    """
    groups: list[tuple[list[float], list[float]]] = []
    for middle, size in zip(middles, sizes, strict=True):
        groups.append(([middle], [size]))
        while len(groups) > 1 and _foot(*groups[-1]) < _foot(*groups[-2]) + sum(groups[-2][1]):
            wishes, heights = groups.pop()
            groups[-1][0].extend(wishes)
            groups[-1][1].extend(heights)
    placed = []
    for wishes, heights in groups:
        foot = _foot(wishes, heights)
        for height in heights:
            placed.append(foot + height / 2)
            foot += height
    return placed


def _foot(wishes: Sequence[float], heights: Sequence[float]) -> float:
    """Where a pile of intervals begins that has its middle where its members wish, if it can."""
    foot = sum(wishes) / len(wishes) - sum(heights) / 2
    return max(0.0, min(foot, 1 - sum(heights)))
