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


@says("activation/families", "families-70", "A unit with a bias, and a batch of three inputs.")
def _(live):
    return (live.now["z"].size,)


@says(
    "activation/families", "families-70",
    "Raise [the bias](#unit:b[]) to −2, then −1, then 0. One gate opens after the other, and the "
    "gradient is −3, −4 and −3. At 1, where all wishes come true, it is 0 again",
)  # fmt: skip
def _(live):
    biases, goal = (-2, -1, 0), 1
    thens = [live.after(("b", (), bias)) for bias in biases]
    assert [(then["x"] > 0).sum() for then in thens] == [1, 2, 3]
    there = live.after(("b", (), goal))
    assert np.array_equal(there["h"], there["y"])
    return *biases, *(then["dE_db"] for then in thens), goal, there["dE_db"]


@says(
    "activation/families", "families-70",
    "With the bias at −4, make [the last of the data](#unit:z[2]) a 5. One open gate is enough.",
)  # fmt: skip
def _(live):
    place, value = 2, 5
    then = live.after(("z", place, value))
    assert (then["x"] > 0).sum() == 1 and then["dE_db"] != 0 == live.now["dE_db"]
    return live.now["b"], place, value


@says("activation/families", "families-78", "Make [α](#leak:alpha[]) 0: this is the ReLU, and the "
      "gradient is 0.")  # fmt: skip
def _(live):
    return 0, live.after(("alpha", (), 0))["dE_dw"]


@says(
    "activation/families", "families-78",
    "Make it 0.1 again and [the weight](#leak:w[]) −0.1, then 0.1. The gradient jumps from −1.41 "
    "to −12.6: above 0 all of it gets through.",
)  # fmt: skip
def _(live):
    weights, kink = (-0.1, 0.1), 0
    return (
        live.now["alpha"],
        *weights,
        *(live.after(("w", (), weight))["dE_dw"] for weight in weights),
        kink,
    )


@says("activation/families", "families-82", "A sigmoid at five places, and what it lets through of "
      "a gradient of 1.")  # fmt: skip
def _(live):
    return live.now["x"].size, *np.unique(live.now["dE_dh"])


@says(
    "activation/families", "families-82",
    "Point at [the numbers at 5](#passes:dE_dx[0,4]) and at −5. The curve is flat there, and of "
    "the gradient 0.00665 is left",
)  # fmt: skip
def _(live):
    x, place = live.now["x"], (0, 4)
    assert np.isclose(live.now["dE_dx"][place], live.now["dE_dx"][0, 0])
    return x[place], *place, x[0, 0], live.now["dE_dx"][place]


@says("activation/families", "families-84", "What sigmoids leave of a gradient of 1")
def _(live):
    return live.now["g"][:1]


@says(
    "activation/families", "families-84",
    "Set $S$ to 13: that is two layers more, and a sixteenth is left of what was left.",
)  # fmt: skip
def _(live):
    size = 13
    now, then = live.now["g"], live.sized(S=size)["g"]
    return size, len(then) - len(now), then[-1] / now[-1]


@says(
    "activation/families", "families-84",
    "Make [x](#fade:x[]) 2. After ten layers nearly 6000 times less is left than at 0.",
)  # fmt: skip
def _(live):
    layers, place = 10, 2
    left, less = (g["g"][layers] for g in (live.now, live.after(("x", (), place))))
    return place, layers, round(left / less, -3), live.now["x"]


@says(
    "activation/families", "families-84",
    "Put $x$ back to 0 and make [the weight](#fade:w[]) 4. Now all of it is left, however deep. "
    "Make it 5, and the gradient *explodes*, to 9.31 after ten layers.",
)  # fmt: skip
def _(live):
    whole, larger, layers = 4, 5, 10
    assert np.array_equal(live.after(("w", (), whole))["g"], np.ones(live.now["g"].size))
    return live.now["x"], whole, larger, live.after(("w", (), larger))["g"][layers], layers


@says("activation/families", "families-86", "Three sigmoids in a row.")
def _(live):
    return (len({"h", "k", "p"} & {*live.now}),)


@says(
    "activation/families", "families-86",
    "Make [the weight](#chain:w[]) 4, then 8, and watch what comes out of the input 0: the last "
    "two sigmoids run into 1.",
)  # fmt: skip
def _(live):
    weights, limit = (4, 8), 1
    (middle,) = np.flatnonzero(live.now["x"] == 0)
    last = [live.now, *(live.after(("w", (), weight)) for weight in weights)]
    for name in ("k", "p"):
        run = [limit - then[name][middle] for then in last]
        assert run[0] > run[1] > run[2] > 0 and run[2] < 0.02
    return *weights, live.now["x"][middle], len(("k", "p")), limit


@says(
    "activation/families", "families-86",
    "Make it 0.5. Nothing is saturated, and $g$ at 0 is 0.00189",
)  # fmt: skip
def _(live):
    weight, (middle,) = 0.5, np.flatnonzero(live.now["x"] == 0)
    then = live.after(("w", (), weight))
    outputs = np.array([then[name] for name in ("h", "k", "p")])
    assert (outputs * (1 - outputs)).min() > 0.19
    return weight, live.now["x"][middle], then["g"][middle]


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
