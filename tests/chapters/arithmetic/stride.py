"""What the tests know of the chapter *Stride and dilation: what is skipped*."""

import numpy as np
from saying import says

ANSWERS = {
    "stride-01": [
        [
            ("6", "That is the last row"),
            ("12", "That is a row and a column"),
            ("32", "Those are the pixels at which no kernel begins"),
            ("0", "The windows overlap, but"),
            ("25", "Those are the pixels that are read"),
            ("27", "That takes one pixel of every step as read"),
            ("9", "Those are the first pixels of every step"),
            ("18", "That takes every second row as unread"),
            ("20", "That takes a window to be as wide as a step"),
            ("16", "So many would be read if a window were as wide as a step"),
            ("11", "✓ Yes, 11."),
        ],
    ],
    "stride-71": [
        [
            ("4", "That is the size without padding"),
            ("5", "That counts the zero at one end only"),
            ("6", "✓ Yes, 6."),
        ],
        [
            ("2", "That is with a step of 1"),
            ("9", "That lets the 9 in"),
            ("4", "✓ Yes, 4."),
        ],
    ],
    "stride-07": [
        [
            ("1", "That is the one of which nothing is left over"),
            ("2", "Those are the sizes of which something is left over"),
            ("4", "That counts the size with which a fourth number begins"),
            ("9", "That counts those of which fewer numbers come out too"),
            ("3", "✓ Yes, 3."),
        ],
    ],
    "stride-11": [
        [("Yes", "It lies within what the number sees"), ("No", "✓ Right.")],
    ],
    "stride-31": [
        [
            ("5", "So many it would hear without dilation"),
            ("6", "That adds up the weights"),
            ("3", "So many numbers of the first layer it hears"),
            ("7", "That is from the first to the last number of h"),
            ("9", "✓ Yes, 9."),
        ],
    ],
}

STEPS = "stride-01"
MANY = "stride-07"
HOLES = "stride-09"
GRID = "stride-11"
ONE_AXIS = "stride-29"
CAUSAL = "stride-31"
TRUE = "stride-33"


@says(STEPS, "Set the stride $S$ to 1: all is read, and 4 × 4 numbers come out in place of 2 × 2.")
def _(live):
    S = 1
    found = live.sized(S=S)
    assert found["r"].all()
    return S, *found["a"].shape, *live.now["a"].shape


@says(STEPS, "With the stride 2 make the picture $M$ a 7. Now a third step fits: 3 × 3 come out, "
      "and nothing is left over.")  # fmt: skip
def _(live):
    M = 7
    found = live.sized(M=M)
    assert found["r"].all()
    return live.figure.sizes["S"], M, *found["a"].shape


@says(STEPS, "Then make the kernel $m$ a 2 and the stride a 3. The step is longer than the "
      "kernel, and what lies between two places is left out: of 49 pixels 16 are "
      "read.")  # fmt: skip
def _(live):
    m, S = 2, 3
    read = live.sized(M=7, m=m, S=S)["r"]
    assert not read[2].any()
    assert read[1].any()
    assert read[3].any()
    return m, S, 2, read.size, np.count_nonzero(read)


@says(MANY, "Make [the stride](#many:S[]) a 4. Now four sizes give 3; 0 to 3 rows of them are "
      "left over.")  # fmt: skip
def _(live):
    S, size = 4, 3
    found = live.after(("S", (), S))
    left = found["g"][found["O"] == size]
    return S, found["z"], size, left.min(), left.max()


@says(MANY, "Make it a 1: no two sizes give the same.")
def _(live):
    S = 1
    found = live.after(("S", (), S))["O"]
    assert np.unique(found).size == found.size
    return S, 2


@says(HOLES, "Raise the dilation $D$ to 3. $V$ is 7 × 7 and fills the picture, so that one number "
      "comes out. It still has 9 weights that can be other than 0.")  # fmt: skip
