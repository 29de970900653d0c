"""Convolution arithmetic: the fifteen relationships by counting, the formulas against the layers.

Every size up to a few is tried: a relationship is about whole numbers, and what is wrong with it
shows in the small ones.
"""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnmath import catalogue
from cnnmath.gradcheck import numerical_gradient
from cnnmath.layers import (
    conv2d,
    conv2d_backward,
    conv_transpose2d,
    conv_transpose2d_backward,
    max_pool2d,
)

# The published animations: size of the input, of the kernel, padding, stride, dilation. Each of the
# first seven has a twin, the transposed convolution of the same one.
ANIMATIONS = {
    "no_padding_no_strides": (4, 3, 0, 1, 1),
    "arbitrary_padding_no_strides": (5, 4, 2, 1, 1),
    "same_padding_no_strides": (5, 3, 1, 1, 1),
    "full_padding_no_strides": (5, 3, 2, 1, 1),
    "no_padding_strides": (5, 3, 0, 2, 1),
    "padding_strides": (5, 3, 1, 2, 1),
    "padding_strides_odd": (6, 3, 1, 2, 1),
    "dilation": (7, 3, 0, 1, 2),
}


def places(M, m, P=0, S=1, D=1):
    """How many windows there are, tried one by one from the first row of the padding on."""
    return sum(
        -P + i * S + (m - 1) * D <= M + P - 1  # its last row is not beyond the padding
        for i in range(M + 2 * P + 1)
    )


def relationship(number, **sizes):
    formula = getattr(catalogue, f"relationship_{number}")
    assert set(formula.names) <= set(sizes)
    return formula(**{name: sizes[name] for name in formula.names})


# For each relationship of a convolution the sizes that it is about: all, or those that it names.
CONVOLUTIONS = {
    1: lambda m, P, S, D: P == 0 and S == D == 1,
    2: lambda m, P, S, D: S == D == 1,
    3: lambda m, P, S, D: m == 2 * P + 1 and S == D == 1,
    4: lambda m, P, S, D: m - 1 == P and S == D == 1,
    5: lambda m, P, S, D: P == 0 and D == 1,
    6: lambda m, P, S, D: D == 1,
    15: lambda m, P, S, D: True,
}


@pytest.mark.parametrize("number", CONVOLUTIONS)
def test_a_relationship_counts_the_places_of_a_window(number):
    tried = 0
    for M, m, P, S, D in product(range(1, 9), range(1, 6), range(5), range(1, 5), range(1, 4)):
        if CONVOLUTIONS[number](m, P, S, D) and D * (m - 1) + 1 <= M + 2 * P:
            assert relationship(number, M=M, m=m, P=P, S=S, D=D) == places(M, m, P, S, D)
            tried += 1
    assert tried > 15


def test_same_padding_keeps_the_size_and_full_padding_touches_everywhere():
    for M, m in product(range(1, 9), (1, 3, 5)):
        assert relationship(3, M=M, m=m) == relationship(10, M=M, m=m) == M
    for M, m in product(range(1, 9), range(1, 6)):
        touching = sum(any(0 <= i + s < M for s in range(m)) for i in range(-m, M + m))
        assert relationship(4, M=M, m=m) == touching


def test_a_window_of_pooling_takes_the_places_that_its_relationship_says():
    for M, m, S in product(range(1, 9), range(1, 5), range(1, 5)):
        if m <= M:
            pooled = max_pool2d(np.zeros((1, 1, M, M)), m, stride=S)
            assert pooled.shape[2] == relationship(7, M=M, m=m, S=S) == places(M, m, S=S)


# Likewise for the transposed: of which convolutions they are the way back.
TRANSPOSED = {
    8: lambda M, m, P, S: P == 0 and S == 1,
    9: lambda M, m, P, S: S == 1,
    10: lambda M, m, P, S: m == 2 * P + 1 and S == 1,
    11: lambda M, m, P, S: m - 1 == P and S == 1,
    12: lambda M, m, P, S: P == 0 and (M - m) % S == 0,
    13: lambda M, m, P, S: (M + 2 * P - m) % S == 0,
    14: lambda M, m, P, S: True,
}


