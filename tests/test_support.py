"""Intervals: what an index expression can be worth, and where the terms of a sum count."""

import math
from itertools import product

import pytest

from cnnmath.call.ranges import EVERYTHING, Ranges
from cnnmath.call.support import (
    between_numbers,
    counting,
    insist_on_order,
    overlap,
    summed,
)
from cnnmath.core.lower import lowered
from cnnmath.core.nodes import (
    ONE,
    TRUE,
    ZERO,
    Add,
    Binder,
    Call,
    Cases,
    Compare,
    Divide,
    Element,
    Extent,
    Index,
    Inside,
    Logic,
    Multiply,
    Negative,
    Number,
    Padded,
    Power,
    Read,
    Reduce,
)
from cnnmath.errors import ArrayValueError, FormulaError
from cnnmath.formula import Formula
from cnnmath.shared import LONG_SUM

INF = math.inf
I, J, K, L, Z = map(Index, "ijklz")
WITHIN = {"i": (-2, 3), "j": (2, 4), "k": (0, 3), "l": (-INF, 2.5), "z": (-5, -2)}
RANGES = Ranges({"n": 7.0}, {"x": (5,), "w": (6, 9)}, {"o": (2.0, 5.0)}, {"w": 1}.get)
AT = Element("o", (I,), 0.0, ("",))


def n(value):
    return Number(float(value))


def called(function, *arguments):
    return Call(function, arguments)


# ---- what an expression can be worth -------------------------------------------------------------

WORTH = [
    (n(2.5), (2.5, 2.5)),
    (I, (-2, 3)),
    (Index("u"), EVERYTHING),
    (Read("n"), (7, 7)),
    (Read("m"), EVERYTHING),
    (Read("o", (I,)), (2, 5)),
    (Read("n", (I,)), EVERYTHING),
    (AT, (0, 5)),
    (Element("o", (I,), 9.0, ("",)), (2, 9)),
    (Element("x", (I,), 9.0, ("",)), EVERYTHING),
    (Extent("x", 0), (5, 5)),
    (Extent("w", 1), (9, 9)),
    (Compare("<", I, J), (0, 1)),
    (Logic("and", (Compare("<", I, J),)), (0, 1)),
    (Inside(AT), (0, 1)),
    (Reduce("sum", (Binder("s", ZERO, ONE),), None, I), EVERYTHING),
    (Cases(((Compare("<", I, J), I),), None), EVERYTHING),
    (Add((I, J, n(1))), (1, 8)),
    (Add((I, L)), (-INF, 5.5)),
    (Negative(I), (-3, 2)),
    (Multiply((I, J)), (-8, 12)),
    (Multiply((I, J, I)), (-24, 36)),
    (Multiply((Z, Z)), (4, 25)),
    (Multiply((ZERO, L)), EVERYTHING),  # which 0 · ∞ says nothing of
    (Divide(I, J), (-1, 1.5)),
    (Divide(I, Z), (-1.5, 1)),
    (Divide(J, K), EVERYTHING),
    (Divide(J, Negative(K)), EVERYTHING),
    (Divide(J, I), EVERYTHING),
    (Divide(n(6), Add((K, ONE))), (1.5, 6)),
    (Power(J, I), (1 / 16, 64)),
    (Power(K, J), EVERYTHING),
    (Power(n(10), n(400)), EVERYTHING),
    (called("floor", Divide(I, J)), (-1, 1)),
    (called("ceil", Divide(I, J)), (-1, 2)),
    (called("floor", L), (-INF, 2)),
    (called("ceil", Negative(L)), (-2, INF)),
    (Padded(TRUE, I, 5.0), (-2, 5)),
    (Padded(TRUE, I, -5.0), (-5, 3)),
    (called("max", I, J), (2, 4)),
    (called("max", I, J, n(5)), (5, 5)),
    (called("min", I, J), (-2, 3)),
    (called("mod", K, n(4)), (0, 3)),
    (called("mod", K, n(3)), (0, 2)),
    (called("mod", I, n(4)), (0, 3)),
    (called("mod", J, n(3.5)), (0, 3)),
    (called("mod", J, J), EVERYTHING),
    (called("mod", J, ZERO), EVERYTHING),
    (called("mod", J, n(-3)), EVERYTHING),
    (called("abs", I), (0, 3)),
    (called("abs", J), (2, 4)),
    (called("abs", Z), (2, 5)),
    (called("abs", K), (0, 3)),
    (called("abs", Negative(K)), (0, 3)),
    (called("abs", Negative(I)), (0, 3)),
    (called("sin", I), EVERYTHING),
]


