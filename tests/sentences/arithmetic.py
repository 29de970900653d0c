"""Sentences below the figures of the chapters on convolution arithmetic."""

import numpy as np
import pytest

from cnnmath.errors import ShapeError
from sentences.saying import says

SIZE = "arithmetic/padding", "padding-01"
BORDER = "arithmetic/padding", "padding-12"
EVEN = "arithmetic/padding", "padding-18"
STRIDES = "arithmetic/padding", "padding-21"
STEPS = "arithmetic/stride", "stride-01"
MANY = "arithmetic/stride", "stride-07"
HOLES = "arithmetic/stride", "stride-09"
GRID = "arithmetic/stride", "stride-11"
ONE_AXIS = "arithmetic/stride", "stride-29"
CAUSAL = "arithmetic/stride", "stride-31"
TRUE = "arithmetic/stride", "stride-33"


@says(*SIZE, "Set the padding $P$ to 0, 1, 2: 3 × 3, 5 × 5, 7 × 7 come out.")
def _(live):
    paddings = 0, 1, 2
    return *paddings, *(n for P in paddings for n in live.sized(P=P)["a"].shape)


@says(*SIZE, "Make the kernel $m$ a 4. With the padding 1 the result is 4 × 4, with 2 it is 6 × 6. "
      "No padding makes it 5 × 5.")  # fmt: skip
def _(live):
    m, P, more = 4, 1, 2
    small, large = live.sized(m=m, P=P)["a"].shape, live.sized(m=m, P=more)["a"].shape
    size = live.sized(m=m)["x"].shape
    assert all(live.sized(m=m, P=padding)["a"].shape != size for padding in range(5))
    return m, P, *small, more, *large, *size


@says(*SIZE, "Now raise $m$ to 5, set the padding to 0 and the dilation $D$ to 2. The kernel is 9 "
      "wide, and the figure says that it cannot be.")  # fmt: skip
def _(live):
    m, P, D = 5, 0, 2
    live.sized(m=m, P=P)
    with pytest.raises(ShapeError):
        live.sized(m=m, P=P, D=D)
    return m, P, D, D * (m - 1) + 1


@says(*BORDER, "Make all of $x$ 1. Then 9 comes out in the middle, 6 at an edge, 4 in a corner")
def _(live):
    then = live.after(("x", ..., 1))["a"]
    assert np.unique(then[1:-1, 1:-1]).size == np.unique(then[0, 1:-1]).size == 1
    return 1, then[2, 2], then[0, 2], then[0, 0]


@says(*BORDER, "Point at [the first pixel](#border:x[0,0]). Four numbers read it; the pixel in "
      "the middle is read by nine.")  # fmt: skip
def _(live):
    first, middle = (0, 0), (2, 2)
    return *first, live.readers("a", "x", first), live.readers("a", "x", middle)


@says(*EVEN, "Make [the 4](#even:m[]) a 3. Now 5 is among the sizes, at the padding 1.")
def _(live):
    m = 3
    found = live.after(("m", (), m))
    size = found["M"]
    assert size not in live.now["O"]
    assert found["h"] == 1
    return live.now["m"], m, size, *np.flatnonzero(found["O"] == size)


@says(*EVEN, "Make it a 5, and the padding 2 is the one.")
def _(live):
    m = 5
    found = live.after(("m", (), m))
    return m, *np.flatnonzero(found["O"] == found["M"])


@says(*STRIDES, "Make [the stride](#strides:S[]) a 2. Six numbers come out; then [the input]"
      "(#strides:M[]) an 11: still six.")  # fmt: skip
def _(live):
    S, M = 2, 11
    stride = "S", (), S
    return S, live.after(stride)["O"], M, live.after(stride, ("M", (), M))["O"]


@says(*STEPS, "Set the stride $S$ to 1: all is read, and 4 × 4 numbers come out in place of 2 × 2.")
def _(live):
    S = 1
    found = live.sized(S=S)
    assert found["r"].all()
    return S, *found["a"].shape, *live.now["a"].shape


@says(*STEPS, "With the stride 2 make the picture $M$ a 7. Now a third step fits: 3 × 3 come out, "
      "and nothing is left over.")  # fmt: skip
def _(live):
    M = 7
    found = live.sized(M=M)
    assert found["r"].all()
    return live.figure.sizes["S"], M, *found["a"].shape


@says(*STEPS, "Then make the kernel $m$ a 2 and the stride a 3. The step is longer than the "
      "kernel, and what lies between two places is left out: of 49 pixels 16 are "
      "read.")  # fmt: skip
