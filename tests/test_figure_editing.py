"""Changing numbers in a live figure in Chromium, playing, and what is written meanwhile."""

import numpy as np
from figure_page import arrays, click, focus, hover, line, message, more_tools, press, settle, spot
from figures import (
    RELU,
    W,
    X,
    gradient,
    picture,
    plain,
    pooling,
    small_network,
    stepping,
    stride,
    versions,
)

from cnnmath.catalogue import max_pooling
from cnnmath.explorer import explore, predict

# ---- changing numbers ---------------------------------------------------------------------------


def test_drag_up_and_down(open_page):
    page = open_page(plain())
    x, y = spot(page, "x", 0, 0)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 20, steps=3)
    page.mouse.move(x, y - 48, steps=4)
    page.mouse.up()
    assert arrays(page)["x"][0, 0] == 5
    page.get_by_role("button", name="Undo").click()  # one drag is one step
    assert arrays(page)["x"][0, 0] == 1
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 24, steps=4)
    page.mouse.up()
    assert arrays(page)["x"][0, 0] == -1


def test_decimals_move_by_tenths_and_with_shift_by_hundredths(open_page):
    page = open_page(explore(RELU, x=[[0.5, 1]]))
    x, y = spot(page, "x", 0, 1)
    for shift, up, expected in [(False, 24, 1.2), (True, 24, 1.22)]:
        page.mouse.move(x, y)
        page.mouse.down()
        if shift:
            page.keyboard.down("Shift")
        page.mouse.move(x, y - up, steps=3)
        page.mouse.up()
        assert arrays(page)["x"][0, 1] == expected
    page.keyboard.up("Shift")
    focus(page, "x")
    press(page, "-")
    assert arrays(page)["x"][0, 1] == 1.12


def test_a_result_cannot_be_changed(open_page):
    page = open_page(plain())
    before = arrays(page)
    x, y = spot(page, "a", 0, 0, 1)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 48, steps=4)
    page.mouse.up()
    click(page, "a", 0, 0, 1)
    assert page.locator(".cx-editor").is_hidden()
    press(page, "+", "7", "F2", "q", "Enter")
    assert message(page) == ""
    for name, array in arrays(page).items():
        np.testing.assert_array_equal(array, before[name])


def test_a_given_cell_that_is_clicked_twice_can_still_be_edited(open_page):
    page = open_page(plain())
    click(page, "x", 0, 0)
    click(page, "x", 0, 0)
    page.mouse.move(1, 1)
    settle(page)
    assert page.get_by_label("x[0, 0] =").input_value() == "1"
    page.get_by_role("button", name="More: x[0, 0]").click()
    page.get_by_role("button", name="More: x[0, 0]").click()
    page.get_by_role("button", name="Less: x[0, 0]").click()
    settle(page)
    assert page.get_by_label("x[0, 0] =").input_value() == "2"
    press(page, "Escape")
    assert page.locator(".cx-editor").is_hidden()


def test_the_keyboard_goes_on_from_the_cell_that_was_clicked(open_page):
    page = open_page(plain())
    click(page, "x", 1, 1)
    press(page, "ArrowRight", "9", "Enter")
    assert arrays(page)["x"][1, 2] == 9


def test_a_click_may_slip(open_page):
    page = open_page(plain())
    x, y = spot(page, "x", 0, 0)
    for slip, expected in [(4, 1), (12, 2)]:
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x, y - slip, steps=2)
        page.mouse.up()
        settle(page)
        assert page.get_by_label("x[0, 0] =").input_value() == str(expected)


def test_what_was_typed_is_taken_over_when_the_field_is_left(open_page):
    page = open_page(plain())
    click(page, "x", 0, 0)
    page.get_by_label("x[0, 0] =").fill("12")
    press(page, "Tab")
    assert arrays(page)["x"][0, 0] == 12


def test_keys_with_control_or_alt_are_left_to_the_browser(open_page):
    page = open_page(plain())
    focus(page, "x")
    untouched = page.evaluate(
        """(keys) => keys.map((key) => document.activeElement.dispatchEvent(
             new KeyboardEvent("keydown", { cancelable: true, bubbles: true, ...key })))""",
        [
            {"key": "ArrowDown", "altKey": True},
            {"key": "s", "ctrlKey": True},
            {"key": "ArrowDown"},
            {"key": "z", "metaKey": True},
        ],
    )
    assert untouched == [True, True, False, False]


def test_what_is_typed_survives_a_stray_pointer(open_page):
    page = open_page(plain())
    click(page, "x", 0, 0)
    page.get_by_label("x[0, 0] =").fill("12")
    hover(page, "a", 0, 0, 0)
    assert line(page).startswith("a[0, 0, 0]")
    press(page, "Enter")
    assert arrays(page)["x"][0, 0] == 12


