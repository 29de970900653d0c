"""How fast the live figure, the formulas and the layers are, on this machine.

    make bench

Nothing is asserted: timings differ from machine to machine, and with what else it is doing. The
targets are what a reader no longer notices, or hardly.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cnnmath.catalogue import convolution
from cnnmath.explorer import explore
from cnnmath.explorer.live_figure import page_script, style
from cnnmath.reading import reads_digits

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[1]
DRAWN = json.loads((ROOT / "tests/drawn_digits.json").read_text("utf-8"))
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
from conftest import chromium, run  # noqa: E402  (it knows where Chromium and Node.js are)
from lenet import lenet  # noqa: E402

from tools import bench_layers  # noqa: E402

WARM_UP = 10
TIMES = 100

# One edit: a key is pressed in the grid of the first array that is given, and all that the figure
# wants to do in the next frame is done at once, layout included. What is left out is the wait for
# that frame, which says more about the screen than about the figure.
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
    const grid = document.querySelector("[role=grid][aria-readonly=false]");
    grid.focus();
    frame();
    const drawn = () => [...document.querySelectorAll("canvas")].map(one => one.toDataURL());
    const before = drawn().join();
    const found = [];
    for (let n = 0; n < times; n += 1) {
        const key = n % 2 ? "-" : "+";
        const start = performance.now();
        grid.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
        frame();
        found.push(performance.now() - start);
        if (!n && drawn().join() === before) throw new Error("the edit changed nothing");
    }
    return found;
}"""

_TIME_STROKES = """([strokes, least]) => {
    frame();
    const canvas = document.querySelector(".cx-pad canvas");
    canvas.setPointerCapture = () => {};
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const send = (type, [x, y]) => {
        const start = performance.now();
        canvas.dispatchEvent(new PointerEvent(type, { bubbles: true, pointerId: 1,
            clientX: left + x / 280 * width, clientY: top + y / 280 * height }));
        frame();
        return performance.now() - start;
    };
    const found = [];
    while (found.length < 3 * least) {
        for (const stroke of strokes) {
            found.push(send("pointerdown", stroke[0]));
            for (const point of stroke.slice(1)) found.push(send("pointermove", point));
            send("pointerup", stroke.at(-1));
        }
    }
    if (!document.querySelector(".cx-reads").textContent.startsWith("I read a 0")) {
        throw new Error("it is not read");
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
    figures = {
        few: (explore(convolution, **small), 16.0),
        many: (explore(convolution, images=("x",), **large), 50.0),
        "LeNet, forwards and backwards": (lenet(), 50.0),
    }
    pages = {label: (figure.page(), target) for label, (figure, target) in figures.items()}
    pages |= {label: (page, 16.0) for label, page in chapters_figures()}
    print("from an edit to all results, without a page:")
    without_page(pages)
    print()
    print("from an edit to all redrawn:")
    on_a_page(pages)
    strokes()
    print()
    line(f"formula in Python: {few}", times(lambda: convolution(**small)))
    line(f"formula in Python: {many}", times(lambda: convolution(**large)), 20)
    print()
    for threads in (1, 2):
        bench_layers.on_threads(threads)
    for module in ("growth", "engine", "methods"):
        bench_layers.run_on(1, f"tools.bench_{module}", "--here")


def line(label: str, found: list[float], target: float | None = None) -> None:
    median, late = np.percentile(found, [50, 95])
    print(f"{label:58}{median:9.2f}{late:9.2f}{'' if target is None else target:>9}")


def chapters_figures() -> Iterator[tuple[str, str]]:
    """The figures of arrays in the notebooks as they are stored, each with where it stands."""
    for path in sorted(ROOT.glob("book/**/*.ipynb")):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        outputs = [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]
        shown = ["".join(data.get("text/html", "")) for data in outputs]
        found = [html for html in shown if is_figure_of_arrays(html)]
        for number, html in enumerate(found, start=1):
            yield f"{path.parent.name}/{path.stem}, figure {number}", html


def is_figure_of_arrays(html: str) -> bool:
    return html.startswith('<div class="cnnmath-figure"') and "arrays" in state_of(html)


def state_of(page: str) -> dict[str, Any]:
    """What a figure starts from, as it stands in a page."""
    text = page.partition('<script type="application/json">')[2].partition("</script>")[0]
    state: dict[str, Any] = json.loads(text)
    return state


Pages = Mapping[str, tuple[str, float]]
"""Figures as HTML with the milliseconds that they should take at most, by their labels."""


def without_page(pages: Pages) -> None:
    states = [state_of(page) for page, _ in pages.values()]
    script = Path(__file__).with_name("bench_model.mjs")
    done = run("node", script, str(WARM_UP), str(TIMES), sent=json.dumps(states))
    for (label, (_, target)), found in zip(pages.items(), json.loads(done), strict=True):
        line(label, found, target)


def open_figure(browser: "Browser", folder: Path, figure: str) -> "Page":
    """A figure alone on a page from disk, whose frames are drawn when the page says so."""
    file = folder / "figure.html"
    file.write_text(
        f"<!doctype html><meta charset=utf-8><style>{style()}</style>{figure}"
        f"<script>{_HOLD_FRAMES}</script><script>{page_script()}</script>",
        encoding="utf-8",
    )
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(file.as_uri())
    page.locator(".cx").wait_for()
    return page


def on_a_page(pages: Pages) -> None:
    """Each figure edited on a page of its own."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        for label, (figure, target) in pages.items():
            page = open_figure(browser, Path(folder), figure)
            found: list[float] = page.evaluate(_TIME_EDITS, WARM_UP + TIMES)
            page.close()
            line(label, found[WARM_UP:], target)


def strokes() -> None:
    """A digit is drawn on the pad of the network's figure: what each movement of the pen takes."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        page = open_figure(browser, Path(folder), reads_digits().page())
        found: list[float] = page.evaluate(_TIME_STROKES, [DRAWN[0]["strokes"], WARM_UP])
    line("LeNet: a movement of the pen, until all is redrawn", found[WARM_UP:], 50.0)


def times(work: Callable[[], object]) -> list[float]:
    return [timed(work) for _ in range(WARM_UP + TIMES)][WARM_UP:]


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    main()
