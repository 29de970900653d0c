r"""What is wrong with a formula, or with what it was given, is said by name and pointed at."""

import re

import numpy as np
import pytest

from cnnmath import errors
from cnnmath.core.origin import FARTHEST_ORIGIN
from cnnmath.core.wording import pointed
from cnnmath.errors import (
    ArrayValueError,
    CnnMathError,
    ContradictionError,
    FormulaError,
    FormulaSyntaxError,
    IndexReuseError,
    MissingArrayError,
    NoSuchElementError,
    ShapeError,
    SuperfluousArrayError,
    UnboundSizeError,
    UndeclaredShapeError,
    UnknownNameError,
)
from cnnmath.formula import Formula

X = np.arange(5.0)
A = np.ones((3, 4))


def test_there_is_one_hierarchy():
    kinds = [k for k in vars(errors).values() if isinstance(k, type) and issubclass(k, Exception)]
    assert len(kinds) > 10
    assert all(issubclass(kind, CnnMathError) for kind in kinds)
    assert issubclass(CnnMathError, ValueError)
    assert issubclass(NoSuchElementError, IndexError)


# ---- syntax: the caret stands under the character -----------------------------------------------


@pytest.mark.parametrize(
    ("latex", "under", "words"),
    [
        ("a_i = x_{i", "", "ends too early: expected }"),
        ("a_i = (x_i + 1", "", "ends too early: expected"),
        ("a_i = x_i + 1)", ")", "not expected"),
        ("a_i = x_i + ", "", "ends too early"),
        ("a_i = x_i # 2", "#", "'#' is not part"),
        (r"a_i = \foo x_i", r"\foo", r"\foo is not part"),
        (r"a_i = \begin{matrix} x_i \end{matrix}", r"\begin", r"\begin{matrix} is not part"),
        (r"a_i = \text{50 %}", r"\text", r"\text{50 %} is not part"),
        ("a_i = = x_i", "= x", "'=' is not expected"),
        (r"a_i = \frac{x_i}", "", "ends too early"),
        (r"a_i = \sum_j", r"\sum", r"expected what \sum is taken of"),
        (r"a_i = \sum_{i_j} x_i", "i_j", "expected an index"),
        (r"a_i = \sum_{j \in \mathbb Q} x_j", "\\", "set is not known"),
        (r"a_i = \sum_{j \in x+1} x_j", "x+1", "expected a set"),
        (r"a_i = x_i [i \in \mathbb Q]", "\\", "expected a set"),
        (r"a = \sum_{i=0,\dots,i<n} x_i", "i<n", "expected the last value of an index"),
        (r"a = \sum_{i,j=0}^{1,2,3} x_{ij}", r"\sum", "2 indices but 3 upper bounds"),
        (r"a = \sum_{i \in \{0, 1\}_2} x_i", r"\{", "expected a set of whole numbers"),
        (r"a = \sum_{i \in (0, 3)} x_i", "(0", "expected a set of whole numbers"),
        (r"a = \sum'_i x_i", r"\sum", "expected the bounds of an index"),
        (r"a = \arg\max_{0 \le i < 3, 0 \le j \le i} x_{ij}", r"\arg", "depend on another"),
        (r"a = \sqrt{b, c}", "b, c", "a list stands where one value is expected"),
        (r"a = \underset{b}{c}", r"\underset", "this has no meaning here"),
        (r"a = \mathbb{1}_{b > 0}^2", r"\mathbb", "nothing but its condition"),
        (r"a = \exp_2(b)", "_2", "exp cannot carry this"),
        (r"a = \sin' b", r"\sin", "sin cannot carry this"),
        (r"y_n = \delta[n, k]", "[n", r"expected one index, as in \delta[n-k]"),
        (r"a = \max(x, \dots, y)", r"\dots", "dots stand for numbers that are not written"),
        (r"a = \sum_{2 > 1} b", r"\sum", r"expected the index to run over, as in \sum_{i}"),
        (r"a_i = x_i [i \in (0, 1)]", "(0", "expected a set"),
        (r"a = \sum x", r"\sum", "expected the index to run over"),
        (r"a = \sum x_i w_j", r"\sum", "expected the index to run over"),
        (r"a = \prod_i x_i 2", "2", r"does \prod reach this far"),
        (r"a = \prod_i x_i y", "y", r"does \prod reach this far"),
        (r"a = b / (c) (d + 1)", "(c", "what does this / divide by"),
        (r"a = \sin^{-1} b", r"\sin", "the inverse of sin"),
        (r"a = \exp", r"\exp", "expected the argument of exp"),
        (r"a = \exp(b, c)", r"\exp", "exp takes one argument, not 2"),
        (r"a = x_1 - \dots + x_n", r"\dots", "which terms do these dots stand for"),
        (r"a = (b, c)", "(b", "a list in brackets"),
        (r"a = \frac{\partial E + 1}{\partial x}", r"\frac", "expected one symbol behind each"),
        (r"a = b \\ c = d", r"\\", "two equations are two Formulas"),
        (r"a = \begin{cases} 1 & b > 0 \\ 2 & \text{else} \\ 3 & \text{else} \end{cases}", "3",
         "two rows say 'otherwise'"),
        (r"a = [b > 0 \land b < 3 \lor b = 7]", "b > 0", "'and' and 'or' are mixed"),
        (r"a > b \land b > c", "a >", "a formula is an equation"),
        (r"a = (b + 1)_2", "_2", "only the name of an array can carry an index"),
        ("a = (b + 1)'", "(b", "only a name can carry a prime"),
        ("a_i = x_i^2^3", "x_i", "two powers on one symbol"),
        ("a_{ij} = x_i_j", "x_i", "two subscripts on one symbol"),
        (r"a_i = \sum_k w_k \star x_{ik}", "x_", "write a convolution as a sum"),
        (r"a = 1\,000 b", "000", "two numbers side by side"),
        (r"a = x1 + x2", "x1", "is x1 one name"),
        (r"a_i = b \exp = b", r"\exp", "expected the argument of exp"),
        (r"a_i = (x_i)^-", "^-", "only the name of an array can carry an index"),
        (r"a_i = \nabla x_i", r"\nabla", "by what is derived here"),
        (r"a_i = \frac{\partial}{\partial x_i}", r"\frac", "expected what is derived"),
        (r"a_i = \frac{\partial}{\partial x_i} x_i^2 y_i", "y_i", "reach this far"),
        (r"P(y < k) = p_k", "y <", "expected an index or the name of an argument"),
        ("a_i = x_i\n  + y_i + #", "#", "'#' is not part"),
    ],
)  # fmt: skip
def test_a_syntax_error_points_at_the_character(latex, under, words):
    with pytest.raises(FormulaSyntaxError, match=re.escape(words)) as caught:
        Formula(latex)
    _, *shown, caret = str(caught.value).split("\n")
    line = shown[-1].removeprefix("    ")
    column = caret.index("^") - 4
    assert line in latex
    assert line[column:].startswith(under)
    if not under:
        assert column >= len(line.rstrip())


