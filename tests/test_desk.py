"""A figure on whose pad a digit is drawn, in Chromium: reading, asking, learning."""

import json
import re
from functools import cache

import axe
import numpy as np
import pytest
from conftest import ROOT
from figure_page import arrays, click, line, press, settle

from cnnmath.catalogue import cross_entropy, relu, softmax, turned_kernel
from cnnmath.errors import CnnMathError, NoSuchElementError, ShapeError
from cnnmath.explorer import explore, read_drawings
from cnnmath.network import as_digit, trained
from cnnmath.reading import DECIMALS, SECOND_POOLED, arrays_of, reads_digits

digits = cache(reads_digits)
DRAWN = json.loads((ROOT / "tests/drawn_digits.json").read_text("utf-8"))
WIDE = {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def rounded():
    """The network with the weights of the figure."""
    network = trained()
    for array in network.parameters.values():
        array[...] = array.round(DECIMALS)
    return network


def draw(page, strokes, every=12):
    """With the mouse, as large as the pad allows; what was drawn.

    Each move of the mouse draws the whole network anew, so there are fewer than the hand made: one
    for so many of its points, more of them only where it matters what is read.
    """
    strokes = [stroke[::every] + stroke[-1:] for stroke in strokes]
    box = page.locator(".cx-pad canvas").bounding_box()
    for stroke in strokes:
        places = [
            (box["x"] + x / 280 * box["width"], box["y"] + y / 280 * box["height"])
            for x, y in stroke
        ]
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place)
        page.mouse.up()
    settle(page)
    return strokes


def read(page):
    """The sentence that says which digit was read, and the class."""
    sentence = page.locator(".cx-reads").inner_text()
    found = re.fullmatch(r"I read an? (\d), (?:over |under )?([\d.]+) %\.", sentence)
    return int(found[1]), float(found[2])


# ---- in Python ----------------------------------------------------------------------------------


def test_rounded_weights_read_as_many(rounded):
    pictures = np.stack([as_digit(one["strokes"]) for one in DRAWN])
    right = [one["digit"] for one in DRAWN]
    assert (rounded.read(pictures) == right).mean() >= (trained().read(pictures) == right).mean()


def test_the_figure_calculates_what_the_network_does(rounded):
    figure = digits()
    found = rounded.probabilities(figure.arrays["x"][np.newaxis, np.newaxis])[0]
    np.testing.assert_allclose(figure.results["y_hat"], found, rtol=1e-4)
    assert {name: array.shape for name, array in arrays_of(rounded).items()} == {
        name: figure.arrays[name].shape for name in ("W", "b", "W_2", "b_2", "V", "d")
    }


NAMES = {"picture": "x", "probabilities": "p", "label": "y", "error": "E"}


@pytest.mark.parametrize(
    ("changed", "error", "words"),
    [
        ({"picture": "p"}, NoSuchElementError, "p is not given: z, y"),
        ({"picture": "z"}, ShapeError, r"z: expected shape \(28, 28\), got \(3,\)"),
        ({"picture": "x", "label": "t"}, NoSuchElementError, "x is not given"),
    ],
)
def test_what_cannot_be_drawn_on(changed, error, words):
    figure = explore(softmax, cross_entropy, z=[1, 2, 3], y=1)
    with pytest.raises(error, match=words):
        read_drawings(figure, **(NAMES | changed))


@pytest.mark.parametrize(
    ("changed", "error", "words"),
    [
        ({"probabilities": "q"}, NoSuchElementError, "no formula gives q: a, "),
        ({"probabilities": "a"}, ShapeError, "a: expected one axis, got the shape "),
        ({"label": "b"}, ShapeError, r"b: expected shape \(\), got \(8,\)"),
        ({"error": "z"}, ShapeError, r"z: expected shape \(\), got \(10,\)"),
        ({"others": [(np.zeros((8, 8)), 3)]}, ShapeError, r"others\[0\]: expected shape"),
        ({"mistakes": (relu,)}, ShapeError, r"ReLU: expected shape \(8, 24, 24\), got"),
        ({"mistakes": (turned_kernel,)}, CnnMathError, "which no formula of the figure gives"),
    ],
)
def test_what_a_pad_needs(changed, error, words):
    figure = digits()
    names = {"picture": "x", "probabilities": "y_hat", "label": "y", "error": "E"}
    with pytest.raises(error, match=words):
        read_drawings(figure, **(names | changed))
    with pytest.raises(CnnMathError, match="read_drawings needs a figure"):
        read_drawings(SECOND_POOLED, **names)


