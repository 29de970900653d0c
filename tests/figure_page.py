"""What the tests of a live figure do on its page: point, tap, press keys, and look."""

import numpy as np


def settle(page):
    """Let the next frame be drawn."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")


def spot(page, key, *place):
    """The middle of a cell on the page."""
    return page.evaluate(
        """([key, place]) => {
          const grid = alive[0].gridOf(key);
          const { row, column, plane } = grid.split(place);
          if (grid.node.hidden) alive[0].goTo(grid);
          if (!grid.isVisible(plane)) alive[0].choosePlane(grid, plane);
          grid.canvases[plane].scrollIntoView({ block: "nearest" });
          const { left, top } = grid.canvases[plane].getBoundingClientRect();
          const [x, y] = grid.corner(row, column);
          return [left + x + grid.cell / 2, top + y + grid.cell / 2];
        }""",
        [key, list(place)],
    )


def hover(page, key, *place):
    page.mouse.move(*spot(page, key, *place))
    settle(page)


def click(page, key, *place):
    page.mouse.click(*spot(page, key, *place))
    settle(page)


def line(page):
    settle(page)
    return page.locator(".cx-sum").inner_text()


def message(page):
    return page.locator(".cx-message").inner_text()


def more_tools(page):
    """Opens what is out of the way."""
    page.locator(".cx-rest summary").first.click()


def arrays(page, *names):
    """The arrays of the figure, all of them or those of these names."""
    found = page.evaluate(
        """(names) => Object.entries(alive[0].model.arrays)
             .filter(([name]) => !names.length || names.includes(name))
             .map(([name, { shape, data }]) => [name, shape, Array.from(data)])""",
        names,
    )
    return {name: np.reshape(numbers, shape) for name, shape, numbers in found}


def pixels(page, key, plane=0, cell=None):
    """What is drawn of a plane of an array, or of one of its cells."""
    return page.evaluate(
        """([key, plane, cell]) => {
          const grid = alive[0].gridOf(key);
          const canvas = grid.canvases[plane];
          let box = [0, 0, canvas.width, canvas.height];
          if (cell) box = [...grid.corner(...cell), grid.cell, grid.cell];
          return canvas.getContext("2d").getImageData(...box).data.join();
        }""",
        [key, plane, cell],
    )


def focus(page, key):
    page.evaluate("(key) => alive[0].gridOf(key).focusable.focus()", key)
    settle(page)


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)
    settle(page)
