r"""Formulas as their authors write them, a third time; see `authors.py` for what a case is."""

import numpy as np
from authors import Case, collector
from scipy import ndimage, signal

from cnnmath.formula import Formula

CASES: list[Case] = []
case = collector(CASES)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z, axis=-1):
    powers = np.exp(z)
    return powers / powers.sum(axis, keepdims=True)


@case(
    "He et al.: ResNet, a block, a projection",
    r"\mathbf{y} = \mathcal{F}(\mathbf{x}, \{W_i\}) + W_s\mathbf{x}.",
    W_s="m n",
    x="n",
    F="m",
)
def _(rng):
    W, x, F = rng.normal(size=(3, 2)), rng.normal(size=2), rng.normal(size=3)
    return dict(W_s=W, x=x, F=F), F + W @ x


@case(
    "Hu et al.: SE, the excitation in vectors",
    r"""\mathbf{s} = \mathbf{F}_{ex}(\mathbf{z}, \mathbf{W}) = \sigma(g(\mathbf{z},
        \mathbf{W})) = \sigma(\mathbf{W}_2 \delta(\mathbf{W}_1 \mathbf{z}))""",
    W_1="r c",
    W_2="c r",
    z="c",
    sigma=sigmoid,
    delta=lambda x: np.maximum(x, 0),
)
def _(rng):
    A, B, z = rng.normal(size=(2, 4)), rng.normal(size=(4, 2)), rng.normal(size=4)
    return dict(W_1=A, W_2=B, z=z), sigmoid(B @ np.maximum(A @ z, 0))


@case(
    "Selvaraju et al.: Grad-CAM, weights",
    r"""\alpha_k^c = \overbrace{\frac{1}{Z}\sum_i\sum_j}^{\text{global average pooling}}
        \underbrace{\frac{\partial y^c}{\partial A_{ij}^k}}_{\text{gradients via backprop}}""",
    dy_dA="C K H W",
    Z="",
)
def _(rng):
    g = rng.normal(size=(2, 3, 4, 5))
    return dict(dy_dA=g, Z=20), g.sum((2, 3)) / 20


@case(
    "Selvaraju et al.: Grad-CAM, the map",
    r"L^c_{\text{Grad-CAM}} = ReLU\left(\sum_k \alpha_k^c A^k\right)",
    alpha="C K",
    A="K H W",
)
def _(rng):
    a, A = rng.normal(size=(2, 3)), rng.normal(size=(3, 4, 5))
    return dict(alpha=a, A=A), np.maximum(np.einsum("ck,khw->chw", a, A), 0)


@case(
    "Araujo: effective stride and receptive field, recursion backwards",
    r"r_{l-1} = s_l \cdot r_l + (k_l - s_l)",
    s="",
    r_prev="",
    k="",
)
def _(rng):
    return dict(s=2, r=5, k=3), 11


@case(
    "Luo et al.: generalised mean pooling",
    r"""f_k = \left( \frac{1}{|\mathcal{X}_k|} \sum_{x \in \mathcal{X}_k} x^{p_k}
        \right)^{\frac{1}{p_k}}""",
    X="K n",
    p="K",
)
def _(rng):
    X, p = rng.uniform(1, 2, size=(2, 5)), np.array([3.0, 2.0])
    return dict(X=X, p=p), [np.mean(X[k] ** p[k]) ** (1 / p[k]) for k in range(2)]


@case(
    "Salimans, Kingma: weight norm, gradient of g",
    r"\nabla_g L = \frac{\nabla_{\mathbf{w}} L \cdot \mathbf{v}}{||\mathbf{v}||}",
    dL_dw="n",
    v="n",
)
def _(rng):
    g, v = rng.normal(size=(2, 4))
    return dict(dL_dw=g, v=v), g @ v / np.linalg.norm(v)


@case(
    "PyTorch: BatchNorm",
    r"y = \frac{x - \mathrm{E}[x]}{\sqrt{\mathrm{Var}[x] + \epsilon}} * \gamma + \beta",
    x="n",
    gamma="",
    beta="",
    epsilon="",
)
def _(rng):
    x = rng.normal(size=5)
    return (
        dict(x=x, gamma=2.0, beta=0.5, epsilon=0.1),
        (x - x.mean()) / np.sqrt(x.var() + 0.1) * 2 + 0.5,
    )


@case(
    "PyTorch: RMSNorm",
    r"""y_i = \frac{x_i}{\mathrm{RMS}(x)} * \gamma_i, \quad \text{where} \quad \text{RMS}(x) =
        \sqrt{\epsilon + \frac{1}{n} \sum_{i=1}^{n} x_i^2}""",
    x="n",
    gamma="n",
    epsilon="",
    origin=1,
)
def _(rng):
    x, g = rng.normal(size=(2, 4))
    return dict(x=x, gamma=g, epsilon=0.1), x / np.sqrt(0.1 + (x**2).mean()) * g


@case(
    "Hinton: gradient of distillation",
    r"""\frac{\partial C}{\partial z_i} = \frac{1}{T}\left(q_i - p_i\right) =
        \frac{1}{T}\left( \frac{e^{z_i/T}}{\sum_j e^{z_j/T}} - \frac{e^{v_i/T}}{\sum_j
        e^{v_j/T}}\right)""",
    z="n",
    v="n",
    q="n",
    p="n",
    T="",
)
def _(rng):
    z, v = rng.normal(size=(2, 4))
    q, p = softmax(z / 2), softmax(v / 2)
    return dict(z=z, v=v, q=q, p=p, T=2.0), (q - p) / 2


@case(
    "Szegedy: label smoothing with u",
    r"q'(k) = (1 - \epsilon) \delta_{k,y} + \epsilon u(k)",
    u="K",
    y="",
    epsilon="",
)
def _(rng):
    u = rng.uniform(size=4)
    return dict(u=u, y=1, epsilon=0.1), 0.9 * np.eye(4)[1] + 0.1 * u


@case(
    "Goodfellow: GAN value",
    r"""V(D, G) = \mathbb{E}_{\boldsymbol{x} \sim p_{\text{data}}(\boldsymbol{x})}[\log
        D(\boldsymbol{x})] + \mathbb{E}_{\boldsymbol{z} \sim
        p_{\boldsymbol{z}}(\boldsymbol{z})}[\log (1 - D(G(\boldsymbol{z})))]""",
    x="n",
    z="m",
    D=sigmoid,
    G=lambda z: 2 * z,
)
def _(rng):
    x, z = rng.normal(size=4), rng.normal(size=3)
    return dict(x=x, z=z), np.log(sigmoid(x)).mean() + np.log(1 - sigmoid(2 * z)).mean()


@case(
    "Kingma, Welling: VAE divergence",
    r"""-D_{KL}(q_\phi(z)||p_\theta(z)) = \frac{1}{2}\sum_{j=1}^{J}\left(1 + \log(\sigma_j^2)
        - \mu_j^2 - \sigma_j^2\right)""",
    mu="J",
    sigma="J",
    origin=1,
)
def _(rng):
    m, s = rng.normal(size=3), rng.uniform(0.5, 2, size=3)
    return dict(mu=m, sigma=s), 0.5 * (1 + np.log(s**2) - m**2 - s**2).sum()


@case(
    "Ho: DDPM forward",
    r"\mathbf{x}_t = \sqrt{\bar\alpha_t}\mathbf{x}_0 + \sqrt{1-\bar\alpha_t}\boldsymbol\epsilon",
    x_0="n",
    epsilon="n",
    alpha_bar="T",
)
def _(rng):
    x, e = rng.normal(size=(2, 3))
    a = np.array([0.9, 0.5])
    return (
        dict(x_0=x, epsilon=e, alpha_bar=a),
        np.sqrt(a)[:, None] * x + np.sqrt(1 - a)[:, None] * e,
    )


