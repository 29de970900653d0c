"""The live figure in Chromium, on a page that is opened from disk with the network cut.

Here is what only a browser can show: what is drawn, and what pointer, finger, keyboard and screen
reader do. The numbers, and what lights up with them, are known without a page: tests/model/.

What is drawn on a canvas cannot be read, so the tests point, tap, type and look at what is
written below the arrays, at what the figure holds and, where drawing matters, at pixels.
"""

import axe
import numpy as np
import pytest
from figure_page import arrays, click, focus, hover, line, message, pixels, press, settle, spot
from figures import gradient, moving, picture, plain, small_network

# ---- pointing -----------------------------------------------------------------------------------


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
    assert text.count("times") == 2
    assert text.endswith("… 6 more")
    page.evaluate("alive[0].edit('x', [[1, 1]], 0.164900009557)")  # as single precision has it
    settle(page)
    assert line(page).startswith("x[1, 1] = 0.1649 goes into")


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


def test_the_keyboard_takes_over_from_a_pointer_that_lies_still(open_page):
    page = open_page(plain())
    focus(page, "x")
    hover(page, "a", 0, 1, 1)
    assert line(page).startswith("a[0, 1, 1] =")
    press(page, "ArrowRight")
    assert line(page).startswith("x[0, 1] =")
    hover(page, "a", 0, 0, 0)
    assert line(page).startswith("a[0, 0, 0] =")
    page.mouse.move(1, 1)
    assert line(page).startswith("x[0, 1] =")


def test_a_figure_can_start_with_a_pinned_cell(open_page):
    page = open_page(plain(at=("a", (0, 0, 1))))
    assert line(page).endswith("= 2")


def test_symbol_and_array_light_each_other(open_page):
    page = open_page(plain())
    page.locator('.cx-formulas [data-name="W"]').hover()
    named = "() => [...document.querySelectorAll('.cx-named')].map((e) => e.tagName)"
    assert page.evaluate(named) == ["mstyle", "SECTION"]
    assert page.evaluate("alive[0].gridOf('W').node.classList.contains('cx-named')")
    hover(page, "x", 0, 0)
    symbols = page.locator('[data-name="x"]').all()  # above, and beside the sum
    assert len(symbols) == 2
    assert all("cx-named" in symbol.get_attribute("class") for symbol in symbols)


def test_long_sums_fold(open_page):
    page = open_page(picture())
    click(page, "a", 3, 10, 10)
    page.mouse.move(1, 1)
    rows = page.locator(".cx-more")
    assert [row.split()[:3] for row in rows.all_inner_texts()] == [
        ["s", "=", f"{s}:"] for s in range(5)
    ]
    assert line(page).count("·") == 0
    # A finger takes its time: between down and up the focus moves, and a frame is drawn.
    rows.nth(2).hover()
    page.mouse.down()
    settle(page)
    page.mouse.up()
    assert line(page).count("·") == 5
    assert "s = 2: " in line(page)
    page.mouse.move(1, 1)
    assert line(page).count("·") == 5
    hover(page, "a", 3, 10, 11)
    assert line(page).count("·") == 0


def test_long_sums_unfold_by_keyboard(open_page):
    page = open_page(picture())
    focus(page, "a")  # and nothing is pinned
    for _ in range(10):
        press(page, "Tab")
        if page.evaluate("document.activeElement.textContent").startswith("s = 0"):
            break
    assert line(page).startswith("a[0, 0, 0]")
    press(page, "Enter")
    assert line(page).count("·") == 5
    assert page.evaluate("document.activeElement === alive[0].gridOf('a').focusable")
    focus(page, "a")
    press(page, "ArrowRight")
    assert line(page).startswith("a[0, 0, 1]")
    assert line(page).count("·") == 0


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


# ---- keyboard and screen reader -----------------------------------------------------------------


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
    press(page, "Enter", "Enter", " ")  # pins, lets go, pins
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


# ---- the page -----------------------------------------------------------------------------------


