"""What the tests know of the chapter *The gradient of the input*."""

import numpy as np
from saying import says

DERIVED = {
    "input_gradient": ("convolution", "x"),
}

ANSWERS = {
    "input-gradient-50": [
        [("It grows", "The outputs together do grow"), ("It falls", "✓ Right.")],
    ],
    "input-gradient-52": [
        [
            ("-1", "That is the one of the weight in the corner"),
            ("3", "That adds up what the weight met"),
            ("6", "✓ Yes, 6."),
        ],
        [("It grows", "That is the way in which the error grows"), ("It falls", "✓ Right.")],
    ],
    "input-gradient-54": [
        [("3", "That is from the kernel turned by 180°"), ("2", "✓ Yes, 2.")],
    ],
    "input-gradient-57": [
        [
            ("70", "That is NumPy's"),
            ("8", "That is from the kernel turned by 180°"),
            ("5", "✓ Yes, 5."),
        ],
    ],
    "input-gradient-58": [
        [(("dE_dx", 1, 3), "✗ Not ∂E/∂x[1, 3]."), (("dE_dx", 2, 3), "✓ Yes, ∂E/∂x[2, 3].")],
    ],
    "input-gradient-60": [
        [
            ("1", "That is what comes back through the first kernel alone"),
            ("-1", "That is the sum with the kernel unturned"),
            ("7", "✓ Yes, 7."),
        ],
    ],
}

PIXEL = "input-gradient-50"
STAMP = "input-gradient-54"
TURN = "input-gradient-16"
LINE = "input-gradient-58"
TWO = "input-gradient-60"


@says(
    PIXEL,
    "Four windows see the 3, each under another weight. Point at [its gradient](#back:dE_dx[1,2]): "
    "it is made of the same four places in $\\delta$, and of the same four weights.",
)
def _(live):
    place = 1, 2
    terms = live.factors("dE_dx", place)
    seen = live.readers("a", "x", place)
    return seen, live.now["x"][place], *place, len(terms), len(terms)


@says(PIXEL, "Point at [a corner](#back:dE_dx[0,0]) of $\\partial E/\\partial x$. One window")
def _(live):
    place = 0, 0
    assert live.readers("a", "x", place) == len(live.factors("dE_dx", place)) == 1
    return place


@says(
    PIXEL,
    "Make [the 3](#back:x[1,2]) a 3.1. The error goes from 3.5 to 3.33: that is −2 · 0.1, and a "
    "little for the square of the step.",
)
def _(live):
    place, new = (1, 2), 3.1
    now, then = live.now, live.after(("x", place, new))
    step, gradient = new - now["x"][place], now["dE_dx"][place]
    assert abs(then["E"] - now["E"] - gradient * step) < 5 * step**2
    return now["x"][place], *place, new, now["E"], then["E"], gradient, step


@says(
    STAMP,
    "Make [the δ on its right](#stamp:delta[0,2]) a 2. A second kernel is laid down, twice as "
    "strong, and where two lie on one another they add up: [this pixel](#stamp:dE_dx[1,2]) gets "
    "4 + 6 = 10.",
)
def _(live):
    right, new, pixel = (0, 2), 2, (1, 2)
    first = live.now
    then = live.after(("delta", right, new))
    second = live.after(("delta", (0, 1), 0), ("delta", right, new))
    assert first["delta"][0, 1] == 1 and not second["dE_dx"][:, 1].any()
    strength = then["delta"][right] / first["delta"][0, 1]
    parts = first["dE_dx"][pixel], second["dE_dx"][pixel]
    return *right, new, strength, 2, *pixel, *parts, then["dE_dx"][pixel]


@says(TURN, "Point at [the 2 in W](#turn:W[0,0,1]): its place in $\\tilde W$ lights up, at the")
def _(live):
    place = 0, 0, 1
    k, s, t = place
    assert live.now["W_tilde"][k, 1 - s, 1 - t] == live.now["W"][place]
    return live.now["W"][place], *place


@says(TURN, "$\\partial E/\\partial x$ is $\\delta$ itself, in the upper left corner")
def _(live):
    found = live.taken("only the corner")
    rows, columns = found["delta"].shape[1:]
    assert np.array_equal(found["dE_dx"][:rows, :columns], found["delta"][0])
    return ()


@says(
    LINE,
    "Point at [the place two columns to the left](#line:dE_dx[2,1]). Its gradient is negative: the "
    "edge is measured against the 0 there",
)
def _(live):
    place = 2, 1
    column = live.now["x"][2].argmax()
    assert live.now["dE_dx"][place] < 0
    return column - place[1], *place, live.now["x"][place]


@says(TWO, "Two kernels, and what both send back.")
def _(live):
    return (len(live.now["W"]),)
