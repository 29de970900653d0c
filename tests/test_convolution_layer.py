"""The layers against explicit loops, SciPy, finite differences, and the laws they must obey."""

import itertools
import re

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import signal

from cnnmath.errors import ArrayValueError, ShapeError
from cnnmath.gradcheck import check_gradients
from cnnmath.layers import conv2d, conv2d_backward, output_size

repeatable = settings(deadline=None, derandomize=True, max_examples=200)


def loop_conv2d(x, w, b, stride, padding, dilation):
    """The definition, one product at a time; a pixel outside the image is skipped, as it is 0."""
    (n, c, height, width), (k, _, m, kernel_width) = x.shape, w.shape
    oh = (height + 2 * padding[0] - dilation[0] * (m - 1) - 1) // stride[0] + 1
    ow = (width + 2 * padding[1] - dilation[1] * (kernel_width - 1) - 1) // stride[1] + 1
    y = np.zeros((n, k, oh, ow))
    for image, kernel, i, j in np.ndindex(y.shape):
        y[image, kernel, i, j] = b[kernel]
        for channel, s, t in np.ndindex(c, m, kernel_width):
            u = i * stride[0] + s * dilation[0] - padding[0]
            v = j * stride[1] + t * dilation[1] - padding[1]
            if 0 <= u < height and 0 <= v < width:
                y[image, kernel, i, j] += w[kernel, channel, s, t] * x[image, channel, u, v]
    return y


def loop_conv2d_backward(dy, x, w, stride, padding, dilation):
    """Every product of the definition, differentiated by each of its two factors."""
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(len(w))
    for image, kernel, i, j in np.ndindex(dy.shape):
        delta = dy[image, kernel, i, j]
        db[kernel] += delta
        for channel, s, t in np.ndindex(w.shape[1:]):
            u = i * stride[0] + s * dilation[0] - padding[0]
            v = j * stride[1] + t * dilation[1] - padding[1]
            if 0 <= u < x.shape[2] and 0 <= v < x.shape[3]:
                dx[image, channel, u, v] += delta * w[kernel, channel, s, t]
                dw[kernel, channel, s, t] += delta * x[image, channel, u, v]
    return dx, dw, db


def close(actual, expected):
    np.testing.assert_allclose(actual, expected, rtol=1e-11, atol=1e-11)


def integers(low, high):
    return st.integers(low, high)


def pairs(low, high):
    return st.tuples(integers(low, high), integers(low, high))


@st.composite
def convolutions(draw, smallest=0):
    """Arrays and settings that fit; batch, channels and kernels are at least `smallest`."""
    n, c, k = draw(integers(smallest, 2)), draw(integers(smallest, 3)), draw(integers(smallest, 3))
    kernel, padding, dilation = draw(pairs(1, 3)), draw(pairs(0, 2)), draw(pairs(1, 3))
    options = {"stride": draw(pairs(1, 3)), "padding": padding, "dilation": dilation}
    fitting = [
        max(0, d * (size - 1) + 1 - 2 * p)
        for size, p, d in zip(kernel, padding, dilation, strict=True)
    ]
    image = tuple(size + draw(integers(0, 4)) for size in fitting)
    rng = np.random.default_rng(draw(integers(0, 2**32 - 1)))
    x, w = rng.normal(size=(n, c, *image)), rng.normal(size=(k, c, *kernel))
    return x, w, rng.normal(size=k), options, rng


# Two ways over one fixed layer. Height and width differ in every array, and so do N, C and K; with
# UNEVEN the last rows and columns are left over, which no kernel sees.
PLAIN = {"stride": (1, 1), "padding": (0, 0), "dilation": (1, 1)}
UNEVEN = {"stride": (2, 3), "padding": (1, 2), "dilation": (3, 2)}


def layer(dtype=np.float64):
    rng = np.random.default_rng(7)
    shapes = ((2, 3, 16, 12), (4, 3, 3, 2), (4,))
    return tuple(rng.normal(size=shape).astype(dtype) for shape in shapes)


