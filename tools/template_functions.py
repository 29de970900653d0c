"""Functions that the template of a page calls, tools/templates/layout.html: from HTML to HTML."""

from collections.abc import Callable
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx


def offer(app: Sphinx, *functions: Callable[[str], str]) -> None:
    """Hand the template functions, by their names."""

    def add(
        app: Sphinx, page: str, template: str, context: dict[str, Any], tree: nodes.document | None
    ) -> None:
        context.update({function.__name__: function for function in functions})

    app.connect("html-page-context", add)
