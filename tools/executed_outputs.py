"""A small Sphinx extension: pages are built from what the chapters gave when they were executed.

The outputs stored in a notebook may be stale, so Sphinx reads it with those in `build/executed`.
And it is told what a page is made from, since it looks at the time of the notebook alone.
"""

import json
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from tools import chapters


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
        source[0] = chapters.with_outputs(name)
    app.env.made_from = {**getattr(app.env, "made_from", {}), name: chapters.made_from(name)}


def stamp(app: Sphinx, exception: Exception | None) -> None:
    """Say of a finished book what it was made from, for the tests."""
    if exception is None:
        known = {"made_by": app.config.made_by, "made_from": app.env.made_from}
        (Path(app.outdir).parent / chapters.STAMP).write_text(json.dumps(known, indent=1), "utf-8")
