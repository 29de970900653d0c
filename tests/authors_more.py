r"""More formulas as their authors write them; see `authors.py` for what a case is.

DOUBTFUL holds those that readers of the same page would read in two ways: the source, the formula,
its keywords, and the two readings in words.
"""

import numpy as np
from authors import Case, collector, over, table
from scipy import fft, linalg, ndimage, signal, special

CASES: list[Case] = []
case = collector(CASES)
DOUBTFUL: list[tuple[str, str, dict[str, object], tuple[str, str]]] = []


# Backward passes: courses and blogs


@case(
    "deeplearning.ai: the linear step of a layer, a bias of one column for all examples",
    r"Z^{[l]} = W^{[l]} A^{[l-1]} +b^{[l]}",
    W="L n n",
    A="L n m",
    b="L n 1",
    Z="L n m",
)
def _(rng):
    W, A, b = rng.normal(size=(3, 2, 2)), rng.normal(size=(3, 2, 4)), rng.normal(size=(3, 2, 1))
    Z = np.zeros((3, 2, 4)) + b
    for layer in (1, 2):
        Z[layer] += W[layer] @ A[layer - 1]
    return dict(W=W, A=A, b=b), Z


@case(
    "deeplearning.ai: the gradient of the weights of layer l",
    r"dW^{[l]} = \frac{1}{m} dZ^{[l]} A^{[l-1] T}",
    dZ="L n m",
    A="L n m",
    dW="L n n",
)
def _(rng):
    dZ, A = rng.normal(size=(2, 3, 2, 4))
    dW = np.zeros((3, 2, 2))
    for layer in (1, 2):
        dW[layer] = dZ[layer] @ A[layer - 1].T / 4
    return dict(dZ=dZ, A=A), dW


@case(
    "deeplearning.ai: the gradient of the bias, a layer and an example above, from 1",
    r"db^{[l]} = \frac{1}{m} \sum_{i = 1}^{m} dZ^{[l](i)}",
    dZ="L m n",
    db="L n",
    origin=1,
)
def _(rng):
    dZ = rng.normal(size=(2, 4, 3))
    return dict(dZ=dZ), dZ.mean(1)


@case(
    "deeplearning.ai: the gradient of the activations of the layer before",
    r"dA^{[l-1]} = W^{[l] T} dZ^{[l]}",
    W="L n n",
    dZ="L n m",
    dA="L-1 n m",
)
def _(rng):
    W, dZ = rng.normal(size=(3, 2, 2)), rng.normal(size=(3, 2, 4))
    return dict(W=W, dZ=dZ), [W[1].T @ dZ[1], W[2].T @ dZ[2]]


@case(
    "deeplearning.ai: the gradient through an activation, * for element by element",
    r"dZ^{[l]} = dA^{[l]} * g^{[l]\prime}(Z^{[l]})",
    dA="L n m",
    Z="L n m",
    dZ="L n m",
)
def _(rng):
    dA, Z = rng.normal(size=(2, 3, 2, 4))
    return dict(dA=dA, Z=Z, g_prime=np.cos), dA * np.cos(Z)


@case(
    "deeplearning.ai: the cross-entropy cost, from 1",
    r"""J = -\frac{1}{m} \sum\limits_{i = 1}^{m} \left(y^{(i)}\log\left(a^{[L] (i)}\right) +
        (1-y^{(i)})\log\left(1- a^{[L](i)}\right)\right)""",
    y="m",
    a="L m",
    origin=1,
)
def _(rng):
    y, a = rng.integers(0, 2, size=5), rng.uniform(0.1, 0.9, size=(3, 5))
    return dict(y=y, a=a), -np.log(np.where(y == 1, a[2], 1 - a[2])).mean()


@case(
    "deeplearning.ai: the cost with its regularisation, sizes of type and braces, from 1",
    r"""J_{regularized} = \small \underbrace{-\frac{1}{m} \sum\limits_{i = 1}^{m} \large{(}\small
        y^{(i)}\log\left(a^{[L](i)}\right) + (1-y^{(i)})\log\left(1- a^{[L](i)}\right) \large{)}
        }_\text{cross-entropy cost} + \underbrace{\frac{1}{m} \frac{\lambda}{2}
        \sum\limits_l\sum\limits_k\sum\limits_j W_{k,j}^{[l]2} }_\text{L2 regularization cost}""",
    y="m",
    a="L m",
    W="L K J",
    lambda_="",
    origin=1,
)
def _(rng):
    y, a = rng.integers(0, 2, size=5), rng.uniform(0.1, 0.9, size=(2, 5))
    W = rng.normal(size=(2, 3, 4))
    entropy = -np.log(np.where(y == 1, a[1], 1 - a[1])).mean()
    return dict(y=y, a=a, W=W, lambda_=0.7), entropy + 0.7 / 2 / 5 * (W**2).sum()


@case(
    "deeplearning.ai: the difference of two gradients",
    r"difference = \frac {\| grad - gradapprox \|_2}{\| grad \|_2 + \| gradapprox \|_2 }",
    grad="n",
    gradapprox="n",
    difference="",
)
def _(rng):
    g, h = rng.normal(size=(2, 4))
    value = np.linalg.norm(g - h) / (np.linalg.norm(g) + np.linalg.norm(h))
    return dict(grad=g, gradapprox=h), value


@case(
    "deeplearning.ai: the height of an output, words in italics and a subscript of a subscript",
    r"n_H = \Bigl\lfloor \frac{n_{H_{prev}} - f + 2 \times pad}{stride} \Bigr\rfloor +1",
    n_H_prev="",
    f="",
    pad="",
    stride="",
)
def _(rng):
    return dict(n_H_prev=13, f=4, pad=1, stride=2), (13 - 4 + 2) // 2 + 1


@case(
    "CS231n: the hinge loss of vectors",
    r"L_i = \sum_{j\neq y_i} \max(0, w_j^T x_i - w_{y_i}^T x_i + \Delta)",
    w="C D",
    x="N D",
    y="N",
    Delta="",
)
def _(rng):
    w, x, y = rng.normal(size=(4, 2)), rng.normal(size=(3, 2)), np.array([3, 0, 2])
    s = x @ w.T
    value = [
        sum(max(0, s[i, j] - s[i, y[i]] + 1.5) for j in range(4) if j != y[i]) for i in range(3)
    ]
    return dict(w=w, x=x, y=y, Delta=1.5), value


@case(
    "CS231n: the gradient of the hinge loss by the row of the right class",
    r"""\nabla_{w_{y_i}} L_i = - \left( \sum_{j\neq y_i} \mathbb{1}(w_j^Tx_i - w_{y_i}^Tx_i + \Delta
        > 0) \right) x_i""",
    w="C D",
    x="N D",
    y="N",
    Delta="",
)
def _(rng):
    w, x, y = rng.normal(size=(5, 2)), rng.normal(size=(4, 2)), np.array([3, 0, 2, 4])
    s = x @ w.T
    count = [sum(s[i, j] - s[i, y[i]] + 0.5 > 0 for j in range(5) if j != y[i]) for i in range(4)]
    return dict(w=w, x=x, y=y, Delta=0.5), -np.array(count)[:, None] * x


@case(
    "CS231n: the gradient of the scores, an indicator with parentheses",
    r"\frac{\partial L_i }{ \partial f_k } = p_k - \mathbb{1}(y_i = k)",
    p="K",
    y="N",
)
def _(rng):
    p, y = rng.dirichlet([1.0] * 3), np.array([2, 0, 1, 2])
    return dict(p=p, y=y), p - np.eye(3)[y]


@case(
    "CS231n: the relative error of a gradient, bars by \\mid",
    r"\frac{\mid f'_a - f'_n \mid}{\max(\mid f'_a \mid, \mid f'_n \mid)}",
    f_prime_a="",
    f_prime_n="",
)
def _(rng):
    return dict(f_prime_a=-1.25, f_prime_n=0.5), 1.75 / 1.25


@case(
    "CS231n: step sizes that decay as 1/t",
    r"\alpha = \alpha_0 / (1 + k t )",
    alpha="",
    alpha_0="",
    k="",
    t="",
)
def _(rng):
    return dict(alpha_0=0.3, k=0.5, t=3), 0.3 / 2.5


@case(
    "Nielsen: BP1 of the quadratic cost, in vectors, from 1",
    r"\delta^L = (a^L-y) \odot \sigma'(z^L).",
    a="L n",
    y="n",
    z="L n",
    delta="n",
    origin=1,
)
def _(rng):
    a, z, y = rng.normal(size=(3, 4)), rng.normal(size=(3, 4)), rng.normal(size=4)
    return dict(a=a, y=y, z=z, sigma_prime=np.cos), (a[2] - y) * np.cos(z[2])


@case(
    "Nielsen: BP4, indices on both sides of the letter",
    r"\frac{\partial C}{\partial w^l_{jk}} = a^{l-1}_k \delta^l_j.",
    a="L K",
    delta="L J",
    dC_dw="L J K",
)
def _(rng):
    a, delta = rng.normal(size=(3, 4)), rng.normal(size=(3, 2))
    value = np.zeros((3, 2, 4))
    for layer in (1, 2):
        value[layer] = np.outer(delta[layer], a[layer - 1])
    return dict(a=a, delta=delta), value


@case(
    "Nielsen: BP4 with fewer indices, names told apart by \\rm",
    r"\frac{\partial C}{\partial w} = a_{\rm in} \delta_{\rm out},",
    a_in="",
    delta_out="",
)
def _(rng):
    return dict(a_in=0.75, delta_out=-2.5), -1.875


@case(
    "Nielsen: softmax of the last layer, from 1",
    r"a^L_j = \frac{e^{z^L_j}}{\sum_k e^{z^L_k}},",
    z="L K",
    a="K",
    origin=1,
)
def _(rng):
    z = rng.normal(size=(3, 4))
    return dict(z=z), special.softmax(z[2])


@case(
    "Nielsen: a regularised cost, a sum over the weights themselves",
    r"C = C_0 + \frac{\lambda}{2n} \sum_w w^2,",
    C_0="",
    w="K J",
    n="",
    lambda_="",
)
def _(rng):
    w = rng.normal(size=(3, 4))
    return dict(C_0=1.25, w=w, n=50, lambda_=5), 1.25 + 0.05 * (w**2).sum()


@case(
    "Nielsen: momentum, an arrow and a prime",
    r"v  \rightarrow  v' = \mu v - \eta \nabla C",
    v="n",
    nabla_C="n",
    mu="",
    eta="",
)
def _(rng):
    v, g = rng.normal(size=(2, 4))
    return dict(v=v, nabla_C=g, mu=0.9, eta=0.1), 0.9 * v - 0.1 * g


@case(
    "Nielsen: a step under L1 regularisation, a sign by \\mbox",
    r"""w \rightarrow w' = w-\frac{\eta \lambda}{n} \mbox{sgn}(w) - \eta \frac{\partial
        C_0}{\partial w},""",
    w="K J",
    dC_0_dw="K J",
    eta="",
    lambda_="",
    n="",
)
def _(rng):
    w, g = rng.normal(size=(2, 3, 4))
    return dict(w=w, dC_0_dw=g, eta=0.5, lambda_=2, n=10), w - 0.1 * np.sign(w) - 0.5 * g


@case(
    "UFLDL: the error of the output layer, a size with a subscript above, from 1",
    r"\delta^{(n_l)}_i = - (y_i - a^{(n_l)}_i) \cdot f'(z^{(n_l)}_i)",
    y="s",
    a="n_l s",
    z="n_l s",
    delta="s",
    origin=1,
)
def _(rng):
    y, a, z = rng.normal(size=4), rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
    return dict(y=y, a=a, z=z, f_prime=np.cos), -(y - a[2]) * np.cos(z[2])


@case(
    "UFLDL: the gradient of a layer's weights, an outer product",
    r"\nabla_{W^{(l)}} J(W,b;x,y) = \delta^{(l+1)} (a^{(l)})^T",
    delta="L n",
    a="L m",
    dJ_dW="L-1 n m",
)
def _(rng):
    delta, a = rng.normal(size=(3, 2)), rng.normal(size=(3, 4))
    return dict(delta=delta, a=a), [np.outer(delta[i + 1], a[i]) for i in range(2)]


@case(
    "UFLDL: weight decay, sizes that differ by layer, from 1",
    r"""\frac{\lambda}{2} \sum_{l=1}^{n_l-1} \; \sum_{i=1}^{s_l} \; \sum_{j=1}^{s_{l+1}} \left(
        W^{(l)}_{ji} \right)^2""",
    W="n_l-1 S S",
    s="n_l",
    lambda_="",
    origin=1,
)
def _(rng):
    W, s = rng.normal(size=(2, 4, 4)), [3, 4, 2]
    total = sum((W[i, : s[i + 1], : s[i]] ** 2).sum() for i in range(2))
    return dict(W=W, s=np.array(s), lambda_=0.3), 0.15 * total


@case(
    "UFLDL: the sparsity penalty, a sum of two terms without parentheses, from 1",
    r"""\sum_{j=1}^{s_2} \rho \log \frac{\rho}{\hat\rho_j} + (1-\rho) \log
        \frac{1-\rho}{1-\hat\rho_j}""",
    rho_hat="s_2",
    rho="",
    origin=1,
)
def _(rng):
    q = rng.uniform(0.1, 0.9, size=4)
    value = 0.2 * np.log(0.2 / q) + 0.8 * np.log(0.8 / (1 - q))
    return dict(rho_hat=q, rho=0.2), value.sum()


@case(
    "UFLDL: the covariance of the examples, parentheses around vectors, from 1",
    r"\Sigma = \frac{1}{m} \sum_{i=1}^m (x^{(i)})(x^{(i)})^T.",
    x="m n",
    Sigma="n n",
    origin=1,
)
def _(rng):
    x = rng.normal(size=(4, 3))
    return dict(x=x), x.T @ x / 4


@case(
    "UFLDL: whitening, a word and an index in one subscript",
    r"""x_{{\rm PCAwhite},i} = \frac{x_{{\rm rot},i} }{\sqrt{\lambda_i + \epsilon}}.""",
    x_rot="n",
    lambda_="n",
    epsilon="",
)
def _(rng):
    x, eigenvalues = rng.normal(size=4), rng.uniform(size=4)
    return dict(x_rot=x, lambda_=eigenvalues, epsilon=0.1), x / np.sqrt(eigenvalues + 0.1)


@case(
    "UFLDL: linear regression, an inner product of vectors",
    r"J(\theta) = \frac{1}{2} \sum_i \left( \theta^\top x^{(i)} - y^{(i)} \right)^2",
    theta="n",
    x="m n",
    y="m",
)
def _(rng):
    theta, x, y = rng.normal(size=3), rng.normal(size=(4, 3)), rng.normal(size=4)
    return dict(theta=theta, x=x, y=y), ((x @ theta - y) ** 2).sum() / 2


@case(
    "UFLDL: softmax regression in vectors, a number and a transpose in one superscript, from 1",
    r"""J(\theta) = - \left[ \sum_{i=1}^{m} \sum_{k=1}^{K}  1\left\{y^{(i)} = k\right\} \log
        \frac{\exp(\theta^{(k)\top} x^{(i)})}{\sum_{j=1}^K \exp(\theta^{(j)\top}
        x^{(i)})}\right]""",
    theta="K n",
    x="m n",
    y="m",
    origin=1,
)
def _(rng):
    theta, x, y = rng.normal(size=(3, 2)), rng.normal(size=(5, 2)), np.array([3, 1, 2, 2, 3])
    return dict(theta=theta, x=x, y=y), -special.log_softmax(x @ theta.T, axis=1)[
        range(5), y - 1
    ].sum()


@case(
    "Bouvrie: the total inputs of a layer",
    r"\mathbf{u}^\ell = W^\ell \mathbf{x}^{\ell-1} + \mathbf{b}^\ell",
    W="L n n",
    x="L n",
    b="L n",
    u="L n",
)
def _(rng):
    W, x, b = rng.normal(size=(3, 2, 2)), rng.normal(size=(3, 2)), rng.normal(size=(3, 2))
    return dict(W=W, x=x, b=b), np.stack([b[0], W[1] @ x[0] + b[1], W[2] @ x[1] + b[2]])


@case(
    "Bouvrie: the error of the nth example, as a sum and as a norm, from 1",
    r"""E^n = \frac{1}{2}\sum_{k=1}^{c}(t_k^n - y_k^n)^2 = \frac{1}{2}\bigl\|\mathbf{t}^n -
        \mathbf{y}^n\bigr\|_2^2.""",
    t="N c",
    y="N c",
    origin=1,
)
def _(rng):
    t, y = rng.normal(size=(2, 4, 3))
    return dict(t=t, y=y), ((t - y) ** 2).sum(1) / 2


@case(
    "Bouvrie: the gradient of the weights, an outer product with a layer above",
    r"\frac{\partial E}{\partial W^\ell} = \mathbf{x}^{\ell-1}(\boldsymbol\delta^\ell)^T",
    x="L n",
    delta="L m",
    dE_dW="L n m",
)
def _(rng):
    x, delta = rng.normal(size=(3, 2)), rng.normal(size=(3, 4))
    value = np.zeros((3, 2, 4))
    for layer in (1, 2):
        value[layer] = np.outer(x[layer - 1], delta[layer])
    return dict(x=x, delta=delta), value


@case(
    "Bouvrie: the gradient of a multiplicative bias, a product that is indexed",
    r"""\frac{\partial E}{\partial\beta_j} = \sum_{u,v} (\boldsymbol\delta^\ell_j \circ
        \mathbf{d}^\ell_j)_{uv}.""",
    delta="L J U V",
    d="L J U V",
    ell="",
)
def _(rng):
    delta, d = rng.normal(size=(2, 2, 3, 4, 5))
    return dict(delta=delta, d=d, ell=1), (delta[1] * d[1]).sum((1, 2))


@case(
    "Bouvrie: weights that add up to one along the columns",
    r"\alpha_{ij} = \frac{\exp(c_{ij})}{\sum_k \exp(c_{kj})}.",
    c="I J",
)
def _(rng):
    c = rng.normal(size=(3, 4))
    return dict(c=c), special.softmax(c, axis=0)


