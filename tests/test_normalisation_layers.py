"""Normalisation against its formulas and differences; degenerate batches, types, errors."""

import numpy as np
import pytest

from cnnmath import catalogue
from cnnmath.errors import ArrayValueError, ShapeError
from cnnmath.gradcheck import check_gradients
from cnnmath.layers import (
    batch_norm2d,
    batch_norm2d_backward,
    layer_norm,
    layer_norm_backward,
    running_statistics,
)

RNG = np.random.default_rng(0)
X = RNG.normal(size=(4, 3, 2, 5)) * 2 + 1
DY = RNG.normal(size=X.shape)
GAMMA, BETA, MEAN = RNG.normal(size=(3, 3))
VARIANCE = RNG.uniform(0.5, 2, size=3)
LEARNT = {"mean": MEAN, "variance": VARIANCE}
SCALE, SHIFT = RNG.normal(size=(2, 2, 5))  # of the last two axes, for the layer norm
CLOSE = {"rtol": 1e-11, "atol": 1e-13}


def in_rows(images):
    """The numbers of each channel as a column, as the formulas have them."""
    return np.moveaxis(images, 1, -1).reshape(-1, images.shape[1])


# ---- formulas and differences


def test_in_training_it_is_the_formula():
    given = {"x": in_rows(X), "gamma": GAMMA, "beta": BETA, "epsilon": 1e-5}
    y = batch_norm2d(X, GAMMA, BETA)
    np.testing.assert_allclose(in_rows(y), catalogue.batch_norm(**given), **CLOSE)
    dx, dgamma, dbeta = batch_norm2d_backward(DY, X, GAMMA)
    back = {"dE_dy": in_rows(DY), **given}
    for gradient, formula in (
        (in_rows(dx), catalogue.batch_norm_gradient),
        (dgamma, catalogue.scale_gradient),
        (dbeta, catalogue.shift_gradient),
    ):
        np.testing.assert_allclose(gradient, formula(**formula.taken_of(back)), **CLOSE)


def test_with_what_was_learnt_it_is_the_formula():
    sigma = np.sqrt(VARIANCE + 1e-5)
    given = {"x": in_rows(X), "gamma": GAMMA, "beta": BETA, "mu_bar": MEAN, "sigma_bar": sigma}
    y = batch_norm2d(X, GAMMA, BETA, **LEARNT)
    np.testing.assert_allclose(in_rows(y), catalogue.batch_norm_in_use(**given), **CLOSE)
    assert (batch_norm2d(X[:1], GAMMA, BETA, **LEARNT) == y[:1]).all()  # whoever is beside it


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_the_layer_norm_is_the_formula(axes):
    gamma, beta = RNG.normal(size=(2, *X.shape[-axes:]))
    x, dy = X.reshape(-1, gamma.size), DY.reshape(-1, gamma.size)
    given = {"x": x, "gamma": gamma.ravel(), "beta": beta.ravel(), "epsilon": 1e-5}
    y = layer_norm(X, gamma, beta)
    np.testing.assert_allclose(y.reshape(x.shape), catalogue.layer_norm(**given), **CLOSE)
    dx, dgamma, dbeta = layer_norm_backward(DY, X, gamma)
    formula = catalogue.layer_norm_gradient
    by_formula = formula(**formula.taken_of({"dE_dy": dy, **given}))
    np.testing.assert_allclose(dx.reshape(x.shape), by_formula, **CLOSE)
    hat = layer_norm(X, np.ones_like(gamma), np.zeros_like(beta)).reshape(x.shape)
    np.testing.assert_allclose(dgamma.ravel(), (dy * hat).sum(axis=0), **CLOSE)
    np.testing.assert_allclose(dbeta.ravel(), dy.sum(axis=0), **CLOSE)


@pytest.mark.parametrize("learnt", [{}, LEARNT], ids=["training", "in use"])
def test_gradients_agree_with_finite_differences(learnt):
    report = check_gradients(
        lambda x, gamma, beta: batch_norm2d(x, gamma, beta, **learnt),
        lambda dy, x, gamma, beta: batch_norm2d_backward(dy, x, gamma, **learnt),
        dict(x=X, gamma=GAMMA, beta=BETA),
    )
    assert report.ok, report


