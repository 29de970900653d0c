"""Forward formulas to be derived, and whether a derived gradient is right.

What a gradient should be is found here by differences of the forward formula, element by element;
how the derivation was proved plays no part.
"""

import numpy as np

from cnnmath.derive import Derivation
from cnnmath.derive.sample import samples
from cnnmath.formula import Formula
from tools.derivations import compared

MOST = 6
"""Elements of a gradient that are looked at, chosen at random."""


def _sigmoid(u):
    return 1 / (1 + np.exp(-u))


STRIDED = Formula(
    r"a^{(k)}_{ij} = b^{(k)} + \sum_{c,s,t} W^{(k,c)}_{st}\, x^{(c)}_{(iS+sD-P)(jS+tD-P)}",
    W="K C m n", x="C M N", b="K", a="K (M+2*P-D*(m-1)-1)//S+1 (N+2*P-D*(n-1)-1)//S+1",
)  # fmt: skip
BATCHED = Formula(
    r"a_{bkij} = \sum_{c,s,t} W_{kcst} x_{bc(i+s)(j+t)}", W="K C m n", x="B C M N",
)  # fmt: skip
GROUPS = Formula(
    r"a_{kij} = \sum_{c=0}^{G-1} \sum_{s,t} W_{kcst} x_{(G \lfloor k/H \rfloor + c)(i+s)(j+t)}",
    W="K G m n", x="C M N", a="K M-m+1 N-n+1", H="",
)  # fmt: skip
TRUE = Formula(
    r"y_{ij} = \sum_{s,t} W_{st} x_{(i-s)(j-t)}", x="M N", W="m n", y="M+m-1 N+n-1"
)  # fmt: skip
TRANSPOSED = Formula(
    r"y_{u} = \sum_i \sum_s x_i W_s [u = iS+sD-P]", x="M", W="m", y="U", S="", D="", P=""
)
SCATTERED = Formula(r"y_{iS+s} = x_i W_s", x="M", W="S", y="M*S")
MAXIMUM = Formula(
    r"a_{ij} = \max_{0 \le s,t < l} x_{(iq+s-P)(jq+t-P)}",
    x="M N", a="(M+2*P-l)//q+1 (N+2*P-l)//q+1",
)  # fmt: skip
CENTRED = Formula(
    r"y_{i,j} = \max_{\substack{-1 \le s \le 1 \\ -1 \le t \le 1}} x_{i+s,\,j+t}", x="M N", y="M N"
)
MINIMUM = Formula(r"a_i = \min_{0 \le s < l} x_{iq+s}", x="N", a="(N-l)//q+1")
AVERAGE = Formula(
    r"a_{ij} = \frac{1}{l^2} \sum_{s=0}^{l-1} \sum_{t=0}^{l-1} x_{(iq+s-P)(jq+t-P)}",
    x="M N", a="(M+2*P-l)//q+1 (N+2*P-l)//q+1",
)  # fmt: skip
NORM_POOLING = Formula(
    r"a_i = \left(\sum_{s=0}^{l-1} |x_{iq+s}|^p\right)^{1/p}", x="N", a="(N-l)//q+1", p="", l=""
)
UPSAMPLED = Formula(r"y_{ij} = x_{\lfloor i/2 \rfloor \lfloor j/3 \rfloor}", x="M N", y="P Q")
SHUFFLED = Formula(
    r"Y_{x,y,c} = T_{\lfloor x/r \rfloor, \lfloor y/r \rfloor, "
    r"C \cdot r \cdot (y \bmod r) + C \cdot (x \bmod r) + c}",
    T="H W D", Y="P Q C", r="",
)  # fmt: skip
CIRCULAR = Formula(r"y_n = \sum_{k=0}^{N-1} x_k h_{(n-k) \bmod N}", x="N", h="N", y="N")
SOFTMAX = Formula(r"p_i = \frac{e^{x_i}}{\sum_j e^{x_j}}", x="N")
TRIANGLE = Formula(r"c_i = \sum_{j=0}^{i} W_{ij} x_j", W="N N", x="N", c="N")
CLIPPED = Formula(
    r"c_i = \sum_{j=\max(0,i-w)}^{\min(N-1,i+w)} x_j^2", x="N", c="N", w=""
)  # fmt: skip
OTHERS = Formula(r"c_i = \sum_{j \ne i} x_j x_i^2", x="N", c="N")
PRODUCT = Formula(r"y_i = \prod_{j=0}^{i} x_j", x="N", y="N")
EDGES = Formula(r"a_i = \max(x_{i-1}, x_i, x_{i+1})", x="N", a="N")
SHIFTED = Formula(r"y_i = \sum_k w_k x_{i + o_k}", x="N", w="K", o="K", y="N")
POWER = Formula(r"b_i = \frac{x_i}{(k + \alpha x_i^2)^\beta}", x="N", k="", alpha="", beta="")
CASES = Formula(
    r"h_i = \begin{cases} x_i & x_i > 0 \\ \alpha (e^{x_i} - 1) & \text{otherwise} \end{cases}",
    x="N", alpha="",
)  # fmt: skip
MIXED = Formula(
    r"h_i = \begin{cases} x_i^2 & x_i > 0 \\ z_{i+1} x_{i+1} & \text{otherwise} \end{cases}",
    x="N", z="N", h="N-1",
)  # fmt: skip
KERNEL = Formula(r"K_{ij} = \exp(-\sum_d (x_{id} - x_{jd})^2)", x="N D", K="N N")
QUADRATIC = Formula(r"E = \sum_{i,j} A_{ij} x_i x_j", A="N N", x="N")
WHOLE = Formula(r"s = c r^\gamma", r="M N", s="M N", c="", gamma="")
OPEN = Formula(r"\text{ReLU6}(x) = \min(\max(0,x), 6)")
FOCAL = Formula(
    r"L = -\sum_n (1-p_{n,y_n})^\gamma \log p_{n,y_n}", p="N C", y="N", gamma=""
)  # fmt: skip
FROM_SECOND = Formula(r"a_i = \sum_{s=1}^{m-1} W_s x_{2i+s}", W="m", x="N", a="P")
BUT_LAST = Formula(r"a_i = \sum_{s=0}^{m-2} W_s x_{2i+s}", W="m", x="N", a="P")
BURSTING = Formula(
    r"a_i = \sum_{s=0}^{m-1} W_s \frac{1}{v_s} x_{2i+s}", W="m", v="m", x="N", a="P"
)  # fmt: skip
BACKWARDS = Formula(r"a_i = \sum_s W_s x_{N-1-2i-s}", W="m", x="N", a="P")
HALVED = Formula(r"y_i = \sum_{s=i}^{m-1} w_s A_{2i}", w="m", A="N", y="P")
HOISTED = Formula(r"y_{ij} = \sum_{s=0}^{m-1} w_s A_{2i,j}", w="m", A="M N", y="P N")
TWO_SIDED = Formula(
    r"g(x,y) = \sum_{s=-a}^{a} \sum_{t=-b}^{b} w(s+a,t+b)\, f(x+s,y+t)", f="M N", w="m n", g="M N"
)
LAPLACIAN = Formula(
    r"g_{xy} = f_{xy} + c\left[f_{x+1,y} + f_{x-1,y} + f_{x,y+1} + f_{x,y-1} - 4f_{xy}\right]",
    f="M N", g="M N", c="",
)  # fmt: skip
STENCIL = Formula(r"y_i = w_0 x_{i-1} + w_1 x_i + w_2 x_{i+1}", x="N", w="3", y="N")
AHEAD = Formula(r"y_i = x_{i+1} g_i", x="N", g="N", y="N")
FROM_ONE = Formula(
    r"Z_{i,j} = \sum_{m,n} V_{(j-1)\times s+m, i+n-1} K_{m,n}",
    V="H W", K="h w", Z="P Q", s="", origin=1,
)  # fmt: skip
BETWEEN = Formula(r"y_i = x_{i+1} x_i, \quad 1 \le i \le N - 2", x="N")
FROM_HERE = Formula(r"y_i = x_i^2, \quad i \ge 1", x="N", y="N")
REVERSED = Formula(r"y_i = c x_{N-1-i}", x="N", c="")
EVERY_SECOND = Formula(r"y_i = c x_{N-1-2i}", x="N", c="")
NEIGHBOURS = Formula(r"y_i = x_i + x_{i+1}", x="N", y="N-1")
MOMENTUM = Formula(r"v_i = \mu v_i - \eta g_i", v="N", g="N", mu="", eta="")
SCALED = Formula(r"y_i = -\frac{1}{2} (-3 x_i) (2 x_i w_i)", x="N", w="N")
CUBE = Formula(r"y_i = x_i^3 + \sqrt{x_i} \sqrt{x_i} w_i", x="N", w="N")
LOGS = Formula(r"y_i = \log(x_i) + \log_{10}(x_i) + \arcsin(w_i x_i)", x="N", w="N")
SQUARED = Formula(r"y_i = \sum_{s=0}^{m-1} W_s x_{(i+s)}, \quad m^2 \ge 1", x="N", W="m")
TAGS = Formula(r"E = \sum_i \sum_k [y_i = k] x_{ik}^2", x="N K", y="N")
RATIO = Formula(r"r = \frac{\sum_i x_i^2}{\sum_i x_i}", x="N")
HALVES = Formula(r"y_i = x_{\lfloor (i+1)/2 \rfloor}", x="N", y="M")
EVEN = Formula(r"y_i = x_i [i \bmod 2 = 0] + w_i [i < 3]", x="N", w="N")
EXPONENT = Formula(r"y_i = w_i^{x_i} + 2^{x_i}", x="N", w="N")
LARGEST = Formula(r"m = \max_i x_i", x="N")
TWO = Formula(
    r"y_i = \max_{0 \le s < l} x_{i l + s} - \min_{0 \le s < l} x_{i l + s}", x="N", l="", y="N//l"
)
SQUARE_PLACE = Formula(r"y_i = x_i^2 \cos(i)", x="N")
ABSOLUTE = Formula(r"E = \sum_i |x_i - t_i|", x="N", t="N")
SIGN = Formula(r"y_i = \operatorname{sign}(x_i) x_i", x="N")
ERF = Formula(r"y_i = x_i \operatorname{erf}(x_i) \tanh(w x_i)", x="N", w="")
FROM_ONE_MAX = Formula(r"y_i = \max_{1 \le s \le 2} x_{i+s-1}", x="N", y="N-1", origin=1)

