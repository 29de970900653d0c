"""What the tests know of the chapter *Who gets the gradient*."""

import numpy as np
from saying import says

from cnnmath.catalogue import strided_convolution

DERIVED = {
    "strided_kernel_gradient": ("strided_convolution", "W"),
    "strided_input_gradient": ("strided_convolution", "x"),
}

ANSWERS = {
    "gradients-01": [
        [
            ("9", "That is what it would get with a stride of 1"),
            ("2", "That counts the places above and below"),
            ("4", "✓ Yes, 4."),
        ],
    ],
    "gradients-71": [
        [("7", "That takes the gradients from right to left"), ("8", "✓ Yes, 8.")],
        [
            ("7", "That is with a stride of 1"),
            ("1", "That writes what the 1 hands out over"),
            ("5", "✓ Yes, 5."),
        ],
    ],
    "gradients-13": [
        [("Yes", "That would be so if a third place began in row 4"), ("No", "✓ Right.")],
    ],
    "gradients-15": [
        [
            ("16", "Those are the holes of one place of the kernel"),
            ("13", "That takes nine pixels off for each of four places"),
            ("33", "✓ Yes, 33."),
        ],
    ],
    "gradients-19": [
        [("4", "That is 2 · 2"), ("3", "✓ Yes, 3.")],
    ],
}

WOVEN = "gradients-01"
CHOOSE = "gradients-11"
LOST = "gradients-13"
GAPS = "gradients-15"
LOOK = "gradients-17"
DEEP = "gradients-19"


@says(WOVEN, "Look at all of $\\partial E/\\partial x$: 1, 2 and 4, woven like cloth.")
def _(live):
    return np.unique(live.now["dE_dx"])


@says(WOVEN, "Make [the middle gradient](#woven:dE_da[1,1]) a 0. Nine pixels lose 1, and of these "
      "only [one](#woven:dE_dx[3,3]) is left with nothing.")  # fmt: skip
def _(live):
    middle, new = (1, 1), 0
    now, then = live.now["dE_dx"], live.after(("dE_da", middle, new))["dE_dx"]
    (lost,) = set((now - then)[now != then])
    (empty,) = np.argwhere(then == 0)
    return *middle, new, np.count_nonzero(now != then), lost, *empty


@says(CHOOSE, "Make the kernel $m$ a 4. Inside, all get 4; only the border has less.")
def _(live):
    m = 4
    found = live.sized(m=m)["dE_dx"]
    inside = found[2:-2, 2:-2]
    (every,) = set(inside.ravel())
    found[2:-2, 2:-2] = 0
    assert found.max() < every
    return m, every


@says(CHOOSE, "Make it a 1. Of 64 pixels 16 are read, and the others get nothing.")
def _(live):
    found = live.sized(m=1)["dE_dx"]
    return 1, found.size, np.count_nonzero(found)


@says(CHOOSE, "With $m = 3$ raise the dilation $D$ to 2. Stride and dilation are both even now, "
      "and only every fourth pixel is read at all.")  # fmt: skip
def _(live):
    found = live.sized(D=2)["dE_dx"]
    assert 4 * np.count_nonzero(found) == found.size
    return live.figure.sizes["m"], 2


@says(CHOOSE, "Then set the stride $S$ to 1. Every pixel is read again")
def _(live):
    assert live.sized(D=2, S=1)["dE_dx"].all()
    return (1,)


@says(LOST, "Change any number in [the last row](#lost:x[5,0]) of $x$. Nothing that comes out "
      "moves.")  # fmt: skip
def _(live):
    now = live.now
    last = len(now["x"]) - 1
    then = live.after(("x", last, 7))
    assert np.array_equal(then["a"], now["a"])
    return last, 0


@says(GAPS, "Point at [the first gradient](#gaps:dE_da[0,0]): nine pixels with holes between. The "
      "holes of its neighbours are the same holes.")  # fmt: skip
def _(live):
    first = 0, 0
    reached = [live.after(("dE_da", ..., 0), ("dE_da", at, 1))["dE_dx"] for at in np.ndindex(2, 2)]
    assert not any(one[1::2].any() or one[:, 1::2].any() for one in reached)
    return *first, np.count_nonzero(reached[0])


