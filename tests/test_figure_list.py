"""docs/figure.md says of each behaviour of a live figure which tests hold it: these exist."""

import re

from conftest import ROOT

LIST = (ROOT / "docs/figure.md").read_text("utf-8")
ITEMS = re.findall(r"^- (.*?)(?=^- |^#|\Z)", LIST, re.MULTILINE | re.DOTALL)


def named_by(item: str) -> list[tuple[str, str]]:
    """The file and the name of each test that an item names."""
    return re.findall(r"^  `(tests/[\w/.]+)::(.+)`$", item, re.MULTILINE)


def exists(file: str, name: str) -> bool:
    path = ROOT / file
    if not path.is_file():
        return False
    beginning = f"def {name}(" if path.suffix == ".py" else f'test("{name}", '
    return beginning in path.read_text("utf-8")


def test_a_test_that_is_not_there_is_missed():
    assert exists("tests/test_figure_list.py", "test_a_test_that_is_not_there_is_missed")
    assert exists("tests/model/edits.test.mjs", "two hundred steps can be undone")
    assert not exists("tests/test_figure_list.py", "test_a_test_that_is_not")
    assert not exists("tests/model/edits.test.mjs", "two hundred steps")
    assert not exists("tests/test_nothing.py", "test_nothing")


def test_what_a_figure_does_is_held_by_the_tests_that_are_named():
    assert len(ITEMS) > 100
    unheld = [i for i in ITEMS if bool(named_by(i)) == i.rstrip().endswith("\n  no test")]
    assert unheld == []
    assert [item for item in ITEMS if item.count("::") != len(named_by(item))] == []
    assert [one for item in ITEMS for one in named_by(item) if not exists(*one)] == []


def test_every_test_of_a_figure_in_the_browser_is_on_the_list():
    named = {one for item in ITEMS for one in named_by(item)}
    figure = [f"test_figure_{end}" for end in ("browser", "editing", "looks", "sizes", "window")]
    for file in [*figure, "test_pointing", "test_predictions"]:
        source = (ROOT / f"tests/{file}.py").read_text("utf-8")
        own = {(f"tests/{file}.py", name) for name in re.findall(r"^def (test_\w+)", source, re.M)}
        assert sorted(own - named) == []
