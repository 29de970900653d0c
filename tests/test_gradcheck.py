"""The gradient check: it lets right gradients pass, and every kind of wrong one is caught."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnmath.errors import ArrayValueError, ShapeError
from cnnmath.gradcheck import check_gradients, numerical_gradient
from cnnmath.layers import conv2d, conv2d_backward

repeatable = settings(deadline=None, derandomize=True, max_examples=100)


def dense(V, z, d):
    return V @ z + d


def dense_backward(dy, V, z, d):
    return {"V": np.outer(dy, z), "z": V.T @ dy, "d": dy}


def dense_arrays(outputs=3, inputs=4):
    rng = np.random.default_rng(11)
    return {
        "V": rng.normal(size=(outputs, inputs)),
        "z": rng.normal(size=inputs),
        "d": rng.normal(size=outputs),
    }


def check_dense(dy=None, arrays=None, **wrong):
    """Check the dense layer, with some of its gradients replaced by functions of the right one."""

    def backward(dy, **arrays):
        gradients = dense_backward(dy, **arrays)
        return gradients | {name: change(gradients[name]) for name, change in wrong.items()}

    return check_gradients(dense, backward, arrays or dense_arrays(), dy)


def says(error, message):
    return pytest.raises(error, match=f"^{re.escape(message)}$")


class TestNumericalGradient:
    def test_of_a_polynomial(self):
        x = np.array([[1.0, -2.0, 0.0], [0.5, 3.0, -1.0]])
        np.testing.assert_allclose(
            numerical_gradient(lambda x: (x**3).sum(), x), 3 * x**2, atol=1e-8
        )

    @repeatable
    @given(
        st.sampled_from(
            [(np.sin, np.cos), (np.exp, np.exp), (np.tanh, lambda x: 1 - np.tanh(x) ** 2)]
        ),
        st.lists(st.floats(-2, 2), min_size=1, max_size=5),
    )
    def test_of_smooth_functions(self, functions, x):
        f, derivative = functions
        weights = np.arange(1, len(x) + 1)
        gradient = numerical_gradient(lambda x: np.sum(weights * f(x)), x)
        np.testing.assert_allclose(
            gradient, weights * derivative(np.array(x)), rtol=1e-6, atol=1e-6
        )

    @pytest.mark.parametrize("x", [1e3, -1e6, 1e-9, 1e12])
    def test_step_follows_large_elements(self, x):
        gradient = numerical_gradient(lambda x: x**2, x)
        np.testing.assert_allclose(gradient, 2 * x, rtol=1e-6, atol=1e-15)

    def test_distance_is_the_one_really_gone(self):
        """x ± h is rounded; taking 2h for the distance is wrong from the tenth digit on."""
        gradient = numerical_gradient(lambda x: x - 0.7, 0.7, step=1e-6)
        assert abs(gradient - 1) < 1e-12

    def test_of_a_single_number_and_of_none(self):
        assert numerical_gradient(lambda x: 3 * x, 2.0).shape == ()
        assert numerical_gradient(np.sum, np.zeros((2, 0, 3))).shape == (2, 0, 3)

    def test_integers_are_differentiated_as_numbers(self):
        gradient = numerical_gradient(lambda x: (x / 2).sum(), np.array([1, 2, 3]))
        np.testing.assert_allclose(gradient, [0.5] * 3)

    def test_argument_is_not_changed_and_may_be_read_only(self):
        x = np.array([1.0, 2.0])
        x.flags.writeable = False

        def careless(x):
            x *= 2
            return x.sum()

        np.testing.assert_allclose(numerical_gradient(careless, x), [2, 2])
        assert x.tolist() == [1, 2]

    def test_of_what_is_not_finite_is_nan(self):
        with np.errstate(invalid="ignore"):
            gradient = numerical_gradient(lambda x: np.log(x).sum(), [-1.0, 1.0])
        assert np.isnan(gradient[0])

    def test_refuses_more_than_one_number(self):
        with says(ShapeError, "the result of f: expected a single number, got shape (2,)"):
            numerical_gradient(lambda x: x, [1.0, 2.0])

    def test_refuses_complex_results(self):
        with says(ArrayValueError, "the result of f: expected real numbers, got dtype complex128"):
            numerical_gradient(lambda x: x * 1j, 1.0)

    @pytest.mark.parametrize("step", [0, -1e-6, math.nan, math.inf, "small", None])
    def test_refuses_steps_that_are_none(self, step):
        with says(ArrayValueError, f"step: expected a positive number, got {step!r}"):
            numerical_gradient(np.sum, [1.0], step)


class TestRightGradients:
    def test_pass(self):
        report = check_dense()
        assert report and report.ok
        for name in ("V", "z", "d"):
            assert report[name].ok and report[name].relative < 1e-8

    def test_of_a_convolution(self):
        rng = np.random.default_rng(2)
        report = check_gradients(
            lambda x, w, b: conv2d(x, w, b, stride=(2, 1), padding=(0, 1)),
            lambda dy, x, w, b: conv2d_backward(dy, x, w, stride=(2, 1), padding=(0, 1)),
            {
                "x": rng.normal(size=(2, 3, 6, 5)),
                "w": rng.normal(size=(4, 3, 3, 2)),
                "b": [0.0] * 4,
            },
        )
        assert report, report

    def test_of_a_loss_that_is_one_number(self):
        report = check_gradients(
            lambda x: (x**2).sum(), lambda dy, x: 2 * dy * x, {"x": [[1.0, -2.0], [3.0, 0.5]]}, dy=1
        )
        assert report, report

    def test_of_one_number_by_one_number(self):
        report = check_gradients(lambda x: x**3, lambda dy, x: dy * 3 * x**2, {"x": 2})
        assert report and report["x"].index == ()

    @pytest.mark.parametrize("container", [tuple, list])
    def test_in_the_order_of_the_arrays(self, container):
        def backward(dy, **arrays):
            return container(dense_backward(dy, **arrays).values())

        assert check_gradients(dense, backward, dense_arrays())

    @pytest.mark.parametrize("wrap", [lambda g: g, lambda g: (g,), lambda g: {"x": g}])
    def test_of_one_array_alone_or_in_a_container(self, wrap):
        assert check_gradients(lambda x: -x, lambda dy, x: wrap(-dy), {"x": [1, 2]})

    @pytest.mark.parametrize("dtype", [np.int64, np.uint8, np.bool_, np.float32, np.float16, ">f4"])
    def test_of_arrays_of_any_real_type(self, dtype):
        arrays = {name: np.abs(array).astype(dtype) for name, array in dense_arrays().items()}
        assert check_dense(arrays=arrays)

    def test_of_arrays_laid_out_differently(self):
        arrays = {name: array[::-1] for name, array in dense_arrays().items()}
        for array in arrays.values():
            array.flags.writeable = False
        assert check_dense(arrays=arrays)

    def test_that_are_zero(self):
        report = check_gradients(lambda x: 0 * x, lambda dy, x: 0 * dy, {"x": [1.0, 2.0]})
        assert report and report["x"].absolute == 0

    def test_that_are_zero_but_for_rounding(self):
        """The sum of a softmax is 1 whatever it is given."""
        report = check_gradients(
            lambda x: (np.exp(x) / np.exp(x).sum()).sum(),
            lambda dy, x: 0 * x,
            {"x": [0.3, 1.1, -2]},
        )
        assert report, report

    def test_that_are_zero_where_all_is_rounding(self):
        """The sum of what has been centred is 0 but for rounding, and so is all that moves it."""
        x = np.random.default_rng(1).normal(size=5)
        report = check_gradients(lambda x: (x - x.mean()).sum(), lambda dy, x: 0 * x, {"x": x})
        assert report, report
        assert not check_gradients(
            lambda x: (x - x.mean()).sum(), lambda dy, x: 0 * x + 1e-9, {"x": x}
        )

    def test_that_are_small_beside_large_ones(self):
        """What torch's gradcheck refuses: an element that is wrong from beginning to end."""
        w = np.array([1e6, 1e-6, 0.0])
        right = {"x": np.ones(3)}
        assert check_gradients(lambda x: w * x, lambda dy, x: w * dy, right)
        for factor in (0, 3, -1, 1.0001):
            wrong = w * [1, factor, 1]
            report = check_gradients(lambda x: w * x, lambda dy, x, v=wrong: v * dy, right)
            assert not report and report["x"].index == (1,)
        assert not check_gradients(
            lambda x: w * x, lambda dy, x: (w + np.eye(3)[2] * 1e-9) * dy, right
        )
        one = np.array([1e4, 1e-4])
        point = {"x": np.array([1.0, 1.0])}
        assert check_gradients(lambda x: one @ x, lambda dy, x: one * dy, point)
        assert not check_gradients(lambda x: one @ x, lambda dy, x: one * dy * [1, 2], point)

    def test_through_saturated_functions(self):
        x = {"x": np.array([-40.0, -20, -5, 5, 20, 30, 34, 36, 40])}

        def sigmoid(x):
            return 1 / (1 + np.exp(-x))

        for forward, slope in (
            (sigmoid, lambda x: sigmoid(x) * (1 - sigmoid(x))),
            (sigmoid, lambda x: np.exp(-x) / (1 + np.exp(-x)) ** 2),  # 4e-18 at 40, where y is 1
            (lambda x: np.log1p(np.exp(x)), sigmoid),
        ):
            report = check_gradients(forward, lambda dy, x, s=slope: dy * s(x), x)
            assert report, report

    def test_beside_large_results_that_they_do_not_change(self):
        """The sum over all results is about 1e9, and x is lost in its rounding."""
        report = check_gradients(
            lambda x: np.array([x, 1e9]), lambda dy, x: dy[0], {"x": 0.7}, dy=[1, 1]
        )
        assert report, report

    def test_of_a_function_that_returns_the_same_memory_each_time(self):
        y = np.empty(2)
        report = check_gradients(
            lambda x: np.multiply(x, 3, out=y), lambda dy, x: 3 * dy, {"x": [1.0, 2.0]}
        )
        assert report, report

    @pytest.mark.parametrize("shape", [(0,), (0, 3), (2, 0)])
    def test_of_empty_arrays(self, shape):
        report = check_gradients(lambda x: 2 * x, lambda dy, x: 2 * dy, {"x": np.zeros(shape)})
        assert report and report["x"].index is None and math.isnan(report["x"].numerical)
        assert report["x"].absolute == report["x"].relative == report["x"].uncertain == 0
        assert str(report["x"]) == f"x {shape}: agrees, largest difference below 1e-6"

    @settings(repeatable, max_examples=30)
    @given(st.integers(1, 4), st.integers(1, 4), st.integers(0, 2**32 - 1))
    def test_pass_whatever_the_sizes_and_the_seed(self, outputs, inputs, seed):
        report = check_gradients(dense, dense_backward, dense_arrays(outputs, inputs), seed=seed)
        assert report, report


