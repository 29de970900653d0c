"""Sizes that move, on a page: dragged, stepped, typed, and what the figure makes of it."""

import axe
import numpy as np
import pytest
from figure_page import arrays, click, focus, message, press, settle
from figures import moving, moving_network, small_network

from cnnmath.errors import CnnMathError


def scrubber(page, label):
    return page.get_by_role("spinbutton", name=label, exact=True)


def drag(page, number, *pixels):
    """Sideways from the middle of an element, by each of these distances in turn."""
    box = number.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for distance in pixels:
        page.mouse.move(x + distance, y, steps=4)
        settle(page)
    page.mouse.up()
    settle(page)


def agrees(page, e, **sizes):
    """The page shows what Python makes of these sizes."""
    e.sizes = sizes
    shown = arrays(page)
    for name, array in {**e.arrays, **e.results}.items():
        assert shown[name].shape == array.shape, name
        np.testing.assert_allclose(shown[name], array, rtol=1e-9, atol=1e-12, err_msg=name)


def test_a_size_is_dragged_sideways_a_step_every_ten_pixels(open_page):
    page = open_page(moving())
    stride = scrubber(page, "q, the stride")
    drag(page, stride, 9, 21)
    assert stride.inner_text() == "3"
    assert stride.get_attribute("aria-valuenow") == "3"
    agrees(page, moving(), q=3)
    page.get_by_role("button", name="Undo").click()  # one drag is one step
    settle(page)
    assert stride.inner_text() == "1"
    page.get_by_role("button", name="Redo").click()
    agrees(page, moving(), q=3)
    page.get_by_role("button", name="Reset").click()
    agrees(page, moving(), q=1)


def test_a_size_is_scrubbed_beside_its_array_too(open_page):
    page = open_page(moving())
    rows = scrubber(page, "size m of W")
    drag(page, rows, 10)  # one drag, while the array is made anew
    agrees(page, moving(), m=3)
    page.get_by_role("button", name="Undo").click()
    settle(page)
    drag(page, rows, -10, 10)
    agrees(page, moving(), m=3)
    page.get_by_role("button", name="Undo").click()
    agrees(page, moving(), m=2)
    rows.focus()
    press(page, "ArrowDown", "ArrowUp", "ArrowUp")
    agrees(page, moving(), m=3)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_size_stands_out_in_the_title_of_what_is_chosen(open_page, scheme):
    page = open_page(moving(at=("W", (0, 0))), color_scheme=scheme)
    drawn = page.evaluate(
        """() => [".cx-named .cx-title", ".cx-named .cx-title .cx-scrubbed"].map((css) => {
             const { color, backgroundColor } = getComputedStyle(document.querySelector(css));
             return [color, backgroundColor];
           })"""
    )
    assert drawn[0] == drawn[1]


def test_a_letter_of_the_formula_is_dragged(open_page):
    page = open_page(moving())
    letters = page.locator(".cx-formulas .cx-drag:not(.cx-scrubbed)")
    assert set(letters.all_text_contents()) == {"q", "P", "m", "n"}
    drag(page, letters.filter(has_text="q").first, 10)
    agrees(page, moving(), q=2)
    drag(page, letters.filter(has_text="m").first, 10)
    agrees(page, moving(), q=2, m=3)


def test_keys_step_and_type_a_size(open_page):
    page = open_page(moving())
    n, padding = scrubber(page, "size n"), scrubber(page, "size P")
    padding.focus()
    for key, value in [
        ("ArrowRight", 1), ("ArrowUp", 2), ("ArrowUp", 2), ("ArrowDown", 1), ("ArrowLeft", 0),
        ("PageUp", 2), ("Home", 0), ("End", 2), ("1", 1), ("PageDown", 0), ("2", 2),
    ]:  # fmt: skip
        press(page, key)
        assert padding.get_attribute("aria-valuenow") == str(value), key
        assert message(page) == ""
    press(page, "Tab", "Tab", "3")
    assert n.get_attribute("aria-valuenow") == "3"
    agrees(page, moving(), P=2, n=3)
    press(page, "Control+z")
    agrees(page, moving(), P=2)
    press(page, "Control+Shift+Z", "Control+Z", "Control+y")  # the second with Caps Lock
    agrees(page, moving(), P=2, n=3)


def test_a_size_of_two_digits_waits_for_the_second(open_page):
    ranges = {"M": (3, 12)}
    page = open_page(small_network(sizes=ranges))
    height = scrubber(page, "M, the size of the input")
    height.focus()
    press(page, "1")
    assert height.inner_text() == "1"
    assert height.get_attribute("aria-valuenow") == "8"
    press(page, "0")
    agrees(page, small_network(sizes=ranges), M=10)
    press(page, "1", "Enter")
    assert message(page) == "M moves from 3 to 12 in this figure: it cannot be 1."
    assert height.inner_text() == "10"


def test_what_is_impossible_stops_at_the_last_good_size_and_says_why(open_page):
    page = open_page(moving())
    e = moving()
    with pytest.raises(CnnMathError) as refused:
        e.sizes = {"m": 4}
    drag(page, scrubber(page, "size m"), 60)
    assert message(page) == f"{refused.value}."
    agrees(page, e, m=3)
    press(page, "5")
    assert scrubber(page, "size m").inner_text() == "3"
    assert "no elements" not in message(page)
    assert "a would have shape" in message(page)


def test_the_pinned_cell_stays_while_it_exists(open_page):
    page = open_page(moving())
    click(page, "a", 1, 2)
    padding = scrubber(page, "size P")
    padding.focus()
    press(page, "2")
    assert page.locator(".cx-sum").inner_text().startswith("a[1, 2] =")
    focus(page, "x")
    page.mouse.move(1, 1)
    scrubber(page, "size m").focus()
    press(page, "5")
    scrubber(page, "q, the stride").focus()
    press(page, "3")
    assert page.evaluate("alive[0].pinned") is None
    assert "Point at a cell" in page.locator(".cx-sum").inner_text()


def test_the_keyboard_stays_on_its_array_when_sizes_are_undone(open_page):
    page = open_page(moving())
    scrubber(page, "size m").focus()
    press(page, "3")
    focus(page, "W")
    press(page, "ArrowDown", "Control+z", "7", "Enter")
    assert arrays(page)["W"].tolist() == [[1, 0], [7, -1]]


def test_a_finger_taps_a_size_and_gets_buttons(open_page):
    page = open_page(
        moving(), viewport={"width": 375, "height": 800}, has_touch=True, is_mobile=True
    )
    stride = scrubber(page, "q, the stride")
    more = page.get_by_role("button", name="More: q, the stride")
    assert more.is_hidden()
    stride.tap()
    for target in (stride, more):
        box = target.bounding_box()
        assert min(box["width"], box["height"]) >= 44
    more.tap()
    settle(page)
    agrees(page, moving(), q=2)
    page.get_by_role("button", name="Less: q, the stride").tap()
    settle(page)
    agrees(page, moving(), q=1)


def test_a_network_follows_its_sizes(open_page):
    figure = moving_network()
    page = open_page(figure)
    for label, key in [
        ("m, the size of the kernel", "2"),
        ("M, the size of the input", "9"),
        ("size l", "3"),
        ("size q", "1"),
    ]:
        scrubber(page, label).focus()
        press(page, key)
    agrees(page, figure, m=2, M=9, l=3, q=1)


@pytest.mark.sweep
@pytest.mark.parametrize("width", [375, 1280])
def test_axe_finds_nothing(open_page, width):
    page = open_page(moving(), viewport={"width": width, "height": 900})
    assert axe.findings(page) == []
