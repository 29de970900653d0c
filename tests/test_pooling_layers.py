"""Pooling against explicit loops, formulas and finite differences; ties, NaN and infinities."""

import itertools

import numpy as np
import pytest
from conftest import tried
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnmath.errors import ArrayValueError, ShapeError
from cnnmath.formula import Formula
from cnnmath.gradcheck import check_gradients
from cnnmath.layers import (
    avg_pool2d,
    avg_pool2d_backward,
    conv2d,
    max_pool2d,
    max_pool2d_backward,
    output_size,
)

LAYERS = {"max": (max_pool2d, max_pool2d_backward), "avg": (avg_pool2d, avg_pool2d_backward)}
each = pytest.mark.parametrize("kind", LAYERS)


def windows(shape, size, stride, padding):
    """Each place of the result, with the pixels of its window, row by row."""
    places = [output_size(*axis) for axis in zip(shape, size, stride, padding, strict=True)]
    for i, j in np.ndindex(*places):
        rows = range(i * stride[0] - padding[0], i * stride[0] - padding[0] + size[0])
        columns = range(j * stride[1] - padding[1], j * stride[1] - padding[1] + size[1])
        inside = [
            (u, v)
            for u, v in itertools.product(rows, columns)
            if 0 <= u < shape[0] and 0 <= v < shape[1]
        ]
        yield (i, j), inside


def first_winner(plane, pixels):
    """The definition: the first NaN; else the first of the largest."""
    best = pixels[0]
    for pixel in pixels:
        if np.isnan(plane[pixel]):
            return pixel
        if plane[pixel] > plane[best]:
            best = pixel
    return best


@st.composite
def poolings(draw):
    """Sizes that fit: an image, and a window, stride and padding for each axis."""
    axis = st.tuples(st.integers(1, 4), st.integers(1, 4), st.integers(0, 3), st.integers(0, 5))
    pairs = []
    for _ in range(2):
        size, stride, padding, extra = draw(axis)
        padding = min(padding, size - 1)
        pairs.append((max(1, size - 2 * padding) + extra, size, stride, padding))
    shape, size, stride, padding = zip(*pairs, strict=True)
    batch = draw(st.tuples(st.integers(1, 2), st.integers(1, 2)))
    return (*batch, *shape), size, stride, padding, draw(st.integers(0, 2**16))


repeatable = tried(150)


@repeatable
@given(poolings(), st.sampled_from(["distinct", "ties", "nan", "infinite"]))
def test_max_pooling_is_the_loop_to_the_bit(pooling, values):
    shape, size, stride, padding, seed = pooling
    rng = np.random.default_rng(seed)
    x = rng.permutation(np.prod(shape)).reshape(shape) - 20.0
    if values != "distinct":
        x = np.floor(x / 7)
        x[(x == 0) & (rng.random(shape) < 0.5)] = -0.0
    if values == "nan":
        x[rng.random(shape) < 0.3] = np.nan
    if values == "infinite":
        x[rng.random(shape) < 0.6] = -np.inf
    options = {"stride": stride, "padding": padding}
    y = max_pool2d(x, size, **options)
    dy = rng.normal(size=y.shape)
    dx = np.zeros(shape)
    for n, c in np.ndindex(*shape[:2]):
        for place, pixels in windows(shape[2:], size, stride, padding):
            winner = first_winner(x[n, c], pixels)
            won, pooled = x[n, c][winner], y[n, c][place]
            assert pooled.tobytes() == won.tobytes()  # −0 and NaN included
            dx[n, c][winner] += dy[n, c][place]
    np.testing.assert_allclose(max_pool2d_backward(dy, x, size, **options), dx, atol=1e-12)


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "g"])
@pytest.mark.parametrize("values", [[0.0, -0.0, 1.0], [-1.0, np.nan], [np.inf, 2.0, -np.inf]])
@pytest.mark.parametrize("shape", [(2, 3, 8, 6), (2, 1, 7, 9)])
@pytest.mark.parametrize(("size", "stride"), [(2, 2), (2, 1), (3, 3)])
def test_of_equal_numbers_the_first_wins(shape, values, size, stride, dtype):
    """All ties that four cells can have, and rows and columns that no window holds."""
    rng = np.random.default_rng(0)
    x = rng.choice(values, size=shape).astype(dtype)
    y = max_pool2d(x, size, stride=stride)
    dy = rng.choice([1.0, 2.0, np.inf], size=y.shape).astype(dtype)
    dx = np.zeros(shape, dtype)
    for n, c in np.ndindex(*shape[:2]):
        for place, pixels in windows(shape[2:], (size, size), (stride, stride), (0, 0)):
            winner = first_winner(x[n, c], pixels)
            won, pooled = x[n, c][winner], y[n, c][place]
            assert (pooled == won or np.isnan(won)) and np.signbit(pooled) == np.signbit(won)
            dx[n, c][winner] += dy[n, c][place]
    np.testing.assert_array_equal(max_pool2d_backward(dy, x, size, stride=stride), dx)


