"""What the tests know of the chapter *Training*."""

import numpy as np
from saying import says

ANSWERS = {
    "training-01": [
        [
            ("-0.302", "That is a step along the gradient, which makes the error larger"),
            ("1.511", "That is a step by the whole gradient; the rate takes a fifth"),
            ("-0.3022", "That is a step along the gradient"),
            ("0.302", "✓ Yes, 0.302."),
            ("0.3022", "✓ Yes, 0.3022."),
        ],
        [
            ("It stays", "That would be so if only the right class learnt"),
            ("It falls", "✓ Right."),
        ],
    ],
    "training-43": [
        [
            ("5", "That would be so if the convolution took nothing off"),
            ("8", "That is the width in front of the pooling"),
            ("4", "✓ Yes, 4."),
        ],
        [
            ("50", "That has a square for each kernel"),
            ("100", "That has a bias for each channel too"),
            ("90", "Those are the weights without the biases"),
            ("18", "Those are the weights of one kernel"),
            ("95", "✓ Yes, 95."),
        ],
    ],
    "training-12": [
        [
            ("0", "That is the picture moved up and to the left"),
            ("4", "That is the picture moved 2 rows down and 1 column right"),
            ("3", "✓ Yes, 3."),
        ],
    ],
    "training-18": [
        [
            ("0", "That is how many 0s were taken for a 1"),
            ("3", "That is how many 1s were read right"),
            ("1", "✓ Yes, 1."),
        ],
    ],
}

STEP = "training-01"
SHIFT = "training-12"
CONFUSION = "training-18"


@says(STEP, "Set [the rate](#step:eta[]) to 1. After the step class 2 has 0.99 instead of 0.55.")
def _(live):
    new, right = 1, 2
    then = live.after(("eta", (), new))
    assert live.now["y"] == right
    return new, right, then["p_hat"][right], live.now["p_hat"][right]


@says(STEP, "Press *Take a step* four times: the error $E$ falls from 1.41 to 0.16, each time by "
      "less.")  # fmt: skip
def _(live):
    steps, found = 4, [live.now]
    for _ in range(steps):
        found.append(live.after(("V", ..., found[-1]["V_hat"])))
    errors = np.array([one["E"] for one in found])
    assert (np.diff(errors) < 0).all()
    assert (np.diff(errors, 2) > 0).all()
    return steps, errors[0], errors[-1]


@says(STEP, "Set [the right class](#step:y[]) to 1, which has the largest probability already. "
      "The step raises it from 0.67 to 0.77.")  # fmt: skip
def _(live):
    new = 1
    then = live.after(("y", (), new))
    assert then["p"].argmax() == new
    return new, then["p"][new], then["p_hat"][new]


@says(STEP, "Make [the 1](#step:x[1]) in $x$ a 0. Column 1 of $\\hat V$ is then that of $V$: a "
      "weight that meets a 0 does not learn.")  # fmt: skip
def _(live):
    column, new = 1, 0
    then = live.after(("x", column, new))
    assert np.array_equal(then["V_hat"][:, column], then["V"][:, column])
    assert not np.array_equal(then["V_hat"], then["V"])
    return live.now["x"][column], column, new, column, new


@says(SHIFT, "Set [the rows](#shift:rho[]) to 0 and [the columns](#shift:gamma[]) to −1. The "
      "stroke of nines stands in column 1.")  # fmt: skip
def _(live):
    rows, columns = 0, -1
    nines = {
        *np.argwhere(live.after(("rho", (), rows), ("gamma", (), columns))["x_hat"] == 9)[:, 1]
    }
    return rows, columns, *nines


@says(SHIFT, "Set the columns to 4. What leaves the picture is lost, and what comes in is 0.")
def _(live):
    columns = 4
    then = live.after(("gamma", (), columns))
    (coming,) = {*then["x_hat"][:, :columns].flat}
    assert then["x_hat"].sum() < then["x"].sum()
    return columns, coming


@says(CONFUSION, "Change the last of the guesses, [a 2](#confusion:g[9]), to 0. The diagonal, "
      "which counts what is right, falls from 7 to 6.")  # fmt: skip
def _(live):
    last, new = 9, 0
    now, then = live.now, live.after(("g", last, new))
    assert now["g"].size == last + 1
    return now["g"][last], last, new, np.trace(now["Q"]), np.trace(then["Q"])


@says(CONFUSION, "Add up a row of $Q$: it is the number of digits of that class, whatever was "
      "guessed.")  # fmt: skip
def _(live):
    for guesses in (live.now["g"], 0, [0, 1, 2, 0, 1, 2, 0, 1, 2, 0]):
        rows = live.after(("g", ..., guesses))["Q"].sum(axis=1)
        assert np.array_equal(rows, np.bincount(live.now["y"].astype(int)))
    return ()
