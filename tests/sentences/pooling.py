"""Sentences below the figures of the chapters on pooling."""

import numpy as np

from sentences.saying import says


@says("pooling/max", "max-10", "Each window of 2 × 2 keeps its largest number.")
def _(live):
    window = live.factors("a", (0, 0))
    return [live.figure.sizes["l"]] * 2 if len(window) == 4 else []


@says("pooling/max", "max-10", "Press Play: the window jumps by two, and no number is seen twice.")
def _(live):
    seen = [live.readers("a", "x", place) for place in np.ndindex(live.now["x"].shape)]
    assert max(seen) == 1
    return live.figure.sizes["q"], 2


@says(
    "pooling/max", "max-10",
    "Make [the 7](#touch:x[3,3]) a 6.5, then a 5. At 6.5 the output follows. At 5 it stops at 6",
)  # fmt: skip
def _(live):
    place, low, lower = (3, 3), 6.5, 5
    ends = [live.after(("x", place, value))["a"][1, 1] for value in (low, lower)]
    return live.now["x"][place], *place, low, lower, ends[0], lower, ends[1]


@says(
    "pooling/max", "max-10",
    "Change [the 1 in the last row](#touch:x[3,1]) to 3. Nothing happens",
)  # fmt: skip
def _(live):
    place = len(live.now["x"]) - 1, 1
    assert np.array_equal(live.after(("x", place, 3))["a"], live.now["a"])
    return live.now["x"][place], *place, 3


@says("pooling/max", "max-15", "Make [the 6](#stride:x[2,3]) a 9. Now it wins all four.")
def _(live):
    place = 2, 3
    then = live.after(("x", place, 9))
    assert then["z"] == live.readers("a", "x", place)
    return live.now["x"][place], *place, 9, then["z"]


@says("pooling/max", "max-15", "Set $q$ to 2: the windows lie side by side, $q = l$, and each")
def _(live):
    q = 2
    sides = np.array(live.sized(q=q)["a"].shape) * live.figure.sizes["l"]
    assert tuple(sides) == live.now["x"].shape
    return (q,)


@says(
    "pooling/max", "max-15",
    "Set $q$ to 3: there are gaps. [Row 2](#stride:x[2,3]) is in no window, and the 7 is gone.",
)  # fmt: skip
def _(live):
    place, q = (2, 3), 3
    now, then = live.now, live.sized(q=q)
    assert len(then["a"]) == 1 and live.figure.sizes["l"] <= place[0]
    assert now["x"].max() not in then["a"]
    return q, place[0], *place, now["x"].max()


@says(
    "pooling/max", "max-15",
    "Set $l$ to 3 and $q$ to 2: the windows overlap by a column. This is another common choice; "
    "but here the last row and the last column are in no window.",
)  # fmt: skip
def _(live):
    l, q = 3, 2
    then = live.sized(l=l, q=q)
    assert l - q == 1
    ends = [(count - 1) * q + l for count in then["a"].shape]
    assert ends == [size - 1 for size in then["x"].shape]
    return l, q


@says(
    "pooling/max", "max-60",
    "Set the shift $S$ to 2: both lines have left their windows. No window of 2 forgives that.",
)  # fmt: skip
def _(live):
    now, then = live.now, live.sized(S=2)
    assert not np.any(then["b"][now["a"] > 0])
    assert np.any(now["b"][now["a"] > 0])
    return 2, live.figure.sizes["l"]


@says("pooling/max", "max-60", "Look at all of $b$ then: it is $a$, moved by one column.")
def _(live):
    then = live.sized(S=live.figure.sizes["l"])
    assert np.array_equal(then["b"][:, 1:], then["a"][:, :-1])
    return ()


@says("pooling/max", "max-22", "A handwritten digit, and the largest of every 2 × 2.")
def _(live):
    return [live.figure.sizes["l"]] * 2


@says("pooling/max", "max-22", "Choose [the 4](#digit.preset=4), and point at the cells along its "
      "edges: one bright pixel of four is enough.")  # fmt: skip
def _(live):
    assert live.preset("4", "x").shape == live.now["x"].shape
    return 4, 4, len(live.factors("a", (0, 0)))


@says("pooling/max", "max-34", "Windows of 3 × 3 that begin one row and one column outside.")
def _(live):
    assert live.figure.sizes["P"] == 1
    return [live.figure.sizes["l"]] * 2


@says(
    "pooling/max", "max-34",
    "Point at [the first number of a](#border:a[0,0]). Of the nine cells of the window five lie "
    "outside and read as −∞, dashed.",
)  # fmt: skip
def _(live):
    cells, inside = live.figure.sizes["l"] ** 2, len(live.factors("a", (0, 0)))
    return 0, 0, cells, cells - inside


