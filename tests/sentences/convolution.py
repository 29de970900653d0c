"""Sentences below the figures of the chapters on convolution."""

import numpy as np

from sentences.saying import says

SLIDE = "convolution/forward", "forward-11"
FIT = "convolution/forward", "forward-45"
BAR = "convolution/forward", "forward-47"


@says(*SLIDE, "A kernel of 2 × 2 slides over an input of 3 × 4.")
def _(live):
    return *live.now["W"].shape, *live.now["x"].shape


@says(
    *SLIDE,
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
    *SLIDE,
    "Point at [the 3](#slide:x[1,2]) in $x$. Four windows contain it, and each meets it with "
    "another weight.",
)
def _(live):
    ((row, column),) = np.argwhere(live.now["x"] == 3)
    return 3, row, column, live.readers("a", "x", (row, column))


@says(
    *FIT,
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
    *FIT,
    "Then set the stride $S$ to 2: the kernel begins in every second row only, and $a$ has 3.",
)
def _(live):
    S = 2
    return S, len(live.sized(P=1, S=S)["a"])


@says(
    *BAR,
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
    *BAR,
    "Now the upper edge is positive, the lower one negative, and [the row between](#bar:a[1,2]) is "
    "0.",
)
def _(live):
    found, row = live.taken("horizontal edges")["a"], 1
    assert (found[0] > 0).all() and (found[2] < 0).all()
    (between,) = {*found[row]}
    return row, 2, between


@says(
    *BAR,
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
    *BAR,
    "Choose [sharpen](#bar.preset=sharpen), five times the centre minus its four neighbours. In "
    "the middle that is still 3; at [the end](#bar:a[1,4]), where the centre stands out, it is 6.",
)
def _(live):
    found, end = live.taken("sharpen"), (1, 4)
    W = found["W"]
    return W[1, 1], (W == -1).sum(), found["a"][1, 3], *end, found["a"][end]


@says(
    "convolution/kernel-gradient", "kernel-gradient-17",
    "Point at each of the four numbers of $\\partial E/\\partial W$.",
)  # fmt: skip
def _(live):
    return (live.now["dE_dW"].size,)


@says(
    "convolution/kernel-gradient", "kernel-gradient-17",
    "Take a step against the gradient, 6, of the weight in row 0, column 1: change it from 0 to "
    "−0.3. Outputs, $\\delta$ and gradients all follow. $E$ falls from 3.5 to 2.555, and the "
    "gradient of this weight from 6 to 0.3. With −0.6 the step is too long: $E$ is 3.32, and the "
    "gradient −5.4.",
)  # fmt: skip
def _(live):
    place, step, far = (0, 0, 1), -0.3, -0.6
    now, then, long = live.now, live.after(("W", place, step)), live.after(("W", place, far))
    assert not np.array_equal(now["delta"], then["delta"])
    return (
        now["dE_dW"][place], *place[1:], now["W"][place], step, now["E"], then["E"],
        now["dE_dW"][place], then["dE_dW"][place], far, long["E"], long["dE_dW"][place],
    )  # fmt: skip


@says(
    "convolution/kernel-gradient", "kernel-gradient-17",
    "Press Reset, and make $y$ equal to $a$ in all six places. All of $\\delta$ is 0, and so is "
    "$\\partial E/\\partial W$: there is nothing to learn. Now make the 5 in row 0, column 2 of "
    "$y$ a 4. A single $\\delta$ is 1, and $\\partial E/\\partial W$ is a piece of the input, 0, 1 "
    "and 3, 2: the window that gave this output.",
)  # fmt: skip
def _(live):
    a, place = live.now["a"], (0, 0, 2)
    met = live.after(("y", ..., a))
    assert not met["dE_dW"].any()
    then = live.after(("y", ..., a), ("y", place, 4))
    assert (then["delta"] != 0).sum() == 1
    assert np.array_equal(then["dE_dW"][0], live.now["x"][0:2, 2:4])
    return (
        a.size, np.abs(met["delta"]).max(), a[place], *place[1:], 4, then["delta"][place],
        *then["dE_dW"].ravel(),
    )  # fmt: skip


@says(
    "convolution/bias-gradient", "bias-gradient-08",
    "Point at $b$. All six outputs light up, each with the factor 1.",
)  # fmt: skip
def _(live):
    then = live.after(("b", 0, live.now["b"][0] + 1))["a"] - live.now["a"]
    return live.readers("a", "b", (0,)), then.mean()


@says("convolution/bias-gradient", "bias-gradient-08", "All six numbers of $\\delta$ light up")
def _(live):
    return (len(live.factors("dE_db", (0,))),)


@says(
    "convolution/bias-gradient", "bias-gradient-08", "Change numbers of $x$: the gradient stays 3"
)
def _(live):
    return live.after(("x", (1, 2), -7))["dE_db"]


@says(
    "convolution/input-gradient", "input-gradient-12",
    "Point at the pixel in row 1, column 1 of $x$: the four outputs that saw it light up, each "
    "with its weight. Point at the same place of $\\partial E/\\partial x$: the same four places "
    "of $\\delta$ light up, with the same weights.",
)  # fmt: skip
def _(live):
    place = 1, 1
    return *place, live.readers("a", "x", place), len(live.factors("dE_dx", place))


@says("convolution/input-gradient", "input-gradient-12", "which count as 0.")
def _(live):
    outside = [f.value for t in live.factors("dE_dx", (0, 0)) for f in t if not f.inside]
    assert len(outside) == 3
    return {*outside}


@says("convolution/input-gradient", "input-gradient-16", 'Choose "1 2 3 4" for the kernel')
def _(live):
    return np.ravel(live.preset("1 2 3 4", "W"))
