"""Sizes that move, from Python: what follows them, what is refused, and links to sliders."""

import gzip
import json

import ipywidgets
import numpy as np
import pytest
from figures import X, moving, moving_network, small_network

from cnnmath import errors
from cnnmath.catalogue import (
    convolution,
    error_signal,
    input_gradient,
    kernel_gradient,
    max_pooling,
    pooled,
    rectified,
)
from cnnmath.explorer import explore
from cnnmath.explorer.moving_sizes import resized
from cnnmath.formula import Formula

# ---- what follows -------------------------------------------------------------------------------


def test_a_continued_array_repeats_the_authors_from_its_start_and_keeps_edits():
    authors = np.array([[1.0, 2], [3, 4]])
    now = np.array([[9.0, 2], [3, 4]])
    np.testing.assert_array_equal(
        resized(now, authors, (3, 5)), [[9, 2, 1, 2, 1], [3, 4, 3, 4, 3], [1, 2, 1, 2, 1]]
    )
    np.testing.assert_array_equal(resized(now, authors, (1, 2)), [[9, 2]])
    np.testing.assert_array_equal(resized(now[:1], authors, (2, 1)), [[9], [3]])
    np.testing.assert_array_equal(resized(np.array(5.0), np.array(4.0), ()), 5)


def test_arrays_and_results_follow_a_size():
    e = moving()
    e.arrays["W"] = [[5, 0], [2, -1]]
    e.sizes["m"] = 3
    W = np.array([[5, 0], [2, -1], [1, 0]])
    np.testing.assert_array_equal(e.arrays["W"], W)
    np.testing.assert_array_equal(e.arrays["x"], X)
    expected = [[(W * X[:, j : j + 2]).sum() for j in range(3)]]
    np.testing.assert_array_equal(e.results["a"], expected)
    e.sizes = {"q": 2, "P": 1}
    wide = np.pad(X, 1)
    expected = [[(W * wide[i : i + 3, j : j + 2]).sum() for j in (0, 2, 4)] for i in (0, 2)]
    np.testing.assert_array_equal(e.results["a"], expected)
    assert e.sizes == {"q": 2, "P": 1, "m": 3, "n": 2}


def test_what_is_given_as_a_gradient_takes_the_size_of_the_output():
    """Also where that depends on sizes that only another formula knows."""
    delta = np.arange(6.0).reshape(1, 2, 3)
    e = explore(
        convolution, kernel_gradient, input_gradient,
        x=X, W=np.ones((1, 2, 2)), b=[0], delta=delta, sizes={"m": (1, 3), "N": (3, 6)},
    )  # fmt: skip
    e.sizes = {"m": 3, "N": 6}
    assert e.arrays["delta"].shape == e.results["a"].shape == (1, 1, 5)
    assert e.results["dE_dx"].shape == e.arrays["x"].shape == (3, 6)
    network = moving_network()
    network.sizes = {"m": 1, "l": 3, "q": 3, "M": 9}
    assert network.arrays["dE_dp"].shape == network.results["p"].shape == (1, 3, 2)


def test_what_a_formula_cannot_tell_of_a_size_another_one_does():
    """Of the gradient alone, which comes first, only M-m+1 and N-n+1 are known."""
    e = explore(
        error_signal, input_gradient,
        dE_da=np.ones((1, 2, 3)), W=np.ones((1, 2, 2)), sizes={"m": (1, 3)},
    )  # fmt: skip
    for m in (1, 3):
        e.sizes["m"] = m
        assert e.arrays["W"].shape == (1, m, 2)
        assert e.arrays["dE_da"].shape == (1, 4 - m, 3)
        assert e.results["dE_dx"].shape == (3, 4)


def test_a_shape_that_the_sizes_leave_open_stays():
    """Of a and y only M-m+1 is known, and neither M nor m."""
    loss = Formula(
        r"E = \frac{1}{l} \sum_{i} (a_i - y_i)^2", a="M-m+1", y="M-m+1", l="", name="loss"
    )
    window = Formula(r"z_i = \sum_{s<r} a_{i+s}", a="M-m+1", z="M-m+2-r")
    e = explore(loss, window, a=[1, 2, 3], y=[0, 0, 0], l=3, r=2, sizes={"r": (1, 3)})
    e.sizes["r"] = 3
    assert e.arrays["a"].shape == e.arrays["y"].shape == (3,)
    np.testing.assert_array_equal(e.results["z"], [6])


def test_a_new_shape_moves_the_sizes_that_it_shows():
    e = moving()
    heard = []
    e.observe(heard.append, "arrays")
    e.arrays["W"] = np.full((3, 1), 7)
    assert len(heard) == 1
    assert (e.sizes["m"], e.sizes["n"]) == (3, 1)
    np.testing.assert_array_equal(e.arrays["W"], np.full((3, 1), 7))
    with pytest.raises(
        errors.ShapeError, match=r"W has shape \(3, 1\) in the figure, not \(9, 1\)"
    ):
        e.arrays["W"] = np.ones((9, 1))
    e = explore(convolution, kernel_gradient, x=X, W=np.ones((1, 2, 2)), b=[0],
                delta=np.ones((1, 2, 3)), sizes={"m": (1, 3), "M": (2, 5)})  # fmt: skip
    with pytest.raises(errors.ShapeError, match=r"\(1, 3, 3\) may mean m = 1 or M = 4: choose"):
        e.arrays["delta"] = np.ones((1, 3, 3))


# ---- what is impossible, or makes no sense ------------------------------------------------------


