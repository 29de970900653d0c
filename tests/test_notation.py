"""The table of symbols: what a symbol is and which shapes it has, and in which part of the book."""

import ast

import pytest
from cells import chapter

from cnnmath import notation
from cnnmath.catalogue import CHAPTERS
from cnnmath.errors import CnnMathError
from cnnmath.formula import Formula
from cnnmath.notation import table, written

MEANINGS = {
    "z": "the last",
    "x": "the input",
    "a": "the output",
    "w": "a weight",
    "dE_da": "what arrives",
    "dE_dx": "what goes on",
}
OTHER = {**MEANINGS, "x": "what the first part gave"}
SMALL = {
    "one/first": (Formula(r"a_i = 2 x_i", x="N", a="N", symbols=MEANINGS),),
    "one/second": (
        Formula(r"a_{ij} = w x_{ij}", x="M N", a="M N", symbols=MEANINGS),
        Formula(
            r"\frac{\partial E}{\partial x_j} = \sum_i \frac{\partial E}{\partial a_i} [i=j]",
            a=Formula("a_i = x_i", x="N"),
            symbols=MEANINGS,
        ),
    ),
    "two/first": (Formula(r"z_i = x_i + a_i", x="N", a="N", z="N", symbols=OTHER),),
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
    shapes = row("W").shapes
    assert shapes["(K, m, n)"] == ["convolution"]
    assert shapes["(K, C, m, n)"] == ["channels"]
    assert {"convolution", "arithmetic/padding", "arithmetic/gradients"} <= {*shapes["(m, n)"]}
    assert "(C, M, N)" in row("x").shapes


def test_shapes_come_in_the_order_of_the_book_and_rows_in_that_of_the_symbols(small):
    assert [row.name for row in table().rows] == list(MEANINGS)
    assert row("x").shapes == {"(N,)": ["one", "two"], "(M, N)": ["one"]}
    assert row("w").shapes == {"a number": ["one"]}
    assert row("dE_dx").shapes == {"(N,)": ["one"]}


def test_only_a_symbol_of_several_shapes_says_where_it_has_which(small):
    assert written(row("x").shapes) == ["(N,) in one, two", "(M, N) in one"]
    assert written(row("z").shapes) == ["(N,)"]


def test_meanings_come_with_their_parts_where_there_are_several(small):
    assert written(row("x").meanings) == [
        "the input in one",
        "what the first part gave in two",
    ]
    assert written(row("a").meanings) == ["the output"]


CLASH = Formula(r"z_i = x_i", x="N", z="N", name="clash", symbols=OTHER)


def test_two_meanings_in_one_part_come_with_their_chapters(small, monkeypatch):
    monkeypatch.setattr(notation, "CHAPTERS", {**SMALL, "one/third": (CLASH,)})
    assert written(row("x").meanings) == [
        "the input in one/first, one/second",
        "what the first part gave in two, one/third",
    ]
    assert row("w").shapes == {"a number": ["one"]}


def test_two_meanings_in_one_chapter_are_refused(small, monkeypatch):
    monkeypatch.setattr(notation, "CHAPTERS", {**SMALL, "one/first": (*SMALL["one/first"], CLASH)})
    words = "x is the input and what the first part gave in the chapter one/first"
    with pytest.raises(CnnMathError, match=words):
        table()


def test_a_product_in_a_shape_is_no_emphasis():
    lines = table()._repr_mimebundle_()["text/markdown"].splitlines()
    (a,) = (line for line in lines if "| `a` |" in line)
    assert r"((M+2\*P-l)//q+1, (N+2\*P-l)//q+1) in pooling" in a
    assert "the output of the convolution in convolution, channels, arithmetic, network" in a
    assert "the output of the pooling in pooling" in a


SIZES = set("MmPSDA")


def _roles(formula):
    """Each letter of a formula with what it is: an array, a size, or else an index.

    A size that is no more than a number here, in a relationship of sizes, is a size all the same.
    """
    relates_sizes = set(formula.names) <= SIZES
    for start, end, name in formula.found_symbols:
        written_as = formula.latex[start:end]
        yield written_as, "size" if name in formula.sizes or relates_sizes else "array"
    named = {formula.latex[start:end] for start, end, _ in formula.found_symbols}
    for letter in "ijstuvkcr":
        if letter not in named:
            yield letter, "index"


def test_a_letter_is_an_array_an_index_or_a_size_and_never_two_of_these():
    roles = {}
    for formula in (one for stated in CHAPTERS.values() for one in stated):
        for letter, role in _roles(formula):
            roles.setdefault(letter, set()).add(role)
    assert len(roles) > 30
    assert {letter: found for letter, found in roles.items() if len(found) > 1} == {}


@pytest.mark.parametrize("name", [n for n in CHAPTERS if n.startswith(("activation", "network"))])
def test_where_h_is_an_output_no_step_of_finite_differences_is_called_h(name):
    for source in chapter(name).code().values():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                assert [ast.unparse(target) for target in node.targets] != ["h"], source


def test_the_table_as_text_and_as_a_table_of_the_page(small):
    bundle = table()._repr_mimebundle_()
    lines = bundle["text/plain"].splitlines()
    assert lines[0].split() == ["z", "the", "last"]
    assert [line.strip() for line in lines[2:5]] == [
        "x        the input in one; what the first part gave in two",
        "(N,) in one, two",
        "(M, N) in one",
    ]
    head, _, z, x, *_ = bundle["text/markdown"].splitlines()
    assert head == "| symbol | in the code | what it is | shape |"
    assert z.endswith("| `z` | the last | (N,) |")
    assert x.endswith(
        "| `x` | the input in one<br>what the first part gave in two "
        "| (N,) in one, two<br>(M, N) in one |"
    )


def test_a_symbol_without_a_meaning_is_refused(small, monkeypatch):
    monkeypatch.delitem(notation.SYMBOLS, "w")
    with pytest.raises(CnnMathError, match="uses w, which is in no `symbols`"):
        table()
