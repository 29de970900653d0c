r"""Derivatives of formulas against central differences, and the trees that they become."""

import numpy as np
import pytest

from cnnmath.call import check
from cnnmath.core.nodes import Compare, Jacobian, Logic, Number, Reduce
from cnnmath.errors import (
    FormulaError,
    FormulaSyntaxError,
    IndexReuseError,
    MissingArrayError,
    ShapeError,
)
from cnnmath.formula import Formula

STEP = 1e-6


def central_differences(formula, name, arrays):
    """d formula / d array, the indices of the formula first."""
    at = np.array(arrays[name], dtype=float)
    columns = []
    for place in np.ndindex(at.shape):
        ends = []
        for step in (STEP, -STEP):
            moved = at.copy()
            moved[place] += step
            ends.append(formula(**{**arrays, name: moved}))
        columns.append((ends[0] - ends[1]) / (2 * STEP))
    value = formula(**arrays)
    return np.moveaxis(
        np.reshape(columns, (*at.shape, *value.shape)), range(at.ndim), range(-at.ndim, 0)
    )


# Each is one h_i of x_n, n = 0 ... 5, away from kinks and ties.
BODIES = [
    r"3 x_i",
    r"-x_i",
    r"x_i + c",
    r"x_i x_i",
    r"x_i^3",
    r"x_i^{-1}",
    r"x_i^c",
    r"2^{x_i}",
    r"(x_i^2 + 1)^{x_i}",
    r"\frac{1}{x_i}",
    r"\frac{x_i}{1 + \sum_j x_j^2}",
    r"c / x_i / x_i",
    r"\exp x_i",
    r"e^{-x_i^2/2}",
    r"\log(x_i^2 + 1)",
    r"\log_2(x_i^2 + 1)",
    r"\lg(x_i^2 + 1)",
    r"\sqrt{x_i^2 + 1}",
    r"\sqrt[3]{x_i^2 + 1}",
    r"|x_i|",
    r"\sin x_i",
    r"\cos x_i",
    r"\tan x_i",
    r"\sinh x_i",
    r"\cosh x_i",
    r"\tanh x_i",
    r"\arcsin(x_i / 10)",
    r"\arccos(x_i / 10)",
    r"\arctan x_i",
    r"\mathrm{erf}(x_i)",
    r"\mathrm{sigmoid}(x_i)",
    r"\mathrm{ReLU}(x_i)",
    r"\mathrm{sgn}(x_i) x_i",
    r"\lfloor x_i \rfloor x_i",
    r"\lceil x_i \rceil x_i",
    r"\max(0, x_i)",
    r"\min(x_i, c, x_{i+1})",
    r"[x_i > 0]\, x_i^2",
    r"\begin{cases} x_i^2 & x_i > 0 \\ -x_i & \text{otherwise} \end{cases}",
    r"\sum_j x_j x_i",
    r"\sum_{j \le i} x_j^2",
    r"\sum_{j \ne i} x_j^2",
    r"\sum_{s=0}^{2} w_s x_{i-s}",
    r"\sum_{s=0}^{2} w_s x_{2i+s}",
    r"\sum_{s=0}^{2} w_s x_{2s}",
    r"x_i \arg\max_j x_j",
    r"(i \bmod 3) x_i",
    r"\sum_{s=0}^{1} \sum_{t=0}^{s} x_{i+s-t}",
    r"\prod_j (x_j + 3)",
    r"\prod_{j \ne i} (x_j + 3)",
    r"\prod_{s=0}^{1} \prod_{t=0}^{1} (x_{i+s+t} + 3)",
    r"\max_j x_j",
    r"\min_j x_j",
    r"\max_{0 \le s \le 2} x_{i+s}",
    r"\max_{0 \le s,t \le 1} x_{i+s+2t}",
    r"\max_{j \ne i} x_j",
    r"x_{p_i}",
    r"x_{i-1} x_i + x_{i+1}",
    r"\frac{e^{x_i - \max x}}{\sum_j e^{x_j - \max x}}",
    r"\|x - c\|^2 x_i",
    r"\|x\|",
]
ARRAYS = {
    "x": np.array([0.4, -1.3, 2.2, 0.9, -0.6, 1.7]),
    "w": np.array([0.5, -2.0, 1.5]),
    "p": np.array([2, 2, 0, 1, 5, 4]),
    "c": 2.5,
}


