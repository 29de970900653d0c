"""The figures: do they say what the arrays hold, is everything in its place, can all be read?"""

import base64
import io
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, groupby

import matplotlib
import numpy as np
import pytest
from contrast import ENOUGH, contrast
from matplotlib.patches import Rectangle
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox
from PIL import Image
from selectolax.lexbor import LexborHTMLParser

from cnnmath import data, plots
from cnnmath.colours import FALLBACKS, ROLES, colour_of
from cnnmath.errors import ArrayValueError, CnnMathError, ShapeError
from cnnmath.plots.scales import ink_on
from cnnmath.plots.themed import INK, LINE, QUIET, RULE, following, style
from cnnmath.shared import DIVERGING
from tools import drawn as drawn_record

RECORD = drawn_record.read()
RNG = np.random.default_rng(7)


def slid(x, W, b=0.0, stride=1, dilation=1):
    """The kernel slid over the image, by the definition."""
    reach = [dilation * (extent - 1) + 1 for extent in W.shape]
    counts = [(size - one) // stride + 1 for size, one in zip(x.shape, reach, strict=True)]
    return np.array(
        [
            [
                (
                    W
                    * x[
                        i * stride : i * stride + reach[0] : dilation,
                        j * stride : j * stride + reach[1] : dilation,
                    ]
                ).sum()
                + b
                for j in range(counts[1])
            ]
            for i in range(counts[0])
        ]
    )


X = RNG.integers(-3, 4, (5, 5)).astype(float)
W = np.array([[1.0, 0, -1], [2, 0, -2], [1, 0, -1]])
THREE = data.digit(3)
SOBEL = data.kernels()["Sobel vertical edges"]
BLUR = data.kernels()["Gaussian blur 5×5"]
PHOTOGRAPH = data.photograph()
Z = np.linspace(-4, 4, 101)

FIGURES = {
    "grids of whole numbers": lambda: plots.grids(x=X, W=W, b=0.5, a=slid(X, W, 0.5)),
    "grids with a title": lambda: plots.grids(x=X, W=W, title="A title that is rather long " * 4),
    "a title over little": lambda: plots.grids(b=1, title="A title wider than what is under it"),
    "one number": lambda: plots.grids(b=-0.25),
    "large numbers": lambda: plots.grids(
        x=1e6 * RNG.normal(size=(3, 3)), W=-RNG.integers(0, 99999, (3, 3)), a=[[-1e300, 1e-300]]
    ),
    "small numbers": lambda: plots.grids(
        dE_dW=1e-5 * RNG.normal(size=(3, 3)), dE_db=-1e-9, delta=RNG.normal(size=(2, 2))
    ),
    "many digits": lambda: plots.grids(x=-1000 - RNG.random((4, 12)), a=RNG.normal(size=(8, 8))),
    "no numbers": lambda: plots.grids(x=[[np.nan, np.inf], [-np.inf, 1]], mask=[True, False]),
    "a stack": lambda: plots.grids(
        W=RNG.integers(-3, 4, (4, 3, 3)), b=[1, -2, 0, 3], a=RNG.normal(size=(4, 2, 2))
    ),
    "a stack of stacks": lambda: plots.grids(W=RNG.integers(-3, 4, (3, 2, 3, 3)), b=[1, -2, 0]),
    "a tall stack": lambda: plots.grids(W=RNG.integers(-9, 9, (16, 1, 3, 3))),
    "a vector": lambda: plots.grids(logits=12 * RNG.normal(size=10), y_hat=np.full(10, 0.1)),
    "a long vector": lambda: plots.grids(x=RNG.normal(size=300), b=[1.0]),
    "a very long vector": lambda: plots.grids(x=RNG.normal(size=3000)),
    "small digits": lambda: plots.grids(
        x=data.small_digit(3), W=SOBEL, a=slid(data.small_digit(3), SOBEL), grey="x"
    ),
    "scales of their own": lambda: plots.grids(
        x=THREE, W=BLUR, a=slid(THREE, BLUR), b=[1e-7], grey=("x", "a"), shared=False
    ),
    "large and wide": lambda: plots.grids(x=RNG.normal(size=(3, 900)), a=RNG.normal(size=(40, 2))),
    "strange names": lambda: plots.grids(
        **{"x_padded": X, "my array": [1], "50%_$": [2], "W1": [3], "δ": [4], "dE_dgamma_2": [5]}
    ),
    "all kernels": lambda: plots.images(
        {name: slid(PHOTOGRAPH, kernel) for name, kernel in data.kernels().items()},
        title="What the well-known kernels make of a photograph",
    ),
    "pictures in colour": lambda: plots.images(
        [data.photograph(colour=True), PHOTOGRAPH], captions=["in colour", "in grey"]
    ),
    "a scale in common": lambda: plots.images(
        {"vertical": slid(PHOTOGRAPH, SOBEL), "horizontal": slid(PHOTOGRAPH, SOBEL.T)}, shared=True
    ),
    "twenty digits": lambda: plots.images(
        np.array([data.digit(label, which) for which in (0, 1) for label in range(10)]),
        captions=[str(label) for _ in (0, 1) for label in range(10)],
    ),
    "one picture": lambda: plots.images(data.digit(4)),
    "pictures of all shapes": lambda: plots.images(
        {
            "a caption that has to be broken into several lines": RNG.normal(size=(9, 3)),
            "wide": 1e-6 * RNG.normal(size=(2, 60)),
            "": RNG.random((1, 1)),
            "larger than the page": RNG.random((30, 1500)),
            "with gaps": np.where(RNG.random((5, 5)) > 0.5, np.nan, -1e5),
        }
    ),
    "a window": lambda: plots.window(X, W, slid(X, W), at=(1, 2)),
    "a window with a bias": lambda: plots.window(
        X / 10, W / 10, slid(X / 10, W / 10, -0.5), at=(0, 0), b=-0.5, title="With a bias"
    ),
    "a window of long numbers": lambda: plots.window(
        1e-3 * X, 1e4 * W, slid(1e-3 * X, 1e4 * W), at=(2, 2)
    ),
    "a strided window": lambda: plots.window(
        X, W, slid(X, W, stride=2), at=(1, 0), stride=2, names=("delta", "W", "dE_dx")
    ),
    "a dilated window": lambda: plots.window(
        X, W[:2, :2], slid(X, W[:2, :2], dilation=3), at=(1, 1), dilation=3
    ),
    "a window on a picture": lambda: plots.window(
        THREE, SOBEL, slid(THREE, SOBEL), at=(9, 12), title="Where a three has an edge"
    ),
    "a large window on a picture": lambda: plots.window(
        THREE, BLUR, slid(THREE, BLUR), at=(20, 10)
    ),
    "a window of many long terms": lambda: window_of(RNG.normal(size=(7, 7)), LONG, (2, 2)),
    "a window of very many terms": lambda: window_of(THREE, RNG.normal(size=(7, 7)), (9, 9)),
    "a kernel too large to write": lambda: window_of(THREE, RNG.normal(size=(13, 13)), (3, 0)),
    "a kernel of one row": lambda: window_of(RNG.normal(size=(4, 12)), RNG.random((1, 11)), (3, 1)),
    "a window on a photograph": lambda: window_of(PHOTOGRAPH, W, (50, 43)),
    "curves": lambda: plots.curves(
        Z,
        {
            "ReLU": np.maximum(Z, 0),
            "leaky ReLU": np.maximum(Z, Z / 10),
            "GELU": Z / (1 + np.exp(-1.702 * Z)),
            "softplus": np.log1p(np.exp(Z)),
            "tanh": np.tanh(Z),
            "a sigmoid by its full name": 1 / (1 + np.exp(-Z)),
            "a": Z,
            "nothing": np.full(101, np.nan),
        },
        title="Activation functions",
        x_label="x",
        y_label="a",
    ),
    "a logarithmic scale": lambda: plots.curves(
        np.arange(1, 200),
        {"training": np.exp(-np.arange(1, 200) / 20), "test": np.full(199, 0.0123)},
        log=True,
        x_label="step",
        y_label="loss",
    ),
    "large values": lambda: plots.curves([0, 1], {"a": [-1e6, 1e6], "dE_dx": [1, 0]}),
    "a single point": lambda: plots.curves([2], {"a": [5]}),
    "bars over four powers of ten": lambda: plots.bars(
        {"loops, a product at a time": 690, "compiled": 5.2, "one product": 0.08},
        label="nanoseconds for each product",
    ),
    "bars of the same length": lambda: plots.bars({"one": 3, "another": 3.0}),
}
LONG = np.random.default_rng(1).normal(size=(5, 5)).round(4) / 10
START = RNG.bit_generator.state


def drawn_anew(name):
    """A figure of random numbers that are the same whichever figure was drawn before."""
    RNG.bit_generator.state = START
    figure = FIGURES[name]()
    figure.canvas.draw()
    return figure


def window_of(x, W, at):
    return plots.window(x, W, slid(x, W), at=at)


@dataclass
class Drawn:
    """A figure by its name, and the box that each of its texts takes in pixels."""

    name: str
    figure: plots.Figure
    boxes: dict[Text, Bbox]

    @cached_property
    def page(self):
        """The figure as HTML."""
        return self.figure._repr_html_()

    @property
    def tight(self):
        """The boxes without the rounding up to whole pixels."""
        return {text: box.padded(-0.5) for text, box in self.boxes.items()}


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(name, marks=[pytest.mark.sweep, pytest.mark.xdist_group(name)])
        for name in FIGURES
    ],
    ids=[name.replace(" ", "_") for name in FIGURES],
)
def drawn(request):
    """One figure; all that looks at it runs in one process, so that it is drawn once."""
    figure = drawn_anew(request.param)
    # Axes make marks beyond their ends too, which nobody sees.
    unseen = set()
    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        low, high = sorted(axis.get_view_interval())
        for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
            if not low <= tick.get_loc() <= high:
                unseen |= {tick.label1, tick.label2}
    texts = [text for text in figure.findobj(Text) if text.get_visible() and text not in unseen]
    boxes = {text: text.get_window_extent() for text in texts if text.get_text().strip()}
    return Drawn(request.param, figure, boxes)


