"""What the tests know of the chapter *Transposed convolution*."""

import numpy as np
from saying import says

from cnnmath.catalogue import strided_convolution

DERIVED = {
    "transposed_input_gradient": ("transposed_convolution", "x"),
    "transposed_kernel_gradient": ("transposed_convolution", "W"),
}

ANSWERS = {
    "transposed-71": [
        [
            ("3", "That is half of the input"),
            ("4", "That is with a stride of 1"),
            ("2", "✓ Yes, 2."),
        ],
        [("5", "That lays the kernel on as it is"), ("7", "✓ Yes, 7.")],
    ],
    "transposed-04": [
        [
            ("4", "That lets the kernel be turned round"),
            ("1", "That writes what the second number hands out over"),
            ("5", "✓ Yes, 5."),
        ],
    ],
    "transposed-10": [
        [
            ("4", "That is how many weights there are"),
            ("36", "That would be a dense layer"),
            ("16", "✓ Yes, 16."),
        ],
    ],
    "transposed-24": [
        [("No", "That would be so if zeros were put on at the end"), ("Yes", "✓ Right.")],
    ],
}

BACK = "transposed-01"
ROW = "transposed-04"
MATRIX = "transposed-10"
ADJOINT = "transposed-13"
STUFFED = "transposed-21"
MORE = "transposed-24"
BOARD = "transposed-27"
CURED = "transposed-30"
WINDOWS = "transposed-42"


@says(BACK, "Set the output padding $A$ to 0: 5 × 5 come out in place of 6 × 6. Both have a "
      "convolution that makes 3 × 3 of them, with the stride 2 and the padding 1")  # fmt: skip
def _(live):
    A = 0
    now, then = live.now["y"].shape, live.sized(A=A)["y"].shape
    sizes = {name: live.figure.sizes[name] for name in "SPD"}
    (small,) = {strided_convolution(x=np.ones(s), W=np.ones((3, 3)), **sizes).shape
                for s in (now, then)}  # fmt: skip
    assert small == live.now["x"].shape
    return A, *then, *now, *small, sizes["S"], sizes["P"]


@says(BACK, "Set $A$ to 0 and the stride $S$ to 1. Now the squares lie one pixel apart, and "
      "3 × 3 come out, as many as went in.")  # fmt: skip
def _(live):
    A, S = 0, 1
    found = live.sized(A=A, S=S)
    assert found["y"].shape == found["x"].shape
    return A, S, *found["y"].shape


@says(BACK, "Set the padding $P$ to 0: 8 × 8 come out.")
def _(live):
    P = 0
    return P, *live.sized(P=P)["y"].shape


@says(ROW, "Set the stride $S$ to 3. Nothing overlaps any more, and nine numbers come out: the "
      "kernel three times.")  # fmt: skip
def _(live):
    S = 3
    found = live.sized(S=S)
    assert np.array_equal(found["y"], np.outer(found["x"], found["W"]).ravel())
    return S, len(found["y"]), len(found["x"])


@says(MATRIX, "Point at [row 1](#matrix:p[1]) of the result, then at [pixel 4](#matrix:r[4]), the "
      "middle one, of what comes back: all four places read the middle, each through another "
      "weight.")  # fmt: skip
def _(live):
    row, pixel = 1, 4
    column = live.now["T"][:, pixel]
    assert sorted(column) == sorted(live.now["W"].ravel())
    assert pixel == live.now["x"].size // 2
    return row, row, pixel, pixel, np.count_nonzero(column)


@says(MATRIX, "Change [a weight](#matrix:W[0,1]). Four entries change")
def _(live):
    place = 0, 1
    return *place, (live.after(("W", place, 9))["T"] != live.now["T"]).sum()


@says(ADJOINT, "Make [any number of g](#adjoint:g[0,1]) a 5. Both sides move by as much.")
def _(live):
    place, value = (0, 1), 5
    then = live.after(("g", place, value))
    left, right = (array for name, array in then.items() if name.startswith("q"))
    assert left == right != live.now["q"]
    return *place, value


@says(STUFFED, "of the nine products at [this place](#stuffed:y[2,2]) four are with a number of "
      "$x$.")  # fmt: skip
def _(live):
    place = 2, 2
    terms = live.factors("y", place)
    read = [factor.index for term in terms for factor in term if factor.name == "z"]
    S = live.figure.sizes["S"]
    own = [index for index in read if all(p % S == 0 for p in index)]
    return len(terms), *place, len(own)


@says(STUFFED, "Set the stride $S$ to 1. No zeros lie between")
def _(live):
    S = 1
    found = live.sized(S=S)
    assert np.array_equal(found["z"], found["x"])
    return (S,)


@says(MORE, "Set the padding $P$ to 0. Now the kernel ends a row before, and what $A$ adds is "
      "zeros: the last row sums to 0.")  # fmt: skip
def _(live):
    P = 0
    found = live.sized(P=P)
    assert np.all(found["y"][-2] != 0) or found["y"][-2, :-1].all()
    return P, found["z"]


@says(BOARD, "Take *4 wide, ones*. The stride divides the width, and all that lies inside is 4.")
def _(live):
    found = live.taken("4 wide, ones")
    (inside,) = set(found["y"][2:-2, 2:-2].ravel())
    return len(found["W"]), inside


@says(BOARD, "Take *1 2 1*. It is 3 wide, and yet 4 stands everywhere inside.")
def _(live):
    found = live.taken("1 2 1")
    (inside,) = set(found["y"][1:-1, 1:-1].ravel())
    return *found["W"][0], len(found["W"]), inside


@says(BOARD, "but the sum of the weights that write to it: along an axis 1 and 1 where two meet, "
      "2 where one is alone.")  # fmt: skip
def _(live):
    row = live.preset("1 2 1", "W")[0]
    S = live.figure.sizes["S"]
    meeting, alone = row[::S], row[1::S]
    return *meeting, len(meeting), *alone


@says(CURED, "Change [a weight](#cured:W[0,1]) to 5. All that lies inside changes alike.")
def _(live):
    place, value = (0, 1), 5
    found = live.after(("W", place, value))["a"] - live.now["a"]
    assert len(set(found[1:-1, 1:-1].ravel())) == 1
    return *place, value


@says(WINDOWS, "Point at [the 1 in the middle](#windows:x[1,1]) of $x$. It stands in all four "
      "windows: four copies of one number")  # fmt: skip
def _(live):
    place = 1, 1
    copies = live.after(("x", place, 9))["X"] != live.now["X"]
    assert copies.any(axis=1).all()
    return live.now["x"][place], *place, len(copies), copies.sum()
