"""What follows from the address of the repository: `repository: url:` in `_config.yml`.

As a small Sphinx extension: where there is an address, each page has "edit this page", and each
chapter opens on Binder and on Colab. And the first cell of a notebook installs the package where
it is missing, from the release of its version; `python -m tools.execute --store` puts it there.
Where there is no address, there is none of this.
"""

import json
import tomllib
from typing import Any

import yaml
from sphinx.application import Sphinx
from sphinx.config import Config

from tools import chapters

BRANCH = "main"
INSTALLS = """\
import importlib.util

if importlib.util.find_spec("cnnmath") is None:  # on Colab or Binder
    get_ipython().run_line_magic("pip", "install --quiet {wheel}")"""
HIDDEN = {"jupyter": {"source_hidden": True}, "tags": ["remove-cell"]}
NAME = "installs-cnnmath"  # the id of the cell


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("config-inited", add_buttons)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def add_buttons(app: Sphinx, config: Config) -> None:
    options = config.html_theme_options
    if options.get("repository_url"):
        options["repository_branch"] = BRANCH
        options["use_edit_page_button"] = True
        options["launch_buttons"] = {
            "notebook_interface": "jupyterlab",
            "binderhub_url": "https://mybinder.org",
            "colab_url": "https://colab.research.google.com",
        }


def address() -> str:
    """The address of the repository, without a slash at its end; empty if there is none yet.

    Raises ValueError if it is not one of GitHub, whose releases hold the wheel.
    """
    config = yaml.safe_load((chapters.ROOT / "_config.yml").read_text("utf-8"))
    found = (config["repository"]["url"] or "").rstrip("/")
    if found and (not found.startswith("https://github.com/") or found.count("/") != 4):
        raise ValueError(
            f"repository: url: in _config.yml is {found!r}; write https://github.com/OWNER/NAME, "
            "or leave it empty"
        )
    return found


def first_cell() -> dict[str, Any] | None:
    """The cell that every notebook begins with, before it is executed; None without an address."""
    if not address():
        return None
    project = tomllib.loads((chapters.ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    version = project["version"]
    wheel = f"{address()}/releases/download/v{version}/cnnmath-{version}-py3-none-any.whl"
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": NAME,
        "metadata": HIDDEN,
        "outputs": [],
        "source": INSTALLS.format(wheel=wheel).splitlines(keepends=True),
    }


def put_first_cells() -> None:
    """Let every notebook begin with that cell, or none if there is no address."""
    first = first_cell()
    for name in chapters.notebooks():
        path = chapters.notebook(name)
        read = json.loads(path.read_text("utf-8"))
        there = [cell for cell in read["cells"] if cell["id"] == NAME]
        if [cell["source"] for cell in there] != ([first["source"]] if first else []):
            others = [cell for cell in read["cells"] if cell["id"] != NAME]
            read["cells"] = [*([first] if first else []), *others]
            path.write_text(chapters.written(read), encoding="utf-8")
