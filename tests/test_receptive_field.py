"""Receptive fields by formula, against the pixels that a gradient really comes back to."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnmath import catalogue
from cnnmath.layers import conv2d, conv2d_backward


@st.composite
def stacks(draw):
    """The layers of a stack in their order, each with the width m, dilation D, stride S, padding P.

    A padding is less than the kernel is wide: no place looks at zeros alone.
    """
    layers = []
    for _ in range(draw(st.integers(1, 4))):
        m, D, S = (draw(st.integers(1, 3)) for _ in range(3))
        P = draw(st.integers(0, min(2, D * (m - 1))))
        layers.append({"m": m, "D": D, "S": S, "P": P})
    return layers


def sizes(layers):
    return {name: np.array([layer[name] for layer in layers]) for name in "mDSP"}


def by_formula(formula, layers):
    return formula(**formula.taken_of(sizes(layers)))


def came_back(layers, x, place):
    """The gradient of one number behind the layers, all of whose weights are 1, by the pixels."""
    seen, options = [x.reshape(1, 1, -1, 1)], []
    for layer in layers:
        options.append({
            "stride": (layer["S"], 1),
            "padding": (layer["P"], 0),
            "dilation": (layer["D"], 1),
        })  # fmt: skip
        seen.append(conv2d(seen[-1], np.ones((1, 1, layer["m"], 1)), **options[-1]))
    gradient = np.zeros(seen.pop().shape)
    gradient[0, 0, place] = 1
    for layer, option in zip(layers[::-1], options[::-1], strict=True):
        weights = np.ones((1, 1, layer["m"], 1))
        gradient, _, _ = conv2d_backward(gradient, seen.pop(), weights, **option)
    return gradient.ravel()


@settings(max_examples=150, deadline=None, derandomize=True)
@given(stacks(), st.integers(0, 3))
def test_a_gradient_comes_back_to_the_first_and_last_pixel_that_the_formulas_name(layers, further):
    (F, J, B) = (
        int(by_formula(formula, layers)[-1])
        for formula in (catalogue.receptive_field, catalogue.jump, catalogue.field_begin)
    )
    # So far inside that no layer meets its padding: every place before begins J pixels earlier.
    place = F + further
    first = B + place * J
    length = first + F + F * J
    found = np.flatnonzero(came_back(layers, np.zeros(length), place))
    assert (found[0], found[-1]) == (first, first + F - 1)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(stacks())
def test_every_layer_of_a_stack_has_the_field_that_it_has_as_the_last(layers):
    for formula in (catalogue.receptive_field, catalogue.jump, catalogue.field_begin):
        all_at_once = by_formula(formula, layers)
        for k in range(len(layers)):
            assert all_at_once[k] == by_formula(formula, layers[: k + 1])[-1]


@settings(max_examples=80, deadline=None, derandomize=True)
@given(stacks())
def test_the_formulas_are_the_recursion(layers):
    field, apart, begin = 1, 1, 0
    for k, layer in enumerate(layers):
        field += (layer["m"] - 1) * layer["D"] * apart
        begin -= layer["P"] * apart
        apart *= layer["S"]
        assert by_formula(catalogue.receptive_field, layers)[k] == field
        assert by_formula(catalogue.field_begin, layers)[k] == begin
        assert by_formula(catalogue.jump, layers)[k] == apart


def test_dilations_that_double_make_a_field_that_doubles_without_holes():
    for m, depth in ((m, depth) for m in (2, 3) for depth in range(1, 5)):
        layers = [{"m": m, "D": 2**k, "S": 1, "P": 0} for k in range(depth)]
        gradient = came_back(layers, np.zeros(64), 8)
        width = 1 + (m - 1) * (2**depth - 1)
        assert np.count_nonzero(gradient) == width
        assert by_formula(catalogue.receptive_field, layers)[-1] == width
        if m == 2:  # each pixel is then reached in one way alone
            assert np.array_equal(np.unique(gradient), [0, 1])
