"""The network of the book with random weights, forwards and backwards, as one figure."""

from typing import Any

import numpy as np

from cnnmath import data
from cnnmath.explorer import Explorer, explore
from cnnmath.reading import network_formulas


def given() -> dict[str, Any]:
    """The image and random weights, and what else the network needs."""
    rng = np.random.default_rng(0)

    def weights(*shape: int) -> Any:
        """Of a size that keeps the numbers of the next layer as large as those of this one."""
        return rng.normal(0, np.sqrt(2 / np.prod(shape[1:])), shape).round(3)

    return {
        "x": data.digit(7).round(2),
        "W": weights(8, 5, 5),
        "b": rng.normal(0, 0.1, 8).round(3),
        "W_2": weights(16, 8, 5, 5),
        "b_2": rng.normal(0, 0.1, 16).round(3),
        "V": weights(10, 16, 4, 4),
        "d": rng.normal(0, 0.1, 10).round(3),
        "y": 7,
    }


def lenet() -> Explorer:
    return explore(
        *network_formulas(),
        **given(),
        l=2,
        q=2,
        images=("x",),
        caption="A network, and back.",
    )
