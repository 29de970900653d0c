"""Sentences below the figures of the chapters on convolution arithmetic."""

import re

import numpy as np
import pytest
from conftest import ROOT, run_node

from cnnmath.catalogue import strided_convolution
from cnnmath.errors import ShapeError
from cnnmath.explorer.translator import EXAMPLES
from sentences.saying import says

SIZE = "arithmetic/padding", "padding-01"
BORDER = "arithmetic/padding", "padding-12"
EVEN = "arithmetic/padding", "padding-18"
STRIDES = "arithmetic/padding", "padding-21"
WOVEN = "arithmetic/stride", "stride-01"
CHOOSE = "arithmetic/stride", "stride-12"
LOST = "arithmetic/stride", "stride-15"
HOLES = "arithmetic/stride", "stride-18"
BACK = "arithmetic/stride", "stride-21"
DIALECTS = "arithmetic/dialects", "dialects-01"


@says(*SIZE, "Set the padding $P$ to 0, 1, 2: 3 × 3, 5 × 5, 7 × 7 come out.")
def _(live):
    paddings = 0, 1, 2
    return *paddings, *(n for P in paddings for n in live.sized(P=P)["a"].shape)


@says(*SIZE, "Make the kernel $m$ a 4. With the padding 1 the result is 4 × 4, with 2 it is 6 × 6. "
      "No padding makes it 5 × 5.")  # fmt: skip
def _(live):
    m, P, more = 4, 1, 2
    small, large = live.sized(m=m, P=P)["a"].shape, live.sized(m=m, P=more)["a"].shape
    size = live.sized(m=m)["x"].shape
    assert all(live.sized(m=m, P=padding)["a"].shape != size for padding in range(5))
    return m, P, *small, more, *large, *size


@says(*SIZE, "Now raise $m$ to 5, set the padding to 0 and the dilation $D$ to 2. The kernel is 9 "
      "wide, and the figure says that it cannot be.")  # fmt: skip
def _(live):
    m, P, D = 5, 0, 2
    live.sized(m=m, P=P)
    with pytest.raises(ShapeError):
        live.sized(m=m, P=P, D=D)
    return m, P, D, D * (m - 1) + 1


@says(*BORDER, "Make all of $x$ 1. Then 9 comes out in the middle, 6 at an edge, 4 in a corner")
def _(live):
    then = live.after(("x", ..., 1))["a"]
    assert np.unique(then[1:-1, 1:-1]).size == np.unique(then[0, 1:-1]).size == 1
    return 1, then[2, 2], then[0, 2], then[0, 0]


@says(*BORDER, "Point at [the first pixel](#border:x[0,0]). Four numbers read it; the pixel in "
      "the middle is read by nine.")  # fmt: skip
def _(live):
    first, middle = (0, 0), (2, 2)
    return *first, live.readers("a", "x", first), live.readers("a", "x", middle)


@says(*EVEN, "Make [the 4](#even:m[]) a 3. Now 5 is among the sizes, at the padding 1.")
def _(live):
    m = 3
    found = live.after(("m", (), m))
    size = found["M"]
    assert size not in live.now["O"]
    assert found["h"] == 1
    return live.now["m"], m, size, *np.flatnonzero(found["O"] == size)


@says(*EVEN, "Make it a 5, and the padding 2 is the one.")
def _(live):
    m = 5
    found = live.after(("m", (), m))
    return m, *np.flatnonzero(found["O"] == found["M"])


@says(*STRIDES, "Make [the stride](#strides:S[]) a 2. Six numbers come out; then [the input]"
      "(#strides:M[]) an 11: still six.")  # fmt: skip
def _(live):
    S, M = 2, 11
    stride = "S", (), S
    return S, live.after(stride)["O"], M, live.after(stride, ("M", (), M))["O"]


@says(*WOVEN, "Look at all of $\\partial E/\\partial x$: 1, 2 and 4, woven like cloth.")
def _(live):
    return np.unique(live.now["dE_dx"])


@says(*WOVEN, "Make [the middle gradient](#woven:dE_da[1,1]) a 0. Nine pixels lose 1, and of these "
      "only [one](#woven:dE_dx[3,3]) is left with nothing.")  # fmt: skip
def _(live):
    middle, new = (1, 1), 0
    now, then = live.now["dE_dx"], live.after(("dE_da", middle, new))["dE_dx"]
    (lost,) = set((now - then)[now != then])
    (empty,) = np.argwhere(then == 0)
    return *middle, new, np.count_nonzero(now != then), lost, *empty


