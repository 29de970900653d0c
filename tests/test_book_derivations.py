"""The derivations of the chapters, on the numbers on which the chapters run them.

A line that is wrong must differ there: otherwise running it proves nothing.
"""

import json
import re
from functools import cache

import numpy as np
import pytest
from cells import Chapter

from cnnmath import catalogue
from cnnmath.article import PRINTED
from cnnmath.derivation import Derivation
from cnnmath.errors import CnnMathError
from cnnmath.formula import Formula

DERIVATIONS = {
    name: value for name, value in vars(catalogue).items() if isinstance(value, Derivation)
}


@cache
def arrays_of_the_chapters():
    """For each derivation the arrays on which a chapter checks it, in the chapters' order."""
    checked = []
    check = Derivation.check

    def recorded(self, **arrays):
        found = check(self, **arrays)
        checked.append((self, arrays))
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Derivation, "check", recorded)
        for name in catalogue.CHAPTERS:
            chapter = Chapter(name)
            for cell_id, source in chapter.code().items():
                if "_derivation.check(" in source:
                    chapter.value(cell_id)
    names = {id(value): name for name, value in DERIVATIONS.items()}
    return [(names[id(derivation)], arrays) for derivation, arrays in checked]


def arrays_of(name):
    return next(arrays for one, arrays in arrays_of_the_chapters() if one == name)


def evaluated(formula, arrays):
    return formula(**formula.taken_of(arrays))


def test_no_check_in_a_chapter_finds_a_difference():
    """Nor do those of single formulas, which are printed; the appendix shows what is wrong."""
    for name in catalogue.CHAPTERS:
        for cell in Chapter(name).cells:
            assert "NOT EQUAL" not in json.dumps(cell.get("outputs", "")), (name, cell["id"])


def test_every_derivation_is_checked_in_a_chapter():
    assert {name for name, _ in arrays_of_the_chapters()} == set(DERIVATIONS)


# What to look for in a line, and what to make of it. Each finds what people get wrong: a sign,
# two indices exchanged, a bracket or a prime forgotten, a range that ends or begins too late.
SLIPS = [
    (r"(?<=[a-z}'] )?\+", "-"),
    (r"(?<=[a-z(])-(?=[a-z(])", "+"),
    (r"_\{st\}", "_{ts}"),
    (r"_\{s't'\}", "_{t's'}"),
    (r"(?<=a[^{]\{\(k\)\}\})_\{ij\}", "_{ji}"),
    (r"\(i([+-])s('?)\)\(j\1t\2\)", r"(j\1t\2)(i\1s\2)"),
    (r"\[[^\[\]]*\]", ""),
    (r"\\left\[[^\[\]]*\\right\]", ""),
    (r"\^\{([mnlMN](?:-[mn])?(?:-1)?)\}", r"^{\1-1}"),
    (r"_\{([stij]'?)=0\}", r"_{\1=1}"),
    (r"\^2", ""),
    (r"\\bmod l", r"\\bmod q"),
    (r"iq", "il"),
    (r"\\alpha", ""),
    (r"x_\{ij\} > 0", "x_{ij} < 0"),
    (r"\\frac\{1\}\{2\}", "1"),
]


def slips(name):
    """The lines of a derivation, each once for each slip in it, as formulas that can be run."""
    derived = DERIVATIONS[name].formula
    left, *lines = derived.latex.replace(r"\\ &=", "&=").split("&=")
    for line in lines:
        side = re.sub(r"\\\\\s*$", "", line.strip())
        for pattern, replacement in SLIPS:
            for found in re.finditer(pattern, side):
                slipped = found.expand(replacement)
                yield f"{left} = {side[: found.start()]}{slipped}{side[found.end() :]}"


@pytest.mark.parametrize("name", DERIVATIONS)
def test_a_slip_in_any_line_is_seen_on_the_numbers_of_the_chapter(name):
    arrays = arrays_of(name)
    derived = DERIVATIONS[name].formula
    right = evaluated(derived, arrays)
    tried = 0
    for latex in slips(name):
        try:
            value = evaluated(Formula(latex, **derived.definitions), arrays)
        except CnnMathError:
            continue  # it cannot even be run
        tried += 1
        assert not np.allclose(value, right, rtol=1e-8), latex
    assert tried >= 1


BY_HAND = {
    "x": np.array([[1, 2, 0, 1], [0, 1, 3, 2], [2, 0, 1, 1]]),
    "W": np.array([[[1, 0], [2, -1]]]),
    "b": np.array([1]),
    "dE_da": np.array([[[1, 0, -1], [2, 1, 0]]]),
}
"""The case done by hand of three chapters: one kernel, zeros, numbers that come twice."""


@pytest.mark.parametrize("name", ["kernel_gradient_derivation", "bias_gradient_derivation"])
def test_on_the_case_done_by_hand_a_slip_could_hide(name):
    """So the numbers of the chapters matter: this is what `check` refuses."""
    derived = DERIVATIONS[name].formula
    right = evaluated(derived, BY_HAND)
    assert any(
        np.array_equal(evaluated(Formula(latex, **derived.definitions), BY_HAND), right)
        for latex in slips(name)
    )


ARTICLE = {
    "Input gradient": ("input_gradient_derivation", {"k": 0}),
    "Channels, kernel gradient": ("channels_kernel_gradient_derivation", {"d": 0}),
    "Channels, input gradient": ("channels_input_gradient_derivation", {"k": 0}),
}


@pytest.mark.parametrize("title", ARTICLE)
def test_the_articles_wrong_formula_differs_on_the_numbers_of_the_chapter(title):
    name, open_indices = ARTICLE[title]
    arrays = arrays_of(name)
    wrong = evaluated(PRINTED[title].mistakes[0].read, {**arrays, **open_indices})
    assert not np.allclose(wrong, evaluated(DERIVATIONS[name].formula, arrays), rtol=1e-8)


def test_the_articles_input_gradient_is_right_on_the_case_done_by_hand():
    wrong = evaluated(PRINTED["Input gradient"].mistakes[0].read, {**BY_HAND, "k": 0})
    right = evaluated(DERIVATIONS["input_gradient_derivation"].formula, BY_HAND)
    np.testing.assert_array_equal(wrong, right)
