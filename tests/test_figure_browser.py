"""The live figure in Chromium, on a page that is opened from disk with the network cut.

Here is what only a browser can show: what is drawn, and what pointer, finger, keyboard and screen
reader do. The numbers, and what lights up with them, are known without a page: tests/model/.

What is drawn on a canvas cannot be read, so the tests point, tap, type and look at what is
written below the arrays, at what the figure holds and, where drawing matters, at pixels.
"""

import axe
import numpy as np
import pytest
from figures import W, X, gradient, picture, plain, pooling, small_network, stride, versions

from cnnmath.catalogue import max_pooling
from cnnmath.explorer import explore
from cnnmath.explorer.live_figure import style

HEAD = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Figures</title>
<meta name="viewport" content="width=device-width"><style>body {{ margin: 8px }} {style}</style>
</head><body><main><h1>Figures</h1>{figures}</main><script>{script}</script></body></html>"""


@pytest.fixture
def open_page(browser, tmp_path, alive_page):
    """Opens a page with figures; fails if it asks for the network or throws an error."""
    pages, wrong = [], []

    def open_(*figures, script=None, **options):
        context = browser.new_context(offline=True, **options)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
        page.on(
            "request",
            lambda r: None if r.url.startswith(("file:", "blob:")) else wrong.append(r.url),
        )
        script = alive_page if script is None else script
        shown = "".join(figure.page() for figure in figures)
        text = HEAD.format(style=style(), figures=shown, script=script)
        file = tmp_path / f"page{len(pages)}.html"
        file.write_text(text, encoding="utf-8")
        page.goto(file.as_uri())
        pages.append(context)
        if script:
            page.wait_for_function("window.alive?.every((figure) => figure.scale)")
        return page

    yield open_
    for context in pages:
        context.close()
    assert wrong == []


def settle(page):
    """Let the next frame be drawn."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")


def spot(page, key, *place):
    """The middle of a cell on the page."""
    return page.evaluate(
        """([key, place]) => {
          const grid = alive[0].gridOf(key);
          const { row, column, plane } = grid.split(place);
          grid.canvases[plane].scrollIntoView({ block: "nearest" });
          const { left, top } = grid.canvases[plane].getBoundingClientRect();
          const [x, y] = grid.corner(row, column);
          return [left + x + grid.cellWidth / 2, top + y + grid.cellHeight / 2];
        }""",
        [key, list(place)],
    )


def hover(page, key, *place):
    page.mouse.move(*spot(page, key, *place))
    settle(page)


def click(page, key, *place):
    page.mouse.click(*spot(page, key, *place))
    settle(page)


def line(page):
    settle(page)
    return page.locator(".cx-sum").inner_text()


def message(page):
    return page.locator(".cx-message").inner_text()


def arrays(page):
    found = page.evaluate(
        """() => Object.entries(alive[0].model.arrays).map(([name, { shape, data }]) =>
             [name, shape, Array.from(data)])"""
    )
    return {name: np.reshape(numbers, shape) for name, shape, numbers in found}


def pixels(page, key, plane=0, cell=None):
    """What is drawn of a plane of an array, or of one of its cells."""
    return page.evaluate(
        """([key, plane, cell]) => {
          const grid = alive[0].gridOf(key);
          const canvas = grid.canvases[plane];
          let box = [0, 0, canvas.width, canvas.height];
          if (cell) box = [...grid.corner(...cell), grid.cellWidth, grid.cellHeight];
          return canvas.getContext("2d").getImageData(...box).data.join();
        }""",
        [key, plane, cell],
    )


def focus(page, key):
    page.evaluate("(key) => alive[0].gridOf(key).focusable.focus()", key)
    settle(page)


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)
    settle(page)


# ---- pointing ----------------------------------------------------------------------------------


def test_pointing_at_a_result_writes_its_sum(open_page):
    page = open_page(plain())
    hover(page, "a", 0, 0, 1)
    assert line(page) == "a[0, 0, 1] = 1·2 + 0·0 + 2·1 + (−1)·3 + 1 = 2"
    page.mouse.move(1, 1)
    assert "Point at a cell" in line(page)


