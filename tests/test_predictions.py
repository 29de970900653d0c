"""Predictions in Chromium: what is hidden, what the reader answers, what is said, what is kept."""

import re

import axe
import numpy as np
import pytest
from figure_page import arrays, click, focus, hover, line, pixels, press, settle
from figures import (
    FIGURES,
    RELU,
    ROW_TURNED,
    SEVENFOLD,
    SMALLEST,
    B,
    W,
    X,
    asked,
    asked_formula,
    asked_pooling,
    asked_rectified,
    gradient,
    plain,
)

from cnnmath.catalogue import convolution, formulas, max_pooling, relu, relu_gradient
from cnnmath.catalogue.mistakes import common_mistakes
from cnnmath.errors import CnnMathError, NoSuchElementError, ShapeError
from cnnmath.explorer import curves, explore, predict
from cnnmath.explorer.figure_json import names_read
from cnnmath.formula import Formula

QUESTION = "How large is the gradient of the pixel in row 1, column 1?"
ASKED = "It is not shown yet: “How large is the gradient of …” asks for it."


def field(page, question=QUESTION):
    return page.get_by_role("textbox", name=question, include_hidden=True)


def told(page):
    """What the status below the last question that is asked says, sentence by sentence."""
    settle(page)
    asked_last = page.locator(".cx-predict:not([hidden])").last
    return asked_last.get_by_role("status").locator("p").all_inner_texts()


def answer(page, text):
    field(page).fill(text)
    press(page, "Enter")
    return told(page)


def spoken(page, key):
    return page.evaluate(
        "(key) => { const grid = alive[0].gridOf(key); grid.describe(); "
        "return grid.reader.textContent }",
        key,
    )


# ---- what is hidden -----------------------------------------------------------------------------


def test_the_number_is_hidden_wherever_it_would_stand(open_page):
    page = open_page(asked())
    hidden = pixels(page, "dE_dx", 0, (1, 1))
    assert "?" in line_of(page)
    hover(page, "x", 1, 1)  # whose gradient is asked
    assert "Its gradient: ∂E/∂x[1, 1] = ?" in line(page)
    page.evaluate("alive[0].gridOf('dE_dx').place = [1, 1]")
    assert spoken(page, "dE_dx") == "∂E/∂x[1, 1] = ?, not shown yet"
    page.mouse.move(1, 1)
    assert answer(page, "0")[0] == "✓ Yes, 0."
    assert spoken(page, "dE_dx") == "∂E/∂x[1, 1] = 0"
    assert line(page).startswith("∂E/∂x[1, 1] = 1·1 + 0·2 + 2·0 + (−1)·1 = 0")
    assert pixels(page, "dE_dx", 0, (1, 1)) != hidden


def line_of(page):
    hover(page, "dE_dx", 1, 1)
    written = line(page)
    assert written == f"∂E/∂x[1, 1] = ? {ASKED}"
    return written


def test_a_number_that_is_hidden_looks_the_same_whatever_it_is(open_page):
    page = open_page(asked())
    before = pixels(page, "dE_dx", 0, (1, 1))
    page.evaluate("alive[0].edit('delta', [[0, 1, 1]], 2)")
    settle(page)
    assert pixels(page, "dE_dx", 0, (1, 1)) == before


def test_a_small_picture_of_a_plane_does_not_tell_a_hidden_number(open_page):
    twice = Formula("y_{cij} = 2 x_{cij}", x="C M N")
    figure = explore(twice, x=np.ones((12, 6, 6)))
    figure = predict(figure, at=("y", (1, 0, 0)), ask="How large is it?", hide=["y"])
    page = open_page(figure)
    small = "alive[0].gridOf('y').thumbnails"
    assert page.evaluate(f"{small}.abreast") > 0
    before = page.evaluate(f"{small}.node.toDataURL()")
    page.evaluate("alive[0].edit('x', [[1, 0, 0], [2, 0, 0]], -1)")
    settle(page)
    assert page.evaluate(f"{small}.node.toDataURL()") == before
    page.get_by_role("textbox", name="How large is it?").fill("-2")
    press(page, "Enter")
    assert page.evaluate(f"{small}.node.toDataURL()") != before


def test_the_scale_does_not_tell_a_hidden_number(open_page):
    page = open_page(asked_rectified())
    page.evaluate("alive[0].edit('x', [[0, 1]], 50); alive[0].edit('x', [[1, 1]], 20)")
    settle(page)
    found = arrays(page)
    assert found["a"][0, 0, 1] == found["h"][0, 0, 1] == 88  # both are hidden
    keys = [" ".join(text.split()) for text in page.locator(".cx-key").all_inner_texts()]
    assert keys[-1] == "a, h: −69 69"


