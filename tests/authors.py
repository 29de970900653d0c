r"""Formulas as their authors write them: books, papers and manuals, each in its own LaTeX.

A case is a formula, the shapes of its arrays, the arrays, and the value that the formula must have.
The value is computed here by loops or by NumPy and SciPy, and never by reading the formula.

    @case("Who wrote it, and where", r"y_i = \sum_j A_{ij} x_j", A="m n", x="n")
    def _(rng):
        A, x = rng.normal(size=(2, 3)), rng.normal(size=3)
        return dict(A=A, x=x), A @ x
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy import fft, linalg, ndimage, signal, special


@dataclass(frozen=True)
class Case:
    """A formula, the keywords of `Formula`, those of its call, and the value of that call."""

    source: str
    latex: str
    shapes: dict[str, str | int]
    arrays: dict[str, object]
    value: np.ndarray


def collector(found: list[Case]) -> Callable:
    """What adds to a list the formula whose arrays and value the decorated function returns."""

    def case(source: str, latex: str, /, **shapes: str | int) -> Callable:
        def add(build: Callable) -> Callable:
            arrays, value = build(np.random.default_rng(len(found)))
            found.append(Case(source, latex, shapes, arrays, np.asarray(value, dtype=np.float64)))
            return build

        return add

    return case


CASES: list[Case] = []
case = collector(CASES)


def table(entry: Callable, *sizes: int, origin: int = 0) -> np.ndarray:
    """The array whose element (i, j, ...) is entry(i, j, ...), the first index being `origin`."""
    value = np.zeros(sizes)
    for index in np.ndindex(*sizes):
        value[index] = entry(*(i + origin for i in index))
    return value


def read(array: np.ndarray, *index: int, outside: float = 0.0) -> float:
    """The element of an array, or `outside` where there is none."""
    inside = all(0 <= i < size for i, size in zip(index, array.shape, strict=True))
    return array[index] if inside else outside


def over(*sizes: int) -> product:
    """Every index of an array of these sizes."""
    return product(*(range(size) for size in sizes))


# Convolution: books


@case(
    "The source article, one channel",
    r"a^{(k)}_{ij} = \sum_{s=0}^{m-1} \sum_{t=0}^{n-1} W^{(k)}_{st}\, x_{(i+s)(j+t)} + b^{(k)}",
    x="M N",
    W="K m n",
    b="K",
    a="K M-m+1 N-n+1",
)
def _(rng):
    x, W, b = rng.normal(size=(5, 7)), rng.normal(size=(4, 2, 3)), rng.normal(size=4)
    a = [signal.correlate2d(x, kernel, "valid") + bias for kernel, bias in zip(W, b, strict=True)]
    return dict(x=x, W=W, b=b), a


@case(
    "Goodfellow, Bengio, Courville: Deep Learning, 9.4",
    r"S(i, j) = \sum_m \sum_n I(m, n) K(i - m, j - n).",
    I="H W",
    K="h w",
    S="H+h-1 W+w-1",
)
def _(rng):
    image, K = rng.normal(size=(4, 5)), rng.normal(size=(2, 3))
    return dict(I=image, K=K), signal.convolve2d(image, K)


@case(
    "Goodfellow, Bengio, Courville: Deep Learning, 9.6",
    r"S(i, j) = \sum_m \sum_n I(i + m, j + n) K(m, n). \tag{9.6}",
    I="H W",
    K="h w",
)
def _(rng):
    image, K = rng.normal(size=(4, 6)), rng.normal(size=(2, 3))
    return dict(I=image, K=K), signal.correlate2d(image, K, "valid")


@case(
    "Goodfellow, Bengio, Courville: Deep Learning, 9.7, from 1",
    r"\mathsf{Z}_{i,j,k} = \sum_{l,m,n} \mathsf{V}_{l,j+m-1,k+n-1} \mathsf{K}_{i,l,m,n}",
    V="C H W",
    K="O C h w",
    origin=1,
)
def _(rng):
    V, K = rng.normal(size=(2, 5, 6)), rng.normal(size=(4, 2, 2, 3))
    Z = [sum(signal.correlate2d(V[c], k[c], "valid") for c in range(2)) for k in K]
    return dict(V=V, K=K), Z


@case(
    "Goodfellow, Bengio, Courville: Deep Learning, 9.8, strided, from 1",
    r"Z_{i,j,k} = \sum_{l,m,n} \left[ V_{l,(j-1)\times s+m,(k-1)\times s+n} K_{i,l,m,n} \right].",
    V="C H W",
    K="O C h w",
    Z="O P Q",
    s="",
    origin=1,
)
def _(rng):
    V, K = rng.normal(size=(2, 6, 7)), rng.normal(size=(4, 2, 2, 3))
    Z = [sum(signal.correlate2d(V[c], k[c], "valid")[::2, ::2] for c in range(2)) for k in K]
    return dict(V=V, K=K, s=2, P=3, Q=3), Z


@case(
    "Goodfellow, Bengio, Courville: Deep Learning, 9.10, tiled, from 1",
    r"Z_{i,j,k} = \sum_{l,m,n} V_{l,j+m-1,k+n-1} K_{i,l,m,n,j\%t+1,k\%t+1} % tiled convolution",
    V="C H W",
    K="O C h w t t",
    Z="O H-h+1 W-w+1",
    origin=1,
)
def _(rng):
    V, K = rng.normal(size=(2, 6, 5)), rng.normal(size=(3, 2, 2, 1, 2, 2))

    def entry(i, j, k):
        tile = K[i, :, :, :, (j + 1) % 2, (k + 1) % 2]
        return sum(V[c, j + m, k + n] * tile[c, m, n] for c, m, n in over(2, 2, 1))

    return dict(V=V, K=K), table(entry, 3, 5, 5)


@case(
    "Goodfellow, Bengio, Courville: Deep Learning, 9.13, gradient of the input, from 1",
    r"""h(\mathsf{K}, \mathsf{G}, s)_{i,j,k}
        = \sum_{\substack{l,m \\ \text{s.t.} \\ (l-1)\times s+m = j}} \
          \sum_{\substack{n,p \\ \text{s.t.} \\ (n-1)\times s+p = k}} \
          \sum_q K_{q,i,m,p} G_{q,l,n}.""",
    K="O C A B",
    G="O P Q",
    h="C U V",
    s="",
    origin=1,
)
def _(rng):
    K, G = rng.normal(size=(3, 2, 2, 3)), rng.normal(size=(3, 4, 3))
    h = np.zeros((2, 8, 7))
    for q, i, m, p, r, n in over(3, 2, 2, 3, 4, 3):
        h[i, r * 2 + m, n * 2 + p] += K[q, i, m, p] * G[q, r, n]
    return dict(K=K, G=G, s=2, U=8, V=7), h


@case(
    "Zhang et al.: Dive into Deep Learning, 7.1, channels",
    r"""[\mathsf{H}]_{i,j,d} = \sum_{a = -\Delta}^{\Delta} \sum_{b = -\Delta}^{\Delta} \sum_c
        [\mathsf{V}]_{a + \Delta, b + \Delta, c, d} [\mathsf{X}]_{i+a, j+b, c},""",
    X="M N C",
    V="A B C D",
    H="M N D",
)
def _(rng):
    X, V = rng.normal(size=(4, 5, 2)), rng.normal(size=(3, 3, 2, 6))

    def entry(i, j, d):
        pixels = over(3, 3, 2)
        return sum(V[a, b, c, d] * read(X, i + a - 1, j + b - 1, c) for a, b, c in pixels)

    return dict(X=X, V=V, Delta=1), table(entry, 4, 5, 6)


@case(
    "Nielsen: Neural Networks and Deep Learning, chapter 6",
    r"h_{j,k} = \sigma\left(b + \sum_{l=0}^4 \sum_{m=0}^4  w_{l,m} a_{j+l, k+m} \right)",
    a="M N",
    w="5 5",
    b="",
)
def _(rng):
    a, w = rng.normal(size=(8, 7)), rng.normal(size=(5, 5))
    value = special.expit(0.3 + signal.correlate2d(a, w, "valid"))
    return dict(a=a, w=w, b=0.3, sigma=special.expit), value


@case(
    "Gonzalez, Woods: Digital Image Processing, spatial filtering",
    r"g(x,y) = \sum_{s=-a}^{a} \sum_{t=-b}^{b} w(s+a,t+b)\, f(x+s,y+t)",
    f="M N",
    w="m n",
    g="M N",
)
def _(rng):
    f, w = rng.normal(size=(6, 7)), rng.normal(size=(3, 5))
    return dict(f=f, w=w, a=1, b=2), ndimage.correlate(f, w, mode="constant")


# Losses and outputs: books and courses


@case(
    "CS231n: the hinge loss of one vector of scores",
    r"L_i = \sum_{j\neq y_i} \max(0, s_j - s_{y_i} + \Delta)",
    s="C",
    y="N",
    Delta="",
)
def _(rng):
    s, y = rng.normal(size=5), np.array([4, 0, 3, 4])
    value = [sum(max(0, s[j] - s[c] + 1.5) for j in range(5) if j != c) for c in y]
    return dict(s=s, y=y, Delta=1.5), value


@case(
    "CS231n: the whole hinge loss with its regulariser",
    r"""L = \frac{1}{N} \sum_i \sum_{j \ne y_i}
        \left[ \max(0, f_{i,j} - f_{i,y_i} + 1) \right] + \lambda \sum_k\sum_l W_{k,l}^2""",
    f="N C",
    y="N",
    W="C D",
    lambda_="",
)
def _(rng):
    f, W, y = rng.normal(size=(4, 3)), rng.normal(size=(3, 5)), np.array([2, 0, 1, 2])
    terms = [max(0, f[i, j] - f[i, y[i]] + 1) for i, j in over(4, 3) if j != y[i]]
    return dict(f=f, y=y, W=W, lambda_=0.1), sum(terms) / 4 + 0.1 * (W**2).sum()


@case(
    "Bishop: Pattern Recognition and Machine Learning, 4.90, from 1",
    r"E = - \sum_{n=1}^{N} \left\{ t_n \ln y_n + (1 - t_n) \ln (1 - y_n) \right\}",
    t="N",
    y="N",
    origin=1,
)
def _(rng):
    t, y = rng.integers(0, 2, size=6), rng.uniform(0.1, 0.9, size=6)
    return dict(t=t, y=y), -np.log(np.where(t == 1, y, 1 - y)).sum()


@case(
    "Bishop: Pattern Recognition and Machine Learning, 4.89, a likelihood, from 1",
    r"p = \prod_{n=1}^N y_n^{t_n} \left\{ 1 - y_n \right\}^{1-t_n}",
    t="N",
    y="N",
    origin=1,
)
def _(rng):
    t, y = rng.integers(0, 2, size=6), rng.uniform(0.1, 0.9, size=6)
    return dict(t=t, y=y), np.where(t == 1, y, 1 - y).prod()


@case(
    "UFLDL: softmax regression, labels from 1",
    r"""J(\theta) = - \left[ \sum_{i=1}^{m} \sum_{k=1}^{K}  1\left\{y^{(i)} = k\right\}
        \log \frac{\exp(\sum_l \theta^{(k)}_l x^{(i)}_l)}
                  {\sum_{j=1}^K \exp(\sum_l \theta^{(j)}_l x^{(i)}_l)} \right]""",
    theta="K n",
    x="m n",
    y="m",
    origin=1,
)
def _(rng):
    theta, x, y = rng.normal(size=(3, 4)), rng.normal(size=(5, 4)), np.array([3, 1, 2, 2, 3])
    log_p = special.log_softmax(x @ theta.T, axis=1)
    return dict(theta=theta, x=x, y=y), -sum(log_p[i, y[i] - 1] for i in range(5))


# Signals: encyclopaedias and textbooks


@case(
    "Oppenheim, Schafer: Discrete-Time Signal Processing, the convolution sum",
    r"y[n] = \sum_{k=-\infty}^{\infty} x[k]\,h[n-k]",
    x="N",
    h="L",
    y="N+L-1",
)
def _(rng):
    x, h = rng.normal(size=6), rng.normal(size=3)
    return dict(x=x, h=h), np.convolve(x, h)


@case(
    "Wikipedia: convolution, a kernel of finite support, in display brackets",
    r"\[ y[n]=\sum_{m=-M}^M f[n-m]g[m+M]. \]",
    f="N",
    g="G",
    y="N",
)
def _(rng):
    f, g = rng.normal(size=7), rng.normal(size=5)
    return dict(f=f, g=g, M=2), np.convolve(f, g, "same")


@case(
    "Wikipedia: convolution, bounds that are expressions",
    r"$$c_k = \sum_{i=\max(0,\,k-n+1)}^{\min(k,\,m-1)} a_i\, b_{k-i}$$",
    a="m",
    b="n",
    c="m+n-1",
)
def _(rng):
    a, b = rng.normal(size=4), rng.normal(size=3)
    return dict(a=a, b=b), np.convolve(a, b)


@case(
    "Knuth: the Cauchy product, a condition instead of bounds",
    r"c_k = \sum_{i+j=k} a_i b_j",
    a="m",
    b="n",
    c="P",
)
def _(rng):
    a, b = rng.normal(size=4), rng.normal(size=3)
    return dict(a=a, b=b, P=6), np.polynomial.polynomial.polymul(a, b)


@case(
    "Wikipedia: circular convolution",
    r"y_n = \sum_{k=0}^{N-1} x_k\, h_{(n-k) \bmod N}, \qquad n = 0, 1, \dots, N-1",
    x="N",
    h="N",
)
def _(rng):
    x, h = rng.normal(size=(2, 6))
    return dict(x=x, h=h), np.fft.ifft(np.fft.fft(x) * np.fft.fft(h)).real


@case(
    "Proakis, Manolakis: autocorrelation",
    r"r_{xx}(\ell) = \sum_{n=-\infty}^{\infty} x(n)\, x(n-\ell)",
    x="N",
    r_xx="N",
)
def _(rng):
    x = rng.normal(size=6)
    return dict(x=x), np.correlate(x, x, "full")[5:]


@case(
    "Oppenheim, Schafer: moving average",
    r"y[n] = \frac{1}{M_2 + 1} \sum\limits_{k=0}^{M_2} x[n-k]",
    x="N",
    y="N",
    M_2="",
)
def _(rng):
    x = rng.normal(size=7)
    return dict(x=x, M_2=2), np.convolve(x, [1 / 3] * 3)[:7]


@case(
    "Wikipedia: the discrete cosine transform DCT-II",
    r"""X_k = \sum_{n=0}^{N-1} x_n
        \cos \left[\, \tfrac{\,\pi\,}{N} \left( n + \tfrac{1}{2} \right) k \,\right]
        \qquad \text{ for } ~ k = 0,\ \dots\ N-1 ~.""",
    x="N",
    X="N",
)
def _(rng):
    x = rng.normal(size=7)
    return dict(x=x), fft.dct(x) / 2


@case(
    "Wikipedia: JPEG, the cosine transform of a block",
    r"""\ G_{u,v} = \frac{1}{4} \alpha(u) \alpha(v) \sum_{x=0}^7 \sum_{y=0}^7 g_{x,y}
        \cos \left[\frac{(2x+1)u\pi}{16} \right] \cos \left[\frac{(2y+1)v\pi}{16} \right]""",
    g="8 8",
    alpha="8",
    G="8 8",
)
def _(rng):
    g = rng.normal(size=(8, 8))
    alpha = np.array([np.sqrt(0.5)] + [1.0] * 7)
    return dict(g=g, alpha=alpha), fft.dctn(g, norm="ortho")


@case(
    "Press et al.: Numerical Recipes, the real part of the Fourier transform",
    r"a_k = \sum_{n=0}^{N-1} x_n \cos \frac{2 \pi k n}{N}",
    x="N",
    a="N",
)
def _(rng):
    x = rng.normal(size=7)
    return dict(x=x), np.fft.fft(x).real


@case(
    "Mallat: a Haar step, half as long",
    r"a_i = \frac{x_{2i} + x_{2i+1}}{\sqrt2}",
    x="N",
    a="H",
)
def _(rng):
    x = rng.normal(size=8)
    return dict(x=x, H=4), (x[::2] + x[1::2]) / np.sqrt(2)


@case(
    "Wikipedia: the Hann window, two forms",
    r"""w[n] = \tfrac{1}{2} \left[ 1 - \cos \left( \tfrac{2 \pi n}{N} \right) \right]
            = \sin^2 \left( \tfrac{\pi n}{N} \right), \quad 0 \leq n \leq N""",
    w="N+1",
)
def _(rng):
    return dict(N=8), np.hanning(9)


@case(
    "Bai et al.: a temporal convolutional network",
    r"F(s) = \sum_{i=0}^{k-1} f(i) \cdot x_{s - d \cdot i}",
    f="k",
    x="T",
    F="T",
    d="",
)
def _(rng):
    f, x = rng.normal(size=3), rng.normal(size=9)
    values = [sum(f[i] * x[s - 2 * i] for i in range(3) if s - 2 * i >= 0) for s in range(9)]
    return dict(f=f, x=x, d=2), values


@case(
    "Chen et al.: DeepLab, atrous convolution, from 1",
    r"y[i] = \sum_{k=1}^{K} x[i + r \cdot k] w[k].",
    x="N",
    w="K",
    y="P",
    origin=1,
)
def _(rng):
    x, w = rng.normal(size=10), rng.normal(size=3)
    value = table(lambda i: sum(x[i + 2 * k + 2] * w[k] for k in range(3)), 4)
    return dict(x=x, w=w, r=2, P=4), value


@case(
    "Yu, Koltun: dilated convolution, a sum over a constraint",
    r"y(p) = \sum_{s + lt = p} F(s)\, k(t)",
    F="N",
    k="K",
    y="P",
    l="",
)
def _(rng):
    F, k = rng.normal(size=5), rng.normal(size=3)
    return dict(F=F, k=k, l=2, P=9), np.convolve(F, [k[0], 0, k[1], 0, k[2]])


@case(
    "Ji et al.: 3-D convolution, superscripts without parentheses",
    r"""u^{xyz} = \tanh \Bigl( b + \sum_m \sum_{p=0}^{P-1} \sum_{q=0}^{Q-1} \sum_{r=0}^{R-1}
        w_m^{pqr} v_m^{(x+p)(y+q)(z+r)} \Bigr)""",
    w="P Q R M",
    v="X Y Z M",
    b="",
    u="X-P+1 Y-Q+1 Z-R+1",
)
def _(rng):
    w, v = rng.normal(size=(2, 3, 1, 2)), rng.normal(size=(4, 5, 3, 2))
    total = sum(signal.correlate(v[..., c], w[..., c], "valid") for c in range(2))
    return dict(w=w, v=v, b=0.2), np.tanh(0.2 + total)


# Images


@case(
    "Wikipedia: Gaussian blur",
    r"G(x,y) = \frac{1}{2\pi\sigma^2} e^{-\frac{x^2 + y^2}{2\sigma^2}}",
    G="M N",
    sigma="",
)
def _(rng):
    gauss = [np.exp(-(np.arange(n) ** 2) / 4.5) / np.sqrt(4.5 * np.pi) for n in (4, 5)]
    return dict(sigma=1.5, M=4, N=5), np.outer(*gauss)


@case(
    "A separable Gaussian, normalised",
    r"""y_i = \frac
        {\displaystyle\sum_{s=0}^{2r} \exp\!\left(-\frac{(s-r)^2}{2\sigma^2}\right) x_{i+s}}
        {\displaystyle\sum_{s=0}^{2r} \exp\!\left(-\frac{(s-r)^2}{2\sigma^2}\right)}""",
    x="N",
    y="N-2*r",
    r="",
    sigma="",
)
def _(rng):
    x = rng.normal(size=9)
    smooth = ndimage.gaussian_filter1d(x, 0.8, radius=2)
    return dict(x=x, r=2, sigma=0.8), smooth[2:-2]


@case(
    "Wikipedia: the Sobel operator, its magnitude, of whole arrays",
    r"\mathbf{G} = \sqrt{ {\mathbf{G}_x}^2 + {\mathbf{G}_y}^2 }",
    G_x="M N",
    G_y="M N",
    G="M N",
)
def _(rng):
    G_x, G_y = rng.normal(size=(2, 3, 4))
    return dict(G_x=G_x, G_y=G_y), np.hypot(G_x, G_y)


@case(
    "The Sobel operator: one of two results told apart by a word",
    r"G_{\mathrm{x}}(i,j) = \sum_{s=0}^{2}\sum_{t=0}^{2} S_{\mathrm{x}}(s,t)\, A(i+s,j+t)",
    S_x="3 3",
    A="M N",
)
def _(rng):
    S_x, A = np.outer([1, 2, 1], [-1, 0, 1]), rng.normal(size=(5, 6))
    return dict(S_x=S_x, A=A), ndimage.sobel(A, axis=1)[1:-1, 1:-1]


@case(
    "Gonzalez, Woods: the Sobel operator on nine neighbours, from 1",
    r"g_x = (z_7 + 2z_8 + z_9) - (z_1 + 2z_2 + z_3)",
    z="9",
    g_x="",
    origin=1,
)
def _(rng):
    z = rng.normal(size=9)
    return dict(z=z), np.dot([-1, -2, -1, 0, 0, 0, 1, 2, 1], z)


@case(
    "Gonzalez, Woods: sharpening by the Laplacian",
    r"g(x,y) = f(x,y) + c\left[f(x+1,y) + f(x-1,y) + f(x,y+1) + f(x,y-1) - 4f(x,y)\right]",
    f="M N",
    g="M N",
    c="",
)
def _(rng):
    f = rng.normal(size=(4, 5))
    return dict(f=f, c=-0.5), f - 0.5 * ndimage.laplace(f, mode="constant")


@case(
    "Gonzalez, Woods: the histogram, with an Iverson bracket",
    r"h(k) = \sum_{i,j} [f(i,j) = k], \quad k = 0, 1, 2, \ldots, L-1",
    f="M N",
    h="L",
)
def _(rng):
    f = rng.integers(0, 6, size=(4, 5))
    return dict(f=f, L=6), np.bincount(f.ravel(), minlength=6)


@case(
    "Gonzalez, Woods: histogram equalisation",
    r"s_k = \frac{(L-1)}{MN} \sum_{j=0}^{k} n_j \qquad k=0,1,2,\ldots,L-1",
    n="L",
    s="L",
)
def _(rng):
    n = rng.multinomial(20, [0.2] * 5)
    return dict(n=n, M=4, N=5), np.cumsum(n) * 4 / 20


@case(
    "Gonzalez, Woods: the entropy of a histogram, in bits",
    r"\tilde{H} = -\sum_{k=0}^{L-1} p_k \log_2 p_k",
    p="L",
    H_tilde="",
)
def _(rng):
    p = rng.dirichlet([1.0] * 5)
    return dict(p=p), special.entr(p).sum() / np.log(2)


@case(
    "Gonzalez, Woods: the power law, of whole arrays",
    r"s = c r^\gamma",
    r="M N",
    s="M N",
    c="",
    gamma="",
)
def _(rng):
    r = rng.uniform(size=(3, 4))
    return dict(r=r, c=1.5, gamma=0.4), 1.5 * r**0.4


@case(
    "Viola, Jones: the integral image",
    r"I(x,y) = \sum_{\substack{x' \le x \\ y' \le y}} i(x',y')",
    i="M N",
    I="M N",
)
def _(rng):
    image = rng.normal(size=(4, 5))
    return dict(i=image), image.cumsum(0).cumsum(1)


@case(
    "Wikipedia: total variation, anisotropic",
    r"""V(y) = \sum_{i=0}^{M-2} \sum_{j=0}^{N-2}
        \left( |y_{i+1,j} - y_{i,j}| + |y_{i,j+1} - y_{i,j}| \right)""",
    y="M N",
)
def _(rng):
    y = rng.normal(size=(4, 6))
    down, right = np.abs(np.diff(y, axis=0))[:, :-1], np.abs(np.diff(y, axis=1))[:-1]
    return dict(y=y), down.sum() + right.sum()


@case(
    "Wikipedia: mean squared error of two images",
    r"\mathit{MSE} = \frac{1}{m\,n}\sum_{i=0}^{m-1}\sum_{j=0}^{n-1} [I(i,j) - K(i,j)]^2.",
    I="m n",
    K="m n",
)
def _(rng):
    image, K = rng.normal(size=(2, 4, 5))
    return dict(I=image, K=K), np.mean((image - K) ** 2)


@case(
    "Wikipedia: peak signal-to-noise ratio",
    r"""\mathit{PSNR} = 10 \cdot \log_{10} \left(\frac{\mathit{MAX}_I^2}{\mathit{MSE}}\right)
        = 20 \cdot \log_{10}(\mathit{MAX}_I) -10 \cdot \log_{10}(\mathit{MSE})""",
    MAX_I="",
    MSE="",
)
def _(rng):
    return dict(MAX_I=255, MSE=12.5), 10 * np.log10(255**2 / 12.5)


@case(
    "Wikipedia: raw image moments",
    r"M_{ij} = \sum_x \sum_y x^i y^j I(x,y)\,\!",
    I="P Q",
    M="A B",
)
def _(rng):
    image = rng.normal(size=(4, 5))
    rows, columns = np.vander(np.arange(4), 3, True), np.vander(np.arange(5), 2, True)
    return dict(I=image, A=3, B=2), rows.T @ image @ columns


@case(
    "Wikipedia: central image moments",
    r"\mu_{pq} = \sum_{x} \sum_{y} (x - \bar{x})^p(y - \bar{y})^q f(x,y)",
    f="M N",
    mu="A B",
    x_bar="",
    y_bar="",
)
def _(rng):
    f = rng.uniform(size=(4, 5))
    rows, columns = np.vander(np.arange(4) - 1.4, 3, True), np.vander(np.arange(5) - 2.3, 2, True)
    return dict(f=f, x_bar=1.4, y_bar=2.3, A=3, B=2), rows.T @ f @ columns


@case(
    "Wikipedia: co-occurrence of grey levels, from 1",
    r"""C(i,j) = \sum_{x=1}^n \sum_{y=1}^m \begin{cases}
        1, & \text{if } I(x,y) = i \text{ and } I(x + 1,y + 2) = j \\
        0, & \text{otherwise}
        \end{cases}""",
    I="n m",
    C="L L",
    origin=1,
)
def _(rng):
    image = rng.integers(1, 5, size=(5, 7))
    C = np.zeros((4, 4))
    for i, j in zip(image[:-1, :-2].ravel(), image[1:, 2:].ravel(), strict=True):
        C[i - 1, j - 1] += 1
    return dict(I=image, L=4), C


@case(
    "OpenCV manual: matchTemplate, squared differences",
    r"R(x,y)= \sum _{x',y'} (T(x',y')-I(x+x',y+y'))^2",
    T="m n",
    I="M N",
)
def _(rng):
    T, image = rng.normal(size=(2, 3)), rng.normal(size=(4, 6))
    windows = np.lib.stride_tricks.sliding_window_view(image, (2, 3))
    return dict(T=T, I=image), ((windows - T) ** 2).sum((2, 3))


@case(
    "OpenCV manual: matchTemplate, normalised correlation",
    r"""R(x,y)= \frac{\sum_{x',y'} (T(x',y') \cdot I(x+x',y+y'))}{\sqrt{
        \sum_{x',y'}T(x',y')^2 \cdot \sum_{x',y'} I(x+x',y+y')^2}}""",
    T="m n",
    I="M N",
    R="M-m+1 N-n+1",
)
def _(rng):
    T, image = rng.normal(size=(2, 3)), rng.normal(size=(4, 6))
    windows = np.lib.stride_tricks.sliding_window_view(image, (2, 3))
    norms = np.sqrt((T**2).sum() * (windows**2).sum((2, 3)))
    return dict(T=T, I=image), (windows * T).sum((2, 3)) / norms


@case(
    "Harris, Stephens: the corner response",
    r"R_{xy} = A_{xy}B_{xy} - C_{xy}^2 - k(A_{xy} + B_{xy})^2",
    A="M N",
    B="M N",
    C="M N",
    k="",
)
def _(rng):
    A, B, C = rng.normal(size=(3, 4, 5))
    return dict(A=A, B=B, C=C, k=0.04), A * B - C * C - 0.04 * (A + B) ** 2


@case(
    "Wang et al.: structural similarity from its moments",
    r"""\mathrm{SSIM} = \frac{(2\mu_x\mu_y + C_1) (2 \sigma_{xy} + C_2)}
        {(\mu_x^2 + \mu_y^2 + C_1)(\sigma_x^2 + \sigma_y^2 + C_2)}""",
    mu_x="",
    mu_y="",
    sigma_x="",
    sigma_y="",
    sigma_xy="",
    C_1="",
    C_2="",
)
def _(rng):
    names = dict(mu_x=0.4, mu_y=0.6, sigma_x=0.3, sigma_y=0.2, sigma_xy=0.05, C_1=0.01, C_2=0.03)
    return names, (0.48 + 0.01) * (0.1 + 0.03) / ((0.52 + 0.01) * (0.13 + 0.03))


@case(
    "Wikipedia: the Gabor filter, its real part",
    r"""g(x,y) = \exp\left( -\frac{(x\cos\theta + y\sin\theta)^2
        + \gamma^2(-x\sin\theta + y\cos\theta)^2}{2\sigma^2} \right)
        \cos\left( 2\pi\frac{x\cos\theta + y\sin\theta}{\lambda} + \psi \right)""",
    g="M N",
    theta="",
    gamma="",
    sigma="",
    lambda_="",
    psi="",
)
def _(rng):
    x, y = np.mgrid[:4, :5]
    u, v = x * np.cos(0.5) + y * np.sin(0.5), y * np.cos(0.5) - x * np.sin(0.5)
    value = np.exp(-(u**2 + 0.64 * v**2) / 4.5) * np.cos(2 * np.pi * u / 3 + 0.1)
    return dict(theta=0.5, gamma=0.8, sigma=1.5, lambda_=3, psi=0.1, M=4, N=5), value


@case(
    "Wikipedia: the Gabor filter, in rotated coordinates",
    r"""g=\exp\left(-\frac{x'^2+\gamma^2y'^2}{2\sigma^2}\right)
         \cos\left(2\pi\frac{x'}{\lambda}+\varphi\right)""",
    x_prime="",
    y_prime="",
    gamma="",
    sigma="",
    phi="",
    **{"lambda": ""},
)
def _(rng):
    u, v = rng.normal(size=2)
    value = np.exp(-(u**2 + 0.64 * v**2) / 4.5) * np.cos(2 * np.pi * u / 3 + 0.1)
    scalars = {"gamma": 0.8, "sigma": 1.5, "lambda": 3, "phi": 0.1}
    return dict(x_prime=u, y_prime=v, **scalars), value


for point in (-0.5, 1.0, 1.25, -1.75, 2.5):

    @case(
        f"Keys: the bicubic kernel, as in Wikipedia, at {point}",
        r"""W(x) = \begin{cases}
            (a+2)|x|^3-(a+3)|x|^2+1 & \text{for } |x| \leq 1, \\
            a|x|^3-5a|x|^2+8a|x|-4a & \text{for } 1 < |x| < 2, \\
            0                       & \text{otherwise},
            \end{cases}""",
        x="",
        a="",
    )
    def _(rng, x=point):
        a, z = -0.5, abs(x)
        inner = [a + 2, -a - 3, 0, 1]
        outer = [a, -5 * a, 8 * a, -4 * a]
        return dict(x=x, a=a), np.polyval(inner if z <= 1 else outer if z < 2 else [0], z)


for point in (0.0, 0.75, -2.25, 3.0):

    @case(
        f"Wikipedia: the Lanczos kernel at {point}",
        r"""L(x) = \begin{cases}
            1 & \text{if}\ x = 0, \\
            \dfrac{a \sin(\pi x) \sin(\pi x / a)}{\pi^2 x^2}
              & \text{if}\ -a \leq x < a \ \text{and}\ x \neq 0, \\
            0 & \text{otherwise}.
            \end{cases}""",
        x="",
        a="",
    )
    def _(rng, x=point):
        return dict(x=x, a=3), np.sinc(x) * np.sinc(x / 3) if abs(x) < 3 else 0


@case(
    "Jaderberg et al.: spatial transformers, bilinear sampling",
    r"""V_i^c = \sum_n^H \sum_m^W U_{nm}^c \max(0, 1-|x_i - m|) \max(0, 1-|y_i - n|)
        \quad \forall i, \forall c""",
    U="C H W",
    x="P",
    y="P",
    V="C P",
)
def _(rng):
    U, x, y = rng.normal(size=(2, 4, 5)), rng.uniform(0, 4, size=6), rng.uniform(0, 3, size=6)
    value = [ndimage.map_coordinates(channel, [y, x], order=1) for channel in U]
    return dict(U=U, x=x, y=y), value


# Layers: papers


@case(
    "LeCun et al. 1998: a scaled hyperbolic tangent, of whole arrays",
    r"f(a) = A \tanh(Sa)",
    a="N",
    f="N",
    A="",
    S="",
)
def _(rng):
    a = rng.normal(size=5)
    return dict(a=a, A=1.7159, S=2 / 3), 1.7159 * np.tanh(2 / 3 * a)


@case(
    "LeCun et al. 1998: a subsampling layer",
    r"""y_{i,j} = \varphi\bigg( w \sum_{s=0}^{1} \sum_{t=0}^{1} x_{2i+s,2j+t} + b \bigg)
        % two by two, without overlap""",
    x="M N",
    y="P Q",
    w="",
    b="",
)
def _(rng):
    x = rng.normal(size=(4, 6))
    sums = x.reshape(2, 2, 3, 2).sum((1, 3))
    return dict(x=x, w=0.5, b=0.1, phi=np.tanh, P=2, Q=3), np.tanh(0.5 * sums + 0.1)


@case(
    "Krizhevsky et al.: local response normalisation of AlexNet",
    r"""b^i_{x,y} = a^i_{x,y} / \left( k + \alpha
        \sum_{j=\max(0,i-n/2)}^{\min(N-1,i+n/2)} (a^j_{x,y})^2 \right)^\beta""",
    a="N X Y",
    b="N X Y",
    k="",
    alpha="",
    beta="",
)
def _(rng):
    a = rng.normal(size=(7, 2, 3))
    sums = signal.convolve(a**2, np.ones((5, 1, 1)), "same")
    return dict(a=a, n=4, k=2, alpha=0.1, beta=0.75), a / (2 + 0.1 * sums) ** 0.75


@case(
    "Howard et al.: MobileNets, a full convolution, from 1",
    r"\mathbf{G}_{k,l,n} = \sum_{i,j,m} \mathbf{K}_{i,j,m,n} \cdot \mathbf{F}_{k+i-1,l+j-1,m}",
    K="h w M N",
    F="H W M",
    origin=1,
)
def _(rng):
    K, F = rng.normal(size=(2, 3, 2, 4)), rng.normal(size=(4, 6, 2))
    G = np.zeros((3, 4, 4))
    for m, n in over(2, 4):
        G[:, :, n] += signal.correlate2d(F[:, :, m], K[:, :, m, n], "valid")
    return dict(K=K, F=F), G


@case(
    "Howard et al.: MobileNets, a depthwise convolution, from 1",
    r"""\hat{\mathbf{G}}_{k,l,m} = \sum_{i,j} \hat{\mathbf{K}}_{i,j,m} \cdot
        \mathbf{F}_{k+i-1,l+j-1,m}""",
    K_hat="h w M",
    F="H W M",
    G_hat="H-h+1 W-w+1 M",
    origin=1,
)
def _(rng):
    K, F = rng.normal(size=(2, 3, 2)), rng.normal(size=(4, 6, 2))
    G = [signal.correlate2d(F[..., m], K[..., m], "valid") for m in range(2)]
    return dict(K_hat=K, F=F), np.moveaxis(G, 0, -1)


@case(
    "Dumoulin, Visin: the size of an output",
    r"o = \left\lfloor \frac{i + 2p - k}{s} \right\rfloor + 1.",
    i="",
    p="",
    k="",
    s="",
)
def _(rng):
    return dict(i=6, p=1, k=3, s=2), 3


@case(
    "Dumoulin, Visin: the size of a transposed convolution's output, primes",
    r"o' = s (i' - 1) + a + k - 2p",
    i_prime="",
    s="",
    a="",
    k="",
    p="",
)
def _(rng):
    return dict(i_prime=3, s=2, a=1, k=3, p=1), 6


@case(
    "Dumoulin, Visin: the size of a dilated convolution's output",
    r"o = \bigg\lfloor \frac{i + 2p - k - (k-1)(d-1)}{s} \bigg\rfloor + 1",
    **dict.fromkeys("ipkds", ""),
)
def _(rng):
    return dict(i=11, p=1, k=3, d=2, s=3), 3


@case(
    "Araujo et al.: the receptive field, from 1",
    r"r_0 = \sum_{l=1}^{L} \left( (k_l-1) \prod_{i=1}^{l-1} s_i \right) + 1",
    k="L",
    s="L",
    r_0="",
    origin=1,
)
def _(rng):
    k, s = np.array([5, 2, 3, 2]), np.array([1, 2, 2, 3])
    return dict(k=k, s=s), 4 * 1 + 1 * 1 + 2 * 2 + 1 * 4 + 1


@case(
    "Transposed convolution, scattered by Iverson brackets",
    r"""y_{uv} = \sum_{i,j} \sum_{s,t} x_{ij} W_{st} [u = iS + sD - P] [v = jS + tD - P]""",
    x="M N",
    W="m n",
    y="U V",
)
def _(rng):
    x, W = rng.normal(size=(3, 4)), rng.normal(size=(2, 3))
    y = np.zeros((9, 14))
    for i, j, s, t in over(3, 4, 2, 3):
        y[i * 3 + s * 2, j * 3 + t * 2] += x[i, j] * W[s, t]
    return dict(x=x, W=W, S=3, D=2, P=1, U=7, V=12), y[1:-1, 1:-1]


@case(
    "Unpooling, compound indices on the left",
    r"x_{(li+s)(lj+t)} = \frac{1}{l^2}\, y_{ij}, \quad 0 \le s, t < l",
    y="M N",
    x="P Q",
)
def _(rng):
    y = rng.normal(size=(2, 3))
    return dict(y=y, l=2, P=4, Q=6), np.kron(y, np.ones((2, 2))) / 4


@case(
    "Nearest-neighbour upsampling, two floors side by side",
    r"y_{ij} = x_{\lfloor i/2 \rfloor \lfloor j/3 \rfloor}",
    x="M N",
    y="P Q",
)
def _(rng):
    x = rng.normal(size=(2, 3))
    return dict(x=x, P=4, Q=9), x.repeat(2, 0).repeat(3, 1)


@case(
    "Shi et al.: pixel shuffle",
    r"""Y_{x,y,c} = T_{\left\lfloor x/r \right\rfloor, \left\lfloor y/r \right\rfloor,
        C \cdot r \cdot (y \bmod r) + C \cdot (x \bmod r) + c}""",
    T="H W D",
    Y="P Q C",
    r="",
)
def _(rng):
    T = rng.normal(size=(2, 3, 12))
    Y = T.reshape(2, 3, 2, 2, 3).transpose(0, 3, 1, 2, 4).reshape(4, 6, 3)
    return dict(T=T, r=2, P=4, Q=6, C=3), Y


@case(
    "Chellapilla et al.: im2col, gathered",
    r"""P_{r,q} = x_{\lfloor r/w \rfloor + \lfloor q/n \rfloor,\; (r \bmod w) + (q \bmod n)},
        \quad 0 \le r < R,\ 0 \le q < Q""",
    x="M N",
    P="R Q",
)
def _(rng):
    x = rng.normal(size=(4, 6))
    windows = np.lib.stride_tricks.sliding_window_view(x, (2, 3))
    return dict(x=x, n=3, w=4, R=12, Q=6), windows.reshape(12, 6)


@case(
    "im2col, scattered, compound indices on the left",
    r"""C_{(iw+j)(sn+t)} := x_{(i+s)(j+t)}
        \qquad (0 \leq i < h,\; 0 \leq j < w,\; 0 \leq s < m,\; 0 \leq t < n)""",
    x="M N",
    C="R Q",
)
def _(rng):
    x = rng.normal(size=(4, 6))
    windows = np.lib.stride_tricks.sliding_window_view(x, (2, 3))
    return dict(x=x, h=3, w=4, m=2, n=3, R=12, Q=6), windows.reshape(12, 6)


@case(
    "Gray: a Toeplitz matrix",
    r"T_{ij} = h_{i-j}",
    h="n",
    T="P Q",
)
def _(rng):
    h = rng.normal(size=3)
    return dict(h=h, P=6, Q=4), linalg.toeplitz([*h, 0, 0, 0], [h[0], 0, 0, 0])


@case(
    "A Hankel matrix, indices run together",
    r"H_{ij}=h_{i+j}",
    h="n",
    H="P Q",
)
def _(rng):
    h = rng.normal(size=6)
    return dict(h=h, P=4, Q=3), linalg.hankel(h[:4], h[3:])


# Pooling, in every style


def pool(x, size, stride, reduce):
    """The windows of an image, one after the other, reduced to a number each."""
    windows = np.lib.stride_tricks.sliding_window_view(x, size)[::stride, ::stride]
    return reduce(windows, axis=(2, 3))


@case(
    "Max pooling, a chain of inequalities",
    r"a_{ij} = \max_{0 \le s,t < l} x_{(iq+s)(jq+t)}",
    x="M N",
    a="P Q",
)
def _(rng):
    x = -1 - rng.uniform(size=(5, 7))
    return dict(x=x, l=3, q=2, P=2, Q=3), pool(x, (3, 3), 2, np.max)


@case(
    "Max pooling, windows that reach beyond the border",
    r"y_{i,j} = \max_{\substack{-1 \le s \le 1 \\ -1 \le t \le 1}} x_{i+s,\,j+t}",
    x="M N",
    y="M N",
)
def _(rng):
    x = -1 - rng.uniform(size=(4, 5))
    return dict(x=x), ndimage.maximum_filter(x, 3, mode="constant", cval=-np.inf)


@case(
    "Max pooling, operatorname and a set",
    r"y_{i,j} = \operatorname*{max}_{s,t \in \{0,1\}} x_{2i+s,\,2j+t}",
    x="M N",
    y="P Q",
)
def _(rng):
    x = -1 - rng.uniform(size=(4, 6))
    return dict(x=x, P=2, Q=3), pool(x, (2, 2), 2, np.max)


@case(
    "Max pooling, underset",
    r"y^{(c)}_{ij} = \underset{0 \leqslant p < h,\; 0 \leqslant q < w}{\max} x^{(c)}_{hi+p,\,wj+q}",
    x="C M N",
    y="C P Q",
)
def _(rng):
    x = -1 - rng.uniform(size=(2, 4, 9))
    value = [channel.reshape(2, 2, 3, 3).max((1, 3)) for channel in x]
    return dict(x=x, h=2, w=3, P=2, Q=3), value


@case(
    "Min pooling, limits and dots",
    r"y_{ij}=\min\limits_{s=0,\dots,m-1}\ \min\limits_{t=0,\dots,n-1}\ \{x_{i+s,j+t}\}",
    x="M N",
    y="M-m+1 N-n+1",
)
def _(rng):
    x = 1 + rng.uniform(size=(4, 6))
    return dict(x=x, m=2, n=3), pool(x, (2, 3), 1, np.min)


@case(
    "Average pooling, a power in front and Unicode signs",
    r"a_{ij} = l^{−2} \sum_{0 ≤ s,t < l} x_{(iq+s)(jq+t)}",
    x="M N",
    a="P Q",
)
def _(rng):
    x = rng.normal(size=(5, 7))
    return dict(x=x, l=3, q=2, P=2, Q=3), pool(x, (3, 3), 2, np.mean)


@case(
    "Average pooling, one sum over two indices",
    r"y_{i,j} = \dfrac{1}{k^2} \sum_{s,t=0}^{k-1} x_{i+s,j+t} \nonumber",
    x="M N",
    y="M-k+1 N-k+1",
    k="",
)
def _(rng):
    x = rng.normal(size=(4, 6))
    return dict(x=x, k=2), pool(x, (2, 2), 1, np.mean)


@case(
    "Average pooling backwards, Iverson brackets with chains",
    r"""\frac{\partial E}{\partial x_{uv}} = \frac{1}{l^2}
        \sum_{i,j} \delta_{ij} [0 \le u - iq < l] [0 \le v - jq < l]""",
    delta="P Q",
    dE_dx="M N",
)
def _(rng):
    delta = rng.normal(size=(2, 3))
    value = np.zeros((5, 7))
    for i, j in over(2, 3):
        value[2 * i : 2 * i + 3, 2 * j : 2 * j + 3] += delta[i, j] / 9
    return dict(delta=delta, l=3, q=2, M=5, N=7), value


@case(
    "Max pooling backwards, the stars of the maximisers",
    r"""\frac{\partial E}{\partial x_{uv}}
        = \sum_{i,j} \delta_{ij}\,[u = iq + s^*_{ij}]\,[v = jq + t^*_{ij}]""",
    delta="P Q",
    s_star="P Q",
    t_star="P Q",
    dE_dx="M N",
)
def _(rng):
    delta, (s, t) = rng.normal(size=(2, 3)), rng.integers(3, size=(2, 2, 3))
    value = np.zeros((5, 7))
    for i, j in over(2, 3):
        value[2 * i + s[i, j], 2 * j + t[i, j]] += delta[i, j]
    return dict(delta=delta, s_star=s, t_star=t, q=2, M=5, N=7), value


@case(
    "PyTorch manual: MaxPool2d",
    r"""\begin{aligned}
        \text{out}(N_i, C_j, h, w) ={} & \max_{m=0, \ldots, k_H-1} \max_{n=0, \ldots, k_W-1} \\
                                       & \text{input}(N_i, C_j, \text{stride[0]} \times h + m,
                                                       \text{stride[1]} \times w + n)
        \end{aligned}""",
    input="N C H W",
    stride="2",
    out="N C P Q",
)
def _(rng):
    x = -1 - rng.uniform(size=(2, 3, 5, 7))
    value = [[pool(channel, (3, 2), 2, np.max) for channel in image] for image in x]
    return dict(input=x, stride=np.array([2, 2]), k_H=3, k_W=2, P=2, Q=3), value


@case(
    "PyTorch manual: AvgPool1d",
    r"""\text{out}(N_i, C_j, l) = \frac{1}{k} \sum_{m=0}^{k-1}
                                  \text{input}(N_i, C_j, \text{stride} \times l + m)""",
    input="N C L",
    stride="",
    out="N C P",
    k="",
)
def _(rng):
    x = rng.normal(size=(2, 3, 7))
    value = np.lib.stride_tricks.sliding_window_view(x, 3, axis=2)[:, :, ::2].mean(3)
    return dict(input=x, stride=2, k=3, P=3), value


@case(
    "TensorFlow manual: conv2d",
    r"""\mathrm{output}[b, i, j, k] = \sum_{\mathit{di}, \mathit{dj}, q}
        \mathrm{input}[b, \mathrm{strides}[1] * i + \mathit{di},
                          \mathrm{strides}[2] * j + \mathit{dj}, q]
        * \mathrm{filter}[\mathit{di}, \mathit{dj}, q, k]""",
    input="B H W C",
    filter="h w C K",
    strides="4",
    output="B P Q K",
)
def _(rng):
    x, W = rng.normal(size=(2, 5, 7, 3)), rng.normal(size=(3, 2, 3, 4))

    def entry(b, i, j, k):
        return (x[b, i : i + 3, 2 * j : 2 * j + 2] * W[..., k]).sum()

    arrays = dict(input=x, filter=W, strides=np.array([1, 1, 2, 1]), P=3, Q=3)
    return arrays, table(entry, 2, 3, 3, 4)


# Functions: manuals


@case(
    "PyTorch manual: ReLU, of whole arrays",
    r"\text{ReLU}(x) = \max(0, x)",
    x="M N",
    ReLU="M N",
)
def _(rng):
    x = rng.normal(size=(3, 4))
    return dict(x=x), np.where(x > 0, x, 0)


@case(
    "ReLU backwards, the derivative in the author's fraction",
    r"""\frac{\partial \mathcal{L}}{\partial x_{ij}}
        = \frac{\partial \mathcal{L}}{\partial h_{ij}} \mathbb{1}[x_{ij} > 0]""",
    dL_dh="M N",
    x="M N",
)
def _(rng):
    dL_dh, x = rng.normal(size=(2, 3, 4))
    return dict(dL_dh=dL_dh, x=x), np.where(x > 0, dL_dh, 0)


@case(
    "ReLU by an indicator with a set as its subscript",
    r"h_i = x_i \, \mathbf{1}_{\{x_i > 0\}}",
    x="N",
)
def _(rng):
    x = rng.normal(size=6)
    return dict(x=x), np.where(x > 0, x, 0)


for point in (-2.0, 1.5):

    @case(
        f"PyTorch manual: LeakyReLU at {point}",
        r"""\text{LeakyReLU}(x) =
            \begin{cases}
            x, & \text{ if } x \geq 0 \\
            \text{negative\_slope} \times x, & \text{ otherwise }
            \end{cases}""",
        x="",
        negative_slope="",
    )
    def _(rng, x=point):
        return dict(x=x, negative_slope=0.01), x if x >= 0 else 0.01 * x


for point in (-2.0, 1.5):

    @case(
        f"PyTorch manual: ELU, both conditions written, at {point}",
        r"""\text{ELU}(x) = \begin{cases}
            x, & \text{ if } x > 0\\
            \alpha * (\exp(x) - 1), & \text{ if } x \leq 0
            \end{cases}""",
        x="",
        alpha="",
    )
    def _(rng, x=point):
        return dict(x=x, alpha=1.2), x if x > 0 else 1.2 * np.expm1(x)


@case(
    "PyTorch manual: Hardsigmoid",
    r"""\text{Hardsigmoid}(x) = \begin{cases}
        0 & \text{if~} x \le -3, \\
        1 & \text{if~} x \ge +3, \\
        x / 6 + 1 / 2 & \text{otherwise}
        \end{cases}""",
    x="",
)
def _(rng):
    return dict(x=1.2), 0.7


@case(
    "PyTorch manual: Softplus",
    r"\text{Softplus}(x) = \frac{1}{\beta} * \log(1 + \exp(\beta * x))",
    x="",
    beta="",
)
def _(rng):
    return dict(x=0.7, beta=2), np.logaddexp(0, 1.4) / 2


@case(
    "PyTorch manual: GELU, its approximation",
    r"\text{GELU}(x) = 0.5 * x * (1 + \text{Tanh}(\sqrt{2 / \pi} * (x + 0.044715 * x^3)))",
    x="",
)
def _(rng):
    value = 0.35 * (1 + np.tanh(np.sqrt(2 / np.pi) * (0.7 + 0.044715 * 0.343)))
    return dict(x=0.7, Tanh=np.tanh), value


@case(
    "Hendrycks, Gimpel: GELU",
    r"\text{GELU}(x) = x\Phi(x) = \frac12 x \left[1 + \operatorname{erf}(x/\sqrt{2})\right]",
    x="",
)
def _(rng):
    return dict(x=0.7, Phi=special.ndtr), 0.7 * special.ndtr(0.7)


@case(
    "Misra: Mish, functions of functions",
    r"f(x) = x \tanh\left(\ln(1 + e^x)\right)",
    x="",
)
def _(rng):
    return dict(x=0.7), 0.7 * np.tanh(np.logaddexp(0, 0.7))


@case(
    "Ramachandran et al.: Swish by the sigmoid's definition",
    r"f(x) = x \cdot (1 + \exp(-\beta x))^{-1}",
    x="",
    beta="",
)
def _(rng):
    return dict(x=0.7, beta=1.5), 0.7 * special.expit(1.05)


@case(
    "The logistic function and its derivative, a chain in aligned",
    r"""\begin{aligned}
        \sigma'(z_i) &= \frac{e^{-z_i}}{\left(1 + e^{-z_i}\right)^2} \\
                     &= \frac{1}{1 + e^{-z_i}} \left( 1 - \frac{1}{1 + e^{-z_i}} \right)
        \end{aligned}""",
    z="N",
)
def _(rng):
    z = rng.normal(size=5)
    return dict(z=z), special.expit(z) * special.expit(-z)


@case(
    "Nielsen: the error of a hidden layer, a derivative by its prime",
    r"\delta_j = \sum_k w_{kj}\, d_k \, \sigma'(z_j)",
    w="K J",
    d="K",
    z="J",
    delta="J",
)
def _(rng):
    w, d, z = rng.normal(size=(3, 4)), rng.normal(size=3), rng.normal(size=4)
    value = (d @ w) / np.cosh(z) ** 2
    return dict(w=w, d=d, z=z, sigma_prime=lambda u: 1 / np.cosh(u) ** 2), value


@case(
    "PyTorch manual: Softmax",
    r"\text{Softmax}(x_{i}) = \frac{\exp(x_i)}{\sum_j \exp(x_j)}",
    x="N",
)
def _(rng):
    x = rng.normal(size=5)
    return dict(x=x), special.softmax(x)


@case(
    "Wikipedia: softmax, from 1",
    r"""\sigma(\mathbf{z})_i = \frac{e^{z_i}}{\sum_{j=1}^K e^{z_j}}\ \
        \text{ for } i = 1, \dotsc, K.""",
    z="K",
    origin=1,
)
def _(rng):
    z = rng.normal(size=5)
    return dict(z=z), special.softmax(z)


@case(
    "Goodfellow, Bengio, Courville: Deep Learning, 4.1, softmax",
    r"\text{softmax}(\boldsymbol{x})_i = \frac{\exp(x_i)}{\sum_{j=1}^{n} \exp(x_j)}.",
    x="n",
    origin=1,
)
def _(rng):
    x = rng.normal(size=5)
    return dict(x=x), special.softmax(x)


@case(
    "Softmax, shifted by the largest score",
    r"p_r = \left. e^{a_r - \max a} \middle/ \sum_{r'} e^{a_{r'} - \max a} \right.",
    a="R",
)
def _(rng):
    a = rng.normal(size=5)
    return dict(a=a), special.softmax(a)


@case(
    "CS231n: cross-entropy, a logarithm of a sum without parentheses",
    r"L_i = -f_{i,y_i} + \log\sum_j e^{f_{i,j}}",
    f="N C",
    y="N",
)
def _(rng):
    f, y = rng.normal(size=(4, 3)), np.array([2, 0, 1, 2])
    return dict(f=f, y=y), special.logsumexp(f, axis=1) - f[range(4), y]


@case(
    "PyTorch manual: CrossEntropyLoss",
    r"""l_n = - w_{y_n} \log \frac{\exp(x_{n,y_n})}{\sum_{c=1}^C \exp(x_{n,c})}
          \cdot \mathbb{1}\{y_n \not= \text{ignore\_index}\}""",
    w="C",
    x="N C",
    y="N",
    ignore_index="",
    origin=1,
)
def _(rng):
    w, x, y = rng.uniform(size=3), rng.normal(size=(5, 3)), np.array([3, 1, 2, 1, 3])
    losses = -w[y - 1] * special.log_softmax(x, axis=1)[range(5), y - 1]
    return dict(w=w, x=x, y=y, ignore_index=2), np.where(y == 2, 0, losses)


@case(
    "PyTorch manual: BCELoss",
    r"l_n = - w_n \left[ y_n \cdot \log x_n + (1 - y_n) \cdot \log (1 - x_n) \right]",
    w="N",
    x="N",
    y="N",
)
def _(rng):
    w, x, y = rng.uniform(0.1, 0.9, size=(3, 5))
    return dict(w=w, x=x, y=y), -w * (y * np.log(x) + (1 - y) * np.log(1 - x))


@case(
    "PyTorch manual: SmoothL1Loss",
    r"""l_n = \begin{cases}
        0.5 (x_n - y_n)^2 / \text{beta}, & \text{if } |x_n - y_n| < \text{beta} \\
        |x_n - y_n| - 0.5 * \text{beta}, & \text{otherwise }
        \end{cases}""",
    x="N",
    y="N",
    beta="",
)
def _(rng):
    x, y = rng.normal(size=(2, 6))
    return dict(x=x, y=y, beta=0.8), special.huber(0.8, x - y) / 0.8


for point in (-3.0, 1.25):

    @case(
        f"Wikipedia: the Huber loss at {point}",
        r"""L_\delta (a) = \begin{cases}
             \frac{1}{2}{a^2}                              & \text{for } |a| \le \delta, \\
             \delta \cdot \left(|a|-\frac{1}{2}\delta\right), & \text{otherwise.}
            \end{cases}""",
        a="",
        delta="",
    )
    def _(rng, a=point):
        return dict(a=a, delta=1.5), special.huber(1.5, a)


@case(
    "Huber's loss in an array, as older books have it",
    r"""\rho(e_i) = \left\{ \begin{array}{ll}
            e_i^2/2 & \mbox{if $|e_i| \leq k$} \\
            k |e_i| - k^2/2 & \mbox{if $|e_i| > k$}
        \end{array} \right.""",
    e="N",
    k="",
)
def _(rng):
    e = np.array([-3, -1.5, -0.5, 0.0, 1.25, 2.0])
    return dict(e=e, k=1.345), special.huber(1.345, e)


# Losses


@case(
    "Bishop: Pattern Recognition and Machine Learning, 1.4, regularised squares, from 1",
    r"""\widetilde{E} = \frac{1}{2} \sum_{n=1}^{N} \left\{ y_n - t_n \right\}^2
        + \frac{\lambda}{2} \sum_j w_j^2""",
    y="N",
    t="N",
    w="M",
    lambda_="",
    origin=1,
)
def _(rng):
    y, t, w = rng.normal(size=5), rng.normal(size=5), rng.normal(size=3)
    return dict(y=y, t=t, w=w, lambda_=0.2), ((y - t) ** 2).sum() / 2 + 0.1 * (w**2).sum()


@case(
    "Mean squared error, a sum with an upper bound alone, from 1",
    r"\mathcal{L} := \tfrac1n \sum_i^n \big( y_i - \hat{y}_i \big)^2",
    y="n",
    y_hat="n",
    origin=1,
)
def _(rng):
    y, y_hat = rng.normal(size=(2, 5))
    return dict(y=y, y_hat=y_hat), np.mean((y - y_hat) ** 2)


@case(
    "Cross-entropy of a batch, arrays as arguments on the left",
    r"\mathcal L(y, \hat y) = -\frac1B \sum_{n} \sum_{k} y_k^{(n)} \ln \hat y_k^{(n)}",
    y="B K",
    y_hat="B K",
)
def _(rng):
    y, y_hat = np.eye(3)[[0, 2, 1, 1]], rng.dirichlet([1.0] * 3, size=4)
    return dict(y=y, y_hat=y_hat), -np.log(y_hat[range(4), [0, 2, 1, 1]]).mean()


@case(
    "MacKay: the Kullback-Leibler divergence",
    r"""D_{\text{KL}}(P \parallel Q) = \sum_{x} P(x)\,
        \log \left( \frac{P(x)}{Q(x)} \right)""",
    P="N",
    Q="N",
)
def _(rng):
    P, Q = rng.dirichlet([1.0] * 5, size=2)
    return dict(P=P, Q=Q), special.rel_entr(P, Q).sum()


@case(
    "Wikipedia: cosine similarity, from 1",
    r"""\text{similarity} = \frac{ \sum\limits_{i=1}^{n}{A_i  B_i} }
        { \sqrt{\sum\limits_{i=1}^{n}{A_i^2}} \cdot \sqrt{\sum\limits_{i=1}^{n}{B_i^2}} }""",
    A="n",
    B="n",
    origin=1,
)
def _(rng):
    A, B = rng.normal(size=(2, 5))
    return dict(A=A, B=B), A @ B / np.linalg.norm(A) / np.linalg.norm(B)


@case(
    "Milletari et al.: V-Net, the Dice coefficient",
    r"D = \frac{2 \sum_i^N p_i g_i}{\sum_i^N p_i^2 + \sum_i^N g_i^2}",
    p="N",
    g="N",
)
def _(rng):
    p, g = rng.uniform(size=(2, 5))
    return dict(p=p, g=g), 2 * (p @ g) / (p @ p + g @ g)


@case(
    "Lin et al.: the focal loss",
    r"\mathrm{FL}(p_t) = -\alpha_t (1 - p_t)^\gamma \log (p_t).",
    p="T",
    alpha="T",
    gamma="",
)
def _(rng):
    p, alpha = rng.uniform(0.1, 0.9, size=(2, 5))
    return dict(p=p, alpha=alpha, gamma=2), -alpha * (1 - p) ** 2 * np.log(p)


@case(
    "Jaccard index, maxima and minima of pairs",
    r"J = \frac{\sum_i \min(p_i, g_i)}{\sum_i \max(p_i, g_i)}",
    p="N",
    g="N",
)
def _(rng):
    p, g = rng.uniform(size=(2, 5))
    return dict(p=p, g=g), np.minimum(p, g).sum() / np.maximum(p, g).sum()


@case(
    "L1 regularisation, with the lengthened bars",
    r"\Omega = \lambda_1 \sum_{i} \lvert w_i \rvert + \lambda_2 \sum_i \left| w_i \right|^2",
    w="N",
    lambda_1="",
    lambda_2="",
)
def _(rng):
    w = rng.normal(size=5)
    return dict(w=w, lambda_1=0.1, lambda_2=0.3), 0.1 * np.abs(w).sum() + 0.3 * (w @ w)


# Normalisation and optimisers


@case(
    "Ioffe, Szegedy: batch normalisation, the mean, from 1",
    r"\mu_{\mathcal{B}} \leftarrow \frac{1}{m} \sum_{i=1}^{m} x_i",
    x="m",
    origin=1,
)
def _(rng):
    x = rng.normal(size=5)
    return dict(x=x), x.mean()


@case(
    "Ioffe, Szegedy: batch normalisation, the variance: a square on the left, from 1",
    r"\sigma_{\mathcal B}^2 \leftarrow \frac{1}{m} \sum_{i=1}^m (x_i - \mu_{\mathcal B})^2",
    x="m",
    mu_B="",
    origin=1,
)
def _(rng):
    x = rng.normal(size=5)
    return dict(x=x, mu_B=x.mean()), x.var()


@case(
    "Ioffe, Szegedy: batch normalisation, normalise",
    r"""\widehat{x}_i \leftarrow
        \frac{x_i - \mu_{\mathcal{B}}}{\sqrt{\sigma_{\mathcal{B}}^2 + \epsilon}}""",
    x="m",
    mu_B="",
    sigma_B="",
    epsilon="",
    x_hat="m",
)
def _(rng):
    x = rng.normal(size=5)
    value = (x - 0.3) / np.sqrt(1.44 + 1e-3)
    return dict(x=x, mu_B=0.3, sigma_B=1.2, epsilon=1e-3), value


@case(
    "Ioffe, Szegedy: batch normalisation, scale and shift",
    r"y_i \gets \gamma \widehat{x}_i + \beta % \equiv BN(x_i)",
    x_hat="m",
    gamma="",
    beta="",
)
def _(rng):
    x_hat = rng.normal(size=5)
    return dict(x_hat=x_hat, gamma=1.5, beta=-0.5), 1.5 * x_hat - 0.5


@case(
    "Ba et al.: layer normalisation, the mean, from 1",
    r"\mu^l = \frac{1}{H} \sum_{i=1}^H a_i^l",
    a="L H",
    mu="L",
    origin=1,
)
def _(rng):
    a = rng.normal(size=(3, 4))
    return dict(a=a), a.mean(1)


@case(
    "Ba et al.: layer normalisation, the deviation, from 1",
    r"\sigma^l = \sqrt{\frac{1}{H} \sum_{i=1}^H \left( a_i^l - \mu^l \right)^2}",
    a="L H",
    mu="L",
    sigma="L",
    origin=1,
)
def _(rng):
    a = rng.normal(size=(3, 4))
    return dict(a=a, mu=a.mean(1)), a.std(1)


@case(
    "Wu, He: group normalisation, the mean of a group",
    r"""\mu_{ng} = \frac{G}{CHW} \sum_{c=0}^{C-1} \sum_{h,w} x_{nchw}
        \left[ \left\lfloor \frac{c}{C/G} \right\rfloor = g \right]""",
    x="N C H W",
    mu="N G",
)
def _(rng):
    x = rng.normal(size=(3, 6, 4, 5))
    return dict(x=x, G=2), x.reshape(3, 2, 3, 4, 5).mean((2, 3, 4))


@case(
    "Sutskever et al.: momentum, the velocity on both sides",
    r"v_i \leftarrow \mu v_i - \varepsilon \frac{\partial L}{\partial \theta_i}",
    v="N",
    dL_dtheta="N",
    mu="",
    epsilon="",
)
def _(rng):
    v, g = rng.normal(size=(2, 5))
    return dict(v=v, dL_dtheta=g, mu=0.9, epsilon=0.1), 0.9 * v - 0.1 * g


@case(
    "A step of gradient descent on a kernel",
    r"W^{(k)}_{st} \leftarrow W^{(k)}_{st} - \eta \, \dfrac{\partial E}{\partial W^{(k)}_{st}}",
    W="K m n",
    dE_dW="K m n",
    eta="",
)
def _(rng):
    W, g = rng.normal(size=(2, 2, 3, 4))
    return dict(W=W, dE_dW=g, eta=0.1), W - 0.1 * g


@case(
    "Kingma, Ba: Adam, the second moment unrolled, from 1",
    r"v_t = (1 - \beta_2) \sum_{i=1}^{t} \beta_2^{t-i} \cdot g_i^2",
    g="T",
    v="T",
    beta_2="",
    origin=1,
)
def _(rng):
    g = rng.normal(size=5)
    return dict(g=g, beta_2=0.9), signal.lfilter([0.1], [1, -0.9], g**2)


@case(
    "Kingma, Ba: Adam, bias correction, a power of the time, from 1",
    r"\hat{m}_t \leftarrow m_t/(1-\beta_1^t)",
    m="T",
    m_hat="T",
    beta_1="",
    origin=1,
)
def _(rng):
    m = rng.normal(size=5)
    return dict(m=m, beta_1=0.9), m / (1 - 0.9 ** np.arange(1, 6))


@case(
    "Kingma, Ba: Adam, the step",
    r"\theta_i \leftarrow \theta_i - \alpha \cdot \hat{m}_i / (\sqrt{\hat{v}_i} + \epsilon)",
    theta="N",
    m_hat="N",
    v_hat="N",
    alpha="",
    epsilon="",
)
def _(rng):
    theta, m, v = rng.normal(size=5), rng.normal(size=5), rng.uniform(size=5)
    arrays = dict(theta=theta, m_hat=m, v_hat=v, alpha=0.1, epsilon=1e-8)
    return arrays, theta - 0.1 * m / (np.sqrt(v) + 1e-8)


@case(
    "Loshchilov, Hutter: cosine annealing, names told apart by words",
    r"""\eta_t = \eta_{\min} + \frac{1}{2} (\eta_{\max} - \eta_{\min})
        \left( 1 + \cos\left( \frac{t}{T_{\mathrm{max}}} \pi \right) \right)""",
    eta="T",
    eta_min="",
    eta_max="",
    T_max="",
)
def _(rng):
    t = np.arange(5)
    value = 0.1 + 0.7 * (0.5 + 0.5 * np.cos(t * np.pi / 8))
    return dict(eta_min=0.1, eta_max=0.8, T_max=8, T=5), value


@case(
    "Srivastava et al.: dropout",
    r"\widetilde{\mathbf{y}}^{(l)}_j = \mathbf r^{(l)}_j * \mathbf y^{(l)}_j",
    r="L J",
    y="L J",
)
def _(rng):
    r, y = rng.integers(0, 2, size=(3, 4)), rng.normal(size=(3, 4))
    return dict(r=r, y=y), r * y


# Attention


@case(
    "Bahdanau et al.: attention weights, an array called e, from 1",
    r"\alpha_{ij} = \frac{\exp\left(e_{ij}\right)}{\sum_{k=1}^{T_x} \exp\left(e_{ik}\right)}",
    e="T_y T_x",
    origin=1,
)
def _(rng):
    e = rng.normal(size=(3, 4))
    return dict(e=e), special.softmax(e, axis=1)


@case(
    "Vaswani et al.: scaled dot products, a size with a subscript",
    r"S_{ij} = \frac{1}{\sqrt{d_k}} \sum_{c=1}^{d_k} Q_{ic} K_{jc}",
    Q="n d_k",
    K="m d_k",
    S="n m",
    origin=1,
)
def _(rng):
    Q, K = rng.normal(size=(3, 5)), rng.normal(size=(4, 5))
    return dict(Q=Q, K=K), Q @ K.T / np.sqrt(5)


@case(
    "Vaswani et al.: attention with a transpose",
    r"""O_{ic} = \sum_j \frac{\exp\bigl( (\sum_l Q_{il} K^\top_{lj}) / \sqrt{d} \bigr)}
        {\sum_{j'} \exp\bigl( (\sum_l Q_{il} K^\top_{lj'}) / \sqrt{d} \bigr)} V_{jc}""",
    Q="n d",
    K="m d",
    V="m p",
)
def _(rng):
    Q, K, V = rng.normal(size=(3, 5)), rng.normal(size=(4, 5)), rng.normal(size=(4, 2))
    return dict(Q=Q, K=K, V=V), special.softmax(Q @ K.T / np.sqrt(5), axis=1) @ V


@case(
    "Vaswani et al.: positional encoding, its even columns",
    r"""\mathrm{PE}_{(\mathrm{pos}, 2i)}
        = \sin\left( \mathrm{pos} / 10000^{2i / d_{\mathrm{model}}} \right)""",
    PE="T d_model",
)
def _(rng):
    PE = np.zeros((5, 6))
    PE[:, ::2] = np.sin(np.arange(5)[:, None] / 10000 ** (np.arange(0, 6, 2) / 6))
    return dict(T=5, d_model=6), PE


@case(
    "Positional encoding by cases on the parity of the column",
    r"""P_{p,j} = \begin{cases}
        \sin\bigl(p / 10000^{j/d}\bigr) & \text{if } j \bmod 2 = 0, \\
        \cos\bigl(p / 10000^{(j-1)/d}\bigr) & \text{if } j \bmod 2 = 1.
        \end{cases}""",
    P="T d",
)
def _(rng):
    angles = np.arange(5)[:, None] / 10000 ** (np.array([0, 0, 2, 2, 4, 4]) / 6)
    even = np.arange(6) % 2 == 0
    return dict(T=5, d=6), np.where(even, np.sin(angles), np.cos(angles))


# Linear algebra and elementary formulas


@case(
    "Strang: a matrix product, from 1",
    r"c_{ij} = \sum_{k=1}^{n} a_{ik} b_{kj}",
    a="m n",
    b="n p",
    origin=1,
)
def _(rng):
    a, b = rng.normal(size=(2, 3)), rng.normal(size=(3, 4))
    return dict(a=a, b=b), a @ b


@case(
    "Petersen, Pedersen: The Matrix Cookbook, the trace",
    r"\mathrm{Tr}(\mathbf{A}) = \textstyle\sum_i A_{ii}",
    A="n n",
)
def _(rng):
    A = rng.normal(size=(4, 4))
    return dict(A=A), np.trace(A)


@case(
    "The outer product, in a numbered equation",
    r"\begin{equation}\label{eq:outer} A_{ij} = u_i\,v_j \end{equation}",
    u="m",
    v="n",
)
def _(rng):
    u, v = rng.normal(size=3), rng.normal(size=4)
    return dict(u=u, v=v), np.outer(u, v)


@case(
    "Gatys et al.: the Gram matrix of a layer, bare superscripts",
    r"$G^l_{ij} = \sum_k F^l_{ik} F^l_{jk}.$",
    F="L N M",
    G="L N N",
)
def _(rng):
    F = rng.normal(size=(2, 3, 4))
    return dict(F=F), F @ F.transpose(0, 2, 1)


@case(
    "A product of whole arrays, element by element",
    r"\mathbf h = \mathbf o \odot \tanh(\mathbf c)",
    o="N D",
    c="N D",
    h="N D",
)
def _(rng):
    o, c = rng.normal(size=(2, 3, 4))
    return dict(o=o, c=c), o * np.tanh(c)


@case(
    "The Jacobian of softmax, with Kronecker's delta",
    r"\frac{\partial p_i}{\partial z_j} = p_i \left( \delta_{ij} - p_j \right)",
    p="K",
    dp_dz="K K",
)
def _(rng):
    p = rng.dirichlet([1.0] * 4)
    return dict(p=p), np.diag(p) - np.outer(p, p)


@case(
    "A polynomial whose argument has an index and a power",
    r"y_i = \sum_k a_k x_i^k",
    a="n",
    x="N",
)
def _(rng):
    a, x = rng.normal(size=4), rng.normal(size=5)
    return dict(a=a, x=x), np.polynomial.polynomial.polyval(x, a)


@case(
    "Abramowitz, Stegun: a polynomial in a number",
    r"p(x) = \sum_{k=0}^{n} a_k x^k",
    a="N",
    x="",
    n="",
)
def _(rng):
    a = rng.normal(size=4)
    return dict(a=a, x=0.7, n=3), np.polynomial.polynomial.polyval(0.7, a)


@case(
    "Lagrange interpolation, a product over a stack of conditions",
    r"L(t) = \sum_{j=0}^{k} y_j \prod_{\substack{0 \le m \le k \\ m \neq j}} \frac{t-x_m}{x_j-x_m}",
    x="n",
    y="n",
    t="",
    k="",
)
def _(rng):
    x, y = np.array([0.0, 1.0, 2.5, 4.0]), rng.normal(size=4)
    return dict(x=x, y=y, t=1.7, k=3), np.polyval(np.polyfit(x, y, 3), 1.7)


@case(
    "Vandermonde's matrix, from 1",
    r"V_{i,j} = \alpha_i^{j-1} \qquad (1 \le i \le m,\ 1 \le j \le n)",
    alpha="m",
    V="m n",
    origin=1,
)
def _(rng):
    alpha = rng.normal(size=3)
    return dict(alpha=alpha, n=4), np.vander(alpha, 4, increasing=True)


@case(
    "Hilbert's matrix, made of its indices, from 1",
    r"H_{ij} = \frac{1}{i + j - 1}.",
    H="n n",
    origin=1,
)
def _(rng):
    return dict(n=4), linalg.hilbert(4)


# A backward pass, and TeX at large


@case(
    "The gradient of the input, a derivation of two lines",
    r"""\begin{align*}
        \frac{\partial E}{\partial x_{ij}}
          &= \sum_{k} \sum_{u,v} \delta^{(k)}_{uv} W^{(k)}_{(i-u)(j-v)} \\
          &= \sum_{k=0}^{K-1} \sum_{s=0}^{m-1} \sum_{t=0}^{n-1}
             W^{(k)}_{st}\, \delta^{(k)}_{(i-s)(j-t)} \notag
        \end{align*}""",
    delta="K P Q",
    W="K m n",
    dE_dx="P+m-1 Q+n-1",
)
def _(rng):
    delta, W = rng.normal(size=(4, 3, 5)), rng.normal(size=(4, 2, 3))
    return dict(delta=delta, W=W), sum(map(signal.convolve2d, delta, W))


@case(
    "The gradient of a kernel, channels and a comment",
    r"""
    % delta is the gradient of the output
    \frac{\partial E}{\partial W^{(k,c)}_{st}}
      = \sum_{i=0}^{M-m} \sum_{j=0}^{N-n}   % no sum over c
        \delta^{(k)}_{ij}\; x^{(c)}_{i+s,\,j+t}
    """,
    delta="K M-m+1 N-n+1",
    x="C M N",
    dE_dW="K C m n",
)
def _(rng):
    delta, x = rng.normal(size=(4, 3, 5)), rng.normal(size=(2, 4, 7))
    value = [[signal.correlate2d(c, d, "valid") for c in x] for d in delta]
    return dict(delta=delta, x=x, m=2, n=3), value


@case(
    "The gradient of a bias, the sums without their fences",
    r"\frac{\partial E}{\partial b^{(k)}} = \sum\nolimits_{i,j} \delta^{(k)}_{i,j}\,",
    delta="K P Q",
)
def _(rng):
    delta = rng.normal(size=(4, 3, 5))
    return dict(delta=delta), delta.sum((1, 2))


@case(
    "Channels, padding, stride and dilation, one sum for all",
    r"""a^{(k)}_{ij} = b^{(k)} + \sum_{c,s,t} W^{(k,c)}_{st}\, x^{(c)}_{(iS+sD-P)(jS+tD-P)}""",
    W="K C m n",
    x="C M N",
    b="K",
    a="K U V",
)
def _(rng):
    W, x, b = rng.normal(size=(4, 2, 3, 2)), rng.normal(size=(2, 6, 7)), rng.normal(size=4)
    a = np.zeros((4, 2, 4))
    for k, i, j in np.ndindex(a.shape):
        a[k, i, j] = b[k]
        for c, s, t in over(2, 3, 2):
            a[k, i, j] += W[k, c, s, t] * read(x, c, 2 * i + 2 * s - 1, 2 * j + 2 * t - 1)
    return dict(W=W, x=x, b=b, S=2, D=2, P=1, U=2, V=4), a


@case(
    "Channels by bare superscripts",
    r"y_{ij} \coloneqq \sum_{c=0}^{C-1} w_c x^c_{ij}",
    w="C",
    x="C M N",
)
def _(rng):
    w, x = rng.normal(size=2), rng.normal(size=(2, 3, 4))
    return dict(w=w, x=x), np.tensordot(w, x, 1)


@case(
    "Bounds as inequalities with commas, one for each index",
    r"y_{i,j} = \sum_{0 \le s < m,\; 0 \le t < n} K[s, t] \cdot x[i + s, j + t]",
    K="m n",
    x="M N",
)
def _(rng):
    K, x = rng.normal(size=(2, 3)), rng.normal(size=(4, 6))
    return dict(K=K, x=x), signal.correlate2d(x, K, "valid")


@case(
    "A kernel turned by half a turn, big delimiters of every size",
    r"""y_{ij} \triangleq \sum_{s=0}^{m-1} \sum_{t=0}^{n-1}
        W_{\big(m-1-s\big)\big(n-1-t\big)} \; x_{\left(i+s\right)\left(j+t\right)}""",
    W="m n",
    x="M N",
    y="M-m+1 N-n+1",
)
def _(rng):
    W, x = rng.normal(size=(2, 3)), rng.normal(size=(4, 6))
    return dict(W=W, x=x), signal.convolve2d(x, W, "valid")


@case(
    "Generous typing: spaces, braces and empty groups",
    r"{}{y}_{ {i} {j} }={\sum\limits_{ s = 0 }^{ 1 }}{\sum_{t=0}^{1}}{{w}_{st}{x}_{{i+s},{j+t}}}{}",
    w="2 2",
    x="M N",
)
def _(rng):
    w, x = rng.normal(size=(2, 2)), rng.normal(size=(4, 6))
    return dict(w=w, x=x), signal.correlate2d(x, w, "valid")


@case(
    "Powers and indices in both orders",
    r"z_i^{(t)} = (x^{(t)}_i)^2 + u_i^2 + {v_i}^3 - u^2_i v_i",
    x="T N",
    u="N",
    v="N",
)
def _(rng):
    x, u, v = rng.normal(size=(2, 5)), rng.normal(size=5), rng.normal(size=5)
    return dict(x=x, u=u, v=v), x**2 + u**2 + v**3 - u**2 * v


@case(
    "Graham, Knuth, Patashnik: Concrete Mathematics, numbers and a bracket",
    r"S_n = \sum_{0 \le k \le n} k^2 \,\bigl[\, k \bmod 2 = 1 \,\bigr]",
    S="N",
)
def _(rng):
    return dict(N=7), [0, 1, 1, 10, 10, 35, 35]


@case(
    "Nielsen: Neural Networks and Deep Learning, the quadratic cost of one example",
    r"C \equiv \frac12\sum_j(y_j-a_j)^2",
    y="N",
    a="N",
)
def _(rng):
    y, a = rng.normal(size=(2, 5))
    return dict(y=y, a=a), ((y - a) ** 2).sum() / 2


@case(
    "A fraction, a power and a root of bare digits",
    r"y_i = \frac12x_i^2 + \frac1{10}x_i + \frac{x_i}3 + \sqrt2x_i + x_i^22",
    x="N",
)
def _(rng):
    x = rng.normal(size=5)
    return dict(x=x), x**2 / 2 + x / 10 + x / 3 + np.sqrt(2) * x + 2 * x**2


# More of the same, from manuals, books and papers


@case(
    "PyTorch manual: Conv2d, the size of its output",
    r"""H_{out} = \left\lfloor\frac{H_{in} + 2 \times \text{padding}[0] - \text{dilation}[0]
 \times (\text{kernel\_size}[0] - 1) - 1}{\text{stride}[0]} + 1\right\rfloor""",
    padding="2",
    dilation="2",
    kernel_size="2",
    stride="2",
    H_in="",
)
def _(rng):
    return dict(H_in=28, padding=[1, 2], dilation=[2, 1], kernel_size=[3, 3], stride=[2, 1]), (
        28 + 2 - 2 * 2 - 1
    ) // 2 + 1


@case(
    "PyTorch manual: ConvTranspose2d, the size of its output",
    r"""H_{out} = (H_{in} - 1) \times \text{stride}[0] - 2 \times \text{padding}[0] +
        \text{dilation}[0]
                        \times (\text{kernel\_size}[0] - 1) + \text{output\_padding}[0] + 1""",
    padding="2",
    dilation="2",
    kernel_size="2",
    stride="2",
    output_padding="2",
    H_in="",
)
def _(rng):
    return dict(
        H_in=13,
        padding=[1, 2],
        dilation=[2, 1],
        kernel_size=[3, 3],
        stride=[2, 1],
        output_padding=[1, 0],
    ), 12 * 2 - 2 + 4 + 1 + 1


@case(
    "PyTorch manual: AvgPool2d",
    r"""out(N_i, C_j, h, w)  = \frac{1}{kH * kW} \sum_{m=0}^{kH-1} \sum_{n=0}^{kW-1}
 input(N_i, C_j, stride[0] \times h + m, stride[1] \times w + n)""",
    input="N C H W",
    stride="2",
    out="N C P Q",
    kH="",
    kW="",
)
def _(rng):
    x = rng.normal(size=(2, 3, 6, 8))
    return dict(input=x, stride=[2, 2], kH=2, kW=2, P=3, Q=4), x.reshape(2, 3, 3, 2, 4, 2).mean(
        (3, 5)
    )


@case(
    "PyTorch manual: LogSoftmax",
    r"\text{LogSoftmax}(x_{i}) = \log\left(\frac{\exp(x_i) }{ \sum_j \exp(x_j)} \right)",
    x="n",
)
def _(rng):
    x = rng.normal(size=5)
    return dict(x=x), special.log_softmax(x)


@case(
    "PyTorch manual: SELU",
    r"\text{SELU}(x) = \text{scale} * (\max(0,x) + \min(0, \alpha * (\exp(x) - 1)))",
    scale="",
    alpha="",
)
def _(rng):
    x = rng.normal(size=5)
    return dict(x=x, scale=1.05, alpha=1.67), 1.05 * np.where(x > 0, x, 1.67 * np.expm1(x))


@case("PyTorch manual: ReLU6", r"\text{ReLU6}(x) = \min(\max(0,x), 6)")
def _(rng):
    x = rng.normal(size=5) * 5
    return dict(x=x), np.clip(x, 0, 6)


@case(
    "PyTorch manual: Softshrink",
    r"""\text{SoftShrinkage}(x) =
\begin{cases}
x - \lambda, & \text{ if } x > \lambda \\
x + \lambda, & \text{ if } x < -\lambda \\
0, & \text{ otherwise }
\end{cases}""",
)
def _(rng):
    x = rng.normal(size=5) * 2
    return dict(x=x, lambda_=0.5), np.sign(x) * np.maximum(abs(x) - 0.5, 0)


@case(
    "PyTorch manual: Hardswish",
    r"""\text{Hardswish}(x) = \begin{cases}
            0 & \text{if~} x \le -3, \\
            x & \text{if~} x \ge +3, \\
            x \cdot (x + 3) /6 & \text{otherwise}
        \end{cases}""",
)
def _(rng):
    x = rng.normal(size=7) * 4
    return dict(x=x), x * np.clip(x + 3, 0, 6) / 6


@case(
    "PyTorch manual: Tanh",
    r"\text{Tanh}(x) = \tanh(x) = \frac{\exp(x) - \exp(-x)} {\exp(x) + \exp(-x)}",
)
def _(rng):
    x = rng.normal(size=7)
    return dict(x=x), np.tanh(x)


@case("PyTorch manual: PReLU", r"\text{PReLU}(x) = \max(0,x) + a * \min(0,x)", a="")
def _(rng):
    x = rng.normal(size=7)
    return dict(x=x, a=0.2), np.where(x > 0, x, 0.2 * x)


@case(
    "PyTorch manual: Threshold",
    r"""y = \begin{cases} x, &\text{ if } x > \text{threshold} \\ \text{value}, &\text{
        otherwise } \end{cases}""",
)
def _(rng):
    x = rng.normal(size=7)
    return dict(x=x, threshold=0.1, value=20), np.where(x > 0.1, x, 20)


@case(
    "PyTorch manual: KLDivLoss",
    r"""L(y_{\text{pred}},\ y_{\text{true}}) = y_{\text{true}} \cdot \log
        \frac{y_{\text{true}}}{y_{\text{pred}}}""",
)
def _(rng):
    p, q = rng.uniform(size=(2, 5))
    return dict(y_pred=p, y_true=q), q * np.log(q / p)


@case(
    "Goodfellow, Bengio, Courville: Deep Learning, 3.21, the normal distribution",
    r"""\mathcal{N}(x; \mu, \sigma^2) = \sqrt{\frac{1}{2\pi\sigma^2}}
        \exp\left(-\frac{1}{2\sigma^2}(x-\mu)^2\right).""",
    mu="",
    sigma="",
)
def _(rng):
    x = rng.normal(size=5)
    return dict(x=x, mu=0.3, sigma=1.2), np.exp(-((x - 0.3) ** 2) / 2 / 1.44) / np.sqrt(
        2 * np.pi * 1.44
    )


@case(
    "Tieleman, Hinton: RMSProp, the squares",
    r"r_i \leftarrow \rho r_i + (1-\rho) g_i \odot g_i",
    r="n",
    g="n",
    rho="",
)
def _(rng):
    r, g = rng.normal(size=(2, 5))
    return dict(r=r, g=g, rho=0.9), 0.9 * r + 0.1 * g**2


@case(
    "Zhang et al.: Dive into Deep Learning, the size of an output, an expression alone",
    r"\lfloor(n_\textrm{h}-k_\textrm{h}+p_\textrm{h}+s_\textrm{h})/s_\textrm{h}\rfloor",
    n_h="",
    k_h="",
    p_h="",
    s_h="",
)
def _(rng):
    return dict(n_h=8, k_h=3, p_h=2, s_h=2), (8 - 3 + 2 + 2) // 2


@case(
    "Zhang et al.: Dive into Deep Learning, cross-entropy, from 1",
    r"l(\mathbf{y}, \hat{\mathbf{y}}) = - \sum_{j=1}^q y_j \log \hat{y}_j.",
    y="q",
    y_hat="q",
    origin=1,
)
def _(rng):
    y, p = rng.uniform(size=(2, 5))
    return dict(y=y, y_hat=p), -(y * np.log(p)).sum()


@case(
    "Zhang et al.: Dive into Deep Learning, batch normalisation of whole arrays",
    r"""\mathrm{BN}(\mathbf{x}) = \boldsymbol{\gamma} \odot \frac{\mathbf{x} -
        \hat{\boldsymbol{\mu}}_\mathcal{B}}{\hat{\boldsymbol{\sigma}}_\mathcal{B}} +
        \boldsymbol{\beta}.""",
    x="n",
    gamma="n",
    mu_hat_B="n",
    sigma_hat_B="n",
    beta="n",
)
def _(rng):
    x, g, m, b = rng.normal(size=(4, 5))
    s = rng.uniform(size=5)
    return dict(x=x, gamma=g, mu_hat_B=m, sigma_hat_B=s, beta=b), g * (x - m) / s + b


@case(
    "Zhang et al.: Dive into Deep Learning, a Gaussian kernel of attention",
    r"""\alpha(\mathbf{q}, \mathbf{k}_i) = \exp\left(-\frac{1}{2} \|\mathbf{q} -
        \mathbf{k}_i\|^2 \right)""",
    q="d",
    k="m d",
)
def _(rng):
    q, k = rng.normal(size=4), rng.normal(size=(3, 4))
    return dict(q=q, k=k), np.exp(-((q - k) ** 2).sum(1) / 2)


@case(
    "The predicted class of each example",
    r"\hat{y}_n = \operatorname*{arg\,max}_{k} p_{nk}",
    p="N K",
)
def _(rng):
    p = rng.normal(size=(4, 6))
    return dict(p=p), p.argmax(1)


@case(
    "The predicted class, underset and a set",
    r"\hat y = \underset{k \in \{0,\dots,K-1\}}{\operatorname{argmax}} \; p_k",
    p="K",
)
def _(rng):
    p = rng.normal(size=6)
    return dict(p=p), p.argmax()


@case(
    "The accuracy, a maximiser within an indicator",
    r"\text{acc} = \frac{1}{N} \sum_{n} \mathbb{1}\left[\arg\max_k p_{nk} = y_n\right]",
    p="N K",
    y="N",
)
def _(rng):
    p = rng.normal(size=(4, 6))
    y = p.argmax(1)
    y[0] += 1
    return dict(p=p, y=y), 0.75


@case(
    "Hu et al.: squeeze and excitation, the squeeze, a name in the middle, from 1",
    r"""z_c = \mathbf{F}_{sq}(\mathbf{u}_c) = \frac{1}{H\times W} \sum_{i=1}^{H}
        \sum_{j=1}^{W} u_c(i,j).""",
    u="C H W",
    origin=1,
)
def _(rng):
    u = rng.normal(size=(3, 4, 5))
    return dict(u=u), u.mean((1, 2))


@case(
    "Hu et al.: squeeze and excitation, the scale",
    r"\tilde{\mathbf{x}}_c = \mathbf{F}_{scale}(\mathbf{u}_c, s_c) = s_c \cdot \mathbf{u}_c",
    u="C",
    s="C",
)
def _(rng):
    u, s = rng.normal(size=4), rng.normal(size=4)
    return dict(u=u, s=s), u * s


@case(
    "Lin et al.: the cross-entropy of two classes",
    r"""\mathrm{CE}(p, y) = \begin{cases} -\log(p) & \text{if } y = 1\\ -\log(1-p) &
        \text{otherwise.} \end{cases}""",
)
def _(rng):
    p = rng.uniform(size=5)
    y = np.array([1, 0, 1, 0, -1.0])
    return dict(p=p, y=y), -np.log(np.where(y == 1, p, 1 - p))


@case(
    "Bilinear upsampling, hat functions of distances",
    r"y_{ij} = \sum_{u,v} x_{uv} \max(0, 1 - |i/r - u|) \max(0, 1 - |j/r - v|)",
    x="M N",
    y="P Q",
    r="",
)
def _(rng):
    x = rng.normal(size=(3, 4))

    def h(P, M):
        return np.maximum(0, 1 - abs(np.arange(P)[:, None] / 2 - np.arange(M)))

    return dict(x=x, r=2, P=5, Q=7), h(5, 3) @ x @ h(7, 4).T


@case(
    "Lavin, Gray: Winograd's minimal filtering, one product",
    r"m_2 = (d_1+d_2)\frac{g_0+g_1+g_2}{2}",
    d="4",
    g="3",
)
def _(rng):
    d, g = rng.normal(size=4), rng.normal(size=3)
    return dict(d=d, g=g), (d[1] + d[2]) * g.sum() / 2


@case(
    "Lavin, Gray: Winograd's minimal filtering in two dimensions",
    r"""Y_{ij} = \sum_{u,v} A^T_{iu} \Bigl[ \bigl(\sum_{a,b} G_{ua} g_{ab} G^T_{bv}\bigr)
        \odot \bigl(\sum_{a,b} B^T_{ua} d_{ab} B_{bv}\bigr) \Bigr] A_{vj}""",
    A="4 2",
    G="4 3",
    B="4 4",
    g="3 3",
    d="4 4",
)
def _(rng):
    A = np.array([[1, 0], [1, 1], [1, -1], [0, -1.0]])
    G = np.array([[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]])
    B = np.array([[1, 0, 0, 0], [0, 1, -1, 1], [-1, 1, 1, 0], [0, 0, 0, -1.0]])
    g, d = rng.normal(size=(3, 3)), rng.normal(size=(4, 4))
    return dict(A=A, G=G, B=B, g=g, d=d), signal.correlate2d(d, g, "valid")


@case(
    "Cosine similarity, its norms without sums",
    r"\cos\theta = \frac{\sum_i a_i b_i}{\|\mathbf a\| \, \|\mathbf b\|}",
    a="n",
    b="n",
)
def _(rng):
    a, b = rng.normal(size=(2, 4))
    return dict(a=a, b=b), a @ b / np.linalg.norm(a) / np.linalg.norm(b)


@case(
    "Wikipedia: total variation, isotropic, inside the picture",
    r"""V(y) = \sum_{i=0}^{M-2} \sum_{j=0}^{N-2}
        \sqrt{|y_{i+1,j}-y_{i,j}|^2 + |y_{i,j+1}-y_{i,j}|^2}""",
    y="M N",
)
def _(rng):
    y = rng.normal(size=(3, 4))
    down, right = np.diff(y, axis=0)[:, :-1], np.diff(y, axis=1)[:-1]
    return dict(y=y), np.hypot(down, right).sum()


@case(
    "LeCun et al. 1998: an output unit, a squared distance",
    r"y_i = \sum_j (x_j - w_{ij})^2.",
    x="n",
    w="m n",
)
def _(rng):
    x, w = rng.normal(size=4), rng.normal(size=(3, 4))
    return dict(x=x, w=w), ((x - w) ** 2).sum(1)


@case(
    "Nielsen: BP2, the error of a layer by that of the next, one step",
    r"\delta'^l_j = \sum_k w^{l+1}_{kj}  \delta^{l+1}_k \sigma'(z^l_j).",
    w="L K K",
    delta="L K",
    delta_prime="L K",
    z="L K",
)
def _(rng):
    w, d, z = rng.normal(size=(3, 2, 2)), rng.normal(size=(3, 2)), rng.normal(size=(3, 2))
    v = np.zeros((3, 2))
    v[:2] = np.einsum("lkj,lk->lj", w[1:], d[1:]) * np.cos(z[:2])
    return dict(w=w, delta=d, z=z, sigma_prime=np.cos), v


@case(
    "Nielsen: a layer from the layer before it, one step",
    r"a'^{l}_j = \sigma\left( \sum_k w^{l}_{jk} a^{l-1}_k + b^l_j \right),",
    w="L J J",
    b="L J",
    a="L J",
    a_prime="L J",
    sigma=np.tanh,
)
def _(rng):
    w, b, a = rng.normal(size=(2, 3, 3)), rng.normal(size=(2, 3)), rng.normal(size=(2, 3))
    return dict(w=w, b=b, a=a), np.tanh(np.stack([b[0], w[1] @ a[0] + b[1]]))


@case("CS231n: the number of neurons that fit", r"N = (W-F+2P)/S+1")
def _(rng):
    return dict(W=7, F=3, P=0, S=2), 3


@case(
    "Chollet: a separable convolution, depthwise and then pointwise",
    r"y_{ij}^{(k)} = \sum_{c} P^{(k,c)} \sum_{s,t} D^{(c)}_{st} x^{(c)}_{i+s,j+t}",
    P="K C",
    D="C m n",
    x="C M N",
)
def _(rng):
    P, D, x = rng.normal(size=(4, 2)), rng.normal(size=(2, 2, 3)), rng.normal(size=(2, 4, 6))
    z = np.stack([signal.correlate2d(x[c], D[c], "valid") for c in range(2)])
    return dict(P=P, D=D, x=x), np.einsum("kc,cij->kij", P, z)


@case(
    "Channels by bare superscripts with a comma",
    r"a^{k}_{ij} = b^{k} + \sum_c \sum_{s,t} W^{k,c}_{st} x^{c}_{i+s,j+t}",
    W="K C m n",
    x="C M N",
    b="K",
)
def _(rng):
    W, x, b = rng.normal(size=(4, 2, 2, 3)), rng.normal(size=(2, 4, 6)), rng.normal(size=4)
    return dict(W=W, x=x, b=b), [
        sum(signal.correlate2d(x[c], W[k, c], "valid") for c in range(2)) + b[k] for k in range(4)
    ]


@case(
    "Average pooling over a set of two indices",
    r"a_{ij} = \sum_{s,t\in\{0,\dots,l-1\}} x_{i+s,j+t} / l^2",
    x="M N",
    l="",
)
def _(rng):
    x = rng.normal(size=(4, 6))
    return dict(x=x, l=2), signal.correlate2d(x, np.full((2, 2), 0.25), "valid")


@case(
    "Max pooling over a half-open range",
    r"a_{i} = \max_{s \in [0, l)} x_{li+s}",
    x="N",
    a="N//l",
    l="",
)
def _(rng):
    x = rng.normal(size=6)
    return dict(x=x, l=3), x.reshape(2, 3).max(1)


@case(
    "The size of an output with padding, stride and dilation",
    r"M' = \left\lfloor \frac{M + 2P - D(m-1) - 1}{S} \right\rfloor + 1",
    D="",
)
def _(rng):
    return dict(M=28, P=1, D=2, m=3, S=2), (28 + 2 - 4 - 1) // 2 + 1


@case(
    "Szeliski: linear filtering, ranges of the kernel",
    r"g(i,j) = \sum_{k,l} f(i+k,j+l) h(k,l)",
    f="M N",
    h="m n",
)
def _(rng):
    f, h = rng.normal(size=(4, 6)), rng.normal(size=(2, 3))
    return dict(f=f, h=h), signal.correlate2d(f, h, "valid")


@case("Szeliski: compositing by the over operator", r"C = (1-\alpha) B + \alpha F", alpha="")
def _(rng):
    B, F = rng.normal(size=(2, 3, 4))
    return dict(B=B, F=F, alpha=0.3), 0.7 * B + 0.3 * F


@case(
    "Gonzalez, Woods: the magnitude of the gradient",
    r"M(x,y) = \sqrt{g_x^2(x,y) + g_y^2(x,y)}",
    g_x="M N",
    g_y="M N",
)
def _(rng):
    a, b = rng.normal(size=(2, 3, 4))
    return dict(g_x=a, g_y=b), np.hypot(a, b)


@case(
    "Gonzalez, Woods: unsharp masking",
    r"g(x,y) = f(x,y) + k \left[ f(x,y) - \bar{f}(x,y) \right]",
    f="M N",
    f_bar="M N",
    k="",
)
def _(rng):
    a, b = rng.normal(size=(2, 3, 4))
    return dict(f=a, f_bar=b, k=2), a + 2 * (a - b)


@case(
    "Oppenheim, Schafer: a difference equation, one step of it",
    r"y'[n] = x[n] - \frac{1}{2} y[n-1]",
    x="N",
    y="N",
    y_prime="N",
)
def _(rng):
    x, y = rng.normal(size=(2, 5))
    return dict(x=x, y=y), x - 0.5 * np.r_[0, y[:-1]]


@case("Oppenheim, Schafer: downsampling", r"x_d[n] = x[nM]", x="N", x_d="P", M="")
def _(rng):
    x = rng.normal(size=7)
    return dict(x=x, M=3, P=3), x[::3]


@case(
    "Oppenheim, Schafer: a rectangular pulse, commas in both columns",
    r"x[n] = \begin{cases} 1, & 0 \le n \le M, \\ 0, & \text{otherwise}, \end{cases}",
    x="N",
    M="",
)
def _(rng):
    return dict(M=2, N=5), [1, 1, 1, 0, 0]


@case(
    "Glorot, Bengio: the deviation of initial weights",
    r"\sigma = \sqrt{\frac{2}{n_{\mathrm{in}} + n_{\mathrm{out}}}}",
)
def _(rng):
    return dict(n_in=3, n_out=5), 0.5


@case(
    "Hu et al.: squeeze and excitation, the gate, matrices told apart by numbers",
    r"s_c = \sigma\Bigl(\sum_{r} W_{2,cr} \, \delta\bigl(\sum_{c'} W_{1,rc'} z_{c'}\bigr)\Bigr)",
    z="C",
    W_1="R C",
    W_2="C R",
    delta=lambda u: np.maximum(u, 0),
)
def _(rng):
    z, W_1, W_2 = rng.normal(size=4), rng.normal(size=(2, 4)), rng.normal(size=(4, 2))
    value = special.expit(W_2 @ np.maximum(W_1 @ z, 0))
    return dict(z=z, W_1=W_1, W_2=W_2, sigma=special.expit), value


@case(
    "Bouvrie: Notes on Convolutional Neural Networks, the gradient of a bias",
    r"\frac{\partial E}{\partial b_j} = \sum_{u,v} (\boldsymbol\delta^{\ell}_j)_{uv}",
    delta="L J U V",
)
def _(rng):
    delta = rng.normal(size=(2, 3, 4, 5))
    return dict(delta=delta, ell=1), delta[1].sum((1, 2))


@case(
    "Ioffe, Szegedy: batch normalisation backwards, by a square, from 1",
    r"""\frac{\partial \ell}{\partial \sigma_{\mathcal{B}}^2} = \sum_{i=1}^m \frac{\partial
        \ell}{\partial \widehat{x}_i}\cdot(x_i-\mu_{\mathcal{B}})\cdot
        \frac{-1}{2}(\sigma_{\mathcal{B}}^2+\epsilon)^{-3/2}""",
    x="m",
    mu_B="",
    sigma_B="",
    epsilon="",
    origin=1,
)
def _(rng):
    x, g = rng.normal(size=(2, 5))
    return dict(x=x, dell_dx_hat=g, mu_B=0.3, sigma_B=1.2, epsilon=0.1), -(
        g * (x - 0.3)
    ).sum() / 2 * 1.54**-1.5


@case(
    "Nielsen: BP1, the layer L an index although it is a size, from 1",
    r"\delta^L_j = \frac{\partial C}{\partial a^L_j} \sigma'(z^L_j).",
    dC_da="L J",
    z="L J",
    origin=1,
)
def _(rng):
    g, z = rng.normal(size=(2, 2, 3))
    return dict(dC_da=g, z=z, sigma_prime=np.cos), g * np.cos(z)


@case(
    "Wikipedia: Huber's loss of a model",
    r"""L_\delta(y, f(x)) = \begin{cases} \frac{1}{2} \bigl(y - f(x)\bigr)^2 & \text{for }
        |y-f(x)| \le \delta, \\ \delta\ \cdot \left(|y-f(x)| - \frac{1}{2}\delta\right), &
        \text{otherwise.} \end{cases}""",
    delta="",
)
def _(rng):
    y, x = rng.normal(size=(2, 5))
    return dict(y=y, x=x, f=np.sin, delta=0.5), special.huber(0.5, y - np.sin(x))


@case(
    "Wikipedia: bilinear interpolation on the unit square, f on both sides",
    r"f(x, y) \approx f(0, 0)(1-x)(1-y) + f(1, 0)x(1-y) + f(0, 1)(1-x)y + f(1, 1) x y",
    f="2 2",
)
def _(rng):
    f = rng.normal(size=(2, 2))
    return dict(f=f, x=0.3, y=0.6), f[0, 0] * 0.7 * 0.4 + f[1, 0] * 0.3 * 0.4 + f[
        0, 1
    ] * 0.7 * 0.6 + f[1, 1] * 0.18


@case(
    "Szeliski: the weights of a bilateral filter",
    r"""w(i,j,k,l) = \exp\left(-\frac{(i-k)^2+(j-l)^2}{2\sigma_d^2} -
        \frac{\|f(i,j)-f(k,l)\|^2}{2\sigma_r^2}\right).""",
    f="M N",
    w="M N M N",
    sigma_d="",
    sigma_r="",
)
def _(rng):
    f = rng.normal(size=(2, 3))

    def entry(i, j, k, l):
        return np.exp(
            -((i - k) ** 2 + (j - l) ** 2) / 2 / 1.44 - (f[i, j] - f[k, l]) ** 2 / 2 / 0.25
        )

    return dict(f=f, sigma_d=1.2, sigma_r=0.5), table(entry, 2, 3, 2, 3)


@case(
    "Oppenheim, Schafer: expansion by L, with unit impulses",
    r"x_e[n] = \sum_{k=-\infty}^{\infty} x[k]\delta[n-kL].",
    x="N",
    x_e="P",
    L="",
)
def _(rng):
    x = rng.normal(size=3)
    return dict(x=x, L=2, P=6), np.stack([x, 0 * x], 1).ravel()


@case(
    "Gonzalez, Woods: a threshold, its conditions behind colons",
    r"""g(x,y) = \left\{ \begin{array}{lr} 1 & : f(x,y) > T \\ 0 & : f(x,y) \le T
        \end{array} \right.""",
    f="M N",
    T="",
)
def _(rng):
    f = rng.normal(size=(3, 4))
    return dict(f=f, T=0.1), f > 0.1


@case(
    "CS231n: the full loss, underbraces with what they mean",
    r"""L =  \underbrace{ \frac{1}{N} \sum_i L_i }_\text{data loss} + \underbrace{ \lambda R
        }_\text{regularization loss} \\\\""",
    L="N",
    lambda_="",
    R="",
)
def _(rng):
    L = rng.normal(size=4)
    return dict(L=L, lambda_=0.1, R=3), L.mean() + 0.3


@case(
    "Wikipedia: cosine similarity, with \\over",
    r"""S_C (A,B):= \cos(\theta) = {\mathbf{A} \cdot \mathbf{B} \over \|\mathbf{A}\|
        \|\mathbf{B}\|} = \frac{ \sum\limits_{i=1}^{n}{A_i  B_i} }{
        \sqrt{\sum\limits_{i=1}^{n}{A_i^2}} \cdot \sqrt{\sum\limits_{i=1}^{n}{B_i^2}} }""",
    A="n",
    B="n",
    origin=1,
)
def _(rng):
    A, B = rng.normal(size=(2, 4))
    return dict(A=A, B=B), A @ B / np.linalg.norm(A) / np.linalg.norm(B)


@case(
    "SiLU in plain TeX, bold and roman type",
    r"$${\bf y}_i = {x_i \over 1 + e^{-x_i}} + {\rm bias}$$",
    x="n",
)
def _(rng):
    x = rng.normal(size=4)
    return dict(x=x, bias=0.1), x * special.expit(x) + 0.1


@case(
    "Szeliski: the binomial kernel",
    r"k_{ij} = \frac{1}{4^n} \binom{n}{i} \binom{n}{j}",
    k="n+1 n+1",
)
def _(rng):
    b = [1, 3, 3, 1]
    return dict(n=3), np.outer(b, b) / 64


@case(
    "PyTorch manual: MarginRankingLoss, names with digits",
    r"\text{loss}(x1, x2, y) = \max(0, -y * (x1 - x2) + \text{margin})",
    x1="",
    x2="",
)
def _(rng):
    return dict(x1=0.3, x2=0.5, y=1, margin=0.1), 0.3


@case(
    "Zhang et al.: Dive into Deep Learning, the derivative of tanh",
    r"\frac{d}{dx} \operatorname{tanh}(x) = 1 - \operatorname{tanh}^2(x).",
)
def _(rng):
    x = rng.normal(size=5)
    return dict(x=x), 1 - np.tanh(x) ** 2


@case(
    "Zhang et al.: Dive into Deep Learning, a derivative by its subscript, from 1",
    r"""\partial_{o_j} l(\mathbf{y}, \hat{\mathbf{y}}) = \frac{\exp(o_j)}{\sum_{k=1}^q
        \exp(o_k)} - y_j""",
    o="q",
    y="q",
    origin=1,
)
def _(rng):
    o, y = rng.normal(size=(2, 5))
    return dict(o=o, y=y), special.softmax(o) - y


@case(
    "Goodfellow, Bengio, Courville: Deep Learning, gradient descent",
    r"""\boldsymbol\theta \leftarrow \boldsymbol\theta - \epsilon \nabla_{\boldsymbol\theta}
        J(\boldsymbol\theta)""",
    epsilon="",
)
def _(rng):
    theta, g = rng.normal(size=(2, 4))
    return dict(theta=theta, dJ_dtheta=g, epsilon=0.1), theta - 0.1 * g


@case(
    "The derivative of the logistic function, worked out",
    r"f = \frac{\mathrm d}{\mathrm dx} \frac{1}{1+e^{-x}}",
)
def _(rng):
    x = rng.normal(size=5)
    s = special.expit(x)
    return dict(x=x), s * (1 - s)


@case(
    "The delta rule, its derivative worked out",
    r"\Delta w_k = -\eta \frac{\partial}{\partial w_k} \frac12 \Bigl(\sum_j w_j x_j - t\Bigr)^2",
    w="n",
    x="n",
    t="",
    eta="",
)
def _(rng):
    w, x = rng.normal(size=(2, 5))
    return dict(w=w, x=x, t=0.5, eta=0.1), -0.1 * (w @ x - 0.5) * x


@case(
    "Goodfellow, Bengio, Courville: Deep Learning, 9.11, the gradient of a kernel, from 1",
    r"""g(\mathsf{G},\mathsf{V},s)_{i,j,k,l} = \frac{\partial}{\partial K_{i,j,k,l}}
        J(\mathsf{V},\mathsf{K}) = \sum_{m,n} G_{i,m,n} V_{j,(m-1)\times s+k,(n-1)\times
        s+l}.""",
    V="C H W",
    G="O P Q",
    g="O C h w",
    s="",
    origin=1,
)
def _(rng):
    V, G = rng.normal(size=(2, 6, 7)), rng.normal(size=(3, 3, 2))

    def entry(i, j, k, l):
        return sum(G[i, m, n] * V[j, 2 * m + k, 2 * n + l] for m, n in over(3, 2))

    return dict(V=V, G=G, s=2, h=2, w=3), table(entry, 3, 2, 2, 3)


@case("A boxed formula", r"\boxed{y_i = x_i + 1}", x="n")
def _(rng):
    x = rng.normal(size=4)
    return dict(x=x), x + 1


@case(
    "Bouvrie: the error of all examples, a size above the left side, from 1",
    r"E^N = \frac{1}{2} \sum_{n=1}^{N} \sum_{k=1}^{c} (t_k^n - y_k^n)^2.",
    t="N c",
    y="N c",
    origin=1,
)
def _(rng):
    t, y = rng.normal(size=(2, 4, 3))
    return dict(t=t, y=y), ((t - y) ** 2).sum() / 2


@case(
    "Gonzalez, Woods: the Laplacian, a nabla on the left",
    r"\nabla^2 f(x,y) = f(x+1,y) + f(x-1,y) + f(x,y+1) + f(x,y-1) - 4f(x,y)",
    f="M N",
    nabla_f="M N",
)
def _(rng):
    f = rng.normal(size=(4, 5))
    return dict(f=f), ndimage.correlate(f, [[0, 1, 0], [1, -4, 1], [0, 1, 0]], mode="constant")


@case(
    "Hastie, Tibshirani, Friedman: the hinge loss, a positive part",
    r"L = \sum_{i=1}^{N} [1 - y_i f_i]_+ + \frac{\lambda}{2} \Vert\beta\Vert^2",
    y="N",
    f="N",
    beta="p",
    lambda_="",
    origin=1,
)
def _(rng):
    f, y, beta = rng.normal(size=6), np.array([1, -1, 1, 1, -1, -1]), rng.normal(size=3)
    value = np.maximum(1 - y * f, 0).sum() + 0.05 * (beta**2).sum()
    return dict(f=f, y=y, beta=beta, lambda_=0.1), value


@case(
    "Mnih et al.: a target network, a name with a minus, one step",
    r"\theta^-_i \leftarrow \tau \theta_i + (1-\tau) \theta^{-}_i",
    theta="n",
    tau="",
)
def _(rng):
    theta, old = rng.normal(size=(2, 4))
    return dict(theta=theta, theta_minus=old, tau=0.1), 0.1 * theta + 0.9 * old
