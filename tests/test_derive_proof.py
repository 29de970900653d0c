"""What a proof refuses, to how much of a difference, and on which numbers it is run."""

from itertools import islice

import derivable
import numpy as np
import pytest

from cnnmath.core.nodes import Binder, Compare, Index, Number, Read
from cnnmath.derive import derive, fading, machine, proof, sample
from cnnmath.derive.forward import prepared
from cnnmath.derive.machine import steps_of
from cnnmath.derive.proof import Condition, compared, forward_error, samples_of, slopes
from cnnmath.derive.rules import grouped
from cnnmath.derive.sample import Sample, samples, slope_of
from cnnmath.errors import DerivationError, FormulaError, UndeclaredShapeError
from cnnmath.formula import Formula

SCALED = Formula(r"y_i = c x_i^2", x="N", c="", y="N")
X = np.array([0.5, -1.5, 2.0])
ARRIVING = np.array([1.0, 3.0, -2.0])
GIVEN = Sample({"x": X, "c": 0.5, "dE_dy": ARRIVING}, {"N": 3})
LEFT = r"\frac{\partial E}{\partial x_i} = "
RIGHT = r"2 c x_i \frac{\partial E}{\partial y_i}"


@pytest.fixture(scope="module")
def forward():
    return derive(SCALED, "x")._forward


def line(right):
    shapes = (
        {"x": "N"} | ({"dE_dy": "N"} if "y" in right else {}) | ({"c": ""} if "c " in right else {})
    )
    return Formula(LEFT + right, **shapes)


def run(forward, *rights):
    return compared(forward, [line(right) for right in rights], [GIVEN])


def test_what_is_equal_passes_and_says_how_nearly(forward):
    first, second = run(forward, RIGHT, rf"{RIGHT} \cdot 1.0000000005")
    assert 0 <= first < 1e-6
    assert second == pytest.approx(5e-10, rel=1e-3)
    gaps = compared(forward, [line(RIGHT), line(RIGHT)], [GIVEN, GIVEN])
    assert len(gaps) == 2 and gaps[1] == 0


@pytest.mark.parametrize(
    ("rights", "message"),
    [
        ([rf"{RIGHT} \cdot 1.000002"], "line 1 is not the slope: along a random direction it"),
        (["3 c x_i"], "line 1 is not the slope"),
        ([RIGHT, rf"{RIGHT} \cdot 1.000000002"], "line 2 is not equal to line 1: they differ by"),
        ([RIGHT, RIGHT, "c x_i"], "line 3 is not equal to line 2: they differ by"),
        ([RIGHT, rf"{RIGHT} / (x_i - x_i)"], "line 2 is not finite: "),
        ([r"\frac{1}{x_i - x_i}"], "line 1 is not finite: "),
        ([RIGHT, "b x_i"], "line 2 cannot be run: "),
    ],
)
def test_what_is_not_equal_is_refused_by_its_number(forward, rights, message):
    with pytest.raises(DerivationError, match=f"^{message}"):
        run(forward, *rights)


def test_how_far_two_lines_differ_is_said(forward):
    by = np.abs(0.25 * X * ARRIVING).max()
    with pytest.raises(DerivationError, match=f"they differ by {by:.3g} in .*c x_i"):
        run(forward, RIGHT, r"\frac{3}{2} c x_i \cdot \frac{\partial E}{\partial y_i}")


def test_a_slope_that_is_wrong_is_said_beside_what_differences_find(forward):
    direction = np.random.default_rng(1).normal(size=3)
    wrong, right = 3 * 0.5 * X, 2 * 0.5 * X * ARRIVING
    gap = abs((wrong - right) @ direction) / np.sqrt(((wrong * direction) ** 2).sum())
    message = f"it gives {wrong @ direction:.9g}, which differs from differences by {gap:.2g} of it"
    with pytest.raises(DerivationError) as error:
        run(forward, "3 c x_i")
    assert str(error.value) == f"line 1 is not the slope: along a random direction {message}"


def test_a_line_of_another_shape_is_refused(forward):
    other = Formula(r"\frac{\partial E}{\partial x_i} = 2 c x_{i+1}", x="N", c="", dE_dx="N-1")
    with pytest.raises(DerivationError, match=r"^line 2 has another shape than line 1$"):
        compared(forward, [line(RIGHT), other], [GIVEN])
    with pytest.raises(DerivationError, match=r"^line 1 has the shape \(2,\), x \(3,\)$"):
        compared(forward, [other], [GIVEN])