def one_more(gradient):
    changed = gradient.copy()
    changed.flat[-1] += 1e-4
    return changed


def one_is(value):
    def change(gradient):
        changed = gradient.copy()
        changed.flat[1] = value
        return changed

    return change


class TestWrongGradients:
    @pytest.mark.parametrize("name", ["V", "z", "d"])
    @pytest.mark.parametrize(
        "change",
        [
            pytest.param(lambda g: -g, id="sign"),
            pytest.param(lambda g: 2 * g, id="factor"),
            pytest.param(lambda g: g * (1 + 1e-5), id="slightly"),
            pytest.param(lambda g: 0 * g, id="zero"),
            pytest.param(lambda g: np.roll(g, 1, axis=-1), id="off by one index"),
            pytest.param(lambda g: g[..., ::-1], id="reversed"),
            pytest.param(lambda g: np.full_like(g, g.mean()), id="mean"),
            pytest.param(one_more, id="one element"),
            pytest.param(one_is(math.nan), id="one NaN"),
            pytest.param(one_is(math.inf), id="one infinity"),
            pytest.param(lambda g: g * math.nan, id="NaN"),
            pytest.param(lambda g: g.astype(int), id="rounded"),
        ],
    )
    def test_fails_for_that_array_alone(self, name, change):
        report = check_dense(**{name: change})
        assert not report and not report.ok
        assert [other for other in ("V", "z", "d") if not report[other].ok] == [name]
        assert "DIFFER" in str(report)

    def test_transposed_square_matrix(self):
        """No shape betrays it; only a dy and arrays whose elements differ do."""
        report = check_dense(arrays=dense_arrays(3, 3), V=lambda g: g.T)
        assert not report["V"].ok

    def test_forgotten_transpose(self):
        report = check_gradients(
            lambda x: np.array([[1.0, 2.0], [3.0, 4.0]]) @ x,
            lambda dy, x: np.array([[1.0, 2.0], [3.0, 4.0]]) @ dy,
            {"x": [1, 2]},
        )
        assert not report

    @pytest.mark.parametrize(
        ("gradient", "wrong"),
        [
            ("x", lambda dx, dw, db: (dx[:, :, ::-1, ::-1], dw, db)),
            ("x", lambda dx, dw, db: (np.roll(dx, 1, axis=2), dw, db)),
            ("w", lambda dx, dw, db: (dx, dw[:, :, ::-1, ::-1], db)),
            ("w", lambda dx, dw, db: (dx, dw / 2, db)),
            ("b", lambda dx, dw, db: (dx, dw, db[::-1])),
        ],
    )
    def test_of_a_convolution(self, gradient, wrong):
        rng = np.random.default_rng(4)
        report = check_gradients(
            conv2d,
            lambda dy, x, w, b: wrong(*conv2d_backward(dy, x, w)),
            {
                "x": rng.normal(size=(2, 3, 5, 4)),
                "w": rng.normal(size=(4, 3, 3, 2)),
                "b": [0.0] * 4,
            },
        )
        assert [name for name in "xwb" if not report[name].ok] == [gradient]

    def test_kernel_not_rotated(self):
        """A full correlation with the kernel as it is, where it must be rotated by 180°."""
        rng = np.random.default_rng(4)
        w = rng.normal(size=(1, 1, 3, 2))

        def unrotated(dy, x):
            return conv2d(dy, w, padding=(2, 1))

        def rotated(dy, x):
            return conv2d(dy, w[:, :, ::-1, ::-1], padding=(2, 1))

        x = {"x": rng.normal(size=(1, 1, 5, 4))}
        assert not check_gradients(lambda x: conv2d(x, w), unrotated, x)
        assert check_gradients(lambda x: conv2d(x, w), rotated, x)

    def test_zero_where_it_should_not_be_and_the_reverse(self):
        assert not check_gradients(lambda x: x * 1e-2, lambda dy, x: 0 * dy, {"x": [1.0]})
        assert not check_gradients(lambda x: x * 0, lambda dy, x: dy * 1e-2, {"x": [1.0]})

    def test_small_ones_as_well(self):
        """Gradients near 1e-7 with the wrong sign are not mistaken for 0."""
        assert check_gradients(lambda x: x * 1e-7, lambda dy, x: dy * 1e-7, {"x": [1.0]})
        assert not check_gradients(lambda x: x * 1e-7, lambda dy, x: -dy * 1e-7, {"x": [1.0]})

    def test_nan_of_the_function_is_a_difference_though_both_are_nan(self):
        report = check_gradients(
            lambda x: x * math.nan, lambda dy, x: dy * math.nan, {"x": [1.0, 2]}
        )
        assert not report and math.isnan(report["x"].relative)

    def test_infinity_in_both_is_a_difference(self):
        report = check_gradients(lambda x: x, lambda dy, x: dy, {"x": [1.0]}, dy=[math.inf])
        assert not report

    def test_index_and_values_where_they_differ_most(self):
        def backward(dy, x):
            dx = dy * 2
            dx[1, 2] += 0.5
            dx[0, 1] -= 0.1
            return dx

        dy = np.arange(1.0, 7).reshape(2, 3)
        found = check_gradients(lambda x: 2 * x, backward, {"x": np.ones((2, 3))}, dy)["x"]
        assert (found.name, found.shape, found.index) == ("x", (2, 3), (1, 2))
        assert all(type(i) is int for i in found.index)
        np.testing.assert_allclose([found.analytic, found.numerical], [12.5, 12])
        np.testing.assert_allclose([found.absolute, found.relative], [0.5, 0.5 / 12], rtol=1e-6)

    def test_index_of_the_nan(self):
        report = check_dense(z=one_is(math.nan))
        assert report["z"].index == (1,) and math.isnan(report["z"].analytic)

    def test_relative_difference_of_what_should_be_0_is_infinite(self):
        found = check_gradients(lambda x: 0 * x, lambda dy, x: dy * 0 + 1e-5, {"x": [1.0]})["x"]
        assert not found.ok
        assert (found.absolute, found.relative) == (1e-5, math.inf)

    def test_tolerance_decides(self):
        def backward(dy, x):
            return dy * 1.001

        for tolerance, expected in ((1e-2, True), (1e-4, False)):
            report = check_gradients(lambda x: x, backward, {"x": [1.0]}, tolerance=tolerance)
            assert report.ok is expected


