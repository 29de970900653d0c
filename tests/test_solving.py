"""Sizes: solved for, and refused where they contradict each other."""

import pytest

from cnnmath.call.solving import bind_sizes
from cnnmath.core.shapes import read_shape
from cnnmath.errors import ShapeError


def size(text):
    (found,) = read_shape("x", text)
    return found


def bound(declared, given, **sizes):
    shapes = {name: read_shape(name, text) for name, text in declared.items()}
    return bind_sizes(shapes, given, sizes)


@pytest.mark.parametrize(
    ("declared", "given", "values"),
    [
        ({"x": "M N"}, {"x": (3, 4)}, {"M": 3, "N": 4}),
        ({"x": "M-m+1", "w": "m"}, {"x": (5,), "w": (3,)}, {"M": 7, "m": 3}),
        ({"w": "m", "x": "M-m+1"}, {"w": (3,), "x": (5,)}, {"M": 7, "m": 3}),
        ({"x": "2*M+1"}, {"x": (9,)}, {"M": 4}),
        ({"x": "M/2"}, {"x": (3,)}, {"M": 6}),
        ({"x": "9-M"}, {"x": (9,)}, {"M": 0}),
        ({"x": "M+N", "y": "M-N"}, {"x": (7,), "y": (3,)}, {"M": 5, "N": 2}),
        ({"x": "2*M+4*N", "y": "2*M+2*N"}, {"x": (20,), "y": (14,)}, {"M": 4, "N": 3}),
        ({"x": "M+N", "y": "M+2*N", "z": "K-M"}, {"x": (7,), "y": (9,), "z": (1,)},
         {"M": 5, "N": 2, "K": 6}),
        ({"x": "M+N+K", "y": "M+N-K", "z": "M-N+K"}, {"x": (9,), "y": (3,), "z": (5,)},
         {"M": 4, "N": 2, "K": 3}),
        ({"x": "M*N", "w": "N"}, {"x": (6,), "w": (2,)}, {"M": 3, "N": 2}),
        ({"x": "(M+2*P-l)//q+1", "p": "P", "w": "l", "s": "q"},
         {"x": (6,), "p": (1,), "w": (3,), "s": (1,)}, {"M": 6, "P": 1, "l": 3, "q": 1}),
    ],
)  # fmt: skip
def test_sizes_follow_from_shapes(declared, given, values):
    found = bound(declared, given)
    assert found.values == values
    assert found.loose == ()


@pytest.mark.parametrize(
    ("declared", "given", "words"),
    [
        ({"x": "M", "y": "M"}, {"x": (3,), "y": (4,)},
         "axis 0 of y (shape (4,)) is 4: expected M = 3 (M = 3 by axis 0 of x (shape (3,)))"),
        ({"x": "M N"}, {"x": (3,)}, "x has shape (3,): expected 2 axes, (M, N)"),
        ({"x": "2*M"}, {"x": (3,)}, "axis 0 of x (shape (3,)) is 3 = 2*M, which no whole M "),
        ({"x": "M+5"}, {"x": (3,)}, "axis 0 of x (shape (3,)) is 3 = M+5, which no whole M "),
        ({"x": "M+N", "y": "M+N"}, {"x": (3,), "y": (4,)},
         "axis 0 of y (shape (4,)) is 4 = M+N: this contradicts the others"),
        ({"x": "M+N", "y": "M-N", "z": "2*M"}, {"x": (7,), "y": (3,), "z": (8,)},
         "axis 0 of y (shape (3,)) is 3: expected M-N = 1 (M = 4 by axis 0 of z"),
    ],
)  # fmt: skip
def test_shapes_that_disagree(declared, given, words):
    with pytest.raises(ShapeError) as caught:
        bound(declared, given)
    assert words in str(caught.value)


def test_what_the_equations_leave_open():
    found = bound({"x": "M-m+1", "y": "K"}, {"x": (5,), "y": (2,)})
    assert found.values["M"] - found.values["m"] == 4 and found.values["K"] == 2
    assert found.undetermined(size("M-m")) is None
    assert found.undetermined(size("K")) is None
    assert found.undetermined(size("M")) == "M"
    assert found.undetermined(size("2*m+K")) == "m"
    assert found.undetermined(size("M+m")) == "M"
    assert found.undetermined(size("q")) is None


def test_of_three_in_two_equations_only_what_hangs_together_moves():
    found = bound({"x": "M+N", "y": "N+K"}, {"x": (7,), "y": (5,)})
    assert found.values["M"] + found.values["N"] == 7
    assert found.values["N"] + found.values["K"] == 5
    assert found.undetermined(size("M-K")) is None
    assert found.undetermined(size("M+N+3")) is None
    for text in ("M+K", "N-K", "M", "N", "K"):
        assert found.undetermined(size(text)) is not None


def test_an_equation_said_twice_does_not_hide_those_behind_it():
    found = bound({"x": "M+N", "y": "M+N", "z": "N+K"}, {"x": (7,), "y": (7,), "z": (5,)})
    assert found.undetermined(size("M-K")) is None
    assert found.undetermined(size("M-N")) is not None


def test_a_size_that_is_given_counts():
    assert bound({"x": "M-m+1"}, {"x": (5,)}, m=3).values == {"M": 7, "m": 3}
    with pytest.raises(ShapeError, match=r"expected M = 4 \(M=4 was given\)"):
        bound({"x": "M"}, {"x": (3,)}, M=4)


def test_what_is_not_linear_waits_for_the_others_or_stays_open():
    assert bound({"x": "M*N", "y": "N"}, {"x": (6,), "y": (3,)}).values == {"M": 2, "N": 3}
    assert bound({"x": "M^2"}, {"x": (9,)}).values == {}
    assert bound({"x": "M//2"}, {"x": (4,)}).values == {}
    assert bound({"x": "M%2"}, {"x": (1,)}).values == {}
    assert bound({"x": "M%5"}, {"x": (3,)}).values == {}  # it may be 3, 8, ..
    assert bound({"x": "(M+N)//2"}, {"x": (4,)}).values == {}


def test_arrays_without_a_declaration_say_nothing():
    assert bound({"x": "M"}, {"x": (3,), "z": (8, 9)}).values == {"M": 3}
