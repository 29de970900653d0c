"""What the tests know of the chapter *1 × 1, grouped, depthwise*."""

import numpy as np
from saying import says

DERIVED = {
    "grouped_kernel_gradient": ("grouped_convolution", "W"),
    "grouped_input_gradient": ("grouped_convolution", "x"),
}

ANSWERS = {
    "groups-71": [
        [
            ("6", "That has the bias once for each channel"),
            ("5", "That is what it makes of channel 0 alone"),
            ("1", "That is what it makes of channel 1 alone"),
            ("2", "✓ Yes, 2."),
        ],
        [
            ("4", "That adds up the parts for both channels"),
            ("0", "That meets the kernel from the wrong end"),
            ("3", "✓ Yes, 3."),
        ],
    ],
    "groups-07": [
        [
            ("2", "That adds the channels up as they are"),
            ("1", "That looks at channel 1 alone"),
            ("0", "That takes the first row of V"),
            ("5", "That takes the bias of the first row"),
            ("4", "✓ Yes, 4."),
        ],
    ],
    "groups-27": [
        [("Yes", "That would be so if kernel 0 had seen all channels"), ("No", "✓ Right.")],
    ],
    "groups-30": [
        [
            ("576", "Those are the weights that look at neighbours"),
            ("4096", "Those are the weights of the 1 × 1 alone"),
            ("36864", "That is one ordinary convolution"),
            ("40960", "That has an ordinary convolution in front"),
            ("8192", "That gives both layers a weight for each pair of channels"),
            ("640", "That gives each channel that goes out one weight"),
            ("4105", "That has one kernel for all channels"),
            ("4800", "That counts a bias for each channel too"),
            ("4672", "✓ Yes, 4672."),
        ],
    ],
}

SHARED = "groups-01"
MIX = "groups-07"
GROUPS = "groups-14"
BACK_IN_GROUPS = "groups-27"
COST = "groups-30"


@says(SHARED, "Make [the 3](#shared:x[2,0,0]) in channel 2 a 5. The weight on it is 0, and no "
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


@says(SHARED, "Make [the 2](#shared:x[1,1,0]) of channel 1 a 4. One number of $a$ grows, and with "
      "it one in each mixture.")  # fmt: skip
def _(live):
    place, new = (1, 1, 0), 4
    edit = "x", place, new
    ((channel, *pixel),) = live.moved("a", edit).tolist()
    assert live.moved("z", edit).tolist() == [[0, *pixel], [1, *pixel]]
    for name in "az":
        assert np.all(live.after(edit)[name] >= live.now[name])
    return live.now["x"][place], *place, channel, new


@says(SHARED, "Make [the −1](#shared:V[0,2]) in $V$ a 0. Now mixture 0 does not hear of channel 2 "
      "any more.")  # fmt: skip
def _(live):
    place, new = (0, 2), 0
    mixture, channel = place
    edit = "V", place, new
    then = live.after(edit, ("x", channel, 7))
    assert np.array_equal(then["z"][mixture], live.after(edit)["z"][mixture])
    assert not np.array_equal(then["z"][1], live.after(edit)["z"][1])
    return live.now["V"][place], *place, new, mixture, channel


@says(MIX, "Make [the 1](#mix:x[1,0,2]) of channel 1 in that corner a 2. Two numbers of $z$ move, "
      "one in each mixture, at that very place.")  # fmt: skip
def _(live):
    place, new = (1, 0, 2), 2
    found = live.moved("z", ("x", place, new)).tolist()
    assert found == [[0, *place[1:]], [1, *place[1:]]]
    return live.now["x"][place], *place, place[0], new, len(found)


@says(MIX, "Make [the 3](#mix:V[1,2]) in $V$ a 0. All nine numbers of mixture 1 are now what "
      "channel 1 has.")  # fmt: skip
def _(live):
    place, new = (1, 2), 0
    then = live.after(("V", place, new))
    mixture, channel = 1, 1
    assert np.array_equal(then["z"][mixture], then["x"][channel])
    return live.now["V"][place], *place, new, then["z"][mixture].size, mixture, channel


@says(GROUPS, "Point at [a number of a](#groups:a[1,0,0]): it reads channels 2 and 3. Change "
      "channel 0 as you like, it stays.")  # fmt: skip
def _(live):
    place, other = (1, 0, 0), 0
    read = {f.index[0] for term in live.factors("a", place) for f in term if f.name == "x"}
    assert place[0] not in {at[0] for at in live.moved("a", ("x", other, 7)).tolist()}
    return *place, *sorted(read), other


@says(GROUPS, "Set $Q$ to 1 and $G$ to 4. That is depthwise: four kernels, and each sees one "
      "channel alone.")  # fmt: skip
def _(live):
    found = live.sized(Q=1, G=4)
    K, Q, *_ = found["W"].shape
    assert len(found["x"]) == len(found["a"]) == K
    return Q, 4, K


@says(GROUPS, "Set $Q$ to 4 and $G$ to 1: one group, an ordinary convolution. Its one kernel has "
      "a part for each of the 4 channels.")  # fmt: skip
def _(live):
    found = live.sized(Q=4, G=1)
    K, Q, *_ = found["W"].shape
    assert K == 1
    assert len(found["x"]) == Q
    return Q, 1, len(found["x"])


@says(GROUPS, "With $G = 2$ and $Q = 2$ raise $R$ to 2. Now $a$ has 4 pictures, two from each "
      "group.")  # fmt: skip
def _(live):
    G, Q, R = live.figure.sizes["G"], live.figure.sizes["Q"], 2
    K = len(live.sized(R=R)["a"])
    return G, Q, R, K, K / G


@says(BACK_IN_GROUPS, "Make [the 0](#back:dE_da[1,0,0]) of kernel 1 a 1. Now channels 2 and 3 get "
      "something, and the others the same as before.")  # fmt: skip
def _(live):
    place, new = (1, 0, 0), 1
    edit = "dE_da", place, new
    channels = sorted({at[0] for at in live.moved("dE_dx", edit).tolist()})
    assert not live.now["dE_dx"][channels].any()
    return live.now["dE_da"][place], *place, place[0], new, *channels


@says(COST, "Compare the last layer: 147456 weights in one piece, 17536 in two.")
def _(live):
    return live.now["w_one"][-1], live.now["w_two"][-1], 2


@says(COST, "Make [the kernel](#cost:m[]) a 5. In one piece the layer in the middle has 102400 "
      "weights, in two only 5696: a wider look is nearly free.")  # fmt: skip
def _(live):
    m = 5
    then = live.after(("m", (), m))
    return m, then["w_one"][1], 2, then["w_two"][1]


@says(COST, "Make [the 64](#cost:K[0]) of the first layer a 3. So few outputs are hardly worth "
      "it: 81 in one piece, 36 in two.")  # fmt: skip
def _(live):
    new = 3
    then = live.after(("K", 0, new))
    return live.now["K"][0], 0, new, then["w_one"][0], then["w_two"][0], 2