@case(
    "Ho: DDPM sampling step",
    r"""\mathbf{x}_{t-1} = \frac{1}{\sqrt{\alpha_t}}\left( \mathbf{x}_t -
        \frac{1-\alpha_t}{\sqrt{1-\bar\alpha_t}} \boldsymbol\epsilon_\theta(\mathbf{x}_t, t)
        \right) + \sigma_t \mathbf{z}""",
    x_prev="n",
    x="n",
    alpha="",
    alpha_bar="",
    sigma="",
    z="n",
    epsilon_theta=lambda x, t: x * t,
    t="",
)
def _(rng):
    x, z = rng.normal(size=(2, 3))
    return (
        dict(x=x, z=z, alpha=0.9, alpha_bar=0.5, sigma=0.3, t=2),
        (x - 0.1 / np.sqrt(0.5) * 2 * x) / np.sqrt(0.9) + 0.3 * z,
    )


@case(
    "Sudre: generalised dice",
    r"GDL=1-2\frac{\sum_{l=1}^2w_l\sum_{n}r_{ln}p_{ln}}{\sum_{l=1}^2w_l\sum_{n}(r_{ln}+p_{ln})}",
    w="2",
    r="2 N",
    p="2 N",
    origin=1,
)
def _(rng):
    w, a, b = rng.uniform(size=2), rng.uniform(size=(2, 4)), rng.uniform(size=(2, 4))
    return dict(w=w, r=a, p=b), 1 - 2 * (w * (a * b).sum(1)).sum() / (w * (a + b).sum(1)).sum()


@case(
    "Rezatofighi: GIoU",
    r"GIoU = IoU - \frac{|C \setminus (A \cup B)|}{|C|}",
    A="n",
    B="n",
    C="n",
    IoU="",
)
def _(rng):
    return dict(A=[1, 1, 0, 0, 0], B=[0, 1, 1, 0, 0], C=[1, 1, 1, 1, 0], IoU=1 / 3), 1 / 3 - 1 / 4


@case(
    "Hugging Face manual: perplexity",
    r"PPL(X) = \exp \left\{ -\frac{1}{t} \sum_i^t \log p_\theta (x_i|x_{<i}) \right\}",
    p_theta="t",
    origin=1,
)
def _(rng):
    p = rng.uniform(size=4)
    return dict(p_theta=p), np.exp(-np.log(p).mean())


@case(
    "Bodla: soft-NMS",
    r"""s_i = \begin{cases} s_i, & \mathrm{iou}(\mathcal{M}, b_i) < N_t \\ s_i(1 -
        \mathrm{iou}(\mathcal{M}, b_i)), & \mathrm{iou}(\mathcal{M}, b_i) \geq N_t \end{cases}""",
    s="n",
    iou=lambda a, b: abs(a - b),
    M="",
    b="n",
    N_t="",
)
def _(rng):
    s, b = rng.uniform(size=(2, 4))
    o = abs(0.5 - b)
    return dict(s=s, b=b, M=0.5, N_t=0.2), np.where(o < 0.2, s, s * (1 - o))


@case(
    "The ratio of signal to noise, names with a label",
    r"\text{PSNR} = 20 \log_{10} \left( \frac{MAX_I}{\sqrt{MSE}} \right)",
    MAX_I="",
    MSE="",
)
def _(rng):
    return dict(MAX_I=255, MSE=4.0), 20 * np.log10(255 / 2)


@case(
    "Gatys: content loss, arguments with arrows",
    r"""\mathcal{L}_{content}(\vec{p}, \vec{x}, l) = \frac{1}{2} \sum_{i,j} \left( F^l_{ij} -
        P^l_{ij} \right)^2""",
    F="L n m",
    P="L n m",
)
def _(rng):
    F, P = rng.normal(size=(2, 2, 3, 4))
    return dict(F=F, P=P), 0.5 * ((F - P) ** 2).sum((1, 2))


@case(
    "Gatys: the total, a sum over layers from 0",
    r"\mathcal{L}_{style}(\vec{a},\vec{x}) = \sum_{l=0}^{L} w_l E_l",
    w="L+1",
    E="L+1",
)
def _(rng):
    w, E = rng.normal(size=(2, 4))
    return dict(w=w, E=E), w @ E


@case(
    "Karpathy: RNN step",
    r"h_t = \tanh(W_{hh} h_{t-1} + W_{xh} x_t)",
    W_hh="n n",
    W_xh="n d",
    h_prev="n",
    x="d",
    h="n",
)
def _(rng):
    W, U, h, x = (
        rng.normal(size=(2, 2)),
        rng.normal(size=(2, 3)),
        rng.normal(size=2),
        rng.normal(size=3),
    )
    return dict(W_hh=W, W_xh=U, h_prev=h, x=x), np.tanh(W @ h + U @ x)


@case(
    "Kingma, Ba: Adam first moment",
    r"m_t \leftarrow \beta_1 \cdot m_{t-1} + (1 - \beta_1) \cdot g_t",
    m_prev="n",
    g="n",
    beta_1="",
    m="n",
)
def _(rng):
    m, g = rng.normal(size=(2, 3))
    return dict(m_prev=m, g=g, beta_1=0.9), 0.9 * m + 0.1 * g


@case(
    "Bottou: SGD",
    r"w_{t+1} = w_t - \gamma_t \nabla_w Q(z_t, w_t)",
    w_next="n",
    w="n",
    gamma="",
    dQ_dw="n",
)
def _(rng):
    w, g = rng.normal(size=(2, 3))
    return dict(w=w, gamma=0.1, dQ_dw=g), w - 0.1 * g


@case(
    "Loshchilov, Hutter: AdamW",
    r"""\boldsymbol\theta_t \leftarrow \boldsymbol\theta_{t-1} -
        \eta_t\left(\alpha\hat{\boldsymbol m}_t/(\sqrt{\hat{\boldsymbol v}_t} + \epsilon) +
        \lambda\boldsymbol\theta_{t-1}\right)""",
    theta_prev="n",
    theta="n",
    eta="",
    alpha="",
    m_hat="n",
    v_hat="n",
    epsilon="",
    lambda_="",
)
def _(rng):
    th, m, v = rng.uniform(size=(3, 4))
    return (
        dict(theta_prev=th, eta=0.1, alpha=0.2, m_hat=m, v_hat=v, epsilon=0.01, lambda_=0.3),
        th - 0.1 * (0.2 * m / (np.sqrt(v) + 0.01) + 0.3 * th),
    )


@case(
    "Chen et al.: DeepLab, the polynomial schedule",
    r"lr = lr_0 \left(1 - \frac{iter}{max\_iter}\right)^{power}",
    lr_0="",
    iter="",
    max_iter="",
    power="",
)
def _(rng):
    return dict(lr_0=0.1, iter=20, max_iter=100, power=0.9), 0.1 * 0.8**0.9


@case(
    "Cho et al.: GRU, the reset gate of unit j",
    r"""r_j = \sigma\left( [\mathbf{W}_r \mathbf{x}]_j + [\mathbf{U}_r \mathbf{h}_{\langle
        t-1\rangle}]_j\right)""",
    W_r="n d",
    x="d",
    U_r="n n",
    h_prev="n",
    sigma=sigmoid,
)
def _(rng):
    W, x, U, h = (
        rng.normal(size=(2, 3)),
        rng.normal(size=3),
        rng.normal(size=(2, 2)),
        rng.normal(size=2),
    )
    return dict(W_r=W, x=x, U_r=U, h_prev=h), sigmoid(W @ x + U @ h)


@case(
    "Attention of one head, a softmax over an index",
    r"\alpha_{ij} = \operatorname{softmax}_j\left(\frac{q_i^\top k_j}{\sqrt{d}}\right)",
    q="n d",
    k="m d",
)
def _(rng):
    q, k = rng.normal(size=(3, 2)), rng.normal(size=(4, 2))
    return dict(q=q, k=k), softmax(q @ k.T / np.sqrt(2))


@case(
    "Shazeer: SwiGLU, a circled times between vectors",
    r"\mathrm{SwiGLU}(x, W, V) = \mathrm{Swish}_1(xW) \otimes (xV)",
    x="n",
    W="n m",
    V="n m",
    Swish_1=lambda z: z * sigmoid(z),
)
def _(rng):
    x, W, V = rng.normal(size=3), rng.normal(size=(3, 2)), rng.normal(size=(3, 2))
    return dict(x=x, W=W, V=V), x @ W * sigmoid(x @ W) * (x @ V)


@case(
    "Koenker: quantile loss",
    r"\rho_\tau(u) = u(\tau - \mathbb{I}(u < 0))",
    tau="",
    u="n",
)
def _(rng):
    u = rng.normal(size=5)
    return dict(u=u, tau=0.3), u * (0.3 - (u < 0))