def test_a_difference_is_measured_beside_the_largest_value(forward):
    """Beside that, what is next to 0 may differ by all of itself."""
    small = Sample({**GIVEN.arrays, "x": np.array([2.0, 1.0, 1e-12])}, {"N": 3})
    lines = [line(RIGHT), line(rf"{RIGHT} + 10^{{-9}} x_i [i = 2]")]
    assert compared(forward, lines, [small])[1] < 1e-20
    zeros = Sample({**GIVEN.arrays, "dE_dy": np.zeros(3)}, {"N": 3})
    assert compared(forward, [line(RIGHT), line(RIGHT)], [zeros]) == (0, 0)
    with pytest.raises(DerivationError, match="line 2 is not equal"):
        compared(forward, [line(RIGHT), line(rf"{RIGHT} + 10^{{-30}}")], [zeros])


def test_the_error_is_what_arrives_times_the_value_summed(forward):
    at = np.array([1.0, 2.0, 3.0])
    assert forward_error(forward, GIVEN)(at) == 0.5 * (1 + 3 * 4 - 2 * 9)
    whole = derive(Formula(r"E = \sum_i x_i^2", x="N"), "x")._forward
    assert forward_error(whole, GIVEN)(at) == 14


def test_slopes_are_those_of_steps_from_the_best_to_the_last_resort():
    asked = []

    def error(at):
        asked.append(float(at))
        return float(at**3)

    found = list(slopes(error, np.array(2.0), np.array(0.5)))
    assert found == pytest.approx([6.0] * 3, rel=1e-6)
    reached = [abs(at - 2) / 0.5 for at in asked[::4]]  # the farthest of four
    assert reached == pytest.approx([1e-4, 1e-6, 1e-5], rel=1e-6)


def test_a_slope_that_cannot_be_found_is_left_out():
    def broken(at):
        raise FormulaError("no")

    assert list(slopes(broken, np.array(2.0), np.array(1.0))) == []
    assert list(slopes(lambda at: np.nan, np.array(2.0), np.array(1.0))) == []


# ---- which numbers -------------------------------------------------------------------------------


def test_at_most_two_samples_are_taken_and_the_second_only_if_it_shows_more(forward):
    gradient = line(RIGHT)
    assert len(samples_of(forward, gradient, [], [])) == 1
    pooled = derive(derivable.MINIMUM, "x")
    assert len(pooled._samples) == 2 == proof.MOST
    tried = list(islice(samples(pooled._forward), proof.TRIED))
    chosen = [one.sizes for one in pooled._samples]
    assert all(sizes in [one.sizes for one in tried] for sizes in chosen)


def test_a_condition_that_fails_somewhere_is_worth_a_sample():
    """The first that is long enough for i to leave the range that is asked for."""
    forward = derive(Formula(r"y_i = x_i", x="N", y="N"), "x")._forward
    ranges = {"i": Binder("i", Number(0.0), Read("N"))}
    gradient = Formula(r"\frac{\partial E}{\partial x_i} = \frac{\partial E}{\partial y_i}",
                       x="N", dE_dy="N")  # fmt: skip
    sizes = [one.sizes["N"] for one in islice(samples(forward), proof.TRIED)]
    for bound in range(3, 9):
        condition = Condition(Compare("<", Index("i"), Number(float(bound))), ranges)
        (found, *_) = samples_of(forward, gradient, [], [condition])
        longer = [n for n in sizes if n >= bound]
        assert found.sizes["N"] == (longer[0] if longer else sizes[0])


def test_the_numbers_of_a_sample_have_the_sizes_and_follow_the_seed():
    forward = derive(derivable.FOCAL, "p")._forward
    one, two, other = (next(samples(forward, seed)) for seed in (0, 0, 1))
    np.testing.assert_array_equal(one.arrays["p"], two.arrays["p"])
    assert not np.array_equal(one.arrays["p"], other.arrays["p"])
    p, y, sizes = one.arrays["p"], one.arrays["y"], one.sizes
    assert p.shape == (sizes["N"], sizes["C"]) and y.shape == (sizes["N"],)
    assert ((p > 0.2) & (p < 0.9)).all()  # below a logarithm
    assert y.dtype.kind == "i" and (y >= 0).all() and (y < sizes["C"]).all()
    assert set(one.of(forward.definition)) == {"p", "y", "gamma", "N", "C"}


