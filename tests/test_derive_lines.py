"""How a derivation reads: its lines, its rules, its sentences; and what can be done with it."""

import html
import re
from dataclasses import replace
from functools import cache
from itertools import pairwise

import derivable
import numpy as np
import pytest
from derivable import difference

from cnnmath import catalogue
from cnnmath.derive import derive
from cnnmath.errors import (
    DerivationError,
    FormulaError,
    MissingArrayError,
    UndeclaredShapeError,
    UnknownNameError,
)
from cnnmath.explorer import explore
from cnnmath.formula import Formula

# In one process, which derives nothing twice.
pytestmark = pytest.mark.xdist_group("how derivations read")
derived = cache(derive)


def right_sides(derivation):
    return [line.latex.split(" = ", 1)[1] for line in derivation.lines]


def rules(derivation):
    return [line.rule for line in derivation.lines]


# ---- lines --------------------------------------------------------------------------------------


def test_the_kernel_gradient_in_three_lines():
    derivation = derived(catalogue.convolution, "W")
    assert rules(derivation) == ["Chain rule", "Differentiate", "Collapse"]
    assert right_sides(derivation) == [
        r"\sum_{k'=0}^{K - 1} \sum_{i=0}^{M - m} \sum_{j=0}^{N - n} "
        r"\frac{\partial E}{\partial a^{(k')}_{ij}} "
        r"\frac{\partial a^{(k')}_{ij}}{\partial W^{(k)}_{st}}",
        r"\sum_{k'=0}^{K - 1} \sum_{i=0}^{M - m} \sum_{j=0}^{N - n} "
        r"\frac{\partial E}{\partial a^{(k')}_{ij}} \sum_{s'=0}^{m - 1} \sum_{t'=0}^{n - 1} "
        r"[k' = k] [s' = s] [t' = t] x_{i + s', j + t'}",
        r"\sum_{i=0}^{M - m} \sum_{j=0}^{N - n} "
        r"\frac{\partial E}{\partial a^{(k)}_{ij}} x_{i + s, j + t}",
    ]


def test_the_input_gradient_of_a_strided_dilated_convolution():
    derivation = derived(derivable.STRIDED, "x")
    assert rules(derivation) == ["Chain rule", "Differentiate", "Collapse", "Solve"]
    assert right_sides(derivation)[-1] == (
        r"\sum_{k=0}^{K - 1} \sum_{s=0}^{m - 1} \sum_{t=0}^{n - 1} \frac{\partial E}{\partial "
        r"a^{(k)}_{\frac{u + P - s D}{S}, \frac{v + P - t D}{S}}} W^{(k, c)}_{st} "
        r"[(u + P - s D) \bmod S = 0] [(v + P - t D) \bmod S = 0]"
    )
    last = derivation.lines[-1].sentence
    assert r"Solve $i S + s D - P = u$ for $i$" in last
    assert (
        r"but $i$ is whole only where $S$ divides $u + P - s D$ and $j$ only where $S$ divides "
        r"$v + P - t D$. Elsewhere there is no such term: the brackets with mod are 0." in last
    )
    assert r"$\partial E/\partial a$ counts as 0, so that" in last


def test_the_winner_of_a_window_keeps_its_bounds():
    derivation = derived(catalogue.max_pooling, "x")
    assert rules(derivation) == ["Chain rule", "Differentiate", "Solve"]
    assert right_sides(derivation)[-1].endswith(r"[0 \le u - i q < l] [0 \le v - j q < l]")
    other = derived(derivable.MAXIMUM, "x")  # of which no teacher speaks
    assert "Of equal cells the first counts, by convention." in other.lines[1].sentence


