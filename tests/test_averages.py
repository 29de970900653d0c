r"""Softmax over an index, means over indices and sets, and expected values of what is given."""

import numpy as np
import pytest

from cnnmath.errors import CnnMathError
from cnnmath.formula import Formula

RNG = np.random.default_rng(4)
E, Q, K = RNG.normal(size=(3, 4)), RNG.normal(size=(3, 2)), RNG.normal(size=(4, 2))
X, Z = RNG.normal(size=5), RNG.normal(size=3)
N = np.array([[0, 1, 1], [1, 0, 0], [1, 1, 1]])


def softmax(u, axis):
    powers = np.exp(u)
    return powers / powers.sum(axis, keepdims=True)


@pytest.mark.parametrize(
    ("latex", "declared", "given", "value"),
    [
        (r"a_{ij} = \mathrm{softmax}_j(e_{ij})", {"e": "n m"}, {"e": E}, softmax(E, 1)),
        (r"a_{ij} = \mathrm{softmax}_i(e_{ij})^2", {"e": "n m"}, {"e": E}, softmax(E, 0) ** 2),
        (r"o_i = \sum_j \operatorname{softmax}_j(q_i^\top k_j / \sqrt{d}) k_j",
         {"q": "n d", "k": "m d"}, {"q": Q, "k": K}, softmax(Q @ K.T / 2**0.5, 1) @ K),
        (r"y_i = \mathrm{mean}_j e_{ij}", {"e": "n m"}, {"e": E}, E.mean(1)),
        (r"y_i = W \cdot \mathrm{mean}_{j \in N(i)} q_j", {"W": "p d", "q": "n d", "N": "n n"},
         {"W": K, "q": Q, "N": N}, (N @ Q / N.sum(1, keepdims=True)) @ K.T),
        (r"y_i = \mathbb{E}_j[e_{ij}^2]", {"e": "n m"}, {"e": E}, (E**2).mean(1)),
        (r"y = \mathbb{E}[x^2] - \mathbb{E}[x]^2", {"x": "n"}, {"x": X}, X.var()),
        (r"y = (x - \mathrm{E}[x]) / \sqrt{\mathrm{Var}[x]}", {"x": "n"}, {"x": X},
         (X - X.mean()) / X.std()),
        (r"y^{(k)} = e^{(k)} - \mathrm{E}[e^{(k)}]", {"e": "n m"}, {"e": E},
         E - E.mean(1, keepdims=True)),
        (r"a_i = \mathrm{softmax}(e_{i0})", {"e": "n m"}, {"e": E},
         np.exp(E[:, 0]) / np.exp(E[:, 0]).sum()),
        (r"y_i = \sum_j \mathrm{softmax}(e_{ij}) z_j", {"e": "n m", "z": "m"}, {"e": E, "z": X[1:]},
         np.exp(E) @ X[1:] / np.exp(E).sum(1)),
        (r"y = \max(|x_i - 1|)^2", {"x": "n"}, {"x": X}, np.max((X - 1) ** 2)),
        (r"y = \min |e - 1|", {"e": "n m"}, {"e": E}, np.min(abs(E - 1))),
        (r"J = 2 \mathbb{E}_z \log D(z)", {"z": "n"}, {"z": Z, "D": np.exp}, 2 * Z.mean()),
        (r"V(D, G) = \mathbb{E}_{x \sim p(x)}[D(x)] + \mathbb{E}_{z \sim q}[G(z)]",
         {"x": "n", "z": "m"}, {"x": X, "z": Z, "D": np.tanh, "G": np.cos},
         np.tanh(X).mean() + np.cos(Z).mean()),
    ],
)  # fmt: skip
def test_the_value(latex, declared, given, value):
    functions = {name: one for name, one in given.items() if callable(one)}
    formula = Formula(latex, **declared, **functions)
    arrays = {name: one for name, one in given.items() if not callable(one)}
    np.testing.assert_allclose(formula(**arrays), value)
    assert Formula(formula.reading, **declared, **functions).reading == formula.reading


@pytest.mark.parametrize(
    ("latex", "declared", "said"),
    [
        (r"y = \mathbb{E}[x]", {"x": "n m"}, "the mean over which axis"),
        (r"y = \mathbb{E}[x]", {}, "the mean over which axis"),
        (r"y = \mathbb{E}_{x \sim p}[x]", {"x": "n", "p": "n"}, "of which p are the probabilities"),
        (r"y_i = \mathrm{Var}_j[e_{ij}]", {"e": "n m"}, "write it as a sum"),
        (r"a_i = \mathrm{softmax}_j(e_{ij})", {"e": "n m"}, "expected an index of the left side"),
        (
            r"a_{ij} = \mathrm{softmax}(e_{ij})",
            {"e": "n m"},
            r"write \\mathrm{softmax}_i\( .. \), or",
        ),
        (r"y = \max(e_{ij})", {"e": "n m"}, "several values or an index"),
        (r"y_i = \max(x_i)", {"x": "n"}, "several values or an index"),
        (r"y = [x \sim p]", {}, "is no condition"),
    ],
)
def test_what_is_no_such_mean_is_refused(latex, declared, said):
    with pytest.raises(CnnMathError, match=said):
        Formula(latex, **declared)


def test_an_upright_E_before_a_parenthesis_is_a_function():
    energy = Formula(r"y = e^{-\mathrm{E}(x)}", x="n", E=np.abs)
    np.testing.assert_allclose(energy(x=X), np.exp(-abs(X)))
    assert Formula(r"y = \mathrm{E}(x)", x="n").names == ("E", "x")
