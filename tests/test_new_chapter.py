"""The skeleton of a chapter: what is written, that it runs, and names that are refused."""

import ast
import json
import shutil

import numpy as np
import pytest
import yaml
from cells import Chapter
from conftest import ROOT
from test_sentences import agrees, numbers

from cnnmath import catalogue
from tools import chapters, contents
from tools.new_chapter import write

NAME, TITLE = "channels/two-words", 'The "second" way: α'


@pytest.fixture
def project(tmp_path):
    """A project that has a table of contents and nothing else."""
    shutil.copy2(ROOT / "_toc.yml", tmp_path)
    return tmp_path


@pytest.fixture
def skeleton(project, monkeypatch):
    """The chapter, in which the formulas of its own file stand in the catalogue."""
    write(project, NAME, TITLE)
    part = {}
    exec((project / "cnnmath/catalogue/two_words.py").read_text("utf-8"), part)
    for name in ("two_words", "two_words_gradient"):
        monkeypatch.setattr(catalogue, name, part[name], raising=False)
    return Chapter(NAME, project), part


def test_three_files_are_written_and_a_line_at_the_end_of_the_part(project):
    before = (project / "_toc.yml").read_text("utf-8").splitlines()
    assert write(project, NAME, TITLE) == [
        "cnnmath/catalogue/two_words.py",
        f"tests/chapters/{NAME}.py",
        f"book/{NAME}.ipynb",
        "_toc.yml",
    ]
    after = (project / "_toc.yml").read_text("utf-8")
    parts = {part.get("caption"): part["chapters"] for part in yaml.safe_load(after)["parts"]}
    assert parts["Channels"][-1] == {"file": f"book/{NAME}"}
    assert len(after.splitlines()) == len(before) + 1
    cells = json.loads((project / f"book/{NAME}.ipynb").read_text("utf-8"))["cells"]
    assert "".join(cells[0]["source"]).startswith(f"# {TITLE}\n")
    left = [path for path in project.rglob("*.*") if "@" in path.read_text("utf-8")]
    assert [path.name for path in left] == ["two-words.py"]  # the decorator, and no mark


def test_it_stands_between_chapters_that_have_formulas(skeleton):
    _, part = skeleton
    assert part["BETWEEN"] == ("channels/backward", "arithmetic/padding")
    assert [*part["CHAPTERS"]] == [NAME]


def test_what_it_has_runs_and_its_sentences_are_true(skeleton):
    chapter, part = skeleton
    values = {cell: chapter.value(cell) for cell in chapter.code()}
    x = np.array([1.0, -2.0])
    found = part["two_words_gradient"].check(x=x, dE_da=x + 1)
    assert found.ok, found
    derived = next(value for value in values.values() if hasattr(value, "gradient"))
    np.testing.assert_allclose(derived.gradient(x=x, dE_da=x + 1), 2 * x * (x + 1))
    asking = [cell for cell, source in chapter.code().items() if "predict(" in source]
    said = ast.parse((chapter.root / f"tests/chapters/{NAME}.py").read_text("utf-8"))
    (answers,) = (
        ast.literal_eval(node.value)
        for node in said.body
        if isinstance(node, ast.Assign) and node.targets[0].id == "ANSWERS"
    )
    assert asking == [*answers]
    for cell, questions in answers.items():
        assert len(values[cell].predictions) == len(questions)
    words = next(
        text for text in map("".join, (c["source"] for c in chapter.cells)) if "4. Its" in text
    )
    figure = values[asking[0]]
    assert all(agrees(*pair) for pair in zip(numbers(words)[-4:], (9, 16, 6, 8), strict=True))
    figure.assign("x", [2, 4, -1])
    assert figure.results["a"][1] == 16 and figure.results["dE_dx"][1] == 8


@pytest.mark.parametrize(
    ("name", "title", "words"),
    [
        ("Network/x", TITLE, "NAME: expected part/name in small letters.* got 'Network/x'"),
        ("network", TITLE, "NAME: expected part/name"),
        ("network/a_b", TITLE, "NAME: expected part/name"),
        ("network/../x", TITLE, "NAME: expected part/name"),
        ("network/for", TITLE, "NAME: expected part/name"),
        ("", TITLE, "NAME: expected part/name"),
        ("nowhere/x", TITLE, "NAME: there is no part 'nowhere'; there are convolution, activation"),
        ("network/softmax", TITLE, "NAME: 'network/softmax' is in _toc.yml already"),
        ("channels/relu", TITLE, "NAME: the catalogue has a relu already"),
        ("channels/symbols", TITLE, "NAME: the catalogue has a symbols already"),
        (NAME, " ", "TITLE: expected the heading"),
    ],
)
def test_a_name_that_will_not_do_is_refused_and_nothing_is_written(project, name, title, words):
    with pytest.raises(ValueError, match=words):
        write(project, name, title)
    assert [path.name for path in project.iterdir()] == ["_toc.yml"]


def test_a_file_that_is_there_is_not_written_over(project):
    write(project, NAME, TITLE)
    shutil.copy2(ROOT / "_toc.yml", project)
    with pytest.raises(ValueError, match=r"NAME: cnnmath/catalogue/two_words\.py is there already"):
        write(project, NAME, TITLE)


# ---- the list on the front page ------------------------------------------------------------------


def front_page():
    cells = json.loads(chapters.notebook(contents.FRONT).read_text("utf-8"))["cells"]
    (text,) = (text for c in cells if contents.LIST.search(text := "".join(c["source"])))
    return text


def test_the_front_page_lists_every_chapter_in_order():
    assert contents.contents(front_page()) == front_page(), "python -m tools.contents"


def test_a_chapter_that_is_missing_is_put_in_its_place_and_the_numbers_follow():
    text = front_page()
    entries = contents.ENTRY.findall(text)
    number, title, name, said = entries[6]
    without = text.replace(f"{number}. [{title}]({name}.ipynb){said}\n", "")
    for late, *_ in entries[7:]:
        without = without.replace(f"\n{late}. [", f"\n{int(late) - 1}. [")
    named = contents.BY_NUMBER.search(text)[0]
    earlier = named.replace("8, ", "7, ")
    mended = contents.contents(without.replace(named, earlier))
    assert f"\n{number}. [{title}]({name}.ipynb)\n" in mended
    assert [found[:3] for found in contents.ENTRY.findall(mended)] == [e[:3] for e in entries]
    assert "7, " not in contents.BY_NUMBER.search(mended)[0]