@says(*CHOOSE, "Make the kernel $m$ a 4. Inside, all get 4; only the border has less.")
def _(live):
    m = 4
    found = live.sized(m=m)["dE_dx"]
    inside = found[2:-2, 2:-2]
    (every,) = set(inside.ravel())
    found[2:-2, 2:-2] = 0
    assert found.max() < every
    return m, every


@says(*CHOOSE, "Make it a 1. Of 64 pixels 16 are read, and the others get nothing.")
def _(live):
    found = live.sized(m=1)["dE_dx"]
    return 1, found.size, np.count_nonzero(found)


@says(*CHOOSE, "With $m = 3$ raise the dilation $D$ to 2. Stride and dilation are both even now, "
      "and only every fourth pixel is read at all.")  # fmt: skip
def _(live):
    found = live.sized(D=2)["dE_dx"]
    assert 4 * np.count_nonzero(found) == found.size
    return live.figure.sizes["m"], 2


@says(*CHOOSE, "Then set the stride $S$ to 1. Every pixel is read again")
def _(live):
    assert live.sized(D=2, S=1)["dE_dx"].all()
    return (1,)


@says(*LOST, "Change any number in [the last row](#lost:x[5,0]) of $x$. Nothing that comes out "
      "moves.")  # fmt: skip
def _(live):
    now = live.now
    last = len(now["x"]) - 1
    then = live.after(("x", last, 7))
    assert np.array_equal(then["a"], now["a"])
    return last, 0


@says(*HOLES, "Point at [the first gradient](#gaps:dE_da[0,0]): nine pixels with holes between. "
      "The holes of its neighbours are the same holes.")  # fmt: skip
def _(live):
    first = 0, 0
    reached = [live.after(("dE_da", ..., 0), ("dE_da", at, 1))["dE_dx"] for at in np.ndindex(2, 2)]
    assert not any(one[1::2].any() or one[:, 1::2].any() for one in reached)
    return *first, np.count_nonzero(reached[0])


@says(*BACK, "Set the output padding $A$ to 0: 5 × 5 come out in place of 6 × 6. Both have a "
      "convolution that makes 3 × 3 of them")  # fmt: skip
def _(live):
    A = 0
    now, then = live.now["y"].shape, live.sized(A=A)["y"].shape
    sizes = {name: live.figure.sizes[name] for name in "SPD"}
    (small,) = {strided_convolution(x=np.ones(s), W=np.ones((3, 3)), **sizes).shape
                for s in (now, then)}  # fmt: skip
    assert small == live.now["x"].shape
    return A, *then, *now, *small


@says(*BACK, "Make the kernel $m$ a 4 and $A$ a 0. With the stride 2 and the padding 1, 6 × 6 come "
      "out, and all that lies inside is 4: no weave.")  # fmt: skip
def _(live):
    m, A = 4, 0
    found = live.sized(m=m, A=A)["y"]
    (inside,) = set(found[1:-1, 1:-1].ravel())
    return m, A, live.figure.sizes["S"], live.figure.sizes["P"], *found.shape, inside


def dialects(live, **changed):
    """What the translator says of its layer, and of how the others write it."""
    now = {name: getattr(live.figure, name) for name in ("layer", "size", "kernel")}
    return run_node(ROOT / "tests/dialect_outcomes.mjs", now | changed)


@says(*DIALECTS, "Set the input to 7. Now PyTorch takes `padding=1`: one zero at each end, where "
      "an input of 6 has none before it.")  # fmt: skip
def _(live):
    size = 7
    (padding,) = re.findall(r"padding=(\d)\)$", dialects(live, size=size)["PyTorch"]["same"])
    assert "F.pad(x, (0, 1, 0, 1))" in dialects(live)["PyTorch"]["same"]
    return size, int(padding), live.figure.size


@says(*DIALECTS, "Choose the example “pooling that says no stride”. PyTorch makes 3 × 3 numbers of "
      "the input; the same words in ONNX make 5 × 5.")  # fmt: skip
def _(live):
    found = dialects(live, layer=dict(EXAMPLES)["pooling that says no stride"])
    return *np.shape(found["y"]), *np.shape(found["ONNX"]["words"])


@says(*DIALECTS, "Choose “transposed, and turned”. Of the 144 numbers that come out, 104 are "
      "others in Keras.")  # fmt: skip
def _(live):
    found = dialects(live, layer=dict(EXAMPLES)["transposed, and turned"])
    y, other = np.array(found["y"]), np.array(found["Keras"]["words"])
    return y.size, np.count_nonzero(y != other)
