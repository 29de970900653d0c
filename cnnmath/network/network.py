"""A network that tells classes apart: its parameters, its way forwards, and the way back."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from cnnmath.errors import ShapeError
from cnnmath.layers.arguments import FloatArray, floats
from cnnmath.layers.loss import cross_entropy, cross_entropy_backward, softmax
from cnnmath.network.learning import can_learn, scores_and_way_back
from cnnmath.network.parts import Gradients, Part, Row, Shape, own


class Backward(NamedTuple):
    """What one way forwards and back gives for a batch."""

    error: float
    """The mean cross-entropy."""

    scores: FloatArray
    """(N, D), before the softmax."""

    stages: dict[str, FloatArray]
    """The gradient at the result of each part of the row, and at the input as "x"."""

    parameters: Gradients
    """The gradient of each parameter, by its name."""


class Network:
    """Parts in a row, with their parameters. The last part gives a score for each class.

    >>> Network((1, 28, 28), Conv(8, 5), ReLU(), MaxPool(2), Dense(10))

    shape : (C, H, W), or whatever the first part takes, of one example
    parts : what follows one another
    seed : of the parameters to begin with, which are the same on one machine for the same seed
    dtype : of the parameters, and so of all that is calculated

    `parameters` are the arrays by their names, such as "conv1.w". They may be changed, and a step
    of training changes them.

    Raises ShapeError if a part cannot take what the one before gives, or if the last one gives no
    axis of classes.
    """

    def __init__(
        self, shape: Shape, *parts: Part, seed: int = 0, dtype: DTypeLike = np.float32
    ) -> None:
        self.shape = tuple(shape)
        self.row = Row(*parts)
        result = self.row.after(self.shape)
        if len(result) != 1:
            raise ShapeError(f"the last part must give (D,), a score a class; it gives {result}")
        drawn = self.row.start(self.shape, np.random.default_rng(seed))
        self.parameters: Gradients = {name: one.astype(dtype) for name, one in drawn.items()}

    def __repr__(self) -> str:
        return f"Network({self.shape}, {', '.join(map(repr, self.row.parts.values()))})"

    def __call__(self, x: ArrayLike) -> FloatArray:
        """The scores of a batch: (N, …) to (N, D). Raises ShapeError if x is no such batch."""
        scores, _ = self.row.forward(self._batch(x), self.parameters)
        return scores

    def probabilities(self, x: ArrayLike) -> FloatArray:
        """The softmax of the scores: (N, …) to (N, D)."""
        return softmax(self(x))

    def read(self, x: ArrayLike) -> NDArray[np.intp]:
        """The class of the largest score of each example: (N, …) to (N,). The first of equals."""
        classes: NDArray[np.intp] = self(x).argmax(axis=1)
        return classes

    def stages(self, x: ArrayLike) -> dict[str, FloatArray]:
        """The batch as "x", and the result of each part of the row by its name."""
        batch = self._batch(x)
        results = self.row.forwards(batch, self.parameters)
        return {"x": batch} | {name: y for name, y, _ in results}

    def error(self, x: ArrayLike, labels: ArrayLike) -> float:
        """The mean cross-entropy of a batch (N, …) and its labels (N,)."""
        return cross_entropy(self(x), labels)

    def backward(self, x: ArrayLike, labels: ArrayLike) -> Backward:
        """The error of a batch, and its gradient at every stage and for every parameter."""
        scores, kept = self.row.forward(self._batch(x), self.parameters)
        error, dy = cross_entropy(scores, labels), cross_entropy_backward(scores, labels)
        before = dict(zip(self.row.parts, ["x", *self.row.parts], strict=False))
        stages, gradients = {list(self.row.parts)[-1]: dy}, Gradients()
        for name, dx, found in self.row.backwards(dy, kept, self.parameters):
            stages[before[name]] = dx
            gradients |= found
        return Backward(error, scores, stages, gradients)

    def gradients(self, x: ArrayLike, labels: ArrayLike) -> tuple[float, Gradients]:
        """The error of a batch, and its gradient for every parameter, but at no stage: what it
        takes to learn. Of finite numbers all is as in `backward`, but for rounding; where there is
        a faster way, by that.
        """
        if not can_learn(self.row.parts):
            found = self.backward(x, labels)
            return found.error, found.parameters
        scores, way_back = scores_and_way_back(self.row.parts, self._batch(x), self.parameters)
        return cross_entropy(scores, labels), way_back(cross_entropy_backward(scores, labels))

    def summary(self) -> str:
        """A table of the parts: the shape of each result, its parameters, its multiplications."""
        rows: list[tuple[str, ...]] = [("part", "result", "parameters", "multiplications")]
        rows.append(("x", size(self.shape), "", ""))
        totals = [0, 0]
        for name, part, before in self.row.given(self.shape):
            parameters = sum(one.size for one in own(name, self.parameters).values())
            counts = [parameters, part.multiplications(before)]
            totals = [total + count for total, count in zip(totals, counts, strict=True)]
            rows.append((name, size(part.after(before)), *(f"{count:,}" for count in counts)))
        rows.append(("together", "", *(f"{total:,}" for total in totals)))
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        return "\n".join(
            "  ".join(
                text.ljust(width) if place < 2 else text.rjust(width)
                for place, (text, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in rows
        )

    def _batch(self, x: ArrayLike) -> FloatArray:
        batch = floats("x", x)
        if batch.shape[1:] != self.shape or not batch.ndim:
            expected = str(("N", *self.shape)).replace("'", "")
            raise ShapeError(f"x: expected shape {expected}, got {batch.shape}")
        return batch


def size(shape: Shape) -> str:
    return " × ".join(map(str, shape))
