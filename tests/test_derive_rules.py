"""The rules one by one, and that a wrong one is found by running its line."""

from dataclasses import replace
from fractions import Fraction

import derivable
import pytest

from cnnmath import catalogue
from cnnmath.core import arithmetic, calculus, slopes
from cnnmath.core.arithmetic import known_between, never_negative, same, tidy
from cnnmath.core.nodes import (
    Add,
    Binder,
    Call,
    Cases,
    Compare,
    Divide,
    Index,
    Logic,
    Multiply,
    Negative,
    Number,
    Power,
    Read,
    Reduce,
)
from cnnmath.derive import collapse, derive, fractions, machine
from cnnmath.derive.fractions import cancelled, in_front
from cnnmath.derive.letters import fresh, renamed_apart
from cnnmath.derive.sample import fails_somewhere
from cnnmath.derive.terms import Delta, Term, opposite, put_in, terms_of, total, within
from cnnmath.errors import DerivationError
from cnnmath.formula import Formula

I, J, S, U = map(Index, "ijsu")
M, K, L = map(Read, "Mml")
ZERO, ONE, TWO = Number(0.0), Number(1.0), Number(2.0)


def plus(*terms):
    return Add(terms)


def minus(node):
    return Negative(node)


# ---- a wrong rule is found ----------------------------------------------------------------------


def broken(monkeypatch, place, name, replacement):
    monkeypatch.setattr(place, name, replacement)


def test_a_dropped_bound_is_found(monkeypatch):
    def drop(self, term):
        for condition in term.conditions:
            if isinstance(condition, collapse.Within):
                others = tuple(c for c in term.conditions if c is not condition)
                about = {"condition": condition, "value": condition.value, "guard": U, "ranges": {}}
                return [collapse.replace(term, conditions=others)], "one of its values", about
        return None

    broken(monkeypatch, collapse.Collapse, "_bounds", drop)
    for formula in (catalogue.max_pooling, catalogue.average_pooling):
        with pytest.raises(DerivationError, match="not equal to line 2"):
            derive(formula, "x")


def test_a_forgotten_divisibility_is_found(monkeypatch):
    compare = collapse.Compare

    def always(relation, left, right):
        is_remainder = isinstance(left, Call) and left.function == "mod"
        return compare("=", ZERO, ZERO) if is_remainder else compare(relation, left, right)

    broken(monkeypatch, collapse, "Compare", always)
    with pytest.raises((DerivationError, TypeError)):
        derive(derivable.STRIDED, "x")


@pytest.mark.parametrize(
    ("formula", "by"),
    [
        (derivable.SOFTMAX, "x"),
        (derivable.POWER, "x"),
        (Formula(r"y_i = \frac{w_i}{x_i}", x="N", w="N"), "x"),
    ],
)
def test_a_flipped_sign_is_found(monkeypatch, formula, by):
    broken(monkeypatch, calculus, "negative", lambda node: node)
    with pytest.raises(DerivationError, match="line 1 is not the slope"):
        derive(formula, by)


def test_a_slope_that_is_wrong_is_found(monkeypatch):
    monkeypatch.setitem(slopes.SLOPES, "exp", lambda u: Call("sin", (u,)))
    with pytest.raises(DerivationError):
        derive(derivable.SOFTMAX, "x")


def test_a_wrong_winner_is_found(monkeypatch):
    wins = calculus.wins
    one_index = lambda node, again: replace(  # noqa: E731
        wins(node, again), left=Index(node.binders[0].name)
    )
    broken(monkeypatch, calculus, "wins", one_index)
    with pytest.raises(DerivationError):
        derive(catalogue.max_pooling, "x")


def test_a_wrong_exponent_is_found(monkeypatch):
    power = fractions._power
    broken(monkeypatch, fractions, "_power", lambda base, e: power(base, e + (e != 1)))
    with pytest.raises(DerivationError):
        derive(derivable.LAYER_NORM, "x")


def test_terms_that_are_lost_are_found(monkeypatch):
    terms = machine.terms_of
    broken(monkeypatch, machine, "terms_of", lambda node, fresh: terms(node, fresh)[:1])
    with pytest.raises(DerivationError):
        derive(derivable.SOFTMAX, "x")


def test_a_value_that_is_captured_by_another_sum_is_found(monkeypatch):
    formula = Formula(r"R_i = \frac{\sum_s T_s x_{i+s}}{\sum_s x_{i+s}^2}", T="m", x="N", R="N-m+1")
    derive(formula, "x")
    term = Term(
        (Binder("s", ZERO, M),), (Reduce("sum", (Binder("t", ZERO, M),), None, Read("x", (I,))),)
    )
    (factor,) = term.substituted({"i": Index("t")}).factors
    assert factor.binders[0].name != "t"