@case(
    "Bouvrie: the gradient through a softmax, the examples above E",
    r"""\frac{\partial E^n}{\partial c_i} = \alpha_i\biggl(\frac{\partial E^n}{\partial\alpha_i} -
        \sum_k \frac{\partial E^n}{\partial\alpha_k}\alpha_k\biggr).""",
    alpha="K",
    dE_dalpha="N K",
)
def _(rng):
    alpha, g = rng.dirichlet([1.0] * 4), rng.normal(size=(3, 4))
    return dict(alpha=alpha, dE_dalpha=g), alpha * (g - (g @ alpha)[:, None])


@case(
    "Jefkine: a convolutional layer of a network, a bias behind the sums",
    r"x_{i,j}^l = \sum_{m} \sum_{n} w_{m,n}^l o_{i + m,j + n}^{l-1} + b^l",
    w="L k_1 k_2",
    o="L H W",
    b="L",
    x="L H-k_1+1 W-k_2+1",
)
def _(rng):
    w, o, b = rng.normal(size=(3, 2, 3)), rng.normal(size=(3, 4, 5)), rng.normal(size=3)
    x = np.zeros((3, 3, 3)) + b[:, None, None]
    for layer in (1, 2):
        x[layer] += signal.correlate2d(o[layer - 1], w[layer], "valid")
    return dict(w=w, o=o, b=b), x


@case(
    "Jefkine: the gradient of a kernel, primed indices spelt out",
    r"""\frac{\partial E}{\partial w_{m^{\prime},n^{\prime}}^l} = \sum_{i=0}^{H-k_1}
        \sum_{j=0}^{W-k_2} \delta_{i,j}^l o_{i+m^{\prime},j+n^{\prime}}^{l-1}""",
    delta="L H-k_1+1 W-k_2+1",
    o="L H W",
    dE_dw="L k_1 k_2",
)
def _(rng):
    delta, o = rng.normal(size=(3, 3, 3)), rng.normal(size=(3, 4, 5))
    value = np.zeros((3, 2, 3))
    for layer in (1, 2):
        value[layer] = signal.correlate2d(o[layer - 1], delta[layer], "valid")
    return dict(delta=delta, o=o, k_1=2, k_2=3), value


@case(
    "Kolter, Chen: Deep Learning Systems, the gradient of softmax regression",
    r"\nabla_\Theta \ell_{ce}(X\Theta, y) = \frac{1}{m} X^T (Z - I_y)",
    X="m n",
    Z="m k",
    I_y="m k",
)
def _(rng):
    X, Z, y = rng.normal(size=(4, 3)), rng.dirichlet([1.0, 1.0], size=4), np.eye(2)[[0, 1, 1, 0]]
    return dict(X=X, Z=Z, I_y=y), X.T @ (Z - y) / 4


@case(
    "Kolter, Chen: Deep Learning Systems, two layers, a product inside a product by elements",
    r"""\nabla_{W_1} \ell_{ce}(\sigma(XW_1)W_2, y) = X^T \left( (S - I_y) W_2^T \circ \sigma'(X W_1)
        \right)""",
    X="m n",
    S="m k",
    I_y="m k",
    W_1="n d",
    W_2="d k",
)
def _(rng):
    X, W_1, W_2 = rng.normal(size=(4, 3)), rng.normal(size=(3, 5)), rng.normal(size=(5, 2))
    S, y = rng.dirichlet([1.0, 1.0], size=4), np.eye(2)[[0, 1, 1, 0]]
    value = X.T @ ((S - y) @ W_2.T * np.cos(X @ W_1))
    return dict(X=X, S=S, I_y=y, W_1=W_1, W_2=W_2, sigma_prime=np.cos), value


@case(
    "Gormley, Eisner: the derivative of the cross-entropy, a star for the truth",
    r"\frac{dJ}{dy} = \frac{y^*}{y} + \frac{(1-y^*)}{y-1}",
    y="",
    y_star="",
)
def _(rng):
    return dict(y=0.3, y_star=0.8), 0.8 / 0.3 - 0.2 / 0.7


@case(
    "Gormley, Eisner: the cross-entropy, a logarithm of one letter",
    r"J = y^* \log y + (1-y^*) \log(1-y)",
    y="",
    y_star="",
)
def _(rng):
    return dict(y=0.3, y_star=0.8), 0.8 * np.log(0.3) + 0.2 * np.log(0.7)


@case(
    "Gormley, Eisner: the derivative of a logistic unit",
    r"\frac{dz_j}{da_j} = \frac{\exp(-a_j)}{(\exp(-a_j)+1)^2}",
    a="J",
    dz_da="J",
)
def _(rng):
    a = rng.normal(size=4)
    return dict(a=a), special.expit(a) * special.expit(-a)


@case(
    "Hastie, Tibshirani, Friedman: back-propagation 11.15, from 1",
    r"s_{mi} = \sigma'(\alpha_m^T x_i) \sum_{k=1}^K \beta_{km} \delta_{ki},",
    alpha="M p",
    x="N p",
    beta="K M",
    delta="K N",
    origin=1,
)
def _(rng):
    alpha, x, beta = rng.normal(size=(5, 3)), rng.normal(size=(4, 3)), rng.normal(size=(2, 5))
    delta = rng.normal(size=(2, 4))
    arrays = dict(alpha=alpha, x=x, beta=beta, delta=delta, sigma_prime=np.cos)
    return arrays, np.cos(alpha @ x.T) * (beta.T @ delta)


@case(
    "Zhang et al.: Dive into Deep Learning, cross-entropy of scores, a chain in aligned, from 1",
    r"""\begin{aligned}
        l(\mathbf{y}, \hat{\mathbf{y}}) &=  - \sum_{j=1}^q y_j \log \frac{\exp(o_j)}{\sum_{k=1}^q
        \exp(o_k)} \\
        &= \sum_{j=1}^q y_j \log \sum_{k=1}^q \exp(o_k) - \sum_{j=1}^q y_j o_j \\
        &= \log \sum_{k=1}^q \exp(o_k) - \sum_{j=1}^q y_j o_j.
        \end{aligned}""",
    y="q",
    o="q",
    origin=1,
)
def _(rng):
    y, o = rng.dirichlet([1.0] * 4), rng.normal(size=4)
    return dict(y=y, o=o), special.logsumexp(o) - y @ o


@case(
    "Zhang et al.: Dive into Deep Learning, the gradient of a hidden layer of scores",
    r"""\frac{\partial J}{\partial \mathbf{z}} = \frac{\partial J}{\partial \mathbf{h}} \odot
        \phi'\left(\mathbf{z}\right).""",
    dJ_dh="h",
    z="h",
)
def _(rng):
    g, z = rng.normal(size=(2, 4))
    return dict(dJ_dh=g, z=z, phi_prime=np.cos), g * np.cos(z)


@case(
    "Zhang et al.: Dive into Deep Learning, time: powers of a transposed matrix, from 1",
    r"""\frac{\partial L}{\partial \mathbf{h}_t}= \sum_{i=t}^T
        {\left(\mathbf{W}_\textrm{hh}^\top\right)}^{T-i} \mathbf{W}_\textrm{qh}^\top \frac{\partial
        L}{\partial \mathbf{o}_{T+t-i}}.""",
    W_hh="h h",
    W_qh="q h",
    dL_do="T q",
    dL_dh="T h",
    origin=1,
)
def _(rng):
    W, V, g = rng.normal(size=(2, 2)), rng.normal(size=(3, 2)), rng.normal(size=(4, 3))
    value = np.zeros((4, 2))
    for t in reversed(range(4)):
        value[t] = V.T @ g[t] + (W.T @ value[t + 1] if t < 3 else 0)
    return dict(W_hh=W, W_qh=V, dL_do=g), value


@case(
    "Zhang et al.: Dive into Deep Learning, time: a sum of outer products, from 1",
    r"""\frac{\partial L}{\partial \mathbf{W}_\textrm{hx}} = \sum_{t=1}^T \frac{\partial
        L}{\partial \mathbf{h}_t} \mathbf{x}_t^\top""",
    dL_dh="T h",
    x="T d",
    origin=1,
)
def _(rng):
    g, x = rng.normal(size=(4, 2)), rng.normal(size=(4, 3))
    return dict(dL_dh=g, x=x), g.T @ x


@case(
    "Zhang et al.: Dive into Deep Learning, the outputs of a batch, layers counted from 1",
    r"\mathbf{O} = \mathbf{H}\mathbf{W}^{(2)} + \mathbf{b}^{(2)}.",
    H="n h",
    W="2 h h",
    b="2 1 h",
    origin=1,
)
def _(rng):
    H, W, b = rng.normal(size=(4, 3)), rng.normal(size=(2, 3, 3)), rng.normal(size=(2, 1, 3))
    return dict(H=H, W=W, b=b), H @ W[1] + b[1]


@case(
    "Zhang et al.: Dive into Deep Learning, the gradient of the weights of layer 2, from 1",
    r"""\frac{\partial J}{\partial \mathbf{W}^{(2)}} = \frac{\partial J}{\partial \mathbf{o}}
        \mathbf{h}^\top + \lambda \mathbf{W}^{(2)}.""",
    dJ_do="h",
    h="h",
    W="2 h h",
    dJ_dW="h h",
    lambda_="",
    origin=1,
)
def _(rng):
    g, h, W = rng.normal(size=3), rng.normal(size=3), rng.normal(size=(2, 3, 3))
    return dict(dJ_do=g, h=h, W=W, lambda_=0.5), np.outer(g, h) + 0.5 * W[1]


@case(
    "Zakka: batch normalisation backwards, sums that end at an addition, from 1",
    r"""\frac{\partial f}{\partial x_i} = \frac{m \frac{\partial f}{\partial \hat{x}_i} -
        \sum_{j=1}^{m} \frac{\partial f}{\partial \hat{x}_j} - \hat{x}_i \sum_{j=1}^{m}
        \frac{\partial f}{\partial \hat{x}_j} \cdot \hat{x}_j}{m\sqrt{\sigma^2 + \epsilon}}""",
    df_dx_hat="m",
    x_hat="m",
    sigma="",
    epsilon="",
    origin=1,
)
def _(rng):
    g, x = rng.normal(size=(2, 5))
    value = (5 * g - g.sum() - x * (g @ x)) / 5 / np.sqrt(1.44 + 0.1)
    return dict(df_dx_hat=g, x_hat=x, sigma=1.2, epsilon=0.1), value


@case(
    "Zhang et al.: Dive into Deep Learning, 7.1.1, an image to an image",
    r"""\left[\mathbf{H}\right]_{i, j} = [\mathbf{U}]_{i, j} + \sum_a \sum_b [\mathsf{V}]_{i, j, a,
        b}  [\mathbf{X}]_{i+a, j+b}.""",
    U="M N",
    V="M N A B",
    X="P Q",
)
def _(rng):
    U, V, X = rng.normal(size=(3, 2)), rng.normal(size=(3, 2, 2, 4)), rng.normal(size=(4, 5))

    def entry(i, j):
        return U[i, j] + (V[i, j] * X[i : i + 2, j : j + 4]).sum()

    return dict(U=U, V=V, X=X), table(entry, 3, 2)


# Attention


def attention(scores, values):
    """The values, weighed by the softmax of each row of scores."""
    return special.softmax(scores, axis=1) @ values


@case(
    "Vaswani et al.: attention, an equation between matrices",
    r"\mathrm{Attention}(Q, K, V) = \mathrm{softmax}(\frac{QK^T}{\sqrt{d_k}})V",
    Q="n d_k",
    K="m d_k",
    V="m d_v",
)
def _(rng):
    Q, K, V = rng.normal(size=(3, 5)), rng.normal(size=(4, 5)), rng.normal(size=(4, 2))
    return dict(Q=Q, K=K, V=V), attention(Q @ K.T / np.sqrt(5), V)


@case(
    "Vaswani et al.: the feed-forward network of a position",
    r"\mathrm{FFN}(x)=\max(0, xW_1 + b_1) W_2 + b_2",
    x="d",
    W_1="d f",
    b_1="f",
    W_2="f d",
    b_2="d",
)
def _(rng):
    x, W_1, b_1 = rng.normal(size=3), rng.normal(size=(3, 5)), rng.normal(size=5)
    W_2, b_2 = rng.normal(size=(5, 3)), rng.normal(size=3)
    value = np.maximum(0, x @ W_1 + b_1) @ W_2 + b_2
    return dict(x=x, W_1=W_1, b_1=b_1, W_2=W_2, b_2=b_2), value


@case(
    "Vaswani et al.: the step size of the optimiser, words as names and powers of them",
    r"""lrate = d_{\text{model}}^{-0.5} \cdot \min({step\_num}^{-0.5}, {step\_num} \cdot
        {warmup\_steps}^{-1.5})""",
    d_model="",
    step_num="",
    warmup_steps="",
)
def _(rng):
    return dict(d_model=64, step_num=9, warmup_steps=25), 9 / 8 / 125


@case(
    "Shaw et al.: relative positions, matrices told apart by a letter above",
    r"e_{ij} = \frac{x_iW^Q(x_jW^K+a_{ij}^K)^T}{\sqrt{d_z}}",
    x="n d_x",
    W_Q="d_x d_z",
    W_K="d_x d_z",
    a_K="n n d_z",
)
def _(rng):
    x, W_Q, W_K = rng.normal(size=(3, 2)), rng.normal(size=(2, 4)), rng.normal(size=(2, 4))
    a = rng.normal(size=(3, 3, 4))
    value = table(lambda i, j: x[i] @ W_Q @ (x[j] @ W_K + a[i, j]) / 2, 3, 3)
    return dict(x=x, W_Q=W_Q, W_K=W_K, a_K=a), value


@case(
    "Su et al.: the angles of rotary positions, an index in a set, from 1",
    r"\theta_i = 10000^{-2(i-1)/d}, i \in [1, 2, ..., d/2]",
    theta="d//2",
    d="",
    origin=1,
)
def _(rng):
    return dict(d=6), 10000.0 ** (-np.arange(0, 6, 2) / 6)


@case(
    "Katharopoulos et al.: linear attention, a bound of one sum, rows of matrices, from 1",
    r"""V'_i = \frac{\phi(Q_i)^T \sum_{j=1}^N \phi(K_j) V_j^T}{\phi(Q_i)^T \sum_{j=1}^N
        \phi(K_j)}.""",
    Q="N D",
    K="N D",
    V="N M",
    origin=1,
)
def _(rng):
    Q, K, V = rng.normal(size=(3, 4)), rng.normal(size=(3, 4)), rng.normal(size=(3, 2))
    weights = np.exp(Q) @ np.exp(K).T
    return dict(Q=Q, K=K, V=V, phi=np.exp), weights @ V / weights.sum(1, keepdims=True)


@case(
    "Katharopoulos et al.: causal linear attention, sums of outer products so far, from 1",
    r"S_i = \sum_{j=1}^i \phi(K_j) V_j^T,",
    K="N D",
    V="N M",
    S="N D M",
    origin=1,
)
def _(rng):
    K, V = rng.normal(size=(3, 4)), rng.normal(size=(3, 2))
    return dict(K=K, V=V, phi=np.exp), np.einsum("jd,jm->jdm", np.exp(K), V).cumsum(0)


@case(
    "Bahdanau et al.: the energy of an alignment, states counted from 0",
    r"e_{ij} = v_a^\top \tanh\left(W_a s_{i-1} + U_a h_j\right),",
    v_a="p",
    W_a="p n",
    U_a="p m",
    s="T_y n",
    h="T_x m",
    e="T_y T_x",
    origin={"e": 1, "s": 0, "h": 1},
)
def _(rng):
    v, W, U = rng.normal(size=2), rng.normal(size=(2, 3)), rng.normal(size=(2, 4))
    s, h = rng.normal(size=(3, 3)), rng.normal(size=(5, 4))
    value = table(lambda i, j: v @ np.tanh(W @ s[i] + U @ h[j]), 3, 5)
    return dict(v_a=v, W_a=W, U_a=U, s=s, h=h), value


@case(
    "Bahdanau et al.: the context, a weighted sum of vectors, from 1",
    r"c_i = \sum_{j=1}^{T_x} \alpha_{ij} h_j.",
    alpha="T_y T_x",
    h="T_x n",
    origin=1,
)
def _(rng):
    alpha, h = rng.dirichlet([1.0] * 4, size=3), rng.normal(size=(4, 2))
    return dict(alpha=alpha, h=h), alpha @ h


@case(
    "Luong et al.: the general score, bold vectors with bars",
    r"""\mathrm{score}(\boldsymbol{h}_t, \bar{\boldsymbol{h}}_s) = \boldsymbol{h}_t^\top
        \boldsymbol{W_a} \bar{\boldsymbol{h}}_s""",
    h="T n",
    W_a="n m",
    h_bar="S m",
)
def _(rng):
    h, W, h_bar = rng.normal(size=(3, 2)), rng.normal(size=(2, 5)), rng.normal(size=(4, 5))
    return dict(h=h, W_a=W, h_bar=h_bar), h @ W @ h_bar.T


@case(
    "Velickovic et al.: graph attention, a sum over the neighbours of a node",
    r"""\vec{h}'_i = \sigma\left(\sum_{j \in \mathcal{N}_i} \alpha_{ij} {\bf
        W}\vec{h}_j\right).""",
    N="n n",
    alpha="n n",
    W="p d",
    h="n d",
)
def _(rng):
    near, alpha = rng.integers(0, 2, size=(4, 4)), rng.uniform(size=(4, 4))
    W, h = rng.normal(size=(3, 2)), rng.normal(size=(4, 2))
    value = np.tanh(near * alpha @ h @ W.T)
    return dict(N=near == 1, alpha=alpha, W=W, h=h, sigma=np.tanh), value


# Recurrent cells


@case(
    "Olah: the forget gate of an LSTM, two vectors in one",
    r"f_t = \sigma\left(W_f\cdot[h_{t-1}, x_t] + b_f\right)",
    W_f="n n+d",
    h="T n",
    x="T d",
    b_f="n",
    f="T n",
)
def _(rng):
    W, b = rng.normal(size=(2, 5)), rng.normal(size=2)
    h, x = rng.normal(size=(4, 2)), rng.normal(size=(4, 3))
    before = np.vstack([np.zeros(2), h[:-1]])
    value = special.expit(np.hstack([before, x]) @ W.T + b)
    return dict(W_f=W, h=h, x=x, b_f=b, sigma=special.expit), value


