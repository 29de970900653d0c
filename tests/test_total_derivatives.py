r"""Derivatives through steps, held against NumPy by complex steps, which subtract nothing.

`complex_step` moves an array by 1e-30 i: the imaginary part of what comes out, divided by 1e-30, is
the derivative to the last digit. The layers are written out in NumPy here; no formula takes part.
"""

import math
import re

import numpy as np
import pytest
from conftest import tried
from hypothesis import given
from hypothesis import strategies as st

from cnnmath.core.nodes import Read
from cnnmath.errors import (
    ArrayValueError,
    ContradictionError,
    FormulaError,
    MissingArrayError,
    ShapeError,
    SuperfluousArrayError,
)
from cnnmath.explorer import explore
from cnnmath.formula import Formula

TINY = 1e-30
RNG = np.random.default_rng(5)


def complex_step(function, at):
    """The gradient of a function of one array that returns one number."""
    gradient = np.zeros(at.shape)
    for place in np.ndindex(at.shape):
        moved = np.array(at, dtype=complex)
        moved[place] += TINY * 1j
        gradient[place] = function(moved).imag / TINY
    return gradient


def by_chain_rule(of, by, **definitions):
    r"""∂E/∂x = Σ ∂E/∂y ∂y/∂x. of, by : such as "y_i" and "x_n", written with their indices."""
    indices = ",".join(of.partition("_")[2].strip("{}"))
    return Formula(
        rf"\frac{{\partial E}}{{\partial {by}}} = \sum_{{{indices}}} "
        rf"\frac{{\partial E}}{{\partial {of}}} \frac{{\partial {of}}}{{\partial {by}}}",
        **definitions,
    )


# ---- the layers, in steps -----------------------------------------------------------------------

MEAN = Formula(r"\mu = \frac1N \sum_i x_i", x="N", mu="")
CENTRED = Formula(r"y_i = x_i - \mu", x="N", y="N", mu=MEAN)
VARIANCE = Formula(r"v = \frac1N \sum_i (x_i - \mu)^2", x="N", v="", mu=MEAN)
NORMALISED = Formula(
    r"h_i = \frac{x_i - \mu}{\sqrt{v + \epsilon}}", x="N", h="N", epsilon="", mu=MEAN, v=VARIANCE
)
SCALED = Formula(r"y_i = g_i h_i + b_i", g="N", b="N", y="N", h=NORMALISED)

X = RNG.normal(size=5) * 2 + 1
G, B, DY = RNG.normal(size=(3, 5))


def layer_norm(x, g=G, b=B, epsilon=0.1):
    centred = x - x.mean()
    return g * centred / np.sqrt((centred**2).mean() + epsilon) + b


def close(found, expected):
    np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-13)


def test_of_one_step():
    slope = Formula(r"\frac{\partial y_i}{\partial x_n} = [i = n] - \frac1N", y=CENTRED, x="N")
    assert slope.check(x=X).ok
    worked_out = Formula(r"D_{in} = \frac{\partial y_i}{\partial x_n}", y=CENTRED, D="N N")
    close(worked_out(x=X), np.eye(5) - 0.2)
    forgetful = Formula(r"\frac{\partial y_i}{\partial x_n} = [i = n]", y=CENTRED, x="N")
    assert not forgetful.check(x=X).ok
    assert not forgetful.check(x=X, mu=X.mean()).ok


def test_layer_normalisation_three_steps_deep():
    arrays = {"x": X, "g": G, "b": B, "epsilon": 0.1}
    close(SCALED(**arrays), layer_norm(X))
    for by, at, function in (
        ("x_n", X, lambda x: DY @ layer_norm(x)),
        ("g_n", G, lambda g: DY @ layer_norm(X, g=g)),
        ("b_n", B, lambda b: DY @ layer_norm(X, b=b)),
    ):
        chain = by_chain_rule("y_i", by, y=SCALED)
        close(chain(dE_dy=DY, **arrays), complex_step(function, at))
        checked = chain.check(dE_dy=DY, **arrays)
        assert "central differences" in checked.rows[0].what
        assert checked.ok


def test_by_a_quantity_on_the_way():
    r"""∂E/∂μ: x stays, and what is calculated from μ follows, the variance too."""
    chain = by_chain_rule("h_i", r"\mu", h=NORMALISED)

    def error(mu):
        return DY @ ((X - mu) / np.sqrt(((X - mu) ** 2).mean() + 0.1))

    found = chain(x=X, dE_dh=DY, epsilon=0.1)
    close(found, complex_step(error, np.array(X.mean())))
    assert chain.check(x=X, dE_dh=DY, epsilon=0.1).ok