def random_like(y, seed=3):
    return np.random.default_rng(seed).normal(size=y.shape).astype(y.dtype)


class TestOutputSize:
    @pytest.mark.parametrize(
        ("arguments", "expected"),
        [
            ((4, 3), 2),
            ((5, 4, 1, 2), 6),
            ((5, 3, 1, 1), 5),
            ((5, 3, 1, 2), 7),
            ((5, 3, 2), 2),
            ((5, 3, 2, 1), 3),
            ((6, 3, 2, 1), 3),
            ((7, 3, 1, 0, 2), 3),
            ((28, 5), 24),
            ((1, 1), 1),
            ((0, 2, 1, 1), 1),
            ((5, 5, 100), 1),
        ],
    )
    def test_examples(self, arguments, expected):
        """The first eight are the numerical examples of Dumoulin and Visin."""
        assert output_size(*arguments) == expected

    @repeatable
    @given(integers(0, 12), integers(1, 5), integers(1, 4), integers(0, 4), integers(1, 4))
    def test_counts_the_places_where_the_kernel_is_inside(self, size, kernel, stride, padding, d):
        places = [
            first
            for first in range(-padding, size + padding, stride)
            if all(first + d * s < size + padding for s in range(kernel))
        ]
        assume(places)
        assert output_size(size, kernel, stride, padding, d) == len(places)

    @repeatable
    @given(integers(0, 12), integers(1, 5), integers(1, 4), integers(0, 4), integers(1, 4))
    def test_refuses_exactly_when_there_is_no_place(self, size, kernel, stride, padding, d):
        if d * (kernel - 1) < size + 2 * padding:
            assert output_size(size, kernel, stride, padding, d) >= 1
        else:
            with pytest.raises(ShapeError):
                output_size(size, kernel, stride, padding, d)

    def test_says_what_does_not_fit(self):
        message = (
            "a kernel of size 4 with dilation 3 spans 10, "
            "but an input of size 5 with padding 2 at each end has only 9"
        )
        with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
            output_size(5, 4, stride=2, padding=2, dilation=3)

    @pytest.mark.parametrize(
        ("name", "value", "least"),
        [
            ("size", -1, 0),
            ("kernel", 0, 1),
            ("stride", 0, 1),
            ("padding", -1, 0),
            ("dilation", 0, 1),
            ("size", 5.0, 0),
            ("kernel", True, 1),
            ("stride", (1, 1), 1),
            ("padding", None, 0),
        ],
    )
    def test_names_the_argument_that_means_nothing(self, name, value, least):
        arguments = {"size": 5, "kernel": 3, "stride": 1, "padding": 0, "dilation": 1, name: value}
        message = f"{name}: expected an integer of at least {least}, got {value!r}"
        with pytest.raises(ArrayValueError, match=f"^{re.escape(message)}$"):
            output_size(**arguments)

    def test_takes_numpy_integers_and_returns_an_int(self):
        size = output_size(np.int64(9), np.uint8(3), np.int32(2))
        assert (type(size), size) == (int, 4)


