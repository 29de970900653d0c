"""The catalogue against explicit loops, SciPy, finite differences and the fast layers.

Every size differs from every other, and every gradient that arrives is uneven, or swapped
indices would pass unseen.
"""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import convolve2d, correlate2d
from scipy.special import expit, ndtr

from cnnmath import catalogue
from cnnmath.core.shapes import size_value
from cnnmath.explorer.figure_json import names_read
from cnnmath.formula import Formula
from cnnmath.gradcheck import numerical_gradient
from cnnmath.layers import (
    avg_pool2d,
    avg_pool2d_backward,
    conv2d,
    conv2d_backward,
    cross_entropy,
    cross_entropy_backward,
    dense,
    dense_backward,
    max_pool2d,
    max_pool2d_backward,
    relu,
    relu_backward,
    softmax,
)
from cnnmath.notation import table

M, N, m, n, K, C = (catalogue.SIZES[size] for size in "MNmnKC")
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
    a = catalogue.convolution(**given_)
    np.testing.assert_allclose(a, looped_convolution(**given_), rtol=1e-12)
    for k in range(K):
        by_scipy = correlate2d(arrays["x"], arrays["W"][k], "valid") + arrays["b"][k]
        np.testing.assert_allclose(a[k], by_scipy, rtol=1e-12)


def test_the_turned_kernel_gives_scipys_convolution(arrays):
    x, W = arrays["x"], arrays["W"][0]
    np.testing.assert_allclose(
        catalogue.rotated_convolution(x=x, W=W), convolve2d(x, W, "valid"), rtol=1e-12
    )


def test_squared_error_and_its_gradient(arrays):
    a, y = arrays["delta"], arrays["y"]
    assert catalogue.squared_error(a=a, y=y) == pytest.approx(0.5 * ((a - y) ** 2).sum())
    numerical = numerical_gradient(lambda a: catalogue.squared_error(a=a, y=y), a)
    np.testing.assert_allclose(
        catalogue.squared_error_gradient(a=a, y=y), numerical, rtol=1e-6, atol=1e-8
    )
    assert catalogue.squared_error_gradient.check(a=a, y=y).ok  # the Jacobian of the formula


def test_error_signal_is_the_gradient_at_the_output(arrays):
    np.testing.assert_array_equal(catalogue.error_signal(dE_da=arrays["delta"]), arrays["delta"])


def error(arrays, **changed):
    """An error whose gradient at the output is delta."""
    given_ = {**only(arrays, "x", "W", "b"), **changed}
    return float(np.sum(arrays["delta"] * catalogue.convolution(**given_)))