@pytest.mark.parametrize("number", TRANSPOSED)
def test_a_transposed_relationship_is_the_size_of_the_adjoints_result(number):
    tried = 0
    for M, m, P, S in product(range(1, 9), range(1, 6), range(5), range(1, 5)):
        if m <= M + 2 * P and TRANSPOSED[number](M, m, P, S):
            # The matrix of the convolution of one axis: what its transpose gives has M numbers.
            matrix = np.zeros((places(M, m, P, S), M))
            for i, s in product(range(len(matrix)), range(m)):
                if 0 <= i * S + s - P < M:
                    matrix[i, i * S + s - P] += s + 1
            back = matrix.T @ np.ones(len(matrix))
            left = (M + 2 * P - m) % S
            found = relationship(number, M=len(matrix), m=m, P=P, S=S, A=left)
            assert found == len(back)
            tried += 1
    assert tried > 15


def test_a_transposed_convolution_slides_over_the_stuffed_input():
    """With P' = m − 1 − P zeros around, S − 1 between, and A more at the end."""
    for M, m, S in product(range(1, 7), range(1, 5), range(1, 4)):
        for P, A in product(range(m), range(S)):
            stuffed = S * (M - 1) + 1 + 2 * (m - 1 - P) + A
            if m <= stuffed:
                assert relationship(14, M=M, m=m, P=P, S=S, A=A) == places(stuffed, m)


@pytest.mark.parametrize("name", ANIMATIONS)
def test_an_animation_has_the_sizes_of_the_relationship_that_bears_its_name(name):
    M, m, P, S, D = ANIMATIONS[name]
    sizes = {"m": m, "P": P, "S": S, "D": D, "A": (M + 2 * P - m) % S}
    named = {
        animation: formula
        for formula in catalogue.formulas().values()
        if formula.name.startswith("relationship")
        for animation in formula.name.split(": ")[1].split(", ")
    }
    assert len(named) == 17

    def size(animation, **others):
        formula = named[animation]
        return formula(**{one: {**sizes, **others}[one] for one in formula.names})

    O = places(M, m, P, S, D)
    assert size(name, M=M) == O
    if D == 1:
        assert size(f"{name}_transposed", M=O) == M


def test_the_relationships_are_fifteen_in_their_order():
    found = [n for n in catalogue.formulas() if n.startswith("relationship")]
    assert found == [f"relationship_{number}" for number in range(1, 16)]
    for number, name in enumerate(found, start=1):
        assert getattr(catalogue, name).name.startswith(f"relationship {number}: ")


# ---- the layers ----------------------------------------------------------------------------------


