"""A small Sphinx extension: source that is folded away stands below what it makes.

myst_nb puts the fold above. There it stands between a question and the figure that asks it, and
takes room that the first screen of a chapter needs.
"""

from typing import Any

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_post_transform(SourceBelow)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class SourceBelow(SphinxPostTransform):
    # After myst_nb has folded it.
    default_priority = 200
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        for cell in self.document.findall(nodes.container):
            if cell.get("nb_element") == "cell_code" and isinstance(cell[0], HideCodeCellNode):
                cell.append(cell.pop(0))
