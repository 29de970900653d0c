"""How a formula is written back: each row is what an author wrote and what was understood."""

import math
import re

import pytest
from made_trees import DECLARED

from cnnmath.core.nodes import (
    Add,
    Apply,
    Binder,
    Call,
    Cases,
    Compare,
    Divide,
    Extent,
    Index,
    Jacobian,
    Logic,
    Multiply,
    Negative,
    Number,
    Power,
    Read,
    Reduce,
)
from cnnmath.core.statement import Symbol
from cnnmath.errors import FormulaError
from cnnmath.formula import Formula
from cnnmath.language.latex import node_latex, raised_in

AS_WRITTEN = [
    ("y = 2 x - 3", dict()),
    ("y = -2 - x", dict()),
    ("y = a - (b - c)", dict()),
    (r"y = 2 \cdot 3 x", dict()),
    ("y = 2 (a + b)", dict()),
    (r"y = a \cdot (b + c)", dict()),
    ("y = [x > 0] x", dict()),
    (r"y = \pi x + e", dict()),
    ("y = 0.5 x + 10^{-9}", dict()),
    (r"y = \infty", dict()),
    (r"y = -\infty", dict()),
    (r"y = \lfloor \frac{x}{2} \rfloor + \lceil x \rceil", dict()),
    (r"y = \sqrt{x + 1}", dict()),
    (r"y = \log(x) + \lg(x) + \sin(x) + \arctan(x)", dict()),
    (r"y = \max(0, x) + \min(x, 1, 2)", dict()),
    (r"y = \operatorname{ReLU}(x) + \operatorname{sign}(x) + \operatorname{erf}(x)", dict()),
    (r"y = (x \bmod 2) + 1", dict()),
    (r"y = x \bmod 2", dict()),
    (r"y = (x + 1) \bmod (z + 1)", dict()),
    (r"y = \frac{a + b}{-c}", dict()),
    (r"y = [0 \le x < 3]", dict()),
    (r"y = [x > 1 \land z > 2]", dict()),
    (r"y = [x \in \{1, 2\}]", dict()),
    (r"y = [(x > 1 \lor z > 2) \land x < 3]", dict()),
    (r"y = [x \ge 1] + [x \ne 2] + [x \le 3]", dict()),
    (r"x^{*} = x^{+} + \bar{x}", dict()),
    (r"y = \varepsilon + \epsilon", dict()),
    (r"y = W \odot x + b", dict()),
]  # fmt: skip
IN_FULL = [
    ("y = a - (-3)", dict(), "y = a + 3"),
    ("y = (a + b) + c", dict(), "y = a + b + c"),
    ("y = a (b c)", dict(), r"y = a(b \cdot c)"),
    (r"y = \frac{1}{3} 2", dict(), r"y = \frac{1}{3} \cdot 2"),
    (r"y_i = i \cdot M", dict(y="M"), r"y_{i} = i \cdot M"),
    (r"y_i = x_i \cdot i", dict(), "y_{i} = x_{i} i"),
    ("y_i = (i + 1) x_i", dict(), "y_{i} = (i + 1) x_{i}"),
    (
        "y_i = x_i (x_i + 1) (x_i + 2)", dict(),
        r"y_{i} = x_{i} \cdot (x_{i} + 1) \cdot (x_{i} + 2)",
    ),
    ("y = x [x > 0]", dict(), r"y = x \cdot [x > 0]"),
    ("y_i = x_i [x_i > 0]", dict(), "y_{i} = x_{i} [x_{i} > 0]"),
    (r"y = [\frac{x}{2} > 0] 3", dict(), r"y = \left[ \frac{x}{2} > 0 \right] \cdot 3"),
    ("y = e^{x}", dict(), r"y = \exp(x)"),
    ("y = |x|", dict(), r"y = \operatorname{abs}(x)"),
    ("y = |x + 1|", dict(), r"y = \lvert x + 1 \rvert"),
    ("y_i = |x_i|", dict(), r"y_{i} = \lvert x_{i} \rvert"),
    (r"y_{ij} = \delta_{ij} x_i", dict(y="N N"), r"y_{i, j} = \delta_{i, j} x_{i}"),
    (r"y_i = x_{i \bmod 2}", dict(y="N"), r"y_{i} = x_{i \bmod 2}"),
    (r"y_i = x_{(i + 1) \bmod N}", dict(x="N", y="N"), r"y_{i} = x_{(i + 1) \bmod N}"),
    ("y = x^2", dict(), "y = x^{2}"),
    ("y = x^{-1}", dict(), "y = (x)^{-1}"),
    ("y = (x + 1)^2", dict(), "y = (x + 1)^{2}"),
    ("y = x^{n + 1}", dict(), "y = (x)^{n + 1}"),
    ("y_i = x_i^2", dict(), "y_{i} = x_{i}^{2}"),
    (r"y = \sin^2(x)", dict(), r"y = (\sin(x))^{2}"),
    ("y = (x^2)^3", dict(), "y = (x^{2})^{3}"),
    (r"y = \left(\frac{a}{b}\right)^2", dict(), r"y = \left( \frac{a}{b} \right)^{2}"),
    ("y = 2^x", dict(), "y = 2^{x}"),
    ("y = (-x)^2", dict(), "y = (-x)^{2}"),
    ("y = -x^2", dict(), "y = -x^{2}"),
    (r"y = (\sum_{i=0}^{2} x_i)^2", dict(), r"y = \left( \sum_{i=0}^{2} x_{i} \right)^{2}"),
    (r"y = \sqrt{x}^2", dict(), r"y = (\sqrt{x})^{2}"),
    (r"y = \sum_i x_i", dict(), r"y = \sum_{i} x_{i}"),
    (r"y = \sum_i x_i", dict(x="N"), r"y = \sum_{i=0}^{N - 1} x_{i}"),
    (r"y = \sum_{i=1}^{N-1} x_i", dict(x="N"), r"y = \sum_{i=1}^{N - 1} x_{i}"),
    (
        r"y = \sum_{i,j} A_{ij}", dict(A="M N"),
        r"y = \sum_{i=0}^{M - 1} \sum_{j=0}^{N - 1} A_{i, j}",
    ),
    (
        r"y = \sum_{i < j} A_{ij}", dict(A="N N"),
        r"y = \sum_{i=0}^{N - 1} \sum_{j=i + 1}^{N - 1} A_{i, j}",
    ),
    (
        r"y_j = \sum_{i \ne j} x_i", dict(x="N", y="N"),
        r"y_{j} = \sum_{\substack{0 \le i \le N - 1 \\ i \ne j}} x_{i}",
    ),
    (r"y = \sum_{i=0}^{2} (x_i + 1)", dict(), r"y = \sum_{i=0}^{2} (x_{i} + 1)"),
    (r"y = \sum_{i=0}^{2} x_i + 1", dict(), r"y = \sum_{i=0}^{2} x_{i} + 1"),
    (r"y = (\sum_{i=0}^{2} x_i) b", dict(), r"y = \left( \sum_{i=0}^{2} x_{i} \right) b"),
    (r"y = b \sum_{i=0}^{2} x_i", dict(), r"y = b \sum_{i=0}^{2} x_{i}"),
    (r"y = \prod_{i=0}^{2} x_i", dict(), r"y = \prod_{i=0}^{2} x_{i}"),
    (r"y = \prod_{i=0}^{2} (x_i + 1)", dict(), r"y = \prod_{i=0}^{2} (x_{i} + 1)"),
    (r"y = \prod_{i=0}^{2} (2 x_i)", dict(), r"y = \prod_{i=0}^{2} (2 x_{i})"),
    (r"y = (\prod_{i=0}^{2} x_i) + 1", dict(), r"y = \left( \prod_{i=0}^{2} x_{i} \right) + 1"),
    (r"y = \max_i x_i", dict(x="N"), r"y = \max_{0 \le i \le N - 1} x_{i}"),
    (
        r"y = \max_{0 \le s,t < 3} x_{st}", dict(),
        r"y = \max_{\substack{0 \le s \le 2 \\ 0 \le t \le 2}} x_{s, t}",
    ),
    (
        r"y = (\max_i x_i) + 1", dict(x="N"),
        r"y = \left( \max_{0 \le i \le N - 1} x_{i} \right) + 1",
    ),
    (r"y = \arg\max_i x_i", dict(x="N"), r"y = \arg\max_{0 \le i \le N - 1} x_{i}"),
    (r"y = \min_{i \in \{0, 2\}} x_i", dict(), r"y = \min_{i \in \{0, 2\}} x_{i}"),
    (r"y = \sum_{i \in \{n, 3\}} x_i", dict(), r"y = \sum_{i \in \{n, 3\}} x_{i}"),
    (
        r"y = \sum_{\substack{0 \le i < 3 \\ x_i > 0}} x_i", dict(),
        r"y = \sum_{\substack{0 \le i \le 2 \\ 0 < x_{i}}} x_{i}",
    ),
    (
        r"y = \sum_{i=0}^{3} \sum_{j=0}^{i} A_{ij}", dict(),
        r"y = \sum_{i=0}^{3} \sum_{j=0}^{i} A_{i, j}",
    ),
    (
        r"y = \sum_{i=0}^{\lfloor N / 2 \rfloor} x_i", dict(x="N"),
        r"y = \sum_{i=0}^{\lfloor \frac{N}{2} \rfloor} x_{i}",
    ),
    (
        r"y_i = \sum_{k=-\infty}^{\infty} x_k w_{i-k}", dict(x="N", w="m", y="N"),
        r"y_{i} = \sum_{k=-\infty}^{\infty} x_{k} w_{i - k}",
    ),
    (r"y = [x = 1 \lor x = 2]", dict(), r"y = [x \in \{1, 2\}]"),
    (
        r"y = \begin{cases} x & x > 0 \\ 0 & \text{otherwise} \end{cases}", dict(),
        r"y = \begin{cases} x & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}",
    ),
    (
        r"y = \begin{cases} x & x > 0 \\ -x & x < 0 \end{cases}", dict(),
        r"y = \begin{cases} x & \text{if } x > 0 \\ -x & \text{if } x < 0 \end{cases}",
    ),
    (
        r"y = 2 \begin{cases} x & x > 0 \\ 0 & \text{otherwise} \end{cases}", dict(),
        r"y = 2 \left( \begin{cases} x & \text{if } x > 0 "
        r"\\ 0 & \text{otherwise} \end{cases} \right)",
    ),
    (r"y_i = x_i, \quad i \ge 1", dict(x="N", y="N"), r"y_{i} = x_{i}, \quad i \ge 1"),
    (
        r"y_i = x_i, \quad 1 \le i \le N - 2", dict(x="N", y="N"),
        r"y_{i} = x_{i}, \quad 1 \le i \le N - 2",
    ),
    (r"y_i = x_i, \quad i \le 3", dict(x="N", y="N"), r"y_{i} = x_{i}, \quad i \le 3"),
    (r"y_i = x_i, \quad i \ne 2", dict(x="N", y="N"), r"y_{i} = x_{i}, \quad i \ne 2"),
    (
        r"y_{ij} = A_{ij}, \quad i < j", dict(A="N N", y="N N"),
        r"y_{i, j} = A_{i, j}, \quad j \ge i + 1",
    ),
    (
        "y^{(k)}_{ij} = W^{(k,c)}_{s} x_{ij}", dict(W="K C m"),
        "y^{(k)}_{i, j} = W^{(k, c)}_{s} x_{i, j}",
    ),
    (r"\hat{y}_i = \tilde{x}'_i", dict(), r"\hat{y}_{i} = \tilde{x}'_{i}"),
    (r"C_{\text{out}} = C_{\text{in}} + 1", dict(), r"C_{\mathrm{out}} = C_{\mathrm{in}} + 1"),
    (
        r"\text{loss} = \text{batch\_size} \cdot n", dict(),
        r"\mathrm{loss} = \mathrm{batch\_size} \cdot n",
    ),
    (
        r"\sigma^2 = \frac{1}{N} \sum_i x_i^2", dict(x="N"),
        r"\sigma^{2} = \frac{1}{N} \sum_{i=0}^{N - 1} x_{i}^{2}",
    ),
    (
        r"\frac{\partial E}{\partial x_i} = \frac{\partial E}{\partial y_i} w", dict(x="N", y="N"),
        r"\frac{\partial E}{\partial x_{i}} = \frac{\partial E}{\partial y_{i}} w",
    ),
    (
        r"\frac{\partial}{\partial x_i} (x_i^2) = 2 x_i", dict(x="N"),
        r"\left( \frac{\partial (x_{i}^{2})}{\partial x_{i}} \right) = 2 x_{i}",
    ),
    ("x_i + 1 = 2 z_i", dict(x="N", z="N"), "x_{i} + 1 = 2 z_{i}"),
    (r"\lVert x \rVert_2 = s", dict(x="N"), r"\sqrt{\sum_{i=0}^{N - 1} x_{i}^{2}} = s"),
    ("y = W x", dict(), r"y = W \cdot x"),
    ("y_{iS+s} = x_i W_s", dict(x="M", W="S", y="M*S"), r"y_{i \cdot S + s} = x_{i} W_{s}"),
    (
        "y_i = x_{i_1} + x_{n_i}", dict(x="N", n="N", y="N"),
        r"y_{i} = x_{{\mathrm{i\_1}}} + x_{n_{i}}",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("latex", "shapes"), AS_WRITTEN)
def test_what_says_everything_is_written_as_it_was(latex, shapes):
    assert Formula(latex, **shapes).reading == latex


@pytest.mark.parametrize(("latex", "shapes", "expected"), IN_FULL)
def test_what_was_left_to_the_reader_is_said(latex, shapes, expected):
    assert Formula(latex, **shapes).reading == expected


# ---- trees, some of which no author writes -------------------------------------------------------


def n(value):
    return Number(float(value))


def b(name, low=0, high=2):
    return Binder(name, n(low), n(high))


I, J, S, T = map(Index, "ijst")
x, v, al, M = Read("x", (I, J)), Read("v", (I,)), Read("alpha"), Read("M")
AT = Read("v", (S,))
LAST = Add((Extent("v", 0), n(-1)))
TREES = [
    (Reduce("argmax", (b("s", 1),), None, AT), r"\arg\max_{1 \le s \le 2} v_{s}"),
    (
        Reduce("sum", (b("s", 1), b("t")), None, Read("x", (S, T))),
        r"\sum_{s=1}^{2} \sum_{t=0}^{2} x_{s, t}",
    ),
    (Add((x, n(-2))), "x_{i, j} - 2"),
    (Add((n(-2), x)), "-2 + x_{i, j}"),
    (Add((x, Negative(Add((v, al))))), r"x_{i, j} - (v_{i} + \alpha)"),
    (
        Add((Reduce("max", (b("s"),), None, AT), al)),
        r"\left( \max_{0 \le s \le 2} v_{s} \right) + \alpha",
    ),
    (
        Add((Multiply((al, Reduce("prod", (b("s"),), None, AT))), al)),
        r"\left( \alpha \prod_{s=0}^{2} v_{s} \right) + \alpha",
    ),
    (Add((al, Reduce("prod", (b("s"),), None, AT))), r"\alpha + \prod_{s=0}^{2} v_{s}"),
    (Add((Add((v, al)), x)), r"v_{i} + \alpha + x_{i, j}"),
    (Add((v, Add((al, x)))), r"v_{i} + (\alpha + x_{i, j})"),
    (Negative(Negative(v)), "-(-v_{i})"),
    (Negative(n(2)), "-2"),
    (Multiply((n(-2), v)), "(-2) v_{i}"),
    (Multiply((v, n(-2))), r"v_{i} \cdot (-2)"),
    (Multiply((Multiply((v, al)), x)), r"v_{i} \alpha x_{i, j}"),
    (Multiply((v,)), "v_{i}"),
    (Multiply((al, I)), r"\alpha \cdot i"),
    (Multiply((I, al)), r"i \cdot \alpha"),
    (Multiply((al, Add((v, al)))), r"\alpha \cdot (v_{i} + \alpha)"),
    (Multiply((n(2), Add((v, al)))), r"2 (v_{i} + \alpha)"),
    (Multiply((n(2), n(3))), r"2 \cdot 3"),
    (Multiply((n(2), Divide(v, al))), r"2 \cdot \frac{v_{i}}{\alpha}"),
    (Multiply((al, Divide(v, al))), r"\alpha \frac{v_{i}}{\alpha}"),
    (Multiply((Divide(v, al), Add((v, al)))), r"\frac{v_{i}}{\alpha} (v_{i} + \alpha)"),
    (Multiply((Add((v, al)), Add((v, al)))), r"(v_{i} + \alpha) \cdot (v_{i} + \alpha)"),
    (Multiply((Apply("f", (v,)), Add((v, al)))), r"f(v_{i}) \cdot (v_{i} + \alpha)"),
    (Multiply((Call("exp", (v,)), Add((v, al)))), r"\exp(v_{i}) (v_{i} + \alpha)"),
    (Multiply((v, Reduce("sum", (b("s"),), None, AT))), r"v_{i} \sum_{s=0}^{2} v_{s}"),
    (
        Multiply((Reduce("sum", (b("s"),), None, AT), v)),
        r"\left( \sum_{s=0}^{2} v_{s} \right) v_{i}",
    ),
    (Multiply((al, Compare("<", v, al))), r"\alpha \cdot [v_{i} < \alpha]"),
    (Multiply((v, Compare("<", v, al))), r"v_{i} [v_{i} < \alpha]"),
    (Multiply((I, Compare("<", v, al))), r"i \cdot [v_{i} < \alpha]"),
    (Multiply((Read("d"), Read("x", (I, J)))), r"d \cdot x_{i, j}"),
    (Power(n(-2), n(2)), "(-2)^{2}"),
    (Power(n(2.5), v), "2.5^{v_{i}}"),
    (Power(Number(math.e), v), "(e)^{v_{i}}"),
    (Power(v, n(2)), "v_{i}^{2}"),
    (Power(x, n(-1)), "x_{i, j}^{-1}"),
    (Power(I, n(2)), "i^{2}"),
    (Power(al, n(2)), r"\alpha^{2}"),
    (Power(Call("abs", (v,)), n(2)), r"\lvert v_{i} \rvert^{2}"),
    (Power(Call("floor", (v,)), n(2)), r"\lfloor v_{i} \rfloor^{2}"),
    (Power(Call("exp", (v,)), n(2)), r"(\exp(v_{i}))^{2}"),
    (Power(Compare("<", v, al), n(2)), r"[v_{i} < \alpha]^{2}"),
    (Power(Reduce("sum", (b("s"),), None, AT), n(2)), r"\left( \sum_{s=0}^{2} v_{s} \right)^{2}"),
    (Power(Power(v, n(2)), n(2)), "(v_{i}^{2})^{2}"),
    (Power(Read("dE_dv", (I,)), n(2)), r"\left( \frac{\partial E}{\partial v_{i}} \right)^{2}"),
    (Power(Add((v, al)), n(2)), r"(v_{i} + \alpha)^{2}"),
    (n(1e-9), "0.000000001"),
    (n(1.0), "1"),
    (n(1e21), "1000000000000000000000"),
    (n(0.1), "0.1"),
    (Number(math.pi), r"\pi"),
    (Number(math.inf), r"\infty"),
    (Number(-math.inf), r"-\infty"),
    (Call("abs", (v,)), r"\lvert v_{i} \rvert"),
    (Call("abs", (al,)), r"\operatorname{abs}(\alpha)"),
    (Call("abs", (Call("exp", (v,)),)), r"\operatorname{abs}(\exp(v_{i}))"),
    (Call("abs", (Add((v, al)),)), r"\lvert v_{i} + \alpha \rvert"),
    (Call("max", (v,)), "v_{i}"),
    (Call("max", (v, al)), r"\max(v_{i}, \alpha)"),
    (Call("mod", (v, n(2))), r"v_{i} \bmod 2"),
    (Call("mod", (Add((v, al)), Add((v, al)))), r"(v_{i} + \alpha) \bmod (v_{i} + \alpha)"),
    (Call("mod", (v, Call("max", (v, al)))), r"v_{i} \bmod (\max(v_{i}, \alpha))"),
    (Multiply((Call("mod", (v, n(2))), al)), r"(v_{i} \bmod 2) \alpha"),
    (Divide(Call("mod", (v, n(2))), al), r"\frac{v_{i} \bmod 2}{\alpha}"),
    (Call("kronecker", (I, J)), r"\delta_{i, j}"),
    (Call("relu", (v,)), r"\operatorname{ReLU}(v_{i})"),
    (Call("round", (v,)), r"\operatorname{round}(v_{i})"),
    (Call("log10", (v,)), r"\lg(v_{i})"),
    (Call("sqrt", (Divide(v, al),)), r"\sqrt{\frac{v_{i}}{\alpha}}"),
    (Call("exp", (Divide(v, al),)), r"\exp\left( \frac{v_{i}}{\alpha} \right)"),
    (Apply("f", (v, al)), r"f(v_{i}, \alpha)"),
    (Read("kH"), r"\mathrm{kH}"),
    (Read("C_in", (I,)), r"C^{\mathrm{in}}_{i}"),
    (Read("C_in", (I, J)), r"C^{\mathrm{in}}_{i, j}"),
    (Read("theta_prime", (I,)), r"\theta'_{i}"),
    (Read("w_hat", (Add((I, n(1))),)), r"\hat{w}_{i + 1}"),
    (Read("v", (Read("kH"),)), r"v_{{\mathrm{kH}}}"),
    (Read("dE_dv", (I,)), r"\frac{\partial E}{\partial v_{i}}"),
    (Read("dE_dx", (I, J)), r"\frac{\partial E}{\partial x_{i, j}}"),
    (Read("batch_size"), r"\mathrm{batch\_size}"),
    (Jacobian(Add((v, al)), Read("v", (J,))), r"\frac{\partial (v_{i} + \alpha)}{\partial v_{j}}"),
    (Jacobian(v, Read("v", (J,))), r"\frac{\partial (v_{i})}{\partial v_{j}}"),
    (Jacobian(v, Read("alpha"), 2), r"\frac{\partial (v_{i})}{\partial \alpha^{2}}"),
    (
        Jacobian(v, Read("v", (J,)), 1, ("alpha", "theta_prime")),
        r"\left( \frac{\partial (v_{i})}{\partial v_{j}} \right)_{\alpha, \theta'}",
    ),
    (
        Reduce("sum", (b("s"), b("t")), None, Read("x", (S, T))),
        r"\sum_{s=0}^{2} \sum_{t=0}^{2} x_{s, t}",
    ),
    (
        Reduce("max", (b("s"), b("t")), None, Read("x", (S, T))),
        r"\max_{\substack{0 \le s \le 2 \\ 0 \le t \le 2}} x_{s, t}",
    ),
    (Reduce("argmax", (b("s"),), None, AT), r"\arg\max_{0 \le s \le 2} v_{s}"),
    (
        Reduce("sum", (b("s"),), Compare("<", S, al), AT),
        r"\sum_{\substack{0 \le s \le 2 \\ s < \alpha}} v_{s}",
    ),
    (
        Reduce("prod", (b("s"), b("t")), None, Read("x", (S, T))),
        r"\prod_{\substack{0 \le s \le 2 \\ 0 \le t \le 2}} x_{s, t}",
    ),
    (Reduce("prod", (b("s"),), None, Multiply((al, AT))), r"\prod_{s=0}^{2} (\alpha v_{s})"),
    (Reduce("prod", (b("s"),), None, Power(AT, n(2))), r"\prod_{s=0}^{2} v_{s}^{2}"),
    (Reduce("sum", (b("s"),), None, Add((al, AT))), r"\sum_{s=0}^{2} (\alpha + v_{s})"),
    (Reduce("sum", (b("s"),), None, Negative(AT)), r"\sum_{s=0}^{2} (-v_{s})"),
    (Reduce("sum", (b("s"),), None, Compare("<", S, al)), r"\sum_{s=0}^{2} [s < \alpha]"),
    (Reduce("sum", (b("s~1"),), None, Read("v", (Index("s~1"),))), r"\sum_{s=0}^{2} v_{s}"),
    (Reduce("sum", (b("all_0"),), None, Read("v", (Index("all_0"),))), r"\sum_{i=0}^{2} v_{i}"),
    (Reduce("sum", (Binder("s", n(0), LAST),), None, AT), r"\sum_{s} v_{s}"),
    (Reduce("sum", (Binder("s", n(1), LAST),), None, AT), r"\sum_{s \ge 1} v_{s}"),
    (Reduce("max", (Binder("s", n(1), LAST),), None, AT), r"\max_{s \ge 1} v_{s}"),
    (
        Reduce("sum", (Binder("s", n(0), Add((M, Negative(n(1)), n(-1), n(3)))),), None, AT),
        r"\sum_{s=0}^{M + 1} v_{s}",
    ),
    (
        Reduce(
            "sum",
            (Binder("s", n(0), n(2)),),
            Logic("or", (Compare("=", S, n(0)), Compare("=", S, n(2)))),
            AT,
        ),
        r"\sum_{s \in \{0, 2\}} v_{s}",
    ),
    (
        Reduce(
            "sum",
            (Binder("s", n(0), n(3)),),
            Logic("or", (Compare("=", S, n(0)), Compare("=", S, n(2)))),
            AT,
        ),
        r"\sum_{\substack{0 \le s \le 3 \\ [s \in \{0, 2\}] = 1}} v_{s}",
    ),
    (
        Reduce(
            "sum",
            (Binder("s", Call("min", (al, n(2))), Call("max", (al, n(2)))),),
            Logic("or", (Compare("=", S, al), Compare("=", S, n(2)))),
            AT,
        ),
        r"\sum_{s \in \{\alpha, 2\}} v_{s}",
    ),
    (
        Reduce("sum", (b("s"),), Logic("or", (Compare("=", v, n(0)), Compare("=", v, n(2)))), AT),
        r"\sum_{\substack{0 \le s \le 2 \\ v_{i} \in \{0, 2\}}} v_{s}",
    ),
    (
        Reduce("sum", (b("s"),), Logic("and", (Compare("<", v, n(0)), Compare("=", al, n(2)))), AT),
        r"\sum_{\substack{0 \le s \le 2 \\ v_{i} < 0 \\ [\alpha = 2] = 1}} v_{s}",
    ),
    (
        Reduce("sum", (b("s"),), Compare("=", al, v), AT),
        r"\sum_{\substack{0 \le s \le 2 \\ [\alpha = v_{i}] = 1}} v_{s}",
    ),
    (
        Reduce("sum", (b("s"),), Compare("<", n(0.5), v), AT),
        r"\sum_{\substack{0 \le s \le 2 \\ [0.5 < v_{i}] = 1}} v_{s}",
    ),
    (
        Reduce(
            "sum",
            (b("s"),),
            None,
            Multiply((al, Reduce("sum", (b("t"),), Compare("<", S, T), Read("x", (S, T))))),
        ),
        r"\sum_{s=0}^{2} \left( \alpha \sum_{\substack{0 \le t \le 2 \\ s < t}} x_{s, t} \right)",
    ),
    (Compare("!=", v, al), r"[v_{i} \ne \alpha]"),
    (Logic("and", (Compare("<=", n(0), v), Compare("<", v, al))), r"[0 \le v_{i} < \alpha]"),
    (
        Logic("and", (Compare("<=", n(0), v), Compare("<", x, al))),
        r"[0 \le v_{i} \land x_{i, j} < \alpha]",
    ),
    (
        Logic("and", (Compare("<=", n(0), v), Compare("=", v, al))),
        r"[0 \le v_{i} \land v_{i} = \alpha]",
    ),
    (Logic("or", (Compare("=", v, n(0)), Compare("=", x, n(2)))), r"[v_{i} = 0 \lor x_{i, j} = 2]"),
    (Logic("or", (Compare("=", v, n(0)), Compare("=", v, n(2)))), r"[v_{i} \in \{0, 2\}]"),
    (
        Logic(
            "or",
            (Compare("<", v, n(0)), Logic("and", (Compare("<", v, n(0)), Compare(">", x, n(2))))),
        ),
        r"[v_{i} < 0 \lor (v_{i} < 0 \land x_{i, j} > 2)]",
    ),
    (
        Cases(((Compare(">", v, n(0)), v), (v, al)), n(0)),
        r"\begin{cases} v_{i} & \text{if } v_{i} > 0 \\ \alpha & \text{if } v_{i} "
        r"\\ 0 & \text{otherwise} \end{cases}",
    ),
    (
        Multiply((al, Cases(((Compare(">", v, n(0)), v),), None))),
        r"\alpha \cdot \left( \begin{cases} v_{i} & \text{if } v_{i} > 0 \end{cases} \right)",
    ),
    (Divide(Add((v, al)), Negative(v)), r"\frac{v_{i} + \alpha}{-v_{i}}"),
]


@pytest.mark.parametrize(("tree", "latex"), TREES, ids=[latex for _, latex in TREES])
def test_a_tree_is_written(tree, latex):
    assert node_latex(tree, DECLARED) == latex


def test_indices_that_stand_above_are_in_brackets():
    assert node_latex(x, DECLARED, {"x": 1}) == "x^{(i)}_{j}"
    assert node_latex(x, DECLARED, {"x": 2}) == "x^{(i, j)}"
    assert node_latex(Power(x, n(2)), DECLARED, {"x": 1}) == "(x^{(i)}_{j})^{2}"
    assert node_latex(Read("dE_dx", (I, J)), DECLARED, {"x": 1}) == (
        r"\frac{\partial E}{\partial x^{(i)}_{j}}"
    )
    assert node_latex(Read("C_in", (I, J)), DECLARED, {"C_in": 1}) == r"C^{\mathrm{in}}_{i, j}"


@pytest.mark.parametrize(
    ("tree", "message"),
    [
        (Extent("v", 0), "there is no LaTeX for the length of axis 0 of v: declare its shape"),
        (
            Reduce("argmax", (b("s", 1), b("t")), None, Read("x", (S, T))),
            "there is no LaTeX for the argmax over several indices that do not all count from 0, "
            "or with a condition",
        ),
    ],
)
def test_what_there_are_no_words_for_is_refused(tree, message):
    with pytest.raises(FormulaError) as error:
        node_latex(tree, DECLARED)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("latex", "found"),
    [
        (r"y^{(k)}_{ij} = W^{(k,c)}_{s} x_{ij}", {"y": 1, "W": 2}),
        (r"y_i^{(k)} = x_i", {"y": 1}),
        (r"y_{ij}^{ (a, b, c) } = x_i^2", {"y": 3}),
        (r"y = \frac{\partial E}{\partial W^{(k)}_{s}}", {"W": 1}),
        (r"y^{2} = x_{(k)}", {}),
    ],
)
def test_how_many_indices_an_author_set_above(latex, found):
    symbols = [Symbol(m.start(), m.end(), m[0]) for m in re.finditer("[yWx]", latex)]
    derivative = latex.find(r"\frac")
    if derivative >= 0:
        symbols = [Symbol(derivative, latex.index("}", latex.index("W")) + 1, "dE_dW")]
    assert raised_in(latex, symbols) == found


