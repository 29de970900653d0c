"""What the tests know of the chapter *A small network, touched*."""

import numpy as np
from saying import says

ANSWERS = {
    "5bc18767": [
        [
            ("16", "That is four windows of four pixels"),
            ("4", "That is one window of the kernel"),
            ("9", "✓ Yes, 9."),
        ],
        [
            (("dE_dh", 0, 1), "That place was compared too, but another one won"),
            (("dE_dh", 0, 3), "That place belongs to the other number of p"),
            (("dE_dh", 1, 0), "✓ Yes, ∂E/∂h[1, 0]."),
        ],
        [("Yes", "It could change a number of p"), ("No", "✓ Right.")],
        [("2", "That adds up the pixels"), ("-1", "✓ Yes, −1.")],
    ],
    "c41d07be": [
        [("7", "That is what came to the ReLU"), ("0", "✓ Yes, 0.")],
        [("5", "That meets the kernel from the wrong end"), ("10", "✓ Yes, 10.")],
    ],
}

HAND = "5bc18767"
ASKED = 0, 1, 1  # the number of p that the first three hints are about
FIGURE = "e32be013"


@says(HAND, "Three layers there, and three back.")
def _(live):
    forwards = [one for one in live.figure.formulas if one.result in ("a", "h", "p")]
    return len(forwards), len({"dE_dh", "dE_da", "dE_dx"} & {*live.now})


@says(
    HAND,
    "Point at [the −4](#hand:dE_dx[1,3]). That pixel went into four numbers of $h$, and only the "
    "one that won sends anything back.",
)
def _(live):
    place = 1, 3
    gradients = [live.now["dE_da"][term[0].index] for term in live.factors("dE_dx", place)]
    assert np.count_nonzero(gradients) == 1
    return live.now["dE_dx"][place], *place, live.readers("a", "x", place)


@says(
    HAND,
    "Make [the 3 in the middle](#hand:x[1,2]) a 4, the pixel without a gradient. Another number "
    "wins the right window: $\\omega$ goes from 1 to 0 there",
)
def _(live):
    place, new, window = (1, 2), 4, (0, 1)
    now, then = live.now, live.after(("x", place, new))
    assert now["dE_dx"][place] == 0 and then["dE_dx"][place] != 0
    return now["x"][place], *place, new, now["omega"][window], then["omega"][window]


@says(
    HAND,
    "Make [the −2](#hand:dE_dp[0,1]) a 0. What is left of $\\partial E/\\partial x$ is the kernel, "
    "laid on [the window](#hand:dE_dx[1,0]) that gave the first number.",
)
def _(live):
    place, gone, corner = (0, 1), 0, (1, 0)
    left = np.zeros(live.now["x"].shape)
    i, j = corner
    left[i : i + 2, j : j + 2] = live.now["W"]
    assert np.array_equal(live.after(("dE_dp", place, gone))["dE_dx"], left)
    return live.now["dE_dp"][place], *place, gone, *corner


@says(
    FIGURE,
    "The 0.75 in the middle of the first map of $p$ is the largest of four numbers of $h$, and "
    "stands in row 3, column 3 there. Find the 1 of $\\partial E/\\partial h$: it is in the same "
    "place.",
)
def _(live):
    window = {term[0].index: term[0].value for term in live.factors("p", ASKED)}
    place = max(window, key=window.get)
    return live.now["p"][ASKED], len(window), *place[1:], live.now["dE_dh"][place]


@says(
    FIGURE,
    "it is the 1, times one pixel, and below it stands what finite differences through all three "
    "layers give.",
)
def _(live):
    gradient, delta, x = (live.now[name] for name in ("dE_dW", "delta", "x"))
    ((row, column),) = np.argwhere(delta[0])
    assert np.array_equal(gradient[0], x[row : row + 3, column : column + 3])
    return delta[0, row, column], 3


@says(
    FIGURE,
    "The numbers of $\\partial E/\\partial x$ that are not 0 are the kernel, laid on the window of "
    "the winner.",
)
def _(live):
    seen = np.zeros(live.now["x"].shape)
    ((row, column),) = np.argwhere(live.now["delta"][0])
    seen[row : row + 3, column : column + 3] = live.now["W"][0]
    assert np.array_equal(seen, live.now["dE_dx"])
    return (0,)


@says(
    FIGURE,
    "The gradient of [the weight in the upper right corner](#net:W[0,0,2]) of kernel 0 is 1. So if "
    "that weight goes from 1 to 1.5, the 0.75 should grow by 0.5 · 1. Try it: it becomes 1.25.",
)
def _(live):
    place, new = (0, 0, 2), 1.5
    now, then = live.now, live.after(("W", place, new))
    gradient, step = now["dE_dW"][place], new - now["W"][place]
    return (
        *place, place[0], gradient, now["W"][place], new, now["p"][ASKED], step, gradient,
        then["p"][ASKED],
    )  # fmt: skip


@says(
    FIGURE,
    "The gradient of [the pixel in row 3, column 3](#net:x[3,3]) is −1. Choose Erase and click on "
    "it: it goes from 0.5 to 0, and the 0.75 grows by 0.5, to 1.25.",
)
def _(live):
    place, black = (3, 3), 0
    now, then = live.now, live.after(("x", place, black))
    before, after = now["p"][ASKED], then["p"][ASKED]
    gradient, pixel = now["dE_dx"][place], now["x"][place]
    return *place, *place, gradient, pixel, black, before, after - before, after


@says(
    FIGURE,
    "Undo, and make [the pixel in row 2, column 3](#net:x[2,3]) 0, which gets no gradient. "
    "Another number of the window is the largest now, 1.5; $\\omega$ goes from 3 to 1, the 1 in "
    "$\\partial E/\\partial h$ moves up by one row",
)
def _(live):
    place, black = (2, 3), 0
    now, then = live.now, live.after(("x", place, black))
    assert now["dE_dx"][place] == 0
    ((row, column),), ((new_row, new_column),) = (
        np.argwhere(state["dE_dh"][0]) for state in (now, then)
    )
    assert (new_row, new_column) == (row - 1, column)
    return (
        *place, *place, black, then["p"][ASKED], now["omega"][ASKED], then["omega"][ASKED],
        then["dE_dh"][0, new_row, new_column],
    )  # fmt: skip


@says(
    FIGURE,
    "In the second map of $\\partial E/\\partial p$ write a 5 in the middle of "
    "[the lowest row](#net:dE_dp[1,2,1]). It arrives in $\\partial E/\\partial h$, at the upper "
    "left number of its window, for of four "
    "zeros the first wins. But in $\\partial E/\\partial a$ it is gone: these numbers were "
    "negative before the ReLU. Now set [the second bias](#net:b[1]) to 2. All of the window is "
    "positive, and the 5 goes through its largest number to weights and pixels.",
)
def _(live):
    new, bias, place = 5, 2, (1, 2, 1)
    window = 1, slice(4, 6), slice(2, 4)
    then = live.after(("dE_dp", place, new))
    assert then["dE_dh"][1, 4, 2] == new
    assert (then["dE_da"][window] == 0).all()
    assert (then["a"][window] < 0).all()
    opened = live.after(("dE_dp", place, new), ("b", 1, bias))
    assert (opened["a"][window] > 0).all()
    largest = opened["a"][window].argmax()
    return (
        new,
        *place,
        (then["h"][window] == 0).sum(),
        1,
        bias,
        opened["dE_da"][window].ravel()[largest],
    )


@says(
    FIGURE,
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