def test_with_a_name_for_the_winner_the_last_line_asks_it_where_it_stands():
    derivation = derive(catalogue.max_pooling, "x", omega=catalogue.winner)
    assert rules(derivation) == ["Chain rule", "Differentiate", "By its name", "The winner's place"]
    assert right_sides(derivation)[-1].endswith(
        r"\frac{\partial E}{\partial a_{ij}} "
        r"\left[ i q + \lfloor \frac{\omega_{ij}}{l} \rfloor = u \right] "
        r"[j q + (\omega_{ij} \bmod l) = v]"
    )
    assert r"it is $s = \lfloor \frac{\omega_{ij}}{l} \rfloor$" in derivation.lines[-1].sentence
    assert difference(derivation) == ""
    place = Formula(r"w_i = \arg\min_{0 \le s < l} x_{iq+s}", x="N", w="(N-l)//q+1")
    assert right_sides(derive(derivable.MINIMUM, "x", w=place))[-1].endswith("[i q + w_{i} = u]")


def test_a_figure_shows_the_named_quantity_between_the_formula_and_its_gradient():
    derivation = derive(catalogue.max_pooling, "x", omega=catalogue.winner)
    assert derivation.gradient.definitions["omega"] is catalogue.winner
    x = np.arange(24.0).reshape(4, 6)
    figure = explore(*derivation, x=x, dE_da=np.ones((2, 3)), l=2, q=2)
    assert figure.results.keys() == {"a", "omega", "dE_dx"}
    assert figure.results["dE_dx"].sum() == 6


def test_a_bracket_that_asks_for_something_else_than_the_winners_cell_stays():
    diagonal = Formula(
        r"y_{ij} = \sum_{s=0}^{l-1} \sum_{t=0}^{l-1} [s + t = \omega_{ij}] w_{st} v_{st}",
        w="l l", v="l l", omega=catalogue.winner, y="(M-l)//q+1 (N-l)//q+1",
    )  # fmt: skip
    derivation = derive(diagonal, "w")
    assert right_sides(derivation)[-1].count(r"[s + t = \omega_{ij}]") == 1
    assert difference(derivation) == ""


def test_what_leaves_an_array_has_its_bracket_behind_a_factor_too():
    halved = derive(Formula(r"y_i = \frac{1}{2} c x_{N-1-2i}", x="N", c=""), "c")
    assert right_sides(halved)[-1].startswith(r"\frac{1}{2} \sum")
    assert right_sides(halved)[-1].endswith(r"x_{N - 1 - 2 i} [0 \le N - 1 - 2 i]")


def test_what_was_declared_by_a_formula_is_called_by_its_name():
    label = Formula(r"E = -\log p_y", p=derivable.SOFTMAX, y="")
    derivation = derive(label, "x")
    assert "By its name" in rules(derivation)
    assert right_sides(derivation)[-1] == "-[y = i] + p_{i}"
    weights = Formula(r"E = -\sum_k y_k \log p_k", p=derivable.SOFTMAX, y="N")
    assert right_sides(derive(weights, "x"))[-1] == r"-y_{i} + p_{i} \sum_{k=0}^{N - 1} y_{k}"
    assert difference(derive(weights, "x")) == ""


def test_the_result_too_may_be_called_by_its_name():
    derivation = derive(derivable.SOFTMAX, "x", p=derivable.SOFTMAX)
    assert right_sides(derivation)[-1] == (
        r"\frac{\partial E}{\partial p_{i}} p_{i} - p_{i} \sum_{i'=0}^{N - 1} "
        r"\frac{\partial E}{\partial p_{i'}} p_{i'}"
    )
    assert difference(derivation) == ""


def test_beyond_its_array_a_quantity_is_0_and_not_what_its_formula_says():
    """p ends two places before x does, and e^0 / 2 is no 0."""
    short = Formula(r"p_i = \frac{e^{x_i}}{2}", x="N", p="N-2")
    derive(
        Formula(r"y_i = e^{x_i}", x="N", y="N"),
        "x",
        p=Formula(r"p_i = \frac{e^{x_i}}{2}", x="N", p="N"),
    )
    with pytest.raises(FormulaError, match="nothing in the derivation by x is what the formula of"):
        derive(Formula(r"y_i = e^{x_i}", x="N", y="N"), "x", p=short)


