"""The predictions of the chapters, answered wrong and right: what the reader is told then."""

from by_chapter import ANSWERS
from cells import chapter, each
from figure_page import click, press, settle

from tools.chapters import notebooks


def answer(page, asked, given):
    """Give an answer to one question; what is said of it, sentence by sentence.

    A number that is not text is which of the formulas to choose from.
    """
    if isinstance(given, int):
        asked.locator(".cx-candidate button").nth(given).click()
    elif isinstance(given, tuple):
        key, *place = given
        click(page, key, *place)
        asked.get_by_role("button", name="Check").click()
    elif asked.get_by_role("textbox").count():
        asked.get_by_role("textbox").fill(given)
        press(page, "Enter")
    else:
        asked.get_by_role("button", name=given, exact=True).click()
    settle(page)
    return asked.get_by_role("status").locator("p").all_inner_texts()


# A chapter is one test: its cells are executed once, however many of its figures ask.
@each(ANSWERS)
def test_what_is_said_of_right_and_wrong_answers(open_page, name):
    for cell, questions in ANSWERS[name].items():
        figure = chapter(name).value(cell)
        assert len(figure.predictions) == len(questions), cell
        page = open_page(figure)
        for number, answers in enumerate(questions):
            asked = page.locator(".cx-predict").nth(number)
            for given, said in answers:
                told = answer(page, asked, given)
                assert any(one.startswith(said) for one in told), (cell, given, told)


@each(name.removeprefix("book/") for name in notebooks())
def test_every_prediction_of_a_chapter_is_answered(name):
    asking = {cell for cell, source in chapter(name).code().items() if "predict(" in source}
    assert asking == {*ANSWERS.get(name, ())}, f"tests/chapters/{name}.py, ANSWERS"
