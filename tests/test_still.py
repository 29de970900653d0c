"""What stands where no script runs: numbers as tables and pictures, curves as one picture."""

import base64
import io
import re

import numpy as np
import pytest
from figures import asked, asked_rectified
from PIL import Image
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from cnnmath.catalogue import elu, elu_gradient, relu, relu_gradient
from cnnmath.colours import colour_of
from cnnmath.explorer import curves, explore
from cnnmath.explorer.static_curves import ticks
from cnnmath.explorer.static_figure import ARRAYS, LARGEST_TABLE, MANY, PLANES, still
from cnnmath.pixels import png
from cnnmath.shared import DIVERGING
from tools import drawn

RECORD = drawn.RECORD.parent
CURVES = {
    "relu": lambda: curves((relu, relu_gradient), x=2, caption="A <jump>."),
    "elu": lambda: curves((elu, elu_gradient, {"alpha": 1.5}), x=-0.5, span=(-3, 1)),
}


def svg_of(page):
    data = re.search(r"data:image/svg\+xml;base64,([^\"]+)", page)[1]
    return base64.b64decode(data).decode().replace("><", ">\n<")


@pytest.mark.parametrize("name", CURVES)
def test_curves_without_a_script_are_those_on_record(name):
    assert svg_of(CURVES[name]().still()) == (RECORD / f"{name}.svg").read_text("utf-8")


def test_curves_without_a_script_are_told():
    told = CURVES["relu"]().still().split('" alt="')[1]
    said = "ReLU at x = 2 is 2, its slope 1"
    assert told == (
        f'Curves for x from -6 to 6: {said}." width="600"><p>{said}.</p><p>A &lt;jump&gt;.</p>'
    )


@pytest.mark.parametrize(
    ("low", "high", "most", "expected"),
    [
        (-6, 6, 12, [-6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6]),
        (-6.5, 6.5, 6, [-5, 0, 5]),
        (0, 1, 2, [0, 0.5, 1]),
        (0.1, 0.9, 4, [0.2, 0.4, 0.6, 0.8]),
        (0, 7, 0.5, [0]),
        (0, 10, 1, [0, 10]),
        (-300, 900, 6, [-200, 0, 200, 400, 600, 800]),
    ],
)
def test_ticks_are_round_and_about_as_many_as_there_is_room_for(low, high, most, expected):
    assert ticks(low, high, most) == pytest.approx(expected)


LOOK = {
    "colour": {"light": "#146fdc", "dark": "#adc9fc"},
    "symbol": "<math><mi>x</mi></math>",
    "words": "x, the <input>",
}
SYMBOL = '<span style="color:#146fdc"><math><mi>x</mi></math></span>'

SIDE_BY_SIDE = '<div style="display:flex;flex-wrap:wrap;gap:0 2em">'


def shown(array, images=(), hidden=None, formulas=()):
    given = {"x": np.asarray(array, dtype=float)}
    return still(formulas, given, {"x": LOOK}, images, ("A < b.", "Why?"), hidden or {})


def test_few_numbers_are_a_table():
    table = "<table><tr><td>1</td><td>0.3333</td></tr><tr><td>-2e-05</td><td>{}</td></tr></table>"
    assert (
        f"<p>{SYMBOL} the &lt;input&gt;, 2 × 2</p>"
        f"{SIDE_BY_SIDE}{table.format('7')}</div></div></div>"
        "<p>A &lt; b.</p><p>Why?</p>"
    ) in shown([[1, 1 / 3], [-2e-5, 7]])
    mask = {"x": np.array([[False, False], [False, True]])}
    assert table.format("?") in shown([[1, 1 / 3], [-2e-5, 7]], hidden=mask)
    one = "<table><tr><td>5</td></tr></table>"
    assert f", a number</p>{SIDE_BY_SIDE}{one}</div>" in shown(5)
    assert f", 1</p>{SIDE_BY_SIDE}{one}</div>" in shown([5])
    assert f", 2 × 1 × 1</p>{SIDE_BY_SIDE}{one}{one.replace('5', '6')}</div>" in shown(
        [[[5]], [[6]]]
    )


def test_a_formula_stands_above_its_arrays_each_symbol_in_its_colour():
    e = explore(relu, x=[[1, -2]], caption="One.")
    page = e.still()
    formula, arrays = page.split("<table>", 1)
    for name in ("x", "h"):
        colour = colour_of(name).light
        assert f'<mstyle style="color:{colour}"><mrow><mi>{name}</mi>' in formula
        assert f'<span style="color:{colour}"><math' in page
        assert f'[style*="color:{colour}"]){{color:{colour_of(name).dark}!important}}' in arrays
    assert "data-" not in formula
    assert r'<div class="cx-latex">\[h_{ij} = \max(0, x_{ij})\]</div>' in formula
    assert "<details>" not in page


@pytest.mark.parametrize("make", [lambda: explore(relu, x=[[1, -2]]), CURVES["relu"]])
def test_how_it_comes_to_life_is_told(make):
    told = "Run the cell, and this figure can be touched. If it cannot then, reload the page"
    assert told in make().page()


