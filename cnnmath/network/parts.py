"""What a network is put together from: layers, and layers in a row or side by side.

A part knows its sizes, but holds no numbers: `start` draws its parameters, and every call is given
them. What the way back needs is kept by the caller, so a part cannot mistake one picture's way
forwards for another's.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from cnnmath.errors import ShapeError
from cnnmath.layers.activation import relu, relu_backward
from cnnmath.layers.arguments import FloatArray
from cnnmath.layers.convolution import conv2d, conv2d_backward
from cnnmath.layers.dense import dense, dense_backward
from cnnmath.layers.geometry import output_size
from cnnmath.layers.pooling import max_pool2d, max_pool2d_backward

Shape: TypeAlias = tuple[int, ...]
"""Of one example, without the axis of the batch."""

Parameters: TypeAlias = Mapping[str, FloatArray]
Gradients: TypeAlias = dict[str, FloatArray]
Kept: TypeAlias = Any


class Part:
    """A layer, or several as one.

    What a subclass says: `after`, the shape of its result; `start`, its parameters at the
    beginning; `forward` and `backward`; and how many multiplications it makes for an example.
    """

    def after(self, shape: Shape) -> Shape:
        """The shape of the result for an example of this shape. Raises ShapeError if none fits."""
        return shape

    def start(self, shape: Shape, rng: np.random.Generator) -> Gradients:
        """Parameters to begin with, for examples of this shape."""
        return {}

    def forward(self, x: FloatArray, parameters: Parameters) -> tuple[FloatArray, Kept]:
        """The result for a batch, and what the way back will need."""
        raise NotImplementedError

    def backward(
        self, dy: FloatArray, kept: Kept, parameters: Parameters
    ) -> tuple[FloatArray, Gradients]:
        """The gradient at the input, and those of the parameters."""
        raise NotImplementedError

    def multiplications(self, shape: Shape) -> int:
        return 0


def drawn(rng: np.random.Generator, shape: Shape, reads: int) -> FloatArray:
    """Weights of variance 2 / reads, with which ReLUs keep the size of what goes through them.

    Source: He, Zhang, Ren and Sun, Delving deep into rectifiers (2015), equation 10.
    """
    return rng.normal(scale=math.sqrt(2 / reads), size=shape)


@dataclass(frozen=True)
class Conv(Part):
    """`conv2d`: this many kernels of size × size, each with a bias."""

    kernels: int
    size: int
    stride: int = 1
    padding: int = 0

    def after(self, shape: Shape) -> Shape:
        _, height, width = image(self, shape)
        sizes = (
            output_size(length, self.size, self.stride, self.padding) for length in (height, width)
        )
        return (self.kernels, *sizes)

    def start(self, shape: Shape, rng: np.random.Generator) -> Gradients:
        channels, *_ = image(self, shape)
        w = drawn(rng, (self.kernels, channels, self.size, self.size), channels * self.size**2)
        return {"w": w, "b": np.zeros(self.kernels)}

    def forward(self, x: FloatArray, parameters: Parameters) -> tuple[FloatArray, Kept]:
        w, b = parameters["w"], parameters["b"]
        return conv2d(x, w, b, stride=self.stride, padding=self.padding), x

    def backward(
        self, dy: FloatArray, kept: Kept, parameters: Parameters
    ) -> tuple[FloatArray, Gradients]:
        options = {"stride": self.stride, "padding": self.padding}
        dx, dw, db = conv2d_backward(dy, kept, parameters["w"], **options)
        return dx, {"w": dw, "b": db}

    def multiplications(self, shape: Shape) -> int:
        return math.prod(self.after(shape)) * shape[0] * self.size**2


@dataclass(frozen=True)
class ReLU(Part):
    """`relu`: max(0, x), number by number."""

    def forward(self, x: FloatArray, parameters: Parameters) -> tuple[FloatArray, Kept]:
        return relu(x), x

    def backward(
        self, dy: FloatArray, kept: Kept, parameters: Parameters
    ) -> tuple[FloatArray, Gradients]:
        return relu_backward(dy, kept), {}


@dataclass(frozen=True)
class MaxPool(Part):
    """`max_pool2d`: the largest number of each window of size × size, side by side."""

    size: int

    def after(self, shape: Shape) -> Shape:
        channels, height, width = image(self, shape)
        sizes = (output_size(length, self.size, self.size, 0) for length in (height, width))
        return (channels, *sizes)

    def forward(self, x: FloatArray, parameters: Parameters) -> tuple[FloatArray, Kept]:
        return max_pool2d(x, self.size), x

    def backward(
        self, dy: FloatArray, kept: Kept, parameters: Parameters
    ) -> tuple[FloatArray, Gradients]:
        return max_pool2d_backward(dy, kept, self.size), {}


@dataclass(frozen=True)
class Dense(Part):
    """`dense`: this many results, each of which weighs every number of the input."""

    units: int

    def after(self, shape: Shape) -> Shape:
        return (self.units,)

    def start(self, shape: Shape, rng: np.random.Generator) -> Gradients:
        reads = math.prod(shape)
        return {"w": drawn(rng, (self.units, reads), reads), "b": np.zeros(self.units)}

    def forward(self, x: FloatArray, parameters: Parameters) -> tuple[FloatArray, Kept]:
        return dense(x, parameters["w"], parameters["b"]), x

    def backward(
        self, dy: FloatArray, kept: Kept, parameters: Parameters
    ) -> tuple[FloatArray, Gradients]:
        dx, dw, db = dense_backward(dy, kept, parameters["w"])
        return dx, {"w": dw, "b": db}

    def multiplications(self, shape: Shape) -> int:
        return self.units * math.prod(shape)


class Together(Part):
    """Several parts as one; the parameters of each go by its name in front of their own."""

    def __init__(self, *parts: Part) -> None:
        counts: dict[str, int] = {}
        self.parts: dict[str, Part] = {}
        for part in parts:
            kind = type(part).__name__.lower()
            counts[kind] = counts.get(kind, 0) + 1
            self.parts[f"{kind}{counts[kind]}"] = part

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(repr, self.parts.values()))})"

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.parts == getattr(other, "parts", None)

    __hash__ = None  # type: ignore[assignment]

    def given(self, shape: Shape) -> Iterator[tuple[str, Part, Shape]]:
        """Each part with its name, and the shape of what it is given."""
        raise NotImplementedError

    def start(self, shape: Shape, rng: np.random.Generator) -> Gradients:
        return {
            f"{name}.{own}": array
            for name, part, before in self.given(shape)
            for own, array in part.start(before, rng).items()
        }

    def multiplications(self, shape: Shape) -> int:
        return sum(part.multiplications(before) for _, part, before in self.given(shape))


def own(name: str, parameters: Parameters) -> Parameters:
    """Of all parameters those of the part of this name, by their own names."""
    start = f"{name}."
    return {
        key.removeprefix(start): one for key, one in parameters.items() if key.startswith(start)
    }


class Row(Together):
    """One part after the other. A row of no parts hands on what it is given."""

    def given(self, shape: Shape) -> Iterator[tuple[str, Part, Shape]]:
        for name, part in self.parts.items():
            yield name, part, shape
            shape = part.after(shape)

    def after(self, shape: Shape) -> Shape:
        for part in self.parts.values():
            shape = part.after(shape)
        return shape

    def forwards(
        self, x: FloatArray, parameters: Parameters
    ) -> Iterator[tuple[str, FloatArray, Kept]]:
        """Part by part its name, its result, and what its way back will need."""
        for name, part in self.parts.items():
            x, kept = part.forward(x, own(name, parameters))
            yield name, x, kept

    def backwards(
        self, dy: FloatArray, kept: Mapping[str, Kept], parameters: Parameters
    ) -> Iterator[tuple[str, FloatArray, Gradients]]:
        """From the last part to the first its name, the gradient at its input, and its own."""
        for name, part in reversed(self.parts.items()):
            dy, found = part.backward(dy, kept[name], own(name, parameters))
            yield name, dy, {f"{name}.{key}": one for key, one in found.items()}

    def forward(self, x: FloatArray, parameters: Parameters) -> tuple[FloatArray, Kept]:
        all_kept = {}
        for name, y, kept in self.forwards(x, parameters):
            x, all_kept[name] = y, kept
        return x, all_kept

    def backward(
        self, dy: FloatArray, kept: Kept, parameters: Parameters
    ) -> tuple[FloatArray, Gradients]:
        gradients: Gradients = {}
        for _, dx, found in self.backwards(dy, kept, parameters):
            dy = dx
            gradients |= found
        return dy, gradients


class Sum(Together):
    """Parts side by side that are all given the same; their results are added.

    What is read by several hands its gradient to none of them alone: theirs are added as well.
    """

    def given(self, shape: Shape) -> Iterator[tuple[str, Part, Shape]]:
        return ((name, part, shape) for name, part in self.parts.items())

    def after(self, shape: Shape) -> Shape:
        shapes = {part.after(shape) for part in self.parts.values()}
        if len(shapes) != 1:
            found = ", ".join(map(str, sorted(shapes))) or "none"
            raise ShapeError(f"Sum: expected parts whose results have one shape, got {found}")
        return shapes.pop()

    def forward(self, x: FloatArray, parameters: Parameters) -> tuple[FloatArray, Kept]:
        results = {
            name: part.forward(x, own(name, parameters)) for name, part in self.parts.items()
        }
        total: FloatArray = np.sum([y for y, _ in results.values()], axis=0)
        return total, {name: kept for name, (_, kept) in results.items()}

    def backward(
        self, dy: FloatArray, kept: Kept, parameters: Parameters
    ) -> tuple[FloatArray, Gradients]:
        gradients: Gradients = {}
        arriving = []
        for name, part in self.parts.items():
            dx, found = part.backward(dy, kept[name], own(name, parameters))
            arriving.append(dx)
            gradients |= {f"{name}.{key}": one for key, one in found.items()}
        total: FloatArray = np.sum(arriving, axis=0)
        return total, gradients


def image(part: Part, shape: Shape) -> Shape:
    """The shape, if it is that of an image."""
    if len(shape) != 3:
        raise ShapeError(f"{part}: expected an image (C, H, W), got shape {shape}")
    return shape
