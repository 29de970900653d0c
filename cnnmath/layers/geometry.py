"""How a window moves over an image: the sizes and places of convolution and pooling alike."""

from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

from cnnmath.errors import ArrayValueError, ShapeError
from cnnmath.layers.arguments import Pair, integer, pair

__all__ = ["output_size"]


class Axis(NamedTuple):
    """How a kernel moves along one axis of an image."""

    size: int
    kernel: int
    stride: int
    padding: int
    """Zeros before the image."""

    dilation: int
    places: int
    after: int
    """Zeros after the image."""

    @property
    def padded_size(self) -> int:
        return self.padding + self.size + self.after

    @property
    def span(self) -> int:
        return _span(self.kernel, self.dilation)

    @property
    def inside(self) -> slice:
        """The image itself, within its padding."""
        return slice(self.padding, self.padding + self.size)

    @property
    def turned_around(self) -> "Axis":
        """The axis of the convolution that leads back, without a stride and with no more padding
        than the kernel spans beside its middle element.
        """
        padding = self.span - 1 - self.padding
        after = self.size + self.span - 1 - self.places - padding
        return self._replace(size=self.places, places=self.size, padding=padding, after=after)

    def seen_by(self, element: int) -> slice:
        """What one element of the kernel meets, place after place, in the padded image."""
        first = element * self.dilation
        last = first + (self.places - 1) * self.stride
        return slice(first, last + 1, self.stride)

    def met_by(self, element: int) -> tuple[slice, slice]:
        """At which places one element of the kernel meets the image itself, and what it meets."""
        offset = element * self.dilation - self.padding
        first = max(0, -(offset // self.stride))
        last = min(self.places - 1, (self.size - 1 - offset) // self.stride)
        places = slice(first, max(first, last + 1))
        start, stop = (place * self.stride + offset for place in (places.start, places.stop))
        return places, slice(start, stop, self.stride)


Axes: TypeAlias = tuple[Axis, ...]
"""The vertical and the horizontal one."""


def output_size(
    size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> int:
    r"""How many places a kernel can take along one axis: the size of the result on that axis.

    $$\left\lfloor \frac{size + 2\,padding - dilation\,(kernel - 1) - 1}{stride} \right\rfloor + 1$$

    `padding` is the number of zeros at each end. `dilation` is the distance between neighbouring
    elements of the kernel: 1 for an ordinary kernel.

    Returns the size, at least 1.

    Raises ShapeError if the dilated kernel is larger than the padded input.
    Raises ArrayValueError if an argument is not an integer, size or padding is negative, or one of
    the others is less than 1.

    Source: Dumoulin and Visin, arXiv 1603.07285, relationships 6 and 15.
    """
    size = integer("size", size, least=0)
    kernel = integer("kernel", kernel, least=1)
    stride = integer("stride", stride, least=1)
    padding = integer("padding", padding, least=0)
    dilation = integer("dilation", dilation, least=1)
    span = _span(kernel, dilation)
    padded = size + 2 * padding
    if span > padded:
        raise ShapeError(
            f"a kernel of size {kernel} with dilation {dilation} spans {span}, "
            f"but an input of size {size} with padding {padding} at each end has only {padded}"
        )
    return (padded - span) // stride + 1


def axes_of(
    name: str,
    image: tuple[int, ...],
    kernel: tuple[int, ...],
    stride: int | Pair,
    padding: int | Pair | Literal["same"],
    dilation: int | Pair,
) -> Axes:
    """Lay a kernel over an image; errors call the kernel by the `name` of its argument."""
    if isinstance(padding, str):
        if padding != "same":
            raise ArrayValueError(
                f"padding: expected an integer of at least 0, a pair of these or 'same', "
                f"got {padding!r}"
            )
        return _same(image, kernel, stride, dilation)
    strides = pair("stride", stride, least=1)
    zeros = pair("padding", padding, least=0)
    return _laid(name, image, kernel, strides, zeros, pair("dilation", dilation, least=1))


@lru_cache(maxsize=256)  # the layers of a network are called with the same sizes again and again
def _laid(name: str, *settings: tuple[int, ...]) -> Axes:
    return tuple(
        _axis(name, label, *setting)
        for label, *setting in zip(("height", "width"), *settings, strict=True)
    )


def _axis(
    name: str, label: str, size: int, kernel: int, stride: int, padding: int, dilation: int
) -> Axis:
    try:
        places = output_size(size, kernel, stride, padding, dilation)
    except ShapeError as error:
        raise ShapeError(f"{name}: does not fit x along the {label}: {error}") from None
    return Axis(size, kernel, stride, padding, dilation, places, padding)


def _same(
    image: tuple[int, ...], kernel: tuple[int, ...], stride: int | Pair, dilation: int | Pair
) -> Axes:
    """As many zeros as it takes for a place for every pixel."""
    if pair("stride", stride, least=1) != (1, 1):
        raise ArrayValueError(
            f"padding: 'same' with the stride {stride} means ceil(size / stride) places to some, "
            "and nothing to others: give the number of zeros"
        )
    settings = zip(image, kernel, pair("dilation", dilation, least=1), strict=True)
    return tuple(
        Axis(size, elements, 1, (_span(elements, d) - 1) // 2, d, size, _span(elements, d) // 2)
        for size, elements, d in settings
    )


def _span(kernel: int, dilation: int) -> int:
    return dilation * (kernel - 1) + 1
