"""A small Sphinx extension: autodoc for docstrings in the plain style of this project.

They are written to be read in an editor, each part over as many lines as it takes:

    x : (N, C, H, W), a batch
    dy, w : as given to `conv2d`;  b : (K,), or None
    Returns y : (N, K, OH, OW)
    Raises ShapeError if x does not have four axes
    Source: who says so

Formulas stand between dollars, code between backticks; programs are indented by four. Autodoc
wants reStructuredText, and here the one becomes the other.
"""

import dataclasses
import inspect
import re
import textwrap
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sphinx.application import Sphinx

NAMES = r"(?:\w+, )*\w+"
# Where a field begins: at the beginning of a line, or after a sentence that says what is raised.
FIELD = re.compile(
    rf"^(?={NAMES} : |(?:Returns|Raises|Source)\b)|(?<=\.)\s+(?=Raises )", re.MULTILINE
)
LABELLED = re.compile(r"(Returns|Raises|Source):? (.*)", re.DOTALL)
DISPLAYED = re.compile(r"\$\$(.*?)\$\$", re.DOTALL)
MARKED = re.compile(r"(`[^`]+`|\$[^$]+\$|\b[A-Z]\w+Error\b)")


def setup(app: Sphinx) -> dict[str, Any]:
    app.setup_extension("sphinx.ext.autodoc")
    app.connect("autodoc-process-docstring", process)
    return {"parallel_read_safe": True}


def process(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Replace the lines of a docstring by what they are in reStructuredText."""
    lines[:] = restructured("\n".join(lines), obj).split("\n")


def restructured(docstring: str, obj: Any) -> str:
    """The docstring of an object, from which autodoc has taken the indentation."""
    apart = DISPLAYED.sub(r"\n\n$$\1$$\n\n", docstring).strip()
    parts = [part for block in re.split(r"\n{2,}", apart) for part in parts_of(block)]
    out = []
    for kind, same in groupby(parts, key=lambda part: part[0]):
        texts = [text for _, text in same]
        if kind == "names":
            out.append(explanations(texts, obj))
        elif kind:
            out.append(field(kind, [marked_up(text) for text in texts]))
        else:
            out += texts
    return "\n\n".join(out)


def parts_of(block: str) -> Iterator[tuple[str, str]]:
    """What stands between two blank lines: fields, each with its kind, or else a piece of text."""
    if block.startswith("$$"):
        yield "", directive("math::", block.strip("$"))
    elif block.startswith("    "):
        yield "", directive("code-block:: python", textwrap.dedent(block))
    elif block.startswith(">>> "):
        yield "", block
    else:
        for text in filter(None, FIELD.split(block)):
            labelled = LABELLED.match(text)
            if labelled:
                yield labelled[1], labelled[2]
            elif re.match(f"{NAMES} : ", text):
                yield "names", text
            else:
                yield "", marked_up(text)


def explanations(texts: list[str], obj: Any) -> str:
    """The names that are explained: what an object is called with, or else what it has."""
    found = {}
    for text in texts:
        pieces = iter(re.split(rf"(?:^|[,;]\s+)({NAMES}) : ", text)[1:])
        found |= dict(zip(pieces, pieces, strict=True))
    each = {name for names in found for name in names.split(", ")}
    called_with = not dataclasses.is_dataclass(obj) and each <= {*inspect.signature(obj).parameters}
    items = [f"**{names}** – {marked_up(meaning)}" for names, meaning in found.items()]
    return field("Parameters" if called_with else "Attributes", items)


def field(label: str, texts: list[str]) -> str:
    """A field with one text, or with a list of several."""
    bullet = "* " if len(texts) > 1 else ""
    return "\n".join([f":{label}:", *(f"    {bullet}{' '.join(text.split())}" for text in texts)])


def directive(name: str, content: str) -> str:
    return f".. {name}\n\n{textwrap.indent(content, '    ')}"


def marked_up(text: str) -> str:
    """Code, formulas and errors get their roles; what reStructuredText would misread is escaped."""
    pieces = MARKED.split(text)
    pieces[::2] = [re.sub(r"[\\*|_]", r"\\\g<0>", p) for p in pieces[::2]]
    pieces[1::2] = [role(piece) for piece in pieces[1::2]]
    return "".join(pieces)


def role(piece: str) -> str:
    content = piece.strip("`$")
    if piece.startswith("$"):
        return f":math:`{content}`"
    if content.endswith("Error"):
        return f":py:exc:`.{content}`"
    return f":py:obj:`{content}`" if content.isidentifier() else f"``{content}``"
