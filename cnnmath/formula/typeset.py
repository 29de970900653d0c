"""A formula as a reader sees it: typeset in colour, its symbols explained, its LaTeX to copy.

Markdown serves everywhere: JupyterLab and GitHub typeset it, and so does the built book.
"""

import html
from typing import TYPE_CHECKING

from cnnmath.colours import colour_of
from cnnmath.formula.shapes import shape_text

if TYPE_CHECKING:
    from cnnmath.formula.formula import Formula


def coloured(formula: "Formula") -> str:
    """The LaTeX, each array's symbol in the array's colour."""
    out = []
    at = 0
    coloured_names = {*formula.names, formula.result} - set(formula.sizes)
    for start, end, name in formula._statement.symbols:
        if name not in coloured_names:
            continue
        symbol = formula.latex[start:end]
        out += [formula.latex[at:start], rf"\textcolor{{{colour_of(name).light}}}{{{symbol}}}"]
        at = end
    return "".join(out) + formula.latex[at:]


def markdown(formula: "Formula") -> str:
    """The formula, a line that says what each symbol is, and a fold with its LaTeX."""
    lines = ["$$", _displayed(coloured(formula)), "$$", ""]
    if formula.meaning:
        lines += [formula.meaning, ""]
    lines += [_explained(formula), ""]
    lines += [
        "<details><summary>LaTeX</summary>",
        "",
        f"<pre><code>{html.escape(formula.latex.strip())}</code></pre>",
        "",
        "</details>",
    ]
    return "\n".join(lines)


def _displayed(latex: str) -> str:
    bare = latex.strip().strip("$").strip()
    aligned = r"\\" in bare and r"\begin{" not in bare
    return rf"\begin{{aligned}}{bare}\end{{aligned}}" if aligned else bare


def _explained(formula: "Formula") -> str:
    parts = []
    for name in formula.names:
        shape = formula.shapes.get(name)
        rank = formula._statement.ranks.get(name)
        if shape is not None:
            what = shape_text(shape) if shape else "a number"
        elif rank:
            what = f"{rank} {'axis' if rank == 1 else 'axes'}"
        else:
            what = "a number"
        parts.append(f"`{name}` {what}")
    given = ", ".join(parts)
    shape = formula.shapes.get(formula.result)
    result = f"`{formula.result}`" if formula.result else "the value"
    if shape:
        result += f" {shape_text(shape)}"
    text = f"Given {given}: " if given else ""
    text += f"gives {result}" if given else f"Gives {result}"
    if formula.sizes:
        text += "; sizes " + ", ".join(f"`{size}`" for size in formula.sizes)
    return text + "."
