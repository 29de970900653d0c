"""What the tests know of the chapter *The gradients of kernel and bias*."""

import numpy as np
from saying import says

DERIVED = {
    "kernel_gradient": ("convolution", "W"),
    "bias_gradient": ("convolution", "b"),
}

ANSWERS = {
    "kernel-gradient-17": [
        [
            ("2", "That takes what the first weight met"),
            ("9", "That adds up what the weight met"),
            ("3", "That lays δ on turned round"),
            ("6", "✓ Yes, 6."),
        ],
        [
            ("It grows", "The weight does meet pixels"),
            ("It falls", "That is so where the output is too low"),
            ("It stays", "✓ Right."),
        ],
    ],
    "kernel-gradient-53": [
        [("9", "That turns the kernel round"), ("7", "✓ Yes, 7.")],
        [("4", "That counts the pixels of the window"), ("2", "✓ Yes, 2.")],
    ],
    "kernel-gradient-55": [
        [
            ("0.5", "That is the mean of δ"),
            ("6", "That counts the places"),
            ("3", "✓ Yes, 3."),
        ],
    ],
    "kernel-gradient-45": [
        [("It falls", "That is what the gradient promises"), ("It grows", "✓ Right.")],
    ],
    "kernel-gradient-49": [
        [("It falls", "The first step does lower it"), ("It grows", "✓ Right.")],
    ],
    "kernel-gradient-35": [
        [("Yes", "With an uneven δ they would differ"), ("No", "✓ Right.")],
    ],
}

BACK = "kernel-gradient-17"
STEP = "kernel-gradient-45"
LEARN = "kernel-gradient-49"
EVEN = "kernel-gradient-35"
BIAS = "kernel-gradient-55"


@says(
    BACK,
    "Point at each of [the four](#back:dE_dW[1,0]) numbers of $\\partial E/\\partial W$. The "
    "window that lights up in $x$ has the size of $\\delta$, and moves by one. Point at [one "
    "number of a](#back:a[0,1]): that window has the size of $W$.",
)
def _(live):
    weight, place = (1, 0), (0, 1)
    now = live.now
    read = {f.index for t in live.factors("dE_dW", weight) for f in t if f.name == "x"}
    assert len(read) == now["delta"].size
    read = {f.index for t in live.factors("a", place) for f in t if f.name == "x"}
    assert len(read) == now["W"].size
    return now["dE_dW"].size, *weight, *place


@says(BACK, "Make [the 3 in y](#back:y[1,0]) a 5. It is met, $\\delta$ is 0 there")
def _(live):
    place = 1, 0
    met = live.now["a"][place]
    return live.now["y"][place], *place, met, live.after(("y", place, met))["delta"][place]


@says(
    STEP,
    "Make [the rate](#step:eta[]) 0.01: the error falls from 3.5 to 3.15. With 0.04 it falls to "
    "2.76. The best rate for this step lies near 0.036.",
)
def _(live):
    rates = np.linspace(0.03, 0.045, 151)
    errors = [live.after(("eta", (), rate))["F"] for rate in rates]
    small, large = 0.01, 0.04
    found = [live.after(("eta", (), rate))["F"] for rate in (small, large)]
    return small, live.now["E"], found[0], large, found[1], rates[np.argmin(errors)]


@says(STEP, "Take 0.06. Still the error falls, to 3.07.")
def _(live):
    rate = 0.06
    found = live.after(("eta", (), rate))
    assert found["F"] < found["E"]
    return rate, found["F"]


@says(
    STEP,
    "All of $\\delta$ is 0, and so is $\\partial E/\\partial W$: there is nothing to learn. With "
    "[all but one](<#step.preset=all but one>) a single $\\delta$ is 1, and $\\partial E/\\partial "
    "W$ is a piece of the input, the window that gave [this output](#step:a[0,2]).",
)
def _(live):
    met, one, place = live.taken("what comes out"), live.taken("all but one"), (0, 2)
    assert not met["dE_dW"].any()
    (found,) = one["delta"][one["delta"] != 0]
    i, j = place
    assert np.array_equal(one["dE_dW"], one["x"][i : i + 2, j : j + 2])
    return np.abs(met["delta"]).max(), found, *place


@says(LEARN, "The error of this kernel, before and after each of ten steps.")
def _(live):
    return (len(live.now["E"]) - 1,)


@says(
    LEARN,
    "Move [the rate](#learn:eta[]) to 0.03: the error falls and falls, to 2.21 after ten steps. "
    "Less than 2.20 this kernel cannot reach, for six wishes are too many for four weights.",
)
def _(live):
    rate = 0.03
    errors = live.after(("eta", (), rate))["E"]
    assert (np.diff(errors) < 0).all()
    windows = live.names["windows"]
    return rate, errors[10], 10, live.now["c"], *windows.shape


@says(LEARN, "Move it slowly from 0.04 to 0.05. Between them lies the limit.")
def _(live):
    low, high = 0.04, 0.05
    for rate, sign in ((low, -1), (high, 1)):
        last = live.after(("eta", (), rate))["E"][-2:]
        assert np.sign(last[1] - last[0]) == sign
    return low, high


@says(
    EVEN,
    "Make [the last δ](#even:delta[1,1]) a 4. It still passes: $\\delta$ is symmetric. Make [the "
    "one on its left](#even:delta[1,0]) a 3, and the swap shows.",
)
def _(live):
    last, left = (1, 1), (1, 0)
    four, three = ("delta", last, 4), ("delta", left, 3)
    passes, shows = live.after(four)["dE_dW"], live.after(four, three)["dE_dW"]
    assert np.array_equal(passes, passes.T) and not np.array_equal(shows, shows.T)
    return *last, four[2], *left, three[2]


@says(
    BIAS,
    "Make [the bias](#bias:b[]) 0.5. Its gradient is 0 now: what is too high and what is too low "
    "balance, and no other bias suits this kernel better.",
)
def _(live):
    best, *others = 0.5, 0.4, 0.6
    found = live.after(("b", (), best))
    least = (found["delta"] ** 2).sum()
    assert all((live.after(("b", (), one))["delta"] ** 2).sum() > least for one in others)
    return best, found["dE_db"]


@says(
    BIAS,
    "Change [a pixel](#bias:x[1,2]). The gradient follows, but only because $\\delta$ does: among "
    "its terms there is no pixel and no weight.",
)
def _(live):
    pixel = 1, 2
    assert live.after(("x", pixel, 7))["dE_db"] != live.now["dE_db"]
    assert {f.name for term in live.factors("dE_db", ()) for f in term} == {"delta"}
    return pixel


@says(
    LEARN,
    "make [its rate](#step:eta[]) 0.03 and press *Take a step* ten times. The error there is 2.21, "
    "too, and $a$ is as near to $y$ as it gets. Press *Reset*, and do the same with 0.06: the "
    "kernel runs away.",
)
def _(live):
    windows, wished = live.names["windows"], (live.names["y"] - live.names["b"]).ravel()
    errors = {}
    for rate in (0.03, 0.06):
        kernel = live.names["W"].ravel().astype(float)
        for _ in range(10):
            kernel -= rate * windows.T @ (windows @ kernel - wished)
        errors[rate] = ((windows @ kernel - wished) ** 2).sum() / 2
    assert errors[0.06] > 100 * errors[0.03]
    return 0.03, 10, errors[0.03], 0.06
