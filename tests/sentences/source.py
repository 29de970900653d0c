"""Sentences below the figures of the appendix that checks the source."""

import numpy as np

from sentences.saying import says

CHAPTER = "appendix/source-checked"


def both(arrays, result):
    """A result as printed, and as it is right."""
    return arrays[result], arrays[f"{result} (2)"]


@says(
    CHAPTER, "source-checked-21",
    "in the correct one two products are added, in the printed one there is one. Change the second "
    "weight, 3: only the correct result follows.",
)  # fmt: skip
def _(live):
    place = 1, 0, 0
    printed, right = both(live.now, "dE_dx")
    then, right_then = both(live.after(("W", place, 7)), "dE_dx")
    assert then == printed
    assert right_then != right
    return len(live.factors("dE_dx", (0, 0), 1)), live.now["W"][place]


@says(
    CHAPTER, "source-checked-23",
    "Point at the corner, row 0 and column 0. In the correct result only one of the four reads "
    "falls inside; the others are dashed, and count as 0. As NumPy reads it, all four find a "
    "number.",
)  # fmt: skip
def _(live):
    corner = 0, 0
    right, numpys = (live.factors("dE_dx", corner, which) for which in (1, 0))
    reads = [f for term in right for f in term if f.name == "dE_da"]
    outside = [f.value for f in reads if not f.inside]
    assert len(reads) - len(outside) == 1
    found = [f for term in numpys for f in term if f.name == "dE_da" and f.inside]
    return *corner, len(reads), *{*outside}, len(found)


@says(
    CHAPTER, "source-checked-41", "Raise one of the numbers above 0: from there on the two agree."
)
def _(live):
    results = both(live.after(("x", (1, 0), 0.5)), "a")
    assert results[0] == results[1]
    return 0, len(results)


@says(CHAPTER, "source-checked-43", "as printed it looks at nine pixels.")
def _(live):
    return (len(live.factors("a", (0, 0), 0)),)


@says(CHAPTER, "source-checked-50", "Raise one of the pixels above 0, and its gradient comes back.")
def _(live):
    printed, right = both(live.after(("x", (1, 0), 0.5)), "dE_dx")
    assert not both(live.now, "dE_dx")[0].any()
    assert printed[1, 0] == right[1, 0] == 1
    return (0,)


@says(
    CHAPTER,
    "source-checked-52",
    "Point at the 9 in $x$: four windows hold it, and in all four it wins.",
)
def _(live):
    ((row, column),) = np.argwhere(live.now["x"] == live.now["x"].max())
    return (
        live.now["x"][row, column], live.readers("a", "x", (row, column)),
        (live.now["a"] == live.now["x"][row, column]).sum(),
    )  # fmt: skip


@says(
    CHAPTER, "source-checked-54",
    "Make one of the four a little larger than the others: the tie is gone, and the two agree.",
)  # fmt: skip
def _(live):
    results = both(live.after(("x", (0, 1), 5.01)), "dE_dx")
    assert np.array_equal(*results)
    return (live.now["x"] == 5).sum(), len(results)


@says(
    CHAPTER, "source-checked-60", "Change the second channel, 3: only the correct result follows."
)
def _(live):
    place = 1, 0, 0
    then, right_then = both(live.after(("x", place, 8)), "a")
    printed, right = both(live.now, "a")
    assert then == printed
    assert right_then != right
    return (live.now["x"][place],)


@says(
    CHAPTER, "source-checked-62",
    "Change the bias by 1: the result with a bias for each channel changes by 2.",
)  # fmt: skip
def _(live):
    then = live.after(("b", 0, live.now["b"][0] + 1))
    return 1, (both(then, "a")[0] - both(live.now, "a")[0]).item()