def test_what_is_lit_is_drawn_until_the_pointer_leaves(open_page):
    page = open_page(plain())
    shown = [("x", 0), ("W", 0), ("W", 1), ("b", 0), ("a", 0), ("a", 1)]
    before = [pixels(page, *plane) for plane in shown]
    hover(page, "a", 0, 0, 1)
    after = [pixels(page, *plane) for plane in shown]
    changed = [plane for plane, one, two in zip(shown, before, after, strict=True) if one != two]
    assert changed == [("x", 0), ("W", 0), ("b", 0), ("a", 0)]  # of the other kernel nothing
    page.mouse.move(1, 1)
    settle(page)
    assert [pixels(page, *plane) for plane in shown] == before


def test_each_number_has_the_colour_of_its_symbol(open_page):
    page = open_page(plain())
    hover(page, "a", 1, 1, 2)
    colours = page.evaluate(
        """() => {
          const colour = (selector) => getComputedStyle(document.querySelector(selector)).color;
          return ["x", "W", "b"].map((name) => [
            colour(`[title^="${name}["]`),
            colour(`.cx-formula [data-name="${name}"]`),
          ]);
        }"""
    )
    assert len({number for number, _ in colours}) == 3
    assert all(number == symbol for number, symbol in colours)


def test_what_is_read_outside_is_drawn_beside_its_array(open_page):
    page = open_page(gradient())
    beside = [[-1, 0], [0, -1]]
    before = [pixels(page, "delta", 0, cell) for cell in beside]
    hover(page, "dE_dx", 0, 0)
    assert "(−1)·0" in line(page)
    for cell, pixel in zip(beside, before, strict=True):
        assert pixels(page, "delta", 0, cell) != pixel


def test_pointing_at_an_input_says_where_it_goes(open_page):
    page = open_page(plain())
    hover(page, "x", 1, 1)
    text = line(page)
    assert text.startswith("x[1, 1] = 1 goes into a[0, 0, 0] times (−1), a[0, 0, 1] times 2,")
    assert text.count("times") == 8


def test_click_pins_and_escape_lets_go(open_page):
    page = open_page(plain())
    click(page, "a", 1, 0, 0)
    page.mouse.move(1, 1)
    assert line(page).startswith("a[1, 0, 0] =")
    hover(page, "a", 0, 1, 1)
    assert line(page).startswith("a[0, 1, 1] =")
    page.mouse.move(1, 1)
    assert line(page).startswith("a[1, 0, 0] =")
    press(page, "Escape")
    assert "Point at a cell" in line(page)
    click(page, "a", 1, 0, 0)
    click(page, "a", 1, 0, 0)
    page.mouse.move(1, 1)
    page.evaluate("document.activeElement.blur()")
    assert "Point at a cell" in line(page)


def test_a_figure_can_start_with_a_pinned_cell(open_page):
    page = open_page(plain(at=("a", (0, 0, 1))))
    assert line(page).endswith("= 2")


def test_symbol_and_array_light_each_other(open_page):
    page = open_page(plain())
    page.locator('.cx-formula [data-name="W"]').hover()
    named = "() => [...document.querySelectorAll('.cx-named')].map((e) => e.tagName)"
    assert page.evaluate(named) == ["mstyle", "SECTION"]
    assert page.evaluate("alive[0].gridOf('W').node.classList.contains('cx-named')")
    hover(page, "x", 0, 0)
    symbol = page.locator('.cx-formula [data-name="x"]')
    assert "cx-named" in symbol.get_attribute("class")


def test_long_sums_fold(open_page):
    page = open_page(picture())
    page.locator("select[aria-label^=Brush]").select_option("no brush")
    click(page, "a", 3, 10, 10)
    page.mouse.move(1, 1)
    assert "… 14 more" in line(page)
    assert line(page).count("·") == 12
    # A finger takes its time: between down and up the focus moves, and a frame is drawn.
    page.get_by_role("button", name="14 more").hover()
    page.mouse.down()
    settle(page)
    page.mouse.up()
    assert "more" not in line(page)
    assert line(page).count("·") == 25
    page.mouse.move(1, 1)
    assert line(page).count("·") == 25
    hover(page, "a", 3, 10, 11)
    assert "… 14 more" in line(page)


def test_long_sums_unfold_by_keyboard(open_page):
    page = open_page(picture())
    focus(page, "a")  # and nothing is pinned
    press(page, "Tab")
    assert page.evaluate("document.activeElement.textContent") == "… 14 more"
    assert line(page).startswith("a[0, 0, 0]")
    press(page, "Enter")
    assert line(page).count("·") == 25
    assert page.evaluate("document.activeElement === alive[0].gridOf('a').focusable")
    focus(page, "a")
    press(page, "ArrowRight", "Tab", "Tab")  # on, out of the sum
    assert "Point at a cell" in line(page)