@st.composite
def settings_of_a_layer(draw, transposed):
    """Arrays and sizes that fit; the two axes have different sizes."""
    whole = lambda low, high: draw(st.integers(low, high))  # noqa: E731
    S, P, D = whole(1, 3), whole(0, 2), whole(1, 3)
    kernel = whole(1, 3), whole(1, 4)
    A = whole(0, max(S, D) - 1) if transposed else 0
    least = [
        # Of the input, or, transposed, so that something is left inside the padding.
        max(1, -(-(2 * P - D * (k - 1) - A) // S) + 1) if transposed else D * (k - 1) + 1 - 2 * P
        for k in kernel
    ]
    image = [max(1, one) + whole(0, 4) for one in least]
    rng = np.random.default_rng(whole(0, 2**16))
    return rng.normal(size=image), rng.normal(size=kernel), {"S": S, "P": P, "D": D}, A, rng


CLOSE = {"rtol": 1e-9, "atol": 1e-12}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(settings_of_a_layer(transposed=False))
def test_the_convolution_and_its_gradients_are_the_layer(case):
    x, W, sizes, _, rng = case
    options = {"stride": sizes["S"], "padding": sizes["P"], "dilation": sizes["D"]}
    images, kernels = x[None, None], W[None, None]
    a = catalogue.strided_convolution(x=x, W=W, **sizes)
    np.testing.assert_allclose(a, conv2d(images, kernels, **options)[0, 0], **CLOSE)
    dE_da = rng.normal(size=a.shape)
    dx, dw, _ = conv2d_backward(dE_da[None, None], images, kernels, **options)
    arrays = {"x": x, "W": W, "dE_da": dE_da, **sizes}
    for formula, by_layer in (
        (catalogue.strided_kernel_gradient, dw),
        (catalogue.strided_input_gradient, dx),
    ):
        found = formula(**formula.taken_of({**arrays, **shape_sizes(x, W)}))
        np.testing.assert_allclose(found, by_layer[0, 0], **CLOSE)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(settings_of_a_layer(transposed=True))
def test_the_transposed_convolution_and_its_gradients_are_the_layer(case):
    x, W, sizes, A, rng = case
    options = {"stride": sizes["S"], "padding": sizes["P"], "dilation": sizes["D"]}
    options["output_padding"] = A
    images, kernels = x[None, None], W[None, None]
    y = catalogue.transposed_convolution(x=x, W=W, **sizes, A=A)
    np.testing.assert_allclose(y, conv_transpose2d(images, kernels, **options)[0, 0], **CLOSE)
    dE_dy = rng.normal(size=y.shape)
    dx, dw, _ = conv_transpose2d_backward(dE_dy[None, None], images, kernels, **options)
    arrays = {"x": x, "W": W, "dE_dy": dE_dy, **sizes, "A": A}
    for formula, by_layer in (
        (catalogue.transposed_kernel_gradient, dw),
        (catalogue.transposed_input_gradient, dx),
    ):
        found = formula(**formula.taken_of({**arrays, **shape_sizes(x, W)}))
        np.testing.assert_allclose(found, by_layer[0, 0], **CLOSE)


def shape_sizes(x, W):
    return dict(zip("MNmn", (*x.shape, *W.shape), strict=True))


@pytest.mark.parametrize(
    ("forward", "result"),
    [(catalogue.strided_convolution, "a"), (catalogue.transposed_convolution, "y")],
    ids=["strided", "transposed"],
)
@pytest.mark.parametrize("by", ["x", "W"])
def test_the_gradients_are_central_differences(forward, result, by):
    rng = np.random.default_rng(2)
    arrays = {"x": rng.normal(size=(6, 7)), "W": rng.normal(size=(3, 2))}
    sizes = {"S": 2, "P": 1, "D": 2, **({"A": 1} if result == "y" else {})}
    arriving = rng.normal(size=forward(**arrays, **sizes).shape)
    kind = {"a": "strided", "y": "transposed"}[result]
    gradient = getattr(catalogue, f"{kind}_{'input' if by == 'x' else 'kernel'}_gradient")
    known = {**arrays, f"dE_d{result}": arriving, **sizes, **shape_sizes(*arrays.values())}

    def error(moved):
        return float(np.sum(arriving * forward(**{**arrays, by: moved}, **sizes)))

    np.testing.assert_allclose(
        gradient(**gradient.taken_of(known)),
        numerical_gradient(error, arrays[by]),
        rtol=1e-6,
        atol=1e-8,
    )


def test_a_stride_of_two_weaves_a_checkerboard_into_the_gradient_of_the_input():
    found = catalogue.strided_input_gradient(
        dE_da=np.ones((3, 3)), W=np.ones((3, 3)), S=2, P=0, D=1, M=7, N=7
    )
    line = np.array([1, 1, 2, 1, 2, 1, 1])
    np.testing.assert_array_equal(found, np.outer(line, line))
    assert set(found.ravel()) == {1, 2, 4}