def test_an_impossible_size_raises_and_changes_nothing():
    e = moving()
    heard = []
    e.observe(heard.append)
    for wanted in ({"m": 4}, {"m": 5, "P": 0}, {"q": 9}, {"q": 1.5}, {"q": "two"}, {"z": 1}):
        with pytest.raises(errors.CnnMathError):
            e.sizes = wanted
    with pytest.raises(errors.ShapeError, match=r"a would have no elements: .* = \(0, 3\)"):
        e.size_m = 4
    with pytest.raises(errors.CnnMathError, match="needs m"):
        del e.sizes["m"]
    assert heard == []
    assert (e.size_m, e.arrays["W"].shape, e.results["a"].shape) == (2, (2, 2), (2, 3))


AMBIGUOUS = Formula(r"h_{ij} = \sum_s V_s a_{i+s,j}", a="M N", V="m", h="M-m+1 N", name="second")
REFUSED = {
    "unknown": ({"z": (1, 2)}, r"z is to move, but no shape says .* expected one of M, N, l, q"),
    "no pair": ({"q": 3}, r"range of q was given as 3: expected \(first, last\)"),
    "text": ({"q": "13"}, r"range of q was given as '13': expected \(first, last\)"),
    "fraction": ({"q": (1, 2.5)}, "q was given as 2.5: expected a whole number"),
    "backwards": ({"q": (3, 1)}, "q cannot move from 3 to 1"),
    "elsewhere": ({"l": (3, 4)}, "l is to move from 3 to 4, but it is 2 at first"),
    "still": ({"l": (2, 2)}, "l cannot move, it must be 2"),
    "too many": ({"M": (1, 99), "N": (1, 99)}, "M, N can be chosen in 9,801 ways.* at most 2,000"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name):
    sizes, match = REFUSED[name]
    with pytest.raises(errors.CnnMathError, match=match):
        explore(max_pooling, x=X, l=2, q=1, sizes=sizes)


def test_a_size_that_follows_from_others_cannot_be_moved():
    with pytest.raises(
        errors.ShapeError, match="O cannot move, it must be 2; at O = 1: axis 1 of a"
    ):
        explore(convolution, rectified, x=X, W=np.ones((1, 2, 2)), b=[0], sizes={"O": (1, 3)})


def test_one_name_for_two_sizes_is_refused():
    first = Formula(r"a_{ij} = \sum_s W_s x_{i,j+s}", x="M N", W="m", a="M N-m+1", name="first")
    with pytest.raises(errors.ShapeError, match=r"N cannot move, .*: 4 in first, 3 in second"):
        explore(first, AMBIGUOUS, x=X, W=[1, 1], V=[1, 2], sizes={"N": (2, 5)})


# ---- traits -------------------------------------------------------------------------------------


def test_a_slider_is_linked():
    e = moving()
    slider = ipywidgets.IntSlider(min=1, max=3)
    ipywidgets.link((slider, "value"), (e, "size_q"))
    slider.value = 2
    assert e.sizes["q"] == 2
    assert e.results["a"].shape == (1, 2)
    e.sizes = {"q": 3}
    assert slider.value == e.size_q == 3


def test_what_the_browser_sends_moves_arrays_and_sizes_together():
    e = moving()
    heard = []
    e.observe(heard.append, "sizes")
    W = {"shape": [3, 2], "data": [1, 2, 3, 4, 5, 6]}
    sent = {**e.get_state("arrays")["arrays"], "W": W}
    e.set_state({"arrays": sent, "sizes": {**e.sizes, "m": 3}})
    assert len(heard) == 1
    assert e.size_m == 3
    np.testing.assert_array_equal(e.arrays["W"], [[1, 2], [3, 4], [5, 6]])
    # An edit from before the sizes moved.
    W = {"shape": [2, 2], "data": [8, 8, 8, 8]}
    e.set_state({"arrays": {**sent, "W": W}})
    np.testing.assert_array_equal(e.arrays["W"], [[8, 8], [8, 8], [1, 0]])


def test_a_figure_starts_from_its_sizes_as_they_are_now():
    e = moving()
    e.sizes = {"m": 3, "P": 1}
    state = e.page_state()
    assert state["sizes"] == {"q": 1, "P": 1, "m": 3, "n": 2}
    assert state["arrays"]["W"]["shape"] == [3, 2]
    assert "</span> 3 × 2</p>" in e.page()


# ---- the table ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def untouched():
    """Figures that the tests only look at."""
    return moving(), moving_network()


def test_at_the_start_the_table_says_what_the_formulas_say(untouched):
    for figure in untouched:
        table = figure.state["sizing"]
        at = 0
        for name, (first, last) in table["ranges"].items():
            at = at * (last - first + 1) + figure.sizes[name] - first
        shapes, *bindings = table["choices"][at]
        assert table["shapes"][shapes] == {n: a.shape for n, a in figure.arrays.items()}
        for formula, which, known in zip(
            figure.state["formulas"], bindings, table["bindings"], strict=True
        ):
            assert {**formula, **known[which]} == formula


def test_a_figure_without_moving_sizes_has_no_table():
    assert small_network().state["sizing"] is None


def test_the_table_is_small(untouched):
    for figure in untouched:
        text = json.dumps(figure.state["sizing"], separators=(",", ":"))
        assert len(gzip.compress(text.encode())) < 10 * 1024


def test_axes_that_show_a_size_are_known():
    assert moving().state["sizing"]["axes"] == {"W": ["m", "n"]}
    e = explore(pooled, h=np.ones((2, 4, 4)), l=2, q=2, sizes={"O": (2, 6), "K": (1, 3)})
    assert e.state["sizing"]["axes"] == {"h": ["K", "O", ""]}