def _(live):
    D = 3
    found = live.sized(D=D)
    assert found["V"].shape == found["x"].shape
    assert found["a"].size == 1
    all_ones = live.after(("W", ..., 1))["V"]
    return D, *found["V"].shape, np.count_nonzero(all_ones), 0


@says(HOLES, "Point at [a number](#holes:a[0,0]) with $D = 2$: it reads rows and columns 0, 2 and "
      "4, and none between.")  # fmt: skip
def _(live):
    at = 0, 0
    places = {
        factor.index for term in live.factors("a", at) for factor in term if factor.name == "x"
    }
    rows, columns = (sorted(set(axis)) for axis in zip(*places, strict=True))
    assert rows == columns
    return *at, live.figure.sizes["D"], *rows


def _moved(live, name, place):
    """The elements of each result that move with a given number, by the name of the result."""
    return {one: live.moved(one, (name, place, 100)).ravel() for one in live.figure.results}


@says(
    GRID,
    "Point at [pixel 5](#grid:x[5]). In both layers the numbers that it goes into are odd ones.",
)
def _(live):
    pixel = 5
    moved = _moved(live, "x", pixel)
    assert moved["h"].size
    assert moved["a"].size
    assert all((moved[layer] % 2 == 1).all() for layer in "ha")
    return pixel, pixel


@says(GRID, "Set the first dilation $D$ to 1. Number 0 now sees as far as pixel 6, and no pixel "
      "up to there is left out.")  # fmt: skip
def _(live):
    D = 1
    seen = np.flatnonzero(live.sized(D=D)["c"])
    assert seen.tolist() == list(range(seen[-1] + 1))
    return D, seen[0], seen[-1]


@says(GRID, "Then make $F$ a 4. It sees as far as 10, but two pixels on the way are left out")
def _(live):
    F = 4
    ways = live.sized(D=1, F=F)["c"]
    last = np.flatnonzero(ways)[-1]
    return F, last, np.count_nonzero(ways[:last] == 0)


@says(ONE_AXIS, "Set the stride $S$ to 1: ten numbers go in and ten come out; the padding is "
      "*same*.")  # fmt: skip
def _(live):
    S = 1
    found = live.sized(S=S)
    return S, found["x"].size, found["a"].size


@says(ONE_AXIS, "Then raise the dilation $D$ to 3. The kernel covers 7, and with a padding of 1 "
      "six come out.")  # fmt: skip
def _(live):
    D = 3
    sizes = live.figure.sizes
    return D, D * (sizes["m"] - 1) + 1, sizes["P"], live.sized(S=1, D=D)["a"].size


@says(CAUSAL, "Set the dilation $D$ to 2: it hears 7 numbers, some of them twice. With 1 it "
      "hears 5.")  # fmt: skip
def _(live):
    more, none = 2, 1
    found = live.sized(D=more)
    assert found["z"] < found["W"].size ** 2
    return more, found["z"], 2, none, live.sized(D=none)["z"]


@says(CAUSAL, "Change [the last number](#causal:x[8]) of $x$. In each layer the last number moves "
      "and no other.")  # fmt: skip
def _(live):
    last = live.now["x"].size - 1
    moved = _moved(live, "x", last)
    assert moved["h"].tolist() == moved["a"].tolist() == [last]
    return (last,)


@says(CAUSAL, "Change [number 4](#causal:x[4]). In the second layer nothing before number 4 moves.")
def _(live):
    changed = 4
    first = _moved(live, "x", changed)["a"][0]
    return changed, changed, first


@says(TRUE, "The kernel picks a pixel: one version the first of its window, the other the last. "
      "Make [the last weight](#true:W[2,2]) a 1 as well: now the kernel looks the same when it is "
      "turned, and the versions agree in all 9 cells.")  # fmt: skip
def _(live):
    now, then = live.now, live.after(("W", (2, 2), 1))
    first, other = now["a"], now["a (2)"]
    assert (first[0, 0], other[0, 0]) == (now["x"][0, 0], now["x"][2, 2])
    assert (first != other).all()
    return 2, 2, 1, np.count_nonzero(then["a"] == then["a (2)"])
