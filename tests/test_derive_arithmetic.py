"""Sums of indices and sizes with their terms collected, what is known of them, and fractions.

Each row is LaTeX, and what comes of it as LaTeX.
"""

import random
import re

import pytest

from cnnmath.core.arithmetic import (
    extreme,
    known_between,
    linear,
    never_negative,
    polynomial,
    tidy,
)
from cnnmath.core.nodes import ZERO, Binder, Index, Number, Read, Reduce, indices_in
from cnnmath.derive.fractions import cancelled
from cnnmath.derive.letters import OTHERS, free_letter, fresh, is_letter, renamed_apart
from cnnmath.derive.terms import Term
from cnnmath.formula import Formula
from cnnmath.language.latex import node_latex


def read(latex):
    formula = Formula(rf"y_{{ijsu}} = {latex}")
    return formula.definition.right, formula.definition.declared


TIDY = [
    ("i + j - i", "j"),
    ("2 (i + 1) - 2", "2 i"),
    ("(i+1)^2", r"i \cdot i + 2 i + 1"),
    ("(i+1)^1", "i + 1"),
    ("(i - M)(i + M)", r"i \cdot i - M \cdot M"),
    ("M - m + 1 - 1", "M - m"),
    ("-i + M", "M - i"),
    ("1 - i", "-i + 1"),
    ("3 - (M - 1)", "-M + 4"),
    (r"\frac{i}{2} - \frac{1}{2}", r"\frac{i - 1}{2}"),
    (r"\frac{2 i}{4}", r"\frac{i}{2}"),
    (r"\frac{i}{3} + \frac{j}{2} + 1", r"1 + \frac{2 i + 3 j}{6}"),
    (r"\frac{i q + q}{q}", "i + 1"),
    (r"\frac{i q + 1}{q}", r"\frac{i \cdot q + 1}{q}"),
    (r"\frac{i q}{2 q}", r"\frac{i}{2}"),
    (r"\frac{i}{i}", "1"),
    (r"\frac{q}{i q}", r"\frac{q}{i \cdot q}"),
    (r"\frac{i + j}{M + 1}", r"\frac{i + j}{M + 1}"),
    (r"\lfloor \frac{2 i + 3}{2} \rfloor", r"i + \lfloor \frac{3}{2} \rfloor"),
    (r"\lfloor \frac{4 i + 6}{2} \rfloor", "2 i + 3"),
    (r"\lfloor \frac{i + M - M}{q} \rfloor", r"\lfloor \frac{i}{q} \rfloor"),
    (r"\lfloor \frac{2 M + i + 1 - 1}{2} \rfloor", r"\lfloor \frac{i}{2} \rfloor + M"),
    (r"\lfloor \frac{x_i}{2} \rfloor", r"\lfloor \frac{x_{i}}{2} \rfloor"),
    (
        r"\lfloor \frac{i \cdot \frac{1}{2} + 1}{2} \rfloor",
        r"\lfloor \frac{\frac{i}{2} + 1}{2} \rfloor",
    ),
    (r"\lfloor \frac{i - i}{q} \rfloor", "0"),
    (r"i \cdot j \cdot 3 \cdot M \cdot x_i", r"3 i \cdot j \cdot M x_{i}"),
    ("M i - i M", "0"),
    ("0.5 i + 0.25", r"\frac{2 i + 1}{4}"),
    (r"\frac{3}{4} i", r"\frac{3 i}{4}"),
    (r"-\frac{3 i}{4} - \frac{1}{6}", r"\frac{-9 i - 2}{12}"),
    (r"(i \bmod 2) + (i \bmod 2)", r"2 (i \bmod 2)"),
    ("x_{i+1-1}", "x_{i}"),
    ("i - 2 - M + j", "i + j - M - 2"),
    (r"\frac{M}{-2}", r"-\frac{M}{2}"),
]


@pytest.mark.parametrize(("latex", "expected"), TIDY)
def test_terms_are_collected(latex, expected):
    node, declared = read(latex)
    assert node_latex(tidy(node), declared) == expected