KINKS = {
    "relu at 0": (lambda x: np.maximum(x, 0), [0.0, 1.0], (0, 1)),
    "relu just below": (lambda x: np.maximum(x, 0), [-1e-9, 1.0], (0, 1)),
    "relu of a difference": (lambda x: np.maximum(x - 1, 0), [1 + 1e-12, 2.0], (0, 1)),
    "abs at 0": (lambda x: np.abs(x), [0.0, 1.0], (-1, 1)),
    "a maximum of equals": (lambda x: np.max(x), [1.0, 1.0, 0.0], (0, 1)),
    "a leaky one": (lambda x: np.maximum(x, 0.99 * x), [0.0, 1.0], (0.99, 1)),
}


class TestNotKnown:
    """What finite differences cannot see is neither right nor wrong."""

    def verdict(self, report):
        return str(report).partition(" (")[0].removeprefix("Gradients ")

    @pytest.mark.parametrize("slope", [0.0, 1e-3, 2e-3, -1e-3])
    @pytest.mark.parametrize("large", [1e12, 1e15])
    def test_a_slope_that_is_tiny_beside_the_result(self, large, slope):
        report = check_gradients(
            lambda x: large + 1e-3 * x, lambda dy, x: slope * dy, {"x": 1.0}, dy=1.0
        )
        assert self.verdict(report) == "not known"
        assert "rounding hides slopes up to" in str(report)

    @pytest.mark.parametrize("slope", [0.0, 1e-3, 5.0])
    def test_a_slope_beside_a_large_result_that_does_not_change(self, slope):
        report = check_gradients(
            lambda x: np.array([x, 1e15]), lambda dy, x: slope * dy[0], {"x": 1.0}, dy=[1.0, 1.0]
        )
        assert self.verdict(report) == ("DIFFER" if slope == 5 else "not known")

    def test_what_is_seen_beside_a_large_result_is_judged(self):
        for slope, expected in ((3.0, "agree"), (3.1, "DIFFER"), (0.0, "DIFFER")):
            report = check_gradients(
                lambda x: 1e9 + 3 * x, lambda dy, x, s=slope: s * dy, {"x": 1.0}, dy=1.0
            )
            assert self.verdict(report) == expected

    @pytest.mark.parametrize("name", KINKS)
    def test_at_a_kink(self, name):
        forward, x, sides = KINKS[name]
        right = [float(v > 0.5) if "abs" not in name else 1.0 for v in x]
        if "difference" in name:
            right = [1.0, 1.0]
        for share in (0.0, 0.5, 1.0):
            right[0] = sides[0] + share * (sides[1] - sides[0])
            if "equals" in name:
                right[:2] = [right[0], right[0]]
            report = check_gradients(
                forward, lambda dy, x, r=tuple(right): dy * np.array(r), {"x": x}, dy=None
            )
            assert self.verdict(report) == "not known", report
            assert "the function has a kink there, with the slopes" in str(report)

    def test_what_is_no_slope_of_either_side_differs(self):
        for slope in (-2.0, 1.1, math.nan):
            report = check_gradients(
                lambda x: np.abs(x), lambda dy, x, s=slope: dy * s, {"x": 0.0}, dy=1.0
            )
            assert self.verdict(report) == "DIFFER"

    def test_where_it_bends_but_has_no_kink(self):
        for forward, slope, x in (
            (lambda x: x**2, lambda x: 2 * x, 0.0),
            (lambda x: np.abs(x) ** 1.5, lambda x: 1.5 * np.sqrt(np.abs(x)) * np.sign(x), 0.0),
            (lambda x: np.cos(x), lambda x: -np.sin(x), 0.0),
            (lambda x: np.sqrt(x**2 + 1e-8), lambda x: x / np.sqrt(x**2 + 1e-8), 1e-5),
            (lambda x: np.log(x), lambda x: 1 / x, 1e-5),
            (lambda x: np.maximum(x, 0), lambda x: x > 0, 1e-5),
            (lambda x: np.maximum(x, 0), lambda x: x > 0, -1e-5),
        ):
            with np.errstate(invalid="ignore"):
                report = check_gradients(
                    forward, lambda dy, x, s=slope: dy * s(x), {"x": x}, dy=1.0
                )
            assert report, report

    def test_where_the_function_is_no_number(self):
        with np.errstate(invalid="ignore"):
            report = check_gradients(lambda x: np.log(x), lambda dy, x: dy / x, {"x": [-1.0, 2.0]})
        assert self.verdict(report) == "not known"
        assert "the function has no finite slope there" in str(report)


