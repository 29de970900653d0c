"""Formulas made up at random mean to every evaluator what they mean to a plain interpreter.

`generated.py` makes them and says what each one means. The fast evaluator gives all elements, the
one that writes a sum out each of them, the browser's JavaScript both.
"""

import random

import numpy as np
import pytest
from generated import Author, Made
from test_figure_vectors import Case, compare_all, javascript  # noqa: F401  (a fixture)

from cnnmath.errors import CnnMathError
from cnnmath.formula import Formula

COUNT = 300
STEP = 1e-5


def built(one: Made) -> Formula | None:
    """The formula, or None if it is refused."""
    try:
        formula = Formula(one.latex, origin=one.origin, **one.shapes)
        with np.errstate(all="ignore"):
            formula(**one.arrays)
    except CnnMathError:
        return None
    return formula


@pytest.fixture(scope="module")
def seeds(swept):
    return swept(range(COUNT))


@pytest.fixture(scope="module")
def that_run(seeds) -> list[tuple[Made, Formula]]:
    made = (Author(random.Random(seed)).formula() for seed in seeds)
    return [(one, formula) for one in made if (formula := built(one))]


def smallest_first(found: list[tuple[Made, str]]) -> str:
    found.sort(key=lambda pair: len(pair[0].latex))
    return "\n\n".join(
        f"{one.latex}\n{one.shapes}, origin {one.origin}\n{one.arrays}\n{words}"
        for one, words in found[:5]
    )


def test_most_formulas_run(seeds, that_run):
    assert len(that_run) >= 0.9 * len(seeds)
    values = [formula(**one.arrays) for one, formula in that_run]
    telling = [value for value in values if np.isfinite(value).all() and np.unique(value).size > 1]
    assert len(telling) >= 0.5 * len(seeds)


def test_the_fast_evaluator_gives_what_they_mean(that_run):
    found = []
    for one, formula in that_run:
        value = formula(**one.arrays)
        meant = one.value(value.shape)
        if not np.allclose(value, meant, rtol=1e-9, atol=1e-11, equal_nan=True):
            found.append((one, f"{value}\nis meant to be\n{meant}"))
    assert not found, smallest_first(found)


def test_every_element_written_out_is_what_they_mean(that_run):
    found = []
    for one, formula in that_run:
        meant = one.value(formula(**one.arrays).shape)
        for place in np.ndindex(meant.shape):
            total = formula.expand(place, **one.arrays).total
            if not np.isclose(total, meant[place], rtol=1e-9, atol=1e-11, equal_nan=True):
                found.append((one, f"{place} is {total}, and is meant to be {meant[place]}"))
                break
    assert not found, smallest_first(found)


def test_the_browser_gives_and_writes_out_what_python_does(javascript, that_run):  # noqa: F811
    compare_all(
        javascript,
        [
            Case(formula, one.arrays, seed)
            for seed, (one, formula) in enumerate(that_run)
            if formula(**one.arrays).size
        ],
    )


# ---- derivatives ------------------------------------------------------------------------------


@np.errstate(all="ignore")
def slopes(one: Made, key: str, weights: np.ndarray) -> np.ndarray:
    """By central differences, of what the formula means; NaN at kinks and steps."""
    array = one.arrays[key]
    found = np.full(array.shape, np.nan)
    for place in np.ndindex(array.shape):
        kept = array[place]
        errors = []
        for step in (-STEP, 0.0, STEP):
            array[place] = kept + step
            errors.append(float(np.sum(weights * one.value(weights.shape))))
        array[place] = kept
        left, right = np.diff(errors) / STEP
        if abs(left - right) < 1e-3 * (1 + abs(left)):
            found[place] = (left + right) / 2
    return found


def test_derivatives_are_those_of_what_they_mean(that_run):
    found, counted = [], 0
    for one, formula in that_run:
        for key in one.variables:
            latex, declared = one.gradient(key)
            gradient = Formula(latex, origin=one.origin, **{one.result: formula}, **declared)
            weights = np.ones(())
            given = {}
            if one.free:
                weights = np.random.default_rng(0).normal(size=formula(**one.arrays).shape)
                given = {"dE_dy": weights}
            value = gradient(**one.arrays, **given)
            meant = slopes(one, key, weights)
            known = np.isfinite(meant)
            counted += known.sum()
            if not np.allclose(value[known], meant[known], rtol=1e-5, atol=1e-5):
                found.append((one, f"by {key}: {value}\nis meant to be\n{meant}"))
    assert counted > 3 * len(that_run)
    assert not found, smallest_first(found)
