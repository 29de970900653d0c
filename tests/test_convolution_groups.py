"""Convolutions in groups, along one axis, "same", and transposed, against loops and laws."""

import re

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cnnmath.errors import ArrayValueError, ShapeError
from cnnmath.gradcheck import check_gradients
from cnnmath.layers import (
    conv1d,
    conv2d,
    conv2d_backward,
    conv_transpose2d,
    conv_transpose2d_backward,
)

repeatable = settings(deadline=None, derandomize=True, max_examples=100)
close = pytest.approx


def pairs(low, high):
    return st.tuples(st.integers(low, high), st.integers(low, high))


def says(error, words):
    return pytest.raises(error, match=re.escape(words))


@st.composite
def grouped(draw):
    """x, w, b and options, of a convolution that fits."""
    groups, share, kernels = (draw(st.integers(1, 3)) for _ in range(3))
    options = {
        "stride": draw(pairs(1, 3)),
        "padding": draw(pairs(0, 2)),
        "dilation": draw(pairs(1, 3)),
        "groups": groups,
    }
    size, kernel = draw(pairs(1, 7)), draw(pairs(1, 3))
    fits = zip(size, kernel, options["padding"], options["dilation"], strict=True)
    assume(all(d * (m - 1) < length + 2 * p for length, m, p, d in fits))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    x = rng.normal(size=(draw(st.integers(0, 2)), groups * share, *size))
    w = rng.normal(size=(groups * kernels, share, *kernel))
    return x, w, rng.normal(size=len(w)), options, rng


def part(array, groups, axis):
    return np.split(array, groups, axis=axis)


def near(found, expected):
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-10, strict=True)


# ---- groups -------------------------------------------------------------------------------------


@repeatable
@given(grouped())
def test_groups_are_convolutions_side_by_side(case):
    x, w, b, options, rng = case
    groups = options.pop("groups")
    parts = zip(part(x, groups, 1), part(w, groups, 0), part(b, groups, 0), strict=True)
    each = [conv2d(*own, **options) for own in parts]
    y = conv2d(x, w, b, groups=groups, **options)
    near(y, np.concatenate(each, axis=1))
    dy = rng.normal(size=y.shape)
    parts = zip(part(dy, groups, 1), part(x, groups, 1), part(w, groups, 0), strict=True)
    dx, dw, db = zip(*(conv2d_backward(*own, **options) for own in parts), strict=True)
    found = conv2d_backward(dy, x, w, groups=groups, **options)
    for one, expected, axis in zip(found, (dx, dw, db), (1, 0, 0), strict=True):
        near(one, np.concatenate(expected, axis=axis))


def test_depthwise_sees_each_channel_alone():
    x = np.arange(2 * 3 * 3.0).reshape(1, 2, 3, 3)
    y = conv2d(x, [[[[1]]], [[[10]]]], groups=2)
    near(y, x * np.array([1, 10]).reshape(2, 1, 1))


# ---- transposed ---------------------------------------------------------------------------------


def loop_conv_transpose2d(x, w, b, shape, stride, padding, dilation, groups):
    """Every product of the definition, put where it belongs, or nowhere."""
    n, c, height, width = x.shape
    y = np.zeros((n, groups * w.shape[1], *shape)) + b[:, np.newaxis, np.newaxis]
    for image, channel, i, j, own, s, t in np.ndindex(n, c, height, width, *w.shape[1:]):
        u = i * stride[0] + s * dilation[0] - padding[0]
        v = j * stride[1] + t * dilation[1] - padding[1]
        k = channel // (c // groups) * w.shape[1] + own
        if 0 <= u < shape[0] and 0 <= v < shape[1]:
            y[image, k, u, v] += w[channel, own, s, t] * x[image, channel, i, j]
    return y


