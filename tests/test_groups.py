"""1 × 1, grouped and depthwise convolution: the formulas against each other and the layers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnmath import catalogue
from cnnmath.gradcheck import numerical_gradient
from cnnmath.layers import conv2d, conv2d_backward

CLOSE = {"rtol": 1e-9, "atol": 1e-12}


@st.composite
def in_groups(draw):
    """Arrays and sizes of a convolution in groups, what arrives at its result, and a generator."""
    G, Q, R = (draw(st.integers(1, 4)) for _ in range(3))
    m, n = (draw(st.integers(1, 3)) for _ in range(2))
    M, N = (k + draw(st.integers(0, 3)) for k in (m, n))
    rng = np.random.default_rng(draw(st.integers(0, 2**16)))
    x, W = rng.normal(size=(G * Q, M, N)), rng.normal(size=(G * R, Q, m, n))
    return x, W, rng.normal(size=(G * R, M - m + 1, N - n + 1)), {"G": G, "Q": Q, "R": R}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(in_groups())
def test_the_convolution_in_groups_and_its_gradients_are_the_layer(case):
    x, W, dE_da, sizes = case
    layer = {"groups": sizes["G"]}
    a = catalogue.grouped_convolution(x=x, W=W, **sizes)
    np.testing.assert_allclose(a, conv2d(x[None], W, **layer)[0], **CLOSE)
    dx, dw, _ = conv2d_backward(dE_da[None], x[None], W, **layer)
    dE_dW = catalogue.grouped_kernel_gradient(dE_da=dE_da, x=x, m=W.shape[2], n=W.shape[3], **sizes)
    np.testing.assert_allclose(dE_dW, dw, **CLOSE)
    dE_dx = catalogue.grouped_input_gradient(dE_da=dE_da, W=W, **sizes)
    np.testing.assert_allclose(dE_dx, dx[0], **CLOSE)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(in_groups())
def test_a_convolution_in_groups_is_one_whose_kernels_are_0_outside_their_blocks(case):
    x, W, dE_da, sizes = case
    full = catalogue.full_kernels(W=W, **sizes)
    G, Q, R = sizes.values()
    for k, c in np.ndindex(full.shape[:2]):
        own = W[k, c - k // R * Q] if k // R == c // Q else 0
        np.testing.assert_array_equal(full[k, c], np.broadcast_to(own, full[k, c].shape))
    grouped = catalogue.grouped_convolution(x=x, W=W, **sizes)
    without = catalogue.channels(x=x, W=full, b=np.zeros(G * R))
    np.testing.assert_allclose(grouped, without, **CLOSE)
    # The same input gradient; and of the kernels' gradient the blocks.
    np.testing.assert_allclose(
        catalogue.grouped_input_gradient(dE_da=dE_da, W=W, **sizes),
        catalogue.channels_input_gradient(delta=dE_da, W=full),
        **CLOSE,
    )


def test_with_one_channel_a_group_it_is_depthwise():
    rng = np.random.default_rng(1)
    x, W = rng.normal(size=(3, 5, 6)), rng.normal(size=(3, 2, 3))
    a = catalogue.depthwise_convolution(x=x, W=W)
    np.testing.assert_allclose(a, catalogue.grouped_convolution(x=x, W=W[:, None]), **CLOSE)
    np.testing.assert_allclose(a, conv2d(x[None], W[:, None], groups=3)[0], **CLOSE)


def test_a_kernel_of_one_pixel_is_a_dense_layer_at_every_pixel():
    rng = np.random.default_rng(2)
    x, V, d = (rng.normal(size=size) for size in ((3, 4, 5), (2, 3), 2))
    z = catalogue.pointwise_convolution(x=x, V=V, d=d)
    for i, j in np.ndindex(4, 5):
        np.testing.assert_allclose(z[:, i, j], catalogue.dense(x=x[:, i, j], V=V, d=d), **CLOSE)
    np.testing.assert_allclose(z, conv2d(x[None], V[:, :, None, None], d)[0], **CLOSE)


@pytest.mark.parametrize("by", ["x", "W"])
def test_the_gradients_in_groups_are_central_differences(by):
    rng = np.random.default_rng(3)
    arrays = {"x": rng.normal(size=(6, 4, 5)), "W": rng.normal(size=(4, 3, 2, 3))}
    dE_da = rng.normal(size=(4, 3, 3))
    gradient = {"x": catalogue.grouped_input_gradient, "W": catalogue.grouped_kernel_gradient}[by]

    def error(moved):
        return float(np.sum(dE_da * catalogue.grouped_convolution(**{**arrays, by: moved})))

    known = {**arrays, "dE_da": dE_da, "G": 2, "Q": 3, "R": 2, "m": 2, "n": 3}
    found = gradient(**gradient.taken_of(known))
    np.testing.assert_allclose(found, numerical_gradient(error, arrays[by]), rtol=1e-6, atol=1e-8)
