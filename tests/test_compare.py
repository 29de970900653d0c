"""A reader's function beside a formula: equal, or the first wrong element and why it is wrong."""

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from scipy.signal import correlate2d
from written import function

from cnnmath import catalogue
from cnnmath.errors import ArrayValueError, FormulaError, MissingArrayError
from cnnmath.formula import Formula

RNG = np.random.default_rng(3)
IMAGE, KERNELS, BIASES = RNG.normal(size=(6, 9)), RNG.normal(size=(4, 3, 2)), RNG.normal(size=4)
CONV = {"x": IMAGE, "W": KERNELS, "b": BIASES}
STACK = RNG.normal(size=(3, 6, 7))
CHANNELS = {"x": STACK, "W": RNG.normal(size=(4, 3, 3, 2)), "b": BIASES}
STRIDED = {"x": RNG.normal(size=(7, 10)), "W": RNG.normal(size=(3, 2)), "S": 2, "P": 1, "D": 2}
POOL = {"x": RNG.normal(size=(7, 9)), "l": 3, "q": 2}
BACK = {"delta": RNG.normal(size=(4, 4, 8)), "x": IMAGE}
DOWN = {"delta": RNG.normal(size=(4, 4, 8)), "W": KERNELS}
BATCH = {
    "x": RNG.normal(2.0, 1.0, size=(5, 4)), "gamma": RNG.normal(size=4), "beta": RNG.normal(size=4),
    "epsilon": 0.1,
}  # fmt: skip
SCORES = {"z": RNG.normal(size=5)}
DENSE = {"V": RNG.normal(size=(4, 4)), "x": RNG.normal(size=4), "d": RNG.normal(size=4)}
SLOPES = {"x": np.array([[1.5, -2.0, 0.0], [0.3, 4.0, -1.0]]), "dE_dh": RNG.normal(size=(2, 3))}
BATCHED = Formula(
    r"a_{nij} = \sum_{c=0}^{C-1} \sum_{s=0}^{m-1} \sum_{t=0}^{k-1} W_{cst} x_{nc(i+s)(j+t)}",
    x="B C M N", W="C m k",
)  # fmt: skip
LOSS = Formula(r"E = \frac{1}{B} \sum_n \sum_i (z_{ni} - t_{ni})^2", z="B N", t="B N")
DIFFERENCES = Formula(r"y_i = x_{i+1} - x_{i-1}", x="N", y="N")


def conv(x, W, b):
    windows = sliding_window_view(x, W.shape[1:])
    return np.einsum("kst,ijst->kij", W, windows) + b[:, None, None]


def strided(x, W, S, P, D):
    large = W.shape[0] * D - D + 1, W.shape[1] * D - D + 1
    windows = sliding_window_view(np.pad(x, P), large)[::S, ::S, ::D, ::D]
    return np.einsum("st,ijst->ij", W, windows)


def pool(x, l, q, of=np.max):
    return of(sliding_window_view(x, (l, l))[::q, ::q], axis=(2, 3))


def down(delta, W, turn=slice(None, None, -1)):
    _, m, n = W.shape
    wide = np.pad(delta, ((0, 0), (m - 1, m - 1), (n - 1, n - 1)))
    windows = sliding_window_view(wide, (m, n), axis=(1, 2))
    return np.einsum("kst,kijst->ij", W[:, turn, turn], windows)


def norm(x, gamma, beta, epsilon, ddof=0):
    spread = np.sqrt(x.var(axis=0, ddof=ddof) + epsilon)
    return gamma * (x - x.mean(axis=0)) / spread + beta


@pytest.mark.parametrize(
    ("formula", "given", "right"),
    [
        (catalogue.convolution, CONV, conv),
        (catalogue.strided_convolution, STRIDED, strided),
        (catalogue.max_pooling, POOL, pool),
        (catalogue.input_gradient, DOWN, down),
        (catalogue.batch_norm, BATCH, norm),
        (catalogue.dense, DENSE, lambda V, x, d: V @ x + d),
    ],
    ids=lambda value: value.name if isinstance(value, Formula) else "",
)
def test_what_is_right_is_equal(formula, given, right):
    found = formula.compare(right, **given)
    assert found and found.mistake == found.problem == "", found
    assert "equal, largest difference below 1e-9" in repr(found)


def assigned(x, W, b):
    a = np.zeros((4, 4, 8))
    for s in range(3):
        for t in range(2):
            a = W[:, s, t, None, None] * x[s : s + 4, t : t + 8]
    return a + b[:, None, None]


