"""What the tests know of the chapter *The receptive field*."""

import numpy as np
from saying import says

ANSWERS = {
    "receptive-field-71": [
        [
            ("9", "That has holes behind the last weight too"),
            ("3", "So many it reads"),
            ("7", "✓ Yes, 7."),
        ],
        [
            ("4", "That is without padding"),
            ("1", "That is with a stride of 1"),
            ("3", "✓ Yes, 3."),
        ],
    ],
    "receptive-field-09": [
        [
            ("14", "That is without the stride of the pooling"),
            ("12", "That is without the dilation of the second layer"),
            ("17", "That counts a layer's own stride as well"),
            ("16", "✓ Yes, 16."),
        ],
    ],
    "receptive-field-14": [
        [("Yes", "That would be so without dilation"), ("No", "✓ Right.")],
    ],
    "receptive-field-17": [
        [
            ("It grows", "That is what the number of ways does"),
            ("It falls", "✓ Right."),
        ],
    ],
}

STACK = "receptive-field-01"
FIELD = "receptive-field-09"
ROW = "receptive-field-14"
FOLD = "receptive-field-17"


def square(gradient):
    """First and last row of what is not 0, which is as wide as it is high."""
    (rows, columns) = (np.flatnonzero(gradient.any(axis=axis)) for axis in (1, 0))
    assert np.array_equal(rows, columns)
    return rows[0], rows[-1]


@says(STACK, "It sees 49 pixels, 7 × 7. Make [another](#stack:dE_da_3[0,0]) a 1 and [the middle "
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


@says(STACK, "Set the stride $S$ to 2. Now it is 15 × 15 pixels, 225 of them.")
def _(live):
    S = 2
    then = live.sized(S=S)
    first, last = square(then["dE_dx"])
    return S, last - first + 1, last - first + 1, then["z"]


@says(STACK, "Set $S$ back to 1 and the dilation $D$ to 2. Again 49 pixels, but with holes: they "
      "lie in a square of 13 × 13.")  # fmt: skip
def _(live):
    S, D = 1, 2
    then = live.sized(S=S, D=D)
    first, last = square(then["dE_dx"])
    return S, D, then["z"], last - first + 1, last - first + 1


@says(STACK, "Make the kernel $m$ a 1. However many layers there are, it sees 1 pixel.")
def _(live):
    return 1, live.sized(m=1)["z"]


@says(FIELD, "Make [the first stride](#field:S[0]) a 2. The last field grows from 16 to 27: all "
      "that comes behind looks twice as far.")  # fmt: skip
def _(live):
    S = 2
    now, then = live.now["F"], live.after(("S", 0, S))["F"]
    assert np.array_equal(then - then[0], 2 * (now - now[0]))
    return 0, S, now[-1], then[-1], 2


@says(FIELD, "Make [the last stride](#field:S[3]) a 2. No field changes. Only [the last jump]"
      "(#field:J[3]) does, from 2 to 4.")  # fmt: skip
def _(live):
    last, S = len(live.now["S"]) - 1, 2
    then = live.after(("S", last, S))
    assert np.array_equal(then["F"], live.now["F"])
    assert np.array_equal(then["B"], live.now["B"])
    assert live.moved("J", ("S", last, S)).tolist() == [[last]]
    return last, S, last, live.now["J"][last], then["J"][last]


@says(FIELD, "Make [the first padding](#field:P[0]) a 0. The fields keep their width, and begin "
      "2 pixels further right.")  # fmt: skip
def _(live):
    P = 0
    then = live.after(("P", 0, P))
    assert np.array_equal(then["F"], live.now["F"])
    (further,) = set(then["B"] - live.now["B"])
    return 0, P, further


@says(ROW, "Make [the first dilation](#row:D_1[]) a 1. Now 7 pixels in a row are seen, without a "
      "hole.")  # fmt: skip
def _(live):
    D = 1
    found = np.flatnonzero(live.after(("D_1", (), D))["dE_dx"])
    assert np.array_equal(found, range(len(found)))
    return D, len(found)


@says(ROW, "Make it a 3. From 0 to 10 all are seen but 1 and 9.")
def _(live):
    D = 3
    found = live.after(("D_1", (), D))["dE_dx"]
    first, *_, last = np.flatnonzero(found)
    return D, first, last, *np.flatnonzero(found[: last + 1] == 0)


@says(FOLD, "Set $m$ to 2. The rows are those of Pascal's triangle; the last is 1, 4, 6, 4, 1.")
def _(live):
    m = 2
    found = live.sized(m=m)
    for name, row in {"c_2": [1, 2, 1], "c_3": [1, 3, 3, 1]}.items():
        assert found[name].tolist() == row
    return m, *found["c_4"]


@says(FOLD, "With $m = 3$ make [the middle weight](#fold:w[1]) a 0. Behind four layers every "
      "second pixel is missing.")  # fmt: skip
def _(live):
    middle, new = 1, 0
    then = live.after(("w", middle, new))["c_4"]
    assert not then[1::2].any()
    assert then[::2].all()
    return live.figure.sizes["m"], middle, new, 4


@says(FOLD, "Now make [the last weight](#fold:w[2]) a −1. Ways with opposite signs cancel: five "
      "pixels are left, with 1, −4, 6, −4 and 1.")  # fmt: skip
def _(live):
    last, new = 2, -1
    found = live.after(("w", 1, 0), ("w", last, new))["c_4"]
    left = found[found != 0]
    return last, new, len(left), *left