# ---- in the browser -----------------------------------------------------------------------------


def test_what_is_drawn_is_read_as_python_reads_it(open_page, rounded):
    page = open_page(digits(), viewport=WIDE)
    one = DRAWN[47]
    drawn = draw(page, one["strokes"], every=4)
    found = arrays(page)
    np.testing.assert_allclose(found["x"], as_digit(drawn)[0], atol=0.05)
    expected = rounded.probabilities(found["x"][np.newaxis, np.newaxis])[0]
    np.testing.assert_allclose(found["y_hat"], expected, rtol=1e-3, atol=1e-6)
    digit, share = read(page)
    assert digit == one["digit"] == expected.argmax()
    assert share == pytest.approx(100 * expected.max(), abs=0.11)
    assert found["y"] == digit  # nobody has said otherwise
    bar = page.get_by_role("button", name=re.compile(f"^{digit}: "))
    bar.click()
    settle(page)
    assert line(page).startswith(f"ŷ[{digit}] = ")


def test_why_follows_the_digit_that_is_read(open_page):
    page = open_page(digits(), viewport=WIDE)
    assert line(page).startswith("z[1] = ")
    draw(page, DRAWN[3]["strokes"], every=4)
    assert line(page).startswith("z[3] = ")


def test_what_is_far_away_is_lit_when_the_pen_rests(open_page):
    page = open_page(digits(), viewport=WIDE)
    lit = "(isBrief) => alive[0].findLight({ isBrief }).lit.get('dE_dh_2').size"
    assert page.evaluate(lit, True) == 0 < page.evaluate(lit, False)
    lit = "alive[0].gridOf('dE_dh_2').lit.some(Boolean)"
    page.wait_for_function(lit)
    page.evaluate("alive[0].resting = 0")
    draw(page, DRAWN[3]["strokes"])
    page.wait_for_function("alive[0].resting > 0")
    page.wait_for_function(lit)


def test_a_stroke_is_one_step_of_undo_and_comes_back_to_the_pad(open_page):
    page = open_page(digits(), viewport=WIDE)
    first = arrays(page, "x")["x"]
    strokes = DRAWN[4]["strokes"]
    assert len(strokes) == 2
    count = "alive[0].desk.pad.strokes.length"
    states = []
    for n, stroke in enumerate(strokes):
        draw(page, [stroke])
        states.append(arrays(page, "x")["x"])
        assert page.evaluate(count) == n + 1
    page.get_by_role("button", name="Undo").click()
    settle(page)
    np.testing.assert_array_equal(arrays(page, "x")["x"], states[0])
    assert page.evaluate(count) == 1
    page.get_by_role("button", name="Undo").click()
    settle(page)
    np.testing.assert_array_equal(arrays(page, "x")["x"], first)
    assert page.evaluate(count) == 0
    for _ in strokes:
        page.get_by_role("button", name="Redo").click()
    settle(page)
    np.testing.assert_array_equal(arrays(page, "x")["x"], states[1])
    assert page.evaluate(count) == 2


def test_a_digit_is_drawn_by_keys_and_spoken(open_page):
    page = open_page(digits(), viewport=WIDE)
    page.get_by_role("application", name=re.compile("Drawing pad")).focus()
    press(page, *["ArrowUp"] * 9, " ", *["ArrowDown"] * 18, " ", "ArrowRight")
    assert read(page)[0] == 1
    picture = arrays(page, "x")["x"]
    assert np.flatnonzero((picture > 0.5).any(axis=0)).tolist() == [13, 14]
    page.wait_for_function(
        "document.querySelector('.cx-desk .cx-hidden').textContent.includes('1')"
    )
    assert page.locator(".cx-desk [role=status].cx-hidden").inner_text().startswith("I read a 1")
    press(page, "Delete")
    assert not arrays(page, "x")["x"].any()
    assert page.locator(".cx-reads").inner_text() == "Draw a digit on the pad."


