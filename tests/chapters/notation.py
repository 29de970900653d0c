"""What the tests know of the chapter *Notation*."""

import numpy as np
from saying import says

ANSWERS = {
    "notation-11": [
        [
            ("2", "That is (0 + 1) times (2 + 0)"),
            ("7", "That counts rows and columns from 1"),
            ("0", "That takes the first index for the column"),
            ("6", "✓ Yes, 6."),
        ],
        [("Yes", "That is so for the rows of x"), ("No", "✓ Right.")],
    ],
    "notation-13": [
        [("-1", "That takes the last number of the row"), ("5", "✓ Yes, 5.")],
        [("18", "That adds up the numbers above 2"), ("4", "✓ Yes, 4.")],
    ],
}

READ = "notation-11"


@says(
    READ,
    "Point at [the 9](#read:x[1,1]) in $x$. Four numbers of $a$ read it, each with other $s$ and "
    "$t$.",
)
def _(live):
    ((row, column),) = np.argwhere(live.now["x"] == 9)
    return 9, row, column, live.readers("a", "x", (row, column))
