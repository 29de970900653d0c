"""Activations against their formulas, finite differences and the mathematics of large numbers."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnmath import catalogue, layers
from cnnmath.errors import ArrayValueError, ShapeError
from cnnmath.gradcheck import check_gradients
from cnnmath.layers.normal import upper_tail

NAMES = ["sigmoid", "tanh", "relu", "leaky_relu", "elu", "softplus", "silu", "gelu"]
WITH_ALPHA = {"leaky_relu", "elu"}
each = pytest.mark.parametrize("name", NAMES)


def pair(name):
    return getattr(layers, name), getattr(layers, f"{name}_backward")


def settings_of(name, alpha=0.3):
    return {"alpha": alpha} if name in WITH_ALPHA else {}


@each
@settings(max_examples=50, deadline=None, derandomize=True)
@given(data=st.data())
def test_the_formulas_give_the_same(name, data):
    shape = data.draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**16)))
    x, dy = 4 * rng.normal(size=shape), rng.normal(size=shape)
    x[rng.random(shape) < 0.2] = 0  # the kinks
    forward, backward = pair(name)
    options = settings_of(name, data.draw(st.sampled_from([0.01, 0.3, 1.0, 2.0])))
    formula, gradient = getattr(catalogue, name), getattr(catalogue, f"{name}_gradient")
    close = {"rtol": 1e-12, "atol": 1e-15}
    np.testing.assert_allclose(forward(x, **options), formula(x=x, **options), **close)
    np.testing.assert_allclose(
        backward(dy, x, **options),
        gradient(dE_dh=dy, x=x, **options),
        rtol=1e-12,
        atol=1e-12,
    )


@each
def test_gradients_agree_with_finite_differences(name):
    forward, backward = pair(name)
    x = np.random.default_rng(1).normal(size=(2, 3, 4, 5))
    assert np.abs(x).min() > 1e-4  # away from the kink
    report = check_gradients(
        lambda x: forward(x, **settings_of(name)),
        lambda dy, x: backward(dy, x, **settings_of(name)),
        {"x": x},
    )
    assert report.ok, report


@each
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 4), (2, 3, 4, 5)])
def test_any_shape(name, shape):
    forward, backward = pair(name)
    x = np.full(shape, 0.5)
    assert forward(x).shape == shape
    assert backward(np.ones(shape), x).shape == shape


@each
def test_types(name):
    forward, backward = pair(name)
    single, whole = np.float32([-1, 2]), np.array([-1, 2])
    assert forward(single).dtype == np.float32
    assert backward(single, single).dtype == np.float32
    assert backward(np.float64([1, 1]), single).dtype == np.float64
    assert forward(whole).dtype == np.float64
    np.testing.assert_allclose(forward(single), forward(whole), rtol=1e-6)
    assert forward([True, False]).dtype == np.float64


@each
@pytest.mark.parametrize("large", [100.0, 1e4, 1e300])
def test_large_numbers_do_not_overflow(name, large):
    forward, backward = pair(name)
    x = np.array([-large, large])
    y, dx = forward(x), backward(np.ones(2), x)  # a warning would be an error here
    saturated = {"sigmoid": (0, 1), "tanh": (-1, 1)}
    low, high = saturated.get(name, (0, large))
    low = {"leaky_relu": -0.01 * large, "elu": -1.0}.get(name, low)
    np.testing.assert_allclose(y, [low, high], rtol=1e-12, atol=1e-12 * large)
    slopes = {"sigmoid": (0, 0), "tanh": (0, 0), "leaky_relu": (0.01, 1)}.get(name, (0, 1))
    np.testing.assert_allclose(dx, slopes, atol=1e-12)


def test_small_slopes_keep_their_digits():
    # 1 − y would be 0 here, and with it the slope.
    for x in (-40.0, 40.0):
        assert layers.sigmoid_backward(1.0, x) == pytest.approx(math.exp(-40), rel=1e-12)
        assert layers.tanh_backward(1.0, x) == pytest.approx(4 * math.exp(-80), rel=1e-12)
    assert layers.gelu(-10.0) == pytest.approx(-10 * math.erfc(10 / math.sqrt(2)) / 2, rel=1e-12)
    assert layers.softplus(-50.0) == pytest.approx(math.exp(-50), rel=1e-12)
    assert layers.elu(-1e-12) == pytest.approx(-1e-12, rel=1e-9)


@each
def test_float32_is_as_exact_as_it_says(name):
    forward, backward = pair(name)
    x = np.float32([*np.linspace(-12, 12, 20001), *np.geomspace(1e-7, 1, 500)])
    one, exact = np.ones_like(x), x.astype(np.float64)
    y, dx = forward(exact), backward(one.astype(np.float64), exact)
    tight = {"rtol": 5e-6 if name == "gelu" else 1e-6}
    np.testing.assert_allclose(forward(x), y, **tight)
    away = np.abs(dx) > 0.1 * np.abs(dx).max()  # from where the slope passes through 0
    np.testing.assert_allclose(backward(one, x)[away], dx[away], **tight)
    np.testing.assert_allclose(backward(one, x), dx, rtol=5e-6, atol=5e-7)


@pytest.mark.parametrize(
    ("dtype", "furthest", "off"), [("f4", 4, 1e-6), ("f4", 13, 5e-6), ("f8", 37, 1e-12)]
)
def test_the_tail_of_the_normal_distribution_is_as_exact_as_it_says(dtype, furthest, off):
    z = np.linspace(0, furthest, 2001).astype(dtype)
    tail, bell = upper_tail(z)
    exact = [math.erfc(float(one) / math.sqrt(2)) / 2 for one in z]
    np.testing.assert_allclose(tail, exact, rtol=off)
    exact = np.exp(-(z.astype(float) ** 2) / 2) / math.sqrt(2 * math.pi)
    np.testing.assert_allclose(bell, exact, rtol=off)


def test_known_values():
    np.testing.assert_allclose(layers.sigmoid([0, math.log(3)]), [0.5, 0.75])
    np.testing.assert_allclose(layers.tanh([0, math.log(2)]), [0, 0.6])
    np.testing.assert_array_equal(layers.relu([-2, 0, 3]), [0, 0, 3])
    np.testing.assert_array_equal(layers.leaky_relu([-2, 0, 3], alpha=0.5), [-1, 0, 3])
    np.testing.assert_allclose(layers.elu([-math.log(2), 3], alpha=4), [-2, 3])
    np.testing.assert_allclose(layers.softplus([0, math.log(3)]), [math.log(2), math.log(4)])
    np.testing.assert_allclose(layers.silu([0, math.log(3)]), [0, 0.75 * math.log(3)])
    np.testing.assert_allclose(layers.gelu([-1, 0, 1]), [-0.15865525, 0, 0.84134475], rtol=1e-7)


def test_relus_gradient_at_0_is_0():
    np.testing.assert_array_equal(layers.relu_backward([7, 7, 7], [-2, 0, 3]), [0, 0, 7])
    np.testing.assert_array_equal(layers.relu_backward([7.0, np.nan], [np.nan, -1]), [0, 0])


@each
def test_nan_stays(name):
    assert np.isnan(pair(name)[0](np.nan))


@each
def test_nothing_given_is_changed(name):
    forward, backward = pair(name)
    x, dy = np.array([-1.0, 2.0]), np.array([3.0, 4.0])
    forward(x)[...] = 9
    backward(dy, x)[...] = 9
    assert x.tolist() == [-1, 2]
    assert dy.tolist() == [3, 4]


@each
def test_bad_input(name):
    forward, backward = pair(name)
    with pytest.raises(ArrayValueError, match="x: expected real numbers, got dtype complex128"):
        forward([1j])
    with pytest.raises(ArrayValueError, match="dy: expected real numbers, got dtype <U1"):
        backward(["a"], [1.0])
    with pytest.raises(ShapeError, match=r"dy: expected the shape of x, \(2, 3\), got \(3,\)"):
        backward(np.ones(3), np.ones((2, 3)))


@pytest.mark.parametrize("name", sorted(WITH_ALPHA))
@pytest.mark.parametrize("alpha", [np.nan, np.inf, [0.1, 0.2], "much", None])
def test_bad_factors(name, alpha):
    forward, backward = pair(name)
    with pytest.raises(ArrayValueError, match="alpha: expected"):
        forward([1.0], alpha=alpha)
    with pytest.raises(ArrayValueError, match="alpha: expected"):
        backward([1.0], [1.0], alpha=alpha)


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "g", ">f4", ">f8"])
def test_what_is_chosen_is_chosen_to_the_bit(dtype):
    """Infinite numbers, NaN and both zeros included, in both byte orders."""
    x = np.array([1.5, -2.0, np.inf, -np.inf, np.nan, 0.0, -0.0], dtype)
    dy = np.array([np.inf, np.nan, -0.0, np.inf, 1.0, np.nan, 3.0], dtype)
    for alpha in (0.5, 2.0):  # where the larger of the two is meant, and where it is not
        factor = x.dtype.type(alpha)
        expected, found = np.where(x > 0, x, factor * x), layers.leaky_relu(x, alpha=alpha)
        np.testing.assert_array_equal(found, expected)
        np.testing.assert_array_equal(np.signbit(found), np.signbit(expected))
        returned = layers.leaky_relu_backward(dy, x, alpha=alpha)
        np.testing.assert_array_equal(returned, np.where(x > 0, dy, factor * dy))
    np.testing.assert_array_equal(layers.relu_backward(dy, x), np.where(x > 0, dy, 0))