def is_in_cell(text):
    """Whether a text is a number in a cell, and not an index beside a grid or anything else."""
    return text.axes is not None and bool(text.axes.images) and not isinstance(text, Annotation)


# ---- Everything in its place


def test_a_figure_draws_what_is_on_record(drawn):
    assert list(drawn_record.said(drawn.figure, drawn.page)) == RECORD[drawn.name]


def test_every_figure_is_on_record():
    assert RECORD.keys() == FIGURES.keys()


def test_no_text_leaves_the_figure(drawn):
    width, height = drawn.figure.bbox.size
    for text, box in drawn.boxes.items():
        assert box.x0 >= 0 and box.x1 <= width and box.y0 >= 0 and box.y1 <= height, text


def test_no_text_touches_another(drawn):
    texts, boxes = list(drawn.tight), np.array([box.extents for box in drawn.tight.values()])
    for n, (x0, y0, x1, y1) in enumerate(boxes):
        rest = boxes[n + 1 :]
        meet = (rest[:, 0] < x1) & (rest[:, 2] > x0) & (rest[:, 1] < y1) & (rest[:, 3] > y0)
        assert not meet.any(), (texts[n], texts[n + 1 + meet.argmax()])


def test_no_text_runs_into_a_grid_or_out_of_its_cell(drawn):
    for text, box in drawn.tight.items():
        if is_in_cell(text):
            j, i = text.get_position()
            low, high = text.axes.transData.transform([(j - 0.5, i + 0.5), (j + 0.5, i - 0.5)])
            assert (box.p0 >= low).all() and (box.p1 <= high).all(), text
        else:
            assert not any(box.overlaps(axes.bbox) for axes in drawn.figure.axes), text