def test_definitions_that_are_given_side_by_side():
    r"""The formula of v reads \mu and does not say what it is: that of the whole does."""
    v = Formula(r"v = \frac1N \sum_i (x_i - \mu)^2", x="N", v="", mu="")
    h = Formula(r"h_i = \frac{x_i - \mu}{\sqrt{v + 1}}", x="N", h="N", mu="", v="")
    chain = by_chain_rule("h_i", "x_n", h=h, mu=MEAN, v=v)
    expected = complex_step(lambda x: DY @ layer_norm(x, 1, 0, 1.0), X)
    close(chain(x=X, dE_dh=DY), expected)
    assert chain.check(x=X, dE_dh=DY).ok
    whole = Formula(r"h_i = \frac{x_i - \mu}{\sqrt{v + 1}}", x="N", h="N", mu=MEAN, v=v)
    close(whole(x=X), layer_norm(X, 1, 0, 1.0))


def test_attention_in_steps():
    S = Formula(r"S_{ij} = \frac{1}{\sqrt c} \sum_d Q_{id} K_{jd}", Q="M D", K="N D", S="M N", c="")
    P = Formula(r"P_{ij} = \frac{e^{S_{ij}}}{\sum_{j'} e^{S_{ij'}}}", P="M N", S=S)
    out = Formula(r"O_{ie} = \sum_j P_{ij} V_{je}", V="N F", O="M F", P=P)
    Q, K = RNG.normal(size=(3, 4)), RNG.normal(size=(5, 4))
    V, dO = RNG.normal(size=(5, 2)), RNG.normal(size=(3, 2))

    def error(Q=Q, K=K, V=V):
        e = np.exp(Q @ K.T / 2)
        return np.sum(dO * (e / e.sum(axis=1, keepdims=True) @ V))

    arrays = {"Q": Q, "K": K, "V": V, "c": 4.0, "dE_dO": dO}
    for by, function in (
        ("Q_{ab}", lambda Q: error(Q=Q)),
        ("K_{ab}", lambda K: error(K=K)),
        ("V_{ab}", lambda V: error(V=V)),
    ):
        chain = by_chain_rule("O_{ie}", by, O=out)
        used = {n: a for n, a in arrays.items() if n != "V" or n in chain.names}
        close(chain(**used), complex_step(function, arrays[by[0]]))
        assert chain.check(**arrays).ok


def test_attention_of_one_array_that_three_steps_read():
    Q = Formula(r"Q_{id} = \sum_k x_{ik} A_{kd}", x="M K", A="K D", Q="M D")
    V = Formula(r"V_{id} = \sum_k x_{ik} B_{kd}", x="M K", B="K D", V="M D")
    S = Formula(r"S_{ij} = \sum_d Q_{id} x_{jd}", S="M M", x="M K", Q=Q)
    P = Formula(r"P_{ij} = \frac{e^{S_{ij}}}{\sum_{j'} e^{S_{ij'}}}", P="M M", S=S)
    out = Formula(r"O_{ie} = x_{ie} + \sum_j P_{ij} V_{je}", O="M K", x="M K", P=P, V=V)
    x, dO = RNG.normal(size=(2, 4, 3))
    A, W = RNG.normal(size=(2, 3, 3))

    def error(x):
        e = np.exp(x @ A @ x.T)
        return np.sum(dO * (x + e / e.sum(axis=1, keepdims=True) @ x @ W))

    chain = by_chain_rule("O_{ie}", "x_{uv}", O=out)
    close(chain(x=x, A=A, B=W, dE_dO=dO), complex_step(error, x))
    assert chain.check(x=x, A=A, B=W, dE_dO=dO).ok


def test_softmax_in_steps():
    u = Formula("u_k = e^{a_k - m}", a="K", u="K", m=Formula(r"m = \max_k a_k", a="K"))
    z = Formula(r"Z = \sum_k u_k", Z="", u=u)
    p = Formula(r"p_k = \frac{u_k}{Z}", p="K", u=u, Z=z)
    loss = Formula(r"E = -\sum_k y_k \log p_k", y="K", p=p)
    a, y = RNG.normal(size=6), np.eye(6)[2]
    slope = Formula(r"\frac{\partial E}{\partial a_i} = p_i - y_i", E=loss, p=p)
    assert slope.check(a=a, y=y).ok
    expected = np.exp(a) / np.exp(a).sum() - y
    worked_out = Formula(r"D_i = \frac{\partial E}{\partial a_i}", E=loss, p=p)
    close(worked_out(a=a, y=y), expected)
    jacobian = Formula(r"\frac{\partial p_k}{\partial a_i} = p_k (\delta_{ki} - p_i)", p=p)
    assert jacobian.check(a=a).ok


