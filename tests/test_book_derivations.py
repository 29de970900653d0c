"""The derivations of the chapters, on the numbers on which they are proved.

A line that is wrong must differ there: otherwise running it proves nothing.
"""

import json
import re
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from by_chapter import DERIVED, NAMED
from by_chapter import SLIPS as OF_CHAPTERS
from cells import chapter, each

from cnnmath import catalogue
from cnnmath.article import PRINTED
from cnnmath.core.shapes import shape_text
from cnnmath.derive import Derivation, derive
from cnnmath.errors import CnnMathError, FormulaError
from cnnmath.formula import Formula


def derived(name):
    """The formula of which a gradient is said to be one, and by what: what `DERIVED` has of it."""
    formula, by = DERIVED[name]
    said = f"DERIVED has {name!r}: {DERIVED[name]}"
    for constant in (name, formula):
        if not hasattr(catalogue, constant):
            pytest.fail(f"{said}, but the catalogue has no {constant}")
    gives = getattr(catalogue, name).result
    if gives != f"dE_d{by}":
        pytest.fail(f"{said}, but {name} gives {gives}: write {gives.removeprefix('dE_d')!r}")
    return getattr(catalogue, formula), by


@cache
def derivation_of(name, named=True):
    """The derivation of a gradient; with the names of `NAMED`, or without."""
    if named and name not in NAMED:
        return derivation_of(name, named=False)
    called = NAMED.get(name, {}) if named else {}
    return derive(*derived(name), **{n: getattr(catalogue, f) for n, f in called.items()})


@cache
def numbers_of(name):
    """The numbers on which a derivation is proved, by name, for each time that it is run."""
    return [{**sample.arrays, **sample.sizes} for sample in derivation_of(name)._samples]


# What is asked of one derivation is asked in one process, which derives it once.
each_derived = each(DERIVED)


def evaluated(formula, arrays):
    return formula(**formula.taken_of(arrays))


def shapes_of(formula):
    """The shapes of a line, as they would be declared."""
    names = {*formula.names, formula.result} - {*formula.definitions}
    shapes = {name: formula.shapes[name] for name in names if name in formula.shapes}
    return {name: shape_text(shape)[1:-1].replace(",", "") for name, shape in shapes.items()}


def test_no_check_in_a_chapter_finds_a_difference():
    """Nor do those of single formulas, which are printed; the appendix shows what is wrong."""
    for name in catalogue.CHAPTERS:
        for cell in chapter(name).cells:
            assert "NOT EQUAL" not in json.dumps(cell.get("outputs", "")), (name, cell["id"])


@pytest.mark.sweep
@each(catalogue.CHAPTERS)
def test_a_chapter_derives_the_gradients_that_it_states(name):
    one = chapter(name)
    found = set()
    for cell_id, source in one.code().items():
        value = one.value(cell_id) if re.search(r"^derive\(", source, re.M) else None
        if isinstance(value, Derivation):
            found.add((value.formula.latex, value.by))
    derivable = {gradient: derived(gradient) for gradient in DERIVED}
    for gradient, (formula, by) in derivable.items():
        if any(getattr(catalogue, gradient) is stated for stated in catalogue.CHAPTERS[name]):
            call = "derive({}, {!r})".format(*DERIVED[gradient])
            assert (formula.latex, by) in found, f"no cell of the chapter begins with {call}"
    known = {(formula.latex, by) for formula, by in derivable.values()}
    assert found <= known, "DERIVED, in tests/chapters, does not name what the chapter derives"


def test_every_gradient_that_is_derived_is_stated_in_a_chapter():
    stated = [formula for formulas in catalogue.CHAPTERS.values() for formula in formulas]
    assert all(any(getattr(catalogue, name) is one for one in stated) for name in DERIVED)


