# Written by `make notebooks`.

from cnnmath.layers.activation import *  # noqa: F403
from cnnmath.layers.convolution import *  # noqa: F403
from cnnmath.layers.dense import *  # noqa: F403
from cnnmath.layers.geometry import *  # noqa: F403
from cnnmath.layers.loss import *  # noqa: F403
from cnnmath.layers.normalisation import *  # noqa: F403
from cnnmath.layers.pooling import *  # noqa: F403
from cnnmath.layers.transposed import *  # noqa: F403

FILES: dict[str, list[str]]
