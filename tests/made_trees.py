"""Syntax trees made up at random, whether or not an author would write such a formula."""

import numpy as np
from hypothesis import strategies as st

from cnnmath.core.nodes import (
    Add,
    Apply,
    Binder,
    Call,
    Cases,
    Compare,
    Divide,
    Index,
    Jacobian,
    Logic,
    Multiply,
    Negative,
    Number,
    Power,
    Read,
    Reduce,
)  # fmt: skip
from cnnmath.formula import Formula

DECLARED = Formula(
    r"a_{ij} = x_{ij} + v_i + \alpha + f(v_j) + \frac{\partial E}{\partial v_i} + M + \hat{w}_i"
    r" + C^{\mathrm{in}}_i + \mathrm{kH} + \theta'_i",
    a="M N", x="M N", v="N", alpha="", f=np.tanh, dE_dv="N", w_hat="N", C_in="N", kH="",
    theta_prime="N",
).definition.declared  # fmt: skip
NUMBERS = st.one_of(
    st.integers(0, 12).map(float), st.floats(1e-12, 1e12), st.sampled_from([np.e, np.pi])
)
ONE_ARGUMENT = ["exp", "log", "log10", "sqrt", "abs", "sign", "floor", "ceil", "round", "sin",
                "tanh", "arctan", "erf", "relu", "sigmoid"]  # fmt: skip
LETTERS = ["s", "t", "p", "q", "u_prime", "s~1", "all_0"]


@st.composite
def places(draw, scope):
    """An index, as indices are reckoned."""
    one = Index(draw(st.sampled_from(scope)))
    shift = draw(st.sampled_from([Number(1.0), Read("M"), Negative(Read("N")), Read("kH")]))
    return draw(
        st.sampled_from(
            [
                one,
                Add((one, shift)),
                Add((Multiply((Read("kH"), one)), Index(draw(st.sampled_from(scope))))),
                Call("floor", (Divide(one, Number(2.0)),)),
                Call("mod", (one, Read("M"))),
                Number(0.0),
                Read("kH"),
            ]
        )
    )


@st.composite
def leaves(draw, scope):
    kind = draw(st.integers(0, 5))
    if kind == 0:
        return Number(draw(NUMBERS))
    if kind == 1:
        return Index(draw(st.sampled_from(scope)))
    if kind == 2:
        return Read(draw(st.sampled_from(["alpha", "kH", "M"])))
    if kind == 3:
        return Read("x", (draw(places(scope)), draw(places(scope))))
    name = draw(st.sampled_from(["v", "dE_dv", "w_hat", "C_in", "theta_prime"]))
    return Read(name, (draw(places(scope)),))


@st.composite
def conditions(draw, scope, depth):
    inner = trees(scope, depth - 1)
    one = Compare(
        draw(st.sampled_from(["=", "!=", "<", "<=", ">", ">="])), draw(inner), draw(inner)
    )
    if depth < 2 or draw(st.booleans()):
        return one
    parts = draw(st.lists(conditions(scope, depth - 1), min_size=2, max_size=3))
    return Logic(draw(st.sampled_from(["and", "or"])), tuple(parts))


@st.composite
def reductions(draw, scope, depth):
    names = draw(st.lists(st.sampled_from(LETTERS), min_size=1, max_size=2, unique=True))
    names = [name for name in names if name not in scope] or ["r"]
    inside = [*scope, *names]
    ends = st.sampled_from([Read("M"), Add((Read("N"), Number(-1.0))), Index(scope[0]), Number(3.0),
                            Add((Add((Read("M"), Number(1.0))), Number(-1.0)))])  # fmt: skip
    starts = st.sampled_from([Number(0.0), Number(-1.0), Negative(Read("M")), Number(1.0)])
    binders = tuple(Binder(name, draw(starts), draw(ends)) for name in names)
    where = draw(conditions(inside, 1)) if draw(st.booleans()) else None
    operation = draw(st.sampled_from(["sum", "sum", "prod", "max", "min", "argmax", "argmin"]))
    return Reduce(operation, binders, where, draw(trees(inside, depth - 1)))


@st.composite
def trees(draw, scope=("i", "j"), depth=3):
    scope = list(scope)
    if depth <= 0:
        return draw(leaves(scope))
    inner = trees(scope, depth - 1)
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    match draw(st.integers(0, 12)):
        case 0:
            return Add(draw(several))
        case 1 | 2:
            return Multiply(draw(several))
        case 3:
            return Negative(draw(inner))
        case 4:
            return Divide(draw(inner), draw(inner))
        case 5:
            return Power(draw(inner), draw(inner))
        case 6:
            return Call(draw(st.sampled_from(ONE_ARGUMENT)), (draw(inner),))
        case 7:
            return Call(draw(st.sampled_from(["max", "min"])), draw(several))
        case 8:
            return draw(
                st.sampled_from(
                    [
                        Apply("f", (draw(inner),)),
                        Call("kronecker", (draw(places(scope)), draw(places(scope)))),
                        Call("mod", (draw(inner), draw(inner))),
                        Jacobian(Call("exp", (draw(inner),)), Read("v", (draw(places(scope)),))),
                    ]
                )
            )
        case 9:
            rows = tuple((draw(conditions(scope, depth)), draw(inner)) for _ in range(2))
            return Cases(rows, draw(st.none() | inner))
        case 10:
            return draw(conditions(scope, depth))
    return draw(reductions(scope, depth))
