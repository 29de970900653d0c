"""Makes docs/figure.webp, the picture in the README that moves: the network's figure, pointed at.

    make book && python -m tools.moving_picture

It is taken in Chromium from the built book, a frame for each cell that is shown.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))
from conftest import chromium  # noqa: E402  (it knows where Chromium is)

PAGE = ROOT / "_build/html/book/network/three-layers.html"
TARGET = ROOT / "docs/figure.webp"
FIGURE = "#figure-net"
WINDOW = {"width": 1280, "height": 850}

LONG, SHORT = 1600, 70  # milliseconds for which a frame stands
FLIGHT = range(0, 1100, 100)  # of the kernel's way to a window, the moments that are shown
# From the end of the network to its beginning, and back with the gradient.
STORY = [("p", (0, 1, 1)), ("h", (0, 3, 3)), ("a", (0, 3, 3)), ("dE_dp", (0, 1, 1)),
         ("dE_dh", (0, 3, 3)), ("dE_dW", (0, 1, 1)), ("dE_dx", (4, 3))]  # fmt: skip
FLOWN = {"a", "dE_dx"}  # those whose kernel is seen on its way

_SPOT = """(figure, [name, place]) => {
    const grids = [...figure.querySelectorAll("[role=grid]")];
    const grid = grids.find((one) => one.getAttribute("aria-label").startsWith(`${name}, `));
    const canvas = [...grid.querySelectorAll("canvas")].find((one) => one.offsetWidth);
    const box = canvas.getBoundingClientRect();
    const [row, column] = place.slice(-2);
    const columns = Number(grid.getAttribute("aria-colcount"));
    const cell = (box.width - 1) / columns;
    return [box.left + (column + 0.5) * cell, box.top + (row + 0.5) * cell];
}"""
_STOP_AT = """(laid, moment) => {
    const [flight] = laid.getAnimations();
    flight.pause();
    flight.currentTime = moment;
}"""


def main() -> None:
    with chromium() as browser:
        page = browser.new_page(viewport=WINDOW)
        page.goto(PAGE.as_uri())
        figure = page.locator(FIGURE)
        figure.scroll_into_view_if_needed()
        figure.locator(".cx-stage").wait_for()
        figure.evaluate("(node) => node.scrollIntoView()")
        frames = list(frames_of(page))
    first, *others = [Image.open(io.BytesIO(shot)).convert("RGB") for shot, _ in frames]
    first.save(
        TARGET, save_all=True, append_images=others, lossless=True, quality=100, method=6,
        duration=[stands for _, stands in frames], loop=0,
    )  # fmt: skip
    print(f"{TARGET}: {len(frames)} frames, {TARGET.stat().st_size} bytes")


def frames_of(page: Page) -> Iterator[tuple[bytes, int]]:
    """Pictures of the figure, each with the milliseconds for which it stands."""
    figure = page.locator(FIGURE)
    laid = figure.locator(".cx-laid")
    for name, place in STORY:
        page.mouse.click(*figure.evaluate(_SPOT, [name, list(place)]))
        page.wait_for_timeout(50)
        if name in FLOWN:
            for moment in FLIGHT:
                laid.evaluate(_STOP_AT, moment)
                yield figure.screenshot(), SHORT
            laid.evaluate("(laid) => laid.getAnimations()[0].finish()")
            page.wait_for_timeout(50)
        yield figure.screenshot(), LONG


if __name__ == "__main__":
    main()
