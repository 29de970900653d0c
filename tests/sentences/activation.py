"""Sentences below the figures of the chapters on activations."""

import numpy as np

from sentences.saying import says


def at(live, shown, x, **numbers):
    """Values and slopes of one of the functions of the figure, at one place or at many."""
    value, gradient, own = live.names["families"][shown]
    places = np.atleast_2d(np.asarray(x, dtype=float))
    slopes = gradient(dE_dh=np.ones(places.shape), x=places, **{**own, **numbers})
    return np.squeeze(value(x=places, **{**own, **numbers})), np.squeeze(slopes)


GRID = np.arange(-600, 601) / 100


@says("activation/families", "families-18", "Eight activation functions, each with its slope.")
def _(live):
    return (len(live.figure.state["curves"]),)


@says(
    "activation/families", "families-18",
    "Move the sigmoid's point to 0, where the tangent is steepest: the slope is 0.25. Then go to "
    "5. The curve looks flat, and the slope is 0.006648.",
)  # fmt: skip
def _(live):
    steepest = GRID[at(live, "sigmoid", GRID)[1].argmax()]
    return steepest, at(live, "sigmoid", steepest)[1], 5, at(live, "sigmoid", 5)[1]


@says(
    "activation/families", "families-18",
    "Choose ReLU and go from −0.1 to 0.1. The slope jumps from 0 to 1. At 0 itself the measured "
    "slopes to the left and right differ",
)  # fmt: skip
def _(live):
    kink = 0
    left, right = (at(live, "ReLU", x)[0] / x for x in (-1e-6, 1e-6))
    assert left != right
    return -0.1, 0.1, at(live, "ReLU", -0.1)[1], at(live, "ReLU", 0.1)[1], kink


@says(
    "activation/families", "families-18",
    "Choose leaky ReLU and set α to 1: no bend is left. Set it to 0: that is ReLU.",
)  # fmt: skip
def _(live):
    straight, closed = 1, 0
    for x in (-3.0, -0.5, 0.5, 2.0):
        assert at(live, "leaky ReLU", x, alpha=straight) == (x, 1)
        assert at(live, "leaky ReLU", x, alpha=closed) == at(live, "ReLU", x)
    return straight, closed


@says(
    "activation/families", "families-18",
    "Choose ELU, with α = 1, and go to 0: there is no kink. With α = 2 there is one, since the "
    "slope to the left is 2 then.",
)  # fmt: skip
def _(live):
    tiny = 1e-9
    smooth = at(live, "ELU", -tiny, alpha=1)[1] - at(live, "ELU", tiny, alpha=1)[1]
    return 1, np.round(smooth, 6), 2, np.round(at(live, "ELU", -tiny, alpha=2)[1], 6)


@says(
    "activation/families", "families-18",
    "Compare softplus with ReLU. They are furthest apart at 0, by 0.6931, which is $\\log 2$.",
)  # fmt: skip
def _(live):
    apart = at(live, "softplus", GRID)[0] - at(live, "ReLU", GRID)[0]
    assert np.isclose(apart.max(), np.log(2))
    return GRID[apart.argmax()], apart.max(), 2


@says(
    "activation/families", "families-18",
    "It is near −1.3, at about −0.2785, where the slope is next to 0. To the left of it the slope "
    "is negative.",
)  # fmt: skip
def _(live):
    lowest = GRID[at(live, "SiLU", GRID)[0].argmin()]
    assert at(live, "SiLU", lowest - 0.5)[1] < 0
    value, slope = at(live, "SiLU", lowest)
    return lowest, value, np.round(slope, 2)


@says(
    "activation/relu", "3b2b1903",
    "Click the −5, type −50 and press Enter. Nothing changes in $h$. How far below 0 a number",
)  # fmt: skip
def _(live):
    place = 1, 1
    assert np.array_equal(live.after(("x", place, -50))["h"], live.now["h"])
    return live.now["x"][place], -50, live.now["h"][place]


@says("activation/relu", "3b2b1903", "Type 5 there instead. Now $h$ has the 5 as well.")
def _(live):
    return 5, live.after(("x", (1, 1), 5))["h"][1, 1]


@says("activation/relu", "3b2b1903", "Every negative number on the left is a 0 on the right.")
def _(live):
    return {*live.now["h"][live.now["x"] < 0]}


@says(
    "activation/relu", "c27d33a5", "Set the bias to −2. Only the strongest edges are left in $h$."
)
def _(live):
    kept = live.after(("b", 0, -2))["h"] > 0
    assert 0 < kept.sum() < (live.now["h"] > 0).sum()
    assert live.now["a"][kept].min() >= np.sort(live.now["a"].ravel())[-kept.sum()]
    return (-2,)


@says(
    "activation/relu", "c27d33a5", "Set the bias to 5. Now all of $a$ is positive: $h$ equals $a$"
)
def _(live):
    then = live.after(("b", 0, 5))
    assert then["a"].min() > 0
    assert np.array_equal(then["a"], then["h"])
    return (5,)


@says("activation/relu", "c27d33a5", 'Choose "identity" and set the bias back to 0.')
def _(live):
    then = live.after(("W", ..., live.names["three_by_three"]["identity"]), ("b", 0, 0))
    assert np.array_equal(then["a"], then["h"])
    return live.now["b"]


@says(
    "activation/relu-gradient", "d9ba1ca6",
    "Click the −2 in $x$ and type 2. The gate opens: the 4 that arrived goes on.",
)  # fmt: skip
def _(live):
    then = live.after(("x", (0, 0), 2))
    assert live.now["dE_dx"][0, 0] == 0
    return live.now["x"][0, 0], 2, then["dE_dx"][0, 0]


@says("activation/relu-gradient", "d9ba1ca6", "such as the 1 in row 1, column 1.")
def _(live):
    then = live.after(("dE_dh", (1, 1), 9))
    assert np.array_equal(then["dE_dx"], live.now["dE_dx"])
    return live.now["dE_dh"][1, 1], 1, 1


@says(
    "activation/relu-gradient", "d9ba1ca6",
    "They agree everywhere but in row 0, column 1, where the input is 0: there the finite "
    "difference says −0.5, half of what arrived.",
)  # fmt: skip
def _(live):
    step, x, arrived = 1e-4, live.now["x"], live.now["dE_dh"]
    ends = [live.after(("x", ..., x + s))["h"] for s in (step, -step)]
    measured = arrived * (ends[0] - ends[1]) / (2 * step)
    ((row, column),) = np.argwhere(~np.isclose(measured, live.now["dE_dx"]))
    here = round(measured[row, column], 9)
    return row, column, x[row, column], here, here / arrived[row, column]


@says("activation/relu", "c27d33a5", "The edges of a seven, before and after the ReLU.")
def _(live):
    seven = 7
    assert np.array_equal(live.now["x"], live.names["data"].digit(seven).round(2))
    return (seven,)