def test_what_is_calculated_from_it_is_hidden_too(open_page):
    page = open_page(asked_rectified())
    page.evaluate("alive[0].gridOf('h').place = [0, 0, 1]")
    assert spoken(page, "h") == "h[0, 0, 1] = ?, not shown yet"
    hover(page, "h", 0, 0, 1)
    assert line(page) == "h[0, 0, 1] = ? It is not shown yet: “How large?” asks for it."
    hover(page, "h", 1, 0, 0)
    assert line(page) == "h[1, 0, 0] = ? It is not shown yet: a later question asks for it."
    hover(page, "h", 0, 0, 2)
    assert line(page) == "h[0, 0, 2] = max(0, 5) = 5"


def test_every_hidden_cell_has_a_question_mark_a_pale_one_where_nothing_is_asked(open_page):
    page = open_page(asked_rectified())
    asked, followed = (colours_in(page, key, (0, 1)) for key in ("a", "h"))
    assert len(asked) > 8 < len(followed)  # a letter has smooth edges, a frame has not
    assert min(asked) < min(followed)


def colours_in(page, key, cell):
    numbers = [*map(int, pixels(page, key, 0, cell).split(","))]
    return {*zip(*[iter(numbers)] * 4, strict=True)}


def test_of_two_numbers_of_an_array_the_one_that_is_answered_is_seen(open_page):
    first = asked_pooling(at=("dE_dx", (0, 1)), hide=["dE_dx"])
    page = open_page(predict(first, at=("dE_dx", (1, 1)), ask="And this?", hide=["dE_dx"]))
    field(page, "What is it?").fill("1")
    press(page, "Enter")
    assert told(page) == []  # of the second question
    hover(page, "dE_dx", 0, 1)
    assert "= 1\n" in line(page)
    hover(page, "dE_dx", 0, 2)
    assert "not shown yet" in line(page)


def test_of_a_maximum_it_is_not_said_who_wins(open_page):
    page = open_page(asked_pooling(answer="place", hide=("omega",)))
    hover(page, "x", 0, 1)
    assert "a[0, 0]" in line(page)
    assert "wins" not in line(page).split("a[0, 1]")[0]
    hover(page, "omega", 1, 1)
    assert "not shown yet" in line(page)


# ---- answers ------------------------------------------------------------------------------------


def test_a_wrong_number_lights_the_window_and_is_told_what_it_is(open_page):
    page = open_page(asked())
    dark = pixels(page, "W", 0)
    assert answer(page, "3") == ["✗ Not 3."]  # and nothing is guessed
    page.mouse.move(1, 1)
    settle(page)
    assert pixels(page, "W", 0) != dark
    assert "not shown yet" in line(page)
    assert answer(page, "7") == [
        "✗ Not 7.",
        "That is seven times what arrives there: 7·1 = 7",
    ]
    assert answer(page, "-1") == ["✗ Not −1.", "That is the sum without W[0, 0, 0] · δ[0, 1, 1]."]
    assert answer(page, "-2") == [
        "✗ Not −2.",
        "That is ∂E/∂x[1, 2], its neighbour: an index is off by one.",
    ]
    assert field(page).get_attribute("aria-invalid") == "true"
    assert field(page).input_value() == "-2"


def test_a_right_number_is_confirmed_with_its_sum_and_why(open_page):
    page = open_page(asked())
    assert answer(page, "0.0") == [
        "✓ Yes, 0.0.",
        "1·1 + 0·2 + 2·0 + (−1)·1 = 0",
        "As seen from the pixel, the kernel lies the other way round.",
    ]
    assert page.get_by_role("button", name="Check").count() == 0
    assert page.evaluate("document.activeElement.className") == "cx-guess"  # Enter does no more
    press(page, "Enter")
    assert told(page)[0] == "✓ Yes, 0.0."


def test_what_is_no_number_and_what_has_too_few_digits_is_no_answer(open_page):
    page = open_page(asked_rectified())
    first = field(page, "How large?")
    for text, said in [
        ("", "Type a number first."),
        ("a third", "“a third” is no number."),
        ("0.3", "0.3 may be rounded from it: give one digit more."),
    ]:
        first.fill(text)
        press(page, "Enter")
        assert told(page) == [said]
    first.fill("1/3")
    press(page, "Enter")
    assert page.locator(".cx-told").first.inner_text().startswith("✓ Yes, 1/3.")


