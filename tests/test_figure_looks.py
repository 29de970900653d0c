"""How a live figure is drawn in Chromium: colours, numbers, headings, sizes."""

import numpy as np
import pytest
from figure_page import focus, hover, line, pixels, settle
from figures import RELU, picture, plain, pooling, small_network, versions
from test_colours import SLATE, filled

from cnnmath.catalogue import cross_entropy, softmax
from cnnmath.colours import ROLES
from cnnmath.explorer import explore
from cnnmath.formula import Formula

PAPER = "255,255,255"


def ground(page, key, plane, row, column):
    """The colour of a cell, three pixels from its corner."""
    return page.evaluate(
        """([key, plane, row, column]) => {
          const grid = alive[0].gridOf(key);
          const [x, y] = grid.corner(row, column);
          const pen = grid.canvases[plane].getContext("2d");
          return [...pen.getImageData(x + 3, y + 3, 1, 1).data.slice(0, 3)].join();
        }""",
        [key, plane, row, column],
    )


def test_the_largest_number_has_the_strongest_colour_and_zero_the_palest(open_page):
    page = open_page(explore(RELU, x=[[-4, 0, 2], [4, -2, 1]]))
    assert ground(page, "x", 0, 0, 1) == PAPER
    for key, row, column, hue, share in [
        ("x", 1, 0, ROLES["input"].light, 1),
        ("x", 0, 2, ROLES["input"].light, 0.5),
        ("x", 0, 0, SLATE["light"], 1),
        ("y", 1, 0, ROLES["output"].light, 1),
    ]:
        found = np.array(ground(page, key, 0, row, column).split(","), dtype=float)
        np.testing.assert_allclose(found, filled("#ffffff", hue, share), atol=1.5)


def keys(page):
    return [" ".join(text.split()) for text in page.locator(".cx-key").all_inner_texts()]


def test_each_role_has_one_scale_which_the_key_says(open_page):
    page = open_page(plain())
    assert keys(page) == ["x: 0 3", "W: −2 2", "b: −1 1", "a: 0 5"]
    page.evaluate("alive[0].edit('b', [[0]], -20)")
    settle(page)
    assert keys(page)[2] == "b: −20 20"


def test_what_is_far_smaller_has_a_scale_of_its_own(open_page):
    small = Formula(r"y_i = \frac{a_i}{100}", a="N")
    page = open_page(explore(small, a=[1, 2, 3]))
    assert keys(page) == ["a: 0 3", "y: 0 0.03"]  # they play one role


def test_the_ink_of_a_picture_is_1(open_page):
    third = Formula(r"y_{ij} = \frac{x_{ij}}{3}", x="M N")
    page = open_page(explore(third, x=[[0, 0.25, 0.5]], images=("x",)))
    assert keys(page)[0] == "x: 0 1"
    assert ground(page, "x", 0, 0, 0) == PAPER


def test_the_place_of_a_winner_has_no_colour(open_page):
    page = open_page(pooling())
    assert ground(page, "omega", 0, 0, 0) == PAPER
    assert page.evaluate("alive[0].gridOf('omega').array.data[0]") > 0
    assert not any("ω" in key for key in keys(page))


def test_a_class_that_is_looked_up_has_no_colour(open_page):
    figure = explore(softmax, cross_entropy, z=[1, 3, 2], y=2)
    page = open_page(figure)
    assert ground(page, "y", 0, 0, 0) == PAPER
    assert keys(page)[:2] == ["z: 0 3", "p: 0 0.665"]


def test_what_is_not_finite_is_written_and_does_not_count_for_the_scale(open_page):
    quotient = Formula(r"y_i = \frac{x_i}{z_i}", x="N", z="N")
    page = open_page(explore(quotient, x=[0, 1, 2], z=[0, 0, 1]))
    assert keys(page) == ["x: 0 2", "z: 0 1", "y: 0 2"]
    nothing, endless, two = [ground(page, "y", 0, 0, column) for column in range(3)]
    assert nothing == PAPER
    assert endless == two != PAPER
    for place, text in enumerate(("NaN", "∞", "2")):
        hover(page, "y", place)
        assert line(page).endswith(f" = {text}")


