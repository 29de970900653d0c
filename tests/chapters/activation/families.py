"""What the tests know of the chapter *Activation functions*."""

import numpy as np
from saying import says

DERIVED = {
    "leaky_relu_gradient": ("leaky_relu", "x"),
    "elu_gradient": ("elu", "x"),
    "sigmoid_gradient": ("sigmoid", "x"),
    "tanh_gradient": ("tanh", "x"),
    "softplus_gradient": ("softplus", "x"),
    "silu_gradient": ("silu", "x"),
    "gelu_gradient": ("gelu", "x"),
}

ANSWERS = {
    "families-70": [
        [("-9", "That would be so without gates"), ("0", "✓ Yes, 0.")],
        [
            ("It grows", "It should grow; but its gradient"),
            ("It falls", "So it would be in a step along the gradient"),
            ("It stays", "✓ Right."),
        ],
    ],
    "families-73": [
        [
            ("1", "That lays the kernel on as it is"),
            ("0", "That has gone through the ReLU too"),
            ("-1", "✓ Yes, −1."),
        ],
        [("-1", "That has arrived; but a[1] is below 0"), ("0", "✓ Yes, 0.")],
    ],
    "families-78": [
        [
            ("It stays", "That is so for the ReLU"),
            ("It falls", "The gradient is below 0"),
            ("It grows", "✓ Right."),
        ],
    ],
    "families-82": [
        [
            ("0.5", "That is the value there"),
            ("0.235", "That puts h into the sigmoid a second time"),
            ("0.25", "✓ Yes, 0.25."),
        ],
    ],
    "families-84": [
        [
            ("0.5", "That adds the two slopes"),
            ("0.25", "That is left after the first"),
            ("0.0625", "✓ Yes, 0.0625."),
        ],
    ],
    "families-86": [
        [("It grows", "The three weights multiply it by 8"), ("It falls", "✓ Right.")],
    ],
}

GRID = np.arange(-600, 601) / 100


@says("families-18", "Eight activation functions, each with its slope.")
def _(live):
    return (len(live.figure.state["curves"]),)


@says("families-70", "A unit with a bias, and a batch of three inputs.")
def _(live):
    return (live.now["z"].size,)


@says(
    "families-70",
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
    "families-70",
    "With the bias at −4, make [the last of the data](#unit:z[2]) a 5. One open gate is enough.",
)  # fmt: skip
def _(live):
    place, value = 2, 5
    then = live.after(("z", place, value))
    assert (then["x"] > 0).sum() == 1 and then["dE_db"] != 0 == live.now["dE_db"]
    return live.now["b"], place, value


@says("families-78", "Make [α](#leak:alpha[]) 0: this is the ReLU, and the "
      "gradient is 0.")  # fmt: skip
def _(live):
    return 0, live.after(("alpha", (), 0))["dE_dw"]


@says(
    "families-78",
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


@says("families-82", "A sigmoid at five places, and what it lets through of "
      "a gradient of 1.")  # fmt: skip
def _(live):
    return live.now["x"].size, *np.unique(live.now["dE_dh"])


@says(
    "families-82",
    "Point at [the numbers at 5](#passes:dE_dx[0,4]) and at −5. The curve is flat there, and of "
    "the gradient 0.00665 is left",
)  # fmt: skip
def _(live):
    x, place = live.now["x"], (0, 4)
    assert np.isclose(live.now["dE_dx"][place], live.now["dE_dx"][0, 0])
    return x[place], *place, x[0, 0], live.now["dE_dx"][place]


@says("families-84", "What sigmoids leave of a gradient of 1")
def _(live):
    return live.now["g"][:1]


@says(
    "families-84",
    "Set $S$ to 13: that is two layers more, and a sixteenth is left of what was left.",
)  # fmt: skip
def _(live):
    size = 13
    now, then = live.now["g"], live.sized(S=size)["g"]
    return size, len(then) - len(now), then[-1] / now[-1]


@says(
    "families-84",
    "Make [x](#fade:x[]) 2. After ten layers nearly 6000 times less is left than at 0.",
)  # fmt: skip
def _(live):
    layers, place = 10, 2
    left, less = (g["g"][layers] for g in (live.now, live.after(("x", (), place))))
    return place, layers, round(left / less, -3), live.now["x"]


@says(
    "families-84",
    "Put $x$ back to 0 and make [the weight](#fade:w[]) 4. Now all of it is left, however deep. "
    "Make it 5, and the gradient *explodes*, to 9.31 after ten layers.",
)  # fmt: skip
def _(live):
    whole, larger, layers = 4, 5, 10
    assert np.array_equal(live.after(("w", (), whole))["g"], np.ones(live.now["g"].size))
    return live.now["x"], whole, larger, live.after(("w", (), larger))["g"][layers], layers


@says("families-86", "Three sigmoids in a row.")
def _(live):
    return (len({"h", "k", "p"} & {*live.now}),)


@says(
    "families-86",
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
    "families-86",
    "Make it 0.5. Nothing is saturated, and $g$ at 0 is 0.00189",
)  # fmt: skip
def _(live):
    weight, (middle,) = 0.5, np.flatnonzero(live.now["x"] == 0)
    then = live.after(("w", (), weight))
    outputs = np.array([then[name] for name in ("h", "k", "p")])
    assert (outputs * (1 - outputs)).min() > 0.19
    return weight, live.now["x"][middle], then["g"][middle]


def at(live, shown, x, **numbers):
    """Values and slopes of one of the functions of the figure, at one place or at many."""
    value, gradient, own = live.names["families"][shown]
    places = np.atleast_2d(np.asarray(x, dtype=float))
    slopes = gradient(dE_dh=np.ones(places.shape), x=places, **{**own, **numbers})
    return np.squeeze(value(x=places, **{**own, **numbers})), np.squeeze(slopes)


@says(
    "families-18",
    "Choose leaky ReLU and set α to 1: no bend is left. Set it to 0: that is ReLU.",
)  # fmt: skip
def _(live):
    straight, closed = 1, 0
    for x in (-3.0, -0.5, 0.5, 2.0):
        assert at(live, "leaky ReLU", x, alpha=straight) == (x, 1)
        assert at(live, "leaky ReLU", x, alpha=closed) == at(live, "ReLU", x)
    return straight, closed


@says(
    "families-18",
    "Choose ELU, with α = 1, and go to 0: there is no kink. With α = 2 there is one, since the "
    "slope to the left is 2 then.",
)  # fmt: skip
def _(live):
    tiny = 1e-9
    smooth = at(live, "ELU", -tiny, alpha=1)[1] - at(live, "ELU", tiny, alpha=1)[1]
    return 1, np.round(smooth, 6), 2, np.round(at(live, "ELU", -tiny, alpha=2)[1], 6)


@says(
    "families-18",
    "Compare softplus with ReLU. They are furthest apart at 0, by 0.6931, which is $\\log 2$.",
)  # fmt: skip
def _(live):
    apart = at(live, "softplus", GRID)[0] - at(live, "ReLU", GRID)[0]
    assert np.isclose(apart.max(), np.log(2))
    return GRID[apart.argmax()], apart.max(), 2


@says(
    "families-18",
    "It is near −1.3, at about −0.2785, where the slope is next to 0. To the left of it the slope "
    "is negative.",
)  # fmt: skip
def _(live):
    lowest = GRID[at(live, "SiLU", GRID)[0].argmin()]
    assert at(live, "SiLU", lowest - 0.5)[1] < 0
    value, slope = at(live, "SiLU", lowest)
    return lowest, value, np.round(slope, 2)