def test_a_name_is_put_in_only_where_all_of_its_formula_stands():
    cubed = Formula(r"q_i = \frac{e^{x_i}}{(\sum_j e^{x_j})^3}", x="N", q="N")
    with pytest.raises(FormulaError, match="nothing in the derivation by x is what the formula of"):
        derive(derivable.SOFTMAX, "x", q=cubed)


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ({"w": catalogue.winner}, "that formula defines omega"),
        ({"a": catalogue.average_pooling}, "a stands in the formula of a already"),
        ({"omega": "winner"}, "expected a Formula of omega"),
        ({"p": derivable.SOFTMAX}, "nothing in the derivation by x is what the formula of p says"),
    ],
)
def test_a_name_that_says_nothing_is_refused(named, words):
    with pytest.raises(FormulaError, match=words):
        derive(catalogue.max_pooling, "x", **named)


def test_an_index_that_counts_backwards_is_solved_for():
    assert right_sides(derived(derivable.BACKWARDS, "x"))[-1] == (
        r"\sum_{i=0}^{P - 1} \frac{\partial E}{\partial a_{i}} W_{N - 2 i - u - 1}"
    )


def test_each_quotient_has_a_letter_of_its_own():
    last = derived(derivable.UPSAMPLED, "x").lines[-1].sentence
    assert "So $i = 2 p + r$, and" in last and "So $j = 3 q + t$, and" in last


def test_second_sums_are_said_once_and_products_stay_as_their_author_wrote_them():
    pooling = Formula(
        r"a_i = \log \sum_{s=0}^{l-1} \sum_{t=0}^{l-1} e^{x_{(qi+s)(qi+t)}}",
        x="M N", a="(M-l)//q+1",
    )  # fmt: skip
    line = derive(pooling, "x").lines[2]
    assert "Second sums over $s$ and $t$ are written with $s'$ and $t'$." in line.sentence
    assert r"[0 \le u - q i < l]" in line.latex


def test_an_array_without_letters_of_its_own_gets_free_ones():
    assert derived(catalogue.convolution, "x").gradient.free == ("u", "v")
    clash = Formula(r"y_v = \sum_u x_{u+v} w_u", x="N", w="m")
    assert derive(clash, "x").gradient.free == ("p",)


def test_of_a_gradient_another_error_is_derived():
    gradient = derived(catalogue.convolution, "x").gradient
    assert derive(gradient, "W").arriving == "dL_ddE_dx"


def test_numbers_too_large_to_be_written_stay_powers():
    formula = Formula(r"y_i = 2^{60} \cdot 2^{-50} x_i^2", x="N")
    assert right_sides(derive(formula, "x"))[-1].endswith(r"2^{60} \cdot 2^{-50} x_{i}")
    assert difference(derive(formula, "x")) == ""
    with pytest.raises(FormulaError, match="not finite"):
        derive(Formula(r"y_i = 10^{300} \cdot 10^{300} x_i^2", x="N"), "x")


def test_an_array_that_is_read_twice_gives_two_terms():
    assert right_sides(derived(derivable.QUADRATIC, "x"))[-1] == (
        r"\sum_{j=0}^{N - 1} A_{ij} x_{j} + \sum_{i'=0}^{N - 1} A_{i'i} x_{i'}"
    )


def test_a_bracket_says_where_an_array_ends_if_a_sum_would_run_there():
    derivation = derive(Formula("y_i = c x_{i+1}", x="N", y="N", c=""), "c")
    assert right_sides(derivation)[-1] == (
        r"\sum_{i=0}^{N - 1} \frac{\partial E}{\partial y_{i}} x_{i + 1} [i + 1 < N]"
    )
    assert "an array has ended and reads as 0" in derivation.lines[-1].sentence
    assert "[" not in right_sides(derived(derivable.AHEAD, "g"))[-1]


def test_first_indices_are_kept():
    formula = Formula(r"y_i = \sum_{k=-1}^{1} V_k x_{i+k}", x="N", V="3", origin={"V": -1}, y="N")
    assert difference(derive(formula, "V")) == ""