def test_it_is_drawn_with_a_finger(open_page):
    page = open_page(digits(start=1), viewport={"width": 375, "height": 667}, has_touch=True)
    page.evaluate("window.scrollTo(0, 40)")
    assert page.evaluate(
        """() => {
          const canvas = document.querySelector(".cx-pad canvas");
          canvas.setPointerCapture = () => {}; // there is no such pointer
          const { left, top, width, height } = canvas.getBoundingClientRect();
          const send = (type, x, y) => canvas.dispatchEvent(new PointerEvent(type, {
            clientX: left + x * width, clientY: top + y * height, pointerId: 7,
            pointerType: "touch", bubbles: true, cancelable: true,
          }));
          const stopped = !send("pointerdown", 0.5, 0.2); // or the page would scroll
          for (let y = 0.2; y < 0.8; y += 0.05) send("pointermove", 0.5, y);
          send("pointerup", 0.5, 0.8);
          return stopped && getComputedStyle(canvas).touchAction === "none";
        }"""
    )
    settle(page)
    assert read(page)[0] == 1  # and no longer a 3
    assert line(page).startswith("z[1] = ")
    assert page.evaluate("window.scrollY") == 40  # the page did not move under the pen


def test_a_part_of_a_sum_that_opens_is_lit(open_page):
    page = open_page(digits(), viewport=WIDE)
    for label in ("k = 12…15", "k = 13"):
        page.get_by_role("button", name=re.compile(rf"^{label}: ")).click()
        settle(page)
    settle(page)
    cells = page.evaluate("alive[0].marked.filter(({ key }) => key === 'p_2').map((c) => c.place)")
    assert sorted(map(tuple, cells)) == [(13, i, j) for i in range(4) for j in range(4)]
    assert page.evaluate("alive[0].gridOf('p_2').plane") == 13
    page.mouse.move(1, 1)
    page.evaluate("alive[0].choosePlane(alive[0].gridOf('p_2'), 5)")
    page.evaluate("alive[0].answer.sum.markTerms([])")
    settle(page)
    assert page.evaluate("alive[0].gridOf('p_2').plane") == 5
    assert line(page).startswith("z[1] = ")  # what is chosen stays


def test_it_learns_what_it_should_have_been(open_page):
    page = open_page(digits(), viewport=WIDE)
    draw(page, DRAWN[7]["strokes"])
    page.get_by_label("It should have been").select_option("1")
    settle(page)
    before = arrays(page)
    page.get_by_role("button", name="Learn").click()
    settle(page)
    after = arrays(page)
    assert after["E"] < before["E"]
    for name in ("W", "b", "W_2", "b_2", "V", "d"):
        step = before[name] - 0.001 * before[f"dE_d{name}"]
        np.testing.assert_allclose(after[name], step, rtol=1e-9, atol=1e-12)
    outcome = page.locator(".cx-outcome")
    text = outcome.inner_text()
    told = re.match(r"E: (\S+) → (\S+)\. ", text.replace("−", "-"))
    for found, expected in zip(told.groups(), (before, after), strict=True):
        assert float(found) == pytest.approx(float(expected["E"]), rel=5e-3)
    assert re.search(r"Of 10 other digits it reads \d+ right", text)
    moved = outcome.get_by_role("button")
    name = moved.inner_text()
    moved.click()
    settle(page)
    assert page.locator(".cx-editor label").inner_text() == f"{name} ="
    click(page, "x", 14, 14)
    assert outcome.inner_text() == text  # looking changes nothing
    page.get_by_role("button", name="Learn").click()
    settle(page)
    assert outcome.inner_text().count("→") == 2
    page.get_by_role("button", name="Undo").click()
    settle(page)
    assert outcome.inner_text() == ""