@case(
    "Bishop 4.108: cross-entropy multi",
    r"E(\mathbf{w}_1,\dots,\mathbf{w}_K) = -\sum_{n=1}^N\sum_{k=1}^K t_{nk}\ln y_{nk}",
    t="N K",
    y="N K",
    origin=1,
)
def _(rng):
    t, y = rng.uniform(size=(2, 3, 2))
    return dict(t=t, y=y), -(t * np.log(y)).sum()


@case(
    "Bishop 5.9, two-layer network",
    r"""y_k(\mathbf{x}, \mathbf{w}) = \sigma\left( \sum_{j=0}^{M} w_{kj}^{(2)} h\left(
        \sum_{i=0}^{D} w_{ji}^{(1)} x_i \right) \right)""",
    w_2="K M+1",
    w_1="M+1 D+1",
    x="D+1",
    sigma=sigmoid,
    h=np.tanh,
)
def _(rng):
    A, B, x = rng.normal(size=(3, 4)), rng.normal(size=(2, 3)), rng.normal(size=4)
    return dict(w_1=A, w_2=B, x=x), sigmoid(B @ np.tanh(A @ x))


@case(
    "Bishop 2.43: the multivariate normal distribution",
    r"""\mathcal{N}(\mathbf{x}|\boldsymbol\mu,\boldsymbol\Lambda) =
        \frac{|\boldsymbol\Lambda|^{1/2}}{(2\pi)^{D/2}}
        \exp\left\{-\frac{1}{2}(\mathbf{x}-\boldsymbol\mu)^{\mathrm
        T}\boldsymbol\Lambda(\mathbf{x}-\boldsymbol\mu)\right\}""",
    x="D",
    mu="D",
    Lambda="D D",
)
def _(rng):
    x, m = rng.normal(size=(2, 3))
    L = rng.normal(size=(3, 3))
    L = L @ L.T + np.eye(3)
    return (
        dict(x=x, mu=m, Lambda=L),
        np.sqrt(np.linalg.det(L)) / (2 * np.pi) ** 1.5 * np.exp(-0.5 * (x - m) @ L @ (x - m)),
    )


@case(
    "Cho et al.: GRU, the new state of unit j",
    r"""h_j^{\langle t\rangle} = z_j h_j^{\langle t-1\rangle} + (1 - z_j)\tilde{h}_j^{\langle
        t\rangle}""",
    z="n",
    h_prev="n",
    h_tilde="n",
)
def _(rng):
    z, h, g = rng.uniform(size=(3, 4))
    return dict(z=z, h_prev=h, h_tilde=g), z * h + (1 - z) * g


@case(
    "deeplearning.ai: LSTM, the update gate",
    r"\Gamma_u = \sigma(W_u[a^{<t-1>}, x^{<t>}] + b_u)",
    W_u="n n+d",
    a_prev="n",
    x="d",
    b_u="n",
    sigma=sigmoid,
)
def _(rng):
    W, a, x, b = (
        rng.normal(size=(2, 5)),
        rng.normal(size=2),
        rng.normal(size=3),
        rng.normal(size=2),
    )
    return dict(W_u=W, a_prev=a, x=x, b_u=b), sigmoid(W @ np.append(a, x) + b)


@case(
    "deeplearning.ai: LSTM, the cell",
    r"""c^{\langle t \rangle} = \Gamma_u * \tilde{c}^{\langle t \rangle} + \Gamma_f *
        c^{\langle t-1 \rangle}""",
    Gamma_u="n",
    c_tilde="n",
    Gamma_f="n",
    c_prev="n",
)
def _(rng):
    a, b, c, d = rng.normal(size=(4, 3))
    return dict(Gamma_u=a, c_tilde=b, Gamma_f=c, c_prev=d), a * b + c * d


@case(
    "Duchi: Adagrad",
    r"x_{t+1,i} = x_{t,i} - \frac{\eta}{\sqrt{G_{t,ii} + \epsilon}} g_{t,i}",
    x_next="n",
    x="n",
    G="n n",
    g="n",
    eta="",
    epsilon="",
)
def _(rng):
    x, g = rng.normal(size=(2, 3))
    G = rng.uniform(size=(3, 3))
    return dict(x=x, G=G, g=g, eta=0.1, epsilon=0.01), x - 0.1 / np.sqrt(np.diag(G) + 0.01) * g


@case(
    "Polyak: heavy ball",
    r"x_{k+1} = x_k - \alpha \nabla f(x_k) + \beta(x_k - x_{k-1})",
    x_next="n",
    x="n",
    x_prev="n",
    alpha="",
    beta="",
    nabla_f="n",
)
def _(rng):
    x, p, g = rng.normal(size=(3, 3))
    return dict(x=x, x_prev=p, nabla_f=g, alpha=0.1, beta=0.9), x - 0.1 * g + 0.9 * (x - p)


@case(
    "He et al.: MoCo, the loss of a query",
    r"""\mathcal{L}_q = -\log \frac{\exp(q\cdot k_+ / \tau)}{\sum_{i=0}^{K} \exp(q \cdot
        k_i/\tau)}""",
    q="d",
    k_plus="d",
    k="K+1 d",
    tau="",
)
def _(rng):
    q, p, k = rng.normal(size=2), rng.normal(size=2), rng.normal(size=(4, 2))
    return (
        dict(q=q, k_plus=p, k=k, tau=0.5),
        -np.log(np.exp(q @ p / 0.5) / np.exp(k @ q / 0.5).sum()),
    )


@case(
    "Radford: CLIP, logits",
    r"\ell_{ij} = e^{t} \frac{I_i \cdot T_j}{\lVert I_i\rVert_2 \lVert T_j\rVert_2}",
    I="n d",
    T="n d",
    t="",
)
def _(rng):
    I, T = rng.normal(size=(2, 3, 2))
    return (
        dict(I=I, T=T, t=0.3),
        np.exp(0.3) * I @ T.T / np.outer(np.linalg.norm(I, axis=1), np.linalg.norm(T, axis=1)),
    )


@case(
    "Khosla: supervised contrastive, one anchor",
    r"""\mathcal{L}_i = \frac{-1}{|P(i)|}\sum_{p\in P(i)} \log\frac{\exp(z_i\cdot
        z_p/\tau)}{\sum_{a\in A(i)}\exp(z_i\cdot z_a/\tau)}""",
    z="n d",
    P="n n",
    A="n n",
    tau="",
)
def _(rng):
    z = rng.normal(size=(3, 2))
    P = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]])
    A = 1 - np.eye(3)
    s = np.exp(z @ z.T / 0.7)
    v = [-(P[i] * np.log(s[i] / (A[i] * s[i]).sum())).sum() / P[i].sum() for i in range(3)]
    return dict(z=z, P=P, A=A, tau=0.7), v


@case(
    "Wen: center loss",
    r"\mathcal{L}_C = \frac{1}{2}\sum_{i=1}^m \|\boldsymbol{x}_i - \boldsymbol{c}_{y_i}\|_2^2",
    x="m d",
    c="K d",
    y="m",
    origin=1,
)
def _(rng):
    x, c, y = rng.normal(size=(4, 2)), rng.normal(size=(3, 2)), np.array([1, 3, 2, 3])
    return dict(x=x, c=c, y=y), 0.5 * ((x - c[y - 1]) ** 2).sum()


@case(
    "Arjovsky et al.: WGAN, what is drawn below the expectation",
    r"""L = \underset{\tilde{x}\sim P_g}{\mathbb{E}}[D(\tilde{x})] - \underset{x\sim
        P_r}{\mathbb{E}}[D(x)]""",
    x_tilde="n",
    x="m",
    D=np.tanh,
)
def _(rng):
    a, b = rng.normal(size=4), rng.normal(size=3)
    return dict(x_tilde=a, x=b), np.tanh(a).mean() - np.tanh(b).mean()


