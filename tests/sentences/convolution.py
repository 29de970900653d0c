"""Sentences below the figures of the chapters on convolution."""

import numpy as np

from sentences.saying import says


@says("convolution/forward", "forward-11", "A kernel of 2 × 2 slides over an input of 3 × 4.")
def _(live):
    return *live.now["W"].shape[1:], *live.now["x"].shape


@says(
    "convolution/forward", "forward-11",
    "Point at row 1, column 0 of $a$. The window lies on 0, 1, 2, 0, and the sum is 5.",
)  # fmt: skip
def _(live):
    row, column = 1, 0
    window = live.now["x"][row : row + 2, column : column + 2]
    return row, column, *window.ravel(), live.now["a"][0, row, column]


@says(
    "convolution/forward", "forward-11",
    "Click the weight −1, type 1 and press Enter. Five of the six outputs change; the one in row "
    "0, column 2 grows from 5 to 9, by twice the 2 that lies under that weight. The one in row 1, "
    "column 0 stays at 5: there the weight lies on a 0.",
)  # fmt: skip
def _(live):
    s, t = 1, 1
    old, new = live.now["W"][0, s, t], 1
    x, a, then = live.now["x"], live.now["a"][0], live.after(("W", (0, s, t), new))["a"][0]
    (one, other) = (0, 2), (1, 0)
    assert a[other] == then[other]
    changed = (a != then).sum()
    step = new - old
    return (
        old, new, changed, a.size, *one, a[one], then[one], step, x[one[0] + s, one[1] + t],
        *other, then[other], x[other[0] + s, other[1] + t],
    )  # fmt: skip


@says(
    "convolution/forward", "forward-11",
    "Point at the 3 in $x$. Four windows contain it, and each meets it with another weight.",
)  # fmt: skip
def _(live):
    ((row, column),) = np.argwhere(live.now["x"] == 3)
    return 3, live.readers("a", "x", (row, column))


@says("convolution/forward", "forward-20", "It becomes a square of nine equal numbers.")
def _(live):
    kernel = live.names["three_by_three"]["box blur"]
    dot = live.names["np"].zeros((28, 28))
    dot[2, 2] = 1
    found = live.after(("W", ..., kernel), ("x", ..., dot))["a"]
    assert np.ptp(found[found != 0]) < 1e-12
    return ((found != 0).sum(),)


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
