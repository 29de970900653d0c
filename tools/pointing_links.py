"""A small Sphinx extension: links of the text that light a cell of a live figure, or set it.

    [the 5 in row 0](#x[0,2])

names a cell of the figure above, `(#network:x[0,2])` of the one that `explore` was told to call
network, `(#b[])` an array that is a single number. No page has an anchor of such a name, so where
no script runs the link does nothing. In the built page it lights its cell, and has the colour of
its array; in JupyterLab it does once the cell of the figure has been run, and says so before.

    [`same_padding`](#size.preset=same_padding)

gives the figure called size the arrays and sizes of one of its presets; that figure may stand on
another page, `(padding.ipynb#size.preset=same_padding)`. A cell of a figure of another page is
written as in the address of that figure, `(stride.ipynb#true.at=a:0,0)`.

One that names no cell, or no preset, is a warning, and so ends the build.
"""

import html
import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import unquote

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

LOG = logging.getLogger(__name__)

# As in js/model/pointing.js.
LINK = re.compile(r"#(?:([a-z][a-z0-9-]*):)?([A-Za-z_]\w*)\[(\d+(?:,\d+)*)?\]")
PRESET = re.compile(r"#([a-z][a-z0-9-]*)\.preset=([^&=]+)")
AT = re.compile(r"#([a-z][a-z0-9-]*)\.at=([A-Za-z_]\w*):(\d+(?:,\d+)*)?")

ELSEWHERE = "state"  # of the text of a link to another page: what it asks of a figure there

_FIGURE = (
    r'<div class="cnnmath-figure"(?: id="figure-(?P<name>[^"]*)")?>'
    r'<script type="application/json">(?P<state>.*?)</script>'
)
_POINTING = r'<a class="(?P<classes>[^"]*\bcx-(?:points|sets)\b[^"]*)" href="(?P<link>#[^"]*)">'
FIGURE_OR_LINK = re.compile(f"{_FIGURE}|{_POINTING}", re.DOTALL)


class Shown(NamedTuple):
    """A figure of a page: its name, the shapes of its arrays, the labels of its presets, and the
    colours of its symbols."""

    name: str | None
    shapes: dict[str, tuple[int, ...]]
    presets: list[str]
    colours: dict[str, dict[str, str]]


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_transform(MarkLinks)
    app.connect("doctree-resolved", finish_elsewhere)
    # After the formulas are typeset: the state of a figure is JSON before and after that.
    app.connect("html-page-context", finish_links, priority=600)
    return {"parallel_read_safe": True}


class MarkLinks(SphinxTransform):
    """Tells links to figures from links to anchors, before MyST looks for the anchors."""

    default_priority = 800

    def apply(self, **options: Any) -> None:
        for link in self.document.findall(nodes.reference):
            for form, kind in ((LINK, "cx-points"), (PRESET, "cx-sets")):
                if link.get("id_link") and form.fullmatch(unquote(link["refuri"])):
                    del link["id_link"]
                    link["internal"] = True
                    link["classes"].append(kind)
        for link in self.document.findall(addnodes.pending_xref):
            state = f"#{link.get('reftargetid')}"
            if link["refdomain"] == "doc" and asks_a_figure(state):
                link["reftargetid"] = None  # for MyST, which would look for an anchor
                text = nodes.inline("", "", *link[0].children, **{ELSEWHERE: state})
                link[0].children = [text]


def asks_a_figure(state: str) -> bool:
    """Whether what a link to another page ends in is for a figure there, and no anchor."""
    return any(form.fullmatch(unquote(state)) for form in (PRESET, AT))


def finish_elsewhere(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Links to a figure of another page, which are links to that page so far."""
    for link in doctree.findall(nodes.reference):
        for text in link.findall(nodes.inline):
            if ELSEWHERE in text and "refuri" in link:  # which a link to no page has not
                link["refuri"] += text[ELSEWHERE]


def finish_links(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Give the links of a page the colours of their arrays, and warn of those that name nothing."""
    body = context.get("body", "")
    if not re.search(r"\bcx-(?:points|sets)\b", body):
        return
    for sentence in mistakes(body):
        LOG.warning("%s: %s", page, sentence, location=page)
    context["body"] = coloured(body)


def coloured(body: str) -> str:
    """The page, in which each link to a cell has the colour that its array has in the figure."""
    everywhere = [shown(match) for match in FIGURE_OR_LINK.finditer(body) if match["state"]]
    by_name = {one.name: one for one in everywhere if one.name}
    coming = iter(everywhere)
    above: Shown | None = None

    def in_colour(match: re.Match[str]) -> str:
        nonlocal above
        if match["state"]:
            above = next(coming)
            return match[0]
        found = LINK.fullmatch(html.unescape(match["link"]))
        figure = by_name.get(found[1], above) if found else None
        colour = figure.colours.get(found[2]) if found and figure else None
        if colour is None:
            return match[0]
        style = f"--cx-colour-light: {colour['light']}; --cx-colour-dark: {colour['dark']}"
        return f'{match[0][:-1]} style="{style}">'

    return FIGURE_OR_LINK.sub(in_colour, body)


def mistakes(body: str) -> Iterator[str]:
    """What is wrong with the links of a page, a sentence for each that names nothing there."""
    matches = list(FIGURE_OR_LINK.finditer(body))
    everywhere = [shown(match) for match in matches if match["state"]]
    above = 0  # so many figures stand above
    for match in matches:
        if match["state"]:
            above += 1
            continue
        link = unquote(html.unescape(match["link"]))
        found = LINK.fullmatch(link) or AT.fullmatch(link) or PRESET.fullmatch(link)
        if not found:
            continue
        name = found[1]
        figures = (
            [one for one in everywhere if one.name == name] if name else everywhere[:above][-1:]
        )
        if not figures:
            yield f"no figure {f'is called {name}' if name else 'stands above'}: {link}"
            continue
        if found.re is PRESET:
            if found[2] not in figures[0].presets:
                known = ", ".join(figures[0].presets)
                yield f"the figure has no preset {found[2]!r}: {link}; it has {known}"
            continue
        key, places = found[2], found[3]
        place = tuple(int(p) for p in (places or "").split(",") if p)
        shapes = figures[0].shapes
        shape = shapes.get(key)
        inside = shape is not None and len(shape) == len(place)
        if not inside or not all(p < length for p, length in zip(place, shape or (), strict=True)):
            there = ", ".join(f"{one} {list(shape)}" for one, shape in shapes.items())
            yield f"the figure has no cell {link}: its arrays are {there}"


def shown(match: re.Match[str]) -> Shown:
    state = json.loads(match["state"])
    shapes = {name: tuple(array["shape"]) for name, array in state.get("arrays", {}).items()}
    shapes |= {one["key"]: tuple(one["shape"]) for one in state["formulas"]}
    presets = [label for menu in state.get("presets", {}).values() for label in menu]
    colours = {name: look["colour"] for name, look in state["looks"].items()}
    return Shown(match["name"], shapes, presets, colours)
