"""What the tests know of the chapter *Convolution with channels*."""

import numpy as np
from saying import says

ANSWERS = {
    "forward-10": [
        [
            ("7", "That has the bias three times"),
            ("3", "That is what the red part finds"),
            ("4", "That is the sum without b"),
            ("2", "That is what the red part finds; all three"),
            ("5", "✓ Yes, 5."),
        ],
    ],
    "forward-55": [
        [
            ("12", "That is the sum of the window, not its mean"),
            ("8", "That is the largest"),
            ("3", "✓ Yes, 3."),
        ],
        [("8", "That gives every cell of a window its whole gradient"), ("2", "✓ Yes, 2.")],
    ],
    "forward-58": [
        [("Yes", "Both parts do find something"), ("No", "✓ Right.")],
    ],
    "forward-60": [
        [
            ("It grows", "A blue 1 does lie under that weight"),
            ("It falls", "One kernel takes nothing from another"),
            ("It stays", "✓ Right."),
        ],
    ],
    "forward-62": [
        [
            ("208", "That has kernels of one part"),
            ("624", "That has a bias for each part"),
            ("600", "The biases are missing"),
            ("608", "✓ Yes, 608."),
        ],
    ],
}

PATCH = "forward-10"
PARTS = "forward-58"
KERNELS = "forward-60"
PHOTOGRAPH = "forward-21"
COST = "forward-62"


@says(PATCH, "One kernel lies on all three channels at once.")
def _(live):
    return (len(live.now["x"]),)


@says(
    PATCH,
    "Raise [the bias](#patch:b[]) from 1 to 2. All six numbers of $a$ grow by 1, and not by 3.",
)
def _(live):
    new = 2
    grown = live.after(("b", (), new))["a"] - live.now["a"]
    (by,) = {*grown.ravel()}
    return live.now["b"], new, grown.size, by, by * len(live.now["x"])


@says(
    PATCH,
    "Make [the last number of the kernel](#patch:W[2,0,1]) a 0. Now the kernel does not look at "
    "blue at all, and [the −3](#patch:a[0,2]) becomes 0.",
)
def _(live):
    weight, place, new = (2, 0, 1), (0, 2), 0
    then = live.after(("W", weight, new))
    assert not then["W"][2].any()
    return *weight, new, live.now["a"][place], *place, then["a"][place]


@says(
    PATCH,
    "Point at [the 2 in row 1 of the red channel](#patch:x[0,1,1]). It goes into two numbers of "
    "$a$, both times through the red part.",
)
def _(live):
    place = 0, 1, 1
    return live.now["x"][place], place[1], *place, live.readers("a", "x", place)


@says(
    PARTS,
    "Choose [blue to red](<#parts.preset=blue to red>). Both parts find 3, and together they make "
    "6.",
)
def _(live):
    then = live.taken("blue to red")
    red, green, blue = then["p"].ravel()
    assert (green, blue) == (0, red)
    return red, then["a"].item()


@says(
    PARTS,
    "Choose [black to red](<#parts.preset=black to red>). Now only red changes, and the sum is 3.",
)
def _(live):
    then = live.taken("black to red")
    assert np.count_nonzero(then["p"]) == 1
    assert {live.taken(label)["p"].flat[0] for label in live.names["pairs"]} == {then["p"].flat[0]}
    return (then["a"].item(),)


@says(KERNELS, "Two kernels, each with a part for every channel.")
def _(live):
    return (len(live.now["W"]),)


@says(KERNELS, "Point at [a number of $a^{(1)}$](#kernels:a[1,1,2]), which sums up how bright the "
      "left pixel of its window is. It has read one row of parts and one bias.")  # fmt: skip
def _(live):
    place = 1, 1, 2
    assert live.now["a"][place] == live.now["x"][:, 1, 2].sum()
    read = [f for term in live.factors("a", place) for f in term]
    assert {f.index[0] for f in read if f.name in "Wb"} == {place[0]}
    return place


@says(
    KERNELS,
    "Point at [the red 3](#kernels:x[0,0,0]) in the corner. It goes into two numbers: one for each",
)
def _(live):
    place = 0, 0, 0
    return live.now["x"][place], *place, live.readers("a", "x", place)


@says(PHOTOGRAPH, "One kernel with three parts on a small photograph in colour.")
def _(live):
    return (live.now["W"].shape[1],)


@says(PHOTOGRAPH, "the red part gives −1.52 and the blue part −1.89, together −3.41.")
def _(live):
    row, column = live.figure.state["at"]["place"][1:]
    window = live.now["x"][:, row : row + 3, column : column + 3]
    red, green, blue = (window * live.now["W"][0]).sum(axis=(1, 2))
    assert green == 0
    return red, blue, live.now["a"][0, row, column]


@says(PHOTOGRAPH, "the other two channels do not matter")
def _(live):
    green = live.preset("green only", "W")
    one, other = (live.after(("W", ..., green), ("x", [0, 2], v))["a"] for v in (0.0, 1.0))
    assert np.array_equal(one, other)
    return (len([0, 2]),)


@says(
    COST,
    "Compare [64 kernels on a picture in colour](#cost:w[1]) and [64 kernels on 64 channels]"
    "(#cost:w[2]): 4864 and 102464.",
)
def _(live):
    colour, deep = 1, 2
    K, C, w = (live.now[name] for name in "KCw")
    return K[colour], colour, K[deep], C[deep], deep, w[colour], w[deep]


@says(COST, "Make [the side m](#cost:m[]) a 1: of the 102464 are left 4160.")
def _(live):
    m = 1
    return m, live.now["w"][2], live.after(("m", (), m))["w"][2]