def test_no_grid_touches_another(drawn):
    for one, other in combinations(drawn.figure.axes, 2):
        assert not one.bbox.padded(2).overlaps(other.bbox)


def test_a_figure_is_no_wider_than_the_page(drawn):
    assert drawn.figure.bbox.width < 701


def test_no_letter_is_too_small(drawn):
    assert all(text.get_fontsize() >= 9 for text in drawn.boxes)


def dark(colour):
    """What a colour of a figure is on a dark page, by the style that goes with it."""
    name = following(colour).removeprefix("var(").removesuffix(")")
    rules = style().split("@media", 1)[1]
    return re.search(f"{name}:(#[0-9a-f]{{6}})", rules)[1] if name.startswith("--") else colour


def test_every_text_can_be_read_on_what_is_behind_it(drawn):
    for text in drawn.boxes:
        behind = "#ffffff"
        if is_in_cell(text):
            j, i = text.get_position()
            behind = text.axes.images[0].get_array()[i, j]
        assert contrast(text.get_color(), behind) >= ENOUGH, text


def test_every_text_can_be_read_on_a_dark_page(drawn):
    for text in drawn.boxes:
        ink, behind = dark(text.get_color()), "#14181e"
        if is_in_cell(text):
            j, i = text.get_position()
            painting, _ = drawn.figure.paintings[text.axes.images[0].get_gid()]
            behind = painting.scale.colours(painting.values, "dark")[i, j]
        assert contrast(ink, behind) >= ENOUGH, text


def test_a_tile_holds_all_that_it_is_to_keep_together(drawn):
    height = drawn.figure.bbox.height
    boxes = [tile.box for tile in drawn.figure.tiles]
    for text, shown in drawn.tight.items():
        # The numbers of an axis do not say whose they are, but curves have one tile.
        gid = text.get_gid() or (text.axes or drawn.figure.axes[-1]).get_gid()
        number = int(gid.removeprefix("tile-"))
        box = boxes[number]
        assert box.left <= shown.x0 and shown.x1 <= box.left + box.width, text
        assert box.top <= height - shown.y1 and height - shown.y0 <= box.top + box.height, text


def test_a_figure_is_html_with_a_label_and_ids_of_its_own(drawn):
    page = LexborHTMLParser(drawn.page)
    (figure,) = page.css("[role=img]")
    assert figure.attributes["aria-label"] == drawn.figure.label
    assert len(page.css("svg")) == len(drawn.figure.tiles)
    ids = [element.id for element in page.css("[id]")]
    assert len(ids) == len(set(ids))
    assert all(one.startswith("plot-") for one in ids)
    assert set(re.findall(r'(?:href="#|url\(#)([^")]+)', drawn.page)) == set(ids)
    assert "<svg" not in figure.css_first("style").text()
    assert len(drawn.page) < 300_000


def test_no_colour_of_a_light_page_is_left_in_a_drawing(drawn):
    drawings = "".join(one.html or "" for one in LexborHTMLParser(drawn.page).css("svg"))
    known = {colour.light for colour in [*ROLES.values(), *FALLBACKS, INK, QUIET, LINE, RULE]}
    assert known & set(re.findall("#[0-9a-f]{6}", drawings)) == set()
    assert "var(--plot-" in drawings or "<image" in drawings


def test_the_style_has_each_colour_for_a_light_page_and_for_a_dark_one():
    style.cache_clear()
    light, dark = style().split("@media screen", 1)
    assert light.startswith("<style>\n.cnnmath-plot{--plot-input:#146fdc;--plot-kernel:#bb5708;")
    assert dark.endswith("</style>")
    for colour in (*ROLES.values(), *FALLBACKS, INK, QUIET, LINE, RULE):
        name = following(colour.light).removeprefix("var(").removesuffix(")")
        assert f"{name}:{colour.light};" in light
        assert f"{name}:{colour.dark};" in dark


def test_a_figure_is_the_same_whenever_it_is_made():
    def page(name):
        return re.sub("plot-[0-9a-f]{8}-[0-9]+-", "plot-", FIGURES[name]()._repr_html_())

    for name in ("a window on a picture", "curves", "a scale in common"):
        page(name)  # what is shown again has a number
        assert page(name) == page(name)


def test_what_is_shown_twice_on_a_page_has_other_ids():
    once, again = (re.findall(' id="([^"]+)"', FIGURES["a window"]()._repr_html_()) for _ in "12")
    assert once
    assert set(once) & set(again) == set()


def test_every_variable_has_a_colour_for_light_and_for_dark_pages(drawn):
    page = drawn.page
    used = set(re.findall(r"var\((--plot-[\w-]+)\)", page))
    light, dark_rules = style().split("@media", 1)
    for rules in (light, dark_rules):
        assert used <= set(re.findall(r"(--plot-[\w-]+):#", rules))


def pixels(image):
    address = image.attributes["href"]
    data = base64.b64decode(address.removeprefix("data:image/png;base64,"))
    return np.asarray(Image.open(io.BytesIO(data))) / 255


def test_a_picture_is_stored_pixel_by_pixel():
    (image,) = LexborHTMLParser(plots.images(PHOTOGRAPH)._repr_html_()).css("image")
    assert "pixelated" in image.attributes["style"]
    assert image.attributes["preserveAspectRatio"] == "none"  # or it would leave its box half empty
    np.testing.assert_allclose(pixels(image), PHOTOGRAPH, atol=0.5 / 255 + 1e-9)