def test_touch(open_page):
    page = open_page(plain(), has_touch=True)
    page.touchscreen.tap(*spot(page, "a", 0, 0, 1))
    assert line(page).endswith("= 2")
    page.touchscreen.tap(*spot(page, "x", 0, 1))
    settle(page)
    page.get_by_role("button", name="More").tap()
    assert arrays(page)["x"][0, 1] == 3
    assert page.evaluate("alive[0].gridOf('x').canvases[0].style.touchAction") == "none"
    assert page.evaluate("alive[0].gridOf('W').canvases[0].style.touchAction") == "manipulation"


# ---- keyboard and screen reader ----------------------------------------------------------------


def test_by_keyboard_alone(open_page):
    page = open_page(plain())
    for _ in range(30):
        press(page, "Tab")
        if page.evaluate("document.activeElement === alive[0].gridOf('a').focusable"):
            break
    assert line(page).startswith("a[0, 0, 0]")
    press(page, "ArrowRight", "ArrowDown")
    assert line(page).startswith("a[0, 1, 1]")
    press(page, "PageDown")
    assert line(page).startswith("a[1, 1, 1]")
    press(page, "Home", "ArrowLeft")  # over the edge, to the plane before
    assert line(page).startswith("a[0, 1, 2]")
    press(page, "ArrowRight", "ArrowUp", "End", "ArrowRight")  # nothing lies beyond the last
    assert line(page).startswith("a[1, 0, 2]")
    press(page, "Enter")
    page.evaluate("document.activeElement.blur()")
    assert line(page).startswith("a[1, 0, 2]")


def test_keys_edit(open_page):
    page = open_page(plain())
    focus(page, "x")
    press(page, "ArrowRight", "+", "+", "-", "+")
    assert arrays(page)["x"][0, 1] == 4
    press(page, "7", ".", "5", "Enter")
    assert arrays(page)["x"][0, 1] == 7.5
    assert page.evaluate("document.activeElement === alive[0].gridOf('x').focusable")
    press(page, "ArrowRight", "F2")
    page.keyboard.type("-0,25")
    press(page, "Enter")
    assert arrays(page)["x"][0, 2] == -0.25
    press(page, "Control+z")
    assert arrays(page)["x"][0, 2] == 0
    press(page, "3", "Escape")
    assert arrays(page)["x"][0, 2] == 0


def test_a_screen_reader_hears_the_sum(open_page):
    page = open_page(plain())
    focus(page, "a")
    live = page.locator("[aria-live=polite]")
    page.wait_for_function("document.querySelector('[aria-live]').textContent")
    assert live.inner_text() == "a[0, 0, 0] = 1·1 + 0·2 + 2·0 + (−1)·1 + 1 = 1"
    active = page.evaluate("document.activeElement.getAttribute('aria-activedescendant')")
    assert page.locator(f"#{active}").inner_text() == "a[0, 0, 0] = 1"
    press(page, "ArrowRight")
    after = page.evaluate("document.activeElement.getAttribute('aria-activedescendant')")
    assert after != active
    assert page.locator(f"#{after}").inner_text() == "a[0, 0, 1] = 2"
    assert page.get_by_role("grid", name="a, the output of the convolution, 2 × 2 × 3").count() == 1
    assert page.get_by_role("group", name="Live figure: A kernel slides.").count() == 1


# ---- changing numbers --------------------------------------------------------------------------


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
    for text in ("abc", ""):
        field.fill(text)
        press(page, "Enter")
        assert f"“{text}” is no number: x[0, 0] stays 1." in message(page)
        assert field.get_attribute("aria-invalid") == "true"
    np.testing.assert_array_equal(arrays(page)["x"], X)
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
    assert message(page) == "x is read at the index 0.5, which is no whole number."
    page.evaluate("alive[0].follow({ arrays: { x: { shape: [1], data: [1] } } })")
    assert message(page) == "x has the shape 4, not 1."
    np.testing.assert_array_equal(arrays(page)["y"], [1, 3])
    press(page, "+", "-")
    assert message(page) == ""


