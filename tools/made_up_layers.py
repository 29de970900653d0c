"""Layers in the dialects of five libraries, for `record_dialects`: some chosen, others made up."""

import random
from typing import Any

CORNERS = (
    ('nn.Conv2d(1, 1, 4, padding="same")', 4),
    ("nn.MaxPool2d(2, ceil_mode=True)", 2),
    ("nn.MaxPool2d(3, stride=2, padding=1, ceil_mode=True)", 3),
    ("nn.ConvTranspose2d(1, 1, 3, stride=2, padding=1, output_padding=1)", 3),
    ('layers.Conv2D(1, 4, padding="same")', 4),
    ('layers.Conv2D(1, 3, strides=2, padding="same")', 3),
    ('layers.MaxPooling2D(3, strides=2, padding="same")', 3),
    ("layers.Conv2DTranspose(1, 2, strides=3)", 2),
    ('layers.Conv2DTranspose(1, 4, strides=3, padding="same")', 4),
    ('layers.Conv2DTranspose(1, 3, strides=2, padding="same", output_padding=0)', 3),
    ('lax.conv_general_dilated(x, w, (1, 1), "SAME_LOWER")', 4),
    ('lax.conv_transpose(x, w, (2, 2), "SAME")', 4),
    ('op.Conv(x, w, kernel_shape=[4, 4], auto_pad="SAME_UPPER")', 4),
    ('op.Conv(x, w, kernel_shape=[4, 4], auto_pad="SAME_LOWER")', 4),
    ('op.ConvTranspose(x, w, kernel_shape=[3, 3], strides=[2, 2], auto_pad="SAME_LOWER")', 3),
    ("op.MaxPool(x, kernel_shape=[2, 2])", 2),
    ('signal.convolve2d(x, w, mode="same")', 2),
    ('signal.convolve2d(x, w, mode="same")', 4),
    ('signal.correlate2d(x, w, mode="same")', 2),
    ('signal.correlate2d(x, w, mode="same")', 4),
)
"""Layers that are asked of always, each with how large its kernel is."""


def made_up(rng: random.Random) -> dict[str, Any]:
    """A layer in some dialect, an input and a kernel for it. Some of them no library takes."""
    kernel = [rng.randint(1, 4) for _ in "hw"] if rng.random() < 0.3 else [rng.randint(1, 4)] * 2
    writer = rng.choice(WRITERS)
    # SciPy takes the larger of two planes for the input, whichever comes first.
    least = kernel if writer is scipy else [2, 2]
    size = [rng.randint(n, 8) for n in least]
    return {"text": writer(rng, kernel), "size": size, "w": kernel}


def pair(rng: random.Random, least: int, most: int) -> list[int]:
    one = rng.randint(least, most)
    return [one, rng.randint(least, most) if rng.random() < 0.3 else one]


def short(pair: list[int]) -> str:
    return str(pair[0]) if pair[0] == pair[1] else str(tuple(pair))


def some(rng: random.Random, *given: str) -> str:
    """Each with a chance of its own, in the order of the call."""
    return "".join(f", {one}" for one in given if rng.random() < 0.5)


def pytorch(rng: random.Random, kernel: list[int]) -> str:
    stride, dilation = f"stride={short(pair(rng, 1, 3))}", f"dilation={short(pair(rng, 1, 2))}"
    padding = rng.choice(['"same"', '"valid"', short(pair(rng, 0, 2)), short(pair(rng, 0, 2))])
    return f"nn.Conv2d(1, 1, {short(kernel)}{some(rng, stride, f'padding={padding}', dilation)})"


def pytorch_transposed(rng: random.Random, kernel: list[int]) -> str:
    given = some(
        rng,
        f"stride={short(pair(rng, 1, 3))}",
        f"padding={short(pair(rng, 0, 2))}",
        f"output_padding={short(pair(rng, 0, 2))}",
        f"dilation={short(pair(rng, 1, 2))}",
    )
    return f"nn.ConvTranspose2d(1, 1, {short(kernel)}{given})"


def pytorch_pooling(rng: random.Random, kernel: list[int]) -> str:
    given = some(
        rng,
        f"stride={short(pair(rng, 1, 3))}",
        f"padding={short(pair(rng, 0, 2))}",
        f"dilation={short(pair(rng, 1, 2))}",
        "ceil_mode=True",
    )
    return f"nn.MaxPool2d({short(kernel)}{given})"


def keras(rng: random.Random, kernel: list[int]) -> str:
    given = some(
        rng,
        f"strides={short(pair(rng, 1, 3))}",
        f'padding="{rng.choice(["same", "valid"])}"',
        f"dilation_rate={short(pair(rng, 1, 2))}",
    )
    return f"layers.Conv2D(1, {short(kernel)}{given})"


