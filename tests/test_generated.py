"""Formulas made up at random mean to every evaluator what they mean to a plain interpreter.

`generated.py` makes them and says what each one means. The fast evaluator gives all elements, the
one that writes a sum out each of them, the browser's JavaScript both.
"""

import random
from functools import cache

import numpy as np
from generated import Author, Made
from pieces import KEYS
from test_figure_vectors import Case, compare_all, javascript  # noqa: F401  (a fixture)

from cnnmath.errors import CnnMathError
from cnnmath.formula import Formula

COUNT = 300
STEP = 1e-5
LETTERS = {key: latex for latex, key in KEYS.items()}


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


# ---- derivatives ------------------------------------------------------------------------------


def gradient_latex(one: Made, key: str) -> str:
    """∂E/∂ an array: by the chain rule, or of the number E that the formula defines."""
    places = "uvz"[: one.arrays[key].ndim]
    by = rf"\frac{{\partial E}}{{\partial {LETTERS.get(key, key)}_{{{places}}}}}"
    if not one.free:
        return rf"Q_{{{places}}} = {by}"
    y = f"y_{{{''.join(one.free)}}}"
    by_y = rf"\frac{{\partial E}}{{\partial {y}}}"
    step = by.replace(r"\partial E", rf"\partial {y}")
    return rf"{by} = \sum_{{{','.join(one.free)}}} {by_y} {step}"


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


def test_derivatives_are_those_of_what_they_mean():
    found, counted = [], 0
    for one, formula in that_run():
        if "(" in one.latex.partition("=")[0].replace("^{(", ""):
            continue
        weights = np.ones(())
        if one.free:
            weights = np.random.default_rng(0).normal(size=formula(**one.arrays).shape)
        elif formula.result != "E":
            continue  # a formula without indices has no derivative by one element
        given = {"dE_dy": weights} if one.free else {}
        result = {"y": formula} if one.free else {"E": formula}
        for key in [key for key, value in one.arrays.items() if np.ndim(value)]:
            declared = {} if one.free else {"Q": one.shapes[key]}
            gradient = Formula(gradient_latex(one, key), origin=one.origin, **result, **declared)
            value = gradient(**one.arrays, **given)
            meant = slopes(one, key, weights)
            counted += np.isfinite(meant).sum()
            if not np.allclose(value[np.isfinite(meant)], meant[np.isfinite(meant)], 1e-5, 1e-5):
                found.append((one, f"by {key}: {value}\nis meant to be\n{meant}"))
    assert counted > 1000
    assert not found, smallest_first(found)
