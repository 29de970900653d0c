"""What the tests know of the chapter *The gradient of the ReLU*."""

import numpy as np
from saying import says

DERIVED = {
    "relu_gradient": ("relu", "x"),
}

ANSWERS = {
    "d9ba1ca6": [
        [("0", "That rectifies the gradient"), ("-2", "✓ Yes, −2.")],
        [
            ("It grows", "E would grow if the output did"),
            ("It falls", "The sign of the input counts for one thing only"),
            ("It stays", "✓ Right."),
        ],
    ],
    "relu-gradient-51": [
        [
            ("-2", "That goes into the ReLU, and is below 0"),
            ("1", "That adds the bias behind the ReLU"),
            ("0", "✓ Yes, 0."),
        ],
        [("It grows", "The pixel grows; but it meets"), ("It falls", "✓ Right.")],
    ],
    "relu-gradient-53": [
        [("It falls", "With the mask it falls"), ("It grows", "✓ Right.")],
    ],
    "relu-gradient-57": [
        [
            ("0", "That is what the first way hands on"),
            ("4", "That is what the third way hands on"),
            ("2", "✓ Yes, 2."),
        ],
    ],
}

WAYS = "dE_dx", "dE_dx (2)", "dE_dx (3)"


@says(
    "d9ba1ca6",
    "such as [the 1 in column 4](#back:dE_dh[0,4]).",
)  # fmt: skip
def _(live):
    row, column = place = 0, 4
    then = live.after(("dE_dh", place, 9))
    assert np.array_equal(then["dE_dx"], live.now["dE_dx"])
    return live.now["dE_dh"][place], column, row, column


@says(
    "d9ba1ca6",
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
    "relu-gradient-53",
    "A weight for each sign, and two rules for their gradients.",
)  # fmt: skip
def _(live):
    return (sum(name.startswith("dE_dw") for name in live.now),)


@says(
    "relu-gradient-53",
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
    "relu-gradient-53",
    "Make the two weights 1 and −1. All of $\\delta$ is 0, and so is every gradient.",
)  # fmt: skip
def _(live):
    goal = 1, -1
    then = live.after(("w", ..., goal))
    assert not np.any(then["dE_dw"]) and not np.any(then["dE_dw (2)"])
    return len(goal), *goal, np.abs(then["delta"]).max()


@says("relu-gradient-57", "Three ways to write one function")
def _(live):
    return (sum(name.startswith("h") for name in live.now),)


@says(
    "relu-gradient-57",
    "Point at the three numbers of $\\partial E/\\partial x$ for [the input 0](#ways:x[0,1]): 0, 2 "
    "and 4. Forwards there is no difference anywhere.",
)  # fmt: skip
def _(live):
    place, now = (0, 1), live.now
    assert np.array_equal(now["h"], now["h (2)"]) and np.array_equal(now["h"], now["h (3)"])
    return len(WAYS), now["x"][place], *place, *(now[name][place] for name in WAYS)


@says("relu-gradient-57", "Make [the 0](#ways:x[0,1]) a 0.1. The three")
def _(live):
    place, value = (0, 1), 0.1
    then = live.after(("x", place, value))
    assert all(np.array_equal(then[name], then[WAYS[0]]) for name in WAYS)
    return live.now["x"][place], *place, value, len(WAYS)
