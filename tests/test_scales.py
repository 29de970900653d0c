"""Scales: which arrays have one in common, from where to where it goes, and what stands below."""

import numpy as np
import pytest

from cnnmath.plots.scales import Scale, scales


def ends(scale):
    return scale.low, scale.high, scale.grey, scale.is_open


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([0.2, 0.8], (0, 1)),
        ([0, 1], (0, 1)),
        ([0, 1.5], (0, 1.5)),
        ([-0.5, 0.5], (-0.5, 0.5)),
        ([3, 7], (3, 7)),
        ([5, 5], (5, 6)),
        ([-2, np.nan, np.inf], (-2, -1)),
        ([np.nan], (0, 1)),
    ],
)
def test_greys_go_from_0_to_1_or_from_the_lowest_to_the_highest(numbers, expected):
    found = scales({"x": np.array(numbers, float)}, {"x"}, shared=True)
    assert ends(found["x"]) == (*expected, True, False)


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([1, -3], (-3, 3)),
        ([2, np.inf, np.nan], (-2, 2)),
        ([0, 0], (-1, 1)),
        ([np.nan], (-1, 1)),
    ],
)
def test_signed_numbers_go_as_far_below_0_as_above(numbers, expected):
    found = scales({"x": np.array(numbers, float)}, (), shared=True)
    assert ends(found["x"]) == (*expected, False, False)


def test_a_scale_is_shared_by_those_of_its_kind():
    arrays = {name: np.array([float(n)]) for name, n in dict(a=2, b=-5, c=7, d=9).items()}
    shared = scales(arrays, {"c", "d"}, shared=True)
    assert [ends(shared[name])[:2] for name in "abcd"] == [(-5, 5), (-5, 5), (7, 9), (7, 9)]
    own = scales(arrays, {"c", "d"}, shared=False)
    assert [ends(own[name])[:2] for name in "abcd"] == [(-2, 2), (-5, 5), (7, 8), (9, 10)]


def test_few_extremes_are_cut_off_where_they_would_make_the_others_pale():
    """The largest of 1000 is beyond 99.5 % of them, which go to 2."""
    numbers = np.full(1000, 2.0)
    for largest, expected in ((3.0, (-3, 3, False, False)), (3.1, (-2, 2, False, True))):
        numbers[0] = -largest
        found = scales({"x": numbers}, (), shared=True, trimmed=True)["x"]
        assert ends(found) == expected
        assert ends(scales({"x": numbers}, (), shared=True)["x"])[:2] == (-largest, largest)
    numbers[:] = 0
    numbers[0] = 4
    assert ends(scales({"x": numbers}, (), True, trimmed=True)["x"]) == (-4, 4, False, False)


def test_shares_and_marks():
    signed, grey = Scale(-4.0, 4.0, grey=False), Scale(2.0, 6.0, grey=True)
    np.testing.assert_array_equal(
        signed.shares(np.array([-8.0, -4, 0, 1, 9])), [-1, -1, 0, 0.25, 1]
    )
    np.testing.assert_array_equal(grey.shares(np.array([1.0, 2, 3, 6, 7])), [0, 0, 0.25, 1, 1])
    assert signed.marks == {-4.0: "−4", 0.0: "0", 4.0: "4"}
    assert grey.marks == {2.0: "2", 6.0: "6"}
    assert Scale(-4.0, 4.0, False, True).marks == {-4.0: "≤ −4", 0.0: "0", 4.0: "≥ 4"}


def test_colours_on_either_page():
    grey = Scale(2.0, 6.0, grey=True)
    np.testing.assert_allclose(grey.colours(np.array([2.0, 3, 6])), [[0] * 3, [0.25] * 3, [1] * 3])
    signed = Scale(-1.0, 1.0, grey=False)
    for page in ("light", "dark"):
        low, half, middle, high = signed.colours(np.array([-1, -0.5, 0, 1]), page)
        np.testing.assert_allclose(half, (low + middle) / 2)
        assert low[2] > low[0] and high[0] > high[2]
        assert bool(middle.min() > 0.9) is (page == "light")
