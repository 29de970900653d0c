"""The figure's JavaScript evaluates and expands every formula as Python does.

The cases are the formulas of the catalogue and of `authors.py`, and random sizes, numbers and
places; all of one test go through a single node process.
"""

import math
import re
from pathlib import Path

import numpy as np
import pytest
from authors import CASES
from authors_more import CASES as MORE
from authors_third import CASES as THIRD
from conftest import run_node
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cnnmath.catalogue import formulas
from cnnmath.core.shapes import size_value
from cnnmath.errors import CnnMathError
from cnnmath.explorer.figure_json import (
    array_to_json,
    evaluated,
    looks,
    names_read,
    step_to_json,
    steps_of,
)
from cnnmath.formula import Formula

RTOL = 1e-9


@pytest.fixture(scope="module")
def javascript():
    """Gives cases to node: what the JavaScript makes of them."""
    return lambda cases: run_node(Path(__file__).with_name("figure_vectors.mjs"), cases)


class Case:
    """A formula with arrays and sizes, in Python and as the browser gets it."""

    def __init__(self, formula, given, seed=0):
        self.formula, self.elementwise = formula, formula.definition.elementwise
        given = {name.removesuffix("_"): value for name, value in given.items()}
        arrays = {n: np.asarray(v, dtype=float) for n, v in given.items() if n not in formula.sizes}
        sizes = {name: value for name, value in given.items() if name in formula.sizes}
        steps = steps_of([formula], arrays)
        self.step = steps[-1]
        results = evaluated(steps, arrays, sizes)
        self.value = results.pop(self.step.key)
        self.arrays = {**arrays, **results}
        self.given = given
        rng = np.random.default_rng(seed)
        places = {tuple(int(rng.integers(n)) for n in self.value.shape) for _ in range(4)}
        self.places = sorted(places) if self.value.size else []
        self.plain = [
            step_to_json(self.step, {**self.arrays, **sizes}),
            {name: array_to_json(array) for name, array in self.arrays.items()},
            self.places,
        ]

    def compare(self, answer):
        assert answer["shape"] == list(self.value.shape)
        close(numbers(answer["data"]), self.value.ravel())
        close(numbers(answer["elements"]), [self.value[p] for p in self.places])
        for place, found in zip(self.places, answer["expansions"], strict=True):
            self.compare_expansion(self.formula.expand(place, **self.given), found)

    def compare_expansion(self, expansion, found):
        assert found["operation"] == expansion.operation
        close(float(found["total"]), expansion.total)
        assert len(found["terms"]) == len(expansion.terms)
        for term, other in zip(expansion.terms, found["terms"], strict=True):
            assert other["negative"] == term.negative
            close(float(other["value"]), term.value)
            assert len(other["factors"]) == len(term.factors)
            for factor, twin in zip(term.factors, other["factors"], strict=True):
                text = factor.text
                if self.elementwise and self.value.ndim:
                    # In v / ||v|| Python has an index in the norm alone.
                    text = re.sub(r"(?<=\w)\[[\d, ]*\]", "", text)
                same_text(twin["parts"], text)
                self.compare_element(factor, twin)
                if not self.elementwise:  # the figure says which element, Python the name
                    assert len(twin["reads"]) == len(factor.reads)
                    for read, its_twin in zip(factor.reads, twin["reads"], strict=True):
                        self.compare_element(read, its_twin)

    def compare_element(self, factor, twin):
        assert twin["name"] == factor.name
        if not self.elementwise:
            assert tuple(twin["index"]) == factor.index
        assert twin["inside"] == factor.inside
        close(float(twin["value"]), factor.value)


def numbers(values):
    return [float(value) for value in values]


def close(found, expected):
    """To 1e-9 relative; a sum that cancels out, to 1e-12 of the 1 that its terms are about."""
    np.testing.assert_allclose(found, expected, rtol=RTOL, atol=1e-12)


