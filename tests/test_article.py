"""The article's formulas: what is called wrong is wrong, and what is called right is right."""

from dataclasses import replace

import numpy as np
import pytest

from cnnmath.article import PRINTED, summary
from cnnmath.catalogue import (
    CHAPTERS,
    channels_input_gradient,
    channels_kernel_gradient,
    input_gradient,
    max_pooling,
    relu_gradient,
    rotated_convolution,
)
from cnnmath.errors import CnnMathError, VerdictError
from cnnmath.formula import Formula
from tools import judged

MISTAKES = {
    f"{printed.title} {number}": mistake
    for printed in PRINTED.values()
    for number, mistake in enumerate(printed.mistakes, start=1)
}
each_mistake = pytest.mark.parametrize("name", MISTAKES)


# What each formula gives, and what is right.
NUMBERS = {
    "Convolution, forward 1": ("(0, 1; 3, 4)", "(4, 5; 7, 8)"),
    "Input gradient 1": ("2", "5"),
    "Input gradient 2": ("(30, 28; 22, 20)", "(1, 4; 6, 20)"),
    "ReLU, backward 1": ("(1, 1, 1)", "(0, 0, 1)"),
    "Max pooling, forward 1": ("0", "-1"),
    "Max pooling, forward 2": ("(10, 11; 14, 15)", "(5, 7; 13, 15)"),
    "Max pooling, forward 3": ("(5, 6, 7; 9, 10, 11; 13, 14, 15)", "(5, 7; 13, 15)"),
    "Max pooling, backward 1": ("(0, 0; 0, 0)", "(1, 0; 0, 0)"),
    "Max pooling, backward 2": ("(0, 0, 0; 0, 1, 0; 0, 0, 0)", "(0, 0, 0; 0, 4, 0; 0, 0, 0)"),
    "Max pooling, backward 3": (
        "no value: the formula gives dE_dx[0, 1] two values, 1 and 2",
        "(0, 3, 0; 0, 0, 0)",
    ),
    "Max pooling, backward 4": ("(1, 1; 1, 1)", "(1, 0; 0, 0)"),
    "Channels, forward 1": ("5", "33"),
    "Channels, forward 2": ("34", "33"),
    "Channels, kernel gradient 1": ("(2, 2)", "(2, 3)"),
    "Channels, input gradient 1": ("(11, 11)", "(101, 1010)"),
}


def test_every_mistake_is_here():
    assert list(MISTAKES) == list(NUMBERS)


@each_mistake
def test_a_mistake_shows_in_its_numbers(name):
    assert MISTAKES[name].found() == NUMBERS[name]


