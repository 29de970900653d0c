"""A small Sphinx extension: pages are built from what the chapters gave when they were executed.

The outputs stored in a notebook may be stale, so Sphinx reads it with those in `build/executed`.
What a figure is called for those who hear it, is what the author of the cell says is to be seen.
What is for JupyterLab alone stays behind: style sheets for dark themes and for links, and the LaTeX
of figures that have not run. A page has its own.
And it is told what a page is made from, since it looks at the time of the notebook alone.
"""

import html
import json
import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from tools import chapters

FOR_JUPYTERLAB = re.compile(
    r'\n*<style>(?:\[data-jp-theme-light="false"\]|\.jp-)[^<]*</style>'
    r'|<div class="cx-latex">[^<]*</div>'
)
FIGURE = re.compile('(<div class="cnnmath-plot" role="img" aria-label=)"[^"]*"')


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_config_value("made_by", chapters.made_by(), "env")  # another value: all pages anew
    app.connect("env-get-outdated", outdated)
    app.connect("source-read", read_executed)
    app.connect("build-finished", stamp)
    return {"env_version": 1, "parallel_read_safe": False}


def outdated(app: Sphinx, env: BuildEnvironment, *_: set[str]) -> list[str]:
    """The pages that were made from something else."""
    known = getattr(env, "made_from", {})
    return [name for name in env.found_docs if known.get(name) != chapters.made_from(name)]


def read_executed(app: Sphinx, name: str, source: list[str]) -> None:
    if chapters.notebook(name).exists():
        source[0] = for_a_page(with_what_authors_say(chapters.with_outputs(name)))
    app.env.made_from = {**getattr(app.env, "made_from", {}), name: chapters.made_from(name)}


def with_what_authors_say(text: str) -> str:
    """The notebook, in which figures have the alternative text of their cell for a label."""
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        said = cell["metadata"].get("mystnb", {}).get("image", {}).get("alt")
        for output in cell.get("outputs", []) if said else []:
            data = output.get("data", {})
            if "text/html" in data:
                label = html.escape(said).replace("\\", r"\\")
                shown = "".join(data["text/html"])
                data["text/html"] = FIGURE.sub(rf'\1"{label}"', shown)
    return json.dumps(notebook)


def for_a_page(text: str) -> str:
    """The notebook without what is for JupyterLab alone."""
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            for kind in {"text/html", "text/markdown"} & set(data):
                data[kind] = FOR_JUPYTERLAB.sub("", "".join(data[kind]))
    return json.dumps(notebook)


def stamp(app: Sphinx, exception: Exception | None) -> None:
    """Say of a finished book what it was made from, for the tests."""
    if exception is None:
        known = {"made_by": app.config.made_by, "made_from": app.env.made_from}
        (Path(app.outdir).parent / chapters.STAMP).write_text(json.dumps(known, indent=1), "utf-8")