def test_a_letter_is_no_number(open_page):
    page = open_page(plain())
    click(page, "x", 0, 0)
    field = page.get_by_label("x[0, 0] =")
    for text, why in ("abc", "“abc” is no number"), ("", "Nothing is typed"):
        field.fill(text)
        press(page, "Enter")
        assert message(page) == f"{why}: x[0, 0] stays 1."
        assert field.get_attribute("aria-invalid") == "true"
    np.testing.assert_array_equal(arrays(page)["x"], X)
    field.fill("abc")
    page.get_by_role("button", name="More: x[0, 0]").click()
    settle(page)
    assert field.input_value() == "2"  # what is typed goes when the number changes otherwise
    page.evaluate("alive[0].undo()")
    settle(page)
    assert field.input_value() == "1"
    field.fill("1,234")
    press(page, "Enter")
    assert message(page) == "“1,234” could be 1.234 or 1234: x[0, 0] stays 1."
    field.fill("3")
    press(page, "Enter")
    assert message(page) == ""
    press(page, "q")
    assert "“q” is no number" in message(page)
    assert arrays(page)["x"][0, 0] == 3


def test_what_is_refused_is_said_in_a_sentence(open_page):
    page = open_page(stride())
    focus(page, "s")
    press(page, "2", "Enter")
    np.testing.assert_array_equal(arrays(page)["y"], [1, 3])
    press(page, "0", ".", "5", "Enter")
    said = page.get_by_role("alert")
    assert said.inner_text() == "x is read at the index 0.5, which is no whole number."
    traits = "{ arrays: { x: { shape: [1], data: [1] } }, sizes: {} }"
    page.evaluate(f"alive[0].follow({traits}, 'arrays')")
    assert message(page) == "x has the shape 4, not 1."
    np.testing.assert_array_equal(arrays(page)["y"], [1, 3])
    press(page, "+", "-")
    assert message(page) == ""


def test_presets_shuffle_undo_reset(open_page):
    page = open_page(plain(presets={"W": {"ones": np.ones((2, 2, 2))}}))
    menu = page.get_by_label("Presets for W, the kernels")
    menu.select_option("ones")
    settle(page)
    assert menu.input_value() == "ones"  # as long as it stands there
    np.testing.assert_array_equal(arrays(page)["W"], np.ones((2, 2, 2)))
    more_tools(page)
    page.get_by_role("button", name="Shuffle").click()
    settle(page)
    assert menu.input_value() == ""
    assert not np.array_equal(arrays(page)["x"], X)
    page.get_by_role("button", name="Undo").click()
    np.testing.assert_array_equal(arrays(page)["x"], X)
    page.get_by_role("button", name="Reset").click()
    np.testing.assert_array_equal(arrays(page)["W"], W)
    undo, redo = (page.get_by_role("button", name=name) for name in ("Undo", "Redo"))
    for _ in range(2):
        undo.click()
    settle(page)
    np.testing.assert_array_equal(arrays(page)["W"], W)
    assert undo.is_disabled()
    redo.click()
    settle(page)
    np.testing.assert_array_equal(arrays(page)["W"], np.ones((2, 2, 2)))
    assert undo.is_enabled()
    assert message(page) == ""


def test_painting(open_page):
    page = open_page(picture())
    before = arrays(page)
    click(page, "x", 1, 1)
    np.testing.assert_array_equal(arrays(page)["x"], before["x"])  # pointing changes nothing
    page.get_by_text("Draw", exact=True).click()
    page.mouse.move(*spot(page, "x", 1, 1))
    page.mouse.down()
    page.mouse.move(*spot(page, "x", 1, 20), steps=2)  # however fast, no cell is left out
    page.mouse.up()
    after = arrays(page)
    assert (after["x"][1, 1:21] == 1).all()
    page.get_by_role("button", name="Undo").click()
    np.testing.assert_array_equal(arrays(page)["x"], before["x"])
    page.get_by_text("Erase", exact=True).click()
    page.mouse.click(*spot(page, "x", 8, 10))
    assert arrays(page)["x"][8, 10] == 0


def test_with_a_finger_one_scrolls_unless_one_draws(open_page):
    page = open_page(picture(), has_touch=True, is_mobile=True)
    action = "alive[0].gridOf('x').canvases[0].style.touchAction"
    assert page.evaluate(action) == "manipulation"  # a finger scrolls
    before = arrays(page)["x"]
    page.touchscreen.tap(*spot(page, "x", 3, 3))
    np.testing.assert_array_equal(arrays(page)["x"], before)
    page.get_by_text("Draw", exact=True).tap()
    settle(page)
    assert page.evaluate(action) == "none"
    page.touchscreen.tap(*spot(page, "x", 4, 4))
    assert arrays(page)["x"][4, 4] == 1
    assert "Point at a cell" not in line(page)  # what was tapped before stays pinned


