"""Sizes: read, written and evaluated."""

from fractions import Fraction

import pytest

from cnnmath.core.nodes import Index, Number, Read
from cnnmath.core.shapes import (
    LARGEST,
    names_in,
    read_shape,
    same_size,
    shape_text,
    size_text,
    size_value,
    whole_size,
)
from cnnmath.errors import FormulaError, ShapeError, UnboundSizeError


def size(text):
    (found,) = read_shape("x", text)
    return found


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
        ("(M-1)//N", "0", False), ("(N-1)//M", "0", False), ("M%N", "M", False),
        ("2^M", "2^N", False),
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
        ("M/2", ShapeError, "y is M/2 = 7/2, which is not a whole number: declare M//2 if"),
        ("M/(M-M)", ShapeError, "y is M/(M-M), which is no number"),
        ("q+M+p", UnboundSizeError, "y is q+M+p, but no array's shape says what p is: give it by "),
    ):
        with pytest.raises(error) as caught:
            whole_size(size(text), {"M": 7}, "y")
        assert str(caught.value).startswith(words)


def test_texts():
    assert size_text(Index("i")) == "?"
