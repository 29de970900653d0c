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
BACK = "arithmetic/stride", "stride-21"
SHARED = "arithmetic/groups", "groups-01"
MIX = "arithmetic/groups", "groups-07"
GROUPS = "arithmetic/groups", "groups-14"
BACK_IN_GROUPS = "arithmetic/groups", "groups-27"
COST = "arithmetic/groups", "groups-30"
STACK = "arithmetic/receptive-field", "receptive-field-01"
FIELD = "arithmetic/receptive-field", "receptive-field-09"
ROW = "arithmetic/receptive-field", "receptive-field-14"
FOLD = "arithmetic/receptive-field", "receptive-field-17"


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
      "convolution that makes 3 × 3 of them")  # fmt: skip
def _(live):
    A = 0
    now, then = live.now["y"].shape, live.sized(A=A)["y"].shape
    sizes = {name: live.figure.sizes[name] for name in "SPD"}
    (small,) = {strided_convolution(x=np.ones(s), W=np.ones((3, 3)), **sizes).shape
                for s in (now, then)}  # fmt: skip
    assert small == live.now["x"].shape
    return A, *then, *now, *small


@says(*BACK, "Make the kernel $m$ a 4 and $A$ a 0. With the stride 2 and the padding 1, 6 × 6 come "
      "out, and all that lies inside is 4: no weave.")  # fmt: skip
def _(live):
    m, A = 4, 0
    found = live.sized(m=m, A=A)["y"]
    (inside,) = set(found[1:-1, 1:-1].ravel())
    return m, A, live.figure.sizes["S"], live.figure.sizes["P"], *found.shape, inside


def moved(live, name, *edits):
    """Where an array of the figure has other numbers after edits."""
    return np.argwhere(live.after(*edits)[name] != live.now[name]).tolist()


@says(*SHARED, "Make [the 3](#shared:x[2,0,0]) in channel 2 a 5. The weight on it is 0, and no "
      "kernel of another channel sees it: nothing moves at all.")  # fmt: skip
def _(live):
    place, new = (2, 0, 0), 5
    assert moved(live, "a", ("x", place, new)) == moved(live, "z", ("x", place, new)) == []
    weight = live.now["W"][2, 0, 0]
    return live.now["x"][place], *place, place[0], new, weight


@says(*SHARED, "Make [the 2](#shared:x[1,1,0]) of channel 1 a 4. One number of $a$ grows, and with "
      "it one in each mixture.")  # fmt: skip
def _(live):
    place, new = (1, 1, 0), 4
    edit = "x", place, new
    ((channel, *pixel),) = moved(live, "a", edit)
    assert moved(live, "z", edit) == [[0, *pixel], [1, *pixel]]
    for name in "az":
        assert np.all(live.after(edit)[name] >= live.now[name])
    return live.now["x"][place], *place, channel, new


@says(*SHARED, "Make [the −1](#shared:V[0,2]) in $V$ a 0. Now mixture 0 does not hear of channel 2 "
      "any more.")  # fmt: skip
def _(live):
    place, new = (0, 2), 0
    mixture, channel = place
    edit = "V", place, new
    then = live.after(edit, ("x", channel, 7))
    assert np.array_equal(then["z"][mixture], live.after(edit)["z"][mixture])
    assert not np.array_equal(then["z"][1], live.after(edit)["z"][1])
    return live.now["V"][place], *place, new, mixture, channel


@says(*MIX, "Make [the 1](#mix:x[1,0,2]) of channel 1 in that corner a 2. Two numbers of $z$ move, "
      "one in each mixture, at that very place.")  # fmt: skip
def _(live):
    place, new = (1, 0, 2), 2
    found = moved(live, "z", ("x", place, new))
    assert found == [[0, *place[1:]], [1, *place[1:]]]
    return live.now["x"][place], *place, place[0], new, len(found)


@says(*MIX, "Make [the 3](#mix:V[1,2]) in $V$ a 0. All nine numbers of mixture 1 are now what "
      "channel 1 has.")  # fmt: skip
