"""A small Sphinx extension: what belongs together stays on one line.

A browser may break a line before and after a formula, as if it were a picture, and then the comma
or the bracket beside it stands alone; and it may break at the spaces of "2 × 2".
"""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

OPENING = re.compile(r"[(\[“‘]+$")
CLOSING = re.compile(r"^[.,;:!?)\]”’]+")
TIMES = re.compile(r"(?<=\d) × (?=\d)")
# Characters of LaTeX; a formula of more must be able to break on a phone, and then so can what
# follows it.
SHORT = 28


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_post_transform(Together)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class Together(SphinxPostTransform):
    # After the outputs of cells have become part of the page.
    default_priority = 700

    def run(self, **kwargs: Any) -> None:
        for formula in list(self.document.findall(nodes.math)):
            if len(formula.astext()) <= SHORT:
                keep_marks(formula)
        for text in list(self.document.findall(nodes.Text)):
            if not isinstance(text.parent, nodes.FixedTextElement | nodes.literal | nodes.raw):
                kept = TIMES.sub("\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}", text)
                text.parent.replace(text, nodes.Text(kept))


def keep_marks(formula: nodes.Inline) -> None:
    """Put a formula, or what a browser treats so, and the marks that touch it into one element, of
    the class `together`."""
    parent = formula.parent
    place = parent.index(formula)
    before, after = "", ""
    if place and isinstance(parent[place - 1], nodes.Text):
        before = "".join(OPENING.findall(parent[place - 1]))
    if place + 1 < len(parent) and isinstance(parent[place + 1], nodes.Text):
        after = "".join(CLOSING.findall(parent[place + 1]))
    if not before + after:
        return
    if after:
        parent[place + 1] = nodes.Text(parent[place + 1][len(after) :])
    parent[place] = nodes.inline(
        "", "", nodes.Text(before), formula, nodes.Text(after), classes=["together"]
    )
    if before:
        parent[place - 1] = nodes.Text(parent[place - 1][: -len(before)])
