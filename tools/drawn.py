"""The golden record of the still figures: what is drawn where, in pixels, and in which colours.

`python -m tools.golden --write` writes `tests/golden/plots.txt` anew, after a change that is meant,
and the still pictures of live curves, `relu.svg` and `elu.svg`. `tests/test_plots.py` and
`tests/test_still.py` compare today's figures with them. Letters are those that come with
matplotlib, so that they are as wide everywhere.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.text import Annotation, Text
from selectolax.lexbor import LexborHTMLParser

from cnnmath.plots.figure import Figure

TESTS = Path(__file__).parents[1] / "tests"
RECORD = TESTS / "golden" / "plots.txt"
_TELLING = ("viewBox", "x", "y", "width", "height", "transform", "style")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def said(figure: Figure, page: str) -> Iterator[str]:
    """All that a figure shows, once it was drawn, and as HTML."""
    yield f"label: {figure.label}"
    yield f"size: {_places(figure.bbox.size)}"
    for tile in figure.tiles:
        box = tile.box
        yield f"tile in row {tile.row}: {_places((box.left, box.top, box.width, box.height))}"
    for text in figure.texts:
        yield f"text: {_of_text(text, figure)}"
    for axes in figure.axes:
        yield f"axes: {'; '.join(_of_axes(axes, figure))}"
    yield from _of_page(page)


def _of_text(text: Text, figure: Figure) -> str:
    x, y = text.get_transform().transform(text.get_position())
    look = f"{text.get_fontsize():g} {text.get_fontweight()} {text.get_color()}"
    where = f"{text.get_ha()} {text.get_va()} at {_places((x, figure.bbox.height - y))}"
    return f"{text.get_text()!r} {where}, {look}"


def _of_axes(axes: Axes, figure: Figure) -> Iterator[str]:
    box = axes.bbox
    yield _places((box.x0, figure.bbox.height - box.y1, box.width, box.height))
    yield f"from {_places(axes.get_xlim())} and {_places(axes.get_ylim())}, {axes.get_yscale()}"
    edges = [s for s in axes.spines.values() if s.get_visible()]
    look = [f"{to_hex(s.get_edgecolor())} {s.get_linewidth():g}" for s in edges]
    yield f"edges {len(look)}: {' '.join(sorted(set(look)))}"
    for axis in (axes.xaxis, axes.yaxis):
        labels = [t.get_text() for t in axis.get_ticklabels() if t.get_text()]
        marks = {f"{t.get_fontsize():g} {t.get_color()}" for t in axis.get_ticklabels()}
        lines = {f"{t.get_color()} {t.get_markersize():g}" for t in axis.get_ticklines()}
        grid = {f"{t.get_color()} {t.get_linewidth():g}" for t in axis.get_gridlines()}
        yield f"marks {' '.join(labels)} {sorted(marks | lines | grid)}"
    for image in axes.images:
        yield f"image {_sums(image.get_array())} {image.get_interpolation()}"
    for line in axes.lines:
        style: tuple[Any, ...] = (
            line.get_color(), line.get_linestyle(), line._dash_pattern, line.get_linewidth(),
            line.get_marker(), line.get_zorder(), line.get_clip_on(),
        )  # fmt: skip
        yield f"line {_sums(line.get_xydata())} {' '.join(map(str, style))}"
    for lines in axes.collections:
        ends = np.concatenate(lines.get_segments()) if lines.get_segments() else np.zeros(0)
        yield f"lines {_sums(ends)} {to_hex(lines.get_color()[0])} {lines.get_linewidth()[0]:g}"
    for patch in axes.patches:
        corner = (patch.get_x(), patch.get_y(), patch.get_width(), patch.get_height())
        halo = [f"{e._gc['linewidth']:g} {e._gc['foreground']}" for e in patch.get_path_effects()]
        style = (patch.get_linewidth(), patch.get_zorder(), patch.get_clip_on(), patch.get_fill())
        yield f"frame {_places(corner)} {to_hex(patch.get_edgecolor())} {style} {halo}"
    for text in axes.texts:
        if isinstance(text, Annotation):
            yield f"{text.get_text()} {text.xy} {text.xyann} {_look(text)}"
        else:
            yield f"{text.get_text()!r} {_places(text.get_position())} {_look(text)}"


def _of_page(page: str) -> Iterator[str]:
    """The drawings as a page has them: which elements, how many of each, and their numbers."""
    for drawing in LexborHTMLParser(page).css("svg"):
        inner = drawing.css("svg *:not(defs *)")
        fills = (re.search("fill:[^;]*", one.attributes.get("style") or "") for one in inner)
        kinds = Counter(
            f"{one.tag} {_NUMBER.sub('', fill[0]) if fill else ''}".strip()
            for one, fill in zip(inner, fills, strict=True)
        )
        told = [one.attributes.get(name) or "" for one in [drawing, *inner] for name in _TELLING]
        numbers = _sums([float(number) for number in _NUMBER.findall(" ".join(told))])
        parts = [f"{count} {kind}" for kind, count in sorted(kinds.items())]
        yield f"on the page: {drawing.attributes['style']}; {numbers}; {'; '.join(parts)}"


def _look(text: Text) -> str:
    return f"{text.get_ha()} {text.get_va()} {text.get_fontsize():g} {text.get_color()}"


def _places(numbers: Iterable[float]) -> str:
    return " ".join(f"{round(float(number), 1) + 0.0:g}" for number in numbers)


def _sums(array: Any) -> str:
    """Numbers in short, so that each counts, and its place."""
    flat = np.ma.filled(np.ma.asarray(array, dtype=np.float64), np.nan).ravel()
    kept = np.where(np.isfinite(flat), flat, 0.5)
    return f"{flat.size}: {kept @ np.cos(np.arange(flat.size)):.5g}"


def read() -> dict[str, list[str]]:
    """What is on record, by the name of the figure."""
    parts = (part.splitlines() for part in RECORD.read_text("utf-8").split("\n\n"))
    return {title: lines for title, *lines in parts}


def write() -> None:
    """The record of the figures of the tests, as they are today."""
    sys.path.insert(0, str(TESTS))
    from test_plots import FIGURES, drawn_anew  # which reads the record
    from test_still import CURVES, svg_of

    parts = []
    for name in FIGURES:
        figure = drawn_anew(name)
        parts.append("\n".join([name, *said(figure, figure._repr_html_())]))
    RECORD.write_text("\n\n".join(parts) + "\n", "utf-8")
    for name, make in CURVES.items():
        RECORD.with_name(f"{name}.svg").write_text(svg_of(make().still()), "utf-8")
