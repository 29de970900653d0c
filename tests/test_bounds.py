"""What stands under a sum: bounds that several indices share, and chains of indices."""

from itertools import product

import numpy as np
import pytest

from cnnmath.formula import Formula

X = np.array([[3.0, 1.0, 4.0], [1.0, 5.0, 9.0], [2.0, 6.0, 5.0]])
W = np.array([2.0, -1.0, 3.0, 7.0])


def total(ranges, counts, term):
    return sum(term(*place) for place in product(*ranges) if counts(*place))


@pytest.mark.parametrize(
    ("under", "ranges", "counts"),
    [
        (r"1 \le i < j \le 4", (range(1, 5), range(1, 5)), lambda i, j: i < j),
        (r"0 \le i < j < 4", (range(4), range(4)), lambda i, j: i < j),
        (r"1 \le i \le j \le 4", (range(1, 5), range(1, 5)), lambda i, j: i <= j),
        (r"1 \le i < j, j \le 4", (range(1, 5), range(1, 5)), lambda i, j: i < j),
        (r"i < j \le 4, 2 \le i", (range(2, 5), range(2, 5)), lambda i, j: i < j),
        (r"i \le 2, 1 \le i < j \le 4", (range(1, 3), range(1, 5)), lambda i, j: i < j),
        (r"1 \le i < j \le 4, i \le 2", (range(1, 3), range(1, 5)), lambda i, j: i < j),
        (r"4 \ge j > i \ge 1", (range(1, 5), range(1, 5)), lambda i, j: i < j),
        (r"0 \le i,j < 3", (range(3), range(3)), lambda i, j: True),
        (r"i,j < 3", (range(3), range(3)), lambda i, j: True),
        (r"1 \le i,j \le 3", (range(1, 4), range(1, 4)), lambda i, j: True),
    ],
)
def test_of_two_indices(under, ranges, counts):
    found = Formula(rf"y = \sum_{{{under}}} (i + 10 j + 100)")()
    assert found == total(ranges, counts, lambda i, j: i + 10 * j + 100)


def test_of_a_chain_of_three():
    """In `i < j < k \\le n` j ends where k does, and i where j does."""
    inside = (range(1, 6),) * 3
    for under, counts in (
        (r"1 \le i < j < k \le 5", lambda i, j, k: i < j < k),
        (r"1 \le i \le j < k \le 5", lambda i, j, k: i <= j < k),
    ):
        found = Formula(rf"y = \sum_{{{under}}} (i + 10 j + 100 k)")()
        assert found == total(inside, counts, lambda i, j, k: i + 10 * j + 100 * k)


def test_of_two_groups_each_has_its_own():
    found = Formula(r"y = \sum_{1 \le s,t < 3, 0 \le u,v < 2} (s + 10 t + 100 u + 1000 v)")()
    ranges = (range(1, 3), range(1, 3), range(2), range(2))
    every = total(ranges, lambda *_: True, lambda s, t, u, v: s + 10 * t + 100 * u + 1000 * v)
    assert found == every


def test_of_three_indices_at_once():
    found = Formula(r"y = \sum_{1 \le s,t,u < 4} (s + 10 t + 100 u)")()
    assert found == 27 * 2 * 111
    assert Formula(r"y = \sum_{s,t,u < 4} (s + 10 t + 100 u)")() == 64 * 1.5 * 111


def test_an_index_before_a_group_keeps_its_own_bounds():
    found = Formula(r"y = \sum_{2 \le u, 1 \le s,t < 4} w_u (s + 10 t)")(w=W)
    assert found == (3 + 7) * 9 * 2 * 11
    found = Formula(r"y = \sum_{k, 0 \le s,t < 3} w_k (s + 10 t + 1)")(w=W)
    assert found == 11 * 9 * 12


def test_an_index_before_a_comparison_of_indices_keeps_its_axis():
    found = Formula(r"y = \sum_{k, i < j} w_k x_{ij}")(w=W, x=X)
    assert found == 11 * (1 + 4 + 9)


def test_an_index_that_bounds_another_does_not_share_that_bound():
    """In `0 \\le i, j < i` only j ends before i; i runs along its axis."""
    assert Formula(r"y = \sum_{0 \le i, j < i} x_{ij}")(x=X) == 1 + 2 + 6
