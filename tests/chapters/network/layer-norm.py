"""What the tests know of the chapter `network/layer-norm`."""

import numpy as np
from saying import says

DERIVED = {
    "row_centred_gradient": ("row_centred", "x"),
    "row_normalised_gradient": ("row_normalised", "x_tilde"),
}

ANSWERS = {
    "layer-norm-01": [
        [
            ("-70", "That is what lies below the mean"),
            ("-14", "That is ten times as far below the mean"),
            ("-1.4", "✓ Yes, −1.4."),
        ],
        [("It falls", "That would be so if it were in the mean"), ("It stays", "✓ Right.")],
    ],
    "layer-norm-04": [
        [("2.5", "That is the mean of the first example"), ("3", "✓ Yes, 3.")],
        [
            ("0.47", "That is its share of the scores"),
            ("0.73", "That is the probability of the other class"),
            ("0.5", "That would be so if both scores were the same"),
            ("0.27", "✓ Yes, 0.27."),
        ],
    ],
    "layer-norm-12": [
        [
            ("0.0", "Nothing arrives there; but it stands in the mean"),
            ("-0.25", "That is the part through the mean"),
            ("-0.5", "✓ Yes, −0.5."),
        ],
        [("-0.33", "That would be so down the columns"), ("0", "✓ Yes, 0.")],
    ],
}

ROWS = "layer-norm-01"
BACK = "layer-norm-12"


@says(ROWS, "Make [the 17](#rows:x[0,3]) a 57. All four numbers of row 0 move, and its first is "
      "now −0.79 instead of −1.4. The other two rows stay.")  # fmt: skip
def _(live):
    place, new = (0, 3), 57
    now, then = live.now, live.after(("x", place, new))
    rows, columns = now["x"].shape
    moved = live.moved("x_hat", ("x", place, new))
    assert moved.tolist() == [[0, column] for column in range(columns)]
    return (now["x"][place], *place, new, columns, 0, then["x_hat"][0, 0], now["x_hat"][0, 0],
            rows - 1)  # fmt: skip


@says(ROWS, "Set [ε](#rows:epsilon[]) to 12. In row 1 ±1 becomes ±0.5; in row 2, whose spread is "
      "50, hardly anything changes: −1.4 becomes −1.397.")  # fmt: skip
def _(live):
    new, small, large = 12, 1, 2
    now, then = live.now, live.after(("epsilon", (), new))
    return (new, small, now["x_hat"][small, 1], then["x_hat"][small, 1], large,
            now["sigma"][large], now["x_hat"][large, 0], then["x_hat"][large, 0])  # fmt: skip


@says(BACK, "Make [the 2](#back:gamma[0]) in $\\gamma$ a 1. What went back to row 1, 0.5 and −0.5, "
      "is halved.")  # fmt: skip
def _(live):
    place, new, row = 0, 1, 1
    now, then = live.now, live.after(("gamma", place, new))
    np.testing.assert_allclose(then["dE_dx"], now["dE_dx"] / 2)
    largest, *_, smallest = sorted({*now["dE_dx"][row].round(9)}, reverse=True)
    return now["gamma"][place], place, new, row, largest, smallest


@says(BACK, "With that, make all of row 1 in [∂E/∂y](#back:dE_dy[1,0]) 1. Nothing comes back: had "
      "all four grown alike")  # fmt: skip
def _(live):
    row, new = 1, 1
    then = live.after(("gamma", 0, 1), ("dE_dy", row, new))
    np.testing.assert_allclose(then["dE_dx"], 0, atol=1e-12)
    return row, row, 0, new, then["x"].shape[1]
