"""What the tests know of the chapter `network/batch-norm`."""

import numpy as np
from saying import says

DERIVED = {
    "centred_gradient": ("centred", "x"),
    "normalised_gradient": ("normalised", "x_tilde"),
    "scale_gradient": ("batch_norm", "gamma"),
    "shift_gradient": ("batch_norm", "beta"),
}

ANSWERS = {
    "batch-norm-01": [
        [
            ("2", "That is what lies above the mean"),
            ("0.5", "That divides by the variance"),
            ("1", "✓ Yes, 1."),
        ],
        [
            ("It stays", "Image 2 is the same as before"),
            ("It falls", "The mean does grow"),
            ("It grows", "✓ Right."),
        ],
    ],
    "batch-norm-04": [
        [
            ("7", "That is the largest of the window"),
            ("16", "That is the sum of the window"),
            ("4", "✓ Yes, 4."),
        ],
        [("8", "That gives every cell of a window its whole gradient"), ("2", "✓ Yes, 2.")],
    ],
    "batch-norm-12": [
        [
            ("0.0", "Nothing arrives there; but its 1 stands in the mean"),
            ("-0.25", "That is the part through the mean"),
            ("-0.5", "✓ Yes, −0.5."),
        ],
    ],
}

BATCH = "batch-norm-01"
BACK = "batch-norm-12"


@says(BATCH, "Make [the first 1](#batch:x[0,0]) in column 0 a 9. It is now 1.41 instead of −1, and "
      "the two 5s, which nobody touched, are 0.")  # fmt: skip
def _(live):
    place, new, other = (0, 0), 9, 5
    now, then = live.now, live.after(("x", place, new))
    column = now["x"][:, 0]
    (left,) = {*then["x_hat"][column == other, 0]}
    assert np.array_equal(now["x_hat"][:, 1], then["x_hat"][:, 1])
    return (now["x"][place], *place, 0, new, then["x_hat"][place], now["x_hat"][place],
            (column == other).sum(), other, left)  # fmt: skip


@says(BATCH, "Set [ε](#batch:epsilon[]) to 5. In column 0, whose mean square was 4, ±1 becomes "
      "±0.67; in column 1, whose was 25, 1.4 becomes only 1.28.")  # fmt: skip
def _(live):
    new = 5
    now, then = live.now, live.after(("epsilon", (), new))
    square = (now["x_tilde"] ** 2).mean(axis=0)
    hats = [one["x_hat"].max(axis=0) for one in (now, then)]
    return (new, 0, square[0], hats[0][0], hats[1][0], 1, square[1], hats[0][1], hats[1][1])


@says(BACK, "Make all four numbers in column 0 of [∂E/∂y](#back:dE_dy[0,0]) 1. Column 0 of "
      "$\\partial E/\\partial x$ is 0 altogether.")  # fmt: skip
def _(live):
    column, new = 0, 1
    found = live.after(("dE_dy", (slice(None), column), new))["dE_dx"][:, column]
    np.testing.assert_allclose(found, 0, atol=1e-12)
    return len(found), column, 0, column, new, column, found.max()


@says(BACK, "Make them −1, 1, −1, 1, which is $\\hat x$. Again all is 0.")
def _(live):
    hat = live.now["x_hat"][:, 0]
    found = live.after(("dE_dy", (slice(None), 0), hat))["dE_dx"][:, 0]
    np.testing.assert_allclose(found, 0, atol=1e-12)
    return *hat, found.max()
