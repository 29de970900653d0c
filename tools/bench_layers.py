"""How fast the layers are beside others, shape by shape, and what memory they take.

    make bench                              everything
    python -m tools.bench_layers 1          the layers alone, on one thread; or on two

All that is compared runs in one process, in turn, so that whatever else the machine does slows
all of it down; of each the best time counts. On one thread that is the time of the processor,
which does not pass while other programs have their turn. What is timed is the way forwards and the
way back together, in float32. PyTorch is no requirement of the project: it is compared where it is
installed, in eager mode.

The results go to book/bench.json, beside the chapters that show them.
"""

import json
import os
import platform
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy import signal

from cnnmath import data, layers
from cnnmath.layers.geometry import axes_of
from cnnmath.layers.methods import im2col, taps
from cnnmath.network import SGD, lenet

try:
    import torch
except ModuleNotFoundError:
    torch = None  # type: ignore[assignment]

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "book/bench.json"
SECONDS = 1.0  # that the contenders of a case share
FEWEST, MOST = 7, 400  # rounds
TORCH, IM2COL = "PyTorch", "im2col"

Work = Callable[[], object]

# The seconds that the processor has worked for this process; on two threads, those on the wall.
clock = time.process_time
Options = dict[str, Any]


class Case(NamedTuple):
    """One row of the table."""

    label: str
    least: float
    """How many times faster than PyTorch it is to be."""

    contenders: dict[str, Work]
    """What is compared, by its name; the first is ours."""

    multiplications: int = 0
    """In matrix products, if it is made of these."""


# The convolutions: x, kernels and their size, options, and how many times faster than PyTorch.
CONVOLUTIONS: dict[str, tuple[tuple[int, ...], int, int, Options, float]] = {
    "tiny: 1×1×8×8, 3×3 → 1": ((1, 1, 8, 8), 1, 3, {}, 1.5),
    "tiny: 1×1×28×28, 5×5 → 8": ((1, 1, 28, 28), 8, 5, {}, 1.5),
    "tiny: 1×8×12×12, 5×5 → 16": ((1, 8, 12, 12), 16, 5, {}, 1.5),
    "LeNet, first: 64×1×28×28, 5×5 → 8": ((64, 1, 28, 28), 8, 5, {}, 1.05),
    "LeNet, second: 64×8×12×12, 5×5 → 16": ((64, 8, 12, 12), 16, 5, {}, 1.05),
    "32×64×32×32, 3×3 → 64, padding 1": ((32, 64, 32, 32), 64, 3, {"padding": 1}, 1.3),
    "1×64×56×56, 3×3 → 64, padding 1": ((1, 64, 56, 56), 64, 3, {"padding": 1}, 1.3),
    "1×128×28×28, 3×3 → 128, padding 1": ((1, 128, 28, 28), 128, 3, {"padding": 1}, 1.3),
    "16×3×64×64, 3×3 → 32": ((16, 3, 64, 64), 32, 3, {}, 0.8),
    "16×32×32×32, 3×3 → 64, stride 2": ((16, 32, 32, 32), 64, 3, {"stride": 2}, 0.8),
    "4×64×28×28, 1×1 → 128": ((4, 64, 28, 28), 128, 1, {}, 0.8),
    "4×16×40×40, 7×7 → 32, stride 2": ((4, 16, 40, 40), 32, 7, {"stride": 2}, 0.8),
    "8×32×32×32, 5×5 → 32, padding 2": ((8, 32, 32, 32), 32, 5, {"padding": 2}, 0.8),
    "8×32×32×32, 3×3 depthwise, padding 1": (
        (8, 32, 32, 32),
        32,
        3,
        {"padding": 1, "groups": 32},
        0.8,
    ),
    "8×16×32×32, 3×3 → 32, dilation 2": ((8, 16, 32, 32), 32, 3, {"dilation": 2}, 0.8),
}


def main(threads: int) -> None:
    found = table(threads)
    known = {
        **where_and_when(),
        "numpy": np.__version__,
        "torch": torch and torch.__version__,
        f"{threads} thread{'s' * (threads > 1)}": found,
    }
    for key, one in known.items():
        store(key, one)


def store(key: str, found: Any) -> None:
    """Into the file of results, in place of what stood there by this name."""
    known = json.loads(TARGET.read_text("utf-8")) if TARGET.exists() else {}
    known[key] = found
    TARGET.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n", "utf-8")


def where_and_when() -> dict[str, Any]:
    return {"machine": machine(), "date": date.today().isoformat()}