def test_squeeze_and_excitation():
    """Every channel is weighed by a number that all of the image had a part in."""
    s = Formula(r"s_c = \frac{1}{M N} \sum_{i,j} x_{cij}", x="C M N", s="C")
    z = Formula(r"z_r = \max(0, \sum_c W_{rc} s_c)", W="R C", z="R", s=s)
    g = Formula(r"g_c = \frac{1}{1 + e^{-\sum_r V_{cr} z_r}}", V="C R", g="C", z=z)
    y = Formula(r"y_{cij} = g_c x_{cij}", x="C M N", y="C M N", g=g)
    x, dy = RNG.normal(size=(2, 3, 2, 4))
    W, V = RNG.normal(size=(5, 3)), RNG.normal(size=(3, 5))

    def error(x=x, W=W, V=V):
        inner = W @ x.mean(axis=(1, 2))
        gate = 1 / (1 + np.exp(-V @ (inner * (inner.real > 0))))
        return np.sum(dy * gate[:, None, None] * x)

    for by, function in (
        ("x_{abd}", lambda x: error(x=x)),
        ("W_{ab}", lambda W: error(W=W)),
        ("V_{ab}", lambda V: error(V=V)),
    ):
        chain = by_chain_rule("y_{cij}", by, y=y)
        at = {"x": x, "W": W, "V": V}[by[0]]
        close(chain(x=x, W=W, V=V, dE_dy=dy), complex_step(function, at))
        assert chain.check(x=x, W=W, V=V, dE_dy=dy).ok


def test_convolutions_one_behind_the_other():
    """Valid ones shrink: beyond the end of the first there is nothing, and no derivative."""
    a = Formula(r"a_i = \sum_s w_s x_{i+s}", x="N", w="m", a="N-m+1")
    h = Formula(r"h_i = \tanh a_i", h="N-m+1", a=a)
    y = Formula(r"y_j = \sum_t u_t h_{j+t-1}", u="n", y="N-m+3-n+1", h=h)
    x, w, u = RNG.normal(size=7), RNG.normal(size=3), RNG.normal(size=2)
    dy = RNG.normal(size=6)

    def error(x=x, w=w):
        h = np.tanh(np.array([w @ x[i : i + 3] for i in range(5)]))
        h = np.concatenate([[0], h, [0]])
        return dy @ np.array([u @ h[j : j + 2] for j in range(6)])

    arrays = dict(x=x, w=w, u=u, dE_dy=dy)
    for by, function, at in (("x_v", lambda x: error(x=x), x), ("w_v", lambda w: error(w=w), w)):
        chain = by_chain_rule("y_j", by, y=y)
        close(chain(**arrays), complex_step(function, at))
        assert chain.check(**arrays).ok


def test_an_element_that_a_sum_reaches_outside_its_array():
    a = Formula(r"a_i = \sum_s w_s x_{i+s}", x="N", w="m", a="N-m+1")
    total = Formula(r"b_s = \sum_{i=0}^{N-1} \frac{\partial a_i}{\partial w_s}", a=a, b="m")
    assert total(x=[1.0, 2, 4, 8], w=[1.0, 1, 1]).tolist() == [1 + 2, 2 + 4, 4 + 8]
    a = Formula(r"a_i = x_i x_{i+1}", x="N")  # one shorter than x
    total = Formula(r"b_s = \sum_{i=0}^{9} \frac{\partial a_i}{\partial x_s}", a=a, b="N", x="N")
    assert total(x=[1.0, 2, 4]).tolist() == [2, 1 + 4, 2]


def test_an_index_that_runs_beyond_what_is_derived():
    """b has one element less than x: there is no b_4, and so no derivative of it."""
    b = Formula(r"b_i = 2 x_i + 3 x_{i+1}", x="N", b="N-1")
    for latex in (
        r"D_i = \frac{\partial b_i}{\partial x_i}",
        r"D_{in} = \frac{\partial b_i}{\partial x_n} + 0 x_i",
    ):
        with pytest.raises(ShapeError, match=r"of b, of length 4.*declare the shape of D"):
            Formula(latex, b=b, x="N")(x=X)
        undeclared = Formula(r"b_i = 2 x_i + 3 x_{i+1}", x="N")
        with pytest.raises(ShapeError, match=r"of length 4.*declare the shape of D"):
            Formula(latex, b=undeclared, x="N")(x=X)
    declared = Formula(r"D_i = \frac{\partial b_i}{\partial x_i}", b=b, x="N", D="N-1")
    assert declared(x=X).tolist() == [2, 2, 2, 2]


def test_conditions_behind_a_definition():
    a = Formula(r"a_i = x_i^2, \quad 1 \le i \le 2", x="N", a="N")
    chain = by_chain_rule("a_i", "x_n", a=a)
    assert chain(x=[1.0, 2, 3, 4], dE_da=np.ones(4)).tolist() == [0, 4, 6, 0]
    assert chain.check(x=[1.0, 2, 3, 4], dE_da=np.ones(4)).ok


