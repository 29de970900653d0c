"""What the tests know of the chapter *Backpropagation through a graph*."""

import numpy as np
from saying import says

DERIVED = {
    "skip_gradient": ("skip", "x"),
}

ANSWERS = {
    "graph-01": [
        [
            ("-1", "That is what comes back past the layer"),
            ("5", "That is what comes back through V."),
            ("2", "That lets the gradient of y through the ReLU everywhere"),
            ("4", "✓ Yes, 4."),
        ],
    ],
    "graph-44": [
        [("0.5", "That is its probability"), ("-0.5", "✓ Yes, −0.5.")],
        [("-1", "That is what comes back from the right class alone"), ("1", "✓ Yes, 1.")],
    ],
    "graph-09": [
        [
            ("It grows", "That is what the first reading does alone"),
            ("It falls", "✓ Right."),
        ],
    ],
    "graph-12": [
        [("Yes", "That would be so if the 4 did not go into the mean"), ("No", "✓ Right.")],
    ],
}

WAYS = "graph-01"
WEIGHT = "graph-09"
MEAN = "graph-12"


@says(WAYS, "Make [the −1](#ways:x[1]) in $x$ a −0.9. By its gradient, 4, the error should grow "
      "by 0.4. It grows from 7 to 7.415.")  # fmt: skip
def _(live):
    place, new = 1, -0.9
    now, then = live.now, live.after(("x", place, new))
    predicted = now["dE_dx"][place] * (new - now["x"][place])
    return now["x"][place], place, new, now["dE_dx"][place], predicted, now["E"], then["E"]


@says(WAYS, "Make [the −1](#ways:V[1,0]) in $V$ a 2. Now $z_1$ is 3 and its gate open: $x_1$ gets "
      "2 past the layer and 3 + 4 + 2 through it, together 11.")  # fmt: skip
def _(live):
    place, new = (1, 0), 2
    now, then = live.now, live.after(("V", place, new))
    assert now["z"][1] <= 0
    past, through = then["dE_dy"][1], then["V"][:, 1] * then["dE_dz"]
    return now["V"][place], *place, new, then["z"][1], past, *through, then["dE_dx"][1]


@says(WEIGHT, "Make [the weight](#weight:w[]) −0.9. The error falls from 2.5 to 2.369. By its "
      "gradient, −1, it should have fallen by 0.1; the rest is because the slope itself "
      "changes on so large a step.")  # fmt: skip
def _(live):
    new = -0.9
    now, then = live.now, live.after(("w", (), new))
    predicted = (new - now["w"]) * now["dE_dw"]
    return new, now["E"], then["E"], now["dE_dw"], -predicted


@says(WEIGHT, "Make [the 3](#weight:d[]) a 2. Now the two readings pull equally hard, and the "
      "gradient of the weight is 0.")  # fmt: skip
def _(live):
    new = 2
    then = live.after(("d", (), new))
    readings = then["h"] @ then["dE_dy"], then["x"] @ then["dE_dh"]
    assert readings[0] == -readings[1] != 0
    return live.now["d"], new, len(readings), then["dE_dw"]


@says(MEAN, "Make [the first 3](#mean:dE_dy[0]) in $\\partial E/\\partial y$ a 6. The mean's "
      "gradient is then −12, and the three numbers get 2, −1 and −1.")  # fmt: skip
def _(live):
    place, new = 0, 6
    then = live.after(("dE_dy", place, new))
    found = then["dE_dx"]
    return live.now["dE_dy"][place], place, new, then["dE_dmu"], found.size, *found


@says(MEAN, "Add these up: 0, whatever arrives.")
def _(live):
    arriving = np.random.default_rng(0).normal(size=(4, 3))
    (total,) = {live.after(("dE_dy", ..., one))["dE_dx"].sum().round(9) + 0 for one in arriving}
    return (total,)
