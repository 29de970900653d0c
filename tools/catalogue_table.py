"""A small Sphinx extension: the catalogue as a table, for the reference.

    ```{catalogue-table}
    ```

stands in the text of a page for the constants of `cnnmath.catalogue`: the name of each, what it
is, which arrays it reads, and what it gives.
"""

from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from cnnmath.catalogue import formulas


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("catalogue-table", CatalogueTable)
    return {"parallel_read_safe": True}


class CatalogueTable(SphinxDirective):
    def run(self) -> list[nodes.Node]:
        container = nodes.Element()
        self.state.nested_parse(StringList(table().split("\n")), 0, container)
        return container.children


def table() -> str:
    """The catalogue in Markdown."""
    lines = ["| constant | what it is | reads | gives |", "|:--|:--|:--|:--|"]
    for constant, formula in formulas().items():
        reads = ", ".join(f"`{name}`" for name in formula.names)
        lines.append(f"| `{constant}` | {formula.name} | {reads} | `{formula.result}` |")
    return "\n".join(lines)