def overwriting_bias(x, W, b):
    a = np.zeros((4, 4, 8)) + b[:, None, None]
    for s in range(3):
        for t in range(2):
            a[...] = W[:, s, t, None, None] * x[s : s + 4, t : t + 8]
    return a


def returning_early(x, W, b):
    a = np.zeros((4, 4, 8))
    for place in np.ndindex(a.shape):
        a[place] = conv(x, W, b)[place]
        return a
    return None


def one_row_short(x, W, b):
    a = np.zeros((4, 4, 8))
    a[:, :-1] = conv(x, W, b)[:, :-1]
    return a


def never_reset(x, W, b):
    return np.cumsum(conv(x, W, b)).reshape(4, 4, 8)


def short_kernel(x, W, b):
    return conv(x, np.where(np.arange(3)[:, None] < 2, W, 0.0), b)


def around(delta, W):
    found = np.zeros((6, 9))
    for i, j in np.ndindex(6, 9):
        for s, t in np.ndindex(3, 2):
            if i - s < 4 and j - t < 8:
                found[i, j] += W[:, s, t] @ delta[:, i - s, j - t]
    return found


def first_winner_by_columns(x, l, q):
    windows = sliding_window_view(x, (l, l))[::q, ::q]
    return windows.swapaxes(2, 3).reshape(*windows.shape[:2], -1).argmax(axis=2)


def one_further(delta, x):
    moved = np.pad(x, ((0, 1), (0, 1)))[1:, 1:]
    return np.stack([correlate2d(moved, one, "valid") for one in delta])


def in_place(x, l, q):
    x *= 2
    return pool(x, l, q)