class TestForward:
    def test_by_hand(self):
        x = np.arange(9.0).reshape(1, 1, 3, 3)
        w = np.array([[[[1.0, 0.0], [0.0, 0.0]]]])
        assert conv2d(x, w).tolist() == [[[[0, 1], [3, 4]]]]

    def test_channels_are_added_and_the_bias_once(self):
        x, w = np.reshape([2.0, 3.0], (1, 2, 1, 1)), np.reshape([1.0, 10.0], (1, 2, 1, 1))
        assert conv2d(x, w, [1.0]).item() == 33

    @repeatable
    @given(convolutions())
    def test_is_the_definition(self, convolution):
        x, w, b, options, _ = convolution
        close(conv2d(x, w, b, **options), loop_conv2d(x, w, b, **options))

    @repeatable
    @given(convolutions())
    def test_without_bias(self, convolution):
        x, w, _, options, _ = convolution
        y = conv2d(x, w, **options)
        close(y, loop_conv2d(x, w, np.zeros(len(w)), **options))

    @pytest.mark.parametrize(("mode", "padding"), [("valid", (0, 0)), ("full", (2, 4))])
    def test_is_scipys_correlation(self, mode, padding):
        rng = np.random.default_rng(1)
        x, w = rng.normal(size=(2, 3, 9, 8)), rng.normal(size=(4, 3, 3, 5))
        y = conv2d(x, w, padding=padding)
        for n, k in np.ndindex(y.shape[:2]):
            sums = sum(signal.correlate2d(x[n, c], w[k, c], mode) for c in range(3))
            close(y[n, k], sums)

    def test_is_scipys_correlation_over_channels_at_once(self):
        x, w, _ = layer()
        expected = [[signal.correlate(image, kernel, "valid")[0] for kernel in w] for image in x]
        close(conv2d(x, w), expected)

    @pytest.mark.parametrize("name", ["stride", "padding", "dilation"])
    def test_one_integer_means_both_axes(self, name):
        x, w, b = layer()
        expected = conv2d(x, w, b, **{name: (2, 2)})
        for value in (2, [2, 2], np.int64(2)):
            np.testing.assert_array_equal(conv2d(x, w, b, **{name: value}), expected)

    @repeatable
    @given(convolutions())
    def test_is_linear_in_image_and_in_kernel(self, convolution):
        x, w, _, options, rng = convolution
        other_x, other_w = rng.normal(size=x.shape), rng.normal(size=w.shape)
        y = conv2d(x, w, **options)
        close(conv2d(2 * x - 3 * other_x, w, **options), 2 * y - 3 * conv2d(other_x, w, **options))
        close(conv2d(x, 2 * w - 3 * other_w, **options), 2 * y - 3 * conv2d(x, other_w, **options))

    def test_padding_is_zeros_around_the_image(self):
        x, w, b = layer()
        around = np.pad(x, ((0, 0), (0, 0), (2, 2), (1, 1)))
        close(conv2d(x, w, b, padding=(2, 1)), conv2d(around, w, b))

    def test_stride_leaves_places_out(self):
        x, w, b = layer()
        close(conv2d(x, w, b, stride=(3, 2)), conv2d(x, w, b)[:, :, ::3, ::2])

    def test_dilation_puts_zeros_between(self):
        x, w, b = layer()
        spread = np.zeros((4, 3, 7, 3))
        spread[:, :, ::3, ::2] = w
        close(conv2d(x, w, b, dilation=(3, 2)), conv2d(x, spread, b))