def test_of_a_long_line_the_part_with_the_caret_is_shown():
    latex = "a = " + " + ".join(["b"] * 200) + " + # + b"
    with pytest.raises(FormulaSyntaxError) as caught:
        Formula(latex)
    _, line, caret = str(caught.value).split("\n")
    assert line[caret.index("^")] == "#"
    assert len(line) <= 124


@pytest.mark.parametrize(("length", "column", "shown"), [(120, 100, 120), (121, 0, 120)])
def test_how_long_a_line_is_shown_whole(length, column, shown):
    line, caret = pointed("b" * length, column).split("\n")
    assert (len(line), caret.index("^")) == (4 + shown, 4 + column)


def test_a_function_without_its_argument():
    with pytest.raises(FormulaSyntaxError, match="f was given as a function: expected its arg"):
        Formula("y = f x", f=np.tanh)


@pytest.mark.parametrize("latex", ["", "   ", "$$", "%", r"\quad", "{}"])
def test_an_empty_formula(latex):
    with pytest.raises(FormulaSyntaxError, match="empty"):
        Formula(latex)


@pytest.mark.parametrize("latex", [None, 5, b"a = b", ["a = b"], float("nan")])
def test_a_formula_that_is_no_text(latex):
    with pytest.raises(FormulaSyntaxError, match=type(latex).__name__):
        Formula(latex)