@pytest.mark.parametrize("body", BODIES)
def test_the_rules_of_calculus(body):
    h = Formula(f"h_i = {body}", x="N", h="N")
    arrays = {name: array for name, array in ARRAYS.items() if name in (*h.names, "x")}
    if "^{x_i}" in body or "x_i^c" in body:
        arrays["x"] = np.abs(arrays["x"])
    value = Formula(r"D_{in} = \frac{\partial h_i}{\partial x_n}", h=h, x="N", D="N N")(**arrays)
    numeric = central_differences(h, "x", arrays)
    np.testing.assert_allclose(value, numeric, atol=2e-8, rtol=1e-6)
    assert np.abs(numeric).max() > 0.01  # else it would pass for any rule


# ---- the layers of a network --------------------------------------------------------------------


def backwards(latex, definition, arrays, **more):
    """The check of a derivation whose first link is the chain rule."""
    found = Formula(latex, **definition, **more).check(**arrays)
    assert "by central differences = link 1" in found.rows[0].what
    return found


def test_convolution():
    rng = np.random.default_rng(0)
    a = Formula(
        r"a^{(k)}_{ij} = \sum_{s=0}^{m-1} \sum_{t=0}^{n-1} W^{(k)}_{st} x_{(i+s)(j+t)} + b^{(k)}",
        x="M N", W="K m n", b="K", a="K M-m+1 N-n+1",
    )  # fmt: skip
    arrays = dict(x=rng.normal(size=(4, 5)), W=rng.normal(size=(3, 2, 3)), b=rng.normal(size=3))
    arrays["dE_da"] = rng.normal(size=(3, 3, 3))
    chain = r"\sum_{k',i,j} \frac{\partial E}{\partial a^{(k')}_{ij}} \frac{\partial a^{(k')}_{ij}}"
    for latex in (
        rf"\frac{{\partial E}}{{\partial W^{{(k)}}_{{st}}}} = {chain}{{\partial W^{{(k)}}_{{st}}}}"
        r"= \sum_{i,j} \frac{\partial E}{\partial a^{(k)}_{ij}} x_{(i+s)(j+t)}",
        rf"\frac{{\partial E}}{{\partial b^{{(k)}}}} = {chain}{{\partial b^{{(k)}}}}"
        r"= \sum_{i,j} \frac{\partial E}{\partial a^{(k)}_{ij}}",
        r"\frac{\partial E}{\partial x_{uv}} = " + chain + r"{\partial x_{uv}}"
        r"= \sum_k \sum_{s,t} \frac{\partial E}{\partial a^{(k)}_{(u-s)(v-t)}} W^{(k)}_{st}",
    ):
        assert backwards(latex, {"a": a}, arrays).ok


def test_max_pooling():
    rng = np.random.default_rng(1)
    a = Formula(
        r"a_{ij} = \max_{0 \le s,t < l} x_{(iq+s)(jq+t)}", x="M N", a="(M-l)//q+1 (N-l)//q+1"
    )
    for l, q, shape in ((2, 2, (2, 3)), (3, 1, (3, 5)), (2, 1, (4, 6))):
        arrays = dict(x=rng.permutation(np.arange(35.0)).reshape(5, 7), l=l, q=q)
        arrays["dE_da"] = rng.normal(size=shape)
        found = backwards(
            r"\frac{\partial E}{\partial x_{uv}} = \sum_{i,j} \frac{\partial E}{\partial a_{ij}} "
            r"\frac{\partial a_{ij}}{\partial x_{uv}}",
            {"a": a}, arrays,
        )  # fmt: skip
        assert found.ok


def test_of_a_tie_the_first_maximiser_gets_the_gradient():
    h = Formula(r"h = \max_i x_i", x="N")
    slopes = Formula(r"D_n = \frac{\partial h}{\partial x_n}", h=h, x="N")
    assert slopes(x=[1.0, 3.0, 3.0]).tolist() == [0, 1, 0]


def test_the_derivative_of_an_expression_beside_another_term():
    slopes = Formula(r"g_{ij} = \frac{\partial x_i^2}{\partial x_j} + x_i", x="N", g="N N")
    assert slopes(x=[3.0, 5.0]).tolist() == [[9, 3], [5, 15]]


def test_by_what_may_be_a_number_or_a_function():
    slope = r"g_i = \frac{\partial y_i}{\partial c}"
    with pytest.raises(FormulaError, match=r"is c a number or a function\? .* declare it, c=''"):
        Formula(slope, y=Formula("y_i = c(x_i + 1)", x="N"), g="N")
    declared = Formula(slope, y=Formula("y_i = c(x_i + 1)", x="N", c=""), g="N")
    assert declared(x=[1.0, 2.0], c=3.0).tolist() == [2, 3]