class TestReport:
    def test_text_of_agreement(self):
        assert str(check_dense()) == (
            "Gradients agree (relative tolerance 1e-06)\n"
            "  V (3, 4): agrees, largest difference below 1e-6\n"
            "  z (4,): agrees, largest difference below 1e-6\n"
            "  d (3,): agrees, largest difference below 1e-6"
        )

    def test_text_of_a_difference(self):
        def backward(dy, x, c):
            return {"c": dy.sum(), "x": -dy}

        report = check_gradients(
            lambda x, c: x + c,
            backward,
            {"x": np.zeros((1, 2)), "c": 0},
            [[0.25, -3]],
            tolerance=1e-4,
        )
        assert str(report) == (
            "Gradients DIFFER (relative tolerance 0.0001)\n"
            "  x (1, 2): differs most at (0, 1), by 6: it is 3 and should be -3\n"
            "  c (): agrees, largest difference below 1e-6"
        )
        assert repr(report) == str(report)

    @pytest.mark.parametrize("sign", [1, -1])
    def test_text_leaves_rounding_and_minus_zero_out(self, sign):
        """The sum of a softmax is 1 but for rounding."""
        report = check_gradients(
            lambda x: sign * np.sum(np.exp(x) / np.exp(x).sum()),
            lambda dy, x: np.eye(3)[0],
            {"x": [0.3, 1.1, -2]},
            dy=1.0,
        )
        assert report["x"].numerical != 0
        assert str(report["x"]).endswith("by 1: it is 1 and should be 0")

    def test_text_of_a_nan(self):
        assert "differs most at (1,), by nan: it is nan and should be" in str(
            check_dense(z=one_is(math.nan))
        )

    @pytest.mark.parametrize(
        ("scale", "bound"),
        [
            (1e-30, "1e-33"),
            (1e-9, "1e-12"),
            (1.0, "1e-6"),
            (90.0, "1e-6"),
            (1e9, "1000"),
            (0, "1e-6"),
        ],
    )
    def test_text_bounds_the_difference_beside_what_differs(self, scale, bound):
        report = check_gradients(lambda x: scale * x, lambda dy, x: scale * dy, {"x": [0.3, 0.7]})
        assert str(report).endswith(f"  x (2,): agrees, largest difference below {bound}")
        report = check_gradients(
            lambda x: x, lambda dy, x: dy * 1.001, {"x": [1.0]}, tolerance=1e-2, dy=[5.0]
        )
        assert str(report["x"]) == "x (1,): agrees, largest difference below 1"

    def test_text_of_what_is_not_known(self):
        report = check_gradients(
            lambda x, c: np.maximum(x, 0) + c,
            lambda dy, x, c: {"x": dy * (x > 0), "c": dy},
            {"x": [0.0, 2.0], "c": [1.0, 2.0]},
            [3.0, 2.0],
        )
        assert not report and not report["x"].ok
        assert str(report) == (
            "Gradients not known (relative tolerance 1e-06)\n"
            "  x (2,): not known at (0,), difference below 1000: the function has a kink there, "
            "with the slopes 0 and 3 beside it\n"
            "  c (2,): agrees, largest difference below 1e-6"
        )

    def test_text_if_one_differs_and_another_is_not_known(self):
        report = check_gradients(
            lambda x, c: np.abs(x) + c,
            lambda dy, x, c: {"x": dy * 0, "c": 2 * dy},
            {"x": [0.0], "c": [1.0]},
        )
        assert str(report).startswith("Gradients DIFFER")
        assert "x (1,): not known" in str(report)

    def test_unknown_name(self):
        with pytest.raises(KeyError):
            check_dense()["q"]