class TestBackward:
    def test_input_gradient_by_hand(self):
        same = np.array([[[[1.0, 2.0], [3.0, 4.0]]]])
        dx, _, _ = conv2d_backward(same, np.zeros((1, 1, 3, 3)), same)
        assert dx.tolist() == [[[[1, 4, 4], [6, 20, 16], [9, 24, 16]]]]

    @repeatable
    @given(convolutions())
    def test_is_the_definition_differentiated(self, convolution):
        x, w, _, options, rng = convolution
        dy = random_like(conv2d(x, w, **options), rng.integers(2**32))
        expected = loop_conv2d_backward(dy, x, w, **options)
        for actual, gradient in zip(conv2d_backward(dy, x, w, **options), expected, strict=True):
            assert actual.shape == gradient.shape
            close(actual, gradient)

    @settings(repeatable, max_examples=15)
    @given(convolutions(smallest=1))
    def test_is_the_finite_difference(self, convolution):
        x, w, b, options, _ = convolution
        report = check_gradients(
            lambda x, w, b: conv2d(x, w, b, **options),
            lambda dy, x, w, b: conv2d_backward(dy, x, w, **options),
            {"x": x, "w": w, "b": b},
        )
        assert report, report

    @pytest.mark.parametrize("options", [PLAIN, UNEVEN])
    def test_is_the_finite_difference_where_all_sizes_differ(self, options):
        x, w, b = layer()
        report = check_gradients(
            lambda x, w, b: conv2d(x, w, b, **options),
            lambda dy, x, w, b: conv2d_backward(dy, x, w, **options),
            {"x": x, "w": w, "b": b},
        )
        assert report, report

    @repeatable
    @given(convolutions())
    def test_is_adjoint_to_the_forward_pass(self, convolution):
        """<conv(x), dy> = <x, dx> = <w, dw>, for a convolution without bias is linear in both."""
        x, w, _, options, rng = convolution
        y = conv2d(x, w, **options)
        dy = random_like(y, rng.integers(2**32))
        dx, dw, _ = conv2d_backward(dy, x, w, **options)
        close([np.vdot(x, dx), np.vdot(w, dw)], np.vdot(y, dy))

    def test_is_scipys_full_convolution(self):
        x, w, _ = layer()
        dy = random_like(conv2d(x, w))
        dx, dw, _ = conv2d_backward(dy, x, w)
        for n, c in np.ndindex(dx.shape[:2]):
            close(dx[n, c], sum(signal.convolve2d(dy[n, k], w[k, c]) for k in range(4)))
        for k, c in np.ndindex(dw.shape[:2]):
            close(dw[k, c], sum(signal.correlate2d(x[n, c], dy[n, k], "valid") for n in range(2)))

    def test_pixels_that_no_kernel_sees_get_no_gradient(self):
        x, w = np.ones((1, 1, 6, 7)), np.ones((1, 1, 1, 2))
        y = conv2d(x, w, stride=(4, 3))
        dx, _, _ = conv2d_backward(np.ones_like(y), x, w, stride=(4, 3))
        seen = np.zeros((6, 7))
        seen[np.ix_([0, 4], [0, 1, 3, 4])] = 1
        np.testing.assert_array_equal(dx[0, 0], seen)

    def test_parameters_gradients_are_summed_over_the_batch(self):
        x, w, _ = layer()
        dy = random_like(conv2d(x, w, **UNEVEN))
        _, dw, db = conv2d_backward(dy, x, w, **UNEVEN)
        alone = [conv2d_backward(dy[n : n + 1], x[n : n + 1], w, **UNEVEN) for n in range(2)]
        close(dw, alone[0][1] + alone[1][1])
        close(db, alone[0][2] + alone[1][2])


class TestEmpty:
    @pytest.mark.parametrize("options", [PLAIN, UNEVEN])
    def test_batch(self, options):
        x, w, b = layer(np.float32)
        expected = conv2d(x, w, b, **options)[:0]
        y = conv2d(x[:0], w, b, **options)
        assert (y.shape, y.dtype) == (expected.shape, np.float32)
        dx, dw, db = conv2d_backward(y, x[:0], w, **options)
        assert dx.shape == (0, 3, 16, 12)
        assert dw.shape == w.shape and not dw.any()
        assert db.shape == b.shape and not db.any()

    def test_channels_leave_the_bias(self):
        x, w, b = layer()
        y = conv2d(x[:, :0], w[:, :0], b)
        np.testing.assert_array_equal(y, np.broadcast_to(b[:, None, None], (2, 4, 14, 11)))
        dx, dw, db = conv2d_backward(y, x[:, :0], w[:, :0])
        assert (dx.shape, dw.shape) == ((2, 0, 16, 12), (4, 0, 3, 2))
        close(db, y.sum((0, 2, 3)))

    def test_kernels_leave_nothing(self):
        x, w, b = layer()
        y = conv2d(x, w[:0], b[:0])
        assert y.shape == (2, 0, 14, 11)
        dx, dw, db = conv2d_backward(y, x, w[:0])
        assert dx.shape == x.shape and not dx.any()
        assert (dw.shape, db.shape) == ((0, 3, 3, 2), (0,))

    def test_image_is_all_padding(self):
        y = conv2d(np.ones((1, 1, 0, 2)), np.ones((1, 1, 2, 2)), [5.0], padding=(1, 0))
        assert y.tolist() == [[[[5]]]]


