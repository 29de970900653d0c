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
    "activation/relu", "relu-50",
    "Set the bias to 0. Five steps upwards come through, and [the largest](#touch:h[1,3]) is 4. "
    "Set it to −3: [that one](#touch:h[1,3]) alone is left.",
)  # fmt: skip
def _(live):
    place, none, low = (1, 3), 0, -3
    let_through, left = (live.after(("b", (), bias))["h"] for bias in (none, low))
    upwards = np.diff(live.now["x"], axis=1) > 0
    assert np.array_equal(let_through > 0, upwards)
    assert np.argwhere(left > 0).tolist() == [[*place]]
    assert let_through[place] == let_through.max()
    return none, upwards.sum(), *place, let_through[place], low, *place


@says(
    "activation/relu", "relu-50",
    "Turn the kernel round, with 1 on [the left](#touch:W[0,0]) and −1 on [the "
    "right](#touch:W[0,1]). Now the steps downwards come through, and nothing else.",
)  # fmt: skip
def _(live):
    left, right = (0, 0), (0, 1)
    then = live.after(("W", left, 1), ("W", right, -1), ("b", (), 0))["h"]
    assert np.array_equal(then > 0, np.diff(live.now["x"], axis=1) < 0)
    return 1, *left, -1, *right


@says("activation/relu", "relu-54", "Move the point from −0.1 to 0.1: the slope jumps from 0 to 1. "
      "At 0 the curve bends")  # fmt: skip
def _(live):
    ends, kink = (-0.1, 0.1), 0
    slopes = []
    for live.figure.x in ends:
        slopes.append(live.figure.slope)
    return *ends, *slopes, kink


@says(
    "activation/relu", "relu-55",
    "Choose [all signs turned](<#between.preset=all signs turned>). Now $z$ is 3, −4; and $y$, "
    "which was 1, 4, is 4, 0.",
)  # fmt: skip
def _(live):
    then = live.taken("all signs turned")
    assert np.array_equal(then["x"], -live.now["x"])
    return *then["z"], *live.now["y"], *then["y"]


@says(
    "activation/relu", "c27d33a5",
    "Set [the bias](#digit:b[0]) to −2. Only the strongest edges are left in $h$.",
)  # fmt: skip
def _(live):
    kept = live.after(("b", 0, -2))["h"] > 0
    assert 0 < kept.sum() < (live.now["h"] > 0).sum()
    assert live.now["a"][kept].min() >= np.sort(live.now["a"].ravel())[-kept.sum()]
    return 0, -2


@says(
    "activation/relu", "c27d33a5", "Set the bias to 5. Now all of $a$ is positive: $h$ equals $a$"
)
def _(live):
    then = live.after(("b", 0, 5))
    assert then["a"].min() > 0
    assert np.array_equal(then["a"], then["h"])
    return (5,)


@says(
    "activation/relu", "c27d33a5",
    "Choose [identity](#digit.preset=identity) and set the bias back to 0.",
)  # fmt: skip
def _(live):
    then = live.after(("W", ..., live.names["three_by_three"]["identity"]), ("b", 0, 0))
    assert np.array_equal(then["a"], then["h"])
    return live.now["b"]


@says(
    "activation/relu-gradient", "d9ba1ca6",
    "such as [the 1 in column 4](#back:dE_dh[0,4]).",
)  # fmt: skip
def _(live):
    row, column = place = 0, 4
    then = live.after(("dE_dh", place, 9))
    assert np.array_equal(then["dE_dx"], live.now["dE_dx"])
    return live.now["dE_dh"][place], column, row, column


@says(
    "activation/relu-gradient", "d9ba1ca6",
    "They agree everywhere but in [column 1](#back:dE_dx[0,1]), where the input is 0: there the "
    "finite difference says −0.5, half of what arrived.",
)  # fmt: skip
def _(live):
    step, x, arrived = 1e-4, live.now["x"], live.now["dE_dh"]
    ends = [live.after(("x", ..., x + s))["h"] for s in (step, -step)]
    measured = arrived * (ends[0] - ends[1]) / (2 * step)
    ((row, column),) = np.argwhere(~np.isclose(measured, live.now["dE_dx"]))
    here = round(measured[row, column], 9)
    return column, row, column, x[row, column], here, here / arrived[row, column]


@says(
    "activation/relu-gradient", "relu-gradient-53",
    "A weight for each sign, and two rules for their gradients.",
)  # fmt: skip
def _(live):
    return (sum(name.startswith("dE_dw") for name in live.now),)


@says(
    "activation/relu-gradient", "relu-gradient-53",
    "Make [the second weight](#pair:w[1]) −1, as it should be. Now both rules let [the "
    "first](#pair:w[0]) fall. But without a mask the second gets pushed too, by as much.",
)  # fmt: skip
def _(live):
    first, second, goal = 0, 1, -1
    then = live.after(("w", second, goal))
    right, wrong = then["dE_dw"], then["dE_dw (2)"]
    assert right[first] > 0 and right[second] == 0
    assert wrong[first] > 0 and wrong[second] == wrong[first]
    return second, goal, first


@says(
    "activation/relu-gradient", "relu-gradient-53",
    "Make the two weights 1 and −1. All of $\\delta$ is 0, and so is every gradient.",
)  # fmt: skip
def _(live):
    goal = 1, -1
    then = live.after(("w", ..., goal))
    assert not np.any(then["dE_dw"]) and not np.any(then["dE_dw (2)"])
    return len(goal), *goal, np.abs(then["delta"]).max()


@says("activation/relu-gradient", "relu-gradient-57", "Three ways to write one function")
def _(live):
    return (sum(name.startswith("h") for name in live.now),)


WAYS = "dE_dx", "dE_dx (2)", "dE_dx (3)"


@says(
    "activation/relu-gradient", "relu-gradient-57",
    "Point at the three numbers of $\\partial E/\\partial x$ for [the input 0](#ways:x[0,1]): 0, 2 "
    "and 4. Forwards there is no difference anywhere.",
)  # fmt: skip
def _(live):
    place, now = (0, 1), live.now
    assert np.array_equal(now["h"], now["h (2)"]) and np.array_equal(now["h"], now["h (3)"])
    return len(WAYS), now["x"][place], *place, *(now[name][place] for name in WAYS)


@says("activation/relu-gradient", "relu-gradient-57", "Make [the 0](#ways:x[0,1]) a 0.1. The three")
def _(live):
    place, value = (0, 1), 0.1
    then = live.after(("x", place, value))
    assert all(np.array_equal(then[name], then[WAYS[0]]) for name in WAYS)
    return live.now["x"][place], *place, value, len(WAYS)


@says("activation/relu", "c27d33a5", "The edges of a seven, before and after the ReLU.")
def _(live):
    seven = 7
    assert np.array_equal(live.now["x"], live.names["data"].digit(seven).round(2))
    return (seven,)