def test_presets_shuffle_undo_reset(open_page):
    page = open_page(plain(presets={"W": {"ones": np.ones((2, 2, 2))}}))
    page.get_by_label("Presets for W, the kernels").select_option("ones")
    np.testing.assert_array_equal(arrays(page)["W"], np.ones((2, 2, 2)))
    page.get_by_role("button", name="Shuffle").click()
    assert not np.array_equal(arrays(page)["x"], X)
    page.get_by_role("button", name="Undo").click()
    np.testing.assert_array_equal(arrays(page)["x"], X)
    page.get_by_role("button", name="Reset").click()
    np.testing.assert_array_equal(arrays(page)["W"], W)
    for _ in range(3):  # once more than there is to undo: no error
        page.get_by_role("button", name="Undo").click()
    np.testing.assert_array_equal(arrays(page)["W"], W)
    assert message(page) == ""


def test_painting(open_page):
    page = open_page(picture())
    before = arrays(page)
    page.mouse.move(*spot(page, "x", 1, 1))
    page.mouse.down()
    page.mouse.move(*spot(page, "x", 1, 20), steps=12)
    page.mouse.up()
    after = arrays(page)
    assert (after["x"][1, 1:21] == 1).sum() >= 10
    page.get_by_role("button", name="Undo").click()
    np.testing.assert_array_equal(arrays(page)["x"], before["x"])
    page.get_by_label("Brush").select_option("black brush")
    page.mouse.click(*spot(page, "x", 8, 10))
    assert arrays(page)["x"][8, 10] == 0


def test_copy(open_page):
    page = open_page(plain(), permissions=["clipboard-read", "clipboard-write"])
    page.evaluate("alive[0].edit('x', [[0, 0]], -0.1)")
    page.get_by_role("button", name="Copy").click()
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
    page.get_by_role("button", name="Copy").click()
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


# ---- playing, checking, comparing --------------------------------------------------------------


def test_play_pause_step_and_slider(open_page):
    page = open_page(plain())
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
    assert line(page) == "a[0, 1] = max(2, 0, 1, 3) = 3"
    assert page.locator(".cx-winner").all_inner_texts() == ["3"]
    hover(page, "x", 1, 2)
    assert line(page).startswith("x[1, 2] = 3 goes into a[0, 1] (wins), a[0, 2] (wins), a[1, 1]")
    assert line(page).endswith("Its gradient: ∂E/∂x[1, 2] = 0")
    hover(page, "x", 0, 0)
    assert "a[0, 0] (loses)" in line(page)
    hover(page, "dE_dx", 0, 1)
    assert line(page).startswith("∂E/∂x[0, 1] = ∂E/∂a[0, 0] = 1")


def test_the_winner_of_a_large_window_is_not_folded_away(open_page):
    x = np.arange(25.0).reshape(5, 5)
    page = open_page(explore(max_pooling, x=x, l=5, q=1))
    hover(page, "a", 0, 0)
    assert "… 12 more, 24) = 24" in line(page)
    assert page.locator(".cx-winner").all_inner_texts() == ["24"]


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


# ---- the page ----------------------------------------------------------------------------------


def test_twenty_figures_do_nothing_until_seen(open_page):
    page = open_page(*[plain() for _ in range(20)])
    alive = page.evaluate("alive.length")
    assert alive <= 4
    assert page.locator("canvas").count() == alive * 6
    assert page.locator(".cnnmath-figure table").count() > 0  # the others stand still
    page.locator(".cnnmath-figure").last.scroll_into_view_if_needed()
    page.wait_for_function(f"alive.length > {alive}")


def test_without_scripts_tables_stand_there(open_page):
    page = open_page(plain(), script="", java_script_enabled=False)
    assert page.locator("table").count() == 1 + 2 + 1 + 2
    assert page.get_by_text("A kernel slides.").is_visible()
    assert page.locator("td").first.inner_text() == "1"


def test_the_page_below_does_not_jump(open_page):
    page = open_page(plain())
    height = "document.querySelector('.cx').offsetHeight"
    hover(page, "x", 1, 1)  # the longest text
    tall = page.evaluate(height)
    for place in [(0, 0), (1, 1), (2, 2), (1, 1)]:
        hover(page, "x", *place)
        assert page.evaluate(height) == tall
    page.mouse.move(1, 1)
    settle(page)
    assert page.evaluate(height) == tall