def keras_transposed(rng: random.Random, kernel: list[int]) -> str:
    given = some(
        rng,
        f"strides={short(pair(rng, 1, 3))}",
        f'padding="{rng.choice(["same", "valid"])}"',
        f"output_padding={short(pair(rng, 0, 2))}",
        f"dilation_rate={short(pair(rng, 1, 2))}",
    )
    return f"layers.Conv2DTranspose(1, {short(kernel)}{given})"


def keras_pooling(rng: random.Random, kernel: list[int]) -> str:
    stride, padding = short(pair(rng, 1, 3)), rng.choice(["same", "valid"])
    given = some(rng, f"strides={stride}", f'padding="{padding}"')
    return f"layers.MaxPooling2D({short(kernel)}{given})"


def pads(rng: random.Random, least: int = 0) -> str:
    return str(tuple((rng.randint(least, 2), rng.randint(least, 2)) for _ in "hw"))


def jax(rng: random.Random, kernel: list[int]) -> str:
    spread = f"lhs_dilation={tuple(pair(rng, 1, 3))}"
    strides = tuple(pair(rng, 1, 3)) if rng.random() < 0.6 else (1, 1)
    padding = rng.choice(['"SAME"', '"VALID"', '"SAME_LOWER"', pads(rng, -1), pads(rng)])
    given = some(rng, spread if strides == (1, 1) else f"rhs_dilation={tuple(pair(rng, 1, 2))}")
    return f"lax.conv_general_dilated(x, w, {strides}, {padding}{given})"


def jax_transposed(rng: random.Random, kernel: list[int]) -> str:
    padding = rng.choice(['"SAME"', '"VALID"', pads(rng)])
    given = some(rng, f"rhs_dilation={tuple(pair(rng, 1, 2))}", "transpose_kernel=True")
    if padding[0] == "(":
        given += some(rng, "use_consistent_padding=True")
    return f"lax.conv_transpose(x, w, {tuple(pair(rng, 1, 3))}, {padding}{given})"


def jax_pooling(rng: random.Random, kernel: list[int]) -> str:
    around = ((0, 0), (0, 0), *((rng.randint(0, 1), rng.randint(0, 2)) for _ in "hw"))
    padding = rng.choice(['"SAME"', '"VALID"', str(around)])
    strides = (1, 1, *pair(rng, 1, 3))
    given = some(rng, f"window_dilation={(1, 1, *pair(rng, 1, 2))}")
    return (
        f"lax.reduce_window(x, -jnp.inf, lax.max, {(1, 1, *kernel)}, {strides}, {padding}{given})"
    )


def padded(rng: random.Random) -> str:
    where = [f'auto_pad="{rng.choice(["SAME_UPPER", "SAME_LOWER", "VALID"])}"']
    where.append(f"pads={[rng.randint(0, 2) for _ in range(4)]}")
    return some(rng, rng.choice(where))


def onnx(rng: random.Random, kernel: list[int]) -> str:
    given = some(rng, f"strides={pair(rng, 1, 3)}", f"dilations={pair(rng, 1, 2)}")
    return f"op.Conv(x, w, kernel_shape={kernel}{given}{padded(rng)})"


def onnx_transposed(rng: random.Random, kernel: list[int]) -> str:
    strides, dilations = f"strides={pair(rng, 1, 3)}", f"dilations={pair(rng, 1, 2)}"
    given = some(rng, strides, f"output_padding={pair(rng, 0, 1)}", dilations)
    return f"op.ConvTranspose(x, w, kernel_shape={kernel}{given}{padded(rng)})"


def onnx_pooling(rng: random.Random, kernel: list[int]) -> str:
    strides, dilations = f"strides={pair(rng, 1, 3)}", f"dilations={pair(rng, 1, 2)}"
    # What rounding up would mean beside auto_pad, the standard does not say.
    more = rng.choice([padded(rng), f", pads={[rng.randint(0, 2) for _ in range(4)]}, ceil_mode=1"])
    return f"op.MaxPool(x, kernel_shape={kernel}{some(rng, strides, dilations)}{more})"


def scipy(rng: random.Random, kernel: list[int]) -> str:
    mode = f'mode="{rng.choice(["full", "valid", "same"])}"'
    return f"signal.{rng.choice(['convolve2d', 'correlate2d'])}(x, w{some(rng, mode)})"


WRITERS = (
    *(pytorch, pytorch_transposed, pytorch_pooling),
    *(keras, keras_transposed, keras_pooling),
    *(jax, jax_transposed, jax_pooling),
    *(onnx, onnx_transposed, onnx_pooling, scipy),
)