@case(
    "Zhang et al.: Dive into Deep Learning, the input gate of an LSTM, rows of a batch",
    r"""\mathbf{I}_t = \sigma(\mathbf{X}_t \mathbf{W}_{\textrm{xi}} + \mathbf{H}_{t-1}
        \mathbf{W}_{\textrm{hi}} + \mathbf{b}_\textrm{i})""",
    X="T n d",
    W_xi="d h",
    H="T n h",
    W_hi="h h",
    b_i="1 h",
    I="T n h",
)
def _(rng):
    X, H = rng.normal(size=(4, 3, 2)), rng.normal(size=(4, 3, 5))
    W, U, b = rng.normal(size=(2, 5)), rng.normal(size=(5, 5)), rng.normal(size=(1, 5))
    before = np.concatenate([np.zeros((1, 3, 5)), H[:-1]])
    value = special.expit(X @ W + before @ U + b)
    return dict(X=X, W_xi=W, H=H, W_hi=U, b_i=b, sigma=special.expit), value


@case(
    "Zhang et al.: Dive into Deep Learning, the candidate state of a GRU",
    r"""\tilde{\mathbf{H}}_t = \tanh(\mathbf{X}_t \mathbf{W}_{\textrm{xh}} + \left(\mathbf{R}_t
        \odot \mathbf{H}_{t-1}\right) \mathbf{W}_{\textrm{hh}} + \mathbf{b}_\textrm{h}),""",
    X="T n d",
    W_xh="d h",
    R="T n h",
    H="T n h",
    W_hh="h h",
    b_h="1 h",
    H_tilde="T n h",
)
def _(rng):
    X, R, H = rng.normal(size=(4, 3, 2)), rng.normal(size=(4, 3, 5)), rng.normal(size=(4, 3, 5))
    W, U, b = rng.normal(size=(2, 5)), rng.normal(size=(5, 5)), rng.normal(size=(1, 5))
    before = np.concatenate([np.zeros((1, 3, 5)), H[:-1]])
    value = np.tanh(X @ W + (R * before) @ U + b)
    return dict(X=X, W_xh=W, R=R, H=H, W_hh=U, b_h=b), value


@case(
    "PyTorch manual: GRU, the new state, labels of two letters and a step in parentheses",
    r"n_t = \tanh(W_{in} x_t + b_{in} + r_t \odot (W_{hn} h_{(t-1)}+ b_{hn}))",
    W_in="m d",
    x="T d",
    b_in="m",
    r="T m",
    W_hn="m m",
    h="T m",
    b_hn="m",
    n="T m",
)
def _(rng):
    x, r, h = rng.normal(size=(4, 2)), rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    W, U, b, c = rng.normal(size=(3, 2)), rng.normal(size=(3, 3)), *rng.normal(size=(2, 3))
    before = np.vstack([np.zeros(3), h[:-1]])
    value = np.tanh(x @ W.T + b + r * (before @ U.T + c))
    return dict(W_in=W, x=x, b_in=b, r=r, W_hn=U, h=h, b_hn=c), value


@case(
    "PyTorch manual: LSTM, the input gate, i an array and a label",
    r"i_t = \sigma(W_{ii} x_t + b_{ii} + W_{hi} h_{t-1} + b_{hi})",
    W_ii="m d",
    x="T d",
    b_ii="m",
    W_hi="m m",
    h="T m",
    b_hi="m",
    i="T m",
)
def _(rng):
    x, h = rng.normal(size=(4, 2)), rng.normal(size=(4, 3))
    W, U, b, c = rng.normal(size=(3, 2)), rng.normal(size=(3, 3)), *rng.normal(size=(2, 3))
    before = np.vstack([np.zeros(3), h[:-1]])
    value = special.expit(x @ W.T + b + before @ U.T + c)
    return dict(W_ii=W, x=x, b_ii=b, W_hi=U, h=h, b_hi=c, sigma=special.expit), value


@case(
    "PyTorch manual: LSTM, the output of the cell",
    r"h_t = o_t \odot \tanh(c_t)",
    o="T m",
    c="T m",
)
def _(rng):
    o, c = rng.normal(size=(2, 4, 3))
    return dict(o=o, c=c), o * np.tanh(c)


@case(
    "Wikipedia: the fully gated unit, a candidate with a hat, a function called phi",
    r"\hat{h}_t = \phi(W_{h} x_t + U_{h} (r_t \odot h_{t-1}) + b_h)",
    W_h="m d",
    x="T d",
    U_h="m m",
    r="T m",
    h="T m",
    b_h="m",
    h_hat="T m",
)
def _(rng):
    x, r, h = rng.normal(size=(4, 2)), rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    W, U, b = rng.normal(size=(3, 2)), rng.normal(size=(3, 3)), rng.normal(size=3)
    before = np.vstack([np.zeros(3), h[:-1]])
    value = np.tanh(x @ W.T + (r * before) @ U.T + b)
    return dict(W_h=W, x=x, U_h=U, r=r, h=h, b_h=b, phi=np.tanh), value


@case(
    "Wikipedia: Elman's network, the output, a function with a subscript",
    r"y_t = \sigma_y(W_{y} h_t + b_y)",
    W_y="p n",
    h="T n",
    b_y="p",
)
def _(rng):
    W, h, b = rng.normal(size=(2, 3)), rng.normal(size=(4, 3)), rng.normal(size=2)
    return dict(W_y=W, h=h, b_y=b, sigma_y=np.arctan), np.arctan(h @ W.T + b)


# Graphs, and sums over sets


@case(
    "Kipf, Welling: two layers, functions of matrices, weights counted from 0",
    r"""Z = f(X, A) = \mathrm{softmax}\!\left(\hat{A} \, \, \mathrm{ReLU}\!\left(\hat{A}
        XW^{(0)}\right)W^{(1)}\right) \, .""",
    A_hat="N N",
    X="N C",
    W="2 C C",
)
def _(rng):
    A, X, W = rng.uniform(size=(4, 4)), rng.normal(size=(4, 3)), rng.normal(size=(2, 3, 3))
    hidden = np.maximum(A @ X @ W[0], 0)
    return dict(A_hat=A, X=X, W=W), special.softmax(A @ hidden @ W[1], axis=1)


@case(
    "Kipf, Welling: the loss over the nodes with labels, from 1",
    r"\mathcal{L}=-\sum_{l\in\mathcal{Y}_L}\sum_{f=1}^F Y_{lf}\ln Z_{lf} \, ,",
    Y_L="N",
    Y="N F",
    Z="N F",
    origin=1,
)
def _(rng):
    labelled = np.array([True, False, True, True, False])
    Y, Z = np.eye(3)[[0, 1, 1, 2, 0]], rng.dirichlet([1.0] * 3, size=5)
    value = -(Y * np.log(Z))[labelled].sum()
    return dict(Y_L=labelled, Y=Y, Z=Z), value


def graph(rng):
    """Who sends to whom, the weights of the edges and the vectors of the nodes: near[i, j] if j
    is a neighbour of i.
    """
    near = np.array([[0, 1, 1, 0], [1, 0, 0, 0], [1, 1, 0, 1], [0, 0, 1, 0]]) == 1
    return near, rng.uniform(0.5, 1.5, size=(4, 4)), rng.normal(size=(4, 3))


@case(
    "PyTorch Geometric manual: GCNConv, a union of sets",
    r"""\mathbf{x}^{\prime}_i = \mathbf{\Theta}^{\top} \sum_{j \in \mathcal{N}(i) \cup \{ i \}}
        \frac{e_{j,i}}{\sqrt{\hat{d}_j \hat{d}_i}} \mathbf{x}_j""",
    Theta="d p",
    N="n n",
    e="n n",
    d_hat="n",
    x="n d",
)
def _(rng):
    near, e, x = graph(rng)
    Theta, d = rng.normal(size=(3, 2)), rng.uniform(1, 2, size=4)
    value = np.zeros((4, 2))
    for i, j in over(4, 4):
        if near[i, j] or i == j:
            value[i] += e[j, i] / np.sqrt(d[j] * d[i]) * Theta.T @ x[j]
    return dict(Theta=Theta, N=near, e=e, d_hat=d, x=x), value


@case(
    "PyTorch Geometric manual: GCNConv, the degrees",
    r"\hat{d}_i = 1 + \sum_{j \in \mathcal{N}(i)} e_{j,i}",
    N="n n",
    e="n n",
)
def _(rng):
    near, e, _ = graph(rng)
    value = table(lambda i: 1 + sum(e[j, i] for j in range(4) if near[i, j]), 4)
    return dict(N=near, e=e), value


@case(
    "PyTorch Geometric manual: SAGEConv, a mean over a set, a parenthesis under \\mathcal",
    r"""\mathbf{x}^{\prime}_i = \mathbf{W}_1 \mathbf{x}_i + \mathbf{W}_2 \cdot \mathrm{mean}_{j \in
        \mathcal{N(i)}} \mathbf{x}_j""",
    W_1="p d",
    W_2="p d",
    N="n n",
    x="n d",
)
def _(rng):
    near, _, x = graph(rng)
    W_1, W_2 = rng.normal(size=(2, 2, 3))
    value = [W_1 @ x[i] + W_2 @ x[near[i]].mean(0) for i in range(4)]
    return dict(W_1=W_1, W_2=W_2, N=near, x=x), value


@case(
    "PyTorch Geometric manual: GraphConv, a matrix before a sum over a set",
    r"""\mathbf{x}^{\prime}_i = \mathbf{W}_1 \mathbf{x}_i + \mathbf{W}_2 \sum_{j \in \mathcal{N}(i)}
        e_{j,i} \cdot \mathbf{x}_j""",
    W_1="p d",
    W_2="p d",
    N="n n",
    e="n n",
    x="n d",
)
def _(rng):
    near, e, x = graph(rng)
    W_1, W_2 = rng.normal(size=(2, 2, 3))
    sums = [sum(e[j, i] * x[j] for j in range(4) if near[i, j]) for i in range(4)]
    return dict(W_1=W_1, W_2=W_2, N=near, e=e, x=x), x @ W_1.T + np.array(sums) @ W_2.T


@case(
    "PyTorch Geometric manual: GINConv, a network by its name and parameters",
    r"""\mathbf{x}^{\prime}_i = h_{\mathbf{\Theta}} \left( (1 + \epsilon) \cdot \mathbf{x}_i +
        \sum_{j \in \mathcal{N}(i)} \mathbf{x}_j \right)""",
    N="n n",
    x="n d",
    epsilon="",
)
def _(rng):
    near, _, x = graph(rng)
    return dict(N=near, x=x, epsilon=0.5, h_Theta=np.tanh), np.tanh(1.5 * x + near @ x)


@case(
    "Wikipedia: modularity of two communities, one sum over two letters",
    r"""Q = \frac{1}{2m} \sum_{vw} \left[ A_{vw} - \frac{k_v k_w}{2m} \right] \frac{s_v s_w +
        1}{2}""",
    A="n n",
    k="n",
    s="n",
    m="",
)
def _(rng):
    A = np.array([[0, 1, 1, 0], [1, 0, 1, 0], [1, 1, 0, 1], [0, 0, 1, 0]])
    k, s = A.sum(1), np.array([1, 1, 1, -1])
    value = sum((A[v, w] - k[v] * k[w] / 8) * (s[v] == s[w]) for v, w in over(4, 4)) / 8
    return dict(A=A, k=k, s=s, m=4), value


@case(
    "Newman: modularity, Kronecker's delta with parentheses",
    r"Q = \frac{1}{2m} \sum_{ij} \left( A_{ij} - \frac{k_i k_j}{2m} \right) \delta(c_i, c_j)",
    A="n n",
    k="n",
    c="n",
    m="",
)
def _(rng):
    A = np.array([[0, 1, 1, 0], [1, 0, 1, 0], [1, 1, 0, 1], [0, 0, 1, 0]])
    k, c = A.sum(1), np.array([0, 0, 2, 2])
    value = sum(A[v, w] - k[v] * k[w] / 8 for v, w in over(4, 4) if c[v] == c[w]) / 8
    return dict(A=A, k=k, c=c, m=4), value


@case(
    "Girshick: Fast R-CNN, the gradient of a pooled region, a star with arguments",
    r"""\frac{\partial L}{\partial x_i} = \sum_{r} \sum_{j} \left[i = i^{*}(r,j)\right]
        \frac{\partial L}{\partial y_{rj}}.""",
    i_star="R J",
    dL_dy="R J",
    dL_dx="n",
)
def _(rng):
    i_star, g = rng.integers(0, 5, size=(2, 3)), rng.normal(size=(2, 3))
    value = np.bincount(i_star.ravel(), g.ravel(), minlength=5)
    return dict(i_star=i_star, dL_dy=g, n=5), value


@case(
    "Wu, He: group normalisation, the deviation over a set of indices, from 1",
    r"""\sigma_i=\sqrt{\frac{1}{m}\sum_{k\in\mathcal{S}_i}(x_k-\mu_i)^2 + \epsilon},""",
    S="n n",
    x="n",
    mu="n",
    m="",
    epsilon="",
    origin=1,
)
def _(rng):
    groups, x = np.array([0, 1, 0, 1, 0, 1]), rng.normal(size=6)
    S = groups[:, None] == groups
    mu = S @ x / 3
    value = [np.sqrt(x[groups == g].var() + 0.1) for g in groups]
    return dict(S=S, x=x, mu=mu, m=3, epsilon=0.1), value


@case(
    "Zhang et al.: Dive into Deep Learning, a step on a minibatch, the size of a set",
    r"""\mathbf{w} \leftarrow \left(1- \eta\lambda \right) \mathbf{w} -
        \frac{\eta}{|\mathcal{B}|} \sum_{i \in \mathcal{B}} \mathbf{x}^{(i)}
        \left(\mathbf{w}^\top \mathbf{x}^{(i)} + b - y^{(i)}\right).""",
    w="d",
    B="n",
    x="n d",
    y="n",
    b="",
    eta="",
    lambda_="",
)
def _(rng):
    w, x, y = rng.normal(size=3), rng.normal(size=(5, 3)), rng.normal(size=5)
    B = np.array([True, False, True, False, False])
    g = x[B].T @ (x[B] @ w + 0.3 - y[B]) / 2
    return dict(w=w, B=B, x=x, y=y, b=0.3, eta=0.1, lambda_=0.5), 0.95 * w - 0.1 * g


@case(
    "Hastie, Tibshirani, Friedman: nearest neighbours, a mean over a set of points",
    r"\hat{Y}(x) = \frac{1}{k} \sum_{x_i \in N_k(x)} y_i,",
    N_k="n",
    y="n",
    k="",
)
def _(rng):
    y, near = rng.normal(size=5), np.array([True, False, True, True, False])
    return dict(N_k=near, y=y, k=3), y[near].mean()


@case(
    "Wikipedia: the Jaccard index of two sets",
    r"""J(A,B) = \frac{|A \cap B|}{|A \cup B|} = \frac{|A \cap B|}{|A| + |B| - |A \cap B|}.""",
    A="n",
    B="n",
)
def _(rng):
    A = np.array([True, True, False, True, False, True])
    B = np.array([True, False, True, True, False, False])
    return dict(A=A, B=B), 0.4


@case(
    "Wikipedia: the area under the curve, sums over two sets",
    r"""\text{AUC}(f) = \frac{\sum _{t_0 \in \mathcal{D}^0} \sum _{t_1 \in \mathcal{D}^1}
        \textbf{1}[f(t_0) < f(t_1)]}{|\mathcal{D}^0| \cdot |\mathcal{D}^1|}""",
    f="n",
    D_0="n",
    D_1="n",
)
def _(rng):
    f, one = rng.normal(size=6), np.array([True, False, True, False, False, True])
    pairs = [f[i] < f[j] for i, j in over(6, 6) if one[j] and not one[i]]
    return dict(f=f, D_0=~one, D_1=one), np.mean(pairs)


# Library manuals


@case(
    "PyTorch manual: Linear, a batch of rows and a transpose",
    r"y = xA^T + b",
    x="N n",
    A="m n",
    b="m",
)
def _(rng):
    x, A, b = rng.normal(size=(4, 3)), rng.normal(size=(2, 3)), rng.normal(size=2)
    return dict(x=x, A=A, b=b), x @ A.T + b


@case(
    "PyTorch manual: Bilinear, a matrix for each output",
    r"y = x_1^T A x_2 + b",
    x_1="n",
    A="k n m",
    x_2="m",
    b="k",
)
def _(rng):
    x_1, A = rng.normal(size=2), rng.normal(size=(4, 2, 3))
    x_2, b = rng.normal(size=3), rng.normal(size=4)
    return dict(x_1=x_1, A=A, x_2=x_2, b=b), [x_1 @ A[k] @ x_2 + b[k] for k in range(4)]


@case(
    "PyTorch manual: Conv2d, a star for the cross-correlation, subscripts of subscripts",
    r"""\text{out}(N_i, C_{\text{out}_j}) = \text{bias}(C_{\text{out}_j}) + \sum_{k = 0}^{
        C_{\text{in}} - 1} \text{weight}(C_{\text{out}_j}, k) \star \text{input}(N_i, k)""",
    bias="O",
    weight="O C_in h w",
    input="N C_in H W",
    out="N O H-h+1 W-w+1",
)
def _(rng):
    b, w, x = rng.normal(size=4), rng.normal(size=(4, 2, 2, 3)), rng.normal(size=(3, 2, 4, 5))
    out = np.zeros((3, 4, 3, 3)) + b[:, None, None]
    for n, o, k in over(3, 4, 2):
        out[n, o] += signal.correlate2d(x[n, k], w[o, k], "valid")
    return dict(bias=b, weight=w, input=x), out


@case(
    "PyTorch manual: Unfold, a product over the axes of an image",
    r"""L = \prod_d \left\lfloor\frac{\text{spatial\_size}[d] + 2 \times \text{padding}[d] %
        - \text{dilation}[d] \times (\text{kernel\_size}[d] - 1) - 1}{\text{stride}[d]} +
        1\right\rfloor,""",
    spatial_size="D",
    padding="D",
    dilation="D",
    kernel_size="D",
    stride="D",
)
def _(rng):
    arrays = dict(spatial_size=[9, 10], padding=[1, 0], dilation=[1, 2], kernel_size=[3, 2])
    return dict(arrays, stride=[2, 3]), 5 * 3


