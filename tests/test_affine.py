"""Index arithmetic as Σ c·i + d."""

import pytest

from cnnmath.core.affine import Affine
from cnnmath.core.nodes import ZERO, Number
from cnnmath.core.shapes import size_value
from cnnmath.formula import Formula

SIZES = {"l": 3, "p": 2, "K": 5}


def read_at(index: str):
    """The index in x_{..}, for free indices i and j and sizes l, p and K."""
    formula = Formula(rf"y_{{ij}} = x_{{{index}}}", x="K", y="l p", l="", p="", K="")
    return formula.links[-1].index[0]


@pytest.mark.parametrize(
    ("index", "factors", "rest"),
    [
        ("i", {"i": 1}, 0),
        ("li + j - p", {"i": 3, "j": 1}, -2),
        ("(K - 1) - i", {"i": -1}, 4),
        ("l(i - 2p) + 2j", {"i": 3, "j": 2}, -12),
        ("-(i - j)", {"i": -1, "j": 1}, 0),
        (r"\frac{i + p}{l}", {"i": 1 / 3}, 2 / 3),
        ("2i - i", {"i": 1}, 0),
        ("j + i - i", {"j": 1}, 0),
        ("K - p", {}, 3),
    ],
)
def test_factors_and_rest(index, factors, rest):
    found = Affine.of(read_at(index), {"i", "j"})
    assert {n: float(size_value(c, SIZES)) for n, c in found.factors.items()} == pytest.approx(
        factors
    )
    assert float(size_value(found.rest, SIZES)) == pytest.approx(rest)


@pytest.mark.parametrize("index", [r"i \cdot j", "i^2", r"\lfloor i/l \rfloor", r"\frac{l}{i + 1}"])
def test_what_is_of_another_form(index):
    assert Affine.of(read_at(index), {"i", "j"}) is None


def test_an_index_that_stands_still_may_be_anything():
    node = read_at(r"\lfloor i/l \rfloor + 2j")
    found = Affine.of(node, {"j"})
    assert found.factors == {"j": Number(2.0)}
    assert found.rest == node.terms[0]
    assert Affine.of(found.rest, {"j"}) == Affine({}, found.rest)
    assert Affine.of(ZERO, {"j"}) == Affine({}, ZERO)