def numbers(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def test_the_right_forms_are_those_of_the_book():
    """Those in the article's symbols, on random numbers, where sizes and gradients are uneven."""
    right = {name: mistake.right for name, mistake in MISTAKES.items()}
    same = np.testing.assert_allclose
    x, W = numbers(4, 5), numbers(2, 3, 2, seed=1)
    same(right["Convolution, forward 1"](x=x, W=W[0]), rotated_convolution(x=x, W=W[0]))

    delta = numbers(2, 2, 4, seed=2)
    same(right["Input gradient 1"](dE_da=delta, W=W), input_gradient(delta=delta, W=W))
    cut = input_gradient(delta=delta[:1], W=W[:1])[:2, :4]  # it has an x of the size of the output
    same(right["Input gradient 2"](dE_da=delta[0], W=W[0]), cut)

    arriving = numbers(4, 5, seed=3)
    same(right["ReLU, backward 1"](x=x, dE_da=arriving), relu_gradient(x=x, dE_dh=arriving))
    for window, stride in [(2, 1), (2, 2), (3, 2)]:
        pooled = max_pooling(x=x, l=window, q=stride)
        same(right["Max pooling, forward 2"](x=x, l=window, q=stride), pooled)
        same(right["Max pooling, forward 3"](x=x, l=window, q=stride), pooled)
    same(right["Max pooling, forward 1"](x=x, l=2), max_pooling(x=x, l=2, q=1))

    x, W = numbers(3, 4, 5), numbers(2, 3, 3, 2, seed=1)
    same(
        right["Channels, kernel gradient 1"](dE_da=delta, x=x),
        channels_kernel_gradient(delta=delta, x=x),
    )
    same(
        right["Channels, input gradient 1"](dE_da=delta, W=W),
        channels_input_gradient(delta=delta, W=W),
    )


OUTCOMES = {
    "Convolution, forward": "it runs",
    "Kernel gradient": "differences: equal, largest difference below 1e-9; side 2",
    "Bias gradient": "differences: equal, largest difference below 1e-9; side 2",
    "Error signal": "it runs",
    "Input gradient": "central differences: NOT EQUAL",
    "ReLU": "it runs",
    "ReLU, forward": "it runs",
    "ReLU, backward": "it cannot be run: a is defined with 3 indices but derived with 1",
    "Max pooling, forward": "it cannot be run: the formula needs s",
    "Max pooling, backward": "it cannot be run: a is defined with 3 indices but derived with 1",
    "Channels, forward": "it cannot be run: a has 3 indices on the left side, but is read with 4",
    "Channels, kernel gradient": "it cannot be run: x was declared with 3 axes but is read with 2",
    "Channels, bias gradient": "differences: equal, largest difference below 1e-9; side 2",
    "Channels, input gradient": "differences: equal, largest difference below 1e-9; side 2",
}


def test_every_formula_was_tried():
    assert list(OUTCOMES) == list(PRINTED)


@pytest.mark.sweep
@pytest.mark.parametrize("title", PRINTED)
def test_what_came_of_running_a_formula_as_printed(title):
    assert OUTCOMES[title] in PRINTED[title].judge().outcome


@pytest.mark.parametrize("title", PRINTED)
def test_a_formula_is_found_in_a_chapter(title):
    assert PRINTED[title].chapter in CHAPTERS


WRONG_VERDICTS = {
    "called wrong, and holds": (
        replace(PRINTED["Kernel gradient"], outcome="unequal"),
        "the outcome stated is 'unequal', but side 1 against central differences: equal",
    ),
    "called right, and does not hold": (
        replace(PRINTED["Input gradient"], mistakes=()),
        "no mistake is stated, but side 1 against central differences: NOT EQUAL",
    ),
    "called right, and cannot be run": (
        replace(PRINTED["ReLU, backward"], mistakes=()),
        "no mistake is stated, but it cannot be run",
    ),
    "a mistake that is none": (
        replace(
            PRINTED["Input gradient"],
            mistakes=(
                replace(MISTAKES["Input gradient 1"], read=MISTAKES["Input gradient 1"].right),
            ),
        ),
        "But both formulas give 5",
    ),
}


@pytest.mark.parametrize("printed", PRINTED.values(), ids=PRINTED)
def test_what_can_be_read_is_run_on_numbers_and_the_rest_has_none(printed):
    try:
        Formula(printed.latex, **printed.shapes)
    except CnnMathError:
        assert printed.outcome == "refused"
        assert not printed.sample
    else:
        assert printed.sample


@pytest.mark.parametrize("name", WRONG_VERDICTS)
def test_a_verdict_that_is_not_confirmed_is_an_error(name):
    printed, message = WRONG_VERDICTS[name]
    with pytest.raises(VerdictError, match=message):
        printed.judge()


RECORD = judged.read()


@pytest.mark.sweep
@pytest.mark.parametrize("title", RECORD)
def test_a_verdict_is_the_one_on_record(title):
    assert list(judged.said(title)) == RECORD[title]


def test_every_verdict_is_on_record():
    assert list(RECORD) == [*PRINTED, "summary"]


def test_the_page_says_what_was_found():
    text = PRINTED["ReLU, backward"].judge()._repr_mimebundle_()
    assert "| (1, 1, 1) | (0, 0, 1) |" in text["text/markdown"]
    assert "ReLU, backward: one mistake" in text["text/plain"]
    table = summary()._repr_mimebundle_()["text/markdown"]
    assert table.count("\n| **") == len(PRINTED)
    for numbers_shown in NUMBERS.values():
        assert all(text in table for text in numbers_shown)
    assert "| (11, 11) as the text says | (101, 1010) |" in table