def test_maximum_of_a_defined_quantity():
    z = Formula(r"z_i = x_i^2 - \mu", x="N", z="N", mu=MEAN)
    top = Formula(r"T = \max_i z_i", T="", z=z)
    found = Formula(r"D_n = \frac{\partial T}{\partial x_n}", T=top, x="N")(x=X)
    largest = np.argmax(X**2)
    close(found, 2 * X * (np.arange(5) == largest) - 0.2)


# ---- derivatives that are given, or defined themselves ------------------------------------------

MEAN_B = Formula(r"\mu = \frac1m \sum_{i=1}^m x_i", x="m", mu="", origin=1)
VARIANCE_B = Formula(r"\sigma^2 = \frac1m \sum_{i=1}^m (x_i - \mu)^2", mu=MEAN_B, origin=1)
HAT = Formula(
    r"\hat x_i = \frac{x_i - \mu}{\sqrt{\sigma^2 + \epsilon}}",
    x_hat="m", epsilon="", mu=MEAN_B, sigma_squared=VARIANCE_B, origin=1,
)  # fmt: skip
SCALED_B = Formula(r"y_i = \gamma \hat x_i + \beta", y="m", gamma="", beta="", x_hat=HAT, origin=1)


def with_derivatives(latex):
    """`D{x}` written out as the derivative of the loss by x."""
    return re.sub(r"D\{([^}]*)\}", r"\\frac{\\partial \\ell}{\\partial \1}", latex)


D_HAT = with_derivatives(r"D{\hat x_i} = D{y_i} \cdot \gamma")
D_VARIANCE = with_derivatives(
    r"D{\sigma^2} = \sum_{i=1}^m D{\hat x_i} \cdot (x_i - \mu) \cdot \frac{-1}{2} "
    r"(\sigma^2 + \epsilon)^{-3/2}"
)
D_MEAN = with_derivatives(
    r"D{\mu} = \left(\sum_{i=1}^m D{\hat x_i} \cdot \frac{-1}{\sqrt{\sigma^2 + \epsilon}}\right) "
    r"+ D{\sigma^2} \cdot \frac{\sum_{i=1}^m -2(x_i - \mu)}{m}"
)
D_INPUT = with_derivatives(
    r"D{x_i} = D{\hat x_i} \cdot \frac{1}{\sqrt{\sigma^2 + \epsilon}} "
    r"+ D{\sigma^2} \cdot \frac{2(x_i - \mu)}{m} + D{\mu} \cdot \frac{1}{m}"
)
STEPS = dict(y=SCALED_B, x_hat=HAT, sigma_squared=VARIANCE_B, mu=MEAN_B, origin=1)
BATCH = dict(x=X, epsilon=0.1, gamma=1.7, beta=-0.4)


def batch_norm(x):
    centred = x - x.mean()
    return 1.7 * centred / np.sqrt((centred**2).mean() + 0.1) - 0.4


def published(**changed):
    """The four formulas of Ioffe and Szegedy (2015), each of which the next ones read."""
    latex = {"hat": D_HAT, "variance": D_VARIANCE, "mean": D_MEAN, "input": D_INPUT} | changed
    found = dict(STEPS)
    for name in ("hat", "variance", "mean"):
        formula = Formula(latex[name], **found)
        found[formula.result] = formula
    return {**found, "dell_dx": Formula(latex["input"], **found)}


def test_a_square_is_the_name_of_what_it_defines():
    assert (VARIANCE_B.result, HAT.names) == (
        "sigma_squared", ("x", "mu", "sigma_squared", "epsilon")
    )  # fmt: skip
    close(SCALED_B(**BATCH), batch_norm(X))


def test_the_published_derivation_of_batch_normalisation():
    formulas = published()
    assert [n for n in formulas if n.startswith("dell")] == [
        "dell_dx_hat", "dell_dsigma_squared", "dell_dmu", "dell_dx"
    ]  # fmt: skip
    expected = complex_step(lambda x: DY @ batch_norm(x), X)
    close(formulas["dell_dx"](dell_dy=DY, **BATCH), expected)
    for name, formula in formulas.items():
        if name.startswith("dell"):
            checked = formula.check(dell_dy=DY, **BATCH)
            assert checked.rows[0].what == f"{name} by central differences = link 1"
            assert checked.ok, name