@case(
    "Ronneberger: U-Net energy",
    r"E = \sum_{\mathbf{x}\in\Omega} w(\mathbf{x})\log(p_{\ell(\mathbf{x})}(\mathbf{x}))",
    w="n",
    p="K n",
    ell="n",
    Omega="n",
)
def _(rng):
    w, p, l, O = (
        rng.uniform(size=4),
        rng.uniform(size=(3, 4)),
        np.array([0, 2, 1, 2]),
        np.array([1, 0, 1, 1]),
    )
    return (
        dict(w=w, p=p, ell=l, Omega=O),
        sum(w[x] * np.log(p[l[x], x]) for x in range(4) if O[x]),
    )


@case(
    "Redmon: YOLO box",
    r"b_x = \sigma(t_x) + c_x",
    t_x="",
    c_x="",
    sigma=sigmoid,
)
def _(rng):
    return dict(t_x=0.3, c_x=2), sigmoid(0.3) + 2


@case(
    "Ren: RPN loss",
    r"""L(\{p_i\},\{t_i\}) = \frac{1}{N_{cls}}\sum_i L_{cls}(p_i, p_i^*) +
        \lambda\frac{1}{N_{reg}}\sum_i p_i^* L_{reg}(t_i, t_i^*)""",
    p="n",
    p_star="n",
    t="n",
    t_star="n",
    N_cls="",
    N_reg="",
    lambda_="",
    L_cls=lambda a, b: (a - b) ** 2,
    L_reg=lambda a, b: abs(a - b),
)
def _(rng):
    p, t, u = rng.uniform(size=(3, 4))
    q = np.array([1, 0, 1, 0.0])
    return (
        dict(p=p, p_star=q, t=t, t_star=u, N_cls=4, N_reg=2, lambda_=10),
        ((p - q) ** 2).sum() / 4 + 10 * (q * abs(t - u)).sum() / 2,
    )


@case(
    "Heusel: FID of diagonal covariances",
    r"""\text{FID} = \|\mu_r - \mu_g\|^2 + \sum_i \left(\sigma_{r,i} + \sigma_{g,i} -
        2\sqrt{\sigma_{r,i}\sigma_{g,i}}\right)""",
    mu_r="n",
    mu_g="n",
    sigma_r="n",
    sigma_g="n",
)
def _(rng):
    a, b, c, d = rng.uniform(size=(4, 3))
    return (
        dict(mu_r=a, mu_g=b, sigma_r=c, sigma_g=d),
        ((a - b) ** 2).sum() + (c + d - 2 * np.sqrt(c * d)).sum(),
    )


@case(
    "The macro average of F1, a name with a digit",
    r"F1_{macro} = \frac{1}{C}\sum_{c=1}^{C}\frac{2 P_c R_c}{P_c + R_c}",
    P="C",
    R="C",
    origin=1,
)
def _(rng):
    P, R = rng.uniform(size=(2, 3))
    return dict(P=P, R=R), (2 * P * R / (P + R)).mean()


@case(
    "Velickovic: attention coefficients",
    r"""\alpha_{ij} = \mathrm{softmax}_j(e_{ij}) =
        \frac{\exp(e_{ij})}{\sum_{k\in\mathcal{N}_i}\exp(e_{ik})}.""",
    e="n n",
    N="n n",
)
def _(rng):
    e = rng.normal(size=(3, 3))
    N = np.array([[1, 1, 0], [1, 1, 1], [0, 1, 1]])
    return dict(e=e, N=N), np.exp(e) / (N * np.exp(e)).sum(1, keepdims=True)


@case(
    "Gilmer: message passing",
    r"m_v^{t+1} = \sum_{w\in N(v)} M_t(h_v^t, h_w^t, e_{vw})",
    m_next="n",
    h="n",
    e="n n",
    N="n n",
    M=lambda a, b, c: a * b + c,
)
def _(rng):
    h, e = rng.normal(size=3), rng.normal(size=(3, 3))
    N = np.array([[0, 1, 1], [1, 0, 0], [1, 0, 0]])
    return (
        dict(h=h, e=e, N=N),
        [sum(h[v] * h[w] + e[v, w] for w in range(3) if N[v, w]) for v in range(3)],
    )


@case(
    "Press: ALiBi",
    r"a_{ij} = \mathrm{softmax}_j(q_i k_j^\top - m (i - j))",
    q="n d",
    k="n d",
    m="",
)
def _(rng):
    q, k = rng.normal(size=(2, 3, 2))
    I = np.arange(3)
    return dict(q=q, k=k, m=0.3), softmax(q @ k.T - 0.3 * (I[:, None] - I))


@case(
    "Vaswani: multi-head, one head of index h",
    r"\mathrm{head}_h = \mathrm{softmax}\left(\frac{Q_hK_h^\top}{\sqrt{d_k}}\right)V_h",
    Q="H n d_k",
    K="H n d_k",
    V="H n p",
)
def _(rng):
    Q, K, V = rng.normal(size=(2, 3, 2)), rng.normal(size=(2, 3, 2)), rng.normal(size=(2, 3, 4))
    return dict(Q=Q, K=K, V=V), softmax(Q @ K.transpose(0, 2, 1) / np.sqrt(2)) @ V


@case(
    "Bishop 3.15, normal equations with an inverse",
    r"\mathbf{w}_{ML} = (\Phi^T\Phi)^{-1}\Phi^T\mathbf{t}",
    Phi="N M",
    t="N",
)
def _(rng):
    P, t = rng.normal(size=(4, 2)), rng.normal(size=4)
    return dict(Phi=P, t=t), np.linalg.lstsq(P, t, rcond=None)[0]


@case(
    "Bishop 9.23: responsibilities",
    r"\gamma(z_{nk}) = \frac{\pi_k \mathcal{N}_{nk}}{\sum_{j=1}^K \pi_j \mathcal{N}_{nj}}",
    pi="K",
    N="M K",
    origin=1,
)
def _(rng):
    p, N = rng.uniform(size=3), rng.uniform(size=(4, 3))
    return dict(pi=p, N=N), p * N / (N @ p)[:, None]


@case(
    "Hastie: k-means within scatter",
    r"W(C) = \frac{1}{2}\sum_{k=1}^{K}\sum_{C(i)=k}\sum_{C(i')=k}\|x_i - x_{i'}\|^2",
    x="N d",
    C="N",
    K="",
    origin=1,
)
def _(rng):
    x, C = rng.normal(size=(4, 2)), np.array([1, 2, 1, 2])
    return (
        dict(x=x, C=C, K=2),
        0.5 * sum(((x[i] - x[j]) ** 2).sum() for i in range(4) for j in range(4) if C[i] == C[j]),
    )


@case(
    "PyTorch: SoftMarginLoss",
    r"\text{loss}(x, y) = \sum_i \frac{\log(1 + \exp(-y[i]*x[i]))}{\text{x.nelement}()}",
    x="n",
    y="n",
)
def _(rng):
    x, y = rng.normal(size=(2, 4))
    return dict(x=x, y=y), np.log(1 + np.exp(-y * x)).mean()


@case(
    "PyTorch: GroupNorm affine",
    r"y = \frac{x - \mathrm{E}[x]}{ \sqrt{\mathrm{Var}[x] + \epsilon}} * \gamma + \beta",
    x="n",
    gamma="n",
    beta="n",
    epsilon="",
)
def _(rng):
    x, g, b = rng.normal(size=(3, 4))
    return (
        dict(x=x, gamma=g, beta=b, epsilon=0.1),
        (x - x.mean()) / np.sqrt(x.var() + 0.1) * g + b,
    )


@case(
    "Goodfellow 10.9-10.11: the outputs of a recurrent network",
    r"""\hat{\boldsymbol{y}}^{(t)} = \mathrm{softmax}(\boldsymbol{c} +
        \boldsymbol{V}\boldsymbol{h}^{(t)})""",
    c="k",
    V="k n",
    h="T n",
)
def _(rng):
    c, V, h = rng.normal(size=3), rng.normal(size=(3, 2)), rng.normal(size=(4, 2))
    return dict(c=c, V=V, h=h), softmax(c + h @ V.T)


@case(
    "Goodfellow 8.29: a batch's normalised activations",
    r"\boldsymbol{H}' = \frac{\boldsymbol{H} - \boldsymbol\mu}{\boldsymbol\sigma}",
    H="m n",
    mu="n",
    sigma="n",
)
def _(rng):
    H, m, s = rng.normal(size=(4, 3)), rng.normal(size=3), rng.uniform(1, 2, size=3)
    return dict(H=H, mu=m, sigma=s), (H - m) / s


