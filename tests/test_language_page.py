"""The page of how formulas are read: each of its formulas is read, or refused, as it says."""

import pytest

from cnnmath.errors import CnnMathError
from cnnmath.formula import Formula
from tools.readings import PAGE, examples, formula_of, read, refused

EXAMPLES = list(examples(PAGE.read_text("utf-8")))


@pytest.mark.parametrize(("directive", "line"), EXAMPLES, ids=[line for _, line in EXAMPLES])
def test_a_formula_is_read_or_refused_as_the_page_says(directive, line):
    latex, shapes = formula_of(line)
    if directive == "refusals":
        assert len(refused(latex, shapes)) > 20
        return
    reading = read(latex, shapes)
    assert read(reading, shapes) == reading  # with every index in its place nothing is left to read


def test_what_is_read_does_not_pass_for_refused():
    with pytest.raises(ValueError, match="stands among what is refused"):
        refused("y = x", {})
    with pytest.raises(CnnMathError):
        Formula("y = 1/2 x")


def test_the_page_has_examples_of_both():
    kinds = [directive for directive, _ in EXAMPLES]
    assert kinds.count("readings") > 15
    assert kinds.count("refusals") > 5