def test_a_finger_drags_a_number_of_the_array_that_was_tapped(open_page):
    page = open_page(plain(), has_touch=True)
    touch = page.context.new_cdp_session(page)

    def drag(*place):
        x, y = spot(page, "x", *place)
        for kind, up in [("touchStart", 0), ("touchMove", 12), ("touchMove", 24)]:
            points = [{"x": x, "y": y - up}]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        settle(page)

    drag(0, 0)
    np.testing.assert_array_equal(arrays(page)["x"], X)
    page.touchscreen.tap(*spot(page, "x", 1, 1))
    settle(page)
    drag(0, 0)
    assert arrays(page)["x"][0, 0] == X[0, 0] + 2


def test_shuffle_leaves_pictures_alone(open_page):
    page = open_page(picture())
    before = arrays(page)
    more_tools(page)
    page.get_by_role("button", name="Shuffle").click()
    after = arrays(page)
    np.testing.assert_array_equal(after["x"], before["x"])
    assert not np.array_equal(after["W"], before["W"])


def test_copy(open_page):
    page = open_page(plain(), permissions=["clipboard-read", "clipboard-write"])
    page.evaluate("alive[0].edit('x', [[0, 0]], -0.1)")
    more_tools(page)
    page.get_by_role("button", name="Copy the arrays").click()
    page.wait_for_function("document.querySelector('.cx-message').textContent")
    code = page.evaluate(
        "navigator.clipboard.readText().catch(() => document.querySelector('textarea').value)"
    )
    assert code.startswith("import numpy as np")
    assert "x = np.array([[-0.1, 2, 0, 1]" in code
    assert message(page) == "Copied as NumPy code."


def test_copy_without_a_clipboard(open_page):
    page = open_page(plain())
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    more_tools(page)
    page.get_by_role("button", name="Copy the arrays").click()
    assert (
        page.get_by_role("textbox", name="The arrays as NumPy code")
        .input_value()
        .startswith("import numpy")
    )


def test_an_edit_is_drawn_in_the_next_frame(open_page):
    page = open_page(plain())
    pixel = """() => { const grid = alive[0].gridOf("a"); const c = grid.canvases[0];
      return [...c.getContext("2d").getImageData(4, 4, 1, 1).data]; }"""
    before = page.evaluate(pixel)
    page.evaluate("alive[0].edit('b', [[0]], -20)")
    settle(page)
    assert page.evaluate(pixel) != before


# ---- playing, checking, comparing ---------------------------------------------------------------


def test_play_pause_step_and_slider(open_page):
    page = open_page(plain())
    more_tools(page)
    page.get_by_role("button", name="Step").click()
    assert line(page).startswith("a[0, 0, 0]")
    page.get_by_role("button", name="Step").click()
    assert line(page).startswith("a[0, 0, 1]")
    slider = page.get_by_role("slider")
    slider.fill("7")
    assert line(page).startswith("a[1, 0, 1]")
    assert slider.get_attribute("aria-valuetext") == "a[1, 0, 1]"
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("document.querySelector('.cx-sum').innerText.startsWith('a[1, 1, 0]')")
    page.get_by_role("button", name="Pause").click()
    assert page.get_by_role("button", name="Play").count() == 1
    assert page.evaluate("alive[0].player.playing") is None


def test_what_is_gone_through_is_the_result_whose_cell_was_pinned_last(open_page):
    page = open_page(small_network())
    more_tools(page)
    slider = page.get_by_role("slider")
    assert slider.get_attribute("aria-label").startswith("Position in dE_dx")
    click(page, "h", 0, 5, 4)
    more_tools(page)  # a click outside has closed them
    assert slider.get_attribute("aria-valuetext") == "h[0, 5, 4]"
    step = page.get_by_role("button", name="Step")
    step.click()
    assert line(page).startswith("h[0, 5, 5] =")
    step.click()  # behind the last comes the first
    assert line(page).startswith("h[0, 0, 0] =")
    assert slider.input_value() == "0"


def test_escape_and_a_click_on_a_cell_end_playing(open_page):
    page = open_page(plain())
    play = page.get_by_role("button", name="Play")
    play.click()
    press(page, "Escape")
    assert page.evaluate("alive[0].player.playing") is None
    play.click()
    click(page, "x", 0, 0)
    assert page.evaluate("alive[0].player.playing") is None
    assert play.count() == 1


def test_a_figure_that_is_taken_away_stops_playing(open_page):
    page = open_page(plain())
    page.get_by_role("button", name="Play").click()
    page.evaluate("alive[0].destroy()")
    assert page.evaluate("alive[0].player.playing") is None


def test_large_results_are_gone_through_faster(open_page):
    paces = []
    for figure in (plain(), picture()):
        page = open_page(figure)
        page.evaluate("window.setInterval = (_, pace) => { window.pace = pace; return 1; }")
        page.get_by_role("button", name="Play").click()
        paces.append(page.evaluate("window.pace"))
    assert paces[0] > 2 * paces[1]