@case(
    "PyTorch manual: LPPool, a root of a degree and a sum over the elements of a set",
    r"f(X) = \sqrt[p]{\sum_{x \in X} x^{p}}",
    X="n",
    p="",
)
def _(rng):
    X = rng.uniform(size=5)
    return dict(X=X, p=3), np.linalg.norm(X, 3)


@case(
    "PyTorch manual: LocalResponseNorm, a primed index and a negative power",
    r"""b_{c} = a_{c}\left(k + \frac{\alpha}{n} \sum_{c'=\max(0,
        c-n/2)}^{\min(N-1,c+n/2)}a_{c'}^2\right)^{-\beta}""",
    a="N",
    k="",
    alpha="",
    beta="",
)
def _(rng):
    a = rng.normal(size=6)
    sums = np.convolve(a**2, np.ones(3), "same")
    return dict(a=a, n=2, k=2, alpha=0.1, beta=0.75), a * (2 + 0.05 * sums) ** -0.75


@case(
    "PyTorch manual: weight_norm",
    r"\mathbf{w} = g \dfrac{\mathbf{v}}{\|\mathbf{v}\|}",
    g="",
    v="n",
)
def _(rng):
    v = rng.normal(size=4)
    return dict(g=1.5, v=v), 1.5 * v / np.linalg.norm(v)


@case(
    "PyTorch manual: CosineSimilarity, a blank before a subscript of bars",
    r"""\text{similarity} = \dfrac{x_1 \cdot x_2}{\max(\Vert x_1 \Vert _2 \cdot \Vert x_2 \Vert _2,
        \epsilon)}.""",
    x_1="n",
    x_2="n",
    epsilon="",
)
def _(rng):
    u, v = rng.normal(size=(2, 4))
    value = u @ v / np.linalg.norm(u) / np.linalg.norm(v)
    return dict(x_1=u, x_2=v, epsilon=1e-8), value


@case(
    "PyTorch manual: PairwiseDistance, the norm of a degree defined, from 1",
    r"""\Vert x \Vert _p = \left( \sum_{i=1}^n  \vert x_i \vert ^ p \right) ^ {1/p}.""",
    x="n",
    p="",
    origin=1,
)
def _(rng):
    x = rng.normal(size=4)
    return dict(x=x, p=3), np.linalg.norm(x, 3)


@case(
    "PyTorch manual: HingeEmbeddingLoss, both cases with a condition, a word in italics",
    r"""l_n = \begin{cases}
            x_n, & \text{if}\; y_n = 1,\\
            \max \{0, margin - x_n\}, & \text{if}\; y_n = -1,
        \end{cases}""",
    x="N",
    y="N",
    margin="",
)
def _(rng):
    x, y = rng.normal(size=5), np.array([1, -1, -1, 1, -1])
    return dict(x=x, y=y, margin=0.5), np.where(y == 1, x, np.maximum(0, 0.5 - x))


@case(
    "PyTorch manual: HuberLoss, a Greek letter spelt in italics",
    r"""l_n = \begin{cases}
        0.5 (x_n - y_n)^2, & \text{if } |x_n - y_n| < delta \\
        delta * (|x_n - y_n| - 0.5 * delta), & \text{otherwise }
        \end{cases}""",
    x="N",
    y="N",
    delta="",
)
def _(rng):
    x, y = rng.normal(size=(2, 6))
    return dict(x=x, y=y, delta=0.8), special.huber(0.8, x - y)


@case(
    "PyTorch manual: MultiLabelSoftMarginLoss, a sum of two terms without parentheses",
    r"""loss(x, y) = - \frac{1}{C} * \sum_i y[i] * \log((1 + \exp(-x[i]))^{-1})
                         + (1-y[i]) * \log\left(\frac{\exp(-x[i])}{(1 + \exp(-x[i]))}\right)""",
    x="C",
    y="C",
)
def _(rng):
    x, y = rng.normal(size=5), np.array([1, 0, 0, 1, 0])
    p = special.expit(x)
    return dict(x=x, y=y), -np.log(np.where(y == 1, p, 1 - p)).mean()


@case(
    "PyTorch manual: BCEWithLogitsLoss, the logarithm of a function",
    r"""l_{n,c} = - w_{n,c} \left[ p_c y_{n,c} \cdot \log \sigma(x_{n,c})
        + (1 - y_{n,c}) \cdot \log (1 - \sigma(x_{n,c})) \right],""",
    w="N C",
    p="C",
    y="N C",
    x="N C",
)
def _(rng):
    w, x, y, p = rng.uniform(size=(4, 3)), rng.normal(size=(4, 3)), np.eye(4)[:, :3], [1, 2, 3]
    value = -w * np.where(y == 1, p * special.log_expit(x), special.log_expit(-x))
    return dict(w=w, p=np.array(p), y=y, x=x, sigma=special.expit), value


@case(
    "PyTorch manual: GaussianNLLLoss, names and functions as text",
    r"""\text{loss} = \frac{1}{2}\left(\log\left(\text{max}\left(\text{var},
        \ \text{eps}\right)\right) + \frac{\left(\text{input} - \text{target}\right)^2}
        {\text{max}\left(\text{var}, \ \text{eps}\right)}\right) + \text{const.}""",
    var="",
    eps="",
    input="",
    target="",
    const="",
)
def _(rng):
    value = 0.5 * (np.log(0.5) + 1.5**2 / 0.5) + 0.25
    return dict(var=0.5, eps=1e-6, input=2.0, target=0.5, const=0.25), value


@case(
    "PyTorch manual: Hardtanh, blanks inside of names",
    r"""\text{HardTanh}(x) = \begin{cases}
            \text{max\_val} & \text{ if } x > \text{ max\_val } \\
            \text{min\_val} & \text{ if } x < \text{ min\_val } \\
            x & \text{ otherwise } \\
        \end{cases}""",
    x="n",
    max_val="",
    min_val="",
)
def _(rng):
    x = 2 * rng.normal(size=7)
    return dict(x=x, max_val=1.5, min_val=-1), np.clip(x, -1, 1.5)


@case(
    "PyTorch manual: GLU, a circled times between halves",
    r"{GLU}(a, b)= a \otimes \sigma(b)",
    a="M N",
    b="M N",
)
def _(rng):
    a, b = rng.normal(size=(2, 3, 4))
    return dict(a=a, b=b, sigma=special.expit), a * special.expit(b)


@case(
    "PyTorch manual: bartlett_window, bars and cases with fractions",
    r"""w[n] = 1 - \left| \frac{2n}{N-1} - 1 \right| = \begin{cases}
            \frac{2n}{N - 1} & \text{if } 0 \leq n \leq \frac{N - 1}{2} \\
            2 - \frac{2n}{N - 1} & \text{if } \frac{N - 1}{2} < n < N \\
        \end{cases},""",
    w="N",
)
def _(rng):
    return dict(N=7), np.bartlett(7)


@case(
    "PyTorch manual: logsumexp, an index of a function",
    r"\text{logsumexp}(x)_{i} = \log \sum_j \exp(x_{ij})",
    x="M N",
)
def _(rng):
    x = rng.normal(size=(3, 4))
    return dict(x=x), special.logsumexp(x, axis=1)


@case(
    "PyTorch manual: sinc, a function of a product without parentheses",
    r"""\text{out}_{i} = \begin{cases}
            1, & \text{if}\ \text{input}_{i}=0 \\
            \sin(\pi \text{input}_{i}) / (\pi \text{input}_{i}), & \text{otherwise}
        \end{cases}""",
    input="n",
)
def _(rng):
    x = np.array([-1.25, 0.0, 0.5, 2.0])
    return dict(input=x), np.sinc(x)


@case(
    "PyTorch manual: heaviside, conditions inside of the text",
    r"""\text{{heaviside}}(input, values) = \begin{cases}
            0, & \text{if input < 0}\\
            values, & \text{if input == 0}\\
            1, & \text{if input > 0}
        \end{cases}""",
    input="n",
    values="n",
)
def _(rng):
    x, values = np.array([-1.25, 0.0, 0.5, 0.0]), rng.uniform(size=4)
    return dict(input=x, values=values), np.heaviside(x, values)


@case(
    "PyTorch manual: cumsum, dots in the middle of a sum, from 1",
    r"y_i = x_1 + x_2 + x_3 + \dots + x_i",
    x="n",
    y="n",
    origin=1,
)
def _(rng):
    x = rng.normal(size=5)
    return dict(x=x), np.cumsum(x)


@case(
    "PyTorch manual: trapezoid, differences of neighbours",
    r"\sum_{i = 1}^{n-1} \frac{(x_i - x_{i-1})}{2} (y_i + y_{i-1})",
    x="n",
    y="n",
)
def _(rng):
    x, y = np.sort(rng.normal(size=5)), rng.normal(size=5)
    return dict(x=x, y=y), np.trapezoid(y, x)


@case(
    "PyTorch manual: baddbmm, names with digits and an at sign for products",
    r"\text{out}_i = \beta\ \text{input}_i + \alpha\ (\text{batch1}_i \mathbin{@} \text{batch2}_i)",
    input="b n p",
    batch1="b n m",
    batch2="b m p",
    alpha="",
    beta="",
)
def _(rng):
    x, A, B = rng.normal(size=(2, 3, 5)), rng.normal(size=(2, 3, 4)), rng.normal(size=(2, 4, 5))
    return dict(input=x, batch1=A, batch2=B, alpha=0.5, beta=2), 2 * x + 0.5 * A @ B


@case(
    "PyTorch manual: addr, a circled times for an outer product",
    r"\text{out} = \beta\ \text{input} + \alpha\ (\text{vec1} \otimes \text{vec2})",
    input="n m",
    vec1="n",
    vec2="m",
    alpha="",
    beta="",
)
def _(rng):
    x, u, v = rng.normal(size=(3, 2)), rng.normal(size=3), rng.normal(size=2)
    return dict(input=x, vec1=u, vec2=v, alpha=0.5, beta=2), 2 * x + 0.5 * np.outer(u, v)


@case(
    "PyTorch manual: lerp, words with indices",
    r"\text{out}_i = \text{start}_i + \text{weight}_i \times (\text{end}_i - \text{start}_i)",
    start="n",
    weight="n",
    end="n",
)
def _(rng):
    start, weight, end = rng.normal(size=(3, 4))
    return dict(start=start, weight=weight, end=end), start + weight * (end - start)


@case(
    "PyTorch manual: normalize, the larger of a norm and a number",
    r"v = \frac{v}{\max(\lVert v \rVert_p, \epsilon)}.",
    v="n",
    p="",
    epsilon="",
)
def _(rng):
    v = rng.normal(size=4)
    return dict(v=v, p=3, epsilon=1e-12), v / np.linalg.norm(v, 3)


@case(
    "PyTorch manual: Adam, a wide hat over a letter and its subscript, from 1",
    r"\widehat{v_t} \leftarrow v_t/\big(1-\beta_2^t \big)",
    v="T",
    v_hat="T",
    beta_2="",
    origin=1,
)
def _(rng):
    v = rng.uniform(size=4)
    return dict(v=v, beta_2=0.9), v / (1 - 0.9 ** np.arange(1, 5))


@case(
    "PyTorch manual: xavier_uniform_, words under a root",
    r"a = \text{gain} \times \sqrt{\frac{6}{\text{fan\_in} + \text{fan\_out}}}",
    gain="",
    fan_in="",
    fan_out="",
)
def _(rng):
    return dict(gain=1.5, fan_in=10, fan_out=14), 0.75


@case(
    "TensorFlow manual: depthwise_conv2d, a compound index on the left, words as indices",
    r"""\mathrm{output}[b, i, j, k * \mathrm{channel\_multiplier} + q] = \sum_{di, dj}
        \mathrm{filter}[di, dj, k, q] * \mathrm{input}[b, \mathrm{strides}[1] * i +
        \mathrm{rate}[0] * di, \mathrm{strides}[2] * j + \mathrm{rate}[1] * dj, k]""",
    filter="h w C channel_multiplier",
    input="B H W C",
    strides="4",
    rate="2",
    output="B P Q C*channel_multiplier",
)
def _(rng):
    w, x = rng.normal(size=(2, 3, 2, 3)), rng.normal(size=(2, 5, 6, 2))

    def entry(b, i, j, o):
        k, q = divmod(o, 3)
        taps = over(2, 3)
        return sum(w[s, t, k, q] * x[b, 2 * i + 2 * s, 2 * j + t, k] for s, t in taps)

    arrays = dict(filter=w, input=x, strides=np.array([1, 2, 2, 1]), rate=np.array([2, 1]))
    return dict(arrays, P=2, Q=2), table(entry, 2, 2, 2, 6)


@case(
    "TensorFlow manual: dilation2d, a maximum of a sum without parentheses",
    r"""\mathrm{output}[b, y, x, c] = \max_{dy, dx} \mathrm{input}[b, \mathrm{strides}[1] * y +
        \mathrm{rates}[1] * dy, \mathrm{strides}[2] * x + \mathrm{rates}[2] * dx, c] +
        \mathrm{filter}[dy, dx, c]""",
    input="B H W C",
    filter="h w C",
    strides="4",
    rates="4",
    output="B P Q C",
)
def _(rng):
    x, w = rng.normal(size=(2, 5, 7, 3)), rng.normal(size=(2, 3, 3))

    def entry(b, i, j, c):
        return max(x[b, 2 * i + 2 * s, 2 * j + t, c] + w[s, t, c] for s, t in over(2, 3))

    arrays = dict(input=x, filter=w, strides=np.array([1, 2, 2, 1]), rates=np.array([1, 2, 1, 1]))
    return dict(arrays, P=2, Q=3), table(entry, 2, 2, 3, 3)


@case(
    "JAX manual: squareplus",
    r"\mathrm{squareplus}(x) = \frac{x + \sqrt{x^2 + b}}{2}",
    b="",
)
def _(rng):
    x = rng.normal(size=5)
    return dict(x=x, b=4), (x + np.hypot(x, 2)) / 2


@case(
    "JAX manual: sparse_plus, an underscore in the name and a chain in a condition",
    r"""\mathrm{sparse\_plus}(x) = \begin{cases}
            0, & x \leq -1\\
            \frac{1}{4}(x+1)^2, & -1 < x < 1 \\
            x, & 1 \leq x
        \end{cases}""",
)
def _(rng):
    x = np.array([-2.0, -1.0, -0.5, 0.25, 1.0, 1.5])
    return dict(x=x), [0, 0, 0.0625, 0.390625, 1, 1.5]


@case(
    "JAX manual: celu, a fraction in an exponential",
    r"""\mathrm{celu}(x) = \begin{cases}
            x, & x > 0\\
            \alpha \left(\exp(\frac{x}{\alpha}) - 1\right), & x \le 0
        \end{cases}""",
    alpha="",
)
def _(rng):
    x = rng.normal(size=6)
    return dict(x=x, alpha=0.5), np.where(x > 0, x, 0.5 * np.expm1(2 * x))


@case(
    "NumPy manual: convolve, a star in the name of the result",
    r"(a * v)_n = \sum_{m = -\infty}^{\infty} a_m v_{n - m}",
    a="M",
    v="N",
    a_star_v="M+N-1",
)
def _(rng):
    a, v = rng.normal(size=4), rng.normal(size=3)
    return dict(a=a, v=v), np.convolve(a, v)


@case(
    "NumPy manual: corrcoef",
    r"R_{ij} = \frac{ C_{ij} } { \sqrt{ C_{ii} C_{jj} } }",
    C="n n",
)
def _(rng):
    data = rng.normal(size=(3, 6))
    return dict(C=np.cov(data)), np.corrcoef(data)


@case(
    "NumPy manual: the Hamming window, braces around a letter",
    r"""w(n) = 0.54 - 0.46\cos\left(\frac{2\pi{n}}{M-1}\right)
        \qquad 0 \leq n \leq M-1""",
    w="M",
)
def _(rng):
    return dict(M=6), np.hamming(6)


@case(
    "SciPy manual: huber, an infinity among the cases and two conditions at once",
    r"""\text{huber}(\delta, r) =
        \begin{cases}
            \infty & \delta < 0  \\
            \frac{1}{2}r^2 & 0 \le \delta, | r | \le \delta \\
            \delta ( |r| - \frac{1}{2}\delta ) & \text{otherwise}
        \end{cases}""",
    delta="",
    r="n",
)
def _(rng):
    r = np.array([-2.0, -0.5, 0.0, 0.75, 1.5])
    return dict(delta=0.8, r=r), special.huber(0.8, r)


@case(
    "SciPy manual: rel_entr, a quotient inside of a logarithm",
    r"""\mathrm{rel\_entr}(x, y) =
        \begin{cases}
            x \log(x / y) & x > 0, y > 0 \\
            0 & x = 0, y \ge 0 \\
            \infty & \text{otherwise}
        \end{cases}""",
    x="n",
    y="n",
)
def _(rng):
    x, y = np.array([0.5, 0.0, 1.5, 0.0]), np.array([0.25, 0.5, 2.0, 0.0])
    return dict(x=x, y=y), special.rel_entr(x, y)


@case(
    "SciPy manual: the cosine transform of type I, a power of minus one",
    r"""y_k = x_0 + (-1)^k x_{N-1} + 2 \sum_{n=1}^{N-2} x_n \cos\left(
        \frac{\pi k n}{N-1} \right)""",
    x="N",
    y="N",
)
def _(rng):
    x = rng.normal(size=6)
    return dict(x=x), fft.dct(x, type=1)


@case(
    "SciPy manual: the sine transform of type II",
    r"""y_k = 2 \sum_{n=0}^{N-1} x_n \sin\left(\frac{\pi(k+1)(2n+1)}{2N}\right)""",
    x="N",
    y="N",
)
def _(rng):
    x = rng.normal(size=5)
    return dict(x=x), fft.dst(x)


@case(
    "SciPy manual: the distance by correlation, braces around the bars",
    r"""1 - \frac{(u - \bar{u}) \cdot (v - \bar{v})}
                  {{\|(u - \bar{u})\|}_2 {\|(v - \bar{v})\|}_2}""",
    u="n",
    v="n",
    u_bar="",
    v_bar="",
)
def _(rng):
    u, v = rng.normal(size=(2, 5))
    return dict(u=u, v=v, u_bar=u.mean(), v_bar=v.mean()), 1 - np.corrcoef(u, v)[0, 1]


