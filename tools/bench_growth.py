"""How the cost of a convolution grows with its sizes, and how long the book's network learns.

    make bench                        with everything else
    python -m tools.bench_growth      this alone

Measured like the layers in `bench_layers`, on one thread. Of a convolution one size is changed at a
time. A network learns from the start, by the recipe of the book, in ever more steps until it reads
so many of the held-out thousand digits; the time is that of learning alone, without looking. The
results go to book/bench.json.
"""

from typing import Any

import numpy as np

from cnnmath.data import mnist
from cnnmath.network import lenet
from cnnmath.network.digits import learn
from tools import bench_layers

BASE = {"images": 8, "channels": 16, "pixels": 32, "kernel": 3}
SIZES = {
    "images": (1, 2, 4, 8, 16, 32),
    "channels": (2, 4, 8, 16, 32, 64),
    "pixels": (8, 16, 32, 64, 128),
    "kernel": (3, 6, 12),
}
"""Of the batch, of its channels and as many kernels, and of the sides of image and kernel: what the
base has, halved and doubled."""

AIMS = {0.97: 5.0, 0.98: 30.0}
"""For a share of digits read right, in how many seconds."""


def main() -> None:
    bench_layers.set_threads(1)
    growth = {changed: grown(changed) for changed in SIZES}
    dated = bench_layers.where_and_when()
    bench_layers.store("growth", dated | {"base": BASE, "ms": growth})
    bench_layers.store("learning", dated | {"rows": learning()})


def grown(changed: str) -> dict[str, Any]:
    """The milliseconds of each contender at each size of what is changed."""
    found: dict[str, Any] = {"at": list(SIZES[changed])}
    for size in SIZES[changed]:
        n, c, side, m = (BASE | {changed: size}).values()
        options = {"padding": "same"}
        case = bench_layers.convolution(f"{changed} {size}", (n, c, side, side), c, m, options, 0)
        best = bench_layers.in_turn(case.contenders)
        for name, seconds in best.items():
            found.setdefault(name, []).append(bench_layers.significant(1000 * seconds))
        print(f"{case.label:46}", {name: f"{1000 * one:.3g}" for name, one in best.items()})
    return found


def learning() -> list[dict[str, Any]]:
    """For each aim the fewest steps, doubled from 250, that reach it, and their seconds."""
    digits, held_out = mnist()
    rows: list[dict[str, Any]] = []
    aims, steps = dict(AIMS), 250
    while aims and steps <= 16_000:
        network = lenet()
        took = bench_layers.timed(lambda: learn(network, digits, steps))  # noqa: B023
        right = float(np.mean(network.read(held_out.images) == held_out.labels))
        print(f"{steps:6} steps of learning: {took:6.2f} s, {right:.1%} of the digits are read")
        for share in [share for share in aims if right >= share]:
            row = {"share": share, "steps": steps, "seconds": bench_layers.significant(took)}
            target = aims.pop(share)
            rows.append(row | {"target": target, "reached": took <= target})
        steps *= 2
    return rows


if __name__ == "__main__":
    bench_layers.on_one_thread(main, "tools.bench_growth")
