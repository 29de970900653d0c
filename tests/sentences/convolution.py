"""Sentences below the figures of the chapters on convolution."""

import numpy as np

from sentences.saying import says

SLIDE = "convolution/forward", "forward-11"
FIT = "convolution/forward", "forward-45"
BAR = "convolution/forward", "forward-47"
BACK = "convolution/kernel-gradient", "kernel-gradient-17"
BIAS = "convolution/kernel-gradient", "kernel-gradient-55"
STEP = "convolution/kernel-gradient", "kernel-gradient-45"
LEARN = "convolution/kernel-gradient", "kernel-gradient-49"
PIXEL = "convolution/input-gradient", "input-gradient-50"
STAMP = "convolution/input-gradient", "input-gradient-54"
TURN = "convolution/input-gradient", "input-gradient-16"
LINE = "convolution/input-gradient", "input-gradient-58"
TWO = "convolution/input-gradient", "input-gradient-60"
EVEN = "convolution/kernel-gradient", "kernel-gradient-35"


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
    *BACK,
    "Point at each of [the four](#back:dE_dW[1,0]) numbers of $\\partial E/\\partial W$. The "
    "window that lights up in $x$ has the size of $\\delta$, and moves by one. Point at [one "
    "number of a](#back:a[0,1]): that window has the size of $W$.",
)
def _(live):
    weight, place = (1, 0), (0, 1)
    now = live.now
    read = {f.index for t in live.factors("dE_dW", weight) for f in t if f.name == "x"}
    assert len(read) == now["delta"].size
    read = {f.index for t in live.factors("a", place) for f in t if f.name == "x"}
    assert len(read) == now["W"].size
    return now["dE_dW"].size, *weight, *place


@says(*BACK, "Make [the 3 in y](#back:y[1,0]) a 5. It is met, $\\delta$ is 0 there")
def _(live):
    place = 1, 0
    met = live.now["a"][place]
    return live.now["y"][place], *place, met, live.after(("y", place, met))["delta"][place]


@says(
    *STEP,
    "Make [the rate](#step:eta[]) 0.01: the error falls from 3.5 to 3.15. With 0.04 it falls to "
    "2.76. Where is the best rate for this step? It lies near 0.036.",
)
def _(live):
    rates = np.linspace(0.03, 0.045, 151)
    errors = [live.after(("eta", (), rate))["F"] for rate in rates]
    small, large = 0.01, 0.04
    found = [live.after(("eta", (), rate))["F"] for rate in (small, large)]
    return small, live.now["E"], found[0], large, found[1], rates[np.argmin(errors)]


@says(*STEP, "Take 0.06. Still the error falls, to 3.07.")
def _(live):
    rate = 0.06
    found = live.after(("eta", (), rate))
    assert found["F"] < found["E"]
    return rate, found["F"]


@says(
    *STEP,
    "All of $\\delta$ is 0, and so is $\\partial E/\\partial W$: there is nothing to learn. With "
    "[all but one](<#step.preset=all but one>) a single $\\delta$ is 1, and $\\partial E/\\partial "
    "W$ is a piece of the input, the window that gave [this output](#step:a[0,2]).",
)
def _(live):
    met, one, place = live.taken("what comes out"), live.taken("all but one"), (0, 2)
    assert not met["dE_dW"].any()
    (found,) = one["delta"][one["delta"] != 0]
    i, j = place
    assert np.array_equal(one["dE_dW"], one["x"][i : i + 2, j : j + 2])
    return np.abs(met["delta"]).max(), found, *place


@says(*LEARN, "The error of this kernel, before and after each of ten steps.")
def _(live):
    return (len(live.now["E"]) - 1,)


@says(
    *LEARN,
    "Move [the rate](#learn:eta[]) to 0.03: the error falls and falls, to 2.21 after ten steps. "
    "Less than 2.20 this kernel cannot reach, for six wishes are too many for four weights.",
)
def _(live):
    rate = 0.03
    errors = live.after(("eta", (), rate))["E"]
    assert (np.diff(errors) < 0).all()
    windows = live.names["windows"]
    return rate, errors[10], 10, live.now["c"], *windows.shape


@says(*LEARN, "Move it slowly from 0.04 to 0.05. Between them lies the limit.")
def _(live):
    low, high = 0.04, 0.05
    for rate, sign in ((low, -1), (high, 1)):
        last = live.after(("eta", (), rate))["E"][-2:]
        assert np.sign(last[1] - last[0]) == sign
    return low, high


@says(
    *LEARN,
    "make [its rate](#step:eta[]) 0.03 and press *Take a step* ten times. The error there is 2.21, "
    "too, and $a$ is as near to $y$ as it gets. Press *Reset*, and do the same with 0.06: the "
    "kernel runs away.",
)
def _(live):
    windows, wished = live.names["windows"], (live.names["y"] - live.names["b"]).ravel()
    errors = {}
    for rate in (0.03, 0.06):
        kernel = live.names["W"].ravel().astype(float)
        for _ in range(10):
            kernel -= rate * windows.T @ (windows @ kernel - wished)
        errors[rate] = ((windows @ kernel - wished) ** 2).sum() / 2
    assert errors[0.06] > 100 * errors[0.03]
    return 0.03, 10, errors[0.03], 0.06