def test_softmax_and_cross_entropy():
    rng = np.random.default_rng(2)
    p = Formula(r"p_r = \frac{e^{a_r - \max a}}{\sum_{r'} e^{a_{r'} - \max a}}", a="R", p="R")
    arrays = dict(a=rng.normal(size=5), dE_dp=rng.normal(size=5))
    assert (
        Formula(r"\frac{\partial p_i}{\partial a_j} = p_i (\delta_{ij} - p_j)", p=p)
        .check(a=arrays["a"])
        .ok
    )
    assert backwards(
        r"\frac{\partial E}{\partial a_r} = \sum_{r'} \frac{\partial E}{\partial p_{r'}} "
        r"\frac{\partial p_{r'}}{\partial a_r}"
        r"= \sum_{r'} \frac{\partial E}{\partial p_{r'}} p_{r'} (\delta_{rr'} - p_r)",
        {"p": p}, arrays,
    ).ok  # fmt: skip
    E = Formula(r"E = -\sum_r y_r \log \frac{e^{a_r}}{\sum_{r'} e^{a_{r'}}}", y="R", a="R")
    slope = r"\frac{\partial E}{\partial a_r} = \frac{e^{a_r}}{\sum_{r'} e^{a_{r'}}} - y_r"
    assert Formula(slope, E=E).check(a=arrays["a"], y=np.eye(5)[2]).ok


def test_batch_normalisation():
    rng = np.random.default_rng(3)
    h = Formula(
        r"h_i = \frac{x_i - \frac1N \sum_j x_j}"
        r"{\sqrt{\frac1N \sum_k (x_k - \frac1N \sum_l x_l)^2 + \epsilon}}",
        x="N", h="N", epsilon="",
    )  # fmt: skip
    arrays = dict(x=rng.normal(size=6), epsilon=0.1, dE_dh=rng.normal(size=6))
    chain = (
        r"\frac{\partial E}{\partial x_n} = "
        r"\sum_i \frac{\partial E}{\partial h_i} \frac{\partial h_i}{\partial x_n}"
    )
    assert backwards(chain, {"h": h}, arrays).ok


def test_a_wrong_derivation_is_found_out():
    rng = np.random.default_rng(4)
    a = Formula(r"a_r = \sum_q V_{rq} z_q + d_r", V="R Q", z="Q", d="R", a="R")
    arrays = dict(V=rng.normal(size=(3, 4)), z=rng.normal(size=4), d=rng.normal(size=3))
    arrays["dE_da"] = rng.normal(size=3)
    start = (
        r"\frac{\partial E}{\partial z_q} = \sum_r \frac{\partial E}{\partial a_r} "
        r"\frac{\partial a_r}{\partial z_q} = "
    )
    right = backwards(start + r"\sum_r \frac{\partial E}{\partial a_r} V_{rq}", {"a": a}, arrays)
    wrong = backwards(start + r"\sum_r \frac{\partial E}{\partial a_r} z_q", {"a": a}, arrays)
    assert right.ok
    assert [row.ok for row in wrong.rows] == [True, False]
    wrong_start = start.replace(r"\frac{\partial a_r}{\partial z_q}", "z_q")
    assert [row.ok for row in backwards(wrong_start[:-2], {"a": a}, arrays).rows] == [False]


def test_what_central_differences_cannot_check(monkeypatch):
    a = Formula("a_i = 2 x_i")
    chain = Formula(
        r"\frac{\partial E}{\partial x_n} = \sum_i \frac{\partial E}{\partial a_i} "
        r"\frac{\partial a_i}{\partial x_n}", a=a, dE_dx="N", x="N",
    )  # fmt: skip
    assert chain.check(x=np.ones(4), dE_da=np.ones(4)).ok
    with pytest.raises(ShapeError, match="axis 0 of dE_da, of length 1, and along axis 0 of a, of"):
        chain.check(x=np.ones(4), dE_da=np.ones(1))
    monkeypatch.setattr(check, "MOST_SLOPES", 100)  # at its own, 10,000, the chain takes seconds
    assert chain.check(x=np.ones(100), dE_da=np.ones(100)).ok
    with pytest.raises(FormulaError, match=r"x has 101 elements.* at most 100"):
        chain.check(x=np.ones(101), dE_da=np.ones(101))
    with pytest.raises(MissingArrayError, match="give x"):
        chain.check(N=4, dE_da=np.ones(4))


def test_a_defined_quantity_is_calculated_or_given():
    a = Formula(r"a_r = \sum_q V_{rq} z_q", V="R Q", z="Q", a="R")
    h = Formula("h_r = a_r^2", a=a, h="R")
    V, z = np.array([[1.0, 2.0]]), np.array([3.0, 4.0])
    assert h(V=V, z=z).tolist() == [121]
    assert h(a=[5.0]).tolist() == [25]
    chain = Formula(r"\frac{\partial h_r}{\partial a_s} = 2 a_r \delta_{rs}", h=h, a=a)
    assert chain.check(V=V, z=z).ok
    assert chain.check(a=[7.0]).ok