@case(
    "SciPy manual: the distance of Bray and Curtis, sums that name no index",
    r"\sum{|u_i-v_i|} / \sum{|u_i+v_i|}",
    u="n",
    v="n",
)
def _(rng):
    u, v = rng.normal(size=(2, 5))
    return dict(u=u, v=v), np.abs(u - v).sum() / np.abs(u + v).sum()


@case(
    "SciPy manual: the distance of Canberra",
    r"d(u,v) = \sum_i \frac{|u_i-v_i|} {|u_i|+|v_i|}.",
    u="n",
    v="n",
)
def _(rng):
    u, v = rng.normal(size=(2, 5))
    return dict(u=u, v=v), (np.abs(u - v) / (np.abs(u) + np.abs(v))).sum()


@case(
    "SciPy manual: Minkowski's distance, weighted, a sum that names no index",
    r"\left(\sum{w_i(|(u_i - v_i)|^p)}\right)^{1/p}.",
    u="n",
    v="n",
    w="n",
    p="",
)
def _(rng):
    u, v, w = rng.uniform(size=(3, 5))
    return dict(u=u, v=v, w=w, p=3), (w * np.abs(u - v) ** 3).sum() ** (1 / 3)


@case(
    "SciPy manual: central moments, a power that is an index, an array with brackets",
    r"m_i=\frac{1}{N}\sum_{n=1}^N(x[n]-\bar{x})^i",
    x="N",
    x_bar="",
    m="P",
    origin=1,
)
def _(rng):
    x = rng.normal(size=5)
    value = [np.mean((x - x.mean()) ** i) for i in (1, 2, 3)]
    return dict(x=x, x_bar=x.mean(), P=3), value


@case(
    "scikit-learn manual: mean squared error, a size with a word",
    r"""\text{MSE}(y, \hat{y}) = \frac{1}{n_\text{samples}} \sum_{i=0}^{n_\text{samples} - 1} (y_i -
        \hat{y}_i)^2.""",
    y="n_samples",
    y_hat="n_samples",
)
def _(rng):
    y, y_hat = rng.normal(size=(2, 5))
    return dict(y=y, y_hat=y_hat), np.mean((y - y_hat) ** 2)


@case(
    "scikit-learn manual: accuracy, the number one as an indicator",
    r"""\texttt{accuracy}(y, \hat{y}) = \frac{1}{n_\text{samples}} \sum_{i=0}^{n_\text{samples}-1}
        1(\hat{y}_i = y_i)""",
    y="n_samples",
    y_hat="n_samples",
)
def _(rng):
    return dict(y=np.array([0, 2, 1, 1]), y_hat=np.array([0, 2, 2, 1])), 0.75


@case(
    "scikit-learn manual: the pinball loss, a sum of two terms without parentheses",
    r"""\text{pinball}(y, \hat{y}) = \frac{1}{n_{\text{samples}}}
        \sum_{i=0}^{n_{\text{samples}}-1}  \alpha \max(y_i - \hat{y}_i, 0) + (1 -
        \alpha) \max(\hat{y}_i - y_i, 0)""",
    y="n_samples",
    y_hat="n_samples",
    alpha="",
)
def _(rng):
    y, y_hat = rng.normal(size=(2, 5))
    u = y - y_hat
    return dict(y=y, y_hat=y_hat, alpha=0.9), np.where(u > 0, 0.9 * u, -0.1 * u).mean()


@case(
    "scikit-learn manual: the hinge loss, a positive part with bars",
    r"""L_\text{Hinge}(y, w) = \frac{1}{n_\text{samples}} \sum_{i=0}^{n_\text{samples}-1}
        \max\left\{1 - w_i y_i, 0\right\} = \frac{1}{n_\text{samples}}
        \sum_{i=0}^{n_\text{samples}-1} \left|1 - w_i y_i\right|_+""",
    y="n_samples",
    w="n_samples",
)
def _(rng):
    w, y = rng.normal(size=5), np.array([1, -1, -1, 1, 1])
    return dict(y=y, w=w), np.maximum(1 - w * y, 0).mean()


@case(
    "scikit-learn manual: the coefficient of determination, a square on the left, from 1",
    r"""R^2(y, \hat{y}) = 1 - \frac{\sum_{i=1}^{n} (y_i - \hat{y}_i)^2}{\sum_{i=1}^{n} (y_i -
        \bar{y})^2}""",
    y="n",
    y_hat="n",
    y_bar="",
    origin=1,
)
def _(rng):
    y, y_hat = rng.normal(size=(2, 5))
    value = 1 - ((y - y_hat) ** 2).sum() / 5 / y.var()
    return dict(y=y, y_hat=y_hat, y_bar=y.mean()), value


@case(
    "scikit-learn manual: discounted gain, an index that a function gives, from 1",
    r"\sum_{r=1}^{\min(K, M)}\frac{y_{f(r)}}{\log(1 + r)}",
    y="M",
    f="M",
    K="",
    origin=1,
)
def _(rng):
    y, f = rng.uniform(size=5), np.array([3, 1, 5, 2, 4])
    value = sum(y[f[r] - 1] / np.log(2 + r) for r in range(3))
    return dict(y=y, f=f, K=3), value


@case(
    "scikit-learn manual: the silhouette, a maximum in italics",
    r"s = \frac{b - a}{max(a, b)}",
    a="",
    b="",
)
def _(rng):
    return dict(a=0.5, b=2.0), 0.75


@case(
    "scikit-learn manual: the polynomial kernel, an inner product beside a number",
    r"k(x, y) = (\gamma x^\top y + c_0)^d",
    x="n",
    y="n",
    gamma="",
    c_0="",
    d="",
)
def _(rng):
    x, y = rng.normal(size=(2, 4))
    return dict(x=x, y=y, gamma=0.5, c_0=1.5, d=3), (x @ y / 2 + 1.5) ** 3


@case(
    "scikit-learn manual: the chi-squared kernel, numbers in brackets",
    r"""k(x, y) = \exp \left (-\gamma \sum_i \frac{(x[i] - y[i]) ^ 2}{x[i] + y[i]} \right )""",
    x="n",
    y="n",
    gamma="",
)
def _(rng):
    x, y = rng.uniform(size=(2, 4))
    return dict(x=x, y=y, gamma=0.5), np.exp(-0.5 * ((x - y) ** 2 / (x + y)).sum())


@case(
    "OpenCV manual: getGaussianKernel, a power of e with slashes, typewriter names",
    r"G_i= \alpha *e^{-(i-( \texttt{ksize} -1)/2)^2/(2* \texttt{sigma}^2)},",
    G="ksize",
    alpha="",
    sigma="",
)
def _(rng):
    i = np.arange(5)
    return dict(alpha=0.4, sigma=1.5, ksize=5), 0.4 * np.exp(-((i - 2) ** 2) / 4.5)


@case(
    "OpenCV manual: integral, inequalities for bounds",
    r"\texttt{sum} (X,Y) =  \sum _{x<X,y<Y}  \texttt{image} (x,y)",
    image="M N",
    sum="M+1 N+1",
)
def _(rng):
    image = rng.normal(size=(3, 4))
    return dict(image=image), np.pad(image, ((1, 0), (1, 0))).cumsum(0).cumsum(1)


@case(
    "OpenCV manual: the tilted integral, an absolute value by its name",
    r"\texttt{tilted} (X,Y) =  \sum _{y<Y,abs(x-X+1) \leq Y-y-1}  \texttt{image} (x,y)",
    image="M N",
    tilted="M+1 N+1",
)
def _(rng):
    image = rng.normal(size=(5, 4))

    def entry(X, Y):
        return sum(image[x, y] for x, y in over(5, 4) if y < Y and abs(x - X + 1) <= Y - y - 1)

    return dict(image=image), table(entry, 6, 5)


@case(
    "OpenCV manual: dilate, a pair of offsets under the maximum and a condition",
    r"""\texttt{dst} (x,y) =  \max _{(x',y'):  \, \texttt{element} (x',y') \ne0 } \texttt{src}
        (x+x',y+y')""",
    element="3 3",
    src="M N",
    dst="M N",
    origin={"element": -1},
)
def _(rng):
    element, src = np.array([[0, 1, 0], [1, 1, 0], [0, 0, 1]]), -1 - rng.uniform(size=(4, 5))
    value = ndimage.maximum_filter(src, footprint=element, mode="constant", cval=-np.inf)
    return dict(element=element, src=src), value


@case(
    "OpenCV manual: accumulateWeighted, a condition behind the formula",
    r"""\texttt{dst} (x,y)  \leftarrow (1- \texttt{alpha} )  \cdot \texttt{dst} (x,y) +
        \texttt{alpha} \cdot \texttt{src} (x,y)  \quad \text{if} \quad \texttt{mask} (x,y)  \ne
        0""",
    dst="M N",
    src="M N",
    mask="M N",
    alpha="",
)
def _(rng):
    dst, src = rng.normal(size=(2, 2, 3))
    mask = np.array([[1, 0, 1], [0, 1, 1]])
    value = np.where(mask != 0, 0.7 * dst + 0.3 * src, dst)
    return dict(dst=dst, src=src, mask=mask, alpha=0.3), value


# Losses: papers


@case(
    "Schroff et al.: FaceNet, the triplet loss, letters above that are names, from 1",
    r"""\sum_i^N \left[ \left\| f(x_i^a) - f(x_i^p) \right\|_2^2 - \left\| f(x_i^a) - f(x_i^n)
        \right\|_2^2 + \alpha \right]_+.""",
    x_a="N d",
    x_p="N d",
    x_n="N d",
    alpha="",
    origin=1,
)
def _(rng):
    a, p, n = rng.normal(size=(3, 4, 2))
    near, far = (((np.tanh(a) - np.tanh(u)) ** 2).sum(1) for u in (p, n))
    value = np.maximum(near - far + 0.2, 0).sum()
    return dict(x_a=a, x_p=p, x_n=n, alpha=0.2, f=np.tanh), value


@case(
    "He et al.: MoCo, the contrastive loss of a query, a key with a plus",
    r"""\mathcal{L}_{q} = -\log \frac{\exp(q{\cdot}k_{+} / \tau)}{\sum_{i=0}^{K}\exp(q{\cdot}k_i /
        \tau)}""",
    q="d",
    k_plus="d",
    k="K+1 d",
    tau="",
)
def _(rng):
    q, k = rng.normal(size=3), rng.normal(size=(5, 3))
    value = -special.log_softmax(k @ q / 0.5)[2]
    return dict(q=q, k_plus=k[2], k=k, tau=0.5), value


@case(
    "Chen et al.: SimCLR, the cosine of two vectors, a slash before two norms",
    r"""\mathrm{sim}(\bm u,\bm v) = \bm u^\top \bm v / \lVert\bm u\rVert \lVert\bm v\rVert""",
    u="n",
    v="n",
)
def _(rng):
    u, v = rng.normal(size=(2, 4))
    return dict(u=u, v=v), u @ v / np.linalg.norm(u) / np.linalg.norm(v)


@case(
    "Chen et al.: SimCLR, the loss of a pair, an indicator with brackets for a subscript, from 1",
    r"""\ell(i,j) = -\log \frac{\exp(s_{i,j}/\tau)}{\sum_{k=1}^{2N} \mathbb{1}_{[k \neq
        i]}\exp(s_{i,k}/\tau)}""",
    s="2*N 2*N",
    tau="",
    origin=1,
)
def _(rng):
    s = rng.normal(size=(4, 4))
    others = special.logsumexp(np.where(np.eye(4) == 1, -np.inf, s / 0.5), axis=1)
    return dict(s=s, tau=0.5, N=2), others[:, None] - s / 0.5


@case(
    "Hadsell et al.: the contrastive loss of a pair, letters in parentheses",
    r"""L(W, Y, \vec{X_1}, \vec{X_2}) = (1-Y) \frac{1}{2} (D_W)^2 + (Y) \frac{1}{2} \{\max(0, m -
        D_W)\}^2""",
    Y="",
    D_W="",
    m="",
)
def _(rng):
    return dict(Y=0.25, D_W=0.5, m=2), 0.75 * 0.125 + 0.25 * 1.125


@case(
    "Wen et al.: the center loss, a vector chosen by a label, from 1",
    r"""\mathcal{L}_{C} = \frac{1}{2}\sum_{i=1}^{m}{\left\| {\bm x}_{i} - {\bm c}_{y_i}
        \right\|_2^2}""",
    x="m d",
    c="K d",
    y="m",
    origin=1,
)
def _(rng):
    x, c, y = rng.normal(size=(4, 2)), rng.normal(size=(3, 2)), np.array([3, 1, 1, 2])
    return dict(x=x, c=c, y=y), ((x - c[y - 1]) ** 2).sum() / 2


@case(
    "Wen et al.: the move of a center, a delta of a condition, from 1",
    r"""\Delta{\bm c}_j = \frac{\sum_{i=1}^{m}\delta(y_i = j)\cdot({\bm c}_j - {\bm x}_i)}{1 +
        \sum_{i=1}^{m}\delta(y_i = j)}""",
    x="m d",
    c="K d",
    y="m",
    origin=1,
)
def _(rng):
    x, c, y = rng.normal(size=(4, 2)), rng.normal(size=(3, 2)), np.array([3, 1, 1, 3])
    value = [(c[j] - x[y == j + 1]).sum(0) / (1 + (y == j + 1).sum()) for j in range(3)]
    return dict(x=x, c=c, y=y), value


@case(
    "Szegedy et al.: label smoothing, Kronecker's delta of a label",
    r"q'(k) = (1-\epsilon)\delta_{k,y} + \frac{\epsilon}{K}.",
    q_prime="K",
    y="",
    epsilon="",
)
def _(rng):
    return dict(y=2, epsilon=0.1, K=4), [0.025, 0.025, 0.925, 0.025]


@case(
    "Hinton et al.: softmax at a temperature, T no transpose",
    r"q_i = \frac{exp(z_i/T)}{\sum_j exp(z_j/T)}",
    z="n",
    T="",
)
def _(rng):
    z = rng.normal(size=4)
    return dict(z=z, T=2.5), special.softmax(z / 2.5)


@case(
    "Hinton et al.: distillation, the gradient by a logit, a chain",
    r"""\frac{\partial C}{\partial z_i} = \frac{1}{T}\left(q_i - p_i\right) =
        \frac{1}{T}\left(\frac{e^{z_i/T}}{\sum_j{e^{z_j/T}}} -
        \frac{e^{v_i/T}}{\sum_j{e^{v_j/T}}}\right)""",
    q="n",
    p="n",
    z="n",
    v="n",
    T="",
)
def _(rng):
    z, v = rng.normal(size=(2, 4))
    q, p = special.softmax(z / 2.5), special.softmax(v / 2.5)
    return dict(q=q, p=p, z=z, v=v, T=2.5), (q - p) / 2.5


@case(
    "Koenker: the check function, a number before a parenthesis and an indicator I",
    r"\rho_\tau(u) = u(\tau - I(u < 0))",
    u="",
    tau="",
)
def _(rng):
    return dict(u=-1.5, tau=0.3), 1.05


@case(
    "Kingma, Welling: the divergence from a normal distribution, squares in parentheses, from 1",
    r"""-D_{KL}(q_{\boldsymbol{\phi}}(\mathbf{z})||p_{\boldsymbol{\theta}}(\mathbf{z})) =
        \frac{1}{2} \sum_{j=1}^J \left(1 + \log ((\sigma_j)^2) - (\mu_j)^2 - (\sigma_j)^2
        \right)""",
    mu="J",
    sigma="J",
    origin=1,
)
def _(rng):
    mu, sigma = rng.normal(size=4), rng.uniform(0.5, 2, size=4)
    return dict(mu=mu, sigma=sigma), (1 + 2 * np.log(sigma) - mu**2 - sigma**2).sum() / 2


@case(
    "Salehi et al.: Tversky's index, a label and an index side by side, from 1",
    r"""T(\alpha,\beta) = \frac{\sum_{i=1}^{N} p_{0i} g_{0i}}{\sum_{i=1}^{N} p_{0i} g_{0i} +
        \alpha\sum_{i=1}^{N} p_{0i} g_{1i} + \beta\sum_{i=1}^{N} p_{1i} g_{0i}}""",
    p_0="N",
    p_1="N",
    g_0="N",
    g_1="N",
    alpha="",
    beta="",
    origin=1,
)
def _(rng):
    p, g = rng.uniform(size=5), np.array([1, 0, 0, 1, 1])
    both = p @ g
    value = both / (both + 0.3 * p @ (1 - g) + 0.7 * (1 - p) @ g)
    return dict(p_0=p, p_1=1 - p, g_0=g, g_1=1 - g, alpha=0.3, beta=0.7), value


@case(
    "Girshick: Fast R-CNN, a smooth norm, a subscript of a name",
    r"""\textrm{smooth}_{L_1}(x) = \begin{cases} 0.5x^2 & \textrm{if } |x| < 1\\ |x| - 0.5 &
        \textrm{otherwise}, \end{cases}""",
    x="n",
)
def _(rng):
    x = np.array([-2.0, -0.5, 0.25, 1.5])
    return dict(x=x), [1.5, 0.125, 0.03125, 1.0]


@case(
    "Gatys et al.: style, sizes that have an index",
    r"""E_l = \frac{1}{4N_l^2M_l^2} \sum_{i,j} \left( G^l_{ij} - A^l_{ij} \right)^2""",
    N="L",
    M="L",
    G="L n n",
    A="L n n",
)
def _(rng):
    G, A = rng.normal(size=(2, 2, 3, 3))
    N, M = np.array([3, 3]), np.array([8, 4])
    return dict(N=N, M=M, G=G, A=A), ((G - A) ** 2).sum((1, 2)) / 4 / N**2 / M**2


@case(
    "Gatys et al.: the gradient of the content, indices of a difference",
    r"""\frac{\partial \mathcal{L}_{content}}{\partial F_{ij}^l} = \begin{cases} \left(F^l - P^l
        \right)_{ij} & \text{if } F^l_{ij} > 0\\ 0 & \text{if } F^l_{ij} < 0 ~, \end{cases}""",
    F="L N M",
    P="L N M",
)
def _(rng):
    F, P = rng.normal(size=(2, 2, 3, 4))
    return dict(F=F, P=P), np.where(F > 0, F - P, 0)