@st.composite
def transposed(draw):
    groups, share, kernels = (draw(st.integers(1, 2)) for _ in range(3))
    stride, dilation, padding = draw(pairs(1, 3)), draw(pairs(1, 3)), draw(pairs(0, 2))
    beyond = tuple(
        draw(st.integers(0, max(s, d) - 1)) for s, d in zip(stride, dilation, strict=True)
    )
    options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    size, kernel = draw(pairs(1, 4)), draw(pairs(1, 3))
    settings = zip(size, stride, dilation, kernel, padding, beyond, strict=True)
    shape = [(n - 1) * s + d * (m - 1) + 1 - 2 * p + a for n, s, d, m, p, a in settings]
    assume(min(shape) > 0)
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    x = rng.normal(size=(draw(st.integers(0, 2)), groups * share, *size))
    w = rng.normal(size=(groups * share, kernels, *kernel))
    return x, w, rng.normal(size=groups * kernels), shape, beyond, options, rng


@repeatable
@given(transposed())
def test_transposed_is_its_definition(case):
    x, w, b, shape, beyond, options, _ = case
    y = conv_transpose2d(x, w, b, output_padding=beyond, **options)
    near(y, loop_conv_transpose2d(x, w, b, shape, **options))


@repeatable
@given(transposed())
def test_it_is_the_adjoint_and_its_gradients_are_those_of_the_convolution(case):
    x, w, _, _, beyond, options, rng = case
    y = conv_transpose2d(x, w, output_padding=beyond, **options)
    g = rng.normal(size=y.shape)
    dx, dw, db = conv_transpose2d_backward(g, x, w, output_padding=beyond, **options)
    # y is linear in x, and in w: E = ⟨g, y⟩ is ⟨dx, x⟩, and ⟨dw, w⟩.
    assert (g * y).sum() == close((dx * x).sum(), abs=1e-9)
    assert (g * y).sum() == close((dw * w).sum(), abs=1e-9)
    near(db, g.sum(axis=(0, 2, 3)))
    if all(a < s for a, s in zip(beyond, options["stride"], strict=True)):
        near(dx, conv2d(g, w, **options))
        near(y, conv2d_backward(x, g, w, **options)[0])


def test_its_gradients_are_finite_differences():
    rng = np.random.default_rng(0)
    x, w, b = rng.normal(size=(2, 4, 3, 2)), rng.normal(size=(4, 3, 2, 3)), rng.normal(size=6)
    options = {"stride": (2, 1), "padding": 1, "dilation": (1, 2), "output_padding": (1, 0)}
    report = check_gradients(
        lambda x, w, b: conv_transpose2d(x, w, b, groups=2, **options),
        lambda dy, x, w, b: conv_transpose2d_backward(dy, x, w, groups=2, **options),
        {"x": x, "w": w, "b": b},
    )
    assert report.ok, report


def test_what_output_padding_is_for():
    """Inputs of 5 and of 6 have results of 3 under stride 2: it says which of them is meant."""
    w = np.ones((1, 1, 3, 3))
    sizes = [
        conv_transpose2d(np.ones((1, 1, 3, 3)), w, stride=2, padding=1, output_padding=a).shape[2]
        for a in (0, 1)
    ]
    assert sizes == [5, 6]
    assert [conv2d(np.ones((1, 1, n, n)), w, stride=2, padding=1).shape[2] for n in sizes] == [3, 3]


def test_ones_come_out_woven():
    ones = conv_transpose2d(np.ones((1, 1, 3, 3)), np.ones((1, 1, 3, 3)), stride=2)
    assert ones[0, 0, 2, 1:5].tolist() == [2, 4, 2, 4]


# ---- one axis, and "same" -----------------------------------------------------------------------


@repeatable
@given(grouped())
def test_one_axis_is_two_of_which_one_is_flat(case):
    x, w, b, options, _ = case
    x, w = x[:, :, 0], w[:, :, 0]
    along = {name: value if name == "groups" else value[1] for name, value in options.items()}
    y = conv1d(x, w, b, **along)
    assert y.ndim == 3
    for n, k, i in np.ndindex(y.shape):
        expected, own = b[k], w[k]
        first = k // (len(w) // along["groups"]) * own.shape[0]
        for c, s in np.ndindex(own.shape):
            at = i * along["stride"] + s * along["dilation"] - along["padding"]
            if 0 <= at < x.shape[2]:
                expected += own[c, s] * x[n, first + c, at]
        assert y[n, k, i] == close(expected, abs=1e-10)