@says(
    "pooling/max", "max-34",
    "Compare $a$ and $z$: they differ in two of four numbers. There the zeros have won",
)  # fmt: skip
def _(live):
    a, z = live.now["a"], live.now["z"]
    assert set(z[a != z]) == {0}
    return np.count_nonzero(a != z), a.size


@says(
    "pooling/max", "max-34",
    "Set $P$ to 2: of [the first window](#border:a[0,0]) only the corner lies inside.",
)  # fmt: skip
def _(live):
    then = live.sized(P=2)
    assert then["a"][0, 0] == then["x"][0, 0]
    assert live.figure.sizes["l"] - 2 == 1
    return 2, 0, 0


@says("pooling/max-gradient", "max-gradient-13", "give: 0 for all that did not win.")
def _(live):
    lost = live.now["dE_dx"] == 0
    step = 1e-3
    for row, column in np.argwhere(lost):
        up = live.after(("x", (row, column), live.now["x"][row, column] + step))
        assert np.array_equal(up["a"], live.now["a"])
    return {*live.now["dE_dx"][lost]}


@says(
    "pooling/max-gradient", "max-gradient-13",
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
    "pooling/max-gradient", "max-gradient-13",
    "Make it 4.9 and then 5.1. A small step, and the gradient jumps",
)  # fmt: skip
def _(live):
    below, above = 4.9, 5.1
    ends = [live.after(("x", (0, 1), value))["dE_dx"][0, 1] for value in (below, above)]
    assert ends == [0, 1]
    return below, above


@says(
    "pooling/max-gradient", "max-gradient-13",
    "Change [a number of ∂E/∂a](#back:dE_da[1,1]). The gradients follow, but stay where they are.",
)  # fmt: skip
def _(live):
    place = 1, 1
    now, then = live.now["dE_dx"], live.after(("dE_da", place, 7))["dE_dx"]
    assert not np.array_equal(now, then)
    assert np.array_equal(now != 0, then != 0)
    return place


@says("pooling/max-gradient", "max-gradient-20", "A pixel that wins four windows.")
def _(live):
    return ((live.now["a"] == live.now["x"][1, 1]).sum(),)


@says(
    "pooling/max-gradient", "max-gradient-20",
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
    "pooling/max-gradient", "max-gradient-22",
    "Point at the three 2s in $\\partial E/\\partial x$: each lights up the two windows that it",
)  # fmt: skip
def _(live):
    gradient = live.now["dE_dx"]
    return (gradient == 2).sum(), 2, 2


@says(
    "pooling/max-gradient", "max-gradient-22",
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
    "pooling/max-gradient", "max-gradient-22",
    "It is 15 each time, as many as there are windows.",
)  # fmt: skip
def _(live):
    then = live.after(("x", (2, 3), 9))
    assert then["dE_dx"].sum() == live.now["dE_dx"].sum() == live.now["a"].size
    return (then["dE_dx"].sum(),)


@says(
    "pooling/max-gradient", "max-gradient-32",
    "Paint the pixel in row 3, column 4 of $x$ black. Its 1 in $\\partial E/\\partial x$ moves to "
    "row 2, column 5, where 0.94 is now the largest.",
)  # fmt: skip
def _(live):
    place = 3, 4
    now, then = live.now, live.after(("x", place, 0))
    ((row, column),) = np.argwhere((then["dE_dx"] == 1) & (now["dE_dx"] == 0))
    return *place, now["dE_dx"][place], row, column, then["x"][row, column]


@says("pooling/max-gradient", "max-gradient-32", "It takes the 1 of its window")
def _(live):
    return (live.after(("x", (0, 0), 1))["dE_dx"][0, 0],)


@says(
    "pooling/max-gradient", "max-gradient-32",
    "Look at row 2, column 0 of $\\partial E/\\partial x$. The window there holds four zeros, and "
    "the first of them has got the 1.",
)  # fmt: skip
def _(live):
    row, column = 2, 0
    window = live.now["x"][row : row + 2, column : column + 2]
    return row, column, (window == 0).sum(), live.now["dE_dx"][row, column]


@says(
    "pooling/max-gradient", "max-gradient-42",
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
    "pooling/max-gradient", "max-gradient-42",
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
    "pooling/max-gradient", "max-gradient-42",
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
    "pooling/max-gradient", "max-gradient-42",
    "make [the last of the fives](#ties:x[1,1]) 5.01. All three rules now give 4 to it alone",
)  # fmt: skip
def _(live):
    place, new = (1, 1), 5.01
    then = live.after(("x", place, new))
    rules = [array for name, array in then.items() if name.startswith("dE_dx")]
    alone = {rule[place] for rule in rules if (rule[:, :2] != 0).sum() == 1}
    return *place, new, len(rules), *alone


