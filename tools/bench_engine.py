"""How long a formula takes beside the same sum written by hand.

    make bench                        with everything else
    python -m tools.bench_engine      this alone

The formula is the convolution of the catalogue, which is called with arrays of many sizes; by hand
it is one einsum over a view of all windows. Both are float64, on one thread, in turn. The results
go to book/bench.json.
"""

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from cnnmath.catalogue import convolution
from tools import bench_layers

SIDES = (11, 16, 24, 44, 74, 128, 200)
"""Of the picture; 8 kernels of 5 × 5 see it."""

IN_A_CALL, SMALL = 0.3, 10_000
"""The milliseconds that a call may take, up to so many terms."""

BESIDE, LARGE = 3.0, 300_000
"""How many times as long as by hand it may take, from so many terms on."""


def main() -> None:
    bench_layers.set_threads(1)
    found = {"rows": [measured(side) for side in SIDES]}
    bench_layers.store("engine", bench_layers.where_and_when() | found)


def measured(side: int) -> dict[str, Any]:
    rng = np.random.default_rng(side)
    x, w, b = rng.normal(size=(side, side)), rng.normal(size=(8, 5, 5)), rng.normal(size=8)

    def by_hand() -> object:
        windows = sliding_window_view(x, w.shape[1:])
        return np.einsum("ijst,kst->kij", windows, w) + b[:, np.newaxis, np.newaxis]

    terms = 8 * 25 * (side - 4) ** 2
    works = {"formula": lambda: convolution(x=x, W=w, b=b), "by hand": by_hand}
    best = bench_layers.in_turn(works)
    ms, hand = (1000 * best[name] for name in works)
    took = {"ms": ms, "ms by hand": hand, "times as long": ms / hand}
    row: dict[str, Any] = {"terms": terms}
    row |= {name: bench_layers.significant(one) for name, one in took.items()}
    if terms <= SMALL:
        row |= {"target": f"{IN_A_CALL} ms", "reached": ms <= IN_A_CALL}
    elif terms >= LARGE:
        row |= {"target": f"{BESIDE:g} ×", "reached": ms <= BESIDE * hand}
    print("formula of", row)
    return row


if __name__ == "__main__":
    bench_layers.on_one_thread(main, "tools.bench_engine")