def set_threads(threads: int) -> None:
    global clock
    if threads > 1:
        clock = time.perf_counter
    if torch:
        torch.set_num_threads(threads)


def table(threads: int) -> dict[str, Any]:
    """Every case, printed and returned."""
    set_threads(threads)
    peak = peak_of_products()
    print(f"layers, {threads} thread(s); matrix products reach {peak:.0f} GFLOP/s here")
    print(f"{'':46}{'ms':>8}{'MB':>9}{'of peak':>9}  times as fast as others")
    rows = [measured(case, peak) for case in cases()]
    return {"GFLOP/s of matrix products": round(peak, 1), "rows": rows}


def measured(case: Case, peak: float) -> dict[str, Any]:
    """A row of the table."""
    best = in_turn(case.contenders)
    ours, *others = best
    ratios = {name: best[name] / best[ours] for name in others}
    row: dict[str, Any] = {
        "case": case.label,
        "ms": significant(1000 * best[ours]),
        "memory in MB": significant(memory(case.contenders[ours]) / 1e6),
        "times as fast as": {name: significant(ratio) for name, ratio in ratios.items()},
    }
    share = ""
    if case.multiplications:
        row["share of peak"] = significant(2 * case.multiplications / best[ours] / 1e9 / peak)
        share = f"{row['share of peak']:.0%}"
    if TORCH in ratios:
        row["target"] = case.least
        row["reached"] = ratios[TORCH] >= case.least
    missed = "" if row.get("reached", True) else f"   MISSED: {case.least}"
    beside = ", ".join(f"{name} {ratio:.2f}" for name, ratio in ratios.items())
    print(
        f"{case.label:46}{row['ms']:8.3g}{row['memory in MB']:9.3g}{share:>9}  {beside}{missed}",
        flush=True,
    )
    return row


def in_turn(contenders: dict[str, Work]) -> dict[str, float]:
    """The best time of each in seconds. A slow one, such as a loop, has its turn less often."""
    best, spent = {}, {}
    for name, work in contenders.items():
        timed(work)  # once for nothing: what is found once, is found now
        best[name] = spent[name] = timed(work)
    for number in range(MOST):
        for name, work in contenders.items():
            if number < FEWEST or spent[name] < SECONDS:
                took = timed(work) if spent[name] < 4 * SECONDS else best[name]
                best[name], spent[name] = min(best[name], took), spent[name] + took
    return best


def timed(work: Work) -> float:
    start = clock()
    work()
    return clock() - start


def memory(work: Work) -> int:
    """The most bytes that NumPy holds at a time while it works, results included."""
    tracemalloc.start()
    work()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def peak_of_products(size: int = 768) -> float:
    a = np.random.default_rng(0).random((size, size), np.float32)
    return float(2 * size**3 / min(timed(lambda: a @ a) for _ in range(30)) / 1e9)


def significant(number: float) -> float:
    return float(f"{number:.3g}")