def _(live):
    m, S = 2, 3
    read = live.sized(M=7, m=m, S=S)["r"]
    assert not read[2].any()
    assert read[1].any()
    assert read[3].any()
    return m, S, 2, read.size, np.count_nonzero(read)


@says(*MANY, "Make [the stride](#many:S[]) a 4. Now four sizes give 3; 0 to 3 rows of them are "
      "left over.")  # fmt: skip
def _(live):
    S, size = 4, 3
    found = live.after(("S", (), S))
    left = found["l"][found["O"] == size]
    return S, found["h"], size, left.min(), left.max()


@says(*MANY, "Make it a 1: no two sizes give the same.")
def _(live):
    S = 1
    found = live.after(("S", (), S))["O"]
    assert np.unique(found).size == found.size
    return S, 2


@says(*HOLES, "Raise the dilation $D$ to 3. $V$ is 7 × 7 and fills the picture, so that one number "
      "comes out. It still has 9 weights that can be other than 0.")  # fmt: skip
def _(live):
    D = 3
    found = live.sized(D=D)
    assert found["V"].shape == found["x"].shape
    assert found["a"].size == 1
    all_ones = live.after(("W", ..., 1))["V"]
    return D, *found["V"].shape, np.count_nonzero(all_ones), 0


@says(*HOLES, "Point at [a number](#holes:a[0,0]) with $D = 2$: it reads rows and columns 0, 2 and "
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
    *GRID,
    "Point at [pixel 5](#grid:x[5]). In both layers the numbers that it goes into are odd ones.",
)
def _(live):
    pixel = 5
    moved = _moved(live, "x", pixel)
    assert moved["h"].size
    assert moved["a"].size
    assert all((moved[layer] % 2 == 1).all() for layer in "ha")
    return pixel, pixel


@says(*GRID, "Set the first dilation $D$ to 1. Number 0 now sees as far as pixel 6, and no pixel "
      "up to there is left out.")  # fmt: skip
def _(live):
    D = 1
    seen = np.flatnonzero(live.sized(D=D)["c"])
    assert seen.tolist() == list(range(seen[-1] + 1))
    return D, seen[0], seen[-1]


@says(*GRID, "Then make $F$ a 4. It sees as far as 10, but two pixels on the way are left out")
def _(live):
    F = 4
    ways = live.sized(D=1, F=F)["c"]
    last = np.flatnonzero(ways)[-1]
    return F, last, np.count_nonzero(ways[:last] == 0)


@says(*ONE_AXIS, "Set the stride $S$ to 1: ten numbers go in and ten come out; the padding is "
      "*same*.")  # fmt: skip
def _(live):
    S = 1
    found = live.sized(S=S)
    return S, found["x"].size, found["a"].size


@says(*ONE_AXIS, "Then raise the dilation $D$ to 3. The kernel covers 7, and with a padding of 1 "
      "six come out.")  # fmt: skip
def _(live):
    D = 3
    sizes = live.figure.sizes
    return D, D * (sizes["m"] - 1) + 1, sizes["P"], live.sized(S=1, D=D)["a"].size


@says(*CAUSAL, "Set the dilation $D$ to 2: it hears 7 numbers, some of them twice. With 1 it "
      "hears 5.")  # fmt: skip
def _(live):
    more, none = 2, 1
    found = live.sized(D=more)
    assert found["z"] < found["W"].size ** 2
    return more, found["z"], 2, none, live.sized(D=none)["z"]


@says(*CAUSAL, "Change [the last number](#causal:x[8]) of $x$. In each layer the last number moves "
      "and no other.")  # fmt: skip
def _(live):
    last = live.now["x"].size - 1
    moved = _moved(live, "x", last)
    assert moved["h"].tolist() == moved["a"].tolist() == [last]
    return (last,)


@says(
    *CAUSAL, "Change [number 4](#causal:x[4]). In the second layer nothing before number 4 moves."
)
def _(live):
    changed = 4
    first = _moved(live, "x", changed)["a"][0]
    return changed, changed, first


@says(*TRUE, "The kernel picks a pixel: one version the first of its window, the other the last. "
      "Make [the last weight](#true:W[2,2]) a 1 as well: now the kernel looks the same when it is "
      "turned, and the versions agree in all 9 cells.")  # fmt: skip
def _(live):
    now, then = live.now, live.after(("W", (2, 2), 1))
    first, other = now["a"], now["a (2)"]
    assert (first[0, 0], other[0, 0]) == (now["x"][0, 0], now["x"][2, 2])
    assert (first != other).all()
    return 2, 2, 1, np.count_nonzero(then["a"] == then["a (2)"])