def test_signed_numbers_are_masks_for_the_colours_of_the_page():
    array = np.linspace(-2, 1, 400).reshape(20, 20)
    array[3, 4] = np.nan
    page = LexborHTMLParser(plots.images(array)._repr_html_())
    low, high, missing = (pixels(image) for image in page.css("mask image")[:3])
    known = np.nan_to_num(array)
    np.testing.assert_allclose(low, np.maximum(-known, 0) / 2, atol=0.5 / 255 + 1e-9)
    np.testing.assert_allclose(high, np.maximum(known, 0) / 2, atol=0.5 / 255 + 1e-9)
    np.testing.assert_array_equal(missing, np.isnan(array))
    seen = [one.attributes["style"] for one in page.css("rect[mask]")[:3]]
    assert seen == [f"fill:var(--plot-{name})" for name in ("low", "high", "no-number")]


def test_few_cells_are_drawn_in_the_share_of_a_colour_that_their_number_has():
    page = LexborHTMLParser(plots.grids(x=[[4, 0, -1]])._repr_html_())
    fills = [path.attributes["style"] for path in page.css("path[style*=color-mix]")]
    middle = "var(--plot-middle)"
    assert fills == [
        f"fill:color-mix(in srgb,var(--plot-high) 100.0%,{middle})",
        f"fill:color-mix(in srgb,var(--plot-high) 0.0%,{middle})",
        f"fill:color-mix(in srgb,var(--plot-low) 25.0%,{middle})",
    ]


def test_greys_are_the_same_on_every_page():
    shades = np.arange(256).reshape(2, 128) / 255
    for columns in (slice(0, 64), slice(64, 128)):
        figure = plots.grids(x=shades[:, columns], grey="x", shared=False)
        page = LexborHTMLParser(figure._repr_html_())
        fills = {path.attributes["style"] for path in page.css("path[style^='fill:rgb']")}
        greys = np.rint(255 * shades[:, columns]).astype(int).flat
        assert fills == {f"fill:rgb({grey} {grey} {grey})" for grey in greys}


def test_what_is_drawn_on_a_figure_is_in_its_page():
    figure = plots.images({"one": THREE, "two": THREE})
    before = figure._repr_html_().count("<use")
    figure.axes[0].scatter([3, 4], [5, 6], c="#d1242f")
    figure.text(0.1, 0.1, "added")
    after = figure._repr_html_()
    assert "fill:#d1242f" in after.replace("fill: ", "fill:")
    assert after.count("<use") >= before + 2 + len("added")


def test_the_label_of_grids_has_their_numbers():
    label = plots.grids(x=[[1, -2.5], [0, 3]], dE_db=[7]).label
    assert label == "Number grids: x, 2 by 2: 1, −2.5; 0, 3. ∂E/∂b, 1: 7."


def test_a_figure_has_a_stable_text(drawn):
    width, height = (int(side) for side in drawn.figure.bbox.size)
    count = len(drawn.figure.axes)
    assert repr(drawn.figure) == f"<Figure size {width}x{height} with {count} Axes>"


# ---- Grids


def cells(axes):
    """What is written in the cells of a grid, as an array of strings."""
    rows, columns = axes.images[0].get_array().shape[:2]
    written = np.full((rows, columns), "", dtype=object)
    for text in axes.texts:
        if is_in_cell(text):
            j, i = text.get_position()
            written[i, j] += text.get_text()
    return written


def values(axes):
    """The numbers that are written in the cells of a grid."""
    return np.vectorize(lambda text: float(text.replace("\N{MINUS SIGN}", "-")))(cells(axes))


def captions(figure):
    return [text.get_text() for text in figure.texts]


@pytest.mark.parametrize(
    "array",
    [
        X,
        W,
        X / 4,
        data.kernels()["Gaussian blur"],
        [[99999, -99999]],
        [[0.1, -12.25, 3]],
        np.float32([[0.1, 0.7]]),
        [[True, False]],
        np.arange(6, dtype=np.uint8).reshape(2, 3),
    ],
)
def test_exact_numbers_are_written_in_full(array):
    np.testing.assert_allclose(values(plots.grids(x=array).axes[0]), array, rtol=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_long_numbers_are_rounded_but_well_enough(seed):
    array = np.random.default_rng(seed).normal(size=(4, 5))
    np.testing.assert_allclose(values(plots.grids(x=array).axes[0]), array, atol=0.005)


@pytest.mark.parametrize("exponent", [-300, -7, -3, 5, 12, 300])
def test_very_large_and_small_numbers_share_a_power_of_ten(exponent):
    array = np.array([[1.25, -2], [0, 0.5]])
    figure = plots.grids(x=array * 10.0**exponent)
    np.testing.assert_array_equal(values(figure.axes[0]), array)
    superscript = str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    assert f"2 × 2  ×10{superscript}" in captions(figure)


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (-1.0, "−1"),
        (np.nan, "NaN"),
        (np.inf, "∞"),
        (-np.inf, "−∞"),
        (0.5, "0.50"),
        (-0.125, "−0.13"),
        (0.375, "0.38"),
        (1 / 3, "0.33"),
    ],
)
def test_how_numbers_are_written(number, written):
    array = np.full((6, 6), 1 / 3)
    array[2, 3] = number
    assert cells(plots.grids(x=array).axes[0])[2, 3] == written


@pytest.mark.parametrize(
    ("number", "written"),
    [(10 / 3, "3.33"), (100 / 3, "33.3"), (1000 / 3, "333"), (10000 / 3, "3333")],
)
def test_rounded_numbers_have_three_digits(number, written):
    assert (cells(plots.grids(x=np.full((6, 6), number)).axes[0]) == written).all()


def test_a_small_number_is_not_written_like_zero():
    written = cells(plots.grids(x=[[0.004, 0, 1 / 3]]).axes[0])
    assert written.tolist() == [["0.004", "0", "0.333"]]


@pytest.mark.parametrize("array", [np.ones((13, 13)), np.ones((28, 28)), np.ones(145)])
def test_too_many_numbers_are_not_written(array):
    figure = plots.grids(x=array)
    assert not figure.axes[0].texts
    assert figure.axes[0].images[0].get_array().shape[:2] == np.atleast_2d(array).shape


