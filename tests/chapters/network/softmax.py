"""What the tests know of the chapter *Softmax and cross-entropy*."""

import numpy as np
from saying import says

DERIVED = {
    "cross_entropy_gradient": ("cross_entropy", "z"),
}

ANSWERS = {
    "softmax-01": [
        [
            ("It stays", "That is what becomes of its own power of e"),
            ("It grows", "That is what becomes of class 1"),
            ("It falls", "✓ Right."),
        ],
    ],
    "softmax-41": [
        [
            ("9", "That goes down a column of V"),
            ("8", "That goes down a column of V, without the bias"),
            ("-1", "That loses a minus"),
            ("2", "That is the sum without d[1]"),
            ("3", "✓ Yes, 3."),
        ],
        [
            ("It falls", "Its score is to fall"),
            ("It stays", "That would be so if it had met a 0"),
            ("It grows", "✓ Right."),
        ],
    ],
    "softmax-07": [
        [
            ("0.334", "That is the score's share of the sum of scores"),
            ("0.66", "That cuts the third decimal off"),
            ("1", "That gives all to the largest score"),
            ("0.67", "✓ Yes, 0.67."),
        ],
    ],
    "softmax-18": [
        [
            (("dE_dz", 2), "That class is right"),
            (("dE_dz", 0), "That class is wrong, but its score is low already"),
            (("dE_dz", 1), "✓ Yes, ∂E/∂z[1]."),
        ],
        [
            ("0.245", "That is its probability"),
            ("-4.09", "That is the slope of −log p by p itself"),
            ("-1", "That would be so if it had no probability yet"),
            ("1.41", "That is the error itself"),
            ("0.755", "The sign is turned"),
            ("-0.755", "✓ Yes, −0.755."),
        ],
    ],
}

SCORES = "softmax-01"
GRADIENT = "softmax-18"


@says(SCORES, "Make [the 1](#scores:z[0]) in $z$ a −5. Its probability is small then, but it is "
      "not 0, and it is not negative.")  # fmt: skip
def _(live):
    new = -5
    found = live.after(("z", 0, new))["p"][0]
    assert 0 < found < 0.001
    return live.now["z"][0], 0, new, 0


@says(SCORES, "Make all three scores 7. Each class gets a third, 0.33, as it would for any three")
def _(live):
    count, new = live.now["z"].size, 7
    (share,) = {*live.after(("z", ..., new))["p"]}
    return count, new, share, count


@says(GRADIENT, "Make [the 3](#gradient:z[1]) in $z$ a 0. The error falls from 1.41 to 0.41, and "
      "class 2 is now pushed with −0.33 instead of −0.76.")  # fmt: skip
def _(live):
    place, new, right = 1, 0, 2
    now, then = live.now, live.after(("z", place, new))
    assert now["y"] == right
    return (now["z"][place], place, new, now["E"], then["E"], right,
            then["dE_dz"][right], now["dE_dz"][right])  # fmt: skip


@says(GRADIENT, "Set [the right class](#gradient:y[]) to 1. Again one gradient is negative, "
      "now that of class 1; the two others are their probabilities.")  # fmt: skip
def _(live):
    new = 1
    then = live.after(("y", (), new))
    ((place,),) = np.argwhere(then["dE_dz"] < 0)
    others = np.arange(3) != place
    assert np.array_equal(then["dE_dz"][others], then["p"][others])
    return new, place, others.sum()


@says(GRADIENT, "Add up $\\partial E/\\partial z$. The sum is 0, whichever class is right.")
def _(live):
    (found,) = {round(live.after(("y", (), y))["dE_dz"].sum(), 9) + 0 for y in range(3)}
    return (found,)