@pytest.mark.parametrize(
    "latex",
    [
        "a = " + "(" * 500 + "b" + ")" * 500,
        "a = " + "{" * 500 + "b" + "}" * 500,
        "a = " + r"\sqrt " * 500 + "b",
        "a = " + "b^{" * 500 + "b" + "}" * 500,
        "a = " + "x_{" * 500 + "i" + "}" * 500,
        "a = " + r"\frac1{" * 500 + "b" + "}" * 500,
        "a = " + "|" * 501,
    ],
)
def test_what_is_nested_beyond_reason_is_refused(latex):
    with pytest.raises(FormulaSyntaxError, match=r"deep|expected"):
        Formula(latex)


def test_a_formula_that_is_too_long_is_refused():
    with pytest.raises(FormulaSyntaxError, match="characters"):
        Formula("a = " + "b + " * 5000 + "b")


# ---- meaning: indices, shapes, names ------------------------------------------------------------


@pytest.mark.parametrize(
    ("latex", "culprit"),
    [
        (r"a_i = \sum_i x_i", "index i"),
        (r"a = \sum_i \sum_i x_i", "index i"),
        (r"a_{ii} = x_i", "index i"),
        (r"a_i = \sum_{i > 2} x_i", "index i"),
        (r"a_i = \max_{j \ne i} x_j \max_{j \ne 0} x_j", "index j"),
        (r"a = \sum_{i,i} x_i", "index i"),
        (r"a = \sum_{n=0}^{n} x_n", "bounds of n"),
        (r"a = \sum_{i=j, j=i}^{3, 3} x_i x_j", "bounds of i"),
    ],
)
def test_an_index_with_two_meanings(latex, culprit):
    with pytest.raises(IndexReuseError, match=culprit) as caught:
        Formula(latex)
    assert "^" in str(caught.value)


@pytest.mark.parametrize(
    ("latex", "shapes", "words"),
    [
        ("a_{ij} = x_{ij}", dict(x="N"), "i j would be 2 indices"),
        ("a_i = x_i", dict(x="M N"), "x was declared with 2 axes but is read with 1 index"),
        ("a_i = x_{ij1}", dict(x="M N"), "x was declared with 2 axes but is read with 3 indices"),
        ("a_i = x_i + x_{ij}", {}, "x is read with"),
        ("a_i = x_i", dict(a="M N"), "a was declared with 2 axes"),
        ("a_i = M_i x_i", dict(x="M"), "M is a size of the declared shapes"),
        ("a_i = x_i + w", dict(w="N"), "w was declared with 1 axis but is read with 0 indices"),
    ],
)
def test_indices_that_disagree_with_shapes(latex, shapes, words):
    with pytest.raises(ShapeError, match=words):
        Formula(latex, **shapes)


@pytest.mark.parametrize(
    ("latex", "words"),
    [
        (r"a = \sum_s x_{2s}", "how far does s run"),
        (r"a_j = \sum_{s=j} x_s", "does s begin there, or take this one value"),
        (r"a = x - \max x", "how many axes has x"),
        (r"a = \|x\|", "norm of what"),
    ],
)
def test_a_range_that_follows_from_nothing(latex, words):
    with pytest.raises(UndeclaredShapeError, match=words):
        Formula(latex)


def test_a_shape_for_a_name_that_does_not_occur():
    with pytest.raises(UnknownNameError, match=r"declared for z.* it has N, a, x"):
        Formula("a_i = x_i", z="N")


@pytest.mark.parametrize(
    "shape", ["M +", "M N)", "f(M)", "M.N", "1.5", None, 2.5, True, {}, [None]]
)
def test_a_shape_that_is_none(shape):
    with pytest.raises(FormulaError, match="the shape of x"):
        Formula("a_i = x_i", x=shape)