# ---- the trees ----------------------------------------------------------------------------------


def test_sums_collapse_where_an_index_is_fixed():
    a = Formula(r"a_r = \sum_q V_{rq} z_q", V="R Q", z="Q", a="R")
    slope = Formula(r"\frac{\partial a_r}{\partial z_q} = V_{rq}", a=a)
    nodes = list(slope.links[0].walk())
    assert not any(isinstance(node, Jacobian | Reduce) for node in nodes)
    assert slope.check(V=np.ones((2, 3)), z=np.ones(3)).ok


@pytest.mark.parametrize("body", [r"\max(0, x_i)", r"\max(x_i, 0)", r"x_i^i"])
def test_sums_collapse_through_a_maximum_and_a_power(body):
    h = Formula(rf"h = \sum_i w_i {body}", x="N", w="N", h="")
    slope = Formula(r"D_n = \frac{\partial h}{\partial x_n}", h=h, D="N")
    assert not any(isinstance(node, Reduce) for node in slope.links[0].walk())


def test_to_the_power_0_the_derivative_is_0_at_0_too():
    h = Formula("h_i = x_i^c", x="N", h="N", c="")
    slope = Formula(r"D_i = \frac{\partial h_i}{\partial x_i}", h=h, D="N")
    assert slope(x=[0.0, 2.0], c=0.0).tolist() == [0, 0]
    assert slope(x=[0.0, 2.0], c=2.0).tolist() == [0, 4]


def test_bound_indices_of_a_definition_do_not_clash_with_those_around():
    a = Formula(r"a_i = \sum_s w_s x_{i+s}", x="N", w="m", a="N-m+1")
    chain = Formula(
        r"\frac{\partial E}{\partial w_s} = \sum_i \frac{\partial E}{\partial a_i} "
        r"\frac{\partial a_i}{\partial w_s} \sum_t w_t", a=a,
    )  # fmt: skip
    x, w, incoming = np.arange(5.0), np.array([1.0, 2.0]), np.ones(4)
    expected = [3 * (0 + 1 + 2 + 3), 3 * (1 + 2 + 3 + 4)]
    assert chain(x=x, w=w, dE_da=incoming).tolist() == expected


def test_outside_its_array_a_derivative_is_0():
    a = Formula("a_i = 2 x_i", x="N", a="N")
    chain = Formula(
        r"b_j = \sum_{s=-1}^{1} \frac{\partial a_{j+s}}{\partial x_{j+s}}", a=a, b="N", x="N"
    )
    assert chain(x=[1.0, 1.0, 1.0, 1.0]).tolist() == [4, 6, 6, 4]
    assert any(isinstance(node, Compare) for node in chain.links[0].walk())
    a = Formula("a_{ij} = 2 x_{ij}", x="M N", a="M N")
    chain = Formula(
        r"b_{ij} = \sum_{s=-1}^{1} \frac{\partial a_{i,j+s}}{\partial x_{i,j+s}}",
        a=a, b="M N", x="M N",
    )  # fmt: skip
    assert chain(x=np.ones((2, 3))).tolist() == [[4, 6, 4], [4, 6, 4]]


def test_a_result_that_is_longer_than_what_is_derived():
    a = Formula(r"a_i = \sum_s w_s x_{i+s}", x="N", w="m", a="N-m+1")
    slopes = Formula(r"D_{is} = \frac{\partial a_i}{\partial w_s}", a=a, D="N m")
    assert slopes(x=[1.0, 2.0, 4.0], w=[1.0, 1.0]).tolist() == [[1, 2], [2, 4], [0, 0]]


def test_where_an_index_runs_along_its_axis_nothing_is_asked():
    a = Formula("a_i = 2 x_i", x="N", a="N")
    for sum_over in (r"\sum_i", r"\sum_{i=0}^{N-1}"):
        chain = Formula(
            rf"y_n = {sum_over} \frac{{\partial E}}{{\partial a_i}} "
            r"\frac{\partial a_i}{\partial x_n}", a=a, y="N",
        )  # fmt: skip
        assert not any(isinstance(node, Logic) for node in chain.links[0].walk())
        assert chain(dE_da=[1.0, 2.0]).tolist() == [2, 4]