def test_small_arrays_show_numbers_and_large_ones_are_pictures(open_page):
    page = open_page(picture())
    assert len(set(pixels(page, "W", 0, [2, 2]).split(","))) > 4  # a number stands there
    colours = np.array(pixels(page, "x", 0, [10, 13]).split(","), dtype=int).reshape(-1, 4)
    assert len(np.unique(colours, axis=0)) == 1


def test_it_is_drawn_sharp_on_a_fine_screen(open_page):
    page = open_page(plain(), device_scale_factor=2)
    sizes = page.evaluate(
        """() => alive[0].grids.flatMap((grid) => grid.canvases).map((canvas) =>
             [canvas.width / canvas.offsetWidth, canvas.height / canvas.offsetHeight])"""
    )
    assert sizes == [[2, 2]] * 6


def test_each_array_has_its_symbol_its_size_and_an_arrow_if_it_is_calculated(open_page):
    page = open_page(small_network())
    titles = page.evaluate(
        """() => alive[0].grids.map(({ key, title }) =>
             [key, title.textContent, getComputedStyle(title, "::before").content])"""
    )
    found = {key: (text, arrow.strip('"')) for key, text, arrow in titles}
    assert found["x"] == ("x 8 × 8", "none")
    assert found["p"] == ("p 1 × 3 × 3", "→ ")
    assert found["dE_dx"][1] == "← "
    assert found["dE_dx"][0].endswith(" 8 × 8")


def test_each_plane_has_its_index_and_a_first_index_its_row(open_page):
    twice = Formula(r"y_{kcij} = 2 x_{kcij}", x="K C M N")
    page = open_page(explore(twice, x=np.ones((2, 3, 2, 2))))
    rows = page.evaluate(
        """() => [...alive[0].gridOf("x").focusable.querySelectorAll(".cx-planes")].map((row) =>
             [...row.querySelectorAll(".cx-index")].map((index) => index.textContent))"""
    )
    assert rows == [[f"({k}, {c})" for c in range(3)] for k in range(2)]


def test_versions_are_labelled_and_their_differences_are_dashed(open_page):
    page = open_page(versions())
    assert page.locator(".cx-formulas .cx-label").all_inner_texts() == ["convolution:", "wrong:"]
    sizes = page.locator(".cx-result .cx-size").all_inner_texts()
    assert [size.strip() for size in sizes] == ["convolution, 2 × 2 × 3", "wrong, 2 × 2 × 3"]
    dashed = pixels(page, "a", 0, [0, 0])
    page.evaluate("alive[0].edit('b', [[0]], 0)")  # with it the first kernel's versions agree
    page.evaluate("alive[0].edit('x', [[0, 0]], 2)")  # and a[0, 0, 0] is 1 again
    settle(page)
    assert page.evaluate("alive[0].model.arrays.a.data[0]") == 1
    assert pixels(page, "a", 0, [0, 0]) != dashed
    focus(page, "a (2)")
    reader = page.evaluate("alive[0].gridOf('a (2)').reader.textContent")
    assert reader == "a[0, 0, 0] = 1"
    for _ in range(2):
        page.keyboard.press("PageDown")
    settle(page)
    reader = page.evaluate("alive[0].gridOf('a (2)').reader.textContent")
    assert reader.startswith("a[1, 0, 0] = ") and reader.endswith(", differs")


def test_an_exponent_is_raised_in_the_sum(open_page):
    page = open_page(explore(Formula("y_i = x_i^n + 1", x="N", n=""), x=[2, 3], n=2))
    hover(page, "y", 1)
    assert page.locator(".cx-term sup").first.inner_text() == "2"


