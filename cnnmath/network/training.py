"""How a network learns: steps against the gradient, from one small batch to the next."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from tqdm import tqdm

from cnnmath.data import Digits
from cnnmath.errors import ArrayValueError
from cnnmath.layers.arguments import FloatArray
from cnnmath.network.network import Network
from cnnmath.network.parts import Gradients
from cnnmath.network.screen import is_watched


@dataclass
class SGD:
    r"""Stochastic gradient descent with momentum and weight decay.

    $$v \leftarrow \mu v + \frac{\partial E}{\partial w} + \lambda w, \qquad
      w \leftarrow w - \eta v$$

    rate η : how far a step goes;  momentum μ : how much of the last step goes on;
    decay λ : how strongly weights are drawn to 0. Biases are not drawn.

    Source: Sutskever, Martens, Dahl and Hinton, On the importance of initialization and momentum
    in deep learning (2013), as PyTorch writes it.
    """

    rate: float
    momentum: float = 0.0
    decay: float = 0.0
    velocities: Gradients = field(default_factory=dict, repr=False)

    def step(self, parameters: Gradients, gradients: Gradients) -> None:
        """Move the parameters, in place. Raises KeyError if one of them has no gradient."""
        for name, parameter in parameters.items():
            push = gradients[name]
            if parameter.ndim > 1:
                push = push + self.decay * parameter
            velocity = self.momentum * self.velocities.get(name, np.zeros_like(parameter)) + push
            self.velocities[name] = velocity.astype(parameter.dtype, copy=False)
            parameter -= (self.rate * velocity).astype(parameter.dtype, copy=False)


def train(
    network: Network,
    digits: Digits,
    optimiser: SGD,
    *,
    steps: int,
    batch: int = 32,
    shift: int = 0,
    seed: int = 0,
    rate: Callable[[float], float] | None = None,
) -> list[float]:
    """Take so many steps, each on another batch, and return the error of each batch.

    batch : examples a step;  shift : pixels by which each picture is moved at random, at most, in
    both directions;  seed : of the order of the examples and of the shifts;  rate : what the rate
    is multiplied by after a share of the steps, from 0 to 1.

    The gradients are those of `Network.gradients`, which need not go by the layers one by one.
    The same seed gives the same errors and parameters on one machine, to the bit. A bar shows how
    far it is, in a terminal and in JupyterLab.

    Raises ArrayValueError if there are fewer examples than a batch holds.
    """
    if not 0 < batch <= len(digits.labels):
        raise ArrayValueError(
            f"batch: expected 1 to {len(digits.labels)}, as many as there are examples, got {batch}"
        )
    rng = np.random.default_rng(seed)
    full = optimiser.rate
    errors = []
    drawn = batches(len(digits.labels), batch, rng)
    for step in tqdm(range(steps), disable=not is_watched(), leave=False):
        rows = next(drawn)
        images = shifted(digits.images[rows], shift, rng)
        optimiser.rate = full * (rate(step / steps) if rate else 1)
        error, gradients = network.gradients(images, digits.labels[rows])
        optimiser.step(network.parameters, gradients)
        errors.append(error)
    optimiser.rate = full
    return errors


def batches(count: int, size: int, rng: np.random.Generator) -> Iterator[NDArray[np.intp]]:
    """The rows of batch after batch for ever: all examples once in a random order, then anew."""
    while True:
        order = rng.permutation(count)
        for start in range(0, count - size + 1, size):
            yield order[start : start + size]


def shifted(images: FloatArray, most: int, rng: np.random.Generator) -> FloatArray:
    """Each image (N, C, H, W) moved by up to so many pixels down or up and across; 0 comes in."""
    if not most:
        return images
    padded = np.pad(images, ((0, 0), (0, 0), (most, most), (most, most)))
    windows = sliding_window_view(padded, images.shape[2:], axis=(2, 3))
    down, across = rng.integers(0, 2 * most + 1, size=(2, len(images)))
    moved: FloatArray = windows[np.arange(len(images)), :, down, across]
    return moved