@case(
    "Nielsen ch. 1: a perceptron",
    r"""\mbox{output} = \left\{ \begin{array}{ll} 0 & \mbox{if } \sum_j w_j x_j \leq \mbox{
        threshold} \\ 1 & \mbox{if } \sum_j w_j x_j > \mbox{ threshold} \end{array} \right.""",
    w="n",
    x="n",
    threshold="",
)
def _(rng):
    return dict(w=[0.5, 1.0], x=[1, 1], threshold=1.0), 1


@case(
    "CS231n: centered difference",
    r"\frac{df(x)}{dx} = \frac{f(x + h) - f(x - h)}{2h}",
    f=np.sin,
    x="",
    h="",
)
def _(rng):
    return dict(x=0.3, h=0.1), (np.sin(0.4) - np.sin(0.2)) / 0.2


@case(
    "Bishop 4.62: softmax of activations",
    r"p(\mathcal{C}_k|\mathbf{x}) = \frac{\exp(a_k)}{\sum_j\exp(a_j)}",
    a="K",
)
def _(rng):
    a = rng.normal(size=4)
    return dict(a=a), softmax(a)


@case(
    "Bishop 4.91: gradient of logistic regression",
    r"\nabla E(\mathbf{w}) = \sum_{n=1}^{N}(y_n - t_n)\boldsymbol\phi_n",
    y="N",
    t="N",
    phi="N M",
    origin=1,
)
def _(rng):
    y, t, p = rng.uniform(size=4), rng.uniform(size=4), rng.normal(size=(4, 3))
    return dict(y=y, t=t, phi=p), (y - t) @ p


@case(
    "Bishop 6.23: the Gaussian kernel",
    r"k(\mathbf{x}, \mathbf{x}') = \exp\left(-\|\mathbf{x} - \mathbf{x}'\|^2/2\sigma^2\right)",
    x="d",
    x_prime="d",
    sigma="",
)
def _(rng):
    x, y = rng.normal(size=(2, 3))
    return dict(x=x, x_prime=y, sigma=0.8), np.exp(-((x - y) ** 2).sum() / 2 / 0.64)


@case(
    "Bishop 12.3: the variance of a projection",
    r"""\frac{1}{N}\sum_{n=1}^{N}\left\{\mathbf{u}_1^{\mathrm T}\mathbf{x}_n -
        \mathbf{u}_1^{\mathrm T}\bar{\mathbf{x}}\right\}^2""",
    u_1="d",
    x="N d",
    x_bar="d",
    origin=1,
)
def _(rng):
    u, x = rng.normal(size=2), rng.normal(size=(4, 2))
    return dict(u_1=u, x=x, x_bar=x.mean(0)), ((x @ u - x.mean(0) @ u) ** 2).mean()


@case(
    "Miyato: power iteration",
    r"\tilde{v} \leftarrow \frac{W^{\mathrm T}\tilde{u}}{\|W^{\mathrm T}\tilde{u}\|_2}",
    W="m n",
    u_tilde="m",
)
def _(rng):
    W, u = rng.normal(size=(2, 3)), rng.normal(size=2)
    v = W.T @ u
    return dict(W=W, u_tilde=u), v / np.linalg.norm(v)


@case(
    "Papineni: BLEU",
    r"\text{BLEU} = \text{BP}\cdot\exp\left(\sum_{n=1}^{N} w_n\log p_n\right)",
    BP="",
    w="N",
    p="N",
    origin=1,
)
def _(rng):
    w, p = rng.uniform(size=(2, 4))
    return dict(BP=0.9, w=w, p=p), 0.9 * np.exp(w @ np.log(p))


@case(
    "Jarvelin: NDCG",
    r"\mathrm{DCG}_p = \sum_{i=1}^{p}\frac{2^{rel_i} - 1}{\log_2(i + 1)}",
    rel="p",
    origin=1,
)
def _(rng):
    rel = np.array([3, 2, 0, 1.0])
    return dict(rel=rel), ((2**rel - 1) / np.log2(np.arange(2, 6))).sum()


@case(
    "Vapnik: the dual of a support vector machine",
    r"""L(\alpha) = \sum_i\alpha_i - \frac{1}{2}\sum_{i,j}\alpha_i\alpha_j y_i y_j
        \mathbf{x}_i\cdot\mathbf{x}_j""",
    alpha="n",
    y="n",
    x="n d",
)
def _(rng):
    a, y, x = rng.uniform(size=4), np.sign(rng.normal(size=4)), rng.normal(size=(4, 2))
    v = a * y @ x
    return dict(alpha=a, y=y, x=x), a.sum() - 0.5 * v @ v


@case(
    "Sutton, Barto: value iteration",
    r"V_{k+1}(s) = \max_a \sum_{s'} P(s'|s,a)\left[R(s,a) + \gamma V_k(s')\right]",
    V_next="S",
    P="S S A",
    R="S A",
    V="S",
    gamma="",
)
def _(rng):
    P, R, V = rng.uniform(size=(3, 3, 2)), rng.normal(size=(3, 2)), rng.normal(size=3)
    return (
        dict(P=P, R=R, V=V, gamma=0.9),
        (R * P.sum(0) + 0.9 * np.einsum("tsa,t->sa", P, V)).max(1),
    )


@case(
    "Sutton: TD error",
    r"\delta_t = R_{t+1} + \gamma V(S_{t+1}) - V(S_t)",
    R="T+1",
    gamma="",
    V="n",
    S="T+1",
)
def _(rng):
    R, V, S = rng.normal(size=5), rng.normal(size=3), np.array([0, 2, 1, 1, 0])
    return dict(R=R, gamma=0.9, V=V, S=S), R[1:] + 0.9 * V[S[1:]] - V[S[:-1]]


@case(
    "Williams: baseline of REINFORCE",
    r"\Delta w_{ij} = \alpha_{ij}(r - b_{ij})e_{ij}",
    alpha="m n",
    r="",
    b="m n",
    e="m n",
)
def _(rng):
    a, b, e = rng.normal(size=(3, 2, 3))
    return dict(alpha=a, r=1.0, b=b, e=e), a * (1 - b) * e


@case(
    "Hinton: a restricted Boltzmann machine, a hidden unit",
    r"p(h_j = 1|\mathbf{v}) = \sigma\left(b_j + \sum_i v_iw_{ij}\right)",
    b="m",
    v="n",
    w="n m",
    sigma=sigmoid,
)
def _(rng):
    b, v, w = rng.normal(size=3), rng.normal(size=2), rng.normal(size=(2, 3))
    return dict(b=b, v=v, w=w), sigmoid(b + v @ w)


@case(
    "Mikolov: skip-gram",
    r"""p(w_O|w_I) = \frac{\exp\left({v'_{w_O}}^\top
        v_{w_I}\right)}{\sum_{w=1}^{W}\exp\left({v'_w}^\top v_{w_I}\right)}""",
    v_prime="W d",
    v="W d",
    w_O="",
    w_I="",
    origin=1,
)
def _(rng):
    u, v = rng.normal(size=(2, 4, 2))
    return dict(v_prime=u, v=v, w_O=2, w_I=3), softmax(u @ v[2])[1]


@case(
    "Pennington: GloVe",
    r"""J = \sum_{i,j=1}^{V} f(X_{ij})\left(w_i^T\tilde{w}_j + b_i + \tilde{b}_j - \log
        X_{ij}\right)^2""",
    X="V V",
    w="V d",
    w_tilde="V d",
    b="V",
    b_tilde="V",
    f=np.sqrt,
    origin=1,
)
def _(rng):
    X, w, u, b, c = (
        rng.uniform(1, 2, size=(3, 3)),
        rng.normal(size=(3, 2)),
        rng.normal(size=(3, 2)),
        rng.normal(size=3),
        rng.normal(size=3),
    )
    return (
        dict(X=X, w=w, w_tilde=u, b=b, b_tilde=c),
        (np.sqrt(X) * (w @ u.T + b[:, None] + c - np.log(X)) ** 2).sum(),
    )


