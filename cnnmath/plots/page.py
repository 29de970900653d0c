"""A figure as HTML: drawings that take the colours of the page around them, and flow to its width.

matplotlib draws the whole figure as one SVG. Here it is cut into its tiles, such as a grid with
its symbol or a picture with its caption. On a wide page they stand as they do in the figure; where
there is less room, fewer stand beside each other, and none gets too small to be read.
"""

import hashlib
import html
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import matplotlib.figure

from cnnmath.plots.painting import Box, Painting
from cnnmath.plots.themed import following, style

_LEAST = 0.65
"""How small a tile may get, as a share of its size: the smallest letters then have 9 pixels."""

_shown: Counter[str] = Counter()


@dataclass(frozen=True)
class Tile:
    """A part of a figure that stays together: its box in pixels, and the row that it stands in."""

    box: Box
    row: int


def as_html(
    figure: matplotlib.figure.Figure,
    tiles: Sequence[Tile],
    paintings: Mapping[str, tuple[Painting, Box]],
    label: str,
) -> str:
    """The figure as one element of HTML, which is an image for those who hear it: its `label`.

    In the SVG that matplotlib makes, what belongs to tile n has the id `tile-n`, and an image that
    a painting stands for has the name of that.
    """
    drawing, definitions = _svg(figure)
    unit = 72 / figure.dpi
    _paint(drawing, {name: (one, box.times(unit)) for name, (one, box) in paintings.items()})
    pieces: list[list[Element]] = [[] for _ in tiles]
    for group in drawing:
        # What an author has added to the figure itself lies on top of all.
        number = re.fullmatch(r"tile-(\d+)", group.get("id", ""))
        pieces[int(number[1]) if number else -1].append(group)
    pieces[-1].append(definitions)
    rows = itertools.groupby(zip(tiles, pieces, strict=True), lambda one: one[0].row)
    body = "".join(
        f"<div>{''.join(_tile(tile.box, piece, unit) for tile, piece in row)}</div>"
        for _, row in rows
    )
    return (
        f'<div class="cnnmath-plot" role="img" aria-label="{html.escape(label)}">'
        f"{style()}{_with_own_names(body)}</div>"
    )


def _svg(figure: matplotlib.figure.Figure) -> tuple[Element, Element]:
    """What matplotlib draws, and the definitions that go with it."""
    file = io.StringIO()
    figure.savefig(file, format="svg", facecolor="none", metadata={"Date": None})
    # None of the namespaces is wanted in HTML.
    text = re.sub(r"<metadata>.*</metadata>", "", file.getvalue(), flags=re.DOTALL)
    text = re.sub(r' xmlns(:\w+)?="[^"]*"', "", text).replace("xlink:href", "href")
    _, drawing, *rest = ElementTree.fromstring(text)
    return drawing, rest[0] if rest else Element("defs")


def _paint(drawing: Element, paintings: Mapping[str, tuple[Painting, Box]]) -> None:
    """Put the paintings where matplotlib has images."""
    for group in drawing.iter("g"):
        for image in group.findall("image"):
            if image.get("id") in paintings:
                painting, box = paintings[image.attrib["id"]]
                group[:] = painting.elements(box, image.attrib["id"])
                group.attrib.pop("clip-path", None)


def _tile(box: Box, pieces: Sequence[Element], unit: float) -> str:
    part = box.times(unit)
    drawn = Element("svg", {"viewBox": " ".join(part.attributes.values()), "aria-hidden": "true"})
    drawn.set("style", f"width:{box.width:.0f}px;min-width:{_LEAST * box.width:.0f}px")
    drawn.extend(itertools.chain.from_iterable(map(_short, pieces)))
    return following(ElementTree.tostring(drawn, encoding="unicode"))


def _short(element: Element) -> Iterator[Element]:
    """An element in as few characters as show the same; nothing, or its children, for some."""
    children = list(itertools.chain.from_iterable(map(_short, element)))
    element[:] = children
    element.text = element.tail = None
    for name in element.attrib.keys() & {"d", "x", "y", "transform"}:
        element.set(name, _short_numbers(element.attrib[name]))
    if "style" in element.attrib:
        element.set("style", re.sub(r"([:;]) ", r"\1", element.attrib["style"]))
    if element.tag in {"g", "defs"} and not children:
        return
    if element.tag == "g" and not element.attrib.keys() - {"id"}:
        yield from children
    elif element.get("style") != "fill:none":
        yield element


def _short_numbers(text: str) -> str:
    """Coordinates to a hundredth of a point; factors of scales as they are."""
    text = re.sub(r"\s*([A-Za-z]+)\s*", r"\1", re.sub(r"\s+", " ", text.strip()))
    if "scale" in text:
        text, *scale = text.partition("scale")
        return _short_numbers(text) + "".join(scale) if text else "".join(scale)
    return re.sub(
        r"-?\d+\.\d+", lambda match: f"{float(match[0]):.2f}".rstrip("0").rstrip("."), text
    )


def _with_own_names(body: str) -> str:
    """The same with ids that nothing else on a page has, and only where they are referred to."""
    digest = hashlib.sha256(body.encode()).hexdigest()[:8]
    _shown[digest] += 1
    mine = f"plot-{digest}" + (f"-{_shown[digest]}" if _shown[digest] > 1 else "")
    wanted = set(re.findall(r'(?:href="#|url\(#)([^")]+)', body))
    body = re.sub(
        ' id="([^"]+)"', lambda one: f' id="{mine}-{one[1]}"' if one[1] in wanted else "", body
    )
    return re.sub(r'(href="#|url\(#)', rf"\g<1>{mine}-", body)