def test_playing_keeps_calm_for_those_who_ask(open_page):
    page = open_page(plain(), reduced_motion="reduce")
    page.evaluate("window.setInterval = (_, pace) => { window.pace = pace; return 1; }")
    page.get_by_role("button", name="Play").click()
    assert page.evaluate("window.pace") >= 2000
    moving = "() => document.getAnimations().length"
    assert page.evaluate(moving) == 0


def test_a_gradient_stands_above_its_finite_difference(open_page):
    page = open_page(gradient())
    hover(page, "dE_dx", 1, 2)
    value = f"{arrays(page)['dE_dx'][1, 2]:g}".replace("-", "−")
    assert line(page).endswith(f"finite difference of the forward formula: {value} ✓ equal")
    hover(page, "a", 0, 0, 0)
    assert "finite difference" not in line(page)


def test_a_finite_difference_names_the_layers_that_it_goes_through(open_page):
    page = open_page(small_network())
    hover(page, "dE_dW", 0, 1, 2)
    assert "finite difference through a → h → p: " in line(page)


def test_a_maximum_shows_its_winner(open_page):
    page = open_page(pooling())
    hover(page, "a", 0, 1)
    assert line(page).split("\n") == [
        "a[0, 1] = max(2, 0, 1, 3) = 3",
        "Its gradient: ∂E/∂a[0, 1] = 0",
    ]
    assert page.locator(".cx-winner").all_inner_texts() == ["3"]
    hover(page, "x", 1, 2)
    assert line(page).startswith("x[1, 2] = 3 goes into a[0, 1] (wins), a[0, 2] (wins), … 6 more")
    assert line(page).endswith("Its gradient: ∂E/∂x[1, 2] = 0")
    hover(page, "x", 0, 0)
    assert "a[0, 0] (loses)" in line(page)
    hover(page, "dE_dx", 0, 1)
    assert line(page).startswith("∂E/∂x[0, 1] = ∂E/∂a[0, 0] = 1")


def test_the_winner_of_a_large_window_is_not_folded_away(open_page):
    x = np.arange(25.0).reshape(5, 5)
    page = open_page(explore(max_pooling, x=x, l=5, q=1))
    hover(page, "a", 0, 0)
    assert line(page) == "a[0, 0] = max(s = 0: 4, s = 1: 9, s = 2: 14, s = 3: 19, s = 4: 24) = 24"
    assert page.locator(".cx-winner").all_inner_texts() == ["s = 4: 24"]


def test_sizes_stand_below_the_formulas(open_page):
    page = open_page(pooling())
    assert page.locator(".cx-sizes").inner_text() == "with l = 2, q = 1"


def test_two_versions_are_compared(open_page):
    page = open_page(versions())
    hover(page, "a (2)", 0, 0, 0)
    assert line(page) == "a[0, 0, 0] = 1·1 + 0·2 + 2·0 + (−1)·1 − 1 = −1"
    text = page.locator("[role=status]")
    assert text.inner_text() == "a: the versions differ in 12 of 12 cells, by up to 2."
    for bias, sentence in [
        (0, "a: the versions differ in 6 of 12 cells, by up to 2."),
        (1, "a: the versions agree in all 12 cells."),
    ]:
        page.evaluate("(place) => alive[0].edit('b', [[place]], 0)", bias)
        settle(page)
        assert text.inner_text() == sentence


# ---- steps of learning --------------------------------------------------------------------------


def test_steps_are_taken_by_keyboard_and_can_be_undone(open_page):
    asked = predict(stepping(), at=("E", ()), ask="How large is the error?")
    page = open_page(asked)
    step = page.get_by_role("button", name="Take a step: W becomes Ŵ")
    outcome = page.locator(".cx-outcome")
    assert step.is_disabled()  # it would tell what is asked
    assert outcome.inner_text() == "A step: W becomes Ŵ."
    page.get_by_role("button", name="I don’t know").click()
    settle(page)
    before = arrays(page)["W"]
    step.focus()
    press(page, "Enter", "Enter", "Space")
    assert outcome.inner_text().startswith("3 steps, E: ")
    trail = [float(one) for one in outcome.inner_text()[12:-1].split(" → ")]
    assert trail == sorted(trail, reverse=True)
    assert len(trail) == 4
    # With a rate beyond the limit the error grows, until a step leads too far.
    for _ in range(3):
        page.get_by_role("button", name="Undo").click()
    settle(page)
    assert (arrays(page)["W"] == before).all()
    click(page, "eta")
    page.locator(".cx-editor input").fill("1e30")
    page.keyboard.press("Enter")
    step.focus()
    press(page, *["Enter"] * 12)
    assert "no finite number" in message(page)
