"""A small Sphinx extension: a derivation reaches into the margin of a wide page.

There is room then for the rule of each line beside it, and where there is none, it stands above.
"""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

DERIVATION = 'class="cx-derivation"'
WIDE = "tag_full-width"
"""As of a cell with that tag: the theme gives it the margin, and hides what else stands there."""


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_post_transform(WideDerivations)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class WideDerivations(SphinxPostTransform):
    # After the outputs of cells have become part of the page.
    default_priority = 650
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        for cell in self.document.findall(nodes.container):
            if cell.get("nb_element") == "cell_code" and any(
                DERIVATION in one.astext() for one in cell.findall(nodes.raw)
            ):
                cell["classes"].append(WIDE)
