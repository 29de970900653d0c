"""Sentences below the figures of the chapters on channels."""

import numpy as np

from sentences.saying import says


@says(
    "channels/forward", "forward-10",
    "Three kernels, each with a part for either channel.",
)  # fmt: skip
def _(live):
    return (len(live.now["W"]),)


@says(
    "channels/forward", "forward-10",
    "Raise the bias of kernel 0 from 1 to 2. All six numbers of $a^{(0)}$ grow by 1. They do not "
    "grow by 2, although there are two channels.",
)  # fmt: skip
def _(live):
    kernel, new, channels = 0, 2, len(live.now["x"])
    grown = live.after(("b", kernel, new))["a"] - live.now["a"]
    assert not grown[1:].any()
    (by,) = {*grown[kernel].ravel()}
    return kernel, live.now["b"][kernel], new, (grown != 0).sum(), by, by * channels, channels


@says(
    "channels/forward", "forward-10",
    "Point at the upper left 3 of the red channel. It touches one number in each of the three "
    "output pictures; kernel 2 weighs it with 0.",
)  # fmt: skip
def _(live):
    place = 0, 0, 0
    return live.now["x"][place], live.readers("a", "x", place), 2, live.now["W"][2, 0, 0, 0]


@says(
    "channels/forward", "forward-10",
    "Give kernel 2 an eye for red: change the first number of $W^{(2,0)}$ from 0 to 1.",
)  # fmt: skip
def _(live):
    kernel, new = 2, 1
    grown = live.after(("W", (kernel, 0, 0, 0), new))["a"] != live.now["a"]
    assert [one.any() for one in grown] == [False, False, True]
    return kernel, live.now["W"][kernel, 0, 0, 0], new


@says(
    "channels/forward", "forward-21", "One kernel with three parts on a small photograph in colour."
)
def _(live):
    return (live.now["W"].shape[1],)


@says(
    "channels/forward", "forward-21",
    "the red part gives −1.52 and the blue part −1.89, together −3.41.",
)  # fmt: skip
def _(live):
    row, column = live.figure.state["at"]["place"][1:]
    window = live.now["x"][:, row : row + 3, column : column + 3]
    red, green, blue = (window * live.now["W"][0]).sum(axis=(1, 2))
    assert green == 0
    return red, blue, live.now["a"][0, row, column]


@says("channels/forward", "forward-21", "the other two channels do not matter")
def _(live):
    green = live.names["three"]["green only"]
    one, other = (live.after(("W", ..., green), ("x", [0, 2], v))["a"] for v in (0.0, 1.0))
    assert np.array_equal(one, other)
    return (len([0, 2]),)


@says(
    "channels/input-gradient", "input-gradient-10",
    "In $W$ only the right column lights up, the parts for green; in $\\delta$ all three pictures",
)  # fmt: skip
def _(live):
    read = [f for t in live.factors("dE_dx", (1, 1, 2)) for f in t]
    assert {f.index[1] for f in read if f.name == "W"} == {1}
    return (len({f.index[0] for f in read if f.name == "delta"}),)


@says("channels/input-gradient", "input-gradient-10", "the outputs of all three kernels that it")
def _(live):
    touched = {
        at[0]
        for at in np.ndindex(live.now["a"].shape)
        if any((f.name, f.index) == ("x", (0, 1, 1)) for t in live.factors("a", at) for f in t)
    }
    return (len(touched),)


@says(
    "channels/input-gradient", "input-gradient-10",
    "Set both weights of $W^{(1,1)}$ to 0. Then $\\delta^{(1)}$ no longer has a say in the green "
    "gradient; for red it still has.",
)  # fmt: skip
def _(live):
    closed = ("W", (1, 1), 0)
    one, other = (live.after(closed, ("delta", 1, value))["dE_dx"] for value in (0, 9))
    assert np.array_equal(one[1], other[1])
    assert not np.array_equal(one[0], other[0])
    return (closed[2],)


@says(
    "channels/kernel-gradient", "kernel-gradient-12",
    "Set all of $\\delta^{(1)}$ to 0. Both parts of the gradient of kernel 1 become 0, and the "
    "gradient of its bias; the other kernels do not notice.",
)  # fmt: skip
def _(live):
    kernel = 1
    now, then = live.now, live.after(("delta", kernel, 0))
    assert then["dE_db"][kernel] == 0
    for other in (0, 2):
        assert np.array_equal(now["dE_dW"][other], then["dE_dW"][other])
    return 0, kernel, *{*then["dE_dW"][kernel].ravel()}
