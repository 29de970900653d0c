"""Normalisation: numbers that belong together get the mean 0 and the spread 1.

Symbols: x the input, M examples in rows, with N features each; x̃ the same around their mean; x̂
normalised; γ the scales and β the shifts that are learnt, one for each feature; y the output; ε a
small number that keeps the spread above 0. Batch normalisation goes down each column: μ and σ are
the mean and the spread of a feature over the batch, and with a bar those that were learnt. Layer
normalisation goes along each row: there they are those of an example over its features.
"""

from functools import partial

from cnnmath.catalogue import symbols
from cnnmath.catalogue.symbols import SYMBOLS

BA = "Ba, Kiros and Hinton, Layer normalization (2016), arXiv 1607.06450"
IOFFE = "Ioffe and Szegedy, Batch normalization (2015), arXiv 1502.03167"

_SHARED = {
    **SYMBOLS,
    "x_tilde": "the input around its mean",
    "x_hat": "the input, normalised",
    "y": "the output of the normalisation",
    "gamma": "the scales",
    "beta": "the shifts",
    "epsilon": "a small number",
    "dE_dy": "the gradient that arrives at the normalisation's output",
    "dE_dx_tilde": "the gradient around the mean",
    "dE_dx_hat": "the gradient that arrives at what is normalised",
    "dE_dgamma": "the gradient of the scales",
    "dE_dbeta": "the gradient of the shifts",
}
of_a_batch = partial(
    symbols.stated,
    symbols={
        **_SHARED,
        "mu": "the mean of each feature",
        "sigma": "the spread of each feature",
        "mu_bar": "the mean that was learnt",
        "sigma_bar": "the spread that was learnt",
    },
    source=IOFFE,
)
of_an_example = partial(
    symbols.stated,
    symbols={
        **_SHARED,
        "mu": "the mean of each example",
        "sigma": "the spread of each example",
    },
    source=BA,
)

# ---- down the columns ---------------------------------------------------------------------------

batch_mean = of_a_batch(
    r"\mu_j = \frac{1}{M} \sum_{i=0}^{M-1} x_{ij}",
    name="mean over the batch",
    meaning="For each feature the mean over all examples.",
    x="M N",
    mu="N",
)

centred = of_a_batch(
    r"\tilde x_{ij} = x_{ij} - \mu_j",
    name="around the mean",
    meaning="Each number, less the mean of its feature.",
    mu=batch_mean,
    x="M N",
    x_tilde="M N",
)

batch_spread = of_a_batch(
    r"\sigma_j = \sqrt{\frac{1}{M} \sum_{i=0}^{M-1} \tilde x_{ij}^2 + \epsilon}",
    name="spread over the batch",
    meaning="For each feature the root of the mean square around the mean; ε keeps it above 0.",
    x_tilde="M N",
    sigma="N",
    epsilon="",
)

normalised = of_a_batch(
    r"\hat x_{ij} = \frac{\tilde x_{ij}}{\sigma_j}",
    name="normalised over the batch",
    meaning="Each number around its mean, in units of its feature's spread.",
    sigma=batch_spread,
    x_tilde="M N",
    x_hat="M N",
)

# The same of x itself: what is derived and checked by x goes through the mean as well.
_normalised_of_x = of_a_batch(
    normalised.latex, name=normalised.name, sigma=batch_spread, x_tilde=centred, x_hat="M N"
)

batch_norm = of_a_batch(
    r"y_{ij} = \gamma_j\, \hat x_{ij} + \beta_j",
    name="batch normalisation",
    meaning="What is normalised gets the scale and the shift that were learnt for its feature.",
    x_hat=_normalised_of_x,
    gamma="N",
    beta="N",
    y="M N",
)

scale_gradient = of_a_batch(
    r"\frac{\partial E}{\partial \gamma_j} = \sum_{i=0}^{M-1} "
    r"\frac{\partial E}{\partial y_{ij}}\, \hat x_{ij}",
    name="gradient of the scales",
    meaning="A scale has met the normalised numbers of its feature, and gathers over the batch.",
    y=batch_norm,
)

shift_gradient = of_a_batch(
    r"\frac{\partial E}{\partial \beta_j} = \sum_{i=0}^{M-1} \frac{\partial E}{\partial y_{ij}}",
    name="gradient of the shifts",
    meaning="A shift was added to every number of its feature, and gets the sum of their "
    "gradients.",
    y=batch_norm,
)

normalised_gradient = of_a_batch(
    r"\frac{\partial E}{\partial \tilde x_{ij}} = \frac{1}{\sigma_j} \left( "
    r"\frac{\partial E}{\partial \hat x_{ij}} - \frac{\hat x_{ij}}{M} \sum_{r=0}^{M-1} "
    r"\frac{\partial E}{\partial \hat x_{rj}}\, \hat x_{rj} \right)",
    name="gradient through the spread",
    meaning="What would only stretch all numbers alike is taken out; the rest is divided as the "
    "numbers were.",
    x_hat=normalised,
    sigma=batch_spread,
)

centred_gradient = of_a_batch(
    r"\frac{\partial E}{\partial x_{ij}} = \frac{\partial E}{\partial \tilde x_{ij}} "
    r"- \frac{1}{M} \sum_{r=0}^{M-1} \frac{\partial E}{\partial \tilde x_{rj}}",
    name="gradient through the mean",
    meaning="The gradient is put around its own mean, as the numbers were.",
    x_tilde=centred,
)

