"""A figure among other widgets: traits that are linked, and what it does not take."""

import ipywidgets
import numpy as np
import pytest
from figures import X, moving, plain

from cnnmath import errors
from cnnmath.catalogue import convolution, elu, elu_gradient
from cnnmath.explorer import curves, explore, translator
from cnnmath.formula import Formula

STEP = Formula(r"v_i = w_i - \eta\, g_i", w="n", g="n", v="n", eta="", name="step")


def step():
    return explore(STEP, w=[1, 2], g=[10, 20], eta=0.1)


# ---- traits that are linked ---------------------------------------------------------------------


def test_a_number_that_is_no_array_is_linked_both_ways():
    e = step()
    slider = ipywidgets.FloatSlider(min=0, max=1)
    ipywidgets.link((e, "number_eta"), (slider, "value"))
    assert slider.value == 0.1
    slider.value = 0.5
    np.testing.assert_array_equal(e.results["v"], [-4, -8])
    e.arrays["eta"] = 0.25
    assert slider.value == e.number_eta == 0.25


def test_a_number_of_an_array_is_linked_both_ways():
    e = moving()
    slider, cell = ipywidgets.FloatSlider(min=-5, max=5), e.cell("W", (1, 0))
    ipywidgets.link((cell, "value"), (slider, "value"))
    assert slider.value == 2
    slider.value = -3
    assert e.arrays["W"][1, 0] == -3
    e.arrays["W"] = [[1, 0], [4, -1]]
    assert slider.value == 4
    e.sizes = {"m": 1}
    assert slider.value == 4  # cropped away
    with pytest.raises(errors.NoSuchElementError, match=r"W has no element \(1, 0\) at these"):
        cell.value = 5
    with pytest.raises(errors.ArrayValueError, match=r"W\[1, 0\]: expected a finite number"):
        cell.value = np.nan


def test_a_menu_chooses_a_size_and_follows_it():
    e = moving()
    menu = ipywidgets.Dropdown(options=[1, 2, 3])
    ipywidgets.link((menu, "value"), (e, "size_q"))
    menu.value = 2
    assert e.results["a"].shape == (1, 2)
    e.sizes["q"] = 3
    assert menu.value == 3


def test_a_menu_chooses_an_array():
    e = plain()
    kernels = {"ones": np.ones((2, 2, 2)), "zeros": np.zeros((2, 2, 2))}
    menu = ipywidgets.Dropdown(options=list(kernels))
    menu.observe(lambda change: e.arrays.update(W=kernels[change.new]), "value")
    menu.value = "zeros"
    np.testing.assert_array_equal(e.arrays["W"], kernels["zeros"])


def test_two_figures_show_the_same_arrays():
    one, two = plain(), plain()
    ipywidgets.link((one, "arrays"), (two, "arrays"))
    one.arrays["b"] = [5, 6]
    two.arrays["x"] = X + 1
    for e in (one, two):
        np.testing.assert_array_equal(e.arrays["b"], [5, 6])
        np.testing.assert_array_equal(e.arrays["x"], X + 1)
    two.arrays["b"] = [7, 8]  # each still moves by itself
    np.testing.assert_array_equal(one.results["a"], two.results["a"])


def test_what_the_browser_has_of_a_figure():
    """What `jslink` takes hold of, and what comes from there."""
    e = step()
    assert {"arrays", "sizes", "number_eta"} <= set(e.get_state())
    assert {"size_q", "size_P", "size_m", "size_n"} <= set(moving().get_state())
    e.set_state({"number_eta": 1})
    np.testing.assert_array_equal(e.results["v"], [-9, -18])
    m = moving()
    m.set_state({"size_q": 2})  # of a slider, while the figure stands nowhere
    assert (m.sizes["q"], m.results["a"].shape) == (2, (1, 2))


@pytest.mark.parametrize(
    ("make", "name", "value"), [(moving, "size_m", 1), (step, "number_eta", 2)]
)
def test_the_browser_hears_of_one_alone_after_all_of_them(monkeypatch, make, name, value):
    """Else it would take it for what a slider wants, and answer."""
    e, told = make(), []
    monkeypatch.setattr(e, "send_state", lambda key: told.append(key))
    setattr(e, name, value)
    assert told[-1] == name
    assert set(told[:-1]) <= {"sizes", "arrays"} != set()


def test_a_figure_stands_in_a_box():
    e = plain()
    box = ipywidgets.Tab([ipywidgets.HBox([ipywidgets.IntSlider(), e]), step()])
    assert box.children[0].children[1] is e
    assert "Explorer(convolution: x (3, 4)" in repr(box)


# ---- colours ------------------------------------------------------------------------------------


def colours_in(e):
    return {name: look["colour"]["light"] for name, look in e.state["looks"].items()}


SCORES = Formula(r"S_{ij} = \sum_k Q_{ik} K_{jk}", Q="n d", K="n d", S="n n", name="scores")
READ = Formula(r"A_{ik} = \sum_j S_{ij} V_{jk}", S="n n", V="n d", A="n d", name="read")


def attention():
    return explore(SCORES, READ, Q=np.eye(2), K=np.eye(2), V=np.eye(2), caption="Own.")


