"""Sentences below the figures of the chapters on groups and on the receptive field."""

import numpy as np

from sentences.saying import says

SHARED = "arithmetic/groups", "groups-01"
MIX = "arithmetic/groups", "groups-07"
GROUPS = "arithmetic/groups", "groups-14"
BACK_IN_GROUPS = "arithmetic/groups", "groups-27"
COST = "arithmetic/groups", "groups-30"
STACK = "arithmetic/receptive-field", "receptive-field-01"
FIELD = "arithmetic/receptive-field", "receptive-field-09"
ROW = "arithmetic/receptive-field", "receptive-field-14"
FOLD = "arithmetic/receptive-field", "receptive-field-17"


@says(*SHARED, "Make [the 3](#shared:x[2,0,0]) in channel 2 a 5. The weight on it is 0, and no "
      "kernel of another channel sees it: nothing moves at all.")  # fmt: skip
def _(live):
    place, new = (2, 0, 0), 5
    assert (
        live.moved("a", ("x", place, new)).tolist()
        == live.moved("z", ("x", place, new)).tolist()
        == []
    )
    weight = live.now["W"][2, 0, 0]
    return live.now["x"][place], *place, place[0], new, weight


@says(*SHARED, "Make [the 2](#shared:x[1,1,0]) of channel 1 a 4. One number of $a$ grows, and with "
      "it one in each mixture.")  # fmt: skip
def _(live):
    place, new = (1, 1, 0), 4
    edit = "x", place, new
    ((channel, *pixel),) = live.moved("a", edit).tolist()
    assert live.moved("z", edit).tolist() == [[0, *pixel], [1, *pixel]]
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
    found = live.moved("z", ("x", place, new)).tolist()
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
    assert place[0] not in {at[0] for at in live.moved("a", ("x", other, 7)).tolist()}
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
    channels = sorted({at[0] for at in live.moved("dE_dx", edit).tolist()})
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
    assert live.moved("J", ("S", last, S)).tolist() == [[last]]
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