PLANTED = {
    "kernel turned": (catalogue.convolution, CONV, lambda x, W, b: conv(x, W[:, ::-1, ::-1], b),
                      "W is turned by 180°"),
    "kernel turned along one axis": (
        catalogue.convolution, CONV, lambda x, W, b: conv(x, W[:, ::-1], b),
        "W is read backwards along axis 1"),
    "kernel not turned": (
        catalogue.input_gradient, DOWN, lambda delta, W: down(delta, W, slice(None)),
        "W is turned by 180°"),
    "= for +=": (catalogue.convolution, CONV, assigned,
                 "each term of the sum over s, t takes the place of the one before it"),
    "= for +=, bias lost": (catalogue.convolution, CONV, overwriting_bias,
                            "each term takes the place of all before it"),
    "bias twice": (catalogue.convolution, CONV, lambda x, W, b: conv(x, W, 2 * b),
                   "b is added twice"),
    "bias missing": (catalogue.convolution, CONV, lambda x, W, b: conv(x, W, 0 * b),
                     "b is missing"),
    "bias in the loop": (catalogue.convolution, CONV, lambda x, W, b: conv(x, W, 6 * b),
                         "b is added with each term of a sum: it stands inside the loop"),
    "bias of the wrong sign": (catalogue.convolution, CONV, lambda x, W, b: conv(x, W, -b),
                               "b has the wrong sign"),
    "total not set back": (catalogue.convolution, CONV, never_reset,
                           "a total goes on from one element to the next"),
    "return in the loop": (catalogue.convolution, CONV, returning_early,
                           "a `return` stands inside the loop"),
    "loop one short": (catalogue.convolution, CONV, one_row_short,
                       "a loop ends one early: the last elements along axis 1"),
    "sum one short": (catalogue.convolution, CONV, short_kernel, "the sum over s ends one early"),
    "whole numbers": (catalogue.convolution, CONV, lambda x, W, b: conv(x, W, b).astype(int),
                      "kept in int64, which cuts off"),
    "axes of the result": (
        catalogue.convolution, CONV, lambda x, W, b: conv(x, W, b).transpose(1, 2, 0),
        "the axes of the result are exchanged: they stand in the order (2, 0, 1)"),
    "only one channel": (catalogue.channels, CHANNELS,
                         lambda x, W, b: conv(x[0], W[:, 0], b), "the sum over c is missing"),
    "channels not summed": (
        catalogue.channels, CHANNELS,
        lambda x, W, b: np.einsum("kcst,cijst->kcij", W, sliding_window_view(x, (3, 2), (1, 2))),
        "the result has shape (4, 3, 4, 6), expected (4, 4, 6)"),
    "batch not kept": (
        BATCHED, {"x": RNG.normal(size=(2, 3, 6, 7)), "W": CHANNELS["W"][0]},
        lambda x, W: np.einsum("cst,ncijst->ij", W, sliding_window_view(x, (3, 2), (2, 3))),
        "a sum is taken over axis 0 of the result"),
    "sum over the batch, not mean": (
        LOSS, {"z": BATCH["x"], "t": RNG.normal(size=(5, 4))},
        lambda z, t: np.sum((z - t) ** 2), "it is the sum, not the mean"),
    "stride ignored": (catalogue.strided_convolution, STRIDED,
                       lambda x, W, S, P, D: strided(x, W, 1, P, D), "S is 1, and not 2"),
    "padding ignored": (catalogue.strided_convolution, STRIDED,
                        lambda x, W, S, P, D: strided(x, W, S, 0, D), "P is 0, and not 1"),
    "dilation ignored": (
        catalogue.strided_convolution, {**STRIDED, "P": 0, "S": 1},
        lambda x, W, S, P, D: strided(x, W, S, P, 1), "D is 1, and not 2"),
    "too much padding": (catalogue.convolution, CONV,
                         lambda x, W, b: conv(np.pad(x, 1), W, b),
                         "the right values stand in it from (0, 1, 1) on"),
    "index from the other end": (catalogue.input_gradient, DOWN, around,
                                 "an index of delta that lies outside, such as -1, reads from"),
    "border repeated": (
        DIFFERENCES, {"x": RNG.normal(size=6)},
        lambda x: np.pad(x, 1, mode="edge")[2:] - np.pad(x, 1, mode="edge")[:-2],
        "x is read at its border where the place lies outside"),
    "off by one": (catalogue.kernel_gradient, BACK, one_further,
                   "x is read one after the right place along all axes"),
    "mean for max": (catalogue.max_pooling, POOL, lambda x, l, q: pool(x, l, q, np.mean),
                     "it is the mean of the window"),
    "min for max": (catalogue.max_pooling, POOL, lambda x, l, q: pool(x, l, q, np.min),
                    "it is the smallest"),
    "sum for mean": (catalogue.average_pooling, POOL, lambda x, l, q: pool(x, l, q, np.sum),
                     "it is the sum, not the mean"),
    "divided by l": (catalogue.average_pooling, POOL, lambda x, l, q: pool(x, l, q, np.sum) / l,
                     "l is not raised to its power"),
    "winner by columns": (catalogue.winner, POOL, first_winner_by_columns,
                          "counted column by column, not row by row"),
    "stride of the window": (catalogue.max_pooling, POOL,
                             lambda x, l, q: pool(x, l, l), "q is 3, and not 2"),
    "variance by N - 1": (catalogue.batch_norm, BATCH,
                          lambda x, gamma, beta, epsilon: norm(x, gamma, beta, epsilon, 1),
                          "in sigma, it is divided by M less 1"),
    "epsilon outside the root": (
        catalogue.batch_norm, BATCH,
        lambda x, gamma, beta, epsilon: gamma * (x - x.mean(0)) / (x.std(0) + epsilon) + beta,
        "in sigma, epsilon is added outside the root"),
    "root missing": (
        catalogue.batch_norm, BATCH,
        lambda x, gamma, beta, epsilon: gamma * (x - x.mean(0)) / (x.var(0) + epsilon) + beta,
        "in sigma, the root is missing"),
    "mean not taken off": (
        catalogue.batch_norm, BATCH,
        lambda x, gamma, beta, epsilon: gamma * x / np.sqrt(x.var(0) + epsilon) + beta,
        "in x_hat, x stands for x_tilde"),
    "matrix transposed": (catalogue.dense, DENSE, lambda V, x, d: V.T @ x + d,
                          "axes 0 and 1 of V are exchanged"),
    "exponential missing": (catalogue.softmax, SCORES, lambda z: z / np.exp(z).sum(),
                            "exp is missing"),
    "sum missing below": (catalogue.softmax, SCORES, lambda z: np.exp(z) / np.exp(z[0]),
                          "the sum over c is missing: its first term stands alone"),
    "not times what arrives": (catalogue.relu_gradient, SLOPES, lambda x, dE_dh: (x > 0) * 1.0,
                               "dE_dh is missing as a factor"),
    "condition lost": (catalogue.relu_gradient, SLOPES, lambda x, dE_dh: dE_dh,
                       "a condition is missing"),
    "at 0 too": (catalogue.relu_gradient, SLOPES, lambda x, dE_dh: dE_dh * (x >= 0),
                 "`>=` stands for `>`"),
    "the other side": (catalogue.relu_gradient, SLOPES, lambda x, dE_dh: dE_dh * (x < 0),
                       "a condition is the wrong way round"),
    "sign": (catalogue.dense_input_gradient, {"V": DENSE["V"], "dE_dz": DENSE["d"]},
             lambda V, dE_dz: -V.T @ dE_dz, "the sign is the wrong way round"),
    "half missing": (catalogue.squared_error, {"a": BACK["delta"], "y": conv(**CONV)},
                     lambda a, y: np.sum((a - y) ** 2), "1/2 is missing as a factor"),
}  # fmt: skip


