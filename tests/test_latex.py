"""What is printed reads back as the same tree, up to what `tests/trees.py` says."""

import random
from dataclasses import replace

import numpy as np
import pytest
from conftest import tried
from generated import Author
from hypothesis import given, settings
from hypothesis import strategies as st
from made_trees import DECLARED, trees
from trees import said

from cnnmath.core.nodes import ZERO, Add, Binder, Call, Extent, Index, Node, Number, Read, Reduce
from cnnmath.core.statement import Head, Statement
from cnnmath.errors import CnnMathError, FormulaError
from cnnmath.formula import Formula
from cnnmath.language.latex import node_latex, statement_latex
from cnnmath.language.reader import read
from tools import asking, golden

COUNT = 200


ENTRIES = {
    f"{path.stem}: {entry.name}": entry
    for path in sorted(golden.RECORD.glob("*.jsonl"))
    for entry in golden.read(path)
}
"""Every formula of the catalogue, the corpus, the article and the figures, on record."""

READABLE = [
    name
    for name, entry in ENTRIES.items()
    if "error" not in entry.facts[f"counted from {entry.statement.get('origin', 0)}"]
]


def test_nearly_all_formulas_on_record_can_be_read():
    assert len(READABLE) > 400
    assert len(ENTRIES) - len(READABLE) < 5


@pytest.mark.sweep
@pytest.mark.parametrize("name", READABLE)
def test_a_formula_on_record_reads_back(name):
    statement = ENTRIES[name].statement
    formula = asking.stated(statement)
    last = worked_out(formula)
    if last.links != formula.definition.statement.links[-1:]:  # else it is as it was read
        latex, found = read_back(formula, last)
        assert said(found) == said(last), latex
    again = asking.stated({**statement, "latex": formula.reading})
    assert said(again.definition.statement) == said(formula.definition.statement), formula.reading
    assert again.reading == formula.reading
    for described in ENTRIES[name].given:
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
    declared = replace(formula.definition.declared, defined={}, shapes=dict(formula.shapes))
    latex = statement_latex(statement, declared)
    return latex, read(latex, declared)


def worked_out(formula: Formula) -> Statement:
    """The last side of a formula, without a derivative that is still to be worked out."""
    return replace(formula.definition.statement, links=formula.links[-1:])


def asks_for_a_length(statement: Statement) -> bool:
    """Whether the length of an axis stands elsewhere than as the last value of an index."""

    def asks(node: Node) -> bool:
        match node:
            case Extent():
                return True
            case Binder(low=low, high=Add(terms=(Extent(), *_))):
                return asks(low)
        return any(map(asks, node.children()))

    return any(map(asks, statement.links))


def has_place(statement: Statement) -> bool:
    """Whether the place of an extremum is not simply the number of a cell of a window."""
    return any(
        isinstance(node, Reduce)
        and node.operation.startswith("arg")
        and len(node.binders) > 1
        and (node.where is not None or any(binder.low != ZERO for binder in node.binders))
        for link in statement.links
        for node in link.walk()
    )


def built(one):
    try:
        formula = Formula(one.latex, origin=one.origin, **one.shapes)
        with np.errstate(all="ignore"):
            formula(**one.arrays)
    except CnnMathError:
        return None
    return formula


