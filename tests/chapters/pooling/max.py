"""What the tests know of the chapter *Max pooling*."""

import numpy as np
from saying import says

ANSWERS = {
    "max-10": [
        [
            ("0", "That lets a 0 take part, as a ReLU does"),
            ("-3", "That is the number furthest from 0"),
            ("-1", "✓ Yes, −1."),
        ],
    ],
    "max-58": [
        [("5", "That is the sum with the kernel turned by 180°"), ("7", "✓ Yes, 7.")],
        [("Yes", "That would be so if a[0, 1] were above 0"), ("No", "✓ Right.")],
    ],
    "max-15": [
        [
            ("4", "So many windows see it"),
            ("0", "That would be so if each window saw the 7 too"),
            ("2", "✓ Yes, 2."),
        ],
    ],
    "max-60": [
        [("Yes", "The line has moved, but not out of its window"), ("No", "✓ Right.")],
        [("No", "That is so for the upper line"), ("Yes", "✓ Right.")],
    ],
    "max-34": [
        [("0", "That is what comes of zeros outside"), ("-1", "✓ Yes, −1.")],
        [(("x", 2, 0), "✗ Not x[2, 0]."), (("x", 1, 0), "✓ Yes, x[1, 0].")],
    ],
}


@says("max-10", "Each window of 2 × 2 keeps its largest number.")
def _(live):
    window = live.factors("a", (0, 0))
    return [live.figure.sizes["l"]] * 2 if len(window) == 4 else []


@says("max-10", "Press Play: the window jumps by two, and no number is seen twice.")
def _(live):
    seen = [live.readers("a", "x", place) for place in np.ndindex(live.now["x"].shape)]
    assert max(seen) == 1
    return live.figure.sizes["q"], 2


@says(
    "max-10",
    "Make [the 7](#touch:x[3,3]) a 6.5, then a 5. At 6.5 the output follows. At 5 it stops at 6",
)  # fmt: skip
def _(live):
    place, low, lower = (3, 3), 6.5, 5
    ends = [live.after(("x", place, value))["a"][1, 1] for value in (low, lower)]
    return live.now["x"][place], *place, low, lower, ends[0], lower, ends[1]


@says(
    "max-10",
    "Change [the 1 in the last row](#touch:x[3,1]) to 3. Nothing happens",
)  # fmt: skip
def _(live):
    place = len(live.now["x"]) - 1, 1
    assert np.array_equal(live.after(("x", place, 3))["a"], live.now["a"])
    return live.now["x"][place], *place, 3


@says("max-15", "Make [the 6](#stride:x[2,3]) a 9. Now it wins all four.")
def _(live):
    place = 2, 3
    then = live.after(("x", place, 9))
    assert then["z"] == live.readers("a", "x", place)
    return live.now["x"][place], *place, 9, then["z"]


@says("max-15", "Set $q$ to 2: the windows lie side by side, $q = l$, and each")
def _(live):
    q = 2
    sides = np.array(live.sized(q=q)["a"].shape) * live.figure.sizes["l"]
    assert tuple(sides) == live.now["x"].shape
    return (q,)


@says(
    "max-15",
    "Set $q$ to 3: there are gaps. [Column 2](#stride:x[0,2]) is in no window, nor are rows 2 and "
    "3, and the 7 is gone: the next windows would begin in row 3 and reach outside.",
)  # fmt: skip
def _(live):
    place, q, l = (0, 2), 3, live.figure.sizes["l"]
    now, then = live.now, live.sized(q=q)
    seen = np.zeros(now["x"].shape, bool)
    for i, j in np.ndindex(then["a"].shape):
        seen[i * q : i * q + l, j * q : j * q + l] = True
    assert not seen[:, place[1]].any() and q + l > len(seen)
    assert now["x"].max() not in then["a"]
    return q, place[1], *place, *np.flatnonzero(~seen.any(axis=1)), now["x"].max(), q


@says(
    "max-15",
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
    "max-60",
    "Set the shift $S$ to 2: both lines have left their windows. No window of 2 forgives that.",
)  # fmt: skip
def _(live):
    now, then = live.now, live.sized(S=2)
    assert not np.any(then["p"][now["a"] > 0])
    assert np.any(now["p"][now["a"] > 0])
    return 2, live.figure.sizes["l"]


@says("max-60", "Look at all of $p$ then: it is $a$, moved by one column.")
def _(live):
    then = live.sized(S=live.figure.sizes["l"])
    assert np.array_equal(then["p"][:, 1:], then["a"][:, :-1])
    return ()


@says("max-22", "A handwritten digit, and the largest of every 2 × 2.")
def _(live):
    return [live.figure.sizes["l"]] * 2


@says("max-22", "Choose [the 4](#digit.preset=4), and point at the cells along its "
      "edges: one large number of four is enough.")  # fmt: skip
def _(live):
    assert live.preset("4", "x").shape == live.now["x"].shape
    return 4, 4, len(live.factors("a", (0, 0)))


@says("max-34", "Windows of 3 × 3 that begin one row and one column outside.")
def _(live):
    assert live.figure.sizes["P"] == 1
    return [live.figure.sizes["l"]] * 2


@says(
    "max-34",
    "Point at [the first number of a](#border:a[0,0]). Of the nine cells of the window five lie "
    "outside and read as −∞, dashed.",
)  # fmt: skip
def _(live):
    cells, inside = live.figure.sizes["l"] ** 2, len(live.factors("a", (0, 0)))
    return 0, 0, cells, cells - inside


@says(
    "max-34",
    "Compare $a$ and $z$: they differ in two of four numbers. There the zeros have won",
)  # fmt: skip
def _(live):
    a, z = live.now["a"], live.now["z"]
    assert set(z[a != z]) == {0}
    return np.count_nonzero(a != z), a.size


@says(
    "max-34",
    "Set $P$ to 2: of [the first window](#border:a[0,0]) only the corner lies inside.",
)  # fmt: skip
def _(live):
    then = live.sized(P=2)
    assert then["a"][0, 0] == then["x"][0, 0]
    assert live.figure.sizes["l"] - 2 == 1
    return 2, 0, 0