@case(
    "Gatys et al.: the gradient of the style, a transposed product, its indices turned",
    r"""\frac{\partial E_l}{\partial F_{ij}^l} = \begin{cases} \frac{1}{N_l^2M_l^2} \left(
        (F^l)^\mathrm{T} \left( G^l - A^l \right) \right)_{ji} & \text{if } F_{ij}^l > 0\\ 0 &
        \text{if } F_{ij}^l < 0 ~. \end{cases}""",
    N="L",
    M="L",
    F="L n m",
    G="L n n",
    A="L n n",
    dE_dF="L n m",
)
def _(rng):
    F, G, A = rng.normal(size=(2, 3, 4)), *rng.normal(size=(2, 2, 3, 3))
    N, M = np.array([3, 2]), np.array([4, 5])
    products = [(F[i].T @ (G[i] - A[i])).T / N[i] ** 2 / M[i] ** 2 for i in range(2)]
    return dict(N=N, M=M, F=F, G=G, A=A), np.where(F > 0, products, 0)


# Normalisation and steps


@case(
    "Ioffe, Szegedy: batch normalisation backwards, the mean, minus behind a sum, from 1",
    r"""\frac{\partial \ell}{\partial \mu_{\mathcal{B}}} = \left(\sum_{i=1}^m \frac{\partial
        \ell}{\partial \widehat{x}_i} \cdot \frac{-1}{\sqrt{\sigma_{\mathcal{B}}^2 +
        \epsilon}}\right) + \frac{\partial \ell}{\partial \sigma_{\mathcal{B}}^2} \cdot
        \frac{\sum_{i=1}^m -2 (x_i - \mu_{\mathcal{B}})}{m}""",
    x="m",
    dell_dx_hat="m",
    dell_dsigma_B_squared="",
    mu_B="",
    sigma_B="",
    epsilon="",
    origin=1,
)
def _(rng):
    x, g = rng.normal(size=(2, 5))
    arrays = dict(x=x, dell_dx_hat=g, dell_dsigma_B_squared=0.7, mu_B=0.3, sigma_B=1.2)
    value = -g.sum() / np.sqrt(1.54) - 1.4 * (x - 0.3).mean()
    return dict(arrays, epsilon=0.1), value


@case(
    "Ioffe, Szegedy: batch normalisation backwards, the input, from 1",
    r"""\frac{\partial \ell}{\partial x_i} = \frac{\partial \ell}{\partial \widehat{x}_i} \cdot
        \frac{1}{\sqrt{\sigma_{\mathcal{B}}^2 + \epsilon}} + \frac{\partial \ell}{\partial
        \sigma_{\mathcal{B}}^2} \cdot \frac{2(x_i - \mu_{\mathcal{B}})}{m} + \frac{\partial
        \ell}{\partial \mu_{\mathcal{B}}} \cdot \frac{1}{m}""",
    x="m",
    dell_dx_hat="m",
    dell_dsigma_B_squared="",
    dell_dmu_B="",
    mu_B="",
    sigma_B="",
    epsilon="",
    origin=1,
)
def _(rng):
    x, g = rng.normal(size=(2, 5))
    arrays = dict(x=x, dell_dx_hat=g, dell_dsigma_B_squared=0.7, dell_dmu_B=-0.4, mu_B=0.3)
    value = g / np.sqrt(1.54) + 1.4 * (x - 0.3) / 5 - 0.08
    return dict(arrays, sigma_B=1.2, epsilon=0.1), value


@case(
    "Ulyanov et al.: instance normalisation, the mean, from 1",
    r"\mu_{ti} = \frac{1}{HW} \sum_{l=1}^W \sum_{m=1}^H x_{tilm}",
    x="T C W H",
    origin=1,
)
def _(rng):
    x = rng.normal(size=(2, 3, 4, 5))
    return dict(x=x), x.mean((2, 3))


@case(
    "Zhang, Sennrich: RMSNorm, what it divides by behind the comma, from 1",
    r"""\bar{a}_i = \frac{a_i}{\text{RMS}(\mathbf{a})} g_i, \quad \text{where}~~
        \text{RMS}(\mathbf{a}) = \sqrt{\frac{1}{n} \sum_{i=1}^{n} a_i^2}.""",
    a="n",
    g="n",
    origin=1,
)
def _(rng):
    a, g = rng.normal(size=(2, 4))
    return dict(a=a, g=g), a / np.sqrt(np.mean(a**2)) * g


@case(
    "Salimans, Kingma: weight normalisation, the gradient of the length",
    r"""\nabla_{g} L = \frac{\nabla_{\mathbf{w}} L \cdot \mathbf{v}}{||\mathbf{v}||}""",
    dL_dw="n",
    v="n",
)
def _(rng):
    g, v = rng.normal(size=(2, 4))
    return dict(dL_dw=g, v=v), g @ v / np.linalg.norm(v)


@case(
    "Salimans, Kingma: weight normalisation, the gradient of the direction",
    r"""\nabla_{\mathbf{v}} L = \frac{g}{||\mathbf{v}||}\nabla_{\mathbf{w}} L - \frac{g \nabla_{g}
        L}{||\mathbf{v}||^{2}}\mathbf{v}""",
    g="",
    dL_dw="n",
    dL_dg="",
    v="n",
)
def _(rng):
    w, v = rng.normal(size=(2, 4))
    size = np.linalg.norm(v)
    return dict(g=1.5, dL_dw=w, dL_dg=0.7, v=v), 1.5 / size * w - 1.5 * 0.7 / size**2 * v


@case(
    "Zhang et al.: Dive into Deep Learning, Adam, a rescaled gradient",
    r"""\mathbf{g}_t' = \frac{\eta \hat{\mathbf{v}}_t}{\sqrt{\hat{\mathbf{s}}_t} + \epsilon}.""",
    v_hat="T n",
    s_hat="T n",
    g_prime="T n",
    eta="",
    epsilon="",
)
def _(rng):
    v, s = rng.normal(size=(3, 2)), rng.uniform(size=(3, 2))
    arrays = dict(v_hat=v, s_hat=s, eta=0.1, epsilon=1e-3)
    return arrays, 0.1 * v / (np.sqrt(s) + 1e-3)


@case(
    "Zhang et al.: Dive into Deep Learning, a cosine schedule, its ends by their subscripts",
    r"\eta_t = \eta_T + \frac{\eta_0 - \eta_T}{2} \left(1 + \cos(\pi t/T)\right)",
    eta_T="",
    eta_0="",
    eta="T+1",
)
def _(rng):
    value = 0.1 + 0.35 * (1 + np.cos(np.pi * np.arange(5) / 4))
    return dict(eta_T=0.1, eta_0=0.8, T=4), value


@case(
    "Zhang et al.: Dive into Deep Learning, a schedule that is a power",
    r"\eta(t) = \eta_0 \cdot (\beta t + 1)^{-\alpha}",
    eta="T",
    eta_0="",
    alpha="",
    beta="",
)
def _(rng):
    value = 0.5 * (0.2 * np.arange(4) + 1) ** -0.75
    return dict(eta_0=0.5, alpha=0.75, beta=0.2, T=4), value


@case(
    "Chen et al.: DeepLab, the poly policy, names in italics",
    r"(1-\frac{iter}{max\_iter})^{power}",
    iter="",
    max_iter="",
    power="",
)
def _(rng):
    return dict(iter=30, max_iter=40, power=0.9), 0.25**0.9


@case(
    "Chen et al.: Lion, a mix of the gradient and what was, from 1",
    r"c_t \leftarrow \beta_1 m_{t-1} + (1 - \beta_1) g_t",
    m="T n",
    g="T n",
    c="T n",
    beta_1="",
    origin=1,
)
def _(rng):
    m, g = rng.normal(size=(2, 4, 3))
    return dict(m=m, g=g, beta_1=0.9), 0.9 * np.vstack([np.zeros(3), m[:-1]]) + 0.1 * g


# Probability and metrics


@case(
    "Bishop: Pattern Recognition and Machine Learning, 1.54, a log likelihood, from 1",
    r"""\ln p\left(\mathsf{x}|\mu,\sigma^2\right) = -\frac{1}{2\sigma^2} \sum_{n=1}^{N} (x_n-\mu)^2
        - \frac{N}{2} \ln \sigma^2 - \frac{N}{2} \ln(2\pi).""",
    x="N",
    mu="",
    sigma="",
    origin=1,
)
def _(rng):
    x = rng.normal(size=5)
    value = np.log(np.exp(-((x - 0.3) ** 2) / 2.88) / np.sqrt(2 * np.pi) / 1.2).sum()
    return dict(x=x, mu=0.3, sigma=1.2), value


@case(
    "Bishop: Pattern Recognition and Machine Learning, 9.1, K-means, from 1",
    r"J = \sum_{n=1}^N \sum_{k=1}^K r_{nk} \| \mathbf{x}_n - \boldsymbol{\mu}_k \|^2",
    r="N K",
    x="N D",
    mu="K D",
    origin=1,
)
def _(rng):
    r, x, mu = np.eye(3)[[0, 2, 1, 1]], rng.normal(size=(4, 2)), rng.normal(size=(3, 2))
    return dict(r=r, x=x, mu=mu), ((x - mu[[0, 2, 1, 1]]) ** 2).sum()


@case(
    "Bishop: Pattern Recognition and Machine Learning, 9.2, the nearest mean by cases",
    r"""r_{nk} = \begin{cases} 1 & \text{if } k = \arg\min_j \|\mathbf{x}_n -
        \boldsymbol{\mu}_j\|^2 \\ 0 & \text{otherwise.} \end{cases}""",
    x="N D",
    mu="K D",
    r="N K",
)
def _(rng):
    x, mu = rng.normal(size=(5, 2)), rng.normal(size=(3, 2))
    nearest = ((x[:, None] - mu) ** 2).sum(2).argmin(1)
    return dict(x=x, mu=mu), np.eye(3)[nearest]


@case(
    "Bishop: Pattern Recognition and Machine Learning, 9.4, the means, sums of vectors",
    r"""\boldsymbol{\mu}_k = \frac{\sum_n r_{nk} \mathbf{x}_n}{\sum_n r_{nk}}.""",
    r="N K",
    x="N D",
)
def _(rng):
    r, x = rng.uniform(size=(5, 3)), rng.normal(size=(5, 2))
    return dict(r=r, x=x), r.T @ x / r.sum(0)[:, None]


@case(
    "Bishop: Pattern Recognition and Machine Learning, 12.3, the covariance, from 1",
    r"""\mathbf{S} = \frac{1}{N} \sum_{n=1}^{N} (\mathbf{x}_n - \overline{\mathbf{x}})(\mathbf{x}_n
        - \overline{\mathbf{x}})^{\mathrm{T}}.""",
    x="N D",
    x_bar="D",
    origin=1,
)
def _(rng):
    x = rng.normal(size=(5, 3))
    return dict(x=x, x_bar=x.mean(0)), np.cov(x.T, bias=True)


@case(
    "Hastie, Tibshirani, Friedman: ridge regression, its loss in matrices",
    r"""\mathrm{RSS}(\lambda) = (\mathbf{y} - \mathbf{X}\beta)^T(\mathbf{y} - \mathbf{X}\beta) +
        \lambda\beta^T\beta,""",
    y="n",
    X="n p",
    beta="p",
    lambda_="",
)
def _(rng):
    y, X, beta = rng.normal(size=4), rng.normal(size=(4, 3)), rng.normal(size=3)
    value = ((y - X @ beta) ** 2).sum() + 0.5 * beta @ beta
    return dict(y=y, X=X, beta=beta, lambda_=0.5), value


@case(
    "Hastie, Tibshirani, Friedman: ridge regression solved, an inverse and the identity",
    r"""\hat\beta^{\mathrm{ridge}} = (\mathbf{X}^T\mathbf{X} +
        \lambda\mathbf{I})^{-1}\mathbf{X}^T\mathbf{y},""",
    X="n p",
    y="n",
    lambda_="",
)
def _(rng):
    y, X = rng.normal(size=4), rng.normal(size=(4, 3))
    value = linalg.solve(X.T @ X + 0.5 * np.eye(3), X.T @ y)
    return dict(X=X, y=y, lambda_=0.5), value


@case(
    "Hastie, Tibshirani, Friedman: logistic regression, 4.20, a power with a product, from 1",
    r"""\ell(\beta) = \sum_{i=1}^{N} \left\{ y_i\beta^T x_i - \log(1 + e^{\beta^T x_i})
        \right\}.""",
    y="N",
    beta="p",
    x="N p",
    origin=1,
)
def _(rng):
    y, beta, x = np.array([1, 0, 0, 1]), rng.normal(size=3), rng.normal(size=(4, 3))
    p = special.expit(x @ beta)
    return dict(y=y, beta=beta, x=x), np.log(np.where(y == 1, p, 1 - p)).sum()


@case(
    "Hastie, Tibshirani, Friedman: soft thresholding, a sign before a parenthesis",
    r"\mathrm{sign}(\hat\beta_j)(|\hat\beta_j| - \lambda)_+",
    beta_hat="p",
    lambda_="",
)
def _(rng):
    beta = rng.normal(size=6)
    value = np.sign(beta) * np.maximum(np.abs(beta) - 0.5, 0)
    return dict(beta_hat=beta, lambda_=0.5), value


@case(
    "Wikipedia: the distance of Mahalanobis, arrows and an inverse",
    r"""d_M(\vec{x}, Q) = \sqrt{(\vec{x} - \vec{\mu})^\mathsf{T} S^{-1} (\vec{x} - \vec{\mu})}.""",
    x="n",
    mu="n",
    S="n n",
)
def _(rng):
    x, mu, root = rng.normal(size=3), rng.normal(size=3), rng.normal(size=(3, 3))
    S = root @ root.T + np.eye(3)
    return dict(x=x, mu=mu, S=S), np.sqrt((x - mu) @ linalg.solve(S, x - mu))


@case(
    "Wikipedia: the distance of Hellinger, from 1",
    r"""H(P, Q) = \frac{1}{\sqrt{2}} \; \sqrt{\sum_{i=1}^k (\sqrt{p_i} - \sqrt{q_i})^2},""",
    p="k",
    q="k",
    origin=1,
)
def _(rng):
    p, q = rng.dirichlet([1.0] * 4, size=2)
    return dict(p=p, q=q), np.sqrt(1 - np.sqrt(p * q).sum())


@case(
    "Wikipedia: cross-entropy, a sum over an alphabet, a logarithm without parentheses",
    r"H(p, q) = -\sum_{x\in\mathcal{X}} p(x)\, \log q(x).",
    p="n",
    q="n",
)
def _(rng):
    p, q = rng.dirichlet([1.0] * 4, size=2)
    return dict(p=p, q=q), -p @ np.log(q)


@case(
    "Wikipedia: mutual information, marginals by their subscripts",
    r"""\operatorname{I}(X; Y) = \sum_{y \in \mathcal Y} \sum_{x \in \mathcal X} { P_{(X,Y)}(x, y)
        \log\left(\frac{P_{(X,Y)}(x, y)}{P_X(x)\,P_Y(y)}\right) },""",
    P_XY="n m",
    P_X="n",
    P_Y="m",
)
def _(rng):
    P = rng.dirichlet([1.0] * 12).reshape(3, 4)
    marginals = P.sum(1), P.sum(0)
    value = special.rel_entr(P, np.outer(*marginals)).sum()
    return dict(P_XY=P, P_X=marginals[0], P_Y=marginals[1]), value


@case(
    "Wikipedia: perplexity of a model, a logarithm to a base, a symbol at each place, from 1",
    r"b^{- \frac{1}{N} \sum_{i=1}^N \log_b q(x_i)}",
    q="K",
    x="N",
    b="",
    origin=1,
)
def _(rng):
    q, x = rng.dirichlet([1.0] * 3), np.array([3, 1, 1, 2, 3])
    return dict(q=q, x=x, b=3), np.prod(q[x - 1]) ** (-1 / 5)


@case(
    "van der Maaten, Hinton: t-SNE, a divergence over pairs that differ",
    r"C = KL(P||Q) = \sum_i \sum_{j \neq i} p_{ij} \log \frac{p_{ij}}{q_{ij}}.",
    p="n n",
    q="n n",
)
def _(rng):
    p, q = rng.uniform(size=(2, 4, 4))
    value = sum(p[i, j] * np.log(p[i, j] / q[i, j]) for i, j in over(4, 4) if i != j)
    return dict(p=p, q=q), value


@case(
    "van der Maaten, Hinton: t-SNE, the gradient, a derivative with deltas",
    r"""\frac{\delta C}{\delta y_i} = 4 \sum_j (p_{ij} - q_{ij})(y_i - y_j)\left(1 + \|y_i -
        y_j\|^2\right)^{-1}.""",
    p="n n",
    q="n n",
    y="n d",
)
def _(rng):
    p, q = rng.uniform(size=(2, 4, 4))
    y = rng.normal(size=(4, 2))
    value = np.zeros((4, 2))
    for i, j in over(4, 4):
        d = y[i] - y[j]
        value[i] += 4 * (p[i, j] - q[i, j]) * d / (1 + d @ d)
    return dict(p=p, q=q, y=y), value


@case(
    "van der Maaten, Hinton: the entropy of a point, an index behind a bar",
    r"H(P_i) = -\sum_{j} p_{j|i} \log_2 p_{j|i}.",
    p="n n",
)
def _(rng):
    p = rng.uniform(0.1, 0.9, size=(4, 4))
    return dict(p=p), -(p * np.log2(p)).sum(0)


@case(
    "Papineni et al.: BLEU, the brevity penalty, a slash in a power",
    r"""\text{BP} = \left\{ \begin{array}{ll} 1 & \text{if } c > r \\ e^{(1-r/c)} & \text{if } c
        \leq r \end{array} \right..""",
    c="",
    r="",
)
def _(rng):
    return dict(c=8, r=10), np.exp(-0.25)