def test_who_does_not_know_is_told(open_page):
    page = open_page(asked())
    page.get_by_role("button", name="I don’t know").click()
    assert told(page)[:2] == ["It is 0.", "1·1 + 0·2 + 2·0 + (−1)·1 = 0"]
    page.get_by_role("button", name="Ask me again").click()
    assert page.evaluate("document.activeElement.className") == "cx-guess"
    assert "?" in line_of(page)
    answer(page, "3")
    page.get_by_role("button", name="Show me").click()
    assert told(page)[0] == "It is 0."


def test_the_head_is_as_high_and_as_far_down_in_all_states(open_page):
    page = open_page(asked(), viewport={"width": 320, "height": 1500})
    page.evaluate("alive[0].hold('dE_dx', [0, 0])")  # the panel of the sum is as high as it gets
    settle(page)
    box = page.locator(".cx-reply").bounding_box()
    heights = {box["height"]}
    tops = set()
    for text in ["3", "7", "0"]:
        answer(page, text)
        heights.add(page.locator(".cx-reply").bounding_box()["height"])
        ask = page.locator(".cx-ask").bounding_box()
        tops.add(page.locator(".cx-reply").bounding_box()["y"] - ask["y"])
    assert heights == {44}
    assert len(tops) == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_direction_is_chosen(open_page):
    page = open_page(FIGURES["asked, direction"]())
    page.get_by_role("button", name="It grows").click()
    assert told(page) == [
        "✗ That is not so.",
        "That gives every cell of a window its whole gradient.",
    ]
    stays = page.get_by_role("button", name="It stays")
    stays.focus()
    press(page, "Enter")
    assert told(page)[0] == "✓ Right."
    assert stays.get_attribute("aria-pressed") == "true"


def test_yes_or_no(open_page):
    page = open_page(FIGURES["asked, yes or no"]())
    page.get_by_role("button", name="Yes").click()
    assert told(page) == ["✗ That is not so."]
    page.get_by_role("button", name="Show me").click()
    assert told(page)[0] == "No."


def test_a_formula_is_chosen_and_run_against_the_right_one(open_page):
    page = open_page(asked_formula())
    hover(page, "a", 0)
    assert line(page).startswith("a[0] = 4·1")  # nothing is hidden
    choices = page.locator(".cx-candidate button")
    assert choices.count() == 3
    choices.nth(2).click()
    assert told(page) == [
        "✗ That is not so.",
        "That turns it round. At a[0] it gives 6, where 9 is right.",
    ]
    page.evaluate("alive[0].edit('W', [[0], [1]], 2)")
    settle(page)
    choices.nth(2).click()
    assert told(page)[1].startswith("On the numbers that stand there it gives what is right.")
    choices.nth(1).click()
    assert told(page) == ["✓ Right.", "Place s of the kernel meets place i + s."]
    page.get_by_role("button", name="Ask me again").click()
    page.get_by_role("button", name="I don’t know").click()
    assert told(page)[0] == "B."
    assert choices.nth(1).get_attribute("aria-pressed") == "true"
    assert axe.findings(page) == []


def test_a_place_is_chosen_in_the_figure(open_page):
    page = open_page(asked_pooling(answer="place", hide=("omega",)))
    page.get_by_role("button", name="Check").click()
    assert told(page) == ["Choose a cell first: a cell of x"]
    click(page, "a", 0, 1)  # no cell of x
    assert page.locator(".cx-chosen").inner_text() == "a cell of x"
    click(page, "x", 1, 1)
    assert page.locator(".cx-chosen").inner_text() == "x[1, 1]"
    assert "It is entered as your answer." in line(page)
    page.get_by_role("button", name="Is it right?").click()
    lost = "That number is compared as well, but another one wins."
    assert told(page) == ["✗ Not x[1, 1].", lost]
    focus(page, "x")
    press(page, "ArrowUp", "Enter")  # from there by keyboard
    page.get_by_role("button", name="Check").focus()
    press(page, "Enter")
    assert told(page) == ["✓ Yes, x[0, 1].", "max(1, 2, 0, 1) = 2"]


def test_a_cell_that_was_chosen_before_the_question_was_seen_is_no_answer(open_page):
    figure = predict(asked_pooling(), at=("a", (0, 1)), answer="place", ask="Which one wins?")
    page = open_page(figure)
    click(page, "x", 1, 1)
    assert "your answer" not in line(page)
    field(page, "What is it?").fill("2")
    press(page, "Enter")
    assert page.locator(".cx-chosen").inner_text() == "a cell of x"
    click(page, "x", 1, 2)
    assert page.locator(".cx-chosen").inner_text() == "x[1, 2]"