@pytest.mark.sweep
@each_derived
def test_what_is_derived_is_the_gradient_of_the_catalogue(name):
    rng = np.random.default_rng(3)
    numbers = numbers_of(name)[0]
    arrays = {n: v for n, v in numbers.items() if isinstance(v, np.ndarray)}
    others = {n: v for n, v in numbers.items() if n not in arrays}
    for _ in range(3):
        given = {**others, **{n: rng.normal(size=v.shape) for n, v in arrays.items()}}
        given["delta"] = given.get("dE_da")
        stated = getattr(catalogue, name)
        found = evaluated(derivation_of(name).gradient, given)
        np.testing.assert_allclose(found, evaluated(stated, given), rtol=1e-9, atol=1e-12)


# What to look for in a line, and what to make of it. Each finds what people get wrong: a sign,
# two indices exchanged, a bracket or a prime forgotten, a range that ends or begins too late.
SLIPS = [
    (r"(?<=[a-z0-9}'] )\+(?= [a-z0-9\\])", "-"),
    (r"(?<=[a-z] )-(?= [a-z])", "+"),
    (r"(?<=e\^\{)-", ""),
    (r"^-", ""),
    (r"_\{st\}", "_{ts}"),
    (r"_\{s't'\}", "_{t's'}"),
    (r"(?<=a[^{]\{\(k\)\}\})_\{ij\}", "_{ji}"),
    (r"_\{i \+ s('?), j \+ t'?\}", r"_{j + t\1, i + s\1}"),
    (r"_\{i \+ s, j \+ t\}", "_{i - s, j - t}"),
    (r"_\{u - s, v - t\}", "_{v - t, u - s}"),
    (r"(?<!\\left)\[[^\[\]]*\]", ""),
    (r"\\left\[.*?\\right\]", ""),
    (r"(\\sum_\{\w'?=0\})\^\{(\w) - (\w)\}", r"\1^{\2 - \3 - 1}"),
    (r"_\{([stij]'?)=0\}", r"_{\1=1}"),
    (r"(?<=\)\))?\^\{2\}", ""),
    (r"i q", "i l"),
    (r"\\bmod l", r"\\bmod q"),
    (r"(\\frac\{\\omega_\{ij\}\})\{l\}", r"\1{q}"),
    (r"\\omega_\{ij\}", r"\\omega_{ji}"),
    (r"\\alpha", ""),
    (r"(x_\{i'?j'?\}) > 0", r"\1 < 0"),
    (r"\\frac\{1\}\{2\}", "1"),
    *OF_CHAPTERS,
]

NO_SLIP = r"[0 \le y < R]"
"""That there is such a class: to leave it out changes nothing where there is."""


def slips(name):
    """The lines of a derivation, each once for each slip in it, as formulas that can be run."""
    for line in derivation_of(name).lines:
        left, side = line.latex.split(" = ", 1)
        for pattern, replacement in SLIPS:
            for found in re.finditer(pattern, side):
                if found[0] == NO_SLIP:
                    continue
                slipped = found.expand(replacement)
                yield line, f"{left} = {side[: found.start()]}{slipped}{side[found.end() :]}"


@pytest.mark.sweep
@each_derived
def test_a_slip_in_any_line_is_seen_on_the_numbers_of_the_proof(name):
    right = [evaluated(derivation_of(name).gradient, numbers) for numbers in numbers_of(name)]
    tried = {}
    for line, latex in slips(name):
        try:
            formula = Formula(latex, **{**shapes_of(line.formula), **line.formula.definitions})
            values = [evaluated(formula, numbers) for numbers in numbers_of(name)]
        except CnnMathError:
            continue  # it cannot even be run
        tried[line.latex] = tried.get(line.latex, 0) + 1
        assert not all(map(is_same, values, right)), latex
    assert len(tried) >= len(derivation_of(name).lines) - 1, "some lines had no slip"


def is_same(one, two):
    return one.shape == two.shape and np.allclose(one, two, rtol=1e-8, atol=1e-12)


