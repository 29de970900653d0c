"""What the tests know of the chapter *Average pooling*."""

import numpy as np
from saying import says

DERIVED = {
    "average_pooling_gradient": ("average_pooling", "x"),
}

ANSWERS = {
    "average-55": [
        [
            ("4", "That divides by the side of the window"),
            ("8", "That is the sum"),
            ("3", "That leaves off the sign"),
            ("5", "That is the maximum"),
            ("2", "✓ Yes, 2."),
        ],
    ],
    "average-57": [
        [
            ("-1.75", "That is the mean of the window"),
            ("0", "That lets a 0 take part"),
            ("-1", "✓ Yes, −1."),
        ],
        [
            ("2", "That is its part if all four shared alike"),
            ("8", "That gives every cell that is as large as the winner"),
            ("0", "✓ Yes, 0."),
        ],
    ],
    "average-13": [
        [
            ("0.25", "That is its part of one window"),
            ("4", "That gives every cell of a window its whole gradient"),
            ("1", "✓ Yes, 1."),
        ],
    ],
    "average-58": [
        [("Yes", "In that of the maximum"), ("No", "✓ Right.")],
    ],
    "average-60": [
        [("1", "That divides by the four ones that lie inside"), ("4/9", "✓ Yes, 4/9.")],
    ],
}

BETWEEN = "average-55"
BACK = "average-13"
BOTH = "average-58"


@says(
    BETWEEN,
    "Make [β](#between:beta[]) a 1. The 5 has a share of 0.72, and 4.68 comes out. With 8 "
    "it is 5, the maximum, to three digits.",
)
def _(live):
    place, low, high, digits = 3, 1, 8, 3
    one, other = (live.after(("beta", (), beta)) for beta in (low, high))
    largest = live.now["x"].max()
    assert abs(other["a"] - largest) < 0.5 * 10.0 ** (1 - digits)
    return low, live.now["x"][place], one["w"][place], one["a"], high, largest, digits


@says(
    BETWEEN, "Make it −8. Now the smallest number has all the say, and what comes out is negative."
)
def _(live):
    beta = -8
    then = live.after(("beta", (), beta))
    assert then["w"][live.now["x"] == live.now["x"].min()] > 0.999
    assert then["a"] < 0
    return (beta,)


@says(
    BETWEEN,
    "Make it 0 again, and [the 5](#between:x[3]) a 9: the output grows by 1, a quarter of that. "
    "Put the 5 back.",
)
def _(live):
    place, new = 3, 9
    now = live.now["x"][place]
    grown = live.after(("x", place, new))["a"] - live.now["a"]
    return live.now["beta"], now, place, new, grown, grown / (new - now), now


@says(
    BACK,
    "Point at [a corner of ∂E/∂x](#back:dE_dx[0,0]): a corner lies in one window and gets 0.25. On "
    "the border it is 0.5.",
)
def _(live):
    gradient = live.now["dE_dx"]
    border = {*gradient[[0, -1], 1:-1].ravel(), *gradient[1:-1, [0, -1]].ravel()}
    (corner,) = {*gradient[::3, ::5].ravel()}
    return 0, 0, corner, *border


@says(BACK, "Set $q$ to 2. The windows lie side by side, and every pixel gets a quarter of one.")
def _(live):
    q = 2
    (part,) = {*live.sized(q=q)["dE_dx"].ravel()}
    return q, part


@says(
    BACK,
    "Set $l$ to 3 and $q$ to 1. In [the middle](#back:dE_dx[1,2]) a pixel lies in six windows",
)
def _(live):
    place, l, q = (1, 2), 3, 1
    return l, q, *place, live.sized(l=l, q=q)["dE_dx"][place] * l**2


@says(BOTH, "Make [the 4](#both:x[0,1]) a 9. Of the maximum's gradient the 4 moves from the 5 to "
      "the 9.")  # fmt: skip
def _(live):
    place, new = (0, 1), 9
    now, then = live.now, live.after(("x", place, new))
    (winner,) = now["x"][:, :2][now["dE_dx"][:, :2] != 0]
    moved = then["dE_dx"][place]
    assert then["dE_dx"].sum() == now["dE_dx"].sum()
    return now["x"][place], *place, new, moved, winner, then["x"][place]


@says(BOTH, "Add up both gradients. Each sums to 8, which is what arrived: 4 + 8 − 4.")
def _(live):
    (total,) = {live.now[name].sum() for name in ("dE_dx", "dE_dx (2)", "dE_da")}
    return total, *np.abs(live.now["dE_da"].ravel())


@says("average-60", "Set $P$ to 2. In the corner a single one is left, and "
      "0.111 comes out.")  # fmt: skip
def _(live):
    P = 2
    return P, live.sized(P=P)["a"][0, 0]


@says("average-27", "The maximum and the mean of every 4 × 4.")
def _(live):
    return [live.figure.sizes["l"]] * 2


@says(
    "average-27",
    "It counts in full in the maximum, and a sixteenth in the mean.",
)
def _(live):
    then = live.after(("x", ..., 0), ("x", (0, 0), 1))
    assert then["a"][0, 0] == 1
    return (then["a (2)"][0, 0],)


@says("average-27", "Fill a whole window: now the two agree there.")
def _(live):
    then = live.after(("x", (slice(0, 4), slice(0, 4)), 1))
    assert then["a"][0, 0] == then["a (2)"][0, 0]
    return (sum(name.startswith("a") for name in live.figure.results),)