@pytest.mark.sweep
@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_mistake_is_named(name):
    formula, given, wrong, words = PLANTED[name]
    found = formula.compare(wrong, **given)
    assert not found
    assert words in repr(found), found


def test_the_first_wrong_element_is_written_out_beside_the_answer():
    def wrong(z):
        p = catalogue.softmax(z=z)
        return np.where(np.arange(5) < 2, p, p**2)

    found = catalogue.softmax.compare(wrong, **SCORES)
    right = catalogue.softmax(**SCORES)[2]
    assert found.index == (2,) and found.wrong == 3 and found.mistake == ""
    assert (found.right, found.gave) == pytest.approx((right, right**2))
    assert found.expansion.total == pytest.approx(right)
    lines = repr(found).splitlines()
    assert lines[0] == "wrong(z) is not softmax: 3 of 5 elements differ"
    assert lines[1] == "The first is [2]. The formula says"
    assert lines[2].startswith("  p[2] = ")
    assert lines[-1] == f"and the function gave {right**2:.6g}."


# ---- functions that give no numbers, or not those alone -----------------------------------------


def raising(x, W, b):
    return x[:, 100]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (raising, "raises IndexError: index 100 is out of bounds for axis 1 with size 9, in line"),
        (lambda x, W, b: None, "returns None: is its `return` missing?"),
        (lambda x, W, b: [["a"]], "returns an array of <U1: expected real numbers"),
        (lambda x, W, b: {}, "returns dict: expected real numbers"),
        (lambda x, W, b: [[1.0], [1.0, 2.0]], "is no array"),
        (lambda x, W, b: conv(x, W, b)[:, 1:], "expected (4, 4, 8), (K, M-m+1, N-n+1)"),
        (lambda x, W, b: conv(x, W, b)[:, 1:], "these are missing: the first along axis 1"),
        (
            lambda x, W, b: conv(x, W, b)[:, :, 1:-2],
            "these are missing: the first along axis 2 and the last 2 along axis 2",
        ),
        (lambda x, W, b: conv(x, W, b)[:, None], "an axis of length 1 is too many"),
        (lambda x, W, b: conv(x, W, b).ravel(), "in their order, but not in this shape"),
        (lambda x, W, b: np.where(conv(x, W, b) < 0, np.nan, conv(x, W, b)), "elements are NaN"),
    ],
)
def test_what_is_no_answer_is_told(wrong, words):
    found = catalogue.convolution.compare(wrong, **CONV)
    assert not found
    assert words in repr(found), found


def test_a_line_that_raises_is_shown():
    assert "return x[:, 100]" in repr(catalogue.convolution.compare(raising, **CONV))


def test_a_function_that_changes_what_it_is_given_is_told_so_and_changes_nothing():
    before = POOL["x"].copy()
    found = catalogue.max_pooling.compare(in_place, **POOL)
    assert not found and found.mistake.endswith("all is multiplied by 2")
    assert "the function changes x, which it was given" in repr(found)
    np.testing.assert_array_equal(POOL["x"], before)


def test_numbers_of_less_precision_are_held_against_what_they_can_tell():
    def single(x, W, b):
        return conv(x, W, b).astype(np.float32)

    found = catalogue.convolution.compare(single, **CONV)
    assert found and "in float32" in repr(found)
    slightly = catalogue.convolution.compare(lambda x, W, b: conv(x, W, b) + 1e-7, **CONV)
    assert not slightly


def test_what_rounding_makes_of_large_numbers_is_no_mistake():
    formula = Formula(r"y_i = (x_i + c) - c", x="N", c="")
    found = formula.compare(lambda x, c: x, x=RNG.normal(size=5), c=1e9)
    assert found and found.difference > 1e-9
    assert not formula.compare(lambda x, c: x + 1e-3, x=RNG.normal(size=5), c=1e9)


class Tensor:
    """As PyTorch has them: no array before it is detached."""

    def __init__(self, values, is_free=False):
        self.values, self.is_free = values, is_free

    def detach(self):
        return Tensor(self.values, True)

    def __array__(self, dtype=None, copy=None):
        assert self.is_free
        return self.values


