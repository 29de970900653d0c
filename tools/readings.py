r"""A small Sphinx extension: how formulas are read, with the formulas themselves as witnesses.

    ```{readings}
    y_j = \sum_{i \in R_j} x_i :: x="n", R="m n"
    ```

shows each formula as it is written and as it was understood, with every bracket and every range;

    ```{refusals}
    y = 1/2 x
    ```

shows what is said of formulas that readers would take in two ways. Behind `::` are the shapes, and
formulas of what is read, as in `sigma=r"\sigma(z) = z^2"`. A formula that is refused, or that is
read where a refusal is told of, stops the build.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from cnnmath.errors import CnnMathError
from cnnmath.formula import Formula
from tools.reference import Stated

_TEX = re.compile(r"\\[A-Za-z]+(\{[^{}]*\})*")
PAGE = Path(__file__).parents[1] / "book/appendix/language.md"


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("readings", Readings)
    app.add_directive("refusals", Refusals)
    return {"parallel_read_safe": True}


class Readings(Stated):
    has_content = True

    def text(self) -> str:
        return "\n".join(map(self.said, self.content))

    def said(self, line: str) -> str:
        latex, shapes = formula_of(line)
        return f"- ${latex}$ is ${read(latex, shapes)}$"


class Refusals(Readings):
    def said(self, line: str) -> str:
        latex, shapes = formula_of(line)
        what = _TEX.sub(r"`\g<0>`", refused(latex, shapes))
        return f"- `{latex}`: {what}"


def formula_of(line: str) -> tuple[str, dict[str, str]]:
    """The LaTeX of a line, and the shapes behind it."""
    latex, _, declared = line.partition("::")
    call = ast.parse(f"dict({declared.strip()})", mode="eval").body
    assert isinstance(call, ast.Call)
    return latex.strip(), {str(k.arg): ast.literal_eval(k.value) for k in call.keywords}


def read(latex: str, shapes: dict[str, str]) -> str:
    """How a formula is understood."""
    declared: dict[str, Any] = {k: Formula(v) if "=" in v else v for k, v in shapes.items()}
    return Formula(latex, **declared).reading


def refused(latex: str, shapes: dict[str, str]) -> str:
    """What is said of a formula that can be read in two ways.

    Raises ValueError if it is read.
    """
    try:
        reading = read(latex, shapes)
    except CnnMathError as error:
        return str(error).split("\n")[0]
    raise ValueError(f"{latex} is read, as {reading}: it stands among what is refused")


def examples(text: str) -> Iterator[tuple[str, str]]:
    """The directive and the line of each formula on a page."""
    directive = ""
    for line in text.splitlines():
        if line.startswith("```"):
            directive = line.strip("`{}") if not directive else ""
        elif directive in ("readings", "refusals") and line.strip():
            yield directive, line