def test_gradients_stand_below_their_arrays(open_page):
    page = open_page(small_network(), viewport={"width": 700, "height": 3000})
    pairs = [("x", "dE_dx"), ("W", "dE_dW"), ("b", "dE_db"), ("a", "dE_da"), ("a", "delta")]
    corner = """(key) => { const { left, top, right } =
      alive[0].gridOf(key).node.getBoundingClientRect(); return [left, top, right]; }"""
    for above, below in [*pairs, ("h", "dE_dh"), ("p", "dE_dp")]:
        left, top, _ = page.evaluate(corner, above)
        left_too, lower, _ = page.evaluate(corner, below)
        assert left == left_too
        assert top < lower
    rights = [page.evaluate(corner, key) for key in ("x", "W", "b")]
    assert rights == sorted(rights)
    focus(page, "p")
    page.set_viewport_size({"width": 320, "height": 3000})
    settle(page)
    page.set_viewport_size({"width": 700, "height": 3000})
    settle(page)
    assert [page.evaluate(corner, key) for key in ("x", "W", "b")] == rights


@pytest.mark.parametrize("width", [320, 400, 1280])
def test_nothing_sticks_out(open_page, width):
    figures = plain(), gradient(), picture(), small_network()
    page = open_page(*figures, viewport={"width": width, "height": 6000})
    page.wait_for_function("alive.length === 4")
    page.evaluate(
        """() => alive.forEach((figure) => {
          const { key, formula } = figure.model.formulas.at(-1);
          figure.hold(key, formula.shape.map(() => 0));
        })"""
    )
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    clipped = page.evaluate(
        """() => [...document.querySelectorAll(".cx-grid")]
             .filter((grid) => grid.scrollWidth > grid.clientWidth + 1).length"""
    )
    assert clipped == 0


def test_the_theme_of_the_page_is_followed(open_page):
    page = open_page(plain(), color_scheme="dark")
    dark = "document.querySelector('.cx').classList.contains('cx-dark')"
    assert page.evaluate(dark)
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    page.wait_for_function(f"!{dark}")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_function(dark)
    page.evaluate("delete document.documentElement.dataset.theme")
    page.evaluate("document.body.dataset.jpThemeLight = 'true'")
    page.wait_for_function(f"!{dark}")


@pytest.mark.parametrize(("scheme", "width"), [("light", 800), ("dark", 320)])
def test_axe_finds_nothing(open_page, scheme, width):
    figures = plain(at=("x", (0, 0))), gradient(), picture(), small_network()
    page = open_page(*figures, color_scheme=scheme, viewport={"width": width, "height": 7000})
    page.wait_for_function("alive.length === 4")
    page.evaluate("alive[1].hold('dE_dx', [0, 0]); alive[1].say('A sentence.')")
    if scheme == "dark":
        page.add_style_tag(content="body { background: #14181e; color: #e6edf3 }")
    settle(page)
    assert axe.findings(page) == []


# ---- JupyterLab --------------------------------------------------------------------------------


def test_the_widget_and_python_follow_each_other(open_page, alive_widget):
    """The module that JupyterLab loads, with a model as JupyterLab gives it one."""
    e = plain()
    page = open_page(script="")
    state = {"state": e.state, "arrays": e.get_state("arrays")["arrays"]}
    page.evaluate(
        """async ([module, state]) => {
          const url = URL.createObjectURL(new Blob([module], { type: "text/javascript" }));
          const widget = (await import(url)).default;
          const listeners = new Set();
          window.saved = [];
          window.model = {
            get: (name) => state[name],
            set: (name, value) => {
              state[name] = value;
              for (const listener of listeners) listener();
            },
            save_changes: () => window.saved.push(JSON.parse(JSON.stringify(state.arrays))),
            on: (_, listener) => listeners.add(listener),
            off: (_, listener) => listeners.delete(listener),
          };
          window.listeners = listeners;
          const el = document.createElement("div");
          window.leave = widget.render({ model: window.model, el });
          document.querySelector("main").append(el); // JupyterLab, too, does so afterwards
        }""",
        [alive_widget, state],
    )
    page.wait_for_function("alive[0].scale")
    page.evaluate("alive[0].edit('x', [[0, 0]], 5)")
    (sent,) = page.evaluate("saved")
    e.set_state({"arrays": sent})
    assert e.arrays["x"][0, 0] == 5
    e.arrays["W"] = W + 1
    page.evaluate("(arrays) => model.set('arrays', arrays)", e.get_state("arrays")["arrays"])
    np.testing.assert_array_equal(arrays(page)["W"], W + 1)
    assert len(page.evaluate("saved")) == 1  # what comes from Python is not sent back
    page.evaluate("leave()")
    assert page.evaluate("listeners.size") == 0