@pytest.mark.parametrize(
    ("formula", "variable", "reads"),
    [
        (catalogue.kernel_gradient, "W", ("delta", "x")),
        (catalogue.bias_gradient, "b", ("delta",)),
        (catalogue.input_gradient, "x", ("delta", "W")),
        (catalogue.input_gradient_full, "x", ("delta", "W")),
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
    np.testing.assert_allclose(catalogue.kernel_gradient(delta=delta, x=x), dW, rtol=1e-12)
    np.testing.assert_allclose(catalogue.bias_gradient(delta=delta), db, rtol=1e-12)
    np.testing.assert_allclose(catalogue.input_gradient(delta=delta, W=W), dx, rtol=1e-9)


def test_input_gradient_is_scipys_full_convolution(arrays):
    delta, W = arrays["delta"], arrays["W"]
    full = sum(convolve2d(delta[k], W[k], "full") for k in range(K))
    np.testing.assert_allclose(catalogue.input_gradient(delta=delta, W=W), full, rtol=1e-9)


def beneath(formula):
    """The formulas that define what a formula reads, and what those read, by the names."""
    for name, one in formula.definitions.items():
        yield name, one
        yield from beneath(one)


def given_to(formula):
    """Random numbers for all that a formula is calculated from, and sizes where it needs them.

    What another formula defines is calculated, so that the numbers belong together.
    """
    rng = np.random.default_rng(7)
    defined = dict(beneath(formula))
    given_ = {}
    for one in (*defined.values(), formula):
        for name in names_read(one):
            if name not in {*defined, *given_}:
                shape = [int(size_value(size, catalogue.SIZES)) for size in one.shapes[name]]
                # A number by itself is a rate or an ε, and above 0.
                given_[name] = rng.normal(size=shape) if shape else rng.uniform(0.1, 1)
    return {**given_, **{size: catalogue.SIZES[size] for size in formula.sizes}}


WITH_FORWARD = {
    name: formula
    for name, formula in catalogue.formulas().items()
    if re.fullmatch("dE_d.+", formula.result)
    and any(f"dE_d{quantity}" in formula.names for quantity in formula.definitions)
}


@pytest.mark.sweep
@pytest.mark.parametrize("name", WITH_FORWARD)
def test_a_gradient_is_the_central_difference_of_its_forward_formula(name):
    checked = WITH_FORWARD[name].check(**given_to(WITH_FORWARD[name]))
    assert "central differences" in checked.rows[0].what
    assert checked.ok, checked


def test_most_gradients_name_their_forward_formula():
    assert len(WITH_FORWARD) >= 14


def test_a_wrong_line_of_a_chain_is_found(arrays):
    line = r"\sum_{i,j} \delta^{(k)}_{ij}\, x_{(i+s)(%s)}"
    lines = [line % index for index in ("j+t", "j+t", "j-t", "j+t")]
    chain = Formula(
        r"\frac{\partial E}{\partial W^{(k)}_{st}} &= " + r" \\ &= ".join(lines),
        a=catalogue.convolution,
        delta=catalogue.error_signal,
    )
    found = chain.check(dE_da=arrays["delta"], **only(arrays, "x", "W", "b"))
    assert [row.ok for row in found.rows] == [True, True, False, False]


def test_a_wrong_first_line_is_found_by_finite_differences(arrays):
    wrong = Formula(
        r"\frac{\partial E}{\partial b^{(k)}} = "
        r"-\sum_{i,j} \frac{\partial E}{\partial a^{(k)}_{ij}}",
        a=catalogue.convolution,
    )
    assert not wrong.check(dE_da=arrays["delta"], **only(arrays, "x", "W", "b")).ok


def test_stacked_convolutions_are_one_but_near_a_padded_border():
    rng = np.random.default_rng(0)
    image, first, second = (rng.normal(size=size) for size in [(8, 9), (3, 3), (3, 3)])

    def convolved(x, kernel):
        return catalogue.convolution(x=x, W=kernel[None], b=[0])[0]

    # To make the larger kernel of two that slide unturned, one slides turned over the other.
    larger = convolved(np.pad(first, 2), second[::-1, ::-1])
    np.testing.assert_allclose(
        convolved(convolved(image, first), second), convolved(image, larger), atol=1e-12
    )
    padded = convolved(np.pad(convolved(np.pad(image, 1), first), 1), second)
    differs = ~np.isclose(padded, convolved(np.pad(image, 2), larger))
    assert not differs[1:-1, 1:-1].any()
    differs[1:-1, 1:-1] = True
    assert differs.all()


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
    np.testing.assert_allclose(fast[0], catalogue.convolution(x=x, W=W, b=b), **close)
    np.testing.assert_allclose(dw[:, 0], catalogue.kernel_gradient(delta=delta, x=x), **close)
    np.testing.assert_allclose(db, catalogue.bias_gradient(delta=delta), **close)
    np.testing.assert_allclose(dx[0, 0], catalogue.input_gradient(delta=delta, W=W), **close)


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


# ---- channels ----------------------------------------------------------------------------


@pytest.fixture
def coloured():
    rng = np.random.default_rng(1)
    return {
        "x": rng.normal(size=(C, M, N)),
        "W": rng.normal(size=(K, C, m, n)),
        "b": rng.normal(size=K),
        "delta": rng.normal(size=(K, OH, OW)),
    }


def test_channels_are_scipys_correlations_added_up(coloured):
    x, W, b = (coloured[name] for name in "xWb")
    a = catalogue.channels(x=x, W=W, b=b)
    for k in range(K):
        by_scipy = sum(correlate2d(x[c], W[k, c], "valid") for c in range(C)) + b[k]
        np.testing.assert_allclose(a[k], by_scipy, rtol=1e-9)


def test_the_fast_layers_are_the_formulas_with_channels(coloured):
    x, W, b, delta = coloured.values()
    close = {"rtol": 1e-9, "atol": 1e-12}
    np.testing.assert_allclose(conv2d(x[None], W, b)[0], catalogue.channels(x=x, W=W, b=b), **close)
    dx, dw, db = conv2d_backward(delta[None], x[None], W)
    np.testing.assert_allclose(
        dw, catalogue.channels_kernel_gradient(delta=delta, x=x, m=m, n=n), **close
    )
    np.testing.assert_allclose(db, catalogue.bias_gradient(delta=delta), **close)
    np.testing.assert_allclose(dx[0], catalogue.channels_input_gradient(delta=delta, W=W), **close)


@pytest.mark.parametrize("variable", ["x", "W"])
def test_gradients_with_channels_are_slopes_in_any_direction(coloured, variable):
    gradient = {
        "x": catalogue.channels_input_gradient,
        "W": catalogue.channels_kernel_gradient,
    }[variable]

    def error_at(moved):
        forward = catalogue.channels(**{**only(coloured, "x", "W", "b"), variable: moved})
        return float(np.sum(coloured["delta"] * forward))

    slopes = gradient(**only(coloured, *gradient.names))
    rng = np.random.default_rng(2)
    for step in rng.normal(size=(5, *slopes.shape)):  # the error is linear in each of the two
        difference = error_at(coloured[variable] + step) - error_at(coloured[variable])
        np.testing.assert_allclose(np.sum(slopes * step), difference, rtol=1e-9)


# ---- activations ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "by_numpy"),
    {
        "sigmoid": expit,
        "tanh": np.tanh,
        "relu": lambda x: x * (x > 0),
        "leaky_relu": lambda x: np.where(x > 0, x, 0.3 * x),
        "elu": lambda x: np.where(x > 0, x, 0.3 * np.expm1(x)),
        "softplus": lambda x: np.logaddexp(0, x),
        "silu": lambda x: x * expit(x),
        "gelu": lambda x: x * ndtr(x),
    }.items(),
)
def test_activations_are_what_numpy_and_scipy_say(name, by_numpy):
    formula = getattr(catalogue, name)
    x = np.random.default_rng(0).normal(size=(3, 4)) * 3
    factor = {"alpha": 0.3} if "alpha" in formula.names else {}
    np.testing.assert_allclose(formula(x=x, **factor), by_numpy(x), rtol=1e-12)


def test_relus_gradient_looks_at_the_input():
    x, arriving = np.array([[-2.0, 0.0, 3.0]]), np.array([[5.0, 5.0, 5.0]])
    assert catalogue.relu_gradient(dE_dh=arriving, x=x).tolist() == [[0, 0, 5]]


# ---- pooling ---------------------------------------------------------------------------------


@st.composite
def images_with_windows(draw):
    window, stride = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    shape = tuple(window + draw(st.integers(0, 4)) for _ in range(2))
    rng = np.random.default_rng(draw(st.integers(0, 2**16)))
    highest = draw(st.sampled_from([2, 1000]))  # with and without ties
    return rng.integers(-highest, highest, size=shape).astype(float), window, stride


@settings(max_examples=60, deadline=None, derandomize=True)
@given(images_with_windows(), st.data())
def test_the_fast_layers_are_the_formulas_of_pooling(case, data):
    x, window, stride = case
    sizes = {"l": window, "q": stride}
    images = x[None, None]
    largest = max_pool2d(images, window, stride=stride)
    mean = avg_pool2d(images, window, stride=stride)
    np.testing.assert_array_equal(catalogue.max_pooling(x=x, **sizes), largest[0, 0])
    np.testing.assert_allclose(catalogue.average_pooling(x=x, **sizes), mean[0, 0], atol=1e-9)

    dy = np.random.default_rng(0).normal(size=largest.shape)
    by_layer = max_pool2d_backward(dy, images, window, stride=stride)[0, 0]
    by_formula = catalogue.max_pooling_gradient(dE_da=dy[0, 0], x=x, **sizes)
    np.testing.assert_allclose(by_formula, by_layer, atol=1e-12)
    M, N = x.shape
    np.testing.assert_allclose(
        catalogue.average_pooling_gradient(dE_da=dy[0, 0], **sizes, M=M, N=N),
        avg_pool2d_backward(dy, images, window, stride=stride)[0, 0],
        atol=1e-12,
    )
    padding = data.draw(st.integers(0, window - 1))
    np.testing.assert_array_equal(
        catalogue.padded_max_pooling(x=x, **sizes, P=padding),
        max_pool2d(images, window, stride=stride, padding=padding)[0, 0],
    )


def test_the_three_rules_for_ties():
    x = np.array([[5.0, 5.0, 1.0], [5.0, 2.0, 9.0]])
    arriving = np.array([[6.0, 1.0]])
    given_ = {"x": x, "dE_da": arriving, "l": 2, "q": 1}
    assert catalogue.winner(x=x, l=2, q=1).tolist() == [[0, 3]]
    assert catalogue.winners(x=x, l=2, q=1).tolist() == [[3, 1]]
    first = catalogue.max_pooling_gradient(**given_)
    shared = catalogue.shared_max_pooling_gradient(**given_)
    to_all = catalogue.unshared_max_pooling_gradient(**given_)
    assert first.tolist() == [[6, 0, 0], [0, 0, 1]]
    assert shared.tolist() == [[2, 2, 0], [2, 0, 1]]
    assert to_all.tolist() == [[6, 6, 0], [6, 0, 1]]


# ---- three layers in a row -------------------------------------------------------------------


def test_three_layers_in_a_row_are_the_layers(arrays):
    x, W, b = (arrays[name] for name in "xWb")
    a = catalogue.convolution(x=x, W=W, b=b)
    h = catalogue.rectified(a=a)
    p = catalogue.pooled(h=h, l=2, q=2)
    fast = conv2d(x[None, None], W[:, None], b)
    np.testing.assert_allclose(p, max_pool2d(relu(fast), 2)[0], rtol=1e-9)

    dE_dp = np.random.default_rng(3).normal(size=p.shape)
    dE_dh = catalogue.pooled_gradient(dE_dp=dE_dp, h=h, l=2, q=2)
    dE_da = catalogue.rectified_gradient(dE_dh=dE_dh, a=a)
    back = max_pool2d_backward(dE_dp[None], relu(fast), 2)
    np.testing.assert_allclose(dE_dh, back[0], rtol=1e-9)
    np.testing.assert_allclose(dE_da, relu_backward(back, fast)[0], rtol=1e-9)

    def error_at(moved):
        h = catalogue.rectified(a=catalogue.convolution(x=moved, W=W, b=b))
        return float(np.sum(dE_dp * catalogue.pooled(h=h, l=2, q=2)))

    np.testing.assert_allclose(
        catalogue.input_gradient(delta=dE_da, W=W),
        numerical_gradient(error_at, x),
        rtol=1e-5,
        atol=1e-8,
    )


# ---- the catalogue as a whole ------------------------------------------------------------------


def test_every_formula_says_what_it_means_and_where_it_is_from():
    for name, formula in catalogue.formulas().items():
        assert formula.meaning.endswith("."), name
        assert len(formula.source) > 10, name
        assert formula.name != formula.result, name


def test_a_product_in_a_shape_is_no_emphasis():
    text = catalogue.padded_max_pooling._repr_mimebundle_()["text/markdown"]
    assert r"((M+2\*P-l)//q+1, (N+2\*P-l)//q+1)" in text


def test_the_notation_explains_every_symbol_once():
    names = [row.name for row in table().rows]
    assert len(names) == len(set(names))
    used = {
        name
        for formula in catalogue.formulas().values()
        for name in (*formula.names, formula.result)
    }
    assert used == set(names) == set(catalogue.SYMBOLS)


def test_every_formula_belongs_to_one_chapter():
    stated = {name: value for name, value in vars(catalogue).items() if isinstance(value, Formula)}
    assert sorted(stated) == sorted(catalogue.formulas())
    assert len(stated) == sum(map(len, catalogue.CHAPTERS.values()))


# ---- classes ---------------------------------------------------------------------------------


def test_a_dense_layer_and_its_gradients_are_the_layers():
    rng = np.random.default_rng(5)
    x, V, d, dz = (rng.normal(size=shape) for shape in (6, (4, 6), 4, 4))
    close = {"rtol": 1e-12, "atol": 1e-15}
    z = catalogue.dense(x=x, V=V, d=d)
    np.testing.assert_allclose(z, [sum(V[r] * x) + d[r] for r in range(4)], **close)
    np.testing.assert_allclose(z, dense(x[None], V, d)[0], **close)
    dx, dV, dd = dense_backward(dz[None], x[None], V)
    np.testing.assert_allclose(catalogue.dense_input_gradient(dE_dz=dz, V=V), dx[0], **close)
    np.testing.assert_allclose(catalogue.dense_weight_gradient(dE_dz=dz, x=x), dV, **close)
    np.testing.assert_allclose(catalogue.dense_bias_gradient(dE_dz=dz), dd, **close)


SCORES = np.random.default_rng(6).normal(size=5) * 3


@pytest.mark.parametrize("formula", [catalogue.softmax, catalogue.shifted_softmax])
def test_both_softmaxes_are_the_layer(formula):
    np.testing.assert_allclose(formula(z=SCORES), softmax(SCORES[None])[0], rtol=1e-12)


def test_with_the_largest_score_subtracted_no_score_is_too_large():
    large = [1000.0, 999.0, -1000.0]
    with np.errstate(all="ignore"):
        assert np.isnan(catalogue.softmax(z=large)[:2]).all()
    np.testing.assert_allclose(catalogue.shifted_softmax(z=large), softmax([large])[0], rtol=1e-12)


@pytest.mark.parametrize("label", range(5))
def test_the_cross_entropy_and_its_gradient_are_the_layers_and_the_differences(label):
    error = catalogue.cross_entropy(p=softmax(SCORES[None])[0], y=label)
    assert error == pytest.approx(cross_entropy(SCORES[None], [label]), rel=1e-12)
    gradient = catalogue.cross_entropy_gradient(z=SCORES, y=label)
    by_layer = cross_entropy_backward(SCORES[None], [label])[0]
    np.testing.assert_allclose(gradient, by_layer, rtol=1e-12, atol=1e-15)
    numerical = numerical_gradient(lambda z: cross_entropy(z[None], [label]), SCORES)
    np.testing.assert_allclose(gradient, numerical, rtol=1e-6, atol=1e-8)
    assert catalogue.cross_entropy_gradient.check(z=SCORES, y=label).ok
    assert gradient.sum() == pytest.approx(0, abs=1e-12)


def test_the_way_downhill_is_what_steps_against_the_gradient_of_the_valley_make():
    rng = np.random.default_rng(5)
    kappa, begin, eta = rng.uniform(0.5, 4, size=3), rng.normal(size=3), 0.3
    places = [begin]
    for _ in range(6):
        slope = numerical_gradient(lambda w: catalogue.valley(kappa=kappa, w=w), places[-1])
        gradient = catalogue.valley_gradient(kappa=kappa, w=places[-1])
        np.testing.assert_allclose(gradient, slope, rtol=1e-6, atol=1e-9)
        places.append(places[-1] - eta * gradient)
    way = catalogue.descended(w_tilde=begin, kappa=kappa, eta=eta, S=7)
    np.testing.assert_allclose(way, np.transpose(places), rtol=1e-12)
