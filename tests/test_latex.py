"""What is printed reads back as the same tree, up to what `tests/trees.py` says."""

import random
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from generated import Author
from trees import said

from cnnmath.errors import CnnMathError, FormulaError
from cnnmath.formula import Formula
from cnnmath.formula.latex import statement_latex
from cnnmath.formula.reader import read
from cnnmath.formula.statement import Statement
from tools import asking, golden

COUNT = 200


@cache
def entries():
    """Every formula of the catalogue, the corpus, the article and the figures, on record."""
    return {
        f"{path.stem}: {entry.name}": entry
        for path in sorted(golden.RECORD.glob("*.jsonl"))
        for entry in golden.read(path)
    }


def refused(statement):
    try:
        asking.stated(statement)
    except CnnMathError:
        return True
    return False


NAMES = [name for name, entry in entries().items() if not refused(entry.statement)]


def test_nearly_all_formulas_on_record_can_be_read():
    assert len(NAMES) > 400
    assert len(entries()) - len(NAMES) < 5


@pytest.mark.parametrize("name", NAMES)
def test_a_formula_on_record_reads_back(name):
    statement = entries()[name].statement
    formula = asking.stated(statement)
    again = asking.stated({**statement, "latex": formula.reading})
    assert said(again.statement) == said(formula.statement), formula.reading
    assert again.reading == formula.reading
    for described in entries()[name].given:
        arrays = asking.given(described, 0)
        try:
            with np.errstate(all="ignore"):
                value = formula(**arrays)
        except CnnMathError:
            continue
        with np.errstate(all="ignore"):
            found = again(**arrays)
        np.testing.assert_allclose(found, value, rtol=1e-11, atol=1e-13, err_msg=formula.reading)


def read_back(formula: Formula, statement: Statement) -> tuple[str, Statement]:
    """A statement printed, and what is read."""
    declared = replace(formula.declared, defined=frozenset(), shapes=dict(formula.shapes))
    latex = statement_latex(statement, declared)
    return latex, read(latex, declared)


def worked_out(formula: Formula) -> Statement:
    """The last side of a formula, without a derivative that is still to be worked out."""
    return replace(formula.statement, links=formula.links[-1:])


@pytest.mark.parametrize("name", NAMES)
def test_a_side_that_was_worked_out_reads_back(name):
    formula = asking.stated(entries()[name].statement)
    statement = worked_out(formula)
    if statement.links == formula.statement.links[-1:]:
        return  # as it was read
    latex, found = read_back(formula, statement)
    assert said(found) == said(statement), latex


def built(one):
    try:
        formula = Formula(one.latex, origin=one.origin, **one.shapes)
        with np.errstate(all="ignore"):
            formula(**one.arrays)
    except CnnMathError:
        return None
    return formula


@pytest.mark.parametrize("tens", range(COUNT // 10))
def test_made_up_formulas_and_their_derivatives_read_back(tens):
    for seed in range(10 * tens, 10 * tens + 10):
        one = Author(random.Random(seed)).formula()
        formula = built(one)
        if formula is None:
            continue
        again = Formula(formula.reading, origin=one.origin, **one.shapes)
        assert said(again.statement) == said(formula.statement), (one.latex, formula.reading)
        with np.errstate(all="ignore"):
            value, found = formula(**one.arrays), again(**one.arrays)
        np.testing.assert_allclose(found, value, rtol=1e-9, atol=1e-11, err_msg=formula.reading)
        for key in one.variables:
            latex, declared = one.gradient(key)
            gradient = Formula(latex, origin=one.origin, **{one.result: formula}, **declared)
            statement = worked_out(gradient)
            try:
                printed, back = read_back(gradient, statement)
            except FormulaError as error:
                # y has no declared shape, and the derivative asks how long it is.
                assert "there is no LaTeX for the length" in str(error), printed
                assert one.result not in one.shapes
                continue
            assert said(back) == said(statement), (latex, printed)
