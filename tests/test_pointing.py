"""Links of the text that light a cell, and addresses that hold a figure's state, in Chromium."""

import numpy as np
import pytest
from docutils import nodes
from docutils.utils import new_document
from figure_page import arrays, click, line, message, pixels, press, settle
from figures import W, X, asked, gradient, moving, plain

from cnnmath.catalogue import convolution
from cnnmath.explorer import explore
from tools.pointing_links import MarkLinks, coloured, mistakes


class Text:
    """Text of a page between two figures."""

    def __init__(self, text):
        self.text = text

    def page(self):
        return f"<p>{self.text}</p>"


def link(target, text="the 5 in row 0", kind="cx-points"):
    return f'<a class="reference internal {kind}" href="{target}">{text}</a>'


FIVE = link("#a[0,0,2]")


# ---- links --------------------------------------------------------------------------------------


def test_a_link_lights_its_cell_while_it_is_pointed_at_or_has_the_focus(open_page):
    page = open_page(plain(), Text(f"Look at {FIVE}."))
    dark = pixels(page, "a", 0)
    page.get_by_role("link").hover()
    assert line(page).startswith("a[0, 0, 2] = ")
    assert pixels(page, "a", 0) != dark
    page.mouse.move(1, 1)
    assert "Point at a cell" in line(page)
    assert pixels(page, "a", 0) == dark
    page.get_by_role("link").focus()
    assert line(page).startswith("a[0, 0, 2] = ")
    page.get_by_role("link").blur()
    assert "Point at a cell" in line(page)


def test_what_a_link_leads_to_is_edited_and_keeps_the_focus(open_page):
    page = open_page(plain(), Text(link("#x[1,2]")))
    page.get_by_role("link").click()
    settle(page)
    page.locator(".cx-editor input").fill("7")
    page.keyboard.press("Enter")
    assert line(page).startswith("x[1, 2] = 7 goes into")
    assert arrays(page)["x"][1, 2] == 7


def test_a_link_that_is_followed_pins_its_cell(open_page):
    page = open_page(plain(), Text(FIVE))
    page.get_by_role("link").click()
    page.mouse.move(1, 1)
    page.get_by_role("link").blur()
    assert line(page).startswith("a[0, 0, 2] = ")
    press(page, "Escape")
    page.get_by_role("link").focus()
    press(page, "Enter")
    assert page.evaluate("alive[0].pinned") == {"key": "a", "place": [0, 0, 2]}
    assert page.evaluate("location.hash") == ""  # the history does not grow


def test_a_link_means_the_figure_above_or_the_one_that_it_names(open_page):
    named = explore(convolution, x=X, W=[[[1]]], b=[0], name="small")
    page = open_page(
        plain(), Text(link("#x[0,0]", "above")), named, Text(link("#b[1]", "none there")),
        Text(link("#small:x[1,1]", "named")),
    )  # fmt: skip
    page.get_by_role("link", name="above").click()
    page.get_by_role("link", name="named").click()
    pinned = page.evaluate("alive.map((figure) => figure.pinned)")
    assert pinned == [{"key": "x", "place": [0, 0]}, {"key": "x", "place": [1, 1]}]


def test_a_link_wakes_its_figure_and_brings_it_into_the_window(open_page):
    space = Text('<span style="display: block; height: 9000px"></span>')
    page = open_page(plain(), space, Text(FIVE), viewport={"width": 800, "height": 600})
    page.get_by_role("link").click()
    settle(page)
    top = page.locator(".cx").bounding_box()["y"]
    assert -600 < top < 600
    assert page.evaluate("alive[0].pinned.key") == "a"


def test_a_link_to_a_number_that_is_asked_tells_nothing(open_page):
    page = open_page(asked(), Text(link("#dE_dx[1,1]")))
    page.get_by_role("link").hover()
    assert line(page) == (
        "∂E/∂x[1, 1] = ? It is not shown yet: “How large is the gradient of …” asks for it."
    )


def test_other_links_are_left_alone(open_page):
    page = open_page(plain(), Text('<a href="#there">there</a> <b id="there">here</b>'))
    page.get_by_role("link").click()
    assert page.evaluate("location.hash") == "#there"


def test_links_that_point_are_told_from_others_without_colour(open_page):
    page = open_page(plain(), Text(FIVE), color_scheme="light")
    style = "getComputedStyle(document.querySelector('a')).borderBottom"
    assert page.evaluate(style).startswith("2px dotted")