@case(
    "Papineni et al.: BLEU, words that are numbers, from 1",
    r"\text{BLEU} = \text{BP} \cdot \exp\left( \sum_{n=1}^N w_n \log p_n \right).",
    BP="",
    w="N",
    p="N",
    origin=1,
)
def _(rng):
    p = rng.uniform(0.1, 0.9, size=4)
    return dict(BP=0.8, w=np.full(4, 0.25), p=p), 0.8 * p.prod() ** 0.25


@case(
    "Zhang et al.: Dive into Deep Learning, BLEU, a power with a slash and a power, from 1",
    r"""\exp\left(\min\left(0, 1 - \frac{\mathrm{len}_{\textrm{label}}}{
        \mathrm{len}_{\textrm{pred}}}\right)\right) \prod_{n=1}^k p_n^{1/2^n},""",
    len_label="",
    len_pred="",
    p="k",
    origin=1,
)
def _(rng):
    p = rng.uniform(0.1, 0.9, size=3)
    value = np.exp(-0.25) * p[0] ** 0.5 * p[1] ** 0.25 * p[2] ** 0.125
    return dict(len_label=10, len_pred=8, p=p), value


@case(
    "Wikipedia: the F-measure",
    r"""F_\beta = (1 + \beta^2) \cdot \frac{\mathrm{precision} \cdot \mathrm{recall}}{(\beta^2 \cdot
        \mathrm{precision}) + \mathrm{recall}}.""",
    precision="",
    recall="",
    beta="",
)
def _(rng):
    return dict(precision=0.5, recall=0.8, beta=2), 5 * 0.4 / 2.8


@case(
    "Wikipedia: the coefficient of Matthews, names of two letters",
    r"""\text{MCC} = \frac{ \mathit{TP} \times \mathit{TN} - \mathit{FP} \times \mathit{FN} }
        {\sqrt{ (\mathit{TP} + \mathit{FP}) ( \mathit{TP} + \mathit{FN} ) ( \mathit{TN} +
        \mathit{FP} ) ( \mathit{TN} + \mathit{FN} ) } }""",
    TP="",
    TN="",
    FP="",
    FN="",
)
def _(rng):
    y, guess = np.repeat([1, 0, 0, 1], [6, 3, 1, 2]), np.repeat([1, 0, 1, 0], [6, 3, 1, 2])
    return dict(TP=6, TN=3, FP=1, FN=2), np.corrcoef(y, guess)[0, 1]


@case(
    "Long et al.: fully convolutional networks, the accuracy of pixels, two sums and a slash",
    r"\sum_i n_{ii} / \sum_i t_i",
    n="K K",
    t="K",
)
def _(rng):
    n = rng.integers(1, 9, size=(3, 3))
    return dict(n=n, t=n.sum(1)), np.trace(n) / n.sum()


@case(
    "Long et al.: fully convolutional networks, the mean IU, a sum in a sum",
    r"""(1/n_\textrm{cl}) \sum_i n_{ii} / \left(t_i + \sum_j n_{ji} - n_{ii}\right)""",
    n="K K",
    t="K",
    n_cl="",
)
def _(rng):
    n = rng.integers(1, 9, size=(3, 3))
    value = np.mean([n[i, i] / (n[i].sum() + n[:, i].sum() - n[i, i]) for i in range(3)])
    return dict(n=n, t=n.sum(1), n_cl=3), value


@case(
    "Cohen: the agreement of chance, as in Wikipedia, from 1",
    r"p_e = \frac{1}{N^2} \sum_k n_{k1}n_{k2}",
    n="K 2",
    N="",
    origin=1,
)
def _(rng):
    n = rng.multinomial(20, [0.25] * 4, size=2).T
    return dict(n=n, N=20), n[:, 0] @ n[:, 1] / 400


# Signals


@case(
    "Oppenheim, Schafer: circular convolution, a remainder by a subscript of parentheses",
    r"x_3[n] = \sum_{m=0}^{N-1} x_1[m]\, x_2[((n-m))_N], \quad 0 \leq n \leq N-1",
    x_1="N",
    x_2="N",
    x_3="N",
)
def _(rng):
    u, v = rng.normal(size=(2, 5))
    return dict(x_1=u, x_2=v), table(lambda n: sum(u[m] * v[(n - m) % 5] for m in range(5)), 5)


@case(
    "Mitra: circular convolution, a remainder in angle brackets",
    r"y_C[n] = \sum_{m=0}^{N-1} g[m]\, h[\langle n-m \rangle_N]",
    g="N",
    h="N",
    y_C="N",
)
def _(rng):
    g, h = rng.normal(size=(2, 5))
    return dict(g=g, h=h), table(lambda n: sum(g[m] * h[(n - m) % 5] for m in range(5)), 5)


@case(
    "Oppenheim, Schafer: a circular shift",
    r"x_1[n] = x[((n-m))_N], \quad 0 \le n \le N-1",
    x="N",
    x_1="N",
    m="",
)
def _(rng):
    x = rng.normal(size=5)
    return dict(x=x, m=2), np.roll(x, 2)


@case(
    "Smith: The Scientist and Engineer's Guide to DSP, a real part by its name",
    r"\mathit{ReX}[k] = \sum_{i=0}^{N-1} x[i] \cos(2\pi ki/N)",
    x="N",
    ReX="N//2+1",
)
def _(rng):
    x = rng.normal(size=6)
    return dict(x=x), np.fft.rfft(x).real


@case(
    "Box, Jenkins: the periodogram, a cosine without parentheses, from 1",
    r"a_i = \frac{2}{N} \sum_{t=1}^{N} z_t \cos 2\pi f_i t",
    z="N",
    f="q",
    origin=1,
)
def _(rng):
    z = rng.normal(size=5)
    return dict(z=z, f=np.array([0.2, 0.4])), [
        0.4 * sum(z[t - 1] * np.cos(2 * np.pi * f * t) for t in range(1, 6)) for f in (0.2, 0.4)
    ]


@case(
    "Blackman, Tukey: a raw estimate of the spectrum, a cosine of a letter and pi",
    r"""V_r = \Delta\tau \left[ C_0 + 2 \sum_{q=1}^{m-1} C_q \cos \frac{qr\pi}{m} + C_m \cos r\pi
        \right]""",
    C="m+1",
    V="m+1",
    Delta_tau="",
)
def _(rng):
    C = rng.normal(size=6)
    return dict(C=C, Delta_tau=0.5), fft.dct(C, type=1) / 2


@case(
    "Lecture notes: the real part of a transform, a cosine before a slash",
    r"a_k = \sum_{n=0}^{N-1} x_n \cos 2\pi kn/N",
    x="N",
    a="N",
)
def _(rng):
    x = rng.normal(size=5)
    return dict(x=x), np.fft.fft(x).real


@case(
    "Lecture notes: relative entropy, a logarithm before a slash",
    r"D(p\|q) = \sum_x p(x) \log p(x)/q(x)",
    p="n",
    q="n",
)
def _(rng):
    p, q = rng.dirichlet([1.0] * 4, size=2)
    return dict(p=p, q=q), special.rel_entr(p, q).sum()


@case(
    "Press et al.: Numerical Recipes, the sine transform, letters before a slash",
    r"F_k = \sum_{j=1}^{N-1} f_j \sin(\pi jk/N)",
    f="N",
    F="N",
)
def _(rng):
    f = rng.normal(size=5)
    return dict(f=f), [0, *fft.dst(f[1:], type=1) / 2]


@case(
    "Press et al.: Numerical Recipes, the cosine transform, its ends, N an index",
    r"""F_k = \frac{1}{2}[f_0 + (-1)^k f_N] + \sum_{j=1}^{N-1} f_j \cos(\pi jk/N)""",
    f="N+1",
    F="N+1",
)
def _(rng):
    f = rng.normal(size=6)
    return dict(f=f), fft.dct(f, type=1) / 2


@case(
    "Proakis, Manolakis: a transform of an even sequence, a cosine without parentheses",
    r"X(k) = \sum_{n=0}^{N-1} x(n) \cos \frac{2\pi kn}{N}, \quad 0 \le k \le N-1",
    x="N",
    X="N",
)
def _(rng):
    x = rng.normal(size=5)
    x = x + np.roll(x[::-1], 1)
    return dict(x=x), np.fft.fft(x).real


@case(
    "Ahmed, Natarajan, Rao: the discrete cosine transform, the range behind the comma",
    r"""G_x(k) = \frac{2}{M} \sum_{m=0}^{M-1} X(m) \cos \frac{(2m+1)k\pi}{2M}, \qquad k = 1, 2,
        \ldots, (M-1)""",
    X="M",
    G_x="M",
)
def _(rng):
    x = rng.normal(size=5)
    return dict(X=x), [0, *fft.dct(x)[1:] / 5]


@case(
    "Wikipedia: the discrete Hartley transform, a function with a name of its own",
    r"""H_k = \sum_{n=0}^{N-1} x_n \operatorname{cas} \left( \frac{2 \pi}{N} n k \right) =
        \sum_{n=0}^{N-1} x_n \left[ \cos \left( \frac{2 \pi}{N} n k \right) + \sin \left( \frac{2
        \pi}{N} n k \right) \right]""",
    x="N",
    H="N",
)
def _(rng):
    x = rng.normal(size=5)
    X = np.fft.fft(x)
    return dict(x=x, cas=lambda u: np.cos(u) + np.sin(u)), X.real - X.imag


@case(
    "Harris: the window of Blackman and Harris, a number behind a fraction",
    r"""w(n) = a_0 - a_1 \cos\left[\frac{2\pi}{N} n\right] + a_2 \cos\left[\frac{2\pi}{N} 2n\right]
        - a_3 \cos\left[\frac{2\pi}{N} 3n\right], \quad n = 0, 1, 2, \ldots, N-1""",
    a="4",
    w="N",
)
def _(rng):
    value = signal.windows.blackmanharris(6, sym=False)
    return dict(a=np.array([0.35875, 0.48829, 0.14128, 0.01168]), N=6), value


@case(
    "Young et al.: The HTK Book, a window applied, braces around a factor, from 1",
    r"""{s'}_n = \left\{ 0.54 - 0.46 \cos \left( \frac{2 \pi (n-1)}{N-1} \right) \right\} s_n""",
    s="N",
    s_prime="N",
    origin=1,
)
def _(rng):
    s = rng.normal(size=6)
    return dict(s=s), np.hamming(6) * s


@case(
    "Young et al.: The HTK Book, cepstral coefficients, from 1",
    r"c_i = \sqrt{\frac{2}{N}} \sum_{j=1}^N m_j \cos \left( \frac{\pi i}{N} (j-0.5) \right)",
    m="N",
    c="P",
    origin=1,
)
def _(rng):
    m = rng.normal(size=6)
    return dict(m=m, P=4), fft.dct(m, norm="ortho")[1:5]


@case(
    "Young et al.: The HTK Book, differences over time, theta an index",
    r"""d_t = \frac{\sum_{\theta=1}^{\Theta} \theta(c_{t+\theta} - c_{t-\theta})}{2
        \sum_{\theta=1}^{\Theta}\theta^2}""",
    c="T",
    d="T",
    Theta="",
)
def _(rng):
    c = np.pad(rng.normal(size=3), 2)  # beyond its ends there is nothing, as there
    return dict(c=c, Theta=2), np.correlate(c, np.arange(-2, 3), "same") / 10


@case(
    "O'Shaughnessy: the mel scale",
    r"m = 2595 \log_{10}\left(1 + \frac{f}{700}\right)",
    f="n",
)
def _(rng):
    f = np.array([0.0, 350.0, 700.0, 6300.0])
    return dict(f=f), [0, 2595 * np.log10(1.5), 2595 * np.log10(2), 2595]


@case(
    "Wikipedia: Savitzky and Golay, bounds that are fractions, a range behind the comma",
    r"""Y_j = \sum _{i=\tfrac{1-m}{2}}^{\tfrac{m-1}{2}}C_i\, y_{j+i},\qquad  \frac{m+1}{2} \le j \le
        n-\frac{m-1}{2}""",
    C="m",
    y="n",
    Y="n",
    origin={"C": -2, "y": 1, "Y": 1},
)
def _(rng):
    C, y = signal.savgol_coeffs(5, 2), rng.normal(size=8)
    value = np.correlate(y, C, "same")
    value[[0, 1, -2, -1]] = 0
    return dict(C=C, y=y), value


@case(
    "Kaiser: the energy of Teager, a square between a name and its argument",
    r"\Psi[x(n)] = x^2(n) - x(n+1)\,x(n-1)",
    x="N",
    Psi="N",
)
def _(rng):
    x = rng.normal(size=5)
    padded = np.pad(x, 1)
    return dict(x=x), x**2 - padded[2:] * padded[:-2]


@case(
    "Wikipedia: the rate of zero crossings, the indicator of a half-line",
    r"zcr = \frac{1}{T-1} \sum_{t=1}^{T-1} \mathbb{1}_{\mathbb{R}_{<0}}(s_t s_{t-1})",
    s="T",
)
def _(rng):
    return dict(s=np.array([1.0, -2.0, -1.0, 0.5, 3.0])), 0.5


@case(
    "Wikipedia: one level of wavelets, a word for a subscript, a sum without end",
    r"y_{\mathrm{low}} [n] = \sum\limits_{k = - \infty }^\infty  {x[k] g[2 n - k]}",
    x="N",
    g="L",
    y_low="P",
)
def _(rng):
    x, g = rng.normal(size=6), rng.normal(size=3)
    return dict(x=x, g=g, P=4), np.convolve(x, g)[::2]


@case(
    "NIST handbook: autocorrelation, large letters with bars, from 1",
    r"""r_k = \frac{\sum_{i=1}^{N-k} (Y_i - \bar{Y})(Y_{i+k} - \bar{Y})}{\sum_{i=1}^{N} (Y_i -
        \bar{Y})^2 }""",
    Y="N",
    Y_bar="",
    r="K",
    origin=1,
)
def _(rng):
    Y = rng.normal(size=6)
    d = Y - Y.mean()
    value = [d[:-k] @ d[k:] / (d @ d) for k in (1, 2, 3)]
    return dict(Y=Y, Y_bar=Y.mean(), K=3), value


# Pictures


@case(
    "Lowe: scale space, a Gaussian with a slash in its power",
    r"G(x,y,\sigma) = \frac{1}{2\pi\sigma^2} e^{-(x^2+y^2)/2\sigma^2}.",
    x="",
    y="",
    sigma="",
)
def _(rng):
    return dict(x=0.5, y=-1.5, sigma=1.5), np.exp(-2.5 / 4.5) / (4.5 * np.pi)


@case(
    "Lowe: the magnitude of the gradient of a smoothed picture",
    r"m(x,y) = \sqrt{ (L(x+1,y) - L(x-1,y))^2 + (L(x,y+1) - L(x,y-1))^2 }",
    L="M N",
    m="M N",
)
def _(rng):
    L = rng.normal(size=(4, 5))
    padded = np.pad(L, 1)
    value = np.hypot((padded[2:] - padded[:-2])[:, 1:-1], (padded[:, 2:] - padded[:, :-2])[1:-1])
    return dict(L=L), value


@case(
    "Lowe: the orientation of the gradient, an inverse tangent and a slash",
    r"\theta(x,y) = \tan^{-1}((L(x,y+1) - L(x,y-1))/(L(x+1,y) - L(x-1,y)))",
    L="M N",
    theta="M N",
)
def _(rng):
    L = rng.normal(size=(4, 5))
    padded = np.pad(L, 1)
    down, right = (padded[2:] - padded[:-2])[:, 1:-1], (padded[:, 2:] - padded[:, :-2])[1:-1]
    return dict(L=L), np.arctan(right / down)


@case(
    "HIPR: the Laplacian of a Gaussian, a name of three letters",
    r"""LoG(x,y) = -\frac{1}{\pi\sigma^4} \left[ 1 - \frac{x^2+y^2}{2\sigma^2} \right]
        e^{-\frac{x^2+y^2}{2\sigma^2}}""",
    x="",
    y="",
    sigma="",
    LoG="",
)
def _(rng):
    u = 2.5 / 4.5
    return dict(x=0.5, y=-1.5, sigma=1.5), -(1 - u) * np.exp(-u) / np.pi / 1.5**4


@case(
    "Wikipedia: the sum of a rectangle, small rows of inequalities",
    r"""\sum_{\begin{smallmatrix} x_0 < x \le x_1 \\ y_0 < y \le y_1 \end{smallmatrix}} i(x,y)""",
    i="M N",
    **dict.fromkeys(["x_0", "x_1", "y_0", "y_1"], ""),
)
def _(rng):
    image = rng.normal(size=(4, 5))
    return dict(i=image, x_0=0, x_1=2, y_0=1, y_1=4), image[1:3, 2:5].sum()


@case(
    "Wikipedia: the direction of an edge, a function of two pictures",
    r"\mathbf{\Theta} = \operatorname{atan2}\left({ \mathbf{G}_y, \mathbf{G}_x }\right)",
    G_y="M N",
    G_x="M N",
)
def _(rng):
    G_y, G_x = rng.normal(size=(2, 3, 4))
    return dict(G_y=G_y, G_x=G_x), np.arctan2(G_y, G_x)


@case(
    "Szeliski: bilateral filtering, the weights divided by their sum",
    r"g(i,j) = \frac{\sum_{k,l} f(k,l) w(i,j,k,l)}{\sum_{k,l} w(i,j,k,l)}.",
    f="M N",
    w="M N M N",
)
def _(rng):
    f, w = rng.normal(size=(2, 3)), rng.uniform(size=(2, 3, 2, 3))
    return dict(f=f, w=w), (w * f).sum((2, 3)) / w.sum((2, 3))


@case(
    "Shi, Malik: the weight between two pixels, a factor by cases",
    r"""w_{ij} = e^{\frac{-\|F_{(i)} - F_{(j)}\|_2^2}{\sigma_I^2}} * \begin{cases}
        e^{\frac{-\|X_{(i)} - X_{(j)}\|_2^2}{\sigma_X^2}} & \text{if } \|X_{(i)} - X_{(j)}\|_2 < r
        \\ 0 & \text{otherwise.} \end{cases}""",
    F="n d",
    X="n 2",
    sigma_I="",
    sigma_X="",
    r="",
)
def _(rng):
    F, X = rng.normal(size=(4, 3)), rng.normal(size=(4, 2))

    def entry(i, j):
        feature, space = ((F[i] - F[j]) ** 2).sum(), ((X[i] - X[j]) ** 2).sum()
        return np.exp(-feature / 2.25 - space / 4) * (space < 1.5**2)

    return dict(F=F, X=X, sigma_I=1.5, sigma_X=2, r=1.5), table(entry, 4, 4)


