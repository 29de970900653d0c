"""Sentences below the figures of the dense layer, the softmax and the cross-entropy."""

import numpy as np

from sentences.saying import says

SCORES = "network/softmax", "softmax-01"
GRADIENT = "network/softmax", "softmax-18"


@says(*SCORES, "Make [the 1](#scores:z[0]) in $z$ a −5. Its probability is small then, but it is "
      "not 0, and it is not negative.")  # fmt: skip
def _(live):
    new = -5
    found = live.after(("z", 0, new))["p"][0]
    assert 0 < found < 0.001
    return live.now["z"][0], 0, new, 0


@says(*SCORES, "Make all three scores 7. Each class gets a third, 0.33, as it would for any three")
def _(live):
    count, new = live.now["z"].size, 7
    (share,) = {*live.after(("z", ..., new))["p"]}
    return count, new, share, count


@says(*GRADIENT, "Make [the 3](#gradient:z[1]) in $z$ a 0. The error falls from 1.41 to 0.41, and "
      "class 2 is now pushed with −0.33 instead of −0.76.")  # fmt: skip
def _(live):
    place, new, right = 1, 0, 2
    now, then = live.now, live.after(("z", place, new))
    assert now["y"] == right
    return (now["z"][place], place, new, now["E"], then["E"], right,
            then["dE_dz"][right], now["dE_dz"][right])  # fmt: skip


@says(*GRADIENT, "Set [the right class](#gradient:y[]) to 1. Now one gradient is negative again, "
      "that of class 1; the two others are their probabilities.")  # fmt: skip
def _(live):
    new = 1
    then = live.after(("y", (), new))
    ((place,),) = np.argwhere(then["dE_dz"] < 0)
    others = np.arange(3) != place
    assert np.array_equal(then["dE_dz"][others], then["p"][others])
    return new, place, others.sum()


@says(*GRADIENT, "Add up $\\partial E/\\partial z$. The sum is 0, whichever class is right.")
def _(live):
    (found,) = {round(live.after(("y", (), y))["dE_dz"].sum(), 9) + 0 for y in range(3)}
    return (found,)


LAYER = "network/dense", "dense-01"
WEIGHTS = "network/dense", "dense-07"
INPUT = "network/dense", "dense-15"


@says(
    *LAYER,
    "Make [the 0](#layer:x[2]) in $x$ a 1. The score of class 0 grows from 1 to 2, that "
    "of class 1 stays 3, that of class 2 falls from 2 to 1: column 2 of $V$ has been added.",
)
def _(live):
    column, new = 2, 1
    now, then = live.now, live.after(("x", column, new))
    assert np.array_equal(then["z"] - now["z"], now["V"][:, column])
    assert now["z"][1] == then["z"][1]
    return (now["x"][column], column, new, 0, now["z"][0], then["z"][0], 1, then["z"][1],
            2, now["z"][2], then["z"][2], column)  # fmt: skip


@says(*LAYER, "Point at any number of $x$. All three scores read it; no number is read twice for "
      "the same score.")  # fmt: skip
def _(live):
    (readers,) = {live.readers("z", "x", (u,)) for u in range(4)}
    read = [f.index for term in live.factors("z", (0,)) for f in term if f.name == "x"]
    assert len(read) == len({*read})
    return readers, 2


@says(*WEIGHTS, "Make [the 0](#weights:x[2]) in $x$ a 2. Column 2 of $\\partial E/\\partial V$ is "
      "now 4, 2, −6: twice $\\partial E/\\partial z$.")  # fmt: skip
def _(live):
    column, new = 2, 2
    then = live.after(("x", column, new))
    found = then["dE_dV"][:, column]
    (factor,) = {*(found / then["dE_dz"])}
    return live.now["x"][column], column, new, column, *found, factor


@says(
    *WEIGHTS,
    "Set [the 2](#weights:dE_dz[0]) in $\\partial E/\\partial z$ to 0. Row 0 of "
    "$\\partial E/\\partial V$ is 0 now: nothing that belongs to class 0 has anything to learn.",
)
def _(live):
    row, new = 0, 0
    (found,) = {*live.after(("dE_dz", row, new))["dE_dV"][row]}
    return live.now["dE_dz"][row], row, new, row, found, row


@says(*WEIGHTS, "Change any weight of $V$. The scores follow, and not one of these gradients does.")
def _(live):
    now = live.now
    for place in np.ndindex(now["V"].shape):
        then = live.after(("V", place, 9))
        assert np.array_equal(then["dE_dV"], now["dE_dV"])
    assert not np.array_equal(live.after(("V", (0, 0), 9))["z"], now["z"])
    return ()


@says(*INPUT, "Make [the 1](#input:dE_dz[1]) in $\\partial E/\\partial z$ a 2. The four gradients "
      "of $x$ change by −1, 2, 0 and 1: that is row 1 of $V$.")  # fmt: skip
def _(live):
    row, new = 1, 2
    now, then = live.now, live.after(("dE_dz", row, new))
    change = then["dE_dx"] - now["dE_dx"]
    assert np.array_equal(change, now["V"][row])
    return now["dE_dz"][row], row, new, change.size, *change, row


@says(*INPUT, "Set $\\partial E/\\partial z$ to 1, 0, 0. What comes back is row 0 of $V$ itself: "
      "1, −2, 1, 0.")  # fmt: skip
def _(live):
    only = [1, 0, 0]
    found = live.after(("dE_dz", ..., only))["dE_dx"]
    assert np.array_equal(found, live.now["V"][0])
    return *only, 0, *found
