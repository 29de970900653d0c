r"""A formula whose left side lists its arguments, `\sigma(z) = ..`, applied to others."""

import numpy as np
import pytest

from cnnmath.derive import derive
from cnnmath.errors import CnnMathError, FormulaSyntaxError, MissingArrayError, ShapeError
from cnnmath.formula import Formula

SIGMA = Formula(r"\sigma(z) = \frac{1}{1 + e^{-z}}")
LOSS = Formula(r"C(a, y) = -y \log a - (1 - y) \log(1 - a)")
SERIES = Formula(r"T(x) = \sum_{k=0}^{3} \frac{x^k}{k + 1}")
DISTANCE = Formula(r"L(x, y) = \sum_i (x_i - y_i)^2", x="n", y="n")
X = np.array([1.0, -2.0, 0.5])
W = np.array([[1.0, 2.0, -1.0], [0.5, -1.0, 3.0]])


def sigma(z):
    return 1 / (1 + np.exp(-z))


def series(x):
    return sum(x**k / (k + 1) for k in range(4))


@pytest.mark.parametrize(
    ("latex", "declared", "value"),
    [
        (r"y_i = \sigma(x_i)", {"x": "n"}, sigma(X)),
        (r"y = \sum_i \sigma(x_i)", {"x": "n"}, sigma(X).sum()),
        (r"y = \sigma(2x + 1)", {}, sigma(2 * X + 1)),
        (r"y = \sigma(\sigma(x))", {}, sigma(sigma(X))),
        (r"y = \sigma^2(x) - \sigma(x)^2", {}, 0 * X),
        (r"y = x \sigma(x)", {}, X * sigma(X)),
        (r"y = \sigma(Wx)", {"x": "n", "W": "m n"}, sigma(W @ X)),
        (r"y = W\sigma(x)", {"x": "n", "W": "m n"}, W @ sigma(X)),
        (r"y = Wx \odot \sigma'(z)", {"x": "n", "W": "m n", "z": "m"},
         W @ X * sigma(W @ X) * (1 - sigma(W @ X))),
        (r"y = \sigma''(x)", {}, sigma(X) * (1 - sigma(X)) * (1 - 2 * sigma(X))),
        (r"y_i = \frac{\partial}{\partial x_i} \sigma(x_i)", {"x": "n"},
         sigma(X) * (1 - sigma(X))),
    ],
)  # fmt: skip
def test_it_is_a_function_of_whatever_stands_in_its_bracket(latex, declared, value):
    formula = Formula(latex, sigma=SIGMA, **declared)
    given = {
        name: array for name, array in (("x", X), ("W", W), ("z", W @ X)) if name in formula.names
    }
    np.testing.assert_allclose(formula(**given), value, rtol=1e-13, atol=1e-15)


def test_a_cost_of_several_arguments_is_one_for_each_example():
    cost = Formula(r"J = \frac{1}{m} \sum_{i=1}^{m} C(a^{(i)}, y^{(i)})", C=LOSS, a="m", y="m",
                   origin=1)  # fmt: skip
    a, y = np.array([0.2, 0.7, 0.9]), np.array([0.0, 1.0, 1.0])
    np.testing.assert_allclose(cost(a=a, y=y), -np.log([0.8, 0.7, 0.9]).mean(), rtol=1e-14)
    derived = derive(cost, "a").gradient
    np.testing.assert_allclose(derived(a=a, y=y), (a - y) / (a * (1 - a)) / 3, rtol=1e-13)


@pytest.mark.parametrize(
    ("latex", "value"),
    [
        (r"y = \sum_k T(c_k)", series(X).sum()),
        (r"y_k = T(T(c_k))", series(series(X))),
        (r"y = \sum_{k} \sum_{i} T(c_k + c_i)", series(X[:, None] + X).sum()),
    ],
)
def test_its_sums_have_indices_of_their_own(latex, value):
    formula = Formula(latex, T=SERIES, c="n")
    np.testing.assert_allclose(formula(c=X), value, rtol=1e-13)
    again = Formula(formula.reading, c="n")
    np.testing.assert_allclose(again(c=X), value, rtol=1e-13)


def test_of_its_own_arguments_it_is_the_quantity_that_it_defines():
    given = {"x": X, "y": 2 * X}
    shifted = Formula("E = L(x, y) + 1", L=DISTANCE)
    assert shifted(**given) == 6.25
    assert shifted.reading == "E = L(x, y) + 1"
    step = Formula(r"a = \sigma(z) - z", sigma=SIGMA)
    assert step.reading == r"a = \sigma(z) - z"
    np.testing.assert_allclose(step(z=X), sigma(X) - X)