@case(
    "van der Maaten, Hinton: t-SNE, the joint q",
    r"q_{ij} = \frac{(1 + \|y_i - y_j\|^2)^{-1}}{\sum_{k\neq l}(1 + \|y_k - y_l\|^2)^{-1}}",
    y="n d",
)
def _(rng):
    y = rng.normal(size=(4, 2))
    D = 1 / (1 + ((y[:, None] - y) ** 2).sum(-1))
    return dict(y=y), D / (D.sum() - 4)


@case(
    "Lucas, Kanade: the structure tensor",
    r"A_{xx} = \sum_{i,j} w_{ij}I_x(i,j)^2",
    w="m n",
    I_x="m n",
)
def _(rng):
    w, I = rng.uniform(size=(2, 3)), rng.normal(size=(2, 3))
    return dict(w=w, I_x=I), (w * I**2).sum()


LOGISTIC = Formula(r"\sigma(z) = \frac{1}{1 + e^{-z}}")
COSINE = Formula(r"\mathrm{sim}(u, v) = \frac{u^\top v}{\|u\| \|v\|}", u="d", v="d")


@case(
    "Bishop 5.56: the deltas of hidden units",
    r"\delta_j = h'(a_j) \sum_k w_{kj} \delta_k",
    a="J",
    w="K J",
    delta_k="K",
    h=Formula(r"h(a) = \tanh(a)"),
)
def _(rng):
    a, w, d = rng.normal(size=2), rng.normal(size=(3, 2)), rng.normal(size=3)
    return dict(a=a, w=w, delta_k=d), (1 - np.tanh(a) ** 2) * (d @ w)


@case(
    "Nielsen: BP1 in vectors",
    r"\delta^L = \nabla_a C \odot \sigma'(z^L)",
    dC_da="n",
    z_L="n",
    sigma=LOGISTIC,
)
def _(rng):
    g, z = rng.normal(size=(2, 3))
    return dict(dC_da=g, z_L=z), g * sigmoid(z) * (1 - sigmoid(z))


@case(
    "PyTorch manual: NLLLoss, as it stands there",
    r"""\ell(x, y) = L = \{l_1,\dots,l_N\}^\top, \quad l_n = - w_{y_n} x_{n,y_n}, \quad w_{c} =
        \text{weight}[c] \cdot \mathbb{1}\{c \not= \text{ignore\_index}\}""",
    x="N C",
    y="N",
    weight="C",
    ignore_index="",
)
def _(rng):
    x, w, y = rng.normal(size=(3, 4)), rng.uniform(size=4), np.array([1, 3, 0])
    given = dict(x=x, y=y, weight=w, ignore_index=3)
    return given, [-w[k] * x[n, k] * (k != 3) for n, k in enumerate(y)]


@case(
    "PyTorch manual: BCEWithLogitsLoss for several labels",
    r"""\ell_{c}(x, y) = L_c = \{l_{1,c},\dots,l_{N,c}\}^\top, \quad l_{n,c} = - w_{n,c} \left[ p_c
        y_{n,c} \cdot \log \sigma(x_{n,c}) + (1 - y_{n,c}) \cdot \log (1 - \sigma(x_{n,c}))
        \right]""",
    x="N C",
    y="N C",
    w="N C",
    p="C",
    sigma=sigmoid,
)
def _(rng):
    x, w, p = rng.normal(size=(3, 2)), rng.uniform(size=(3, 2)), np.array([1.0, 2.0])
    y, s = np.array([[0, 1], [1, 1], [0, 0]]), sigmoid(x)
    return dict(x=x, w=w, y=y, p=p), -w * (p * y * np.log(s) + (1 - y) * np.log(1 - s))


@case(
    "Ulyanov: instance norm, mean and variance behind it",
    r"""y_{tijk} = \frac{x_{tijk} - \mu_{ti}}{\sqrt{\sigma_{ti}^2 + \epsilon}}, \quad \mu_{ti} =
        \frac{1}{HW} \sum_{l=1}^{W}\sum_{m=1}^{H} x_{tilm}, \quad \sigma_{ti}^2 = \frac{1}{HW}
        \sum_{l=1}^{W}\sum_{m=1}^{H} (x_{tilm} - \mu_{ti})^2""",
    x="T C W H",
    epsilon="",
    origin=1,
)
def _(rng):
    x = rng.normal(size=(2, 2, 3, 4))
    mean, variance = x.mean((2, 3), keepdims=True), x.var((2, 3), keepdims=True)
    return dict(x=x, epsilon=0.01), (x - mean) / np.sqrt(variance + 0.01)


@case(
    "Attention in three equations",
    r"""o_i = \sum_{j} \alpha_{ij} v_j, \quad \alpha_{ij} = \frac{\exp(e_{ij})}{\sum_{k}
        \exp(e_{ik})}, \quad e_{ij} = \frac{q_i^\top k_j}{\sqrt{d}}""",
    q="n d",
    k="m d",
    v="m p",
)
def _(rng):
    q, k, v = rng.normal(size=(3, 2)), rng.normal(size=(4, 2)), rng.normal(size=(4, 3))
    return dict(q=q, k=k, v=v), softmax(q @ k.T / np.sqrt(2)) @ v


@case(
    "Alammar: attention of the first word",
    r"z_1 = \sum_{j} \mathrm{softmax}\left(\frac{q_1 \cdot k_j}{\sqrt{d_k}}\right) v_j",
    q_1="d_k",
    k="n d_k",
    v="n p",
)
def _(rng):
    q, k, v = rng.normal(size=2), rng.normal(size=(4, 2)), rng.normal(size=(4, 3))
    return dict(q_1=q, k=k, v=v), softmax(k @ q / np.sqrt(2)) @ v


@case(
    "Olah: LSTM, the cell",
    r"C_t = f_t * C_{t-1} + i_t * \tilde{C}_t",
    f="n",
    C_prev="n",
    i="n",
    C_tilde="n",
)
def _(rng):
    f, c, i, new = rng.normal(size=(4, 3))
    return dict(f=f, C_prev=c, i=i, C_tilde=new), f * c + i * new


@case(
    "Smith: a filter of the first order",
    r"y[n] = \alpha x[n] + (1 - \alpha) y[n-1]",
    alpha="",
    x="",
    y_prev="",
)
def _(rng):
    return dict(alpha=0.3, x=2.0, y_prev=1.0), 1.3


@case(
    "Ho: DDPM, the mean of the posterior",
    r"""\tilde{\boldsymbol{\mu}}_t (\mathbf{x}_t, \mathbf{x}_0) = \frac{\sqrt{\alpha_t}(1 -
        \bar{\alpha}_{t-1})}{1 - \bar{\alpha}_t} \mathbf{x}_t +
        \frac{\sqrt{\bar{\alpha}_{t-1}}\beta_t}{1 - \bar{\alpha}_t} \mathbf{x}_0""",
    alpha="",
    alpha_bar="",
    alpha_bar_prev="",
    beta="",
    x_t="n",
    x_0="n",
)
def _(rng):
    x, y = rng.normal(size=(2, 3))
    given = dict(alpha=0.9, alpha_bar=0.4, alpha_bar_prev=0.5, beta=0.1, x_t=x, x_0=y)
    return given, np.sqrt(0.9) * 0.5 / 0.6 * x + np.sqrt(0.5) * 0.1 / 0.6 * y


@case(
    "Chen et al.: NT-Xent, with the similarity stated",
    r"""\ell_{i,j} = -\log \frac{\exp(\mathrm{sim}(z_i, z_j)/\tau)}{\sum_{k} \mathbb{1}_{[k \ne i]}
        \exp(\mathrm{sim}(z_i, z_k)/\tau)}""",
    z="N d",
    tau="",
    sim=COSINE,
)
def _(rng):
    z = rng.normal(size=(4, 2))
    unit = z / np.linalg.norm(z, axis=1, keepdims=True)
    powers = np.exp(unit @ unit.T / 0.5)
    others = powers.sum(1) - np.diag(powers)
    return dict(z=z, tau=0.5), -np.log(powers / others[:, None])


@case(
    "Wikipedia: a kernel around its centre",
    r"""g(x,y) = \omega * f(x,y) = \sum_{i=-a}^a{\sum_{j=-b}^b{ \omega(i,j)f(x-i,y-j)}}""",
    omega="2*a+1 2*b+1",
    f="M N",
    g="M N",
)
def _(rng):
    w, f = rng.normal(size=(3, 5)), rng.normal(size=(6, 7))
    return dict(omega=w, f=f), signal.convolve2d(f, w, mode="same")


