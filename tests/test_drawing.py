"""Strokes become pictures as those of MNIST: their size, their place, their ink."""

import json
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT, run_node

from cnnmath.data import mnist
from cnnmath.errors import ArrayValueError, ShapeError
from cnnmath.network.drawing import as_digit

DRAWN = json.loads((ROOT / "tests/drawn_digits.json").read_text("utf-8"))


def span(picture):
    """How many rows and columns have ink."""
    inked = picture[0] > 0.5
    return [np.ptp(np.flatnonzero(inked.any(axis=axis))) + 1 for axis in (1, 0)]


def mass(picture):
    """Row and column of the centre of mass."""
    return [(picture[0] * axis).sum() / picture.sum() for axis in np.mgrid[:28, :28]]


def test_seventy_digits_are_drawn_by_seven_hands():
    assert [(one["hand"], one["digit"]) for one in DRAWN] == [
        (hand, digit) for hand in "abcdefg" for digit in range(10)
    ]
    shapes = {json.dumps(one["strokes"]) for one in DRAWN}
    assert len(shapes) == 70


def test_a_drawing_is_as_large_and_as_centred_as_the_digits_of_mnist():
    for one in DRAWN:
        picture = as_digit(one["strokes"])
        assert picture.shape == (1, 28, 28)
        assert picture.dtype == np.float32
        assert (picture.min(), picture.max()) == (0, 1)
        assert max(span(picture)) in (20, 21)
        np.testing.assert_allclose(mass(picture), 13.5, atol=0.75)


def test_there_is_about_as_much_ink_as_in_mnist():
    drawn = np.stack([as_digit(one["strokes"]) for one in DRAWN])
    learnt = mnist()[0].images
    assert drawn.mean() == pytest.approx(learnt.mean(), rel=0.1)


@pytest.mark.parametrize("change", [lambda p: 0.2 * p, lambda p: p + 1000, lambda p: 3 * p - 5])
def test_size_and_place_of_a_drawing_do_not_matter(change):
    strokes = DRAWN[3]["strokes"]
    moved = [change(np.array(stroke)) for stroke in strokes]
    np.testing.assert_allclose(as_digit(moved), as_digit(strokes), atol=1e-6)


def test_a_line_across_is_a_bar_of_the_pen_s_width():
    picture = as_digit([[(0, 50), (100, 50)]])
    assert span(picture) == [2, 20]  # of 2.5 pixels, with soft edges
    np.testing.assert_allclose(picture, picture[:, ::-1], atol=1e-6)
    np.testing.assert_allclose(picture, picture[:, :, ::-1], atol=1e-6)


def test_x_goes_to_the_right_and_y_goes_down():
    corner = as_digit([[(0, 0), (0, 100), (40, 100)]])[0]  # an L
    assert corner[:14, :14].sum() > 2 * corner[:14, 14:].sum()
    assert corner[14:, 14:].sum() > 2 * corner[:14, 14:].sum()


def test_a_dot_is_a_dot_and_nothing_is_nothing():
    dot = as_digit([[(7, 9)]])
    assert 4 < dot.sum() < 9
    np.testing.assert_allclose(as_digit([[(7, 9), (7, 9)], []]), dot)
    assert not as_digit([]).any()
    assert not as_digit([[]]).any()


def test_the_browser_makes_the_same_pictures():
    dot, line = [[7, 9]], [[0, 50], [100, 50]]
    drawn = [one["strokes"] for one in DRAWN]
    strokes = [*drawn, [dot], [dot + dot, []], [line, dot], [], [[]]]
    pictures = run_node(Path(__file__).with_name("digit_vectors.mjs"), strokes)
    for found, one in zip(pictures, strokes, strict=True):
        np.testing.assert_allclose(found, as_digit(one).ravel(), atol=1e-6)


@pytest.mark.parametrize(
    ("strokes", "error", "words"),
    [
        ([[1, 2]], ShapeError, r"points \(x, y\), got .* \(2,\)"),
        ([[(1, 2, 3)]], ShapeError, r"points \(x, y\), got .* \(1, 3\)"),
        ([[(1, np.nan)]], ArrayValueError, "finite coordinates"),
        ([[("a", 2)]], ArrayValueError, "strokes"),
    ],
)
def test_what_is_no_stroke(strokes, error, words):
    with pytest.raises(error, match=words):
        as_digit(strokes)
