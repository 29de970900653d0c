"""Sizes: read, solved for, and refused where they contradict each other."""

from fractions import Fraction

import pytest

from cnnmath.errors import FormulaError, ShapeError, UnboundSizeError
from cnnmath.formula.nodes import Index, Number, Read
from cnnmath.formula.shapes import (
    LARGEST,
    bind_sizes,
    names_in,
    read_shape,
    same_size,
    shape_text,
    size_text,
    size_value,
    whole_size,
)


def size(text):
    (found,) = read_shape("x", text)
    return found


def bound(declared, given, **sizes):
    shapes = {name: read_shape(name, text) for name, text in declared.items()}
    return bind_sizes(shapes, given, sizes)


# ---- what is read -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declaration", "text"),
    [
        ("M N", "(M, N)"), ("", "()"), (5, "(5,)"), (("M", 3), "(M, 3)"), ("M, N", "(M, N)"),
        ("M - m + 1", "(M-m+1,)"), ("(M - l) // q + 1", "((M-l)//q+1,)"), ("-M + 9", "(-M+9,)"),
        ("2 * M", "(2*M,)"), ("M / 2", "(M/2,)"), ("M % 3", "(M%3,)"), ("M^2", "(M^2,)"),
        ("2 * (M + 1)", "(2*(M+1),)"), ("M'", "(M_prime,)"),
    ],
)  # fmt: skip
def test_is_written_as_it_was_read(declaration, text):
    assert shape_text(read_shape("x", declaration)) == text


@pytest.mark.parametrize("wrong", ["M[0]", "1.5", "M < N", "f(M)", "True", "~M", "M @ N", "M ("])
def test_what_is_no_size_is_refused(wrong):
    with pytest.raises(FormulaError, match=r"^the shape of x has the size "):
        read_shape("x", [wrong])


@pytest.mark.parametrize("wrong", [True, 1.5, None, {"M": 3}])
def test_what_is_no_shape_is_refused(wrong):
    with pytest.raises(FormulaError, match=rf"^the shape of x was given as {type(wrong).__name__}"):
        read_shape("x", wrong)


def test_whole_numbers_are_exact_or_refused():
    assert size(str(LARGEST)) == Number(float(LARGEST))
    with pytest.raises(FormulaError, match="has the size"):
        read_shape("x", str(LARGEST + 1))


def test_what_is_refused_is_shown_as_far_as_it_is_short():
    for length, shown in ((59, "+" * 59), (60, "+" * 57 + "...")):
        with pytest.raises(FormulaError) as caught:
            read_shape("x", ["+" * length])
        assert f"has the size {shown!r}:" in str(caught.value)


# ---- values -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("M-m+1", 5), ("-M", -7), ("2*M*m", 42), ("M//2", 3), ("-M//2", -4),
        ("M/2", Fraction(7, 2)), ("M%4", 3), ("M^2", 49), ("m^-M", Fraction(1, 3**7)), ("0^0", 1),
        ("M%(m-3)", None), ("0^-1", None), ("4^(1/2)", None), ("2^64", None), ("2^32", 2**32),
        ("M/(m-3)", None), ("1^M", 1), ("M+q", None),
    ],
)  # fmt: skip
def test_value(text, value):
    assert size_value(size(text), {"M": 7, "m": 3}) == value


def test_what_has_no_value():
    assert size_value(Index("i"), {"i": 3}) is None
    assert size_value(Number(float("inf")), {}) is None
    assert size_value(Read("M"), {}) is None


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("M", "M", True), ("M-m+1", "1+M-m", True), ("M", "N", False), ("2*M", "M+M", True),
        ("M*M", "M^2", True), ("M-N", "N-M", False), ("M", "1009", False), ("M//1", "M", True),
        ("M//2", "(M-1)//2", False), ("M//2", "(M+1)//2", False), ("M%2", "1", False),
        ("M/(N-N)", "M", False), ("M", "M/(N-N)", False), ("M/(N-N)", "1+M/(N-N)", False),
    ],
)  # fmt: skip
def test_the_same_size(one, two, same):
    """Not because they are so for one choice of numbers, nor because neither has a value."""
    assert same_size(size(one), size(two)) is same


def test_names():
    assert names_in(read_shape("x", "M-m+1 (C*q)//2 5")) == {"M", "m", "C", "q"}


def test_a_size_that_is_needed():
    assert whole_size(size("M//2"), {"M": 7}, "y") == 3
    for text, error, words in (
        ("M/2", ShapeError, "y is M/2 = 7/2, which is not a whole number"),
        ("M/(M-M)", ShapeError, "y is M/(M-M), which is no number"),
        ("q+M+p", UnboundSizeError, "y is q+M+p, but no array's shape says what p is: give it by "),
    ):
        with pytest.raises(error) as caught:
            whole_size(size(text), {"M": 7}, "y")
        assert str(caught.value).startswith(words)


# ---- equations ----------------------------------------------------------------------------------


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
        ({"x": "M+N", "y": "M+2*N", "z": "K-M"}, {"x": (7,), "y": (9,), "z": (1,)},
         {"M": 5, "N": 2, "K": 6}),
        ({"x": "M+N+K", "y": "M+N-K", "z": "M-N+K"}, {"x": (9,), "y": (3,), "z": (5,)},
         {"M": 4, "N": 2, "K": 3}),
        ({"x": "M*N", "w": "N"}, {"x": (6,), "w": (2,)}, {"M": 3, "N": 2}),
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
    assert bound({"x": "(M+N)//2"}, {"x": (4,)}).values == {}


def test_arrays_without_a_declaration_say_nothing():
    assert bound({"x": "M"}, {"x": (3,), "z": (8, 9)}).values == {"M": 3}


def test_texts():
    assert size_text(Index("i")) == "?"
