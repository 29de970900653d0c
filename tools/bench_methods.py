"""How fast each way of the chapter `network/fast-code` makes the same convolution.

    make bench                        with everything else
    python -m tools.bench_methods     this alone

What is measured are the functions as they stand in the chapter, on the arrays that it has, in turn
and on one thread, like the layers in `bench_layers`. The results go to book/bench.json.
"""

import sys
from functools import partial

from tools import bench_layers

sys.path.insert(0, str(bench_layers.ROOT / "tests"))
from cells import Chapter

CHAPTER = "network/fast-code"
METHODS, ARRAYS = "fast-code-28", "fast-code-30"
"""The cells that name the ways, and the arrays."""


def main() -> None:
    chapter = Chapter(CHAPTER)
    for cell in (METHODS, ARRAYS):
        chapter.value(cell)
    given = chapter.names["large"]
    works = {name: partial(way, **given) for name, way in chapter.names["methods"].items()}
    best = bench_layers.in_turn(works)
    ms = {name: bench_layers.significant(1000 * seconds) for name, seconds in best.items()}
    bench_layers.store("methods", bench_layers.where_and_when() | {"ms": ms})
    for name, took in ms.items():
        print(f"{name:46}{took:8.3g}")


if __name__ == "__main__":
    bench_layers.on_one_thread(main, "tools.bench_methods")
