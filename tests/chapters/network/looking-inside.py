"""What the tests know of the chapter *Looking inside*."""

import numpy as np
from saying import says

ANSWERS = {
    "looking-01": [
        [("Yes", "That would be so if the largest of the four went on"), ("No", "✓ Right.")],
    ],
    "looking-43": [
        [
            (("dE_da", 2), "✗ Not ∂E/∂a[2]."),
            (("dE_da", 1), "✓ Yes, ∂E/∂a[1]."),
        ],
        [("Yes", "That would be so without the ReLU"), ("No", "✓ Right.")],
    ],
    "looking-04": [
        [
            ("11", "That is the sum without the strides"),
            ("19", "That counts a layer's own stride as well"),
            ("16", "✓ Yes, 16."),
        ],
    ],
    "looking-15": [
        [
            ("2", "That is the weight itself"),
            ("1", "That is where it is after one step"),
            ("4", "✓ Yes, 4."),
        ],
    ],
    "looking-24": [
        [("Yes", "That would be so if the first score were all"), ("No", "✓ Right.")],
    ],
}

INSIDE = "looking-01"
FIELD = "looking-04"
CLIMB = "looking-15"
APART = "looking-24"


@says(INSIDE, "- Choose plane 6 of [the kernels](#inside:W[6,0,0]) and look at $p$: upper "
      "edges only. The stem of the 4 is missing.")  # fmt: skip
def _(live):
    plane, digit = 6, 4
    assert live.names["new"].labels[17] == digit
    stem = live.now["x"][14:19, 11:15]
    assert stem.mean() > 0.5
    assert not live.now["p"][plane, 6:8, 4:7].any()
    return plane, plane, 0, 0, digit


@says(FIELD, "Make [the first window](#field:m[0]) 3 wide. All four fields shrink by 2.")
def _(live):
    first, new = 0, 3
    shrunk = live.now["F"] - live.after(("m", first, new))["F"]
    (by,) = {*shrunk}
    return first, new, shrunk.size, by


@says(FIELD, "Set all strides to 1. Then every layer adds its window less one, and the last "
      "field is 11.")  # fmt: skip
def _(live):
    new = 1
    then = live.after(("q", ..., new))
    assert np.array_equal(np.diff(then["F"]), then["m"][1:] - 1)
    return new, then["F"][-1]


@says(CLIMB, "Set [k](#climb:k[]) to 12. All six numbers are near twice their weights: the "
      "picture becomes the kernel.")  # fmt: skip
def _(live):
    steps, factor = 12, 1 / live.now["lambda"]
    x = live.after(("k", (), steps))["x"]
    np.testing.assert_allclose(x, factor * live.now["W"], rtol=0.05)
    return steps, x.size, factor


@says(CLIMB, "Set [λ](#climb:lambda[]) to 0.01 as well. Now the largest is 11.7 and still growing")
def _(live):
    price, x, eta, weights = 0.01, 0, live.now["eta"], live.now["W"]
    for _ in range(12):
        x = x + eta * (weights - price * x)
    found = live.after(("k", (), 12), ("lambda", (), price))["x"]
    np.testing.assert_allclose(found, x, atol=1e-12)
    return price, found.max()


@says(APART, "Make [the 0](#apart:x[2]) in $x$ a 1. $D$ falls from 3 to 0: now neither class "
      "leads.")  # fmt: skip
def _(live):
    pixel, new = 2, 1
    now, then = live.now, live.after(("x", pixel, new))
    return now["x"][pixel], pixel, new, now["D"], then["D"]