# ---- arithmetic ---------------------------------------------------------------------------------


def test_sums_are_collected():
    assert tidy(plus(M, minus(K), ONE, Number(-1.0))) == plus(M, minus(K))
    assert tidy(plus(minus(S), U)) == plus(U, minus(S))
    assert tidy(Multiply((TWO, plus(I, ONE)))) == plus(Multiply((TWO, I)), TWO)
    assert tidy(Divide(plus(Multiply((I, L)), L), L)) == plus(I, ONE)
    assert tidy(plus(I, minus(I))) == ZERO
    assert tidy(Call("floor", (Divide(plus(Multiply((TWO, I)), ONE), TWO),))) == plus(
        I, Call("floor", (Divide(ONE, TWO),))
    )


def test_one_expression_is_another_only_if_they_are_one_polynomial():
    assert same(Multiply((I, L)), Multiply((L, I)))
    assert not same(Multiply((I, L)), Multiply((I, M)))


def test_what_is_never_negative():
    assert never_negative(plus(M, Number(-1.0)), {"M"})
    assert not never_negative(plus(M, Number(-2.0)), {"M"})
    assert not never_negative(plus(M, minus(K)), {"M", "m"})
    assert not never_negative(M, set())
    whole = Multiply((L, Call("floor", (Divide(M, L),))))
    assert never_negative(plus(M, minus(whole)), {"M", "l"})
    assert not never_negative(plus(whole, minus(M)), {"M", "l"})


def test_which_bounds_are_known():
    ranges = {
        "i": Binder("i", ZERO, plus(M, minus(K))),
        "s": Binder("s", ZERO, plus(K, minus(ONE))),
    }
    last = plus(M, minus(ONE))
    assert known_between(plus(I, S), ZERO, last, ranges, {"M", "m"}) == (True, True)
    assert known_between(plus(I, S, ONE), ZERO, last, ranges, {"M", "m"}) == (True, False)
    assert known_between(plus(I, minus(S)), ZERO, last, ranges, {"M", "m"}) == (False, True)
    assert known_between(Multiply((I, J)), ZERO, last, ranges, {"M"}) == (False, False)


def test_conditions_are_asked_where_they_fail():
    ranges = {"i": Binder("i", ZERO, plus(M, minus(ONE)))}
    whole = catalogue.convolution.definition
    assert fails_somewhere(within(plus(I, minus(ONE)), ZERO, M), ranges, whole, {"M": 3})
    assert not fails_somewhere(within(I, ZERO, M), ranges, whole, {"M": 3})
    remainder = Compare("=", Call("mod", (I, TWO)), ZERO)
    assert fails_somewhere(remainder, ranges, whole, {"M": 2})
    assert not fails_somewhere(remainder, ranges, whole, {"M": 1})


def test_which_sizes_are_known_to_be_one_or_more():
    """Lengths, and what a length is divided by: then no bracket need say that i q is in the array.

    That 0 <= i q takes that q is not negative, and i q < N that N - 1 is not, which is divided.
    """
    strided = Formula("y_i = c x_{i q}", x="N", c="", y="(N-1)//q+1")
    derivation = derive(strided, "c")
    assert derivation._forward.positive == {"N", "q"}
    assert "[" not in derivation.lines[-1].latex
    unknown = Formula("y_i = c x_{i q}", x="N", c="", y="P", q="")
    assert "[0 \\le i q < N]" in derive(unknown, "c").lines[-1].latex


# ---- the numbers of a proof ---------------------------------------------------------------------


def sizes_of(formula, by):
    return [sample.sizes for sample in derive(formula, by)._samples]


@pytest.mark.parametrize(
    "formula", [catalogue.max_pooling, catalogue.average_pooling, derivable.MINIMUM]
)
def test_a_pooling_is_run_where_windows_overlap_and_where_there_are_gaps(formula):
    sizes = sizes_of(formula, "x")
    assert {one["l"] < one["q"] for one in sizes} == {True, False}


def test_a_convolution_is_run_with_strides_and_dilations_of_either_order():
    sizes = sizes_of(derivable.STRIDED, "x")
    assert {one["S"] < one["D"] for one in sizes} == {True, False}


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("formula", "by"),
    [
        (catalogue.convolution, "x"), (catalogue.channels, "x"), (catalogue.max_pooling, "x"),
        (catalogue.average_pooling, "x"), (derivable.STRIDED, "x"),
        (derivable.TRANSPOSED, "x"), (derivable.UPSAMPLED, "x"), (derivable.EDGES, "x"),
        (derivable.FROM_SECOND, "x"), (derivable.BUT_LAST, "x"), (derivable.TWO_SIDED, "w"),
    ],
)  # fmt: skip
def test_what_was_dropped_or_kept_fails_somewhere_on_the_numbers_of_the_proof(formula, by):
    derivation = derive(formula, by)
    conditions = derivation._conditions()
    assert conditions
    for one in conditions:
        assert any(
            fails_somewhere(one.condition, one.ranges, formula.definition, sample.sizes)
            for sample in derivation._samples
        ), one.condition


