"""What was read once is kept for whoever imports the catalogue next."""

import sys

import numpy as np
import pytest
from conftest import run

from cnnmath.catalogue import formulas, kept
from cnnmath.formula import Formula


@pytest.fixture
def file(tmp_path):
    return tmp_path / "of formulas" / "formulas.pickle"


@pytest.fixture
def count(monkeypatch):
    """How often a formula was read."""
    made, read = [], Formula.__init__

    def counted(formula, latex, **said):
        made.append(latex)
        read(formula, latex, **said)

    monkeypatch.setattr(Formula, "__init__", counted)
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    return lambda: len(made)


def stated(file, latex=r"y_i = 2 x_i"):
    """A formula, and one that it defines the y of."""
    there = kept.Kept(file)
    double = there.formula(latex, {"x": "N"})
    total = there.formula(r"E = \sum_i y_i", {"y": double})
    there.save()
    return double, total


def test_what_was_kept_is_not_read_again_and_says_the_same(file, count):
    stated(file)
    assert count() == 2
    double, total = stated(file)
    assert count() == 2
    assert total.definitions["y"] is double
    assert total(x=np.arange(3)) == 6


def test_what_is_said_in_another_way_is_read(file, count):
    stated(file)
    _, total = stated(file, r"y_i = 3 x_i")
    assert count() == 4  # that which the new one defines, too
    assert total(x=np.arange(3)) == 9
    assert list(file.parent.iterdir()) == [file]


def test_of_another_package_or_damaged_nothing_is_taken(file, count, monkeypatch, tmp_path):
    stated(file)
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + b"?")
    stated(file)
    assert count() == 4
    assert file.read_bytes() == whole
    (tmp_path / "changed.py").write_text("x = 1")
    monkeypatch.setattr(kept, "_PACKAGE", tmp_path)
    stated(file)
    assert count() == 6


def test_where_nothing_can_be_written_all_is_read_each_time(tmp_path, count, monkeypatch):
    (tmp_path / "a file").touch()
    for _ in range(2):
        stated(tmp_path / "a file" / "formulas.pickle")
    assert count() == 4
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    stated(tmp_path / "formulas.pickle")
    assert not (tmp_path / "formulas.pickle").exists()


def test_functions_are_not_kept(file, count):
    for _ in range(2):
        there = kept.Kept(file)
        there.formula(r"y_i = g(x_i)", {"x": "N", "g": np.sin})
        there.save()
    assert count() == 2


def test_a_statement_is_known_of_what_was_kept_too():
    """`make golden` asks each formula what it was declared with, which it forgets."""
    code = "from tools import statements; print(next(statements.catalogue()).statement['latex'])"
    first = next(iter(formulas().values()))
    assert run(sys.executable, "-c", code).strip() == first.latex