@pytest.mark.parametrize(("node", "expected"), WORTH, ids=lambda value: str(value)[:60])
def test_what_an_expression_can_be_worth(node, expected):
    assert RANGES.of(node, WITHIN) == pytest.approx(expected)


def test_an_interval_has_every_value_and_is_reached_at_both_ends():
    """Beside all values, where the indices are few."""
    cases = {
        Multiply((I, J)): lambda i, j: i * j,
        Divide(I, J): lambda i, j: i / j,
        Power(J, I): lambda i, j: j**i,
        called("floor", Divide(I, J)): lambda i, j: i // j,
        called("max", I, Add((J, n(-3)))): lambda i, j: max(i, j - 3),
        called("min", I, J): min,
        called("abs", Add((J, I))): lambda i, j: abs(i + j),
        Add((Multiply((n(-2), I)), J)): lambda i, j: j - 2 * i,
    }
    for node, value in cases.items():
        values = [value(i, j) for i, j in product(range(-2, 4), range(2, 5))]
        assert RANGES.of(node, WITHIN) == pytest.approx((min(values), max(values)))


def test_the_reads_of_an_expression_know_the_ranges_of_the_sums_around_them():
    inner = Read("w", (I, Add((I, Index("s")))))
    reduced = Reduce("sum", (Binder("s", Read("x", (K,)), Add((I, J))),), None, inner)
    found = [
        (read.name, axis, dict(inside).get("s"))
        for read, axis, inside in RANGES.reads(reduced, WITHIN)
    ]
    # The bounds of a sum stand outside it.
    assert found == [("x", 0, None), ("w", 0, (-INF, 7)), ("w", 1, (-INF, 7))]
    assert list(RANGES.reads(Read("y", (I,)), WITHIN)) == []
    assert RANGES.inside(reduced, {"i": (0, 1), "j": (2, 2)})["s"] == (-INF, 3)


# ---- how far the free indices run ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("reads", "origin", "expected"),
    [
        ("x_i", 0, [0, 4]),
        ("x_{i+2}", 0, [0, 2]),
        ("x_{2i+1}", 0, [0, 1]),
        ("x_{4-i}", 0, [0, 4]),
        ("x_{i} x_{3i}", 0, [0, 1]),
        ("x_i", 1, [1, 5]),
        ("x_{i+4}", 1, [1, 1]),
        (r"x_{\lfloor i/2 \rfloor}", 0, [0, 9]),
        ("x_{i+5}", 0, [0, -1]),
        ("x_{i+7}", 0, [0, -1]),
        ("x_{i+5}", 1, [1, 0]),
        ("x_{-i}", 0, [0, 0]),
        (r"\sum_{s=0}^{4} x_{i+s}", 0, [0, 0]),
        (r"\sum_{s=0}^{5} x_{i+s}", 0, [0, -1]),
        (r"\sum_{s=1}^{6} x_{i+s-1}", 1, [1, 0]),
    ],
)
def test_a_free_index_runs_as_far_as_its_reads_are_inside(reads, origin, expected):
    """x has 5 elements; an index that has no values ends just before it begins."""
    formula = Formula(f"y_i = {reads}", origin=origin)
    ranges = Ranges({}, {"x": (5,)}, {}, lambda _: origin)
    found = ranges.of_free([formula.definition.right], ["i"], origin)
    assert [origin, found["i"]] == expected


@pytest.mark.parametrize(
    "reads", ["x_{i-1}", r"\sum_{s=0}^{6} x_{i+s-1}", r"x_{0 \cdot i}", "x_{s_i}"]
)
def test_where_the_reads_say_nothing_the_index_is_named(reads):
    formula = Formula(f"y_i = {reads}")
    ranges = Ranges({}, {"x": (5,)}, {}, lambda _: 0)
    with pytest.raises(FormulaError, match=r"^how far the index i runs does not follow from the"):
        ranges.of_free([formula.definition.right], ["i"], 0)


def test_an_index_may_wait_for_another():
    formula = Formula("y_{ij} = x_{i+j} w_{j}", x="N", w="m")
    ranges = Ranges({}, {"x": (9,), "w": (4,)}, {}, lambda _: 0)
    assert ranges.of_free([formula.definition.right], ["i", "j"], 0) == {"j": 3, "i": 5}


# ---- where terms count ---------------------------------------------------------------------------