def test_by_an_element_outside_its_array_there_is_no_derivative():
    triple = Formula(r"b_j = \frac{\partial (3 x_{j+1})}{\partial x_{j+1}}", x="N", b="N")
    assert triple(x=[5.0, 6.0, 7.0]).tolist() == [3, 3, 0]


def test_a_derivative_that_is_given_has_the_axes_of_both():
    formula = Formula(r"y_j = \sum_i \frac{\partial p_i}{\partial z_j}", p="R", z="Q", y="Q")
    assert formula.names == ("dp_dz",)
    assert formula(dp_dz=np.ones((2, 3))).tolist() == [2, 2, 2]


def test_the_derivative_by_something_else_is_0():
    a = Formula("a_i = 2 x_i", x="N")
    chain = Formula(r"b_{ij} = \frac{\partial a_i}{\partial y_j}", a=a, y="M", b="N M")
    assert chain.links[0] == Number(0.0)


# ---- derivatives of expressions -----------------------------------------------------------------


@pytest.mark.parametrize(
    "chain",
    [
        r"\frac{d}{dx} \tanh(x) = 1 - \tanh^2(x)",
        r"\frac{d}{dx} \tanh x = 1 - \tanh^2 x",
        r"\frac d{dx} \tanh x = 1 - \tanh^2 x",
        r"\frac{\mathrm d}{\mathrm dx} \left[ x^2 + \frac1x \right] = 2x - x^{-2}",
        r"\frac{\partial}{\partial x_i} \sum_j x_j^2 = 2 x_i",
        r"\partial_{x_i} \frac12 \bigl(\sum_j x_j\bigr)^2 = \sum_j x_j",
        r"\frac{\partial}{\partial x_i} \frac{\partial}{\partial x_i} x_i^3 = 6 x_i",
        r"\nabla_{x_i} e^{-x_i^2/2} = -x_i e^{-x_i^2/2}",
    ],
)
def test_of_an_expression(chain):
    check = Formula(chain).check(x=np.array([-0.7, 0.3, 1.2]))
    assert len(check) == 1
    assert check.ok


def test_of_an_expression_that_is_too_long():
    with pytest.raises(FormulaError, match="so long an expression"):
        Formula("y = " + r"\frac{d}{dx} " * 12 + r"\frac{1}{1 + e^{-x}}")


def test_a_quantity_that_nothing_defines_is_given():
    x = np.array([-0.7, 0.3, 1.2])
    for latex in (r"\nabla_x J(x)", r"\frac{\partial}{\partial x} J", r"\partial_x J"):
        formula = Formula(f"y = x - {latex}")
        assert formula.names == ("x", "dJ_dx")
        assert formula(x=x, dJ_dx=2 * x).tolist() == (-x).tolist()
    defined = Formula(r"\frac{\partial}{\partial x_i} J = 2 x_i")
    assert (defined.result, defined.free) == ("dJ_dx", ("i",))
    assert Formula(r"\nabla_x J(x) = 2 x").result == "dJ_dx"


def test_of_a_function_of_the_caller():
    x = np.array([-0.7, 0.3, 1.2])
    given = dict(sigma=np.sin, sigma_prime=np.cos)
    a = Formula(r"a_i = \sigma(2 x_i)", x="N", a="N", sigma=np.sin)
    chain = Formula(
        r"\frac{\partial}{\partial x_j} a_i = \frac{\partial a_i}{\partial x_j}"
        r" = 2 \sigma'(2 x_i) [i = j]",
        a=a,
    )
    assert chain.result == "da_dx"
    assert len(chain.check(x=x, **given)) == 2
    assert chain.check(x=x, **given).ok
    np.testing.assert_allclose(chain(x=x, **given), np.diag(2 * np.cos(2 * x)))
    slope = Formula(r"y_i = \frac{d}{dx_i} \left[ c(x_i + 1) \right]")
    with pytest.raises(MissingArrayError, match="if c is a number, declare it, c=''"):
        slope(x=x)
    assert Formula(slope.latex, c="")(x=x, c=2).tolist() == [2, 2, 2]


def test_what_an_operator_is_applied_to():
    x = np.array([0.3, 1.2])
    of_its_argument = Formula(r"y_i = \frac{\partial}{\partial x_i} f(x_i)")
    assert of_its_argument(x=x, f_prime=np.cos).tolist() == np.cos(x).tolist()
    of_a_power = Formula(r"y = \frac{d}{dx} a^x")
    np.testing.assert_allclose(of_a_power(a=2, x=x), 2**x * np.log(2))
    assert Formula(r"y = \frac{d}{d} x")(d=3, x=2) == 2  # a fraction like any other
    inner = Formula(r"y_i = \frac{\partial}{\partial x_i} \sum_j x_j \sum_k x_k")
    assert inner(x=x).tolist() == [3.0, 3.0]