def test_colours_are_blue_white_red_around_zero():
    (red, white, blue, faint), *_ = plots.grids(x=[[4, 0, -4, 1]]).axes[0].images[0].get_array()
    assert red[0] > red[2] + 0.4
    assert blue[2] > blue[0] + 0.4
    assert white.min() > 0.95
    assert faint[0] > faint[2] > blue[0]


def test_the_colours_are_those_of_the_live_figures():
    """They mix between the same three."""
    red, middle, blue, faint = plots.grids(x=[[4, 0, -4, 1]]).axes[0].images[0].get_array()[0]
    low, white, high = (
        np.array(matplotlib.colors.to_rgb(DIVERGING["light"][name]))
        for name in ("low", "middle", "high")
    )
    np.testing.assert_allclose([red, middle, blue], [high, white, low])
    np.testing.assert_allclose(faint, 0.75 * white + 0.25 * high)


def test_a_shared_scale_gives_one_number_one_colour():
    def colours(**options):
        figure = plots.grids(x=[[1, -8]], a=[[1, 2]], **options)
        return [axes.images[0].get_array()[0, 0] for axes in figure.axes if len(axes.texts) > 1]

    same, own = colours(), colours(shared=False)
    np.testing.assert_array_equal(same[0], same[1])
    assert np.abs(own[0] - own[1]).max() > 0.1


def test_a_key_says_how_far_the_colours_go():
    assert captions(plots.grids(x=[[1, -8]], a=[[2.5]]))[-3:] == ["−8", "0", "8"]
    own = captions(plots.grids(x=[[1, -8]], a=[[2.5]], shared=False))
    assert [text for text in own if text in {"−8", "8", "−2.5", "2.5"}] == [
        "−8",
        "8",
        "−2.5",
        "2.5",
    ]


@pytest.mark.parametrize(
    ("limit", "written"),
    [
        (1, "1"),
        (0.3333, "0.333"),
        (12.345, "12.3"),
        (1000, "1000"),
        (99999, "99999"),
        (100000, "10⁵"),
        (300000, "3×10⁵"),
        (0.001, "0.001"),
        (-2.5e-7, "2.5×10⁻⁷"),
    ],
)
def test_how_the_numbers_of_a_key_are_written(limit, written):
    assert captions(plots.grids(x=[limit]))[-1] == written


def test_images_are_grey():
    grey = plots.grids(x=[[0, 0.5, 1]], W=[[0.5]], grey="x").axes[0].images[0].get_array()
    np.testing.assert_allclose(grey[0], [[0] * 3, [0.5] * 3, [1] * 3], atol=0.005)
    beyond = plots.grids(x=[[-2, 6]], grey=["x"])
    np.testing.assert_allclose(beyond.axes[0].images[0].get_array()[0], [[0] * 3, [1] * 3])
    assert captions(beyond)[-2:] == ["−2", "6"]


def test_names_have_their_colours():
    figure = plots.grids(x=X, W=W, b=1, a=X, delta=X, dE_dW=W, other=[1])
    symbols = [text for text in figure.texts if text.get_text().startswith("$")]
    assert [text.get_text() for text in symbols] == [
        "$x$",
        "$W$",
        "$b$",
        "$a$",
        r"$\delta$",
        r"$\partial E/\partial W$",
        r"$\mathrm{other}$",
    ]
    for text, name in zip(symbols, ["x", "W", "b", "a", "delta", "dE_dW", "other"], strict=True):
        assert text.get_color() == colour_of(name).light


@pytest.mark.parametrize(
    ("name", "symbol"),
    [
        ("y_hat", r"\hat{y}"),
        ("dE_dy_hat", r"\partial E/\partial \hat{y}"),
        ("W1", "W_{1}"),
        ("W_2", "W_{2}"),
        ("x_pad", r"x_{\mathrm{pad}}"),
        ("sigma", r"\sigma"),
        ("dE_dgamma", r"\partial E/\partial \gamma"),
        ("logits", r"\mathrm{logits}"),
        ("my array", r"\mathrm{my\ array}"),
        ("delta with border", r"\delta\ \mathrm{with\ border}"),
        ("50%$", r"\mathrm{50\%}"),
    ],
)
def test_names_are_set_as_formulas_set_them(name, symbol):
    assert captions(plots.grids(**{name: 1}))[0] == f"${symbol}$"


def test_a_single_number_and_a_vector_are_one_row():
    figure = plots.grids(b=-0.25, c=[1, 2, 3])
    assert cells(figure.axes[0]).tolist() == [["−0.25"]]
    assert cells(figure.axes[1]).tolist() == [["1", "2", "3"]]


def test_a_stack_is_one_grid_for_each_index():
    stack = RNG.integers(-9, 9, (2, 3, 2, 2))
    figure = plots.grids(W=stack)
    symbols = [text for text in captions(figure) if text.startswith("$")]
    assert symbols == [f"$W^{{({k},{c})}}$" for k in range(2) for c in range(3)]
    np.testing.assert_array_equal(
        [values(axes) for axes in figure.axes[:6]], stack.reshape(6, 2, 2)
    )
    # One row for each k.
    tops = [round(axes.bbox.y1) for axes in figure.axes[:6]]
    assert tops[0] == tops[1] == tops[2] > tops[3] == tops[4] == tops[5]


def test_indices_count_from_zero_along_both_sides():
    axes = plots.grids(x=np.zeros((2, 3))).axes[0]
    indices = [text.get_text() for text in axes.texts if isinstance(text, Annotation)]
    assert indices == ["0", "1", "2", "0", "1"]


# ---- Images


def test_pictures_in_0_to_1_are_grey_and_others_are_not():
    grey, signed = plots.images([np.eye(4), -np.eye(4)]).axes[:2]
    np.testing.assert_array_equal(grey.images[0].get_array()[..., 0], np.eye(4))
    assert signed.images[0].get_array()[0, 0, 2] > signed.images[0].get_array()[0, 0, 0] + 0.4