class TestTypes:
    @pytest.mark.parametrize(
        ("types", "expected"),
        [
            (("f4", "f4", "f4"), np.float32),
            (("f8", "f8", "f8"), np.float64),
            (("f2", "f2", "f2"), np.float16),
            (("f4", "f8", "f4"), np.float64),
            (("f8", "f4", "f4"), np.float64),
            (("f4", "f4", "f8"), np.float64),
            (("i4", "f4", "f4"), np.float64),
            (("u1", "i8", "i2"), np.float64),
            (("?", "?", "?"), np.float64),
            ((">f4", ">f4", ">f4"), np.float32),
        ],
    )
    def test_of_the_results(self, types, expected):
        shapes = ((2, 2, 5, 4), (3, 2, 2, 3), (3,))
        rng = np.random.default_rng(0)
        x, w, b = (
            rng.integers(0, 2, shape).astype(dtype)
            for shape, dtype in zip(shapes, types, strict=True)
        )
        y = conv2d(x, w, b, **PLAIN)
        assert y.dtype == expected
        close(y, loop_conv2d(x.astype(float), w.astype(float), b.astype(float), **PLAIN))
        dy = np.ones(y.shape, types[2])
        gradients = conv2d_backward(dy, x, w)
        assert [gradient.dtype for gradient in gradients] == [expected] * 3

    def test_integers_do_not_overflow(self):
        x, w = np.full((1, 1, 2, 2), 200, np.uint8), np.full((1, 1, 2, 2), 200, np.uint8)
        assert conv2d(x, w).item() == 160000
        dx, dw, db = conv2d_backward(np.full((1, 1, 1, 1), 200, np.uint8), x, w)
        assert (dx.max(), dw.max(), db.item()) == (40000, 40000, 200)

    def test_lists_are_arrays(self):
        assert conv2d([[[[1, 2]]]], [[[[3, 4]]]], [5]).tolist() == [[[[16]]]]

    def test_float32_is_as_exact_as_it_can_be(self):
        x, w, b = layer(np.float32)
        y = conv2d(x, w, b, **UNEVEN)
        exact = conv2d(x.astype(float), w.astype(float), b.astype(float), **UNEVEN)
        np.testing.assert_allclose(y, exact, rtol=1e-5, atol=1e-5)


def strided_twins(array):
    """The same numbers, laid out differently in memory."""
    everywhere = (slice(None),) * array.ndim
    yield np.asfortranarray(array)
    yield array[(slice(None, None, -1),) * array.ndim].copy()[(slice(None, None, -1),) * array.ndim]
    spaced = np.zeros([2 * size for size in array.shape])
    spaced[(slice(None, None, 2),) * array.ndim] = array
    yield spaced[(slice(None, None, 2),) * array.ndim]
    read_only = array.copy()
    read_only.flags.writeable = False
    yield read_only[everywhere]