def test_twenty_figures_do_nothing_until_seen(open_page):
    page = open_page(*[plain() for _ in range(20)])
    alive = page.evaluate("alive.length")
    assert alive <= 4
    assert page.locator(".cx-grid canvas").count() == alive * 6
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
    page = open_page(small_network(), viewport={"width": 1280, "height": 800})
    pairs = [("x", "dE_dx"), ("W", "dE_dW"), ("b", "dE_db"), ("a", "dE_da"), ("a", "delta")]
    corner = """(key) => { const { left, top, right } =
      alive[0].gridOf(key).node.getBoundingClientRect(); return [left, top, right]; }"""
    for above, below in [*pairs, ("h", "dE_dh"), ("p", "dE_dp")]:
        left, top, _ = page.evaluate(corner, above)
        left_too, lower, _ = page.evaluate(corner, below)
        assert left == left_too
        assert top < lower
    rights = [page.evaluate(corner, key) for key in ("x", "W", "a", "h")]
    assert rights == sorted(rights)
    focus(page, "p")
    page.set_viewport_size({"width": 320, "height": 3000})
    settle(page)
    page.set_viewport_size({"width": 1280, "height": 800})
    settle(page)
    assert [page.evaluate(corner, key) for key in ("x", "W", "a", "h")] == rights


@pytest.mark.sweep
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
             .filter((grid) => grid.scrollWidth > grid.clientWidth + 1
               || grid.scrollHeight > grid.clientHeight).length"""
    )
    assert clipped == 0  # or a desktop would show a bar that scrolls by a pixel beside each array


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


@pytest.mark.sweep
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


# ---- JupyterLab ---------------------------------------------------------------------------------


def test_the_widget_and_python_follow_each_other(open_page, alive_widget):
    """The module that JupyterLab loads, with a model as JupyterLab gives it one."""
    e = moving()
    page = open_page(script="")
    state = e.get_state()
    page.evaluate(
        """async ([module, state]) => {
          const url = URL.createObjectURL(new Blob([module], { type: "text/javascript" }));
          const widget = (await import(url)).default;
          const listeners = new Map();
          window.saved = [];
          window.model = {
            get: (name) => state[name],
            set: (name, value) => {
              const before = state[name];
              state[name] = value;
              if (before === value) return; // as Backbone does
              for (const [listener, event] of listeners) if (event === `change:${name}`) listener();
            },
            save_changes: () => window.saved.push(JSON.parse(JSON.stringify(state))),
            on: (event, listener) => listeners.set(listener, event),
            off: (_, listener) => listeners.delete(listener),
          };
          window.listeners = listeners;
          const el = document.createElement("div");
          window.leave = widget.render({ model: window.model, el });
          document.querySelector("main").append(el); // JupyterLab, too, does so afterwards
        }""",
        [alive_widget, state],
    )
    page.wait_for_function("alive[0].width")
    page.evaluate("alive[0].edit('x', [[0, 0]], 5)")
    page.evaluate("alive[0].change(() => alive[0].model.resize({ m: 3 }))")
    for sent in page.evaluate("saved"):
        e.set_state({name: sent[name] for name in ("arrays", "sizes", "size_m", "size_n")})
    assert e.arrays["x"][0, 0] == 5
    assert e.arrays["W"].shape == (3, 2)
    assert e.sizes["m"] == 3
    e.sizes["n"] = 3
    e.arrays["W"] = np.arange(9).reshape(3, 3)
    for name in ("sizes", "arrays", "size_n"):  # in the order in which Python tells them
        page.evaluate("([name, now]) => model.set(name, now)", [name, e.get_state(name)[name]])
    np.testing.assert_array_equal(arrays(page)["W"], e.arrays["W"])
    np.testing.assert_array_equal(arrays(page)["a"], e.results["a"])
    assert message(page) == ""
    assert len(page.evaluate("saved")) == 2  # what comes from Python is not sent back
    # A slider that `jslink` links, without Python: as far as it goes, and back where it does not.
    page.evaluate("model.set('size_q', 2)")
    page.evaluate("model.set('size_m', 5)")
    e.set_state({name: page.evaluate("saved")[-1][name] for name in ("size_q", "arrays", "sizes")})
    assert (e.sizes["q"], e.size_q, e.sizes["m"]) == (2, 2, 3)
    assert page.evaluate("model.get('size_m')") == 3
    assert message(page).startswith("a would have no elements")
    np.testing.assert_array_equal(arrays(page)["a"], e.results["a"])
    page.evaluate("leave()")
    assert page.evaluate("listeners.size") == 0