BETWEEN = "pooling/average", "average-55"
BACK = "pooling/average", "average-13"
BOTH = "pooling/average", "average-58"


@says(
    *BETWEEN,
    "Make [β](#between:beta[]) a 1. The 5 has a share of 0.72, and 4.68 comes out. With 8 "
    "it is 5, the maximum, to three digits.",
)
def _(live):
    place, low, high, digits = 3, 1, 8, 3
    one, other = (live.after(("beta", (), beta)) for beta in (low, high))
    largest = live.now["x"].max()
    assert abs(other["a"] - largest) < 0.5 * 10.0 ** (1 - digits)
    return low, live.now["x"][place], one["w"][place], one["a"], high, largest, digits


@says(*BETWEEN, "Make it −8. Now the smallest number has all the say, and it is negative.")
def _(live):
    beta = -8
    then = live.after(("beta", (), beta))
    assert then["w"][live.now["x"] == live.now["x"].min()] > 0.999
    assert then["a"] < 0
    return (beta,)


@says(
    *BETWEEN,
    "Make it 0 again, and [the 5](#between:x[3]) a 9: the output grows by 1, a quarter of that. "
    "Put the 5 back.",
)
def _(live):
    place, new = 3, 9
    now = live.now["x"][place]
    grown = live.after(("x", place, new))["a"] - live.now["a"]
    return live.now["beta"], now, place, new, grown, grown / (new - now), now


@says(
    *BACK,
    "Point at [a corner of ∂E/∂x](#back:dE_dx[0,0]): a corner lies in one window and gets 0.25. On "
    "the border it is 0.5.",
)
def _(live):
    gradient = live.now["dE_dx"]
    border = {*gradient[[0, -1], 1:-1].ravel(), *gradient[1:-1, [0, -1]].ravel()}
    (corner,) = {*gradient[::3, ::5].ravel()}
    return 0, 0, corner, *border


@says(*BACK, "Set $q$ to 2. The windows lie side by side, and every pixel gets a quarter of one.")
def _(live):
    q = 2
    (part,) = {*live.sized(q=q)["dE_dx"].ravel()}
    return q, part


@says(
    *BACK,
    "Set $l$ to 3 and $q$ to 1. In [the middle](#back:dE_dx[1,2]) a pixel lies in six windows",
)
def _(live):
    place, l, q = (1, 2), 3, 1
    return l, q, *place, live.sized(l=l, q=q)["dE_dx"][place] * l**2


@says(*BOTH, "Make [the 4](#both:x[0,1]) a 9. Of the maximum's gradient the 4 moves from the 5 to "
      "the 9.")  # fmt: skip
def _(live):
    place, new = (0, 1), 9
    now, then = live.now, live.after(("x", place, new))
    (winner,) = now["x"][:, :2][now["dE_dx"][:, :2] != 0]
    moved = then["dE_dx"][place]
    assert then["dE_dx"].sum() == now["dE_dx"].sum()
    return now["x"][place], *place, new, moved, winner, then["x"][place]


@says(*BOTH, "Add up both gradients. Each sums to 8, which is what arrived: 4 + 8 − 4.")
def _(live):
    (total,) = {live.now[name].sum() for name in ("dE_dx", "dE_dx (2)", "dE_da")}
    return total, *np.abs(live.now["dE_da"].ravel())


@says("pooling/average", "average-60", "Set $P$ to 2. In the corner a single one is left, and "
      "0.111 comes out.")  # fmt: skip
def _(live):
    P = 2
    return P, live.sized(P=P)["a"][0, 0]


@says("pooling/average", "average-27", "The maximum and the mean of every 4 × 4.")
def _(live):
    return [live.figure.sizes["l"]] * 2


@says(
    "pooling/average",
    "average-27",
    "It counts in full in the maximum, and a sixteenth in the mean.",
)
def _(live):
    then = live.after(("x", ..., 0), ("x", (0, 0), 1))
    assert then["a"][0, 0] == 1
    return (then["a (2)"][0, 0],)


@says("pooling/average", "average-27", "Paint a whole window white: now the two agree there.")
def _(live):
    then = live.after(("x", (slice(0, 4), slice(0, 4)), 1))
    assert then["a"][0, 0] == then["a (2)"][0, 0]
    return (sum(name.startswith("a") for name in live.figure.results),)


@says("pooling/max-gradient", "max-gradient-32", "A small three, and where each window's gradient")
def _(live):
    three = 3
    assert np.array_equal(live.now["x"], live.names["data"].small_digit(three))
    return (three,)


@says("pooling/max-gradient", "max-gradient-42", "Three rules for a tie: to the first, shared, to")
def _(live):
    return (sum(name.startswith("dE_dx") for name in live.now),)