class TestMemory:
    @pytest.mark.parametrize("options", [PLAIN, UNEVEN])
    def test_layout_does_not_matter(self, options):
        x, w, b = layer()
        y = conv2d(x, w, b, **options)
        dy = random_like(y)
        gradients = conv2d_backward(dy, x, w, **options)
        for twins in zip(*map(strided_twins, (x, w, b, dy)), strict=True):
            twin_x, twin_w, twin_b, twin_dy = twins
            close(conv2d(twin_x, twin_w, twin_b, **options), y)
            twin_gradients = conv2d_backward(twin_dy, twin_x, twin_w, **options)
            for actual, expected in zip(twin_gradients, gradients, strict=True):
                close(actual, expected)

    def test_one_number_repeated_without_memory(self):
        x, w, _ = layer()
        y = conv2d(x, w)
        everywhere = np.broadcast_to(1.0, y.shape)
        for actual, expected in zip(
            conv2d_backward(everywhere, x, w), conv2d_backward(np.ones(y.shape), x, w), strict=True
        ):
            close(actual, expected)

    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    @pytest.mark.parametrize("options", [PLAIN, UNEVEN])
    def test_inputs_are_neither_changed_nor_returned(self, options, dtype):
        x, w, b = layer(dtype)
        dy = random_like(conv2d(x, w, b, **options))
        given = (x, w, b, dy)
        before = [array.copy() for array in given]
        results = (conv2d(x, w, b, **options), *conv2d_backward(dy, x, w, **options))
        for array, copy in zip(given, before, strict=True):
            np.testing.assert_array_equal(array, copy)
        for result in results:
            assert result.flags.owndata and result.flags.writeable and result.flags.c_contiguous
        for one, other in itertools.combinations((*given, *results), 2):
            assert not np.shares_memory(one, other)

    def test_one_by_one_kernel_returns_new_memory(self):
        x, w = np.ones((1, 1, 3, 3)), np.ones((1, 1, 1, 1))
        y = conv2d(x, w)
        dx, _, _ = conv2d_backward(y, x, w)
        assert not np.shares_memory(x, y) and not np.shares_memory(y, dx)


X, W, B = (2, 3, 7, 6), (4, 3, 3, 2), (4,)
Y = (2, 4, 5, 5)


def forward(x=X, w=W, b=B, **options):
    return conv2d(np.ones(x), np.ones(w), np.ones(b), **options)


def backward(dy=Y, x=X, w=W, **options):
    return conv2d_backward(np.ones(dy), np.ones(x), np.ones(w), **options)


def says(error, message):
    return pytest.raises(error, match=f"^{re.escape(message)}$")