def test_a_definition_of_something_else():
    with pytest.raises(UnknownNameError, match="a was given the formula of b"):
        Formula("y_i = a_i", a=Formula("b_i = x_i"))


@pytest.mark.parametrize("origin", ["1", 1.0, None, True, {"x": "1"}, [1], FARTHEST_ORIGIN + 1])
def test_an_origin_that_is_no_index(origin):
    with pytest.raises(FormulaError, match="origin"):
        Formula("a_i = x_i", origin=origin)


@pytest.mark.parametrize("sign", [1, -1])
def test_indices_may_count_from_where_float64_has_room_for_thousands_of_parts(sign):
    assert np.spacing(float(FARTHEST_ORIGIN)) * 4000 < 1
    assert Formula("a_i = x_i", origin=sign * FARTHEST_ORIGIN)(x=X).tolist() == X.tolist()


def test_counting_from_1_where_arrays_count_from_0():
    for latex in (r"a = \sum_{i=1}^n x_i", r"a_i = x_i, \quad i = 1, \dots, n"):
        for shapes, sizes in ((dict(x="n"), {}), ({}, dict(n=5))):
            with pytest.raises(
                FormulaError, match=r"i counts the 5 elements of x from 1.*origin=1"
            ):
                Formula(latex, **shapes)(x=X, **sizes)
    assert Formula(r"a = \sum_{i=1}^n x_i")(x=X, n=4) == 10  # the first left out on purpose
    last = Formula("a = x_n", x="n")
    with pytest.raises(FormulaError, match=r"x has no element n = 5 along axis 0.*origin=1"):
        last(x=X)
    assert Formula("a = x_n", x="n", origin=1)(x=X) == X[-1]


# ---- calls --------------------------------------------------------------------------------------


CONVOLUTION = Formula(
    r"a_{ij} = \sum_{s=0}^{m-1} \sum_{t=0}^{n-1} W_{st} x_{(i+s)(j+t)} + b",
    x="M N", W="m n", b="", a="M-m+1 N-n+1",
)  # fmt: skip
GOOD = dict(x=np.ones((4, 5)), W=np.ones((2, 2)), b=1.0)


@pytest.mark.parametrize(
    ("changed", "kind", "words"),
    [
        (dict(x=None), ArrayValueError, "x: expected real numbers, got None"),
        (dict(x="image"), ArrayValueError, "x: expected real numbers, got 'image'"),
        (dict(x=[["a", "b"]]), ArrayValueError, "x: expected real numbers, got dtype <U1"),
        (dict(x=[[1, 2], [3]]), ArrayValueError, "x: expected .*but its rows differ"),
        (dict(x=[[1, None]]), ArrayValueError, "x: expected .*got dtype object"),
        (
            dict(x=np.ones((4, 5)) * 1j),
            ArrayValueError,
            "x: expected real numbers, got dtype complex128",
        ),
        (
            dict(x=np.array([["2020-01-01"]], "datetime64[D]")),
            ArrayValueError,
            "x: expected real numbers, got dtype datetime64",
        ),
        (dict(x=[[10**40]]), ArrayValueError, "x: expected .*got dtype object"),
        (dict(x=np.tanh), ArrayValueError, "x was given as a function"),
        (dict(x=1.0), ShapeError, r"x has shape \(\): expected 2 axes, \(M, N\)"),
        (dict(x=np.ones(4)), ShapeError, r"x has shape \(4,\): expected 2 axes"),
        (dict(b=[1.0]), ShapeError, r"b has shape \(1,\): expected 0 axes"),
        (dict(m=3), ShapeError, r"axis 0 of W .* is 2: expected m = 3 \(m=3 was given\)"),
        (dict(m=2.5), ArrayValueError, "the size m was given as 2.5"),
        (dict(m=[2]), ArrayValueError, "the size m was given as an array"),
        (dict(m=1e300), ArrayValueError, "the size m .* too large"),
        (dict(m=None), ArrayValueError, "m: expected real numbers, got None"),
        (dict(z=1), SuperfluousArrayError, "z was given.*it reads M, N, W, a, b, m, n, x"),
        (dict(W_=1), SuperfluousArrayError, "W was given twice"),
        (dict(W=np.ones((6, 2))), ShapeError, r"a would have shape \(M-m\+1, N-n\+1\) = \(-1, 4\)"),
    ],
)
def test_a_call_with_the_wrong_things(changed, kind, words):
    with pytest.raises(kind, match=words):
        CONVOLUTION(**{**GOOD, **changed})