def test_colour_is_shown_as_it_is():
    picture = RNG.random((3, 6, 5))
    shown = plots.images([picture]).axes[0].images[0].get_array()
    np.testing.assert_array_equal(shown, picture.transpose(1, 2, 0))


def test_captions_are_written_in_order():
    pictures = {"first": np.eye(3), "second one": np.eye(3)}
    assert captions(plots.images(pictures)) == ["first", "second one"]
    assert captions(plots.images(list(pictures.values()), captions=["a", "b"])) == ["a", "b"]


def test_pixels_have_whole_sizes():
    for axes in plots.images([data.digit(1), PHOTOGRAPH, np.eye(26)]).axes:
        height, width = axes.images[0].get_array().shape[:2]
        assert axes.bbox.width / width == pytest.approx(round(axes.bbox.width / width), abs=1e-3)
        assert axes.bbox.height / height == pytest.approx(
            round(axes.bbox.height / height), abs=1e-3
        )


def test_a_key_stands_below_its_picture_however_wide_it_is():
    tall = 123456 * np.tile(X, (4, 1))
    figure = plots.images({"one": tall, "two": -tall, "three": tall / 2})
    boxes = [axes.bbox for axes in figure.axes]
    pictures, (one, two, three) = boxes[::2], boxes[1::2]
    assert one.width > 2 * pictures[0].width
    for picture, key in zip(pictures, (one, two, three), strict=True):
        assert picture.x0 + picture.x1 == pytest.approx(key.x0 + key.x1, abs=1)


def test_an_enlarged_picture_is_not_blurred():
    axes = plots.images({"one": np.eye(20)}).axes[0]
    assert axes.bbox.width > 20
    assert axes.images[0].get_interpolation() == "nearest"
    wide = plots.images({"one": np.tile(np.eye(20), 60)}).axes[0]
    assert wide.bbox.width < 1200
    assert wide.images[0].get_interpolation() == "auto"  # matplotlib's own, which keeps every line


def test_a_few_extremes_do_not_make_a_picture_pale():
    picture = np.full((50, 50), -0.5)
    picture[0, 0] = 100
    figure = plots.images(picture)
    assert captions(figure) == ["≤ −0.5", "0", "≥ 0.5"]
    assert figure.axes[0].images[0].get_array()[9, 9, 0] < 0.3


def test_a_scale_in_common_has_one_key():
    figure = plots.images([np.eye(3) * 2, np.eye(3) * -4], shared=True)
    assert captions(figure) == ["−4", "0", "4"]
    pale, full = (axes.images[0].get_array()[0, 0] for axes in figure.axes[:2])
    assert pale.min() > full.min()


# ---- A window


def frames(axes):
    """The outlines in a grid, as (row, column, height, width) in cells."""
    return [
        (patch.get_y() + 0.5, patch.get_x() + 0.5, patch.get_height(), patch.get_width())
        for patch in axes.patches
        if isinstance(patch, Rectangle)
    ]


@pytest.mark.parametrize("at", [(0, 0), (1, 2), (2, 0)])
def test_the_window_and_its_result_are_outlined(at):
    image, kernel, result, _ = plots.window(X, W, slid(X, W), at=at).axes
    assert frames(image) == [(*at, 3, 3)]
    assert frames(kernel) == []
    assert frames(result) == [(*at, 1, 1)]
    assert matplotlib.colors.to_hex(image.patches[0].get_edgecolor()) == ROLES["kernel"].light
    assert matplotlib.colors.to_hex(result.patches[0].get_edgecolor()) == ROLES["output"].light


def test_a_stride_moves_the_window_by_more():
    image = plots.window(X, W, slid(X, W, stride=2), at=(1, 0), stride=2).axes[0]
    assert frames(image) == [(2, 0, 3, 3)]


def test_dilation_leaves_gaps_in_the_window():
    small = W[:2, :2]
    image = plots.window(X, small, slid(X, small, dilation=3), at=(1, 0), dilation=3).axes[0]
    assert frames(image) == [(1, 0, 1, 1), (1, 3, 1, 1), (4, 0, 1, 1), (4, 3, 1, 1)]


def test_a_picture_has_its_window_enlarged():
    image, result, enlarged, kernel, *_ = window_of(THREE, SOBEL, (9, 12)).axes
    assert frames(image) == [(9, 12, 3, 3)]
    assert frames(result) == [(9, 12, 1, 1)]
    np.testing.assert_allclose(values(enlarged), THREE[9:12, 12:15], atol=0.005)
    np.testing.assert_array_equal(values(kernel), SOBEL)
    indices = [text.get_text() for text in enlarged.texts if isinstance(text, Annotation)]
    assert indices == ["12", "13", "14", "9", "10", "11"]


def written_sum(figure):
    """The sum under the grids, as one string without its gaps."""
    texts = captions(figure)
    start = next(n for n, text in enumerate(texts) if n and texts[n] in "=≈")
    end = max(n for n, text in enumerate(texts) if text in "=≈")
    return "".join(texts[start - 1 : end + 2]).replace("\N{MINUS SIGN}", "-")


def test_the_sum_is_written_out():
    x = np.array([[1, -2], [0.5, 3]])
    kernel = np.array([[-1, 2], [3, -0.5]])
    figure = plots.window(x, kernel, slid(x, kernel), at=(0, 0))
    assert written_sum(figure) == "$a_{00}$=-1·1+2·(-2)+3·0.5-0.5·3=-5"
    biased = plots.window(x, kernel, slid(x, kernel, -4), at=(0, 0), b=-4)
    assert written_sum(biased) == "$a_{00}$=-1·1+2·(-2)+3·0.5-0.5·3-4=-9"