def same_text(found, expected):
    """Equal but for how numbers are written: 1e-07 and 1e-7 and −0.5."""
    number = r"((?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)"
    plain = (text.replace("−", "-") for text in (found, expected))
    one, two = (re.split(number, "0" if text == "-0" else text) for text in plain)
    assert one[::2] == two[::2]
    np.testing.assert_allclose(numbers(one[1::2]), numbers(two[1::2]), rtol=1e-5)


def compare_all(javascript, cases):
    answers = javascript([case.plain for case in cases])
    for case, answer in zip(cases, answers, strict=True):
        try:
            case.compare(answer)
        except AssertionError as error:
            raise AssertionError(f"{case.formula.latex}\n{case.given}\n{error}") from error


# ---- formulas as their authors write them -----------------------------------------------------


def test_every_author(javascript, swept):
    cases = []
    authors = swept([*CASES, *MORE, *THIRD])
    for number, author in enumerate(authors):
        try:
            formula = Formula(author.latex, **author.shapes)
            formula(**formula.taken_of(author.arrays))
        except CnnMathError:
            continue  # test_authors_more.py and test_authors_third.py say why
        if any(map(callable, [*author.arrays.values(), *author.shapes.values()])):
            continue
        cases.append(Case(formula, author.arrays, seed=number))
    assert len(cases) > 0.75 * len(authors) - 1  # a tenth of them has one more or fewer
    compare_all(javascript, cases)


# ---- the catalogue, with random sizes, numbers and places ---------------------------------------

size = st.integers(1, 4)
number = st.integers(-3, 3) | st.floats(-10, 10, allow_subnormal=False)
_MEAN = Formula(r"\mu_j = \frac1M \sum_i x_{ij}", x="M N", mu="N")
_CENTRED = Formula(r"z_{ij} = (x_{ij} - \mu_j)^2 + \mu_j x_{i,j+1}", x="M N", z="M N", mu=_MEAN)
OTHERS = {
    "through steps": Formula(
        r"\frac{\partial E}{\partial x_{uv}} = \sum_{i,j} \frac{\partial E}{\partial z_{ij}} "
        r"\frac{\partial z_{ij}}{\partial x_{uv}}", z=_CENTRED, dE_dz="M N",
    ),
    "pooling": Formula(
        r"y_{ij} = \max_{0\le s<2,\, 0\le t<2} x_{(2i+s-1)(2j+t-1)}", x="M N", y="M N"
    ),
    "padding": Formula(
        r"a_{ij} = -\sum_{s,t} W_{st} x_{(i+s-1)(j+t-1)} / 2 - b", x="M N", W="m n", b="", a="M N"
    ),
    "the smallest so far": Formula(r"y_i = \min_{j < i} x_j", x="M", y="M"),
    "where the largest is": Formula(r"p_i = \arg\max_j x_{ij}", x="M N"),
    "rectifier": Formula(r"y = \max(0, x)"),
    "step": Formula(r"y = x - c(x + g)", x="M", g="M", c="", origin=1),
    "cases": Formula(r"y_{ij} = \begin{cases} x_{ij}^2 & x_{ij} > 0 \\ -x_{ij} & \text{otherwise}"
                     r"\end{cases}", x="M N"),
    "softmax": Formula(r"p_{ij} = \frac{e^{x_{ij}}}{\sum_{j'} e^{x_{ij'}}}", x="M N"),
    "product": Formula(r"y_i = \prod_j (1 + x_{ij})", x="M N"),
    "dilation": Formula(r"y_i = \max_s (v_{i+s-1} + u_s)", u="M", v="N", y="N"),
    "rounding": Formula(r"y_{ij} = \operatorname{round}(x_{ij} / 2)", x="M N"),
    "stuffing": Formula(r"z_{(2i)(2j)} = x_{ij}", x="M N", z="2*M 2*N"),
    "brackets alone": Formula(
        r"c_{rs} = \sum_n [y_n = r]\, [g_n = s]", y="M", g="M", c="K C"
    ),
    "endless": Formula(
        r"y_i = \sum_{k=-\infty}^{\infty} u_k\, v_{i-k}", u="M", v="N", y="M+N-1"
    ),
}  # fmt: skip
FORMULAS = {**formulas(), **OTHERS}