@pytest.mark.parametrize("missing", ["x", "W", "b"])
def test_a_missing_array(missing):
    given = {name: array for name, array in GOOD.items() if name != missing}
    with pytest.raises(MissingArrayError, match=f"a reads {missing}.*give {missing}="):
        CONVOLUTION(**given)


def test_a_missing_array_is_named_with_its_shape_and_a_function_as_one():
    with pytest.raises(MissingArrayError, match=r"reads x of shape \(M, N\)"):
        CONVOLUTION(W=GOOD["W"], b=1)
    with pytest.raises(MissingArrayError, match=r"reads f.*give a function, f="):
        Formula("y_i = f(x_i)")(x=X)


def test_two_shapes_that_disagree_are_both_named():
    with pytest.raises(ShapeError, match=r"axis 0 of w .*is 4: expected N = 5 .*axis 0 of x"):
        Formula("y_i = x_i + w_i", x="N", w="N")(x=X, w=np.ones(4))
    with pytest.raises(ShapeError, match=r"j runs along axis 1 of A, of length 4, .*axis 0 of x"):
        Formula(r"y_i = \sum_j A_{ij} x_j")(A=A, x=X)
    with pytest.raises(ShapeError, match=r"a norm runs along axis 0 of x.*length 5"):
        Formula(r"E = \|x - z\|", x="M", z="N")(x=X, z=X[:4])
    with pytest.raises(ShapeError, match=r"x has shape \(5,\) but z has shape \(3, 4\)"):
        Formula("y = x + z")(x=X, z=A)
    with pytest.raises(ShapeError, match=r"x is read with 1 index but has shape \(3, 4\)"):
        Formula("y_i = x_i")(x=A)
    with pytest.raises(ShapeError, match=r"y was declared as \(4,\) = \(4,\).*shape \(\)"):
        Formula("y = 3", y="4")()


@pytest.mark.parametrize("latex", ["y_i = w x_i", r"y = \sum_i w x_i", "y_i = f(x_i) + w"])
def test_a_name_without_indices_is_never_broadcast(latex):
    given = {"f": np.sin} if "f(" in latex else {}
    with pytest.raises(ShapeError, match="w is written without indices"):
        Formula(latex)(x=X, w=X, **given)
    with pytest.raises(ShapeError, match="f is written without indices"):
        Formula("y_i = f(x_i)")(x=X, f=X)


def test_the_product_of_two_arrays_without_indices_is_ambiguous():
    with pytest.raises(ShapeError, match=r"A and x may be meant.*\\odot") as caught:
        Formula("y = A x")(A=np.ones((3, 3)), x=np.ones((3, 3)))
    assert str(caught.value).endswith("    y = A x\n          ^")


@pytest.mark.parametrize(
    ("latex", "shapes", "given", "words"),
    [
        ("y_i = x_{i+k}", {}, dict(x=X), "the formula needs k.*give k="),
        (r"y = \sum_{i=0}^{n} i", {}, {}, "the formula needs n.*give n="),
        ("y_i = x_i", dict(y="K"), dict(x=X), "axis 0 of y is K.*K="),
        (r"y = \sum_{i<m} x_i", dict(x="M-m+1"), dict(x=X), "leave open: give"),
    ],
)
def test_an_unbound_size(latex, shapes, given, words):
    with pytest.raises(UnboundSizeError, match=words):
        Formula(latex, **shapes)(**given)


