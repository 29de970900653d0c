"""NumPy source written from a formula: it runs by itself and gives what the formula gives."""

import random

import numpy as np
import pytest
from authors import CASES
from generated import Author
from written import assert_equal, assert_gives, function, value

from cnnmath.catalogue import (
    batch_norm,
    convolution,
    cross_entropy,
    formulas,
    grouped_convolution,
    input_gradient,
    max_pooling,
    padded_max_pooling,
    relu_gradient,
    softmax,
    strided_convolution,
    turned_kernel,
)
from cnnmath.derive import derive
from cnnmath.errors import CnnMathError, FormulaError
from cnnmath.formula import Formula
from tools import asking, golden

RECORDED = {entry.name: entry for entry in golden.read(golden.RECORD / "catalogue.jsonl")}


def known(name):
    """Arrays and sizes for a formula of the catalogue; what others define is calculated."""
    system = formulas()[name].system
    found = asking.given(RECORDED[name].given[1], 1)
    if "x_hat" in system:  # which the record gives
        found = {**asking.given(RECORDED["centred"].given[1], 1), **found, "epsilon": 0.1}
    return {name: it for name, it in found.items() if name not in system or name.startswith("dE_d")}


@pytest.mark.parametrize("name", formulas())
def test_loops_of_the_catalogue(name):
    assert_equal(formulas()[name].numpy(), formulas()[name], known(name))


REFUSED = {
    r"y[n] = \sum_{k=-\infty}^{\infty}": "the sum over k has no end",
    r"r_{xx}(\ell) = \sum_{n=-\infty}^{\infty}": "the sum over n has no end",
    r"x_e[n] = \sum_{k=-\infty}^{\infty}": "the sum over k has no end",
    r"\mathrm{PE}_{(\mathrm{pos}, 2i)}": "how far pos runs stands nowhere",
}


def test_what_others_wrote():
    refused, contractions = {}, 0
    for case in CASES:
        formula = Formula(case.latex, **case.shapes)
        functions = {name: given for name, given in case.shapes.items() if callable(given)}
        given = {**functions, **case.arrays}
        try:
            assert_gives(formula.numpy(), case.value, given)
            assert_gives(formula.numpy("einsum"), case.value, given)
            contractions += 1
        except FormulaError as error:
            if "it is no contraction" not in str(error):
                refused[case.latex] = str(error)
    assert contractions == 48
    assert len(refused) == len(REFUSED) <= 0.05 * len(CASES)
    for beginning, reason in REFUSED.items():
        (said,) = (words for latex, words in refused.items() if latex.startswith(beginning))
        assert reason in said


def test_formulas_made_up_at_random():
    written = 0
    for seed in range(30):
        made = Author(random.Random(seed)).formula()
        try:
            formula = Formula(made.latex, origin=made.origin, **made.shapes)
            formula(**made.arrays)
            for style in ("loops", "einsum"):
                text = formula.numpy(style)
                assert_equal(text, formula, made.arrays)
                written += 1
        except CnnMathError:  # to none of them it need apply
            continue
    assert written > 30


CONVOLUTION = '''\
import numpy as np


def convolution(x, W, b):
    r"""a^{(k)}_{ij} = \\sum_{s=0}^{m-1} \\sum_{t=0}^{n-1} W^{(k)}_{st}\\, x_{(i+s)(j+t)} +
    b^{(k)}

    Returns a (K, M - m + 1, N - n + 1).
    """
    x = np.asarray(x, dtype=float)  # (M, N)
    W = np.asarray(W, dtype=float)  # (K, m, n)
    b = np.asarray(b, dtype=float)  # (K,)
    M, N = x.shape
    K, m, n = W.shape
    assert b.shape == (K,)
    a = np.zeros((K, M - m + 1, N - n + 1))
    for k in range(K):
        for i in range(M - m + 1):
            for j in range(N - n + 1):
                for s in range(m):
                    for t in range(n):
                        a[k, i, j] += W[k, s, t] * x[i + s, j + t]
                a[k, i, j] += b[k]
    return a
'''


def test_loops_are_what_a_person_would_write():
    assert convolution.numpy() == CONVOLUTION