def test_the_derivatives_on_the_way_may_be_given():
    r"""∂ℓ/∂x̂ alone, or with ∂ℓ/∂σ² and ∂ℓ/∂μ: then x reaches ℓ through each of the three."""
    formulas = published()
    values = {
        name: formulas[name](dell_dy=DY, **BATCH)
        for name in ("dell_dx_hat", "dell_dsigma_squared", "dell_dmu")
    }
    plain = Formula(D_INPUT, **STEPS)
    arrays = {"x": X, "epsilon": 0.1}
    assert plain.check(**values, **arrays).ok
    close(plain(**values, **arrays), complex_step(lambda x: DY @ batch_norm(x), X))
    assert Formula(D_VARIANCE, **STEPS).check(dell_dx_hat=values["dell_dx_hat"], **arrays).ok
    mean = Formula(D_MEAN, **STEPS)
    given = {name: values[name] for name in ("dell_dx_hat", "dell_dsigma_squared")}
    assert mean.check(**given, **arrays).ok


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("variance", r"\frac{-1}{2}", r"\frac{-1}{2} 2\sqrt{\sigma^2}"),  # that of ∂ℓ/∂σ
        ("variance", r"\frac{-1}{2}", r"\frac{1}{2}"),
        ("variance", r"-3/2", r"-1/2"),
        ("mean", r"\frac{-1}{\sqrt", r"\frac{1}{\sqrt"),
        ("input", r" + \frac{\partial \ell}{\partial \mu} \cdot \frac{1}{m}", ""),
        ("input", r"2(x_i - \mu)", r"(x_i - \mu)"),
        ("input", r"\frac{2(x_i - \mu)}{m}", r"2(x_i - \mu)"),
    ],
)
def test_a_wrong_derivation_of_batch_normalisation(name, right, wrong):
    latex = {"variance": D_VARIANCE, "mean": D_MEAN, "input": D_INPUT}[name]
    assert right in latex
    formulas = published(**{name: latex.replace(right, wrong)})
    result = {"variance": "dell_dsigma_squared", "mean": "dell_dmu", "input": "dell_dx"}[name]
    assert not formulas[result].check(dell_dy=DY, **BATCH).ok
    assert not formulas["dell_dx"].check(dell_dy=DY, **BATCH).ok


# ---- what is held -------------------------------------------------------------------------------


def test_a_quantity_that_is_held():
    held = Formula(
        r"\left(\frac{\partial h_i}{\partial x_n}\right)_{\mu, v} "
        r"= \frac{[i = n]}{\sqrt{v + \epsilon}} + 0 x_i x_n",
        h=NORMALISED, x="N", v=VARIANCE,
    )  # fmt: skip
    arrays = dict(x=X, epsilon=0.1)
    assert held.check(**arrays).ok
    one = Formula(r"D_{in} = (\frac{\partial h_i}{\partial x_n})_v", h=NORMALISED, D="N N", x="N")
    close(one(**arrays), (np.eye(5) - 0.2) / np.sqrt(X.var() + 0.1))


def test_the_chain_rule_over_all_ways_has_partial_derivatives():
    r"""∂E/∂x = Σ ∂E/∂h ∂h/∂x + ∂E/∂μ ∂μ/∂x + ∂E/∂v ∂v/∂x, on each way what lies beside it held."""
    latex = (
        r"\frac{\partial E}{\partial x_n} = \sum_i \frac{\partial E}{\partial h_i} "
        r"\left(\frac{\partial h_i}{\partial x_n}\right)_{\mu, v} + "
        r"\frac{\partial E}{\partial \mu} \frac{\partial \mu}{\partial x_n} + "
        r"\frac{\partial E}{\partial v} \left(\frac{\partial v}{\partial x_n}\right)_{\mu}"
    )
    steps = dict(h=NORMALISED, mu=MEAN, v=VARIANCE)
    arrays = dict(x=X, epsilon=0.1, dE_dh=DY)
    dmu = by_chain_rule("h_i", r"\mu", h=NORMALISED)
    dv = Formula(
        r"\frac{\partial E}{\partial v} = \sum_i \frac{\partial E}{\partial h_i} "
        r"\frac{\partial h_i}{\partial v}", h=NORMALISED,
    )  # fmt: skip
    chain = Formula(latex, dE_dmu=dmu, dE_dv=dv, **steps)
    close(chain(**arrays), complex_step(lambda x: DY @ layer_norm(x, 1, 0), X))
    assert chain.check(**arrays).ok


def test_total_derivatives_beside_the_ways_that_they_go_are_refused():
    latex = (
        r"\frac{\partial E}{\partial x_n} = \sum_i \frac{\partial E}{\partial y_i} "
        r"\frac{\partial y_i}{\partial x_n} + \frac{\partial E}{\partial \mu} "
        r"\frac{\partial \mu}{\partial x_n}"
    )
    with pytest.raises(FormulaError, match=r"through mu twice.*\)_\{mu\}.*or leave"):
        Formula(latex, y=CENTRED, mu=MEAN)


def test_what_cannot_be_held():
    with pytest.raises(FormulaError, match="g is held anyway"):
        Formula(r"D_{in} = (\frac{\partial h_i}{\partial x_n})_g", h=NORMALISED, D="N N", x="N")
    with pytest.raises(FormulaError, match="a derivative that is given holds what it holds"):
        Formula(r"D = (\frac{\partial E}{\partial x})_{\mu}", mu=MEAN)
    with pytest.raises(FormulaError, match="expected the quantities that are held"):
        Formula(r"D_{in} = (\frac{\partial h_i}{\partial x_n})_{\mu+v}", h=NORMALISED, D="N N")


