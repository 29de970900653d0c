"""What the tests know of the chapter *From formula to fast code*."""

import numpy as np
from saying import says

ANSWERS = {
    "fast-code-01": [
        [
            ("0", "That is as fast"),
            ("1", "That is what half of one reason brings"),
            ("2", "So much a compiler brings"),
            ("3", "Near; one more"),
            ("4", "✓ Yes, 4."),
        ],
    ],
    "fast-code-03": [
        [("31", "The first place counts too"), ("32", "✓ Yes, 32.")],
        [
            ("9", "Those are the products of one channel"),
            ("48", "That is one row of the kernel"),
            ("144", "✓ Yes, 144."),
        ],
    ],
    "fast-code-13": [
        [
            ("1", "It stands there once for each place"),
            ("4", "Those are the places"),
            ("3", "✓ Yes, 3."),
        ],
    ],
    "fast-code-23": [
        [("It grows", "So it would with the first product"), ("It stays", "✓ Right.")],
    ],
    "fast-code-26": [
        [
            ("2", "That is along one axis"),
            ("9", "That would be one product for each result"),
            ("4", "✓ Yes, 4."),
        ],
    ],
}

RACE = "fast-code-01"
COLUMNS = "fast-code-13"
TILE = "fast-code-23"


@says(RACE, "Make [the kernel](#race:m[]) a 5. There are 2.44 times as many products, and both "
      "take 2.44 times as long.")  # fmt: skip
def _(live):
    m = 5
    now, then = live.now, live.after(("m", (), m))
    ratios = [then[name] / now[name] for name in "PLF"]
    np.testing.assert_allclose(ratios, ratios[0])
    return m, round(float(ratios[0]), 2), round(float(ratios[1]), 2)


@says(RACE, "Make [the channels](#race:C[]) 64 and [the kernels](#race:K[]) 64, a layer in the "
      "middle of a network. The loops take 24 seconds")  # fmt: skip
def _(live):
    C = K = 64
    return C, K, round(float(live.after(("C", (), C), ("K", (), K))["L"]))


@says(COLUMNS, "Make [the 4](#columns:x[2]) a 7. Three cells of $X$ change, along a diagonal.")
def _(live):
    place, new = 2, 7
    changed = live.moved("X", ("x", place, new))
    assert (changed.sum(axis=1) == place).all()
    return live.now["x"][place], place, new, len(changed)


@says(COLUMNS, "Point at [a number](#columns:a[1]): it is the kernel times one column.")
def _(live):
    place = 1
    now = live.now
    assert now["a"][place] == now["W"] @ now["X"][:, place]
    return (place,)


@says(TILE, "Make [pixel 1](#tile:d[1]) a 4. Three of the products change, all but the first, and "
      "both results go on agreeing with $y$.")  # fmt: skip
def _(live):
    place, new = 1, 4
    edit = "d", place, new
    changed = live.moved("p", edit).ravel().tolist()
    assert changed == [1, 2, 3]
    then = live.after(edit)
    np.testing.assert_array_equal(then["a"], then["y"])
    return place, place, new, len(changed)


@says(TILE, "Make [the first 1](#tile:A[1,0]) of row 1 in $A$ a 0. The first result is 4 where the "
      "definition gives 22: a wrong matrix shows at once.")  # fmt: skip
def _(live):
    row, column = 1, 0
    then = live.after(("A", (row, column), 0))
    return live.now["A"][row, column], row, column, row, 0, then["a"][0], then["y"][0]