NOWHERE = (0, -1)
COUNTING = [
    ("x_i", (0, 4)),
    ("x_{i+2}", (-2, 2)),
    ("x_{2i}", (0, 2)),
    ("x_{2i+1}", (0, 1)),
    ("x_{-i}", (-4, 0)),
    ("x_{3-2i}", (0, 1)),
    ("x_{i/2}", (0, 8)),
    ("x_{N-1-i}", (2, 6)),
    ("v_i", (1, 3)),  # counts from 1
    ("x_i z_{i-3}", (3, 4)),
    ("x_i z_{i-9}", NOWHERE),
    ("(x_i + z_{i-3})", (0, 5)),
    ("(x_i - z_{i+3})", (-3, 4)),
    ("x_i (x_i + 1)", (0, 4)),
    ("(x_i + 1)", None),
    ("(x_i + 0)", (0, 4)),
    ("-x_i", (0, 4)),
    (r"\frac{x_i}{7}", (0, 4)),
    (r"\frac{x_i}{z_i}", (0, 4)),
    (r"\frac{2}{x_i}", None),
    ("x_i^{2}", (0, 4)),
    (r"x_i^{1/2}", None),
    ("(x_i)^{0}", None),
    (r"e^{x_i}", None),
    (r"\tanh(x_i)", (0, 4)),
    (r"\cos(x_i)", None),
    (r"\max(x_i, z_i)", None),
    (r"\sum_{j=0}^{2} x_{i+j}", (-2, 4)),
    (r"\sum_{j=0}^{2} x_{i-2j}", (0, 8)),
    (r"\sum_{j=0}^{2} x_{j}", None),
    (r"\prod_{j=0}^{2} x_{i+j}", None),
    ("x_i [i < 3]", (0, 3)),  # the last of which its bracket makes 0
    ("x_i [3 > i]", (0, 3)),
    ("x_i [i > 1]", (1, 4)),
    ("x_i [1 < i]", (1, 4)),
    (r"x_i [i \ge 2]", (2, 4)),
    (r"x_i [2 \le i]", (2, 4)),
    (r"x_i [i \le 2]", (0, 2)),
    (r"x_i [2 \ge i]", (0, 2)),
    ("x_i [i = 2]", (2, 2)),
    ("x_i [2 = i]", (2, 2)),
    (r"x_i [2i \le 5]", (0, 2)),
    (r"x_i [-i \le -2]", (2, 4)),
    (r"x_i [i \ne 2]", (0, 4)),
    (r"x_i [i < 2 i]", (0, 4)),
    (r"x_i [i^2 < 2]", (0, 4)),
    (r"[i \ge 2] [i \le N]", (2, 7)),
    (r"[i \ge 2]", None),
    (r"\begin{cases} x_i & i > 2 \\ z_{i} & \text{otherwise} \end{cases}", (0, 4)),
    (r"\begin{cases} x_i & i \ge 3 \end{cases}", (3, 4)),
    (r"\begin{cases} x_i & i > 2 \\ 1 & \text{otherwise} \end{cases}", None),
    ("x_{n i}", None),
    (r"x_{i \cdot i}", None),
    ("w_{i(i+2)}", (1, 6)),
    ("u_i", None),
]  # fmt: skip
SHAPES = {"x": (5,), "z": (3,), "v": (3,), "w": (6, 9)}
COUNTED = Ranges({"N": 7.0}, SHAPES, {}, lambda name: int(name in "vw"))
AROUND = {"n": (-1.0, 1.0)}


def reduction(term, sign=r"\sum"):
    shapes = {name: "m n"[: 2 * len(SHAPES[name]) - 1] for name in SHAPES if f"{name}_" in term}
    formula = Formula(rf"y = {sign}_{{i=-\infty}}^{{\infty}} {term}", **shapes)
    return lowered(formula.definition.right)


@pytest.mark.parametrize(("term", "expected"), COUNTING)
def test_where_the_terms_of_a_sum_count(term, expected):
    """Between them and beyond, no term is other than 0: None where that cannot be told."""
    if "n i" in term:
        body = Element("x", (Multiply((Index("n"), I)),), 0.0, ("",))
        node = Reduce("sum", (Binder("i", n(-INF), n(INF)),), None, body)
    else:
        node = reduction(term)
    assert counting(COUNTED, node, "i", AROUND) == expected


@pytest.mark.parametrize(
    ("sign", "term", "expected"),
    [
        (r"\max", "x_{i+1}", (-1, 3)),
        (r"\min", "x_{2i}", (0, 2)),
        (r"\max", "2 x_{i}", (0, 4)),
        (r"\max", "x_i z_{i-2}", (2, 4)),
        (r"\max", r"\tanh(x_i)", (0, 4)),
        (r"\max", "i", None),
        (r"\prod", "x_i", None),
        (r"\max", "u_i", None),
    ],
)
def test_where_the_terms_of_an_extremum_count(sign, term, expected):
    assert counting(COUNTED, reduction(term, sign), "i", {}) == expected