def test_the_lines_of_a_sum_stand_as_close_as_those_of_a_text():
    figure = plots.window(X, W, slid(X, W), at=(0, 1))
    dots = [text for text in figure.texts if text.get_text().startswith("·")]
    heights = sorted({round(text.get_window_extent().y0) for text in dots})
    assert len(heights) == len(W)
    for distance in np.diff(heights):
        assert 1 < distance / dots[0].get_window_extent().height < 2


@pytest.mark.parametrize("at", [(0, 1), (2, 2)])
def test_the_sum_comes_to_what_it_says(at):
    figure = plots.window(X, W, slid(X, W, 1.5), at=at, b=1.5)
    _, terms, value = written_sum(figure).split("=")
    assert eval(terms.replace("·", "*")) == float(value) == slid(X, W, 1.5)[at]


def test_a_rounded_sum_does_not_claim_to_be_equal():
    x = RNG.normal(size=(4, 4))
    assert "=" not in written_sum(window_of(x, W, (0, 0)))
    assert "≈" not in written_sum(window_of(X, W, (0, 0)))


def test_numbers_of_the_sum_have_the_colours_of_their_symbols():
    figure = plots.window([[3.0]], [[2.0]], [[13.0]], at=(0, 0), b=7, names=("delta", "W", "dE_dx"))
    # The key under the sum has some of the same numbers.
    colours = {text.get_text(): text.get_color() for text in reversed(figure.texts)}
    assert colours["3"] == ROLES["incoming gradient"].light
    assert colours["2"] == ROLES["kernel"].light
    assert colours["7"] == ROLES["bias"].light
    assert colours["13"] == ROLES["outgoing gradient"].light
    assert r"$\partial E/\partial x_{00}$" in colours


def test_indices_of_two_digits_are_kept_apart():
    long = RNG.integers(-3, 4, (3, 14)).astype(float)
    for place, name in {(0, 9): "$a_{09}$", (0, 10): r"$a_{0,\,10}$"}.items():
        figure = plots.window(long, W, slid(long, W), at=place)
        assert name in {text.get_text() for text in figure.texts}


def test_a_figure_does_not_lie():
    wrong = slid(X, W)
    wrong[1, 2] += 0.5
    with pytest.raises(CnnMathError, match=r"a\[1, 2\] is .*, but its window sums to"):
        plots.window(X, W, wrong, at=(1, 2))
    plots.window(X, W, wrong, at=(0, 0))


def test_float32_is_close_enough():
    x = RNG.random((9, 9), dtype=np.float32)
    kernel = RNG.random((5, 5), dtype=np.float32)
    plots.window(x, kernel, slid(x, kernel).astype(np.float32), at=(2, 2))


# ---- Curves


def test_curves_run_through_their_points():
    figure = plots.curves(Z, {"a": Z**2, "dE_dx": 2 * Z})
    first, second = (line for line in figure.axes[0].lines if line.get_label() in {"a", "dE_dx"})
    np.testing.assert_array_equal(first.get_xydata(), np.column_stack([Z, Z**2]))
    assert first.get_color() == ROLES["output"].light
    assert second.get_color() == ROLES["outgoing gradient"].light


def test_no_two_curves_look_alike():
    figure = plots.curves([0, 1], {f"curve {n}": [0, n] for n in range(8)})
    looks = {
        (line.get_color(), line.get_linestyle())
        for line in figure.axes[0].lines
        if line.get_label().startswith("curve")
    }
    assert len(looks) == 8


@pytest.mark.parametrize("decades", [0.2, 1, 1.9, 3, 6, 12])
def test_a_logarithmic_scale_has_a_handful_of_marks(decades):
    axes = plots.curves([0, 1], {"a": [1, 10.0**-decades]}, log=True).axes[0]
    low, high = axes.get_ylim()
    assert 2 <= sum(low <= mark <= high for mark in axes.get_yticks()) <= 8


def test_a_curve_is_named_where_it_ends():
    figure = plots.curves([0, 1], {"high": [0, 1], "low": [1, 0]})
    names = {text.get_text(): text.get_window_extent() for text in figure.axes[0].texts}
    assert names["high"].y0 > names["low"].y1
    assert min(box.x0 for box in names.values()) > figure.axes[0].bbox.x1


def test_a_bar_ends_where_its_number_says_and_powers_of_ten_have_lines():
    figure = plots.bars({"long": 500, "short": 0.02})
    [axes] = figure.axes
    ends = [bar.get_x() + bar.get_width() for bar in axes.patches]
    np.testing.assert_allclose(ends, np.log10([500, 0.02]))
    assert [line.get_xdata()[0] for line in axes.lines] == [-2, -1, 0, 1, 2]
    assert {"0.01", "0.1", "1", "10", "100"} <= {text.get_text() for text in figure.texts}


# ---- In company


def test_nothing_global_is_changed():
    before = dict(matplotlib.rcParams)
    for make in (FIGURES["grids of whole numbers"], FIGURES["a window"], FIGURES["curves"]):
        make()._repr_html_()
    assert dict(matplotlib.rcParams) == before


def test_no_global_setting_is_read():
    figures = [FIGURES[name] for name in ("one number", "a window", "a logarithmic scale")]
    plain = [tiles(make()) for make in figures]
    loud = {"font.size": 30, "axes.facecolor": "red", "figure.dpi": 50, "lines.linewidth": 9}
    loud |= {"savefig.dpi": 40, "axes.grid": True, "svg.fonttype": "none"}
    with matplotlib.rc_context(loud):
        assert [tiles(make()) for make in figures] == plain


def tiles(figure):
    return re.sub("plot-[0-9a-f]{8}(-[0-9]+)?-", "", figure._repr_html_())


def test_pyplot_is_not_loaded():
    code = (
        "import sys, numpy; from cnnmath import plots;"
        "assert '<svg' in plots.grids(x=numpy.eye(3))._repr_html_();"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        check=True,
    )