def test_what_has_no_value_below_1_is_drawn_above_1():
    forward = derive(Formula(r"y_i = \log(\log(x_i))", x="N"), "x")._forward
    x = next(samples(forward)).arrays["x"]
    assert (x > 1.1).all() and (x < 2).all()


@pytest.mark.parametrize(
    ("formula", "kind", "message"),
    [
        (
            Formula(r"y_i = \sqrt{-x_i^2 - 1}", x="N"),
            FormulaError, "no numbers were found on which the formula can be run: its values are",
        ),
        (
            Formula(r"y_i = \max_{2 \le s \le 1} x_{i+s}", x="N", y="N"),
            FormulaError, "no numbers were found on which the formula can be run: ",
        ),
        (
            Formula(r"y_i = x_i z_i", x="N"),
            FormulaError, "the derivation needs the shape of z: declare it",
        ),
    ],
)  # fmt: skip
def test_a_formula_that_cannot_be_run_on_numbers_is_refused(formula, kind, message):
    with pytest.raises(kind, match=message):
        derive(formula, "x")


def test_the_slope_of_a_function_is_measured():
    slope = slope_of(np.sin)
    at = np.linspace(-2, 2, 9)
    np.testing.assert_allclose(slope(at), np.cos(at), rtol=0, atol=1e-9)
    for name in ("f", "phi"):
        value, first, second = (sample._function(name, primes) for primes in range(3))
        np.testing.assert_allclose(slope_of(value)(at), first(at), atol=1e-8)
        np.testing.assert_allclose(slope_of(first)(at), second(at), atol=1e-8)
        assert first(0.0) == pytest.approx(1 + 0.1 * (sum(map(ord, name)) % 7))


# ---- the question --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "by", "kind", "message"),
    [
        (
            Formula(r"y_i = \sum_j W_{ij} x_j", x="N", y="M"),
            "W", UndeclaredShapeError,
            r"^the derivation needs the shape of W: declare it, as in W='M N'$",
        ),
        (
            Formula("C = (1-a) B + a F", a=""),
            "B", UndeclaredShapeError,
            "^B, F: a number, or an array that the formula is applied to number by number",
        ),
        (
            Formula("C = a B", a="N"),
            "a", UndeclaredShapeError, "^B: a number, or an array that the formula is applied to",
        ),
    ],
)  # fmt: skip
def test_a_question_that_is_open_says_what_to_declare(formula, by, kind, message):
    with pytest.raises(kind, match=message):
        derive(formula, by)


def test_an_exercise_has_no_gap_where_nothing_can_be_asked():
    derivation = derive(Formula("y_i = 2 x_i", x="N"), "x")
    faded = derivation.faded(1)
    assert [len(one.answers) for one in faded] == [0, 1, 0]
    assert faded[2] == fading.Faded(
        derivation.lines[2].rule, derivation.lines[2].sentence, derivation.lines[2].latex, ()
    )
    assert repr(derivation) == "Derivation(y by x, 3 lines)"


def test_a_line_that_does_not_read_back_says_which(monkeypatch):
    derivation = derive(SCALED, "x")

    def fails(*_):
        raise FormulaError("so")

    monkeypatch.setattr(derivation._writer, "formula", fails)
    with pytest.raises(DerivationError, match=r"^line 1 cannot be read back: so$"):
        derivation._written(grouped(derivation._steps, "usual"))


def test_a_gradient_of_more_terms_than_anybody_reads_is_refused(monkeypatch):
    def steps(count):
        terms = " + ".join(f"x_{{i+{k}}}" for k in range(count))
        return steps_of(prepared(Formula(f"y_i = {terms}", x="N", y=f"N-{count}"), "x", {}))

    assert machine.LONGEST == 60
    monkeypatch.setattr(machine, "LONGEST", 5)
    assert len(steps(5)) > 5
    with pytest.raises(FormulaError, match=r"^the gradient would have 6 terms: derive a formula"):
        steps(6)


def test_a_function_among_the_readers_arrays_is_not_asked_to_be_uneven():
    formula = Formula(r"y_i = f(x_i)", x="N", y="N")
    given = dict(x=np.array([0.3, 0.7, 2.0]), dE_dy=np.array([1.5, 2.5, 3.5]))
    derive(formula, "x").check(f=np.sin, f_prime=np.cos, **given)