class TestDy:
    def seen(self, y_shape, **options):
        """The dy that backward is given."""
        dys = []

        def backward(dy, x):
            dys.append(dy)
            return dy

        check_gradients(lambda x: x, backward, {"x": np.zeros(y_shape)}, **options)
        return dys[0]

    def test_is_random_of_both_signs_and_away_from_zero(self):
        dy = self.seen((5, 6))
        assert (np.abs(dy) >= 0.5).all() and (np.abs(dy) <= 1.5).all()
        assert (dy > 0).any() and (dy < 0).any() and len(np.unique(dy)) == 30

    def test_is_the_same_each_time_and_another_for_another_seed(self):
        np.testing.assert_array_equal(self.seen((3,)), self.seen((3,)))
        assert (self.seen((3,), seed=1) != self.seen((3,))).all()

    def test_can_be_given(self):
        given = np.array([1, 2, 3])
        dy = self.seen((3,), dy=given)
        assert dy.tolist() == [1, 2, 3] and dy.dtype == np.float64 and dy is not given

    def test_must_have_the_shape_of_the_result(self):
        with says(ShapeError, "dy: expected shape (3,), that of forward's result, got (1,)"):
            check_dense(dy=[1.0])


class TestReadersArrays:
    def test_are_not_changed_even_by_functions_that_write_to_theirs(self):
        def forward(x, c):
            x *= c
            return x

        def backward(dy, x, c):
            gradients = dy * c, (dy * x).sum()
            for array in (dy, x, c):
                array.fill(0)
            return gradients

        arrays = {"x": np.array([1.0, 2.0]), "c": np.array(3.0)}
        dy = np.array([1.0, -2.0])
        report = check_gradients(forward, backward, arrays, dy)
        assert report, report
        assert (arrays["x"].tolist(), arrays["c"].item(), dy.tolist()) == ([1, 2], 3, [1, -2])


