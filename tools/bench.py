"""How fast the live figure, the formulas and the layers are, on this machine.

    make bench

Nothing is asserted: timings differ from machine to machine, and with what else it is doing. The
targets are what a reader no longer notices, or hardly.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy import signal

from cnnmath.catalogue import convolution
from cnnmath.explorer import Explorer, explore
from cnnmath.explorer.live_figure import page_script, style
from cnnmath.layers import conv2d, conv2d_backward

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))
from conftest import chromium  # noqa: E402  (it knows where Chromium is)

WARM_UP = 10
TIMES = 100

# One edit: a key is pressed in the grid of W, and all that the figure wants to do in the next
# frame is done at once, layout included. What is left out is the wait for that frame, which says
# more about the screen than about the figure.
_HOLD_FRAMES = """
const waiting = [];
window.requestAnimationFrame = callback => waiting.push(callback);
const frame = () => {
    for (const callback of waiting.splice(0)) callback(performance.now());
    document.body.getBoundingClientRect();
};
"""
_TIME_EDITS = """times => {
    frame();
    const grid = [...document.querySelectorAll("[role=grid]")]
        .find(one => one.getAttribute("aria-label").includes("the kernels"));
    grid.focus();
    frame();
    const canvas = grid.closest(".cx").querySelector(".cx-result canvas");
    const before = canvas.toDataURL();
    const found = [];
    for (let n = 0; n < times; n += 1) {
        const key = n % 2 ? "-" : "+";
        const start = performance.now();
        grid.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
        frame();
        found.push(performance.now() - start);
        if (!n && canvas.toDataURL() === before) throw new Error("the edit changed nothing");
    }
    return found;
}"""


def main() -> None:
    rng = np.random.default_rng(0)
    small = {
        "x": np.array([[1, 2, 0, 1], [0, 1, 3, 2], [2, 0, 1, 1]]),
        "W": np.array([[[1, 0], [2, -1]]]),
        "b": np.array([1]),
    }
    large = {
        "x": rng.random((28, 28)).round(2),
        "W": rng.normal(size=(8, 5, 5)).round(1),
        "b": np.zeros(8),
    }
    print(f"{TIMES} repetitions each; ms, but for the ratios")
    print(f"{'':58}{'median':>9}{'95 %':>9}{'target':>9}")
    few, many = "3 × 4 image, 1 kernel of 2 × 2", "28 × 28 image, 8 kernels of 5 × 5"
    line(f"figure, one edit: {few}", edits(explore(convolution, **small)), 16)
    line(f"figure, one edit: {many}", edits(explore(convolution, images=("x",), **large)), 50)
    line(f"formula in Python: {few}", times(lambda: convolution(**small)))
    line(f"formula in Python: {many}", times(lambda: convolution(**large)), 20)
    print()
    print("8 images of 3 × 28 × 28, 8 kernels of 5 × 5:")
    compare_with_scipy(rng)


def line(label: str, found: list[float], target: float | None = None) -> None:
    median, late = np.percentile(found, [50, 95])
    print(f"{label:58}{median:9.2f}{late:9.2f}{'' if target is None else target:>9}")


def edits(figure: Explorer) -> list[float]:
    """The figure alone on a page from disk, and edited there."""
    html = (
        f"<!doctype html><meta charset=utf-8><style>{style()}</style>{figure.page()}"
        f"<script>{_HOLD_FRAMES}</script><script>{page_script()}</script>"
    )
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        file = Path(folder) / "figure.html"
        file.write_text(html, encoding="utf-8")
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(file.as_uri())
        page.locator(".cx").wait_for()
        found: list[float] = page.evaluate(_TIME_EDITS, WARM_UP + TIMES)
    return found[WARM_UP:]


def times(work: Callable[[], object]) -> list[float]:
    return [timed(work) for _ in range(WARM_UP + TIMES)][WARM_UP:]


def compare_with_scipy(rng: np.random.Generator) -> None:
    x, w, b = rng.normal(size=(8, 3, 28, 28)), rng.normal(size=(8, 3, 5, 5)), rng.normal(size=8)
    dy = rng.normal(size=(8, 8, 24, 24))

    def forwards():
        y = np.empty(dy.shape)
        for n, k in np.ndindex(y.shape[:2]):
            y[n, k] = b[k] + sum(map(correlate, x[n], w[k]))
        return y

    def backwards():
        dx, dw = np.zeros(x.shape), np.zeros(w.shape)
        for n, k, c in np.ndindex(8, 8, 3):
            dx[n, c] += signal.convolve2d(dy[n, k], w[k, c])
            dw[k, c] += correlate(x[n, c], dy[n, k])
        return dx, dw, dy.sum(axis=(0, 2, 3))

    def correlate(image, kernel):
        return signal.correlate2d(image, kernel, mode="valid")

    # Of something else than the layers, the times would mean nothing.
    np.testing.assert_allclose(conv2d(x, w, b), forwards())
    for ours, theirs in zip(conv2d_backward(dy, x, w), backwards(), strict=True):
        np.testing.assert_allclose(ours, theirs)
    side_by_side("conv2d", lambda: conv2d(x, w, b), forwards)
    side_by_side("conv2d_backward", lambda: conv2d_backward(dy, x, w), backwards)


def side_by_side(label: str, ours: Callable[[], object], theirs: Callable[[], object]) -> None:
    """The two in turn, so that whatever else the machine does slows both down."""
    pairs = [(timed(ours), timed(theirs)) for _ in range(WARM_UP + TIMES)][WARM_UP:]
    line(label, [own for own, _ in pairs])
    line("the same with SciPy, in loops", [other for _, other in pairs])
    line(f"ratio, {label} : SciPy", [own / other for own, other in pairs])


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    main()
