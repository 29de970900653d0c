"""Sentences below the figure of the small network."""

import numpy as np

from sentences.saying import says

FIGURE = "network/three-layers", "e32be013"
ASKED = 0, 1, 1  # the number of p that the first three hints are about


@says(*FIGURE, "and a gradient comes back through all three.")
def _(live):
    return (len({"a", "h", "p"} & {formula.result for formula in live.figure.formulas}),)


@says(
    *FIGURE,
    "The 0.75 in the middle of the first map of $p$ is the largest of four numbers of $h$, and "
    "stands in row 3, column 3 there. Find the 1 of $\\partial E/\\partial h$: it is in the same "
    "place.",
)
def _(live):
    window = {term[0].index: term[0].value for term in live.factors("p", ASKED)}
    place = max(window, key=window.get)
    return live.now["p"][ASKED], len(window), *place[1:], live.now["dE_dh"][place]


@says(
    *FIGURE,
    "it is the 1, times one pixel, and below it stands what finite differences through all three "
    "layers give.",
)
def _(live):
    gradient, delta, x = (live.now[name] for name in ("dE_dW", "delta", "x"))
    ((row, column),) = np.argwhere(delta[0])
    assert np.array_equal(gradient[0], x[row : row + 3, column : column + 3])
    return delta[0, row, column], 3


@says(
    *FIGURE,
    "And point at the numbers of $\\partial E/\\partial x$ that are not 0: there you see the two "
    "kernels, the second with all signs turned round.",
)
def _(live):
    seen = np.zeros(live.now["x"].shape)
    for kernel, (k, row, column) in zip(live.now["W"], np.argwhere(live.now["delta"]), strict=True):
        seen[row : row + 3, column : column + 3] += (1, -1)[k] * kernel
    assert np.array_equal(seen, live.now["dE_dx"])
    return 0, len(live.now["W"])


@says(
    *FIGURE,
    "The gradient of the weight in the upper right corner of kernel 0 is 1. So if that weight goes "
    "from 1 to 1.5, the 0.75 should grow by 0.5 · 1. Try it: it becomes 1.25.",
)
def _(live):
    place, new = (0, 0, 2), 1.5
    now, then = live.now, live.after(("W", place, new))
    gradient, step = now["dE_dW"][place], new - now["W"][place]
    return (
        place[0], gradient, now["W"][place], new, now["p"][ASKED], step, gradient,
        then["p"][ASKED],
    )  # fmt: skip


@says(
    *FIGURE,
    "The gradient of the pixel in row 3, column 3 is −1. Choose Erase and click on it: "
    "it goes from 0.5 to 0, and the 0.75 grows by 0.5, to 1.25.",
)
def _(live):
    place, black = (3, 3), 0
    now, then = live.now, live.after(("x", place, black))
    before, after = now["p"][ASKED], then["p"][ASKED]
    return *place, now["dE_dx"][place], now["x"][place], black, before, after - before, after


@says(
    *FIGURE,
    "Undo, and paint the pixel in row 2, column 3 black. Another number of the window is the "
    "largest now, 1.5; $\\omega$ goes from 3 to 1, the 1 in $\\partial E/\\partial h$ moves up by "
    "one row",
)
def _(live):
    place = 2, 3
    now, then = live.now, live.after(("x", place, 0))
    ((row, column),), ((new_row, new_column),) = (
        np.argwhere(state["dE_dh"][0]) for state in (now, then)
    )
    assert (new_row, new_column) == (row - 1, column)
    return (
        *place, then["p"][ASKED], now["omega"][ASKED], then["omega"][ASKED],
        then["dE_dh"][0, new_row, new_column],
    )  # fmt: skip


@says(
    *FIGURE,
    "In the second map of $\\partial E/\\partial p$ write a 5 in the middle of the lowest row. It "
    "arrives in $\\partial E/\\partial h$, at the upper left number of its window, for of four "
    "zeros the first wins. But in $\\partial E/\\partial a$ it is gone: these numbers were "
    "negative before the ReLU. Now set the second bias to 2. All of the window is positive, and "
    "the 5 goes through "
    "its largest number to weights and pixels.",
)
def _(live):
    new, bias = 5, 2
    window = 1, slice(4, 6), slice(2, 4)
    then = live.after(("dE_dp", (1, 2, 1), new))
    assert then["dE_dh"][1, 4, 2] == new
    assert (then["dE_da"][window] == 0).all()
    assert (then["a"][window] < 0).all()
    opened = live.after(("dE_dp", (1, 2, 1), new), ("b", 1, bias))
    assert (opened["a"][window] > 0).all()
    largest = opened["a"][window].argmax()
    return new, (then["h"][window] == 0).sum(), bias, opened["dE_da"][window].ravel()[largest]


@says(
    *FIGURE,
    "Each of the 18 windows sends a 1 to its winner. Six windows have nothing but 0 in them, and "
    "12 ones get past the ReLU; the gradients of the two biases count them, 6 and 6.",
)
def _(live):
    then = live.after(("dE_dp", ..., 1))
    (sent,) = {*then["dE_dh"][then["dE_dh"] != 0]}
    empty = (then["p"] == 0).sum()
    return (
        then["p"].size, sent, empty, 0, (then["dE_da"] == 1).sum(), then["dE_db"].size,
        *then["dE_db"],
    )  # fmt: skip