@pytest.mark.parametrize(
    ("latex", "declared", "reading"),
    [
        (r"y_i = \sum_{\forall j} a_{ij}", {"a": "n m"}, r"y_{i} = \sum_{j=0}^{m - 1} a_{i, j}"),
        (r"y_l = \sum_n r_{ln}", {"r": "L N"}, r"y_{l} = \sum_{n=0}^{N - 1} r_{l, n}"),
        (r"y = \overbrace{\frac12 \sum_i}^{\text{mean}} \underbrace{x_i}_{\text{data}}", {"x": "n"},
         r"y = \frac{1}{2} \sum_{i=0}^{n - 1} x_{i}"),
        (r"y_i = MAX_I \vec{x}_i", {"MAX_I": "", "x": "n"}, r"y_{i} = \mathrm{MAX\_I} x_{i}"),
        # What a brace within a brace opens is closed again.
        ("y_{i} = x_{z_{i}} if z_i > 0", {}, r"y_{i} = x_{z_{i}}, \quad 0 < z_{i}"),
        (r"y = \sum_{\substack{i \ge n_{0} \\ i < 3}} x_i \\ + x_0", {},
         r"y = \sum_{i=n_{0}}^{2} x_{i} + x_{0}"),
    ],
)  # fmt: skip
def test_signs_that_say_nothing_and_names_that_are_written_as_one(latex, declared, reading):
    assert Formula(latex, **declared).reading == reading


def test_an_arrow_tells_a_vector_from_a_number_of_the_same_letter():
    with pytest.raises(FormulaError, match="set in two ways"):
        Formula(r"y = \vec r / r", r="3")
    with pytest.raises(FormulaError, match="here they group"):
        Formula(r"y = \overbrace{a + b}^{\text{sum}} c")
