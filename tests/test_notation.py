"""The table of symbols: which shapes a symbol has, and in which part of the book."""

import pytest

from cnnmath import notation
from cnnmath.derivation import Derivation
from cnnmath.errors import CnnMathError
from cnnmath.formula import Formula
from cnnmath.notation import table

SMALL = {
    "one/first": (Formula(r"a_i = 2 x_i", x="N", a="N"),),
    "one/second": (
        Formula(r"a_{ij} = w x_{ij}", x="M N", a="M N"),
        Derivation(
            Formula(
                r"\frac{\partial E}{\partial x_j} &= \sum_i \frac{\partial E}{\partial a_i} [i=j]",
                a=Formula("a_i = x_i", x="N"),
            ),
            steps="Chain rule.",
        ),
    ),
    "two/first": (Formula(r"z_i = x_i + a_i", x="N", a="N", z="N"),),
}
MEANINGS = {
    "z": "the last",
    "x": "the input",
    "a": "the output",
    "w": "a weight",
    "dE_da": "what arrives",
    "dE_dx": "what goes on",
}


@pytest.fixture
def small(monkeypatch):
    """A catalogue of three chapters in two parts."""
    monkeypatch.setattr(notation, "CHAPTERS", SMALL)
    monkeypatch.setattr(notation, "SYMBOLS", dict(MEANINGS))


def row(name):
    (found,) = (row for row in table().rows if row.name == name)
    return found


def test_a_symbol_has_a_row_with_every_shape_and_its_parts():
    assert row("x").shapes == {
        "(M, N)": ["convolution", "activation", "pooling"],
        "(C, M, N)": ["channels"],
    }
    assert row("W").shapes == {
        "(K, m, n)": ["convolution"],
        "(m, n)": ["convolution"],
        "(K, C, m, n)": ["channels"],
    }


def test_shapes_come_in_the_order_of_the_book_and_rows_in_that_of_the_symbols(small):
    assert [row.name for row in table().rows] == list(MEANINGS)
    assert row("x").shapes == {"(N,)": ["one", "two"], "(M, N)": ["one"]}
    assert row("w").shapes == {"a number": ["one"]}
    assert row("dE_dx").shapes == {"(N,)": ["one"]}  # in a derivation alone


def test_only_a_symbol_of_several_shapes_says_where_it_has_which(small):
    assert row("x").written() == ["(N,) in one, two", "(M, N) in one"]
    assert row("z").written() == ["(N,)"]


def test_the_table_as_text_and_as_a_table_of_the_page(small):
    bundle = table()._repr_mimebundle_()
    lines = bundle["text/plain"].splitlines()
    assert lines[0].split() == ["z", "the", "last"]
    assert [line.strip() for line in lines[2:5]] == [
        "x        the input",
        "(N,) in one, two",
        "(M, N) in one",
    ]
    head, _, z, x, *_ = bundle["text/markdown"].splitlines()
    assert head == "| symbol | in the code | what it is | shape |"
    assert z.endswith("| `z` | the last | (N,) |")
    assert x.endswith("| `x` | the input | (N,) in one, two<br>(M, N) in one |")


def test_a_symbol_without_a_meaning_is_refused(small, monkeypatch):
    monkeypatch.delitem(notation.SYMBOLS, "w")
    with pytest.raises(CnnMathError, match="uses w, which SYMBOLS does not explain"):
        table()
