"""A small Sphinx extension: of the list of chapters beside a page, only the present part is open.

The theme lists every chapter of every part. Here each part is a fold that says how many chapters it
has, and needs no script.
"""

import re
from typing import Any

from sphinx.application import Sphinx

from tools.template_functions import offer

PART = re.compile(
    r'<p aria-level="2" class="caption" role="heading">'
    r'<span class="caption-text">(?P<name>.*?)</span></p>\s*'
    r'(?P<chapters><ul class="(?P<classes>[^"]*)">.*?</ul>)',
    re.DOTALL,
)


def setup(app: Sphinx) -> dict[str, Any]:
    offer(app, with_folded_parts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def with_folded_parts(page: str) -> str:
    return PART.sub(_folded, page)


def _folded(part: re.Match[str]) -> str:
    opened = " open" if "current" in part["classes"].split() else ""
    count = part["chapters"].count("<li")
    name = f'<span class="caption-text">{part["name"]}</span>'
    chapters = f'<span class="count">{count}<span class="visually-hidden"> chapters</span></span>'
    return (
        f'<details class="part"{opened}><summary>{name}{chapters}</summary>'
        f"{part['chapters']}</details>"
    )