@case(
    "Zhang et al.: Dive into Deep Learning, 7.1.4, offsets around a pixel",
    r"""[\mathsf{H}]_{i,j,d} = \sum_{a = -\Delta}^{\Delta} \sum_{b = -\Delta}^{\Delta} \sum_c
        [\mathsf{V}]_{a, b, c, d} [\mathsf{X}]_{i+a, j+b, c}""",
    V="2*Delta+1 2*Delta+1 C D",
    X="M N C",
    H="M N D",
)
def _(rng):
    V, X = rng.normal(size=(3, 3, 2, 3)), rng.normal(size=(4, 5, 2))
    channels = [[ndimage.correlate(X[..., c], V[..., c, d], mode="constant") for c in range(2)]
                for d in range(3)]  # fmt: skip
    return dict(V=V, X=X), np.sum(channels, axis=1).transpose(1, 2, 0)


@case(
    "Harris: the window of Hann",
    r"w[n] = \sin^2\left(\frac{\pi n}{N - 1}\right), \quad 0 \le n \le N-1",
)
def _(rng):
    return dict(N=5), np.sin(np.pi * np.arange(5) / 4) ** 2


@case(
    "scikit-learn manual: the largest error",
    r"\text{Max Error}(y, \hat{y}) = \max(| y_i - \hat{y}_i |)",
    y="n",
    y_hat="n",
)
def _(rng):
    y, p = rng.normal(size=(2, 4))
    return dict(y=y, y_hat=p), abs(y - p).max()


@case(
    "Ng: the cost of logistic regression",
    r"""J(\theta) = -\frac{1}{m} \sum_{i=1}^{m} \left[ y^{(i)} \log h_\theta(x^{(i)}) + (1 -
        y^{(i)}) \log (1 - h_\theta(x^{(i)})) \right]""",
    y="m",
    x="m",
    h_theta=sigmoid,
    origin=1,
)
def _(rng):
    x, y = rng.normal(size=4), np.array([0, 1, 1, 0])
    p = sigmoid(x)
    return dict(y=y, x=x), -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@case(
    "Sun et al.: Circle loss, what it unifies",
    r"""\mathcal{L}_{uni} = \log\left[1 + \sum_{i=1}^{K}\sum_{j=1}^{L} \exp(\gamma(s_n^j - s_p^i +
        m))\right]""",
    s_n="L",
    s_p="K",
    gamma="",
    m="",
    origin=1,
)
def _(rng):
    a, b = rng.normal(size=3), rng.normal(size=2)
    exponents = 2 * (a[None] - b[:, None] + 0.1)
    return dict(s_n=a, s_p=b, gamma=2.0, m=0.1), np.log(1 + np.exp(exponents).sum())


@case(
    "scikit-learn manual: average precision",
    r"\text{AP} = \sum_n (R_n - R_{n-1}) P_n",
    R="N",
    P="N",
)
def _(rng):
    return dict(R=np.array([0.2, 0.5, 1.0]), P=np.array([1.0, 0.8, 0.6])), 0.74


@case(
    "Shazeer: GEGLU, products beside a circled dot",
    r"\mathrm{GEGLU}(x) = \mathrm{GELU}(xW) \odot xV",
    x="n",
    W="n m",
    V="n m",
    GELU=np.tanh,
)
def _(rng):
    x, W, V = rng.normal(size=3), rng.normal(size=(3, 2)), rng.normal(size=(3, 2))
    return dict(x=x, W=W, V=V), np.tanh(x @ W) * (x @ V)


@case(
    "PyTorch manual: MultiLabelMarginLoss, a size by its method",
    r"\text{loss}(x, y) = \sum_{ij}\frac{\max(0, 1 - (x[y[j]] - x[i]))}{\text{x.size}(0)}",
    x="n",
    y="m",
)
def _(rng):
    x, y = rng.normal(size=4), np.array([1, 2])
    return dict(x=x, y=y), np.maximum(0, 1 - (x[y][:, None] - x)).sum() / 4


# Square matrices, and what became readable with them


@case(
    "Rasmussen, Williams 2.25: the mean of a Gaussian process, starred names and an identity",
    r"\bar{f}_* = \mathbf{k}_*^\top (K + \sigma_n^2 I)^{-1} \mathbf{y}",
    k_star="n",
    K="n n",
    sigma_n="",
    y="n",
)
def _(rng):
    (k, y), A = rng.normal(size=(2, 3)), rng.normal(size=(3, 3))
    K = A @ A.T
    value = k @ np.linalg.solve(K + 0.09 * np.eye(3), y)
    return dict(k_star=k, K=K, sigma_n=0.3, y=y), value


@case(
    "Bishop 2.81: a conditional mean, letters that are labels of declared names",
    r"\mu_{a|b} = \mu_a + \Sigma_{ab} \Sigma_{bb}^{-1} (x_b - \mu_b)",
    mu_a="m",
    Sigma_ab="m n",
    Sigma_bb="n n",
    x_b="n",
    mu_b="n",
)
def _(rng):
    a, S, T = rng.normal(size=2), rng.normal(size=(2, 3)), 2 * np.eye(3) + 0.1
    x, b = rng.normal(size=(2, 3))
    arrays = dict(mu_a=a, Sigma_ab=S, Sigma_bb=T, x_b=x, mu_b=b)
    return arrays, a + S @ np.linalg.solve(T, x - b)


@case(
    "Bishop 2.117: a covariance, an inverse of a sum",
    r"\Sigma = (\Lambda + A^\mathrm{T} L A)^{-1}",
    Lambda="m m",
    A="n m",
    L="n n",
)
def _(rng):
    A, L = rng.normal(size=(3, 2)), np.diag(rng.uniform(0.1, 1, size=3))
    return dict(Lambda=np.eye(2), A=A, L=L), np.linalg.inv(np.eye(2) + A.T @ L @ A)


@case(
    "Cover, Thomas: the entropy of a normal distribution, a determinant in bars",
    r"H = \frac{1}{2} \ln \left( (2\pi e)^n |\Sigma| \right)",
    Sigma="n n",
)
def _(rng):
    A = rng.normal(size=(3, 3))
    S = A @ A.T
    return dict(Sigma=S), 0.5 * np.log((2 * np.pi * np.e) ** 3 * np.linalg.det(S))


@case(
    "Hastie, Tibshirani, Friedman: degrees of freedom, the trace of a product with an inverse",
    r"\mathrm{df}(\lambda) = \mathrm{tr}\left[ X (X^T X + \lambda I)^{-1} X^T \right]",
    X="n p",
    **{"lambda": ""},
)
def _(rng):
    X = rng.normal(size=(5, 2))
    hat = X @ np.linalg.inv(X.T @ X + 0.4 * np.eye(2)) @ X.T
    return {"X": X, "lambda": 0.4}, np.trace(hat)


@case(
    "Wikipedia: the divergence of two normal distributions, traces, inverses and determinants",
    r"""D_{KL}(p \| q) = \frac{1}{2}\left( \mathrm{tr}(\Sigma_1^{-1}\Sigma_0) + (\mu_1 -
        \mu_0)^\top \Sigma_1^{-1} (\mu_1 - \mu_0) - k + \ln\frac{\det\Sigma_1}{\det\Sigma_0}
        \right)""",
    Sigma_1="k k",
    Sigma_0="k k",
    mu_0="k",
    mu_1="k",
)
def _(rng):
    A, B = rng.normal(size=(2, 2, 2))
    S, T, (m, n) = A @ A.T, B @ B.T, rng.normal(size=(2, 2))
    found = np.trace(np.linalg.solve(S, T)) + (n - m) @ np.linalg.solve(S, n - m) - 2
    value = 0.5 * (found + np.log(np.linalg.det(S) / np.linalg.det(T)))
    return dict(Sigma_1=S, Sigma_0=T, mu_0=m, mu_1=n), value


