"""What the tests know of the chapter *Convolution*."""

import numpy as np
from saying import says

ANSWERS = {
    "forward-11": [
        [
            ("3", "That turns the kernel round before it is laid on"),
            ("7", "That takes the rows of the kernel for its columns"),
            ("4", "That is the sum without b"),
            ("5", "✓ Yes, 5."),
        ],
        [
            ("It grows", "The weight grows; but what it adds"),
            ("It falls", "The −1 takes nothing away here"),
            ("It stays", "✓ Right."),
        ],
    ],
    "forward-47": [
        [(("a", 1, 3), "✗ Not a[1, 3]."), (("a", 1, 1), "✓")],
    ],
    "forward-51": [
        [
            ("1", "That is what a network's convolution picks"),
            ("2", "That mirrors the kernel from left to right only"),
            ("4", "✓ Yes, 4."),
        ],
    ],
}

SLIDE = "forward-11"
FIT = "forward-45"
BAR = "forward-47"


@says(SLIDE, "A kernel of 2 × 2 slides over an input of 3 × 4.")
def _(live):
    return *live.now["W"].shape, *live.now["x"].shape


@says(
    SLIDE,
    "Click [the weight −1](#slide:W[1,1]), type 1 and press Enter. Five of the six outputs change; "
    "[the one in row 0, column 2](#slide:a[0,2]) grows from 5 to 9, by twice the 2 that lies under "
    "that weight.",
)  # fmt: skip
def _(live):
    (s, t), new, place = (1, 1), 1, (0, 2)
    old = live.now["W"][s, t]
    x, a, then = live.now["x"], live.now["a"], live.after(("W", (s, t), new))["a"]
    return (
        old, s, t, new, (a != then).sum(), a.size, *place, *place, a[place], then[place],
        new - old, x[place[0] + s, place[1] + t],
    )  # fmt: skip


@says(
    SLIDE,
    "Point at [the 3](#slide:x[1,2]) in $x$. Four windows contain it, and each meets it with "
    "another weight.",
)
def _(live):
    ((row, column),) = np.argwhere(live.now["x"] == 3)
    return 3, row, column, live.readers("a", "x", (row, column))


@says(
    FIT,
    "With $m = 3$, set the padding $P$ to 1. Now $a$ has 6 rows, as many as $x$; outside, where "
    "the kernel overhangs, it [reads zeros](#fit:a[0,0]).",
)
def _(live):
    m, P, place = live.now["W"].shape[0], 1, (0, 0)
    found = live.sized(P=P)
    assert found["a"].shape == found["x"].shape
    live.figure.sizes = {"P": P}
    outside = [f.value for t in live.factors("a", place) for f in t if not f.inside]
    live.figure.sizes = {"P": 0}
    assert {*outside} == {0}
    return m, P, len(found["a"]), *place


@says(
    FIT,
    "Then set the stride $S$ to 2: the kernel begins in every second row only, and $a$ has 3.",
)
def _(live):
    S = 2
    return S, len(live.sized(P=1, S=S)["a"])


@says(
    BAR,
    "Point at [the −12](#bar:a[1,4]). There the bar ends: 0 on the right of the window, 3 on its "
    "left.",
)
def _(live):
    i, j = place = 1, 4
    assert live.now["a"].min() == live.now["a"][place]
    window = live.now["x"][i : i + 3, j : j + 3]
    (left,), (right,) = {*window[:, 0]}, {*window[:, 2]}
    return live.now["a"][place], *place, right, left


@says(
    BAR,
    "Now the upper edge is positive, the lower one negative, and [the row between](#bar:a[1,2]) is "
    "0.",
)
def _(live):
    found, row = live.taken("horizontal edges")["a"], 1
    assert (found[0] > 0).all() and (found[2] < 0).all()
    (between,) = {*found[row]}
    return row, 2, between


@says(
    BAR,
    "The weights are nine times ⅑, so each number is the mean of its window. [In the "
    "middle](#bar:a[1,3]) all nine are 3, and so is their mean",
)
def _(live):
    found, (i, j) = live.taken("blur"), (1, 3)
    window = found["x"][i : i + 3, j : j + 3]
    (value,) = {*window.ravel()}
    assert abs(found["a"][i, j] - value) < 1e-12
    return found["W"].size, i, j, window.size, value


@says(
    BAR,
    "Choose [sharpen](#bar.preset=sharpen), five times the centre minus its four neighbours. In "
    "the middle that is still 3; at [the end](#bar:a[1,4]), where the centre stands out, it is 6.",
)
def _(live):
    found, end = live.taken("sharpen"), (1, 4)
    W = found["W"]
    return W[1, 1], (W == -1).sum(), found["a"][1, 3], *end, found["a"][end]