# ---- arrays beside their definitions ------------------------------------------------------------


def test_an_array_may_be_given_that_is_what_its_formula_gives():
    close(CENTRED(x=X, mu=X.mean()), X - X.mean())
    close(CENTRED(x=X, mu=X.mean() * (1 + 1e-15)), X - X.mean())
    with pytest.raises(ContradictionError, match=r"mu was given as 3, but its formula gives .*: "):
        CENTRED(x=X, mu=3)
    with pytest.raises(ContradictionError, match="leave mu out, or leave out the formula"):
        CENTRED.expand(0, x=X, mu=3)
    with pytest.raises(ContradictionError, match=r"h\[1\] was given as"):
        SCALED(x=X, g=G, b=B, epsilon=0.1, h=layer_norm(X, 1, 0) + 1e-6 * np.eye(5)[1])
    with pytest.raises(ShapeError, match=r"z was given with shape \(1,\).* gives \(2,\)"):
        Formula("y_i = x_i - z_0", x="N", z=Formula("z_j = x_j"))(x=[1, 2], z=[1])
    slope = Formula(r"\frac{\partial y_i}{\partial x_n} = [i = n] - \frac1N", y=CENTRED, x="N")
    with pytest.raises(ContradictionError, match="mu was given as 3"):
        slope.check(x=X, mu=3)
    nu = Formula(r"\nu = 2 w", w="")
    both = Formula(r"y = \mu + \nu", mu=MEAN, nu=nu)
    assert both(mu=3, nu=2, w=1) == 5  # of mu nothing is known
    with pytest.raises(ContradictionError, match="nu was given as 5, but its formula gives 2"):
        both(mu=3, nu=5, w=1)
    held = Formula(r"y_i = x_i - \mu", x="N", mu="")
    assert held(x=[1.0, 2], mu=3).tolist() == [-2, -1]


def test_a_quantity_in_place_of_what_it_is_calculated_from():
    close(SCALED(h=[1.0, 2], g=[1.0, 1], b=[0.0, 1]), [1, 3])
    with pytest.raises(MissingArrayError, match="the formula of v reads x"):
        NORMALISED.definitions["v"](mu=1.0)


# ---- what cannot be followed --------------------------------------------------------------------


def test_what_is_defined_twice_or_by_itself():
    other = Formula(r"\mu = \max_i x_i", x="N", mu="")
    with pytest.raises(FormulaError, match="mu is defined in two ways"):
        by_chain_rule("y_i", "x_n", y=CENTRED, mu=other)
    a, b = Formula("a = 2 b", a="", b=""), Formula("b = a - x", a="", b="", x="")
    with pytest.raises(FormulaError, match=r"defined by itself \(a → b → a\)"):
        Formula("y = a + b", a=a, b=b)
    same = Formula(MEAN.latex, x="N", mu="")
    assert Formula(r"z = y_0 + \mu", y=CENTRED, mu=same)(x=[1.0, 3]) == 1


@pytest.mark.parametrize(
    ("latex", "more", "message"),
    [
        (r"\mu = \sum_i f(x_i, x_i)", {}, r"derivative of f is not known .*x → mu → y\)"),
        (r"\mu = (x_0 \bmod 2)", {}, r"derivative of mod is not known .*x → mu → y\)"),
        (r"\mu = \sum_{k=0}^{x_0} k", {}, r"bounds that depend on x: .*x → mu → y\)"),
        (r"\mu = \sum_i w_{x_i}", {}, r"w is read at an index that depends on x: .*x → mu → y\)"),
        (r"\mu = x_1", {"origin": 1}, r"mu counts from 1 in .* of mu, but from 0 here.*→ mu"),
        (r"\mu = x^2", {}, r"x has 0 indices where its derivative is taken by 1 .*x → mu → y\)"),
    ],
)
def test_a_way_that_cannot_be_followed_is_named(latex, more, message):
    mu = Formula(latex, mu="", **more) if "x^2" in latex else Formula(latex, x="N", mu="", **more)
    y = Formula(r"y_i = x_i - \mu", x="N", y="N", mu=mu)
    with pytest.raises(FormulaError, match=message):
        by_chain_rule("y_i", "x_n", y=y, x="N")


def test_a_left_side_that_is_no_list_of_indices_is_named():
    z = Formula("z_{2i} = x_i", x="N", z="2*N")
    y = Formula("y_i = z_i", z=z, y="2*N")
    with pytest.raises(FormulaError, match=r"left side of the formula of z .*x → z → y\)"):
        by_chain_rule("y_i", "x_n", y=y, x="N")


# ---- the figure ---------------------------------------------------------------------------------


