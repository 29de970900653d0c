"""Formulas made up at random mean to every evaluator what they mean to a plain interpreter.

`generated.py` makes them and says what each one means. The fast evaluator gives all elements, the
one that writes a sum out each of them, the browser's JavaScript both.
"""

import random
from functools import cache

import numpy as np
from generated import Author, Made
from test_figure_vectors import Case, compare_all, javascript  # noqa: F401  (a fixture)

from cnnmath.errors import CnnMathError
from cnnmath.formula import Formula

COUNT = 300


@cache
def made(count: int = COUNT) -> list[Made]:
    return [Author(random.Random(seed)).formula() for seed in range(count)]


def built(one: Made) -> Formula | None:
    """The formula, or None if it is refused."""
    try:
        formula = Formula(one.latex, origin=one.origin, **one.shapes)
        with np.errstate(all="ignore"):
            formula(**one.arrays)
    except CnnMathError:
        return None
    return formula


@cache
def that_run() -> list[tuple[Made, Formula]]:
    return [(one, formula) for one in made() if (formula := built(one))]


def smallest_first(found: list[tuple[Made, str]]) -> str:
    found.sort(key=lambda pair: len(pair[0].latex))
    return "\n\n".join(
        f"{one.latex}\n{one.shapes}, origin {one.origin}\n{one.arrays}\n{words}"
        for one, words in found[:5]
    )


def test_most_formulas_run():
    assert len(that_run()) > 0.9 * COUNT
    values = [formula(**one.arrays) for one, formula in that_run()]
    telling = [value for value in values if np.isfinite(value).all() and np.unique(value).size > 1]
    assert len(telling) > 0.6 * COUNT


def test_the_fast_evaluator_gives_what_they_mean():
    found = []
    for one, formula in that_run():
        value = formula(**one.arrays)
        meant = one.value(value.shape)
        if not np.allclose(value, meant, rtol=1e-9, atol=1e-11, equal_nan=True):
            found.append((one, f"{value}\nis meant to be\n{meant}"))
    assert not found, smallest_first(found)


def test_every_element_written_out_is_what_they_mean():
    found = []
    for one, formula in that_run():
        meant = one.value(formula(**one.arrays).shape)
        for place in np.ndindex(meant.shape):
            total = formula.expand(place, **one.arrays).total
            if not np.isclose(total, meant[place], rtol=1e-9, atol=1e-11, equal_nan=True):
                found.append((one, f"{place} is {total}, and is meant to be {meant[place]}"))
                break
    assert not found, smallest_first(found)


def test_the_browser_gives_and_writes_out_what_python_does(javascript):  # noqa: F811
    compare_all(
        javascript,
        [
            Case(formula, one.arrays, seed)
            for seed, (one, formula) in enumerate(that_run())
            if formula(**one.arrays).size
        ],
    )