MEAN = Formula(r"\mu_n = \frac{1}{D} \sum_d x_{nd}", x="N D", mu="N")
VARIANCE = Formula(
    r"v_n = \frac{1}{D} \sum_d (x_{nd} - \mu_n)^2", x="N D", mu=MEAN, v="N"
)  # fmt: skip
LAYER_NORM = Formula(
    r"y_{nd} = g_d \frac{x_{nd} - \mu_n}{\sqrt{v_n + \epsilon}} + b_d",
    x="N D", g="D", b="D", mu=MEAN, v=VARIANCE, y="N D", epsilon="",
)  # fmt: skip
TOTAL_MEAN = Formula(r"\mu = \frac1N \sum_i x_i", x="N")
SQUARE = Formula(r"\sigma^2 = \frac1N \sum_i (x_i - \mu)^2", x="N", mu=TOTAL_MEAN)
BY_SQUARE = Formula(
    r"y_i = \frac{x_i - \mu}{\sqrt{\sigma^2 + \epsilon}}",
    x="N", mu=TOTAL_MEAN, sigma_squared=SQUARE, epsilon="", y="N",
)  # fmt: skip
LABEL = Formula(r"E = -\log p_y", p=SOFTMAX, y="")
WEIGHED = Formula(r"E = -\sum_k y_k \log p_k", p=SOFTMAX, y="N")
PLACE = Formula(r"w_i = \arg\min_{0 \le s < l} x_{iq+s}", x="N", w="(N-l)//q+1")
DENSE = Formula(r"z_i = \sum_j W_{ij} x_j", W="n m", x="m", z="n")
INDEX_AS_SIZE = Formula(r"E = \sum_n (z_n - t_n)^2", z=DENSE, t="n")
RAISED = Formula(r"a_i = x_i + b", x="N", b="", a="N")
PAST_THE_END = Formula(r"y_i = a_{i+1}", a=RAISED, y="N")
SCORES = Formula(
    r"s_{ij} = \frac{1}{\sqrt{d}} \sum_{c=0}^{d-1} Q_{ic} K_{jc}", Q="n d", K="m d", s="n m"
)
WEIGHTS = Formula(r"p_{ij} = \frac{e^{s_{ij}}}{\sum_k e^{s_{ik}}}", s=SCORES, p="n m")
ATTENTION = Formula(r"o_{ic} = \sum_j p_{ij} V_{jc}", p=WEIGHTS, V="m e", o="n e")
SQUEEZED = Formula(r"z_c = \frac{1}{M N} \sum_{i,j} x_{cij}", x="C M N", z="C")
EXCITED = Formula(
    r"s_c = \sigma\left(\sum_r U_{cr} \max(0, \sum_d V_{rd} z_d)\right)",
    U="C R", V="R C", z=SQUEEZED, s="C", sigma=_sigmoid,
)  # fmt: skip
EXCITATION = Formula(r"y_{cij} = s_c x_{cij}", s=EXCITED, x="C M N", y="C M N")
CONVOLVED = Formula(
    r"a^{(k)}_{ij} = \sum_{s=0}^{m-1} \sum_{t=0}^{n-1} W^{(k)}_{st} x_{(i+s)(j+t)} + b^{(k)}",
    x="M N", W="K m n", b="K", a="K M-m+1 N-n+1",
)  # fmt: skip
RECTIFIED = Formula(r"h^{(k)}_{ij} = \max(0, a^{(k)}_{ij})", a=CONVOLVED, h="K M-m+1 N-n+1")
POOLED = Formula(
    r"p^{(k)}_{ij} = \max_{0 \le s,t < l} h^{(k)}_{(il+s)(jl+t)}",
    h=RECTIFIED, p="K (M-m+1)//l (N-n+1)//l", l="",
)  # fmt: skip
LOSS = Formula(
    r"E = \frac12 \sum_{k,i,j} (p^{(k)}_{ij} - y^{(k)}_{ij})^2",
    p=POOLED, y="K (M-m+1)//l (N-n+1)//l",
)  # fmt: skip


def difference(derivation: Derivation, seed: int = 7) -> str:
    """What is wrong with a derived gradient at some of its elements; nothing if it is right."""
    sample = next(samples(derivation._forward, seed))
    found = compared(derivation, sample.arrays, seed, MOST)
    return "" if found.ok else str(found)