@st.composite
def cases(draw, formula):
    """A formula with arrays of random sizes in which its kernels and windows fit."""
    sizes = {name: draw(size) for name in ("m", "n", "K", "C", "l", "q", "U", "S")}
    sizes["P"] = draw(st.integers(0, sizes["l"] - 1))
    for name, least in {"M": "ml", "N": "nl", "O": "l", "R": "l"}.items():
        sizes[name] = max(sizes[part] for part in least) + draw(size) - 1
    room = min((sizes[x] + 2 * sizes["P"] - 1) // max(1, sizes[w] - 1) for x, w in ("Mm", "Nn"))
    sizes["D"] = draw(st.integers(1, max(1, min(3, room))))
    sizes["A"] = 2 * sizes["P"] + draw(size) - 1  # so that the padding leaves something
    sizes |= {name: draw(size) for name in "GQ" if name in formula.sizes}
    given = {name: sizes[name] for name in formula.sizes if name in sizes}
    for name in read_by(draw, formula):
        declared = formula.shapes.get(name)
        lengths = [size_value(part, sizes) for part in declared or ()]
        shape = [sizes["M"], sizes["N"]] if declared is None else list(map(int, lengths))
        count = math.prod(shape)
        kind = st.integers(0, 1) if looks([formula], [name])[name]["index"] else number
        values = draw(st.lists(kind, min_size=count, max_size=count))
        plus = np.array(values, dtype=float) + 0.0  # a figure knows no −0
        given[name] = np.reshape(plus, shape)
    known = {*given, *formula.sizes}
    for _ in formula.system:  # random numbers would contradict what they are calculated from
        for name, definition in formula.system.items():
            if definition.definition.reads <= known:
                known.add(name)
                given.pop(name, None)
    case = Case(formula, given, seed=draw(st.integers(0, 99)))
    # The root of a variance with a negative epsilon is no number that a figure is given.
    assume(all(np.isfinite(array).all() for array in case.arrays.values()))
    return case


def read_by(draw, formula):
    """What a formula reads; now and then, in place of a quantity, what that is calculated from."""
    found = {}
    for name in names_read(formula):
        if name in formula.definitions and draw(st.booleans()):
            found |= dict.fromkeys(read_by(draw, formula.definitions[name]))
        else:
            found[name] = None
    return list(found)


def test_random_cases(javascript, swept):
    drawn, chosen = [], swept([*FORMULAS.values()])
    for formula in chosen:

        @settings(derandomize=True, database=None, max_examples=4, deadline=None)
        @given(cases(formula))
        def draw(case):
            drawn.append(case)

        draw()
    assert len(drawn) > 3 * len(chosen)
    compare_all(javascript, drawn)


def test_where_a_condition_fails_nothing_is_read(javascript):
    cases = []
    for latex in (
        r"y_i = \max([i>0] x_{i/i-1}, -9)",
        r"y_i = \max_{s \in \{0, 1\}} [i>0] x_{i/i-1+s}",
        r"y_i = \prod_{s=0}^{1} [i>0] x_{i/i-1+s}",
    ):
        case = Case(Formula(latex, x="M", y="N"), {"x": [5.0, 6.0], "N": 2})
        case.places = case.plain[2] = [(0,), (1,)]
        cases.append(case)
    compare_all(javascript, cases)


def test_a_sum_that_skips_what_is_0_is_the_same_sum(javascript):
    """Where conditions, or the ends of arrays, say how far indices count."""
    x, w = np.array([2.0, 3.0, 5.0, 7.0, 11.0]), np.array([[1.0, 10.0], [100.0, 1000.0]])
    where = np.array([3.0, -1.0, 0.5, 5.0, 3.0])  # of five places, in two of five no place at all
    shapes = {"x": "M", "w": "m n", "k": "M", "y": "M"}
    cases = []
    for latex in (
        r"y_j = \sum_i x_i [i \ge j]",
        r"y_j = \sum_i x_i [i > j] [1 \le i < 4]",
        r"y_j = \sum_i x_i [2i = j]",
        r"y_j = \sum_i x_i [j - i \le 2]",
        r"y_j = \sum_{s,t} w_{st} x_{j+s+t}",
        r"y_j = \sum_{s,t} w_{st} x_{j-s-t}",
        r"y_j = \sum_{s,t} w_{st} x_{j-2}",
        r"y_j = \sum_{s,t} w_{st} x_{2s-3t+j}",
        r"y_j = \sum_i x_i [j = k_i]",
        r"y_j = \sum_i x_i [k_i = j] [i \ge 3]",
    ):
        named = {name: shape for name, shape in shapes.items() if f"{name}_" in latex}
        given = {n: a for n, a in {"x": x, "w": w, "k": where}.items() if n in named}
        cases.append(Case(Formula(latex, **named), given))
    compare_all(javascript, cases)


def test_an_index_that_is_no_whole_number_is_refused(javascript):
    """Also one that an edit makes infinite, or the quotient of nothing by nothing."""
    formula = Formula(r"y_i = x_{(i+r)/s}", x="M", y="P", r="", s="")
    case = Case(formula, {"x": [1.0, 2.0], "r": 1.0, "s": 1.0, "P": 2})
    asked = []
    for r, s in ((1.0, 0.0), (-1.0, 0.0), (0.0, 0.0), (0.0, 2.0), (7.0, 1.0)):
        stated, arrays, places = case.plain
        edited = {"r": {"shape": [], "data": [r]}, "s": {"shape": [], "data": [s]}}
        asked.append([stated, {**arrays, **edited}, places])
    *refused, beyond = javascript(asked)
    for index, answer in zip(("inf", "-inf", "nan", "0.5"), refused, strict=True):
        assert answer == {"refused": f"x is read at the index {index}, which is no whole number"}
    assert beyond["data"] == [0, 0]


# ---- what one number touches ---------------------------------------------------------------------


def test_touched_are_the_results_that_a_number_changes(javascript):
    """In a sum of products a NaN spreads to all that read it, and to nothing else."""
    rng = np.random.default_rng(0)
    arrays = {
        "x": rng.normal(size=(4, 5)),
        "W": rng.normal(size=(2, 2, 3)),
        "b": rng.normal(size=2),
    }
    arrays["delta"] = rng.normal(size=(2, 3, 3))
    linear = [formulas()[n] for n in ("convolution", "kernel_gradient", "input_gradient")]
    drawn = [
        Case(f, {n: a for n, a in arrays.items() if n in {*f.names, *f.shapes}}) for f in linear
    ]
    answers = javascript([case.plain for case in drawn])
    for case, answer in zip(drawn, answers, strict=True):
        for name in case.plain[0]["names"]:
            changed = {n: a.copy() for n, a in case.given.items()}
            changed[name].flat[-1] = math.nan
            touched = [list(map(int, p)) for p in np.argwhere(np.isnan(case.formula(**changed)))]
            assert answer["touched"][name] == touched, (case.formula.name, name)
            assert touched


# ---- what lies outside ---------------------------------------------------------------------------


@pytest.mark.parametrize("origin", [0, 1])
def test_what_is_read_outside_an_array_is_placed_beside_it(javascript, origin):
    """Wherever indices begin: one cell before the first, one behind the last."""
    formula = Formula("y_i = x_{i-1} + 2 x_{i+1}", x="N", y="N", origin=origin)
    step, arrays, _ = Case(formula, {"x": np.array([1.0, 2.0, 3.0])}).plain
    (answer,) = javascript([[step, arrays, [[0], [1], [2]]]])
    assert answer["beyond"] == [[["x", [-1]]], [], [["x", [3]]]]