# ---- powers and expressions above and below the bar ---------------------------------------------


@pytest.mark.parametrize(
    "chain",
    [
        r"\frac{\partial x_i^2}{\partial x_j} = 2 x_i \delta_{ij}",
        r"\frac{\partial x_i^n}{\partial x_j} = n x_i^{n-1} \delta_{ij}",
        r"\frac{\partial e^{x_i}}{\partial x_j} = e^{x_i} [i = j] + 0 x_j",
        r"\frac{\partial \log x_i}{\partial x_j} = \frac{1}{x_i} [i = j] + 0 x_j",
        r"\frac{\partial \log (x_i + 1)}{\partial x_j} = \frac{[i = j]}{x_i + 1} + 0 x_j",
        r"\frac{\partial (x_i x_{i+1})}{\partial x_j} = x_{i+1} [i = j] + x_i [i + 1 = j]",
        r"\frac{\partial \sum_i x_i^2}{\partial x_j} = 2 x_j",
        r"\frac{\partial \sqrt{x_i}}{\partial x_j} = \frac{[i = j]}{2 \sqrt{x_i}} + 0 x_j",
        r"\frac{d \tanh x}{dx} = 1 - \tanh^2 x",
        r"\partial x_i^2 / \partial x_j = 2 x_i \delta_{ij}",
        r"\frac{\partial x_i}{\partial x_j} = \delta_{ij} + 0 x_i x_j",
        r"\frac{\partial x}{\partial x} = 1 + 0x",
        r"\frac{\partial x_i^6}{\partial x_j^2} = 3 x_i^4 \delta_{ij}",
        r"\frac{\partial x_i^{-2}}{\partial x_j^2} = -x_i^{-4} \delta_{ij}",
        r"\frac{\partial}{\partial x_j^2} \sum_i \sqrt{1 + x_i^2} = \frac{1}{2\sqrt{1 + x_j^2}}",
    ],
)
def test_of_powers_and_functions(chain):
    given = {"x": np.array([0.7, 0.3, 1.2])} | ({"n": 3} if "n x" in chain else {})
    check = Formula(chain).check(**given)
    assert len(check) == 1
    assert check.ok, check
    wrong = Formula(chain + " + x_j" if "_j" in chain else chain + " + x").check(**given)
    assert not wrong.ok


def test_kronecker_is_the_derivative_of_an_array_by_itself():
    w = Formula(r"D_{ij} = \frac{\partial w_i}{\partial w_j}", w="N", D="N N")
    assert w(w=[3.0, 4.0]).tolist() == [[1, 0], [0, 1]]
    a = Formula(r"a_r = \sum_q V_{rq} z_q", V="R Q", z="Q", a="R")
    of_defined = Formula(r"D_{ij} = \frac{\partial a_i}{\partial a_j}", a=a, D="R R")
    assert of_defined(V=np.ones((2, 3)), z=np.ones(3)).tolist() == [[1, 0], [0, 1]]
    V = Formula(r"D_{ijkl} = \frac{\partial V_{ij}}{\partial V_{kl}}", V="R Q", D="R Q R Q")
    np.testing.assert_array_equal(V(V=np.ones((2, 3))).reshape(6, 6), np.eye(6))
    shifted = Formula(r"D_{ij} = \frac{\partial x_{i+1}}{\partial x_j}", x="N", D="N N")
    assert shifted(x=[3.0, 4.0, 5.0]).tolist() == [[0, 1, 0], [0, 0, 1], [0, 0, 0]]
    first = Formula(r"y_j = \frac{\partial w_0}{\partial w_j}", w="N", y="N")
    assert first(w=[3.0, 4.0]).tolist() == [1, 0]
    declared = Formula(r"y_j = \frac{\partial h_{t}}{\partial h_{j}}", dh_dh="T T", t="", h="T")
    assert declared(dh_dh=[[1.0, 2], [3, 4]], t=1).tolist() == [3, 4]