@says(
    *EVEN,
    "Make [the last δ](#even:delta[1,1]) a 4. It still passes: $\\delta$ is symmetric. Make [the "
    "one on its left](#even:delta[1,0]) a 3, and the swap shows.",
)
def _(live):
    last, left = (1, 1), (1, 0)
    four, three = ("delta", last, 4), ("delta", left, 3)
    passes, shows = live.after(four)["dE_dW"], live.after(four, three)["dE_dW"]
    assert np.array_equal(passes, passes.T) and not np.array_equal(shows, shows.T)
    return *last, four[2], *left, three[2]


@says(
    *BIAS,
    "Make [the bias](#bias:b[]) 0.5. Its gradient is 0 now: what is too high and what is too low "
    "balance, and no other bias suits this kernel better.",
)
def _(live):
    best, *others = 0.5, 0.4, 0.6
    found = live.after(("b", (), best))
    least = (found["delta"] ** 2).sum()
    assert all((live.after(("b", (), one))["delta"] ** 2).sum() > least for one in others)
    return best, found["dE_db"]


@says(
    *BIAS,
    "Change [a pixel](#bias:x[1,2]). The gradient follows, but only because $\\delta$ does: among "
    "its terms there is no pixel and no weight.",
)
def _(live):
    pixel = 1, 2
    assert live.after(("x", pixel, 7))["dE_db"] != live.now["dE_db"]
    assert {f.name for term in live.factors("dE_db", ()) for f in term} == {"delta"}
    return pixel


@says(
    *PIXEL,
    "Four windows see the 3, each under another weight. Point at [its gradient](#back:dE_dx[1,2]): "
    "it is made of the same four places in $\\delta$, and of the same four weights.",
)
def _(live):
    place = 1, 2
    terms = live.factors("dE_dx", place)
    seen = live.readers("a", "x", place)
    return seen, live.now["x"][place], *place, len(terms), len(terms)


@says(*PIXEL, "Point at [a corner](#back:dE_dx[0,0]) of $\\partial E/\\partial x$. One window")
def _(live):
    place = 0, 0
    assert live.readers("a", "x", place) == len(live.factors("dE_dx", place)) == 1
    return place


@says(
    *PIXEL,
    "Make [the 3](#back:x[1,2]) a 3.1. The error goes from 3.5 to 3.33: that is −2 · 0.1, and a "
    "little for the square of the step.",
)
def _(live):
    place, new = (1, 2), 3.1
    now, then = live.now, live.after(("x", place, new))
    step, gradient = new - now["x"][place], now["dE_dx"][place]
    assert abs(then["E"] - now["E"] - gradient * step) < 5 * step**2
    return now["x"][place], *place, new, now["E"], then["E"], gradient, step


@says(
    *STAMP,
    "Make [the δ on its right](#stamp:delta[0,2]) a 2. A second kernel is laid down, twice as "
    "strong, and where two lie on one another they add up: [this pixel](#stamp:dE_dx[1,2]) gets "
    "4 + 6 = 10.",
)
def _(live):
    right, new, pixel = (0, 2), 2, (1, 2)
    first = live.now
    then = live.after(("delta", right, new))
    second = live.after(("delta", (0, 1), 0), ("delta", right, new))
    assert first["delta"][0, 1] == 1 and not second["dE_dx"][:, 1].any()
    strength = then["delta"][right] / first["delta"][0, 1]
    parts = first["dE_dx"][pixel], second["dE_dx"][pixel]
    return *right, new, strength, 2, *pixel, *parts, then["dE_dx"][pixel]


@says(*TURN, "Point at [the 2 in W](#turn:W[0,0,1]): its place in $\\tilde W$ lights up, at the")
def _(live):
    place = 0, 0, 1
    k, s, t = place
    assert live.now["W_tilde"][k, 1 - s, 1 - t] == live.now["W"][place]
    return live.now["W"][place], *place


@says(*TURN, "$\\partial E/\\partial x$ is $\\delta$ itself, in the upper left corner")
def _(live):
    found = live.taken("only the corner")
    rows, columns = found["delta"].shape[1:]
    assert np.array_equal(found["dE_dx"][:rows, :columns], found["delta"][0])
    return ()


@says(
    *LINE,
    "Point at [the place two columns to the left](#line:dE_dx[2,1]). Its gradient is negative",
)
def _(live):
    place = 2, 1
    column = live.now["x"][2].argmax()
    assert live.now["dE_dx"][place] < 0
    return column - place[1], *place


@says(*TWO, "Two kernels, and what both send back.")
def _(live):
    return (len(live.now["W"]),)