@pytest.mark.parametrize(
    ("formula", "lines"),
    [
        (
            padded_max_pooling,
            """
            largest = -np.inf
            for s in range(l):
                for t in range(l):
                    if 0 <= i * q + s - P < M and 0 <= j * q + t - P < N:
                        largest = np.maximum(largest, x[i * q + s - P, j * q + t - P])
            a[i, j] = largest
""",
        ),
        (
            relu_gradient,
            """
            if x[i, j] > 0:
                dE_dx[i, j] = dE_dh[i, j]
""",
        ),
        (grouped_convolution, "a[k, i, j] += W[k, c, s, t] * x[Q * (k // R) + c, i + s, j + t]\n"),
        (batch_norm, "x_hat[i, j] = x_tilde[i, j] / sigma[j]\n\n"),
        (
            Formula(r"y_i = (x_{i+1} - x_{i-1}) / 2, \quad i \ge 2", x="N", y="N", origin=1),
            "    for i in range(1, N + 1):\n        if i >= 2:\n"
            "            y[i - 1] = ((x[i] if i < N else 0) - (x[i - 2] if i - 2 >= 0 else 0))",
        ),
    ],
    ids=lambda value: value.name if isinstance(value, Formula) else "",
)
def test_what_lies_outside_and_what_fails_is_an_if(formula, lines):
    assert lines in formula.numpy()


# ---- contractions -------------------------------------------------------------------------------

CONTRACTIONS = {
    "convolution", "rotated_convolution", "squared_error_gradient", "error_signal",
    "kernel_gradient", "bias_gradient", "input_gradient", "turned_kernel",
    "input_gradient_full", "average_pooling", "average_pooling_gradient", "channels",
    "channels_kernel_gradient", "channels_input_gradient", "strided_convolution",
    "transposed_convolution", "transposed_kernel_gradient", "transposed_input_gradient",
    "strided_kernel_gradient", "strided_input_gradient", "depthwise_convolution",
    "pointwise_convolution", "grouped_convolution", "grouped_kernel_gradient",
    "grouped_input_gradient", "full_kernels", "dense", "dense_weight_gradient",
    "dense_bias_gradient", "dense_input_gradient", "batch_mean", "centred", "batch_norm",
    "centred_gradient", "scale_gradient", "shift_gradient", "row_mean", "row_centred",
    "layer_norm", "row_centred_gradient", "weighed", "skip", "skip_gradient", "valley",
    "valley_gradient",
}  # fmt: skip
"""The formulas of the catalogue that are sums of products of elements, whose places are sums of
indices, or of terms that are such."""


@pytest.mark.parametrize("name", formulas())
def test_a_contraction_of_the_catalogue_is_einsum_and_nothing_else_is(name):
    formula = formulas()[name]
    if name in CONTRACTIONS:
        text = formula.numpy("einsum")
        assert_equal(text, formula, known(name))
        assert "np.einsum(" in text or "sum" not in formula.latex
    else:
        with pytest.raises(FormulaError, match=r"it is no contraction: .*; style='loops'"):
            formula.numpy("einsum")


@pytest.mark.parametrize(
    ("formula", "by"),
    [(strided_convolution, "x"), (grouped_convolution, "x")],
)
def test_the_gradient_that_was_derived_is_source_too(formula, by):
    gradient = derive(formula, by).gradient
    rng = np.random.default_rng(0)
    for S, D, P in ((2, 2, 1), (3, 1, 0), (1, 2, 4)):
        sizes = {"S": S, "D": D, "P": P, "M": 7, "N": 9, "m": 3, "n": 2, "G": 2, "R": 3, "Q": 2}
        shapes = {"x": (7, 9), "W": (3, 2)}
        if formula is grouped_convolution:
            shapes = {"x": (4, 7, 9), "W": (6, 2, 3, 2)}
        given = {name: rng.normal(size=shape) for name, shape in shapes.items()} | sizes
        a = formula(**formula.taken_of(given))
        given["dE_da"] = rng.normal(size=a.shape)
        for style in ("loops", "einsum"):
            assert_equal(gradient.numpy(style), gradient, given)


def test_a_contraction_is_what_a_person_would_write():
    lines = convolution.numpy("einsum").splitlines()
    assert lines[-3:] == [
        "    x_windows = sliding_window_view(x, (m, n))  # i, j, s, t",
        '    a = np.einsum("kst,ijst->kij", W, x_windows, optimize=True) + b[:, None, None]',
        "    return a",
    ]
    assert "from numpy.lib.stride_tricks import sliding_window_view" in lines
    windows = next(
        line for line in strided_convolution.numpy("einsum").splitlines() if "w(" in line
    )
    assert windows.endswith("[::S, ::S, ::D, ::D]  # i, j, s, t")


def test_a_quotient_of_sizes_that_stands_there_often_has_a_name():
    text = formulas()["strided_input_gradient"].numpy("einsum")
    assert "    steps = (M + 2 * P - D * (m - 1) - 1) // S\n" in text
    assert "    assert dE_da.shape == (steps + 1, steps_2 + 1)\n" in text
    # One that changes from turn to turn of a loop has none.
    formula = Formula(
        r"y_i = x_{\lfloor (i+1)/q \rfloor} (x_{\lfloor (i+1)/q \rfloor} + 1)", x="N", y="M", q=""
    )
    assert "steps" not in formula.numpy()
    assert_equal(formula.numpy(), formula, {"x": [1.0, 2.0, 4.0], "q": 2, "M": 7})