@pytest.mark.parametrize(
    "latex", ["y_i = 1", "y_i = x_{i-1}", r"y_i = \sum_j x_j", "y_{2i+s} = x_i"]
)
def test_the_shape_to_declare_is_named(latex):
    with pytest.raises(UndeclaredShapeError, match=r"declare the shape of y"):
        Formula(latex)(**({"x": X} if "x" in latex else {}))


@pytest.mark.parametrize(
    ("p", "words"), [([0, np.nan], "the index nan"), ([0, 0.5], "the index 0.5")]
)
def test_an_index_that_is_no_whole_number(p, words):
    formula = Formula("y_i = x_{p_i}")
    with pytest.raises(ArrayValueError, match=f"x is read at {words}"):
        formula(x=X, p=p)
    with pytest.raises(ArrayValueError, match="x is read at"):
        formula.expand(1, x=X, p=p)
    assert np.isnan(Formula("y_i = 2 x_i")(x=[np.nan])).all()  # as a value it may be NaN


def test_a_bound_that_is_no_number():
    with pytest.raises(ArrayValueError, match="a bound of the index i is not a number"):
        Formula(r"y_j = \sum_{i=0}^{n_j} i")(n=[1, np.nan])


def test_a_case_that_is_not_covered():
    latex = r"y_i = \begin{cases} 1 & x_i > 2 \\ 0 & x_i < 2 \end{cases}"
    with pytest.raises(FormulaError, match="no case of the formula holds"):
        Formula(latex)(x=X)


def test_a_maximum_of_nothing():
    assert Formula(r"y = \max_{i=1}^{0} i")() == -np.inf
    for call in (Formula(r"y = \arg\max_{i=1}^{0} i"), Formula(r"y = \arg\max_{i=1}^{0} i").expand):
        with pytest.raises(FormulaError, match="over no values"):
            call()


def test_a_contradiction_names_the_element():
    with pytest.raises(ContradictionError, match=r"y\[1\] two values, 1 and 0|y\[1\] two values"):
        Formula("y_{i+s} = x_i, \\quad 0 \\le s < 2", y="6", x="N")(x=X)


def test_a_sum_without_end():
    for latex in (
        r"y = \sum_{i=0}^{\infty} (x_i + 1)",
        r"y = \sum_{i=0}^{\infty} e^{x_i}",
        r"y = \sum_{i=0}^{\infty} x_{i \bmod 2}",
        r"y = \prod_{i=0}^{\infty} x_i",
        r"y = \sum_{i=0}^{\infty} i x_0",
    ):
        with pytest.raises(FormulaError, match="over i does not end"):
            Formula(latex, x="N")(x=X)


def test_what_would_take_hours_or_all_the_memory_is_refused():
    with pytest.raises(FormulaError, match=r"over s has 1e.12 terms"):
        Formula(r"y = \sum_{s=0}^{10^{12}} s")()
    with pytest.raises(ShapeError, match=r"shape \(100000, 100000\), 74.5 GB"):
        Formula("y_{ij} = u_i v_j")(u=np.ones(10**5), v=np.ones(10**5))
    with pytest.raises(FormulaError, match="too many to write out"):
        Formula(r"y = \sum_{s=0}^{10^7} s").expand()


def test_functions_of_the_caller_that_fail():
    formula = Formula("y_i = f(x_i)")
    with pytest.raises(FormulaError, match="the function f failed: ZeroDivisionError"):
        formula(x=X, f=lambda u: 1 / 0)
    with pytest.raises(ShapeError, match="f does not treat each element by itself"):
        formula(x=X, f=np.sum)
    with pytest.raises(ShapeError, match="f does not treat each element by itself"):
        formula(x=X, f=np.cumsum)
    with pytest.raises(ShapeError, match="f makes 2 numbers of one"):
        Formula("y = f(x)")(x=1.0, f=lambda u: [u, u])
    with pytest.raises(FormulaError, match="f stands before 2 values"):
        Formula("y_i = f(x_i, 2)")(x=X, f=3)
    with pytest.raises(ArrayValueError, match="tanh is a function here"):
        Formula(r"y_i = \tanh(x_i)")(x=X, tanh=3)


