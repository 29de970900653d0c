"""Each method of convolution against the formula, how exact it is, and which one is taken when."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cnnmath.formula import Formula
from cnnmath.layers.geometry import axes_of
from cnnmath.layers.methods import choice, im2col, long_rows, slab, taps, winograd

repeatable = settings(deadline=None, derandomize=True, max_examples=25)

# Without groups: images, kernels and channels, and stride, padding and dilation along each axis.
CONVOLUTION = Formula(
    r"y^{(n,k)}_{ij} = \sum_{c,s,t} W^{(k,c)}_{st} x^{(n,c)}_{(iS+sD-P)(jT+tF-Q)}",
    x="N C H L",
    W="K C m r",
    y="N K (H+2*P-D*(m-1)-1)//S+1 (L+2*Q-F*(r-1)-1)//T+1",
)


def gradient(name, indices):
    """Its gradient by the chain rule: the Jacobian is worked out from the formula."""
    return Formula(
        rf"\frac{{\partial E}}{{\partial {name}{indices}}} = \sum_{{n',k',i,j}}"
        r" \frac{\partial E}{\partial y^{(n',k')}_{ij}}"
        rf" \frac{{\partial y^{{(n',k')}}_{{ij}}}}{{\partial {name}{indices}}}",
        y=CONVOLUTION,
    )


GRADIENTS = {"x": gradient("x", "^{(n,c)}_{uv}"), "W": gradient("W", "^{(k,c)}_{st}")}


class Case:
    """A convolution with random numbers, and what the formula gives of it, in float64."""

    def __init__(self, shape, kernels, size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
        rng = np.random.default_rng(0)
        self.axes = axes_of("w", shape[2:], size, stride, padding, dilation)
        sizes = dict(zip("STPQDF", (*stride, *padding, *dilation), strict=True))
        self.x, self.w = rng.normal(size=shape), rng.normal(size=(kernels, shape[1], *size))
        self.y = CONVOLUTION(x=self.x, W=self.w, **sizes)
        self.dy = rng.normal(size=self.y.shape)
        given = {"dE_dy": self.dy, "x": self.x, "W": self.w, **sizes}
        self.dx, self.dw = GRADIENTS["x"](**given), GRADIENTS["W"](**given)

    def differences(self, method, dtype=np.float64):
        """How far a method is off, as a share of the largest number; of taps there is only dx."""
        x, w, dy = (one.astype(dtype) for one in (self.x, self.w, self.dy))
        groups = () if method in (slab, winograd) else (1,)
        found = {"dx": method.returned(dy, w, self.axes, *groups)}
        if method is not taps:
            found["y"] = method.seen(x, w, self.axes, *groups)
            found["dw"] = method.met(dy, x, w.shape, self.axes, *groups)
        off = []
        for name, one in found.items():
            expected = getattr(self, name)
            assert (one.dtype, one.shape) == (dtype, expected.shape)
            assert one.flags.owndata
            assert one.flags.c_contiguous
            off.append(np.abs(one - expected).max() / (np.abs(expected).max() or 1))
        return off


def pairs(low, high):
    return st.tuples(st.integers(low, high), st.integers(low, high))


@pytest.mark.parametrize("method", [im2col, taps, slab, long_rows])
@repeatable
@given(
    pairs(1, 3), st.integers(1, 3), pairs(1, 20), pairs(1, 5), pairs(1, 3), pairs(0, 2), pairs(1, 2)
)
def test_a_method_is_the_formula(method, batch, kernels, image, size, stride, padding, dilation):
    if method is slab:
        dilation = (1, 1)
    if method is long_rows:
        stride = (1, 1)
        padding = tuple(
            min(p, d * (m - 1)) for p, m, d in zip(padding, size, dilation, strict=True)
        )
    settings = zip(image, size, padding, dilation, strict=True)
    assume(all(d * (m - 1) < length + 2 * p for length, m, p, d in settings))
    case = Case((*batch, *image), kernels, size, stride, padding, dilation)
    assert max(case.differences(method)) < 1e-13


@pytest.mark.parametrize("part", [1, 2**11, 2**12, 2**20])
@pytest.mark.parametrize("kernels", [6, 12])
def test_long_rows_are_im2col_whatever_part_of_the_groups_is_taken(monkeypatch, kernels, part):
    monkeypatch.setattr(long_rows, "CACHED", part)
    rng = np.random.default_rng(0)
    axes = axes_of("w", (7, 5), (3, 2), 1, (2, 1), (1, 2))
    x, w = rng.normal(size=(3, 6, 7, 5)), rng.normal(size=(kernels, 2, 3, 2))
    dy = rng.normal(size=(3, kernels, *(axis.places for axis in axes)))
    for way, arrays in (("seen", (x, w)), ("returned", (dy, w)), ("met", (dy, x, w.shape))):
        one, other = (getattr(method, way)(*arrays, axes, 3) for method in (long_rows, im2col))
        np.testing.assert_allclose(one, other, atol=1e-12)


@pytest.mark.sweep
@pytest.mark.parametrize("places", [15, 16])  # images last in a row, and columns last
@pytest.mark.parametrize("part", [1, 2**12, 2**20])
@pytest.mark.parametrize("many", [1, 16])  # of two channels
def test_slabs_are_the_formula_whatever_part_of_the_batch_is_taken(monkeypatch, places, part, many):
    monkeypatch.setattr(slab, "CACHED", part)
    monkeypatch.setattr(slab, "MANY", many)
    monkeypatch.setattr(slab, "NARROW", 1)
    case = Case((7, 2, 6, places + 4), 3, (3, 5), padding=(1, 0))
    assert max(case.differences(slab)) < 1e-13


@pytest.mark.sweep
@pytest.mark.parametrize("together", [1, 9, 64])
@pytest.mark.parametrize("padding", [(0, 0), (1, 1), (2, 0)])
@pytest.mark.parametrize(("image", "size"), [((3, 4), 3), ((9, 14), 3), ((9, 14), 5)])
def test_winograd_is_the_formula_whatever_is_taken_together(
    monkeypatch, together, padding, image, size
):
    monkeypatch.setattr(winograd, "TOGETHER", together)
    case = Case((5, 3, *image), 4, (size, size), padding=padding)
    assert max(case.differences(winograd, np.float32)) < 1e-5


def test_winograd_pads_one_zero_more_at_the_end_for_same():
    axes = axes_of("w", (8, 9), (3, 3), 1, "same", 1)
    x, w = np.ones((1, 1, 8, 9), np.float32), np.ones((1, 1, 3, 3), np.float32)
    np.testing.assert_allclose(winograd.seen(x, w, axes), im2col.seen(x, w, axes), atol=1e-4)


@pytest.mark.parametrize(("channels", "size"), [(64, 3), (256, 3), (32, 5), (64, 5)])
def test_winograd_is_as_exact_in_float32_as_it_says(channels, size):
    rng = np.random.default_rng(0)
    length = 27 + size
    x, w = (
        rng.normal(size=(1, channels, length, length)),
        rng.normal(size=(64, channels, size, size)),
    )
    axes = axes_of("w", (length, length), (size, size), 1, 0, 1)
    dy = rng.normal(size=(1, 64, 28, 28))
    exact = im2col.seen(x, w, axes), im2col.returned(dy, w, axes), im2col.met(dy, x, w.shape, axes)
    x, w, dy = (one.astype(np.float32) for one in (x, w, dy))
    found = (
        winograd.seen(x, w, axes),
        winograd.returned(dy, w, axes),
        winograd.met(dy, x, w.shape, axes),
    )
    for one, expected in zip(found, exact, strict=True):
        off = np.abs(one - expected).max() / np.abs(expected).max()
        assert 1e-7 < off < 1e-5


@pytest.mark.parametrize("strange", [np.nan, np.inf, np.float32(3e38)])
def test_a_number_that_is_not_finite_stays_where_winograd_is_taken(strange):
    """It spoils the places that see it, and no others: not the tiles that it lies in."""
    rng = np.random.default_rng(0)
    x, w, dy = (
        rng.normal(size=shape).astype(np.float32)
        for shape in ((1, 64, 30, 30), (64, 64, 3, 3), (1, 64, 28, 28))
    )
    axes = axes_of("w", (30, 30), (3, 3), 1, 0, 1)
    x[0, 3, 9, 9] = dy[0, 3, 9, 9] = strange
    with np.errstate(over="ignore"):
        y = choice.seen(x, w, axes, 1)
        dx = choice.returned(dy, w, axes, 1)
        dw = choice.met(np.ones_like(dy), x, w.shape, axes, 1)
    assert np.isfinite(y).sum(axis=(2, 3)).min() >= 28 * 28 - 9
    assert np.isfinite(dx).sum(axis=(2, 3)).min() >= 30 * 30 - 9
    assert np.isfinite(dw[:, np.arange(64) != 3]).all()


# The shapes of the benchmark: x, kernels and their size, options, and the methods for y, dx and dw.
SHAPES = [
    ((1, 1, 8, 8), 1, 3, {}, "im2col im2col im2col"),
    ((1, 8, 12, 12), 16, 5, {}, "im2col im2col im2col"),
    ((64, 1, 28, 28), 8, 5, {}, "slab slab slab"),
    ((64, 8, 12, 12), 16, 5, {}, "slab slab slab"),
    ((32, 64, 32, 32), 64, 3, {"padding": 1}, "winograd winograd winograd"),
    ((1, 64, 28, 28), 64, 3, {"padding": "same"}, "winograd winograd winograd"),
    ((1, 64, 24, 24), 64, 3, {"padding": 1}, "im2col im2col im2col"),  # 36 tiles
    ((32, 63, 32, 32), 64, 3, {"padding": 1}, "im2col slab im2col"),
    ((32, 64, 32, 32), 64, 3, {"padding": 3}, "im2col slab im2col"),
    ((32, 64, 32, 32), 64, 3, {"padding": 1, "dtype": "f8"}, "im2col slab im2col"),
    ((32, 64, 32, 32), 64, 3, {"stride": (1, 2)}, "im2col slab im2col"),
    ((32, 64, 32, 32), 64, 3, {"dilation": (1, 2)}, "im2col taps im2col"),
    ((32, 128, 32, 32), 128, 3, {"groups": 2}, "im2col im2col im2col"),
    ((16, 3, 64, 64), 32, 3, {}, "im2col slab im2col"),
    ((16, 32, 32, 32), 64, 3, {"stride": 2}, "im2col taps im2col"),
    ((4, 64, 28, 28), 128, 1, {}, "im2col im2col im2col"),
    ((8, 16, 40, 40), 32, 7, {"stride": 2}, "slab slab slab"),
    ((1, 16, 40, 40), 32, 7, {"stride": 2}, "im2col slab im2col"),
    ((8, 32, 32, 32), 32, 5, {"padding": 2}, "winograd winograd slab"),
    ((8, 31, 32, 32), 32, 5, {"padding": 2}, "slab slab slab"),
    ((8, 32, 32, 32), 65, 5, {"padding": 2}, "slab slab slab"),
    ((3, 32, 32, 32), 32, 5, {"padding": 2}, "winograd winograd im2col"),  # 96 places in a row
    ((8, 32, 32, 32), 32, 3, {"padding": 1, "groups": 32}, "long_rows long_rows long_rows"),
    ((8, 32, 32, 32), 32, 3, {"dilation": 2, "groups": 4}, "long_rows long_rows long_rows"),
    ((8, 32, 32, 32), 32, 3, {"padding": 1, "groups": 2}, "im2col im2col im2col"),
    ((8, 32, 32, 32), 32, 3, {"padding": 3, "groups": 32}, "im2col im2col im2col"),
    ((8, 32, 32, 32), 32, 3, {"stride": 2, "groups": 32}, "im2col im2col im2col"),
    ((8, 32, 32, 32), 32, 3, {"stride": 2, "groups": 16}, "im2col taps im2col"),
    ((1, 256, 8, 8), 256, 3, {}, "im2col taps im2col"),
    ((0, 8, 12, 12), 16, 5, {}, "im2col im2col im2col"),
]


@pytest.mark.parametrize(("shape", "kernels", "size", "options", "expected"), SHAPES)
def test_which_method_is_taken(monkeypatch, shape, kernels, size, options, expected):
    called = []
    for method in (im2col, long_rows, slab, taps, winograd):
        name = method.__name__.rpartition(".")[2]
        for function in {"seen", "returned", "met"} & vars(method).keys():
            monkeypatch.setattr(method, function, lambda *_, name=name: called.append(name))
    settings = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1, "dtype": "f4"} | options
    groups, dtype = settings["groups"], settings["dtype"]
    axes = axes_of(
        "w", shape[2:], (size, size), *(settings[o] for o in ("stride", "padding", "dilation"))
    )
    x, w = np.empty(shape, dtype), np.empty((kernels, shape[1] // groups, size, size), dtype)
    dy = np.empty((shape[0], kernels, *(axis.places for axis in axes)), dtype)
    choice.seen(x, w, axes, groups)
    choice.returned(dy, w, axes, groups)
    choice.met(dy, x, w.shape, axes, groups)
    assert called == expected.split()