def test_a_result_is_no_view_of_what_was_given():
    W = np.ones((1, 2, 2))
    turned = function(turned_kernel.numpy("einsum"))(W)
    turned[:] = 0
    assert (W == 1).all()


@pytest.mark.parametrize("sizes", [(1, 1, 0), (1, 2, 3), (2, 1, 1), (3, 2, 2), (2, 3, 5)])
@pytest.mark.parametrize("name", ["strided_convolution", "transposed_convolution",
                                  "strided_input_gradient", "strided_kernel_gradient"])  # fmt: skip
def test_strides_dilations_and_paddings(name, sizes):
    S, D, P = sizes
    formula, rng = formulas()[name], np.random.default_rng(1)
    given = {"x": rng.normal(size=(9, 8)), "W": rng.normal(size=(2, 3)), "A": 1}
    given |= {"S": S, "D": D, "P": P, "M": 9, "N": 8, "m": 2, "n": 3}
    a = strided_convolution(**strided_convolution.taken_of(given))
    given["dE_da"] = rng.normal(size=a.shape)
    assert_equal(formula.numpy("einsum"), formula, given)


@pytest.mark.parametrize(
    ("latex", "shapes", "arrays", "reason"),
    [
        (r"y_i = \sum_{j=0}^{i} x_j", {"x": "N", "y": "N"}, {}, "where a sum ends depends"),
        (r"E = \sum_i (x_i - t_i)^2", {"x": "N", "t": "N"}, {}, "a power stands in it"),
        (r"y_i = \sum_{s,t} W_{st} x_{i+2s+3t}", {"W": "m n", "x": "N", "y": "M"}, {},
         "an axis of x is read by more than two indices at once"),
        (r"y_i = \sum_n x_{i n} i", {"x": "M N"}, {}, "the number i of an index stands in it"),
    ],
)  # fmt: skip
def test_what_is_no_contraction_is_refused_with_the_reason(latex, shapes, arrays, reason):
    with pytest.raises(FormulaError, match=reason):
        Formula(latex, **shapes).numpy("einsum")


def test_two_sums_with_indices_of_one_name_stay_apart():
    formula = Formula(
        r"y_i = (\sum_s A_{is} x_s) (\sum_s B_{is} z_s)", A="M N", B="M K", x="N", z="K", y="M"
    )
    rng = np.random.default_rng(0)
    shapes = {"A": (3, 4), "B": (3, 2), "x": 4, "z": 2}
    given = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    assert_equal(formula.numpy("einsum"), formula, given)
    assert_equal(formula.numpy(), formula, given)


def test_a_size_may_follow_from_an_axis_of_twice_its_length():
    formula = Formula("y_i = 0.5 h x_i", x="2*h+1")
    assert_equal(formula.numpy(), formula, {"x": np.arange(5.0)})
    assert "(0.5)" not in formula.numpy()


# ---- what a caller may do wrong -----------------------------------------------------------------


def test_small_integers_do_not_overflow():
    x, W = np.full((3, 3), 200, dtype=np.uint8), np.full((1, 2, 2), 3, dtype=np.uint8)
    assert value(convolution.numpy(), {"x": x, "W": W, "b": [0]}).tolist() == [[[2400] * 2] * 2]


def test_shapes_that_do_not_fit_are_refused():
    run = function(convolution.numpy())
    with pytest.raises(AssertionError):
        run(np.zeros((4, 5)), np.zeros((2, 3, 3)), np.zeros(3))
    with pytest.raises(AssertionError):
        function(max_pooling.numpy())(np.zeros((4, 5)), l=2, q=-1)
    groups = function(grouped_convolution.numpy())
    with pytest.raises(AssertionError):
        groups(np.zeros((4, 5, 5)), np.zeros((6, 2, 3, 3)), G=2, R=2)


def test_a_length_that_is_not_whole_is_refused_as_the_formula_refuses_it():
    shapes = {"x": "N", "w": "m", "y": "(N-m)/r+1"}
    formula = Formula(r"y_i = \sum_s w_s x_{ri+s}", **shapes)
    run = function(formula.numpy())
    x, w = np.arange(7.0), np.ones(3)
    np.testing.assert_array_equal(run(x, w, r=2), formula(x=x, w=w, r=2))
    with pytest.raises(AssertionError):
        run(np.arange(8.0), w, r=2)
    with pytest.raises(CnnMathError, match=r"declare \(N-m\)//r\+1 if the rest is left out"):
        formula(x=np.arange(8.0), w=w, r=2)
    rounded = Formula(formula.latex, **shapes | {"y": "(N-m)//r+1"})
    assert "%" not in rounded.numpy()
    assert len(function(rounded.numpy())(np.arange(8.0), w, r=2)) == 3