def test_a_constant_or_an_array_of_that_name():
    with pytest.raises(SuperfluousArrayError, match=r"pi is the number 3.142 unless"):
        Formula(r"y_k = x_{\pi(k)}")(x=X, pi=[1, 0])
    assert Formula(r"y_k = x_{\pi(k)}", pi="N")(x=X, pi=[1, 0]).tolist() == [1, 0]


def test_kronecker_or_an_array_of_that_name():
    with pytest.raises(SuperfluousArrayError, match=r"delta was given.*declared, delta="):
        Formula(r"y_i = \delta_{ij} x_j", y="4")(x=X, delta=np.eye(4), j=0)


@pytest.mark.parametrize(
    "index", [(0, 4), (3, 0), (-1, 0), (0,), 0, (0, 0, 0), (0.5, 0), "ab", None, (None, 0), [[0]]]
)
def test_an_element_that_does_not_exist(index):
    with pytest.raises(NoSuchElementError, match="element"):
        CONVOLUTION.expand(index, **GOOD)


def test_nothing_to_check():
    with pytest.raises(FormulaError, match="nothing to compare"):
        CONVOLUTION.check(**GOOD)
    with pytest.raises(ArrayValueError, match="y: expected real numbers, got None"):
        Formula("y_i = 2 x_i").check(x=X, y=None)
    with pytest.raises(FormulaError, match="shapes differ"):
        Formula("y_i = 2 x_i").check(x=X, y=X[:2])


@pytest.mark.parametrize(
    ("latex", "words"),
    [
        (r"\frac{\partial a_i}{\partial x_j} = 1", "too involved to derive"),
        (r"b_{ij} = \frac{\partial c_{ij}}{\partial x_j}", "with 1 index but derived with 2"),
        (r"b_{ij} = \frac{\partial d_i}{\partial x_j}", "derivative of mod is not known"),
        (r"b_{ij} = \frac{\partial c_{2i}}{\partial x_j}", "declare the shape of c"),
    ],
)
def test_what_cannot_be_derived(latex, words):
    definitions = {
        "a": Formula("a_{2i} = x_i", a="N", x="M"),
        "c": Formula("c_i = x_i"),
        "d": Formula(r"d_i = x_i \bmod 3"),
    }
    used = {name: f for name, f in definitions.items() if rf"\partial {name}" in latex}
    with pytest.raises(CnnMathError, match=words):
        Formula(latex, **used)


def test_only_a_delta_that_was_given_is_said_to_be_kroneckers():
    formula = Formula(r"y_i = \sum_j \delta_{ij} x_j", x="N", y="N")
    with pytest.raises(SuperfluousArrayError, match="Kronecker's delta is meant"):
        formula(x=[1.0, 2.0], delta=[1.0, 2.0])
    with pytest.raises(SuperfluousArrayError) as caught:
        formula(x=[1.0, 2.0], z=3)
    assert "Kronecker" not in str(caught.value)


@pytest.mark.parametrize(
    "latex", ["y = \frac{x}{2}", "y = \tanh(x)", "y = a \times x", "y = \beta x"]
)
def test_a_string_without_r_that_lost_its_backslashes_is_told(latex):
    with pytest.raises(FormulaSyntaxError, match="Write an r before it"):
        Formula(latex)


def test_tabs_and_new_lines_that_only_lay_out_are_read():
    assert Formula("y = x\n\t+ 1")(x=2.0) == 3


def test_arrays_without_names_are_told_in_every_call():
    formula = Formula("y_i = 2 x_i")
    for call in (formula, formula.check, lambda x: formula.expand(0, x)):
        with pytest.raises(FormulaError, match=r"by name: formula.*x=\.\.\.\)"):
            call([1.0])


def test_a_command_that_is_mistyped_is_recognised():
    with pytest.raises(FormulaSyntaxError, match=r"did you mean \\sum"):
        Formula(r"y = \summ_j x_j")


def test_a_transpose_needs_indices_or_a_shape():
    with pytest.raises(ShapeError, match="a transpose needs its two indices"):
        Formula(r"y = A^T")
