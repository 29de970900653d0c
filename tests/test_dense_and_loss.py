"""Dense layer, softmax and cross-entropy: formulas, differences, large numbers, errors."""

import numpy as np
import pytest

from cnnmath.errors import ArrayValueError, ShapeError
from cnnmath.gradcheck import check_gradients, numerical_gradient
from cnnmath.layers import (
    cross_entropy,
    cross_entropy_backward,
    dense,
    dense_backward,
    softmax,
)
from cnnmath.reading import SCORES, SOFTMAX

RNG = np.random.default_rng(0)
X = RNG.normal(size=(3, 2, 4, 5))
W = RNG.normal(size=(6, 40))
B = RNG.normal(size=6)
Z = 3 * RNG.normal(size=(5, 4))
LABELS = np.array([0, 3, 1, 1, 2])


# ---- dense


def test_a_dense_layer_is_its_formula():
    y = dense(X, W, B)
    assert y.shape == (3, 6)
    for one, scores in zip(X, y, strict=True):
        formula = SCORES(p_2=one, V=W.reshape(6, 2, 4, 5), d=B)
        np.testing.assert_allclose(scores, formula, rtol=1e-12)
    np.testing.assert_allclose(dense(X, W), y - B, rtol=1e-12)


def test_its_gradients_agree_with_finite_differences():
    report = check_gradients(
        dense, lambda dy, x, w, b: dense_backward(dy, x, w), dict(x=X, w=W, b=B)
    )
    assert report.ok, report


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_types_stay(dtype):
    x, w, b = (array.astype(dtype) for array in (X, W, B))
    y = dense(x, w, b)
    assert {y.dtype, *(part.dtype for part in dense_backward(y, x, w))} == {np.dtype(dtype)}
    assert softmax(y).dtype == cross_entropy_backward(y, [0, 1, 2]).dtype == dtype
    assert dense(x, W).dtype == np.float64


def test_an_empty_batch_gives_empty_results_and_gradients_of_zero():
    x = X[:0]
    assert dense(x, W, B).shape == (0, 6)
    dx, dw, db = dense_backward(np.zeros((0, 6)), x, W)
    assert dx.shape == x.shape
    assert (dw == np.zeros((6, 40))).all()
    assert (db == np.zeros(6)).all()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: dense(1.0, W), "x: expected a batch"),
        (lambda: dense(X, W[:, :-1]), r"w: expected shape \(D, 40\), because x .* \(6, 39\)"),
        (lambda: dense(X, W[0]), r"w: expected 2 axes \(D, U\)"),
        (lambda: dense(X, W, B[:-1]), r"b: expected shape \(6,\).* got \(5,\)"),
        (lambda: dense_backward(np.zeros((3, 5)), X, W), r"dy: expected shape \(3, 6\).*\(3, 5\)"),
        (lambda: softmax(np.zeros((3, 0))), "at least one score"),
        (lambda: softmax(np.zeros(3)), r"z: expected 2 axes \(N, D\)"),
        (lambda: cross_entropy(Z, LABELS[1:]), r"labels: expected shape \(5,\).*\(4,\)"),
        (lambda: cross_entropy(Z[:0], LABELS[:0]), "at least one example"),
    ],
)
def test_shapes_that_do_not_fit(call, words):
    with pytest.raises(ShapeError, match=words):
        call()


@pytest.mark.parametrize("loss", [cross_entropy, cross_entropy_backward])
@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ([0, 3, 1, 1, 4], "classes from 0 to 3, got 4"),
        ([0, 3, 1, 1, -1], "classes from 0 to 3, got -1"),
        ([0.0, 3, 1, 1, 2], "whole numbers, got float64"),
        ([True] * 5, "whole numbers, got bool"),
    ],
)
def test_labels_that_are_no_classes(loss, labels, words):
    with pytest.raises(ArrayValueError, match=words):
        loss(Z, labels)


# ---- softmax and cross-entropy


def test_the_softmax_is_its_formula():
    p = softmax(Z)
    np.testing.assert_allclose(p, [SOFTMAX(z=z) for z in Z], rtol=1e-12)
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-12)


def test_the_cross_entropy_is_the_mean_of_minus_log_p():
    chosen = softmax(Z)[np.arange(5), LABELS]
    assert cross_entropy(Z, LABELS) == pytest.approx(-np.log(chosen).mean(), rel=1e-12)


def test_its_gradient_agrees_with_finite_differences():
    slope = numerical_gradient(lambda z: cross_entropy(z, LABELS), Z)
    np.testing.assert_allclose(cross_entropy_backward(Z, LABELS), slope, rtol=1e-6, atol=1e-9)


def test_scores_are_left_as_they_are():
    z = Z.copy()
    cross_entropy_backward(z, LABELS)
    assert (z == Z).all()


def test_large_scores_stay_finite():
    z = np.array([[1e4, 0, -1e4], [-1e308, 1e308, 0]])
    assert softmax(z).tolist() == [[1, 0, 0], [0, 1, 0]]
    assert cross_entropy(z[:1], [1]) == 1e4  # though p is 0
    assert cross_entropy_backward(z[:1], [1]).tolist() == [[1, -1, 0]]
    assert softmax([[0, -np.inf]]).tolist() == [[1, 0]]  # such a score takes no part
    assert np.isnan(softmax([[0, np.inf]])).any()