@case(
    "Harris, Stephens as in Wikipedia: a determinant and the square of a trace",
    r"R = \det(M) - k \operatorname{tr}(M)^2",
    M="2 2",
    k="",
)
def _(rng):
    M = rng.normal(size=(2, 2))
    return dict(M=M, k=0.04), linalg.det(M) - 0.04 * np.trace(M) ** 2


@case(
    "Otsu as in Wikipedia: the variance between classes, a square before an argument",
    r"\sigma^2_b(t) = \omega_0(t)\omega_1(t)\left[\mu_0(t)-\mu_1(t)\right]^2",
    omega_0="T",
    omega_1="T",
    mu_0="T",
    mu_1="T",
)
def _(rng):
    w, m = rng.uniform(size=4), rng.normal(size=(2, 4))
    value = w * (1 - w) * (m[0] - m[1]) ** 2
    return dict(omega_0=w, omega_1=1 - w, mu_0=m[0], mu_1=m[1]), value


@case(
    "Ojala et al.: local binary patterns, a center and an index by one letter",
    r"LBP_{P,R} = \sum_{p=0}^{P-1} s(g_p - g_c) 2^p,",
    g="P",
    g_c="",
)
def _(rng):
    g = np.array([3.0, 7.0, 5.0, 1.0, 6.0])
    return dict(g=g, g_c=5.0, s=lambda u: np.where(u >= 0, 1.0, 0.0)), 2 + 4 + 16


# Statistics


@case(
    "Wikipedia: the correlation of a sample, sums that name no index",
    r"""r_{xy} = \frac{n\sum x_i y_i - \sum x_i\sum y_i} {\sqrt{n\sum x_i^2-(\sum
        x_i)^2}~\sqrt{n\sum y_i^2-(\sum y_i)^2}}.""",
    x="n",
    y="n",
    r_xy="",
)
def _(rng):
    x, y = rng.normal(size=(2, 5))
    return dict(x=x, y=y), np.corrcoef(x, y)[0, 1]


@case(
    "Wikipedia: the variance of a sample, a square on the left, from 1",
    r"s^2 = \frac{1}{n-1} \sum_{i=1}^n \left(x_i - \overline{x} \right)^ 2",
    x="n",
    x_bar="",
    origin=1,
)
def _(rng):
    x = rng.normal(size=5)
    return dict(x=x, x_bar=x.mean()), x.var(ddof=1)


@case(
    "Wikipedia: the rank correlation of Spearman, a product of a letter and a parenthesis",
    r"r_s = 1 - \frac{6 \sum d_i^2}{n(n^2 - 1)},",
    d="n",
    r_s="",
)
def _(rng):
    d = np.array([1, -2, 0, 3, -2])
    return dict(d=d), 1 - 6 * 18 / 120


@case(
    "Wikipedia: the rank correlation of Kendall, pairs in order",
    r"\tau = \frac{2}{n(n-1)} \sum_{i<j} \sgn(x_i-x_j) \sgn(y_i-y_j)",
    x="n",
    y="n",
)
def _(rng):
    x, y = rng.normal(size=(2, 5))
    signs = [np.sign((x[i] - x[j]) * (y[i] - y[j])) for i, j in over(5, 5) if i < j]
    return dict(x=x, y=y), np.mean(signs)


@case(
    "Wikipedia: the coefficient of Gini, a square before a mean, from 1",
    r"G = \frac{\displaystyle{\sum_{i=1}^n \sum_{j=1}^n \left| x_i - x_j \right|}}{2 n^2 \bar{x}}",
    x="n",
    x_bar="",
    origin=1,
)
def _(rng):
    x = rng.uniform(size=5)
    value = np.abs(x[:, None] - x).sum() / 50 / x.mean()
    return dict(x=x, x_bar=x.mean()), value


@case(
    "Wikipedia: Durbin and Watson, e an array, \\over, from 1",
    r"d = {\sum_{t=2}^T (e_t - e_{t-1})^2 \over {\sum_{t=1}^T e_t^2}},",
    e="T",
    origin=1,
)
def _(rng):
    e = rng.normal(size=5)
    return dict(e=e), (np.diff(e) ** 2).sum() / (e @ e)


@case(
    "Wikipedia: Pearson's test, a square of a letter on the left, from 1",
    r"\chi^2 = \sum_{i=1}^{n} \frac{(O_i - E_i)^2}{E_i}",
    O="n",
    E="n",
    origin=1,
)
def _(rng):
    O, E = rng.uniform(1, 9, size=(2, 4))
    return dict(O=O, E=E), ((O - E) ** 2 / E).sum()


@case(
    "Wikipedia: Ljung and Box, a sum over lags, from 1",
    r"Q = n(n+2)\sum_{k=1}^h\frac{\hat{\rho}^2_k}{n-k}",
    rho_hat="h",
    n="",
    origin=1,
)
def _(rng):
    rho = rng.uniform(-1, 1, size=3)
    return dict(rho_hat=rho, n=12), 168 * (rho**2 / np.array([11, 10, 9])).sum()


@case(
    "Wikipedia: the geometric mean, a product with dots, a power outside of parentheses, from 1",
    r"""\left( \prod_{i=1}^n a_i \right)^\frac{1}{n} = \sqrt[n]{a_1 a_2 \cdots a_n}""",
    a="n",
    origin=1,
)
def _(rng):
    a = rng.uniform(0.5, 2, size=4)
    return dict(a=a), np.exp(np.log(a).mean())


@case(
    "Wikipedia: the F-test, the variation within groups of different sizes, a dot for an index",
    r"""\sum_{i=1}^{K} \sum_{j=1}^{n_{i}} \left( Y_{ij}-\bar{Y}_{i\cdot} \right)^2/(N-K)""",
    Y="K J",
    Y_bar="K",
    n="K",
    N="",
    origin=1,
)
def _(rng):
    Y, n = rng.normal(size=(3, 4)), [2, 4, 3]
    means = np.array([Y[i, : n[i]].mean() for i in range(3)])
    within = sum(((Y[i, : n[i]] - means[i]) ** 2).sum() for i in range(3))
    return dict(Y=Y, Y_bar=means, n=np.array(n), N=9), within / 6


# Grids, physics and trigonometry


@case(
    "LeVeque: the heat equation by the method of lines, a prime and an argument",
    r"U_i'(t) = \frac{1}{h^2} \left( U_{i-1}(t) - 2U_i(t) + U_{i+1}(t) \right)",
    U="m T",
    U_prime="m T",
    h="",
)
def _(rng):
    U = rng.normal(size=(4, 3))
    value = ndimage.correlate1d(U, [1, -2, 1], axis=0, mode="constant") / 0.25
    return dict(U=U, h=0.5), value


@case(
    "LeVeque: a centered difference of a function",
    r"D_0 u(\bar{x}) \equiv \frac{u(\bar{x}+h) - u(\bar{x}-h)}{2h}",
    x_bar="",
    h="",
)
def _(rng):
    return dict(x_bar=0.7, h=0.1, u=np.sin), np.cos(0.7) * np.sin(0.1) / 0.1


@case(
    "Briggs, Henson, McCormick: full weighting, the width of a grid for a name",
    r"""v_{ij}^{2h} = \frac{1}{16} \left[ v_{2i-1,2j-1}^h + v_{2i-1,2j+1}^h + v_{2i+1,2j-1}^h +
        v_{2i+1,2j+1}^h + 2\left( v_{2i,2j-1}^h + v_{2i,2j+1}^h + v_{2i-1,2j}^h + v_{2i+1,2j}^h
        \right) + 4v_{2i,2j}^h \right]""",
    v_h="M N",
    v_2h="P Q",
)
def _(rng):
    v = np.pad(rng.normal(size=(3, 5)), 1)
    whole = signal.convolve2d(v, np.outer([1, 2, 1], [1, 2, 1]) / 16, "same")
    return dict(v_h=v, P=3, Q=4), whole[::2, ::2]


@case(
    "Wikipedia: Simpson's composite rule, bounds with slashes, an array within a function",
    r"""\frac{1}{3} h \left[ f(x_0) + 4\sum_{i=1}^{n/2} f(x_{2i - 1}) + 2\sum_{i=1}^{n/2 - 1}
        f(x_{2i}) + f(x_n) \right]""",
    x="n+1",
    h="",
)
def _(rng):
    x = np.linspace(0, 1.5, 7)
    y = np.exp(x)
    value = 0.25 / 3 * (y[0] + 4 * y[1::2].sum() + 2 * y[2:-1:2].sum() + y[-1])
    return dict(x=x, h=0.25, f=np.exp), value


@case(
    "Wikipedia: the energy of charges, a condition in an upper bound, from 1",
    r"""U_\mathrm{E} = \frac{1}{2}\sum_{i=1}^N q_i \sum_{j=1}^{N(j\ne i)} \frac{k_e q_j}{r_{ij}}""",
    q="N",
    r="N N",
    k_e="",
    origin=1,
)
def _(rng):
    q, r = rng.normal(size=4), rng.uniform(1, 2, size=(4, 4))
    pairs = [q[i] * q[j] / r[i, j] for i, j in over(4, 4) if i != j]
    return dict(q=q, r=r, k_e=9), 4.5 * sum(pairs)


@case(
    "Wikipedia: the potential of Lennard-Jones",
    r"""V_\text{LJ}(r) = 4\varepsilon \left[ \left(\frac{\sigma}{r}\right)^{12} -
        \left(\frac{\sigma}{r}\right)^6 \right]""",
    r="n",
    epsilon="",
    sigma="",
)
def _(rng):
    r = rng.uniform(1, 2, size=4)
    return dict(r=r, epsilon=0.5, sigma=1.2), 2 * ((1.2 / r) ** 12 - (1.2 / r) ** 6)


@case(
    "Wikipedia: spherical coordinates, two functions without parentheses",
    r"x = r \sin\theta \, \cos\varphi",
    r="",
    theta="",
    phi="",
)
def _(rng):
    return dict(r=2, theta=0.5, phi=0.7), 2 * np.sin(0.5) * np.cos(0.7)


@case(
    "Wikipedia: the spherical law of cosines, a function of the result on the left",
    r"\cos c = \cos a \cos b + \sin a \sin b \cos C",
    a="",
    b="",
    C="",
)
def _(rng):
    value = np.cos(0.5) * np.cos(0.7) + np.sin(0.5) * np.sin(0.7) * np.cos(1.1)
    return dict(a=0.5, b=0.7, C=1.1), value


@case(
    "Wikipedia: the haversine formula, products of functions under a root",
    r"""d = 2r \arcsin\left(\sqrt{\sin^2\left(\frac{\varphi_2 - \varphi_1}{2}\right) + \cos\varphi_1
        \cdot \cos\varphi_2 \cdot \sin^2\left(\frac{\lambda_2 - \lambda_1}{2}\right)}\right)""",
    r="",
    **dict.fromkeys(["phi_1", "phi_2", "lambda_1", "lambda_2"], ""),
)
def _(rng):
    a, b, c = 0.3, 0.8, 1.1
    cosine = np.sin(a) * np.sin(b) + np.cos(a) * np.cos(b) * np.cos(c)
    return dict(r=2, phi_1=a, phi_2=b, lambda_1=0.2, lambda_2=0.2 + c), 2 * np.arccos(cosine)


@case(
    "Wikipedia: the kernel of Dirichlet, a chain",
    r"""D_n(x) = 1 + 2\sum_{k=1}^n \cos(kx) = \frac{\sin\left(\left(n + 1/2\right)x\right)}
        {\sin(x/2)}""",
    n="",
    x="",
)
def _(rng):
    return dict(n=3, x=0.7), 1 + 2 * (np.cos(0.7) + np.cos(1.4) + np.cos(2.1))


# Two readings


ONE_STEP = "every element in one step from the array that is given"
RECURRENCE = "step after step, each from the one before it, the first from zero or as given"

DOUBTFUL += [
    (
        "PyTorch manual: RNN, a state from the state before it",
        r"h_t = \tanh(x_t W_{ih}^T + b_{ih} + h_{t-1}W_{hh}^T + b_{hh})",
        dict(x="T d", W_ih="h d", b_ih="h", h="T h", W_hh="h h", b_hh="h"),
        (ONE_STEP, RECURRENCE),
    ),
    (
        "PyTorch manual: LSTM, the cell",
        r"c_t = f_t \odot c_{t-1} + i_t \odot g_t",
        dict(c="T h", f="T h", i="T h", g="T h"),
        (ONE_STEP, RECURRENCE),
    ),
    (
        "PyTorch manual: GRU, the state",
        r"h_t = (1 - z_t) \odot n_t + z_t \odot h_{(t-1)}",
        dict(h="T h", z="T h", n="T h"),
        (ONE_STEP, RECURRENCE),
    ),
    (
        "Goh: Why Momentum Really Works, gradient descent with momentum",
        r"z^{k+1} = \beta z^k + \nabla f(w^k)",
        dict(z="K n", w="K n", beta=""),
        (ONE_STEP, RECURRENCE),
    ),
    (
        "Reddi et al.: AMSGrad, a running maximum",
        r"\hat{v}_t = \max(\hat{v}_{t-1}, v_t)",
        dict(v="T n", v_hat="T n"),
        (ONE_STEP, RECURRENCE),
    ),
    (
        "Wikipedia: the heat equation, forward in time",
        r"u_j^{n+1} = (1-2r)u_j^{n} + ru_{j-1}^{n} + ru_{j+1}^{n}",
        dict(u="N J", r=""),
        (ONE_STEP, RECURRENCE),
    ),
    (
        "LeVeque: the iteration of Jacobi",
        r"""u_{ij}^{[k+1]} = \frac{1}{4}(u_{i-1,j}^{[k]} + u_{i+1,j}^{[k]} + u_{i,j-1}^{[k]} +
            u_{i,j+1}^{[k]} - h^2f_{ij}).""",
        dict(u="K m m", f="m m", h=""),
        (ONE_STEP, RECURRENCE),
    ),
    (
        "Bishop: Pattern Recognition and Machine Learning, 5.56, the error of a hidden unit",
        r"\delta_j = h'(a_j)\sum_k w_{kj}\delta_k",
        dict(a="J", w="K J"),
        (
            "delta_k are the errors of the next layer, another array than what is defined",
            "delta is one array over the units of all layers, and w is zero where none lead",
        ),
    ),
    (
        "Nielsen: Neural Networks and Deep Learning, chapter 3, cross-entropy of all examples",
        r"C = -\frac{1}{n} \sum_x \sum_j \left[y_j \ln a^L_j + (1-y_j) \ln (1-a^L_j) \right].",
        dict(y="n J", a="n L J"),
        (
            "y and a depend on the example x, as Nielsen means",
            "nothing in the sum depends on x, so that it multiplies by the number of examples",
        ),
    ),
    (
        "Deng et al.: ArcFace, angles of an example that has no index",
        r"""L_3 = -\frac{1}{N}\sum_{i=1}^{N}\log\frac{e^{s(\cos(\theta_{y_i}+m))}}
            {e^{s(\cos(\theta_{y_i}+m))}+\sum_{j=1,j\neq y_i}^{n}e^{s\cos\theta_{j}}}""",
        dict(theta="N n", y="N", s="", m=""),
        (
            "theta_j is the angle between example i and class j, as Deng et al. mean",
            "theta is one row of angles for all examples",
        ),
    ),
    (
        "Blahut: cyclic convolution, double parentheses without their modulus",
        r"s_i = \sum_{k=0}^{n-1} g_{((i-k))} d_k",
        dict(g="n", d="n", s="n"),
        ("double parentheses mean modulo n, as Blahut says", "(i - k), and outside is zero"),
    ),
    (
        "Mahendran, Vedaldi: total variation at the border",
        r"""\mathcal{R}_{V^\beta}(\mathbf{x}) = \sum_{i,j} \left( (x_{i,j+1} - x_{ij})^2 +
            (x_{i+1,j} - x_{ij})^2 \right)^{\frac{\beta}{2}}.""",
        dict(x="H W", beta=""),
        ("only pairs of pixels that both exist", "pixels beyond the border are zero"),
    ),
    (
        "PyTorch manual: std, a correction called delta N",
        r"\sigma = \sqrt{\frac{1}{\max(0,~N - \delta N)}\sum_{i=0}^{N-1}(x_i-\bar{x})^2}",
        dict(x="N", x_bar=""),
        ("delta N is one name, the correction", "delta times N"),
    ),
    (
        "Wikipedia: a kernel density estimate, x the point and the sample",
        r"""\hat{f}_h(x) = \frac{1}{n}\sum_{i=1}^n K_h (x - x_i) = \frac{1}{nh} \sum_{i=1}^n
            K\left(\frac{x-x_i}{h}\right)""",
        dict(x="n", h="", origin=1),
        ("x is a number that is no element of the sample x_i", "x is the whole sample"),
    ),
    (
        "Redmon et al.: YOLO, the loss of the places, from 0 to the number of cells",
        r"""\lambda_\textbf{coord} \sum_{i = 0}^{S^2} \sum_{j = 0}^{B} \mathbb{1}_{ij}^{\text{obj}}
            \left[ \left( x_i - \hat{x}_i \right)^2 + \left( y_i - \hat{y}_i \right)^2 \right]""",
        dict(x="S*S", y="S*S", x_hat="S*S", y_hat="S*S", lambda_coord=""),
        (
            "the upper bounds are meant to be one less, a cell and a box each",
            "the sums have one term more than there are cells and boxes",
        ),
    ),
    (
        "van der Maaten, Hinton: the similarity of a point to itself",
        r"""p_{j|i} = \frac{\exp\left(-\|x_i - x_j\|^2 / 2\sigma_i^2\right)}{\sum_{k \neq i}
            \exp\left(-\|x_i - x_k\|^2 / 2\sigma_i^2\right)},""",
        dict(x="n d", sigma="n"),
        ("p_{i|i} is zero, as the text says", "p_{i|i} is what the formula gives"),
    ),
]