def test_links_are_marked_before_anchors_are_looked_for():
    def reference(uri):
        return nodes.reference("", "text", refuri=uri, id_link=True)

    document = new_document("a page")
    addresses = ["#x[0,2]", "#net:b[]", "#net.preset=no%20padding", "#a-heading"]
    document += [reference(one) for one in addresses]
    MarkLinks(document).apply()
    marked = [(one.get("id_link"), *one["classes"]) for one in document]
    assert marked == [(None, "cx-points"), (None, "cx-points"), (None, "cx-sets"), (True,)]


@pytest.mark.parametrize(
    ("target", "wrong"),
    [
        ("#x[0,2]", None),
        ("#x[2,3]", None),
        ("#a[1,1,2]", None),
        ("#small:x[0,0]", None),
        ("#x[3,0]", "the figure has no cell #x[3,0]: its arrays are x [3, 4], W [2, 2, 2], b [2]"),
        ("#x[0]", "the figure has no cell #x[0]: its arrays are x [3, 4]"),
        ("#y[0,0]", "the figure has no cell #y[0,0]: its arrays are"),
        ("#large:x[0,0]", "no figure is called large: #large:x[0,0]"),
        ("#small.preset=no%20bias", None),
        ("#small.preset=k", "the figure has no preset 'k': #small.preset=k; it has no bias"),
        ("#large.preset=blur", "no figure is called large: #large.preset=blur"),
        ("#small.at=x:0,0", None),
        ("#small.at=x:0,1", "the figure has no cell #small.at=x:0,1: its arrays are x [1, 1]"),
        ("#large.at=x:0,0", "no figure is called large: #large.at=x:0,0"),
    ],
)
def test_a_link_that_names_no_cell_is_a_mistake(target, wrong):
    presets = {"b": {"no bias": [0]}}
    small = explore(convolution, x=[[1.0]], W=[[[1]]], b=[0], name="small", presets=presets)
    kind = "cx-sets" if "preset" in target else "cx-points"
    found = list(mistakes(plain().page() + link(target, kind=kind) + small.page()))
    assert len(found) == (0 if wrong is None else 1)
    assert wrong is None or found[0].startswith(wrong)


def test_a_link_above_all_figures_is_a_mistake():
    assert list(mistakes(FIVE + plain().page())) == ["no figure stands above: #a[0,0,2]"]


def test_a_link_has_the_colour_of_its_array():
    shown = coloured(plain().page() + link("#x[0,2]"))
    assert shown.startswith(plain().page())
    assert 'style="--cx-colour-light: #146fdc; --cx-colour-dark: #adc9fc"' in shown
    own = plain(name="own").colours(x="kernel").page()
    assert coloured(link("#own:x[0,2]") + own + link("#x[0,2]")).count("light: #bb5708") == 2


# ---- addresses ----------------------------------------------------------------------------------


def copied(page):
    page.get_by_role("button", name="Link").first.click()
    page.wait_for_function("document.querySelector('.cx-message').textContent")
    return page.evaluate(
        "document.querySelector('textarea')?.value ?? navigator.clipboard.readText()"
    )


def alive(page):
    page.wait_for_function("window.alive?.every((figure) => figure.width)")
    settle(page)


def test_a_link_to_a_figure_opens_it_as_it_was(open_page):
    page = open_page(plain(), gradient(), permissions=["clipboard-read", "clipboard-write"])
    page.evaluate("alive[0].edit('x', [[0, 1]], -2.5)")
    click(page, "a", 0, 1, 1)
    before = page.evaluate("[location.href, history.length]")
    address = copied(page)
    assert page.evaluate("[location.href, history.length]") == before
    assert address.endswith("#f0.array.x=3x4:1,-2.5,0,1,0,1,3,2,2,0,1,1&f0.at=a:0,1,1")
    page.evaluate("sessionStorage.clear()")
    page.goto("about:blank")
    page.goto(address)
    alive(page)
    assert arrays(page)["x"][0, 1] == -2.5
    assert page.evaluate("alive[0].pinned") == {"key": "a", "place": [0, 1, 1]}
    assert page.evaluate("alive[1].model.given.x.data[1]") == 2  # the other is as it was
    page.get_by_role("button", name="Undo").first.click()
    np.testing.assert_array_equal(arrays(page)["x"], X)


def test_an_address_that_changes_moves_the_figure(open_page):
    page = open_page(plain())
    page.evaluate("location.hash = '#f0.array.b=2:7,8&f0.at=b:1'")
    page.wait_for_function("alive[0].pinned")
    np.testing.assert_array_equal(arrays(page)["b"], [7, 8])
    page.evaluate("location.hash = '#a-heading'")
    settle(page)
    np.testing.assert_array_equal(arrays(page)["b"], [7, 8])


