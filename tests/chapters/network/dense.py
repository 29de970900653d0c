"""What the tests know of the chapter *The dense layer*."""

import numpy as np
from saying import says

DERIVED = {
    "dense_weight_gradient": ("dense", "V"),
    "dense_bias_gradient": ("dense", "d"),
    "dense_input_gradient": ("dense", "x"),
}

ANSWERS = {
    "dense-01": [
        [
            ("4", "That is the sum without d[2]."),
            ("0", "That is the sum with the second and the third number of x exchanged"),
            ("2", "✓ Yes, 2."),
        ],
    ],
    "dense-42": [
        [
            ("6", "That adds up what the weight met, whatever arrived there"),
            ("3", "That adds up what arrived, whatever the weight met"),
            ("2", "✓ Yes, 2."),
        ],
        [("-2", "That is with the two weights exchanged"), ("2", "✓ Yes, 2.")],
    ],
    "dense-07": [
        [("Yes", "That would be so if the weight's own size counted"), ("No", "✓ Right.")],
    ],
    "dense-15": [
        [
            ("2", "That is what comes back through score 1 alone"),
            ("1", "That is the sum of its weights, as if each score had the gradient 1"),
            ("-5", "✓ Yes, −5."),
        ],
    ],
}

LAYER = "dense-01"
WEIGHTS = "dense-07"
INPUT = "dense-15"


@says(
    LAYER,
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


@says(LAYER, "Point at any number of $x$. All three scores read it; no number is read twice for "
      "the same score.")  # fmt: skip
def _(live):
    (readers,) = {live.readers("z", "x", (u,)) for u in range(4)}
    read = [f.index for term in live.factors("z", (0,)) for f in term if f.name == "x"]
    assert len(read) == len({*read})
    return readers, 2


@says(WEIGHTS, "Make [the 0](#weights:x[2]) in $x$ a 2. Column 2 of $\\partial E/\\partial V$ is "
      "now 4, 2, −6: twice $\\partial E/\\partial z$.")  # fmt: skip
def _(live):
    column, new = 2, 2
    then = live.after(("x", column, new))
    found = then["dE_dV"][:, column]
    (factor,) = {*(found / then["dE_dz"])}
    return live.now["x"][column], column, new, column, *found, factor


@says(
    WEIGHTS,
    "Set [the 2](#weights:dE_dz[0]) in $\\partial E/\\partial z$ to 0. Row 0 of "
    "$\\partial E/\\partial V$ is 0 now: nothing that belongs to class 0 has anything to learn.",
)
def _(live):
    row, new = 0, 0
    (found,) = {*live.after(("dE_dz", row, new))["dE_dV"][row]}
    return live.now["dE_dz"][row], row, new, row, found, row


@says(WEIGHTS, "Change any weight of $V$. The scores follow, and not one of these gradients does.")
def _(live):
    now = live.now
    for place in np.ndindex(now["V"].shape):
        then = live.after(("V", place, 9))
        assert np.array_equal(then["dE_dV"], now["dE_dV"])
    assert not np.array_equal(live.after(("V", (0, 0), 9))["z"], now["z"])
    return ()


@says(INPUT, "Make [the 1](#input:dE_dz[1]) in $\\partial E/\\partial z$ a 2. The four gradients "
      "of $x$ change by −1, 2, 0 and 1: that is row 1 of $V$.")  # fmt: skip
def _(live):
    row, new = 1, 2
    now, then = live.now, live.after(("dE_dz", row, new))
    change = then["dE_dx"] - now["dE_dx"]
    assert np.array_equal(change, now["V"][row])
    return now["dE_dz"][row], row, new, change.size, *change, row


@says(INPUT, "Set $\\partial E/\\partial z$ to 1, 0, 0. What comes back is row 0 of $V$ itself: "
      "1, −2, 1, 0.")  # fmt: skip
def _(live):
    only = [1, 0, 0]
    found = live.after(("dE_dz", ..., only))["dE_dx"]
    assert np.array_equal(found, live.now["V"][0])
    return *only, 0, *found
