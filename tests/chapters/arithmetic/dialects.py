"""What the tests know of the chapter *One layer, five dialects*."""

import re

import numpy as np
from conftest import ROOT, run_node
from saying import says

from cnnmath.explorer.translator import EXAMPLES

ANSWERS = {
    "dialects-71": [
        [
            ("4", "With so many one number more comes out"),
            ("2", "That is half of the kernel"),
            ("3", "✓ Yes, 3."),
        ],
        [("11", "That lays the kernel on as it is"), ("10", "✓ Yes, 10.")],
    ],
    "dialects-04": [
        [("3", "That has the odd zero above and on the left"), ("10", "✓ Yes, 10.")],
    ],
    "dialects-06": [
        [("No", "As many come out of both"), ("Yes", "✓ Right.")],
    ],
    "dialects-08": [
        [
            ("3", "That is with ceil_mode=False"),
            ("4", "✓ Yes, 4."),
        ],
    ],
}

DIALECTS = "dialects-01"


def dialects(live, **changed):
    """What the translator says of its layer, and of how the others write it."""
    now = {name: getattr(live.figure, name) for name in ("layer", "size", "kernel")}
    return run_node(ROOT / "tests/dialect_outcomes.mjs", now | changed)


@says(DIALECTS, "Set the input to 7. Now PyTorch takes `padding=1`: one zero at each end, where "
      "an input of 6 has none before it.")  # fmt: skip
def _(live):
    size = 7
    (padding,) = re.findall(r"padding=(\d)\)$", dialects(live, size=size)["PyTorch"]["same"])
    assert "F.pad(x, (0, 1, 0, 1))" in dialects(live)["PyTorch"]["same"]
    return size, int(padding), live.figure.size


@says(DIALECTS, "Choose the example “pooling that says no stride”. PyTorch makes 3 × 3 numbers of "
      "the input; the same words in ONNX make 5 × 5.")  # fmt: skip
def _(live):
    found = dialects(live, layer=dict(EXAMPLES)["pooling that says no stride"])
    return *np.shape(found["y"]), *np.shape(found["ONNX"]["words"])


@says(DIALECTS, "Choose “transposed, and turned”. Of the 144 numbers that come out, 104 are "
      "others in Keras.")  # fmt: skip
def _(live):
    found = dialects(live, layer=dict(EXAMPLES)["transposed, and turned"])
    y, other = np.array(found["y"]), np.array(found["Keras"]["words"])
    return y.size, np.count_nonzero(y != other)