@repeatable
@given(poolings())
def test_average_pooling_is_the_loop(pooling):
    shape, size, stride, padding, seed = pooling
    rng = np.random.default_rng(seed)
    x = rng.normal(size=shape)
    options = {"stride": stride, "padding": padding}
    y = avg_pool2d(x, size, **options)
    dy = rng.normal(size=y.shape)
    dx, expected = np.zeros(shape), np.zeros(y.shape)
    for n, c in np.ndindex(*shape[:2]):
        for place, pixels in windows(shape[2:], size, stride, padding):
            for pixel in pixels:
                expected[n, c][place] += x[n, c][pixel] / (size[0] * size[1])
                dx[n, c][pixel] += dy[n, c][place] / (size[0] * size[1])
    np.testing.assert_allclose(y, expected, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(avg_pool2d_backward(dy, x, size, **options), dx, atol=1e-12)


# The formulas of the book, with images, channels, and a window, stride and padding for each axis.
_SHAPE = "N C (H+2*P-l)//S+1 (L+2*Q-r)//T+1"
MAX = Formula(
    r"a^{(n,c)}_{ij} = \max_{0 \le s < l,\, 0 \le t < r} x^{(n,c)}_{(iS+s-P)(jT+t-Q)}",
    x="N C H L",
    a=_SHAPE,
)
AVERAGE = Formula(
    r"a^{(n,c)}_{ij} = \frac{1}{lr} \sum_{s=0}^{l-1} \sum_{t=0}^{r-1}"
    r" x^{(n,c)}_{(iS+s-P)(jT+t-Q)}",
    x="N C H L",
    a=_SHAPE,
)
FORMULAS = {"max": MAX, "avg": AVERAGE}


def gradient(formula):
    """Its gradient by the chain rule: the Jacobian is worked out from the formula."""
    return Formula(
        r"\frac{\partial E}{\partial x^{(n,c)}_{uv}} = \sum_{i,j}"
        r" \frac{\partial E}{\partial a^{(n,c)}_{ij}}"
        r" \frac{\partial a^{(n,c)}_{ij}}{\partial x^{(n,c)}_{uv}}",
        a=formula,
    )


@each
@settings(max_examples=60, deadline=None, derandomize=True)
@given(pooling=poolings(), ties=st.booleans())
def test_pooling_is_its_formula(kind, pooling, ties):
    shape, size, stride, padding, seed = pooling
    rng = np.random.default_rng(seed)
    x = rng.permutation(np.prod(shape)).reshape(shape) / 4
    if ties:
        x = np.floor(x)
    sizes = dict(zip("lrSTPQ", (*size, *stride, *padding), strict=True))
    options = {"stride": stride, "padding": padding}
    forward, backward = LAYERS[kind]
    y = forward(x, size, **options)
    np.testing.assert_allclose(y, FORMULAS[kind](x=x, **sizes), rtol=1e-12)
    dy = rng.normal(size=y.shape)
    np.testing.assert_allclose(
        backward(dy, x, size, **options),
        gradient(FORMULAS[kind])(dE_da=dy, x=x, **sizes),
        rtol=1e-10,
        atol=1e-12,
    )


@each
def test_gradients_agree_with_finite_differences(kind):
    forward, backward = LAYERS[kind]
    x = np.random.default_rng(0).permutation(2 * 3 * 7 * 5).reshape(2, 3, 7, 5).astype(float)
    options = {"stride": (2, 1), "padding": (1, 0)}
    report = check_gradients(
        lambda x: forward(x, (3, 2), **options),
        lambda dy, x: backward(dy, x, (3, 2), **options),
        {"x": x},
    )
    assert report.ok, report


def test_with_ties_the_gradient_is_a_subgradient():
    """A convex function lies nowhere below the line that a subgradient gives."""
    rng = np.random.default_rng(0)
    x = rng.integers(0, 3, size=(1, 1, 6, 6)).astype(float)
    dy = rng.random((1, 1, 4, 4))  # not negative, so that the sum is convex
    dx = max_pool2d_backward(dy, x, 3, stride=1)

    def error(at):
        return float((dy * max_pool2d(at, 3, stride=1)).sum())

    for _ in range(200):
        away = rng.normal(size=x.shape)
        assert error(x + away) >= error(x) + float((dx * away).sum()) - 1e-9


def test_average_pooling_is_a_convolution():
    x = np.random.default_rng(0).normal(size=(2, 1, 7, 9))
    mean = np.full((1, 1, 3, 2), 1 / 6)
    options = {"stride": 2, "padding": (1, 0)}
    np.testing.assert_allclose(
        avg_pool2d(x, (3, 2), **options), conv2d(x, mean, **options), rtol=1e-12
    )


@each
def test_windows_lie_side_by_side_unless_a_stride_is_given(kind):
    forward, backward = LAYERS[kind]
    x = np.random.default_rng(0).normal(size=(1, 2, 6, 6))
    y = forward(x, (2, 3))
    np.testing.assert_array_equal(y, forward(x, (2, 3), stride=(2, 3)))
    dy = np.ones_like(y)
    np.testing.assert_array_equal(backward(dy, x, (2, 3)), backward(dy, x, (2, 3), stride=(2, 3)))


@each
def test_types_and_empty_batches(kind):
    forward, backward = LAYERS[kind]
    x = np.arange(16, dtype=np.float32).reshape(1, 1, 4, 4)
    assert forward(x, 2).dtype == np.float32
    assert backward(forward(x, 2), x, 2).dtype == np.float32
    assert backward(forward(x, 2).astype(float), x, 2).dtype == np.float64
    assert forward(x.astype(int), 2).dtype == np.float64
    empty = np.zeros((0, 3, 4, 4))
    assert forward(empty, 2).shape == (0, 3, 2, 2)
    assert backward(np.zeros((0, 3, 2, 2)), empty, 2).shape == empty.shape


@each
def test_nothing_given_is_changed(kind):
    forward, backward = LAYERS[kind]
    x = np.arange(16.0).reshape(1, 1, 4, 4)
    forward(x, 1)[...] = 99
    backward(np.ones((1, 1, 4, 4)), x, 1)[...] = 99
    np.testing.assert_array_equal(x.ravel(), np.arange(16))


@each
@pytest.mark.parametrize(
    ("x", "size", "options", "error", "message"),
    [
        (np.ones((4, 4)), 2, {}, ShapeError, "x: expected 4 axes (N, C, H, W), got 2"),
        (np.ones((1, 1, 0, 4)), 2, {}, ShapeError, "at least one pixel, got shape (1, 1, 0, 4)"),
        (np.ones((1, 1, 4, 3)), 4, {}, ShapeError, "kernel_size: does not fit x along the width"),
        (np.ones((1, 1, 4, 4)), (1, 2, 3), {}, ShapeError, "kernel_size: expected an integer or"),
        (np.ones((1, 1, 4, 4)), 0, {}, ArrayValueError, "kernel_size: expected an integer of at"),
        (np.ones((1, 1, 4, 4)), 2.0, {}, ArrayValueError, "got 2.0"),
        (np.ones((1, 1, 4, 4)), 2, {"stride": 0}, ArrayValueError, "stride: expected an integer"),
        (np.ones((1, 1, 4, 4)), 2, {"padding": -1}, ArrayValueError, "padding: expected an integ"),
        (np.ones((1, 1, 4, 4)), 2, {"padding": 2}, ShapeError, "less than kernel_size 2"),
        (np.ones((1, 1, 4, 4)), (2, 1), {"padding": 1}, ShapeError, "would lie outside the image"),
        (np.ones((1, 1, 4, 4), complex), 2, {}, ArrayValueError, "x: expected real numbers"),
    ],
)
def test_bad_input(kind, x, size, options, error, message):
    forward, backward = LAYERS[kind]
    with pytest.raises(error) as raised:
        forward(x, size, **options)
    assert message in str(raised.value)
    with pytest.raises(error) as raised:
        backward(np.ones((1, 1, 2, 2)), x, size, **options)
    assert message in str(raised.value)


@each
def test_a_gradient_of_another_shape_is_refused(kind):
    x = np.ones((1, 2, 4, 4))
    layer = f"{kind}_pool2d"
    message = rf"dy: expected shape \(1, 2, 2, 2\), which {layer} returns for x of shape"
    with pytest.raises(ShapeError, match=message):
        LAYERS[kind][1](np.ones((1, 2, 2, 1)), x, 2)