def test_many_formulas_are_in_a_fold():
    formula = '<math><mstyle data-name="x"><mrow><mi>x</mi></mrow></mstyle></math>'
    assert "<details>" not in shown(1, formulas=[(formula, "x")] * (MANY - 1))
    page = shown(1, formulas=[(formula, "x")] * MANY)
    assert f"<summary>The {MANY} formulas</summary><div" in page


def test_of_many_arrays_the_further_ones_are_in_a_fold():
    page, fold = (
        still((), dict.fromkeys(map("x {}".format, range(n)), np.ones(1)), {"x": LOOK}, (), (), {})
        for n in (ARRAYS, ARRAYS + 2)
    )
    assert "<details>" not in page
    shown, folded = fold.split("<details><summary>2 further arrays</summary>")
    assert [part.count("<table>") for part in (shown, folded)] == [ARRAYS, 2]


def test_a_second_version_of_a_result_is_told_from_the_first():
    said = explore(relu, relu, x=[[1, -2]], caption="Two.").still()
    assert re.search(r"</span> (the [^<(,]*), 1 × 2</p>", said)
    assert re.search(r"</span> \(2\) (the [^<(,]*), 1 × 2</p>", said)


def pictures(page):
    found = [base64.b64decode(data) for data in re.findall(r"image/png;base64,([^\"]+)", page)]
    return [np.asarray(Image.open(io.BytesIO(one)).convert("RGB"), float) for one in found]


@pytest.mark.parametrize("shape", [(3, 5), (3, 5, 3)])
def test_a_picture_has_the_pixels_that_it_is_made_of(shape):
    pixels = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    kind, _, data = png(pixels).partition(",")
    assert kind == "data:image/png;base64"
    picture = Image.open(io.BytesIO(base64.b64decode(data)))
    assert picture.format == "PNG"
    np.testing.assert_array_equal(np.asarray(picture), pixels)


def test_many_numbers_are_a_picture():
    assert LARGEST_TABLE == 200
    assert pictures(shown(np.ones((10, 20)))) == []
    page = shown(np.ones((3, 67)))
    (picture,) = pictures(page)
    assert picture.shape == (3, 67, 3)
    assert 'alt="x, 3 × 67 numbers as a picture" width="240" ' in page
    several = pictures(shown(np.ones((2, 2, 10, 11))))
    assert [one.shape for one in several] == [(10, 11, 3)] * 4


def test_of_many_planes_the_first_are_shown_and_how_many_more_there_are():
    for array, shape in [(np.ones((2, 3, 2, 2)), "<table>"), (np.ones((16, 8, 5, 5)), "<img")]:
        page = shown(array)
        assert page.count(shape) == PLANES == 4
        assert f"<p>… {array.shape[0] * array.shape[1] - 4} more</p></div></div>" in page
    assert page.count('width="80"') == 4
    assert " more" not in shown(np.ones((2, 2, 2, 2)))


def test_signed_numbers_are_coloured_by_their_share_of_the_largest():
    numbers = np.linspace(-8, 4, 300).reshape(10, 30)
    low, middle, high = (
        np.array([int(DIVERGING["light"][end][at : at + 2], 16) for at in (1, 3, 5)])
        for end in ("low", "middle", "high")
    )
    share = numbers[..., None] / 8
    expected = np.where(
        share < 0, middle + (middle - low) * share, middle + (high - middle) * share
    )
    (picture,) = pictures(shown(numbers))
    np.testing.assert_array_equal(picture, np.rint(expected))
    numbers[0, :3] = np.nan, np.inf, -np.inf
    numbers[9, 29] = 64  # which is hidden, and so no largest
    mask = np.zeros(numbers.shape, bool)
    mask[9, 29] = True
    (picture,) = pictures(shown(numbers, hidden={"x": mask}))
    np.testing.assert_array_equal(picture[0, 0], middle)
    np.testing.assert_array_equal(picture[0, 1], high)
    np.testing.assert_array_equal(picture[0, 2], low)
    np.testing.assert_array_equal(picture[9, 29], middle)
    largest = abs(numbers[0, 3])
    np.testing.assert_array_equal(picture[0, 3], low)
    near = middle + (high - middle) * numbers[9, 28] / largest
    np.testing.assert_array_equal(picture[9, 28], np.rint(near))
    (blank,) = pictures(shown(np.zeros((1, 300))))
    assert (blank == middle).all()


def test_an_image_is_grey_from_0_to_1():
    numbers = np.linspace(-0.5, 1.5, 300).reshape(10, 30)
    (picture,) = pictures(shown(numbers, images=("x",)))
    expected = np.rint(255 * np.clip(numbers, 0, 1))
    np.testing.assert_array_equal(picture, np.repeat(expected[..., None], 3, axis=2))


def test_what_is_asked_is_not_told():
    found = still_tables(asked())
    assert found[-1].split() == ["1", "0", "-1", "0", "4", "?", "-2", "1", "4", "0", "-1", "0"]
    assert "How large is the gradient of the pixel" in asked().still()
    assert set(still_tables(asked_rectified())[-1].split()) == {"?"}


def still_tables(figure):
    """The numbers of each table, as text."""
    tables = HTMLParser(figure.still()).css("table")
    return [table.text(separator=" ") for table in tables]