batch_norm_gradient = of_a_batch(
    r"\frac{\partial E}{\partial x_{ij}} = \frac{\gamma_j}{\sigma_j} \left( "
    r"\frac{\partial E}{\partial y_{ij}} "
    r"- \frac{1}{M} \sum_{r=0}^{M-1} \frac{\partial E}{\partial y_{rj}} "
    r"- \frac{\hat x_{ij}}{M} \sum_{r=0}^{M-1} \frac{\partial E}{\partial y_{rj}}\, \hat x_{rj} "
    r"\right)",
    name="gradient of batch normalisation",
    meaning="From the gradient are taken its mean over the batch, and what in it goes along the "
    "normalised numbers.",
    y=batch_norm,
    sigma=batch_spread,
)

batch_norm_in_use = of_a_batch(
    r"y_{ij} = \gamma_j\, \frac{x_{ij} - \bar \mu_j}{\bar \sigma_j} + \beta_j",
    name="batch normalisation in use",
    meaning="With a mean and a spread that are no longer of the batch, no example depends on "
    "another.",
    x="M N",
    gamma="N",
    beta="N",
    mu_bar="N",
    sigma_bar="N",
    y="M N",
)

# ---- along the rows -----------------------------------------------------------------------------

row_mean = of_an_example(
    r"\mu_i = \frac{1}{N} \sum_{j=0}^{N-1} x_{ij}",
    name="mean of an example",
    meaning="For each example the mean over its features.",
    x="M N",
    mu="M",
)

row_centred = of_an_example(
    r"\tilde x_{ij} = x_{ij} - \mu_i",
    name="around the mean of the example",
    meaning="Each number, less the mean of its example.",
    mu=row_mean,
    x="M N",
    x_tilde="M N",
)

row_spread = of_an_example(
    r"\sigma_i = \sqrt{\frac{1}{N} \sum_{j=0}^{N-1} \tilde x_{ij}^2 + \epsilon}",
    name="spread of an example",
    meaning="For each example the root of the mean square around its mean; ε keeps it above 0.",
    x_tilde="M N",
    sigma="M",
    epsilon="",
)

row_normalised = of_an_example(
    r"\hat x_{ij} = \frac{\tilde x_{ij}}{\sigma_i}",
    name="normalised within the example",
    meaning="Each number around the mean of its example, in units of the example's spread.",
    sigma=row_spread,
    x_tilde="M N",
    x_hat="M N",
)

_row_normalised_of_x = of_an_example(
    row_normalised.latex,
    name=row_normalised.name,
    sigma=row_spread,
    x_tilde=row_centred,
    x_hat="M N",
)

layer_norm = of_an_example(
    r"y_{ij} = \gamma_j\, \hat x_{ij} + \beta_j",
    name="layer normalisation",
    meaning="What is normalised gets the scale and the shift that were learnt for its feature.",
    x_hat=_row_normalised_of_x,
    gamma="N",
    beta="N",
    y="M N",
)

row_normalised_gradient = of_an_example(
    r"\frac{\partial E}{\partial \tilde x_{ij}} = \frac{1}{\sigma_i} \left( "
    r"\frac{\partial E}{\partial \hat x_{ij}} - \frac{\hat x_{ij}}{N} \sum_{u=0}^{N-1} "
    r"\frac{\partial E}{\partial \hat x_{iu}}\, \hat x_{iu} \right)",
    name="gradient through the spread of the example",
    meaning="What would only stretch the example is taken out; the rest is divided as the numbers "
    "were.",
    x_hat=row_normalised,
    sigma=row_spread,
)

row_centred_gradient = of_an_example(
    r"\frac{\partial E}{\partial x_{ij}} = \frac{\partial E}{\partial \tilde x_{ij}} "
    r"- \frac{1}{N} \sum_{u=0}^{N-1} \frac{\partial E}{\partial \tilde x_{iu}}",
    name="gradient through the mean of the example",
    meaning="The gradient of an example is put around its own mean, as its numbers were.",
    x_tilde=row_centred,
)

layer_norm_gradient = of_an_example(
    r"\frac{\partial E}{\partial x_{ij}} = \frac{1}{\sigma_i} \left( "
    r"\gamma_j \frac{\partial E}{\partial y_{ij}} "
    r"- \frac{1}{N} \sum_{u=0}^{N-1} \gamma_u \frac{\partial E}{\partial y_{iu}} "
    r"- \frac{\hat x_{ij}}{N} \sum_{u=0}^{N-1} "
    r"\gamma_u \frac{\partial E}{\partial y_{iu}}\, \hat x_{iu} \right)",
    name="gradient of layer normalisation",
    meaning="The scale differs along the row, so it is multiplied in before mean and stretch are "
    "taken out.",
    y=layer_norm,
    sigma=row_spread,
)

BETWEEN = "network/softmax", "network/graph"

CHAPTERS = {
    "network/batch-norm": (
        batch_mean,
        centred,
        batch_spread,
        normalised,
        batch_norm,
        batch_norm_gradient,
        centred_gradient,
        normalised_gradient,
        scale_gradient,
        shift_gradient,
        batch_norm_in_use,
    ),
    "network/layer-norm": (
        row_mean,
        row_centred,
        row_spread,
        row_normalised,
        layer_norm,
        layer_norm_gradient,
        row_centred_gradient,
        row_normalised_gradient,
    ),
}