@pytest.mark.parametrize(("count", "groups"), [(16, 0), (17, 4)])
def test_a_sum_folds_where_it_would_be_too_long(open_page, count, groups):
    total = Formula(r"y = \sum_i x_i", x="N")
    page = open_page(explore(total, x=np.ones(count)))
    hover(page, "y")
    assert page.locator(".cx-more").count() == groups
    assert line(page).count("1 +") == (count - 1 if not groups else 0)
    if groups:
        assert line(page) == "y = i = 0…4: 5 + i = 5…9: 5 + i = 10…14: 5 + i = 15…16: 2 = 17"


def test_a_term_that_is_longer_than_a_line_goes_on_in_the_next(open_page):
    share = Formula(r"w_s = \frac{e^{\beta x_s}}{\sum_u e^{\beta x_u}}", x="N", beta="")
    figure = explore(share, x=[0.5, -1.5, 2.5, 1.5], beta=-1.25)
    page = open_page(figure, viewport={"width": 375, "height": 900})
    hover(page, "w", 0)
    heights = page.locator(".cx-term, .cx-term .cx-leads").evaluate_all(
        "(parts) => parts.map((part) => part.getBoundingClientRect().height)"
    )
    assert heights[0] > 2 * heights[1]
    ends = "(all) => Math.max(...all.map((one) => one.getBoundingClientRect().right))"
    arrays = page.locator(".cx-stage").evaluate_all(ends)
    assert page.locator(".cx-term, .cx-leads").evaluate_all(ends) <= arrays


def test_a_long_list_of_results_folds_too(open_page):
    page = open_page(versions(at=("x", (1, 1))))
    assert line(page).count("times") == 2
    page.get_by_role("button", name="… 14 more").click()
    assert line(page).count("times") == 10
    page.get_by_role("button", name="fewer, 6 are not listed").click()
    assert line(page).count("times") == 2


def test_a_symbol_keeps_its_colour_in_the_dark(open_page):
    page = open_page(plain(), color_scheme="dark")
    hover(page, "a", 0, 0, 0)
    number = "getComputedStyle(document.querySelector('[title^=\"x[\"]')).color"
    dark = page.evaluate(number)
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    page.wait_for_function(f"{number} !== '{dark}'")


def test_a_formula_that_is_too_wide_scrolls_by_keyboard(open_page):
    page = open_page(small_network(), viewport={"width": 320, "height": 900})
    reached = page.evaluate(
        """() => [...document.querySelectorAll(".cx-formula")].map((one) =>
             [one.scrollWidth > one.clientWidth + 1, one.getAttribute("tabindex") === "0"])"""
    )
    assert [wide for wide, _ in reached] == [within for _, within in reached]
    assert any(wide for wide, _ in reached) and not all(wide for wide, _ in reached)


def test_a_long_row_scrolls_within_itself(open_page):
    twice = Formula("y_i = 2 x_i", x="N")
    page = open_page(explore(twice, x=np.ones(100)), viewport={"width": 320, "height": 900})
    row = "alive[0].gridOf('x')"
    assert page.evaluate(f"{row}.cell") == 12
    assert page.evaluate(f"{row}.focusable.scrollWidth > {row}.focusable.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_narrow_cells_are_outlined_together(open_page):
    page = open_page(picture())
    cells = [[10, 10], [12, 12]]  # a corner of the window, and its middle
    before = [pixels(page, "x", 0, cell) for cell in cells]
    hover(page, "a", 0, 10, 10)
    corner, middle = [pixels(page, "x", 0, cell) for cell in cells]
    assert corner != before[0]
    assert middle == before[1]


def test_tools_are_not_printed(open_page):
    page = open_page(plain(at=("x", (0, 0))))
    hidden = page.locator(".cx-tools, .cx-editor")
    assert [one.is_visible() for one in hidden.all()] == [True, True]
    page.emulate_media(media="print")
    assert [one.is_visible() for one in hidden.all()] == [False, False]
    assert page.locator(".cx-sum").is_visible()
