"""Derived gradients are right: held, element by element, against differences."""

import numpy as np
import pytest
from derivable import difference

from cnnmath import layers
from cnnmath.derive import derive
from cnnmath.formula import Formula
from tools import derivations, derived

PAIRS = [
    ("STRIDED", "W"), ("STRIDED", "x"), ("STRIDED", "b"), ("BATCHED", "x"), ("GROUPS", "W"),
    ("GROUPS", "x"), ("TRUE", "x"), ("TRUE", "W"), ("TRANSPOSED", "x"), ("TRANSPOSED", "W"),
    ("SCATTERED", "x"), ("MAXIMUM", "x"), ("CENTRED", "x"), ("MINIMUM", "x"), ("AVERAGE", "x"),
    ("NORM_POOLING", "x"), ("UPSAMPLED", "x"), ("SHUFFLED", "T"), ("CIRCULAR", "h"),
    ("SOFTMAX", "x"), ("TRIANGLE", "W"), ("TRIANGLE", "x"), ("CLIPPED", "x"), ("OTHERS", "x"),
    ("PRODUCT", "x"), ("EDGES", "x"), ("SHIFTED", "x"), ("SHIFTED", "w"), ("POWER", "x"),
    ("POWER", "beta"), ("CASES", "x"), ("CASES", "alpha"), ("MIXED", "x"), ("KERNEL", "x"),
    ("QUADRATIC", "x"), ("WHOLE", "r"), ("WHOLE", "gamma"), ("OPEN", "x"), ("FOCAL", "p"),
    ("FROM_ONE", "V"), ("FROM_ONE", "K"), ("LAPLACIAN", "c"), ("LAPLACIAN", "f"), ("HALVED", "A"),
    ("HOISTED", "A"), ("FROM_SECOND", "x"), ("BUT_LAST", "x"), ("BURSTING", "x"),
    ("BACKWARDS", "x"), ("STENCIL", "w"), ("AHEAD", "x"), ("AHEAD", "g"),
    ("BETWEEN", "x"), ("FROM_HERE", "x"), ("REVERSED", "x"), ("EVERY_SECOND", "c"),
    ("NEIGHBOURS", "x"), ("MOMENTUM", "v"), ("MOMENTUM", "g"), ("SCALED", "x"), ("CUBE", "x"),
    ("LOGS", "x"), ("SQUARED", "x"), ("TAGS", "x"), ("RATIO", "x"), ("HALVES", "x"),
    ("EVEN", "x"), ("EXPONENT", "x"), ("LARGEST", "x"), ("TWO", "x"), ("SQUARE_PLACE", "x"),
    ("ABSOLUTE", "x"), ("SIGN", "x"), ("ERF", "x"), ("FROM_ONE_MAX", "x"),
]  # fmt: skip
STEPS = [
    ("BY_SQUARE", "x"), ("INDEX_AS_SIZE", "x"), ("INDEX_AS_SIZE", "t"), ("PAST_THE_END", "b"),
    ("VARIANCE", "x"), ("LAYER_NORM", "x"), ("LAYER_NORM", "g"), ("ATTENTION", "K"),
    ("ATTENTION", "V"), ("EXCITATION", "x"), ("EXCITATION", "V"), ("LOSS", "x"), ("LOSS", "W"),
    ("LOSS", "y"), ("LABEL", "x"), ("WEIGHED", "x"), ("SOFTMAX", "x with p=SOFTMAX"),
    ("max_pooling", "x with omega=winner"), ("MINIMUM", "x with w=PLACE"),
]  # fmt: skip


RECORD = derived.read()


@pytest.mark.sweep
@pytest.mark.parametrize(("name", "by"), [*PAIRS, *STEPS])
def test_a_derived_gradient_is_the_slope_and_reads_as_on_record(name, by):
    derivation = derived.derived(f"{name} by {by}")
    assert difference(derivation) == ""
    assert list(derived.said(derivation)) == RECORD[f"{name} by {by}"]


def test_the_foreign_formulas_are_derived_or_refused_and_never_wrong():
    numbers = np.random.default_rng(2).permutation(len(derivations.CASES))[:16]
    outcomes = [derivations.tried(pair, most=4) for pair in derivations.pairs(sorted(numbers))]
    assert [o.words for o in outcomes if o.verdict == "wrong"] == []
    right = sum(o.verdict == "right" for o in outcomes)
    assert len(outcomes) >= 20
    assert right >= 0.8 * len(outcomes)