@case(
    "Lecture notes: the standard error of a coefficient, an element of an inverse",
    r"\mathrm{SE}_j = \sqrt{\hat\sigma^2 (X^\top X)^{-1}_{jj}}",
    X="n p",
    SE="p",
)
def _(rng):
    X = rng.normal(size=(5, 2))
    value = 0.5 * np.sqrt(np.diag(np.linalg.inv(X.T @ X)))
    return dict(X=X, sigma_hat=0.5), value


@case(
    "Textbooks: linear regression, its coefficients said behind",
    r"\hat{y} = w^\top x, \quad w = (X^\top X)^{-1} X^\top y",
    X="n p",
    y="n",
    x="p",
)
def _(rng):
    X, y, x = rng.normal(size=(5, 2)), rng.normal(size=5), rng.normal(size=2)
    return dict(X=X, y=y, x=x), x @ np.linalg.lstsq(X, y, rcond=None)[0]


@case(
    "Wikipedia: the pooled deviation, squares of names that end in a number",
    r"s_p = \sqrt{\frac{(n_1 - 1) s_{X_1}^2 + (n_2 - 1) s_{X_2}^2}{n_1 + n_2 - 2}}",
    n_1="",
    n_2="",
    s_X_1="",
    s_X_2="",
)
def _(rng):
    return dict(n_1=4, n_2=5, s_X_1=1.0, s_X_2=2.0), np.sqrt(19 / 7)


@case("Euclid: the square of x_2", r"d^2 = x_1^2 + x_2^2", d_squared="")
def _(rng):
    return dict(x_1=3.0, x_2=4.0), 25.0


@case("Euclid: the square of x_2, its power first", r"y = x^2_2 + x_1^2", x_1="", x_2="")
def _(rng):
    return dict(x_1=3.0, x_2=4.0), 25.0


@case(
    "Euclid: the square of x_i beside another array x_2",
    r"y_i = x_i^2 + \sum_j x^{(2)}_j",
    x="n",
    x_2="n",
)
def _(rng):
    x, other = rng.normal(size=(2, 4))
    return dict(x=x, x_2=other), x**2 + other.sum()


@case("Poisson's distribution, a factorial", r"P(k; \lambda) = \frac{\lambda^k e^{-\lambda}}{k!}")
def _(rng):
    return {"k": 3, "lambda": 2.0}, 8 * np.exp(-2) / 6


@case(
    "Wikipedia: the hypergeometric distribution, a name in the middle",
    r"p_X(k) = \Pr(X = k) = \frac{\binom{K}{k} \binom{N-K}{n-k}}{\binom{N}{n}}",
    K="",
    N="",
    n="",
    k="",
)
def _(rng):
    return dict(K=4, N=10, n=3, k=2), 6 * 6 / 120


@case(
    "You et al.: LAMB, a step whose result is not declared",
    r"x_{t+1} = x_t - \eta_t \frac{\phi(\|x_t\|)}{\|r_t + \lambda x_t\|} (r_t + \lambda x_t)",
    x="n",
    r="n",
    eta="",
    phi=np.tanh,
    **{"lambda": ""},
)
def _(rng):
    x, r = rng.normal(size=(2, 4))
    u = r + 0.1 * x
    value = x - 0.1 * np.tanh(np.linalg.norm(x)) / np.linalg.norm(u) * u
    return {"x": x, "r": r, "eta": 0.1, "lambda": 0.1}, value


@case(
    "Polyak: the heavy ball, what comes next of what was before",
    r"x_{k+1} = x_k - \alpha \nabla f(x_k) + \beta (x_k - x_{k-1})",
    x="n",
    x_prev="n",
    alpha="",
    beta="",
    df_dx="n",
)
def _(rng):
    x, p, g = rng.normal(size=(3, 4))
    return dict(x=x, x_prev=p, alpha=0.1, beta=0.9, df_dx=g), x - 0.1 * g + 0.9 * (x - p)


@case(
    "Haykin: the step of least mean squares, in brackets",
    r"\mathbf{w}(n+1) = \mathbf{w}(n) + \mu e(n) \mathbf{x}(n)",
    w="p",
    mu="",
    e="",
    x="p",
)
def _(rng):
    w, x = rng.normal(size=(2, 3))
    return dict(w=w, mu=0.1, e=0.5, x=x), w + 0.05 * x


@case(
    "Karpathy: back through time, derivatives of what comes next",
    r"""\frac{\partial L}{\partial h_t} = W_{hy}^T \frac{\partial L}{\partial y_t} +
        \frac{\partial L}{\partial h_{t+1}}""",
    W_hy="m n",
    dL_dy_t="m",
    dL_dh_next="n",
)
def _(rng):
    W, g, h = rng.normal(size=(2, 3)), rng.normal(size=2), rng.normal(size=3)
    return dict(W_hy=W, dL_dy_t=g, dL_dh_next=h), W.T @ g + h


@case(
    "Wikipedia: the coefficient of determination, two sums said behind",
    r"""R^2 = 1 - \frac{SS_{\rm res}}{SS_{\rm tot}}, \quad SS_{\rm res} = \sum_i (y_i - f_i)^2,
        \quad SS_{\rm tot} = \sum_i (y_i - \bar{y})^2""",
    y="n",
    f="n",
    y_bar="",
)
def _(rng):
    y, f = rng.normal(size=(2, 5))
    value = 1 - ((y - f) ** 2).sum() / ((y - 0.1) ** 2).sum()
    return dict(y=y, f=f, y_bar=0.1), value


@case(
    "Wikipedia: entropy in bits, an alphabet on the left",
    r"\mathrm{H}(X) = -\sum_{x \in \mathcal{X}} p(x) \log_2 p(x)",
    p="n",
)
def _(rng):
    p = softmax(rng.normal(size=4))
    return dict(p=p), -(p * np.log2(p)).sum()


@case(
    "Ioffe, Szegedy: the variance of a population, a random letter in brackets",
    r"\mathrm{Var}[x] = \frac{m}{m - 1} \mathbb{E}_\mathcal{B}[\sigma_\mathcal{B}^2]",
    m="",
    sigma_B="k",
)
def _(rng):
    s = rng.uniform(0.1, 1, size=4)
    return dict(m=8, sigma_B=s), 8 / 7 * (s**2).mean()


@case(
    "Textbooks: a mean, what it is divided by said behind",
    r"\mu = c \sum_i x_i, \quad c = 1/N",
    x="N",
)
def _(rng):
    x = rng.normal(size=5)
    return dict(x=x), x.mean()


@case(
    "Kingma, Welling: a likelihood of samples, a script L beside a size L",
    r"""\mathcal{L}(\theta, \phi; x) = -D_{KL} + \frac{1}{L} \sum_{l=1}^{L} \log p_\theta(x \mid
        z^{(l)})""",
    D_KL="",
    p_theta="L",
    origin=1,
)
def _(rng):
    p = rng.uniform(0.1, 1, size=3)
    return dict(D_KL=0.5, p_theta=p), np.log(p).mean() - 0.5


@case(
    "CS231n: the gradient of a softmax, an example whose label is one number",
    r"\frac{\partial L_i}{\partial f_k} = p_k - \mathbb{1}(y_i = k)",
    p="K",
    y_i="",
    f="K",
)
def _(rng):
    p = softmax(rng.normal(size=4))
    return dict(p=p, y_i=2), p - np.eye(4)[2]


@case(
    "PyTorch manual: Mish, a star before a function",
    r"\text{Mish}(x) = x * \text{Tanh}(\text{Softplus}(x))",
    x="n",
    Tanh=np.tanh,
    Softplus=lambda x: np.log1p(np.exp(x)),
)
def _(rng):
    x = rng.normal(size=4)
    return dict(x=x), x * np.tanh(np.log1p(np.exp(x)))


@case(
    "Wikipedia: discounted gain, a word of one declared name said behind",
    r"""\mathrm{nDCG}_p = \frac{\mathrm{DCG}_p}{\mathrm{IDCG}_p}, \quad \mathrm{DCG}_p =
        \sum_{i=1}^{p} \frac{rel_i}{\log_2(i + 1)}""",
    rel="n",
    p="",
    IDCG_p="",
    origin=1,
)
def _(rng):
    gains = rng.uniform(0.1, 1, size=5)
    value = (gains[:3] / np.log2([2, 3, 4])).sum() / 2
    return dict(rel=gains, p=3, IDCG_p=2.0), value