@pytest.mark.parametrize(
    ("latex", "message"),
    [
        (r"y_t = \frac{\partial h_t}{\partial h_{t-1}}", "elements of h do not depend on each"),
        (
            r"y_i = \frac{\partial \log p_i}{\partial a_i}",
            r"no formula says how p depends on a.*p=",
        ),
        (r"y_i = \frac{\partial (p_i q_i)}{\partial a_i}", r"how p, q depends on a.*p=Formula"),
        (r"y_i = \frac{\partial E}{\partial x_i^3}", r"the power 3 of x, or an index\?"),
        (r"\frac{\partial E}{\partial x_i^3} = y_i", r"the power 3 of x, or an index\?"),
        (r"y_i = \frac{\partial E}{\partial (2 x_i)}", "by what is derived"),
        (r"\frac{\partial E}{\partial 1_i} = y_i", "by what is derived"),
        (r"y_i = \frac{\partial E}{\partial \log x_i}", "expected one symbol behind"),
        (r"y_i = \frac{\partial^2 E}{\partial x_i^2}", "expected one symbol behind"),
        (
            r"y_i = \frac{\partial (x_i + x_i^2)}{\partial x_i^2}",
            r"by x\^2: is that a quantity .* or",
        ),
        (r"y_i = \frac{\partial x_i^3}{\partial x_i^2}", r"by x\^2: is that a quantity .* or"),
    ],
)
def test_what_is_refused_with_what_to_write_instead(latex, message):
    with pytest.raises(FormulaError, match=message):
        Formula(latex)


GAUSSIAN = r"p_i = \frac{1}{\sqrt{2 \pi \sigma^2}} e^{-x_i^2 / (2 \sigma^2)}"


def test_by_a_square():
    r"""∂E/∂σ² is (∂E/∂σ)/(2σ), if σ² is no name, and never ∂E/∂σ."""
    p = Formula(GAUSSIAN, x="N", p="N", sigma="")
    x, incoming = np.array([0.4, -1.3, 2.2]), np.array([1.0, -2.0, 0.5])
    head = r"\frac{\partial E}{\partial \sigma^2} = \sum_i \frac{\partial E}{\partial p_i} "
    chain = Formula(head + r"\frac{\partial p_i}{\partial \sigma^2}", p=p)
    assert chain.result == "dE_dsigma_squared"
    value = np.exp(-(x**2) / 2 / 1.44) / np.sqrt(2 * np.pi * 1.44)
    expected = np.sum(incoming * value * (x**2 / (2 * 1.44**2) - 1 / (2 * 1.44)))
    for sigma in (1.2, -1.2):
        given = dict(x=x, sigma=sigma, dE_dp=incoming)
        np.testing.assert_allclose(chain(**given), expected, rtol=1e-12)
        assert chain.check(**given).ok
        by_sigma = head + r"\frac{\partial p_i}{\partial \sigma}"
        assert not Formula(by_sigma, p=p).check(**given).ok
    named = Formula(GAUSSIAN, x="N", p="N", sigma_squared="")
    chain = Formula(chain.latex, p=named)
    np.testing.assert_allclose(chain(x=x, sigma_squared=1.44, dE_dp=incoming), expected, rtol=1e-12)
    assert chain.check(x=x, sigma_squared=1.44, dE_dp=incoming).ok


def test_by_a_square_of_what_also_stands_by_itself():
    p = Formula(GAUSSIAN.replace(r"\sqrt{2 \pi \sigma^2}", r"\sqrt{2 \pi} \sigma"), x="N", p="N")
    head = r"\frac{\partial E}{\partial \sigma^2} = \sum_i \frac{\partial E}{\partial p_i} "
    with pytest.raises(FormulaError, match=r"is sigma its root\? .* derive by sigma"):
        Formula(head + r"\frac{\partial p_i}{\partial \sigma^2}", p=p)
    given = Formula(head + "x_i", p=p)
    with pytest.raises(FormulaError, match=r"sigma\^2 cannot be moved by itself"):
        given.check(x=[1.0, 2], sigma=1.0, dE_dp=[1.0, 2])


def test_a_square_as_a_name():
    v = Formula(r"\sigma_j^2 = \frac1N \sum_i x_{ij}^2", x="N D", sigma_squared="D")
    assert v.result == "sigma_squared"
    y = Formula(r"y_{ij} = x_{ij} / \sqrt{\sigma_j^2}", x="N D", y="N D", sigma_squared=v)
    assert y(x=[[3.0, 1.0], [4.0, 7.0]])[0, 1] == 1 / 5
    assert y(x=[[3.0], [4.0]], sigma_squared=[12.5]).tolist() == [[3 / 12.5**0.5], [4 / 12.5**0.5]]
    with pytest.raises(FormulaError, match=r"sigma_squared is declared.* by itself is not"):
        Formula(r"y_{ij} = x_{ij} / \sigma_j", x="N D", sigma_squared=v)
    assert Formula(r"R^2 = 1 - \frac{a}{b}").result == "R_squared"
    assert Formula(r"y = \sigma^2 + \sigma")(sigma=3) == 12