def test_the_factors_end_as_one_fraction():
    formula = Formula(r"y_i = \sqrt{x_i} g_i", x="N", g="N")
    assert right_sides(derive(formula, "x"))[-1] == (
        r"\frac{\partial E}{\partial y_{i}} \frac{g_{i}}{2 \sqrt{x_{i}}}"
    )


def test_nothing_arrives_at_a_number():
    derivation = derived(catalogue.squared_error, "a")
    assert derivation.arriving == ""
    assert derivation.lines[0].rule == "The question"
    assert right_sides(derivation)[-1] == r"a^{(k)}_{ij} - y^{(k)}_{ij}"


# ---- depths -------------------------------------------------------------------------------------


def test_every_rewriting_is_a_line_of_its_own():
    derivation = derived(catalogue.convolution, "x", "all")
    assert rules(derivation) == [
        "Chain rule", "Put in", "Sum rule", "Into the sum", "Into the sum", "Constant factor",
        "One element by another", "Exchange the sums", "Solve", "Outside is 0", "Solve",
        "Outside is 0",
    ]  # fmt: skip
    assert derivation.lines[6].sentence.startswith("$x_{i + s, j + t}$ is $x_{uv}$ where ")
    assert r"[0 \le u - s \le M - m]" in right_sides(derivation)[8]
    assert r"[0 \le u - s \le M - m]" not in right_sides(derivation)[9]


def test_what_is_multiplied_out_is_a_line_of_its_own():
    derivation = derive(Formula(r"a_i = x_{i+1} - x_i", x="N", a="N-1"), "x", depth="all")
    at = rules(derivation).index("Multiply out")
    before, after = right_sides(derivation)[at - 1 : at + 1]
    assert before == (
        r"\sum_{i'=0}^{N - 2} \frac{\partial E}{\partial a_{i'}} \cdot ([i' + 1 = i] - [i' = i])"
    )
    assert after == (
        r"\sum_{i'=0}^{N - 2} \frac{\partial E}{\partial a_{i'}} [i' + 1 = i] "
        r"- \sum_{i'=0}^{N - 2} \frac{\partial E}{\partial a_{i'}} [i' = i]"
    )
    assert "Exchange the sums" not in rules(derivation)
    assert "Multiply out" not in rules(derived(catalogue.convolution, "x", "all"))


def test_terms_with_the_same_brackets_are_not_multiplied_out():
    twice = Formula(r"y_i = w_i (x_i^2 + 3 x_i)", x="N", w="N")
    assert "Multiply out" not in rules(derive(twice, "x", depth="all"))


def test_no_line_repeats_the_one_before_it():
    pairs = [
        (catalogue.max_pooling, "x"),
        (catalogue.average_pooling, "x"),
        (derivable.MINIMUM, "x"),
    ]
    for formula, by in pairs:
        derivation = derive(formula, by, depth="all")
        sides = right_sides(derivation)
        assert all(one != other for one, other in pairwise(sides))
        assert "A condition stays" not in rules(derivation)
        assert "must be a value the sum ran over" in derivation.text()


def test_the_result_alone_has_two_lines():
    for formula, by in ((catalogue.convolution, "x"), (derivable.LAYER_NORM, "x")):
        usual, result = derive(formula, by), derive(formula, by, depth="result")
        assert len(result.lines) == 2
        assert result.lines[-1].latex == usual.lines[-1].latex


def test_there_is_no_other_depth():
    with pytest.raises(FormulaError, match="expected one of all, usual, result"):
        derive(catalogue.convolution, "x", depth="deep")


# ---- what can be done with it -------------------------------------------------------------------


def arrays(seed=0):
    rng = np.random.default_rng(seed)
    shapes = dict(x=(6, 8), W=(2, 3, 4), b=(2,), dE_da=(2, 4, 5))
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


def test_the_lines_are_run_on_the_readers_arrays():
    found = derived(catalogue.convolution, "x").check(**arrays())
    assert len(found.gaps) == 4 - 1
    assert max(found.gaps[1:]) < 1e-12


