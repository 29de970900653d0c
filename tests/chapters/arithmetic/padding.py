"""What the tests know of the chapter *Padding, and how large the result is*."""

import numpy as np
import pytest
from saying import says

from cnnmath.errors import ShapeError

ANSWERS = {
    "padding-71": [
        [
            ("5", "That is the number in row 1, column 0"),
            ("6", "That is the sum with the kernel turned by 180°"),
            ("7", "That is the sum without b"),
            ("8", "✓ Yes, 8."),
        ],
        [
            ("3", "That is what arrives where the pixel was read"),
            ("0", "That is the sum with the kernel unturned"),
            ("6", "✓ Yes, 6."),
        ],
    ],
    "padding-12": [
        [
            ("10", "That is the sum of the window that begins at the first pixel"),
            ("7", "That has zeros above the picture and none on its left"),
            ("3", "That leaves out the 1 in row 1, column 1"),
            ("9", "That is how many weights there are"),
            ("1", "That is the pixel in the corner alone"),
            ("0", "That would be so if all of the window stood on zeros"),
            ("4", "✓ Yes, 4."),
        ],
    ],
    "padding-18": [
        [("Yes", "Half of the kernel at each end, 2 and 2"), ("No", "✓ Right.")],
    ],
    "padding-21": [
        [
            ("3", "That is the number of steps"),
            ("5", "That counts a last step"),
            ("4", "✓ Yes, 4."),
        ],
    ],
}

SIZE = "padding-01"
BORDER = "padding-12"
EVEN = "padding-18"
STRIDES = "padding-21"


@says(SIZE, "Set the padding $P$ to 0, 1, 2: 3 × 3, 5 × 5, 7 × 7 come out.")
def _(live):
    paddings = 0, 1, 2
    return *paddings, *(n for P in paddings for n in live.sized(P=P)["a"].shape)


@says(SIZE, "Make the kernel $m$ a 4. With the padding 1 the result is 4 × 4, with 2 it is 6 × 6. "
      "No padding makes it 5 × 5.")  # fmt: skip
def _(live):
    m, P, more = 4, 1, 2
    small, large = live.sized(m=m, P=P)["a"].shape, live.sized(m=m, P=more)["a"].shape
    size = live.sized(m=m)["x"].shape
    assert all(live.sized(m=m, P=padding)["a"].shape != size for padding in range(5))
    return m, P, *small, more, *large, *size


@says(SIZE, "Now raise $m$ to 5, set the padding to 0 and the dilation $D$ to 2. The kernel is 9 "
      "wide, and the figure says that it cannot be.")  # fmt: skip
def _(live):
    m, P, D = 5, 0, 2
    live.sized(m=m, P=P)
    with pytest.raises(ShapeError):
        live.sized(m=m, P=P, D=D)
    return m, P, D, D * (m - 1) + 1


@says(BORDER, "Make all of $x$ 1. Then 9 comes out in the middle, 6 at an edge, 4 in a corner")
def _(live):
    then = live.after(("x", ..., 1))["a"]
    assert np.unique(then[1:-1, 1:-1]).size == np.unique(then[0, 1:-1]).size == 1
    return 1, then[2, 2], then[0, 2], then[0, 0]


@says(BORDER, "Point at [the first pixel](#border:x[0,0]). Four numbers read it; the pixel in "
      "the middle is read by nine.")  # fmt: skip
def _(live):
    first, middle = (0, 0), (2, 2)
    return *first, live.readers("a", "x", first), live.readers("a", "x", middle)


@says(EVEN, "Make [the 4](#even:m[]) a 3. Now 5 is among the sizes, at the padding 1.")
def _(live):
    m = 3
    found = live.after(("m", (), m))
    size = found["M"]
    assert size not in live.now["O"]
    assert found["z"] == 1
    return live.now["m"], m, size, *np.flatnonzero(found["O"] == size)


@says(EVEN, "Make it a 5, and the padding 2 is the one.")
def _(live):
    m = 5
    found = live.after(("m", (), m))
    return m, *np.flatnonzero(found["O"] == found["M"])


@says(STRIDES, "Make [the stride](#strides:S[]) a 2. Six numbers come out; then [the input]"
      "(#strides:M[]) an 11: still six.")  # fmt: skip
def _(live):
    S, M = 2, 11
    stride = "S", (), S
    return S, live.after(stride)["O"], M, live.after(stride, ("M", (), M))["O"]