def machine() -> str:
    """What the processor calls itself."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    return f"{names[0] if names else platform.processor()}, {os.cpu_count()} cores"


# ---- what is compared --------------------------------------------------------------------------


def cases() -> Iterator[Case]:
    for label, (shape, kernels, size, options, least) in CONVOLUTIONS.items():
        yield convolution(label, shape, kernels, size, options, least)
    yield transposed()
    yield from poolings()
    yield from activations()
    yield from normalisations()
    yield training()


def random(*shape: int) -> Any:
    return np.random.default_rng(sum(shape)).standard_normal(shape, np.float32)


def convolution(
    label: str, shape: tuple[int, ...], kernels: int, size: int, options: Options, least: float
) -> Case:
    groups = options.get("groups", 1)
    x, w, b = random(*shape), random(kernels, shape[1] // groups, size, size), random(kernels)
    y = layers.conv2d(x, w, b, **options)
    dy = random(*y.shape)
    settings = {"stride": 1, "padding": 0, "dilation": 1} | options
    axes = axes_of(
        "w", shape[2:], w.shape[2:], *(settings[n] for n in ("stride", "padding", "dilation"))
    )

    def ours() -> object:
        return layers.conv2d(x, w, b, **options), layers.conv2d_backward(dy, x, w, **options)

    def unrolled() -> object:
        forwards = im2col.seen(x, w, axes, groups) + b[:, np.newaxis, np.newaxis]
        back = taps.returned(dy, w, axes, groups), im2col.met(dy, x, w.shape, axes, groups)
        return forwards, back, dy.sum(axis=(0, 2, 3))

    contenders: dict[str, Work] = {"ours": ours, IM2COL: unrolled}
    if torch:
        contenders[TORCH] = in_torch(
            lambda x, w, b: torch.nn.functional.conv2d(x, w, b, **options), dy, x, w, b
        )
    if not options:
        contenders["SciPy, in loops"] = lambda: by_scipy(dy, x, w, b)
    if shape[0] == 1 and not options and y.size * w[0].size < 1e5:
        contenders["loops"] = lambda: by_loops(dy, x, w, b)
    return Case(label, least, contenders, 3 * y.size * w[0].size)


def by_scipy(dy: Any, x: Any, w: Any, b: Any) -> object:
    y, dx, dw = np.empty_like(dy), np.zeros_like(x), np.zeros_like(w)
    for n, k in np.ndindex(*dy.shape[:2]):
        y[n, k] = b[k] + sum(map(_correlated, x[n], w[k]))
        for c in range(x.shape[1]):
            dx[n, c] += signal.convolve2d(dy[n, k], w[k, c])
            dw[k, c] += _correlated(x[n, c], dy[n, k])
    return y, dx, dw, dy.sum(axis=(0, 2, 3))


def _correlated(image: Any, kernel: Any) -> Any:
    return signal.correlate2d(image, kernel, mode="valid")


def by_loops(dy: Any, x: Any, w: Any, b: Any) -> object:
    """The definition, a product at a time, in Python."""
    places, elements = list(np.ndindex(dy.shape)), list(np.ndindex(w.shape[1:]))
    delta, image, kernel = dy.tolist(), x.tolist(), w.tolist()
    y, dx, dw = np.zeros_like(dy).tolist(), np.zeros_like(x).tolist(), np.zeros_like(w).tolist()
    for n, k, i, j in places:
        found = float(b[k])
        for c, s, t in elements:
            found += kernel[k][c][s][t] * image[n][c][i + s][j + t]
            dx[n][c][i + s][j + t] += kernel[k][c][s][t] * delta[n][k][i][j]
            dw[k][c][s][t] += image[n][c][i + s][j + t] * delta[n][k][i][j]
        y[n][k][i][j] = found
    return y, dx, dw


def in_torch(layer: Callable[..., Any], dy: Any, *arrays: Any) -> Work:
    """A layer of PyTorch forwards and back, to all that it is given."""
    given = [torch.from_numpy(array).requires_grad_() for array in arrays]
    arriving = torch.from_numpy(dy)

    def work() -> object:
        return torch.autograd.grad(layer(*given), given, arriving)

    return work


def transposed() -> Case:
    x, w, b = random(8, 32, 16, 16), random(32, 16, 4, 4), random(16)
    options = {"stride": 2, "padding": 1}
    dy = random(*layers.conv_transpose2d(x, w, b, **options).shape)

    def ours() -> object:
        y = layers.conv_transpose2d(x, w, b, **options)
        return y, layers.conv_transpose2d_backward(dy, x, w, **options)

    contenders: dict[str, Work] = {"ours": ours}
    if torch:
        contenders[TORCH] = in_torch(
            lambda x, w, b: torch.nn.functional.conv_transpose2d(x, w, b, **options), dy, x, w, b
        )
    label = "transposed: 8×32×16×16, 4×4 → 16, stride 2"
    return Case(label, 0.8, contenders, 3 * x.size * w[0].size)


def poolings() -> Iterator[Case]:
    x = random(64, 16, 24, 24)
    y = layers.max_pool2d(x, 2)
    dy = random(*y.shape)
    functional = torch and torch.nn.functional
    forwards: dict[str, Work] = {"ours": lambda: layers.max_pool2d(x, 2)}
    back: dict[str, Work] = {"ours": lambda: layers.max_pool2d_backward(dy, x, 2)}
    both: dict[str, Work] = {
        "ours": lambda: (layers.avg_pool2d(x, 2), layers.avg_pool2d_backward(dy, x, 2))
    }
    three = random(64, 16, 12, 12)
    options = {"stride": 2, "padding": 1}
    overlapping: dict[str, Work] = {
        "ours": lambda: (
            layers.max_pool2d(x, 3, **options),
            layers.max_pool2d_backward(three, x, 3, **options),
        )
    }
    if torch:
        image = torch.from_numpy(x)
        asking = image.clone().requires_grad_()
        pooled, arriving = functional.max_pool2d(asking, 2), torch.from_numpy(dy)
        forwards[TORCH] = lambda: functional.max_pool2d(image, 2)
        back[TORCH] = lambda: torch.autograd.grad(pooled, asking, arriving, retain_graph=True)
        both[TORCH] = in_torch(lambda x: functional.avg_pool2d(x, 2), dy, x)
        overlapping[TORCH] = in_torch(lambda x: functional.max_pool2d(x, 3, **options), three, x)
    yield Case("max pooling 2×2 of 64×16×24×24, forwards", 4, forwards)
    yield Case("max pooling 2×2, backwards", 1, back)
    yield Case("max pooling 3×3, stride 2, padding 1, both", 0.8, overlapping)
    yield Case("average pooling 2×2, both", 0.8, both)


def activations() -> Iterator[Case]:
    x, dy = random(64, 16, 24, 24), random(64, 16, 24, 24)
    for name in ("relu", "leaky_relu", "elu", "sigmoid", "tanh", "softplus", "silu", "gelu"):
        layer, back = getattr(layers, name), getattr(layers, f"{name}_backward")
        contenders: dict[str, Work] = {"ours": lambda f=layer, g=back: (f(x), g(dy, x))}
        if torch:
            theirs = torch.tanh if name == "tanh" else getattr(torch.nn.functional, name)
            contenders[TORCH] = in_torch(theirs, dy, x)
        yield Case(f"{name} of 64×16×24×24", 0.8, contenders)


def normalisations() -> Iterator[Case]:
    x, dy, gamma, beta = random(32, 16, 28, 28), random(32, 16, 28, 28), random(16), random(16)
    contenders: dict[str, Work] = {
        "ours": lambda: (
            layers.batch_norm2d(x, gamma, beta),
            layers.batch_norm2d_backward(dy, x, gamma),
        )
    }
    if torch:
        functional = torch.nn.functional
        contenders[TORCH] = in_torch(
            lambda x, g, b: functional.batch_norm(x, None, None, g, b, training=True),
            *(dy, x, gamma, beta),
        )
    yield Case("batch_norm2d of 32×16×28×28", 0.8, contenders)
    rows, back, scale, shift = random(256, 512), random(256, 512), random(512), random(512)
    contenders = {
        "ours": lambda: (
            layers.layer_norm(rows, scale, shift),
            layers.layer_norm_backward(back, rows, scale),
        )
    }
    if torch:
        contenders[TORCH] = in_torch(
            lambda x, g, b: functional.layer_norm(x, (512,), g, b), back, rows, scale, shift
        )
    yield Case("layer_norm of 256×512", 0.8, contenders)


def training() -> Case:
    """A step of training the network of the book on 32 digits."""
    learning = data.mnist()[0]
    own = lenet()
    batch = learning.images[:32], learning.labels[:32]
    optimiser = SGD(rate=0.05, momentum=0.9, decay=5e-4)
    contenders: dict[str, Work] = {
        "ours": lambda: optimiser.step(own.parameters, own.gradients(*batch)[1])
    }
    if torch:
        theirs = torch.nn.Sequential(
            *(torch.nn.Conv2d(1, 8, 5), torch.nn.ReLU(), torch.nn.MaxPool2d(2)),
            *(torch.nn.Conv2d(8, 16, 5), torch.nn.ReLU(), torch.nn.MaxPool2d(2)),
            *(torch.nn.Flatten(), torch.nn.Linear(256, 10)),
        )
        descent = torch.optim.SGD(theirs.parameters(), lr=0.05, momentum=0.9, weight_decay=5e-4)
        images, labels = map(torch.from_numpy, batch)

        def step() -> None:
            descent.zero_grad()
            torch.nn.functional.cross_entropy(theirs(images), labels).backward()
            descent.step()

        contenders[TORCH] = step
    return Case("a step of training LeNet on 32 digits", 2, contenders)


def on_threads(threads: int) -> None:
    """In a process of its own: the library of matrix products asks for its threads as it starts."""
    run_on(threads, "tools.bench_layers", str(threads), "--here")


def on_one_thread(main: Callable[[], None], module: str) -> None:
    """Run what a module measures, whose name is `module`, in a process that has one thread."""
    if "--here" in sys.argv:
        main()
    else:
        run_on(1, module, "--here")


def run_on(threads: int, module: str, *arguments: str) -> None:
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    environment = os.environ | dict.fromkeys(names, str(threads))
    command = [sys.executable, "-m", module, *arguments]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


if __name__ == "__main__":
    chosen, *here = sys.argv[1:]
    if here:
        main(int(chosen))
    else:
        on_threads(int(chosen))