def _(live):
    place, new = (1, 2), 0
    then = live.after(("V", place, new))
    mixture, channel = 1, 1
    assert np.array_equal(then["z"][mixture], then["x"][channel])
    return live.now["V"][place], *place, new, then["z"][mixture].size, mixture, channel


@says(*GROUPS, "Point at [a number of a](#groups:a[1,0,0]): it reads channels 2 and 3. Change "
      "channel 0 as you like, it stays.")  # fmt: skip
def _(live):
    place, other = (1, 0, 0), 0
    read = {f.index[0] for term in live.factors("a", place) for f in term if f.name == "x"}
    assert place[0] not in {at[0] for at in moved(live, "a", ("x", other, 7))}
    return *place, *sorted(read), other


@says(*GROUPS, "Set $Q$ to 1 and $G$ to 4. That is depthwise: four kernels, and each sees one "
      "channel alone.")  # fmt: skip
def _(live):
    found = live.sized(Q=1, G=4)
    K, Q, *_ = found["W"].shape
    assert len(found["x"]) == len(found["a"]) == K
    return Q, 4, K


@says(*GROUPS, "Set $Q$ to 4 and $G$ to 1: one group, an ordinary convolution. Its one kernel has "
      "a part for each of the 4 channels.")  # fmt: skip
def _(live):
    found = live.sized(Q=4, G=1)
    K, Q, *_ = found["W"].shape
    assert K == 1
    assert len(found["x"]) == Q
    return Q, 1, len(found["x"])


@says(*GROUPS, "With $G = 2$ and $Q = 2$ raise $R$ to 2. Now $a$ has 4 pictures, two from each "
      "group.")  # fmt: skip
def _(live):
    G, Q, R = live.figure.sizes["G"], live.figure.sizes["Q"], 2
    K = len(live.sized(R=R)["a"])
    return G, Q, R, K, K / G


@says(*BACK_IN_GROUPS, "Make [the 0](#back:dE_da[1,0,0]) of kernel 1 a 1. Now channels 2 and 3 get "
      "something, and the others the same as before.")  # fmt: skip
def _(live):
    place, new = (1, 0, 0), 1
    edit = "dE_da", place, new
    channels = sorted({at[0] for at in moved(live, "dE_dx", edit)})
    assert not live.now["dE_dx"][channels].any()
    return live.now["dE_da"][place], *place, place[0], new, *channels


@says(*COST, "Compare the last layer: 147456 weights in one piece, 17536 in two.")
def _(live):
    return live.now["w_one"][-1], live.now["w_two"][-1], 2


@says(*COST, "Make [the kernel](#cost:m[]) a 5. In one piece the layer in the middle has 102400 "
      "weights, in two only 5696: a wider look is nearly free.")  # fmt: skip
def _(live):
    m = 5
    then = live.after(("m", (), m))
    return m, then["w_one"][1], 2, then["w_two"][1]


@says(*COST, "Make [the 64](#cost:K[0]) of the first layer a 3. So few outputs are hardly worth "
      "it: 81 in one piece, 36 in two.")  # fmt: skip
def _(live):
    new = 3
    then = live.after(("K", 0, new))
    return live.now["K"][0], 0, new, then["w_one"][0], then["w_two"][0], 2


def square(gradient):
    """First and last row of what is not 0, which is as wide as it is high."""
    (rows, columns) = (np.flatnonzero(gradient.any(axis=axis)) for axis in (1, 0))
    assert np.array_equal(rows, columns)
    return rows[0], rows[-1]


@says(*STACK, "It sees 49 pixels, 7 × 7. Make [another](#stack:dE_da_3[0,0]) a 1 and [the middle "
      "one](#stack:dE_da_3[1,1]) a 0: the same square, a pixel higher and to the "
      "left.")  # fmt: skip
def _(live):
    middle, other, new, off = (1, 1), (0, 0), 1, 0
    first, last = square(live.now["dE_dx"])
    then = live.after(("dE_da_3", other, new), ("dE_da_3", middle, off))
    assert square(then["dE_dx"]) == (first - 1, last - 1)
    assert then["z"] == live.now["z"]
    width = last - first + 1
    return live.now["z"], width, width, *other, new, *middle, off


