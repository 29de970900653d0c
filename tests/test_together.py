"""What the build keeps on one line."""

from types import SimpleNamespace

import pytest
from docutils import nodes

from tools.together import Together


def kept(*children):
    paragraph = nodes.paragraph("", "", *children)
    document = SimpleNamespace(findall=paragraph.findall)
    Together.run(SimpleNamespace(document=document))
    return [
        (child.astext(), "together") if isinstance(child, nodes.inline) else child.astext()
        for child in paragraph.children
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("let ", ", and", ["let ", ("$,", "together"), " and"]),
        ("(", ").", ["", ("($).", "together"), ""]),
        ("a “", "” b", ["a ", ("“$”", "together"), " b"]),
        ("of ", " rows", ["of ", "$", " rows"]),
    ],
)
def test_a_formula_keeps_the_marks_that_touch_it(before, after, expected):
    formula = nodes.math("", "$")
    assert kept(nodes.Text(before), formula, nodes.Text(after)) == expected


def test_two_formulas_in_a_row_each_keep_their_comma():
    assert kept(nodes.math("", "x"), nodes.Text(", "), nodes.math("", "y"), nodes.Text(", z")) == [
        ("x,", "together"),
        " ",
        ("y,", "together"),
        " z",
    ]


def test_a_formula_that_is_wide_may_break():
    wide = "W" * 40
    assert kept(nodes.math("", wide), nodes.Text(", and")) == [wide, ", and"]


def test_a_product_of_numbers_stays_on_one_line_but_not_in_code():
    space = "\N{NO-BREAK SPACE}"
    shown = kept(nodes.Text("2 × 3 × 4, a × b"), nodes.literal("", "2 × 3"))
    assert shown == [f"2{space}×{space}3{space}×{space}4, a × b", "2 × 3"]