@pytest.mark.sweep
@pytest.mark.parametrize("tens", range(COUNT // 10))
def test_made_up_formulas_and_their_derivatives_read_back(tens):
    for seed in range(10 * tens, 10 * tens + 10):
        one = Author(random.Random(seed)).formula()
        formula = built(one)
        if formula is None:
            continue
        again = Formula(formula.reading, origin=one.origin, **one.shapes)
        assert said(again.definition.statement) == said(formula.definition.statement), (
            one.latex,
            formula.reading,
        )
        with np.errstate(all="ignore"):
            value, found = formula(**one.arrays), again(**one.arrays)
        np.testing.assert_allclose(found, value, rtol=1e-9, atol=1e-11, err_msg=formula.reading)
        for key in one.variables:
            latex, declared = one.gradient(key)
            gradient = Formula(latex, origin=one.origin, **{one.result: formula}, **declared)
            statement = worked_out(gradient)
            if (one.result not in one.shapes and asks_for_a_length(statement)) or has_place(
                statement
            ):
                with pytest.raises(FormulaError, match=r"no LaTeX for the (length of axis|arg)"):
                    read_back(gradient, statement)
                continue
            printed, back = read_back(gradient, statement)
            assert said(back) == said(statement), (latex, printed)


@tried(150)
@given(trees())
def test_made_up_trees_read_back(tree):
    statement = Statement(Head("a", (Index("i"), Index("j")), ("i", "j")), (tree,), (), {}, (), (),
                          (), (), ())  # fmt: skip
    if has_place(statement):
        with pytest.raises(FormulaError, match="no LaTeX for the arg"):
            statement_latex(statement, DECLARED)
        return
    latex = statement_latex(statement, DECLARED)
    assert said(read(latex, DECLARED)) == said(statement), latex


@pytest.mark.parametrize(
    ("latex", "shapes", "reading"),
    [
        ("a_i = x_{i+1}/2", {}, r"a_{i} = \frac{x_{i + 1}}{2}"),
        (r"a = \sum_i x_i", {}, r"a = \sum_{i} x_{i}"),
        (r"a = \sum_i x_i", {"x": "M-m+1"}, r"a = \sum_{i=0}^{M - m} x_{i}"),
        (r"a = \sum_i (x_{i+1} - x_i)^2", {"x": "n"}, r"a = \sum_{i} (x_{i + 1} - x_{i})^{2}"),
        (
            r"a_i = \max_{s,t} x_{i,s,t}",
            {"x": "N m n"},
            r"a_{i} = \max_{\substack{0 \le s \le m - 1 \\ 0 \le t \le n - 1}} x_{i, s, t}",
        ),
        (
            r"L = \lVert x - v \rVert_2",
            {"x": "n", "v": "n"},
            r"L = \sqrt{\sum_{i=0}^{n - 1} (x_{i} - v_{i})^{2}}",
        ),
        (
            r"L = \lVert A \rVert_F^2",
            {"A": "m n"},
            r"L = \sum_{i=0}^{m - 1} \sum_{j=0}^{n - 1} A_{i, j}^{2}",
        ),
        (
            r"a_i = x_i [0 \le i < C_{\rm in}], \quad i < 3",
            {"C_in": ""},
            r"a_{i} = x_{i} [0 \le i < C_{\mathrm{in}}], \quad i \le 3 - 1",
        ),
        (
            r"a_i = \sum_{j \in \{0, 2\}} \hat w'_j e^{-x_i}",
            {},
            r"a_{i} = \sum_{j \in \{0, 2\}} \hat{w}'_{j} \exp(-x_{i})",
        ),
        (r"a_i = (x_i y_i)^T", {"T": ""}, r"a_{i} = (x_{i} y_{i})^{T}"),
        ("a = b(c + 1)", {"b": ""}, r"a = b \cdot (c + 1)"),
        (r"a_i = f(x_i) (x_i + 1)", {"f": np.tanh}, r"a_{i} = f(x_{i}) \cdot (x_{i} + 1)"),
        (r"a_i = x_{q \cdot i} \cdot 2", {}, r"a_{i} = x_{q \cdot i} \cdot 2"),
        (r"a_i = x_{(p+1) \cdot i}", {}, r"a_{i} = x_{(p + 1) \cdot i}"),
        (
            r"a_i = (\sigma)^2 x_i + \sigma^2",
            {"sigma": "", "sigma_squared": ""},
            r"a_{i} = (\sigma)^{2} x_{i} + \sigma^{2}",
        ),
        ("f(x, y) = x y", {}, r"f(x, y) = x \odot y"),
        (
            r"a^{(k)}_{ij} = W^{(k)}_{ij} + \frac{\partial E}{\partial x^{(k)}_{ij}}",
            {},
            r"a^{(k)}_{i, j} = W^{(k)}_{i, j} + \frac{\partial E}{\partial x^{(k)}_{i, j}}",
        ),
        ("a_i = 0.1 x_i - 0.00001", {}, "a_{i} = 0.1 x_{i} - 0.00001"),
    ],
)
def test_how_it_is_written(latex, shapes, reading):
    assert Formula(latex, **shapes).reading == reading
    assert Formula(reading, **shapes).reading == reading


@settings(deadline=None, derandomize=True)
@given(st.floats(0, 1e300))
def test_a_number_reads_as_the_same_number(number):
    (link,) = read(f"a = {node_latex(Number(number), DECLARED)}", DECLARED).links
    assert link == Number(number)


PARTS = ["x", "W", "theta", "Lambda", "kernel", "varphi"]


@settings(deadline=None, derandomize=True)
@given(
    st.sampled_from(PARTS),
    st.lists(st.sampled_from(["hat", "bar", "prime", "star", "in", "max", "T", "out", "plus"]),
             max_size=3),
    st.booleans(),
)  # fmt: skip
def test_a_name_reads_as_the_same_name(first, rest, is_array):
    name = "_".join([first, *rest])
    read_of = Read(name, (Index("i"),) if is_array else ())
    declared = Formula(r"a_i = x_i").definition.declared
    latex = f"a_i = c_i {node_latex(read_of, declared)}"
    assert read_of in read(latex, declared).links[0].walk(), latex


def test_an_index_that_is_bound_twice_gets_another_letter():
    inner = Reduce("sum", (Binder("s", ZERO, Index("s")),), None, Read("x", (Index("s"),)))
    outer = Reduce("sum", (Binder("s", ZERO, Read("M")),), None, inner)
    assert node_latex(outer, DECLARED) == r"\sum_{s=0}^{M} \sum_{s'=0}^{s} x_{s'}"


def test_the_length_of_an_axis_that_nobody_declared_has_no_latex():
    with pytest.raises(FormulaError, match="the length of axis 1 of y: declare its shape"):
        node_latex(Extent("y", 1), DECLARED)


@pytest.mark.parametrize(
    ("latex", "shapes", "reading"),
    [
        (r"y_i = \sum_{j=0}^{N-1} W^{(1)}_{ij} x_j", {"W_1": "M N", "x": "N"}, r"W^{(1)}_{i, j}"),
        (r"y_i = W_1 z_i", {"z": "M"}, r"W_{1} z_{i}"),
        (r"y_i = x_1 x_i", {"x": "M"}, r"x_{1} x_{i}"),
        (r"y_i = c_a z_i", {"c_a": "", "z": "M"}, r"c_{a} z_{i}"),
        (r"y_i = \sum_j W^{a}_{ij} x_j", {"W_a": "M N", "x": "N"}, r"W^{\mathrm{a}}_{i, j}"),
        # x_1 is no element of x here, and should not look like one.
        (r"y_i = x_1 z_i + x", {"z": "M"}, r"\mathrm{x\_1} z_{i} + x"),
    ],
)
def test_what_stands_at_a_letter_is_a_label_or_an_index(latex, shapes, reading):
    assert reading in Formula(latex, **shapes).reading


def test_conditions_behind_a_formula_are_written_too():
    formula = Formula(r"y_i = x_i, \quad 1 \le i < N, \quad i \bmod 2 = 0", x="N")
    assert formula.reading.endswith(r"\quad 1 \le i \le N - 1, i \bmod 2 = 0")


def test_the_largest_of_one_value_is_that_value():
    declared = Formula("y = x").definition.declared
    assert node_latex(Call("max", (Read("x"),)), declared) == "x"