@pytest.mark.parametrize("latex", [row[0] for row in TIDY if "x_" not in row[0]])
def test_what_is_collected_is_the_same_number(latex):
    node, declared = read(latex)
    draw = random.Random(3)
    for _ in range(3):
        given = {name: draw.randint(2, 9) for name in "ijMmq"}
        one, two = (
            Formula("y = " + _in_numbers(node_latex(each, declared), given))()
            for each in (node, tidy(node))
        )
        assert one == pytest.approx(two)


def _in_numbers(latex, given):
    """With numbers for letters, which stand alone between commands."""
    words = re.split(r"(\\\w+|\W)", latex)
    return "".join(f"({given[word]})" if word in given else word for word in words)


RANGES = {
    "i": Binder("i", ZERO, read("M - m")[0]),
    "s": Binder("s", ZERO, read("m - 1")[0]),
    "j": Binder("j", Number(1.0), Index("i")),
}
EXTREMES = [
    ("i + s", "0", "M - 1"),
    ("i - s", "-m + 1", "M - m"),
    ("-i", "m - M", "0"),
    ("2 s + 1", "1", "2 m - 1"),
    ("j", "1", "M - m"),
    ("j - i", "m - M + 1", "0"),
    ("i s", None, None),
    ("M s - m s", None, None),
    ("x_i", None, None),
    ("u + s", None, None),
    ("N s", None, None),
    ("-N s", None, None),
    ("(m - M) s", None, None),
    ("5", "5", "5"),
]


@pytest.mark.parametrize(("latex", "least", "most"), EXTREMES)
def test_the_smallest_and_the_largest_value(latex, least, most):
    """Where i goes from 0 to M - m, s from 0 to m - 1 and j from 1 to i."""
    node, declared = read(latex)
    found = (extreme(node, RANGES, {"M", "m"}, largest=largest) for largest in (False, True))
    assert [one and node_latex(one, declared) for one in found] == [least, most]


@pytest.mark.parametrize(
    ("value", "low", "high", "known"),
    [
        ("i + s", "0", "M - 1", (True, True)),
        ("i + s", "1", "M - 1", (False, True)),
        ("i + s", "0", "M - 2", (True, False)),
        ("j", "1", "i", (True, True)),
        ("i s", "0", "M", (False, False)),
    ],
)
def test_what_is_known_to_lie_between(value, low, high, known):
    value, low, high = (read(latex)[0] for latex in (value, low, high))
    assert known_between(value, low, high, RANGES, {"M", "m"}) == known


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        ("M - 1", True),
        ("M - 2", False),
        ("M m - 1", True),
        ("M - m", False),
        ("0", True),
        ("-1", False),
        ("-M", False),
        ("M m - M", True),
        (r"M - l \lfloor \frac{M}{l} \rfloor", False),
        (r"M - m \lfloor \frac{M}{m} \rfloor", True),
        (r"M - m \lfloor \frac{M - 1}{m} \rfloor - 1", True),
        (r"\lfloor \frac{M}{m} \rfloor", False),
        ("i", False),
        ("x_1", False),
        ("N", False),
    ],
)
def test_what_is_0_or_more_wherever_M_and_m_are_1_or_more(latex, expected):
    assert never_negative(read(latex)[0], {"M", "m"}) is expected


@pytest.mark.parametrize(
    ("latex", "factor", "rest"),
    [
        ("2 i + M i - j", "M + 2", "-j"),
        ("-i", "-1", "0"),
        ("j", None, None),
        ("i^2 + i", None, None),
        ("i x_i", None, None),
        ("i + x_i", None, None),
    ],
)
def test_the_factor_of_an_index(latex, factor, rest):
    node, declared = read(latex)
    found = linear(polynomial(node), "i")
    assert found == (None if factor is None else found)
    if found is not None:
        assert [node_latex(part, declared) for part in found] == [factor, rest]


