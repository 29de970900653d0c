"""Whatever is typed or given, only the package's own exceptions come out; and derivatives are those
of the values. That formulas which make sense have the right value is in `test_generated.py`."""

import contextlib
import json

import numpy as np
from authors import CASES
from conftest import tried
from hypothesis import example, given
from hypothesis import strategies as st
from misspelt import PIECES, misspelt

from cnnmath.errors import CnnMathError
from cnnmath.formula import Formula

ARRAYS = dict(x=np.arange(1.0, 4.0), A=np.arange(6.0).reshape(2, 3), n=2, c=0.5)


def works_or_is_refused(latex, arrays, **shapes):
    """Everything that can be asked of a formula; True if all of it had an answer."""
    try:
        formula = Formula(latex, **shapes)
        json.dumps(formula.to_json(), allow_nan=False)
        assert repr(formula)
        assert formula._repr_mimebundle_()
        value = formula(**arrays)
        assert value.dtype == np.float64
        if value.size:
            place = tuple(length - 1 for length in value.shape)
            found = formula.expand(place, **arrays)
            assert str(found)
            np.testing.assert_allclose(found.total, value[place], rtol=1e-7, atol=1e-9)
        formula.check(**arrays)
    except CnnMathError:
        return False
    return True


# ---- typed --------------------------------------------------------------------------------------


@tried(150)
@given(st.text(max_size=60))
@example("a_i = x_{i")
@example("\\")
@example("a = \\text{")
@example("a = x_.2")
def test_any_text(latex):
    works_or_is_refused(latex, {})


@tried(300)
@given(st.lists(st.sampled_from(PIECES), max_size=25), st.booleans())
def test_any_pieces_of_latex(pieces, as_equation):
    latex = ("y_i = " if as_equation else "") + " ".join(pieces)
    works_or_is_refused(latex, ARRAYS)


@tried(250)
@given(st.sampled_from(CASES), st.randoms(use_true_random=False), st.booleans())
def test_misspelt_formulas_of_authors(case, draw, with_shapes):
    latex = misspelt(case.latex, draw)
    with np.errstate(all="ignore"):
        works_or_is_refused(latex, case.arrays, **(case.shapes if with_shapes else {}))


@tried(20)
@given(st.sampled_from(PIECES), st.sampled_from(PIECES), st.integers(0, 3000))
def test_very_long_and_very_deep(one, other, times):
    works_or_is_refused("y = " + (one + " ") * times + other, {})
    works_or_is_refused("y = " + (one + other + " ") * (times // 2), {})


def test_text_that_a_careless_pattern_would_take_for_ever_to_read():
    for latex in (
        r"\text{" + "a " * 2000,
        r"\stackrel{" + "a" * 4900,
        r"\operatorname{" + " " * 4900,
        r"\arg" + r"\, " * 1500 + "x",
        "%" * 4900,
        r"\label{" * 600,
        "$" * 4900,
        r"\begin{array}{" + "c" * 4900,
        r"\\[" + "1" * 4900,
        "1" * 4900,
        "y = x_{" + "i" * 4900 + "}",
        "y = " + "x(i)" * 1200,
        "y = x" + ", " * 2400 + r"\text{where}",
    ):
        works_or_is_refused(latex, {})


# ---- given --------------------------------------------------------------------------------------

CONVOLUTION = Formula(
    r"a_{ij} = \sum_{s=0}^{m-1} \sum_{t} W_{st} x_{(i+s)(j+t)} + b + c_{p_i}",
    x="M N",
    W="m n",
    b="",
    a="M-m+1 N-n+1",
)
GOOD = dict(x=np.ones((4, 5)), W=np.ones((2, 2)), b=1.0, c=np.arange(5.0), p=[0, 1, 2])

numbers = st.one_of(
    st.floats(),
    st.integers(-(10**5), 10**5),
    st.sampled_from([0, 1, -1, 2.5, float("nan"), 10**400, 2**63, True, 1j, np.float32(2)]),
)
junk = st.one_of(
    numbers,
    st.none(),
    st.text(max_size=3),
    st.binary(max_size=3),
    st.lists(numbers, max_size=4),
    st.lists(st.lists(numbers, max_size=3), max_size=3),
    st.dictionaries(st.text(max_size=1), numbers, max_size=2),
    st.sampled_from([np.sin, len, object(), object, np.array("a"), np.array([None]), {1}, ...]),
    st.sampled_from([np.zeros(0), np.zeros((0, 5)), np.zeros((4, 0)), np.ones((1, 1)), [[]], ()]),
    st.sampled_from([np.ma.masked_array([1.0], [True]), np.array(3), np.ones((2,) * 20), "NaT"]),
)


@tried(250)
@given(
    st.dictionaries(
        st.sampled_from([*GOOD, "m", "n", "M", "z", "p"]), junk, min_size=1, max_size=2
    ),
    st.one_of(st.just((0, 0)), junk),
)
def test_any_arrays_and_any_place(changed, place):
    arrays = {**GOOD, **changed}
    for call in (CONVOLUTION, CONVOLUTION.check, lambda **a: CONVOLUTION.expand(place, **a)):
        with contextlib.suppress(CnnMathError):
            call(**arrays)


@tried(100)
@given(junk, junk)
def test_any_shape_and_any_origin(shape, origin):
    for keywords in (
        dict(x=shape),
        dict(y=shape),
        dict(origin=origin),
        dict(x=shape, origin=origin),
    ):
        works_or_is_refused("y_i = x_i", dict(x=[1.0, 2.0]), **keywords)


# ---- derivatives --------------------------------------------------------------------------------

SMOOTH = [
    "x_{%s}",
    "x_{%s}^2",
    r"\tanh(x_{%s})",
    r"\exp(-x_{%s}^2)",
    r"\frac{x_{%s}}{2 + x_i^2}",
    r"\sum_{s=0}^{2} w_s x_{%s+s}",
    r"\sum_{s=0}^{i} x_{%s-s} x_s",
    r"\prod_{s=0}^{1} (2 + x_{%s+s})",
    r"[i > 1] x_{%s}",
]


@tried(60)
@given(
    st.lists(st.sampled_from(SMOOTH), min_size=1, max_size=3),
    st.sampled_from(["i", "i+1", "i-1", "2i", "3-i"]),
    st.sampled_from(["+", "-", r"\cdot"]),
    st.integers(0, 2**16),
)
def test_derivatives_are_those_of_the_values(bodies, place, sign, seed):
    h = Formula("h_i = " + f" {sign} ".join(f"({body % place})" for body in bodies), x="N", h="N")
    rng = np.random.default_rng(seed)
    arrays = {"x": rng.normal(size=4), "w": rng.normal(size=3), "dE_dh": rng.normal(size=4)}
    arrays = {name: array for name, array in arrays.items() if name in (*h.names, "dE_dh")}
    chain = Formula(
        r"\frac{\partial E}{\partial x_n} = \sum_i \frac{\partial E}{\partial h_i} "
        r"\frac{\partial h_i}{\partial x_n}",
        h=h,
    )
    (row,) = chain.check(**arrays).rows
    assert row.difference < 1e-7 * max(1.0, row.scale)