def test_numpy_is_written_with_what_it_says():
    formula = Formula(r"y = \sum_i \sigma(x_i)", sigma=SIGMA, x="n")
    space: dict[str, object] = {}
    exec(formula.numpy(), space)
    np.testing.assert_allclose(space["find_y"](X), sigma(X).sum(), rtol=1e-14)


ANGLE = Formula(r"\mathrm{sim}(u, v) = \frac{u^\top v}{\|u\| \|v\|}", u="d", v="d")


@pytest.mark.parametrize(
    ("latex", "declared", "value"),
    [
        (r"E = L(a, b) + L(a, 2b)", {"a": "m", "b": "m"}, 11.0),
        (r"E = L(Wc, b)", {"W": "2 3", "c": "3", "b": "2"}, ((W @ X - X[1:]) ** 2).sum()),
        (r"E_i = L(W_i, c)", {"W": "2 3", "c": "3"}, ((W - X) ** 2).sum(1)),
        (r"E_{ij} = \mathrm{sim}(W_i, W_j)", {"W": "m n"},
         W @ W.T / np.outer(np.linalg.norm(W, axis=1), np.linalg.norm(W, axis=1))),
    ],
)  # fmt: skip
def test_arrays_are_in_the_place_of_arrays(latex, declared, value):
    formula = Formula(latex, L=DISTANCE, sim=ANGLE, **declared)
    b = X[1:] if r"Wc" in latex else np.array([1.0, 2.0])
    given = {"a": [2, 1], "b": b, "c": X, "W": W}
    np.testing.assert_allclose(formula(**{n: given[n] for n in declared}), value, rtol=1e-13)


def test_arrays_of_two_lengths_in_the_place_of_arrays_of_one_are_refused():
    with pytest.raises(ShapeError, match="runs along axis 0 of a, of length 2, and along axis 0"):
        Formula("E = L(a, c)", L=DISTANCE, a="m", c="n")(a=[1, 2], c=X)
    with pytest.raises(FormulaSyntaxError, match="count from different numbers"):
        Formula("E = L(a, c)", L=DISTANCE, a="m", c="m", origin=dict(c=1))


@pytest.mark.parametrize(
    ("latex", "said"),
    [
        ("E = L(a, y)", "L was defined with x of 1 axis: declare the shape of what stands here"),
        ("E = L(x)", r"L was defined as L\(x, y\), and one is given"),
        ("E = L(x, y, y)", r"L was defined as L\(x, y\), and 3 are given"),
        ("E_i = L_i(x, y)", "carries no index"),
    ],
)
def test_what_the_formula_does_not_say_is_refused(latex, said):
    with pytest.raises(CnnMathError, match=said):
        Formula(latex, L=DISTANCE)


@pytest.mark.parametrize(
    ("inner", "outer", "said"),
    [
        (
            r"g(x) = x + i",
            r"y = \sum_{i=0}^{2} g(i)",
            "i is an index here and a number in the formula",
        ),
        (r"g(x) = c_1 x", r"y_i = g(x_i)", "counts c from 1, and this one from 0: give both one"),
    ],
)
def test_what_it_reads_must_be_the_same_where_it_is_applied(inner, outer, said):
    counted = Formula(inner, c="n", origin=1) if "c_1" in inner else Formula(inner)
    with pytest.raises(FormulaSyntaxError, match=said):
        Formula(outer, g=counted)


def test_its_arrays_may_be_counted_from_1_in_both():
    inner = Formula(r"g(x) = c_1 x", c="n", origin=1)
    formula = Formula(r"y_i = g(x_i)", g=inner, x="m", origin={"c": 1})
    np.testing.assert_array_equal(formula(x=X, c=[2.0, 9.0]), 2 * X)


def test_an_argument_that_another_of_its_formulas_reads_is_not_left_behind():
    inner = Formula("u = 2z")
    outer = Formula(r"g(z) = u + 1", u=inner)
    with pytest.raises(FormulaSyntaxError, match=r"g was defined as g\(z\)"):
        Formula("y = g(3)", g=outer)
    np.testing.assert_allclose(Formula("y = g(z)", g=outer)(z=X), 2 * X + 1)


def test_an_array_of_the_right_side_is_still_asked_for():
    formula = Formula(r"y_i = \sigma(x_i) + q", sigma=SIGMA, x="n")
    with pytest.raises(MissingArrayError, match="q"):
        formula(x=X)


@pytest.mark.parametrize(
    "latex",
    [
        r"f(x, y) = x y + 1",
        r"\sigma(z) = \frac{1}{1 + \exp(-z)}",
        r"L(x, y) = \sum_{i} x_{i} y_{i}",
    ],
)
def test_the_arguments_are_printed_back(latex):
    reading = Formula(latex).reading
    assert reading.partition(" = ")[0] == latex.partition(" = ")[0]
    assert Formula(reading).reading == reading