def test_a_number_in_a_sum_leads_to_its_cell(open_page):
    page = open_page(digits(), viewport=WIDE)
    for label in ("k = 0…3", "k = 3", "i = 0"):
        page.get_by_role("button", name=re.compile(rf"^{label}: ")).click()
        settle(page)
    page.locator(".cx-term .cx-leads[title^='p₂']").first.click()
    assert line(page).startswith("p₂[3, 0, 0] = max(")
    term = page.locator(".cx-term").first
    term.focus()
    page.keyboard.press("Enter")
    assert line(page).startswith("h₂[3, 0, 0] = ")


def test_the_keyboard_s_pen_is_seen_only_with_the_keyboard(open_page):
    page = open_page(digits(), viewport=WIDE)
    draw(page, DRAWN[1]["strokes"])
    assert page.evaluate("alive[0].desk.pad.isWithKeys") is False
    press(page, "ArrowUp")
    assert page.evaluate("alive[0].desk.pad.isWithKeys") is True
    press(page, "Escape")
    assert line(page).startswith("z[1] = ")  # what is chosen stays


def test_what_a_nudge_would_do(open_page):
    page = open_page(digits(), viewport=WIDE)
    page.get_by_label("It should have been").select_option("7")
    page.evaluate("alive[0].pin('W_2', [3, 1, 2, 2])")
    settle(page)
    told = page.locator(".cx-nudge").inner_text().replace("−", "-")
    predicted, really = map(float, re.findall(r"by (-?\d*\.?\d+(?:e-\d+)?)", told))
    before = arrays(page)
    assert predicted == pytest.approx(0.1 * before["dE_dW_2"][3, 1, 2, 2], rel=1e-3)
    page.locator(".cx-editor").get_by_role("button", name="More").click()
    settle(page)
    after = arrays(page)
    assert after["W_2"][3, 1, 2, 2] == pytest.approx(before["W_2"][3, 1, 2, 2] + 0.1)
    assert after["E"] - before["E"] == pytest.approx(really, rel=1e-3)


def test_a_wrong_gradient_is_found_out(open_page):
    page = open_page(digits(), viewport=WIDE)
    page.get_by_label("It should have been").select_option("7")
    largest = np.unravel_index(np.abs(arrays(page, "dE_dp")["dE_dp"]).argmax(), (8, 12, 12))
    page.evaluate("(at) => alive[0].pin('dE_dp', at)", [int(n) for n in largest])
    assert "✓" in line(page)
    page.get_by_label("Gradients").select_option(label="✗ kernel not turned")
    assert "✗" in line(page)
    assert page.locator(".cx-wrong").inner_text() == "✗ wrong: kernel not turned"
    assert page.evaluate("alive[0].gridOf('dE_dp').node.matches('.cx-mistaken')")
    page.get_by_label("Gradients").select_option(label="gradients: right")
    assert "✓" in line(page)


def test_the_digits_of_others_come_with_what_they_are(open_page):
    page = open_page(digits(), viewport=WIDE)
    page.get_by_label("Take a digit").select_option(label="a 4")
    settle(page)
    assert arrays(page, "y")["y"] == 4
    assert read(page)[0] == 4
    assert page.evaluate("alive[0].desk.pad.picture !== null")


@pytest.mark.sweep
@pytest.mark.parametrize(("width", "height", "most"), [(1280, 800, 800), (375, 667, 1500)])
def test_it_fits_and_axe_finds_nothing(open_page, width, height, most):
    page = open_page(digits(), viewport={"width": width, "height": height})
    settle(page)
    box = page.locator(".cx").bounding_box()
    assert box["height"] <= most
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert axe.findings(page) == []
    page.emulate_media(color_scheme="dark")
    page.wait_for_selector(".cx.cx-dark")
    assert axe.findings(page, "color-contrast") == []


def test_nothing_moves_when_it_learns(open_page):
    page = open_page(digits(), viewport=WIDE)
    height = page.locator(".cx").bounding_box()["height"]
    page.get_by_label("It should have been").select_option("7")
    page.get_by_role("button", name="Learn").click()
    settle(page)
    assert page.locator(".cx").bounding_box()["height"] == height
