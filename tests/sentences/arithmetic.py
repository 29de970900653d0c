"""Sentences below the figures of the chapters on convolution arithmetic."""

import numpy as np
import pytest

from cnnmath.catalogue import strided_convolution
from cnnmath.errors import ShapeError
from sentences.saying import says

SIZE = "arithmetic/padding", "padding-01"
BORDER = "arithmetic/padding", "padding-12"
EVEN = "arithmetic/padding", "padding-18"
STRIDES = "arithmetic/padding", "padding-21"
WOVEN = "arithmetic/stride", "stride-01"
CHOOSE = "arithmetic/stride", "stride-12"
LOST = "arithmetic/stride", "stride-15"
HOLES = "arithmetic/stride", "stride-18"
BACK = "arithmetic/transposed", "transposed-01"
ROW = "arithmetic/transposed", "transposed-04"
MATRIX = "arithmetic/transposed", "transposed-10"
ADJOINT = "arithmetic/transposed", "transposed-13"
STUFFED = "arithmetic/transposed", "transposed-21"
MORE = "arithmetic/transposed", "transposed-24"
BOARD = "arithmetic/transposed", "transposed-27"
CURED = "arithmetic/transposed", "transposed-30"
WINDOWS = "arithmetic/transposed", "transposed-42"


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


@says(*WOVEN, "Look at all of $\\partial E/\\partial x$: 1, 2 and 4, woven like cloth.")
def _(live):
    return np.unique(live.now["dE_dx"])


@says(*WOVEN, "Make [the middle gradient](#woven:dE_da[1,1]) a 0. Nine pixels lose 1, and of these "
      "only [one](#woven:dE_dx[3,3]) is left with nothing.")  # fmt: skip
def _(live):
    middle, new = (1, 1), 0
    now, then = live.now["dE_dx"], live.after(("dE_da", middle, new))["dE_dx"]
    (lost,) = set((now - then)[now != then])
    (empty,) = np.argwhere(then == 0)
    return *middle, new, np.count_nonzero(now != then), lost, *empty


@says(*CHOOSE, "Make the kernel $m$ a 4. Inside, all get 4; only the border has less.")
def _(live):
    m = 4
    found = live.sized(m=m)["dE_dx"]
    inside = found[2:-2, 2:-2]
    (every,) = set(inside.ravel())
    found[2:-2, 2:-2] = 0
    assert found.max() < every
    return m, every


@says(*CHOOSE, "Make it a 1. Of 64 pixels 16 are read, and the others get nothing.")
def _(live):
    found = live.sized(m=1)["dE_dx"]
    return 1, found.size, np.count_nonzero(found)


@says(*CHOOSE, "With $m = 3$ raise the dilation $D$ to 2. Stride and dilation are both even now, "
      "and only every fourth pixel is read at all.")  # fmt: skip
def _(live):
    found = live.sized(D=2)["dE_dx"]
    assert 4 * np.count_nonzero(found) == found.size
    return live.figure.sizes["m"], 2


@says(*CHOOSE, "Then set the stride $S$ to 1. Every pixel is read again")
def _(live):
    assert live.sized(D=2, S=1)["dE_dx"].all()
    return (1,)


@says(*LOST, "Change any number in [the last row](#lost:x[5,0]) of $x$. Nothing that comes out "
      "moves.")  # fmt: skip
def _(live):
    now = live.now
    last = len(now["x"]) - 1
    then = live.after(("x", last, 7))
    assert np.array_equal(then["a"], now["a"])
    return last, 0


@says(*HOLES, "Point at [the first gradient](#gaps:dE_da[0,0]): nine pixels with holes between. "
      "The holes of its neighbours are the same holes.")  # fmt: skip
def _(live):
    first = 0, 0
    reached = [live.after(("dE_da", ..., 0), ("dE_da", at, 1))["dE_dx"] for at in np.ndindex(2, 2)]
    assert not any(one[1::2].any() or one[:, 1::2].any() for one in reached)
    return *first, np.count_nonzero(reached[0])


@says(*BACK, "Set the output padding $A$ to 0: 5 × 5 come out in place of 6 × 6. Both have a "
      "convolution that makes 3 × 3 of them, with the stride 2 and the padding 1")  # fmt: skip
def _(live):
    A = 0
    now, then = live.now["y"].shape, live.sized(A=A)["y"].shape
    sizes = {name: live.figure.sizes[name] for name in "SPD"}
    (small,) = {strided_convolution(x=np.ones(s), W=np.ones((3, 3)), **sizes).shape
                for s in (now, then)}  # fmt: skip
    assert small == live.now["x"].shape
    return A, *then, *now, *small, sizes["S"], sizes["P"]