def test_gradients_of_the_layer_norm_agree_with_finite_differences():
    report = check_gradients(
        layer_norm,
        lambda dy, x, gamma, beta: layer_norm_backward(dy, x, gamma),
        dict(x=X, gamma=SCALE, beta=SHIFT),
    )
    assert report.ok, report


def test_the_statistics_that_are_learnt_move_towards_those_of_the_batch():
    x = np.array([[[[1.0, 2.0]]], [[[4.0, 9.0]]]])
    mean, variance = running_statistics(x, [0.0], [1.0], momentum=0.1)
    np.testing.assert_allclose(mean, [0.4])
    np.testing.assert_allclose(variance, [0.9 + 0.1 * np.var([1, 2, 4, 9], ddof=1)])
    assert running_statistics(x, [3.0], [2.0], momentum=0) == (np.array([3.0]), np.array([2.0]))


# ---- what is degenerate


def test_a_channel_in_which_all_is_the_same_becomes_its_shift_and_gets_no_gradient():
    x = np.full((3, 3, 2, 2), [[[[7.0]]]])
    assert (batch_norm2d(x, GAMMA, BETA) == BETA[:, None, None]).all()
    dx, dgamma, dbeta = batch_norm2d_backward(DY[:3, :, :, :2], x, GAMMA)
    assert (dgamma == 0).all()
    assert dbeta.any()
    np.testing.assert_allclose(dx.sum(axis=(0, 2, 3)), 0, atol=1e-10)


def test_one_image_of_one_pixel_becomes_the_shift_whatever_it_holds():
    x = X[:1, :, :1, :1]
    assert (batch_norm2d(x, GAMMA, BETA)[0, :, 0, 0] == BETA).all()
    assert (batch_norm2d_backward(DY[:1, :, :1, :1], x, GAMMA)[0] == 0).all()


def test_one_image_is_normalised_over_its_pixels():
    alone = batch_norm2d(X[:1], np.ones(3), np.zeros(3))
    np.testing.assert_allclose(alone.mean(axis=(0, 2, 3)), 0, atol=1e-12)
    np.testing.assert_allclose(alone.std(axis=(0, 2, 3)), 1, rtol=1e-4)


def test_the_gradient_at_one_image_depends_on_another():
    other = X.copy()
    other[1] += RNG.normal(size=X[1].shape)
    only_first = np.zeros_like(DY)
    only_first[0] = DY[0]
    here, there = (batch_norm2d_backward(only_first, x, GAMMA)[0] for x in (X, other))
    assert not np.allclose(here[0], there[0])
    assert here[1].any()  # the second image moves the first one's result
    learnt = [batch_norm2d_backward(only_first, x, GAMMA, **LEARNT)[0] for x in (X, other)]
    assert (learnt[0] == learnt[1]).all() and not learnt[0][1:].any()


def test_far_from_0_nothing_is_lost():
    far = batch_norm2d(X + 1e6, GAMMA, BETA)
    np.testing.assert_allclose(far, batch_norm2d(X, GAMMA, BETA), rtol=1e-7, atol=1e-8)


def test_an_empty_batch_can_be_normalised_by_what_was_learnt_only():
    x = X[:0]
    assert batch_norm2d(x, GAMMA, BETA, **LEARNT).shape == x.shape
    dx, dgamma, dbeta = batch_norm2d_backward(x, x, GAMMA, **LEARNT)
    assert dx.shape == x.shape and not dgamma.any() and not dbeta.any()
    assert layer_norm(x, SCALE, SHIFT).shape == x.shape
    with pytest.raises(ShapeError, match="at least one number in each channel"):
        batch_norm2d(x, GAMMA, BETA)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_types_stay(dtype):
    x, dy, gamma, beta, mean, variance = (
        one.astype(dtype) for one in (X, DY, GAMMA, BETA, MEAN, VARIANCE)
    )
    scale, shift = SCALE.astype(dtype), SHIFT.astype(dtype)
    given = [
        batch_norm2d(x, gamma, beta),
        batch_norm2d(x, gamma, beta, mean=mean, variance=variance),
        *batch_norm2d_backward(dy, x, gamma),
        *running_statistics(x, mean, variance),
        layer_norm(x, scale, shift),
        *layer_norm_backward(dy, x, scale),
    ]
    assert {one.dtype for one in given} == {np.dtype(dtype)}
    assert batch_norm2d(x, GAMMA, beta).dtype == np.float64
    np.testing.assert_allclose(given[0], batch_norm2d(X, GAMMA, BETA), rtol=1e-4, atol=1e-5)
    assert batch_norm2d(np.ones((2, 3, 1, 1), int), [1, 1, 1], [0, 0, 0]).dtype == np.float64


