"""What the tests know of the chapter *ReLU*."""

import numpy as np
from saying import says

ANSWERS = {
    "relu-50": [
        [
            ("-1", "That is what goes into the ReLU"),
            ("1", "That is a without its sign"),
            ("0", "✓ Yes, 0."),
        ],
        [
            ("It grows", "What goes in grows, from −1 to −0.9"),
            ("It falls", "A larger bias takes nothing away"),
            ("It stays", "✓ Right."),
        ],
    ],
    "relu-53": [
        [("0", "That takes the gradients from right to left"), ("-1", "✓ Yes, −1.")],
        [("3", "That lays the kernel on as it is"), ("-3", "✓ Yes, −3.")],
    ],
    "relu-55": [
        [
            ("-3", "That is z, where the −2 goes on as it is"),
            ("0", "That puts the ReLU behind the second kernel"),
            ("1", "✓ Yes, 1."),
        ],
        [("No", "That is so for z. But now the 2 gets through"), ("Yes", "✓ Right.")],
    ],
}


@says(
    "relu-50",
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
    "relu-50",
    "Turn the kernel round, with 1 on [the left](#touch:W[0,0]) and −1 on [the "
    "right](#touch:W[0,1]). Now the steps downwards come through, and nothing else.",
)  # fmt: skip
def _(live):
    left, right = (0, 0), (0, 1)
    then = live.after(("W", left, 1), ("W", right, -1), ("b", (), 0))["h"]
    assert np.array_equal(then > 0, np.diff(live.now["x"], axis=1) < 0)
    return 1, *left, -1, *right


@says("relu-54", "Move the point from −0.1 to 0.1: the slope jumps from 0 to 1. "
      "At 0 the curve bends")  # fmt: skip
def _(live):
    ends, kink = (-0.1, 0.1), 0
    slopes = []
    for live.figure.x in ends:
        slopes.append(live.figure.slope)
    return *ends, *slopes, kink


@says(
    "relu-55",
    "Choose [all signs turned](<#between.preset=all signs turned>). Now $z$ is 3, −4; and $y$, "
    "which was 1, 4, is 4, 0.",
)  # fmt: skip
def _(live):
    then = live.taken("all signs turned")
    assert np.array_equal(then["x"], -live.now["x"])
    return *then["z"], *live.now["y"], *then["y"]


@says(
    "c27d33a5",
    "Set [the bias](#digit:b[0]) to −2. Only the strongest edges are left in $h$.",
)  # fmt: skip
def _(live):
    kept = live.after(("b", 0, -2))["h"] > 0
    assert 0 < kept.sum() < (live.now["h"] > 0).sum()
    assert live.now["a"][kept].min() >= np.sort(live.now["a"].ravel())[-kept.sum()]
    return 0, -2


@says("c27d33a5", "Set the bias to 5. Now all of $a$ is positive: $h$ equals $a$")
def _(live):
    then = live.after(("b", 0, 5))
    assert then["a"].min() > 0
    assert np.array_equal(then["a"], then["h"])
    return (5,)


@says(
    "c27d33a5",
    "Choose [identity](#digit.preset=identity) and set the bias back to 0.",
)  # fmt: skip
def _(live):
    then = live.after(("W", ..., live.names["three_by_three"]["identity"]), ("b", 0, 0))
    assert np.array_equal(then["a"], then["h"])
    return live.now["b"]


@says("c27d33a5", "The edges of a seven, before and after the ReLU.")
def _(live):
    seven = 7
    assert np.array_equal(live.now["x"], live.names["data"].digit(seven).round(2))
    return (seven,)