def test_a_figure_goes_through_all_steps():
    chain = by_chain_rule("y_i", "x_n", y=SCALED)
    figure = explore(SCALED, chain, x=X, g=G, b=B, epsilon=0.1, dE_dy=DY)
    assert list(figure.results) == ["mu", "v", "h", "y", "dE_dx"]
    close(figure.results["dE_dx"], complex_step(lambda x: DY @ layer_norm(x), X))
    figure.arrays["x"] = X[::-1]
    close(figure.results["dE_dx"], complex_step(lambda x: DY @ layer_norm(x), X[::-1].copy()))
    with pytest.raises(SuperfluousArrayError, match="mu was given, but mu calculates it"):
        explore(SCALED, chain, x=X, g=G, b=B, epsilon=0.1, dE_dy=DY, mu=X.mean())


def test_steps_that_a_figure_is_given_side_by_side():
    v = Formula(r"v = \frac1N \sum_i (x_i - \mu)^2", x="N", v="", mu="")
    y = Formula(r"y_i = (x_i - \mu) / v", x="N", mu=MEAN, v=v)
    figure = explore(y, x=X)
    assert list(figure.results) == ["mu", "v", "y"]
    close(figure.results["y"], (X - X.mean()) / X.var())
    y = Formula(r"y_i = x_i - \mu", x="N", y="N", mu="")
    figure = explore(y, by_chain_rule("y_i", "x_n", y=y, mu=MEAN), x=X, dE_dy=DY)
    assert list(figure.results) == ["mu", "y", "dE_dx"]
    close(figure.results["dE_dx"], DY - DY.mean())
    other = Formula(r"z_i = x_i - \mu", x="N", mu=Formula(r"\mu = \max_i x_i", x="N", mu=""))
    with pytest.raises(FormulaError, match="mu is defined in two ways"):
        explore(CENTRED, other, x=X)


# ---- trees --------------------------------------------------------------------------------------


def test_a_derivative_reads_no_more_than_it_depends_on():
    slope = Formula(r"\frac{\partial y_i}{\partial b_n} = [i = n]", y=SCALED, b="N")
    assert not any(isinstance(node, Read) and node.index for node in slope.links[0].walk())


# ---- any steps ----------------------------------------------------------------------------------


def shifted(p, distance):
    """p_{i+distance}, which is 0 outside."""
    moved = np.zeros_like(p)
    for i in range(len(p)):
        if 0 <= i + distance < len(p):
            moved[i] = p[i + distance]
    return moved


TERMS = [  # in LaTeX and in NumPy, of the quantities p and q
    (r"%(p)s_i", lambda p, q: p),
    (r"%(p)s_{i+1}", lambda p, q: shifted(p, 1)),
    (r"%(p)s_{i-2} %(q)s_i", lambda p, q: shifted(p, -2) * q),
    (r"\tanh(%(p)s_i)", lambda p, q: np.tanh(p)),
    (r"\frac{%(p)s_i}{2 + \sum_j %(q)s_j^2}", lambda p, q: p / (2 + (q**2).sum())),
    (
        r"\sum_j %(p)s_j %(q)s_{i+j}",
        lambda p, q: np.array([(p * shifted(q, i)).sum() for i in range(len(p))]),
    ),
    (r"\sum_{j \le i} %(p)s_j %(q)s_j", lambda p, q: np.cumsum(p * q)),
    (r"\frac13 \prod_j (1 + %(p)s_j / 4)", lambda p, q: (1 + p / 4).prod() / 3 + 0 * p),
    (r"[i > 1] e^{-%(p)s_i^2}", lambda p, q: (np.arange(len(p)) > 1) * np.exp(-(p**2))),
    (r"\max_j %(p)s_j", lambda p, q: p[np.argmax(p.real)] + 0 * p),
    (r"\max(%(p)s_i, %(q)s_{i})", lambda p, q: np.where(p.real >= q.real, p, q)),
    (r"%(p)s_{2i} + %(q)s_0", lambda p, q: np.append(p[::2], 0 * p)[: len(p)] + q[0]),
]  # fmt: skip
steps_drawn = st.lists(
    st.lists(
        st.tuples(st.integers(0, len(TERMS) - 1), st.integers(0, 99), st.integers(0, 99)),
        min_size=1, max_size=2,
    ),
    min_size=1, max_size=4,
)  # fmt: skip


