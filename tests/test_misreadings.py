r"""Formulas that can be read in two ways, or that say something which is not so, are refused.

Each error says what to write instead. Beside each stand formulas that look like it and have one
reading: they keep it.
"""

import re

import numpy as np
import pytest

from cnnmath.errors import (
    CnnMathError,
    FormulaError,
    FormulaSyntaxError,
    ShapeError,
)
from cnnmath.formula import Formula

A = np.array([[2.0, 1.0], [-1.0, 3.0]])
X = np.array([1.0, 2.0, 4.0])
Y = np.array([3.0, -1.0, 0.5])
LAYERS = np.stack([A, A + 1, A - 1])
THREE = np.array([[1.0, 2.0], [3.0, -1.0], [0.5, 4.0]])

REFUSED = {
    # ---- numbers
    "1e-3": (r"y = 1e-3 x", {}, dict(x=2.0), FormulaSyntaxError, r"1 \cdot 10^{-3}"),
    "2.5E4": (r"y = 2.5E4", {}, dict(E=2.0), FormulaSyntaxError, r"2.5 \cdot 10^{4}"),
    "1e+3": (r"y = 1e+3", {}, {}, FormulaSyntaxError, r"1 \cdot 10^{3}"),
    "1 1/2": (r"y = 1\frac12", {}, {}, FormulaSyntaxError, r"their sum or their product"),
    "3 1/2 x": (r"y = a - 3\tfrac{1}{2} x", {}, dict(a=1.0, x=2.0), FormulaSyntaxError,
                r"write + or \cdot between them"),
    # ---- functions
    "log(x)^2": (r"y = \log(x)^2", {}, dict(x=2.0), FormulaSyntaxError,
                 r"write \log^2 ( .. ), or \log(( .. )^2)"),
    "ln(sigma_j)^2": (r"L = \sum_j 1 + \ln\left(\sigma_j\right)^2", {}, dict(sigma=X),
                      FormulaSyntaxError, "the power of the logarithm, or the logarithm of"),
    "x(1), an array": ("y = x(1)", {}, dict(x=X), ShapeError, "its element there, or a product?"),
    "x[n], an array": ("y = x[n]", {}, dict(x=X, n=2), ShapeError, r"write x_{..}, or x \odot"),
    "x(t+1), an array": ("y = 2 x(t+1)", {}, dict(x=X, t=1), ShapeError, "x is an array before"),
    "f^(2)": (r"y = f^{(2)}(x)", dict(f=np.sin), dict(x=1.0), FormulaSyntaxError,
              "f was given as one function, which carries no index"),
    "f_i": (r"y_i = f_i(x_i)", dict(f=np.sin), dict(x=X), FormulaSyntaxError,
            "f was given as one function, which carries no index"),
    "f_1": (r"y = f_1(x)", dict(f=np.sin), dict(x=1.0), CnnMathError, "f"),
    "f^-1": (r"y = f^{-1}(x)", dict(f=np.sin), dict(x=1.0), FormulaSyntaxError,
             "is this 1/f or the inverse of f?"),
    "f^-1, undeclared": (r"y = f^{-1}(x)", {}, dict(f=np.sin, x=1.0), FormulaSyntaxError,
                         "is this 1/f or the inverse of f?"),
    "tanh^(2)": (r"y = \tanh^{(2)}(x)", {}, dict(x=1.0), FormulaSyntaxError, "the derivative"),
    "log p/q": (r"y = \log p/q", {}, dict(p=1.0, q=2.0), FormulaSyntaxError,
                r"write \log( .. / .. ) or (\log ..)/ .."),
    "cos k n / N": (r"y = \cos kn/N", {}, dict(k=1.0, n=2.0, N=3), FormulaSyntaxError,
                    r"does \cos reach beyond the /"),
    "cos 2 pi k / N n": (r"y = \cos 2\pi k/Nn", {}, dict(k=1.0, n=2.0, N=3), FormulaSyntaxError,
                         r"does \cos reach beyond the /"),
    "cos 2 pi k / |N|": (r"y = \cos 2\pi k/|N|", {}, dict(k=1.0, N=3), FormulaSyntaxError,
                         r"does \cos reach beyond the /"),
    "log{p}/q": (r"y = \log{p}/q", {}, dict(p=1.0, q=2.0), FormulaSyntaxError, r"does \log reach"),
    # ---- labels
    "x_i, declared so": ("y_i = a_i x_i", dict(a_i="n", x="m"), dict(a_i=X, x=X), ShapeError,
                         "an element of a_i, or all of it for each i?"),
    "two deltas": (r"\delta_j = \sum_k w_{kj} \delta_k", dict(w="K J", delta="K"),
                   dict(w=THREE, delta=X), ShapeError, "declare what is read under a name of its"),
    "W h_t of a number": ("y_t = W h_t + b", dict(W="m n", h="n", b="m"),
                          dict(W=A, h=Y[:2], b=X[:2]), ShapeError,
                          "h was declared as one vector, of which this is one number"),
    "each x and x": (r"L = \sum_x x^2 + x", dict(x="n"), dict(x=X), FormulaSyntaxError,
                     r"does \sum over x reach this far?"),
    "x of p(x)": (r"L = \sum_x x^2 p(x)", dict(x="n", p="n"), dict(x=X, p=X), CnnMathError,
                  "a shape is declared for x, which the formula does not mention"),
    # ---- what / divides by
    "1/n(a+b)": (r"c = 1/n(a+b)", {}, dict(n=2.0, a=1.0, b=3.0), FormulaSyntaxError,
                 r"does this / divide by n or by n( .. )? write \frac"),
    "gamma/sigma(x-mu)": (r"y = \gamma/\sigma(x-\mu)", {},
                          dict(gamma=1.0, sigma=2.0, x=3.0, mu=1.0), FormulaSyntaxError,
                          "does this / divide by sigma"),
    "gamma/sigma(x-mu), declared": (r"y = \gamma/\sigma(x-\mu)", dict(sigma=""),
                                    dict(gamma=1.0, sigma=2.0, x=3.0, mu=1.0), FormulaSyntaxError,
                                    r"write \frac"),
    "1/2 pi x": (r"y = 1/2\pi x", {}, dict(x=1.0), FormulaSyntaxError,
                 "what does this / divide by?"),
    "1/2 x": ("y = 1/2 x", {}, dict(x=1.0), FormulaSyntaxError, r"write \frac{..}{..} or brackets"),
    "x/2 sigma^2": (r"y = x/2\sigma^2", {}, dict(x=1.0, sigma=2.0), FormulaSyntaxError,
                    "what does this / divide by?"),
    # ---- matrices
    "(A^-1)_ij": (r"B_{ij} = (A^{-1})_{ij}", {}, dict(A=A), FormulaSyntaxError,
                  "a power of the matrix A, or of each of its elements?"),
    "|A - B|": ("d = |A - B|", dict(A="n n", B="n n"), dict(A=A, B=A), FormulaSyntaxError,
                "the determinant of what is in the bars, or the size of each element?"),
    "det A B": (r"d = \det A B", dict(A="n n", B="n n"), dict(A=A, B=A), FormulaSyntaxError,
                "how far does det reach?"),
    "det of no square": (r"d = \det A", dict(A="m n"), dict(A=A), ShapeError,
                         "a determinant of a matrix of the sizes m, n?"),
    "a determinant of no shape": (r"y = \det A", {}, dict(A=A), ShapeError,
                               "a determinant of what? Declare the shape of the matrix"),
    "a dot beside elements": (r"y = \max(x, 0) - x \cdot z", dict(x="n", z="n"),
                              dict(x=np.ones(3), z=np.ones(3)), ShapeError,
                              r"x \odot z, or the sum of these, x^\top z? write which"),
    "two deltas, one declared": (r"\delta_j = \sum_k w_{kj} \delta_k", dict(delta="K"),
                   dict(w=np.ones((2, 3)), delta=np.ones(2)), ShapeError,
                   "declare the other delta as delta_k='..'"),
    "(A^2)_ij": (r"B_{ij} = (A^2)_{ij}", dict(A="n n"), dict(A=A), FormulaSyntaxError,
                 r"write a sum over the products, or A_{ij}^2"),
    "[a^2]_ij": (r"B_{ij} = [a^2]_{ij}", dict(a="n n"), dict(a=A), FormulaSyntaxError, "a_{ij}^2"),
    "A^-1_ij": (r"B_{ij} = A^{-1}_{ij}", dict(A="n n"), dict(A=A), FormulaSyntaxError,
                r"\frac{1}{A_{ij}}"),
    "A^2": ("B = A^2", dict(A="n n"), dict(A=A), FormulaSyntaxError, "a power of the matrix A"),
    "A^2, undeclared": ("B = A^2", {}, dict(A=A), ShapeError, "a power of the matrix A"),
    "bold A^2": (r"B = \mathbf{A}^2", {}, dict(A=A), ShapeError, "a power of the matrix A"),
    "A^-1": ("B = A^{-1}", {}, dict(A=A), ShapeError, "a power of the matrix A"),
    "(A + B)^-1": ("C = (A + B)^{-1}", {}, dict(A=A, B=A), ShapeError, "a power of the matrix"),
    "(A + B)^2": ("C = (A + B)^2", {}, dict(A=A, B=A), ShapeError, "a power of the matrix"),
    "A^2 in a norm": (r"y = \|A^2\|", dict(A="n n"), dict(A=A), FormulaSyntaxError,
                      "a power of the matrix A"),
    "log |x| y": (r"y = \log |x| z", {}, dict(x=2, z=3), FormulaSyntaxError,
                  "does the function reach this far?"),
    "|A|, declared": (r"y = \lambda |A|", dict(A="n n"), {"A": A, "lambda": 1},
                      FormulaSyntaxError, "the determinant of A, or the size of each"),
    "|A|": ("B = |A|", {}, dict(A=A), ShapeError, "the determinant of A, or the size of each"),
    "a number that is none": ("y = |a|", dict(y="", a="n n"), dict(a=A), ShapeError,
                              "y was declared as () = (), but the right side has shape (2, 2)"),
    "K^T": ("B_{ij} = K^T_{ij}", dict(K="T d"), dict(K=A), FormulaSyntaxError,
            r"write K^\top, or rename the size"),
    "QK^T": (r"S_{ij} = \sum_c Q_{ic} K^T_{cj}", dict(Q="T d", K="T d"), dict(Q=A, K=A),
             FormulaSyntaxError, "the transpose of K or its power T"),
    "K^T, bare": ("B = K^T", dict(K="T d"), dict(K=A), FormulaSyntaxError, "or its power T"),
    # ---- layers
    "a^1_i": ("y_i = a^1_i", dict(a="n"), dict(a=X), FormulaSyntaxError,
              "number 1 of several? declare the axis that counts them, and write a^{(1)}"),
    "a^0": ("y = a^0", {}, dict(a=X), FormulaSyntaxError, "number 0 of several?"),
    "W^(2), counted from 1": ("y_j = W^{(2)}_{j}", dict(W="L n"), dict(W=A), FormulaError,
                              "W has no element 2 along axis 0: its elements there are 0 to 1"),
    "x_N": ("y = x_N", dict(x="N"), dict(x=X), FormulaError, "give origin=1"),
    "x_{N+1}": ("y = x_{N+1}", dict(x="N"), dict(x=X), FormulaError,
                "x has no element N+1 = 4 along axis 0"),
    "x_{-1}": ("y = x_{-1}", dict(x="N"), dict(x=X), FormulaError, "x has no element"),
    "x_7": ("y_i = x_7 z_i", dict(x="N"), dict(x=X, z=X), FormulaError, "x has no element 7"),
    # ---- remainders
    "i + 1 mod N": (r"y_i = i+1 \bmod N", dict(y="N"), dict(N=3), FormulaSyntaxError,
                    r"\bmod of the sum, or of one term of it? write ( .. )"),
    "jN + i mod N": (r"y_i = \sum_{j=0}^0 x_{jN + i \bmod N}", dict(x="M", y="N"), dict(x=X, N=2),
                     FormulaSyntaxError, r"\bmod of the whole index, or of its last term?"),
    "i mod N + 1": (r"y_i = x_{i \bmod N + 1}", dict(x="N", y="N"), dict(x=X), FormulaSyntaxError,
                    r"\bmod of the sum, or of one term"),
    "i mod 2k": (r"y_i = x_{i \bmod 2k}", dict(x="N", y="N"), dict(x=X, k=1), FormulaSyntaxError,
                 r"does \bmod divide by all that follows?"),
    "-x mod 3": (r"y = -x \bmod 3", {}, dict(x=8.0), FormulaSyntaxError, r"\bmod of the sum"),
    "x + 1 mod 3": (r"y = x + 1 \bmod 3", {}, dict(x=8.0), FormulaSyntaxError, r"\bmod of the sum"),
    "5% x": (r"y = 5\% x", {}, dict(x=8.0), FormulaSyntaxError, "per cent, or the remainder?"),
    "-x % 3": (r"y = -x \% 3", {}, dict(x=8.0), FormulaSyntaxError, r"\% of the sum"),
    # ---- bars and norms
    "arg max of a window with a condition": (
        r"p = \arg\max_{\substack{0 \le s,t < 2 \\ s \ne t}} x_{st}", {}, dict(x=A),
        FormulaSyntaxError, "all of the window, or those where the condition holds?"),
    "||x||": ("y = ||x||", {}, dict(x=X), FormulaError, "the norm of what? declare the shapes"),
    "|A-y|": (r"E = \|A-y\|^2", dict(A="n n", y="n"), dict(A=A, y=A[1]), ShapeError,
              "A and y have different numbers of axes"),
    "|A|_2": (r"y = \|A\|_2", dict(A="n n"), dict(A=A), FormulaSyntaxError, r"\rVert_F"),
    "|A|_1": (r"y = \|A\|_1", dict(A="n n"), dict(A=A), FormulaSyntaxError, "or of its elements"),
    "|A|_inf": (r"y = \|A\|_\infty", dict(A="n n"), dict(A=A), FormulaSyntaxError, "a sum"),
    # ---- ranges
    "sum from 5 to 1": (r"y = \sum_{i=5}^{1} x_i", {}, dict(x=X), FormulaError,
                        "i runs from 5 to 1, which is backwards"),
    "sum from N to 1": (r"y = \sum_{i=N}^{1} x_i", dict(x="N"), dict(x=X), FormulaError,
                        "write the lower bound first"),
    "i = 3, .., 1": (r"y_i = x_i, \quad i = 3, \dots, 1", {}, dict(x=X), FormulaError, "backwards"),
    "product backwards": (r"y_t = \prod_{i=t}^{0} x_i", dict(x="n", y="n"), dict(x=X), FormulaError,
                          "i runs from 2 to 0, which is backwards"),
    "i = 0, 2": (r"y = \sum_{i=0,2} x_i", {}, dict(x=X), FormulaSyntaxError, r"i \in \{0, 2\}"),
    "i = 0, 2, ..": (r"y = \sum_{i=0,2,\dots,4} x_i", {}, dict(x=X), FormulaSyntaxError,
                     "an index runs in steps of 1"),
    "i in {0, 2, ..}": (r"y = \sum_{i \in \{0,2,\dots,n\}} x_i", {}, dict(x=X, n=2),
                        FormulaSyntaxError, "for steps of 2 write 2i"),
    "k from -1": (r"y_i = \sum_{m=-1}^{1} k_m x_{i-m}", dict(x="n", y="n"), dict(x=X, k=Y),
                  FormulaError, "arrays count from 0 here: give origin={'k': -1}"),
    # ---- names
    "x and bold x": (r"y = x + \mathbf{x}", {}, dict(x=1.0), FormulaSyntaxError,
                     "x is set in two ways here but would be one name"),
    "x_i and bold x_i": (r"y_i = x_i \mathbf{x}_i", {}, dict(x=X), FormulaSyntaxError, "rename"),
    "L and script L": (r"L = \mathcal{L} + 1", {}, dict(L=1.0), FormulaSyntaxError, "one name, L"),
    # ---- braces
    "b{c + d}": ("a = b{c + d}", {}, dict(b=1.0, c=2.0, d=3.0), FormulaSyntaxError,
                 "braces print nothing, but here they group: write ( .. )"),
    "{c + d}^2": ("a = {c + d}^2", {}, dict(c=2.0, d=3.0), FormulaSyntaxError, "they group"),
    "{c d}^2": ("a = {c d}^2", {}, dict(c=2.0, d=3.0), FormulaSyntaxError, "they group"),
    "{-c}^2": ("a = {-c}^2", {}, dict(c=2.0), FormulaSyntaxError, "they group"),
    "b{-c}": ("a = b{-c}", {}, dict(b=1.0, c=2.0), FormulaSyntaxError, "they group"),
    "b - {c + d}": ("a = b - {c + d}", {}, dict(b=1.0, c=2.0, d=3.0), FormulaSyntaxError, "group"),
    "b / {c d}": ("a = b / {c d}", {}, dict(b=1.0, c=2.0, d=3.0), FormulaSyntaxError, "group"),
    "{b / c} d": ("a = {b / c} d", {}, dict(b=1.0, c=2.0, d=3.0), FormulaSyntaxError, "group"),
    "{a^b}^c": ("y = {a^b}^c", {}, dict(a=2.0, b=3.0, c=2.0), FormulaSyntaxError, "they group"),
    "log{c + d}": (r"a = \log{c + d}", {}, dict(c=2.0, d=3.0), FormulaSyntaxError, "group"),
    "{log c} d": (r"a = {\log c} d", {}, dict(c=2.0, d=3.0), FormulaSyntaxError, "group"),
    "sum{x + d}": (r"a = \sum_i {x_i + d}", {}, dict(x=X, d=3.0), FormulaSyntaxError, "group"),
    "{max x} d": (r"a = {\max_i x_i} d_j", {}, dict(x=X, d=X), FormulaSyntaxError, "group"),
    # ---- steps
    "theta_{t+1}": (r"\theta_{t+1} = \theta_t - \eta g_t", {}, dict(theta=X, g=Y, eta=0.5),
                    FormulaSyntaxError, "give the result a name of its own, as theta'"),
    "theta_{t+1}, declared": (r"\theta_{t+1} = \theta_t - \eta g_t", dict(theta="N", g="N"),
                              dict(theta=X, g=Y, eta=0.5), FormulaSyntaxError, "one step"),
    "y_{t+1}": (r"y_{t+1} = x_t", dict(x="n", y="n+1"), dict(x=X), FormulaError,
                "does not say what y[0] is: write the left side with a letter for each index, as "
                "y'_t for one step"),
    "y_{t+1}, counted from 1": (r"y_{t+1} = x_t", dict(x="n", y="n+1", origin=1), dict(x=X),
                                FormulaError, "the formula does not say what y[1] is"),
    "y_{t+1}, of two": (r"y_{t+1, k} = A_{tk}", dict(A="n m", y="n+2 m"), dict(A=A), FormulaError,
                        "what y[0, 0] is"),
    # ---- sums that leave their array
    "sum from 0 to N": (r"y = \sum_{i=0}^{N} e^{x_i}", dict(x="N"), dict(x=X), FormulaError,
                        "i runs from 0 to 3, which reads element 3 of x along axis 0, but its "
                        "elements there are 0 to 2"),
    "sum from 0 to 7": (r"y = \sum_{i=0}^{7} e^{x_i}", {}, dict(x=X), FormulaError,
                        "write bounds that stay inside, or a condition in brackets"),
    "total variation": (r"y = \sum_i (x_{i+1} - x_i)^2", {}, dict(x=X), FormulaError,
                        "i runs from 0 to 2, which reads element 3 of x"),
    "total variation, backwards": (r"y = \sum_i (x_i - x_{i-1})^2", {}, dict(x=X), FormulaError,
                                   "which reads element -1 of x"),
    "total variation behind a condition": (
        r"y = \sum_j [j > 0] x_j + \sum_i (x_{i+1} - x_i)^2", {}, dict(x=X), FormulaError,
        "i runs from 0 to 2, which reads element 3 of x"),
    "total variation behind a maximum": (
        r"y = \max_j x_j + \sum_i (x_{i+1} - x_i)^2", {}, dict(x=X), FormulaError,
        "i runs from 0 to 2, which reads element 3 of x"),
    "a product that ends late": (r"y = \prod_{i=1}^{N} x_{i+1}", dict(x="N", origin=1), dict(x=X),
                                 FormulaError, "which reads element 4 of x"),
    # ---- axes of one index
    "x_i + z_i": ("y_i = x_i + z_i", {}, dict(x=X, z=A[0]), ShapeError,
                  "the index i runs along axis 0 of x, of length 3, and along axis 0 of z, of "
                  "length 2"),
    "x_i z_i": ("y_i = x_i z_i", {}, dict(x=X, z=X[:1]), ShapeError, "make them the same"),
    "x_ij + z_ji": ("y_{ij} = x_{ij} + z_{ji}", {}, dict(x=THREE, z=THREE), ShapeError,
                    "of length 3, and along axis 1 of z, of length 2"),
    "sum x_ij z_j + b_i": (r"y_i = \sum_j x_{ij} z_j + b_i", {}, dict(x=THREE, z=A[0], b=A[1]),
                           ShapeError, "axis 0 of b, of length 2"),
    # ---- a number before a bracket that carries a power
    "k(x-c)^2": ("y = k (x - c)^2", {}, dict(k=3.0, x=1.0, c=3.0), FormulaError,
                 "k is a number: declare it, k='', or write k \\cdot"),
    "k[x]^2": ("y = k[x]^2", {}, dict(k=3.0, x=2.0), FormulaError, "k is a number: declare it"),
    "a_1(x+1)^-1": ("y = 2 a_1 (x + 1)^{-1}", {}, dict(a_1=3.0, x=1.0), FormulaError,
                    "a_1 is a number"),
    "sigma^2(x-mu)": (r"y = \sigma^2(x-\mu)", {}, dict(sigma=3.0, x=2.0, mu=1.5), FormulaError,
                      "sigma is a number"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_can_be_misread_is_refused_with_what_to_write(what):
    latex, shapes, given, kind, words = REFUSED[what]
    with pytest.raises(kind, match=re.escape(words)):
        Formula(latex, **shapes)(**given)


READ = {
    "10^-3": (r"y = 10^{-3} x", {}, dict(x=2.0), 2e-3),
    "2 e - 3": (r"y = 2 e - 3", {}, {}, 2 * np.e - 3),
    "2e x": (r"y = 2e x", {}, dict(x=2.0), 4 * np.e),
    "f^2": (r"y = f^2(x)", dict(f=np.sin), dict(x=1.0), np.sin(1) ** 2),
    "1/f(x), declared": (r"y = 1/f(x)", dict(f=np.exp), dict(x=1.0), np.exp(-1)),
    "k(x-c)^2, declared": ("y = k (x - c)^2", dict(k=""), dict(k=3.0, x=1.0, c=3.0), 12.0),
    "k . (x-c)^2": (r"y = k \cdot (x - c)^2", {}, dict(k=3.0, x=1.0, c=3.0), 12.0),
    "sigma^2(x-mu), declared": (r"y = \sigma^2(x-\mu)", dict(sigma=""),
                                dict(sigma=3.0, x=2.0, mu=1.5), 4.5),
    "(k(x-c))^2": ("y = (k (x - c))^2", {}, dict(k=3.0, x=1.0, c=3.0), 36.0),
    "k[1-x]_+": ("y = k[1-x]_+", {}, dict(k=-3.0, x=0.5), -1.5),
    "sum from 0 to N": (r"y = \sum_{i=0}^{N} x_i^2", dict(x="N"), dict(x=X), 21.0),
    "total variation, inside": (r"y = \sum_{i=0}^{N-2} |x_{i+1} - x_i|", dict(x="N"), dict(x=X),
                                3.0),
    "total variation, where": (r"y = \sum_i [i < 2] |x_{i+1} - x_i|", dict(x="N"), dict(x=X), 3.0),
    "sums over a window": (r"y_i = \sum_{p=-1}^{1} x_{i+p}", dict(x="N", y="N"), dict(x=X),
                           [3, 7, 6]),
    "2 times 1/n": (r"y = 2\frac{1}{n}", {}, dict(n=4.0), 0.5),
    "2 . 1/2": (r"y = 2 \cdot \frac{1}{2}", {}, {}, 1.0),
    "tanh(x)^2": (r"y = \tanh(x)^2", {}, dict(x=0.3), np.tanh(0.3) ** 2),
    "log^2(x)": (r"y = \log^2(x)", {}, dict(x=2.0), np.log(2) ** 2),
    "x(1-x), an array": ("y = x(1-x)", {}, dict(x=X), X - X**2),
    "{x_i}^2": ("y_i = {x_i}^2", {}, dict(x=X), X**2),
    "a^{b^c}": ("y = a^{b^c}", {}, dict(a=2.0, b=3.0, c=2.0), 512.0),
    "k(x-c)": ("y = k (x - c)", {}, dict(k=3.0, x=1.0, c=3.0), -6.0),
    "f(x)^2": ("y = f(x)^2", {}, dict(f=np.sin, x=1.0), np.sin(1) ** 2),
    "x_i + z_i, within": ("y_i = x_i + z_i", dict(y=3, z="k"), dict(x=X, z=A[0]), [3, 3, 4]),
    "sigma^-1, a number": (r"y = \sigma^{-1}(x)", dict(sigma=""), dict(x=1.0, sigma=2.0), 0.5),
    "(log p)/q": (r"y = (\log p)/q", {}, dict(p=3.0, q=2.0), np.log(3) / 2),
    "log(p)/q": (r"y = \log(p)/q", {}, dict(p=3.0, q=2.0), np.log(3) / 2),
    "log|p|/q": (r"y = \log|p|/q", {}, dict(p=-3.0, q=2.0), np.log(3) / 2),
    "log p / log q": (r"y = \log p / \log q", {}, dict(p=3.0, q=2.0), np.log(3) / np.log(2)),
    "log p/q in a fraction": (r"y = \log \frac{p}{q}", {}, dict(p=3.0, q=2.0), np.log(1.5)),
    "W_ij^2": (r"y = \sum_{i,j} W_{ij}^2", dict(W="n n"), dict(W=A), (A**2).sum()),
    "a layer's weights": (r"y_{j} = \sum_k W^2_{jk} a^1_k", dict(W="L n n", a="L n"),
                          dict(W=LAYERS, a=THREE), LAYERS[2] @ THREE[1]),
    "a layer's weights in brackets": (
        r"y_{j} = \sum_k W^{(2)}_{jk} a^{(1)}_k", dict(W="L n n", a="L n", origin=1),
        dict(W=LAYERS, a=THREE), LAYERS[1] @ THREE[0]),
    "a layer's result": (r"b_i = a^0_i", dict(a="L n"), dict(a=A), A[0]),
    "G^2 of a picture": (r"G = \sqrt{X^2 + Y^2}", {}, dict(X=LAYERS[:, 0], Y=THREE),
                         np.hypot(LAYERS[:, 0], THREE)),
    "|a| of a picture": ("y = |x|", {}, dict(x=A), abs(A)),
    "x^3 of a picture": ("y = x^3", {}, dict(x=A), A**3),
    "K^T, a transpose": ("B_{ij} = K^T_{ij}", dict(K="n d"), dict(K=A), A.T),
    "K^top": (r"B_{ij} = K^\top_{ij}", dict(K="T d"), dict(K=A), A.T),
    "gamma^T": (r"y = \gamma^T \sum_t r_t", dict(r="T", gamma=""), dict(r=X, gamma=0.5), 7 / 8),
    "x_N, counted from 1": ("y = x_N", dict(x="N", origin=1), dict(x=X), 4.0),
    "x_{N-1}": ("y = x_{N-1}", dict(x="N"), dict(x=X), 4.0),
    "(i + 1) mod N": (r"y_i = x_{(i+1) \bmod N}", dict(x="N", y="N"), dict(x=X), np.roll(X, -1)),
    "i + (1 mod N)": (r"y_i = x_{i - (1 \bmod N)}", dict(x="N", y="N"), dict(x=X), [0, 1, 2]),
    "i % N + 1, as in a program": (r"y_i = x_{i \% N + 1}", dict(x="N", y="N"), dict(x=X),
                                   [2, 4, 0]),
    "| |x| - |y| |": ("y = ||x| - |z||", {}, dict(x=-1.0, z=3.0), 2.0),
    "|x||z|": ("y = |x||z|", {}, dict(x=-1.0, z=3.0), 3.0),
    "|x o y|": (r"E = \|x \odot y\|^2", dict(x="n", y="n"), dict(x=X, y=Y), ((X * Y) ** 2).sum()),
    "|a x|": (r"E = \|a x\|^2", dict(x="n", a=""), dict(x=X, a=2.0), 4 * (X**2).sum()),
    "|A|_F": (r"y = \|A\|_F", dict(A="n n"), dict(A=A), np.linalg.norm(A)),
    "|A|^2": (r"y = \|A\|^2", dict(A="n n"), dict(A=A), (A**2).sum()),
    "|x|_2": (r"y = \|x\|_2", dict(x="n"), dict(x=X), np.linalg.norm(X)),
    "|x|_1": (r"y = \|x\|_1", dict(x="n"), dict(x=X), 7.0),
    "k from -1, said": (r"y_i = \sum_{m=-1}^{1} k_m x_{i-m}",
                        dict(x="n", y="n", k=3, origin={"k": -1}), dict(x=X, k=Y),
                        np.convolve(X, Y, "same")),
    "an empty sum": (r"y = \sum_{i=1}^{0} x_i", dict(x="n"), dict(x=X), 0.0),
    "sums that begin empty": (r"y_i = \sum_{j=0}^{i-1} x_j", dict(x="n", y="n"), dict(x=X),
                              [0, 1, 3]),
    "products that begin empty": (r"y_i = \prod_{j=0}^{i-1} x_j", dict(x="n", y="n"), dict(x=X),
                                  [1, 1, 2]),
    "i = 0, 1": (r"y = \sum_{i=0,1} x_i", {}, dict(x=X), 3.0),
    "i = 1, 2 of two": (r"y_{ij} = x_i x_j, \quad i, j = 1, 2", dict(x="n", origin=1), dict(x=X),
                        [[1, 2], [2, 4]]),
    "i = 0, 1, .., n": (r"y = \sum_{i=0,1,\dots,n-1} x_i", {}, dict(x=X, n=2), 3.0),
    "i, j = 0, .., n": (r"y = \sum_{i,j=0,\dots,n-1} x_i x_j", {}, dict(x=X, n=2), 9.0),
    "i in {0, 2}": (r"y = \sum_{i \in \{0,2\}} x_i", {}, dict(x=X), 5.0),
    "i in {k, k+1, ..}": (r"y = \sum_{i \in \{k,k+1,\dots,n\}} x_i", {}, dict(x=X, k=1, n=2), 6.0),
    "x_i of bold x": (r"y_i = x_i / \|\mathbf{x}\|", dict(x="n"), dict(x=X),
                      X / np.linalg.norm(X)),
    "phi and varphi": (r"y = \phi - \varphi", {}, dict(phi=1.0, varphi=3.0), -2.0),
    "φ and ϕ": ("y = ϕ - φ", {}, dict(phi=1.0, varphi=3.0), -2.0),
    "φ and \\phi": (r"y_i = \phi_i - φ_i", dict(phi="n", varphi="n"), dict(phi=X, varphi=Y), X - Y),
    "φ alone": ("y = φ", {}, dict(phi=1.0), 1.0),
    "varphi alone": (r"y = \varphi", {}, dict(varphi=1.0), 1.0),
    "{c d} b": ("a = {c d} b", {}, dict(c=2.0, d=3.0, b=4.0), 24.0),
    "{c + d} + e": ("a = {c + d} + e", dict(e=""), dict(c=2.0, d=3.0, e=4.0), 9.0),
    "exp{-c}": (r"a = \exp{-c}", {}, dict(c=2.0), np.exp(-2)),
    "{x}_i^2": ("a_i = {x}_i^2", {}, dict(x=X), X**2),
    "y_t after cases": (
        r"y_t = \begin{cases} 0 & t = 0 \\ x_{t-1} & \text{otherwise} \end{cases}",
        dict(x="n", y="n+1"), dict(x=X), [0, 1, 2, 4]),
    "theta' for one step": (r"\theta'_i = \theta_i - \eta g_i", {}, dict(theta=X, g=Y, eta=0.5),
                            X - 0.5 * Y),
    "every second": ("y_{2i} = x_i", dict(x="n", y="2*n"), dict(x=X), [1, 0, 2, 0, 4, 0]),
    "two of three": (r"y_{3i+s} = x_i, \quad 0 \le s < 2", dict(x="n", y="3*n"), dict(x=X),
                     [1, 1, 0, 2, 2, 0, 4, 4, 0]),
    "from 1": ("y_{t+1} = x_t", dict(x="n", y="n", origin=dict(x=0, y=1)), dict(x=X), X),
    "each w": (r"L = \frac12 \sum_w w^2", dict(w="m n"), dict(w=A), (A**2).sum() / 2),
    "delta_k beside delta_j": (r"\delta_j = a_j \sum_k w_{kj} \delta_k",
                               dict(a="J", w="K J", delta_k="K"),
                               dict(a=X[:2], w=THREE, delta_k=X), X[:2] * (X @ THREE)),
}  # fmt: skip


@pytest.mark.parametrize("what", READ)
def test_what_looks_like_it_and_has_one_reading_keeps_it(what):
    latex, shapes, given, expected = READ[what]
    np.testing.assert_allclose(Formula(latex, **shapes)(**given), expected, rtol=1e-12)


def test_a_product_that_runs_backwards_is_refused_where_it_does():
    f = Formula(r"y_t = \prod_{i=t}^{0} x_i", x="n", y="n")
    assert f.expand(0, x=X).total == 1
    assert f.expand(1, x=X).total == 1
    with pytest.raises(FormulaError, match="i runs from 2 to 0, which is backwards"):
        f.expand(2, x=X)


def test_the_error_points_at_what_can_be_misread():
    with pytest.raises(FormulaSyntaxError) as caught:
        Formula(r"y = 3 + b{c + d}")
    _, line, caret = str(caught.value).split("\n")
    assert line[caret.index("^") :] == "{c + d}"