def test_a_wrong_line_is_found_on_the_readers_arrays():
    derivation = derived(catalogue.convolution, "x")
    right = derivation.lines[-1]
    slip = right.latex.replace("v - t", "v + t")
    wrong = replace(
        right, latex=slip, formula=Formula(slip, x="M N", W="K m n", dE_da="K M-m+1 N-n+1")
    )
    derivation.lines = (*derivation.lines[:-1], wrong)
    with pytest.raises(DerivationError, match="line 3 is not equal to line 2: they differ by"):
        derivation.check(**arrays())


def test_what_was_checked_shows_itself_with_the_lines_and_what_they_were_run_on():
    derivation = derived(catalogue.average_pooling, "x")
    found = derivation.check(x=arrays()["x"], dE_da=arrays()["dE_da"][0, :2, :3], l=3, q=2)
    bundle = found._repr_mimebundle_()
    assert bundle["text/plain"] == repr(found)
    assert repr(found).splitlines() == [
        "average pooling by x: every line checked",
        "1. Chain rule: equal to central differences",
        "2. Differentiate: equal to the line before",
        "3. Solve: equal to the line before",
        "4. In front of the sum: equal to the line before",
    ]
    page = bundle["text/html"]
    assert page.count("<li>") == len(derivation.lines)
    assert "<details>" not in page
    shown = re.sub(r"</?span[^>]*>|\\\(|\\\)", "", page)
    run_on = r"x of 6 × 8, \partial E/\partial a of 2 × 3, l = 3, q = 2"
    assert f"Every line was run on {run_on}: the first beside central differences" in shown


def test_what_a_check_needs_it_asks_for():
    derivation = derived(catalogue.convolution, "x")
    given = arrays()
    del given["dE_da"]
    with pytest.raises(MissingArrayError, match="dE_da"):
        derivation.check(**given)
    with pytest.raises(
        DerivationError, match=r"dE_da has shape \(2, 2, 5\): expected .*\(2, 4, 5\)"
    ):
        derivation.check(**{**arrays(), "dE_da": np.ones((2, 2, 5))})


def test_the_gradient_is_a_formula():
    gradient = derived(catalogue.convolution, "W").gradient
    assert gradient.result == "dE_dW"
    assert set(gradient.names) == {"dE_da", "x"}
    value = gradient(**{name: arrays()[name] for name in ("x", "dE_da")}, m=3, n=4)
    assert value.shape == (2, 3, 4)


def test_shapes_that_nobody_declared_follow_through_the_formulas():
    scores = Formula(r"s_{ij} = \sum_d Q_{id} K_{jd}", Q="N D", K="M D")
    weights = Formula(r"A_{ij} = \frac{e^{s_{ij}}}{\sum_{k=0}^{M-1} e^{s_{ik}}}", s=scores)
    attention = Formula(r"o_{ic} = \sum_j A_{ij} V_{jc}", A=weights, V="M C")
    for by in "QKV":
        assert difference(derive(attention, by)) == ""


@pytest.mark.parametrize("level", [1, 2, 3])
def test_gaps_hold_what_was_taken_out(level):
    derivation = derived(catalogue.convolution, "x")
    faded = derivation.faded(level, seed=3)
    assert faded == derivation.faded(level, seed=3)
    for line, gap in zip(derivation.lines, faded, strict=True):
        assert gap.latex.count(r"\square") == len(gap.answers)
        filled = gap.latex
        for answer in gap.answers:
            filled = filled.replace(r"\square", answer, 1)
        assert filled == line.latex
    assert all(gap.answers for gap in faded[1:])
    assert faded[0].answers == ()


def test_there_is_no_other_level():
    with pytest.raises(FormulaError, match="expected 1, 2 or 3"):
        derived(catalogue.convolution, "x").faded(4)


@pytest.mark.parametrize("seed", [-1, "a", 1.5])
def test_there_is_no_other_seed(seed):
    with pytest.raises(FormulaError, match="expected a whole number, 0 or larger"):
        derived(catalogue.convolution, "x").faded(1, seed)