@tried(40)
@given(steps_drawn, st.integers(0, 2**16))
def test_of_any_steps(drawn, seed):
    rng = np.random.default_rng(seed)
    x, arriving = rng.normal(size=(2, 4))
    formulas, functions = {}, []
    for number, terms in enumerate(drawn):
        name, before = "abcd"[number], ["x", *"abcd"[:number]]
        latex = []
        for which, p, q in terms:
            p, q = before[p % len(before)], before[q % len(before)]
            latex.append(TERMS[which][0] % {"p": p, "q": q})
            functions.append((name, TERMS[which][1], p, q))
        known = {n: f for n, f in formulas.items() if any(f"{n}_" in body for body in latex)}
        body = " + ".join(f"({term})" for term in latex)
        shapes = {name: "N"} | ({"x": "N"} if "x" not in known else {})
        formulas[name] = Formula(f"{name}_i = {body} + 0 x_i", **shapes, **known)

    def error(x):
        values = {"x": x}
        for name, function, p, q in functions:
            values[name] = values.get(name, 0) + function(values[p], values[q])
        return (arriving * values[name]).sum()

    chain = by_chain_rule(f"{name}_i", "x_n", **{name: formulas[name]})
    arrays = {"x": x, f"dE_d{name}": arriving}
    expected = complex_step(error, x)
    np.testing.assert_allclose(
        chain(**arrays), expected, rtol=1e-9, atol=1e-9 * np.abs(expected).max()
    )
    assert chain.check(**arrays).ok


def test_by_the_base_of_a_power_whose_exponent_may_be_0():
    """x^0 is 1 everywhere, at x = 0 too."""
    y = Formula(r"y_i = x_i^{k_i}", x="N", k="N", y="N")
    x, k = np.array([0.0, 0.0, 0.0, -1.0, 3.0]), np.array([0.0, 1.0, 2.0, 3.0, 0.0])
    chain = by_chain_rule("y_i", "x_n", y=y)
    close(chain(x=x, k=k, dE_dy=DY), DY * [0, 1, 0, 3, 0])
    assert chain.check(x=x, k=k, dE_dy=DY).ok


def test_a_given_array_contradicts_its_formula_at_the_scale_of_each_element():
    u = Formula("u_i = x_i^2", x="N", u="N")
    w = Formula("w_i = 3 u_i", u=u, w="N")
    for wrong in ([1e12, -500], [1e12, 1 + 1e-6]):
        with pytest.raises(ContradictionError, match=r"u\[1\]"):
            w(x=[1e6, 1], u=wrong)
    np.testing.assert_array_equal(w(x=[1e6, 1], u=[1e12, 1]), [3e12, 3])
    centred = Formula(r"c_i = x_i - \frac{1}{N} \sum_j x_j", x="N", c="N")
    twice = Formula("t_i = 2 c_i", c=centred, t="N")
    x = 1e6 + np.linspace(0, 1, 7)
    twice(x=x, c=x - x.mean())  # in another order: rounding is no contradiction


# ---- a way through an infinite number ------------------------------------------------------------

THROUGH_INFINITY = {
    r"y_i = \frac{1}{1/x_i}": 0.0,
    r"y_i = \frac{1}{1 + e^{-x_i}}": -800.0,
    r"y_i = e^{-1/x_i^2}": 0.0,
    r"y_i = \arctan(1/x_i)": 0.0,
}


@pytest.mark.parametrize("latex", THROUGH_INFINITY)
def test_a_derivative_through_an_infinite_number_is_refused(latex):
    """The value is finite, its derivative 0 times infinity."""
    y = Formula(latex, x="N", y="N")
    slope = Formula(r"g_i = \frac{\partial y_i}{\partial x_i}", y=y)
    x = [1.0, THROUGH_INFINITY[latex]]
    assert np.isfinite(y(x=x)).all()
    message = (
        r"g\[1\]: the derivative is not known there, for on the way to it a number is infinite"
    )
    for call in (slope, slope.check):
        with pytest.raises(ArrayValueError, match=message):
            call(x=x) if call is slope else call(x=x, g=[0.0, 0.0])
    assert np.isfinite(slope(x=[1.0, 2.0])).all()


def test_a_derivative_that_is_no_number_by_itself_is_shown():
    root = Formula(r"y_i = \sqrt{x_i}", x="N", y="N")
    slope = Formula(r"g_i = \frac{\partial y_i}{\partial x_i}", y=root)
    np.testing.assert_array_equal(slope(x=[-1.0, 0.25]), [math.nan, 1.0])
    np.testing.assert_array_equal(slope(x=[0.0, 0.25]), [math.inf, 1.0])
    kept = Formula(r"g_i = [x_i > 0] \frac{\partial y_i}{\partial x_i}", y=root)
    np.testing.assert_array_equal(kept(x=[0.0, 0.25]), [0.0, 1.0])


def test_what_is_not_a_number_agrees_with_what_is_not():
    root = Formula(r"r_i = \sqrt{x_i}", x="N")
    double = Formula(r"y_i = 2 r_i + x_i", r=root)
    x = np.array([4.0, -1.0])
    with np.errstate(invalid="ignore"):
        r = root(x=x)
        np.testing.assert_array_equal(double(x=x, r=r), [8.0, np.nan])
        with pytest.raises(ContradictionError, match=r"r\[1\] was given as 1"):
            double(x=x, r=[2.0, 1.0])
