"""What the tests know of the chapter *The gradient of max pooling*."""

import numpy as np
from saying import says

DERIVED = {
    "max_pooling_gradient": ("max_pooling", "x"),
}

NAMED = {
    "max_pooling_gradient": {"omega": "winner"},
}

ANSWERS = {
    "max-gradient-13": [
        [
            ("0.25", "That gives every number of the window a part"),
            ("1", "That gives every cell of a window its whole gradient"),
            ("0", "✓ Yes, 0."),
        ],
        [
            ("It grows", "That is what the output does"),
            ("It stays", "That is so for the pixels that did not win"),
            ("It falls", "✓ Right."),
        ],
    ],
    "max-gradient-72": [
        [("9", "That is in column 4"), ("3", "✓ Yes, 3.")],
        [("2", "That is one of the two"), ("-3", "✓ Yes, −3.")],
    ],
    "max-gradient-20": [
        [
            ("4", "That is the last one, as if each window wrote over"),
            ("2.5", "That is their mean"),
            ("10", "✓ Yes, 10."),
        ],
    ],
    "max-gradient-74": [
        [("4", "That is the third rule"), ("1", "✓ Yes, 1.")],
        [("Yes", "That would be the mean's rule"), ("No", "✓ Right.")],
    ],
}


@says("max-gradient-13", "give: 0 for all that did not win.")
def _(live):
    lost = live.now["dE_dx"] == 0
    step = 1e-3
    for row, column in np.argwhere(lost):
        up = live.after(("x", (row, column), live.now["x"][row, column] + step))
        assert np.array_equal(up["a"], live.now["a"])
    return {*live.now["dE_dx"][lost]}


@says(
    "max-gradient-13",
    "Make [the 4 in row 0](#back:x[0,1]) a 6. It wins now: $\\omega_{00}$ goes from 2 to 1, and "
    "the gradient 1 jumps from the 5 to the 6.",
)  # fmt: skip
def _(live):
    place, new = (0, 1), 6
    now, then = live.now, live.after(("x", place, new))
    assert now["dE_dx"][place] == 0
    return (
        now["x"][place], place[0], *place, new, now["omega"][0, 0], then["omega"][0, 0],
        then["dE_dx"][place], *now["x"][now["dE_dx"] == 1], then["x"][place],
    )  # fmt: skip


@says(
    "max-gradient-13",
    "Make it 4.9 and then 5.1. A small step, and the gradient jumps",
)  # fmt: skip
def _(live):
    below, above = 4.9, 5.1
    ends = [live.after(("x", (0, 1), value))["dE_dx"][0, 1] for value in (below, above)]
    assert ends == [0, 1]
    return below, above


@says(
    "max-gradient-13",
    "Change [a number of ∂E/∂a](#back:dE_da[1,1]). The gradients follow, but stay where they are.",
)  # fmt: skip
def _(live):
    place = 1, 1
    now, then = live.now["dE_dx"], live.after(("dE_da", place, 7))["dE_dx"]
    assert not np.array_equal(now, then)
    assert np.array_equal(now != 0, then != 0)
    return place


@says("max-gradient-20", "A pixel that wins four windows.")
def _(live):
    return ((live.now["a"] == live.now["x"][1, 1]).sum(),)


@says(
    "max-gradient-20",
    "Make [the 9](#centre:x[1,1]) a −1. It wins no window, and gets nothing. Who does? In each "
    "window three zeros are equal, and the first takes all.",
)  # fmt: skip
def _(live):
    place, new = (1, 1), -1
    then = live.after(("x", place, new))
    assert then["dE_dx"][place] == 0
    windows = np.lib.stride_tricks.sliding_window_view(then["x"], (2, 2)).reshape(-1, 4)
    firsts = [np.flatnonzero(window == 0)[0] for window in windows]
    assert np.array_equal(then["omega"].ravel(), firsts)
    return live.now["x"][place], *place, new, *{np.count_nonzero(one == 0) for one in windows}


@says(
    "max-gradient-22",
    "Point at the three 2s in $\\partial E/\\partial x$: each lights up the two windows that it",
)  # fmt: skip
def _(live):
    gradient = live.now["dE_dx"]
    return (gradient == 2).sum(), 2, 2