def test_what_is_given_is_left_alone():
    given = X.copy()
    plots.grids(x=given)
    plots.window(given, W, slid(given, W), at=(0, 0))
    plots.images(given)
    np.testing.assert_array_equal(given, X)


# ---- What cannot be shown


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (plots.grids, CnnMathError, "needs an array"),
        (lambda: plots.grids(x=[]), ShapeError, r"'x' has nothing in it; its shape is \(0,\)"),
        (lambda: plots.grids(x=np.zeros((1,) * 5)), ShapeError, "'x' must have 0 to 4 axes"),
        (
            lambda: plots.grids(x=[[1, 2], [3]]),
            ArrayValueError,
            "'x': expected real numbers, but its rows differ",
        ),
        (lambda: plots.grids(x="one"), ArrayValueError, "'x': expected real numbers, got 'one'"),
        (
            lambda: plots.grids(x=[1j]),
            ArrayValueError,
            "'x': expected real numbers, got dtype complex128",
        ),
        (
            lambda: plots.grids(x=[None]),
            ArrayValueError,
            "'x': expected real numbers, got dtype object",
        ),
        (lambda: plots.grids(x=1, grey="W"), CnnMathError, "grey names 'W', but .* are 'x'"),
        (lambda: plots.images([]), CnnMathError, "needs a picture"),
        (lambda: plots.images(3), ShapeError, "needs pictures, not 3"),
        (lambda: plots.images(np.zeros(3)), ShapeError, r"not \(3,\)"),
        (lambda: plots.images([np.zeros(3)]), ShapeError, "'picture 0' must have 2 to 3 axes"),
        (lambda: plots.images([np.zeros((4, 2, 2))]), ShapeError, r"\(3, H, W\), not \(4, 2, 2\)"),
        (lambda: plots.images([np.full((3, 2, 2), 9)]), ArrayValueError, "they go from 9 to 9"),
        (lambda: plots.images([X], captions=["a", "b"]), CnnMathError, "2 captions for 1 pict"),
        (lambda: plots.images({"a": X}, captions=["a"]), CnnMathError, "captions already"),
        (lambda: plots.window(X[0], W, X, at=(0, 0)), ShapeError, "'x' must have 2 axes"),
        (lambda: plots.window(X, W, X, at=(0, 5)), CnnMathError, r"at is \(0, 5\), but 'a'"),
        (lambda: plots.window(X, W, X, at=(-1, 0)), CnnMathError, r"at is \(-1, 0\)"),
        (lambda: plots.window(X, W, X, at=(0.5, 0)), CnnMathError, "two whole numbers"),
        (lambda: plots.window(X, W, X, at=3), CnnMathError, "two whole numbers"),
        (lambda: plots.window(X, W, X, at=(3, 0)), ShapeError, "would reach 5 in 'x'"),
        (lambda: plots.window(X, W, X, (0, 0), stride=0), CnnMathError, "not 0 and 1"),
        (lambda: plots.window(X, W, X, (0, 0), names=("x", "x", "a")), CnnMathError, "different"),
        (lambda: plots.curves(Z, {}), CnnMathError, "one to eight lines, not 0"),
        (lambda: plots.curves(Z, {str(n): Z for n in range(9)}), CnnMathError, "not 9"),
        (lambda: plots.curves(Z, {"a": Z[1:]}), ShapeError, "'a' has 100 numbers, but x has 101"),
        (lambda: plots.curves([np.inf], {"a": [1]}), ArrayValueError, "finite"),
        (lambda: plots.curves([1], {"a": [0]}, log=True), ArrayValueError, "no number above 0"),
        (lambda: plots.bars({}), CnnMathError, "one to twelve amounts, not 0"),
        (
            lambda: plots.bars({"a": 0}),
            ArrayValueError,
            "'a' must be a finite number above 0, not 0",
        ),
        (lambda: plots.bars({"a": np.inf}), ArrayValueError, "'a' must be a finite number"),
        (lambda: plots.bars({"a": [1, 2]}), ShapeError, "'a'"),
    ],
)
def test_bad_input_is_named(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_small_arrays_stand_side_by_side_and_a_stack_of_rows_below():
    figure = plots.grids(x=[[1, 2]], y=[[3, 4]], W=np.ones((2, 2, 1, 2)))
    heights = {text.get_text(): text.get_position()[1] for text in figure.texts}
    x, y, *kernels = [heights[name] for name in heights if name.startswith("$")]
    assert x == y
    assert all(kernel < x for kernel in kernels)


def test_a_kernel_of_two_channels_has_a_row_for_each_output():
    figure = plots.grids(W=np.ones((3, 2, 1, 2)))
    heights = [text.get_position()[1] for text in figure.texts if "$W" in text.get_text()]
    assert [len(list(row)) for _, row in groupby(heights)] == [2, 2, 2]


def test_the_indices_of_columns_stand_above_and_those_of_rows_before():
    axes = plots.grids(x=[[5, 6], [7, 8], [9, 10]]).axes[0]
    places = [text.xy for text in axes.texts if hasattr(text, "xy")]
    assert places == [(0, -0.5), (1, -0.5), (-0.5, 0), (-0.5, 1), (-0.5, 2)]


@pytest.mark.parametrize(
    ("last_with_white", "first_with_black"),
    [
        ("#757575", "#767676"),
        ("#ec0000", "#ed0000"),
        ("#008900", "#008a00"),
        ("#006bff", "#006cff"),
        ("#e90a2f", "#ea0a2f"),  # green is so dark that its light grows in proportion
    ],
)
def test_ink_has_the_higher_contrast(last_with_white, first_with_black):
    """White and black are equally far from a luminance of 0.179."""
    assert ink_on(np.array(matplotlib.colors.to_rgb(last_with_white))) == "#ffffff"
    assert ink_on(np.array(matplotlib.colors.to_rgb(first_with_black))) == "#000000"