class TestRefusals:
    @pytest.mark.parametrize(
        ("change", "message"),
        [
            (lambda g: g.T, "the gradient by V: expected shape (3, 4), that of V, got (4, 3)"),
            (lambda g: g[0], "the gradient by V: expected shape (3, 4), that of V, got (4,)"),
            (lambda g: g.sum(), "the gradient by V: expected shape (3, 4), that of V, got ()"),
            (lambda g: g[:1], "the gradient by V: expected shape (3, 4), that of V, got (1, 4)"),
        ],
    )
    def test_gradient_of_the_wrong_shape(self, change, message):
        with says(ShapeError, message):
            check_dense(V=change)

    @pytest.mark.parametrize(
        ("gradients", "message"),
        [
            ({"V": 0, "z": 0}, "backward: expected gradients by V, z, d, got gradients by V, z"),
            (
                {"V": 0, "z": 0, "d": 0, "q": 0},
                "backward: expected gradients by V, z, d, got gradients by V, z, d, q",
            ),
            ({}, "backward: expected gradients by V, z, d, got gradients by nothing"),
            ((0, 0), "backward: expected gradients by V, z, d (3), got 2"),
            ([0] * 4, "backward: expected gradients by V, z, d (3), got 4"),
            ((), "backward: expected gradients by V, z, d (3), got 0"),
            (np.zeros(3), "backward: expected gradients by V, z, d (3), got 1"),
            (None, "backward: expected gradients by V, z, d (3), got 1"),
        ],
    )
    def test_missing_and_superfluous_gradients(self, gradients, message):
        with says(ShapeError, message):
            check_gradients(dense, lambda dy, **arrays: gradients, dense_arrays())

    @pytest.mark.parametrize(
        ("change", "shown"), [(lambda g: g * 1j, "dtype complex128"), (lambda g: None, "None")]
    )
    def test_gradient_that_is_not_real(self, change, shown):
        message = f"the gradient by z: expected real numbers, got {shown}"
        with says(ArrayValueError, message):
            check_dense(z=change)

    def test_arrays_that_are_not_real_numbers(self):
        for array, dtype in (([1j], "complex128"), (["a"], "<U1"), ([None], "object")):
            with says(ArrayValueError, f"z: expected real numbers, got dtype {dtype}"):
                check_dense(arrays=dense_arrays() | {"z": array})

    def test_result_that_is_not_real_numbers(self):
        message = "the result of forward: expected real numbers, got None"
        with says(ArrayValueError, message):
            check_gradients(lambda x: None, lambda dy, x: dy, {"x": [1.0]})

    def test_ragged_lists(self):
        with pytest.raises(ArrayValueError, match=r"^x: expected real numbers, but its rows"):
            check_gradients(lambda x: x, lambda dy, x: dy, {"x": [[1, 2], [3]]})

    def test_nothing_to_differentiate_by(self):
        message = "arrays: expected at least one array to differentiate by, got none"
        with says(ArrayValueError, message):
            check_gradients(lambda: 1.0, lambda dy: {}, {})

    @pytest.mark.parametrize("name", ["step", "tolerance"])
    @pytest.mark.parametrize("value", [0, -1e-6, math.nan, math.inf, "small", None])
    def test_settings_that_are_not_positive_numbers(self, name, value):
        with says(ArrayValueError, f"{name}: expected a positive number, got {value!r}"):
            check_gradients(dense, dense_backward, dense_arrays(), **{name: value})