def test_own_symbols_do_not_share_a_colour():
    e = attention()
    found = colours_in(e)
    assert sorted(found) == ["A", "K", "Q", "S", "V"]
    assert len(set(found.values())) == 5
    for name, colour in found.items():
        assert f'style="color:{colour}"><mrow><mi>{name}<' in e.still()


def test_an_author_gives_a_symbol_a_role():
    before = attention()
    e = before.colours(Q="kernel").colours(S="output")
    assert e.state["looks"]["Q"]["role"] == "kernel"
    assert colours_in(e)["Q"] == colours_in(e)["V"] == "#bb5708"
    assert colours_in(e)["S"] == "#882a64"
    assert before.state["looks"]["Q"]["role"] == "Q"  # which stays as it was
    c = curves((elu, elu_gradient, {"alpha": 1}), x=2)
    c.numbers = {"ELU": {"alpha": 3}}
    d = c.colours(h="kernel")
    assert (colours_in(d)["h"], d.x, d.numbers["ELU"]["alpha"]) == ("#bb5708", 2, 3)


@pytest.mark.parametrize(
    ("roles", "said"),
    [
        ({"q": "kernel"}, "no symbol q: Q, K, S, V, A; did you mean Q?"),
        ({"Q": "kernels"}, 'Q=\'kernels\' is no role: expected one of "input", "kernel", .*; did'),
        ({"Q": 3}, "Q=3 is no role"),
    ],
)
def test_what_is_no_role_or_symbol_is_told(roles, said):
    with pytest.raises(errors.CnnMathError, match=said):
        attention().colours(**roles)


# ---- mistakes -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def unchanged():
    return moving()


def assign(name, value=1):
    return lambda e: setattr(e, name, value)


@pytest.mark.parametrize(
    ("mistake", "said"),
    {
        "array": (assign("W"), r'to give W other numbers write figure.arrays\["W"\] = ...'),
        "item": (lambda e: e.__setitem__("W", 1), r'write figure.arrays\["W"\] = ...'),
        "other case": (assign("w"), r"no w; did you mean W\? to give W other numbers write"),
        "size": (assign("q"), r'to choose q write figure.sizes\["q"\] = ...'),
        "result": (assign("a"), "a is calculated: change what it is made of, x, W"),
        "result's item": (lambda e: e.results.update(a=1), "a is calculated"),
        "arrays": (assign("arrays", {"W": 1}), r'write figure.arrays\["W"\] = ..., with its name'),
        "another array": (lambda e: e.arrays.update(w=1), "no w; did you mean W"),
        "unknown": (assign("colour"), "no colour to be set: it has arrays, size_P, size_m, .*"),
        "nearly a trait": (assign("sizs"), "did you mean sizes?"),
        "cell": (lambda e: e.cell("w", 0), "w is not given: expected one of x, W; did you mean W?"),
        "place": (lambda e: e.cell("W", (2, 0)), r"W has shape \(2, 2\) and no element \(2, 0\)"),
    }.values(),
)
def test_a_mistake_is_told_and_changes_nothing(unchanged, mistake, said):
    e = unchanged
    before = e.page_state()
    with pytest.raises(errors.CnnMathError, match=said):
        mistake(e)
    assert e.page_state() == before


def test_a_size_that_stays_says_how_to_move_it():
    stride = Formula(r"y_i = x_{si}", x="M", y="P")
    with pytest.raises(errors.CnnMathError, match=r"s stays 2 here: explore\(..., sizes="):
        explore(stride, x=np.arange(6), s=2, P=3).s = 3


def test_mistakes_of_other_figures():
    with pytest.raises(errors.CnnMathError, match=r'write figure.numbers = \{"ELU": \{"alpha":'):
        curves((elu, elu_gradient, {"alpha": 1})).alpha = 2
    with pytest.raises(errors.CnnMathError, match=r"no laier to be set: .*; did you mean layer\?"):
        translator("nn.MaxPool2d(2)").laier = "nn.MaxPool2d(3)"


@pytest.mark.parametrize(
    ("call", "said"),
    {
        "option": (lambda: plain_with(captoin="Mine."), "reads captoin; did you mean caption?"),
        "plot's": (
            lambda: plain_with(cmap="viridis"),
            "reads cmap; they read W, x, b, and the opt",
        ),
        "case": (lambda: explore(convolution, x=X, w=1, b=[1]), "reads w; did you mean W?"),
        "in a call": (lambda: convolution(x=X, w=1, b=[1]), "; did you mean W?"),
        "positional": (
            lambda: explore(convolution, X, [[1]]),
            "needs formulas, got ndarray: arrays are given by name",
        ),
        "called": (
            lambda: convolution(X, [[1]], [1]),
            r"convolution is given what it reads by name: formula\(W=..., x=..., b=...\)",
        ),
    }.values(),
)
def test_what_explore_does_not_take_is_told(call, said):
    with pytest.raises(errors.CnnMathError, match=said):
        call()


def plain_with(**options):
    return explore(convolution, x=X, W=np.ones((1, 2, 2)), b=[1], **options)