def test_the_place_of_the_largest_number_of_an_array(open_page):
    page = open_page(FIGURES["asked, largest"]())
    page.evaluate("alive[0].gridOf('a').place = [1, 0]")
    assert spoken(page, "a") == "a[1, 0] = ?, not shown yet"
    click(page, "a", 1, 0)
    page.get_by_role("button", name="Check").click()
    assert told(page) == ["✗ Not a[1, 0].", "That is the smallest."]
    page.get_by_role("button", name="Show me").click()
    assert told(page)[0] == "It is a[0, 1] or a[0, 2] or a[1, 1] or a[1, 2]."
    assert spoken(page, "a") == "a[0, 1] = 3"  # the figure shows the first of them


def test_questions_are_asked_one_after_the_other(open_page):
    page = open_page(asked_rectified())
    second = field(page, "And this one?")
    assert second.is_hidden()
    page.evaluate("alive[0].gridOf('h').place = [1, 0, 0]")
    assert "not shown yet" in spoken(page, "h")  # its number is hidden from the start
    field(page, "How large?").fill("0.33")
    press(page, "Enter")
    assert second.is_visible()
    assert "not shown yet" in spoken(page, "h")
    second.fill("2")
    press(page, "Enter")
    assert told(page)[0] == "✓ Yes, 2."
    assert spoken(page, "h") == "h[1, 0, 0] = 2"


def test_when_the_numbers_change_what_was_said_is_taken_back(open_page):
    page = open_page(asked())
    answer(page, "3")
    page.evaluate("alive[0].edit('delta', [[0, 1, 1]], 4)")
    assert told(page) == []
    assert answer(page, "3")[0] == "✓ Yes, 3."  # as the numbers are now
    page.evaluate("alive[0].edit('delta', [[0, 1, 1]], 5)")
    changed = "The numbers have changed since; the figure shows what stands there now."
    assert told(page) == [changed]


# ---- what is kept -------------------------------------------------------------------------------


def reload(page):
    page.reload()
    page.wait_for_function("window.alive?.every((figure) => figure.width)")
    settle(page)


def test_what_was_answered_is_remembered_on_this_device(open_page):
    page = open_page(asked())
    answer(page, "3")
    reload(page)
    assert told(page) == []  # only a right answer is kept
    answer(page, "0")
    reload(page)
    assert told(page)[0] == "✓ Yes, 0."
    assert field(page).input_value() == "0"
    hover(page, "dE_dx", 1, 1)
    assert line(page).endswith("equal")
    page.get_by_role("button", name="Ask me again").click()
    reload(page)
    assert told(page) == []
    assert "?" in line_of(page)
    page.get_by_role("button", name="I don’t know").click()
    reload(page)
    assert told(page)[0] == "It is 0."


def test_an_answer_that_is_no_longer_right_is_forgotten(open_page):
    page = open_page(asked())
    answer(page, "0")
    kept = "Object.keys(localStorage)[0]"
    page.evaluate(f"localStorage.setItem({kept}, JSON.stringify({{ answer: '5' }}))")
    reload(page)
    assert told(page) == []
    page.evaluate(f"localStorage.setItem({kept}, 'nonsense')")
    reload(page)
    assert told(page) == []


class Private:
    """On a page, what a browser does that keeps nothing."""

    def page(self):
        return """<script>
            for (const name of ["localStorage", "sessionStorage"])
                Object.defineProperty(window, name, { get() { throw new Error("private") } });
        </script>"""


def test_without_storage_the_question_can_still_be_answered(open_page):
    page = open_page(Private(), asked())
    assert page.evaluate("() => { try { localStorage } catch (error) { return error.message } }")
    assert answer(page, "0")[0] == "✓ Yes, 0."
    page.get_by_role("button", name="Ask me again").click()
    assert told(page) == []


# ---- for everyone -------------------------------------------------------------------------------


@pytest.mark.sweep
@pytest.mark.parametrize(("scheme", "width"), [("light", 800), ("dark", 320)])
def test_axe_finds_nothing(open_page, scheme, width):
    kinds = [FIGURES[name]() for name in FIGURES if name.startswith("asked")]
    page = open_page(*kinds, color_scheme=scheme, viewport={"width": width, "height": 9000})
    page.wait_for_function(f"alive.length === {len(kinds)}")
    if scheme == "dark":
        page.add_style_tag(content="body { background: #14181e; color: #e6edf3 }")
    settle(page)
    # What does not depend on colours is the same in the dark.
    rules = ["color-contrast"] if scheme == "dark" else []
    assert axe.findings(page, *rules) == []
    field(page).fill("7")
    press(page, "Enter")
    for name in ["It grows", "No"]:
        page.get_by_role("button", name=name, exact=True).click()
    settle(page)
    assert axe.findings(page, *rules) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_questions_are_not_printed_as_fields(open_page):
    page = open_page(asked())
    page.emulate_media(media="print")
    assert page.locator(".cx-ask").is_visible()
    assert page.locator(".cx-reply").is_hidden()