@says(*BACK, "Set $A$ to 0 and the stride $S$ to 1. Now the squares lie one pixel apart, and "
      "3 × 3 come out, as many as went in.")  # fmt: skip
def _(live):
    A, S = 0, 1
    found = live.sized(A=A, S=S)
    assert found["y"].shape == found["x"].shape
    return A, S, *found["y"].shape


@says(*BACK, "Set the padding $P$ to 0: 8 × 8 come out.")
def _(live):
    P = 0
    return P, *live.sized(P=P)["y"].shape


@says(*ROW, "Set the stride $S$ to 3. Nothing overlaps any more, and nine numbers come out: the "
      "kernel three times.")  # fmt: skip
def _(live):
    S = 3
    found = live.sized(S=S)
    assert np.array_equal(found["y"], np.outer(found["x"], found["W"]).ravel())
    return S, len(found["y"]), len(found["x"])


@says(*MATRIX, "Point at [row 1](#matrix:p[1]) of the result, then at [pixel 4](#matrix:r[4]), the "
      "middle one, of what comes back: all four places read the middle, each through another "
      "weight.")  # fmt: skip
def _(live):
    row, pixel = 1, 4
    column = live.now["T"][:, pixel]
    assert sorted(column) == sorted(live.now["W"].ravel())
    assert pixel == live.now["x"].size // 2
    return row, row, pixel, pixel, np.count_nonzero(column)


@says(*MATRIX, "Change [a weight](#matrix:W[0,1]). Four entries change")
def _(live):
    place = 0, 1
    return *place, (live.after(("W", place, 9))["T"] != live.now["T"]).sum()


@says(*ADJOINT, "Make [any number of g](#adjoint:g[0,1]) a 5. Both sides move by as much.")
def _(live):
    place, value = (0, 1), 5
    then = live.after(("g", place, value))
    left, right = (array for name, array in then.items() if name.startswith("q"))
    assert left == right != live.now["q"]
    return *place, value


@says(*STUFFED, "of the nine products at [this place](#stuffed:y[2,2]) four are with a number of "
      "$x$.")  # fmt: skip
def _(live):
    place = 2, 2
    terms = live.factors("y", place)
    read = [factor.index for term in terms for factor in term if factor.name == "z"]
    S = live.figure.sizes["S"]
    own = [index for index in read if all(p % S == 0 for p in index)]
    return len(terms), *place, len(own)


@says(*STUFFED, "Set the stride $S$ to 1. No zeros lie between")
def _(live):
    S = 1
    found = live.sized(S=S)
    assert np.array_equal(found["z"], found["x"])
    return (S,)


@says(*MORE, "Set the padding $P$ to 0. Now the kernel ends a row before, and what $A$ adds is "
      "zeros: the last row sums to 0.")  # fmt: skip
def _(live):
    P = 0
    found = live.sized(P=P)
    assert np.all(found["y"][-2] != 0) or found["y"][-2, :-1].all()
    return P, found["z"]


@says(*BOARD, "Take *4 wide, ones*. The stride divides the width, and all that lies inside is 4.")
def _(live):
    found = live.taken("4 wide, ones")
    (inside,) = set(found["y"][2:-2, 2:-2].ravel())
    return len(found["W"]), inside


@says(*BOARD, "Take *1 2 1*. It is 3 wide, and yet 4 stands everywhere inside.")
def _(live):
    found = live.taken("1 2 1")
    (inside,) = set(found["y"][1:-1, 1:-1].ravel())
    return *found["W"][0], len(found["W"]), inside


@says(*BOARD, "but the sum of the weights that write to it: along an axis 1 and 1 where two meet, "
      "2 where one is alone.")  # fmt: skip
def _(live):
    row = live.preset("1 2 1", "W")[0]
    S = live.figure.sizes["S"]
    meeting, alone = row[::S], row[1::S]
    return *meeting, len(meeting), *alone


@says(*CURED, "Change [a weight](#cured:W[0,1]) to 5. All that lies inside changes alike.")
def _(live):
    place, value = (0, 1), 5
    found = live.after(("W", place, value))["a"] - live.now["a"]
    assert len(set(found[1:-1, 1:-1].ravel())) == 1
    return *place, value


@says(*WINDOWS, "Point at [the 1 in the middle](#windows:x[1,1]) of $x$. It stands in all four "
      "windows: four copies of one number")  # fmt: skip
def _(live):
    place = 1, 1
    copies = live.after(("x", place, 9))["X"] != live.now["X"]
    assert copies.any(axis=1).all()
    return live.now["x"][place], *place, len(copies), copies.sum()