def test_a_condition_below_the_sign_counts_too():
    body = Element("x", (I,), 0.0, ("",))
    node = Reduce("prod", (Binder("i", n(-INF), n(INF)),), Compare("=", I, n(3)), body)
    assert counting(COUNTED, node, "i", {}) == (3, 3)


def test_places_between_whole_numbers_are_rounded_inwards_but_for_rounding():
    body = Element("x", (Multiply((n(0.1), I)),), 0.0, ("",))  # 0 to 4 is 0 to 40, nearly
    node = Reduce("sum", (Binder("i", n(-INF), n(INF)),), None, body)
    assert counting(COUNTED, node, "i", {}) == (0, 40)
    body = Element("x", (Add((I, n(-0.5))),), 0.0, ("",))
    assert counting(COUNTED, Reduce("sum", node.binders, None, body), "i", {}) == (1, 4)


# ---- from where to where -------------------------------------------------------------------------


def test_only_a_long_sum_is_cut():
    node = reduction("x_i")
    for last, expected in ((LONG_SUM, LONG_SUM), (LONG_SUM + 1, 4)):
        assert summed(COUNTED, node, {"i": (0, last)}, {}) == {"i": (0, expected)}
    assert summed(COUNTED, node, {"i": (-INF, INF)}, {}) == {"i": (0, 4)}
    assert summed(COUNTED, node, {"i": (2, INF)}, {}) == {"i": (2, 4)}
    assert summed(COUNTED, node, {"i": (9, INF)}, {}) == {"i": (0, -1)}


def test_what_one_index_is_cut_to_cuts_the_others():
    body = Multiply((Element("x", (I,), 0.0, ("",)), Element("z", (Add((I, J)),), 0.0, ("",))))
    binders = tuple(Binder(name, n(-INF), n(INF)) for name in "ji")
    ends = {"j": (-INF, INF), "i": (-INF, INF)}
    found = summed(COUNTED, Reduce("sum", binders, None, body), ends, {})
    assert found == {"j": (-4, 2), "i": (0, 4)}


def test_ends_are_rounded_inwards_and_an_empty_range_is_empty():
    node = reduction("x_i")
    assert summed(COUNTED, node, {"i": (0.5, 3.5)}, {}) == {"i": (1, 3)}
    assert summed(COUNTED, node, {"i": (3, 3)}, {}) == {"i": (3, 3)}
    assert summed(COUNTED, node, {"i": (3, 2)}, {}) == {"i": (0, -1)}
    assert summed(COUNTED, node, {"i": (INF, -INF)}, {}) == {"i": (0, -1)}


def test_bounds_that_are_no_range_are_named():
    node = reduction("x_i")
    for ends in ((math.nan, 3), (0, math.nan)):
        with pytest.raises(ArrayValueError, match=r"^a bound of the index i is not a number$"):
            summed(COUNTED, node, {"i": ends}, {})
    for ends in ((0, INF), (-INF, 0)):
        with pytest.raises(FormulaError, match=r"^the sum over i does not end: no array says"):
            summed(COUNTED, reduction("e^{x_i}"), {"i~2": ends}, {})
    backwards = {"i~2": (3, 1)}
    assert summed(COUNTED, node, backwards, {}) == {"i~2": (0, -1)}
    with pytest.raises(FormulaError, match=r"^i runs from 3 to 1, which is backwards"):
        summed(COUNTED, reduction("x_i", r"\prod"), backwards, {})


def test_an_empty_range_ends_just_before_it_begins():
    insist_on_order("i", 3, 2)
    insist_on_order("i", 3, 3)
    for low, high in ((3, 1), (3, 1.5), (0, -2)):
        with pytest.raises(FormulaError, match=f"^i runs from {low:g} to {high:g}, which is back"):
            insist_on_order("i~1", low, high)


def test_an_end_between_whole_numbers_asks_for_the_bracket_that_rounds_inwards():
    assert str(between_numbers("i~1", "begins", 0.5)) == (
        r"i begins at 0.5, which is no whole number: write \lceil .. \rceil around that bound"
    )
    assert str(between_numbers("i", "ends", 2.5)) == (
        r"i ends at 2.5, which is no whole number: write \lfloor .. \rfloor around that bound"
    )


def test_two_intervals_overlap_between_the_later_start_and_the_earlier_end():
    assert overlap((0, 5), (3, 9)) == (3, 5)
    assert overlap((3, 9), (0, 5)) == (3, 5)