def test_that_a_stride_divides_is_put_to_the_test():
    derivation = derive(derivable.STRIDED, "x")
    divides = [step.about["condition"] for step in derivation._steps if step.rule == "stride"]
    assert len(divides) == 2  # one for each axis
    assert {one.condition for one in derivation._conditions()} > {*divides}


# ---- terms --------------------------------------------------------------------------------------


def test_a_range_ends_before_a_size_or_at_its_last_value():
    assert within(S, ZERO, plus(K, minus(ONE))).parts[1] == Compare("<", S, K)
    assert within(S, ZERO, plus(M, minus(K))).parts[1] == Compare("<=", S, plus(M, minus(K)))
    assert within(S, ZERO, plus(K, minus(ONE))).high == tidy(plus(K, minus(ONE)))


def test_opposites():
    assert opposite(Compare("<", I, J)) == Compare(">=", I, J)
    assert opposite(Logic("and", (Compare("=", I, J), Compare(">", I, J)))) == Logic(
        "or", (Compare("!=", I, J), Compare("<=", I, J))
    )
    assert opposite(Read("c")) == Compare("=", Read("c"), ZERO)


def test_only_what_holds_a_bracket_is_multiplied_out():
    delta = Delta("=", I, U)
    kept = plus(Read("a"), Read("b"))
    terms = terms_of(Multiply((kept, plus(Multiply((Read("c"), delta)), delta))), fresh)
    assert len(terms) == 1  # the same bracket: what it multiplies stays together
    other = Delta("=", J, U)
    terms = terms_of(Multiply((kept, plus(delta, other))), fresh)
    assert [term.factors for term in terms] == [(kept,), (kept,)]
    assert total(terms) == plus(Multiply((kept, delta)), Multiply((kept, other)))


def test_cases_with_one_bracket_stay_cases_and_others_become_conditions():
    delta, other = Delta("=", I, U), Delta("=", J, U)
    positive = Compare(">", Read("x", (I,)), ZERO)
    (one,) = terms_of(Cases(((positive, delta),), ZERO), fresh)
    assert one.deltas == (delta,)
    assert one.factors == (Cases(((positive, ONE),), ZERO),)
    two = terms_of(Cases(((positive, delta),), other), fresh)
    assert [term.conditions for term in two] == [(positive,), (opposite(positive),)]


def test_indices_that_meet_are_kept_apart():
    inner = Reduce("sum", (Binder("s", ZERO, M),), None, Delta("=", S, U))
    (term,) = terms_of(Multiply((Read("x", (S,)), inner)), fresh)
    assert term.binders[0].name == "s_prime"
    assert renamed_apart(inner, {"s"}).binders[0].name == "s_prime"


def test_index_arithmetic_is_collected_where_it_changes_and_only_there():
    read = Read("x", (plus(I, S), Multiply((L, J))))
    assert put_in(read, {"i": plus(U, minus(S))}) == Read("x", (U, Multiply((L, J))))


# ---- fractions ----------------------------------------------------------------------------------


def test_factors_cancel():
    v, y = Read("v"), Read("y")
    term = Term(
        factors=(TWO, y, Divide(ONE, Multiply((TWO, Call("sqrt", (v,))))), Divide(ONE, v), v)
    )
    assert cancelled(term, "").factors == (Divide(y, Call("sqrt", (v,))),)
    squared = Term(factors=(Power(Call("sqrt", (v,)), TWO),))
    assert cancelled(squared, "").factors == (v,)
    assert cancelled(Term(factors=(Divide(y, Divide(v, y)),)), "").factors == (
        Divide(Power(y, TWO), v),
    )


def test_what_a_sum_does_not_change_goes_in_front():
    x, w = Read("x", (I,)), Read("w", (J,))
    summed = Term((Binder("i", ZERO, M),), (Number(-3.0), w, x))
    assert cancelled(summed, "").front == ()
    term = in_front(summed, "")
    assert term.front == (Number(-1.0), Number(3.0), w)
    assert term.factors == (x,)
    assert isinstance(term.node(), Negative)


def test_a_product_stays_in_the_order_of_its_author():
    q = Read("q")
    for factors in ((I, q), (q, I)):
        assert tidy(Add((Multiply(factors), ONE, Negative(ONE)))) == Multiply(factors)
    assert same(Multiply((I, q)), Multiply((q, I)))


def test_numbers_are_exact():
    assert arithmetic.polynomial(Divide(I, Number(3.0))) == {
        arithmetic.Monomial((I,)): Fraction(1, 3)
    }
