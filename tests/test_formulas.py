"""The catalogue against explicit loops, SciPy, finite differences and the fast layers.

Every size differs from every other, and every gradient that arrives is uneven, or swapped
indices would pass unseen.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import convolve2d, correlate2d

from cnnmath import formulas
from cnnmath.derivation import Derivation
from cnnmath.formula import Formula
from cnnmath.gradcheck import numerical_gradient
from cnnmath.layers import conv2d, conv2d_backward
from cnnmath.notation import table

M, N, m, n, K = 6, 8, 3, 2, 4
OH, OW = M - m + 1, N - n + 1


@pytest.fixture
def arrays():
    rng = np.random.default_rng(0)
    return {
        "x": rng.normal(size=(M, N)),
        "W": rng.normal(size=(K, m, n)),
        "b": rng.normal(size=K),
        "delta": rng.normal(size=(K, OH, OW)),
        "y": rng.normal(size=(K, OH, OW)),
    }


def only(arrays, *names):
    return {name: arrays[name] for name in names}


def looped_convolution(x, W, b):
    a = np.zeros((K, OH, OW))
    for k in range(K):
        for i in range(OH):
            for j in range(OW):
                a[k, i, j] = b[k]
                for s in range(m):
                    for t in range(n):
                        a[k, i, j] += W[k, s, t] * x[i + s, j + t]
    return a


def test_convolution_is_the_loop_and_scipys_correlation(arrays):
    given_ = only(arrays, "x", "W", "b")
    a = formulas.convolution(**given_)
    np.testing.assert_allclose(a, looped_convolution(**given_), rtol=1e-12)
    for k in range(K):
        by_scipy = correlate2d(arrays["x"], arrays["W"][k], "valid") + arrays["b"][k]
        np.testing.assert_allclose(a[k], by_scipy, rtol=1e-12)


def test_the_turned_kernel_gives_scipys_convolution(arrays):
    x, W = arrays["x"], arrays["W"][0]
    np.testing.assert_allclose(
        formulas.rotated_convolution(x=x, W=W), convolve2d(x, W, "valid"), rtol=1e-12
    )


def test_squared_error_and_its_gradient(arrays):
    a, y = arrays["delta"], arrays["y"]
    assert formulas.squared_error(a=a, y=y) == pytest.approx(0.5 * ((a - y) ** 2).sum())
    numerical = numerical_gradient(lambda a: formulas.squared_error(a=a, y=y), a)
    np.testing.assert_allclose(
        formulas.squared_error_gradient(a=a, y=y), numerical, rtol=1e-6, atol=1e-8
    )
    assert formulas.squared_error_gradient.check(a=a, y=y).ok  # the Jacobian of the formula


def test_error_signal_is_the_gradient_at_the_output(arrays):
    np.testing.assert_array_equal(formulas.error_signal(dE_da=arrays["delta"]), arrays["delta"])


def error(arrays, **changed):
    """An error whose gradient at the output is delta."""
    given_ = {**only(arrays, "x", "W", "b"), **changed}
    return float(np.sum(arrays["delta"] * formulas.convolution(**given_)))


@pytest.mark.parametrize(
    ("formula", "variable", "reads"),
    [
        (formulas.kernel_gradient, "W", ("delta", "x")),
        (formulas.bias_gradient, "b", ("delta",)),
        (formulas.input_gradient, "x", ("delta", "W")),
        (formulas.input_gradient_full, "x", ("delta", "W")),
    ],
    ids=lambda value: value.name if isinstance(value, Formula) else "",
)
def test_gradients_are_central_differences(arrays, formula, variable, reads):
    gradient = formula(**only(arrays, *reads))
    numerical = numerical_gradient(
        lambda moved: error(arrays, **{variable: moved}), arrays[variable]
    )
    assert gradient.shape == arrays[variable].shape
    np.testing.assert_allclose(gradient, numerical, rtol=1e-6, atol=1e-8)


def test_gradients_are_the_loops(arrays):
    x, W, delta = arrays["x"], arrays["W"], arrays["delta"]
    dx, dW, db = np.zeros((M, N)), np.zeros((K, m, n)), np.zeros(K)
    for k in range(K):
        for i in range(OH):
            for j in range(OW):
                db[k] += delta[k, i, j]
                for s in range(m):
                    for t in range(n):
                        dW[k, s, t] += delta[k, i, j] * x[i + s, j + t]
                        dx[i + s, j + t] += delta[k, i, j] * W[k, s, t]
    np.testing.assert_allclose(formulas.kernel_gradient(delta=delta, x=x), dW, rtol=1e-12)
    np.testing.assert_allclose(formulas.bias_gradient(delta=delta), db, rtol=1e-12)
    np.testing.assert_allclose(formulas.input_gradient(delta=delta, W=W), dx, rtol=1e-9)


def test_input_gradient_is_scipys_full_convolution(arrays):
    delta, W = arrays["delta"], arrays["W"]
    full = sum(convolve2d(delta[k], W[k], "full") for k in range(K))
    np.testing.assert_allclose(formulas.input_gradient(delta=delta, W=W), full, rtol=1e-9)


DERIVATIONS = {
    name: value for name, value in vars(formulas).items() if isinstance(value, Derivation)
}


@pytest.mark.parametrize("name", DERIVATIONS)
def test_every_line_of_every_derivation(arrays, name):
    checked = DERIVATIONS[name].check(dE_da=arrays["delta"], **only(arrays, "x", "W", "b"))
    assert len(checked.differences) == len(DERIVATIONS[name].steps)
    assert all(difference < 1e-8 for difference in checked.differences)
    assert checked.ok


@pytest.mark.parametrize("name", DERIVATIONS)
def test_a_derivation_ends_with_the_formula_of_the_catalogue(arrays, name):
    derived = DERIVATIONS[name].formula
    stated = getattr(formulas, name.removesuffix("_derivation"))
    np.testing.assert_allclose(
        derived(dE_da=arrays["delta"], **only(arrays, "x", "W", "b")),
        stated(**only(arrays, *stated.names)),
        rtol=1e-9,
    )


def test_a_wrong_line_of_a_derivation_is_found(arrays):
    right = formulas.kernel_gradient_derivation.formula
    wrong = Formula(
        right.latex.replace("x_{(i+s)(j+t)}", "x_{(i+s)(j-t)}"),
        a=formulas.convolution,
        delta=formulas.error_signal,
    )
    found = wrong.check(dE_da=arrays["delta"], **only(arrays, "x", "W", "b"))
    assert [row.ok for row in found.rows] == [True, True, True, False, True]


def test_a_wrong_first_line_is_found_by_finite_differences(arrays):
    wrong = Formula(
        r"\frac{\partial E}{\partial b^{(k)}} = "
        r"-\sum_{i,j} \frac{\partial E}{\partial a^{(k)}_{ij}}",
        a=formulas.convolution,
    )
    assert not wrong.check(dE_da=arrays["delta"], **only(arrays, "x", "W", "b")).ok


@st.composite
def convolutions(draw):
    """An image, kernels, biases and a gradient, of shapes that fit."""
    kernel = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    extra = draw(st.tuples(st.integers(0, 4), st.integers(0, 4)))
    count = draw(st.integers(1, 3))
    rng = np.random.default_rng(draw(st.integers(0, 2**16)))
    places = (extra[0] + 1, extra[1] + 1)
    image = (kernel[0] + extra[0], kernel[1] + extra[1])
    return {
        "x": rng.normal(size=image),
        "W": rng.normal(size=(count, *kernel)),
        "b": rng.normal(size=count),
        "delta": rng.normal(size=(count, *places)),
    }


@settings(max_examples=60, deadline=None, derandomize=True)
@given(convolutions())
def test_the_fast_layers_are_the_formulas(case):
    x, W, b, delta = (case[name] for name in ("x", "W", "b", "delta"))
    fast = conv2d(x[None, None], W[:, None], b)
    dx, dw, db = conv2d_backward(delta[None], x[None, None], W[:, None])
    close = {"rtol": 1e-9, "atol": 1e-12}
    np.testing.assert_allclose(fast[0], formulas.convolution(x=x, W=W, b=b), **close)
    np.testing.assert_allclose(dw[:, 0], formulas.kernel_gradient(delta=delta, x=x), **close)
    np.testing.assert_allclose(db, formulas.bias_gradient(delta=delta), **close)
    np.testing.assert_allclose(dx[0, 0], formulas.input_gradient(delta=delta, W=W), **close)


# The same convolution with channels, a stride, a padding and a dilation for each axis: the oracle
# of the fast layers wherever these are used.
STRIDED = Formula(
    r"a^{(n,k)}_{ij} = b^{(k)} + \sum_{c} \sum_{s,t} W^{(k,c)}_{st}\,"
    r" x^{(n,c)}_{(iS+sD-P)(jT+tF-Q)}",
    x="N C H L",
    W="K C m n",
    b="K",
    a="N K (H+2*P-D*(m-1)-1)//S+1 (L+2*Q-F*(n-1)-1)//T+1",
)
_GRADIENT_SETTINGS = {"a": STRIDED}
STRIDED_KERNEL = Formula(
    r"\frac{\partial E}{\partial W^{(k,c)}_{st}} = \sum_{n,i,j}"
    r" \frac{\partial E}{\partial a^{(n,k)}_{ij}} x^{(n,c)}_{(iS+sD-P)(jT+tF-Q)}",
    **_GRADIENT_SETTINGS,
)
STRIDED_INPUT = Formula(
    r"\frac{\partial E}{\partial x^{(n,c)}_{uv}} = \sum_{k,s,t} \sum_{i,j} W^{(k,c)}_{st}"
    r" \frac{\partial E}{\partial a^{(n,k)}_{ij}} [u=iS+sD-P][v=jT+tF-Q]",
    **_GRADIENT_SETTINGS,
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.data())
def test_the_fast_layers_are_the_formulas_with_every_setting(data):
    pair = lambda low, high: data.draw(st.tuples(*[st.integers(low, high)] * 2))  # noqa: E731
    kernel, stride, padding, dilation = pair(1, 3), pair(1, 3), pair(0, 2), pair(1, 3)
    images, channels, count = (data.draw(st.integers(1, 2)) for _ in range(3))
    extra = pair(0, 4)
    image = tuple(
        max(1, d * (k - 1) + 1 - 2 * p) + e
        for k, d, p, e in zip(kernel, dilation, padding, extra, strict=True)
    )
    rng = np.random.default_rng(data.draw(st.integers(0, 2**16)))
    x = rng.normal(size=(images, channels, *image))
    W = rng.normal(size=(count, channels, *kernel))
    b = rng.normal(size=count)
    sizes = dict(zip("STPQDF", (*stride, *padding, *dilation), strict=True))
    settings_ = {"stride": stride, "padding": padding, "dilation": dilation}
    close = {"rtol": 1e-9, "atol": 1e-12}

    y = conv2d(x, W, b, **settings_)
    np.testing.assert_allclose(y, STRIDED(x=x, W=W, b=b, **sizes), **close)
    dy = rng.normal(size=y.shape)
    dx, dw, db = conv2d_backward(dy, x, W, **settings_)
    np.testing.assert_allclose(dw, STRIDED_KERNEL(dE_da=dy, x=x, W=W, **sizes), **close)
    np.testing.assert_allclose(dx, STRIDED_INPUT(dE_da=dy, x=x, W=W, **sizes), **close)
    np.testing.assert_allclose(db, dy.sum(axis=(0, 2, 3)), **close)


def test_every_formula_says_what_it_means_and_where_it_is_from():
    for name, formula in formulas.catalogue().items():
        if not name.endswith("_derivation"):
            assert formula.meaning.endswith("."), name
            assert len(formula.source) > 10, name
        assert formula.name != formula.result, name


def test_the_notation_explains_every_symbol_once():
    names = [row.name for row in table().rows]
    assert len(names) == len(set(names))
    used = {
        name
        for formula in formulas.catalogue().values()
        for name in (*formula.names, formula.result)
    }
    assert used == set(names) == set(formulas.SYMBOLS)