def test_a_number_before_a_bracket_is_multiplied():
    slope = Formula(r"y_i = \frac{\partial c(x_i + 1)}{\partial c}")
    assert slope(x=[1.0, 2], c=7).tolist() == [2, 3]
    double = Formula(r"c = 2 \sum_i x_i", x="N")
    slope = Formula(r"y_{ij} = \frac{\partial c(x_i + 1)}{\partial x_j}", c=double, y="N N", x="N")
    assert slope(x=[1.0, 2]).tolist() == [[4 + 6, 4], [6, 6 + 6]]


def test_minus_behind_a_sum():
    assert Formula(r"y = 1 - \sum_i - 2 x_i + \sum_i -x_i")(x=[1.0, 2]) == 4


def test_of_a_logarithm_through_its_formula():
    p = Formula(r"p_k = \frac{e^{a_k}}{\sum_j e^{a_j}}", a="K", p="K")
    chain = Formula(r"\frac{\partial \log p_k}{\partial a_i} = \delta_{ki} - p_i + 0 a_k", p=p)
    assert chain.check(a=[0.3, -0.7, 1.2]).ok


# ---- how they are written -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latex", "result"),
    [
        (r"\frac{\delta C}{\delta y_i} = 2 y_i", "dC_dy"),
        (r"\frac{\delta}{\delta y_i} C = 2 y_i", "dC_dy"),
        (r"dC/dy_i = 2 y_i", "dC_dy"),
        (r"\partial C/\partial y_i = 2 y_i", "dC_dy"),
        (r"g_i = \frac{\delta C}{\delta y_i}", "g"),
        (r"g_i = dC/dy_i", "g"),
    ],
)
def test_delta_and_d_are_differentials_too(latex, result):
    formula = Formula(latex, y="n")
    assert (formula.result, formula.free) == (result, ("i",))
    given = {"y": [1.0, 3.0]} if result == "dC_dy" else {"dC_dy": [2.0, 6.0]}
    assert formula(**given).tolist() == [2, 6]


def test_a_delta_that_is_a_quantity_is_no_differential():
    formula = Formula(r"y = \frac{\delta C}{\delta z}", delta="", C="", z="")
    assert formula(delta=2, C=3, z=4) == 0.75
    assert Formula(r"\delta_i = \frac{\delta C}{\delta z_i}", z="n").names == ("dC_dz",)


def test_the_derivative_of_a_value_of_a_function():
    x = np.array([-0.7, 0.3, 1.2])
    slope = Formula(r"y = \frac{df(x)}{dx}")
    np.testing.assert_allclose(slope(x=x, f_prime=np.cos), np.cos(x))
    with pytest.raises(FormulaSyntaxError, match="a fraction with the factor d above and below"):
        Formula(r"y = \frac{d x z}{d c}")
    for latex in (r"\frac{d^2 x}{dt^2} = -x", r"y = \frac{\delta^2}{\delta x^2} x^3"):
        with pytest.raises(FormulaSyntaxError, match="a derivative taken several times"):
            Formula(latex)
    assert Formula(r"y = \frac{d^2 x}{d z}", d="")(d=3, x=1, z=1) == 3


def test_an_index_above_and_below_is_one():
    a = np.array([-0.7, 0.3, 1.2])
    z = Formula(r"z_j = \frac{1}{1 + e^{-a_j}}", a="J")
    slope = Formula(r"\frac{dz_j}{da_j} = z_j (1 - z_j)", z=z, a="J")
    assert slope(a=a).shape == (3,)
    assert slope.check(a=a).ok
    assert Formula(slope.reading, z=z, a="J").reading == slope.reading
    by_itself = Formula(r"\frac{dz_j}{da_j} = \frac{e^{-a_j}}{(1 + e^{-a_j})^2}", a="J")
    chain = Formula(r"g_j = w_j \frac{dz_j}{da_j}", dz_da=by_itself)
    np.testing.assert_allclose(chain(a=a, w=a), a * slope(a=a))
    of_layers = Formula(r"\frac{\partial E_l}{\partial F^{(l)}_{ij}} = F^{(l)}_{ij}", F="L n m")
    assert of_layers.free == ("l", "i", "j")
    with pytest.raises(ShapeError, match="declared with 2 axes but the left side has 1 index"):
        Formula(r"\frac{dz_j}{da_j} = a_j", a="J", dz_da="J J")


@pytest.mark.parametrize(
    "left", [r"\frac{\partial z_{ij}}{\partial w_{ji}}", r"\frac{\partial z_{jk}}{\partial w_j}"]
)
def test_indices_that_are_not_all_below_are_refused(left):
    with pytest.raises(IndexReuseError, match="is used twice on the left side"):
        Formula(rf"{left} = 2")