BY_HAND = {
    "x": np.array([[1, 2, 0, 1], [0, 1, 3, 2], [2, 0, 1, 1]]),
    "W": np.array([[[1, 0], [2, -1]]]),
    "b": np.array([1]),
    "dE_da": np.array([[[1, 0, -1], [2, 1, 0]]]),
    "M": 3,
    "N": 4,
    "m": 2,
    "n": 2,
    "K": 1,
}
"""The case done by hand of three chapters: one kernel, zeros, numbers that come twice."""


@pytest.mark.parametrize("name", ["kernel_gradient", "bias_gradient"])
def test_on_the_case_done_by_hand_a_slip_could_hide(name):
    """So the numbers matter: this is what `check` refuses."""
    right = evaluated(derivation_of(name).gradient, BY_HAND)
    values = [
        evaluated(
            Formula(latex, **{**shapes_of(line.formula), **line.formula.definitions}), BY_HAND
        )
        for line, latex in slips(name)
        if "[" in line.latex and latex.count("[") < line.latex.count("[")
    ]
    assert any(np.array_equal(value, right) for value in values)


ARTICLE = {
    "Input gradient": ("input_gradient", {"k": 0}),
    "Channels, kernel gradient": ("channels_kernel_gradient", {"d": 0}),
    "Channels, input gradient": ("channels_input_gradient", {"k": 0}),
}


@pytest.mark.parametrize("title", ARTICLE)
def test_the_articles_wrong_formula_differs_on_the_numbers_of_the_proof(title):
    name, open_indices = ARTICLE[title]
    numbers = numbers_of(name)[0]
    given = {**numbers, "delta": numbers["dE_da"], **open_indices}
    wrong = evaluated(PRINTED[title].mistakes[0].read, given)
    assert not np.allclose(wrong, evaluated(derivation_of(name).gradient, numbers), rtol=1e-8)


def test_the_articles_input_gradient_is_right_on_the_case_done_by_hand():
    wrong = evaluated(PRINTED["Input gradient"].mistakes[0].read, {**BY_HAND, "k": 0})
    right = evaluated(derivation_of("input_gradient").gradient, BY_HAND)
    np.testing.assert_array_equal(wrong, right)


# ---- what the teacher says ----------------------------------------------------------------------


def test_the_teacher_speaks_of_what_is_derived():
    known = {(formula.name, by) for formula, by in map(derived, DERIVED)}
    said = {(one.name, by) for one in catalogue.formulas().values() for by in one.sentences}
    assert len(said) > 10
    assert said <= known


@pytest.mark.sweep
@each_derived
def test_the_teacher_speaks_beside_a_line_of_that_title_of_indices_in_it_or_the_one_before(name):
    formula, by = derived(name)
    sentences = formula.sentences.get(by, {})
    lines = derivation_of(name, named=False).lines if sentences else ()
    said = {line.rule: line.sentence for line in lines}
    assert {title: said.get(title) for title in sentences} == dict(sentences)
    for before, line in pairwise([None, *lines]):
        if line.rule in sentences:
            for piece in re.findall(r"\$([^$]+)\$", line.sentence):
                if re.search(r"[_']|\\cdot", piece):
                    assert piece in (before.latex if before else "") + line.latex


def test_in_the_fold_the_rules_speak_for_themselves():
    usual, every = (derive(catalogue.relu, "x", depth) for depth in ("usual", "all"))
    words = catalogue.relu.sentences["x"]["Collapse"]
    assert words in usual.text()
    assert words not in every.text()


def test_a_sentence_for_a_line_that_there_is_not_is_refused():
    said = {"x": {"Colapse": "Only one is left."}}
    formula = Formula("y_i = 2 x_i", x="N", y="N", sentences=said)
    message = "sentence for the line 'Colapse' of its derivation by x: .* Chain rule, Differentiate"
    with pytest.raises(FormulaError, match=message):
        derive(formula, "x")
    derive(formula, "x", "all")