@repeatable
@given(st.integers(1, 6), st.integers(1, 5), st.integers(1, 3))
def test_same_is_as_large_and_an_odd_zero_goes_to_the_end(size, kernel, dilation):
    x = np.arange(1.0, size + 1).reshape(1, 1, size)
    w = np.arange(1.0, kernel + 1).reshape(1, 1, kernel)
    total = dilation * (kernel - 1)
    padded = np.pad(x, ((0, 0), (0, 0), (total // 2, total - total // 2)))
    near(conv1d(x, w, padding="same", dilation=dilation), conv1d(padded, w, dilation=dilation))
    image, kernels = x[..., np.newaxis], w[..., np.newaxis]
    y = conv2d(image, kernels, padding="same", dilation=dilation)
    near(y, conv1d(x, w, padding="same", dilation=dilation)[..., np.newaxis])
    dy = np.random.default_rng(0).normal(size=y.shape)
    dx, dw, _ = conv2d_backward(dy, image, kernels, padding="same", dilation=dilation)
    assert (dy * y).sum() == close((dx * image).sum()) == close((dw * kernels).sum())


# ---- what is refused ----------------------------------------------------------------------------

X, W = np.zeros((1, 4, 5, 5)), np.zeros((6, 2, 3, 3))


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: conv2d(X, W), ShapeError, "w: expected shape (K, 4, m, n), because x of shape"),
        (
            lambda: conv2d(X, W, groups=4),
            ShapeError,
            "groups: 6 kernels cannot be divided into 4 groups: w has the shape (6, 2, 3, 3)",
        ),
        (lambda: conv2d(X, W, groups=3), ShapeError, "groups: 4 channels cannot be divided into 3"),
        (
            lambda: conv2d(X, W[:, :1], groups=2),
            ShapeError,
            "w: expected shape (K, 2, m, n), because x of shape (1, 4, 5, 5) has C = 4, which 2 "
            "groups share, got (6, 1, 3, 3)",
        ),
        (lambda: conv2d(X, W, groups=0), ArrayValueError, "groups: expected an integer of at"),
        (
            lambda: conv2d(X, W, groups=2, padding="valid"),
            ArrayValueError,
            "or 'same', got 'valid'",
        ),
        (
            lambda: conv2d(X, W, groups=2, padding="same", stride=2),
            ArrayValueError,
            "padding: 'same' with the stride 2 means",
        ),
        (lambda: conv1d(X, W), ShapeError, "x: expected 3 axes (N, C, L), got 4"),
        (lambda: conv1d(X[0], W[0], stride=(1, 1)), ArrayValueError, "stride: expected an integer"),
        (
            lambda: conv_transpose2d(X, W),
            ShapeError,
            "w: expected shape (4, K, m, n), because x of shape (1, 4, 5, 5) has C = 4, got (6, 2",
        ),
        (
            lambda: conv_transpose2d(X, W[:4], groups=3),
            ShapeError,
            "groups: 4 channels cannot be divided into 3 groups",
        ),
        (
            lambda: conv_transpose2d(X, W[:4], np.zeros(4)),
            ShapeError,
            "b: expected shape (2,), one number for each channel of the result, got (4,)",
        ),
        (
            lambda: conv_transpose2d(X, W[:4], stride=2, dilation=(1, 3), output_padding=2),
            ArrayValueError,
            "output_padding: expected less than the stride 2 or the dilation 1 along the height",
        ),
        (
            lambda: conv_transpose2d(X[..., :1], W[:4], padding=2),
            ShapeError,
            "x: along the width, 1 places of a kernel of size 3 with stride 1 and dilation 1 span",
        ),
        (
            lambda: conv_transpose2d(X, W[:4, :, :0]),
            ShapeError,
            "w: expected kernels of at least one row and one column",
        ),
        (
            lambda: conv_transpose2d_backward(X, X, W[:4]),
            ShapeError,
            "dy: expected shape (1, 2, 7, 7), which conv_transpose2d returns for x of shape",
        ),
    ],
)
def test_refused(call, error, words):
    with says(error, words):
        call()


def test_types_stay():
    for dtype in (np.float32, np.float64):
        x, w = X.astype(dtype), W[:4].astype(dtype)
        y = conv_transpose2d(x, w, stride=2)
        found = (y, *conv_transpose2d_backward(y, x, w, stride=2))
        assert {one.dtype for one in found} == {np.dtype(dtype)}