def test_a_derivation_shows_itself_with_every_step_in_a_fold():
    derivation = derived(catalogue.convolution, "W")
    bundle = derivation._repr_mimebundle_()
    assert bundle["text/plain"].startswith("1. Chain rule\n")
    usual, every = bundle["text/html"].split("<details>")
    assert usual.count("<li>") == len(derivation.lines)
    assert every.count("<li>") == len(derived(catalogue.convolution, "W", "all").lines)
    assert "<b>Chain rule.</b>" in usual
    assert "differences: " in usual
    assert usual.count("run: ") == len(derivation.lines) - 1
    assert r'<span class="cx-math">\(K = 2\)</span>' in usual


def test_a_long_derivation_shows_its_result_above_the_fold_that_holds_its_lines():
    derivation = derived(catalogue.max_pooling, "x")
    shown, lines, every = derivation.page().split("<details>")
    assert "<li>" not in shown
    assert lines.startswith(f"<summary>The derivation, in {len(derivation.lines)} lines</summary>")
    assert lines.count("<li>") == len(derivation.lines)
    assert every.startswith("<summary>Every step")

    def read(text):
        return re.sub(r"<[^>]*>|\\[()]|\\displaystyle|\\textcolor{#\w+}|[{} ]", "", text)

    result = shown.partition('aria-label="The result">')[2]
    last = derivation.lines[-1].formula.latex
    assert html.unescape(read(result)) == read(last)


def test_in_a_fold_there_is_something_to_unfold():
    assert "Every step" not in derived(catalogue.convolution, "W", "all").page()


def test_a_name_is_no_html():
    formula = Formula("y_i = 2 x_i", x="N", name=r"<b>twice</b> $\href{a}{b}$")
    page = derive(formula, "x").page()
    assert "<b>twice" not in page
    assert r"\href" not in page


def test_a_figure_shows_the_formula_and_its_gradient_together():
    derivation = derived(derivable.LAYER_NORM, "x")
    figure = explore(
        *derivation,
        x=[[1, 2, 4], [0, 3, -1]], g=[1, 2, 1], b=[0, 0, 1], epsilon=0.5,
        dE_dy=[[1, 0, -1], [2, 1, 0]],
    )  # fmt: skip
    assert figure.results.keys() == {"mu", "v", "y", "dE_dx"}
    np.testing.assert_allclose(figure.results["dE_dx"].sum(axis=1), 0, atol=1e-12)


def test_a_function_that_the_caller_passes_has_slopes_with_primes():
    formula = Formula(r"y_i = f(w x_i) + x_i f'(x_i)", x="N", w="", y="N")
    gradient = derive(formula, "x").gradient
    assert {"f_prime", "f_prime_prime"} <= set(gradient.names)


# ---- refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "by", "kind", "words"),
    [
        (Formula("y_i = 2 x_i", x="N"), "z", UnknownNameError, "does not read z; it reads x"),
        (Formula("y_i = 2 x_i"), "x", UndeclaredShapeError, "declare the shape of y"),
        (Formula(r"y_i = \lfloor x_i \rfloor", x="N"), "x", FormulaError, "except in jumps"),
        (Formula(r"y_i = x_{i s}", x="N", y="P"), "s", FormulaError, "whole number"),
        (derivable.FOCAL, "y", FormulaError, "say which element is read"),
        (derivable.VARIANCE, "mu", FormulaError, "is calculated by a formula"),
        (Formula("C = (1-a) B + a F", a=""), "B", UndeclaredShapeError, "Declare B=''"),
        (
            Formula(r"y_{ni} = \sum_j w_{ij} x_{nj}", x="128 512", w="512 512"),
            "x", FormulaError, "a line has more than .* terms. Where a shape has a number",
        ),
        (
            Formula(r"h_i = \frac{\partial E}{\partial a_i} x_i", dE_da="N", x="N"),
            "dE_da", FormulaError, "a derivative by its name",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_derived_is_refused_with_the_reason(formula, by, kind, words):
    with pytest.raises(kind, match=words):
        derive(formula, by)


def test_only_formulas_are_derived():
    with pytest.raises(FormulaError, match="takes a Formula: got str"):
        derive("y = x", "x")