@says(LOOK, "Point at [the 1 that arrives](#look:dE_da[1,1]): it lands on nine pixels, as the "
      "kernel stands. Point at [the bright pixel](#look:x[3,3]): nine numbers read it, and there "
      "the kernel has turned round.")  # fmt: skip
def _(live):
    now = live.now
    arrives, bright = np.argwhere(now["dE_da"])[0], np.argwhere(now["x"])[0]
    assert np.array_equal(now["dE_dx"][:3, :3], now["W"])
    assert np.array_equal(now["a"][2:5, 2:5], now["W"][::-1, ::-1])
    return 1, *arrives, np.count_nonzero(now["dE_dx"]), *bright, np.count_nonzero(now["a"])


def _reading(live, pixel, **sizes):
    """How many numbers read a pixel that is 1 while all others are 0."""
    W = live.figure.arrays["W"]
    found = live.sized(**sizes)
    x = np.zeros(found["x"].shape)
    x[pixel] = 1
    given = {name: size for name, size in {**live.figure.sizes, **sizes}.items() if name in "SPD"}
    return np.count_nonzero(strided_convolution(x=x, W=W, **given))


@says(LOOK, "Set the stride $S$ to 2. What arrives still lands on nine pixels, only further down. "
      "But the bright pixel is read by four numbers, and [its neighbour](#look:x[2,2]) by one: "
      "make it a 1 and the other a 0.")  # fmt: skip
def _(live):
    S, neighbour = 2, (2, 2)
    found = live.sized(S=S)
    lands = np.argwhere(found["dE_dx"])
    assert lands.min() > np.argwhere(live.now["dE_dx"]).min()
    bright = _reading(live, (3, 3), S=S)
    assert bright == np.count_nonzero(found["a"])
    assert _reading(live, neighbour, S=S) == 1
    return S, len(lands), bright, *neighbour, 1, 0


@says(LOOK, "Set the stride to 1 and the dilation $D$ to 2. What arrives lands on nine pixels "
      "with holes between. The bright one is read by four numbers; for the other five the kernel "
      "would stick out.")  # fmt: skip
def _(live):
    S, D = 1, 2
    found = live.sized(S=S, D=D)
    lands, reads = np.argwhere(found["dE_dx"]), np.argwhere(found["a"])
    assert len(np.unique(lands % D, axis=0)) == len(np.unique(reads % D, axis=0)) == 1
    return S, D, len(lands), len(reads), found["W"].size - len(reads)


@says(LOOK, "Now set both to 2. The bright pixel is read by four numbers, and its neighbour by "
      "none.")  # fmt: skip
def _(live):
    both = {"S": 2, "D": 2}
    assert _reading(live, (2, 2), **both) == 0
    return 2, _reading(live, (3, 3), **both)


@says(LOOK, 'Choose "1 × 1, stride 2": the bright pixel stands in row 3, which no step reaches, '
      "and nothing reads it. [Its neighbour](#look:x[2,2]) is read by a number.")  # fmt: skip
def _(live):
    label = "1 × 1, stride 2"
    found, chosen = live.taken(label), live.choice(label)["sizes"]
    row, neighbour = np.argwhere(found["x"])[0, 0], (2, 2)
    assert not found["a"].any()
    assert row % chosen["S"] == 1
    assert all(place % chosen["S"] == 0 for place in neighbour)
    return *found["W"].shape, chosen["S"], row, *neighbour


@says(DEEP, "Make the kernel $m$ a 4. The numbers rise in pairs to 4 and fall in pairs again: "
      "nothing is woven.")  # fmt: skip
def _(live):
    m = 4
    found = live.sized(m=m)["dE_dx"]
    pairs = found.reshape(-1, 2)
    assert (pairs[:, 0] == pairs[:, 1]).all()
    top = int(pairs[:, 0].argmax())
    assert (np.diff(pairs[: top + 1, 0]) == 1).all()
    assert (np.diff(pairs[top:, 0]) == -1).all()
    return m, found.max()


@says(DEEP, "Make it a 2. All are 1: each pixel is read once.")
def _(live):
    (every,) = set(live.sized(m=2)["dE_dx"])
    return 2, every