def test_a_tensor_is_detached():
    assert catalogue.convolution.compare(lambda x, W, b: Tensor(conv(x, W, b)), **CONV)


def test_arrays_are_given_by_name_or_in_the_order_of_the_source():
    by_name = catalogue.convolution.compare(lambda b, W, x: conv(x, W, b), **CONV)
    by_place = catalogue.convolution.compare(lambda image, w, bias: conv(image, w, bias), **CONV)
    optional = catalogue.convolution.compare(lambda x, W, b, pad=0: conv(x, W, b), **CONV)
    assert by_name and by_place and optional
    assert by_name.called == "<lambda>(b, W, x)" and by_place.called == "<lambda>(x, W, b)"
    assert catalogue.convolution.compare(function(catalogue.convolution.numpy()), **CONV)
    assert catalogue.tanh.compare(np.tanh, x=IMAGE)


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(
        FormulaError, match="the function takes image, w; the formula takes x, W, b"
    ):
        catalogue.convolution.compare(lambda image, w: 0, **CONV)
    with pytest.raises(FormulaError, match="a function is compared: got ndarray"):
        catalogue.convolution.compare(IMAGE, **CONV)
    with pytest.raises(MissingArrayError):
        catalogue.convolution.compare(conv, x=IMAGE, W=KERNELS)
    with pytest.raises(ArrayValueError):
        catalogue.convolution.compare(conv, x=IMAGE, W=KERNELS, b=["a"] * 4)


# ---- layers of networks in NumPy, written from their published formulas -------------------------


def by_columns(x, W, b):
    """Convolution as one product of matrices, as in Caffe."""
    _, m, n = W.shape
    height, width = x.shape[0] - m + 1, x.shape[1] - n + 1
    rows = [x[s : s + height, t : t + width].ravel() for s in range(m) for t in range(n)]
    return (W.reshape(len(W), -1) @ np.array(rows)).reshape(len(W), height, width) + b[
        :, None, None
    ]


def through_the_norm(x, epsilon, gamma, dE_dy):
    """Ioffe and Szegedy (2015), the gradients of their section 3, one after the other."""
    count, mean, variance = len(x), x.mean(axis=0), x.var(axis=0)
    dx_hat = dE_dy * gamma
    d_variance = np.sum(dx_hat * (x - mean), axis=0) * -0.5 * (variance + epsilon) ** -1.5
    d_mean = -dx_hat.sum(axis=0) / np.sqrt(variance + epsilon)
    return (dx_hat / np.sqrt(variance + epsilon) + d_variance * 2 * (x - mean) / count
            + d_mean / count)  # fmt: skip


def through_the_loss(z, y):
    """The scores' gradient behind softmax and cross-entropy: p minus one at the label."""
    p = np.exp(z - z.max())
    p /= p.sum()
    p[y] -= 1
    return p


def pooled_by_reshape(x, l, q):
    """Windows that do not overlap, as axes of their own."""
    height, width = x.shape[0] // l, x.shape[1] // l
    return x[: height * l, : width * l].reshape(height, l, width, l).max(axis=(1, 3))


@pytest.mark.parametrize(
    ("formula", "layer", "given"),
    [
        (catalogue.convolution, by_columns, CONV),
        (catalogue.batch_norm_gradient, through_the_norm,
         {**{k: v for k, v in BATCH.items() if k != "beta"}, "dE_dy": RNG.normal(size=(5, 4))}),
        (catalogue.cross_entropy_gradient, through_the_loss, {**SCORES, "y": 3}),
        (catalogue.max_pooling, pooled_by_reshape, {**POOL, "q": 3}),
    ],
    ids=lambda value: value.name if isinstance(value, Formula) else "",
)  # fmt: skip
def test_layers_as_networks_have_them(formula, layer, given):
    found = formula.compare(layer, **given)
    assert found, found


def test_pooling_by_reshape_knows_no_stride():
    found = catalogue.max_pooling.compare(pooled_by_reshape, **POOL)
    assert found.mistake == "this is what comes out if q is 3, and not 2"


def test_where_the_formula_overflows_the_function_is_not_accused():
    steep = Formula(r"y_i = \frac{e^{x_i}}{(1 + e^{x_i})^2}", x="n")

    def finite(x):
        small = np.exp(-np.abs(x))
        return small / (1 + small) ** 2

    found = steep.compare(finite, x=[1.0, 800.0])
    assert not found and not found.mistake
    assert "the formula itself gives no number for 1 elements" in repr(found)
    assert steep.compare(finite, x=[1.0, -2.0])