def test_an_address_holds_the_sizes(open_page):
    page = open_page(moving(), permissions=["clipboard-read", "clipboard-write"])
    page.evaluate("alive[0].model.resize({ P: 1, m: 3 }); alive[0].edit('W', [[2, 1]], 9)")
    address = copied(page)
    assert address.endswith("#f0.size.P=1&f0.size.m=3&f0.array.W=3x2:1,0,2,-1,1,9")
    page.evaluate("sessionStorage.clear()")
    page.goto("about:blank")
    page.goto(address)
    alive(page)
    assert page.evaluate("alive[0].model.sizes") == {"q": 1, "P": 1, "m": 3, "n": 2}
    np.testing.assert_array_equal(arrays(page)["W"], [[1, 0], [2, -1], [1, 9]])


def test_a_link_of_the_text_takes_a_preset_however_often(open_page):
    text = Text('<a id="same" href="#f0.preset=same%20padding">same</a>')
    page = open_page(moving(at=("a", (0, 1))), text)
    page.locator("#same").click()
    page.wait_for_function("alive[0].model.sizes.P === 1")
    settle(page)
    assert page.evaluate("alive[0].model.sizes") == {"q": 1, "P": 1, "m": 3, "n": 3}
    menu = page.get_by_label("Presets for layer")
    assert menu.input_value() == "same padding"
    assert page.evaluate("alive[0].pinned") == {"key": "a", "place": [0, 1]}
    menu.select_option("a blur in steps")
    settle(page)
    assert page.evaluate("alive[0].model.sizes") == {"q": 2, "P": 0, "m": 2, "n": 2}
    np.testing.assert_array_equal(arrays(page)["W"], np.full((2, 2), 0.25))
    page.locator("#same").click()
    settle(page)
    assert page.evaluate("alive[0].model.sizes") == {"q": 1, "P": 1, "m": 3, "n": 3}
    assert menu.input_value() == "same padding"
    np.testing.assert_array_equal(arrays(page)["W"][:2, :2], W[0])  # the author's again


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("f0.preset=k", "there is no preset “k”, only none at all"),
        ("f0.array.b=2:7", "there are 1 numbers in place of 2"),
        ("f0.array.b=3:7,8,9", "b has the shape 2, not 3"),
        ("f0.array.z=1:7", "the figure has no array z"),
        ("f0.array.b=2:7,8&f0.at=a:0,9,9", "there is no cell a[0, 9, 9]"),
        ("f0.colour=blue", "“colour” is nothing that a figure has"),
    ],
)
def test_an_address_that_is_damaged_is_ignored_with_a_sentence(open_page, state, said):
    page = open_page(plain())
    page.goto(f"{page.url}#{state}")
    page.wait_for_function("document.querySelector('.cx-message').textContent")
    assert message(page) == f"The address holds no state of this figure: {said}."
    np.testing.assert_array_equal(arrays(page)["b"], [1, -1])
    assert page.evaluate("alive[0].pinned") is None
    page.reload()
    alive(page)
    assert message(page) == f"The address holds no state of this figure: {said}."


def test_a_reload_keeps_the_state_and_a_visit_does_not(open_page):
    page = open_page(plain(), gradient())
    page.evaluate("alive[1].edit('x', [[0, 0]], 9); alive[1].hold('x', [0, 0])")
    settle(page)
    page.reload()
    alive(page)
    assert page.evaluate("alive[1].model.given.x.data[0]") == 9
    assert page.evaluate("alive[1].pinned") == {"key": "x", "place": [0, 0]}
    assert page.evaluate("alive[0].model.given.x.data[0]") == 1
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    alive(page)
    assert page.evaluate("alive[1].model.given.x.data[0]") == 1


def test_after_a_reload_what_was_changed_since_counts_more_than_the_address(open_page):
    page = open_page(plain())
    page.goto(f"{page.url}#f0.array.b=2:7,8")
    page.wait_for_function("alive[0].model.given.b.data[0] === 7")
    page.evaluate("alive[0].edit('b', [[0]], 70)")
    page.reload()
    alive(page)
    np.testing.assert_array_equal(arrays(page)["b"], [70, 8])


def test_an_address_brings_its_figure_into_the_window(open_page):
    space = Text('<span style="display: block; height: 9000px"></span>')
    page = open_page(plain(), space, gradient(), viewport={"width": 800, "height": 600})
    assert page.evaluate("alive.length") == 1
    page.evaluate("location.hash = '#f1.at=x:0,0'")
    page.wait_for_function("alive.length === 2 && alive[1].width")
    settle(page)
    assert page.evaluate("alive[1].root.getBoundingClientRect().top") < 600
