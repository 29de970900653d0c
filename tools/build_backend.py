"""Builds cnnmath as flit does, but never without the bundle of its figures, or with an old one.

A bundle is made with Node.js, which whoever installs cnnmath need not have. It is not in git: flit
would pack the package without it and say nothing. An editable install needs none, since it comes
before the bundle in the set-up.
"""

from pathlib import Path
from typing import Any

from flit_core import buildapi
from flit_core.buildapi import (  # noqa: F401  (for pip)
    build_editable,
    get_requires_for_build_editable,
    get_requires_for_build_sdist,
    get_requires_for_build_wheel,
    prepare_metadata_for_build_editable,
    prepare_metadata_for_build_wheel,
)

PACKAGE = Path("cnnmath")  # pip calls all this in the folder of pyproject.toml
EXPLORER = PACKAGE / "explorer"
BUNDLED = (
    *("page.js", "widget.js"),
    *("translator.js", "translator-widget.js", "translator.css", "figure.css"),
)


def build_wheel(folder: str, *more: Any, **options: Any) -> str:
    _insist_on_bundle()
    return buildapi.build_wheel(folder, *more, **options)


def build_sdist(folder: str, *more: Any, **options: Any) -> str:
    _insist_on_bundle()
    return buildapi.build_sdist(folder, *more, **options)


def _insist_on_bundle() -> None:
    """Raises RuntimeError if the bundle is not there, or older than what it is made of."""
    sources = [PACKAGE / "shared.json", *EXPLORER.glob("js/**/*.js"), *EXPLORER.glob("css/*.css")]
    newest = max(source.stat().st_mtime for source in sources)
    for name in BUNDLED:
        file = EXPLORER / "bundle" / name
        if not file.is_file():
            raise RuntimeError(f"there is no {file}: run `make bundle`, then build again")
        if file.stat().st_mtime < newest:
            raise RuntimeError(f"{file} is out of date: run `make bundle`, then build again")
