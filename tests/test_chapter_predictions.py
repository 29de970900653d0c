"""The predictions of the chapters, answered wrong and right: what the reader is told then.

They are judged in Node.js by the model of the figure, which says the same on the page: there
`test_predictions.py` answers one question of each kind. What a page would get of a figure is what
the notebook holds, which nbval compares with what its cells give.
"""

import json
import re
from pathlib import Path

import pytest
from by_chapter import ANSWERS
from cells import chapter
from conftest import run_node

from tools.chapters import notebooks

# One process of Node.js answers for all of them.
pytestmark = pytest.mark.xdist_group("told answers")

STATE = re.compile('<script type="application/json">(.*?)</script>')


def state(name, cell):
    """What a page gets of the figure that a cell of a chapter shows."""
    [output] = chapter(name).outputs(cell)
    found = STATE.findall("".join(output["data"]["text/html"]))
    assert len(found) == 1, (name, cell)
    return json.loads(found[0])


PLACES = [(name, cell) for name, cells in ANSWERS.items() for cell in cells]


@pytest.fixture(scope="module")
def told():
    """What is said of all answers, sentence by sentence: of each figure, question and answer."""
    asked = [
        [
            state(name, cell),
            [[given for given, _ in answers] for answers in ANSWERS[name][cell]],
        ]
        for name, cell in PLACES
    ]
    script = Path(__file__).with_name("told_answers.mjs")
    return dict(zip(PLACES, run_node(script, asked), strict=True))


@pytest.mark.parametrize(("name", "cell"), PLACES)
def test_what_is_said_of_right_and_wrong_answers(told, name, cell):
    for questions, sentences in zip(ANSWERS[name][cell], told[name, cell], strict=True):
        for (given, begins), said in zip(questions, sentences, strict=True):
            assert any(one.startswith(begins) for one in said), (given, said)


@pytest.mark.parametrize("name", [page.removeprefix("book/") for page in notebooks()])
def test_every_prediction_of_a_chapter_is_answered(name):
    asking = {cell for cell, source in chapter(name).code().items() if "predict(" in source}
    assert asking == {*ANSWERS.get(name, ())}, f"tests/chapters/{name}.py, ANSWERS"
