"""A small Sphinx extension: formulas and layers say themselves what the reference says of them.

    ```{catalogue-table}
    ```

stands in the text of a page for the constants of `cnnmath.catalogue`: the name of each, what it
is, which arrays it reads, and what it gives; and

    ```{layers}
    ```

for the functions that each file of `cnnmath.layers` offers.
"""

from importlib import import_module
from inspect import cleandoc
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from cnnmath import layers
from cnnmath.catalogue import formulas


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("catalogue-table", CatalogueTable)
    app.add_directive("layers", Layers)
    return {"parallel_read_safe": True}


class Stated(SphinxDirective):
    """What `text` says, in Markdown."""

    def text(self) -> str:
        raise NotImplementedError

    def run(self) -> list[nodes.Node]:
        container = nodes.Element()
        lines = StringList(self.text().split("\n"))
        self.state.nested_parse(lines, 0, container, match_titles=True)
        return container.children


class CatalogueTable(Stated):
    def text(self) -> str:
        lines = ["| constant | what it is | reads | gives |", "|:--|:--|:--|:--|"]
        for constant, formula in formulas().items():
            reads = ", ".join(f"`{name}`" for name in formula.names)
            lines.append(f"| `{constant}` | {formula.name} | {reads} | `{formula.result}` |")
        return "\n".join(lines)


class Layers(Stated):
    def text(self) -> str:
        return "\n\n".join(section(file, offered) for file, offered in layers.FILES.items())


def section(file: str, offered: list[str]) -> str:
    """One file of layers under its name, with the sentence that its docstring begins with."""
    said = cleandoc(import_module(f"cnnmath.layers.{file}").__doc__ or "").split("\n\n")[0]
    documented = "\n".join(f".. autofunction:: {name}" for name in offered)
    return (
        f"### {file.capitalize()}\n\n{said}\n\n"
        f"```{{eval-rst}}\n.. py:currentmodule:: cnnmath.layers\n\n{documented}\n```"
    )
