r"""Vectors and matrices without their indices: y = Wx + b, QK^\top, q_i \cdot k_j.

Values come from NumPy, and never from reading the formula.
"""

import re

import numpy as np
import pytest

from cnnmath.derive import derive
from cnnmath.errors import CnnMathError, ShapeError
from cnnmath.formula import Formula

RNG = np.random.default_rng(16)
W, V = RNG.normal(size=(3, 2)), RNG.normal(size=(4, 3))
A, S = RNG.normal(size=(2, 2)), RNG.normal(size=(3, 3))
Q, K = RNG.normal(size=(5, 2)), RNG.normal(size=(4, 2))
x, z = RNG.normal(size=2), RNG.normal(size=2)
b, y = RNG.normal(size=3), RNG.normal(size=3)
OFFSETS = RNG.normal(size=(5, 4, 2))
JOINED = RNG.normal(size=(4, 5))
LAYERS, BIASES = RNG.normal(size=(3, 2, 2)), RNG.normal(size=(3, 2))


def softmax(u):
    """Along the last axis."""
    powers = np.exp(u - u.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


VALUES = [
    (r"y = Wx + b", dict(W="m n", x="n", b="m"), dict(W=W, x=x, b=b), W @ x + b),
    (r"y = b + W \cdot x", dict(W="m n", x="n", b="m"), dict(W=W, x=x, b=b), W @ x + b),
    (r"y_i = (Wx)_i - b_i", dict(W="m n", x="n", b="m"), dict(W=W, x=x, b=b), W @ x - b),
    (r"y_i = [Wx - b]_i", dict(W="m n", x="n", b="m"), dict(W=W, x=x, b=b), W @ x - b),
    (r"y = (Wx)_1", dict(W="m n", x="n"), dict(W=W, x=x), (W @ x)[1]),
    (r"y = 2 V W x", dict(V="k m", W="m n", x="n"), dict(V=V, W=W, x=x), 2 * V @ W @ x),
    (r"y = V(Wx + b)", dict(V="k m", W="m n", x="n", b="m"), dict(V=V, W=W, x=x, b=b),
     V @ (W @ x + b)),
    (r"C = VW", dict(V="k m", W="m n"), dict(V=V, W=W), V @ W),
    (r"C_{ij} = (VW)_{ij}", dict(V="k m", W="m n"), dict(V=V, W=W), V @ W),
    (r"C = -\frac{1}{2} V W", dict(V="k m", W="m n"), dict(V=V, W=W), -V @ W / 2),
    (r"C = (VW)^\top", dict(V="k m", W="m n"), dict(V=V, W=W), (V @ W).T),
    (r"C = W^\top V^\top", dict(V="k m", W="m n"), dict(V=V, W=W), (V @ W).T),
    (r"S = QK^\top", dict(Q="n d", K="m d"), dict(Q=Q, K=K), Q @ K.T),
    (r"S = \frac{QK^T}{\sqrt{d}}", dict(Q="n d", K="m d"), dict(Q=Q, K=K), Q @ K.T / 2**0.5),
    (r"G_{jk} = (X^\top D)_{jk}", dict(X="n j", D="n k"), dict(X=W, D=S), W.T @ S),
    (r"y = xA", dict(A="n n", x="n"), dict(A=A, x=x), x @ A),
    (r"E = x^\top A z", dict(A="n n", x="n", z="n"), dict(A=A, x=x, z=z), x @ A @ z),
    (r"E = \frac12 x^T A x - z^T x", dict(A="n n", x="n", z="n"), dict(A=A, x=x, z=z),
     x @ A @ x / 2 - z @ x),
    (r"c = x \cdot z", dict(x="n", z="n"), dict(x=x, z=z), x @ z),
    (r"c = x^\top z", dict(x="n", z="n"), dict(x=x, z=z), x @ z),
    (r"c = \frac{x \cdot z}{\|x\| \|z\|}", dict(x="n", z="n"), dict(x=x, z=z),
     x @ z / np.linalg.norm(x) / np.linalg.norm(z)),
    (r"\frac{\partial L}{\partial W} = \delta x^T", dict(delta="m", x="n"), dict(delta=y, x=x),
     np.outer(y, x)),
    (r"s_{ij} = q_i \cdot k_j", dict(q="n d", k="m d"), dict(q=Q, k=K), Q @ K.T),
    (r"c_i = \sum_j a_{ij} v_j", dict(a="m m", v="m d"), dict(a=S, v=W), S @ W),
    (r"\mu = \frac1n \sum_i x_i", dict(x="n d"), dict(x=Q), Q.mean(axis=0)),
    (r"E = \|Wx - y\|^2", dict(W="m n", x="n", y="m"), dict(W=W, x=x, y=y),
     ((W @ x - y) ** 2).sum()),
    (r"E = \frac{1}{2}\lVert y - Wx \rVert_2^2", dict(W="m n", x="n", y="m"),
     dict(W=W, x=x, y=y), ((W @ x - y) ** 2).sum() / 2),
    (r"E = \|V W - C\|_F", dict(V="k m", W="m n", C="k n"), dict(V=V, W=W, C=np.ones((4, 2))),
     np.linalg.norm(V @ W - 1)),
    (r"d = W^\top (y \odot b)", dict(W="m n", y="m", b="m"), dict(W=W, y=y, b=b), W.T @ (y * b)),
    (r"d = (W^\top y) \odot (1 - x \odot x)", dict(W="m n", y="m", x="n"), dict(W=W, y=y, x=x),
     W.T @ y * (1 - x * x)),
    (r"y = \tanh(Wx + b)", dict(W="m n", x="n", b="m"), dict(W=W, x=x, b=b), np.tanh(W @ x + b)),
    (r"y = \max(0, Wx + b)", dict(W="m n", x="n", b="m"), dict(W=W, x=x, b=b),
     np.maximum(0, W @ x + b)),
    (r"y = \frac{1}{1 + e^{-(Wx + b)}}", dict(W="m n", x="n", b="m"), dict(W=W, x=x, b=b),
     1 / (1 + np.exp(-W @ x - b))),
    (r"h_t = \tanh(W x_t + b)", dict(W="m n", x="T n", b="m"), dict(W=W, x=Q, b=b),
     np.tanh(Q @ W.T + b)),
    (r"y = W^{(2)} \tanh(W^{(1)} x + b^{(1)}) + b^{(2)}", dict(W="L n n", b="L n", x="n"),
     dict(W=LAYERS, b=BIASES, x=x),
     LAYERS[2] @ np.tanh(LAYERS[1] @ x + BIASES[1]) + BIASES[2]),
    (r"\delta^l = ((w^{l+1})^T g^{l+1}) \odot z^l", dict(w="L n n", g="L n", z="L n", delta="2 n"),
     dict(w=LAYERS, g=BIASES, z=BIASES),
     [LAYERS[n + 1].T @ BIASES[n + 1] * BIASES[n] for n in range(2)]),
    (r"p_i = \mathrm{softmax}(z)_i", dict(z="n"), dict(z=z), softmax(z)),
    (r"p = \operatorname{softmax}(Wx + b)", dict(W="m n", x="n", b="m"), dict(W=W, x=x, b=b),
     softmax(W @ x + b)),
    (r"y = xA^T + b", dict(x="N n", A="m n", b="m"), dict(x=Q, A=W, b=b), Q @ W.T + b),
    (r"y_{t} = \tanh(Q_t A + b)", dict(Q="T n d", A="d d", b="1 d", y="T n d"),
     dict(Q=LAYERS, A=A, b=BIASES[:1]), np.tanh(LAYERS @ A + BIASES[0])),
    (r"y = \gamma \odot \hat{x} + \beta", dict(x_hat="N n", gamma="n", beta="n"),
     dict(x_hat=Q, gamma=x, beta=z), Q * x + z),
    (r"y = \frac{X - \mu}{\sqrt{v + 1}}", dict(X="N n", mu="n", v="n"), dict(X=Q, mu=x, v=z**2),
     (Q - x) / np.sqrt(z**2 + 1)),
    (r"s_{ij} = q_i^T k_j", dict(q="n d", k="m d"), dict(q=Q, k=K), Q @ K.T),
    (r"y_t = \sqrt{a_t} x_0 + (1 - a_t) z", dict(a="m", x_0="n", z="n"),
     dict(a=b**2, x_0=x, z=z), np.outer(abs(b), x) + np.outer(1 - b**2, z)),
    (r"y = C [x, b]", dict(C="k n+m", x="n", b="m"), dict(C=JOINED, x=x, b=b), JOINED @ [*x, *b]),
    (r"y = C \cdot [b; x] - z", dict(C="k m+n", x="n", b="m", z="k", origin=1),
     dict(C=JOINED, x=x, b=b, z=K[:, 0]), JOINED @ [*b, *x] - K[:, 0]),
    (r"e_{ij} = u^\top [W q_i \| W q_j]", dict(u="2*m", W="m n", q="k n"),
     dict(u=np.append(b, y), W=W, q=Q), np.add.outer(Q @ W.T @ b, Q @ W.T @ y)),
    (r"s_{ij} = q_i k_j^\top", dict(q="n d", k="m d", s="n m"), dict(q=Q, k=K), Q @ K.T),
    (r"s_{ij} = q_i k_j^\top", dict(q="n d", k="m d", s="n m d d"), dict(q=Q, k=K),
     np.einsum("ic,jd->ijcd", Q, K)),
    (r"y = \frac{x - 1}{2} * z", dict(x="n", z="n"), dict(x=x, z=z), (x - 1) / 2 * z),
    (r"w_{t+1} = w_t - \nabla f(w_t)", dict(w="n", w_next="n", df_dw="n"),
     dict(w=x, df_dw=z), x - z),
    (r"y = x - \nabla f(x + 1)", dict(x="n", nabla_f=np.cos), dict(x=x), x - np.cos(x + 1)),
    (r"y = x - \nabla f(x + z)", dict(x="n", z="n", nabla_f=np.cos), dict(x=x, z=z),
     x - np.cos(x + z)),
    (r"y = \underset{x \sim p}{\mathbb{E}}[x^2]", dict(x="n"), dict(x=x), (x**2).mean()),
    (r"s_{ij} = q_i (k_j + c_{ij})^T", dict(q="n d", k="m d", c="n m d", s="n m"),
     dict(q=Q, k=K, c=OFFSETS), np.einsum("ic,ijc->ij", Q, K + OFFSETS)),
    (r"v = \frac{W^{\mathrm T} b}{\|W^{\mathrm T} b\|_2}", dict(W="m n", b="m"), dict(W=W, b=b),
     W.T @ b / np.linalg.norm(W.T @ b)),
    (r"s(u, v) = \frac{u \cdot v}{\|u\| \|v\|}", dict(u="n", v="n"), dict(u=x, v=z),
     x @ z / np.linalg.norm(x) / np.linalg.norm(z)),
    (r"s(u, v) = u \cdot v", dict(u="n", v="n", s=""), dict(u=x, v=z), x @ z),
    (r"s(u, v) = u \cdot v", dict(u="n", v="n", s="n"), dict(u=x, v=z), x * z),
    (r"f(u) = u \cdot \tanh u", dict(u="n"), dict(u=x), x * np.tanh(x)),
    (r"E = -u \cdot \log v", dict(u="n", v="n"), dict(u=x, v=z**2), -x @ np.log(z**2)),
    (r"L(a) = \sum_{i,j} a_i a_j q_i \cdot q_j", dict(a="k", q="k n"), dict(a=Q[:, 0], q=Q),
     np.sum((Q[:, 0] @ Q) ** 2)),
    (r"A = u \otimes v", dict(u="m", v="n"), dict(u=b, v=x), np.outer(b, x)),
    (r"A = u \otimes v", dict(u="n", v="n", A="n n"), dict(u=z, v=x), np.outer(z, x)),
    (r"y = u \otimes v", dict(u="n", v="n", y="n"), dict(u=z, v=x), z * x),
    (r"y = (u \otimes v) x", dict(u="n", v="n", x="n", y="n"), dict(u=z, v=x, x=x), z * (x @ x)),
    (r"c = \langle x, z \rangle", dict(x="n", z="n"), dict(x=x, z=z), x @ z),
    (r"c = ||x - z||", dict(x="n", z="n"), dict(x=x, z=z), np.linalg.norm(x - z)),
    (r"y_i = x_i / ||x_i||", dict(x="N d", y="N d"), dict(x=Q),
     Q / np.linalg.norm(Q, axis=1, keepdims=True)),
    (r"z^{[l]} = W^{[l]T} a^{[l]}", dict(W="L n n", a="L n"), dict(W=LAYERS, a=BIASES),
     np.einsum("lij,li->lj", LAYERS, BIASES)),
    (r"A = \mathrm{softmax}\left(\frac{QK^T}{\sqrt{d}}\right)V", dict(Q="n d", K="m d", V="m e"),
     dict(Q=Q, K=K, V=V), softmax(Q @ K.T / 2**0.5) @ V),
]  # fmt: skip


@pytest.mark.parametrize(
    ("latex", "shapes", "arrays", "value"), VALUES, ids=[latex for latex, *_ in VALUES]
)
def test_whole_arrays_have_the_value_that_numpy_gives(latex, shapes, arrays, value):
    formula = Formula(latex, **shapes)
    found = formula(**arrays)
    again = Formula(formula.reading, **shapes)  # with every index that was left out
    np.testing.assert_array_equal(again(**arrays), found)
    assert np.shape(found) == np.shape(value)
    np.testing.assert_allclose(found, value, rtol=1e-12, atol=1e-14)


REFUSED = [
    (r"Y = X + b", dict(X="n n", b="n"), "X and b have different numbers of axes"),
    (r"Y = X + b", dict(X="n m", b="k"), "X and b have different numbers of axes"),
    (r"y_t = a_t x_0 + z", dict(a="n", x_0="n", z="n"), "x_0 was declared with 1 axis"),
    (r"y = C [x, z]", dict(C="k l", x="n", z="m"), "axis 1 of C must be declared as the sum"),
    (r"y = C \cdot [x, W]", dict(C="k n+m", x="n", W="m n"), "expected a vector"),
    (r"s_{ij} = q_i k_j^\top", dict(q="n d", k="m d"), "a row times a column, or a column"),
    (r"y = a * b + b", dict(a="n", b="n"), "what does * do to a and b?"),
    (r"s(u, v) = u \cdot v", dict(u="n", v="n"), r"u \odot v, or the sum of these, u^\top v?"),
    (r"L(p, y) = -y \cdot \log p", dict(p="n", y="n"), "the product element by element"),
    (r"y = a \otimes b", dict(a="n", b="n"), r"\odot for a product element by element, a b^\top"),
    (r"y = a \otimes b", dict(a="n m", b="n m"), r"what does \otimes do to a and b?"),
    (r"y = a \otimes b", {}, "Declare the shapes of two vectors"),
    (r"y = Wx", dict(W="m n", x="m"), "transpose one, declare one size for both"),
    (r"y = x z", dict(x="n", z="n"), r"x \odot z, or the sum of these, x^\top z? write which"),
    (r"y = x W^\top", dict(W="m n", x="m"), "axis 0 of x, of the size m, meets axis 1 of W"),
    (r"y = (Wx) W", dict(W="n n", x="n"), "is a column and cannot stand before the matrix W"),
    (r"y = W x^\top", dict(W="n n", x="n"), "x is a row and cannot stand behind the matrix W"),
    (r"y = x^\top + Wx", dict(W="n n", x="n"), "one is a row and one a column"),
    (r"y = Wx + W", dict(W="n n", x="n"), "have different numbers of axes"),
    (r"y = x + W * x", dict(W="n n", x="n"), r"what does * do to W and x? write \odot"),
    (r"y = W^2 x", dict(W="n n", x="n"), "a power of the matrix W"),
    (r"y = (WW)^2", dict(W="n n"), "a power of the matrix"),
    (r"y_{ij} = (Wx)_{ij}", dict(W="n n", x="n"), "W has 1 axis here, and this is 2 indices"),
    (r"y = Xx", dict(X="b n n", x="n"), "of three axes"),
    (r"a_i = x_i", dict(x="n d"), "x was declared with 2 axes but is read with 1 index"),
    (r"y_i = \sum_j x_{ij} w_j", dict(x="n d e", w="d"),
     "x was declared with 3 axes but is read with 2 indices"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("latex", "shapes", "words"), REFUSED, ids=[latex for latex, *_ in REFUSED]
)
def test_what_is_no_product_or_two_is_refused(latex, shapes, words):
    with pytest.raises(CnnMathError, match=re.escape(words)):
        Formula(latex, **shapes)


def test_lengths_are_compared_when_arrays_are_given():
    formula = Formula("y = Wx + b", W="m n", x="n", b="k")
    with pytest.raises(ShapeError, match="axis 0 of W, of length 3, and along axis 0 of b"):
        formula(W=W, x=x, b=np.ones(2))


def test_products_of_undeclared_arrays_are_still_refused():
    with pytest.raises(ShapeError, match=r"element by element or as matrices"):
        Formula("y = Wx")(W=A, x=x)


def test_a_product_of_matrices_is_expanded_and_derived_as_any_sum():
    loss = Formula(r"E = \frac12 \|Wx - y\|^2", W="m n", x="n", y="m")
    given = dict(W=W, x=x, y=y)
    np.testing.assert_allclose(derive(loss, "W").gradient(**given), np.outer(W @ x - y, x))
    layer = Formula("a = Wx + b", W="m n", x="n", b="m")
    terms = layer.expand(1, W=W, x=x, b=b)
    assert [len(term.factors) for term in terms.terms] == [2, 2, 1]
    d = dict(dE_da=y)
    np.testing.assert_allclose(derive(layer, "x").gradient(W=W, x=x, **d), W.T @ y)


def test_softmax_runs_along_the_last_axis_whichever_that_is():
    scores = RNG.normal(size=(2, 3, 4))
    found = Formula(r"p_i = \mathrm{softmax}(s_i)", s="B n m")(s=scores)
    np.testing.assert_allclose(found, softmax(scores), rtol=1e-12)


def test_a_sign_for_element_by_element_says_that_an_index_is_left_out():
    c, o = np.arange(6.0).reshape(3, 2), np.arange(6.0, 12).reshape(3, 2)
    formula = Formula(r"h_t = o_t \odot \tanh(c_t)", o="T m", c="T m")
    assert formula.reading == r"h_{t, i} = o_{t, i} \tanh(c_{t, i})"
    np.testing.assert_allclose(formula(o=o, c=c), o * np.tanh(c))
    with pytest.raises(ShapeError, match="declared with 2 axes but is read with 1 index"):
        Formula(r"h_t = o_t + \tanh(c_t)", o="T m", c="T m")