def test_a_given_length_that_is_not_whole_is_refused_too():
    formula = Formula(r"E = \sum_i x_{2i} h_i", x="N", h="N/2")
    run = function(formula.numpy())
    assert run(np.arange(6.0), np.ones(3)) == formula(x=np.arange(6.0), h=np.ones(3)) == 6
    with pytest.raises(CnnMathError, match="expected N/2 = 7/2"):
        formula(x=np.arange(7.0), h=np.ones(3))
    with pytest.raises(AssertionError):
        run(np.arange(7.0), np.ones(3))


def test_gradients_by_a_letter_and_by_its_capital_have_two_names():
    formula = Formula(r"E = \sum_i W_i w_i", W="n", w="n")
    heads = [derive(formula, by).gradient.numpy().partition("(")[0] for by in ("W", "w")]
    assert [head.split()[-1] for head in heads] == ["gradient_of_E_by_W", "gradient_of_E_by_w"]


def test_no_index_comes_round_from_the_other_end():
    rng = np.random.default_rng(0)
    given = {"delta": rng.normal(size=(2, 5, 4)), "W": rng.normal(size=(2, 3, 2))}
    assert_equal(input_gradient.numpy(), input_gradient, {**given, "M": 7, "N": 5})


def test_a_label_that_names_nothing_is_refused():
    loss = Formula(r"E = -\sum_n \log p_{n, y_n}", p="N C", y="N")
    given = {"p": np.full((2, 3), 0.5), "y": [0, 2]}
    assert "    y = np.asarray(y, dtype=int)  # (N,)\n" in loss.numpy()
    assert_equal(loss.numpy(), loss, given)
    with pytest.raises(AssertionError):
        value(loss.numpy(), {**given, "y": [0, -1]})


def test_a_number_that_is_an_index_may_be_a_float():
    given = {"z": [1.0, 2.0, 0.5], "y": np.float64(1.0)}
    assert_equal(cross_entropy.numpy(), cross_entropy, given)


def test_an_index_that_runs_along_two_arrays_needs_them_of_one_length():
    formula = Formula(r"y_i = x_i z_i")
    given = {"x": [1.0, 2.0], "z": [3.0, 4.0]}
    assert_equal(formula.numpy(), formula, given)
    assert "if" not in formula.numpy()
    with pytest.raises(AssertionError):
        value(formula.numpy(), {**given, "z": [3.0, 4.0, 5.0]})


def test_how_far_an_index_runs_is_said_or_refused():
    assert "for i in range(N - 1):" in Formula(r"y_i = x_i + x_{i+1}", x="N").numpy()
    formula = Formula(r"y_i = x_i z_{N-i}", x="N", z="N")  # it reads outside from the first i on
    assert formula(x=[1.0, 2.0], z=[1.0, 2.0]).shape == (0,)
    with pytest.raises(FormulaError, match="how far i runs cannot be said in sizes"):
        formula.numpy()


def test_names_that_python_keeps():
    formula = Formula(r"y_i = \lambda x_i + \max_s z_{is}", x="N", z="N K", **{"lambda": ""})
    text = formula.numpy()
    assert "lambda_ * x[i]" in text
    assert_equal(text, formula, {"lambda": 2.0, "x": np.ones(3), "z": np.arange(6.0).reshape(3, 2)})


def test_a_style_that_there_is_not():
    with pytest.raises(FormulaError, match="expected 'loops' or 'einsum'"):
        softmax.numpy("fast")


def test_it_shows_itself_in_a_fold_with_a_button():
    text = convolution.numpy()
    shown = text._repr_mimebundle_()
    assert shown["text/plain"] == text == repr(text)
    assert shown["text/html"].startswith("<details")
    assert "<button" in shown["text/html"] and "0 &lt;= i" not in shown["text/html"]
    assert "if 0 &lt;= i - s &lt; " in input_gradient.numpy()._repr_mimebundle_()["text/html"]


def test_the_button_copies_the_source(browser):
    page = browser.new_context(permissions=["clipboard-read", "clipboard-write"]).new_page()
    shown = convolution.numpy().page()
    page.route("**/*", lambda route: route.fulfill(body=shown, content_type="text/html"))
    page.goto("https://localhost/")  # elsewhere a page may not read what was copied
    page.locator("summary").click()
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").strip() == convolution.numpy().strip()
    page.context.close()


def test_a_condition_that_always_holds_is_not_written():
    hinge = Formula(r"y_i = \max(0, 1 - t_i x_i)", x="n", t="n")
    assert "np.maximum(0, 1 - t[i] * x[i])\n" in hinge.numpy()