@says(*STACK, "Set the stride $S$ to 2. Now it is 15 × 15 pixels, 225 of them.")
def _(live):
    S = 2
    then = live.sized(S=S)
    first, last = square(then["dE_dx"])
    return S, last - first + 1, last - first + 1, then["z"]


@says(*STACK, "Set $S$ back to 1 and the dilation $D$ to 2. Again 49 pixels, but with holes: they "
      "lie in a square of 13 × 13.")  # fmt: skip
def _(live):
    S, D = 1, 2
    then = live.sized(S=S, D=D)
    first, last = square(then["dE_dx"])
    return S, D, then["z"], last - first + 1, last - first + 1


@says(*STACK, "Make the kernel $m$ a 1. However many layers there are, it sees 1 pixel.")
def _(live):
    return 1, live.sized(m=1)["z"]


@says(*FIELD, "Make [the first stride](#field:S[0]) a 2. The last field grows from 16 to 27: all "
      "that comes behind looks twice as far.")  # fmt: skip
def _(live):
    S = 2
    now, then = live.now["F"], live.after(("S", 0, S))["F"]
    assert np.array_equal(then - then[0], 2 * (now - now[0]))
    return 0, S, now[-1], then[-1], 2


@says(*FIELD, "Make [the last stride](#field:S[3]) a 2. No field changes. Only [the last jump]"
      "(#field:J[3]) does, from 2 to 4.")  # fmt: skip
def _(live):
    last, S = len(live.now["S"]) - 1, 2
    then = live.after(("S", last, S))
    assert np.array_equal(then["F"], live.now["F"])
    assert np.array_equal(then["B"], live.now["B"])
    assert moved(live, "J", ("S", last, S)) == [[last]]
    return last, S, last, live.now["J"][last], then["J"][last]


@says(*FIELD, "Make [the first padding](#field:P[0]) a 0. The fields keep their width, and begin "
      "2 pixels further right.")  # fmt: skip
def _(live):
    P = 0
    then = live.after(("P", 0, P))
    assert np.array_equal(then["F"], live.now["F"])
    (further,) = set(then["B"] - live.now["B"])
    return 0, P, further


@says(*ROW, "Make [the first dilation](#row:D_1[]) a 1. Now 7 pixels in a row are seen, without a "
      "hole.")  # fmt: skip
def _(live):
    D = 1
    found = np.flatnonzero(live.after(("D_1", (), D))["dE_dx"])
    assert np.array_equal(found, range(len(found)))
    return D, len(found)


@says(*ROW, "Make it a 3. From 0 to 10 all are seen but 1 and 9.")
def _(live):
    D = 3
    found = live.after(("D_1", (), D))["dE_dx"]
    first, *_, last = np.flatnonzero(found)
    return D, first, last, *np.flatnonzero(found[: last + 1] == 0)


@says(*FOLD, "Set $m$ to 2. The rows are those of Pascal's triangle; the last is 1, 4, 6, 4, 1.")
def _(live):
    m = 2
    found = live.sized(m=m)
    for name, row in {"c_2": [1, 2, 1], "c_3": [1, 3, 3, 1]}.items():
        assert found[name].tolist() == row
    return m, *found["c_4"]


@says(*FOLD, "With $m = 3$ make [the middle weight](#fold:w[1]) a 0. Behind four layers every "
      "second pixel is missing.")  # fmt: skip
def _(live):
    middle, new = 1, 0
    then = live.after(("w", middle, new))["c_4"]
    assert not then[1::2].any()
    assert then[::2].all()
    return live.figure.sizes["m"], middle, new, 4


@says(*FOLD, "Now make [the last weight](#fold:w[2]) a −1. Ways with opposite signs cancel: five "
      "pixels are left, with 1, −4, 6, −4 and 1.")  # fmt: skip
def _(live):
    last, new = 2, -1
    found = live.after(("w", 1, 0), ("w", last, new))["c_4"]
    left = found[found != 0]
    return last, new, len(left), *left