@says(
    "max-gradient-22",
    "Make [the 6](#overlap:x[2,3]) a 9. It beats the 7 in the two windows they share, and its "
    "gradient grows from 2 to 4; that of the 7 falls to 0.",
)  # fmt: skip
def _(live):
    place, other = (2, 3), (3, 3)
    now, then = live.now, live.after(("x", place, 9))
    shared = ((then["a"] == 9) & (now["a"] == 7)).sum()
    return (
        now["x"][place], *place, 9, now["x"][other], shared, now["dE_dx"][place],
        then["dE_dx"][place], now["x"][other], then["dE_dx"][other],
    )  # fmt: skip


@says(
    "max-gradient-22",
    "It is 15 each time, as many as there are windows.",
)  # fmt: skip
def _(live):
    then = live.after(("x", (2, 3), 9))
    assert then["dE_dx"].sum() == live.now["dE_dx"].sum() == live.now["a"].size
    return (then["dE_dx"].sum(),)


@says(
    "max-gradient-32",
    "Erase the pixel in row 3, column 4 of $x$. Its 1 in $\\partial E/\\partial x$ moves to "
    "row 2, column 5, where 0.94 is now the largest.",
)  # fmt: skip
def _(live):
    place = 3, 4
    now, then = live.now, live.after(("x", place, 0))
    ((row, column),) = np.argwhere((then["dE_dx"] == 1) & (now["dE_dx"] == 0))
    return *place, now["dE_dx"][place], row, column, then["x"][row, column]


@says("max-gradient-32", "It takes the 1 of its window")
def _(live):
    return (live.after(("x", (0, 0), 1))["dE_dx"][0, 0],)


@says(
    "max-gradient-32",
    "Look at row 2, column 0 of $\\partial E/\\partial x$. The window there holds four zeros, and "
    "the first of them has got the 1.",
)  # fmt: skip
def _(live):
    row, column = 2, 0
    window = live.now["x"][row : row + 2, column : column + 2]
    return row, column, (window == 0).sum(), live.now["dE_dx"][row, column]


@says(
    "max-gradient-42",
    "Add up each of the three gradients. What arrived was 4 + 2 = 6. The first two rules hand on "
    "6, the third 20.",
)  # fmt: skip
def _(live):
    arrived = live.now["dE_da"].ravel()
    rules = [array.sum() for name, array in live.now.items() if name.startswith("dE_dx")]
    first, shared, everyone = rules
    assert first == shared
    return len(rules), *arrived, arrived.sum(), 2, shared, everyone


@says(
    "max-gradient-42",
    "Under the sum stand finite differences: 2, in every cell and under every rule. A pixel that "
    "grows takes the maximum with it, one that shrinks does not, and the mean of 4 and 0 is 2.",
)  # fmt: skip
def _(live):
    step, arrived = 1e-4, live.now["dE_da"][0, 0]
    up, down = (
        arrived * (live.after(("x", (0, 0), 5 + s))["a"][0, 0] - 5) / s for s in (step, -step)
    )
    mean = round((up + down) / 2, 6)
    return mean, round(up, 6), round(down, 6), mean


@says(
    "max-gradient-42",
    "Choose [the pair of fives](#ties.preset=pair), then [no tie](#ties.preset=none). Without a "
    "tie the three agree.",
)  # fmt: skip
def _(live):
    assert (live.preset("pair", "x") == 5).sum() == 2
    then = live.taken("none")
    rules = [array for name, array in then.items() if name.startswith("dE_dx")]
    assert all(np.array_equal(rules[0], rule) for rule in rules)
    return (len(rules),)


@says(
    "max-gradient-42",
    "make [the last of the fives](#ties:x[1,1]) 5.01. All three rules now give 4 to it alone",
)  # fmt: skip
def _(live):
    place, new = (1, 1), 5.01
    then = live.after(("x", place, new))
    rules = [array for name, array in then.items() if name.startswith("dE_dx")]
    alone = {rule[place] for rule in rules if (rule[:, :2] != 0).sum() == 1}
    return *place, new, len(rules), *alone


@says("max-gradient-32", "A small three, and where each window's gradient")
def _(live):
    three = 3
    assert np.array_equal(live.now["x"], live.names["data"].small_digit(three))
    return (three,)


@says("max-gradient-42", "Three rules for a tie: to the first, shared, to")
def _(live):
    return (sum(name.startswith("dE_dx") for name in live.now),)