# ---- errors


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: batch_norm2d(X[0], GAMMA, BETA), r"x: expected 4 axes \(N, C, H, W\), got 3"),
        (lambda: batch_norm2d(X, GAMMA[:2], BETA), r"gamma: expected shape \(3,\), .*channel of x"),
        (lambda: batch_norm2d(X, GAMMA, BETA[:2]), r"beta: expected shape \(3,\)"),
        (
            lambda: batch_norm2d(X, GAMMA, BETA, mean=1.0, variance=VARIANCE),
            "mean: expected 1 axes",
        ),
        (lambda: batch_norm2d_backward(DY[:1], X, GAMMA), r"dy: .* batch_norm2d returns for x"),
        (lambda: running_statistics(X[:1, :, :1, :1], MEAN, VARIANCE), "at least two numbers"),
        (lambda: layer_norm(X, SCALE[:1], SHIFT), r"x: .* ends in that of gamma, \(1, 5\)"),
        (lambda: layer_norm(X, SCALE, SHIFT[0]), r"beta: expected the shape of gamma, \(2, 5\)"),
        (lambda: layer_norm(X, 1.0, 0.0), "gamma: expected a scale for each number"),
        (lambda: layer_norm(X[..., :0], SCALE[:, :0], SHIFT[:, :0]), "gamma: .* at least one"),
        (lambda: layer_norm(np.zeros(5), SCALE, SHIFT), r"x: expected .* got \(5,\)"),
        (lambda: layer_norm_backward(DY[:1], X, SCALE), r"dy: .* layer_norm returns for x"),
    ],
)
def test_shapes_that_do_not_fit(call, words):
    with pytest.raises(ShapeError, match=words):
        call()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: batch_norm2d(X, GAMMA, BETA, eps=0), "eps: expected a number above 0, got 0"),
        (
            lambda: layer_norm(X, SCALE, SHIFT, eps=np.nan),
            "eps: expected a number above 0, got nan",
        ),
        (
            lambda: layer_norm(X, SCALE, SHIFT, eps=np.inf),
            "eps: expected a number above 0, got inf",
        ),
        (
            lambda: batch_norm2d(X, GAMMA, BETA, mean=MEAN),
            "variance: expected mean and variance, or",
        ),
        (lambda: batch_norm2d(X, GAMMA, BETA, variance=VARIANCE), "mean: expected mean and varian"),
        (
            lambda: batch_norm2d(X, GAMMA, BETA, mean=MEAN, variance=-VARIANCE),
            "variance: expected no number below 0, got -",
        ),
        (lambda: running_statistics(X, MEAN, VARIANCE, momentum=1.5), "momentum: .* got 1.5"),
        (lambda: batch_norm2d(X * 1j, GAMMA, BETA), "x: expected real numbers"),
    ],
)
def test_values_that_make_no_sense(call, words):
    with pytest.raises(ArrayValueError, match=words):
        call()


def test_what_is_given_is_left_as_it_is():
    kept = [one.copy() for one in (X, DY, MEAN, VARIANCE)]
    batch_norm2d_backward(DY, X, GAMMA)
    running_statistics(X, MEAN, VARIANCE)
    layer_norm_backward(DY, X, SCALE)
    for one, before in zip((X, DY, MEAN, VARIANCE), kept, strict=True):
        assert (one == before).all()
