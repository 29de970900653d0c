"""What the tests know of the chapter *Backwards, with channels*."""

import numpy as np
from saying import says

DERIVED = {
    "channels_kernel_gradient": ("channels", "W"),
    "channels_input_gradient": ("channels", "x"),
}

ANSWERS = {
    "backward-01": [
        [
            ("7", "That adds up all channels"),
            ("12", "That takes δ of both kernels"),
            ("3", "✓ Yes, 3."),
        ],
    ],
    "backward-03": [
        [("-2", "That is the sum with the gradients turned by 180°"), ("4", "✓ Yes, 4.")],
        [
            ("5", "That is the sum with the kernel unturned"),
            ("-3", "That is the sum over the outputs after the pixel"),
            ("-1", "✓ Yes, −1."),
        ],
    ],
    "backward-07": [
        [
            ("1", "That is what comes back through kernel 0"),
            ("6", "That adds up the parts for all channels"),
            ("2", "That is the sum with the kernels unturned"),
            ("3", "✓ Yes, 3."),
        ],
    ],
    "backward-13": [
        [("Yes", "It does arrive at the kernel;"), ("No", "✓ Right.")],
        [("No", "That would be so if a weight stood in its own"), ("Yes", "✓ Right.")],
    ],
}

WEIGHTS = "backward-01"
PIXELS = "backward-07"
BLIND = "backward-13"


@says(WEIGHTS, "Gradients of two kernels with three parts each.")
def _(live):
    return live.now["dE_dW"].shape[:2]


@says(
    WEIGHTS,
    "Make [the red 3 in the corner](#weights:x[0,0,0]) a 0. Two gradients change, both of red",
)
def _(live):
    place, new = (0, 0, 0), 0
    moved = live.moved("dE_dW", ("x", place, new))
    assert {*moved[:, 1]} == {0}
    return live.now["x"][place], *place, new, len(moved)


@says(
    WEIGHTS,
    "Make [the last number of $\\delta^{(1)}$](#weights:delta[1,1,1]) a 0. The gradients of kernel "
    "1 follow, and those of kernel 0 do not notice.",
)
def _(live):
    place, new = (1, 1, 1), 0
    (kernel,) = {*live.moved("dE_dW", ("delta", place, new))[:, 0]}
    return *place, new, kernel, 1 - kernel


@says(PIXELS, "Gradients of three channels, from two kernels.")
def _(live):
    return len(live.now["dE_dx"]), len(live.now["delta"])


@says(
    BLIND,
    "Make [the last weight for blue](#blind:W[0,2,0,1]) a 1. The gradient of blue becomes 0, 1 and "
    "2: now it",
)
def _(live):
    place, new = (0, 2, 0, 1), 1
    then = live.after(("W", place, new))
    assert not live.now["dE_dx"][2].any()
    assert np.array_equal(then["dE_dW"], live.now["dE_dW"])
    return *place, new, *then["dE_dx"][2].ravel()


@says(
    BLIND,
    "Make [a blue number](#blind:x[2,0,1]) a 2. Now a gradient of a weight changes, and none of",
)
def _(live):
    place, new = (2, 0, 1), 2
    then = live.after(("x", place, new))
    assert not np.array_equal(then["dE_dW"], live.now["dE_dW"])
    assert np.array_equal(then["dE_dx"], live.now["dE_dx"])
    return *place, new
