"""`translator`: a layer, written in the dialect of one library, in those of the others.

PyTorch, Keras, JAX, ONNX and SciPy give one layer different names, count its padding differently
and mean different things by the same words. The reader types a layer in any of the five, and sees
how the others write it, what it makes of a small array, and what the same words would be there.
What each library does is in `js/translator/`, a file a dialect.
"""

import html
from typing import Any

import traitlets

from cnnmath.errors import ArrayValueError, CnnMathError
from cnnmath.explorer.live_figure import LiveFigure
from cnnmath.shared import TRANSLATOR

EXAMPLES = (
    ("“same” with a stride", 'layers.Conv2D(1, 3, strides=2, padding="same")'),
    ("“same” with an even kernel", 'op.Conv(x, w, kernel_shape=[4, 4], auto_pad="SAME_LOWER")'),
    ("pooling, rounded up", "nn.MaxPool2d(3, stride=2, ceil_mode=True)"),
    ("pooling that says no stride", "nn.MaxPool2d(2)"),
    (
        "transposed, with output padding",
        "nn.ConvTranspose2d(1, 1, 3, stride=2, padding=1, output_padding=1)",
    ),
    ("transposed, “same”", 'layers.Conv2DTranspose(1, 3, strides=2, padding="same")'),
    ("transposed, and turned", 'lax.conv_transpose(x, w, strides=(2, 2), padding="SAME")'),
    ("a true convolution", 'signal.convolve2d(x, w, mode="same")'),
    ("dilation", "nn.Conv2d(1, 1, 3, padding=2, dilation=2)"),
)


class Translator(LiveFigure):
    """A layer in five dialects; `t.layer = "nn.MaxPool2d(3)"` writes another one.

    What the reader types is heard of by `t.observe(f, "layer")`. What no library takes is refused
    in the figure, in a sentence, and not here.
    """

    ELEMENT = "cnnmath-translator"
    SCRIPT = "translator.js"
    MODULE = "translator-widget.js"
    STYLES = ("figure.css", "translator.css")

    layer = traitlets.Unicode().tag(sync=True)
    size = traitlets.Int().tag(sync=True)
    kernel = traitlets.Int().tag(sync=True)

    @traitlets.validate("size")
    def _check_size(self, proposal: Any) -> int:
        return _within("size", proposal["value"], TRANSLATOR["input"])

    @traitlets.validate("kernel")
    def _check_kernel(self, proposal: Any) -> int:
        return _within("kernel", proposal["value"], TRANSLATOR["kernel"])

    def __repr__(self) -> str:
        return f"Translator({self.layer!r})"

    def page_state(self) -> dict[str, Any]:
        now = {"layer": self.layer, "size": self.size, "kernel": self.kernel}
        return {**self.state, **now}

    def still(self) -> str:
        return (
            f"<pre>{html.escape(self.layer)}</pre>"
            "<p>Where scripts run, this layer stands here in five dialects.</p>"
            f"<p>{html.escape(self.state['caption'])}</p>"
        )


def _within(name: str, value: int, span: list[int]) -> int:
    if not span[0] <= value <= span[1]:
        raise ArrayValueError(f"{name} = {value}: expected {span[0]} to {span[1]}")
    return value


def translator(
    layer: str, *, size: int = 6, kernel: int = 3, caption: str | None = None
) -> Translator:
    """A field in which a layer is typed in one dialect, and read in the others.

    layer : a call such as `nn.Conv2d(1, 1, 3, stride=2)`, `layers.MaxPooling2D(2)`,
        `lax.conv_transpose(x, w, (2, 2), "SAME")`, `op.Conv(x, w, kernel_shape=[3, 3])` or
        `signal.convolve2d(x, w)`; or a few lines, with what is done to `x` and `w` before it and
        to `y` after it
    size : of the input, which is square: 2 to 9
    kernel : how large `w` is where the call does not say it: 1 to 7
    caption : what the figure shows, in a sentence

    Raises CnnMathError if the layer is no text, ArrayValueError for a size out of its range.
    """
    if not isinstance(layer, str):
        raise CnnMathError(f"layer: expected a text such as {EXAMPLES[0][1]!r}, got {layer!r}")
    state = {
        "examples": [list(example) for example in EXAMPLES],
        "caption": caption or "One layer in five dialects, and what the same words mean in each.",
    }
    return Translator(state=state, layer=layer, size=size, kernel=kernel)
