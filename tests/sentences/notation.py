"""Sentences below the figures of the page on notation."""

import numpy as np

from sentences.saying import says

READ = "notation", "notation-11"


@says(
    *READ,
    "Point at [the 9](#read:x[1,1]) in $x$. Four numbers of $a$ read it, each with other $s$ and "
    "$t$.",
)
def _(live):
    ((row, column),) = np.argwhere(live.now["x"] == 9)
    return 9, row, column, live.readers("a", "x", (row, column))