class TestRefusals:
    @pytest.mark.parametrize("call", [forward, backward])
    @pytest.mark.parametrize(
        ("shapes", "message"),
        [
            ({"x": (7, 6)}, "x: expected 4 axes (N, C, H, W), got 2: shape (7, 6)"),
            ({"x": (1, *X)}, "x: expected 4 axes (N, C, H, W), got 5: shape (1, 2, 3, 7, 6)"),
            ({"w": (3, 2)}, "w: expected 4 axes (K, C, m, n), got 2: shape (3, 2)"),
            (
                {"w": (4, 1, 3, 2)},
                (
                    "w: expected shape (K, 3, m, n), because x of shape (2, 3, 7, 6) has C = 3, "
                    "got (4, 1, 3, 2)"
                ),
            ),
            (
                {"w": (4, 3, 3, 0)},
                "w: expected kernels of at least one row and one column, got shape (4, 3, 3, 0)",
            ),
            (
                {"w": (4, 3, 8, 2)},
                (
                    "w: does not fit x along the height: "
                    "a kernel of size 8 with dilation 1 spans 8, "
                    "but an input of size 7 with padding 0 at each end has only 7"
                ),
            ),
            (
                {"x": (2, 3, 7, 0)},
                (
                    "w: does not fit x along the width: "
                    "a kernel of size 2 with dilation 1 spans 2, "
                    "but an input of size 0 with padding 0 at each end has only 0"
                ),
            ),
        ],
    )
    def test_shapes(self, call, shapes, message):
        with says(ShapeError, message):
            call(**shapes)

    @pytest.mark.parametrize("call", [forward, backward])
    @pytest.mark.parametrize(
        ("options", "message"),
        [
            (
                {"dilation": (5, 1), "padding": (1, 9)},
                (
                    "w: does not fit x along the height: "
                    "a kernel of size 3 with dilation 5 spans 11, "
                    "but an input of size 7 with padding 1 at each end has only 9"
                ),
            ),
            (
                {"dilation": (1, 12), "padding": (9, 2)},
                (
                    "w: does not fit x along the width: "
                    "a kernel of size 2 with dilation 12 spans 13, "
                    "but an input of size 6 with padding 2 at each end has only 10"
                ),
            ),
            (
                {"stride": (1, 1, 1)},
                "stride: expected an integer or a pair (vertical, horizontal), got (1, 1, 1)",
            ),
            (
                {"padding": [1]},
                "padding: expected an integer or a pair (vertical, horizontal), got [1]",
            ),
            (
                {"dilation": ()},
                "dilation: expected an integer or a pair (vertical, horizontal), got ()",
            ),
        ],
    )
    def test_settings_of_the_wrong_size(self, call, options, message):
        with says(ShapeError, message):
            call(**options)

    @pytest.mark.parametrize("call", [forward, backward])
    @pytest.mark.parametrize(("name", "least"), [("stride", 1), ("padding", 0), ("dilation", 1)])
    @pytest.mark.parametrize("wrong", [-1, 1.0, True, np.True_, None, np.float64(2)])
    def test_settings_of_the_wrong_value(self, call, name, least, wrong):
        message = f"{name}: expected an integer of at least {least}, got {wrong!r}"
        for value in (wrong, (wrong, 1), (1, wrong)):
            with says(ArrayValueError, message):
                call(**{name: value})

    @pytest.mark.parametrize("call", [forward, backward])
    @pytest.mark.parametrize("name", ["stride", "dilation"])
    def test_settings_of_zero(self, call, name):
        with says(ArrayValueError, f"{name}: expected an integer of at least 1, got 0"):
            call(**{name: 0})

    @pytest.mark.parametrize("b", [(3,), (5,), (1,), (0,)])
    def test_bias_of_the_wrong_length(self, b):
        message = f"b: expected shape (4,), one number for each kernel of w, got {b}"
        with says(ShapeError, message):
            forward(b=b)

    @pytest.mark.parametrize("b", [(), (4, 1)])
    def test_bias_of_the_wrong_axes(self, b):
        with says(ShapeError, f"b: expected 1 axes (K,), got {len(b)}: shape {b}"):
            forward(b=b)

    def test_gradient_of_the_wrong_axes(self):
        message = "dy: expected 4 axes (N, K, OH, OW), got 2: shape (5, 5)"
        with says(ShapeError, message):
            backward(dy=(5, 5))

    @pytest.mark.parametrize("dy", [(1, 4, 5, 5), (2, 1, 5, 5), (2, 4, 5, 1), (2, 4, 7, 6)])
    def test_gradient_of_the_wrong_shape(self, dy):
        message = (
            "dy: expected shape (2, 4, 5, 5), which conv2d returns for x of shape (2, 3, 7, 6) "
            f"and w of shape (4, 3, 3, 2), got {dy}"
        )
        with says(ShapeError, message):
            backward(dy=dy)

    def test_gradient_of_another_stride(self):
        with pytest.raises(ShapeError, match=r"expected shape \(2, 4, 3, 2\).* got \(2, 4, 5, 5\)"):
            backward(stride=(2, 3))

    @pytest.mark.parametrize("name", ["x", "w", "b", "dy"])
    @pytest.mark.parametrize("dtype", [np.complex128, object, "U1", "S1", "M8[s]", "m8[s]"])
    def test_what_is_not_real_numbers(self, name, dtype):
        arrays = {"x": np.ones(X), "w": np.ones(W), "b": np.ones(B), "dy": np.ones(Y)}
        arrays[name] = np.empty(arrays[name].shape, dtype)
        message = f"{name}: expected real numbers, got dtype {np.dtype(dtype)}"
        call, names = (conv2d, "xwb") if name != "dy" else (conv2d_backward, ("dy", "x", "w"))
        with says(ArrayValueError, message):
            call(*(arrays[argument] for argument in names))

    def test_ragged_lists(self):
        with pytest.raises(ArrayValueError, match=r"^x: expected .* but its rows differ"):
            conv2d([[1, 2], [3]], np.ones(W))