# ---- Python -------------------------------------------------------------------------------------


def test_a_question_is_part_of_the_figure_and_the_figure_stays_as_it_was():
    figure = gradient()
    asking = predict(figure, at=("dE_dx", (0, 1)), ask="How large?")
    assert figure.predictions == []
    assert [one["ask"] for one in asking.predictions] == ["How large?"]
    asking.arrays["x"] = X + 1
    assert (figure.arrays["x"] == X).all()
    assert repr(asking) == repr(figure)


@pytest.mark.parametrize(
    ("question", "error", "words"),
    [
        ({"at": ("a", (0, 9, 0))}, NoSuchElementError, "no cell a[0, 9, 0]"),
        ({"at": ("z", (0,))}, NoSuchElementError, "no cell z[0]"),
        ({"at": ("x", (0, 0))}, CnnMathError, "x is given in the figure"),
        ({"at": "a"}, CnnMathError, "to ask for a number, say which cell"),
        ({"at": "z", "answer": "place"}, NoSuchElementError, "no result z: a"),
        ({"at": ("a", (0, 0, 0)), "answer": "place"}, CnnMathError, "takes no maximum"),
        ({"at": "a", "answer": "place", "decides": convolution}, CnnMathError, "no decides="),
        ({"answer": "colour"}, CnnMathError, "answer='colour': a prediction is one of"),
        ({"ask": " "}, CnnMathError, "asks nothing"),
        ({"hide": ("x",)}, NoSuchElementError, "no formula of the figure gives x: a"),
        ({"mistakes": [(RELU, "that is it")]}, ShapeError, "gives an array of the shape (3, 4)"),
        ({"mistakes": [(convolution, "that is it")]}, CnnMathError, "gives 2, as what is right"),
    ],
)
def test_refused(question, error, words):
    given = {"at": ("a", (0, 0, 1)), "ask": "How large?", **question}
    with pytest.raises(error, match=re.escape(words)):
        predict(plain(), **given)


@pytest.mark.parametrize(
    ("question", "error", "words"),
    [
        ({"decides": None}, CnnMathError, "the right one is decides="),
        ({"mistakes": []}, CnnMathError, "others are mistakes="),
        ({"at": ("a", 0)}, CnnMathError, "a formula gives a whole array: at='a'"),
        ({"decides": ROW_TURNED}, CnnMathError, "gives what is right does on these numbers"),
    ],
)
def test_a_choice_of_formulas_that_is_none_is_refused(question, error, words):
    with pytest.raises(error, match=re.escape(words)):
        asked_formula(**question)


def test_of_a_wrong_place_only_what_is_one_is_said():
    for question, words in [
        ({"at": "a", "mistakes": [(max_pooling, "that is it")]}, "no largest number but where a"),
        ({"mistakes": [(SMALLEST, "that is it")]}, "no mistakes= but for a whole array"),
    ]:
        with pytest.raises(CnnMathError, match=words):
            asked_pooling(answer="place", **question)


def test_curves_are_not_asked():
    with pytest.raises(CnnMathError, match="needs a figure of arrays"):
        predict(curves((relu, relu_gradient)), at=("h", (0,)), ask="How large?")


def test_common_mistakes_are_of_the_same_result_and_wrong():
    assert common_mistakes(SEVENFOLD) == ()
    named = asked().predictions[0]["mistakes"]
    assert "that is the sum with the kernel unturned" in [one["words"] for one in named]
    kinds = {right.name for right in formulas().values() if common_mistakes(right)}
    assert {"convolution", "input gradient", "max pooling"} <= kinds
    for right in formulas().values():
        for wrong, words in common_mistakes(right):
            assert words.startswith("that ")
            assert wrong.result == right.result
            assert set(names_read(wrong)) <= {*names_read(right), "x", "a"}


def test_a_figure_has_a_name_or_none():
    assert 'id="figure-net-2"' in explore(convolution, x=X, W=W, b=B, name="net-2").page()
    for name in ["Net", "2", "f0", "", "a b"]:
        with pytest.raises(CnnMathError, match="a figure cannot be called"):
            explore(convolution, x=X, W=W, b=B, name=name)