def test_of_equal_numbers_the_first_counts():
    ones = np.ones(3)
    pair = Formula(r"y_i = \max(x_i, z_i)", x="N", z="N")
    smaller = Formula(r"y_i = \min(x_i, z_i)", x="N", z="N")
    for formula in (pair, smaller):
        of_x, of_z = (derive(formula, by).gradient for by in "xz")
        np.testing.assert_array_equal(of_x(x=ones, z=ones, dE_dy=2 * ones), 2 * ones)
        np.testing.assert_array_equal(of_z(x=ones, z=ones, dE_dy=2 * ones), 0 * ones)
    rectified = derive(Formula(r"y_i = \max(0, x_i)", x="N"), "x").gradient
    np.testing.assert_array_equal(rectified(x=0 * ones, dE_dy=ones), 0 * ones)
    edges = derived.derived("EDGES by x").gradient  # the first that is inside the array
    arriving = np.array([1.0, 10.0, 100.0])
    np.testing.assert_array_equal(edges(x=ones, dE_da=arriving), [11, 100, 0])


# ---- as the layers do it ------------------------------------------------------------------------


@pytest.mark.xdist_group("derived from a strided convolution")
@pytest.mark.parametrize(("stride", "padding", "dilation"), [(1, 0, 1), (2, 1, 1), (3, 2, 2)])
def test_the_gradients_of_a_convolution_are_those_of_the_layer(stride, padding, dilation):
    rng = np.random.default_rng(stride)
    x, W, b = rng.normal(size=(3, 9, 11)), rng.normal(size=(2, 3, 2, 3)), rng.normal(size=2)
    how = dict(stride=stride, padding=padding, dilation=dilation)
    y = layers.conv2d(x[np.newaxis], W, b, **how)
    dy = rng.normal(size=y.shape)
    dx, dW, db = layers.conv2d_backward(dy, x[np.newaxis], W, **how)
    sizes = dict(S=stride, P=padding, D=dilation)
    of_x, of_W, of_b = (derived.derived(f"STRIDED by {by}").gradient for by in "xWb")
    np.testing.assert_allclose(of_x(W=W, dE_da=dy[0], x=x, **sizes), dx[0], rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(of_W(x=x, dE_da=dy[0], W=W, **sizes), dW, rtol=1e-10, atol=1e-10)
    sizes |= dict(M=9, N=11, m=2, n=3)
    np.testing.assert_allclose(of_b(dE_da=dy[0], b=b, **sizes), db, rtol=1e-10)


def test_the_gradients_of_poolings_are_those_of_the_layers_with_ties_too():
    rng = np.random.default_rng(0)
    x = rng.integers(0, 3, size=(7, 8)).astype(float)  # every window has equal cells
    dy = rng.normal(size=(1, 1, 4, 4))
    how = dict(kernel_size=3, stride=2, padding=1)
    given = dict(x=x, dE_da=dy[0, 0], l=3, q=2, P=1)
    of_max, of_mean = (derived.derived(f"{f} by x").gradient for f in ("MAXIMUM", "AVERAGE"))
    want = layers.max_pool2d_backward(dy, x[np.newaxis, np.newaxis], **how)
    np.testing.assert_allclose(of_max(**given), want[0, 0], rtol=1e-12)
    want = layers.avg_pool2d_backward(dy, x[np.newaxis, np.newaxis], **how)
    np.testing.assert_allclose(of_mean(**given), want[0, 0], rtol=1e-12, atol=1e-12)


# ---- no longer than by hand ---------------------------------------------------------------------

BY_HAND = {
    ("convolution", "W"): 5, ("convolution", "b"): 4, ("convolution", "x"): 7,
    ("channels", "W"): 6, ("channels", "x"): 7,
    ("max_pooling", "x"): 4, ("average_pooling", "x"): 5,
    ("relu", "x"): 4, ("leaky_relu", "x"): 3, ("elu", "x"): 3, ("sigmoid", "x"): 6,
    ("tanh", "x"): 5, ("softplus", "x"): 4, ("silu", "x"): 4, ("gelu", "x"): 4,
}  # fmt: skip
"""Lines that a teacher needed for the derivations of the chapters."""


@pytest.mark.sweep
@pytest.mark.parametrize(("name", "by"), BY_HAND)
def test_a_derivation_has_no_more_lines_than_by_hand(name, by):
    derivation = derived.derived(f"{name} by {by}")
    assert len(derivation.lines) <= BY_HAND[name, by]
    assert list(derived.said(derivation)) == RECORD[f"{name} by {by}"]


def test_every_derivation_on_record_is_compared_with_it():
    assert RECORD.keys() == {f"{name} by {by}" for name, by in [*PAIRS, *STEPS, *BY_HAND]}