FRACTIONS = [
    (r"2 y \frac{1}{2 \sqrt{v}} \frac{1}{\sqrt{v}}", r"\frac{y}{v}"),
    (r"6 \cdot \frac{x}{4}", r"\frac{3}{2} x"),
    ("-x_i (-z_j) (-2)", "-2 x_{i} z_{j}"),
    (r"\frac{x^3}{x}", "x^{2}"),
    (r"\frac{x}{x^3}", r"\frac{1}{x^{2}}"),
    (r"\frac{x}{\sqrt{x}}", r"\sqrt{x}"),
    (r"\sqrt{x} \sqrt{x}", "x"),
    (r"\sqrt{x} x", r"(x)^{\frac{3}{2}}"),
    (r"\frac{1}{\sqrt{x} x}", r"\frac{1}{(x)^{\frac{3}{2}}}"),
    (r"\frac{1}{2}", r"\frac{1}{2}"),
    (r"\frac{2}{3} x", r"\frac{2}{3} x"),
    (r"\frac{2}{3 x}", r"\frac{2}{3 x}"),
    (r"\frac{1}{3 x}", r"\frac{1}{3 x}"),
    ("0.5 x", r"\frac{1}{2} x"),
    (r"\frac{x}{0.5}", r"\frac{x}{0.5}"),
    (r"\frac{a b}{c N}", r"\frac{a \cdot b}{c \cdot N}"),
    (r"\frac{x_i}{x_i N}", r"\frac{1}{N}"),
    (r"\frac{x_i}{x_j N}", r"\frac{x_{i}}{N x_{j}}"),
    (
        r"x_i (\frac{2 y}{4} - \frac{3 a}{6 b})",
        r"x_{i} \cdot \left( \frac{1}{2} y - \frac{a}{2 b} \right)",
    ),
    (r"x_i (1 - \frac{2}{2})", r"x_{i} \cdot (1 - 1)"),
    ("x^{1/2} x^{1/2}", r"\left( (x)^{\frac{1}{2}} \right)^{2}"),
    ("x^{-1} y", "(x)^{-1} y"),
    (r"\sqrt{2} \sqrt{2} x", "2 x"),
    ("1000000 x", "1000000 x"),
    ("999999 x", "999999 x"),
    ("x - x", "x - x"),
    (r"\frac{E}{2} x_i", r"\frac{1}{2} E x_{i}"),
    (r"\frac{x_i E}{y}", r"E \frac{x_{i}}{y}"),
    (
        r"x \begin{cases} \frac{2 y}{4} & y > 0 \\ -\frac{y}{y} & \text{otherwise} \end{cases}",
        r"x \cdot \left( \begin{cases} \frac{1}{2} y & \text{if } y > 0 "
        r"\\ -1 & \text{otherwise} \end{cases} \right)",
    ),
]


@pytest.mark.parametrize(("latex", "expected"), FRACTIONS)
def test_factors_are_one_fraction_beside_what_arrives(latex, expected):
    """Here E is what arrives."""
    node, declared = read(latex)
    assert node_latex(cancelled(Term(factors=(node,)), "E").node(), declared) == expected


# ---- letters -------------------------------------------------------------------------------------


def test_a_name_near_another_has_primes_before_it_is_another_letter():
    assert fresh("s", {"s"}) == "s_prime"
    assert fresh("s", {"s", "s_prime"}) == "s_prime_prime"
    assert fresh("s", {"s", "s_prime", "s_prime_prime"}) == "i"
    assert fresh("s_prime", set()) == "s_prime"
    assert fresh("s_prime_prime", set()) == "s_prime_prime"
    assert fresh("mu", {"mu"}) == "mu_prime"
    assert fresh("i_1", {"i_1"}) == "i"
    assert fresh("", set(OTHERS)) == "i_prime"
    assert free_letter("uv", {"u"}) == "v"
    assert free_letter("uv", {"u", "v"}) == "i"


def test_only_what_an_author_wrote_is_a_letter():
    names = ("i", "i_prime", "s~1", "all_1", "factor_2", "x_all_1")
    assert [is_letter(name) for name in names] == [True, True, False, False, False, True]


def test_a_sum_gives_way_to_names_that_are_taken():
    def summed(name, body):
        return Reduce("sum", (Binder(name, ZERO, Read("M")),), None, body)

    node = summed("s", Read("x", (Index("s"), Index("i"))))
    assert renamed_apart(node, {"i"}) == node
    renamed = renamed_apart(node, {"s"})
    assert renamed == summed("s_prime", Read("x", (Index("s_prime"), Index("i"))))
    assert renamed_apart(summed("s~2", Read("x", (Index("s~2"),))), ()).binders[0].name == "s"
    nameless = renamed_apart(summed("all_0", Read("x", (Index("all_0"), Index("i")))), ())
    assert [index.name for index in indices_in(nameless)] == ["j", "i"]
